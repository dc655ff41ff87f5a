// `tongzhou protocol test`: the files beside this one, examples read from memory, and every way they can differ or be wrong.
#include "cli/examples.h"
#include "cli/examples_compare.h"
#include "cli/examples_read.h"
#include "cli/examples_run.h"
#include "cli/examples_show.h"

#include "../protocol/files.h"

// ---- the command, on files ----

static struct {
    int code;
    char out[60000], err[8000];
} ran;

static void slurp(FILE *f, char *into, size_t n)
{
    rewind(f);
    into[fread(into, 1, n - 1, f)] = 0;
    (void)fclose(f);
}

static void run_files(lang language, bool verbose, const char *const *files, size_t n)
{
    struct cli cli = {.language = language, .out = tmpfile(), .err = tmpfile(), .program = "tongzhou"};
    (void)tap_source("protocols", cli.protocols, sizeof cli.protocols);
    ran.code = cli_protocol_test_files(&cli, files, n, verbose);
    slurp(cli.out, ran.out, sizeof ran.out);
    slurp(cli.err, ran.err, sizeof ran.err);
}

static void run_file(lang language, bool verbose, const char *relative)
{
    char path[1024];
    const char *files[] = {tap_source(relative, path, sizeof path)};
    run_files(language, verbose, files, 1);
}

// What was printed, with the folder of the source taken out of it.
static const char *without_root(char *text)
{
    const char *root = getenv("TONGZHOU_SOURCE");
    size_t n = root == NULL ? 0 : strlen(root) + 1;
    for (char *at = text; n > 1 && (at = strstr(at, root)) != NULL;) memmove(at, at + n, strlen(at + n) + 1);
    return text;
}

// What must be printed, letter by letter. Borrowed until the next call.
static const char *golden(const char *relative)
{
    static char text[8000];
    char path[1024];
    FILE *f = fopen(tap_source(relative, path, sizeof path), "rb");
    if (f == NULL) return NULL;
    slurp(f, text, sizeof text);
    return text;
}

static void test_command(void)
{
    run_file(LANG_EN, false, "tests/cli/examples/practice.yaml");
    EQ_INT(ran.code, CLI_DONE, "examples that pass: exit 0");
    OK(strstr(ran.out, " passed, 0 failed\n") != NULL && strstr(ran.out, "FAILED") == NULL, "and nothing failed");
    EQ_TEXT(ran.err, "", "and nothing is complained of");

    run_file(LANG_EN, false, "tests/cli/examples/failing.yaml");
    EQ_INT(ran.code, CLI_FAULT, "an example that fails: exit 1");
    EQ_TEXT(without_root(ran.out), golden("tests/cli/examples/failing.en.txt"),
            "what differs, where, and the calendar");
    run_file(LANG_ZH, false, "tests/cli/examples/failing.yaml");
    EQ_TEXT(without_root(ran.out), golden("tests/cli/examples/failing.zh.txt"), "the same in Chinese");

    char a[1024], b[1024];
    const char *twice[] = {tap_source("tests/cli/examples/practice.tests.yaml", a, sizeof a),
                           tap_source("tests/cli/examples/practice.yaml", b, sizeof b)};
    run_files(LANG_EN, false, twice, 2);
    EQ_INT(ran.code, CLI_DONE, "the examples may be named instead of the protocol");
    const char *first = strstr(ran.out, "ok      an ordinary course");
    OK(first != NULL && strstr(first + 1, "ok      an ordinary course") == NULL, "and run once when both are named");

    run_file(LANG_EN, false, "tests/cli/examples/practice-2.yaml");
    EQ_INT(ran.code, CLI_FAULT, "no examples beside a protocol: exit 1");
    OK(strstr(ran.err, "practice-2 has no examples beside it") != NULL &&
           strstr(ran.err, "practice-2.tests.yaml") != NULL,
       "and which file to write is said");
    run_file(LANG_ZH, false, "tests/cli/examples/nothing.yaml");
    EQ_INT(ran.code, CLI_FAULT, "no such protocol: exit 1");
    OK(ran.err[0] != 0, "and it is said");
}

