#include "exchange/situation_inner.h"

#include "epi/delay.h"
#include "epi/false_alarm.h"
#include "epi/fatality.h"
#include "epi/gamma_table.h"
#include "epi/growth.h"
#include "epi/nowcast.h"
#include "epi/quality.h"
#include "epi/rt.h"
#include "epi/serial.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { SITUATION_BACK = 14, SITUATION_DELAYS = 22, SITUATION_WEEK_CASES = 20 };

// From the first case to today by both dates; false when there is none.
struct situation_days {
    civil_day first;
    size_t days;
    double *x, *onset, *report;
};

static bool days_of(const struct situation *s, struct situation_days *d)
{
    d->first.d = INT32_MAX;
    for (size_t i = 0; i < s->cases; i++)
        for (int k = 0; k < 2; k++) {
            civil_day day = situation_date_of(&s->course[i], (situation_date)k);
            if (day.d != CIVIL_DAY_NONE && day.d < d->first.d && day.d <= s->today.d) d->first = day;
        }
    if (d->first.d == INT32_MAX || s->today.d - d->first.d >= QUALITY_DAYS_MAX) return false;
    d->days = (size_t)(s->today.d - d->first.d) + 1;
    d->x = arena_array(s->arena, d->days, sizeof *d->x);
    d->onset = situation_daily(s, SITUATION_ONSET, d->first, d->days);
    d->report = situation_daily(s, SITUATION_REPORT, d->first, d->days);
    if (d->x == NULL || d->onset == NULL || d->report == NULL) return false;
    for (size_t i = 0; i < d->days; i++) d->x[i] = d->first.d + (double)i;
    return true;
}

static int64_t last_days(const double *count, size_t days, size_t n)
{
    double sum = 0;
    for (size_t i = days > n ? days - n : 0; i < days; i++) sum += count[i];
    return llrint(sum);
}

static void say_key(const struct situation *s, const struct situation_days *d, struct result *r)
{
    static const struct result_column column[] = {{"figure", LABEL("figure", "指标"), RESULT_TEXT},
                                                  {"value", LABEL("number", "数值"), RESULT_WHOLE},
                                                  {"of", LABEL("of", "分母"), RESULT_TEXT}};
    int64_t deaths = 0, surprise = 0, week = last_days(d->report, d->days, 7), followed = 0, bound = 0,
            last = INT64_MIN;
    for (size_t i = 0; i < s->courses; i++) {
        const struct situation_course *c = &s->course[i];
        deaths += c->is_case && c->death.d != CIVIL_DAY_NONE && c->death.d <= s->today.d;
        surprise +=
            c->is_case && !c->known_contact && c->reported.d != CIVIL_DAY_NONE && c->reported.d > s->today.d - 7;
        followed += !c->is_case && (c->ended.s == INT64_MIN || c->ended.s > s->o->now.s);
    }
    for (size_t i = 0; i < s->measures;
         i++) { // sorted by place and person once the response is said; here any order will do
        const struct situation_measure *m = &s->measure[i];
        bool now = m->from.s <= s->o->now.s && (m->to.s == INT64_MIN || m->to.s > s->o->now.s);
        bound += now && m->subject != last;
        if (now) last = m->subject;
    }
    const struct {
        struct label name;
        int64_t n;
        struct label of;
    } row[] = {
        {LABEL("cases so far", "累计病例"), (int64_t)s->cases,
         LABEL("everybody enrolled as a case", "全部按病例纳管者")},
        {LABEL("cases reported in the last 7 days", "最近 7 天报告病例"), week, LABEL("cases so far", "累计病例")},
        {LABEL("of them on nobody's list before", "其中此前未登记为密接者"), surprise,
         LABEL("cases of these 7 days", "上述 7 天的病例")},
        {LABEL("cases reported in the 7 days before", "此前 7 天报告病例"), last_days(d->report, d->days, 14) - week,
         LABEL("cases so far", "累计病例")},
        {LABEL("deaths", "死亡"), deaths, LABEL("cases so far", "累计病例")},
        {LABEL("contacts under follow-up", "随访中的密接"), followed,
         LABEL("contacts ever listed", "曾登记的全部密接")},
        {LABEL("people under a signed order", "已签发指令的在管人员"), bound,
         LABEL("orders in force, a person once", "有效指令，每人计一次")},
    };
    result_heading(r, (struct label)LABEL("Key figures", "要点"));
    result_begin(r, "key", (struct label)LABEL("Today", "今日"), column, 3);
    result_about(r, (struct label)LABEL("as the last column says", "见末列"), situation_of_courses);
    for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
        result_label(r, row[i].name);
        result_whole(r, row[i].n);
        result_label(r, row[i].of);
    }
}

