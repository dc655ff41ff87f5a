#include "service/contacts.h"

#include "response/decision.h"
#include "service/cases.h"
#include "service/service.h"
#include "service/show.h"
#include "store/roll_row.h"

#include <string.h>

enum { CONTACTS_DAYS_MOST = 400, CONTACTS_FACTS_MOST = 4000 };
enum { CONTACTS_LOOK_DAYS = 14, CONTACTS_COUNTED = 20000, CONTACTS_AT_ONCE = 500 };

// What counts most on a day stands last.
static const uint8_t contacts_looks[] = {EVENT_NOT_ATTEMPTED, EVENT_NOT_SEEN, EVENT_REFUSED, EVENT_SEEN_WELL,
                                         EVENT_SEEN_ILL};
enum { CONTACTS_LOOKS = sizeof contacts_looks };

static int32_t contacts_look(uint8_t kind)
{
    for (int32_t i = 0; i < CONTACTS_LOOKS; i++)
        if (contacts_looks[i] == kind) return i + 1;
    return 0;
}

static tong_code contacts_facts(struct request *rq, int64_t subject, struct fact **out, size_t *count, struct err *err)
{
    const sql_id q = sql_fact_looks;
    struct fact *facts = NULL;
    size_t n = 0, cap = 0;
    const struct db_value in[] = {DB_I(subject),        DB_I(EVENT_SEEN_WELL),     DB_I(EVENT_SEEN_ILL),
                                  DB_I(EVENT_NOT_SEEN), DB_I(EVENT_NOT_ATTEMPTED), DB_I(EVENT_REFUSED),
                                  DB_I(EVENT_RETRACTED)};
    tong_code code = db_ask(rq->db, q, in, sizeof in / sizeof in[0], err);
    while (code == TONG_OK && n < CONTACTS_FACTS_MOST && db_next(rq->db, q)) {
        facts = arena_grow(rq->arena, facts, n, &cap, sizeof *facts);
        if (facts == NULL) code = tong_fail(err, TONG_E_NOMEM, "calendar");
        if (facts == NULL) break;
        facts[n++] = (struct fact){.id = db_int(rq->db, q, 0, 0),
                                   .subject = subject,
                                   .kind = (uint8_t)db_int(rq->db, q, 1, 0),
                                   .happened = {db_int(rq->db, q, 2, 0)},
                                   .known = {db_int(rq->db, q, 3, 0)},
                                   .recorded = {db_int(rq->db, q, 4, 0)},
                                   .until = UTC_NONE,
                                   .replaces = db_int(rq->db, q, 5, 0)};
    }
    tong_code done = db_done(rq->db, q, code == TONG_OK ? err : NULL);
    *out = facts;
    *count = n == 0 ? 0 : facts_prepare(facts, n, rq->now, UTC_NONE);
    return code == TONG_OK ? done : code;
}

tong_code contacts_calendar(struct request *rq, struct json_out *j, const char *key, const struct contacts_window *w,
                            struct err *err)
{
    const struct zone *zone = &rq->service->options.zone;
    struct fact *facts = NULL;
    size_t count = 0;
    uint8_t look[CONTACTS_DAYS_MOST] = {0};
    int32_t first = zone_day(zone, w->opened).d, today = show_today(rq).d;
    int32_t last = w->ended.s != UTC_NONE.s                             ? zone_day(zone, w->ended).d
                   : w->until.d != CIVIL_DAY_NONE && w->until.d > today ? w->until.d
                                                                        : today;
    tong_code code = contacts_facts(rq, w->subject, &facts, &count, err);
    if (code != TONG_OK) return code;
    if (last - first >= CONTACTS_DAYS_MOST) last = first + CONTACTS_DAYS_MOST - 1;
    for (size_t i = 0; i < count; i++) {
        int32_t day = zone_day(zone, facts[i].happened).d, how = contacts_look(facts[i].kind);
        if (day >= first && day <= last && how > look[day - first]) look[day - first] = (uint8_t)how;
    }
    json_out_array(j, key);
    for (int32_t day = first; day <= last; day++) {
        const char *state = day > today ? "ahead" : day == today && w->ended.s == UTC_NONE.s ? "due" : "never";
        if (look[day - first] > 0) state = words_at(WORDS_EVENT, contacts_looks[look[day - first] - 1])->name;
        json_out_object(j, NULL);
        json_out_day(j, "day", (civil_day){day});
        json_out_z(j, "state", state);
        json_out_end(j);
    }
    json_out_end(j);
    return TONG_OK;
}

