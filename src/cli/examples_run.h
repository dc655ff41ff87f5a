// examples_run.h -- one example, lived through.
//
// The facts are told to a caseload in the order in which they became known; what the example assumes (that tasks are done,
// that samples are negative) happens in between. What is given always stands before what is assumed: on a day on which
// the example says how someone was seen, or what a sample showed, nothing is assumed about it.
#ifndef TONG_CLI_EXAMPLES_RUN_H
#define TONG_CLI_EXAMPLES_RUN_H

#include "cli/examples.h"
#include "response/caseload.h"

#define EXAMPLE_PERSON "person" // how the one observed is called where a name must stand

struct example_run {
    const struct example *example;
    const struct protocol *editions[EXAMPLE_EDITIONS_MAX + 1];
    struct rulebook book;
    struct caseload *caseload;
    uint32_t person;     // the one observed
    uint32_t *subjects;  // of each of the example's facts
    struct arena *arena; // the caller's
    struct err failed;   // of the listener, which has nobody to tell
};

// Runs the example under the protocol; *out must be closed whatever the answer. NOMEM or LIMIT.
tong_code example_run(const struct protocol *p, const struct example *example, struct arena *arena,
                      struct example_run *out, struct err *err) TONG_MUST_USE;
void example_run_close(struct example_run *run);
// The person of that name (NULL: the one observed); false when no fact speaks of anybody so called.
bool example_run_person(const struct example_run *run, const char *name, uint32_t *subject);

// For examples_run.c: the caseload's listener, which answers every task as the example assumes.
void example_assume(void *payload, struct caseload *c, uint32_t subject, uint32_t enrolment, const struct decision *d);

#endif
