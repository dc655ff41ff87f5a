#include "cli/examples_compare.h"

#include <assert.h>
#include <string.h>

enum compare_message {
    COMPARE_NOT_ENROLLED,
    COMPARE_DAY_MISSING,
    COMPARE_DAY_EXTRA,
    COMPARE_STAGE_OTHER,
    COMPARE_STAGE_NEVER,
    COMPARE_RELEASED_OTHER,
    COMPARE_RELEASED_OPEN,
    COMPARE_RELEASED_ENDED,
    COMPARE_ENDED_OPEN,
    COMPARE_ENDED_NOT,
    COMPARE_ENDED_AS,
    COMPARE_ENDED_ON,
    COMPARE_TASK_NEVER,
    COMPARE_TASK_OPENED,
    COMPARE_TASK_DEADLINE,
    COMPARE_TASK_FATE,
    COMPARE_TASK_UNWANTED,
    COMPARE_MEASURE_NEVER,
    COMPARE_MEASURE_PROPOSED,
    COMPARE_MEASURE_MISSING,
    COMPARE_MEASURE_EXTRA,
    COMPARE_MEASURE_UNWANTED,
    COMPARE_CLASS,
    COMPARE_ENROLS,
    COMPARE_NOT_ENROLS,
    COMPARE_ZONE,
    COMPARE_TOLD,
    COMPARE_ASKED,
    COMPARE_STATUS,
    COMPARE_MESSAGE_COUNT
};

