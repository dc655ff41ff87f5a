#include "service/listen.h"

#include "service/address.h"
#include "service/dispatch.h"
#include "service/feed.h"
#include "service/problem.h"
#include "service/spool.h"
#include "service/workers.h"

#include <arpa/inet.h>
#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <microhttpd.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
    TICK_MS = 100,
    TICKS_A_SECOND = 1000 / TICK_MS,
    STREAM_BLOCK = 32 * 1024,
    SWALLOW_BYTES = 8 << 20,
    WORKER_QUEUE = 4096
};

typedef enum phase { PHASE_HEAD, PHASE_BODY, PHASE_WORK, PHASE_REPLY } phase;

// One connection, and the one request that it may carry at a time.
struct connection {
    struct listener *listener;
    struct MHD_Connection *mhd;
    struct connection *before, *behind; // of all
    struct connection *next_asleep;
    int socket;
    char remote[INET6_ADDRSTRLEN];
    _Atomic int64_t since, bytes; // of this phase, for the clock that cuts off
    _Atomic int phase;
    // Of the request:
    struct arena arena;
    struct request rq;
    struct reply rp;
    struct spool spool;
    int64_t body_max;
    bool begun, known, quick, refused, dispatched, queued;
};

struct listener {
    struct service *service;
    struct listener_options options;
    struct MHD_Daemon *daemon;
    int32_t port;
    char *certificate, *key;
    struct workers *readers, *writers;
    pthread_mutex_t lock; // of the two lists
    struct connection *all, *asleep;
    _Atomic int32_t running; // requests between their head and the end of their reply
    atomic_bool stopping;
    pthread_t ticker;
    bool ticking;
};

static int64_t listen_seconds(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec;
}

static void connection_phase(struct connection *c, phase to)
{
    atomic_store(&c->since, listen_seconds());
    atomic_store(&c->bytes, 0);
    atomic_store(&c->phase, (int)to);
}

// ---- connections ----

static void connection_remote(struct connection *c)
{
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(c->mhd, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    if (info == NULL || info->client_addr == NULL) return;
    const struct sockaddr *at = info->client_addr;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
    if (at->sa_family == AF_INET) {
        memcpy(&v4, at, sizeof v4);
        (void)inet_ntop(AF_INET, &v4.sin_addr, c->remote, sizeof c->remote);
    } else if (at->sa_family == AF_INET6) {
        memcpy(&v6, at, sizeof v6);
        (void)inet_ntop(AF_INET6, &v6.sin6_addr, c->remote, sizeof c->remote);
    }
}

static void connection_opened(struct listener *l, struct MHD_Connection *mhd, void **context)
{
    struct connection *c = calloc(1, sizeof *c);
    *context = c;
    if (c == NULL) return; // its requests are refused
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CONNECTION_FD);
    c->listener = l;
    c->mhd = mhd;
    c->socket = info == NULL ? -1 : info->connect_fd;
    connection_remote(c);
    connection_phase(c, PHASE_HEAD);
    (void)pthread_mutex_lock(&l->lock);
    c->behind = l->all;
    if (l->all != NULL) l->all->before = c;
    l->all = c;
    (void)pthread_mutex_unlock(&l->lock);
}

static void request_end(struct connection *c)
{
    if (!c->begun) return;
    reply_close(&c->rp);
    spool_close(&c->spool);
    arena_free(&c->arena);
    c->begun = false;
    connection_phase(c, PHASE_HEAD);
    (void)atomic_fetch_sub(&c->listener->running, 1);
}

static void connection_closed(struct listener *l, void **context)
{
    struct connection *c = *context;
    if (c == NULL) return;
    (void)pthread_mutex_lock(&l->lock); // its socket is closed after this, so the ticker cannot hit another's
    if (c->before != NULL) c->before->behind = c->behind;
    else l->all = c->behind;
    if (c->behind != NULL) c->behind->before = c->before;
    (void)pthread_mutex_unlock(&l->lock);
    request_end(c);
    free(c);
    *context = NULL;
}

static void listen_notify(void *payload, struct MHD_Connection *mhd, void **context,
                          enum MHD_ConnectionNotificationCode code)
{
    if (code == MHD_CONNECTION_NOTIFY_STARTED) connection_opened(payload, mhd, context);
    else connection_closed(payload, context);
}

static struct connection *connection_of(struct MHD_Connection *mhd)
{
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return info == NULL ? NULL : info->socket_context;
}

// ---- a request arrives ----

