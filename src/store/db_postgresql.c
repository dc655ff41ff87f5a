#include "store/db_postgresql.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    QUEUED_MAX = 512,  // statements under way before their results are read
    FETCH_ROWS = 2000, // of a scan, at once
};

// ---- opening ----

static void pg_close(struct db *db)
{
    struct pg *p = (struct pg *)db;
    for (int i = 0; i < SQL_COUNT; i++) PQclear(p->statement[i].rows);
    if (p->conn != NULL) PQfinish(p->conn);
    free(db->where);
    free(p);
}

static tong_code pg_open(const char *where, db_mode mode, struct db **out, struct err *err)
{
    struct pg *p = calloc(1, sizeof *p);
    char *name = malloc(strlen(where) + 1);
    if (p == NULL || name == NULL) {
        free(p);
        free(name);
        return tong_fail(err, TONG_E_NOMEM, "opening the database");
    }
    memcpy(name, where, strlen(where) + 1);
    p->db = (struct db){.engine = &db_engine_postgresql, .where = name, .mode = mode};
    tong_code code = pg_connect(p, err);
    if (code == TONG_OK) *out = &p->db;
    else pg_close(&p->db);
    return code;
}

// Ours holds the table of migrations and those of the first one; there is no mark as in the header of a file.
static tong_code pg_found(struct db *db, db_found *out, struct err *err)
{
    static const char sql[] = "SELECT count(*) FILTER (WHERE tablename IN ('migration', 'word', 'fact')), count(*) "
                              "FROM pg_tables WHERE schemaname = current_schema()";
    PGresult *r = NULL;
    tong_code code = pg_command((struct pg *)db, sql, &r, err);
    if (code != TONG_OK) return code;
    int64_t ours = pg_integer(r, 0, 0, 0), all = pg_integer(r, 0, 1, 0);
    PQclear(r);
    *out = ours == 3 ? DB_FOUND_OURS : all == 0 ? DB_FOUND_EMPTY : DB_FOUND_FOREIGN;
    return TONG_OK;
}

// Several statements at once cannot go through a pipeline.
static tong_code pg_script(struct db *db, const char *text, bool first, struct err *err)
{
    (void)first;
    struct pg *p = (struct pg *)db;
    tong_code code = pg_pipe_close(p, err);
    if (code != TONG_OK) return code;
    char *sql = db_schema_postgresql(text);
    if (sql == NULL) return tong_fail(err, TONG_E_NOMEM, "setting up the database");
    PGresult *r = PQexec(p->conn, sql);
    if (PQresultStatus(r) != PGRES_COMMAND_OK) code = pg_fail(p, r, "setting up the database", err);
    PQclear(r);
    free(sql);
    return code == TONG_OK ? pg_pipe_open(p, err) : code;
}

// ---- statements ----

static tong_code spoiled(const struct pg *p, struct err *err)
{
    if (err != NULL) *err = p->why;
    return p->why.code;
}

// Outside a transaction a lost connection is made anew.
static tong_code ready(struct pg *p, struct err *err)
{
    if (p->spoiled) return spoiled(p, err);
    if (p->db.in_transaction || p->cursors > 0 || !pg_lost(p)) return TONG_OK;
    return pg_connect(p, err);
}

static tong_code describe(struct pg *p, const struct sql_statement *sql, PGresult **out, struct err *err)
{
    if (p->piped) {
        if (PQsendPrepare(p->conn, sql->name, sql->text, 0, NULL) != 1) return pg_not_sent(p, sql->name, err);
        p->queued++;
        tong_code code = pg_answer(p, sql->name, NULL, err);
        if (code != TONG_OK) return code;
        if (PQsendDescribePrepared(p->conn, sql->name) != 1) return pg_not_sent(p, sql->name, err);
        p->queued++;
        return pg_answer(p, sql->name, out, err);
    }
    PGresult *r = PQprepare(p->conn, sql->name, sql->text, 0, NULL);
    tong_code code = PQresultStatus(r) == PGRES_COMMAND_OK ? TONG_OK : pg_fail(p, r, sql->name, err);
    PQclear(r);
    if (code != TONG_OK) return code;
    r = PQdescribePrepared(p->conn, sql->name);
    if (PQresultStatus(r) == PGRES_COMMAND_OK) {
        *out = r;
        return TONG_OK;
    }
    code = pg_fail(p, r, sql->name, err);
    PQclear(r);
    return code;
}

