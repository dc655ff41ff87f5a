// examples_course.h -- what became of one person of an example: the days, tasks and measures that can be expected of it.
//
// Everything is read from the caseload after it has run. Days are civil days of the jurisdiction; a measure that ended at
// midnight was last in force the day before.
#ifndef TONG_CLI_EXAMPLES_COURSE_H
#define TONG_CLI_EXAMPLES_COURSE_H

#include "cli/examples.h"
#include "response/caseload.h"

#define EXAMPLE_NO_ENROLMENT UINT32_MAX

struct example_course_days { // ascending, each once
    civil_day *items;
    size_t count, cap;
};

struct example_course_stage {
    const struct stage *stage;
    civil_day entered;
};

struct example_course_task {
    const struct task *task;
    const struct caseload_task *state;
    civil_day opened;
};

struct example_course_measure {
    const struct measure *measure;
    const struct caseload_measure *state;
    civil_day proposed;
    civil_day first, last; // in force; CIVIL_DAY_NONE: never, and for last: still
};

struct example_course {
    const struct caseload *caseload;
    const struct zone *zone;
    uint32_t subject;
    uint32_t enrolment;                                  // the one observed; EXAMPLE_NO_ENROLMENT when none was opened
    struct example_course_days sampled, checked, rounds; // of the enrolment observed
    struct example_course_stage *stages;                 // the same, in order
    size_t stage_count, stage_cap;
    struct example_course_task *tasks; // of the enrolment observed, or of all the person's when none was named
    size_t task_count, task_cap;
    struct example_course_measure *measures; // the same
    size_t measure_count, measure_cap;
    final_word ended; // FINAL_NONE: still open (or never enrolled)
    civil_day ended_on;
    event_word class;      // EVENT_WORD_COUNT: none
    uint64_t told;         // bit per role
    uint64_t asked;        // roles asked to judge what no rule matched
    const char *status;    // name of the status code, NULL none
    const char **enrolled; // names of those enrolled because of this person, and not let go since
    size_t enrolled_count, enrolled_cap;
    const char **zones; // pathways of the places, the same
    size_t zone_count, zone_cap;
    civil_day now;
};

// `pathway` NULL: the first enrolment the person was opened for is observed, and tasks and measures of all are seen.
// Texts and arrays live in `arena`. NOMEM.
tong_code example_course_of(const struct caseload *c, uint32_t subject, const char *pathway, struct arena *arena,
                            struct example_course *out, struct err *err) TONG_MUST_USE;
bool example_course_days_has(const struct example_course_days *days, civil_day day);
// First and last day on which anything happened; false when nothing did.
bool example_course_span(const struct example_course *course, struct day_range *out);
// The task's fate in the words of an expectation; an overdue task that was done later is FATE_DONE.
fate_word example_course_fate(const struct caseload_task *task);

#endif
