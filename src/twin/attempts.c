#include "twin/attempts.h"

#include <stdlib.h>

enum { SLAB_CHUNKS = 1024 };

struct attempts_slab {
    struct attempts_slab *next;
    struct attempts_chunk chunk[SLAB_CHUNKS];
};

int attempts_open(int32_t horizon, uint32_t blocks, struct attempts *out)
{
    *out = (struct attempts){.blocks = blocks, .horizon = horizon};
    out->bytes = (size_t)horizon * blocks * sizeof *out->list;
    out->list = calloc((size_t)horizon * blocks, sizeof *out->list);
    return out->list ? 0 : -1;
}

void attempts_close(struct attempts *a)
{
    while (a->slab) {
        struct attempts_slab *next = a->slab->next;
        free(a->slab);
        a->slab = next;
    }
    free(a->list);
    *a = (struct attempts){0};
}

struct attempts_chunk *attempts_more(struct attempts *a, struct attempts_chunk **list)
{
    if (!a->free) {
        struct attempts_slab *slab = malloc(sizeof *slab);
        if (!slab) {
            a->failed = 1;
            return NULL;
        }
        slab->next = a->slab;
        a->slab = slab;
        a->bytes += sizeof *slab;
        for (int i = SLAB_CHUNKS - 1; i >= 0; i--) attempts_free(a, &slab->chunk[i]);
    }
    struct attempts_chunk *chunk = a->free;
    a->free = chunk->next;
    chunk->n = 0;
    chunk->next = *list;
    *list = chunk;
    return chunk;
}

struct attempts_chunk *attempts_take(struct attempts *a, int32_t day, uint32_t block)
{
    struct attempts_chunk **list = &a->list[(size_t)(day % a->horizon) * a->blocks + block], *taken = *list;
    *list = NULL;
    return taken;
}
