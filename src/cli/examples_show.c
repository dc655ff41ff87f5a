#include "cli/examples_show.h"

#include "cli/examples_calendar.h"

#include <assert.h>
#include <string.h>

typedef enum show_mark {
    MARK_SAMPLE,
    MARK_CHECK,
    MARK_ROUND,
    MARK_PROPOSED,
    MARK_IN_FORCE,
    MARK_OPENED,
    MARK_DEADLINE,
    MARK_CLOSED,
    MARK_OVERDUE,
    MARK_RELEASED,
    MARK_ENDED,
    MARK_COUNT
} show_mark;

static const struct {
    struct label mark, meaning;
} show_marks[MARK_COUNT] = {
    [MARK_SAMPLE] = {LABEL("T", "采"), LABEL("sample", "采样")},
    [MARK_CHECK] = {LABEL("c", "查"), LABEL("check", "健康监测")},
    [MARK_ROUND] = {LABEL("R", "轮"), LABEL("test round", "轮次检测")},
    [MARK_PROPOSED] = {LABEL("?", "?"), LABEL("proposed", "待签发")},
    [MARK_IN_FORCE] = {LABEL("#", "#"), LABEL("in force", "生效")},
    [MARK_OPENED] = {LABEL("o", "开"), LABEL("task opened", "任务下达")},
    [MARK_DEADLINE] = {LABEL("d", "限"), LABEL("deadline", "时限")},
    [MARK_CLOSED] = {LABEL("v", "毕"), LABEL("task closed", "任务关闭")},
    [MARK_OVERDUE] = {LABEL("!", "逾"), LABEL("overdue", "逾期")},
    [MARK_RELEASED] = {LABEL("*", "解"), LABEL("released", "解除")},
    [MARK_ENDED] = {LABEL("x", "终"), LABEL("ended otherwise", "以其他方式结束")},
};

struct show {
    const struct expectation *expect;
    const struct example_course *course;
    lang language;
    struct arena *arena;
    struct calendar *calendar;
    bool used[MARK_COUNT]; // which marks the legend must explain
};

static const char *show_mark_text(struct show *s, show_mark mark)
{
    s->used[mark] = true;
    return show_marks[mark].mark.text[s->language];
}

// Stages are lettered in the order in which they are met, without the letters that mean something else.
static const char *show_letter(size_t i)
{
    static const char *const letters[] = {"A", "B", "C", "D", "E", "F", "G", "H", "I", "J", "K", "L",
                                          "M", "N", "P", "Q", "S", "U", "V", "W", "X", "Y", "Z"};
    return letters[i % (sizeof letters / sizeof letters[0])];
}

static struct calendar_row *show_row(struct show *s, struct label label, calendar_side side)
{
    return calendar_add(s->calendar, label.text[s->language], side);
}

// ---- samples, checks, rounds ----

static void show_schedule(struct show *s, struct label label, show_mark mark, const struct expect_days *want,
                          const struct example_course_days *got)
{
    if (!want->given && got->count == 0) return;
    struct calendar_row *expected = want->given ? show_row(s, label, CALENDAR_EXPECTED) : NULL;
    for (size_t i = 0; want->given && i < want->count; i++)
        calendar_put_range(s->calendar, expected, want->items[i], show_mark_text(s, mark));
    struct calendar_row *came = show_row(s, label, want->given ? CALENDAR_CAME : CALENDAR_ALONE);
    for (size_t i = 0; i < got->count; i++) calendar_put(s->calendar, came, got->items[i], show_mark_text(s, mark));
    calendar_compare(s->calendar, expected, came);
}

// ---- stages ----

// Names of the stages: those entered, in order, then those that were only expected; NULL after the last.
static const char *show_stage_name(const struct show *s, size_t i)
{
    const struct example_course *got = s->course;
    size_t seen = 0;
    for (size_t k = 0; k < got->stage_count + s->expect->stage_count; k++) {
        bool entered = k < got->stage_count, again = false;
        const char *name = entered ? got->stages[k].stage->name : s->expect->stages[k - got->stage_count].name;
        for (size_t b = 0; b < k && b < got->stage_count; b++)
            again = again || strcmp(got->stages[b].stage->name, name) == 0;
        if (!again && seen++ == i) return name;
    }
    return NULL;
}

