// replay_table.h -- tables, bars and paragraphs for a terminal, in columns of characters that may be two wide.
#ifndef TONG_CLI_REPLAY_TABLE_H
#define TONG_CLI_REPLAY_TABLE_H

#include "base/arena.h"
#include "base/civil.h"
#include "base/lang.h"
#include "base/sink.h"

// How text is written: in which language, how wide, and whether headings may be set in bold.
struct replay_style {
    lang language;
    int32_t width;
    bool bold;
};
enum { REPLAY_WIDTH_LEAST = 60, REPLAY_WIDTH_MOST = 200, REPLAY_WIDTH_DEFAULT = 100 };

void replay_heading(struct sink *out, const struct replay_style *style, const char *text);
// A paragraph: the first line after `first`, the others after `next` (NULL: indented to the same column); broken at
// blanks and between Chinese characters, never before a closing mark.
void replay_paragraph(struct sink *out, const struct replay_style *style, const char *first, const char *next,
                      const char *text);
// A text cut to so many columns, with an ellipsis where something was lost.
char *replay_cut(struct arena *arena, struct str text, size_t columns);

// ---- tables ----
enum { REPLAY_COLUMNS_MAX = 16 };
struct replay_table {
    struct arena *arena;
    const char *title[REPLAY_COLUMNS_MAX];
    bool right[REPLAY_COLUMNS_MAX];
    size_t columns;
    const char **cells; // rows of `columns`; a row whose second cell is NULL is one text across
    size_t count, cap;  // cells
    bool failed;        // memory was short: what is printed is not complete
};
struct replay_table replay_table_of(struct arena *arena);
void replay_table_column(struct replay_table *t, const char *title, bool right); // before the first cell
void replay_table_cell(struct replay_table *t, const char *fmt, ...) TONG_PRINTF(2, 3);
void replay_table_number(struct replay_table *t, int64_t value); // a middle dot for 0
void replay_table_across(struct replay_table *t, const char *text);
void replay_table_print(const struct replay_table *t, struct sink *out, const struct replay_style *style,
                        const char *indent);

// ---- bars ----
enum { REPLAY_BAR_BYTES = 3 * 64 + 1 };
// A horizontal bar of at most `columns` (64 at most), in eighths; anything above 0 shows.
void replay_bar(char out[REPLAY_BAR_BYTES], int64_t value, int64_t most, int32_t columns);
// An upright bar chart of a series that begins on `first`: a column a day, or as many weeks a column as it takes to
// fit. The heading says which.
struct replay_chart {
    const char *title;
    civil_day first;
    const int64_t *values;
    int32_t days;
    int32_t height;
};
tong_code replay_chart_print(const struct replay_chart *chart, struct sink *out, const struct replay_style *style,
                             struct arena *arena, struct err *err) TONG_MUST_USE;

#endif
