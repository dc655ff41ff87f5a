// Growing and falling: growth rates, reproduction numbers, nowcasts.
#include "cli/epi.h"
#include "epi/epidemic.h"
#include "epi/growth.h"
#include "epi/nowcast.h"
#include "epi/rt.h"
#include "epi/serial.h"

#include <math.h>
#include <string.h>

static const struct label growth_date = LABEL("date", "日期"), growth_cases = LABEL("cases a day", "每日病例数");

// ---- growth ----

struct growth_options {
    struct epi_common common;
    struct epi_series series;
    struct epi_si si;
};
static const struct cli_option growth_option[] = {EPI_COMMON(struct growth_options), EPI_SERIES(struct growth_options),
                                                  EPI_SI(struct growth_options)};
static const struct growth_options growth_defaults = {EPI_COMMON_DEFAULTS, EPI_SERIES_DEFAULTS};

static void growth_rows(struct epi_run *run, const struct growth_fit *fit, const bool *good, const double *w,
                        size_t w_n)
{
    static const struct label name[GROWTH_MODEL_COUNT] = {
        [GROWTH_POISSON] = LABEL("Poisson (blind to overdispersion)", "泊松（未计过度离散）"),
        [GROWTH_QUASI_POISSON] = LABEL("quasi-Poisson", "拟泊松"),
        [GROWTH_NEGATIVE_BINOMIAL] = LABEL("negative binomial", "负二项"),
        [GROWTH_LOG_LINEAR] = LABEL("line through the logarithms", "对数线性"),
    };
    static const struct result_column column[] = {
        {"model", LABEL("model", "模型"), RESULT_TEXT},
        {"r", LABEL("r a day", "日增长率 r"), RESULT_REAL},
        {"lower", LABEL("from", "下限"), RESULT_REAL},
        {"upper", LABEL("to", "上限"), RESULT_REAL},
        {"doubling", LABEL("doubles in days (halves: -)", "倍增天数（负为减半）"), RESULT_REAL},
        {"doubling_lower", LABEL("from", "下限"), RESULT_REAL},
        {"doubling_upper", LABEL("to", "上限"), RESULT_REAL},
        {"dispersion", LABEL("dispersion", "离散参数"), RESULT_REAL},
        {"R", LABEL("R", "再生数 R"), RESULT_REAL}};
    struct result *r = &run->result;
    result_begin(r, "growth", (struct label)LABEL("Exponential growth", "指数增长"), column, 9);
    epi_source(run, "");
    for (int m = 0; m < GROWTH_MODEL_COUNT; m++) {
        if (!good[m]) continue;
        const struct interval *i = m == GROWTH_NEGATIVE_BINOMIAL ? &fit[m].profile : &fit[m].wald;
        double reproduction = NAN;
        result_label(r, name[m]);
        result_real(r, fit[m].r);
        result_real(r, i->lower);
        result_real(r, i->upper);
        result_real(r, growth_doubling(fit[m].r));
        // An interval that holds 0 holds no doubling time: its two ends go through infinity.
        if (i->lower * i->upper > 0)
            result_real(r, growth_doubling(i->upper)), result_real(r, growth_doubling(i->lower));
        else result_none(r), result_none(r);
        result_real(r, fit[m].dispersion);
        if (w == NULL || epidemic_r_from_growth_weights(fit[m].r, w, w_n, &reproduction, NULL) != TONG_OK)
            result_none(r);
        else result_real(r, reproduction);
    }
}

