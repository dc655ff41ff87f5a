#include "service/measures.h"

#include "service/measures_read.h"
#include "service/order_text.h"
#include "service/page.h"
#include "service/service.h"
#include "service/show.h"
#include "store/roll_row.h"

#include <string.h>

enum measures_fault { MEASURES_NOT_YOURS, MEASURES_NO_PERSON, MEASURES_NO_SITE, MEASURES_FAULT_COUNT };
static const struct message measures_message[MEASURES_FAULT_COUNT] = {
    [MEASURES_NOT_YOURS] = {"order-of-another-office", PROBLEM_ERROR, LABEL("the protocol lets another office sign this: {1}", "按方案该指令由其他机构签发：{1}"),
                            LABEL("have it signed there", "请由该机构签发")},
    [MEASURES_NO_PERSON] = {"subject-unknown", PROBLEM_ERROR, LABEL("there is nobody of this identifier", "没有该标识对应的对象"),
                            LABEL("look for them by name", "请按姓名查找")},
    [MEASURES_NO_SITE] = {"place-unknown", PROBLEM_ERROR, LABEL("there is no such place, or none you look after", "没有该场所，或不在您的管辖范围内"),
                          LABEL("choose a place from the tree of places", "请从场所树中选择")},
};

// ---- the list ----

#define MEASURES_WORD(id, name, en, zh) {(name), LABEL((en), (zh))},
static const struct record_word measures_kinds[] = {MEASURE_KIND_WORDS(MEASURES_WORD)};
static const struct record_word measures_state_words[] = {
    {"proposed", LABEL("waits for a signature", "待签发")}, {"half_signed", LABEL("waits for the second signature", "待第二人签发")},
    {"ordered", LABEL("ordered, not yet begun", "已签发，待执行")}, {"in_force", LABEL("in force", "执行中")},
    {"ended", LABEL("ended", "已结束")}, {"dropped", LABEL("dropped before anyone signed", "未签发即取消")}};
_Static_assert(sizeof measures_state_words / sizeof measures_state_words[0] == ROLL_MEASURE_STATE_COUNT, "a word for each state");
static const struct record_word measures_sorts[] = {
    {"proposed", LABEL("proposed", "提出时间")}, {"ordered", LABEL("ordered", "签发时间")}, {"started", LABEL("begun", "开始时间")},
    {"until", LABEL("end of the order", "截止时间")}, {"ended", LABEL("ended", "结束时间")}, {"place", LABEL("place", "场所")},
    {"state", LABEL("state", "状态")}, {"kind", LABEL("kind", "类别")}, {"measure", LABEL("measure", "措施")},
    {"site", LABEL("site", "安置场所")}, {"born", LABEL("age", "年龄")}, {"status", LABEL("status code", "状态码")}};
static const struct page_sort measures_columns[] = {
    {ROLL_MEASURE_PROPOSED, true}, {ROLL_MEASURE_ORDERED, true}, {ROLL_MEASURE_STARTED, true}, {ROLL_MEASURE_UNTIL, false},
    {ROLL_MEASURE_ENDED, true}, {ROLL_SUBJECT_PLACE, false}, {ROLL_MEASURE_STATE, false}, {ROLL_MEASURE_KIND, false},
    {ROLL_MEASURE_MEASURE, false}, {ROLL_MEASURE_SITE, false}, {ROLL_SUBJECT_BORN, false}, {ROLL_MEASURE_STATUS, true}};
enum { MEASURES_SORTS = sizeof measures_columns / sizeof measures_columns[0] };
_Static_assert(sizeof measures_sorts / sizeof measures_sorts[0] == MEASURES_SORTS, "a column for each sort");

static void measures_set(struct roll_query *q, int column, uint64_t bits)
{
    if (bits == 0) return;
    show_filter(q, column, ROLL_ONE_OF, 0);
    q->filter[q->filter_count - 1].set[0] = bits;
}