#define NO_REMEDY LABEL("", "")
static const struct message compare_messages[COMPARE_MESSAGE_COUNT] = {
    [COMPARE_NOT_ENROLLED] = {"not-enrolled", PROBLEM_ERROR,
                              LABEL("no enrolment was opened: no rule of the protocol answers these facts",
                                    "没有产生纳管：方案中没有规则对这些记录作出反应"),
                              NO_REMEDY},
    [COMPARE_DAY_MISSING] = {"day-missing", PROBLEM_ERROR,
                             LABEL("{1} was expected on {2} and none is asked for then",
                                   "预期 {2} 有{1}，实际没有安排"),
                             NO_REMEDY},
    [COMPARE_DAY_EXTRA] = {"day-extra", PROBLEM_ERROR,
                           LABEL("{1} is asked for on {2}, which was not expected", "{2} 安排了{1}，不在预期之内"),
                           NO_REMEDY},
    [COMPARE_STAGE_OTHER] = {"stage-day", PROBLEM_ERROR,
                             LABEL("stage {1} was expected to begin on {2}; it began on {3}",
                                   "预期阶段 {1} 于 {2} 开始，实际于 {3} 开始"),
                             NO_REMEDY},
    [COMPARE_STAGE_NEVER] = {"stage-never", PROBLEM_ERROR,
                             LABEL("stage {1} was expected to begin on {2}; it never began",
                                   "预期阶段 {1} 于 {2} 开始，实际从未进入"),
                             NO_REMEDY},
    [COMPARE_RELEASED_OTHER] = {"released-day", PROBLEM_ERROR,
                                LABEL("release was expected on {1}; it came on {2}", "预期 {1} 解除，实际 {2} 解除"),
                                NO_REMEDY},
    [COMPARE_RELEASED_OPEN] = {"released-never", PROBLEM_ERROR,
                               LABEL("release was expected on {1}; on {2} it has still not come",
                                     "预期 {1} 解除，至 {2} 仍未解除"),
                               NO_REMEDY},
    [COMPARE_RELEASED_ENDED] = {"released-ended", PROBLEM_ERROR,
                                LABEL("release was expected on {1}; instead the enrolment ended on {2}: {3}",
                                      "预期 {1} 解除，实际于 {2} 以其他方式结束：{3}"),
                                NO_REMEDY},
    [COMPARE_ENDED_OPEN] = {"ended-open", PROBLEM_ERROR,
                            LABEL("the enrolment was expected to end ({1}); on {2} it is still open",
                                  "预期纳管结束（{1}），至 {2} 仍在进行"),
                            NO_REMEDY},
    [COMPARE_ENDED_NOT] = {"ended-not", PROBLEM_ERROR,
                           LABEL("the enrolment was expected to be still open; it ended on {1}: {2}",
                                 "预期纳管仍在进行，实际已于 {1} 结束：{2}"),
                           NO_REMEDY},
    [COMPARE_ENDED_AS] = {"ended-as", PROBLEM_ERROR,
                          LABEL("the enrolment was expected to end so: {1}; it ended so: {2}",
                                "预期结束方式为“{1}”，实际为“{2}”"),
                          NO_REMEDY},
    [COMPARE_ENDED_ON] = {"ended-day", PROBLEM_ERROR,
                          LABEL("the enrolment was expected to end on {1}; it ended on {2}",
                                "预期纳管于 {1} 结束，实际于 {2} 结束"),
                          NO_REMEDY},
    [COMPARE_TASK_NEVER] = {"task-never", PROBLEM_ERROR,
                            LABEL("task {1} was expected and was never opened", "预期下达任务 {1}，实际从未下达"),
                            NO_REMEDY},
    [COMPARE_TASK_OPENED] = {"task-opened", PROBLEM_ERROR,
                             LABEL("task {1} was expected to be opened {2}; it was opened {3}",
                                   "预期任务 {1} 于 {2} 下达，实际于 {3} 下达"),
                             NO_REMEDY},
    [COMPARE_TASK_DEADLINE] = {"task-deadline", PROBLEM_ERROR,
                               LABEL("the deadline of task {1} was expected to be {2}; it is {3}",
                                     "预期任务 {1} 的时限为 {2}，实际为 {3}"),
                               NO_REMEDY},
    [COMPARE_TASK_FATE] = {"task-fate", PROBLEM_ERROR,
                           LABEL("the fate of task {1} was expected to be: {2}; it is: {3}",
                                 "预期任务 {1} 的结局为“{2}”，实际为“{3}”"),
                           NO_REMEDY},
    [COMPARE_TASK_UNWANTED] = {"task-unwanted", PROBLEM_ERROR,
                               LABEL("task {1} was not expected and was opened {2}", "不应有任务 {1}，实际于 {2} 下达"),
                               NO_REMEDY},
    [COMPARE_MEASURE_NEVER] = {"measure-never", PROBLEM_ERROR,
                               LABEL("measure {1} was expected and was never proposed", "预期有措施 {1}，实际从未提出"),
                               NO_REMEDY},
    [COMPARE_MEASURE_PROPOSED] = {"measure-proposed", PROBLEM_ERROR,
                                  LABEL("measure {1} was expected to be proposed on {2}; it was proposed on {3}",
                                        "预期措施 {1} 于 {2} 提请签发，实际于 {3} 提请"),
                                  NO_REMEDY},
    [COMPARE_MEASURE_MISSING] = {"measure-missing", PROBLEM_ERROR,
                                 LABEL("measure {1} was expected to be in force on {2} and is not",
                                       "预期措施 {1} 在 {2} 生效，实际没有"),
                                 NO_REMEDY},
    [COMPARE_MEASURE_EXTRA] = {"measure-extra", PROBLEM_ERROR,
                               LABEL("measure {1} is in force on {2}, which was not expected",
                                     "措施 {1} 在 {2} 生效，不在预期之内"),
                               NO_REMEDY},
    [COMPARE_MEASURE_UNWANTED] = {"measure-unwanted", PROBLEM_ERROR,
                                  LABEL("measure {1} was not expected and was proposed on {2}",
                                        "不应有措施 {1}，实际于 {2} 提请签发"),
                                  NO_REMEDY},
    [COMPARE_CLASS] = {"class", PROBLEM_ERROR,
                       LABEL("the class was expected to be: {1}; it is: {2}", "预期分类为“{1}”，实际为“{2}”"),
                       NO_REMEDY},
    [COMPARE_ENROLS] = {"enrols", PROBLEM_ERROR,
                        LABEL("{1} was expected to be enrolled because of this person and is not",
                              "预期 {1} 因此人被纳管，实际没有"),
                        NO_REMEDY},
    [COMPARE_NOT_ENROLS] = {"enrols-unwanted", PROBLEM_ERROR,
                            LABEL("{1} was enrolled because of this person, which was not expected",
                                  "{1} 因此人被纳管，不在预期之内"),
                            NO_REMEDY},
    [COMPARE_ZONE] = {"zone", PROBLEM_ERROR,
                      LABEL("a place was expected to begin pathway {1} and none does",
                            "预期有场所进入流程 {1}，实际没有"),
                      NO_REMEDY},
    [COMPARE_TOLD] = {"told", PROBLEM_ERROR,
                      LABEL("it was expected that this role is told, and it is not: {1}", "预期告知“{1}”，实际没有"),
                      NO_REMEDY},
    [COMPARE_ASKED] = {"asked", PROBLEM_ERROR,
                       LABEL("it was expected that this role is asked to judge, and it is not: {1}",
                             "预期请“{1}”研判，实际没有"),
                       NO_REMEDY},
    [COMPARE_STATUS] = {"status", PROBLEM_ERROR,
                        LABEL("the status code was expected to be {1}; it is {2}", "预期状态码为 {1}，实际为 {2}"),
                        NO_REMEDY},
};

