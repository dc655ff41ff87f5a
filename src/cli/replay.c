#include "cli/replay.h"

#include "cli/replay_csv.h"
#include "cli/replay_input.h"
#include "cli/replay_into.h"
#include "cli/replay_json.h"
#include "cli/replay_says.h"
#include "cli/replay_text.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

static const char *replay_word_in(const struct cli *cli, struct label label)
{
    return label.text[cli->language];
}

// ---- for the renderers ----

struct replay_days_input replay_days_input(const struct replay *r)
{
    return (struct replay_days_input){
        .list = &r->list,
        .facts = &r->facts,
        .evidence = &r->evidence,
        .kinds = &r->kinds,
        .run = &r->run,
        .book = r->book,
        .zone = r->zone,
        .until = r->until,
    };
}

struct str replay_subject_name(const struct replay *r, uint32_t subject)
{
    return caseload_subject_name(r->run.load, subject);
}

struct str replay_subject_label(const struct replay *r, uint32_t subject)
{
    int32_t person = replay_run_person(&r->run, subject);
    struct str label = {0};
    if (person >= 0) {
        const struct replay_person *p = &r->facts.people[person];
        if (p->case_index != LINE_NONE) label = r->list.cases[p->case_index].label;
        else if (p->contact_index != LINE_NONE) label = r->list.contacts[p->contact_index].label;
    }
    return label.n > 0 ? label : replay_subject_name(r, subject);
}

civil_day replay_last_day(const struct replay *r, utc_sec until)
{
    if (until.s == INT64_MIN) return (civil_day){CIVIL_DAY_NONE};
    return zone_day(r->zone, (utc_sec){until.s - 1});
}

// ---- progress ----

enum { PROGRESS_COLUMNS = 30, PROGRESS_FIRST_MS = 300, PROGRESS_EACH_MS = 100 };

struct progress {
    struct cli *cli;
    int64_t begun_ms, told_ms; // 0: nothing told yet
};

