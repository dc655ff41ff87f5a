#include "service/address.h"

#include "base/str.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BACKLOG = 1024, HOST_MAX = 256 };

static bool address_split(const char *address, char host[HOST_MAX], char port[16])
{
    const char *colon = strrchr(address, ':');
    int64_t number;
    if (colon == NULL || !str_int(str_z(colon + 1), &number) || number < 0 || number > 65535) return false;
    size_t n = (size_t)(colon - address);
    const char *from = address;
    if (n >= 2 && address[0] == '[' && address[n - 1] == ']') {
        from++;
        n -= 2;
    }
    if (n >= HOST_MAX) return false;
    memcpy(host, from, n);
    host[n] = 0;
    (void)snprintf(port, 16, "%d", (int)number);
    return true;
}

static int32_t address_port(int file)
{
    struct sockaddr_storage at;
    socklen_t n = sizeof at;
    if (getsockname(file, (struct sockaddr *)&at, &n) != 0) return 0;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
    memcpy(&v4, &at, sizeof v4);
    memcpy(&v6, &at, sizeof v6);
    return ntohs(at.ss_family == AF_INET6 ? v6.sin6_port : v4.sin_port);
}

static tong_code address_open(const struct addrinfo *at, const char *address, int *out, struct err *err)
{
    int on = 1, off = 0;
    int file = socket(at->ai_family, at->ai_socktype, at->ai_protocol);
    if (file < 0) return tong_fail(err, TONG_E_IO, "%s: %s", address, strerror(errno));
    (void)setsockopt(file, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (at->ai_family == AF_INET6) (void)setsockopt(file, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
    if (bind(file, at->ai_addr, at->ai_addrlen) == 0 && listen(file, BACKLOG) == 0) {
        *out = file;
        return TONG_OK;
    }
    tong_code code =
        tong_fail(err, errno == EADDRINUSE ? TONG_E_CONFLICT : TONG_E_IO, "%s: %s", address, strerror(errno));
    (void)close(file);
    return code;
}

tong_code address_listen(const char *address, int *out, int32_t *port, struct err *err)
{
    char host[HOST_MAX], service[16];
    struct addrinfo hints = {.ai_family = AF_UNSPEC,
                             .ai_socktype = SOCK_STREAM,
                             .ai_flags = AI_PASSIVE | AI_NUMERICSERV},
                    *found = NULL;
    if (!address_split(address, host, service))
        return tong_fail(err, TONG_E_INVALID, "%s: write ADDRESS:PORT", address);
    int fault = getaddrinfo(host[0] == 0 ? NULL : host, service, &hints, &found);
    if (fault != 0) return tong_fail(err, TONG_E_INVALID, "%s: %s", address, gai_strerror(fault));
    tong_code code = TONG_E_IO;
    for (struct addrinfo *at = found; at != NULL; at = at->ai_next) {
        code = address_open(at, address, out, err);
        if (code != TONG_E_IO) break; // the next one may be of the other family
    }
    freeaddrinfo(found);
    if (code == TONG_OK) *port = address_port(*out);
    return code;
}
