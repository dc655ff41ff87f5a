#include "twin/drill_inner.h"

#include <stdio.h>
#include <stdlib.h>

enum { DAY_SECONDS = 86400, HOUR = 3600 };

struct drill_behaviour drill_behaviour_default(void)
{
    // Assumptions, to be replaced by what is known of a place: OpenABM-Covid19's where it has one (Hinch et al. 2021).
    struct drill_behaviour b = {
        .presents = {[DISEASE_ASYMPTOMATIC] = 0, [DISEASE_MILD] = 0.5, [DISEASE_SEVERE] = 0.9},
        .to_present = {SPELL_GAMMA, 2, 1},
        .named = {[LAYER_HOUSEHOLD] = 1, [LAYER_STANDING] = 0.8, [LAYER_CHANCE] = 0.2},
        .days_named = 7,
        .leaves = 0.01,
        .missed = 0.015,
        .sensitivity = 0.8,
        .specificity = 0.999,
        .detectable_from = 3,
        .detectable_upto = 14,
        .result_hours = 12,
    };
    for (int k = 0; k < MEASURE_KIND_WORD_COUNT; k++) b.complies[k] = 0.9;
    return b;
}

int64_t drill_midnight(const struct drill *d, int32_t day)
{
    return zone_midnight(&d->zone, (civil_day){d->options.start.d + day}).s;
}

struct drill_day *drill_today(struct drill *d)
{
    return &d->day[spread_day(d->spread)];
}

// ---- what is still to be done: a heap by time ----

static bool before(const struct drill_act *a, const struct drill_act *b)
{
    return a->at != b->at ? a->at < b->at : a->serial < b->serial;
}

bool drill_push(struct drill *d, struct drill_act act)
{
    if (d->acts == d->act_cap) {
        size_t cap = d->act_cap ? d->act_cap * 2 : 4096;
        struct drill_act *heap = realloc(d->heap, cap * sizeof *heap);
        if (!heap) {
            d->broken = true;
            return false;
        }
        d->heap = heap;
        d->act_cap = cap;
    }
    act.serial = d->serial++;
    size_t i = d->acts++;
    for (; i > 0 && before(&act, &d->heap[(i - 1) / 2]); i = (i - 1) / 2) d->heap[i] = d->heap[(i - 1) / 2];
    d->heap[i] = act;
    return true;
}

struct drill_act drill_pop(struct drill *d)
{
    struct drill_act *heap = d->heap, top = heap[0], last = heap[--d->acts];
    size_t i = 0;
    for (;;) {
        size_t child = 2 * i + 1;
        if (child >= d->acts) break;
        if (child + 1 < d->acts && before(&heap[child + 1], &heap[child])) child++;
        if (!before(&heap[child], &last)) break;
        heap[i] = heap[child];
        i = child;
    }
    heap[i] = last;
    return top;
}

// ---- people and places as subjects ----

struct drill_subject *drill_subject(struct drill *d, uint32_t subject)
{
    if (subject >= d->subject_cap) {
        size_t cap = d->subject_cap ? d->subject_cap : 1024;
        while (cap <= subject) cap *= 2;
        struct drill_subject *more = realloc(d->subject, cap * sizeof *more);
        if (!more) {
            d->broken = true;
            return NULL;
        }
        for (size_t i = d->subject_cap; i < cap; i++) more[i] = (struct drill_subject){.person = SPREAD_NOBODY};
        d->subject = more;
        d->subject_cap = cap;
    }
    if (subject >= d->subjects) d->subjects = subject + 1;
    return &d->subject[subject];
}

