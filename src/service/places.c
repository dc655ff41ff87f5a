#include "service/places.h"

#include "service/service.h"
#include "service/show.h"

#include <string.h>

enum { PLACES_MOST = 1000, PLACES_UP = 40 };
enum places_fault { PLACES_NO_PARENT, PLACES_UID, PLACES_FAULT_COUNT };
static const struct message places_message[PLACES_FAULT_COUNT] = {
    [PLACES_NO_PARENT] = {"place-parent-needed", PROBLEM_ERROR,
                          LABEL("it is not said where it lies, or not in a place you look after",
                                "没有填写上级场所，或不在您的管辖范围内"),
                          LABEL("choose the place around it", "请选择上级场所")},
    [PLACES_UID] = {"uid-differs", PROBLEM_ERROR,
                    LABEL("the record names another identifier than the address", "记录中的标识与地址中的不一致"),
                    LABEL("give the same in both", "请使两者一致")},
};

struct places_row {
    int64_t id, parent, capacity, closed, version;
    int32_t kind;
    unsigned char uid[UID_BYTES];
    struct str name, name_en, code, shape;
    double latitude, longitude;
};

static struct str places_copy(struct request *rq, struct str text)
{
    const char *p = text.p == NULL ? NULL : arena_copy(rq->arena, text.p, text.n);
    return (struct str){p, p == NULL ? 0 : text.n};
}

static void places_read(struct request *rq, sql_id q, struct places_row *out)
{
    struct str uid = db_text(rq->db, q, 1);
    *out = (struct places_row){.id = db_int(rq->db, q, 0, 0),
                               .parent = db_int(rq->db, q, 2, 0),
                               .kind = (int32_t)db_int(rq->db, q, 3, 0),
                               .name = places_copy(rq, db_text(rq->db, q, 4)),
                               .name_en = places_copy(rq, db_text(rq->db, q, 5)),
                               .code = places_copy(rq, db_text(rq->db, q, 6)),
                               .latitude = db_real(rq->db, q, 7, RECORD_REAL_NONE),
                               .longitude = db_real(rq->db, q, 8, RECORD_REAL_NONE),
                               .shape = places_copy(rq, db_text(rq->db, q, 9)),
                               .capacity = db_int(rq->db, q, 10, RECORD_INTEGER_NONE),
                               .closed = db_int(rq->db, q, 11, UTC_NONE.s),
                               .version = db_int(rq->db, q, 12, 0)};
    if (uid.n == UID_BYTES) memcpy(out->uid, uid.p, UID_BYTES);
    if (out->kind < 0 || out->kind >= PLACE_KIND_COUNT) out->kind = PLACE_KIND_OUTSIDE;
}

static void places_head(struct request *rq, struct json_out *j, const struct places_row *p)
{
    const struct place_kind_word kind = place_kind_at(p->kind);
    show_uid(j, "uid", p->uid);
    json_out_text(j, "name", p->name);
    json_out_z(j, "name_en", p->name_en.n == 0 ? NULL : p->name_en.p);
    json_out_z(j, "code", p->code.n == 0 ? NULL : p->code.p);
    show_named(j, "kind", kind.name, &kind.label, rq->language);
    if (p->capacity == RECORD_INTEGER_NONE) json_out_null(j, "capacity");
    else json_out_int(j, "capacity", p->capacity);
    json_out_instant(j, "closed", (utc_sec){p->closed});
}

// ---- counts: open cases, contacts, tasks, zones by place of one kind ----

enum places_count { PLACES_PEOPLE, PLACES_CASES, PLACES_CONTACTS, PLACES_TASKS, PLACES_COUNTS };
static const struct {
    const char *name;
    roll_list list;
    right_word right;
    uint8_t pathway; // ROLL_IS_... of the pathways counted, 0 none
} places_counts[PLACES_COUNTS] = {{"people", ROLL_PEOPLE, RIGHT_PERSON_FIND, 0},
                                  {"cases", ROLL_ENROLMENTS, RIGHT_CASE_SEE, ROLL_IS_CASE},
                                  {"contacts", ROLL_ENROLMENTS, RIGHT_CONTACT_SEE, ROLL_IS_CONTACT},
                                  {"tasks", ROLL_TASKS, RIGHT_TASK_SEE, 0}};
