// examples_expect.h -- what an example expects, read from its `expect:`.
#ifndef TONG_CLI_EXAMPLES_EXPECT_H
#define TONG_CLI_EXAMPLES_EXPECT_H

#include "cli/examples_fact.h"

struct expect_reader {
    const struct scalar_reader *r;
    const struct example_book *book;
    const struct example_names *people; // those the facts speak of
    civil_day first;                    // of the facts: a day without its year is the first such day from here on
};

// Fills out->expect; false after problems.
bool expectations_read(const struct expect_reader *x, const struct yaml_node *node, struct example *out);

#endif
