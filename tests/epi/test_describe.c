// Results and charts: the same table as text, JSON and HTML; ticks where people expect them; and the end of an outbreak and
// false alarms over many series.
#include "base/rng.h"
#include "epi/ending.h"
#include "epi/false_alarm.h"
#include "epi/result_html.h"
#include "epi/serial.h"
#include "tap.h"

static const struct result_column column[] = {
    {"name", LABEL("name", "名称"), RESULT_TEXT}, {"n", LABEL("number", "数目"), RESULT_WHOLE},
    {"x", LABEL("real", "实数"), RESULT_REAL},    {"p", LABEL("part", "比例"), RESULT_PART},
    {"day", LABEL("day", "日期"), RESULT_DAY},    {"ok", LABEL("good", "可否"), RESULT_FLAG}};

static void fill(struct result *r)
{
    static const struct label note = LABEL("%d of %s.", "%d 个 %s。");
    static const double x[3] = {19000, 19001, 19002}, y[3] = {1, 5, 2};
    r->title = (struct label)LABEL("A title <&>", "标题");
    result_heading(r, (struct label)LABEL("Part one", "第一部分"));
    result_note(r, "count", &note, 7, "nine");
    result_warning(r, "careful", &note, 1, "<b>");
    result_says(r, false, "plain", (struct label)LABEL("plain", "直接"));
    result_begin(r, "table", (struct label)LABEL("Table", "表"), column, 6);
    result_about(r, (struct label)LABEL("everybody", "所有人"), "a.csv: onset");
    result_text(r, STR("甲 \"q\""));
    result_whole(r, -3);
    result_real(r, 12345.678);
    result_part(r, 0.0731);
    result_day(r, (civil_day){19000});
    result_flag(r, true);
    result_label(r, (struct label)LABEL("second", "第二"));
    result_none(r);
    result_real(r, HUGE_VAL);
    result_part(r, NAN);
    result_day(r, (civil_day){CIVIL_DAY_NONE});
    result_flag(r, false);
    result_label(r, (struct label)LABEL("third", "第三"));
    result_whole(r, 0);
    result_real(r, -HUGE_VAL);
    result_part(r, -HUGE_VAL);
    result_day(r, (civil_day){19000});
    result_flag(r, false);
    struct chart *c = result_chart(r);
    c->title = (struct label)LABEL("Chart <1>", "图");
    c->days = true;
    chart_add(c, CHART_BARS, (struct label)LABEL("seen", "所见"), x, y, NULL, 3);
}

