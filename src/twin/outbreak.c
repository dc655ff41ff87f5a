#include "twin/outbreak.h"
#include "twin/draw.h"
#include "twin/outbreak_people.h"

#include <assert.h>

// ---- infections to come: a binary heap by time ----

struct outbreak_event {
    int64_t minute;
    uint32_t serial; // breaks ties, so that the order never depends on the heap
    int32_t infector;
    outbreak_kind kind;
    double roll; // decides whether control measures prevent it
};

struct outbreak_run {
    struct outbreak *outbreak;
    struct arena *arena;
    struct outbreak_event *heap;
    size_t count, cap;
    uint32_t serial;
    uint32_t imports;
    int64_t control_min;  // NEVER: not yet
    int32_t control_from; // how many cases there were when this wave began
};

static bool outbreak_event_before(const struct outbreak_event *a, const struct outbreak_event *b)
{
    return a->minute != b->minute ? a->minute < b->minute : a->serial < b->serial;
}

static bool outbreak_push(struct outbreak_run *run, struct outbreak_event event)
{
    struct outbreak_event *heap = arena_grow(run->arena, run->heap, run->count, &run->cap, sizeof *heap);
    if (heap == NULL) return false;
    run->heap = heap;
    event.serial = run->serial++;
    size_t i = run->count++;
    for (; i > 0 && outbreak_event_before(&event, &heap[(i - 1) / 2]); i = (i - 1) / 2) heap[i] = heap[(i - 1) / 2];
    heap[i] = event;
    return true;
}

static struct outbreak_event outbreak_pop(struct outbreak_run *run)
{
    assert(run->count > 0);
    struct outbreak_event *heap = run->heap, top = heap[0], last = heap[--run->count];
    size_t i = 0;
    for (;;) {
        size_t child = 2 * i + 1;
        if (child >= run->count) break;
        if (child + 1 < run->count && outbreak_event_before(&heap[child + 1], &heap[child])) child++;
        if (!outbreak_event_before(&heap[child], &last)) break;
        heap[i] = heap[child];
        i = child;
    }
    if (run->count > 0) heap[i] = last;
    return top;
}

// ---- one case ----

// Its infector may name it, if it was infected within the window; who lives together is known in any event. Whether it
// was by then known as a case, and so is no contact any more, outbreak_course finds out.
static void outbreak_name(const struct outbreak *ob, struct outbreak_case *c, uint32_t index)
{
    c->named_min = OUTBREAK_NEVER;
    if (c->infector == OUTBREAK_NOBODY || ob->options.contacts_per_case == 0) return;
    const struct outbreak_case *source = &ob->cases[c->infector];
    struct outbreak_span window = outbreak_window(&ob->options, source, c->kind);
    struct rng r = outbreak_stream(&ob->options, index, OUTBREAK_DRAW_NAMING);
    bool told = draw_chance(&r, ob->options.named_share);
    bool inside = c->infected_min >= window.first_min && c->infected_min <= window.last_min;
    if (c->kind != OUTBREAK_HOUSEHOLD && !(told && inside)) return;
    c->named = true;
    c->named_min = outbreak_interview_min(&ob->options, source, (uint32_t)c->infector);
    if (c->named_min <= c->infected_min) c->named_min = outbreak_office_min(&r, c->infected_min + 60);
}

