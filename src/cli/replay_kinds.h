// replay_kinds.h -- tasks and measures by kind, the same over all editions that were in force.
//
// Editions number their tasks and measures each in their own way; what has the same name is one kind. What a stage
// schedules (samples, checks, rounds) is one kind for each verb, whichever stage asks for it.
#ifndef TONG_CLI_REPLAY_KINDS_H
#define TONG_CLI_REPLAY_KINDS_H

#include "response/respond.h"

struct replay_kind {
    const char *name;   // for machines: "report", "check"
    struct label label; // of the latest edition that has it
    role_word role;     // who does it, who orders it; of the latest edition
    verb_word verb;     // of a task
    bool restricts;     // a measure that restricts its person
};

struct replay_kinds {
    struct replay_kind *tasks, *measures;
    size_t task_count, measure_count;
    uint16_t (*task)[PROTOCOL_TASKS_MAX];       // by edition and its task
    uint16_t (*measure)[PROTOCOL_MEASURES_MAX]; // by edition and its measure
};

// NOMEM.
tong_code replay_kinds_build(const struct rulebook *book, struct arena *arena, struct replay_kinds *out,
                             struct err *err) TONG_MUST_USE;

#endif
