#include "epi/chart.h"

#include "base/arena.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { CHART_TEXT_SIZE = 12, CHART_TITLE_SIZE = 15, CHART_NOTE_SIZE = 10 };
static const uint32_t chart_palette[CHART_COLORS] = {0x0072B2, 0xD55E00, 0x009E73, 0xCC79A7,
                                                     0xE69F00, 0x56B4E9, 0x8C6D31, 0x333333};
static const uint32_t chart_ink = 0x222222, chart_soft = 0x666666, chart_grid = 0xE3E3E3, chart_grey = 0x9A9A9A;

struct chart_frame {
    const struct chart *c;
    const struct chart_pen *pen;
    lang language;
    double left, right, top, bottom; // of the plot, points from the upper left corner
    struct chart_axis x, y;
    bool rows; // intervals
    size_t row_count;
    struct chart_point *point; // room for the longest series, twice
};

struct chart_series *chart_add(struct chart *c, chart_mark mark, struct label name, const double *x, const double *y,
                               const double *y2, size_t n)
{
    if (c->count < CHART_SERIES_MAX) c->count++;
    struct chart_series *s = &c->series[c->count - 1];
    int32_t color = (int32_t)((c->count - 1) % CHART_COLORS);
    *s = (struct chart_series){.mark = mark, .name = name, .x = x, .y = y, .y2 = y2, .n = n, .color = color};
    return s;
}

void chart_size(const struct chart *c, double *width, double *height)
{
    *width = c->width > 0 ? c->width : 720;
    *height = c->height > 0 ? c->height : 400;
}

static uint32_t chart_color(const struct chart_series *s)
{
    return s->color < 0 ? chart_grey : chart_palette[s->color % CHART_COLORS];
}

// About as wide as the text is: no font is asked, so that every output has the same layout.
static double chart_text_width(const char *text, double size)
{
    return 0.56 * size * (double)str_columns(str_z(text));
}

static double chart_x(const struct chart_frame *f, double v)
{
    double part =
        f->rows && f->c->log_scale ? log(v / f->x.lo) / log(f->x.hi / f->x.lo) : (v - f->x.lo) / (f->x.hi - f->x.lo);
    return f->left + part * (f->right - f->left);
}

static double chart_y(const struct chart_frame *f, double v)
{
    double part = f->c->log_scale ? log(v / f->y.lo) / log(f->y.hi / f->y.lo) : (v - f->y.lo) / (f->y.hi - f->y.lo);
    return f->bottom - part * (f->bottom - f->top);
}

static void chart_line(const struct chart_frame *f, double x0, double y0, double x1, double y1, uint32_t color,
                       double width, bool dashed)
{
    struct chart_point p[2] = {{x0, y0}, {x1, y1}};
    f->pen->path(f->pen->payload, &(struct chart_path){.point = p,
                                                       .n = 2,
                                                       .stroke = color,
                                                       .fill = CHART_NO_COLOR,
                                                       .width = width,
                                                       .opacity = 1,
                                                       .dashed = dashed});
}

static void chart_box(const struct chart_frame *f, double x0, double y0, double x1, double y1, uint32_t color,
                      double opacity)
{
    struct chart_point p[4] = {{x0, y0}, {x1, y0}, {x1, y1}, {x0, y1}};
    f->pen->path(f->pen->payload,
                 &(struct chart_path){
                     .point = p, .n = 4, .closed = true, .fill = color, .stroke = CHART_NO_COLOR, .opacity = opacity});
}

static void chart_write(const struct chart_frame *f, double x, double y, double size, int32_t anchor, uint32_t color,
                        const char *text)
{
    if (text[0] != 0)
        f->pen->text(f->pen->payload, &(struct chart_text){x, y, size, anchor, false, false, color, text});
}

// ---- ranges ----

static void chart_reach(double v, double *lo, double *hi)
{
    if (!isfinite(v)) return;
    *lo = fmin(*lo, v);
    *hi = fmax(*hi, v);
}