// Measures that a role of the asker signs, in whichever edition: what waits for them. Where they sign is the scope's
// question, and the row's own "may_sign" is exact.
static bool measures_mine(const struct request *rq, struct roll_query *q)
{
    struct roll *roll = rq->service->roll;
    const struct rulebook book = service_book(rq->service);
    struct roll_filter f = {.column = ROLL_MEASURE_MEASURE, .compare = ROLL_ONE_OF};
    bool any = false;
    roll_read_begin(roll);
    for (size_t e = 0; e < book.count; e++) {
        for (size_t i = 0; i < book.editions[e]->measure_count; i++) {
            bool mine = false;
            for (size_t g = 0; g < rq->actor.grant_count && !mine; g++)
                mine = actor_signs(&rq->actor, book.editions[e]->measures[i].order_by, rq->now, roll, rq->actor.grant[g].place);
            int32_t number = mine ? roll_number(roll, ROLL_MEASURE, (uint8_t)e, (uint8_t)i) : ROLL_NONE;
            if (number < 0 || number > 255) continue;
            f.set[number / 64] |= (uint64_t)1 << (number % 64);
            any = true;
        }
    }
    roll_read_end(roll);
    q->filter[q->filter_count++] = f;
    return any;
}

// Who serves contacts and sees no cases: orders on people who are cases are left out.
static bool measures_without_cases(struct request *rq, struct roll_query *q)
{
    struct roll *roll = rq->service->roll;
    if (!actor_may(&rq->actor, RIGHT_CONTACT_SEE, rq->now) || actor_may(&rq->actor, RIGHT_CASE_SEE, rq->now)) return true;
    struct roll_set *cases = arena_alloc(rq->arena, sizeof *cases);
    struct roll_query of = {.list = ROLL_ENROLMENTS, .scopes = q->scopes, .scope_count = q->scope_count, .arena = rq->arena};
    struct roll_filter f = {.column = ROLL_ENROLMENT_PATHWAY, .compare = ROLL_ONE_OF};
    if (cases == NULL) return false;
    *cases = (struct roll_set){0};
    roll_read_begin(roll);
    for (size_t i = 0; i < roll_number_count(roll, ROLL_PATHWAY) && i < 256; i++)
        if ((roll_pathway_is(roll, (int32_t)i) & ROLL_IS_CASE) != 0) f.set[i / 64] |= (uint64_t)1 << i % 64;
    of.filter[of.filter_count++] = f;
    bool good = roll_collect(roll, &of, ROLL_ENROLMENT_SUBJECT, cases);
    roll_read_end(roll);
    show_filter(q, ROLL_MEASURE_SUBJECT, ROLL_WITHOUT, 0);
    q->filter[q->filter_count - 1].numbers = cases;
    return good;
}

// A subject or site of a parameter: the number it is filtered by; false with a problem.
static bool measures_subject(struct request *rq, struct roll_query *q, const char *name, int column, struct err *err)
{
    unsigned char uid[UID_BYTES];
    int64_t id = 0;
    subject_kind kind = SUBJECT_PERSON;
    if (!request_parameter_uid(rq, name, uid)) return true;
    tong_code code = show_find(rq, uid, &id, &kind, err);
    bool place = column == ROLL_MEASURE_SITE;
    if (code == TONG_OK && (!place || kind == SUBJECT_PLACE)) show_filter(q, column, ROLL_IS, (int32_t)id);
    else request_fault(rq, &measures_message[place ? MEASURES_NO_SITE : MEASURES_NO_PERSON], name, NULL, NULL, NULL, NULL);
    return rq->problems.errors == 0;
}

static bool measures_filters(struct request *rq, struct roll_query *q, struct err *err)
{
    bool good = measures_subject(rq, q, "subject", ROLL_MEASURE_SUBJECT, err);
    good = measures_subject(rq, q, "site", ROLL_MEASURE_SITE, err) && good;
    good = good && show_numbers(rq, q, ROLL_MEASURE_MEASURE, "measure", ROLL_MEASURE);
    good = good && show_numbers(rq, q, ROLL_MEASURE_STATUS, "status", ROLL_STATUS);
    measures_set(q, ROLL_MEASURE_STATE, request_parameter_words(rq, "state"));
    measures_set(q, ROLL_MEASURE_KIND, request_parameter_words(rq, "kind"));
    show_days(rq, q, ROLL_MEASURE_PROPOSED, "proposed_from", "proposed_to", true);
    show_days(rq, q, ROLL_MEASURE_ORDERED, "ordered_from", "ordered_to", true);
    show_days(rq, q, ROLL_MEASURE_UNTIL, "until_from", "until_to", true);
    q->name = request_parameter(rq, "name");
    return good;
}

