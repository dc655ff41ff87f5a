#include "cli/replay_run.h"

#include "base/map.h"

#include <assert.h>

enum { NAMING_ENROLLED = 1, NAMING_OUTSIDE = 2, NAMING_NO_CLASS = 4 };

struct running {
    const struct replay_run_options *options;
    struct arena *arena;
    struct replay_run *run;
    uint32_t *subject_of; // of each person
    struct map *namings;  // fact of a naming -> what it led to
    struct err err;       // the first failure inside the listener
    tong_code code;
};

int32_t replay_run_person(const struct replay_run *run, uint32_t subject)
{
    return subject < run->person_of_count ? run->person_of[subject] : -1;
}

// The line list says that what was just asked for was done, now or later: it will be known then. Done before anybody
// asked for it (isolated before the case was reported) is done at once.
static void running_done(struct running *r, struct caseload *c, uint32_t subject, const struct decision *d)
{
    const struct protocol *p = r->options->book->editions[d->edition];
    const struct task *t = &p->tasks[d->what];
    int32_t person = replay_run_person(r->run, subject);
    struct date_time when;
    if (t->daily || person < 0) return;
    if (!replay_evidence_done(r->options->evidence, t, person, p->pathways[d->pathway].ladder, &when)) return;
    utc_sec at = line_instant(r->options->zone, when);
    if (at.s < d->at.s) at = d->at;
    struct fact f = {
        .subject = subject,
        .happened = at,
        .until = UTC_NONE,
        .known = at,
        .recorded = at,
        .name = t->name_id,
        .kind = EVENT_DONE,
    };
    if (r->code == TONG_OK) r->code = caseload_later(c, &f, &r->err);
}

// A case that was a contact before answers twice when it names somebody, once as each: it led to something if either
// did.
static void running_named(struct running *r, const struct decision *d)
{
    bool enrolled = d->kind == DECISION_ENROLLED && d->other != 0;
    bool refused = d->kind == DECISION_TOLD && (d->why == WHY_WINDOW || d->why == WHY_CONTACT_CLASS);
    int64_t before = 0;
    if (!enrolled && !refused) return;
    (void)map_get_number(r->namings, d->fact, &before);
    int64_t now = before | (enrolled ? NAMING_ENROLLED : d->why == WHY_WINDOW ? NAMING_OUTSIDE : NAMING_NO_CLASS);
    if (now != before && !map_put_number(r->namings, d->fact, now) && r->code == TONG_OK)
        r->code = tong_fail(&r->err, TONG_E_NOMEM, "the contacts named");
}

static void running_count_namings(struct running *r)
{
    size_t cursor = 0;
    struct map_entry entry;
    while (map_next(r->namings, &cursor, &entry)) {
        if (entry.value & NAMING_ENROLLED) continue;
        if (entry.value & NAMING_OUTSIDE) r->run->outside_window++;
        else r->run->no_class++;
    }
}

static void running_listen(void *payload, struct caseload *c, uint32_t subject, uint32_t enrolment,
                           const struct decision *d)
{
    struct running *r = payload;
    if (d->kind == DECISION_TASK_OPENED) running_done(r, c, subject, d);
    running_named(r, d);
    if (!r->options->keep_log || r->code != TONG_OK) return;
    struct replay_run *run = r->run;
    struct replay_said *grown = arena_grow(r->arena, run->log, run->log_count, &run->log_cap, sizeof *run->log);
    if (grown == NULL) {
        r->code = tong_fail(&r->err, TONG_E_NOMEM, "the decisions, %zu so far", run->log_count);
        return;
    }
    run->log = grown;
    run->log[run->log_count++] = (struct replay_said){.subject = subject, .enrolment = enrolment, .decision = *d};
}

