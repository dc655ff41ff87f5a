#include "bench_http.h"

#include <arpa/inet.h>
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { HTTP_ROOM = 64 * 1024, HTTP_HEAD_MOST = 32 * 1024 };

double http_now(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

// ---- a reply as it comes in ----

struct http_user {
    int fd; // -1: not connected
    uint16_t port;
    const char *token;
    double timeout_s;
    char *out; // the request
    size_t out_n, out_cap, sent;
    char *in;
    size_t in_n, in_cap;
    bool keep;
    size_t head_n;       // bytes of the head, 0: not whole yet
    int64_t length;      // of the body; -1: chunked, -2: until the end of the connection
    int64_t body_bytes;  // read so far
    size_t kept;         // of the body, at in + head_n
    int64_t chunk_left;  // of a chunked body: -1 a size line is awaited, -2 the last line
    char line[40];
    size_t line_n;
    int32_t status;
    bool whole, last;    // last: the server closes
    double begun, wake;
    struct http_request request;
};

static bool http_room(char **p, size_t *cap, size_t want)
{
    if (want <= *cap) return true;
    size_t more = *cap == 0 ? HTTP_ROOM : *cap;
    while (more < want) more *= 2;
    char *grown = realloc(*p, more);
    if (grown == NULL) return false;
    *p = grown;
    *cap = more;
    return true;
}

static const char *http_field(const char *head, const char *name)
{
    size_t n = strlen(name);
    for (const char *line = strstr(head, "\r\n"); line != NULL; line = strstr(line + 2, "\r\n"))
        if (strncasecmp(line + 2, name, n) == 0 && line[2 + n] == ':') return line + 3 + n + strspn(line + 3 + n, " ");
    return NULL;
}

static void http_head(struct http_user *u)
{
    u->in[u->head_n - 2] = 0;
    u->status = (int32_t)strtol(u->in + 9, NULL, 10);
    const char *length = http_field(u->in, "content-length"), *coded = http_field(u->in, "transfer-encoding");
    const char *connection = http_field(u->in, "connection");
    u->last = connection != NULL && strncasecmp(connection, "close", 5) == 0;
    u->length = length != NULL ? strtoll(length, NULL, 10) : coded != NULL ? -1 : -2;
    if (u->status == 204 || u->status == 304) u->length = 0;
    u->chunk_left = -1;
    u->body_bytes = 0;
    u->kept = 0;
    u->line_n = 0;
    u->whole = u->length == 0;
}

// Takes in bytes of the body that lie anywhere; keeps them behind the head if they are wanted.
static bool http_body(struct http_user *u, const char *p, size_t n)
{
    u->body_bytes += (int64_t)n;
    if (!u->keep) return true;
    if (!http_room(&u->in, &u->in_cap, u->head_n + u->kept + n + 1)) return false;
    memmove(u->in + u->head_n + u->kept, p, n);
    u->kept += n;
    return true;
}

static bool http_chunks(struct http_user *u, const char *p, size_t n)
{
    for (size_t i = 0; i < n && !u->whole;) {
        if (u->chunk_left > 0) {
            size_t take = (int64_t)(n - i) < u->chunk_left ? n - i : (size_t)u->chunk_left;
            if (!http_body(u, p + i, take)) return false;
            u->chunk_left -= (int64_t)take;
            i += take;
            if (u->chunk_left == 0) u->chunk_left = -1;
            continue;
        }
        char c = p[i++];
        if (c == '\r') continue;
        if (c != '\n') {
            if (u->line_n < sizeof u->line - 1) u->line[u->line_n++] = c;
            continue;
        }
        u->line[u->line_n] = 0;
        bool empty = u->line_n == 0;
        u->line_n = 0;
        if (u->chunk_left == -2) u->whole = empty;
        else if (!empty) u->chunk_left = strtoll(u->line, NULL, 16);
        if (u->chunk_left == 0) u->chunk_left = -2;
    }
    return true;
}

static bool http_take(struct http_user *u, const char *p, size_t n)
{
    if (u->head_n == 0) {
        if (!http_room(&u->in, &u->in_cap, u->in_n + n + 1)) return false;
        memcpy(u->in + u->in_n, p, n);
        u->in_n += n;
        u->in[u->in_n] = 0;
        char *end = strstr(u->in, "\r\n\r\n");
        if (end == NULL) return u->in_n < HTTP_HEAD_MOST;
        u->head_n = (size_t)(end - u->in) + 4;
        size_t rest = u->in_n - u->head_n;
        char *copy = malloc(rest + 1); // the body may be written over itself
        if (copy == NULL) return false;
        memcpy(copy, u->in + u->head_n, rest);
        http_head(u);
        bool good = rest == 0 || http_take(u, copy, rest);
        free(copy);
        return good;
    }
    if (u->length == -1) return http_chunks(u, p, n);
    if (!http_body(u, p, n)) return false;
    if (u->length >= 0 && u->body_bytes >= u->length) u->whole = true;
    return true;
}

// ---- sending ----

static bool http_write_request(struct http_user *u, const char *method, const char *path, const char *type, const char *body, size_t body_n)
{
    char head[4096];
    int n = snprintf(head, sizeof head, "%s %s HTTP/1.1\r\nHost: 127.0.0.1:%u\r\nAccept-Language: zh\r\n", method, path, u->port);
    if (u->token != NULL) n += snprintf(head + n, sizeof head - (size_t)n, "Authorization: Bearer %s\r\n", u->token);
    if (body != NULL)
        n += snprintf(head + n, sizeof head - (size_t)n, "Content-Type: %s\r\nContent-Length: %zu\r\n", type, body_n);
    n += snprintf(head + n, sizeof head - (size_t)n, "\r\n");
    assert(n > 0 && (size_t)n < sizeof head);
    if (!http_room(&u->out, &u->out_cap, (size_t)n + body_n)) return false;
    memcpy(u->out, head, (size_t)n);
    if (body_n > 0) memcpy(u->out + n, body, body_n);
    u->out_n = (size_t)n + body_n;
    u->sent = 0;
    u->in_n = u->head_n = 0;
    u->kept = 0;
    u->body_bytes = 0;
    u->whole = u->last = false;
    u->status = 0;
    return true;
}

static void http_drop(struct http_user *u)
{
    if (u->fd >= 0) (void)close(u->fd);
    u->fd = -1;
}

static bool http_connect(struct http_user *u)
{
    if (u->fd >= 0) return true;
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(u->port)};
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int one = 1;
    u->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (u->fd < 0) return false;
    (void)setsockopt(u->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    if (connect(u->fd, (struct sockaddr *)&to, sizeof to) != 0) http_drop(u);
    return u->fd >= 0 && fcntl(u->fd, F_SETFL, O_NONBLOCK) == 0;
}

static struct http_reply http_reply_of(struct http_user *u, bool whole)
{
    struct http_reply r = {.status = whole ? u->status : 0, .seconds = http_now() - u->begun, .bytes = u->body_bytes};
    if (whole && u->keep) {
        u->in[u->head_n + u->kept] = 0;
        r.body = u->in + u->head_n;
        r.body_n = u->kept;
    } else {
        r.body = "";
    }
    if (!whole || u->last) http_drop(u);
    return r;
}

// One round of what the socket allows. 1: the reply is whole; 0: go on; -1: lost.
static int http_step(struct http_user *u)
{
    char buffer[HTTP_ROOM];
    while (u->sent < u->out_n) {
        ssize_t n = send(u->fd, u->out + u->sent, u->out_n - u->sent, MSG_NOSIGNAL);
        if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) break;
        if (n < 0) return -1;
        u->sent += (size_t)n;
    }
    for (;;) {
        ssize_t n = recv(u->fd, buffer, sizeof buffer, 0);
        if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return 0;
        if (n < 0) return -1;
        if (n == 0) {
            if (u->head_n > 0 && u->length == -2) {
                u->whole = u->last = true;
                return 1;
            }
            return -1;
        }
        if (!http_take(u, buffer, (size_t)n)) return -1;
        if (u->whole) return 1;
    }
}

