#include "exchange/export_course.h"
#include "exchange/situation_inner.h"
#include "store/place.h"

#include <stdlib.h>
#include <string.h>

const char situation_of_courses[] = "store: enrolment, fact, place (export_courses.sql, export_dates.sql)";
const char situation_of_visits[] = "store: enrolment, fact (export_courses.sql, situation_visits.sql)";
const char situation_of_measures[] =
    "store: measure, person, place (situation_measures.sql, situation_people.sql, situation_places.sql)";
const char situation_of_tasks[] = "store: task (export_tasks.sql)";
const char situation_of_entries[] = "store: fact (situation_entries.sql)";

enum { NOON = 12 * 3600 };

int64_t situation_minute(utc_sec at)
{
    return at.s == INT64_MIN ? TIMELY_NONE : at.s / 60;
}

int64_t situation_noon(const struct situation *s, civil_day day)
{
    return day.d == CIVIL_DAY_NONE ? TIMELY_NONE : situation_minute(zone_instant(s->o->zone, day, NOON));
}

// ---- places ----

static int area_find(const void *key, const void *item)
{
    int64_t id = *(const int64_t *)key, at = ((const struct situation_area *)item)->id;
    return (id > at) - (id < at);
}

static int home_find(const void *key, const void *item)
{
    int64_t id = *(const int64_t *)key, at = ((const struct situation_home *)item)->person;
    return (id > at) - (id < at);
}

// The community (or what stands there in its place, larger) somebody lives in, or a place lies in: rooms have the same names
// everywhere, and a report about a room is a report about a person.
static struct str area_of(const struct situation *s, int64_t subject)
{
    const struct situation_home *home = bsearch(&subject, s->home, s->homes, sizeof *s->home, home_find);
    int64_t id = home == NULL ? subject : home->place;
    const struct situation_area *a = NULL;
    for (int depth = 0; depth < 32; depth++) { // a tree; the bound is against a damaged one
        const struct situation_area *next = bsearch(&id, s->area, s->areas, sizeof *s->area, area_find);
        if (next == NULL) break;
        a = next;
        if (a->kind <= PLACE_KIND_COMMUNITY || a->parent == 0) break;
        id = a->parent;
    }
    return a == NULL ? (struct str){"", 0} : a->name;
}

// ---- courses ----

static int course_order(const void *a, const void *b)
{
    const struct situation_course *x = a, *y = b;
    if (x->is_case != y->is_case) return x->is_case ? -1 : 1;
    if (x->subject != y->subject) return x->subject < y->subject ? -1 : 1;
    return (x->opened.s > y->opened.s) - (x->opened.s < y->opened.s);
}

static void course_settle(struct situation *s)
{
    if (s->courses > 1) qsort(s->course, s->courses, sizeof *s->course, course_order);
    size_t kept = 0;
    for (size_t i = 0; i < s->courses; i++) {
        bool again = kept > 0 && s->course[kept - 1].subject == s->course[i].subject &&
                     s->course[kept - 1].is_case == s->course[i].is_case;
        if (!again) s->course[kept++] = s->course[i];
    }
    s->courses = kept;
    while (s->cases < kept && s->course[s->cases].is_case) s->cases++;
    s->contacts = kept - s->cases;
    // Both halves are sorted by subject.
    for (size_t i = 0, k = s->cases; i < s->cases; i++) {
        while (k < kept && s->course[k].subject < s->course[i].subject) k++;
        if (k == kept || s->course[k].subject != s->course[i].subject) continue;
        s->course[i].known_contact = s->course[k].opened.s < s->course[i].opened.s;
    }
}

