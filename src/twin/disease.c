#include "twin/disease.h"

// The day's share of a person's infecting: F(t) - F(t - 1) of a gamma distribution (Hinch et al. 2021, eq. 2), that
// is, rounded up to the whole day.
static void disease_weights(const struct disease *d, struct disease_tables *out)
{
    double weight[SPELL_DAYS_MAX] = {0}, before = 0, sum = 0;
    struct spell_shape shape = d->infectious;
    for (int32_t t = 1; t <= DISEASE_INFECTIOUS_DAYS; t++) {
        double upto;
        if (shape.law == SPELL_GAMMA && shape.sd > 0) {
            double scale = shape.sd * shape.sd / shape.mean;
            upto = spell_gamma_cdf(shape.mean / scale, t / scale);
        } else if (shape.law == SPELL_GEOMETRIC) {
            upto = before + (1 - before) / shape.mean;
        } else {
            upto = t >= shape.mean ? 1 : t / shape.mean; // evenly over `mean` days
        }
        weight[t] = upto - before;
        before = upto;
    }
    int32_t last = DISEASE_INFECTIOUS_DAYS;
    while (last > 1 && weight[last] < 1e-9) last--;
    for (int32_t t = 1; t <= last; t++) sum += weight[t];
    out->infectious_days = last;
    out->weight_upto[0] = out->weight[0] = 0;
    for (int32_t t = 1; t <= DISEASE_INFECTIOUS_DAYS; t++) {
        out->weight[t] = t <= last ? weight[t] / sum : 0;
        out->weight_upto[t] = t < last ? out->weight_upto[t - 1] + out->weight[t] : 1;
    }
    spell_from_weights(out->weight, DISEASE_INFECTIOUS_DAYS + 1, &out->infecting);
}

void disease_tabulate(const struct disease *d, struct disease_tables *out)
{
    spell_make(d->to_symptoms, 1, &out->to_symptoms);
    spell_make(d->asymptomatic_recovery, 1, &out->asymptomatic_recovery);
    spell_make(d->recovery, 1, &out->recovery);
    spell_make(d->to_hospital, 1, &out->to_hospital);
    spell_make(d->to_critical, 1, &out->to_critical);
    spell_make(d->to_death, 1, &out->to_death);
    spell_make(d->home_death, 1, &out->home_death);
    spell_make(d->hospital_recovery, 1, &out->hospital_recovery);
    spell_make(d->critical_recovery, 1, &out->critical_recovery);
    disease_weights(d, out);
    out->susceptibility_max = 0;
    for (int a = 0; a < DISEASE_AGES; a++) {
        if (d->age[a].susceptibility > out->susceptibility_max) out->susceptibility_max = d->age[a].susceptibility;
    }
}

struct disease disease_plain(double rate, struct spell_shape infectious)
{
    struct disease d = {.rate = rate, .clock = CLOCK_INFECTION, .infectious = infectious};
    for (int a = 0; a < DISEASE_AGES; a++) {
        d.age[a] = (struct disease_age){.susceptibility = 1, .asymptomatic = 1};
    }
    for (int c = 0; c < DISEASE_CLASSES; c++) d.infectiousness[c] = 1;
    for (int l = 0; l < LAYER_COUNT; l++) d.layer_factor[l] = 1;
    for (int v = 0; v < DISEASE_VARIANTS; v++) d.variant_rate[v] = 1;
    struct spell_shape beyond = {SPELL_FIXED, SPELL_DAYS_MAX - 2, 0}, next = {SPELL_FIXED, 1, 0};
    d.asymptomatic_recovery = beyond; // the infectious curve ends by itself
    d.to_symptoms = d.recovery = d.to_hospital = d.to_critical = d.to_death = d.home_death = next;
    d.hospital_recovery = d.critical_recovery = next;
    return d;
}
