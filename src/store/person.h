// person.h -- what is written down about people, places and gatherings: the records behind their entries in the chain.
//
// Each is a table of fields (base/record.h) that drives JSON, CSV, validation and masking. As an entry's payload a record is
// the JSON of all its fields, whole each time: the newest one holds.
#ifndef TONG_STORE_PERSON_H
#define TONG_STORE_PERSON_H

#include "base/record.h"
#include "store/place.h"

// Every field but `place` stands in the payload alone; born, sex, flags and guardian are also columns of `person`.
struct person_record {
    struct str uid;
    struct str name;         // as written on the papers; required unless provisional
    struct str name_latin;   // another spelling, for search
    struct str called;       // nickname, former name
    int32_t sex;             // person_sex
    civil_day born;
    int64_t born_year;       // when only the year is known
    struct str document_kind, document; // "id_card", "passport" ...; the number
    struct str phone, phone_2, mail;
    struct str place;        // uid of where they live
    struct str address;      // in words, when no place fits
    struct str registered_address; // 户籍地址, where it differs
    struct str occupation, employer;
    struct str nationality;
    struct str language;     // spoken: "zh", "yue", "en", "ug" ...
    struct str guardian;     // uid of a person
    struct str guardian_name, guardian_phone; // when the guardian has no record
    struct str emergency_name, emergency_phone;
    int8_t provisional;      // no papers yet: described by what is seen
    struct str description;  // of somebody without papers
    struct str outside_source, outside_id; // what another system calls them
};
extern const struct record_kind person_record_kind;

struct place_record {
    struct str uid;
    struct str parent;       // uid; empty: the top
    int32_t kind;            // place_kind
    struct str name, name_en, code;
    double latitude, longitude;
    struct str shape;        // GeoJSON geometry
    int64_t capacity;
    int8_t closed;
};
extern const struct record_kind place_record_kind;

struct gathering_record {
    struct str uid;
    struct str name;
    struct str place;        // uid
    utc_sec begins, ends;
};
extern const struct record_kind gathering_record_kind;

// Absent values everywhere (record_clear).
struct person_record person_record_none(void);
struct place_record place_record_none(void);

// uids: 16 bytes, written as 36 characters (RFC 9562). Version 7: time-ordered.
enum { UID_TEXT = 37 };
bool uid_parse(struct str text, unsigned char out[16]);
void uid_format(const unsigned char uid[16], char out[UID_TEXT]);
void uid_make(utc_sec at, int32_t millisecond, const unsigned char random[10], unsigned char out[16]);

#endif
