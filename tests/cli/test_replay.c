// `tongzhou replay` on a small outbreak whose every figure was worked out by hand (tests/cli/replay/).
#include "replay_tap.h"

#include <sys/stat.h>

static char start[3000]; // the folder the test was started in: what it writes goes there

#define MINI                                                                                             \
    "--protocol", "mini-1.yaml", "--mapping", "mapping.yaml", "cases.csv", "--contacts", "contacts.csv", \
        "--followups", "followups.csv"

static const char *task_row(const json_t *doc, const char *task, char out[200])
{
    static const char *const fates[] = {"opened",  "done",          "done_late", "refused",
                                        "overdue", "no_longer_due", "open",      "unknown"};
    const json_t *row = json_find(json_object_get(json_object_get(doc, "totals"), "tasks"), "task", task);
    size_t n = 0;
    out[0] = 0;
    for (size_t i = 0; i < sizeof fates / sizeof fates[0]; i++)
        n += (size_t)snprintf(out + n, 200 - n, "%s%lld", i == 0 ? "" : " ", (long long)json_at(row, fates[i]));
    return out;
}

// Opened, done, late, refused, overdue, no longer due, open, unknown. Checks: B and C 3 to 7 March (B seen on the 4th
// and 5th), K1 3 to 7 (seen on four), K2 3 to 7 (seen, not seen, -, refused), D 8 to 11, K5 16 to 18 under the second
// edition.
static void test_tasks(const json_t *doc)
{
    char row[200];
    EQ_TEXT(task_row(doc, "report", row), "6 6 0 0 0 0 0 0", "each case was reported, says the list");
    EQ_TEXT(task_row(doc, "isolate", row), "6 2 1 0 0 0 0 3",
            "A and E in time, B two days late; where the list has no date it is unknown, not overdue");
    EQ_TEXT(task_row(doc, "list_contacts", row), "6 3 0 0 0 0 0 3",
            "A, B and D named contacts; of the others nobody knows");
    EQ_TEXT(task_row(doc, "interview", row), "6 0 0 0 0 0 0 6", "no list says who was interviewed");
    EQ_TEXT(task_row(doc, "check", row), "27 7 0 1 18 0 1 0", "with a follow-up file an unseen contact is overdue");
}

static void test_people(const json_t *doc)
{
    static const struct {
        const char *date;
        json_int_t restricted;
    } t[] = {
        {"2026-03-03", 1}, {"2026-03-07", 2}, {"2026-03-09", 3}, {"2026-03-11", 4}, {"2026-03-12", 3},
        {"2026-03-14", 4}, {"2026-03-15", 5}, {"2026-03-16", 4}, {"2026-03-18", 3},
    };
    const json_t *days = json_object_get(doc, "days"), *under = json_object_get(doc, "under_measures");
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++)
        EQ_INT(json_at(json_find(days, "date", t[i].date), "persons_restricted"), t[i].restricted, "restricted on %s",
               t[i].date);
    EQ_INT(json_array_size(under), 4, "four measures are in force at the end");
    const json_t *k5 = json_find(under, "person", "K5");
    EQ_TEXT(json_string_value(json_object_get(k5, "measure")), "watch", "K5 is seen each day");
    EQ_TEXT(json_string_value(json_object_get(k5, "until")), "2026-03-18",
            "... for three days under the second edition");
    EQ_TEXT(json_string_value(json_object_get(k5, "edition")), "mini-2", "... which was in force when K5 was named");
    const json_t *c = json_find(under, "person", "C");
    EQ_TEXT(json_string_value(json_object_get(c, "since")), "2026-03-09", "C is isolated since the report");
    EQ_TEXT(json_string_value(json_object_get(c, "until")), "2026-03-24", "... by an order renewed on its seventh day");
}

