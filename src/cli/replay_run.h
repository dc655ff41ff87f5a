// replay_run.h -- the facts of a line list fed to a caseload, day after day, up to the last.
//
// Nothing is decided here. Orders are signed as they are proposed (caseload_options.sign_orders); tasks that the line
// list says were done are reported as done when it says so. The caseload stays open for whoever looks at it
// afterwards.
#ifndef TONG_CLI_REPLAY_RUN_H
#define TONG_CLI_REPLAY_RUN_H

#include "cli/replay_evidence.h"
#include "response/caseload.h"

// An edition that comes into force while the outbreak runs.
struct replay_change {
    uint8_t edition; // index in the rulebook
    civil_day day;
};

// Called now and then; `done` of `total` facts are fed.
typedef void replay_progress(void *payload, civil_day day, size_t done, size_t total);

struct replay_run_options {
    const struct rulebook *book;
    uint8_t first;                       // the edition in force at the beginning
    const struct replay_change *changes; // by day
    size_t change_count;
    const struct zone *zone;
    const struct replay_facts *facts;
    const struct replay_evidence *evidence;
    civil_day until; // the last day that is run
    bool keep_log;   // every decision in the order of issue
    replay_progress *progress;
    void *payload;
};

struct replay_said {
    uint32_t subject, enrolment;
    struct decision decision;
};

struct replay_run {
    struct caseload *load;
    int32_t *person_of; // of subjects below person_of_count: the person, -1 for nobody; the others are not in the list
    size_t person_of_count;
    size_t fed;       // facts known up to the last day
    int64_t followed; // persons of the list who were enrolled as contacts (in a pathway without a case ladder)
    int64_t outside_window,
        no_class; // namings that led to nothing: met when the case could not infect; no class of contact
    struct replay_said *log;
    size_t log_count, log_cap;
};

// The person a subject is, -1 when it is none of the list (a place, a carer).
int32_t replay_run_person(const struct replay_run *run, uint32_t subject);
// LIMIT or NOMEM. On success the caller closes with replay_run_close.
tong_code replay_run(const struct replay_run_options *options, struct arena *arena, struct replay_run *out,
                     struct err *err) TONG_MUST_USE;
void replay_run_close(struct replay_run *run);

#endif
