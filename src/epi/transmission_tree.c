#include "epi/transmission_tree.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/rng.h"
#include "epi/special.h"

struct tree_work {
    const struct tree_input *in;
    const struct tree_options *o;
    struct rng rng;
    int32_t n;
    int32_t lags;                 // longest lag any number of generations has, + 1
    int32_t rows;                 // distances 0 .. rows - 1 occur; 1 without genomes
    double *conv;                 // conv[(kappa - 1) * lags + lag]: w convolved
    double *direct, *beyond;      // [row * lags + lag]: of one generation, of several; remade each sweep
    double *site;                 // site[i * n + j] = (3 sites)^-(d - nearest): what the sites add for this infector
    int32_t *snp;                 // capped distances
    double *outside;              // density of coming from outside; remade each sweep
    int32_t *nearest;             // smallest distance of each case
    unsigned char *contact;       // i * n + j
    int64_t pairs_contact, pairs; // of all pairs, and those with a contact
    int32_t *day, *infector, *kappa;
    double *weight;    // of an infector, while one is drawn
    double background; // of a genome from outside to the root of all; see the header
    double span;       // days in which anybody may have been infected
    double mutations, reported, eps, lambda, rho;
    int32_t least_day, day_range;
    int32_t *day_count; // [i * day_range + day - least_day]
    int32_t *infector_count, *direct_count;
    double *drawn; // mutations of each kept sweep
    double sum_reported, sum_eps, sum_lambda, sum_rho;
};

struct tree_options tree_defaults(void)
{
    return (struct tree_options){
        .sweeps = 3000, .burn = 500, .thin = 1, .kappa_max = 5, .reported_a = 10, .reported_b = 1, .seed = 1};
}

static tong_code tree_check_weights(const double *w, size_t n, const char *what, struct err *err)
{
    double sum = 0;
    if (n < 1 || n > TREE_DELAY_MAX) return tong_fail(err, TONG_E_LIMIT, "%s of %zu days", what, n);
    for (size_t k = 0; k < n; k++) {
        if (!(w[k] >= 0) || !(w[k] <= 1)) return tong_fail(err, TONG_E_INVALID, "%s: weight %zu is %g", what, k, w[k]);
        sum += w[k];
    }
    if (!(sum > 0.9) || !(sum < 1.001))
        return tong_fail(err, TONG_E_INVALID, "%s: the weights sum to %g, not 1", what, sum);
    return TONG_OK;
}

static tong_code tree_check(const struct tree_input *in, const struct tree_options *o, struct err *err)
{
    if (in->cases < 1 || in->cases > TREE_CASES_MAX)
        return tong_fail(err, TONG_E_LIMIT, "a tree of %d cases", (int)in->cases);
    tong_code code = tree_check_weights(in->delay, in->delay_days, "delay", err);
    if (code == TONG_OK) code = tree_check_weights(in->generation, in->generation_days, "generation time", err);
    if (code != TONG_OK) return code;
    if (in->generation_days < 2 || in->generation[0] != 0)
        return tong_fail(err, TONG_E_INVALID, "nobody infects on the day of the own infection");
    if (o->sweeps < 10 || o->sweeps > TREE_SWEEPS_MAX || o->burn < 0 || o->burn >= o->sweeps || o->thin < 1 ||
        o->thin > o->sweeps - o->burn || o->kappa_max < 1 || o->kappa_max > TREE_KAPPA_MAX || !(o->reported_a > 0) ||
        !(o->reported_b > 0) || isinf(o->reported_a) || isinf(o->reported_b))
        return tong_fail(err, TONG_E_INVALID, "%d sweeps, %d of them left out, %d generations", (int)o->sweeps,
                         (int)o->burn, (int)o->kappa_max);
    int32_t n = in->cases, least = in->seen[0], most = in->seen[0];
    for (int32_t i = 0; i < n; i++) {
        if (in->seen[i] < -1000000 || in->seen[i] > 1000000)
            return tong_fail(err, TONG_E_INVALID, "case %d was seen on day %d", (int)i, (int)in->seen[i]);
        least = in->seen[i] < least ? in->seen[i] : least;
        most = in->seen[i] > most ? in->seen[i] : most;
    }
    if (most - least > 3660) return tong_fail(err, TONG_E_LIMIT, "%d days of outbreak", (int)(most - least));
    if (in->snp != NULL && in->sites < 1) return tong_fail(err, TONG_E_INVALID, "genomes of %d sites", (int)in->sites);
    for (int32_t i = 0; in->snp != NULL && i < n; i++)
        for (int32_t j = 0; j < i; j++) {
            int32_t d = in->snp[(int64_t)i * n + j];
            if (d != in->snp[(int64_t)j * n + i] || d < -1)
                return tong_fail(err, TONG_E_INVALID, "the distance of cases %d and %d", (int)i, (int)j);
        }
    for (size_t k = 0; k < in->contact_count; k++) {
        struct chain_link l = in->contacts[k];
        if (l.from < 0 || l.from >= n || l.to < 0 || l.to >= n)
            return tong_fail(err, TONG_E_INVALID, "contact %zu is not between two cases", k);
    }
    return TONG_OK;
}

