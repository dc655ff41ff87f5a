#include "service/reports.h"

#include "epi/result_html.h"
#include "exchange/picture.h"
#include "exchange/situation.h"
#include "service/service.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { REPORTS_PATH_MAX = 4096, REPORTS_NAME = 40, REPORTS_LOOK_S = 20, REPORTS_LISTED = 4000 };
#define REPORTS_BYTES_MAX ((int64_t)64 << 20)

typedef enum reports_form { REPORTS_HTML, REPORTS_PDF, REPORTS_FORMS } reports_form;
static const struct record_word reports_forms[REPORTS_FORMS] = {{"html", LABEL("HTML", "HTML")},
                                                                {"pdf", LABEL("PDF", "PDF")}};
static const char *const reports_lang[LANG_COUNT] = {[LANG_EN] = "en", [LANG_ZH] = "zh"};

// ---- making ----

static tong_code reports_result(struct service *s, struct db *db, struct result *r, struct err *err)
{
    struct zone utc;
    zone_fixed(0, "UTC", &utc);
    const struct situation_options o = {.db = db,
                                        .zone = s->options.zone.name[0] == 0 ? &utc : &s->options.zone,
                                        .now = service_now(s),
                                        .si_mean = s->options.si_mean,
                                        .si_sd = s->options.si_sd,
                                        .name = s->options.name};
    return situation_make(&o, r, err);
}

static tong_code reports_render(const struct result *r, reports_form form, lang language, struct sink *out,
                                struct err *err)
{
    if (form == REPORTS_PDF) return picture_pdf(r, language, out, err);
    result_to_html(r, language, out);
    return sink_good(out) ? TONG_OK : tong_fail(err, TONG_E_NOMEM, "a report");
}

// Beside its place first, then moved there: nobody reads half a report.
static tong_code reports_write(const char *folder, const char *name, struct str text, struct err *err)
{
    char path[REPORTS_PATH_MAX], part[REPORTS_PATH_MAX];
    int n = snprintf(path, sizeof path, "%s/%s", folder, name),
        m = snprintf(part, sizeof part, "%s/.%s.part", folder, name);
    if (n < 0 || m < 0 || (size_t)n >= sizeof path || (size_t)m >= sizeof part)
        return tong_fail(err, TONG_E_LIMIT, "the folder of the reports has too long a name");
    FILE *file = fopen(part, "wb");
    if (file == NULL) return tong_fail(err, TONG_E_IO, "%s cannot be written: errno %d", part, errno);
    bool good = fchmod(fileno(file), 0600) == 0 && fwrite(text.p, 1, text.n, file) == text.n && fflush(file) == 0 &&
                fsync(fileno(file)) == 0;
    if (fclose(file) != 0 || !good || rename(part, path) != 0) {
        int why = errno;
        (void)unlink(part);
        return tong_fail(err, TONG_E_IO, "%s cannot be written: errno %d", path, why);
    }
    return TONG_OK;
}

static void reports_name(civil_day day, lang language, reports_form form, char out[REPORTS_NAME])
{
    char text[CIVIL_TEXT];
    civil_format(day, text);
    (void)snprintf(out, REPORTS_NAME, "situation-%s.%s.%s", text, reports_lang[language], reports_forms[form].word);
}

static bool reports_there(const char *folder, const char *name)
{
    char path[REPORTS_PATH_MAX];
    int n = snprintf(path, sizeof path, "%s/%s", folder, name);
    return n > 0 && (size_t)n < sizeof path && access(path, F_OK) == 0;
}

