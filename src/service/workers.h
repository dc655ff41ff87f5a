// workers.h -- threads that answer requests which may wait, so that the threads of the connections never do.
#ifndef TONG_SERVICE_WORKERS_H
#define TONG_SERVICE_WORKERS_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

struct workers;
typedef void worker_task(void *payload);

// Threads are made as they are needed, at most `threads`. NULL when memory is short.
struct workers *workers_open(size_t threads, size_t queue_max);
void workers_close(struct workers *w); // what waits is still done; NULL is allowed
// False: the queue is full, or no thread could be made.
bool workers_push(struct workers *w, worker_task *task, void *payload) TONG_MUST_USE;
size_t workers_waiting(struct workers *w);

#endif
