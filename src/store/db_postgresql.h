// db_postgresql.h -- what the files of the PostgreSQL engine share.
#ifndef TONG_STORE_DB_POSTGRESQL_H
#define TONG_STORE_DB_POSTGRESQL_H

#include "store/db_inner.h"

#include <libpq-fe.h>

struct pg_statement {
    bool prepared;
    uint8_t count;
    Oid type[DB_PARAMETERS_MAX]; // of its parameters, as the server inferred them
    PGresult *rows;              // what was answered, or the piece of it in hand
    int32_t row;                 // the current one, -1 before the first
    bool cursor;                 // more pieces can be fetched
    bool own_transaction;        // the cursor's, opened for it alone
};

struct pg {
    struct db db; // first
    PGconn *conn;
    bool piped;      // in pipeline mode
    int32_t queued;  // statements handed over whose results were not read yet
    bool spoiled;    // the transaction has failed: only a rollback helps
    struct err why;  // it was spoiled
    int32_t cursors; // open in a transaction of their own
    struct pg_statement statement[SQL_COUNT];
};

// ---- parameters and columns, in the binary form (db_postgresql_value.c) ----

struct pg_parameters {
    int count;
    const char *value[DB_PARAMETERS_MAX];
    int length[DB_PARAMETERS_MAX], binary[DB_PARAMETERS_MAX];
    char room[DB_PARAMETERS_MAX][32]; // numbers
};
// Texts and blobs are borrowed.
void pg_encode(const struct db_value *in, size_t count, const Oid *type, struct pg_parameters *out);
int64_t pg_integer(const PGresult *r, int row, int column, int64_t none);
double pg_real(const PGresult *r, int row, int column, double none);
struct str pg_text(const PGresult *r, int row, int column);

// ---- the connection (db_postgresql_wire.c) ----

// Connect, settings, lock of the writer; nothing is prepared on a new connection.
tong_code pg_connect(struct pg *p, struct err *err) TONG_MUST_USE;
bool pg_lost(const struct pg *p);
// What the server said of a result, or libpq of the connection, as an error of ours. Never the values it complains about.
tong_code pg_fail(struct pg *p, const PGresult *r, const char *doing, struct err *err);
// One command without parameters, waited for. In a pipeline too.
tong_code pg_command(struct pg *p, const char *sql, PGresult **out, struct err *err) TONG_MUST_USE;
// A statement could not be handed over inside a pipeline: that spoils the transaction.
tong_code pg_not_sent(struct pg *p, const char *doing, struct err *err);
// Reads all results that are due; the first failure spoils the transaction.
tong_code pg_drain(struct pg *p, struct err *err) TONG_MUST_USE;
// The result of the statement just sent, after those before it. *out may be NULL (then it is dropped).
tong_code pg_answer(struct pg *p, const char *doing, PGresult **out, struct err *err) TONG_MUST_USE;
tong_code pg_pipe_open(struct pg *p, struct err *err) TONG_MUST_USE;
// Ends the pipeline, whatever state it is in.
tong_code pg_pipe_close(struct pg *p, struct err *err) TONG_MUST_USE;

tong_code pg_backup(struct db *db, const char *file, struct err *err);
tong_code pg_scrub(struct db *db, struct err *err);

#endif
