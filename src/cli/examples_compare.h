// examples_compare.h -- what an example expected against what came, as sentences with the place in the file.
#ifndef TONG_CLI_EXAMPLES_COMPARE_H
#define TONG_CLI_EXAMPLES_COMPARE_H

#include "base/problem.h"
#include "cli/examples_course.h"

// Adds a problem for every expectation that was not met, its figures written in `language`; how many there were.
size_t expectation_compare(const struct expectation *expect, const struct example_course *course, const char *file,
                           lang language, struct problem_list *problems);

// ---- shared with the calendar ----
// Is the day one of those expected? Ranges count with both ends.
bool expect_days_has(const struct expect_days *days, civil_day day);
// The event came on the day expected, or on one of them.
bool expect_day_met(const struct expect_day *want, civil_day got);
// The time came as expected: to the minute, or on that day. A midnight belongs to both days.
bool expect_instant_met(const struct example_course *course, const struct expect_instant *want, utc_sec got);
bool expect_fate_met(const struct expect_task *want, const struct caseload_task *got);
// Did the enrolment end by being released, as an expectation `released:` means it?
bool example_course_released(const struct example_course *course);
// The measure was in force on the day.
bool example_course_measure_on(const struct example_course *course, const struct example_course_measure *m,
                               civil_day day);
// The task or measure of that name that fits the expectation best: the first that fits, else the first; NULL none.
const struct example_course_task *example_course_task_for(const struct example_course *course,
                                                          const struct expect_task *want);
const struct example_course_measure *example_course_measure_for(const struct example_course *course,
                                                                const struct expect_measure *want);
const struct example_course_stage *example_course_stage_for(const struct example_course *course,
                                                            const struct expect_stage *want);

#endif
