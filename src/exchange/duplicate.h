// duplicate.h -- are two records one person? A score with reasons, and an index that finds the candidates.
//
// Names are compared as written (simplified, case and accents folded), by their parts in any order, by how Chinese
// characters sound, and by their letters (Jaro 1989, Winkler 1990). Births, telephones and document numbers are compared
// too, with the usual slips: day and month swapped, one digit wrong. Each comparison gives points, the logarithm (base 2) of
// how much likelier it is among records of one person than among records of two (Fellegi and Sunter 1969); the table
// stands in duplicate.c. The sum decides.
//
// The index keeps some sixty bytes a person and sorts them into blocks: same document, same telephone, same birth (with day
// and month in either order) and initial, same sound and year of birth, same sound and birthday. Only those who share a
// block are compared, so that a row costs microseconds and a million people seconds.
#ifndef TONG_EXCHANGE_DUPLICATE_H
#define TONG_EXCHANGE_DUPLICATE_H

#include "base/civil.h"
#include "base/lang.h"
#include "base/str.h"

struct person_record;

enum duplicate_reason {
    DUPLICATE_NAME = 1,          // the same name
    DUPLICATE_NAME_ORDER = 2,    // the same parts in another order
    DUPLICATE_NAME_SOUND = 4,    // characters that sound alike, or the same name in letters
    DUPLICATE_NAME_NEAR = 8,     // nearly the same letters
    DUPLICATE_BORN = 16,         // the same day
    DUPLICATE_BORN_SWAPPED = 32, // day and month the other way round
    DUPLICATE_BORN_NEAR = 64,    // one digit, or only the year
    DUPLICATE_PHONE = 128,
    DUPLICATE_DOCUMENT = 256,
    DUPLICATE_DIFFERS = 512, // something that should be the same is not: sex, birth, document
    DUPLICATE_REASON_COUNT = 10
};
// "same name", by bit number.
const struct label *duplicate_reason_label(int32_t bit);
// All reasons in one text: "same name, same telephone".
size_t duplicate_reasons_text(uint32_t reasons, lang language, char *out, size_t room);

enum { DUPLICATE_NAME_BYTES = 96, DUPLICATE_PROBABLE = 700 }; // of 1000: worth showing

// What is compared. Made once for each record.
struct duplicate_who {
    char name[DUPLICATE_NAME_BYTES];  // parts as written, folded, parted by blanks
    char sound[DUPLICATE_NAME_BYTES]; // parts as they sound, in alphabetic order
    bool han;                         // the name has Chinese characters
    uint64_t document, phone[2];      // hashes of their normal form; 0 none
    civil_day born;                   // CIVIL_DAY_NONE unknown
    int32_t born_year;                // 0 unknown
    int32_t sex;                      // person_sex
};
void duplicate_who_make(const struct person_record *p, struct duplicate_who *out);
// 0 to 1000, and why.
int32_t duplicate_score(const struct duplicate_who *a, const struct duplicate_who *b, uint32_t *reasons);
// Likeness of two texts by characters, 0 to 1 (Jaro, with Winkler's bonus for a common beginning).
double duplicate_jaro_winkler(struct str a, struct str b);

struct duplicate_index;
struct duplicate_index *duplicate_index_open(void); // NULL: no memory
void duplicate_index_close(struct duplicate_index *d);
// `id` is the caller's. False: no memory.
bool duplicate_index_add(struct duplicate_index *d, const struct duplicate_who *who, int64_t id);
size_t duplicate_index_count(const struct duplicate_index *d);
size_t duplicate_index_bytes(const struct duplicate_index *d);

struct duplicate_match {
    int64_t id;
    int32_t score;
    uint32_t reasons;
};
// Those who score at least `least`, the best first, up to `room`.
size_t duplicate_index_find(struct duplicate_index *d, const struct duplicate_who *who, int32_t least,
                            struct duplicate_match *out, size_t room);

#endif