static bool tree_allocate(struct tree_work *w, struct arena *a)
{
    size_t n = (size_t)w->n, rows = (size_t)w->rows, lags = (size_t)w->lags, kappa = (size_t)w->o->kappa_max;
    w->conv = arena_array(a, kappa * lags, sizeof *w->conv);
    w->direct = arena_array(a, rows * lags, sizeof *w->direct);
    w->beyond = arena_array(a, rows * lags, sizeof *w->beyond);
    w->site = arena_array(a, n * n, sizeof *w->site);
    w->snp = arena_array(a, n * n, sizeof *w->snp);
    w->contact = arena_array(a, n * n, sizeof *w->contact);
    w->outside = arena_array(a, n, sizeof *w->outside);
    w->nearest = arena_array(a, n, sizeof *w->nearest);
    w->day = arena_array(a, n, sizeof *w->day);
    w->infector = arena_array(a, n, sizeof *w->infector);
    w->kappa = arena_array(a, n, sizeof *w->kappa);
    w->weight = arena_array(a, n + 1, sizeof *w->weight);
    w->day_count = arena_array(a, n * w->in->delay_days, sizeof *w->day_count);
    w->direct_count = arena_array(a, n, sizeof *w->direct_count);
    w->infector_count = arena_array(a, n * n, sizeof *w->infector_count);
    w->drawn = arena_array(a, (size_t)w->o->sweeps, sizeof *w->drawn);
    return w->conv != NULL && w->direct != NULL && w->beyond != NULL && w->site != NULL && w->snp != NULL &&
           w->contact != NULL && w->outside != NULL && w->nearest != NULL && w->day != NULL && w->infector != NULL &&
           w->kappa != NULL && w->weight != NULL && w->day_count != NULL && w->direct_count != NULL &&
           w->infector_count != NULL && w->drawn != NULL;
}

static void tree_convolve(struct tree_work *w)
{
    const struct tree_input *in = w->in;
    int32_t lags = w->lags, g = (int32_t)in->generation_days;
    for (int32_t k = 0; k < g && k < lags; k++) w->conv[k] = in->generation[k];
    for (int32_t kappa = 1; kappa < w->o->kappa_max; kappa++) {
        const double *before = w->conv + (kappa - 1) * lags;
        double *now = w->conv + kappa * lags;
        for (int32_t a = 0; a < lags; a++)
            for (int32_t b = 1; b < g && a + b < lags; b++) now[a + b] += before[a] * in->generation[b];
    }
}

