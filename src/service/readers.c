#include "service/readers.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>

enum { READERS_KEPT = 12 }; // each holds a page cache and prepared statements

struct readers {
    pthread_mutex_t lock;
    const char *where;
    int32_t most, used, kept;
    struct db *free[READERS_KEPT];
};

struct readers *readers_open(const char *where, int32_t most)
{
    struct readers *r = calloc(1, sizeof *r);
    if (r == NULL) return NULL;
    r->where = where;
    r->most = most;
    (void)pthread_mutex_init(&r->lock, NULL);
    return r;
}

void readers_close(struct readers *r)
{
    if (r == NULL) return;
    assert(r->used == 0);
    while (r->kept > 0) db_close(r->free[--r->kept]);
    (void)pthread_mutex_destroy(&r->lock);
    free(r);
}

struct db *readers_take(struct readers *r, struct err *err)
{
    struct db *db = NULL;
    (void)pthread_mutex_lock(&r->lock);
    bool room = r->used < r->most;
    if (room) r->used++;
    if (room && r->kept > 0) db = r->free[--r->kept];
    (void)pthread_mutex_unlock(&r->lock);
    if (!room) (void)tong_fail(err, TONG_E_IO, "all %d readers are in use", (int)r->most);
    if (!room || db != NULL) return db;
    if (db_open(r->where, DB_READ, &db, err) == TONG_OK) return db;
    if (err != NULL) err->code = TONG_E_IO;
    (void)pthread_mutex_lock(&r->lock);
    r->used--;
    (void)pthread_mutex_unlock(&r->lock);
    return NULL;
}

void readers_give(struct readers *r, struct db *db, bool good)
{
    if (db == NULL) return;
    if (good && db_in_transaction(db)) db_rollback(db); // a handler's snapshot ends with it
    (void)pthread_mutex_lock(&r->lock);
    r->used--;
    bool keep = good && r->kept < READERS_KEPT;
    if (keep) r->free[r->kept++] = db;
    (void)pthread_mutex_unlock(&r->lock);
    if (!keep) db_close(db);
}

int32_t readers_used(struct readers *r)
{
    (void)pthread_mutex_lock(&r->lock);
    int32_t used = r->used;
    (void)pthread_mutex_unlock(&r->lock);
    return used;
}