static tong_code measures_list(struct request *rq, struct reply *rp, struct err *err)
{
    struct roll_query q = {.list = ROLL_MEASURES};
    struct roll_page page = {0};
    int64_t place = 0;
    bool any = show_scopes(rq, RIGHT_ORDER_SEE, &q), good = show_place_parameter(rq, "place", &place, err);
    good = page_read(rq, measures_columns, MEASURES_SORTS, 0, &q) && good;
    good = measures_filters(rq, &q, err) && good;
    if (!good) return TONG_E_INVALID;
    if (request_parameter_bool(rq, "mine", false)) {
        any = measures_mine(rq, &q) && any;
        if (request_parameter_words(rq, "state") == 0) show_filter(&q, ROLL_MEASURE_STATE, ROLL_TO, ROLL_MEASURE_IS_HALF_SIGNED);
    }
    any = any && show_within(rq, &q, place);
    if (any && !measures_without_cases(rq, &q)) return tong_fail(err, TONG_E_NOMEM, "measures");
    if (any && !page_ask(rq, &q, &page)) return tong_fail(err, TONG_E_NOMEM, "measures");
    show_etag(rq, rp, ROLL_MEASURES);
    tong_code code = TONG_OK;
    struct json_out j = page_begin(rp);
    for (size_t i = 0; i < page.count && code == TONG_OK; i++) {
        struct measures_row m;
        code = measures_read(rq, page.rows[i].id, &m, err);
        if (code == TONG_E_NOT_FOUND) { // erased between the list and the table
            code = TONG_OK;
            continue;
        }
        if (code != TONG_OK) break;
        if (measures_hidden(rq, &m)) continue;
        json_out_object(&j, NULL);
        code = measures_head(rq, &j, &m, err);
        json_out_end(&j);
    }
    return code == TONG_OK ? page_end(rq, rp, &j, &q, &page, err) : code;
}

// ---- one of them: everything a signer must know ----

static tong_code measures_signers(struct request *rq, struct json_out *j, const struct measures_row *m, struct err *err)
{
    const int64_t signers[] = {m->first_signer, m->second_signer};
    tong_code code = TONG_OK;
    json_out_array(j, "signers");
    for (size_t i = 0; i < 2 && code == TONG_OK; i++) {
        const char *name;
        if (signers[i] == 0) continue;
        code = measures_signer(rq, signers[i], &name, err);
        json_out_object(j, NULL);
        json_out_int(j, "account", signers[i]);
        json_out_z(j, "name", name);
        json_out_end(j);
    }
    json_out_end(j);
    return code;
}

// Whom it would confine: one person, or all who live in a place.
static tong_code measures_people(struct request *rq, struct json_out *j, const struct measures_row *m, struct err *err)
{
    struct roll *roll = rq->service->roll;
    const int64_t scope = m->subject;
    const struct roll_query q = {.list = ROLL_PEOPLE, .scopes = &scope, .scope_count = 1, .arena = rq->arena};
    roll_read_begin(roll);
    bool place = roll_place_kind(roll, m->subject) >= 0;
    int64_t people = place ? roll_count_all(roll, &q) : 1;
    roll_read_end(roll);
    json_out_int(j, "people", people);
    if (place || show_class(rq, m->subject) < RECORD_PERSONAL) return TONG_OK;
    struct show_person p;
    tong_code code = show_person_read(rq, m->subject, &p, err);
    if (code == TONG_E_NOT_FOUND) return TONG_OK; // a gathering
    return code == TONG_OK ? show_subject(rq, j, "guardian", p.guardian, err) : code;
}

static void measures_rules(struct request *rq, struct json_out *j, const struct measures_row *m)
{
    const struct measure *rule = m->measure;
    const struct protocol *p = m->protocol;
    lang language = rq->language;
    json_out_z(j, "edition", p->id);
    json_out_z(j, "why", measures_why(m, language, rq->arena));
    json_out_z(j, "basis", rule->basis.text[language]);
    json_out_bool(j, "voluntary", rule->voluntary);
    json_out_array(j, "provide");
    for (int32_t i = 0; i < words_count(WORDS_PROVISION); i++)
        if (rule->provide >> i & 1U) show_word(j, NULL, WORDS_PROVISION, i, language);
    json_out_end(j);
    json_out_object(j, "milder");
    if (rule->milder < p->measure_count) show_named(j, "measure", p->measures[rule->milder].name, &p->measures[rule->milder].label, language);
    else json_out_null(j, "measure");
    json_out_z(j, "reason", rule->milder_reason.text[language]);
    json_out_end(j);
    json_out_object(j, "review");
    if (rule->review_days > 0) json_out_int(j, "days", rule->review_days);
    else json_out_null(j, "days");
    json_out_end(j);
    json_out_object(j, "objection");
    show_word(j, "to", WORDS_ROLE, rule->objection_to < ROLE_WORD_COUNT ? (int32_t)rule->objection_to : -1, language);
    json_out_int(j, "answered_within_minutes", rule->objection_minutes);
    json_out_end(j);
}

