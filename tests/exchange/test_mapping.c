// Mappings: what is read from YAML, every way it can be wrong with line and column, suggestions from headers, and that the
// mappings shipped are good and are written back as they were read.
#include "exchange/mapping_suggest.h"
#include "tap.h"

struct result {
    struct arena arena;
    struct problem_list problems;
    struct mapping mapping;
    tong_code code;
};

static void read_text(struct result *r, const char *text)
{
    *r = (struct result){.problems = {.arena = &r->arena}};
    mapping_init(&r->mapping);
    struct err err;
    r->code = mapping_read(str_z(text), "map.yaml", &r->arena, &r->problems, &r->mapping, &err);
}

static int32_t field(line_table table, const char *name)
{
    int32_t f = mapping_field_find(table, str_z(name));
    if (f < 0) abort();
    return f;
}

static void test_read(void)
{
    struct result r;
    read_text(&r, "mapping: test\n"
                  "title: {en: A test, zh: 测试}\n"
                  "zone: Asia/Shanghai\n"
                  "dates_from: 1861-01-01\n"
                  "cases:\n"
                  "  encoding: gbk\n"
                  "  delimiter: semicolon\n"
                  "  header_row: 2\n"
                  "  dates: mdy\n"
                  "  empty: [\"?\", 缺失]\n"
                  "  short_rows: fill\n"
                  "  suggest: no\n"
                  "  columns:\n"
                  "    id: 编号\n"
                  "    onset: 发病日期\n"
                  "    class: {always: confirmed}\n"
                  "  words:\n"
                  "    sex: {male: [1, 男], female: 2}\n"
                  "    onset_approximate: {yes: [约]}\n"
                  "  known:\n"
                  "    row: 报告日期\n"
                  "    onset: [报告日期, 流调日期]\n"
                  "    death: same_day\n"
                  "links:\n"
                  "  columns: {from: a, to: b}\n"
                  "  known: to_reported\n"
                  "  unknown_from: keep\n"
                  "labs:\n"
                  "  columns:\n"
                  "    person: {always: row_number}\n");
    EQ_INT(r.code, TONG_OK, "a mapping with everything");
    if (r.code != TONG_OK) problem_print_all(&r.problems, LANG_EN, stdout);
    const struct mapping *m = &r.mapping;
    const struct mapping_table *c = &m->table[LINE_TABLE_CASES];
    EQ_TEXT(m->name, "test", "its name");
    EQ_TEXT(m->title.text[LANG_ZH], "测试", "its title");
    EQ_TEXT(m->zone, "Asia/Shanghai", "its zone");
    EQ_INT(civil_to_date(m->dates_from).year, 1861, "dates from 1861 on");
    EQ_INT(c->encoding, ENCODING_GB18030, "encoding");
    EQ_INT(c->delimiter, ';', "delimiter");
    EQ_INT(c->header_row, 2, "header row");
    EQ_INT(c->order, DATE_ORDER_MDY, "order of dates");
    EQ_INT((int64_t)c->empty_count, 2, "words for nothing");
    EQ_TEXT(c->empty[1], "缺失", "the second of them");
    OK(c->fill_rows, "short rows are filled");
    OK(c->closed, "nothing is suggested");
    EQ_TEXT(c->header[field(LINE_TABLE_CASES, "onset")], "发病日期", "a column");
    EQ_TEXT(c->always[field(LINE_TABLE_CASES, "class")], "confirmed", "a constant");
    int32_t sex = field(LINE_TABLE_CASES, "sex");
    EQ_INT((int64_t)c->word_count[sex], 3, "three words for the sex");
    EQ_INT(c->words[sex][0].value * 100 + c->words[sex][2].value, LINE_MALE * 100 + LINE_FEMALE, "1 is male, 2 female");
    EQ_INT(c->words[field(LINE_TABLE_CASES, "onset_approximate")][0].value, 1, "a word for yes");
    EQ_TEXT(c->known_row.column[0], "报告日期", "rows are known with the report");
    EQ_INT(c->known[field(LINE_TABLE_CASES, "onset")].count, 2, "the onset with the later of two columns");
    EQ_INT(c->known[field(LINE_TABLE_CASES, "death")].rule, KNOWN_SAME_DAY, "a death on its day");
    EQ_INT(m->table[LINE_TABLE_LINKS].known_row.rule, KNOWN_TO_REPORTED, "links when the target was reported");
    OK(m->table[LINE_TABLE_LINKS].unknown_from, "links of unknown cases are kept");
    OK(m->table[LINE_TABLE_LABS].numbered, "rows are numbered");
    OK(!m->table[LINE_TABLE_CONTACTS].present, "nothing is said of contacts");
    arena_free(&r.arena);
}

