#include "twin/outbreak_contacts.h"
#include "twin/draw.h"
#include "twin/outbreak_people.h"

#include <assert.h>

// ---- how many contacts each case names ----

// Cuts `total` into one share a case in proportion to gamma weights, on top of its named infectees, so that the sum is
// exact: each share is the difference of two rounded running sums. No case draws more than a quarter of the town; what
// it cannot take goes to the next, and what is left at the end is handed round.
static bool outbreak_numbers(const struct outbreak *ob, struct arena *arena, int32_t total, int32_t *number)
{
    int32_t count = ob->case_count, cap = ob->town.persons / 4, given = 0;
    double *weight = arena_array(arena, (size_t)count, sizeof *weight), sum = 0, running = 0;
    if (weight == NULL) return false;
    for (int32_t i = 0; i < count; i++) number[i] = 0;
    for (int32_t i = 0; i < count; i++) {
        struct rng r = outbreak_stream(&ob->options, (uint32_t)i, OUTBREAK_DRAW_CONTACT_NUMBER);
        sum += weight[i] = draw_gamma_shape(&r, ob->options.contacts_dispersion) + 1e-9; // 1e-9: the sum is above 0
        if (ob->cases[i].named) {
            number[ob->cases[i].infector]++;
            given++;
        }
    }
    assert(given <= total); // contacts_per_case is 0, and then nobody is named, or at least 1
    int32_t spread = total - given, dealt = 0;
    for (int32_t i = 0; i < count; i++) {
        running += weight[i];
        int32_t until = i == count - 1 ? spread : (int32_t)((double)spread * (running / sum));
        int32_t more = until - dealt;
        if (number[i] + more > cap) more = cap - number[i] > 0 ? cap - number[i] : 0;
        number[i] += more;
        dealt += more;
    }
    for (int32_t i = 0; dealt < spread; i = (i + 1) % count)
        if (number[i] < cap) number[i]++, dealt++;
    return true;
}

// ---- whom and when ----

struct outbreak_circle {
    const struct outbreak *outbreak;
    const uint32_t *mark; // of each person: number of the last case it was listed for, plus 1
    uint32_t current;
    int64_t since_min, interview_min;
};

static int64_t outbreak_away_min(const struct outbreak_case *c)
{
    return c->isolated_min == OUTBREAK_NEVER ? c->outcome_min : c->isolated_min;
}

// Not listed yet, not known as a case already when the case is interviewed, nor in isolation when its window opened.
// Hence who names whom never runs in a circle: each names only people who are reported later.
static bool outbreak_unlisted(const void *context, uint32_t person)
{
    const struct outbreak_circle *circle = context;
    if (circle->mark[person] == circle->current) return false;
    int32_t as_case = circle->outbreak->case_of[person];
    if (as_case == OUTBREAK_NOBODY) return true;
    const struct outbreak_case *c = &circle->outbreak->cases[as_case];
    return c->reported_min > circle->interview_min && outbreak_away_min(c) > circle->since_min;
}

// The interval of a contact inside the window; of an infected one, around the infection where the window allows.
static void outbreak_interval(struct rng *r, struct outbreak_span window, int64_t infected_min,
                              struct outbreak_contact *k)
{
    enum { SHORTEST = 15, LONGEST = 120, NOON = 11 * 60, EVENING = 9 * 60 };
    double room = (double)(window.last_min - window.first_min), before = rng_uniform(r), after = rng_uniform(r);
    bool infected = infected_min >= window.first_min && infected_min <= window.last_min;
    int64_t first = window.first_min, last = window.last_min;
    if (k->kind == OUTBREAK_WORKPLACE || k->kind == OUTBREAK_SCHOOL || k->kind == OUTBREAK_NEIGHBOUR) {
        int64_t a = window.first_min + (int64_t)(before * room), b = window.first_min + (int64_t)(after * room);
        if (infected) {
            a = window.first_min + (int64_t)(before * (double)(infected_min - window.first_min));
            b = infected_min + (int64_t)(after * (double)(window.last_min - infected_min));
        }
        first = a < b ? a : b;
        last = a < b ? b : a;
    } else if (k->kind != OUTBREAK_HOUSEHOLD) {
        int64_t length = SHORTEST + rng_below(r, LONGEST - SHORTEST);
        int64_t start =
            infected ? infected_min - (int64_t)(before * (double)length) : window.first_min + (int64_t)(before * room);
        int64_t by_day = start / OUTBREAK_DAY_MINUTES * OUTBREAK_DAY_MINUTES + NOON + (int64_t)(after * EVENING);
        if (!infected && by_day >= window.first_min && by_day <= window.last_min) start = by_day;
        first = start < window.first_min ? window.first_min : start;
        last = start + length > window.last_min ? window.last_min : start + length;
    }
    k->first_min = first;
    k->last_min = last;
}

