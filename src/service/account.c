#include "service/account.h"

#include "service/audit.h"
#include "service/service.h"

#include <sodium.h>
#include <string.h>

// What is sealed and has no fact is bound to a negative number: three a row of `account` (and one of `held`).
static int64_t account_about_names(int64_t id)
{
    return -4 * id;
}

static int64_t account_about_contact(int64_t id)
{
    return -4 * id - 1;
}

static int64_t account_about_totp(int64_t id)
{
    return -4 * id - 2;
}

static bool account_copy(struct arena *arena, struct str from, struct str *out)
{
    char *p = from.n == 0 ? NULL : arena_copy(arena, from.p, from.n);
    *out = (struct str){p, p == NULL ? 0 : from.n};
    return p != NULL || from.n == 0;
}

static utc_sec account_instant(struct db *db, sql_id id, int32_t column)
{
    return (utc_sec){db_int(db, id, column, UTC_NONE.s)};
}

// ---- sealed texts, in columns of text: base 64 ----

// NUL-terminated; {NULL, 0} when there is no key or no memory.
static struct str account_text_seal(const struct vault *v, int64_t person, int64_t about, struct str plain,
                                    struct arena *arena)
{
    struct str sealed = vault_seal(v, person, about, plain, arena);
    size_t room = sodium_base64_encoded_len(sealed.n, sodium_base64_VARIANT_ORIGINAL);
    char *text = sealed.p == NULL ? NULL : arena_alloc(arena, room);
    if (text == NULL) return (struct str){NULL, 0};
    (void)sodium_bin2base64(text, room, (const unsigned char *)sealed.p, sealed.n, sodium_base64_VARIANT_ORIGINAL);
    return str_z(text);
}

static struct str account_text_open(const struct vault *v, int64_t person, int64_t about, struct str text,
                                    struct arena *arena)
{
    unsigned char *sealed = text.n == 0 ? NULL : arena_alloc(arena, text.n);
    size_t n = 0;
    if (sealed == NULL || sodium_base642bin(sealed, text.n, text.p, text.n, NULL, &n, NULL,
                                            sodium_base64_VARIANT_ORIGINAL) != 0)
        return (struct str){NULL, 0};
    return vault_unseal(v, person, about, (struct str){(const char *)sealed, n}, arena);
}

// Login, line break, name: no login has a line break in it.
static struct str account_names_seal(const struct vault *v, int64_t id, int64_t person, struct str login,
                                     struct str name, struct arena *arena)
{
    const char *plain = arena_printf(arena, "%.*s\n%.*s", STR_ARG(login), STR_ARG(name));
    if (plain == NULL) return (struct str){NULL, 0};
    return account_text_seal(v, person, account_about_names(id), str_z(plain), arena);
}

void account_names(const struct vault *v, int64_t id, int64_t person, struct str sealed, struct arena *arena,
                   struct str *login, struct str *name)
{
    struct str plain = account_text_open(v, person, account_about_names(id), sealed, arena);
    *login = *name = (struct str){NULL, 0};
    if (str_cut(&plain, '\n', login)) *name = plain;
}

enum { ACCOUNT_HASH_TEXT = 2 * VAULT_LONG_HASH + 1 };

static struct str account_login_hash(const struct vault *v, struct str login, char out[ACCOUNT_HASH_TEXT])
{
    unsigned char hash[VAULT_LONG_HASH];
    vault_hash(v, "login", login, sizeof hash, hash);
    (void)sodium_bin2hex(out, ACCOUNT_HASH_TEXT, hash, sizeof hash);
    return str_z(out);
}

// ---- reading ----

// The columns of account_get, account_by_login, account_by_person and account_list, which are the same.
static bool account_read(struct db *db, sql_id q, const struct vault *v, struct arena *arena, struct account *out)
{
    *out = (struct account){
        .id = db_int(db, q, 0, 0),
        .person = db_int(db, q, 3, 0),
        .must_change = db_int(db, q, 6, 1) != 0,
        .totp_used = db_int(db, q, 8, 0),
        .failed = (int32_t)db_int(db, q, 9, 0),
        .locked_until = account_instant(db, q, 10),
        .language = db_int(db, q, 11, 0) == LANG_ZH ? LANG_ZH : LANG_EN,
        .created = account_instant(db, q, 12),
        .closed = account_instant(db, q, 13),
        .version = db_int(db, q, 14, 0),
    };
    bool good = account_copy(arena, db_text(db, q, 4), &out->contact) &&
                account_copy(arena, db_text(db, q, 5), &out->password) &&
                account_copy(arena, db_text(db, q, 7), &out->totp);
    if (db_int(db, q, 15, 0) == 0)
        return good && account_copy(arena, db_text(db, q, 1), &out->login) &&
               account_copy(arena, db_text(db, q, 2), &out->name);
    account_names(v, out->id, out->person, db_text(db, q, 2), arena, &out->login, &out->name);
    return good;
}

