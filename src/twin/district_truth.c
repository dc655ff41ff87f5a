// What happens whatever the staff do: who falls ill and comes forward, whom a case names, who dies, recovers, is lost.
#include "twin/district_inner.h"
#include "twin/draw.h"
#include "twin/outbreak_people.h"

#include <assert.h>
#include <stdlib.h>

// Choices of this generator, as shares.
static const double corrected_share = 0.02, handed_over_share = 0.01, named_again_share = 0.1, call_share = 0.03;
// One arrival from abroad, one self-test that shows positive for nothing, a day for so many people; choices. One call came in
// shortly before the moment in which a visitor enters.
enum { ARRIVALS_PEOPLE_A_DAY = 40000, CALLS_PEOPLE_A_DAY = 60000, CALL_BEFORE_MINUTES = 150 };

static bool truth_add(struct district *d, int64_t minute, district_truth_kind kind, uint32_t index, size_t *cap)
{
    struct district_truth *items = arena_grow(&d->arena, d->truth, d->truth_count, cap, sizeof *items);
    if (items == NULL) return false;
    d->truth = items;
    items[d->truth_count++] = (struct district_truth){minute < 0 ? 0 : minute, index, (uint8_t)kind};
    return true;
}

static bool truth_of_case(struct district *d, uint32_t i, size_t *cap)
{
    const struct outbreak_case *c = &d->outbreak.cases[i];
    struct rng r = district_stream(d, i, DISTRICT_DRAW_CASE);
    bool good = true;
    if (c->onset_min != OUTBREAK_NEVER) { // told when they come to be sampled, or as soon as they fall ill
        int64_t told = c->onset_min < c->sampled_min ? c->sampled_min : c->onset_min + 60 + rng_below(&r, 600);
        good = truth_add(d, told, TRUTH_SYMPTOM, i, cap);
        if (draw_chance(&r, corrected_share)) good = good && truth_add(d, told + 1440, TRUTH_CORRECTED, i, cap);
        if (!c->died) good = good && truth_add(d, c->outcome_min - 1440, TRUTH_WELL, i, cap);
    }
    bool probable = c->class == OUTBREAK_PROBABLE;
    good = good && truth_add(d, probable ? c->reported_min : c->sampled_min, probable ? TRUTH_CLASSIFIED : TRUTH_SAMPLED,
                             i, cap);
    if (c->isolated_min != OUTBREAK_NEVER)
        good = good && truth_add(d, c->isolated_min > c->result_min ? c->isolated_min : c->result_min + 90, TRUTH_ISOLATED,
                                 i, cap);
    if (c->died) good = good && truth_add(d, c->outcome_min, TRUTH_DIED, i, cap);
    return good;
}

static bool truth_of_contact(struct district *d, uint32_t i, size_t *cap)
{
    const struct outbreak_contact *k = &d->outbreak.contacts[i];
    struct rng r = district_stream(d, i, DISTRICT_DRAW_CONTACT);
    (void)draw_chance(&r, d->options.general_share); // truth_named draws the same first
    bool again = draw_chance(&r, named_again_share), moved = draw_chance(&r, handed_over_share);
    bool good = truth_add(d, k->named_min, TRUTH_NAMED, i, cap);
    int64_t last = (k->named_min / 1440 + (k->visits > 0 ? k->visits - 1 : 0)) * 1440 + 17 * 60;
    if (last <= k->named_min) last = k->named_min + 300;
    if (k->status == OUTBREAK_REFUSED) good = good && truth_add(d, last, TRUTH_REFUSED, i, cap);
    if (k->status == OUTBREAK_LOST) {
        struct district_known *known = &d->known[k->person];
        if (last - 1440 < known->away_min) known->away_min = (int32_t)(last - 1440);
        good = good && truth_add(d, last + 1440, TRUTH_LOST, i, cap);
    }
    if (moved && k->status == OUTBREAK_COMPLETED) {
        good = good && truth_add(d, k->named_min + 180, TRUTH_HANDED_OVER, i, cap) &&
               truth_add(d, k->named_min + 180 + 720, TRUTH_ACCEPTED, i, cap);
    }
    if (again && k->kind != OUTBREAK_HOUSEHOLD) good = good && truth_add(d, k->named_min + 200, TRUTH_NAMED_AGAIN, i, cap);
    return good;
}

