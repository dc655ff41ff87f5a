// explain_head.h -- the sections of an explanation that concern the protocol as a whole.
#ifndef TONG_PROTOCOL_EXPLAIN_HEAD_H
#define TONG_PROTOCOL_EXPLAIN_HEAD_H

#include "protocol/explain_prose.h"

void explain_head(struct prose *s);   // name, where, from when to when, what happens to people half-way
void explain_always(struct prose *s); // what holds everywhere without being written
// The sources with their confidence, and every figure; `under`: only those of figures below this path, or NULL.
void explain_sources(struct prose *s, const char *under);

// Single phrases, for comparisons as well.
const char *phrase_change(struct prose *s, change_policy change);
const char *phrase_confidence(struct prose *s, confidence_word confidence);

#endif
