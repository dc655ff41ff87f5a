#include "cli/replay_days.h"

#include <assert.h>

const struct record_word replay_fate_words[REPLAY_FATE_COUNT] = {
    [REPLAY_DONE] = {"done", LABEL("done in time", "按时完成")},
    [REPLAY_DONE_LATE] = {"done_late", LABEL("done late", "逾期完成")},
    [REPLAY_REFUSED] = {"refused", LABEL("refused", "对方拒绝")},
    [REPLAY_OVERDUE] = {"overdue", LABEL("overdue", "逾期未做")},
    [REPLAY_NO_LONGER_DUE] = {"no_longer_due", LABEL("no longer due", "不再需要")},
    [REPLAY_OPEN] = {"open", LABEL("still open", "未到时限")},
    [REPLAY_UNKNOWN] = {"unknown", LABEL("unknown", "数据未载明")},
};

const struct label replay_fate_short[REPLAY_FATE_COUNT] = {
    [REPLAY_DONE] = LABEL("done", "完成"),
    [REPLAY_DONE_LATE] = LABEL("late", "迟完成"),
    [REPLAY_REFUSED] = LABEL("refused", "拒绝"),
    [REPLAY_OVERDUE] = LABEL("overdue", "逾期"),
    [REPLAY_NO_LONGER_DUE] = LABEL("not due", "免做"),
    [REPLAY_OPEN] = LABEL("open", "未到期"),
    [REPLAY_UNKNOWN] = LABEL("unknown", "未载明"),
};

// ---- tasks ----

static bool days_evidence(const struct replay_days_input *in, const struct caseload_task *t)
{
    const struct protocol *p = in->book->editions[t->edition];
    int32_t person = replay_run_person(in->run, t->subject);
    if (person < 0 || t->enrolment == UINT32_MAX) return false; // what nobody is enrolled for, no data speak of
    uint8_t pathway = caseload_enrolment(in->run->load, t->enrolment)->pathway;
    return replay_evidence_can(in->evidence, &p->tasks[t->task], person, p->pathways[pathway].ladder);
}

bool replay_task_never_was(const struct caseload_task *t)
{
    return !t->open && t->how == HOW_WITHDRAWN && t->closed.s <= t->opened.s;
}

replay_fate replay_task_fate(const struct replay_days_input *in, const struct caseload_task *t)
{
    bool expired = t->open && t->deadline.s != INT64_MIN && t->deadline.s <= caseload_now(in->run->load).s;
    bool late = t->overdue || expired || (!t->open && t->how == HOW_MISSED);
    if (!t->open && t->how == HOW_DONE) {
        if (!t->overdue || t->closed.s <= t->deadline.s) return REPLAY_DONE;
        return days_evidence(in, t) ? REPLAY_DONE_LATE : REPLAY_UNKNOWN; // by a fact whose day was inferred
    }
    if (!t->open && t->how == HOW_REFUSED) return REPLAY_REFUSED;
    if (!late) return t->open ? REPLAY_OPEN : REPLAY_NO_LONGER_DUE;
    return days_evidence(in, t) ? REPLAY_OVERDUE : REPLAY_UNKNOWN;
}

// Index of a day in the book; -1 outside.
static int32_t days_index(const struct replay_days *days, civil_day day)
{
    if (days->count == 0 || day.d == CIVIL_DAY_NONE) return -1;
    int32_t i = day.d - days->items[0].day.d;
    return i >= 0 && i < days->count ? i : -1;
}

static int32_t days_at(const struct replay_days_input *in, const struct replay_days *days, utc_sec at)
{
    return at.s == INT64_MIN ? -1 : days_index(days, zone_day(in->zone, at));
}

static void days_of_task(const struct replay_days_input *in, struct replay_days *days, const struct caseload_task *t)
{
    if (replay_task_never_was(t)) return;
    size_t kind = in->kinds->task[t->edition][t->task];
    replay_fate fate = replay_task_fate(in, t);
    struct replay_task_total *total = &days->totals[kind];
    total->opened++;
    total->fate[fate]++;
    int32_t day = days_at(in, days, t->opened);
    if (day >= 0) days->by_task[(size_t)day * days->task_count + kind].opened++;
    // The day on which the time ran out is the last on which it could be done: a deadline at midnight ends the day
    // before.
    bool expired = fate == REPLAY_OVERDUE || fate == REPLAY_UNKNOWN || fate == REPLAY_DONE_LATE;
    if (expired && (day = days_at(in, days, (utc_sec){t->deadline.s - 1})) >= 0) {
        struct replay_task_day *d = &days->by_task[(size_t)day * days->task_count + kind];
        if (fate == REPLAY_UNKNOWN) d->unknown++;
        else d->overdue++;
    }
    if ((fate == REPLAY_DONE || fate == REPLAY_DONE_LATE) && (day = days_at(in, days, t->closed)) >= 0)
        days->by_task[(size_t)day * days->task_count + kind].done++;
}