// The target as it was sent, before the library decodes it in place.
static void *listen_target(void *payload, const char *target, struct MHD_Connection *mhd)
{
    struct connection *c = connection_of(mhd);
    (void)payload;
    if (c == NULL) return NULL;
    request_end(c);
    c->arena = (struct arena){.bytes_max = HTTP_ARENA_BYTES_MAX};
    c->rq = (struct request){.body_file = -1, .arena = &c->arena};
    c->rp = (struct reply){0};
    c->known = c->refused = c->dispatched = c->queued = false;
    c->begun = true;
    (void)atomic_fetch_add(&c->listener->running, 1);
    size_t n = strlen(target);
    char *kept = n > HTTP_TARGET_BYTES_MAX ? NULL : arena_copy(&c->arena, target, n);
    if (kept != NULL) c->rq.target = (struct str){kept, n}; // else it stays empty: malformed
    connection_phase(c, PHASE_BODY);
    return c;
}

static const struct {
    const char *name;
    size_t offset;
} header_fields[] = {
    {"Accept", offsetof(struct request, accept)},
    {"Accept-Encoding", offsetof(struct request, accept_encoding)},
    {"Accept-Language", offsetof(struct request, accept_language)},
    {"Authorization", offsetof(struct request, authorization)},
    {"Content-Type", offsetof(struct request, content_type)},
    {"Cookie", offsetof(struct request, cookie)},
    {"Host", offsetof(struct request, host)},
    {"Idempotency-Key", offsetof(struct request, idempotency)},
    {"If-Match", offsetof(struct request, if_match)},
    {"If-None-Match", offsetof(struct request, if_none_match)},
    {"Last-Event-ID", offsetof(struct request, last_event)},
    {"Origin", offsetof(struct request, origin)},
    {"Sec-Fetch-Site", offsetof(struct request, fetch_site)},
    {"Tongzhou-Account", offsetof(struct request, as_account)},
    {"User-Agent", offsetof(struct request, agent)},
};

// The last address of X-Forwarded-For is the one our own proxy saw; those before it are what the client said.
static void header_forwarded(struct connection *c, const char *value)
{
    const char *comma = strrchr(value, ',');
    struct str last = str_trim(str_z(comma == NULL ? value : comma + 1));
    if (last.n > 0 && last.n < INET6_ADDRSTRLEN) c->rq.remote = last;
}

static enum MHD_Result listen_header(void *payload, enum MHD_ValueKind kind, const char *name, const char *value)
{
    struct connection *c = payload;
    (void)kind;
    if (value == NULL) return MHD_YES;
    for (size_t i = 0; i < sizeof header_fields / sizeof header_fields[0]; i++) {
        if (strcasecmp(name, header_fields[i].name) != 0) continue;
        struct str field = str_z(value), was;
        char *at = (char *)&c->rq + header_fields[i].offset;
        memcpy(&was, at, sizeof was);
        if (was.p == NULL) memcpy(at, &field, sizeof field); // the first of two counts
        return MHD_YES;
    }
    if (c->listener->options.proxy && strcasecmp(name, "X-Forwarded-For") == 0) header_forwarded(c, value);
    return MHD_YES;
}

static int64_t content_length(struct connection *c)
{
    const char *text = MHD_lookup_connection_value(c->mhd, MHD_HEADER_KIND, "Content-Length");
    int64_t n = 0;
    return text != NULL && str_int(str_z(text), &n) ? n : 0;
}

// ---- the reply goes out ----

static void connection_sleep(struct connection *c)
{
    struct listener *l = c->listener;
    MHD_suspend_connection(c->mhd);
    (void)pthread_mutex_lock(&l->lock);
    c->next_asleep = l->asleep;
    l->asleep = c;
    (void)pthread_mutex_unlock(&l->lock);
}

static ssize_t listen_stream(void *payload, uint64_t at, char *buffer, size_t room)
{
    struct connection *c = payload;
    (void)at;
    int64_t n = c->rp.stream(c->rp.stream_state, buffer, room);
    connection_phase(c, PHASE_REPLY);
    if (n > 0) return (ssize_t)n;
    if (n == STREAM_END) return MHD_CONTENT_READER_END_OF_STREAM;
    if (n < 0 || atomic_load(&c->listener->stopping)) return MHD_CONTENT_READER_END_WITH_ERROR;
    connection_sleep(c);
    return 0;
}

