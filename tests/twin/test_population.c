// The population: households raked to their margins, circles, standing contacts from both ends, chance meetings.
#include "tap.h"

#include "peer.h"
#include "twin/pairing.h"
#include "twin/population.h"

enum { PERSONS = 40000 };

// Ages: bit 0 young children, 1 pupils, ... as decades.
static const struct household_kind kinds[] = {
    {{0, 0, 0, 1, 0, 0, 0, 0, 0}, 1}, {{0, 0, 0, 0, 0, 0, 0, 1, 0}, 1}, {{0, 0, 1, 1, 0, 0, 0, 0, 0}, 1},
    {{1, 0, 0, 2, 0, 0, 0, 0, 0}, 1}, {{1, 1, 0, 1, 1, 0, 0, 0, 0}, 1}, {{0, 1, 0, 0, 1, 1, 0, 0, 0}, 1},
    {{0, 0, 0, 0, 0, 1, 1, 0, 0}, 1}, {{0, 0, 0, 0, 0, 0, 0, 1, 1}, 1},
};

static struct population_plan plan_of(void)
{
    struct population_plan plan = {.persons = PERSONS, .kind = kinds, .kinds = sizeof kinds / sizeof *kinds, .standing_share = 0.5};
    plan.circle[0] = (struct circle_plan){20, 0.1, 1U << 0 | 1U << 1, 0.2, 0x7C};
    plan.circle[1] = (struct circle_plan){14, 0.1, 0x7C, 0, 0};
    plan.circles = 2;
    for (int a = 0; a < DISEASE_AGES; a++) plan.chance_mean[a] = 3, plan.chance_sd[a] = 3;
    return plan;
}

static void test_margins(void)
{
    struct population_plan plan = plan_of();
    struct population p;
    struct err err = {0};
    // Margins that can be had: those of the same households with other weights, which raking is not told.
    static const double hidden[] = {3, 2, 4, 3, 2.5, 2, 1.5, 1};
    double people = 0, want[DISEASE_AGES] = {0};
    for (uint32_t k = 0; k < plan.kinds; k++) {
        int members = 0;
        for (int a = 0; a < DISEASE_AGES; a++) members += kinds[k].people[a], want[a] += hidden[k] * kinds[k].people[a];
        plan.size_share[members] += hidden[k] / 19;
        people += hidden[k] * members;
    }
    for (int a = 0; a < DISEASE_AGES; a++) plan.age_share[a] = want[a] /= people;
    OK(population_make(&plan, 1, &p, &err) == TONG_OK, "made (%s)", err.text);
    double size[5] = {0}, age[DISEASE_AGES] = {0};
    bool homes = true;
    for (uint32_t i = 0; i < p.persons; i++) {
        const struct resident *r = &p.resident[i];
        age[r->age] += 1.0 / p.persons;
        if (r->home == i) size[r->home_size < 5 ? r->home_size : 0] += 1.0 / p.households;
        homes = homes && r->home <= i && i < r->home + r->home_size && p.resident[r->home].home == r->home;
    }
    OK(homes, "a household is a run of neighbours");
    for (int s = 1; s <= 4; s++) NEAR(size[s], plan.size_share[s], 0.012, "households of %d", s);
    for (int a = 0; a < DISEASE_AGES; a++) NEAR(age[a], want[a], 0.012, "people of %d years and on", 10 * a);
    population_free(&p);
}

static int contacts_of(const struct population *p, uint32_t a, uint32_t b)
{
    int n = 0;
    for (uint32_t i = p->resident[a].standing; i < p->resident[a + 1].standing; i++) n += p->standing[i] == b;
    return n;
}

static void test_standing(void)
{
    struct population_plan plan = plan_of();
    struct population p, again;
    struct err err = {0};
    OK(population_make(&plan, 2, &p, &err) == TONG_OK, "made");
    OK(population_make(&plan, 2, &again, &err) == TONG_OK, "made again");
    OK(memcmp(p.standing, again.standing, p.resident[PERSONS].standing * sizeof *p.standing) == 0, "the same seed gives the same contacts");
    double members[3] = {0}, contacts[2] = {0}, children = 0, helpers = 0, squares = 0;
    bool both = true, own = true, inside = true;
    for (uint32_t i = 0; i < PERSONS; i++) {
        const struct resident *r = &p.resident[i];
        int c = r->circle < 2 ? r->circle : 2;
        uint32_t n = r[1].standing - r->standing;
        members[c]++;
        if (c < 2) contacts[c] += n;
        if (c == 1) squares += (n - 14.0) * (n - 14.0);
        children += r->age < 2;
        helpers += r->age >= 2 && c == 0;
        for (uint32_t k = r->standing; k < r[1].standing; k++) {
            uint32_t other = p.standing[k];
            own = own && other != i;
            inside = inside && p.resident[other].circle == r->circle;
            if (i % 37 == 0) both = both && contacts_of(&p, i, other) == contacts_of(&p, other, i);
        }
    }
    OK(both, "a standing contact is one from either end");
    OK(own, "nobody is a contact of their own");
    OK(inside, "circles do not mix");
    NEAR(contacts[0] / members[0], 20, 1e-9, "twenty contacts in class on average");
    NEAR(contacts[1] / members[1], 14, 1e-9, "fourteen at work");
    OK(squares / members[1] > 1 && squares / members[1] < 5, "rewiring makes them differ (variance %.2f)", squares / members[1]);
    NEAR(helpers / children, 0.2, 0.02, "a teacher for every five pupils");
    OK(members[2] > 0, "the old are in no circle");
    double factor[LAYER_COUNT] = {2, 1, 1}, mean = population_contacts(&p, factor), home = 0;
    for (uint32_t i = 0; i < PERSONS; i++) home += 2.0 * (p.resident[i].home_size - 1);
    NEAR(mean, (home + 0.5 * p.resident[PERSONS].standing + p.stubs) / PERSONS, 1e-9, "mean contacts are counted");
    population_free(&p);
    population_free(&again);
}

