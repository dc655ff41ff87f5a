#include "exchange/situation_inner.h"
#include "protocol/words.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const struct result_column part_column[] = {{"figure", LABEL("figure", "指标"), RESULT_TEXT},
                                                   {"part", LABEL("part", "比例"), RESULT_PART},
                                                   {"lower", LABEL("from", "下限"), RESULT_PART},
                                                   {"upper", LABEL("to", "上限"), RESULT_PART},
                                                   {"met", LABEL("met", "达标"), RESULT_WHOLE},
                                                   {"of", LABEL("of", "分母"), RESULT_WHOLE},
                                                   {"undecided", LABEL("not due yet", "尚未到期"), RESULT_WHOLE},
                                                   {"unknown", LABEL("not known", "不详"), RESULT_WHOLE}};

static void say_part(struct result *r, struct label name, const struct timely_part *p)
{
    result_label(r, name);
    if (p->defined) {
        result_part(r, p->part.estimate);
        result_part(r, p->part.lower);
        result_part(r, p->part.upper);
    } else
        for (int k = 0; k < 3; k++) result_none(r);
    result_whole(r, p->met);
    result_whole(r, p->met + p->missed);
    result_whole(r, p->undecided);
    result_whole(r, p->unknown);
}

static int64_t earlier(int64_t a, int64_t b)
{
    if (a == TIMELY_NONE) return b;
    if (b == TIMELY_NONE) return a;
    return a < b ? a : b;
}

// The response as one event: emergence is the first onset; detection the first positive sample or diagnosis; notification the
// first report; the early response is complete when a case is isolated and a contact has been named.
static tong_code say_717(const struct situation *s, struct result *r, struct err *err)
{
    static const struct label about =
        LABEL("7-1-7 for this response as one event: emergence is the first onset, detection the first positive sample "
              "or diagnosis, notification the first report, and the early response is complete once a case is isolated "
              "and a contact listed.",
              "7-1-7 "
              "按本次应急响应作为一起事件计算：发生为首例发病，发现为首个阳性采样或诊断，通报为首次报告，早期处置完成为"
              "已有病例隔离且已登记密接。");
    struct timely_717 e = {TIMELY_NONE, TIMELY_NONE, TIMELY_NONE, TIMELY_NONE};
    struct timely_717_parts p;
    int64_t isolated = TIMELY_NONE, listed = TIMELY_NONE;
    for (size_t i = 0; i < s->courses; i++) {
        const struct situation_course *c = &s->course[i];
        if (!c->is_case) {
            listed = earlier(listed, situation_minute(c->opened));
            continue;
        }
        e.emergence = earlier(e.emergence, situation_noon(s, c->onset));
        e.detection = earlier(e.detection, earlier(situation_noon(s, c->sampled), situation_noon(s, c->diagnosed)));
        e.notification = earlier(e.notification, situation_noon(s, c->reported));
        isolated = earlier(isolated, situation_noon(s, c->isolated));
    }
    if (isolated != TIMELY_NONE && listed != TIMELY_NONE) e.response = isolated > listed ? isolated : listed;
    tong_code code = timely_717_of(&e, 1, situation_minute(s->o->now), 0.95, &p, err);
    if (code != TONG_OK) return code;
    result_note(r, "717", &about);
    result_begin(r, "7-1-7", (struct label)LABEL("7-1-7", "7-1-7 时效"), part_column, 8);
    result_about(r, (struct label)LABEL("this response, one event", "本次应急响应（一起事件）"), situation_of_courses);
    say_part(r, (struct label)LABEL("detected within 7 days of emergence", "发生后 7 天内发现"), &p.detect);
    say_part(r, (struct label)LABEL("notified within 1 day of detection", "发现后 1 天内通报"), &p.notify);
    say_part(r, (struct label)LABEL("early response within 7 days of notification", "通报后 7 天内完成早期处置"),
             &p.respond);
    return TONG_OK;
}

// The first visit at which a contact was seen, and the one of today; visits are sorted by subject.
static size_t visits_of(const struct situation *s, int64_t subject, size_t *at)
{
    while (*at < s->visits && s->visit[*at].subject < subject) ++*at;
    size_t n = 0;
    while (*at + n < s->visits && s->visit[*at + n].subject == subject) n++;
    return n;
}