// From infection to outcome. A named contact is sought, sampled and isolated sooner than it would come by itself.
static void outbreak_course(const struct outbreak *ob, struct outbreak_case *c, uint32_t index)
{
    const struct outbreak_options *o = &ob->options;
    struct rng r = outbreak_stream(o, index, OUTBREAK_DRAW_COURSE);
    bool silent = draw_chance(&r, o->asymptomatic_share), probable = draw_chance(&r, o->probable_share);
    int64_t onset =
        c->infected_min + outbreak_minutes(draw_lognormal(&r, o->incubation_median_days, o->incubation_sdlog));
    int64_t own = silent ? c->infected_min + outbreak_delay_min(&r, o->infection_to_screening)
                         : onset + outbreak_delay_min(&r, o->onset_to_sample);
    int64_t detectable = c->infected_min + outbreak_minutes(o->detectable_days) + 1;
    bool early = silent || o->test_before_onset >= 0.5;
    int64_t ready = early ? detectable : onset;
    c->sampled_min = own > detectable ? own : detectable;
    if (c->named) {
        int64_t traced = (c->named_min > ready ? c->named_min : ready) + outbreak_delay_min(&r, o->named_to_sample);
        if (traced < c->sampled_min) c->sampled_min = traced;
    }
    c->sampled_min = outbreak_office_min(&r, c->sampled_min);
    c->class = silent ? OUTBREAK_ASYMPTOMATIC : probable ? OUTBREAK_PROBABLE : OUTBREAK_CONFIRMED;
    c->onset_min = silent ? OUTBREAK_NEVER : onset;
    c->result_min = c->class == OUTBREAK_PROBABLE ? c->sampled_min
                                                  : c->sampled_min + 60 + outbreak_delay_min(&r, o->sample_to_result);
    c->reported_min = c->result_min + outbreak_delay_min(&r, o->result_to_report);
    if (c->named && c->reported_min <= c->named_min) { // known as a case by itself before anybody named it
        c->named = false;
        c->named_min = OUTBREAK_NEVER;
    }

    c->isolated_min = c->result_min + outbreak_delay_min(&r, o->result_to_isolation);
    if (c->named) {
        int64_t held =
            (early || c->named_min > onset ? c->named_min : onset) + outbreak_delay_min(&r, o->result_to_isolation);
        if (held < c->isolated_min) c->isolated_min = held;
    } else if (!draw_chance(&r, o->isolated_share)) {
        c->isolated_min = OUTBREAK_NEVER;
    }

    double share = ob->town.age[c->person] < 60 ? o->death_share_under_60 : o->death_share_from_60;
    c->died = draw_chance(&r, share) && !silent;
    c->outcome_min = onset + outbreak_delay_min(&r, c->died ? o->onset_to_death : o->onset_to_recovery);
    int64_t least = c->reported_min > c->isolated_min ? c->reported_min : c->isolated_min;
    if (c->outcome_min < least + 60) c->outcome_min = least + 60;
}

// When the case infects somebody by this kind of meeting; NEVER when isolation or a guarded burial prevents it. A time
// that comes after all is over is drawn again, so that the mean number of infections is not lowered unawares.
static int64_t outbreak_transmission_min(const struct outbreak_options *o, const struct outbreak_case *c, struct rng *r,
                                         outbreak_kind *kind)
{
    enum { TRIES = 16, WAKES = 7 * 60, WAKING = 16 * 60 };
    int64_t from = o->interval_from_onset >= 0.5 && c->onset_min != OUTBREAK_NEVER ? c->onset_min : c->infected_min;
    int64_t over = c->outcome_min + (c->died ? outbreak_minutes(o->burial_days) : 0), at = 0;
    for (int i = 0; i < TRIES; i++) {
        at = from + 1 + outbreak_delay_min(r, o->interval);
        if (at <= over) break;
    }
    if (at > over) at = from + 1 + (int64_t)(rng_uniform(r) * (double)(over - from - 1));
    if (*kind != OUTBREAK_HOUSEHOLD) { // people meet by day
        int64_t by_day = at / OUTBREAK_DAY_MINUTES * OUTBREAK_DAY_MINUTES + WAKES + rng_below(r, WAKING);
        if (by_day > from && by_day <= over) at = by_day;
    }
    bool buried = c->died && at > c->outcome_min, isolated = c->isolated_min != OUTBREAK_NEVER && at > c->isolated_min;
    if (isolated && draw_chance(r, o->isolation_effect)) return OUTBREAK_NEVER;
    if (buried) *kind = OUTBREAK_FUNERAL;
    else if (isolated) *kind = OUTBREAK_HEALTHCARE;
    return at;
}

