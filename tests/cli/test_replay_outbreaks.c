// Real outbreaks through real protocols: the published counts come out, the documents are what their schema says, and
// dirty lists are told from clean ones.
#include "replay_tap.h"

#include "cli/generate.h"
#include "schema.h"

static json_t *schema;
static char path[6][4096];

// The file beside the checkout; false, and said so, when it is not there.
static bool shared(int i, const char *relative)
{
    if (tap_shared(relative, path[i], sizeof path[i]) != NULL) return true;
    tap_skip("%s is not beside the checkout", relative);
    return false;
}

static json_t *document(const char *what)
{
    json_t *doc = run_json();
    if (!OK(doc != NULL, "%s: one document", what)) {
        (void)printf("# exit %d: %.600s\n", ran.code, ran.err);
        return NULL;
    }
    EQ_INT(ran.code, CLI_DONE, "%s: exit code", what);
    OK(schema_holds(schema, doc), "%s: the document is what docs/replay.schema.json says", what);
    json_adds_up(doc, what);
    return doc;
}

static json_int_t largest(const json_t *doc, const char *tally)
{
    json_int_t most = 0;
    size_t i;
    json_t *item;
    json_array_foreach(json_object_get(json_object_get(doc, "chains"), tally), i,
                       item) if (json_at(item, "value") > most) most = json_at(item, "value");
    return most;
}

// How many rows of the MERS list have this in their ninth field, the report: read here once more, in the plainest way.
static json_int_t mers_reported(const char *list, const char *day)
{
    json_int_t count = 0;
    const char *c = strchr(list, '\n');
    while (c != NULL && *++c != 0) {
        int field = 1;
        bool quoted = false;
        for (; *c != '\n' && field < 9; c++) {
            if (*c == '"') quoted = !quoted;
            else if (*c == ',' && !quoted) field++;
        }
        count += strncmp(c, day, strlen(day)) == 0;
        c = strchr(c, '\n');
    }
    return count;
}

static void test_mers(void)
{
    if (!shared(0, "data/mers_korea_2015_linelist.csv") || !shared(1, "data/mers_korea_2015_contacts.csv")) return;
    RUN(LANG_EN, "--protocol", "mers", path[0], path[1], "--json");
    json_t *doc = document("MERS Korea 2015");
    if (doc == NULL) return;
    EQ_INT(json_at(doc, "totals.cases"), 162, "MERS: 162 cases");
    EQ_INT(json_at(doc, "totals.links"), 98, "MERS: 98 links");
    EQ_INT(json_at(doc, "totals.contacts"), 95, "MERS: 95 infectees were contacts");
    EQ_INT(json_at(doc, "totals.deaths"), 19, "MERS: 19 deaths");
    EQ_INT(json_at(doc, "chains.infectees"), 95, "MERS: 95 cases with a source");
    EQ_INT(largest(doc, "named_tally"), 38, "MERS: SK_14 stands in 38 links");
    EQ_INT(json_at(doc, "totals.tasks_all.overdue"), 0,
           "MERS: the list cannot say that anything was overdue, and nothing is");
    OK(json_is_null(json_object_get(doc, "as_if")), "MERS: under an edition of its own time");
    FILE *f = fopen(path[0], "rb");
    char *list = f == NULL ? NULL : replay_slurp(f);
    size_t i;
    json_t *day;
    json_array_foreach(json_object_get(doc, "days"), i, day)
    {
        const char *date = json_string_value(json_object_get(day, "date"));
        json_int_t cases = 0;
        const char *key;
        json_t *count;
        json_object_foreach(json_object_get(day, "new_cases"), key, count) cases += json_integer_value(count);
        CHECK(list != NULL && cases == mers_reported(list, date), "MERS: as many cases on %s as rows report it", date);
    }
    free(list);
    json_decref(doc);
    RUN(LANG_EN, "--protocol", "mers", path[0], path[1]);
    char *first = strdup(ran.out);
    RUN(LANG_EN, "--protocol", "mers", path[0], path[1]);
    EQ_TEXT(ran.out, first, "MERS: the same text twice");
    OK(strstr(ran.out, "SK_14  onset") != NULL && strstr(ran.out, "links name 38") != NULL,
       "MERS: the chain of SK_14 is drawn");
    RUN(LANG_ZH, "--protocol", "mers", path[0], path[1]);
    OK(strstr(ran.out, "传播链") != NULL && strstr(ran.out, "SK_14  发病") != NULL, "MERS: in Chinese too");
    free(first);
}

