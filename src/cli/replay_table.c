#include "cli/replay_table.h"

#include <assert.h>
#include <stdarg.h>
#include <string.h>

void replay_heading(struct sink *out, const struct replay_style *style, const char *text)
{
    sink_printf(out, style->bold ? "\n\033[1m%s\033[0m\n" : "\n%s\n", text);
    for (size_t i = str_columns(str_z(text)); i > 0; i--) sink_text(out, "─");
    sink_char(out, '\n');
}

static size_t table_char_bytes(struct str s)
{
    unsigned char c = (unsigned char)s.p[0];
    size_t n = c < 0x80 ? 1 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4;
    return n < s.n ? n : s.n;
}

// A mark that may not begin a line.
static bool table_closes(struct str c)
{
    static const char *const marks[] = {"，", "。", "；", "：", "、", "）", "”", "！",
                                        "？", "》", ",",  ".",  ";",  ":",  ")"};
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++)
        if (str_eq_z(c, marks[i])) return true;
    return false;
}

// The next piece that must not be broken: a wide character, or a run of narrow ones; with the marks that follow it.
static struct str table_piece(struct str rest)
{
    size_t n = 0;
    bool wide = false;
    while (n < rest.n && rest.p[n] != ' ' && rest.p[n] != '\n') {
        struct str c = {rest.p + n, rest.n - n};
        c.n = table_char_bytes(c);
        bool is_wide = str_columns(c) == 2;
        if (n > 0 && (wide || is_wide) && !table_closes(c)) break;
        wide = wide || is_wide;
        n += c.n;
    }
    return (struct str){rest.p, n};
}

void replay_paragraph(struct sink *out, const struct replay_style *style, const char *first, const char *next,
                      const char *text)
{
    size_t indent = str_columns(str_z(first)), at = indent;
    size_t width = (size_t)style->width > indent + 20 ? (size_t)style->width : indent + 20;
    struct str rest = str_z(text);
    bool blank = false, begun = false;
    if (text[0] == 0) {
        struct str bare = str_z(first);
        while (bare.n > 0 && bare.p[bare.n - 1] == ' ') bare.n--;
        sink_printf(out, "%.*s\n", STR_ARG(bare));
        return;
    }
    sink_text(out, first);
    while (rest.n > 0) {
        if (rest.p[0] == ' ' || rest.p[0] == '\n') {
            blank = true;
            rest.p++;
            rest.n--;
            continue;
        }
        struct str piece = table_piece(rest);
        size_t columns = str_columns(piece) + (blank && begun ? 1 : 0);
        if (begun && at + columns > width) {
            if (next == NULL) sink_printf(out, "\n%*s", (int)indent, "");
            else sink_printf(out, "\n%s", next);
            at = indent;
            columns = str_columns(piece);
        } else if (blank && begun) {
            sink_char(out, ' ');
        }
        sink_bytes(out, piece.p, piece.n);
        at += columns;
        begun = true;
        blank = false;
        rest.p += piece.n;
        rest.n -= piece.n;
    }
    sink_char(out, '\n');
}

char *replay_cut(struct arena *arena, struct str text, size_t columns)
{
    assert(columns >= 2);
    if (str_columns(text) <= columns) return arena_copy(arena, text.p, text.n);
    size_t n = 0, used = 0;
    while (n < text.n) {
        struct str c = {text.p + n, text.n - n};
        c.n = table_char_bytes(c);
        if (used + str_columns(c) > columns - 1) break;
        used += str_columns(c);
        n += c.n;
    }
    return arena_printf(arena, "%.*s…", (int)n, text.p);
}

// ---- tables ----

struct replay_table replay_table_of(struct arena *arena)
{
    return (struct replay_table){.arena = arena};
}

void replay_table_column(struct replay_table *t, const char *title, bool right)
{
    assert(t->columns < REPLAY_COLUMNS_MAX && t->count == 0);
    t->title[t->columns] = title;
    t->right[t->columns++] = right;
}

static void table_add(struct replay_table *t, const char *text)
{
    const char **grown = t->failed ? NULL : arena_grow(t->arena, t->cells, t->count, &t->cap, sizeof *t->cells);
    if (grown == NULL) {
        t->failed = true;
        return;
    }
    t->cells = grown;
    t->cells[t->count++] = text;
}

