// The power fails in the middle of transactions, hundreds of times: what was acknowledged is there, nothing is there in part.
#include "base/rng.h"
#include "store/db.h"
#include "store/private_postgresql.h"
#include "store/torn_vfs.h"
#include "tap.h"

#include <sqlite3.h>

enum { RUNS = 300, LIVES = 4, TRANSACTIONS_MAX = 400, ROWS_MAX = 24, VALUE_MAX = 9000, PATH_MAX_HERE = 160 };

struct run {
    struct torn *torn;
    bool lies; // the disk only says that it has synced: anything may happen
    struct rng rng;
    char where[PATH_MAX_HERE];
    int32_t rows[TRANSACTIONS_MAX]; // of each transaction tried; 0: rolled back on purpose
    bool told[TRANSACTIONS_MAX];    // acknowledged
    int32_t tried;
    int64_t lost, in_part, unexpected; // what verification found
};

static struct err err;

static struct str value_of(int32_t transaction, int32_t row, char *room)
{
    uint64_t h = (uint64_t)transaction * 7919u + (uint64_t)row * 104729u;
    size_t n = (size_t)(h % 5 == 0 ? h % VALUE_MAX : h % 200); // some need pages of their own
    for (size_t i = 0; i < n; i++) room[i] = (char)('a' + (h + i * (size_t)(row + 1)) % 26);
    return (struct str){room, n};
}

static tong_code put(struct db *db, const char *key, struct str value)
{
    const struct db_value in[] = {DB_T(str_z(key)), DB_T(value)};
    return db_run(db, sql_meta_put, in, 2, NULL, &err);
}

static tong_code put_rows(struct db *db, int32_t transaction, int32_t rows)
{
    char key[32], room[VALUE_MAX];
    tong_code code = TONG_OK;
    for (int32_t i = 0; code == TONG_OK && i < rows; i++) {
        (void)snprintf(key, sizeof key, "%d.%d", transaction, i);
        code = put(db, key, value_of(transaction, i, room));
    }
    (void)snprintf(key, sizeof key, "%d", transaction);
    return code == TONG_OK ? put(db, "last", str_z(key)) : code; // the same row, changed by every transaction
}

// One transaction; false when the machine has stopped.
static bool transact(struct run *r, struct db *db)
{
    int32_t t = r->tried++, rows = 1 + (int32_t)rng_below(&r->rng, rng_below(&r->rng, 6) == 0 ? ROWS_MAX : 4);
    bool give_up = rng_below(&r->rng, 10) == 0;
    r->rows[t] = give_up ? 0 : rows;
    tong_code code = db_begin(db, &err);
    if (code == TONG_OK) code = put_rows(db, t, rows);
    if (code == TONG_OK && !give_up) code = db_commit(db, &err);
    else db_rollback(db);
    r->told[t] = code == TONG_OK && !give_up;
    if (code == TONG_OK && rng_below(&r->rng, 12) == 0) code = db_scrub(db, &err); // pages go from the log to the file
    CHECK(code == TONG_OK || r->lies || torn_crashed(r->torn), "only a crash is a reason to fail: %s", err.text);
    return code == TONG_OK;
}

// Is row `row` of transaction `t` there, and right? -1: there and wrong.
static int row_found(struct db *db, int32_t t, int32_t row)
{
    char key[32], room[VALUE_MAX];
    (void)snprintf(key, sizeof key, "%d.%d", t, row);
    const struct db_value in[] = {DB_T(str_z(key))};
    if (db_ask(db, sql_meta_get, in, 1, &err) != TONG_OK) return -1;
    int found = 0;
    if (db_next(db, sql_meta_get)) found = str_eq(db_text(db, sql_meta_get, 0), value_of(t, row, room)) ? 1 : -1;
    return db_done(db, sql_meta_get, &err) == TONG_OK ? found : -1;
}

static void verify_transaction(struct run *r, struct db *db, int32_t t)
{
    int32_t there = 0, wanted = r->rows[t];
    for (int32_t i = 0; i < ROWS_MAX; i++) {
        int found = row_found(db, t, i);
        if (found < 0) r->in_part++;
        there += found > 0;
    }
    if (wanted == 0 && there > 0) r->unexpected++;
    if (wanted > 0 && there != 0 && there != wanted) r->in_part++;
    if (r->told[t] && there != wanted) r->lost++;
    r->told[t] = r->told[t] || (there > 0 && there == wanted); // what survived one crash must survive the next
    if (there == 0) r->rows[t] = 0;
}

