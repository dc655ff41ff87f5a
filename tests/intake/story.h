// story.h -- an invented outbreak as a sequence of steps that a caseload in memory and a server can both live through.
//
// The steps are made once, by running them through a caseload alone (so that orders can be signed where one is proposed);
// each is then a command for intake. What came of it is written down as lines that name subjects and not numbers, so that
// both sides can be compared: one line an enrolment, a task, a measure, sorted.
#ifndef TONG_TESTS_INTAKE_STORY_H
#define TONG_TESTS_INTAKE_STORY_H

#include "intake/intake.h"

enum { STORY_EDITIONS = 3, STORY_PLACES_MAX = 20000 };

typedef enum story_kind { STORY_PERSON, STORY_FACT, STORY_ORDER } story_kind;
struct story_step {
    story_kind kind;
    utc_sec at;
    struct fact fact;  // subject, link: person numbers from 1; ORDER: name is the measure
    int32_t replaces;  // step that is corrected or retracted; -1 none
    int64_t reference; // the fact's number in the caseload
};

struct story {
    struct arena arena;
    struct protocol editions[STORY_EDITIONS];
    const struct protocol *list[STORY_EDITIONS];
    struct str text[STORY_EDITIONS]; // the files
    struct rulebook book;
    int32_t person_count;
    const char **home; // of each person, "E1/E1 B2/..."
    struct story_step *steps;
    size_t step_count, step_cap;
    utc_sec begins, ends, change; // when the second edition comes into force
    uint8_t first, second;        // editions
    struct caseload *reference;
    char **lines; // what came of it there
    size_t line_count;
};

// `cases` infections, each naming about `contacts`. Ends the program when it cannot be made: that is a fault of the test.
void story_make(struct story *s, int32_t cases, int32_t contacts, uint64_t seed);
void story_close(struct story *s);

struct story_run { // one server living through it
    const struct story *story;
    struct intake *in;
    const char *where, *vault;
    int64_t *person; // subject of each person
    size_t group;    // commands taken at once
    size_t reopen;   // closed and opened again after so many steps; 0 never
    size_t bytes_max;
    struct roll *roll;
    size_t refused; // commands that were refused
};
// Takes the whole story; the database must be new. False, with a line on stdout, when something failed.
bool story_live(struct story_run *r);
// The same up to a step and from a step on; the first call (from == 0) opens, the caller closes.
bool story_open(struct story_run *r);
bool story_steps(struct story_run *r, size_t from, size_t until);
bool story_end(struct story_run *r);
void story_command(const struct story_run *r, size_t step, struct command *c, struct person_record *person);
// The lines of a database; freed by the caller with story_lines_free.
char **story_lines(const char *where, size_t *count);
void story_lines_free(char **lines, size_t count);
// 0 when they are equal; else how many differ, the first few printed.
size_t story_compare(char *const *a, size_t a_count, char *const *b, size_t b_count);

#endif
