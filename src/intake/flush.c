// Rows of the chain written as facts are taken, and told to their derivers.
#include "intake/intake_state.h"
#include "store/entry.h"

#include <string.h>

// ---- the chain ----

static const unsigned char *flush_salt(struct intake *in, int64_t subject)
{
    if (in->salt_of != subject || !in->salted) {
        in->salt_of = subject;
        in->salted = true;
        if (subject <= 0 || !vault_salt(in->vault, subject, in->salt)) memset(in->salt, 0, sizeof in->salt);
    }
    return in->salt;
}

static tong_code flush_seal(struct intake *in, const struct fact_row *row, struct str *out, struct err *err)
{
    *out = (struct str){NULL, 0};
    if (row->payload.n == 0 || in->preview) return TONG_OK;
    if (row->fact.subject <= 0 || !vault_has(in->vault, row->fact.subject)) { // a place, a gathering
        *out = row->payload;
        return TONG_OK;
    }
    *out = vault_seal(in->vault, row->fact.subject, row->fact.id, row->payload, &in->arena);
    return out->p != NULL ? TONG_OK : tong_fail(err, TONG_E_NOMEM, "no memory to encrypt a text");
}

tong_code flush_fact(struct intake *in, const struct fact_row *row, struct str payload,
                     const unsigned char commitment[CHAIN_HASH], struct err *err)
{
    static const unsigned char none[UID_BYTES];
    const struct fact *f = &row->fact;
    struct str uid = {(const char *)row->uid, memcmp(row->uid, none, UID_BYTES) == 0 ? 0 : UID_BYTES};
    const struct db_value v[] = {
        DB_I(f->id),
        DB_I(f->subject),
        DB_I(f->kind),
        DB_I(f->happened.s),
        DB_I(f->known.s),
        DB_I(f->recorded.s),
        db_i_or_null(f->until.s, INT64_MIN),
        db_b_or_null(uid),
        db_i_or_null(row->account, 0),
        db_i_or_null(row->given_by, 0),
        db_i_or_null(row->import, 0),
        db_i_or_null(f->link, 0),
        db_i_or_null(f->replaces, 0),
        db_i_or_null(row->about, 0),
        db_i_or_null(f->name, 0),
        db_i_or_null(f->value, 0),
        db_i_or_null(f->signer, 0),
        db_i_or_null(f->second, 0),
        db_i_or_null(f->word, 0),
        db_i_or_null(f->test, 0),
        db_i_or_null(f->outcome, 0),
        db_i_or_null(f->protection, 0),
        db_i_or_null(f->flags, 0),
        db_i_or_null(f->edition, 0),
        db_b_or_null(payload),
        DB_B(((struct str){(const char *)commitment, CHAIN_HASH})),
    };
    return db_run(in->db, sql_fact_put, v, sizeof v / sizeof v[0], NULL, err);
}

static tong_code flush_put(struct intake *in, const struct fact_row *row, struct err *err)
{
    const struct fact *f = &row->fact;
    unsigned char commitment[CHAIN_HASH] = {0};
    struct str sealed;
    if (in->rebuilding) return rebuild_put(in, row, err);
    tong_code code = flush_seal(in, row, &sealed, err);
    if (code != TONG_OK) return code;
    if (!in->preview) {
        chain_commit(row, flush_salt(in, f->subject), commitment);
        chain_next(in->head, f->id, commitment);
    }
    code = flush_fact(in, row, sealed, commitment, err);
    if (code != TONG_OK) return code;
    in->last_row = f->id;
    in->rows++;
    if (f->kind < ENTRY_FIRST) intake_tell_change(in, CHANGE_FACT, f->id, f->subject);
    return TONG_OK;
}