static void test_faults(void)
{
    static const struct {
        const char *text, *slug;
        int64_t line, column;
    } rows[] = {
        {"", "mapping-empty", 0, 0},
        {"mapping: [a\n", "mapping-yaml", 2, 1},
        {"mapping: \xFF\n", "mapping-yaml", 1, 1},
        {"- a\n", "mapping-not-map", 1, 1},
        {"cases:\n  colums: {id: a}\n", "mapping-key-unknown", 2, 3},
        {"case:\n  columns: {id: a}\n", "mapping-key-unknown", 1, 1},
        {"cases:\n  columns: {onsett: a}\n", "mapping-key-unknown", 2, 13},
        {"cases:\n  columns: {id: a, id: b}\n", "mapping-key-twice", 2, 20},
        {"cases:\n  columns: {id: [a, b]}\n", "mapping-not-text", 2, 17},
        {"cases:\n  columns: {class: {always: sick}}\n", "mapping-value", 2, 29},
        {"cases:\n  columns: {onset: {always: 2020-01-01}}\n", "mapping-value", 2, 29},
        {"cases:\n  columns: {id: {always: 5}}\n", "mapping-value", 2, 26},
        {"cases:\n  columns: {id: {ever: 5}}\n", "mapping-key-unknown", 2, 18},
        {"cases:\n  dates: ymd\n", "mapping-value", 2, 10},
        {"cases:\n  encoding: klingon\n", "mapping-value", 2, 13},
        {"cases:\n  delimiter: colon\n", "mapping-value", 2, 14},
        {"cases:\n  header_row: 0\n", "mapping-value", 2, 15},
        {"cases:\n  short_rows: yes\n", "mapping-value", 2, 15},
        {"cases:\n  words: {age: {male: x}}\n", "mapping-no-words", 2, 16},
        {"cases:\n  words: {sex: {mael: x}}\n", "mapping-key-unknown", 2, 17},
        {"cases:\n  known: {age: x}\n", "mapping-key-unknown", 2, 11},
        {"cases:\n  known: {onset: [a, b, c, d, e]}\n", "mapping-too-many", 2, 31},
        {"cases:\n  known: to_reported\n", "mapping-known-links", 2, 10},
        {"cases:\n  known: {onset: {a: b}}\n", "mapping-not-text", 2, 18},
        {"cases: a\n", "mapping-not-map", 1, 8},
        {"zone: Mars/Olympus\n", "mapping-value", 1, 7},
        {"dates_from: 1861\n", "mapping-value", 1, 13},
        {"title: {fr: x}\n", "mapping-key-unknown", 1, 9},
        {"cases: {empty: [a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a]}\n", "mapping-too-many", 1,
         16},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct result r;
        read_text(&r, rows[i].text);
        EQ_INT(r.code, TONG_E_INVALID, "refused: %s", rows[i].text);
        if (OK(r.problems.count == 1, "with one problem, not %zu", r.problems.count)) {
            const struct problem *p = &r.problems.items[0];
            EQ_TEXT(p->message->slug, rows[i].slug, "which is");
            EQ_INT(p->line * 1000 + p->column, rows[i].line * 1000 + rows[i].column, "at its line and column");
            for (int language = 0; language < LANG_COUNT; language++) {
                const char *text = problem_text(p, (lang)language, &r.arena);
                CHECK(text != NULL && text[0] != 0 && p->message->remedy.text[language][0] != 0, "in language %d",
                      language);
            }
        }
        EQ_TEXT(r.mapping.name, "", "and the output is untouched");
        arena_free(&r.arena);
    }
    struct result r;
    read_text(&r, "cases:\n  colums: {id: a}\n");
    EQ_TEXT(r.problems.items[0].arg[1], "columns", "a slip of the pen is told what was meant");
    EQ_TEXT(r.problems.items[0].path, "cases", "and in which table");
    arena_free(&r.arena);
}

