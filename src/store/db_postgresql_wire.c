#include "store/db_postgresql.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WRITER_LOCK = 0x544f4e47, VERSION_MIN = 150000 };

// ---- what went wrong, in our words ----

bool pg_lost(const struct pg *p)
{
    return p->conn == NULL || PQstatus(p->conn) != CONNECTION_OK;
}

// libpq's texts have several lines; a log has one.
static void one_line(const char *text, char *out, size_t room)
{
    size_t n = 0;
    for (; *text != 0 && n + 1 < room; text++) {
        char c = *text == '\n' || *text == '\r' || *text == '\t' ? ' ' : *text;
        if (c != ' ' || (n > 0 && out[n - 1] != ' ')) out[n++] = c;
    }
    while (n > 0 && out[n - 1] == ' ') n--;
    out[n] = 0;
}

static const struct {
    const char *state; // SQLSTATE, or its class of two characters
    tong_code code;
    const char *words;
} states[] = {
    {"23505", TONG_E_CONFLICT, NULL},
    {"53100", TONG_E_LIMIT, "the disk of the database server is full"},
    {"53200", TONG_E_NOMEM, "the database server is out of memory"},
    {"25006", TONG_E_IO, "the database may only be read"},
    {"08", TONG_E_IO, "the database server went away"},
    {"57P", TONG_E_IO, "the database server is stopping or starting"},
    {"XX001", TONG_E_INVALID, "the database is damaged"},
    {"XX002", TONG_E_INVALID, "an index of the database is damaged"},
};

tong_code pg_fail(struct pg *p, const PGresult *r, const char *doing, struct err *err)
{
    const char *state = r == NULL ? NULL : PQresultErrorField(r, PG_DIAG_SQLSTATE);
    const char *primary = r == NULL ? NULL : PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY); // the detail tells values
    char words[160];
    one_line(primary != NULL   ? primary
             : p->conn == NULL ? "out of memory"
                               : PQerrorMessage(p->conn),
             words, sizeof words);
    for (size_t i = 0; state != NULL && i < sizeof states / sizeof states[0]; i++) {
        if (strncmp(state, states[i].state, strlen(states[i].state)) != 0) continue;
        if (states[i].words == NULL) return tong_fail(err, states[i].code, "%s: %s", doing, words);
        return tong_fail(err, states[i].code, "%s: %s (%s)", doing, states[i].words, words);
    }
    if (pg_lost(p)) return tong_fail(err, TONG_E_IO, "%s: the database server went away (%s)", doing, words);
    return tong_fail(err, TONG_E_IO, "%s: %s", doing, words);
}

// ---- connecting ----

static void be_silent(void *nobody, const char *message)
{
    (void)nobody;
    (void)message;
}

static void forget_statements(struct pg *p)
{
    for (int i = 0; i < SQL_COUNT; i++) {
        p->statement[i].prepared = false;
        p->statement[i].own_transaction = false; // rows in hand stay readable; the next piece will be refused
    }
    p->piped = p->spoiled = false;
    p->queued = p->cursors = 0;
}

// A server that is set to answer before it is durable is asked to wait for us; one that waits for its standbys is left alone.
static const char settings[] =
    "SELECT set_config('synchronous_commit', CASE current_setting('synchronous_commit') WHEN 'off' THEN 'on' "
    "ELSE current_setting('synchronous_commit') END, false), set_config('client_min_messages', 'error', false)";

static tong_code writer_lock(struct pg *p, struct err *err)
{
    char sql[64];
    (void)snprintf(sql, sizeof sql, "SELECT pg_try_advisory_lock(%d)", WRITER_LOCK);
    PGresult *r = NULL;
    tong_code code = pg_command(p, sql, &r, err);
    if (code == TONG_OK && pg_integer(r, 0, 0, 0) == 0)
        code = tong_fail(err, TONG_E_CONFLICT, "another server is already writing in this database");
    PQclear(r);
    return code;
}

static tong_code refused(struct pg *p, struct err *err)
{
    char words[180];
    one_line(p->conn == NULL ? "out of memory" : PQerrorMessage(p->conn), words, sizeof words);
    bool absent = strstr(words, "does not exist") != NULL && strstr(words, "database \"") != NULL;
    return tong_fail(err, absent ? TONG_E_NOT_FOUND : TONG_E_IO, "PostgreSQL: %s", words);
}

static tong_code suits(struct pg *p, struct err *err)
{
    int version = PQserverVersion(p->conn);
    const char *encoding = PQparameterStatus(p->conn, "server_encoding");
    if (version < VERSION_MIN)
        return tong_fail(err, TONG_E_INVALID, "PostgreSQL 15 or newer is needed; this is %d", version / 10000);
    if (encoding == NULL || strcmp(encoding, "UTF8") != 0)
        return tong_fail(err, TONG_E_INVALID, "the database must be made with encoding UTF8, not %s",
                         encoding == NULL ? "an unknown one" : encoding);
    return TONG_OK;
}

