// Line lists: good files in every dress, bad ones with each fault told by line and column and the good rows kept, what a
// case says against itself, when facts became known, and memory that runs out.
#include "linelist_given.h"

#define HEAD "id,sex,onset,report_date\n"

// ---- one file in every dress ----

static void test_dresses(void)
{
    static const struct {
        const char *what;
        struct str text;
    } rows[] = {
        {"plain", T("id,sex,onset,report_date\nA,m,2020-06-28,2020-07-01\nB,f,,2020-07-02\n")},
        {"CRLF", T("id,sex,onset,report_date\r\nA,m,2020-06-28,2020-07-01\r\nB,f,,2020-07-02\r\n")},
        {"CR", T("id,sex,onset,report_date\rA,m,2020-06-28,2020-07-01\rB,f,,2020-07-02")},
        {"a mark in front", T("\xEF\xBB\xBFid,sex,onset,report_date\nA,m,2020-06-28,2020-07-01\nB,f,,2020-07-02\n")},
        {"semicolons", T("id;sex;onset;report_date\nA;m;2020-06-28;2020-07-01\nB;f;;2020-07-02\n")},
        {"tabs", T("id\tsex\tonset\treport_date\nA\tm\t2020-06-28\t2020-07-01\nB\tf\t\t2020-07-02\n")},
        {"quotes", T("\"id\",\"sex\",\"onset\",\"report_date\"\n\"A\",\"m\",\"2020-06-28\",\"2020-07-01\"\n\"B\",\"f\","
                     "\"\",\"2020-07-02\"\n")},
        {"blanks", T("id , sex , onset , report_date\n A , m , 2020-06-28 , 2020-07-01 \n B , f , , 2020-07-02 \n")},
        {"empty rows of a spreadsheet",
         T("id,sex,onset,report_date\nA,m,2020-06-28,2020-07-01\n,,,\nB,f,,2020-07-02\n,,,\n,,\n")},
        {"day first", T("id,sex,onset,report_date\nA,m,28/06/2020,01/07/2020\nB,f,,13/07/2020\n")},
        {"month first", T("id,sex,onset,report_date\nA,m,06/28/2020,07/01/2020\nB,f,,07/13/2020\n")},
        {"dots", T("id,sex,onset,report_date\nA,m,28.06.2020,1.7.2020\nB,f,,13.7.2020\n")},
        {"Chinese dates", T("编号,性别,发病日期,报告日期\nA,男,2020年6月28日,2020年7月1日\nB,女,,2020年7月2日\n")},
        {"Excel days", T("id,sex,onset,report_date\nA,m,44010,44013\nB,f,,44014\n")},
        {"R and Go.Data", T("id,sex,onset,report_date\nA,m,2020-06-28T00:00:00.000Z,2020-07-01T00:00:00.000Z\nB,f,NA,"
                            "2020-07-02T00:00:00.000Z\n")},
        {"GB18030",
         T("\xB1\xE0\xBA\xC5,\xD0\xD4\xB1\xF0,\xB7\xA2\xB2\xA1\xC8\xD5\xC6\xDA,\xB1\xA8\xB8\xE6\xC8\xD5\xC6\xDA\n"
           "A,\xC4\xD0,2020-06-28,2020-07-01\nB,\xC5\xAE,,2020-07-02\n")},
        {"UTF-16", T("\xFF\xFEi\0d\0,\0s\0e\0x\0,\0o\0n\0s\0e\0t\0,\0r\0e\0p\0o\0r\0t\0_\0d\0a\0t\0e\0\n\0"
                     "A\0,\0m\0,\0"
                     "2\0"
                     "0\0"
                     "2\0"
                     "0\0-\0"
                     "0\0"
                     "6\0-\0"
                     "2\0"
                     "8\0,\0"
                     "2\0"
                     "0\0"
                     "2\0"
                     "0\0-\0"
                     "0\0"
                     "7\0-\0"
                     "0\0"
                     "1\0\n\0"
                     "B\0,\0f\0,\0,\0"
                     "2\0"
                     "0\0"
                     "2\0"
                     "0\0-\0"
                     "0\0"
                     "7\0-\0"
                     "0\0"
                     "2\0\n\0")},
        {"an entity row above", T("CaseData,CaseData,CaseData,CaseData\nid,sex,onset,report_date\nA,m,2020-06-28,2020-"
                                  "07-01\nB,f,,2020-07-02\n")},
        {"captions",
         T("## cases\nid,sex,onset,report_date\n##id,sex,onset,day\nA,m,2020-06-28,2020-07-01\nB,f,,2020-07-02\n")},
        {"columns in another order",
         T("report_date,name,onset,sex,id\n2020-07-01,x,2020-06-28,MALE,A\n2020-07-02,y,,FEMALE,B\n")},
    };
    civil_day onset = {CIVIL_DAY_NONE};
    if (!civil_parse(STR("2020-06-28"), &onset)) abort();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct result r;
        char shown[2000];
        result_read(&r, &(struct given){.text = {rows[i].text}});
        EQ_INT(r.code, TONG_OK, "%s", rows[i].what);
        if (r.code == TONG_OK) {
            bool good = r.list.case_count == 2 && str_eq_z(r.list.cases[0].id, "A") &&
                        str_eq_z(r.list.cases[1].id, "B") && r.list.cases[0].sex == LINE_MALE &&
                        r.list.cases[1].sex == LINE_FEMALE && r.list.cases[0].when[LINE_ONSET].day.d == onset.d &&
                        r.list.cases[0].when[LINE_ONSET].at.s == INT64_MIN &&
                        r.list.cases[0].when[LINE_REPORTED].day.d == onset.d + 3 &&
                        r.list.cases[1].when[LINE_ONSET].day.d == CIVIL_DAY_NONE;
            OK(good, "%s: two cases as they are", rows[i].what);
            bool guessed = r.list.table[LINE_TABLE_CASES].encoding.percent < 95;
            const char *got = result_shown(&r, shown);
            EQ_TEXT(got, guessed ? "encoding-guessed@ca:0:0" : "", "%s: and nothing to complain of", rows[i].what);
        } else {
            problem_print_all(&r.problems, LANG_EN, stdout);
        }
        arena_free(&r.arena);
    }
}

