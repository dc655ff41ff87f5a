// caseload_inner.h -- what the files of caseload share. Private to response/.
#ifndef TONG_RESPONSE_CASELOAD_INNER_H
#define TONG_RESPONSE_CASELOAD_INNER_H

#include "base/grow.h"
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
    uint32_t home; // a subject of kind place; 0 unknown
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
    int64_t opened;          // editions that came into force before are none of its own
    int64_t ended;           // when what ended it happened
    struct decisions issued;
    uint32_t last_measure;
    uint32_t slot_task[PROTOCOL_SLOTS]; // the latest task of each slot, open or closed
    int64_t queued;          // tick in the queue; INT64_MAX none
};

typedef enum turn_kind { TURN_EDITION, TURN_TICK, TURN_FACT, TURN_DEADLINE, TURN_KIND_COUNT } turn_kind;
struct turn {
    int64_t at;
    uint32_t what; // enrolment, pending fact, task
    turn_kind kind;
};
struct turn_line { // first come, first served
    uint32_t *what;
    size_t head, count, cap;
};
struct turn_moment { // all turns of one instant
    int64_t at;
    struct turn_line line[TURN_KIND_COUNT];
    bool waiting; // it stands in the heap
};
enum { TURN_RECENT = 4 };
struct turn_queue {
    struct map *by_time; // instant -> moment
    struct turn_moment *moments;
    uint32_t *heap;      // moments that wait, the earliest first
    uint32_t recent[TURN_RECENT]; // moments asked for lately
    size_t moment_count, moment_cap, heap_count, heap_cap, asked;
};

// Tasks, measures and links lie in plain arrays for the accessors; `..._before` chains those of one enrolment or subject.
struct caseload {
    const struct rulebook *book;
    struct caseload_options options;
    struct arena arena;   // lives as long as the caseload
    struct arena scratch; // one fold
    struct grow_budget grown; // the arrays below
    struct map *names;    // subject name -> number
    uint8_t edition;
    int64_t now, last_id;
    int32_t signers;
    struct held_subject *subjects;
    struct held_enrolment *enrolments;
    struct held_fact *facts;
    struct held_fact *pending;
    uint32_t *fact_by_id;
    struct caseload_task *tasks;
    struct caseload_measure *measures;
    uint32_t *measure_before;
    struct caseload_link *links;
    uint32_t *link_before;
    struct turn_queue turns;
    struct decision *buffer;  // one step
    struct decision *desired, *owed; // one fold; larger ones go to the scratch
    size_t subject_count, subject_cap, enrolment_count, enrolment_cap, fact_count, fact_cap, pending_count, pending_cap,
        id_cap, task_count, task_cap, measure_count, measure_cap, measure_before_cap, link_count,
        link_cap, link_before_cap;
    int32_t depth; // of the fact being answered
    bool broken;   // memory ran out: every call answers LIMIT from then on
};

bool turns_open(struct caseload *c);
void turns_close(struct caseload *c);
bool turn_push(struct caseload *c, turn_kind kind, int64_t at, uint32_t what);
bool turn_pop(struct caseload *c, int64_t until, struct turn *out); // the first one due by `until`

// Carry out what an enrolment decided: tasks, measures and links are kept, roles resolved, others given their facts.
void caseload_apply(struct caseload *c, uint32_t enrolment, const struct decision *decisions, size_t count);
// Give a subject a fact at once (after what is being answered now).
void caseload_give(struct caseload *c, struct fact f);
struct decision *caseload_keep(struct caseload *c, struct decisions *log, const struct decision *d);

#endif
