// outbreak_people.h -- how people of the town meet: shared by the infections and the contacts of an outbreak.
#ifndef TONG_TWIN_OUTBREAK_PEOPLE_H
#define TONG_TWIN_OUTBREAK_PEOPLE_H

#include "base/rng.h"
#include "twin/outbreak.h"

// Purposes of the random streams (base/rng.h). Agents are indices of cases or contacts, `day` is 0 unless it is said.
enum outbreak_purpose {
    OUTBREAK_DRAW_IMPORT = 100,
    OUTBREAK_DRAW_COURSE,    // the illness of a case
    OUTBREAK_DRAW_OFFSPRING, // whom a case infects, and when
    OUTBREAK_DRAW_INFECTEE,  // who that is, agent: the infectee
    OUTBREAK_DRAW_NAMING,    // whether and when the infector names it
    OUTBREAK_DRAW_INTERVIEW, // of a case
    OUTBREAK_DRAW_CONTACT_NUMBER,
    OUTBREAK_DRAW_CONTACTS,
    OUTBREAK_DRAW_FOLLOW,
    OUTBREAK_DRAW_VISIT, // agent: the contact; day: of the visit
    OUTBREAK_DRAW_CASE_SAMPLES,
    OUTBREAK_DRAW_CONTACT_SAMPLES,
    OUTBREAK_DRAW_FAULTS,
};
struct rng outbreak_stream(const struct outbreak_options *options, uint32_t agent, enum outbreak_purpose purpose);

// Minutes in that many days, to the nearest; 0 at least. The longest tails of the distributions are cut, so that every
// date of an outbreak stays in the calendar.
enum { OUTBREAK_DELAY_DAYS_MAX = 400 };
int64_t outbreak_minutes(double days);
// A gamma delay in minutes.
int64_t outbreak_delay_min(struct rng *r, struct outbreak_delay delay);
// Offices and laboratories keep hours: a time outside 08:00 to 22:00 moves to the first two of the next such hours.
int64_t outbreak_office_min(struct rng *r, int64_t minute);

// A kind of meeting for this person by the weights: nobody at work who does not work, no household of one. Without
// `at_home` never HOUSEHOLD.
outbreak_kind outbreak_kind_draw(const struct outbreak *outbreak, struct rng *r, uint32_t person, bool at_home);
// Somebody of those the person meets in this way, the person included, whom `accept` takes. False when there is nobody.
typedef bool (*outbreak_free)(const void *context, uint32_t person);
bool outbreak_meet(const struct outbreak *outbreak, struct rng *r, uint32_t person, outbreak_kind kind,
                   outbreak_free accept, const void *context, uint32_t *out);

// When a case is interviewed first.
int64_t outbreak_interview_min(const struct outbreak_options *options, const struct outbreak_case *c, uint32_t index);

// Fills outbreak->contacts. NOMEM.
tong_code outbreak_contacts_fill(struct outbreak *outbreak, struct arena *arena, struct err *err) TONG_MUST_USE;

#endif
