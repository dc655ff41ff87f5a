#include "epi/epidemic.h"

#include "epi/maximum.h"
#include "epi/root.h"
#include "epi/special.h"

#include <assert.h>
#include <math.h>

static double epidemic_size_gap(double z, const void *context)
{
    return -expm1(-*(const double *)context * z) / z - 1;
}

tong_code epidemic_final_size(double r0, struct epidemic_size *out, struct err *err)
{
    if (!(r0 >= 0 && r0 < 1e6)) return tong_fail(err, TONG_E_INVALID, "a basic reproduction number of %g", r0);
    *out = (struct epidemic_size){0};
    if (r0 <= 1) return TONG_OK;
    if (!root_find(epidemic_size_gap, &r0, 1e-17, 1, &out->attacked)) out->attacked = 1;
    out->herd_immunity = 1 - 1 / r0;
    // Near 1 both terms are nearly equal: written with log1p of the excess.
    out->peak_prevalence = (r0 - 1 - log1p(r0 - 1)) / r0;
    return TONG_OK;
}

static struct epidemic_state epidemic_flow(const struct epidemic_sir *m, struct epidemic_state s, double n)
{
    double infections = m->beta * s.susceptible * s.infectious / n, removals = m->gamma * s.infectious;
    return (struct epidemic_state){-infections, infections - removals, removals};
}

static struct epidemic_state epidemic_move(struct epidemic_state s, struct epidemic_state v, double h)
{
    return (struct epidemic_state){s.susceptible + h * v.susceptible, s.infectious + h * v.infectious,
                                   s.removed + h * v.removed};
}

static struct epidemic_state epidemic_step(const struct epidemic_sir *m, struct epidemic_state s, double n, double h)
{
    struct epidemic_state a = epidemic_flow(m, s, n), b = epidemic_flow(m, epidemic_move(s, a, h / 2), n);
    struct epidemic_state c = epidemic_flow(m, epidemic_move(s, b, h / 2), n),
                          d = epidemic_flow(m, epidemic_move(s, c, h), n);
    s = epidemic_move(s, a, h / 6);
    s = epidemic_move(s, b, h / 3);
    s = epidemic_move(s, c, h / 3);
    return epidemic_move(s, d, h / 6);
}

tong_code epidemic_sir_course(const struct epidemic_sir *model, size_t days, struct epidemic_state *out,
                              struct err *err)
{
    struct epidemic_state s = model->start;
    double n = s.susceptible + s.infectious + s.removed;
    if (!(model->beta >= 0 && model->beta < 1e3) || !(model->gamma >= 0 && model->gamma < 1e3) ||
        !(s.susceptible >= 0) || !(s.infectious >= 0) || !(s.removed >= 0) || !(n > 0) || isinf(n))
        return tong_fail(err, TONG_E_INVALID, "rates or numbers that cannot be");
    if (!(model->step_days >= 1e-5 && model->step_days <= 1))
        return tong_fail(err, TONG_E_INVALID, "a step of %g days", model->step_days);
    int steps = (int)ceil(1 / model->step_days - 1e-9);
    for (size_t day = 0; day < days; day++) {
        out[day] = s;
        for (int i = 0; i < steps && day + 1 < days; i++) s = epidemic_step(model, s, n, 1.0 / steps);
    }
    return TONG_OK;
}

tong_code epidemic_r_from_growth(double r, epidemic_generation kind, double mean_days, double sd_days, double *out,
                                 struct err *err)
{
    bool spread = kind == GENERATION_GAMMA || kind == GENERATION_NORMAL;
    if (!(fabs(r) < 100) || !(mean_days > 0 && mean_days < 1e5) || (spread && !(sd_days > 0 && sd_days < 1e5)))
        return tong_fail(err, TONG_E_INVALID, "growth %g with a generation time of %g (%g) days", r, mean_days,
                         sd_days);
    double v = sd_days * sd_days, got = 0;
    switch (kind) {
    case GENERATION_GAMMA:
        got = 1 + r * v / mean_days > 0 ? exp(mean_days * mean_days / v * log1p(r * v / mean_days)) : 0;
        break;
    case GENERATION_NORMAL: got = exp(r * mean_days - 0.5 * r * r * v); break;
    case GENERATION_DELTA: got = exp(r * mean_days); break;
    case GENERATION_EXPONENTIAL: got = 1 + r * mean_days; break;
    case GENERATION_SEIR_HALF:
        got = 1 + r * mean_days / 2 > 0 ? (1 + r * mean_days / 2) * (1 + r * mean_days / 2) : 0;
        break;
    case GENERATION_COUNT: assert(kind != GENERATION_COUNT); break;
    }
    if (!(got > 0) || isinf(got))
        return tong_fail(err, TONG_E_INVALID, "growth %g is beyond what this generation time allows", r);
    *out = got;
    return TONG_OK;
}

