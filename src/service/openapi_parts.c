#include "service/openapi_parts.h"

#include "base/map.h"

#include <assert.h>
#include <string.h>

void openapi_ref(struct json_out *j, const char *name)
{
    char ref[128];
    (void)snprintf(ref, sizeof ref, "#/components/schemas/%s", name);
    json_out_z(j, "$ref", ref);
}

void openapi_both(struct json_out *j, const char *key, const struct label *label)
{
    char text[600];
    (void)snprintf(text, sizeof text, "%s\n\n%s", label->text[LANG_EN], label->text[LANG_ZH]);
    json_out_z(j, key, text);
}

void openapi_nullable(struct json_out *j, const char *type, const char *description)
{
    json_out_array(j, "type");
    json_out_z(j, NULL, type);
    json_out_z(j, NULL, "null");
    json_out_end(j);
    json_out_z(j, "description", description);
    json_out_end(j);
}

enum openapi_ways { WORDS_PLAIN, WORDS_OR_NULL, WORDS_BOTH_WAYS };

static void openapi_words(struct json_out *j, const struct record_word *words, int32_t count, int ways)
{
    json_out_array(j, "enum");
    for (int32_t i = 0; i < count; i++) {
        char turned[100];
        if (words[i].word == NULL) continue;
        json_out_z(j, NULL, words[i].word);
        (void)snprintf(turned, sizeof turned, "-%s", words[i].word);
        if (ways == WORDS_BOTH_WAYS) json_out_z(j, NULL, turned);
    }
    if (ways == WORDS_OR_NULL) json_out_null(j, NULL);
    json_out_end(j);
}

// The meanings of words, in both languages: "confirmed: confirmed 确诊; ...".
static void openapi_meanings(struct json_out *j, const struct label *label, const struct record_word *words,
                             int32_t count)
{
    struct sink text = {0};
    sink_printf(&text, "%s\n\n%s", label->text[LANG_EN], label->text[LANG_ZH]);
    for (int32_t i = 0; i < count; i++)
        if (words[i].word != NULL)
            sink_printf(&text, "%s%s: %s %s", i == 0 ? "\n\n" : "; ", words[i].word, words[i].label.text[LANG_EN],
                        words[i].label.text[LANG_ZH]);
    json_out_text(j, "description", sink_kept(&text));
    sink_close(&text);
}

// ---- parameters ----

// A field that need not be there comes back as null.
static void openapi_type_null(struct json_out *j, const char *type, const char *format, bool null)
{
    if (null) json_out_array(j, "type");
    json_out_z(j, null ? NULL : "type", type);
    if (null) json_out_z(j, NULL, "null");
    if (null) json_out_end(j);
    if (format != NULL) json_out_z(j, "format", format);
}

static void openapi_type(struct json_out *j, const char *type, const char *format)
{
    openapi_type_null(j, type, format, false);
}

static void openapi_parameter_schema(struct json_out *j, const struct parameter *p)
{
    json_out_object(j, "schema");
    switch (p->type) {
    case PARAMETER_TEXT:
    case PARAMETER_CURSOR:
        openapi_type(j, "string", NULL);
        json_out_int(j, "maxLength", p->most > 0 ? p->most : 200);
        break;
    case PARAMETER_INTEGER:
        openapi_type(j, "integer", "int64");
        if (p->least != 0 || p->most != 0) json_out_int(j, "minimum", p->least);
        if (p->least != 0 || p->most != 0) json_out_int(j, "maximum", p->most);
        break;
    case PARAMETER_DAY: openapi_type(j, "string", "date"); break;
    case PARAMETER_INSTANT: openapi_type(j, "string", "date-time"); break;
    case PARAMETER_UID: openapi_type(j, "string", "uuid"); break;
    case PARAMETER_BOOLEAN: openapi_type(j, "boolean", NULL); break;
    case PARAMETER_WORD:
    case PARAMETER_SORT:
        openapi_type(j, "string", NULL);
        openapi_words(j, p->words, p->word_count, p->type == PARAMETER_SORT ? WORDS_BOTH_WAYS : WORDS_PLAIN);
        break;
    case PARAMETER_WORDS:
        openapi_type(j, "array", NULL);
        json_out_object(j, "items");
        openapi_type(j, "string", NULL);
        openapi_words(j, p->words, p->word_count, WORDS_PLAIN);
        json_out_end(j);
        break;
    case PARAMETER_TYPE_COUNT: assert(false);
    }
    json_out_end(j);
}

static void openapi_parameter(struct json_out *j, const struct parameter *p)
{
    json_out_object(j, NULL);
    json_out_z(j, "name", p->name);
    json_out_z(j, "in", "query");
    if (p->required) json_out_bool(j, "required", true);
    openapi_meanings(j, &p->label, p->words, p->word_count);
    if (p->type == PARAMETER_WORDS) { // a,b,c
        json_out_z(j, "style", "form");
        json_out_bool(j, "explode", false);
    }
    openapi_parameter_schema(j, p);
    json_out_end(j);
}

static void openapi_path_part(struct json_out *j, struct str name, parameter_type type)
{
    json_out_object(j, NULL);
    json_out_text(j, "name", name);
    json_out_z(j, "in", "path");
    json_out_bool(j, "required", true);
    json_out_object(j, "schema");
    if (type == PARAMETER_INTEGER) openapi_type(j, "integer", "int64");
    else openapi_type(j, "string", type == PARAMETER_UID ? "uuid" : NULL);
    json_out_end(j);
    json_out_end(j);
}

