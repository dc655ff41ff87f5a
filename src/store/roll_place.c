#include "store/roll_inner.h"

#include <assert.h>
#include <string.h>

// ---- subjects ----

bool roll_subject_room(struct roll *r, int64_t subject)
{
    struct roll_subjects *s = &r->subjects;
    if (subject < 0 || subject > INT32_MAX) return false;
    while (s->count <= (size_t)subject) {
        size_t n = s->count;
        if (!roll_grow(r, (void **)&s->place, n, &s->cap[0], sizeof *s->place) ||
            !roll_grow(r, (void **)&s->order, n, &s->cap[1], sizeof *s->order) ||
            !roll_grow(r, (void **)&s->entry, n, &s->cap[2], sizeof *s->entry) ||
            !roll_grow(r, (void **)&s->measure, n, &s->cap[3], sizeof *s->measure) ||
            !roll_grow(r, (void **)&s->seen, n, &s->cap[4], sizeof *s->seen) ||
            !roll_grow(r, (void **)&s->status, n, &s->cap[5], sizeof *s->status))
            return false;
        s->place[n] = s->entry[n] = s->measure[n] = ROLL_NOWHERE;
        s->order[n] = 0;
        s->seen[n] = ROLL_NONE;
        s->status[n] = UINT8_MAX;
        s->count++;
    }
    return true;
}

// A place is a subject whose place is itself.
size_t roll_place_row(const struct roll *r, int64_t place)
{
    if (place <= 0 || (size_t)place >= r->subjects.count) return SIZE_MAX;
    uint32_t row = r->subjects.place[place];
    return row != ROLL_NOWHERE && r->places.id[row] == (uint64_t)place ? row : SIZE_MAX;
}

bool roll_subject_put(struct roll *r, int64_t subject, int64_t place)
{
    if (subject <= 0 || !roll_subject_room(r, subject)) return false;
    if (roll_place_row(r, subject) != SIZE_MAX) return true; // a place lies where it lies
    size_t row = roll_place_row(r, place);
    r->subjects.place[subject] = row == SIZE_MAX ? ROLL_NOWHERE : (uint32_t)row;
    r->subjects.order[subject] = row == SIZE_MAX || r->places.stale ? 0 : r->places.first[row];
    r->version++;
    return true;
}

// ---- the tree ----

enum { SPARE = 64, SPARE_PER_CHILD = 32, SPARE_OF_NEW = 16 };

static bool place_new(struct roll *r, int64_t place)
{
    struct roll_places *p = &r->places;
    size_t n = p->count;
    if (!roll_subject_room(r, place) || !roll_grow(r, (void **)&p->id, n, &p->cap[0], sizeof *p->id) ||
        !roll_grow(r, (void **)&p->parent, n, &p->cap[1], sizeof *p->parent) ||
        !roll_grow(r, (void **)&p->first, n, &p->cap[2], sizeof *p->first) ||
        !roll_grow(r, (void **)&p->last, n, &p->cap[3], sizeof *p->last) ||
        !roll_grow(r, (void **)&p->next, n, &p->cap[4], sizeof *p->next) ||
        !roll_grow(r, (void **)&p->kind, n, &p->cap[5], sizeof *p->kind) ||
        !roll_grow(r, (void **)&p->wanted, n, &p->cap[6], sizeof *p->wanted) ||
        !roll_grow(r, (void **)&p->by_level, n, &p->cap[7], sizeof *p->by_level))
        return false;
    p->id[n] = (uint32_t)place;
    p->parent[n] = ROLL_NOWHERE;
    p->first[n] = p->last[n] = p->next[n] = p->wanted[n] = p->by_level[n] = 0;
    p->kind[n] = 0;
    p->count++;
    r->subjects.place[place] = (uint32_t)n;
    return true;
}

// A number out of the parent's spare ones, with a few for its own children; false when they are used up.
static bool place_squeeze(struct roll *r, size_t row)
{
    struct roll_places *p = &r->places;
    size_t parent = p->parent[row];
    if (p->stale || parent == ROLL_NOWHERE || p->last[parent] - p->next[parent] < SPARE_OF_NEW) return false;
    p->first[row] = p->next[parent];
    p->next[row] = p->first[row] + 1;
    p->last[row] = p->first[row] + SPARE_OF_NEW - 1;
    p->next[parent] = p->last[row] + 1;
    r->subjects.order[p->id[row]] = p->first[row];
    return true;
}

bool roll_place_put(struct roll *r, int64_t place, int64_t parent, int32_t kind)
{
    struct roll_places *p = &r->places;
    if (place <= 0 || place > INT32_MAX || kind < 0 || kind > UINT8_MAX) return false;
    size_t row = roll_place_row(r, place), above = roll_place_row(r, parent);
    bool is_new = row == SIZE_MAX;
    if (is_new && !place_new(r, place)) return false;
    if (is_new) row = p->count - 1;
    uint32_t was = p->parent[row];
    p->kind[row] = (uint8_t)kind;
    p->parent[row] = above == SIZE_MAX || above == row ? ROLL_NOWHERE : (uint32_t)above;
    p->wanted[row] = above == SIZE_MAX && parent > 0 && parent <= INT32_MAX ? (uint32_t)parent : 0;
    bool good = is_new ? place_squeeze(r, row) : was == p->parent[row] && p->wanted[row] == 0;
    if (!good) p->stale = true;
    r->version++;
    return true;
}

