// What the staff do about what the protocol asks of them: soon, late, or never; and what they find.
#include "twin/draw.h"
#include "twin/district_inner.h"
#include "twin/outbreak_people.h"

#include <assert.h>

enum { HOUR = 3600, DAY = 86400, MORNING = 7 * HOUR + 1800, EVENING = 20 * HOUR, CHECK_HOURS = 3 * HOUR };
// Choices of this generator, as shares.
static const double late_share = 0.03, never_share = 0.008, objected_share = 0.006, upheld_share = 0.25,
                    declined_share = 0.004, missed_visit_share = 0.015, detection_share = 0.95;

// ---- a heap by time ----

static bool act_before(const struct district_act *a, const struct district_act *b)
{
    return a->at != b->at ? a->at < b->at : a->serial < b->serial;
}

bool district_act_push(struct district *d, struct district_act a)
{
    struct district_act *heap = d->heap;
    if (d->act_count == d->act_cap) {
        heap = arena_grow(&d->arena, d->heap, d->act_count, &d->act_cap, sizeof *heap);
        if (heap == NULL) return false;
        d->heap = heap;
    }
    a.serial = d->serial++;
    size_t i = d->act_count++;
    for (; i > 0 && act_before(&a, &heap[(i - 1) / 2]); i = (i - 1) / 2) heap[i] = heap[(i - 1) / 2];
    heap[i] = a;
    return true;
}

static struct rng act_stream(const struct district *d, uint32_t subject, int64_t at, uint32_t salt)
{
    return rng_stream(d->options.seed, salt, (int32_t)(at / 60), subject, DISTRICT_DRAW_ACT);
}

// ---- when ----

// A day's work is done by day; what has hours is done within them, now and then late.
// A check is made in the hours before it is due: the day's first answers the first that was asked for.
static int64_t act_time(const struct district *d, struct rng *r, int64_t opened, int64_t deadline, const struct task *t)
{
    bool daily = t->daily;
    if (draw_chance(r, never_share)) return INT64_MAX;
    bool late = draw_chance(r, late_share);
    if (deadline == INT64_MIN || deadline <= opened) deadline = opened + 6 * HOUR;
    int64_t from = opened, to = deadline;
    if (daily) {
        int64_t midnight = zone_midnight(&d->zone, zone_day(&d->zone, (utc_sec){opened})).s;
        if (from < midnight + MORNING && midnight + MORNING < deadline) from = midnight + MORNING;
        if (to > midnight + EVENING && midnight + EVENING > from) to = midnight + EVENING;
        if (t->verb == VERB_CHECK && from < to - CHECK_HOURS) from = to - CHECK_HOURS;
    }
    if (late) return deadline + 600 + rng_below(r, 5 * HOUR);
    int64_t room = to - from;
    int64_t at = from + (int64_t)(rng_uniform(r) * (daily ? 0.95 : 0.8) * (double)room) + 60;
    return at < to ? at : from + room / 2;
}

// ---- asked ----

// With a number of facts in mind, checks are left undone as soon as there are more than belong to this much of the outbreak.
static bool asked_too_much(const struct district *d)
{
    if (d->options.facts == 0) return false;
    double wanted = (double)(d->options.facts - d->options.people - d->places);
    return (double)d->recorded > wanted * (double)d->truth_next / (double)d->truth_count;
}

static void asked_task(struct district *d, struct caseload *c, uint32_t subject, const struct decision *x)
{
    const struct protocol *p = d->book->editions[x->edition];
    const struct task *t = &p->tasks[x->what];
    size_t count;
    (void)caseload_tasks(c, &count);
    struct rng r = act_stream(d, subject, x->at.s, 1000u + x->slot);
    if (t->verb == VERB_CHECK && asked_too_much(d)) return;
    int64_t now = caseload_now(c).s, opened = x->at.s < now ? now : x->at.s;
    int64_t at = act_time(d, &r, opened, x->until.s, t);
    if (at == INT64_MAX) return;
    if (!district_act_push(d, (struct district_act){.at = at, .kind = ACT_TASK, .subject = subject, .task = (uint32_t)(count - 1)}))
        d->broken = true;
}

