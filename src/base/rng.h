// rng.h -- random numbers that belong to something: the agent, the day, the purpose they are drawn for.
//
// Counter-based: Philox4x32-10 (J. K. Salmon, M. A. Moraes, R. O. Dror, D. E. Shaw, "Parallel random numbers: as easy as
// 1, 2, 3", SC 2011). A stream is named by (seed, replicate, day, agent, purpose), has no state but its position, and
// gives the same numbers for any thread count and any order of agents; changing what one agent does changes no other
// agent's draws. A stream has 2^34 32-bit numbers.
#ifndef TONG_BASE_RNG_H
#define TONG_BASE_RNG_H

#include "base/err.h"

struct rng {
    uint32_t key[2];
    uint32_t counter[4]; // block, agent, day, purpose
    uint32_t block[4];
    uint32_t left; // unread words of block
};

struct rng rng_stream(uint64_t seed, uint32_t replicate, int32_t day, uint32_t agent, uint32_t purpose);

uint32_t rng_u32(struct rng *r);
uint64_t rng_u64(struct rng *r);
double rng_uniform(struct rng *r);                           // in [0, 1), a multiple of 2^-53
uint32_t rng_below(struct rng *r, uint32_t n);               // 0 .. n - 1, each as likely; n > 0
double rng_normal(struct rng *r);                            // mean 0, standard deviation 1
double rng_gamma(struct rng *r, double shape, double scale); // both > 0; mean shape * scale
int64_t rng_poisson(struct rng *r, double mean);             // 0 <= mean <= 1e9
// Mean and dispersion k: variance mean + mean^2 / k. 0 <= mean, 0 < k.
int64_t rng_negative_binomial(struct rng *r, double mean, double k);

// The generator itself: one block of four words.
void rng_philox(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4]);

#endif
