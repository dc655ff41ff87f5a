// map.h -- a hash map from a text or a whole number to a whole number, for indices into arrays.
//
// Open addressing with linear probing, at most two thirds full, growing by doubling. Texts are borrowed: they must live
// as long as the map. A text and a number are never the same key. The order of map_next depends only on the keys and
// the order they were added in, so that runs repeat; it means nothing else.
#ifndef TONG_BASE_MAP_H
#define TONG_BASE_MAP_H

#include "base/err.h"
#include "base/str.h"

struct map;
struct map_entry {
    struct str text; // the key, or {NULL, 0} when it is the number
    int64_t number;
    int64_t value;
};

struct map *map_open(void);      // NULL when memory is short
void map_close(struct map *map); // NULL is allowed
size_t map_count(const struct map *map);
// Adds the key or replaces its value. False when memory is short; the map is then as it was.
bool map_put_text(struct map *map, struct str key, int64_t value) TONG_MUST_USE;
bool map_put_number(struct map *map, int64_t key, int64_t value) TONG_MUST_USE;
// False when the key is not there; *value is then untouched.
bool map_get_text(const struct map *map, struct str key, int64_t *value);
bool map_get_number(const struct map *map, int64_t key, int64_t *value);
// Walks all entries: *cursor starts at 0. False at the end.
bool map_next(const struct map *map, size_t *cursor, struct map_entry *out);

#endif
