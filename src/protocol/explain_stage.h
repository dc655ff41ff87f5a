// explain_stage.h -- one stage in pieces: where, how long with the real day numbers, what is due, what comes next.
//
// Explanations make items of them, pictures put them into boxes, comparisons set them side by side.
#ifndef TONG_PROTOCOL_EXPLAIN_STAGE_H
#define TONG_PROTOCOL_EXPLAIN_STAGE_H

#include "protocol/explain_prose.h"
#include "protocol/explain_timetable.h"

// "for 7 days: days 1 to 7, counted from the last exposure"; "until day 21 after the first exposure"; "for 6 hours by the
// clock"; "until something ends it".
const char *stage_time(struct prose *s, const struct timetable *c, uint8_t stage);
// The same in few words: "days 1 to 7", "7 days", "6 hours".
const char *stage_time_short(struct prose *s, const struct timetable *c, uint8_t stage);
// "throat swab on days 1, 2, 3, 5 and 7, by the sampler"; "health check twice a day by ...".
const char *stage_duty(struct prose *s, const struct timetable *c, uint8_t stage, const struct duty *duty);
const char *stage_duty_short(struct prose *s, const struct timetable *c, uint8_t stage, const struct duty *duty);
// Are the days of the stage always the same days of the pathway? Else they are counted from the stage's own day zero.
bool stage_days_known(const struct timetable *c, uint8_t stage);
// "if they are pregnant: at home, under “...”, together with their carer".
const char *stage_exception(struct prose *s, const struct stage *g, uint8_t exception);
// Where one goes at the end of the stage's time, or that the pathway is then over; "" when only events lead on.
const char *stage_next(struct prose *s, uint8_t stage);     // "Then: ..."
const char *stage_where_to(struct prose *s, uint8_t stage); // the same without that word
bool stage_ends_pathway(const struct stage *g);             // its time runs out, and nothing follows
// Where the branches `first`.. lead: "if ...: “a”; otherwise: “b”".
const char *stage_branches(struct prose *s, uint16_t first, uint16_t count);
// "all the days are served and ...; otherwise ... extended by 2 days, at most twice, by order of ..."; "" without a rule.
const char *pathway_release(struct prose *s, uint8_t pathway);
const char *pathway_negatives(struct prose *s, uint8_t pathway); // which negatives count; ""
const char *pathway_zero(struct prose *s, uint8_t pathway);      // what day 0 is
const char *pathway_at_most(struct prose *s, uint8_t pathway);   // ""

#endif
