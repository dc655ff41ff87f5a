#include "store/db_sqlite.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    OURS = 0x544f4e47, // "TONG", in the header of the file
    WRITER_CACHE_KIB = 32 * 1024,
    READER_CACHE_KIB = 2 * 1024, // the inner pages of the trees; the rest the system's cache holds for all readers at once
    // The WAL is written back into the file when it has grown to so many pages. A page that changed in many commits is
    // then written back once: with SQLite's own 1,000 pages a bulk load writes each index page many times over.
    WAL_PAGES = 8192,
    WAL_KEPT_BYTES = 64 * 1024 * 1024,
};

// No mmap: a page fault on a bad disk would be a signal instead of an error, and what is mapped counts as memory of the
// server; the cache of the operating system already holds what is read often.

// ---- what went wrong, in our words ----

static bool disk_full(int rc, int cause)
{
    return (rc & 0xff) == SQLITE_FULL || cause == ENOSPC || cause == EFBIG || cause == EDQUOT;
}

static tong_code fail_io(int rc, int cause, const char *doing, const char *words, struct err *err)
{
    char why[96] = "";
    if (cause != 0 && strerror_r(cause, why, sizeof why) != 0) why[0] = 0;
    if ((rc & 0xff) == SQLITE_READONLY || cause == EROFS)
        return tong_fail(err, TONG_E_IO, "%s: the disk or the file may only be read", doing);
    if ((rc & 0xff) == SQLITE_CANTOPEN)
        return tong_fail(err, TONG_E_IO, "%s: the file cannot be opened%s%s", doing, why[0] == 0 ? "" : ": ", why);
    return tong_fail(err, TONG_E_IO, "%s: %s%s%s", doing, words, why[0] == 0 ? "" : ": ", why);
}

// `cause` is the system's number for the failure, where there is one.
static tong_code fail_for(sqlite3 *conn, int cause, const char *doing, struct err *err)
{
    int rc = conn == NULL ? SQLITE_NOMEM : sqlite3_extended_errcode(conn);
    const char *words = conn == NULL ? "" : sqlite3_errmsg(conn); // names of columns, never what stands in them
    if (disk_full(rc, cause)) return tong_fail(err, TONG_E_LIMIT, "%s: the disk is full", doing);
    switch (rc) {
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_ROWID: return tong_fail(err, TONG_E_CONFLICT, "%s: %s", doing, words);
    default: break;
    }
    switch (rc & 0xff) {
    case SQLITE_NOMEM: return tong_fail(err, TONG_E_NOMEM, "%s: out of memory", doing);
    case SQLITE_CORRUPT:
        return tong_fail(err, TONG_E_INVALID, "%s: the database is damaged (%s); restore the last backup", doing,
                         words);
    case SQLITE_NOTADB: return tong_fail(err, TONG_E_INVALID, "%s: this file is not a database", doing);
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return tong_fail(err, TONG_E_CONFLICT, "%s: another program holds the database", doing);
    default: return fail_io(rc, cause, doing, words, err);
    }
}

tong_code lite_fail(sqlite3 *conn, const char *doing, struct err *err)
{
    int rc = conn == NULL ? SQLITE_NOMEM : sqlite3_errcode(conn) & 0xff;
    return fail_for(conn, rc == SQLITE_IOERR || rc == SQLITE_CANTOPEN ? sqlite3_system_errno(conn) : 0, doing, err);
}

tong_code lite_exec(sqlite3 *conn, const char *sql, const char *doing, struct err *err)
{
    return sqlite3_exec(conn, sql, NULL, NULL, NULL) == SQLITE_OK ? TONG_OK : lite_fail(conn, doing, err);
}

// The first number a statement answers.
static tong_code lite_number(sqlite3 *conn, const char *sql, int64_t *out, struct err *err)
{
    sqlite3_stmt *stmt = NULL;
    bool good = sqlite3_prepare_v2(conn, sql, -1, &stmt, NULL) == SQLITE_OK && sqlite3_step(stmt) == SQLITE_ROW;
    if (good) *out = sqlite3_column_int64(stmt, 0);
    tong_code code = good ? TONG_OK : lite_fail(conn, "reading the database", err);
    (void)sqlite3_finalize(stmt);
    return code;
}

// ---- opening ----