uint32_t drill_subject_of(struct drill *d, uint32_t person)
{
    if (d->subject_of[person] != 0) return d->subject_of[person];
    char name[48];
    uint32_t home = d->household_of[person], unit = home / DRILL_HOMES_PER_UNIT, building = unit / DRILL_UNITS;
    int n = snprintf(name, sizeof name, "p%u", person);
    uint32_t subject = caseload_subject(d->caseload, (struct str){name, (size_t)n}, SUBJECT_PERSON);
    n = snprintf(name, sizeof name, "%u/%u/%u/%u", building / DRILL_BUILDINGS, building % DRILL_BUILDINGS, unit % DRILL_UNITS,
                 home % DRILL_HOMES_PER_UNIT);
    uint32_t place = caseload_subject(d->caseload, (struct str){name, (size_t)n}, SUBJECT_PLACE);
    if (subject == CASELOAD_NONE || place == CASELOAD_NONE) {
        d->broken = true;
        return CASELOAD_NONE;
    }
    caseload_lives(d->caseload, subject, place);
    struct drill_subject *s = drill_subject(d, subject);
    if (!s) return CASELOAD_NONE;
    s->person = person;
    d->subject_of[person] = subject;
    return subject;
}

tong_code drill_record(struct drill *d, struct fact f, int64_t at, int64_t *id, struct err *err)
{
    if (d->broken || f.subject == CASELOAD_NONE) return tong_fail(err, TONG_E_NOMEM, "no memory for the drill");
    int64_t now = caseload_now(d->caseload).s;
    f.id = caseload_fact_id(d->caseload);
    f.known.s = f.recorded.s = at < now ? now : at;
    if (id) *id = f.id;
    drill_today(d)->facts++;
    return caseload_record(d->caseload, &f, err);
}

// ---- the days ----

// What the newly infected will do and suffer, whatever the response does about them.
static void infected(struct drill *d, uint32_t person)
{
    struct course c = spread_course(d->spread, person);
    const struct drill_behaviour *b = &d->options.behaviour;
    struct key k = key_stream(d->options.seed, c.infected, person, KEY_ACCEPTS);
    bool comes = key_uniform(&k) < b->presents[c.class];
    struct spell wait;
    uint64_t when = key_u64(&k);
    if (c.symptoms >= 0 && comes) {
        spell_make(b->to_present, 0, &wait);
        int64_t at = drill_midnight(d, c.symptoms + spell_at(&wait, when)) + 9 * HOUR + (int64_t)(when & 0x3FFF);
        (void)drill_push(d, (struct drill_act){.at = at, .kind = DRILL_PRESENT, .subject = person});
    }
    if (c.hospital >= 0) {
        (void)drill_push(d, (struct drill_act){.at = drill_midnight(d, c.hospital) + 12 * HOUR, .kind = DRILL_ADMIT, .subject = person});
    }
    int32_t end = c.dead >= 0 ? c.dead : c.recovered;
    (void)drill_push(d, (struct drill_act){.at = drill_midnight(d, end) + 14 * HOUR,
                                          .kind = c.dead >= 0 ? DRILL_DIE : DRILL_WELL, .subject = person});
}

static tong_code day_end(struct drill *d, struct err *err)
{
    int32_t day = spread_day(d->spread);
    utc_sec end = {drill_midnight(d, day + 1) - 1};
    for (int r = 0; r < ROLE_WORD_COUNT; r++) d->done_today[r] = 0;
    tong_code code = TONG_OK;
    while (code == TONG_OK && d->acts > 0 && d->heap[0].at <= end.s) {
        struct drill_act act = drill_pop(d);
        code = caseload_advance(d->caseload, (utc_sec){act.at}, err);
        if (code == TONG_OK) code = drill_do(d, &act, err);
    }
    if (code == TONG_OK) code = caseload_advance(d->caseload, end, err);
    if (code == TONG_OK && d->broken) code = tong_fail(err, TONG_E_NOMEM, "no memory for the drill");
    struct drill_day *today = drill_today(d);
    for (size_t i = 0; i < d->acts; i++) today->tasks_left += d->heap[i].kind == DRILL_TASK;
    for (uint32_t i = 0; i < d->population->persons; i++) {
        uint8_t limits = spread_limits(d->spread, i);
        today->limited += limits != 0;
        today->confined += (limits >> LAYER_STANDING & 1) && (limits >> LAYER_CHANCE & 1);
    }
    return code;
}

