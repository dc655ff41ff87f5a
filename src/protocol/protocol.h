// protocol.h -- one edition of a protocol, compiled into flat tables that the response core walks.
//
// The reader (read.h) makes a struct protocol from a YAML file; nothing changes it afterwards, so it may be shared by
// threads. Everything is found by index: stages, tasks, measures and rules lie in arrays, days of a stage in a schedule
// with one entry per day, reactions in a table per (stage, event). Evaluating a day allocates nothing and searches
// nothing. Texts are NUL-terminated and live in the protocol's arena.
#ifndef TONG_PROTOCOL_PROTOCOL_H
#define TONG_PROTOCOL_PROTOCOL_H

#include "base/arena.h"
#include "base/civil.h"
#include "base/lang.h"
#include "protocol/words.h"

enum {
    PROTOCOL_NONE = 0xFF,        // no stage, task, measure, pathway ...
    PROTOCOL_STAGES_MAX = 128,   // in all pathways of one edition
    PROTOCOL_PATHWAYS_MAX = 64,
    PROTOCOL_MEASURES_MAX = 64,
    PROTOCOL_TASKS_MAX = 128,    // named tasks and the samples and checks of stages
    PROTOCOL_RULES_MAX = 1024,
    PROTOCOL_SOURCES_MAX = 64,
    PROTOCOL_STATUS_MAX = 16,
    PROTOCOL_STAGE_DAYS_MAX = 400,
    PROTOCOL_SLOTS = 32,         // tasks of one pathway that may be open at once
    PROTOCOL_STAGE_SLOTS = 8,    // the first of them belong to the stage and close with it
    PROTOCOL_SET_MAX = 8,        // specimens of one linked set
    PROTOCOL_DEPTH_MAX = 8,      // nesting of conditions
};

// Where in which file something stands, for messages and for the "why" of a decision.
struct origin {
    const char *file;
    const char *path; // "pathways.close_contact.stages.home"
    int32_t line, column;
};

struct source {
    const char *key;
    struct label title;
    confidence_word confidence;
    struct origin origin;
};

// One figure of the protocol with where it comes from; every one the reader met, in file order.
struct figure {
    struct origin origin;
    const char *text;     // as written, without the source
    uint64_t sources;     // bit i: sources[i]
};

typedef enum subject_kind { SUBJECT_PERSON, SUBJECT_GROUP, SUBJECT_PLACE } subject_kind;

// ---- conditions: a tree in prefix order; children of a node lie at first .. first + count - 1 ----
typedef enum condition_op {
    CONDITION_ALL,
    CONDITION_ANY,
    CONDITION_NOT,
    CONDITION_DAYS_SERVED,
    CONDITION_LAST_SAMPLE_NEGATIVE,
    CONDITION_NEGATIVES,        // a: how many; the pathway's negatives_apart and not_before say which count
    CONDITION_SYMPTOMATIC,
    CONDITION_SYMPTOM_FREE,     // a: minutes
    CONDITION_AGE_UNDER,        // a: years
    CONDITION_AGE_FROM,         // a: years
    CONDITION_ATTRIBUTE,        // a: attribute_word
    CONDITION_CLASS,            // set: bits of event_word - EVENT_SUSPECTED
    CONDITION_EXPOSED,          // has at least one exposure that stands
    CONDITION_POSITIVE,         // has had a positive that counts
    CONDITION_LINKED_NEGATIVES, // a: how many, and no linked positive
    CONDITION_NO_NEW_CASE,      // a: days since the last case
    CONDITION_ROUND_NEGATIVE,   // a: taken within so many days; 0 any since the last case
    CONDITION_LESIONS_HEALED,
    CONDITION_CLINICIAN_RELEASE,
    CONDITION_SURROUNDINGS_CLEAN,
    CONDITION_SOURCE_FREE,
    CONDITION_DAYS_SINCE,       // a: days, b: anchor_word
    CONDITION_KIND,             // set: exposure words of the fact at hand
    CONDITION_PROTECTION,       // set: protection words of the fact at hand
    CONDITION_MINUTES_FROM,     // a: minutes of exposure of the fact at hand
    CONDITION_SPECIMEN,         // set: specimen words of the fact at hand
    CONDITION_TEST,             // set: test words of the fact at hand
    CONDITION_COUNT_FROM,       // a: number in the fact at hand
    CONDITION_HAS_CARER,
    CONDITION_HAS_GUARDIAN,
    CONDITION_OP_COUNT
} condition_op;

