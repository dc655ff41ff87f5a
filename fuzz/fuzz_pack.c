// Any bytes as the packed decisions and tasks of an enrolment: what is read, written again, reads the same.
#include "fuzz.h"
#include "intake/pack.h"

#include <assert.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = {.bytes_max = 1 << 24};
    const struct str blob = {(const char *)data, size};
    struct unpacking u = unpack_begin(blob), again;
    struct packing p = {.arena = &arena};
    struct decision d, e;
    struct caseload_task t, s;
    size_t decisions = 0, tasks = 0;
    pack_begin(&p, (struct str){NULL, 0});
    for (; unpack_decision(&u, &d); decisions++) pack_decision(&p, &d);
    again = unpack_begin(pack_done(&p));
    u = unpack_begin(blob);
    for (size_t i = 0; i < decisions && !p.full; i++) {
        bool both = unpack_decision(&u, &d) && unpack_decision(&again, &e);
        assert(both);
        assert(d.kind == e.kind && d.what == e.what && d.rule == e.rule && d.slot == e.slot);
        assert(d.fact == e.fact && d.other == e.other && d.at.s == e.at.s && d.until.s == e.until.s && d.n == e.n);
    }
    u = unpack_begin(blob);
    pack_begin(&p, (struct str){NULL, 0});
    for (; unpack_task(&u, &t); tasks++) {
        assert(t.slot < PROTOCOL_SLOTS && t.number < CASELOAD_TURNS);
        pack_task(&p, &t);
    }
    again = unpack_begin(pack_done(&p));
    u = unpack_begin(blob);
    for (size_t i = 0; i < tasks && !p.full; i++) {
        bool both = unpack_task(&u, &t) && unpack_task(&again, &s);
        assert(both);
        assert(t.opened.s == s.opened.s && t.deadline.s == s.deadline.s && t.closed.s == s.closed.s &&
               t.open == s.open);
    }
    arena_free(&arena);
    return 0;
}
