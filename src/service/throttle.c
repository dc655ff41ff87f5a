#include "service/throttle.h"

#include <pthread.h>
#include <sodium.h>
#include <stdlib.h>

// Keys are kept as keyed hashes: nobody can choose logins that fall on one another, and no login stands in memory.
enum { THROTTLE_WAYS = 8, THROTTLE_SETS = THROTTLE_ENTRIES / THROTTLE_WAYS };
_Static_assert((THROTTLE_SETS & (THROTTLE_SETS - 1)) == 0, "a set is found by masking");

struct throttle_entry {
    uint64_t key; // 0: empty
    int64_t failed_at, until;
    int32_t failures;
};
struct throttle {
    pthread_mutex_t lock;
    unsigned char secret[crypto_shorthash_KEYBYTES];
    struct throttle_entry entry[THROTTLE_SETS][THROTTLE_WAYS];
};

struct throttle *throttle_open(void)
{
    struct throttle *t = calloc(1, sizeof *t);
    if (t == NULL) return NULL;
    if (sodium_init() < 0 || pthread_mutex_init(&t->lock, NULL) != 0) {
        free(t);
        return NULL;
    }
    randombytes_buf(t->secret, sizeof t->secret);
    return t;
}

void throttle_close(struct throttle *t)
{
    if (t == NULL) return;
    (void)pthread_mutex_destroy(&t->lock);
    free(t);
}

static uint64_t throttle_key(const struct throttle *t, struct str key)
{
    unsigned char hash[crypto_shorthash_BYTES];
    (void)crypto_shorthash(hash, (const unsigned char *)key.p, key.n, t->secret);
    uint64_t v = 0;
    for (size_t i = 0; i < sizeof hash; i++) v = v << 8 | hash[i];
    return v == 0 ? 1 : v;
}

// The entry of a key, or NULL; with `make` the one that failed longest ago in its set makes room.
static struct throttle_entry *throttle_entry_of(struct throttle *t, uint64_t key, bool make)
{
    struct throttle_entry *set = t->entry[key & (THROTTLE_SETS - 1)], *oldest = &set[0];
    for (size_t i = 0; i < THROTTLE_WAYS; i++) {
        if (set[i].key == key) return &set[i];
        if (set[i].key == 0 || set[i].failed_at < oldest->failed_at) oldest = &set[i];
    }
    if (make) *oldest = (struct throttle_entry){.key = key};
    return make ? oldest : NULL;
}

int64_t throttle_delay(const struct throttle_limits *limits, int32_t failures)
{
    if (failures <= limits->free) return 0;
    int64_t wait = limits->first_s;
    for (int32_t i = limits->free + 1; i < failures && wait < limits->most_s; i++) wait *= 2;
    return wait < limits->most_s ? wait : limits->most_s;
}

int64_t throttle_wait(struct throttle *t, struct str key, utc_sec now)
{
    uint64_t k = throttle_key(t, key);
    (void)pthread_mutex_lock(&t->lock);
    const struct throttle_entry *e = throttle_entry_of(t, k, false);
    int64_t wait = e == NULL || e->until <= now.s ? 0 : e->until - now.s;
    (void)pthread_mutex_unlock(&t->lock);
    return wait;
}

void throttle_fail(struct throttle *t, struct str key, const struct throttle_limits *limits, utc_sec now)
{
    uint64_t k = throttle_key(t, key);
    (void)pthread_mutex_lock(&t->lock);
    struct throttle_entry *e = throttle_entry_of(t, k, true);
    if (now.s - e->failed_at > THROTTLE_FORGET_S) e->failures = 0;
    if (e->failures < INT32_MAX) e->failures++;
    e->failed_at = now.s;
    e->until = now.s + throttle_delay(limits, e->failures);
    (void)pthread_mutex_unlock(&t->lock);
}

void throttle_forget(struct throttle *t, struct str key)
{
    uint64_t k = throttle_key(t, key);
    (void)pthread_mutex_lock(&t->lock);
    struct throttle_entry *e = throttle_entry_of(t, k, false);
    if (e != NULL) *e = (struct throttle_entry){0};
    (void)pthread_mutex_unlock(&t->lock);
}
