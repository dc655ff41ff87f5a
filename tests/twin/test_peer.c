// The twin with OpenABM-Covid19's parameters and population beside that model's own results
// (reference/simulation/openabm_100k_*.csv: 100,000 people, 100 seeds infected, 100 days, nothing done about it).
//
// Per run: Kolmogorov-Smirnov at 1 % between our runs and its ten, for each summary; the means within four standard
// errors. Pooled: nowhere more than 0.01 apart. Under a sanitizer fewer runs.
#include "tap.h"

#include "peer.h"
#include "twin/spread.h"

#if defined(__SANITIZE_ADDRESS__)
enum { RUNS = 4 };
#else
enum { RUNS = 20 };
#endif
enum { PERSONS = 100000, DAYS = 100, THEIRS = 10, GENERATION_MAX = 40 };

enum summary {
    INFECTED_50,
    INFECTED_100,
    DEATHS,
    PEAK,
    PEAK_DAY,
    PEAK_HOSPITAL,
    PEAK_CRITICAL,
    GENERATION,
    GENERATION_SD,
    R_EARLY,
    HOUSEHOLD,
    STANDING,
    CHANCE,
    PRESYMPTOMATIC,
    ASYMPTOMATIC,
    SYMPTOMATIC,
    HOUSEHOLD_ATTACK,
    SUMMARIES
};

static const char *const summary_name[SUMMARIES] = {
    "total_infected_50",          "total_infected_100",         "deaths_100",              "peak_incidence",
    "peak_incidence_day",         "peak_hospital",              "peak_critical",           "mean_generation_time",
    "sd_generation_time",         "R_early",                    "frac_household",          "frac_occupation",
    "frac_random",                "frac_source_presymptomatic", "frac_source_asymptomatic", "frac_source_symptomatic",
    "hh_SAR_direct_by_index"};

struct pooled {
    double generation[GENERATION_MAX], generations;
    double people[DISEASE_AGES], infected[DISEASE_AGES], hospital[DISEASE_AGES], dead[DISEASE_AGES];
    double household[POPULATION_HOUSEHOLD_MAX + 1][POPULATION_HOUSEHOLD_MAX + 1];
    double to_symptoms, to_symptoms_n, to_hospital, to_hospital_n;
};

static struct pooled pooled;
static double ours[SUMMARIES][RUNS];

static double everyone(const struct spread *s, spread_state state, int32_t day)
{
    int64_t n = 0;
    for (int a = 0; a < DISEASE_AGES; a++) n += spread_count(s, state, a, day);
    return (double)n;
}

// The days: totals and peaks. Gives the day on which 5 % had been infected.
static int32_t summarise_days(const struct spread *s, int run)
{
    double all = 0;
    int32_t five = 0;
    for (int32_t day = 0; day <= DAYS; day++) {
        double today = 0;
        for (int a = 0; a < DISEASE_AGES; a++) today += (double)spread_infected_on(s, a, day);
        all += today;
        if (day > 0 && today > ours[PEAK][run]) ours[PEAK][run] = today, ours[PEAK_DAY][run] = day;
        if (five == 0 && all >= 0.05 * PERSONS) five = day;
        if (day == 50) ours[INFECTED_50][run] = all;
        ours[PEAK_HOSPITAL][run] = fmax(ours[PEAK_HOSPITAL][run], everyone(s, STATE_HOSPITAL, day));
        ours[PEAK_CRITICAL][run] = fmax(ours[PEAK_CRITICAL][run], everyone(s, STATE_CRITICAL, day));
    }
    ours[INFECTED_100][run] = all;
    ours[DEATHS][run] = everyone(s, STATE_DEAD, DAYS);
    return five;
}