static void test_limit(void)
{
    struct result r = {.problems = {.arena = &r.arena}};
    struct err err;
    char *text = malloc(MAPPING_FILE_BYTES_MAX + 1);
    if (text == NULL) abort();
    memset(text, '#', MAPPING_FILE_BYTES_MAX + 1);
    memcpy(text, "zone: UTC\n", 10);
    EQ_INT(mapping_read((struct str){text, MAPPING_FILE_BYTES_MAX}, "m", &r.arena, &r.problems, &r.mapping, &err),
           TONG_OK, "a mapping of the limit");
    EQ_INT(mapping_read((struct str){text, MAPPING_FILE_BYTES_MAX + 1}, "m", &r.arena, &r.problems, &r.mapping, &err),
           TONG_E_LIMIT, "and one byte more");
    EQ_INT(mapping_read_path("no/such/file.yaml", &r.arena, &r.problems, &r.mapping, &err), TONG_E_NOT_FOUND,
           "and no file at all");
    free(text);
    arena_free(&r.arena);
}

// ---- suggestions ----

static void check_suggest(const char *what, line_table table, const char *headers, const char *want)
{
    struct arena a = {0};
    struct mapping m;
    mapping_init(&m);
    struct str list[64], rest = str_z(headers);
    size_t n = 0;
    while (n < 64 && str_cut(&rest, ',', &list[n])) n++;
    struct mapping_table *t = &m.table[table];
    OK(mapping_suggest(table, list, n, &a, t, NULL) == TONG_OK, "%s", what);
    char got[2000] = "";
    size_t used = 0;
    int32_t count = 0;
    const struct mapping_field *fields = mapping_fields(table, &count);
    for (int32_t f = 0; f < count; f++)
        if (t->header[f] != NULL)
            used += (size_t)snprintf(got + used, sizeof got - used, "%s%s=%s", used == 0 ? "" : " ", fields[f].name,
                                     t->header[f]);
    EQ_TEXT(got, want, "%s: columns", what);
    arena_free(&a);
}

static void test_suggest(void)
{
    check_suggest("MERS", LINE_TABLE_CASES,
                  "id,age,age_class,sex,place_infect,reporting_ctry,loc_hosp,dt_onset,dt_report,week_report,dt_start_"
                  "exp,dt_end_exp,"
                  "dt_diag,outcome,dt_death",
                  "id=id place=loc_hosp sex=sex age=age outcome=outcome reported=dt_report exposure_first=dt_start_exp "
                  "exposure_last=dt_end_exp onset=dt_onset diagnosed=dt_diag death=dt_death");
    check_suggest(
        "Tianjin", LINE_TABLE_CASES,
        "case_id,gender,age,symptom_onset,symptom_type,confirm_date,infection_source,start_source,end_source,severity,"
        "death",
        "id=case_id sex=gender age=age exposure_first=start_source exposure_last=end_source onset=symptom_onset "
        "diagnosed=confirm_date death=death");
    check_suggest("Ebola links", LINE_TABLE_LINKS, "infector,case_id,source", "from=infector to=case_id kind=source");
    check_suggest(
        "Go.Data properties", LINE_TABLE_CASES,
        "id,visualId,gender,age.years,age.months,classification,outcomeId,dateOfOnset,"
        "dateOfReporting,dateOfOutcome,isDateOfOnsetApproximate,addresses[].locationId",
        "id=id label=visualId place=addresses[].locationId sex=gender age=age.years age_months=age.months "
        "class=classification outcome=outcomeId reported=dateOfReporting onset=dateOfOnset outcome_day=dateOfOutcome "
        "onset_approximate=isDateOfOnsetApproximate");
    check_suggest("Go.Data labels", LINE_TABLE_CASES,
                  "Case ID,Gender,Classification,Date of onset,Date of reporting,Date of outcome",
                  "id=Case ID sex=Gender class=Classification reported=Date of reporting onset=Date of onset "
                  "outcome_day=Date of outcome");
    check_suggest("Go.Data through R", LINE_TABLE_CASES, "uuid,case_id,gender,date_of_onset,hospitalization_startdate",
                  "id=uuid label=case_id sex=gender onset=date_of_onset hospitalised=hospitalization_startdate");
    check_suggest("SORMAS", LINE_TABLE_CASES,
                  "disease,person.sex,epidNumber,reportDate,symptoms.onsetDate,responsibleDistrict,caseClassification",
                  "id=epidNumber place=responsibleDistrict sex=person.sex class=caseClassification reported=reportDate "
                  "onset=symptoms.onsetDate");
    check_suggest(
        "SORMAS contacts", LINE_TABLE_CONTACTS,
        "uuid,sourceCaseUuid,firstContactDate,lastContactDate,person.sex,reportDateTime",
        "id=uuid sex=person.sex first_contact=firstContactDate last_contact=lastContactDate reported=reportDateTime "
        "case_of=sourceCaseUuid");
    check_suggest(
        "Chinese cases", LINE_TABLE_CASES, "编号,姓名,性别,年龄,发病日期,确诊日期,报告日期,病例分类,转归,死亡日期",
        "id=编号 sex=性别 age=年龄 class=病例分类 outcome=转归 reported=报告日期 onset=发病日期 diagnosed=确诊日期 "
        "death=死亡日期");
    check_suggest("Chinese contacts", LINE_TABLE_CONTACTS,
                  "密切接触者编号,姓名,病例编号,末次接触日期,接触方式,随访状态",
                  "id=密切接触者编号 status=随访状态 last_contact=末次接触日期 case_of=病例编号 kind=接触方式");
    check_suggest("names are never taken", LINE_TABLE_CASES, "姓名,firstName,lastName,telephone,address,身份证号", "");
}