struct condition {
    uint8_t op;
    uint8_t count;  // children
    uint16_t first; // first child
    int32_t a, b;
    uint64_t set;
};
enum { CONDITION_TRUE = 0xFFFF };
typedef uint16_t condition_ref; // index of the root, or CONDITION_TRUE

// ---- results: the first row that fits says what a result means ----
struct result_row {
    uint32_t specimens, tests, outcomes; // sets; 0 means any
    int16_t ct_below_x10, ct_from_x10;   // 0 means not asked
    int8_t pooled;                       // 1 only pools, 0 only single samples, -1 either
    event_word means;
    struct origin origin;
};

// ---- the case ladder ----
struct ladder_step {
    event_word step; // EVENT_SUSPECTED .. EVENT_DISCARDED
    condition_ref when;
    bool undoes_caused; // those enrolled because of this person are let go
    struct origin origin;
};

// ---- whom a case may have infected ----
struct window {
    int16_t opens_days_before_onset;
    int16_t opens_days_before_sample; // for those without symptoms
    uint64_t closes;                  // events that end it; bit per event_word
    int16_t closes_days_after_onset;  // 0: only the events close it
    struct origin origin;
};

struct contact_class {
    const char *name;
    struct label label;
    uint8_t of;      // pathway of the person they met: a case pathway, or that of a contact
    uint32_t kinds;  // exposure words; 0 any
    condition_ref when;
    uint8_t pathway; // they follow this one
    struct origin origin;
};

// ---- measures ----
struct measure {
    const char *name;
    uint32_t name_id; // protocol_name_id(name): how facts speak of it, whatever the edition
    struct label label;
    measure_kind_word kind;
    role_word order_by;      // ROLE_WORD_COUNT: nobody is named
    uint8_t persons;         // signatures needed
    bool voluntary;          // a request: needs no order, binds nobody
    uint8_t milder;          // measure it was preferred to, or NONE
    struct label milder_reason; // why nothing milder will do, when milder is NONE
    struct label basis;
    uint32_t provide;        // provision words
    int32_t objection_minutes;
    role_word objection_to;  // ROLE_WORD_COUNT: nobody is named
    int16_t review_days;     // looked at again after so many days; 0: only the stage's own end
    uint8_t status;          // index of the status code, or NONE
    uint64_t stricter_than;  // bit i: strictly above measures[i] in the partial order
    struct origin origin;
};

struct status_code {
    const char *name;
    struct label label;
};

// ---- tasks ----
struct task {
    const char *name;
    uint32_t name_id;
    struct label label;
    verb_word verb;
    role_word by;
    int32_t within_minutes;   // from when it became known; 0: by the end of the civil day
    int16_t due_minute;       // daily tasks: minute of the day by which it should be done
    bool has_missed;
    role_word missed_tell;
    bool yields;              // gives way to medical care
    bool daily;               // a scheduled sample or check
    bool guardian_first;      // a minor: not without a named guardian
    uint32_t specimens;
    uint8_t pool;             // most samples in one tube
    uint8_t set_count;        // linked samples of one set
    uint8_t set[PROTOCOL_SET_MAX]; // specimen words
    int16_t never_from, never_until; // minutes of the day between which it must not run; -1 none
    int16_t never_over_km;    // 0: no limit on distance
    struct label accept;      // acceptance standard
    struct label record;      // what to write down
    struct origin origin;
};