static bool outbreak_offspring(struct outbreak_run *run, int32_t index)
{
    const struct outbreak *ob = run->outbreak;
    const struct outbreak_case *c = &ob->cases[index];
    struct rng r = outbreak_stream(&ob->options, (uint32_t)index, OUTBREAK_DRAW_OFFSPRING);
    int64_t count = draw_negative_binomial(&r, ob->options.r_mean, ob->options.dispersion_k);
    if (count > ob->options.cases) count = ob->options.cases; // more will never be needed
    for (int64_t i = 0; i < count; i++) {
        outbreak_kind kind = outbreak_kind_draw(ob, &r, c->person, true);
        double roll = rng_uniform(&r);
        int64_t at = outbreak_transmission_min(&ob->options, c, &r, &kind);
        if (at == OUTBREAK_NEVER) continue;
        if (!outbreak_push(run, (struct outbreak_event){.minute = at, .infector = index, .kind = kind, .roll = roll}))
            return false;
    }
    return true;
}

// ---- all cases ----

static bool outbreak_import(struct outbreak_run *run, int64_t after_min, bool at_start)
{
    struct rng r = outbreak_stream(&run->outbreak->options, run->imports, OUTBREAK_DRAW_IMPORT);
    double gap = at_start ? 2 * rng_uniform(&r) : draw_exponential(&r, run->outbreak->options.import_gap_days);
    int64_t at = after_min +
                 (run->imports++ == 0 ? 9 * 60 : (int64_t)(gap * OUTBREAK_DAY_MINUTES)); // the first at 09:00 of day 0
    return outbreak_push(run,
                         (struct outbreak_event){.minute = at, .infector = OUTBREAK_NOBODY, .kind = OUTBREAK_IMPORTED});
}

static bool outbreak_susceptible(const void *context, uint32_t person)
{
    const struct outbreak *ob = context;
    return ob->case_of[person] == OUTBREAK_NOBODY;
}

// Who is infected: somebody the infector meets; when that place has nobody left, somebody else in town. The town is
// larger than the outbreak, so there is always somebody.
static void outbreak_infect(const struct outbreak *ob, const struct outbreak_event *event, struct outbreak_case *c,
                            uint32_t index)
{
    struct rng r = outbreak_stream(&ob->options, index, OUTBREAK_DRAW_INFECTEE);
    c->kind = event->kind;
    uint32_t town = (uint32_t)ob->town.persons;
    uint32_t infector = event->infector == OUTBREAK_NOBODY ? rng_below(&r, town) : ob->cases[event->infector].person;
    if (outbreak_meet(ob, &r, infector, c->kind, outbreak_susceptible, ob, &c->person)) return;
    if (c->kind == OUTBREAK_HOUSEHOLD) c->kind = outbreak_kind_draw(ob, &r, infector, false);
    if (outbreak_meet(ob, &r, infector, c->kind, outbreak_susceptible, ob, &c->person)) return;
    bool found = outbreak_meet(ob, &r, infector, OUTBREAK_TRANSPORT, outbreak_susceptible, ob, &c->person);
    assert(found);
    c->kind = OUTBREAK_TRANSPORT;
}

static bool outbreak_controlled(struct outbreak_run *run, const struct outbreak_event *event)
{
    const struct outbreak_options *o = &run->outbreak->options;
    int32_t wave = o->cases - run->control_from, so_far = run->outbreak->case_count - run->control_from;
    if (o->control_day < 0 && run->control_min == OUTBREAK_NEVER && (double)so_far >= o->control_share * (double)wave)
        run->control_min = event->minute;
    if (event->infector == OUTBREAK_NOBODY || run->control_min == OUTBREAK_NEVER || event->minute < run->control_min)
        return false;
    return event->roll * o->r_mean >= o->r_after;
}