static tong_code growth_work(struct epi_run *run, void *options)
{
    static const struct message few = {
        "epi-few-days", PROBLEM_ERROR, LABEL("{1} days are too few for a growth rate", "{1} 天不足以估计增长率"),
        LABEL("give at least 4 days with --first and --last", "请用 --first、--last 给出至少 4 天")};
    static const struct label choose = LABEL("The choice of the model moves r more than the Poisson interval says; the "
                                             "negative binomial is the one to show.",
                                             "模型的选择对 r 的影响大于泊松区间所示；宜采用负二项模型。");
    static const struct label jump =
        LABEL("%zu days do not belong to the days before them (a changed case definition, a batch of reports?): see "
              "epi quality before believing r.",
              "有 %zu 天与前后不符（病例定义变更或集中补报？）：请先看 epi quality 再采信 r。");
    const struct growth_options *o = options;
    struct series s;
    struct growth_fit fit[GROWTH_MODEL_COUNT];
    bool good[GROWTH_MODEL_COUNT];
    double *w = NULL;
    size_t w_n = 0;
    tong_code code = epi_series_read(run, &o->series, &s);
    if (code != TONG_OK) return code;
    char count[24];
    (void)snprintf(count, sizeof count, "%zu", s.days);
    if (s.days < 4) return epi_fault(run, &few, count, NULL);
    bool si = o->si.file.n > 0 || o->si.mean > 0 || o->si.sd > 0;
    if (si) code = epi_si_read(run, &o->si, &w, &w_n);
    double *t = arena_array(&run->arena, s.days, sizeof *t), *line = arena_array(&run->arena, s.days, sizeof *line);
    if (code == TONG_OK && (t == NULL || line == NULL)) code = tong_fail(&run->err, TONG_E_NOMEM, "days");
    if (code != TONG_OK) return code;
    for (size_t i = 0; i < s.days; i++) t[i] = (double)i;
    for (int m = 0; m < GROWTH_MODEL_COUNT; m++)
        good[m] = growth_fit(t, s.total, s.days, (growth_model)m, run->common->level, &fit[m], &run->err) == TONG_OK;
    if (!good[GROWTH_NEGATIVE_BINOMIAL]) return TONG_E_INVALID;
    struct quality_jump found;
    size_t jumps = 0;
    if (quality_jumps(s.total, s.days, &(struct quality_jump_options){2.5, 4.5}, &found, 1, &jumps, NULL) == TONG_OK &&
        jumps > 0)
        result_warning(&run->result, "jump", &jump, jumps);
    result_note(&run->result, "model", &choose);
    growth_rows(run, fit, good, w, w_n);
    for (size_t i = 0; i < s.days; i++)
        line[i] = exp(fit[GROWTH_NEGATIVE_BINOMIAL].intercept + fit[GROWTH_NEGATIVE_BINOMIAL].r * t[i]);
    struct chart *c = result_chart(&run->result);
    double *x = epi_x_days(run, s.first, s.days);
    c->title = (struct label)LABEL("Exponential growth", "指数增长");
    c->x_label = growth_date;
    c->y_label = growth_cases;
    c->days = true;
    if (x == NULL) return tong_fail(&run->err, TONG_E_NOMEM, "days");
    chart_add(c, CHART_BARS, (struct label)LABEL("reported", "报告数"), x, s.total, NULL, s.days)->color = 5;
    chart_add(c, CHART_LINE, (struct label)LABEL("fitted", "拟合"), x, line, NULL, s.days);
    return TONG_OK;
}

// ---- R ----

struct rt_options {
    struct epi_common common;
    struct epi_series series;
    struct epi_si si;
    struct str imported;
    int64_t window, windows_from, draws, seed;
    double prior_mean, prior_sd;
    double si_mean_sd, si_sd_sd;
};
#define RT(m) offsetof(struct rt_options, m)
#define RT_SHARED                                                                                \
    {"imported",                                                                                 \
     CLI_TEXT,                                                                                   \
     RT(imported),                                                                               \
     "COLUMN=VALUE",                                                                             \
     LABEL("the rows of imported cases (infected elsewhere)", "输入病例所在的行（在别处感染）"), \
     0,                                                                                          \
     0},                                                                                         \
    {                                                                                            \
        "window", CLI_INTEGER, RT(window), "DAYS",                                               \
            LABEL("width of the sliding windows (7)", "滑动窗口宽度（默认 7 天）"), 1, 366       \
    }
