#include "service/feed.h"

#include "base/json.h"
#include "service/service.h"

#include <assert.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { FEED_BATCH = 128, FEED_LINE = 192, FEED_MEASURES = 16384 }; // MEASURES: of an enrolment's number (intake)

struct feed_entry {
    struct intake_change change;
    int64_t place;                // where it was, when the roll does not know any more; 0: ask the roll
    unsigned char uid[UID_BYTES]; // of the subject, once a client's reader has looked it up; all zero: not yet
};

struct feed {
    pthread_mutex_t lock;
    struct feed_entry ring[FEED_RING];
    _Atomic uint64_t last; // the newest number; entry n lies at (n - 1) % FEED_RING
    _Atomic int32_t clients;
    atomic_bool ended;
    uint32_t run; // of this start of the program: numbers begin again with each
};

struct feed *feed_open(void)
{
    struct feed *f = calloc(1, sizeof *f);
    if (f == NULL) return NULL;
    (void)pthread_mutex_init(&f->lock, NULL);
    vault_random(&f->run, sizeof f->run);
    return f;
}

void feed_close(struct feed *f)
{
    if (f == NULL) return;
    (void)pthread_mutex_destroy(&f->lock);
    free(f);
}

void feed_publish(struct feed *f, const struct intake_change *changes, size_t count)
{
    (void)pthread_mutex_lock(&f->lock);
    uint64_t last = atomic_load(&f->last);
    for (size_t i = 0; i < count; i++) f->ring[(last + i) % FEED_RING] = (struct feed_entry){.change = changes[i]};
    atomic_store(&f->last, last + count);
    (void)pthread_mutex_unlock(&f->lock);
}

void feed_publish_gone(struct feed *f, int64_t subject, int64_t place)
{
    static const change_kind kinds[] = {CHANGE_PERSON, CHANGE_ENROLMENT, CHANGE_TASK, CHANGE_MEASURE};
    (void)pthread_mutex_lock(&f->lock);
    uint64_t last = atomic_load(&f->last);
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++, last++)
        f->ring[last % FEED_RING] = (struct feed_entry){.change = {.kind = kinds[i], .subject = subject}, .place = place};
    atomic_store(&f->last, last);
    (void)pthread_mutex_unlock(&f->lock);
}

uint64_t feed_last(const struct feed *f)
{
    return atomic_load(&f->last);
}
int32_t feed_clients(const struct feed *f)
{
    return atomic_load(&f->clients);
}
void feed_end(struct feed *f)
{
    atomic_store(&f->ended, true);
}

// ---- one client ----

static const char *const feed_words[] = {
    [CHANGE_FACT] = "fact",           [CHANGE_PERSON] = "person", [CHANGE_PLACE] = "place",
    [CHANGE_ENROLMENT] = "enrolment", [CHANGE_TASK] = "task",     [CHANGE_MEASURE] = "measure",
    [CHANGE_EDITION] = "edition",   [CHANGE_TOLD] = "told",
};

// Who may hear of what. Of an enrolment it depends on the pathway; see feed_right.
static const right_word feed_rights[] = {
    [CHANGE_FACT] = RIGHT_PERSON_SEE,    [CHANGE_PERSON] = RIGHT_PERSON_FIND, [CHANGE_PLACE] = RIGHT_PLACE_SEE,
    [CHANGE_ENROLMENT] = RIGHT_CASE_SEE, [CHANGE_TASK] = RIGHT_TASK_SEE,      [CHANGE_MEASURE] = RIGHT_ORDER_SEE,
    [CHANGE_EDITION] = RIGHT_SIGNED_IN,  [CHANGE_TOLD] = RIGHT_NONE, // the courier's (courier.h)
};

struct feed_client {
    struct request *rq;
    uint64_t next;         // the number that is told next
    int64_t heard, looked; // seconds: when something was last sent, and the session last read
    int64_t beat_s;
    bool begun, reset;
};

// Not the service's clock: a demo's runs faster, or stands still.
static int64_t feed_seconds(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec;
}