// Objections to it; who made one is the person, so only their state stands here.
static tong_code measures_objections(struct request *rq, struct json_out *j, const struct measures_row *m, struct err *err)
{
    enum { MOST = 50 };
    struct roll *roll = rq->service->roll;
    struct roll_row rows[MOST];
    struct roll_page page = {.rows = rows};
    struct roll_query q = {.list = ROLL_OBJECTIONS, .sort = ROLL_OBJECTION_MADE, .descending = true, .limit = MOST, .arena = rq->arena};
    show_filter(&q, ROLL_OBJECTION_SUBJECT, ROLL_IS, (int32_t)m->subject);
    roll_read_begin(roll);
    bool good = roll_ask(roll, &q, &page);
    roll_read_end(roll);
    if (!good) return tong_fail(err, TONG_E_NOMEM, "measure");
    tong_code code = TONG_OK;
    json_out_array(j, "objections");
    for (size_t i = 0; i < page.count && code == TONG_OK; i++) {
        const sql_id o = sql_objection_get;
        code = db_ask(rq->db, o, &DB_I(page.rows[i].id), 1, err);
        if (code != TONG_OK) break;
        if (db_next(rq->db, o) && db_int(rq->db, o, 2, 0) == m->id) {
            utc_sec decided = {db_int(rq->db, o, 6, UTC_NONE.s)};
            json_out_object(j, NULL);
            json_out_int(j, "objection", page.rows[i].id);
            json_out_instant(j, "made", (utc_sec){db_int(rq->db, o, 3, UTC_NONE.s)});
            json_out_instant(j, "deadline", (utc_sec){db_int(rq->db, o, 4, UTC_NONE.s)});
            json_out_instant(j, "decided", decided);
            if (decided.s == UTC_NONE.s) json_out_null(j, "upheld");
            else json_out_bool(j, "upheld", db_int(rq->db, o, 7, 0) != 0);
            json_out_end(j);
        }
        code = db_done(rq->db, o, err);
    }
    json_out_end(j);
    return code;
}

static tong_code measures_get(struct request *rq, struct reply *rp, struct err *err)
{
    struct measures_row m;
    tong_code code = measures_part(rq, RIGHT_ORDER_SEE, &m, err);
    if (code != TONG_OK) return code;
    struct json_out j = json_out_to(&rp->body);
    json_out_object(&j, NULL);
    code = measures_head(rq, &j, &m, err);
    if (code == TONG_OK) code = measures_people(rq, &j, &m, err);
    if (code == TONG_OK) code = measures_signers(rq, &j, &m, err);
    measures_rules(rq, &j, &m);
    if (m.how != HOW_NONE && m.how < HOW_WORD_COUNT) show_words_at(&j, "ended_how", how_label((how_word)m.how), rq->language);
    else json_out_null(&j, "ended_how");
    if (code == TONG_OK) code = measures_objections(rq, &j, &m, err);
    json_out_int(&j, "version", m.version);
    json_out_end(&j);
    if (code != TONG_OK) return code;
    bool good = json_out_finish(&j);
    show_version_etag(rp, m.version);
    return good ? TONG_OK : tong_fail(err, TONG_E_NOMEM, "measure");
}

static tong_code measures_order(struct request *rq, struct reply *rp, struct err *err)
{
    struct measures_row m;
    tong_code code = measures_part(rq, RIGHT_ORDER_SEE, &m, err);
    return code == TONG_OK ? order_text_reply(rq, rp, &m, request_parameter_word(rq, "language"), err) : code;
}

// ---- signing, declining, choosing where ----

