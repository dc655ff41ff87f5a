// listen.h -- the socket: HTTP/1.1 by libmicrohttpd, the only file that includes it.
//
// One thread per core waits for connections (epoll). A request is read whole, within its route's limit, and dispatched:
// quick routes at once, all others by a worker, while the connection is suspended. So a slow query or a waiting write
// holds up nobody else, and many writes wait together for one commit.
//
// Whoever dawdles is cut off: a request's head must arrive within LISTEN_HEAD_S, its body at LISTEN_BODY_BYTES_S at
// least.
#ifndef TONG_SERVICE_LISTEN_H
#define TONG_SERVICE_LISTEN_H

#include "service/service.h"

enum {
    LISTEN_CONNECTIONS = 4096,
    LISTEN_PER_ADDRESS = 1024, // a hospital behind one address has hundreds of screens
    LISTEN_HEAD_BYTES = 32768, // a request's head; more is a 431
    LISTEN_HEAD_S = 60,        // also how long a connection may stay open unused
    LISTEN_BODY_S = 30,        // beside what its bytes may take
    LISTEN_BODY_BYTES_S = 2048,
    LISTEN_STOP_S = 20,           // running requests may take this long to end
    LISTEN_SPOOL_BYTES = 1 << 20, // larger bodies wait in an unnamed file
};

struct listener;
struct listener_options {
    const char *address;                       // "127.0.0.1:8080", "[::]:8443", ":8080"; port 0: any
    const char *certificate, *key;             // PEM files; NULL: plain HTTP
    const char *spool;                         // folder for large bodies; NULL: TMPDIR, or /tmp
    bool proxy;                                // a proxy stands in front: X-Forwarded-For says who asks
    uint32_t threads;                          // 0: one a core
    uint32_t head_s, connections, per_address; // 0: as above
    uint32_t workers_read, workers_write;      // 0: 8, 32
};

// INVALID: the address or the certificate cannot be read; CONFLICT: the port is in use; IO.
tong_code listener_open(struct service *s, const struct listener_options *options, struct listener **out,
                        struct err *err) TONG_MUST_USE;
int32_t listener_port(const struct listener *l);
// No new connections; streams end; running requests are answered; then all is closed. NULL is allowed.
void listener_close(struct listener *l);

#endif