// Under the roll's lock.
static right_word feed_right(const struct roll *roll, const struct intake_change *c)
{
    int32_t columns[ROLL_COLUMNS_MAX];
    if (c->kind != CHANGE_ENROLMENT || !roll_get(roll, ROLL_ENROLMENTS, c->id, columns)) return feed_rights[c->kind];
    uint8_t is = roll_pathway_is(roll, columns[ROLL_ENROLMENT_PATHWAY]);
    return (is & ROLL_IS_CASE) != 0      ? RIGHT_CASE_SEE
           : (is & ROLL_IS_CONTACT) != 0 ? RIGHT_CONTACT_SEE
                                         : RIGHT_PLACE_SEE;
}

// Under the roll's lock: may this client hear of it?
static bool feed_reaches(const struct request *rq, utc_sec now, const struct feed_entry *e)
{
    const struct intake_change *c = &e->change;
    const struct roll *roll = rq->service->roll;
    const struct actor *a = &rq->actor;
    int32_t columns[ROLL_COLUMNS_MAX];
    if (c->kind == CHANGE_TOLD) return false;
    if (c->kind == CHANGE_EDITION) return true;
    if (c->kind == CHANGE_TASK && roll_get(roll, ROLL_TASKS, c->id, columns) &&
        columns[ROLL_TASK_ASSIGNED] == a->account)
        return true;
    bool own = a->person != 0 && c->subject == a->person;
    if (own && (c->kind == CHANGE_TASK || c->kind == CHANGE_MEASURE || c->kind == CHANGE_ENROLMENT)) return true;
    int64_t home = e->place != 0 ? e->place : roll_place_of(roll, c->subject);
    if (c->kind == CHANGE_MEASURE && actor_serves_contacts(a, now, roll, home) &&
        roll_get(roll, ROLL_ENROLMENTS, c->id / FEED_MEASURES, columns) &&
        (roll_pathway_is(roll, columns[ROLL_ENROLMENT_PATHWAY]) & ROLL_IS_CASE) != 0)
        return false;
    int64_t place = c->kind == CHANGE_PLACE ? c->id : home;
    return actor_reaches(a, feed_right(roll, c), now, roll, place);
}

// Changes from number *from on, at most `room`: *from goes behind them. False: they are no longer there.
static bool feed_read(struct feed *f, uint64_t *from, struct feed_entry *out, size_t room, size_t *count)
{
    (void)pthread_mutex_lock(&f->lock);
    uint64_t last = atomic_load(&f->last);
    bool there = *from + FEED_RING > last && *from <= last + 1;
    *count = 0;
    while (there && *from + *count <= last && *count < room) {
        out[*count] = f->ring[(*from + *count - 1) % FEED_RING];
        (*count)++;
    }
    *from = there ? *from + *count : last + 1;
    (void)pthread_mutex_unlock(&f->lock);
    return there;
}

// What is to be told, with its number.
struct feed_told {
    uint64_t number;
    struct feed_entry entry;
};

static tong_code feed_uid(struct db *db, int64_t subject, unsigned char uid[UID_BYTES], struct err *err)
{
    tong_code code = db_ask(db, sql_subject_uid, &DB_I(subject), 1, err);
    if (code != TONG_OK) return code;
    struct str bytes = db_next(db, sql_subject_uid) ? db_text(db, sql_subject_uid, 0) : (struct str){NULL, 0};
    if (bytes.n == UID_BYTES) memcpy(uid, bytes.p, UID_BYTES);
    return db_done(db, sql_subject_uid, err);
}

