#include "service/dispatch.h"

#include "base/record_read.h"
#include "service/assets.h"
#include "service/metrics.h"
#include "service/parameter.h"
#include "service/problem.h"
#include "service/service.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>
#include <time.h>

enum { SLOW_MS = 1000 };

lang language_choose(struct str field, lang none)
{
    struct str rest = field, part;
    lang best = none;
    double best_q = 0;
    while (str_cut(&rest, ',', &part)) {
        struct str tag, q_text = str_trim(part);
        double q = 1;
        (void)str_cut(&q_text, ';', &tag);
        q_text = str_trim(q_text);
        if (str_starts(q_text, "q=") && !str_double((struct str){q_text.p + 2, q_text.n - 2}, &q)) continue;
        struct str two = {tag.p, tag.n < 2 ? tag.n : 2};
        bool whole = tag.n == 2 || (tag.n > 2 && tag.p[2] == '-');
        bool zh = whole && str_eq_nocase(two, STR("zh")), en = whole && str_eq_nocase(two, STR("en"));
        if ((!zh && !en) || q <= best_q || q > 1) continue;
        best = zh ? LANG_ZH : LANG_EN;
        best_q = q;
    }
    return best;
}

bool json_depth_within(struct str text, int32_t most)
{
    int32_t depth = 0;
    bool in_text = false;
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        if (in_text) {
            if (c == '\\') i++;
            else if (c == '"') in_text = false;
        } else if (c == '"') {
            in_text = true;
        } else if (c == '[' || c == '{') {
            if (++depth > most) return false;
        } else if (c == ']' || c == '}') {
            depth--;
        }
    }
    return true;
}

// Eight bytes at a time with the multiply-and-fold step of splitmix64's finisher; the length is mixed in at the end.
uint64_t body_tag(struct str body)
{
    uint64_t h = 0x9E3779B97F4A7C15U, word;
    for (size_t i = 0; i < body.n; i += 8) {
        size_t n = body.n - i < 8 ? body.n - i : 8;
        word = 0;
        memcpy(&word, body.p + i, n);
        h = (h ^ word) * 0xBF58476D1CE4E5B9U;
        h ^= h >> 29;
    }
    h = (h ^ body.n) * 0x94D049BB133111EBU;
    return h ^ h >> 32;
}

// ---- who asks, and may they ----

static bool origin_is_ours(const struct request *rq)
{
    const char *public = rq->service->options.origin;
    if (public != NULL) return str_eq_z(rq->origin, public);
    struct str o = rq->origin;
    size_t scheme = str_starts(o, "https://") ? 8 : str_starts(o, "http://") ? 7 : 0;
    if (scheme == 0 || rq->host.n == 0) return false;
    return str_eq_nocase((struct str){o.p + scheme, o.n - scheme}, rq->host);
}

// A page of another site can make a browser send our cookie along (cross-site request forgery). Browsers say where a
// request comes from in Sec-Fetch-Site and, with every write, in Origin; a program that sends a cookie must say it too.
bool request_is_foreign(const struct request *rq)
{
    if (rq->method == HTTP_GET) return false;
    if (rq->fetch_site.n > 0) return !str_eq_z(rq->fetch_site, "same-origin");
    if (rq->origin.n > 0) return !origin_is_ours(rq);
    return rq->cookie.n > 0;
}

// A cookie belongs to the whole browser: on a shared phone somebody else may have signed in since the page was opened. A page
// says as whom it speaks, so that nothing is recorded in the name of the next person.
static bool speaks_for_another(const struct request *rq)
{
    char own[24];
    (void)snprintf(own, sizeof own, "%" PRId64, rq->actor.account);
    return rq->as_account.n > 0 && !str_eq_z(rq->as_account, own);
}

// False: the reply is made.
static bool dispatch_right(struct request *rq, struct reply *rp)
{
    right_word right = rq->route->right;
    if (right == RIGHT_OPEN) return true;
    if (right == RIGHT_NONE) { // a row without a right: nobody may
        problem_reply(rq, rp, HTTP_FAULT_OURS, NULL, NULL);
        return false;
    }
    if (rq->actor.account == 0) {
        problem_reply(rq, rp, HTTP_FAULT_SIGN_IN, NULL, NULL);
        return false;
    }
    if (speaks_for_another(rq)) {
        problem_reply(rq, rp, HTTP_FAULT_OTHER_ACCOUNT, NULL, NULL);
        return false;
    }
    if (rq->route->entry) return true;
    if (rq->actor.must_change) {
        problem_reply(rq, rp, HTTP_FAULT_MUST_CHANGE, NULL, NULL);
        return false;
    }
    if (actor_may(&rq->actor, right, rq->now)) return true;
    const struct record_word *word = right_at(right);
    bool factor = actor_needs_second_factor(&rq->actor, rq->now);
    problem_reply(rq, rp, factor ? HTTP_FAULT_SECOND_FACTOR : HTTP_FAULT_RIGHT,
                  word == NULL ? "" : word->label.text[LANG_EN], word == NULL ? "" : word->label.text[LANG_ZH]);
    return false;
}