// The last of the four files is the mark that all are there.
static tong_code reports_make(struct service *s, civil_day day, struct err *err)
{
    struct arena arena = {0};
    struct result r = {.arena = &arena};
    struct db *db = service_reader_take(s, err);
    if (db == NULL) return TONG_E_IO;
    tong_code code = reports_result(s, db, &r, err);
    service_reader_give(s, db, code == TONG_OK);
    for (int l = 0; l < LANG_COUNT && code == TONG_OK; l++)
        for (int f = 0; f < REPORTS_FORMS && code == TONG_OK; f++) {
            char name[REPORTS_NAME];
            struct sink text = {0};
            reports_name(day, (lang)l, (reports_form)f, name);
            code = reports_render(&r, (reports_form)f, (lang)l, &text, err);
            if (code == TONG_OK) code = reports_write(s->options.reports, name, sink_kept(&text), err);
            sink_close(&text);
        }
    arena_free(&arena);
    return code;
}

tong_code reports_tick(struct service *s, struct err *err)
{
    struct zone utc;
    char name[REPORTS_NAME];
    if (s->options.reports == NULL) return TONG_OK;
    zone_fixed(0, "UTC", &utc);
    const struct zone *zone = s->options.zone.name[0] == 0 ? &utc : &s->options.zone;
    utc_sec now = service_now(s);
    civil_day today = zone_day(zone, now);
    if (now.s < zone_instant(zone, today, s->options.reports_minute * 60).s) return TONG_OK;
    reports_name(today, (lang)(LANG_COUNT - 1), (reports_form)(REPORTS_FORMS - 1), name);
    return reports_there(s->options.reports, name) ? TONG_OK : reports_make(s, today, err);
}

// ---- each day ----

struct reports {
    struct service *service;
    pthread_t thread;
    pthread_mutex_t lock; // of stop
    pthread_cond_t wake;
    bool stop, running;
};

static bool reports_wait(struct reports *r)
{
    struct timespec until;
    (void)clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += REPORTS_LOOK_S;
    (void)pthread_mutex_lock(&r->lock);
    if (!r->stop) (void)pthread_cond_timedwait(&r->wake, &r->lock, &until);
    bool go_on = !r->stop;
    (void)pthread_mutex_unlock(&r->lock);
    return go_on;
}

static void *reports_run(void *payload)
{
    struct reports *r = payload;
    int64_t told = INT64_MIN; // one line a day about what fails, not one a look
    while (reports_wait(r)) {
        struct err err = {0};
        tong_code code = reports_tick(r->service, &err);
        int64_t day = service_now(r->service).s / 86400;
        if (code == TONG_OK || told == day) continue;
        told = day;
        log_line(&r->service->log, LOG_ERROR, "report", "code=%s why=%s", err_slug(code), err.text);
    }
    return NULL;
}

tong_code reports_open(struct service *s, void **state, struct err *err)
{
    if (s->options.reports == NULL) return TONG_OK;
    if (mkdir(s->options.reports, 0700) != 0 && errno != EEXIST)
        return tong_fail(err, TONG_E_IO, "the folder %s cannot be made: errno %d", s->options.reports, errno);
    struct reports *r = calloc(1, sizeof *r);
    if (r == NULL) return tong_fail(err, TONG_E_NOMEM, "reports");
    r->service = s;
    bool lock = pthread_mutex_init(&r->lock, NULL) == 0, wake = lock && pthread_cond_init(&r->wake, NULL) == 0;
    if (!wake) {
        if (lock) (void)pthread_mutex_destroy(&r->lock);
        free(r);
        return tong_fail(err, TONG_E_NOMEM, "reports");
    }
    *state = r;
    if (s->options.still) return TONG_OK;
    r->running = pthread_create(&r->thread, NULL, reports_run, r) == 0;
    return r->running ? TONG_OK : tong_fail(err, TONG_E_NOMEM, "the thread of the reports");
}

void reports_close(void *state)
{
    struct reports *r = state;
    if (r == NULL) return;
    (void)pthread_mutex_lock(&r->lock);
    r->stop = true;
    (void)pthread_cond_signal(&r->wake);
    (void)pthread_mutex_unlock(&r->lock);
    if (r->running) (void)pthread_join(r->thread, NULL);
    (void)pthread_cond_destroy(&r->wake);
    (void)pthread_mutex_destroy(&r->lock);
    free(r);
}

