#include "twin/spread_inner.h"

#include <stdlib.h>

// The lower rank is the one that infects.
static uint64_t rank_of(const struct spread *s, const struct attempt *a)
{
    uint64_t chance = key_mix((uint64_t)a->source << 32 | a->coin);
    if (s->options.tie == TIE_FAIR) return chance;
    struct course c = spread_course(s, a->source);
    bool severe = c.class == DISEASE_SEVERE, shows = c.symptoms >= 0 && c.symptoms < s->day;
    uint64_t list = c.symptoms < 0 ? 4 : (shows ? 2u : 0u) + (severe ? 0u : 1u);
    uint64_t days = (uint64_t)(s->day - (shows ? c.symptoms : c.infected)) & 0xFFFF;
    return list << 60 | days << 44 | chance >> 20;
}

enum { LAYER_SPARED = 15 }; // of an attempt that a limit prevents

// Room for one more in a growing list.
static bool room(void **list, size_t n, size_t *cap, size_t size)
{
    if (n < *cap) return true;
    size_t more = *cap ? *cap * 2 : 4096;
    void *moved = realloc(*list, more * size);
    if (!moved) return false;
    *list = moved;
    *cap = more;
    return true;
}

static bool choose(struct worker *w, const struct attempt *a)
{
    struct spread *s = w->spread;
    if (a->layer == LAYER_SPARED) return true;
    uint8_t hot = s->hot[a->target];
    if (a->coin >= s->takes[a->variant][hot] && hot >> 4 != IMMUNE_CHOSEN) return true;
    if (hot >> 4 == IMMUNE_CHOSEN) {
        struct chosen *other = &w->chosen[s->infection[a->target].source];
        bool takes = a->coin < s->takes[a->variant][other->was];
        if (takes && rank_of(s, a) < rank_of(s, &other->attempt)) other->attempt = *a;
        return true;
    }
    if (!room((void **)&w->chosen, w->chosen_n, &w->chosen_cap, sizeof *w->chosen)) return false;
    s->infection[a->target].source = (uint32_t)w->chosen_n;
    s->hot[a->target] = (uint8_t)(IMMUNE_CHOSEN << 4 | (hot & 15));
    w->chosen[w->chosen_n++] = (struct chosen){*a, hot};
    return true;
}

// The stub of `source` that meets `target` on that day when nobody is kept at home.
static bool stub_between(const struct spread *s, uint32_t source, uint32_t target, uint32_t *stub)
{
    const struct population *p = s->population;
    for (*stub = p->resident[source].stub; *stub < p->resident[source + 1].stub; (*stub)++) {
        if (p->stub_owner[pairing_partner(&s->pairing[s->day], *stub)] == target) return true;
    }
    return false;
}

// What limits do to an attempt: nothing, it is spared, or it meets somebody else.
static bool limit(struct worker *w, struct attempt *a)
{
    struct spread *s = w->spread;
    bool source = limit_holds(s, a->source, a->layer, s->day), target = limit_holds(s, a->target, a->layer, s->day);
    if (!source && !target) return true;
    uint32_t stub, met = SPREAD_NOBODY;
    if (!source && a->layer == LAYER_CHANCE && stub_between(s, a->source, a->target, &stub)) {
        met = spread_chance_meets(s, a->source, stub, s->day);
    }
    if (met != SPREAD_NOBODY) {
        if (!room((void **)&w->moved, w->moved_n, &w->moved_cap, sizeof *w->moved)) return false;
        w->moved[w->moved_n] = *a;
        w->moved[w->moved_n++].target = met;
    }
    a->layer = LAYER_SPARED;
    return true;
}

static void worker_limit(void *context, uint32_t block, int32_t member)
{
    struct spread *s = context;
    struct worker *w = &s->worker[member];
    for (int32_t i = 0; i < s->options.threads; i++) {
        struct attempts_chunk *chunk = attempts_list(&s->worker[i].attempts, s->day, block);
        for (; chunk; chunk = chunk->next) {
            for (uint32_t n = 0; n < chunk->n; n++) {
                if (!limit(w, &chunk->attempt[n])) w->failed = true;
            }
        }
    }
}

// Before the day's infections: limits thin the attempts, and chance contacts of those who still go out are made up for.
static void limits_day(struct spread *s)
{
    team_run(s->team, s->blocks, worker_limit, s);
    for (int32_t i = 0; i < s->options.threads; i++) {
        struct worker *w = &s->worker[i], *first = &s->worker[0];
        for (size_t n = 0; n < w->moved_n; n++) {
            attempts_file(&first->attempts, (uint32_t)(s->day % first->attempts.horizon), w->moved[n].target >> s->block_bits, w->moved[n]);
        }
        w->moved_n = 0;
    }
}