static tong_code say_contacts(const struct situation *s, struct result *r, struct err *err)
{
    static const struct result_column now_column[] = {{"figure", LABEL("contacts", "密接"), RESULT_TEXT},
                                                      {"count", LABEL("people", "人数"), RESULT_WHOLE},
                                                      {"of", LABEL("of", "分母"), RESULT_WHOLE},
                                                      {"part", LABEL("part", "比例"), RESULT_PART}};
    static const struct label within[] = {LABEL("seen within 24 hours of being named", "申报后 24 小时内见到"),
                                          LABEL("seen within 48 hours", "48 小时内见到"),
                                          LABEL("seen within 72 hours", "72 小时内见到")};
    struct timely_span *span = arena_array(s->arena, s->contacts, sizeof *span);
    if (span == NULL) return tong_fail(err, TONG_E_NOMEM, "contacts");
    int64_t open = 0, today = 0, never = 0, lost = 0;
    size_t at = 0;
    for (size_t i = 0; i < s->contacts; i++) {
        const struct situation_course *c = &s->course[s->cases + i];
        size_t n = visits_of(s, c->subject, &at);
        span[i] = (struct timely_span){situation_minute(c->opened), TIMELY_NONE};
        bool followed = c->ended.s == INT64_MIN || c->ended.s > s->o->now.s, seen_today = false;
        for (size_t k = at; k < at + n; k++) {
            const struct situation_visit *v = &s->visit[k];
            if (!v->seen || v->at.s > s->o->now.s) continue;
            seen_today = seen_today || zone_day(s->o->zone, v->at).d == s->today.d;
            if (v->at.s >= c->opened.s) span[i].to = earlier(span[i].to, situation_minute(v->at));
        }
        lost += str_eq_z(c->status, "lost");
        open += followed;
        today += followed && seen_today;
        never += followed && span[i].to == TIMELY_NONE;
        // Whoever left the list unseen is judged by the day they left: the span stays open only up to then.
        if (!followed && span[i].to == TIMELY_NONE && !str_eq_z(c->status, "lost")) span[i].from = TIMELY_NONE;
    }
    result_begin(r, "tracing", (struct label)LABEL("Contacts reached in time", "密接追踪及时性"), part_column, 8);
    result_about(
        r,
        (struct label)LABEL("contacts ever listed; those who left the list otherwise before being seen are not known",
                            "曾登记的全部密接；未见到即离开名单者计为不详"),
        situation_of_visits);
    for (int k = 0; k < 3; k++) {
        struct timely_part p;
        tong_code code = timely_within(span, s->contacts, situation_minute(s->o->now), 1440 * (k + 1), 0.95, &p, err);
        if (code != TONG_OK) return code;
        say_part(r, within[k], &p);
    }
    const struct {
        struct label name;
        int64_t n, of;
    } row[] = {{LABEL("under follow-up now", "目前随访中"), open, (int64_t)s->contacts},
               {LABEL("of them seen today", "其中今日已见到"), today, open},
               {LABEL("of them never seen", "其中从未见到"), never, open},
               {LABEL("lost", "失访"), lost, (int64_t)s->contacts}};
    result_begin(r, "contacts", (struct label)LABEL("Contacts today", "今日密接情况"), now_column, 4);
    result_about(r, (struct label)LABEL("as the column \"of\" says", "见“分母”列"), situation_of_visits);
    for (size_t k = 0; k < sizeof row / sizeof row[0]; k++) {
        result_label(r, row[k].name);
        result_whole(r, row[k].n);
        result_whole(r, row[k].of);
        if (row[k].of > 0) result_part(r, (double)row[k].n / (double)row[k].of);
        else result_none(r);
    }
    return TONG_OK;
}