// A distance that is not known says nothing: it stands as the case's smallest one and costs no sites.
static void tree_distances(struct tree_work *w)
{
    const struct tree_input *in = w->in;
    int32_t n = w->n;
    int64_t tally[TREE_SNP_MAX + 1] = {0}, known = 0;
    for (int32_t i = 0; i < n; i++) {
        int32_t nearest = TREE_SNP_MAX;
        for (int32_t j = 0; in->snp != NULL && j < n; j++) {
            int32_t d = in->snp[(int64_t)i * n + j];
            if (j == i || d < 0) continue;
            d = d > TREE_SNP_MAX ? TREE_SNP_MAX : d;
            nearest = d < nearest ? d : nearest;
            tally[d]++;
            known++;
        }
        w->nearest[i] = in->snp == NULL || nearest == TREE_SNP_MAX ? 0 : nearest;
    }
    int64_t below = 0;
    int32_t wide = 0;
    for (; wide < TREE_SNP_MAX && (below += tally[wide]) < known - known / 10; wide++) continue;
    w->background = wide > 2 ? wide / 2.0 : 1;
    for (int32_t i = 0; i < n; i++)
        for (int32_t j = 0; j < n; j++) {
            int64_t at = (int64_t)i * n + j;
            int32_t d = in->snp == NULL || in->snp[at] < 0 ? w->nearest[i] : in->snp[at];
            d = d > TREE_SNP_MAX ? TREE_SNP_MAX : d;
            w->snp[at] = in->snp == NULL ? 0 : d;
            w->site[at] = in->snp == NULL ? 1 : pow(3.0 * (double)in->sites, w->nearest[i] - d);
        }
    for (size_t k = 0; k < in->contact_count; k++) {
        int64_t a = in->contacts[k].from, b = in->contacts[k].to;
        if (a == b || w->contact[a * n + b]) continue;
        w->contact[a * n + b] = w->contact[b * n + a] = 1;
        w->pairs_contact++;
    }
    w->pairs = (int64_t)n * (n - 1) / 2;
}

// What one pair weighs, by distance and lag, at the present parameters.
static void tree_tables(struct tree_work *w)
{
    int32_t lags = w->lags;
    memset(w->direct, 0, (size_t)w->rows * (size_t)lags * sizeof *w->direct);
    memset(w->beyond, 0, (size_t)w->rows * (size_t)lags * sizeof *w->beyond);
    for (int32_t kappa = 1; kappa <= w->o->kappa_max; kappa++) {
        double *to = kappa == 1 ? w->direct : w->beyond;
        double unseen = w->reported * pow(1 - w->reported, kappa - 1), mean = kappa * w->mutations;
        for (int32_t d = 0; d < w->rows; d++) {
            double weight = unseen * (w->in->snp == NULL ? 1 : exp(d * log(mean) - mean));
            for (int32_t lag = 1; lag < lags; lag++) to[d * lags + lag] += weight * w->conv[(kappa - 1) * lags + lag];
        }
    }
    double far = w->background, one = w->rho / (1 - w->rho) / w->span;
    for (int32_t i = 0; i < w->n; i++)
        w->outside[i] = w->in->snp == NULL
                            ? one
                            : one * exp(far * log(far) - far + (w->nearest[i] - far) * log(3.0 * (double)w->in->sites));
}

// Contacts weigh only for direct pairs; relative to no transmission, for which lambda explains the contact.
static double tree_contact_weight(const struct tree_work *w, int32_t i, int32_t j)
{
    if (w->in->contact_count == 0) return 1;
    return w->contact[(int64_t)i * w->n + j] ? w->eps / w->lambda : (1 - w->eps) / (1 - w->lambda);
}

static double tree_pair(const struct tree_work *w, int32_t i, int32_t j, int32_t lag)
{
    int64_t at = (int64_t)i * w->n + j, cell = (int64_t)w->snp[at] * w->lags + lag;
    return w->site[at] * (tree_contact_weight(w, i, j) * w->direct[cell] + w->beyond[cell]);
}

static int32_t tree_draw(struct tree_work *w, const double *weight, int32_t n, double total)
{
    double u = rng_uniform(&w->rng) * total;
    for (int32_t k = 0; k < n - 1; k++) {
        u -= weight[k];
        if (u < 0) return k;
    }
    int32_t last = n - 1;
    while (last > 0 && !(weight[last] > 0)) last--; // what rounding left over
    return last;
}