static struct MHD_Response *response_make(struct connection *c)
{
    struct reply *rp = &c->rp;
    struct MHD_Response *response;
    if (rp->stream != NULL)
        return MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, STREAM_BLOCK, listen_stream, c, NULL);
    if (rp->fixed.p != NULL)
        return MHD_create_response_from_buffer(rp->fixed.n, (void *)(uintptr_t)rp->fixed.p, MHD_RESPMEM_PERSISTENT);
    if (rp->body.n == 0) return MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT);
    response = MHD_create_response_from_buffer(rp->body.n, rp->body.text, MHD_RESPMEM_MUST_FREE);
    if (response != NULL) rp->body = (struct sink){0}; // theirs now
    return response;
}

static enum MHD_Result listen_queue(struct connection *c)
{
    struct reply *rp = &c->rp;
    struct MHD_Response *response = response_make(c);
    if (response == NULL) return MHD_NO;
    bool good =
        rp->type == NULL || MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, rp->type) == MHD_YES;
    for (size_t i = 0; i < rp->header_count && good; i++) {
        const char *value = rp->header[i].value.p; // static, or from the arena: ends in NUL
        good = value == NULL || MHD_add_response_header(response, rp->header[i].name.p, value) == MHD_YES;
    }
    if (atomic_load(&c->listener->stopping))
        (void)MHD_add_response_header(response, MHD_HTTP_HEADER_CONNECTION, "close");
    connection_phase(c, PHASE_REPLY);
    c->queued = true;
    enum MHD_Result result = good ? MHD_queue_response(c->mhd, (unsigned)rp->status, response) : MHD_NO;
    MHD_destroy_response(response);
    return result;
}

// ---- a request is run ----

static void listen_work(void *payload)
{
    struct connection *c = payload;
    http_dispatch(c->listener->service, &c->rq, &c->rp);
    c->dispatched = true;
    MHD_resume_connection(c->mhd);
}

static enum MHD_Result listen_refuse(struct connection *c, int32_t fault, const char *arg)
{
    http_refuse(c->listener->service, &c->rq, &c->rp, fault, arg);
    c->refused = true;
    return listen_queue(c);
}

static enum MHD_Result listen_run(struct connection *c)
{
    struct listener *l = c->listener;
    if (!spool_whole(&c->spool, &c->rq.body, &c->rq.body_file)) return listen_refuse(c, HTTP_FAULT_BUSY, NULL);
    connection_phase(c, PHASE_WORK);
    if (c->quick) {
        http_dispatch(l->service, &c->rq, &c->rp);
        return listen_queue(c);
    }
    bool reads = c->rq.method == HTTP_GET || c->rq.method == HTTP_HEAD;
    MHD_suspend_connection(c->mhd);
    if (workers_push(reads ? l->readers : l->writers, listen_work, c)) return MHD_YES;
    MHD_resume_connection(c->mhd);
    return listen_refuse(c, HTTP_FAULT_BUSY, NULL);
}

static enum MHD_Result listen_begin(struct connection *c, const char *method)
{
    char limit[24];
    c->known = true;
    c->rq.method = http_method_find(method);
    c->rq.remote = str_z(c->remote);
    (void)MHD_get_connection_values(c->mhd, MHD_HEADER_KIND, listen_header, c);
    bool leads = http_expects(c->listener->service, &c->rq, &c->body_max, &c->quick);
    int64_t length = content_length(c);
    if (length > 0 && !leads) { // answered without its body, after which the connection is closed
        http_dispatch(c->listener->service, &c->rq, &c->rp);
        c->refused = true;
        return listen_queue(c);
    }
    if (length > c->body_max) {
        (void)snprintf(limit, sizeof limit, "%" PRId64, c->body_max);
        return listen_refuse(c, HTTP_FAULT_BODY_LARGE, limit);
    }
    return MHD_YES;
}

// More of the body. What is too much (sent in chunks, without a length) is read and dropped, so that the answer can be
// given; up to a point.
static enum MHD_Result listen_body(struct connection *c, const char *p, size_t n)
{
    atomic_store(&c->bytes, atomic_load(&c->bytes) + (int64_t)n);
    c->spool.bytes += c->refused ? (int64_t)n : 0;
    if (!c->refused && c->spool.bytes + (int64_t)n > c->body_max) {
        c->refused = true;
        spool_close(&c->spool);
    }
    if (c->refused) return c->spool.bytes > SWALLOW_BYTES ? MHD_NO : MHD_YES;
    return spool_add(&c->spool, c->listener->options.spool, p, n, LISTEN_SPOOL_BYTES) ? MHD_YES : MHD_NO;
}