static void test_epidemic(const json_t *doc)
{
    const json_t *totals = json_object_get(doc, "totals"), *chains = json_object_get(doc, "chains");
    EQ_INT(json_at(totals, "cases"), 6, "cases");
    EQ_INT(json_at(totals, "cases_by_class.confirmed"), 3, "confirmed");
    EQ_INT(json_at(totals, "deaths"), 1, "deaths");
    EQ_INT(json_at(totals, "contacts"), 8, "contacts");
    EQ_INT(json_at(totals, "contacts_who_are_cases"), 3, "B, C and D are both");
    EQ_INT(json_at(totals, "contacts_followed"), 6, "followed: B, C, D, K1, K2, K5");
    EQ_INT(json_at(totals, "contacts_outside_window"), 1, "K3 was met before A could infect");
    EQ_INT(json_at(totals, "contacts_of_no_class"), 1, "K4 shared a bus, which is no contact here");
    EQ_INT(json_at(totals, "links"), 8, "links");
    EQ_INT(json_at(chains, "largest"), 4, "A, B, C, D");
    EQ_INT(json_at(chains, "generations"), 2, "A infected B, B infected D");
    const json_t *d = json_find(json_object_get(chains, "cases"), "case", "D");
    EQ_TEXT(json_string_value(json_object_get(d, "infector")), "B", "D was infected by B");
    EQ_INT(json_at(json_find(json_object_get(chains, "cases"), "case", "A"), "offspring"), 2, "A infected two");
}

static void test_mini(void)
{
    RUN(LANG_EN, MINI, "--json");
    EQ_INT(ran.code, CLI_DONE, "the small outbreak runs");
    json_t *doc = run_json();
    if (!OK(doc != NULL, "with --json the output is one document")) return;
    test_epidemic(doc);
    test_tasks(doc);
    test_people(doc);
    json_adds_up(doc, "mini");
    EQ_INT(json_array_size(json_object_get(doc, "editions")), 2,
           "the edition that came into force was found beside the first");
    OK(json_is_null(json_object_get(doc, "as_if")), "nothing was asked as if");
    json_decref(doc);
    char *first = strdup(ran.out);
    RUN(LANG_ZH, MINI, "--json");
    EQ_TEXT(ran.out, first, "the document does not depend on the run or on the language");
    free(first);
}

// The whole text, read and found right once; TONGZHOU_GOLDEN=write writes it anew.
static void test_golden(void)
{
    static const char *const file[LANG_COUNT] = {"expected.en.txt", "expected.zh.txt"};
    for (int l = 0; l < LANG_COUNT; l++) {
        RUN((lang)l, MINI, "--width", "100");
        const char *write = getenv("TONGZHOU_GOLDEN");
        FILE *f = fopen(file[l], write != NULL && strcmp(write, "write") == 0 ? "wb" : "rb");
        if (!OK(f != NULL, "%s is there", file[l])) continue;
        if (write != NULL && strcmp(write, "write") == 0) {
            (void)fputs(ran.out, f);
            (void)fclose(f);
            continue;
        }
        char *want = replay_slurp(f);
        EQ_TEXT(ran.out, want, "the text is that of %s", file[l]);
        free(want);
    }
}

static void test_editions(void)
{
    RUN(LANG_EN, MINI, "--until", "2026-03-14", "--json");
    json_t *doc = run_json();
    EQ_INT(json_array_size(json_object_get(doc, "editions")), 1, "before the second edition there is one");
    EQ_INT(json_at(doc, "totals.cases"), 6, "--until: the list still has all cases");
    EQ_INT(json_at(doc, "totals.cases_known"), 5, "... of which five were known");
    EQ_INT(json_array_size(json_object_get(json_object_get(doc, "chains"), "cases")), 5, "... and stand in the chains");
    if (doc != NULL) json_adds_up(doc, "until");
    json_decref(doc);
    RUN(LANG_EN, MINI, "--until", "2026-04-10");
    EQ_INT(ran.code, CLI_FAULT, "no edition is in effect in April: refused");
    OK(strstr(ran.err, "2026-04-01") != NULL && strstr(ran.err, "--as-if mini-1") != NULL,
       "... naming the first such day and the remedy");
    RUN(LANG_ZH, MINI, "--until", "2026-04-10");
    OK(strstr(ran.err, "没有在 2026-04-01 生效的版本") != NULL && strstr(ran.err, "--as-if mini-1") != NULL,
       "... in Chinese too");
    RUN(LANG_EN, MINI, "--until", "2026-04-10", "--as-if", "2", "--json");
    doc = run_json();
    EQ_TEXT(json_string_value(json_object_get(doc, "as_if")), "mini-2",
            "--as-if 2 runs all of it under the second edition");
    OK(json_find(json_object_get(doc, "notes"), "slug", "as-if") != NULL, "... and says so");
    EQ_INT(json_array_size(json_object_get(doc, "days")), 39, "... for 39 days");
    json_decref(doc);
    RUN(LANG_EN, MINI, "--until", "2026-04-10", "--as-if", "2");
    const char *as_if = strstr(ran.out, "AS IF"), *summary = strstr(ran.out, "SUMMARY");
    OK(as_if != NULL && summary != NULL && as_if < summary, "the text says so in its head");
    RUN(LANG_EN, "--protocol", "mini-2.yaml", "--mapping", "mapping.yaml", "cases.csv", "--until", "2026-03-10");
    EQ_INT(ran.code, CLI_FAULT, "an edition that was not in effect on any day is refused");
    OK(strstr(ran.err, "mini-1 was then") != NULL, "... naming the one that was");
    RUN(LANG_EN, MINI, "--until", "2026-02-01");
    EQ_INT(ran.code, CLI_USAGE, "--until before the outbreak is not understood");
}

