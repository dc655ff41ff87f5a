#include "service/gatherings.h"

#include "service/page.h"
#include "service/service.h"
#include "service/show.h"
#include "store/chain.h"

#include <string.h>

enum { GATHERINGS_PEOPLE_MOST = 2000 };
enum gatherings_fault { GATHERINGS_WHERE, GATHERINGS_UID, GATHERINGS_FAULT_COUNT };
static const struct message gatherings_message[GATHERINGS_FAULT_COUNT] = {
    [GATHERINGS_WHERE] = {"gathering-place-needed", PROBLEM_ERROR, LABEL("it is not said where it was, or not in a place you look after", "没有填写地点，或不在您的管辖范围内"),
                          LABEL("choose the place; otherwise you could not find the record again", "请选择地点，否则之后无法找到该记录")},
    [GATHERINGS_UID] = {"uid-differs", PROBLEM_ERROR, LABEL("the record names another identifier than the address", "记录中的标识与地址中的不一致"),
                        LABEL("give the same identifier in both", "请使两处的标识一致")},
};

struct gatherings_row {
    int64_t id, place, version;
    unsigned char uid[UID_BYTES];
    const char *name;
    utc_sec begins, ends;
};

static bool gatherings_fill(struct request *rq, sql_id q, struct gatherings_row *out)
{
    struct str uid = db_text(rq->db, q, 1), name = db_text(rq->db, q, 3);
    *out = (struct gatherings_row){.id = db_int(rq->db, q, 0, 0), .place = db_int(rq->db, q, 2, 0), .version = db_int(rq->db, q, 6, 0),
                                   .name = arena_copy(rq->arena, name.p == NULL ? "" : name.p, name.n),
                                   .begins = {db_int(rq->db, q, 4, UTC_NONE.s)}, .ends = {db_int(rq->db, q, 5, UTC_NONE.s)}};
    if (uid.n == UID_BYTES) memcpy(out->uid, uid.p, UID_BYTES);
    return out->name != NULL;
}

static tong_code gatherings_head(struct request *rq, struct json_out *j, const struct gatherings_row *g, struct err *err)
{
    show_uid(j, "uid", g->uid);
    json_out_z(j, "name", g->name);
    json_out_instant(j, "begins", g->begins);
    json_out_instant(j, "ends", g->ends);
    json_out_int(j, "version", g->version);
    return show_place(rq, j, "place", g->place, err);
}

// ---- the list: few enough to be walked, the newest first ----

struct gatherings_walk {
    int64_t place, after; // 0: none
    civil_day from, to;
    struct str part;      // of the name
};

static bool gatherings_name_has(const char *name, struct str part)
{
    size_t n = strlen(name);
    for (size_t i = 0; part.n > 0 && i + part.n <= n; i++)
        if (memcmp(name + i, part.p, part.n) == 0) return true;
    return part.n == 0;
}

static bool gatherings_fits(const struct request *rq, const struct gatherings_walk *w, const struct gatherings_row *g)
{
    const struct roll *roll = rq->service->roll;
    const struct zone *zone = &rq->service->options.zone;
    civil_day day = g->begins.s == UTC_NONE.s ? (civil_day){CIVIL_DAY_NONE} : zone_day(zone, g->begins);
    if (w->from.d != CIVIL_DAY_NONE && (day.d == CIVIL_DAY_NONE || day.d < w->from.d)) return false;
    if (w->to.d != CIVIL_DAY_NONE && (day.d == CIVIL_DAY_NONE || day.d > w->to.d)) return false;
    if (w->place != 0 && !roll_place_within(roll, g->place, w->place)) return false;
    return actor_reaches(&rq->actor, RIGHT_SOURCE_SEE, rq->now, roll, g->place) && gatherings_name_has(g->name, w->part);
}

