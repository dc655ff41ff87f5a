#include "store/db_postgresql.h"

#include <assert.h>
#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

// pg_dump finds the database through the environment: an argument, and with it a password, could be read by everybody.
enum { OWN_VARIABLES = 6 };

static char *variable(const char *name, const char *value)
{
    size_t room = strlen(name) + strlen(value) + 2;
    char *z = malloc(room);
    if (z != NULL) (void)snprintf(z, room, "%s=%s", name, value);
    return z;
}

static bool is_own(const char *entry, char *const *own)
{
    for (int i = 0; i < OWN_VARIABLES; i++) {
        size_t n = strcspn(own[i], "=") + 1;
        if (strncmp(entry, own[i], n) == 0) return true;
    }
    return false;
}

static void free_own(char **own)
{
    for (int i = 0; i < OWN_VARIABLES; i++) free(own[i]);
}

// Waits for pg_dump; what it says goes to the error stream of the server. A child that could not be started ends with 127.
static tong_code dump(char **own, const char *part, struct err *err)
{
    size_t n = 0;
    while (environ[n] != NULL) n++;
    char **all = calloc(n + OWN_VARIABLES + 1, sizeof *all);
    if (all == NULL) return tong_fail(err, TONG_E_NOMEM, "copying the database");
    size_t at = 0;
    for (int i = 0; i < OWN_VARIABLES; i++) all[at++] = own[i];
    for (size_t i = 0; i < n; i++)
        if (!is_own(environ[i], own)) all[at++] = environ[i];
    char program[] = "pg_dump", format[] = "--format=custom", silent[] = "--no-password", to[] = "--file";
    char *name = variable("", part); // "=file": an argument may not be const
    if (name == NULL) {
        free(all);
        return tong_fail(err, TONG_E_NOMEM, "copying the database");
    }
    char *arguments[] = {program, format, silent, to, name + 1, NULL};
    pid_t child = 0;
    int started = posix_spawnp(&child, program, NULL, NULL, arguments, all), status = 0;
    tong_code code = TONG_OK;
    if (started == 0)
        while (waitpid(child, &status, 0) < 0 && errno == EINTR) status = 0;
    if (started != 0 || (WIFEXITED(status) && WEXITSTATUS(status) == 127))
        code = tong_fail(err, TONG_E_NOT_FOUND, "pg_dump is not installed: it comes with PostgreSQL's client package");
    else if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        code = tong_fail(err, TONG_E_IO, "pg_dump failed (status %d); its words are on the error stream", status);
    free(name);
    free(all);
    return code;
}

tong_code pg_backup(struct db *db, const char *file, struct err *err)
{
    struct pg *p = (struct pg *)db;
    if (access(file, F_OK) == 0) return tong_fail(err, TONG_E_CONFLICT, "%s is already there: name another file", file);
    tong_code code = pg_lost(p) ? pg_connect(p, err) : TONG_OK;
    if (code != TONG_OK) return code;
    const char *password = PQpass(p->conn), *host = PQhost(p->conn);
    char *own[OWN_VARIABLES] = {variable("PGHOST", host == NULL ? "" : host),
                                variable("PGPORT", PQport(p->conn)),
                                variable("PGUSER", PQuser(p->conn)),
                                variable("PGDATABASE", PQdb(p->conn)),
                                variable("PGPASSWORD", password == NULL ? "" : password),
                                variable("PGAPPNAME", "tongzhou backup")};
    size_t room = strlen(file) + sizeof ".part";
    char *part = malloc(room);
    bool memory = part != NULL;
    for (int i = 0; i < OWN_VARIABLES; i++) memory = memory && own[i] != NULL;
    if (memory) {
        (void)snprintf(part, room, "%s.part", file);
        code = dump(own, part, err);
        if (code == TONG_OK && rename(part, file) != 0)
            code = tong_fail(err, TONG_E_IO, "the copy cannot be named %s", file);
        if (code != TONG_OK) (void)unlink(part);
    } else {
        code = tong_fail(err, TONG_E_NOMEM, "copying the database");
    }
    free(part);
    free_own(own);
    return code;
}

// Old versions of rows stay in the files until VACUUM; the write-ahead log is cut by the server when it sees fit. Texts about
// people are encrypted anyway: what is scrubbed here is the rest.
tong_code pg_scrub(struct db *db, struct err *err)
{
    struct pg *p = (struct pg *)db;
    static const char *const tables[] = {"fact", "person", "sample", "message", "outside_id", "duplicate"};
    tong_code code = pg_lost(p) ? pg_connect(p, err) : TONG_OK;
    for (size_t i = 0; code == TONG_OK && i < sizeof tables / sizeof tables[0]; i++) {
        char sql[48];
        (void)snprintf(sql, sizeof sql, "VACUUM %s", tables[i]);
        code = pg_command(p, sql, NULL, err);
    }
    return code;
}
