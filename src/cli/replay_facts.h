// replay_facts.h -- a line list as facts, in the order in which they became known.
//
// docs/replay.md has the table: which column becomes which fact. Nothing is decided here; what the list does not say
// is not invented. Where something has to be assumed so that the list can be run at all (when two people met who are
// linked without a date; which swab a result came from), it is counted, and every output repeats the count
// (replay_says.h).
//
// A date without a time stands for noon of that day in the protocol's zone, and the fact carries FACT_DAY_ONLY: all day
// counts come out as written, and what happened and became known on one day is in time by the clock as well.
#ifndef TONG_CLI_REPLAY_FACTS_H
#define TONG_CLI_REPLAY_FACTS_H

#include "exchange/linelist.h"
#include "protocol/protocol.h"
#include "response/fact.h"

struct replay_person {
    struct str name;       // identifier in the line list; of somebody who is a case and a contact: the case's
    int32_t case_index;    // LINE_NONE
    int32_t contact_index; // LINE_NONE
    struct str place;      // where a case lives or lay, as the list says it; may be a path (estate/building/unit/room)
};

// What had to be assumed, and what could not be said. All are counts.
struct replay_assumed {
    int64_t cases_undated;     // without any date: in no day, fed to nobody
    int64_t cases_unclassed;   // the list calls them cases and says no class: taken as confirmed
    int64_t known_assumed;     // dates of which no column says when they became known
    int64_t dates_known_total; // of so many
    int64_t meetings_placed;  // links without a date of contact: placed by the infectee's exposure or the two illnesses
    int64_t kinds_other;      // links whose kind of exposure is no word of the language: OTHER
    int64_t links_repeated;   // the same two once more: one fact
    int64_t links_sourceless; // from nobody in the list: an exposure to an unnamed case
    int64_t links_to_nobody;  // to a gathering: no fact
    int64_t results_unspecified; // specimen or test not said: taken for the one below
    int64_t
        results_inferred;    // confirmed cases without a positive of their own: one is fed when sampled, else diagnosed
    int64_t results_missing; // samples without a result
    int64_t followups_silent; // rows that do not say how the contact was
    int64_t ends_undated;     // contacts lost, refusing or dead without a date
    int64_t dates_too_old;    // meetings, visits and samples more than a year before the outbreak: set aside
    int64_t deaths_undated;   // cases that died, nobody says when
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
    struct replay_assumed assumed;
};

struct replay_facts_options {
    const struct zone *zone; // of the protocol
    specimen_word specimen;  // what a result is taken for that does not say: of a positive one the protocol
    test_word test;          // understands, see replay_facts_positive
};
// The first specimen and test, in the order of the language's words, whose positive result the protocol calls positive.
void replay_facts_positive(const struct protocol *p, struct replay_facts_options *out);

// Everything lives in `arena`; texts are the list's. NOMEM.
tong_code replay_facts_build(const struct linelist *list, const struct replay_facts_options *options,
                             struct arena *arena, struct replay_facts *out, struct err *err) TONG_MUST_USE;

// The instant a date stands for: its time, or noon of the day. The day must be given.
utc_sec replay_instant(const struct zone *zone, struct date_time t);

#endif
