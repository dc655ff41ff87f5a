// key.h -- random numbers looked up, not drawn in turn: a key (seed, day, person, purpose) names a short stream.
//
// SplitMix64 (Steele, Lea, Flood, OOPSLA 2014) over a mixed key: a stream is eight bytes and costs a nanosecond or two a
// number, where base/rng.h costs ten; the twin's inner loops ask for thirty numbers per infection. Whatever runs on
// whichever thread in whichever order, a key gives the same numbers, and a policy that spares one person an infection
// changes nobody else's draws (common random numbers). Only integer arithmetic, + - * / and sqrt, and a
// logarithm and an exponential made of them: the same bits on every machine.
#ifndef TONG_TWIN_KEY_H
#define TONG_TWIN_KEY_H

#include <stdint.h>

// What a stream is for. A purpose keeps its number for ever: runs are compared over versions.
typedef enum key_purpose {
    KEY_COURSE = 1, // how an infection goes on
    KEY_ATTEMPT,    // whom the infected person could infect, when
    KEY_PAIRING,    // who meets whom by chance on a day
    KEY_WORK,       // which standing contacts meet on a day
    KEY_HOUSEHOLD,  // which household of the sample is drawn
    KEY_NETWORK,    // the standing networks
    KEY_STUBS,      // how many people somebody meets by chance
    KEY_SEEDS,      // who is infected at the start and from outside
    KEY_VACCINE,
    KEY_ACCEPTS, // complies, refuses, is reached
    KEY_TEST,
    KEY_STAFF,
    KEY_OTHER,
} key_purpose;

__extension__ typedef unsigned __int128 key_u128;

struct key {
    uint64_t at;
};

static inline uint64_t key_mix(uint64_t x)
{
    x ^= x >> 30;
    x *= 0xBF58476D1CE4E5B9ULL;
    x ^= x >> 27;
    x *= 0x94D049BB133111EBULL;
    return x ^ (x >> 31);
}

static inline struct key key_stream(uint64_t seed, int32_t day, uint32_t person, key_purpose purpose)
{
    uint64_t where = (uint64_t)(uint32_t)day << 32 | person;
    uint64_t what = key_mix(seed + 0x9E3779B97F4A7C15ULL * (uint64_t)purpose);
    return (struct key){key_mix(what ^ (where * 0xD6E8FEB86659FD93ULL))};
}

static inline uint64_t key_u64(struct key *k)
{
    k->at += 0x9E3779B97F4A7C15ULL;
    return key_mix(k->at);
}

// In [0, 1), a multiple of 2^-53.
static inline double key_uniform(struct key *k)
{
    return (double)(key_u64(k) >> 11) * 0x1p-53;
}

// In (0, 1]: safe for a logarithm.
static inline double key_positive(struct key *k)
{
    return (double)((key_u64(k) >> 11) + 1) * 0x1p-53;
}

// 0 .. n - 1; n > 0. The bias is below n / 2^64.
static inline uint32_t key_below(struct key *k, uint32_t n)
{
    return (uint32_t)(((key_u64(k) >> 32) * n) >> 32);
}

double key_exp(double x); // -700 <= x <= 700; error below 1e-15 of the value
double key_log(double x); // x > 0 and normal; error below 4 units in the last place

double key_normal(struct key *k);                       // mean 0, standard deviation 1
double key_gamma(struct key *k, double shape);          // scale 1; shape > 0
uint32_t key_poisson(struct key *k, double mean);       // 0 <= mean <= 1e6
uint32_t key_negative_binomial(struct key *k, double mean, double size); // variance mean + mean^2 / size; size > 0

#endif
