#include "service/spool.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static bool spool_write(int file, const char *p, size_t n)
{
    while (n > 0) {
        ssize_t written = write(file, p, n);
        if (written <= 0) return false;
        p += written;
        n -= (size_t)written;
    }
    return true;
}

// Without a name from the start: nothing is left behind however the program ends.
static bool spool_file(struct spool *s, const char *folder)
{
    char path[4096];
    if (folder == NULL) folder = getenv("TMPDIR");
    if (folder == NULL || folder[0] == 0) folder = "/tmp";
    int n = snprintf(path, sizeof path, "%s/tongzhou-body-XXXXXX", folder);
    if (n < 0 || n >= (int)sizeof path) return false;
    int file = mkstemp(path);
    if (file < 0) return false;
    (void)unlink(path);
    s->file = file;
    bool good = spool_write(file, s->small.text, s->small.n);
    sink_close(&s->small);
    s->small = (struct sink){0};
    return good;
}

bool spool_add(struct spool *s, const char *folder, const char *p, size_t n, size_t small_max)
{
    if (s->file <= 0 && s->small.n + n <= small_max) {
        sink_bytes(&s->small, p, n);
        s->bytes += (int64_t)n;
        return !s->small.failed;
    }
    if (s->file <= 0 && !spool_file(s, folder)) return false;
    s->bytes += (int64_t)n;
    return spool_write(s->file, p, n);
}

bool spool_whole(struct spool *s, struct str *out, int *file)
{
    *file = -1;
    *out = sink_kept(&s->small);
    if (s->file <= 0) return true;
    s->map = mmap(NULL, (size_t)s->bytes, PROT_READ, MAP_PRIVATE, s->file, 0);
    if (s->map == MAP_FAILED) {
        s->map = NULL;
        return false;
    }
    *out = (struct str){s->map, (size_t)s->bytes};
    *file = s->file;
    return true;
}

void spool_close(struct spool *s)
{
    sink_close(&s->small);
    if (s->map != NULL) (void)munmap(s->map, (size_t)s->bytes);
    if (s->file > 0) (void)close(s->file);
    *s = (struct spool){0};
}