static const struct label compare_none = LABEL("none", "无");
static const struct label compare_fates[FATE_COUNT] = {
    [FATE_ANY] = LABEL("any", "不限"),
    [FATE_DONE] = LABEL("done", "已完成"),
    [FATE_OVERDUE] = LABEL("overdue", "逾期"),
    [FATE_OPEN] = LABEL("open", "进行中"),
    [FATE_NO_LONGER_DUE] = LABEL("no longer due", "不再需要"),
    [FATE_MISSED] = LABEL("missed", "未完成"),
    [FATE_REFUSED] = LABEL("refused", "对方拒绝"),
};

// One comparison of one person.
struct compare {
    const struct expectation *expect;
    const struct example_course *course;
    const char *file;
    lang language;
    struct problem_list *problems;
    size_t found;
};

static void compare_add(struct compare *c, struct example_at at, enum compare_message message, const char *arg1,
                        const char *arg2, const char *arg3)
{
    // A sentence about another person of the example begins with the name.
    struct problem_at where = {c->file, at.line, at.column, c->expect->who == NULL ? "" : c->expect->who};
    problem_add(c->problems, where, &compare_messages[message], arg1, arg2, arg3, NULL);
    c->found++;
}

// ---- texts ----

static const char *compare_text(const char *text)
{
    return text == NULL ? "" : text; // out of memory: the sentence lacks a word rather than being lost
}

static const char *compare_range(struct compare *c, struct day_range range)
{
    char first[CIVIL_TEXT], last[CIVIL_TEXT];
    civil_format(range.first, first);
    civil_format(range.last, last);
    if (range.first.d == range.last.d) return compare_text(arena_copy(c->problems->arena, first, strlen(first)));
    return compare_text(arena_printf(c->problems->arena, "%s .. %s", first, last));
}

static const char *compare_day(struct compare *c, civil_day day)
{
    if (day.d == CIVIL_DAY_NONE) return compare_none.text[c->language];
    return compare_range(c, (struct day_range){day, day});
}

static const char *compare_instant(struct compare *c, utc_sec at)
{
    char text[UTC_TEXT];
    if (at.s == INT64_MIN) return compare_none.text[c->language];
    zone_format(c->course->zone, at, text);
    return compare_text(arena_copy(c->problems->arena, text, strlen(text)));
}

static const char *compare_expected_instant(struct compare *c, const struct expect_instant *want)
{
    return want->day_only ? compare_day(c, want->day) : compare_instant(c, want->instant);
}

// A text that grows by ranges, so that consecutive days are said as one.
struct compare_days {
    const char *text;
    struct day_range run;
};