// Day, infector and generations of case i, given all others. The children keep their lag: the day must suit them.
static void tree_update(struct tree_work *w, int32_t i)
{
    const struct tree_input *in = w->in;
    double by_day[TREE_DELAY_MAX], total = 0;
    int32_t delays = (int32_t)in->delay_days, lags = w->lags;
    for (int32_t k = 0; k < delays; k++) by_day[k] = in->delay[k];
    for (int32_t c = 0; c < w->n; c++) {
        if (w->infector[c] != i) continue;
        const double *conv = w->conv + (w->kappa[c] - 1) * lags;
        for (int32_t k = 0; k < delays; k++) {
            int32_t lag = w->day[c] - (in->seen[i] - k);
            by_day[k] *= lag >= 1 && lag < lags ? conv[lag] : 0;
        }
    }
    for (int32_t k = 0; k < delays; k++) {
        if (!(by_day[k] > 0)) continue;
        int32_t day = in->seen[i] - k;
        double from = w->outside[i];
        for (int32_t j = 0; j < w->n; j++) {
            int32_t lag = day - w->day[j];
            if (lag >= 1 && lag < lags && j != i) from += tree_pair(w, i, j, lag);
        }
        by_day[k] *= from;
        total += by_day[k];
    }
    if (!(total > 0)) return; // underflow: everything else is as improbable, the present state stays
    int32_t day = in->seen[i] - tree_draw(w, by_day, delays, total);
    total = 0;
    for (int32_t j = 0; j < w->n; j++) {
        int32_t lag = day - w->day[j];
        w->weight[j] = lag >= 1 && lag < lags && j != i ? tree_pair(w, i, j, lag) : 0;
        total += w->weight[j];
    }
    w->weight[w->n] = w->outside[i];
    int32_t from = tree_draw(w, w->weight, w->n + 1, total + w->outside[i]);
    w->day[i] = day;
    w->infector[i] = from == w->n ? CHAIN_NONE : from;
    w->kappa[i] = 1;
    if (from == w->n) return;
    double generation[TREE_KAPPA_MAX];
    int32_t lag = day - w->day[from], d = w->snp[(int64_t)i * w->n + from];
    total = 0;
    for (int32_t kappa = 1; kappa <= w->o->kappa_max; kappa++) {
        double mean = kappa * w->mutations, unseen = w->reported * pow(1 - w->reported, kappa - 1);
        double weight = unseen * w->conv[(kappa - 1) * lags + lag] * (in->snp == NULL ? 1 : exp(d * log(mean) - mean));
        if (kappa == 1) weight *= tree_contact_weight(w, i, from);
        generation[kappa - 1] = weight;
        total += weight;
    }
    if (total > 0) w->kappa[i] = 1 + tree_draw(w, generation, w->o->kappa_max, total);
}

// What case c weighs as it stands: its delay, and its link.
static double tree_likelihood(const struct tree_work *w, int32_t c)
{
    const struct tree_input *in = w->in;
    int32_t delay = in->seen[c] - w->day[c], j = w->infector[c], kappa = w->kappa[c];
    if (delay < 0 || delay >= (int32_t)in->delay_days) return 0;
    if (j == CHAIN_NONE) return in->delay[delay] * w->outside[c];
    int32_t lag = w->day[c] - w->day[j];
    if (lag < 1 || lag >= w->lags) return 0;
    int64_t at = (int64_t)c * w->n + j;
    double mean = kappa * w->mutations, p = in->delay[delay] * w->conv[(kappa - 1) * w->lags + lag];
    p *= w->reported * pow(1 - w->reported, kappa - 1) * w->site[at];
    if (in->snp != NULL) p *= exp(w->snp[at] * log(mean) - mean);
    return kappa == 1 ? p * tree_contact_weight(w, c, j) : p;
}

static double tree_likelihood_of_two(const struct tree_work *w, int32_t i, int32_t j)
{
    double p = tree_likelihood(w, i) * tree_likelihood(w, j);
    for (int32_t c = 0; c < w->n && p > 0; c++)
        if (c != i && c != j && (w->infector[c] == i || w->infector[c] == j)) p *= tree_likelihood(w, c);
    return p;
}

