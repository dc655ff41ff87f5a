// bench_server.h -- what the parts of `./dev bench server` share.
#ifndef TONG_BENCH_SERVER_H
#define TONG_BENCH_SERVER_H

#include "bench_http.h"
#include "bench_store.h"

enum { BENCH_WORKERS = 25 };
struct bench {
    char store[BENCH_PATH], token[BENCH_TOKEN], second[BENCH_TOKEN]; // of two accounts that may do everything, everywhere
    char worker[BENCH_WORKERS][BENCH_TOKEN];                         // of others, each in a community of their own
    int32_t workers;
    struct bench_server server;
    double seconds; // of work with the lists
};

// One figure beside its goal; false when it is missed. `more`: the more the better.
bool bench_line(const char *what, double value, double goal, const char *unit, bool more, const char *peer);
// 50 users at work: every list by every filter and sort, searches, people's pages, work done.
bool bench_lists(struct bench *b);
// One at a time: many facts at once, exports, the graph of chains, who is affected by an edition, imports.
bool bench_singles(struct bench *b);
// The rows of a list, closed ones too; -1 when the server does not say.
int64_t bench_total(struct bench *b, const char *list);

#endif
