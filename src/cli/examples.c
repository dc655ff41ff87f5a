#include "cli/examples.h"

#include "cli/examples_read.h"
#include "cli/examples_run.h"
#include "cli/examples_show.h"
#include "cli/examples_why.h"
#include "cli/files.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { EDITIONS_OPEN_MAX = 64 };

// All files of one command.
struct tester {
    struct cli *cli;
    bool verbose;
    size_t passed, failed;
    size_t unusable;           // files with faults, or without examples
    char folder[CLI_PATH_MAX]; // of the examples being read, with its slash, or ""
    struct {                   // editions that examples name, each read once
        char *path;
        struct protocol protocol;
        bool good;
    } * open[EDITIONS_OPEN_MAX];
    size_t open_count;
};

static const char *tester_text(const struct tester *t, struct label label)
{
    return label.text[t->cli->language];
}

static bool tester_ends(const char *name, const char *tail)
{
    size_t n = strlen(name), k = strlen(tail);
    return n > k && strcmp(name + n - k, tail) == 0;
}

// ---- other editions ----

static void tester_edition_path(const struct tester *t, const char *name, char out[CLI_PATH_MAX])
{
    // Beside the examples first; else as on the command line, so that a shipped edition can be named.
    const char *tail = tester_ends(name, ".yaml") ? "" : ".yaml";
    int n = snprintf(out, CLI_PATH_MAX, "%s%s%s", name[0] == '/' ? "" : t->folder, name, tail);
    FILE *f = n > 0 && n < CLI_PATH_MAX ? fopen(out, "rb") : NULL;
    if (f != NULL) (void)fclose(f);
    else (void)files_protocol_path(t->cli, name, out);
}

static const struct protocol *tester_edition(void *payload, const char *name, struct problem_list *problems)
{
    struct tester *t = payload;
    char path[CLI_PATH_MAX];
    tester_edition_path(t, name, path);
    for (size_t i = 0; i < t->open_count; i++)
        if (strcmp(t->open[i]->path, path) == 0) return t->open[i]->good ? &t->open[i]->protocol : NULL;
    if (t->open_count == EDITIONS_OPEN_MAX) return NULL;
    char *copy = malloc(strlen(path) + 1);
    void *room = calloc(1, sizeof **t->open);
    if (copy == NULL || room == NULL) {
        free(copy);
        free(room);
        return NULL;
    }
    memcpy(copy, path, strlen(path) + 1);
    size_t i = t->open_count++;
    t->open[i] = room;
    t->open[i]->path = copy;
    t->open[i]->good = files_protocol_into(t->cli, path, &t->open[i]->protocol, problems) == TONG_OK;
    return t->open[i]->good ? &t->open[i]->protocol : NULL;
}

static void tester_close(struct tester *t)
{
    for (size_t i = 0; i < t->open_count; i++) {
        if (t->open[i]->good) protocol_free(&t->open[i]->protocol);
        free(t->open[i]->path);
        free(t->open[i]);
    }
    t->open_count = 0;
}

// ---- one example ----

static void tester_print(const struct tester *t, const struct sink *s)
{
    struct str text = sink_kept(s);
    (void)fwrite(text.p, 1, text.n, t->cli->out);
}

// A calendar is moved in a little under the line of its example.
static void tester_indented(struct sink *out, struct str text)
{
    struct str line;
    if (text.n > 0 && text.p[text.n - 1] == '\n') text.n--;
    while (str_cut(&text, '\n', &line)) sink_printf(out, line.n == 0 ? "\n" : "  %.*s\n", STR_ARG(line));
}

static bool tester_show(const struct tester *t, const struct expectation *want, const struct example_course *course,
                        struct arena *arena, struct sink *out)
{
    struct sink calendar = {0};
    if (want->who != NULL) sink_printf(out, "  %s:\n", want->who);
    bool good = example_show_calendar(want, course, t->cli->language, t->verbose, arena, &calendar);
    tester_indented(out, sink_kept(&calendar));
    sink_close(&calendar);
    if (t->verbose) good = example_why_print(course, t->cli->language, arena, out) && good;
    return good;
}

static void tester_sentences(const struct tester *t, const struct problem_list *differences, size_t from,
                             struct arena *arena, struct sink *out)
{
    for (size_t i = from; i < differences->count; i++) {
        const struct problem *p = &differences->items[i];
        const char *text = problem_text(p, t->cli->language, arena);
        sink_printf(out, "  %s:%lld:%lld: %s%s%s\n", p->file, (long long)p->line, (long long)p->column, p->path,
                    p->path[0] == 0 ? "" : ": ", text == NULL ? "" : text);
    }
}

// Every person of whom something is expected: what differs, and the calendar where something does.
static tong_code tester_compare(struct tester *t, const struct example_run *run, const char *file, struct arena *arena,
                                struct sink *out, size_t *differences, struct err *err)
{
    struct problem_list found = {.arena = arena};
    const struct example *x = run->example;
    for (size_t i = 0; i < x->expect_count; i++) {
        uint32_t subject;
        struct example_course course;
        if (!example_run_person(run, x->expect[i].who, &subject)) continue; // read refuses names nobody bears
        tong_code code = example_course_of(run->caseload, subject, i == 0 ? x->of : NULL, arena, &course, err);
        if (code != TONG_OK) return code;
        size_t before = found.count;
        size_t n = expectation_compare(&x->expect[i], &course, file, t->cli->language, &found);
        *differences += n;
        tester_sentences(t, &found, before, arena, out);
        if ((n > 0 || t->verbose) && !tester_show(t, &x->expect[i], &course, arena, out))
            return tong_fail(err, TONG_E_NOMEM, "the calendar of an example");
    }
    return TONG_OK;
}

