// examples_fact.h -- one fact of an example: {exposed: 2022-07-01 18:00, to: case, as: household, known: ...}.
#ifndef TONG_CLI_EXAMPLES_FACT_H
#define TONG_CLI_EXAMPLES_FACT_H

#include "cli/examples_scalar.h"

// The editions a fact may speak of: names of tasks, measures and pathways must belong to one of them.
struct example_book {
    const struct protocol *editions[EXAMPLE_EDITIONS_MAX + 1]; // [0] is the protocol under test
    size_t count;
};

// False after problems; *out is then what could be read. Names of persons and of other facts are kept as text: whether
// they exist can only be said when all facts are read.
bool example_fact_read(const struct scalar_reader *r, const struct example_book *book, const struct yaml_node *node,
                       struct example_fact *out);

// Does the text say whom contacts are taken from ("case", "contact", or a pathway by name), rather than name a person?
bool example_is_source(const struct example_book *book, const char *name, bool *of_contact);

// All names of a kind in all editions, each once, for finding one and for suggestions.
struct example_names {
    const char **items;
    size_t count, cap;
};
bool example_names_add(struct arena *arena, struct example_names *names, const char *name);
bool example_names_has(const struct example_names *names, const char *name);
bool example_book_names(const struct example_book *book, scalar_list kind, struct arena *arena,
                        struct example_names *out);
// A name from the book, or NULL after a problem.
const char *example_book_name(const struct scalar_reader *r, const struct example_book *book,
                              const struct yaml_node *node, scalar_list kind);

#endif