static const struct cli_option rt_option[] = {
    EPI_COMMON(struct rt_options),
    EPI_SERIES(struct rt_options),
    EPI_SI(struct rt_options),
    RT_SHARED,
    {"prior-mean", CLI_REAL, RT(prior_mean), "R", LABEL("prior of R: mean (5)", "R 的先验均值（默认 5）"), 0.01, 100},
    {"prior-sd", CLI_REAL, RT(prior_sd), "R", LABEL("and standard deviation (5)", "及标准差（默认 5）"), 0.01, 100},
    {"si-mean-sd", CLI_REAL, RT(si_mean_sd), "DAYS",
     LABEL("uncertainty of the serial interval's mean: its standard deviation", "代际间隔均值的不确定性（标准差）"),
     0.0001, 100},
    {"si-sd-sd", CLI_REAL, RT(si_sd_sd), "DAYS",
     LABEL("and that of its standard deviation", "代际间隔标准差的不确定性（标准差）"), 0.0001, 100},
    {"draws", CLI_INTEGER, RT(draws), "N", LABEL("serial intervals drawn then (500)", "抽取的代际间隔数（默认 500）"),
     10, 100000},
    {"seed", CLI_INTEGER, RT(seed), "N", LABEL("of the draws (1)", "随机种子（默认 1）"), 0, 9e15},
};
static const struct cli_option wt_option[] = {EPI_COMMON(struct rt_options), EPI_SERIES(struct rt_options),
                                              EPI_SI(struct rt_options), RT_SHARED};
static const struct rt_options rt_defaults = {EPI_COMMON_DEFAULTS, EPI_SERIES_DEFAULTS, .window = 7,  .draws = 500,
                                              .seed = 1,           .prior_mean = 5,     .prior_sd = 5};

struct rt_read {
    struct series all;
    struct rt_input in;
    struct rt_window *window;
    size_t windows;
    size_t first; // index of the first day with a case: before it nothing can be said
};

// Local and imported cases on the same days, and the windows.
static tong_code rt_series(struct epi_run *run, const struct rt_options *o, bool from_start, struct rt_read *r)
{
    static const struct message short_one = {
        "epi-short", PROBLEM_ERROR,
        LABEL("{1} days from the first case on are too few for a window of {2}", "自首例起 {1} 天，少于窗口的 {2} 天"),
        LABEL("say a smaller --window, or give more days", "请减小 --window，或提供更多天数")};
    struct series imported;
    tong_code code = epi_series_read(run, &o->series, &r->all);
    if (code != TONG_OK) return code;
    r->in = (struct rt_input){
        .local = r->all.total, .days = r->all.days, .prior_mean = o->prior_mean, .prior_sd = o->prior_sd};
    if (o->imported.n > 0) {
        char *where = arena_printf(&run->arena, "%.*s%s%.*s", STR_ARG(o->series.where),
                                   o->series.where.n > 0 ? "&" : "", STR_ARG(o->imported));
        struct epi_series part = o->series;
        if (where == NULL) return tong_fail(&run->err, TONG_E_NOMEM, "a filter");
        part.where = str_z(where);
        part.first = r->all.first;
        part.last.d = r->all.first.d + (int32_t)r->all.days - 1;
        struct result kept = run->result; // what was said of these rows is said already
        code = epi_series_read(run, &part, &imported);
        run->result.count = kept.count;
        if (code != TONG_OK) return code;
        double *local = arena_array(&run->arena, r->all.days, sizeof *local);
        if (local == NULL) return tong_fail(&run->err, TONG_E_NOMEM, "days");
        for (size_t i = 0; i < r->all.days; i++) local[i] = fmax(0, r->all.total[i] - imported.total[i]);
        r->in.local = local;
        r->in.imported = imported.total;
    }
    while (r->first < r->all.days && !(r->all.total[r->first] > 0)) r->first++;
    size_t left = r->all.days - r->first, width = (size_t)o->window;
    char a[24], b[24];
    (void)snprintf(a, sizeof a, "%zu", left);
    (void)snprintf(b, sizeof b, "%lld", (long long)o->window);
    if (left < width + 1) return epi_fault(run, &short_one, a, b);
    r->in.local += r->first;
    if (r->in.imported != NULL) r->in.imported += r->first;
    r->in.days = left;
    r->window = arena_array(&run->arena, left, sizeof *r->window);
    if (r->window == NULL) return tong_fail(&run->err, TONG_E_NOMEM, "windows");
    for (size_t i = from_start ? 0 : 1; i + width <= left; i++)
        r->window[r->windows++] = (struct rt_window){(int32_t)i, (int32_t)(i + width - 1)};
    return TONG_OK;
}

struct rt_curve {
    double *x, *mean, *lo, *hi;
    size_t n;
};