static tong_code prepared(struct pg *p, sql_id id, struct pg_statement **out, struct err *err)
{
    struct pg_statement *s = &p->statement[id];
    *out = s;
    if (s->prepared) return TONG_OK;
    PGresult *r = NULL;
    tong_code code = describe(p, &sql_statements[id], &r, err);
    if (code != TONG_OK) return code;
    int count = PQnparams(r);
    assert(count <= DB_PARAMETERS_MAX);
    for (int k = 0; k < count; k++) s->type[k] = PQparamtype(r, k);
    s->count = (uint8_t)count;
    s->prepared = true;
    PQclear(r);
    return TONG_OK;
}

static tong_code pg_prepare(struct db *db, sql_id id, size_t *count, struct err *err)
{
    struct pg_statement *s = NULL;
    tong_code code = ready((struct pg *)db, err);
    if (code == TONG_OK) code = prepared((struct pg *)db, id, &s, err);
    if (code == TONG_OK && count != NULL) *count = s->count;
    return code;
}

// Sends a prepared statement and, unless `out` is NULL and a pipeline is open, waits for its answer.
static tong_code send_prepared(struct pg *p, sql_id id, const struct db_value *in, size_t count, PGresult **out,
                               struct err *err)
{
    struct pg_statement *s = NULL;
    tong_code code = prepared(p, id, &s, err);
    if (code != TONG_OK) return code;
    assert(count == s->count);
    struct pg_parameters v;
    pg_encode(in, count, s->type, &v);
    const char *name = sql_statements[id].name;
    if (!p->piped) {
        PGresult *r = PQexecPrepared(p->conn, name, v.count, v.value, v.length, v.binary, 1);
        ExecStatusType status = PQresultStatus(r);
        code = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK ? TONG_OK : pg_fail(p, r, name, err);
        if (out != NULL && code == TONG_OK) *out = r;
        else PQclear(r);
        return code;
    }
    if (PQsendQueryPrepared(p->conn, name, v.count, v.value, v.length, v.binary, 1) != 1)
        return pg_not_sent(p, name, err);
    p->queued++;
    if (out != NULL) return pg_answer(p, name, out, err);
    if (p->queued < QUEUED_MAX) return TONG_OK;
    (void)PQsendFlushRequest(p->conn);
    return pg_drain(p, err);
}

static tong_code pg_run(struct db *db, sql_id id, const struct db_value *in, size_t count, int64_t *changed,
                        struct err *err)
{
    struct pg *p = (struct pg *)db;
    tong_code code = ready(p, err);
    if (code == TONG_OK && p->cursors > 0)
        code = tong_fail(err, TONG_E_IO, "%s: a scan is still open outside a transaction", sql_statements[id].name);
    if (code != TONG_OK) return code;
    PGresult *r = NULL;
    code = send_prepared(p, id, in, count, changed == NULL ? NULL : &r, err);
    if (code != TONG_OK || changed == NULL) return code;
    assert(PQresultStatus(r) == PGRES_COMMAND_OK); // who wants rows calls db_ask
    int64_t n = 0;
    bool counted = str_int(str_z(PQcmdTuples(r)), &n);
    *changed = counted ? n : 0;
    PQclear(r);
    return TONG_OK;
}

// ---- scans: a cursor, in a transaction of its own when there is none ----

static tong_code scan_command(struct pg *p, const char *before, sql_id id, PGresult **out, struct err *err)
{
    char sql[128];
    (void)snprintf(sql, sizeof sql, "%s scan_%s", before, sql_statements[id].name);
    return pg_command(p, sql, out, err);
}

