#include "store/chain.h"

#include "store/entry.h"

#include <assert.h>
#include <pthread.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

enum {
    CHAIN_VERSION = 1,
    CHAIN_FORM = 128, // bytes before the payload
    CHAIN_LINK = CHAIN_HASH + 8 + CHAIN_HASH,
    CHAIN_SALTS = 65536, // people whose salt is kept while the chain is walked: those of a busy fortnight
};

static unsigned char *chain_le(unsigned char *p, uint64_t v, int32_t bytes)
{
    for (int32_t i = 0; i < bytes; i++) p[i] = (unsigned char)(v >> (8 * i));
    return p + bytes;
}

static void chain_form(const struct fact_row *row, unsigned char out[CHAIN_FORM])
{
    const struct fact *f = &row->fact;
    const int64_t times[] = {f->happened.s, f->known.s, f->recorded.s, f->until.s};
    const int64_t numbers[] = {row->account, row->given_by, row->import, f->link, f->replaces, row->about};
    const uint32_t words[] = {f->name, (uint32_t)f->value, (uint32_t)f->signer, (uint32_t)f->second};
    const unsigned char bytes[] = {f->word, f->test, f->outcome, f->protection, f->flags, f->edition};
    unsigned char *p = out;
    *p++ = CHAIN_VERSION;
    p = chain_le(p, (uint64_t)f->subject, 8);
    *p++ = f->kind;
    for (size_t i = 0; i < sizeof times / sizeof times[0]; i++) p = chain_le(p, (uint64_t)times[i], 8);
    memcpy(p, row->uid, UID_BYTES);
    p += UID_BYTES;
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) p = chain_le(p, (uint64_t)numbers[i], 8);
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) p = chain_le(p, words[i], 4);
    memcpy(p, bytes, sizeof bytes);
    assert(p + sizeof bytes == out + CHAIN_FORM);
}

void chain_commit(const struct fact_row *row, const unsigned char salt[VAULT_KEY], unsigned char out[CHAIN_HASH])
{
    unsigned char form[1024]; // most payloads are short: one call, no state
    assert(row->payload.n <= UINT32_MAX);
    chain_form(row, form);
    if (row->payload.n <= sizeof form - CHAIN_FORM) {
        if (row->payload.n > 0) memcpy(form + CHAIN_FORM, row->payload.p, row->payload.n);
        (void)crypto_generichash(out, CHAIN_HASH, form, CHAIN_FORM + row->payload.n, salt, VAULT_KEY);
        return;
    }
    crypto_generichash_state state;
    (void)crypto_generichash_init(&state, salt, VAULT_KEY, CHAIN_HASH);
    (void)crypto_generichash_update(&state, form, CHAIN_FORM);
    (void)crypto_generichash_update(&state, (const unsigned char *)row->payload.p, row->payload.n);
    (void)crypto_generichash_final(&state, out, CHAIN_HASH);
}

void chain_next(unsigned char head[CHAIN_HASH], int64_t id, const unsigned char commitment[CHAIN_HASH])
{
    unsigned char link[CHAIN_LINK];
    memcpy(link, head, CHAIN_HASH);
    memcpy(chain_le(link + CHAIN_HASH, (uint64_t)id, 8), commitment, CHAIN_HASH);
    (void)crypto_generichash(head, CHAIN_HASH, link, sizeof link, NULL, 0);
}

const struct label *chain_fault_label(chain_fault fault)
{
    static const struct label labels[CHAIN_FAULT_COUNT] = {
        [CHAIN_GOOD] = LABEL("the chain holds", "记录链完整"),
        [CHAIN_FACT_CHANGED] = LABEL("this fact is not what was recorded", "该记录与登记时不一致"),
        [CHAIN_HEAD_WRONG] = LABEL("facts up to here were added, removed or changed", "至此的记录被增加、删除或改动"),
        [CHAIN_HEAD_MISSING] = LABEL("facts behind the end of the chain", "记录超出链尾"),
        [CHAIN_FACT_MISSING] = LABEL("facts that the chain knows are missing", "链中已有的记录缺失"),
        [CHAIN_KEY_MISSING] = LABEL(
            "the person's key is missing: the vault is older than the database, or not the one that belongs to it",
            "缺少该人员的密钥：密钥库早于数据库，或与数据库不配套"),
        [CHAIN_ERASED_HALF] =
            LABEL("the person's erasure was interrupted: run erase again", "该人员的清除中断，请重新执行清除"),
        [CHAIN_BLANKED] =
            LABEL("the fact was blanked though the person was not erased", "人员未清除，但该记录已被抹去"),
    };
    assert((int)fault >= 0 && fault < CHAIN_FAULT_COUNT);
    return &labels[fault];
}

