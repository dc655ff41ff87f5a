// The response itself, and the situation report, from the store.
#include "cli/epi.h"
#include "epi/timely.h"
#include "exchange/situation.h"

#include <string.h>
#include <time.h>

struct response_options {
    struct epi_common common;
    struct str zone, now, name, out;
    double si_mean, si_sd;
};
#define RESPONSE(m) offsetof(struct response_options, m)
#define RESPONSE_SHARED                                                           \
    EPI_COMMON(struct response_options),                                          \
        {"zone",                                                                  \
         CLI_TEXT,                                                                \
         RESPONSE(zone),                                                          \
         "NAME",                                                                  \
         LABEL("time zone of days, like Asia/Shanghai (that of the store)",       \
               "日期所用时区，如 Asia/Shanghai（默认取数据库所记）"),             \
         0,                                                                       \
         0},                                                                      \
    {                                                                             \
        "now", CLI_TEXT, RESPONSE(now), "WHEN",                                   \
            LABEL("as of this moment, like 2022-07-18 or 2022-07-18T08:00 (now)", \
                  "截至该时刻，如 2022-07-18 或 2022-07-18T08:00（默认为当前）"), \
            0, 0                                                                  \
    }
static const struct cli_option response_option[] = {RESPONSE_SHARED};
static const struct cli_option report_option[] = {
    RESPONSE_SHARED,
    {"si-mean", CLI_REAL, RESPONSE(si_mean), "DAYS",
     LABEL("serial interval: mean, for the reproduction number", "代际间隔均值，用于估计再生数"), 1.0001, 100},
    {"si-sd", CLI_REAL, RESPONSE(si_sd), "DAYS", LABEL("and standard deviation", "及标准差"), 0.0001, 100},
    {"name", CLI_TEXT, RESPONSE(name), "NAME", LABEL("what the response is called", "本次应急响应的名称"), 0, 0},
    {"out", CLI_TEXT, RESPONSE(out), "FILE",
     LABEL("write FILE: .html or .pdf by its name", "写入文件：按扩展名为 .html 或 .pdf"), 0, 0},
};
static const struct response_options response_defaults = {EPI_COMMON_DEFAULTS};

// ---- from a file: 7-1-7 of events, one a row ----

static bool response_times(struct epi_run *run, const char *name, const struct zone *zone, int64_t **out)
{
    static const struct message wrong = {
        "epi-time", PROBLEM_ERROR, LABEL("\"{1}\" is neither a date nor a date and time", "“{1}”不是日期或日期时间"),
        LABEL("write it like 2022-06-28 or 2022-06-28 14:05, or leave it empty while it is not known",
              "请写成 2022-06-28 或 2022-06-28 14:05；未知时留空")};
    int32_t column = csv_table_column(&run->table, str_z(name), &run->problems);
    bool good = column >= 0, day_only;
    *out = arena_array(&run->arena, run->table.rows, sizeof **out);
    if (*out == NULL) return false;
    for (size_t i = 0; column >= 0 && i < run->table.rows; i++) {
        struct str text = csv_table_cell(&run->table, i, (size_t)column)->text;
        utc_sec at;
        (*out)[i] = TIMELY_NONE;
        if (text.n == 0) continue;
        if (zone_parse(zone, text, &at, &day_only)) (*out)[i] = at.s / 60;
        else {
            csv_table_blame(&run->table, i, (size_t)column, &wrong, NULL, &run->problems);
            good = false;
        }
    }
    return good;
}

static void response_part(struct result *r, struct label name, const struct timely_part *p)
{
    result_label(r, name);
    if (p->defined) result_part(r, p->part.estimate), result_part(r, p->part.lower), result_part(r, p->part.upper);
    else result_none(r), result_none(r), result_none(r);
    result_whole(r, p->met);
    result_whole(r, p->met + p->missed);
    result_whole(r, p->undecided);
}

static tong_code response_events(struct epi_run *run, const struct zone *zone, utc_sec now)
{
    static const struct result_column column[] = {{"figure", LABEL("figure", "指标"), RESULT_TEXT},
                                                  {"part", LABEL("part", "比例"), RESULT_PART},
                                                  {"lower", LABEL("from", "下限"), RESULT_PART},
                                                  {"upper", LABEL("to", "上限"), RESULT_PART},
                                                  {"met", LABEL("met", "达标"), RESULT_WHOLE},
                                                  {"of", LABEL("of", "分母"), RESULT_WHOLE},
                                                  {"undecided", LABEL("not due yet", "尚未到期"), RESULT_WHOLE}};
    static const char *const name[4] = {"emergence", "detection", "notification", "response"};
    int64_t *at[4];
    bool good = true;
    for (int k = 0; k < 4; k++) good = response_times(run, name[k], zone, &at[k]) && good;
    if (!good) return tong_fail(&run->err, TONG_E_INVALID, "the events");
    struct timely_717 *event = arena_array(&run->arena, run->table.rows, sizeof *event);
    struct timely_717_parts p;
    if (event == NULL) return tong_fail(&run->err, TONG_E_NOMEM, "events");
    for (size_t i = 0; i < run->table.rows; i++) event[i] = (struct timely_717){at[0][i], at[1][i], at[2][i], at[3][i]};
    tong_code code = timely_717_of(event, run->table.rows, now.s / 60, run->common->level, &p, &run->err);
    if (code != TONG_OK) return code;
    struct result *r = &run->result;
    result_begin(r, "7-1-7", (struct label)LABEL("7-1-7", "7-1-7 时效"), column, 7);
    result_about(r, (struct label)LABEL("events for which it is decided", "已可判定的事件"), run->source);
    response_part(r, (struct label)LABEL("detected within 7 days of emergence", "发生后 7 天内发现"), &p.detect);
    response_part(r, (struct label)LABEL("notified within 1 day of detection", "发现后 1 天内通报"), &p.notify);
    response_part(r, (struct label)LABEL("early response within 7 days of notification", "通报后 7 天内完成早期处置"),
                  &p.respond);
    response_part(r, (struct label)LABEL("all three", "三项均达标"), &p.all);
    return TONG_OK;
}

