// csv_fault.h -- what can be wrong with a row of delimited text, and how a person is told.
#ifndef TONG_EXCHANGE_CSV_FAULT_H
#define TONG_EXCHANGE_CSV_FAULT_H

#include "base/limits.h"
#include "base/problem.h"
#include "exchange/encoding.h"

enum {
    CSV_CELL_BYTES_MAX = LIMIT_CELL_BYTES, // of UTF-8, quotes not counted
    CSV_ROW_BYTES_MAX = LIMIT_LINE_BYTES,  // of UTF-8, line break not counted
    CSV_CELLS_MAX = 16 * 1024              // in a row
};

typedef enum csv_fault_kind {
    CSV_FAULT_NONE,
    CSV_FAULT_UNCLOSED,    // a quote opened at open_line, open_column is not closed
    CSV_FAULT_STRAY_QUOTE, // a quote inside a cell that does not begin with one, or text after a closing quote
    CSV_FAULT_CELLS,       // `got` cells where the header has `want`
    CSV_FAULT_CELL_LONG,
    CSV_FAULT_ROW_LONG,
    CSV_FAULT_CELLS_MANY,
    CSV_FAULT_NUL,
    CSV_FAULT_BAD_BYTE,  // not of the file's encoding
    CSV_FAULT_CUT_SHORT, // the file ends inside a character
    CSV_FAULT_COUNT
} csv_fault_kind;

struct csv_fault {
    csv_fault_kind kind;
    int64_t line, column;
    int64_t byte; // offset in the file from 0, where it is known (the file is UTF-8), else -1
    int64_t open_line, open_column;
    int64_t want, got;
    bool at_end; // nothing follows: the file may have been cut off
};

// A bad row as a problem of file `file`, whose encoding is named in the message.
void csv_fault_add(const struct csv_fault *fault, const char *file, encoding e, struct problem_list *problems);

#endif
