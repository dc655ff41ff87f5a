#include "twin/population.h"

#include "twin/key.h"

#include <assert.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { RAKE_ROUNDS = 200 };

static int household_size(const struct household_kind *kind)
{
    int size = 0;
    for (int a = 0; a < DISEASE_AGES; a++) size += kind->people[a];
    return size;
}

static double sum_of(const double *x, int n)
{
    double sum = 0;
    for (int i = 0; i < n; i++) sum += x[i];
    return sum;
}

// Raking (Deming, Stephan 1940): the weights of the sampled households are scaled in turn until households by size and
// people by age have the wanted shares. A household's scale for an age is the power of its share of such people, so
// that one correction does not undo the others more than needed (Deville, Saerndal, Sautory 1993).
static void rake(const struct population_plan *plan, double *weight)
{
    double sizes = sum_of(plan->size_share, POPULATION_HOUSEHOLD_MAX + 1), ages = sum_of(plan->age_share, DISEASE_AGES);
    for (int round = 0; round < RAKE_ROUNDS; round++) {
        double by_size[POPULATION_HOUSEHOLD_MAX + 1] = {0}, by_age[DISEASE_AGES] = {0}, households = 0, people = 0;
        for (uint32_t k = 0; k < plan->kinds; k++) {
            by_size[household_size(&plan->kind[k])] += weight[k];
            households += weight[k];
        }
        for (uint32_t k = 0; k < plan->kinds && sizes > 0; k++) {
            int size = household_size(&plan->kind[k]);
            double have = by_size[size] / households, want = plan->size_share[size] / sizes;
            weight[k] *= have > 0 ? want / have : 0;
        }
        for (uint32_t k = 0; k < plan->kinds; k++) {
            for (int a = 0; a < DISEASE_AGES; a++) by_age[a] += weight[k] * plan->kind[k].people[a];
        }
        people = sum_of(by_age, DISEASE_AGES);
        double log_scale[DISEASE_AGES] = {0};
        for (int a = 0; a < DISEASE_AGES && ages > 0; a++) {
            double have = by_age[a] / people, want = plan->age_share[a] / ages;
            if (have > 0 && want > 0) log_scale[a] = key_log(want / have);
            if (have > 0 && want <= 0) log_scale[a] = -50;
        }
        for (uint32_t k = 0; k < plan->kinds && ages > 0; k++) {
            double power = 0;
            int size = household_size(&plan->kind[k]);
            for (int a = 0; a < DISEASE_AGES; a++) power += log_scale[a] * plan->kind[k].people[a] / size;
            weight[k] *= key_exp(power < -600 ? -600 : power);
        }
    }
}

static tong_code plan_check(const struct population_plan *plan, struct err *err)
{
    if (plan->persons == 0 || plan->persons > POPULATION_PERSONS_MAX) {
        return tong_fail(err, TONG_E_INVALID, "a population has 1 to %d people, not %u", POPULATION_PERSONS_MAX, plan->persons);
    }
    if (plan->kinds == 0) return tong_fail(err, TONG_E_INVALID, "the population plan names no household");
    double have[DISEASE_AGES] = {0};
    for (uint32_t k = 0; k < plan->kinds; k++) {
        int size = household_size(&plan->kind[k]);
        if (size < 1 || size > POPULATION_HOUSEHOLD_MAX || !(plan->kind[k].weight > 0)) {
            return tong_fail(err, TONG_E_INVALID, "household kind %u: 1 to %d people and a weight above 0 are wanted", k + 1,
                           POPULATION_HOUSEHOLD_MAX);
        }
        for (int a = 0; a < DISEASE_AGES; a++) have[a] += plan->kind[k].people[a];
    }
    for (int a = 0; a < DISEASE_AGES; a++) {
        if (plan->age_share[a] > 0 && have[a] <= 0) {
            return tong_fail(err, TONG_E_INVALID, "no household of the plan has anybody of %d to %d years", 10 * a, 10 * a + 9);
        }
    }
    return TONG_OK;
}

static void *take(struct population *p, size_t n, size_t size)
{
    p->bytes += n * size;
    return calloc(n ? n : 1, size);
}

