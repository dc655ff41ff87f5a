#include "story.h"

#include "intake/intake_inner.h"
#include "store/person.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { UID_PERSON = 1, UID_PLACE = 2, UID_STEP = 3, UID_OTHER = 4 };

static void story_uid(unsigned char uid[UID_BYTES], uint8_t what, uint32_t number)
{
    memset(uid, 0, UID_BYTES);
    uid[0] = 1;
    uid[6] = 0x70; // version 7
    uid[8] = 0x80;
    uid[9] = what;
    for (int32_t i = 0; i < 4; i++) uid[15 - i] = (unsigned char)(number >> (8 * i));
}

static struct str story_uid_text(const unsigned char uid[UID_BYTES], char text[UID_TEXT])
{
    uid_format(uid, text);
    return str_z(text);
}

static bool story_failed(const char *what, tong_code code, const struct err *err)
{
    printf("# %s: %s %s\n", what, err_slug(code), err->text);
    return false;
}

// Taken in one go; every one must be accepted.
static bool story_take(struct story_run *r, struct command *commands, size_t count, struct intake_outcome *out)
{
    struct err err = {0};
    struct arena arena = {0};
    struct problem_list problems = {.arena = &arena};
    bool good = true;
    for (size_t i = 0; i < count; i++) out[i] = (struct intake_outcome){.problems = &problems};
    tong_code code = intake_take(r->in, commands, count, out, &err);
    if (code != TONG_OK) good = story_failed("taking", code, &err);
    for (size_t i = 0; i < count && good; i++) {
        if (out[i].code == TONG_OK) continue;
        if (r->refused++ < 5) printf("# command %zu of kind %d: %s\n", i, (int)commands[i].kind, err_slug(out[i].code));
    }
    if (problems.count > 0) problem_print_all(&problems, LANG_EN, stdout);
    arena_free(&arena);
    return good;
}

// ---- before it begins: editions and places ----

static bool story_editions(struct story_run *r)
{
    const struct story *s = r->story;
    struct intake_outcome out[3];
    for (uint8_t i = 0; i < STORY_EDITIONS; i++) {
        struct command c[3] = {
            {.kind = COMMAND_EDITION_PROPOSE, .account = 1, .at = {s->begins.s - 7200}, .text = s->text[i]}};
        if (i == s->second) c[0].until = s->change;
        story_uid(c[0].uid, UID_OTHER, i * 3u);
        size_t count = 1;
        if (i == s->first || i == s->second) {
            for (; count < 3; count++) {
                c[count] = (struct command){
                    .kind = COMMAND_EDITION_SIGN, .account = (int64_t)count, .at = {s->begins.s - 7200}, .about = i};
                story_uid(c[count].uid, UID_OTHER, i * 3u + (uint32_t)count);
            }
        }
        if (!story_take(r, c, count, out)) return false;
    }
    return intake_edition(r->in) == s->first || story_failed("the first edition", TONG_E_CONFLICT, &(struct err){0});
}

struct story_place {
    struct place_record record;
    char uid[UID_TEXT], parent[UID_TEXT], name[60];
};

static bool story_place(struct story_run *r, struct story_place *p, int32_t kind, uint32_t number, uint32_t parent)
{
    struct intake_outcome out;
    struct command c = {.kind = COMMAND_PLACE, .account = 1, .at = {r->story->begins.s - 3600}, .place = &p->record};
    unsigned char uid[UID_BYTES];
    p->record = place_record_none();
    p->record.kind = kind;
    p->record.name = str_z(p->name);
    story_uid(c.uid, UID_PLACE, number + 0x40000000u);
    story_uid(uid, UID_PLACE, number);
    p->record.uid = story_uid_text(uid, p->uid);
    story_uid(uid, UID_PLACE, parent);
    if (parent != 0) p->record.parent = story_uid_text(uid, p->parent);
    return story_take(r, &c, 1, &out);
}

