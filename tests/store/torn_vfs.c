#include "store/torn_vfs.h"

#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SECTOR = 512 };

// Data NULL: a truncation to `at`.
struct pending {
    int64_t at;
    size_t n;
    char *data;
};

// One file, however often it is open.
struct disk {
    struct disk *next;
    char *path;
    int32_t handles;
    sqlite3_int64 size; // as the program sees it
    struct pending *items;
    size_t count, cap;
};

struct torn {
    sqlite3_vfs vfs;
    sqlite3_vfs *real;
    pthread_mutex_t lock;
    struct disk *disks;
    uint64_t seed;
    bool crashed;
    int exit_status;
    int64_t crash_at, fault_at; // in operations; -1 never
    torn_fault fault;
    struct torn_counts counts;
};

struct torn_file {
    sqlite3_file head; // first
    struct torn *t;
    struct disk *disk;
    sqlite3_file *real; // behind this struct
};

static uint64_t mix(uint64_t x)
{
    x += 0x9e3779b97f4a7c15u;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    return x ^ (x >> 31);
}

// ---- the disk behind it ----

static void pending_clear(struct disk *d)
{
    for (size_t i = 0; i < d->count; i++) free(d->items[i].data);
    d->count = 0;
}

static bool pending_add(struct disk *d, int64_t at, const void *data, size_t n)
{
    if (d->count == d->cap) {
        size_t cap = d->cap == 0 ? 64 : 2 * d->cap;
        struct pending *more = realloc(d->items, cap * sizeof *more);
        if (more == NULL) return false;
        d->items = more;
        d->cap = cap;
    }
    char *copy = NULL;
    if (data != NULL) {
        copy = malloc(n == 0 ? 1 : n);
        if (copy == NULL) return false;
        memcpy(copy, data, n);
    }
    d->items[d->count++] = (struct pending){at, n, copy};
    return true;
}

static int write_real(sqlite3_file *real, const struct pending *p)
{
    if (p->data == NULL) return real->pMethods->xTruncate(real, p->at);
    return real->pMethods->xWrite(real, p->data, (int)p->n, p->at);
}

static int flush(struct disk *d, sqlite3_file *real)
{
    for (size_t i = 0; i < d->count; i++) {
        int rc = write_real(real, &d->items[i]);
        if (rc != SQLITE_OK) return rc;
    }
    pending_clear(d);
    return SQLITE_OK;
}

// How many of the n pending operations reached this sector. A quarter of the sectors got all of them, a quarter none.
static size_t reached(uint64_t seed, int64_t sector, size_t n)
{
    uint64_t h = mix(seed ^ mix((uint64_t)sector));
    if (h % 4 == 0) return n;
    if (h % 4 == 1) return 0;
    return (size_t)((h >> 8) % (n + 1));
}

// Four kinds of crash: nothing got through, everything did, the operations in order up to one, each sector as it happened.
typedef enum crash_kind { CRASH_NOTHING, CRASH_ALL, CRASH_IN_ORDER, CRASH_SECTORS, CRASH_KIND_COUNT } crash_kind;

static void settle_write(struct torn *t, sqlite3_file *real, const struct pending *p, size_t i, size_t n,
                         crash_kind kind, uint64_t seed)
{
    for (size_t done = 0; done < p->n;) {
        int64_t at = p->at + (int64_t)done, sector = at / SECTOR;
        size_t length = (size_t)((sector + 1) * SECTOR - at);
        if (length > p->n - done) length = p->n - done;
        size_t upto = kind == CRASH_ALL        ? n
                      : kind == CRASH_NOTHING  ? 0
                      : kind == CRASH_IN_ORDER ? (size_t)(seed % (n + 1))
                                               : reached(seed, sector, n);
        bool torn_one =
            kind == CRASH_IN_ORDER && i == upto && mix(seed ^ (uint64_t)sector) % 2 == 0; // the last in part
        t->counts.sectors++;
        if (i < upto || torn_one) (void)real->pMethods->xWrite(real, p->data + done, (int)length, at);
        else t->counts.dropped++;
        done += length;
    }
}

