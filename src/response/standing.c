#include "response/standing.h"

#include <assert.h>
#include <string.h>

static bool standing_same_family(const struct standing *a, const struct standing *b)
{
    return strcmp(a->protocol->family, b->protocol->family) == 0;
}

// Is `a` above `b`? Editions of one family may both be in force on one person: names are then what is compared.
static bool standing_above(const struct standing *a, const struct standing *b)
{
    if (!standing_same_family(a, b)) return false;
    uint8_t other = b->measure;
    if (a->protocol != b->protocol) other = protocol_measure(a->protocol, str_z(b->protocol->measures[b->measure].name));
    return other != PROTOCOL_NONE && (a->protocol->measures[a->measure].stricter_than >> other & 1) != 0;
}

static bool standing_equal(const struct standing *a, const struct standing *b)
{
    const char *x = a->protocol->measures[a->measure].name, *y = b->protocol->measures[b->measure].name;
    return standing_same_family(a, b) && strcmp(x, y) == 0;
}

size_t standing_holds(const struct standing *measures, size_t count, bool *holds)
{
    size_t n = 0;
    for (size_t i = 0; i < count; i++) {
        assert(measures[i].measure < measures[i].protocol->measure_count);
        holds[i] = true;
        for (size_t j = 0; j < count && holds[i]; j++) {
            if (j == i) continue;
            bool again = j < i && standing_equal(&measures[j], &measures[i]);
            if (again || standing_above(&measures[j], &measures[i])) holds[i] = false;
        }
        if (holds[i]) n++;
    }
    return n;
}

bool standing_conflict(const struct standing *measures, size_t count, size_t *a, size_t *b)
{
    for (size_t i = 0; i < count; i++)
        for (size_t j = i + 1; j < count; j++) {
            const struct standing *x = &measures[i], *y = &measures[j];
            if (standing_above(x, y) || standing_above(y, x) || standing_equal(x, y)) continue;
            bool bind = measure_restricts(&x->protocol->measures[x->measure]) &&
                        measure_restricts(&y->protocol->measures[y->measure]);
            if (!bind || x->place == PROTOCOL_NONE || y->place == PROTOCOL_NONE || x->place == y->place) continue;
            *a = i;
            *b = j;
            return true;
        }
    return false;
}

uint8_t standing_status(const struct protocol *p, const struct standing *measures, size_t count)
{
    uint8_t worst = PROTOCOL_NONE;
    for (size_t i = 0; i < count; i++) {
        if (measures[i].protocol != p) continue;
        uint8_t status = p->measures[measures[i].measure].status;
        if (status != PROTOCOL_NONE && (worst == PROTOCOL_NONE || status > worst)) worst = status; // mildest first
    }
    return worst;
}

static int32_t placed_group(event_word step)
{
    if (step == EVENT_CONFIRMED || step == EVENT_ASYMPTOMATIC) return 3;
    if (step == EVENT_PROBABLE) return 2;
    return step == EVENT_SUSPECTED ? 1 : 0;
}

bool placed_together(struct placed a, struct placed b)
{
    return strcmp(a.family, b.family) == 0 && placed_group(a.step) == placed_group(b.step);
}