static void test_result(void)
{
    struct arena a = {0};
    struct result r = {.arena = &a};
    struct sink text = {0}, json = {0}, html = {0};
    fill(&r);
    OK(!r.failed && r.count == 6 && result_find(&r, "table") != NULL && result_find(&r, "none") == NULL, "filled");
    EQ_INT(result_rows(result_find(&r, "table")), 3, "three rows");
    result_to_text(&r, LANG_EN, &text);
    const char *t = sink_kept(&text).p;
    OK(strstr(t, "== Part one ==") && strstr(t, "7 of nine.") && strstr(t, "! 1 of <b>.") &&
           strstr(t, "of: everybody") && strstr(t, "source: a.csv: onset"),
       "text has headings, sentences, denominator and source");
    OK(strstr(t, "7.31 %") && strstr(t, "12346") && strstr(t, "2022-01-08") && strstr(t, "∞") && strstr(t, "yes"),
       "and cells as people read them");
    result_find(&r, "table");
    r.items[4].table->rows_shown = 1;
    text.n = 0;
    result_to_text(&r, LANG_ZH, &text);
    OK(strstr(sink_kept(&text).p, "另有 2 行") && strstr(sink_kept(&text).p, "分母：所有人"),
       "a long table is cut, and that is said, in Chinese");
    result_to_json(&r, LANG_EN, &json);
    const char *j = sink_kept(&json).p;
    OK(strstr(j, "\"x\":12345.678") && strstr(j, "\"n\":null") && strstr(j, "\"day\":\"2022-01-08\"") &&
           strstr(j, "\"ok\":true") && !strstr(j, "nan") && !strstr(j, "inf"),
       "JSON has all digits, and null where there is no number");
    OK(strstr(j, "\"warnings\":[{\"name\":\"careful\"") && strstr(j, "\"denominator\":\"everybody\"") &&
           strstr(j, "\"complete\":true"),
       "and the warnings");
    result_to_html(&r, LANG_EN, &html);
    const char *h = sink_kept(&html).p;
    OK(strstr(h, "A title &lt;&amp;&gt;") && strstr(h, "1 of &lt;b&gt;") && !strstr(h, "<b>") && strstr(h, "<svg") &&
           strstr(h, "2 more rows"),
       "HTML escapes what it was given and holds the chart");
    struct label said = result_say(&a, &(struct label)LABEL("%d and %s", "%d 与 %s"), 3, "four");
    EQ_TEXT(said.text[LANG_ZH], "3 与 four", "a sentence in both languages");
    result_begin(&r, "small", (struct label)LABEL("Small", "小"), column + 2, 1);
    result_real(&r, 0.000123456);
    (void)result_chart(&r); // with nothing in it
    html.n = 0;
    result_to_html(&r, LANG_ZH, &html);
    OK(strstr(sink_kept(&html).p, "0.0001235") && strstr(sink_kept(&html).p, "暂无可绘制的内容"),
       "four digits of a small number; a chart of nothing says so");
    sink_close(&text);
    sink_close(&json);
    sink_close(&html);
    arena_free(&a);
}

// With every cap on the arena: the result is marked, nothing is written past its end, and the outputs say so.
static void test_short(void)
{
    bool complete = false;
    for (size_t cap = 1; cap < 400000 && !complete; cap = cap < 20000 ? cap + 16 : cap * 5 / 4) {
        struct arena a = {.bytes_max = cap};
        struct result r = {.arena = &a};
        struct sink text = {0}, html = {0};
        fill(&r);
        complete = !r.failed;
        result_to_text(&r, LANG_EN, &text);
        result_to_html(&r, LANG_ZH, &html);
        result_to_json(&r, LANG_EN, &html);
        CHECK(complete || strstr(sink_kept(&text).p, "memory was short"), "cap %zu", cap);
        sink_close(&text);
        sink_close(&html);
        arena_free(&a);
    }
    OK(complete, "with enough memory it is complete");
    static char longer[300000];
    memset(longer, 'a', sizeof longer - 1);
    for (int k = 0; k < 2; k++) { // the memory ends inside a table: at a long source, at some cell
        struct arena a = {0};
        struct result r = {.arena = &a};
        result_begin(&r, "t", (struct label)LABEL("t", "t"), column + 1, 1);
        a.bytes_max = a.bytes;
        if (k == 0) result_about(&r, (struct label)LABEL("", ""), longer);
        for (int i = 0; i < 100000 && k == 1; i++) result_whole(&r, i);
        OK(r.failed, "memory that ends in a table marks the result");
        arena_free(&a);
    }
}

