#include "service/metrics.h"

#include "service/feed.h"
#include "service/readers.h"
#include "service/service.h"

#include <inttypes.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BUCKETS = 12, STATUSES = 5 };
static const double bucket_s[BUCKETS] = {0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5};
static const int64_t group_sizes[] = {1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000};
enum { GROUP_SIZES = sizeof group_sizes / sizeof group_sizes[0] };

struct route_metrics {
    _Atomic uint64_t status[STATUSES]; // 1xx .. 5xx
    _Atomic uint64_t bucket[BUCKETS + 1];
    _Atomic uint64_t ns;
};
struct metrics {
    _Atomic uint64_t group_size[GROUP_SIZES + 1], group_commands, groups_failed, commit_ns, commit_bucket[BUCKETS + 1];
    size_t count; // of routes; one more for all the rest
    struct route_metrics route[];
};

struct metrics *metrics_open(size_t routes)
{
    struct metrics *m = calloc(1, sizeof *m + (routes + 1) * sizeof m->route[0]);
    if (m != NULL) m->count = routes;
    return m;
}

void metrics_close(struct metrics *m)
{
    free(m);
}

static void metrics_add(_Atomic uint64_t *to, uint64_t n)
{
    (void)atomic_fetch_add_explicit(to, n, memory_order_relaxed);
}
static uint64_t metrics_get(const _Atomic uint64_t *from)
{
    return atomic_load_explicit(from, memory_order_relaxed);
}

static size_t metrics_bucket(int64_t ns)
{
    size_t b = 0;
    while (b < BUCKETS && (double)ns > bucket_s[b] * 1e9) b++;
    return b;
}

void metrics_request(struct metrics *m, size_t route, int32_t status, int64_t ns)
{
    struct route_metrics *r = &m->route[route < m->count ? route : m->count];
    int32_t class = status / 100 - 1;
    metrics_add(&r->status[class < 0 || class >= STATUSES ? STATUSES - 1 : class], 1);
    metrics_add(&r->bucket[metrics_bucket(ns)], 1);
    metrics_add(&r->ns, (uint64_t)ns);
}

void metrics_group(struct metrics *m, size_t commands, int64_t ns)
{
    size_t b = 0;
    while (b < GROUP_SIZES && (int64_t)commands > group_sizes[b]) b++;
    metrics_add(&m->group_size[b], 1);
    metrics_add(&m->group_commands, commands);
    metrics_add(&m->commit_ns, (uint64_t)ns);
    metrics_add(&m->commit_bucket[metrics_bucket(ns)], 1);
}

void metrics_group_failed(struct metrics *m)
{
    metrics_add(&m->groups_failed, 1);
}