// ---- rows of the database ----

void chain_stored_read(struct db *db, sql_id id, struct chain_stored *out)
{
    *out = (struct chain_stored){.row.fact = {
                                     .id = db_int(db, id, 0, 0),
                                     .subject = db_int(db, id, 1, 0),
                                     .kind = (uint8_t)db_int(db, id, 2, 0),
                                     .happened = {db_int(db, id, 3, 0)},
                                     .known = {db_int(db, id, 4, 0)},
                                     .recorded = {db_int(db, id, 5, 0)},
                                     .until = {db_int(db, id, 6, INT64_MIN)},
                                     .link = db_int(db, id, 11, 0),
                                     .replaces = db_int(db, id, 12, 0),
                                     .name = (uint32_t)db_int(db, id, 14, 0),
                                     .value = (int32_t)db_int(db, id, 15, 0),
                                     .signer = (int32_t)db_int(db, id, 16, 0),
                                     .second = (int32_t)db_int(db, id, 17, 0),
                                     .word = (uint8_t)db_int(db, id, 18, 0),
                                     .test = (uint8_t)db_int(db, id, 19, 0),
                                     .outcome = (uint8_t)db_int(db, id, 20, 0),
                                     .protection = (uint8_t)db_int(db, id, 21, 0),
                                     .flags = (uint8_t)db_int(db, id, 22, 0),
                                     .edition = (uint8_t)db_int(db, id, 23, 0),
                                 }};
    out->row.account = db_int(db, id, 8, 0);
    out->row.given_by = db_int(db, id, 9, 0);
    out->row.import = db_int(db, id, 10, 0);
    out->row.about = db_int(db, id, 13, 0);
    struct str uid = db_text(db, id, 7);
    if (uid.n == UID_BYTES) memcpy(out->row.uid, uid.p, UID_BYTES);
    out->payload = db_text(db, id, 24);
    out->commitment = db_text(db, id, 25);
}

// ---- the proof ----

struct chain_salt {
    int64_t person; // 0: nobody yet
    bool there;
    unsigned char salt[VAULT_KEY];
};

struct chain_walk {
    struct db *db;
    const struct vault *v;
    struct chain_salt *salts;
    struct arena arena; // of one payload
    struct chain_report *report;
    unsigned char head[CHAIN_HASH];
    int64_t after, until;  // the part that is walked: facts behind the one, up to the other
    int64_t seen, covered; // the last fact, the last one under a head
    bool broken;           // a head was wrong
};

// Facts of one person lie near each other: a few thousand salts save most derivations.
static const struct chain_salt *chain_salt_of(struct chain_walk *w, int64_t subject)
{
    struct chain_salt *s = &w->salts[(uint64_t)subject % CHAIN_SALTS];
    if (s->person == subject) return s;
    s->person = subject;
    s->there = subject > 0 && vault_salt(w->v, subject, s->salt);
    if (!s->there) memset(s->salt, 0, sizeof s->salt);
    return s;
}

static bool chain_opens(const struct fact_row *row, const unsigned char salt[VAULT_KEY], struct str commitment)
{
    unsigned char made[CHAIN_HASH];
    chain_commit(row, salt, made);
    return commitment.n == CHAIN_HASH && memcmp(commitment.p, made, CHAIN_HASH) == 0;
}

static chain_fault chain_look(struct chain_walk *w, const struct chain_stored *s)
{
    struct fact_row row = s->row;
    const struct chain_salt *salt = chain_salt_of(w, row.fact.subject);
    row.payload = s->payload;
    if (s->commitment.n != CHAIN_HASH) return CHAIN_FACT_CHANGED;
    if (salt->there) {
        if (row.fact.kind == ENTRY_ERASED) return CHAIN_BLANKED;
        if (row.payload.n > 0) row.payload = vault_unseal(w->v, row.fact.subject, row.fact.id, row.payload, &w->arena);
        bool readable = row.payload.p != NULL || s->payload.n == 0;
        return readable && chain_opens(&row, salt->salt, s->commitment) ? CHAIN_GOOD : CHAIN_FACT_CHANGED;
    }
    if (chain_opens(&row, salt->salt, s->commitment))
        return CHAIN_GOOD; // no person's, or what was recorded after an erasure
    bool erased = row.fact.subject > 0 && vault_erased(w->v, row.fact.subject);
    if (row.fact.kind == ENTRY_ERASED && erased) {
        w->report->erased++;
        return CHAIN_GOOD;
    }
    // A place or a gathering has a payload that anybody can read; a person's looks like noise.
    bool sealed = row.payload.n >= VAULT_OVERHEAD && str_utf8_valid(row.payload) != row.payload.n;
    return erased ? CHAIN_ERASED_HALF : sealed ? CHAIN_KEY_MISSING : CHAIN_FACT_CHANGED;
}

