#include "service/cases.h"

#include "service/cases_known.h"
#include "service/contacts.h"
#include "service/page.h"
#include "service/service.h"
#include "service/show.h"
#include "service/story.h"
#include "store/roll_row.h"

#include <string.h>

enum { CASES_CASE, CASES_CONTACT, CASES_ZONE, CASES_KINDS };
enum { CASES_LOOKED_AT = 2000 }; // enrolments folded for one page of a past day
static const struct {
    uint8_t is; // of the pathway
    right_word right;
} cases_kinds[CASES_KINDS] = {{ROLL_IS_CASE, RIGHT_CASE_SEE},
                              {ROLL_IS_CONTACT, RIGHT_CONTACT_SEE},
                              {ROLL_IS_PLACE | ROLL_IS_GROUP, RIGHT_PLACE_SEE}};

struct cases_row {
    int64_t id, subject, source, version;
    utc_sec opened, ended;
    struct enrolment e;
    const struct protocol *p;
};

static tong_code cases_read(struct request *rq, int64_t id, struct cases_row *out, struct err *err)
{
    const sql_id q = sql_enrolment_row;
    const struct rulebook book = service_book(rq->service);
    tong_code code = db_ask(rq->db, q, &DB_I(id), 1, err);
    if (code != TONG_OK) return code;
    struct str state = {NULL, 0};
    if (db_next(rq->db, q)) {
        *out = (struct cases_row){.id = id,
                                  .subject = db_int(rq->db, q, 1, 0),
                                  .source = db_int(rq->db, q, 2, 0),
                                  .opened = {db_int(rq->db, q, 3, UTC_NONE.s)},
                                  .ended = {db_int(rq->db, q, 4, UTC_NONE.s)},
                                  .version = db_int(rq->db, q, 5, 0)};
        state = db_text(rq->db, q, 6);
        if (state.n == sizeof out->e) memcpy(&out->e, state.p, sizeof out->e);
    }
    code = db_done(rq->db, q, err);
    if (code != TONG_OK) return code;
    bool good = state.n == sizeof out->e && out->e.edition < book.count &&
                out->e.pathway < book.editions[out->e.edition]->pathway_count;
    if (!good) return tong_fail(err, TONG_E_NOT_FOUND, "no such enrolment");
    out->p = book.editions[out->e.edition];
    return TONG_OK;
}

static tong_code cases_head(struct request *rq, struct json_out *j, const struct cases_row *c, struct err *err)
{
    const struct enrolment *e = &c->e;
    const struct protocol *p = c->p;
    const struct rulebook book = service_book(rq->service);
    event_word class = enrolment_class(e);
    bool open = enrolment_is_open(e);
    json_out_int(j, "enrolment", c->id);
    json_out_z(j, "edition", p->id);
    show_named(j, "pathway", p->pathways[e->pathway].name, &p->pathways[e->pathway].label, rq->language);
    if (e->stage < p->stage_count)
        show_named(j, "stage", p->stages[e->stage].name, &p->stages[e->stage].label, rq->language);
    else json_out_null(j, "stage");
    show_word(j, "class", WORDS_EVENT, class == EVENT_WORD_COUNT ? -1 : (int32_t) class, rq->language);
    show_word(j, "final", WORDS_FINAL, (int32_t)enrolment_final(e), rq->language);
    json_out_instant(j, "opened", c->opened);
    json_out_instant(j, "ended", c->ended);
    json_out_day(j, "onset", enrolment_onset(e));
    json_out_day(j, "positive_sample", enrolment_day(e, e->positive_sample));
    json_out_day(j, "last_exposure", enrolment_day(e, e->last_exposure));
    json_out_day(j, "stage_end", open ? enrolment_stage_end(&book, e) : (civil_day){CIVIL_DAY_NONE});
    json_out_day(j, "order_until", open ? enrolment_order_until(&book, e) : (civil_day){CIVIL_DAY_NONE});
    show_minute(j, "next", open && e->next_min != ENROLMENT_NEVER ? e->next_min : ROLL_NONE);
    struct roll *roll = rq->service->roll;
    roll_read_begin(roll);
    int32_t seen = roll_subject_value(roll, c->subject, ROLL_SUBJECT_SEEN);
    roll_read_end(roll);
    show_minute(j, "seen", request_parameter_instant(rq, "as_known").s == UTC_NONE.s ? seen : ROLL_NONE);
    tong_code code = show_subject(rq, j, "subject", c->subject, err);
    if (code != TONG_OK || c->source == 0 || !show_reaches(rq, RIGHT_SOURCE_SEE, c->subject)) return code;
    return show_subject(rq, j, "source", c->source, err);
}

