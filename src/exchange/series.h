// series.h -- daily counts out of a table: one row a case, or one row a day and place.
//
// With a column of counts each row adds its count to its day; without, each row is one case. Days between the first
// and the last without a row count nothing. Cumulative counts are turned into daily ones, place by place: what one row
// has more than the row before it, on the later day. Negative counts are decided by one policy (epi/quality.h) for the
// sum and for each group, and what was done is told.
#ifndef TONG_EXCHANGE_SERIES_H
#define TONG_EXCHANGE_SERIES_H

#include "epi/quality.h"
#include "exchange/csv_table.h"

enum { SERIES_GROUPS_MAX = 20000, SERIES_CELLS_MAX = 50 * 1000 * 1000 };

struct series_options {
    struct str date, count; // columns; date empty: a usual name is looked for; count empty: one row is one case
    struct str by;          // column of the groups; empty: one group
    struct str where;       // "COLUMN=VALUE", several joined by '&'; empty: all rows
    date_order order;
    bool cumulative;
    quality_negative negative;
    civil_day start;       // of a column of day numbers: the date of day 1; CIVIL_DAY_NONE
    civil_day first, last; // CIVIL_DAY_NONE: as the data have it; rows outside are left out, days without rows added
};

struct series {
    civil_day first;
    size_t days;
    double *total;                // one a day
    size_t groups;                // at least 1
    struct str *name;             // of a group; the empty text when there is one alone or a cell was empty
    double *count;                // count[group * days + day]
    int64_t rows;                 // that were counted
    int64_t undated;              // rows without a date, or without a count
    int64_t outside;              // before `first` or after `last`
    int64_t empty_days;           // without any row, where there is a column of counts
    struct quality_mended mended; // of the total
    double *raw;                  // the total before that, one a day
    struct str date, column;      // what was read: the column of dates, of counts
};
// INVALID: see `problems`. LIMIT: too many groups or days. NOMEM.
tong_code series_read(const struct csv_table *t, const struct series_options *o, struct arena *arena,
                      struct problem_list *problems, struct series *out, struct err *err) TONG_MUST_USE;
// The rows a filter keeps: one flag a row.
bool series_where(const struct csv_table *t, struct str where, struct arena *arena, struct problem_list *problems,
                  bool **keep);
// The column a command means: the one named, else the first of the usual names that is there. -1: said in `problems`.
int32_t series_column(const struct csv_table *t, struct str named, const char *const *usual, size_t usual_count,
                      const char *option, struct problem_list *problems);
extern const char *const series_usual_onset[], *const series_usual_report[], *const series_usual_outcome[];
enum { SERIES_USUAL_ONSET = 9, SERIES_USUAL_REPORT = 9, SERIES_USUAL_OUTCOME = 6 };

#endif
