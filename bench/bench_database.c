// The bare database: facts committed durably, one by one and in groups, and facts looked up by their uid, beside plain
// sqlite3 with the same schema, the same statements and the same settings in the same run; and on PostgreSQL where Debian's
// package is installed. One connection, one core; the disk is that of TMPDIR.
#include "base/rng.h"
#include "store/chain.h"
#include "store/db.h"
#include "store/private_postgresql.h"
#include "store/uid.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { COLUMNS = 26, LOOKS = 100000, GROUPS = 4, PATH = 400, PEOPLE = 50000 };
static const int32_t group_size[GROUPS] = {1, 10, 100, 1000}, group_count[GROUPS] = {400, 200, 100, 100};
static const double goal_share = 0.85; // of plain sqlite3: what the layer may cost

static double seconds(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void must(bool good, const char *what)
{
    if (good) return;
    (void)fprintf(stderr, "%s failed\n", what);
    exit(2);
}

// A fact of a visit: who, when, by whom, with a commitment, and nothing else said.
struct row {
    unsigned char uid[UID_BYTES], commitment[CHAIN_HASH];
    struct db_value v[COLUMNS];
};

static void row_make(struct row *r, int64_t id)
{
    struct rng g = rng_stream(1, 0, 0, (uint32_t)id, 9);
    for (size_t i = 0; i < sizeof r->uid; i++) r->uid[i] = (unsigned char)rng_below(&g, 256);
    for (size_t i = 0; i < sizeof r->commitment; i++) r->commitment[i] = (unsigned char)rng_below(&g, 256);
    for (size_t i = 0; i < COLUMNS; i++) r->v[i] = DB_N;
    r->v[0] = DB_I(id);
    r->v[1] = DB_I(1 + rng_below(&g, PEOPLE));
    r->v[2] = DB_I(15);
    for (size_t i = 3; i < 6; i++) r->v[i] = DB_I(1700000000 + id);
    r->v[7] = DB_B(((struct str){(const char *)r->uid, UID_BYTES}));
    r->v[8] = DB_I(1 + rng_below(&g, 500));
    r->v[25] = DB_B(((struct str){(const char *)r->commitment, CHAIN_HASH}));
}

struct figures {
    double put[GROUPS], look; // a second
};

// ---- through the store's own layer ----

static struct figures ours(const char *where)
{
    struct figures f;
    struct db *db = NULL;
    struct err err = {0};
    struct row r;
    int64_t id = 0;
    must(db_open(where, DB_CREATE, &db, &err) == TONG_OK, err.text);
    for (size_t g = 0; g < GROUPS; g++) {
        double begun = seconds();
        for (int32_t i = 0; i < group_count[g]; i++) {
            must(db_begin(db, &err) == TONG_OK, err.text);
            for (int32_t k = 0; k < group_size[g]; k++) {
                row_make(&r, ++id);
                must(db_run(db, sql_fact_put, r.v, COLUMNS, NULL, &err) == TONG_OK, err.text);
            }
            must(db_commit(db, &err) == TONG_OK, err.text);
        }
        f.put[g] = (double)group_count[g] * group_size[g] / (seconds() - begun);
    }
    double begun = seconds();
    for (int64_t i = 0; i < LOOKS; i++) {
        row_make(&r, 1 + i * 7919 % id);
        must(db_ask(db, sql_fact_by_uid, &r.v[7], 1, &err) == TONG_OK && db_next(db, sql_fact_by_uid), "looking up");
        must(db_int(db, sql_fact_by_uid, 0, 0) == 1 + i * 7919 % id && db_done(db, sql_fact_by_uid, &err) == TONG_OK,
             "the fact");
    }
    f.look = LOOKS / (seconds() - begun);
    db_close(db);
    return f;
}

// ---- plain sqlite3 ----

static void plain_bind(sqlite3_stmt *s, int at, const struct db_value *v)
{
    int rc = v->type == DB_NULL      ? sqlite3_bind_null(s, at)
             : v->type == DB_INTEGER ? sqlite3_bind_int64(s, at, v->integer)
                                     : sqlite3_bind_blob(s, at, v->text.p, (int)v->text.n, SQLITE_STATIC);
    must(rc == SQLITE_OK, "binding");
}

static struct figures plain(const char *file)
{
    struct figures f;
    struct db *made = NULL;
    struct err err = {0};
    struct row r;
    sqlite3 *db = NULL;
    sqlite3_stmt *put = NULL, *look = NULL;
    int64_t id = 0;
    must(db_open(file, DB_CREATE, &made, &err) == TONG_OK, err.text); // the schema
    db_close(made);
    must(sqlite3_open(file, &db) == SQLITE_OK, "sqlite3");
    must(sqlite3_exec(db, "PRAGMA synchronous=FULL; PRAGMA cache_size=-32768; PRAGMA wal_autocheckpoint=8192", NULL,
                      NULL, NULL) == SQLITE_OK,
         "settings");
    must(sqlite3_prepare_v2(db, sql_statements[sql_fact_put].text, -1, &put, NULL) == SQLITE_OK, sqlite3_errmsg(db));
    must(sqlite3_prepare_v2(db, sql_statements[sql_fact_by_uid].text, -1, &look, NULL) == SQLITE_OK,
         sqlite3_errmsg(db));
    for (size_t g = 0; g < GROUPS; g++) {
        double begun = seconds();
        for (int32_t i = 0; i < group_count[g]; i++) {
            must(sqlite3_exec(db, "BEGIN", NULL, NULL, NULL) == SQLITE_OK, "begin");
            for (int32_t k = 0; k < group_size[g]; k++) {
                row_make(&r, ++id);
                for (int c = 0; c < COLUMNS; c++) plain_bind(put, c + 1, &r.v[c]);
                must(sqlite3_step(put) == SQLITE_DONE && sqlite3_reset(put) == SQLITE_OK, sqlite3_errmsg(db));
            }
            must(sqlite3_exec(db, "COMMIT", NULL, NULL, NULL) == SQLITE_OK, "commit");
        }
        f.put[g] = (double)group_count[g] * group_size[g] / (seconds() - begun);
    }
    double begun = seconds();
    for (int64_t i = 0; i < LOOKS; i++) {
        row_make(&r, 1 + i * 7919 % id);
        plain_bind(look, 1, &r.v[7]);
        must(sqlite3_step(look) == SQLITE_ROW && sqlite3_column_int64(look, 0) == 1 + i * 7919 % id, "the fact");
        must(sqlite3_reset(look) == SQLITE_OK, "reset");
    }
    f.look = LOOKS / (seconds() - begun);
    (void)sqlite3_finalize(put);
    (void)sqlite3_finalize(look);
    (void)sqlite3_close(db);
    return f;
}

static bool print_row(const char *what, double a, double b, const double *pg)
{
    bool good = a >= goal_share * b;
    (void)printf("%-34s %12.0f %14.0f", what, a, b);
    if (pg != NULL) (void)printf(" %12.0f", *pg);
    else (void)printf(" %12s", "-");
    (void)printf("   %3.0f %% of plain: %s\n", 100 * a / b, good ? "reached" : "MISSED");
    return good;
}

int main(void)
{
    char folder[PATH / 2], file[PATH], beside[PATH], url[PATH], why[200] = "";
    must(private_folder_make(folder, sizeof folder), "a folder");
    (void)snprintf(file, sizeof file, "%s/ours.db", folder);
    (void)snprintf(beside, sizeof beside, "%s/plain.db", folder);
    struct figures b = plain(beside), a = ours(file), p = {0};
    struct private_postgresql *server = private_postgresql_open(true, why, sizeof why);
    bool there = server != NULL && private_postgresql_create(server, "bench");
    if (there) {
        private_postgresql_url(server, "bench", url, sizeof url);
        p = ours(url);
    } else {
        (void)printf("PostgreSQL is left out: %s\n", why);
    }
    (void)printf("%-34s %12s %14s %12s   goal: %.0f %%\n", "a second", "the store", "plain sqlite3", "PostgreSQL",
                 100 * goal_share);
    bool good = true;
    for (size_t g = 0; g < GROUPS; g++) {
        char what[60];
        (void)snprintf(what, sizeof what, "facts durable, %d a commit", (int)group_size[g]);
        bool reached = print_row(what, a.put[g], b.put[g], there ? &p.put[g] : NULL);
        good = good && (reached || group_size[g] < 1000); // of small commits the disk has the say
    }
    good = print_row("facts looked up by uid", a.look, b.look, there ? &p.look : NULL) && good;
    private_postgresql_close(server);
    private_folder_remove(folder);
    return good ? 0 : 1;
}