static void test_axes(void)
{
    struct chart_axis x;
    chart_axis_numbers(0, 97, 6, false, true, &x);
    OK(x.hi == 100 && x.n == 6 && strcmp(x.text[1], "20") == 0, "0 to 97: ticks of 20 up to 100");
    chart_axis_numbers(0, 0.43, 6, true, true, &x);
    OK(strcmp(x.text[1], "10%") == 0 && fabs(x.hi - 0.5) < 1e-12, "fractions in per cent");
    chart_axis_numbers(-3, 3e7, 5, false, false, &x);
    OK(x.n >= 2 && x.lo == -3 && strcmp(x.text[0], "0") == 0 && strcmp(x.text[1], "1e+07") == 0,
       "large ones are short");
    chart_axis_numbers(0, 1e-8, 5, false, true, &x);
    OK(x.n >= 3 && strstr(x.text[1], "e-09") != NULL, "so are tiny ones");
    chart_axis_log(0.3, 40, &x);
    OK(x.n == 6 && x.at[0] == 0.5 && strcmp(x.text[5], "20") == 0, "logarithmic: 0.5 1 2 5 10 20");
    chart_axis_log(1, 1e9, &x);
    OK(x.n >= 4 && x.n < 10 && x.at[1] / x.at[0] >= 9.9, "over many decades whole ones");
    const int32_t day = 19177; // 2022-07-04, a Monday
    chart_axis_days(day, day + 6, 10, &x);
    OK(x.n == 7 && strcmp(x.text[0], "07-04") == 0, "a week: every day");
    chart_axis_days(day - 3, day + 40, 10, &x);
    OK(x.at[0] == day && x.at[1] == day + 7, "six weeks: Mondays");
    chart_axis_days(day, day + 300, 10, &x);
    OK(strcmp(x.text[0], "2022-08") == 0 && strcmp(x.text[1], "2022-09") == 0, "ten months: firsts of months");
    chart_axis_days(day, day + 3650, 8, &x);
    OK(strlen(x.text[0]) == 4 && x.n >= 4, "ten years: years");
    chart_axis_days(-300000, 370000, 6, &x);
    OK(x.n >= 1 && x.n < CHART_TICKS_MAX, "two thousand years");
}

struct seen {
    size_t paths, texts;
    bool finite;
};
static void see_path(void *payload, const struct chart_path *p)
{
    struct seen *s = payload;
    s->paths++;
    for (size_t i = 0; i < p->n; i++) s->finite = s->finite && isfinite(p->point[i].x) && isfinite(p->point[i].y);
}
static void see_text(void *payload, const struct chart_text *t)
{
    struct seen *s = payload;
    s->texts++;
    s->finite = s->finite && isfinite(t->x) && isfinite(t->y);
}

