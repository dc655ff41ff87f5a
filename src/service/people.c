#include "service/people.h"

#include "service/page.h"
#include "service/service.h"
#include "service/show.h"
#include "store/roll_row.h"

#include <string.h>

enum people_fault { PEOPLE_WHERE, PEOPLE_PHONE, PEOPLE_DOCUMENT, PEOPLE_UID, PEOPLE_FAULT_COUNT };
static const struct message people_message[PEOPLE_FAULT_COUNT] = {
    [PEOPLE_WHERE] = {"person-place-needed", PROBLEM_ERROR, LABEL("it is not said where they live", "没有填写现住场所"),
                      LABEL("choose a place you look after; otherwise you could not find the record again",
                            "请选择您管辖范围内的场所，否则之后无法找到该记录")},
    [PEOPLE_PHONE] = {"phone-unreadable", PROBLEM_ERROR, LABEL("this is no telephone number", "这不是有效的电话号码"),
                      LABEL("give all its digits", "请输入完整的电话号码")},
    [PEOPLE_DOCUMENT] = {"document-unreadable", PROBLEM_ERROR,
                         LABEL("this is no number of a document", "这不是有效的证件号码"),
                         LABEL("give the whole number", "请输入完整的证件号码")},
    [PEOPLE_UID] = {"uid-differs", PROBLEM_ERROR,
                    LABEL("the record names another identifier than the address", "记录中的标识与地址中的不一致"),
                    LABEL("give the same in both", "请使两者一致")},
};

// ---- the list ----

static const struct record_word people_sexes[] = {{"unknown", LABEL("unknown", "未知")},
                                                  {"male", LABEL("male", "男")},
                                                  {"female", LABEL("female", "女")},
                                                  {"other", LABEL("other", "其他")}};
static const struct record_word people_flags[] = {{"provisional", LABEL("without papers", "无证件")},
                                                  {"staff", LABEL("works in the response", "工作人员")},
                                                  {"died", LABEL("died", "已死亡")}};
static const int32_t people_flag_bits[] = {PERSON_PROVISIONAL, PERSON_STAFF, PERSON_DIED};
static const struct record_word people_sorts[] = {{"match", LABEL("how well the name fits", "姓名匹配度")},
                                                  {"changed", LABEL("last described", "最近登记")},
                                                  {"born", LABEL("date of birth", "出生日期")},
                                                  {"place", LABEL("place", "场所")},
                                                  {"status", LABEL("status", "状态")},
                                                  {"seen", LABEL("last seen", "最近随访")}};
static const struct page_sort people_columns[] = {{ROLL_BY_MATCH, false},      {ROLL_PERSON_VERSION, true},
                                                  {ROLL_PERSON_BORN, false},   {ROLL_SUBJECT_PLACE, false},
                                                  {ROLL_SUBJECT_STATUS, true}, {ROLL_SUBJECT_SEEN, true}};
enum { PEOPLE_SORTS = sizeof people_columns / sizeof people_columns[0], PEOPLE_BY_MATCH = 0, PEOPLE_BY_CHANGE = 1 };
_Static_assert(sizeof people_sorts / sizeof people_sorts[0] == PEOPLE_SORTS, "a column for each sort");

// People of one telephone or document: a few numbers from an index, as a set.
static tong_code people_hashed(struct request *rq, sql_id q, const unsigned char *hash, struct roll_query *query,
                               struct err *err)
{
    struct roll_set *set = arena_alloc(rq->arena, sizeof *set);
    const struct str bytes = {(const char *)hash, VAULT_HASH};
    int64_t ids[64], last = 0;
    size_t count = 0;
    tong_code code = db_ask(rq->db, q, &DB_B(bytes), 1, err);
    if (code != TONG_OK) return code;
    while (count < sizeof ids / sizeof ids[0] && db_next(rq->db, q)) ids[count++] = last = db_int(rq->db, q, 0, 0);
    code = db_done(rq->db, q, err);
    if (code != TONG_OK) return code;
    if (set != NULL) set->bits = arena_array(rq->arena, (size_t)last / 64 + 1, sizeof *set->bits);
    if (set == NULL || set->bits == NULL) return tong_fail(err, TONG_E_NOMEM, "people");
    set->count = (size_t)last + 1;
    for (size_t i = 0; i < count; i++) set->bits[ids[i] >> 6] |= (uint64_t)1 << (ids[i] & 63);
    show_filter(query, ROLL_PERSON_SUBJECT, ROLL_WITHIN, 0);
    query->filter[query->filter_count - 1].numbers = set;
    return TONG_OK;
}