static void test_columns(void)
{
    static const struct str headers[] = {{"Date of onset", 13}, {"date_of_onset", 13}, {"age", 3}, {"", 0}};
    EQ_INT(mapping_column(headers, 4, STR("date_of_onset")), 1, "an exact match comes first");
    EQ_INT(mapping_column(headers, 4, STR("DATE-OF-ONSET")), 0, "then one without case and marks");
    EQ_INT(mapping_column(headers, 4, STR(" age ")), 2, "blanks around do not matter");
    EQ_INT(mapping_column(headers, 4, STR("onset")), -1, "a part of a header is no match");
    EQ_INT(mapping_column(headers, 4, STR("--")), -1, "nothing but marks matches nothing");
    EQ_INT(mapping_recognise(LINE_TABLE_CASES, NULL, headers, 4), 3, "three of four headers are known");
    static const struct str entity[] = {{"CaseData", 8}, {"CaseData", 8}, {"Sample", 6}};
    EQ_INT(mapping_recognise(LINE_TABLE_CASES, NULL, entity, 3), 0, "a row of entity names is no header");
}

static void test_words(void)
{
    int32_t count = 0, value = -1;
    const struct mapping_field *cases = mapping_fields(LINE_TABLE_CASES, &count);
    static const struct {
        const char *field, *text;
        int32_t want;
    } rows[] = {
        {"sex", "MALE", LINE_MALE},
        {"sex", "m", LINE_MALE},
        {"sex", "男", LINE_MALE},
        {"sex", "Female", LINE_FEMALE},
        {"sex", "女性", LINE_FEMALE},
        {"sex", "LNG_REFERENCE_DATA_CATEGORY_GENDER_FEMALE", LINE_FEMALE},
        {"sex", "LNG_REFERENCE_DATA_CATEGORY_GENDER_MALE", LINE_MALE},
        {"class", "SUSPECT", LINE_SUSPECTED},
        {"class", "疑似病例", LINE_SUSPECTED},
        {"class", "NOT_A_CASE_DISCARDED", LINE_DISCARDED},
        {"class", "LNG_REFERENCE_DATA_CATEGORY_CASE_CLASSIFICATION_PROBABLE", LINE_PROBABLE},
        {"class", "CONFIRMED_NO_SYMPTOMS", LINE_ASYMPTOMATIC},
        {"class", "无症状感染者", LINE_ASYMPTOMATIC},
        {"outcome", "Dead", LINE_DIED},
        {"outcome", "治愈", LINE_RECOVERED},
        {"outcome", "NO_OUTCOME", LINE_OUTCOME_UNKNOWN},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        value = -1;
        OK(mapping_word_known(&cases[field(LINE_TABLE_CASES, rows[i].field)], str_z(rows[i].text), &value) &&
               value == rows[i].want,
           "%s \"%s\"", rows[i].field, rows[i].text);
    }
    OK(!mapping_word_known(&cases[field(LINE_TABLE_CASES, "sex")], STR("mannlich?"), &value),
       "what is in no table is not guessed");
    // Every word of the enumerations themselves is understood: our own exports read back.
    for (int32_t t = 0; t < LINE_TABLE_COUNT; t++) {
        const struct mapping_field *fields = mapping_fields((line_table)t, &count);
        for (int32_t f = 0; f < count; f++)
            for (int32_t w = 0; w < fields[f].canonical_count; w++)
                CHECK(mapping_word_known(&fields[f], str_z(fields[f].canonical[w].word), &value) && value == w,
                      "%s.%s: %s", line_table_words[t].word, fields[f].name, fields[f].canonical[w].word);
    }
}

