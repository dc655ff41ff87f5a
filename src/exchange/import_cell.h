// import_cell.h -- the inside of the reader of imports: what its two files share. Private to import_reader.c and
// import_cell.c.
#ifndef TONG_EXCHANGE_IMPORT_CELL_H
#define TONG_EXCHANGE_IMPORT_CELL_H

#include "base/map.h"
#include "exchange/import_reader.h"

#include <stdio.h>

struct import_dates { // of one column
    struct date_column evidence;
    date_order order;
    date_verdict verdict;
    int64_t first_dmy, first_mdy, example_line;
    struct date_raw example;
};

struct import_reader {
    struct import_reader_options options;
    struct import_mapping none;
    struct import_row empty; // import_row_clear is not cheap: a row is made from this copy
    const struct import_mapping *mapping;
    struct arena arena; // what lasts
    FILE *file;
    struct bytes bytes;
    struct encoding_stream *stream;
    struct csv *csv;
    struct encoding_guess guess;
    struct str *headers, *entities;
    size_t header_count, entity_count;
    int64_t header_line, rows;
    struct import_fields fields;
    struct import_binding binding;
    struct import_dates *dates; // by column
    struct csv_item item;       // the current row
    struct map *words_warned;   // field and word -> line
    struct arena warned_arena;
};

// Is this SORMAS's row of entities?
bool import_is_entities(const struct str *cells, size_t count);
// Which table the headers speak of; IMPORT_TABLE_COUNT: nobody can tell.
import_table import_guess_table(const struct str *entities, const struct str *headers, size_t count);
// What a cell of a column of dates shows.
void import_scan_date(struct import_reader *r, size_t column);
// All cells of the current row. NOMEM.
tong_code import_cells_read(struct import_reader *r, struct arena *arena, struct problem_list *problems,
                            struct import_row *row, struct err *err) TONG_MUST_USE;

#endif