static void tester_example(struct tester *t, const struct protocol *p, const struct example *x, const char *file)
{
    static const struct label ok = LABEL("ok      ", "通过  "), failed = LABEL("FAILED  ", "不符  ");
    static const struct label broken = LABEL("  it could not be run to its end: %s\n", "  未能运行到底：%s\n");
    struct arena arena = {0};
    struct sink details = {0};
    struct example_run run;
    struct err err = {0};
    size_t differences = 0;
    tong_code code = example_run(p, x, &arena, &run, &err);
    if (code == TONG_OK) code = tester_compare(t, &run, file, &arena, &details, &differences, &err);
    if (code != TONG_OK) sink_printf(&details, tester_text(t, broken), err.text);
    bool good = code == TONG_OK && differences == 0;
    if (good) t->passed++;
    else t->failed++;
    (void)fprintf(t->cli->out, "%s%s\n", tester_text(t, good ? ok : failed), x->name);
    tester_print(t, &details);
    if (!good || t->verbose) (void)fputc('\n', t->cli->out);
    sink_close(&details);
    example_run_close(&run);
    arena_free(&arena);
}

// ---- one file ----

// "x.yaml" and "x.tests.yaml" mean the same protocol.
static void tester_paths(const struct tester *t, const char *given, char protocol[CLI_PATH_MAX],
                         char tests[CLI_PATH_MAX])
{
    char name[CLI_PATH_MAX];
    size_t n = strlen(given);
    if (tester_ends(given, ".tests.yaml")) n -= strlen(".tests.yaml");
    (void)snprintf(name, sizeof name, "%.*s%s", n < CLI_PATH_MAX ? (int)n : CLI_PATH_MAX - 1, given,
                   n < strlen(given) ? ".yaml" : "");
    (void)files_protocol_path(t->cli, name, protocol);
    size_t stem = strlen(protocol);
    if (tester_ends(protocol, ".yaml")) stem -= strlen(".yaml");
    (void)snprintf(tests, CLI_PATH_MAX, "%.*s.tests.yaml", stem < CLI_PATH_MAX - 16 ? (int)stem : CLI_PATH_MAX - 16,
                   protocol);
}

static bool tester_read(struct tester *t, const struct protocol *p, const char *path, struct arena *arena,
                        struct examples *out)
{
    static const struct label none =
        LABEL("%s has no examples beside it: write them into %s (docs/protocol-language.md, "
              "section 13, says how)",
              "%s 旁边没有示例文件：请写在 %s 中（写法见 docs/protocol-language.md 第13节）");
    struct problem_list problems = {.arena = arena};
    struct err err = {0};
    struct str text;
    const char *slash = strrchr(path, '/');
    (void)snprintf(t->folder, sizeof t->folder, "%.*s", slash == NULL ? 0 : (int)(slash - path) + 1, path);
    tong_code code = files_read(path, LIMIT_PROTOCOL_BYTES, t->cli->language, arena, &text, &err);
    if (code != TONG_OK) {
        if (code == TONG_E_NOT_FOUND) cli_say(t->cli, tester_text(t, none), p->id == NULL ? p->family : p->id, path);
        else cli_say(t->cli, "%s", err.text);
        return false;
    }
    const struct examples_source source = {p, tester_edition, t};
    code = examples_read(path, text, &source, arena, &problems, out, &err);
    problem_print_all(&problems, t->cli->language, t->cli->err);
    if (code != TONG_OK && problems.errors == 0) cli_say(t->cli, "%s", err.text);
    return code == TONG_OK;
}

static void tester_file(struct tester *t, const char *given)
{
    char protocol[CLI_PATH_MAX], tests[CLI_PATH_MAX];
    struct protocol p;
    tester_paths(t, given, protocol, tests);
    if (files_protocol(t->cli, protocol, &p) != TONG_OK) {
        t->unusable++;
        return;
    }
    struct arena arena = {0};
    struct examples examples;
    if (tester_read(t, &p, tests, &arena, &examples)) {
        (void)fprintf(t->cli->out, "%s\n", tests);
        for (size_t i = 0; i < examples.count; i++) tester_example(t, &p, &examples.items[i], tests);
    } else {
        t->unusable++;
    }
    arena_free(&arena);
    protocol_free(&p);
}

int cli_protocol_test_files(struct cli *cli, const char *const *files, size_t n, bool verbose)
{
    static const struct label summary = LABEL("%zu passed, %zu failed\n", "通过 %zu 例，不符 %zu 例\n");
    static const struct label unusable =
        LABEL("%zu files could not be used: see above", "有 %zu 个文件无法使用，见上文");
    struct tester t = {.cli = cli, .verbose = verbose};
    for (size_t i = 0; i < n; i++) {
        char here[2][CLI_PATH_MAX], before[2][CLI_PATH_MAX];
        bool again = false; // `*.yaml` names a protocol and its examples
        tester_paths(&t, files[i], here[0], here[1]);
        for (size_t k = 0; k < i && !again; k++) {
            tester_paths(&t, files[k], before[0], before[1]);
            again = strcmp(here[0], before[0]) == 0;
        }
        if (!again) tester_file(&t, files[i]);
    }
    (void)fprintf(cli->out, tester_text(&t, summary), t.passed, t.failed);
    if (t.unusable > 0) cli_say(cli, tester_text(&t, unusable), t.unusable);
    tester_close(&t);
    return t.failed == 0 && t.unusable == 0 ? CLI_DONE : CLI_FAULT;
}
