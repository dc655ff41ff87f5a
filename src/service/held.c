#include "service/held.h"

#include "service/accounts.h"
#include "service/audit.h"
#include "service/courier.h"
#include "service/held_row.h"
#include "service/service.h"

#include <stdlib.h>
#include <string.h>

// What is sealed under the master key and has no fact is bound to a negative number (accounts take two in four).
static int64_t held_about(int64_t id)
{
    return -4 * id - 3;
}

// ---- whom would these commands restrict? ----

struct held_people {
    struct service *service;
    int64_t *people;
    size_t count;
    bool more; // than fit
};

// Called in the writer's thread, which owns the rulebook.
static void held_listen(void *payload, int64_t subject, int64_t enrolment, const struct decision *d)
{
    struct held_people *h = payload;
    (void)enrolment;
    if (d->kind != DECISION_MEASURE_PROPOSED && d->kind != DECISION_MEASURE_STARTED) return;
    const struct rulebook *book = intake_book(h->service->intake);
    if (d->edition >= book->count || book->editions[d->edition] == NULL) return;
    const struct protocol *p = book->editions[d->edition];
    if (d->what >= p->measure_count || !measure_restricts(&p->measures[d->what])) return;
    for (size_t i = 0; i < h->count; i++)
        if (h->people[i] == subject) return;
    if (h->count < HELD_PEOPLE_KEPT) h->people[h->count++] = subject;
    else h->more = true;
}

static bool held_may_restrict(const struct command *c)
{
    return c->kind == COMMAND_FACT || c->kind == COMMAND_DONE || c->kind == COMMAND_HAND_OVER;
}

bool held_needed(struct request *rq, const int64_t *people, size_t count)
{
    if (rq->actor.account == 0 || rq->actor.confirmed_by != 0) return false;
    return restraint_exceeds(accounts_of(rq)->restraint, rq->actor.account, people, count, rq->now);
}

tong_code held_take(struct request *rq, struct reply *rp, const struct command *commands, size_t count,
                    struct intake_outcome *out, bool *held, struct err *err)
{
    *held = false;
    bool asks = false;
    for (size_t i = 0; i < count && !asks; i++) asks = held_may_restrict(&commands[i]);
    asks = asks && rq->actor.account != 0 && rq->actor.confirmed_by == 0;
    if (!asks) return writer_take(rq->service->writer, commands, count, out, err);

    struct held_people h = {.service = rq->service, .people = arena_array(rq->arena, HELD_PEOPLE_KEPT, sizeof(int64_t))};
    struct intake_outcome *preview = arena_array(rq->arena, count, sizeof preview[0]);
    if (h.people == NULL || preview == NULL) return tong_fail(err, TONG_E_NOMEM, "no memory to look ahead");
    tong_code code = writer_preview(rq->service->writer, commands, count, preview, held_listen, &h, err);
    if (code == TONG_E_IO || code == TONG_E_NOMEM) return code; // what is wrong with the commands, taking them will say
    // Facts that were taken before are answered as they were, and restrict nobody anew.
    if (!h.more && !held_needed(rq, h.people, h.count)) return writer_take(rq->service->writer, commands, count, out, err);
    *held = true;
    return held_keep(rq, rp, HELD_FACTS, h.people, h.count, 0, err);
}

// ---- keeping ----

struct held_keep_job {
    struct service *service;
    struct held_row row;
    struct str plain;
    const int64_t *people;
    int64_t id;
};

static tong_code held_keep_run(struct db *db, void *payload, struct err *err)
{
    struct held_keep_job *job = payload;
    struct arena arena = {0};
    const struct db_value lapse[] = {DB_I(job->row.at.s), DB_I(job->row.at.s - HELD_LAPSE_S)};
    tong_code code = db_run(db, sql_held_lapse, lapse, 2, NULL, err);
    job->id = 0;
    if (code == TONG_OK) code = db_ask(db, sql_held_next, NULL, 0, err);
    if (code == TONG_OK) {
        if (db_next(db, sql_held_next)) job->id = db_int(db, sql_held_next, 0, 0);
        code = db_done(db, sql_held_next, err);
    }
    struct str sealed = {NULL, 0};
    if (code == TONG_OK) {
        sealed = vault_seal(job->service->vault, 0, held_about(job->id), job->plain, &arena);
        if (sealed.p == NULL) code = tong_fail(err, TONG_E_NOMEM, "no memory to hold a request");
    }
    if (code == TONG_OK) {
        const struct db_value in[] = {DB_I(job->id), DB_I(job->row.kind), DB_I(job->row.account), DB_I(job->row.at.s),
                                      DB_I(job->row.people), db_i_or_null(job->row.about, 0), DB_B(sealed)};
        code = db_run(db, sql_held_put, in, sizeof in / sizeof in[0], NULL, err);
    }
    for (int64_t i = 0; code == TONG_OK && i < job->row.people; i++) {
        const struct db_value in[] = {DB_I(job->id), DB_I(job->people[i])};
        code = db_run(db, sql_held_subject_put, in, 2, NULL, err);
    }
    char detail[64];
    (void)snprintf(detail, sizeof detail, "{\"people\":%lld}", (long long)job->row.people);
    if (code == TONG_OK) code = audit_add(db, job->row.at, job->row.account, AUDIT_HELD, job->id, detail, err);
    arena_free(&arena);
    return code;
}

