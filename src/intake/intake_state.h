// intake_state.h -- the writer itself: the database, the working set over it, and the group at hand. Private to intake/.
#ifndef TONG_INTAKE_INTAKE_STATE_H
#define TONG_INTAKE_INTAKE_STATE_H

#include "base/grow.h"
#include "intake/intake_inner.h"
#include "protocol/protocol.h"

enum { INTAKE_EDITIONS = 250, INTAKE_KINDS = 256, INTAKE_BATCH = 2000 };

struct intake_subject { // what is known of a subject beside its enrolments; kept until the working set is reset
    int64_t id, place, guardian; // place: a place's parent
    int64_t merged_into;         // the record that was kept; 0: this one
    int32_t place_kind;          // of a place, else -1
    uint8_t kind;                // subject_kind
    bool there, erased;
    bool stale; // described anew: to be read again
};

struct intake_edition {
    struct protocol *protocol; // owned
    struct str name, text;     // owned, one allocation each
    int32_t state;             // edition_state
    int64_t proposed_by, first_signer, second_signer, version;
    utc_sec proposed, begins, ended;
};

struct
    intake_cursor { // up to where time has passed: what was due in earlier minutes, and in this one up to the enrolment
    int64_t minute, enrolment;
};

struct told; // what the roll and the feed learn after the commit (intake_tell.c)

struct intake {
    struct intake_options options;
    struct db *db;
    struct vault *vault;
    struct roll *roll;
    struct deriver deriver[INTAKE_KINDS];

    struct caseload *load;
    struct caseload_store store;
    struct intake_edition edition[INTAKE_EDITIONS];
    const struct protocol *protocols[INTAKE_EDITIONS];
    struct rulebook editions; // those known
    struct rulebook book;     // what the caseload has: never empty
    int32_t in_force;         // -1 none
    int32_t moving;           // the edition whose coming into force is being told to all; -1 none
    int64_t moved;            // the last subject that was told

    struct arena arena;      // until the end of the group
    struct decision *room;   // in it, for what is only tried out; NULL: not yet needed
    struct arena kept;       // until the working set is reset
    struct map *subject_at;  // number -> index
    struct map *subject_uid; // uid -> number, of those made lately
    struct intake_subject *subjects;
    size_t subject_count, subject_cap;
    struct grow_budget grown;

    int64_t last_subject, subjects_before; // the last one, and at the beginning of the transaction
    int64_t fresh;                         // the subject that the command at hand made; 0 none
    int64_t flushed;                       // the last fact when the derived rows were last written
    unsigned char head[CHAIN_HASH];
    int64_t last_row; // the last row written
    int64_t rows;     // written in this step of the transaction
    int64_t salt_of;  // whose salt it is, 0 nobody's
    bool salted;
    unsigned char salt[VAULT_KEY];
    utc_sec at, reached; // of the command at hand; of the last one committed
    struct intake_cursor cursor;
    utc_sec now; // time has passed up to here
    bool keys_made, preview, stale, rebuilding;
    bool assigned;                     // a task was given to somebody in this transaction
    unsigned char last_uid[UID_BYTES]; // no row and no subject has a larger one

    struct told *told;
    size_t told_count, told_cap;
    intake_listener *listener;
    void *listener_payload;
    struct err fault; // why the working set could not be fetched
    tong_code fault_code;
    struct rebuild_log *log; // while rebuilding: see rebuild.c
};

// ---- working.c: the store behind the caseload ----
tong_code working_open(struct intake *in, struct err *err) TONG_MUST_USE;
tong_code working_reset(struct intake *in, struct err *err) TONG_MUST_USE;
// The caseload's answer, or why the store could not be read.
tong_code working_fault(struct intake *in, tong_code code, struct err *err) TONG_MUST_USE;
// The caseload's number of a subject, CASELOAD_NONE when memory is short.
uint32_t working_subject(struct intake *in, int64_t id);
uint32_t working_enrolment(struct intake *in, uint32_t subject, int64_t number); // CASELOAD_NONE when there is none
struct intake_subject *intake_subject_get(struct intake *in, int64_t id, tong_code *code,
                                          struct err *err); // NULL: *code
struct intake_subject *intake_subject_new(struct intake *in, int64_t id, subject_kind kind,
                                          const unsigned char uid[UID_BYTES]);

