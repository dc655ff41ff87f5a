// examples_scalar.h -- the values that stand in an examples file: times, days, words and names, with what is wrong with them.
//
// Every function that finds a fault adds a problem where the value stands and answers false; the output is then untouched.
#ifndef TONG_CLI_EXAMPLES_SCALAR_H
#define TONG_CLI_EXAMPLES_SCALAR_H

#include "base/problem.h"
#include "cli/examples.h"
#include "protocol/yaml.h"

struct scalar_reader {
    struct arena *arena;
    struct problem_list *problems;
    const struct zone *zone; // of the protocol; NULL: UTC
};

// Messages with the name and then what was meant, or what there is to choose from.
typedef enum scalar_list {
    SCALAR_KEY,
    SCALAR_FACT,
    SCALAR_WORD,
    SCALAR_PERSON,
    SCALAR_FACT_ID,
    SCALAR_TASK,
    SCALAR_MEASURE,
    SCALAR_STAGE,
    SCALAR_PATHWAY,
    SCALAR_STATUS,
    SCALAR_LIST_COUNT
} scalar_list;

typedef enum scalar_fault {
    SCALAR_NOT_EXAMPLES,
    SCALAR_NOT_MAPPING,
    SCALAR_NOT_TEXT,
    SCALAR_MISSING,
    SCALAR_NO_FACTS,
    SCALAR_NOTHING_EXPECTED,
    SCALAR_TIME,
    SCALAR_DAY,
    SCALAR_BACKWARDS,
    SCALAR_NUMBER,
    SCALAR_YES_NO,
    SCALAR_KEY_ELSEWHERE,
    SCALAR_SHORT,
    SCALAR_TWICE,
    SCALAR_EDITION_FACT,
    SCALAR_EDITION_UNREAD,
    SCALAR_FAMILY,
    SCALAR_MANY,
    SCALAR_CONTRADICTION,
    SCALAR_FAULT_COUNT
} scalar_fault;

// `node` may be NULL: then the problem is the whole file's. `key`: where its key stands, not its value.
void scalar_problem(const struct scalar_reader *r, const struct yaml_node *node, bool key, scalar_fault fault,
                    const char *arg1, const char *arg2);
// The text is none of `names`: adds the problem, with the nearest or with all of them.
void scalar_unknown(const struct scalar_reader *r, const struct yaml_node *node, bool key, scalar_list list,
                    struct str given, const char *const *names, size_t count);

// A mapping, or a problem.
bool scalar_is_map(const struct scalar_reader *r, const struct yaml_node *node);
// A text that is not empty; NULL after a problem. It lives as long as the node's.
const char *scalar_text(const struct scalar_reader *r, const struct yaml_node *node);
// Place of the member's key in `keys`; -1 after a problem.
int32_t scalar_key(const struct scalar_reader *r, const struct yaml_node *member, const char *const *keys,
                   size_t count);
// Place of the text in `names`; -1 after a problem.
int32_t scalar_choice(const struct scalar_reader *r, const struct yaml_node *node, scalar_list list,
                      const char *const *names, size_t count);
bool scalar_word(const struct scalar_reader *r, const struct yaml_node *node, word_list list, int32_t *out);
bool scalar_integer(const struct scalar_reader *r, const struct yaml_node *node, int64_t least, int64_t most,
                    int64_t *out);
bool scalar_yes(const struct scalar_reader *r, const struct yaml_node *node, bool *out);

// "2022-07-01 18:00" or "2022-07-01".
bool scalar_instant(const struct scalar_reader *r, const struct yaml_node *node, utc_sec *out, bool *day_only);
// The same or "T .. T": then *until is the end of the second (of its day where no hour stands), else UTC_NONE.
bool scalar_instants(const struct scalar_reader *r, const struct yaml_node *node, utc_sec *out, utc_sec *until,
                     bool *day_only);
// A day, or days "2026-03-02 .. 2026-03-15". "07-03" is the first such day from `after` on, where that is a day.
bool scalar_days(const struct scalar_reader *r, const struct yaml_node *node, civil_day after, struct day_range *out);

struct example_at scalar_at(const struct yaml_node *node);

#endif