struct places_tally {
    struct roll_count rows[PLACES_MOST];
    size_t count;
    bool seen; // the asker may see this count
};

static void places_query(const struct request *rq, size_t i, int64_t top, const int64_t *scope, struct roll_query *q)
{
    const struct roll *roll = rq->service->roll;
    *q = (struct roll_query){
        .list = places_counts[i].list, .scopes = scope, .scope_count = top == 0 ? 0 : 1, .arena = rq->arena};
    if (q->list == ROLL_TASKS) show_filter(q, ROLL_TASK_CLOSED, ROLL_ABSENT, 0);
    if (places_counts[i].pathway == 0) return;
    struct roll_filter f = {.column = ROLL_ENROLMENT_PATHWAY, .compare = ROLL_ONE_OF};
    for (size_t n = 0; n < roll_number_count(roll, ROLL_PATHWAY) && n < 256; n++)
        if (roll_pathway_is(roll, (int32_t)n) & places_counts[i].pathway) f.set[n / 64] |= (uint64_t)1 << (n % 64);
    q->filter[q->filter_count++] = f;
    show_filter(q, ROLL_ENROLMENT_ENDED, ROLL_ABSENT, 0);
}

// `kind` of the places they are counted by; -1: one number for all within `top`.
static bool places_tally_make(struct request *rq, int64_t top, int32_t kind, struct places_tally **out)
{
    struct roll *roll = rq->service->roll;
    struct places_tally *tally = arena_array(rq->arena, PLACES_COUNTS, sizeof *tally);
    if (tally == NULL) return false;
    roll_read_begin(roll);
    for (size_t i = 0; i < PLACES_COUNTS; i++) {
        struct roll_query q;
        tally[i].seen = actor_reaches(&rq->actor, places_counts[i].right, rq->now, roll, top);
        if (!tally[i].seen) continue;
        places_query(rq, i, top, &top, &q);
        if (kind >= 0) tally[i].count = roll_count_by(roll, &q, 0, kind, tally[i].rows, PLACES_MOST);
        else tally[i].rows[0].count = roll_count_all(roll, &q);
    }
    roll_read_end(roll);
    *out = tally;
    return true;
}

static void places_tally_out(struct json_out *j, const struct places_tally *tally, int64_t place, bool one)
{
    json_out_object(j, "counts");
    for (size_t i = 0; i < PLACES_COUNTS; i++) {
        int64_t n = one ? tally[i].rows[0].count : 0;
        for (size_t k = 0; k < tally[i].count && !one; k++)
            if (tally[i].rows[k].value == place) n = tally[i].rows[k].count;
        if (tally[i].seen) json_out_int(j, places_counts[i].name, n);
        else json_out_null(j, places_counts[i].name);
    }
    json_out_end(j);
}

// ---- the list ----

struct places_found {
    struct places_row row[PLACES_MOST];
    size_t count;
    bool more;
};

static tong_code places_ask(struct request *rq, sql_id q, const struct db_value *in, size_t count,
                            struct places_found *out, struct err *err)
{
    tong_code code = db_ask(rq->db, q, in, count, err);
    while (code == TONG_OK && !out->more && db_next(rq->db, q)) {
        out->more = out->count == PLACES_MOST;
        if (!out->more) places_read(rq, q, &out->row[out->count++]);
    }
    return code == TONG_OK ? db_done(rq->db, q, err) : code;
}

