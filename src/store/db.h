// db.h -- one connection to the database: SQLite, or PostgreSQL behind the same statements.
//
// Statements are files in queries/, one each, named by sql_id (a generator makes the table, see sql.sh); nothing else is
// ever sent. Parameters are $1, $2 ... in the order of their first use. A connection belongs to one thread at a time. There
// is one writer; readers open their own connections and see what was committed.
#ifndef TONG_STORE_DB_H
#define TONG_STORE_DB_H

#include "base/err.h"
#include "base/str.h"
#include "store/sql.h" // generated: enum sql_id

struct db;

typedef enum db_mode { DB_READ, DB_WRITE, DB_CREATE } db_mode; // CREATE: made when it is not there, and migrated

// `where` is a file's path or postgresql://... . NOT_FOUND: nothing there; INVALID: not one of ours, or newer than this
// program; CONFLICT: another writer has it; IO.
tong_code db_open(const char *where, db_mode mode, struct db **out, struct err *err) TONG_MUST_USE;
void db_close(struct db *db); // NULL is allowed
bool db_is_postgresql(const struct db *db);

typedef enum db_type { DB_NULL, DB_INTEGER, DB_REAL, DB_TEXT, DB_BLOB } db_type;
struct db_value {
    db_type type;
    int64_t integer;
    double real;
    struct str text; // of a text or blob
};
#define DB_I(v) ((struct db_value){.type = DB_INTEGER, .integer = (v)})
#define DB_R(v) ((struct db_value){.type = DB_REAL, .real = (v)})
#define DB_T(s) ((struct db_value){.type = DB_TEXT, .text = (s)})
#define DB_B(s) ((struct db_value){.type = DB_BLOB, .text = (s)})
#define DB_N ((struct db_value){.type = DB_NULL})
struct db_value db_i_or_null(int64_t v, int64_t none); // NULL when v == none
struct db_value db_b_or_null(struct str s);            // NULL when empty

// Run a statement that answers no rows. *changed (may be NULL) is how many rows it touched. CONFLICT: a uniqueness was
// broken; LIMIT: the disk is full; IO: anything else the database refused, in words. Inside a transaction of PostgreSQL a
// failed statement spoils the transaction: the caller rolls back.
tong_code db_run(struct db *db, sql_id id, const struct db_value *in, size_t count, int64_t *changed,
                 struct err *err) TONG_MUST_USE;

// Ask. Rows are read one by one with db_next; texts and blobs live until the next db_next or db_done. A query that is not
// read to its end must be ended with db_done. Several different statements may be open at once, the same one only once.
tong_code db_ask(struct db *db, sql_id id, const struct db_value *in, size_t count, struct err *err) TONG_MUST_USE;
// True: a row is there. False at the end, or on a failure: db_done tells which.
bool db_next(struct db *db, sql_id id);
int64_t db_int(struct db *db, sql_id id, int32_t column, int64_t none); // `none` for NULL
double db_real(struct db *db, sql_id id, int32_t column, double none);
struct str db_text(struct db *db, sql_id id, int32_t column);           // text or blob; {NULL, 0} for NULL
tong_code db_done(struct db *db, sql_id id, struct err *err) TONG_MUST_USE;

tong_code db_begin(struct db *db, struct err *err) TONG_MUST_USE;  // a write transaction; on a reader: one snapshot
tong_code db_commit(struct db *db, struct err *err) TONG_MUST_USE; // durable when it returns OK
void db_rollback(struct db *db);                                   // harmless when none is open

// A copy of a running SQLite database into `file`, page by page, without stopping the writer. (PostgreSQL: pg_dump.)
tong_code db_backup(struct db *db, const char *file, struct err *err) TONG_MUST_USE;
// SQLite: the WAL is written back and cut to nothing, free pages are overwritten (used by an erasure).
tong_code db_scrub(struct db *db, struct err *err) TONG_MUST_USE;

// Migrations: schema/NNNN-name.sql, forward only, each in a transaction of its own; done by db_open with DB_CREATE.
int32_t db_schema_version(void);

#endif