static bool rt_curve_make(struct epi_run *run, size_t n, struct rt_curve *c)
{
    c->x = arena_array(&run->arena, n, sizeof *c->x);
    c->mean = arena_array(&run->arena, n, sizeof *c->mean);
    c->lo = arena_array(&run->arena, n, sizeof *c->lo);
    c->hi = arena_array(&run->arena, n, sizeof *c->hi);
    return c->x != NULL && c->mean != NULL && c->lo != NULL && c->hi != NULL;
}

static void rt_draw(struct epi_run *run, const struct rt_curve *v, bool limits, struct label title)
{
    struct chart *c = result_chart(&run->result);
    c->title = title;
    c->x_label = (struct label)LABEL("last day of the window", "窗口最后一天");
    c->y_label = (struct label)LABEL("reproduction number", "再生数");
    c->days = c->has_rule = true;
    c->rule = 1;
    if (limits)
        chart_add(c, CHART_RIBBON, (struct label)LABEL("interval", "区间"), v->x, v->lo, v->hi, v->n)->color = 0;
    chart_add(c, CHART_LINE, (struct label)LABEL("mean", "均值"), v->x, v->mean, NULL, v->n)->color = 0;
}

static const struct result_column rt_column[] = {{"first", LABEL("from", "窗口起"), RESULT_DAY},
                                                 {"last", LABEL("to", "窗口止"), RESULT_DAY},
                                                 {"mean", LABEL("R", "R"), RESULT_REAL},
                                                 {"sd", LABEL("sd", "标准差"), RESULT_REAL},
                                                 {"lower", LABEL("from", "下限"), RESULT_REAL},
                                                 {"median", LABEL("median", "中位数"), RESULT_REAL},
                                                 {"upper", LABEL("to", "上限"), RESULT_REAL},
                                                 {"cases", LABEL("local cases", "本地病例"), RESULT_REAL},
                                                 {"known", LABEL("can be told", "可估计"), RESULT_FLAG}};

static void rt_row(struct epi_run *run, const struct rt_read *r, size_t i, const double *figures, double cases,
                   bool known)
{
    struct result *out = &run->result;
    int32_t base = r->all.first.d + (int32_t)r->first;
    result_day(out, (civil_day){base + r->window[i].first});
    result_day(out, (civil_day){base + r->window[i].last});
    for (int k = 0; k < 5; k++) {
        if (known) result_real(out, figures[k]);
        else result_none(out);
    }
    result_real(out, cases);
    result_flag(out, known);
}

static tong_code rt_sure(struct epi_run *run, const struct rt_options *o, struct rt_read *r, struct rt_curve *v)
{
    double *w;
    size_t w_n;
    tong_code code = epi_si_read(run, &o->si, &w, &w_n);
    struct rt_estimate *e = arena_array(&run->arena, r->windows, sizeof *e);
    if (code == TONG_OK && e == NULL) code = tong_fail(&run->err, TONG_E_NOMEM, "windows");
    if (code != TONG_OK) return code;
    r->in.si = w;
    r->in.si_days = w_n;
    code = rt_instantaneous(&r->in, r->window, r->windows, &run->arena, e, &run->err);
    if (code != TONG_OK) return code;
    double tail = (1 - run->common->level) / 2;
    for (size_t i = 0; i < r->windows; i++) {
        double f[5] = {NAN, NAN, NAN, NAN, NAN};
        if (e[i].known) {
            const double got[5] = {e[i].mean, e[i].sd, rt_quantile(&e[i], tail), rt_quantile(&e[i], 0.5),
                                   rt_quantile(&e[i], 1 - tail)};
            memcpy(f, got, sizeof f);
        }
        v->mean[i] = f[0], v->lo[i] = f[2], v->hi[i] = f[4];
        rt_row(run, r, i, f, e[i].local_cases, e[i].known);
    }
    return TONG_OK;
}

