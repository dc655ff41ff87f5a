// Alarms: somebody asked to stay where they are until a set of samples is answered. An alarm is an enrolment whose pathway
// begins with a stage that lapses by the clock; its steps are what the protocol asked for and what came of it.
#include "service/figures_count.h"

#include "store/place.h"
#include "store/roll_row.h"

#include <string.h>

enum { ALARM_STEPS = 24 };

struct alarm {
    int64_t enrolment;
    int32_t columns[ROLL_COLUMNS_MAX];
};
struct alarms {
    const struct figures *f;
    struct alarm rows[FIGURES_ALARMS_MAX];
    size_t count;
};

static const struct stage *alarm_stage(const struct protocol *p, uint8_t pathway)
{
    if (pathway >= p->pathway_count || p->pathways[pathway].of != SUBJECT_PERSON) return NULL;
    const struct stage *first = &p->stages[p->pathways[pathway].stage_first];
    return first->end == STAGE_LAPSES ? first : NULL;
}

// The pathways of any edition that are alarms.
static bool alarms_pathways(const struct figures *f, struct roll_filter *out)
{
    const struct rulebook book = service_book(f->rq->service);
    bool any = false;
    roll_read_begin(f->roll);
    for (size_t e = 0; e < book.count; e++)
        for (size_t k = 0; k < book.editions[e]->pathway_count; k++) {
            int32_t n = roll_number(f->roll, ROLL_PATHWAY, (uint8_t)e, (uint8_t)k);
            if (n < 0 || n >= 256 || alarm_stage(book.editions[e], (uint8_t)k) == NULL) continue;
            out->set[n / 64] |= (uint64_t)1 << n % 64;
            any = true;
        }
    roll_read_end(f->roll);
    return any;
}

static bool alarms_row(void *payload, int64_t id, const int32_t *columns)
{
    struct alarms *a = payload;
    bool fresh = columns[ROLL_ENROLMENT_ENDED] == ROLL_NONE || columns[ROLL_ENROLMENT_ENDED] >= a->f->now - FIGURES_ALARM_HOURS * 60;
    if (!fresh) return true;
    size_t at = a->count;
    if (at == FIGURES_ALARMS_MAX) { // the newest are kept
        memmove(a->rows, a->rows + 1, (at - 1) * sizeof a->rows[0]);
        at--;
    } else {
        a->count++;
    }
    a->rows[at].enrolment = id;
    memcpy(a->rows[at].columns, columns, sizeof a->rows[at].columns);
    return true;
}

// ---- the steps ----

struct steps {
    const struct figures *f;
    const struct protocol *p;
    struct json_out *j;
    size_t count;
};

static bool steps_full(struct steps *s)
{
    return s->count++ >= ALARM_STEPS;
}

static void steps_label(struct steps *s, const char *key, struct str name, const char *const *names, const struct label *const *labels, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (!str_eq_z(name, names[i])) continue;
        show_named(s->j, key, names[i], labels[i], s->f->rq->language);
        return;
    }
    json_out_text(s->j, key, name);
}

static bool steps_task(void *payload, int64_t id, const int32_t *t)
{
    struct steps *s = payload;
    if (steps_full(s)) return true;
    struct str name = roll_number_name(s->f->roll, ROLL_TASK, t[ROLL_TASK_TASK]);
    const char *names[1] = {NULL};
    const struct label *labels[1] = {NULL};
    for (size_t i = 0; i < s->p->task_count && names[0] == NULL; i++)
        if (str_eq_z(name, s->p->tasks[i].name)) names[0] = s->p->tasks[i].name, labels[0] = &s->p->tasks[i].label;
    json_out_object(s->j, NULL);
    json_out_int(s->j, "task", id);
    steps_label(s, "what", name, names, labels, names[0] != NULL);
    show_minute(s->j, "opened", t[ROLL_TASK_OPENED]);
    show_minute(s->j, "deadline", t[ROLL_TASK_DEADLINE]);
    show_minute(s->j, "closed", t[ROLL_TASK_CLOSED]);
    bool closed = t[ROLL_TASK_CLOSED] != ROLL_NONE;
    json_out_bool(s->j, "done", closed && t[ROLL_TASK_HOW] == HOW_DONE);
    json_out_bool(s->j, "overdue", !closed && t[ROLL_TASK_DEADLINE] != ROLL_NONE && t[ROLL_TASK_DEADLINE] <= s->f->now);
    json_out_end(s->j);
    return true;
}