// ---- the body ----

static bool body_is_json(struct str type)
{
    struct str plain;
    (void)str_cut(&type, ';', &plain);
    plain = str_trim(plain);
    return str_eq_nocase(plain, STR("application/json")) ||
           (plain.n > 5 && str_eq_nocase((struct str){plain.p + plain.n - 5, 5}, STR("+json")));
}

static bool body_json(struct request *rq, struct reply *rp)
{
    json_error_t fault;
    char line[24] = "1";
    if (!body_is_json(rq->content_type)) {
        problem_reply(rq, rp, HTTP_FAULT_TYPE, "application/json", NULL);
        return false;
    }
    if (json_depth_within(rq->body, HTTP_JSON_DEPTH_MAX)) {
        rq->json = json_loadb(rq->body.p, rq->body.n, JSON_REJECT_DUPLICATES, &fault);
        if (rq->json != NULL) return true;
        (void)snprintf(line, sizeof line, "%d", fault.line < 1 ? 1 : fault.line);
    }
    problem_reply(rq, rp, HTTP_FAULT_JSON, line, NULL);
    return false;
}

static bool body_record(struct request *rq, struct reply *rp)
{
    const struct record_kind *kind = rq->route->record;
    struct record_reading reading = {.zone = &rq->service->options.zone, .arena = rq->arena, .problems = &rq->problems};
    rq->row = arena_alloc(rq->arena, kind->size);
    if (rq->row == NULL) {
        problem_reply(rq, rp, HTTP_FAULT_MEMORY, NULL, NULL);
        return false;
    }
    record_clear(kind, rq->row);
    if (record_from_json(kind, rq->json, &reading, rq->row)) return true;
    problem_reply(rq, rp, HTTP_FAULT_INPUT, NULL, NULL);
    return false;
}

static bool dispatch_body(struct request *rq, struct reply *rp)
{
    const struct route *route = rq->route;
    int64_t most = route->body == BODY_NONE ? 0 : route->body_max > 0 ? route->body_max : HTTP_BODY_BYTES;
    char limit[24];
    if ((int64_t)rq->body.n > most) {
        (void)snprintf(limit, sizeof limit, "%" PRId64, most);
        problem_reply(rq, rp, HTTP_FAULT_BODY_LARGE, limit, NULL);
        return false;
    }
    if (route->body == BODY_NONE || (rq->body.n == 0 && route->body_optional)) return true;
    if (rq->body.n == 0) {
        problem_reply(rq, rp, HTTP_FAULT_BODY_EMPTY, NULL, NULL);
        return false;
    }
    if (route->body == BODY_BYTES) return true;
    if (!body_json(rq, rp)) return false;
    return route->body != BODY_RECORD || body_record(rq, rp);
}

// ---- the way ----

static void reply_allow(struct request *rq, struct reply *rp, uint32_t methods)
{
    char text[64] = "";
    size_t n = 0;
    for (int m = 0; m < HTTP_METHOD_COUNT; m++)
        if (methods >> m & 1) {
            const char *head = m == HTTP_GET ? ", HEAD" : "";
            n += (size_t)snprintf(text + n, sizeof text - n, "%s%s%s", n == 0 ? "" : ", ",
                                  http_method_name((http_method)m), head);
        }
    n += (size_t)snprintf(text + n, sizeof text - n, "%sOPTIONS", n == 0 ? "" : ", ");
    char *kept = arena_copy(rq->arena, text, n);
    if (rq->method == HTTP_OPTIONS) rp->status = 204;
    else problem_reply(rq, rp, HTTP_FAULT_METHOD, http_method_name(rq->method), text);
    reply_header(rp, "Allow", kept == NULL ? (struct str){0} : (struct str){kept, n});
}

