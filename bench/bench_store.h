// bench_store.h -- stores for the benchmarks and the soak: an invented district in a file, somebody who may do everything,
// and a server on it.
#ifndef TONG_BENCH_STORE_H
#define TONG_BENCH_STORE_H

#include "base/civil.h"
#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

enum { BENCH_PATH = 1024, BENCH_TOKEN = 64 };

struct bench_size {
    int64_t people, cases, contacts, facts;
    double general_share;
    const char *const *protocols; // names: the one used, after those it extends
    int32_t protocol_count;
    int32_t days;                 // of the outbreak, up to now
};
struct bench_made {
    double seconds;
    int64_t places, people, facts, orders, refused;
};
// Makes the store in `folder` unless it is there (a file "made" says so). False: said on stderr.
bool bench_store_make(const char *folder, const struct bench_size *size, char store[BENCH_PATH], bool *was_there,
                      struct bench_made *made);
// The same on a database that is empty: a file that is not there yet, or postgresql://... The vault is bench_vault_of.
bool bench_store_fill(const char *where, const struct bench_size *size, struct bench_made *made);
// Where the keys of a store lie: beside the file; of PostgreSQL where TONGZHOU_VAULT says, which the caller sets.
void bench_vault_of(const char *store, char out[BENCH_PATH + 16]);
// Brings a store to this program's schema (a server does so when it starts). False: said on stderr.
bool bench_store_migrate(const char *store);
// A token of somebody with all working roles in a place's subtree (0: everywhere); written straight into the store. False:
// said on stderr.
bool bench_store_token(const char *store, int64_t place, char token[BENCH_TOKEN]);
// Up to `room` places of the kind (store/place.h), spread over all there are; returns how many.
size_t bench_store_places(const char *store, int32_t kind, int64_t *out, size_t room);
// The number of facts in the chain; -1 unknown.
int64_t bench_store_facts(const char *store);

// ---- a server: `tongzhou serve` of the same build ----
struct bench_server {
    pid_t pid;
    uint16_t port;
    double answered_s; // from its start to its first answer
    double ready_s;    // ... to /healthz 200: the lists stand
};
// `program`: the bench's own argv[0]. False when it does not come up within `wait_s`, said on stderr.
bool bench_server_start(const char *program, const char *store, uint16_t port, double wait_s, struct bench_server *out);
int bench_server_stop(struct bench_server *s, int sig); // its exit status as waitpid gives it
int64_t bench_server_rss(const struct bench_server *s, bool peak); // bytes; -1 unknown
void bench_program(const char *argv0, char out[BENCH_PATH]);

#endif
