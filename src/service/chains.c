#include "service/chains.h"

#include "base/map.h"
#include "service/service.h"
#include "service/show.h"
#include "store/place.h"

#include <stdlib.h>

// One node a person: their case, or, while there is none, their enrolment as a contact; the newest of several.
struct chain_node {
    int64_t enrolment;
    int32_t subject, day, place; // place: an index into the places of the reply, -1 unknown
    uint8_t kind;                // chain_kind
};
// As the page colours them. 5 is a contact who is no case.
typedef enum chain_kind { CHAIN_CONFIRMED, CHAIN_ASYMPTOMATIC, CHAIN_PROBABLE, CHAIN_SUSPECTED, CHAIN_DISCARDED, CHAIN_CONTACT } chain_kind;

struct chain {
    struct request *rq;
    struct chain_node *nodes;
    size_t count, cap;
    bool cut;             // there are more than CHAINS_NODES_MAX
    struct map *of;       // subject -> node
    int64_t *places;      // of the reply
    size_t place_count, place_cap;
    struct map *place_of; // place -> its index
};

static chain_kind chain_kind_of(const struct roll *r, const int32_t *columns)
{
    if ((roll_pathway_is(r, columns[ROLL_ENROLMENT_PATHWAY]) & ROLL_IS_CASE) == 0) return CHAIN_CONTACT;
    switch ((int)columns[ROLL_ENROLMENT_CLASS]) {
    case EVENT_CONFIRMED: return CHAIN_CONFIRMED;
    case EVENT_ASYMPTOMATIC: return CHAIN_ASYMPTOMATIC;
    case EVENT_PROBABLE: return CHAIN_PROBABLE;
    case EVENT_DISCARDED: return CHAIN_DISCARDED;
    default: return CHAIN_SUSPECTED;
    }
}

// The day a node stands at: onset, else the first positive sample, else the last exposure.
static int32_t chain_day_of(const int32_t *columns)
{
    if (columns[ROLL_ENROLMENT_ONSET] != ROLL_NONE) return columns[ROLL_ENROLMENT_ONSET];
    if (columns[ROLL_ENROLMENT_SAMPLE_DAY] != ROLL_NONE) return columns[ROLL_ENROLMENT_SAMPLE_DAY];
    return columns[ROLL_ENROLMENT_LAST_EXPOSURE];
}

// Under the roll's lock. False when memory is short.
static bool chain_place(struct chain *c, struct chain_node *n)
{
    int64_t at = roll_place_of(c->rq->service->roll, n->subject), index = -1;
    int64_t community = roll_place_up(c->rq->service->roll, at, PLACE_KIND_COMMUNITY);
    if (community != 0) at = community;
    n->place = -1;
    if (at == 0) return true;
    if (!map_get_number(c->place_of, at, &index)) {
        int64_t *more = arena_grow(c->rq->arena, c->places, c->place_count, &c->place_cap, sizeof *more);
        if (more == NULL) return false;
        c->places = more;
        index = (int64_t)c->place_count;
        c->places[c->place_count++] = at;
        if (!map_put_number(c->place_of, at, index)) return false;
    }
    n->place = (int32_t)index;
    return true;
}

static bool chain_add(struct chain *c, int64_t enrolment, const int32_t *columns, civil_day from, civil_day to)
{
    struct chain_node n = {.enrolment = enrolment, .subject = columns[ROLL_ENROLMENT_SUBJECT], .day = chain_day_of(columns)};
    int64_t known;
    n.kind = (uint8_t)chain_kind_of(c->rq->service->roll, columns);
    if (from.d != CIVIL_DAY_NONE && (n.day == ROLL_NONE || n.day < from.d)) return true;
    if (to.d != CIVIL_DAY_NONE && (n.day == ROLL_NONE || n.day > to.d)) return true;
    if (map_get_number(c->of, n.subject, &known)) { // rows come the newest first: a case takes a contact's place, nothing else does
        struct chain_node *old = &c->nodes[known];
        if (old->kind == CHAIN_CONTACT && n.kind != CHAIN_CONTACT) {
            n.place = old->place;
            *old = n;
        }
        return true;
    }
    if (c->count == CHAINS_NODES_MAX) {
        c->cut = true;
        return true;
    }
    struct chain_node *nodes = arena_grow(c->rq->arena, c->nodes, c->count, &c->cap, sizeof *nodes);
    if (nodes == NULL) return false;
    c->nodes = nodes;
    if (!chain_place(c, &n) || !map_put_number(c->of, n.subject, (int64_t)c->count)) return false;
    c->nodes[c->count++] = n;
    return true;
}