// Places are read in the order of their ids, and a parent may have come later.
static void places_join(struct roll *r)
{
    struct roll_places *p = &r->places;
    for (size_t i = 0; i < p->count; i++) {
        if (p->wanted[i] == 0) continue;
        size_t above = roll_place_row(r, p->wanted[i]);
        if (above == SIZE_MAX) continue;
        p->parent[i] = (uint32_t)above;
        p->wanted[i] = 0;
    }
}

// How deep each place lies, into `level`; whoever lies in a circle of parents (intake refuses that; a database may still have
// it) hangs on nothing. Most parents are older than their children, and then their level is known. Returns the deepest.
enum { LEVELS = 64 };
static uint32_t places_levels(struct roll_places *p, uint32_t *level)
{
    uint32_t deepest = 0;
    for (uint32_t i = 0; i < p->count; i++) {
        uint32_t n = 0, at = p->parent[i];
        if (at != ROLL_NOWHERE && at < i) n = level[at] + 1;
        else
            for (; at != ROLL_NOWHERE && n < LEVELS; at = p->parent[at]) n++;
        if (n >= LEVELS) {
            p->parent[i] = ROLL_NOWHERE;
            n = 0;
        }
        level[i] = n;
        if (n > deepest) deepest = n;
    }
    return deepest;
}

// Numbers in preorder, without recursion and without lists of children: from the deepest level up each place adds its size
// (itself, spare numbers, its children's sizes) to its parent's; from the top down each takes its numbers from its parent's.
// `last` holds first the level, then the size.
void roll_places_number(struct roll *r)
{
    struct roll_places *p = &r->places;
    if (!p->stale) return;
    p->stale = false;
    places_join(r);
    uint32_t begin[LEVELS + 1] = {0}, deepest = places_levels(p, p->last), top = 1; // 0: nowhere
    assert(deepest < LEVELS);
    for (size_t i = 0; i < p->count; i++) begin[p->last[i] + 1]++;
    for (uint32_t level = 0; level < deepest; level++) begin[level + 1] += begin[level];
    for (uint32_t i = 0; i < p->count; i++) p->by_level[begin[p->last[i]]++] = i;
    for (size_t i = 0; i < p->count; i++) p->last[i] = 1 + SPARE;
    for (size_t k = p->count; k-- > 0;) {
        uint32_t i = p->by_level[k];
        if (p->parent[i] != ROLL_NOWHERE) p->last[p->parent[i]] += p->last[i] + SPARE_PER_CHILD;
    }
    for (size_t k = 0; k < p->count; k++) {
        uint32_t i = p->by_level[k], *from = p->parent[i] == ROLL_NOWHERE ? &top : &p->next[p->parent[i]];
        p->first[i] = *from;
        *from += p->last[i];
        p->next[i] = p->first[i] + 1;
        p->last[i] = *from - 1;
    }
    struct roll_subjects *s = &r->subjects;
    for (size_t i = 0; i < s->count; i++) s->order[i] = s->place[i] == ROLL_NOWHERE ? 0 : p->first[s->place[i]];
    r->version++;
}

// ---- asking ----

bool roll_place_within(const struct roll *r, int64_t place, int64_t top)
{
    if (top == 0) return true;
    size_t a = roll_place_row(r, place), b = roll_place_row(r, top);
    if (a == SIZE_MAX || b == SIZE_MAX) return false;
    return r->places.first[a] >= r->places.first[b] && r->places.first[a] <= r->places.last[b];
}

int64_t roll_place_of(const struct roll *r, int64_t subject)
{
    if (subject <= 0 || (size_t)subject >= r->subjects.count || r->subjects.place[subject] == ROLL_NOWHERE) return 0;
    return r->places.id[r->subjects.place[subject]];
}

int64_t roll_place_parent(const struct roll *r, int64_t place)
{
    size_t row = roll_place_row(r, place);
    return row == SIZE_MAX || r->places.parent[row] == ROLL_NOWHERE ? 0 : r->places.id[r->places.parent[row]];
}

int32_t roll_place_kind(const struct roll *r, int64_t place)
{
    size_t row = roll_place_row(r, place);
    return row == SIZE_MAX ? -1 : r->places.kind[row];
}

int64_t roll_place_up(const struct roll *r, int64_t place, int32_t kind)
{
    size_t row = roll_place_row(r, place);
    while (row != SIZE_MAX && r->places.kind[row] != kind)
        row = r->places.parent[row] == ROLL_NOWHERE ? SIZE_MAX : r->places.parent[row];
    return row == SIZE_MAX ? 0 : r->places.id[row];
}