static void settle_disk(struct torn *t, struct disk *d)
{
    if (d->count == 0) return;
    sqlite3_file *real = calloc(1, (size_t)t->real->szOsFile);
    if (real == NULL) abort();
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_MAIN_DB;
    if (t->real->xOpen(t->real, d->path, real, flags, NULL) == SQLITE_OK) {
        uint64_t seed = mix(t->seed ^ mix((uint64_t)t->counts.operations));
        crash_kind kind = (crash_kind)(mix(seed) % CRASH_KIND_COUNT);
        size_t cut = kind == CRASH_ALL ? d->count : kind == CRASH_NOTHING ? 0 : (size_t)(seed % (d->count + 1));
        for (size_t i = 0; i < d->count; i++) {
            const struct pending *p = &d->items[i];
            if (p->data != NULL) settle_write(t, real, p, i, d->count, kind, seed);
            else if (i < cut) (void)real->pMethods->xTruncate(real, p->at);
        }
        (void)real->pMethods->xClose(real);
    }
    free(real);
    pending_clear(d);
}

static void settle_all(struct torn *t)
{
    for (struct disk *d = t->disks; d != NULL; d = d->next) {
        settle_disk(t, d);
        t->seed = mix(t->seed);
    }
}

// One more operation: false when the machine has stopped. The lock is held.
static bool operation(struct torn *t)
{
    if (!t->crashed && t->crash_at >= 0 && t->counts.operations >= t->crash_at) t->crashed = true;
    if (t->crashed && t->exit_status >= 0) {
        settle_all(t);
        _exit(t->exit_status);
    }
    if (!t->crashed) t->counts.operations++;
    return !t->crashed;
}

static bool fails(const struct torn *t, torn_fault fault)
{
    return t->fault == fault && t->counts.operations > t->fault_at;
}

// ---- files ----

static int file_close(sqlite3_file *head)
{
    struct torn_file *f = (struct torn_file *)head;
    (void)pthread_mutex_lock(&f->t->lock);
    f->disk->handles--;
    (void)pthread_mutex_unlock(&f->t->lock);
    return f->real->pMethods->xClose(f->real);
}

// What the disk holds, and over it, in order, what is pending.
static int read_through(struct torn_file *f, char *out, int n, int64_t at)
{
    const struct disk *d = f->disk;
    int rc = f->real->pMethods->xRead(f->real, out, n, at); // a short read is filled with zeros
    if (rc != SQLITE_OK && rc != SQLITE_IOERR_SHORT_READ) return rc;
    for (size_t i = 0; i < d->count; i++) {
        const struct pending *p = &d->items[i];
        if (p->data == NULL) {
            int64_t from = p->at > at ? p->at - at : 0;
            if (from < n) memset(out + from, 0, (size_t)(n - from));
            continue;
        }
        int64_t first = p->at > at ? p->at : at, end = p->at + (int64_t)p->n < at + n ? p->at + (int64_t)p->n : at + n;
        if (first < end) memcpy(out + (first - at), p->data + (first - p->at), (size_t)(end - first));
    }
    return at + n <= d->size ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
}

static int file_read(sqlite3_file *head, void *out, int n, sqlite3_int64 at)
{
    struct torn_file *f = (struct torn_file *)head;
    (void)pthread_mutex_lock(&f->t->lock);
    int rc = f->t->crashed ? SQLITE_IOERR_READ : read_through(f, out, n, at);
    (void)pthread_mutex_unlock(&f->t->lock);
    return rc;
}