static const char *show_stage_letter(const struct show *s, const char *name)
{
    size_t i = 0;
    for (const char *other; (other = show_stage_name(s, i)) != NULL && strcmp(other, name) != 0;) i++;
    return show_letter(i);
}

// The whole stay in each stage, so that a look along the row tells the course.
static void show_stay(const struct show *s, struct calendar_row *row)
{
    const struct example_course *c = s->course;
    for (size_t i = 0; i < c->stage_count; i++) {
        civil_day last = c->ended_on.d != CIVIL_DAY_NONE ? c->ended_on : c->now;
        if (i + 1 < c->stage_count) last = c->stages[i + 1].entered;
        calendar_put_range(s->calendar, row, (struct day_range){{c->stages[i].entered.d + 1}, last}, "-");
    }
    for (size_t i = 0; i < c->stage_count; i++)
        calendar_put(s->calendar, row, c->stages[i].entered, show_stage_letter(s, c->stages[i].stage->name));
}

static void show_stages(struct show *s)
{
    static const struct label label = LABEL("stage", "阶段");
    if (s->course->stage_count == 0 && s->expect->stage_count == 0) return;
    struct calendar_row *expected = NULL, *differs = NULL;
    if (s->expect->stage_count > 0) expected = show_row(s, label, CALENDAR_EXPECTED);
    struct calendar_row *came = show_row(s, label, s->expect->stage_count > 0 ? CALENDAR_CAME : CALENDAR_ALONE);
    show_stay(s, came);
    for (size_t i = 0; i < s->expect->stage_count; i++) {
        const struct expect_stage *want = &s->expect->stages[i];
        const struct example_course_stage *got = example_course_stage_for(s->course, want);
        const char *letter = show_stage_letter(s, want->name);
        if (got != NULL && expect_day_met(&want->entered, got->entered)) {
            calendar_put(s->calendar, expected, got->entered, letter);
            continue;
        }
        calendar_put_range(s->calendar, expected, want->entered.day, letter);
        if (differs == NULL) differs = calendar_add(s->calendar, "", CALENDAR_DIFFERS);
        calendar_put_range(s->calendar, differs, want->entered.day, "^");
        if (got != NULL) calendar_put(s->calendar, differs, got->entered, "^");
    }
}

// ---- measures ----

static const struct label show_measure_word = LABEL("measure", "措施"), show_task_word = LABEL("task", "任务");

static const char *show_numbered(const struct show *s, struct label word, size_t i)
{
    return arena_printf(s->arena, s->language == LANG_ZH ? "%s%zu" : "%s %zu", word.text[s->language], i + 1);
}

// Names of the measures, those that came first; NULL after the last.
static const char *show_measure_name(const struct show *s, size_t i)
{
    const struct example_course *got = s->course;
    size_t seen = 0;
    for (size_t k = 0; k < got->measure_count + s->expect->measure_count; k++) {
        bool came = k < got->measure_count, again = false;
        const char *name = came ? got->measures[k].measure->name : s->expect->measures[k - got->measure_count].name;
        for (size_t b = 0; b < k && b < got->measure_count; b++)
            again = again || strcmp(got->measures[b].measure->name, name) == 0;
        if (!again && seen++ == i) return name;
    }
    return NULL;
}

static void show_measure_came(struct show *s, const char *name, struct calendar_row *row)
{
    for (size_t i = 0; i < s->course->measure_count; i++) {
        const struct example_course_measure *m = &s->course->measures[i];
        if (strcmp(m->measure->name, name) != 0) continue;
        bool waits = m->first.d == CIVIL_DAY_NONE || m->proposed.d < m->first.d;
        if (waits) calendar_put(s->calendar, row, m->proposed, show_mark_text(s, MARK_PROPOSED));
        if (m->first.d == CIVIL_DAY_NONE) continue;
        civil_day last = m->last.d == CIVIL_DAY_NONE ? s->course->now : m->last;
        calendar_put_range(s->calendar, row, (struct day_range){m->first, last}, show_mark_text(s, MARK_IN_FORCE));
    }
}