static int64_t progress_now_ms(void)
{
    struct timespec t;
    if (clock_gettime(CLOCK_MONOTONIC, &t) != 0) return 0;
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void progress_tell(void *payload, civil_day day, size_t done, size_t total)
{
    struct progress *p = payload;
    int64_t now = progress_now_ms();
    if (now - p->begun_ms < PROGRESS_FIRST_MS || now - p->told_ms < PROGRESS_EACH_MS) return;
    char date[CIVIL_TEXT], bar[REPLAY_BAR_BYTES];
    civil_format(day, date);
    replay_bar(bar, (int64_t)done, (int64_t)total, PROGRESS_COLUMNS);
    int columns = (int)str_columns(str_z(bar));
    (void)fprintf(p->cli->err, "\r%s %s▕%s%*s▏%3d%%", replay_word_in(p->cli, (struct label)LABEL("running", "推演")),
                  date, bar, PROGRESS_COLUMNS - columns, "", total == 0 ? 100 : (int)(done * 100 / total));
    (void)fflush(p->cli->err);
    p->told_ms = now;
}

static void progress_end(const struct progress *p)
{
    if (p->told_ms > 0) (void)fprintf(p->cli->err, "\r\033[K");
}

// ---- running ----

static int replay_failed(struct cli *cli, tong_code code, const struct err *err)
{
    static const struct label memory =
        LABEL("not enough memory (%s): close other programs, or run a part of the outbreak",
              "内存不足（%s）：请关闭其他程序，或只推演一部分数据");
    if (code == TONG_E_NOMEM || code == TONG_E_LIMIT) cli_say(cli, replay_word_in(cli, memory), err->text);
    else cli_say(cli, "%s", err->text[0] == 0 ? err_slug(code) : err->text);
    return CLI_FAULT;
}

// Facts, editions, and the days on which they meet.
static int replay_prepare(struct cli *cli, struct replay *r, struct replay_editions *editions,
                          const struct replay_options *o)
{
    static const struct label nothing =
        LABEL("no row of %s has a date: there is nothing to run. Which column holds the day of "
              "report? A mapping file can say (--mapping)",
              "%s 中没有任何日期，无法推演。报告日期在哪一列？可用 --mapping 指定列对应文件");
    static const struct label early =
        LABEL("--until %s is before the first day of the outbreak, %s", "--until %s 早于疫情第一天 %s");
    struct err err = {0};
    r->zone = replay_editions_zone(editions);
    struct line_facts_options facts = {.zone = r->zone};
    line_facts_positive(replay_editions_any(editions), &facts);
    tong_code code = replay_facts_build(&r->list, &facts, r->arena, &r->facts, &err);
    if (code != TONG_OK) return replay_failed(cli, code, &err);
    if (r->facts.count == 0) {
        cli_say(cli, replay_word_in(cli, nothing), o->linelist.p);
        return CLI_FAULT;
    }
    r->until = o->until.d == CIVIL_DAY_NONE ? r->facts.last : o->until;
    if (r->until.d < r->facts.first.d) {
        char until[CIVIL_TEXT], first[CIVIL_TEXT];
        civil_format(r->until, until);
        civil_format(r->facts.first, first);
        cli_say(cli, replay_word_in(cli, early), until, first);
        return CLI_USAGE;
    }
    int exit = replay_editions_settle(cli, editions, r->facts.first, r->until);
    if (exit != CLI_DONE) return exit;
    r->editions = editions;
    r->book = &editions->book;
    code = replay_evidence_build(&r->list, &r->facts, r->arena, &r->evidence, &err);
    if (code == TONG_OK) code = replay_kinds_build(r->book, r->arena, &r->kinds, &err);
    return code == TONG_OK ? CLI_DONE : replay_failed(cli, code, &err);
}

static int replay_go(struct cli *cli, struct replay *r, const struct replay_options *o)
{
    struct err err = {0};
    struct progress progress = {.cli = cli, .begun_ms = progress_now_ms()};
    const struct replay_run_options how = {
        .book = r->book,
        .first = 0,
        .changes = r->editions->changes,
        .change_count = r->editions->change_count,
        .zone = r->zone,
        .facts = &r->facts,
        .evidence = &r->evidence,
        .until = r->until,
        .keep_log = o->csv.n > 0,
        .progress = cli->err_terminal && !o->quiet ? progress_tell : NULL,
        .payload = &progress,
    };
    tong_code code = replay_run(&how, r->arena, &r->run, &err);
    progress_end(&progress);
    if (code != TONG_OK) return replay_failed(cli, code, &err);
    const struct replay_days_input in = replay_days_input(r);
    code = replay_days_build(&in, r->arena, &r->days, &err);
    if (code == TONG_OK) code = replay_epidemic(r, &err);
    return code == TONG_OK ? CLI_DONE : replay_failed(cli, code, &err);
}

// ---- writing ----

static struct replay_style replay_style_of(const struct cli *cli, const struct replay_options *o)
{
    struct replay_style style = {.language = cli->language, .width = REPLAY_WIDTH_DEFAULT};
    const char *plain = getenv("NO_COLOR"); // NOLINT(concurrency-mt-unsafe): nothing here sets the environment
    style.bold = cli->out_terminal && (plain == NULL || plain[0] == 0);
    struct winsize size;
    if (cli->out_terminal && ioctl(fileno(cli->out), TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        style.width = size.ws_col;
    if (o->width > 0) style.width = (int32_t)o->width;
    if (style.width < REPLAY_WIDTH_LEAST) style.width = REPLAY_WIDTH_LEAST;
    if (style.width > REPLAY_WIDTH_MOST) style.width = REPLAY_WIDTH_MOST;
    return style;
}

static int replay_unwritten(struct cli *cli, const char *path)
{
    static const struct label text = LABEL("%s could not be written: %s", "无法写入 %s：%s");
    cli_say(cli, replay_word_in(cli, text), path, strerror(errno)); // NOLINT(concurrency-mt-unsafe)
    return CLI_FAULT;
}

// The document to a file or, for "-", to the output. With r NULL: why nothing was run.
static int replay_write_json(struct cli *cli, const struct replay *r, const struct problem_list *problems,
                             const char *path)
{
    bool standard = strcmp(path, "-") == 0;
    FILE *file = standard ? cli->out : fopen(path, "wb");
    if (file == NULL) return replay_unwritten(cli, path);
    struct sink sink = {.file = file};
    bool good = r == NULL ? replay_json_refused(problems, &sink) : replay_json(r, &sink);
    good = sink_good(&sink) && good;
    sink_close(&sink);
    if (!standard && fclose(file) != 0) good = false;
    return good ? CLI_DONE : replay_unwritten(cli, path);
}

static int replay_write(struct cli *cli, const struct replay *r, const struct replay_options *o)
{
    static const struct label written = LABEL("CSV files written to %s/", "CSV 文件已写入 %s/");
    struct err err = {0};
    bool standard = str_eq_z(o->json, "-");
    if (o->csv.n > 0) {
        tong_code code = replay_csv(r, o->csv.p, cli->language, &err);
        if (code != TONG_OK) return replay_failed(cli, code, &err);
    }
    if (o->json.n > 0) {
        int exit = replay_write_json(cli, r, &r->problems, o->json.p);
        if (exit != CLI_DONE) return exit;
    }
    if (o->quiet || standard) return CLI_DONE;
    struct sink out = {.file = cli->out};
    const struct replay_style style = replay_style_of(cli, o);
    tong_code code = replay_text(r, &style, &out, &err);
    sink_close(&out);
    if (code != TONG_OK) return replay_failed(cli, code, &err);
    if (o->csv.n > 0) cli_say(cli, replay_word_in(cli, written), o->csv.p);
    return CLI_DONE;
}

// ---- the command ----

static int64_t replay_left_out(const struct linelist *list)
{
    int64_t left = 0;
    for (int32_t t = 0; t < LINE_TABLE_COUNT; t++) left += list->table[t].left_out;
    return left;
}

static int replay_all(struct cli *cli, const struct replay_options *o, struct replay *r,
                      struct replay_editions *editions)
{
    r->problems.arena = r->notes.arena = r->arena;
    int exit = replay_input_read(cli, o, replay_editions_zone(editions), r->arena, &r->problems, &r->list);
    if (exit != CLI_DONE) {
        if (o->json.n > 0) (void)replay_write_json(cli, NULL, &r->problems, o->json.p);
        return exit;
    }
    exit = replay_prepare(cli, r, editions, o);
    if (exit == CLI_DONE) exit = replay_go(cli, r, o);
    if (exit == CLI_DONE) {
        replay_says(r, replay_left_out(&r->list));
        exit = replay_write(cli, r, o);
    }
    if (r->run.load != NULL) replay_run_close(&r->run);
    return exit;
}

int cli_replay(struct cli *cli, int argc, char **argv)
{
    struct replay_options options;
    int exit;
    if (!replay_options_read(cli, argc, argv, &options, &exit)) return exit;
    struct arena arena = {0};
    if (options.into.n > 0) {
        exit = replay_into(cli, &options, &arena);
        arena_free(&arena);
        return exit;
    }
    struct replay *r = arena_alloc(&arena, sizeof *r);
    struct replay_editions *editions = arena_alloc(&arena, sizeof *editions);
    if (r == NULL || editions == NULL) {
        arena_free(&arena);
        return replay_failed(cli, TONG_E_NOMEM, &(struct err){.text = "replay"});
    }
    r->arena = &arena;
    exit = replay_editions_open(cli, options.protocol, options.as_if, editions);
    if (exit == CLI_DONE) {
        exit = replay_all(cli, &options, r, editions);
        replay_editions_close(editions);
    }
    arena_free(&arena);
    return exit;
}