static tong_code rt_unsure(struct epi_run *run, const struct rt_options *o, struct rt_read *r, struct rt_curve *v)
{
    static const struct message needed = {
        "epi-si-uncertain", PROBLEM_ERROR,
        LABEL("an uncertain serial interval wants --si-mean, --si-sd, --si-mean-sd and --si-sd-sd",
              "代际间隔不确定时须给出 --si-mean、--si-sd、--si-mean-sd、--si-sd-sd"),
        LABEL("give all four in days; its interval is the one of 95 %", "请以天给出全部四项；区间固定为 95%")};
    if (!(o->si.mean > 1) || !(o->si.sd > 0) || !(o->si_mean_sd > 0) || !(o->si_sd_sd > 0))
        return epi_fault(run, &needed, NULL, NULL);
    struct rt_uncertain u = {.mean = o->si.mean,
                             .mean_sd = o->si_mean_sd,
                             .sd = o->si.sd,
                             .sd_sd = o->si_sd_sd,
                             .draws = (int32_t)o->draws,
                             .seed = (uint64_t)o->seed};
    u.mean_least = fmax(1.0001, o->si.mean - 3 * o->si_mean_sd);
    u.mean_most = o->si.mean + 3 * o->si_mean_sd;
    u.sd_least = fmax(1e-3, o->si.sd - 3 * o->si_sd_sd);
    u.sd_most = o->si.sd + 3 * o->si_sd_sd;
    struct rt_mixed *e = arena_array(&run->arena, r->windows, sizeof *e);
    if (e == NULL) return tong_fail(&run->err, TONG_E_NOMEM, "windows");
    tong_code code = rt_mixture(&r->in, &u, r->window, r->windows, &run->arena, e, &run->err);
    for (size_t i = 0; code == TONG_OK && i < r->windows; i++) {
        const double f[5] = {e[i].mean, e[i].sd, e[i].q025, e[i].q50, e[i].q975};
        double cases = 0;
        for (int32_t d = r->window[i].first; d <= r->window[i].last; d++) cases += r->in.local[d];
        v->mean[i] = e[i].known ? f[0] : NAN, v->lo[i] = e[i].known ? f[2] : NAN, v->hi[i] = e[i].known ? f[4] : NAN;
        rt_row(run, r, i, f, cases, e[i].known);
    }
    return code;
}

static tong_code rt_work(struct epi_run *run, void *options)
{
    static const struct label window =
        LABEL("Windows of %lld days; each estimate is of its whole window and depends on that choice.",
              "窗口为 %lld 天；每个估计对应整个窗口，并取决于窗口的选择。");
    static const struct label small = LABEL("%zu of %zu windows have fewer than 20 local cases: their R says little.",
                                            "%zu 个窗口（共 %zu 个）本地病例不足 20 例，其 R 参考价值有限。");
    const struct rt_options *o = options;
    struct rt_read r = {0};
    struct rt_curve v = {0};
    tong_code code = rt_series(run, o, false, &r);
    if (code != TONG_OK) return code;
    if (!rt_curve_make(run, r.windows, &v)) return tong_fail(&run->err, TONG_E_NOMEM, "windows");
    result_note(&run->result, "window", &window, (long long)o->window);
    size_t few = 0;
    for (size_t i = 0; i < r.windows; i++) {
        double cases = 0;
        for (int32_t d = r.window[i].first; d <= r.window[i].last; d++) cases += r.in.local[d];
        few += cases < 20;
        v.x[i] = r.all.first.d + (double)r.first + r.window[i].last;
    }
    v.n = r.windows;
    if (few > 0) result_warning(&run->result, "few_cases", &small, few, r.windows);
    result_begin(&run->result, "rt",
                 (struct label)LABEL("Instantaneous reproduction number (Cori 2013)", "瞬时再生数（Cori 2013）"),
                 rt_column, 9);
    epi_source(run, "");
    bool unsure = o->si_mean_sd > 0 || o->si_sd_sd > 0;
    code = unsure ? rt_unsure(run, o, &r, &v) : rt_sure(run, o, &r, &v);
    if (run->result.table != NULL) run->result.table->rows_shown = 400;
    if (code == TONG_OK) rt_draw(run, &v, true, (struct label)LABEL("Instantaneous reproduction number", "瞬时再生数"));
    return code;
}