static tong_code load_courses(struct situation *s, struct err *err)
{
    const sql_id q = sql_export_courses;
    const struct export_options o = {
        .kind = EXPORT_CASES, .class = RECORD_PERSONAL, .db = s->o->db, .zone = s->o->zone};
    size_t cap = 0;
    struct arena row = {0};
    tong_code code = db_ask(s->o->db, q, NULL, 0, err);
    if (code != TONG_OK) return code;
    while (code == TONG_OK && db_next(s->o->db, q)) {
        struct enrolment state;
        struct str bytes = db_text(s->o->db, q, 4);
        struct course_record c;
        if (bytes.n != sizeof state) continue;
        memcpy(&state, bytes.p, sizeof state);
        bool is_case = export_is_case(&state, NULL);
        arena_reset(&row);
        code = export_course(&o, q, &state, is_case, &row, &c, err);
        if (code != TONG_OK || c.opened.s > s->o->now.s) continue;
        struct situation_course *grown = arena_grow(s->arena, s->course, s->courses, &cap, sizeof *grown);
        if (grown == NULL) {
            code = tong_fail(err, TONG_E_NOMEM, "courses");
            break;
        }
        s->course = grown;
        grown[s->courses++] = (struct situation_course){.subject = db_int(s->o->db, q, 1, 0),
                                                        .place = area_of(s, db_int(s->o->db, q, 1, 0)),
                                                        .is_case = is_case,
                                                        .onset = c.onset,
                                                        .reported = c.reported,
                                                        .sampled = c.sampled,
                                                        .diagnosed = c.diagnosed,
                                                        .isolated = c.isolated,
                                                        .death = c.death,
                                                        .outcome = c.outcome_day,
                                                        .opened = c.opened,
                                                        .ended = c.ended,
                                                        .status = c.status};
        // Known by its own enrolment when no authority has classified it.
        struct situation_course *last = &grown[s->courses - 1];
        if (is_case && last->reported.d == CIVIL_DAY_NONE) last->reported = zone_day(s->o->zone, c.opened);
    }
    arena_free(&row);
    tong_code done = db_done(s->o->db, q, code == TONG_OK ? err : NULL);
    if (code == TONG_OK) code = done;
    if (code == TONG_OK) course_settle(s);
    return code;
}

// ---- the other rows ----

static int visit_order(const void *a, const void *b)
{
    const struct situation_visit *x = a, *y = b;
    if (x->subject != y->subject) return x->subject < y->subject ? -1 : 1;
    return (x->at.s > y->at.s) - (x->at.s < y->at.s);
}

typedef bool (*load_row)(struct situation *s, sql_id q, size_t *cap);

static bool load_visit(struct situation *s, sql_id q, size_t *cap)
{
    struct situation_visit *grown = arena_grow(s->arena, s->visit, s->visits, cap, sizeof *grown);
    if (grown == NULL) return false;
    int64_t kind = db_int(s->o->db, q, 1, 0);
    s->visit = grown;
    grown[s->visits++] = (struct situation_visit){db_int(s->o->db, q, 0, 0),
                                                  kind == EVENT_SEEN_WELL || kind == EVENT_SEEN_ILL,
                                                  {db_int(s->o->db, q, 2, INT64_MIN)}};
    return true;
}

static bool load_measure(struct situation *s, sql_id q, size_t *cap)
{
    struct situation_measure *grown = arena_grow(s->arena, s->measure, s->measures, cap, sizeof *grown);
    if (grown == NULL) return false;
    int64_t subject = db_int(s->o->db, q, 0, 0);
    s->measure = grown;
    // From the order on: from then a person is bound, whoever began to carry it out when.
    grown[s->measures++] = (struct situation_measure){
        subject, area_of(s, subject), {db_int(s->o->db, q, 1, INT64_MIN)}, {db_int(s->o->db, q, 2, INT64_MIN)}};
    return true;
}

static bool load_area(struct situation *s, sql_id q, size_t *cap)
{
    struct situation_area *grown = arena_grow(s->arena, s->area, s->areas, cap, sizeof *grown);
    struct str name = db_text(s->o->db, q, 3);
    char *copy = arena_copy(s->arena, name.p == NULL ? "" : name.p, name.n);
    if (grown == NULL || copy == NULL) return false;
    s->area = grown;
    grown[s->areas++] = (struct situation_area){
        db_int(s->o->db, q, 0, 0), db_int(s->o->db, q, 1, 0), (int32_t)db_int(s->o->db, q, 2, 0), {copy, name.n}};
    return true;
}

static bool load_home(struct situation *s, sql_id q, size_t *cap)
{
    struct situation_home *grown = arena_grow(s->arena, s->home, s->homes, cap, sizeof *grown);
    if (grown == NULL) return false;
    s->home = grown;
    grown[s->homes++] = (struct situation_home){db_int(s->o->db, q, 0, 0), db_int(s->o->db, q, 1, 0)};
    return true;
}