// Everything behind the right: the reply is made, or *code says why not.
static void dispatch_handle(struct request *rq, struct reply *rp, struct str query, struct err *err)
{
    struct service *s = rq->service;
    if (!parameter_query(rq, query)) {
        problem_reply(rq, rp, HTTP_FAULT_PARAMETERS, NULL, NULL);
        return;
    }
    if (!dispatch_body(rq, rp)) return;
    tong_code code = rq->route->handler(rq, rp, err);
    if (code == TONG_OK && rq->route->looks && rp->status < 300 && s->options.look != NULL)
        code = s->options.look(rq, err);
    if (code == TONG_OK && (rp->body.failed || rq->problems.dropped > 0)) code = TONG_E_NOMEM;
    if (code != TONG_OK && rp->status >= 400 && rp->body.n > 0) return;            // the handler said it better
    if (code == TONG_E_INVALID && rq->problems.count == 0) code = TONG_CODE_COUNT; // whoever refuses must say why
    problem_of_code(rq, rp, code);
}

static void dispatch_routed(struct request *rq, struct reply *rp, struct str query, struct err *err)
{
    struct service *s = rq->service;
    if (request_is_foreign(rq)) {
        problem_reply(rq, rp, HTTP_FAULT_FOREIGN, NULL, NULL);
        return;
    }
    bool store = !rq->route->storeless;
    if (store) rq->db = service_reader_take(s, err);
    if (store && rq->db == NULL) {
        problem_reply(rq, rp, HTTP_FAULT_BUSY, NULL, NULL);
        return;
    }
    bool known = rq->cookie.n > 0 || rq->authorization.n > 0;
    tong_code code = store && known && s->options.who != NULL ? s->options.who(rq, err) : TONG_OK;
    if (code != TONG_OK) problem_of_code(rq, rp, code);
    else if (dispatch_right(rq, rp)) dispatch_handle(rq, rp, query, err);
    if (store) service_reader_give(s, rq->db, err->code != TONG_E_IO);
    rq->db = NULL;
    json_decref(rq->json);
    rq->json = NULL;
}

static void dispatch_find(struct request *rq, struct reply *rp, struct route_match *match, struct err *err)
{
    struct str query;
    if (!parameter_target(rq, &query)) {
        problem_reply(rq, rp, HTTP_FAULT_TARGET, NULL, NULL);
        return;
    }
    router_find(rq->service->router, rq->method, rq->path, match);
    rq->route = match->route;
    if (match->methods == 0 && str_starts(rq->path, "/api/")) problem_reply(rq, rp, HTTP_FAULT_NOT_FOUND, NULL, NULL);
    else if (match->methods == 0 && rq->method != HTTP_GET) reply_allow(rq, rp, 1U << HTTP_GET);
    else if (match->methods == 0) assets_answer(rq->service->assets, rq, rp);
    else if (match->route == NULL) reply_allow(rq, rp, match->methods);
    else if (!parameter_parts(rq, match)) problem_reply(rq, rp, HTTP_FAULT_NOT_FOUND, NULL, NULL);
    else dispatch_routed(rq, rp, query, err);
}

// ---- the reply ----

static void reply_etag(struct request *rq, struct reply *rp)
{
    if (rq->method != HTTP_GET || rp->status != 200 || rp->stream != NULL) return;
    if (rp->etag[0] == 0 && rp->body.n > 0 && rp->fixed.p == NULL)
        (void)snprintf(rp->etag, sizeof rp->etag, "%016" PRIx64, body_tag(sink_kept(&rp->body)));
    if (rq->if_none_match.n == 0 || !request_matches(rq->if_none_match, rp->etag, true)) return;
    rp->status = 304;
    rp->body.n = 0;
    rp->fixed = (struct str){0};
    rp->type = NULL;
}