static tong_code running_people(struct running *r, struct err *err)
{
    const struct replay_facts *facts = r->options->facts;
    r->subject_of = arena_array(r->arena, facts->person_count, sizeof *r->subject_of);
    r->run->person_of_count = facts->person_count + 1; // a caseload numbers its subjects from 1
    r->run->person_of = arena_array(r->arena, r->run->person_of_count, sizeof *r->run->person_of);
    if (r->subject_of == NULL || r->run->person_of == NULL) return tong_fail(err, TONG_E_NOMEM, "the people");
    for (size_t i = 0; i < r->run->person_of_count; i++) r->run->person_of[i] = -1;
    for (size_t i = 0; i < facts->person_count; i++) {
        uint32_t subject = caseload_subject(r->run->load, facts->people[i].name, SUBJECT_PERSON);
        if (subject == UINT32_MAX) return tong_fail(err, TONG_E_NOMEM, "the people");
        assert(subject < r->run->person_of_count);
        r->subject_of[i] = subject;
        if (r->run->person_of[subject] < 0) r->run->person_of[subject] = (int32_t)i; // one name, one subject
    }
    for (size_t i = 0; i < facts->person_count; i++) { // places after people: cases of one place share its zones
        if (facts->people[i].place.n == 0) continue;
        uint32_t place = caseload_subject(r->run->load, facts->people[i].place, SUBJECT_PLACE);
        if (place == UINT32_MAX) return tong_fail(err, TONG_E_NOMEM, "the places");
        if (place >= r->run->person_of_count) caseload_lives(r->run->load, r->subject_of[i], place);
    }
    return TONG_OK;
}

static tong_code running_feed(struct running *r, const struct fact *given, struct err *err)
{
    struct fact f = *given;
    f.subject = r->subject_of[given->subject - 1];
    if (given->link != 0) f.link = r->subject_of[given->link - 1];
    tong_code code = caseload_record(r->run->load, &f, err);
    // A fact of an earlier moment than the caseload has reached is taken as known now; facts come in order, so that
    // only one of the very same second can be told so.
    return code == TONG_E_CONFLICT ? TONG_OK : code;
}

static tong_code running_days(struct running *r, struct err *err)
{
    const struct replay_run_options *o = r->options;
    const struct replay_facts *facts = o->facts;
    size_t next = 0, change = 0;
    for (civil_day day = facts->first; day.d <= o->until.d; day.d++) {
        utc_sec end = {zone_midnight(o->zone, (civil_day){day.d + 1}).s - 1};
        tong_code code = TONG_OK;
        for (; code == TONG_OK && change < o->change_count && o->changes[change].day.d <= day.d; change++)
            code = caseload_edition(r->run->load, o->changes[change].edition,
                                    zone_midnight(o->zone, o->changes[change].day), err);
        for (; code == TONG_OK && next < facts->count && facts->items[next].known.s <= end.s; next++) {
            code = running_feed(r, &facts->items[next], err);
            if (o->progress != NULL && (next & 1023) == 0) o->progress(o->payload, day, next, facts->count);
        }
        if (code == TONG_OK) code = caseload_advance(r->run->load, end, err);
        if (code != TONG_OK) return code;
        if (r->code != TONG_OK) {
            if (err != NULL) *err = r->err;
            return r->code;
        }
        if (o->progress != NULL) o->progress(o->payload, day, next, facts->count);
    }
    r->run->fed = next;
    return TONG_OK;
}

// Persons, not enrolments: somebody met two cases.
static void running_followed(struct running *r)
{
    size_t count = caseload_enrolment_count(r->run->load);
    bool *seen = arena_array(r->arena, r->run->person_of_count, sizeof *seen);
    for (size_t i = 0; seen != NULL && i < count; i++) {
        const struct enrolment *e = caseload_enrolment(r->run->load, (uint32_t)i);
        const struct pathway *p = &r->options->book->editions[e->edition]->pathways[e->pathway];
        if (p->ladder || replay_run_person(r->run, e->subject) < 0 || seen[e->subject]) continue;
        seen[e->subject] = true;
        r->run->followed++;
    }
}

tong_code replay_run(const struct replay_run_options *options, struct arena *arena, struct replay_run *out,
                     struct err *err)
{
    assert(options->facts->count > 0 && options->first < options->book->count);
    struct replay_run run = {0};
    struct running r = {.options = options, .arena = arena, .run = &run, .code = TONG_OK};
    const struct caseload_options how = {
        .sign_orders = true, .forget = true, .listener = running_listen, .payload = &r};
    tong_code code = caseload_open(options->book, options->first, &how, &run.load, err);
    if (code != TONG_OK) return code;
    r.namings = map_open();
    code = r.namings == NULL ? tong_fail(err, TONG_E_NOMEM, "the contacts named") : running_people(&r, err);
    if (code == TONG_OK) code = running_days(&r, err);
    if (code == TONG_OK) running_followed(&r);
    if (code == TONG_OK) running_count_namings(&r);
    map_close(r.namings);
    if (code != TONG_OK) {
        caseload_close(run.load);
        return code;
    }
    *out = run;
    return TONG_OK;
}

void replay_run_close(struct replay_run *run)
{
    caseload_close(run->load);
    run->load = NULL;
}
