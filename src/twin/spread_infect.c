#include "twin/spread_inner.h"

// ---- counting ----

static void count_change(struct worker *w, spread_state state, int32_t age, int32_t day, int32_t by)
{
    int32_t days = calendar_days(w->spread);
    if (day < days) w->change[((size_t)state * DISEASE_AGES + (size_t)age) * (size_t)days + (size_t)day] += by;
}

static void count_move(struct worker *w, spread_state from, spread_state to, int32_t age, int32_t day)
{
    count_change(w, from, age, day, -1);
    count_change(w, to, age, day, 1);
}

static void count_course(struct worker *w, const struct course *c, int32_t age)
{
    spread_state at = c->symptoms < 0 ? STATE_ASYMPTOMATIC : STATE_LATENT;
    int32_t days = calendar_days(w->spread);
    w->infected[(size_t)age * (size_t)days + (size_t)c->infected]++;
    count_change(w, at, age, c->infected, 1);
    const struct {
        int32_t day;
        spread_state state;
    } step[] = {{c->symptoms, c->class == DISEASE_MILD ? STATE_MILD : STATE_SEVERE}, {c->hospital, STATE_HOSPITAL},
                {c->critical, STATE_CRITICAL}, {c->convalescent, STATE_CONVALESCENT}, {c->recovered, STATE_RECOVERED},
                {c->dead, STATE_DEAD}};
    for (size_t i = 0; i < sizeof step / sizeof *step; i++) {
        if (step[i].day < 0) continue;
        count_move(w, at, step[i].state, age, step[i].day);
        at = step[i].state;
    }
}

// ---- an infection ----

struct reach { // of one infected person
    const struct resident *who;
    uint32_t person, home, standing, stubs; // contacts of each layer
    double home_weight, standing_weight, weight; // sums over the contacts
    int32_t from, days; // infecting on the days from + 1 .. from + days
};

bool spread_standing_meets(const struct spread *s, uint32_t a, uint32_t b, int32_t day)
{
    double share = s->population->standing_share;
    if (share >= 1) return true;
    struct key k = key_stream(s->options.seed ^ (a < b ? a : b), day, a < b ? b : a, KEY_WORK);
    return key_uniform(&k) < share;
}

static void reach_attempt(struct worker *w, const struct reach *r, struct key *k, int32_t variant)
{
    struct spread *s = w->spread;
    const struct population *p = s->population;
    uint64_t whom = key_u64(k), when = key_u64(k);
    double x = (double)(whom >> 26) * 0x1p-38 * r->weight;
    uint64_t scaled = (uint64_t)(((key_u128)when * s->tables.infecting.upto[r->days]) >> 64);
    int32_t t = spell_at(&s->tables.infecting, scaled), day = r->from + (t < 1 ? 1 : t);
    if (day > s->options.days) return;
    struct attempt a = {.source = r->person, .coin = (uint32_t)whom & (ATTEMPT_COIN_ONE - 1), .variant = (uint32_t)variant & 3};
    if (x < r->home_weight) {
        uint32_t i = (uint32_t)(x / s->disease.layer_factor[LAYER_HOUSEHOLD]);
        if (i >= r->home) i = r->home - 1;
        a.layer = LAYER_HOUSEHOLD;
        a.target = r->who->home + i;
        if (a.target >= r->person) a.target++;
    } else if (x < r->home_weight + r->standing_weight) {
        uint32_t i = (uint32_t)((x - r->home_weight) / s->disease.layer_factor[LAYER_STANDING]);
        if (i >= r->standing) i = r->standing - 1;
        a.layer = LAYER_STANDING;
        a.target = p->standing[r->who->standing + i];
        if (!spread_standing_meets(s, r->person, a.target, day)) return;
    } else {
        uint32_t i = (uint32_t)((x - r->home_weight - r->standing_weight) / s->disease.layer_factor[LAYER_CHANCE]);
        if (i >= r->stubs) i = r->stubs - 1;
        a.layer = LAYER_CHANCE;
        a.target = p->stub_owner[pairing_partner(&s->pairing[day], r->who->stub + i)];
        if (a.target == r->person) return;
    }
    attempts_file(&w->attempts, (uint32_t)(day % w->attempts.horizon), a.target >> s->block_bits, a);
}

void spread_infected(struct worker *w, uint32_t person, uint32_t source, uint32_t layer, int32_t variant, uint8_t was)
{
    struct spread *s = w->spread;
    struct infection *i = &s->infection[person];
    const struct resident *who = &s->population->resident[person];
    bool again = i->day >= 0;
    *i = (struct infection){source, (int16_t)s->day, (uint8_t)layer, 0, (uint8_t)(variant & 3),
                            (uint8_t)((again ? i->again + (i->again < 15) : 0) & 15)};
    s->hot[person] = (uint8_t)(IMMUNE_INFECTED << 4 | (was & 15));
    struct key k = key_stream(s->options.seed, i->again, person, KEY_COURSE);
    struct course c = course_draw(&s->disease, &s->tables, who->age, s->day, &k);
    i->class = (uint8_t)(c.class & 3);
    count_course(w, &c, who->age);

    k = key_stream(s->options.seed, i->again, person, KEY_ATTEMPT);
    double sd = s->disease.multiplier_sd, multiplier = 1;
    if (sd > 0) multiplier = key_gamma(&k, 1 / (sd * sd)) * (sd * sd);
    struct reach r = {.who = who, .person = person, .from = s->day};
    if (s->disease.clock == CLOCK_ONSET) r.from = c.symptoms >= 0 ? c.symptoms - 1 : s->day + spell_draw(&s->tables.to_symptoms, &k) - 1;
    r.days = course_last_day(&c) - r.from;
    if (r.days <= 0) return;
    if (r.days > s->tables.infectious_days) r.days = s->tables.infectious_days;
    r.home = who->home_size - 1U;
    r.standing = who[1].standing - who->standing;
    r.stubs = who[1].stub - who->stub;
    r.home_weight = r.home * s->disease.layer_factor[LAYER_HOUSEHOLD];
    r.standing_weight = r.standing * s->disease.layer_factor[LAYER_STANDING];
    r.weight = r.home_weight + r.standing_weight + r.stubs * s->disease.layer_factor[LAYER_CHANCE];
    double expected = s->hazard * s->disease.infectiousness[c.class] * multiplier * s->disease.variant_rate[variant] *
                      s->tables.susceptibility_max * s->tables.weight_upto[r.days] * r.weight;
    for (uint32_t n = expected > 0 ? key_poisson(&k, expected) : 0; n > 0; n--) reach_attempt(w, &r, &k, variant);
}

uint32_t spread_chance_meets(const struct spread *s, uint32_t person, uint32_t stub, int32_t day)
{
    const struct population *p = s->population;
    struct pairing other = s->pairing[day];
    for (int round = 0; round < CHANCE_ROUNDS; round++) {
        if (round > 0) pairing_make(s->options.seed ^ (uint64_t)(0x5851F42D4C957F2DULL * (unsigned)round), day, p->stubs, &other);
        uint32_t met = p->stub_owner[pairing_partner(&other, stub)];
        if (met != person && !(s->limited && limit_holds(s, met, LAYER_CHANCE, day))) return met;
        if (!s->limited) break;
    }
    return SPREAD_NOBODY;
}