static bool steps_measure(void *payload, int64_t id, const int32_t *m)
{
    struct steps *s = payload;
    if (steps_full(s)) return true;
    struct str name = roll_number_name(s->f->roll, ROLL_MEASURE, m[ROLL_MEASURE_MEASURE]);
    const char *names[1] = {NULL};
    const struct label *labels[1] = {NULL};
    for (size_t i = 0; i < s->p->measure_count && names[0] == NULL; i++)
        if (str_eq_z(name, s->p->measures[i].name)) names[0] = s->p->measures[i].name, labels[0] = &s->p->measures[i].label;
    json_out_object(s->j, NULL);
    json_out_int(s->j, "measure", id);
    steps_label(s, "what", name, names, labels, names[0] != NULL);
    show_minute(s->j, "proposed", m[ROLL_MEASURE_PROPOSED]);
    show_minute(s->j, "ordered", m[ROLL_MEASURE_ORDERED]);
    show_minute(s->j, "started", m[ROLL_MEASURE_STARTED]);
    show_minute(s->j, "ended", m[ROLL_MEASURE_ENDED]);
    json_out_end(s->j);
    return true;
}

static bool steps_sample(void *payload, int64_t id, const int32_t *c)
{
    struct steps *s = payload;
    (void)id;
    if (steps_full(s)) return true;
    json_out_object(s->j, NULL);
    show_word(s->j, "specimen", WORDS_SPECIMEN, c[ROLL_SAMPLE_SPECIMEN], s->f->rq->language);
    show_minute(s->j, "taken", c[ROLL_SAMPLE_TAKEN]);
    show_minute(s->j, "resulted", c[ROLL_SAMPLE_RESULTED]);
    show_word(s->j, "outcome", WORDS_OUTCOME, c[ROLL_SAMPLE_OUTCOME], s->f->rq->language);
    json_out_end(s->j);
    return true;
}

static bool alarm_steps(const struct figures *f, const struct protocol *p, const struct alarm *a, struct json_out *j)
{
    static const struct {
        const char *name;
        roll_list list;
        int column; // when it began
        figures_row *row;
    } parts[] = {{"samples", ROLL_SAMPLES, ROLL_SAMPLE_TAKEN, steps_sample},
                 {"tasks", ROLL_TASKS, ROLL_TASK_OPENED, steps_task},
                 {"measures", ROLL_MEASURES, ROLL_MEASURE_PROPOSED, steps_measure}};
    int32_t opened = a->columns[ROLL_ENROLMENT_OPENED], ended = a->columns[ROLL_ENROLMENT_ENDED];
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        struct roll_query q = figures_query(f, parts[i].list);
        struct steps s = {f, p, j, 0};
        show_filter(&q, 0, ROLL_IS, a->columns[ROLL_ENROLMENT_SUBJECT]); // column 0 of every list is the subject
        show_filter(&q, parts[i].column, ROLL_FROM, opened);
        if (ended != ROLL_NONE) show_filter(&q, parts[i].column, ROLL_TO, ended);
        json_out_array(j, parts[i].name);
        bool good = figures_walk(f, &q, parts[i].row, &s);
        json_out_end(j);
        if (!good) return false;
    }
    return true;
}

// ---- zones drawn because of it ----

static bool zone_row(void *payload, int64_t id, const int32_t *e)
{
    struct steps *s = payload;
    const struct rulebook book = service_book(s->f->rq->service);
    (void)id;
    if (roll_place_kind(s->f->roll, e[ROLL_ENROLMENT_SUBJECT]) < 0 || steps_full(s)) return true;
    struct str name = roll_number_name(s->f->roll, ROLL_PATHWAY, e[ROLL_ENROLMENT_PATHWAY]);
    const struct protocol *p = (size_t)e[ROLL_ENROLMENT_EDITION] < book.count ? book.editions[e[ROLL_ENROLMENT_EDITION]] : s->p;
    json_out_object(s->j, NULL);
    const char *names[1] = {NULL};
    const struct label *labels[1] = {NULL};
    for (size_t i = 0; i < p->pathway_count && names[0] == NULL; i++)
        if (str_eq_z(name, p->pathways[i].name)) names[0] = p->pathways[i].name, labels[0] = &p->pathways[i].label;
    steps_label(s, "what", name, names, labels, names[0] != NULL);
    show_minute(s->j, "opened", e[ROLL_ENROLMENT_OPENED]);
    show_minute(s->j, "ended", e[ROLL_ENROLMENT_ENDED]);
    json_out_end(s->j);
    return true;
}