static int truth_order(const void *pa, const void *pb)
{
    const struct district_truth *a = pa, *b = pb;
    if (a->minute != b->minute) return a->minute < b->minute ? -1 : 1;
    if (a->kind != b->kind) return a->kind < b->kind ? -1 : 1;
    return a->index < b->index ? -1 : a->index > b->index;
}

bool district_truths(struct district *d)
{
    size_t cap = 0;
    bool good = true;
    int64_t last = 0;
    for (uint32_t i = 0; good && i < (uint32_t)d->outbreak.case_count; i++) {
        good = truth_of_case(d, i, &cap);
        if (d->outbreak.cases[i].outcome_min > last) last = d->outbreak.cases[i].outcome_min;
    }
    for (uint32_t i = 0; good && i < (uint32_t)d->outbreak.contact_count; i++) good = truth_of_contact(d, i, &cap);
    uint32_t arrivals = 0;
    for (int64_t day = 0; good && day * 1440 < last; day++) {
        struct rng r = district_stream(d, (uint32_t)day, DISTRICT_DRAW_ARRIVAL);
        for (int64_t n = draw_poisson(&r, (double)d->options.people / ARRIVALS_PEOPLE_A_DAY); good && n > 0; n--)
            good = truth_add(d, day * 1440 + 480 + rng_below(&r, 840), TRUTH_ARRIVED, arrivals++, &cap);
    }
    uint32_t calls = 0;
    for (int64_t day = 0; good && day * 1440 < last; day++) {
        struct rng r = district_stream(d, (uint32_t)day, DISTRICT_DRAW_CALL);
        for (int64_t n = draw_poisson(&r, (double)d->options.people / CALLS_PEOPLE_A_DAY); good && n > 0; n--)
            good = truth_add(d, day * 1440 + 420 + rng_below(&r, 900), TRUTH_CALLED, calls++, &cap);
    }
    int64_t today = (district_today(d).s - d->midnight) / 60;
    if (good && d->outbreak.case_count > 0) good = truth_add(d, today - CALL_BEFORE_MINUTES, TRUTH_CALLED, calls, &cap);
    if (good) qsort(d->truth, d->truth_count, sizeof *d->truth, truth_order);
    return good;
}

// ---- as facts ----

static struct fact truth_fact(struct district *d, uint32_t person, event_word kind, int64_t minute)
{
    return (struct fact){.subject = district_subject(d, person),
                         .happened = {district_instant(d, minute)},
                         .until = UTC_NONE,
                         .kind = (uint8_t)kind};
}

static const exposure_word exposure_of[OUTBREAK_KIND_COUNT] = {
    [OUTBREAK_HOUSEHOLD] = EXPOSURE_HOUSEHOLD,   [OUTBREAK_WORKPLACE] = EXPOSURE_WORKPLACE,
    [OUTBREAK_SCHOOL] = EXPOSURE_CLASSROOM,      [OUTBREAK_TRANSPORT] = EXPOSURE_TRANSPORT,
    [OUTBREAK_MEAL] = EXPOSURE_MEAL,             [OUTBREAK_NEIGHBOUR] = EXPOSURE_LIFT,
    [OUTBREAK_HEALTHCARE] = EXPOSURE_HEALTHCARE, [OUTBREAK_FUNERAL] = EXPOSURE_FUNERAL,
    [OUTBREAK_IMPORTED] = EXPOSURE_OTHER,
};

static tong_code truth_named(struct district *d, const struct district_truth *t, struct err *err)
{
    const struct outbreak_contact *k = &d->outbreak.contacts[t->index];
    const struct outbreak_case *source = &d->outbreak.cases[k->source];
    struct rng r = district_stream(d, t->index, DISTRICT_DRAW_CONTACT);
    bool general = draw_chance(&r, d->options.general_share) && k->kind != OUTBREAK_HOUSEHOLD && k->as_case == OUTBREAK_NOBODY;
    struct fact f = truth_fact(d, source->person, EVENT_CONTACT_NAMED, t->minute);
    f.link = district_subject(d, k->person);
    f.word = (uint8_t)exposure_of[k->kind];
    f.protection = general ? PROTECTION_FULL : PROTECTION_NONE;
    tong_code code = district_tell(d, k->person, f.happened, err);
    fact_set_contact(&f, f.happened, (utc_sec){district_instant(d, k->first_min)},
                     (utc_sec){district_instant(d, k->last_min < t->minute ? k->last_min : t->minute)}, false);
    if (code != TONG_OK) return code;
    return district_record(d, f, district_instant(d, t->minute), ROLE_CASE_INVESTIGATOR, -1, 0, NULL, err);
}

