// rebuild.h -- the derived tables made again from the chain, through the same code, and compared with what is stored.
//
// People, places, editions, enrolments, tasks, measures ... all follow from the rows of the chain in their order, and from
// the instants at which time was let pass, which the chain keeps too. A second database is filled from nothing: what
// somebody recorded is fed, what the rules gave is given by the rules again and held against the chain row by row. Facts given by
// somebody who has been erased since are fed as they stand, for their course cannot be run again; erased people have no derived
// rows. Then every derived table is compared, every column.
#ifndef TONG_INTAKE_REBUILD_H
#define TONG_INTAKE_REBUILD_H

#include "intake/intake.h"

typedef enum rebuild_what {
    REBUILD_ROW_MISSING,  // it follows from the facts and is not stored
    REBUILD_ROW_EXTRA,    // it is stored and does not follow
    REBUILD_ROW_DIFFERS,  // in this column
    REBUILD_FACT_DIFFERS, // the rules give another fact than the chain has; column is the first that differs
    REBUILD_FACT_MISSING, // the rules give a fact that the chain does not have
    REBUILD_FACT_EXTRA,   // the chain has a fact of the rules that they do not give
    REBUILD_WHAT_COUNT
} rebuild_what;

struct rebuild_difference {
    rebuild_what what;
    const char *table, *column; // column "" when it is the whole row
    int64_t id;
};

enum { REBUILD_SHOWN = 100 };
struct rebuild_report {
    int64_t facts, given, transactions; // facts read, of them given by the rules, steps
    int64_t rows;                       // derived rows compared
    int64_t differences;                // all; the first of them:
    struct rebuild_difference shown[REBUILD_SHOWN];
};

struct rebuild_options {
    const char *where, *vault; // vault NULL: beside the database
    const char *scratch;       // a file to be made, and removed at the end; at most as large as the database
    void (*progress)(void *payload, int64_t facts, int64_t all); // now and then; may be NULL
    void *payload;
};

// OK also when there are differences: see the report. CONFLICT: `scratch` exists; IO, NOMEM.
tong_code rebuild_check(const struct rebuild_options *options, struct rebuild_report *out,
                        struct err *err) TONG_MUST_USE;
// The same, and then what was made takes the place of what is stored, in one transaction. No server may run. INVALID: the
// rules do not give the facts of the chain (REBUILD_FACT_...): then nothing is replaced.
tong_code rebuild_replace(const struct rebuild_options *options, struct rebuild_report *out,
                          struct err *err) TONG_MUST_USE;

// One difference in words; NULL when memory is short.
char *rebuild_text(const struct rebuild_difference *d, lang language, struct arena *arena);

#endif
