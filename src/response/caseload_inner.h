// caseload_inner.h -- what the files of caseload share. Private to response/.
#ifndef TONG_RESPONSE_CASELOAD_INNER_H
#define TONG_RESPONSE_CASELOAD_INNER_H

#include "base/map.h"
#include "response/caseload.h"

#define CASELOAD_NONE UINT32_MAX
enum { CASELOAD_DEPTH = 16 };

struct held_fact {
    struct fact fact;
    uint32_t next_of_subject;
    int32_t depth; // how many tellings led to it
};

struct held_subject {
    struct str name;
    subject_kind kind;
    uint32_t first_fact, last_fact, fact_count;
    uint32_t last_enrolment;
    uint32_t first_link; // newest enrolment it caused
};

struct held_enrolment {
    struct enrolment e;
    uint32_t subject;
    uint32_t before;         // older enrolment of the subject
    uint8_t first_edition, first_pathway;
    int64_t since;           // facts before belong to an earlier episode, circumstances excepted
    struct decisions issued;
    uint32_t last_task, last_measure;
    int64_t queued;          // tick in the queue; INT64_MAX none
};

typedef enum turn_kind { TURN_EDITION, TURN_TICK, TURN_FACT, TURN_DEADLINE } turn_kind;
struct turn {
    int64_t at;
    uint64_t serial; // first come, first served
    uint32_t what;   // enrolment, pending fact, task
    uint8_t kind;    // turn_kind
};

// Tasks, measures and links lie in plain arrays for the accessors; `..._before` chains those of one enrolment or subject.
struct caseload {
    const struct rulebook *book;
    struct caseload_options options;
    struct arena arena;   // lives as long as the caseload
    struct arena scratch; // one fold
    struct map *names;    // subject name -> number
    uint8_t edition;
    int64_t now, last_id;
    int32_t signers;
    uint64_t serial;
    struct held_subject *subjects;
    struct held_enrolment *enrolments;
    struct held_fact *facts;
    struct held_fact *pending;
    uint32_t *fact_by_id;
    struct caseload_task *tasks;
    uint32_t *task_before;
    struct caseload_measure *measures;
    uint32_t *measure_before;
    struct caseload_link *links;
    uint32_t *link_before;
    struct turn *turns; // binary heap
    struct decision *buffer;
    size_t subject_count, subject_cap, enrolment_count, enrolment_cap, fact_count, fact_cap, pending_count, pending_cap,
        id_cap, task_count, task_cap, task_before_cap, measure_count, measure_cap, measure_before_cap, link_count,
        link_cap, link_before_cap, turn_count, turn_cap;
    int32_t depth; // of the fact being answered
    bool broken;   // memory ran out: every call answers LIMIT from then on
};

bool turn_push(struct caseload *c, turn_kind kind, int64_t at, uint32_t what);
bool turn_pop(struct caseload *c, int64_t until, struct turn *out); // the first one due by `until`

// Carry out what an enrolment decided: tasks, measures and links are kept, roles resolved, others given their facts.
void caseload_apply(struct caseload *c, uint32_t enrolment, const struct decision *decisions, size_t count);
// Give a subject a fact at once (after what is being answered now).
void caseload_give(struct caseload *c, struct fact f);
struct decision *caseload_keep(struct caseload *c, struct decisions *log, const struct decision *d);

#endif
