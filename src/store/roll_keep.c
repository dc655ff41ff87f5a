#include "store/roll_keep.h"

#include <assert.h>
#include <string.h>

// ---- filters as tests ----

static uint32_t test_absent(uint8_t bytes)
{
    return bytes == 1 ? UINT8_MAX : bytes == 2 ? UINT16_MAX : (uint32_t)ROLL_NONE;
}

// A run of values as the column holds them. Absent is the lowest of four bytes, and the highest of one and of two, where no
// value is below 0. False: there is no room for another run.
static bool test_run(struct roll_test *t, int64_t low, int64_t high)
{
    int64_t most = t->bytes == 1 ? UINT8_MAX - 1 : t->bytes == 2 ? UINT16_MAX - 1 : INT32_MAX;
    if (low == ROLL_NONE && high == ROLL_NONE) {
        low = high = t->bytes == sizeof(int32_t) ? ROLL_NONE : (int64_t)test_absent(t->bytes);
    } else {
        if (t->bytes < sizeof(int32_t) && low < 0) low = 0;
        if (high > most) high = most;
    }
    if (low > high) return true;
    if (t->runs == ROLL_RUNS_MAX) return false;
    t->from[t->runs] = (uint32_t)low;
    t->span[t->runs++] = (uint32_t)(high - low);
    return true;
}

static bool test_set(struct roll_test *t, const uint64_t set[4])
{
    for (int32_t v = 0; v < 256; v++) {
        if ((set[v >> 6] >> (v & 63) & 1) == 0) continue;
        int32_t first = v;
        while (v < 255 && (set[(v + 1) >> 6] >> ((v + 1) & 63) & 1) != 0) v++;
        if (!test_run(t, first, v)) return false;
    }
    return true;
}

bool roll_test_make(const struct roll_filter *f, uint8_t bytes, struct roll_test *out)
{
    int32_t x = f->value;
    *out = (struct roll_test){.column = f->column, .bytes = bytes};
    switch ((roll_compare)f->compare) {
    case ROLL_IS: return test_run(out, x, x);
    case ROLL_IS_NOT: out->outside = true; return test_run(out, x, x);
    case ROLL_FROM: return test_run(out, x == ROLL_NONE ? (int64_t)x + 1 : x, INT32_MAX);
    case ROLL_TO: return x == ROLL_NONE || test_run(out, (int64_t)ROLL_NONE + 1, x);
    case ROLL_ABSENT: return test_run(out, ROLL_NONE, ROLL_NONE);
    case ROLL_PRESENT: out->outside = true; return test_run(out, ROLL_NONE, ROLL_NONE);
    case ROLL_ONE_OF: return test_set(out, f->set);
    case ROLL_HAS_BIT:
    case ROLL_LACKS_BIT:
        out->masked = true;
        out->lacks = f->compare == ROLL_LACKS_BIT;
        out->mask = bytes == sizeof(int32_t) ? (uint32_t)x : (uint32_t)x & test_absent(bytes);
        return true;
    case ROLL_WITHIN:
    case ROLL_WITHOUT: break;
    }
    return false;
}

// ---- the loops ----
//
// (v - from) as an unsigned number is at most `span` exactly when from <= v <= from + span. Each body is compiled twice: for
// every processor, and for those with AVX2.

#define ALWAYS static inline __attribute__((always_inline))

#define BODY_ONE(type)                                                                                              \
    ALWAYS void one_##type(const type *restrict v, uint32_t low, uint32_t high, uint8_t no, uint8_t *restrict keep) \
    {                                                                                                               \
        type from = (type)low, span = (type)high;                                                                   \
        for (size_t i = 0; i < ROLL_BLOCK; i++)                                                                     \
            keep[i] = (uint8_t)(keep[i] & ((uint8_t)((type)(v[i] - from) <= span) ^ no));                           \
    }
#define BODY_ANY(type)                                                                                               \
    ALWAYS void any_##type(const type *restrict v, uint32_t low, uint32_t high, uint8_t *restrict any)               \
    {                                                                                                                \
        type from = (type)low, span = (type)high;                                                                    \
        for (size_t i = 0; i < ROLL_BLOCK; i++) any[i] = (uint8_t)(any[i] | (uint8_t)((type)(v[i] - from) <= span)); \
    }
#define BODY_MASK(type)                                                                                               \
    ALWAYS void mask_##type(const type *restrict v, uint32_t bits, uint32_t none, uint8_t no, uint8_t *restrict keep) \
    {                                                                                                                 \
        type mask = (type)bits, absent = (type)none;                                                                  \
        for (size_t i = 0; i < ROLL_BLOCK; i++)                                                                       \
            keep[i] =                                                                                                 \
                (uint8_t)(keep[i] & ((uint8_t)((uint8_t)((v[i] & mask) != 0) & (uint8_t)(v[i] != absent)) ^ no));     \
    }