static void test_chart(void)
{
    double x[50], y[50], lo[50], hi[50];
    static const struct label rows[3] = {LABEL("one", "一"), LABEL("two", "二"),
                                         LABEL("a very long name of a row, longer than the margin", "很长的名称")};
    for (int i = 0; i < 50; i++) x[i] = 19000 + i, y[i] = i % 7 == 3 ? (double)NAN : i, lo[i] = i - 1, hi[i] = i + 2;
    struct seen s = {.finite = true};
    struct chart_pen pen = {&s, see_path, see_text};
    struct chart c = {.title = LABEL("t", "t"),
                      .x_label = LABEL("x", "x"),
                      .y_label = LABEL("y", "y"),
                      .note = LABEL("n", "n"),
                      .days = true,
                      .has_rule = true,
                      .rule = 10};
    chart_add(&c, CHART_BARS, (struct label)LABEL("bars", "柱"), x, y, NULL, 50);
    chart_add(&c, CHART_BARS, (struct label)LABEL("more", "更多"), x, hi, NULL, 50)->color = CHART_GREY;
    chart_add(&c, CHART_RIBBON, (struct label)LABEL("", ""), x, lo, hi, 50);
    chart_add(&c, CHART_LINE, (struct label)LABEL("line", "线"), x, y, NULL, 50)->dashed = true;
    chart_add(&c, CHART_POINTS, (struct label)LABEL("points", "点"), x, y, NULL, 50);
    OK(chart_draw(&c, LANG_EN, &pen, NULL) == TONG_OK && s.paths > 150 && s.texts > 10 && s.finite,
       "all marks, gaps, no number that is none");
    c.log_scale = true;
    s = (struct seen){.finite = true};
    OK(chart_draw(&c, LANG_ZH, &pen, NULL) == TONG_OK && s.finite && s.paths > 100, "on a logarithmic scale too");
    struct chart f = {.title = LABEL("f", "f"),
                      .x_label = LABEL("", ""),
                      .y_label = LABEL("", ""),
                      .note = LABEL("", ""),
                      .categories = rows,
                      .log_scale = true,
                      .has_rule = true,
                      .rule = 1};
    double est[3] = {1, 2, 4}, low[3] = {0.5, 0, 2}, high[3] = {2, 3, HUGE_VAL};
    chart_add(&f, CHART_INTERVALS, (struct label)LABEL("", ""), est, low, high, 3);
    s = (struct seen){.finite = true};
    OK(chart_draw(&f, LANG_EN, &pen, NULL) == TONG_OK && s.finite, "intervals without an end go to the edge");
    f.log_scale = false;
    OK(chart_draw(&f, LANG_EN, &pen, NULL) == TONG_OK, "or on a plain scale");
    struct chart none = {
        .title = LABEL("", ""), .x_label = LABEL("", ""), .y_label = LABEL("", ""), .note = LABEL("", "")};
    EQ_INT(chart_draw(&none, LANG_EN, &pen, NULL), TONG_E_INVALID, "nothing to show is refused");
    double same[2] = {5, 5}, huge[2] = {1e200, 2e200}, one[1] = {7};
    chart_add(&none, CHART_LINE, (struct label)LABEL("", ""), same, same, NULL, 2);
    OK(chart_draw(&none, LANG_EN, &pen, NULL) == TONG_OK, "one place alone has room about it");
    chart_add(&none, CHART_LINE, (struct label)LABEL("", ""), one, one, NULL, 1);
    OK(chart_draw(&none, LANG_EN, &pen, NULL) == TONG_OK, "and a line of one point is a dot");
    chart_add(&none, CHART_POINTS, (struct label)LABEL("", ""), huge, same, NULL, 2);
    EQ_INT(chart_draw(&none, LANG_EN, &pen, NULL), TONG_E_INVALID, "what no axis can hold is refused");
    struct chart far = none;
    far.count = 1;
    far.days = true;
    far.series[0].x = huge;
    EQ_INT(chart_draw(&far, LANG_EN, &pen, NULL), TONG_E_INVALID, "as are days that are none");
    far.series[0].n = CHART_POINTS_MAX + 1;
    EQ_INT(chart_draw(&far, LANG_EN, &pen, NULL), TONG_E_LIMIT, "and too many points");
    for (int i = 0; i < CHART_SERIES_MAX + 5; i++)
        chart_add(&none, CHART_LINE, (struct label)LABEL("", ""), same, same, NULL, 2);
    EQ_INT(none.count, CHART_SERIES_MAX, "series beyond the last take its place");
    struct chart many = {.title = LABEL("", ""),
                         .x_label = LABEL("day", ""),
                         .y_label = LABEL("", ""),
                         .note = LABEL("", ""),
                         .days = true};
    double new_year[2] = {18985, 19000}, up[2] = {1, 2}; // from 2021-12-24 on
    for (int i = 0; i < 9; i++)
        chart_add(&many, CHART_LINE, (struct label)LABEL("a name of some length", "很长的名称"), new_year, up, NULL, 2);
    struct sink legend = {0};
    OK(chart_svg(&many, LANG_EN, true, &legend, NULL) == TONG_OK && strstr(sink_kept(&legend).p, "day, 2021–2022"),
       "keys go on in further lines, and days without a year have both years under them");
    sink_close(&legend);
    struct sink svg = {0};
    OK(chart_svg(&c, LANG_ZH, false, &svg, NULL) == TONG_OK && strncmp(sink_kept(&svg).p, "<?xml", 5) == 0 &&
           strstr(sink_kept(&svg).p, "xml:lang=\"zh-CN\"") && strstr(sink_kept(&svg).p, "</svg>") &&
           !strstr(sink_kept(&svg).p, "nan"),
       "a whole SVG document");
    svg.n = 0;
    EQ_INT(chart_svg(&far, LANG_EN, true, &svg, NULL), TONG_E_LIMIT, "and nothing of one that cannot be drawn");
    EQ_INT(svg.n, 0, "not even its beginning");
    sink_close(&svg);
}

