#include "service/figures.h"

#include "response/respond.h"
#include "service/figures_count.h"
#include "store/place.h"
#include "store/roll_row.h"

#include <string.h>

// ---- counting ----

struct roll_query figures_query(const struct figures *f, roll_list list)
{
    return (struct roll_query){.list = list, .scopes = f->scopes, .scope_count = f->scope_count, .arena = f->rq->arena};
}

int64_t figures_count(const struct figures *f, const struct roll_query *q)
{
    if (f->nothing) return 0;
    roll_read_begin(f->roll);
    int64_t n = roll_count_all(f->roll, q);
    roll_read_end(f->roll);
    return n;
}

static struct roll_query figures_of_pathways(const struct figures *f, const uint64_t set[4])
{
    struct roll_query q = figures_query(f, ROLL_ENROLMENTS);
    show_filter(&q, ROLL_ENROLMENT_PATHWAY, ROLL_ONE_OF, 0);
    memcpy(q.filter[q.filter_count - 1].set, set, sizeof q.filter[0].set);
    return q;
}

struct roll_query figures_cases(const struct figures *f)
{
    struct roll_query q = figures_of_pathways(f, f->case_pathways);
    show_filter(&q, ROLL_ENROLMENT_CLASS, ROLL_ONE_OF, 0);
    memcpy(q.filter[q.filter_count - 1].set, f->classes, sizeof q.filter[0].set);
    return q;
}

struct roll_query figures_contacts(const struct figures *f)
{
    return figures_of_pathways(f, f->contact_pathways);
}

int32_t figures_minute_of_day(const struct figures *f, civil_day day)
{
    return (int32_t)(zone_midnight(&f->rq->service->options.zone, day).s / 60);
}

bool figures_walk(const struct figures *f, struct roll_query *q, figures_row *row, void *payload)
{
    struct roll_row *rows = arena_array(f->rq->arena, ROLL_PAGE_MAX, sizeof *rows);
    struct roll_page page = {.rows = rows, .more = !f->nothing};
    bool good = rows != NULL;
    q->sort = ROLL_BY_ID;
    q->limit = ROLL_PAGE_MAX;
    while (good && page.more) {
        int32_t columns[ROLL_COLUMNS_MAX];
        roll_read_begin(f->roll);
        good = roll_ask(f->roll, q, &page);
        for (size_t i = 0; good && i < page.count; i++)
            if (roll_get(f->roll, q->list, page.rows[i].id, columns)) good = row(payload, page.rows[i].id, columns);
        roll_read_end(f->roll);
        if (page.count == 0) break;
        q->after = true;
        q->after_id = page.rows[page.count - 1].id;
        q->after_value = page.rows[page.count - 1].key;
    }
    return good;
}

// ---- the curve ----

struct figures_curve {
    const struct figures *f;
    int32_t first;
    int32_t onset[FIGURES_DAYS], report[FIGURES_DAYS];
    int64_t onset_unknown;
};

static void curve_add(struct figures_curve *c, int32_t *days, int32_t day)
{
    if (day >= c->first && day < c->first + FIGURES_DAYS) days[day - c->first]++;
}

static bool curve_row(void *payload, int64_t id, const int32_t *e)
{
    struct figures_curve *c = payload;
    (void)id;
    curve_add(c, c->report, zone_day(&c->f->rq->service->options.zone, roll_instant(e[ROLL_ENROLMENT_OPENED])).d);
    if (e[ROLL_ENROLMENT_ONSET] == ROLL_NONE) c->onset_unknown++;
    else curve_add(c, c->onset, e[ROLL_ENROLMENT_ONSET]);
    return true;
}