static tong_code account_one(struct db *db, sql_id q, const struct vault *v, struct db_value key, struct arena *arena,
                             struct account *out, struct err *err)
{
    tong_code code = db_ask(db, q, &key, 1, err);
    if (code != TONG_OK) return code;
    bool there = db_next(db, q), read = there && account_read(db, q, v, arena, out);
    code = db_done(db, q, err);
    if (code != TONG_OK) return code;
    if (!there) return tong_fail(err, TONG_E_NOT_FOUND, "no such account");
    return read ? TONG_OK : tong_fail(err, TONG_E_NOMEM, "no memory for an account");
}

tong_code account_get(struct db *db, const struct vault *v, int64_t id, struct arena *arena, struct account *out,
                      struct err *err)
{
    return account_one(db, sql_account_get, v, DB_I(id), arena, out, err);
}

tong_code account_by_login(struct db *db, const struct vault *v, struct str login, struct arena *arena,
                           struct account *out, struct err *err)
{
    char hash[ACCOUNT_HASH_TEXT];
    return account_one(db, sql_account_by_login, v, DB_T(account_login_hash(v, login, hash)), arena, out, err);
}

tong_code account_by_person(struct db *db, const struct vault *v, int64_t person, struct arena *arena,
                            struct account *out, struct err *err)
{
    return account_one(db, sql_account_by_person, v, DB_I(person), arena, out, err);
}

tong_code account_list(struct db *db, const struct vault *v, int64_t after, struct account *out, size_t room,
                       size_t *count, struct arena *arena, struct err *err)
{
    const struct db_value in[] = {DB_I(after), DB_I((int64_t)room)};
    tong_code code = db_ask(db, sql_account_list, in, 2, err);
    if (code != TONG_OK) return code;
    bool read = true;
    size_t n = 0;
    while (read && n < room && db_next(db, sql_account_list))
        read = account_read(db, sql_account_list, v, arena, &out[n++]);
    *count = n;
    code = db_done(db, sql_account_list, err);
    return code != TONG_OK || read ? code : tong_fail(err, TONG_E_NOMEM, "no memory for accounts");
}

bool account_has_second_factor(const struct account *a)
{
    return a->totp.n > 0 && a->totp_used != ACCOUNT_TOTP_UNCONFIRMED;
}

bool account_secret(const struct account *a, const struct vault *v, struct arena *arena, unsigned char out[TOTP_SECRET])
{
    struct str plain = vault_unseal(v, 0, account_about_totp(a->id), a->totp, arena);
    if (plain.p == NULL || plain.n != TOTP_SECRET) return false;
    memcpy(out, plain.p, TOTP_SECRET);
    return true;
}

struct str account_contact(const struct account *a, const struct vault *v, struct arena *arena)
{
    struct str plain = account_text_open(v, a->person, account_about_contact(a->id), a->contact, arena);
    // A resident's contact was sealed under the master key by programs before schema 4.
    if (plain.p == NULL && a->person != 0)
        plain = account_text_open(v, 0, account_about_contact(a->id), a->contact, arena);
    return plain;
}

// {NULL, 0} when there is no contact or no memory (*good then false).
static struct str account_contact_seal(const struct vault *v, int64_t id, int64_t person, struct str contact,
                                       struct arena *arena, bool *good)
{
    *good = true;
    if (contact.n == 0) return (struct str){NULL, 0};
    struct str sealed = account_text_seal(v, person, account_about_contact(id), contact, arena);
    *good = sealed.p != NULL;
    return sealed;
}

struct str account_login_fold(struct str login, struct arena *arena)
{
    struct str none = {NULL, 0};
    login = str_trim(login);
    if (login.n < ACCOUNT_LOGIN_LEAST || login.n > ACCOUNT_LOGIN_MOST) return none;
    char *out = arena_copy(arena, login.p, login.n);
    for (size_t i = 0; out != NULL && i < login.n; i++) {
        char c = out[i];
        if (c >= 'A' && c <= 'Z') out[i] = c = (char)(c - 'A' + 'a');
        bool word = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        bool sign = i > 0 && (c == '.' || c == '-' || c == '_' || c == '@');
        if (!word && !sign) return none;
    }
    return out == NULL ? none : (struct str){out, login.n};
}