static void block_day(struct worker *w, uint32_t block)
{
    struct spread *s = w->spread;
    w->chosen_n = 0;
    for (int32_t i = 0; i < s->options.threads; i++) {
        struct attempts_chunk *chunk = attempts_take(&s->worker[i].attempts, s->day, block);
        while (chunk) {
            for (uint32_t n = 0; n < chunk->n; n++) {
                if (!choose(w, &chunk->attempt[n])) w->failed = true;
            }
            struct attempts_chunk *next = chunk->next;
            attempts_free(&w->attempts, chunk);
            chunk = next;
        }
    }
    for (size_t i = 0; i < w->chosen_n; i++) {
        const struct chosen *c = &w->chosen[i];
        spread_infected(w, c->attempt.target, c->attempt.source, c->attempt.layer, (int32_t)c->attempt.variant, c->was);
        if (!s->limit) continue;
        if (room((void **)&w->fresh, w->fresh_n, &w->fresh_cap, sizeof *w->fresh)) w->fresh[w->fresh_n++] = c->attempt.target;
        else w->failed = true;
    }
}

static void worker_day(void *context, uint32_t block, int32_t member)
{
    struct spread *s = context;
    block_day(&s->worker[member], block);
}

static int by_person(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

const uint32_t *spread_new(struct spread *s, size_t *count)
{
    qsort(s->fresh, s->fresh_n, sizeof *s->fresh, by_person);
    *count = s->fresh_n;
    return s->fresh;
}

bool spread_fresh(struct spread *s, uint32_t person)
{
    if (!room((void **)&s->fresh, s->fresh_n, &s->fresh_cap, sizeof *s->fresh)) return false;
    s->fresh[s->fresh_n++] = person;
    return true;
}

static bool fresh_gather(struct spread *s, struct worker *w)
{
    for (size_t n = 0; n < w->fresh_n; n++) {
        if (!spread_fresh(s, w->fresh[n])) return false;
    }
    w->fresh_n = 0;
    return true;
}

tong_code spread_step(struct spread *s, struct err *err)
{
    if (s->day >= s->options.days) return tong_fail(err, TONG_E_LIMIT, "the calendar ends on day %d", s->options.days);
    s->day++;
    s->fresh_n = 0;
    if (s->limited) limits_day(s);
    team_run(s->team, s->blocks, worker_day, s);
    for (int32_t i = 0; i < s->options.threads; i++) {
        if (!fresh_gather(s, &s->worker[i]) || s->worker[i].failed || s->worker[i].attempts.failed) {
            return tong_fail(err, TONG_E_NOMEM, "no memory for the attempts of day %d", s->day);
        }
    }
    return TONG_OK;
}

void spread_limit(struct spread *s, uint32_t person, uint8_t layers)
{
    struct limit *l = &s->limit[person];
    int16_t tomorrow = (int16_t)(s->day + 1);
    if (layers == spread_limits(s, person)) return;
    s->limited = true;
    if (layers == 0) l->upto = (int16_t)(tomorrow - 1);
    else *l = (struct limit){layers, tomorrow, INT16_MAX};
}

uint8_t spread_limits(const struct spread *s, uint32_t person)
{
    const struct limit *l = &s->limit[person];
    return l->upto == INT16_MAX ? l->layers : 0;
}

static size_t met_at(const struct spread *s, uint32_t person, disease_layer layer, int32_t day, uint32_t *out, size_t room)
{
    const struct population *p = s->population;
    const struct resident *r = &p->resident[person];
    uint32_t first = layer == LAYER_HOUSEHOLD ? 0 : layer == LAYER_STANDING ? r->standing : r->stub;
    uint32_t end = layer == LAYER_HOUSEHOLD ? r->home_size : layer == LAYER_STANDING ? r[1].standing : r[1].stub;
    size_t n = 0;
    if (s->limit && limit_holds(s, person, layer, day)) return 0;
    for (uint32_t i = first; i < end; i++) {
        uint32_t met = layer == LAYER_HOUSEHOLD ? r->home + i : layer == LAYER_STANDING ? p->standing[i] : spread_chance_meets(s, person, i, day);
        if (met == person || met == SPREAD_NOBODY || (s->limit && limit_holds(s, met, layer, day))) continue;
        if (layer == LAYER_STANDING && !spread_standing_meets(s, person, met, day)) continue;
        if (n < room) out[n] = met;
        n++;
    }
    return n;
}

size_t spread_met(const struct spread *s, uint32_t person, int32_t day, uint8_t layers, uint32_t *out, uint8_t *layer, size_t room)
{
    size_t n = 0;
    for (int l = 0; l < LAYER_COUNT; l++) {
        if (!(layers >> l & 1)) continue;
        size_t left = n < room ? room - n : 0, met = met_at(s, person, (disease_layer)l, day, out + (n < room ? n : room), left);
        for (size_t i = n; i < n + met && i < room; i++) layer[i] = (uint8_t)l;
        n += met;
    }
    return n;
}