static void test_verbose(void)
{
    run_file(LANG_EN, true, "tests/cli/examples/practice.yaml");
    EQ_INT(ran.code, CLI_DONE, "verbose: exit 0");
    OK(strstr(ran.out, "  samples   want T  .  T  .  T\n") != NULL, "the calendar of an example that passes");
    OK(strstr(ran.out, "2026-03-02 09:00  task opened: transfer (transport team), until 2026-03-02 17:00\n"
                       "      entering the stage (practice: pathways.contact.stages.site)\n") != NULL,
       "each decision with its why");
    run_file(LANG_ZH, true, "tests/cli/examples/practice.yaml");
    OK(strstr(ran.out, "2026-03-02 09:00  任务下达: 转运（转运组），至 2026-03-02 17:00\n") != NULL, "in Chinese too");
    // Three weeks and their label fit a terminal, however wide the characters are.
    bool fits = true;
    struct str text = str_z(ran.out), line;
    while (str_cut(&text, '\n', &line))
        if (str_starts(line, "  ") && line.n > 20 && (line.p[17] == '.' || line.p[16] == '.'))
            fits = fits && str_columns(line) <= 80;
    OK(fits, "no line of a calendar is wider than 80 columns");
}

// ---- examples from memory ----

static struct reading practice, second;

static const struct protocol *open_edition(void *payload, const char *name, struct problem_list *problems)
{
    (void)payload, (void)problems;
    return strcmp(name, "practice-2.yaml") == 0 ? &second.p : strcmp(name, "practice.yaml") == 0 ? &practice.p : NULL;
}

struct outcome {
    struct arena arena;
    struct problem_list faults, differences;
    tong_code code;
};

// Reads one file of examples and, when it is right, runs and compares all of them.
static void run_text(const char *text, struct outcome *o)
{
    struct examples_source source = {&practice.p, open_edition, NULL};
    struct examples examples;
    struct err err;
    *o = (struct outcome){0};
    o->faults.arena = o->differences.arena = &o->arena;
    o->code = examples_read("x.tests.yaml", str_z(text), &source, &o->arena, &o->faults, &examples, &err);
    for (size_t i = 0; o->code == TONG_OK && i < examples.count; i++) {
        struct example_run run;
        o->code = example_run(&practice.p, &examples.items[i], &o->arena, &run, &err);
        const struct example *x = &examples.items[i];
        for (size_t k = 0; o->code == TONG_OK && k < x->expect_count; k++) {
            struct example_course course;
            uint32_t subject;
            if (!example_run_person(&run, x->expect[k].who, &subject)) continue;
            o->code = example_course_of(run.caseload, subject, k == 0 ? x->of : NULL, &o->arena, &course, &err);
            if (o->code == TONG_OK)
                (void)expectation_compare(&x->expect[k], &course, "x.tests.yaml", LANG_EN, &o->differences);
        }
        example_run_close(&run);
    }
}

#define EXPOSED \
    "{exposed: 2026-03-01 18:00, to: case, as: household, parted: 2026-03-01 20:00, known: 2026-03-02 09:00}"
#define POSITIVE "{result: 2026-03-04 09:00, is: positive, known: 2026-03-04 20:00}"