// ---- grants ----

static struct grant_row grant_read(struct db *db, sql_id q)
{
    return (struct grant_row){
        .id = db_int(db, q, 0, 0),
        .account = db_int(db, q, 1, 0),
        .grant = {.role = (int32_t)db_int(db, q, 2, -1),
                  .place = db_int(db, q, 3, 0),
                  .begins = account_instant(db, q, 4),
                  .ends = account_instant(db, q, 5)},
        .given_by = db_int(db, q, 6, 0),
        .taken_by = db_int(db, q, 7, 0),
    };
}

static tong_code grant_rows(struct db *db, sql_id q, const struct db_value *in, size_t n, struct grant_row *out,
                            size_t room, size_t *count, struct err *err)
{
    tong_code code = db_ask(db, q, in, n, err);
    if (code != TONG_OK) return code;
    size_t k = 0;
    while (k < room && db_next(db, q)) out[k++] = grant_read(db, q);
    *count = k;
    return db_done(db, q, err);
}

tong_code grant_list(struct db *db, int64_t account, struct grant_row *out, size_t room, size_t *count, struct err *err)
{
    return grant_rows(db, sql_grant_of_account, &DB_I(account), 1, out, room, count, err);
}

tong_code grant_holders(struct db *db, int32_t role, utc_sec now, struct grant_row *out, size_t room, size_t *count,
                        struct err *err)
{
    const struct db_value in[] = {DB_I(role), DB_I(now.s)};
    return grant_rows(db, sql_grant_of_role, in, 2, out, room, count, err);
}

tong_code grant_get(struct db *db, int64_t id, struct grant_row *out, struct err *err)
{
    size_t count = 0;
    struct grant_row row;
    tong_code code = grant_rows(db, sql_grant_get, &DB_I(id), 1, &row, 1, &count, err);
    if (code != TONG_OK) return code;
    if (count == 0) return tong_fail(err, TONG_E_NOT_FOUND, "no such grant");
    *out = row;
    return TONG_OK;
}

tong_code account_actor(struct db *db, int64_t id, utc_sec now, struct actor *out, struct err *err)
{
    tong_code code = db_ask(db, sql_grant_of_account, &DB_I(id), 1, err);
    if (code != TONG_OK) return code;
    out->grant_count = 0;
    while (out->grant_count < GRANTS_MAX && db_next(db, sql_grant_of_account)) {
        struct grant g = grant_read(db, sql_grant_of_account).grant;
        if (g.ends.s == UTC_NONE.s || g.ends.s > now.s) out->grant[out->grant_count++] = g;
    }
    return db_done(db, sql_grant_of_account, err);
}

// ---- changing ----

static tong_code account_number(struct db *db, sql_id q, int64_t *out, struct err *err)
{
    tong_code code = db_ask(db, q, NULL, 0, err);
    if (code != TONG_OK) return code;
    if (db_next(db, q)) *out = db_int(db, q, 0, 0);
    return db_done(db, q, err);
}

tong_code account_add(struct db *db, const struct vault *v, const struct account_new *a, int64_t *id, struct err *err)
{
    struct arena arena = {0};
    int64_t number = 0;
    bool good = false;
    tong_code code = account_number(db, sql_account_next, &number, err);
    char hash[ACCOUNT_HASH_TEXT];
    struct str contact = account_contact_seal(v, number, a->person, a->contact, &arena, &good);
    struct str names = account_names_seal(v, number, a->person, a->login, a->name, &arena);
    if (code == TONG_OK && (!good || names.p == NULL))
        code = tong_fail(err, TONG_E_NOMEM, "no key or no memory for an account's names");
    struct account other;
    if (code == TONG_OK) {
        code = account_by_login(db, v, a->login, &arena, &other, NULL);
        if (code == TONG_OK) code = tong_fail(err, TONG_E_CONFLICT, "the login is taken");
        else if (code == TONG_E_NOT_FOUND) code = TONG_OK;
        else code = tong_fail(err, code, "accounts cannot be read");
    }
    if (code == TONG_OK) {
        const struct db_value in[] = {DB_I(number), DB_T(account_login_hash(v, a->login, hash)), DB_T(names),
                                      db_i_or_null(a->person, 0), contact.n == 0 ? DB_N : DB_T(contact), DB_T(str_z(a->password)),
                                      DB_I(a->must_change), DB_I(a->language), DB_I(a->at.s)};
        code = db_run(db, sql_account_put, in, sizeof in / sizeof in[0], NULL, err);
    }
    if (code == TONG_OK) code = audit_add(db, a->at, a->by, AUDIT_ACCOUNT_OPENED, number, NULL, err);
    if (code == TONG_OK) *id = number;
    arena_free(&arena);
    return code;
}