// ---- the lists ----

bool cases_pathways(const struct request *rq, struct roll_query *q, uint8_t is)
{
    struct roll *roll = rq->service->roll;
    struct roll_filter f = {.column = ROLL_ENROLMENT_PATHWAY, .compare = ROLL_ONE_OF};
    bool any = false;
    roll_read_begin(roll);
    for (size_t i = 0; i < roll_number_count(roll, ROLL_PATHWAY) && i < 256; i++) {
        if ((roll_pathway_is(roll, (int32_t)i) & is) == 0) continue;
        f.set[i / 64] |= (uint64_t)1 << (i % 64);
        any = true;
    }
    roll_read_end(roll);
    q->filter[q->filter_count++] = f;
    return any;
}

#define CASES_WORD(id, name, en, zh) {(name), LABEL((en), (zh))},
static const struct record_word cases_finals[] = {FINAL_WORDS(CASES_WORD)};
static const struct record_word cases_classes[] = {{"suspected", LABEL("suspected", "疑似")},
                                                   {"probable", LABEL("probable", "临床诊断")},
                                                   {"confirmed", LABEL("confirmed", "确诊")},
                                                   {"asymptomatic", LABEL("asymptomatic", "无症状")},
                                                   {"discarded", LABEL("discarded", "排除")}};
static const struct record_word cases_states[] = {
    {"open", LABEL("open", "在管")}, {"closed", LABEL("closed", "已结束")}, {"all", LABEL("all", "全部")}};
static const struct record_word cases_seen[] = {{"today", LABEL("seen today", "今日已随访")},
                                                {"not_today", LABEL("not yet today", "今日未随访")},
                                                {"never", LABEL("never yet", "从未随访")}};
static const struct record_word cases_sexes[] = {{"unknown", LABEL("unknown", "未知")},
                                                 {"male", LABEL("male", "男")},
                                                 {"female", LABEL("female", "女")},
                                                 {"other", LABEL("other", "其他")}};
static const struct record_word cases_sorts[] = {{"opened", LABEL("opened", "纳管时间")},
                                                 {"onset", LABEL("onset", "发病日期")},
                                                 {"last_exposure", LABEL("last exposure", "末次暴露")},
                                                 {"stage_end", LABEL("end of the stage", "阶段结束")},
                                                 {"order_until", LABEL("end of the order", "指令截止")},
                                                 {"ended", LABEL("ended", "结束时间")},
                                                 {"place", LABEL("place", "场所")},
                                                 {"class", LABEL("class", "分类")},
                                                 {"stage", LABEL("stage", "阶段")},
                                                 {"seen", LABEL("last seen", "最近随访")},
                                                 {"born", LABEL("age", "年龄")},
                                                 {"next", LABEL("what is due next", "下次处置")},
                                                 {"positive_sample", LABEL("first positive sample", "首次阳性采样")},
                                                 {"final", LABEL("outcome", "转归")}};
static const struct page_sort cases_columns[] = {
    {ROLL_ENROLMENT_OPENED, true},     {ROLL_ENROLMENT_ONSET, true},        {ROLL_ENROLMENT_LAST_EXPOSURE, true},
    {ROLL_ENROLMENT_STAGE_END, false}, {ROLL_ENROLMENT_ORDER_UNTIL, false}, {ROLL_ENROLMENT_ENDED, true},
    {ROLL_SUBJECT_PLACE, false},       {ROLL_ENROLMENT_CLASS, false},       {ROLL_ENROLMENT_STAGE, false},
    {ROLL_SUBJECT_SEEN, false},        {ROLL_SUBJECT_BORN, false},          {ROLL_ENROLMENT_NEXT, false},
    {ROLL_ENROLMENT_SAMPLE_DAY, true}, {ROLL_ENROLMENT_FINAL, false}};
enum { CASES_SORTS = sizeof cases_columns / sizeof cases_columns[0] };
_Static_assert(sizeof cases_sorts / sizeof cases_sorts[0] == CASES_SORTS, "a column for each sort");

