// Imports: the files of other systems give the counts that were counted by hand, faults stand where they are, the same file
// again changes nothing, a changed one corrects, and what was read is always what was taken, there, or faulty.
#include "import_given.h"

#include "exchange/import_mapping.h"

static bool adds_up(const struct import_tally *t)
{
    return t->rows == t->taken + t->same + t->faulty;
}

static bool told(const struct given *g, const char *line)
{
    for (size_t i = 0; i < g->told_count; i++)
        if (strcmp(g->told[i], line) == 0) return true;
    return false;
}

static bool problem_is(const struct given *g, const char *slug)
{
    for (size_t i = 0; i < g->problems.count; i++)
        if (strcmp(g->problems.items[i].message->slug, slug) == 0) return true;
    return false;
}

static const struct person_record *person_named(const struct given *g, const char *name)
{
    for (size_t i = 0; i < g->kept_count; i++)
        if (g->kept[i].kind == COMMAND_PERSON && str_eq_z(g->person[i].name, name)) return &g->person[i];
    return NULL;
}

// "symptom@2019-11-18 classified@2019-11-21" of one person, in the order they were sent.
static const char *facts_of(const struct given *g, const struct person_record *p)
{
    static char text[1000];
    unsigned char uid[UID_BYTES];
    size_t n = 0;
    text[0] = 0;
    if (p == NULL || !uid_parse(p->uid, uid)) return "nobody";
    for (size_t i = 0; i < g->kept_count; i++) {
        if (g->kept[i].kind != COMMAND_FACT || memcmp(g->kept[i].subject_uid, uid, UID_BYTES) != 0) continue;
        char day[CIVIL_TEXT];
        civil_format(zone_day(&g->zone, g->kept[i].fact.happened), day);
        n += (size_t)snprintf(text + n, sizeof text - n, "%s%s@%s", n == 0 ? "" : " ",
                              words_at(WORDS_EVENT, g->kept[i].fact.kind)->name, day);
    }
    return text;
}

static tong_code run(struct given *g, const struct import_options *o)
{
    struct err err = {0};
    return import_run(o, &g->tally, &err);
}

static tong_code run_text(struct given *g, import_format format, import_table table, const char *text)
{
    struct import_options o = given_options(g, format);
    given_file(&o, "list.csv", NULL, text, table, NULL);
    return run(g, &o);
}

// ---- files of other systems ----

