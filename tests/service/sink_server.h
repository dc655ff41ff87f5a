// sink_server.h -- a mail server and a text-message gateway on the loopback, for tests: each takes what it is sent and keeps
// the last of it, or refuses. One thread a server; nothing leaves the machine.
#ifndef TONG_TESTS_SERVICE_SINK_SERVER_H
#define TONG_TESTS_SERVICE_SINK_SERVER_H

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

struct sink_server {
    pthread_mutex_t lock;
    pthread_t thread;
    int socket, port;
    bool smtp;
    int refuse;       // so many of the next ones are refused ...
    int status;       // ... with this status (HTTP; SMTP always says 451)
    int taken, asked; // how many were taken, and came at all
    char last[16384]; // the last one taken: a mail's DATA, a whole HTTP request
    char to[256];     // RCPT TO of the last mail
};

static size_t sink_line(FILE *f, char *line, size_t room)
{
    if (fgets(line, (int)room, f) == NULL) return 0;
    return strlen(line);
}

static void sink_smtp(struct sink_server *s, FILE *f)
{
    char line[2048], to[256] = "", data[16384] = "";
    size_t n = 0;
    bool in_data = false;
    (void)fprintf(f, "220 sink ready\r\n");
    (void)fflush(f);
    (void)pthread_mutex_lock(&s->lock);
    bool refuse = s->refuse > 0;
    s->asked++;
    if (refuse) s->refuse--;
    (void)pthread_mutex_unlock(&s->lock);
    while (sink_line(f, line, sizeof line) > 0) {
        const char *say = "250 good\r\n";
        if (in_data && strcmp(line, ".\r\n") != 0) {
            size_t l = strlen(line);
            if (n + l < sizeof data) memcpy(data + n, line, l + 1), n += l;
            continue;
        }
        if (in_data) {
            in_data = false;
            (void)pthread_mutex_lock(&s->lock);
            (void)snprintf(s->last, sizeof s->last, "%s", data);
            (void)snprintf(s->to, sizeof s->to, "%s", to);
            s->taken++;
            (void)pthread_mutex_unlock(&s->lock);
        } else if (strncasecmp(line, "RCPT TO:", 8) == 0) {
            (void)snprintf(to, sizeof to, "%.*s", (int)strcspn(line + 8, "\r\n"), line + 8);
            if (refuse) say = "451 not now\r\n";
        } else if (strncasecmp(line, "DATA", 4) == 0) {
            say = "354 go on\r\n";
            in_data = true;
        } else if (strncasecmp(line, "QUIT", 4) == 0) {
            (void)fprintf(f, "221 bye\r\n");
            (void)fflush(f);
            return;
        }
        (void)fprintf(f, "%s", say);
        (void)fflush(f);
    }
}

static void sink_http(struct sink_server *s, FILE *f)
{
    char line[2048], all[16384] = "";
    size_t n = 0, length = 0;
    while (sink_line(f, line, sizeof line) > 0 && strcmp(line, "\r\n") != 0) {
        if (strncasecmp(line, "Content-Length:", 15) == 0) length = (size_t)strtoul(line + 15, NULL, 10);
        if (n + strlen(line) < sizeof all) n += (size_t)snprintf(all + n, sizeof all - n, "%s", line);
    }
    n += (size_t)snprintf(all + n, sizeof all - n, "\n");
    if (length < sizeof all - n) n += fread(all + n, 1, length, f);
    all[n] = 0;
    (void)pthread_mutex_lock(&s->lock);
    bool refuse = s->refuse > 0;
    int status = refuse ? s->status : 204;
    s->asked++;
    if (refuse) s->refuse--;
    else s->taken++;
    (void)snprintf(s->last, sizeof s->last, "%s", all);
    (void)pthread_mutex_unlock(&s->lock);
    (void)fprintf(f, "HTTP/1.1 %d x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", status);
    (void)fflush(f);
}

static void *sink_run(void *payload)
{
    struct sink_server *s = payload;
    for (int c; (c = accept(s->socket, NULL, NULL)) >= 0;) {
        FILE *f = fdopen(c, "r+");
        if (f == NULL) {
            (void)close(c);
            continue;
        }
        (void)setvbuf(f, NULL, _IOLBF, 4096);
        if (s->smtp) sink_smtp(s, f);
        else sink_http(s, f);
        (void)fclose(f);
    }
    return NULL;
}

static bool sink_open(struct sink_server *s, bool smtp)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t n = sizeof at;
    *s = (struct sink_server){.smtp = smtp, .socket = socket(AF_INET, SOCK_STREAM, 0)};
    bool good = s->socket >= 0 && bind(s->socket, (struct sockaddr *)&at, sizeof at) == 0 && listen(s->socket, 8) == 0 &&
                getsockname(s->socket, (struct sockaddr *)&at, &n) == 0 && pthread_mutex_init(&s->lock, NULL) == 0;
    s->port = ntohs(at.sin_port);
    return good && pthread_create(&s->thread, NULL, sink_run, s) == 0;
}

static void sink_shut(struct sink_server *s)
{
    (void)shutdown(s->socket, SHUT_RDWR);
    (void)pthread_join(s->thread, NULL);
    (void)close(s->socket);
    (void)pthread_mutex_destroy(&s->lock);
}

#endif