// Uids are looked up by the first client that hears of a change, and kept in the ring for the others: a commit costs nothing
// where nobody listens. While the database is away they stay unknown, and are null.
static void feed_name(struct service *s, struct feed_told *told, size_t count)
{
    struct err err = {0};
    struct db *db = NULL;
    tong_code code = TONG_OK;
    size_t first = count;
    for (size_t i = 0; i < count && code == TONG_OK; i++) {
        if (told[i].entry.change.subject == 0 || !uid_is_none(told[i].entry.uid)) continue;
        if (db == NULL) db = service_reader_take(s, &err);
        if (db == NULL) return;
        if (first == count) first = i;
        code = feed_uid(db, told[i].entry.change.subject, told[i].entry.uid, &err);
    }
    if (db == NULL) return;
    service_reader_give(s, db, code == TONG_OK);
    struct feed *f = s->feed;
    (void)pthread_mutex_lock(&f->lock);
    for (size_t i = first; i < count; i++)
        if (told[i].number + FEED_RING > atomic_load(&f->last))
            memcpy(f->ring[(told[i].number - 1) % FEED_RING].uid, told[i].entry.uid, UID_BYTES);
    (void)pthread_mutex_unlock(&f->lock);
}

static size_t feed_event(char *out, const struct feed *f, const struct feed_told *t)
{
    const struct intake_change *c = &t->entry.change;
    char id[24] = "null", subject[UID_TEXT + 2] = "null", uid[UID_TEXT];
    if (c->kind != CHANGE_PERSON && c->kind != CHANGE_PLACE && c->id != 0)
        (void)snprintf(id, sizeof id, "%" PRId64, c->id);
    if (!uid_is_none(t->entry.uid)) {
        uid_format(t->entry.uid, uid);
        (void)snprintf(subject, sizeof subject, "\"%s\"", uid);
    }
    int n = snprintf(out, FEED_LINE,
                     "id: %08" PRIx32 "-%" PRIu64 "\nevent: change\ndata: {\"kind\":\"%s\",\"id\":%s,\"subject\":%s}\n\n",
                     f->run, t->number, feed_words[c->kind], id, subject);
    return n < 0 || n >= FEED_LINE ? 0 : (size_t)n;
}

static size_t feed_changes(struct feed_client *c, char *buffer, size_t room)
{
    struct service *s = c->rq->service;
    struct feed_entry changes[FEED_BATCH];
    struct feed_told told[FEED_BATCH];
    size_t n = 0, count, heard = 0;
    utc_sec now = service_now(s);
    size_t most = room / FEED_LINE < FEED_BATCH ? room / FEED_LINE : FEED_BATCH;
    while (most > 0 && heard == 0 && c->next <= feed_last(s->feed)) { // on past what is not theirs to hear
        uint64_t first = c->next;
        if (!feed_read(s->feed, &c->next, changes, most, &count)) {
            c->reset = true;
            return 0;
        }
        roll_read_begin(s->roll);
        for (size_t i = 0; i < count; i++)
            if (feed_reaches(c->rq, now, &changes[i])) told[heard++] = (struct feed_told){first + i, changes[i]};
        roll_read_end(s->roll);
    }
    feed_name(s, told, heard);
    for (size_t i = 0; i < heard; i++) n += feed_event(buffer + n, s->feed, &told[i]);
    return n;
}

// At every beat the session is read again: who signed out, or lost a right, hears no more.
static bool feed_still_signed_in(struct feed_client *c)
{
    struct request *rq = c->rq;
    struct service *s = rq->service;
    struct err err = {0};
    if (s->options.who == NULL) return rq->actor.account != 0;
    struct arena scratch = {.bytes_max = HTTP_ARENA_BYTES_MAX}, *own = rq->arena;
    struct actor was = rq->actor;
    rq->db = service_reader_take(s, &err);
    if (rq->db == NULL) return true; // the database is away for a moment: go on with what is known
    rq->arena = &scratch;
    rq->now = service_now(s);
    rq->actor = (struct actor){0};
    tong_code code = s->options.who(rq, &err);
    service_reader_give(s, rq->db, code != TONG_E_IO);
    rq->db = NULL;
    rq->arena = own;
    if (code != TONG_OK) rq->actor = was;
    arena_free(&scratch);
    return rq->actor.account != 0;
}