static tong_code say_cases_found(const struct situation *s, struct result *r, struct err *err)
{
    static const struct result_column known_column[] = {
        {"when", LABEL("cases reported", "报告时段"), RESULT_TEXT},
        {"known", LABEL("were known contacts", "此前已登记为密接"), RESULT_WHOLE},
        {"cases", LABEL("cases", "病例"), RESULT_WHOLE},
        {"part", LABEL("part", "比例"), RESULT_PART},
        {"lower", LABEL("from", "下限"), RESULT_PART},
        {"upper", LABEL("to", "上限"), RESULT_PART}};
    static const struct result_column hours_column[] = {
        {"delay", LABEL("delay", "间隔"), RESULT_TEXT},
        {"half", LABEL("half within, hours", "半数不超过（小时）"), RESULT_REAL},
        {"nine_tenths", LABEL("nine tenths within", "九成不超过"), RESULT_REAL},
        {"done", LABEL("done", "已完成"), RESULT_WHOLE},
        {"open", LABEL("still open", "未完成"), RESULT_WHOLE},
        {"unknown", LABEL("not known", "不详"), RESULT_WHOLE}};
    static const struct label window[] = {LABEL("in the last 7 days", "最近 7 天"), LABEL("so far", "累计")};
    static const struct label delay[] = {LABEL("onset to isolation", "发病至隔离"),
                                         LABEL("onset to first positive sample", "发病至首次阳性采样"),
                                         LABEL("first positive sample to isolation", "首次阳性采样至隔离")};
    result_begin(r, "known",
                 (struct label)LABEL("Cases that were already known as contacts", "病例中此前已登记为密接者"),
                 known_column, 6);
    result_about(r, (struct label)LABEL("cases reported in that time", "该时段报告的病例"), situation_of_courses);
    for (int k = 0; k < 2; k++) {
        int64_t known = 0, n = 0;
        struct interval i;
        for (size_t c = 0; c < s->cases; c++) {
            if (k == 0 && s->course[c].reported.d <= s->today.d - 7) continue;
            n++;
            known += s->course[c].known_contact;
        }
        result_label(r, window[k]);
        result_whole(r, known);
        result_whole(r, n);
        if (n > 0 && proportion_interval(known, n, 0.95, PROPORTION_WILSON, &i, NULL) == TONG_OK) {
            result_part(r, i.estimate);
            result_part(r, i.lower);
            result_part(r, i.upper);
        } else
            for (int m = 0; m < 3; m++) result_none(r);
    }
    struct timely_span *span = arena_array(s->arena, s->cases, sizeof *span);
    if (span == NULL) return tong_fail(err, TONG_E_NOMEM, "cases");
    result_begin(r, "isolation", (struct label)LABEL("From onset to isolation", "发病至隔离"), hours_column, 6);
    result_about(r,
                 (struct label)LABEL("cases with an onset (a positive sample); by dates, so to half a day",
                                     "有发病日期（阳性采样）的病例；按日期计，精确到半天"),
                 situation_of_courses);
    for (int k = 0; k < 3; k++) {
        struct timely_time t;
        for (size_t c = 0; c < s->cases; c++) {
            const struct situation_course *v = &s->course[c];
            span[c] = (struct timely_span){situation_noon(s, k == 2 ? v->sampled : v->onset),
                                           situation_noon(s, k == 1 ? v->sampled : v->isolated)};
            // Isolated before falling ill, as a contact: no time was lost.
            if (span[c].from != TIMELY_NONE && span[c].to != TIMELY_NONE && span[c].to < span[c].from)
                span[c].to = span[c].from;
        }
        tong_code code = timely_quantiles(span, s->cases, situation_minute(s->o->now), s->arena, &t, err);
        if (code != TONG_OK) return code;
        result_label(r, delay[k]);
        if (t.defined) result_real(r, t.half / 60), result_real(r, t.nine_tenths / 60);
        else result_none(r), result_none(r);
        result_whole(r, t.done);
        result_whole(r, t.open);
        result_whole(r, t.unknown);
    }
    return TONG_OK;
}

static tong_code say_tasks(const struct situation *s, struct result *r, struct err *err)
{
    struct timely_span *span = arena_array(s->arena, s->tasks, sizeof *span);
    if (span == NULL) return tong_fail(err, TONG_E_NOMEM, "tasks");
    result_begin(r, "tasks",
                 (struct label)LABEL("Tasks done in time, by who does them", "任务按时完成情况（按办理角色）"),
                 part_column, 8);
    result_about(r,
                 (struct label)LABEL("tasks with a deadline; those withdrawn or dropped are left out",
                                     "有时限的任务；撤销或作废者不计"),
                 situation_of_tasks);
    for (int32_t role = 0; role < ROLE_WORD_COUNT; role++) {
        const struct word *word = words_at(WORDS_ROLE, role);
        struct timely_part p = {0};
        for (size_t i = 0; word != NULL && i < s->tasks; i++) {
            const struct situation_task *t = &s->task[i];
            if (!str_eq_z(t->role, word->name) || t->deadline.s == INT64_MIN || t->opened.s > s->o->now.s) continue;
            bool closed = t->closed.s != INT64_MIN && t->closed.s <= s->o->now.s;
            if (closed && !t->done) continue;
            if (closed) t->closed.s <= t->deadline.s ? p.met++ : p.missed++;
            else s->o->now.s > t->deadline.s ? p.missed++ : p.undecided++;
        }
        p.defined = p.met + p.missed > 0;
        if (p.met + p.missed + p.undecided == 0) continue;
        if (p.defined) {
            tong_code code = proportion_interval(p.met, p.met + p.missed, 0.95, PROPORTION_WILSON, &p.part, err);
            if (code != TONG_OK) return code;
        }
        say_part(r, word->label, &p);
    }
    return TONG_OK;
}

struct cost {
    struct str place;
    double days;
    int64_t people;
};

static int measure_order(const void *a, const void *b)
{
    const struct situation_measure *x = a, *y = b;
    int by = str_compare(x->place, y->place);
    if (by != 0) return by;
    if (x->subject != y->subject) return x->subject < y->subject ? -1 : 1;
    return (x->from.s > y->from.s) - (x->from.s < y->from.s);
}

static int cost_order(const void *a, const void *b)
{
    const struct cost *x = a, *y = b;
    return (x->days < y->days) - (x->days > y->days);
}

