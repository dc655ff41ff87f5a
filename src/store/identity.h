// identity.h -- names, telephone numbers and identity numbers: one form each, in which they are compared, searched and
// hashed.
//
// They are kept as people wrote them and compared in these forms. Identity numbers of the People's Republic of China:
// GB 11643-1999, whose check character is ISO 7064 MOD 11-2.
#ifndef TONG_STORE_IDENTITY_H
#define TONG_STORE_IDENTITY_H

#include "base/civil.h"
#include "store/vault.h"

// For search, of names and of what is searched for: NFKC (full-width letters and digits become half-width,
// compatibility ideographs the usual ones), case folded, white space single. {NULL, 0} when it is empty, not UTF-8, or
// memory is short.
struct str name_fold(struct str name, struct arena *arena);
// NFC and no white space at the ends: how a name is kept; borrowed where nothing changes. {NULL, 0} as above; {"", 0} for
// nothing.
struct str name_compose(struct str name, struct arena *arena);

enum { PHONE_TEXT = 32, DOCUMENT_TEXT = 72 };
// One form for one telephone: a Chinese number without country code ("13912345678", "01012345678"), any other with it
// ("+442071234567"). Full-width digits, spaces, brackets, hyphens and an extension are dropped. False: no telephone
// number.
bool phone_normalise(struct str phone, char out[PHONE_TEXT]);
// Letters upper, full-width narrow, no spaces. False: empty or too long.
bool document_normalise(struct str number, char out[DOCUMENT_TEXT]);

typedef enum id_card_fault {
    ID_CARD_GOOD,
    ID_CARD_LENGTH,
    ID_CARD_CHARACTERS,
    ID_CARD_DATE,
    ID_CARD_CHECK
} id_card_fault;
struct id_card {
    civil_day born; // CIVIL_DAY_NONE when it cannot be read
    int32_t sex;    // person_sex
    char check;     // the check character it should end in; 0 of the old numbers with 15 digits, which have none
};
// `number` as document_normalise writes it. *out is filled as far as it can be.
id_card_fault id_card_read(struct str number, struct id_card *out);

// Keyed hashes by which people are found; false when there is nothing to hash. `out`: VAULT_HASH bytes, of an outside
// number VAULT_LONG_HASH.
bool person_phone_hash(const struct vault *v, struct str phone, unsigned char *out);
bool person_document_hash(const struct vault *v, struct str document, unsigned char *out);
bool outside_hash(const struct vault *v, struct str source, struct str id, unsigned char *out);

#endif
