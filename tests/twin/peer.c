#include "peer.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINE = 16384 };

static FILE *peer_open(const char *name)
{
    const char *shared = getenv("TONGZHOU_SHARED"), *source = getenv("TONGZHOU_SOURCE");
    char path[4096];
    if (shared && shared[0]) snprintf(path, sizeof path, "%s/reference/simulation/%s", shared, name);
    else snprintf(path, sizeof path, "%s/../shared/reference/simulation/%s", source ? source : ".", name);
    return fopen(path, "r");
}

static const char *cell(const char *line, int column)
{
    while (column-- > 0 && line) {
        line = strchr(line, ',');
        if (line) line++;
    }
    return line;
}

double peer_parameter(const char *name)
{
    FILE *f = peer_open("openabm_baseline_parameters.csv");
    char head[LINE], row[LINE];
    double value = NAN;
    if (!f) return value;
    if (fgets(head, LINE, f) && fgets(row, LINE, f)) {
        size_t n = strlen(name);
        for (int c = 0; cell(head, c); c++) {
            const char *at = cell(head, c);
            if (strncmp(at, name, n) == 0 && strchr(",\r\n", at[n]) && cell(row, c)) value = strtod(cell(row, c), NULL);
        }
    }
    fclose(f);
    return value;
}

static double by_age(const char *what, int a)
{
    char name[80];
    if (a < DISEASE_AGES - 1) snprintf(name, sizeof name, "%s_%d_%d", what, 10 * a, 10 * a + 9);
    else snprintf(name, sizeof name, "%s_80", what);
    return peer_parameter(name);
}

static struct spell_shape spell_of(const char *what)
{
    char mean[80], sd[80];
    snprintf(mean, sizeof mean, "mean_%s", what);
    snprintf(sd, sizeof sd, "sd_%s", what);
    double spread = peer_parameter(sd);
    return (struct spell_shape){isnan(spread) ? SPELL_FIXED : SPELL_GAMMA, peer_parameter(mean), isnan(spread) ? 0 : spread};
}

static void read_disease(struct disease *d)
{
    *d = (struct disease){.rate = peer_parameter("infectious_rate"), .clock = CLOCK_INFECTION,
                          .multiplier_sd = peer_parameter("sd_infectiousness_multiplier")};
    d->infectiousness[DISEASE_ASYMPTOMATIC] = peer_parameter("asymptomatic_infectious_factor");
    d->infectiousness[DISEASE_MILD] = peer_parameter("mild_infectious_factor");
    d->infectiousness[DISEASE_SEVERE] = 1;
    d->layer_factor[LAYER_HOUSEHOLD] = peer_parameter("relative_transmission_household");
    d->layer_factor[LAYER_STANDING] = peer_parameter("relative_transmission_occupation");
    d->layer_factor[LAYER_CHANCE] = peer_parameter("relative_transmission_random");
    d->infectious = spell_of("infectious_period");
    for (int a = 0; a < DISEASE_AGES; a++) {
        d->age[a] = (struct disease_age){
            .susceptibility = by_age("relative_susceptibility", a), .asymptomatic = by_age("fraction_asymptomatic", a),
            .mild = by_age("mild_fraction", a), .hospitalised = by_age("hospitalised_fraction", a),
            .critical = by_age("critical_fraction", a), .intensive = by_age("location_death_icu", a),
            .fatality = by_age("fatality_fraction", a)};
    }
    d->to_symptoms = spell_of("time_to_symptoms");
    d->asymptomatic_recovery = spell_of("asymptomatic_to_recovery");
    d->recovery = spell_of("time_to_recover");
    d->to_hospital = spell_of("time_to_hospital");
    d->to_critical = spell_of("time_to_critical");
    d->to_death = spell_of("time_to_death");
    d->home_death = d->to_death;
    d->hospital_recovery = spell_of("time_hospitalised_recovery");
    d->critical_recovery = spell_of("time_critical_survive");
    for (int v = 0; v < DISEASE_VARIANTS; v++) d->variant_rate[v] = 1;
}

