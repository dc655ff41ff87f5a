#include "store/private_postgresql.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <libpq-fe.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { PATH_ROOM = 256, START_TRIES = 600, TRY_MS = 50, ARGUMENTS_MAX = 24 };

struct private_postgresql {
    char folder[PRIVATE_POSTGRESQL_PATH];
    char programs[PATH_ROOM]; // the folder of initdb and postgres
    bool durable;
    pid_t server; // 0: not running
};

static const char user[] = "tongzhou";

// Debian keeps them out of the way, one folder a version.
static bool programs_find(char *out, size_t room)
{
    for (int version = 19; version >= 15; version--) {
        (void)snprintf(out, room, "/usr/lib/postgresql/%d/bin", version);
        char program[PATH_ROOM + 16];
        (void)snprintf(program, sizeof program, "%s/initdb", out);
        if (access(program, X_OK) == 0) return true;
    }
    return false;
}

static void wait_ms(long ms)
{
    struct timespec t = {ms / 1000, ms % 1000 * 1000000};
    (void)nanosleep(&t, NULL);
}

// In the child: its words go to a file, and it dies with us. The user is changed first, which would undo that wish.
static void become(const struct private_postgresql *p, pid_t parent)
{
    char log[PATH_ROOM];
    (void)snprintf(log, sizeof log, "%s/log", p->folder);
    int fd = open(log, O_WRONLY | O_CREAT | O_APPEND, 0600), nothing = open("/dev/null", O_RDONLY);
    if (fd < 0 || nothing < 0 || dup2(nothing, 0) < 0 || dup2(fd, 1) < 0 || dup2(fd, 2) < 0) _exit(126);
    const struct passwd *other = geteuid() == 0 ? getpwnam("postgres") : NULL;
    if (geteuid() == 0 && (other == NULL || setgid(other->pw_gid) != 0 || setuid(other->pw_uid) != 0)) _exit(126);
    if (prctl(PR_SET_PDEATHSIG, SIGQUIT) != 0 || getppid() != parent || chdir("/") != 0) _exit(126);
}

static pid_t start(const struct private_postgresql *p, const char *name, char *const *arguments)
{
    char program[PATH_ROOM + 16];
    (void)snprintf(program, sizeof program, "%s/%s", p->programs, name);
    pid_t parent = getpid(), child = fork();
    if (child != 0) return child;
    become(p, parent);
    (void)execv(program, arguments);
    _exit(127);
}