static size_t lines_of(const char *path)
{
    FILE *f = fopen(path, "rb");
    if (f == NULL) return 0;
    char *text = replay_slurp(f);
    size_t lines = 0;
    for (const char *c = text; *c != 0; c++) lines += *c == '\n';
    free(text);
    return lines;
}

static void test_csv(void)
{
    static const struct {
        const char *file;
        size_t lines; // header included
    } t[] = {
        {"days.csv", 17},                          // 16 days
        {"chains.csv", 7},                         // 6 cases
        {"enrolments.csv", 13},                    // 6 as contacts, 6 as cases
        {"tasks.csv", 52},                         // 51 tasks
        {"measures.csv", 13},   {"curve.csv", 26}, // 12 days by onset, 13 by report
    };
    char folder[3100], path[3200];
    (void)snprintf(folder, sizeof folder, "%s/test_replay.XXXXXX", start);
    if (!OK(mkdtemp(folder) != NULL, "a folder of its own")) return;
    RUN(LANG_EN, MINI, "--quiet", "--csv", folder);
    EQ_INT(ran.code, CLI_DONE, "CSV files are written");
    EQ_TEXT(ran.out, "", "... and --quiet prints nothing");
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
        (void)snprintf(path, sizeof path, "%s/%s", folder, t[i].file);
        EQ_INT(lines_of(path), t[i].lines, "%s has its rows", t[i].file);
        (void)unlink(path);
    }
    (void)snprintf(path, sizeof path, "%s/decisions.csv", folder);
    FILE *f = fopen(path, "rb");
    char *text = f == NULL ? strdup("") : replay_slurp(f);
    OK(strstr(text, "2026-03-08 12:00,D,") != NULL, "D was enrolled when B's contacts became known");
    OK(strstr(text, ",task_overdue,interview,") == NULL, "no decision says that an interview was overdue");
    OK(strstr(text, ",task_overdue,check,") != NULL, "but that a check was");
    OK(strstr(text, "(mini-1: pathways.contact.stages.watched)") != NULL,
       "each says where in the protocol its reason stands");
    free(text);
    (void)unlink(path);
    (void)rmdir(folder);
    RUN(LANG_EN, MINI, "--csv", "mapping.yaml");
    EQ_INT(ran.code, CLI_FAULT, "a folder that cannot be made is a fault");
    RUN(LANG_EN, MINI, "--json", "no/such/folder.json");
    EQ_INT(ran.code, CLI_FAULT, "a document that cannot be written is a fault");
}