// Case i and its infector change places. Their cases change with them where `all`, else each keeps its own.
static void tree_exchange(struct tree_work *w, int32_t i, int32_t j, bool all)
{
    int32_t above = w->infector[j], day = w->day[i], kappa = w->kappa[i];
    for (int32_t c = 0; all && c < w->n; c++) {
        if (c == i || c == j) continue;
        if (w->infector[c] == i) w->infector[c] = j;
        else if (w->infector[c] == j) w->infector[c] = i;
    }
    w->infector[i] = above;
    w->infector[j] = i;
    w->day[i] = w->day[j];
    w->day[j] = day;
    w->kappa[i] = w->kappa[j];
    w->kappa[j] = kappa;
}

// Which of two came first cannot change one case at a time: proposed for a pair, taken as Metropolis 1953 has it. The
// move is its own reverse: exchanging again the pair's new lower case gives the old state.
static void tree_turn(struct tree_work *w, int32_t i)
{
    int32_t j = w->infector[i];
    if (j == CHAIN_NONE) return;
    bool all = rng_below(&w->rng, 2) == 0;
    double before = tree_likelihood_of_two(w, i, j);
    tree_exchange(w, i, j, all);
    double after = tree_likelihood_of_two(w, i, j);
    if (rng_uniform(&w->rng) * before < after) return;
    tree_exchange(w, j, i, all);
}

static double tree_beta(struct rng *r, double a, double b)
{
    double x = rng_gamma(r, a, 1), y = rng_gamma(r, b, 1), p = x + y > 0 ? x / (x + y) : 0.5;
    return p < 1e-9 ? 1e-9 : p > 1 - 1e-9 ? 1 - 1e-9 : p;
}

static void tree_parameters(struct tree_work *w)
{
    double linked = 0, generations = 0, mutations = 0, lengths = 0, met = 0, direct = 0;
    for (int32_t i = 0; i < w->n; i++) {
        int32_t j = w->infector[i];
        if (j == CHAIN_NONE) continue;
        linked += 1;
        generations += w->kappa[i] - 1;
        if (w->in->snp != NULL && w->in->snp[(int64_t)i * w->n + j] >= 0) {
            mutations += w->snp[(int64_t)i * w->n + j];
            lengths += w->kappa[i];
        }
        if (w->kappa[i] != 1) continue;
        direct += 1;
        met += w->contact[(int64_t)i * w->n + j];
    }
    double contacts = (double)w->pairs_contact, pairs = (double)w->pairs;
    w->mutations = rng_gamma(&w->rng, 1 + mutations, 1 / (0.01 + lengths));
    if (w->mutations < 1e-6) w->mutations = 1e-6;
    w->reported = tree_beta(&w->rng, w->o->reported_a + linked, w->o->reported_b + generations);
    w->eps = tree_beta(&w->rng, 1 + met, 1 + direct - met);
    w->lambda = tree_beta(&w->rng, 1 + contacts - met, 1 + (pairs - direct) - (contacts - met));
    w->rho = tree_beta(&w->rng, 1 + w->n - linked, 10 + linked);
}

// All from outside, on the most probable day: from there every state can be reached.
static void tree_begin(struct tree_work *w)
{
    int32_t likely = 0;
    for (int32_t k = 1; k < (int32_t)w->in->delay_days; k++)
        if (w->in->delay[k] > w->in->delay[likely]) likely = k;
    for (int32_t i = 0; i < w->n; i++) {
        w->day[i] = w->in->seen[i] - likely;
        w->infector[i] = CHAIN_NONE;
        w->kappa[i] = 1;
    }
    w->mutations = 1;
    w->reported = w->o->reported_a / (w->o->reported_a + w->o->reported_b);
    w->eps = 0.5;
    w->lambda = 0.05;
    w->rho = 0.1;
}

