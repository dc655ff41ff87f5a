#include "store/db_sqlite.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

// So many pages are copied between two pauses: 4 MiB, then 4 ms in which the disk belongs to the writer.
enum { STEP_PAGES = 1024, PAUSE_NS = 4000000, SCRUB_WAIT_MS = 300 };

static void pause_a_little(void)
{
    struct timespec t = {0, PAUSE_NS};
    (void)nanosleep(&t, NULL); // shorter after a signal, which does no harm
}

// The name of the copy is durable only when its folder is.
static tong_code folder_sync(const char *file, struct err *err)
{
    const char *slash = strrchr(file, '/');
    size_t n = slash == NULL ? 0 : (size_t)(slash - file);
    char *folder = malloc(n + 2);
    if (folder == NULL) return tong_fail(err, TONG_E_NOMEM, "copying the database");
    memcpy(folder, n == 0 ? (slash == NULL ? "." : "/") : file, n == 0 ? 1 : n);
    folder[n == 0 ? 1 : n] = 0;
    int fd = open(folder, O_RDONLY | O_DIRECTORY);
    bool good = fd >= 0 && fsync(fd) == 0;
    tong_code code = good ? TONG_OK : tong_fail(err, TONG_E_IO, "the folder of the copy, %s, cannot be synced", folder);
    if (fd >= 0) (void)close(fd);
    free(folder);
    return code;
}

static tong_code copy_pages(struct lite *l, sqlite3 *to, struct err *err)
{
    sqlite3_backup *b = sqlite3_backup_init(to, "main", l->conn, "main");
    if (b == NULL) return lite_fail(to, "copying the database", err);
    int rc = SQLITE_OK;
    while ((rc = sqlite3_backup_step(b, STEP_PAGES)) == SQLITE_OK) pause_a_little();
    int finished = sqlite3_backup_finish(b); // leaves the cause in `to`
    return rc == SQLITE_DONE && finished == SQLITE_OK ? TONG_OK : lite_fail(to, "copying the database", err);
}

// The whole copy is made inside one read transaction: without it each commit of the writer would make SQLite begin the copy
// anew. The price is that the WAL grows meanwhile.
static tong_code copy_snapshot(struct lite *l, const char *part, struct err *err)
{
    sqlite3 *to = NULL;
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    tong_code code =
        sqlite3_open_v2(part, &to, flags, NULL) == SQLITE_OK ? TONG_OK : lite_fail(to, "copying the database", err);
    if (code == TONG_OK) code = lite_exec(to, "PRAGMA synchronous=FULL", "copying the database", err);
    // The first question fixes the snapshot, BEGIN alone does not.
    if (code == TONG_OK)
        code = lite_exec(l->conn, "BEGIN; SELECT count(*) FROM sqlite_schema", "copying the database", err);
    if (code == TONG_OK) {
        code = copy_pages(l, to, err);
        (void)sqlite3_exec(l->conn, "ROLLBACK", NULL, NULL, NULL); // it only read
    }
    (void)sqlite3_close(to);
    return code;
}

tong_code lite_backup(struct db *db, const char *file, struct err *err)
{
    size_t room = strlen(file) + sizeof ".part";
    char *part = malloc(room);
    if (part == NULL) return tong_fail(err, TONG_E_NOMEM, "copying the database");
    (void)snprintf(part, room, "%s.part", file);
    tong_code code = TONG_OK;
    if (access(file, F_OK) == 0) code = tong_fail(err, TONG_E_CONFLICT, "%s is already there: name another file", file);
    else (void)unlink(part); // of a copy that was broken off
    if (code == TONG_OK) code = copy_snapshot((struct lite *)db, part, err);
    if (code == TONG_OK && rename(part, file) != 0) {
        char why[96] = "";
        (void)strerror_r(errno, why, sizeof why);
        code = tong_fail(err, TONG_E_IO, "the copy cannot be named %s: %s", file, why);
    }
    if (code == TONG_OK) code = folder_sync(file, err);
    else (void)unlink(part);
    free(part);
    return code;
}

tong_code lite_scrub(struct db *db, struct err *err)
{
    struct lite *l = (struct lite *)db;
    sqlite3_stmt *stmt = NULL;
    (void)sqlite3_busy_timeout(l->conn, SCRUB_WAIT_MS); // the writer is not held up for long by a slow reader
    bool good = sqlite3_prepare_v2(l->conn, "PRAGMA wal_checkpoint(TRUNCATE)", -1, &stmt, NULL) == SQLITE_OK &&
                sqlite3_step(stmt) == SQLITE_ROW;
    tong_code code = good ? TONG_OK : lite_fail(l->conn, "writing back the log", err);
    if (good && sqlite3_column_int(stmt, 0) != 0)
        code =
            tong_fail(err, TONG_E_CONFLICT, "a reader still holds older pages of the database: try again in a moment");
    (void)sqlite3_finalize(stmt);
    (void)sqlite3_busy_timeout(l->conn, BUSY_MS);
    return code;
}