static bool figures_curve(const struct figures *f, struct json_out *j)
{
    struct figures_curve c = {.f = f, .first = f->today.d - FIGURES_DAYS + 1};
    struct roll_query q = figures_cases(f);
    show_filter(&q, ROLL_ENROLMENT_OPENED, ROLL_FROM, figures_minute_of_day(f, (civil_day){c.first}));
    if (!figures_walk(f, &q, curve_row, &c)) return false;
    json_out_object(j, "curve");
    json_out_day(j, "first", (civil_day){c.first});
    json_out_array(j, "onset");
    for (int32_t i = 0; i < FIGURES_DAYS; i++) json_out_int(j, NULL, c.onset[i]);
    json_out_end(j);
    json_out_array(j, "report");
    for (int32_t i = 0; i < FIGURES_DAYS; i++) json_out_int(j, NULL, c.report[i]);
    json_out_end(j);
    json_out_int(j, "onset_unknown", c.onset_unknown);
    json_out_end(j);
    return true;
}

// ---- cases, tasks, measures ----

static void figures_classes(const struct figures *f, struct json_out *j)
{
    json_out_array(j, "cases");
    for (int32_t class = EVENT_SUSPECTED; class <= EVENT_DISCARDED; class++) {
        struct roll_query q = figures_of_pathways(f, f->case_pathways);
        show_filter(&q, ROLL_ENROLMENT_CLASS, ROLL_IS, class);
        struct roll_query open = q, today = q;
        show_filter(&open, ROLL_ENROLMENT_ENDED, ROLL_ABSENT, 0);
        show_filter(&today, ROLL_ENROLMENT_OPENED, ROLL_FROM, f->midnight);
        json_out_object(j, NULL);
        show_word(j, "class", WORDS_EVENT, class, f->rq->language);
        json_out_int(j, "all", figures_count(f, &q));
        json_out_int(j, "open", figures_count(f, &open));
        json_out_int(j, "today", figures_count(f, &today));
        json_out_end(j);
    }
    json_out_end(j);
}

enum figures_of_tasks { TASKS_OPEN, TASKS_DUE, TASKS_LATE, TASKS_DONE, TASKS_IN_TIME, TASKS_COUNTED };

// Of one verb, or of all (-1).
static void figures_task_queries(const struct figures *f, int32_t verb, struct roll_query q[TASKS_COUNTED])
{
    struct roll_query all = figures_query(f, ROLL_TASKS);
    if (verb >= 0) show_filter(&all, ROLL_TASK_VERB, ROLL_IS, verb);
    q[TASKS_OPEN] = q[TASKS_DONE] = all;
    show_filter(&q[TASKS_OPEN], ROLL_TASK_CLOSED, ROLL_ABSENT, 0);
    show_filter(&q[TASKS_DONE], ROLL_TASK_CLOSED, ROLL_FROM, f->midnight);
    show_filter(&q[TASKS_DONE], ROLL_TASK_HOW, ROLL_IS, HOW_DONE);
    q[TASKS_DUE] = q[TASKS_LATE] = q[TASKS_OPEN];
    q[TASKS_IN_TIME] = q[TASKS_DONE];
    show_filter(&q[TASKS_LATE], ROLL_TASK_DEADLINE, ROLL_TO, f->now);
    show_filter(&q[TASKS_DUE], ROLL_TASK_DEADLINE, ROLL_TO, f->midnight_next);
    show_filter(&q[TASKS_IN_TIME], ROLL_TASK_MARKS, ROLL_LACKS_BIT, ROLL_MARK_OVERDUE);
}

static void figures_tasks(const struct figures *f, struct json_out *j)
{
    json_out_array(j, "tasks");
    for (int32_t verb = 0; verb < VERB_WORD_COUNT; verb++) {
        struct roll_query q[TASKS_COUNTED];
        int64_t counted[TASKS_COUNTED];
        figures_task_queries(f, verb, q);
        for (int k = 0; k < TASKS_COUNTED; k++) counted[k] = figures_count(f, &q[k]);
        if (counted[TASKS_OPEN] == 0 && counted[TASKS_DONE] == 0) continue;
        json_out_object(j, NULL);
        show_word(j, "verb", WORDS_VERB, verb, f->rq->language);
        json_out_int(j, "open", counted[TASKS_OPEN]);
        json_out_int(j, "due_today", counted[TASKS_DUE]);
        json_out_int(j, "overdue", counted[TASKS_LATE]);
        json_out_int(j, "done_today", counted[TASKS_DONE]);
        json_out_int(j, "done_in_time", counted[TASKS_IN_TIME]);
        json_out_end(j);
    }
    json_out_end(j);
}

