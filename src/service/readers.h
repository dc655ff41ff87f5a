// readers.h -- database connections for reading, kept open between requests.
#ifndef TONG_SERVICE_READERS_H
#define TONG_SERVICE_READERS_H

#include "store/db.h"

struct readers;
struct readers *readers_open(const char *where, int32_t most); // NULL when memory is short; connects to nothing yet
void readers_close(struct readers *r);                         // all must have been given back
// One that is free, or a new one. NULL: all are in use, or the database refuses; err says which (IO).
struct db *readers_take(struct readers *r, struct err *err);
// `good` false: its connection may be broken; it is closed.
void readers_give(struct readers *r, struct db *db, bool good);
int32_t readers_used(struct readers *r);

#endif
