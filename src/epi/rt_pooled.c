#include "epi/rt_pooled.h"

#include <math.h>
#include <stdint.h>

#include "epi/root.h"
#include "epi/special.h"

enum { POOLED_MEANS = 120, POOLED_SIZES = 24, POOLED_CELLS = POOLED_MEANS * POOLED_SIZES };
static const double POOLED_MEAN_LEAST = 0.05, POOLED_MEAN_MOST = 20, POOLED_SIZE_LEAST = 0.3, POOLED_SIZE_MOST = 1000;
static const double POOLED_SLIGHT = 1e-5; // cells of less weight are left out

struct pooled_cell {
    double mean, size, weight;
};

struct pooled_mix {
    const struct pooled_cell *cell;
    size_t n;
    const struct rt_area *area;
    double p;
};

static double pooled_gap(double x, const void *context)
{
    const struct pooled_mix *m = context;
    double sum = 0;
    for (size_t i = 0; i < m->n; i++) {
        const struct pooled_cell *c = &m->cell[i];
        sum += c->weight * special_gamma_p(c->size + m->area->cases, x * (c->size / c->mean + m->area->pressure));
    }
    return sum - m->p;
}

static double pooled_step(double least, double most, int32_t i, int32_t n)
{
    return least * pow(most / least, (double)i / (n - 1));
}

static double pooled_log_likelihood(const struct rt_area *area, size_t n, double mean, double size)
{
    double sum = 0;
    for (size_t a = 0; a < n; a++)
        if (area[a].pressure > 0) sum += special_log_negbin_density(area[a].cases, size, mean * area[a].pressure);
    return sum;
}

// The posterior of m and k; how many cells matter.
static size_t pooled_cells(const struct rt_area *area, size_t n, struct pooled_cell *cell)
{
    double most = -HUGE_VAL, sum = 0;
    for (int32_t i = 0; i < POOLED_MEANS; i++)
        for (int32_t j = 0; j < POOLED_SIZES; j++) {
            struct pooled_cell *c = &cell[i * POOLED_SIZES + j];
            c->mean = pooled_step(POOLED_MEAN_LEAST, POOLED_MEAN_MOST, i, POOLED_MEANS);
            c->size = pooled_step(POOLED_SIZE_LEAST, POOLED_SIZE_MOST, j, POOLED_SIZES);
            c->weight = pooled_log_likelihood(area, n, c->mean, c->size);
            most = fmax(most, c->weight);
        }
    size_t kept = 0;
    for (size_t k = 0; k < POOLED_CELLS; k++) {
        struct pooled_cell c = cell[k];
        c.weight = exp(c.weight - most);
        if (c.weight < POOLED_SLIGHT) continue;
        sum += c.weight;
        cell[kept++] = c;
    }
    for (size_t k = 0; k < kept; k++) cell[k].weight /= sum;
    return kept;
}

static double pooled_quantile(struct pooled_mix *m, double p, double guess)
{
    double x = guess;
    m->p = p;
    return root_find_outward(pooled_gap, m, 0, guess > 0 ? guess : 1, &x) ? x : guess;
}

static struct rt_pooled_area pooled_area(const struct pooled_cell *cell, size_t n, const struct rt_area *area)
{
    struct rt_pooled_area out = {0};
    double square = 0;
    for (size_t k = 0; k < n; k++) {
        double shape = cell[k].size + area->cases, scale = 1 / (cell[k].size / cell[k].mean + area->pressure);
        out.mean += cell[k].weight * shape * scale;
        square += cell[k].weight * shape * (shape + 1) * scale * scale;
    }
    out.sd = sqrt(fmax(0, square - out.mean * out.mean));
    struct pooled_mix mix = {cell, n, area, 0};
    out.q025 = pooled_quantile(&mix, 0.025, out.mean);
    out.q50 = pooled_quantile(&mix, 0.5, out.mean);
    out.q975 = pooled_quantile(&mix, 0.975, out.mean);
    return out;
}

// Where the weights of cells, ordered by mean (the grid's order) or by size, pass p.
static double pooled_limit(const struct pooled_cell *cell, size_t n, bool of_size, double p)
{
    double below = 0, last = 0;
    int32_t steps = of_size ? POOLED_SIZES : POOLED_MEANS;
    for (int32_t i = 0; i < steps && below < p; i++) {
        last = of_size ? pooled_step(POOLED_SIZE_LEAST, POOLED_SIZE_MOST, i, steps)
                       : pooled_step(POOLED_MEAN_LEAST, POOLED_MEAN_MOST, i, steps);
        for (size_t k = 0; k < n; k++)
            if ((of_size ? cell[k].size : cell[k].mean) == last) below += cell[k].weight;
    }
    return last;
}

tong_code rt_pooled_run(const struct rt_area *area, size_t n, struct arena *arena, struct rt_pooled_area *out,
                        struct rt_pooled *all, struct err *err)
{
    if (n < 1 || n > RT_AREAS_MAX) return tong_fail(err, TONG_E_INVALID, "%zu areas", n);
    double pressure = 0;
    for (size_t a = 0; a < n; a++) {
        if (!(area[a].cases >= 0 && area[a].cases < 1e12) || !(area[a].pressure >= 0 && area[a].pressure < 1e12) ||
            (area[a].cases > 0 && !(area[a].pressure > 0)))
            return tong_fail(err, TONG_E_INVALID, "area %zu: %g cases, pressure %g", a, area[a].cases,
                             area[a].pressure);
        pressure += area[a].pressure;
    }
    if (!(pressure > 0)) return tong_fail(err, TONG_E_INVALID, "nobody could infect anybody in any area");
    struct pooled_cell *cell = arena_array(arena, POOLED_CELLS, sizeof *cell);
    if (cell == NULL) return tong_fail(err, TONG_E_NOMEM, "the grid");
    size_t cells = pooled_cells(area, n, cell);
    for (size_t a = 0; a < n; a++) out[a] = pooled_area(cell, cells, &area[a]);
    struct rt_pooled made = {0};
    for (size_t k = 0; k < cells; k++) {
        made.mean += cell[k].weight * cell[k].mean;
        made.spread += cell[k].weight / sqrt(cell[k].size);
    }
    made.mean_lo = pooled_limit(cell, cells, false, 0.025);
    made.mean_hi = pooled_limit(cell, cells, false, 0.975);
    made.spread_lo = 1 / sqrt(pooled_limit(cell, cells, true, 0.975));
    made.spread_hi = 1 / sqrt(pooled_limit(cell, cells, true, 0.025));
    *all = made;
    return TONG_OK;
}
