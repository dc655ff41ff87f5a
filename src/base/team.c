#include "base/team.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>

struct member {
    struct team *team;
    pthread_t thread;
    int32_t number;
};

struct team {
    int32_t members, started;
    struct member member[TEAM_MEMBERS_MAX];
    pthread_mutex_t lock;
    pthread_cond_t begin, end;
    int64_t begun;   // runs so far
    int32_t through; // members other than the caller that have finished this run
    bool stop;
    void (*work)(void *context, uint32_t piece, int32_t member);
    void *context;
    uint32_t pieces;
    atomic_uint next;
};

static void team_work(struct team *team, int32_t member)
{
    for (;;) {
        uint32_t piece = atomic_fetch_add_explicit(&team->next, 1, memory_order_relaxed);
        if (piece >= team->pieces) break;
        team->work(team->context, piece, member);
    }
}

static void *member_run(void *arg)
{
    struct member *m = arg;
    struct team *team = m->team;
    int64_t done = 0;
    pthread_mutex_lock(&team->lock);
    for (;;) {
        while (team->begun == done && !team->stop) pthread_cond_wait(&team->begin, &team->lock);
        if (team->stop) break;
        done = team->begun;
        pthread_mutex_unlock(&team->lock);
        team_work(team, m->number);
        pthread_mutex_lock(&team->lock);
        team->through++;
        pthread_cond_signal(&team->end);
    }
    pthread_mutex_unlock(&team->lock);
    return NULL;
}

tong_code team_open(int32_t members, struct team **out, struct err *err)
{
    *out = NULL;
    if (members < 1 || members > TEAM_MEMBERS_MAX) {
        return tong_fail(err, TONG_E_INVALID, "%d threads: 1 to %d are possible", members, TEAM_MEMBERS_MAX);
    }
    struct team *team = calloc(1, sizeof *team);
    if (!team) return tong_fail(err, TONG_E_NOMEM, "no memory for %d threads", members);
    team->members = members;
    pthread_mutex_init(&team->lock, NULL);
    pthread_cond_init(&team->begin, NULL);
    pthread_cond_init(&team->end, NULL);
    for (int32_t i = 1; i < members; i++) {
        team->member[i] = (struct member){.team = team, .number = i};
        if (pthread_create(&team->member[i].thread, NULL, member_run, &team->member[i])) {
            team_close(team);
            return tong_fail(err, TONG_E_IO, "the system gives no thread");
        }
        team->started++;
    }
    *out = team;
    return TONG_OK;
}

void team_close(struct team *team)
{
    if (!team) return;
    pthread_mutex_lock(&team->lock);
    team->stop = true;
    pthread_cond_broadcast(&team->begin);
    pthread_mutex_unlock(&team->lock);
    for (int32_t i = 1; i <= team->started; i++) pthread_join(team->member[i].thread, NULL);
    pthread_cond_destroy(&team->begin);
    pthread_cond_destroy(&team->end);
    pthread_mutex_destroy(&team->lock);
    free(team);
}

int32_t team_members(const struct team *team)
{
    return team->members;
}

void team_run(struct team *team, uint32_t pieces, void (*work)(void *context, uint32_t piece, int32_t member), void *context)
{
    team->work = work;
    team->context = context;
    team->pieces = pieces;
    atomic_store(&team->next, 0);
    if (team->started > 0) {
        pthread_mutex_lock(&team->lock);
        team->begun++;
        team->through = 0;
        pthread_cond_broadcast(&team->begin);
        pthread_mutex_unlock(&team->lock);
    }
    team_work(team, 0);
    if (team->started > 0) {
        pthread_mutex_lock(&team->lock);
        while (team->through < team->started) pthread_cond_wait(&team->end, &team->lock);
        pthread_mutex_unlock(&team->lock);
    }
}
