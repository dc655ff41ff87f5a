#include "store/roll_row.h"
#include "store/roll_inner.h"

#include <assert.h>

// A task, measure or enrolment under an edition the roll has not been told of is our own fault: the writer tells first.
static const struct protocol *edition_of(const struct roll *r, const struct rulebook *book, uint8_t edition)
{
    assert(edition < book->count);
    assert(edition < r->edition_count);
    return book->editions[edition];
}

static int32_t number_or_none(int64_t v)
{
    return v <= 0 || v > INT32_MAX ? ROLL_NONE : (int32_t)v;
}

void roll_row_person(const struct roll_person *row, int32_t *c)
{
    c[ROLL_PERSON_SUBJECT] = (int32_t)row->id;
    c[ROLL_PERSON_BORN] = roll_day(row->born);
    c[ROLL_PERSON_SEX] = row->sex;
    c[ROLL_PERSON_FLAGS] = row->flags;
    c[ROLL_PERSON_VERSION] = number_or_none(row->version);
}

void roll_row_enrolment(const struct roll *r, const struct rulebook *book, const struct roll_enrolment *row, int32_t *c)
{
    const struct enrolment *e = row->state;
    (void)edition_of(r, book, e->edition);
    event_word class = enrolment_class(e);
    civil_day none = {CIVIL_DAY_NONE};
    bool open = enrolment_is_open(e), closed = row->ended.s != UTC_NONE.s;
    c[ROLL_ENROLMENT_SUBJECT] = (int32_t)row->subject;
    c[ROLL_ENROLMENT_PATHWAY] = roll_number(r, ROLL_PATHWAY, e->edition, e->pathway);
    c[ROLL_ENROLMENT_STAGE] = roll_number(r, ROLL_STAGE, e->edition, e->stage);
    c[ROLL_ENROLMENT_EDITION] = e->edition;
    c[ROLL_ENROLMENT_CLASS] = class == EVENT_WORD_COUNT ? ROLL_NONE : (int32_t) class;
    c[ROLL_ENROLMENT_FINAL] = (int32_t)enrolment_final(e);
    c[ROLL_ENROLMENT_OPENED] = roll_minute(row->opened);
    c[ROLL_ENROLMENT_ENDED] = roll_minute(row->ended);
    c[ROLL_ENROLMENT_NEXT] = closed || e->next_min == ENROLMENT_NEVER ? ROLL_NONE : e->next_min;
    c[ROLL_ENROLMENT_ONSET] = roll_day(enrolment_onset(e));
    c[ROLL_ENROLMENT_SAMPLE_DAY] = roll_day(enrolment_day(e, e->positive_sample));
    c[ROLL_ENROLMENT_LAST_EXPOSURE] = roll_day(enrolment_day(e, e->last_exposure));
    c[ROLL_ENROLMENT_STAGE_END] = roll_day(open ? enrolment_stage_end(book, e) : none);
    c[ROLL_ENROLMENT_ORDER_UNTIL] = roll_day(open ? enrolment_order_until(book, e) : none);
    c[ROLL_ENROLMENT_SOURCE] = number_or_none(row->source);
}

void roll_row_task(const struct roll *r, const struct rulebook *book, const struct roll_task *row, int32_t *c)
{
    const struct protocol *p = edition_of(r, book, row->edition);
    bool closed = row->closed.s != UTC_NONE.s, known = row->task < p->task_count;
    int32_t verb = known ? (int32_t)p->tasks[row->task].verb : ROLL_NONE;
    c[ROLL_TASK_SUBJECT] = (int32_t)row->subject;
    c[ROLL_TASK_TASK] = roll_number(r, ROLL_TASK, row->edition, row->task);
    c[ROLL_TASK_EDITION] = row->edition;
    c[ROLL_TASK_VERB] = verb;
    c[ROLL_TASK_ROLE] = row->role;
    c[ROLL_TASK_OPENED] = roll_minute(row->opened);
    c[ROLL_TASK_DEADLINE] = roll_minute(row->deadline);
    c[ROLL_TASK_CLOSED] = roll_minute(row->closed);
    c[ROLL_TASK_HOW] = closed ? row->how : ROLL_NONE;
    c[ROLL_TASK_MARKS] = row->marks;
    c[ROLL_TASK_ASSIGNED] = number_or_none(row->assigned);
    c[ROLL_TASK_PLACE] = number_or_none(row->place);
}

static roll_measure_state state_of(const struct roll_measure *m)
{
    bool ended = m->ended.s != UTC_NONE.s, ordered = m->ordered.s != UTC_NONE.s, started = m->started.s != UTC_NONE.s;
    if (ended) return ordered || started ? ROLL_MEASURE_IS_ENDED : ROLL_MEASURE_IS_DROPPED;
    if (started) return ROLL_MEASURE_IS_IN_FORCE;
    if (ordered) return ROLL_MEASURE_IS_ORDERED;
    return m->first_signer != 0 ? ROLL_MEASURE_IS_HALF_SIGNED : ROLL_MEASURE_IS_PROPOSED;
}