// ---- cases ----

static void say_curve(const struct situation_days *d, struct result *r)
{
    static const struct label note =
        LABEL("Cases by report; line: by onset, of those whose onset is known. Source: store, enrolment and fact "
              "(export_courses.sql)",
              "柱：按报告日期；线：按发病日期（已知者）。来源：数据库 enrolment、fact（export_courses.sql）");
    struct chart *c = result_chart(r);
    c->title = (struct label)LABEL("Cases a day", "每日病例");
    c->x_label = (struct label)LABEL("day", "日期");
    c->y_label = (struct label)LABEL("cases", "病例数");
    c->note = note;
    c->days = true;
    chart_add(c, CHART_BARS, (struct label)LABEL("by report", "按报告日期"), d->x, d->report, NULL, d->days);
    chart_add(c, CHART_LINE, (struct label)LABEL("by onset", "按发病日期"), d->x, d->onset, NULL, d->days);
}

struct situation_place {
    struct str name;
    int64_t cases, week;
    size_t first; // of its cases in the sorted list
};

static int by_place(const void *a, const void *b)
{
    const struct situation_course *const *x = a, *const *y = b;
    return str_compare((*x)->place, (*y)->place);
}

static int by_cases(const void *a, const void *b)
{
    const struct situation_place *x = a, *y = b;
    if (x->cases != y->cases) return x->cases < y->cases ? 1 : -1;
    return str_compare(x->name, y->name);
}