// ---- reactions ----
typedef enum action_kind {
    ACTION_GO,      // a: stage
    ACTION_END,     // a: final_word
    ACTION_TASK,    // a: slot in the pathway
    ACTION_MEASURE, // a: measure, proposed (or begun, when voluntary)
    ACTION_TELL,    // a: role_word
    ACTION_ENROL,   // a: pathway, the same subject
    ACTION_ZONE,    // a: pathway, b: place_word; the subject's own place
    ACTION_ENROL_ROLE, // a: pathway, b: role_word (carer, household ...)
    ACTION_UNDO,    // let go whom this enrolment caused to be enrolled
    ACTION_RESTART, // back to the first stage, as a new proposal
    ACTION_KIND_COUNT
} action_kind;

// In one list they stand in this order, however the file has them: go, restart or end, undo, measure, tasks, enrol, zone,
// tell. So what a rule opens is not closed by its own `end`.
struct action {
    uint8_t kind, a, b;
};

struct rule {
    event_word event;
    uint8_t stage; // NONE: any stage of the pathway
    condition_ref when;
    uint16_t action_first, action_count;
    uint8_t pathway; // NONE at the top level
    struct origin origin;
};

// ---- pathways and stages ----
typedef enum stage_end { STAGE_OPEN, STAGE_FOR, STAGE_UNTIL, STAGE_LAPSES } stage_end;

struct branch {
    condition_ref when;
    uint8_t stage; // NONE: released
};

struct stage {
    const char *name;
    struct label label;
    uint8_t pathway;
    place_word place;
    bool has_place;
    stage_end end;
    int16_t days;            // FOR: days after the stage's day zero; UNTIL: day counted from `anchor`
    anchor_word anchor;
    int32_t lapse_minutes;
    uint8_t measure;         // or NONE
    int16_t measure_days, check_days; // where they differ from the stage's days, counted like them; 0: the whole stage
    uint8_t except_first, except_count; // variants of the measure for some people
    uint8_t next;            // stage that follows in time; NONE when released after it, or when only events lead on
    bool released_after;
    uint16_t branch_first, branch_count; // instead of `next`: the first whose condition holds
    uint16_t entry_first, entry_count;   // actions on entering
    uint16_t schedule_first; // schedule_at[schedule_first + k] .. [+ k + 1]: entries of stage day k
    uint16_t schedule_days;  // the last day with entries of its own: schedule_days + 2 offsets; days beyond have nothing
    uint32_t daily_slots;    // slots due every day, open exposures included
    uint32_t check_slots, sample_slots; // of the stage's own slots: which are checks, which samples and rounds
    int16_t sample_days;     // samples no longer than this, as check_days; 0: the whole stage
    bool exclusive;          // a person here may be put together with no other enrolment's persons
    struct origin origin;
};

struct exception {
    condition_ref when;
    uint8_t measure; // instead of the stage's; NONE: the same
    place_word place;
    bool has_place;  // else `place` is where the stage is spent
    bool with_carer; // the carer is enrolled too
    struct origin origin;
};

struct extension {
    int16_t days;    // 0: no extension
    uint8_t at_most; // times
    role_word order_by;
};

struct pathway {
    const char *name;
    uint32_t name_id;
    struct label label;
    subject_kind of;
    anchor_word day_zero;
    bool make_up_once;
    bool ladder;               // the case ladder is walked here
    uint8_t stage_first, stage_count;
    uint16_t start_first, start_count; // branches that choose the first stage; none: stage_first
    condition_ref release;
    struct origin release_origin;
    bool has_release;          // without it only the end of a stage or an event ends the enrolment
    bool released_in_time;     // one of its stages says `next: released`: then only from such a stage
    bool has_set;              // one of its tasks is a linked set of samples
    struct extension extension;
    int16_t at_most_days;      // all restrictions together; 0: none is restrictive
    int32_t negatives_apart_minutes;
    int32_t negatives_after_onset_minutes; // a negative sooner after onset does not count
    uint8_t slot_count;        // one past the last slot in use; at least PROTOCOL_STAGE_SLOTS
    uint8_t slot_task[PROTOCOL_SLOTS]; // task of each slot above PROTOCOL_STAGE_SLOTS; below it depends on the stage
    uint8_t units_count;
    uint8_t units[8];          // place words a zone may be drawn as
    struct origin origin;
};

