// schema.h -- is a JSON document what a JSON Schema (2020-12) says? The part of the language that our schemas use.
//
// type, properties, required, additionalProperties, items, enum, const, minimum, oneOf, $ref to #/$defs, and of
// patterns and formats the date alone. A keyword that is not known here is a failure, so that a schema cannot promise
// what nobody checks.
#ifndef TONG_TESTS_CLI_SCHEMA_H
#define TONG_TESTS_CLI_SCHEMA_H

#include "base/civil.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

struct schema_check {
    const json_t *root;
    char why[400]; // the first thing that is wrong
    char path[300];
};

static bool schema_ok(struct schema_check *c, const json_t *schema, const json_t *value);

static bool schema_fail(struct schema_check *c, const char *what)
{
    if (c->why[0] == 0) (void)snprintf(c->why, sizeof c->why, "%.250s: %.100s", c->path, what);
    return false;
}

static bool schema_type_is(const char *type, const json_t *value)
{
    if (strcmp(type, "object") == 0) return json_is_object(value);
    if (strcmp(type, "array") == 0) return json_is_array(value);
    if (strcmp(type, "string") == 0) return json_is_string(value);
    if (strcmp(type, "integer") == 0) return json_is_integer(value);
    if (strcmp(type, "number") == 0) return json_is_number(value);
    if (strcmp(type, "boolean") == 0) return json_is_boolean(value);
    return strcmp(type, "null") == 0 && json_is_null(value);
}

static bool schema_type(const json_t *type, const json_t *value)
{
    if (json_is_string(type)) return schema_type_is(json_string_value(type), value);
    bool fits = false;
    size_t i;
    json_t *one;
    json_array_foreach(type, i, one) fits = fits || schema_type_is(json_string_value(one), value);
    return fits;
}

// Goes down one step: the path is that of the value, for messages.
static bool schema_below(struct schema_check *c, const json_t *schema, const char *step, const json_t *value)
{
    size_t n = strlen(c->path);
    (void)snprintf(c->path + n, sizeof c->path - n, "/%s", step);
    bool fine = schema_ok(c, schema, value);
    c->path[n] = 0;
    return fine;
}

static bool schema_object(struct schema_check *c, const json_t *schema, const json_t *value)
{
    const json_t *properties = json_object_get(schema, "properties"),
                 *rest = json_object_get(schema, "additionalProperties");
    size_t i;
    const char *key;
    json_t *member, *name;
    json_array_foreach(json_object_get(schema, "required"), i,
                       name) if (json_object_get(value, json_string_value(name)) ==
                                 NULL) return schema_fail(c, json_string_value(name));
    json_object_foreach((json_t *)(uintptr_t)value, key, member)
    {
        const json_t *of = json_object_get(properties, key);
        if (of == NULL && json_is_false(rest)) return schema_fail(c, key);
        if (of == NULL) of = rest;
        if (json_is_object(of) && !schema_below(c, of, key, member)) return false;
    }
    return true;
}

static bool schema_keyword(struct schema_check *c, const json_t *schema, const char *key, const json_t *rule,
                           const json_t *value)
{
    static const char *const said[] = {
        "$schema", "$id", "title", "description", "$defs", "required", "additionalProperties"};
    size_t i, fits = 0;
    json_t *one;
    for (size_t k = 0; k < sizeof said / sizeof said[0]; k++)
        if (strcmp(key, said[k]) == 0) return true; // no rule, or looked at with the properties
    if (strcmp(key, "type") == 0) return schema_type(rule, value) || schema_fail(c, "type");
    if (strcmp(key, "const") == 0) return json_equal(rule, value) || schema_fail(c, "const");
    if (strcmp(key, "minimum") == 0)
        return !json_is_number(value) || json_number_value(value) >= json_number_value(rule) ||
               schema_fail(c, "minimum");
    if (strcmp(key, "properties") == 0) return !json_is_object(value) || schema_object(c, schema, value);
    if (strcmp(key, "pattern") == 0) return true; // the two that are used: dates (format) and slugs
    if (strcmp(key, "format") == 0) {
        civil_day day;
        return civil_parse(str_z(json_string_value(value)), &day) || schema_fail(c, "date");
    }
    if (strcmp(key, "$ref") == 0) {
        const json_t *of =
            json_object_get(json_object_get(c->root, "$defs"), json_string_value(rule) + strlen("#/$defs/"));
        return of == NULL ? schema_fail(c, "reference") : schema_ok(c, of, value);
    }
    if (strcmp(key, "items") == 0) {
        char step[24];
        json_array_foreach(value, i, one)
        {
            (void)snprintf(step, sizeof step, "%zu", i);
            if (!schema_below(c, rule, step, one)) return false;
        }
        return true;
    }
    if (strcmp(key, "enum") == 0) {
        json_array_foreach(rule, i, one) fits += (size_t)json_equal(one, value);
        return fits > 0 || schema_fail(c, "enum");
    }
    if (strcmp(key, "oneOf") == 0) {
        struct schema_check alone = *c;
        json_array_foreach(rule, i, one) fits += (size_t)schema_ok(&alone, one, value);
        if (fits == 1) return true;
        memcpy(c->why, alone.why, sizeof c->why);
        return schema_fail(c, "oneOf");
    }
    return schema_fail(c, key);
}

static bool schema_ok(struct schema_check *c, const json_t *schema, const json_t *value)
{
    const char *key;
    json_t *rule;
    if (json_object_get(schema, "additionalProperties") != NULL && json_object_get(schema, "properties") == NULL &&
        json_is_object(value) && !schema_object(c, schema, value))
        return false;
    json_object_foreach((json_t *)(uintptr_t)schema, key,
                        rule) if (!schema_keyword(c, schema, key, rule, value)) return false;
    return true;
}

// Prints the first thing that is wrong.
static bool schema_holds(const json_t *schema, const json_t *value)
{
    struct schema_check c = {.root = schema};
    bool fine = schema != NULL && value != NULL && schema_ok(&c, schema, value);
    if (!fine) (void)printf("# not what the schema says: %s\n", c.why);
    return fine;
}

#endif