// ---- asking ----

// Figures of everywhere are for those who may see everywhere.
static bool reports_may(const struct request *rq)
{
    int64_t places[GRANTS_MAX];
    bool everywhere = false;
    (void)actor_scopes(&rq->actor, RIGHT_EXPORT, rq->now, places, GRANTS_MAX, &everywhere);
    return everywhere;
}

static bool reports_name_good(struct str name)
{
    int32_t year, month, day;
    char language[3] = "", form[5] = "";
    char text[REPORTS_NAME];
    if (name.n >= sizeof text) return false;
    (void)snprintf(text, sizeof text, "%.*s", STR_ARG(name));
    if (sscanf(text, "situation-%4d-%2d-%2d.%2[a-z].%4[a-z]", &year, &month, &day, language, form) != 5) return false;
    for (int l = 0; l < LANG_COUNT; l++)
        for (int f = 0; f < REPORTS_FORMS; f++) {
            char made[REPORTS_NAME];
            civil_day d;
            if (!civil_from_date((struct civil_date){year, month, day}, &d)) return false;
            reports_name(d, (lang)l, (reports_form)f, made);
            if (str_eq_z(name, made)) return true;
        }
    return false;
}

static int reports_newest(const void *a, const void *b)
{
    return strcmp((const char *)b, (const char *)a);
}

static tong_code reports_list(struct request *rq, struct reply *rp, struct err *err)
{
    if (!reports_may(rq)) return tong_fail(err, TONG_E_NOT_FOUND, "there are no reports");
    const char *folder = rq->service->options.reports;
    char(*name)[REPORTS_NAME] = arena_array(rq->arena, REPORTS_LISTED, sizeof *name);
    size_t n = 0;
    DIR *dir = folder == NULL ? NULL : opendir(folder);
    if (name == NULL) {
        if (dir != NULL) (void)closedir(dir);
        return tong_fail(err, TONG_E_NOMEM, "reports");
    }
    for (struct dirent *e = dir == NULL ? NULL : readdir(dir); e != NULL && n < REPORTS_LISTED;
         e = readdir(dir)) // NOLINT(concurrency-mt-unsafe)
        if (reports_name_good(str_z(e->d_name))) (void)snprintf(name[n++], REPORTS_NAME, "%.39s", e->d_name);
    if (dir != NULL) (void)closedir(dir);
    qsort(name, n, sizeof *name, reports_newest);
    struct json_out j = json_out_to(&rp->body);
    json_out_object(&j, NULL);
    json_out_bool(&j, "daily", folder != NULL);
    if (folder == NULL) json_out_null(&j, "minute");
    else json_out_int(&j, "minute", rq->service->options.reports_minute);
    json_out_array(&j, "reports");
    for (size_t i = 0; i < n; i++) json_out_z(&j, NULL, name[i]);
    json_out_end(&j);
    json_out_end(&j);
    return json_out_finish(&j) ? TONG_OK : tong_fail(err, TONG_E_NOMEM, "reports");
}

static void reports_headers(struct request *rq, struct reply *rp, reports_form form, const char *name)
{
    const char *as = arena_printf(rq->arena, "attachment; filename=\"%s\"", name);
    if (as != NULL) reply_header(rp, "Content-Disposition", str_z(as));
    rp->type = form == REPORTS_PDF ? "application/pdf" : "text/html; charset=utf-8";
}

