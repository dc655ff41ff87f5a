// transmission_tree.h -- who infected whom, from dates, genomes and contacts: a posterior over trees.
//
// The model of T. Jombart, A. Cori, X. Didelot, S. Cauchemez, C. Fraser, N. Ferguson (PLoS Comput Biol
// 2014;10:e1003457), with contacts after F. Campbell, A. Cori, N. Ferguson, T. Jombart (PLoS Comput Biol
// 2019;15:e1006930). Each case i was infected on a day t(i), by a case j, kappa generations before (kappa - 1 cases
// between them were never seen), or from outside:
//
//   seen        delay f(seen(i) - t(i))
//   generation  w convolved kappa times, at t(i) - t(j)
//   unseen      pi (1 - pi)^(kappa - 1), pi ~ Beta(reported_a, reported_b)
//   mutations   d(i, j) ~ Poisson(kappa mu sites), each set of mutated sites and bases alike: factor (3 sites)^-d;
//               mu sites ~ Gamma(1, 0.01)
//   contact     a direct pair has one with probability eps, any other with lambda; both Beta(1, 1)
//   outside     probability rho ~ Beta(1, 10); any day of the outbreak alike; a genome that differs from the common
//               root at m sites, weight m^m e^-m (3 sites)^-m, where 2 m is the distance nine in ten pairs stay below
//
// Sampled by Gibbs steps: day, infector and generations of one case are drawn together from their joint conditional
// distribution, so one sweep does what separate random-walk moves need hundreds of iterations for, and no step is
// tuned; which of two came first is proposed by letting a pair change places (N. Metropolis et al. 1953). Since w(0) = 0
// an infector is always infected earlier: no cycles can arise. A sweep costs cases^2 times the
// days of f.
//
// Pure: draws come from (seed, chain), the same on every machine; run several chains and compare (`chain`).
#ifndef TONG_EPI_TRANSMISSION_TREE_H
#define TONG_EPI_TRANSMISSION_TREE_H

#include "base/arena.h"
#include "epi/chain.h"

enum { TREE_CASES_MAX = 4000, TREE_DELAY_MAX = 200, TREE_KAPPA_MAX = 8, TREE_SNP_MAX = 150, TREE_SWEEPS_MAX = 1000000 };

struct tree_input {
    int32_t cases;
    const int32_t *seen;      // day of onset, or of the sample; one a case
    const double *delay;      // f: probability of k days from infection to that day, k = 0 .. delay_days - 1
    const double *generation; // w, w[0] = 0
    size_t delay_days, generation_days;
    const int32_t *snp;                // cases * cases distances, symmetric, -1: not known; NULL: no genomes. More than
                                       // TREE_SNP_MAX counts as that
    int64_t sites;                     // length of the genomes
    const struct chain_link *contacts; // either direction
    size_t contact_count;
};

struct tree_options {
    int32_t sweeps, burn, thin;    // 3000, 500, 1
    int32_t kappa_max;             // 1: every case was seen
    double reported_a, reported_b; // prior of pi: 10, 1
    uint64_t seed;
    uint32_t chain;
};
struct tree_options tree_defaults(void);

struct tree_case {
    int32_t infector; // the most probable one; CHAIN_NONE: from outside
    double support;   // its posterior probability
    double outside;   // that of coming from outside
    double direct;    // that nobody unseen stands between, given any infector
    double infected_mean;
    int32_t infected_lo, infected_hi; // 95 %, days
    double offspring;                 // expected number of cases infected by this one
};

struct tree {
    struct tree_case *cases;
    double *posterior;                            // posterior[i * cases + j]: that j infected i, i = j: outside
    double mutations, mutations_lo, mutations_hi; // mu sites, per generation; 0 without genomes
    double reported, eps, lambda, outside;        // posterior means of pi, eps, lambda, rho
    int32_t kept;                                 // sweeps that count
    double accepted_support;                      // mean of the cases' support
};

// TONG_E_INVALID: weights that are no distribution, distances that are not symmetric, a contact of nobody, options out
// of range; TONG_E_LIMIT; TONG_E_NOMEM.
tong_code tree_sample(const struct tree_input *in, const struct tree_options *options, struct arena *arena,
                      struct tree *out, struct err *err) TONG_MUST_USE;

// The mean of chains over the same input; agree: the largest difference of a posterior probability between two of them.
tong_code tree_join(const struct tree *chains, size_t count, int32_t cases, struct arena *arena, struct tree *out,
                    double *agree, struct err *err) TONG_MUST_USE;

#endif
