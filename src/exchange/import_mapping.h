// import_mapping.h -- which column of a file is which field of an import, as suggested, edited by a person, and kept.
//
// A mapping is a small YAML text (docs/formats.md). It names columns by their headers; what it leaves open is suggested from
// the headers. A column that is no field is "ignore"d, kept in the row's "note", or, when nobody has said anything about it,
// unknown: then the import reports it. Words of a file that our tables do not know can be translated.
#ifndef TONG_EXCHANGE_IMPORT_MAPPING_H
#define TONG_EXCHANGE_IMPORT_MAPPING_H

#include "base/sink.h"
#include "exchange/encoding.h"
#include "exchange/import_fields.h"

enum { IMPORT_COLUMNS_MAX = 2048, IMPORT_WORDS_MAX = 2000, IMPORT_EMPTY_MAX = 32 };

typedef enum import_use { IMPORT_UNKNOWN, IMPORT_FIELD, IMPORT_NOTE, IMPORT_IGNORE } import_use;

struct import_said { // what a mapping says about a header
    const char *header;
    import_use use;
    int32_t field; // of IMPORT_FIELD
};
struct import_word { // a word of the file, of one field
    const char *text;
    int32_t field, value;
};

struct import_mapping {
    import_table table;               // IMPORT_TABLE_COUNT: to be found out
    const char *name, *source, *zone; // "" when not said
    date_order order;
    encoding encoding;
    char delimiter;      // 0: detect
    int32_t header_row;  // line of the file, from 1; 0: find it
    bool fill_rows;      // rows may end early
    bool keep_unknown;   // columns that are no field go into the note
    bool keep_unsourced; // a contact of a case that is in no list is recorded as exposed to somebody unknown
    struct import_said *said;
    size_t said_count;
    struct import_word *words;
    size_t word_count;
    const char *empty[IMPORT_EMPTY_MAX]; // texts that mean "nothing", besides the usual ones
    size_t empty_count;
};
struct import_mapping import_mapping_none(void);

// Read a mapping; texts are copied into `arena`. INVALID with problems; NOMEM.
tong_code import_mapping_read(struct str text, const char *file, struct arena *arena, struct problem_list *problems,
                              struct import_mapping *out, struct err *err) TONG_MUST_USE;

// A file's columns, each with its use.
struct import_column {
    struct str header; // trimmed; NUL-terminated
    import_use use;
    int32_t field, element; // element of a group
    bool suggested;
};
struct import_binding {
    struct import_column *column;
    size_t count;
    bool again[IMPORT_SAMPLES_MAX]; // this element is a further test of the sample before it
};
// Bind the headers of a file. `entities` (NULL: none) are SORMAS's row above the header. NOMEM.
tong_code import_bind(const struct import_fields *fields, const struct import_mapping *mapping,
                      const struct str *headers, const struct str *entities, size_t count, struct arena *arena,
                      struct import_binding *out, struct err *err) TONG_MUST_USE;
// How many of these headers are fields of the table: to tell tables, and headers from data.
int32_t import_recognise(const struct import_fields *fields, const struct str *headers, size_t count);
// The mapping as text, with every column of the binding (NULL: those it says). Reading it gives the same.
void import_mapping_write(const struct import_mapping *m, const struct import_fields *fields,
                          const struct import_binding *binding, struct sink *out);

#endif
