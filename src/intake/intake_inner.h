// intake_inner.h -- what the files of intake share: one command on its way into the chain. Private to intake/.
//
// A command goes four steps:
//   draft   from the command alone: the one row it puts into the chain, subjects resolved, payload written. Nothing is
//           changed. When a row with the command's uid is there already it is compared with the draft: the same is
//           answered as the first time (repeated), another is a CONFLICT; the next steps are then left out.
//   check   may it happen as things stand? Nothing is changed.
//   log     the row gets its number; a fact of the core is answered by the caseload, which may give more facts.
//   derive  every row of the chain, whoever made it, is told to the deriver of its kind (struct deriver), which writes
//           the derived tables at once, so that the next command of the group reads them from the database. `rebuild`
//           makes the derived tables again through the same derivers, so they must depend on rows alone, never on a command.
// A refusal (intake_refuse) sets out->code and leaves nothing; the functions then answer TONG_OK. Any other answer than
// TONG_OK fails the whole group, which is rolled back.
//
// Numbers. Subjects (people, places, gatherings) and facts are counted. What follows from facts is numbered by them, so
// that a rebuild after an erasure gives the same numbers: an enrolment is its opening fact * 64 + pathway; a task or measure
// is enrolment * 16384 + its turn (from 1); a link is the fact given; a sample, objection, hand-over is its first fact. All
// stay below 2^53.
#ifndef TONG_INTAKE_INTAKE_INNER_H
#define TONG_INTAKE_INTAKE_INNER_H

#include "base/map.h"
#include "intake/intake.h"
#include "store/person.h"

enum { INTAKE_PATHWAYS = 64, INTAKE_TURNS = 16384 };

// A measure as stored, earlier commands of the group included.
struct measure_row {
    int64_t id, subject, enrolment, site, first_signer, second_signer, order_fact, fact;
    int32_t edition, measure, place, how, stage;
    utc_sec proposed, ordered, started, ended, until;
};

struct draft {             // what a command puts into the chain
    struct fact_row row;   // fact.id, fact.recorded, uid, account, import are filled in by intake; `known` too when UTC_NONE
    subject_kind kind;     // of row.fact.subject
    int64_t made;          // for the outcome: the task, measure ... it is about
    bool new_subject;      // row.fact.subject was promised by intake_next_subject
    const struct fact_row *before; // the row that is there already under this uid; NULL: none
    unsigned char subject_uid[UID_BYTES]; // of a new subject
    struct measure_row measure;    // that an order is about; id 0: none
};

struct command_handler {
    tong_code (*draft)(struct intake *in, const struct command *c, struct draft *d, struct intake_outcome *out, struct err *err);
    tong_code (*check)(struct intake *in, const struct command *c, const struct draft *d, struct intake_outcome *out,
                       struct err *err); // NULL: always
};
// intake_fact.c, intake_order.c, intake_edition.c
extern const struct command_handler handler_fact, handler_done, handler_sign, handler_decline, handler_edition_propose,
    handler_edition_sign, handler_edition_take_back;
// The records: files of their own (person, place, gathering; site, object, decide, assign, receive, hand_over, merge).
extern const struct command_handler handler_person, handler_place, handler_gathering, handler_site, handler_object,
    handler_decide, handler_assign, handler_receive, handler_hand_over, handler_merge;

// Derived rows from rows of the chain, by kind (event_word or entry_kind). `take`: it was recorded (or is true again).
// `undo`: it is true no more: row `by` retracted or corrects it (then `take` of the new row follows). Either may be NULL.
struct deriver {
    int32_t kind;
    tong_code (*take)(struct intake *in, const struct fact_row *row, struct err *err);
    tong_code (*undo)(struct intake *in, const struct fact_row *was, const struct fact_row *by, struct err *err);
};
extern const struct deriver intake_record_derivers[];  // of the records; ended by kind -1
extern const struct deriver intake_edition_derivers[]; // editions and first signatures; ended by kind -1

// ---- what handlers and derivers may use ----
struct arena *intake_arena(struct intake *in); // until the end of the group
bool intake_is_preview(const struct intake *in); // nothing will stay: make no keys, seal nothing
// The instant of the command at hand: its `at`, never before the last one's.
utc_sec intake_at(const struct intake *in);

// Refused: out->code, and a problem with up to three arguments.
void intake_refuse(struct intake_outcome *out, tong_code code, const struct message *message, const char *arg1,
                   const char *arg2, const char *arg3);