// ---- measures ----

utc_sec replay_measure_begun(const struct caseload_measure *m)
{
    return m->started.s != INT64_MIN ? m->started : m->ordered;
}

bool replay_measure_holds(const struct caseload_measure *m)
{
    return replay_measure_begun(m).s != INT64_MIN && m->ended.s == INT64_MIN;
}

struct days_span { // a measure in force at the end of days first to last
    int32_t first, last;
};

static struct days_span days_span_of(const struct replay_days_input *in, const struct replay_days *days,
                                     const struct caseload_measure *m)
{
    struct days_span span = {0, -1};
    utc_sec begun = replay_measure_begun(m);
    if (begun.s == INT64_MIN || days->count == 0) return span;
    int32_t zero = days->items[0].day.d;
    span.first = zone_day(in->zone, begun).d - zero;
    span.last = m->ended.s == INT64_MIN ? days->count - 1 : zone_day(in->zone, m->ended).d - zero - 1;
    if (span.first < 0) span.first = 0;
    if (span.last >= days->count) span.last = days->count - 1;
    return span;
}

// Persons under any restricting measure: the union of each person's spans, counted at their ends.
static void days_union(struct days_span *spans, size_t count, int64_t *change)
{
    for (size_t i = 1; i < count; i++) { // few for one person: in order of beginning
        struct days_span s = spans[i];
        size_t k = i;
        for (; k > 0 && spans[k - 1].first > s.first; k--) spans[k] = spans[k - 1];
        spans[k] = s;
    }
    int32_t last = -1;
    for (size_t i = 0; i < count; i++) {
        int32_t first = spans[i].first > last ? spans[i].first : last + 1;
        if (spans[i].last < first) continue;
        change[first]++;
        change[spans[i].last + 1]--;
        last = spans[i].last;
    }
}

// Spans of each subject side by side, by counting.
static tong_code days_restricted(const struct replay_days_input *in, struct replay_days *days, struct arena *arena,
                                 struct err *err)
{
    size_t count, subjects = caseload_subject_count(in->run->load) + 1; // they are numbered from 1
    const struct caseload_measure *m = caseload_measures(in->run->load, &count);
    size_t *first = arena_array(arena, subjects + 1, sizeof *first);
    struct days_span *spans = arena_array(arena, count, sizeof *spans);
    int64_t *change = arena_array(arena, (size_t)days->count + 1, sizeof *change);
    if (first == NULL || spans == NULL || change == NULL) return tong_fail(err, TONG_E_NOMEM, "the measures by person");
    for (size_t i = 0; i < count; i++) first[m[i].subject + 1]++;
    for (size_t i = 0; i < subjects; i++) first[i + 1] += first[i];
    for (size_t i = count; i-- > 0;) { // from the back, so that first[s + 1] moves down to where s begins
        struct days_span span = days_span_of(in, days, &m[i]);
        bool counts = in->kinds->measures[in->kinds->measure[m[i].edition][m[i].measure]].restricts;
        spans[--first[m[i].subject + 1]] = counts ? span : (struct days_span){0, -1};
    }
    for (size_t s = 0; s < subjects; s++) {
        size_t from = first[s + 1], to = s + 1 < subjects ? first[s + 2] : count;
        bool person = replay_run_person(in->run, (uint32_t)s) >= 0;
        bool any = false;
        for (size_t i = from; person && i < to; i++) any = any || spans[i].last >= spans[i].first;
        if (any) days->restricted_ever++;
        if (any) days_union(spans + from, to - from, change);
    }
    int64_t now = 0;
    for (int32_t d = 0; d < days->count; d++) days->items[d].restricted = now += change[d];
    return TONG_OK;
}

