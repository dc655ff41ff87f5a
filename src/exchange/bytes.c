#include "exchange/bytes.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

struct bytes bytes_of_file(FILE *file)
{
    return (struct bytes){.file = file, .fd = -1};
}

struct bytes bytes_of_fd(int32_t fd)
{
    return (struct bytes){.fd = fd};
}

struct bytes bytes_of_memory(struct str text)
{
    return (struct bytes){.fd = -1, .memory = text};
}

tong_code bytes_read(struct bytes *source, char *buf, size_t cap, size_t *n, struct err *err)
{
    if (source->file != NULL) {
        size_t got = fread(buf, 1, cap, source->file);
        if (got == 0 && ferror(source->file)) return tong_fail(err, TONG_E_IO, "reading failed: %s", strerror(errno));
        *n = got;
        return TONG_OK;
    }
    if (source->fd >= 0) {
        for (;;) {
            ssize_t got = read(source->fd, buf, cap);
            if (got >= 0) {
                *n = (size_t)got;
                return TONG_OK;
            }
            if (errno != EINTR) return tong_fail(err, TONG_E_IO, "reading failed: %s", strerror(errno));
        }
    }
    size_t got = source->memory.n < cap ? source->memory.n : cap;
    if (got != 0) memcpy(buf, source->memory.p, got);
    source->memory.p += got;
    source->memory.n -= got;
    *n = got;
    return TONG_OK;
}
