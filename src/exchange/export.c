#include "exchange/export.h"

#include "base/json.h"
#include "exchange/export_course.h"
#include "exchange/export_record.h"
#include "exchange/fact_record.h"
#include "response/decision.h"
#include "store/payload.h"
#include "store/person.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

const struct record_word export_kind_words[EXPORT_KIND_COUNT] = {
    [EXPORT_PLACES] = {"places", LABEL("places", "场所")},
    [EXPORT_PEOPLE] = {"people", LABEL("people", "人员")},
    [EXPORT_GATHERINGS] = {"gatherings", LABEL("gatherings", "聚集活动")},
    [EXPORT_FACTS] = {"facts", LABEL("all facts", "全部记录")},
    [EXPORT_LINKS] = {"links", LABEL("who met whom", "接触与暴露")},
    [EXPORT_FOLLOWUPS] = {"followups", LABEL("visits", "随访")},
    [EXPORT_TESTS] = {"tests", LABEL("samples and results as facts", "采样与结果记录")},
    [EXPORT_CASES] = {"cases", LABEL("cases", "病例")},
    [EXPORT_CONTACTS] = {"contacts", LABEL("contacts", "密接")},
    [EXPORT_SAMPLES] = {"samples", LABEL("samples", "样本")},
    [EXPORT_TASKS] = {"tasks", LABEL("tasks", "任务")},
};

struct export
{
    struct export_options o;
    const struct record_kind *kind;
    sql_id query;
    struct arena arena; // of one row
    int64_t rows;
    bool begun, asked, ended;
};

int32_t export_kind_find(struct str name)
{
    for (int32_t i = 0; i < EXPORT_KIND_COUNT; i++)
        if (str_eq_z(name, export_kind_words[i].word)) return i;
    return -1;
}

bool export_is_whole(export_kind kind)
{
    return kind <= EXPORT_TESTS;
}

bool export_has_dialects(export_kind kind)
{
    return kind == EXPORT_CASES || kind == EXPORT_CONTACTS;
}

const struct record_kind *export_record(export_kind kind)
{
    switch (kind) {
    case EXPORT_PLACES: return &place_record_kind;
    case EXPORT_PEOPLE: return &person_record_kind;
    case EXPORT_GATHERINGS: return &gathering_record_kind;
    case EXPORT_CASES: return &course_case_kind;
    case EXPORT_CONTACTS: return &course_contact_kind;
    case EXPORT_SAMPLES: return &sample_record_kind;
    case EXPORT_TASKS: return &task_record_kind;
    case EXPORT_FACTS:
    case EXPORT_LINKS:
    case EXPORT_FOLLOWUPS:
    case EXPORT_TESTS:
    case EXPORT_KIND_COUNT: break;
    }
    return &fact_record_kind;
}

// ---- values ----

static struct str row_text(const struct export *e, int32_t column, struct arena *arena)
{
    struct str t = db_text(e->o.db, e->query, column);
    const char *copy = t.n == 0 ? "" : arena_copy(arena, t.p, t.n);
    return (struct str){copy, copy == NULL ? 0 : t.n};
}

// A uid as text; empty when it is NULL. The first of several columns that is there.
static struct str row_uid(const struct export *e, int32_t column, int32_t columns, struct arena *arena)
{
    char text[UID_TEXT];
    for (int32_t i = column; i < column + columns; i++) {
        struct str uid = db_text(e->o.db, e->query, i);
        if (uid.n != UID_BYTES) continue;
        uid_format((const unsigned char *)uid.p, text);
        const char *copy = arena_copy(arena, text, UID_TEXT - 1);
        return (struct str){copy, copy == NULL ? 0 : UID_TEXT - 1};
    }
    return (struct str){"", 0};
}

static int64_t row_int(const struct export *e, int32_t column, int64_t none)
{
    return db_int(e->o.db, e->query, column, none);
}

static struct str row_word(const struct export *e, int32_t column, word_list list)
{
    int64_t word = row_int(e, column, -1);
    return word >= 0 && word < words_count(list) ? str_z(words_at(list, (int32_t)word)->name) : (struct str){"", 0};
}

// ---- rows: the record of the row the query stands on. *skip: it is not written ----

static void row_place(struct export *e, struct place_record *p)
{
    p->uid = row_uid(e, 0, 1, &e->arena);
    p->parent = row_uid(e, 1, 1, &e->arena);
    p->kind = (int32_t)row_int(e, 2, RECORD_ENUM_NONE);
    p->name = row_text(e, 3, &e->arena);
    p->name_en = row_text(e, 4, &e->arena);
    p->code = row_text(e, 5, &e->arena);
    p->latitude = db_real(e->o.db, e->query, 6, RECORD_REAL_NONE);
    p->longitude = db_real(e->o.db, e->query, 7, RECORD_REAL_NONE);
    p->shape = row_text(e, 8, &e->arena);
    p->capacity = row_int(e, 9, RECORD_INTEGER_NONE);
    p->closed = row_int(e, 10, INT64_MIN) == INT64_MIN ? RECORD_BOOLEAN_NONE : 1;
}