static void chain_bad(struct chain_walk *w, int64_t fact, chain_fault fault)
{
    w->report->bad++;
    if (w->report->first_bad != 0) return;
    w->report->first_bad = fact;
    w->report->fault = fault;
}

// The heads are walked beside the facts: both come in the order of facts.
static void chain_heads_until(struct chain_walk *w, int64_t fact, int64_t *next)
{
    while (*next != 0 && *next <= fact) {
        struct str stored = db_text(w->db, sql_chain_heads, 1);
        bool same = stored.n == CHAIN_HASH && memcmp(stored.p, w->head, CHAIN_HASH) == 0;
        if (w->seen != *next) chain_bad(w, *next, CHAIN_FACT_MISSING);
        else if (!same && !w->broken) chain_bad(w, *next, CHAIN_HEAD_WRONG);
        w->broken = w->broken || !same; // all heads behind are wrong too: said once
        w->covered = *next;
        w->report->transactions++;
        *next = db_next(w->db, sql_chain_heads) ? db_int(w->db, sql_chain_heads, 0, 0) : 0;
    }
}

static void chain_fact(struct chain_walk *w, const struct chain_stored *s)
{
    chain_fault fault = chain_look(w, s);
    if (fault != CHAIN_GOOD) chain_bad(w, s->row.fact.id, fault);
    if (s->commitment.n == CHAIN_HASH) chain_next(w->head, s->row.fact.id, (const unsigned char *)s->commitment.p);
    w->seen = s->row.fact.id;
    w->report->facts++;
    arena_reset(&w->arena);
}

static tong_code chain_walk_all(struct chain_walk *w, struct err *err)
{
    const struct db_value in[] = {DB_I(w->after), DB_I(w->until)};
    tong_code code = db_ask(w->db, sql_chain_heads, in, 2, err);
    if (code != TONG_OK) return code;
    int64_t next = db_next(w->db, sql_chain_heads) ? db_int(w->db, sql_chain_heads, 0, 0) : 0;
    code = db_ask(w->db, sql_chain_walk, in, 2, err);
    while (code == TONG_OK && db_next(w->db, sql_chain_walk)) {
        struct chain_stored s;
        chain_stored_read(w->db, sql_chain_walk, &s);
        chain_heads_until(w, s.row.fact.id - 1, &next);
        chain_fact(w, &s);
        chain_heads_until(w, s.row.fact.id, &next);
    }
    if (code == TONG_OK) code = db_done(w->db, sql_chain_walk, err);
    if (code == TONG_OK) {
        chain_heads_until(w, w->until, &next);
        if (w->seen > w->covered) chain_bad(w, w->covered + 1, CHAIN_HEAD_MISSING);
    }
    tong_code heads = db_done(w->db, sql_chain_heads, code == TONG_OK ? err : NULL);
    return code == TONG_OK ? heads : code;
}

static tong_code chain_part(struct db *db, const struct vault *v, int64_t after, int64_t until,
                            const unsigned char head[CHAIN_HASH], struct chain_report *out, struct err *err)
{
    struct chain_report report = {0};
    struct chain_walk w = {
        .db = db, .v = v, .report = &report, .after = after, .until = until, .seen = after, .covered = after};
    memcpy(w.head, head, CHAIN_HASH);
    w.salts = calloc(CHAIN_SALTS, sizeof *w.salts);
    if (w.salts == NULL) return tong_fail(err, TONG_E_NOMEM, "no memory to walk the chain");
    bool own = !db_in_transaction(db); // one snapshot, should somebody write meanwhile
    tong_code code = own ? db_begin(db, err) : TONG_OK;
    if (code == TONG_OK) code = chain_walk_all(&w, err);
    if (own) db_rollback(db);
    memcpy(report.head, w.head, CHAIN_HASH);
    sodium_memzero(w.salts, CHAIN_SALTS * sizeof *w.salts);
    free(w.salts);
    arena_free(&w.arena);
    if (code == TONG_OK) *out = report;
    return code;
}

