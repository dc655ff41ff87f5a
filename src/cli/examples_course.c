#include "cli/examples_course.h"

#include <assert.h>
#include <string.h>

static const struct protocol *example_course_protocol(const struct caseload *c, uint8_t edition)
{
    const struct rulebook *book = caseload_book(c);
    assert(edition < book->count);
    return book->editions[edition];
}

// Add to a growing array in the arena; false when memory is short.
#define EXAMPLE_ADD(arena, items, count, cap, ...)                                                  \
    (((items) = example_course_room((arena), (items), (count), &(cap), sizeof *(items))) != NULL && \
     ((items)[(count)++] = (__VA_ARGS__), true))

static void *example_course_room(struct arena *arena, void *items, size_t count, size_t *cap, size_t size)
{
    return arena_grow(arena, items, count, cap, size);
}

bool example_course_days_has(const struct example_course_days *days, civil_day day)
{
    for (size_t i = 0; i < days->count; i++)
        if (days->items[i].d == day.d) return true;
    return false;
}

static bool example_course_days_add(struct arena *arena, struct example_course_days *days, civil_day day)
{
    size_t at = days->count;
    while (at > 0 && days->items[at - 1].d >= day.d) at--;
    if (at < days->count && days->items[at].d == day.d) return true;
    if (!EXAMPLE_ADD(arena, days->items, days->count, days->cap, day)) return false;
    memmove(days->items + at + 1, days->items + at, (days->count - 1 - at) * sizeof *days->items);
    days->items[at] = day;
    return true;
}

// ---- tasks and measures ----

fate_word example_course_fate(const struct caseload_task *task)
{
    if (task->open) return task->overdue ? FATE_OVERDUE : FATE_OPEN;
    switch ((how_word)task->how) {
    case HOW_DONE: return FATE_DONE;
    case HOW_REFUSED: return FATE_REFUSED;
    case HOW_MISSED: return FATE_MISSED;
    case HOW_NONE:
    case HOW_NO_LONGER_DUE:
    case HOW_WITHDRAWN:
    case HOW_RELEASED:
    case HOW_EXPIRED:
    case HOW_AT_MOST:
    case HOW_REPLACED:
    case HOW_DECLINED:
    case HOW_DIED:
    case HOW_UPHELD:
    case HOW_CARE:
    case HOW_WORD_COUNT: break;
    }
    return FATE_NO_LONGER_DUE;
}

static struct example_course_days *example_course_days_of(struct example_course *course, const struct task *task)
{
    if (task->verb == VERB_SAMPLE || task->verb == VERB_SAMPLE_SET) return &course->sampled;
    if (task->verb == VERB_CHECK) return &course->checked;
    return task->verb == VERB_TEST_ROUND ? &course->rounds : NULL;
}

static bool example_course_add_tasks(struct example_course *course, bool only, struct arena *arena)
{
    size_t count;
    const struct caseload_task *tasks = caseload_tasks(course->caseload, &count);
    for (size_t i = 0; i < count; i++) {
        const struct caseload_task *t = &tasks[i];
        bool observed = t->enrolment == course->enrolment;
        if (t->subject != course->subject || (only && !observed)) continue;
        // Opened and taken back in the same moment: a fact that was known only later had already done away with it.
        if (!t->open && t->how == HOW_WITHDRAWN && t->closed.s <= t->opened.s) continue;
        const struct protocol *p = example_course_protocol(course->caseload, t->edition);
        struct example_course_task row = {
            .task = &p->tasks[t->task], .state = t, .opened = zone_day(course->zone, t->opened)};
        if (!EXAMPLE_ADD(arena, course->tasks, course->task_count, course->task_cap, row)) return false;
        struct example_course_days *days = example_course_days_of(course, row.task);
        if (observed && days != NULL && !example_course_days_add(arena, days, row.opened)) return false;
    }
    return true;
}