// Numbers: 1 the district, then estates, buildings and households by ranges of their own.
static bool story_places(struct story_run *r)
{
    enum { ESTATES = 1000, BUILDINGS = 100000, HOMES = 1000000 };
    struct story_place p;
    int64_t estate = -1, building = -1, home = -1;
    (void)snprintf(p.name, sizeof p.name, "/district");
    if (!story_place(r, &p, PLACE_KIND_DISTRICT, 1, 0)) return false;
    for (int32_t i = 1; i <= r->story->person_count; i++) {
        unsigned e, b, h;
        if (sscanf(r->story->home[i], "E%u/B%u/H%u", &e, &b, &h) != 3) return false;
        if (e != estate) {
            (void)snprintf(p.name, sizeof p.name, "E%u/estate", e);
            if (!story_place(r, &p, PLACE_KIND_ESTATE, ESTATES + e, 1)) return false;
        }
        if (b != building) {
            (void)snprintf(p.name, sizeof p.name, "E%u/B%u/building", e, b);
            if (!story_place(r, &p, PLACE_KIND_BUILDING, BUILDINGS + b, ESTATES + e)) return false;
        }
        if (h != home) {
            (void)snprintf(p.name, sizeof p.name, "E%u/B%u/H%u", e, b, h);
            if (!story_place(r, &p, PLACE_KIND_HOUSEHOLD, HOMES + h, BUILDINGS + b)) return false;
        }
        estate = e;
        building = b;
        home = h;
    }
    return true;
}

// ---- the steps as commands ----

struct story_person { // a command that describes somebody, and the texts it borrows
    struct person_record record;
    char uid[UID_TEXT], place[UID_TEXT], name[24];
};

static void story_describe(const struct story *s, int64_t number, utc_sec at, struct command *c, struct story_person *p)
{
    unsigned char uid[UID_BYTES];
    unsigned h = 0;
    *c = (struct command){.kind = COMMAND_PERSON, .account = 1, .at = at, .person = &p->record};
    (void)sscanf(strrchr(s->home[number], 'H'), "H%u", &h);
    p->record = person_record_none();
    (void)snprintf(p->name, sizeof p->name, "p%lld", (long long)number);
    p->record.name = str_z(p->name);
    story_uid(uid, UID_PERSON, (uint32_t)number);
    p->record.uid = story_uid_text(uid, p->uid);
    story_uid(uid, UID_PLACE, 1000000 + h);
    p->record.place = story_uid_text(uid, p->place);
    story_uid(c->uid, UID_PERSON, (uint32_t)number + 0x40000000u);
}

static void story_step_command(const struct story *s, size_t i, struct command *c)
{
    const struct story_step *step = &s->steps[i];
    *c = (struct command){.kind = COMMAND_FACT, .account = 5, .at = step->at, .fact = step->fact};
    story_uid(c->uid, UID_STEP, (uint32_t)i);
    c->fact.subject = c->fact.link = 0;
    story_uid(c->subject_uid, UID_PERSON, (uint32_t)step->fact.subject);
    if (step->fact.link != 0) story_uid(c->link_uid, UID_PERSON, (uint32_t)step->fact.link);
    if (step->replaces >= 0) story_uid(c->replaces_uid, UID_STEP, (uint32_t)step->replaces);
    if (step->fact.signer != 0) c->account = step->fact.signer;
}

void story_command(const struct story_run *r, size_t step, struct command *c, struct person_record *person)
{
    (void)person;
    story_step_command(r->story, step, c);
}

// The measure of a person by name that waits: as a screen would find it.
static int64_t story_measure(struct story_run *r, int64_t subject, uint32_t name)
{
    const sql_id q = sql_measure_live;
    int64_t found = 0;
    struct err err = {0};
    if (db_ask(intake_db(r->in), q, &DB_I(subject), 1, &err) != TONG_OK) return 0;
    while (db_next(intake_db(r->in), q)) {
        const struct protocol *p = r->story->list[db_int(intake_db(r->in), q, 3, 0)];
        if (p->measures[db_int(intake_db(r->in), q, 4, 0)].name_id == name) found = db_int(intake_db(r->in), q, 0, 0);
    }
    return db_done(intake_db(r->in), q, &err) == TONG_OK ? found : 0;
}

static bool story_sign_step(struct story_run *r, size_t i)
{
    const struct story_step *step = &r->story->steps[i];
    struct command c[2];
    struct intake_outcome out[2];
    size_t count = step->fact.second != 0 ? 2 : 1;
    for (size_t k = 0; k < count; k++) {
        c[k] = (struct command){
            .kind = COMMAND_SIGN, .at = step->at, .account = k == 0 ? step->fact.signer : step->fact.second};
        c[k].about = story_measure(r, r->person[step->fact.subject], step->fact.name);
        story_uid(c[k].uid, UID_STEP, (uint32_t)i + (k == 0 && count == 2 ? 0x40000000u : 0));
    }
    return story_take(r, c, count, out);
}

static bool story_flush(struct story_run *r, struct command *all, int64_t *person_of, size_t *count,
                        struct intake_outcome *out)
{
    bool good = *count == 0 || story_take(r, all, *count, out);
    for (size_t i = 0; i < *count && good; i++)
        if (person_of[i] != 0) r->person[person_of[i]] = out[i].subject;
    *count = 0;
    return good;
}

