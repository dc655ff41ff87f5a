// replay_days.h -- the day book of a replay: what was new, what was asked for, what became of it, who was under which
// measure.
//
// Every task has one fate. Its deadline is judged only where the data could have said that it was done
// (replay_evidence.h); elsewhere a task whose time ran out is "unknown". For every kind of task:
// opened = done + done_late + refused + overdue + no_longer_due + open + unknown.
#ifndef TONG_CLI_REPLAY_DAYS_H
#define TONG_CLI_REPLAY_DAYS_H

#include "cli/replay_kinds.h"
#include "cli/replay_run.h"

typedef enum replay_fate {
    REPLAY_DONE,
    REPLAY_DONE_LATE, // after its deadline
    REPLAY_REFUSED,
    REPLAY_OVERDUE,       // not done in time, and not since
    REPLAY_NO_LONGER_DUE, // its reason fell away in time
    REPLAY_OPEN,          // its deadline is still to come
    REPLAY_UNKNOWN,       // the data cannot say
    REPLAY_FATE_COUNT
} replay_fate;
extern const struct record_word replay_fate_words[REPLAY_FATE_COUNT];
extern const struct label replay_fate_short[REPLAY_FATE_COUNT]; // for the head of a column

struct replay_task_day {                    // of one kind, on one day
    int32_t opened, done, overdue, unknown; // done: in time or late; overdue, unknown: the time ran out on this day
};

struct replay_day {
    civil_day day;
    int64_t cases[LINE_CLASS_COUNT]; // that became known
    int64_t onsets, deaths, contacts_named;
    int64_t begun, ended;         // measures
    int64_t restricted;           // persons under a measure that restricts, at the end of the day
    struct replay_task_day tasks; // all kinds
};

struct replay_task_total {
    int64_t opened, fate[REPLAY_FATE_COUNT];
};

struct replay_days {
    struct replay_day *items;
    int32_t count;                    // from facts->first to the last day run
    size_t task_count, measure_count; // kinds
    struct replay_task_day *by_task;  // [day * task_count + kind]
    int64_t *under;                   // [day * measure_count + kind]: persons at the end of the day
    struct replay_task_total *totals; // of each kind of task
    int64_t cases[LINE_CLASS_COUNT];  // known up to the last day
    int64_t case_total, deaths, contacts_named, restricted_ever; // deaths: those without a date too
};

struct replay_days_input {
    const struct linelist *list;
    const struct replay_facts *facts;
    const struct replay_evidence *evidence;
    const struct replay_kinds *kinds;
    const struct replay_run *run;
    const struct rulebook *book;
    const struct zone *zone;
    civil_day until;
};

// NOMEM.
tong_code replay_days_build(const struct replay_days_input *in, struct arena *arena, struct replay_days *out,
                            struct err *err) TONG_MUST_USE;

// Taken back in the moment it was opened: a fact known only then had done away with it before. Such tasks count
// nowhere.
bool replay_task_never_was(const struct caseload_task *t);
replay_fate replay_task_fate(const struct replay_days_input *in, const struct caseload_task *t);
// Was it in force at the end of the last day? Proposals that nobody signed are not.
bool replay_measure_holds(const struct caseload_measure *m);
utc_sec replay_measure_begun(const struct caseload_measure *m); // UTC_NONE: never

#endif