static void cases_set(struct roll_query *q, int column, uint64_t bits, int32_t first)
{
    if (bits == 0) return;
    show_filter(q, column, ROLL_ONE_OF, 0);
    for (int32_t i = 0; i < 64; i++)
        if (bits >> i & 1) q->filter[q->filter_count - 1].set[(first + i) / 64] |= (uint64_t)1 << ((first + i) % 64);
}

static void cases_filters(struct request *rq, struct roll_query *q)
{
    int32_t sex_asked = request_parameter_word(rq, "sex");
    utc_sec known = request_parameter_instant(rq, "as_known");
    show_days(rq, q, ROLL_ENROLMENT_OPENED, "opened_from", "opened_to", true);
    if (sex_asked >= 0) show_filter(q, ROLL_SUBJECT_SEX, ROLL_IS, sex_asked);
    q->name = request_parameter(rq, "q");
    if (known.s != UTC_NONE.s) { // the rest is folded: cases_known.h
        show_filter(q, ROLL_ENROLMENT_OPENED, ROLL_TO, roll_minute(known));
        return;
    }
    int32_t state = request_parameter_word(rq, "state"), seen = request_parameter_word(rq, "seen");
    int32_t today = roll_minute(zone_midnight(&rq->service->options.zone, show_today(rq)));
    uint64_t finals = request_parameter_words(rq, "final");
    if (state == 0 || (state < 0 && finals == 0)) show_filter(q, ROLL_ENROLMENT_ENDED, ROLL_ABSENT, 0);
    if (state == 1) show_filter(q, ROLL_ENROLMENT_ENDED, ROLL_PRESENT, 0);
    cases_set(q, ROLL_ENROLMENT_FINAL, finals, 0);
    cases_set(q, ROLL_ENROLMENT_CLASS, request_parameter_words(rq, "class"), EVENT_SUSPECTED);
    if (seen == 0) show_filter(q, ROLL_SUBJECT_SEEN, ROLL_FROM, today);
    if (seen == 1) show_filter(q, ROLL_SUBJECT_SEEN, ROLL_TO, today - 1);
    if (seen == 2) show_filter(q, ROLL_SUBJECT_SEEN, ROLL_ABSENT, 0);
    show_days(rq, q, ROLL_ENROLMENT_ONSET, "onset_from", "onset_to", false);
    show_days(rq, q, ROLL_ENROLMENT_LAST_EXPOSURE, "exposure_from", "exposure_to", false);
    show_days(rq, q, ROLL_ENROLMENT_STAGE_END, "end_from", "end_to", false);
}

// Those somebody is late for: subjects of open tasks whose deadline has passed.
static bool cases_overdue(struct request *rq, struct roll_query *q)
{
    struct roll *roll = rq->service->roll;
    struct roll_query late = {.list = ROLL_TASKS, .arena = rq->arena};
    struct roll_set *set = arena_alloc(rq->arena, sizeof *set);
    if (!request_parameter_bool(rq, "overdue", false)) return true;
    if (set == NULL) return false;
    show_filter(&late, ROLL_TASK_CLOSED, ROLL_ABSENT, 0);
    show_filter(&late, ROLL_TASK_DEADLINE, ROLL_TO, roll_minute(rq->now));
    roll_read_begin(roll);
    bool good = roll_collect(roll, &late, ROLL_TASK_SUBJECT, set);
    roll_read_end(roll);
    show_filter(q, ROLL_ENROLMENT_SUBJECT, ROLL_WITHIN, 0);
    q->filter[q->filter_count - 1].numbers = set;
    return good;
}

// Everything but the pathways and the source: what all these lists have in common. *any: the asker reaches something.
static tong_code cases_query(struct request *rq, right_word right, struct roll_query *q, bool *any, struct err *err)
{
    int64_t place = 0;
    *any = show_scopes(rq, right, q);
    bool good = show_place_parameter(rq, "place", &place, err);
    good = page_read(rq, cases_columns, CASES_SORTS, 0, q) && good;
    good = good && show_numbers(rq, q, ROLL_ENROLMENT_PATHWAY, "pathway", ROLL_PATHWAY);
    good = good && show_numbers(rq, q, ROLL_ENROLMENT_STAGE, "stage", ROLL_STAGE);
    if (!good) return TONG_E_INVALID;
    cases_filters(rq, q);
    *any = *any && show_within(rq, q, place);
    return cases_overdue(rq, q) ? TONG_OK : tong_fail(err, TONG_E_NOMEM, "cases");
}

