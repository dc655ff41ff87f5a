#include "cli/serve.h"

#include "cli/serve_demo.h"
#include "cli/serve_first.h"
#include "cli/serve_message.h"
#include "service/listen.h"
#include "service/look.h"
#include "service/session.h"

#if defined(__GLIBC__)
#include <malloc.h>
#endif
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

struct serve_options {
    struct str store, vault, listen, certificate, key, web, protocol, place, place_kind, zone, name, origin, log;
    struct str reports, report_at, report_si;
    bool secure, proxy, metrics_open, demo;
    struct serve_demo_given given;
    struct serve_message message;
};

#define SERVE_AT(field) offsetof(struct serve_options, field)
static const struct cli_option serve_option[] = {
    {"store", CLI_TEXT, SERVE_AT(store), "PATH",
     LABEL("database: a file, made when missing, or postgresql://... (tongzhou.db)",
           "数据库：文件（不存在则创建）或 postgresql://…（默认 tongzhou.db）"),
     0, 0},
    {"vault", CLI_TEXT, SERVE_AT(vault), "FILE",
     LABEL("file of the keys; beside the database if not said", "密钥文件；默认与数据库同目录"), 0, 0},
    {"listen", CLI_TEXT, SERVE_AT(listen), "ADDRESS:PORT",
     LABEL("where to listen (127.0.0.1:8080)", "监听地址（默认 127.0.0.1:8080）"), 0, 0},
    {"tls-cert", CLI_TEXT, SERVE_AT(certificate), "FILE",
     LABEL("certificate chain (PEM): serve HTTPS", "TLS 证书链（PEM）：以 HTTPS 提供服务"), 0, 0},
    {"tls-key", CLI_TEXT, SERVE_AT(key), "FILE", LABEL("its private key (PEM)", "证书私钥（PEM）"), 0, 0},
    {"origin", CLI_TEXT, SERVE_AT(origin), "URL",
     LABEL("public address, like https://health.example.org", "对外地址，例如 https://health.example.org"), 0, 0},
    {"secure", CLI_FLAG, SERVE_AT(secure), "", LABEL("a proxy in front serves HTTPS", "前置代理提供 HTTPS"), 0, 0},
    {"proxy", CLI_FLAG, SERVE_AT(proxy), "",
     LABEL("a proxy in front says who asks (X-Forwarded-For)", "由前置代理告知来访地址（X-Forwarded-For）"), 0, 0},
    {"web", CLI_TEXT, SERVE_AT(web), "DIR", LABEL("folder of the web pages", "网页界面目录"), 0, 0},
    {"protocol", CLI_TEXT, SERVE_AT(protocol), "FILE",
     LABEL("propose this as the first edition, when there is none yet", "提出首个防控方案（尚无方案时）"), 0, 0},
    {"place", CLI_TEXT, SERVE_AT(place), "NAME",
     LABEL("name of the top place, when there is none yet", "最上级场所名称（尚无场所时）"), 0, 0},
    {"place-kind", CLI_TEXT, SERVE_AT(place_kind), "KIND", LABEL("its kind (city)", "最上级场所类型（默认 city）"), 0,
     0},
    {"zone", CLI_TEXT, SERVE_AT(zone), "ZONE",
     LABEL("time zone, like Asia/Shanghai (as remembered, or UTC+8)",
           "时区，例如 Asia/Shanghai（默认沿用，否则 UTC+8）"),
     0, 0},
    {"name", CLI_TEXT, SERVE_AT(name), "NAME",
     LABEL("what the response is called, on the sign-in page", "本次应急响应的名称，显示在登录页"), 0, 0},
    {"reports", CLI_TEXT, SERVE_AT(reports), "DIR",
     LABEL("make a situation report each day and keep it in this folder", "每日生成疫情形势报告并保存到该目录"), 0, 0},
    {"report-at", CLI_TEXT, SERVE_AT(report_at), "HH:MM",
     LABEL("at this time of the day (07:00)", "每日生成报告的时刻（默认 07:00）"), 0, 0},
    {"report-si", CLI_TEXT, SERVE_AT(report_si), "MEAN,SD",
     LABEL("serial interval in days, for its reproduction number", "代际间隔（天），用于报告中的再生数"), 0, 0},
    SERVE_MESSAGE_OPTIONS(SERVE_AT(message)),
    {"metrics-open", CLI_FLAG, SERVE_AT(metrics_open), "",
     LABEL("anybody may read /metrics (a private network)", "/metrics 无需登录（仅限专用网络）"), 0, 0},
    {"demo", CLI_FLAG, SERVE_AT(demo), "",
     LABEL("a demonstration: an invented district in a fresh store, in which an outbreak goes on",
           "演示：在全新数据库中载入虚构的一个区，疫情持续发展"),
     0, 0},
    {"speed", CLI_REAL, SERVE_AT(given.speed), "X",
     LABEL("with --demo: seconds that pass in one (3600)", "配合 --demo：每秒推进的秒数（默认 3600）"), 0,
     DEMO_SPEED_MOST},
    {"people", CLI_INTEGER, SERVE_AT(given.people), "N",
     LABEL("with --demo: people of the district (100000)", "配合 --demo：居民人数（默认 100000）"), DISTRICT_PEOPLE_MIN,
     DISTRICT_PEOPLE_MAX},
    {"cases", CLI_INTEGER, SERVE_AT(given.cases), "N",
     LABEL("with --demo: infections in all (one for every 200 people)", "配合 --demo：感染总数（默认每 200 人 1 例）"),
     1, OUTBREAK_CASES_MAX},
    {"seed", CLI_INTEGER, SERVE_AT(given.seed), "N",
     LABEL("with --demo: random seed (1)", "配合 --demo：随机种子（默认 1）"), 0, 9e15},
    {"leave", CLI_TEXT, SERVE_AT(given.leave), "ROLE",
     LABEL("with --demo: leave the work of this role to the visitor", "配合 --demo：将该角色的任务留给访客办理"), 0, 0},
    {"real", CLI_TEXT, SERVE_AT(given.real), "PATH",
     LABEL("with --demo: a real outbreak instead, from Go.Data's folder or a list (CSV)",
           "配合 --demo：改用真实疫情，来自 Go.Data 目录或名单（CSV）"),
     0, 0},
    {"at", CLI_TEXT, SERVE_AT(given.real_at), "DAY",
     LABEL("with --real: the day it is looked at, like 2015-06-17", "配合 --real：以哪一天的眼光看，例如 2015-06-17"), 0, 0},
    {"mapping", CLI_TEXT, SERVE_AT(given.mapping), "FILE",
     LABEL("with --real: which column of the list is which field", "配合 --real：名单的列与字段的对应关系"), 0, 0},
    {"log", CLI_TEXT, SERVE_AT(log), "LEVEL",
     LABEL("none, error, warn, info or debug (info)", "日志级别：none、error、warn、info、debug（默认 info）"), 0, 0},
};
static const struct cli_usage serve_usage = {
    .command = "serve",
    .operands = "",
    .about = LABEL(
        "Runs the server until SIGTERM. The first start on an empty store opens the account \"administrator\" and\n"
        "prints its one-time password. Each option can also be given by the environment: TONGZHOU_STORE,\n"
        "TONGZHOU_TLS_CERT and so on; a flag is on when its variable is 1.",
        "运行服务，直到收到 SIGTERM。首次在空数据库上启动时创建 administrator 账号并显示一次性密码。\n"
        "每个选项也可用环境变量给出：TONGZHOU_STORE、TONGZHOU_TLS_CERT 等；开关类变量为 1 时启用。"),
    .options = serve_option,
    .option_count = sizeof serve_option / sizeof serve_option[0],
};

