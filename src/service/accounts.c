#include "service/accounts.h"

#include "intake/erase.h"
#include "service/account.h"
#include "service/service.h"

#include <stdlib.h>

struct accounts_seal {
    struct service *service;
    int64_t count;
};

static tong_code accounts_seal_run(struct db *db, void *payload, struct err *err)
{
    struct accounts_seal *job = payload;
    return account_seal_all(db, job->service->vault, &job->count, err);
}

static tong_code accounts_scrub(struct intake *intake, void *payload, struct err *err)
{
    (void)payload;
    return erase_scrub(intake, err);
}

// What a program before schema 4 wrote in clear is sealed once, and does not stay in the database's log.
static tong_code accounts_settle(struct service *s, struct err *err)
{
    struct accounts_seal job = {.service = s};
    tong_code code = writer_call(s->writer, accounts_seal_run, &job, err);
    if (code != TONG_OK || job.count == 0) return code;
    log_line(&s->log, LOG_INFO, "accounts_sealed", "count=%lld", (long long)job.count);
    return writer_do(s->writer, accounts_scrub, NULL, err);
}

tong_code accounts_open(struct service *s, void **state, struct err *err)
{
    struct accounts *a = calloc(1, sizeof *a);
    if (a == NULL) return tong_fail(err, TONG_E_NOMEM, "no memory for accounts");
    *a = (struct accounts){
        .service = s,
        .gate = password_gate_open(PASSWORD_COST_INTERACTIVE),
        .throttle = throttle_open(),
        .looks = looks_open(),
        .restraint = restraint_open(),
        .passes = passes_open(),
    };
    if (a->gate == NULL || a->throttle == NULL || a->looks == NULL || a->restraint == NULL || a->passes == NULL) {
        accounts_close(a);
        return tong_fail(err, TONG_E_NOMEM, "no memory for accounts");
    }
    *state = a;
    return accounts_settle(s, err);
}

void accounts_close(void *state)
{
    struct accounts *a = state;
    if (a == NULL) return;
    passes_close(a->passes);
    restraint_close(a->restraint);
    looks_close(a->looks);
    throttle_close(a->throttle);
    password_gate_close(a->gate);
    free(a);
}

struct accounts *accounts_of(const struct request *rq)
{
    return rq->service->part[PART_ACCOUNTS];
}

bool accounts_password_cost(struct service *s, password_cost cost)
{
    struct accounts *a = s->part[PART_ACCOUNTS];
    struct password_gate *gate = password_gate_open(cost);
    if (gate == NULL) return false;
    password_gate_close(a->gate);
    a->gate = gate;
    return true;
}

void accounts_restrict_most(struct service *s, int32_t people)
{
    struct accounts *a = s->part[PART_ACCOUNTS];
    restraint_most_set(a->restraint, people);
}

bool accounts_restricts_many(struct service *s, int64_t people)
{
    struct accounts *a = s->part[PART_ACCOUNTS];
    return restraint_is_many(a->restraint, people);
}