// A contact tells whom they met since: those at home.
static tong_code truth_named_again(struct district *d, const struct district_truth *t, struct err *err)
{
    const struct outbreak_contact *k = &d->outbreak.contacts[t->index];
    struct town_range home = town_household(&d->outbreak.town, k->person);
    tong_code code = TONG_OK;
    for (uint32_t p = home.first; p < home.end && code == TONG_OK; p++) {
        if (p == k->person || d->known[p].subject != 0) continue; // followed already, or a case
        struct fact f = truth_fact(d, k->person, EVENT_CONTACT_NAMED, t->minute);
        code = district_tell(d, p, f.happened, err);
        f.link = district_subject(d, p);
        f.word = EXPOSURE_HOUSEHOLD;
        f.protection = PROTECTION_NONE;
        f.flags = FACT_OF_CONTACT;
        fact_set_contact(&f, f.happened, (utc_sec){district_instant(d, k->first_min)}, f.happened, false);
        if (code == TONG_OK)
            code = district_record(d, f, district_instant(d, t->minute), ROLE_CASE_INVESTIGATOR, -1, 0, NULL, err);
    }
    return code;
}

static tong_code truth_sampled(struct district *d, const struct district_truth *t, struct err *err)
{
    const struct outbreak_case *c = &d->outbreak.cases[t->index];
    struct district_known *known = &d->known[c->person];
    if (known->found) return TONG_OK; // the samples of a contact's course have shown it already
    struct rng r = district_stream(d, t->index, DISTRICT_DRAW_CASE);
    (void)rng_u64(&r);
    tong_code code = district_tell(d, c->person, (utc_sec){district_instant(d, t->minute)}, err);
    if (code == TONG_OK && draw_chance(&r, call_share) && c->kind != OUTBREAK_IMPORTED) { // telephoned in a self-test
        struct fact call = truth_fact(d, c->person, EVENT_CALLED_POSITIVE, t->minute);
        code = district_record(d, call, district_instant(d, t->minute), ROLE_HEALTH_CENTRE, -1, 0, NULL, err);
    }
    struct fact f = truth_fact(d, c->person, EVENT_SAMPLED, t->minute);
    f.word = SPECIMEN_OROPHARYNGEAL;
    int64_t id = 0;
    if (code == TONG_OK) code = district_record(d, f, district_instant(d, t->minute), ROLE_SAMPLER, -1, 0, &id, err);
    if (code == TONG_OK && !district_act_push(d, (struct district_act){.at = district_instant(d, c->result_min),
                                                                         .kind = ACT_RESULT,
                                                                         .subject = (uint32_t)f.subject,
                                                                         .fact = id,
                                                                         .then = f.happened.s}))
        code = tong_fail(err, TONG_E_NOMEM, "the results of a district");
    return code;
}

static tong_code truth_of_onset(struct district *d, const struct district_truth *t, struct err *err)
{
    const struct outbreak_case *c = &d->outbreak.cases[t->index];
    tong_code code = district_tell(d, c->person, (utc_sec){district_instant(d, t->minute)}, err);
    struct fact f = truth_fact(d, c->person, EVENT_SYMPTOM, c->onset_min / 1440 * 1440 + 720);
    f.flags = FACT_DAY_ONLY;
    if (t->kind == TRUTH_CORRECTED) {
        f.replaces = d->onset_fact[t->index];
        f.happened.s -= 86400;
    }
    if (f.happened.s > district_instant(d, t->minute)) f.happened.s = district_instant(d, t->minute);
    if (code == TONG_OK)
        code = district_record(d, f, district_instant(d, t->minute), ROLE_CASE_INVESTIGATOR, -1, 0,
                               &d->onset_fact[t->index], err);
    return code;
}