static void test_bad_files(void)
{
    RUN(LANG_EN, "--protocol", "mini-1.yaml", "bad.csv");
    EQ_INT(ran.code, CLI_FAULT, "rows with errors end the run");
    EQ_TEXT(ran.out, "", "... and nothing is printed");
    OK(strstr(ran.err, "bad.csv:3:3: error:") != NULL, "an impossible date has line and column");
    OK(strstr(ran.err, "Remedy:") != NULL && strstr(ran.err, "--keep-good-rows") != NULL, "... and remedies");
    RUN(LANG_ZH, "--protocol", "mini-1.yaml", "bad.csv");
    OK(strstr(ran.err, "错误") != NULL && strstr(ran.err, "办法") != NULL, "... in Chinese too");
    RUN(LANG_EN, "--protocol", "mini-1.yaml", "bad.csv", "--json");
    json_t *doc = run_json();
    OK(json_is_true(json_object_get(doc, "refused")), "with --json the refusal is a document");
    EQ_INT(json_array_size(json_object_get(doc, "problems")) >= 2, 1, "... with the problems in it");
    json_decref(doc);
    RUN(LANG_EN, "--protocol", "mini-1.yaml", "bad.csv", "--keep-good-rows", "--json");
    EQ_INT(ran.code, CLI_DONE, "--keep-good-rows goes on");
    doc = run_json();
    EQ_INT(json_at(doc, "totals.cases"), 2, "... with the two good rows");
    OK(json_find(json_object_get(doc, "notes"), "slug", "rows-left-out") != NULL,
       "... and says that rows were left out");
    json_decref(doc);
}

static void test_command_line(void)
{
    static const struct {
        const char *row, *words[6], *said;
        int code;
    } t[] = {
        {"no protocol", {"cases.csv"}, "--protocol is missing", CLI_USAGE},
        {"no file", {"--protocol", "mini-1.yaml"}, "LINELIST.csv", CLI_USAGE},
        {"a folder", {"--protocol", "mini-1.yaml", "."}, "is a folder", CLI_FAULT},
        {"nothing in it", {"--protocol", "mini-1.yaml", "--keep-good-rows", "/dev/null"}, "as a whole", CLI_FAULT},
        {"absent file", {"--protocol", "mini-1.yaml", "none.csv"}, "no file \"none.csv\"", CLI_FAULT},
        {"absent protocol", {"--protocol", "nothing", "cases.csv"}, "no protocol \"nothing\"", CLI_USAGE},
        {"absent edition", {"--protocol", "mini-1.yaml", "--as-if", "7", "cases.csv"}, "no such edition", CLI_USAGE},
        {"encoding", {"--protocol", "mini-1.yaml", "--encoding", "klingon", "cases.csv"}, "klingon", CLI_USAGE},
        {"dates", {"--protocol", "mini-1.yaml", "--dates", "ymd", "cases.csv"}, "dmy or mdy", CLI_USAGE},
        {"table twice",
         {"--protocol", "mini-1.yaml", "--followups", "a.csv", "cases.csv", "followups.csv"},
         "leave one",
         CLI_USAGE},
        {"no dates", {"--protocol", "mini-1.yaml", "undated.csv"}, "nothing to run", CLI_FAULT},
    };
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
        const char *words[7] = {NULL};
        for (size_t w = 0; w < 6 && t[i].words[w] != NULL; w++) words[w] = t[i].words[w];
        run_words(LANG_EN, words);
        EQ_INT(ran.code, t[i].code, "%s: exit code", t[i].row);
        OK(strstr(ran.err, t[i].said) != NULL, "%s: said", t[i].row);
        EQ_TEXT(ran.out, "", "%s: nothing on the output", t[i].row);
    }
    RUN(LANG_EN, "--protocol", "mini-1.yaml", "--mapping", "mapping.yaml", "cases.csv", "contacts.csv", "--json");
    json_t *doc = run_json();
    EQ_INT(json_at(doc, "totals.links"), 8, "the second file is taken for what it is");
    json_decref(doc);
}

int main(void)
{
    char folder[4096];
    if (!OK(getcwd(start, sizeof start) != NULL, "the current folder")) return tap_done();
    if (!OK(chdir(tap_source("tests/cli/replay", folder, sizeof folder)) == 0, "the files of the small outbreak"))
        return tap_done();
    test_mini();
    test_golden();
    test_editions();
    test_csv();
    test_bad_files();
    test_command_line();
    free(ran.out);
    free(ran.err);
    return tap_done();
}
