// arena.h -- memory that is freed all at once.
//
// A chain of blocks with a cap on the sum. Everything allocated from an arena lives until arena_free or arena_reset;
// nothing is freed singly. Under AddressSanitizer freed blocks are returned to malloc, so a stale pointer faults.
#ifndef TONG_BASE_ARENA_H
#define TONG_BASE_ARENA_H

#include <stddef.h>

struct arena_block;
struct arena {
    struct arena_block *block; // newest first
    size_t bytes;              // taken from the system so far
    size_t bytes_max;          // 0 means no cap
};

// Zeroed memory aligned for any type, or NULL when the cap or the system refuses. n = 0 gives a valid pointer.
void *arena_alloc(struct arena *a, size_t n);
// The same for `count` things of `size` bytes, checked for overflow.
void *arena_array(struct arena *a, size_t count, size_t size);
// Copy of n bytes with a terminating NUL added; NULL when full.
char *arena_copy(struct arena *a, const char *p, size_t n);
// Formatted, NUL-terminated text; NULL when full.
char *arena_printf(struct arena *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
// Return everything to the system. The arena may be used again.
void arena_free(struct arena *a);
// Forget everything but keep one block for what comes next.
void arena_reset(struct arena *a);

// A growing array in an arena: makes room for one more element, moving the old ones; NULL when full.
// *cap is kept by this function; the caller counts the elements.
void *arena_grow(struct arena *a, void *items, size_t count, size_t *cap, size_t size);

#endif