// What was expected of a measure. What was not is taken as it came, so that it shows no difference.
static void show_measure(struct show *s, const char *name, const char *label)
{
    const struct expect_measure *want = NULL;
    for (size_t i = 0; i < s->expect->measure_count; i++)
        if (strcmp(s->expect->measures[i].name, name) == 0) want = &s->expect->measures[i];
    struct calendar_row *expected = want == NULL ? NULL : calendar_add(s->calendar, label, CALENDAR_EXPECTED);
    struct calendar_row *came = calendar_add(s->calendar, label, want == NULL ? CALENDAR_ALONE : CALENDAR_CAME);
    show_measure_came(s, name, came);
    if (want == NULL || expected == NULL || came == NULL) return;
    const struct example_course_measure *got = example_course_measure_for(s->course, want);
    bool proposed = !want->proposed.given || (got != NULL && expect_day_met(&want->proposed, got->proposed));
    const char *question = show_marks[MARK_PROPOSED].mark.text[s->language];
    s->used[MARK_PROPOSED] = s->used[MARK_PROPOSED] || !proposed || got == NULL;
    if (want->in_force.given) {
        for (size_t i = 0; i < want->in_force.count; i++)
            calendar_put_range(s->calendar, expected, want->in_force.items[i], show_mark_text(s, MARK_IN_FORCE));
        for (int32_t i = 0; i < s->calendar->days; i++)
            if (came->marks[i] == question && expected->marks[i] == NULL) expected->marks[i] = question;
    } else if (proposed && got != NULL) {
        memcpy(expected->marks, came->marks, (size_t)s->calendar->days * sizeof *came->marks);
    }
    if (!proposed) calendar_put_range(s->calendar, expected, want->proposed.day, question);
    if (got == NULL && !want->in_force.given && !want->proposed.given)
        calendar_put(s->calendar, expected, s->calendar->first, question);
    calendar_compare(s->calendar, expected, came);
}

// ---- tasks and the end ----

// A deadline at midnight belongs to the day that ends then.
static civil_day show_deadline_day(const struct example_course *course, const struct caseload_task *t)
{
    if (t->deadline.s == INT64_MIN) return (civil_day){CIVIL_DAY_NONE};
    return zone_day(course->zone, (utc_sec){t->deadline.s - 1});
}

static civil_day show_wanted_day(const struct show *s, const struct expect_instant *want, bool ends)
{
    if (!want->given) return (civil_day){CIVIL_DAY_NONE};
    return ends && !want->day_only ? zone_day(s->course->zone, (utc_sec){want->instant.s - 1}) : want->day;
}

static void show_task_differences(struct show *s, const struct expect_task *want, const struct example_course_task *got)
{
    const struct caseload_task *t = got->state;
    utc_sec end = caseload_now(s->course->caseload);
    if (t->overdue) end = t->deadline;
    if (!t->open && t->closed.s != INT64_MIN) end = t->closed;
    const struct {
        bool met;
        civil_day wanted, came;
    } parts[] = {
        {expect_instant_met(s->course, &want->opened, t->opened), show_wanted_day(s, &want->opened, false),
         got->opened},
        {expect_instant_met(s->course, &want->deadline, t->deadline), show_wanted_day(s, &want->deadline, true),
         show_deadline_day(s->course, t)},
        {expect_fate_met(want, t), {CIVIL_DAY_NONE}, zone_day(s->course->zone, end)},
    };
    struct calendar_row *row = NULL;
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        if (parts[i].met) continue;
        if (row == NULL) row = calendar_add(s->calendar, "", CALENDAR_DIFFERS);
        calendar_put(s->calendar, row, parts[i].wanted, "^");
        calendar_put(s->calendar, row, parts[i].came, "^");
    }
}

