// explain_pathway.h -- one pathway, stage by stage, as a section of an explanation.
#ifndef TONG_PROTOCOL_EXPLAIN_PATHWAY_H
#define TONG_PROTOCOL_EXPLAIN_PATHWAY_H

#include "protocol/explain_prose.h"
#include "protocol/explain_timetable.h"

void explain_pathway(struct prose *s, const struct timetable *c, uint8_t pathway);
// The section of rules that open enrolments.
void explain_door(struct prose *s);
// A pathway's course on real dates, when day 0 is `zero` and nothing happens: "“at home”: 2 March to 15 March; ...".
// "" when the length of its first stage is not known beforehand.
const char *pathway_example(struct prose *s, const struct timetable *c, uint8_t pathway, civil_day zero);

#endif