// One writer: it holds an exclusive lock on an empty file beside the database for as long as it lives. The lock is the
// operating system's, so a killed server leaves none behind; SQLite takes it, so it also holds within one process.
static tong_code writer_lock(struct lite *l, struct err *err)
{
    size_t room = strlen(l->db.where) + sizeof "-writer";
    char *name = malloc(room);
    if (name == NULL) return tong_fail(err, TONG_E_NOMEM, "opening the database");
    (void)snprintf(name, room, "%s-writer", l->db.where);
    int rc = sqlite3_open_v2(name, &l->writer, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL);
    free(name);
    if (rc == SQLITE_OK)
        rc = sqlite3_exec(l->writer, "PRAGMA locking_mode=EXCLUSIVE; BEGIN EXCLUSIVE", NULL, NULL, NULL);
    if (rc == SQLITE_OK) return TONG_OK;
    if ((rc & 0xff) == SQLITE_BUSY)
        return tong_fail(err, TONG_E_CONFLICT, "another server is already writing in %s", l->db.where);
    return lite_fail(l->writer, "taking the lock of the writer", err);
}

static tong_code lite_settings(struct lite *l, struct err *err)
{
    const bool writer = l->db.mode != DB_READ;
    char sql[256];
    (void)snprintf(
        sql, sizeof sql,
        "PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA trusted_schema=OFF; PRAGMA cache_size=-%d;"
        "PRAGMA wal_autocheckpoint=%d; PRAGMA journal_size_limit=%d; PRAGMA secure_delete=%s; PRAGMA query_only=%s",
        writer ? WRITER_CACHE_KIB : READER_CACHE_KIB, WAL_PAGES, WAL_KEPT_BYTES, writer ? "ON" : "OFF",
        writer ? "OFF" : "ON");
    (void)sqlite3_busy_timeout(l->conn, BUSY_MS);
    return lite_exec(l->conn, sql, "opening the database", err);
}

// Asked for each time: a file that was restored or copied may have lost it.
static tong_code lite_wal(struct lite *l, struct err *err)
{
    sqlite3_stmt *stmt = NULL;
    bool good = sqlite3_prepare_v2(l->conn, "PRAGMA journal_mode=WAL", -1, &stmt, NULL) == SQLITE_OK &&
                sqlite3_step(stmt) == SQLITE_ROW;
    tong_code code = good ? TONG_OK : lite_fail(l->conn, "opening the database", err);
    const unsigned char *mode = good ? sqlite3_column_text(stmt, 0) : NULL;
    if (good && (mode == NULL || strcmp((const char *)mode, "wal") != 0))
        code = tong_fail(err, TONG_E_IO, "the file system of %s offers no shared memory: the database cannot lie there",
                         l->db.where);
    (void)sqlite3_finalize(stmt);
    return code;
}

static void lite_close(struct db *db)
{
    struct lite *l = (struct lite *)db;
    for (int i = 0; i < SQL_COUNT; i++) (void)sqlite3_finalize(l->statement[i].stmt);
    (void)sqlite3_finalize(l->begin);
    (void)sqlite3_finalize(l->commit);
    (void)sqlite3_finalize(l->rollback);
    int rc = sqlite3_close(l->conn);
    assert(rc == SQLITE_OK); // nothing is left open
    (void)sqlite3_close(l->writer);
    free(db->where);
    free(l);
}

static tong_code lite_prepare_text(struct lite *l, const char *text, sqlite3_stmt **out, struct err *err)
{
    if (sqlite3_prepare_v3(l->conn, text, -1, SQLITE_PREPARE_PERSISTENT, out, NULL) == SQLITE_OK) return TONG_OK;
    return lite_fail(l->conn, "preparing a statement", err);
}

static tong_code lite_connect(struct lite *l, struct err *err)
{
    const char *where = l->db.where;
    if (l->db.mode != DB_CREATE && access(where, F_OK) != 0)
        return tong_fail(err, TONG_E_NOT_FOUND, "there is no database %s", where);
    if (l->db.mode != DB_READ) {
        tong_code locked = writer_lock(l, err);
        if (locked != TONG_OK) return locked;
    }
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    if (l->db.mode == DB_CREATE) flags |= SQLITE_OPEN_CREATE;
    if (sqlite3_open_v2(where, &l->conn, flags, NULL) != SQLITE_OK) return lite_fail(l->conn, where, err);
    if (l->db.mode != DB_READ && sqlite3_db_readonly(l->conn, "main") == 1)
        return tong_fail(err, TONG_E_IO, "%s may only be read: the disk or the file is protected", where);
    tong_code code = lite_settings(l, err);
    if (code == TONG_OK)
        code = lite_prepare_text(l, l->db.mode == DB_READ ? "BEGIN" : "BEGIN IMMEDIATE", &l->begin, err);
    if (code == TONG_OK) code = lite_prepare_text(l, "COMMIT", &l->commit, err);
    if (code == TONG_OK) code = lite_prepare_text(l, "ROLLBACK", &l->rollback, err);
    return code;
}

