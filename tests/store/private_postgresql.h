// private_postgresql.h -- a PostgreSQL server of the test's own: in a temporary folder, reached by a Unix socket only, started
// from the system's package, gone when the test ends (or dies).
#ifndef TONG_TESTS_PRIVATE_POSTGRESQL_H
#define TONG_TESTS_PRIVATE_POSTGRESQL_H

#include <stdbool.h>
#include <stddef.h>

enum { PRIVATE_POSTGRESQL_PATH = 96 }; // of the socket's folder: the system allows 107 bytes for a socket
struct private_postgresql;

// Make and start a server. `durable`: with fsync, for benchmarks and crashes. NULL with the reason in `why` when the package
// is not installed or the server does not start. Runs as the user "postgres" when we are root, for it refuses root.
struct private_postgresql *private_postgresql_open(bool durable, char *why, size_t room);
// Stop it and remove the folder. NULL is allowed.
void private_postgresql_close(struct private_postgresql *p);

// Where database `name` is, for db_open: postgresql:///name?host=...
void private_postgresql_url(const struct private_postgresql *p, const char *name, char *out, size_t room);
bool private_postgresql_create(struct private_postgresql *p, const char *name); // a new, empty database

// `gently`: sessions are ended in order; else as if the machine had stopped.
bool private_postgresql_stop(struct private_postgresql *p, bool gently);
bool private_postgresql_start(struct private_postgresql *p);
// One statement, outside what is tested: to look, or to break something. False when it was refused.
bool private_postgresql_run(struct private_postgresql *p, const char *name, const char *sql);

// A new folder in TMPDIR or /tmp, and its end with all that is in it.
bool private_folder_make(char *out, size_t room);
void private_folder_remove(const char *folder);

#endif
