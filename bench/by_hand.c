#include "by_hand_inner.h"

#include <assert.h>

static const struct {
    int8_t days, written; // days of the stage, and days with a schedule
    uint32_t samples;     // bit d: a sample or round on day d
    bool checks;
    uint8_t measure, place, check_by, sample_by;
} plan[NOWHERE] = {
    [FACILITY] = {7, 7, 1u << 1 | 1u << 2 | 1u << 3 | 1u << 5 | 1u << 7, true, QUARANTINE_FACILITY,
                  PLACE_QUARANTINE_SITE, ROLE_QUARANTINE_SITE, ROLE_SAMPLER},
    [HOME] = {3, 3, 1u << 3, true, MONITORING_HOME, PLACE_HOME, ROLE_COMMUNITY_WORKER, ROLE_SAMPLER},
    [SECOND_HOME] = {7, 7, 1u << 1 | 1u << 4 | 1u << 7, true, QUARANTINE_HOME, PLACE_HOME, ROLE_COMMUNITY_WORKER,
                     ROLE_SAMPLER},
    [HIGH] = {7, 7, 1u << 7, false, STAY_HOME, PROTOCOL_NONE, 0, ROLE_HEALTH_CENTRE},
    [HIGH_LONGER] = {0, 28, 0x15555554u, false, STAY_HOME, PROTOCOL_NONE, 0, ROLE_HEALTH_CENTRE}, // every second day
    [MIDDLE] = {3, 0, 0, false, STAY_IN_AREA, PROTOCOL_NONE, 0, 0},
};
static const struct {
    uint8_t order_by, persons, review;
} signing[NO_MEASURE] = {
    [QUARANTINE_FACILITY] = {ROLE_DISTRICT_COMMAND, 2, 7},
    [QUARANTINE_HOME] = {ROLE_HEALTH_OFFICER, 1, 7},
    [MONITORING_HOME] = {ROLE_HEALTH_OFFICER, 1, 7},
    [STAY_HOME] = {ROLE_CITY_COMMAND, 2, 3},
    [STAY_IN_AREA] = {ROLE_CITY_COMMAND, 2, 3},
};
static const int8_t at_most[BY_HAND_KINDS] = {21, 14, 28}, extension_days[BY_HAND_KINDS] = {2, 2, 3};
static const uint8_t extended_by[BY_HAND_KINDS] = {ROLE_DISTRICT_COMMAND, ROLE_DISTRICT_COMMAND, ROLE_CITY_COMMAND};
enum { EXTENSIONS_MOST = 2 };

// The named tasks of each pathway.
struct job {
    uint8_t by, missed;
    int16_t within; // minutes; 0: by the end of the day
    bool person;    // serves the person and ends with the enrolment
    bool inform;    // ends at death
};
static const struct job inform = {ROLE_COMMUNITY_WORKER, ROLE_HEALTH_OFFICER, 0, false, true};
static const struct job transfer = {ROLE_TRANSPORT, ROLE_COMMANDER, 480, true, false};
static const struct job disinfect = {ROLE_DISINFECTION_TEAM, ROLE_COMMANDER, 0, false, false};
static const struct job persuade = {ROLE_COMMUNITY_WORKER, ROLE_HEALTH_OFFICER, 0, true, false};
static const struct job find_person = {ROLE_FOLLOW_UP_WORKER, ROLE_COMMANDER, 0, true, false};
static const struct job serve = {ROLE_LOGISTICS, ROLE_COMMANDER, 0, true, false};
static const struct job list = {ROLE_COMMUNITY_WORKER, ROLE_COMMANDER, 0, true, false};
static const struct job *const jobs[BY_HAND_KINDS][BY_HAND_SLOTS] = {
    [BY_HAND_CONTACT] = {[8] = &inform, [9] = &transfer, [10] = &disinfect, [11] = &persuade, [12] = &find_person},
    [BY_HAND_SECOND] = {[8] = &inform, [9] = &disinfect, [10] = &persuade, [11] = &find_person},
    [BY_HAND_ZONE] = {[8] = &serve, [9] = &list},
};

static int32_t midnight(int32_t day)
{
    return day * DAY_MINUTES - ZONE_MINUTES;
}

int32_t hand_day_of(int64_t minute)
{
    int64_t local = minute + ZONE_MINUTES;
    return (int32_t)(local >= 0 ? local / DAY_MINUTES : -((-local + DAY_MINUTES - 1) / DAY_MINUTES));
}

