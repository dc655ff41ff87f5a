#include "service/openapi.h"

#include "base/json.h"
#include "base/record_read.h"
#include "service/openapi_parts.h"
#include "service/service.h"

#include <string.h>

static void openapi_body(const struct route *route, struct json_out *j)
{
    if (route->body == BODY_NONE) return;
    json_out_object(j, "requestBody");
    json_out_bool(j, "required", !route->body_optional);
    json_out_object(j, "content");
    json_out_object(j, route->body == BODY_BYTES ? "application/octet-stream" : "application/json");
    if (route->body == BODY_BYTES) {
        json_out_object(j, "schema");
        json_out_int(j, "maxLength", route->body_max > 0 ? route->body_max : HTTP_BODY_BYTES);
        json_out_end(j);
    } else {
        const char *name = route->body == BODY_RECORD ? route->record->name : route->schema;
        json_out_object(j, "schema");
        if (name != NULL) openapi_ref(j, name);
        json_out_end(j);
    }
    json_out_end(j);
    json_out_end(j);
    json_out_end(j);
}

static void openapi_problem(struct json_out *j, const char *status, const char *text)
{
    json_out_object(j, status);
    json_out_z(j, "description", text);
    json_out_object(j, "content");
    json_out_object(j, "application/problem+json");
    json_out_object(j, "schema");
    openapi_ref(j, "problem");
    json_out_end(j);
    json_out_end(j);
    json_out_end(j);
    json_out_end(j);
}

// What comes back when all is well: a record, a page of records, or what the row names.
static void openapi_answer(const struct route *route, struct json_out *j)
{
    const char *name = route->answers != NULL ? route->answers->name : route->schema_out;
    json_out_object(j, "200");
    json_out_z(j, "description", "done 已完成");
    if (name != NULL) {
        json_out_object(j, "content");
        json_out_object(j, "application/json");
        json_out_object(j, "schema");
        if (route->list) {
            json_out_z(j, "type", "object");
            json_out_object(j, "properties");
            json_out_object(j, "items");
            json_out_z(j, "type", "array");
            json_out_object(j, "items");
            openapi_ref(j, name);
            json_out_end(j);
            json_out_end(j);
            json_out_object(j, "next");
            openapi_nullable(j, "string", "cursor of the next page 下一页的翻页标记");
            json_out_object(j, "total");
            openapi_nullable(j, "integer", "all that match, when asked for 符合条件的总数");
            json_out_end(j);
        } else {
            openapi_ref(j, name);
        }
        json_out_end(j);
        json_out_end(j);
        json_out_end(j);
    }
    json_out_end(j);
}

static void openapi_responses(const struct route *route, struct json_out *j)
{
    json_out_object(j, "responses");
    openapi_answer(route, j);
    openapi_problem(j, "400", "the address, query or JSON is malformed 请求格式有误");
    if (route->right != RIGHT_OPEN) openapi_problem(j, "401", "not signed in 尚未登录");
    if (route->right != RIGHT_OPEN) openapi_problem(j, "403", "not allowed 没有权限");
    if (strchr(route->path, '{') != NULL)
        openapi_problem(j, "404", "not there, or outside one's scope 不存在或不在管辖范围内");
    if (route->method != HTTP_GET) openapi_problem(j, "409", "contradicts what is there 与已有内容冲突");
    if (route->method != HTTP_GET) openapi_problem(j, "412", "changed meanwhile (If-Match) 内容已被修改");
    if (route->body != BODY_NONE) openapi_problem(j, "413", "too large 内容过大");
    if (route->body != BODY_NONE) openapi_problem(j, "422", "cannot be recorded: see errors 内容有误，见 errors");
    openapi_problem(j, "503", "not now: nothing was recorded, try again 暂时无法处理，请重试");
    json_out_end(j);
}

static void openapi_operation(const struct route *route, struct json_out *j)
{
    static const char *const methods[HTTP_METHOD_COUNT] = {"get", "put", "post", "patch", "delete"};
    const struct record_word *right = right_at(route->right);
    json_out_object(j, methods[route->method]);
    json_out_z(j, "operationId", route->name);
    json_out_z(j, "summary", route->label.text[LANG_EN]);
    openapi_both(j, "description", &route->label);
    json_out_z(j, "x-right", right == NULL ? "" : right->word);
    json_out_array(j, "security");
    if (route->right != RIGHT_OPEN) {
        json_out_object(j, NULL);
        json_out_array(j, "session");
        json_out_end(j);
        json_out_end(j);
    }
    json_out_end(j);
    openapi_parameters(route, j);
    openapi_body(route, j);
    openapi_responses(route, j);
    json_out_end(j);
}