static tong_code gatherings_collect(struct request *rq, const struct gatherings_walk *w, struct gatherings_row *rows, size_t limit,
                                    size_t *count, int64_t *total, struct err *err)
{
    const sql_id q = sql_gathering_all;
    struct roll *roll = rq->service->roll;
    bool good = true;
    *count = 0;
    *total = 0;
    tong_code code = db_ask(rq->db, q, NULL, 0, err);
    if (code != TONG_OK) return code;
    roll_read_begin(roll);
    while (good && db_next(rq->db, q)) {
        struct gatherings_row g;
        good = gatherings_fill(rq, q, &g);
        if (!good || !gatherings_fits(rq, w, &g)) continue;
        ++*total;
        if (*count <= limit && (w->after == 0 || g.id < w->after)) rows[(*count)++] = g; // one more tells that there are more
    }
    roll_read_end(roll);
    code = db_done(rq->db, q, err);
    return code == TONG_OK && !good ? tong_fail(err, TONG_E_NOMEM, "gatherings") : code;
}

static tong_code gatherings_list(struct request *rq, struct reply *rp, struct err *err)
{
    struct gatherings_walk w = {.from = request_parameter_day(rq, "from"), .to = request_parameter_day(rq, "to"), .part = request_parameter(rq, "q")};
    struct cursor cursor, next;
    bool given = false, good = show_place_parameter(rq, "place", &w.place, err);
    good = page_cursor(rq, &given, &cursor) && good;
    if (!good) return TONG_E_INVALID;
    if (given) w.after = cursor.id;
    size_t limit = page_limit(rq), count = 0;
    int64_t total = 0;
    struct gatherings_row *rows = arena_array(rq->arena, limit + 1, sizeof *rows);
    tong_code code = rows == NULL ? tong_fail(err, TONG_E_NOMEM, "gatherings") : gatherings_collect(rq, &w, rows, limit, &count, &total, err);
    if (code != TONG_OK) return code;
    bool more = count > limit;
    struct json_out j = page_begin(rp);
    for (size_t i = 0; i < count && i < limit && code == TONG_OK; i++) {
        json_out_object(&j, NULL);
        code = gatherings_head(rq, &j, &rows[i], err);
        json_out_end(&j);
    }
    if (code != TONG_OK) return code;
    if (more) next = (struct cursor){.scope = page_scope(rq), .key = 0, .id = rows[limit - 1].id};
    return page_close(&j, more ? &next : NULL, request_parameter_bool(rq, "count", false) ? total : -1, err);
}

// ---- one of them, and who was there ----

static tong_code gatherings_read(struct request *rq, int64_t id, struct gatherings_row *out, struct err *err)
{
    const sql_id q = sql_gathering_get;
    tong_code code = db_ask(rq->db, q, &DB_I(id), 1, err);
    if (code != TONG_OK) return code;
    bool there = db_next(rq->db, q), good = !there || gatherings_fill(rq, q, out);
    code = db_done(rq->db, q, err);
    if (code != TONG_OK) return code;
    if (!good) return tong_fail(err, TONG_E_NOMEM, "gathering");
    return there ? TONG_OK : tong_fail(err, TONG_E_NOT_FOUND, "no such gathering");
}

struct gatherings_people {
    int64_t id[GATHERINGS_PEOPLE_MOST];
    size_t count;
    bool cut;
};

static void gatherings_person(const struct request *rq, struct gatherings_people *p, int64_t id)
{
    struct roll *roll = rq->service->roll;
    roll_read_begin(roll);
    bool place = roll_place_kind(roll, id) >= 0; // where it was
    roll_read_end(roll);
    if (place) return;
    for (size_t i = 0; i < p->count; i++)
        if (p->id[i] == id) return;
    if (p->count == GATHERINGS_PEOPLE_MOST) p->cut = true;
    else if (id != 0) p->id[p->count++] = id;
}