static bool chain_walk(struct chain *c, struct roll_query *q)
{
    struct roll *roll = c->rq->service->roll;
    civil_day from = request_parameter_day(c->rq, "from"), to = request_parameter_day(c->rq, "to");
    struct roll_row *rows = arena_array(c->rq->arena, ROLL_PAGE_MAX, sizeof *rows);
    struct roll_page page = {.rows = rows, .more = true};
    bool good = rows != NULL;
    q->sort = ROLL_BY_ID;
    q->descending = true;
    q->limit = ROLL_PAGE_MAX;
    q->arena = c->rq->arena;
    while (good && page.more && !c->cut) {
        int32_t columns[ROLL_COLUMNS_MAX];
        roll_read_begin(roll);
        good = roll_ask(roll, q, &page);
        for (size_t i = 0; good && i < page.count; i++)
            if (roll_get(roll, ROLL_ENROLMENTS, page.rows[i].id, columns)) good = chain_add(c, page.rows[i].id, columns, from, to);
        roll_read_end(roll);
        if (page.count == 0) break;
        q->after = true;
        q->after_id = page.rows[page.count - 1].id;
        q->after_value = page.rows[page.count - 1].key;
    }
    return good;
}

// Only pathways of cases, and of contacts where they are wanted.
static void chain_pathways(struct chain *c, struct roll_query *q)
{
    struct roll *roll = c->rq->service->roll;
    uint8_t wanted = request_parameter_bool(c->rq, "contacts", true) ? ROLL_IS_CASE | ROLL_IS_CONTACT : ROLL_IS_CASE;
    roll_read_begin(roll);
    show_filter(q, ROLL_ENROLMENT_PATHWAY, ROLL_ONE_OF, 0);
    struct roll_filter *f = &q->filter[q->filter_count - 1];
    for (size_t i = 0; i < roll_number_count(roll, ROLL_PATHWAY) && i < 256; i++) {
        uint8_t is = roll_pathway_is(roll, (int32_t)i);
        if ((is & wanted) != 0 && (is & (ROLL_IS_PLACE | ROLL_IS_GROUP)) == 0) f->set[i / 64] |= (uint64_t)1 << i % 64;
    }
    roll_read_end(roll);
}

static tong_code chain_links(struct chain *c, struct json_out *j, struct err *err)
{
    struct link {
        int32_t from, to;
    } *links = NULL;
    size_t count = 0, cap = 0;
    for (size_t i = 0; i < c->count; i++) {
        tong_code code = db_ask(c->rq->db, sql_link_to, &DB_I(c->nodes[i].subject), 1, err);
        if (code != TONG_OK) return code;
        int64_t last = -1, from;
        while (db_next(c->rq->db, sql_link_to)) {
            if (!map_get_number(c->of, db_int(c->rq->db, sql_link_to, 0, 0), &from) || from == last) continue;
            // A contact infects nobody: who stays with a child as its carer is linked to it, and may be the very case it met.
            if (c->nodes[from].kind == CHAIN_CONTACT && c->nodes[i].kind != CHAIN_CONTACT) continue;
            struct link *more = arena_grow(c->rq->arena, links, count, &cap, sizeof *links);
            if (more == NULL) return tong_fail(err, TONG_E_NOMEM, "chains");
            links = more;
            links[count++] = (struct link){(int32_t)from, (int32_t)i};
            last = from;
        }
        code = db_done(c->rq->db, sql_link_to, err);
        if (code != TONG_OK) return code;
    }
    json_out_object(j, "links");
    json_out_array(j, "from");
    for (size_t i = 0; i < count; i++) json_out_int(j, NULL, links[i].from);
    json_out_end(j);
    json_out_array(j, "to");
    for (size_t i = 0; i < count; i++) json_out_int(j, NULL, links[i].to);
    json_out_end(j);
    json_out_end(j);
    return TONG_OK;
}

typedef int64_t chain_value(const struct chain_node *n);
static int64_t chain_enrolment(const struct chain_node *n)
{
    return n->enrolment;
}
static int64_t chain_kind_value(const struct chain_node *n)
{
    return n->kind;
}
static int64_t chain_day(const struct chain_node *n)
{
    return n->day == ROLL_NONE ? INT64_MIN : n->day;
}
static int64_t chain_place_value(const struct chain_node *n)
{
    return n->place;
}

static void chain_column(const struct chain *c, struct json_out *j, const char *key, chain_value *value)
{
    json_out_array(j, key);
    for (size_t i = 0; i < c->count; i++) {
        int64_t v = value(&c->nodes[i]);
        if (v == INT64_MIN) json_out_null(j, NULL);
        else json_out_int(j, NULL, v);
    }
    json_out_end(j);
}