// ---- one user ----

struct http_user *http_user_open(uint16_t port, const char *token, double timeout_s)
{
    struct http_user *u = calloc(1, sizeof *u);
    if (u == NULL) abort();
    u->fd = -1;
    u->port = port;
    u->token = token;
    u->timeout_s = timeout_s;
    return u;
}

void http_user_close(struct http_user *u)
{
    if (u == NULL) return;
    http_drop(u);
    free(u->in);
    free(u->out);
    free(u);
}

struct http_reply http_ask(struct http_user *u, const char *method, const char *path, const char *type, const char *body,
                           size_t body_n, bool keep)
{
    u->keep = keep;
    u->begun = http_now();
    if (!http_write_request(u, method, path, type == NULL ? "application/json" : type, body, body_n) || !http_connect(u))
        return http_reply_of(u, false);
    for (;;) {
        int state = http_step(u);
        if (state != 0) return http_reply_of(u, state > 0);
        double left = u->timeout_s - (http_now() - u->begun);
        struct pollfd p = {.fd = u->fd, .events = (short)(POLLIN | (u->sent < u->out_n ? POLLOUT : 0))};
        if (left <= 0 || poll(&p, 1, (int)(left * 1000) + 1) == 0) return http_reply_of(u, false);
    }
}

struct http_reply http_get(struct http_user *u, const char *path)
{
    return http_ask(u, "GET", path, NULL, NULL, 0, true);
}

// ---- a crowd ----