static enum MHD_Result listen_access(void *payload, struct MHD_Connection *mhd, const char *url, const char *method,
                                     const char *version, const char *data, size_t *size, void **context)
{
    struct connection *c = *context;
    char limit[24];
    (void)payload;
    (void)url;
    (void)version;
    if (c == NULL || !c->begun) return MHD_NO;
    assert(c->mhd == mhd);
    if (c->dispatched && !c->queued) return listen_queue(c);
    if (!c->known) return listen_begin(c, method);
    if (*size > 0) {
        size_t n = *size;
        *size = 0;
        return listen_body(c, data, n);
    }
    if (c->refused) {
        spool_close(&c->spool);
        (void)snprintf(limit, sizeof limit, "%" PRId64, c->body_max);
        return listen_refuse(c, HTTP_FAULT_BODY_LARGE, limit);
    }
    return listen_run(c);
}

static void listen_completed(void *payload, struct MHD_Connection *mhd, void **context,
                             enum MHD_RequestTerminationCode code)
{
    struct connection *c = *context;
    (void)payload;
    (void)mhd;
    (void)code;
    if (c != NULL) request_end(c);
    *context = NULL;
}

// ---- the ticker: wakes streams, cuts off who dawdles ----

static void listen_wake(struct listener *l)
{
    (void)pthread_mutex_lock(&l->lock);
    struct connection *c = l->asleep;
    l->asleep = NULL;
    for (struct connection *next; c != NULL; c = next) {
        next = c->next_asleep;
        MHD_resume_connection(c->mhd);
    }
    (void)pthread_mutex_unlock(&l->lock);
}

static bool connection_dawdles(struct connection *c, int64_t now)
{
    int64_t took = now - atomic_load(&c->since);
    int64_t head_s = c->listener->options.head_s > 0 ? c->listener->options.head_s : LISTEN_HEAD_S;
    switch ((phase)atomic_load(&c->phase)) {
    case PHASE_HEAD: return took > head_s;
    case PHASE_BODY: return took > LISTEN_BODY_S + head_s + atomic_load(&c->bytes) / LISTEN_BODY_BYTES_S;
    case PHASE_WORK:
    case PHASE_REPLY: break; // the library's own timeout watches a reply
    }
    return false;
}

static void listen_cut_off(struct listener *l)
{
    int64_t now = listen_seconds();
    (void)pthread_mutex_lock(&l->lock);
    for (struct connection *c = l->all; c != NULL; c = c->behind)
        if (c->socket >= 0 && connection_dawdles(c, now)) (void)shutdown(c->socket, SHUT_RDWR);
    (void)pthread_mutex_unlock(&l->lock);
}

static void *listen_ticker(void *payload)
{
    struct listener *l = payload;
    struct timespec pause = {.tv_nsec = TICK_MS * 1000000L};
    uint64_t told = 0;
    bool again = false; // one tick more, for whoever fell asleep while the change was told
    for (int64_t tick = 0; !atomic_load(&l->stopping); tick++) {
        (void)nanosleep(&pause, NULL);
        uint64_t last = feed_last(l->service->feed);
        bool second = tick % TICKS_A_SECOND == 0;
        if (last != told || again || second) listen_wake(l);
        again = last != told;
        told = last;
        if (second) listen_cut_off(l);
    }
    return NULL;
}

// ---- opening and closing ----

static char *file_text(const char *path, struct err *err)
{
    enum { PEM_MAX = 1 << 20 };
    FILE *f = fopen(path, "rb");
    char *text = calloc(1, PEM_MAX + 1);
    size_t n = f == NULL || text == NULL ? 0 : fread(text, 1, PEM_MAX, f);
    if (f != NULL) (void)fclose(f);
    if (n > 0) return text;
    free(text);
    (void)tong_fail(err, TONG_E_INVALID, "%s: %s", path, f == NULL ? strerror(errno) : "is empty");
    return NULL;
}