// Every expectation once met and once not. `slugs` are the differences in order; NULL none.
static const struct {
    const char *row, *given, *rest, *expect, *slugs;
} expectations[] = {
    {"sampled", EXPOSED, "assume: tasks_done_negative", "sampled: [2026-03-02, 03-04, 03-06]", NULL},
    {"sampled, one day less", EXPOSED, "assume: tasks_done_negative", "sampled: [2026-03-02, 03-04]", "day-extra"},
    {"sampled, one day more", EXPOSED, "assume: tasks_done_negative", "sampled: [2026-03-02, 03-04, 03-06, 03-07]",
     "day-missing"},
    {"no sample at all", EXPOSED, "assume: tasks_done_negative", "sampled: []", "day-extra"},
    {"checked", EXPOSED, "assume: tasks_done_negative", "checked: [2026-03-02 .. 2026-03-06]", NULL},
    {"checked, a range that is too long", EXPOSED, "assume: tasks_done_negative", "checked: [2026-03-01 .. 2026-03-06]",
     "day-missing"},
    {"named late, one sample made up",
     "{exposed: 2026-03-01 18:00, to: case, as: household, parted: 2026-03-01 20:00, known: 2026-03-03 09:00}",
     "assume: tasks_done_negative", "sampled: [2026-03-03, 03-04, 03-06], checked: [2026-03-03 .. 2026-03-06]", NULL},
    {"stages", EXPOSED, "assume: tasks_done_negative", "stages: {site: 2026-03-02, home: 03-05}", NULL},
    {"stage a day early", EXPOSED, "assume: tasks_done_negative", "stages: {home: 2026-03-04}", "stage-day"},
    {"stage never entered", EXPOSED, "assume: tasks_done_negative", "stages: {ill: 2026-03-04}", "stage-never"},
    {"a range of days for a stage", EXPOSED, "assume: tasks_done_negative", "stages: {home: 2026-03-04 .. 2026-03-05}",
     NULL},
    {"released", EXPOSED, "assume: tasks_done_negative", "released: 2026-03-06", NULL},
    {"released, wrong day", EXPOSED, "assume: tasks_done_negative", "released: 2026-03-05", "released-day"},
    {"not released without a negative", EXPOSED, "assume: tasks_done\n  until: 2026-03-07", "released: 2026-03-06",
     "released-never"},
    {"extended twice without a result, then let go", EXPOSED, "assume: tasks_done", "released: 2026-03-10", NULL},
    {"becoming a case is no release", EXPOSED ", " POSITIVE, "assume: tasks_done", "released: 2026-03-04",
     "released-ended"},
    {"ended as", EXPOSED ", " POSITIVE, "assume: tasks_done", "ended: {as: became_case, on: 2026-03-04}", NULL},
    {"ended as something else", EXPOSED ", " POSITIVE, "assume: tasks_done", "ended: {as: lost, on: 2026-03-05}",
     "ended-as ended-day"},
    {"still open", EXPOSED, "until: 2026-03-04", "ended: no", NULL},
    {"not open any more", EXPOSED, "assume: tasks_done_negative", "ended: no", "ended-not"},
    {"expected to have ended", EXPOSED, "until: 2026-03-04", "ended: {as: completed}", "ended-open"},
    {"task", EXPOSED, "until: 2026-03-03",
     "tasks: {transfer: {opened: 2026-03-02 09:00, deadline: 2026-03-02 17:00, fate: overdue}}", NULL},
    {"task by its day alone", EXPOSED, "assume: tasks_done", "tasks: {transfer: {opened: 2026-03-02, fate: done}}",
     NULL},
    {"task, all wrong", EXPOSED, "until: 2026-03-03",
     "tasks: {transfer: {opened: 2026-03-02 10:00, deadline: 2026-03-03 17:00, fate: done}}",
     "task-opened task-deadline task-fate"},
    {"task that never came", EXPOSED, "assume: tasks_done", "tasks: {persuade: ~}", "task-never"},
    {"no task", EXPOSED, "assume: tasks_done", "no_task: [persuade, transfer]", "task-unwanted"},
    {"a missed deadline is told", EXPOSED, "until: 2026-03-03", "told: commander", NULL},
    {"refused, talked with, told", EXPOSED ", {refused: 2026-03-03 10:00}", "assume: tasks_done_negative",
     "told: [health_officer], tasks: {persuade: {opened: 2026-03-03 10:00}}", NULL},
    {"told nobody", EXPOSED, "assume: tasks_done_negative", "told: [commander, court]", "told told"},
    {"measure", EXPOSED, "assume: tasks_done_negative",
     "measures: {quarantine_site: {proposed: 2026-03-02, in_force: [2026-03-02 .. 2026-03-04]}}, no_measure: isolation",
     NULL},
    {"measure, wrong days", EXPOSED, "assume: tasks_done_negative",
     "measures: {quarantine_site: {proposed: 2026-03-03, in_force: [2026-03-03 .. 2026-03-05]}}",
     "measure-proposed measure-missing measure-extra"},
    {"measure never proposed", EXPOSED, "assume: tasks_done_negative", "measures: {isolation: ~}", "measure-never"},
    {"measure not wanted", EXPOSED, "assume: tasks_done_negative", "no_measure: [quarantine_site]", "measure-unwanted"},
    {"nothing signed, nothing in force", EXPOSED, "assume: [tasks_done_negative, nothing_signed]",
     "measures: {quarantine_site: {proposed: 2026-03-02, in_force: []}}", NULL},
    {"signed by hand", EXPOSED ", {ordered: 2026-03-03 10:00, measure: quarantine_site, by: ann, second: ben}",
     "assume: [tasks_done_negative, nothing_signed]",
     "measures: {quarantine_site: {in_force: [2026-03-03 .. 2026-03-04]}}, status: none", NULL},
    {"class", POSITIVE, "assume: tasks_done\n  until: 2026-03-05",
     "class: confirmed, status: red, zones: zone, told: health_officer", NULL},
    {"class, status and zone wrong", EXPOSED, "until: 2026-03-03", "class: confirmed, status: green, zones: zone",
     "zone class status"},
    {"no enrolment", "{well: 2026-03-01 10:00}", "until: 2026-03-02", "released: 2026-03-02, sampled: [2026-03-01]",
     "not-enrolled"},
    {"contacts of a case, in the window and before",
     POSITIVE ", {contact_named: 2026-03-03 12:00, contact: in, as: meal, known: 2026-03-05 09:00}, {contact_named: "
              "2026-03-01 12:00, contact: out, as: meal, known: 2026-03-05 09:00}, {contact_named: 2026-03-03 12:00, "
              "contact: safe, as: meal, protection: full, known: 2026-03-05 09:00}",
     "assume: tasks_done_negative",
     "enrols: in, not_enrolled: [out, safe], of: {in: {sampled: [2026-03-05, 03-06, 03-08], released: 2026-03-08}}",
     NULL},
    {"contacts, wrong",
     POSITIVE ", {contact_named: 2026-03-03 12:00, contact: in, as: meal, known: 2026-03-05 09:00}, {contact_named: "
              "2026-03-01 12:00, contact: out, as: meal, known: 2026-03-05 09:00}",
     "assume: tasks_done_negative", "enrols: out, not_enrolled: in, of: {in: {released: 2026-03-09}}",
     "enrols enrols-unwanted released-day"},
    {"another pathway observed", EXPOSED ", " POSITIVE, "of: case\n  assume: tasks_done\n  until: 2026-03-05",
     "stages: {ill: 2026-03-04}, no_task: transfer, tasks: {report: {opened: 2026-03-04 20:00}}", NULL},
    {"without `of`, tasks of all enrolments are seen", EXPOSED ", " POSITIVE, "assume: tasks_done\n  until: 2026-03-05",
     "tasks: {transfer: ~, report: ~}, stages: {site: 2026-03-02}", NULL},
    {"a place", "{new_case: 2026-03-01 10:00}", "of: zone\n  assume: tasks_done_negative",
     "rounds: [2026-03-03, 03-05], released: 2026-03-05, measures: {stay_home: {in_force: [2026-03-01 .. 2026-03-05]}}",
     NULL},
    {"a place, wrong", "{new_case: 2026-03-01 10:00}", "of: zone\n  assume: tasks_done_negative",
     "rounds: [2026-03-03]", "day-extra"},
    {"nobody else may be asked", EXPOSED, "until: 2026-03-03", "asked: case_investigator", "asked"},
    {"a fact taken back",
     EXPOSED ", {exposed: 2026-03-03 12:00, to: case, as: meal, parted: 2026-03-03 13:00, known: 2026-03-03 15:00, id: "
             "wrong}, {retracted: 2026-03-04 08:00, of: wrong}",
     "assume: tasks_done_negative", "released: 2026-03-06", NULL},
    {"a fact corrected",
     "{exposed: 2026-03-01 18:00, to: case, as: household, known: 2026-03-02 09:00, id: x}, {exposed: 2026-03-02 "
     "08:00, to: case, as: household, known: 2026-03-02 12:00, replaces: x}",
     "assume: tasks_done_negative", "released: 2026-03-07", NULL},
    {"a given result comes before an assumed one",
     EXPOSED ", {result: 2026-03-04 09:00, is: positive, known: 2026-03-04 20:00}",
     "assume: tasks_done_negative\n  until: 2026-03-05", "ended: {as: became_case, on: 2026-03-04}", NULL},
    {"a new edition, those half-way move",
     "{exposed: 2026-05-31 09:00, to: case, as: household, known: 2026-05-31 12:00}",
     "editions: [{in_force: 2026-06-02, protocol: practice-2.yaml}]\n  assume: tasks_done_negative",
     "stages: {site: 2026-05-31, home: 06-02}, measures: {quarantine_site: {in_force: [2026-05-31 .. 2026-06-01]}}",
     NULL},
};