static void compare_days_end(struct compare *c, struct compare_days *days)
{
    if (days->run.first.d == CIVIL_DAY_NONE) return;
    const char *range = compare_range(c, days->run);
    days->text =
        days->text == NULL ? range : compare_text(arena_printf(c->problems->arena, "%s, %s", days->text, range));
    days->run.first.d = CIVIL_DAY_NONE;
}

static void compare_days_add(struct compare *c, struct compare_days *days, civil_day day)
{
    if (days->run.first.d != CIVIL_DAY_NONE && day.d == days->run.last.d + 1) {
        days->run.last = day;
        return;
    }
    compare_days_end(c, days);
    days->run = (struct day_range){day, day};
}

// ---- days ----

bool expect_days_has(const struct expect_days *days, civil_day day)
{
    for (size_t i = 0; i < days->count; i++)
        if (day.d >= days->items[i].first.d && day.d <= days->items[i].last.d) return true;
    return false;
}

bool expect_day_met(const struct expect_day *want, civil_day got)
{
    return got.d != CIVIL_DAY_NONE && got.d >= want->day.first.d && got.d <= want->day.last.d;
}

// Every day from `span` is asked of both sides; what only one of them has is reported, days in a row as one range.
typedef bool compare_has(const struct example_course *course, const void *payload, civil_day day);

static void compare_sets(struct compare *c, struct day_range span, const struct expect_days *want, compare_has *has,
                         const void *payload, enum compare_message missing, enum compare_message extra,
                         const char *what)
{
    struct compare_days less = {.run = {{CIVIL_DAY_NONE}, {CIVIL_DAY_NONE}}}, more = less;
    for (civil_day day = span.first; day.d <= span.last.d; day.d++) {
        bool wanted = expect_days_has(want, day), got = has(c->course, payload, day);
        if (wanted && !got) compare_days_add(c, &less, day);
        if (got && !wanted) compare_days_add(c, &more, day);
    }
    compare_days_end(c, &less);
    compare_days_end(c, &more);
    if (less.text != NULL) compare_add(c, want->at, missing, what, less.text, NULL);
    if (more.text != NULL) compare_add(c, want->at, extra, what, more.text, NULL);
}

static struct day_range compare_span(const struct example_course *course, const struct expect_days *want)
{
    struct day_range span = {course->now, course->now}, got;
    if (example_course_span(course, &got)) span.first = got.first;
    for (size_t i = 0; i < want->count; i++) {
        if (want->items[i].first.d < span.first.d) span.first = want->items[i].first;
        if (want->items[i].last.d > span.last.d) span.last = want->items[i].last;
    }
    return span;
}

static bool compare_has_day(const struct example_course *course, const void *payload, civil_day day)
{
    (void)course;
    return example_course_days_has(payload, day);
}

static void compare_schedules(struct compare *c)
{
    static const struct label names[] = {LABEL("a sample", "采样"), LABEL("a check", "健康监测"),
                                         LABEL("a test round", "轮次检测")};
    const struct expect_days *const want[] = {&c->expect->sampled, &c->expect->checked, &c->expect->rounds};
    const struct example_course_days *const got[] = {&c->course->sampled, &c->course->checked, &c->course->rounds};
    for (size_t i = 0; i < sizeof want / sizeof want[0]; i++) {
        if (!want[i]->given) continue;
        compare_sets(c, compare_span(c->course, want[i]), want[i], compare_has_day, got[i], COMPARE_DAY_MISSING,
                     COMPARE_DAY_EXTRA, names[i].text[c->language]);
    }
}

// ---- stages and the end ----

const struct example_course_stage *example_course_stage_for(const struct example_course *course,
                                                            const struct expect_stage *want)
{
    const struct example_course_stage *first = NULL;
    for (size_t i = 0; i < course->stage_count; i++) {
        const struct example_course_stage *s = &course->stages[i];
        if (strcmp(s->stage->name, want->name) != 0) continue;
        if (expect_day_met(&want->entered, s->entered)) return s;
        if (first == NULL) first = s;
    }
    return first;
}