static void asked_order(struct district *d, struct caseload *c, uint32_t subject, uint32_t enrolment, const struct decision *x)
{
    struct rng r = act_stream(d, subject, x->at.s, 2000u + x->what);
    int64_t now = caseload_now(c).s, from = x->at.s < now ? now : x->at.s;
    int64_t at = from + 900 + rng_below(&r, 3 * HOUR);
    if (!district_act_push(d, (struct district_act){.at = at,
                                                     .kind = ACT_SIGN,
                                                     .subject = subject,
                                                     .enrolment = enrolment,
                                                     .measure = x->what,
                                                     .edition = x->edition,
                                                     .count = (uint8_t)(x->n > 250 ? 250 : x->n)}))
        d->broken = true;
}

void district_asked(void *payload, struct caseload *c, uint32_t subject, uint32_t enrolment, const struct decision *x)
{
    struct district *d = payload;
    if (x->kind == DECISION_TASK_OPENED) asked_task(d, c, subject, x);
    if (x->kind == DECISION_MEASURE_PROPOSED) asked_order(d, c, subject, enrolment, x);
}

// ---- what is found ----

// Would a swab of this person show the infection at that time?
static bool act_infected(const struct district *d, int64_t person, int64_t at, const struct outbreak_case **out)
{
    int32_t i = person < 0 ? OUTBREAK_NOBODY : d->outbreak.case_of[person];
    if (i == OUTBREAK_NOBODY) return false;
    const struct outbreak_case *c = &d->outbreak.cases[i];
    *out = c;
    int64_t minute = (at - d->midnight) / 60, from = c->infected_min + outbreak_minutes(d->outbreak.options.detectable_days);
    return minute >= from && minute < c->outcome_min - 2 * OUTBREAK_DAY_MINUTES;
}

static tong_code act_result(struct district *d, const struct district_act *a, struct err *err)
{
    int64_t person = district_person_of(d, a->subject);
    const struct outbreak_case *c = NULL;
    struct rng r = act_stream(d, a->subject, a->then, 3000);
    bool positive = act_infected(d, person, a->then, &c) && draw_chance(&r, detection_share);
    if (c != NULL && a->then == district_instant(d, c->sampled_min)) positive = c->class != OUTBREAK_PROBABLE;
    // Of a set: a door handle and blood tell nothing of a fresh infection.
    uint8_t specimen = a->of_set ? a->specimen : (uint8_t)SPECIMEN_OROPHARYNGEAL;
    if (specimen == SPECIMEN_ENVIRONMENT || specimen == SPECIMEN_BLOOD) positive = false;
    struct fact f = {.subject = a->subject,
                     .happened = {a->then},
                     .until = UTC_NONE,
                     .kind = EVENT_RESULT,
                     .word = specimen,
                     .test = specimen == SPECIMEN_BLOOD ? TEST_ANTIBODY : specimen == SPECIMEN_SELF_KIT ? TEST_ANTIGEN : TEST_PCR,
                     .outcome = positive ? OUTCOME_POSITIVE : OUTCOME_NEGATIVE};
    if (positive && f.test == TEST_PCR) {
        double ct = 24 + 4 * draw_normal(&r); // choice: the middle of what PCR shows in the first days
        f.value = (int32_t)(10 * (ct < 14 ? 14 : ct > 34.5 ? 34.5 : ct));
        d->known[person].found = true;
    }
    return district_record(d, f, a->at, ROLE_LABORATORY, -1, a->fact, NULL, err);
}

