#include "service/service.h"

#include "service/assets.h"
#include "service/courier.h"
#include "service/feed.h"
#include "service/metrics.h"
#include "service/parts.h"
#include "service/readers.h"

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { READERS_MAX = 64 };

// ---- the clock ----

struct service_clock {
    pthread_mutex_t lock;
    bool own; // a demo's: else the system's, or the options'
    double speed;
    utc_sec from; // when it was set
    int64_t from_ns;
};

static int64_t clock_ns(clockid_t which)
{
    struct timespec t;
    (void)clock_gettime(which, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

utc_sec service_now(const struct service *s)
{
    struct service_clock *c = s->clock;
    if (s->options.clock != NULL) return s->options.clock(s->options.clock_payload);
    (void)pthread_mutex_lock(&c->lock);
    utc_sec now = {clock_ns(CLOCK_REALTIME) / 1000000000};
    if (c->own) now.s = c->from.s + (int64_t)((double)(clock_ns(CLOCK_MONOTONIC) - c->from_ns) / 1e9 * c->speed);
    (void)pthread_mutex_unlock(&c->lock);
    return now;
}

void service_clock_run(struct service *s, utc_sec from, double speed)
{
    struct service_clock *c = s->clock;
    (void)pthread_mutex_lock(&c->lock);
    c->own = true;
    c->speed = speed;
    c->from = from;
    c->from_ns = clock_ns(CLOCK_MONOTONIC);
    (void)pthread_mutex_unlock(&c->lock);
}

double service_clock_speed(const struct service *s)
{
    (void)pthread_mutex_lock(&s->clock->lock);
    double speed = s->clock->own ? s->clock->speed : 1;
    (void)pthread_mutex_unlock(&s->clock->lock);
    return speed;
}

static struct service_clock *clock_open(void)
{
    struct service_clock *c = calloc(1, sizeof *c);
    if (c != NULL) (void)pthread_mutex_init(&c->lock, NULL);
    return c;
}

static void clock_close(struct service_clock *c)
{
    if (c != NULL) (void)pthread_mutex_destroy(&c->lock);
    free(c);
}

// The finisher of splitmix64 (Steele, Lea, Flood 2014) is one-to-one: numbers do not repeat.
uint64_t service_request_id(struct service *s)
{
    uint64_t z = (atomic_fetch_add(&s->requests, 1) + s->request_key) * 0x9E3779B97F4A7C15U;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9U;
    z = (z ^ z >> 27) * 0x94D049BB133111EBU;
    return z ^ z >> 31;
}

// Editions are only ever added, and stay as long as the intake does: whoever sees the count sees what stands below it.
void service_book_changed(struct service *s)
{
    const struct rulebook *book = intake_book(s->intake);
    size_t count = atomic_load_explicit(&s->edition_count, memory_order_relaxed);
    size_t now = book == NULL ? 0 : book->count < SERVICE_EDITIONS_MAX ? book->count : SERVICE_EDITIONS_MAX;
    for (size_t i = count; i < now; i++) s->edition[i] = book->editions[i];
    atomic_store_explicit(&s->edition_count, now > count ? now : count, memory_order_release);
    atomic_store_explicit(&s->edition_in_force, intake_edition(s->intake), memory_order_release);
}

struct rulebook service_book(const struct service *s)
{
    return (struct rulebook){s->edition, atomic_load_explicit(&s->edition_count, memory_order_acquire)};
}

int32_t service_edition(const struct service *s)
{
    int32_t edition = atomic_load_explicit(&s->edition_in_force, memory_order_acquire);
    return edition >= 0 && (size_t)edition < service_book(s).count ? edition : -1;
}

struct db *service_reader_take(struct service *s, struct err *err)
{
    return readers_take(s->readers, err);
}
void service_reader_give(struct service *s, struct db *db, bool good)
{
    readers_give(s->readers, db, good);
}

// ---- reading the lists, while requests are already answered ----

struct roll_loading {
    struct service *service;
    pthread_t thread;
    bool started;
};

static tong_code service_load(struct service *s, struct err *err)
{
    struct db *db = readers_take(s->readers, err);
    if (db == NULL) return TONG_E_IO;
    tong_code code = roll_load(s->roll, db, s->vault, intake_book(s->intake), service_now(s), err);
    readers_give(s->readers, db, code == TONG_OK);
    return code;
}

static void *loading_thread(void *payload)
{
    struct roll_loading *loading = payload;
    struct service *s = loading->service;
    struct err err = {0};
    int64_t began = clock_ns(CLOCK_MONOTONIC);
    tong_code code = service_load(s, &err);
    double ms = (double)(clock_ns(CLOCK_MONOTONIC) - began) / 1e6;
    roll_read_begin(s->roll);
    size_t bytes = roll_bytes(s->roll);
    roll_read_end(s->roll);
    if (code == TONG_OK) log_line(&s->log, LOG_INFO, "lists_ready", "ms=%.0f bytes=%zu", ms, bytes);
    else log_line(&s->log, LOG_ERROR, "lists_failed", "code=%s error=\"%s\"", err_slug(code), err.text);
    return NULL;
}

static tong_code loading_open(struct service *s, struct err *err)
{
    if (s->options.still) return service_load(s, err);
    s->loading = calloc(1, sizeof *s->loading);
    if (s->loading == NULL) return tong_fail(err, TONG_E_NOMEM, "loading");
    s->loading->service = s;
    s->loading->started = pthread_create(&s->loading->thread, NULL, loading_thread, s->loading) == 0;
    return s->loading->started ? TONG_OK : tong_fail(err, TONG_E_NOMEM, "loading");
}

static void loading_close(struct roll_loading *loading)
{
    if (loading != NULL && loading->started) (void)pthread_join(loading->thread, NULL);
    free(loading);
}

// ---- opening and closing ----

static void service_committed(void *payload, const struct intake_change *changes, size_t count)
{
    struct service *s = payload;
    feed_publish(s->feed, changes, count);
    courier_publish(s, changes, count);
}

static tong_code service_open_parts(struct service *s, struct err *err)
{
    struct intake_options intake = {.where = s->options.where,
                                    .vault = s->options.vault,
                                    .roll = s->roll,
                                    .committed = service_committed,
                                    .payload = s};
    tong_code code = intake_open(&intake, &s->intake, err);
    if (code != TONG_OK) return code;
    s->vault = intake_vault(s->intake);
    s->write_db = intake_db(s->intake);
    service_book_changed(s);
    int32_t readers = s->options.readers_max > 0 ? s->options.readers_max : READERS_MAX;
    s->readers = readers_open(s->options.where, readers);
    if (s->readers == NULL) return tong_fail(err, TONG_E_NOMEM, "readers");
    code = writer_open(s, s->options.still, &s->writer, err);
    if (code == TONG_OK) code = parts_open(s, err);
    if (code == TONG_OK) code = loading_open(s, err);
    return code;
}

tong_code service_open(const struct service_options *options, struct service **out, struct err *err)
{
    struct service *s = calloc(1, sizeof *s);
    if (s == NULL) return tong_fail(err, TONG_E_NOMEM, "service");
    s->options = *options;
    s->log = options->log;
    if (s->options.zone.name[0] == 0) zone_fixed(0, "UTC", &s->options.zone);
    vault_random(&s->request_key, sizeof s->request_key);
    s->clock = clock_open();
    s->router = router_open();
    s->roll = roll_open();
    s->feed = feed_open();
    s->metrics = s->router == NULL ? NULL : metrics_open(router_count(s->router));
    s->assets = assets_open(options->web);
    bool good = s->clock != NULL && s->router != NULL && s->roll != NULL && s->feed != NULL && s->metrics != NULL &&
                s->assets != NULL;
    tong_code code = good ? service_open_parts(s, err) : tong_fail(err, TONG_E_NOMEM, "service");
    if (code != TONG_OK) {
        service_close(s);
        return code;
    }
    *out = s;
    return TONG_OK;
}

void service_close(struct service *s)
{
    if (s == NULL) return;
    loading_close(s->loading);
    parts_close(s);
    writer_close(s->writer);
    intake_close(s->intake);
    readers_close(s->readers);
    assets_close(s->assets);
    metrics_close(s->metrics);
    feed_close(s->feed);
    roll_close(s->roll);
    router_close(s->router);
    clock_close(s->clock);
    free(s);
}

tong_code service_tick(struct service *s, struct err *err)
{
    assert(s->options.still);
    return writer_advance(s->writer, err);
}