static void test_files(void)
{
    static const struct {
        const char *path;
        import_format format;
        const char *mapping;
        tong_code code;
        int64_t rows, taken, same, faulty, people, facts;
        const char *tells; // a problem of a row, or (without a blank) of the file
    } t[] = {
        // 5 cases with onset and report: onset, one class (none is said: suspected); line 2 measles ... line 6 monkeypox
        {"formats/sormas/sormas_import_test_line_listing.csv", IMPORT_SORMAS, NULL, TONG_OK, 5, 5, 0, 0, 5, 10,
         "columns-unknown"},
        // 5 cases with a report and an age; 12345 is no telephone number
        {"formats/sormas/sormas_import_test_success.csv", IMPORT_SORMAS, NULL, TONG_OK, 5, 5, 0, 0, 5, 10,
         "taken 3:0 phone-malformed"},
        // a column nobody knows, districts nobody has, and on line 6 a word for the outcome or class that nobody knows
        {"formats/sormas/sormas_import_test_failure.csv", IMPORT_SORMAS, NULL, TONG_OK, 5, 5, 0, 0, 5, 5,
         "columns-unknown"},
        // none, one and two samples beside class and age
        {"formats/sormas/sormas_case_import_test_samples.csv", IMPORT_SORMAS, NULL, TONG_OK, 3, 3, 0, 0, 3, 9,
         "taken 3:0 phone-malformed"},
        // contacts of cases that are not there
        {"formats/sormas/sormas_contact_import_test.csv", IMPORT_SORMAS, NULL, TONG_OK, 3, 0, 0, 3, 3, 0,
         "faulty 3:0 source-unknown"},
        {"formats/sormas/sormas_contact_import_test.csv", IMPORT_SORMAS, "import: contacts\nunknown_source: keep\n",
         TONG_OK, 3, 3, 0, 0, 3, 3, "taken 3:0 source-unknown-kept"},
        // ages and exposures to nobody the file names
        {"formats/sormas/sormas_case_contact_import_test_success.csv", IMPORT_SORMAS, NULL, TONG_OK, 5, 5, 0, 0, 5, 10,
         "columns-unknown"},
        {"formats/sormas/sormas_eventparticipant_import_test_success.csv", IMPORT_SORMAS, NULL, TONG_OK, 5, 5, 0, 0, 5,
         0, "columns-unknown"},
        {"formats/sormas/sormas_travelentry_import_test.csv", IMPORT_SORMAS, NULL, TONG_E_INVALID, 0, 0, 0, 0, 0, 0,
         "dates-order-unknown"},
        {"formats/sormas/sormas_travelentry_import_test.csv", IMPORT_SORMAS, "import: people\ndates: dmy\n", TONG_OK, 1,
         1, 0, 0, 1, 0, "columns-unknown"},
        {"formats/sormas/sormas_region_import_test_large_file_iso8859_1.csv", IMPORT_SORMAS, NULL, TONG_OK, 1000, 1000,
         0, 0, 0, 0, "encoding-guessed"},
        {"formats/simplereport/people-valid.csv", IMPORT_SIMPLEREPORT, NULL, TONG_OK, 1, 1, 0, 0, 1, 0,
         "columns-unknown"},
        {"formats/simplereport/people-alternateValues.csv", IMPORT_SIMPLEREPORT, NULL, TONG_OK, 1, 1, 0, 0, 1, 0,
         "taken 2:32 word-unknown"},
        {"formats/simplereport/people-duplicatePatients.csv", IMPORT_SIMPLEREPORT, NULL, TONG_OK, 2, 1, 1, 0, 1, 0,
         "columns-unknown"},
        {"formats/simplereport/people-malformed.csv", IMPORT_SIMPLEREPORT, NULL, TONG_OK, 4, 1, 0, 3, 1, 0,
         "faulty 2:179 csv-cells"},
        {"formats/simplereport/people-malformed.csv", IMPORT_SIMPLEREPORT, NULL, TONG_OK, 4, 1, 0, 3, 1, 0,
         "faulty 5:153 csv-cut-in-row"},
        {"formats/simplereport/people-missingHeaders.csv", IMPORT_SIMPLEREPORT, NULL, TONG_E_INVALID, 0, 0, 0, 0, 0, 0,
         "import-table-unknown"},
    };
    for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
        char path[4096];
        const char *name = strrchr(t[i].path, '/') + 1;
        if (tap_shared(t[i].path, path, sizeof path) == NULL) {
            tap_skip("%s is not there", t[i].path);
            continue;
        }
        struct given *g = given_open();
        struct err err = {0};
        struct import_mapping mapping;
        struct import_options o = given_options(g, t[i].format);
        if (t[i].mapping != NULL)
            OK(import_mapping_read(str_z(t[i].mapping), "mapping", &g->arena, &g->problems, &mapping, &err) == TONG_OK,
               "mapping");
        given_file(&o, name, path, "", IMPORT_TABLE_COUNT, t[i].mapping == NULL ? NULL : &mapping);
        EQ_INT(run(g, &o), t[i].code, "%s is read", name);
        bool good = g->tally.rows == t[i].rows && g->tally.taken == t[i].taken && g->tally.same == t[i].same &&
                    g->tally.faulty == t[i].faulty && g->tally.people_new == t[i].people &&
                    g->tally.facts == t[i].facts && adds_up(&g->tally);
        if (!OK(good, "%s: counts", name)) given_show(g);
        OK(strchr(t[i].tells, ' ') != NULL ? told(g, t[i].tells) : problem_is(g, t[i].tells), "%s tells %s", name,
           t[i].tells);
        // The same again, in the same store: nothing new, by count and by what the store was asked.
        int64_t before = g->commands - g->repeated;
        given_forget(g);
        (void)run(g, &o);
        EQ_INT(g->tally.taken, 0, "%s again: nothing is taken", name);
        OK(g->tally.same == t[i].taken + t[i].same && adds_up(&g->tally), "%s again: all of it is the same", name);
        OK(g->commands == g->repeated && before >= 0, "%s again: every command is a repeated one", name);
        given_close(g);
    }
}

