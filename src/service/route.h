// route.h -- the table of everything that can be asked: one row an endpoint.
//
// The row says who may (a right; there is none without), what it takes (parameters, a record, a limit) and what it
// answers. Routing, validation, the OpenAPI document, the metrics' names and the test that walks every endpoint are all
// made from it.
#ifndef TONG_SERVICE_ROUTE_H
#define TONG_SERVICE_ROUTE_H

#include "service/http.h"

typedef enum parameter_type {
    PARAMETER_TEXT,
    PARAMETER_INTEGER, // within least..most; both 0: any
    PARAMETER_DAY,
    PARAMETER_INSTANT,
    PARAMETER_UID,
    PARAMETER_WORD,    // one of words
    PARAMETER_WORDS,   // several, parted by commas
    PARAMETER_BOOLEAN, // true, false, 1, 0
    PARAMETER_CURSOR,
    PARAMETER_SORT, // one of words, "-" in front for descending
    PARAMETER_TYPE_COUNT
} parameter_type;

struct parameter {
    const char *name;
    parameter_type type;
    bool required;
    int64_t least, most;             // of an integer; most of a text's characters (0: 200)
    const struct record_word *words; // of WORD, WORDS and SORT
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
    const char *path; // "/api/v1/people/{person}": up to HTTP_PATH_PARTS names
    const char *name; // "person_get": in metrics, logs and as OpenAPI's operationId
    right_word right;
    http_handler *handler;
    parameter_type part[HTTP_PATH_PARTS]; // of the path's names: TEXT, UID or INTEGER; what cannot be one is a 404
    route_body body;
    int64_t body_max;                  // bytes; 0: HTTP_BODY_BYTES
    bool body_optional;                // BODY_JSON: may be left out
    const struct record_kind *record;  // of the body
    const struct record_kind *answers; // what comes back, for OpenAPI; NULL: described by `schema_out`
    const char *schema, *schema_out;   // names of schemas (struct schema below); NULL: none
    const struct parameter *parameters;
    size_t parameter_count;
    bool list;      // pages: cursor, limit and count are added to the parameters (page.h), and the reply is an envelope
    bool looks;     // somebody looks at one person's record: noted in `look` unless it is their own
    bool quick;     // never waits: runs in the thread of the connection
    bool storeless; // needs no database: works while it is down
    bool entry;     // allowed before a password is changed or the second factor given (signing in, and out)
    struct label label; // one line of what it does
};

// A schema written by hand for what no record kind describes: JSON text of one JSON Schema object, in which
// {"$ref": "#/components/schemas/person"} names the schema of a record kind or another of these.
struct schema {
    const char *name;
    const char *json;
};

// What a resource's file exports: `extern const struct route_table people_routes;`
struct route_table {
    const struct route *rows;
    size_t count;
    const struct schema *schemas; // may be NULL
    size_t schema_count;
};
// clang-format off
#define ROUTE_TABLE(rows_) {.rows = (rows_), .count = sizeof(rows_) / sizeof(rows_)[0]}
#define ROUTE_PARAMETERS(rows_) .parameters = (rows_), .parameter_count = sizeof(rows_) / sizeof(rows_)[0]
// clang-format on

// A route's own parameters, then those of a list (page.h); NULL behind the last.
const struct parameter *route_parameter_at(const struct route *route, size_t i);

// All of them, resource by resource as route.c gathers them; NULL behind the last.
const struct route *routes_at(size_t i);
const struct schema *schemas_at(size_t i);

// The same, sorted for finding. One is made when the service opens.
struct router;
struct router *router_open(void); // NULL when memory is short
void router_close(struct router *router);
size_t router_count(const struct router *router);
const struct route *router_at(const struct router *router, size_t i); // sorted by path and method

// A path split at its slashes, not decoded.
enum { ROUTE_SEGMENTS_MAX = 12 };
struct route_match {
    const struct route *route;        // NULL: not this way
    size_t index;                     // of the route in the router
    uint32_t methods;                 // bit http_method: what the path can be asked with; 0: there is no such path
    struct str part[HTTP_PATH_PARTS]; // as sent, not decoded
    size_t parts;
};
// Literal segments win over names. A trailing slash is another path, and is not there.
void router_find(const struct router *router, http_method method, struct str path, struct route_match *out);

#endif