void replay_table_cell(struct replay_table *t, const char *fmt, ...)
{
    char text[512];
    va_list args;
    va_start(args, fmt);
    (void)vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    char *copy = arena_copy(t->arena, text, strlen(text));
    if (copy == NULL) t->failed = true;
    else table_add(t, copy);
}

void replay_table_number(struct replay_table *t, int64_t value)
{
    if (value == 0) table_add(t, "·");
    else replay_table_cell(t, "%lld", (long long)value);
}

void replay_table_across(struct replay_table *t, const char *text)
{
    assert(t->columns >= 2 && t->count % t->columns == 0);
    table_add(t, text);
    for (size_t i = 1; i < t->columns; i++) table_add(t, NULL);
}

static void table_row(const struct replay_table *t, const char *const *cells, const size_t *widths, struct sink *out,
                      const char *indent)
{
    sink_text(out, indent);
    for (size_t c = 0; c < t->columns; c++) {
        size_t used = str_columns(str_z(cells[c])), pad = widths[c] > used ? widths[c] - used : 0;
        bool last = c + 1 == t->columns;
        if (last && cells[c][0] == 0) break;
        if (c > 0) sink_text(out, "  ");
        if (t->right[c]) sink_printf(out, "%*s%s", (int)pad, "", cells[c]);
        else sink_printf(out, "%s%*s", cells[c], last ? 0 : (int)pad, "");
    }
    sink_char(out, '\n');
}

void replay_table_print(const struct replay_table *t, struct sink *out, const struct replay_style *style,
                        const char *indent)
{
    size_t widths[REPLAY_COLUMNS_MAX] = {0}, rows = t->count / t->columns;
    bool titled = false;
    for (size_t c = 0; c < t->columns; c++) {
        widths[c] = str_columns(str_z(t->title[c]));
        titled = titled || t->title[c][0] != 0;
    }
    for (size_t r = 0; r < rows; r++) {
        const char *const *cells = t->cells + r * t->columns;
        for (size_t c = 0; c < t->columns && cells[1] != NULL; c++) {
            size_t used = str_columns(str_z(cells[c]));
            if (used > widths[c]) widths[c] = used;
        }
    }
    if (titled) {
        if (style->bold) sink_text(out, "\033[1m");
        table_row(t, t->title, widths, out, indent);
        if (style->bold) sink_text(out, "\033[0m");
    }
    for (size_t r = 0; r < rows; r++) {
        const char *const *cells = t->cells + r * t->columns;
        if (cells[1] == NULL) replay_paragraph(out, style, indent, NULL, cells[0]);
        else table_row(t, cells, widths, out, indent);
    }
}

// ---- bars ----