static utc_sec end_of_day(int32_t day)
{
    return (utc_sec){(int64_t)midnight(day + 1) * 60};
}

struct decision *hand_say(struct turn *t, decision_kind kind, uint8_t what, struct because b)
{
    const struct by_hand *h = t->h;
    assert(t->out->count < t->out->cap);
    struct decision *d = &t->out->items[t->out->count++];
    *d = (struct decision){
        .kind = (uint8_t)kind,
        .why = (uint8_t)b.why,
        .pathway = t->n->pathway[h->kind],
        .stage = h->stage == NOWHERE ? PROTOCOL_NONE : t->n->stage[h->stage],
        .what = what,
        .slot = PROTOCOL_NONE,
        .rule = b.rule,
        .place = PROTOCOL_NONE,
        .role = ROLE_PERSON,
        .fact = t->fact == NULL ? 0 : t->fact->id,
        .at = t->at,
        .until = UTC_NONE,
    };
    return d;
}

// ---- tasks ----

static uint8_t task_of(const struct turn *t, uint8_t slot)
{
    return slot < SLOT_INFORM ? t->n->stage_task[t->h->stage][slot] : t->n->task[t->h->kind][slot];
}

static void open_task(struct turn *t, uint8_t slot, uint8_t by, struct because b, utc_sec deadline, int32_t day)
{
    if (t->h->open >> slot & 1) return;
    t->h->open |= 1u << slot;
    struct decision *d = hand_say(t, DECISION_TASK_OPENED, task_of(t, slot), b);
    d->slot = slot;
    d->role = by;
    d->until = deadline;
    d->n = day;
}

void hand_open_job(struct turn *t, uint8_t slot, struct because b)
{
    const struct job *j = jobs[t->h->kind][slot];
    utc_sec deadline = j->within > 0 ? (utc_sec){t->at.s + j->within * 60} : end_of_day(hand_day_of(t->at.s / 60));
    open_task(t, slot, j->by, b, deadline, 0);
}

void hand_close_task(struct turn *t, uint8_t slot, how_word how, struct because b)
{
    if (!(t->h->open >> slot & 1)) return;
    t->h->open &= ~(1u << slot);
    struct decision *d = hand_say(t, DECISION_TASK_CLOSED, task_of(t, slot), b);
    d->slot = slot;
    d->how = (uint8_t)how;
}

void hand_answer(struct turn *t, uint8_t slot, how_word how)
{
    if (t->h->open >> slot & 1) hand_close_task(t, slot, how, (struct because){WHY_TASK, task_of(t, slot)});
}

// ---- days ----

static int32_t last_day(const struct by_hand *h)
{
    if (h->stage == HIGH_LONGER || h->sources > 0) return NEVER_DAY;
    bool last = h->stage == HOME || h->stage == SECOND_HOME || h->stage == MIDDLE;
    return h->zero + plan[h->stage].days + (last ? h->extensions * extension_days[h->kind] : 0);
}

static bool is_last(const struct by_hand *h)
{
    return h->stage != FACILITY && h->stage != HIGH;
}

static void open_scheduled(struct turn *t, uint8_t slot, uint8_t by, utc_sec deadline)
{
    struct by_hand *h = t->h;
    const struct because b = {WHY_SCHEDULE, t->n->stage[h->stage]};
    if (deadline.s <= (int64_t)h->stage_min * 60) return; // over before anyone knew
    hand_close_task(t, slot, HOW_MISSED, b);
    open_task(t, slot, by, b, deadline, t->today);
    h->flags |= DUTY;
}

static void begin_day(struct turn *t)
{
    struct by_hand *h = t->h;
    h->flags &= ~(uint32_t)DUTY;
    int32_t k = h->sources > 0 ? 0 : t->today - h->zero;
    bool written = k >= 1 && k <= plan[h->stage].written;
    if (written && (plan[h->stage].samples >> k & 1))
        open_scheduled(t, SLOT_SAMPLE, plan[h->stage].sample_by, end_of_day(t->today));
    bool beyond = k > plan[h->stage].written && t->today <= last_day(h);
    if (!plan[h->stage].checks || !(written || beyond || h->sources > 0)) return;
    open_scheduled(t, SLOT_NOON, plan[h->stage].check_by, (utc_sec){(int64_t)(midnight(t->today) + NOON) * 60});
    open_scheduled(t, SLOT_EVENING, plan[h->stage].check_by, end_of_day(t->today));
}