static void figures_measures(const struct figures *f, struct json_out *j)
{
    json_out_array(j, "measures");
    for (int32_t kind = 0; kind < MEASURE_KIND_WORD_COUNT; kind++) {
        struct roll_query q = figures_query(f, ROLL_MEASURES);
        show_filter(&q, ROLL_MEASURE_KIND, ROLL_IS, kind);
        struct roll_query waits = q;
        show_filter(&q, ROLL_MEASURE_STATE, ROLL_IS, ROLL_MEASURE_IS_IN_FORCE);
        show_filter(&waits, ROLL_MEASURE_STATE, ROLL_TO, ROLL_MEASURE_IS_HALF_SIGNED);
        int64_t in_force = figures_count(f, &q), waiting = figures_count(f, &waits);
        if (in_force == 0 && waiting == 0) continue;
        json_out_object(j, NULL);
        show_word(j, "kind", WORDS_MEASURE_KIND, kind, f->rq->language);
        json_out_int(j, "in_force", in_force);
        json_out_int(j, "unsigned", waiting);
        json_out_end(j);
    }
    json_out_end(j);
}

// ---- by place: one pass a figure over the places of a kind ----

enum figures_of_place { PLACE_CASES, PLACE_RECENT, PLACE_CONTACTS, PLACE_MEASURES, PLACE_TASKS, FIGURES_BY_PLACE = PLACE_TASKS + TASKS_COUNTED };
enum { FIGURES_PLACES_MAX = 400 };
static const char *const figures_place_names[FIGURES_BY_PLACE] = {
    [PLACE_CASES] = "cases",       [PLACE_RECENT] = "cases_7d",   [PLACE_CONTACTS] = "contacts_open", [PLACE_MEASURES] = "measures_in_force",
    [PLACE_TASKS + TASKS_OPEN] = "tasks_open", [PLACE_TASKS + TASKS_DUE] = "tasks_due_today", [PLACE_TASKS + TASKS_LATE] = "tasks_overdue",
    [PLACE_TASKS + TASKS_DONE] = "tasks_done_today", [PLACE_TASKS + TASKS_IN_TIME] = "tasks_done_in_time",
};
struct figures_place {
    int64_t place, count[FIGURES_BY_PLACE];
};

static struct figures_place *place_row(struct figures_place *rows, size_t *count, int64_t place)
{
    for (size_t i = 0; i < *count; i++)
        if (rows[i].place == place) return &rows[i];
    if (*count == FIGURES_PLACES_MAX) return NULL;
    rows[*count] = (struct figures_place){.place = place};
    return &rows[(*count)++];
}