static void test_expectations(void)
{
    for (size_t i = 0; i < sizeof expectations / sizeof expectations[0]; i++) {
        char text[4000], slugs[400] = "";
        (void)snprintf(text, sizeof text, "- name: %s\n  given: [%s]\n  %s\n  expect: {%s}\n", expectations[i].row,
                       expectations[i].given, expectations[i].rest, expectations[i].expect);
        struct outcome o;
        run_text(text, &o);
        for (size_t k = 0; k < o.differences.count; k++) {
            size_t n = strlen(slugs);
            (void)snprintf(slugs + n, sizeof slugs - n, "%s%s", n == 0 ? "" : " ",
                           o.differences.items[k].message->slug);
        }
        bool read = EQ_INT(o.code, TONG_OK, "%s: read and run", expectations[i].row);
        if (!read)
            for (size_t k = 0; k < o.faults.count; k++) problem_print(&o.faults.items[k], LANG_EN, stdout);
        else if (!EQ_TEXT(slugs, expectations[i].slugs == NULL ? "" : expectations[i].slugs, "%s", expectations[i].row))
            for (size_t k = 0; k < o.differences.count; k++)
                (void)printf("# %s\n", problem_text(&o.differences.items[k], LANG_EN, &o.arena));
        arena_free(&o.arena);
    }
}