static bool story_reopen(struct story_run *r)
{
    struct err err = {0};
    intake_close(r->in);
    r->in = NULL;
    const struct intake_options options = {
        .where = r->where, .vault = r->vault, .bytes_max = r->bytes_max, .due_max = SIZE_MAX, .roll = r->roll};
    tong_code code = intake_open(&options, &r->in, &err);
    return code == TONG_OK || story_failed("opening", code, &err);
}

bool story_open(struct story_run *r)
{
    r->person = calloc((size_t)r->story->person_count + 1, sizeof *r->person);
    return r->person != NULL && story_reopen(r) && story_editions(r) && story_places(r);
}

bool story_steps(struct story_run *r, size_t from, size_t until)
{
    const struct story *s = r->story;
    size_t cap = r->group + 4, count = 0;
    struct command *all = calloc(cap, sizeof *all);
    struct intake_outcome *out = calloc(cap, sizeof *out);
    struct story_person *people = calloc(cap, sizeof *people);
    int64_t *person_of = calloc(cap, sizeof *person_of);
    bool good = all != NULL && out != NULL && people != NULL && person_of != NULL;
    for (size_t i = from; i < until && good; i++) {
        const struct story_step *step = &s->steps[i];
        const int64_t needed[2] = {step->fact.subject, step->fact.link};
        for (int32_t k = 0; k < 2 && good; k++) {
            if (needed[k] == 0 || r->person[needed[k]] != 0) continue;
            r->person[needed[k]] = -1; // asked for
            person_of[count] = needed[k];
            story_describe(s, needed[k], step->at, &all[count], &people[count]);
            if (++count >= r->group) good = story_flush(r, all, person_of, &count, out);
        }
        bool order = step->kind == STORY_ORDER;
        if (!order) {
            person_of[count] = 0;
            story_step_command(s, i, &all[count++]);
        }
        if (good && (order || count >= r->group)) good = story_flush(r, all, person_of, &count, out);
        if (good && order) good = story_sign_step(r, i);
        if (good && r->reopen != 0 && i % r->reopen == r->reopen - 1)
            good = story_flush(r, all, person_of, &count, out) && story_reopen(r);
    }
    if (good) good = story_flush(r, all, person_of, &count, out);
    free(all);
    free(out);
    free(people);
    free(person_of);
    return good;
}

bool story_end(struct story_run *r)
{
    struct err err = {0};
    tong_code code = intake_advance(r->in, r->story->ends, &err);
    return code == TONG_OK || story_failed("advancing", code, &err);
}

bool story_live(struct story_run *r)
{
    bool good = story_open(r) && story_steps(r, 0, r->story->step_count) && story_end(r);
    intake_close(r->in);
    r->in = NULL;
    free(r->person);
    r->person = NULL;
    return good;
}

// ---- what came of it ----

struct lines {
    char **items;
    size_t count, cap;
};

static void lines_add(struct lines *l, const char *text)
{
    if (l->count == l->cap) {
        l->cap = l->cap == 0 ? 1024 : 2 * l->cap;
        l->items = realloc(l->items, l->cap * sizeof *l->items);
    }
    l->items[l->count++] = strdup(text);
}