void roll_row_measure(const struct roll *r, const struct rulebook *book, const struct roll_measure *row, int32_t *c)
{
    const struct protocol *p = edition_of(r, book, row->edition);
    assert(row->measure < p->measure_count);
    const struct measure *m = &p->measures[row->measure];
    c[ROLL_MEASURE_SUBJECT] = (int32_t)row->subject;
    c[ROLL_MEASURE_MEASURE] = roll_number(r, ROLL_MEASURE, row->edition, row->measure);
    c[ROLL_MEASURE_EDITION] = row->edition;
    c[ROLL_MEASURE_KIND] = (int32_t)m->kind;
    c[ROLL_MEASURE_STATE] = (int32_t)state_of(row);
    c[ROLL_MEASURE_STATUS] = roll_number(r, ROLL_STATUS, row->edition, m->status);
    c[ROLL_MEASURE_PROPOSED] = roll_minute(row->proposed);
    c[ROLL_MEASURE_ORDERED] = roll_minute(row->ordered);
    c[ROLL_MEASURE_STARTED] = roll_minute(row->started);
    c[ROLL_MEASURE_UNTIL] = roll_minute(row->until);
    c[ROLL_MEASURE_ENDED] = roll_minute(row->ended);
    c[ROLL_MEASURE_SITE] = number_or_none(row->site);
}

void roll_row_sample(const struct roll_sample *row, int32_t *c)
{
    c[ROLL_SAMPLE_SUBJECT] = (int32_t)row->subject;
    c[ROLL_SAMPLE_SPECIMEN] = row->specimen;
    c[ROLL_SAMPLE_TAKEN] = roll_minute(row->taken);
    c[ROLL_SAMPLE_RECEIVED] = roll_minute(row->received);
    c[ROLL_SAMPLE_RESULTED] = roll_minute(row->resulted);
    c[ROLL_SAMPLE_TEST] = row->test < 0 ? ROLL_NONE : row->test;
    c[ROLL_SAMPLE_OUTCOME] = row->outcome < 0 ? ROLL_NONE : row->outcome;
    c[ROLL_SAMPLE_LABORATORY] = number_or_none(row->laboratory);
}

void roll_row_objection(const struct roll_objection *row, int32_t *c)
{
    c[ROLL_OBJECTION_SUBJECT] = (int32_t)row->subject;
    c[ROLL_OBJECTION_MADE] = roll_minute(row->made);
    c[ROLL_OBJECTION_DEADLINE] = roll_minute(row->deadline);
    c[ROLL_OBJECTION_ROLE] = row->role;
    c[ROLL_OBJECTION_DECIDED] = roll_minute(row->decided);
    c[ROLL_OBJECTION_UPHELD] = row->upheld < 0 ? ROLL_NONE : row->upheld;
}

void roll_row_hand_over(const struct roll_hand_over *row, int32_t *c)
{
    c[ROLL_HAND_OVER_SUBJECT] = (int32_t)row->subject;
    c[ROLL_HAND_OVER_SENT] = roll_minute(row->sent);
    c[ROLL_HAND_OVER_ACKNOWLEDGED] = roll_minute(row->acknowledged);
    c[ROLL_HAND_OVER_ACCEPTED] = roll_minute(row->accepted);
}

// ---- measures of a subject, and the status they amount to ----

static bool in_force(const struct roll *r, size_t row)
{
    int32_t state = roll_value(r, ROLL_MEASURES, row, ROLL_MEASURE_STATE);
    return state == ROLL_MEASURE_IS_ORDERED || state == ROLL_MEASURE_IS_IN_FORCE;
}

// Codes stand in an edition mildest first, and a status code's mark says how far up: the strictest of those in force.
static void status_derive(struct roll *r, size_t subject)
{
    const struct roll_number_list *codes = &r->numbers[ROLL_STATUS];
    int32_t best = ROLL_NONE;
    for (uint32_t row = r->subjects.measure[subject]; row != ROLL_NOWHERE; row = r->measure_before[row]) {
        int32_t status = roll_value(r, ROLL_MEASURES, row, ROLL_MEASURE_STATUS);
        if (status == ROLL_NONE || !in_force(r, row)) continue;
        bool known = best != ROLL_NONE && (size_t)best < codes->count && (size_t)status < codes->count;
        if (best == ROLL_NONE || (known && codes->mark[status] > codes->mark[best])) best = status;
    }
    r->subjects.status[subject] = (uint8_t)(best == ROLL_NONE ? UINT8_MAX : best);
}

bool roll_measure_room(struct roll *r)
{
    return roll_grow(r, (void **)&r->measure_before, r->rows[ROLL_MEASURES].count, &r->measure_before_cap,
                     sizeof *r->measure_before);
}

static void measure_join(struct roll *r, size_t row, int32_t subject)
{
    r->measure_before[row] = r->subjects.measure[subject];
    r->subjects.measure[subject] = (uint32_t)row;
}

void roll_measure_put(struct roll *r, size_t row, bool is_new)
{
    int32_t subject = roll_value(r, ROLL_MEASURES, row, ROLL_MEASURE_SUBJECT);
    assert(subject != ROLL_NONE);
    if (is_new) measure_join(r, row, subject);
    status_derive(r, (size_t)subject);
}

void roll_measures_moved(struct roll *r)
{
    size_t count = r->rows[ROLL_MEASURES].count;
    for (size_t i = 0; i < r->subjects.count; i++) r->subjects.measure[i] = ROLL_NOWHERE;
    for (size_t row = 0; row < count; row++) {
        int32_t subject = roll_value(r, ROLL_MEASURES, row, ROLL_MEASURE_SUBJECT);
        r->measure_before[row] = ROLL_NOWHERE;
        if (subject != ROLL_NONE) measure_join(r, row, subject);
    }
    for (size_t i = 0; i < r->subjects.count; i++) status_derive(r, i);
}