static void metrics_head(struct sink *out, const char *name, const char *type, const char *help)
{
    sink_printf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void metrics_one(struct sink *out, const char *name, const char *type, const char *help, double value)
{
    metrics_head(out, name, type, help);
    sink_printf(out, "%s %.17g\n", name, value);
}

static const char *metrics_route_name(const struct service *s, size_t i)
{
    return i < router_count(s->router) ? router_at(s->router, i)->name : "-";
}

static void metrics_requests(const struct service *s, struct sink *out)
{
    const struct metrics *m = s->metrics;
    metrics_head(out, "tongzhou_requests_total", "counter", "requests answered");
    for (size_t i = 0; i <= m->count; i++)
        for (int c = 0; c < STATUSES; c++) {
            uint64_t n = metrics_get(&m->route[i].status[c]);
            if (n > 0)
                sink_printf(out, "tongzhou_requests_total{route=\"%s\",status=\"%dxx\"} %" PRIu64 "\n",
                            metrics_route_name(s, i), c + 1, n);
        }
    metrics_head(out, "tongzhou_request_seconds", "histogram", "from routing to the reply made");
    for (size_t i = 0; i <= m->count; i++) {
        uint64_t total = 0;
        const char *name = metrics_route_name(s, i);
        for (int b = 0; b <= BUCKETS; b++) total += metrics_get(&m->route[i].bucket[b]);
        if (total == 0) continue;
        uint64_t sum = 0;
        for (int b = 0; b < BUCKETS; b++) {
            sum += metrics_get(&m->route[i].bucket[b]);
            sink_printf(out, "tongzhou_request_seconds_bucket{route=\"%s\",le=\"%g\"} %" PRIu64 "\n", name, bucket_s[b],
                        sum);
        }
        sink_printf(out, "tongzhou_request_seconds_bucket{route=\"%s\",le=\"+Inf\"} %" PRIu64 "\n", name, total);
        sink_printf(out, "tongzhou_request_seconds_sum{route=\"%s\"} %.9f\n", name,
                    (double)metrics_get(&m->route[i].ns) / 1e9);
        sink_printf(out, "tongzhou_request_seconds_count{route=\"%s\"} %" PRIu64 "\n", name, total);
    }
}

static void metrics_groups(const struct metrics *m, struct sink *out)
{
    uint64_t sum = 0;
    metrics_head(out, "tongzhou_group_commands", "histogram", "commands committed in one transaction");
    for (int b = 0; b < GROUP_SIZES; b++) {
        sum += metrics_get(&m->group_size[b]);
        sink_printf(out, "tongzhou_group_commands_bucket{le=\"%" PRId64 "\"} %" PRIu64 "\n", group_sizes[b], sum);
    }
    sum += metrics_get(&m->group_size[GROUP_SIZES]);
    sink_printf(out, "tongzhou_group_commands_bucket{le=\"+Inf\"} %" PRIu64 "\n", sum);
    sink_printf(out, "tongzhou_group_commands_sum %" PRIu64 "\ntongzhou_group_commands_count %" PRIu64 "\n",
                metrics_get(&m->group_commands), sum);
    metrics_head(out, "tongzhou_commit_seconds", "histogram", "one group, from the first command to durable");
    sum = 0;
    for (int b = 0; b < BUCKETS; b++) {
        sum += metrics_get(&m->commit_bucket[b]);
        sink_printf(out, "tongzhou_commit_seconds_bucket{le=\"%g\"} %" PRIu64 "\n", bucket_s[b], sum);
    }
    sum += metrics_get(&m->commit_bucket[BUCKETS]);
    sink_printf(out, "tongzhou_commit_seconds_bucket{le=\"+Inf\"} %" PRIu64 "\n", sum);
    sink_printf(out, "tongzhou_commit_seconds_sum %.9f\ntongzhou_commit_seconds_count %" PRIu64 "\n",
                (double)metrics_get(&m->commit_ns) / 1e9, sum);
}

// Resident memory as the kernel counts it; 0 where it does not say.
static double metrics_memory(void)
{
    long pages = 0, all = 0;
    FILE *f = fopen("/proc/self/statm", "r");
    if (f == NULL) return 0;
    if (fscanf(f, "%ld %ld", &all, &pages) != 2) pages = 0; // NOLINT(cert-err34-c): the kernel's own numbers
    (void)fclose(f);
    return (double)pages * (double)sysconf(_SC_PAGESIZE);
}

void metrics_write(const struct service *s, struct sink *out)
{
    static const char *const lists[ROLL_LIST_COUNT] = {"people",  "enrolments", "tasks",     "measures",
                                                       "samples", "objections", "hand_overs"};
    struct writer_state w;
    writer_look(s->writer, &w);
    metrics_requests(s, out);
    metrics_groups(s->metrics, out);
    metrics_one(out, "tongzhou_groups_failed_total", "counter", "groups the store refused",
                (double)metrics_get(&s->metrics->groups_failed));
    metrics_one(out, "tongzhou_store_ok", "gauge", "1 when the last group was committed", w.good ? 1 : 0);
    metrics_one(out, "tongzhou_queue_jobs", "gauge", "jobs that wait for the writer", (double)w.jobs);
    metrics_one(out, "tongzhou_queue_commands", "gauge", "commands that wait for the writer", (double)w.commands);
    metrics_one(out, "tongzhou_commands_total", "counter", "commands taken since the start", (double)w.taken);
    metrics_one(out, "tongzhou_clock_lag_seconds", "gauge", "how far deadlines are behind the clock",
                w.advanced.s > 0 ? (double)(service_now(s).s - w.advanced.s) : 0);
    metrics_head(out, "tongzhou_list_rows", "gauge", "rows of the lists in memory");
    roll_read_begin(s->roll);
    for (int i = 0; i < ROLL_LIST_COUNT; i++)
        sink_printf(out, "tongzhou_list_rows{list=\"%s\"} %zu\n", lists[i], roll_size(s->roll, (roll_list)i));
    double bytes = (double)roll_bytes(s->roll);
    roll_read_end(s->roll);
    metrics_one(out, "tongzhou_list_bytes", "gauge", "memory of the lists", bytes);
    metrics_one(out, "tongzhou_feed_clients", "gauge", "open live feeds", feed_clients(s->feed));
    metrics_one(out, "tongzhou_feed_changes_total", "counter", "changes told to the feed", (double)feed_last(s->feed));
    metrics_one(out, "tongzhou_readers", "gauge", "database readers in use", readers_used(s->readers));
    metrics_one(out, "process_resident_memory_bytes", "gauge", "resident memory", metrics_memory());
}
