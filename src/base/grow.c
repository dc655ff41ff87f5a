#include "base/grow.h"

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>

void *grow_array(struct grow_budget *budget, void *items, size_t count, size_t *cap, size_t size)
{
    enum { FIRST = 8 };
    assert(count <= *cap && size > 0);
    if (count < *cap) return items;
    size_t more = *cap == 0 ? FIRST : *cap + *cap / 2;
    if (more > SIZE_MAX / 2 / size) return NULL;
    size_t extra = (more - *cap) * size;
    if (budget->bytes_max != 0 && (budget->bytes > budget->bytes_max || extra > budget->bytes_max - budget->bytes))
        return NULL;
    void *moved = realloc(items, more * size);
    if (moved == NULL) return NULL;
    budget->bytes += extra;
    *cap = more;
    return moved;
}

void grow_free(void *items)
{
    free(items);
}