// Names of the same place in the path are the same in all rows (a test says so), so equal texts mean equal paths.
static void openapi_paths(const struct router *router, struct json_out *j)
{
    json_out_object(j, "paths");
    for (size_t i = 0; i < router_count(router);) {
        const char *path = router_at(router, i)->path;
        json_out_object(j, path);
        for (; i < router_count(router) && strcmp(router_at(router, i)->path, path) == 0; i++)
            openapi_operation(router_at(router, i), j);
        json_out_end(j);
    }
    json_out_end(j);
}

void openapi_write(const struct router *router, struct sink *out)
{
    struct json_out j = json_out_to(out);
    json_out_object(&j, NULL);
    json_out_z(&j, "openapi", "3.1.0");
    json_out_object(&j, "info");
    json_out_z(&j, "title", "Tongzhou 同舟");
    json_out_z(&j, "version", "1");
    json_out_z(
        &j, "description",
        "Every write names what it writes by an identifier that the client made, so it may be repeated. Errors are "
        "problem details (RFC 9457) in the language of Accept-Language. "
        "每次写入都由客户端指定标识符，可以重复发送；出错时按 Accept-Language 的语言返回问题说明（RFC 9457）。");
    json_out_object(&j, "license");
    json_out_z(&j, "name", "Apache-2.0");
    json_out_z(&j, "identifier", "Apache-2.0");
    json_out_end(&j);
    json_out_end(&j);
    json_out_array(&j, "servers");
    json_out_object(&j, NULL);
    json_out_z(&j, "url", "/");
    json_out_end(&j);
    json_out_end(&j);
    openapi_paths(router, &j);
    openapi_components(router, &j);
    json_out_end(&j);
    (void)json_out_finish(&j);
}

static tong_code openapi_get(struct request *rq, struct reply *rp, struct err *err)
{
    openapi_write(rq->service->router, &rp->body);
    rp->cache = "no-cache";
    return rp->body.failed ? tong_fail(err, TONG_E_NOMEM, "openapi") : TONG_OK;
}

static const struct schema openapi_schemas[] = {
    {"openapi", "{\"type\":\"object\",\"description\":\"an OpenAPI 3.1 document\"}"},
    {"label", "{\"type\":\"object\",\"properties\":{\"en\":{\"type\":\"string\"},\"zh\":{\"type\":\"string\"}}}"},
    {"problem",
     "{\"type\":\"object\",\"required\":[\"type\",\"title\",\"status\",\"detail\",\"instance\",\"slug\",\"errors\"],"
     "\"properties\":{"
     "\"type\":{\"type\":\"string\",\"format\":\"uri-reference\"},\"title\":{\"type\":\"string\"},\"status\":{\"type\":"
     "\"integer\"},"
     "\"detail\":{\"type\":\"string\"},\"instance\":{\"type\":\"string\"},\"slug\":{\"type\":\"string\"},"
     "\"errors\":{\"type\":\"array\",\"items\":{\"type\":\"object\",\"properties\":{\"slug\":{\"type\":\"string\"},"
     "\"severity\":{\"enum\":[\"error\",\"warning\",\"note\"]},\"field\":{\"type\":\"string\"},\"text\":{\"type\":"
     "\"string\"},"
     "\"limit\":{\"type\":[\"string\",\"null\"]},\"remedy\":{\"type\":\"string\"},\"line\":{\"type\":\"integer\"},"
     "\"column\":{\"type\":\"integer\"}}}},\"more_errors\":{\"type\":\"integer\"}}}"},
};
static const struct route openapi_rows[] = {
    {.method = HTTP_GET,
     .path = "/api/v1/openapi.json",
     .name = "openapi",
     .right = RIGHT_OPEN,
     .handler = openapi_get,
     .storeless = true,
     .schema_out = "openapi",
     .label = LABEL("this document", "本接口说明文档")},
};
const struct route_table openapi_routes = {.rows = openapi_rows,
                                           .count = sizeof openapi_rows / sizeof openapi_rows[0],
                                           .schemas = openapi_schemas,
                                           .schema_count = sizeof openapi_schemas / sizeof openapi_schemas[0]};
