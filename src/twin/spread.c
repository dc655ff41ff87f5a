#include "twin/spread_inner.h"

#include <stdlib.h>

static void *take(struct spread *s, size_t n, size_t size)
{
    s->bytes += n * size;
    return calloc(n ? n : 1, size);
}

static void spread_takes(struct spread *s)
{
    for (int v = 0; v < DISEASE_VARIANTS; v++) {
        for (int a = 0; a < DISEASE_AGES; a++) {
            double share = s->disease.age[a].susceptibility / s->tables.susceptibility_max;
            s->takes[v][IMMUNE_NOT << 4 | a] = (uint32_t)(share * ATTEMPT_COIN_ONE);
        }
    }
}

static tong_code workers_open(struct spread *s, struct err *err)
{
    int32_t horizon = s->tables.infectious_days + 1;
    if (s->disease.clock == CLOCK_ONSET) horizon += s->tables.to_symptoms.days;
    size_t days = (size_t)calendar_days(s);
    s->worker = take(s, (size_t)s->options.threads, sizeof *s->worker);
    if (!s->worker) return tong_fail(err, TONG_E_NOMEM, "no memory for the workers");
    for (int32_t i = 0; i < s->options.threads; i++) {
        struct worker *w = &s->worker[i];
        w->spread = s;
        w->change = take(s, STATE_COUNT * DISEASE_AGES * days, sizeof *w->change);
        w->infected = take(s, DISEASE_AGES * days, sizeof *w->infected);
        if (!w->change || !w->infected || attempts_open(horizon, s->blocks, &w->attempts)) {
            return tong_fail(err, TONG_E_NOMEM, "no memory for the calendar");
        }
    }
    return team_open(s->options.threads, &s->team, err);
}

static tong_code spread_fill(struct spread *s, struct err *err)
{
    const struct population *p = s->population;
    s->block_bits = BLOCK_BITS_MIN;
    while (p->persons >> s->block_bits >= BLOCKS_MAX) s->block_bits++;
    s->blocks = (p->persons >> s->block_bits) + 1;
    s->hot = take(s, p->persons, sizeof *s->hot);
    s->infection = take(s, p->persons, sizeof *s->infection);
    s->pairing = take(s, (size_t)calendar_days(s), sizeof *s->pairing);
    if (s->options.limits) s->limit = take(s, p->persons, sizeof *s->limit);
    if (!s->hot || !s->infection || !s->pairing || (s->options.limits && !s->limit)) return tong_fail(err, TONG_E_NOMEM, "no memory for %u people", p->persons);
    for (uint32_t i = 0; i < p->persons; i++) {
        s->hot[i] = (uint8_t)(IMMUNE_NOT << 4 | p->resident[i].age);
        s->infection[i].day = -1;
    }
    for (int32_t d = 0; d <= s->options.days; d++) pairing_make(s->options.seed, d, p->stubs ? p->stubs : 2, &s->pairing[d]);
    return workers_open(s, err);
}

tong_code spread_open(const struct disease *disease, const struct population *population,
                      const struct spread_options *options, struct spread **out, struct err *err)
{
    *out = NULL;
    if (options->days < 1 || options->days > SPREAD_DAYS_MAX || options->threads < 1 || options->threads > TEAM_MEMBERS_MAX) {
        return tong_fail(err, TONG_E_INVALID, "a run has 1 to %d days and 1 to %d threads", SPREAD_DAYS_MAX, TEAM_MEMBERS_MAX);
    }
    struct spread *s = calloc(1, sizeof *s);
    if (!s) return tong_fail(err, TONG_E_NOMEM, "no memory for a run");
    s->disease = *disease;
    s->population = population;
    s->options = *options;
    disease_tabulate(disease, &s->tables);
    double contacts = options->contacts > 0 ? options->contacts : population_contacts(population, disease->layer_factor);
    s->hazard = contacts > 0 ? disease->rate / contacts : 0;
    tong_code code = s->tables.susceptibility_max > 0
                         ? spread_fill(s, err)
                         : tong_fail(err, TONG_E_INVALID, "nobody is susceptible at any age");
    if (code != TONG_OK) {
        spread_close(s);
        return code;
    }
    spread_takes(s);
    *out = s;
    return TONG_OK;
}

void spread_close(struct spread *s)
{
    if (!s) return;
    team_close(s->team);
    for (int32_t i = 0; s->worker && i < s->options.threads; i++) {
        attempts_close(&s->worker[i].attempts);
        free(s->worker[i].chosen);
        free(s->worker[i].moved);
        free(s->worker[i].fresh);
        free(s->worker[i].change);
        free(s->worker[i].infected);
    }
    free(s->worker);
    free(s->hot);
    free(s->infection);
    free(s->limit);
    free(s->fresh);
    free(s->pairing);
    free(s);
}

bool spread_infect(struct spread *s, uint32_t person, int32_t variant)
{
    uint8_t hot = s->hot[person];
    if (s->takes[variant][hot] == 0) return false;
    if (s->limit && !spread_fresh(s, person)) return false;
    spread_infected(&s->worker[0], person, SPREAD_NOBODY, LAYER_OUTSIDE, variant, hot);
    return true;
}

uint32_t spread_import(struct spread *s, uint32_t n, int32_t variant)
{
    struct key k = key_stream(s->options.seed, s->day, (uint32_t)variant, KEY_SEEDS);
    uint32_t done = 0, persons = s->population->persons;
    for (uint64_t tries = 0; done < n && tries < 64ULL * n + 64; tries++) {
        done += spread_infect(s, key_below(&k, persons), variant) ? 1 : 0;
    }
    return done;
}

int32_t spread_day(const struct spread *s)
{
    return s->day;
}

const struct infection *spread_infection(const struct spread *s, uint32_t person)
{
    return &s->infection[person];
}

struct course spread_course(const struct spread *s, uint32_t person)
{
    const struct infection *i = &s->infection[person];
    struct key k = key_stream(s->options.seed, i->again, person, KEY_COURSE);
    return course_draw(&s->disease, &s->tables, s->population->resident[person].age, i->day, &k);
}

uint64_t spread_attempts(const struct spread *s)
{
    uint64_t sum = 0;
    for (int32_t i = 0; i < s->options.threads; i++) sum += s->worker[i].attempts.filed;
    return sum;
}

size_t spread_bytes(const struct spread *s)
{
    size_t sum = s->bytes + s->population->bytes;
    for (int32_t i = 0; i < s->options.threads; i++) {
        sum += s->worker[i].attempts.bytes + s->worker[i].chosen_cap * sizeof *s->worker[i].chosen;
    }
    return sum;
}

int64_t spread_count(const struct spread *s, spread_state state, int32_t age, int32_t day)
{
    size_t days = (size_t)calendar_days(s), row = ((size_t)state * DISEASE_AGES + (size_t)age) * days;
    int64_t sum = 0;
    for (int32_t i = 0; i < s->options.threads; i++) {
        for (int32_t d = 0; d <= day; d++) sum += s->worker[i].change[row + (size_t)d];
    }
    return sum;
}

int64_t spread_infected_on(const struct spread *s, int32_t age, int32_t day)
{
    int64_t sum = 0;
    for (int32_t i = 0; i < s->options.threads; i++) {
        sum += s->worker[i].infected[(size_t)age * (size_t)calendar_days(s) + (size_t)day];
    }
    return sum;
}