static int write_pending(struct torn_file *f, const void *data, int n, int64_t at)
{
    struct torn *t = f->t;
    if (!operation(t)) return SQLITE_IOERR_WRITE;
    if (fails(t, TORN_READ_ONLY)) {
        errno = EROFS;
        return SQLITE_IOERR_WRITE;
    }
    bool full = fails(t, TORN_FULL);
    if (full) n /= 2; // the disk took what it had room for
    t->counts.writes++;
    if (n > 0 && !pending_add(f->disk, at, data, (size_t)n)) return SQLITE_IOERR_NOMEM;
    if (at + n > f->disk->size) f->disk->size = at + n;
    if (full) errno = ENOSPC;
    return full ? SQLITE_FULL : SQLITE_OK;
}

static int file_write(sqlite3_file *head, const void *data, int n, sqlite3_int64 at)
{
    struct torn_file *f = (struct torn_file *)head;
    (void)pthread_mutex_lock(&f->t->lock);
    int rc = write_pending(f, data, n, at);
    (void)pthread_mutex_unlock(&f->t->lock);
    return rc;
}

static int file_truncate(sqlite3_file *head, sqlite3_int64 size)
{
    struct torn_file *f = (struct torn_file *)head;
    (void)pthread_mutex_lock(&f->t->lock);
    int rc = SQLITE_OK;
    if (!operation(f->t) || fails(f->t, TORN_READ_ONLY)) rc = SQLITE_IOERR_TRUNCATE;
    else if (!pending_add(f->disk, size, NULL, 0)) rc = SQLITE_IOERR_NOMEM;
    else f->disk->size = size;
    (void)pthread_mutex_unlock(&f->t->lock);
    return rc;
}

// The disk keeps it from here on. The true fsync is left out: the machine does not really stop.
static int file_sync(sqlite3_file *head, int flags)
{
    (void)flags;
    struct torn_file *f = (struct torn_file *)head;
    (void)pthread_mutex_lock(&f->t->lock);
    int rc = SQLITE_IOERR_FSYNC;
    if (operation(f->t)) {
        f->t->counts.syncs++;
        if (fails(f->t, TORN_SYNC_FAILS)) errno = EIO;
        else rc = fails(f->t, TORN_SYNC_LIES) ? SQLITE_OK : flush(f->disk, f->real);
    }
    (void)pthread_mutex_unlock(&f->t->lock);
    return rc;
}

static int file_size(sqlite3_file *head, sqlite3_int64 *out)
{
    struct torn_file *f = (struct torn_file *)head;
    (void)pthread_mutex_lock(&f->t->lock);
    int rc = f->t->crashed ? SQLITE_IOERR_FSTAT : SQLITE_OK;
    *out = f->disk->size;
    (void)pthread_mutex_unlock(&f->t->lock);
    return rc;
}

static int file_lock(sqlite3_file *head, int kind)
{
    struct torn_file *f = (struct torn_file *)head;
    return f->real->pMethods->xLock(f->real, kind);
}

static int file_unlock(sqlite3_file *head, int kind)
{
    struct torn_file *f = (struct torn_file *)head;
    return f->real->pMethods->xUnlock(f->real, kind);
}

static int file_reserved(sqlite3_file *head, int *out)
{
    struct torn_file *f = (struct torn_file *)head;
    return f->real->pMethods->xCheckReservedLock(f->real, out);
}

// What would change the file behind our back is declined.
static int file_control(sqlite3_file *head, int what, void *argument)
{
    struct torn_file *f = (struct torn_file *)head;
    if (what == SQLITE_FCNTL_SIZE_HINT || what == SQLITE_FCNTL_CHUNK_SIZE || what == SQLITE_FCNTL_MMAP_SIZE)
        return SQLITE_NOTFOUND;
    return f->real->pMethods->xFileControl(f->real, what, argument);
}

static int file_sector(sqlite3_file *head)
{
    struct torn_file *f = (struct torn_file *)head;
    return f->real->pMethods->xSectorSize(f->real);
}

