// cases_known.h -- lists of cases and contacts as they were known on a day, and the dates of a line list.
//
// What was known is folded anew from the facts recorded by then (story.h), so that the list of a day shows what was shown that
// day and not what came out later. Filters and sorts that the past can answer are those that do not change (place, name, sex,
// age, when it opened) and those that are folded: open or closed, outcome, class, onset. The others are refused.
#ifndef TONG_SERVICE_CASES_KNOWN_H
#define TONG_SERVICE_CASES_KNOWN_H

#include "response/enrolment.h"
#include "service/http.h"

// What is asked of a day; from the parameters of cases.c.
struct cases_known {
    utc_sec at;         // UTC_NONE: now is asked, and nothing below matters
    int32_t state;      // 0 open, 1 closed, 2 all
    uint64_t finals, classes; // bits of final_word; of class words from EVENT_SUSPECTED; 0 any
    civil_day onset_from, onset_to;
};
// False with a problem: the past does not answer a filter or sort that was given.
bool cases_known_read(struct request *rq, struct cases_known *out);
// Does what was folded match?
bool cases_known_fits(const struct cases_known *k, const struct enrolment *e);

// "dates": when they fell ill, were isolated, admitted, discharged, got well, died; each {"uid", "at", "day_only"}, as known at
// `at` (UTC_NONE: now). And "occupation" and "employer", where the asker may read them.
tong_code cases_dates(struct request *rq, struct json_out *j, int64_t subject, utc_sec at, struct err *err) TONG_MUST_USE;

#endif
