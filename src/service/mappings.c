#include "service/mappings.h"

#include "base/limits.h"
#include "exchange/import_mapping.h"
#include "service/service.h"

#include <string.h>

enum { MAPPINGS_MOST = 500, MAPPINGS_NAME_MOST = 80 };

struct mappings_work {
    struct str name, text;
    int64_t account;
    utc_sec now;
};

static tong_code mappings_write(struct db *db, void *what, struct err *err)
{
    const struct mappings_work *w = what;
    if (w->text.n == 0) return db_run(db, sql_mapping_drop, &DB_T(w->name), 1, NULL, err);
    int64_t id = 1;
    tong_code code = db_ask(db, sql_mapping_next, NULL, 0, err);
    if (code != TONG_OK) return code;
    if (db_next(db, sql_mapping_next)) id = db_int(db, sql_mapping_next, 0, 1);
    code = db_done(db, sql_mapping_next, err);
    const struct db_value in[] = {DB_I(id), DB_T(w->name), db_i_or_null(w->account, 0), DB_I(w->now.s), DB_T(w->text)};
    return code == TONG_OK ? db_run(db, sql_mapping_put, in, sizeof in / sizeof in[0], NULL, err) : code;
}

static tong_code mappings_list(struct request *rq, struct reply *rp, struct err *err)
{
    const sql_id q = sql_mapping_list;
    const struct db_value in[] = {DB_T(STR("")), DB_I(MAPPINGS_MOST)};
    tong_code code = db_ask(rq->db, q, in, 2, err);
    if (code != TONG_OK) return code;
    struct json_out j = json_out_to(&rp->body);
    json_out_object(&j, NULL);
    json_out_array(&j, "items");
    while (db_next(rq->db, q)) {
        json_out_object(&j, NULL);
        json_out_text(&j, "name", db_text(rq->db, q, 1));
        json_out_instant(&j, "saved", (utc_sec){db_int(rq->db, q, 3, INT64_MIN)});
        json_out_end(&j);
    }
    json_out_end(&j);
    json_out_end(&j);
    code = db_done(rq->db, q, err);
    return code != TONG_OK || json_out_finish(&j) ? code : tong_fail(err, TONG_E_NOMEM, "mappings");
}

static tong_code mappings_get(struct request *rq, struct reply *rp, struct err *err)
{
    const sql_id q = sql_mapping_get;
    tong_code code = db_ask(rq->db, q, &DB_T(rq->part[0]), 1, err);
    if (code != TONG_OK) return code;
    bool found = db_next(rq->db, q);
    struct str text = found ? db_text(rq->db, q, 4) : (struct str){"", 0};
    if (found) sink_bytes(&rp->body, text.p, text.n);
    rp->type = found ? "application/yaml; charset=utf-8" : NULL;
    code = db_done(rq->db, q, err);
    return code != TONG_OK || found ? code : tong_fail(err, TONG_E_NOT_FOUND, "there is no such mapping");
}

static tong_code mappings_put(struct request *rq, struct reply *rp, struct err *err)
{
    struct import_mapping mapping;
    tong_code code = import_mapping_read(rq->body, "mapping", rq->arena, &rq->problems, &mapping, err);
    if (code != TONG_OK) return code;
    struct str name = {rq->part[0].p, rq->part[0].n > MAPPINGS_NAME_MOST
                                          ? str_utf8_valid((struct str){rq->part[0].p, MAPPINGS_NAME_MOST})
                                          : rq->part[0].n};
    struct mappings_work work = {name, rq->body, rq->actor.account, rq->now};
    code = writer_call(rq->service->writer, mappings_write, &work, err);
    rp->status = 204;
    return code;
}

static tong_code mappings_delete(struct request *rq, struct reply *rp, struct err *err)
{
    struct mappings_work work = {.name = rq->part[0]};
    rp->status = 204;
    return writer_call(rq->service->writer, mappings_write, &work, err);
}

static const struct schema mappings_schemas[] = {
    {"mapping_list", "{\"type\":\"object\",\"properties\":{\"items\":{\"type\":\"array\",\"items\":{\"type\":"
                     "\"object\",\"properties\":{\"name\":{\"type\":\"string\"},"
                     "\"saved\":{\"type\":\"string\"}}}}}}"},
};
static const struct route mappings_rows[] = {
    {.method = HTTP_GET,
     .path = "/api/v1/mappings",
     .name = "mapping_list",
     .right = RIGHT_IMPORT,
     .handler = mappings_list,
     .schema_out = "mapping_list",
     .label = LABEL("kept mappings", "已保存的映射")},
    {.method = HTTP_GET,
     .path = "/api/v1/mappings/{name}",
     .name = "mapping_get",
     .right = RIGHT_IMPORT,
     .handler = mappings_get,
     .part = {PARAMETER_TEXT},
     .label = LABEL("a mapping, as YAML", "映射内容（YAML）")},
    {.method = HTTP_PUT,
     .path = "/api/v1/mappings/{name}",
     .name = "mapping_put",
     .right = RIGHT_IMPORT,
     .handler = mappings_put,
     .part = {PARAMETER_TEXT},
     .body = BODY_BYTES,
     .body_max = LIMIT_PROTOCOL_BYTES,
     .label = LABEL("keep a mapping", "保存映射")},
    {.method = HTTP_DELETE,
     .path = "/api/v1/mappings/{name}",
     .name = "mapping_delete",
     .right = RIGHT_IMPORT,
     .handler = mappings_delete,
     .part = {PARAMETER_TEXT},
     .label = LABEL("drop a mapping", "删除映射")},
};
const struct route_table mappings_routes = {.rows = mappings_rows,
                                            .count = sizeof mappings_rows / sizeof mappings_rows[0],
                                            .schemas = mappings_schemas,
                                            .schema_count = sizeof mappings_schemas / sizeof mappings_schemas[0]};