// Measures of one person that overlap are one stretch: nobody is restricted twice on one day.
static tong_code say_cost(const struct situation *s, struct result *r, struct err *err)
{
    static const struct result_column column[] = {{"place", LABEL("community", "社区"), RESULT_TEXT},
                                                  {"person_days", LABEL("person-days", "人日"), RESULT_REAL},
                                                  {"people", LABEL("people", "人数"), RESULT_WHOLE}};
    static const struct label all = LABEL("all", "合计"), nowhere = LABEL("not known", "不详");
    struct cost *cost = arena_array(s->arena, s->measures + 1, sizeof *cost);
    if (cost == NULL) return tong_fail(err, TONG_E_NOMEM, "measures");
    if (s->measures > 1) qsort(s->measure, s->measures, sizeof *s->measure, measure_order);
    size_t n = 0;
    struct cost sum = {0};
    int64_t now = situation_minute(s->o->now), reached = INT64_MIN, subject = 0;
    for (size_t i = 0; i < s->measures; i++) {
        const struct situation_measure *m = &s->measure[i];
        bool place = n == 0 || !str_eq(cost[n - 1].place, m->place);
        if (place) cost[n++] = (struct cost){.place = m->place};
        struct timely_span span = {situation_minute(m->from), situation_minute(m->to)};
        if (place || m->subject != subject) {
            cost[n - 1].people++;
            sum.people++;
            reached = INT64_MIN;
            subject = m->subject;
        }
        if (span.from < reached) span.from = reached;
        int64_t end = span.to == TIMELY_NONE || span.to > now ? now : span.to;
        double days = timely_person_days(&span, 1, now);
        if (end > reached) reached = end;
        cost[n - 1].days += days;
        sum.days += days;
    }
    qsort(cost, n, sizeof *cost, cost_order);
    result_begin(r, "restrictions", (struct label)LABEL("What the restrictions have cost", "限制措施的代价"), column,
                 3);
    result_about(r,
                 (struct label)LABEL("people under a signed order, from the order to its end or to now",
                                     "已签发指令的人员，自签发至结束或目前"),
                 situation_of_measures);
    for (size_t i = 0; i <= n; i++) {
        const struct cost *c = i == 0 ? &sum : &cost[i - 1];
        if (i == 0) result_label(r, all);
        else if (c->place.n == 0) result_label(r, nowhere);
        else result_text(r, c->place);
        result_real(r, c->days);
        result_whole(r, c->people);
    }
    if (r->table != NULL) r->table->rows_shown = 16;
    return TONG_OK;
}

static tong_code say_forms(const struct situation *s, struct result *r, struct err *err)
{
    static const struct result_column column[] = {
        {"entries", LABEL("entries", "录入条数"), RESULT_WHOLE},
        {"people", LABEL("staff", "录入人员"), RESULT_WHOLE},
        {"hours", LABEL("hours in all", "合计（小时）"), RESULT_REAL},
        {"minutes", LABEL("minutes an entry", "每条（分钟）"), RESULT_REAL},
        {"median", LABEL("of half of them at most", "半数不超过（分钟）"), RESULT_REAL}};
    struct timely_work w;
    tong_code code = timely_entering(s->entry_who, s->entry_at, s->entries, 10, 2, s->arena, &w, err);
    if (code != TONG_OK) return code;
    result_begin(r, "forms", (struct label)LABEL("What forms cost the staff", "填报占用的时间"), column, 5);
    result_about(r,
                 (struct label)LABEL("entries by hand: the time since the same person's last one, where that is 10 "
                                     "minutes at most, else 2 minutes",
                                     "手工录入：与同一人上一条相隔不超过 10 分钟者按间隔计，否则按 2 分钟计"),
                 situation_of_entries);
    result_whole(r, w.entries);
    result_whole(r, w.people);
    result_real(r, w.minutes / 60);
    if (w.entries > 0) result_real(r, w.minutes / (double)w.entries), result_real(r, w.median);
    else result_none(r), result_none(r);
    return TONG_OK;
}

tong_code situation_say_response(const struct situation *s, struct result *r, struct err *err)
{
    result_heading(r, (struct label)LABEL("The response", "应急处置"));
    tong_code code = say_717(s, r, err);
    if (code == TONG_OK) code = say_contacts(s, r, err);
    if (code == TONG_OK) code = say_cases_found(s, r, err);
    if (code == TONG_OK) code = say_tasks(s, r, err);
    if (code == TONG_OK) code = say_cost(s, r, err);
    if (code == TONG_OK) code = say_forms(s, r, err);
    return code;
}

tong_code situation_response(const struct situation_options *o, struct result *out, struct err *err)
{
    struct situation s;
    tong_code code = situation_load(o, out->arena, &s, err);
    return code == TONG_OK ? situation_say_response(&s, out, err) : code;
}