static bool outbreak_case_add(struct outbreak_run *run, const struct outbreak_event *event)
{
    struct outbreak *ob = run->outbreak;
    int32_t index = ob->case_count;
    struct outbreak_case *c = &ob->cases[index];
    *c = (struct outbreak_case){.infector = event->infector,
                                .infected_min = event->minute,
                                .first_infectee = OUTBREAK_NOBODY,
                                .next_sibling = OUTBREAK_NOBODY};
    outbreak_infect(ob, event, c, (uint32_t)index);
    if (event->infector != OUTBREAK_NOBODY) {
        struct outbreak_case *infector = &ob->cases[event->infector];
        assert(infector->infected_min < c->infected_min);
        c->generation = infector->generation + 1;
        c->next_sibling = infector->first_infectee;
        infector->first_infectee = index;
        infector->infected++;
    }
    ob->case_of[c->person] = index;
    ob->case_count++;
    outbreak_name(ob, c, (uint32_t)index);
    outbreak_course(ob, c, (uint32_t)index);
    assert(c->infected_min < c->sampled_min && c->sampled_min <= c->result_min && c->reported_min < c->outcome_min);
    return outbreak_offspring(run, index);
}

static tong_code outbreak_spread(struct outbreak_run *run, struct err *err)
{
    struct outbreak *ob = run->outbreak;
    const struct outbreak_options *o = &ob->options;
    bool room = true;
    for (int32_t i = 0; i < (int32_t)o->index_cases && room; i++) room = outbreak_import(run, 0, true);
    run->control_min = o->control_day < 0 ? OUTBREAK_NEVER : (int64_t)(o->control_day * OUTBREAK_DAY_MINUTES);
    while (room && ob->case_count < o->cases) {
        struct outbreak_event event = outbreak_pop(run);
        if (event.minute > (int64_t)OUTBREAK_DAYS_MAX * OUTBREAK_DAY_MINUTES)
            return tong_fail(err, TONG_E_LIMIT, "%d cases do not come about in %d days: only %d", o->cases,
                             OUTBREAK_DAYS_MAX, ob->case_count);
        if (!outbreak_controlled(run, &event)) room = outbreak_case_add(run, &event);
        if (!room || run->count > 0) continue;
        room = outbreak_import(run, event.minute, false);
        if (o->control_day < 0) { // a new wave
            run->control_min = OUTBREAK_NEVER;
            run->control_from = ob->case_count;
        }
    }
    return room ? TONG_OK : tong_fail(err, TONG_E_NOMEM, "the infections of %d cases", o->cases);
}

tong_code outbreak_generate(const struct outbreak_options *options, struct arena *arena, struct outbreak *out,
                            struct err *err)
{
    enum { PERSONS_MAX = 20 * 1000 * 1000 };
    tong_code code = outbreak_options_check(options, err);
    if (code != TONG_OK) return code;
    double persons = options->persons_per_case * (double)options->cases;
    if (persons < OUTBREAK_PERSONS_MIN) persons = OUTBREAK_PERSONS_MIN;
    if (persons > PERSONS_MAX) return tong_fail(err, TONG_E_LIMIT, "a town of more than %d people", PERSONS_MAX);
    struct outbreak ob = {.options = *options};
    code = town_build(options->seed, options->replicate, (int32_t)persons, arena, &ob.town, err);
    if (code != TONG_OK) return code;
    ob.cases = arena_array(arena, (size_t)options->cases, sizeof *ob.cases);
    ob.case_of = arena_array(arena, (size_t)ob.town.persons, sizeof *ob.case_of);
    if (ob.cases == NULL || ob.case_of == NULL) return tong_fail(err, TONG_E_NOMEM, "%d cases", options->cases);
    for (int32_t p = 0; p < ob.town.persons; p++) ob.case_of[p] = OUTBREAK_NOBODY;
    struct outbreak_run run = {.outbreak = &ob, .arena = arena};
    code = outbreak_spread(&run, err);
    if (code == TONG_OK) code = outbreak_contacts_fill(&ob, arena, err);
    if (code == TONG_OK) *out = ob;
    return code;
}