static void show_task(struct show *s, const struct expect_task *want, const char *label)
{
    const struct example_course_task *got = example_course_task_for(s->course, want);
    struct calendar_row *expected = calendar_add(s->calendar, label, CALENDAR_EXPECTED);
    struct calendar_row *came = calendar_add(s->calendar, label, CALENDAR_CAME);
    if (want->deadline.given)
        calendar_put(s->calendar, expected, show_wanted_day(s, &want->deadline, true),
                     show_mark_text(s, MARK_DEADLINE));
    if (want->opened.given)
        calendar_put(s->calendar, expected, show_wanted_day(s, &want->opened, false), show_mark_text(s, MARK_OPENED));
    if (got == NULL) {
        calendar_compare(s->calendar, expected, came);
        return;
    }
    const struct caseload_task *t = got->state;
    if (t->deadline.s != INT64_MIN)
        calendar_put(s->calendar, came, show_deadline_day(s->course, t),
                     show_mark_text(s, t->overdue ? MARK_OVERDUE : MARK_DEADLINE));
    if (!t->open && t->closed.s != INT64_MIN)
        calendar_put(s->calendar, came, zone_day(s->course->zone, t->closed), show_mark_text(s, MARK_CLOSED));
    calendar_put(s->calendar, came, got->opened, show_mark_text(s, MARK_OPENED));
    show_task_differences(s, want, got);
}

static void show_end(struct show *s)
{
    static const struct label label = LABEL("end", "结束");
    const struct expectation *want = s->expect;
    civil_day ended = s->course->ended_on;
    bool wanted = want->released.given || (want->has_ended && (want->ended_on.given || want->ended == FINAL_NONE));
    struct calendar_row *expected = wanted ? show_row(s, label, CALENDAR_EXPECTED) : NULL;
    struct calendar_row *came = show_row(s, label, wanted ? CALENDAR_CAME : CALENDAR_ALONE);
    bool released = example_course_released(s->course);
    const char *mark = NULL;
    if (ended.d != CIVIL_DAY_NONE) mark = show_mark_text(s, released ? MARK_RELEASED : MARK_ENDED);
    calendar_put(s->calendar, came, ended, mark);
    if (!wanted) return;
    // Of a range of days any will do: when one was met, the others are no difference.
    if (want->released.given && released && expect_day_met(&want->released, ended))
        calendar_put(s->calendar, expected, ended, mark);
    else if (want->released.given)
        calendar_put_range(s->calendar, expected, want->released.day, show_mark_text(s, MARK_RELEASED));
    if (want->ended_on.given && expect_day_met(&want->ended_on, ended))
        calendar_put(s->calendar, expected, ended, mark);
    else if (want->ended_on.given)
        calendar_put_range(s->calendar, expected, want->ended_on.day, show_mark_text(s, MARK_ENDED));
    calendar_compare(s->calendar, expected, came);
}

// ---- the calendar ----

static void show_widen(struct day_range *span, struct day_range by)
{
    if (by.first.d == CIVIL_DAY_NONE) return;
    if (span->first.d == CIVIL_DAY_NONE || by.first.d < span->first.d) span->first = by.first;
    if (span->last.d == CIVIL_DAY_NONE || by.last.d > span->last.d) span->last = by.last;
}

static void show_widen_day(struct day_range *span, const struct expect_day *day)
{
    if (day->given) show_widen(span, day->day);
}

static void show_widen_days(struct day_range *span, const struct expect_days *days)
{
    for (size_t i = 0; i < days->count; i++) show_widen(span, days->items[i]);
}

static struct day_range show_span(const struct expectation *expect, const struct example_course *course)
{
    struct day_range span = {{CIVIL_DAY_NONE}, {CIVIL_DAY_NONE}}, came;
    if (example_course_span(course, &came)) show_widen(&span, came);
    show_widen_days(&span, &expect->sampled);
    show_widen_days(&span, &expect->checked);
    show_widen_days(&span, &expect->rounds);
    show_widen_day(&span, &expect->released);
    show_widen_day(&span, &expect->ended_on);
    for (size_t i = 0; i < expect->stage_count; i++) show_widen_day(&span, &expect->stages[i].entered);
    for (size_t i = 0; i < expect->measure_count; i++) {
        show_widen_days(&span, &expect->measures[i].in_force);
        show_widen_day(&span, &expect->measures[i].proposed);
    }
    for (size_t i = 0; i < expect->task_count; i++) {
        const struct expect_task *want = &expect->tasks[i];
        const struct example_course_task *got = example_course_task_for(course, want);
        civil_day day = got == NULL ? (civil_day){CIVIL_DAY_NONE} : show_deadline_day(course, got->state);
        if (want->deadline.given) show_widen(&span, (struct day_range){day, day});
        if (want->deadline.given) show_widen(&span, (struct day_range){want->deadline.day, want->deadline.day});
        if (want->opened.given) show_widen(&span, (struct day_range){want->opened.day, want->opened.day});
    }
    return span;
}