// `verb` of the tasks that are counted, -1 all.
static tong_code figures_places(const struct figures *f, place_kind kind, int32_t verb, struct json_out *j, struct err *err)
{
    struct roll_query q[FIGURES_BY_PLACE] = {[PLACE_CASES] = figures_cases(f), [PLACE_RECENT] = figures_cases(f),
                                             [PLACE_CONTACTS] = figures_contacts(f), [PLACE_MEASURES] = figures_query(f, ROLL_MEASURES)};
    struct figures_place *rows = arena_array(f->rq->arena, FIGURES_PLACES_MAX, sizeof *rows);
    struct roll_count *counts = arena_array(f->rq->arena, FIGURES_PLACES_MAX, sizeof *counts);
    size_t n = 0;
    if (rows == NULL || counts == NULL) return tong_fail(err, TONG_E_NOMEM, "figures");
    figures_task_queries(f, verb, &q[PLACE_TASKS]);
    show_filter(&q[PLACE_RECENT], ROLL_ENROLMENT_OPENED, ROLL_FROM, figures_minute_of_day(f, (civil_day){f->today.d - FIGURES_RECENT_DAYS + 1}));
    show_filter(&q[PLACE_CONTACTS], ROLL_ENROLMENT_ENDED, ROLL_ABSENT, 0);
    show_filter(&q[PLACE_MEASURES], ROLL_MEASURE_STATE, ROLL_IS, ROLL_MEASURE_IS_IN_FORCE);
    for (size_t k = 0; k < FIGURES_BY_PLACE && !f->nothing; k++) {
        roll_read_begin(f->roll);
        size_t found = roll_count_by(f->roll, &q[k], 0, (int32_t)kind, counts, FIGURES_PLACES_MAX);
        roll_read_end(f->roll);
        for (size_t i = 0; i < found; i++) {
            if (counts[i].value <= 0) continue;
            struct figures_place *row = place_row(rows, &n, counts[i].value);
            if (row != NULL) row->count[k] = counts[i].count;
        }
    }
    json_out_array(j, "places");
    tong_code code = TONG_OK;
    for (size_t i = 0; i < n && code == TONG_OK; i++) {
        json_out_object(j, NULL);
        code = show_place(f->rq, j, "place", rows[i].place, err);
        for (int k = 0; k < FIGURES_BY_PLACE; k++) json_out_int(j, figures_place_names[k], rows[i].count[k]);
        json_out_end(j);
    }
    json_out_end(j);
    return code;
}

// ---- the page ----

static void figures_pathways(struct figures *f)
{
    roll_read_begin(f->roll);
    for (size_t i = 0; i < roll_number_count(f->roll, ROLL_PATHWAY) && i < 256; i++) {
        uint8_t is = roll_pathway_is(f->roll, (int32_t)i);
        if ((is & (ROLL_IS_PLACE | ROLL_IS_GROUP)) != 0) continue;
        if ((is & ROLL_IS_CASE) != 0) f->case_pathways[i / 64] |= (uint64_t)1 << i % 64;
        else if ((is & ROLL_IS_CONTACT) != 0) f->contact_pathways[i / 64] |= (uint64_t)1 << i % 64;
    }
    roll_read_end(f->roll);
}

#define FIGURES_KIND(id, name, word, en, zh) {(name), LABEL((en), (zh))},
static const struct record_word figures_kinds[] = {PLACE_KINDS(FIGURES_KIND)};
#define FIGURES_VERB(id, name, en, zh) {(name), LABEL((en), (zh))},
static const struct record_word figures_verbs[] = {VERB_WORDS(FIGURES_VERB)};
static const struct record_word figures_classes_words[] = {{"suspected", LABEL("suspected", "疑似")},
                                                           {"probable", LABEL("probable", "临床诊断")},
                                                           {"confirmed", LABEL("confirmed", "确诊")},
                                                           {"asymptomatic", LABEL("asymptomatic", "无症状")}};
static const event_word figures_class_of[] = {EVENT_SUSPECTED, EVENT_PROBABLE, EVENT_CONFIRMED, EVENT_ASYMPTOMATIC};
enum { FIGURES_CLASSES = sizeof figures_class_of / sizeof figures_class_of[0] };
enum { FIGURES_CLASSES_USUAL = 2 | 4 | 8 }; // all but the suspected

// ---- by what rules ----

static void figures_rules(struct figures *f)
{
    uint64_t classes = request_parameter_words(f->rq, "classes");
    if (classes == 0) classes = FIGURES_CLASSES_USUAL;
    for (size_t i = 0; i < FIGURES_CLASSES; i++)
        if (classes >> i & 1) f->classes[figures_class_of[i] / 64] |= (uint64_t)1 << figures_class_of[i] % 64;
    f->growth_cases = (int32_t)request_parameter_int(f->rq, "growth_cases", FIGURES_GROWTH_CASES);
    f->unsigned_hours = (int32_t)request_parameter_int(f->rq, "unsigned_hours", FIGURES_UNSIGNED_HOURS);
}

