// caseload.h -- a whole response in memory: many subjects, their facts, enrolments, tasks and measures.
//
// It does for `replay`, for the examples beside a protocol and for tests what the server's intake does with a store: feeds
// each fact to the enrolments of its subject, opens new ones, resolves roles ("those followed because of this person") to
// subjects and gives them their facts, to a fixed point; keeps deadlines; lets time pass. It carries no rule of its own.
// Everything happens in the order in which it became *known*: time only moves forward, facts may have happened at any time
// before. No I/O and no clock; memory comes from its own arena, freed by caseload_close.
//
// The server's intake runs the same caseload as a *working set* over its store (struct caseload_store): a subject's parts
// are fetched when first needed, what is new or changed is marked, and caseload_reset forgets everything else. Time then
// passes for one subject at a time (caseload_pass) and whenever a fact reaches it.
#ifndef TONG_RESPONSE_CASELOAD_H
#define TONG_RESPONSE_CASELOAD_H

#include "response/fold.h"

struct caseload;

// Everything that follows from facts is numbered by them, so that the same facts give the same numbers whatever else
// happens: an enrolment is (the fact that opened it) * 64 + pathway, a task or a measure (its enrolment) * 16384 + its turn
// there, from 1; a link is the fact given. They stay below 2^53 for eight thousand million facts.
enum { CASELOAD_PATHWAYS = 64, CASELOAD_TURNS = 16384, CASELOAD_NOBODY = 0 };
#define CASELOAD_NONE UINT32_MAX // no index

struct caseload_task {
    uint32_t subject;
    uint32_t enrolment; // index, see caseload_enrolment; CASELOAD_NONE: no rule matched, a person judges
    uint8_t edition, task, slot;
    uint8_t how;   // how_word once closed
    uint8_t stage; // in which it was opened
    bool open : 1, overdue : 1, escalated : 1;
    bool passed : 1;              // its deadline was answered
    bool changed : 1, stored : 1; // see caseload_changes; stored: it was there before
    uint8_t why, role;            // why_word; role_word who does it
    uint16_t rule;
    int32_t n;         // civil day of a scheduled task
    int64_t fact;      // the fact that caused it; 0 for the passing of a day
    int64_t closed_by; // the fact that closed it; 0 for the passing of a day
    utc_sec opened, deadline, closed;
    int64_t number;
};

struct caseload_measure {
    uint32_t subject;
    uint32_t enrolment;
    uint8_t edition, measure;
    uint8_t how;        // how_word once ended
    uint8_t place;      // place_word
    uint8_t why, stage; // of the proposal
    uint16_t rule;
    bool changed, stored;
    int64_t fact;                              // that caused it
    int64_t order;                             // the ORDERED fact; 0 none
    utc_sec proposed, ordered, started, ended; // UTC_NONE while it has not happened
    utc_sec until;                             // end of the order (or of the proposal)
    int64_t number;
};

struct caseload_link { // an enrolment caused by another
    uint32_t from, to;
    uint32_t by_enrolment; // the enrolment that answered
    int64_t fact;          // on `from`
    int64_t opened_by;     // the fact given to `to`
    bool withdrawn, changed;
};

// Called for every decision as it is issued. It may call caseload_later, nothing else that changes the caseload.
typedef void caseload_listener(void *payload, struct caseload *c, uint32_t subject, uint32_t enrolment,
                               const struct decision *d);

// What a caseload that is a working set asks of the store behind it. Every function answers false when it could not: the
// caseload is then broken until caseload_reset.
typedef enum caseload_part {
    CASELOAD_ENROLMENTS =
        1,                 // all of the subject, oldest first, with the tasks of their slots (caseload_hold_enrolment)
    CASELOAD_MEASURES = 2, // that have not ended
    CASELOAD_LINKS = 4,    // from this subject
    CASELOAD_FACTS = 8,    // the history, in the order of their numbers
    CASELOAD_ASKED = 16,   // open tasks without an enrolment
    CASELOAD_ALL = 31,
} caseload_part;
struct caseload_store {
    bool (*fetch)(void *payload, struct caseload *c, uint32_t subject, caseload_part part);
    bool (*issued)(void *payload, struct caseload *c,
                   uint32_t enrolment); // decisions issued before: caseload_hold_issued
    // Who is meant by the place or role of a decision: subjects into `out`, at most `room`; *count may stay 0.
    bool (*beside)(void *payload, struct caseload *c, uint32_t subject, const struct decision *d, uint32_t *out,
                   size_t room, size_t *count);
    // The number of a fact that is about to be given to a subject, larger than the last one; NULL: counted.
    int64_t (*fact_id)(void *payload, struct caseload *c, uint32_t subject);
    void *payload;
};

