// explain_rule.h -- what happens when: events, actions and the rules that join them, as sentences.
#ifndef TONG_PROTOCOL_EXPLAIN_RULE_H
#define TONG_PROTOCOL_EXPLAIN_RULE_H

#include "protocol/explain_prose.h"

const char *phrase_event(struct prose *s, event_word event); // "symptoms begin", "出现症状"
// The events whose bits are set, as clauses joined by "or".
const char *phrase_events(struct prose *s, uint64_t set);

// Actions first .. first + count - 1, joined: "they begin the pathway “case”; tell the family". `stage` is one of the
// pathway the rule belongs to (its tasks lie in that pathway's slots), or PROTOCOL_NONE for the front door.
const char *phrase_actions(struct prose *s, uint16_t first, uint16_t count, uint8_t stage);
// The same for the actions alone whose action_kind has its bit set in `kinds`.
const char *phrase_actions_of(struct prose *s, uint16_t first, uint16_t count, uint8_t stage, uint32_t kinds);
// The labels of the tasks among the actions.
const char *phrase_tasks(struct prose *s, uint16_t first, uint16_t count, uint8_t stage);
// "When symptoms begin, if they are under 14 years old: ..."; `event` is its clause. `again`: the rule before had the same.
const char *phrase_rule(struct prose *s, const struct rule *rule, const char *event, uint8_t stage, bool again);
// Two rules without conditions that do the same on different events: they are told in one sentence.
bool rules_same(const struct protocol *p, const struct rule *a, const struct rule *b);
// The event of rules[*i], with those of the rules after it that are the same; *i moves to the last of them.
const char *phrase_rule_events(struct prose *s, const uint16_t *rules, size_t count, size_t *i);

// The rules, in file order, of one stage alone; of a pathway in any stage; of the front door. Up to `room` numbers.
size_t rules_of_stage(const struct protocol *p, uint8_t stage, uint16_t *out, size_t room);
size_t rules_of_pathway(const struct protocol *p, uint8_t pathway, uint16_t *out, size_t room);
size_t rules_of_door(const struct protocol *p, uint16_t *out, size_t room);

#endif