static int lines_compare(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void lines_name(sqlite3_stmt *q, int column, char name[100])
{
    const unsigned char *uid = sqlite3_column_blob(q, column);
    const char *place = (const char *)sqlite3_column_text(q, column + 1);
    uint32_t number = 0;
    for (int32_t i = 0; i < 4 && uid != NULL; i++) number = number << 8 | uid[12 + i];
    if (uid != NULL) (void)snprintf(name, 100, "p%u", number);
    else (void)snprintf(name, 100, "%s", place == NULL ? "?" : place);
}

static long long lines_at(sqlite3_stmt *q, int column)
{
    return sqlite3_column_type(q, column) == SQLITE_NULL ? INT64_MIN : sqlite3_column_int64(q, column);
}

static void lines_enrolments(sqlite3 *db, struct lines *l)
{
    sqlite3_stmt *q;
    char text[700], name[100];
    (void)sqlite3_prepare_v2(db,
                             "SELECT p.uid, l.name, e.state FROM enrolment e LEFT JOIN person p ON p.id = e.subject "
                             "LEFT JOIN place l ON l.id = e.subject",
                             -1, &q, NULL);
    while (sqlite3_step(q) == SQLITE_ROW) {
        struct enrolment e = {0};
        if (sqlite3_column_bytes(q, 2) == (int)sizeof e) memcpy(&e, sqlite3_column_blob(q, 2), sizeof e);
        lines_name(q, 0, name);
        int n = snprintf(text, sizeof text, "%s enrolment edition %d pathway %d stage %d: ", name, e.edition, e.pathway,
                         e.stage);
        for (size_t i = 4; i < sizeof e; i++)
            n += snprintf(text + n, sizeof text - (size_t)n, "%02x", ((const unsigned char *)&e)[i]);
        lines_add(l, text);
    }
    (void)sqlite3_finalize(q);
}

static void lines_tasks(sqlite3 *db, struct lines *l)
{
    sqlite3_stmt *q;
    char text[700], name[100];
    (void)sqlite3_prepare_v2(
        db,
        "SELECT p.uid, l.name, t.edition, t.task, t.slot, t.stage, t.why, t.rule, t.role, t.how, t.marks, t.n, "
        "t.opened, t.deadline, t.closed FROM task t LEFT JOIN person p ON p.id = t.subject "
        "LEFT JOIN place l ON l.id = t.subject",
        -1, &q, NULL);
    while (sqlite3_step(q) == SQLITE_ROW) {
        int v[12];
        for (int32_t i = 2; i < 12; i++) v[i] = sqlite3_column_int(q, i);
        lines_name(q, 0, name);
        (void)snprintf(text, sizeof text,
                       "%s task %d/%d slot %d stage %d why %d rule %d role %d how %d marks %d n %d opened %lld due "
                       "%lld closed %lld",
                       name, v[2], v[3], v[4], v[5], v[6], v[7], v[8], v[9], v[10], v[11], lines_at(q, 12),
                       lines_at(q, 13), lines_at(q, 14));
        lines_add(l, text);
    }
    (void)sqlite3_finalize(q);
}

static void lines_measures(sqlite3 *db, struct lines *l)
{
    sqlite3_stmt *q;
    char text[700], name[100];
    (void)sqlite3_prepare_v2(
        db,
        "SELECT p.uid, l.name, m.edition, m.measure, m.place, m.why, m.rule, m.how, m.stage, m.proposed, m.ordered, "
        "m.started, m.ended, m.until FROM measure m LEFT JOIN person p ON p.id = m.subject "
        "LEFT JOIN place l ON l.id = m.subject",
        -1, &q, NULL);
    while (sqlite3_step(q) == SQLITE_ROW) {
        int v[9];
        for (int32_t i = 2; i < 9; i++) v[i] = sqlite3_column_int(q, i);
        lines_name(q, 0, name);
        (void)snprintf(text, sizeof text,
                       "%s measure %d/%d place %d why %d rule %d how %d stage %d %lld %lld %lld %lld %lld", name, v[2],
                       v[3], v[4], v[5], v[6], v[7], v[8], lines_at(q, 9), lines_at(q, 10), lines_at(q, 11),
                       lines_at(q, 12), lines_at(q, 13));
        lines_add(l, text);
    }
    (void)sqlite3_finalize(q);
}

static void lines_links(sqlite3 *db, struct lines *l)
{
    sqlite3_stmt *q;
    char text[700], name[100], other[100];
    (void)sqlite3_prepare_v2(
        db,
        "SELECT p.uid, l.name, q.uid, m.name, k.withdrawn FROM link k LEFT JOIN person p ON p.id = k.from_subject "
        "LEFT JOIN place l ON l.id = k.from_subject LEFT JOIN person q ON q.id = k.to_subject "
        "LEFT JOIN place m ON m.id = k.to_subject",
        -1, &q, NULL);
    while (sqlite3_step(q) == SQLITE_ROW) {
        lines_name(q, 0, name);
        lines_name(q, 2, other);
        (void)snprintf(text, sizeof text, "%s link %s withdrawn %d", name, other, sqlite3_column_int(q, 4));
        lines_add(l, text);
    }
    (void)sqlite3_finalize(q);
}

char **story_lines(const char *where, size_t *count)
{
    sqlite3 *db = NULL;
    struct lines l = {0};
    if (sqlite3_open_v2(where, &db, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK) {
        lines_enrolments(db, &l);
        lines_tasks(db, &l);
        lines_measures(db, &l);
        lines_links(db, &l);
    }
    (void)sqlite3_close(db);
    if (l.count > 0) qsort(l.items, l.count, sizeof *l.items, lines_compare);
    *count = l.count;
    return l.items;
}