static tong_code wt_work(struct epi_run *run, void *options)
{
    static const struct result_column column[] = {{"first", LABEL("from", "窗口起"), RESULT_DAY},
                                                  {"last", LABEL("to", "窗口止"), RESULT_DAY},
                                                  {"mean", LABEL("R of those cases", "这些病例的 R"), RESULT_REAL}};
    static const struct label back =
        LABEL("For looking back only: those who fell ill in the last serial interval have not infected everybody yet.",
              "仅用于回顾：最近一个代际间隔内发病者尚未完成传播。");
    const struct rt_options *o = options;
    struct rt_read r = {0};
    struct rt_curve v = {0};
    double *w;
    size_t w_n;
    tong_code code = rt_series(run, o, true, &r);
    if (code == TONG_OK) code = epi_si_read(run, &o->si, &w, &w_n);
    if (code != TONG_OK) return code;
    struct rt_case *e = arena_array(&run->arena, r.windows, sizeof *e);
    if (e == NULL || !rt_curve_make(run, r.windows, &v)) return tong_fail(&run->err, TONG_E_NOMEM, "windows");
    r.in.si = w;
    r.in.si_days = w_n;
    code = rt_case_number(&r.in, r.window, r.windows, &run->arena, e, &run->err);
    if (code != TONG_OK) return code;
    result_warning(&run->result, "looking_back", &back);
    result_begin(&run->result, "wt",
                 (struct label)LABEL("Case reproduction number (Wallinga & Teunis 2004)",
                                     "病例再生数（Wallinga & Teunis 2004）"),
                 column, 3);
    epi_source(run, "");
    int32_t base = r.all.first.d + (int32_t)r.first;
    for (size_t i = 0; i < r.windows; i++) {
        result_day(&run->result, (civil_day){base + r.window[i].first});
        result_day(&run->result, (civil_day){base + r.window[i].last});
        if (e[i].known) result_real(&run->result, e[i].mean);
        else result_none(&run->result);
        v.x[i] = (double)base + r.window[i].last;
        v.mean[i] = e[i].known ? e[i].mean : NAN;
    }
    v.n = r.windows;
    rt_draw(run, &v, false, (struct label)LABEL("Case reproduction number", "病例再生数"));
    return TONG_OK;
}

// ---- nowcast ----

struct nowcast_cli {
    struct epi_common common;
    struct str event, report, where;
    civil_day now;
    int64_t delays, back, draws, seed;
};
#define NOWCAST(m) offsetof(struct nowcast_cli, m)
static const struct cli_option nowcast_option[] = {
    EPI_COMMON(struct nowcast_cli),
    {"event", CLI_TEXT, NOWCAST(event), "COLUMN", LABEL("day of the event (onset ...)", "事件日期列（默认 onset 等）"),
     0, 0},
    {"report", CLI_TEXT, NOWCAST(report), "COLUMN",
     LABEL("day of its report (reported ...)", "报告日期列（默认 reported 等）"), 0, 0},
    {"where", CLI_TEXT, NOWCAST(where), "COLUMN=VALUE", LABEL("only these rows", "只取符合条件的行"), 0, 0},
    {"now", CLI_DAY, NOWCAST(now), "DATE",
     LABEL("as known on this day (the last report)", "截至该日所知（默认为最后报告日）"), 0, 0},
    {"delays", CLI_INTEGER, NOWCAST(delays), "DAYS",
     LABEL("longest delay told apart (21)", "区分的最长报告间隔（默认 21 天）"), 2, NOWCAST_DELAYS_MAX - 1},
    {"back", CLI_INTEGER, NOWCAST(back), "DAYS", LABEL("days to correct (14)", "校正的天数（默认 14）"), 1, 200},
    {"draws", CLI_INTEGER, NOWCAST(draws), "N", LABEL("of the posterior (4000)", "后验抽样数（默认 4000）"), 100,
     NOWCAST_DRAWS_MAX},
    {"seed", CLI_INTEGER, NOWCAST(seed), "N", LABEL("of the draws (1)", "随机种子（默认 1）"), 0, 9e15},
};
static const struct nowcast_cli nowcast_defaults = {EPI_COMMON_DEFAULTS, .now = {CIVIL_DAY_NONE}, .delays = 21,
                                                    .back = 14,          .draws = 4000,           .seed = 1};

