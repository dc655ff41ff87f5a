// timely.h -- how fast the response is: parts done within a time, and the time until half of them are done.
//
// A span runs from what starts the clock to what stops it, in minutes; one that has not stopped yet is open. An open
// span that is still within the limit is undecided and in no denominator; one that has passed the limit has missed it.
// So a figure does not look better by waiting for the good ones, nor worse because some cases are of today.
//
// Times until half and nine tenths are done count open spans as censored (E. L. Kaplan & P. Meier, J Am Stat Assoc
// 1958;53:457). 7-1-7: detected within 7 days of emergence, notified within 1 day of detection, the early response
// complete within 7 days of notification (T. R. Frieden et al., Lancet 2021;398:638).
#ifndef TONG_EPI_TIMELY_H
#define TONG_EPI_TIMELY_H

#include "base/arena.h"
#include "epi/proportion.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TIMELY_NONE INT64_MIN
struct timely_span {
    int64_t from, to; // minutes since any fixed moment; TIMELY_NONE: unknown (from), not yet (to)
};
struct timely_part {
    int64_t met, missed, undecided, unknown; // unknown: no beginning, or an end before it
    struct interval part;                    // met of met + missed, Wilson limits of `level`; 0 when there are none
    bool defined;
};
// TONG_E_INVALID: a limit below 0, a level outside 0 .. 1.
tong_code timely_within(const struct timely_span *spans, size_t n, int64_t now, int64_t limit_minutes, double level,
                        struct timely_part *out, struct err *err) TONG_MUST_USE;

struct timely_time {
    int64_t done, open, unknown;
    double half, nine_tenths; // minutes; HUGE_VAL: not reached yet
    bool defined;             // at least one span with a beginning
};
// TONG_E_NOMEM.
tong_code timely_quantiles(const struct timely_span *spans, size_t n, int64_t now, struct arena *arena,
                           struct timely_time *out, struct err *err) TONG_MUST_USE;

struct timely_717 {
    int64_t emergence, detection, notification, response; // minutes; TIMELY_NONE: unknown, or not yet
};
struct timely_717_parts {
    struct timely_part detect, notify, respond;
    struct timely_part all; // of events for which all three are decided, or one is missed
};
tong_code timely_717_of(const struct timely_717 *events, size_t n, int64_t now, double level,
                        struct timely_717_parts *out, struct err *err) TONG_MUST_USE;

// Days of restriction, each person's by the day: minutes / 1440 from `from` to `to`, or to `now` while it lasts; what
// begins after `now` counts nothing.
double timely_person_days(const struct timely_span *spans, size_t n, int64_t now);

// Minutes people spend on entering: between one entry of a person and the next, where that is at most `most` minutes
// (a longer gap is a break and counts `alone` minutes for the entry after it, as does the first). `who` and `at`
// (minutes, with fractions) one an entry, in any order.
struct timely_work {
    int64_t entries, people;
    double minutes, median; // of one entry
};
tong_code timely_entering(const int64_t *who, const double *at, size_t n, double most, double alone,
                          struct arena *arena, struct timely_work *out, struct err *err) TONG_MUST_USE;

#endif