static tong_code people_by_number(struct request *rq, struct roll_query *q, struct err *err)
{
    unsigned char hash[VAULT_HASH];
    struct str phone = request_parameter(rq, "phone"), document = request_parameter(rq, "document");
    tong_code code = TONG_OK;
    if (phone.p != NULL && !person_phone_hash(rq->service->vault, phone, hash)) {
        request_fault(rq, &people_message[PEOPLE_PHONE], "phone", NULL, NULL, NULL, NULL);
        return TONG_E_INVALID;
    }
    if (phone.p != NULL) code = people_hashed(rq, sql_person_by_phone, hash, q, err);
    if (code != TONG_OK || document.p == NULL) return code;
    if (!person_document_hash(rq->service->vault, document, hash)) {
        request_fault(rq, &people_message[PEOPLE_DOCUMENT], "document", NULL, NULL, NULL, NULL);
        return TONG_E_INVALID;
    }
    return people_hashed(rq, sql_person_by_document, hash, q, err);
}

// Whoever is `years` old today was born after this day `years` + 1 years ago, and not after this day `years` years ago.
static int32_t people_birthday(civil_day today, int64_t years)
{
    struct civil_date d = civil_to_date(today);
    civil_day out = today;
    d.year -= (int32_t)years;
    if (!civil_from_date(d, &out)) { // 29 February
        d.day = 28;
        (void)civil_from_date(d, &out);
    }
    return out.d;
}

static void people_filters(struct request *rq, struct roll_query *q)
{
    int64_t from = request_parameter_int(rq, "age_from", -1), to = request_parameter_int(rq, "age_to", -1);
    int32_t sex = request_parameter_word(rq, "sex");
    uint64_t flags = request_parameter_words(rq, "flags");
    if (from >= 0) show_filter(q, ROLL_PERSON_BORN, ROLL_TO, people_birthday(show_today(rq), from));
    if (to >= 0) show_filter(q, ROLL_PERSON_BORN, ROLL_FROM, people_birthday(show_today(rq), to + 1) + 1);
    if (sex >= 0) show_filter(q, ROLL_PERSON_SEX, ROLL_IS, sex);
    for (size_t i = 0; i < sizeof people_flag_bits / sizeof people_flag_bits[0]; i++)
        if (flags >> i & 1) show_filter(q, ROLL_PERSON_FLAGS, ROLL_HAS_BIT, people_flag_bits[i]);
    q->name = request_parameter(rq, "name");
}

static void people_status(struct request *rq, struct json_out *j, int64_t person)
{
    struct roll *roll = rq->service->roll;
    roll_read_begin(roll);
    int32_t status = roll_subject_value(roll, person, ROLL_SUBJECT_STATUS),
            seen = roll_subject_value(roll, person, ROLL_SUBJECT_SEEN);
    struct str name = roll_number_name(roll, ROLL_STATUS, status);
    const char *copy = name.n == 0 ? NULL : arena_copy(rq->arena, name.p, name.n);
    roll_read_end(roll);
    json_out_z(j, "status", copy);
    show_minute(j, "seen", seen);
}

static tong_code people_list(struct request *rq, struct reply *rp, struct err *err)
{
    struct roll_query q = {.list = ROLL_PEOPLE};
    struct roll_page page = {0};
    int64_t place = 0;
    bool any = show_scopes(rq, RIGHT_PERSON_FIND, &q), good = show_place_parameter(rq, "place", &place, err);
    bool named = request_parameter(rq, "name").p != NULL;
    good = page_read(rq, people_columns, PEOPLE_SORTS, named ? PEOPLE_BY_MATCH : PEOPLE_BY_CHANGE, &q) && good;
    good = good && show_numbers(rq, &q, ROLL_SUBJECT_STATUS, "status", ROLL_STATUS);
    if (!good) return TONG_E_INVALID;
    people_filters(rq, &q);
    tong_code code = people_by_number(rq, &q, err);
    if (code != TONG_OK) return code;
    any = any && show_within(rq, &q, place);
    if (any && !page_ask(rq, &q, &page)) return tong_fail(err, TONG_E_NOMEM, "people");
    show_etag(rq, rp, ROLL_PEOPLE);
    struct json_out j = page_begin(rp);
    for (size_t i = 0; i < page.count && code == TONG_OK; i++) {
        json_out_object(&j, NULL);
        people_status(rq, &j, page.rows[i].id);
        code = show_subject(rq, &j, "person", page.rows[i].id, err);
        json_out_end(&j);
    }
    return code == TONG_OK ? page_end(rq, rp, &j, &q, &page, err) : code;
}

