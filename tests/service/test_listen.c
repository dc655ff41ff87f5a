// Over a real socket: what only the listener can get wrong -- heads, bodies, pipelines, slow clients, streams, the end.
#include "tap.h"

#include "harness.h"

#include "service/feed.h"
#include "service/listen.h"
#include "service/spool.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

enum { ANSWER_BYTES = 1 << 20 };
static const char about[] = "GET /api/v1/about HTTP/1.1\r\nHost: t\r\n\r\n";

static int client(const struct listener *l)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)listener_port(l))};
    struct timeval patience = {.tv_sec = 8};
    int file = socket(AF_INET, SOCK_STREAM, 0);
    (void)inet_pton(AF_INET, "127.0.0.1", &to.sin_addr);
    (void)setsockopt(file, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    if (connect(file, (struct sockaddr *)&to, sizeof to) == 0) return file;
    (void)close(file);
    return -1;
}

static bool say(int file, const char *text, size_t n)
{
    while (n > 0) {
        ssize_t sent = send(file, text, n, MSG_NOSIGNAL);
        if (sent <= 0) return false;
        text += sent;
        n -= (size_t)sent;
    }
    return true;
}

// Everything until the server closes, or `enough` is found (NULL: until it closes).
static size_t hear(int file, char *out, const char *enough)
{
    size_t n = 0;
    ssize_t got;
    out[0] = 0;
    while (n < ANSWER_BYTES - 1 && (got = recv(file, out + n, ANSWER_BYTES - 1 - n, 0)) > 0) {
        n += (size_t)got;
        out[n] = 0;
        if (enough != NULL && strstr(out, enough) != NULL) break;
    }
    return n;
}

static int status_of(const char *answer)
{
    return strncmp(answer, "HTTP/1.1 ", 9) == 0 ? (int)strtol(answer + 9, NULL, 10) : 0;
}

static int talk(const struct listener *l, const char *text, size_t n, char *out)
{
    int file = client(l);
    (void)say(file, text, n);
    (void)shutdown(file, SHUT_WR);
    (void)hear(file, out, NULL);
    (void)close(file);
    return status_of(out);
}

// Until the lists are read and time has passed once.
static void becomes_well(const struct listener *l, char *out)
{
    static const char well[] = "GET /healthz HTTP/1.1\r\nHost: t\r\n\r\n";
    struct timespec pause = {.tv_nsec = 20000000};
    int status = 0;
    for (int i = 0; i < 200 && status != 200; i++) {
        status = talk(l, well, sizeof well - 1, out);
        (void)nanosleep(&pause, NULL);
    }
    EQ_INT(status, 200, "the server becomes well");
}

static int times(const char *text, const char *part)
{
    int n = 0;
    for (const char *at = text; (at = strstr(at, part)) != NULL; at++) n++;
    return n;
}