// Where the asker's scopes begin.
static tong_code places_tops(struct request *rq, struct places_found *out, struct err *err)
{
    struct roll_query q = {.list = ROLL_PEOPLE};
    tong_code code = TONG_OK;
    if (!show_scopes(rq, RIGHT_PLACE_SEE, &q)) return TONG_OK;
    if (q.scope_count == 0) return places_ask(rq, sql_place_tops, &DB_I(PLACES_MOST + 1), 1, out, err);
    for (size_t i = 0; i < q.scope_count && code == TONG_OK; i++)
        code = places_ask(rq, sql_place_get, &DB_I(q.scopes[i]), 1, out, err);
    return code;
}

static tong_code places_search(struct request *rq, struct str name, struct places_found *out, struct err *err)
{
    struct sink pattern = {0};
    sink_char(&pattern, '%');
    for (size_t i = 0; i < name.n; i++) {
        if (name.p[i] == '%' || name.p[i] == '_' || name.p[i] == '!') sink_char(&pattern, '!');
        sink_char(&pattern, name.p[i]);
    }
    sink_char(&pattern, '%');
    const struct db_value in[] = {DB_T(sink_kept(&pattern)), DB_I(PLACES_MOST)};
    tong_code code =
        sink_good(&pattern) ? places_ask(rq, sql_place_find, in, 2, out, err) : tong_fail(err, TONG_E_NOMEM, "places");
    sink_close(&pattern);
    return code;
}

static tong_code places_list(struct request *rq, struct reply *rp, struct err *err)
{
    struct places_found *found = arena_alloc(rq->arena, sizeof *found);
    struct str name = request_parameter(rq, "name");
    struct places_tally *tallies[PLACE_KIND_COUNT] = {NULL}; // one a kind of child
    int64_t parent = 0;
    if (found == NULL) return tong_fail(err, TONG_E_NOMEM, "places");
    if (!show_place_parameter(rq, "parent", &parent, err)) return TONG_E_INVALID;
    if (parent != 0 && !show_reaches(rq, RIGHT_PLACE_SEE, parent))
        return tong_fail(err, TONG_E_NOT_FOUND, "not in scope");
    const struct db_value in[] = {DB_I(parent), DB_I(PLACES_MOST + 1)};
    tong_code code = name.p != NULL ? places_search(rq, name, found, err)
                     : parent != 0  ? places_ask(rq, sql_place_children, in, 2, found, err)
                                    : places_tops(rq, found, err);
    if (code != TONG_OK) return code;
    int32_t kind = request_parameter_word(rq, "kind");
    struct json_out j = json_out_to(&rp->body);
    json_out_object(&j, NULL);
    json_out_array(&j, "items");
    for (size_t i = 0; i < found->count; i++) {
        const struct places_row *row = &found->row[i];
        if ((kind >= 0 && row->kind != kind) || (name.p != NULL && !show_reaches(rq, RIGHT_PLACE_SEE, row->id)))
            continue;
        struct places_tally **tally = &tallies[row->kind >= 0 && row->kind < PLACE_KIND_COUNT ? row->kind : PLACE_KIND_OUTSIDE];
        if (request_parameter_bool(rq, "counts", false) && *tally == NULL &&
            !places_tally_make(rq, parent, row->kind, tally))
            return tong_fail(err, TONG_E_NOMEM, "places");
        json_out_object(&j, NULL);
        places_head(rq, &j, row);
        if (*tally != NULL) places_tally_out(&j, *tally, row->id, false);
        json_out_end(&j);
    }
    json_out_end(&j);
    json_out_bool(&j, "more", found->more);
    json_out_end(&j);
    return json_out_finish(&j) ? TONG_OK : tong_fail(err, TONG_E_NOMEM, "places");
}

// ---- one of them ----