static tong_code lite_open(const char *where, db_mode mode, struct db **out, struct err *err)
{
    struct lite *l = calloc(1, sizeof *l);
    char *name = malloc(strlen(where) + 1);
    if (l == NULL || name == NULL) {
        free(l);
        free(name);
        return tong_fail(err, TONG_E_NOMEM, "opening the database");
    }
    memcpy(name, where, strlen(where) + 1);
    l->db = (struct db){.engine = &db_engine_sqlite, .where = name, .mode = mode};
    tong_code code = lite_connect(l, err);
    if (code == TONG_OK) *out = &l->db;
    else lite_close(&l->db);
    return code;
}

static tong_code lite_found(struct db *db, db_found *out, struct err *err)
{
    struct lite *l = (struct lite *)db;
    int64_t mark = 0, tables = 0;
    tong_code code = lite_number(l->conn, "PRAGMA application_id", &mark, err);
    if (code == TONG_OK) code = lite_number(l->conn, "SELECT count(*) FROM sqlite_schema", &tables, err);
    if (code != TONG_OK) return code;
    *out = mark == OURS ? DB_FOUND_OURS : mark == 0 && tables == 0 ? DB_FOUND_EMPTY : DB_FOUND_FOREIGN;
    // Only now: a foreign file is not to be touched.
    return *out != DB_FOUND_FOREIGN && db->mode != DB_READ ? lite_wal(l, err) : TONG_OK;
}

static tong_code lite_script(struct db *db, const char *text, bool first, struct err *err)
{
    struct lite *l = (struct lite *)db;
    char mark[48];
    (void)snprintf(mark, sizeof mark, "PRAGMA application_id=%d", OURS);
    tong_code code = first ? lite_exec(l->conn, mark, "setting up the database", err) : TONG_OK;
    return code == TONG_OK ? lite_exec(l->conn, text, "setting up the database", err) : code;
}

// ---- statements ----

static tong_code lite_statement(struct lite *l, sql_id id, struct lite_statement **out, struct err *err)
{
    struct lite_statement *s = &l->statement[id];
    *out = s;
    if (s->stmt != NULL) return TONG_OK;
    const struct sql_statement *sql = &sql_statements[id];
    sqlite3_stmt *stmt = NULL;
    if (sqlite3_prepare_v3(l->conn, sql->text, -1, SQLITE_PREPARE_PERSISTENT, &stmt, NULL) != SQLITE_OK)
        return lite_fail(l->conn, sql->name, err);
    int count = sqlite3_bind_parameter_count(stmt);
    assert(count <= DB_PARAMETERS_MAX);
    for (int k = 1; k <= count; k++) {
        char name[16];
        (void)snprintf(name, sizeof name, "$%d", k);
        int at = sqlite3_bind_parameter_index(stmt, name);
        assert(at > 0); // $1, $2 ... without a gap
        s->at[k - 1] = (uint8_t)at;
    }
    s->count = (uint8_t)count;
    s->stmt = stmt;
    return TONG_OK;
}

static int bind_one(sqlite3_stmt *stmt, int at, const struct db_value *v, sqlite3_destructor_type keep)
{
    const char *p = v->text.p == NULL ? "" : v->text.p; // an empty text is not NULL
    switch (v->type) {
    case DB_NULL: return sqlite3_bind_null(stmt, at);
    case DB_INTEGER: return sqlite3_bind_int64(stmt, at, v->integer);
    case DB_REAL: return sqlite3_bind_double(stmt, at, v->real);
    case DB_TEXT: return sqlite3_bind_text64(stmt, at, p, v->text.n, keep, SQLITE_UTF8);
    case DB_BLOB:
        return v->text.n == 0 ? sqlite3_bind_zeroblob(stmt, at, 0) : sqlite3_bind_blob64(stmt, at, p, v->text.n, keep);
    }
    return SQLITE_MISUSE;
}

static tong_code bind(struct lite *l, sql_id id, const struct db_value *in, size_t count, sqlite3_destructor_type keep,
                      struct lite_statement **out, struct err *err)
{
    tong_code code = lite_statement(l, id, out, err);
    if (code != TONG_OK) return code;
    assert(count == (*out)->count);
    for (size_t k = 0; k < count; k++)
        if (bind_one((*out)->stmt, (*out)->at[k], &in[k], keep) != SQLITE_OK)
            return lite_fail(l->conn, sql_statements[id].name, err);
    return TONG_OK;
}

static tong_code lite_prepare(struct db *db, sql_id id, size_t *count, struct err *err)
{
    struct lite_statement *s = NULL;
    tong_code code = lite_statement((struct lite *)db, id, &s, err);
    if (code == TONG_OK && count != NULL) *count = s->count;
    return code;
}