static tong_code declare(struct pg *p, sql_id id, const struct db_value *in, size_t count, struct err *err)
{
    struct pg_statement *s = NULL;
    tong_code code = prepared(p, id, &s, err); // for the types of its parameters
    if (code != TONG_OK) return code;
    assert(count == s->count);
    struct pg_parameters v;
    pg_encode(in, count, s->type, &v);
    const struct sql_statement *text = &sql_statements[id];
    size_t room = strlen(text->text) + strlen(text->name) + 64;
    char *sql = malloc(room);
    if (sql == NULL) return tong_fail(err, TONG_E_NOMEM, "%s", text->name);
    (void)snprintf(sql, room, "DECLARE scan_%s NO SCROLL CURSOR FOR %s", text->name, text->text);
    if (p->piped) {
        int sent = PQsendQueryParams(p->conn, sql, v.count, s->type, v.value, v.length, v.binary, 1);
        if (sent == 1) p->queued++;
        code = sent == 1 ? pg_answer(p, text->name, NULL, err) : pg_not_sent(p, text->name, err);
    } else {
        PGresult *r = PQexecParams(p->conn, sql, v.count, s->type, v.value, v.length, v.binary, 1);
        if (PQresultStatus(r) != PGRES_COMMAND_OK) code = pg_fail(p, r, text->name, err);
        PQclear(r);
    }
    free(sql);
    return code;
}

static void scan_close(struct pg *p, sql_id id)
{
    struct pg_statement *s = &p->statement[id];
    s->cursor = false;
    if (!s->own_transaction) { // where CLOSE fails, the end of the transaction closes it
        tong_code closed = p->spoiled || pg_lost(p) ? TONG_OK : scan_command(p, "CLOSE", id, NULL, NULL);
        (void)closed;
        return;
    }
    s->own_transaction = false;
    if (--p->cursors > 0 || pg_lost(p)) return;
    if (pg_command(p, "ROLLBACK", NULL, NULL) == TONG_OK) return; // it only read
    PQfinish(p->conn);
    p->conn = NULL;
}

