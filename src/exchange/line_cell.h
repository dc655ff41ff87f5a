// line_cell.h -- the cells of one row, read into the struct of its table.
//
// Texts, words and numbers are final; dates are taken apart (dates.h) and counted as evidence for their column. What cannot
// be read is reported here, with the place of its cell.
#ifndef TONG_EXCHANGE_LINE_CELL_H
#define TONG_EXCHANGE_LINE_CELL_H

#include "exchange/line_message.h"
#include "exchange/line_stage.h"

// Read the row into r->row and r->dates; r->bad when a cell makes the row unusable. TONG_E_NOMEM.
tong_code line_cell_fill(struct line_stage *s, const struct csv_item *item, struct stage_row *r,
                         struct err *err) TONG_MUST_USE;

// A problem of the file that is being staged.
void line_blame(struct line_stage *s, line_fault fault, int64_t line, int64_t column, const char *path, const char *one,
                const char *two, const char *three);
// A text of the file for a message, shortened; never NULL.
const char *line_shown(struct line_stage *s, struct str text);

#endif
