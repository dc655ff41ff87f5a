// The document of the interface: whole, sound, and in step with the table of routes.
#include "tap.h"

#include "harness.h"

static bool has_chinese(const char *text)
{
    for (const char *c = text; c != NULL && *c != 0; c++)
        if ((unsigned char)*c >= 0xE4 && (unsigned char)*c <= 0xE9) return true;
    return false;
}

static const json_t *schema_of(const json_t *root, const char *ref)
{
    static const char begin[] = "#/components/schemas/";
    const json_t *schemas = json_object_get(json_object_get(root, "components"), "schemas");
    return strncmp(ref, begin, sizeof begin - 1) == 0 ? json_object_get(schemas, ref + sizeof begin - 1) : NULL;
}

// Every $ref leads somewhere; every schema object says what it is.
static void references(const json_t *root, const json_t *at)
{
    const char *key;
    const json_t *value;
    size_t i;
    if (json_is_array(at)) {
        json_array_foreach(at, i, value) references(root, value);
    } else if (json_is_object(at)) {
        const char *ref = json_string_value(json_object_get(at, "$ref"));
        CHECK(ref == NULL || schema_of(root, ref) != NULL, "%s is there", ref);
        json_object_foreach((json_t *)(uintptr_t)at, key, value) references(root, value);
    }
}

static const char *const types[] = {"object", "array", "string", "integer", "number", "boolean", "null"};

static bool type_good(const json_t *type)
{
    const json_t *one;
    size_t i;
    if (json_is_array(type)) {
        json_array_foreach(type, i, one) if (!type_good(one)) return false;
        return json_array_size(type) > 0;
    }
    for (i = 0; json_is_string(type) && i < sizeof types / sizeof types[0]; i++)
        if (strcmp(json_string_value(type), types[i]) == 0) return true;
    return false;
}

static void one_parameter(const char *name, const json_t *p)
{
    const char *in = json_string_value(json_object_get(p, "in"));
    const json_t *schema = json_object_get(p, "schema");
    CHECK(json_is_string(json_object_get(p, "name")) && in != NULL, "%s: a parameter has a name and a place", name);
    CHECK(in == NULL || strcmp(in, "query") == 0 ||
              (strcmp(in, "path") == 0 && json_is_true(json_object_get(p, "required"))),
          "%s: %s", name, in);
    CHECK(type_good(json_object_get(schema, "type")), "%s: a parameter has a type", name);
}

static void one_route(const json_t *root, const struct route *r)
{
    char method[12];
    size_t n = 0;
    for (const char *c = http_method_name(r->method); *c != 0; c++) method[n++] = (char)(*c - 'A' + 'a');
    method[n] = 0;
    const json_t *op = json_object_get(json_object_get(json_object_get(root, "paths"), r->path), method);
    if (!CHECK(op != NULL, "%s %s is in the document", method, r->path)) return;
    const char *id = json_string_value(json_object_get(op, "operationId"));
    CHECK(id != NULL && strcmp(id, r->name) == 0, "%s: its operationId", r->name);
    CHECK(has_chinese(json_string_value(json_object_get(op, "description"))), "%s: described in Chinese too", r->name);
    CHECK(json_is_string(json_object_get(op, "x-right")), "%s: its right", r->name);
    CHECK((json_array_size(json_object_get(op, "security")) > 0) == (r->right != RIGHT_OPEN), "%s: signing in is said",
          r->name);
    CHECK((json_object_get(op, "requestBody") != NULL) == (r->body != BODY_NONE), "%s: its body is said", r->name);
    CHECK(json_object_get(json_object_get(op, "responses"), "200") != NULL, "%s: what comes back", r->name);
    size_t names = 0, in_path = 0, i;
    const json_t *p;
    for (const char *c = r->path; (c = strchr(c, '{')) != NULL; c++) names++;
    json_array_foreach(json_object_get(op, "parameters"), i, p)
    {
        one_parameter(r->name, p);
        in_path += strcmp(json_string_value(json_object_get(p, "in")), "path") == 0;
    }
    CHECK(in_path == names, "%s: the names of its path are parameters", r->name);
    bool whole = r->answers != NULL || r->schema_out != NULL || r->method == HTTP_DELETE || r->body == BODY_NONE ||
                 r->method != HTTP_GET;
    CHECK(whole, "%s: a reading route says what it answers", r->name);
    CHECK(r->schema == NULL ||
              json_object_get(json_object_get(json_object_get(root, "components"), "schemas"), r->schema) != NULL,
          "%s: schema %s", r->name, r->schema);
    CHECK(r->schema_out == NULL ||
              json_object_get(json_object_get(json_object_get(root, "components"), "schemas"), r->schema_out) != NULL,
          "%s: schema %s", r->name, r->schema_out);
}

int main(void)
{
    struct harness h;
    const struct route *r;
    const char *key;
    json_t *item;
    size_t paths = 0, operations = 0, routes = 0;
    if (!harness_open(&h, NULL)) return tap_done();
    EQ_INT(harness_get(&h, "/api/v1/openapi.json", NULL), 200, "anybody may read it");
    if (!OK(h.json != NULL, "it is JSON, without a key twice")) return tap_done();
    EQ_TEXT(harness_text(&h, "openapi"), "3.1.0", "OpenAPI 3.1");
    OK(harness_text(&h, "info.title")[0] != 0 && harness_text(&h, "info.version")[0] != 0,
       "with a title and a version");
    for (size_t i = 0; (r = routes_at(i)) != NULL; i++, routes++) one_route(h.json, r);
    json_object_foreach(json_object_get(h.json, "paths"), key, item)
    {
        paths++;
        operations += json_object_size(item);
        CHECK(key[0] == '/', "%s is a path", key);
    }
    EQ_INT(operations, routes, "nothing is described that is not there");
    references(h.json, h.json);
    json_object_foreach(json_object_get(json_object_get(h.json, "components"), "schemas"), key, item)
    {
        bool plain = json_object_get(item, "type") != NULL,
             other = json_object_get(item, "enum") != NULL || json_object_get(item, "$ref") != NULL ||
                     json_object_get(item, "oneOf") != NULL || json_object_get(item, "allOf") != NULL;
        CHECK(plain ? type_good(json_object_get(item, "type")) : other, "schema %s has a type", key);
        const char *name;
        json_t *field;
        json_object_foreach(json_object_get(item, "properties"), name, field)
            CHECK(json_object_size(field) > 0 || json_is_true(field), "%s.%s says something", key, name);
    }
    OK(paths >= 4, "%zu paths", paths);
    harness_close(&h);
    return tap_done();
}