static tong_code places_get(struct request *rq, struct reply *rp, struct err *err)
{
    int64_t id = 0, up[PLACES_UP];
    size_t ups = 0;
    struct places_found *found = arena_alloc(rq->arena, sizeof *found);
    struct places_tally *tally = NULL;
    struct roll *roll = rq->service->roll;
    tong_code code = show_part(rq, SUBJECT_PLACE, RIGHT_PLACE_SEE, &id, err);
    if (code == TONG_OK && found == NULL) code = tong_fail(err, TONG_E_NOMEM, "place");
    if (code == TONG_OK) code = places_ask(rq, sql_place_get, &DB_I(id), 1, found, err);
    if (code == TONG_OK && found->count == 0) code = tong_fail(err, TONG_E_NOT_FOUND, "no such place");
    if (code == TONG_OK && !places_tally_make(rq, id, -1, &tally)) code = tong_fail(err, TONG_E_NOMEM, "place");
    if (code != TONG_OK) return code;
    const struct places_row *row = &found->row[0];
    roll_read_begin(roll);
    for (int64_t at = roll_place_parent(roll, id); at != 0 && ups < PLACES_UP; at = roll_place_parent(roll, at))
        up[ups++] = at;
    roll_read_end(roll);
    struct json_out j = json_out_to(&rp->body);
    json_out_object(&j, NULL);
    places_head(rq, &j, row);
    json_out_real(&j, "latitude", row->latitude);
    json_out_real(&j, "longitude", row->longitude);
    json_out_z(&j, "shape", row->shape.n == 0 ? NULL : row->shape.p);
    json_out_int(&j, "version", row->version);
    json_out_array(&j, "within"); // from the top down
    for (size_t i = ups; i-- > 0 && code == TONG_OK;) code = show_place(rq, &j, NULL, up[i], err);
    json_out_end(&j);
    places_tally_out(&j, tally, id, true);
    json_out_end(&j);
    if (code != TONG_OK) return code;
    bool good = json_out_finish(&j);
    show_version_etag(rp, row->version);
    return good ? TONG_OK : tong_fail(err, TONG_E_NOMEM, "place");
}

static tong_code places_written(struct request *rq, struct reply *rp, const struct command *c, bool is_new,
                                struct err *err)
{
    struct intake_outcome out;
    bool held = false;
    tong_code code = show_take(rq, rp, c, 1, &out, &held, err);
    if (code != TONG_OK || held) return code;
    rp->status = is_new ? 201 : 200;
    struct json_out j = json_out_to(&rp->body);
    json_out_object(&j, NULL);
    show_uid(&j, "uid", rq->part_uid[0]);
    json_out_int(&j, "version", out.fact);
    json_out_bool(&j, "repeated", out.repeated);
    json_out_end(&j);
    return json_out_finish(&j) ? TONG_OK : tong_fail(err, TONG_E_NOMEM, "place");
}

// The record's uid is the path's; false with a problem when it says another.
static bool places_named(struct request *rq, struct str *uid)
{
    unsigned char said[UID_BYTES];
    char *text = arena_alloc(rq->arena, UID_TEXT);
    if (text == NULL) return false;
    if (uid->n > 0 && (!uid_parse(*uid, said) || memcmp(said, rq->part_uid[0], UID_BYTES) != 0)) {
        request_fault(rq, &places_message[PLACES_UID], "uid", NULL, NULL, NULL, NULL);
        return false;
    }
    uid_format(rq->part_uid[0], text);
    *uid = str_z(text);
    return true;
}

// Is what is there, and where the record puts it, in reach? *is_new: nothing is there yet.
static tong_code places_may_write(struct request *rq, struct str where, bool *is_new, int64_t *id, struct err *err)
{
    unsigned char uid[UID_BYTES];
    int64_t around = 0;
    subject_kind kind = SUBJECT_PLACE;
    struct err none;
    if (uid_parse(where, uid) && show_find(rq, uid, &around, &kind, &none) != TONG_OK) around = 0;
    tong_code code = show_find(rq, rq->part_uid[0], id, &kind, &none);
    if (code != TONG_OK && code != TONG_E_NOT_FOUND) return tong_fail(err, code, "place");
    *is_new = code == TONG_E_NOT_FOUND;
    if (!*is_new && !show_reaches(rq, RIGHT_PLACE_WRITE, *id)) return tong_fail(err, TONG_E_NOT_FOUND, "not in scope");
    if (show_reaches(rq, RIGHT_PLACE_WRITE, around)) return TONG_OK;
    request_fault(rq, &places_message[PLACES_NO_PARENT], "parent", NULL, NULL, NULL, NULL);
    return TONG_E_INVALID;
}