static tong_code lite_run(struct db *db, sql_id id, const struct db_value *in, size_t count, int64_t *changed,
                          struct err *err)
{
    struct lite *l = (struct lite *)db;
    struct lite_statement *s = NULL;
    tong_code code = bind(l, id, in, count, SQLITE_STATIC, &s, err); // over before the caller's memory is
    if (code != TONG_OK) return code;
    int rc = sqlite3_step(s->stmt);
    assert(rc != SQLITE_ROW); // who wants rows calls db_ask
    if (rc != SQLITE_DONE) code = lite_fail(l->conn, sql_statements[id].name, err);
    (void)sqlite3_reset(s->stmt); // tells the same failure again
    if (code == TONG_OK && changed != NULL) *changed = sqlite3_changes64(l->conn);
    return code;
}

static tong_code lite_ask(struct db *db, sql_id id, const struct db_value *in, size_t count, struct err *err)
{
    struct lite_statement *s = NULL;
    return bind((struct lite *)db, id, in, count, SQLITE_TRANSIENT, &s, err);
}

static int lite_next(struct db *db, sql_id id, struct err *err)
{
    struct lite *l = (struct lite *)db;
    int rc = sqlite3_step(l->statement[id].stmt);
    if (rc == SQLITE_ROW) return 1;
    if (rc == SQLITE_DONE) return 0;
    (void)lite_fail(l->conn, sql_statements[id].name, err);
    return -1;
}

// Each look at a column costs as much as decoding it: the type is asked for only where a number or a pointer leaves it open.
static int64_t lite_integer(struct db *db, sql_id id, int32_t column, int64_t none)
{
    sqlite3_stmt *stmt = ((struct lite *)db)->statement[id].stmt;
    int64_t v = sqlite3_column_int64(stmt, column);
    if (v != 0 || none == 0) return v;
    return sqlite3_column_type(stmt, column) == SQLITE_NULL ? none : v;
}

static double lite_real(struct db *db, sql_id id, int32_t column, double none)
{
    sqlite3_stmt *stmt = ((struct lite *)db)->statement[id].stmt;
    return sqlite3_column_type(stmt, column) == SQLITE_NULL ? none : sqlite3_column_double(stmt, column);
}

static struct str lite_text(struct db *db, sql_id id, int32_t column)
{
    sqlite3_stmt *stmt = ((struct lite *)db)->statement[id].stmt;
    const char *p = sqlite3_column_blob(stmt, column); // of a text: its bytes, without a copy
    if (p != NULL) return (struct str){p, (size_t)sqlite3_column_bytes(stmt, column)};
    return (struct str){sqlite3_column_type(stmt, column) == SQLITE_NULL ? NULL : "", 0}; // an empty blob has no bytes
}

static void lite_done(struct db *db, sql_id id)
{
    (void)sqlite3_reset(((struct lite *)db)->statement[id].stmt); // tells a failure again that next has told
}

// ---- transactions ----

// For a COMMIT that fails SQLite does not keep the system's number: but errno still holds that of the last call that failed.
static tong_code lite_control(struct lite *l, sqlite3_stmt *stmt, const char *doing, struct err *err)
{
    errno = 0;
    int rc = sqlite3_step(stmt), cause = errno;
    tong_code code =
        rc == SQLITE_DONE ? TONG_OK : fail_for(l->conn, (rc & 0xff) == SQLITE_IOERR ? cause : 0, doing, err);
    (void)sqlite3_reset(stmt);
    return code;
}

static tong_code lite_begin(struct db *db, struct err *err)
{
    struct lite *l = (struct lite *)db;
    return lite_control(l, l->begin, "beginning a transaction", err);
}

// SQLite itself has rolled back after some failures (a full disk) and not after others.
static void lite_rollback(struct db *db)
{
    struct lite *l = (struct lite *)db;
    if (sqlite3_get_autocommit(l->conn) != 0) return;
    tong_code code = lite_control(l, l->rollback, "rolling back", NULL);
    assert(code == TONG_OK || sqlite3_get_autocommit(l->conn) != 0);
}

static tong_code lite_commit(struct db *db, struct err *err)
{
    struct lite *l = (struct lite *)db;
    if (sqlite3_get_autocommit(l->conn) != 0)
        return tong_fail(err, TONG_E_IO, "the transaction was rolled back after a failed statement");
    tong_code code = lite_control(l, l->commit, "committing", err);
    if (code != TONG_OK) lite_rollback(db);
    return code;
}

const struct db_engine db_engine_sqlite = {
    .open = lite_open,
    .close = lite_close,
    .found = lite_found,
    .script = lite_script,
    .prepare = lite_prepare,
    .run = lite_run,
    .ask = lite_ask,
    .next = lite_next,
    .integer = lite_integer,
    .real = lite_real,
    .text = lite_text,
    .done = lite_done,
    .begin = lite_begin,
    .commit = lite_commit,
    .rollback = lite_rollback,
    .backup = lite_backup,
    .scrub = lite_scrub,
};
