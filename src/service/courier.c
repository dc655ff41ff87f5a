#include "service/courier_inner.h"

#include "service/account.h"

#include <curl/curl.h>
#include <pthread.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { COURIER_ITEMS_PASS = 256, COURIER_DUE_PASS = 32 };

struct courier {
    struct service *service;
    pthread_mutex_t lock; // of everything below
    pthread_cond_t wake;
    pthread_t thread;
    bool running, stop;
    struct courier_item *queue; // a ring
    size_t first, count;
    struct courier_options options; // texts in `texts`
    struct arena texts;             // kept until the end: a delivery may still be reading an older one
    struct courier_state state;
};

static struct courier *courier_of(const struct service *s)
{
    return s->part[PART_MESSAGES];
}

// ---- the queue ----

static bool courier_put(struct service *s, const struct courier_item *items, size_t count)
{
    struct courier *c = courier_of(s);
    if (c == NULL) return false; // the service is only just opening
    (void)pthread_mutex_lock(&c->lock);
    size_t room = COURIER_QUEUE_MAX - c->count, taken = count < room ? count : room;
    for (size_t i = 0; i < taken; i++) c->queue[(c->first + c->count++) % COURIER_QUEUE_MAX] = items[i];
    c->state.dropped += (int64_t)(count - taken);
    if (taken > 0) (void)pthread_cond_signal(&c->wake);
    (void)pthread_mutex_unlock(&c->lock);
    return taken == count;
}

bool courier_tell(struct service *s, const struct telling *t)
{
    struct courier_item item = {.telling = *t};
    return courier_put(s, &item, 1);
}

void courier_publish(struct service *s, const struct intake_change *changes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        bool tells = changes[i].kind == CHANGE_MEASURE || changes[i].kind == CHANGE_TASK ||
                     changes[i].kind == CHANGE_FACT || changes[i].kind == CHANGE_TOLD;
        struct courier_item item = {.change = true, .changed = changes[i]};
        if (tells && !courier_put(s, &item, 1)) return; // counted; the rest would fare no better
    }
}

static size_t courier_take(struct courier *c, struct courier_item *out, size_t room)
{
    (void)pthread_mutex_lock(&c->lock);
    size_t n = c->count < room ? c->count : room;
    for (size_t i = 0; i < n; i++) out[i] = c->queue[(c->first + i) % COURIER_QUEUE_MAX];
    c->first = (c->first + n) % COURIER_QUEUE_MAX;
    c->count -= n;
    (void)pthread_mutex_unlock(&c->lock);
    return n;
}

static struct courier_options courier_options_now(struct courier *c)
{
    (void)pthread_mutex_lock(&c->lock);
    struct courier_options o = c->options;
    (void)pthread_mutex_unlock(&c->lock);
    return o;
}

static void courier_count(struct courier *c, int64_t told, int64_t delivered, int64_t failed, int64_t given_up)
{
    (void)pthread_mutex_lock(&c->lock);
    c->state.told += told;
    c->state.delivered += delivered;
    c->state.failed += failed;
    c->state.given_up += given_up;
    (void)pthread_mutex_unlock(&c->lock);
}

// ---- making messages ----

static tong_code courier_write_run(struct db *db, void *payload, struct err *err)
{
    const struct courier_batch *b = payload;
    tong_code code = TONG_OK;
    for (size_t i = 0; code == TONG_OK && i < b->count; i++)
        code = message_add(db, b->service->vault, &b->message[i], err);
    return code;
}

static tong_code courier_make(struct courier_batch *b, const struct courier_item *items, size_t count, struct err *err)
{
    tong_code code = TONG_OK;
    for (size_t i = 0; code == TONG_OK && i < count; i++) {
        struct telling tellings[COURIER_TELLINGS] = {items[i].telling};
        size_t n = 1;
        if (items[i].change) code = courier_of_change(b, &items[i].changed, tellings, &n, err);
        for (size_t k = 0; code == TONG_OK && k < n; k++) code = courier_address(b, &tellings[k], err);
        bool full = b->count + COURIER_ROOM > COURIER_BATCH_MAX;
        if (code == TONG_OK && b->count > 0 && (full || i + 1 == count)) {
            code = writer_call(b->service->writer, courier_write_run, b, err);
            if (code == TONG_OK) courier_count(courier_of(b->service), (int64_t)b->count, 0, 0, 0);
            b->count = 0;
        }
    }
    return code;
}

// ---- delivering ----

struct courier_try {
    struct message_row message;
    struct str to;
    message_state state;
    utc_sec due, delivered;
    char fault[200];
};
struct courier_tries {
    struct courier_try item[COURIER_DUE_PASS];
    size_t count;
};

static tong_code courier_tried_run(struct db *db, void *payload, struct err *err)
{
    const struct courier_tries *tries = payload;
    tong_code code = TONG_OK;
    for (size_t i = 0; code == TONG_OK && i < tries->count; i++) {
        const struct courier_try *t = &tries->item[i];
        const struct db_value in[] = {DB_I(t->state), DB_I(t->due.s), db_i_or_null(t->delivered.s, UTC_NONE.s),
                                      t->fault[0] == 0 ? DB_N : DB_T(str_z(t->fault)), DB_I(t->message.id)};
        code = db_run(db, sql_message_tried, in, sizeof in / sizeof in[0], NULL, err);
    }
    return code;
}

