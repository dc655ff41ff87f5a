// replay_facts.h -- a line list as facts, in the order in which they became known.
//
// Which column becomes which fact is exchange/line_facts.h; here the rows of all tables become facts about people. Where
// something has to be assumed so that the list can be run at all (when two people met who are linked without a date), it
// is counted, and every output repeats the count (replay_says.h).
#ifndef TONG_CLI_REPLAY_FACTS_H
#define TONG_CLI_REPLAY_FACTS_H

#include "exchange/line_facts.h"
#include "exchange/linelist.h"

struct replay_person {
    struct str name;       // identifier in the line list; of somebody who is a case and a contact: the case's
    int32_t case_index;    // LINE_NONE
    int32_t contact_index; // LINE_NONE
    struct str place;      // where a case lives or lay, as the list says it; may be a path (estate/building/unit/room)
};

struct replay_facts {
    struct replay_person *people;
    size_t person_count;
    int32_t *person_of_case, *person_of_contact; // one for each row of the list
    struct fact *items; // subject and link are the person's index + 1 (link 0: nobody); id 0; in order of feeding
    size_t count;
    civil_day first, last;    // on which something became known; CIVIL_DAY_NONE when nothing did
    civil_day *entered;       // when each case became known; CIVIL_DAY_NONE when it never did
    int64_t contacts_named;   // persons who were somebody's contact
    civil_day *contact_named; // of each person: when named first; CIVIL_DAY_NONE: no contact
    struct line_assumed assumed;
};

// Everything lives in `arena`; texts are the list's. NOMEM.
tong_code replay_facts_build(const struct linelist *list, const struct line_facts_options *options,
                             struct arena *arena, struct replay_facts *out, struct err *err) TONG_MUST_USE;

#endif
