// import_reader.h -- a file of any table, row by row: decoded, its header found and bound, its cells read.
//
// The file is read twice or more, never held: the first time to see what its columns of dates show (dates.h) and how many
// rows it has, then for the rows. A fault spoils its own row only. Memory is constant, whatever the file.
#ifndef TONG_EXCHANGE_IMPORT_READER_H
#define TONG_EXCHANGE_IMPORT_READER_H

#include "exchange/bytes.h"
#include "exchange/csv.h"
#include "exchange/import_mapping.h"
#include "exchange/import_message.h"

struct import_source {
    const char *name; // as the user named it
    const char *path; // opened for reading, as often as needed; NULL: `memory`
    struct str memory;
};

struct import_reader_options {
    struct import_source source;
    import_table table;                   // IMPORT_TABLE_COUNT: found by the header
    const struct import_mapping *mapping; // NULL: everything is suggested
    date_order order;                     // beats the mapping's where not AUTO; what the format says by itself
    bool fill_rows;                       // rows may end early, whatever the mapping says
    const struct zone *zone;              // in which days and times without an offset are meant
    civil_day today;                      // for years of birth with two digits
    struct problem_list *problems;        // of the file as a whole
};

struct import_reader;
// Find the header and bind it. INVALID: the file cannot be used, the problems say why; NOT_FOUND, IO, NOMEM.
tong_code import_reader_open(const struct import_reader_options *o, struct import_reader **out,
                             struct err *err) TONG_MUST_USE;
void import_reader_close(struct import_reader *r); // NULL is allowed
// Read the whole file once: how many rows there are, in which order its dates are written. INVALID as above.
tong_code import_reader_scan(struct import_reader *r, struct err *err) TONG_MUST_USE;
// Begin again with the first row.
tong_code import_reader_rewind(struct import_reader *r, struct err *err) TONG_MUST_USE;

typedef enum import_event { IMPORT_END, IMPORT_ROW, IMPORT_BAD_ROW } import_event;
// The next row. Texts live in `arena`, which is the caller's to reset. Faults of the row are added to `problems`; an event of
// BAD_ROW says that one of them is an error. IO, NOMEM.
tong_code import_reader_next(struct import_reader *r, struct arena *arena, struct problem_list *problems,
                             struct import_row *row, import_event *event, struct err *err) TONG_MUST_USE;

// The current row once more, into another arena. Only after an event of ROW.
tong_code import_reader_again(struct import_reader *r, struct arena *arena, struct problem_list *problems,
                              struct import_row *row, struct err *err) TONG_MUST_USE;

import_table import_reader_table(const struct import_reader *r);
const struct import_fields *import_reader_fields(const struct import_reader *r);
const struct import_binding *import_reader_binding(const struct import_reader *r);
const struct import_mapping *import_reader_mapping(const struct import_reader *r);
int64_t import_reader_rows(const struct import_reader *r);                // data rows, after a scan
int64_t import_reader_line(const struct import_reader *r);                // where the current row begins
bool import_reader_has(const struct import_reader *r, const char *field); // is some column this field?
// The cells of the current row as they stand in the file: none when it could not be taken apart.
const struct csv_cell *import_reader_cells(const struct import_reader *r, size_t *count);
// SORMAS's row of entities above the header, NULL when there is none.
const struct str *import_reader_entities(const struct import_reader *r);
const struct encoding_guess *import_reader_encoding(const struct import_reader *r);
char import_reader_delimiter(const struct import_reader *r); // between its cells
// Where a field of the current row stands, for faults found later: its column's header, or the row alone.
struct problem_at import_reader_at(const struct import_reader *r, const char *field);

// Is this header one that the file of faulty rows adds? It is passed over in silence.
bool import_is_own_column(struct str header);
// A personal value as a fault may show it: its first character, the rest hidden. In `arena`; never NULL.
const char *import_masked(struct str value, record_class class, struct arena *arena);

#endif
