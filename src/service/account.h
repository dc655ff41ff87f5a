// account.h -- who can sign in, and the rights they were given: rows of `account` and `grant_row`.
//
// Reading takes any connection; changing is called in the writer's thread, inside its transaction (writer_call), and writes an
// audit row with it. A login is found by a keyed hash; login, name and contact are sealed under the key of the person whose
// own account it is, so that an erasure reaches them in every copy of the database, else under the vault's master key, as the
// second factor's secret always is.
#ifndef TONG_SERVICE_ACCOUNT_H
#define TONG_SERVICE_ACCOUNT_H

#include "service/password.h"
#include "service/rights.h"
#include "service/totp.h"
#include "store/db.h"
#include "store/vault.h"

enum { ACCOUNT_LOGIN_LEAST = 3, ACCOUNT_LOGIN_MOST = 64, ACCOUNT_NAME_MOST = 80, ACCOUNT_CONTACT_MOST = 200 };
enum { ACCOUNT_TOTP_UNCONFIRMED = -1 }; // totp_used of a secret whose first code was not given yet

struct account {
    int64_t id;
    struct str login, name;   // in the arena they were read with; empty once the person was erased
    int64_t person;           // a resident's own record; 0 none
    struct str contact;       // sealed, in base 64; account_contact opens it
    struct str password;      // Argon2id
    bool must_change;
    struct str totp;          // sealed; empty: no second factor
    int64_t totp_used;
    int32_t failed;           // second factors in a row
    utc_sec locked_until;     // UTC_NONE: not
    lang language;
    utc_sec created, closed;  // UTC_NONE: open
    int64_t version;
};

// NOT_FOUND, IO, NOMEM.
tong_code account_get(struct db *db, const struct vault *v, int64_t id, struct arena *arena, struct account *out,
                      struct err *err) TONG_MUST_USE;
tong_code account_by_login(struct db *db, const struct vault *v, struct str login, struct arena *arena,
                           struct account *out, struct err *err) TONG_MUST_USE;
tong_code account_by_person(struct db *db, const struct vault *v, int64_t person, struct arena *arena,
                            struct account *out, struct err *err) TONG_MUST_USE;
// Up to `room` accounts behind `after`, by number.
tong_code account_list(struct db *db, const struct vault *v, int64_t after, struct account *out, size_t room,
                       size_t *count, struct arena *arena, struct err *err) TONG_MUST_USE;
// Login and name from the columns `name` and `person` of another statement's row; empty when they cannot be opened.
void account_names(const struct vault *v, int64_t id, int64_t person, struct str sealed, struct arena *arena,
                   struct str *login, struct str *name);
bool account_has_second_factor(const struct account *a); // confirmed
bool account_secret(const struct account *a, const struct vault *v, struct arena *arena, unsigned char out[TOTP_SECRET]);
struct str account_contact(const struct account *a, const struct vault *v, struct arena *arena); // empty: none
// A login is lower-case ASCII letters, digits and . - _ @, beginning with a letter or digit. Folded copy, empty if it cannot be one.
struct str account_login_fold(struct str login, struct arena *arena);

// ---- grants ----
struct grant_row {
    int64_t id, account;
    struct grant grant;
    int64_t given_by, taken_by; // 0: the first start, the command line; nobody
};
// Those of an account, the newest first.
tong_code grant_list(struct db *db, int64_t account, struct grant_row *out, size_t room, size_t *count,
                     struct err *err) TONG_MUST_USE;
// The grants of a role that are in force, of open accounts.
tong_code grant_holders(struct db *db, int32_t role, utc_sec now, struct grant_row *out, size_t room, size_t *count,
                        struct err *err) TONG_MUST_USE;
tong_code grant_get(struct db *db, int64_t id, struct grant_row *out, struct err *err) TONG_MUST_USE;
// account, person, must_change and grants of an actor; closed accounts are nobody. second_factor is the session's affair.
// More than GRANTS_MAX grants: those in force come first.
tong_code account_actor(struct db *db, int64_t id, utc_sec now, struct actor *out, struct err *err) TONG_MUST_USE;

// ---- changing: in the writer's thread, inside a transaction ----
struct account_new {
    struct str login, name, contact; // contact in clear
    int64_t person;
    lang language;
    const char *password; // its hash
    bool must_change;
    int64_t by;           // who opens it; 0 the first start or the command line
    utc_sec at;
};
// CONFLICT: the login is taken.
tong_code account_add(struct db *db, const struct vault *v, const struct account_new *a, int64_t *id,
                      struct err *err) TONG_MUST_USE;
// What an older program wrote in clear is sealed; *count: of how many accounts. Scrub the database afterwards.
tong_code account_seal_all(struct db *db, const struct vault *v, int64_t *count, struct err *err) TONG_MUST_USE;
// CONFLICT: the account is no longer at `version`. closed UTC_NONE: open.
tong_code account_change(struct db *db, const struct vault *v, const struct account *was, struct str name,
                         struct str contact, lang language, utc_sec closed, struct err *err) TONG_MUST_USE;
tong_code account_password_set(struct db *db, int64_t id, const char *hash, bool must_change, struct err *err) TONG_MUST_USE;
// secret NULL: the second factor is taken away.
tong_code account_totp_set(struct db *db, const struct vault *v, int64_t id, const unsigned char *secret, int64_t used,
                           struct err *err) TONG_MUST_USE;
// *first: this step had not been used.
tong_code account_totp_use(struct db *db, int64_t id, int64_t step, bool *first, struct err *err) TONG_MUST_USE;
tong_code account_failed_set(struct db *db, int64_t id, int32_t failed, utc_sec locked_until, struct err *err) TONG_MUST_USE;
tong_code grant_add(struct db *db, int64_t account, const struct grant *g, int64_t by, int64_t *id,
                    struct err *err) TONG_MUST_USE;
// NOT_FOUND: it had ended already.
tong_code grant_take(struct db *db, int64_t id, int64_t by, utc_sec at, struct err *err) TONG_MUST_USE;

// The first account of all: "administrator" with a one-time password, whose second factor is asked for at the first sign-in.
// *made is false, and the password empty, when there are accounts already. For `serve`, which prints it once.
struct service;
tong_code account_first(struct service *s, bool *made, char password[PASSWORD_ONE_TIME], struct err *err) TONG_MUST_USE;

#endif
