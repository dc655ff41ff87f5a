// step.h -- the moves an enrolment can make, shared by the files of the core.
//
// A step is one fact, one deadline or one turn of the clock. Every move writes the enrolment and says so as a decision
// with its reason. Private to response/.
#ifndef TONG_RESPONSE_STEP_H
#define TONG_RESPONSE_STEP_H

#include "response/condition.h"

struct step {
    const struct rulebook *book;
    const struct protocol *p; // the enrolment's edition now
    struct enrolment *e;
    struct decisions *out;
    const struct fact *fact;  // NULL when time passes
    int32_t minute;           // of what happened: UTC
    int32_t today;            // its civil day
    utc_sec at;               // from when decisions hold: when it became known
    int32_t known_min;        // the same in minutes; later than `minute` in a time before anyone knew
    bool day_is_over;         // the day `today` closes in this step
    bool matched;             // a reaction of the protocol answered
};

// Why something is decided: the kind of rule and its number.
struct reason {
    why_word why;
    uint16_t rule;
};

struct decision *step_say(struct step *s, decision_kind kind, uint8_t what, struct reason reason);
bool step_holds(const struct step *s, condition_ref ref);

// ---- tasks ----
void step_open_task(struct step *s, uint8_t slot, struct reason reason, utc_sec deadline, int32_t n);
void step_close_slot(struct step *s, uint8_t slot, how_word how, struct reason reason);
// Close open slots among `slots` whose verb passes `test` (NULL: all).
void step_close_slots(struct step *s, uint32_t slots, bool (*test)(const struct task *), how_word how,
                      struct reason reason);
// The first open slot whose verb is `verb`, PROTOCOL_NONE when there is none.
uint8_t step_find_open(const struct step *s, verb_word verb);

// Was the open stage task asked for on the day s->today (and not on an earlier one)?
bool step_is_due(const struct step *s, uint8_t slot);

// ---- measures ----
void step_propose(struct step *s, uint8_t measure, struct reason reason);
void step_end_measure(struct step *s, how_word how, struct reason reason);
void step_order(struct step *s);    // answers an EVENT_ORDERED fact
void step_order_runs_out(struct step *s); // at the close of a day

// ---- stages ----
// Enter a stage whose day zero is civil day `zero`. Entry actions run; what is due today is opened.
void step_enter(struct step *s, uint8_t stage, int32_t zero, struct reason reason);
// Death closes what serves the living and ends the measure.
void step_death(struct step *s);
void step_end(struct step *s, final_word final, how_word how, struct reason reason);
// Open what the schedule asks for on civil day s->today.
void step_begin_day(struct step *s);
// Released, if it is time and the conditions hold; extended or let go when they do not and the last day is over.
void step_try_release(struct step *s);
// Choose by branches: the first whose condition holds; `otherwise` when there are none.
uint8_t step_branch(const struct step *s, uint16_t first, uint16_t count, uint8_t otherwise);

// ---- reactions ----
// Run the first reaction to the event whose condition holds; false when there is none.
bool step_react(struct step *s, event_word event);
void step_act(struct step *s, const struct action *action, struct reason reason);
// The class that the ladder, or an authority, gives now; EVENT_WORD_COUNT for no change. *row: RULE_LIST_END when the
// protocol has no such row.
event_word step_next_class(const struct step *s, event_word set_by_authority, uint16_t *row);
void step_walk_ladder(struct step *s, event_word set_by_authority);
void step_change_edition(struct step *s, uint8_t edition);
void step_guardian_named(struct step *s); // opens what waited for a guardian
void step_contact(struct step *s); // answers an EVENT_CONTACT_NAMED fact

// ---- facts ----
// Remember what a fact says, close the tasks it answers, run the reactions to it (step_fact.c).
void step_take_fact(struct step *s, event_word event);

#endif
