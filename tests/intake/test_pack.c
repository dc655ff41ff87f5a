// Decisions and tasks in few bytes: what goes in comes out; what was never written is refused.
#include "intake/pack.h"
#include "tap.h"

static uint64_t seed = 88172645463325252u;

static uint64_t draw(uint64_t below)
{
    seed ^= seed << 13; // xorshift64 (Marsaglia 2003)
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return seed % below;
}

static int64_t draw_signed(void)
{
    static const int64_t odd[] = {0,         1, -1, 63, 64, -64, -65, 127, 128, INT32_MAX, INT64_MAX, INT64_MIN + 1,
                                  1656633600};
    uint64_t i = draw(2 * sizeof odd / sizeof odd[0]);
    return i < sizeof odd / sizeof odd[0] ? odd[i] : (int64_t)draw(UINT64_MAX);
}

static struct decision decision_drawn(void)
{
    return (struct decision){.kind = (uint8_t)draw(DECISION_KIND_COUNT),
                             .how = (uint8_t)draw(HOW_WORD_COUNT),
                             .why = (uint8_t)draw(WHY_WORD_COUNT),
                             .edition = (uint8_t)draw(256),
                             .pathway = (uint8_t)draw(256),
                             .stage = (uint8_t)draw(256),
                             .what = (uint8_t)draw(256),
                             .slot = draw(2) ? PROTOCOL_NONE : (uint8_t)draw(32),
                             .rule = (uint16_t)draw(65536),
                             .place = draw(2) ? PROTOCOL_NONE : (uint8_t)draw(20),
                             .role = draw(2) ? (uint8_t)ROLE_PERSON : (uint8_t)draw(30),
                             .n = draw(2) ? 0 : (int32_t)draw_signed(),
                             .fact = draw_signed(),
                             .other = draw(2) ? 0 : draw_signed(),
                             .at = {draw_signed()},
                             .until = draw(2) ? UTC_NONE : (utc_sec){draw_signed()}};
}

static struct caseload_task task_drawn(void)
{
    return (struct caseload_task){.edition = (uint8_t)draw(256),
                                  .task = (uint8_t)draw(256),
                                  .slot = (uint8_t)draw(PROTOCOL_SLOTS),
                                  .how = (uint8_t)draw(HOW_WORD_COUNT),
                                  .stage = (uint8_t)draw(256),
                                  .open = draw(2) != 0,
                                  .overdue = draw(2) != 0,
                                  .escalated = draw(2) != 0,
                                  .passed = draw(2) != 0,
                                  .why = (uint8_t)draw(WHY_WORD_COUNT),
                                  .role = (uint8_t)draw(256),
                                  .rule = (uint16_t)draw(65536),
                                  .n = (int32_t)draw_signed(),
                                  .fact = draw_signed(),
                                  .closed_by = draw(2) ? 0 : draw_signed(),
                                  .opened = {draw_signed()},
                                  .deadline = draw(2) ? UTC_NONE : (utc_sec){draw_signed()},
                                  .closed = draw(2) ? UTC_NONE : (utc_sec){draw_signed()},
                                  .number = (int64_t)draw(CASELOAD_TURNS)};
}

static bool decisions_same(const struct decision *a, const struct decision *b)
{
    return a->kind == b->kind && a->how == b->how && a->why == b->why && a->edition == b->edition &&
           a->pathway == b->pathway && a->stage == b->stage && a->what == b->what && a->slot == b->slot &&
           a->rule == b->rule && a->place == b->place && a->role == b->role && a->n == b->n && a->fact == b->fact &&
           a->other == b->other && a->at.s == b->at.s && a->until.s == b->until.s;
}

static bool tasks_same(const struct caseload_task *a, const struct caseload_task *b)
{
    return a->edition == b->edition && a->task == b->task && a->slot == b->slot && a->how == b->how &&
           a->stage == b->stage && a->open == b->open && a->overdue == b->overdue && a->escalated == b->escalated &&
           a->passed == b->passed && a->why == b->why && a->role == b->role && a->rule == b->rule && a->n == b->n &&
           a->fact == b->fact && a->closed_by == b->closed_by && a->opened.s == b->opened.s &&
           a->deadline.s == b->deadline.s && a->closed.s == b->closed.s && a->number == b->number;
}