static bool example_course_add_measures(struct example_course *course, bool only, struct arena *arena)
{
    size_t count;
    const struct caseload_measure *measures = caseload_measures(course->caseload, &count);
    for (size_t i = 0; i < count; i++) {
        const struct caseload_measure *m = &measures[i];
        if (m->subject != course->subject || (only && m->enrolment != course->enrolment)) continue;
        const struct protocol *p = example_course_protocol(course->caseload, m->edition);
        struct example_course_measure row = {.measure = &p->measures[m->measure],
                                             .state = m,
                                             .proposed = {CIVIL_DAY_NONE},
                                             .first = {CIVIL_DAY_NONE},
                                             .last = {CIVIL_DAY_NONE}};
        utc_sec from = m->started.s != INT64_MIN ? m->started : m->ordered;
        if (m->proposed.s != INT64_MIN) row.proposed = zone_day(course->zone, m->proposed);
        if (from.s != INT64_MIN) {
            row.first = zone_day(course->zone, from);
            if (m->ended.s != INT64_MIN) row.last = zone_day(course->zone, (utc_sec){m->ended.s - 1});
            if (m->ended.s != INT64_MIN && row.last.d < row.first.d) row.last = row.first;
        }
        if (!EXAMPLE_ADD(arena, course->measures, course->measure_count, course->measure_cap, row)) return false;
    }
    return true;
}

// ---- decisions ----

static bool example_course_add_zone(struct example_course *course, const char *name, struct arena *arena)
{
    for (size_t i = 0; i < course->zone_count; i++)
        if (strcmp(course->zones[i], name) == 0) return true;
    return EXAMPLE_ADD(arena, course->zones, course->zone_count, course->zone_cap, name);
}

static bool example_course_add_decision(struct example_course *course, const struct decision *d, bool observed,
                                        struct arena *arena)
{
    const struct protocol *p = example_course_protocol(course->caseload, d->edition);
    switch ((decision_kind)d->kind) {
    case DECISION_STAGE_ENTERED:
        if (!observed) return true;
        return EXAMPLE_ADD(arena, course->stages, course->stage_count, course->stage_cap,
                           (struct example_course_stage){&p->stages[d->what], zone_day(course->zone, d->at)});
    case DECISION_ENDED:
        if (observed) course->ended_on = zone_day(course->zone, d->at);
        return true;
    case DECISION_TOLD:
    case DECISION_TASK_ESCALATED: course->told |= UINT64_C(1) << d->what; return true;
    case DECISION_TASK_OPENED:
        if (d->why == WHY_ANYTHING_ELSE) course->asked |= UINT64_C(1) << d->role;
        return true;
    case DECISION_STATUS: course->status = d->what == PROTOCOL_NONE ? NULL : p->statuses[d->what].name; return true;
    case DECISION_ENROLLED:
        if (d->what != PROTOCOL_NONE && p->pathways[d->what].of == SUBJECT_PLACE)
            return example_course_add_zone(course, p->pathways[d->what].name, arena);
        return true;
    case DECISION_TASK_CLOSED:
    case DECISION_TASK_OVERDUE:
    case DECISION_MEASURE_PROPOSED:
    case DECISION_MEASURE_ORDERED:
    case DECISION_MEASURE_STARTED:
    case DECISION_MEASURE_ENDED:
    case DECISION_WITHDRAWN:
    case DECISION_CLASSIFIED:
    case DECISION_KIND_COUNT: break;
    }
    return true;
}

static bool example_course_add_links(struct example_course *course, struct arena *arena)
{
    size_t count;
    const struct caseload_link *links = caseload_links(course->caseload, &count);
    for (size_t i = 0; i < count; i++) {
        if (links[i].from != course->subject || links[i].withdrawn) continue;
        struct str name = caseload_subject_name(course->caseload, links[i].to);
        const char *copy = arena_copy(arena, name.p, name.n);
        if (copy == NULL || !EXAMPLE_ADD(arena, course->enrolled, course->enrolled_count, course->enrolled_cap, copy))
            return false;
    }
    return true;
}