// What it takes back, or takes the place of, is true no more; a retraction that is retracted makes it true again.
static tong_code flush_replaced(struct intake *in, const struct fact_row *row, struct err *err)
{
    static const unsigned char none[UID_BYTES];
    struct fact_row was;
    bool found;
    tong_code code = intake_find_row(in, row->fact.replaces, none, &found, &was, err);
    if (code != TONG_OK || !found) return code;
    if (was.fact.kind != EVENT_RETRACTED) {
        const struct deriver *d = &in->deriver[was.fact.kind];
        return d->undo == NULL ? TONG_OK : d->undo(in, &was, row, err);
    }
    code = intake_find_row(in, was.fact.replaces, none, &found, &was, err);
    if (code != TONG_OK || !found) return code;
    const struct deriver *d = &in->deriver[was.fact.kind];
    return d->take == NULL ? TONG_OK : d->take(in, &was, err);
}

tong_code flush_row(struct intake *in, const struct fact_row *row, struct err *err)
{
    tong_code code = flush_put(in, row, err);
    if (code == TONG_OK && row->fact.replaces != 0) code = flush_replaced(in, row, err);
    const struct deriver *d = &in->deriver[row->fact.kind];
    if (code == TONG_OK && d->take != NULL) code = d->take(in, row, err);
    bool described = row->fact.kind == ENTRY_PLACE || row->fact.kind == ENTRY_GATHERING || row->fact.kind == ENTRY_MERGED;
    if (described || row->fact.replaces != 0) intake_subject_stale(in, row->fact.subject);
    return code;
}

tong_code flush_is_core(struct intake *in, const struct fact_row *row, bool *core, struct err *err)
{
    static const unsigned char none[UID_BYTES];
    struct fact_row was = *row;
    bool found = true;
    *core = row->fact.kind < ENTRY_FIRST;
    // A retraction belongs to those who answered what it takes back.
    while (*core && found && was.fact.kind == EVENT_RETRACTED) {
        tong_code code = intake_find_row(in, was.fact.replaces, none, &found, &was, err);
        if (code != TONG_OK) return code;
        *core = found && was.fact.kind < ENTRY_FIRST;
    }
    return TONG_OK;
}

// A fact of the caseload as a row: its subjects by their numbers in the store.
static struct fact_row flush_given(struct intake *in, const struct fact *f, uint32_t given_by)
{
    struct fact_row row = {.fact = *f};
    row.fact.subject = caseload_key(in->load, (uint32_t)f->subject);
    if (f->link != 0) row.fact.link = caseload_key(in->load, (uint32_t)f->link);
    row.given_by = given_by == CASELOAD_NOBODY ? 0 : caseload_key(in->load, given_by);
    return row;
}

tong_code flush_taken(struct intake *in, const struct fact_row *recorded, struct err *err)
{
    tong_code code = TONG_OK;
    size_t count;
    (void)caseload_changes(in->load, CASELOAD_FACT_TAKEN, &count);
    for (size_t i = 0; i < count && code == TONG_OK; i++) {
        uint32_t given_by;
        size_t now;
        uint32_t index = caseload_changes(in->load, CASELOAD_FACT_TAKEN, &now)[i];
        const struct fact *f = caseload_taken(in->load, index, &given_by);
        struct fact_row row = flush_given(in, f, given_by);
        if (recorded != NULL && recorded->fact.id == f->id) row = *recorded;
        code = flush_row(in, &row, err);
    }
    caseload_clean(in->load, CASELOAD_FACT_TAKEN);
    return code;
}

tong_code flush_record(struct intake *in, struct fact_row *row, struct err *err)
{
    bool core;
    tong_code code = flush_is_core(in, row, &core, err);
    if (code != TONG_OK) return code;
    row->fact.recorded = in->at;
    row->fact.id = caseload_fact_id(in->load);
    if (!core) return flush_row(in, row, err);
    struct fact f = row->fact;
    uint32_t subject = working_subject(in, f.subject), link = f.link == 0 ? 0 : working_subject(in, f.link);
    if (subject == CASELOAD_NONE || link == CASELOAD_NONE)
        return tong_fail(err, TONG_E_NOMEM, "no memory for a subject");
    f.subject = subject;
    f.link = link;
    code = working_fault(in, caseload_record(in->load, &f, err), err);
    return code == TONG_OK ? flush_taken(in, row, err) : code;
}
