#include "service/workers.h"

#include <pthread.h>
#include <stdlib.h>

enum { WORKER_STACK = 1 << 20 };

struct worker_item {
    worker_task *task;
    void *payload;
};

struct workers {
    pthread_mutex_t lock;
    pthread_cond_t wake;
    bool stopping;
    size_t threads_max, threads, idle;
    size_t queue_max, first, count; // items are a ring
    struct worker_item *items;
    pthread_t thread[];
};

static void *worker_thread(void *payload)
{
    struct workers *w = payload;
    (void)pthread_mutex_lock(&w->lock);
    for (;;) {
        while (w->count == 0 && !w->stopping) {
            w->idle++;
            (void)pthread_cond_wait(&w->wake, &w->lock);
            w->idle--;
        }
        if (w->count == 0) break;
        struct worker_item item = w->items[w->first];
        w->first = (w->first + 1) % w->queue_max;
        w->count--;
        (void)pthread_mutex_unlock(&w->lock);
        item.task(item.payload);
        (void)pthread_mutex_lock(&w->lock);
    }
    (void)pthread_mutex_unlock(&w->lock);
    return NULL;
}

struct workers *workers_open(size_t threads, size_t queue_max)
{
    struct workers *w = calloc(1, sizeof *w + threads * sizeof w->thread[0]);
    if (w == NULL) return NULL;
    w->items = calloc(queue_max, sizeof w->items[0]);
    w->threads_max = threads;
    w->queue_max = queue_max;
    (void)pthread_mutex_init(&w->lock, NULL);
    (void)pthread_cond_init(&w->wake, NULL);
    if (w->items != NULL) return w;
    workers_close(w);
    return NULL;
}

void workers_close(struct workers *w)
{
    if (w == NULL) return;
    (void)pthread_mutex_lock(&w->lock);
    w->stopping = true;
    (void)pthread_cond_broadcast(&w->wake);
    (void)pthread_mutex_unlock(&w->lock);
    for (size_t i = 0; i < w->threads; i++) (void)pthread_join(w->thread[i], NULL);
    (void)pthread_cond_destroy(&w->wake);
    (void)pthread_mutex_destroy(&w->lock);
    free(w->items);
    free(w);
}

// Under the lock. A thread more when all are busy.
static void workers_grow(struct workers *w)
{
    pthread_attr_t attributes;
    if (w->idle > 0 || w->threads == w->threads_max) return;
    (void)pthread_attr_init(&attributes);
    (void)pthread_attr_setstacksize(&attributes, WORKER_STACK);
    if (pthread_create(&w->thread[w->threads], &attributes, worker_thread, w) == 0) w->threads++;
    (void)pthread_attr_destroy(&attributes);
}

bool workers_push(struct workers *w, worker_task *task, void *payload)
{
    (void)pthread_mutex_lock(&w->lock);
    workers_grow(w);
    bool room = w->count < w->queue_max && w->threads > 0 && !w->stopping;
    if (room) w->items[(w->first + w->count++) % w->queue_max] = (struct worker_item){task, payload};
    bool idle = w->idle > 0;
    (void)pthread_mutex_unlock(&w->lock);
    if (room && idle) (void)pthread_cond_signal(&w->wake); // after the lock, or who wakes would wait for it at once
    return room;
}

size_t workers_waiting(struct workers *w)
{
    (void)pthread_mutex_lock(&w->lock);
    size_t n = w->count;
    (void)pthread_mutex_unlock(&w->lock);
    return n;
}