static void summarise_transmissions(const struct spread *s, int run, int32_t early)
{
    double n = 0, sum = 0, squares = 0, layer[LAYER_COUNT + 1] = {0}, state[3] = {0}, sources = 0, infected = 0;
    for (uint32_t i = 0; i < PERSONS; i++) {
        const struct infection *f = spread_infection(s, i);
        if (f->day < 0) continue;
        if (f->day <= early) sources++;
        if (f->source == SPREAD_NOBODY) continue;
        struct course c = spread_course(s, f->source);
        double days = f->day - c.infected;
        n++;
        sum += days;
        squares += days * days;
        layer[f->layer]++;
        state[c.symptoms < 0 ? 1 : f->day <= c.symptoms ? 0 : 2]++;
        infected += c.infected <= early;
        pooled.generation[(int)days < GENERATION_MAX ? (int)days : GENERATION_MAX - 1]++;
        pooled.generations++;
    }
    ours[GENERATION][run] = sum / n;
    ours[GENERATION_SD][run] = sqrt(squares / n - sum * sum / n / n);
    ours[R_EARLY][run] = infected / sources;
    for (int l = 0; l < LAYER_COUNT; l++) ours[HOUSEHOLD + l][run] = layer[l] / n;
    for (int k = 0; k < 3; k++) ours[PRESYMPTOMATIC + k][run] = state[k] / n;
}

static void summarise_people(const struct spread *s, const struct population *p, int run, int32_t early)
{
    double at_risk = 0, hit = 0;
    for (uint32_t i = 0; i < PERSONS; i++) {
        const struct resident *r = &p->resident[i];
        const struct infection *f = spread_infection(s, i);
        pooled.people[r->age]++;
        if (f->day >= 0) {
            struct course c = spread_course(s, i);
            pooled.infected[r->age]++;
            pooled.hospital[r->age] += c.hospital >= 0 && c.hospital <= DAYS;
            pooled.dead[r->age] += c.dead >= 0 && c.dead <= DAYS;
            if (f->day <= 60 && c.symptoms >= 0) pooled.to_symptoms += c.symptoms - c.infected, pooled.to_symptoms_n++;
            if (f->day <= 60 && c.hospital >= 0) pooled.to_hospital += c.hospital - c.symptoms, pooled.to_hospital_n++;
        }
        if (r->home != i) continue;
        int ever = 0;
        uint32_t first = i;
        for (uint32_t j = i; j < i + r->home_size; j++) {
            const struct infection *g = spread_infection(s, j), *h = spread_infection(s, first);
            ever += g->day >= 0;
            if (g->day >= 0 && (h->day < 0 || g->day < h->day)) first = j;
        }
        pooled.household[r->home_size][ever]++;
        const struct infection *index = spread_infection(s, first);
        if (index->day < 0 || index->day > early || r->home_size < 2) continue;
        at_risk += r->home_size - 1;
        for (uint32_t j = i; j < i + r->home_size; j++) {
            hit += spread_infection(s, j)->day >= 0 && spread_infection(s, j)->source == first;
        }
    }
    ours[HOUSEHOLD_ATTACK][run] = hit / at_risk;
}