static bool chart_usable(const struct chart *c, double v)
{
    return isfinite(v) && fabs(v) < 1e100 && (!c->log_scale || v > 0);
}

static double chart_stack(const struct chart *c, size_t series, size_t i)
{
    double sum = 0;
    for (size_t s = 0; s <= series; s++)
        if (c->series[s].mark == CHART_BARS && i < c->series[s].n && isfinite(c->series[s].y[i]))
            sum += c->series[s].y[i];
    return sum;
}

static void chart_ranges(const struct chart_frame *f, double x[2], double y[2])
{
    const struct chart *c = f->c;
    double half = (c->bar > 0 ? c->bar : 1) / 2;
    for (size_t s = 0; s < c->count; s++) {
        const struct chart_series *e = &c->series[s];
        for (size_t i = 0; i < e->n; i++) {
            double value = e->mark == CHART_BARS ? chart_stack(c, s, i) : e->y[i];
            if (f->rows) {
                const double part[3] = {e->x[i], e->y[i], e->y2[i]};
                for (int k = 0; k < 3; k++)
                    if (chart_usable(c, part[k])) chart_reach(part[k], &x[0], &x[1]);
                continue;
            }
            if (!isfinite(e->x[i])) continue;
            bool bars = e->mark == CHART_BARS;
            chart_reach(e->x[i] - (bars ? half : 0), &x[0], &x[1]);
            chart_reach(e->x[i] + (bars ? half : 0), &x[0], &x[1]);
            if (chart_usable(c, value)) chart_reach(value, &y[0], &y[1]);
            if (e->y2 != NULL && chart_usable(c, e->y2[i])) chart_reach(e->y2[i], &y[0], &y[1]);
        }
    }
}

static void chart_spread(double range[2], bool log_scale)
{
    if (range[0] < range[1]) return;
    if (log_scale) range[0] /= 2, range[1] *= 2;
    else range[0] -= 0.5 + 1e-6 * fabs(range[0]), range[1] += 0.5 + 1e-6 * fabs(range[1]);
}

static tong_code chart_axes(struct chart_frame *f, struct err *err)
{
    const struct chart *c = f->c;
    double x[2] = {HUGE_VAL, -HUGE_VAL}, y[2] = {HUGE_VAL, -HUGE_VAL};
    chart_ranges(f, x, y);
    if (!(x[0] <= x[1]) || (!f->rows && !(y[0] <= y[1])))
        return tong_fail(err, TONG_E_INVALID, "a chart without points");
    if (c->has_rule && chart_usable(c, c->rule)) chart_reach(c->rule, f->rows ? &x[0] : &y[0], f->rows ? &x[1] : &y[1]);
    chart_spread(x, f->rows && c->log_scale);
    if (c->days && (x[0] < CIVIL_DAY_MIN || x[1] > CIVIL_DAY_MAX - 400))
        return tong_fail(err, TONG_E_INVALID, "a chart of days that are none");
    if (!(x[1] - x[0] > 1e-12 * fabs(x[1])) || fabs(x[0]) > 1e100 || fabs(x[1]) > 1e100)
        return tong_fail(err, TONG_E_INVALID, "a chart whose points lie too close together");
    if (f->rows) {
        if (c->log_scale) chart_axis_log(x[0] / 1.1, x[1] * 1.1, &f->x);
        else chart_axis_numbers(x[0], x[1], 8, c->part, true, &f->x);
        return TONG_OK;
    }
    if (!c->log_scale) y[0] = fmin(0, y[0]); // what is counted is seen against nothing
    chart_spread(y, c->log_scale);
    if (c->log_scale) chart_axis_log(y[0] / 1.1, y[1] * 1.1, &f->y);
    else chart_axis_numbers(y[0], y[1], 6, c->part, true, &f->y);
    double width = f->right - f->left;
    if (c->days) chart_axis_days(x[0], x[1], (int32_t)(width / 58), &f->x);
    else chart_axis_numbers(x[0], x[1], 10, false, false, &f->x);
    return TONG_OK;
}

