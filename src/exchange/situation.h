// situation.h -- the situation report, and the figures of the response, from the store.
//
// A report of one moment: key figures, what is wrong with the data, cases, growth, severity, how the response does,
// what is unusual. Every table says of what its parts are and which statement of the store its rows come from. Nobody
// is named in it. It reads the store in one snapshot and writes nothing.
#ifndef TONG_EXCHANGE_SITUATION_H
#define TONG_EXCHANGE_SITUATION_H

#include "epi/result.h"
#include "store/db.h"

struct situation_options {
    struct db *db;           // a reader
    const struct zone *zone; // of days
    utc_sec now;
    double si_mean, si_sd; // serial interval, days; 0: unknown, and no R is given
    const char *name;      // of the response, "" for none
};
// IO, NOMEM. What cannot be estimated is said in the report.
tong_code situation_make(const struct situation_options *o, struct result *out, struct err *err) TONG_MUST_USE;
// The response alone.
tong_code situation_response(const struct situation_options *o, struct result *out, struct err *err) TONG_MUST_USE;

#endif