static void test_ending(void)
{
    double w[60], p, last = 1, cases[10] = {1, 0, 4, 2, 0, 5, 0, 0, 0, 1};
    size_t day;
    if (serial_discretise(8, 3, 60, w, NULL) != TONG_OK) abort();
    struct ending_input in = {cases, 10, w, 60, 1.5, 0.4};
    for (size_t t = 9; t < 60; t++) {
        if (ending_more(&in, t, &p, NULL) != TONG_OK) abort();
        CHECK(p <= last + 1e-12 && p >= 0, "the risk falls: %g after %g", p, last);
        last = p;
    }
    OK(last < 1e-6, "and goes to nothing");
    OK(ending_day(&in, 0.05, &day, NULL) == TONG_OK && ending_more(&in, day, &p, NULL) == TONG_OK && p < 0.05 &&
           ending_more(&in, day - 1, &p, NULL) == TONG_OK && p >= 0.05,
       "the first day below 5 %% is day %zu", day);
    // One case, Poisson offspring, a serial interval of one day or two: e^(-R (1 - F)).
    double single[1] = {1}, two[3] = {0, 0.5, 0.5};
    struct ending_input one = {single, 1, two, 3, 2, HUGE_VAL};
    OK(ending_more(&one, 0, &p, NULL) == TONG_OK && fabs(p - (1 - exp(-2))) < 1e-15, "by hand on the day itself");
    OK(ending_more(&one, 1, &p, NULL) == TONG_OK && fabs(p - (1 - exp(-1))) < 1e-15, "a day later");
    OK(ending_more(&one, 2, &p, NULL) == TONG_OK && p == 0, "and when it can have infected nobody any more");
    one.k = 0.5;
    OK(ending_more(&one, 1, &p, NULL) == TONG_OK && fabs(p - (1 - pow(1 + 1 / 0.5, -0.5))) < 1e-15,
       "negative binomial");
    one.r = 0.001;
    OK(ending_day(&one, 0.5, &day, NULL) == TONG_OK && day == 0, "over already");
    EQ_INT(ending_more(&in, 3, &p, NULL), TONG_E_INVALID, "a day among the counts is refused");
    one.r = -1;
    EQ_INT(ending_more(&one, 0, &p, NULL), TONG_E_INVALID, "as is a negative R");
    EQ_INT(ending_day(&in, 1, &day, NULL), TONG_E_INVALID, "and a level of 1");
    cases[3] = -1;
    EQ_INT(ending_day(&in, 0.5, &day, NULL), TONG_E_INVALID, "and a negative count");
    single[0] = 0;
    one.r = 1;
    EQ_INT(ending_more(&one, 0, &p, NULL), TONG_E_INVALID, "and no cases at all");
}

