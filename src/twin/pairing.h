// pairing.h -- chance meetings without a list: a permutation of the stubs, keyed by the day, and its inverse.
//
// Stub s meets the stub whose place is beside its own: partner(s) = P^-1(P(s) xor 1). P is a Feistel network over a x b
// >= n (Black, Rogaway, CT-RSA 2002: generalised Feistel with cycle walking), so a meeting of any past day can be looked
// up again, from either side, for tracing. Random numbers as good as a shuffle of the list, at O(1) and no memory.
#ifndef TONG_TWIN_PAIRING_H
#define TONG_TWIN_PAIRING_H

#include "twin/key.h"

enum { PAIRING_ROUNDS = 6 };

struct pairing {
    uint32_t n, a, b;
    uint64_t inverse_b; // for the division by b
    uint64_t round_key[PAIRING_ROUNDS];
};

static inline void pairing_make(uint64_t seed, int32_t day, uint32_t n, struct pairing *out)
{
    uint32_t root = 1;
    while ((uint64_t)root * root < n) root++;
    out->n = n;
    out->b = root;
    out->a = (uint32_t)(((uint64_t)n + root - 1) / root);
    if (out->a == 0) out->a = 1;
    out->inverse_b = UINT64_MAX / root + 1; // exact for 32-bit numbers (Lemire, Kaser, Kurz 2019); 0 when root is 1
    struct key k = key_stream(seed, day, n, KEY_PAIRING);
    for (int i = 0; i < PAIRING_ROUNDS; i++) out->round_key[i] = key_u64(&k);
}

static inline uint32_t pairing_divide(const struct pairing *p, uint32_t x)
{
    return p->b == 1 ? x : (uint32_t)(((key_u128)p->inverse_b * x) >> 64);
}

static inline uint32_t pairing_hash(uint64_t round_key, uint32_t half, uint32_t modulus)
{
    uint64_t x = (half + round_key) * 0xD6E8FEB86659FD93ULL;
    x ^= x >> 32;
    x *= 0xD6E8FEB86659FD93ULL;
    return (uint32_t)(((x >> 32) * modulus) >> 32);
}

static inline uint32_t pairing_forward_once(const struct pairing *p, uint32_t x)
{
    uint32_t left = pairing_divide(p, x), right = x - left * p->b;
    for (int i = 0; i < PAIRING_ROUNDS; i += 2) {
        left += pairing_hash(p->round_key[i], right, p->a);
        if (left >= p->a) left -= p->a;
        right += pairing_hash(p->round_key[i + 1], left, p->b);
        if (right >= p->b) right -= p->b;
    }
    return left * p->b + right;
}

static inline uint32_t pairing_back_once(const struct pairing *p, uint32_t x)
{
    uint32_t left = pairing_divide(p, x), right = x - left * p->b;
    for (int i = PAIRING_ROUNDS - 2; i >= 0; i -= 2) {
        uint32_t h = pairing_hash(p->round_key[i + 1], left, p->b);
        right = right >= h ? right - h : right + p->b - h;
        h = pairing_hash(p->round_key[i], right, p->a);
        left = left >= h ? left - h : left + p->a - h;
    }
    return left * p->b + right;
}

// The stub that stub s meets; s < n, n even.
static inline uint32_t pairing_partner(const struct pairing *p, uint32_t s)
{
    do s = pairing_forward_once(p, s);
    while (s >= p->n);
    s ^= 1;
    do s = pairing_back_once(p, s);
    while (s >= p->n);
    return s;
}

#endif