tong_code epidemic_r_from_growth_weights(double r, const double *w, size_t n, double *out, struct err *err)
{
    double sum = 0;
    for (size_t k = 0; k < n; k++) {
        if (!(w[k] >= 0 && w[k] <= 1))
            return tong_fail(err, TONG_E_INVALID, "the weight of day %zu is no probability", k);
        sum += w[k] * exp(-r * (double)k);
    }
    if (!(sum > 0) || isinf(sum)) return tong_fail(err, TONG_E_INVALID, "growth %g with these weights", r);
    *out = 1 / sum;
    return TONG_OK;
}

tong_code epidemic_r_from_growth_steps(double r, const double *w, size_t n, double *out, struct err *err)
{
    double got, day = r == 0 ? 1 : -expm1(-r) / r; // the integral of e^(-r t) over a day
    tong_code code = epidemic_r_from_growth_weights(r, w, n, &got, err);
    if (code != TONG_OK) return code;
    *out = got / day;
    return TONG_OK;
}

struct epidemic_seen {
    const double *infectious;
    size_t days;
    double people, step;
    bool poisson;
    struct epidemic_state *course;
};

static double epidemic_objective(const double p[2], const void *context)
{
    const struct epidemic_seen *e = context;
    struct epidemic_sir m = {exp(p[0]), exp(p[1]), {e->people - e->infectious[0], e->infectious[0], 0}, e->step};
    if (epidemic_sir_course(&m, e->days, e->course, NULL) != TONG_OK) return -HUGE_VAL;
    double sum = 0;
    for (size_t i = 0; i < e->days; i++) {
        double gap = e->infectious[i] - e->course[i].infectious;
        sum += e->poisson ? special_log_poisson_density(e->infectious[i], e->course[i].infectious) : -gap * gap;
    }
    return sum;
}

tong_code epidemic_sir_fit(const double *infectious, size_t days, double people, bool poisson, double step_days,
                           struct arena *arena, struct epidemic_sir_fit *out, struct err *err)
{
    if (days < 4 || days > 10000 || !(people > 0) || isinf(people))
        return tong_fail(err, TONG_E_INVALID, "%zu days of %g people", days, people);
    if (!(step_days >= 1e-5 && step_days <= 1)) return tong_fail(err, TONG_E_INVALID, "a step of %g days", step_days);
    for (size_t i = 0; i < days; i++)
        if (!(infectious[i] >= 0 && infectious[i] < people))
            return tong_fail(err, TONG_E_INVALID, "%g infectious of %g", infectious[i], people);
    if (!(infectious[0] > 0)) return tong_fail(err, TONG_E_INVALID, "nobody is infectious on day 0");
    struct epidemic_seen e = {infectious, days, people, step_days, poisson, arena_array(arena, days, sizeof *e.course)};
    if (e.course == NULL) return tong_fail(err, TONG_E_NOMEM, "%zu days", days);
    // A coarse grid for the start, because a course far from the data is flat in both.
    struct maximum m = {.value = -HUGE_VAL};
    for (int i = 0; i < 24; i++)
        for (int k = 0; k < 16; k++) {
            double p[2] = {log(0.05) + 0.2 * i, log(0.03) + 0.25 * k}, value = epidemic_objective(p, &e);
            if (value > m.value) m = (struct maximum){.p = {p[0], p[1]}, .value = value};
        }
    if (!maximum_find(epidemic_objective, &e, 1e-3, &m))
        return tong_fail(err, TONG_E_INVALID, "no course fits these numbers");
    double beta = exp(m.p[0]), gamma = exp(m.p[1]);
    *out = (struct epidemic_sir_fit){beta, gamma, beta / gamma, 1 / gamma, -m.value};
    return TONG_OK;
}