// A thousand series of which fifty have something: of the alarms at most a tenth is false on average.
static void test_false_alarms(struct arena *a)
{
    enum { SERIES = 1000, REAL = 50, REPS = 40 };
    static double p[SERIES], q[SERIES];
    static bool alarm[SERIES];
    int64_t count[40];
    double part = 0, found = 0, silent = 0;
    for (uint32_t rep = 0; rep < REPS; rep++) {
        for (int s = 0; s < SERIES; s++) {
            struct rng r = rng_stream(11, rep, 0, (uint32_t)s, 0);
            double mean = 1 + s % 20;
            for (int t = 0; t < 40; t++)
                count[t] = rng_negative_binomial(&r, t == 39 && s < REAL ? 8 * mean + 20 : mean, 20);
            struct false_alarm_recent f;
            if (false_alarm_recent(count, 40, 28, 2, &f, NULL) != TONG_OK) abort();
            p[s] = f.p;
        }
        struct false_alarm f;
        if (false_alarm_control(p, SERIES, FALSE_ALARM_HOCHBERG, 0.1, a, alarm, q, &f, NULL) != TONG_OK) abort();
        double wrong = 0, right = 0;
        for (int s = 0; s < SERIES; s++) {
            CHECK(alarm[s] == (q[s] <= 0.1), "adjusted p and alarm agree");
            wrong += alarm[s] && s >= REAL;
            right += alarm[s] && s < REAL;
        }
        part += wrong / fmax(1, wrong + right) / REPS;
        found += right / REAL / REPS;
        if (false_alarm_control(p + REAL, SERIES - REAL, FALSE_ALARM_EXPECTED, 1, a, alarm, NULL, &f, NULL) != TONG_OK)
            abort();
        silent += (double)f.alarms / REPS;
    }
    OK(part <= 0.1 && found > 0.9, "false discoveries %.1f %% of the alarms, %.0f %% of the real ones found",
       100 * part, 100 * found);
    OK(silent <= 2, "expected at most one false alarm a run: %.2f seen", silent);
    static const double known[6] = {0.01, 0.04, 0.03, NAN, 0.005, 0.5}; // by hand: 5 tests
    bool five[6];
    struct false_alarm f;
    OK(false_alarm_control(known, 6, FALSE_ALARM_HOCHBERG, 0.05, a, five, q, &f, NULL) == TONG_OK && f.alarms == 4 &&
           fabs(q[4] - 0.025) < 1e-15 && fabs(q[0] - 0.025) < 1e-15 && fabs(q[2] - 0.05) < 1e-15 &&
           fabs(q[1] - 0.05) < 1e-15 && isnan(q[3]) && !five[3],
       "Benjamini and Hochberg by hand");
    OK(false_alarm_control(known, 6, FALSE_ALARM_YEKUTIELI, 0.05, a, five, q, &f, NULL) == TONG_OK && f.alarms < 4,
       "dependence is dearer");
    const double bad[1] = {1.5};
    EQ_INT(false_alarm_control(bad, 1, FALSE_ALARM_HOCHBERG, 0.05, a, five, NULL, &f, NULL), TONG_E_INVALID,
           "a p above 1 is refused");
    EQ_INT(false_alarm_control(known, 6, FALSE_ALARM_HOCHBERG, 1, a, five, NULL, &f, NULL), TONG_E_INVALID,
           "and a level of 1");
    struct false_alarm_recent recent;
    memset(count, 0, sizeof count);
    OK(false_alarm_recent(count, 40, 28, 2, &recent, NULL) == TONG_OK && recent.p == 1,
       "nothing after nothing is no alarm");
    count[39] = 5;
    OK(false_alarm_recent(count, 40, 28, 2, &recent, NULL) == TONG_OK && recent.p < 1e-6 && recent.p > 0,
       "five after nothing is");
    EQ_INT(false_alarm_recent(count, 20, 28, 2, &recent, NULL), TONG_E_INVALID, "too short a past is refused");
    EQ_INT(false_alarm_recent(count, 40, 2, 2, &recent, NULL), TONG_E_INVALID, "as is a baseline of two");
    count[20] = -1;
    EQ_INT(false_alarm_recent(count, 40, 28, 2, &recent, NULL), TONG_E_INVALID, "a negative count");
    count[20] = 0;
    count[39] = -1;
    EQ_INT(false_alarm_recent(count, 40, 28, 2, &recent, NULL), TONG_E_INVALID, "also today's");
}

int main(void)
{
    struct arena a = {0};
    test_result();
    test_short();
    test_axes();
    test_chart();
    test_ending();
    test_false_alarms(&a);
    arena_free(&a);
    return tap_done();
}