static void row_gathering(struct export *e, struct gathering_record *g)
{
    g->uid = row_uid(e, 0, 1, &e->arena);
    g->name = row_text(e, 1, &e->arena);
    g->place = row_uid(e, 2, 1, &e->arena);
    g->begins.s = row_int(e, 3, INT64_MIN);
    g->ends.s = row_int(e, 4, INT64_MIN);
}

static tong_code row_person(struct export *e, struct person_record *p, bool *skip, struct err *err)
{
    int64_t id = row_int(e, 0, 0);
    struct str plain = e->o.vault == NULL
                           ? (struct str){NULL, 0}
                           : vault_unseal(e->o.vault, id, row_int(e, 1, 0), db_text(e->o.db, e->query, 2), &e->arena);
    *skip = plain.p == NULL; // the key is gone: nobody is there any more
    return *skip ? TONG_OK : payload_read(&person_record_kind, plain, &e->arena, p, err);
}

static bool row_is_of(export_kind kind, int32_t event)
{
    switch (kind) {
    case EXPORT_LINKS: return event == EVENT_EXPOSED || event == EVENT_CONTACT_NAMED || event == EVENT_PARTED;
    case EXPORT_FOLLOWUPS:
        return event == EVENT_SEEN_WELL || event == EVENT_SEEN_ILL || event == EVENT_NOT_SEEN ||
               event == EVENT_NOT_ATTEMPTED || event == EVENT_REFUSED;
    case EXPORT_TESTS: return event == EVENT_SAMPLED || event == EVENT_RESULT;
    case EXPORT_FACTS: return true;
    case EXPORT_PLACES:
    case EXPORT_PEOPLE:
    case EXPORT_GATHERINGS:
    case EXPORT_CASES:
    case EXPORT_CONTACTS:
    case EXPORT_SAMPLES:
    case EXPORT_TASKS:
    case EXPORT_KIND_COUNT: break;
    }
    return false;
}

static void row_fact(struct export *e, struct fact_record *r, bool *skip)
{
    const struct fact f = {
        .kind = (uint8_t)row_int(e, 2, 0),
        .happened = {row_int(e, 3, INT64_MIN)},
        .until = {row_int(e, 4, INT64_MIN)},
        .known = {row_int(e, 5, INT64_MIN)},
        .name = (uint32_t)row_int(e, 7, 0),
        .value = (int32_t)row_int(e, 8, 0),
        .word = (uint8_t)row_int(e, 9, 0),
        .test = (uint8_t)row_int(e, 10, 0),
        .outcome = (uint8_t)row_int(e, 11, 0),
        .protection = (uint8_t)row_int(e, 12, 0),
        .flags = (uint8_t)row_int(e, 13, 0),
    };
    *skip = !fact_record_kind_allowed(f.kind) || !row_is_of(e->o.kind, f.kind);
    if (*skip) return;
    fact_record_make(&f, &e->arena, r);
    r->uid = row_uid(e, 6, 1, &e->arena);
    r->subject = row_uid(e, 15, 3, &e->arena);
    r->link = e->o.sources ? row_uid(e, 18, 3, &e->arena) : (struct str){"", 0};
    r->replaces = row_uid(e, 21, 1, &e->arena);
    r->about = row_uid(e, 22, 1, &e->arena);
    struct str payload = db_text(e->o.db, e->query, 14);
    bool person = db_text(e->o.db, e->query, 15).n == UID_BYTES;
    if (payload.n > 0 && person)
        payload = e->o.vault == NULL ? (struct str){NULL, 0}
                                     : vault_unseal(e->o.vault, row_int(e, 1, 0), row_int(e, 0, 0), payload, &e->arena);
    struct str note = payload.n == 0 ? (struct str){NULL, 0} : payload_text(payload, "note", &e->arena);
    r->note = note.p == NULL ? (struct str){"", 0} : note;
    *skip = r->subject.n == 0; // erased
}

static void row_sample(struct export *e, struct sample_record *s)
{
    int64_t ct = row_int(e, 10, INT64_MIN);
    s->uid = row_uid(e, 0, 1, &e->arena);
    s->person = row_uid(e, 1, 1, &e->arena);
    s->specimen = row_word(e, 2, WORDS_SPECIMEN);
    s->taken.s = row_int(e, 3, INT64_MIN);
    s->tube = row_uid(e, 4, 1, &e->arena);
    s->laboratory = row_text(e, 5, &e->arena);
    s->received.s = row_int(e, 6, INT64_MIN);
    s->test = row_word(e, 7, WORDS_TEST);
    s->outcome = row_word(e, 8, WORDS_OUTCOME);
    s->resulted.s = row_int(e, 9, INT64_MIN);
    s->ct = ct == INT64_MIN || ct == 0 ? RECORD_REAL_NONE : (double)ct / 10;
}

