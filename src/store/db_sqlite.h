// db_sqlite.h -- what the two files of the SQLite engine share.
#ifndef TONG_STORE_DB_SQLITE_H
#define TONG_STORE_DB_SQLITE_H

#include "store/db_inner.h"

#include <sqlite3.h>

enum { BUSY_MS = 5000 };

struct lite_statement {
    sqlite3_stmt *stmt; // NULL until its first use
    uint8_t count;
    uint8_t at[DB_PARAMETERS_MAX]; // of $1, $2 ...: SQLite numbers them by first appearance
};

struct lite {
    struct db db; // first
    sqlite3 *conn;
    sqlite3 *writer; // holds the lock of the one writer; NULL in a reader
    sqlite3_stmt *begin, *commit, *rollback;
    struct lite_statement statement[SQL_COUNT];
};

// Turn what SQLite answered last into an error of ours.
tong_code lite_fail(sqlite3 *conn, const char *doing, struct err *err);
tong_code lite_exec(sqlite3 *conn, const char *sql, const char *doing, struct err *err);

tong_code lite_backup(struct db *db, const char *file, struct err *err);
tong_code lite_scrub(struct db *db, struct err *err);

#endif
