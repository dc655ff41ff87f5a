// line_table.h -- the rows of one file, finished: dates read, contradictions found, times of knowing filled in.
//
// What is derived, and nothing else is: a date of death says that the outcome was death and when; the outcome "died" with
// a date and no date of death says when. A contact of several cases may stand on as many rows, one for each case; they are
// one person. A case, contact, result ... was known when the column named by the mapping says;
// what no column says is left to linelist.h, which knows the other tables, except for cases (line_known_assume).
#ifndef TONG_EXCHANGE_LINE_TABLE_H
#define TONG_EXCHANGE_LINE_TABLE_H

#include "exchange/line_stage.h"

struct line_rows {
    void *rows; // structs of the table, in the arena of the input
    size_t count;
    struct line_link *links; // from columns that name the source of a case or contact
    size_t link_count;
    known_rule known; // how rows whose `known` is still none become known
    struct line_table_count tally;
};

// Finish what stage_read staged. Rows with errors are left out and remembered in s->left_out. TONG_E_NOMEM.
tong_code line_table_finish(struct line_stage *s, struct line_rows *out, struct err *err) TONG_MUST_USE;

#endif