typedef enum change_policy { CHANGE_FINISH, CHANGE_MOVE, CHANGE_MOVE_IF_MILDER } change_policy;

struct stage_rename {
    const char *from_pathway, *from_stage, *to_pathway, *to_stage; // to nothing (NULL): released
    struct origin origin;
};

struct override_rule { // care and danger come before gates
    bool care;
    uint64_t roles; // role words
};

struct retention {
    int32_t presence_days, contact_identity_days, facts_days;
};

struct protocol {
    struct arena arena;
    const char *family, *edition, *id; // id: "covid19-cn-9", the file's name without .yaml
    struct label name;
    struct origin origin; // the file, and the line that names the edition
    struct origin effective_origin, on_origin; // of `effective` and of `on` at the top level
    const char *place;
    struct zone zone;
    civil_day from, until; // half-open; until = CIVIL_DAY_NONE when a review date stands instead
    civil_day review;
    change_policy change;
    const char *disease, *icd10;
    int16_t incubation_days, episode_days;

    struct source *sources;
    struct figure *figures;
    struct result_row *results;
    struct ladder_step *ladder; // in the order they are tried: confirmed, asymptomatic, probable, suspected, discarded
    struct window window;
    bool has_window;
    struct contact_class *classes;
    struct status_code *statuses; // mildest first
    struct measure *measures;
    struct task *tasks;
    struct pathway *pathways;
    struct stage *stages;
    struct exception *exceptions;
    struct branch *branches;
    struct rule *rules;
    struct action *actions;
    struct condition *conditions;
    struct stage_rename *renames;
    uint16_t *schedule_at;    // see struct stage
    uint8_t *schedule;        // slots due on a day
    uint8_t (*stage_task)[PROTOCOL_STAGE_SLOTS]; // task of each stage-bound slot, per stage
    uint16_t (*reaction)[EVENT_WORD_COUNT];      // per stage: offset into reactions, 0 = nothing
    uint16_t *reactions;      // lists of rule numbers, each ended by 0xFFFF
    uint16_t door[EVENT_WORD_COUNT];             // the same for facts that open enrolments
    bool has_ask;             // a positive that no rule matches becomes a task for ...
    role_word ask_by;
    uint8_t ask_task;         // the task (do: ask) that the reader adds for it; NONE when has_ask is false
    struct override_rule overrides;
    struct retention retention;

    size_t source_count, figure_count, result_count, ladder_count, class_count, status_count, measure_count,
        task_count, pathway_count, stage_count, exception_count, branch_count, rule_count, action_count,
        condition_count, rename_count, schedule_count, schedule_at_count, reaction_count;
};

enum { RULE_LIST_END = 0xFFFF };

// A name as facts carry it: FNV-1a in 32 bits, never 0. The reader refuses two names of one edition that collide.
uint32_t protocol_name_id(struct str name);
// Index, or PROTOCOL_NONE.
uint8_t protocol_pathway(const struct protocol *p, struct str name);
uint8_t protocol_stage(const struct protocol *p, uint8_t pathway, struct str name);
uint8_t protocol_measure(const struct protocol *p, struct str name);
uint8_t protocol_task(const struct protocol *p, struct str name);
// The task of a slot of a pathway while in a stage; the slot must be one of theirs.
const struct task *protocol_slot_task(const struct protocol *p, uint8_t stage, uint8_t slot);
// What a result means under this edition; EVENT_RESULT when no row fits.
struct result_asked {
    specimen_word specimen;
    test_word test;
    outcome_word outcome;
    int16_t ct_x10; // 0 unknown
    bool pooled;
};
event_word protocol_result(const struct protocol *p, struct result_asked asked, const struct result_row **row);
// Does the measure restrict its person (anything but advice, monitoring and voluntary requests)?
bool measure_restricts(const struct measure *m);
bool measure_kind_restricts(measure_kind_word kind); // unless it is voluntary

void protocol_free(struct protocol *p);

#endif
