// chart.h -- a figure as what it shows, drawn by whoever has a pen.
//
// A chart is a handful of series on common axes: bars (stacked in their order), lines, ribbons between two lines,
// points, and intervals in rows (a forest plot). chart_draw lays it out and calls the pen; chart_svg is one pen,
// others draw PNG and PDF with a library, so all of them show the same picture. Colours are those of M. Okabe & K. Ito
// (2008), which people with any colour vision can tell apart; tick steps are 1, 2 or 5 times a power of ten (P.
// Heckbert, Graphics Gems, 1990), those of days are days, weeks from Monday on, months or years.
//
// Values that are not finite are gaps. Texts are borrowed and must live as long as the chart.
#ifndef TONG_EPI_CHART_H
#define TONG_EPI_CHART_H

#include "base/civil.h"
#include "base/lang.h"
#include "base/sink.h"

typedef enum chart_mark {
    CHART_BARS, // at x, of width `bar`, height y; several stand on one another and share their x
    CHART_LINE,
    CHART_RIBBON, // between y and y2
    CHART_POINTS,
    CHART_INTERVALS // a row each: x, with limits y and y2 along the x axis; alone in its chart, with categories
} chart_mark;

struct chart_series {
    chart_mark mark;
    struct label name; // in the legend; "": not there
    const double *x, *y, *y2;
    size_t n;
    int32_t color; // of the palette, from 0; CHART_GREY
    bool dashed;
};
enum { CHART_SERIES_MAX = 24, CHART_GREY = -1, CHART_COLORS = 8, CHART_POINTS_MAX = 200000 };

struct chart {
    struct label title, x_label, y_label;
    struct label note; // small, under the axis: denominator and source
    bool days;         // x is in days since 1970-01-01
    bool part;         // y (x of intervals) is a fraction, shown in per cent
    bool log_scale;    // of y; of x for intervals. Values that are not above 0 are gaps
    double bar;        // width of a bar in units of x; 0 is 1
    bool has_rule;     // a dashed line at y (intervals: at x)
    double rule;
    const struct label *categories; // of the rows of intervals
    struct chart_series series[CHART_SERIES_MAX];
    size_t count;
    double width, height; // points; 0 and 0 are 720 by 400
};

// The next series, of the next colour, or the last one again when there are CHART_SERIES_MAX.
struct chart_series *chart_add(struct chart *c, chart_mark mark, struct label name, const double *x, const double *y,
                               const double *y2, size_t n);

struct chart_point {
    double x, y;
};
#define CHART_NO_COLOR UINT32_MAX
struct chart_path {
    const struct chart_point *point;
    size_t n;
    bool closed, dashed;
    uint32_t fill, stroke; // 0xRRGGBB, CHART_NO_COLOR
    double width, opacity; // of the stroke in points; of both, 0 to 1
};
struct chart_text {
    double x, y, size; // baseline, points
    int32_t anchor;    // -1 begins at x, 0 is centred on it, 1 ends there
    bool upright;      // turned by a quarter to the left
    bool bold;
    uint32_t color;
    const char *text; // UTF-8
};
struct chart_pen {
    void *payload;
    void (*path)(void *payload, const struct chart_path *path);
    void (*text)(void *payload, const struct chart_text *text);
};
// TONG_E_INVALID: nothing to show, or a span of values no axis can hold. TONG_E_LIMIT: too many points. TONG_E_NOMEM.
// Nothing is drawn then.
tong_code chart_draw(const struct chart *c, lang language, const struct chart_pen *pen, struct err *err) TONG_MUST_USE;
// A whole SVG 1.1 document, or with `inside` an element for HTML.
tong_code chart_svg(const struct chart *c, lang language, bool inside, struct sink *out, struct err *err) TONG_MUST_USE;
void chart_size(const struct chart *c, double *width, double *height);

// ---- axes ----
enum { CHART_TICKS_MAX = 40, CHART_TICK_TEXT = 24 };
struct chart_axis {
    double lo, hi;
    double at[CHART_TICKS_MAX];
    char text[CHART_TICKS_MAX][CHART_TICK_TEXT];
    size_t n;
};
// Ticks for lo .. hi, which are moved out to ticks where `widen` says so. At most about `wanted` of them.
void chart_axis_numbers(double lo, double hi, int32_t wanted, bool part, bool widen, struct chart_axis *out);
void chart_axis_log(double lo, double hi, struct chart_axis *out);
void chart_axis_days(double lo, double hi, int32_t wanted, struct chart_axis *out);

#endif
