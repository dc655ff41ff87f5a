// caseload_inner.h -- what the files of caseload share. Private to response/.
#ifndef TONG_RESPONSE_CASELOAD_INNER_H
#define TONG_RESPONSE_CASELOAD_INNER_H

#include "base/grow.h"
#include "base/map.h"
#include "response/caseload.h"

enum { CASELOAD_DEPTH = 16, CASELOAD_BUFFER = 4096, CASELOAD_BESIDE = 64 };

struct held_fact {
    struct fact fact;
    uint32_t next_of_subject;
    uint32_t given_by; // the subject whose enrolment gave it
    int32_t depth;     // how many tellings led to it
};

struct held_subject {
    struct str name;
    int64_t key; // its number in the store
    subject_kind kind;
    uint8_t fetched; // caseload_part bits
    bool gone;
    uint32_t home; // a subject of kind place; 0 unknown
    uint32_t first_fact, last_fact, fact_count;
    uint32_t last_enrolment;
    uint32_t first_link;  // newest enrolment it caused
    uint32_t first_asked; // newest open task without an enrolment
};

struct asked { // such a task
    uint32_t task, before;
};

struct held_enrolment {
    struct enrolment e;
    uint32_t subject;
    uint32_t before; // older enrolment of the subject
    uint8_t first_edition, first_pathway;
    bool changed, stored, unpacked; // unpacked: `issued` holds what the store had
    uint16_t turns;                 // tasks and measures numbered so far
    int32_t due;                    // as stored
    int64_t number, version;        // version: the last fact it answered
    int64_t source;                 // the store's number of the subject who caused it; 0 none
    struct str packed;              // decisions issued, as stored
    int64_t since;                  // facts before belong to an earlier episode, circumstances excepted
    int64_t known;                  // when what opened it became known
    int64_t opened;                 // editions that came into force before are none of its own
    int64_t ended;                  // when what ended it happened
    struct decisions issued;
    uint32_t last_measure;
    uint32_t slot_task[PROTOCOL_SLOTS]; // the latest task of each slot, open or closed
    int64_t queued;                     // tick in the queue; INT64_MAX none
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
    uint32_t *heap;               // moments that wait, the earliest first
    uint32_t recent[TURN_RECENT]; // moments asked for lately
    size_t moment_count, moment_cap, heap_count, heap_cap, asked;
};

// Tasks, measures and links lie in plain arrays for the accessors; `..._before` chains those of one enrolment or subject.
struct caseload {
    const struct rulebook *book;
    struct caseload_options options;
    const struct caseload_store *store;
    struct arena fixed;       // the buffers
    struct arena arena;       // lives as long as the caseload, or until a reset
    struct arena scratch;     // one fold
    struct grow_budget grown; // the arrays below
    struct map *names;        // subject name -> number
    struct map *keys;         // number in the store -> number
    struct map *old;          // facts fetched: id -> index
    uint8_t edition;
    int64_t now, last_id;
    int64_t id_base; // facts with larger numbers lie in fact_by_id
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
    struct asked *asked;
    struct turn_queue turns;
    struct { // indexes of what is new or changed
        uint32_t *items;
        size_t count, cap;
    } changes[CASELOAD_CHANGE_COUNT];
    struct decision *buffer;         // one step
    struct decision *desired, *owed; // one fold; larger ones go to the scratch
    size_t subject_count, subject_cap, enrolment_count, enrolment_cap, fact_count, fact_cap, pending_count, pending_cap,
        id_cap, task_count, task_cap, measure_count, measure_cap, measure_before_cap, link_count, link_cap,
        link_before_cap, asked_count, asked_cap;
    int32_t depth;  // of the fact being answered
    uint32_t giver; // whose enrolment answers
    bool broken;    // memory ran out: every call answers LIMIT from then on
};

bool turns_open(struct caseload *c);
void turns_close(struct caseload *c);
bool turn_push(struct caseload *c, turn_kind kind, int64_t at, uint32_t what);
bool turn_pop(struct caseload *c, int64_t until, struct turn *out); // the first one due by `until`

bool turns_forget(struct caseload *c);                          // all of them
int64_t caseload_fact_at(const struct caseload *c, int64_t id); // index, or -1
bool caseload_index_fact(struct caseload *c, int64_t id, uint32_t index);
void caseload_mark(struct caseload *c, caseload_change what, uint32_t index);
void caseload_mark_enrolment(struct caseload *c, uint32_t enrolment);
void caseload_mark_task(struct caseload *c, uint32_t task);
void caseload_hold_asked(struct caseload *c, uint32_t task);
bool caseload_needs_issued(struct caseload *c, uint32_t enrolment);

// One fact, one tick, one deadline (caseload_answer.c).
void caseload_take(struct caseload *c, const struct fact *given, int32_t depth, uint32_t given_by);
void caseload_tick(struct caseload *c, uint32_t enrolment, int64_t at);
void caseload_deadline(struct caseload *c, uint32_t task);
// Ask a person what a fact means that no rule matched; its subject is the one asked about.
void caseload_ask(struct caseload *c, const struct fact *f);
// What is due for the subject, ticks up to and including `ticks`, deadlines up to and including `deadlines`.
void caseload_catch_up(struct caseload *c, uint32_t subject, int64_t ticks, int64_t deadlines);

// Carry out what an enrolment decided: tasks, measures and links are kept, roles resolved, others given their facts.
void caseload_apply(struct caseload *c, uint32_t enrolment, const struct decision *decisions, size_t count);
// Give a subject a fact at once (after what is being answered now).
void caseload_give(struct caseload *c, struct fact f);
int64_t caseload_number(struct caseload *c, uint32_t subject); // of a fact that is about to be given
struct decision *caseload_keep(struct caseload *c, struct decisions *log, const struct decision *d);

#endif
