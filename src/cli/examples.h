// examples.h -- the examples beside a protocol (NAME.tests.yaml): read, run, compared with what was expected, shown.
//
// An example gives facts and says what they must lead to; docs/protocol-language.md, section 13, is the language. The
// steps are one file each: examples_read.h makes a struct example of the YAML text, examples_run.h drives a caseload with
// it, examples_course.h sums up what became of one person, examples_compare.h says what differs, examples_show.h draws it.
#ifndef TONG_CLI_EXAMPLES_H
#define TONG_CLI_EXAMPLES_H

#include "cli/cli.h"
#include "protocol/protocol.h"
#include "response/fact.h"

// `tongzhou protocol test FILE...`: a line an example and, at the end, how many passed and failed. With `verbose` the
// calendar of every example is shown, and why each decision was taken. CLI_FAULT when one failed, when a file has faults,
// or when a protocol has no examples beside it.
int cli_protocol_test_files(struct cli *cli, const char *const *files, size_t n, bool verbose);

// ---- what an example says ----

// Days first to last, both counted.
struct day_range {
    civil_day first, last;
};

struct example_at {
    int64_t line, column;
};

// A fact with names where the core has numbers; fact.subject, link, id and replaces are filled in when it is run.
struct example_fact {
    struct fact fact;
    const char *who;    // NULL: the person observed
    const char *other;  // who was met, or named as a contact, where that is someone the example speaks of; else NULL
    const char *id;     // its name; NULL none
    const char *refers; // name of the fact it corrects or withdraws; NULL none
    struct example_at at;
};

struct example_edition {
    civil_day in_force;
    const struct protocol *protocol;
    const char *path;
};

typedef enum fate_word {
    FATE_ANY,
    FATE_DONE,
    FATE_OVERDUE,
    FATE_OPEN,
    FATE_NO_LONGER_DUE,
    FATE_MISSED,
    FATE_REFUSED,
    FATE_COUNT
} fate_word;

struct expect_days { // sampled, checked, rounds: exactly these days
    bool given;
    struct day_range *items;
    size_t count;
    struct example_at at;
};

struct expect_day { // one day, or any day of a range
    bool given;
    struct day_range day;
    struct example_at at;
};

struct expect_instant { // a time to the minute, or any time of a day
    bool given, day_only;
    utc_sec instant;
    civil_day day;
};

struct expect_stage {
    const char *name;
    struct expect_day entered;
};

struct expect_task {
    const char *name;
    struct expect_instant opened, deadline;
    fate_word fate;
    struct example_at at;
};

struct expect_measure {
    const char *name;
    struct expect_day proposed;
    struct expect_days in_force;
    struct example_at at;
};

struct expect_name { // of a task, a measure, a person, a pathway or a status code
    const char *name;
    struct example_at at;
};

struct expect_names {
    struct expect_name *items;
    size_t count;
};

struct expect_role {
    role_word role;
    struct example_at at;
};

// What must become of one person (or group, or place) of the example.
struct expectation {
    const char *who; // NULL: the person observed
    struct example_at at;
    struct expect_days sampled, checked, rounds;
    struct expect_stage *stages;
    size_t stage_count;
    struct expect_day released;
    bool has_ended;
    final_word ended; // FINAL_NONE: must still be open; FINAL_WORD_COUNT: however
    struct expect_day ended_on;
    struct example_at ended_at;
    struct expect_task *tasks;
    size_t task_count;
    struct expect_measure *measures;
    size_t measure_count;
    struct expect_names no_task, no_measure, enrols, not_enrolled, zones;
    struct expect_role *told;
    size_t told_count;
    bool has_class, has_asked, has_status;
    event_word class; // EVENT_WORD_COUNT: none
    struct expect_role asked;
    struct expect_name status; // name "none": no code
    struct example_at class_at;
};

struct example {
    const char *name;
    struct example_at at;
    const char *of; // pathway observed; NULL: the first enrolment opened
    struct example_fact *facts;
    size_t fact_count;
    bool tasks_done, negative, nothing_signed;
    civil_day until; // CIVIL_DAY_NONE: the end of everything
    struct example_edition *editions;
    size_t edition_count;
    struct expectation *expect; // [0] is about the person observed
    size_t expect_count;
};

enum {
    EXAMPLES_MAX = 1000, // in one file
    EXAMPLE_FACTS_MAX = 500,
    EXAMPLE_EDITIONS_MAX = 16,
    EXAMPLE_DAYS_MAX = 400, // beyond the first fact nothing is run
};

#endif
