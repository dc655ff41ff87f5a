// pack.h -- what an enrolment keeps beside its state, in few bytes: the decisions that stand, the tasks of its slots.
//
// A blob is a version byte and records one behind the other. Records stand for themselves, so that decisions may be appended
// without reading those before. Whole numbers are LEB128, signed ones zigzag; what is usual is left out. Any bytes may be
// given to the readers: what cannot be read is refused.
#ifndef TONG_INTAKE_PACK_H
#define TONG_INTAKE_PACK_H

#include "base/arena.h"
#include "response/caseload.h"

enum {
    PACK_VERSION = 1,
    PACK_LAYOUT = 1
}; // PACK_LAYOUT: of the blobs and of struct enrolment together (meta `layout`)

struct packing { // a blob being written, in an arena
    struct arena *arena;
    unsigned char *bytes;
    size_t n, cap;
    bool full; // memory was short: the blob is of no use
};
// Begins anew, behind a copy of `before` (a blob, or empty).
void pack_begin(struct packing *p, struct str before);
// `other` of the decision is the caller's number for the store, not the caseload's.
void pack_decision(struct packing *p, const struct decision *d);
void pack_task(struct packing *p,
               const struct caseload_task *t); // turn = number % CASELOAD_TURNS is kept, subject is not
struct str pack_done(const struct packing *p); // {NULL, 0} when full or nothing was written

struct unpacking {
    const unsigned char *p, *end;
    bool broken;
};
struct unpacking unpack_begin(struct str blob); // an empty blob has no records
// False at the end, or when it is broken.
bool unpack_decision(struct unpacking *u, struct decision *out);
bool unpack_task(struct unpacking *u, struct caseload_task *out); // number is the turn alone, subject and enrolment 0

#endif