// The cases of each place, and alarms over all of them by the last four weeks, false discoveries controlled.
static tong_code say_places(const struct situation *s, const struct situation_days *d, struct result *r,
                            struct err *err)
{
    static const struct result_column column[] = {{"place", LABEL("community", "社区"), RESULT_TEXT},
                                                  {"cases", LABEL("cases", "病例"), RESULT_WHOLE},
                                                  {"week", LABEL("last 7 days", "最近 7 天"), RESULT_WHOLE},
                                                  {"expected", LABEL("expected today", "今日预期"), RESULT_REAL},
                                                  {"today", LABEL("today", "今日"), RESULT_WHOLE},
                                                  {"q", LABEL("controlled p", "控制后 p 值"), RESULT_REAL},
                                                  {"alarm", LABEL("unusual", "异常"), RESULT_FLAG}};
    static const struct label controlled =
        LABEL("%zu of %zu communities are unusual today; of such alarms at most one in ten is chance (Benjamini & "
              "Hochberg 1995).",
              "今日 %2$zu 个社区中有 %1$zu 个异常；此类预警中因偶然者至多一成（Benjamini & Hochberg 1995）。");
    static const struct label unsaid = LABEL("not said", "未填写");
    const struct situation_course **row = arena_array(s->arena, s->cases, sizeof *row);
    struct situation_place *place = arena_array(s->arena, s->cases, sizeof *place);
    int64_t count[36];
    enum { BACK = sizeof count / sizeof count[0] };
    if (row == NULL || place == NULL) return tong_fail(err, TONG_E_NOMEM, "places");
    for (size_t i = 0; i < s->cases; i++) row[i] = &s->course[i];
    qsort(row, s->cases, sizeof *row, by_place);
    size_t n = 0;
    for (size_t i = 0; i < s->cases; i++) {
        if (n == 0 || !str_eq(place[n - 1].name, row[i]->place))
            place[n++] = (struct situation_place){row[i]->place, 0, 0, i};
        place[n - 1].cases++;
        place[n - 1].week += row[i]->reported.d != CIVIL_DAY_NONE && row[i]->reported.d > s->today.d - 7;
    }
    qsort(place, n, sizeof *place, by_cases);
    double *p = arena_array(s->arena, n, sizeof *p), *expected = arena_array(s->arena, n, sizeof *expected),
           *q = arena_array(s->arena, n, sizeof *q);
    int64_t *today = arena_array(s->arena, n, sizeof *today);
    bool *alarm = arena_array(s->arena, n, sizeof *alarm);
    if (p == NULL || expected == NULL || q == NULL || today == NULL || alarm == NULL)
        return tong_fail(err, TONG_E_NOMEM, "places");
    for (size_t k = 0; k < n; k++) {
        struct false_alarm_recent f = {NAN, NAN};
        memset(count, 0, sizeof count);
        for (int64_t i = 0; i < place[k].cases; i++) {
            int32_t age = s->today.d - row[place[k].first + (size_t)i]->reported.d;
            if (age >= 0 && age < BACK) count[BACK - 1 - age]++;
        }
        today[k] = count[BACK - 1];
        bool past = d->days >= 31 && false_alarm_recent(count, BACK, 28, 2, &f, NULL) == TONG_OK;
        p[k] = past ? f.p : NAN;
        expected[k] = past ? f.expected : NAN;
    }
    struct false_alarm f;
    tong_code code = false_alarm_control(p, n, FALSE_ALARM_HOCHBERG, 0.1, s->arena, alarm, q, &f, err);
    if (code != TONG_OK) return code;
    result_note(r, "alarms", &controlled, f.alarms, n);
    result_begin(r, "places", (struct label)LABEL("Cases by community", "各社区病例"), column, 7);
    result_about(
        r,
        (struct label)LABEL("cases by the community they live in; expected from the 28 days that end 2 days ago",
                            "病例按居住社区统计；预期值取自截至 2 天前的 28 天"),
        situation_of_courses);
    for (size_t k = 0; k < n; k++) {
        if (place[k].name.n == 0) result_label(r, unsaid);
        else result_text(r, place[k].name);
        result_whole(r, place[k].cases);
        result_whole(r, place[k].week);
        result_real(r, expected[k]);
        result_whole(r, today[k]);
        result_real(r, q[k]);
        result_flag(r, alarm[k]);
    }
    if (r->table != NULL) r->table->rows_shown = 15;
    return TONG_OK;
}