static struct contacts_window cases_window(const struct request *rq, const struct cases_row *c)
{
    const struct rulebook book = service_book(rq->service);
    bool open = enrolment_is_open(&c->e);
    return (struct contacts_window){.subject = c->subject,
                                    .opened = c->opened,
                                    .ended = c->ended,
                                    .until = open ? enrolment_stage_end(&book, &c->e) : (civil_day){CIVIL_DAY_NONE}};
}

// One row of a list, with what was asked for beside it.
static tong_code cases_item(struct request *rq, struct json_out *j, const struct cases_row *c, bool calendar, utc_sec known,
                            struct err *err)
{
    json_out_object(j, NULL);
    tong_code code = cases_head(rq, j, c, err);
    if (code == TONG_OK && request_parameter_bool(rq, "dates", false)) code = cases_dates(rq, j, c->subject, known, err);
    if (code == TONG_OK && calendar && request_parameter_bool(rq, "calendar", false)) {
        struct contacts_window w = cases_window(rq, c);
        code = contacts_calendar(rq, j, "calendar", &w, err);
    }
    json_out_end(j);
    return code;
}

// The row as it was known then; *there false: it is none of what was asked for.
static tong_code cases_as_known(struct request *rq, const struct cases_known *k, struct cases_row *c, bool *there,
                                struct err *err)
{
    const struct rulebook book = service_book(rq->service);
    struct arena scratch = {0}, *kept = rq->arena;
    struct enrolment e;
    rq->arena = &scratch; // a story is large, and only its end is wanted
    tong_code code = story_known(rq, c->subject, c->id, k->at, there, &e, err);
    rq->arena = kept;
    arena_free(&scratch);
    *there = code == TONG_OK && *there && cases_known_fits(k, &e);
    if (!*there) return code;
    c->e = e;
    c->p = book.editions[e.edition];
    if (enrolment_is_open(&e)) c->ended = UTC_NONE;
    return TONG_OK;
}

// A page of a past day: rows are folded one after the other until the page is full. They are counted only when the first page
// holds them all.
static tong_code cases_past(struct request *rq, struct reply *rp, struct roll_query *q, bool any,
                            const struct cases_known *k, struct err *err)
{
    struct cursor next = {.scope = page_scope(rq)};
    struct roll_page page = {0};
    size_t limit = q->limit, shown = 0, looked = 0;
    bool first = !q->after, more = any;
    tong_code code = TONG_OK;
    struct json_out j = page_begin(rp);
    while (more && shown < limit && looked < CASES_LOOKED_AT && code == TONG_OK) {
        q->count = false;
        if (!page_ask(rq, q, &page)) return tong_fail(err, TONG_E_NOMEM, "cases");
        size_t i = 0;
        for (; i < page.count && shown < limit && code == TONG_OK; i++, looked++) {
            struct cases_row c;
            bool there = false;
            next.key = page.rows[i].key;
            next.id = page.rows[i].id;
            code = cases_read(rq, page.rows[i].id, &c, err);
            if (code == TONG_E_NOT_FOUND) {
                code = TONG_OK;
                continue;
            }
            if (code == TONG_OK) code = cases_as_known(rq, k, &c, &there, err);
            if (code != TONG_OK || !there) continue;
            code = cases_item(rq, &j, &c, false, k->at, err);
            shown++;
        }
        more = page.count > 0 && (page.more || i < page.count);
        q->after = true;
        q->after_value = (int32_t)next.key;
        q->after_id = next.id;
    }
    if (code != TONG_OK) return code;
    return page_close(&j, more ? &next : NULL, first && !more ? (int64_t)shown : -1, err);
}