static void read_plan(struct population_plan *plan)
{
    for (int s = 1; s <= 6; s++) {
        char name[40];
        snprintf(name, sizeof name, "household_size_%d", s);
        plan->size_share[s] = peer_parameter(name);
    }
    for (int a = 0; a < DISEASE_AGES; a++) {
        const char *type = a < 2 ? "child" : a < 7 ? "adult" : "elderly";
        char name[60];
        plan->age_share[a] = by_age("population", a);
        snprintf(name, sizeof name, "mean_random_interactions_%s", type);
        plan->chance_mean[a] = peer_parameter(name);
        snprintf(name, sizeof name, "sd_random_interactions_%s", type);
        plan->chance_sd[a] = peer_parameter(name);
    }
    plan->standing_share = peer_parameter("daily_fraction_work");
    double rewired = peer_parameter("work_network_rewire"), share = plan->standing_share;
    double child = peer_parameter("mean_work_interactions_child") / share, elderly = peer_parameter("mean_work_interactions_elderly") / share;
    double teachers = peer_parameter("child_network_adults"), carers = peer_parameter("elderly_network_adults");
    const uint32_t adults = 0x7C; // 20 to 69
    plan->circle[0] = (struct circle_plan){child, rewired, 1U << 0, teachers, adults};
    plan->circle[1] = (struct circle_plan){child, rewired, 1U << 1, teachers, adults};
    plan->circle[2] = (struct circle_plan){elderly, rewired, 1U << 7, carers, adults};
    plan->circle[3] = (struct circle_plan){elderly, rewired, 1U << 8, carers, adults};
    plan->circle[4] = (struct circle_plan){peer_parameter("mean_work_interactions_adult") / share, rewired, adults, 0, 0};
    plan->circles = 5;
}

bool peer_read(uint32_t persons, struct peer *out)
{
    *out = (struct peer){.plan = {.persons = persons}};
    FILE *f = peer_open("openabm_baseline_household_demographics.csv");
    if (!f) return false;
    char line[LINE];
    uint32_t cap = 0;
    while (fgets(line, LINE, f)) {
        if (line[0] < '0' || line[0] > '9') continue;
        if (out->plan.kinds == cap) {
            cap = cap ? cap * 2 : 1024;
            out->kinds = realloc(out->kinds, cap * sizeof *out->kinds);
            if (!out->kinds) abort();
        }
        struct household_kind *kind = &out->kinds[out->plan.kinds++];
        *kind = (struct household_kind){.weight = 1};
        for (int a = 0; a < DISEASE_AGES; a++) kind->people[a] = (uint8_t)strtoul(cell(line, a), NULL, 10);
    }
    fclose(f);
    out->plan.kind = out->kinds;
    read_disease(&out->disease);
    read_plan(&out->plan);
    return true;
}

void peer_free(struct peer *peer)
{
    free(peer->kinds);
    *peer = (struct peer){0};
}

// The next cell of a CSV line, without its quotes.
static const char *unquote(const char *at, char *out, size_t size)
{
    size_t n = 0;
    char end = ',';
    if (*at == '"') {
        end = '"';
        at++;
    }
    while (*at && *at != end && *at != '\n' && *at != '\r' && n + 1 < size) out[n++] = *at++;
    out[n] = 0;
    if (end == '"' && *at) at++;
    return *at == ',' ? at + 1 : at;
}

double peer_theory(const char *check, const char *parameters, const char *quantity)
{
    FILE *f = peer_open("theory.csv");
    char line[LINE], name[200], given[400], what[200], value[80];
    double found = NAN;
    while (f && isnan(found) && fgets(line, LINE, f)) {
        const char *at = unquote(line, name, sizeof name);
        at = unquote(at, given, sizeof given);
        at = unquote(at, what, sizeof what);
        (void)unquote(at, value, sizeof value);
        if (strcmp(name, check) == 0 && strncmp(given, parameters, strlen(parameters)) == 0 && strcmp(what, quantity) == 0) {
            found = strtod(value, NULL);
        }
    }
    if (f) fclose(f);
    return found;
}

int peer_summary(const char *scenario, const char *column, double *out, int max)
{
    FILE *f = peer_open("openabm_100k_summary.csv");
    char line[LINE];
    int n = 0, at = -1;
    size_t length = strlen(column), prefix = strlen(scenario);
    if (f && fgets(line, LINE, f)) {
        for (int c = 0; cell(line, c); c++) {
            const char *head = cell(line, c);
            if (strncmp(head, column, length) == 0 && strchr(",\r\n", head[length])) at = c;
        }
    }
    while (f && at >= 0 && n < max && fgets(line, LINE, f)) {
        if (strncmp(line, scenario, prefix) == 0 && line[prefix] == ',') out[n++] = strtod(cell(line, at), NULL);
    }
    if (f) fclose(f);
    return n;
}

double peer_cell(const char *file, const char *row, int column)
{
    FILE *f = peer_open(file);
    char line[LINE];
    double found = NAN;
    size_t prefix = strlen(row);
    while (f && isnan(found) && fgets(line, LINE, f)) {
        if (strncmp(line, row, prefix) == 0 && line[prefix] == ',') found = strtod(cell(line, column), NULL);
    }
    if (f) fclose(f);
    return found;
}
