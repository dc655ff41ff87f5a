#include "intake/pack.h"

#include <assert.h>
#include <string.h>

enum { PACK_RECORD_MAX = 160 }; // more than any record takes

// ---- writing ----

static bool pack_room(struct packing *p, size_t more)
{
    if (p->full || p->cap - p->n >= more) return !p->full;
    size_t cap = 2 * p->cap > p->n + more ? 2 * p->cap : p->n + more + PACK_RECORD_MAX;
    unsigned char *bytes = arena_alloc(p->arena, cap);
    if (bytes == NULL) {
        p->full = true;
        return false;
    }
    if (p->n > 0) memcpy(bytes, p->bytes, p->n);
    p->bytes = bytes;
    p->cap = cap;
    return true;
}

void pack_begin(struct packing *p, struct str before)
{
    struct arena *arena = p->arena;
    *p = (struct packing){.arena = arena};
    if (before.n == 0 || !pack_room(p, before.n + PACK_RECORD_MAX)) return;
    memcpy(p->bytes, before.p, before.n);
    p->n = before.n;
}

struct str pack_done(const struct packing *p)
{
    return p->full || p->n == 0 ? (struct str){NULL, 0} : (struct str){(const char *)p->bytes, p->n};
}

static void pack_byte(struct packing *p, uint8_t v)
{
    assert(p->n < p->cap);
    p->bytes[p->n++] = v;
}

static void pack_whole(struct packing *p, uint64_t v)
{
    for (; v >= 0x80; v >>= 7) pack_byte(p, (uint8_t)(v | 0x80));
    pack_byte(p, (uint8_t)v);
}

static void pack_signed(struct packing *p, int64_t v)
{
    pack_whole(p, ((uint64_t)v << 1) ^ (v < 0 ? UINT64_MAX : 0));
}

static bool pack_record(struct packing *p)
{
    if (!pack_room(p, PACK_RECORD_MAX + 1)) return false;
    if (p->n == 0) pack_byte(p, PACK_VERSION);
    return true;
}

// What a record carries beside the usual.
enum {
    PACK_HOW = 1,
    PACK_SLOT = 2,
    PACK_PLACE = 4,
    PACK_ROLE = 8,
    PACK_N = 16,
    PACK_FACT = 32,
    PACK_OTHER = 64,
    PACK_UNTIL = 128,
};

void pack_decision(struct packing *p, const struct decision *d)
{
    if (!pack_record(p)) return;
    uint8_t has = (uint8_t)((d->how != HOW_NONE ? PACK_HOW : 0) | (d->slot != PROTOCOL_NONE ? PACK_SLOT : 0) |
                            (d->place != PROTOCOL_NONE ? PACK_PLACE : 0) | (d->role != ROLE_PERSON ? PACK_ROLE : 0) |
                            (d->n != 0 ? PACK_N : 0) | (d->fact != 0 ? PACK_FACT : 0) |
                            (d->other != 0 ? PACK_OTHER : 0) | (d->until.s != INT64_MIN ? PACK_UNTIL : 0));
    const uint8_t always[] = {d->kind, has, d->why, d->edition, d->pathway, d->stage, d->what};
    for (size_t i = 0; i < sizeof always; i++) pack_byte(p, always[i]);
    pack_whole(p, d->rule);
    pack_signed(p, d->at.s);
    if (has & PACK_HOW) pack_byte(p, d->how);
    if (has & PACK_SLOT) pack_byte(p, d->slot);
    if (has & PACK_PLACE) pack_byte(p, d->place);
    if (has & PACK_ROLE) pack_byte(p, d->role);
    if (has & PACK_N) pack_signed(p, d->n);
    if (has & PACK_FACT) pack_signed(p, d->fact);
    if (has & PACK_OTHER) pack_signed(p, d->other);
    if (has & PACK_UNTIL) pack_signed(p, d->until.s);
}

enum {
    PACK_OPEN = 1,
    PACK_OVERDUE = 2,
    PACK_ESCALATED = 4,
    PACK_CLOSED = 8,
    PACK_DEADLINE = 16,
    PACK_CLOSED_BY = 32,
    PACK_PASSED = 64
};

void pack_task(struct packing *p, const struct caseload_task *t)
{
    if (!pack_record(p)) return;
    uint8_t has =
        (uint8_t)((t->open ? PACK_OPEN : 0) | (t->overdue ? PACK_OVERDUE : 0) | (t->escalated ? PACK_ESCALATED : 0) |
                  (t->closed.s != INT64_MIN ? PACK_CLOSED : 0) | (t->deadline.s != INT64_MIN ? PACK_DEADLINE : 0) |
                  (t->closed_by != 0 ? PACK_CLOSED_BY : 0) | (t->passed ? PACK_PASSED : 0));
    const uint8_t always[] = {has, t->slot, t->edition, t->task, t->stage, t->how, t->why, t->role};
    for (size_t i = 0; i < sizeof always; i++) pack_byte(p, always[i]);
    pack_whole(p, t->rule);
    pack_whole(p, (uint64_t)(t->number % CASELOAD_TURNS));
    pack_signed(p, t->n);
    pack_signed(p, t->fact);
    pack_signed(p, t->opened.s);
    if (has & PACK_DEADLINE) pack_signed(p, t->deadline.s);
    if (has & PACK_CLOSED) pack_signed(p, t->closed.s);
    if (has & PACK_CLOSED_BY) pack_signed(p, t->closed_by);
}