// ---- indicators ----

static int64_t contacts_count(struct request *rq, struct roll_query *q)
{
    struct roll *roll = rq->service->roll;
    roll_read_begin(roll);
    int64_t n = roll_count_all(roll, q);
    roll_read_end(roll);
    return n;
}

// One more filter for one count, then as before.
static int64_t contacts_count_with(struct request *rq, struct roll_query *q, int column, roll_compare compare,
                                   int32_t value)
{
    size_t before = q->filter_count;
    show_filter(q, column, compare, value);
    int64_t n = contacts_count(rq, q);
    q->filter_count = before;
    return n;
}

// Checks that were to be done on each of the last days, and those that were.
static void contacts_days(struct request *rq, struct json_out *j, const struct roll_query *scope)
{
    const struct zone *zone = &rq->service->options.zone;
    int32_t today = show_today(rq).d;
    json_out_array(j, "days");
    for (int32_t day = today - ROLL_TASK_DAYS + 2; day <= today; day++) {
        struct roll_query q = {
            .list = ROLL_TASKS, .scopes = scope->scopes, .scope_count = scope->scope_count, .arena = rq->arena};
        show_filter(&q, ROLL_TASK_VERB, ROLL_IS, VERB_CHECK);
        show_filter(&q, ROLL_TASK_OPENED, ROLL_FROM, roll_minute(zone_midnight(zone, (civil_day){day})));
        show_filter(&q, ROLL_TASK_OPENED, ROLL_TO, roll_minute(zone_midnight(zone, (civil_day){day + 1})) - 1);
        json_out_object(j, NULL);
        json_out_day(j, "day", (civil_day){day});
        json_out_int(j, "due", contacts_count(rq, &q));
        json_out_int(j, "seen", contacts_count_with(rq, &q, ROLL_TASK_HOW, ROLL_IS, HOW_DONE));
        json_out_int(j, "missed", contacts_count_with(rq, &q, ROLL_TASK_HOW, ROLL_IS, HOW_MISSED));
        json_out_int(j, "refused", contacts_count_with(rq, &q, ROLL_TASK_HOW, ROLL_IS, HOW_REFUSED));
        json_out_end(j);
    }
    json_out_end(j);
}

// ---- what was seen, day by day ----

// Contacts by what became of them on one day: the looks in their order, then those of whom nobody recorded anything.
struct contacts_tally {
    int64_t under, look[CONTACTS_LOOKS + 1];
};

// A contact counts from the day after it opened: on that day itself only when somebody saw them.
static tong_code contacts_tally_one(struct request *rq, const int32_t *column, int32_t today, struct contacts_tally *tally,
                                    struct err *err)
{
    const struct zone *zone = &rq->service->options.zone;
    struct arena scratch = {0}, *kept = rq->arena;
    struct fact *facts = NULL;
    size_t count = 0;
    uint8_t look[CONTACTS_LOOK_DAYS] = {0};
    int32_t first = today - CONTACTS_LOOK_DAYS + 1;
    int32_t opened = zone_day(zone, (utc_sec){(int64_t)column[ROLL_ENROLMENT_OPENED] * 60}).d;
    int32_t ended = column[ROLL_ENROLMENT_ENDED] == ROLL_NONE
                        ? today
                        : zone_day(zone, (utc_sec){(int64_t)column[ROLL_ENROLMENT_ENDED] * 60}).d;
    if (ended < first) return TONG_OK;
    rq->arena = &scratch;
    tong_code code = contacts_facts(rq, column[ROLL_ENROLMENT_SUBJECT], &facts, &count, err);
    rq->arena = kept;
    for (size_t i = 0; code == TONG_OK && i < count; i++) {
        int32_t day = zone_day(zone, facts[i].happened).d, how = contacts_look(facts[i].kind);
        if (day >= first && day <= today && how > look[day - first]) look[day - first] = (uint8_t)how;
    }
    arena_free(&scratch);
    for (int32_t day = first; code == TONG_OK && day <= today; day++) {
        int32_t how = look[day - first];
        bool under = how > 0 ? day >= opened && day <= ended : day > opened && day <= ended;
        if (!under || (how == 0 && day == ended && column[ROLL_ENROLMENT_ENDED] != ROLL_NONE)) continue;
        tally[day - first].under++;
        tally[day - first].look[how == 0 ? CONTACTS_LOOKS : how - 1]++;
    }
    return code;
}