// ---- written and read back; the ones we ship ----

static void check_round(const char *what, const struct mapping *m)
{
    struct sink first = {0}, second = {0};
    mapping_write(m, &first);
    struct result r = {.problems = {.arena = &r.arena}};
    struct err err;
    tong_code code = mapping_read(sink_kept(&first), "written.yaml", &r.arena, &r.problems, &r.mapping, &err);
    EQ_INT(code, TONG_OK, "%s: what was written can be read", what);
    if (code == TONG_OK) {
        mapping_write(&r.mapping, &second);
        EQ_TEXT(sink_kept(&second).p, sink_kept(&first).p, "%s: and is the same", what);
    } else {
        problem_print_all(&r.problems, LANG_EN, stdout);
    }
    sink_close(&first);
    sink_close(&second);
    arena_free(&r.arena);
}

static void test_shipped(void)
{
    static const char *const names[] = {"mers-korea-2015", "tianjin-2020", "ebola-sim", "godata-training", "generated"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char relative[100], path[1000];
        struct result r = {.problems = {.arena = &r.arena}};
        struct err err = {.text = ""};
        (void)snprintf(relative, sizeof relative, "mappings/%s.yaml", names[i]);
        r.code = mapping_read_path(tap_source(relative, path, sizeof path), &r.arena, &r.problems, &r.mapping, &err);
        EQ_INT(r.code, TONG_OK, "%s %s", relative, err.text);
        if (r.code != TONG_OK) {
            problem_print_all(&r.problems, LANG_EN, stdout);
            arena_free(&r.arena);
            continue;
        }
        EQ_TEXT(r.mapping.name, names[i], "is named as its file");
        OK(r.mapping.title.text[LANG_EN][0] != 0 && r.mapping.title.text[LANG_ZH][0] != 0,
           "has a title in both languages");
        OK(r.mapping.table[LINE_TABLE_CASES].known_row.rule != KNOWN_DEFAULT, "says when its cases became known");
        check_round(names[i], &r.mapping);
        arena_free(&r.arena);
    }
    struct result r;
    read_text(&r, "cases:\n  columns: {id: \"a\\\"b\\\\c\", class: {always: probable}, sex: s}\n  words: {sex: {male: "
                  "[\"1: x\", \"#\"]}}\n"
                  "  known: {onset: same_day}\n  empty: [\"-\", \"~\"]\n  delimiter: tab\nlinks: {unknown_from: "
                  "keep}\ncontacts: {suggest: no}\n");
    EQ_INT(r.code, TONG_OK, "awkward texts");
    check_round("awkward texts", &r.mapping);
    arena_free(&r.arena);
}

// The page that describes the format names every field and every word.
static void test_documented(void)
{
    char path[1000], name[100];
    FILE *f = fopen(tap_source("docs/line-lists.md", path, sizeof path), "rb");
    char *text = calloc(1, 100 * 1000);
    if (f == NULL || text == NULL || fread(text, 1, 100 * 1000 - 1, f) == 0) abort();
    (void)fclose(f);
    for (int32_t t = 0; t < LINE_TABLE_COUNT; t++) {
        int32_t count = 0;
        const struct mapping_field *fields = mapping_fields((line_table)t, &count);
        for (int32_t i = 0; i < count; i++) {
            (void)snprintf(name, sizeof name, "`%s`", fields[i].name);
            CHECK(strstr(text, name) != NULL, "docs/line-lists.md does not name %s of %s", name,
                  line_table_words[t].word);
            for (int32_t w = 0; w < fields[i].canonical_count; w++) {
                (void)snprintf(name, sizeof name, "`%s`", fields[i].canonical[w].word);
                CHECK(strstr(text, name) != NULL, "docs/line-lists.md does not name the word %s", name);
            }
        }
    }
    free(text);
}

int main(void)
{
    test_read();
    test_faults();
    test_limit();
    test_suggest();
    test_columns();
    test_words();
    test_shipped();
    test_documented();
    return tap_done();
}