static int64_t feed_stream(void *state, char *buffer, size_t room)
{
    struct feed_client *c = state;
    struct feed *f = c->rq->service->feed;
    int64_t now = feed_seconds();
    size_t n = 0;
    if (atomic_load(&f->ended)) return STREAM_END;
    if (room < FEED_LINE) return 0;
    if (now - c->looked >= c->beat_s) {
        c->looked = now;
        if (!feed_still_signed_in(c)) return STREAM_END;
    }
    if (c->begun && !c->reset) n = feed_changes(c, buffer, room);
    if (!c->begun || c->reset) {
        const char *event = c->reset ? "reset" : "hello";
        n = (size_t)snprintf(buffer, room, "retry: 3000\nid: %08" PRIx32 "-%" PRIu64 "\nevent: %s\ndata: {}\n\n",
                             f->run, c->next - 1, event);
        c->begun = true;
        c->reset = false;
    }
    if (n == 0 && now - c->heard >= c->beat_s) n = (size_t)snprintf(buffer, room, ":\n\n");
    if (n > 0) c->heard = now;
    return (int64_t)n;
}

static void feed_stream_close(void *state)
{
    struct feed_client *c = state;
    (void)atomic_fetch_sub(&c->rq->service->feed->clients, 1);
}

// "run-number" of the last event they had. False: of another run, or nonsense.
static bool feed_resume(const struct feed *f, struct str text, uint64_t *next)
{
    char run[16];
    int64_t number;
    struct str rest = text, head;
    (void)snprintf(run, sizeof run, "%08" PRIx32, f->run);
    if (!str_cut(&rest, '-', &head) || !str_eq_z(head, run) || !str_int(rest, &number)) return false;
    if (number < 0 || (uint64_t)number > feed_last(f)) return false;
    *next = (uint64_t)number + 1;
    return true;
}

static const struct message feed_full = {
    "feed-full", PROBLEM_ERROR, LABEL("too many live feeds are open", "实时推送连接过多"),
    LABEL("ask again in a minute, or read the lists now and then", "请稍后重试，或定期刷新列表")};

static tong_code feed_get(struct request *rq, struct reply *rp, struct err *err)
{
    struct feed *f = rq->service->feed;
    struct feed_client *c = arena_alloc(rq->arena, sizeof *c);
    if (c == NULL) return tong_fail(err, TONG_E_NOMEM, "feed");
    if (atomic_fetch_add(&f->clients, 1) >= FEED_CLIENTS_MAX) {
        (void)atomic_fetch_sub(&f->clients, 1);
        return reply_problem(rq, rp, 503, &feed_full, NULL, NULL, NULL);
    }
    *c = (struct feed_client){.rq = rq, .next = feed_last(f) + 1, .heard = feed_seconds(), .looked = feed_seconds()};
    c->beat_s = rq->service->options.feed_beat_s > 0 ? rq->service->options.feed_beat_s : FEED_HEARTBEAT_S;
    if (rq->last_event.n > 0) c->reset = !feed_resume(f, rq->last_event, &c->next);
    rp->type = "text/event-stream";
    rp->cache = "no-store, no-transform"; // a proxy that compresses would hold events back
    reply_header(rp, "X-Accel-Buffering", STR("no"));
    rp->stream = feed_stream;
    rp->stream_close = feed_stream_close;
    rp->stream_state = c;
    return TONG_OK;
}

static const struct schema feed_schemas[] = {
    {"feed_events",
     "{\"type\":\"string\",\"description\":\"text/event-stream: hello, change {kind, id, subject}, reset\"}"},
};
static const struct route feed_rows[] = {
    {.method = HTTP_GET,
     .path = "/api/v1/feed",
     .name = "feed",
     .right = RIGHT_SIGNED_IN,
     .handler = feed_get,
     .schema_out = "feed_events",
     .label = LABEL("what changes, as it is committed: server-sent events", "实时变更推送（服务器发送事件）")},
};
const struct route_table feed_routes = {.rows = feed_rows,
                                        .count = sizeof feed_rows / sizeof feed_rows[0],
                                        .schemas = feed_schemas,
                                        .schema_count = sizeof feed_schemas / sizeof feed_schemas[0]};
