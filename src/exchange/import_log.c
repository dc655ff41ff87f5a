#include "exchange/import_log.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

enum { FAULT_ARGUMENTS = 6 };

const struct record_word import_state_words[IMPORT_STATE_COUNT] = {
    [IMPORT_RUNNING] = {"running", LABEL("running", "进行中")},
    [IMPORT_DONE] = {"done", LABEL("done", "已完成")},
    [IMPORT_STOPPED] = {"stopped", LABEL("stopped", "已停止")},
    [IMPORT_FAILED] = {"failed", LABEL("failed", "失败")},
    [IMPORT_UNDOING] = {"undoing", LABEL("being undone", "撤销中")},
    [IMPORT_UNDONE] = {"undone", LABEL("undone", "已撤销")},
};

static struct db_value log_uid(const unsigned char uid[UID_BYTES])
{
    return DB_B(((struct str){(const char *)uid, UID_BYTES}));
}

static tong_code log_number(struct db *db, sql_id q, const struct db_value *in, size_t count, int64_t *out,
                            struct err *err)
{
    *out = 0;
    tong_code code = db_ask(db, q, in, count, err);
    if (code != TONG_OK) return code;
    if (db_next(db, q)) *out = db_int(db, q, 0, 0);
    return db_done(db, q, err);
}

// ---- the import itself ----

tong_code import_log_begin(struct db *db, const struct import_entry *e, int64_t *id, struct err *err)
{
    tong_code code = log_number(db, sql_import_next, NULL, 0, id, err);
    if (code != TONG_OK) return code;
    const struct db_value in[] = {DB_I(*id),     log_uid(e->uid), db_i_or_null(e->account, 0), DB_T(e->format),
                                  DB_T(e->name), DB_I(e->state),  DB_I(e->started.s)};
    int64_t changed = 0;
    return db_run(db, sql_import_put, in, sizeof in / sizeof *in, &changed, err);
}

tong_code import_log_change(struct db *db, int64_t id, import_state state, utc_sec ended, const struct import_tally *t,
                            struct err *err)
{
    const struct db_value in[] = {DB_I(id),       DB_I((int64_t)state), db_i_or_null(ended.s, INT64_MIN),
                                  DB_I(t->rows),  DB_I(t->taken),       DB_I(t->same),
                                  DB_I(t->faulty)};
    return db_run(db, sql_import_change, in, sizeof in / sizeof *in, NULL, err);
}

tong_code import_log_undone(struct db *db, int64_t id, import_state state, utc_sec at, struct err *err)
{
    const struct db_value in[] = {DB_I(id), DB_I((int64_t)state), DB_I(at.s)};
    return db_run(db, sql_import_undone, in, 3, NULL, err);
}

tong_code import_log_sweep(struct db *db, utc_sec now, struct err *err)
{
    const struct db_value in[] = {DB_I(IMPORT_RUNNING), DB_I(IMPORT_STOPPED), DB_I(now.s)};
    return db_run(db, sql_import_broken, in, 3, NULL, err);
}

static void log_read(struct db *db, sql_id q, struct arena *arena, struct import_entry *out)
{
    struct str uid = db_text(db, q, 1), format = db_text(db, q, 3), name = db_text(db, q, 4);
    *out = (struct import_entry){
        .id = db_int(db, q, 0, 0),
        .account = db_int(db, q, 2, 0),
        .format = {arena_copy(arena, format.p, format.n), format.n},
        .name = {arena_copy(arena, name.p, name.n), name.n},
        .state = (int32_t)db_int(db, q, 5, 0),
        .started = {db_int(db, q, 6, INT64_MIN)},
        .ended = {db_int(db, q, 7, INT64_MIN)},
        .undone = {db_int(db, q, 12, INT64_MIN)},
        .rows = db_int(db, q, 8, 0),
        .taken = db_int(db, q, 9, 0),
        .same = db_int(db, q, 10, 0),
        .faulty = db_int(db, q, 11, 0),
    };
    if (uid.n == UID_BYTES) memcpy(out->uid, uid.p, UID_BYTES);
    if (out->format.p == NULL) out->format = (struct str){"", 0};
    if (out->name.p == NULL) out->name = (struct str){"", 0};
}