static tong_code act_sample(struct district *d, const struct district_act *a, const struct task *t, struct err *err)
{
    struct rng r = act_stream(d, a->subject, a->at, 4000);
    uint32_t specimen = t->specimens;
    for (uint8_t i = 0; i < t->set_count; i++) specimen |= 1u << t->set[i];
    tong_code code = TONG_OK;
    bool set = t->set_count > 0;
    for (uint8_t word = 0; word < SPECIMEN_WORD_COUNT && code == TONG_OK; word++) {
        if (specimen != 0 && !(specimen >> word & 1)) continue;
        struct fact f = {.subject = a->subject, .happened = {a->at}, .until = UTC_NONE, .kind = EVENT_SAMPLED, .word = word};
        if (specimen == 0) f.word = SPECIMEN_OROPHARYNGEAL;
        int64_t id = 0, wait = 4 * HOUR + (int64_t)(draw_gamma(&r, 1, 0.5) * 4 * HOUR);
        code = district_record(d, f, a->at, ROLE_WORD_COUNT, -1, 0, &id, err);
        // A kit shows at once what it shows; the laboratory needs its hours (11 May 2022: samples by 12:50, the last result at 17:50).
        if (set) wait = word == SPECIMEN_SELF_KIT ? 15 * 60 : 3 * HOUR + word * 10 * 60;
        struct district_act result = {.at = a->at + wait, .kind = ACT_RESULT, .subject = a->subject, .fact = id, .then = a->at,
                                      .of_set = set, .specimen = word};
        if (code == TONG_OK && !district_act_push(d, result)) code = tong_fail(err, TONG_E_NOMEM, "a result");
        if (specimen == 0 || !set) break; // one swab, of the first kind that is allowed
    }
    return code;
}

static event_word act_seen(const struct district *d, const struct district_act *a)
{
    int64_t person = district_person_of(d, a->subject), minute = (a->at - d->midnight) / 60;
    struct rng r = act_stream(d, a->subject, a->at, 5000);
    if (person >= 0 && minute >= d->known[person].away_min) return EVENT_NOT_SEEN;
    if (draw_chance(&r, missed_visit_share)) return EVENT_NOT_SEEN;
    int32_t i = person < 0 ? OUTBREAK_NOBODY : d->outbreak.case_of[person];
    if (i == OUTBREAK_NOBODY) return EVENT_SEEN_WELL;
    const struct outbreak_case *c = &d->outbreak.cases[i];
    bool ill = c->onset_min != OUTBREAK_NEVER && c->onset_min < minute && minute < c->outcome_min - OUTBREAK_DAY_MINUTES;
    return ill ? EVENT_SEEN_ILL : EVENT_SEEN_WELL;
}

// Was somebody of this place found in the last two days? Then its round finds a positive.
static event_word act_round(const struct district *d, const struct district_act *a)
{
    int64_t place = a->subject < d->number_cap ? d->number_of[a->subject] : 0, minute = (a->at - d->midnight) / 60;
    for (int32_t i = 0; i < d->outbreak.case_count; i++) {
        const struct outbreak_case *c = &d->outbreak.cases[i];
        if (c->infected_min > minute) break; // by time of infection
        if (c->result_min <= minute || c->result_min > minute + 2 * OUTBREAK_DAY_MINUTES || place == 0) continue;
        if (district_above(d, district_home(d, c->person), district_level_of(d, place)) == place) return EVENT_ROUND_POSITIVE;
    }
    return EVENT_ROUND_NEGATIVE;
}

// ---- done ----

static tong_code act_task(struct district *d, const struct district_act *a, struct err *err)
{
    size_t count;
    const struct caseload_task *tasks = caseload_tasks(d->caseload, &count);
    assert(a->task < count);
    const struct caseload_task *task = &tasks[a->task];
    if (!task->open) return TONG_OK; // something else has answered it
    const struct task *t = &d->book->editions[task->edition]->tasks[task->task];
    if (t->by == d->left) return TONG_OK;
    struct fact f = {.subject = a->subject, .happened = {a->at}, .until = UTC_NONE, .name = t->name_id, .kind = EVENT_DONE};
    switch ((int)t->verb) {
    case VERB_SAMPLE:
    case VERB_SAMPLE_SET:
    case VERB_TEST_AGAIN: return act_sample(d, a, t, err);
    case VERB_CHECK:
        f.kind = (uint8_t)act_seen(d, a);
        f.name = 0;
        break;
    case VERB_TEST_ROUND:
        f.kind = (uint8_t)act_round(d, a);
        f.name = 0;
        break;
    case VERB_ISOLATE:
        f.kind = EVENT_ISOLATED;
        f.name = 0;
        break;
    case VERB_BURY:
        f.kind = EVENT_BURIED;
        f.name = 0;
        break;
    default: break;
    }
    tong_code code = district_record(d, f, a->at, t->by, -1, 0, NULL, err);
    if (code == TONG_OK && t->verb == VERB_TRACE_AGAIN) { // nobody stays lost for ever
        int64_t person = district_person_of(d, a->subject);
        if (person >= 0 && d->known[person].away_min != INT32_MAX) {
            d->known[person].away_min = INT32_MAX;
            f.kind = EVENT_FOUND;
            f.name = 0;
            code = district_record(d, f, a->at, t->by, -1, 0, NULL, err);
        }
    }
    return code;
}

