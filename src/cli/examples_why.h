// examples_why.h -- every decision about one person of an example, and why.
#ifndef TONG_CLI_EXAMPLES_WHY_H
#define TONG_CLI_EXAMPLES_WHY_H

#include "base/sink.h"
#include "cli/examples_course.h"

// One line a decision, in the order in which they were taken, and under each the rule, the edition and the fact. False when
// memory is short.
bool example_why_print(const struct example_course *course, lang language, struct arena *arena, struct sink *out);

#endif
