// spool.h -- a request's body as it arrives: in memory while it is small, then in an unnamed file that is mapped at the
// end.
#ifndef TONG_SERVICE_SPOOL_H
#define TONG_SERVICE_SPOOL_H

#include "base/sink.h"

struct spool {
    struct sink small;
    int file; // 0 or less: none
    int64_t bytes;
    void *map;
};

// Zero-initialised it is empty. False: no memory, or the disk refuses.
bool spool_add(struct spool *s, const char *folder, const char *p, size_t n, size_t small_max) TONG_MUST_USE;
// All of it; *file is -1 for a small one. False: it cannot be mapped.
bool spool_whole(struct spool *s, struct str *out, int *file) TONG_MUST_USE;
void spool_close(struct spool *s);

#endif