// ---- one of them ----

static tong_code people_enrolments(struct request *rq, struct json_out *j, int64_t person, struct err *err)
{
    const sql_id q = sql_enrolment_of_subject;
    const struct rulebook book = service_book(rq->service);
    struct enrolment e;
    json_out_array(j, "enrolments");
    tong_code code = db_ask(rq->db, q, &DB_I(person), 1, err);
    while (code == TONG_OK && db_next(rq->db, q)) {
        struct str state = db_text(rq->db, q, 10);
        if (state.n != sizeof e) continue;
        memcpy(&e, state.p, sizeof e);
        if (e.edition >= book.count || e.stage == PROTOCOL_NONE) continue;
        const struct protocol *p = book.editions[e.edition];
        json_out_object(j, NULL);
        json_out_int(j, "enrolment", db_int(rq->db, q, 0, 0));
        json_out_z(j, "edition", p->id);
        show_named(j, "pathway", p->pathways[e.pathway].name, &p->pathways[e.pathway].label, rq->language);
        show_named(j, "stage", p->stages[e.stage].name, &p->stages[e.stage].label, rq->language);
        show_word(j, "class", WORDS_EVENT, enrolment_class(&e) == EVENT_WORD_COUNT ? -1 : (int32_t)enrolment_class(&e),
                  rq->language);
        show_word(j, "final", WORDS_FINAL, (int32_t)enrolment_final(&e), rq->language);
        json_out_instant(j, "opened", (utc_sec){db_int(rq->db, q, 2, UTC_NONE.s)});
        json_out_instant(j, "ended", (utc_sec){db_int(rq->db, q, 3, UTC_NONE.s)});
        json_out_end(j);
    }
    tong_code done = code == TONG_OK ? db_done(rq->db, q, err) : code;
    json_out_end(j);
    return done;
}

static tong_code people_reply(struct request *rq, struct reply *rp, int64_t person, struct err *err)
{
    struct show_person p;
    tong_code code = show_person_read(rq, person, &p, err);
    if (code != TONG_OK) return code;
    record_class class = show_class(rq, person);
    struct json_out j = json_out_to(&rp->body);
    json_out_object(&j, NULL);
    char uid[UID_TEXT];
    uid_format(p.uid, uid);
    p.record.uid = str_z(uid);
    record_to_json(&person_record_kind, &p.record, class, &j, "person");
    json_out_bool(&j, "known", p.record.name.n > 0 || p.record.description.n > 0); // false: erased
    json_out_bool(&j, "died", (p.flags & PERSON_DIED) != 0);
    json_out_bool(&j, "staff", (p.flags & PERSON_STAFF) != 0);
    people_status(rq, &j, person);
    json_out_int(&j, "version", p.version);
    code = show_place(rq, &j, "place", class >= RECORD_INTERNAL ? p.place : 0, err);
    if (code == TONG_OK) code = show_subject(rq, &j, "guardian", class >= RECORD_PERSONAL ? p.guardian : 0, err);
    if (code == TONG_OK) code = show_subject(rq, &j, "merged_into", p.merged_into, err);
    bool course = person == rq->actor.person || show_reaches(rq, RIGHT_PERSON_SEE, person);
    if (code == TONG_OK && course) code = people_enrolments(rq, &j, person, err);
    if (code == TONG_OK && !course) json_out_null(&j, "enrolments");
    json_out_end(&j);
    if (code != TONG_OK) return code;
    bool good = json_out_finish(&j);
    show_version_etag(rp, p.version);
    return good ? TONG_OK : tong_fail(err, TONG_E_NOMEM, "person");
}

static tong_code people_get(struct request *rq, struct reply *rp, struct err *err)
{
    int64_t person = 0;
    tong_code code = show_part(rq, SUBJECT_PERSON, RIGHT_PERSON_FIND, &person, err);
    if (code == TONG_OK) code = people_reply(rq, rp, person, err);
    return code;
}