static void say_quality(const struct situation *s, const struct situation_days *d, struct result *r)
{
    static const struct label jumps =
        LABEL("On %s there were %.0f reports where %.0f were expected: a changed case definition or a batch of old "
              "reports? Estimates below take it as it stands.",
              "%s 报告 %.0f 例，预期 %.0f 例：病例定义变更或集中补报？以下估计未作剔除。");
    static const struct label weekend = LABEL("Reports of Saturday and Sunday are %.2f times those of other days (p = "
                                              "%.2g); windows are of 7 days for that reason.",
                                              "周六、周日报告数为其他日的 %.2f 倍（p = %.2g），因此采用 7 天窗口。");
    static const struct label quiet = LABEL("No case has been reported for %d days; if it went on as before, that "
                                            "would happen with probability %.1g or less.",
                                            "已 %d 天无报告；若照此前水平，这种情况的概率不超过 %.1g。");
    static const struct label onset = LABEL("%lld of %zu cases have no onset.", "%2$zu 例病例中 %1$lld 例无发病日期。");
    static const struct label late =
        LABEL("%lld cases were isolated before their onset or have a report before it; see epi quality.",
              "%lld 例的隔离或报告早于发病，见 epi quality。");
    static const struct label fine =
        LABEL("Nothing found in what was checked: missing and impossible dates, jumps, weekdays, silence.",
              "所查各项（缺失与矛盾的日期、突变、星期效应、静默）未发现问题。");
    struct quality_jump jump[5];
    struct quality_weekday w;
    struct quality_silence q;
    size_t found = 0, said = r->count;
    int64_t without = 0, reversed = 0;
    for (size_t i = 0; i < s->cases; i++) {
        const struct situation_course *c = &s->course[i];
        without += c->onset.d == CIVIL_DAY_NONE;
        reversed += c->onset.d != CIVIL_DAY_NONE && c->death.d != CIVIL_DAY_NONE && c->death.d < c->onset.d;
    }
    result_heading(r, (struct label)LABEL("What to know about the data", "数据质量"));
    said = r->count;
    if (without > 0) result_note(r, "no_onset", &onset, (long long)without, s->cases);
    if (reversed > 0) result_warning(r, "reversed", &late, (long long)reversed);
    if (quality_jumps(d->report, d->days, &(struct quality_jump_options){2.5, 4.5}, jump, 5, &found, NULL) == TONG_OK)
        for (size_t i = 0; i < found && i < 5; i++) {
            char day[CIVIL_TEXT];
            civil_format((civil_day){d->first.d + jump[i].day}, day);
            result_warning(r, "jump", &jumps, day, jump[i].count, jump[i].expected);
        }
    if (quality_weekdays(d->report, d->days, d->first, &w, NULL) == TONG_OK && w.defined && w.p < 0.01)
        result_note(r, "weekend", &weekend, w.weekend, w.p);
    if (quality_silent(d->report, d->days, 28, &q, NULL) == TONG_OK && q.defined && q.days > 1 && q.p < 0.001)
        result_warning(r, "silence", &quiet, (int)q.days, fmax(q.p, 1e-9));
    if (r->count == said) result_note(r, "fine", &fine);
}

// ---- estimates ----

static void say_growth(const struct situation_days *d, struct result *r)
{
    static const struct result_column column[] = {{"figure", LABEL("figure", "指标"), RESULT_TEXT},
                                                  {"estimate", LABEL("estimate", "估计值"), RESULT_REAL},
                                                  {"lower", LABEL("from", "下限"), RESULT_REAL},
                                                  {"upper", LABEL("to", "上限"), RESULT_REAL}};
    static const struct label none = LABEL("Too few cases in the last 14 full days for a growth rate.",
                                           "最近 14 个完整日病例过少，无法估计增长率。");
    double t[SITUATION_BACK];
    struct growth_fit fit;
    // Today is not over.
    bool enough = d->days > SITUATION_BACK + 1;
    const double *y = enough ? d->report + d->days - 1 - SITUATION_BACK : NULL;
    for (int i = 0; i < SITUATION_BACK; i++) t[i] = i;
    if (!enough || growth_fit(t, y, SITUATION_BACK, GROWTH_NEGATIVE_BINOMIAL, 0.95, &fit, NULL) != TONG_OK) {
        result_note(r, "no_growth", &none);
        return;
    }
    result_begin(r, "growth",
                 (struct label)LABEL("Growth of reports, last 14 full days", "最近 14 个完整日报告数的增长"), column,
                 4);
    result_about(r,
                 (struct label)LABEL("cases by day of report; negative binomial, profile limits",
                                     "按报告日期的病例；负二项模型，剖面似然区间"),
                 situation_of_courses);
    result_label(r, (struct label)LABEL("growth rate a day", "日增长率"));
    result_real(r, fit.r);
    result_real(r, fit.profile.lower);
    result_real(r, fit.profile.upper);
    result_label(r, (struct label)LABEL("days to double (halve when below 0)", "倍增天数（负为减半）"));
    result_real(r, growth_doubling(fit.r));
    if (fit.profile.lower * fit.profile.upper > 0)
        result_real(r, growth_doubling(fit.profile.upper)), result_real(r, growth_doubling(fit.profile.lower));
    else result_none(r), result_none(r);
}