// ---- drawing ----

static void chart_draw_axes(const struct chart_frame *f)
{
    const struct chart *c = f->c;
    for (size_t i = 0; i < f->y.n; i++) {
        double y = chart_y(f, f->y.at[i]);
        chart_line(f, f->left, y, f->right, y, chart_grid, 0.8, false);
        chart_write(f, f->left - 6, y + 4, CHART_TEXT_SIZE, 1, chart_ink, f->y.text[i]);
    }
    for (size_t i = 0; i < f->x.n; i++) {
        double x = chart_x(f, f->x.at[i]);
        if (f->rows) chart_line(f, x, f->top, x, f->bottom, chart_grid, 0.8, false);
        chart_line(f, x, f->bottom, x, f->bottom + 4, chart_ink, 1, false);
        chart_write(f, x, f->bottom + 17, CHART_TEXT_SIZE, 0, chart_ink, f->x.text[i]);
    }
    for (size_t i = 0; f->rows && c->categories != NULL && i < f->row_count; i++) {
        double y = f->top + ((double)i + 0.5) * (f->bottom - f->top) / (double)f->row_count;
        chart_write(f, f->left - 8, y + 4, CHART_TEXT_SIZE, 1, chart_ink, c->categories[i].text[f->language]);
    }
    chart_line(f, f->left, f->bottom, f->right, f->bottom, chart_ink, 1, false);
    chart_line(f, f->left, f->top, f->left, f->bottom, chart_ink, 1, false);
    if (c->has_rule && chart_usable(c, c->rule)) {
        double at = f->rows ? chart_x(f, c->rule) : chart_y(f, c->rule);
        if (f->rows) chart_line(f, at, f->top, at, f->bottom, chart_soft, 1, true);
        else chart_line(f, f->left, at, f->right, at, chart_soft, 1, true);
    }
}

static void chart_draw_bars(const struct chart_frame *f, size_t series)
{
    const struct chart_series *s = &f->c->series[series];
    double half = (f->c->bar > 0 ? f->c->bar : 1) / 2, unit = (f->right - f->left) / (f->x.hi - f->x.lo);
    double gap = 2 * half * unit > 5 ? 0.5 / unit : 0; // a hair between bars that are wide enough
    for (size_t i = 0; i < s->n; i++) {
        if (!isfinite(s->x[i]) || !isfinite(s->y[i]) || s->y[i] == 0) continue;
        double top = chart_stack(f->c, series, i);
        if (!chart_usable(f->c, top)) continue;
        double foot = f->c->log_scale ? fmax(top - s->y[i], f->y.lo) : top - s->y[i];
        chart_box(f, chart_x(f, s->x[i] - half + gap), chart_y(f, top), chart_x(f, s->x[i] + half - gap),
                  chart_y(f, foot), chart_color(s), 0.92);
    }
}

// Stretches without gaps, one path each.
static void chart_draw_curve(const struct chart_frame *f, const struct chart_series *s)
{
    const struct chart *c = f->c;
    bool ribbon = s->mark == CHART_RIBBON;
    for (size_t i = 0; i < s->n;) {
        size_t n = 0;
        while (i + n < s->n && isfinite(s->x[i + n]) && chart_usable(c, s->y[i + n]) &&
               (!ribbon || chart_usable(c, s->y2[i + n]))) {
            f->point[n] = (struct chart_point){chart_x(f, s->x[i + n]), chart_y(f, s->y[i + n])};
            n++;
        }
        size_t total = n;
        for (size_t k = n; ribbon && k > 0; k--)
            f->point[total++] = (struct chart_point){f->point[k - 1].x, chart_y(f, s->y2[i + k - 1])};
        struct chart_path path = {.point = f->point,
                                  .n = total,
                                  .closed = ribbon,
                                  .dashed = s->dashed,
                                  .fill = ribbon ? chart_color(s) : CHART_NO_COLOR,
                                  .stroke = ribbon ? CHART_NO_COLOR : chart_color(s),
                                  .width = 2,
                                  .opacity = ribbon ? 0.25 : 1};
        if (n > 1) f->pen->path(f->pen->payload, &path);
        else if (n == 1 && !ribbon)
            chart_box(f, f->point[0].x - 2, f->point[0].y - 2, f->point[0].x + 2, f->point[0].y + 2, chart_color(s), 1);
        i += n + 1;
    }
}