// The days of follow-up and how it ends.
static void outbreak_follow(const struct outbreak *ob, struct outbreak_contact *k, uint32_t index)
{
    const struct outbreak_options *o = &ob->options;
    struct rng r = outbreak_stream(o, index, OUTBREAK_DRAW_FOLLOW);
    double fate = rng_uniform(&r);
    int32_t named_day = (int32_t)(k->named_min / OUTBREAK_DAY_MINUTES);
    k->follow_last_day = (int32_t)(k->last_min / OUTBREAK_DAY_MINUTES) + (int32_t)o->follow_days;
    k->visits = k->follow_last_day < named_day ? 0 : k->follow_last_day - named_day + 1;
    k->status = OUTBREAK_COMPLETED;
    if (k->as_case != OUTBREAK_NOBODY) {
        int32_t reported_day = (int32_t)(ob->cases[k->as_case].reported_min / OUTBREAK_DAY_MINUTES);
        if (reported_day <= k->follow_last_day) {
            k->status = OUTBREAK_BECAME_CASE;
            k->visits = reported_day > named_day ? reported_day - named_day : 0;
            return;
        }
    }
    if (k->visits == 0) return;
    if (fate < o->refused_share) {
        k->status = OUTBREAK_REFUSED;
        k->visits = 1 + (int32_t)rng_below(&r, k->visits < 3 ? (uint32_t)k->visits : 3);
    } else if (fate < o->refused_share + o->lost_share) {
        k->status = OUTBREAK_LOST;
        k->visits = 1 + (int32_t)rng_below(&r, (uint32_t)k->visits);
    }
}

static void outbreak_contact_add(struct outbreak *ob, struct rng *r, int32_t source, int64_t interview_min,
                                 uint32_t person, outbreak_kind kind)
{
    static const double later_share = 0.25; // share remembered only after the interview: choice
    int32_t index = ob->contact_count++, as_case = ob->case_of[person];
    const struct outbreak_case *c = &ob->cases[source],
                               *other = as_case == OUTBREAK_NOBODY ? NULL : &ob->cases[as_case];
    bool infectee = other != NULL && other->infector == source;
    struct outbreak_contact *k = &ob->contacts[index];
    *k = (struct outbreak_contact){.person = person, .source = source, .as_case = as_case, .kind = kind};
    struct outbreak_span window = outbreak_window(&ob->options, c, kind);
    if (!infectee && kind != OUTBREAK_HOUSEHOLD && window.last_min >= interview_min)
        window.last_min = interview_min - 1;
    outbreak_interval(r, window, infectee ? other->infected_min : OUTBREAK_NEVER, k);
    if (other != NULL && k->last_min > outbreak_away_min(other)) {
        int64_t away = outbreak_away_min(other);
        k->last_min = away > k->first_min ? away : k->first_min;
    }
    k->named_min = infectee ? other->named_min : interview_min;
    if (!infectee && kind != OUTBREAK_HOUSEHOLD && draw_chance(r, later_share)) {
        int64_t later = outbreak_office_min(r, interview_min + outbreak_delay_min(r, ob->options.report_to_named));
        if (other == NULL || later < other->reported_min) k->named_min = later;
    }
    assert(k->first_min <= k->last_min && k->first_min < k->named_min);
    assert(other == NULL || k->named_min < other->reported_min);
    outbreak_follow(ob, k, (uint32_t)index);
}