struct caseload_options {
    bool sign_orders;  // every proposal is signed and begun at once, by ever new pairs of persons
    size_t bytes_max;  // 0: no cap
    int32_t depth_max; // rounds of telling each other caused by one fact; 0: 16
    bool forget;       // keep of the decisions only what still stands, to save memory in long runs
    caseload_listener *listener;
    void *payload;
    const struct caseload_store *store; // NULL: the caseload is all there is. Else it implies `forget`
};

// `book` must outlive the caseload. New enrolments begin under edition `first`.
tong_code caseload_open(const struct rulebook *book, uint8_t first, const struct caseload_options *options,
                        struct caseload **out, struct err *err) TONG_MUST_USE;
void caseload_close(struct caseload *c); // accepts NULL

// A subject by name, created when new. Names are kept; numbers are dense from 1, so that 0 can mean nobody in a fact's
// link. UINT32_MAX when memory is short.
uint32_t caseload_subject(struct caseload *c, struct str name, subject_kind kind);
// Where someone lives: a subject of kind place. The zones and units that a case begins are then those of that place, and
// cases of one place share them. Without it each has units of their own.
void caseload_lives(struct caseload *c, uint32_t subject, uint32_t place);
// A new identifier for a fact, increasing. Facts recorded must carry one of these, or 0.
int64_t caseload_fact_id(struct caseload *c);

// Record a fact at its `known` time (time moves on to it first). f->subject is the subject's number; id 0 asks for a new one.
// CONFLICT when it is known before the present time of the caseload: then it is treated as known now and nothing is lost.
tong_code caseload_record(struct caseload *c, const struct fact *f, struct err *err) TONG_MUST_USE;
// The same, when its `known` time comes.
tong_code caseload_later(struct caseload *c, const struct fact *f, struct err *err) TONG_MUST_USE;
// Let time pass up to and including `now`. LIMIT when memory or the depth of telling runs out.
tong_code caseload_advance(struct caseload *c, utc_sec now, struct err *err) TONG_MUST_USE;
// When something is due next; false when nothing ever is.
bool caseload_next(const struct caseload *c, utc_sec *at);
// A new edition (index in the rulebook) comes into force at `at`: enrolments that are open move as its `change` says.
tong_code caseload_edition(struct caseload *c, uint8_t edition, utc_sec at, struct err *err) TONG_MUST_USE;

// ---- as a working set ----
// A subject by its number in the store, known or new here; nothing of it is fetched yet. CASELOAD_NONE when memory is short.
uint32_t caseload_subject_of(struct caseload *c, int64_t key, subject_kind kind);
int64_t caseload_key(const struct caseload *c, uint32_t subject);
subject_kind caseload_kind(const struct caseload *c, uint32_t subject);
void caseload_is(struct caseload *c, uint32_t subject, subject_kind kind); // the kind was not known when it was named
void caseload_is_new(struct caseload *c, uint32_t subject);                // the store holds nothing of it
void caseload_is_gone(struct caseload *c, uint32_t subject); // erased: facts about it are taken and answered by nothing
bool caseload_need(struct caseload *c, uint32_t subject, caseload_part part); // fetched, if it was not

// The facts of a subject that are held here, in the order of their numbers; NULL at the end.
const struct fact *caseload_first_fact(const struct caseload *c, uint32_t subject);
const struct fact *caseload_next_fact(const struct caseload *c, int64_t id);