static void run_one(const struct peer *peer, int run)
{
    struct population population;
    struct spread *s;
    struct err err = {0};
    struct spread_options o = {.seed = (uint64_t)run + 1, .days = DAYS, .threads = 2, .tie = TIE_FRESHEST};
    if (population_make(&peer->plan, o.seed, &population, &err) != TONG_OK ||
        spread_open(&peer->disease, &population, &o, &s, &err) != TONG_OK) {
        printf("Bail out! %s\n", err.text);
        exit(1);
    }
    EQ_INT(spread_import(s, 100, 0), 100, "run %d begins", run);
    while (spread_day(s) < DAYS) {
        if (spread_step(s, &err) != TONG_OK) printf("Bail out! %s\n", err.text), exit(1);
    }
    int32_t early = summarise_days(s, run) - 14;
    summarise_transmissions(s, run, early);
    summarise_people(s, &population, run, early);
    spread_close(s);
    population_free(&population);
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

// The largest distance between two empirical distributions.
static double distance(double *a, int n, double *b, int m)
{
    qsort(a, (size_t)n, sizeof *a, by_size);
    qsort(b, (size_t)m, sizeof *b, by_size);
    double most = 0;
    for (int i = 0, j = 0; i < n && j < m;) {
        double x = a[i] < b[j] ? a[i] : b[j];
        while (i < n && a[i] <= x) i++;
        while (j < m && b[j] <= x) j++;
        most = fmax(most, fabs((double)i / n - (double)j / m));
    }
    return most;
}

static void moments(const double *x, int n, double *mean, double *variance)
{
    *mean = *variance = 0;
    for (int i = 0; i < n; i++) *mean += x[i] / n;
    for (int i = 0; i < n; i++) *variance += (x[i] - *mean) * (x[i] - *mean) / (n - 1);
}

static void test_summaries(void)
{
    // Smirnov 1948: the limit of the two-sample test at 1 %.
    double limit = 1.6276 * sqrt((double)(RUNS + THEIRS) / (RUNS * THEIRS));
    for (int i = 0; i < SUMMARIES; i++) {
        double theirs[THEIRS], mean, variance, their_mean, their_variance;
        EQ_INT(peer_summary("base100", summary_name[i], theirs, THEIRS), THEIRS, "%s: ten runs of the peer", summary_name[i]);
        moments(ours[i], RUNS, &mean, &variance);
        moments(theirs, THEIRS, &their_mean, &their_variance);
        double d = distance(ours[i], RUNS, theirs, THEIRS);
        OK(d <= limit, "%s: %.5g here, %.5g there; Kolmogorov-Smirnov distance %.2f (1 %%: %.2f)", summary_name[i], mean,
           their_mean, d, limit);
        NEAR(mean, their_mean, 4 * sqrt(variance / RUNS + their_variance / THEIRS), "%s: the means", summary_name[i]);
    }
    double mean, variance;
    moments(ours[INFECTED_100], RUNS, &mean, &variance);
    NEAR(mean / PERSONS, 0.857, 0.003, "attack at day 100 within 0.3 points");
    static const double share[] = {0.196, 0.503, 0.301, 0.451, 0.177, 0.372};
    for (int i = 0; i < 6; i++) {
        moments(ours[HOUSEHOLD + i], RUNS, &mean, &variance);
        NEAR(mean, share[i], 0.003, "%s within 0.003", summary_name[HOUSEHOLD + i]);
    }
}

static void test_pooled(void)
{
    double theirs = 0, at_theirs = 0, at_ours = 0, worst = 0, count[GENERATION_MAX] = {0};
    for (int t = 1; t < GENERATION_MAX; t++) {
        char row[40];
        snprintf(row, sizeof row, "base100,%d", t);
        double n = peer_cell("openabm_100k_generation_time.csv", row, 2);
        if (!isnan(n)) count[t] = n;
        theirs += count[t];
    }
    for (int t = 1; t < GENERATION_MAX; t++) {
        at_theirs += count[t] / theirs;
        at_ours += pooled.generation[t] / pooled.generations;
        worst = fmax(worst, fabs(at_theirs - at_ours));
    }
    OK(worst < 0.01, "generation times nowhere more than 0.01 apart (%.4f)", worst);
    for (int a = 0; a < DISEASE_AGES; a++) {
        char row[40];
        snprintf(row, sizeof row, "base100,%d", 10 * a);
        double people = peer_cell("openabm_100k_age.csv", row, 2), infected = peer_cell("openabm_100k_age.csv", row, 3),
               hospital = peer_cell("openabm_100k_age.csv", row, 7), dead = peer_cell("openabm_100k_age.csv", row, 9);
        NEAR(pooled.people[a] / RUNS / PERSONS, people / THEIRS / PERSONS, 0.01, "people of %d years and on", 10 * a);
        NEAR(pooled.infected[a] / pooled.people[a], infected / people, 0.01, "attack at %d years and on", 10 * a);
        double share = hospital / infected, se = sqrt(share * (1 - share) * (1 / infected + 1 / pooled.infected[a]));
        NEAR(pooled.hospital[a] / pooled.infected[a], share, 4.5 * se + 1e-4, "taken into hospital at %d years and on", 10 * a);
        share = dead / infected;
        se = sqrt(share * (1 - share) * (1 / infected + 1 / pooled.infected[a]));
        NEAR(pooled.dead[a] / pooled.infected[a], share, 4.5 * se + 1e-4, "died by day 100 at %d years and on", 10 * a);
    }
    for (int size = 1; size <= 6; size++) {
        double all_theirs = 0, all_ours = 0, n[7];
        for (int k = 0; k <= size; k++) {
            char row[40];
            snprintf(row, sizeof row, "base100,%d,%d", size, k);
            n[k] = peer_cell("openabm_100k_household_final.csv", row, 3);
            if (isnan(n[k])) n[k] = 0;
            all_theirs += n[k];
            all_ours += pooled.household[size][k];
        }
        double within = 0.01 + (size > 4 ? 0.01 : 0); // 8,000 and 17,000 large households in ten runs: a standard error of 0.005
        for (int k = 0; k <= size; k++) {
            NEAR(pooled.household[size][k] / all_ours, n[k] / all_theirs, within, "households of %d with %d infected", size, k);
        }
    }
    NEAR(pooled.to_symptoms / pooled.to_symptoms_n, peer_cell("openabm_100k_delays.csv", "base100,infection_to_symptoms", 3), 0.02,
         "days from infection to symptoms");
    NEAR(pooled.to_hospital / pooled.to_hospital_n, peer_cell("openabm_100k_delays.csv", "base100,symptoms_to_hospital", 3), 0.02,
         "days from symptoms to hospital");
}

// Households of two, the index severe and never removed: what the peer's code gives in closed form.
static void test_pair(const struct peer *peer)
{
    static const char *const age[] = {"0-9", "10-19", "20-59", "60-69"};
    static const int decade[] = {0, 1, 3, 6};
    for (size_t i = 0; i < sizeof decade / sizeof *decade; i++) {
        char name[80];
        snprintf(name, sizeof name, "infector=severe susceptible age=%s", age[i]);
        double p = peer_theory("openabm_household_pair", name, "p(transmission over whole infection)");
        struct population homes;
        struct spread *s;
        struct err err = {0};
        struct disease d = peer->disease;
        d.recovery = (struct spell_shape){SPELL_FIXED, 100, 0};
        for (int a = 0; a < DISEASE_AGES; a++) d.age[a].asymptomatic = d.age[a].mild = d.age[a].hospitalised = 0;
        enum { HOMES = 40000 };
        struct spread_options o = {.seed = 77, .days = 60, .threads = 1, .contacts = 14.68};
        if (population_households(HOMES, 2, &homes, &err) != TONG_OK) abort();
        for (uint32_t h = 0; h < 2 * HOMES; h++) homes.resident[h].age = (uint8_t)decade[i];
        if (spread_open(&d, &homes, &o, &s, &err) != TONG_OK) abort();
        for (uint32_t h = 0; h < HOMES; h++) (void)spread_infect(s, 2 * h, 0);
        while (spread_day(s) < 60) {
            if (spread_step(s, &err) != TONG_OK) abort();
        }
        double hit = 0;
        for (uint32_t h = 0; h < HOMES; h++) hit += spread_infection(s, 2 * h + 1)->day >= 0;
        OK(!isnan(p), "%s is in the file", name);
        NEAR(hit / HOMES, p, 4 * sqrt(p * (1 - p) / HOMES) + 0.001, "a household pair, %s", name);
        spread_close(s);
        population_free(&homes);
    }
}

int main(void)
{
    struct peer peer;
    if (!peer_read(PERSONS, &peer)) {
        tap_skip("no reference/simulation: nothing to compare with");
        return tap_done();
    }
    for (int run = 0; run < RUNS; run++) run_one(&peer, run);
    test_summaries();
    test_pooled();
    test_pair(&peer);
    peer_free(&peer);
    return tap_done();
}