static const struct {
    const char *name, *value;
} security[] = {
    {"X-Content-Type-Options", "nosniff"},
    {"Referrer-Policy", "no-referrer"},
    {"X-Frame-Options", "DENY"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Permissions-Policy", "camera=(self), geolocation=(self), microphone=()"},
};
#define CSP_API "default-src 'none'; frame-ancestors 'none'"
#define CSP_PAGE                                                                                             \
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; " \
    "connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; "      \
    "frame-ancestors 'none'"

static void reply_finish(struct request *rq, struct reply *rp)
{
    if (rp->status == 0) rp->status = rp->stream == NULL && rp->fixed.p == NULL && rp->body.n == 0 ? 204 : 200;
    if (rp->stream != NULL && rq->head) { // nobody will read it
        if (rp->stream_close != NULL) rp->stream_close(rp->stream_state);
        rp->stream = NULL;
        rp->stream_close = NULL;
    }
    // A worker's script carries the policy of what it may fetch: it needs the page's. A 304 needs the policy of what it stands for:
    // the browser takes its headers over.
    bool page = rp->type != NULL && (strncmp(rp->type, "text/html", 9) == 0 || strstr(rp->type, "javascript") != NULL);
    reply_etag(rq, rp);
    if (rp->type == NULL && rp->body.n > 0) rp->type = "application/json";
    for (size_t i = 0; i < sizeof security / sizeof security[0]; i++)
        reply_header(rp, security[i].name, str_z(security[i].value));
    reply_header(rp, "Content-Security-Policy", page ? STR(CSP_PAGE) : STR(CSP_API));
    reply_header(rp, "Cache-Control", rp->cache == NULL ? STR("no-store") : str_z(rp->cache));
    if (rq->service->options.secure) reply_header(rp, "Strict-Transport-Security", STR("max-age=31536000"));
    char *tag = rp->etag[0] == 0 ? NULL : arena_printf(rq->arena, "\"%s\"", rp->etag);
    if (tag != NULL) reply_header(rp, "ETag", str_z(tag));
    char *id = arena_printf(rq->arena, "%016" PRIx64, rq->id);
    if (id != NULL) reply_header(rp, "Request-Id", str_z(id));
}

static int64_t dispatch_clock(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static void dispatch_log(const struct request *rq, const struct reply *rp, int64_t ns, const struct err *err)
{
    const struct log *log = &rq->service->log;
    log_level level = rp->status == 500                                     ? LOG_ERROR
                      : rp->status > 500 || ns > SLOW_MS * INT64_C(1000000) ? LOG_WARN
                                                                            : LOG_INFO;
    if (!log_wants(log, level)) return;
    bool said = rp->status >= 500 && err->code != TONG_OK;
    log_line(log, level, "request", "req=%016" PRIx64 " method=%s route=%s status=%d ms=%.1f user=%" PRId64 "%s%s%s",
             rq->id, rq->head ? "HEAD" : http_method_name(rq->method), rq->route == NULL ? "-" : rq->route->name,
             (int)rp->status, (double)ns / 1e6, rq->actor.account, said ? " error=\"" : "", said ? err->text : "",
             said ? "\"" : "");
}

static void dispatch_begin(struct service *s, struct request *rq)
{
    assert(rq->arena != NULL);
    rq->service = s;
    rq->now = service_now(s);
    rq->id = service_request_id(s);
    rq->language = language_choose(rq->accept_language, s->options.language);
    rq->problems.arena = rq->arena;
    if (rq->method == HTTP_HEAD) {
        rq->method = HTTP_GET;
        rq->head = true;
    }
}

static void dispatch_end(struct request *rq, struct reply *rp, size_t index, int64_t began, const struct err *err)
{
    reply_finish(rq, rp);
    int64_t took = dispatch_clock() - began;
    metrics_request(rq->service->metrics, index, rp->status, took);
    dispatch_log(rq, rp, took, err);
}

void http_dispatch(struct service *s, struct request *rq, struct reply *rp)
{
    int64_t began = dispatch_clock();
    struct err err = {0};
    struct route_match match = {.index = SIZE_MAX};
    dispatch_begin(s, rq);
    dispatch_find(rq, rp, &match, &err);
    dispatch_end(rq, rp, match.route == NULL ? SIZE_MAX : match.index, began, &err);
}

void http_refuse(struct service *s, struct request *rq, struct reply *rp, int32_t fault, const char *arg)
{
    int64_t began = dispatch_clock();
    struct err err = {0};
    reply_close(rp);
    *rp = (struct reply){0};
    dispatch_begin(s, rq);
    problem_reply(rq, rp, (http_fault)fault, arg, NULL);
    dispatch_end(rq, rp, SIZE_MAX, began, &err);
}

bool http_expects(struct service *s, const struct request *rq, int64_t *body_max, bool *quick)
{
    struct request probe = {.target = rq->target};
    struct route_match match;
    struct str query;
    *body_max = 0;
    *quick = true;
    if (!parameter_target(&probe, &query)) return false;
    http_method method = rq->method == HTTP_HEAD ? HTTP_GET : rq->method;
    router_find(s->router, method, probe.path, &match);
    if (match.route == NULL) return false;
    const struct route *route = match.route;
    *body_max = route->body == BODY_NONE ? 0 : route->body_max > 0 ? route->body_max : HTTP_BODY_BYTES;
    *quick = route->quick;
    return true;
}