tong_code import_log_get(struct db *db, const unsigned char uid[UID_BYTES], struct arena *arena,
                         struct import_entry *out, struct err *err)
{
    const struct db_value in[] = {log_uid(uid)};
    tong_code code = db_ask(db, sql_import_by_uid, in, 1, err);
    if (code != TONG_OK) return code;
    bool found = db_next(db, sql_import_by_uid);
    if (found) log_read(db, sql_import_by_uid, arena, out);
    code = db_done(db, sql_import_by_uid, err);
    return code != TONG_OK || found ? code : tong_fail(err, TONG_E_NOT_FOUND, "there is no such import");
}

tong_code import_log_list(struct db *db, int64_t below, struct import_entry *out, size_t room, size_t *count,
                          struct arena *arena, struct err *err)
{
    const struct db_value in[] = {DB_I(below), DB_I((int64_t)room)};
    *count = 0;
    tong_code code = db_ask(db, sql_import_list, in, 2, err);
    while (code == TONG_OK && *count < room && db_next(db, sql_import_list))
        log_read(db, sql_import_list, arena, &out[(*count)++]);
    return code == TONG_OK ? db_done(db, sql_import_list, err) : code;
}

// ---- faults ----

// A problem's remedy, with its arguments filled in.
static const char *fault_remedy(const struct problem *p, lang language, struct arena *arena)
{
    struct message remedy = *p->message;
    struct problem as_text = *p;
    remedy.text = remedy.remedy;
    as_text.message = &remedy;
    return problem_text(&as_text, language, arena);
}

tong_code import_log_fault(struct db *db, int64_t import, int64_t n, const struct problem *p, struct arena *scratch,
                           struct err *err)
{
    struct sink arguments = {0};
    char column[24];
    if (n > IMPORT_FAULTS_MAX) return TONG_OK;
    (void)snprintf(column, sizeof column, "%lld", (long long)p->column);
    const char *const texts[FAULT_ARGUMENTS] = {column,
                                                p->file,
                                                problem_text(p, LANG_EN, scratch),
                                                problem_text(p, LANG_ZH, scratch),
                                                fault_remedy(p, LANG_EN, scratch),
                                                fault_remedy(p, LANG_ZH, scratch)};
    struct json_out j = json_out_to(&arguments);
    json_out_array(&j, NULL);
    for (size_t i = 0; i < FAULT_ARGUMENTS; i++) json_out_z(&j, NULL, texts[i] == NULL ? "" : texts[i]);
    json_out_end(&j);
    bool good = json_out_finish(&j);
    struct str text = sink_kept(&arguments);
    text.p = good ? arena_copy(scratch, text.p, text.n) : NULL;
    sink_close(&arguments);
    if (text.p == NULL) return tong_fail(err, TONG_E_NOMEM, "a fault of an import");
    const struct db_value in[] = {DB_I(import),
                                  DB_I(n),
                                  DB_I(p->line),
                                  DB_T(str_z(p->path == NULL ? "" : p->path)),
                                  DB_T(str_z(p->message->slug)),
                                  DB_T(str_trim(text)),
                                  DB_I(p->message->severity)};
    return db_run(db, sql_import_fault_put, in, sizeof in / sizeof *in, NULL, err);
}

// ["12","cases.csv","what is wrong","...","what to do","..."]: written above, by the writer of JSON; texts may have escapes.
static void fault_arguments(struct str text, struct arena *arena, struct str out[FAULT_ARGUMENTS])
{
    size_t at = 0;
    for (size_t k = 0; k < FAULT_ARGUMENTS; k++) out[k] = (struct str){"", 0};
    for (size_t k = 0; k < FAULT_ARGUMENTS; k++) {
        while (at < text.n && text.p[at] != '"') at++;
        size_t begin = ++at;
        while (at < text.n && text.p[at] != '"') at += text.p[at] == '\\' ? 2 : 1;
        if (at > text.n) return;
        struct str plain = payload_plain((struct str){text.p + begin, at - begin}, arena);
        const char *copy = plain.p == NULL ? NULL : arena_copy(arena, plain.p, plain.n);
        if (copy != NULL) out[k] = (struct str){copy, plain.n};
        at++;
    }
}