static tong_code nowcast_triangle_of(struct epi_run *run, const struct nowcast_cli *o, struct nowcast_triangle *tri,
                                     civil_day *first, civil_day *now)
{
    static const struct message none = {
        "epi-nowcast", PROBLEM_ERROR, LABEL("no row has both dates by {1}", "截至 {1} 没有任何一行同时有两个日期"),
        LABEL("look at --event, --report and --now", "请检查 --event、--report、--now")};
    static const struct label left_out =
        LABEL("%zu rows without both dates, or reported before they happened, are left out.",
              "%zu 行缺少日期或报告早于发生，未计入。");
    civil_day *event, *report;
    bool *keep;
    if (!epi_days(run, o->event, series_usual_onset, SERIES_USUAL_ONSET, "--event", &event) ||
        !epi_days(run, o->report, series_usual_report, SERIES_USUAL_REPORT, "--report", &report) ||
        !series_where(&run->table, o->where, &run->arena, &run->problems, &keep))
        return tong_fail(&run->err, TONG_E_INVALID, "the columns");
    size_t rows = run->table.rows, n = 0, without = 0, left = 0;
    int32_t *e = arena_array(&run->arena, rows, sizeof *e), *p = arena_array(&run->arena, rows, sizeof *p);
    if (e == NULL || p == NULL) return tong_fail(&run->err, TONG_E_NOMEM, "rows");
    *now = o->now;
    first->d = INT32_MAX;
    for (size_t i = 0; i < rows; i++)
        if (o->now.d == CIVIL_DAY_NONE && keep[i] && report[i].d > now->d) *now = report[i];
    for (size_t i = 0; i < rows; i++) {
        if (!keep[i]) continue;
        bool both = event[i].d != CIVIL_DAY_NONE && report[i].d != CIVIL_DAY_NONE;
        without += !both;
        if (!both || report[i].d > now->d || event[i].d > now->d) continue;
        if (event[i].d <= report[i].d && event[i].d < first->d) *first = event[i];
        e[n] = event[i].d;
        p[n++] = report[i].d;
    }
    char text[CIVIL_TEXT] = "";
    if (now->d != CIVIL_DAY_NONE) civil_format(*now, text);
    if (n == 0 || first->d == INT32_MAX) return epi_fault(run, &none, text, NULL);
    for (size_t i = 0; i < n; i++) e[i] -= first->d, p[i] -= first->d;
    tong_code code =
        nowcast_from_list(e, p, n, now->d - first->d + 1, (int32_t)o->delays + 1, &run->arena, tri, &left, &run->err);
    if (code == TONG_OK && without + left > 0) result_warning(&run->result, "left_out", &left_out, without + left);
    return code;
}