static void compare_stages(struct compare *c)
{
    for (size_t i = 0; i < c->expect->stage_count; i++) {
        const struct expect_stage *want = &c->expect->stages[i];
        const struct example_course_stage *got = example_course_stage_for(c->course, want);
        if (got != NULL && expect_day_met(&want->entered, got->entered)) continue;
        compare_add(c, want->entered.at, got == NULL ? COMPARE_STAGE_NEVER : COMPARE_STAGE_OTHER, want->name,
                    compare_range(c, want->entered.day), got == NULL ? NULL : compare_day(c, got->entered));
    }
}

bool example_course_released(const struct example_course *course)
{
    return course->ended == FINAL_COMPLETED || course->ended == FINAL_RECOVERED;
}

static const char *compare_final(const struct compare *c, final_word final)
{
    return words_at(WORDS_FINAL, (int32_t) final)->label.text[c->language];
}

static void compare_end(struct compare *c)
{
    const struct expectation *want = c->expect;
    const struct example_course *got = c->course;
    if (want->released.given && !(example_course_released(got) && expect_day_met(&want->released, got->ended_on))) {
        const char *day = compare_range(c, want->released.day);
        if (got->ended == FINAL_NONE)
            compare_add(c, want->released.at, COMPARE_RELEASED_OPEN, day, compare_day(c, got->now), NULL);
        else if (example_course_released(got))
            compare_add(c, want->released.at, COMPARE_RELEASED_OTHER, day, compare_day(c, got->ended_on), NULL);
        else
            compare_add(c, want->released.at, COMPARE_RELEASED_ENDED, day, compare_day(c, got->ended_on),
                        compare_final(c, got->ended));
    }
    if (!want->has_ended) return;
    if (want->ended == FINAL_NONE) {
        if (got->ended != FINAL_NONE)
            compare_add(c, want->ended_at, COMPARE_ENDED_NOT, compare_day(c, got->ended_on),
                        compare_final(c, got->ended), NULL);
        return;
    }
    if (got->ended == FINAL_NONE) {
        const char *how =
            want->ended == FINAL_WORD_COUNT ? compare_range(c, want->ended_on.day) : compare_final(c, want->ended);
        compare_add(c, want->ended_at, COMPARE_ENDED_OPEN, how, compare_day(c, got->now), NULL);
        return;
    }
    if (want->ended != FINAL_WORD_COUNT && want->ended != got->ended)
        compare_add(c, want->ended_at, COMPARE_ENDED_AS, compare_final(c, want->ended), compare_final(c, got->ended),
                    NULL);
    if (want->ended_on.given && !expect_day_met(&want->ended_on, got->ended_on))
        compare_add(c, want->ended_on.at, COMPARE_ENDED_ON, compare_range(c, want->ended_on.day),
                    compare_day(c, got->ended_on), NULL);
}

// ---- tasks and measures ----

bool expect_instant_met(const struct example_course *course, const struct expect_instant *want, utc_sec got)
{
    if (!want->given) return true;
    if (got.s == INT64_MIN) return false;
    // A deadline at midnight belongs to the day that ends then.
    if (want->day_only)
        return zone_day(course->zone, got).d == want->day.d ||
               zone_day(course->zone, (utc_sec){got.s - 1}).d == want->day.d;
    return got.s / 60 == want->instant.s / 60;
}

bool expect_fate_met(const struct expect_task *want, const struct caseload_task *got)
{
    if (want->fate == FATE_ANY || want->fate == example_course_fate(got)) return true;
    return want->fate == FATE_OVERDUE && got->overdue; // it was, whatever came of it later
}