static tong_code people_own(struct request *rq, struct reply *rp, struct err *err)
{
    if (rq->actor.person == 0) return tong_fail(err, TONG_E_NOT_FOUND, "no record of one's own");
    return people_reply(rq, rp, rq->actor.person, err);
}

static tong_code people_put(struct request *rq, struct reply *rp, struct err *err)
{
    struct person_record *record = rq->row;
    unsigned char uid[UID_BYTES];
    char uid_text[UID_TEXT];
    int64_t person = 0, place = 0;
    subject_kind kind = SUBJECT_PERSON;
    struct err none;
    uid_format(rq->part_uid[0], uid_text);
    if (record->uid.n > 0 && (!uid_parse(record->uid, uid) || memcmp(uid, rq->part_uid[0], UID_BYTES) != 0)) {
        request_fault(rq, &people_message[PEOPLE_UID], "uid", NULL, NULL, NULL, NULL);
        return TONG_E_INVALID;
    }
    record->uid = str_z(uid_text);
    if (uid_parse(record->place, uid) && show_find(rq, uid, &place, &kind, &none) != TONG_OK)
        place = 0; // intake says so
    tong_code code = show_find(rq, rq->part_uid[0], &person, &kind, &none);
    if (code == TONG_E_IO) return tong_fail(err, code, "people");
    if (person != 0 && !show_reaches(rq, RIGHT_PERSON_WRITE, person))
        return tong_fail(err, TONG_E_NOT_FOUND, "not in scope");
    if (!show_reaches(rq, RIGHT_PERSON_WRITE, place)) {
        request_fault(rq, &people_message[PEOPLE_WHERE], "place", NULL, NULL, NULL, NULL);
        return TONG_E_INVALID;
    }
    if (person != 0 && rq->if_match.n > 0) {
        struct show_person now;
        code = show_person_read(rq, person, &now, err);
        if (code == TONG_OK) code = show_if_match(rq, rp, now.version);
        if (code != TONG_OK) return code;
    }
    struct command c = show_command(rq, COMMAND_PERSON);
    struct intake_outcome out;
    bool held = false;
    c.person = record;
    code = show_take(rq, rp, &c, 1, &out, &held, err);
    if (code != TONG_OK || held) return code;
    rp->status = person == 0 ? 201 : 200;
    struct json_out j = json_out_to(&rp->body);
    json_out_object(&j, NULL);
    json_out_z(&j, "person", uid_text);
    json_out_int(&j, "version", out.fact);
    json_out_bool(&j, "repeated", out.repeated);
    json_out_end(&j);
    return json_out_finish(&j) ? TONG_OK : tong_fail(err, TONG_E_NOMEM, "person");
}

// ---- status: what the measures in force amount to; nobody can set it ----

static tong_code people_status_reply(struct request *rq, struct reply *rp, int64_t person, struct err *err)
{
    const struct rulebook book = service_book(rq->service);
    struct json_out j = json_out_to(&rp->body);
    json_out_object(&j, NULL);
    people_status(rq, &j, person);
    json_out_array(&j, "because");
    tong_code code = db_ask(rq->db, sql_measure_live, &DB_I(person), 1, err);
    while (code == TONG_OK && db_next(rq->db, sql_measure_live)) {
        size_t edition = (size_t)db_int(rq->db, sql_measure_live, 3, -1),
               measure = (size_t)db_int(rq->db, sql_measure_live, 4, -1);
        bool ordered = db_int(rq->db, sql_measure_live, 12, 0) != 0 || db_int(rq->db, sql_measure_live, 13, 0) != 0;
        if (!ordered || edition >= book.count || measure >= book.editions[edition]->measure_count) continue;
        const struct measure *m = &book.editions[edition]->measures[measure];
        json_out_object(&j, NULL);
        json_out_int(&j, "measure", db_int(rq->db, sql_measure_live, 0, 0));
        show_named(&j, "what", m->name, &m->label, rq->language);
        json_out_instant(&j, "until", (utc_sec){db_int(rq->db, sql_measure_live, 15, UTC_NONE.s)});
        json_out_end(&j);
    }
    if (code == TONG_OK) code = db_done(rq->db, sql_measure_live, err);
    json_out_end(&j);
    json_out_end(&j);
    if (code != TONG_OK) return code;
    return json_out_finish(&j) ? TONG_OK : tong_fail(err, TONG_E_NOMEM, "status");
}