static void tree_keep(struct tree_work *w, int32_t kept)
{
    for (int32_t i = 0; i < w->n; i++) {
        int32_t j = w->infector[i];
        w->infector_count[(int64_t)i * w->n + (j == CHAIN_NONE ? i : j)]++;
        w->direct_count[i] += j != CHAIN_NONE && w->kappa[i] == 1;
        w->day_count[(size_t)i * w->in->delay_days + (size_t)(w->in->seen[i] - w->day[i])]++;
    }
    w->drawn[kept] = w->mutations;
    w->sum_reported += w->reported;
    w->sum_eps += w->eps;
    w->sum_lambda += w->lambda;
    w->sum_rho += w->rho;
}

static void tree_sum_case(const struct tree_work *w, int32_t i, int32_t kept, struct tree *out)
{
    struct tree_case c = {.infector = CHAIN_NONE};
    int32_t best = i, delays = (int32_t)w->in->delay_days, seen = w->in->seen[i];
    const int32_t *count = w->infector_count + (int64_t)i * w->n;
    const int32_t *days = w->day_count + (int64_t)i * delays;
    for (int32_t j = 0; j < w->n; j++) {
        out->posterior[(int64_t)i * w->n + j] = (double)count[j] / kept;
        if (j != i) out->cases[j].offspring += (double)count[j] / kept;
        if (count[j] > count[best]) best = j;
    }
    c.infector = best == i ? CHAIN_NONE : best;
    c.support = (double)count[best] / kept;
    c.outside = (double)count[i] / kept;
    c.direct = count[i] < kept ? (double)w->direct_count[i] / (kept - count[i]) : 0;
    double below = 0;
    c.infected_lo = c.infected_hi = seen;
    bool low = false, high = false;
    for (int32_t k = delays - 1; k >= 0; k--) { // from the earliest day on
        double p = (double)days[k] / kept;
        below += p;
        c.infected_mean += p * (seen - k);
        if (!low && below > 0.025) c.infected_lo = seen - k, low = true;
        if (!high && below >= 0.975) c.infected_hi = seen - k, high = true;
    }
    c.offspring = out->cases[i].offspring;
    out->cases[i] = c;
}

static void tree_sort(double *x, int32_t n)
{
    for (int32_t gap = n / 2; gap > 0; gap = gap == 2 ? 1 : gap * 5 / 11)
        for (int32_t i = gap; i < n; i++) {
            double v = x[i];
            int32_t k = i;
            for (; k >= gap && x[k - gap] > v; k -= gap) x[k] = x[k - gap];
            x[k] = v;
        }
}

static void tree_summary(struct tree_work *w, int32_t kept, struct tree *out)
{
    for (int32_t i = 0; i < w->n; i++) tree_sum_case(w, i, kept, out);
    for (int32_t i = 0; i < w->n; i++) out->accepted_support += out->cases[i].support / w->n;
    out->kept = kept;
    out->reported = w->sum_reported / kept;
    out->outside = w->sum_rho / kept;
    if (w->in->contact_count > 0) {
        out->eps = w->sum_eps / kept;
        out->lambda = w->sum_lambda / kept;
    }
    if (w->in->snp == NULL) return;
    for (int32_t k = 0; k < kept; k++) out->mutations += w->drawn[k] / kept;
    tree_sort(w->drawn, kept);
    out->mutations_lo = w->drawn[(int32_t)(0.025 * kept)];
    out->mutations_hi = w->drawn[(int32_t)(0.975 * kept)];
}