static int file_traits(sqlite3_file *head)
{
    struct torn_file *f = (struct torn_file *)head;
    return f->real->pMethods->xDeviceCharacteristics(f->real);
}

static int shm_map(sqlite3_file *head, int page, int size, int extend, void volatile **out)
{
    struct torn_file *f = (struct torn_file *)head;
    return f->real->pMethods->xShmMap(f->real, page, size, extend, out);
}

static int shm_lock(sqlite3_file *head, int offset, int n, int flags)
{
    struct torn_file *f = (struct torn_file *)head;
    return f->real->pMethods->xShmLock(f->real, offset, n, flags);
}

static void shm_barrier(sqlite3_file *head)
{
    struct torn_file *f = (struct torn_file *)head;
    f->real->pMethods->xShmBarrier(f->real);
}

static int shm_unmap(sqlite3_file *head, int remove)
{
    struct torn_file *f = (struct torn_file *)head;
    return f->real->pMethods->xShmUnmap(f->real, remove);
}

static const sqlite3_io_methods methods = {
    .iVersion = 2, // no mmap
    .xClose = file_close,
    .xRead = file_read,
    .xWrite = file_write,
    .xTruncate = file_truncate,
    .xSync = file_sync,
    .xFileSize = file_size,
    .xLock = file_lock,
    .xUnlock = file_unlock,
    .xCheckReservedLock = file_reserved,
    .xFileControl = file_control,
    .xSectorSize = file_sector,
    .xDeviceCharacteristics = file_traits,
    .xShmMap = shm_map,
    .xShmLock = shm_lock,
    .xShmBarrier = shm_barrier,
    .xShmUnmap = shm_unmap,
};

// ---- the layer ----

static struct disk *disk_find(struct torn *t, const char *path)
{
    for (struct disk *d = t->disks; d != NULL; d = d->next)
        if (strcmp(d->path, path) == 0) return d;
    struct disk *d = calloc(1, sizeof *d);
    char *copy = malloc(strlen(path) + 1);
    if (d == NULL || copy == NULL) {
        free(d);
        free(copy);
        return NULL;
    }
    memcpy(copy, path, strlen(path) + 1);
    d->path = copy;
    d->next = t->disks;
    t->disks = d;
    return d;
}

static int layer_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *head, int flags, int *flags_out)
{
    struct torn *t = (struct torn *)vfs;
    if (name == NULL || (flags & SQLITE_OPEN_DELETEONCLOSE) != 0) // a temporary one: nobody misses it
        return t->real->xOpen(t->real, name, head, flags, flags_out);
    struct torn_file *f = (struct torn_file *)head;
    memset(f, 0, sizeof *f);
    f->t = t;
    f->real = (sqlite3_file *)(f + 1);
    (void)pthread_mutex_lock(&t->lock);
    f->disk = t->crashed ? NULL : disk_find(t, name);
    int rc = f->disk == NULL ? SQLITE_CANTOPEN : t->real->xOpen(t->real, name, f->real, flags, flags_out);
    if (rc == SQLITE_OK && f->disk->handles == 0 && f->disk->count == 0)
        rc = f->real->pMethods->xFileSize(f->real, &f->disk->size);
    if (rc == SQLITE_OK) f->disk->handles++;
    (void)pthread_mutex_unlock(&t->lock);
    if (rc == SQLITE_OK) f->head.pMethods = &methods;
    return rc;
}

static int layer_delete(sqlite3_vfs *vfs, const char *name, int sync_folder)
{
    struct torn *t = (struct torn *)vfs;
    (void)pthread_mutex_lock(&t->lock);
    int rc = SQLITE_IOERR_DELETE;
    if (operation(t)) {
        rc = t->real->xDelete(t->real, name, sync_folder);
        for (struct disk *d = t->disks; d != NULL; d = d->next)
            if (strcmp(d->path, name) == 0) pending_clear(d);
    }
    (void)pthread_mutex_unlock(&t->lock);
    return rc;
}

