// soak.c -- ./dev soak: what was acknowledged is there exactly once, however the server ends.
//
// soak FOLDER KILLS POWER_CUTS [POSTGRESQL]. A short run is one of the tests; ./dev soak runs 200 of each, and PostgreSQL goes
// away a tenth as often as the server is killed if it is not said. Ends with code 1 when anything was lost,
// doubled, or does not verify.
#include "soak.h"
#include "bench_http.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct soak_sent *soak_send(struct soak_log *log, struct rng *r)
{
    if (log->count == log->cap) {
        log->cap = log->cap == 0 ? 1024 : log->cap * 2;
        log->sent = realloc(log->sent, log->cap * sizeof *log->sent);
        if (log->sent == NULL) abort();
    }
    unsigned char random[UID_RANDOM];
    for (size_t i = 0; i < sizeof random; i++) random[i] = (unsigned char)rng_below(r, 256);
    struct soak_sent *s = &log->sent[log->count++];
    *s = (struct soak_sent){.acknowledged = false};
    uid_make((utc_sec){1700000000 + (int64_t)log->count}, 0, random, s->uid);
    return s;
}

int64_t soak_last_fact(const char *store)
{
    struct db *db = NULL;
    struct err err = {0};
    int64_t last = -1;
    tong_code code = db_open(store, DB_READ, &db, &err);
    if (code == TONG_OK) code = db_ask(db, sql_fact_last, NULL, 0, &err);
    if (code == TONG_OK) last = db_next(db, sql_fact_last) ? db_int(db, sql_fact_last, 0, 0) : 0;
    if (code == TONG_OK) code = db_done(db, sql_fact_last, &err);
    db_close(db);
    if (code != TONG_OK) (void)fprintf(stderr, "soak: %s\n", err.text);
    return code == TONG_OK ? last : -1;
}

static tong_code soak_look_in(struct db *db, const struct soak_log *log, struct soak_found *out, struct err *err)
{
    int64_t there = 0, rows = 0;
    tong_code code = TONG_OK;
    for (size_t i = 0; i < log->count && code == TONG_OK; i++) {
        const struct soak_sent *s = &log->sent[i];
        code = db_ask(db, sql_fact_by_uid, &DB_B(((struct str){(const char *)s->uid, UID_BYTES})), 1, err);
        bool found = code == TONG_OK && db_next(db, sql_fact_by_uid);
        if (code == TONG_OK) code = db_done(db, sql_fact_by_uid, err);
        there += found ? 1 : 0;
        out->acknowledged += s->acknowledged ? 1 : 0;
        out->lost += s->acknowledged && !found ? 1 : 0;
        out->unasked += !s->acknowledged && found ? 1 : 0;
    }
    if (code == TONG_OK) code = db_ask(db, sql_demo_facts, &DB_I(log->before), 1, err);
    while (code == TONG_OK && db_next(db, sql_demo_facts)) rows++;
    if (code == TONG_OK) code = db_done(db, sql_demo_facts, err);
    out->doubled = rows - there;
    return code;
}

bool soak_look(const char *store, const struct soak_log *log, struct soak_found *out)
{
    struct db *db = NULL;
    struct err err = {0};
    *out = (struct soak_found){0};
    tong_code code = db_open(store, DB_READ, &db, &err);
    if (code == TONG_OK) code = soak_look_in(db, log, out, &err);
    db_close(db);
    if (code != TONG_OK) (void)fprintf(stderr, "soak: %s: %s\n", store, err.text);
    return code == TONG_OK;
}

void soak_add(struct soak_totals *t, const struct soak_found *f)
{
    t->lost += f->lost;
    t->unasked = f->unasked;
    t->doubled += f->doubled < 0 ? -f->doubled : f->doubled;
    t->acknowledged = f->acknowledged;
}

bool soak_good(const struct soak_totals *t)
{
    return t->lost == 0 && t->doubled == 0 && t->repeated_wrong == 0 && t->chain_bad == 0 && t->rebuild_bad == 0 && t->failed == 0;
}

void soak_print(const char *name, const struct soak_totals *t, double seconds)
{
    (void)printf("%s: %lld runs, %lld facts sent, %lld acknowledged; lost %lld, doubled %lld, answered otherwise when sent again %lld, "
                 "chain broken %lld, rebuilt otherwise %lld, failed %lld; there without an answer %lld; %.0f s: %s\n",
                 name, (long long)t->runs, (long long)t->sent, (long long)t->acknowledged, (long long)t->lost, (long long)t->doubled,
                 (long long)t->repeated_wrong, (long long)t->chain_bad, (long long)t->rebuild_bad, (long long)t->failed,
                 (long long)t->unasked, seconds, soak_good(t) ? "good" : "NOT GOOD");
    (void)fflush(stdout);
}

int main(int argc, char **argv)
{
    if (argc != 4 && argc != 5) {
        (void)fprintf(stderr, "soak FOLDER KILLS POWER_CUTS [POSTGRESQL]\n");
        return 2;
    }
    int32_t kills = (int32_t)strtol(argv[2], NULL, 10), cuts = (int32_t)strtol(argv[3], NULL, 10);
    int32_t away = argc == 5 ? (int32_t)strtol(argv[4], NULL, 10) : (kills + 9) / 10;
    bool good = soak_torn(argv[1], cuts);
    good = soak_kill(argv[0], argv[1], kills) && good;
    good = soak_full(argv[0], argv[1]) && good;
    good = soak_postgresql(argv[0], argv[1], away) && good;
    return good ? 0 : 1;
}
