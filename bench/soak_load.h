// soak_load.h -- a real server under load, for the parts of the soak that need one.
#ifndef TONG_BENCH_SOAK_LOAD_H
#define TONG_BENCH_SOAK_LOAD_H

#include "bench_http.h"
#include "bench_store.h"
#include "soak.h"

enum { SOAK_USERS = 8, SOAK_BATCH = 6, SOAK_PEOPLE = 200, SOAK_BODY = 4096, SOAK_PORTS = 21000 };

struct soak {
    const char *program, *store;
    char token[BENCH_TOKEN];
    struct bench_server server;
    struct soak_log log;
    struct rng rng;
    char people[SOAK_PEOPLE][UID_TEXT];
    int32_t people_count;
    struct { // what each user has on its way
        char body[SOAK_BODY];
        size_t first, count;
    } user[SOAK_USERS];
    double kill_at;
    volatile bool killed;
    void (*answered)(struct soak *s, bool taken); // after each reply, and each connection that was lost; may be NULL
    int32_t last_status;                          // of a request that was refused
    int64_t refused, clear;                       // clear: the reply says that the disk is full, or 503
    struct soak_totals totals;
};

extern const struct bench_size soak_size; // of the stores

// A store made by then, and a token. False: said on stderr.
bool soak_open(struct soak *s, const char *program, const char *folder, char store[BENCH_PATH]);
bool soak_begin(struct soak *s, const char *program, const char *store); // on a store that is there
bool soak_find_people(struct soak *s);                                   // asks the server that runs
// Facts, some at a time, by SOAK_USERS users; kill -9 of the server after so many seconds unless 0.
void soak_load(struct soak *s, double seconds, double kill_after);
void soak_again(struct soak *s, size_t from);              // what was acknowledged is sent again and answered as before
bool soak_command(const struct soak *s, const char *word); // `tongzhou WORD` on the store ends well
void soak_check(struct soak *s);                           // each fact there once; chain and rebuild

#endif