// Was a sample or round asked for on this very day?
static bool due_today(const struct turn *t)
{
    const struct by_hand *h = t->h;
    int32_t k = h->sources > 0 ? 0 : t->today - h->zero;
    bool written = k >= 1 && k <= plan[h->stage].written;
    return (written && (plan[h->stage].samples >> k & 1)) || hand_day_of(h->stage_min) == t->today;
}

// Named late: one sample at once for those that have passed, unless one is due that day anyway.
// `missed`: already in the stage before.
static void make_up(struct turn *t, int32_t known_day, bool missed)
{
    struct by_hand *h = t->h;
    if (h->kind == BY_HAND_ZONE) return;
    int32_t k = h->sources > 0 ? 0 : known_day - h->zero;
    uint32_t samples = plan[h->stage].samples;
    if (k >= 1 && k <= plan[h->stage].written && (samples >> k & 1)) return;
    if (!missed && k <= plan[h->stage].written && (k <= 1 || (samples & ((1u << k) - 1)) == 0)) return;
    const struct because late = {WHY_LATE, t->n->pathway[h->kind]};
    open_task(t, SLOT_SAMPLE, plan[h->stage].sample_by, late, end_of_day(known_day), known_day);
}

// ---- measures ----

static void say_status(struct turn *t, struct because b)
{
    bool in_force = (t->h->flags & ORDERED) && t->h->measure != NO_MEASURE;
    (void)hand_say(t, DECISION_STATUS, in_force ? t->n->status[t->h->measure] : PROTOCOL_NONE, b);
}

void hand_end_measure(struct turn *t, how_word how, struct because b)
{
    struct by_hand *h = t->h;
    bool in_force = (h->flags & ORDERED) != 0;
    if (h->measure != NO_MEASURE && (h->flags & (PROPOSED | ORDERED))) {
        hand_say(t, DECISION_MEASURE_ENDED, t->n->measure[h->measure], b)->how = (uint8_t)how;
        h->flags &= ~(uint32_t)(PROPOSED | ORDERED | STARTED | RENEWAL);
        h->order_until = NEVER_DAY;
        h->measure = NO_MEASURE;
        if (in_force) say_status(t, b);
    }
    h->measure = NO_MEASURE;
}

static int32_t order_end(const struct by_hand *h, uint8_t measure, int32_t day)
{
    int32_t end = last_day(h);
    if (end < day || end > day + signing[measure].review) end = day + signing[measure].review;
    int32_t cap = h->cap != NEVER_DAY ? h->cap : day + at_most[h->kind];
    return end > cap ? cap : end;
}

static int32_t known_day(const struct turn *t)
{
    int32_t day = hand_day_of(t->at.s / 60);
    return day > t->today ? day : t->today;
}

// The measure of the stage for this very person: those who cannot be at a site stay at home.
static bool stays_home(const struct by_hand *h)
{
    return h->stage == FACILITY && (h->flags & (7u * SPECIAL)) != 0;
}

static uint8_t measure_here(const struct by_hand *h)
{
    return stays_home(h) ? QUARANTINE_HOME : plan[h->stage].measure;
}

static uint8_t place_of(const struct by_hand *h, uint8_t measure)
{
    return h->stage == FACILITY && measure == QUARANTINE_HOME ? PLACE_HOME : plan[h->stage].place;
}

static void propose(struct turn *t)
{
    struct by_hand *h = t->h;
    struct because b = {WHY_STAGE, t->n->stage[h->stage]};
    const uint8_t measure = measure_here(h);
    if (stays_home(h)) { // with a carer, who follows the same rules
        b = (struct because){WHY_EXCEPTION, t->n->exception};
        hand_say(t, DECISION_ENROLLED, t->n->pathway[h->kind], b)->role = ROLE_CARER;
    }
    if (measure == h->measure && (h->flags & (ORDERED | PROPOSED))) return;
    if (h->measure != NO_MEASURE) hand_end_measure(t, HOW_REPLACED, b);
    if (known_day(t) >= h->cap) h->flags |= CAPPED; // used up while nothing was in force
    if (h->flags & CAPPED) {
        (void)hand_say(t, DECISION_TOLD, signing[measure].order_by,
                       (struct because){WHY_AT_MOST, t->n->pathway[h->kind]});
        return;
    }
    h->measure = measure;
    h->flags |= PROPOSED;
    struct decision *d = hand_say(t, DECISION_MEASURE_PROPOSED, t->n->measure[measure], b);
    d->place = place_of(h, measure);
    d->until = end_of_day(order_end(h, measure, known_day(t)));
}