// Draws households until there are enough people; the last one is cut to fit.
static tong_code people_make(const struct population_plan *plan, uint64_t seed, struct population *out, struct err *err)
{
    double *upto = calloc(plan->kinds, sizeof *upto);
    if (!upto) return tong_fail(err, TONG_E_NOMEM, "no memory for the household kinds");
    for (uint32_t k = 0; k < plan->kinds; k++) upto[k] = plan->kind[k].weight;
    rake(plan, upto);
    for (uint32_t k = 1; k < plan->kinds; k++) upto[k] += upto[k - 1];
    uint32_t made = 0;
    for (uint32_t household = 0; made < plan->persons; household++) {
        struct key key = key_stream(seed, 0, household, KEY_HOUSEHOLD);
        double at = key_uniform(&key) * upto[plan->kinds - 1];
        uint32_t low = 0, high = plan->kinds - 1;
        while (low < high) {
            uint32_t middle = low + (high - low) / 2;
            if (upto[middle] > at) high = middle;
            else low = middle + 1;
        }
        uint32_t first = made;
        for (int a = DISEASE_AGES - 1; a >= 0; a--) {
            for (int i = 0; i < plan->kind[low].people[a] && made < plan->persons; i++) {
                out->resident[made++] = (struct resident){.home = first, .age = (uint8_t)a};
            }
        }
        for (uint32_t i = first; i < made; i++) out->resident[i].home_size = (uint8_t)(made - first);
        out->households++;
    }
    free(upto);
    return TONG_OK;
}

// ---- standing contacts: a ring in each circle, some of its contacts rewired ----

struct ring {
    uint32_t *member, n; // persons in ring order
    uint32_t reach;      // neighbours on either side
    double rewired;
    uint64_t seed;
    uint32_t circle;
};

// Both ends of edge e of the ring. Each direction is rewired by itself, as in the peer's code, so that of the edges
// 1 - (1 - rewired)^2 lead elsewhere.
static void ring_edge(const struct ring *r, uint64_t e, uint32_t end[2])
{
    uint32_t i = (uint32_t)(e / r->reach), step = (uint32_t)(e % r->reach) + 1;
    struct key k = key_stream(r->seed ^ r->circle, (int32_t)step, i, KEY_NETWORK);
    uint32_t j = i + step;
    if (j >= r->n) j -= r->n;
    if (key_uniform(&k) < r->rewired) {
        do j = key_below(&k, r->n);
        while (j == i);
    } else if (key_uniform(&k) < r->rewired) {
        uint32_t other = j;
        do i = key_below(&k, r->n);
        while (i == other);
    }
    end[0] = r->member[i];
    end[1] = r->member[j];
}

static uint32_t bit_of(const struct resident *r)
{
    return 1U << r->age;
}

// Who belongs to which circle: first the ages a circle is made of, then its helpers, drawn from those of their ages.
static void circles_fill(const struct population_plan *plan, uint64_t seed, struct population *p)
{
    uint32_t count[POPULATION_CIRCLES] = {0}, of_age[DISEASE_AGES] = {0};
    for (uint32_t i = 0; i < p->persons; i++) {
        p->resident[i].circle = POPULATION_CIRCLES;
        of_age[p->resident[i].age]++;
        for (uint32_t c = 0; c < plan->circles; c++) {
            if (plan->circle[c].ages & bit_of(&p->resident[i])) {
                p->resident[i].circle = (uint8_t)c;
                count[c]++;
                break;
            }
        }
    }
    for (uint32_t i = 0; i < p->persons; i++) {
        struct key k = key_stream(seed, 0, i, KEY_NETWORK);
        double u = key_uniform(&k);
        for (uint32_t c = 0; c < plan->circles; c++) {
            const struct circle_plan *circle = &plan->circle[c];
            if (circle->helpers <= 0 || !(circle->helper_ages & bit_of(&p->resident[i]))) continue;
            double able = 0;
            for (int a = 0; a < DISEASE_AGES; a++) able += circle->helper_ages >> a & 1 ? of_age[a] : 0;
            double share = circle->helpers * count[c] / able;
            if (u < share) {
                p->resident[i].circle = (uint8_t)c;
                break;
            }
            u -= share;
        }
    }
}

