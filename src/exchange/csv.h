// csv.h -- delimited text, row by row, with the line and column of every cell.
//
// RFC 4180 with what people really send: comma, semicolon, tab or bar, found in the header line; LF, CRLF or CR alone;
// Excel's "sep=;" line; blank lines; quoted cells with line breaks. A fault spoils its own row only: csv_next reports it
// and goes on with the next row. A quote that is never closed is known by what follows it (text after the next quote,
// the row limit, the end of the file); reading then resumes on the line after the one that opened it, so one stray quote
// does not swallow the file. A row over the limit is skipped without being stored.
//
// The reader is our own because libcsv, the one in Debian, gives neither line nor column and has no bound on a cell.
// Memory is constant whatever the file: about 4 MiB.
#ifndef TONG_EXCHANGE_CSV_H
#define TONG_EXCHANGE_CSV_H

#include "exchange/csv_fault.h"
#include "exchange/encoding.h"

struct csv_cell {
    struct str text;      // valid UTF-8 without NUL; until the next csv_next
    int64_t line, column; // of its first character (its opening quote), both from 1; columns are characters
    bool quoted;
};

typedef enum csv_event { CSV_END, CSV_ROW, CSV_BAD_ROW } csv_event;

struct csv_item {
    csv_event event;
    const struct csv_cell *cells; // CSV_ROW; also CSV_BAD_ROW with CSV_FAULT_CELLS, else none
    size_t count;
    int64_t line;           // where the row begins
    struct csv_fault fault; // CSV_BAD_ROW
};

struct csv;
// Read from `stream` (borrowed). `delimiter` 0 detects it. `guess` as encoding_open gave it, for byte positions.
// TONG_E_IO, TONG_E_NOMEM.
tong_code csv_open(struct encoding_stream *stream, const struct encoding_guess *guess, char delimiter, struct csv **out,
                   struct err *err) TONG_MUST_USE;
void csv_close(struct csv *c); // accepts NULL
char csv_delimiter(const struct csv *c);
// From now on rows must have `count` cells; 0: any number. With fill, shorter ones are filled up with empty cells.
void csv_expect(struct csv *c, size_t count, bool fill);
// The next row, good or bad; blank lines are passed over. After CSV_END it is CSV_END again. TONG_E_IO.
tong_code csv_next(struct csv *c, struct csv_item *item, struct err *err) TONG_MUST_USE;

#endif