// Every contact of the scope that was followed on any of these days, once; *partial: there were more than are counted.
static tong_code contacts_tally_all(struct request *rq, const struct roll_query *scope, struct contacts_tally *tally,
                                    bool *partial, struct err *err)
{
    struct roll *roll = rq->service->roll;
    struct roll_query q = *scope;
    struct roll_page page = {.rows = arena_array(rq->arena, CONTACTS_AT_ONCE, sizeof *page.rows)};
    int32_t today = show_today(rq).d, (*columns)[ROLL_COLUMNS_MAX] = arena_array(rq->arena, CONTACTS_AT_ONCE, sizeof *columns);
    tong_code code = TONG_OK;
    q.sort = ROLL_BY_ID;
    q.descending = true; // the newest first
    q.limit = CONTACTS_AT_ONCE;
    *partial = false;
    if (page.rows == NULL || columns == NULL) return tong_fail(err, TONG_E_NOMEM, "indicators");
    for (size_t done = 0; code == TONG_OK;) {
        size_t there = 0;
        roll_read_begin(roll);
        bool good = roll_ask(roll, &q, &page);
        for (size_t i = 0; good && i < page.count; i++) there += roll_get(roll, ROLL_ENROLMENTS, page.rows[i].id, columns[there]);
        roll_read_end(roll);
        if (!good) return tong_fail(err, TONG_E_NOMEM, "indicators");
        for (size_t i = 0; i < there && code == TONG_OK; i++) code = contacts_tally_one(rq, columns[i], today, tally, err);
        done += page.count;
        *partial = page.more && done >= CONTACTS_COUNTED;
        if (!page.more || page.count == 0 || *partial) break;
        q.after = true;
        q.after_value = page.rows[page.count - 1].key;
        q.after_id = page.rows[page.count - 1].id;
    }
    return code;
}

static void contacts_tally_out(struct request *rq, struct json_out *j, const struct contacts_tally *tally, bool partial)
{
    int32_t first = show_today(rq).d - CONTACTS_LOOK_DAYS + 1;
    json_out_array(j, "looks");
    for (int32_t i = 0; i < CONTACTS_LOOK_DAYS; i++) {
        json_out_object(j, NULL);
        json_out_day(j, "day", (civil_day){first + i});
        json_out_int(j, "under", tally[i].under);
        for (int k = 0; k < CONTACTS_LOOKS; k++)
            json_out_int(j, words_at(WORDS_EVENT, contacts_looks[k])->name, tally[i].look[k]);
        json_out_int(j, "nothing", tally[i].look[CONTACTS_LOOKS]);
        json_out_end(j);
    }
    json_out_end(j);
    json_out_bool(j, "partial", partial);
}

