// examples_calendar.h -- rows of marks, a column a day, three weeks beside each other: fits a terminal of 80 columns.
//
// A row stands alone, or what was expected stands above what came with ^ under the days on which they differ. Marks are
// texts of one or two columns; the texts are borrowed.
#ifndef TONG_CLI_EXAMPLES_CALENDAR_H
#define TONG_CLI_EXAMPLES_CALENDAR_H

#include "base/arena.h"
#include "base/lang.h"
#include "base/sink.h"
#include "cli/examples.h"

enum { CALENDAR_BLOCK_DAYS = 21, CALENDAR_DAYS_MAX = 2 * EXAMPLE_DAYS_MAX, CALENDAR_ROWS_MAX = 160 };

typedef enum calendar_side { CALENDAR_ALONE, CALENDAR_EXPECTED, CALENDAR_CAME, CALENDAR_DIFFERS } calendar_side;

struct calendar_row {
    const char *label;
    calendar_side side;
    const char **marks; // one a day, NULL for nothing
};

struct calendar {
    struct arena *arena;
    civil_day first;
    int32_t days;
    struct calendar_row rows[CALENDAR_ROWS_MAX];
    size_t row_count;
    bool failed; // memory ran out
};

// At most CALENDAR_DAYS_MAX days of the span; later ones are left out.
void calendar_begin(struct calendar *c, struct arena *arena, struct day_range span);
// NULL when there are too many rows or memory is short; the functions below accept it.
struct calendar_row *calendar_add(struct calendar *c, const char *label, calendar_side side);
void calendar_put(const struct calendar *c, struct calendar_row *row, civil_day day, const char *mark);
void calendar_put_range(const struct calendar *c, struct calendar_row *row, struct day_range range, const char *mark);
// Adds the row of differences between the two; none when they agree.
void calendar_compare(struct calendar *c, const struct calendar_row *expected, const struct calendar_row *came);
// `whole`: every week; otherwise the first block and those in which something differs.
void calendar_print(const struct calendar *c, lang language, bool whole, struct sink *out);

#endif