static uint16_t mark(int32_t signer)
{
    uint16_t m = (uint16_t)(((uint32_t)signer * 2654435769u) >> 16); // as the core marks signers
    return signer == 0 ? 0 : m == 0 ? 1 : m;
}

void hand_order(struct turn *t)
{
    struct by_hand *h = t->h;
    const struct fact *f = t->fact;
    uint8_t m = 0;
    while (m < NO_MEASURE && t->n->measure_name[m] != f->name) m++;
    if (m == NO_MEASURE || h->stage == NOWHERE || (h->flags & ENDED)) return;
    bool asked = h->measure == m && (h->flags & (PROPOSED | RENEWAL));
    bool beyond = (h->flags & CAPPED) && h->measure == NO_MEASURE && m == measure_here(h);
    if (!asked && !beyond) return;
    const struct because b = {WHY_ORDER, t->n->measure[m]};
    bool again = (h->flags & (RENEWAL | CAPPED)) != 0, renewal = (h->flags & RENEWAL) != 0;
    bool enough = signing[m].persons < 2 || (f->second != 0 && f->second != f->signer);
    if (f->signer == 0 || !enough || (again && mark(f->signer) == h->signer)) {
        (void)hand_say(t, DECISION_TOLD, signing[m].order_by, b);
        return;
    }
    int32_t day = known_day(t);
    if (beyond) {
        h->flags &= ~(uint32_t)CAPPED;
        h->cap = NEVER_DAY;
    }
    h->measure = m;
    int32_t until = order_end(h, m, day);
    if (f->until.s != INT64_MIN && hand_day_of(f->until.s / 60) < until) until = hand_day_of(f->until.s / 60);
    if (h->cap == NEVER_DAY) h->cap = day + at_most[h->kind];
    h->order_until = until;
    if (!renewal || beyond) h->signer = mark(f->signer);
    h->flags = (h->flags & ~(uint32_t)(PROPOSED | RENEWAL)) | ORDERED;
    struct decision *d = hand_say(t, DECISION_MEASURE_ORDERED, t->n->measure[m], b);
    d->until = end_of_day(until);
    d->place = place_of(h, m);
    if (!renewal) say_status(t, b);
}

static void order_runs_out(struct turn *t)
{
    struct by_hand *h = t->h;
    if (!(h->flags & ORDERED) || h->measure == NO_MEASURE || h->order_until == NEVER_DAY || t->today < h->order_until)
        return;
    const uint8_t m = h->measure;
    if (t->today >= h->cap) {
        const struct because b = {WHY_AT_MOST, t->n->pathway[h->kind]};
        hand_end_measure(t, HOW_AT_MOST, b);
        h->flags |= CAPPED;
        (void)hand_say(t, DECISION_TOLD, signing[m].order_by, b);
        return;
    }
    const struct because review = {WHY_REVIEW, t->n->measure[m]};
    if (h->flags & RENEWAL) {
        hand_end_measure(t, HOW_EXPIRED, review);
        return;
    }
    h->flags |= RENEWAL;
    struct decision *d = hand_say(t, DECISION_MEASURE_PROPOSED, t->n->measure[m], review);
    d->n = 1;
    d->place = place_of(h, m);
    d->until = end_of_day(order_end(h, m, t->today + 1));
}

// ---- stages ----

bool hand_no_new_case(const struct turn *t, int32_t days)
{
    return t->today - t->h->last >= days;
}

static bool round_negative(const struct by_hand *h)
{
    return (h->flags & ROUND_NEGATIVE) && h->negative != NEVER_DAY;
}

static uint8_t next_stage(const struct turn *t)
{
    if (t->h->stage == FACILITY) return HOME;
    return hand_no_new_case(t, 7) && round_negative(t->h) ? MIDDLE : HIGH_LONGER;
}