static bool godata_files(struct import_options *o, char paths[7][4096])
{
    static const char *const names[] = {"locations",     "cases",     "contacts",   "events",
                                        "relationships", "followups", "lab_results"};
    for (size_t i = 0; i < 7; i++) {
        char relative[100];
        (void)snprintf(relative, sizeof relative, "formats/godata-trainingland/%s_clean.csv", names[i]);
        if (tap_shared(relative, paths[i], 4096) == NULL) return false;
        given_file(o, names[i], paths[i], "", IMPORT_TABLE_COUNT, NULL);
    }
    return true;
}

// Counted by hand: 3,965 places, of which GeorgiaN lies in itself with five rows below it, and 168 stand twice alike; 56 cases;
// 66 contacts, 6 of whom are cases too; 7 gatherings; 100 links, of which one leads to a gathering; 437 visits, 326 of them
// planned only; 40 samples.
static void test_godata(void)
{
    struct given *g = given_open();
    struct import_options o = given_options(g, IMPORT_GODATA);
    static char paths[7][4096];
    if (!godata_files(&o, paths)) {
        tap_skip("the training folder is not there");
        given_close(g);
        return;
    }
    EQ_INT(run(g, &o), TONG_OK, "the folder is read");
    const struct import_tally *t = &g->tally;
    EQ_INT(t->table_rows[IMPORT_PLACES], 3965, "places");
    EQ_INT(t->table_rows[IMPORT_CASES], 56, "cases");
    EQ_INT(t->table_rows[IMPORT_CONTACTS], 66, "contacts");
    EQ_INT(t->table_rows[IMPORT_LINKS], 100, "links");
    EQ_INT(t->table_rows[IMPORT_FOLLOWUPS], 437, "visits");
    EQ_INT(t->table_rows[IMPORT_LABS], 40, "results");
    EQ_INT(t->table_rows[IMPORT_GATHERINGS], 7, "gatherings");
    EQ_INT(t->people_new, 116, "56 cases and 60 contacts who are no case");
    EQ_INT(t->faulty, 6, "six places without a place above them");
    EQ_INT(t->same, 168 + 326 + 1, "repeated places, planned visits, a link to a gathering");
    OK(adds_up(t), "read = taken + same + faulty");
    given_forget(g);
    EQ_INT(run(g, &o), TONG_OK, "again");
    EQ_INT(t->taken, 0, "again: nothing new");
    EQ_INT(t->faulty, 6, "again: the same faults");
    given_close(g);
}

static void test_godata_facts(void)
{
    static char paths[7][4096];
    struct given *g = given_open();
    struct import_options all = given_options(g, IMPORT_GODATA), o = given_options(g, IMPORT_GODATA);
    if (!godata_files(&all, paths)) {
        tap_skip("the training folder is not there");
        given_close(g);
        return;
    }
    for (size_t i = 1; i < 7; i++) o.file[o.file_count++] = all.file[i];
    EQ_INT(run(g, &o), TONG_OK, "all but the places");
    EQ_INT(given_count(g, EVENT_CONTACT_NAMED), 86, "cases name 65 contacts and 21 cases");
    EQ_INT(given_count(g, EVENT_SEEN_WELL), 90, "seen well");
    EQ_INT(given_count(g, EVENT_NOT_SEEN), 10, "missed");
    EQ_INT(given_count(g, EVENT_SEEN_ILL), 6, "seen ill");
    EQ_INT(given_count(g, EVENT_NOT_ATTEMPTED), 5, "not attempted");
    int64_t exposed = 0, gathered = 0;
    for (size_t i = 0; i < g->kept_count; i++) {
        if (g->kept[i].kind != COMMAND_FACT || g->kept[i].fact.kind != EVENT_EXPOSED) continue;
        exposed++;
        gathered += str_starts(g->kept[i].note, "gathering: ");
    }
    EQ_INT(gathered, 13, "13 were infected at a gathering");
    OK(exposed >= gathered, "exposures without a link are of contacts whom nobody named");
    given_close(g);
}

