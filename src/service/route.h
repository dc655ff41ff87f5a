// route.h -- the table of everything that can be asked: one row an endpoint.
//
// The row says who may (a right; there is none without), what it takes (parameters, a record, a limit) and what it answers.
// Routing, validation, the OpenAPI document, the metrics' names and the test that walks every endpoint are all made from it.
#ifndef TONG_SERVICE_ROUTE_H
#define TONG_SERVICE_ROUTE_H

#include "service/http.h"

typedef enum parameter_type {
    PARAMETER_TEXT,
    PARAMETER_INTEGER,
    PARAMETER_DAY,
    PARAMETER_INSTANT,
    PARAMETER_UID,
    PARAMETER_WORD,    // one of words
    PARAMETER_WORDS,   // several, parted by commas
    PARAMETER_BOOLEAN,
    PARAMETER_CURSOR,
    PARAMETER_SORT,    // a column of the list, "-" in front for descending
} parameter_type;

struct parameter {
    const char *name;
    parameter_type type;
    bool required;
    int64_t least, most;              // of an integer; most of a text's characters
    const struct record_word *words;  // of WORD, WORDS and SORT
    int32_t word_count;
    struct label label;
};

typedef enum route_body {
    BODY_NONE,
    BODY_RECORD, // JSON of `record`, read and validated into request.row
    BODY_JSON,   // JSON that the handler reads itself, described by `schema`
    BODY_BYTES,  // a file
} route_body;

struct route {
    http_method method;
    const char *path;      // "/api/v1/people/{person}": up to HTTP_PATH_PARTS names
    const char *name;      // "person_get": in metrics, logs and as OpenAPI's operationId
    right_word right;
    http_handler *handler;
    route_body body;
    int64_t body_max;      // bytes; 0: LIMIT_BODY_BYTES
    const struct record_kind *record; // of the body
    const struct record_kind *answers; // what comes back, for OpenAPI; NULL: described by `schema_out`
    const char *schema, *schema_out;  // names in the document's components, hand-written in openapi_schemas.c
    const struct parameter *parameters;
    size_t parameter_count;
    bool list;             // pages: cursor, limit, sort and total are added to the parameters
    bool looks;            // somebody looks at one person's record: noted in `look` unless it is their own
    struct label label;    // one line of what it does
};

// All of them, sorted by path and method. A resource's file exports its rows; route.c gathers them.
const struct route *routes_at(size_t i); // NULL behind the last
struct route_table {
    const struct route *rows;
    size_t count;
};
// One row in route.c per resource: people, places, facts, ...
const struct route *route_find(http_method method, struct str path, struct str part[HTTP_PATH_PARTS], bool *other_method);

#endif