// The person's enrolments: up to 64, more than an example can need.
enum { EXAMPLE_ENROLMENTS = 64 };

static uint32_t example_course_observed(const struct caseload *c, const uint32_t *enrolments, size_t count,
                                        const char *pathway)
{
    for (size_t i = 0; i < count; i++) {
        const struct enrolment *e = caseload_enrolment(c, enrolments[i]);
        if (!enrolment_is_open(e) && !enrolment_has_ended(e)) continue; // remembered for later, never opened
        const char *name = example_course_protocol(c, e->edition)->pathways[e->pathway].name;
        if (pathway == NULL || strcmp(name, pathway) == 0) return enrolments[i];
    }
    return EXAMPLE_NO_ENROLMENT;
}

tong_code example_course_of(const struct caseload *c, uint32_t subject, const char *pathway, struct arena *arena,
                            struct example_course *out, struct err *err)
{
    uint32_t enrolments[EXAMPLE_ENROLMENTS];
    size_t count = caseload_enrolments_of(c, subject, enrolments, EXAMPLE_ENROLMENTS);
    if (count > EXAMPLE_ENROLMENTS) count = EXAMPLE_ENROLMENTS;
    struct example_course course = {.caseload = c,
                                    .zone = &example_course_protocol(c, 0)->zone,
                                    .subject = subject,
                                    .enrolment = example_course_observed(c, enrolments, count, pathway),
                                    .ended_on = {CIVIL_DAY_NONE},
                                    .class = EVENT_WORD_COUNT};
    course.now = zone_day(course.zone, caseload_now(c));
    bool only = pathway != NULL, room = true;
    for (size_t i = 0; i < count && room; i++) {
        bool observed = enrolments[i] == course.enrolment;
        size_t decisions;
        const struct decision *d = caseload_decisions(c, enrolments[i], &decisions);
        for (size_t k = 0; k < decisions && room && (observed || !only); k++)
            room = example_course_add_decision(&course, &d[k], observed, arena);
    }
    room = room && example_course_add_tasks(&course, only, arena) &&
           example_course_add_measures(&course, only, arena) && example_course_add_links(&course, arena);
    if (!room) return tong_fail(err, TONG_E_NOMEM, "the course of an example");
    if (course.enrolment != EXAMPLE_NO_ENROLMENT) {
        const struct enrolment *e = caseload_enrolment(c, course.enrolment);
        course.class = enrolment_class(e);
        course.ended = enrolment_final(e);
        if (course.ended == FINAL_NONE) course.ended_on.d = CIVIL_DAY_NONE;
    }
    *out = course;
    return TONG_OK;
}

static void example_course_widen(struct day_range *span, civil_day day)
{
    if (day.d == CIVIL_DAY_NONE) return;
    if (span->first.d == CIVIL_DAY_NONE || day.d < span->first.d) span->first = day;
    if (span->last.d == CIVIL_DAY_NONE || day.d > span->last.d) span->last = day;
}

bool example_course_span(const struct example_course *course, struct day_range *out)
{
    struct day_range span = {{CIVIL_DAY_NONE}, {CIVIL_DAY_NONE}};
    for (size_t i = 0; i < course->stage_count; i++) example_course_widen(&span, course->stages[i].entered);
    for (size_t i = 0; i < course->task_count; i++) example_course_widen(&span, course->tasks[i].opened);
    for (size_t i = 0; i < course->measure_count; i++) {
        example_course_widen(&span, course->measures[i].proposed);
        example_course_widen(&span, course->measures[i].first);
        example_course_widen(&span, course->measures[i].last);
    }
    example_course_widen(&span, course->ended_on);
    if (span.first.d == CIVIL_DAY_NONE) return false;
    *out = span;
    return true;
}
