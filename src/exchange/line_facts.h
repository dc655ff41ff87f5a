// line_facts.h -- rows of a line list as facts: which column becomes which fact, and when it became known.
//
// docs/replay.md has the table. Replay and import both make their facts here. Nothing is decided; what the list does not
// say is not invented. Where something has to be assumed so that the row can be used at all (which swab a result came
// from), it is counted.
//
// A date without a time stands for noon of that day in the zone given, and the fact carries FACT_DAY_ONLY: all day counts
// come out as written, and what happened and became known on one day is in time by the clock as well.
#ifndef TONG_EXCHANGE_LINE_FACTS_H
#define TONG_EXCHANGE_LINE_FACTS_H

#include "exchange/line_record.h"
#include "protocol/protocol.h"
#include "response/fact.h"

// Facts that may come of one row, at most.
enum { LINE_FACTS_OF_CASE = 14, LINE_FACTS_OF_LAB = 2 };

// What had to be assumed, and what could not be said. All are counts.
struct line_assumed {
    int64_t cases_undated;     // without any date: in no day, fed to nobody
    int64_t cases_unclassed;   // the list calls them cases and says no class: taken as confirmed
    int64_t known_assumed;     // dates of which no column says when they became known
    int64_t dates_known_total; // of so many
    int64_t meetings_placed;  // links without a date of contact: placed by the infectee's exposure or the two illnesses
    int64_t kinds_other;      // links whose kind of exposure is no word of the language: OTHER
    int64_t links_repeated;   // the same two once more: one fact
    int64_t links_sourceless; // from nobody in the list: an exposure to an unnamed case
    int64_t links_to_nobody;  // to a gathering: no fact
    int64_t results_unspecified; // specimen or test not said: taken for the one of the options
    int64_t
        results_inferred;    // confirmed cases without a positive of their own: one is fed when sampled, else diagnosed
    int64_t results_missing; // samples without a result
    int64_t followups_silent; // rows that do not say how the contact was
    int64_t ends_undated;     // contacts lost, refusing or dead without a date
    int64_t dates_too_old;    // meetings, visits and samples more than a year before the outbreak: set aside
    int64_t deaths_undated;   // cases that died, nobody says when
};

struct line_facts_options {
    const struct zone *zone;  // of the protocol
    specimen_word specimen;   // what a result is taken for that does not say: of a positive one the protocol
    test_word test;           // understands, see line_facts_positive
    bool unclassed_suspected; // a case of no class is a suspected one, and no result is made up for it; else confirmed
};
// The first specimen and test, in the order of the language's words, whose positive result the protocol calls positive.
void line_facts_positive(const struct protocol *p, struct line_facts_options *out);

// A fact of a row, about the row's own person: subject, link and id are 0. `slot` is what it is in the row ("symptom",
// "result"): a row has each slot once, so that the same row read again is known again.
struct line_fact {
    struct fact fact;
    const char *slot;
};

// The instant a date stands for: its time, or noon of the day. The day must be given.
utc_sec line_instant(const struct zone *zone, struct date_time t);
// A fact happens when its row says and is known when it says, never before it happened. Unset `known`: as it happened.
struct fact line_fact_make(const struct zone *zone, event_word kind, struct date_time when, struct date_time known);
// Which date of a case says when it became known at all: its report, else its diagnosis, else whatever became known
// first. LINE_DATE_COUNT: it has no date.
line_date line_case_entry(const struct line_case *c);

// What a case's row says, in out; returns how many. `tested`: its positive result stands in the laboratory's own rows.
size_t line_facts_of_case(const struct line_case *c, bool tested, const struct line_facts_options *o,
                          struct line_fact out[LINE_FACTS_OF_CASE], struct line_assumed *assumed);
// A visit, a sample with its result, how the follow-up of a contact ended, an age.
size_t line_fact_of_followup(const struct line_followup *f, const struct line_facts_options *o, struct line_fact *out,
                             struct line_assumed *assumed);
size_t line_facts_of_lab(const struct line_lab *l, const struct line_facts_options *o,
                         struct line_fact out[LINE_FACTS_OF_LAB], struct line_assumed *assumed);
size_t line_fact_of_contact_end(const struct line_contact *c, const struct line_facts_options *o, struct line_fact *out,
                                struct line_assumed *assumed);
struct line_fact line_fact_of_age(int64_t years, utc_sec happened, utc_sec known);

// Two people met: from when to when, and when that became known.
struct line_meeting {
    struct date_time first, last, known;
};
// Where a link has no date: the infectee's own time of infection or exposure; else from the source's illness to the
// first of: the infectee's onset, the source's isolation or admission, the day the link was known. Either may be NULL.
void line_meeting_place(const struct line_case *from, const struct line_case *to, struct line_meeting *m);
// The kind of exposure a text names; OTHER, counted, when it names none.
exposure_word line_meeting_kind(struct str text, bool at_gathering, struct line_assumed *assumed);
// A case names a contact: a fact about the case, to be linked to the contact.
struct line_fact line_fact_named(const struct line_meeting *m, exposure_word kind, const struct zone *zone);
// Somebody was exposed, at a gathering, through a contact, or to a case nobody has named: a fact about them.
struct line_fact line_fact_exposed(const struct line_meeting *m, exposure_word kind, const struct zone *zone);

#endif