static bool listen_daemon(struct listener *l, int file)
{
    const struct listener_options *o = &l->options;
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    unsigned threads = o->threads > 0 ? o->threads : cores < 1 ? 1 : cores > 16 ? 16 : (unsigned)cores;
    struct MHD_OptionItem tls[] = {
        {MHD_OPTION_HTTPS_MEM_CERT, 0, l->certificate},
        {MHD_OPTION_HTTPS_MEM_KEY, 0, l->key},
        {MHD_OPTION_HTTPS_PRIORITIES, 0, (void *)(uintptr_t) "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2"},
        {MHD_OPTION_END, 0, NULL},
    };
    bool secure = l->certificate != NULL;
    unsigned flags =
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ITC | (secure ? MHD_USE_TLS : 0U);
    l->daemon = MHD_start_daemon(
        flags, 0, NULL, NULL, listen_access, l, MHD_OPTION_LISTEN_SOCKET, (MHD_socket)file, MHD_OPTION_THREAD_POOL_SIZE,
        threads, MHD_OPTION_CONNECTION_LIMIT, o->connections > 0 ? o->connections : (unsigned)LISTEN_CONNECTIONS,
        MHD_OPTION_PER_IP_CONNECTION_LIMIT, o->per_address > 0 ? o->per_address : (unsigned)LISTEN_PER_ADDRESS,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)LISTEN_HEAD_BYTES, MHD_OPTION_CONNECTION_TIMEOUT,
        (unsigned)LISTEN_HEAD_S, MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_NOTIFY_CONNECTION, listen_notify, l,
        MHD_OPTION_URI_LOG_CALLBACK, listen_target, l, MHD_OPTION_NOTIFY_COMPLETED, listen_completed, l,
        MHD_OPTION_ARRAY, secure ? tls : &tls[3], MHD_OPTION_END);
    return l->daemon != NULL;
}

tong_code listener_open(struct service *s, const struct listener_options *options, struct listener **out,
                        struct err *err)
{
    int file = -1;
    tong_code code = TONG_OK;
    struct listener *l = calloc(1, sizeof *l);
    if (l == NULL) return tong_fail(err, TONG_E_NOMEM, "listener");
    l->service = s;
    l->options = *options;
    (void)pthread_mutex_init(&l->lock, NULL);
    (void)signal(SIGPIPE, SIG_IGN); // who hangs up must not end the program
    if (options->certificate != NULL) {
        l->certificate = file_text(options->certificate, err);
        l->key =
            l->certificate == NULL ? NULL : file_text(options->key == NULL ? options->certificate : options->key, err);
        if (l->key == NULL) code = TONG_E_INVALID;
    }
    if (code == TONG_OK) code = address_listen(options->address, &file, &l->port, err);
    l->readers = workers_open(options->workers_read > 0 ? options->workers_read : 8, WORKER_QUEUE);
    l->writers = workers_open(options->workers_write > 0 ? options->workers_write : 32, WORKER_QUEUE);
    if (code == TONG_OK && (l->readers == NULL || l->writers == NULL)) code = tong_fail(err, TONG_E_NOMEM, "listener");
    if (code == TONG_OK && !listen_daemon(l, file)) {
        bool tls = options->certificate != NULL;
        code = tong_fail(err, tls ? TONG_E_INVALID : TONG_E_IO, "%s",
                         tls ? "the certificate or its key is not good" : "libmicrohttpd did not start");
    }
    if (code == TONG_OK) l->ticking = pthread_create(&l->ticker, NULL, listen_ticker, l) == 0;
    if (code == TONG_OK && !l->ticking) code = tong_fail(err, TONG_E_NOMEM, "listener");
    if (code != TONG_OK) {
        if (file >= 0 && l->daemon == NULL) (void)close(file);
        listener_close(l);
        return code;
    }
    *out = l;
    return TONG_OK;
}

int32_t listener_port(const struct listener *l)
{
    return l->port;
}

void listener_close(struct listener *l)
{
    struct timespec pause = {.tv_nsec = 10 * 1000000L};
    if (l == NULL) return;
    MHD_socket file = l->daemon == NULL ? MHD_INVALID_SOCKET : MHD_quiesce_daemon(l->daemon);
    atomic_store(&l->stopping, true);
    feed_end(l->service->feed);
    if (l->ticking) (void)pthread_join(l->ticker, NULL);
    for (int i = 0; i < LISTEN_STOP_S * 100 && atomic_load(&l->running) > 0; i++) {
        listen_wake(l);
        (void)nanosleep(&pause, NULL);
    }
    workers_close(l->readers);
    workers_close(l->writers);
    listen_wake(l);
    if (l->daemon != NULL) MHD_stop_daemon(l->daemon);
    if (file != MHD_INVALID_SOCKET) (void)close(file); // not before: its threads still take it out of their sets
    (void)pthread_mutex_destroy(&l->lock);
    free(l->certificate);
    free(l->key);
    free(l);
}
