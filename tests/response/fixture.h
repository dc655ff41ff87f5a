// fixture.h -- what the tests of the response core share: protocols from text, a fact in a line, decisions as lines.
//
// A protocol is given as YAML; the keys of the head that a test does not care about are filled in (UTC, an episode of 90 days,
// one source S, results of PCR). A fact is a line of text: when, what, and what else is known of it, in any order:
//
//   "2026-03-01 18:00 exposed household until 2026-03-01 20:00 known 2026-03-02 09:00"
//
//   until, known, recorded T    as in struct fact; known defaults to when it happened, recorded to known
//   met T                       of contact_named: when the meeting began (`until` when it ended)
//   name N, link N, replaces N, value N, by N, second N, edition N, age N
//   an exposure, protection, specimen, test, outcome, attribute or class word; check_days N, measure_days N, sample_days N
//   open, no, pooled, day_only, of_contact
//
// Every decision is kept as a line of text and asked for by a part of it:
//
//   "2026-03-02 09:00 task_opened report until 2026-03-02 11:00 by hospital because stage pathways.case.stages.ill fact 1"
//
// What is wrong with a text ends the program ("Bail out!"): it is a fault of the test.
#ifndef TONG_TESTS_RESPONSE_FIXTURE_H
#define TONG_TESTS_RESPONSE_FIXTURE_H

#include "response/caseload.h"

enum { FIXTURE_EDITIONS = 4, FIXTURE_FACTS = 400 };

struct fixture_said {
    uint32_t subject, enrolment;
    struct decision d;
    char *text;
};

struct fixture {
    struct arena arena;
    struct protocol editions[FIXTURE_EDITIONS];
    const struct protocol *list[FIXTURE_EDITIONS];
    struct rulebook book;
    // ---- one enrolment ----
    struct enrolment e;
    const char *pathway;
    uint8_t edition;
    bool begun;
    struct fact facts[FIXTURE_FACTS]; // told so far, numbered from 1
    size_t fact_count;
    struct decisions log; // issued so far
    // ---- many ----
    struct caseload *caseload;
    struct err err;
    // ---- what was decided ----
    struct fixture_said *said;
    size_t said_count, said_cap;
};

// ---- protocols ----
// Editions are numbered in the order in which they are added; `fixture_open` empties the fixture first.
void fixture_open(struct fixture *x, const char *yaml);
void fixture_add(struct fixture *x, const char *yaml);
// A protocol of the project, by its file's name.
void fixture_open_file(struct fixture *x, const char *file);
void fixture_add_file(struct fixture *x, const char *file);
void fixture_close(struct fixture *x);
const struct protocol *fixture_protocol(const struct fixture *x); // the first

// ---- facts and times ----
struct fact fixture_read(struct fixture *x, const char *line);
utc_sec fixture_time(const struct fixture *x, const char *text);
const char *fixture_text(const struct fixture *x, utc_sec at); // "2026-03-01 18:00"; "-" for none; lasts eight calls
const char *fixture_day(civil_day day);                        // "2026-03-01", "-"; lasts eight calls

// ---- one enrolment, stepped ----
// From nothing, on a pathway; its base day is that of the first fact.
void fixture_begin(struct fixture *x, const char *pathway);
void fixture_begin_under(struct fixture *x, uint8_t edition, const char *pathway);
respond_answer fixture_fact(struct fixture *x, const char *fmt, ...) TONG_PRINTF(2, 3);
void fixture_until(struct fixture *x, const char *time); // time passes
// Fold the facts told so far (and known by `now`) from nothing into *e; the desired decisions take the place of what was said.
// Returns the fold's log, which lasts as long as the fixture.
struct decisions fixture_fold(struct fixture *x, const char *now, const char *as_known, struct enrolment *e);
// desired minus issued at `now`: what is owed takes the place of what was said, and is issued. e is the folded state after it.
void fixture_owed(struct fixture *x, const char *now, int64_t cause);

// ---- many ----
// Orders are signed by themselves when `signed_` says so. A name with @ before it is a place, with # a group.
void fixture_caseload(struct fixture *x, bool signed_);
void fixture_caseload_with(struct fixture *x, struct caseload_options options);
uint32_t fixture_subject(struct fixture *x, const char *name);
int64_t fixture_tell(struct fixture *x, const char *who, const char *fmt, ...) TONG_PRINTF(3, 4); // the fact's id
tong_code fixture_try(struct fixture *x, const char *who, const char *fmt, ...) TONG_PRINTF(3, 4);
void fixture_pass(struct fixture *x, const char *time);                                             // time passes
const struct enrolment *fixture_enrolment(struct fixture *x, const char *who, const char *pathway); // the newest; NULL
size_t fixture_enrolments(struct fixture *x, const char *who, const char *pathway);
const struct caseload_task *fixture_task(struct fixture *x, const char *who, const char *task); // the newest; NULL
const struct caseload_measure *fixture_measure(struct fixture *x, const char *who,
                                               const char *measure); // the newest; NULL

// ---- what was decided ----
// Lines that contain `part`, in order. In a caseload a line begins with "NAME/pathway ".
const char *said(const struct fixture *x, const char *part);      // the first; "" when there is none
const char *said_last(const struct fixture *x, const char *part); // the last
size_t said_count(const struct fixture *x, const char *part);
const char *said_days(struct fixture *x,
                      const char *part); // days they hold from, "03-02 03-03", of the fixture's arena
void said_clear(struct fixture *x);
void said_print(const struct fixture *x); // as TAP comments

#endif