static void chart_dot(const struct chart_frame *f, double x, double y, double radius, uint32_t color)
{
    struct chart_point p[12];
    for (int k = 0; k < 12; k++) {
        double angle = 0.523598775598298873 * k; // pi / 6
        p[k] = (struct chart_point){x + radius * cos(angle), y + radius * sin(angle)};
    }
    f->pen->path(f->pen->payload,
                 &(struct chart_path){
                     .point = p, .n = 12, .closed = true, .fill = color, .stroke = CHART_NO_COLOR, .opacity = 1});
}

static void chart_draw_rows(const struct chart_frame *f, const struct chart_series *s)
{
    for (size_t i = 0; i < s->n; i++) {
        double y = f->top + ((double)i + 0.5) * (f->bottom - f->top) / (double)f->row_count;
        double lo = chart_usable(f->c, s->y[i]) ? chart_x(f, s->y[i]) : f->left;
        double hi = chart_usable(f->c, s->y2[i]) ? chart_x(f, s->y2[i]) : f->right;
        if (isnan(s->y[i]) || isnan(s->y2[i])) continue;
        chart_line(f, lo, y, hi, y, chart_color(s), 1.6, false);
        if (chart_usable(f->c, s->x[i])) chart_dot(f, chart_x(f, s->x[i]), y, 3.5, chart_color(s));
    }
}

static void chart_draw_series(const struct chart_frame *f)
{
    static const chart_mark order[] = {CHART_BARS, CHART_RIBBON, CHART_LINE, CHART_POINTS, CHART_INTERVALS};
    for (size_t m = 0; m < sizeof order / sizeof order[0]; m++)
        for (size_t k = 0; k < f->c->count; k++) {
            const struct chart_series *s = &f->c->series[k];
            if (s->mark != order[m]) continue;
            if (s->mark == CHART_BARS) chart_draw_bars(f, k);
            else if (s->mark == CHART_INTERVALS) chart_draw_rows(f, s);
            else if (s->mark != CHART_POINTS) chart_draw_curve(f, s);
            else
                for (size_t i = 0; i < s->n; i++)
                    if (isfinite(s->x[i]) && chart_usable(f->c, s->y[i]))
                        chart_dot(f, chart_x(f, s->x[i]), chart_y(f, s->y[i]), 2.6, chart_color(s));
        }
}

// The keys stand above the plot, from the left, in as many lines as they need. Returns their height; draws with `draw`.
static double chart_legend(const struct chart_frame *f, double y, bool draw)
{
    double x = f->left, line = 0;
    for (size_t k = 0; k < f->c->count; k++) {
        const struct chart_series *s = &f->c->series[k];
        const char *name = s->name.text[f->language];
        if (name == NULL || name[0] == 0) continue;
        double width = 24 + chart_text_width(name, CHART_TEXT_SIZE);
        if (line == 0) line = 18;
        else if (x + width > f->right) {
            x = f->left;
            line += 18;
        }
        double at = y + line - 6;
        if (draw) {
            bool stroke = s->mark == CHART_LINE;
            if (stroke) chart_line(f, x, at - 4, x + 14, at - 4, chart_color(s), 2, s->dashed);
            else chart_box(f, x, at - 9, x + 12, at + 1, chart_color(s), s->mark == CHART_RIBBON ? 0.25 : 0.92);
            chart_write(f, x + 18, at, CHART_TEXT_SIZE, -1, chart_ink, name);
        }
        x += width + 12;
    }
    return line;
}