static void show_rows(struct show *s)
{
    const struct expectation *want = s->expect;
    const struct example_course *got = s->course;
    show_schedule(s, (struct label)LABEL("samples", "采样"), MARK_SAMPLE, &want->sampled, &got->sampled);
    show_schedule(s, (struct label)LABEL("checks", "健康监测"), MARK_CHECK, &want->checked, &got->checked);
    show_schedule(s, (struct label)LABEL("rounds", "轮次检测"), MARK_ROUND, &want->rounds, &got->rounds);
    show_stages(s);
    const char *name;
    for (size_t i = 0; (name = show_measure_name(s, i)) != NULL; i++)
        show_measure(s, name, show_numbered(s, show_measure_word, i));
    for (size_t i = 0; i < want->task_count; i++) show_task(s, &want->tasks[i], show_numbered(s, show_task_word, i));
    show_end(s);
}

// Labels of a stage or measure that may only have been expected: from the first edition that knows it.
static const char *show_stage_label(const struct show *s, const char *name)
{
    const struct rulebook *book = caseload_book(s->course->caseload);
    for (size_t i = 0; i < s->course->stage_count; i++)
        if (strcmp(s->course->stages[i].stage->name, name) == 0)
            return s->course->stages[i].stage->label.text[s->language];
    for (size_t e = 0; e < book->count; e++)
        for (size_t i = 0; i < book->editions[e]->stage_count; i++)
            if (strcmp(book->editions[e]->stages[i].name, name) == 0)
                return book->editions[e]->stages[i].label.text[s->language];
    return "";
}

static const char *show_measure_label(const struct show *s, const char *name)
{
    const struct rulebook *book = caseload_book(s->course->caseload);
    for (size_t e = 0; e < book->count; e++) {
        uint8_t i = protocol_measure(book->editions[e], str_z(name));
        if (i != PROTOCOL_NONE) return book->editions[e]->measures[i].label.text[s->language];
    }
    return "";
}

static void show_legend(const struct show *s, struct sink *out)
{
    enum { LEGEND_COLUMNS = 76, GAP = 3 };
    size_t used = 0;
    for (int i = 0; i < MARK_COUNT; i++) {
        if (!s->used[i]) continue;
        const char *mark = show_marks[i].mark.text[s->language], *meaning = show_marks[i].meaning.text[s->language];
        size_t columns = str_columns(str_z(mark)) + 1 + str_columns(str_z(meaning));
        bool fits = used > 0 && used + GAP + columns <= LEGEND_COLUMNS;
        if (fits) sink_printf(out, "%*s", GAP, "");
        else if (used > 0) sink_char(out, '\n');
        sink_printf(out, "%s %s", mark, meaning);
        used = (fits ? used + GAP : 0) + columns;
    }
    if (used > 0) sink_char(out, '\n');
    const char *name;
    for (size_t i = 0; (name = show_stage_name(s, i)) != NULL; i++)
        sink_printf(out, "%s: %s (%s)\n", show_letter(i), name, show_stage_label(s, name));
    for (size_t i = 0; (name = show_measure_name(s, i)) != NULL; i++)
        sink_printf(out, "%s: %s (%s)\n", show_numbered(s, show_measure_word, i), name, show_measure_label(s, name));
    for (size_t i = 0; i < s->expect->task_count; i++)
        sink_printf(out, "%s: %s\n", show_numbered(s, show_task_word, i), s->expect->tasks[i].name);
}

bool example_show_calendar(const struct expectation *expect, const struct example_course *course, lang language,
                           bool whole, struct arena *arena, struct sink *out)
{
    struct day_range span = show_span(expect, course);
    if (span.first.d == CIVIL_DAY_NONE) return true; // nothing was expected on any day, and nothing came
    struct calendar *calendar = arena_alloc(arena, sizeof *calendar);
    if (calendar == NULL) return false;
    calendar_begin(calendar, arena, span);
    struct show s = {.expect = expect, .course = course, .language = language, .arena = arena, .calendar = calendar};
    show_rows(&s);
    if (calendar->failed) return false;
    calendar_print(calendar, language, whole, out);
    show_legend(&s, out);
    return true;
}