void openapi_parameters(const struct route *route, struct json_out *j)
{
    const struct parameter *p;
    size_t part = 0;
    json_out_array(j, "parameters");
    for (const char *at = strchr(route->path, '{'); at != NULL; at = strchr(at + 1, '{'))
        openapi_path_part(j, (struct str){at + 1, strcspn(at + 1, "}")}, route->part[part++]);
    for (size_t i = 0; (p = route_parameter_at(route, i)) != NULL; i++) openapi_parameter(j, p);
    json_out_end(j);
}

// ---- schemas ----

static void openapi_integer(struct json_out *j, const struct record_field *f)
{
    openapi_type_null(j, "integer", "int64", !f->required);
    if (f->least == 0 && f->most == 0) return;
    json_out_int(j, "minimum", f->least);
    json_out_int(j, "maximum", f->most);
}

static void openapi_real(struct json_out *j, const struct record_field *f)
{
    openapi_type_null(j, "number", "double", !f->required);
    if (f->least_real == 0 && f->most_real == 0) return;
    json_out_real(j, "minimum", f->least_real);
    json_out_real(j, "maximum", f->most_real);
}

static void openapi_text(struct json_out *j, const struct record_field *f, int64_t most)
{
    openapi_type_null(j, "string", NULL, !f->required);
    if (f->least > 0) json_out_int(j, "minLength", f->least);
    json_out_int(j, "maxLength", f->most > 0 ? f->most : most);
}

static void openapi_field(struct json_out *j, const struct record_field *f)
{
    static const char *const classes[] = {"public", "internal", "personal", "identity"};
    json_out_object(j, f->name);
    openapi_meanings(j, &f->label, f->words, f->word_count);
    json_out_z(j, "x-class", classes[f->class]);
    switch (f->type) {
    case RECORD_TYPE_TEXT: openapi_text(j, f, RECORD_TEXT_MAX); break;
    case RECORD_TYPE_ID: openapi_text(j, f, RECORD_ID_MAX); break;
    case RECORD_TYPE_INTEGER: openapi_integer(j, f); break;
    case RECORD_TYPE_REAL: openapi_real(j, f); break;
    case RECORD_TYPE_DAY: openapi_type_null(j, "string", "date", !f->required); break;
    case RECORD_TYPE_INSTANT: openapi_type_null(j, "string", "date-time", !f->required); break;
    case RECORD_TYPE_BOOLEAN: openapi_type_null(j, "boolean", NULL, !f->required); break;
    case RECORD_TYPE_ENUM:
        openapi_type_null(j, "string", NULL, !f->required);
        openapi_words(j, f->words, f->word_count, WORDS_PLAIN + !f->required);
        break;
    }
    json_out_end(j);
}

static void openapi_kind(struct json_out *j, const struct record_kind *kind)
{
    json_out_object(j, kind->name);
    json_out_z(j, "type", "object");
    json_out_object(j, "properties");
    for (size_t i = 0; i < kind->count; i++) openapi_field(j, &kind->fields[i]);
    json_out_end(j);
    json_out_array(j, "required");
    for (size_t i = 0; i < kind->count; i++)
        if (kind->fields[i].required) json_out_z(j, NULL, kind->fields[i].name);
    json_out_end(j);
    json_out_end(j);
}

static void openapi_kind_once(struct json_out *j, const struct record_kind *kind, struct map *seen)
{
    int64_t was;
    if (kind == NULL || map_get_text(seen, str_z(kind->name), &was)) return;
    if (map_put_text(seen, str_z(kind->name), 1)) openapi_kind(j, kind);
}

// A schema written by hand goes through the parser, so that a slip in it is ours to find and the document stays JSON.
static void openapi_value(struct json_out *j, const char *key, json_t *value)
{
    const char *name;
    json_t *item;
    size_t i;
    switch (json_typeof(value)) {
    case JSON_OBJECT:
        json_out_object(j, key);
        json_object_foreach(value, name, item) openapi_value(j, name, item);
        json_out_end(j);
        return;
    case JSON_ARRAY:
        json_out_array(j, key);
        json_array_foreach(value, i, item) openapi_value(j, NULL, item);
        json_out_end(j);
        return;
    case JSON_STRING: json_out_z(j, key, json_string_value(value)); return;
    case JSON_INTEGER: json_out_int(j, key, json_integer_value(value)); return;
    case JSON_REAL: json_out_real(j, key, json_real_value(value)); return;
    case JSON_TRUE:
    case JSON_FALSE: json_out_bool(j, key, json_is_true(value)); return;
    case JSON_NULL: break;
    }
    json_out_null(j, key);
}

static void openapi_written(struct json_out *j, const struct schema *schema)
{
    json_t *value = json_loads(schema->json, JSON_REJECT_DUPLICATES, NULL);
    assert(value != NULL);
    openapi_value(j, schema->name, value);
    json_decref(value);
}

void openapi_components(const struct router *router, struct json_out *j)
{
    const struct schema *schema;
    struct map *seen = map_open();
    json_out_object(j, "components");
    json_out_object(j, "schemas");
    for (size_t i = 0; seen != NULL && (schema = schemas_at(i)) != NULL; i++)
        if (map_put_text(seen, str_z(schema->name), 1)) openapi_written(j, schema);
    for (size_t i = 0; seen != NULL && i < router_count(router); i++) {
        openapi_kind_once(j, router_at(router, i)->record, seen);
        openapi_kind_once(j, router_at(router, i)->answers, seen);
    }
    json_out_end(j);
    json_out_object(j, "securitySchemes");
    json_out_object(j, "session");
    json_out_z(j, "type", "apiKey");
    json_out_z(j, "in", "cookie");
    json_out_z(j, "name", "session");
    json_out_end(j);
    json_out_end(j);
    json_out_end(j);
    map_close(seen);
}