static bool load_task(struct situation *s, sql_id q, size_t *cap)
{
    struct situation_task *grown = arena_grow(s->arena, s->task, s->tasks, cap, sizeof *grown);
    if (grown == NULL) return false;
    s->task = grown;
    int64_t role = db_int(s->o->db, q, 5, -1);
    const struct word *word = role < 0 || role >= ROLE_WORD_COUNT ? NULL : words_at(WORDS_ROLE, (int32_t)role);
    grown[s->tasks++] = (struct situation_task){word == NULL ? (struct str){"", 0} : str_z(word->name),
                                                {db_int(s->o->db, q, 8, INT64_MIN)},
                                                {db_int(s->o->db, q, 9, INT64_MIN)},
                                                {db_int(s->o->db, q, 10, INT64_MIN)},
                                                db_int(s->o->db, q, 6, 0) == HOW_DONE};
    return true;
}

static bool load_entry(struct situation *s, sql_id q, size_t *cap)
{
    size_t other = *cap; // both arrays grow alike
    int64_t *who = arena_grow(s->arena, s->entry_who, s->entries, cap, sizeof *who);
    double *at = arena_grow(s->arena, s->entry_at, s->entries, &other, sizeof *at);
    if (who == NULL || at == NULL) return false;
    s->entry_who = who;
    s->entry_at = at;
    who[s->entries] = db_int(s->o->db, q, 0, 0);
    at[s->entries++] = (double)db_int(s->o->db, q, 1, 0) / 60;
    return true;
}

static tong_code load_rows(struct situation *s, sql_id q, const struct db_value *in, size_t count, load_row row,
                           struct err *err)
{
    size_t cap = 0;
    bool good = true;
    tong_code code = db_ask(s->o->db, q, in, count, err);
    if (code != TONG_OK) return code;
    while (good && db_next(s->o->db, q)) good = row(s, q, &cap);
    code = db_done(s->o->db, q, err);
    return good ? code : tong_fail(err, TONG_E_NOMEM, "the rows of a report");
}

tong_code situation_load(const struct situation_options *o, struct arena *arena, struct situation *out, struct err *err)
{
    struct situation s = {.o = o, .arena = arena, .today = zone_day(o->zone, o->now)};
    const struct db_value visits[] = {DB_I(EVENT_SEEN_WELL), DB_I(EVENT_REFUSED)};
    tong_code code = db_begin(o->db, err);
    if (code == TONG_OK) code = load_rows(&s, sql_situation_places, NULL, 0, load_area, err);
    if (code == TONG_OK) code = load_rows(&s, sql_situation_people, NULL, 0, load_home, err);
    if (code == TONG_OK) code = load_courses(&s, err);
    if (code == TONG_OK) code = load_rows(&s, sql_situation_visits, visits, 2, load_visit, err);
    if (code == TONG_OK) code = load_rows(&s, sql_situation_measures, NULL, 0, load_measure, err);
    if (code == TONG_OK) code = load_rows(&s, sql_export_tasks, NULL, 0, load_task, err);
    if (code == TONG_OK) code = load_rows(&s, sql_situation_entries, NULL, 0, load_entry, err);
    db_rollback(o->db);
    if (code != TONG_OK) return code;
    if (s.visits > 1) qsort(s.visit, s.visits, sizeof *s.visit, visit_order);
    *out = s;
    return TONG_OK;
}

civil_day situation_date_of(const struct situation_course *c, situation_date which)
{
    return which == SITUATION_ONSET ? c->onset : c->reported;
}

double *situation_daily(const struct situation *s, situation_date which, civil_day first, size_t days)
{
    double *count = arena_array(s->arena, days, sizeof *count);
    for (size_t i = 0; count != NULL && i < s->cases; i++) {
        civil_day d = situation_date_of(&s->course[i], which);
        if (d.d != CIVIL_DAY_NONE && d.d >= first.d && d.d - first.d < (int32_t)days) count[d.d - first.d]++;
    }
    return count;
}
