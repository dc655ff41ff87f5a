// outbreak_faults.h -- the faults that real line lists have, put into the lists of an invented outbreak on purpose.
//
// They are added to a clean list, so that an importer which leaves out the rows of the first kind, and sets aside the
// values of the second, gets back exactly the clean list:
//  - rows of their own: an identifier twice, none, a date that cannot be or cannot be read, a contact of an unknown case;
//  - changed values: an outcome before the onset, an age nobody reaches.
#ifndef TONG_TWIN_OUTBREAK_FAULTS_H
#define TONG_TWIN_OUTBREAK_FAULTS_H

#include "base/lang.h"
#include "twin/outbreak_list.h"

typedef enum outbreak_fault_kind {
    OUTBREAK_DUPLICATE_ID,
    OUTBREAK_EMPTY_ID,
    OUTBREAK_IMPOSSIBLE_DATE,
    OUTBREAK_UNREADABLE_DATE,
    OUTBREAK_OUTCOME_BEFORE_ONSET,
    OUTBREAK_IMPOSSIBLE_AGE,
    OUTBREAK_UNKNOWN_CASE,
    OUTBREAK_CONTACT_EMPTY_ID,
    OUTBREAK_CONTACT_IMPOSSIBLE_DATE,
    OUTBREAK_FAULT_COUNT
} outbreak_fault_kind;

struct outbreak_fault_word {
    const char *name;   // "duplicate_id"
    const char *column; // where it stands
    outbreak_which list;
    bool is_row; // a row of its own, else a changed value
    struct label note;
};
const struct outbreak_fault_word *outbreak_fault_about(outbreak_fault_kind kind);

enum { OUTBREAK_CELL_MAX = 32 };
struct outbreak_fault {
    outbreak_fault_kind kind;
    int32_t row;    // of the clean list: the row it changes, or after which it stands
    int32_t serial; // among the faults of this outbreak
    int64_t line;   // in the file, the header being line 1
    char id[OUTBREAK_CELL_MAX], written[OUTBREAK_CELL_MAX], was[OUTBREAK_CELL_MAX];
};

struct outbreak_faults {
    struct outbreak_fault *items; // by list, then line
    int32_t count;
};

// Chooses rows and texts: of each kind one and another for each hundred cases, ten at most, fewer where no row can carry
// it. Memory of the arena; NOMEM.
tong_code outbreak_faults_plan(const struct outbreak_list *list, struct arena *arena, struct outbreak_faults *out,
                               struct err *err) TONG_MUST_USE;
// The row that a fault writes, made of the clean row (or of the row as another fault has changed it).
struct outbreak_row_text outbreak_fault_apply(const struct outbreak_list *list, const struct outbreak_fault *fault,
                                              const struct outbreak_row_text *clean);

#endif
