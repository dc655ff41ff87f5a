#include "service/account_scope.h"

#include "service/account_out.h"
#include "service/service.h"

enum { SCOPE_GRANTS = 256, SCOPE_HOLDERS = 64 };

tong_code account_within(struct request *rq, int64_t account, bool *within, struct err *err)
{
    *within = false;
    size_t count = 0;
    struct grant_row *rows = arena_array(rq->arena, SCOPE_GRANTS, sizeof rows[0]);
    if (rows == NULL) return tong_fail(err, TONG_E_NOMEM, "no memory for grants");
    tong_code code = grant_list(rq->db, account, rows, SCOPE_GRANTS, &count, err);
    if (code != TONG_OK) return code;
    bool all = actor_may(&rq->actor, RIGHT_ACCOUNT_WRITE, rq->now);
    roll_read_begin(rq->service->roll);
    for (size_t i = 0; i < count && all; i++) {
        const struct grant *g = &rows[i].grant;
        bool over = g->ends.s != UTC_NONE.s && g->ends.s <= rq->now.s;
        all = over || actor_reaches(&rq->actor, RIGHT_ACCOUNT_WRITE, rq->now, rq->service->roll, g->place);
    }
    roll_read_end(rq->service->roll);
    *within = all;
    return TONG_OK;
}

tong_code account_in_scope(struct request *rq, struct account *out, struct err *err)
{
    bool within = false;
    struct account a;
    tong_code code = account_get(rq->db, rq->service->vault, rq->part_number[0], rq->arena, &a, err);
    if (code == TONG_OK) code = account_within(rq, a.id, &within, err);
    if (code != TONG_OK) return code;
    if (!within) return tong_fail(err, TONG_E_NOT_FOUND, "an account out of scope");
    *out = a;
    return TONG_OK;
}

tong_code account_administrators(struct request *rq, int64_t but, size_t *count, struct err *err)
{
    struct grant_row *rows = arena_array(rq->arena, SCOPE_HOLDERS, sizeof rows[0]);
    size_t n = 0, different = 0;
    if (rows == NULL) return tong_fail(err, TONG_E_NOMEM, "no memory for grants");
    tong_code code = grant_holders(rq->db, ACCOUNT_ROLE_ADMINISTRATOR, rq->now, rows, SCOPE_HOLDERS, &n, err);
    if (code != TONG_OK) return code;
    for (size_t i = 0; i < n; i++) // sorted by account
        different += rows[i].account != but && (i == 0 || rows[i].account != rows[i - 1].account);
    *count = different;
    return TONG_OK;
}

tong_code account_reply(struct request *rq, struct reply *rp, int64_t account, const char *one_time, struct err *err)
{
    struct account a;
    tong_code code = account_get(rq->db, rq->service->vault, account, rq->arena, &a, err);
    if (code != TONG_OK) return code;
    (void)snprintf(rp->etag, sizeof rp->etag, "a%lld-%lld", (long long)a.id, (long long)a.version);
    struct json_out j = json_out_to(&rp->body);
    json_out_object(&j, NULL);
    account_out(rq, &j, &a);
    code = account_grants_out(rq, &j, a.id, true, err);
    if (one_time != NULL) json_out_z(&j, "password", one_time);
    if (code != TONG_OK) return code;
    json_out_end(&j);
    return json_out_finish(&j) ? TONG_OK : tong_fail(err, TONG_E_NOMEM, "reply");
}