static void figures_rule(const struct figures *f, struct json_out *j, const char *name, int64_t value, struct label label, struct label source)
{
    json_out_object(j, NULL);
    json_out_z(j, "rule", name);
    if (value >= 0) json_out_int(j, "value", value);
    else json_out_null(j, "value");
    json_out_z(j, "label", label.text[f->rq->language]);
    json_out_z(j, "source", source.text[f->rq->language]);
    json_out_end(j);
}

#define RULE_LABEL(en, zh) ((struct label)LABEL(en, zh))
void figures_counted(const struct figures *f, struct json_out *j)
{
    const struct label choice = LABEL("a choice of this system, no published figure", "本系统设定，非公布数值"),
                       given = LABEL("given in this request", "由本次查询指定");
    bool asked = request_parameter_words(f->rq, "classes") != 0;
    json_out_array(j, "counted");
    for (size_t i = 0; i < FIGURES_CLASSES; i++)
        if (f->classes[figures_class_of[i] / 64] >> figures_class_of[i] % 64 & 1)
            figures_rule(f, j, "class", -1, figures_classes_words[i].label, asked ? given : choice);
    figures_rule(f, j, "recent_days", FIGURES_RECENT_DAYS, RULE_LABEL("days called recent", "“近期”的天数"), choice);
    figures_rule(f, j, "delay_days", FIGURES_DELAY_DAYS, RULE_LABEL("days of reports of which the delay is taken", "计算时间差所用的报告天数"), choice);
    figures_rule(f, j, "growth_days", FIGURES_GROWTH_DAYS, RULE_LABEL("whole days from which growth is fitted", "估计增长率所用的完整天数"), choice);
    figures_rule(f, j, "growth_cases", f->growth_cases, RULE_LABEL("cases a week below which no growth is given", "每周病例少于此数时不估计增长率"),
                 f->growth_cases == FIGURES_GROWTH_CASES ? choice : given);
    figures_rule(f, j, "unsigned_hours", f->unsigned_hours, RULE_LABEL("hours after which an unsigned proposal is late", "超过此小时数未签发即为迟"),
                 f->unsigned_hours == FIGURES_UNSIGNED_HOURS ? choice : given);
    json_out_end(j);
}

static tong_code figures_get(struct request *rq, struct reply *rp, struct err *err)
{
    struct figures f = {.rq = rq, .roll = rq->service->roll, .today = show_today(rq)};
    struct roll_query q = {.list = ROLL_ENROLMENTS};
    int64_t place = 0;
    int32_t kind = request_parameter_word(rq, "by");
    bool any = show_scopes(rq, RIGHT_FIGURES_SEE, &q);
    if (!show_place_parameter(rq, "place", &place, err)) return TONG_E_INVALID;
    f.nothing = !any || !show_within(rq, &q, place);
    f.scopes = q.scopes;
    f.scope_count = q.scope_count;
    f.now = roll_minute(rq->now);
    f.midnight = figures_minute_of_day(&f, f.today);
    f.midnight_next = figures_minute_of_day(&f, (civil_day){f.today.d + 1});
    figures_pathways(&f);
    figures_rules(&f);
    struct json_out j = json_out_to(&rp->body);
    json_out_object(&j, NULL);
    json_out_instant(&j, "at", rq->now);
    json_out_day(&j, "today", f.today);
    tong_code code = show_place(rq, &j, "place", place, err);
    if (code == TONG_OK) code = figures_decide(&f, &j, err);
    if (code == TONG_OK && !figures_curve(&f, &j)) code = tong_fail(err, TONG_E_NOMEM, "figures");
    if (code != TONG_OK) return code;
    figures_classes(&f, &j);
    figures_tasks(&f, &j);
    figures_measures(&f, &j);
    figures_counted(&f, &j);
    code = figures_places(&f, kind < 0 ? PLACE_KIND_COMMUNITY : (place_kind)kind, request_parameter_word(rq, "verb"), &j, err);
    if (code == TONG_OK) code = figures_alarms(&f, &j, err);
    json_out_end(&j);
    if (code != TONG_OK) return code;
    return json_out_finish(&j) ? TONG_OK : tong_fail(err, TONG_E_NOMEM, "figures");
}

