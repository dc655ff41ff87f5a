// respond.h -- the response core: (protocol, enrolment, fact) -> decisions.
//
// Pure: no I/O, no clock, no allocation, nothing global; the same input gives the same answer on every machine. The core
// sees one subject on one pathway. What others must learn it says as decisions addressed to a role; what it must know of
// others reaches it as facts.
//
// Two ways lead to the same state. `respond` and `respond_until` step an enrolment forward while facts arrive in the
// order of fact_compare, which is what the twin and a quiet day need. When a fact arrives that happened earlier than the
// enrolment's last_min (a result of yesterday's sample), or one is corrected or retracted, fold.h folds the whole history
// again and answers what is desired now minus what was issued so far.
#ifndef TONG_RESPONSE_RESPOND_H
#define TONG_RESPONSE_RESPOND_H

#include "response/decision.h"
#include "response/enrolment.h"
#include "response/fact.h"

// The editions of one family, by number; an enrolment names its own. An EVENT_EDITION fact moves it as the new edition's
// `change` says.
struct rulebook {
    const struct protocol *const *editions;
    size_t count;
};

// A subject about whom nothing is known yet on this pathway: not enrolled, but ready to remember facts (age, onset) that
// matter once it is. `base` is the civil day of its earliest fact.
struct enrolment enrolment_new(uint32_t subject, uint8_t edition, uint8_t pathway, civil_day base);
bool enrolment_is_open(const struct enrolment *e);    // entered and not ended
bool enrolment_has_ended(const struct enrolment *e);
bool enrolment_restricts(const struct rulebook *book, const struct enrolment *e); // a restrictive order is in force
final_word enrolment_final(const struct enrolment *e);
event_word enrolment_class(const struct enrolment *e); // EVENT_SUSPECTED .. EVENT_DISCARDED, or EVENT_WORD_COUNT
civil_day enrolment_day(const struct enrolment *e, int16_t offset); // CIVIL_DAY_NONE for ENROLMENT_DAY_NONE
civil_day enrolment_onset(const struct enrolment *e); // the earliest plausible day, CIVIL_DAY_NONE when there is none
// The day the stage now entered will be over, as things stand; CIVIL_DAY_NONE when only an event ends it.
civil_day enrolment_stage_end(const struct rulebook *book, const struct enrolment *e);
// The last day the order now in force covers; CIVIL_DAY_NONE when none is.
civil_day enrolment_order_until(const struct rulebook *book, const struct enrolment *e);

typedef enum respond_answer {
    RESPOND_OK,
    RESPOND_UNMATCHED, // it could matter and no rule of this pathway matched: the caller asks a person
    RESPOND_LATE,      // it happened before last_min: nothing was done, fold the history instead
} respond_answer;

// Let time pass up to `now`, then answer one fact. Needs room for DECISIONS_STEP_MAX decisions beyond those that the days
// in between cause; call respond_until first when the buffer is small.
respond_answer respond(const struct rulebook *book, struct enrolment *e, const struct fact *f, struct decisions *out);
// Let days and hours pass up to and including `now`, jumping over idle ones. Stops early when fewer than
// DECISIONS_STEP_MAX places are left in `out`: call again until next_min is beyond `now`.
void respond_until(const struct rulebook *book, struct enrolment *e, utc_sec now, struct decisions *out);
// The same while a history is folded: what the clock meets before `known` was not known before then, and is dated so.
void respond_until_known(const struct rulebook *book, struct enrolment *e, utc_sec now, utc_sec known,
                         struct decisions *out);
// Does the task fall due at an hour of its own, so that respond_deadline must be called for it? (Else it falls due when its
// day closes, and respond_until says so.) task_has_hour: a scheduled task with an hour of the day.
static inline bool task_has_hour(const struct task *t)
{
    enum { DAY_MINUTES = 1440 };
    return t->daily && t->due_minute > 0 && t->due_minute < DAY_MINUTES;
}
static inline bool task_is_timed(const struct task *t)
{
    return !t->daily || task_has_hour(t);
}
// A task's deadline passes. Deadlines of tasks with a time limit are kept by whoever keeps the tasks (they are in the
// TASK_OPENED decision); only an open task answers, with OVERDUE and, where the protocol names someone, ESCALATED.
void respond_deadline(const struct rulebook *book, struct enrolment *e, uint8_t slot, utc_sec deadline,
                      struct decisions *out);
// Would this fact open an enrolment on the pathway (and has it not one open already)?
bool respond_opens(const struct protocol *p, const struct enrolment *e, const struct fact *f);
// The event a fact amounts to: for a result what the protocol's table says it means, else its kind.
event_word respond_event(const struct protocol *p, const struct fact *f);
// Could it matter, should no rule match? (A positive, a signal, an illness.)
bool respond_matters(event_word event);

#endif