static tong_code places_put(struct request *rq, struct reply *rp, struct err *err)
{
    struct place_record *record = rq->row;
    struct places_found *found = arena_alloc(rq->arena, sizeof *found);
    int64_t id = 0;
    bool is_new = false;
    if (found == NULL) return tong_fail(err, TONG_E_NOMEM, "place");
    if (!places_named(rq, &record->uid)) return TONG_E_INVALID;
    tong_code code = places_may_write(rq, record->parent, &is_new, &id, err);
    if (code == TONG_OK && !is_new) code = places_ask(rq, sql_place_get, &DB_I(id), 1, found, err);
    if (code == TONG_OK && !is_new && found->count > 0) code = show_if_match(rq, rp, found->row[0].version);
    if (code != TONG_OK) return code;
    struct command c = show_command(rq, COMMAND_PLACE);
    c.place = record;
    return places_written(rq, rp, &c, is_new, err);
}

// ---- the routes ----

#define PLACES_KIND_WORD(id, name, word, en, zh) {(name), LABEL((en), (zh))},
static const struct record_word places_kinds[] = {PLACE_KINDS(PLACES_KIND_WORD)};

static const struct parameter places_parameters[] = {
    {.name = "parent",
     .type = PARAMETER_UID,
     .label = LABEL("what lies directly in this place; without it: where your scopes begin",
                    "其直接下级；不填则为您管辖范围的起点")},
    {.name = "name",
     .type = PARAMETER_TEXT,
     .most = 80,
     .label = LABEL("part of a name or code, anywhere", "名称或编码的一部分")},
    {.name = "kind",
     .type = PARAMETER_WORD,
     .words = places_kinds,
     .word_count = PLACE_KIND_COUNT,
     .label = LABEL("kind of place", "场所类型")},
    {.name = "counts",
     .type = PARAMETER_BOOLEAN,
     .label = LABEL("also people, open cases, contacts and tasks in each",
                    "同时返回各场所的人员、在管病例、密接与未完成任务数")},
};

static const struct schema places_schemas[] = {
    {"place_list", "{\"type\":\"object\",\"properties\":{\"items\":{\"type\":\"array\",\"items\":{\"type\":\"object\"}}"
                   ",\"more\":{\"type\":\"boolean\"}}}"},
};

static const struct route places_rows[] = {
    {.method = HTTP_GET,
     .path = "/api/v1/places",
     .name = "place_list",
     .right = RIGHT_PLACE_SEE,
     .handler = places_list,
     ROUTE_PARAMETERS(places_parameters),
     .schema_out = "place_list",
     .label = LABEL("places: the tree, level by level, and search", "场所树与检索")},
    {.method = HTTP_GET,
     .path = "/api/v1/places/{place}",
     .name = "place_get",
     .right = RIGHT_PLACE_SEE,
     .handler = places_get,
     .part = {PARAMETER_UID},
     .answers = &place_record_kind,
     .label = LABEL("one place", "场所信息")},
    {.method = HTTP_PUT,
     .path = "/api/v1/places/{place}",
     .name = "place_put",
     .right = RIGHT_PLACE_WRITE,
     .handler = places_put,
     .part = {PARAMETER_UID},
     .body = BODY_RECORD,
     .record = &place_record_kind,
     .label = LABEL("describe a place, a new one too", "登记或更新场所")},
};
const struct route_table places_routes = {.rows = places_rows,
                                          .count = sizeof places_rows / sizeof places_rows[0],
                                          .schemas = places_schemas,
                                          .schema_count = sizeof places_schemas / sizeof places_schemas[0]};