static const struct parameter figures_parameters[] = {
    {.name = "place", .type = PARAMETER_UID, .label = LABEL("within this place", "限于该场所")},
    {.name = "by", .type = PARAMETER_WORD, .words = figures_kinds, .word_count = sizeof figures_kinds / sizeof figures_kinds[0],
     .label = LABEL("places of which kind (community)", "按哪一级场所统计（默认社区）")},
    {.name = "verb", .type = PARAMETER_WORD, .words = figures_verbs, .word_count = sizeof figures_verbs / sizeof figures_verbs[0],
     .label = LABEL("tasks of this kind alone, by place", "各场所只统计此类任务")},
    {.name = "classes", .type = PARAMETER_WORDS, .words = figures_classes_words, .word_count = FIGURES_CLASSES,
     .label = LABEL("classes of cases that are counted (confirmed, asymptomatic, probable)", "计入的病例分类（默认确诊、无症状、临床诊断）")},
    {.name = "growth_cases", .type = PARAMETER_INTEGER, .least = 1, .most = 1000,
     .label = LABEL("cases a week below which no growth is given", "每周病例少于此数时不估计增长率")},
    {.name = "unsigned_hours", .type = PARAMETER_INTEGER, .least = 1, .most = 240,
     .label = LABEL("hours after which an unsigned proposal is late", "超过此小时数未签发即为迟")},
};

static const struct schema figures_schemas[] = {
    {"figures",
     "{\"type\":\"object\",\"properties\":{\"at\":{\"type\":\"string\",\"format\":\"date-time\"},\"today\":{\"type\":\"string\",\"format\":\"date\"},"
     "\"decide\":{\"type\":\"object\",\"description\":\"the five numbers: unlisted, delay, follow_up, growth, restricted\"},"
     "\"curve\":{\"type\":\"object\",\"properties\":{\"first\":{\"type\":\"string\",\"format\":\"date\"},"
     "\"onset\":{\"type\":\"array\",\"items\":{\"type\":\"integer\"}},\"report\":{\"type\":\"array\",\"items\":{\"type\":\"integer\"}},"
     "\"onset_unknown\":{\"type\":\"integer\"}}},\"cases\":{\"type\":\"array\",\"items\":{\"type\":\"object\"}},"
     "\"tasks\":{\"type\":\"array\",\"items\":{\"type\":\"object\"}},\"measures\":{\"type\":\"array\",\"items\":{\"type\":\"object\"}},"
     "\"places\":{\"type\":\"array\",\"items\":{\"type\":\"object\"}},"
     "\"counted\":{\"type\":\"array\",\"items\":{\"type\":\"object\"}},\"alarms\":{\"type\":\"array\",\"items\":{\"type\":\"object\"}}}}"},
};

static const struct route figures_rows[] = {
    {.method = HTTP_GET, .path = "/api/v1/figures", .name = "figures", .right = RIGHT_FIGURES_SEE, .handler = figures_get,
     ROUTE_PARAMETERS(figures_parameters), .schema_out = "figures", .label = LABEL("what a command centre looks at", "指挥中心统计数据")},
};

const struct route_table figures_routes = {.rows = figures_rows, .count = sizeof figures_rows / sizeof figures_rows[0],
                                           .schemas = figures_schemas, .schema_count = sizeof figures_schemas / sizeof figures_schemas[0]};
