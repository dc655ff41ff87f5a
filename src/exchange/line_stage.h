// line_stage.h -- one file of an import, read up to the point where the order of its dates can be decided.
//
// The file is decoded, split and bound to the fields of its table in one pass; texts, words and numbers are final, dates
// are kept taken apart (dates.h) until the whole column has been seen. line_table.h does the rest.
#ifndef TONG_EXCHANGE_LINE_STAGE_H
#define TONG_EXCHANGE_LINE_STAGE_H

#include "base/map.h"
#include "exchange/bytes.h"
#include "exchange/csv.h"
#include "exchange/mapping.h"

enum {
    LINELIST_ROWS_MAX = 4 * 1000 * 1000, // rows of one table; more is TONG_E_LIMIT
    STAGE_SLOTS_MAX = 40,                // distinct columns of dates
    STAGE_SLOT_NONE = -1
};

// What became of one file.
struct line_table_count {
    const char *file; // NULL: not given
    int64_t rows;     // data rows seen; captions and blank lines not counted
    int64_t left_out; // of these, not imported
    struct encoding_guess encoding;
    char delimiter;
};

struct line_input {
    line_table table;
    const char *name; // of the file, for messages
    struct bytes *source;
    struct mapping_table mapping; // this table's part; suggestions are added to it
    encoding encoding;            // beats the mapping's where not AUTO
    date_order order;             // likewise
    civil_day dates_from;         // earlier dates are doubtful
    civil_day as_of;              // dates more than a year later are doubtful; CIVIL_DAY_NONE: judge by the report
    const struct zone *zone;
    struct arena *arena; // what lasts
    struct problem_list *problems;
};

// A column of dates: of a field, or one that says when something became known, or both.
struct stage_slot {
    int32_t column;
    int32_t field; // STAGE_SLOT_NONE: only a `known` column
    const char *header;
    struct date_column evidence;
    int64_t first_dmy, first_mdy; // lines of the first value of each kind, for the message
    struct date_raw example;      // the first ambiguous value, and where it stands
    int64_t example_line, example_column;
    date_order order;
};

struct stage_date {
    struct date_raw raw;
    int32_t column, lines_down; // place of the cell; lines from the row's first
};

// Rows are a list and not an array: an array that grows in an arena would leave its old copies there.
struct stage_row {
    struct stage_row *next;
    int64_t line;
    unsigned char *row;       // the struct of the table
    struct stage_date *dates; // slot_count of them
    struct str link_from, link_kind;
    int32_t link_column;
    bool bad; // some cell could not be read: already reported
};

struct line_stage {
    const struct line_input *in;
    struct mapping_table mapping; // with suggestions
    int32_t field_count;
    const struct mapping_field *fields;
    int32_t column[MAPPING_FIELDS_MAX];  // of each field, -1
    int32_t slot_of[MAPPING_FIELDS_MAX]; // of each field, STAGE_SLOT_NONE
    struct stage_slot slots[STAGE_SLOTS_MAX];
    int32_t slot_count;
    int32_t known_slot[MAPPING_FIELDS_MAX + 1][MAPPING_KNOWN_MAX]; // by field; the last is of known_row
    struct str *headers;
    size_t header_count;
    struct stage_row *first, *last;
    size_t row_count;
    struct map *left_out;     // identifiers of rows left out -> line
    struct map *words_warned; // words already reported
    struct line_table_count tally;
    bool fatal; // a fault no row can be blamed for: reported
};

// Read the file. `scratch` holds what is needed only until line_table_finish. Always close, also after a failure.
// TONG_E_IO, TONG_E_LIMIT, TONG_E_NOMEM; faults of the input are problems, and s->fatal.
tong_code stage_read(const struct line_input *in, struct arena *scratch, struct line_stage *s,
                     struct err *err) TONG_MUST_USE;
void stage_close(struct line_stage *s);

#endif