static void test_tianjin(void)
{
    if (!shared(0, "data/covid19_tianjin_2020_linelist.csv") || !shared(1, "data/covid19_tianjin_2020_contacts.csv"))
        return;
    RUN(LANG_EN, "--protocol", "covid19-cn", path[0], path[1]);
    EQ_INT(ran.code, CLI_FAULT, "Tianjin 2020: no edition of 2020 is shipped");
    OK(strstr(ran.err, "--as-if") != NULL, "... and the remedy is named");
    RUN(LANG_EN, "--protocol", "covid19-cn", "--as-if", "8", path[0], path[1], "--json");
    json_t *doc = document("Tianjin 2020 as if");
    if (doc == NULL) return;
    EQ_TEXT(json_string_value(json_object_get(doc, "as_if")), "covid19-cn-8", "Tianjin: the document says as if what");
    EQ_TEXT(json_string_value(json_object_get(doc, "zone")), "Asia/Shanghai", "Tianjin: days are China's");
    OK(json_find(json_object_get(doc, "notes"), "slug", "as-if") != NULL, "Tianjin: a note says so too");
    EQ_INT(json_at(doc, "totals.cases"), 135, "Tianjin: 135 cases");
    EQ_INT(json_at(doc, "totals.links"), 72, "Tianjin: 72 links");
    EQ_INT(json_at(doc, "totals.deaths"), 3, "Tianjin: 3 deaths");
    EQ_INT(json_at(doc, "chains.infectees"), 56, "Tianjin: 56 infectees");
    EQ_INT(json_at(doc, "chains.ambiguous"), 14, "Tianjin: 14 of them with more than one candidate source");
    json_decref(doc);
}

static void test_godata(void)
{
    static const char *const file[] = {"cases_clean",     "relationships_clean", "contacts_clean",
                                       "followups_clean", "lab_results_clean",   "events_clean"};
    for (int i = 0; i < 6; i++) {
        char relative[80];
        (void)snprintf(relative, sizeof relative, "formats/godata-trainingland/%s.csv", file[i]);
        if (!shared(i, relative)) return;
    }
    RUN(LANG_EN, "--as-if", "covid19-cn-8", path[0], "--links", path[1], "--contacts", path[2], "--followups", path[3],
        "--labs", path[4], "--gatherings", path[5], "--json");
    json_t *doc = document("Go.Data training outbreak");
    if (doc == NULL) return;
    EQ_INT(json_at(doc, "totals.cases"), 56, "Go.Data: 56 cases");
    EQ_INT(json_at(doc, "totals.links"), 100, "Go.Data: 100 relationships");
    EQ_INT(json_at(doc, "totals.followups"), 437, "Go.Data: 437 follow-ups");
    size_t before_onset = 0, i;
    json_t *problem;
    json_array_foreach(json_object_get(doc, "problems"), i, problem) before_onset +=
        strcmp(json_string_value(json_object_get(problem, "slug")), "outcome-before-onset") == 0;
    EQ_INT(before_onset, 34, "Go.Data: 34 outcomes before the onset are found");
    OK(json_find(json_object_get(doc, "notes"), "slug", "dates-too-old") != NULL,
       "Go.Data: samples of 2000 are set aside");
    OK(json_array_size(json_object_get(doc, "days")) < 1000,
       "Go.Data: and do not stretch the outbreak by twenty years");
    OK(json_at(json_find(json_object_get(json_object_get(doc, "totals"), "tasks"), "task", "check"), "overdue") > 0,
       "Go.Data: with a follow-up file unseen contacts are overdue");
    json_decref(doc);
}

static void test_ebola(void)
{
    if (!shared(0, "data/ebola_sim_linelist.csv") || !shared(1, "data/ebola_sim_contacts.csv")) return;
    char mapping[4096];
    RUN(LANG_EN, "--protocol", "ebola", "--mapping", tap_source("mappings/ebola-sim.yaml", mapping, sizeof mapping),
        path[0], path[1], "--json");
    json_t *doc = document("Ebola, simulated");
    if (doc == NULL) return;
    EQ_INT(json_at(doc, "totals.cases"), 5888, "Ebola: 5,888 cases");
    EQ_INT(json_at(doc, "totals.links"), 3800, "Ebola: 3,800 links");
    EQ_INT(json_at(doc, "chains.infectees"), 2161, "Ebola: 2,161 with an infector who is in the list");
    json_decref(doc);
}