static uint32_t ring_members(const struct population *p, uint32_t circle, uint64_t seed, uint32_t *member)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < p->persons; i++) {
        if (p->resident[i].circle == circle) member[n++] = i;
    }
    struct key k = key_stream(seed, 0, circle, KEY_NETWORK);
    for (uint32_t i = n; i > 1; i--) { // Durstenfeld 1964
        uint32_t j = key_below(&k, i), other = member[j];
        member[j] = member[i - 1];
        member[i - 1] = other;
    }
    return n;
}

// resident[i].standing counts first, then becomes where i's contacts begin, as in a counting sort.
static void standing_begin(struct population *p)
{
    uint32_t at = 0;
    for (uint32_t i = 0; i <= p->persons; i++) {
        uint32_t n = p->resident[i].standing;
        p->resident[i].standing = at;
        at += n;
    }
}

static void standing_put(struct population *p, const uint32_t end[2])
{
    // Filled from the front: `standing` of i moves on, and is set back when all are in.
    p->standing[p->resident[end[0]].standing++] = end[1];
    p->standing[p->resident[end[1]].standing++] = end[0];
}

static void standing_set_back(struct population *p)
{
    for (uint32_t i = p->persons; i > 0; i--) p->resident[i].standing = p->resident[i - 1].standing;
    p->resident[0].standing = 0;
}

static tong_code standing_make(const struct population_plan *plan, uint64_t seed, struct population *p, struct err *err)
{
    circles_fill(plan, seed, p);
    uint32_t *members = malloc((size_t)p->persons * sizeof *members), at = 0;
    if (!members) return tong_fail(err, TONG_E_NOMEM, "no memory for the standing contacts");
    struct ring ring[POPULATION_CIRCLES];
    uint64_t edges = 0;
    for (uint32_t c = 0; c < plan->circles; c++) {
        struct ring *r = &ring[c];
        *r = (struct ring){members + at, 0, (uint32_t)(plan->circle[c].contacts / 2 + 0.5), plan->circle[c].rewired, seed, c};
        r->n = ring_members(p, c, seed, r->member);
        at += r->n;
        if (r->n < 3) r->reach = 0;
        if (r->reach > 0 && r->reach * 2 >= r->n) r->reach = (r->n - 1) / 2;
        edges += (uint64_t)r->n * r->reach;
    }
    tong_code code = TONG_OK;
    if (edges * 2 > UINT32_MAX) code = tong_fail(err, TONG_E_INVALID, "more than 2^32 standing contacts");
    if (code == TONG_OK) p->standing = take(p, edges * 2, sizeof *p->standing);
    if (code == TONG_OK && !p->standing) code = tong_fail(err, TONG_E_NOMEM, "no memory for %llu contacts", (unsigned long long)edges);
    for (int pass = 0; pass < 2 && code == TONG_OK; pass++) {
        if (pass == 1) standing_begin(p);
        for (uint32_t c = 0; c < plan->circles; c++) {
            for (uint64_t e = 0; e < (uint64_t)ring[c].n * ring[c].reach; e++) {
                uint32_t end[2];
                ring_edge(&ring[c], e, end);
                if (pass == 1) {
                    standing_put(p, end);
                } else {
                    p->resident[end[0]].standing++;
                    p->resident[end[1]].standing++;
                }
            }
        }
    }
    if (code == TONG_OK) standing_set_back(p);
    free(members);
    return code;
}

// ---- chance contacts: stubs ----

static tong_code stubs_make(const double mean[DISEASE_AGES], const double sd[DISEASE_AGES], uint64_t seed,
                            struct population *p, struct err *err)
{
    uint64_t stubs = 0;
    for (int pass = 0; pass < 2; pass++) {
        uint64_t at = 0;
        for (uint32_t i = 0; i < p->persons; i++) {
            int a = p->resident[i].age;
            struct key k = key_stream(seed, 0, i, KEY_STUBS);
            uint32_t n;
            double variance = sd[a] * sd[a], excess = variance - mean[a];
            if (sd[a] <= 0) n = (uint32_t)(mean[a] + 0.5);
            else if (excess <= 0) n = key_poisson(&k, mean[a]);
            else n = key_negative_binomial(&k, mean[a], mean[a] * mean[a] / excess);
            if (pass == 1) {
                p->resident[i].stub = (uint32_t)at;
                for (uint32_t s = 0; s < n; s++) p->stub_owner[at + s] = i;
            }
            at += n;
        }
        if (pass == 0) {
            stubs = at + (at & 1);
            if (stubs > UINT32_MAX) return tong_fail(err, TONG_E_INVALID, "more than 2^32 chance contacts");
            p->stub_owner = take(p, stubs, sizeof *p->stub_owner);
            if (!p->stub_owner) return tong_fail(err, TONG_E_NOMEM, "no memory for the chance contacts");
        } else {
            if (at & 1) p->stub_owner[at++] = p->persons - 1; // an even number: the last person has one more
            p->resident[p->persons].stub = (uint32_t)at;
        }
    }
    p->stubs = (uint32_t)stubs;
    return TONG_OK;
}

