// address.h -- a listening socket from what people write: "127.0.0.1:8080", "[::]:8443", ":8080".
#ifndef TONG_SERVICE_ADDRESS_H
#define TONG_SERVICE_ADDRESS_H

#include "base/err.h"

// A socket that listens. INVALID: no address; CONFLICT: the port is taken; IO. Port 0 takes any: *port says which.
tong_code address_listen(const char *address, int *out, int32_t *port, struct err *err) TONG_MUST_USE;

#endif