void replay_bar(char out[REPLAY_BAR_BYTES], int64_t value, int64_t most, int32_t columns)
{
    static const char *const part[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
    assert(columns > 0 && columns <= 64 && value >= 0);
    int64_t eighths = most <= 0 ? 0 : (int64_t)((double)value / (double)most * columns * 8 + 0.5);
    if (eighths > (int64_t)columns * 8) eighths = (int64_t)columns * 8;
    if (value > 0 && eighths == 0) eighths = 1;
    size_t n = 0;
    for (int64_t i = 0; i < eighths / 8; i++, n += 3) memcpy(out + n, "█", 3);
    const char *rest = part[eighths % 8];
    memcpy(out + n, rest, strlen(rest) + 1);
}

struct chart_bins {
    int64_t *values;
    int32_t count, days; // of each bin
    civil_day first;
    int64_t most;
};

// A bin a day if that fits, else whole weeks from Monday on, as many as needed.
static tong_code chart_bin(const struct replay_chart *chart, int32_t room, struct arena *arena, struct chart_bins *out,
                           struct err *err)
{
    *out = (struct chart_bins){.days = 1, .first = chart->first};
    if (chart->days > room) {
        out->first.d -= civil_weekday(chart->first) - 1;
        int32_t span = chart->first.d + chart->days - out->first.d;
        out->days = 7;
        while ((span + out->days - 1) / out->days > room) out->days += 7;
    }
    int32_t lead = chart->first.d - out->first.d;
    out->count = (lead + chart->days + out->days - 1) / out->days;
    out->values = arena_array(arena, (size_t)out->count, sizeof *out->values);
    if (out->values == NULL) return tong_fail(err, TONG_E_NOMEM, "a chart");
    for (int32_t d = 0; d < chart->days; d++) {
        int64_t *bin = &out->values[(lead + d) / out->days];
        *bin += chart->values[d];
        if (*bin > out->most) out->most = *bin;
    }
    return TONG_OK;
}

static void chart_title(const struct replay_chart *chart, const struct chart_bins *bins, struct sink *out,
                        const struct replay_style *style)
{
    static const struct label per_day = LABEL("per day", "按日"),
                              per_week = LABEL("per week, from Monday", "按周（周一起）"),
                              per_weeks = LABEL("per %d weeks", "每 %d 周");
    sink_printf(out, style->language == LANG_ZH ? "  %s（" : "  %s (", chart->title);
    if (bins->days == 1) sink_text(out, per_day.text[style->language]);
    else if (bins->days == 7) sink_text(out, per_week.text[style->language]);
    else sink_printf(out, per_weeks.text[style->language], (int)bins->days / 7);
    sink_text(out, style->language == LANG_ZH ? "）\n" : ")\n");
}

// Dates under the axis wherever there is room for one.
static void chart_dates(const struct chart_bins *bins, int32_t wide, int32_t label_columns, struct sink *out)
{
    sink_printf(out, "  %*s  ", (int)label_columns, "");
    int32_t at = 0, total = bins->count * wide;
    int32_t every = bins->days == 1 ? (wide >= 2 ? 7 : 14) : (12 + wide - 1) / wide;
    for (int32_t b = 0; b < bins->count; b += every) {
        char text[CIVIL_TEXT];
        int32_t want = b * wide;
        civil_format((civil_day){bins->first.d + b * bins->days}, text);
        const char *shown = b == 0 ? text : text + (bins->days == 1 ? 5 : 2);
        int32_t n = (int32_t)strlen(shown);
        if (want < at + (at > 0 ? 1 : 0) || (b > 0 && want + n > total + 8)) continue;
        sink_printf(out, "%*s%s", (int)(want - at), "", shown);
        at = want + n;
    }
    sink_char(out, '\n');
}

tong_code replay_chart_print(const struct replay_chart *chart, struct sink *out, const struct replay_style *style,
                             struct arena *arena, struct err *err)
{
    static const char *const part[] = {" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
    assert(chart->days > 0 && chart->height > 0);
    char label[24];
    int32_t label_columns = 4, room = style->width - label_columns - 6;
    struct chart_bins bins;
    tong_code code = chart_bin(chart, room, arena, &bins, err);
    if (code != TONG_OK) return code;
    int32_t wide = room / bins.count;
    wide = wide > 3 ? 3 : wide < 1 ? 1 : wide;
    chart_title(chart, &bins, out, style);
    int64_t most = bins.most < 1 ? 1 : bins.most;
    int32_t height = most < chart->height ? (int32_t)most : chart->height; // never taller than one row a case
    for (int32_t row = height; row >= 1; row--) {
        bool marked = row == height || row == (height + 1) / 2;
        (void)snprintf(label, sizeof label, "%lld", (long long)(marked ? (most * row + height - 1) / height : 0));
        sink_printf(out, "  %*s %s", (int)label_columns, marked ? label : "", marked ? "┤" : "│");
        for (int32_t b = 0; b < bins.count; b++) {
            int64_t eighths = bins.values[b] * height * 8 / most - (int64_t)(row - 1) * 8;
            if (row == 1 && bins.values[b] > 0 && eighths < 1) eighths = 1;
            const char *block = part[eighths <= 0 ? 0 : eighths >= 8 ? 8 : eighths];
            for (int32_t w = 0; w < wide; w++) sink_text(out, w + 1 == wide && wide > 1 ? " " : block);
        }
        sink_char(out, '\n');
    }
    sink_printf(out, "  %*s └", (int)label_columns, "0");
    for (int32_t b = 0; b < bins.count * wide; b++) sink_text(out, "─");
    sink_char(out, '\n');
    chart_dates(&bins, wide, label_columns, out);
    return TONG_OK;
}