// "tls-cert" is TONGZHOU_TLS_CERT.
static void serve_environment(struct serve_options *into)
{
    for (size_t i = 0; i < sizeof serve_option / sizeof serve_option[0]; i++) {
        char name[64] = "TONGZHOU_";
        size_t n = strlen(name);
        for (const char *c = serve_option[i].name; *c != 0 && n < sizeof name - 1; c++)
            name[n++] = *c == '-' ? '_' : *c >= 'a' && *c <= 'z' ? (char)(*c - 'a' + 'A') : *c;
        name[n] = 0;
        const char *value = getenv(name);
        if (value == NULL || value[0] == 0) continue;
        struct str text = str_z(value);
        bool on = strcmp(value, "1") == 0;
        char *at = (char *)into + serve_option[i].offset;
        if (serve_option[i].type != CLI_FLAG && serve_option[i].type != CLI_TEXT) continue; // numbers are the demo's
        if (serve_option[i].type == CLI_FLAG) memcpy(at, &on, sizeof on);
        else memcpy(at, &text, sizeof text);
    }
}

static const char *serve_z(struct str s)
{
    return s.n == 0 ? NULL : s.p;
} // from argv or the environment: ends in NUL

static bool serve_is_folder(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

// The pages beside the program: in a build, in an installation, in the folder one stands in.
static const char *serve_web(const struct serve_options *o, char out[CLI_PATH_MAX])
{
    static const char *const beside[] = {"/../web/dist", "/../share/tongzhou/web"};
    char self[CLI_PATH_MAX];
    if (o->web.n > 0) return o->web.p;
    ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
    self[n > 0 ? n : 0] = 0;
    char *slash = strrchr(self, '/');
    if (slash != NULL) *slash = 0;
    for (size_t i = 0; slash != NULL && i < sizeof beside / sizeof beside[0]; i++) {
        int length = snprintf(out, CLI_PATH_MAX, "%s%s", self, beside[i]);
        if (length > 0 && length < CLI_PATH_MAX && serve_is_folder(out)) return out;
    }
    return serve_is_folder("web/dist") ? "web/dist" : NULL;
}

// Large bodies wait beside the database: there is room, and a private /tmp may be memory.
static const char *serve_spool(const char *store, char out[CLI_PATH_MAX])
{
    const char *slash = strrchr(store, '/');
    if (db_where_is_postgresql(store)) return NULL;
    if (slash == NULL) return ".";
    (void)snprintf(out, CLI_PATH_MAX, "%.*s", (int)(slash == store ? 1 : slash - store), store);
    return out;
}

// As many open files as the system lets us have: each connection is one.
static void serve_files(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    limit.rlim_cur = limit.rlim_max;
    (void)setrlimit(RLIMIT_NOFILE, &limit);
}

static int serve_run(struct cli *cli, struct service *s, const struct serve_options *o, const sigset_t *signals,
                     double started)
{
    static const struct label ready = LABEL("listening on %s://%s (%.2f s)", "正在监听 %s://%s（%.2f 秒）");
    static const struct label ending = LABEL("stopping", "正在停止");
    char spool[CLI_PATH_MAX];
    struct listener *l = NULL;
    struct err err = {0};
    struct timespec now;
    int number = 0;
    const char *address = o->listen.n > 0 ? o->listen.p : "127.0.0.1:8080";
    struct listener_options listen = {.address = address,
                                      .certificate = serve_z(o->certificate),
                                      .key = serve_z(o->key),
                                      .spool = serve_spool(s->options.where, spool),
                                      .proxy = o->proxy};
    if (listener_open(s, &listen, &l, &err) != TONG_OK) {
        cli_say(cli, "%s", err.text);
        return CLI_FAULT;
    }
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    double took = (double)now.tv_sec + (double)now.tv_nsec / 1e9 - started;
    cli_say(cli, ready.text[cli->language], o->certificate.n > 0 ? "https" : "http", address, took);
    (void)sigwait(signals, &number);
    cli_say(cli, "%s", ending.text[cli->language]);
    listener_close(l);
    return CLI_DONE;
}

// "07:00" and "5.2,2.8". False when it was explained what is wrong.
static bool serve_reports(const struct cli *cli, const struct serve_options *o, struct service_options *into)
{
    static const struct label at = LABEL("--report-at does not understand \"%.*s\": write it like 07:00",
                                         "--report-at 不理解“%.*s”：请写成 07:00");
    static const struct label si = LABEL("--report-si does not understand \"%.*s\": write mean and sd in days, like 5.2,2.8",
                                         "--report-si 不理解“%.*s”：请写均值和标准差（天），如 5.2,2.8");
    struct str rest = o->report_at.n > 0 ? o->report_at : STR("07:00"), hour, mean;
    int64_t h, m;
    bool good = str_cut(&rest, ':', &hour) && str_int(hour, &h) && str_int(rest, &m) && h >= 0 && h < 24 && m >= 0 && m < 60;
    if (!good) cli_say(cli, at.text[cli->language], STR_ARG(o->report_at));
    if (!good) return false;
    into->reports = serve_z(o->reports);
    into->reports_minute = (int32_t)(h * 60 + m);
    if (o->report_si.n == 0) return true;
    rest = o->report_si;
    good = str_cut(&rest, ',', &mean) && str_double(mean, &into->si_mean) && str_double(rest, &into->si_sd) &&
           into->si_mean > 1 && into->si_sd > 0 && into->si_mean < 1000 && into->si_sd < 1000;
    if (!good) cli_say(cli, si.text[cli->language], STR_ARG(o->report_si));
    return good;
}

static int serve_open(struct cli *cli, const struct serve_options *o, struct arena *arena, const sigset_t *signals)
{
    char web[CLI_PATH_MAX];
    struct service *s = NULL;
    struct err err = {0};
    struct timespec began;
    struct serve_first first = {serve_z(o->zone), serve_z(o->name), serve_z(o->protocol), serve_z(o->place),
                                serve_z(o->place_kind)};
    int32_t level = o->log.n == 0 ? LOG_INFO : log_level_find(o->log);
    struct service_options options = {
        .where = o->store.n > 0 ? o->store.p : "tongzhou.db",
        .vault = serve_z(o->vault),
        .version = TONG_VERSION,
        .web = serve_web(o, web),
        .origin = serve_z(o->origin),
        .secure = o->secure || o->certificate.n > 0,
        .metrics_open = o->metrics_open,
        .language = cli->language,
        .who = session_actor,
        .look = look_note,
        .log = {level < 0 ? LOG_INFO : (log_level)level, STDERR_FILENO},
    };
    if (!serve_reports(cli, o, &options)) return CLI_USAGE;
    (void)clock_gettime(CLOCK_MONOTONIC, &began);
    struct serve_demo demo;
    if (o->demo) {
        tong_code prepared = serve_demo_prepare(cli, &o->given, o->store, o->protocol, &demo);
        options.where = demo.store;
        options.zone = demo.protocol.zone;
        if (prepared != TONG_OK) serve_demo_end(&demo);
        if (prepared != TONG_OK) return CLI_USAGE;
    } else if (serve_remembered(cli, options.where, &first, arena, &options.zone, &options.name) != TONG_OK)
        return CLI_USAGE;
    if (service_open(&options, &s, &err) != TONG_OK) {
        cli_say(cli, "%s", err.text);
        if (o->demo) serve_demo_end(&demo);
        return CLI_FAULT;
    }
    int result = CLI_FAULT;
    tong_code begun = o->demo ? serve_demo_begin(cli, s, &demo) : serve_begin(cli, s, &first);
    struct serve_message message = o->message;
    message.link = o->origin;
    if (begun == TONG_OK && serve_message_set(cli, s, &message))
        result = serve_run(cli, s, o, signals, (double)began.tv_sec + (double)began.tv_nsec / 1e9);
    service_close(s);
    if (o->demo) serve_demo_end(&demo);
    return result;
}

int cli_serve(struct cli *cli, int argc, char **argv)
{
    static const struct label level = LABEL("--log does not know \"%.*s\": none, error, warn, info or debug",
                                            "--log 不认识“%.*s”：可用 none、error、warn、info、debug");
    struct serve_options options = {.given = SERVE_DEMO_GIVEN, .message = {.restrict_most = -1}};
    struct arena arena = {0};
#if defined(__GLIBC__)
    (void)mallopt(M_ARENA_MAX, 2); // each thread's own heap keeps what was freed in it: tens of megabytes of nothing
#endif
    sigset_t signals, before;
    int operands = 0, result = CLI_USAGE;
    serve_environment(&options);
    if (!cli_options(cli, &serve_usage, &options, argc, argv, &operands, &result)) return result;
    if (options.log.n > 0 && log_level_find(options.log) < 0) {
        cli_say(cli, level.text[cli->language], STR_ARG(options.log));
        return CLI_USAGE;
    }
    (void)sigemptyset(&signals); // blocked before there are threads, so that only sigwait sees them
    (void)sigaddset(&signals, SIGTERM);
    (void)sigaddset(&signals, SIGINT);
    (void)sigaddset(&signals, SIGHUP);
    (void)pthread_sigmask(SIG_BLOCK, &signals, &before);
    serve_files();
    result = serve_open(cli, &options, &arena, &signals);
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    arena_free(&arena);
    return result;
}