static tong_code chain_reply(struct chain *c, struct reply *rp, struct err *err)
{
    struct json_out j = json_out_to(&rp->body);
    json_out_object(&j, NULL);
    json_out_bool(&j, "cut", c->cut);
    json_out_object(&j, "nodes");
    chain_column(c, &j, "enrolment", chain_enrolment);
    chain_column(c, &j, "kind", chain_kind_value);
    chain_column(c, &j, "day", chain_day);
    chain_column(c, &j, "place", chain_place_value);
    json_out_end(&j);
    tong_code code = chain_links(c, &j, err);
    json_out_array(&j, "places");
    for (size_t i = 0; i < c->place_count && code == TONG_OK; i++) code = show_place(c->rq, &j, NULL, c->places[i], err);
    json_out_end(&j);
    json_out_end(&j);
    if (code != TONG_OK) return code;
    return json_out_finish(&j) ? TONG_OK : tong_fail(err, TONG_E_NOMEM, "chains");
}

static tong_code chains_get(struct request *rq, struct reply *rp, struct err *err)
{
    struct roll_query q = {.list = ROLL_ENROLMENTS};
    struct chain c = {.rq = rq, .of = map_open(), .place_of = map_open()};
    int64_t place = 0;
    tong_code code = TONG_E_INVALID;
    bool any = show_scopes(rq, RIGHT_SOURCE_SEE, &q);
    if (c.of == NULL || c.place_of == NULL) code = tong_fail(err, TONG_E_NOMEM, "chains");
    else if (show_place_parameter(rq, "place", &place, err)) {
        chain_pathways(&c, &q);
        any = any && show_within(rq, &q, place);
        show_etag(rq, rp, ROLL_ENROLMENTS);
        code = any && !chain_walk(&c, &q) ? tong_fail(err, TONG_E_NOMEM, "chains") : chain_reply(&c, rp, err);
    }
    map_close(c.of);
    map_close(c.place_of);
    return code;
}

static const struct parameter chain_parameters[] = {
    {.name = "from", .type = PARAMETER_DAY, .label = LABEL("first day", "起始日期")},
    {.name = "to", .type = PARAMETER_DAY, .label = LABEL("last day", "截止日期")},
    {.name = "place", .type = PARAMETER_UID, .label = LABEL("who lives in this place", "居住在该场所")},
    {.name = "contacts", .type = PARAMETER_BOOLEAN, .label = LABEL("contacts who are no cases too (yes)", "是否包含未转为病例的密接（默认包含）")},
};

static const struct schema chain_schemas[] = {
    {"chains",
     "{\"type\":\"object\",\"description\":\"Columns: entry i of each belongs to node i. kind: 0 confirmed, 1 asymptomatic, 2 probable, "
     "3 suspected, 4 discarded, 5 contact. day: days since 1970-01-01. place: index into places, -1 unknown. links: from and to are nodes.\","
     "\"properties\":{\"cut\":{\"type\":\"boolean\"},\"nodes\":{\"type\":\"object\",\"properties\":{"
     "\"enrolment\":{\"type\":\"array\",\"items\":{\"type\":\"integer\"}},\"kind\":{\"type\":\"array\",\"items\":{\"type\":\"integer\"}},"
     "\"day\":{\"type\":\"array\",\"items\":{\"type\":[\"integer\",\"null\"]}},\"place\":{\"type\":\"array\",\"items\":{\"type\":\"integer\"}}}},"
     "\"links\":{\"type\":\"object\",\"properties\":{\"from\":{\"type\":\"array\",\"items\":{\"type\":\"integer\"}},"
     "\"to\":{\"type\":\"array\",\"items\":{\"type\":\"integer\"}}}},\"places\":{\"type\":\"array\",\"items\":{\"type\":\"object\"}}}}"},
};

static const struct route chain_rows[] = {
    {.method = HTTP_GET, .path = "/api/v1/chains", .name = "chains", .right = RIGHT_SOURCE_SEE, .handler = chains_get,
     ROUTE_PARAMETERS(chain_parameters), .schema_out = "chains", .label = LABEL("who exposed whom, to be drawn", "传播关系图")},
};

const struct route_table chain_routes = {.rows = chain_rows, .count = sizeof chain_rows / sizeof chain_rows[0], .schemas = chain_schemas,
                                         .schema_count = sizeof chain_schemas / sizeof chain_schemas[0]};