static void there_and_back(struct arena *arena)
{
    enum { MANY = 200, ROUNDS = 50 };
    struct decision in[MANY], out;
    struct caseload_task tasks[MANY], task;
    for (int32_t round = 0; round < ROUNDS; round++) {
        size_t count = draw(MANY), first = count == 0 ? 0 : draw(count), n = 0;
        struct packing p = {.arena = arena};
        pack_begin(&p, (struct str){NULL, 0});
        for (size_t i = 0; i < count; i++) {
            in[i] = decision_drawn();
            tasks[i] = task_drawn();
        }
        for (size_t i = 0; i < first; i++) pack_decision(&p, &in[i]);
        struct str half = pack_done(&p);
        pack_begin(&p, half); // the rest is written behind, later
        for (size_t i = first; i < count; i++) pack_decision(&p, &in[i]);
        struct unpacking u = unpack_begin(pack_done(&p));
        while (unpack_decision(&u, &out)) {
            CHECK(n < count && decisions_same(&in[n], &out), "decision %zu of %zu", n, count);
            n++;
        }
        CHECK(n == count && !u.broken, "%zu of %zu came out", n, count);
        pack_begin(&p, (struct str){NULL, 0});
        for (size_t i = 0; i < count; i++) pack_task(&p, &tasks[i]);
        u = unpack_begin(pack_done(&p));
        for (n = 0; unpack_task(&u, &task); n++)
            CHECK(n < count && tasks_same(&tasks[n], &task), "task %zu of %zu", n, count);
        CHECK(n == count && !u.broken, "%zu of %zu tasks came out", n, count);
    }
    OK(true, "%d blobs of up to %d records, written in two parts", (int)ROUNDS, (int)MANY);
}

static void what_is_broken_is_refused(struct arena *arena)
{
    struct decision d = decision_drawn(), out;
    d.fact = INT64_MAX;
    struct packing p = {.arena = arena};
    pack_begin(&p, (struct str){NULL, 0});
    pack_decision(&p, &d);
    struct str whole = pack_done(&p);
    for (size_t n = 1; n < whole.n; n++) {
        struct unpacking u = unpack_begin((struct str){whole.p, n});
        bool got = unpack_decision(&u, &out);
        CHECK(!got && (u.broken || n == 1), "cut after %zu of %zu bytes", n, whole.n);
    }
    unsigned char other[64] = {PACK_VERSION + 1};
    struct unpacking u = unpack_begin((struct str){(const char *)other, sizeof other});
    OK(u.broken && !unpack_decision(&u, &out), "another version is not read");
    other[0] = PACK_VERSION;
    other[1] = DECISION_KIND_COUNT;
    u = unpack_begin((struct str){(const char *)other, sizeof other});
    OK(!unpack_decision(&u, &out) && u.broken, "an unknown kind is not read");
    memset(other + 1, 0xFF, sizeof other - 1);
    struct caseload_task t;
    u = unpack_begin((struct str){(const char *)other, sizeof other});
    OK(!unpack_task(&u, &t) && u.broken, "noise is no task");
    u = unpack_begin((struct str){NULL, 0});
    OK(!unpack_decision(&u, &out) && !u.broken, "nothing is no record, and no fault");
}

static void small(struct arena *arena)
{
    struct packing p = {.arena = arena};
    const struct decision d = {.kind = DECISION_STAGE_ENTERED,
                               .why = WHY_STAGE,
                               .slot = PROTOCOL_NONE,
                               .place = PROTOCOL_NONE,
                               .role = ROLE_PERSON,
                               .fact = 12345678,
                               .at = {1656633600},
                               .until = UTC_NONE};
    pack_begin(&p, (struct str){NULL, 0});
    pack_decision(&p, &d);
    OK(pack_done(&p).n <= 20, "a decision of 48 bytes takes %zu", pack_done(&p).n);
    struct arena little = {.bytes_max = 1};
    struct packing none = {.arena = &little};
    pack_begin(&none, (struct str){NULL, 0});
    pack_decision(&none, &d);
    OK(none.full && pack_done(&none).p == NULL, "without memory it says so");
}

int main(void)
{
    struct arena arena = {0};
    there_and_back(&arena);
    what_is_broken_is_refused(&arena);
    small(&arena);
    arena_free(&arena);
    return tap_done();
}