static void requests(const struct listener *l, char *out)
{
    static const struct {
        const char *name, *text;
        int status;
    } rows[] = {
        {"a plain request", "GET /api/v1/about HTTP/1.1\r\nHost: t\r\n\r\n", 200},
        {"an older client", "GET /healthz HTTP/1.0\r\n\r\n", 200},
        {"no Host in HTTP/1.1", "GET /healthz HTTP/1.1\r\n\r\n", 400},
        {"a method nobody knows", "BREW /healthz HTTP/1.1\r\nHost: t\r\n\r\n", 405},
        {"an escape of NUL", "GET /api/v1/about%00x HTTP/1.1\r\nHost: t\r\n\r\n", 404},
        {"bad UTF-8 in the query", "GET /api/v1/about?a=%C3%28 HTTP/1.1\r\nHost: t\r\n\r\n", 400},
        {"a path that climbs", "GET /../../etc/passwd HTTP/1.1\r\nHost: t\r\n\r\n",
         200}, // a page of the app, never a file
        {"an escaped path that climbs", "GET /%2e%2e/%2e%2e/etc/passwd.txt HTTP/1.1\r\nHost: t\r\n\r\n", 404},
        {"a body where none is taken", "POST /api/v1/about HTTP/1.1\r\nHost: t\r\nContent-Length: 3\r\n\r\nabc", 405},
        {"a body in the GET", "GET /api/v1/about HTTP/1.1\r\nHost: t\r\nContent-Length: 3\r\n\r\nabc", 413},
        {"a length that is no number", "POST /api/v1/about HTTP/1.1\r\nHost: t\r\nContent-Length: x\r\n\r\n", 400},
        {"the app's page", "GET / HTTP/1.1\r\nHost: t\r\n\r\n", 200},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        EQ_INT(talk(l, rows[i].text, strlen(rows[i].text), out), rows[i].status, "%s", rows[i].name);
}

static void heads(const struct listener *l, char *out)
{
    static char text[80000];
    int n = snprintf(text, sizeof text, "GET /api/v1/about?x=");
    memset(text + n, 'a', 9000);
    (void)snprintf(text + n + 9000, sizeof text - (size_t)n - 9000, " HTTP/1.1\r\nHost: t\r\n\r\n");
    EQ_INT(talk(l, text, strlen(text), out), 400, "an address beyond 8,192 bytes");
    n = snprintf(text, sizeof text, "GET /api/v1/about HTTP/1.1\r\nHost: t\r\nX-Long: ");
    memset(text + n, 'a', 60000);
    (void)snprintf(text + n + 60000, sizeof text - (size_t)n - 60000, "\r\n\r\n");
    EQ_INT(talk(l, text, strlen(text), out), 431, "a head beyond its limit");
}

static void head_and_tags(const struct listener *l, char *out)
{
    int file = client(l);
    char text[400], tag[40] = "";
    static const char head[] = "HEAD /api/v1/openapi.json HTTP/1.1\r\nHost: t\r\n\r\n";
    (void)say(file, head, sizeof head - 1);
    (void)hear(file, out, "\r\n\r\n");
    const char *length = strstr(out, "Content-Length: "), *etag = strstr(out, "ETag: ");
    OK(status_of(out) == 200 && length != NULL && strtol(length + 16, NULL, 10) > 1000,
       "HEAD tells the length of the body");
    OK(strstr(out, "openapi") == NULL, "and does not send it");
    if (OK(etag != NULL, "it has a tag")) (void)snprintf(tag, sizeof tag, "%.18s", etag + 6);
    (void)snprintf(text, sizeof text, "GET /api/v1/openapi.json HTTP/1.1\r\nHost: t\r\nIf-None-Match: %s\r\n\r\n", tag);
    (void)say(file, text, strlen(text));
    (void)hear(file, out, "\r\n\r\n");
    EQ_INT(status_of(out), 304, "the same tag again, on the same connection");
    (void)close(file);
}

static void pipeline(const struct listener *l, char *out)
{
    char text[2000] = "";
    for (int i = 0; i < 10; i++) (void)snprintf(text + strlen(text), sizeof text - strlen(text), "%s", about);
    (void)talk(l, text, strlen(text), out);
    EQ_INT(times(out, "HTTP/1.1 200"), 10, "ten requests at once get ten answers");
}

static void slow_client(const struct listener *l, char *out)
{
    time_t began = time(NULL);
    int file = client(l);
    bool cut = false;
    for (int i = 0; i < 12 && !cut; i++) { // one byte a second, for ever
        cut = !say(file, &about[i], 1);
        struct timeval second = {.tv_sec = 1};
        (void)setsockopt(file, SOL_SOCKET, SO_RCVTIMEO, &second, sizeof second);
        if (recv(file, out, 100, 0) == 0) cut = true;
    }
    OK(cut && time(NULL) - began < 10, "who sends a byte a second is cut off");
    EQ_INT(talk(l, about, strlen(about), out), 200, "and others are served");
    (void)close(file);
}

// A stream: what was published reaches the client at once, and the connection ends when the service does.
static void live_feed(struct harness *h, const struct listener *l, char *out)
{
    static const char ask[] = "GET /api/v1/feed HTTP/1.1\r\nHost: t\r\nAuthorization: Test administrator\r\n\r\n";
    struct intake_change change = {.kind = CHANGE_EDITION, .id = 3};
    int file = client(l);
    (void)say(file, ask, strlen(ask));
    (void)hear(file, out, "event: hello");
    OK(strstr(out, "text/event-stream") != NULL && strstr(out, "event: hello") != NULL, "a feed begins");
    feed_publish(h->service->feed, &change, 1);
    (void)hear(file, out, "event: change");
    OK(strstr(out, "{\"kind\":\"edition\",\"id\":3") != NULL, "a change is told");
    EQ_INT(feed_clients(h->service->feed), 1, "one client is counted");
    (void)close(file);
}

struct asker {
    const struct listener *l;
    pthread_t thread;
    int good;
};

static void *ask_often(void *payload)
{
    struct asker *a = payload;
    char *out = malloc(ANSWER_BYTES);
    int file = client(a->l);
    for (int i = 0; i < 200; i++) {
        if (!say(file, about, sizeof about - 1)) break;
        (void)hear(file, out, "signed_in");
        a->good += status_of(out) == 200;
    }
    (void)close(file);
    free(out);
    return NULL;
}

static void many_clients(const struct listener *l)
{
    struct asker asker[16] = {0};
    int good = 0;
    for (int i = 0; i < 16; i++) {
        asker[i].l = l;
        (void)pthread_create(&asker[i].thread, NULL, ask_often, &asker[i]);
    }
    for (int i = 0; i < 16; i++) {
        (void)pthread_join(asker[i].thread, NULL);
        good += asker[i].good;
    }
    EQ_INT(good, 16 * 200, "16 clients, 200 requests each, all answered");
}

// A body in chunks, so that nobody knows its length beforehand.
static int chunked(const struct listener *l, size_t bytes, char *out)
{
    static char chunk[256 + 20];
    int file = client(l);
    static const char head[] = "POST /api/v1/session HTTP/1.1\r\nHost: t\r\nContent-Type: "
                               "application/json\r\nTransfer-Encoding: chunked\r\n\r\n";
    (void)say(file, head, sizeof head - 1);
    for (size_t sent = 0; sent < bytes; sent += 256) {
        memset(chunk, ' ', sizeof chunk);
        memcpy(chunk, "100\r\n", 5);
        memcpy(chunk + 5 + 256, "\r\n", 2);
        if (!say(file, chunk, 5 + 256 + 2)) break;
    }
    (void)say(file, "0\r\n\r\n", 5);
    (void)hear(file, out, "\r\n\r\n");
    (void)close(file);
    return status_of(out);
}

static void bodies(const struct listener *l, char *out)
{
    static const char large[] =
        "POST /api/v1/session HTTP/1.1\r\nHost: t\r\nContent-Type: application/json\r\nContent-Length: 1048577\r\n\r\n";
    static const char waits[] = "POST /api/v1/session HTTP/1.1\r\nHost: t\r\nContent-Type: application/json\r\nExpect: "
                                "100-continue\r\nContent-Length: 2\r\n\r\n";
    int file = client(l);
    (void)say(file, large, sizeof large - 1);
    (void)hear(file, out, "\r\n\r\n");
    (void)close(file);
    EQ_INT(status_of(out), 413, "a byte more than is taken is refused before it is sent");
    EQ_INT(chunked(l, 1024, out), 400, "1 KiB of spaces in chunks is taken, and is no JSON");
    EQ_INT(chunked(l, 2 << 20, out), 413, "2 MiB in chunks are too much");
    file = client(l);
    (void)say(file, waits, sizeof waits - 1);
    (void)hear(file, out, "\r\n\r\n");
    EQ_INT(status_of(out), 100, "a client that asks first may go on");
    (void)say(file, "{}", 2);
    (void)hear(file, out, "\r\n\r\n");
    OK(status_of(out) >= 400 && status_of(out) < 500, "and is answered: %d", status_of(out));
    (void)close(file);
}

static void spooled(void)
{
    struct spool s = {0};
    struct str whole;
    char block[1000];
    int file = -1, good = 0;
    for (int i = 0; i < 3000; i++) {
        memset(block, 'a' + i % 26, sizeof block);
        good += spool_add(&s, NULL, block, sizeof block, 1 << 20);
    }
    EQ_INT(good, 3000, "3 MB are kept");
    OK(spool_whole(&s, &whole, &file) && whole.n == 3000000 && file >= 0, "in a file");
    for (size_t i = 0; i < whole.n; i += 997) CHECK(whole.p[i] == (char)('a' + i / 1000 % 26), "byte %zu", i);
    spool_close(&s);
    OK(spool_add(&s, NULL, "abc", 3, 10) && spool_whole(&s, &whole, &file) && str_eq(whole, STR("abc")) && file == -1,
       "a small one in memory");
    spool_close(&s);
    OK(spool_add(&s, "/no/such/folder", block, 5, 10) && !spool_add(&s, "/no/such/folder", block, 6, 10),
       "no folder, no room");
    spool_close(&s);
}

static size_t https_body(char *p, size_t size, size_t n, void *payload)
{
    (void)sink_bytes(payload, p, size * n);
    return size * n;
}

// Over TLS, with a certificate made for this test (localhost.pem); the client trusts it alone.
static void https(struct harness *h)
{
    struct listener *l = NULL;
    struct err err = {0};
    struct sink body = {0};
    char pem[600], url[80];
    long status = 0;
    (void)tap_source("tests/service/localhost.pem", pem, sizeof pem);
    struct listener_options options = {.address = "127.0.0.1:0", .certificate = pem};
    if (!OK(listener_open(h->service, &options, &l, &err) == TONG_OK, "it listens with TLS: %s", err.text)) return;
    CURL *curl = curl_easy_init();
    (void)snprintf(url, sizeof url, "https://127.0.0.1:%d/api/v1/about", (int)listener_port(l));
    (void)curl_easy_setopt(curl, CURLOPT_URL, url);
    (void)curl_easy_setopt(curl, CURLOPT_CAINFO, pem);
    (void)curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
    (void)curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, https_body);
    (void)curl_easy_setopt(curl, CURLOPT_WRITEDATA, &body);
    CURLcode code = curl_easy_perform(curl);
    (void)curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    OK(code == CURLE_OK && status == 200, "it answers: %s", curl_easy_strerror(code));
    OK(body.text != NULL && strstr(body.text, "\"version\":\"test\"") != NULL, "what was asked for");
    (void)curl_easy_setopt(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_0 | (long)CURL_SSLVERSION_MAX_TLSv1_1);
    OK(curl_easy_perform(curl) != CURLE_OK, "but not in an old dialect");
    curl_easy_cleanup(curl);
    sink_close(&body);
    listener_close(l);
    EQ_INT(listener_open(h->service,
                         &(struct listener_options){.address = "127.0.0.1:0", .certificate = "/no/such.pem"}, &l, &err),
           TONG_E_INVALID, "a certificate that is not there");
}

