// examples_read.h -- a file of examples read: docs/protocol-language.md, section 13.
#ifndef TONG_CLI_EXAMPLES_READ_H
#define TONG_CLI_EXAMPLES_READ_H

#include "cli/examples_fact.h"

// Other editions that examples name (`editions: [{protocol: FILE}]`), relative to the examples' folder. NULL when the file
// cannot be used; why is added to `problems`. What is given must outlive the examples.
typedef const struct protocol *examples_open(void *payload, const char *name, struct problem_list *problems);

struct examples_source {
    const struct protocol *protocol; // under test
    examples_open *open;
    void *payload;
};

struct examples {
    struct example *items;
    size_t count;
};

// Reads the text of `file`. Everything unknown is a problem with line and column. INVALID when any is an error, NOMEM.
// *out lives in `arena`.
tong_code examples_read(const char *file, struct str text, const struct examples_source *source, struct arena *arena,
                        struct problem_list *problems, struct examples *out, struct err *err) TONG_MUST_USE;

#endif