static tong_code cases_page(struct request *rq, struct reply *rp, struct roll_query *q, bool any, int kind, struct err *err)
{
    struct roll_page page = {0};
    struct cases_known known;
    tong_code code = TONG_OK;
    if (!cases_known_read(rq, &known)) return TONG_E_INVALID;
    if (known.at.s != UTC_NONE.s) return cases_past(rq, rp, q, any, &known, err);
    if (any && !page_ask(rq, q, &page)) return tong_fail(err, TONG_E_NOMEM, "cases");
    show_etag(rq, rp, ROLL_ENROLMENTS);
    struct json_out j = page_begin(rp);
    for (size_t i = 0; i < page.count && code == TONG_OK; i++) {
        struct cases_row c;
        code = cases_read(rq, page.rows[i].id, &c, err);
        if (code == TONG_E_NOT_FOUND) { // went away between the list and the table
            code = TONG_OK;
            continue;
        }
        if (code == TONG_OK) code = cases_item(rq, &j, &c, kind == CASES_CONTACT, UTC_NONE, err);
    }
    return code == TONG_OK ? page_end(rq, rp, &j, q, &page, err) : code;
}

// `source=`: whom somebody may have infected. Only who sees sources may ask; for others nobody is there.
static tong_code cases_source(struct request *rq, struct roll_query *q, bool *any, struct err *err)
{
    unsigned char uid[UID_BYTES];
    int64_t source = 0;
    subject_kind kind;
    struct err none;
    if (!request_parameter_uid(rq, "source", uid)) return TONG_OK;
    tong_code code = show_find(rq, uid, &source, &kind, &none);
    if (code != TONG_OK && code != TONG_E_NOT_FOUND) return tong_fail(err, code, "cases");
    if (source == 0 || !show_reaches(rq, RIGHT_SOURCE_SEE, source)) *any = false;
    show_filter(q, ROLL_ENROLMENT_SOURCE, ROLL_IS, (int32_t)source);
    return TONG_OK;
}

static tong_code cases_list_of(struct request *rq, struct reply *rp, int kind, struct err *err)
{
    struct roll_query q = {.list = ROLL_ENROLMENTS};
    bool any = false, some = cases_pathways(rq, &q, cases_kinds[kind].is);
    tong_code code = cases_query(rq, cases_kinds[kind].right, &q, &any, err);
    if (code == TONG_OK) code = cases_source(rq, &q, &any, err);
    return code == TONG_OK ? cases_page(rq, rp, &q, any && some, kind, err) : code;
}

static tong_code cases_list(struct request *rq, struct reply *rp, struct err *err)
{
    return cases_list_of(rq, rp, CASES_CASE, err);
}

static tong_code contacts_list(struct request *rq, struct reply *rp, struct err *err)
{
    return cases_list_of(rq, rp, CASES_CONTACT, err);
}

static tong_code zones_list(struct request *rq, struct reply *rp, struct err *err)
{
    return cases_list_of(rq, rp, CASES_ZONE, err);
}

// ---- one of them ----

static tong_code cases_seen_one(struct request *rq, int kind, struct cases_row *c, struct err *err)
{
    struct roll *roll = rq->service->roll;
    tong_code code = cases_read(rq, rq->part_number[0], c, err);
    if (code != TONG_OK) return code;
    roll_read_begin(roll);
    bool is = (roll_pathway_is(roll, roll_number(roll, ROLL_PATHWAY, c->e.edition, c->e.pathway)) &
               cases_kinds[kind].is) != 0;
    is = is && actor_reaches(&rq->actor, cases_kinds[kind].right, rq->now, roll, roll_place_of(roll, c->subject));
    roll_read_end(roll);
    return is ? TONG_OK : tong_fail(err, TONG_E_NOT_FOUND, "not in scope");
}

static tong_code cases_get_of(struct request *rq, struct reply *rp, int kind, struct err *err)
{
    struct cases_row c;
    tong_code code = cases_seen_one(rq, kind, &c, err);
    if (code != TONG_OK) return code;
    if (kind != CASES_ZONE) rq->looked_at = c.subject;
    struct json_out j = json_out_to(&rp->body);
    json_out_object(&j, NULL);
    code = cases_head(rq, &j, &c, err);
    json_out_int(&j, "version", c.version);
    if (code == TONG_OK && kind == CASES_CONTACT) {
        struct contacts_window w = cases_window(rq, &c);
        code = contacts_calendar(rq, &j, "calendar", &w, err);
    }
    json_out_end(&j);
    if (code != TONG_OK) return code;
    bool good = json_out_finish(&j);
    show_version_etag(rp, c.version);
    return good ? TONG_OK : tong_fail(err, TONG_E_NOMEM, "case");
}

static tong_code cases_get(struct request *rq, struct reply *rp, struct err *err)
{
    return cases_get_of(rq, rp, CASES_CASE, err);
}