int main(void)
{
    struct harness h;
    struct listener *l = NULL;
    struct err err = {0};
    struct listener_options options = {.address = "127.0.0.1:0", .head_s = 3};
    char *out = malloc(ANSWER_BYTES);
    if (!harness_open(&h, &(struct harness_options){.threads = true}) || out == NULL) return tap_done();
    (void)harness_actor(&h, "administrator", 1, ACCOUNT_ROLE_ADMINISTRATOR, 0);
    if (!OK(listener_open(h.service, &options, &l, &err) == TONG_OK, "it listens: %s", err.text)) return tap_done();
    becomes_well(l, out);
    requests(l, out);
    heads(l, out);
    head_and_tags(l, out);
    pipeline(l, out);
    bodies(l, out);
    spooled();
    many_clients(l);
    slow_client(l, out);
    live_feed(&h, l, out);
    https(&h);
    struct listener *second = NULL;
    char taken[40];
    (void)snprintf(taken, sizeof taken, "127.0.0.1:%d", (int)listener_port(l));
    EQ_INT(listener_open(h.service, &(struct listener_options){.address = taken}, &second, &err), TONG_E_CONFLICT,
           "a port is taken once");
    EQ_INT(listener_open(h.service, &(struct listener_options){.address = "nonsense"}, &second, &err), TONG_E_INVALID,
           "an address that is none");
    int open = client(l);
    listener_close(l);
    OK(recv(open, out, 10, 0) <= 0, "at the end connections are closed");
    (void)close(open);
    harness_close(&h);
    free(out);
    return tap_done();
}