// ---- bad files ----

static void test_bad_cases(void)
{
    static const struct {
        const char *what;
        struct str text;
        const char *problems;
        int64_t kept; // cases with keep_good_rows; -1: nothing can be kept
    } rows[] = {
        {"an empty file", T(""), "file-empty@ca:0:0", -1},
        {"only blanks", T("\n\n  \n"), "file-empty@ca:0:0", -1},
        {"only a header", T(HEAD), "file-no-cases@ca:1:0", -1},
        {"an Excel workbook", T("PK\x03\x04\x14\0\x06\0abcdef"), "file-xlsx@ca:0:0", -1},
        {"bytes", T("\x01\x02\x03\x04\x05\x06\0\0\0\0abc\n\n"), "file-binary@ca:0:0", -1},
        {"no column for the identifier", T("name,onset\nx,2020-01-02\n"), "column-required@ca:1:0", -1},
        {"a header with a stray quote", T("id,o\"nset\nA,2020-01-02\n"),
         "csv-quote-stray@ca:1:5 header-unreadable@ca:1:5", -1},
        {"an impossible date", T(HEAD "A,m,2022-02-30,2022-03-01\nB,f,2022-02-28,2022-03-01\n"),
         "date-impossible@ca:2:5", 1},
        {"the 31st of April, day first", T(HEAD "A,m,31/04/2022,28/05/2022\nB,f,30/04/2022,28/05/2022\n"),
         "date-impossible@ca:2:5", 1},
        {"words for a date", T(HEAD "A,m,last week,2022-03-01\nB,f,2022-02-28,2022-03-01\n"), "date-unreadable@ca:2:5",
         1},
        {"a year of two digits", T(HEAD "A,m,28/02/22,2022-03-01\nB,f,2022-02-28,2022-03-01\n"),
         "date-short-year@ca:2:5", 1},
        {"an impossible time", T(HEAD "A,m,2022-02-27 25:00,2022-03-01\nB,f,2022-02-28,2022-03-01\n"),
         "date-time-impossible@ca:2:5", 1},
        {"dates nobody can know the order of", T(HEAD "A,m,03/04/2022,2022-05-01\nB,f,05/06/2022,2022-07-01\n"),
         "dates-order-unknown@ca:2:5", -1},
        {"dates in both orders", T(HEAD "A,m,28/04/2022,2022-05-01\nB,f,05/28/2022,2022-07-01\n"),
         "dates-order-mixed@ca:2:0", -1},
        {"an identifier twice", T(HEAD "A,m,,\nB,f,,\nA,m,,\nB,f,,\n"), "id-twice@ca:4:0 id-twice@ca:5:0", 2},
        {"no identifier", T(HEAD "A,m,,\n,f,,\n  ,f,,\nC,f,,\n"), "id-empty@ca:3:1 id-empty@ca:4:1", 2},
        {"too many cells", T(HEAD "A,m,,,\nB,f,,\n"), "csv-cells@ca:2:7", 1},
        {"too few cells", T(HEAD "A,m\nB,f,,\n"), "csv-cells@ca:2:3", 1},
        {"a stray quote", T(HEAD "A,m\"x,,\nB,f,,\n"), "csv-quote-stray@ca:2:4", 1},
        {"a quote left open", T(HEAD "A,\"m,,\nB,f,,\nC,f,,\n"), "csv-cut-in-quote@ca:2:3", 2},
        {"a quote closed by another row's", T(HEAD "A,\"m,,\nB,\"f\",,\nC,f,,\n"), "csv-quote-unclosed@ca:2:3", 2},
        {"cut off inside quotes", T(HEAD "A,m,,\nB,\"f"), "csv-cut-in-quote@ca:3:3", 1},
        {"cut off in a row", T(HEAD "A,m,,2020-01-01\nB,f,2020"), "csv-cut-in-row@ca:3:5", 1},
        {"cut off inside a character", T(HEAD "A,男,,\nB,女,,\nC,男,,\nD,\xE5\xA5"),
         "encoding-guessed@ca:0:0 csv-cut-short@ca:5:3", 3},
        {"a NUL", T(HEAD "A,m\0,,\nB,f,,\n"), "csv-nul@ca:2:4", 1},
        {"a bad byte", T(HEAD "A,男,,\nB,女,,\nC,\xFF,,\nD,女,,\n"), "encoding-guessed@ca:0:0 csv-bad-byte@ca:4:3", 3},
        {"several at once, in the order of the file", T(HEAD "A,m,2022-02-30,\nA,f,,\n,f,,\nA,m,,\nB,m\"m,,\n"),
         "date-impossible@ca:2:5 id-empty@ca:4:1 id-twice@ca:5:0 csv-quote-stray@ca:6:4", 1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct result r;
        char shown[2000];
        struct given g = {.text = {rows[i].text}};
        result_read(&r, &g);
        EQ_INT(r.code, TONG_E_INVALID, "%s is refused", rows[i].what);
        EQ_TEXT(result_shown(&r, shown), rows[i].problems, "%s: told", rows[i].what);
        EQ_INT((int64_t)r.list.case_count, 77, "%s: the output is untouched", rows[i].what);
        for (size_t k = 0; k < r.problems.count; k++)
            for (int language = 0; language < LANG_COUNT; language++) {
                const struct problem *p = &r.problems.items[k];
                const char *text = problem_text(p, (lang)language, &r.arena);
                CHECK(text != NULL && text[0] != 0 && strstr(text, "{1}") == NULL, "%s in language %d",
                      p->message->slug, language);
                CHECK(p->message->severity != PROBLEM_ERROR || p->message->remedy.text[language][0] != 0,
                      "%s has a remedy", p->message->slug);
            }
        arena_free(&r.arena);
        g.options.keep_good_rows = true;
        result_read(&r, &g);
        EQ_INT(r.code, rows[i].kept < 0 ? TONG_E_INVALID : TONG_OK, "%s, keeping good rows", rows[i].what);
        if (rows[i].kept >= 0) EQ_INT((int64_t)r.list.case_count, rows[i].kept, "%s: kept", rows[i].what);
        const struct line_table_count *t = &r.list.table[LINE_TABLE_CASES];
        if (rows[i].kept >= 0) EQ_INT(t->rows - t->left_out, rows[i].kept, "%s: counted", rows[i].what);
        arena_free(&r.arena);
    }
}

static void test_wrong_encoding(void)
{
    static const struct str gb = T("id,sex,onset\nA,\xC4\xD0,2020-06-28\nB,\xD6\xD0,2020-06-29\nC,m,2020-06-30\n");
    struct result r;
    char shown[2000];
    struct given g = {.text = {gb}, .options = {.encoding = ENCODING_UTF8, .keep_good_rows = true}};
    result_read(&r, &g);
    EQ_INT(r.code, TONG_OK, "GB18030 read as UTF-8 by order");
    EQ_TEXT(result_shown(&r, shown), "csv-bad-byte@ca:2:3 csv-bad-byte@ca:3:3",
            "each row says which byte does not belong");
    EQ_INT((int64_t)r.list.case_count, 1, "the row of ASCII is kept");
    EQ_TEXT(r.problems.items[1].arg[1], "16", "the byte is counted from 1"); // after "id,sex,onset\nA," which has 15
    arena_free(&r.arena);
    g.options.encoding = ENCODING_GB18030;
    result_read(&r, &g);
    EQ_INT((int64_t)r.list.case_count, 3, "with the right encoding all are read");
    EQ_INT(r.list.table[LINE_TABLE_CASES].encoding.percent, 100, "and nothing was guessed");
    arena_free(&r.arena);
}

static void test_mapping_obeyed(void)
{
    struct result r;
    char shown[2000];
    struct given g = {
        .text = {T("Nr;Geschlecht;Beginn;Meldung;Alter;leer\n1;w;03/04/2020;05/04/2020;46 "
                   "years;?\n2;x;04/04/2020;06/04/2020;7 months;-\n;;;;\n3;m;;07/04/2020\n")},
        .mapping = "zone: Asia/Shanghai\ncases:\n  dates: dmy\n  short_rows: fill\n  empty: ['?']\n"
                   "  columns: {id: Nr, sex: Geschlecht, onset: Beginn, reported: Meldung, age: Alter, class: {always: "
                   "probable}, place: leer}\n"
                   "  words: {sex: {female: w, other: x}}\n"
                   "  known: {onset: same_day}\n",
    };
    result_read(&r, &g);
    EQ_INT(r.code, TONG_OK, "a German list with a mapping");
    EQ_TEXT(result_shown(&r, shown), "", "and nothing to say");
    if (r.code == TONG_OK && r.list.case_count == 3) {
        const struct line_case *c = r.list.cases;
        char day[CIVIL_TEXT];
        civil_format(c[0].when[LINE_ONSET].day, day);
        EQ_TEXT(day, "2020-04-03", "the order of dates is the mapping's");
        EQ_INT(c[0].sex * 10 + c[1].sex, LINE_FEMALE * 10 + LINE_SEX_OTHER, "the words are translated");
        EQ_INT(c[0].age * 1000 + c[1].age, 46000, "ages in years and months");
        EQ_INT(c[2].class, LINE_PROBABLE, "a constant");
        EQ_INT((int64_t)c[0].place.n, 0, "a word for nothing");
        EQ_INT(c[0].known[LINE_ONSET].day.d, c[0].when[LINE_ONSET].day.d, "the onset was known on its day");
        EQ_INT(c[0].known_assumed >> LINE_ONSET & 1, 0, "because the mapping says so");
        EQ_INT(c[0].known_assumed >> LINE_REPORTED & 1, 1, "of the report it says nothing");
        EQ_TEXT(r.list.zone->name, "Asia/Shanghai", "the zone is the mapping's");
    } else {
        OK(false, "three cases");
    }
    arena_free(&r.arena);

    g = (struct given){.text = {T("a,dt_onst,dt_report\n1,2020-04-03,2020-04-04\n")},
                       .mapping = "cases: {columns: {id: a, onset: dt_onset}, known: {row: dt_reprt}}\n"};
    result_read(&r, &g);
    EQ_INT(r.code, TONG_E_INVALID, "columns that are not there");
    EQ_TEXT(result_shown(&r, shown), "column-missing@ca:1:0 column-missing@ca:1:0", "are told, those of `known` too");
    EQ_TEXT(r.problems.items[0].arg[2], "dt_onst", "with what was probably meant");
    arena_free(&r.arena);

    g = (struct given){.text = {T("sex,onset\nm,2020-04-03\nf,2020-04-05\n")},
                       .mapping = "cases: {columns: {id: {always: row_number}}}\n"};
    result_read(&r, &g);
    EQ_INT(r.code, TONG_OK, "a file without identifiers, numbered");
    OK(r.list.case_count == 2 && str_eq_z(r.list.cases[1].id, "2"), "the second row is 2");
    arena_free(&r.arena);

    // Nothing in the first row is known, so the second is looked at; it is then a row like any other.
    g = (struct given){.text = {T("foo,bar\n1,2,3\n4,5\n")},
                       .mapping = "cases: {columns: {id: {always: row_number}}}\n",
                       .options = {.keep_good_rows = true}};
    result_read(&r, &g);
    EQ_TEXT(result_shown(&r, shown), "csv-cells@ca:2:5", "a second row of another width");
    EQ_INT(r.code == TONG_OK ? (int64_t)r.list.case_count : -1, 1, "spoils itself only");
    arena_free(&r.arena);
    g.text[0] = (struct str)T("foo,bar\n1,\"2\"x\n4,5\n");
    result_read(&r, &g);
    EQ_TEXT(result_shown(&r, shown), "csv-quote-stray@ca:2:6", "and so does a bad one");
    EQ_INT(r.code == TONG_OK ? (int64_t)r.list.case_count : -1, 1, "the third is kept");
    arena_free(&r.arena);

    g = (struct given){.text = {T("List of cases,,\n\n##,\"today,\nid,sex,onset\nA,m,2020-04-03\n")},
                       .mapping = "cases: {header_row: 4}\n"};
    result_read(&r, &g);
    EQ_INT(r.code, TONG_OK, "a header on the fourth line, below all sorts of things");
    EQ_INT((int64_t)r.list.case_count, 1, "is found there");
    arena_free(&r.arena);

    g = (struct given){.text = {T("id,sex,onset\nA,m,2020-04-03\n")},
                       .mapping = "cases: {suggest: no, columns: {id: id}}\n"};
    result_read(&r, &g);
    EQ_INT(r.code == TONG_OK ? r.list.cases[0].sex : -1, LINE_SEX_UNKNOWN,
           "with `suggest: no` other columns are not read");
    arena_free(&r.arena);
}

// ---- a case against itself ----

#define FULL                                                                                                \
    "id,date_of_infection,onset,report_date,sampled,diagnosed,date_of_isolation,isolated_end,hospitalised," \
    "hospitalised_end,outcome,outcome_day,death,exposure_first,exposure_last,age\n"

static void test_contradictions(void)
{
    static const struct {
        const char *what, *row, *problem;
        line_date gone; // which date is set aside; LINE_DATE_COUNT: none
    } rows[] = {
        {"all in order",
         "A,2020-01-01,2020-01-05,2020-01-08,2020-01-06,2020-01-07,2020-01-08,2020-01-20,2020-01-08,2020-01-19,"
         "recovered,2020-01-20,,2019-12-30,2020-01-02,40",
         "", LINE_DATE_COUNT},
        {"outcome before onset", "A,,2020-01-05,,,,,,,,recovered,2020-01-04,,,,", "outcome-before-onset@ca:2:32",
         LINE_OUTCOME_DAY},
        {"outcome on the day of onset", "A,,2020-01-05,,,,,,,,recovered,2020-01-05,,,,", "", LINE_DATE_COUNT},
        {"death before onset", "A,,2020-01-05,,,,,,,,,,2020-01-04,,,", "death-before-onset@ca:2:24", LINE_DEATH},
        {"onset after report", "A,,2020-01-05,2020-01-04,,,,,,,,,,,,", "onset-after-report@ca:2:4", LINE_DATE_COUNT},
        {"exposures reversed", "A,,2020-01-05,,,,,,,,,,,2020-01-03,2020-01-02,", "exposure-reversed@ca:2:36",
         LINE_EXPOSURE_LAST},
        {"exposed after onset", "A,,2020-01-05,,,,,,,,,,,2020-01-06,2020-01-07,", "exposure-after-onset@ca:2:25",
         LINE_EXPOSURE_FIRST},
        {"infected after onset", "A,2020-01-06,2020-01-05,,,,,,,,,,,,,", "infected-after-onset@ca:2:3", LINE_INFECTED},
        {"infected on the day of onset", "A,2020-01-05,2020-01-05,,,,,,,,,,,,,", "infected-on-onset@ca:2:3",
         LINE_DATE_COUNT},
        {"isolation reversed", "A,,,,,,2020-01-05,2020-01-04,,,,,,,,", "isolation-reversed@ca:2:19", LINE_ISOLATED_END},
        {"hospital reversed", "A,,,,,,,,2020-01-05,2020-01-04,,,,,,", "hospital-reversed@ca:2:21",
         LINE_HOSPITALISED_END},
        {"admitted after death", "A,,,,,,,,2020-01-05,,died,,2020-01-04,,,", "hospital-after-death@ca:2:10",
         LINE_HOSPITALISED},
        {"dead and recovered", "A,,,,,,,,,,recovered,,2020-01-04,,,", "death-but-outcome@ca:2:23", LINE_DATE_COUNT},
        {"a date long after the report", "A,,2022-01-05,2020-01-04,,,,,,,,,,,,",
         "date-late@ca:2:4 onset-after-report@ca:2:4", LINE_DATE_COUNT},
        {"a date in another century", "A,,1020-01-05,2020-01-04,,,,,,,,,,,,", "date-early@ca:2:4", LINE_DATE_COUNT},
        {"a negative age", "A,,,,,,,,,,,,,,,-4", "age-absurd@ca:2:17", LINE_DATE_COUNT},
        {"an age of 126", "A,,,,,,,,,,,,,,,126", "age-absurd@ca:2:17", LINE_DATE_COUNT},
        {"an age of 125", "A,,,,,,,,,,,,,,,125", "", LINE_DATE_COUNT},
        {"an age in words", "A,,,,,,,,,,,,,,,old", "number-unreadable@ca:2:17", LINE_DATE_COUNT},
        {"an outcome nobody knows", "A,,,,,,,,,,gone,,,,,", "word-unknown@ca:2:12", LINE_DATE_COUNT},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct result r;
        char shown[2000], text[2000];
        (void)snprintf(text, sizeof text, FULL "%s\n", rows[i].row);
        result_read(&r, &(struct given){.text = {str_z(text)}});
        EQ_INT(r.code, TONG_OK, "%s is imported", rows[i].what);
        EQ_TEXT(result_shown(&r, shown), rows[i].problem, "%s: told", rows[i].what);
        if (r.code == TONG_OK && rows[i].gone != LINE_DATE_COUNT)
            EQ_INT(r.list.cases[0].when[rows[i].gone].day.d, CIVIL_DAY_NONE, "%s: the doubtful date is set aside",
                   rows[i].what);
        arena_free(&r.arena);
    }
    // A word that is not understood is asked about once, not on each of its rows.
    struct result r;
    char shown[2000];
    result_read(&r, &(struct given){.text = {T("id,sex\nA,q\nB,q\nC,z\nD,q\n")}});
    EQ_TEXT(result_shown(&r, shown), "word-unknown@ca:2:3 word-unknown@ca:4:3", "each unknown word once");
    arena_free(&r.arena);
}

static void test_derived(void)
{
    struct result r;
    result_read(
        &r, &(struct given){
                .text = {T("id,onset,outcome,outcome_day,death,report_date\nA,2020-01-01,died,2020-01-09,,2020-01-03\n"
                           "B,2020-01-01,,,2020-01-08,2020-01-03\nC,2020-01-01,recovered,2020-01-09,,2020-01-03\n")}});
    EQ_INT(r.code, TONG_OK, "outcomes and deaths");
    const struct line_case *c = r.list.cases;
    EQ_INT(c[0].when[LINE_DEATH].day.d, c[0].when[LINE_OUTCOME_DAY].day.d, "died with a day: that was the death");
    EQ_INT(c[1].outcome, LINE_DIED, "a date of death: died");
    EQ_INT(c[1].when[LINE_OUTCOME_DAY].day.d, c[1].when[LINE_DEATH].day.d, "and that was the outcome's day");
    EQ_INT(c[2].when[LINE_DEATH].day.d, CIVIL_DAY_NONE, "recovered: no death");
    EQ_INT(c[0].known[LINE_ONSET].day.d, c[0].when[LINE_REPORTED].day.d,
           "without a word on it, all is known with the report");
    EQ_INT(c[0].known[LINE_OUTCOME_DAY].day.d, c[0].when[LINE_OUTCOME_DAY].day.d, "what happened later, on its day");
    EQ_INT(c[0].known[LINE_INFECTED].day.d, CIVIL_DAY_NONE, "what did not happen is not known");
    EQ_INT(c[0].known_assumed, 1U << LINE_REPORTED | 1U << LINE_ONSET | 1U << LINE_OUTCOME_DAY | 1U << LINE_DEATH,
           "all of it assumed");
    arena_free(&r.arena);
}

static void test_known(void)
{
    struct result r;
    char shown[2000];
    result_read(&r,
                &(struct given){.text = {T("id,onset,report_date,interview\nA,2020-01-01,2020-01-03,2020-01-05 "
                                           "14:30\nB,2020-01-06,2020-01-03,2020-01-05 14:30\n"
                                           "C,2020-01-02,2020-01-03,\n")},
                                .mapping = "cases: {known: {row: report_date, onset: [report_date, interview]}}\n"});
    EQ_INT(r.code, TONG_OK, "the onset is known with the interview");
    EQ_TEXT(result_shown(&r, shown), "onset-after-report@ca:3:3 known-before-happened@ca:3:14",
            "what was known before it happened is told");
    const struct line_case *c = r.list.cases;
    EQ_INT(c[0].known[LINE_ONSET].day.d - c[0].when[LINE_REPORTED].day.d, 2, "two days after the report");
    OK(c[0].known[LINE_ONSET].at.s != INT64_MIN, "to the minute");
    EQ_INT(c[0].known_assumed >> LINE_ONSET & 1, 0, "and not assumed");
    EQ_INT(c[1].known[LINE_ONSET].day.d, c[1].when[LINE_ONSET].day.d, "it is then taken as known on its day");
    EQ_INT(c[2].known[LINE_ONSET].day.d, c[2].when[LINE_REPORTED].day.d, "of two columns the one that is filled");
    arena_free(&r.arena);
}

static void test_usage(void)
{
    struct arena a = {0};
    struct problem_list problems = {.arena = &a};
    struct linelist list;
    struct err err;
    struct linelist_options o = {.as_of = {CIVIL_DAY_NONE}};
    EQ_INT(linelist_read(&o, &a, &problems, &list, &err), TONG_E_INVALID, "no file of cases");
    o.file[LINE_TABLE_CASES].name = "no/such/file.csv";
    EQ_INT(linelist_read(&o, &a, &problems, &list, &err), TONG_E_NOT_FOUND, "a file that is not there");
    OK(strstr(err.text, "no/such/file.csv") != NULL, "is named");
    struct result r;
    struct given g = {.text = {T(HEAD "A,m,2020-06-28,2020-07-01\n")}};
    if (!civil_parse(STR("2019-01-01"), &g.options.as_of)) abort();
    result_read(&r, &g);
    char shown[2000];
    EQ_TEXT(result_shown(&r, shown), "date-late@ca:2:5 date-late@ca:2:16",
            "dates long after the day of reading are doubtful");
    arena_free(&r.arena);
    arena_free(&a);
}

// Memory that runs out at any point is an error, never a crash or half a list.
static void test_memory(void)
{
    static const struct str cases =
        T(HEAD "A,m,2020-01-01,2020-01-03\nB,f,2020-01-04,2020-01-06\nC,x,2020-01-08,2020-01-09\n");
    static const struct str links = T("from,to\nA,B\nB,C\nA,X\n");
    int64_t refused = 0, done = 0;
    for (size_t max = 1; max < 400 * 1024; max += 8 * 1024) {
        struct arena a = {.bytes_max = max}, told = {0};
        struct problem_list problems = {.arena = &told};
        struct linelist list = {.case_count = 77};
        struct bytes one = bytes_of_memory(cases), two = bytes_of_memory(links);
        struct linelist_options o = {.as_of = {CIVIL_DAY_NONE}};
        o.file[LINE_TABLE_CASES] = (struct linelist_file){"cases", &one};
        o.file[LINE_TABLE_LINKS] = (struct linelist_file){"links", &two};
        tong_code code = linelist_read(&o, &a, &problems, &list, NULL);
        CHECK(code == TONG_OK || code == TONG_E_NOMEM, "with %zu bytes: code %d", max, code);
        CHECK(code == TONG_OK ? list.case_count == 3 && list.link_count == 3 : list.case_count == 77, "with %zu bytes",
              max);
        refused += code != TONG_OK;
        done += code == TONG_OK;
        arena_free(&a);
        arena_free(&told);
    }
    OK(refused > 0 && done > 0, "memory ran out %lld times and was enough %lld times", (long long)refused,
       (long long)done);
}

int main(void)
{
    test_dresses();
    test_bad_cases();
    test_wrong_encoding();
    test_mapping_obeyed();
    test_contradictions();
    test_derived();
    test_known();
    test_usage();
    test_memory();
    return tap_done();
}