static void chart_draw_words(const struct chart_frame *f, double width, double height, double legend_y)
{
    const struct chart *c = f->c;
    const char *title = c->title.text[f->language], *x = c->x_label.text[f->language],
               *y = c->y_label.text[f->language];
    char with_years[200];
    f->pen->text(f->pen->payload,
                 &(struct chart_text){f->left, 22, CHART_TITLE_SIZE, -1, false, true, chart_ink, title});
    (void)chart_legend(f, legend_y, true);
    if (c->days && f->x.n > 0 && strlen(f->x.text[0]) == 5) { // "06-28" does not say its year
        int first = civil_to_date((civil_day){(int32_t)floor(f->x.lo)}).year;
        int last = civil_to_date((civil_day){(int32_t)ceil(f->x.hi)}).year;
        if (first == last) (void)snprintf(with_years, sizeof with_years, "%s, %d", x, first);
        else (void)snprintf(with_years, sizeof with_years, "%s, %d–%d", x, first, last);
        x = with_years;
    }
    chart_write(f, (f->left + f->right) / 2, f->bottom + 36, CHART_TEXT_SIZE, 0, chart_ink, x);
    if (y[0] != 0 && !f->rows)
        f->pen->text(f->pen->payload,
                     &(struct chart_text){16, (f->top + f->bottom) / 2, CHART_TEXT_SIZE, 0, true, false, chart_ink, y});
    chart_write(f, f->left, height - 8, CHART_NOTE_SIZE, -1, chart_soft, c->note.text[f->language]);
    (void)width;
}

// How far in the plot begins: the widest text left of it.
static double chart_margin(const struct chart_frame *f)
{
    double widest = 0;
    for (size_t i = 0; i < f->y.n; i++) widest = fmax(widest, chart_text_width(f->y.text[i], CHART_TEXT_SIZE));
    for (size_t i = 0; f->rows && f->c->categories != NULL && i < f->row_count; i++)
        widest = fmax(widest, chart_text_width(f->c->categories[i].text[f->language], CHART_TEXT_SIZE));
    return fmin(widest + (f->rows ? 16 : 36), 300);
}

tong_code chart_draw(const struct chart *c, lang language, const struct chart_pen *pen, struct err *err)
{
    struct chart_frame f = {.c = c, .pen = pen, .language = language};
    double width, height;
    size_t longest = 0;
    chart_size(c, &width, &height);
    for (size_t s = 0; s < c->count; s++) {
        if (c->series[s].n > longest) longest = c->series[s].n;
        f.rows = f.rows || c->series[s].mark == CHART_INTERVALS;
    }
    if (longest > CHART_POINTS_MAX) return tong_fail(err, TONG_E_LIMIT, "a chart of %zu points", longest);
    f.row_count = longest;
    f.left = 60;
    f.right = width - 18;
    tong_code code = chart_axes(&f, err);
    if (code != TONG_OK) return code;
    struct arena arena = {0};
    f.point = arena_array(&arena, 2 * longest + 1, sizeof *f.point);
    if (f.point == NULL) return tong_fail(err, TONG_E_NOMEM, "a chart of %zu points", longest);
    f.left = chart_margin(&f);
    double legend_y = 28, legend = chart_legend(&f, legend_y, false);
    f.top = legend_y + legend + 12;
    f.bottom = height - (c->note.text[language][0] != 0 ? 64 : 46);
    chart_box(&f, 0, 0, width, height, 0xFFFFFF, 1);
    chart_draw_axes(&f);
    chart_draw_series(&f);
    chart_draw_words(&f, width, height, legend_y);
    arena_free(&arena);
    return TONG_OK;
}