// ---- reading ----

struct unpacking unpack_begin(struct str blob)
{
    struct unpacking u = {(const unsigned char *)blob.p, NULL, false};
    if (blob.n == 0) {
        u.p = NULL;
        return u;
    }
    u.end = u.p + blob.n;
    u.broken = *u.p++ != PACK_VERSION;
    return u;
}

static uint8_t unpack_byte(struct unpacking *u)
{
    if (u->broken || u->p == u->end) {
        u->broken = true;
        return 0;
    }
    return *u->p++;
}

static uint64_t unpack_whole(struct unpacking *u)
{
    uint64_t v = 0;
    for (int32_t shift = 0; shift < 64; shift += 7) {
        uint8_t b = unpack_byte(u);
        if (shift == 63 && b > 1) break;
        v |= (uint64_t)(b & 0x7F) << shift;
        if (b < 0x80) return v;
    }
    u->broken = true;
    return 0;
}

static int64_t unpack_signed(struct unpacking *u)
{
    uint64_t v = unpack_whole(u);
    return (int64_t)((v >> 1) ^ (0 - (v & 1)));
}

static int64_t unpack_within(struct unpacking *u, int64_t v, int64_t least, int64_t most)
{
    if (v < least || v > most) u->broken = true;
    return u->broken ? 0 : v;
}

bool unpack_decision(struct unpacking *u, struct decision *out)
{
    if (u->broken || u->p == u->end) return false;
    struct decision d = {.slot = PROTOCOL_NONE, .place = PROTOCOL_NONE, .role = ROLE_PERSON, .until = UTC_NONE};
    d.kind = (uint8_t)unpack_within(u, unpack_byte(u), 0, DECISION_KIND_COUNT - 1);
    uint8_t has = unpack_byte(u);
    d.why = (uint8_t)unpack_within(u, unpack_byte(u), 0, WHY_WORD_COUNT - 1);
    d.edition = unpack_byte(u);
    d.pathway = unpack_byte(u);
    d.stage = unpack_byte(u);
    d.what = unpack_byte(u);
    uint64_t rule = unpack_whole(u);
    d.rule = (uint16_t)unpack_within(u, rule > UINT16_MAX ? -1 : (int64_t)rule, 0, UINT16_MAX);
    d.at.s = unpack_signed(u);
    if (has & PACK_HOW) d.how = (uint8_t)unpack_within(u, unpack_byte(u), 0, HOW_WORD_COUNT - 1);
    if (has & PACK_SLOT) d.slot = unpack_byte(u);
    if (has & PACK_PLACE) d.place = unpack_byte(u);
    if (has & PACK_ROLE) d.role = unpack_byte(u);
    if (has & PACK_N) d.n = (int32_t)unpack_within(u, unpack_signed(u), INT32_MIN, INT32_MAX);
    if (has & PACK_FACT) d.fact = unpack_signed(u);
    if (has & PACK_OTHER) d.other = unpack_signed(u);
    if (has & PACK_UNTIL) d.until.s = unpack_signed(u);
    if (!u->broken) *out = d;
    return !u->broken;
}

bool unpack_task(struct unpacking *u, struct caseload_task *out)
{
    if (u->broken || u->p == u->end) return false;
    struct caseload_task t = {.deadline = UTC_NONE, .closed = UTC_NONE};
    uint8_t has = unpack_byte(u);
    t.open = (has & PACK_OPEN) != 0;
    t.overdue = (has & PACK_OVERDUE) != 0;
    t.escalated = (has & PACK_ESCALATED) != 0;
    t.passed = (has & PACK_PASSED) != 0;
    t.slot = (uint8_t)unpack_within(u, unpack_byte(u), 0, PROTOCOL_SLOTS - 1);
    t.edition = unpack_byte(u);
    t.task = unpack_byte(u);
    t.stage = unpack_byte(u);
    t.how = (uint8_t)unpack_within(u, unpack_byte(u), 0, HOW_WORD_COUNT - 1);
    t.why = (uint8_t)unpack_within(u, unpack_byte(u), 0, WHY_WORD_COUNT - 1);
    t.role = unpack_byte(u);
    uint64_t rule = unpack_whole(u), turn = unpack_whole(u);
    t.rule = (uint16_t)unpack_within(u, rule > UINT16_MAX ? -1 : (int64_t)rule, 0, UINT16_MAX);
    t.number = unpack_within(u, turn > CASELOAD_TURNS ? -1 : (int64_t)turn, 0, CASELOAD_TURNS - 1);
    t.n = (int32_t)unpack_within(u, unpack_signed(u), INT32_MIN, INT32_MAX);
    t.fact = unpack_signed(u);
    t.opened.s = unpack_signed(u);
    if (has & PACK_DEADLINE) t.deadline.s = unpack_signed(u);
    if (has & PACK_CLOSED) t.closed.s = unpack_signed(u);
    if (has & PACK_CLOSED_BY) t.closed_by = unpack_signed(u);
    if (!u->broken) *out = t;
    return !u->broken;
}