// ---- rows ----

static void test_case(void)
{
    static const char list[] = "编号,姓名,性别,出生日期,身份证号,联系电话,现住址,发病日期,采样日期,确诊日期,报告日期,"
                               "病例分类,入院日期,出院日期,转归,备用\n"
                               "001,王小明,男,1990-01-02,11010519491231002X,13912345678,幸福路1号,2022-03-01,2022-03-"
                               "03,2022-03-04,2022-03-03,确诊,2022-03-04,2022-03-18,治愈,x\n"
                               "002,欧阳丽,女,1985/6/7,,,,,,,2022-03-05,无症状,,,,\n"
                               "003,,女,,,,,,,,,确诊,,,,\n"
                               "001,李四,男,,,,,,,,2022-03-06,确诊,,,,\n"
                               "005,王小明,男,1990-02-01,,13912345678,,,,,2022-03-06,疑似,,,,\n";
    struct given *g = given_open();
    struct import_options o = given_options(g, IMPORT_LIST);
    o.duplicates = duplicate_index_open();
    given_file(&o, "病例.csv", NULL, list, IMPORT_TABLE_COUNT, NULL);
    EQ_INT(run(g, &o), TONG_OK, "a Chinese list");
    const struct person_record *p = person_named(g, "王小明");
    OK(p != NULL && str_eq_z(p->outside_id, "001") && str_eq_z(p->document_kind, "id_card") && p->sex == PERSON_MALE,
       "leading zeros stay; the kind of document is seen");
    EQ_TEXT(facts_of(g, p),
            "symptom@2022-03-01 sampled@2022-03-03 result@2022-03-03 classified@2022-03-03 classified@2022-03-04 "
            "admitted@2022-03-04 "
            "discharged@2022-03-18 clinician_release@2022-03-18",
            "the facts of a whole case");
    OK(person_named(g, "欧阳丽") != NULL, "the second");
    OK(told(g, "faulty 4:0 case-undated"), "no date at all");
    OK(told(g, "faulty 5:0 id-twice"), "a number used twice");
    OK(told(g, "taken 6:0 duplicate-probable") && g->pair_count == 1,
       "same name and telephone, day and month swapped: probably the first");
    OK((g->pair[0].reasons & DUPLICATE_BORN_SWAPPED) != 0 && (g->pair[0].reasons & DUPLICATE_PHONE) != 0,
       "with the reasons");
    OK(problem_is(g, "columns-unknown"), "a column nobody knows is told");
    OK(adds_up(&g->tally) && g->tally.faulty == 2 && g->tally.taken == 3, "counts");
    duplicate_index_close(o.duplicates);
    given_close(g);
}

// The other system changed two dates: facts are corrected, as the next version of the same statement.
static void test_correction(void)
{
    static const char one[] = "id,name,onset,reported,class\nA,Ann Lee,2022-03-01,2022-03-03,confirmed\n";
    static const char two[] = "id,name,onset,reported,class\nA,Ann Lee,2022-03-02,2022-03-03,confirmed\n";
    struct given *g = given_open();
    EQ_INT(run_text(g, IMPORT_LIST, IMPORT_CASES, one), TONG_OK, "first");
    int64_t first = g->tally.facts;
    given_forget(g);
    EQ_INT(run_text(g, IMPORT_LIST, IMPORT_CASES, two), TONG_OK, "with another onset");
    EQ_INT(g->tally.taken, 1, "the row changed something");
    OK(first == 3 && g->kept_count == 1 && g->kept[0].fact.kind == EVENT_SYMPTOM &&
           !uid_is_none(g->kept[0].replaces_uid),
       "one fact, which corrects the one before");
    given_forget(g);
    EQ_INT(run_text(g, IMPORT_LIST, IMPORT_CASES, two), TONG_OK, "the same again");
    OK(g->tally.same == 1 && g->kept_count == 0, "the correction is there already");
    given_close(g);
}

