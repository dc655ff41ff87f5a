#include "service/http.h"

#include "service/parameter.h"
#include "service/problem.h"
#include "service/route.h"
#include "service/service.h"
#include "store/uid.h"

#include <assert.h>
#include <string.h>

static const char *const method_words[] = {"GET", "PUT", "POST", "PATCH", "DELETE", "HEAD", "OPTIONS", "other"};

http_method http_method_find(const char *name)
{
    for (int m = HTTP_GET; m < HTTP_OTHER; m++)
        if (strcmp(name, method_words[m]) == 0) return (http_method)m;
    return HTTP_OTHER;
}

const char *http_method_name(http_method method)
{
    return method_words[method];
}

struct str request_parameter(const struct request *rq, const char *name)
{
    for (size_t i = 0; i < rq->parameter_count; i++)
        if (str_eq_z(rq->parameter[i].name, name)) return rq->parameter[i].value;
    return (struct str){0};
}

int64_t request_parameter_int(const struct request *rq, const char *name, int64_t none)
{
    int64_t v;
    return str_int(request_parameter(rq, name), &v) ? v : none;
}

bool request_parameter_bool(const struct request *rq, const char *name, bool none)
{
    struct str s = request_parameter(rq, name);
    return s.p == NULL ? none : str_eq_z(s, "true") || str_eq_z(s, "1");
}

civil_day request_parameter_day(const struct request *rq, const char *name)
{
    civil_day day;
    return civil_parse(request_parameter(rq, name), &day) ? day : (civil_day){CIVIL_DAY_NONE};
}

utc_sec request_parameter_instant(const struct request *rq, const char *name)
{
    utc_sec at;
    bool day_only;
    return zone_parse(&rq->service->options.zone, request_parameter(rq, name), &at, &day_only) ? at : UTC_NONE;
}

bool request_parameter_uid(const struct request *rq, const char *name, unsigned char out[UID_BYTES])
{
    return uid_parse(request_parameter(rq, name), out);
}

static const struct parameter *request_declared(const struct request *rq, const char *name)
{
    const struct parameter *p;
    for (size_t i = 0; (p = route_parameter_at(rq->route, i)) != NULL; i++)
        if (strcmp(p->name, name) == 0) return p;
    return NULL;
}

int32_t request_parameter_word(const struct request *rq, const char *name)
{
    const struct parameter *p = request_declared(rq, name);
    assert(p != NULL);
    struct str s = request_parameter(rq, name);
    if (s.p == NULL) return -1;
    if (p->type == PARAMETER_SORT && str_starts(s, "-")) s = (struct str){s.p + 1, s.n - 1};
    return parameter_word(p, s);
}

uint64_t request_parameter_words(const struct request *rq, const char *name)
{
    const struct parameter *p = request_declared(rq, name);
    assert(p != NULL);
    assert(p->word_count <= 64);
    struct str rest = request_parameter(rq, name), part;
    uint64_t bits = 0;
    while (str_cut(&rest, ',', &part)) {
        int32_t w = parameter_word(p, part);
        if (w >= 0) bits |= UINT64_C(1) << w;
    }
    return bits;
}

struct str request_cookie(const struct request *rq, const char *name)
{
    struct str rest = rq->cookie, pair;
    while (str_cut(&rest, ';', &pair)) {
        struct str value = str_trim(pair), key;
        if (str_cut(&value, '=', &key) && str_eq_z(key, name)) return value.p == NULL ? STR("") : value;
    }
    return (struct str){0};
}

bool request_matches(struct str field, const char *etag, bool weak)
{
    struct str rest = field, part;
    if (etag[0] == 0) return false;
    while (str_cut(&rest, ',', &part)) {
        part = str_trim(part);
        if (str_eq_z(part, "*")) return true;
        bool is_weak = str_starts(part, "W/");
        if (is_weak && !weak) continue;
        if (is_weak) part = (struct str){part.p + 2, part.n - 2};
        if (part.n >= 2 && part.p[0] == '"' && part.p[part.n - 1] == '"' &&
            str_eq_z((struct str){part.p + 1, part.n - 2}, etag))
            return true;
    }
    return false;
}

tong_code request_if_match(struct request *rq, struct reply *rp, const char *etag)
{
    if (rq->if_match.n == 0 || request_matches(rq->if_match, etag, false)) return TONG_OK;
    problem_reply(rq, rp, HTTP_FAULT_VERSION, NULL, NULL);
    return TONG_E_CONFLICT;
}

void request_fault(struct request *rq, const struct message *message, const char *field, const char *arg1,
                   const char *arg2, const char *arg3, const char *arg4)
{
    problem_add(&rq->problems, (struct problem_at){.path = field}, message, arg1, arg2, arg3, arg4);
}

void reply_header(struct reply *rp, const char *name, struct str value)
{
    assert(rp->header_count < HTTP_HEADERS);
    rp->header[rp->header_count++] = (struct http_pair){str_z(name), value};
}

void reply_close(struct reply *rp)
{
    if (rp->stream_close != NULL) rp->stream_close(rp->stream_state);
    rp->stream_close = NULL;
    sink_close(&rp->body);
}