void hand_enter(struct turn *t, uint8_t stage, int32_t zero, struct because b)
{
    struct by_hand *h = t->h;
    const uint8_t was = h->stage;
    bool sampled_before = was != NOWHERE && plan[was].samples != 0;
    bool missed = t->fact == NULL && sampled_before && t->known_min > t->minute; // the clock, before anyone knew
    const utc_sec at = t->at;
    if ((int64_t)t->known_min * 60 > at.s)
        t->at.s = (int64_t)t->known_min * 60; // in a time before anyone knew: from then on
    for (uint8_t slot = 0; slot <= SLOT_EVENING; slot++) hand_close_task(t, slot, HOW_NO_LONGER_DUE, b);
    h->stage = stage;
    h->zero = zero;
    if (!is_last(h) && last_day(h) < t->today) { // its days were served elsewhere: go on
        h->zero = last_day(h);
        h->stage = stage = next_stage(t);
    }
    h->stage_min = t->known_min;
    h->flags &= ~(uint32_t)DUTY;
    int32_t day = hand_day_of(t->known_min);
    bool served = last_day(h) < day; // its days were over before anyone knew
    if (!served || is_last(h)) {
        const struct because entry = {WHY_STAGE, t->n->stage[stage]};
        (void)hand_say(t, DECISION_STAGE_ENTERED, t->n->stage[stage], b);
        if (served) hand_end_measure(t, HOW_RELEASED, b);
        else propose(t);
        if (stage == FACILITY || stage == SECOND_HOME || stage == HIGH) hand_open_job(t, SLOT_INFORM, entry);
        if (stage == FACILITY || stage == HIGH) hand_open_job(t, SLOT_TRANSFER, entry);
        if (day > t->today || t->fact != NULL) make_up(t, day, missed);
    } else {
        hand_end_measure(t, HOW_RELEASED, b);
    }
    t->at = at;
    if (t->fact != NULL) begin_day(t);
}

void hand_close_living(struct turn *t, struct because b)
{
    const struct by_hand *h = t->h;
    for (uint32_t open = h->open; open != 0; open &= open - 1) {
        uint8_t slot = (uint8_t)__builtin_ctz(open);
        const struct job *j = jobs[h->kind][slot];
        if (j == NULL || j->person || j->inform) hand_close_task(t, slot, HOW_DIED, b);
    }
}

void hand_end(struct turn *t, final_word final, how_word how, struct because b)
{
    struct by_hand *h = t->h;
    if (h->flags & ENDED) return;
    for (uint32_t open = h->open; open != 0; open &= open - 1) {
        uint8_t slot = (uint8_t)__builtin_ctz(open);
        const struct job *j = jobs[h->kind][slot];
        if (j == NULL || j->person) hand_close_task(t, slot, HOW_NO_LONGER_DUE, b);
    }
    hand_end_measure(t, how, b);
    h->flags |= ENDED;
    h->final = (uint8_t) final;
    (void)hand_say(t, DECISION_ENDED, (uint8_t) final, b);
}

static bool last_sample_negative(const struct turn *t)
{
    const struct by_hand *h = t->h;
    if (h->negative == NEVER_DAY) return false;
    int32_t k = t->today - h->zero;
    if (k > plan[h->stage].written) k = plan[h->stage].written;
    while (k >= 1 && !(plan[h->stage].samples >> k & 1)) k--;
    return k < 1 || h->negative >= h->zero + k;
}

static bool may_go(const struct turn *t)
{
    const struct by_hand *h = t->h;
    if (h->kind == BY_HAND_ZONE) return hand_no_new_case(t, 10) && round_negative(h);
    if (!last_sample_negative(t) || (h->flags & CONTAMINATED)) return false;
    return h->kind == BY_HAND_CONTACT || (h->linked_negatives >= 2 && !(h->flags & LINKED_POSITIVE));
}

void hand_try_release(struct turn *t)
{
    struct by_hand *h = t->h;
    if (h->stage == NOWHERE || (h->flags & ENDED) || !is_last(h)) return;
    int32_t last = last_day(h);
    bool open_ended = h->stage == HIGH_LONGER;
    bool stage_open = (h->open & STAGE_SLOTS) != 0;
    bool served =
        open_ended || t->today > last || (t->today == last && (t->over || ((h->flags & DUTY) && !stage_open)));
    if (!served) return;
    if (may_go(t)) {
        hand_end(t, FINAL_COMPLETED, HOW_RELEASED, (struct because){WHY_RELEASE, t->n->pathway[h->kind]});
        return;
    }
    if (!t->over || open_ended || t->known_min > t->minute) return; // nothing is extended before anyone knew
    const struct because b = {WHY_EXTENSION, t->n->pathway[h->kind]};
    if (h->extensions >= EXTENSIONS_MOST || (h->flags & CAPPED)) {
        hand_end(t, FINAL_COMPLETED, HOW_RELEASED, b);
        return;
    }
    h->extensions++;
    (void)hand_say(t, DECISION_TOLD, extended_by[h->kind], b);
}