static bool alarm_zones(const struct figures *f, const struct protocol *p, const struct alarm *a, struct json_out *j)
{
    struct roll_query q = figures_query(f, ROLL_ENROLMENTS);
    struct steps s = {f, p, j, 0};
    show_filter(&q, ROLL_ENROLMENT_SOURCE, ROLL_IS, a->columns[ROLL_ENROLMENT_SUBJECT]);
    show_filter(&q, ROLL_ENROLMENT_OPENED, ROLL_FROM, a->columns[ROLL_ENROLMENT_OPENED]);
    json_out_array(j, "zones");
    bool good = figures_walk(f, &q, zone_row, &s);
    json_out_end(j);
    return good;
}

// ---- one alarm ----

// Where it is, as near as a building: who lives in a flat is for those who may see people.
static int64_t alarm_place(const struct figures *f, int64_t subject)
{
    roll_read_begin(f->roll);
    int64_t place = roll_place_of(f->roll, subject), building = place == 0 ? 0 : roll_place_up(f->roll, place, PLACE_KIND_BUILDING);
    roll_read_end(f->roll);
    return building != 0 ? building : place;
}

static tong_code alarm_out(const struct figures *f, const struct alarm *a, struct json_out *j, struct err *err)
{
    const struct rulebook book = service_book(f->rq->service);
    const int32_t *c = a->columns;
    size_t edition = (size_t)c[ROLL_ENROLMENT_EDITION];
    if (edition >= book.count) return TONG_OK;
    const struct protocol *p = book.editions[edition];
    roll_read_begin(f->roll);
    struct str named = roll_number_name(f->roll, ROLL_PATHWAY, c[ROLL_ENROLMENT_PATHWAY]);
    uint8_t pathway = 0;
    while (pathway < p->pathway_count && !str_eq_z(named, p->pathways[pathway].name)) pathway++;
    roll_read_end(f->roll);
    const struct stage *first = alarm_stage(p, pathway);
    if (first == NULL) return TONG_OK;
    json_out_object(j, NULL);
    json_out_int(j, "enrolment", a->enrolment);
    show_named(j, "pathway", p->pathways[pathway].name, &p->pathways[pathway].label, f->rq->language);
    show_minute(j, "opened", c[ROLL_ENROLMENT_OPENED]);
    json_out_int(j, "minutes", first->lapse_minutes);
    show_minute(j, "lapses", c[ROLL_ENROLMENT_OPENED] + first->lapse_minutes);
    show_minute(j, "ended", c[ROLL_ENROLMENT_ENDED]);
    show_word(j, "final", WORDS_FINAL, c[ROLL_ENROLMENT_FINAL], f->rq->language);
    tong_code code = show_place(f->rq, j, "place", alarm_place(f, c[ROLL_ENROLMENT_SUBJECT]), err);
    if (code == TONG_OK && show_reaches(f->rq, RIGHT_PERSON_SEE, c[ROLL_ENROLMENT_SUBJECT]))
        code = show_subject(f->rq, j, "subject", c[ROLL_ENROLMENT_SUBJECT], err);
    else json_out_null(j, "subject");
    if (code == TONG_OK && (!alarm_steps(f, p, a, j) || !alarm_zones(f, p, a, j))) code = tong_fail(err, TONG_E_NOMEM, "alarms");
    json_out_end(j);
    return code;
}

tong_code figures_alarms(const struct figures *f, struct json_out *j, struct err *err)
{
    struct roll_query q = figures_query(f, ROLL_ENROLMENTS);
    struct alarms *a = arena_alloc(f->rq->arena, sizeof *a);
    if (a == NULL) return tong_fail(err, TONG_E_NOMEM, "alarms");
    a->f = f;
    a->count = 0;
    show_filter(&q, ROLL_ENROLMENT_PATHWAY, ROLL_ONE_OF, 0);
    bool any = !f->nothing && alarms_pathways(f, &q.filter[q.filter_count - 1]);
    if (any && !figures_walk(f, &q, alarms_row, a)) return tong_fail(err, TONG_E_NOMEM, "alarms");
    json_out_array(j, "alarms");
    tong_code code = TONG_OK;
    for (size_t i = a->count; i-- > 0 && code == TONG_OK;) code = alarm_out(f, &a->rows[i], j, err); // the newest first
    json_out_end(j);
    return code;
}