static void row_task(struct export *e, struct task_record *t)
{
    int64_t edition = row_int(e, 3, -1), task = row_int(e, 4, -1), how = row_int(e, 6, 0);
    t->id = row_int(e, 0, 0);
    t->subject = row_uid(e, 2, 1, &e->arena);
    t->role = row_word(e, 5, WORDS_ROLE);
    t->opened.s = row_int(e, 8, INT64_MIN);
    t->deadline.s = row_int(e, 9, INT64_MIN);
    t->closed.s = row_int(e, 10, INT64_MIN);
    t->overdue = (row_int(e, 7, 0) & 1) != 0;
    if (t->closed.s != INT64_MIN && how >= 0 && how < HOW_WORD_COUNT) t->how = str_z(how_label((how_word)how)->name);
    const struct rulebook *book = e->o.book;
    if (book == NULL || edition < 0 || (size_t)edition >= book->count || book->editions[edition] == NULL) return;
    const struct protocol *p = book->editions[edition];
    if (task < 0 || (size_t)task >= p->task_count) return;
    t->task = str_z(p->tasks[task].name);
    t->verb = str_z(words_at(WORDS_VERB, (int32_t)p->tasks[task].verb)->name);
}

static tong_code row_course(struct export *e, struct course_record *c, bool *skip, struct err *err)
{
    struct enrolment state;
    struct str bytes = db_text(e->o.db, e->query, 4);
    bool as_case = e->o.kind == EXPORT_CASES;
    *skip = bytes.n != sizeof state;
    if (*skip) return TONG_OK;
    memcpy(&state, bytes.p, sizeof state);
    *skip = export_is_case(&state, e->o.book) != as_case;
    if (*skip) return TONG_OK;
    int64_t subject = row_int(e, 1, 0), source = row_int(e, 9, 0);
    tong_code code = export_course(&e->o, e->query, &state, as_case, &e->arena, c, err);
    const struct rulebook *book = e->o.book;
    if (book != NULL && state.edition < book->count && book->editions[state.edition] != NULL)
        c->disease = str_z(book->editions[state.edition]->disease);
    return code == TONG_OK && !as_case ? export_course_source(&e->o, subject, source, &e->arena, c, err) : code;
}

// Whose row it is, for `may`.
static int64_t row_subject(const struct export *e)
{
    static const int32_t column[EXPORT_KIND_COUNT] = {
        [EXPORT_PLACES] = 11,  [EXPORT_PEOPLE] = 0,    [EXPORT_GATHERINGS] = 5, [EXPORT_FACTS] = 1,
        [EXPORT_LINKS] = 1,    [EXPORT_FOLLOWUPS] = 1, [EXPORT_TESTS] = 1,      [EXPORT_CASES] = 1,
        [EXPORT_CONTACTS] = 1, [EXPORT_SAMPLES] = 11,  [EXPORT_TASKS] = 1,
    };
    return row_int(e, column[e->o.kind], 0);
}

static tong_code export_row(struct export *e, struct sink *out, struct err *err)
{
    union {
        struct place_record place;
        struct person_record person;
        struct gathering_record gathering;
        struct fact_record fact;
        struct course_record course;
        struct sample_record sample;
        struct task_record task;
    } row;
    record_class class = e->o.class;
    bool skip = false;
    tong_code code = TONG_OK;
    if (e->o.may != NULL && !e->o.may(e->o.payload, row_subject(e), &class)) return TONG_OK;
    assert(e->kind->size <= sizeof row);
    record_clear(e->kind, &row);
    switch (e->o.kind) {
    case EXPORT_PLACES: row_place(e, &row.place); break;
    case EXPORT_PEOPLE: code = row_person(e, &row.person, &skip, err); break;
    case EXPORT_GATHERINGS: row_gathering(e, &row.gathering); break;
    case EXPORT_FACTS:
    case EXPORT_LINKS:
    case EXPORT_FOLLOWUPS:
    case EXPORT_TESTS: row_fact(e, &row.fact, &skip); break;
    case EXPORT_CASES:
    case EXPORT_CONTACTS: code = row_course(e, &row.course, &skip, err); break;
    case EXPORT_SAMPLES: row_sample(e, &row.sample); break;
    case EXPORT_TASKS: row_task(e, &row.task); break;
    case EXPORT_KIND_COUNT: assert(false);
    }
    if (code != TONG_OK || skip) return code;
    e->rows++;
    if (e->o.dialect != DIALECT_OWN) {
        export_dialect_row(e->o.dialect, e->o.kind == EXPORT_CONTACTS, &row.course, class, out);
        return TONG_OK;
    }
    if (e->o.form == EXPORT_CSV) {
        record_to_csv(e->kind, &row, class, out);
        return TONG_OK;
    }
    struct json_out j = json_out_to(out);
    record_to_json(e->kind, &row, class, &j, NULL);
    (void)json_out_finish(&j); // ends the line; a failure shows in the sink
    return TONG_OK;
}

