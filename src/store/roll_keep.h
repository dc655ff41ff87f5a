// roll_keep.h -- filters on a column of a list's own, over ROLL_BLOCK rows at once. Private to store/roll*.c.
//
// A test is a filter turned into what the column holds: up to ROLL_RUNS_MAX runs of values, or a mask of bits. Tests make a
// byte a row, 0 or 1, in loops of fixed length without branches, which compilers turn into vector instructions; where the
// processor has AVX2 (Intel 2013) they run in its registers.
#ifndef TONG_STORE_ROLL_KEEP_H
#define TONG_STORE_ROLL_KEEP_H

#include "store/roll.h"

enum {
    ROLL_BLOCK = 1024,
    ROLL_WORDS = ROLL_BLOCK / 64,
    ROLL_RUNS_MAX = 6
}; // rows looked at together, as words of bits

struct roll_test {
    uint8_t column, bytes, runs;
    bool outside;       // what is in no run passes
    bool masked, lacks; // by bits: any of `mask`, or none of it
    uint32_t mask;
    uint32_t from[ROLL_RUNS_MAX], span[ROLL_RUNS_MAX]; // v - from <= span, as unsigned numbers of the column's width
};

// False: this filter has to look at one value after the other (a set of many runs, a set of numbers).
bool roll_test_make(const struct roll_filter *f, uint8_t bytes, struct roll_test *out);
// keep[i] stays 1 where value i passes. `at` are ROLL_BLOCK values of the column. `wide`: roll_keep_wide().
void roll_test_keep(const struct roll_test *t, const void *at, bool wide, uint8_t keep[ROLL_BLOCK]);
bool roll_keep_wide(void); // does this processor have AVX2?
// The bytes as bits, ANDed into `bits`; returns how many are left.
size_t roll_keep_bits(const uint8_t keep[ROLL_BLOCK], uint64_t bits[ROLL_WORDS]);
// Where two or three bytes of a word stand: hit[i] = a[i] == word[0] && b[i] == word[1] && c[i] == word[2], for `n` places.
void roll_keep_bytes(const char *a, const char *b, const char *c, const char word[3], size_t n, bool wide, char *hit);

#endif
