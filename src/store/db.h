// db.h -- one connection to the database: SQLite, or PostgreSQL behind the same statements.
//
// Statements are files in queries/, one each, named by sql_id (a generator makes the table, see sql.sh); nothing else is
// ever sent but the schema, and begin and commit. Parameters are $1, $2 ... without a gap. A connection belongs to one thread
// at a time. There is one writer, in this process or another; readers open their own connections and see what was committed.
//
// A statement is prepared at its first use and kept. A query whose file begins with "-- scan" may answer millions of rows: it
// is read piece by piece on both engines (a cursor in PostgreSQL); the answer of any other query is held in memory there.
#ifndef TONG_STORE_DB_H
#define TONG_STORE_DB_H

#include "base/err.h"
#include "base/str.h"
#include "store/sql.h" // generated: enum sql_id

enum { DB_PARAMETERS_MAX = 64 };

struct db;

typedef enum db_mode { DB_READ, DB_WRITE, DB_CREATE } db_mode; // CREATE: made when it is not there, and migrated

// `where` is a file's path or postgresql://... (a database that exists, made by createdb). NOT_FOUND: nothing there; INVALID:
// not one of ours, damaged, newer than this program, or older (only CREATE migrates); CONFLICT: another writer has it; IO.
tong_code db_open(const char *where, db_mode mode, struct db **out, struct err *err) TONG_MUST_USE;
void db_close(struct db *db); // NULL is allowed; an open transaction is rolled back
bool db_is_postgresql(const struct db *db);
bool db_where_is_postgresql(const char *where);
const char *db_where(const struct db *db);

typedef enum db_type { DB_NULL, DB_INTEGER, DB_REAL, DB_TEXT, DB_BLOB } db_type;
struct db_value {
    db_type type;
    int64_t integer;
    double real;
    struct str text; // of a text or blob; an empty one is not NULL
};
// clang-format off
#define DB_I(v) ((struct db_value){.type = DB_INTEGER, .integer = (v)})
#define DB_R(v) ((struct db_value){.type = DB_REAL, .real = (v)})
#define DB_T(s) ((struct db_value){.type = DB_TEXT, .text = (s)})
#define DB_B(s) ((struct db_value){.type = DB_BLOB, .text = (s)})
#define DB_N ((struct db_value){.type = DB_NULL})
// clang-format on
struct db_value db_i_or_null(int64_t v, int64_t none); // NULL when v == none
struct db_value db_b_or_null(struct str s);            // a blob, NULL when empty
struct db_value db_t_or_null(struct str s);            // a text, NULL when empty

// Prepare a statement ahead of its first use. `count` is then how many parameters it takes (may be NULL).
tong_code db_prepare(struct db *db, sql_id id, size_t *count, struct err *err) TONG_MUST_USE;

// Run a statement that answers no rows. *changed (may be NULL) is how many rows it touched. CONFLICT: a uniqueness was
// broken; LIMIT: the disk is full; INVALID: the file is damaged; IO: anything else the database refused, in words. After a
// failure inside a transaction the caller rolls back.
// With `changed` NULL inside a transaction PostgreSQL is only handed the statement: what it finds wrong is told by a later
// call, by db_commit at the latest. Who wants to know at once passes `changed`.
tong_code db_run(struct db *db, sql_id id, const struct db_value *in, size_t count, int64_t *changed,
                 struct err *err) TONG_MUST_USE;

// Ask. Rows are read one by one with db_next; texts and blobs live until the next db_next or db_done. A query that is not
// read to its end must be ended with db_done. Several different statements may be open at once, the same one only once.
// The beginning and the end of a transaction end the queries that are open: db_done on them then answers IO.
tong_code db_ask(struct db *db, sql_id id, const struct db_value *in, size_t count, struct err *err) TONG_MUST_USE;
// True: a row is there. False at the end, or on a failure: db_done tells which.
bool db_next(struct db *db, sql_id id);
// Columns are counted from 0. A number is asked for as it is stored, or as the other kind of number; a text is not a number.
int64_t db_int(struct db *db, sql_id id, int32_t column, int64_t none); // `none` for NULL
double db_real(struct db *db, sql_id id, int32_t column, double none);
struct str db_text(struct db *db, sql_id id, int32_t column); // text or blob; {NULL, 0} for NULL
tong_code db_done(struct db *db, sql_id id, struct err *err) TONG_MUST_USE;

// A write transaction; on a reader one snapshot, fixed by its first question. IO also when PostgreSQL went away: the next
// db_begin (or question outside a transaction) connects again by itself; CONFLICT when another became the writer meanwhile.
tong_code db_begin(struct db *db, struct err *err) TONG_MUST_USE;
// Durable when it returns OK. Otherwise nothing of it is to be relied on and no transaction is open any more; what was
// derived from it in memory must be read again, for after IO the database may yet hold it.
tong_code db_commit(struct db *db, struct err *err) TONG_MUST_USE;
bool db_is_full(const struct db *db); // a LIMIT since the last begin was the disk's, and not the content's
void db_rollback(struct db *db); // harmless when none is open
bool db_in_transaction(const struct db *db);

// A copy of a running SQLite database into `file`, from one snapshot, page by page and with pauses, without stopping the
// writer; call it on a reader of its own, outside a transaction. PostgreSQL: pg_dump into `file` (custom format).
// CONFLICT: `file` is already there; NOT_FOUND: there is no pg_dump; LIMIT: the disk is full.
tong_code db_backup(struct db *db, const char *file, struct err *err) TONG_MUST_USE;
// The writer, outside a transaction, after an erasure. SQLite: the WAL is written back and cut to nothing; deleted content is
// already overwritten (secure_delete). PostgreSQL: VACUUM of the tables that erasures touch. CONFLICT: a reader still holds
// older pages; try again later.
tong_code db_scrub(struct db *db, struct err *err) TONG_MUST_USE;

// The writer, outside a transaction: a store is being made that will be made again should the power fail meanwhile (a
// benchmark's). With SQLite commits no longer wait for the disk, and `cache_mib` of pages are kept, until the connection is closed.
tong_code db_bulk(struct db *db, int32_t cache_mib, struct err *err) TONG_MUST_USE;

// Migrations: schema/NNNN-name.sql, forward only, each in a transaction of its own; done by db_open with DB_CREATE.
int32_t db_schema_version(void);

#endif
