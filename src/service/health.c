#include "service/health.h"

#include "base/json.h"
#include "service/metrics.h"
#include "service/service.h"

// Deadlines may be this much behind the clock: a night's work for many people takes some seconds.
enum { HEALTH_LAG_S = 120 };

static tong_code health_get(struct request *rq, struct reply *rp, struct err *err)
{
    struct service *s = rq->service;
    struct writer_state w;
    writer_look(s->writer, &w);
    bool ready = roll_ready(s->roll);
    bool begun = w.advanced.s > 0; // time has passed for the first time since the start
    int64_t lag = begun && rq->now.s > w.advanced.s ? rq->now.s - w.advanced.s : 0;
    bool good = ready && w.good && ((begun && lag <= HEALTH_LAG_S) || s->options.still);
    rp->status = good ? 200 : 503;
    struct json_out j = json_out_to(&rp->body);
    json_out_object(&j, NULL);
    json_out_z(&j, "status", good ? "ok" : "unwell");
    json_out_bool(&j, "store", w.good);
    json_out_bool(&j, "lists", ready);
    json_out_int(&j, "clock_lag_s", lag);
    json_out_int(&j, "queue", (int64_t)w.commands);
    json_out_end(&j);
    return json_out_finish(&j) ? TONG_OK : tong_fail(err, TONG_E_NOMEM, "health");
}

static tong_code metrics_get_right(struct request *rq, struct reply *rp, struct err *err)
{
    (void)err;
    rp->type = "text/plain; version=0.0.4; charset=utf-8";
    metrics_write(rq->service, &rp->body);
    return TONG_OK;
}

// Prometheus does not sign in: where the network is private, --metrics-open lets it read without.
static tong_code metrics_get_open(struct request *rq, struct reply *rp, struct err *err)
{
    if (!rq->service->options.metrics_open) return TONG_E_NOT_FOUND;
    return metrics_get_right(rq, rp, err);
}

static const struct schema health_schemas[] = {
    {"health",
     "{\"type\":\"object\",\"required\":[\"status\",\"store\",\"lists\",\"clock_lag_s\",\"queue\"],\"properties\":{"
     "\"status\":{\"enum\":[\"ok\",\"unwell\"]},\"store\":{\"type\":\"boolean\"},\"lists\":{\"type\":\"boolean\"},"
     "\"clock_lag_s\":{\"type\":\"integer\"},\"queue\":{\"type\":\"integer\"}}}"},
    {"metrics", "{\"type\":\"string\"}"},
};

static const struct route health_rows[] = {
    {.method = HTTP_GET,
     .path = "/healthz",
     .name = "health",
     .right = RIGHT_OPEN,
     .handler = health_get,
     .quick = true,
     .storeless = true,
     .schema_out = "health",
     .label = LABEL("is the server well: 200, or 503 with what is not", "服务状态：正常为 200，异常为 503 并说明原因")},
    {.method = HTTP_GET,
     .path = "/metrics",
     .name = "metrics_open",
     .right = RIGHT_OPEN,
     .handler = metrics_get_open,
     .storeless = true,
     .schema_out = "metrics",
     .label = LABEL("counters for Prometheus, where the server was started with --metrics-open",
                    "Prometheus 指标（仅在以 --metrics-open 启动时开放）")},
    {.method = HTTP_GET,
     .path = "/api/v1/metrics",
     .name = "metrics",
     .right = RIGHT_RUN,
     .handler = metrics_get_right,
     .schema_out = "metrics",
     .label = LABEL("counters for Prometheus", "Prometheus 指标")},
};

const struct route_table health_routes = {.rows = health_rows,
                                          .count = sizeof health_rows / sizeof health_rows[0],
                                          .schemas = health_schemas,
                                          .schema_count = sizeof health_schemas / sizeof health_schemas[0]};
