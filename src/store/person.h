// person.h -- what is written down about people, places and gatherings: the records behind their entries in the chain.
//
// Each is a table of fields (base/record.h) that drives JSON, CSV, validation and masking. As an entry's payload a
// record is the JSON of all its fields that are not absent, whole each time: the newest one holds.
#ifndef TONG_STORE_PERSON_H
#define TONG_STORE_PERSON_H

#include "base/problem.h"
#include "base/record.h"
#include "store/identity.h"
#include "store/payload.h"
#include "store/place.h"
#include "store/uid.h"

// Every field but `place` stands in the payload alone; born, sex, flags and guardian are also columns of `person`.
struct person_record {
    struct str uid;
    struct str name;       // as written on the papers; required unless provisional
    struct str name_latin; // another spelling, for search
    struct str called;     // nickname, former name
    int32_t sex;           // person_sex
    civil_day born;
    int64_t born_year;                  // when only the year is known
    struct str document_kind, document; // "id_card", "passport" ...; the number
    struct str phone, phone_2, mail;
    struct str place;              // uid of where they live
    struct str address;            // in words, when no place fits
    struct str registered_address; // 户籍地址, where it differs
    struct str occupation, employer;
    struct str nationality;
    struct str language;                      // spoken: "zh", "yue", "en", "ug" ...
    struct str guardian;                      // uid of a person
    struct str guardian_name, guardian_phone; // when the guardian has no record
    struct str emergency_name, emergency_phone;
    int8_t provisional;                    // no papers yet: described by what is seen
    struct str description;                // of somebody without papers
    struct str outside_source, outside_id; // what another system calls them
};
extern const struct record_kind person_record_kind;

struct place_record {
    struct str uid;
    struct str parent; // uid; empty: the top
    int32_t kind;      // place_kind
    struct str name, name_en, code;
    double latitude, longitude;
    struct str shape; // GeoJSON geometry
    int64_t capacity;
    int8_t closed;
};
extern const struct record_kind place_record_kind;

struct gathering_record {
    struct str uid;
    struct str name;
    struct str place; // uid
    utc_sec begins, ends;
};
extern const struct record_kind gathering_record_kind;

// Absent values everywhere (record_clear).
struct person_record person_record_none(void);
struct place_record place_record_none(void);
struct gathering_record gathering_record_none(void);

// ---- people ----

// Trim, NFC, and the kind of a document that is clear from its number. False when memory is short.
bool person_normalise(struct person_record *p, struct arena *arena);
// What a table of fields cannot say: fields that contradict each other, numbers that cannot be, a minor without a
// guardian. All are reported; true when none is an error. `today`: the civil day it is recorded.
bool person_check(const struct person_record *p, civil_day today, struct problem_list *problems, struct problem_at at);
// The day of birth as far as it is known, the middle of the year when only that is; CIVIL_DAY_NONE. Taken from the
// identity number when nothing else says it.
civil_day person_born(const struct person_record *p, bool *year_only);
int32_t person_flags(const struct person_record *p); // PERSON_PROVISIONAL, PERSON_YEAR_ONLY

// Names as they are searched: every spelling, folded, parted by line breaks. {NULL, 0} when there is none or no memory.
struct str person_names(const struct person_record *p, struct arena *arena);
struct str person_names_of_payload(struct str payload, struct arena *arena);

#endif