static tong_code say_r(const struct situation *s, const struct situation_days *d, struct result *r, struct err *err)
{
    static const struct label none =
        LABEL("No reproduction number: the serial interval is not set (options --si-mean and --si-sd).",
              "未给出再生数：尚未设定代际间隔（选项 --si-mean、--si-sd）。");
    static const struct label few = LABEL("Windows with fewer than 20 cases are not shown: their R says little.",
                                          "病例不足 20 例的窗口不予显示，其 R 参考价值有限。");
    double si[400];
    enum { SI = sizeof si / sizeof si[0] };
    if (!(s->o->si_mean > 1) || !(s->o->si_sd > 0)) {
        result_note(r, "no_si", &none);
        return TONG_OK;
    }
    size_t n = d->days < 9 ? 0 : d->days - 8; // windows of 7 days, from day 1 on, without today
    struct rt_window *w = arena_array(s->arena, n + 1, sizeof *w);
    struct rt_estimate *e = arena_array(s->arena, n + 1, sizeof *e);
    double *line[4];
    for (int k = 0; k < 4; k++) line[k] = arena_array(s->arena, n + 1, sizeof *line[k]);
    if (w == NULL || e == NULL || line[0] == NULL || line[1] == NULL || line[2] == NULL || line[3] == NULL)
        return tong_fail(err, TONG_E_NOMEM, "windows");
    tong_code code = serial_discretise(s->o->si_mean, s->o->si_sd, SI, si, err);
    struct rt_input in = {.local = d->report, .days = d->days, .si = si, .si_days = SI};
    for (size_t i = 0; i < n; i++) w[i] = (struct rt_window){(int32_t)i + 1, (int32_t)i + 7};
    if (code == TONG_OK && n > 0) code = rt_instantaneous(&in, w, n, s->arena, e, err);
    if (code != TONG_OK) return code;
    bool any = false;
    for (size_t i = 0; i < n; i++) {
        bool shown = e[i].known && e[i].local_cases >= SITUATION_WEEK_CASES;
        any = any || shown;
        line[0][i] = d->first.d + (double)w[i].last;
        line[1][i] = shown ? e[i].mean : NAN;
        line[2][i] = shown ? rt_quantile(&e[i], 0.025) : NAN;
        line[3][i] = shown ? rt_quantile(&e[i], 0.975) : NAN;
    }
    result_note(r, "few_cases", &few);
    if (!any) return TONG_OK;
    struct chart *c = result_chart(r);
    c->title = (struct label)LABEL("Instantaneous reproduction number, windows of 7 days", "瞬时再生数（7 天窗口）");
    c->x_label = (struct label)LABEL("last day of the window, by report", "窗口最后一天（按报告日期）");
    c->y_label = (struct label)LABEL("R", "R");
    c->note = result_say(
        s->arena,
        &(struct label)LABEL("Cori 2013; serial interval mean %.3g, sd %.3g days; 95 %% intervals; cases by report",
                             "Cori 2013；代际间隔均值 %.3g 天、标准差 %.3g 天；95%% 区间；按报告日期"),
        s->o->si_mean, s->o->si_sd);
    c->days = c->has_rule = true;
    c->rule = 1;
    chart_add(c, CHART_RIBBON, (struct label)LABEL("95 % interval", "95% 区间"), line[0], line[2], line[3], n)->color =
        0;
    chart_add(c, CHART_LINE, (struct label)LABEL("mean", "均值"), line[0], line[1], NULL, n)->color = 0;
    return TONG_OK;
}

