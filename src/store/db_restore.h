// db_restore.h -- a dump of a PostgreSQL database (db_backup) read back into an empty one.
#ifndef TONG_STORE_DB_RESTORE_H
#define TONG_STORE_DB_RESTORE_H

#include "base/err.h"

// `where`: postgresql://... of a database that exists and is empty. All or nothing. CONFLICT: a response is in it
// already; NOT_FOUND: no such dump, or there is no pg_restore; IO: it failed, its words are on the error stream.
tong_code db_restore(const char *where, const char *file, struct err *err) TONG_MUST_USE;

#endif