static void test_contacts(void)
{
    static const char cases[] = "id,name,onset,reported,class,infector\nC1,Ann,2022-03-05,2022-03-06,confirmed,C2\nC2,"
                                "Bob,2022-03-01,2022-03-02,confirmed,\n";
    static const char contacts[] =
        "id,name,case_of,last_contact,reported,status,kind\nK1,Cy,C1,2022-03-05,2022-03-07,lost,household\n"
        "K2,Di,C1; C2,2022-03-05,2022-03-07,,\nK3,Ed,C9,2022-03-05,2022-03-07,,\nK4,Flo,,2022-03-04,2022-03-07,,\n"
        "K1,Cy,C2,2022-03-02,2022-03-07,lost,household\n";
    struct given *g = given_open();
    struct import_options o = given_options(g, IMPORT_LIST);
    given_file(&o, "contacts.csv", NULL, contacts, IMPORT_CONTACTS, NULL); // before the cases: order does not matter
    given_file(&o, "cases.csv", NULL, cases, IMPORT_CASES, NULL);
    EQ_INT(run(g, &o), TONG_OK, "contacts and cases");
    OK(told(g, "faulty 4:0 source-unknown") && told(g, "faulty 4:0 row-who-only"),
       "a case nobody has: told, with what was done");
    EQ_INT(given_count(g, EVENT_CONTACT_NAMED), 5, "C2 names C1; C1 and C2 name K1 and K2");
    EQ_INT(given_count(g, EVENT_EXPOSED), 1, "K4 was exposed to nobody named");
    OK(adds_up(&g->tally) && g->tally.rows == 7 && g->tally.faulty == 1, "counts");
    given_close(g);
}

// ---- the file as a whole ----

static void test_whole(void)
{
    static const struct {
        const char *row, *text;
        tong_code code;
        const char *tells;
    } t[] = {
        {"an empty file", "", TONG_E_INVALID, "file-empty"},
        {"only a header", "id,name,onset\n", TONG_E_INVALID, "file-no-rows"},
        {"a header twice", "id,name,onset,onset,reported\nA,Ann,2022-03-01,2022-03-09,2022-03-02\n", TONG_OK,
         "column-twice"},
        {"a workbook", "PK\003\004", TONG_E_INVALID, "file-xlsx"},
        {"a zip of anything", "PK\003\004xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", TONG_E_INVALID, "file-xlsx"},
        {"gzip", "\037\213\010\001\002\003\004\005", TONG_E_INVALID, "file-compressed"},
        {"dates nobody can order", "id,name,onset,reported\nA,Ann,03/04/2022,03/05/2022\n", TONG_E_INVALID,
         "dates-order-unknown"},
        {"dates that contradict", "id,name,onset\nA,Ann,13/04/2022\nB,Bob,04/13/2022\n", TONG_E_INVALID,
         "dates-order-mixed"},
        {"one column tells for the others", "id,name,onset,reported\nA,Ann,03/04/2022,23/05/2022\n", TONG_OK,
         "dates-order-by-others"},
        {"nothing of a case", "a,b,c\n1,2,3\n", TONG_E_INVALID, "import-table-other"},
        {"a mark in front", "\357\273\277id,name,onset,reported\nA,Ann,2022-03-01,2022-03-02\n", TONG_OK,
         "columns-suggested"},
    };
    for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
        struct given *g = given_open();
        EQ_INT(run_text(g, IMPORT_LIST, IMPORT_CASES, t[i].text), t[i].code, "%s", t[i].row);
        if (!OK(problem_is(g, t[i].tells), "%s: %s", t[i].row, t[i].tells)) given_show(g);
        OK(t[i].code == TONG_OK || g->commands == 0, "%s: nothing recorded", t[i].row);
        given_close(g);
    }
}