static tong_code scan_open(struct pg *p, sql_id id, const struct db_value *in, size_t count, struct err *err)
{
    struct pg_statement *s = &p->statement[id];
    bool own = !p->db.in_transaction;
    tong_code code = TONG_OK;
    if (own && p->cursors == 0) code = pg_command(p, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", NULL, err);
    if (code != TONG_OK) return code;
    if (own) p->cursors++;
    s->own_transaction = own;
    code = declare(p, id, in, count, err);
    if (code != TONG_OK) scan_close(p, id);
    else s->cursor = true;
    return code;
}

static tong_code fetch(struct pg *p, sql_id id, struct err *err)
{
    struct pg_statement *s = &p->statement[id];
    char before[32];
    (void)snprintf(before, sizeof before, "FETCH %d FROM", FETCH_ROWS);
    PQclear(s->rows);
    s->rows = NULL;
    tong_code code = scan_command(p, before, id, &s->rows, err);
    if (code == TONG_OK) s->row = -1;
    return code;
}

// ---- asking ----

static tong_code ask_once(struct pg *p, sql_id id, const struct db_value *in, size_t count, struct err *err)
{
    struct pg_statement *s = &p->statement[id];
    assert(s->rows == NULL);
    s->row = -1;
    if (sql_statements[id].scan) return scan_open(p, id, in, count, err);
    return send_prepared(p, id, in, count, &s->rows, err);
}

// A question outside a transaction may be asked again when the server was restarted since the last one.
static tong_code pg_ask(struct db *db, sql_id id, const struct db_value *in, size_t count, struct err *err)
{
    struct pg *p = (struct pg *)db;
    tong_code code = ready(p, err);
    if (code != TONG_OK) return code;
    code = ask_once(p, id, in, count, err);
    if (code != TONG_E_IO || db->in_transaction || p->cursors > 0 || !pg_lost(p)) return code;
    code = pg_connect(p, err);
    return code == TONG_OK ? ask_once(p, id, in, count, err) : code;
}

static int pg_next(struct db *db, sql_id id, struct err *err)
{
    struct pg *p = (struct pg *)db;
    struct pg_statement *s = &p->statement[id];
    if (s->rows != NULL && ++s->row < PQntuples(s->rows)) return 1;
    if (!s->cursor || (s->rows != NULL && PQntuples(s->rows) < FETCH_ROWS)) return 0;
    if (p->spoiled) return spoiled(p, err) == TONG_OK ? 0 : -1;
    if (fetch(p, id, err) != TONG_OK) return -1;
    s->row = 0;
    return PQntuples(s->rows) > 0 ? 1 : 0;
}

static void pg_done(struct db *db, sql_id id)
{
    struct pg *p = (struct pg *)db;
    struct pg_statement *s = &p->statement[id];
    PQclear(s->rows);
    s->rows = NULL;
    if (s->cursor) scan_close(p, id);
}

static int64_t column_integer(struct db *db, sql_id id, int32_t column, int64_t none)
{
    const struct pg_statement *s = &((struct pg *)db)->statement[id];
    return pg_integer(s->rows, s->row, column, none);
}

static double column_real(struct db *db, sql_id id, int32_t column, double none)
{
    const struct pg_statement *s = &((struct pg *)db)->statement[id];
    return pg_real(s->rows, s->row, column, none);
}

static struct str column_text(struct db *db, sql_id id, int32_t column)
{
    const struct pg_statement *s = &((struct pg *)db)->statement[id];
    return pg_text(s->rows, s->row, column);
}

// ---- transactions ----

static tong_code pg_begin(struct db *db, struct err *err)
{
    struct pg *p = (struct pg *)db;
    const bool writer = db->mode != DB_READ;
    const char *sql = writer ? "BEGIN" : "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
    p->spoiled = false;
    tong_code code = pg_lost(p) ? pg_connect(p, err) : TONG_OK;
    if (code != TONG_OK) return code;
    code = pg_command(p, sql, NULL, err);
    if (code != TONG_OK && pg_lost(p)) { // restarted since the last transaction: nothing was begun, so nothing is lost
        code = pg_connect(p, err);
        if (code == TONG_OK) code = pg_command(p, sql, NULL, err);
    }
    return code == TONG_OK && writer ? pg_pipe_open(p, err) : code;
}

// A connection that cannot be rolled back is given up: the server then rolls back.
static void pg_rollback(struct db *db)
{
    struct pg *p = (struct pg *)db;
    tong_code closed = p->piped ? pg_pipe_close(p, NULL) : TONG_OK;
    (void)closed; // what failed there is rolled back here
    if (!pg_lost(p) && pg_command(p, "ROLLBACK", NULL, NULL) != TONG_OK) {
        PQfinish(p->conn);
        p->conn = NULL;
    }
    p->spoiled = false;
}

static tong_code pg_commit(struct db *db, struct err *err)
{
    struct pg *p = (struct pg *)db;
    if (!p->piped) return pg_command(p, "COMMIT", NULL, err);
    if (p->spoiled || PQsendQueryParams(p->conn, "COMMIT", 0, NULL, NULL, NULL, NULL, 1) != 1) {
        tong_code code = p->spoiled ? spoiled(p, err) : pg_fail(p, NULL, "committing", err);
        pg_rollback(db);
        return code;
    }
    p->queued++;
    tong_code code = pg_pipe_close(p, err);
    if (code == TONG_OK && PQtransactionStatus(p->conn) == PQTRANS_IDLE) return TONG_OK;
    if (code == TONG_OK) code = tong_fail(err, TONG_E_IO, "committing: the server says that the transaction goes on");
    pg_rollback(db);
    return code;
}

const struct db_engine db_engine_postgresql = {
    .open = pg_open,
    .close = pg_close,
    .found = pg_found,
    .script = pg_script,
    .prepare = pg_prepare,
    .run = pg_run,
    .ask = pg_ask,
    .next = pg_next,
    .integer = column_integer,
    .real = column_real,
    .text = column_text,
    .done = pg_done,
    .begin = pg_begin,
    .commit = pg_commit,
    .rollback = pg_rollback,
    .backup = pg_backup,
    .scrub = pg_scrub,
};
