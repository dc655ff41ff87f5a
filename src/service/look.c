#include "service/look.h"

#include "service/account.h"
#include "service/accounts.h"
#include "service/page.h"
#include "service/route.h"
#include "service/service.h"

#include <pthread.h>
#include <stdlib.h>

enum { LOOK_WAYS = 8, LOOK_SETS = LOOKS_REMEMBERED / LOOK_WAYS };
_Static_assert((LOOK_SETS & (LOOK_SETS - 1)) == 0, "a set is found by masking");

struct look_fresh {
    int64_t account, subject, at;
    const struct route *route; // routes are tables: their address names them
};
struct looks {
    pthread_mutex_t lock;
    struct look_fresh fresh[LOOK_SETS][LOOK_WAYS];
};

struct looks *looks_open(void)
{
    struct looks *l = calloc(1, sizeof *l);
    if (l != NULL && pthread_mutex_init(&l->lock, NULL) != 0) {
        free(l);
        l = NULL;
    }
    return l;
}

void looks_close(struct looks *l)
{
    if (l == NULL) return;
    (void)pthread_mutex_destroy(&l->lock);
    free(l);
}

// True when this look was not noted lately; it is then remembered in place of the oldest of its set.
static bool looks_first(struct looks *l, const struct look_fresh *look)
{
    uint64_t mixed = (uint64_t)look->subject * UINT64_C(0x9E3779B97F4A7C15) ^ (uint64_t)look->account;
    struct look_fresh *set = l->fresh[(mixed ^ mixed >> 32) & (LOOK_SETS - 1)], *oldest = &set[0];
    bool first = true;
    (void)pthread_mutex_lock(&l->lock);
    for (size_t i = 0; i < LOOK_WAYS; i++) {
        if (set[i].account == look->account && set[i].subject == look->subject && set[i].route == look->route &&
            look->at - set[i].at < LOOK_AGAIN_S)
            first = false;
        if (set[i].at < oldest->at) oldest = &set[i];
    }
    if (first) *oldest = *look;
    (void)pthread_mutex_unlock(&l->lock);
    return first;
}

struct look_row {
    int64_t subject, account, at;
    const char *route;
};

static tong_code look_number(struct db *db, sql_id q, int64_t *out, struct err *err)
{
    tong_code code = db_ask(db, q, NULL, 0, err);
    if (code != TONG_OK) return code;
    if (db_next(db, q)) *out = db_int(db, q, 0, 0);
    return db_done(db, q, err);
}

// The number of a route's name, given at its first look.
static tong_code look_route_number(struct db *db, const char *name, int64_t *out, struct err *err)
{
    *out = 0;
    tong_code code = db_ask(db, sql_look_route_get, &DB_T(str_z(name)), 1, err);
    if (code != TONG_OK) return code;
    if (db_next(db, sql_look_route_get)) *out = db_int(db, sql_look_route_get, 0, 0);
    code = db_done(db, sql_look_route_get, err);
    if (code != TONG_OK || *out != 0) return code;
    code = look_number(db, sql_look_route_next, out, err);
    const struct db_value in[] = {DB_I(*out), DB_T(str_z(name))};
    return code == TONG_OK ? db_run(db, sql_look_route_put, in, 2, NULL, err) : code;
}

static tong_code look_run(struct db *db, void *payload, struct err *err)
{
    const struct look_row *row = payload;
    int64_t id = 0, what = 0;
    tong_code code = look_route_number(db, row->route, &what, err);
    if (code == TONG_OK) code = look_number(db, sql_look_next, &id, err);
    if (code != TONG_OK) return code;
    const struct db_value in[] = {DB_I(id), DB_I(row->subject), DB_I(row->account), DB_I(row->at), DB_I(what)};
    return db_run(db, sql_look_put, in, sizeof in / sizeof in[0], NULL, err);
}