// For fetch: what the store holds. Index or false/CASELOAD_NONE when memory is short. What is already here is not doubled.
struct caseload_stored_enrolment {
    int64_t number;
    uint32_t subject;
    struct enrolment e;
    uint8_t first_edition, first_pathway;
    uint16_t turns; // tasks and measures numbered so far
    int64_t since, opened, ended, source, version;
    int64_t known; // when what opened it became known
    int32_t due;   // when something was due next as the store has it (caseload_stored_due), in minutes since 1970
    bool stored;   // it was there before
};
uint32_t caseload_hold_enrolment(struct caseload *c, const struct caseload_stored_enrolment *stored);
// One of its tasks, latest of its slot (slot PROTOCOL_NONE: an open one without enrolment).
bool caseload_hold_task(struct caseload *c, const struct caseload_task *t);
bool caseload_hold_measure(struct caseload *c, const struct caseload_measure *m); // oldest first
bool caseload_hold_link(struct caseload *c, const struct caseload_link *l);       // newest first
bool caseload_hold_fact(struct caseload *c, const struct fact *f);                // in order of their numbers
bool caseload_hold_issued(struct caseload *c, uint32_t enrolment, const struct decision *items, size_t count);
// As stored: the caller's text, until reset. It holds what was issued so far.
void caseload_packed(struct caseload *c, uint32_t enrolment, struct str issued);
struct str caseload_packed_of(const struct caseload *c, uint32_t enrolment, bool *unpacked);
struct caseload_stored_enrolment caseload_stored(const struct caseload *c, uint32_t enrolment);
void caseload_stored_due(struct caseload *c, uint32_t enrolment, int32_t due); // the store has it so from now on
uint32_t caseload_slot_task(const struct caseload *c, uint32_t enrolment, uint8_t slot); // index, or CASELOAD_NONE

// When something is due next for an enrolment, in minutes since 1970; ENROLMENT_NEVER.
int32_t caseload_due(const struct caseload *c, uint32_t enrolment);
// Time passes for one subject up to and including `now`, and what it tells others is taken.
tong_code caseload_pass(struct caseload *c, uint32_t subject, utc_sec now, struct err *err) TONG_MUST_USE;
// The edition under which new enrolments begin, without telling anybody.
void caseload_set_edition(struct caseload *c, uint8_t edition);
void caseload_set_now(struct caseload *c, utc_sec now); // never back; to be set again after a reset
void caseload_set_last_id(struct caseload *c, int64_t id);
int64_t caseload_last_id(const struct caseload *c);
uint32_t caseload_giver(const struct caseload *c); // the subject whose enrolment answers now, for fact_id

// What is new or changed since the last caseload_clean: indexes, in the order in which it happened first.
typedef enum caseload_change {
    CASELOAD_FACT_TAKEN, // index for caseload_taken
    CASELOAD_ENROLMENT_CHANGED,
    CASELOAD_TASK_CHANGED,
    CASELOAD_MEASURE_CHANGED,
    CASELOAD_LINK_CHANGED,
    CASELOAD_CHANGE_COUNT
} caseload_change;
const uint32_t *caseload_changes(const struct caseload *c, caseload_change what, size_t *count);
// A fact taken, and the subject whose enrolment gave it (CASELOAD_NOBODY: it was recorded).
const struct fact *caseload_taken(const struct caseload *c, uint32_t index, uint32_t *given_by);
void caseload_clean(struct caseload *c, caseload_change what);
// Forget everything but the buffers, the edition and the number of the last fact.
tong_code caseload_reset(struct caseload *c, struct err *err) TONG_MUST_USE;

// ---- looking ----
size_t caseload_subject_count(const struct caseload *c); // numbers run from 1 to this
struct str caseload_subject_name(const struct caseload *c, uint32_t subject);
size_t caseload_enrolment_count(const struct caseload *c);
const struct enrolment *caseload_enrolment(const struct caseload *c, uint32_t enrolment);
// Enrolments of one subject, newest last: up to `room` indexes into out; returns how many there are.
size_t caseload_enrolments_of(const struct caseload *c, uint32_t subject, uint32_t *out, size_t room);
const struct caseload_task *caseload_tasks(const struct caseload *c, size_t *count);
const struct caseload_measure *caseload_measures(const struct caseload *c, size_t *count);
const struct caseload_link *caseload_links(const struct caseload *c, size_t *count);
const struct decision *caseload_decisions(const struct caseload *c, uint32_t enrolment, size_t *count);
const struct fact *caseload_fact(const struct caseload *c, int64_t id); // NULL when there is none
const struct rulebook *caseload_book(const struct caseload *c);
utc_sec caseload_now(const struct caseload *c);
size_t caseload_bytes(const struct caseload *c);

#endif
