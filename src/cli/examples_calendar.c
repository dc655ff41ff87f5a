#include "cli/examples_calendar.h"

#include <assert.h>
#include <string.h>

enum { CALENDAR_LABEL = 10, CALENDAR_SIDE = 5, CALENDAR_CELL = 3 }; // columns: 15 + 21 * 3 - 1 = 77

void calendar_begin(struct calendar *c, struct arena *arena, struct day_range span)
{
    assert(span.first.d != CIVIL_DAY_NONE && span.first.d <= span.last.d);
    int32_t days = span.last.d - span.first.d + 1;
    *c = (struct calendar){
        .arena = arena, .first = span.first, .days = days > CALENDAR_DAYS_MAX ? CALENDAR_DAYS_MAX : days};
}

struct calendar_row *calendar_add(struct calendar *c, const char *label, calendar_side side)
{
    const char **marks = arena_array(c->arena, (size_t)c->days, sizeof *marks);
    if (marks == NULL || label == NULL) c->failed = true;
    if (marks == NULL || label == NULL || c->row_count == CALENDAR_ROWS_MAX) return NULL;
    struct calendar_row *row = &c->rows[c->row_count++];
    *row = (struct calendar_row){label, side, marks};
    return row;
}

void calendar_put(const struct calendar *c, struct calendar_row *row, civil_day day, const char *mark)
{
    if (row == NULL || day.d == CIVIL_DAY_NONE || day.d < c->first.d || day.d >= c->first.d + c->days) return;
    row->marks[day.d - c->first.d] = mark;
}

void calendar_put_range(const struct calendar *c, struct calendar_row *row, struct day_range range, const char *mark)
{
    for (civil_day day = range.first; day.d <= range.last.d; day.d++) calendar_put(c, row, day, mark);
}

void calendar_compare(struct calendar *c, const struct calendar_row *expected, const struct calendar_row *came)
{
    if (expected == NULL || came == NULL) return;
    struct calendar_row *row = NULL;
    for (int32_t i = 0; i < c->days; i++) {
        const char *a = expected->marks[i], *b = came->marks[i];
        if (a == b || (a != NULL && b != NULL && strcmp(a, b) == 0)) continue;
        if (row == NULL) row = calendar_add(c, "", CALENDAR_DIFFERS);
        if (row == NULL) return;
        row->marks[i] = "^";
    }
}

// ---- printing ----

static void calendar_pad(struct sink *out, const char *text, size_t columns)
{
    size_t used = str_columns(str_z(text));
    sink_printf(out, "%s%*s", text, used < columns ? (int)(columns - used) : 0, "");
}

// The month stands over the first day of the block and over the first of each month.
static void calendar_months(const struct calendar *c, int32_t from, int32_t to, struct sink *out)
{
    enum { MONTH_CELLS = 3 }; // "2022-07" and two spaces
    int gap = CALENDAR_LABEL + CALENDAR_SIDE;
    int32_t taken = 0;
    for (int32_t i = from; i < to; i++) {
        civil_day day = {c->first.d + i};
        if (taken == 0 && (i == from || civil_to_date(day).day == 1)) {
            char text[CIVIL_TEXT];
            civil_format(day, text);
            sink_printf(out, "%*s%.7s", gap, "", text);
            gap = 2;
            taken = MONTH_CELLS;
        } else if (taken == 0) {
            gap += CALENDAR_CELL;
        }
        if (taken > 0) taken--;
    }
    sink_char(out, '\n');
}

static void calendar_heading(const struct calendar *c, lang language, int32_t from, int32_t to, struct sink *out)
{
    static const struct label weekdays[] = {LABEL("Mo", "一"), LABEL("Tu", "二"), LABEL("We", "三"), LABEL("Th", "四"),
                                            LABEL("Fr", "五"), LABEL("Sa", "六"), LABEL("Su", "日")};
    calendar_months(c, from, to, out);
    sink_printf(out, "%*s", CALENDAR_LABEL + CALENDAR_SIDE, "");
    for (int32_t i = from; i < to; i++)
        sink_printf(out, "%02d%s", (int)civil_to_date((civil_day){c->first.d + i}).day, i + 1 < to ? " " : "\n");
    sink_printf(out, "%*s", CALENDAR_LABEL + CALENDAR_SIDE, "");
    for (int32_t i = from; i < to; i++) {
        int32_t weekday = civil_weekday((civil_day){c->first.d + i});
        sink_printf(out, "%s%s", weekdays[weekday - 1].text[language], i + 1 < to ? " " : "\n");
    }
}

static bool calendar_row_empty(const struct calendar_row *row, int32_t from, int32_t to)
{
    for (int32_t i = from; i < to; i++)
        if (row->marks[i] != NULL) return false;
    return true;
}

static void calendar_row_print(const struct calendar_row *row, lang language, int32_t from, int32_t to,
                               struct sink *out)
{
    static const struct label expected = LABEL("want", "预期"), came = LABEL("got", "实际");
    bool second = row->side == CALENDAR_CAME || row->side == CALENDAR_DIFFERS;
    calendar_pad(out, second ? "" : row->label, CALENDAR_LABEL);
    calendar_pad(out,
                 row->side == CALENDAR_EXPECTED ? expected.text[language]
                 : row->side == CALENDAR_CAME   ? came.text[language]
                                                : "",
                 CALENDAR_SIDE);
    int32_t end = to; // nothing is written behind the last mark of a row of differences
    while (row->side == CALENDAR_DIFFERS && end > from && row->marks[end - 1] == NULL) end--;
    for (int32_t i = from; i < end; i++) {
        const char *mark = row->marks[i] != NULL ? row->marks[i] : row->side == CALENDAR_DIFFERS ? "" : ".";
        if (i + 1 < end) calendar_pad(out, mark, CALENDAR_CELL);
        else sink_text(out, mark);
    }
    sink_char(out, '\n');
}

static bool calendar_block_differs(const struct calendar *c, int32_t from, int32_t to)
{
    for (size_t r = 0; r < c->row_count; r++)
        if (c->rows[r].side == CALENDAR_DIFFERS && !calendar_row_empty(&c->rows[r], from, to)) return true;
    return false;
}

void calendar_print(const struct calendar *c, lang language, bool whole, struct sink *out)
{
    bool skipped = false;
    for (int32_t from = 0; from < c->days; from += CALENDAR_BLOCK_DAYS) {
        int32_t to = from + CALENDAR_BLOCK_DAYS < c->days ? from + CALENDAR_BLOCK_DAYS : c->days;
        if (!whole && from > 0 && !calendar_block_differs(c, from, to)) {
            skipped = true;
            continue;
        }
        if (from > 0) sink_text(out, skipped ? "...\n" : "\n");
        skipped = false;
        calendar_heading(c, language, from, to, out);
        for (size_t r = 0; r < c->row_count; r++)
            if (c->rows[r].side != CALENDAR_DIFFERS || !calendar_row_empty(&c->rows[r], from, to))
                calendar_row_print(&c->rows[r], language, from, to, out);
    }
    if (skipped) sink_text(out, "...\n");
}