static tong_code held_answer(struct reply *rp, int64_t id, int64_t people, struct err *err)
{
    struct json_out j = json_out_to(&rp->body);
    json_out_object(&j, NULL);
    json_out_int(&j, "held", id);
    json_out_z(&j, "state", "waiting");
    json_out_int(&j, "people", people);
    json_out_end(&j);
    rp->status = 202;
    return json_out_finish(&j) ? TONG_OK : tong_fail(err, TONG_E_NOMEM, "reply");
}

bool held_of_people(held_kind kind)
{
    return kind == HELD_FACTS || kind == HELD_ERASURE;
}

// Those who may confirm: the health officers of the place, or the administrators.
static void held_tell(struct request *rq, held_kind kind, int64_t subject, int64_t people)
{
    struct telling t = {.name = TEMPLATE_HELD_WAITS, .subject = subject, .number = people, .until = UTC_NONE, .at = UTC_NONE,
                        .role = held_of_people(kind) ? (int32_t)ROLE_HEALTH_OFFICER : (int32_t)ACCOUNT_ROLE_ADMINISTRATOR};
    bool told = courier_tell(rq->service, &t); // when the queue is full it still stands in their list
    (void)told;
}

tong_code held_keep(struct request *rq, struct reply *rp, held_kind kind, const int64_t *people, size_t count,
                    int64_t about, struct err *err)
{
    struct sink s = {0};
    struct json_out j = json_out_to(&s);
    json_out_object(&j, NULL);
    json_out_z(&j, "method", http_method_name(rq->method));
    json_out_text(&j, "target", rq->target);
    json_out_text(&j, "type", rq->content_type);
    json_out_text(&j, "body", rq->body);
    json_out_end(&j);
    bool good = json_out_finish(&j);
    struct held_keep_job job = {
        .service = rq->service,
        .row = {.kind = kind, .account = rq->actor.account, .at = rq->now, .people = (int64_t)count, .about = about},
        .plain = sink_kept(&s),
        .people = people,
    };
    tong_code code = good ? writer_call(rq->service->writer, held_keep_run, &job, err)
                          : tong_fail(err, TONG_E_NOMEM, "no memory to hold a request");
    sink_close(&s);
    if (code == TONG_OK) held_tell(rq, kind, count == 0 ? 0 : people[0], job.row.people);
    return code == TONG_OK ? held_answer(rp, job.id, job.row.people, err) : code;
}

tong_code held_erase(struct db *db, int64_t subject, struct err *err)
{
    tong_code code = db_run(db, sql_held_of_subject_clear, &DB_I(subject), 1, NULL, err);
    return code == TONG_OK ? db_run(db, sql_held_subject_drop, &DB_I(subject), 1, NULL, err) : code;
}

// ---- reading ----

static struct held_row held_read(struct db *db, sql_id q)
{
    return (struct held_row){
        .id = db_int(db, q, 0, 0),
        .kind = (held_kind)db_int(db, q, 1, HELD_KIND_COUNT),
        .state = (held_state)db_int(db, q, 2, HELD_STATE_COUNT),
        .account = db_int(db, q, 3, 0),
        .at = {db_int(db, q, 4, 0)},
        .people = db_int(db, q, 5, 0),
        .about = db_int(db, q, 6, 0),
        .decided = {db_int(db, q, 8, UTC_NONE.s)},
        .decided_by = db_int(db, q, 9, 0),
    };
}

tong_code held_rows(struct db *db, int64_t before, bool waiting, struct held_row *out, size_t room, size_t *count,
                    struct err *err)
{
    const struct db_value in[] = {DB_I(before), DB_I(waiting), DB_I((int64_t)room)};
    tong_code code = db_ask(db, sql_held_list, in, 3, err);
    if (code != TONG_OK) return code;
    size_t n = 0;
    while (n < room && db_next(db, sql_held_list)) out[n++] = held_read(db, sql_held_list);
    *count = n;
    return db_done(db, sql_held_list, err);
}

tong_code held_get(struct db *db, const struct vault *v, int64_t id, struct arena *arena, struct held_row *out,
                   struct str *plain, struct err *err)
{
    tong_code code = db_ask(db, sql_held_get, &DB_I(id), 1, err);
    if (code != TONG_OK) return code;
    bool there = db_next(db, sql_held_get);
    struct held_row row = {0};
    *plain = (struct str){NULL, 0};
    if (there) {
        row = held_read(db, sql_held_get);
        struct str sealed = db_text(db, sql_held_get, 7);
        if (sealed.n > 0) *plain = vault_unseal(v, 0, held_about(id), sealed, arena);
    }
    code = db_done(db, sql_held_get, err);
    if (code == TONG_OK && !there) code = tong_fail(err, TONG_E_NOT_FOUND, "no such request is held");
    if (code == TONG_OK) *out = row;
    return code;
}

tong_code held_subjects(struct db *db, int64_t id, int64_t *out, size_t room, size_t *count, struct err *err)
{
    tong_code code = db_ask(db, sql_held_subject_list, &DB_I(id), 1, err);
    if (code != TONG_OK) return code;
    size_t n = 0;
    while (n < room && db_next(db, sql_held_subject_list)) out[n++] = db_int(db, sql_held_subject_list, 0, 0);
    *count = n;
    return db_done(db, sql_held_subject_list, err);
}