bool intake_is_later(const struct intake *in, const unsigned char uid[UID_BYTES]);
void intake_seen_uid(struct intake *in, const unsigned char uid[UID_BYTES]);
void intake_subject_stale(struct intake *in, int64_t id);

// ---- flush.c: rows written ----
// The one statement that adds a row to the chain; `payload` as it is stored.
tong_code flush_fact(struct intake *in, const struct fact_row *row, struct str payload,
                     const unsigned char commitment[CHAIN_HASH], struct err *err) TONG_MUST_USE;
// Record a row, and all that follows from it: row->fact.id is made, given rows too, derivers run.
tong_code flush_row(struct intake *in, const struct fact_row *row,
                    struct err *err) TONG_MUST_USE; // written and derived
tong_code flush_record(struct intake *in, struct fact_row *row, struct err *err) TONG_MUST_USE;
// The facts the caseload has taken since.
tong_code flush_taken(struct intake *in, const struct fact_row *recorded, struct err *err) TONG_MUST_USE;
tong_code flush_state(struct intake *in, struct err *err) TONG_MUST_USE; // enrolments, tasks, measures, links
// Is it answered by the core? Not an entry, nor the retraction of one.
tong_code flush_is_core(struct intake *in, const struct fact_row *row, bool *core, struct err *err) TONG_MUST_USE;

// ---- rebuild.c ----
tong_code rebuild_put(struct intake *in, const struct fact_row *row,
                      struct err *err) TONG_MUST_USE; // instead of writing

// ---- intake_group.c ----
tong_code group_begin(struct intake *in, struct err *err) TONG_MUST_USE;
tong_code group_step(struct intake *in, struct err *err) TONG_MUST_USE; // before time passes within the transaction
tong_code group_commit(struct intake *in, struct err *err) TONG_MUST_USE;
void group_abandon(struct intake *in); // rolled back; the working set is forgotten
tong_code group_command(struct intake *in, const struct command *c, struct intake_outcome *out,
                        struct err *err) TONG_MUST_USE;
tong_code intake_read_state(struct intake *in, struct err *err) TONG_MUST_USE; // numbers, head, time, editions

// ---- advance.c ----
// Pass time for what is due up to the minute, at most `most` enrolments; *left: not all of it was done.
tong_code advance_due(struct intake *in, int64_t minute, size_t most, bool *left, struct err *err) TONG_MUST_USE;
tong_code advance_to(struct intake *in, struct intake_cursor until, struct err *err) TONG_MUST_USE; // exactly so far
bool advance_is_due(struct intake *in, utc_sec at, tong_code *code, struct err *err);

// ---- intake_edition.c ----
tong_code editions_read(struct intake *in, struct err *err) TONG_MUST_USE;
tong_code editions_read_move(struct intake *in, struct err *err) TONG_MUST_USE;
void editions_close(struct intake *in);
// Signed, and to begin by `at`; none while another is being told.
bool editions_waiting(const struct intake *in, utc_sec at, int32_t *edition);
// The edition comes into force: new enrolments begin under it. Its row is written.
tong_code edition_enter(struct intake *in, int32_t edition, struct err *err) TONG_MUST_USE;
// The change, in at most so many transactions of its own: time passes to its beginning, the open enrolments are told. in->moving stays set when
// some are left for the next call: then others may write in between.
tong_code edition_change(struct intake *in, int32_t edition, int32_t slices, struct err *err) TONG_MUST_USE;

// ---- intake_order.c ----
tong_code order_first_take(struct intake *in, const struct fact_row *row, struct err *err);
tong_code order_first_undo(struct intake *in, const struct fact_row *was, const struct fact_row *by, struct err *err);

// ---- intake_tell.c ----
void told_publish(struct intake *in); // after the commit
void told_forget(struct intake *in);
void told_close(struct intake *in);

tong_code intake_meta_get(struct intake *in, const char *key, struct str *out,
                          struct err *err) TONG_MUST_USE; // in the arena
tong_code intake_meta_put(struct intake *in, const char *key, const char *value, struct err *err) TONG_MUST_USE;
const struct command_handler *intake_handler(command_kind kind);
struct str intake_note(struct intake *in, const struct command *c, const char *tube); // payload of a fact

#endif