tong_code look_note(struct request *rq, struct err *err)
{
    int64_t subject = rq->looked_at;
    if (subject == 0 || rq->actor.account == 0 || subject == rq->actor.person) return TONG_OK;
    struct look_fresh fresh = {.account = rq->actor.account, .subject = subject, .at = rq->now.s, .route = rq->route};
    if (!looks_first(accounts_of(rq)->looks, &fresh)) return TONG_OK;
    struct look_row row = {.subject = subject, .account = rq->actor.account, .at = rq->now.s, .route = rq->route->name};
    if (writer_post(rq->service->writer, look_run, &row, sizeof row)) return TONG_OK;
    return writer_call(rq->service->writer, look_run, &row, err);
}

tong_code look_page(struct request *rq, struct reply *rp, int64_t subject, struct err *err)
{
    const sql_id q = sql_look_of_subject;
    bool given = false, more = false;
    struct cursor c = {0};
    if (!page_cursor(rq, &given, &c)) return TONG_E_INVALID;
    size_t limit = page_limit(rq), n = 0;
    const struct db_value in[] = {DB_I(subject), DB_I(given ? c.id : INT64_MAX), DB_I((int64_t)limit + 1)};
    tong_code code = db_ask(rq->db, q, in, 3, err);
    if (code != TONG_OK) return code;
    struct json_out j = page_begin(rp);
    int64_t last = 0;
    while (!more && db_next(rq->db, q)) {
        more = n++ == limit;
        if (more) break;
        last = db_int(rq->db, q, 0, 0);
        struct str login, name, route = db_text(rq->db, q, 4);
        account_names(rq->service->vault, db_int(rq->db, q, 1, 0), db_int(rq->db, q, 5, 0), db_text(rq->db, q, 2),
                      rq->arena, &login, &name);
        json_out_object(&j, NULL);
        json_out_int(&j, "id", last);
        json_out_int(&j, "account", db_int(rq->db, q, 1, 0));
        json_out_text(&j, "name", name.p == NULL ? STR("") : name);
        json_out_instant(&j, "at", (utc_sec){db_int(rq->db, q, 3, 0)});
        json_out_text(&j, "what", route.p == NULL ? STR("") : route);
        json_out_end(&j);
    }
    code = db_done(rq->db, q, err);
    if (code != TONG_OK) return code;
    struct cursor next = {.scope = page_scope(rq), .id = last};
    return page_close(&j, more ? &next : NULL, -1, err);
}

// The auditor sees by whom a record was opened, not what stands in it: `{person}` is the uid, which says nothing by itself.
static tong_code look_get(struct request *rq, struct reply *rp, struct err *err)
{
    int64_t subject = 0;
    tong_code code = db_ask(rq->db, sql_look_person, &DB_B(((struct str){(const char *)rq->part_uid[0], UID_BYTES})), 1, err);
    if (code != TONG_OK) return code;
    if (db_next(rq->db, sql_look_person)) subject = db_int(rq->db, sql_look_person, 0, 0);
    code = db_done(rq->db, sql_look_person, err);
    if (code != TONG_OK) return code;
    roll_read_begin(rq->service->roll);
    bool reaches = subject != 0 && actor_reaches(&rq->actor, RIGHT_AUDIT_SEE, rq->now, rq->service->roll,
                                                 roll_place_of(rq->service->roll, subject));
    roll_read_end(rq->service->roll);
    if (!reaches) return tong_fail(err, TONG_E_NOT_FOUND, "no such person in scope");
    return look_page(rq, rp, subject, err);
}

static const struct schema look_schemas[] = {
    {"look", "{\"type\":\"object\",\"properties\":{\"id\":{\"type\":\"integer\"},\"account\":{\"type\":\"integer\"},"
             "\"name\":{\"type\":\"string\"},\"at\":{\"type\":\"string\",\"format\":\"date-time\"},"
             "\"what\":{\"type\":\"string\"}}}"},
};
static const struct route look_rows[] = {
    {.method = HTTP_GET, .path = "/api/v1/people/{person}/looks", .name = "person_looks", .right = RIGHT_AUDIT_SEE,
     .handler = look_get, .part = {PARAMETER_UID}, .schema_out = "look", .list = true,
     .label = LABEL("who looked at this person's record", "何人查看过此人档案")},
};
const struct route_table look_routes = {.rows = look_rows, .count = sizeof look_rows / sizeof look_rows[0],
                                        .schemas = look_schemas,
                                        .schema_count = sizeof look_schemas / sizeof look_schemas[0]};
