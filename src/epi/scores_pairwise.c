// Models against models: ratios of mean scores on common ground, and whether the difference is more than chance.
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "epi/scores.h"
#include "epi/special.h"

struct scores_difference {
    double size;
    bool positive;
};

static int scores_by_size(const void *a, const void *b)
{
    double x = ((const struct scores_difference *)a)->size, y = ((const struct scores_difference *)b)->size;
    return x < y ? -1 : x > y;
}

// P(V <= v) for the signed rank statistic of n pairs without ties: each of the ranks 1..n is in V or not. count[s] =
// number of subsets with sum s, over 2^n; n < 50.
static double scores_signed_rank_p(int32_t v, int32_t n)
{
    enum { SUM_MAX = 49 * 50 / 2 };
    double count[SUM_MAX + 1] = {1};
    for (int32_t rank = 1; rank <= n; rank++)
        for (int32_t s = n * (n + 1) / 2; s >= 0; s--) count[s] = 0.5 * (count[s] + (s >= rank ? count[s - rank] : 0));
    double p = 0;
    for (int32_t s = 0; s <= v; s++) p += count[s];
    return p;
}

// Wilcoxon 1945, two-sided; n differences without zeros.
static double scores_wilcoxon(struct scores_difference *d, size_t n, bool zeros)
{
    if (n == 0) return 1;
    qsort(d, n, sizeof *d, scores_by_size);
    double v = 0, ties = 0, count = (double)n;
    for (size_t i = 0; i < n;) {
        size_t j = i;
        while (j < n && d[j].size == d[i].size) j++;
        double rank = 0.5 * (double)(i + 1 + j), same = (double)(j - i);
        for (size_t k = i; k < j; k++) v += d[k].positive ? rank : 0;
        ties += same * same * same - same;
        i = j;
    }
    if (n < 50 && ties == 0 && !zeros) {
        double most = count * (count + 1) / 2, low = fmin(v, most - v);
        return fmin(1, 2 * scores_signed_rank_p((int32_t)low, (int32_t)n));
    }
    double z = v - count * (count + 1) / 4;
    double sigma = sqrt(count * (count + 1) * (2 * count + 1) / 24 - ties / 48);
    z = (z - (z > 0 ? 0.5 : z < 0 ? -0.5 : 0)) / sigma;
    return fmin(1, 2 * special_normal_p(-fabs(z)));
}

static tong_code scores_pair(const double *a, const double *b, size_t units, struct scores_difference *work,
                             struct score_pair *out, struct err *err)
{
    double sum_a = 0, sum_b = 0;
    size_t n = 0, different = 0;
    for (size_t u = 0; u < units; u++) {
        if (isnan(a[u]) || isnan(b[u])) continue;
        sum_a += a[u];
        sum_b += b[u];
        n++;
        double off = a[u] - b[u];
        if (off != 0) work[different++] = (struct scores_difference){fabs(off), off > 0};
    }
    struct score_pair pair = {.p = 1, .p_adjusted = 1, .units = n};
    if (n > 0) {
        if (!(sum_a > 0) || !(sum_b > 0)) return tong_fail(err, TONG_E_INVALID, "a mean score of 0 gives no ratio");
        pair.ratio = sum_a / sum_b;
        pair.p = scores_wilcoxon(work, different, different < n);
    }
    *out = pair;
    return TONG_OK;
}

struct scores_rank {
    double p;
    size_t pair;
};

static int scores_by_p(const void *a, const void *b)
{
    double x = ((const struct scores_rank *)a)->p, y = ((const struct scores_rank *)b)->p;
    return x < y ? -1 : x > y;
}

// S. Holm 1979: the smallest p times the number of tests, the next times one less, never falling.
static bool scores_holm(struct score_pairwise *out, struct arena *arena)
{
    size_t m = out->models, n = 0;
    struct scores_rank *rank = arena_array(arena, m * m + 1, sizeof *rank);
    if (rank == NULL) return false;
    for (size_t i = 0; i < m; i++)
        for (size_t j = i + 1; j < m; j++)
            if (out->pair[i * m + j].units > 0) rank[n++] = (struct scores_rank){out->pair[i * m + j].p, i * m + j};
    qsort(rank, n, sizeof *rank, scores_by_p);
    double floor_p = 0;
    for (size_t k = 0; k < n; k++) {
        floor_p = fmax(floor_p, fmin(1, (double)(n - k) * rank[k].p));
        size_t i = rank[k].pair / m, j = rank[k].pair % m;
        out->pair[i * m + j].p_adjusted = out->pair[j * m + i].p_adjusted = floor_p;
    }
    return true;
}

tong_code scores_pairwise(const double *score, size_t models, size_t units, struct arena *arena,
                          struct score_pairwise *out, struct err *err)
{
    if (models == 0 || models > SCORES_MODELS_MAX || units == 0)
        return tong_fail(err, TONG_E_INVALID, "%zu models, %zu units", models, units);
    for (size_t i = 0; i < models * units; i++)
        if (!isnan(score[i]) && (score[i] < 0 || isinf(score[i])))
            return tong_fail(err, TONG_E_INVALID, "score %zu is %g", i, score[i]);
    struct score_pairwise made = {.models = models};
    made.pair = arena_array(arena, models * models, sizeof *made.pair);
    made.skill = arena_array(arena, models, sizeof *made.skill);
    struct scores_difference *work = arena_array(arena, units, sizeof *work);
    if (made.pair == NULL || made.skill == NULL || work == NULL)
        return tong_fail(err, TONG_E_NOMEM, "no memory for %zu models", models);
    for (size_t i = 0; i < models; i++) {
        double sum = 0, partners = 0;
        for (size_t j = 0; j < models; j++) {
            struct score_pair *pair = &made.pair[i * models + j];
            tong_code code = scores_pair(score + i * units, score + j * units, units, work, pair, err);
            if (code != TONG_OK) return code;
            if (pair->units == 0) continue;
            sum += log(pair->ratio);
            partners++;
        }
        made.skill[i] = partners > 0 ? exp(sum / partners) : 0;
    }
    if (!scores_holm(&made, arena)) return tong_fail(err, TONG_E_NOMEM, "no memory for %zu models", models);
    *out = made;
    return TONG_OK;
}
