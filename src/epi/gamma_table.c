#include "epi/gamma_table.h"

#include "epi/special.h"

#include <math.h>

static const double piece_end[GAMMA_PIECES + 1] = {0, 0.125, 0.25, 0.5, 1}; // of 1 / sqrt(shape)

static double gamma_table_exact(double p, double s)
{
    return cbrt(special_gamma_quantile(p, 1 / (s * s), false) * s * s);
}

static void gamma_table_piece(struct gamma_table *out, int piece, size_t quantile)
{
    const double pi = 3.14159265358979323846, lo = piece_end[piece], hi = piece_end[piece + 1];
    double value[GAMMA_TERMS];
    for (int i = 0; i < GAMMA_TERMS; i++) {
        double s = 0.5 * (lo + hi) + 0.5 * (hi - lo) * cos(pi * (i + 0.5) / GAMMA_TERMS);
        value[i] = gamma_table_exact(out->p[quantile], s);
    }
    for (int k = 0; k < GAMMA_TERMS; k++) {
        double sum = 0;
        for (int i = 0; i < GAMMA_TERMS; i++) sum += value[i] * cos(pi * k * (i + 0.5) / GAMMA_TERMS);
        out->term[piece][k][quantile] = sum * (k == 0 ? 1.0 : 2.0) / GAMMA_TERMS;
    }
}

tong_code gamma_table_prepare(const double *p, size_t n, struct gamma_table *out, struct err *err)
{
    if (n < 1 || n > GAMMA_QUANTILES) return tong_fail(err, TONG_E_INVALID, "%zu quantiles", n);
    for (size_t i = 0; i < n; i++)
        if (!(p[i] >= 0.005 && p[i] <= 0.995)) return tong_fail(err, TONG_E_INVALID, "the quantile of %g", p[i]);
    *out = (struct gamma_table){.n = n};
    for (size_t i = 0; i < n; i++) {
        out->p[i] = p[i];
        for (int piece = 0; piece < GAMMA_PIECES; piece++) gamma_table_piece(out, piece, i);
    }
    return TONG_OK;
}

void gamma_table_quantiles(const struct gamma_table *table, double shape, double *out)
{
    if (!(shape >= 1) || isinf(shape)) {
        for (size_t i = 0; i < table->n; i++)
            out[i] = isinf(shape) ? (double)NAN : special_gamma_quantile(table->p[i], shape, false);
        return;
    }
    double s = 1 / sqrt(shape);
    int piece = s < 0.125 ? 0 : s < 0.25 ? 1 : s < 0.5 ? 2 : 3;
    double lo = piece_end[piece], hi = piece_end[piece + 1], x = (2 * s - lo - hi) / (hi - lo);
    double b1[GAMMA_QUANTILES] = {0}, b2[GAMMA_QUANTILES] = {0};
    // Clenshaw 1955, for all quantiles at once: the inner loop is what a vector unit does in one go.
    for (int k = GAMMA_TERMS - 1; k > 0; k--) {
        const double *term = table->term[piece][k];
        for (int i = 0; i < GAMMA_QUANTILES; i++) {
            double b = 2 * x * b1[i] - b2[i] + term[i];
            b2[i] = b1[i];
            b1[i] = b;
        }
    }
    for (size_t i = 0; i < table->n; i++) {
        double root = x * b1[i] - b2[i] + table->term[piece][0][i];
        out[i] = root * root * root * shape;
    }
}