tong_code tree_sample(const struct tree_input *in, const struct tree_options *o, struct arena *arena, struct tree *out,
                      struct err *err)
{
    tong_code code = tree_check(in, o, err);
    if (code != TONG_OK) return code;
    struct arena scratch = {0};
    struct tree_work w = {.in = in, .o = o, .n = in->cases};
    w.rng = rng_stream(o->seed, o->chain, 0, 0, 0);
    w.lags = o->kappa_max * ((int32_t)in->generation_days - 1) + 1;
    w.rows = in->snp == NULL ? 1 : TREE_SNP_MAX + 1;
    struct tree made = {0};
    size_t n = (size_t)in->cases;
    made.cases = arena_array(arena, n, sizeof *made.cases);
    made.posterior = arena_array(arena, n * n, sizeof *made.posterior);
    if (made.cases == NULL || made.posterior == NULL || !tree_allocate(&w, &scratch)) {
        arena_free(&scratch);
        return tong_fail(err, TONG_E_NOMEM, "no memory for a tree of %d cases", (int)in->cases);
    }
    int32_t least = in->seen[0], most = in->seen[0];
    for (int32_t i = 0; i < w.n; i++) {
        least = in->seen[i] < least ? in->seen[i] : least;
        most = in->seen[i] > most ? in->seen[i] : most;
    }
    w.span = (double)(most - least) + (double)in->delay_days;
    tree_convolve(&w);
    tree_distances(&w);
    tree_begin(&w);
    int32_t kept = 0;
    for (int32_t sweep = 0; sweep < o->sweeps; sweep++) {
        tree_tables(&w);
        for (int32_t i = 0; i < w.n; i++) {
            tree_update(&w, i);
            tree_turn(&w, (int32_t)rng_below(&w.rng, (uint32_t)w.n));
        }
        tree_parameters(&w);
        if (sweep >= o->burn && (sweep - o->burn) % o->thin == 0) tree_keep(&w, kept++);
    }
    assert(kept > 0);
    tree_summary(&w, kept, &made);
    arena_free(&scratch);
    *out = made;
    return TONG_OK;
}

tong_code tree_join(const struct tree *chains, size_t count, int32_t cases, struct arena *arena, struct tree *out,
                    double *agree, struct err *err)
{
    if (count < 1 || cases < 1) return tong_fail(err, TONG_E_INVALID, "%zu chains of %d cases", count, (int)cases);
    size_t n = (size_t)cases;
    struct tree made = {.mutations_lo = HUGE_VAL};
    made.cases = arena_array(arena, n, sizeof *made.cases);
    made.posterior = arena_array(arena, n * n, sizeof *made.posterior);
    if (made.cases == NULL || made.posterior == NULL) return tong_fail(err, TONG_E_NOMEM, "%zu cases", n);
    double apart = 0, part = 1 / (double)count;
    for (size_t k = 0; k < n * n; k++) {
        double lo = 1, hi = 0;
        for (size_t c = 0; c < count; c++) {
            double p = chains[c].posterior[k];
            made.posterior[k] += p * part;
            lo = fmin(lo, p);
            hi = fmax(hi, p);
        }
        apart = fmax(apart, hi - lo);
    }
    for (size_t c = 0; c < count; c++) {
        made.kept += chains[c].kept;
        made.mutations += chains[c].mutations * part;
        made.mutations_lo = fmin(made.mutations_lo, chains[c].mutations_lo);
        made.mutations_hi = fmax(made.mutations_hi, chains[c].mutations_hi);
        made.reported += chains[c].reported * part;
        made.eps += chains[c].eps * part;
        made.lambda += chains[c].lambda * part;
        made.outside += chains[c].outside * part;
    }
    for (size_t i = 0; i < n; i++) {
        struct tree_case *to = &made.cases[i];
        *to = (struct tree_case){.infected_lo = INT32_MAX, .infected_hi = INT32_MIN};
        for (size_t c = 0; c < count; c++) {
            const struct tree_case *from = &chains[c].cases[i];
            to->direct += from->direct * part;
            to->infected_mean += from->infected_mean * part;
            to->offspring += from->offspring * part;
            to->infected_lo = from->infected_lo < to->infected_lo ? from->infected_lo : to->infected_lo;
            to->infected_hi = from->infected_hi > to->infected_hi ? from->infected_hi : to->infected_hi;
        }
        size_t best = i;
        for (size_t j = 0; j < n; j++)
            if (made.posterior[i * n + j] > made.posterior[i * n + best]) best = j;
        to->infector = best == i ? CHAIN_NONE : (int32_t)best;
        to->support = made.posterior[i * n + best];
        to->outside = made.posterior[i * n + i];
        made.accepted_support += to->support / (double)n;
    }
    *out = made;
    *agree = apart;
    return TONG_OK;
}
