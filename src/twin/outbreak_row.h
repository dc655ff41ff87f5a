// outbreak_row.h -- one line of a CSV file, put together cell by cell without any formatting library in the way.
//
// A million rows are written in well under a second. Cells need no quoting: every text here is our own.
#ifndef TONG_TWIN_OUTBREAK_ROW_H
#define TONG_TWIN_OUTBREAK_ROW_H

#include "base/sink.h"
#include "twin/outbreak.h"

enum { OUTBREAK_ROW_BYTES = 640, OUTBREAK_ROW_CELLS = 20 };

struct outbreak_row_text {
    char text[OUTBREAK_ROW_BYTES];
    uint32_t at[OUTBREAK_ROW_CELLS + 1]; // where each cell begins
    uint32_t cells, n;
};

// The days of an outbreak as text, since writing them is most of the work otherwise.
enum { OUTBREAK_DATE_BYTES = 10 }; // "2022-07-01"
struct outbreak_calendar {
    const char (*date)[OUTBREAK_DATE_BYTES];
    int32_t days;
};
// From the first day of the outbreak to the last that any file can mention. NOMEM.
tong_code outbreak_calendar_make(const struct outbreak *outbreak, struct arena *arena, struct outbreak_calendar *out,
                                 struct err *err) TONG_MUST_USE;

// Zero-initialised, a row is empty; outbreak_row_again empties it for the next one. Each call opens the next cell; outbreak_cell_text(row, "") an empty one.
void outbreak_row_again(struct outbreak_row_text *row);
void outbreak_cell_text(struct outbreak_row_text *row, const char *z);
void outbreak_cell_copy(struct outbreak_row_text *row, struct str cell); // of another row
void outbreak_cell_number(struct outbreak_row_text *row, int64_t value);
void outbreak_cell_tenths(struct outbreak_row_text *row, int64_t tenths);          // 245 -> 24.5
void outbreak_cell_id(struct outbreak_row_text *row, char letter, int64_t number); // P0001234
void outbreak_cell_time(struct outbreak_row_text *row, const struct outbreak_calendar *days,
                        int64_t minute); // NEVER: empty
void outbreak_cell_day(struct outbreak_row_text *row, const struct outbreak_calendar *days, int64_t minute); // likewise
// Three cells: place_id, place, place_zh.
void outbreak_cell_place(struct outbreak_row_text *row, const struct town *town, uint32_t person);

// A copy with another text in one cell.
struct outbreak_row_text outbreak_row_with(const struct outbreak_row_text *row, uint32_t cell, const char *z);
struct str outbreak_row_cell(const struct outbreak_row_text *row, uint32_t cell);
void outbreak_row_write(const struct outbreak_row_text *row, struct sink *out);

#endif