static uint64_t crowd_random(uint64_t *state) // splitmix64 (Steele, Lea, Flood 2014)
{
    uint64_t z = *state += 0x9E3779B97F4A7C15U;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9U;
    z = (z ^ z >> 27) * 0x94D049BB133111EBU;
    return z ^ z >> 31;
}

static double crowd_think(uint64_t *state, double mean)
{
    return mean <= 0 ? 0 : -mean * log(1 - (double)(crowd_random(state) >> 11) * 0x1p-53);
}

static void crowd_listen(int epoll, struct http_user *u, int32_t i)
{
    struct epoll_event e = {.events = EPOLLIN | (u->sent < u->out_n ? EPOLLOUT : 0), .data = {.u32 = (uint32_t)i}};
    if (epoll_ctl(epoll, EPOLL_CTL_MOD, u->fd, &e) != 0) (void)epoll_ctl(epoll, EPOLL_CTL_ADD, u->fd, &e);
}

static void crowd_finish(const struct http_crowd *c, struct http_user *u, int32_t i, bool whole, uint64_t *random)
{
    struct http_reply reply = http_reply_of(u, whole);
    c->done(c->payload, i, &u->request, &reply);
    u->wake = http_now() + crowd_think(random, whole ? c->think_s : 0.2);
    u->out_n = 0; // thinking
}

static void crowd_begin(const struct http_crowd *c, int epoll, struct http_user *u, int32_t i, uint64_t *random)
{
    c->next(c->payload, i, crowd_random(random), &u->request);
    u->keep = true;
    u->begun = http_now();
    bool good = http_write_request(u, u->request.method, u->request.path, "application/json", u->request.body, u->request.body_n) && http_connect(u);
    int state = good ? http_step(u) : -1;
    if (state == 0) crowd_listen(epoll, u, i);
    else crowd_finish(c, u, i, state > 0, random);
}

static void crowd_round(const struct http_crowd *c, int epoll, struct http_user **users, uint64_t *random)
{
    enum { EVENTS = 64 };
    struct epoll_event events[EVENTS];
    double now = http_now(), next = now + 0.05;
    for (int32_t i = 0; i < c->users; i++) {
        struct http_user *u = users[i];
        if (u->out_n > 0 && now - u->begun > u->timeout_s) crowd_finish(c, u, i, false, random);
        if (u->out_n == 0 && u->wake <= now) crowd_begin(c, epoll, u, i, random);
        if (u->out_n == 0 && u->wake < next) next = u->wake;
    }
    int wait = (int)((next - http_now()) * 1000);
    int n = epoll_wait(epoll, events, EVENTS, wait < 0 ? 0 : wait);
    for (int k = 0; k < n; k++) {
        int32_t i = (int32_t)events[k].data.u32;
        struct http_user *u = users[i];
        if (u->out_n == 0) { // lost while thinking
            http_drop(u);
            continue;
        }
        int state = http_step(u);
        if (state != 0) crowd_finish(c, u, i, state > 0, random);
    }
}

bool http_crowd_run(const struct http_crowd *c)
{
    int epoll = epoll_create1(EPOLL_CLOEXEC);
    struct http_user **users = calloc((size_t)c->users, sizeof *users);
    uint64_t random = c->seed;
    if (epoll < 0 || users == NULL) return false;
    double begun = http_now();
    for (int32_t i = 0; i < c->users; i++) {
        users[i] = http_user_open(c->port, c->tokens[i % c->token_count], 30);
        users[i]->wake = begun + crowd_think(&random, c->think_s);
    }
    while (http_now() - begun < c->seconds && (c->stop == NULL || !*c->stop)) crowd_round(c, epoll, users, &random);
    for (int32_t i = 0; i < c->users; i++) {
        if (users[i]->out_n > 0) { // whoever still waits is told nothing
            struct http_reply lost = http_reply_of(users[i], false);
            c->done(c->payload, i, &users[i]->request, &lost);
        }
        http_user_close(users[i]);
    }
    free(users);
    (void)close(epoll);
    return true;
}

// ---- times ----

void http_times_add(struct http_times *t, double seconds)
{
    if (t->count == t->cap) {
        size_t cap = t->cap == 0 ? 256 : t->cap * 2;
        double *grown = realloc(t->s, cap * sizeof *grown);
        if (grown == NULL) abort();
        t->s = grown;
        t->cap = cap;
    }
    t->s[t->count++] = seconds;
}

static int times_order(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

double http_times_at(struct http_times *t, double share)
{
    if (t->count == 0) return 0;
    qsort(t->s, t->count, sizeof t->s[0], times_order);
    size_t i = (size_t)(share * (double)t->count);
    return t->s[i < t->count ? i : t->count - 1];
}

void http_times_free(struct http_times *t)
{
    free(t->s);
    *t = (struct http_times){0};
}
