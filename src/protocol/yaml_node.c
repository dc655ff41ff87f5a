#include "protocol/yaml.h"

#include <assert.h>
#include <string.h>

struct yaml_node *yaml_find(const struct yaml_node *map, struct str key)
{
    if (map == NULL || map->kind != YAML_MAP) return NULL;
    for (struct yaml_node *n = map->first; n != NULL; n = n->next)
        if (str_eq(n->key, key)) return n;
    return NULL;
}

struct yaml_node *yaml_get(const struct yaml_node *map, const char *key)
{
    return yaml_find(map, str_z(key));
}

bool yaml_is_null(const struct yaml_node *node)
{
    if (node == NULL) return true;
    if (node->kind != YAML_TEXT || node->quoted) return false;
    struct str t = str_trim(node->text);
    return t.n == 0 || str_eq_z(t, "~") || str_eq_z(t, "null");
}

struct str yaml_text(const struct yaml_node *node)
{
    if (node == NULL || node->kind != YAML_TEXT || yaml_is_null(node)) return (struct str){"", 0};
    return str_trim(node->text);
}

bool yaml_text_is(const struct yaml_node *node, const char *z)
{
    return node != NULL && node->kind == YAML_TEXT && str_eq_z(yaml_text(node), z);
}

const struct yaml_node *yaml_each(const struct yaml_node *list)
{
    if (list == NULL || yaml_is_null(list)) return NULL;
    return list->kind == YAML_LIST ? list->first : list;
}

const struct yaml_node *yaml_each_next(const struct yaml_node *list, const struct yaml_node *entry)
{
    return list->kind == YAML_LIST ? entry->next : NULL;
}

const char *yaml_path(const struct yaml_node *node, struct arena *arena)
{
    const struct yaml_node *up[YAML_DEPTH_MAX + 2];
    int32_t depth = 0;
    for (const struct yaml_node *n = node; n != NULL && n->parent != NULL; n = n->parent) {
        assert(depth < YAML_DEPTH_MAX + 2);
        up[depth++] = n;
    }
    size_t room = 1;
    enum { INDEX_ROOM = 16 };
    for (int32_t i = 0; i < depth; i++) room += up[i]->key.n + INDEX_ROOM;
    char *out = arena_alloc(arena, room);
    if (out == NULL) return NULL;
    size_t n = 0;
    for (int32_t i = depth - 1; i >= 0; i--) {
        const struct yaml_node *at = up[i];
        if (at->key.p == NULL) {
            n += (size_t)snprintf(out + n, room - n, "[%d]", at->index);
            continue;
        }
        if (n > 0) out[n++] = '.';
        memcpy(out + n, at->key.p, at->key.n);
        n += at->key.n;
    }
    out[n] = 0;
    return out;
}

struct problem_at yaml_at(const struct yaml_node *node, struct arena *arena)
{
    return (struct problem_at){node->file, node->line, node->column, yaml_path(node, arena)};
}

struct problem_at yaml_at_key(const struct yaml_node *node, struct arena *arena)
{
    return (struct problem_at){node->file, node->key_line, node->key_column, yaml_path(node, arena)};
}

static void yaml_adopt(struct yaml_node *map, struct yaml_node *before, struct yaml_node *n)
{
    n->parent = map;
    n->next = NULL;
    if (before == NULL) map->first = n;
    else before->next = n;
    map->last = n;
    map->count++;
}

// Members keep the order of `base`, new ones follow in the order of `over`: where order has a meaning (stages, classes),
// what an edition does not mention stays where it was. No deeper than the trees themselves.
struct yaml_node *yaml_merge(struct yaml_node *base, struct yaml_node *over)
{
    if (base->kind != YAML_MAP || over->kind != YAML_MAP) return over;
    struct yaml_node *old = base->first, *added = over->first;
    struct yaml_node merged = *over;
    merged.first = merged.last = NULL;
    merged.count = 0;
    for (struct yaml_node *n = old, *next; n != NULL; n = next) {
        next = n->next;
        struct yaml_node *by = NULL, *before = NULL;
        for (struct yaml_node *o = added, *prior = NULL; o != NULL; prior = o, o = o->next)
            if (str_eq(o->key, n->key)) {
                by = o;
                before = prior;
                break;
            }
        if (by == NULL) {
            yaml_adopt(&merged, merged.last, n);
            continue;
        }
        if (before == NULL) added = by->next;
        else before->next = by->next;
        if (!yaml_is_null(by)) yaml_adopt(&merged, merged.last, yaml_merge(n, by));
    }
    for (struct yaml_node *n = added, *next; n != NULL; n = next) {
        next = n->next;
        if (!yaml_is_null(n)) yaml_adopt(&merged, merged.last, n);
    }
    merged.next = over->next;
    *over = merged;
    for (struct yaml_node *n = over->first; n != NULL; n = n->next) n->parent = over;
    return over;
}

void yaml_remove(struct yaml_node *map, const char *key)
{
    if (map == NULL || map->kind != YAML_MAP) return;
    for (struct yaml_node *n = map->first, *prior = NULL; n != NULL; prior = n, n = n->next) {
        if (!str_eq_z(n->key, key)) continue;
        if (prior == NULL) map->first = n->next;
        else prior->next = n->next;
        if (map->last == n) map->last = prior;
        map->count--;
        return;
    }
}
