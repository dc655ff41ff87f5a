// outbreak_files.h -- an invented outbreak as the files a response would keep, and, if wanted, with faults put in.
//
// linelist.csv (a row a case, by time of report), contacts.csv (a row a case and contact, by time of naming), followups.csv
// (a row a visit), labs.csv (a row a sample), truth.csv (who infected whom, by time of infection: what nobody in a real
// outbreak knows), faults.csv, and README.txt. UTF-8, comma, LF, RFC 4180; times are local, "YYYY-MM-DD HH:MM".
// A person has one identifier in all files, so that a contact who becomes a case keeps it.
//
// Faults are added to a clean list: an importer that leaves out the rows of the first kind, and sets aside the values of
// the second, gets back exactly the clean list.
//  - rows of their own: an identifier twice, none, a date that cannot be or cannot be read, a contact of an unknown case;
//  - changed values: an outcome before the onset, an age nobody reaches.
// Pure but for the sink it is given; the same outbreak gives the same bytes.
#ifndef TONG_TWIN_OUTBREAK_FILES_H
#define TONG_TWIN_OUTBREAK_FILES_H

#include "base/sink.h"
#include "twin/outbreak.h"
#include "twin/outbreak_row.h"

typedef enum outbreak_file {
    OUTBREAK_LINELIST,
    OUTBREAK_CONTACTS,
    OUTBREAK_FOLLOWUPS,
    OUTBREAK_LABS,
    OUTBREAK_TRUTH,
    OUTBREAK_FAULTS,
    OUTBREAK_README,
    OUTBREAK_FILE_COUNT
} outbreak_file;
const char *outbreak_file_name(outbreak_file file);

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
const char *outbreak_fault_name(outbreak_fault_kind kind); // "duplicate_id"
// Is the fault a row of its own, or a changed value?
bool outbreak_fault_is_row(outbreak_fault_kind kind);

enum { OUTBREAK_CELL_MAX = 32 };
struct outbreak_fault {
    outbreak_fault_kind kind;
    int32_t row;  // of the clean list: the row it changes, or after which it stands
    int64_t line; // in the file, the header being line 1
    char id[OUTBREAK_CELL_MAX], written[OUTBREAK_CELL_MAX], was[OUTBREAK_CELL_MAX];
};

struct outbreak_files {
    const struct outbreak *outbreak;
    struct outbreak_calendar days;
    int32_t *case_order, *contact_order; // rows of the clean lists
    struct outbreak_fault *faults;       // by file, then line
    int32_t fault_count;
};

// Puts the rows in order and, with `faulty`, plans the faults. Memory of the arena; NOMEM.
tong_code outbreak_files_prepare(const struct outbreak *outbreak, bool faulty, struct arena *arena,
                                 struct outbreak_files *out, struct err *err) TONG_MUST_USE;
// Writes one file; ask sink_good afterwards. `command` is the command line that README.txt names.
void outbreak_file_write(const struct outbreak_files *files, outbreak_file file, const char *command, struct sink *out);

#endif
