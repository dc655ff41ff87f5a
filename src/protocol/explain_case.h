// explain_case.h -- what a result means, who is a case, whom they may have infected, who counts as a contact.
#ifndef TONG_PROTOCOL_EXPLAIN_CASE_H
#define TONG_PROTOCOL_EXPLAIN_CASE_H

#include "protocol/explain_prose.h"

// Sections.
void explain_results(struct prose *s);
void explain_ladder(struct prose *s);
void explain_contacts(struct prose *s);

// Single sentences, for comparisons as well.
const char *phrase_result_row(struct prose *s, const struct result_row *row); // "PCR, positive, ...: confirmed"
const char *phrase_ladder_step(struct prose *s, const struct ladder_step *step);
const char *phrase_window_opens(struct prose *s);
const char *phrase_window_closes(struct prose *s);
const char *phrase_contact_class(struct prose *s, const struct contact_class *class);

#endif