static tong_code say_nowcast(const struct situation *s, const struct situation_days *d, struct result *r,
                             struct err *err)
{
    static const struct label none =
        LABEL("Too little is known of reporting delays for a nowcast.", "报告间隔信息不足，无法进行实时校正。");
    static const double level[3] = {0.025, 0.5, 0.975};
    int32_t *event = arena_array(s->arena, s->cases, sizeof *event),
            *report = arena_array(s->arena, s->cases, sizeof *report);
    struct nowcast_triangle tri;
    struct nowcast_day day[SITUATION_BACK];
    double q[3 * SITUATION_BACK];
    size_t n = 0, left = 0;
    if (event == NULL || report == NULL) return tong_fail(err, TONG_E_NOMEM, "a nowcast");
    for (size_t i = 0; i < s->cases; i++) {
        const struct situation_course *c = &s->course[i];
        if (c->onset.d == CIVIL_DAY_NONE || c->reported.d == CIVIL_DAY_NONE) continue;
        event[n] = c->onset.d - d->first.d;
        report[n++] = c->reported.d - d->first.d;
    }
    struct nowcast_options o = nowcast_robust();
    o.draws = 2000;
    bool good =
        d->days > SITUATION_DELAYS + SITUATION_BACK && n >= 30 &&
        nowcast_from_list(event, report, n, (int32_t)d->days, SITUATION_DELAYS, s->arena, &tri, &left, NULL) ==
            TONG_OK &&
        nowcast_bayes(&tri, (int32_t)d->days - 1, SITUATION_BACK, &o, level, 3, s->arena, day, q, NULL) == TONG_OK;
    if (!good) {
        result_note(r, "no_nowcast", &none);
        return TONG_OK;
    }
    double *line[4];
    for (size_t k = 0; k < 4; k++) {
        line[k] = arena_array(s->arena, SITUATION_BACK, sizeof *line[k]);
        if (line[k] == NULL) return tong_fail(err, TONG_E_NOMEM, "a nowcast");
        for (size_t i = 0; i < SITUATION_BACK; i++)
            line[k][i] = k == 0 ? d->first.d + (double)day[i].day : day[i].defined ? q[3 * i + k - 1] : NAN;
    }
    struct chart *c = result_chart(r);
    c->title = (struct label)LABEL("Cases by onset, and what it will have been", "按发病日期的病例及最终预计");
    c->x_label = (struct label)LABEL("day of onset", "发病日期");
    c->y_label = (struct label)LABEL("cases", "病例数");
    c->note =
        (struct label)LABEL("Robust form of Höhle & an der Heiden 2014, 95 % intervals; cases whose onset is known",
                            "Höhle & an der Heiden 2014 的稳健形式，95% 区间；发病日期已知者");
    c->days = true;
    size_t from = d->days > 60 ? d->days - 60 : 0;
    chart_add(c, CHART_BARS, (struct label)LABEL("reported by now", "截至目前已报告"), d->x + from, d->onset + from,
              NULL, d->days - from)
        ->color = 5;
    chart_add(c, CHART_RIBBON, (struct label)LABEL("95 % interval", "95% 区间"), line[0], line[1], line[3],
              SITUATION_BACK)
        ->color = 1;
    chart_add(c, CHART_LINE, (struct label)LABEL("will have been", "最终预计"), line[0], line[2], NULL, SITUATION_BACK)
        ->color = 1;
    return TONG_OK;
}

