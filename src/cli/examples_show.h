// examples_show.h -- an example as a calendar: what was expected above what came.
#ifndef TONG_CLI_EXAMPLES_SHOW_H
#define TONG_CLI_EXAMPLES_SHOW_H

#include "base/sink.h"
#include "cli/examples_compare.h"

// The calendar of one person with its legend. `whole`: every week, not only those with a difference. False when memory is
// short; texts are made in `arena`.
bool example_show_calendar(const struct expectation *expect, const struct example_course *course, lang language,
                           bool whole, struct arena *arena, struct sink *out);

#endif
