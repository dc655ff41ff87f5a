// Comparing derived tables, and putting one set in the place of another.
#include "intake/rebuild_inner.h"

#include <assert.h>
#include <string.h>

enum { REBUILD_COLUMNS = 24 };

// Columns by type: i whole number, r real, t text, b bytes. The first is the id.
static const struct rebuild_table {
    const char *name;
    sql_id all, put, clear;
    const char *types;
    const char *columns[REBUILD_COLUMNS];
} rebuild_tables[] = {
    {"place", sql_rebuild_place, sql_rebuild_place_put, sql_rebuild_place_clear, "ibiitttrrtiii",
        {"id", "uid", "parent", "kind", "name", "name_en", "code", "latitude", "longitude", "shape", "capacity",
         "closed", "version"}},
    {"person", sql_rebuild_person, sql_rebuild_person_put, sql_rebuild_person_clear, "ibiiiiiibbib",
        {"id", "uid", "place", "born", "sex", "flags", "guardian", "merged_into", "phone_hash", "document_hash",
         "version", "identity"}},
    {"gathering", sql_rebuild_gathering, sql_rebuild_gathering_put, sql_rebuild_gathering_clear, "ibitiii",
        {"id", "uid", "place", "name", "begins", "ends", "version"}},
    {"edition", sql_rebuild_edition, sql_rebuild_edition_put, sql_rebuild_edition_clear, "ittiiiiiiii",
        {"id", "name", "text", "state", "proposed", "proposed_by", "first_signer", "second_signer", "begins",
         "ended", "version"}},
    {"enrolment", sql_rebuild_enrolment, sql_rebuild_enrolment_put, sql_rebuild_enrolment_clear, "iiiiiiiiiiiiiiiiibbb",
        {"id", "subject", "edition", "pathway", "stage", "class", "final", "source", "opened", "ended",
         "next_min", "version", "turns", "since", "began", "first_edition", "first_pathway", "state", "slots",
         "issued"}},
    {"task", sql_rebuild_task, sql_rebuild_task_put, sql_rebuild_task_clear, "iiiiiiiiiiiiiiiiiiii",
        {"id", "subject", "enrolment", "edition", "task", "slot", "stage", "why", "rule", "role", "how", "marks",
         "opened", "deadline", "n", "fact", "closed", "closed_by", "assigned", "place"}},
    {"measure", sql_rebuild_measure, sql_rebuild_measure_put, sql_rebuild_measure_clear, "iiiiiiiiiiiiiiiiiiii",
        {"id", "subject", "enrolment", "edition", "measure", "place", "site", "why", "rule", "how", "stage",
         "fact", "proposed", "ordered", "started", "ended", "until", "first_signer", "second_signer", "order_fact"}},
    {"link", sql_rebuild_link, sql_rebuild_link_put, sql_rebuild_link_clear, "iiiiiii",
        {"id", "from_subject", "to_subject", "enrolment", "fact", "opened_by", "withdrawn"}},
    {"sample", sql_rebuild_sample, sql_rebuild_sample_put, sql_rebuild_sample_clear, "ibiiibiiiiiiii",
        {"id", "uid", "subject", "specimen", "taken", "tube", "laboratory", "received", "resulted", "test",
         "outcome", "ct_x10", "result_fact", "version"}},
    {"objection", sql_rebuild_objection, sql_rebuild_objection_put, sql_rebuild_objection_clear, "iiiiiiiiii",
        {"id", "subject", "measure", "made", "deadline", "role", "decided", "upheld", "decided_by", "decided_fact"}},
    {"hand_over", sql_rebuild_hand_over, sql_rebuild_hand_over_put, sql_rebuild_hand_over_clear, "iiiiii",
        {"id", "subject", "sent", "acknowledged", "accepted", "version"}},
};

enum { REBUILD_TABLES = sizeof rebuild_tables / sizeof rebuild_tables[0] };

void rebuild_differs(struct rebuild_report *out, rebuild_what what, const char *table, const char *column, int64_t id)
{
    if (out->differences < REBUILD_SHOWN)
        out->shown[out->differences] = (struct rebuild_difference){what, table, column, id};
    out->differences++;
}

static bool rebuild_same(struct db *a, struct db *b, sql_id q, int32_t column, char type)
{
    if (type == 'i') // any number may stand there: NULL shows in the answer for none
        return db_int(a, q, column, 0) == db_int(b, q, column, 0) && db_int(a, q, column, 1) == db_int(b, q, column, 1);
    if (type == 'r') {
        double x = db_real(a, q, column, -1e300), y = db_real(b, q, column, -1e300);
        return memcmp(&x, &y, sizeof x) == 0;
    }
    struct str x = db_text(a, q, column), y = db_text(b, q, column);
    return (x.p == NULL) == (y.p == NULL) && str_eq(x, y);
}

