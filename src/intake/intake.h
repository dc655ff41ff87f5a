// intake.h -- the one writer: takes commands, runs the protocol on them, and commits them in groups.
//
// A command is what somebody wants to record: a fact, a person, a signature. It is checked against what is there, put into
// the chain, answered by the response core, and committed with the enrolments, tasks and measures that follow, in one transaction with
// the commands that arrived meanwhile. Only then is it answered. A command that is refused leaves nothing behind; one
// repeated under the same uid is answered as it was the first time.
//
// The core runs on a caseload (response/caseload.h) that holds only the subjects a group touches: they are fetched when
// first needed and what changed is written back. No rule stands here.
#ifndef TONG_INTAKE_INTAKE_H
#define TONG_INTAKE_INTAKE_H

#include "base/problem.h"
#include "response/caseload.h"
#include "store/chain.h"
#include "store/db.h"
#include "store/entry.h"
#include "store/roll.h"
#include "store/vault.h"

struct intake;

typedef enum change_kind {
    CHANGE_FACT,
    CHANGE_PERSON,
    CHANGE_PLACE,
    CHANGE_ENROLMENT,
    CHANGE_TASK,
    CHANGE_MEASURE,
    CHANGE_EDITION,
    CHANGE_TOLD, // the protocol tells somebody: id is the role_word, `subject` of whom it speaks; only when it is news
} change_kind;
enum { INTAKE_NEWS_S = 86400 }; // what took effect longer ago is no news (an import of last year's list)
struct intake_change { // something committed, for the live feed: readers look it up themselves, in their own scope
    change_kind kind;
    int64_t id, subject;
};

struct intake_options {
    const char *where;      // database: a path, or postgresql://...
    const char *vault;      // NULL: beside the database
    struct roll *roll;      // told after each commit; NULL: none
    size_t bytes_max;       // of the working set; 0: 64 MiB
    size_t due_max;         // enrolments for which time passes before a group is taken, the rest by intake_advance; 0: 500
    void (*committed)(void *payload, const struct intake_change *changes, size_t count); // for the live feed; may be NULL
    void *payload;
};

typedef enum command_kind {
    COMMAND_FACT,      // record fact.fact about a subject; also corrections and retractions (fact.replaces)
    COMMAND_PERSON,    // describe a person; new when the uid is
    COMMAND_PLACE,
    COMMAND_GATHERING,
    COMMAND_SIGN,      // order a proposed measure (measure, until): the first or the second signature
    COMMAND_DECLINE,
    COMMAND_SITE,      // choose the place where a measure is spent
    COMMAND_OBJECT,    // object to a measure
    COMMAND_DECIDE,    // decide an objection
    COMMAND_ASSIGN,    // give a task to an account
    COMMAND_DONE,      // a task's outcome: done, refused, not seen ... with what was recorded
    COMMAND_RECEIVE,   // a sample arrived at the laboratory
    COMMAND_HAND_OVER, // sent, acknowledged, accepted
    COMMAND_MERGE,     // two records are one person; retracting it parts them again
    COMMAND_EDITION_PROPOSE,
    COMMAND_EDITION_SIGN,
    COMMAND_EDITION_TAKE_BACK,
    COMMAND_KIND_COUNT
} command_kind;

// Subjects are named by number; 0 with a uid: the one with this uid. Texts are borrowed for the length of the call. Instants
// that are 0 or UTC_NONE are absent; `happened` and `known` are then `at`.
struct command {
    command_kind kind;
    unsigned char uid[UID_BYTES]; // the client's name for this command; all zero: none, and then it cannot be repeated
    int64_t account;              // who; 0 the system itself
    int64_t import;               // 0: none
    utc_sec at;                   // when it was recorded (the server's clock)
    struct fact fact;             // FACT, and the day, instant, outcome of others; fact.id 0
    unsigned char subject_uid[UID_BYTES], link_uid[UID_BYTES], replaces_uid[UID_BYTES], about_uid[UID_BYTES];
    int64_t about;                // task, measure, objection, sample, edition: by number
    int64_t account_about;        // ASSIGN: to whom
    utc_sec until;                // SIGN: to when; EDITION_PROPOSE: in force from, absent: as soon as it is signed
    bool upheld;                  // DECIDE
    struct person_record *person; // PERSON
    struct place_record *place;   // PLACE
    struct gathering_record *gathering;
    struct str text;              // EDITION_PROPOSE: the protocol file
    struct str note;              // free text, encrypted with the fact
};

struct intake_outcome {
    tong_code code;      // of this command alone
    bool repeated;       // it had been taken before
    int64_t subject, fact; // what was made or named
    int64_t made;        // task, measure, edition ... it is about
    struct problem_list *problems; // why it was refused; set by the caller, may be NULL
};

tong_code intake_open(const struct intake_options *options, struct intake **out, struct err *err) TONG_MUST_USE;
void intake_close(struct intake *in);

// Take commands in one transaction; durable on return. out[i].code says what became of each. The call's own result is not OK
// when the group as a whole failed (disk full, database gone): then nothing of it was taken and it may be tried again.
tong_code intake_take(struct intake *in, const struct command *commands, size_t count, struct intake_outcome *out,
                      struct err *err) TONG_MUST_USE;
// The same without recording anything: what would follow. Every decision reaches `listener`, with subjects by number.
typedef void intake_listener(void *payload, int64_t subject, int64_t enrolment, const struct decision *d);
tong_code intake_preview(struct intake *in, const struct command *commands, size_t count, struct intake_outcome *out,
                         intake_listener *listener, void *payload, struct err *err) TONG_MUST_USE;
// Days and deadlines pass, up to and including `now`, in batches of one transaction each. A new edition is told to those who are
// followed some thousands a call (and some hundreds with each intake_take), so that nobody waits for all of them.
tong_code intake_advance(struct intake *in, utc_sec now, struct err *err) TONG_MUST_USE;
// The connection and the keys of the writer, for what is written in its thread beside facts.
struct db *intake_db(struct intake *in);
struct vault *intake_vault(struct intake *in);
utc_sec intake_now(const struct intake *in);                      // up to where time has passed
const struct rulebook *intake_book(const struct intake *in);      // editions by number, those not in force included
int32_t intake_edition(const struct intake *in);                  // in force now; -1 none yet

#endif
