// mapping.h -- which column is which field, which column says when a fact became known, and what its words mean.
//
// A mapping is a small YAML file (docs/line-lists.md describes it; mappings/ has examples). Scalars are read as text
// against the tables of mapping_fields.h, so nothing is guessed; faults carry line and column. Columns that a mapping
// does not name are suggested from their headers (mapping_suggest.h), and the reader of the line list says which it took.
#ifndef TONG_EXCHANGE_MAPPING_H
#define TONG_EXCHANGE_MAPPING_H

#include "base/problem.h"
#include "exchange/encoding.h"
#include "exchange/mapping_fields.h"

enum { MAPPING_FIELDS_MAX = 32, MAPPING_KNOWN_MAX = 4, MAPPING_EMPTY_MAX = 32, MAPPING_FILE_BYTES_MAX = 256 * 1024 };

// When the facts of a row became known.
typedef enum known_rule {
    KNOWN_DEFAULT,       // not said: with the report (line_check.h, line_join.c); marked as assumed
    KNOWN_COLUMNS,       // the latest of what these columns say
    KNOWN_SAME_DAY,      // on the day it happened
    KNOWN_FROM_REPORTED, // links: when the case it comes from was reported
    KNOWN_TO_REPORTED,   // links: when the target was
    KNOWN_BOTH_REPORTED, // links: when both were
    KNOWN_RULE_COUNT
} known_rule;

struct mapping_known {
    known_rule rule;
    int32_t count;
    const char *column[MAPPING_KNOWN_MAX]; // headers
};

struct mapping_table {
    bool present;                                   // the mapping has a section for this table
    const char *header[MAPPING_FIELDS_MAX];         // by field: the column's header, NULL: not mapped
    const char *always[MAPPING_FIELDS_MAX];         // by field: a constant in place of a column, NULL
    bool suggested[MAPPING_FIELDS_MAX];             // by field: the header was found by mapping_suggest
    struct mapping_known known[MAPPING_FIELDS_MAX]; // by field, for the dates of cases
    struct mapping_known known_row;                 // for every fact of the row that has no rule of its own
    struct mapping_word *words[MAPPING_FIELDS_MAX]; // this mapping's own, tried before the built-in ones
    size_t word_count[MAPPING_FIELDS_MAX];
    const char *empty[MAPPING_EMPTY_MAX]; // texts that mean "nothing", besides the empty one
    size_t empty_count;
    date_order order;
    encoding encoding;
    char delimiter;     // 0: detect
    int32_t header_row; // line of the file, from 1; 0: find it
    bool numbered;      // the identifier is the row's number, from 1
    bool fill_rows;     // rows with fewer cells than the header are filled up
    bool unknown_from;  // links: keep those whose source is in no file
    bool closed;        // do not suggest columns that the mapping leaves out
};

struct mapping {
    const char *name; // "" when not said
    struct label title;
    const char *zone;     // "" when not said: UTC
    civil_day dates_from; // earlier dates are doubtful
    struct mapping_table table[LINE_TABLE_COUNT];
};

// An empty mapping, in which everything will be suggested.
void mapping_init(struct mapping *out);

// Read a mapping file; texts are copied into `arena`. TONG_E_INVALID with problems; TONG_E_LIMIT when larger than
// MAPPING_FILE_BYTES_MAX; TONG_E_NOMEM.
tong_code mapping_read(struct str text, const char *file, struct arena *arena, struct problem_list *problems,
                       struct mapping *out, struct err *err) TONG_MUST_USE;
// The same from a file; TONG_E_NOT_FOUND, TONG_E_IO besides.
tong_code mapping_read_path(const char *path, struct arena *arena, struct problem_list *problems, struct mapping *out,
                            struct err *err) TONG_MUST_USE;

#endif
