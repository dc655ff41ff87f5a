#include "service/session.h"

#include "service/account.h"
#include "service/accounts.h"
#include "service/service.h"

#include <sodium.h>
#include <string.h>

enum { SESSION_BYTES = 32 };

// Browsers keep a cookie called __Host-... for this host alone, and only when it came by TLS.
static const char *session_cookie_name(const struct request *rq)
{
    return rq->service->options.secure ? "__Host-tongzhou" : "tongzhou";
}

static void session_token_hash(const unsigned char bytes[SESSION_BYTES], unsigned char hash[SESSION_HASH])
{
    // 256 random bits need neither salt nor key: what lies in the database opens nothing.
    (void)crypto_generichash(hash, SESSION_HASH, bytes, SESSION_BYTES, NULL, 0);
}

void session_token_make(struct session_token *out)
{
    unsigned char bytes[SESSION_BYTES];
    randombytes_buf(bytes, sizeof bytes);
    (void)sodium_bin2base64(out->text, sizeof out->text, bytes, sizeof bytes, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    session_token_hash(bytes, out->hash);
    sodium_memzero(bytes, sizeof bytes);
}

bool session_token_read(struct str text, struct session_token *out)
{
    unsigned char bytes[SESSION_BYTES];
    size_t n = 0;
    if (text.n != SESSION_TOKEN - 1) return false;
    if (sodium_base642bin(bytes, sizeof bytes, text.p, text.n, NULL, &n, NULL,
                          sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0 || n != sizeof bytes)
        return false;
    memcpy(out->text, text.p, text.n);
    out->text[SESSION_TOKEN - 1] = 0;
    session_token_hash(bytes, out->hash);
    return true;
}

static struct str session_hash_text(const unsigned char hash[SESSION_HASH])
{
    return (struct str){(const char *)hash, SESSION_HASH};
}

static bool session_token_of(const struct request *rq, struct session_token *out)
{
    struct str given = rq->authorization;
    if (given.n > 7 && str_eq_nocase((struct str){given.p, 7}, STR("Bearer ")))
        return session_token_read(str_trim((struct str){given.p + 7, given.n - 7}), out);
    return session_token_read(request_cookie(rq, session_cookie_name(rq)), out);
}

// The row of a token, over or not.
static tong_code session_read(struct db *db, struct session *s, struct err *err)
{
    const sql_id q = sql_session_get;
    tong_code code = db_ask(db, q, &DB_B(session_hash_text(s->token.hash)), 1, err);
    if (code != TONG_OK) return code;
    bool there = db_next(db, q);
    if (there) {
        s->account = db_int(db, q, 0, 0);
        s->created = (utc_sec){db_int(db, q, 1, 0)};
        s->seen = (utc_sec){db_int(db, q, 2, 0)};
        s->ends = (utc_sec){db_int(db, q, 3, 0)};
        s->factor = (session_factor)db_int(db, q, 4, SESSION_FACTOR_ASKED);
        s->person = db_int(db, q, 5, 0);
        s->must_change = db_int(db, q, 6, 1) != 0;
        s->language = db_int(db, q, 7, LANG_EN) == LANG_ZH ? LANG_ZH : LANG_EN;
        s->closed = db_int(db, q, 8, UTC_NONE.s) != UTC_NONE.s;
    }
    code = db_done(db, q, err);
    return code == TONG_OK && !there ? tong_fail(err, TONG_E_NOT_FOUND, "no such session") : code;
}

tong_code session_of(struct request *rq, struct session *out, struct err *err)
{
    struct session s = {0};
    if (rq->db == NULL || !session_token_of(rq, &s.token)) return tong_fail(err, TONG_E_NOT_FOUND, "not signed in");
    tong_code code = session_read(rq->db, &s, err);
    if (code != TONG_OK) return code;
    if (s.closed || rq->now.s >= s.ends.s || rq->now.s >= s.seen.s + SESSION_IDLE_S)
        return tong_fail(err, TONG_E_NOT_FOUND, "the session is over");
    *out = s;
    return TONG_OK;
}

struct session_seen_note {
    unsigned char hash[SESSION_HASH];
    utc_sec seen;
};

static tong_code session_seen_run(struct db *db, void *payload, struct err *err)
{
    const struct session_seen_note *note = payload;
    const struct db_value in[] = {DB_I(note->seen.s), DB_B(session_hash_text(note->hash))};
    return db_run(db, sql_session_seen, in, 2, NULL, err);
}

// A request that is carried out again for whoever asked first, now that a second person confirmed it (held.h).
static tong_code session_held(struct request *rq, int64_t account, int64_t confirmed_by, struct err *err)
{
    struct account a;
    tong_code code = account_get(rq->db, rq->service->vault, account, rq->arena, &a, err);
    if (code != TONG_OK || a.closed.s != UTC_NONE.s) return code == TONG_E_NOT_FOUND ? TONG_OK : code;
    struct actor actor = {.account = account, .person = a.person, .second_factor = true, .confirmed_by = confirmed_by};
    code = account_actor(rq->db, account, rq->now, &actor, err);
    if (code == TONG_OK) rq->actor = actor;
    return code;
}

tong_code session_actor(struct request *rq, struct err *err)
{
    struct session s;
    int64_t account = 0, confirmed_by = 0;
    rq->actor = (struct actor){0};
    if (rq->db != NULL && passes_take(accounts_of(rq)->passes, rq->authorization, &account, &confirmed_by))
        return session_held(rq, account, confirmed_by, err);
    tong_code code = session_of(rq, &s, NULL);
    if (code == TONG_E_NOT_FOUND) return TONG_OK; // nobody is signed in: no failure
    if (code != TONG_OK) return tong_fail(err, code, "sessions cannot be read");
    if (s.factor == SESSION_FACTOR_ASKED) return TONG_OK;
    struct actor actor = {.account = s.account, .person = s.person, .must_change = s.must_change,
                          .second_factor = s.factor == SESSION_FACTOR_GIVEN};
    code = account_actor(rq->db, s.account, rq->now, &actor, err);
    if (code != TONG_OK) return code;
    rq->actor = actor;
    rq->language = s.language;
    struct str chosen = request_cookie(rq, "language"); // on this device, in the page's corner
    if (str_eq_z(chosen, "zh")) rq->language = LANG_ZH;
    if (str_eq_z(chosen, "en")) rq->language = LANG_EN;
    if (rq->now.s >= s.seen.s + SESSION_SEEN_S) {
        struct session_seen_note note = {.seen = rq->now};
        memcpy(note.hash, s.token.hash, SESSION_HASH);
        // When the queue is full the next request tries again; an idle end comes no sooner than a minute too early.
        bool posted = writer_post(rq->service->writer, session_seen_run, &note, sizeof note);
        (void)posted;
    }
    return TONG_OK;
}

tong_code session_add(struct db *db, const struct session_token *token, int64_t account, utc_sec now,
                      session_factor factor, struct str device, struct err *err)
{
    const struct db_value sweep[] = {DB_I(now.s), DB_I(now.s - SESSION_IDLE_S)};
    tong_code code = db_run(db, sql_session_sweep, sweep, 2, NULL, err);
    if (code != TONG_OK) return code;
    int64_t ends = now.s + (factor == SESSION_FACTOR_ASKED ? SESSION_ASKED_S : SESSION_MOST_S);
    if (device.n > SESSION_DEVICE_MOST) device.n = SESSION_DEVICE_MOST;
    device.n = str_utf8_valid(device);
    const struct db_value in[] = {DB_B(session_hash_text(token->hash)), DB_I(account), DB_I(now.s), DB_I(ends),
                                  DB_I(factor), device.n == 0 ? DB_N : DB_T(device)};
    return db_run(db, sql_session_put, in, sizeof in / sizeof in[0], NULL, err);
}

tong_code session_drop(struct db *db, const unsigned char hash[SESSION_HASH], struct err *err)
{
    return db_run(db, sql_session_drop, &DB_B(session_hash_text(hash)), 1, NULL, err);
}

tong_code session_drop_all(struct db *db, int64_t account, const unsigned char *keep, struct err *err)
{
    static const unsigned char none[SESSION_HASH] = {0};
    const struct db_value in[] = {DB_I(account), DB_B(session_hash_text(keep == NULL ? none : keep))};
    return db_run(db, sql_session_drop_account, in, 2, NULL, err);
}

void session_cookie(struct request *rq, struct reply *rp, const struct session_token *token, int64_t seconds)
{
    char *text = arena_printf(rq->arena, "%s=%s; Path=/; HttpOnly; SameSite=Lax; Max-Age=%lld%s",
                              session_cookie_name(rq), token->text, (long long)seconds,
                              rq->service->options.secure ? "; Secure" : "");
    if (text != NULL) reply_header(rp, "Set-Cookie", str_z(text));
}

void session_cookie_end(struct request *rq, struct reply *rp)
{
    char *text = arena_printf(rq->arena, "%s=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0%s", session_cookie_name(rq),
                              rq->service->options.secure ? "; Secure" : "");
    if (text != NULL) reply_header(rp, "Set-Cookie", str_z(text));
}