// The named infectees, then the household, then others by the weights, until the case has its number.
static void outbreak_case_contacts(struct outbreak *ob, int32_t source, int32_t number, uint32_t *mark)
{
    const struct outbreak_case *c = &ob->cases[source];
    struct rng r = outbreak_stream(&ob->options, (uint32_t)source, OUTBREAK_DRAW_CONTACTS);
    int64_t interview_min = outbreak_interview_min(&ob->options, c, (uint32_t)source);
    struct outbreak_circle circle = {ob, mark, (uint32_t)source + 1,
                                     outbreak_window(&ob->options, c, OUTBREAK_HOUSEHOLD).first_min, interview_min};
    int32_t end = ob->contact_count + number;
    mark[c->person] = circle.current;
    for (int32_t i = c->first_infectee; i != OUTBREAK_NOBODY; i = ob->cases[i].next_sibling) {
        mark[ob->cases[i].person] = circle.current; // those it did not name it does not name now
        if (ob->cases[i].named)
            outbreak_contact_add(ob, &r, source, interview_min, ob->cases[i].person, ob->cases[i].kind);
    }
    struct town_range home = town_household(&ob->town, c->person);
    for (uint32_t p = home.first; p < home.end && ob->contact_count < end; p++) {
        if (!outbreak_unlisted(&circle, p)) continue;
        mark[p] = circle.current;
        outbreak_contact_add(ob, &r, source, interview_min, p, OUTBREAK_HOUSEHOLD);
    }
    while (ob->contact_count < end) {
        uint32_t person;
        outbreak_kind kind = outbreak_kind_draw(ob, &r, c->person, false);
        if (!outbreak_meet(ob, &r, c->person, kind, outbreak_unlisted, &circle, &person)) {
            kind = OUTBREAK_TRANSPORT; // that circle is used up: strangers
            bool found = outbreak_meet(ob, &r, c->person, kind, outbreak_unlisted, &circle, &person);
            assert(found); // at most half the town are cases and a quarter are listed: see outbreak_numbers
        }
        mark[person] = circle.current;
        outbreak_contact_add(ob, &r, source, interview_min, person, kind);
    }
}

tong_code outbreak_contacts_fill(struct outbreak *ob, struct arena *arena, struct err *err)
{
    double wanted = ob->options.contacts_per_case * (double)ob->case_count;
    int32_t total = (int32_t)(wanted + 0.5);
    if (total == 0) return TONG_OK;
    int32_t *number = arena_array(arena, (size_t)ob->case_count, sizeof *number);
    uint32_t *mark = arena_array(arena, (size_t)ob->town.persons, sizeof *mark);
    ob->contacts = arena_array(arena, (size_t)total, sizeof *ob->contacts);
    if (number == NULL || mark == NULL || ob->contacts == NULL || !outbreak_numbers(ob, arena, total, number))
        return tong_fail(err, TONG_E_NOMEM, "%d contacts", total);
    for (int32_t i = 0; i < ob->case_count; i++) outbreak_case_contacts(ob, i, number[i], mark);
    assert(ob->contact_count == total);
    return TONG_OK;
}

// ---- visits and samples ----

struct outbreak_visit outbreak_visit_at(const struct outbreak *ob, int32_t contact, int32_t n)
{
    enum { MORNING = 8 * 60, HOURS = 12 * 60, LAST_MINUTE = OUTBREAK_DAY_MINUTES - 1 };
    assert(contact >= 0 && contact < ob->contact_count);
    const struct outbreak_contact *k = &ob->contacts[contact];
    assert(n >= 0 && n < k->visits);
    const struct outbreak_case *as_case = k->as_case == OUTBREAK_NOBODY ? NULL : &ob->cases[k->as_case];
    int32_t day = (int32_t)(k->named_min / OUTBREAK_DAY_MINUTES) + n;
    int64_t midnight = (int64_t)day * OUTBREAK_DAY_MINUTES;
    struct rng r = rng_stream(ob->options.seed, ob->options.replicate, day, (uint32_t)contact, OUTBREAK_DRAW_VISIT);
    struct outbreak_visit visit = {.minute = midnight + MORNING + rng_below(&r, HOURS), .status = OUTBREAK_SEEN_WELL};
    if (visit.minute <= k->named_min) visit.minute = k->named_min + 30;
    if (visit.minute > midnight + LAST_MINUTE) visit.minute = midnight + LAST_MINUTE;
    // Three words of the stream, one block of it: there are a million visits.
    bool missed = (double)rng_u32(&r) * 0x1p-32 < ob->options.missed_visit_share, tried = (rng_u32(&r) & 1) != 0;
    bool ill = as_case != NULL && as_case->onset_min != OUTBREAK_NEVER && as_case->onset_min < visit.minute;
    if (k->status == OUTBREAK_REFUSED && n == k->visits - 1) visit.status = OUTBREAK_VISIT_REFUSED;
    else if (k->status == OUTBREAK_LOST && n >= k->visits - 2) visit.status = OUTBREAK_NOT_SEEN;
    else if (missed) visit.status = tried ? OUTBREAK_NOT_SEEN : OUTBREAK_NOT_ATTEMPTED;
    else if (ill) visit.status = OUTBREAK_SEEN_ILL;
    return visit;
}