tong_code pg_connect(struct pg *p, struct err *err)
{
    if (p->conn != NULL) PQfinish(p->conn);
    p->conn = NULL;
    forget_statements(p);
    static const char *const keys[] = {"dbname", "connect_timeout", "application_name", "client_encoding", NULL};
    const char *const values[] = {p->db.where, "10", "tongzhou", "UTF8", NULL};
    p->conn = PQconnectdbParams(keys, values, 1);
    if (pg_lost(p)) return refused(p, err);
    (void)PQsetNoticeProcessor(p->conn, be_silent, NULL);
    tong_code code = suits(p, err);
    if (code == TONG_OK) code = pg_command(p, settings, NULL, err);
    if (code == TONG_OK && p->db.mode != DB_READ) code = writer_lock(p, err);
    if (code != TONG_OK) {
        PQfinish(p->conn);
        p->conn = NULL; // so that the next try connects again
    }
    return code;
}

// ---- the pipeline: statements are handed over without waiting for the answer to the one before ----

static bool good_result(const PGresult *r)
{
    ExecStatusType status = PQresultStatus(r); // of NULL: a fatal error
    return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
}

// The results of one statement that was sent. Its failure, unless there was an earlier one, spoils the transaction.
static tong_code read_one(struct pg *p, const char *doing, PGresult **out, struct err *err)
{
    assert(p->queued > 0);
    p->queued--;
    PGresult *r = PQgetResult(p->conn);
    tong_code code = TONG_OK;
    if (!good_result(r)) {
        if (!p->spoiled) (void)pg_fail(p, r, doing, &p->why);
        p->spoiled = true;
        code = p->why.code;
        if (err != NULL) *err = p->why;
    }
    PGresult *more = r == NULL ? NULL : PQgetResult(p->conn); // NULL parts it from the next statement's
    while (more != NULL && !pg_lost(p)) {
        PQclear(more);
        more = PQgetResult(p->conn);
    }
    PQclear(more);
    if (out != NULL && code == TONG_OK) *out = r;
    else PQclear(r);
    return code;
}

tong_code pg_not_sent(struct pg *p, const char *doing, struct err *err)
{
    if (!p->spoiled) (void)pg_fail(p, NULL, doing, &p->why);
    p->spoiled = true;
    if (err != NULL) *err = p->why;
    return p->why.code;
}

tong_code pg_drain(struct pg *p, struct err *err)
{
    tong_code code = TONG_OK;
    while (p->queued > 0) {
        tong_code one = read_one(p, "a statement of the transaction", NULL, code == TONG_OK ? err : NULL);
        if (code == TONG_OK) code = one;
    }
    return code;
}

tong_code pg_answer(struct pg *p, const char *doing, PGresult **out, struct err *err)
{
    assert(p->piped && p->queued > 0);
    (void)PQsendFlushRequest(p->conn);
    tong_code code = TONG_OK;
    while (p->queued > 1) {
        tong_code one = read_one(p, "an earlier statement of the transaction", NULL, code == TONG_OK ? err : NULL);
        if (code == TONG_OK) code = one;
    }
    tong_code last = read_one(p, doing, code == TONG_OK ? out : NULL, code == TONG_OK ? err : NULL);
    return code == TONG_OK ? last : code;
}

tong_code pg_command(struct pg *p, const char *sql, PGresult **out, struct err *err)
{
    if (p->piped) {
        if (PQsendQueryParams(p->conn, sql, 0, NULL, NULL, NULL, NULL, 1) != 1) return pg_not_sent(p, sql, err);
        p->queued++;
        return pg_answer(p, sql, out, err);
    }
    PGresult *r = PQexecParams(p->conn, sql, 0, NULL, NULL, NULL, NULL, 1);
    tong_code code = good_result(r) ? TONG_OK : pg_fail(p, r, sql, err);
    if (out != NULL && code == TONG_OK) *out = r;
    else PQclear(r);
    return code;
}

tong_code pg_pipe_open(struct pg *p, struct err *err)
{
    assert(!p->piped && p->queued == 0);
    if (PQenterPipelineMode(p->conn) != 1) return pg_fail(p, NULL, "beginning a transaction", err);
    p->piped = true;
    return TONG_OK;
}

tong_code pg_pipe_close(struct pg *p, struct err *err)
{
    assert(p->piped);
    bool sent = PQpipelineSync(p->conn) == 1;
    tong_code code = pg_drain(p, err);
    PGresult *r = sent ? PQgetResult(p->conn) : NULL;
    bool synced = PQresultStatus(r) == PGRES_PIPELINE_SYNC;
    if (!synced && code == TONG_OK) code = pg_fail(p, r, "ending a transaction", err);
    PQclear(r);
    p->piped = false;
    if (synced && PQexitPipelineMode(p->conn) == 1) return code;
    if (code == TONG_OK) code = pg_fail(p, NULL, "ending a transaction", err);
    PQfinish(p->conn); // out of step with the server: the next transaction begins on a new connection
    p->conn = NULL;
    return code;
}