static void rebuild_compare_row(const struct rebuild_table *t, struct db *stored, struct db *made, int64_t id, struct rebuild_report *out)
{
    for (int32_t c = 0; t->types[c] != 0; c++)
        if (!rebuild_same(stored, made, t->all, c, t->types[c]))
            rebuild_differs(out, REBUILD_ROW_DIFFERS, t->name, t->columns[c], id);
}

static tong_code rebuild_compare_table(const struct rebuild_table *t, struct db *stored, struct db *made, struct rebuild_report *out,
                                       struct err *err)
{
    tong_code code = db_ask(stored, t->all, NULL, 0, err);
    if (code == TONG_OK) code = db_ask(made, t->all, NULL, 0, err);
    if (code != TONG_OK) return code;
    bool a = db_next(stored, t->all), b = db_next(made, t->all);
    while (a || b) {
        int64_t x = a ? db_int(stored, t->all, 0, 0) : INT64_MAX, y = b ? db_int(made, t->all, 0, 0) : INT64_MAX;
        if (x < y) rebuild_differs(out, REBUILD_ROW_EXTRA, t->name, "", x);
        else if (y < x) rebuild_differs(out, REBUILD_ROW_MISSING, t->name, "", y);
        else rebuild_compare_row(t, stored, made, x, out);
        out->rows++;
        if (x <= y) a = db_next(stored, t->all);
        if (y <= x) b = db_next(made, t->all);
    }
    code = db_done(stored, t->all, err);
    tong_code other = db_done(made, t->all, code == TONG_OK ? err : NULL);
    return code == TONG_OK ? other : code;
}

tong_code rebuild_compare(struct db *stored, struct db *made, struct rebuild_report *out, struct err *err)
{
    for (size_t i = 0; i < REBUILD_TABLES; i++) {
        tong_code code = rebuild_compare_table(&rebuild_tables[i], stored, made, out, err);
        if (code != TONG_OK) return code;
    }
    return TONG_OK;
}

static tong_code rebuild_copy_table(const struct rebuild_table *t, struct db *stored, struct db *made, struct err *err)
{
    tong_code code = db_run(stored, t->clear, NULL, 0, NULL, err);
    if (code == TONG_OK) code = db_ask(made, t->all, NULL, 0, err);
    if (code != TONG_OK) return code;
    while (code == TONG_OK && db_next(made, t->all)) {
        struct db_value v[REBUILD_COLUMNS];
        size_t n = 0;
        for (; t->types[n] != 0; n++) {
            int32_t c = (int32_t)n;
            struct str s = t->types[n] == 't' || t->types[n] == 'b' ? db_text(made, t->all, c) : (struct str){NULL, 0};
            switch (t->types[n]) {
            case 'i': v[n] = db_int(made, t->all, c, 0) == 0 && db_int(made, t->all, c, 1) == 1
                                 ? DB_N : DB_I(db_int(made, t->all, c, 0)); break; // any number may stand there
            case 'r': {
                double x = db_real(made, t->all, c, -1e300);
                v[n] = x == -1e300 ? DB_N : DB_R(x);
                break;
            }
            case 't': v[n] = s.p == NULL ? DB_N : DB_T(s); break;
            default: v[n] = s.p == NULL ? DB_N : DB_B(s); break;
            }
        }
        code = db_run(stored, t->put, v, n, NULL, err);
    }
    tong_code done = db_done(made, t->all, code == TONG_OK ? err : NULL);
    return code == TONG_OK ? done : code;
}

tong_code rebuild_copy(struct db *stored, struct db *made, struct err *err)
{
    for (size_t i = 0; i < REBUILD_TABLES; i++) {
        tong_code code = rebuild_copy_table(&rebuild_tables[i], stored, made, err);
        if (code != TONG_OK) return code;
    }
    return TONG_OK;
}

char *rebuild_text(const struct rebuild_difference *d, lang language, struct arena *arena)
{
    static const struct label words[REBUILD_WHAT_COUNT] = {
        [REBUILD_ROW_MISSING] = LABEL("follows from the facts and is not stored", "可由记录推出，但未存储"),
        [REBUILD_ROW_EXTRA] = LABEL("is stored and does not follow from the facts", "已存储，但不能由记录推出"),
        [REBUILD_ROW_DIFFERS] = LABEL("is stored otherwise than the facts say", "存储内容与记录推出的不一致"),
        [REBUILD_FACT_DIFFERS] = LABEL("is not the fact the rules give", "与规则给出的记录不一致"),
        [REBUILD_FACT_MISSING] = LABEL("is given by the rules and not in the chain", "由规则给出，但记录链中没有"),
        [REBUILD_FACT_EXTRA] = LABEL("is in the chain and not given by the rules", "记录链中有，但规则并未给出"),
    };
    assert(d->what < REBUILD_WHAT_COUNT);
    const char *dot = d->column[0] == 0 ? "" : ".";
    return arena_printf(arena, language == LANG_ZH ? "%s%s%s %lld：%s" : "%s%s%s %lld: %s", d->table, dot, d->column, (long long)d->id,
                        words[d->what].text[language]);
}