static tong_code courier_send(const struct courier_options *o, const struct courier_try *t, utc_sec now, struct arena *arena,
                              struct err *err)
{
    const struct message_row *m = &t->message;
    char *subject = arena_copy(arena, m->subject.p, m->subject.n), *text = arena_copy(arena, m->text.p, m->text.n);
    if (subject == NULL || text == NULL) return tong_fail(err, TONG_E_NOMEM, "no memory to send a message");
    if (m->channel == MESSAGE_MAIL) {
        struct mail mail = {.to = t->to, .subject = subject, .text = text, .at = now, .id = m->id};
        return mail_send(&o->mail, &mail, err);
    }
    struct web_hook_text hook = {.id = m->id, .to = t->to, .text = text, .name = template_name(m->name),
                                 .language = m->language, .at = now};
    return web_hook_send(&o->hook, &hook, err);
}

static void courier_try_one(const struct courier_options *o, struct courier_try *t, utc_sec now, struct arena *arena)
{
    struct err err = {0};
    bool off = t->message.channel == MESSAGE_MAIL ? o->mail.url == NULL : o->hook.url == NULL;
    t->delivered = UTC_NONE;
    t->fault[0] = 0;
    t->due = (utc_sec){now.s + message_delay(t->message.tries + 1)};
    t->state = t->message.tries + 1 >= MESSAGE_TRIES_MOST ? MESSAGE_GIVEN_UP : MESSAGE_WAITING;
    if (t->to.n == 0 || t->message.text.n == 0 || off) {
        t->state = MESSAGE_GIVEN_UP;
        (void)snprintf(t->fault, sizeof t->fault, "%s", off ? "the channel is switched off" : t->to.n == 0 ? "no address any more" : "erased");
        return;
    }
    tong_code code = courier_send(o, t, now, arena, &err);
    if (code == TONG_OK) {
        t->state = MESSAGE_DELIVERED;
        t->delivered = now;
        return;
    }
    if (code == TONG_E_INVALID) t->state = MESSAGE_GIVEN_UP;
    (void)snprintf(t->fault, sizeof t->fault, "%.190s", err.text);
}

// Messages are read first and sent afterwards: no reader's snapshot stands open while a mail server takes its time.
static tong_code courier_deliver(struct courier *c, struct courier_batch *b, size_t *sent, struct err *err)
{
    const sql_id q = sql_message_due;
    struct courier_options o = courier_options_now(c);
    const struct db_value in[] = {DB_I(b->now.s), DB_I(COURIER_DUE_PASS)};
    *sent = 0;
    struct courier_tries *tries = arena_alloc(b->arena, sizeof *tries);
    if (tries == NULL) return tong_fail(err, TONG_E_NOMEM, "no memory to deliver");
    tong_code code = db_ask(b->db, q, in, 2, err);
    if (code != TONG_OK) return code;
    while (tries->count < COURIER_DUE_PASS && db_next(b->db, q))
        (void)message_read(b->db, q, c->service->vault, b->arena, &tries->item[tries->count++].message);
    code = db_done(b->db, q, err);
    for (size_t i = 0; code == TONG_OK && i < tries->count; i++)
        code = courier_to(b, &tries->item[i].message, &tries->item[i].to, err);
    if (code != TONG_OK || tries->count == 0) return code;
    int64_t delivered = 0, given_up = 0;
    for (size_t i = 0; i < tries->count; i++) {
        courier_try_one(&o, &tries->item[i], b->now, b->arena);
        delivered += tries->item[i].state == MESSAGE_DELIVERED;
        given_up += tries->item[i].state == MESSAGE_GIVEN_UP;
    }
    code = writer_call(c->service->writer, courier_tried_run, tries, err);
    if (code == TONG_OK) courier_count(c, 0, delivered, (int64_t)tries->count - delivered, given_up);
    *sent = tries->count;
    return code;
}

// ---- a pass ----

// *more: there was as much as fits in one pass.
static tong_code courier_pass(struct courier *c, bool *more, struct err *err)
{
    struct courier_options o = courier_options_now(c);
    struct arena arena = {0};
    *more = false;
    struct courier_item *items = arena_array(&arena, COURIER_ITEMS_PASS, sizeof items[0]);
    struct courier_batch *b = arena_alloc(&arena, sizeof *b);
    struct db *db = items == NULL || b == NULL ? NULL : service_reader_take(c->service, err);
    if (db == NULL) {
        arena_free(&arena);
        return tong_fail(err, TONG_E_IO, "no reader for the courier");
    }
    *b = (struct courier_batch){.service = c->service, .db = db, .arena = &arena, .mail = o.mail.url != NULL,
                                .hook = o.hook.url != NULL, .link = o.link == NULL ? "" : o.link, .now = service_now(c->service)};
    size_t n = courier_take(c, items, COURIER_ITEMS_PASS), sent = 0;
    tong_code code = courier_make(b, items, n, err);
    if (code == TONG_OK) code = courier_deliver(c, b, &sent, err);
    *more = code == TONG_OK && (n == COURIER_ITEMS_PASS || sent == COURIER_DUE_PASS);
    service_reader_give(c->service, db, code != TONG_E_IO);
    arena_free(&arena);
    return code;
}

