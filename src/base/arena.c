#include "base/arena.h"

#include <assert.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ARENA_ALIGN = 16, ARENA_BLOCK_BYTES = 64 * 1024 };

struct arena_block {
    struct arena_block *next;
    size_t used, cap;
    size_t pad; // keeps data 16-byte aligned
    unsigned char data[];
};
_Static_assert(sizeof(struct arena_block) % ARENA_ALIGN == 0, "block data must be aligned");

void *arena_alloc(struct arena *a, size_t n)
{
    assert(a != NULL);
    if (n > SIZE_MAX / 2) return NULL;
    size_t need = (n + ARENA_ALIGN - 1) & ~(size_t)(ARENA_ALIGN - 1);
    if (need == 0) need = ARENA_ALIGN;
    struct arena_block *b = a->block;
    if (b == NULL || need > b->cap - b->used) {
        size_t cap = need > ARENA_BLOCK_BYTES ? need : ARENA_BLOCK_BYTES;
        if (a->bytes_max != 0 && cap > a->bytes_max - a->bytes) return NULL;
        b = malloc(sizeof *b + cap);
        if (b == NULL) return NULL;
        b->used = 0;
        b->cap = cap;
        b->next = a->block;
        a->block = b;
        a->bytes += cap;
    }
    void *p = b->data + b->used;
    b->used += need;
    assert(b->used <= b->cap);
    return memset(p, 0, need);
}

void *arena_array(struct arena *a, size_t count, size_t size)
{
    assert(size != 0);
    if (count > SIZE_MAX / 2 / size) return NULL;
    return arena_alloc(a, count * size);
}

char *arena_copy(struct arena *a, const char *p, size_t n)
{
    char *out = arena_alloc(a, n + 1);
    if (out != NULL && n != 0) memcpy(out, p, n);
    return out;
}

char *arena_printf(struct arena *a, const char *fmt, ...)
{
    va_list args, again;
    va_start(args, fmt);
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, fmt, args);
    va_end(args);
    char *out = n < 0 ? NULL : arena_alloc(a, (size_t)n + 1);
    if (out != NULL) (void)vsnprintf(out, (size_t)n + 1, fmt, again);
    va_end(again);
    return out;
}

void arena_free(struct arena *a)
{
    while (a->block != NULL) {
        struct arena_block *next = a->block->next;
        free(a->block);
        a->block = next;
    }
    a->bytes = 0;
}

void arena_reset(struct arena *a)
{
    struct arena_block *keep = a->block;
    if (keep == NULL) return;
    a->block = keep->next;
    a->bytes -= keep->cap;
    arena_free(a);
    keep->next = NULL;
    keep->used = 0;
    a->block = keep;
    a->bytes = keep->cap;
}

void *arena_grow(struct arena *a, void *items, size_t count, size_t *cap, size_t size)
{
    assert(count <= *cap);
    if (count < *cap) return items;
    size_t more = *cap == 0 ? 8 : *cap * 2;
    void *p = arena_array(a, more, size);
    if (p == NULL) return NULL;
    if (count != 0) memcpy(p, items, count * size);
    *cap = more;
    return p;
}