struct measures_body {
    struct str uid, site, note;
    utc_sec until;
};
#define MEASURES_UID \
    RECORD_ID(struct measures_body, uid, .least = UID_TEXT - 1, .most = UID_TEXT - 1, .label = LABEL("identifier made by the client", "客户端生成的标识"))
static const struct record_field measures_sign_fields[] = {
    MEASURES_UID,
    RECORD_INSTANT(struct measures_body, until, .label = LABEL("until when; as proposed if not said", "截止时间，默认按提出的期限")),
    RECORD_TEXT(struct measures_body, note, .class = RECORD_PERSONAL, .label = LABEL("note", "备注")),
};
static const struct record_field measures_decline_fields[] = {
    MEASURES_UID,
    RECORD_TEXT(struct measures_body, note, .required = true, .class = RECORD_PERSONAL, .label = LABEL("why not", "不予批准的理由")),
};
static const struct record_field measures_site_fields[] = {
    MEASURES_UID,
    RECORD_ID(struct measures_body, site, .required = true, .least = UID_TEXT - 1, .most = UID_TEXT - 1, .label = LABEL("place where it is spent", "安置场所")),
    RECORD_TEXT(struct measures_body, note, .class = RECORD_PERSONAL, .label = LABEL("note", "备注")),
};
static const struct record_kind measures_sign_kind = RECORD_KIND("measure_signature", struct measures_body, measures_sign_fields);
static const struct record_kind measures_decline_kind = RECORD_KIND("measure_declined", struct measures_body, measures_decline_fields);
static const struct record_kind measures_site_kind = RECORD_KIND("measure_site", struct measures_body, measures_site_fields);

static tong_code measures_written(struct request *rq, struct reply *rp, const struct command *c, struct err *err)
{
    struct intake_outcome out;
    struct measures_row m;
    bool held = false;
    tong_code code = show_take(rq, rp, c, 1, &out, &held, err);
    if (code != TONG_OK || held) return code;
    code = measures_read(rq, c->about, &m, err);
    if (code != TONG_OK) return code;
    struct json_out j = json_out_to(&rp->body);
    json_out_object(&j, NULL);
    json_out_int(&j, "measure", c->about);
    json_out_int(&j, "fact", out.fact);
    json_out_bool(&j, "repeated", out.repeated);
    show_words_at(&j, "state", measures_state(m.state), rq->language);
    json_out_int(&j, "signed", (m.first_signer != 0) + (m.second_signer != 0));
    json_out_instant(&j, "until", m.until);
    json_out_end(&j);
    return json_out_finish(&j) ? TONG_OK : tong_fail(err, TONG_E_NOMEM, "measure");
}

// The protocol names who signs, and who may decline what they might have signed.
static tong_code measures_office(struct request *rq, struct reply *rp, struct measures_row *m, struct command *c, struct err *err)
{
    const struct measures_body *body = rq->row;
    struct roll *roll = rq->service->roll;
    tong_code code = measures_part(rq, RIGHT_ORDER_SIGN, m, err);
    if (code == TONG_OK) code = show_if_match(rq, rp, m->version);
    if (code != TONG_OK) return code;
    roll_read_begin(roll);
    bool may = actor_signs(&rq->actor, m->measure->order_by, rq->now, roll, roll_place_of(roll, m->subject));
    roll_read_end(roll);
    (void)uid_parse(body->uid, c->uid);
    c->about = m->id;
    c->note = body->note;
    if (may) return TONG_OK;
    role_word by = m->measure->order_by;
    const char *office = by < ROLE_WORD_COUNT ? words_at(WORDS_ROLE, (int32_t)by)->label.text[rq->language] : "";
    request_fault(rq, &measures_message[MEASURES_NOT_YOURS], NULL, office, NULL, NULL, NULL);
    return TONG_E_INVALID;
}

static tong_code measures_sign(struct request *rq, struct reply *rp, struct err *err)
{
    const struct measures_body *body = rq->row;
    struct command c = show_command(rq, COMMAND_SIGN);
    struct measures_row m;
    tong_code code = measures_office(rq, rp, &m, &c, err);
    if (code != TONG_OK) return code;
    c.until = body->until;
    return measures_written(rq, rp, &c, err);
}

