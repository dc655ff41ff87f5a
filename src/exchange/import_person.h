// import_person.h -- the person of a row, put together from its columns and checked.
#ifndef TONG_EXCHANGE_IMPORT_PERSON_H
#define TONG_EXCHANGE_IMPORT_PERSON_H

#include "exchange/import_row.h"

struct import_person_options {
    import_table table;
    const char *source; // the other system; "" ours
    civil_day today;
};
// Fills row->person: the name from its parts (family name first where both are Han characters), the birth from its parts,
// the address from its lines, the number the other system has for them. What no field takes (the disease) joins the note.
// Faults are added at `at`. NOMEM.
tong_code import_person_finish(struct import_row *row, const struct import_person_options *o, struct arena *arena,
                               struct problem_list *problems, struct problem_at at, struct err *err) TONG_MUST_USE;
// The number of the row's person in the other system; empty when it has none.
struct str import_person_outside(const struct import_row *row, import_table table);

// `more` laid upon `base`: what `more` says holds, what it leaves open stays. False: nothing changed.
bool import_person_merge(struct person_record *base, const struct person_record *more);

// A hash of everything a record says but its uid: the same says the same.
uint64_t import_person_digest(const struct person_record *p);

#endif
