#include "service/route.h"

#include "service/about.h"
#include "service/account_routes.h"
#include "service/alike.h"
#include "service/assigning.h"
#include "service/audit.h"
#include "service/cases.h"
#include "service/chains.h"
#include "service/contacts.h"
#include "service/demo.h"
#include "service/duplicates.h"
#include "service/editions.h"
#include "service/erasures.h"
#include "service/exports.h"
#include "service/reports.h"
#include "service/facts.h"
#include "service/feed.h"
#include "service/figures.h"
#include "service/gatherings.h"
#include "service/hand_overs.h"
#include "service/health.h"
#include "service/held.h"
#include "service/imports.h"
#include "service/look.h"
#include "service/mappings.h"
#include "service/me_status.h"
#include "service/measures.h"
#include "service/message.h"
#include "service/objections.h"
#include "service/openapi.h"
#include "service/page.h"
#include "service/people.h"
#include "service/places.h"
#include "service/places_shapes.h"
#include "service/samples.h"
#include "service/signin.h"
#include "service/story.h"
#include "service/tasks.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

// One line per resource.
static const struct route_table *const tables[] = {
    &about_routes,
    &account_person_routes,
    &account_routes,
    &alike_routes,
    &assigning_routes,
    &audit_routes,
    &cases_routes,
    &chain_routes,
    &contacts_routes,
    &demo_routes,
    &duplicates_routes,
    &editions_routes,
    &erasures_routes,
    &exports_routes,
    &reports_routes,
    &facts_routes,
    &feed_routes,
    &figures_routes,
    &gatherings_routes,
    &grant_routes,
    &hand_overs_routes,
    &health_routes,
    &held_routes,
    &imports_routes,
    &look_routes,
    &mappings_routes,
    &me_routes,
    &me_status_routes,
    &measures_routes,
    &message_routes,
    &objections_routes,
    &openapi_routes,
    &people_routes,
    &places_routes,
    &places_shapes_routes,
    &samples_routes,
    &signin_routes,
    &story_routes,
    &tasks_routes,
};
enum { ROUTE_TABLES = sizeof tables / sizeof tables[0] };

const struct route *routes_at(size_t i)
{
    for (size_t t = 0; t < ROUTE_TABLES; t++) {
        if (i < tables[t]->count) return &tables[t]->rows[i];
        i -= tables[t]->count;
    }
    return NULL;
}

const struct schema *schemas_at(size_t i)
{
    for (size_t t = 0; t < ROUTE_TABLES; t++) {
        if (i < tables[t]->schema_count) return &tables[t]->schemas[i];
        i -= tables[t]->schema_count;
    }
    return NULL;
}

static const struct parameter page_parameters[] = {
    {.name = "limit",
     .type = PARAMETER_INTEGER,
     .least = 1,
     .most = PAGE_LIMIT_MAX,
     .label = LABEL("rows in a page, 50 if not said", "每页条数，默认 50")},
    {.name = "cursor",
     .type = PARAMETER_CURSOR,
     .most = CURSOR_TEXT,
     .label = LABEL("\"next\" of the page before", "上一页返回的 next")},
    {.name = "count",
     .type = PARAMETER_BOOLEAN,
     .label = LABEL("also count all that match, as \"total\"", "同时返回符合条件的总数 total")},
};
enum { PAGE_PARAMETERS = sizeof page_parameters / sizeof page_parameters[0] };

const struct parameter *route_parameter_at(const struct route *route, size_t i)
{
    if (i < route->parameter_count) return &route->parameters[i];
    i -= route->parameter_count;
    return route->list && i < PAGE_PARAMETERS ? &page_parameters[i] : NULL;
}

// Routes sorted segment by segment, names behind literals. Those that share their first segments stand together, so a
// path is found by narrowing the range once a segment, each time by bisection: O(segments x log routes), and nothing is
// linked.
struct router_row {
    const struct route *route;
    struct str segment[ROUTE_SEGMENTS_MAX]; // a name is "{"
    int32_t segments;
};
struct router {
    size_t count;
    struct router_row row[];
};

static struct str segment_plain(struct str s)
{
    return s.n > 0 && s.p[0] == '{' ? (struct str){s.p, 1} : s;
}