// ---- an outbreak of our own, clean and with faults put in ----

static const struct cli_command generate_commands[] = {{"generate", LABEL("generates", "生成"), cli_generate}};

static bool generate(const char *folder, bool faults)
{
    char words[9][3200] = {"tongzhou", "generate", "outbreak", "--cases", "150", "--force", "--out"}, *argv[9];
    int argc = 8;
    (void)snprintf(words[7], sizeof words[7], "%s", folder);
    if (faults) (void)snprintf(words[argc++], sizeof words[8], "--faults");
    for (int i = 0; i < argc; i++) argv[i] = words[i];
    struct cli cli = {.out = tmpfile(), .err = tmpfile(), .program = "tongzhou"};
    if (cli.out == NULL || cli.err == NULL) abort();
    int code = cli_run(&cli, generate_commands, 1, argc, argv);
    (void)fclose(cli.out);
    (void)fclose(cli.err);
    return code == CLI_DONE;
}

static void file_of(int i, const char *folder, const char *name)
{
    (void)snprintf(path[i], sizeof path[i], "%s/%s.csv", folder, name);
}

static void test_generated(void)
{
    static const char *const files[] = {"linelist", "contacts", "followups", "labs", "truth", "faults"};
    char folder[] = "test_replay_outbreaks.XXXXXX", mapping[4096], readme[64];
    if (!OK(mkdtemp(folder) != NULL && generate(folder, false), "an outbreak is generated")) return;
    for (int i = 0; i < 6; i++) file_of(i, folder, files[i]);
    tap_source("mappings/generated.yaml", mapping, sizeof mapping);
    RUN(LANG_EN, "--protocol", "covid19-cn", "--mapping", mapping, path[0], path[1], "--followups", path[2], "--labs",
        path[3], "--json");
    json_t *clean = document("generated, clean");
    EQ_INT(json_at(clean, "totals.cases"), 150, "generated: all cases");
    EQ_INT(json_array_size(json_object_get(clean, "editions")), 1, "generated: within one edition");
    OK(generate(folder, true), "the same outbreak with faults");
    RUN(LANG_EN, "--protocol", "covid19-cn", "--mapping", mapping, path[0], path[1], "--json");
    EQ_INT(ran.code, CLI_FAULT, "faults: refused");
    json_t *doc = run_json();
    OK(schema_holds(schema, doc), "faults: the refusal is what the schema says");
    json_decref(doc);
    RUN(LANG_EN, "--protocol", "covid19-cn", "--mapping", mapping, path[0], path[1], "--followups", path[2], "--labs",
        path[3], "--keep-good-rows", "--json");
    doc = document("generated, faults left out");
    EQ_INT(json_at(doc, "totals.cases"), json_at(clean, "totals.cases"), "faults: the good rows are all the cases");
    EQ_INT(json_at(doc, "totals.contacts"), json_at(clean, "totals.contacts"), "faults: ... and contacts");
    OK(json_equal(json_object_get(json_object_get(doc, "chains"), "cases"),
                  json_object_get(json_object_get(clean, "chains"), "cases")),
       "faults: ... and chains");
    json_decref(doc);
    json_decref(clean);
    for (int i = 0; i < 6; i++) (void)unlink(path[i]);
    (void)snprintf(readme, sizeof readme, "%s/README.txt", folder);
    (void)unlink(readme);
    (void)rmdir(folder);
}

int main(void)
{
    char file[4096];
    schema = json_load_file(tap_source("docs/replay.schema.json", file, sizeof file), JSON_REJECT_DUPLICATES, NULL);
    if (!OK(schema != NULL, "the schema is JSON")) return tap_done();
    OK(!schema_holds(json_object_get(json_object_get(schema, "$defs"), "day"), json_null()), "the check can fail");
    test_mers();
    test_tianjin();
    test_godata();
    test_ebola();
    test_generated();
    json_decref(schema);
    free(ran.out);
    free(ran.err);
    return tap_done();
}