tong_code drill_step(struct drill *d, struct err *err)
{
    tong_code code = spread_step(d->spread, err);
    if (code != TONG_OK) return code;
    struct key k = key_stream(d->options.seed, spread_day(d->spread), 0, KEY_OTHER);
    (void)spread_import(d->spread, key_poisson(&k, d->options.imported), 0);
    size_t count;
    const uint32_t *fresh = spread_new(d->spread, &count);
    drill_today(d)->infected = (int64_t)count;
    for (size_t i = 0; i < count; i++) infected(d, fresh[i]);
    return day_end(d, err);
}

tong_code drill_edition(struct drill *d, uint8_t edition, struct err *err)
{
    d->edition = edition;
    return caseload_edition(d->caseload, edition, (utc_sec){drill_midnight(d, spread_day(d->spread) + 1)}, err);
}

// ---- beginning and end ----

static tong_code homes(struct drill *d, struct err *err)
{
    const struct population *p = d->population;
    d->household_of = malloc((size_t)p->persons * sizeof *d->household_of);
    d->home_first = malloc(((size_t)p->households + 1) * sizeof *d->home_first);
    if (!d->household_of || !d->home_first) return tong_fail(err, TONG_E_NOMEM, "no memory for %u households", p->households);
    uint32_t home = 0;
    for (uint32_t i = 0; i < p->persons; i++) {
        if (p->resident[i].home == i) d->home_first[home++] = i;
        d->household_of[i] = home - 1;
    }
    d->home_first[home] = p->persons;
    return TONG_OK;
}

tong_code drill_open(const struct disease *disease, const struct population *population, const struct rulebook *book,
                     const struct drill_options *options, struct drill **out, struct err *err)
{
    *out = NULL;
    struct drill *d = calloc(1, sizeof *d);
    if (!d) return tong_fail(err, TONG_E_NOMEM, "no memory for a drill");
    d->options = *options;
    d->population = population;
    d->book = book;
    d->zone = book->editions[0]->zone;
    struct spread_options spread = {.seed = options->seed, .days = options->days, .threads = options->threads, .tie = options->tie, .limits = true};
    struct caseload_options load = {.forget = true, .depth_max = 64, .listener = drill_asked, .payload = d};
    d->subject_of = calloc(population->persons, sizeof *d->subject_of);
    d->place_limit = calloc(population->persons, sizeof *d->place_limit);
    d->day = calloc((size_t)options->days + 1, sizeof *d->day);
    tong_code code = TONG_OK;
    if (!d->subject_of || !d->place_limit || !d->day) code = tong_fail(err, TONG_E_NOMEM, "no memory for a drill");
    if (code == TONG_OK) code = homes(d, err);
    if (code == TONG_OK) code = spread_open(disease, population, &spread, &d->spread, err);
    if (code == TONG_OK) code = caseload_open(book, 0, &load, &d->caseload, err);
    if (code == TONG_OK) code = caseload_advance(d->caseload, (utc_sec){drill_midnight(d, 0)}, err);
    if (code != TONG_OK) {
        drill_close(d);
        return code;
    }
    size_t count;
    drill_today(d)->infected = spread_import(d->spread, options->seeds, 0);
    const uint32_t *fresh = spread_new(d->spread, &count);
    for (size_t i = 0; i < count; i++) infected(d, fresh[i]);
    *out = d;
    return TONG_OK;
}

void drill_close(struct drill *d)
{
    if (!d) return;
    spread_close(d->spread);
    caseload_close(d->caseload);
    free(d->subject_of);
    free(d->subject);
    free(d->home_first);
    free(d->household_of);
    free(d->place_limit);
    free(d->heap);
    free(d->day);
    free(d);
}

struct spread *drill_spread(struct drill *d)
{
    return d->spread;
}

const struct caseload *drill_caseload(const struct drill *d)
{
    return d->caseload;
}

const struct drill_day *drill_day_of(const struct drill *d, int32_t day)
{
    return &d->day[day];
}

size_t drill_bytes(const struct drill *d)
{
    return spread_bytes(d->spread) + caseload_bytes(d->caseload) + d->act_cap * sizeof *d->heap + d->subject_cap * sizeof *d->subject +
           (size_t)d->population->persons * (2 * sizeof(uint32_t) + 1) + d->population->households * sizeof(uint32_t);
}