static tong_code account_seal_one(struct db *db, const struct vault *v, const struct account *a, struct arena *arena,
                                  struct err *err)
{
    char hash[ACCOUNT_HASH_TEXT];
    bool good = false;
    // Whose key is gone has no account any more that could be opened.
    int64_t person = a->person != 0 && vault_has(v, a->person) ? a->person : 0;
    struct str contact = account_contact_seal(v, a->id, person, account_contact(a, v, arena), arena, &good);
    struct str names = account_names_seal(v, a->id, person, a->login, a->name, arena);
    if (!good || names.p == NULL) return tong_fail(err, TONG_E_NOMEM, "no memory to seal accounts");
    const struct db_value in[] = {DB_T(account_login_hash(v, a->login, hash)), DB_T(names),
                                  contact.n == 0 ? DB_N : DB_T(contact), DB_I(a->id)};
    return db_run(db, sql_account_seal, in, sizeof in / sizeof in[0], NULL, err);
}

tong_code account_seal_all(struct db *db, const struct vault *v, int64_t *count, struct err *err)
{
    const sql_id q = sql_account_open_text;
    struct arena arena = {0};
    struct account a;
    tong_code code = TONG_OK;
    for (*count = 0; code == TONG_OK; arena_reset(&arena)) {
        code = db_ask(db, q, NULL, 0, err);
        if (code != TONG_OK) break;
        bool there = db_next(db, q), read = there && account_read(db, q, v, &arena, &a);
        code = db_done(db, q, err);
        if (code != TONG_OK || !there) break;
        code = read ? account_seal_one(db, v, &a, &arena, err) : tong_fail(err, TONG_E_NOMEM, "no memory for an account");
        *count += code == TONG_OK;
    }
    arena_free(&arena);
    return code;
}

tong_code account_change(struct db *db, const struct vault *v, const struct account *was, struct str name,
                         struct str contact, lang language, utc_sec closed, struct err *err)
{
    struct arena arena = {0};
    bool good = false;
    int64_t changed = 0;
    struct str sealed = account_contact_seal(v, was->id, was->person, contact, &arena, &good);
    struct str names = account_names_seal(v, was->id, was->person, was->login, name, &arena);
    tong_code code =
        good && names.p != NULL ? TONG_OK : tong_fail(err, TONG_E_NOMEM, "no key or no memory for an account's names");
    if (code == TONG_OK) {
        const struct db_value in[] = {DB_T(names), sealed.n == 0 ? DB_N : DB_T(sealed), DB_I(language),
                                      db_i_or_null(closed.s, UTC_NONE.s), DB_I(was->id), DB_I(was->version)};
        code = db_run(db, sql_account_change, in, sizeof in / sizeof in[0], &changed, err);
    }
    if (code == TONG_OK && changed == 0) code = tong_fail(err, TONG_E_CONFLICT, "the account was changed meanwhile");
    arena_free(&arena);
    return code;
}

tong_code account_password_set(struct db *db, int64_t id, const char *hash, bool must_change, struct err *err)
{
    const struct db_value in[] = {DB_T(str_z(hash)), DB_I(must_change), DB_I(id)};
    return db_run(db, sql_account_password, in, 3, NULL, err);
}

tong_code account_totp_set(struct db *db, const struct vault *v, int64_t id, const unsigned char *secret, int64_t used,
                           struct err *err)
{
    struct arena arena = {0};
    struct str sealed = {NULL, 0};
    if (secret != NULL)
        sealed = vault_seal(v, 0, account_about_totp(id), (struct str){(const char *)secret, TOTP_SECRET}, &arena);
    tong_code code = TONG_OK;
    if (secret != NULL && sealed.p == NULL) code = tong_fail(err, TONG_E_NOMEM, "no memory for a second factor");
    if (code == TONG_OK) {
        const struct db_value in[] = {db_b_or_null(sealed), DB_I(secret == NULL ? 0 : used), DB_I(id)};
        code = db_run(db, sql_account_totp, in, 3, NULL, err);
    }
    arena_free(&arena);
    return code;
}