// ---- what is wrong with a file ----

#define GOOD_EXPECT "expect: {released: 2026-03-06}}"
static const struct {
    const char *row, *text, *slug;
    int64_t line, column;
    const char *arg[2]; // what is wrong, and what was meant; NULL not asked
} faults[] = {
    {"no list", "name: x", "examples-list", 1, 1, {NULL, NULL}},
    {"no mapping", "- 7", "not-mapping", 1, 3, {NULL, NULL}},
    {"unknown key", "- {nmae: x, given: [" EXPOSED "], " GOOD_EXPECT, "key-unknown", 1, 4, {"nmae", "name"}},
    {"no name", "- {given: [" EXPOSED "], " GOOD_EXPECT, "key-missing", 1, 3, {"name", NULL}},
    {"no facts", "- {name: x, given: [], " GOOD_EXPECT, "no-facts", 1, 20, {NULL, NULL}},
    {"nothing expected", "- name: x\n  given: [" EXPOSED "]\n  expect: {}", "nothing-expected", 3, 11, {NULL, NULL}},
    {"unknown fact",
     "- name: x\n  given: [{exposd: 2026-03-01}]\n  expect: {ended: no}",
     "fact-unknown",
     2,
     12,
     {"exposd", "exposed"}},
    {"a result is no fact of its own",
     "- name: x\n  given: [{positive: 2026-03-01}]\n  expect: {ended: no}",
     "fact-unknown",
     2,
     12,
     {"positive", NULL}},
    {"edition among the facts",
     "- name: x\n  given: [{edition: 2026-03-01}]\n  expect: {ended: no}",
     "edition-fact",
     2,
     12,
     {NULL, NULL}},
    {"impossible day",
     "- name: x\n  given: [{symptom: 2026-02-29}]\n  expect: {ended: no}",
     "time-wrong",
     2,
     21,
     {"2026-02-29", NULL}},
    {"impossible day expected",
     "- name: x\n  given: [{symptom: 2026-02-28}]\n  expect: {released: 2026-02-30}",
     "day-wrong",
     3,
     22,
     {"2026-02-30", NULL}},
    {"ends before it begins",
     "- name: x\n  given: [{exposed: 2026-03-02 10:00, parted: 2026-03-02 09:00}]\n  expect: {ended: no}",
     "time-backwards",
     2,
     21,
     {NULL, NULL}},
    {"known before it happened",
     "- name: x\n  given: [{symptom: 2026-03-02 10:00, known: 2026-03-01}]\n  expect: {ended: no}",
     "time-backwards",
     2,
     21,
     {NULL, NULL}},
    {"unknown key of a fact",
     "- name: x\n  given: [{exposed: 2026-03-01, protect: none}]\n  expect: {ended: no}",
     "key-unknown",
     2,
     33,
     {"protect", "protection"}},
    {"key of another fact",
     "- name: x\n  given: [{symptom: 2026-03-01, ct: 30}]\n  expect: {ended: no}",
     "key-elsewhere",
     2,
     33,
     {"ct", "symptom"}},
    {"short of a key",
     "- name: x\n  given: [{result: 2026-03-01, test: pcr}]\n  expect: {ended: no}",
     "fact-short",
     2,
     12,
     {"result", "is"}},
    {"unknown word",
     "- name: x\n  given: [{exposed: 2026-03-01, as: houshold}]\n  expect: {ended: no}",
     "word-unknown",
     2,
     37,
     {"houshold", "household"}},
    {"no number",
     "- name: x\n  given: [{attribute: 2026-03-01, age: old}]\n  expect: {ended: no}",
     "number-wrong",
     2,
     40,
     {"old", "0 .. 150"}},
    {"no Ct",
     "- name: x\n  given: [{result: 2026-03-01, is: positive, ct: high}]\n  expect: {ended: no}",
     "number-wrong",
     2,
     50,
     {"high", NULL}},
    {"neither yes nor no",
     "- name: x\n  given: [{result: 2026-03-01, is: positive, pooled: true}]\n  expect: {ended: no}",
     "yes-no",
     2,
     54,
     {"true", NULL}},
    {"parted and still open",
     "- name: x\n  given: [{exposed: 2026-03-01, parted: 2026-03-02, still: open}]\n  expect: {ended: no}",
     "contradiction",
     2,
     12,
     {"parted", "still"}},
    {"a slip in a source",
     "- name: x\n  given: [{exposed: 2026-03-01, to: caes}]\n  expect: {ended: no}",
     "person-unknown",
     2,
     37,
     {"caes", "case"}},
    {"parted from nobody met",
     "- name: x\n  given: [{parted: 2026-03-01, to: bob}]\n  expect: {ended: no}",
     "person-unknown",
     2,
     36,
     {"bob", NULL}},
    {"unknown id",
     "- name: x\n  given: [{symptom: 2026-03-01, id: ill}, {retracted: 2026-03-02, of: il}]\n  expect: {ended: no}",
     "id-unknown",
     2,
     71,
     {"il", "ill"}},
    {"id twice",
     "- name: x\n  given: [{symptom: 2026-03-01, id: a}, {well: 2026-03-02, id: a}]\n  expect: {ended: no}",
     "id-twice",
     2,
     64,
     {"a", NULL}},
    {"unknown task of a fact",
     "- name: x\n  given: [{done: 2026-03-01, task: transfr}]\n  expect: {ended: no}",
     "task-unknown",
     2,
     36,
     {"transfr", "transfer"}},
    {"unknown assumption",
     "- name: x\n  given: [" EXPOSED "]\n  assume: tasks_dne\n  expect: {ended: no}",
     "word-unknown",
     3,
     11,
     {"tasks_dne", "tasks_done"}},
    {"two assumptions that exclude each other",
     "- name: x\n  given: [" EXPOSED "]\n  assume: [orders_signed, nothing_signed]\n  expect: {ended: no}",
     "contradiction",
     3,
     11,
     {"orders_signed", NULL}},
    {"unknown pathway",
     "- name: x\n  of: contakt\n  given: [" EXPOSED "]\n  expect: {ended: no}",
     "pathway-unknown",
     2,
     7,
     {"contakt", "contact"}},
    {"edition that is not there",
     "- name: x\n  given: [" EXPOSED
     "]\n  editions: [{in_force: 2026-06-01, protocol: none.yaml}]\n  expect: {ended: no}",
     "edition-unread",
     3,
     47,
     {"none.yaml", NULL}},
    {"edition without a day",
     "- name: x\n  given: [" EXPOSED "]\n  editions: [{protocol: practice-2.yaml}]\n  expect: {ended: no}",
     "key-missing",
     3,
     14,
     {"in_force", NULL}},
    {"unknown expectation",
     "- name: x\n  given: [" EXPOSED "]\n  expect: {relesed: 2026-03-06}",
     "key-unknown",
     3,
     12,
     {"relesed", "released"}},
    {"unknown stage",
     "- name: x\n  given: [" EXPOSED "]\n  expect: {stages: {hom: 2026-03-06}}",
     "stage-unknown",
     3,
     21,
     {"hom", "home"}},
    {"unknown measure",
     "- name: x\n  given: [" EXPOSED "]\n  expect: {no_measure: izolation}",
     "measure-unknown",
     3,
     24,
     {"izolation", "isolation"}},
    {"unknown task",
     "- name: x\n  given: [" EXPOSED "]\n  expect: {tasks: {reprot: ~}}",
     "task-unknown",
     3,
     20,
     {"reprot", "report"}},
    {"unknown fate",
     "- name: x\n  given: [" EXPOSED "]\n  expect: {tasks: {report: {fate: late}}}",
     "word-unknown",
     3,
     35,
     {"late", NULL}},
    {"unknown person",
     "- name: x\n  given: [" EXPOSED ", {symptom: 2026-03-02, who: anna}]\n  expect: {enrols: ana}",
     "person-unknown",
     3,
     20,
     {"ana", "anna"}},
    {"unknown other",
     "- name: x\n  given: [" EXPOSED ", {symptom: 2026-03-02, who: anna}]\n  expect: {of: {ana: {ended: no}}}",
     "person-unknown",
     3,
     17,
     {"ana", "anna"}},
    {"of another nothing further",
     "- name: x\n  given: [" EXPOSED ", {symptom: 2026-03-02, who: anna}]\n  expect: {of: {anna: {of: {}}}}",
     "key-unknown",
     3,
     24,
     {"of", NULL}},
    {"unknown status",
     "- name: x\n  given: [" EXPOSED "]\n  expect: {status: rad}",
     "status-unknown",
     3,
     20,
     {"rad", "red"}},
    {"unknown role",
     "- name: x\n  given: [" EXPOSED "]\n  expect: {told: comander}",
     "word-unknown",
     3,
     18,
     {"comander", "commander"}},
    {"unknown end",
     "- name: x\n  given: [" EXPOSED "]\n  expect: {ended: {as: complete}}",
     "word-unknown",
     3,
     24,
     {"complete", "completed"}},
};

