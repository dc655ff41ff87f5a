// condition.h -- is a condition of the protocol true of an enrolment?
#ifndef TONG_RESPONSE_CONDITION_H
#define TONG_RESPONSE_CONDITION_H

#include "response/course.h"

struct condition_ask {
    const struct protocol *p;
    const struct enrolment *e;
    const struct fact *fact; // the fact at hand, NULL when a day passes
    int32_t minute;          // now
    int32_t today;           // civil day
    bool day_is_over;        // the day `today` has just ended
};

// No side effects. Circumstances nobody has recorded are false; so is their opposite where it is a word of its own
// (immune, not_immune).
bool condition_holds(const struct condition_ask *ask, condition_ref ref);
// Are the days of the stage served: its last day over, or everything scheduled on that day answered?
bool condition_days_served(const struct condition_ask *ask);

#endif
