// explain_phrase.h -- durations, dates, lists of days, roles and places as people say them.
#ifndef TONG_PROTOCOL_EXPLAIN_PHRASE_H
#define TONG_PROTOCOL_EXPLAIN_PHRASE_H

#include "protocol/explain_prose.h"

const char *phrase_label(struct prose *s, struct label label);
const char *phrase_quoted(struct prose *s, const char *text);     // in the quotation marks of the language
const char *phrase_date(struct prose *s, civil_day day);          // "28 June 2022", "2022年6月28日"
const char *phrase_date_short(struct prose *s, civil_day day);    // without the year
const char *phrase_days(struct prose *s, int32_t days);           // "7 days", "7天"
const char *phrase_minutes(struct prose *s, int32_t minutes);     // "24 hours", "3 days", "15 minutes"
const char *phrase_clock(struct prose *s, int32_t minute_of_day); // "20:00"
const char *phrase_times(struct prose *s, int32_t n);             // "once", "twice", "3 times"

// "days 1, 2, 3, 5 and 7", "days 1 to 7", "every 2 days from day 2 to day 14". Days in rising order.
const char *phrase_day_list(struct prose *s, const int16_t *days, size_t count);
const char *phrase_day_range(struct prose *s, int32_t first, int32_t last); // "day 3", "days 1 to 7"

const char *phrase_role(struct prose *s, role_word role);    // "the sampler", "采样员"
const char *phrase_place(struct prose *s, place_word place); // "at a quarantine site", "在集中隔离点"
const char *phrase_anchor(struct prose *s, anchor_word anchor);
const char *phrase_anchor_short(struct prose *s, anchor_word anchor);
const char *phrase_final(struct prose *s, final_word final); // "the enrolment ends: became a case"
// The labels of the words whose bits are set, joined.
const char *phrase_set(struct prose *s, word_list list, uint64_t set, prose_link link);

const char *phrase_pathway(struct prose *s, uint8_t pathway); // its label, else its name, quoted
const char *phrase_stage(struct prose *s, uint8_t stage);     // its label, quoted
const char *phrase_measure(struct prose *s, uint8_t measure);
const char *phrase_task(struct prose *s, const struct task *task); // label, not quoted

// The sources of the figures at or below `origin`.`key`, as " [P1, P3]"; "" when there are none or s->cited is off.
const char *phrase_cite(struct prose *s, const struct origin *origin, const char *key);
// Of these only the figures whose own key is `leaf`: the days of a sample, and not its tube's size.
const char *phrase_cite_leaf(struct prose *s, const struct origin *origin, const char *key, const char *leaf);

#endif
