#include "store/db_restore.h"

#include "store/db.h"

#include <errno.h>
#include <libpq-fe.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

enum { RESTORE_OWN = 8, RESTORE_VARIABLE = 1024 };

// The connection goes through the environment, for arguments, and with them a password, can be read by everybody; the
// name of the database alone is an argument, without which pg_restore would only print.
struct restore_target {
    char variable[RESTORE_OWN][RESTORE_VARIABLE];
    size_t count;
    char name[RESTORE_VARIABLE];
};

static tong_code restore_target_of(const char *where, struct restore_target *out, struct err *err)
{
    char *fault = NULL;
    PQconninfoOption *options = PQconninfoParse(where, &fault);
    if (options == NULL) {
        (void)tong_fail(err, TONG_E_INVALID, "the address of the database cannot be read: %s",
                        fault == NULL ? "" : fault);
        PQfreemem(fault);
        return TONG_E_INVALID;
    }
    bool fits = true;
    *out = (struct restore_target){.name = "postgres"};
    for (const PQconninfoOption *o = options; o->keyword != NULL; o++) {
        if (o->val == NULL || o->val[0] == 0) continue;
        if (strcmp(o->keyword, "dbname") == 0)
            fits = (size_t)snprintf(out->name, sizeof out->name, "%s", o->val) < sizeof out->name && fits;
        if (o->envvar == NULL || strcmp(o->keyword, "dbname") == 0) continue;
        if (out->count == RESTORE_OWN) fits = false;
        else
            fits = (size_t)snprintf(out->variable[out->count++], RESTORE_VARIABLE, "%s=%s", o->envvar, o->val) <
                       RESTORE_VARIABLE &&
                   fits;
    }
    PQconninfoFree(options);
    return fits ? TONG_OK : tong_fail(err, TONG_E_LIMIT, "the address of the database is too long");
}

static bool restore_is_own(const struct restore_target *t, const char *entry)
{
    for (size_t i = 0; i < t->count; i++)
        if (strncmp(entry, t->variable[i], strcspn(t->variable[i], "=") + 1) == 0) return true;
    return false;
}

tong_code db_restore(const char *where, const char *file, struct err *err)
{
    struct restore_target t;
    struct db *db = NULL;
    if (access(file, R_OK) != 0) return tong_fail(err, TONG_E_NOT_FOUND, "%s: %s", file, strerror(errno));
    if (db_open(where, DB_READ, &db, NULL) == TONG_OK) {
        db_close(db);
        return tong_fail(err, TONG_E_CONFLICT,
                         "there is a response in this database already: restore into an empty one");
    }
    tong_code code = restore_target_of(where, &t, err);
    if (code != TONG_OK) return code;
    size_t n = 0, at = 0;
    while (environ[n] != NULL) n++;
    char **all = calloc(n + RESTORE_OWN + 1, sizeof *all), *path = malloc(strlen(file) + 1);
    if (all == NULL || path == NULL) {
        free(all);
        free(path);
        return tong_fail(err, TONG_E_NOMEM, "no memory to restore");
    }
    memcpy(path, file, strlen(file) + 1);
    for (size_t i = 0; i < t.count; i++) all[at++] = t.variable[i];
    for (size_t i = 0; i < n; i++)
        if (!restore_is_own(&t, environ[i])) all[at++] = environ[i];
    char program[] = "pg_restore", owner[] = "--no-owner", whole[] = "--single-transaction", stop[] = "--exit-on-error",
         silent[] = "--no-password", into[] = "--dbname";
    char *arguments[] = {program, owner, whole, stop, silent, into, t.name, path, NULL};
    pid_t child = 0;
    int started = posix_spawnp(&child, program, NULL, NULL, arguments, all), status = 0;
    if (started == 0)
        while (waitpid(child, &status, 0) < 0 && errno == EINTR) status = 0;
    if (started != 0 || (WIFEXITED(status) && WEXITSTATUS(status) == 127))
        code =
            tong_fail(err, TONG_E_NOT_FOUND, "pg_restore is not installed: it comes with PostgreSQL's client package");
    else if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        code = tong_fail(err, TONG_E_IO, "pg_restore failed (status %d); its words are on the error stream", status);
    free(path);
    free(all);
    return code;
}