static tong_code say_fatality(const struct situation *s, struct result *r, struct err *err)
{
    static const struct result_column column[] = {{"ratio", LABEL("case fatality", "病死率"), RESULT_TEXT},
                                                  {"estimate", LABEL("estimate", "估计值"), RESULT_PART},
                                                  {"deaths", LABEL("deaths", "死亡"), RESULT_WHOLE},
                                                  {"of", LABEL("of", "分母"), RESULT_REAL}};
    static const struct label none =
        LABEL("Nobody has died, or too few for a case fatality ratio adjusted for the delay to death.",
              "无死亡病例，或数量不足以按发病至死亡间隔校正病死率。");
    struct fatality_case *c = arena_array(s->arena, s->cases, sizeof *c);
    struct delay_datum *death = arena_array(s->arena, s->cases, sizeof *death);
    size_t n = 0, deaths = 0;
    if (c == NULL || death == NULL) return tong_fail(err, TONG_E_NOMEM, "cases");
    for (size_t i = 0; i < s->cases; i++) {
        const struct situation_course *v = &s->course[i];
        if (v->onset.d == CIVIL_DAY_NONE || v->onset.d > s->today.d) continue;
        bool died = v->death.d != CIVIL_DAY_NONE && v->death.d <= s->today.d;
        c[n++] = (struct fatality_case){v->onset, died ? v->death : v->outcome, died};
        if (died && v->death.d >= v->onset.d)
            death[deaths++] =
                (struct delay_datum){v->onset.d, v->onset.d + 1, v->death.d, v->death.d + 1, s->today.d + 1};
    }
    struct delay_fit fit;
    struct fatality f;
    bool good = deaths >= 10 && delay_fit(death, deaths, DELAY_GAMMA, &fit, NULL) == TONG_OK &&
                fatality_now(c, n, s->today, DELAY_GAMMA, fit.a, fit.b, &f, NULL) == TONG_OK;
    if (!good) {
        result_note(r, "no_fatality", &none);
        return TONG_OK;
    }
    result_begin(r, "fatality", (struct label)LABEL("Case fatality", "病死率"), column, 4);
    result_about(r, (struct label)LABEL("cases with a known onset", "发病日期已知的病例"), situation_of_courses);
    const struct {
        struct label name;
        double part, of;
    } row[] = {
        {LABEL("deaths over cases so far (too low while it runs)", "死亡/累计病例（疫情期间偏低）"), f.naive,
         (double)f.cases},
        {LABEL("deaths over cases with an outcome", "死亡/已有转归病例"), f.resolved, (double)(f.deaths + f.recovered)},
        {LABEL("adjusted for the delay to death (Nishiura 2009)", "按发病至死亡间隔校正（Nishiura 2009）"), f.adjusted,
         f.weighted}};
    for (int k = 0; k < 3; k++) {
        result_label(r, row[k].name);
        result_part(r, row[k].part);
        result_whole(r, f.deaths);
        result_real(r, row[k].of);
    }
    return TONG_OK;
}

tong_code situation_say_cases(const struct situation *s, struct result *r, struct err *err)
{
    static const struct label none = LABEL("No case has been recorded yet.", "尚无病例记录。");
    struct situation_days d;
    if (s->cases == 0 || !days_of(s, &d)) {
        result_note(r, "no_cases", &none);
        return TONG_OK;
    }
    say_key(s, &d, r);
    say_quality(s, &d, r);
    result_heading(r, (struct label)LABEL("Cases", "病例"));
    say_curve(&d, r);
    tong_code code = say_places(s, &d, r, err);
    result_heading(r, (struct label)LABEL("Growth and what is not yet reported", "增长态势与尚未报告部分"));
    say_growth(&d, r);
    if (code == TONG_OK) code = say_r(s, &d, r, err);
    if (code == TONG_OK) code = say_nowcast(s, &d, r, err);
    result_heading(r, (struct label)LABEL("Severity", "严重程度"));
    if (code == TONG_OK) code = say_fatality(s, r, err);
    return code;
}

tong_code situation_make(const struct situation_options *o, struct result *out, struct err *err)
{
    static const struct label title = LABEL("Situation report, %s%s%s", "疫情形势报告 %s%s%s");
    static const struct label made = LABEL("As recorded by %s (%s). Nobody is named in it; every table says of what "
                                           "its parts are and where its rows come from.",
                                           "数据截至 %s（%s）。报告不含任何个人身份；每张表均注明分母与数据来源。");
    struct situation s;
    char day[CIVIL_TEXT], at[UTC_TEXT];
    tong_code code = situation_load(o, out->arena, &s, err);
    if (code != TONG_OK) return code;
    civil_format(s.today, day);
    zone_format(o->zone, o->now, at);
    const char *name = o->name == NULL ? "" : o->name;
    out->title = result_say(out->arena, &title, day, name[0] == 0 ? "" : ", ", name);
    result_note(out, "as_of", &made, at, o->zone->name);
    code = situation_say_cases(&s, out, err);
    return code == TONG_OK ? situation_say_response(&s, out, err) : code;
}
