// engines.h -- the same test on both engines.
//
//     static void test_something(const struct engine *e) { ... db_open(e->where, DB_CREATE, &db, &err) ... }
//     int main(void)
//     {
//         struct engines engines;
//         engines_open(&engines);
//         engine_each(&engines, "something", test_something);
//         engines_close(&engines);
//         return tap_done();
//     }
//
// Each call gets a fresh, empty database. Where PostgreSQL is not installed its half is skipped, which is said.
#ifndef TONG_TESTS_ENGINES_H
#define TONG_TESTS_ENGINES_H

#include "store/private_postgresql.h"
#include "tap.h"

#include <sqlite3.h>

enum { ENGINE_PATH = 256 };

struct engine {
    const char *name;  // "sqlite", "postgresql"
    const char *where; // for db_open
    char folder
        [64]; // a temporary folder of this call alone, on both engines (for a vault, a backup); removed afterwards
    bool postgresql;
    struct private_postgresql *server; // NULL for SQLite
    const char *database;              // its name in the server
};

struct engines {
    struct private_postgresql *server;
    char why[160]; // there is none
    int32_t made;  // databases so far
};

TAP_UNUSED static void engines_open(struct engines *all)
{
    *all = (struct engines){0};
    all->server = private_postgresql_open(false, all->why, sizeof all->why);
}

TAP_UNUSED static void engines_close(struct engines *all)
{
    private_postgresql_close(all->server);
}

TAP_UNUSED static void engine_sqlite(const char *row, void (*test)(const struct engine *e))
{
    struct engine e = {.name = "sqlite"};
    char where[ENGINE_PATH];
    if (!OK(private_folder_make(e.folder, sizeof e.folder), "%s: a temporary folder", row)) return;
    (void)snprintf(where, sizeof where, "%s/t.db", e.folder);
    e.where = where;
    (void)printf("# %s, sqlite\n", row);
    test(&e);
    private_folder_remove(e.folder);
}

TAP_UNUSED static void engine_postgresql(struct engines *all, const char *row, void (*test)(const struct engine *e))
{
    if (all->server == NULL) {
        tap_skip("%s on PostgreSQL: %s", row, all->why);
        return;
    }
    struct engine e = {.name = "postgresql", .postgresql = true, .server = all->server};
    char where[ENGINE_PATH], name[32];
    (void)snprintf(name, sizeof name, "t%d", (int)++all->made);
    private_postgresql_url(all->server, name, where, sizeof where);
    e.where = where;
    e.database = name;
    if (!OK(private_postgresql_create(all->server, name), "%s: a new database", row)) return;
    if (!OK(private_folder_make(e.folder, sizeof e.folder), "%s: a temporary folder", row)) return;
    (void)printf("# %s, postgresql\n", row);
    test(&e);
    private_folder_remove(e.folder);
}

TAP_UNUSED static void engine_each(struct engines *all, const char *row, void (*test)(const struct engine *e))
{
    engine_sqlite(row, test);
    engine_postgresql(all, row, test);
}

// A statement behind the program's back: to look at something, or to break it. SQL that both engines know, or one's own.
TAP_UNUSED static bool engine_run(const struct engine *e, const char *sql)
{
    if (e->postgresql) return private_postgresql_run(e->server, e->database, sql);
    sqlite3 *conn = NULL;
    bool good = sqlite3_open_v2(e->where, &conn, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK &&
                sqlite3_exec(conn, sql, NULL, NULL, NULL) == SQLITE_OK;
    if (!good) (void)fprintf(stderr, "SQLite: %s\n", sqlite3_errmsg(conn));
    (void)sqlite3_close(conn);
    return good;
}

#endif