static void days_of_measure(const struct replay_days_input *in, struct replay_days *days,
                            const struct caseload_measure *m)
{
    size_t kind = in->kinds->measure[m->edition][m->measure];
    int32_t begun = days_at(in, days, replay_measure_begun(m));
    if (begun < 0) return;
    days->items[begun].begun++;
    int32_t ended = days_at(in, days, m->ended);
    if (ended >= 0) days->items[ended].ended++;
    struct days_span span = days_span_of(in, days, m);
    if (span.last < span.first) return;
    days->under[(size_t)span.first * days->measure_count + kind]++; // a change; summed up at the end
    if (span.last + 1 < days->count) days->under[(size_t)(span.last + 1) * days->measure_count + kind]--;
}

// ---- cases ----

static void days_of_cases(const struct replay_days_input *in, struct replay_days *days)
{
    const struct linelist *list = in->list;
    for (size_t i = 0; i < list->case_count; i++) {
        const struct line_case *c = &list->cases[i];
        civil_day entered = in->facts->entered[i];
        if (entered.d != CIVIL_DAY_NONE && entered.d > in->until.d) continue;
        days->cases[c->class]++;
        days->case_total++;
        int32_t day = days_index(days, entered);
        if (day >= 0) days->items[day].cases[c->class]++;
        if ((day = days_index(days, c->when[LINE_ONSET].day)) >= 0) days->items[day].onsets++;
        bool died = c->outcome == LINE_DIED || c->when[LINE_DEATH].day.d != CIVIL_DAY_NONE;
        civil_day death =
            c->when[LINE_DEATH].day.d != CIVIL_DAY_NONE ? c->when[LINE_DEATH].day : c->when[LINE_OUTCOME_DAY].day;
        if (died && (death.d == CIVIL_DAY_NONE || death.d <= in->until.d)) days->deaths++;
        if (died && (day = days_index(days, death)) >= 0) days->items[day].deaths++;
    }
    for (size_t i = 0; i < in->facts->person_count; i++) {
        civil_day named = in->facts->contact_named[i];
        if (named.d == CIVIL_DAY_NONE || named.d > in->until.d) continue;
        days->contacts_named++;
        int32_t day = days_index(days, named);
        if (day >= 0) days->items[day].contacts_named++;
    }
}

tong_code replay_days_build(const struct replay_days_input *in, struct arena *arena, struct replay_days *out,
                            struct err *err)
{
    assert(in->facts->count > 0 && in->until.d >= in->facts->first.d);
    size_t days = (size_t)(in->until.d - in->facts->first.d + 1);
    *out = (struct replay_days){
        .count = (int32_t)days,
        .task_count = in->kinds->task_count,
        .measure_count = in->kinds->measure_count,
        .items = arena_array(arena, days, sizeof *out->items),
        .by_task = arena_array(arena, days * in->kinds->task_count, sizeof *out->by_task),
        .under = arena_array(arena, days * in->kinds->measure_count, sizeof *out->under),
        .totals = arena_array(arena, in->kinds->task_count, sizeof *out->totals),
    };
    if (out->items == NULL || out->by_task == NULL || out->under == NULL || out->totals == NULL)
        return tong_fail(err, TONG_E_NOMEM, "a day book of %zu days", days);
    for (size_t d = 0; d < days; d++) out->items[d].day.d = in->facts->first.d + (int32_t)d;
    days_of_cases(in, out);
    size_t count;
    const struct caseload_task *tasks = caseload_tasks(in->run->load, &count);
    for (size_t i = 0; i < count; i++) days_of_task(in, out, &tasks[i]);
    const struct caseload_measure *measures = caseload_measures(in->run->load, &count);
    for (size_t i = 0; i < count; i++) days_of_measure(in, out, &measures[i]);
    for (size_t d = 0; d < days; d++) {
        struct replay_day *day = &out->items[d];
        for (size_t k = 0; k < out->task_count; k++) {
            const struct replay_task_day *t = &out->by_task[d * out->task_count + k];
            day->tasks.opened += t->opened;
            day->tasks.done += t->done;
            day->tasks.overdue += t->overdue;
            day->tasks.unknown += t->unknown;
        }
        for (size_t k = 0; d > 0 && k < out->measure_count; k++)
            out->under[d * out->measure_count + k] += out->under[(d - 1) * out->measure_count + k];
    }
    return days_restricted(in, out, arena, err);
}