static void test_faults(void)
{
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
        struct outcome o;
        run_text(faults[i].text, &o);
        EQ_INT(o.code, TONG_E_INVALID, "%s: refused", faults[i].row);
        const struct problem *p = o.faults.count == 0 ? NULL : &o.faults.items[0];
        if (OK(p != NULL, "%s: a problem", faults[i].row)) {
            EQ_TEXT(p->message->slug, faults[i].slug, "%s: which", faults[i].row);
            EQ_INT(p->line * 1000 + p->column, faults[i].line * 1000 + faults[i].column, "%s: line and column",
                   faults[i].row);
            for (int k = 0; k < 2; k++)
                if (faults[i].arg[k] != NULL)
                    EQ_TEXT(p->arg[k], faults[i].arg[k], "%s: argument %d", faults[i].row, k + 1);
            const struct message *m = p->message;
            CHECK(m->text.text[LANG_ZH][0] != 0 && m->remedy.text[LANG_EN][0] != 0 && m->remedy.text[LANG_ZH][0] != 0,
                  "%s: both languages and a remedy", faults[i].row);
        }
        arena_free(&o.arena);
    }
}

// All faults of a file in one go, not only the first.
static void test_many_faults(void)
{
    struct outcome o;
    run_text("- name: x\n  given: [{symptm: 2026-03-01}, {exposed: 2026-03-32}]\n  expect: {relesed: 2026-03-06, told: "
             "nobody}\n"
             "- name: y\n  given: [" EXPOSED "]\n  expect: {sampled: 7 March}\n",
             &o);
    EQ_INT(o.faults.errors, 5, "five faults in two examples are all reported");
    arena_free(&o.arena);
}