// Splits behind the leading slash. -1: no leading slash, or more segments than any route has.
static int32_t path_split(struct str path, struct str out[ROUTE_SEGMENTS_MAX])
{
    int32_t n = 0;
    if (path.n == 0 || path.p[0] != '/') return -1;
    size_t from = 1;
    for (size_t i = 1; i <= path.n; i++) {
        if (i < path.n && path.p[i] != '/') continue;
        if (n == ROUTE_SEGMENTS_MAX) return -1;
        out[n++] = (struct str){path.p + from, i - from};
        from = i + 1;
    }
    return n;
}

static int segment_compare(struct str a, struct str b)
{
    bool name_a = a.n == 1 && a.p[0] == '{', name_b = b.n == 1 && b.p[0] == '{';
    if (name_a != name_b) return name_a ? 1 : -1;
    return str_compare(a, b);
}

static int router_compare(const void *a, const void *b)
{
    const struct router_row *x = a, *y = b;
    for (int32_t i = 0; i < x->segments && i < y->segments; i++) {
        int c = segment_compare(x->segment[i], y->segment[i]);
        if (c != 0) return c;
    }
    if (x->segments != y->segments) return x->segments < y->segments ? -1 : 1;
    return (int)x->route->method - (int)y->route->method;
}

struct router *router_open(void)
{
    size_t count = 0;
    while (routes_at(count) != NULL) count++;
    struct router *router = calloc(1, sizeof *router + count * sizeof router->row[0]);
    if (router == NULL) return NULL;
    router->count = count;
    for (size_t i = 0; i < count; i++) {
        struct router_row *row = &router->row[i];
        row->route = routes_at(i);
        row->segments = path_split(str_z(row->route->path), row->segment);
        assert(row->segments > 0);
        for (int32_t s = 0; s < row->segments; s++) row->segment[s] = segment_plain(row->segment[s]);
    }
    qsort(router->row, count, sizeof router->row[0], router_compare);
    return router;
}

void router_close(struct router *router)
{
    free(router);
}
size_t router_count(const struct router *router)
{
    return router->count;
}
const struct route *router_at(const struct router *router, size_t i)
{
    return router->row[i].route;
}

struct router_range {
    size_t low, high;
};

// The part of a range whose segment `depth` is this one. Rows that are shorter stand in front of it.
static struct router_range range_narrow(const struct router *router, struct router_range in, int32_t depth,
                                        struct str s)
{
    size_t low = in.low, high = in.high;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct router_row *row = &router->row[middle];
        if (row->segments <= depth || segment_compare(row->segment[depth], s) < 0) low = middle + 1;
        else high = middle;
    }
    struct router_range out = {low, in.high};
    high = in.high;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (segment_compare(router->row[middle].segment[depth], s) <= 0) low = middle + 1;
        else high = middle;
    }
    out.high = low;
    return out;
}

struct router_search {
    const struct router *router;
    struct str segment[ROUTE_SEGMENTS_MAX];
    int32_t segments;
    http_method method;
    struct route_match *out;
};

// Literals first, then names: depth is at most ROUTE_SEGMENTS_MAX.
static bool search_from(struct router_search *s, struct router_range in, int32_t depth, size_t parts)
{
    if (in.low == in.high) return false;
    if (depth == s->segments) { // rows that end here stand first in their range, one a method
        bool found = false;
        for (size_t i = in.low; i < in.high && s->router->row[i].segments == depth; i++) {
            const struct route *route = s->router->row[i].route;
            s->out->methods |= 1U << route->method;
            if (route->method == s->method) {
                s->out->route = route;
                s->out->index = i;
            }
            found = true;
        }
        if (found) s->out->parts = parts;
        return found;
    }
    struct str here = s->segment[depth];
    bool brace = here.n > 0 && here.p[0] == '{'; // in a request this is text like any other
    if (!brace && search_from(s, range_narrow(s->router, in, depth, here), depth + 1, parts)) return true;
    if (here.n == 0 || parts == HTTP_PATH_PARTS) return false;
    s->out->part[parts] = here;
    return search_from(s, range_narrow(s->router, in, depth, STR("{")), depth + 1, parts + 1);
}

void router_find(const struct router *router, http_method method, struct str path, struct route_match *out)
{
    struct router_search s = {.router = router, .method = method, .out = out};
    *out = (struct route_match){0};
    s.segments = path_split(path, s.segment);
    if (s.segments > 0) (void)search_from(&s, (struct router_range){0, router->count}, 0, 0);
}