const struct example_course_task *example_course_task_for(const struct example_course *course,
                                                          const struct expect_task *want)
{
    const struct example_course_task *first = NULL;
    for (size_t i = 0; i < course->task_count; i++) {
        const struct example_course_task *t = &course->tasks[i];
        if (strcmp(t->task->name, want->name) != 0) continue;
        if (expect_instant_met(course, &want->opened, t->state->opened) &&
            expect_instant_met(course, &want->deadline, t->state->deadline) && expect_fate_met(want, t->state))
            return t;
        if (first == NULL) first = t;
    }
    return first;
}

static void compare_tasks(struct compare *c)
{
    for (size_t i = 0; i < c->expect->task_count; i++) {
        const struct expect_task *want = &c->expect->tasks[i];
        const struct example_course_task *got = example_course_task_for(c->course, want);
        if (got == NULL) {
            compare_add(c, want->at, COMPARE_TASK_NEVER, want->name, NULL, NULL);
            continue;
        }
        if (!expect_instant_met(c->course, &want->opened, got->state->opened))
            compare_add(c, want->at, COMPARE_TASK_OPENED, want->name, compare_expected_instant(c, &want->opened),
                        compare_instant(c, got->state->opened));
        if (!expect_instant_met(c->course, &want->deadline, got->state->deadline))
            compare_add(c, want->at, COMPARE_TASK_DEADLINE, want->name, compare_expected_instant(c, &want->deadline),
                        compare_instant(c, got->state->deadline));
        if (!expect_fate_met(want, got->state))
            compare_add(c, want->at, COMPARE_TASK_FATE, want->name, compare_fates[want->fate].text[c->language],
                        compare_fates[example_course_fate(got->state)].text[c->language]);
    }
    for (size_t i = 0; i < c->expect->no_task.count; i++) {
        const struct expect_name *name = &c->expect->no_task.items[i];
        const struct example_course_task *got =
            example_course_task_for(c->course, &(struct expect_task){.name = name->name});
        if (got != NULL)
            compare_add(c, name->at, COMPARE_TASK_UNWANTED, name->name, compare_instant(c, got->state->opened), NULL);
    }
}

bool example_course_measure_on(const struct example_course *course, const struct example_course_measure *m,
                               civil_day day)
{
    if (m->first.d == CIVIL_DAY_NONE || day.d < m->first.d) return false;
    return day.d <= (m->last.d == CIVIL_DAY_NONE ? course->now.d : m->last.d);
}

const struct example_course_measure *example_course_measure_for(const struct example_course *course,
                                                                const struct expect_measure *want)
{
    const struct example_course_measure *first = NULL;
    for (size_t i = 0; i < course->measure_count; i++) {
        const struct example_course_measure *m = &course->measures[i];
        if (strcmp(m->measure->name, want->name) != 0) continue;
        if (!want->proposed.given || expect_day_met(&want->proposed, m->proposed)) return m;
        if (first == NULL) first = m;
    }
    return first;
}

// In force by any order for the measure of that name.
static bool compare_has_measure(const struct example_course *course, const void *payload, civil_day day)
{
    const char *name = payload;
    for (size_t i = 0; i < course->measure_count; i++)
        if (strcmp(course->measures[i].measure->name, name) == 0 &&
            example_course_measure_on(course, &course->measures[i], day))
            return true;
    return false;
}

static void compare_measures(struct compare *c)
{
    for (size_t i = 0; i < c->expect->measure_count; i++) {
        const struct expect_measure *want = &c->expect->measures[i];
        const struct example_course_measure *got = example_course_measure_for(c->course, want);
        if (got == NULL) {
            compare_add(c, want->at, COMPARE_MEASURE_NEVER, want->name, NULL, NULL);
            continue;
        }
        if (want->proposed.given && !expect_day_met(&want->proposed, got->proposed))
            compare_add(c, want->proposed.at, COMPARE_MEASURE_PROPOSED, want->name,
                        compare_range(c, want->proposed.day), compare_day(c, got->proposed));
        if (want->in_force.given)
            compare_sets(c, compare_span(c->course, &want->in_force), &want->in_force, compare_has_measure, want->name,
                         COMPARE_MEASURE_MISSING, COMPARE_MEASURE_EXTRA, want->name);
    }
    for (size_t i = 0; i < c->expect->no_measure.count; i++) {
        const struct expect_name *name = &c->expect->no_measure.items[i];
        const struct example_course_measure *got =
            example_course_measure_for(c->course, &(struct expect_measure){.name = name->name});
        if (got != NULL)
            compare_add(c, name->at, COMPARE_MEASURE_UNWANTED, name->name, compare_day(c, got->proposed), NULL);
    }
}