static int layer_access(sqlite3_vfs *vfs, const char *name, int flags, int *out)
{
    struct torn *t = (struct torn *)vfs;
    return t->crashed ? SQLITE_IOERR_ACCESS : t->real->xAccess(t->real, name, flags, out);
}

static int layer_path(sqlite3_vfs *vfs, const char *name, int n, char *out)
{
    struct torn *t = (struct torn *)vfs;
    return t->real->xFullPathname(t->real, name, n, out);
}

static int layer_error(sqlite3_vfs *vfs, int n, char *out)
{
    (void)vfs;
    (void)n;
    (void)out;
    return errno;
}

struct torn *torn_open(uint64_t seed)
{
    struct torn *t = calloc(1, sizeof *t);
    if (t == NULL || sqlite3_initialize() != SQLITE_OK) {
        free(t);
        return NULL;
    }
    t->real = sqlite3_vfs_find(NULL);
    t->vfs = *t->real; // clock, random numbers, sleep as they are
    t->vfs.pNext = NULL;
    t->vfs.zName = "torn";
    t->vfs.szOsFile = (int)sizeof(struct torn_file) + t->real->szOsFile;
    t->vfs.xOpen = layer_open;
    t->vfs.xDelete = layer_delete;
    t->vfs.xAccess = layer_access;
    t->vfs.xFullPathname = layer_path;
    t->vfs.xGetLastError = layer_error;
    t->seed = mix(seed);
    t->crash_at = t->fault_at = -1;
    t->exit_status = -1;
    (void)pthread_mutex_init(&t->lock, NULL);
    (void)sqlite3_vfs_register(&t->vfs, 1);
    return t;
}

static void write_out(struct torn *t, struct disk *d)
{
    sqlite3_file *real = calloc(1, (size_t)t->real->szOsFile);
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_MAIN_DB;
    if (real != NULL && t->real->xOpen(t->real, d->path, real, flags, NULL) == SQLITE_OK) {
        (void)flush(d, real);
        (void)real->pMethods->xClose(real);
    }
    free(real);
}

void torn_close(struct torn *t)
{
    if (t == NULL) return;
    while (t->disks != NULL) {
        struct disk *d = t->disks;
        assert(d->handles == 0);
        t->disks = d->next;
        if (d->count > 0) write_out(t, d);
        pending_clear(d);
        free(d->items);
        free(d->path);
        free(d);
    }
    (void)sqlite3_vfs_register(t->real, 1);
    (void)sqlite3_vfs_unregister(&t->vfs);
    (void)pthread_mutex_destroy(&t->lock);
    free(t);
}

// ---- crashes and faults ----

void torn_crash(struct torn *t)
{
    torn_crash_after(t, 0);
    (void)pthread_mutex_lock(&t->lock);
    (void)operation(t);
    (void)pthread_mutex_unlock(&t->lock);
}

void torn_crash_after(struct torn *t, int64_t operations)
{
    (void)pthread_mutex_lock(&t->lock);
    t->crash_at = t->counts.operations + operations;
    (void)pthread_mutex_unlock(&t->lock);
}

bool torn_crashed(const struct torn *t)
{
    return t->crashed;
}

void torn_exit_on_crash(struct torn *t, int status)
{
    t->exit_status = status;
}

void torn_settle(struct torn *t)
{
    (void)pthread_mutex_lock(&t->lock);
    assert(t->crashed);
    settle_all(t);
    t->crashed = false;
    t->crash_at = -1;
    (void)pthread_mutex_unlock(&t->lock);
}

void torn_fail(struct torn *t, torn_fault fault, int64_t after)
{
    (void)pthread_mutex_lock(&t->lock);
    t->fault = fault;
    t->fault_at = t->counts.operations + after;
    (void)pthread_mutex_unlock(&t->lock);
}

struct torn_counts torn_count(const struct torn *t)
{
    return t->counts;
}
