#include "store/db_inner.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

bool db_where_is_postgresql(const char *where)
{
    return strncmp(where, "postgresql://", 13) == 0 || strncmp(where, "postgres://", 11) == 0;
}

tong_code db_open(const char *where, db_mode mode, struct db **out, struct err *err)
{
    assert(where != NULL && out != NULL);
    if (where[0] == 0) return tong_fail(err, TONG_E_NOT_FOUND, "no database is named");
    const struct db_engine *engine = db_where_is_postgresql(where) ? &db_engine_postgresql : &db_engine_sqlite;
    struct db *db = NULL;
    tong_code code = engine->open(where, mode, &db, err);
    if (code == TONG_OK) code = db_schema_settle(db, sql_migrations, err);
    if (code != TONG_OK) {
        db_close(db);
        return code;
    }
    *out = db;
    return TONG_OK;
}

void db_close(struct db *db)
{
    if (db == NULL) return;
    db_rollback(db);
    db->engine->close(db);
}

bool db_is_postgresql(const struct db *db)
{
    return db->engine == &db_engine_postgresql;
}

const char *db_where(const struct db *db)
{
    return db->where;
}

bool db_in_transaction(const struct db *db)
{
    return db->in_transaction;
}

int32_t db_schema_version(void)
{
    int32_t version = 0;
    for (const struct sql_migration *m = sql_migrations; m->version != 0; m++) version = m->version;
    return version;
}

// ---- values ----

struct db_value db_i_or_null(int64_t v, int64_t none)
{
    return v == none ? DB_N : DB_I(v);
}

struct db_value db_b_or_null(struct str s)
{
    return s.n == 0 ? DB_N : DB_B(s);
}

struct db_value db_t_or_null(struct str s)
{
    return s.n == 0 ? DB_N : DB_T(s);
}

// ---- statements ----

static bool id_good(sql_id id)
{
    return (int)id >= 0 && id < SQL_COUNT;
}

tong_code db_prepare(struct db *db, sql_id id, size_t *count, struct err *err)
{
    assert(id_good(id));
    return db->engine->prepare(db, id, count, err);
}

tong_code db_run(struct db *db, sql_id id, const struct db_value *in, size_t count, int64_t *changed, struct err *err)
{
    assert(id_good(id) && db->reading[id] != DB_OPEN);
    assert(db->mode != DB_READ);
    tong_code code = db->engine->run(db, id, in, count, changed, err);
    db->full = db->full || code == TONG_E_LIMIT;
    return code;
}

tong_code db_ask(struct db *db, sql_id id, const struct db_value *in, size_t count, struct err *err)
{
    assert(id_good(id) && db->reading[id] != DB_OPEN);
    db->reading[id] = DB_CLOSED;
    tong_code code = db->engine->ask(db, id, in, count, err);
    if (code != TONG_OK) return code;
    db->reading[id] = DB_OPEN;
    db->open_count++;
    return TONG_OK;
}

// The engine forgets the query; what db_done will tell of it is kept.
static void end_one(struct db *db, sql_id id, db_reading becomes)
{
    assert(db->reading[id] == DB_OPEN && db->open_count > 0);
    db->engine->done(db, id);
    db->reading[id] = (uint8_t)becomes;
    db->open_count--;
}

// A statement left open would keep its snapshot beyond the transaction it was asked in.
static void end_open(struct db *db)
{
    for (int i = 0; db->open_count > 0 && i < SQL_COUNT; i++)
        if (db->reading[i] == DB_OPEN) end_one(db, (sql_id)i, DB_CUT);
    assert(db->open_count == 0);
}

bool db_next(struct db *db, sql_id id)
{
    assert(id_good(id));
    if (db->reading[id] != DB_OPEN) return false;
    struct err err = {.code = TONG_OK};
    int row = db->engine->next(db, id, &err);
    if (row < 0) db->failure = err;
    if (row <= 0) end_one(db, id, row < 0 ? DB_BROKEN : DB_CLOSED); // nothing is held longer than it is needed
    return row > 0;
}

int64_t db_int(struct db *db, sql_id id, int32_t column, int64_t none)
{
    assert(db->reading[id] == DB_OPEN);
    return db->engine->integer(db, id, column, none);
}

double db_real(struct db *db, sql_id id, int32_t column, double none)
{
    assert(db->reading[id] == DB_OPEN);
    return db->engine->real(db, id, column, none);
}

struct str db_text(struct db *db, sql_id id, int32_t column)
{
    assert(db->reading[id] == DB_OPEN);
    return db->engine->text(db, id, column);
}

tong_code db_done(struct db *db, sql_id id, struct err *err)
{
    assert(id_good(id));
    db_reading was = (db_reading)db->reading[id];
    if (was == DB_OPEN) end_one(db, id, DB_CLOSED);
    db->reading[id] = DB_CLOSED;
    if (was == DB_CUT)
        return tong_fail(err, TONG_E_IO, "%s: the transaction ended while it was read", sql_statements[id].name);
    if (was != DB_BROKEN) return TONG_OK;
    if (err != NULL) *err = db->failure;
    db->full = db->full || db->failure.code == TONG_E_LIMIT;
    return db->failure.code;
}

// ---- transactions ----

tong_code db_begin(struct db *db, struct err *err)
{
    assert(!db->in_transaction);
    end_open(db);
    tong_code code = db->engine->begin(db, err);
    db->in_transaction = code == TONG_OK;
    db->full = code == TONG_E_LIMIT;
    return code;
}

bool db_is_full(const struct db *db)
{
    return db->full;
}

tong_code db_commit(struct db *db, struct err *err)
{
    assert(db->in_transaction);
    end_open(db);
    db->in_transaction = false;
    tong_code code = db->engine->commit(db, err);
    db->full = db->full || code == TONG_E_LIMIT;
    return code;
}

void db_rollback(struct db *db)
{
    end_open(db);
    if (!db->in_transaction) return;
    db->in_transaction = false;
    db->engine->rollback(db);
}

// ---- the whole database ----

tong_code db_backup(struct db *db, const char *file, struct err *err)
{
    assert(!db->in_transaction);
    return db->engine->backup(db, file, err);
}

tong_code db_scrub(struct db *db, struct err *err)
{
    assert(!db->in_transaction && db->mode != DB_READ);
    end_open(db);
    return db->engine->scrub(db, err);
}

// secure_delete writes over pages that nobody has read yet; whoever fills a store erases nobody.
tong_code db_bulk(struct db *db, int32_t cache_mib, struct err *err)
{
    char sql[160];
    assert(!db->in_transaction && db->mode != DB_READ && cache_mib > 0);
    if (db_is_postgresql(db)) return TONG_OK; // has its settings from its own administrator
    (void)snprintf(
        sql, sizeof sql,
        "PRAGMA synchronous=OFF; PRAGMA cache_size=-%d; PRAGMA wal_autocheckpoint=100000; PRAGMA secure_delete=OFF",
        (int)cache_mib * 1024);
    return db->engine->script(db, sql, false, err);
}
