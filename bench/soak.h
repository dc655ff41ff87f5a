// soak.h -- what the parts of the soak share: what was sent, what was acknowledged, and whether it is there exactly once.
#ifndef TONG_BENCH_SOAK_H
#define TONG_BENCH_SOAK_H

#include "base/rng.h"
#include "store/db.h"
#include "store/uid.h"

#include <stdbool.h>

struct soak_sent {
    unsigned char uid[UID_BYTES];
    bool acknowledged;
};
struct soak_log {
    struct soak_sent *sent;
    size_t count, cap;
    int64_t before; // the last fact before anything was sent
};
struct soak_sent *soak_send(struct soak_log *log, struct rng *r); // a new uid; aborts when memory is short
struct soak_found {
    int64_t acknowledged, lost; // lost: acknowledged and not there
    int64_t unasked;            // sent, not acknowledged, there all the same: allowed
    int64_t doubled;            // rows that nobody sent, or twice
};
// Looks every uid up in the store. False when it cannot be read, said on stderr.
bool soak_look(const char *store, const struct soak_log *log, struct soak_found *out);
int64_t soak_last_fact(const char *store); // -1: cannot be read

struct soak_totals {
    int64_t runs, sent, acknowledged, lost, unasked, doubled, repeated_wrong, chain_bad, rebuild_bad, failed;
};
void soak_add(struct soak_totals *t, const struct soak_found *f);
bool soak_good(const struct soak_totals *t);
void soak_print(const char *name, const struct soak_totals *t, double seconds);

// kill -9 of a real server under load over HTTP, `runs` times, on one store that lives through all of them.
bool soak_kill(const char *program, const char *folder, int32_t runs);
// A server whose files may not grow: clear errors, nothing lost, and it goes on by itself once there is room.
bool soak_full(const char *program, const char *folder);
// PostgreSQL stopped in order and killed, by turns, `runs` times under load; left out, saying so, where it is not installed.
bool soak_postgresql(const char *program, const char *folder, int32_t runs);
// The power fails, in process: intake on a file layer that loses what was not synced; then a full and a read-only disk.
bool soak_torn(const char *folder, int32_t runs);

#endif
