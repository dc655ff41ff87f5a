#include "service/editions_affected.h"

#include "response/course.h"
#include "service/editions_read.h"
#include "service/service.h"
#include "service/show.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { AFFECTED_STEP = 2000, AFFECTED_ROOM = 8 * DECISIONS_STEP_MAX, AFFECTED_DAYS_AHEAD = 60 };

static const struct message affected_far = {
    "affected-day", PROBLEM_ERROR, LABEL("this can be told for the next {1} days only", "只能推算今后 {1} 天内的情况"),
    LABEL("choose a day that is nearer; what happens until then nobody knows", "请选择更近的日期，更远的情况无法预知")};

typedef enum affected_how { AFFECTED_FINISHES, AFFECTED_MOVES, AFFECTED_RELEASED, AFFECTED_HOW_COUNT } affected_how;
static const struct word affected_words[AFFECTED_HOW_COUNT] = {
    [AFFECTED_FINISHES] = {"finishes", LABEL("goes on under the edition of before", "按原版本执行完毕")},
    [AFFECTED_MOVES] = {"moves", LABEL("goes on under the new edition", "转按新版本执行")},
    [AFFECTED_RELEASED] = {"released", LABEL("released at once", "立即解除")},
};

struct affected_group { // those in one stage to whom the same happens
    uint8_t edition, stage, how, to;
    int64_t count, measures_ended, measures_proposed;
    int64_t days, counted; // fewer days, of all of whom they can be told
};
struct affected {
    struct service *service;
    struct db *db;         // the request's, or a reader of the stream's own
    struct arena *arena;
    struct rulebook book;
    struct actor actor;
    bool everywhere, asked, own;
    uint8_t target;
    int64_t edition;
    utc_sec at, now;
    lang language;
    struct affected_group *groups;
    size_t count, cap;
    int64_t done, of;
    struct sink line;      // of the stream
    size_t sent;
    bool finished, failed;
    struct decision room[AFFECTED_ROOM];
};

// ---- one enrolment ----

static void affected_pass(struct affected *a, struct enrolment *e, utc_sec until)
{
    struct decisions out = {.items = a->room, .cap = AFFECTED_ROOM};
    do {
        out.count = 0;
        respond_until(&a->book, e, until, &out);
    } while (out.count > 0 && enrolment_is_open(e) && e->next_min <= until.s / 60);
}

static struct affected_group *affected_group(struct affected *a, struct affected_group key)
{
    for (size_t i = 0; i < a->count; i++) {
        struct affected_group *g = &a->groups[i];
        if (g->edition == key.edition && g->stage == key.stage && g->how == key.how && g->to == key.to) return g;
    }
    struct affected_group *groups = arena_grow(a->arena, a->groups, a->count, &a->cap, sizeof *groups);
    if (groups == NULL) return NULL;
    a->groups = groups;
    groups[a->count] = key;
    return &groups[a->count++];
}

// What ends or moves on by itself until then is no doing of the edition: time passes first. Then the core is told.
static bool affected_add(struct affected *a, const struct enrolment *stored)
{
    struct enrolment e = *stored;
    struct decisions out = {.items = a->room, .cap = AFFECTED_ROOM};
    const struct fact f = {.id = 1, .subject = e.subject, .happened = a->at, .known = a->at, .recorded = a->at, .until = UTC_NONE,
                           .kind = EVENT_EDITION, .edition = a->target};
    if (e.edition == a->target || e.edition >= a->book.count || !enrolment_is_open(&e)) return true;
    affected_pass(a, &e, (utc_sec){a->at.s - 1});
    if (!enrolment_is_open(&e)) return true;
    struct affected_group key = {.edition = e.edition, .stage = e.stage, .how = AFFECTED_FINISHES, .to = PROTOCOL_NONE};
    int32_t before = course_total_end(a->book.editions[e.edition], &e), after = before;
    if (respond(&a->book, &e, &f, &out) == RESPOND_LATE) out.count = 0;
    if (enrolment_has_ended(&e)) {
        key.how = AFFECTED_RELEASED;
        after = course_day_of(a->book.editions[a->target], a->at) - 1;
    } else if (e.edition == a->target) {
        key.how = AFFECTED_MOVES;
        key.to = e.stage;
        after = course_total_end(a->book.editions[a->target], &e);
    }
    struct affected_group *g = affected_group(a, key);
    if (g == NULL) return false;
    g->count++;
    for (size_t i = 0; i < out.count; i++) {
        g->measures_ended += out.items[i].kind == DECISION_MEASURE_ENDED;
        g->measures_proposed += out.items[i].kind == DECISION_MEASURE_PROPOSED;
    }
    if (before == COURSE_NEVER || after == COURSE_NEVER) return true;
    g->counted++;
    g->days += before > after ? before - after : 0;
    return true;
}

