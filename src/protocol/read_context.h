// read_context.h -- what the sections of the reader share: the protocol being filled, faults, words, names, figures.
//
// For read*.c alone. A reader goes on after a fault, so that one run shows them all: every function here reports what is
// wrong and returns something harmless. When memory is short `starved` is set and nothing more is added; the whole
// reading then fails.
#ifndef TONG_PROTOCOL_READ_CONTEXT_H
#define TONG_PROTOCOL_READ_CONTEXT_H

#include "protocol/protocol.h"
#include "protocol/read.h"
#include "protocol/read_fault.h"
#include "protocol/yaml.h"

enum {
    READ_RESULTS_MAX = 256,
    READ_CLASSES_MAX = 64,
    READ_EXCEPTIONS_MAX = PROTOCOL_NONE,
    READ_BRANCHES_MAX = 1024,
    READ_ACTIONS_MAX = 8192,
    READ_CONDITIONS_MAX = 8192,
    READ_FIGURES_MAX = 8192,
    READ_RENAMES_MAX = 256,
    READ_LADDER_MAX = 5,
    READ_NAME_MAX = 64,   // bytes of a name
    READ_EXTENDS_MAX = 8, // files one upon another
    READ_SCHEDULE_AT_MAX = UINT16_MAX,
    READ_SCHEDULE_MAX = UINT16_MAX,
    READ_REACTIONS_MAX = 32768,
    READ_DAYS_MOST = 3650, // no figure in days is longer
};
#define READ_ARENA_BYTES_MAX ((size_t)64 << 20)

struct read_day_list {
    bool on[PROTOCOL_STAGE_DAYS_MAX + 1];
    int16_t every, from; // every > 0: days from, from + every ...
    int16_t last;        // last day listed; 0 for `every`
};
struct read_duty { // when the task of a stage's slot is due
    uint8_t slot;
    int16_t most; // not after this day; 0: no limit
    struct read_day_list days;
};

struct reader {
    struct protocol p;    // its arrays lie in `scratch` until read_settle
    struct arena scratch; // trees and arrays at their largest
    struct problem_list *problems;
    const struct yaml_node *root;
    // Where pathways and stages are written, and to which stage an exception belongs.
    const struct yaml_node *pathway_node[PROTOCOL_PATHWAYS_MAX];
    const struct yaml_node *stage_node[PROTOCOL_STAGES_MAX];
    uint8_t exception_stage[READ_EXCEPTIONS_MAX];
    // Names of files, in the trees and copied for the protocol.
    const char *file_from[READ_EXTENDS_MAX + 1], *file_to[READ_EXTENDS_MAX + 1];
    size_t named_tasks;                             // tasks with names of their own; those of stages follow
    struct read_duty (*duty)[PROTOCOL_STAGE_SLOTS]; // per stage and slot
    bool starved;
};

// As protocol_read, with a cap on the memory: for tests of what happens when it runs short.
tong_code read_within(const char *path, const struct protocol_source *source, size_t bytes_max, struct protocol *out,
                      struct problem_list *problems, struct err *err) TONG_MUST_USE;

// ---- faults ----
void read_fault(struct reader *r, const struct yaml_node *at, const struct message *m, const char *arg1,
                const char *arg2);
void read_fault_key(struct reader *r, const struct yaml_node *at, const struct message *m, const char *arg1,
                    const char *arg2);
// A word that no list has: by name when it is one that must not exist, else with the nearest of the right ones.
void read_fault_word(struct reader *r, const struct yaml_node *at, word_list list, struct str word);

// A word for ethnicity, faith, petitions or finances is reported by name: true when it is one.
bool read_fault_forbidden(struct reader *r, const struct yaml_node *at, struct str word);

// ---- texts ----
const char *read_copy(struct reader *r, struct str text); // into the protocol's arena; "" when memory is short
struct origin read_origin(struct reader *r, const struct yaml_node *node);
const char *read_z(struct reader *r, struct str text); // for messages
// The text of a scalar; reports and returns the empty text for lists and mappings.
struct str read_plain(struct reader *r, const struct yaml_node *node);
bool read_name_good(struct reader *r, const struct yaml_node *member);              // the key of a member as a name
bool read_label(struct reader *r, const struct yaml_node *node, struct label *out); // {en:, zh:}
bool read_label_or_text(struct reader *r, const struct yaml_node *node, struct label *out);
// What is to be written down: words (symptoms, temperature ...) or a label.
bool read_record(struct reader *r, const struct yaml_node *node, struct label *out);
bool read_yes(struct reader *r, const struct yaml_node *node); // absent: no
bool read_day(struct reader *r, const struct yaml_node *node, civil_day *out);

// ---- mappings ----
bool read_is_map(struct reader *r, const struct yaml_node *node);
// Reports every key that is not in the list (`source` always is). `keys` is a text of words separated by blanks.
void read_keys(struct reader *r, const struct yaml_node *map, const char *keys);
// An edition that extends another says these anew: what it is, and when it is in force.
bool read_said_anew(const char *key);
// The member, reporting when it is missing.
const struct yaml_node *read_need(struct reader *r, const struct yaml_node *map, const char *key);