BODY_ONE(uint8_t)
BODY_ONE(uint16_t) BODY_ONE(uint32_t) BODY_ANY(uint8_t) BODY_ANY(uint16_t) BODY_ANY(uint32_t) BODY_MASK(uint8_t)
    BODY_MASK(uint16_t) BODY_MASK(uint32_t)

        ALWAYS void test_mask(const struct roll_test *t, const void *at, uint8_t *restrict keep)
{
    uint32_t none = test_absent(t->bytes);
    if (t->bytes == 1) mask_uint8_t(at, t->mask, none, t->lacks, keep);
    else if (t->bytes == 2) mask_uint16_t(at, t->mask, none, t->lacks, keep);
    else mask_uint32_t(at, t->mask, none, t->lacks, keep);
}

ALWAYS void test_runs(const struct roll_test *t, const void *at, uint8_t *restrict keep)
{
    uint8_t any[ROLL_BLOCK];
    uint8_t no = t->outside;
    memset(any, 0, sizeof any);
    for (size_t k = 0; k < t->runs; k++) {
        if (t->bytes == 1) any_uint8_t(at, t->from[k], t->span[k], any);
        else if (t->bytes == 2) any_uint16_t(at, t->from[k], t->span[k], any);
        else any_uint32_t(at, t->from[k], t->span[k], any);
    }
    for (size_t i = 0; i < ROLL_BLOCK; i++) keep[i] = (uint8_t)(keep[i] & (any[i] ^ no));
}

ALWAYS void test_body(const struct roll_test *t, const void *at, uint8_t *restrict keep)
{
    if (t->masked) test_mask(t, at, keep);
    else if (t->runs != 1) test_runs(t, at, keep);
    else if (t->bytes == 1) one_uint8_t(at, t->from[0], t->span[0], t->outside, keep);
    else if (t->bytes == 2) one_uint16_t(at, t->from[0], t->span[0], t->outside, keep);
    else one_uint32_t(at, t->from[0], t->span[0], t->outside, keep);
}

ALWAYS void bytes_body(const char *restrict a, const char *restrict b, const char *restrict c, const char *word,
                       size_t n, char *restrict hit)
{
    char first = word[0], second = word[1], third = word[2];
    for (size_t i = 0; i < n; i++) hit[i] = (char)((a[i] == first) & (b[i] == second) & (c[i] == third));
}

#if defined(__x86_64__)
__attribute__((target("avx2"))) static void test_wide(const struct roll_test *t, const void *at, uint8_t *keep)
{
    test_body(t, at, keep);
}
__attribute__((target("avx2"))) static void bytes_wide(const char *a, const char *b, const char *c, const char *word,
                                                       size_t n, char *hit)
{
    bytes_body(a, b, c, word, n, hit);
}
bool roll_keep_wide(void)
{
    return __builtin_cpu_supports("avx2") != 0;
}
#else
#define test_wide test_body
#define bytes_wide bytes_body
bool roll_keep_wide(void)
{
    return false;
}
#endif

void roll_test_keep(const struct roll_test *t, const void *at, bool wide, uint8_t keep[ROLL_BLOCK])
{
    assert(t->bytes == 1 || t->bytes == 2 || t->bytes == sizeof(int32_t));
    if (wide) test_wide(t, at, keep);
    else test_body(t, at, keep);
}

void roll_keep_bytes(const char *a, const char *b, const char *c, const char word[3], size_t n, bool wide, char *hit)
{
    if (wide) bytes_wide(a, b, c, word, n, hit);
    else bytes_body(a, b, c, word, n, hit);
}

// Eight bytes, each 0 or 1, meet in the top byte of a product without carrying.
size_t roll_keep_bits(const uint8_t keep[ROLL_BLOCK], uint64_t bits[ROLL_WORDS])
{
    size_t left = 0;
    for (size_t w = 0; w < ROLL_WORDS; w++) {
        uint64_t word = 0;
        for (size_t k = 0; k < 64 && bits[w] != 0; k += sizeof word) {
            uint64_t eight;
            memcpy(&eight, keep + w * 64 + k, sizeof eight);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
            eight = __builtin_bswap64(eight);
#endif
            word |= (eight * UINT64_C(0x0102040810204080) >> 56) << k;
        }
        bits[w] &= word;
        left += (size_t)__builtin_popcountll(bits[w]);
    }
    return left;
}
