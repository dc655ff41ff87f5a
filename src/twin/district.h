// district.h -- an invented district: its places, its people, its staff, and an outbreak as the staff come to know it.
//
// The people are those of twin/town.h, the infections those of twin/outbreak.h. What the response does about them is not
// written down beforehand: the district keeps a caseload of its own (response/caseload.h), and invented staff answer each
// task and each proposal that the protocol makes, soon, late or never, as people do. So the same rows fit any protocol.
//
// Pure: no clock, no I/O. The same options and the same rulebook give the same rows on every machine. Memory is bounded by
// the people and the facts: about 60 bytes a person, 250 a fact.
//
// Nobody here is anybody. Names are drawn by chance from small tables of common surnames and of syllables; a real person may
// happen to have the same name, as always with Chinese names, but not its number: every identity number begins with 00, and
// GB/T 2260 gives no region that code; every telephone number has the country code 999, which ITU-T E.164 assigns to nobody.
// The place does not exist, and its centre lies in the open sea.
#ifndef TONG_TWIN_DISTRICT_H
#define TONG_TWIN_DISTRICT_H

#include "response/caseload.h"
#include "twin/outbreak.h"

enum {
    DISTRICT_PEOPLE_MIN = OUTBREAK_PERSONS_MIN,
    DISTRICT_PEOPLE_MAX = 5000000,
    DISTRICT_TEXT = 96, // bytes of a name, with its NUL
    DISTRICT_UID = 16,
    DISTRICT_SHAPE = 224, // bytes of a shape, with its NUL
};

struct district_options {
    uint64_t seed;
    int32_t people;
    int32_t cases;        // infections in all, found or not
    int64_t contacts;     // named in all; 0: as the disease has them
    int64_t facts;        // about so many: daily checks beyond that are left undone; 0: as many as there are to do
    double general_share; // of the contacts: met so that the protocol may call them general ones (full protection)
    civil_day start;      // of the first infection
};
// 100,000 people; cases one in 200 of them; COVID-19-like from 2022-07-01; general_share 0.3.
struct district_options district_options_default(void);
// INVALID or LIMIT: too few or too many; *err says which option.
tong_code district_options_check(const struct district_options *o, struct err *err) TONG_MUST_USE;

struct district;
// `book` must outlive the district; enrolments begin under its last edition. LIMIT when the outbreak cannot be made.
tong_code district_open(const struct district_options *o, const struct rulebook *book, struct district **out,
                        struct err *err) TONG_MUST_USE;
void district_close(struct district *d); // NULL is allowed

// ---- who and where; numbers are those of subjects: places from 1, people behind them ----
struct district_place {
    int64_t number, parent; // parent 0: the top
    const char *kind;       // the word of store/place.h: "building"
    char name[DISTRICT_TEXT], name_en[DISTRICT_TEXT], code[DISTRICT_TEXT];
    bool located;
    double latitude, longitude;
    char shape[DISTRICT_SHAPE]; // GeoJSON, "" for what is a point on a map
    int64_t capacity; // 0: none said
};
int64_t district_place_count(const struct district *d);
struct district_place district_place_at(const struct district *d, int64_t number); // 1 .. count; parents before children

struct district_person {
    int64_t number, place, guardian; // guardian 0: none
    char name[DISTRICT_TEXT], name_latin[DISTRICT_TEXT]; // both "" for somebody without papers
    char description[2 * DISTRICT_TEXT];                 // only for somebody without papers
    char document[24], phone[24];                        // "" when there is none
    char occupation[DISTRICT_TEXT], employer[DISTRICT_TEXT];
    int32_t sex; // 1 male, 2 female
    civil_day born;
};
int64_t district_person_count(const struct district *d);
struct district_person district_person_at(const struct district *d, int64_t i); // 0 .. count - 1

struct district_account {
    char login[DISTRICT_TEXT], name[DISTRICT_TEXT];
    const char *role; // word of a role of the protocol, or of an account (service/rights.h)
    int64_t place;    // of the grant
    int64_t person;   // a resident's own, else 0
};
int64_t district_account_count(const struct district *d);
struct district_account district_account_at(const struct district *d, int64_t i); // from 0

// ---- what becomes known, in that order ----
struct district_fact {
    struct fact fact;   // subject and link are numbers of subjects, signers are accounts from 1; id only grows
    int64_t account;    // who records it, from 1; 0: nobody in particular
    int64_t about;      // a result: the id of the fact that its sample was taken; else 0
    role_word role;     // whose work it is; ROLE_WORD_COUNT: nobody's, it happens
};
// False: no more is wanted.
typedef bool district_listener(void *payload, const struct district_fact *f);
// What becomes known up to and including `until`. May be called again with a later time. NOMEM, or CONFLICT when the
// listener wanted no more.
tong_code district_run(struct district *d, utc_sec until, district_listener *listener, void *payload,
                       struct err *err) TONG_MUST_USE;
bool district_next(const struct district *d, utc_sec *at); // when something may happen next; false: nothing ever will
// Leave the work of this role to somebody else; ROLE_WORD_COUNT: to nobody.
void district_leave(struct district *d, role_word role);
// Somebody else recorded this about a subject of the district (numbers as above): the staff take it into account.
tong_code district_heard(struct district *d, const struct fact *f, struct err *err) TONG_MUST_USE;

utc_sec district_begin(const struct district *d); // 00:00 of the first day
utc_sec district_end(const struct district *d);   // when the last infection is over, a month added for who was near
// The moment to stand in when a visitor enters: three weeks after the first case was found, or the peak if that is earlier.
utc_sec district_today(const struct district *d);
const struct outbreak *district_outbreak(const struct district *d);
const struct caseload *district_caseload(const struct district *d);

// ---- identifiers: UUID version 7, the same for the same seed ----
typedef enum district_thing {
    DISTRICT_SUBJECT,
    DISTRICT_FACT,
    DISTRICT_SECOND, // of a fact that takes two commands: the second signature of an order
} district_thing;
void district_uid(const struct district *d, district_thing thing, int64_t number, unsigned char out[DISTRICT_UID]);

#endif
