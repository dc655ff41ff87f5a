#include "base/map.h"

#include <assert.h>
#include <stdlib.h>

enum { MAP_SLOTS_FIRST = 16 };

struct map_slot {
    uint64_t hash; // 0 is an empty slot
    struct map_entry entry;
};

struct map {
    struct map_slot *slots;
    size_t count, size; // size is a power of two
};

static const char map_empty_text[] = "";

// The empty text is a key too: its pointer must not be NULL, which stands for "a number".
static struct map_entry map_text_key(struct str key)
{
    if (key.p == NULL) key.p = map_empty_text;
    return (struct map_entry){.text = key};
}

static uint64_t map_hash(const struct map_entry *key)
{
    uint64_t h;
    if (key->text.p != NULL) {
        h = str_hash(key->text);
    } else { // the finisher of splitmix64 (Steele, Lea, Flood 2014)
        h = (uint64_t)key->number + 0x9e3779b97f4a7c15ULL;
        h = (h ^ h >> 30) * 0xbf58476d1ce4e5b9ULL;
        h = (h ^ h >> 27) * 0x94d049bb133111ebULL;
        h ^= h >> 31;
    }
    return h == 0 ? 1 : h;
}

static bool map_same(const struct map_entry *a, const struct map_entry *b)
{
    if (a->text.p == NULL || b->text.p == NULL) return a->text.p == b->text.p && a->number == b->number;
    return str_eq(a->text, b->text);
}

// The key's slot, or the empty one where it belongs. There is always an empty one.
static struct map_slot *map_find(const struct map *map, uint64_t hash, const struct map_entry *key)
{
    for (size_t i = (size_t)hash & (map->size - 1);; i = (i + 1) & (map->size - 1)) {
        struct map_slot *slot = &map->slots[i];
        if (slot->hash == 0 || (slot->hash == hash && map_same(&slot->entry, key))) return slot;
    }
}

struct map *map_open(void)
{
    struct map *map = malloc(sizeof *map);
    if (map == NULL) return NULL;
    *map = (struct map){calloc(MAP_SLOTS_FIRST, sizeof(struct map_slot)), 0, MAP_SLOTS_FIRST};
    if (map->slots != NULL) return map;
    free(map);
    return NULL;
}

void map_close(struct map *map)
{
    if (map == NULL) return;
    free(map->slots);
    free(map);
}

size_t map_count(const struct map *map)
{
    return map->count;
}

static bool map_grow(struct map *map)
{
    struct map bigger = {calloc(map->size * 2, sizeof(struct map_slot)), map->count, map->size * 2};
    if (bigger.slots == NULL) return false;
    for (size_t i = 0; i < map->size; i++)
        if (map->slots[i].hash != 0) *map_find(&bigger, map->slots[i].hash, &map->slots[i].entry) = map->slots[i];
    free(map->slots);
    *map = bigger;
    return true;
}

static bool map_put(struct map *map, struct map_entry entry)
{
    assert(map->count < map->size);
    if ((map->count + 1) * 3 > map->size * 2 && !map_grow(map)) return false;
    uint64_t hash = map_hash(&entry);
    struct map_slot *slot = map_find(map, hash, &entry);
    if (slot->hash == 0) {
        *slot = (struct map_slot){hash, entry};
        map->count++;
    }
    slot->entry.value = entry.value; // the first key's text stays: the later one may not live as long
    return true;
}

static bool map_get(const struct map *map, struct map_entry key, int64_t *value)
{
    const struct map_slot *slot = map_find(map, map_hash(&key), &key);
    if (slot->hash == 0) return false;
    *value = slot->entry.value;
    return true;
}

bool map_put_text(struct map *map, struct str key, int64_t value)
{
    struct map_entry entry = map_text_key(key);
    entry.value = value;
    return map_put(map, entry);
}

bool map_put_number(struct map *map, int64_t key, int64_t value)
{
    return map_put(map, (struct map_entry){.number = key, .value = value});
}

bool map_get_text(const struct map *map, struct str key, int64_t *value)
{
    return map_get(map, map_text_key(key), value);
}

bool map_get_number(const struct map *map, int64_t key, int64_t *value)
{
    return map_get(map, (struct map_entry){.number = key}, value);
}

bool map_next(const struct map *map, size_t *cursor, struct map_entry *out)
{
    while (*cursor < map->size) {
        const struct map_slot *slot = &map->slots[(*cursor)++];
        if (slot->hash == 0) continue;
        *out = slot->entry;
        return true;
    }
    return false;
}