// Who is named with it in its own records, who it was caused by, and who was enrolled because of it.
static tong_code gatherings_who(struct request *rq, int64_t id, struct gatherings_people *p, struct err *err)
{
    struct chain_stored stored;
    tong_code code = db_ask(rq->db, sql_fact_of_subject, &DB_I(id), 1, err);
    if (code != TONG_OK) return code;
    while (db_next(rq->db, sql_fact_of_subject)) {
        chain_stored_read(rq->db, sql_fact_of_subject, &stored);
        gatherings_person(rq, p, stored.row.fact.link);
    }
    code = db_done(rq->db, sql_fact_of_subject, err);
    if (code == TONG_OK) code = db_ask(rq->db, sql_link_to, &DB_I(id), 1, err);
    if (code != TONG_OK) return code;
    while (db_next(rq->db, sql_link_to)) gatherings_person(rq, p, db_int(rq->db, sql_link_to, 0, 0));
    code = db_done(rq->db, sql_link_to, err);
    if (code == TONG_OK) code = db_ask(rq->db, sql_link_from, &DB_I(id), 1, err);
    if (code != TONG_OK) return code;
    while (db_next(rq->db, sql_link_from))
        if (db_int(rq->db, sql_link_from, 4, 0) == 0) gatherings_person(rq, p, db_int(rq->db, sql_link_from, 0, 0));
    return db_done(rq->db, sql_link_from, err);
}

static tong_code gatherings_get(struct request *rq, struct reply *rp, struct err *err)
{
    struct gatherings_row g;
    int64_t id = 0;
    struct gatherings_people *people = arena_alloc(rq->arena, sizeof *people);
    tong_code code = show_part(rq, SUBJECT_GROUP, RIGHT_SOURCE_SEE, &id, err);
    if (code == TONG_OK && people == NULL) code = tong_fail(err, TONG_E_NOMEM, "gathering");
    if (code == TONG_OK) code = gatherings_read(rq, id, &g, err);
    if (code != TONG_OK) return code;
    people->count = 0;
    people->cut = false;
    code = gatherings_who(rq, id, people, err);
    struct json_out j = json_out_to(&rp->body);
    json_out_object(&j, NULL);
    if (code == TONG_OK) code = gatherings_head(rq, &j, &g, err);
    int64_t others = 0;
    json_out_array(&j, "people");
    for (size_t i = 0; i < people->count && code == TONG_OK; i++) {
        if (show_reaches(rq, RIGHT_SOURCE_SEE, people->id[i])) code = show_subject(rq, &j, NULL, people->id[i], err);
        else others++; // of another jurisdiction: only counted
    }
    json_out_end(&j);
    json_out_int(&j, "others", others);
    json_out_bool(&j, "cut", people->cut);
    json_out_end(&j);
    if (code != TONG_OK) return code;
    bool good = json_out_finish(&j);
    show_version_etag(rp, g.version);
    return good ? TONG_OK : tong_fail(err, TONG_E_NOMEM, "gathering");
}

static tong_code gatherings_put(struct request *rq, struct reply *rp, struct err *err)
{
    struct gathering_record *record = rq->row;
    unsigned char uid[UID_BYTES];
    char text[UID_TEXT];
    int64_t id = 0, place = 0;
    subject_kind kind = SUBJECT_GROUP;
    struct err none;
    uid_format(rq->part_uid[0], text);
    if (record->uid.n > 0 && (!uid_parse(record->uid, uid) || memcmp(uid, rq->part_uid[0], UID_BYTES) != 0)) {
        request_fault(rq, &gatherings_message[GATHERINGS_UID], "uid", NULL, NULL, NULL, NULL);
        return TONG_E_INVALID;
    }
    record->uid = str_z(text);
    tong_code code = show_find(rq, rq->part_uid[0], &id, &kind, &none);
    if (code == TONG_E_IO) return tong_fail(err, code, "gathering");
    if (id != 0 && !show_reaches(rq, RIGHT_PLACE_WRITE, id)) return tong_fail(err, TONG_E_NOT_FOUND, "not in scope");
    code = uid_parse(record->place, uid) ? show_find(rq, uid, &place, &kind, &none) : TONG_E_NOT_FOUND;
    if (code == TONG_E_IO) return tong_fail(err, code, "gathering");
    if (!show_reaches(rq, RIGHT_PLACE_WRITE, place)) {
        request_fault(rq, &gatherings_message[GATHERINGS_WHERE], "place", NULL, NULL, NULL, NULL);
        return TONG_E_INVALID;
    }
    if (id != 0 && rq->if_match.n > 0) {
        struct gatherings_row g;
        code = gatherings_read(rq, id, &g, err);
        if (code == TONG_OK) code = show_if_match(rq, rp, g.version);
        if (code != TONG_OK) return code;
    }
    struct command c = show_command(rq, COMMAND_GATHERING);
    struct intake_outcome out;
    bool held = false;
    c.gathering = record;
    code = show_take(rq, rp, &c, 1, &out, &held, err);
    if (code != TONG_OK || held) return code;
    rp->status = id == 0 ? 201 : 200;
    struct json_out j = json_out_to(&rp->body);
    json_out_object(&j, NULL);
    json_out_z(&j, "gathering", text);
    json_out_int(&j, "version", out.fact);
    json_out_bool(&j, "repeated", out.repeated);
    json_out_end(&j);
    return json_out_finish(&j) ? TONG_OK : tong_fail(err, TONG_E_NOMEM, "gathering");
}