// ---- words and names ----
int32_t read_word(struct reader *r, const struct yaml_node *node, word_list list); // WORD_UNKNOWN when absent or wrong
uint64_t read_words(struct reader *r, const struct yaml_node *node, word_list list); // a set; 0 when absent
// Index of what is named, or PROTOCOL_NONE with a report. `stage_of`: the pathway in which a stage is looked for.
uint8_t read_pathway_name(struct reader *r, const struct yaml_node *node);
uint8_t read_stage_name(struct reader *r, const struct yaml_node *node, uint8_t stage_of);
uint8_t read_measure_name(struct reader *r, const struct yaml_node *node);
uint8_t read_task_name(struct reader *r, const struct yaml_node *node);
uint8_t read_status_name(struct reader *r, const struct yaml_node *node);
uint8_t read_source_name(struct reader *r, const struct yaml_node *at, struct str key);
// Refuse a name whose number (protocol_name_id) another of the same edition has; `kind` tells apart what facts tell apart.
void read_name_id(struct reader *r, const struct yaml_node *member, uint32_t *id);

// ---- figures (read_figures.c) ----
// Each takes "VALUE (SOURCES)", reports what is wrong and records the figure. The value, or READ_BAD.
enum { READ_BAD = -1 };
int32_t read_minutes(struct reader *r, const struct yaml_node *node, int32_t days_most);
int16_t read_days(struct reader *r, const struct yaml_node *node, int32_t least, int32_t most);
int32_t read_long_days(struct reader *r, const struct yaml_node *node);                     // retention: years too
int16_t read_days_before(struct reader *r, const struct yaml_node *node, const char *what); // "2 d before onset"
int16_t read_days_after_onset(struct reader *r, const struct yaml_node *node);
int16_t read_day_after(struct reader *r, const struct yaml_node *node, anchor_word *anchor); // "day 21 after onset"
int32_t read_count(struct reader *r, const struct yaml_node *node, int32_t least, int32_t most);
int32_t read_times(struct reader *r, const struct yaml_node *node);      // "2 times"
int32_t read_signatures(struct reader *r, const struct yaml_node *node); // no source needed
int16_t read_tenths(struct reader *r, const struct yaml_node *node);     // 33.5 -> 335
bool read_clock_span(struct reader *r, const struct yaml_node *node, int16_t *from, int16_t *until);
bool read_day_list(struct reader *r, const struct yaml_node *node, struct read_day_list *out);
// What they are made of. A figure as written, split from its sources:
struct read_figure {
    struct str value; // what stands before the bracket, NUL-terminated
    uint64_t sources;
    bool sourced;
    bool bad; // already reported
};
struct read_figure read_split(struct reader *r, const struct yaml_node *node);
// Remember the figure, with the source around it if it has none of its own; report it when it needs one and has none.
void read_record_figure(struct reader *r, const struct yaml_node *node, struct read_figure f, bool needed);
// "7 d": the number; *text becomes what follows. False when no whole number of at most seven digits begins the text.
bool read_number(struct str *text, int32_t *out);
int64_t read_span(struct str text); // minutes of "7 d", or READ_BAD
bool read_in_range(struct reader *r, const struct yaml_node *node, struct str value, int64_t got, int64_t least,
                   int64_t most, const char *unit);
void read_sources(struct reader *r); // the head's `sources`, before anything else

// ---- conditions (read_conditions.c) ----
// CONDITION_TRUE when absent.
condition_ref read_condition(struct reader *r, const struct yaml_node *node);
// The word of a condition as the language has it.
const char *read_condition_name(const struct condition *c);

// ---- sections ----
void read_head(struct reader *r);
void read_late_head(struct reader *r); // what names stages and measures
void read_statuses(struct reader *r);
void read_measures(struct reader *r);
void read_tasks(struct reader *r);
void read_results(struct reader *r);
void read_ladder(struct reader *r);
void read_window(struct reader *r);
void read_contacts(struct reader *r);
void read_pathway_names(struct reader *r); // pathways and stages by name, before anything refers to them
void read_pathways(struct reader *r);
// A list of {when, stage}; the count, and the first.
uint16_t read_branches(struct reader *r, const struct yaml_node *list, uint8_t pathway, bool may_release,
                       uint16_t *first);
void read_stage(struct reader *r, uint8_t stage);
void read_schedule(struct reader *r, uint8_t stage);
// The rules of an `on:` mapping; stage and pathway are NONE at the top level.
void read_on(struct reader *r, const struct yaml_node *on, uint8_t pathway, uint8_t stage);
void read_door(struct reader *r);
void read_reactions(struct reader *r); // after all rules: the tables of rule lists
// Slot of a named task in a pathway, given one if it has none yet; PROTOCOL_NONE with a report when none is left.
uint8_t read_slot(struct reader *r, const struct yaml_node *at, uint8_t pathway, uint8_t task);
// Action lists of an entry or a rule.
void read_action(struct reader *r, const struct yaml_node *at, action_kind kind, uint8_t a, uint8_t b);

// Room for one more in an array that was made at its largest; NULL with a report when it is full.
void *read_push(struct reader *r, const struct yaml_node *at, void *items, size_t *count, size_t most, size_t size);

#endif