static tong_code measures_decline(struct request *rq, struct reply *rp, struct err *err)
{
    struct command c = show_command(rq, COMMAND_DECLINE);
    struct measures_row m;
    tong_code code = measures_office(rq, rp, &m, &c, err);
    return code == TONG_OK ? measures_written(rq, rp, &c, err) : code;
}

// Whoever places people reaches the person, or the site that receives them.
static tong_code measures_site_put(struct request *rq, struct reply *rp, struct err *err)
{
    const struct measures_body *body = rq->row;
    struct command c = show_command(rq, COMMAND_SITE);
    struct measures_row m;
    struct err none;
    unsigned char uid[UID_BYTES];
    int64_t site = 0;
    subject_kind kind = SUBJECT_PERSON;
    tong_code code = measures_part(rq, RIGHT_SITE_WRITE, &m, err);
    if (code == TONG_OK) code = show_if_match(rq, rp, m.version);
    if (code != TONG_OK) return code;
    bool good = uid_parse(body->site, uid) && show_find(rq, uid, &site, &kind, &none) == TONG_OK && kind == SUBJECT_PLACE;
    if (!good || !show_reaches(rq, RIGHT_PLACE_SEE, site)) {
        request_fault(rq, &measures_message[MEASURES_NO_SITE], "site", NULL, NULL, NULL, NULL);
        return TONG_E_INVALID;
    }
    (void)uid_parse(body->uid, c.uid);
    c.about = m.id;
    c.fact.link = site;
    memcpy(c.link_uid, uid, UID_BYTES);
    c.note = body->note;
    return measures_written(rq, rp, &c, err);
}

// ---- the routes ----

