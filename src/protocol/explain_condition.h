// explain_condition.h -- a condition as a clause: "all the days are served and the last sample is negative".
#ifndef TONG_PROTOCOL_EXPLAIN_CONDITION_H
#define TONG_PROTOCOL_EXPLAIN_CONDITION_H

#include "protocol/explain_prose.h"

// A clause that may follow "if" or "when"; "" for CONDITION_TRUE.
const char *phrase_condition(struct prose *s, condition_ref ref);
// The conditions of a list as parts, one a member of the outermost "all": for items under a heading.
void phrase_condition_parts(struct prose *s, condition_ref ref, struct prose_list *parts);

#endif
