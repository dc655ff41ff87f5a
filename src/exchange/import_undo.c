// Undoing an import: every fact of it is retracted, by commands like any others, so that the chain tells both.
#include "exchange/import_log.h"

#include "store/entry.h"

#include <assert.h>

enum { UNDO_BATCH = 400 };

struct undo_row {
    int64_t id, subject;
    int32_t kind;
};

static tong_code undo_read(const struct import_undo_options *o, int64_t below, struct undo_row *out, size_t *count,
                           struct err *err)
{
    const sql_id q = sql_import_facts;
    const struct db_value in[] = {DB_I(o->import), DB_I(below), DB_I(UNDO_BATCH)};
    *count = 0;
    tong_code code = db_ask(o->db, q, in, 3, err);
    while (code == TONG_OK && *count < UNDO_BATCH && db_next(o->db, q))
        out[(*count)++] =
            (struct undo_row){db_int(o->db, q, 0, 0), db_int(o->db, q, 1, 0), (int32_t)db_int(o->db, q, 2, 0)};
    return code == TONG_OK ? db_done(o->db, q, err) : code;
}

static tong_code undo_asks(const struct import_undo_options *o, sql_id q, const struct db_value *in, size_t n,
                           bool *yes, struct err *err)
{
    tong_code code = db_ask(o->db, q, in, n, err);
    if (code != TONG_OK) return code;
    *yes = *yes || db_next(o->db, q);
    return db_done(o->db, q, err);
}

// Does anything but this import speak of the subject? In a dry run the import's own links still stand: they would have gone.
static tong_code undo_used(const struct import_undo_options *o, int64_t subject, bool *used, struct err *err)
{
    const struct db_value others[] = {DB_I(subject), DB_I(o->import), DB_I(EVENT_RETRACTED)};
    const sql_id links = o->dry ? sql_import_subject_links_others : sql_import_subject_links;
    *used = false;
    tong_code code = undo_asks(o, sql_import_subject_others, others, 3, used, err);
    return code != TONG_OK || *used ? code : undo_asks(o, links, others, o->dry ? 2 : 1, used, err);
}

static tong_code undo_count(const struct import_undo_options *o, const struct undo_row *row, struct import_undo_tally *tally,
                            struct err *err)
{
    const struct db_value in[] = {DB_I(row->subject), DB_I(row->id)};
    bool gone = false;
    tong_code code = undo_asks(o, sql_import_fact_replaced, in, 2, &gone, err);
    tally->refused += gone;
    if (row->kind >= ENTRY_FIRST) tally->people += !gone;
    else tally->retracted += !gone;
    return code;
}

static tong_code undo_batch(const struct import_undo_options *o, const struct undo_row *rows, size_t count,
                            bool entries, struct import_undo_tally *tally, struct err *err)
{
    struct command commands[UNDO_BATCH];
    struct intake_outcome out[UNDO_BATCH];
    size_t n = 0;
    for (size_t i = 0; i < count; i++) {
        bool entry = rows[i].kind >= ENTRY_FIRST, used = false;
        if (entry != entries || rows[i].kind == EVENT_RETRACTED) continue;
        tong_code code = entry ? undo_used(o, rows[i].subject, &used, err) : TONG_OK;
        if (code != TONG_OK) return code;
        tally->kept += used;
        if (used) continue;
        if (o->dry) {
            code = undo_count(o, &rows[i], tally, err);
            if (code != TONG_OK) return code;
            continue;
        }
        commands[n] = (struct command){.kind = COMMAND_FACT, .account = o->account, .at = o->now, .until = UTC_NONE};
        commands[n].fact = (struct fact){.kind = EVENT_RETRACTED,
                                         .subject = rows[i].subject,
                                         .replaces = rows[i].id,
                                         .happened = o->now,
                                         .known = o->now,
                                         .until = UTC_NONE,
                                         .recorded = UTC_NONE};
        import_uid_of_undo(o->import, rows[i].id, commands[n].uid); // the same whenever it is tried
        out[n] = (struct intake_outcome){.code = TONG_OK};
        n++;
    }
    tong_code code = n == 0 ? TONG_OK : o->take(o->payload, commands, n, out, err);
    if (code != TONG_OK) return code;
    for (size_t i = 0; i < n; i++) {
        bool good = out[i].code == TONG_OK && !out[i].repeated;
        tally->refused += out[i].code != TONG_OK;
        if (entries) tally->people += good;
        else tally->retracted += good;
    }
    return TONG_OK;
}

static tong_code undo_pass(const struct import_undo_options *o, bool entries, struct import_undo_tally *tally,
                           struct err *err)
{
    struct undo_row rows[UNDO_BATCH];
    size_t count = UNDO_BATCH;
    for (int64_t below = INT64_MAX; count == UNDO_BATCH;) {
        tong_code code = undo_read(o, below, rows, &count, err);
        if (code == TONG_OK && count > 0) code = undo_batch(o, rows, count, entries, tally, err);
        if (code != TONG_OK || count == 0) return code;
        below = rows[count - 1].id;
        if (o->progress != NULL && !o->progress(o->payload, tally->retracted + tally->people))
            return tong_fail(err, TONG_E_CONFLICT, "stopped");
    }
    return TONG_OK;
}

tong_code import_undo(const struct import_undo_options *o, struct import_undo_tally *out, struct err *err)
{
    assert(o->import > 0);
    *out = (struct import_undo_tally){0};
    tong_code code = undo_pass(o, false, out, err);
    return code == TONG_OK ? undo_pass(o, true, out, err) : code;
}