// ---- all of them ----

tong_code export_open(const struct export_options *o, struct export **out, struct err *err)
{
    static const sql_id queries[EXPORT_KIND_COUNT] = {
        [EXPORT_PLACES] = sql_export_places,         [EXPORT_PEOPLE] = sql_export_people,
        [EXPORT_GATHERINGS] = sql_export_gatherings, [EXPORT_FACTS] = sql_export_facts,
        [EXPORT_LINKS] = sql_export_facts,           [EXPORT_FOLLOWUPS] = sql_export_facts,
        [EXPORT_TESTS] = sql_export_facts,           [EXPORT_CASES] = sql_export_courses,
        [EXPORT_CONTACTS] = sql_export_courses,      [EXPORT_SAMPLES] = sql_export_samples,
        [EXPORT_TASKS] = sql_export_tasks,
    };
    assert(o->dialect == DIALECT_OWN || (export_has_dialects(o->kind) && o->form == EXPORT_CSV));
    struct export *e = calloc(1, sizeof *e);
    if (e == NULL) return tong_fail(err, TONG_E_NOMEM, "an export");
    e->o = *o;
    e->kind = export_record(o->kind);
    e->query = queries[o->kind];
    *out = e;
    return TONG_OK;
}

void export_close(struct export *e)
{
    if (e == NULL) return;
    struct err err;
    if (e->asked && !e->ended && db_done(e->o.db, e->query, &err) != TONG_OK) e->ended = true; // it was broken off
    arena_free(&e->arena);
    free(e);
}

// The pathways of cases: one in ten courses is theirs, and nobody else's person need be looked up. False: there are too many.
enum { EXPORT_LADDERS = 16 };
static bool export_ladders(const struct rulebook *book, struct db_value out[EXPORT_LADDERS])
{
    size_t n = 0;
    for (size_t i = 0; i < EXPORT_LADDERS; i++) out[i] = DB_I(-1);
    for (size_t i = 0; book != NULL && i < book->count; i++) {
        const struct protocol *p = book->editions[i];
        for (size_t k = 0; p != NULL && k < p->pathway_count; k++) {
            if (!p->pathways[k].ladder) continue;
            if (n == EXPORT_LADDERS) return false;
            out[n++] = DB_I((int64_t)(i * 256 + k));
        }
    }
    return book != NULL;
}

static tong_code export_begin(struct export *e, struct sink *out, struct err *err)
{
    const struct db_value of_facts[] = {DB_I(EVENT_RETRACTED), DB_I(EVENT_RESULT)};
    struct db_value ladders[EXPORT_LADDERS];
    bool facts = e->query == sql_export_facts, cases = e->o.kind == EXPORT_CASES && export_ladders(e->o.book, ladders);
    e->begun = true;
    if (cases) e->query = sql_export_courses_of;
    tong_code code = db_ask(e->o.db, e->query, facts ? of_facts : cases ? ladders : NULL, facts ? 2 : cases ? EXPORT_LADDERS : 0, err);
    if (code != TONG_OK) return code;
    e->asked = true;
    if (e->o.form != EXPORT_CSV) return TONG_OK;
    if (e->o.mark) sink_text(out, "\xEF\xBB\xBF");
    if (e->o.dialect != DIALECT_OWN) export_dialect_header(e->o.dialect, e->o.kind == EXPORT_CONTACTS, out);
    else record_csv_header(e->kind, out);
    return TONG_OK;
}

tong_code export_next(struct export *e, struct sink *out, size_t bytes, bool *more, struct err *err)
{
    size_t before = out->n;
    int64_t rows = 0;
    *more = !e->ended;
    tong_code code = e->begun ? TONG_OK : export_begin(e, out, err);
    while (code == TONG_OK && *more && out->n - before < bytes && rows++ < (int64_t)bytes / 16) {
        *more = db_next(e->o.db, e->query);
        if (*more) code = export_row(e, out, err);
        arena_reset(&e->arena);
    }
    if (code == TONG_OK && !*more && !e->ended) {
        e->ended = true;
        code = db_done(e->o.db, e->query, err);
    }
    if (code == TONG_OK && out->failed) code = tong_fail(err, TONG_E_NOMEM, "an export");
    return code;
}

int64_t export_rows(const struct export *e)
{
    return e->rows;
}