// A subject by number, or by uid when number is 0 (created earlier in the same group included). *id 0: there is none (or it was
// erased). `place` (may be NULL): where a person lives, a gathering was; a place's parent; 0 unknown.
tong_code intake_find_subject(struct intake *in, int64_t number, const unsigned char uid[UID_BYTES], int64_t *id,
                              subject_kind *kind, int64_t *place, struct err *err) TONG_MUST_USE;
// The record that was kept of those merged: *id itself, or the one it was merged into, and so on.
tong_code intake_find_kept(struct intake *in, int64_t *id, struct err *err) TONG_MUST_USE;
int64_t intake_last_row(const struct intake *in);
// The number a new subject will have; a draft that uses it sets new_subject and subject_uid. Logging the row takes the
// number, makes a person's key and remembers the uid.
int64_t intake_next_subject(const struct intake *in);
bool intake_is_made_now(const struct intake *in, int64_t subject); // made by the command at hand: nothing was said of it before
bool intake_is_newest(const struct intake *in, int64_t row); // nothing was recorded behind it: nothing speaks about it yet

// A row of the chain by number, or by uid when 0. *found false: there is none. Payloads come in plain text, in the arena;
// empty when the key is gone.
tong_code intake_find_row(struct intake *in, int64_t number, const unsigned char uid[UID_BYTES], bool *found,
                          struct fact_row *out, struct err *err) TONG_MUST_USE;

// A task as stored, earlier commands of the group included.
struct task_row {
    int64_t id, subject, enrolment, fact, closed_by, assigned, place; // enrolment 0: none
    int32_t edition, task, slot, stage, why, rule, role, how, marks, n;
    utc_sec opened, deadline, closed;
};
tong_code intake_find_measure(struct intake *in, int64_t id, bool *found, struct measure_row *out, struct err *err) TONG_MUST_USE;
tong_code intake_find_task(struct intake *in, int64_t id, bool *found, struct task_row *out, struct err *err) TONG_MUST_USE;
const struct protocol *intake_protocol(const struct intake *in, int32_t edition); // NULL when there is none

// Place tree: the ancestor of the kind (itself included), 0 when there is none.
tong_code intake_place_up(struct intake *in, int64_t place, int32_t kind, int64_t *out, struct err *err) TONG_MUST_USE;
// The derivers of places and people tell when a place's parent or kind, or where somebody lives, changed.
void intake_place_changed(struct intake *in, int64_t place, int64_t parent, int32_t kind);
void intake_home_changed(struct intake *in, int64_t subject, int64_t place);
void intake_person_changed(struct intake *in, int64_t person, int64_t place, int64_t guardian); // described anew

// ---- told after the commit: the roll and the live feed ----
void intake_tell_change(struct intake *in, change_kind kind, int64_t id, int64_t subject);
void intake_tell_place(struct intake *in, int64_t place, int64_t parent, int32_t kind);
void intake_tell_subject(struct intake *in, int64_t subject, int64_t place);
void intake_tell_name(struct intake *in, int64_t person, struct str name);
void intake_tell_row(struct intake *in, roll_list list, int64_t id, const int32_t *columns, size_t count);
void intake_tell_drop(struct intake *in, roll_list list, int64_t id);
void intake_tell_erased(struct intake *in, int64_t person);

// ---- what the records ask of intake (people.c, merge.c) ----
// A row stands in table `fact` before its deriver is called (a person's `identity` is a copy of the stored payload), and a
// retraction before the `undo` it causes.
// What follows from a command besides its row: a person's age and guardian are told to the core, a merge copies and retracts
// facts. Called once the row is logged and derived, in a preview too; never in a rebuild (what it gave stands in the chain).
// It records by intake_give_row: .account, .import and the times as filled in, id and commitment are made. *id is the new number.
struct follower {
    command_kind kind;
    tong_code (*follow)(struct intake *in, const struct command *c, const struct fact_row *row, struct err *err);
};
extern const struct follower intake_record_followers[]; // ended by a NULL function
tong_code intake_give_row(struct intake *in, const struct fact_row *row, int64_t *id, struct err *err) TONG_MUST_USE;
// What a chosen site and an assignment change in rows that intake keeps (0: none); stored and told to the roll.
tong_code intake_set_site(struct intake *in, int64_t measure, int64_t site, struct err *err) TONG_MUST_USE;
tong_code intake_set_signers(struct intake *in, int64_t measure, int64_t first, int64_t second, struct err *err) TONG_MUST_USE;
tong_code intake_set_assigned(struct intake *in, int64_t task, int64_t account, struct err *err) TONG_MUST_USE;
// A SAMPLED command's about_uid is the uid of its tube (a pool's is shared): handler_fact writes it into the payload as "tube".

#endif