tong_code courier_tick(struct service *s, struct err *err)
{
    bool more = true;
    tong_code code = TONG_OK;
    while (code == TONG_OK && more) code = courier_pass(courier_of(s), &more, err);
    return code;
}

static void *courier_run(void *payload)
{
    struct courier *c = payload;
    bool more = false, troubled = false;
    (void)pthread_mutex_lock(&c->lock);
    while (!c->stop) {
        if (!more || troubled) {
            struct timespec until;
            (void)clock_gettime(CLOCK_REALTIME, &until);
            until.tv_sec += 1;
            bool wait = c->count == 0 || troubled;
            if (wait) (void)pthread_cond_timedwait(&c->wake, &c->lock, &until);
        }
        if (c->stop) break;
        (void)pthread_mutex_unlock(&c->lock);
        struct err err = {0};
        bool was = troubled;
        troubled = courier_pass(c, &more, &err) != TONG_OK;
        if (troubled && !was) log_line(&c->service->log, LOG_WARN, "courier", "code=%s error=\"%s\"", err_slug(err.code), err.text);
        (void)pthread_mutex_lock(&c->lock);
    }
    (void)pthread_mutex_unlock(&c->lock);
    return NULL;
}

// ---- opening and closing ----

static bool courier_keep(struct arena *arena, const char *from, const char **out)
{
    *out = from == NULL ? NULL : arena_copy(arena, from, strlen(from));
    return from == NULL || *out != NULL;
}

tong_code courier_set(struct service *s, const struct courier_options *options, struct err *err)
{
    struct courier *c = courier_of(s);
    struct courier_options o = *options;
    (void)pthread_mutex_lock(&c->lock);
    bool good = courier_keep(&c->texts, options->mail.url, &o.mail.url) && courier_keep(&c->texts, options->mail.from, &o.mail.from) &&
                courier_keep(&c->texts, options->mail.user, &o.mail.user) &&
                courier_keep(&c->texts, options->mail.password, &o.mail.password) &&
                courier_keep(&c->texts, options->hook.url, &o.hook.url) &&
                courier_keep(&c->texts, options->hook.secret, &o.hook.secret) && courier_keep(&c->texts, options->link, &o.link);
    if (good) c->options = o;
    (void)pthread_mutex_unlock(&c->lock);
    return good ? TONG_OK : tong_fail(err, TONG_E_NOMEM, "no memory for the courier's options");
}

void courier_look(struct service *s, struct courier_state *out)
{
    struct courier *c = courier_of(s);
    (void)pthread_mutex_lock(&c->lock);
    *out = c->state;
    out->waiting = c->count;
    (void)pthread_mutex_unlock(&c->lock);
}

tong_code courier_open(struct service *s, void **state, struct err *err)
{
    struct courier *c = calloc(1, sizeof *c);
    if (c == NULL) return tong_fail(err, TONG_E_NOMEM, "courier");
    c->service = s;
    c->queue = calloc(COURIER_QUEUE_MAX, sizeof c->queue[0]);
    bool lock = pthread_mutex_init(&c->lock, NULL) == 0, wake = lock && pthread_cond_init(&c->wake, NULL) == 0;
    bool good = c->queue != NULL && wake && curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK && sodium_init() >= 0;
    if (!good) {
        if (wake) (void)pthread_cond_destroy(&c->wake);
        if (lock) (void)pthread_mutex_destroy(&c->lock);
        free(c->queue);
        free(c);
        return tong_fail(err, TONG_E_NOMEM, "courier");
    }
    *state = c;
    if (s->options.still) return TONG_OK;
    c->running = pthread_create(&c->thread, NULL, courier_run, c) == 0;
    return c->running ? TONG_OK : tong_fail(err, TONG_E_NOMEM, "the courier's thread");
}

static tong_code courier_forget(struct intake *intake, void *payload, struct err *err)
{
    struct service *s = payload;
    (void)intake;
    (void)err;
    s->part[PART_MESSAGES] = NULL;
    return TONG_OK;
}

// The writer still works and publishes what it commits: it lets go of the courier first, in its own thread.
void courier_close(void *state)
{
    struct courier *c = state;
    if (c == NULL) return;
    (void)pthread_mutex_lock(&c->lock);
    c->stop = true;
    (void)pthread_cond_signal(&c->wake);
    (void)pthread_mutex_unlock(&c->lock);
    if (c->running) (void)pthread_join(c->thread, NULL);
    if (courier_of(c->service) == c && writer_do(c->service->writer, courier_forget, c->service, NULL) != TONG_OK)
        c->service->part[PART_MESSAGES] = NULL; // it has stopped already
    (void)pthread_cond_destroy(&c->wake);
    (void)pthread_mutex_destroy(&c->lock);
    arena_free(&c->texts);
    free(c->queue);
    free(c);
    curl_global_cleanup();
}
