// fold.h -- state from all the facts, and the decisions that are still owed.
//
// State = fold(facts ordered by happened, rank, id), with days passing as facts: the order in which facts arrived does not
// matter. Decisions already issued are an input. What is answered is desired(now) minus issued(so far), so a correction or
// retraction yields exactly the compensating decisions. Nobody released is silently confined again: that is a new proposal.
#ifndef TONG_RESPONSE_FOLD_H
#define TONG_RESPONSE_FOLD_H

#include "response/respond.h"

// Fold a prepared history (facts_prepare) from nothing up to `now`. *e is overwritten, its subject, edition and pathway
// kept; every decision desired on the way is appended to *log, which grows in `arena`.
// LIMIT when the arena is full; *e and *log are then not to be used.
tong_code fold(const struct rulebook *book, const struct fact *facts, size_t count, utc_sec now, struct enrolment *e,
               struct decisions *log, struct arena *arena, struct err *err) TONG_MUST_USE;

// desired minus issued: appends to *owed what must still be answered at `now`, with why = CORRECTION and `cause` where it
// takes something back, and with its own reason where it is new. `issued` is everything answered before for this
// enrolment, in order. *e is the folded state: an order that was already ended once is used up, so there the measure goes
// back to being proposed. The buffer `owed` needs room for twice both counts together, and 8.
void fold_owed(const struct rulebook *book, struct enrolment *e, const struct decisions *desired,
               const struct decisions *issued, utc_sec now, int64_t cause, struct decisions *owed);

#endif