tong_code chain_verify(struct db *db, const struct vault *v, struct chain_report *out, struct err *err)
{
    static const unsigned char first[CHAIN_HASH];
    return chain_part(db, v, 0, INT64_MAX, first, out, err);
}

// ---- by several threads ----

struct chain_job {
    pthread_t thread;
    const char *where;
    const struct vault *v;
    int64_t after, until;
    unsigned char head[CHAIN_HASH];
    struct chain_report report;
    struct err err;
    tong_code code;
};

static void *chain_run(void *payload)
{
    struct chain_job *j = payload;
    struct db *db = NULL;
    j->code = db_open(j->where, DB_READ, &db, &j->err);
    if (j->code == TONG_OK) j->code = chain_part(db, j->v, j->after, j->until, j->head, &j->report, &j->err);
    db_close(db);
    return NULL;
}

static tong_code chain_head(struct db *db, sql_id id, const struct db_value *in, size_t count, int64_t *fact,
                            unsigned char head[CHAIN_HASH], struct err *err)
{
    *fact = 0;
    tong_code code = db_ask(db, id, in, count, err);
    if (code != TONG_OK) return code;
    if (db_next(db, id) && db_text(db, id, 1).n == CHAIN_HASH) {
        *fact = db_int(db, id, 0, 0);
        memcpy(head, db_text(db, id, 1).p, CHAIN_HASH);
    }
    return db_done(db, id, err);
}

// Parts of about as many facts each. A stored head with which a part begins is what the part before must arrive at, so
// a forged one shows.
static tong_code chain_cut(const char *where, const struct vault *v, struct chain_job *jobs, size_t *count,
                           struct err *err)
{
    enum { LEAST = 10000 }; // facts worth a thread
    struct db *db = NULL;
    unsigned char head[CHAIN_HASH];
    int64_t last = 0, fact = 0;
    size_t most = *count;
    tong_code code = db_open(where, DB_READ, &db, err);
    if (code == TONG_OK) code = chain_head(db, sql_chain_last, NULL, 0, &last, head, err);
    *count = 1;
    jobs[0] = (struct chain_job){.where = where, .v = v, .until = INT64_MAX};
    for (size_t i = 1; code == TONG_OK && i < most && last >= LEAST; i++) {
        code = chain_head(db, sql_chain_split, &DB_I(last / (int64_t)most * (int64_t)i), 1, &fact, head, err);
        if (code != TONG_OK || fact <= jobs[*count - 1].after || fact >= last) continue;
        jobs[*count - 1].until = fact;
        jobs[*count] = (struct chain_job){.where = where, .v = v, .after = fact, .until = INT64_MAX};
        memcpy(jobs[(*count)++].head, head, CHAIN_HASH);
    }
    db_close(db);
    return code;
}

tong_code chain_verify_at(const char *where, const struct vault *v, int32_t threads, struct chain_report *out,
                          struct err *err)
{
    struct chain_job jobs[CHAIN_THREADS_MAX];
    struct chain_report all = {0};
    size_t count = threads < 1 ? 1 : threads > CHAIN_THREADS_MAX ? CHAIN_THREADS_MAX : (size_t)threads;
    tong_code code = chain_cut(where, v, jobs, &count, err);
    if (code != TONG_OK) return code;
    bool started[CHAIN_THREADS_MAX] = {false};
    for (size_t i = 1; i < count; i++) started[i] = pthread_create(&jobs[i].thread, NULL, chain_run, &jobs[i]) == 0;
    for (size_t i = 0; i < count; i++)
        if (!started[i]) (void)chain_run(&jobs[i]); // the first part, and what found no thread
    for (size_t i = 0; i < count; i++) {
        struct chain_job *j = &jobs[i];
        if (started[i]) (void)pthread_join(j->thread, NULL);
        if (j->code != TONG_OK && code == TONG_OK) {
            code = j->code;
            if (err != NULL) *err = j->err;
        }
        all.facts += j->report.facts;
        all.erased += j->report.erased;
        all.transactions += j->report.transactions;
        all.bad += j->report.bad;
        if (all.first_bad == 0 && j->report.first_bad != 0) {
            all.first_bad = j->report.first_bad;
            all.fault = j->report.fault;
        }
        memcpy(all.head, j->report.head, CHAIN_HASH);
    }
    if (code == TONG_OK) *out = all;
    return code;
}