static tong_code nowcast_work(struct epi_run *run, void *options)
{
    static const struct result_column column[] = {{"date", LABEL("day", "日期"), RESULT_DAY},
                                                  {"reported", LABEL("reported", "已报告"), RESULT_WHOLE},
                                                  {"complete", LABEL("part reported", "已报告比例"), RESULT_PART},
                                                  {"estimate", LABEL("will be", "最终预计"), RESULT_REAL},
                                                  {"lower", LABEL("from", "下限"), RESULT_REAL},
                                                  {"upper", LABEL("to", "上限"), RESULT_REAL}};
    static const struct label as_of =
        LABEL("As known on %s; median and interval of the robust form (Höhle & an der Heiden 2014, with overdispersion "
              "and drifting delays).",
              "截至 %s；中位数与区间采用稳健形式（Höhle & an der Heiden 2014，计入过度离散与间隔变化）。");
    const struct nowcast_cli *o = options;
    struct nowcast_triangle tri;
    civil_day first = {CIVIL_DAY_NONE}, now = first;
    tong_code code = nowcast_triangle_of(run, o, &tri, &first, &now);
    if (code != TONG_OK) return code;
    int32_t back = o->back < tri.days ? (int32_t)o->back : tri.days;
    size_t n = (size_t)back;
    struct nowcast_day *day = arena_array(&run->arena, n, sizeof *day);
    double *q = arena_array(&run->arena, 3 * n, sizeof *q), *x = epi_x_days(run, first, (size_t)tri.days),
           *reported = arena_array(&run->arena, (size_t)tri.days, sizeof *reported);
    double *line[4];
    for (int k = 0; k < 4; k++) line[k] = arena_array(&run->arena, n, sizeof *line[k]);
    if (day == NULL || q == NULL || x == NULL || reported == NULL || line[3] == NULL)
        return tong_fail(&run->err, TONG_E_NOMEM, "days");
    struct nowcast_options options_robust = nowcast_robust();
    options_robust.draws = (int32_t)o->draws;
    options_robust.seed = (uint64_t)o->seed;
    const double level[3] = {(1 - run->common->level) / 2, 0.5, (1 + run->common->level) / 2};
    code = nowcast_bayes(&tri, tri.days - 1, back, &options_robust, level, 3, &run->arena, day, q, &run->err);
    if (code != TONG_OK) return code;
    char text[CIVIL_TEXT];
    civil_format(now, text);
    result_note(&run->result, "as_of", &as_of, text);
    result_begin(&run->result, "nowcast", (struct label)LABEL("What it will have been", "最终将为多少"), column, 6);
    result_about(&run->result,
                 (struct label)LABEL("all cases of the day, reported by now or later", "该日全部病例（含尚未报告者）"),
                 run->source);
    for (int32_t t = 0; t < tri.days; t++)
        for (int32_t d = 0; d < tri.delays && t + d < tri.days; d++)
            reported[t] += (double)tri.count[(size_t)t * (size_t)tri.delays + (size_t)d];
    for (size_t i = 0; i < n; i++) {
        result_day(&run->result, (civil_day){first.d + day[i].day});
        result_whole(&run->result, day[i].reported);
        result_part(&run->result, day[i].complete);
        for (int k = 0; k < 3; k++) {
            static const int order[3] = {1, 0, 2};
            if (day[i].defined) result_real(&run->result, q[3 * i + (size_t)order[k]]);
            else result_none(&run->result);
        }
        line[0][i] = first.d + (double)day[i].day;
        for (size_t k = 0; k < 3; k++) line[k + 1][i] = day[i].defined ? q[3 * i + k] : NAN;
    }
    struct chart *c = result_chart(&run->result);
    c->title = (struct label)LABEL("Reported by now, and what it will have been", "截至目前已报告与最终预计");
    c->x_label = growth_date;
    c->y_label = growth_cases;
    c->days = true;
    chart_add(c, CHART_BARS, (struct label)LABEL("reported", "已报告"), x, reported, NULL, (size_t)tri.days)->color = 5;
    chart_add(c, CHART_RIBBON, (struct label)LABEL("interval", "区间"), line[0], line[1], line[3], n)->color = 1;
    chart_add(c, CHART_LINE, (struct label)LABEL("estimate", "预计"), line[0], line[2], NULL, n)->color = 1;
    return TONG_OK;
}

#define COUNT(a) (sizeof(a) / sizeof(a)[0])
const struct epi_command epi_growth_commands[] = {
    {"growth", LABEL("growth rate and doubling time", "增长率与倍增时间"),
     LABEL("Fits exponential growth to the days of --first to --last by four models; with a serial interval also R.",
           "对 --first 至 --last 的各日拟合四种指数增长模型；给出代际间隔时另计 R。"),
     "[FILE.csv]", growth_option, COUNT(growth_option), &growth_defaults, sizeof growth_defaults, EPI_WANTS_ROWS,
     growth_work},
    {"rt",
     LABEL("instantaneous reproduction number (Cori 2013, Thompson 2019)", "瞬时再生数（Cori 2013，Thompson 2019）"),
     LABEL("R in sliding windows, imported cases apart, with a certain or uncertain serial interval.",
           "滑动窗口内的 R；输入病例单列；代际间隔可为确定或不确定。"),
     "[FILE.csv]", rt_option, COUNT(rt_option), &rt_defaults, sizeof rt_defaults, EPI_WANTS_ROWS, rt_work},
    {"wt",
     LABEL("case reproduction number, looking back (Wallinga & Teunis 2004)",
           "病例再生数，用于回顾（Wallinga & Teunis 2004）"),
     LABEL("How many those who fell ill in a window went on to infect.", "窗口内发病者后来平均传染的人数。"),
     "[FILE.csv]", wt_option, COUNT(wt_option), &rt_defaults, sizeof rt_defaults, EPI_WANTS_ROWS, wt_work},
    {"nowcast", LABEL("how many it will have been: cases not yet reported", "实时校正：尚未报告的病例"),
     LABEL("Corrects the last days for what is not reported yet, from the delays seen so far.",
           "根据已观察到的报告间隔，校正最近几天尚未报告的部分。"),
     "[FILE.csv]", nowcast_option, COUNT(nowcast_option), &nowcast_defaults, sizeof nowcast_defaults, EPI_WANTS_ROWS,
     nowcast_work},
    {0},
};