// The page that teaches the language: its protocol and its example run as they stand there.
static void test_page(void)
{
    struct arena arena = {0};
    char *protocol = files_doc_block("docs/protocol-language.md", 0, &arena);
    char *examples = files_doc_block("docs/protocol-language.md", 1, &arena);
    if (OK(protocol != NULL && examples != NULL, "the page has a protocol and its examples")) {
        struct reading kept = practice;
        files_read_text(&practice, protocol);
        if (EQ_INT(practice.code, TONG_OK, "the page's protocol reads")) {
            struct outcome o;
            run_text(examples, &o);
            EQ_INT(o.code, TONG_OK, "its examples read");
            EQ_INT(o.differences.count, 0, "and pass");
            arena_free(&o.arena);
        }
        files_close(&practice);
        practice = kept;
    }
    arena_free(&arena);
}

int main(void)
{
    char path[2][1024];
    struct protocol_source disk = {files_open_disk, NULL};
    files_read(&practice, tap_source("tests/cli/examples/practice.yaml", path[0], sizeof path[0]), &disk);
    files_read(&second, tap_source("tests/cli/examples/practice-2.yaml", path[1], sizeof path[1]), &disk);
    if (!EQ_INT(practice.code, TONG_OK, "the practice protocol reads"))
        problem_print_all(&practice.problems, LANG_EN, stdout);
    if (!EQ_INT(second.code, TONG_OK, "its second edition reads")) problem_print_all(&second.problems, LANG_EN, stdout);
    if (practice.code != TONG_OK || second.code != TONG_OK) return tap_done();
    test_command();
    test_verbose();
    test_expectations();
    test_faults();
    test_many_faults();
    test_page();
    files_close(&second);
    files_close(&practice);
    return tap_done();
}
