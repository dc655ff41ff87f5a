// attempts.h -- the calendar of attempts to infect: by day, by block of persons, by the thread that filed them.
//
// Lists of chunks; a worker files into lists of its own, so filing takes no lock, and takes a block's lists of all
// workers when the day comes. Chunks are used again.
#ifndef TONG_TWIN_ATTEMPTS_H
#define TONG_TWIN_ATTEMPTS_H

#include <stddef.h>
#include <stdint.h>

struct attempt {
    uint32_t target, source;
    uint32_t coin : 26;   // a uniform number: below the target's susceptibility (times 2^26) it takes
    uint32_t layer : 4;   // disease_layer
    uint32_t variant : 2;
};
#define ATTEMPT_COIN_ONE (1U << 26)

enum { ATTEMPTS_CHUNK = 84 };

struct attempts_chunk {
    struct attempts_chunk *next;
    uint32_t n, spare;
    struct attempt attempt[ATTEMPTS_CHUNK];
};

struct attempts_slab;
struct attempts { // of one worker
    struct attempts_chunk **list; // [day % horizon][block]
    struct attempts_chunk *free;
    struct attempts_slab *slab;   // what the chunks are cut from
    uint32_t blocks;
    int32_t horizon;
    uint64_t filed;
    size_t bytes;
    int failed;                   // memory ran out: attempts were lost, the run must end
};

// 0 when there is memory.
int attempts_open(int32_t horizon, uint32_t blocks, struct attempts *out);
void attempts_close(struct attempts *a);
struct attempts_chunk *attempts_more(struct attempts *a, struct attempts_chunk **list); // a new chunk in front, or NULL
// Takes a list away; the caller gives each chunk back to a worker with attempts_free.
struct attempts_chunk *attempts_take(struct attempts *a, int32_t day, uint32_t block);

static inline struct attempts_chunk *attempts_list(const struct attempts *a, int32_t day, uint32_t block)
{
    return a->list[(size_t)(day % a->horizon) * a->blocks + block];
}

static inline void attempts_free(struct attempts *a, struct attempts_chunk *chunk)
{
    chunk->next = a->free;
    a->free = chunk;
}

static inline void attempts_file(struct attempts *a, uint32_t slot, uint32_t block, struct attempt attempt)
{
    struct attempts_chunk **list = &a->list[(size_t)slot * a->blocks + block], *chunk = *list;
    if (!chunk || chunk->n == ATTEMPTS_CHUNK) {
        chunk = attempts_more(a, list);
        if (!chunk) return;
    }
    chunk->attempt[chunk->n++] = attempt;
    a->filed++;
}

#endif
