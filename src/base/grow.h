// grow.h -- one large array that grows, in memory of its own.
//
// For arrays of millions of entries: growing moves pages instead of copying them, and nothing is left behind, as it would
// be in an arena. The owner frees the array with grow_free.
#ifndef TONG_BASE_GROW_H
#define TONG_BASE_GROW_H

#include <stddef.h>

// Bytes that all growing arrays of one owner may take together, and do.
struct grow_budget {
    size_t bytes;
    size_t bytes_max; // 0: no cap
};

// Room for one more of `size` bytes behind `count`: the array, moved perhaps, or NULL when memory or the budget is short
// (the old array is then still valid). New entries are not zeroed. *cap is kept by this function.
void *grow_array(struct grow_budget *budget, void *items, size_t count, size_t *cap, size_t size);
void grow_free(void *items); // NULL is allowed

#endif