void hand_restart(struct turn *t, struct because b)
{
    struct by_hand *h = t->h;
    uint8_t stage = h->kind == BY_HAND_CONTACT ? FACILITY : h->kind == BY_HAND_SECOND ? SECOND_HOME : HIGH;
    h->extensions = 0;
    if (h->stage != stage) {
        hand_enter(t, stage, h->last, b);
        return;
    }
    h->zero = h->last;
    (void)hand_say(t, DECISION_STAGE_ENTERED, t->n->stage[stage], b);
    propose(t);
}

// ---- midnight ----

static void close_day(struct turn *t)
{
    struct by_hand *h = t->h;
    const struct because b = {WHY_SCHEDULE, t->n->stage[h->stage]};
    bool known = t->minute >= h->stage_min;
    for (uint32_t open = h->open & STAGE_SLOTS; open != 0; open &= open - 1) {
        uint8_t slot = (uint8_t)__builtin_ctz(open);
        if (known && (slot == SLOT_EVENING || (slot == SLOT_SAMPLE && due_today(t)))) { // noon has its own deadline
            struct decision *d = hand_say(t, DECISION_TASK_OVERDUE, task_of(t, slot), b);
            d->slot = slot;
            d->n = t->today;
        }
        if (slot != SLOT_SAMPLE) hand_close_task(t, slot, HOW_MISSED, b); // a sample can still be had tomorrow
    }
    int32_t last = last_day(h);
    if (!is_last(h) && t->today >= last) {
        t->minute++; // the next stage begins with the next day
        t->at.s += 60;
        if (t->known_min < t->minute) t->known_min = t->minute;
        hand_enter(t, next_stage(t), last, (struct because){WHY_STAGE_END, t->n->stage[h->stage]});
    } else {
        hand_try_release(t);
    }
    if (!(h->flags & ENDED)) order_runs_out(t);
}

// The next midnight at which something is due.
int32_t hand_next_turn(const struct by_hand *h, int32_t today)
{
    if (h->stage == NOWHERE || (h->flags & ENDED)) return NEVER_DAY;
    if ((h->open & STAGE_SLOTS) || plan[h->stage].checks || h->stage == HIGH_LONGER) return midnight(today + 1);
    int32_t day = last_day(h) + 1;
    for (int32_t k = today + 1 - h->zero < 1 ? 1 : today + 1 - h->zero; k <= plan[h->stage].written; k++)
        if (plan[h->stage].samples >> k & 1) {
            if (h->zero + k < day) day = h->zero + k;
            break;
        }
    if ((h->flags & ORDERED) && h->order_until != NEVER_DAY && h->order_until + 1 < day) day = h->order_until + 1;
    return midnight(day > today ? day : today + 1);
}

void by_hand_until(const struct by_hand_numbers *n, struct by_hand *h, utc_sec now, struct decisions *out)
{
    while (h->next_min != NEVER_DAY && h->next_min <= now.s / 60) {
        if (out->cap - out->count < DECISIONS_STEP_MAX) return;
        int32_t minute = h->next_min, today = hand_day_of(minute);
        int32_t known = h->stage_min > minute ? h->stage_min : minute;
        int32_t closed = known == minute ? minute - 1 : known;
        struct turn close = {n, h, out, NULL, minute - 1, closed, today - 1, {(int64_t)(minute - 1) * 60}, true};
        struct turn begin = {n, h, out, NULL, minute, known, today, {(int64_t)minute * 60}, false};
        close_day(&close);
        if (!(h->flags & ENDED)) begin_day(&begin);
        h->last_min = minute;
        h->next_min = hand_next_turn(h, today);
    }
}

void by_hand_deadline(const struct by_hand_numbers *n, struct by_hand *h, uint8_t slot, utc_sec deadline,
                      struct decisions *out)
{
    if (slot >= BY_HAND_SLOTS || !(h->open >> slot & 1)) return;
    int32_t minute = (int32_t)(deadline.s / 60), known = h->stage_min > minute ? h->stage_min : minute;
    struct turn t = {n, h, out, NULL, minute, known, hand_day_of(minute), {(int64_t)minute * 60}, false};
    const struct because b = {WHY_DEADLINE, task_of(&t, slot)};
    hand_say(&t, DECISION_TASK_OVERDUE, task_of(&t, slot), b)->slot = slot;
    if (slot >= SLOT_INFORM) hand_say(&t, DECISION_TASK_ESCALATED, jobs[h->kind][slot]->missed, b)->slot = slot;
}