static bool integrity_good(const char *where)
{
    sqlite3 *conn = NULL;
    sqlite3_stmt *stmt = NULL;
    bool good = sqlite3_open_v2(where, &conn, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK &&
                sqlite3_prepare_v2(conn, "PRAGMA integrity_check", -1, &stmt, NULL) == SQLITE_OK &&
                sqlite3_step(stmt) == SQLITE_ROW && strcmp((const char *)sqlite3_column_text(stmt, 0), "ok") == 0;
    (void)sqlite3_finalize(stmt);
    (void)sqlite3_close(conn);
    return good;
}

static void verify(struct run *r, struct db *db)
{
    for (int32_t t = 0; t < r->tried; t++) verify_transaction(r, db, t);
}

// Open, work, stop in the middle of it; the disk settles.
static void live_and_die(struct run *r)
{
    torn_crash_after(r->torn, 1 + (int64_t)rng_below(&r->rng, rng_below(&r->rng, 4) == 0 ? 12 : 400));
    struct db *db = NULL;
    tong_code code = db_open(r->where, DB_CREATE, &db, &err);
    CHECK(code == TONG_OK || r->lies || torn_crashed(r->torn), "opens unless it crashes: %s", err.text);
    while (code == TONG_OK && r->tried < TRANSACTIONS_MAX)
        if (!transact(r, db)) break;
    db_close(db);
    torn_crash(r->torn);
    torn_settle(r->torn);
}

static struct run run_once(uint64_t seed, const char *folder, torn_fault fault, struct torn_counts *counts)
{
    struct run r = {.rng = rng_stream(seed, 0, 0, 0, 0)};
    (void)snprintf(r.where, sizeof r.where, "%s/%llu.db", folder, (unsigned long long)seed);
    r.torn = torn_open(seed);
    if (r.torn == NULL) abort();
    torn_fail(r.torn, fault, 0);
    r.lies = fault != TORN_SOUND;
    for (int life = 0; life < LIVES; life++) {
        live_and_die(&r);
        struct db *db = NULL;
        tong_code code = db_open(r.where, DB_CREATE, &db, &err);
        if (!r.lies) CHECK(code == TONG_OK, "run %d opens after the crash: %s", (int)seed, err.text);
        if (code != TONG_OK) {
            r.lost++; // all of it
            break;
        }
        verify(&r, db);
        db_close(db);
        if (!r.lies) CHECK(integrity_good(r.where), "run %d is whole after the crash", (int)seed);
    }
    *counts = torn_count(r.torn);
    torn_close(r.torn);
    return r;
}

static void test_power_fails(const char *folder)
{
    int64_t told = 0, lost = 0, in_part = 0, unexpected = 0, dropped = 0, sectors = 0;
    for (uint64_t seed = 1; seed <= RUNS; seed++) {
        struct torn_counts c = {0};
        struct run r = run_once(seed, folder, TORN_SOUND, &c);
        CHECK(r.lost + r.in_part + r.unexpected == 0, "run %d: %d lost, %d in part, %d from nowhere", (int)seed,
              (int)r.lost, (int)r.in_part, (int)r.unexpected);
        for (int32_t t = 0; t < r.tried; t++) told += r.told[t];
        lost += r.lost;
        in_part += r.in_part;
        unexpected += r.unexpected;
        dropped += c.dropped;
        sectors += c.sectors;
    }
    (void)printf("# %d crashes, %lld transactions kept; of %lld sectors under way %lld lost a write\n", RUNS * LIVES,
                 (long long)told, (long long)sectors, (long long)dropped);
    OK(told > RUNS * 10, "transactions were acknowledged");
    OK(dropped > RUNS && dropped < sectors, "sectors were lost, and others were not");
    EQ_INT(lost, 0, "no acknowledged transaction is lost");
    EQ_INT(in_part, 0, "none is there in part");
    EQ_INT(unexpected, 0, "none that was rolled back is there");
}

// The same on a disk that only says that it has synced: if nothing were lost there, the test above would mean nothing.
static void test_would_notice(const char *folder)
{
    int64_t noticed = 0;
    for (uint64_t seed = 1001; seed <= 1020; seed++) {
        struct torn_counts c = {0};
        struct run r = run_once(seed, folder, TORN_SYNC_LIES, &c);
        noticed += r.lost + r.in_part > 0;
    }
    OK(noticed >= 10, "a disk that lies is noticed in %lld of 20 runs", (long long)noticed);
}

int main(void)
{
    char folder[64];
    if (!OK(private_folder_make(folder, sizeof folder), "a temporary folder")) return tap_done();
    test_power_fails(folder);
    test_would_notice(folder);
    private_folder_remove(folder);
    return tap_done();
}