static bool wait_for(pid_t child)
{
    int status = 0;
    while (waitpid(child, &status, 0) < 0)
        if (errno != EINTR) return false;
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static bool cluster_make(const struct private_postgresql *p)
{
    char data[PATH_ROOM], program[] = "initdb", d[] = "-D", u[] = "-U", name[sizeof user], no_sync[] = "--no-sync",
                          trust[] = "--auth=trust", utf8[] = "--encoding=UTF8", locale[] = "--no-locale";
    (void)snprintf(data, sizeof data, "%s/data", p->folder);
    (void)snprintf(name, sizeof name, "%s", user);
    char *arguments[] = {program, d, data, u, name, no_sync, trust, utf8, locale, NULL};
    pid_t child = start(p, program, arguments);
    return child > 0 && wait_for(child);
}

static PGconn *connect_to(const struct private_postgresql *p, const char *name)
{
    char where[PATH_ROOM];
    private_postgresql_url(p, name, where, sizeof where);
    return PQconnectdb(where);
}

bool private_postgresql_start(struct private_postgresql *p)
{
    char data[PATH_ROOM], sockets[PATH_ROOM], program[] = "postgres", d[] = "-D", c[] = "-c", off[] = "fsync=off",
                                              nowhere[] = "listen_addresses=", few[] = "max_connections=40",
                                              memory[] = "shared_buffers=64MB", quiet[] = "log_min_messages=warning",
                                              full[] = "full_page_writes=off", no_jit[] = "jit=off";
    (void)snprintf(data, sizeof data, "%s/data", p->folder);
    (void)snprintf(sockets, sizeof sockets, "unix_socket_directories=%s", p->folder);
    char *arguments[ARGUMENTS_MAX] = {program, d, data, c, nowhere, c, sockets, c, few, c, memory, c, quiet, c, no_jit};
    size_t n = 15;
    if (!p->durable) {
        arguments[n++] = c;
        arguments[n++] = off;
        arguments[n++] = c;
        arguments[n++] = full;
    }
    arguments[n] = NULL;
    p->server = start(p, program, arguments);
    for (int i = 0; p->server > 0 && i < START_TRIES; i++) {
        PGconn *conn = connect_to(p, "postgres");
        bool there = PQstatus(conn) == CONNECTION_OK;
        PQfinish(conn);
        if (there) return true;
        if (waitpid(p->server, NULL, WNOHANG) != 0) { // it gave up
            p->server = 0;
            return false;
        }
        wait_ms(TRY_MS);
    }
    (void)private_postgresql_stop(p, false);
    return false;
}

bool private_postgresql_stop(struct private_postgresql *p, bool gently)
{
    if (p->server <= 0) return false;
    bool sent = kill(p->server, gently ? SIGINT : SIGQUIT) == 0;
    (void)wait_for(p->server);
    p->server = 0;
    return sent;
}

bool private_folder_make(char *out, size_t room)
{
    const char *temporary = getenv("TMPDIR");
    bool fits = temporary != NULL && temporary[0] != 0 && strlen(temporary) + sizeof "/tongzhou-XXXXXX" <= room;
    (void)snprintf(out, room, "%s/tongzhou-XXXXXX", fits ? temporary : "/tmp");
    return mkdtemp(out) != NULL;
}

void private_folder_remove(const char *folder)
{
    DIR *d = opendir(folder);
    for (struct dirent *e = d == NULL ? NULL : readdir(d); e != NULL; e = readdir(d)) {
        if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0) continue;
        char path[2 * PATH_ROOM];
        struct stat status;
        (void)snprintf(path, sizeof path, "%s/%s", folder, e->d_name);
        if (lstat(path, &status) == 0 && S_ISDIR(status.st_mode)) private_folder_remove(path);
        else (void)unlink(path);
    }
    if (d != NULL) (void)closedir(d);
    (void)rmdir(folder);
}

void private_postgresql_close(struct private_postgresql *p)
{
    if (p == NULL) return;
    (void)private_postgresql_stop(p, false);
    private_folder_remove(p->folder);
    free(p);
}

// Another user's server must be able to write in it.
static bool folder_make(struct private_postgresql *p)
{
    if (!private_folder_make(p->folder, sizeof p->folder)) return false;
    if (geteuid() != 0) return true;
    const struct passwd *other = getpwnam("postgres");
    return other != NULL && chown(p->folder, other->pw_uid, other->pw_gid) == 0;
}

struct private_postgresql *private_postgresql_open(bool durable, char *why, size_t room)
{
    struct private_postgresql *p = calloc(1, sizeof *p);
    if (p == NULL) return NULL;
    p->durable = durable;
    if (!programs_find(p->programs, sizeof p->programs)) {
        (void)snprintf(why, room, "PostgreSQL 15 is not installed (package postgresql)");
        free(p);
        return NULL;
    }
    if (folder_make(p) && cluster_make(p) && private_postgresql_start(p)) return p;
    (void)snprintf(why, room, "the private PostgreSQL server does not start");
    private_postgresql_close(p);
    return NULL;
}

void private_postgresql_url(const struct private_postgresql *p, const char *name, char *out, size_t room)
{
    (void)snprintf(out, room, "postgresql:///%s?host=%s&user=%s", name, p->folder, user);
}

bool private_postgresql_run(struct private_postgresql *p, const char *name, const char *sql)
{
    PGconn *conn = connect_to(p, name);
    PGresult *r = PQexec(conn, sql);
    ExecStatusType status = PQresultStatus(r);
    bool good = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
    if (!good) (void)fprintf(stderr, "private PostgreSQL: %s", PQerrorMessage(conn));
    PQclear(r);
    PQfinish(conn);
    return good;
}

bool private_postgresql_create(struct private_postgresql *p, const char *name)
{
    char sql[128];
    (void)snprintf(sql, sizeof sql, "CREATE DATABASE %s", name);
    return private_postgresql_run(p, "postgres", sql);
}
