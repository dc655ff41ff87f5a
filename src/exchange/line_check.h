// line_check.h -- what a case says against itself, and when its facts became known.
#ifndef TONG_EXCHANGE_LINE_CHECK_H
#define TONG_EXCHANGE_LINE_CHECK_H

#include "base/problem.h"
#include "exchange/line_record.h"

// Report what contradicts itself and set doubtful values aside; `at` says where each date stands. Then fill in what
// follows: the outcome and its day from a date of death, the date of death from the outcome.
void line_check_case(struct line_case *c, const struct problem_at at[LINE_DATE_COUNT], struct problem_list *problems);

// The later of two times; a missing one is no time.
struct date_time line_later(struct date_time a, struct date_time b);
// Whether a comes before b. Where either is only a day, days are compared.
bool line_before(struct date_time a, struct date_time b);
bool line_has(struct date_time t);

// Fill in `known` where the columns said nothing (NONE): the report's, or without a report the day of diagnosis, sampling or
// admission, or else the day it happened; never before it happened. All of these are marked in known_assumed.
void line_known_assume(struct line_case *c);

#endif