static tong_code truth_arrived(struct district *d, const struct district_truth *t, struct err *err)
{
    struct rng r = district_stream(d, t->index, DISTRICT_DRAW_ARRIVAL);
    uint32_t person = rng_below(&r, (uint32_t)d->outbreak.town.persons);
    if (district_age(d, person) < 18 || d->known[person].subject != 0) return TONG_OK;
    return district_record(d, truth_fact(d, person, EVENT_ARRIVED, t->minute), district_instant(d, t->minute),
                           ROLE_WORD_COUNT, -1, 0, NULL, err);
}

// Somebody well, whom nobody has met; the first of a few tries who is.
static tong_code truth_called(struct district *d, const struct district_truth *t, struct err *err)
{
    struct rng r = district_stream(d, t->index, DISTRICT_DRAW_CALL);
    (void)rng_u64(&r);
    for (int tries = 0; tries < 20; tries++) {
        uint32_t person = rng_below(&r, (uint32_t)d->outbreak.town.persons);
        if (district_age(d, person) < 18 || d->known[person].subject != 0 || d->outbreak.case_of[person] != OUTBREAK_NOBODY) continue;
        return district_record(d, truth_fact(d, person, EVENT_CALLED_POSITIVE, t->minute), district_instant(d, t->minute),
                               ROLE_HEALTH_CENTRE, -1, 0, NULL, err);
    }
    return TONG_OK;
}

bool district_happen(struct district *d, const struct district_truth *t, struct err *err, tong_code *code)
{
    static const struct {
        event_word kind;
        role_word role;
    } plain[] = {
        [TRUTH_CLASSIFIED] = {EVENT_CLASSIFIED, ROLE_CLINICIAN},    [TRUTH_ISOLATED] = {EVENT_ISOLATED, ROLE_TRANSPORT},
        [TRUTH_REFUSED] = {EVENT_REFUSED, ROLE_FOLLOW_UP_WORKER},   [TRUTH_LOST] = {EVENT_LOST, ROLE_FOLLOW_UP_WORKER},
        [TRUTH_HANDED_OVER] = {EVENT_HANDED_OVER, ROLE_CASE_INVESTIGATOR},
        [TRUTH_ACCEPTED] = {EVENT_ACCEPTED, ROLE_CASE_INVESTIGATOR}, [TRUTH_WELL] = {EVENT_WELL, ROLE_CLINICIAN},
        [TRUTH_DIED] = {EVENT_DIED, ROLE_CLINICIAN},
    };
    *code = TONG_OK;
    switch ((district_truth_kind)t->kind) {
    case TRUTH_NAMED: *code = truth_named(d, t, err); return true;
    case TRUTH_NAMED_AGAIN: *code = truth_named_again(d, t, err); return true;
    case TRUTH_SAMPLED: *code = truth_sampled(d, t, err); return true;
    case TRUTH_SYMPTOM:
    case TRUTH_CORRECTED: *code = truth_of_onset(d, t, err); return true;
    case TRUTH_ARRIVED: *code = truth_arrived(d, t, err); return true;
    case TRUTH_CALLED: *code = truth_called(d, t, err); return true;
    case TRUTH_CLASSIFIED:
    case TRUTH_ISOLATED:
    case TRUTH_REFUSED:
    case TRUTH_LOST:
    case TRUTH_HANDED_OVER:
    case TRUTH_ACCEPTED:
    case TRUTH_WELL:
    case TRUTH_DIED: break;
    }
    bool contact = t->kind == TRUTH_REFUSED || t->kind == TRUTH_LOST || t->kind == TRUTH_HANDED_OVER || t->kind == TRUTH_ACCEPTED;
    uint32_t person = contact ? d->outbreak.contacts[t->index].person : d->outbreak.cases[t->index].person;
    if (t->kind == TRUTH_ISOLATED && !d->known[person].found) return false;
    if (d->known[person].subject == 0 && t->kind != TRUTH_CLASSIFIED) return false; // nobody knows of them
    struct fact f = truth_fact(d, person, plain[t->kind].kind, t->minute);
    if (t->kind == TRUTH_CLASSIFIED) {
        f.word = EVENT_PROBABLE;
        d->known[person].found = true;
        *code = district_tell(d, person, f.happened, err);
    }
    if (*code == TONG_OK)
        *code = district_record(d, f, district_instant(d, t->minute), plain[t->kind].role, -1, 0, NULL, err);
    return true;
}