// ---- from the store ----

static tong_code response_when(struct epi_run *run, const struct response_options *o, const struct zone *zone,
                               utc_sec *now)
{
    static const struct message wrong = {
        "epi-now", PROBLEM_ERROR, LABEL("--now does not understand \"{1}\"", "--now 不理解“{1}”"),
        LABEL("write it like 2022-07-18 or 2022-07-18T08:00", "请写成 2022-07-18 或 2022-07-18T08:00")};
    bool day_only = false;
    now->s = (int64_t)time(NULL);
    if (o->now.n == 0) return TONG_OK;
    if (!zone_parse(zone, o->now, now, &day_only)) return epi_fault(run, &wrong, o->now.p, NULL);
    if (day_only) now->s += 86399; // the whole of that day
    return TONG_OK;
}

// The zone the server remembers, else UTC.
static tong_code response_zone(struct db *db, struct str given, struct zone *zone, struct err *err)
{
    char name[ZONE_NAME_MAX] = "";
    const struct db_value key[] = {DB_T(STR("zone"))};
    zone_fixed(0, "UTC", zone);
    if (given.n == 0 && db != NULL) {
        tong_code code = db_ask(db, sql_meta_get, key, 1, err);
        if (code == TONG_OK && db_next(db, sql_meta_get)) {
            struct str value = db_text(db, sql_meta_get, 0);
            if (value.n < sizeof name) (void)snprintf(name, sizeof name, "%.*s", STR_ARG(value));
        }
        if (code == TONG_OK) code = db_done(db, sql_meta_get, err);
        if (code != TONG_OK) return code;
        given = str_z(name);
    }
    return given.n == 0 ? TONG_OK : zone_load(given, zone, err);
}

typedef tong_code (*response_work_of)(const struct situation_options *o, struct result *out, struct err *err);

static tong_code response_store(struct epi_run *run, const struct response_options *o, response_work_of work)
{
    struct cli_data_paths paths;
    struct db *db = NULL;
    struct zone zone;
    struct situation_options s = {
        .zone = &zone, .si_mean = o->si_mean, .si_sd = o->si_sd, .name = o->name.n == 0 ? "" : o->name.p};
    if (!cli_data_find(run->cli, &o->common.data, &paths)) return tong_fail(&run->err, TONG_E_NOT_FOUND, "the store");
    tong_code code = db_open(paths.store, DB_READ, &db, &run->err);
    if (code == TONG_OK) code = response_zone(db, o->zone, &zone, &run->err);
    if (code != TONG_OK) {
        db_close(db);
        (void)cli_failed(run->cli, &run->err);
        return tong_fail(&run->err, TONG_E_NOT_FOUND, "said");
    }
    s.db = db;
    code = response_when(run, o, &zone, &s.now);
    if (code == TONG_OK) code = work(&s, &run->result, &run->err);
    db_close(db);
    return code;
}

static tong_code response_work(struct epi_run *run, void *options)
{
    const struct response_options *o = options;
    struct zone zone;
    utc_sec now;
    if (run->table.rows == 0) return response_store(run, o, situation_response);
    tong_code code = response_zone(NULL, o->zone, &zone, &run->err);
    if (code == TONG_OK) code = response_when(run, o, &zone, &now);
    return code == TONG_OK ? response_events(run, &zone, now) : code;
}

static tong_code report_work(struct epi_run *run, void *options)
{
    static const struct message wrong = {
        "epi-out", PROBLEM_ERROR,
        LABEL("--out wants a name that ends in .html or .pdf", "--out 的文件名须以 .html 或 .pdf 结尾"),
        LABEL("for example --out situation.pdf", "例如 --out situation.pdf")};
    struct response_options *o = options;
    if (o->out.n > 0) { // by its name, as --html or --pdf
        bool html = o->out.n > 5 && strcmp(o->out.p + o->out.n - 5, ".html") == 0,
             pdf = o->out.n > 4 && strcmp(o->out.p + o->out.n - 4, ".pdf") == 0;
        if (html) o->common.html = o->out;
        else if (pdf) o->common.pdf = o->out;
        else return epi_fault(run, &wrong, NULL, NULL);
    }
    return response_store(run, o, situation_make);
}

#define COUNT(a) (sizeof(a) / sizeof(a)[0])
const struct epi_command epi_response_commands[] = {
    {"response",
     LABEL("how the response does: 7-1-7, tracing, isolation, tasks, what it costs",
           "处置成效：7-1-7、密接追踪、隔离、任务时限及代价"),
     LABEL("From the store; or, from a file of events (columns emergence, detection, notification, response), their "
           "7-1-7.",
           "由数据库统计；或由事件文件（列 emergence、detection、notification、response）计算 7-1-7。"),
     "[EVENTS.csv]", response_option, COUNT(response_option), &response_defaults, sizeof response_defaults,
     EPI_READS_STORE, response_work},
    {"report",
     LABEL("the situation report of the store, as text, HTML or PDF", "由数据库生成疫情形势报告：文本、HTML 或 PDF"),
     LABEL("Key figures, data quality, cases, growth, severity, the response; every table with its denominator and "
           "source.",
           "要点、数据质量、病例、增长、严重程度、处置成效；每张表注明分母与来源。"),
     "", report_option, COUNT(report_option), &response_defaults, sizeof response_defaults, EPI_READS_STORE,
     report_work},
    {0},
};