static void test_quotes_and_cells(void)
{
    struct given *g = given_open();
    char *list = malloc(200000);
    if (list == NULL) abort();
    int n = snprintf(list, 200000,
                     "id,name,onset,reported\nA,Ann,2022-03-01,2022-03-02\nB,\"Bob,2022-03-01,2022-03-02\nC,Cy "
                     "\"x\",2022-03-01,2022-03-02\nD,");
    memset(list + n, 'd', 70000);
    (void)snprintf(list + n + 70000, 1000,
                   ",2022-03-01,2022-03-02\nE,Ed,31/02/"
                   "2022,2022-03-02\nF,\xff\xfe,2022-03-01,2022-03-02\nG,Gil,2022-03-01,2022-03-02,9,9\nH,Hal,2022-03-"
                   "01,2022-03-02\n");
    struct import_options o = given_options(g, IMPORT_LIST);
    struct import_mapping utf8 = import_mapping_none();
    utf8.encoding = ENCODING_UTF8;
    given_file(&o, "list.csv", NULL, list, IMPORT_CASES, &utf8);
    EQ_INT(run(g, &o), TONG_OK, "a file with every kind of fault");
    OK(g->tally.rows == 8 && g->tally.taken == 2 && g->tally.faulty == 6 && adds_up(&g->tally),
       "each spoils its own row");
    OK(told(g, "faulty 3:3 csv-quote-unclosed") && told(g, "faulty 4:6 csv-quote-stray"), "quotes");
    OK(told(g, "faulty 5:3 csv-cell-long") && told(g, "faulty 7:3 csv-bad-byte") && told(g, "faulty 8:29 csv-cells"),
       "cells");
    OK(told(g, "faulty 6:6 date-impossible"), "31 February");
    free(list);
    given_close(g);
}

static void test_masked(void)
{
    struct given *g = given_open();
    EQ_INT(run_text(g, IMPORT_SIMPLEREPORT, IMPORT_PEOPLE, "last_name,first_name,date_of_birth\nDoe,Jane,13/45/1980\n"),
           TONG_OK, "an impossible birth");
    EQ_INT(g->tally.faulty, 1, "is a fault");
    struct arena arena = {0};
    EQ_TEXT(import_masked(STR("1980-45-13"), RECORD_PERSONAL, &arena), "1***", "a personal value is hidden");
    EQ_TEXT(import_masked(STR("王小明"), RECORD_IDENTITY, &arena), "王***", "whole characters");
    EQ_TEXT(import_masked(STR("CORONA"), RECORD_INTERNAL, &arena), "CORONA", "others are shown");
    arena_free(&arena);
    given_close(g);
}

static void test_stop(void)
{
    struct given *g = given_open();
    struct sink list = {0};
    sink_text(&list, "id,name,onset,reported\n");
    for (int i = 0; i < 2000; i++) sink_printf(&list, "P%d,Name %d,2022-03-01,2022-03-02\n", i, i);
    g->stop_after = 600;
    EQ_INT(run_text(g, IMPORT_LIST, IMPORT_CASES, sink_kept(&list).p), TONG_E_CONFLICT, "stopped on the way");
    OK(g->tally.rows >= 600 && g->tally.rows < 2000 && adds_up(&g->tally), "what was done is counted");
    int64_t done = g->tally.taken;
    g->stop_after = 0;
    given_forget(g);
    EQ_INT(run_text(g, IMPORT_LIST, IMPORT_CASES, sink_kept(&list).p), TONG_OK, "begun again");
    OK(g->tally.same == done && g->tally.taken == 2000 - done, "goes on where it was");
    sink_close(&list);
    given_close(g);
}

static void test_encodings(void)
{
    // 王,李 in GB18030
    static const char gb[] = "id,\xD0\xD5\xC3\xFB,onset,reported\nA,\xCD\xF5\xD0\xA1\xC3\xF7,2022-03-01,2022-03-02\nB,"
                             "\xC0\xEE\xCB\xC4,2022-03-01,2022-03-02\n";
    struct given *g = given_open();
    struct import_mapping m = import_mapping_none();
    m.encoding = ENCODING_GB18030;
    struct import_options o = given_options(g, IMPORT_LIST);
    given_file(&o, "gb.csv", NULL, gb, IMPORT_CASES, &m);
    EQ_INT(run(g, &o), TONG_OK, "GB18030");
    OK(person_named(g, "王小明") != NULL && person_named(g, "李四") != NULL, "names as written");
    given_close(g);
    g = given_open();
    static const char wide[] = "\xff\xfei\0d\0,\0n\0a\0m\0e\0,\0o\0n\0s\0e\0t\0\n\0A\0,\0\x8b\x73,\0"
                               "2\0"
                               "0\0"
                               "2\0"
                               "2\0"
                               "-\0"
                               "0\0"
                               "3\0"
                               "-\0"
                               "0\0"
                               "1\0\n\0";
    struct import_options w = given_options(g, IMPORT_LIST);
    w.file[w.file_count++] = (struct import_file){{"wide.csv", NULL, {wide, sizeof wide - 1}}, IMPORT_CASES, NULL};
    EQ_INT(run(g, &w), TONG_OK, "UTF-16");
    OK(problem_is(g, "encoding-utf16") && person_named(g, "王") != NULL, "is read, and said");
    given_close(g);
}