// ---- the routes ----

static const struct parameter gatherings_parameters[] = {
    {.name = "q", .type = PARAMETER_TEXT, .most = 80, .label = LABEL("part of its name", "名称的一部分")},
    {.name = "place", .type = PARAMETER_UID, .label = LABEL("in this place", "所在场所")},
    {.name = "from", .type = PARAMETER_DAY, .label = LABEL("begun on this day or later", "开始不早于")},
    {.name = "to", .type = PARAMETER_DAY, .label = LABEL("begun on this day or before", "开始不晚于")},
};
static const struct schema gatherings_schemas[] = {
    {"gathering_seen", "{\"type\":\"object\",\"properties\":{\"uid\":{\"type\":\"string\"},\"name\":{\"type\":\"string\"},\"begins\":{\"type\":[\"string\",\"null\"]},"
                       "\"ends\":{\"type\":[\"string\",\"null\"]},\"place\":{\"type\":[\"object\",\"null\"]},\"version\":{\"type\":\"integer\"},"
                       "\"people\":{\"type\":\"array\",\"items\":{\"type\":\"object\"}},\"others\":{\"type\":\"integer\"}}}"},
    {"gathering_written", "{\"type\":\"object\",\"properties\":{\"gathering\":{\"type\":\"string\"},\"version\":{\"type\":\"integer\"},\"repeated\":{\"type\":\"boolean\"}}}"},
};
static const struct route gatherings_rows[] = {
    {.method = HTTP_GET, .path = "/api/v1/gatherings", .name = "gathering_list", .right = RIGHT_SOURCE_SEE, .handler = gatherings_list, .list = true,
     ROUTE_PARAMETERS(gatherings_parameters), .schema_out = "gathering_seen", .label = LABEL("occasions where people met", "聚集活动列表")},
    {.method = HTTP_GET, .path = "/api/v1/gatherings/{gathering}", .name = "gathering_get", .right = RIGHT_SOURCE_SEE, .handler = gatherings_get,
     .part = {PARAMETER_UID}, .schema_out = "gathering_seen", .label = LABEL("one of them, and who was there", "聚集活动及参加人员")},
    {.method = HTTP_PUT, .path = "/api/v1/gatherings/{gathering}", .name = "gathering_put", .right = RIGHT_PLACE_WRITE, .handler = gatherings_put,
     .part = {PARAMETER_UID}, .body = BODY_RECORD, .record = &gathering_record_kind, .schema_out = "gathering_written",
     .label = LABEL("describe a gathering, a new one too", "登记或更新聚集活动")},
};
const struct route_table gatherings_routes = {.rows = gatherings_rows, .count = sizeof gatherings_rows / sizeof gatherings_rows[0],
                                              .schemas = gatherings_schemas, .schema_count = sizeof gatherings_schemas / sizeof gatherings_schemas[0]};