static void test_pairing(void)
{
    static const uint32_t sizes[] = {2, 4, 6, 10, 98, 1000, 65536, 331234};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        uint32_t n = sizes[i];
        bool mutual = true, other = true;
        struct pairing today, tomorrow;
        pairing_make(9, 1, n, &today);
        pairing_make(9, 2, n, &tomorrow);
        uint32_t moved = 0;
        for (uint32_t s = 0; s < n; s++) {
            uint32_t t = pairing_partner(&today, s);
            mutual = mutual && t < n && pairing_partner(&today, t) == s;
            other = other && t != s;
            moved += pairing_partner(&tomorrow, s) != t;
        }
        OK(mutual && other, "%u stubs meet in pairs", n);
        if (n > 90) OK(moved > n * 9 / 10, "others meet tomorrow (%u of %u)", moved, n);
    }
    // Whom stub 17 of 2,000 meets over many days: everybody as often.
    enum { N = 2000, CELLS = 200, SEVERAL = 60000 };
    double count[CELLS] = {0}, chi = 0;
    for (int32_t day = 0; day < SEVERAL; day++) {
        struct pairing p;
        pairing_make(4, day, N, &p);
        count[pairing_partner(&p, 17) / (N / CELLS)]++;
    }
    for (int c = 0; c < CELLS; c++) chi += (count[c] - 300) * (count[c] - 300) / 300;
    OK(chi > 130 && chi < 290, "everybody is met as often (chi-square of 199: %.0f)", chi);
}

static void test_stubs(void)
{
    struct population_plan plan = plan_of();
    struct population p;
    struct err err = {0};
    OK(population_make(&plan, 3, &p, &err) == TONG_OK, "made");
    OK(p.stubs % 2 == 0 && p.stubs == p.resident[PERSONS].stub, "an even number of stubs");
    double sum = 0, squares = 0;
    bool owned = true;
    for (uint32_t i = 0; i < PERSONS; i++) {
        double n = p.resident[i + 1].stub - p.resident[i].stub;
        sum += n;
        squares += (n - 3) * (n - 3);
        for (uint32_t s = p.resident[i].stub; s < p.resident[i + 1].stub; s++) owned = owned && p.stub_owner[s] == i;
    }
    OK(owned, "a stub knows whose it is");
    NEAR(sum / PERSONS, 3, 0.07, "three on average");
    NEAR(squares / PERSONS, 9, 0.5, "negative binomial: the variance is nine");
    OK(p.bytes < 200 * (size_t)PERSONS, "%zu bytes a person", p.bytes / PERSONS);
    population_free(&p);
}

static void test_bad_plans(void)
{
    struct population_plan plan = plan_of();
    struct population p;
    struct err err = {0};
    plan.persons = 0;
    OK(population_make(&plan, 1, &p, &err) == TONG_E_INVALID, "nobody");
    plan = plan_of();
    plan.kinds = 0;
    OK(population_make(&plan, 1, &p, &err) == TONG_E_INVALID, "no household");
    plan = plan_of();
    plan.kinds = 3;
    plan.age_share[8] = 0.1;
    OK(population_make(&plan, 1, &p, &err) == TONG_E_INVALID, "an age that no household has: %s", err.text);
    struct household_kind bad = {{0}, 1};
    plan = plan_of();
    plan.kind = &bad;
    plan.kinds = 1;
    OK(population_make(&plan, 1, &p, &err) == TONG_E_INVALID, "an empty household: %s", err.text);
    plan = plan_of();
    plan.persons = 1;
    OK(population_make(&plan, 1, &p, &err) == TONG_OK && p.persons == 1, "one person");
    population_free(&p);
}

int main(void)
{
    test_margins();
    test_standing();
    test_pairing();
    test_stubs();
    test_bad_plans();
    return tap_done();
}
