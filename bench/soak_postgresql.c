// PostgreSQL goes away under load and comes back: in order, and as if its machine had stopped, by turns.
#include "soak_load.h"
#include "store/private_postgresql.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { GONE_PORT = 980 };
static const double before_s = 0.4, gone_s = 0.6, after_s = 0.5, most_s = 20;

typedef enum gone { GONE_NOT_YET, GONE_AWAY, GONE_BACK } gone;
static struct soak_away { // of the run at hand: the load has one callback and no payload of its own
    struct private_postgresql *p;
    bool gently, broken;
    gone state;
    double began, changed;
    int64_t taken; // since it came back
    double first;  // the first of them, seconds after it came back
} away;

static void away_answered(struct soak *s, bool taken)
{
    double now = http_now();
    if (away.state == GONE_NOT_YET && now - away.began > before_s) {
        away.broken = !private_postgresql_stop(away.p, away.gently) || away.broken;
        away.state = GONE_AWAY;
        away.changed = http_now();
    } else if (away.state == GONE_AWAY && now - away.changed > gone_s) {
        away.broken = !private_postgresql_start(away.p) || away.broken;
        away.state = GONE_BACK;
        away.changed = http_now();
    } else if (away.state == GONE_BACK && taken) {
        if (away.taken++ == 0) away.first = now - away.changed;
        if (now - away.changed > after_s) s->killed = true; // enough
    }
}

static void away_run(struct soak *s, struct private_postgresql *p, bool gently)
{
    int64_t refused = s->refused, clear = s->clear;
    struct soak_found found;
    away = (struct soak_away){.p = p, .gently = gently, .began = http_now()};
    s->answered = away_answered;
    soak_load(s, most_s, 0);
    s->answered = NULL;
    s->totals.runs++;
    s->totals.sent = (int64_t)s->log.count;
    bool good = !away.broken && away.state == GONE_BACK && away.taken > 0 && s->refused - refused == s->clear - clear;
    if (!good) {
        s->totals.failed++;
        (void)fprintf(
            stderr,
            "soak: PostgreSQL %s: %s; %lld refused, %lld of them with 503; %lld taken afterwards, last status %d\n",
            gently ? "stopped" : "killed", away.broken ? "it did not stop or start" : "it came back",
            (long long)(s->refused - refused), (long long)(s->clear - clear), (long long)away.taken,
            (int)s->last_status);
    }
    if (soak_look(s->store, &s->log, &found)) soak_add(&s->totals, &found);
    else s->totals.failed++;
}

static bool away_all(struct soak *s, struct private_postgresql *p, int32_t runs)
{
    double slowest = 0;
    bool up = bench_server_start(s->program, s->store, (uint16_t)(SOAK_PORTS + GONE_PORT), 30, &s->server) &&
              soak_find_people(s);
    if (!up) s->totals.failed++;
    for (int32_t i = 0; up && i < runs && s->totals.failed == 0; i++) {
        away_run(s, p, i % 2 == 0);
        if (away.first > slowest) slowest = away.first;
        if (i + 1 == runs) soak_again(s, s->log.count > 30 ? s->log.count - 30 : 0);
    }
    (void)bench_server_stop(&s->server, SIGTERM);
    if (up) soak_check(s);
    (void)printf(
        "PostgreSQL away: the server took facts again %.2f s after it was back, at the latest, without a restart\n",
        slowest);
    return up;
}

bool soak_postgresql(const char *program, const char *folder, int32_t runs)
{
    static struct soak soak;
    struct soak *s = &soak;
    char why[200] = "", url[300], vault[BENCH_PATH];
    struct bench_made made;
    double begun = http_now();
    struct private_postgresql *p = runs == 0 ? NULL : private_postgresql_open(true, why, sizeof why);
    if (p == NULL) {
        if (runs > 0) (void)printf("PostgreSQL restarted under load: left out: %s\n", why);
        return true;
    }
    (void)snprintf(vault, sizeof vault, "%.900s/postgresql.vault", folder);
    (void)remove(vault);
    private_postgresql_url(p, "soak", url, sizeof url);
    bool good = private_postgresql_create(p, "soak") && setenv("TONGZHOU_VAULT", vault, 1) == 0;
    good = good && bench_store_fill(url, &soak_size, &made) && soak_begin(s, program, url) && away_all(s, p, runs);
    soak_print("PostgreSQL restarted under load", &s->totals, http_now() - begun);
    good = good && soak_good(&s->totals);
    private_postgresql_close(p);
    (void)unsetenv("TONGZHOU_VAULT");
    (void)remove(vault);
    free(s->log.sent);
    return good;
}