static bool affected_in_reach(const struct affected *a, int64_t subject)
{
    struct roll *roll = a->service->roll;
    if (a->everywhere) return true;
    roll_read_begin(roll);
    bool good = actor_reaches(&a->actor, RIGHT_PROTOCOL_SIGN, a->now, roll, roll_place_of(roll, subject));
    roll_read_end(roll);
    return good;
}

// The next ones; a->finished at the end.
static tong_code affected_step(struct affected *a, int32_t most, struct err *err)
{
    const sql_id q = sql_enrolment_open;
    tong_code code = a->asked ? TONG_OK : db_ask(a->db, q, NULL, 0, err);
    if (code != TONG_OK) return code;
    a->asked = true;
    for (int32_t i = 0; i < most; i++) {
        struct enrolment e;
        if (!db_next(a->db, q)) {
            a->finished = true;
            a->asked = false;
            return db_done(a->db, q, err);
        }
        struct str state = db_text(a->db, q, 1);
        a->done++;
        if (state.n != sizeof e || !affected_in_reach(a, db_int(a->db, q, 0, 0))) continue;
        memcpy(&e, state.p, sizeof e);
        if (!affected_add(a, &e)) return tong_fail(err, TONG_E_NOMEM, "affected");
    }
    return TONG_OK;
}

// ---- the result ----

// By edition and stage in the order of the protocol, then the many before the few.
static int affected_order(const void *x, const void *y)
{
    const struct affected_group *a = x, *b = y;
    if (a->edition != b->edition) return a->edition < b->edition ? -1 : 1;
    if (a->stage != b->stage) return a->stage < b->stage ? -1 : 1;
    if (a->count != b->count) return a->count > b->count ? -1 : 1;
    if (a->how != b->how) return a->how < b->how ? -1 : 1;
    return (a->to > b->to) - (a->to < b->to);
}

static void affected_stage(struct json_out *j, const char *key, const struct protocol *p, uint8_t stage, lang language)
{
    if (stage >= p->stage_count) {
        json_out_null(j, key);
        return;
    }
    const struct stage *s = &p->stages[stage];
    json_out_object(j, key);
    show_named(j, "pathway", p->pathways[s->pathway].name, &p->pathways[s->pathway].label, language);
    show_named(j, "stage", s->name, &s->label, language);
    json_out_end(j);
}

static void affected_result(struct affected *a, struct json_out *j, const char *key)
{
    static const struct word policies[] = {[CHANGE_FINISH] = {"finish", LABEL("they finish", "按原版本执行完毕")},
                                           [CHANGE_MOVE] = {"move", LABEL("they move", "转按新版本执行")},
                                           [CHANGE_MOVE_IF_MILDER] = {"move_if_milder", LABEL("they move where it is milder", "更宽松的转按新版本执行")}};
    static const char *const totals[AFFECTED_HOW_COUNT] = {"finish", "move", "released"};
    const struct protocol *target = a->book.editions[a->target];
    int64_t how[AFFECTED_HOW_COUNT] = {0}, ended = 0, proposed = 0, days = 0, all = 0;
    if (a->count > 1) qsort(a->groups, a->count, sizeof *a->groups, affected_order);
    json_out_object(j, key);
    json_out_int(j, "edition", a->edition);
    json_out_instant(j, "at", a->at);
    show_words_at(j, "change", &policies[target->change], a->language);
    json_out_array(j, "moves");
    for (size_t i = 0; i < a->count; i++) {
        const struct affected_group *g = &a->groups[i];
        json_out_object(j, NULL);
        json_out_z(j, "from_edition", a->book.editions[g->edition]->id);
        affected_stage(j, "from", a->book.editions[g->edition], g->stage, a->language);
        show_words_at(j, "how", &affected_words[g->how], a->language);
        affected_stage(j, "to", target, g->to, a->language);
        json_out_int(j, "count", g->count);
        json_out_int(j, "measures_ended", g->measures_ended);
        json_out_int(j, "measures_proposed", g->measures_proposed);
        json_out_int(j, "days_fewer", g->days);
        json_out_int(j, "days_known_of", g->counted);
        json_out_end(j);
        how[g->how] += g->count;
        all += g->count;
        ended += g->measures_ended;
        proposed += g->measures_proposed;
        days += g->days;
    }
    json_out_end(j);
    json_out_int(j, "enrolments", all);
    for (int32_t i = 0; i < AFFECTED_HOW_COUNT; i++) json_out_int(j, totals[i], how[i]);
    json_out_int(j, "measures_ended", ended);
    json_out_int(j, "measures_proposed", proposed);
    json_out_int(j, "days_fewer", days);
    json_out_end(j);
}

// ---- the stream ----