tong_code account_totp_use(struct db *db, int64_t id, int64_t step, bool *first, struct err *err)
{
    const struct db_value in[] = {DB_I(step), DB_I(id)};
    int64_t changed = 0;
    tong_code code = db_run(db, sql_account_totp_used, in, 2, &changed, err);
    *first = code == TONG_OK && changed == 1;
    return code;
}

tong_code account_failed_set(struct db *db, int64_t id, int32_t failed, utc_sec locked_until, struct err *err)
{
    const struct db_value in[] = {DB_I(failed), db_i_or_null(locked_until.s, UTC_NONE.s), DB_I(id)};
    return db_run(db, sql_account_failed, in, 3, NULL, err);
}

tong_code grant_add(struct db *db, int64_t account, const struct grant *g, int64_t by, int64_t *id, struct err *err)
{
    int64_t number = 0;
    tong_code code = account_number(db, sql_grant_next, &number, err);
    if (code != TONG_OK) return code;
    const struct db_value in[] = {DB_I(number), DB_I(account), DB_I(g->role), db_i_or_null(g->place, 0),
                                  DB_I(g->begins.s), db_i_or_null(g->ends.s, UTC_NONE.s), db_i_or_null(by, 0)};
    code = db_run(db, sql_grant_put, in, sizeof in / sizeof in[0], NULL, err);
    if (code == TONG_OK) *id = number;
    return code;
}

tong_code grant_take(struct db *db, int64_t id, int64_t by, utc_sec at, struct err *err)
{
    const struct db_value in[] = {DB_I(at.s), db_i_or_null(by, 0), DB_I(id)};
    int64_t changed = 0;
    tong_code code = db_run(db, sql_grant_end, in, 3, &changed, err);
    if (code != TONG_OK) return code;
    return changed == 1 ? TONG_OK : tong_fail(err, TONG_E_NOT_FOUND, "the grant had ended");
}

// ---- the first one ----

struct account_first_job {
    struct service *service;
    const char *hash;
    bool made;
};

static tong_code account_first_run(struct db *db, void *payload, struct err *err)
{
    struct account_first_job *job = payload;
    int64_t count = 0, id = 0, grant = 0;
    job->made = false;
    tong_code code = account_number(db, sql_account_count, &count, err);
    if (code != TONG_OK || count > 0) return code;
    utc_sec now = service_now(job->service);
    struct account_new first = {.login = STR("administrator"), .name = STR("administrator"),
                                .language = job->service->options.language, .password = job->hash,
                                .must_change = true, .at = now};
    code = account_add(db, job->service->vault, &first, &id, err);
    struct grant g = {.role = ACCOUNT_ROLE_ADMINISTRATOR, .begins = now, .ends = UTC_NONE};
    if (code == TONG_OK) code = grant_add(db, id, &g, 0, &grant, err);
    job->made = code == TONG_OK;
    return code;
}

// Asked before a password is made, which would make every start longer.
static tong_code account_any(struct service *s, int64_t *count, struct err *err)
{
    struct db *db = service_reader_take(s, err);
    if (db == NULL) return TONG_E_IO;
    tong_code code = account_number(db, sql_account_count, count, err);
    service_reader_give(s, db, code == TONG_OK);
    return code;
}

tong_code account_first(struct service *s, bool *made, char password[PASSWORD_ONE_TIME], struct err *err)
{
    int64_t count = 0;
    *made = false;
    password[0] = 0;
    tong_code any = account_any(s, &count, err);
    if (any != TONG_OK || count > 0) return any;
    struct password_gate *gate = password_gate_open(PASSWORD_COST_INTERACTIVE);
    if (gate == NULL) return tong_fail(err, TONG_E_NOMEM, "no memory for passwords");
    char one_time[PASSWORD_ONE_TIME], hash[PASSWORD_HASH];
    password_one_time(one_time);
    tong_code code = password_hash(gate, str_z(one_time), hash, err);
    struct account_first_job job = {.service = s, .hash = hash};
    if (code == TONG_OK) code = writer_call(s->writer, account_first_run, &job, err);
    if (code == TONG_OK && job.made) {
        *made = true;
        memcpy(password, one_time, sizeof one_time);
    }
    password_gate_close(gate);
    return code;
}
