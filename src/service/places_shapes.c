// Where places lie and how they are shaped, for maps: asked for once, while the figures on them change all the time.
#include "service/places_shapes.h"

#include "service/service.h"
#include "service/show.h"

#include <string.h>

enum { SHAPES_MOST = 5000 };
static const double nowhere = -1000; // no latitude

static bool shapes_within(struct request *rq, const struct roll_query *scope, int64_t top, int64_t place)
{
    struct roll *roll = rq->service->roll;
    roll_read_begin(roll);
    bool good = top == 0 || roll_place_within(roll, place, top), any = scope->scope_count == 0;
    for (size_t i = 0; i < scope->scope_count && good && !any; i++) any = roll_place_within(roll, place, scope->scopes[i]);
    roll_read_end(roll);
    return good && any;
}

static void shapes_row(struct request *rq, struct json_out *j, sql_id q)
{
    struct str uid = db_text(rq->db, q, 1), name_en = db_text(rq->db, q, 5), shape = db_text(rq->db, q, 9);
    json_out_object(j, NULL);
    if (uid.n == UID_BYTES) show_uid(j, "uid", (const unsigned char *)uid.p);
    json_out_text(j, "name", db_text(rq->db, q, 4));
    if (name_en.n == 0) json_out_null(j, "name_en");
    else json_out_text(j, "name_en", name_en);
    json_out_real(j, "latitude", db_real(rq->db, q, 7, RECORD_REAL_NONE));
    json_out_real(j, "longitude", db_real(rq->db, q, 8, RECORD_REAL_NONE));
    if (shape.n == 0) json_out_null(j, "shape");
    else json_out_text(j, "shape", shape);
    json_out_end(j);
}

static tong_code shapes_get(struct request *rq, struct reply *rp, struct err *err)
{
    const sql_id q = sql_place_of_kind;
    struct roll_query scope = {.list = ROLL_ENROLMENTS};
    int64_t top = 0;
    bool any = show_scopes(rq, RIGHT_PLACE_SEE, &scope), more = false;
    if (!show_place_parameter(rq, "within", &top, err)) return TONG_E_INVALID;
    struct json_out j = json_out_to(&rp->body);
    json_out_object(&j, NULL);
    json_out_array(&j, "items");
    const struct db_value in[] = {DB_I(request_parameter_word(rq, "kind")), DB_I(INT32_MAX)};
    tong_code code = any ? db_ask(rq->db, q, in, 2, err) : TONG_OK;
    int32_t count = 0;
    while (any && code == TONG_OK && !more && db_next(rq->db, q)) {
        bool closed = db_int(rq->db, q, 11, UTC_NONE.s) != UTC_NONE.s;
        bool drawn = db_text(rq->db, q, 9).n > 0 || db_real(rq->db, q, 7, nowhere) > nowhere;
        if (closed || !drawn || !shapes_within(rq, &scope, top, db_int(rq->db, q, 0, 0))) continue;
        more = count++ == SHAPES_MOST;
        if (!more) shapes_row(rq, &j, q);
    }
    if (any && code == TONG_OK) code = db_done(rq->db, q, err);
    if (code != TONG_OK) return code;
    json_out_end(&j);
    json_out_bool(&j, "more", more);
    json_out_end(&j);
    return json_out_finish(&j) ? TONG_OK : tong_fail(err, TONG_E_NOMEM, "places");
}

#define SHAPES_KIND(id, name, word, en, zh) {(name), LABEL((en), (zh))},
static const struct record_word shapes_kinds[] = {PLACE_KINDS(SHAPES_KIND)};
static const struct parameter shapes_parameters[] = {
    {.name = "kind", .type = PARAMETER_WORD, .required = true, .words = shapes_kinds, .word_count = PLACE_KIND_COUNT,
     .label = LABEL("kind of place", "场所类型")},
    {.name = "within", .type = PARAMETER_UID, .label = LABEL("within this place", "限于该场所")},
};
static const struct schema shapes_schemas[] = {
    {"place_shapes", "{\"type\":\"object\",\"required\":[\"items\",\"more\"],\"properties\":{\"items\":{\"type\":\"array\",\"items\":{\"type\":\"object\","
                     "\"properties\":{\"uid\":{\"type\":\"string\"},\"name\":{\"type\":\"string\"},\"name_en\":{\"type\":[\"string\",\"null\"]},"
                     "\"latitude\":{\"type\":[\"number\",\"null\"]},\"longitude\":{\"type\":[\"number\",\"null\"]},"
                     "\"shape\":{\"type\":[\"string\",\"null\"],\"description\":\"a GeoJSON geometry\"}}}},\"more\":{\"type\":\"boolean\"}}}"},
};
static const struct route shapes_rows[] = {
    {.method = HTTP_GET, .path = "/api/v1/places/shapes", .name = "place_shapes", .right = RIGHT_PLACE_SEE, .handler = shapes_get,
     ROUTE_PARAMETERS(shapes_parameters), .schema_out = "place_shapes",
     .label = LABEL("places of one kind that have a position or a shape, for a map", "某类场所的位置与边界，供地图使用")},
};
const struct route_table places_shapes_routes = {.rows = shapes_rows, .count = sizeof shapes_rows / sizeof shapes_rows[0],
                                                 .schemas = shapes_schemas, .schema_count = sizeof shapes_schemas / sizeof shapes_schemas[0]};