static tong_code contacts_get(struct request *rq, struct reply *rp, struct err *err)
{
    return cases_get_of(rq, rp, CASES_CONTACT, err);
}

static tong_code zones_get(struct request *rq, struct reply *rp, struct err *err)
{
    return cases_get_of(rq, rp, CASES_ZONE, err);
}

static tong_code cases_contacts(struct request *rq, struct reply *rp, struct err *err)
{
    struct cases_row c;
    struct roll_query q = {.list = ROLL_ENROLMENTS};
    bool any = false, some = cases_pathways(rq, &q, ROLL_IS_CONTACT);
    tong_code code = cases_seen_one(rq, CASES_CASE, &c, err);
    if (code == TONG_OK && !show_reaches(rq, RIGHT_SOURCE_SEE, c.subject))
        code = tong_fail(err, TONG_E_NOT_FOUND, "not in scope");
    if (code == TONG_OK) code = cases_query(rq, RIGHT_SOURCE_SEE, &q, &any, err);
    if (code != TONG_OK) return code;
    show_filter(&q, ROLL_ENROLMENT_SOURCE, ROLL_IS, (int32_t)c.subject);
    return cases_page(rq, rp, &q, any && some, CASES_CONTACT, err);
}

// ---- the routes ----

#define WORDS_OF(table) .words = (table), .word_count = (int32_t)(sizeof(table) / sizeof(table)[0])
static const struct parameter cases_parameters[] = {
    {.name = "state",
     .type = PARAMETER_WORD,
     WORDS_OF(cases_states),
     .label = LABEL("open if not said", "状态，默认在管")},
    {.name = "pathway",
     .type = PARAMETER_TEXT,
     .most = 400,
     .label = LABEL("names of pathways, parted by commas", "流程名称，以逗号分隔")},
    {.name = "stage",
     .type = PARAMETER_TEXT,
     .most = 400,
     .label = LABEL("names of stages, parted by commas", "阶段名称，以逗号分隔")},
    {.name = "class",
     .type = PARAMETER_WORDS,
     WORDS_OF(cases_classes),
     .label = LABEL("steps of the case ladder", "病例分类")},
    {.name = "final", .type = PARAMETER_WORDS, WORDS_OF(cases_finals), .label = LABEL("how it ended", "转归")},
    {.name = "place", .type = PARAMETER_UID, .label = LABEL("who lives in this place", "居住在该场所")},
    {.name = "source", .type = PARAMETER_UID, .label = LABEL("because of this person", "因该人员纳管")},
    {.name = "onset_from", .type = PARAMETER_DAY, .label = LABEL("onset on this day or later", "发病不早于")},
    {.name = "onset_to", .type = PARAMETER_DAY, .label = LABEL("onset on this day or before", "发病不晚于")},
    {.name = "opened_from", .type = PARAMETER_DAY, .label = LABEL("opened on this day or later", "纳管不早于")},
    {.name = "opened_to", .type = PARAMETER_DAY, .label = LABEL("opened on this day or before", "纳管不晚于")},
    {.name = "exposure_from",
     .type = PARAMETER_DAY,
     .label = LABEL("last exposure on this day or later", "末次暴露不早于")},
    {.name = "exposure_to",
     .type = PARAMETER_DAY,
     .label = LABEL("last exposure on this day or before", "末次暴露不晚于")},
    {.name = "end_from",
     .type = PARAMETER_DAY,
     .label = LABEL("the stage ends on this day or later", "阶段结束不早于")},
    {.name = "end_to", .type = PARAMETER_DAY, .label = LABEL("the stage ends on this day or before", "阶段结束不晚于")},
    {.name = "seen", .type = PARAMETER_WORD, WORDS_OF(cases_seen), .label = LABEL("daily follow-up", "随访情况")},
    {.name = "overdue", .type = PARAMETER_BOOLEAN, .label = LABEL("with a task that is late", "有逾期任务")},
    {.name = "sex", .type = PARAMETER_WORD, WORDS_OF(cases_sexes), .label = LABEL("sex", "性别")},
    {.name = "q", .type = PARAMETER_TEXT, .most = 80, .label = LABEL("part of the name", "姓名的一部分")},
    {.name = "as_known", .type = PARAMETER_INSTANT, .label = LABEL("as it was known at this instant", "按该时刻已登记的信息")},
    {.name = "dates", .type = PARAMETER_BOOLEAN, .label = LABEL("with the dates of a line list", "附个案一览日期")},
    {.name = "calendar", .type = PARAMETER_BOOLEAN, .label = LABEL("contacts: with the follow-up day by day", "密接：附逐日随访")},
    {.name = "sort", .type = PARAMETER_SORT, WORDS_OF(cases_sorts), .label = LABEL("sort", "排序")},
};
static const struct schema cases_schemas[] = {
    {"enrolment", "{\"type\":\"object\",\"properties\":{\"enrolment\":{\"type\":\"integer\"},\"edition\":{\"type\":"
                  "\"string\"},\"pathway\":{\"type\":\"object\"},"
                  "\"stage\":{\"type\":[\"object\",\"null\"]},\"class\":{\"type\":[\"object\",\"null\"]},\"final\":{"
                  "\"type\":[\"object\",\"null\"]},"
                  "\"opened\":{\"type\":\"string\",\"format\":\"date-time\"},\"ended\":{\"type\":[\"string\",\"null\"]}"
                  ",\"onset\":{\"type\":[\"string\",\"null\"]},"
                  "\"last_exposure\":{\"type\":[\"string\",\"null\"]},\"stage_end\":{\"type\":[\"string\",\"null\"]},"
                  "\"seen\":{\"type\":[\"string\",\"null\"]},"
                  "\"subject\":{\"type\":[\"object\",\"null\"]},\"source\":{\"type\":[\"object\",\"null\"]}}}"},
};
static const struct route cases_rows[] = {
    {.method = HTTP_GET,
     .path = "/api/v1/cases",
     .name = "case_list",
     .right = RIGHT_CASE_SEE,
     .handler = cases_list,
     .list = true,
     ROUTE_PARAMETERS(cases_parameters),
     .schema_out = "enrolment",
     .label = LABEL("cases", "病例列表")},
    {.method = HTTP_GET,
     .path = "/api/v1/cases/{enrolment}",
     .name = "case_get",
     .right = RIGHT_CASE_SEE,
     .handler = cases_get,
     .part = {PARAMETER_INTEGER},
     .looks = true,
     .schema_out = "enrolment",
     .label = LABEL("one case", "病例详情")},
    {.method = HTTP_GET,
     .path = "/api/v1/cases/{enrolment}/contacts",
     .name = "case_contacts",
     .right = RIGHT_SOURCE_SEE,
     .handler = cases_contacts,
     .part = {PARAMETER_INTEGER},
     .list = true,
     ROUTE_PARAMETERS(cases_parameters),
     .schema_out = "enrolment",
     .label = LABEL("who is followed because of this case", "因该病例纳管的密接")},
    {.method = HTTP_GET,
     .path = "/api/v1/contacts",
     .name = "contact_list",
     .right = RIGHT_CONTACT_SEE,
     .handler = contacts_list,
     .list = true,
     ROUTE_PARAMETERS(cases_parameters),
     .schema_out = "enrolment",
     .label = LABEL("contacts", "密接列表")},
    {.method = HTTP_GET,
     .path = "/api/v1/contacts/{enrolment}",
     .name = "contact_get",
     .right = RIGHT_CONTACT_SEE,
     .handler = contacts_get,
     .part = {PARAMETER_INTEGER},
     .looks = true,
     .schema_out = "enrolment",
     .label = LABEL("one contact, with the follow-up day by day", "密接详情及逐日随访")},
    {.method = HTTP_GET,
     .path = "/api/v1/zones",
     .name = "zone_list",
     .right = RIGHT_PLACE_SEE,
     .handler = zones_list,
     .list = true,
     ROUTE_PARAMETERS(cases_parameters),
     .schema_out = "enrolment",
     .label = LABEL("places under control", "防控区域列表")},
    {.method = HTTP_GET,
     .path = "/api/v1/zones/{enrolment}",
     .name = "zone_get",
     .right = RIGHT_PLACE_SEE,
     .handler = zones_get,
     .part = {PARAMETER_INTEGER},
     .schema_out = "enrolment",
     .label = LABEL("one place under control", "防控区域详情")},
};
const struct route_table cases_routes = {.rows = cases_rows,
                                         .count = sizeof cases_rows / sizeof cases_rows[0],
                                         .schemas = cases_schemas,
                                         .schema_count = sizeof cases_schemas / sizeof cases_schemas[0]};
