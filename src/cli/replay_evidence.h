// replay_evidence.h -- what a line list can say about tasks that were done, and what it cannot.
//
// A follow-up file says whether a contact was looked at; a line list says when a case was reported and isolated.
// About interviews or disinfection no line list says anything. Where the data could not have said that a task was
// done, its fate is "unknown" and never "overdue"; docs/replay.md has the table.
#ifndef TONG_CLI_REPLAY_EVIDENCE_H
#define TONG_CLI_REPLAY_EVIDENCE_H

#include "cli/replay_facts.h"
#include "protocol/protocol.h"

struct replay_evidence {
    const struct linelist *list;
    const struct replay_facts *facts;
    // Visits and samples were written down day by day: [0] of people who are no cases, [1] of cases.
    bool checks[2], results[2];
    struct date_time *listed;  // of each person: when they named their first contact, where a column says when
    struct date_time *sampled; // of each person: the first sample
};

// NOMEM.
tong_code replay_evidence_build(const struct linelist *list, const struct replay_facts *facts, struct arena *arena,
                                struct replay_evidence *out, struct err *err) TONG_MUST_USE;

// Could the data say that this task was done for this person, while followed as a case or not?
bool replay_evidence_can(const struct replay_evidence *evidence, const struct task *t, int32_t person, bool as_case);
// Do they say it, of a task that no fact of its own closes? Then *when is the day (checks and samples are closed by
// follow-up and laboratory facts, never here).
bool replay_evidence_done(const struct replay_evidence *evidence, const struct task *t, int32_t person, bool as_case,
                          struct date_time *when);

#endif