#define WORDS_OF(table) .words = (table), .word_count = (int32_t)(sizeof(table) / sizeof(table)[0])
static const struct parameter measures_parameters[] = {
    {.name = "state", .type = PARAMETER_WORDS, WORDS_OF(measures_state_words), .label = LABEL("states, parted by commas", "状态，以逗号分隔")},
    {.name = "kind", .type = PARAMETER_WORDS, WORDS_OF(measures_kinds), .label = LABEL("kinds, parted by commas", "措施类别，以逗号分隔")},
    {.name = "measure", .type = PARAMETER_TEXT, .most = 400, .label = LABEL("names of measures, parted by commas", "措施名称，以逗号分隔")},
    {.name = "status", .type = PARAMETER_TEXT, .most = 200, .label = LABEL("status codes, parted by commas", "状态码，以逗号分隔")},
    {.name = "mine", .type = PARAMETER_BOOLEAN, .label = LABEL("what waits for my signature", "待本人签发")},
    {.name = "name", .type = PARAMETER_TEXT, .most = 80, .label = LABEL("part of the person's name", "人员姓名的一部分")},
    {.name = "subject", .type = PARAMETER_UID, .label = LABEL("of this person or place", "针对的人员或场所")},
    {.name = "place", .type = PARAMETER_UID, .label = LABEL("who lives in this place", "居住在该场所")},
    {.name = "site", .type = PARAMETER_UID, .label = LABEL("spent in this place", "安置在该场所")},
    {.name = "proposed_from", .type = PARAMETER_DAY, .label = LABEL("proposed on this day or later", "提出不早于")},
    {.name = "proposed_to", .type = PARAMETER_DAY, .label = LABEL("proposed on this day or before", "提出不晚于")},
    {.name = "ordered_from", .type = PARAMETER_DAY, .label = LABEL("ordered on this day or later", "签发不早于")},
    {.name = "ordered_to", .type = PARAMETER_DAY, .label = LABEL("ordered on this day or before", "签发不晚于")},
    {.name = "until_from", .type = PARAMETER_DAY, .label = LABEL("ends on this day or later", "截止不早于")},
    {.name = "until_to", .type = PARAMETER_DAY, .label = LABEL("ends on this day or before", "截止不晚于")},
    {.name = "sort", .type = PARAMETER_SORT, WORDS_OF(measures_sorts), .label = LABEL("sort", "排序")},
};
static const struct parameter measures_order_parameters[] = {
    {.name = "language", .type = PARAMETER_WORD, .words = order_languages, .word_count = ORDER_LANGUAGES, .label = LABEL("in which languages; that of the request if not said", "语言，默认为请求所用语言")},
};
static const struct schema measures_schemas[] = {
    {"measure", "{\"type\":\"object\",\"properties\":{\"measure\":{\"type\":\"integer\"},\"what\":{\"type\":\"object\"},\"kind\":{\"type\":\"object\"},"
                "\"state\":{\"type\":\"object\"},\"renewal\":{\"type\":\"boolean\"},\"restricts\":{\"type\":\"boolean\"},\"proposed\":{\"type\":[\"string\",\"null\"]},"
                "\"ordered\":{\"type\":[\"string\",\"null\"]},\"until\":{\"type\":[\"string\",\"null\"]},\"order_by\":{\"type\":[\"object\",\"null\"]},"
                "\"persons\":{\"type\":\"integer\"},\"signed\":{\"type\":\"integer\"},\"may_sign\":{\"type\":\"boolean\"},\"site\":{\"type\":[\"object\",\"null\"]},"
                "\"subject\":{\"type\":[\"object\",\"null\"]},\"why\":{\"type\":\"string\"},\"basis\":{\"type\":[\"string\",\"null\"]},"
                "\"provide\":{\"type\":\"array\",\"items\":{\"type\":\"object\"}},\"milder\":{\"type\":\"object\"},\"review\":{\"type\":\"object\"},"
                "\"objection\":{\"type\":\"object\"},\"people\":{\"type\":\"integer\"}}}"},
    {"measure_written", "{\"type\":\"object\",\"properties\":{\"measure\":{\"type\":\"integer\"},\"fact\":{\"type\":\"integer\"},\"repeated\":{\"type\":\"boolean\"},"
                        "\"state\":{\"type\":\"object\"},\"signed\":{\"type\":\"integer\"},\"until\":{\"type\":[\"string\",\"null\"]}}}"},
};
static const struct route measures_rows[] = {
    {.method = HTTP_GET, .path = "/api/v1/measures", .name = "measure_list", .right = RIGHT_ORDER_SEE, .handler = measures_list, .list = true,
     ROUTE_PARAMETERS(measures_parameters), .schema_out = "measure", .label = LABEL("orders: waiting, in force, ended", "指令列表：待签发、执行中、已结束")},
    {.method = HTTP_GET, .path = "/api/v1/measures/{measure}", .name = "measure_get", .right = RIGHT_ORDER_SEE, .handler = measures_get,
     .part = {PARAMETER_INTEGER}, .looks = true, .schema_out = "measure",
     .label = LABEL("one order: who, why, on what ground, until when, what is milder", "指令详情：对象、理由、依据、期限及更轻措施")},
    {.method = HTTP_GET, .path = "/api/v1/measures/{measure}/order", .name = "measure_order", .right = RIGHT_ORDER_SEE, .handler = measures_order,
     .part = {PARAMETER_INTEGER}, .looks = true, ROUTE_PARAMETERS(measures_order_parameters),
     .label = LABEL("the order as it is handed out: text/html or text/plain", "可打印的指令书（text/html 或 text/plain）")},
    {.method = HTTP_PUT, .path = "/api/v1/measures/{measure}/signature", .name = "measure_sign", .right = RIGHT_ORDER_SIGN, .handler = measures_sign,
     .part = {PARAMETER_INTEGER}, .body = BODY_RECORD, .record = &measures_sign_kind, .schema_out = "measure_written", .label = LABEL("sign an order", "签发指令")},
    {.method = HTTP_PUT, .path = "/api/v1/measures/{measure}/decline", .name = "measure_decline", .right = RIGHT_ORDER_SIGN, .handler = measures_decline,
     .part = {PARAMETER_INTEGER}, .body = BODY_RECORD, .record = &measures_decline_kind, .schema_out = "measure_written",
     .label = LABEL("decline an order, with a reason", "不予批准，并说明理由")},
    {.method = HTTP_PUT, .path = "/api/v1/measures/{measure}/site", .name = "measure_site", .right = RIGHT_SITE_WRITE, .handler = measures_site_put,
     .part = {PARAMETER_INTEGER}, .body = BODY_RECORD, .record = &measures_site_kind, .schema_out = "measure_written",
     .label = LABEL("choose where it is spent", "确定安置场所")},
};
const struct route_table measures_routes = {.rows = measures_rows, .count = sizeof measures_rows / sizeof measures_rows[0],
                                            .schemas = measures_schemas, .schema_count = sizeof measures_schemas / sizeof measures_schemas[0]};
