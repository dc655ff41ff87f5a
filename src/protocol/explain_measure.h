// explain_measure.h -- measures and tasks in sentences: who orders, on what ground, what is provided, how to object.
#ifndef TONG_PROTOCOL_EXPLAIN_MEASURE_H
#define TONG_PROTOCOL_EXPLAIN_MEASURE_H

#include "protocol/explain_prose.h"

// What is to be said about a measure, without its name.
const char *phrase_measure_order(struct prose *s, const struct measure *m);  // who signs, or that it is a request
const char *phrase_measure_ground(struct prose *s, const struct measure *m); // the law, and why nothing milder
const char *phrase_measure_rights(struct prose *s, const struct measure *m); // what is provided, objection, review
const char *phrase_status(struct prose *s, uint8_t status);
// All there is to say about a measure, as one paragraph; after the first time only its name, with a reference back.
const char *phrase_measure_full(struct prose *s, uint8_t measure);
// "by the clinician, within 24 hours of its becoming known [H]; if it is missed, the public health officer is told" ...
const char *phrase_task_full(struct prose *s, const struct task *task);

void explain_tasks(struct prose *s); // section: the named tasks and their limits
void explain_measures(
    struct prose *s); // section: the measures from mild to strict, and the codes that follow from them

#endif
