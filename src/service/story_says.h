// story_says.h -- decisions in words, for the person they are about and for whoever must confirm them.
//
// Never names the other person of a fact: a contact, and whoever serves a contact, does not learn from here who the case was.
#ifndef TONG_SERVICE_STORY_SAYS_H
#define TONG_SERVICE_STORY_SAYS_H

#include "base/json.h"
#include "response/decision.h"
#include "service/http.h"

// "Measure proposed: quarantine at home, until 2022-07-08". NULL when memory is short.
char *story_says(const struct protocol *p, const struct decision *d, const struct zone *zone, lang language,
                 struct arena *arena);
// Why, in the protocol's own words: "entering the stage: in isolation (COVID-19 prevention and control, China, 9th edition)".
// NULL when memory is short.
char *story_why(const struct protocol *p, const struct decision *d, lang language, struct arena *arena);
// {"kind", "text", "why", "rule", "at", "until"}; `rule` is where the rule stands in the protocol's file.
void story_decision_out(const struct request *rq, struct json_out *j, const struct protocol *p,
                        const struct decision *d);

#endif