// ---- others, and what is derived ----

static bool compare_listed(const char *const *names, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(names[i], name) == 0) return true;
    return false;
}

static void compare_others(struct compare *c)
{
    const struct expectation *want = c->expect;
    const struct example_course *got = c->course;
    for (size_t i = 0; i < want->enrols.count; i++)
        if (!compare_listed(got->enrolled, got->enrolled_count, want->enrols.items[i].name))
            compare_add(c, want->enrols.items[i].at, COMPARE_ENROLS, want->enrols.items[i].name, NULL, NULL);
    for (size_t i = 0; i < want->not_enrolled.count; i++)
        if (compare_listed(got->enrolled, got->enrolled_count, want->not_enrolled.items[i].name))
            compare_add(c, want->not_enrolled.items[i].at, COMPARE_NOT_ENROLS, want->not_enrolled.items[i].name, NULL,
                        NULL);
    for (size_t i = 0; i < want->zones.count; i++)
        if (!compare_listed(got->zones, got->zone_count, want->zones.items[i].name))
            compare_add(c, want->zones.items[i].at, COMPARE_ZONE, want->zones.items[i].name, NULL, NULL);
    for (size_t i = 0; i < want->told_count; i++)
        if ((got->told >> want->told[i].role & 1) == 0)
            compare_add(c, want->told[i].at, COMPARE_TOLD,
                        words_at(WORDS_ROLE, (int32_t)want->told[i].role)->label.text[c->language], NULL, NULL);
}

static const char *compare_class(const struct compare *c, event_word class)
{
    if (class == EVENT_WORD_COUNT) return compare_none.text[c->language];
    return words_at(WORDS_EVENT, (int32_t) class)->label.text[c->language];
}

static void compare_derived(struct compare *c)
{
    const struct expectation *want = c->expect;
    const struct example_course *got = c->course;
    if (want->has_class && want->class != got->class)
        compare_add(c, want->class_at, COMPARE_CLASS, compare_class(c, want->class), compare_class(c, got->class),
                    NULL);
    if (want->has_asked && (got->asked >> want->asked.role & 1) == 0)
        compare_add(c, want->asked.at, COMPARE_ASKED,
                    words_at(WORDS_ROLE, (int32_t)want->asked.role)->label.text[c->language], NULL, NULL);
    const char *status = got->status == NULL ? "none" : got->status;
    if (want->has_status && strcmp(want->status.name, status) != 0)
        compare_add(c, want->status.at, COMPARE_STATUS, want->status.name, status, NULL);
}

// Something of an enrolment is expected and there is none: said once, instead of once for every item.
static bool compare_needs_enrolment(const struct expectation *want)
{
    return want->sampled.count + want->checked.count + want->rounds.count + want->stage_count > 0 ||
           want->released.given || (want->has_ended && want->ended != FINAL_NONE);
}

size_t expectation_compare(const struct expectation *expect, const struct example_course *course, const char *file,
                           lang language, struct problem_list *problems)
{
    assert(problems->arena != NULL);
    struct compare c = {expect, course, file, language, problems, 0};
    if (course->enrolment == EXAMPLE_NO_ENROLMENT && compare_needs_enrolment(expect)) {
        compare_add(&c, expect->at, COMPARE_NOT_ENROLLED, NULL, NULL, NULL);
    } else {
        compare_schedules(&c);
        compare_stages(&c);
        compare_end(&c);
    }
    compare_tasks(&c);
    compare_measures(&c);
    compare_others(&c);
    compare_derived(&c);
    return c.found;
}