// Once the last line was taken, the next step of the work gives another.
static void affected_line(struct affected *a, struct err *err)
{
    a->line.n = 0;
    a->sent = 0;
    a->failed = affected_step(a, AFFECTED_STEP, err) != TONG_OK;
    if (a->failed) return;
    struct json_out j = json_out_to(&a->line);
    json_out_object(&j, NULL);
    json_out_int(&j, "done", a->done);
    json_out_int(&j, "of", a->of > a->done ? a->of : a->done);
    if (a->finished) affected_result(a, &j, "result");
    json_out_end(&j);
    a->failed = !json_out_finish(&j);
}

static int64_t affected_stream(void *state, char *buffer, size_t room)
{
    struct affected *a = state;
    struct err err = {0};
    struct str line = sink_kept(&a->line);
    if (a->sent == line.n && a->finished) return STREAM_END;
    if (a->sent == line.n) {
        affected_line(a, &err);
        line = sink_kept(&a->line);
    }
    if (a->failed) return STREAM_FAILED;
    size_t n = line.n - a->sent < room ? line.n - a->sent : room;
    memcpy(buffer, line.p + a->sent, n);
    a->sent += n;
    return (int64_t)n;
}

static void affected_stream_close(void *state)
{
    struct affected *a = state;
    struct err none;
    if (a->asked && db_done(a->db, sql_enrolment_open, &none) != TONG_OK) a->failed = true; // the client went away meanwhile
    if (a->own) service_reader_give(a->service, a->db, !a->failed);
    sink_close(&a->line);
}

static bool affected_wants_stream(const struct request *rq)
{
    static const char name[] = "application/x-ndjson";
    for (size_t i = 0; i + sizeof name - 1 <= rq->accept.n; i++)
        if (memcmp(rq->accept.p + i, name, sizeof name - 1) == 0) return true;
    return false;
}

static tong_code affected_begin(struct request *rq, const struct editions_row *e, struct affected *a, struct err *err)
{
    struct roll *roll = rq->service->roll;
    int64_t places[GRANTS_MAX];
    utc_sec at = request_parameter_instant(rq, "at");
    if (at.s == UTC_NONE.s) at = e->begins.s != UTC_NONE.s && e->begins.s > rq->now.s ? e->begins : rq->now;
    if (at.s < rq->now.s) at = rq->now;
    if (at.s > rq->now.s + AFFECTED_DAYS_AHEAD * INT64_C(86400)) {
        request_fault(rq, &affected_far, "at", arena_printf(rq->arena, "%d", AFFECTED_DAYS_AHEAD), NULL, NULL, NULL);
        return TONG_E_INVALID;
    }
    *a = (struct affected){.service = rq->service, .db = rq->db, .arena = rq->arena, .book = service_book(rq->service), .actor = rq->actor,
                           .target = (uint8_t)e->id, .edition = e->id, .at = at, .now = rq->now, .language = rq->language};
    (void)actor_scopes(&rq->actor, RIGHT_PROTOCOL_SIGN, rq->now, places, GRANTS_MAX, &a->everywhere);
    struct roll_query q = {.list = ROLL_ENROLMENTS, .arena = rq->arena};
    show_filter(&q, ROLL_ENROLMENT_ENDED, ROLL_ABSENT, 0);
    roll_read_begin(roll);
    a->of = roll_count_all(roll, &q);
    roll_read_end(roll);
    return a->of < 0 ? tong_fail(err, TONG_E_NOMEM, "affected") : TONG_OK;
}

tong_code editions_affected(struct request *rq, struct reply *rp, struct err *err)
{
    struct editions_row e;
    struct affected *a = arena_alloc(rq->arena, sizeof *a);
    tong_code code = editions_named(rq, &e, err);
    if (code == TONG_OK && a == NULL) code = tong_fail(err, TONG_E_NOMEM, "affected");
    if (code == TONG_OK) code = affected_begin(rq, &e, a, err);
    if (code != TONG_OK) return code;
    if (affected_wants_stream(rq)) {
        a->db = service_reader_take(rq->service, err);
        if (a->db == NULL) return tong_fail(err, TONG_E_IO, "no reader left");
        a->own = true;
        rp->type = "application/x-ndjson";
        rp->stream = affected_stream;
        rp->stream_close = affected_stream_close;
        rp->stream_state = a;
        return TONG_OK;
    }
    while (code == TONG_OK && !a->finished) code = affected_step(a, AFFECTED_STEP, err);
    tong_code done = a->asked ? db_done(a->db, sql_enrolment_open, NULL) : TONG_OK;
    if (code == TONG_OK) code = done;
    if (code != TONG_OK) return code;
    struct json_out j = json_out_to(&rp->body);
    affected_result(a, &j, NULL);
    return json_out_finish(&j) ? TONG_OK : tong_fail(err, TONG_E_NOMEM, "affected");
}