static tong_code people_status_get(struct request *rq, struct reply *rp, struct err *err)
{
    int64_t person = 0;
    tong_code code = show_part(rq, SUBJECT_PERSON, RIGHT_ORDER_SEE, &person, err);
    return code == TONG_OK ? people_status_reply(rq, rp, person, err) : code;
}

// ---- the routes ----

#define WORDS_OF(table) .words = (table), .word_count = (int32_t)(sizeof(table) / sizeof(table)[0])
static const struct parameter people_parameters[] = {
    {.name = "name",
     .type = PARAMETER_TEXT,
     .most = 80,
     .label = LABEL("part of a name, one character is enough", "姓名的一部分，一个字即可")},
    {.name = "phone", .type = PARAMETER_TEXT, .most = 32, .label = LABEL("telephone, whole", "完整电话号码")},
    {.name = "document",
     .type = PARAMETER_TEXT,
     .most = 64,
     .label = LABEL("number of a document, whole", "完整证件号码")},
    {.name = "place", .type = PARAMETER_UID, .label = LABEL("who lives in this place", "居住在该场所")},
    {.name = "sex", .type = PARAMETER_WORD, WORDS_OF(people_sexes), .label = LABEL("sex", "性别")},
    {.name = "age_from",
     .type = PARAMETER_INTEGER,
     .least = 0,
     .most = 130,
     .label = LABEL("years old, from", "年龄，从")},
    {.name = "age_to", .type = PARAMETER_INTEGER, .least = 0, .most = 130, .label = LABEL("years old, to", "年龄，至")},
    {.name = "flags",
     .type = PARAMETER_WORDS,
     WORDS_OF(people_flags),
     .label = LABEL("who is all of this", "同时具备的标记")},
    {.name = "status",
     .type = PARAMETER_TEXT,
     .most = 200,
     .label = LABEL("status codes, parted by commas", "状态码，以逗号分隔")},
    {.name = "sort", .type = PARAMETER_SORT, WORDS_OF(people_sorts), .label = LABEL("sort", "排序")},
};

static const struct schema people_schemas[] = {
    {"status", "{\"type\":\"object\",\"properties\":{\"status\":{\"type\":[\"string\",\"null\"]},\"seen\":{\"type\":["
               "\"string\",\"null\"],"
               "\"format\":\"date-time\"},\"because\":{\"type\":\"array\",\"items\":{\"type\":\"object\"}}}}"},
};

static const struct route people_rows[] = {
    {.method = HTTP_GET,
     .path = "/api/v1/people",
     .name = "people_list",
     .right = RIGHT_PERSON_FIND,
     .handler = people_list,
     .list = true,
     ROUTE_PARAMETERS(people_parameters),
     .label = LABEL("people, by name, place, age, status", "人员列表")},
    {.method = HTTP_GET,
     .path = "/api/v1/people/{person}",
     .name = "person_get",
     .right = RIGHT_PERSON_FIND,
     .handler = people_get,
     .part = {PARAMETER_UID},
     .looks = true,
     .answers = &person_record_kind,
     .label = LABEL("one person", "人员信息")},
    {.method = HTTP_PUT,
     .path = "/api/v1/people/{person}",
     .name = "person_put",
     .right = RIGHT_PERSON_WRITE,
     .handler = people_put,
     .part = {PARAMETER_UID},
     .body = BODY_RECORD,
     .record = &person_record_kind,
     .label = LABEL("describe a person, a new one too", "登记或更新人员信息")},
    {.method = HTTP_GET,
     .path = "/api/v1/people/{person}/status",
     .name = "person_status",
     .right = RIGHT_ORDER_SEE,
     .handler = people_status_get,
     .part = {PARAMETER_UID},
     .looks = true,
     .schema_out = "status",
     .label = LABEL("the status that follows from somebody's measures", "由措施推定的状态码")},
    {.method = HTTP_GET,
     .path = "/api/v1/me/record",
     .name = "me_record",
     .right = RIGHT_OWN,
     .handler = people_own,
     .answers = &person_record_kind,
     .label = LABEL("one's own record", "本人信息")},
};
const struct route_table people_routes = {.rows = people_rows,
                                          .count = sizeof people_rows / sizeof people_rows[0],
                                          .schemas = people_schemas,
                                          .schema_count = sizeof people_schemas / sizeof people_schemas[0]};