static tong_code contacts_follow_up(struct request *rq, struct reply *rp, struct err *err)
{
    struct roll_query q = {.list = ROLL_ENROLMENTS, .arena = rq->arena};
    int64_t place = 0;
    int32_t midnight = roll_minute(zone_midnight(&rq->service->options.zone, show_today(rq)));
    if (!show_place_parameter(rq, "place", &place, err)) return TONG_E_INVALID;
    if (!show_scopes(rq, RIGHT_FIGURES_SEE, &q) || !show_within(rq, &q, place))
        return tong_fail(err, TONG_E_NOT_FOUND, "not in scope");
    (void)cases_pathways(rq, &q, ROLL_IS_CONTACT);
    struct contacts_tally tally[CONTACTS_LOOK_DAYS] = {0};
    bool partial = false;
    tong_code code = TONG_OK;
    if (request_parameter_bool(rq, "looks", false)) code = contacts_tally_all(rq, &q, tally, &partial, err);
    if (code != TONG_OK) return code;
    struct json_out j = json_out_to(&rp->body);
    json_out_object(&j, NULL);
    json_out_day(&j, "day", show_today(rq));
    json_out_int(&j, "ever", contacts_count(rq, &q));
    json_out_object(&j, "ended");
    for (int32_t f = FINAL_COMPLETED; f < words_count(WORDS_FINAL); f++)
        json_out_int(&j, words_at(WORDS_FINAL, f)->name, contacts_count_with(rq, &q, ROLL_ENROLMENT_FINAL, ROLL_IS, f));
    json_out_end(&j);
    show_filter(&q, ROLL_ENROLMENT_ENDED, ROLL_ABSENT, 0);
    int64_t under = contacts_count(rq, &q), seen = contacts_count_with(rq, &q, ROLL_SUBJECT_SEEN, ROLL_FROM, midnight);
    json_out_int(&j, "under_follow_up", under);
    json_out_int(&j, "seen_today", seen);
    if (under > 0) json_out_real(&j, "proportion_seen_today", (double)seen / (double)under);
    else json_out_null(&j, "proportion_seen_today");
    json_out_int(&j, "never_seen", contacts_count_with(rq, &q, ROLL_SUBJECT_SEEN, ROLL_ABSENT, 0));
    json_out_int(&j, "new_today", contacts_count_with(rq, &q, ROLL_ENROLMENT_OPENED, ROLL_FROM, midnight));
    contacts_days(rq, &j, &q);
    if (request_parameter_bool(rq, "looks", false)) contacts_tally_out(rq, &j, tally, partial);
    json_out_end(&j);
    return json_out_finish(&j) ? TONG_OK : tong_fail(err, TONG_E_NOMEM, "indicators");
}

static const struct parameter contacts_parameters[] = {
    {.name = "place", .type = PARAMETER_UID, .label = LABEL("of this place", "限该场所")},
    {.name = "looks", .type = PARAMETER_BOOLEAN,
     .label = LABEL("also what was seen on each of the last days", "附最近每日随访结果")},
};
static const struct schema contacts_schemas[] = {
    {"follow_up", "{\"type\":\"object\",\"properties\":{\"day\":{\"type\":\"string\",\"format\":\"date\"},\"ever\":{"
                  "\"type\":\"integer\"},\"ended\":{\"type\":\"object\"},"
                  "\"under_follow_up\":{\"type\":\"integer\"},\"seen_today\":{\"type\":\"integer\"},\"proportion_seen_"
                  "today\":{\"type\":[\"number\",\"null\"]},"
                  "\"never_seen\":{\"type\":\"integer\"},\"new_today\":{\"type\":\"integer\"},\"days\":{\"type\":"
                  "\"array\",\"items\":{\"type\":\"object\"}}}}"},
};
static const struct route contacts_rows[] = {
    {.method = HTTP_GET,
     .path = "/api/v1/indicators/follow_up",
     .name = "follow_up",
     .right = RIGHT_FIGURES_SEE,
     .handler = contacts_follow_up,
     ROUTE_PARAMETERS(contacts_parameters),
     .schema_out = "follow_up",
     .label = LABEL("how well contacts are followed", "密接随访指标")},
};
const struct route_table contacts_routes = {.rows = contacts_rows,
                                            .count = sizeof contacts_rows / sizeof contacts_rows[0],
                                            .schemas = contacts_schemas,
                                            .schema_count = sizeof contacts_schemas / sizeof contacts_schemas[0]};
