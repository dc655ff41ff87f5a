// import_command.h -- a row of an import as commands for intake: who, where, and what happened.
//
// The facts of a row are those of line_facts.h. Commands carry uids made of the row (import_known.h). A row has two turns:
// first who it is about, then, once everybody is known, whom they met; so a contact may stand above its case.
#ifndef TONG_EXCHANGE_IMPORT_COMMAND_H
#define TONG_EXCHANGE_IMPORT_COMMAND_H

#include "exchange/import_known.h"
#include "exchange/import_message.h"
#include "exchange/import_person.h"
#include "exchange/import_row.h"
#include "exchange/line_facts.h"
#include "exchange/mapping_fields.h"
#include "intake/intake.h"

struct map;

typedef enum import_turn { IMPORT_WHO, IMPORT_MET, IMPORT_TURN_COUNT } import_turn;

struct import_maker {
    struct import_known *known;
    const char *source; // "" ours
    struct line_facts_options facts;
    civil_day today;
    utc_sec at; // when it is recorded
    int64_t account, import;
    bool keep_unsourced;
    struct map *ill;    // keys of people who are cases in this import
    struct map *tested; // keys of people with a positive result in a file of results
    struct map *linked; // keys of people whom some link names
    struct db *db;      // a reader, may be NULL
    struct line_assumed assumed;
};
int64_t import_person_key(const unsigned char uid[UID_BYTES]); // for these maps

// How a fact's uid was made, so that it can be made again for a correction.
struct import_origin {
    unsigned char subject[UID_BYTES];
    const char *slot; // NULL: a command that has no versions
    struct str extra;
    int32_t version;
    size_t row; // of the batch
};
struct import_batch {
    struct arena *arena; // texts of the commands: until they are taken
    struct command *commands;
    struct import_origin *origins;
    size_t count, cap;
    size_t row; // the row that commands are being made for
};

// Whose row it is, with the record as it is to be: NULL for tables that describe nobody.
// Appends the row's commands for one turn. Faults are added to `problems`, at `at`; date_at says where each date of a case
// stands. NOMEM, IO.
struct import_place_of {
    struct problem_at row;
    struct problem_at date[LINE_DATE_COUNT];
};
tong_code import_make(struct import_maker *m, import_table table, import_turn turn, struct import_row *row,
                      const struct import_who *who, const struct import_place_of *at, struct problem_list *problems,
                      struct import_batch *batch, struct err *err) TONG_MUST_USE;
// Has a table anything to say in this turn?
bool import_has_turn(import_table table, import_turn turn);
// A command for a person described anew or in addition; false: nothing changes, nothing was added.
tong_code import_make_person(struct import_maker *m, const struct import_who *who, const struct person_record *said,
                             struct import_batch *batch, bool *changed, struct err *err) TONG_MUST_USE;
// The next version of a statement: of a fact that is there with another content a correction of the one before; of what was
// undone (`anew`), and of a description, the same once more under another uid.
void import_make_version(const struct import_maker *m, struct import_batch *batch, size_t i, bool anew);

#endif