tong_code import_log_faults(struct db *db, int64_t import, int64_t behind, struct import_fault_row *out, size_t room,
                            size_t *count, struct arena *arena, struct err *err)
{
    const sql_id q = sql_import_fault_list;
    const struct db_value in[] = {DB_I(import), DB_I(behind), DB_I((int64_t)room)};
    *count = 0;
    tong_code code = db_ask(db, q, in, 3, err);
    while (code == TONG_OK && *count < room && db_next(db, q)) {
        struct import_fault_row *f = &out[(*count)++];
        struct str arg[FAULT_ARGUMENTS], field = db_text(db, q, 2), slug = db_text(db, q, 3);
        *f = (struct import_fault_row){
            .n = db_int(db, q, 0, 0), .line = db_int(db, q, 1, 0), .severity = (int32_t)db_int(db, q, 5, 0)};
        f->field = (struct str){arena_copy(arena, field.p, field.n), field.n};
        f->slug = (struct str){arena_copy(arena, slug.p, slug.n), slug.n};
        fault_arguments(db_text(db, q, 4), arena, arg);
        (void)str_int(arg[0], &f->column);
        f->file = arg[1];
        f->text = (struct label){{arg[2].p, arg[3].p}};
        f->remedy = (struct label){{arg[4].p, arg[5].p}};
    }
    return code == TONG_OK ? db_done(db, q, err) : code;
}

// ---- duplicates ----

tong_code import_log_person(struct db *db, const unsigned char uid[UID_BYTES], int64_t *id, struct err *err)
{
    const struct db_value in[] = {log_uid(uid)};
    return log_number(db, sql_import_person_by_uid, in, 1, id, err);
}

tong_code import_log_pair(struct db *db, int64_t a, int64_t b, int32_t score, uint32_t reasons, utc_sec found,
                          struct err *err)
{
    int64_t id = 0;
    if (a == 0 || b == 0 || a == b) return TONG_OK;
    tong_code code = log_number(db, sql_duplicate_next, NULL, 0, &id, err);
    if (code != TONG_OK) return code;
    const struct db_value in[] = {DB_I(id),    DB_I(a < b ? a : b),    DB_I(a < b ? b : a),
                                  DB_I(score), DB_I((int64_t)reasons), DB_I(found.s)};
    return db_run(db, sql_duplicate_put, in, sizeof in / sizeof *in, NULL, err);
}

tong_code duplicate_index_load(struct duplicate_index *d, struct db *db, const struct vault *vault, struct err *err)
{
    const sql_id q = sql_roll_identities;
    struct arena arena = {0};
    struct person_record p;
    struct duplicate_who who;
    tong_code code = db_ask(db, q, NULL, 0, err);
    while (code == TONG_OK && db_next(db, q)) {
        int64_t person = db_int(db, q, 0, 0);
        struct str plain = vault_unseal(vault, person, db_int(db, q, 1, 0), db_text(db, q, 2), &arena);
        p = person_record_none();
        if (plain.p != NULL) code = payload_read(&person_record_kind, plain, &arena, &p, err);
        if (code == TONG_OK && plain.p != NULL) {
            duplicate_who_make(&p, &who);
            if (!duplicate_index_add(d, &who, person)) code = tong_fail(err, TONG_E_NOMEM, "the index of duplicates");
        }
        arena_reset(&arena);
    }
    arena_free(&arena);
    tong_code done = db_done(db, q, code == TONG_OK ? err : NULL);
    return code != TONG_OK ? code : done;
}
