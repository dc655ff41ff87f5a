// demo_rows.h -- the invented district (twin/district.h) as the records and commands of this system.
#ifndef TONG_SERVICE_DEMO_ROWS_H
#define TONG_SERVICE_DEMO_ROWS_H

#include "exchange/fact_record.h"
#include "store/person.h"
#include "twin/district.h"

struct demo_uids { // texts of the identifiers in a record
    char own[UID_TEXT], of[UID_TEXT], other[UID_TEXT], more[UID_TEXT];
};

// The records borrow the district's row and `uids`, which must outlive them.
void demo_place_record(const struct district *d, const struct district_place *p, struct demo_uids *uids,
                       struct place_record *out);
void demo_person_record(const struct district *d, const struct district_person *p, struct demo_uids *uids,
                        struct person_record *out);
// False for what a list may not carry: orders, objections, hand-overs (fact_record_kind_allowed).
bool demo_fact_record(const struct district *d, const struct district_fact *f, struct arena *arena, struct demo_uids *uids,
                      struct fact_record *out);

// "measures" and "tasks" by the names that facts carry; NULL: not of this protocol.
const char *demo_name_of(const struct protocol *p, uint32_t name_id);

#endif