static tong_code population_begin(uint32_t persons, struct population *out, struct err *err)
{
    *out = (struct population){.persons = persons, .standing_share = 1};
    out->resident = take(out, (size_t)persons + 1, sizeof *out->resident);
    return out->resident ? TONG_OK : tong_fail(err, TONG_E_NOMEM, "no memory for %u people", persons);
}

tong_code population_make(const struct population_plan *plan, uint64_t seed, struct population *out, struct err *err)
{
    tong_code code = plan_check(plan, err);
    if (code != TONG_OK) return code;
    code = population_begin(plan->persons, out, err);
    if (code == TONG_OK) code = people_make(plan, seed, out, err);
    if (code == TONG_OK) code = standing_make(plan, seed, out, err);
    if (code == TONG_OK) code = stubs_make(plan->chance_mean, plan->chance_sd, seed, out, err);
    if (code == TONG_OK) out->standing_share = plan->standing_share;
    if (code != TONG_OK) population_free(out);
    return code;
}

void population_free(struct population *p)
{
    free(p->resident);
    free(p->standing);
    free(p->stub_owner);
    *p = (struct population){0};
}

double population_contacts(const struct population *p, const double factor[LAYER_COUNT])
{
    double home = 0;
    for (uint32_t i = 0; i < p->persons; i++) home += p->resident[i].home_size - 1;
    double standing = p->standing ? p->resident[p->persons].standing : 0;
    return (home * factor[LAYER_HOUSEHOLD] + standing * p->standing_share * factor[LAYER_STANDING] +
            (double)p->stubs * factor[LAYER_CHANCE]) /
           p->persons;
}

// ---- the plain ones, for theory ----

static void singles(struct population *p)
{
    for (uint32_t i = 0; i < p->persons; i++) p->resident[i] = (struct resident){.home = i, .home_size = 1};
    p->households = p->persons;
}

tong_code population_mass_action(uint32_t persons, uint32_t contacts, struct population *out, struct err *err)
{
    tong_code code = population_begin(persons, out, err);
    if (code != TONG_OK) return code;
    singles(out);
    double mean[DISEASE_AGES], sd[DISEASE_AGES] = {0};
    for (int a = 0; a < DISEASE_AGES; a++) mean[a] = contacts;
    code = stubs_make(mean, sd, 1, out, err);
    if (code != TONG_OK) population_free(out);
    return code;
}

tong_code population_households(uint32_t households, uint32_t size, struct population *out, struct err *err)
{
    assert(size >= 1 && size <= POPULATION_HOUSEHOLD_MAX);
    tong_code code = population_begin(households * size, out, err);
    if (code != TONG_OK) return code;
    for (uint32_t i = 0; i < out->persons; i++) {
        out->resident[i] = (struct resident){.home = i - i % size, .home_size = (uint8_t)size};
    }
    out->households = households;
    return TONG_OK;
}

tong_code population_graph(uint32_t persons, const uint32_t (*edge)[2], uint32_t edges, struct population *out,
                           struct err *err)
{
    tong_code code = population_begin(persons, out, err);
    if (code != TONG_OK) return code;
    singles(out);
    out->standing = take(out, (size_t)edges * 2, sizeof *out->standing);
    if (!out->standing) {
        population_free(out);
        return tong_fail(err, TONG_E_NOMEM, "no memory for %u edges", edges);
    }
    for (uint32_t e = 0; e < edges; e++) {
        out->resident[edge[e][0]].standing++;
        out->resident[edge[e][1]].standing++;
    }
    standing_begin(out);
    for (uint32_t e = 0; e < edges; e++) standing_put(out, edge[e]);
    standing_set_back(out);
    return TONG_OK;
}