// ---- mappings ----

static void test_mapping(void)
{
    static const char text[] =
        "import: cases\nname: our county\nsource: county\ndates: dmy\ndelimiter: semicolon\nunknown_columns: note\n"
        "columns:\n  Nr: id\n  Wann: onset\n  Ort: note\n  Egal: ignore\nwords:\n  sex:\n    Herr: male\n    Frau: "
        "female\n"
        "  class:\n    bestätigt: confirmed\n";
    struct given *g = given_open();
    struct err err = {0};
    struct import_mapping m, again;
    OK(import_mapping_read(str_z(text), "m", &g->arena, &g->problems, &m, &err) == TONG_OK, "read");
    struct import_fields fields;
    import_fields_build(m.table, &fields);
    struct sink one = {0}, two = {0};
    import_mapping_write(&m, &fields, NULL, &one);
    OK(import_mapping_read(sink_kept(&one), "m", &g->arena, &g->problems, &again, &err) == TONG_OK,
       "what is written can be read");
    import_mapping_write(&again, &fields, NULL, &two);
    EQ_TEXT(sink_kept(&two).p, sink_kept(&one).p, "and says the same");
    struct import_options o = given_options(g, IMPORT_LIST);
    given_file(&o, "k.csv", NULL,
               "Nr;Name;Anrede;sex;Wann;reported;class;Ort;Egal;Fremd\n7;Eva;x;Frau;03/04/2022;05/04/"
               "2022;bestätigt;Bonn;y;z\n",
               IMPORT_TABLE_COUNT, &m);
    EQ_INT(run(g, &o), TONG_OK, "a file by this mapping");
    const struct person_record *p = person_named(g, "Eva");
    OK(p != NULL && p->sex == PERSON_FEMALE && str_eq_z(p->outside_source, "county"), "its words and its source");
    EQ_TEXT(facts_of(g, p), "symptom@2022-04-03 result@2022-04-05 classified@2022-04-05", "its order of dates");
    OK(g->kept_count > 1 && g->kept[1].kind == COMMAND_FACT &&
           str_eq_z(g->kept[1].note, "Anrede: x; Ort: Bonn; Fremd: z"),
       "unknown columns are kept in the note");
    static const struct {
        const char *text, *slug;
    } bad[] = {
        {"columns: {a: id}\n", "mapping-table-missing"},
        {"import: cases\ncolumns: {a: onzet}\n", "mapping-field-unknown"},
        {"import: cases\ndates: ymd\n", "mapping-value"},
        {"import: cases\nwurst: 1\n", "mapping-key-unknown"},
        {"import: cases\nwords: {sex: {x: y}}\n", "mapping-word-unknown"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        g->problems.count = g->problems.errors = 0;
        EQ_INT(import_mapping_read(str_z(bad[i].text), "m", &g->arena, &g->problems, &m, &err), TONG_E_INVALID,
               "refused: %s", bad[i].slug);
        OK(problem_is(g, bad[i].slug), "%s", bad[i].slug);
    }
    char path[4096];
    static char example[8192];
    FILE *f = fopen(tap_source("mappings/import-example.yaml", path, sizeof path), "rb");
    size_t n = f == NULL ? 0 : fread(example, 1, sizeof example, f);
    if (f != NULL) (void)fclose(f);
    g->problems.count = g->problems.errors = 0;
    OK(n > 0 && import_mapping_read((struct str){example, n}, "example", &g->arena, &g->problems, &m, &err) == TONG_OK,
       "the example that is shipped");
    sink_close(&one);
    sink_close(&two);
    given_close(g);
}

// Days and times are of the zone that the mapping names.
static void test_zone(void)
{
    struct given *g = given_open();
    struct import_mapping m = import_mapping_none();
    m.zone = "UTC+8";
    struct import_options o = given_options(g, IMPORT_LIST);
    given_file(&o, "z.csv", NULL, "id,name,onset,reported\nA,Ann,2022-03-01 06:00,2022-03-02\n", IMPORT_CASES, &m);
    EQ_INT(run(g, &o), TONG_OK, "a mapping with a zone");
    EQ_INT(given_count(g, EVENT_SYMPTOM), 1, "an onset");
    for (size_t i = 0; i < g->kept_count; i++)
        if (g->kept[i].kind == COMMAND_FACT && g->kept[i].fact.kind == EVENT_SYMPTOM)
            EQ_INT(g->kept[i].fact.happened.s, 1646085600, "six in the morning there is 22:00 UTC of the day before");
    given_close(g);
}

// Go.Data's exports by property and by label, with their [n].
static void test_godata_headers(void)
{
    static const char property[] =
        "visualId,firstName,lastName,gender,dob,documents[0].type,documents[0].number,classification,dateOfReporting,"
        "dateOfOnset,outcomeId,dateRanges[0].typeId,dateRanges[0].startDate,dateRanges[0].endDate,"
        "vaccinesReceived[0].vaccine,vaccinesReceived[0].date,vaccinesReceived[1].vaccine,vaccinesReceived[1].date\n"
        "C-1,Ada,Byron,LNG_REFERENCE_DATA_CATEGORY_GENDER_FEMALE,1990-02-03T00:00:00.000Z,passport,X12,"
        "LNG_REFERENCE_DATA_CATEGORY_CASE_CLASSIFICATION_CONFIRMED,2022-03-02T00:00:00.000Z,2022-03-01T00:00:00.000Z,"
        "LNG_REFERENCE_DATA_OUTCOME_RECOVERED,LNG_..._HOSPITALIZATION,2022-03-03,2022-03-09,A,2021-05-01,B,2021-08-"
        "01\n";
    static const char label[] =
        "Case ID,First name,Last name,Gender,Date of birth,Document number [1],Classification,Date of reporting,Date "
        "of onset,"
        "Vaccines received Vaccine [1],Vaccines received Vaccine [2],Vaccines received Vaccine date [1],Vaccines "
        "received Vaccine date [2]\n"
        "C-1,Ada,Byron,Female,1990-02-03,X12,Confirmed,2022-03-02,2022-03-01,A,B,2021-05-01,2021-08-01\n";
    const char *const files[] = {property, label};
    for (size_t i = 0; i < 2; i++) {
        struct given *g = given_open();
        EQ_INT(run_text(g, IMPORT_GODATA, IMPORT_CASES, files[i]), TONG_OK, "headers by %s",
               i == 0 ? "property" : "label");
        const struct person_record *p = person_named(g, "Ada Byron");
        OK(p != NULL && str_eq_z(p->document, "X12") && p->sex == PERSON_FEMALE && p->born.d != CIVIL_DAY_NONE,
           "the person");
        EQ_INT(given_count(g, EVENT_VACCINATED), 2, "two vaccinations");
        EQ_INT(given_count(g, EVENT_ADMITTED), i == 0 ? 1 : 0, "a stay in hospital");
        bool notes = false;
        for (size_t k = 0; k < g->kept_count; k++) {
            char day[CIVIL_TEXT];
            if (g->kept[k].kind != COMMAND_FACT || g->kept[k].fact.kind != EVENT_VACCINATED) continue;
            civil_format(zone_day(&g->zone, g->kept[k].fact.happened), day);
            if (strcmp(day, "2021-08-01") == 0) notes = str_eq_z(g->kept[k].note, "B");
        }
        OK(notes, "the second vaccine belongs to the second date");
        given_close(g);
    }
}

int main(void)
{
    test_files();
    test_godata();
    test_godata_facts();
    test_case();
    test_correction();
    test_contacts();
    test_whole();
    test_quotes_and_cells();
    test_masked();
    test_stop();
    test_encodings();
    test_mapping();
    test_zone();
    test_godata_headers();
    return tap_done();
}
