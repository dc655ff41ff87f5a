// caseload.h -- a whole response in memory: many subjects, their facts, enrolments, tasks and measures.
//
// It does for `replay`, for the examples beside a protocol and for tests what the server's intake does with a store: feeds
// each fact to the enrolments of its subject, opens new ones, resolves roles ("those followed because of this person") to
// subjects and gives them their facts, to a fixed point; keeps deadlines; lets time pass. It carries no rule of its own.
// Everything happens in the order in which it became *known*: time only moves forward, facts may have happened at any time
// before. No I/O and no clock; memory comes from its own arena, freed by caseload_close.
#ifndef TONG_RESPONSE_CASELOAD_H
#define TONG_RESPONSE_CASELOAD_H

#include "response/fold.h"

struct caseload;

struct caseload_task {
    uint32_t subject;
    uint32_t enrolment;   // index, see caseload_enrolment
    uint8_t edition, task, slot;
    uint8_t how;          // how_word once closed
    uint8_t stage;        // in which it was opened
    bool open, overdue, escalated;
    int32_t n;            // civil day of a scheduled task
    int64_t fact;         // the fact that caused it; 0 for the passing of a day
    utc_sec opened, deadline, closed;
};

struct caseload_measure {
    uint32_t subject;
    uint32_t enrolment;
    uint8_t edition, measure;
    uint8_t how;             // how_word once ended
    uint8_t place;           // place_word
    utc_sec proposed, ordered, started, ended; // UTC_NONE while it has not happened
    utc_sec until;           // end of the order (or of the proposal)
};

struct caseload_link { // an enrolment caused by another
    uint32_t from, to;
    uint32_t by_enrolment; // the enrolment that answered
    int64_t fact;          // on `from`
    int64_t opened_by;     // the fact given to `to`
    bool withdrawn;
};

// Called for every decision as it is issued. It may call caseload_later, nothing else that changes the caseload.
typedef void caseload_listener(void *payload, struct caseload *c, uint32_t subject, uint32_t enrolment,
                               const struct decision *d);

struct caseload_options {
    bool sign_orders;      // every proposal is signed and begun at once, by ever new pairs of persons
    size_t bytes_max;      // 0: no cap
    int32_t depth_max;     // rounds of telling each other caused by one fact; 0: 16
    bool forget;           // keep of the decisions only what still stands, to save memory in long runs
    caseload_listener *listener;
    void *payload;
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