int32_t outbreak_case_samples(const struct outbreak *ob, int32_t index,
                              struct outbreak_sample out[OUTBREAK_SAMPLES_MAX])
{
    assert(index >= 0 && index < ob->case_count);
    const struct outbreak_options *o = &ob->options;
    const struct outbreak_case *c = &ob->cases[index];
    if (c->class == OUTBREAK_PROBABLE) return 0;
    struct rng r = outbreak_stream(o, (uint32_t)index, OUTBREAK_DRAW_CASE_SAMPLES);
    int32_t n = 0;
    int64_t wait = c->result_min - c->sampled_min, before = c->sampled_min - OUTBREAK_DAY_MINUTES;
    int64_t earliest = c->onset_min == OUTBREAK_NEVER || o->test_before_onset >= 0.5 ? c->infected_min : c->onset_min;
    bool missed = draw_chance(&r, o->missed_first_share);
    if (missed && before >= earliest && (!c->named || before > c->named_min))
        out[n++] = (struct outbreak_sample){c->person, before, before + wait, false, 0};
    double ct = 24 + 4 * draw_normal(&r); // choice: about the middle of what PCR shows in the first days
    int32_t tenths = (int32_t)(10 * (ct < 14 ? 14 : ct > 34.9 ? 34.9 : ct) + 0.5);
    out[n++] = (struct outbreak_sample){c->person, c->sampled_min, c->result_min, true, tenths};
    int64_t last = c->outcome_min - wait, first = last - OUTBREAK_DAY_MINUTES;
    if (!c->died && first > c->result_min + OUTBREAK_DAY_MINUTES) {
        out[n++] = (struct outbreak_sample){c->person, first, first + wait, false, 0};
        out[n++] = (struct outbreak_sample){c->person, last, last + wait, false, 0};
    }
    assert(n <= OUTBREAK_SAMPLES_MAX);
    return n;
}

int32_t outbreak_contact_samples(const struct outbreak *ob, int32_t contact,
                                 struct outbreak_sample out[OUTBREAK_SAMPLES_MAX])
{
    assert(contact >= 0 && contact < ob->contact_count);
    const struct outbreak_contact *k = &ob->contacts[contact];
    if (ob->options.test_before_onset < 0.5) return 0;
    struct rng r = outbreak_stream(&ob->options, (uint32_t)contact, OUTBREAK_DRAW_CONTACT_SAMPLES);
    int64_t until = INT64_MAX; // from when a sample of this person would show the infection
    if (k->as_case != OUTBREAK_NOBODY) {
        const struct outbreak_case *c = &ob->cases[k->as_case];
        until = c->infected_min + outbreak_minutes(ob->options.detectable_days);
        if (until > c->sampled_min) until = c->sampled_min;
    }
    int32_t n = 0, step = k->visits > 1 ? k->visits - 1 : 1;
    for (int32_t visit = 0; visit < k->visits; visit += step) {
        struct outbreak_visit seen = outbreak_visit_at(ob, contact, visit);
        int64_t wait = 60 + outbreak_delay_min(&r, ob->options.sample_to_result);
        if (seen.status != OUTBREAK_SEEN_WELL || seen.minute >= until) continue;
        out[n++] = (struct outbreak_sample){k->person, seen.minute, seen.minute + wait, false, 0};
    }
    return n;
}