static tong_code reports_get(struct request *rq, struct reply *rp, struct err *err)
{
    char path[REPORTS_PATH_MAX], buffer[65536];
    const char *folder = rq->service->options.reports;
    struct str name = rq->part[0];
    bool there = folder != NULL && reports_may(rq) && reports_name_good(name);
    int n = there ? snprintf(path, sizeof path, "%s/%.*s", folder, STR_ARG(name)) : -1;
    FILE *file = n > 0 && (size_t)n < sizeof path ? fopen(path, "rb") : NULL;
    if (file == NULL) return tong_fail(err, TONG_E_NOT_FOUND, "there is no such report");
    size_t got, sum = 0;
    while ((got = fread(buffer, 1, sizeof buffer, file)) > 0 && (int64_t)(sum += got) <= REPORTS_BYTES_MAX)
        sink_bytes(&rp->body, buffer, got);
    bool good = ferror(file) == 0 && (int64_t)sum <= REPORTS_BYTES_MAX;
    (void)fclose(file);
    if (!good || !sink_good(&rp->body)) return tong_fail(err, TONG_E_IO, "the report cannot be read");
    bool pdf = name.p[name.n - 1] == 'f';
    reports_headers(rq, rp, pdf ? REPORTS_PDF : REPORTS_HTML, arena_printf(rq->arena, "%.*s", STR_ARG(name)));
    return TONG_OK;
}

static tong_code reports_now(struct request *rq, struct reply *rp, struct err *err)
{
    if (!reports_may(rq)) return tong_fail(err, TONG_E_NOT_FOUND, "there are no reports");
    struct arena arena = {0};
    struct result r = {.arena = &arena};
    struct zone utc;
    char name[REPORTS_NAME];
    reports_form form = request_parameter_word(rq, "form") == REPORTS_PDF ? REPORTS_PDF : REPORTS_HTML;
    zone_fixed(0, "UTC", &utc);
    tong_code code = reports_result(rq->service, rq->db, &r, err);
    if (code == TONG_OK) code = reports_render(&r, form, rq->language, &rp->body, err);
    arena_free(&arena);
    if (code != TONG_OK) return code;
    const struct zone *zone = rq->service->options.zone.name[0] == 0 ? &utc : &rq->service->options.zone;
    reports_name(zone_day(zone, rq->now), rq->language, form, name);
    reports_headers(rq, rp, form, name);
    return TONG_OK;
}

static const struct parameter reports_parameters[] = {
    {.name = "form",
     .type = PARAMETER_WORD,
     .words = reports_forms,
     .word_count = REPORTS_FORMS,
     .label = LABEL("HTML unless said otherwise", "格式，默认 HTML")},
};
static const struct schema reports_schemas[] = {
    {"reports",
     "{\"type\":\"object\",\"required\":[\"daily\",\"reports\"],\"properties\":{\"daily\":{\"type\":\"boolean\"},"
     "\"minute\":{\"type\":[\"integer\",\"null\"]},\"reports\":{\"type\":\"array\",\"items\":{\"type\":\"string\"}}}}"},
};
static const struct route reports_rows[] = {
    {.method = HTTP_GET,
     .path = "/api/v1/reports",
     .name = "report_list",
     .right = RIGHT_EXPORT,
     .handler = reports_list,
     .schema_out = "reports",
     .label = LABEL("the daily situation reports that are kept, newest first", "已保存的每日疫情形势报告，新的在前")},
    {.method = HTTP_GET,
     .path = "/api/v1/reports/{name}",
     .name = "report_get",
     .right = RIGHT_EXPORT,
     .handler = reports_get,
     .part = {PARAMETER_TEXT},
     .label = LABEL("one of them, as HTML or PDF", "其中一份，HTML 或 PDF")},
    {.method = HTTP_GET,
     .path = "/api/v1/report",
     .name = "report_now",
     .right = RIGHT_EXPORT,
     .handler = reports_now,
     ROUTE_PARAMETERS(reports_parameters),
     .label = LABEL("the situation report of this moment, as HTML or PDF", "当前时刻的疫情形势报告，HTML 或 PDF")},
};
const struct route_table reports_routes = {.rows = reports_rows,
                                           .count = sizeof reports_rows / sizeof reports_rows[0],
                                           .schemas = reports_schemas,
                                           .schema_count = sizeof reports_schemas / sizeof reports_schemas[0]};