static tong_code act_sign(struct district *d, const struct district_act *a, struct err *err)
{
    const struct measure *m = &d->book->editions[a->edition]->measures[a->measure];
    struct rng r = act_stream(d, a->subject, a->at, 6000);
    int64_t place = a->subject < d->number_cap ? d->number_of[a->subject] : 0;
    if (m->order_by == d->left || m->order_by == ROLE_WORD_COUNT) return TONG_OK;
    if (place > d->places) place = district_home(d, (uint32_t)(place - d->places - 1));
    // By turns: no one signs what they or their fellow signed the time before.
    uint32_t turn = a->subject + 2u * a->count;
    struct fact f = {.subject = a->subject,
                     .happened = {a->at},
                     .until = UTC_NONE,
                     .name = m->name_id,
                     .signer = (int32_t)district_who(d, m->order_by, place, turn),
                     .kind = EVENT_ORDERED};
    if (m->persons >= 2) f.second = (int32_t)district_who(d, m->order_by, place, turn + 1);
    if (draw_chance(&r, declined_share)) {
        f.kind = EVENT_DECLINED;
        f.second = 0;
    }
    tong_code code = district_record(d, f, a->at, m->order_by, f.signer, 0, NULL, err);
    if (code != TONG_OK || f.kind == EVENT_DECLINED) return code;
    struct district_act next = *a;
    next.kind = ACT_START;
    next.at = a->at + 1200 + rng_below(&r, 3 * HOUR);
    bool good = district_act_push(d, next);
    if (draw_chance(&r, objected_share) && district_person_of(d, a->subject) >= 0) {
        next.kind = ACT_OBJECT;
        next.at += HOUR;
        good = good && district_act_push(d, next);
        next.kind = ACT_DECIDE;
        next.at += 2 * HOUR + rng_below(&r, 16 * HOUR);
        if (draw_chance(&r, upheld_share)) good = good && district_act_push(d, next);
    }
    return good ? TONG_OK : tong_fail(err, TONG_E_NOMEM, "the orders of a district");
}

tong_code district_do(struct district *d, const struct district_act *a, struct err *err)
{
    static const struct {
        event_word kind;
        role_word role;
    } plain[] = {[ACT_START] = {EVENT_STARTED, ROLE_TRANSPORT},
                 [ACT_OBJECT] = {EVENT_OBJECTED, ROLE_COMMUNITY_WORKER},
                 [ACT_DECIDE] = {EVENT_UPHELD, ROLE_APPEALS}};
    switch ((district_act_kind)a->kind) {
    case ACT_TASK: return act_task(d, a, err);
    case ACT_RESULT: return d->left == ROLE_LABORATORY ? TONG_OK : act_result(d, a, err);
    case ACT_SIGN: return act_sign(d, a, err);
    case ACT_START:
    case ACT_OBJECT:
    case ACT_DECIDE: break;
    }
    struct fact f = {.subject = a->subject,
                     .happened = {a->at},
                     .until = UTC_NONE,
                     .name = d->book->editions[a->edition]->measures[a->measure].name_id,
                     .kind = (uint8_t)plain[a->kind].kind};
    if (plain[a->kind].role == d->left) return TONG_OK;
    bool begun = (caseload_enrolment(d->caseload, a->enrolment)->flags & FLAG_STARTED) != 0;
    if (a->kind == ACT_START && begun) return TONG_OK; // renewed, not begun again
    return district_record(d, f, a->at, plain[a->kind].role, -1, 0, NULL, err);
}
