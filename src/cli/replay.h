// replay.h -- `tongzhou replay`: a real outbreak run through a protocol, and what it comes to.
//
// The command reads a line list (exchange/linelist.h), makes facts of it (replay_facts.h), finds the editions that
// were in force (replay_editions.h), feeds the facts to the response core day by day (replay_run.h), keeps the day
// book (replay_days.h), and writes text, CSV and JSON (replay_text.h, replay_csv.h, replay_json.h). docs/replay.md is
// the guide.
#ifndef TONG_CLI_REPLAY_H
#define TONG_CLI_REPLAY_H

#include "cli/replay_days.h"
#include "cli/replay_editions.h"
#include "epi/chain.h"
#include "epi/curve.h"

// A cli_handler.
int cli_replay(struct cli *cli, int argc, char **argv);

// Everything a renderer needs; filled by the command, lent to the renderers.
struct replay {
    struct arena *arena; // owns what is below and what renderers need for a while
    const struct replay_editions *editions;
    const struct rulebook *book;
    const struct zone *zone;
    struct linelist list;
    struct problem_list problems; // of the files
    struct problem_list notes;    // what must be known to read the result (replay_says.h)
    struct replay_facts facts;
    struct replay_evidence evidence;
    struct replay_kinds kinds;
    struct replay_run run;
    struct replay_days days;
    struct curve onsets, reports; // by line_class
    struct chains chains;
    struct chain_children children;
    int32_t hidden; // cases that became known after the last day run: in no figure
    civil_day until;
};

struct replay_days_input replay_days_input(const struct replay *r);
// The identifier of a subject: a person of the list, or whatever else the caseload has.
struct str replay_subject_name(const struct replay *r, uint32_t subject);
// The same as people speak of them: by the number on their file, where the list has one besides the identifier.
struct str replay_subject_label(const struct replay *r, uint32_t subject);
// Last day of an instant that ends something at or after midnight; CIVIL_DAY_NONE for UTC_NONE.
civil_day replay_last_day(const struct replay *r, utc_sec until);

// Is the case known by the last day run (or has it no date at all)?
bool replay_case_known(const struct replay *r, size_t index);
// Curves and chains of the cases known up to r->until. NOMEM, LIMIT.
tong_code replay_epidemic(struct replay *r, struct err *err) TONG_MUST_USE;

#endif
