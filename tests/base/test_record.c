#include "base/record_read.h"
#include "base/rng.h"
#include "printed.h"
#include "tap.h"

struct visit {
    struct str id, name, note, papers;
    int64_t floor;
    double fever;
    civil_day born;
    utc_sec seen;
    int8_t well;
    int32_t outcome;
};

static const struct record_word outcome_words[] = {
    {"seen", LABEL("seen", "见到")}, {"not-seen", LABEL("not seen", "未见到")}, {"refused", LABEL("refused", "拒绝")}};

static const struct record_field visit_fields[] = {
    RECORD_ID(struct visit, id, .required = true, .label = LABEL("visit", "随访编号")),
    RECORD_TEXT(struct visit, name, .least = 2, .most = 10, .class = RECORD_IDENTITY, .label = LABEL("name", "姓名")),
    RECORD_TEXT(struct visit, note, .class = RECORD_INTERNAL, .label = LABEL("note", "备注")),
    RECORD_TEXT(struct visit, papers, .class = RECORD_IDENTITY, .label = LABEL("identity number", "证件号码")),
    RECORD_INTEGER(struct visit, floor, .least = -3, .most = 200, .class = RECORD_INTERNAL,
                   .label = LABEL("floor", "楼层")),
    RECORD_REAL(struct visit, fever, .least_real = 30, .most_real = 45, .class = RECORD_PERSONAL,
                .label = LABEL("temperature", "体温")),
    RECORD_DAY(struct visit, born, .least = -25567, .most = 36524, .class = RECORD_PERSONAL,
               .label = LABEL("date of birth", "出生日期")),
    RECORD_INSTANT(struct visit, seen, .required = true, .label = LABEL("seen at", "见面时间")),
    RECORD_BOOLEAN(struct visit, well, .class = RECORD_PERSONAL, .label = LABEL("well", "健康")),
    RECORD_ENUM(struct visit, outcome, outcome_words, .label = LABEL("outcome", "结果")),
};
static const struct record_kind visit_kind = RECORD_KIND("visit", struct visit, visit_fields);

struct bench { // what a reading needs
    struct arena arena;
    struct zone zone;
    struct problem_list problems;
    struct record_reading in;
};

static void bench_open(struct bench *b)
{
    memset(b, 0, sizeof *b);
    zone_fixed(28800, "UTC+8", &b->zone);
    b->problems.arena = &b->arena;
    b->in = (struct record_reading){
        .zone = &b->zone, .arena = &b->arena, .problems = &b->problems, .at = {"visits.csv", 7, 0, ""}};
}

static void bench_close(struct bench *b)
{
    arena_free(&b->arena);
}

static char *visit_json(const struct visit *v, record_class reader, struct arena *arena)
{
    struct sink s = {0};
    struct json_out j = json_out_to(&s);
    record_to_json(&visit_kind, v, reader, &j, NULL);
    char *text = arena_copy(arena, s.text, s.n);
    sink_close(&s);
    return text;
}

static char *visit_csv(const struct visit *v, record_class reader, struct arena *arena)
{
    struct sink s = {0};
    record_to_csv(&visit_kind, v, reader, &s);
    char *text = arena_copy(arena, s.text, s.n);
    sink_close(&s);
    return text;
}

static struct visit sample(void)
{
    return (struct visit){
        STR("V-17"), STR("王芳"), STR("=1+1"), STR("11010519491231002X"), -2, 37.5, {7000}, {1656345600}, 1, 2};
}

// RFC 4180, for reading back what was written: the cells of one line, quotes taken off.
static size_t split(const char *p, struct str *cells, size_t most, struct arena *arena)
{
    size_t count = 0;
    for (;;) {
        char *cell = arena_alloc(arena, strlen(p) + 1);
        size_t n = 0;
        bool quoted = *p == '"';
        if (quoted) p++;
        for (; *p != 0; p++) {
            if (quoted && p[0] == '"' && p[1] == '"') cell[n++] = *p++;
            else if (quoted && *p == '"') quoted = false;
            else if (!quoted && (*p == ',' || *p == '\r')) break;
            else cell[n++] = *p;
        }
        if (count < most) cells[count] = (struct str){cell, n};
        count++;
        if (*p != ',') return count;
        p++;
    }
}

static void test_masking(void)
{
    static const char *const json[] = {
        [RECORD_PUBLIC] =
            "{\"id\":\"V-17\",\"name\":null,\"note\":null,\"papers\":null,\"floor\":null,\"fever\":null,\"born\":null,"
            "\"seen\":\"2022-06-27T16:00:00Z\",\"well\":null,\"outcome\":\"refused\"}",
        [RECORD_INTERNAL] =
            "{\"id\":\"V-17\",\"name\":null,\"note\":\"=1+1\",\"papers\":null,\"floor\":-2,\"fever\":null,"
            "\"born\":null,\"seen\":\"2022-06-27T16:00:00Z\",\"well\":null,\"outcome\":\"refused\"}",
        [RECORD_PERSONAL] =
            "{\"id\":\"V-17\",\"name\":null,\"note\":\"=1+1\",\"papers\":null,\"floor\":-2,\"fever\":37.5,"
            "\"born\":\"1989-03-02\",\"seen\":\"2022-06-27T16:00:00Z\",\"well\":true,\"outcome\":\"refused\"}",
        [RECORD_IDENTITY] =
            "{\"id\":\"V-17\",\"name\":\"王芳\",\"note\":\"=1+1\",\"papers\":\"11010519491231002X\",\"floor\":-2,"
            "\"fever\":37.5,\"born\":\"1989-03-02\",\"seen\":\"2022-06-27T16:00:00Z\",\"well\":true,"
            "\"outcome\":\"refused\"}",
    };
    static const char *const csv[] = {
        [RECORD_PUBLIC] = "V-17,,,,,,,2022-06-27T16:00:00Z,,refused\r\n",
        [RECORD_INTERNAL] = "V-17,,'=1+1,,-2,,,2022-06-27T16:00:00Z,,refused\r\n",
        [RECORD_PERSONAL] = "V-17,,'=1+1,,-2,37.5,1989-03-02,2022-06-27T16:00:00Z,true,refused\r\n",
        [RECORD_IDENTITY] =
            "V-17,王芳,'=1+1,11010519491231002X,-2,37.5,1989-03-02,2022-06-27T16:00:00Z,true,refused\r\n",
    };
    struct arena arena = {0};
    struct visit v = sample(), none;
    for (int reader = RECORD_PUBLIC; reader <= RECORD_IDENTITY; reader++) {
        EQ_TEXT(visit_json(&v, (record_class)reader, &arena), json[reader], "JSON for class %d", reader);
        EQ_TEXT(visit_csv(&v, (record_class)reader, &arena), csv[reader], "CSV for class %d", reader);
    }
    record_clear(&visit_kind, &none);
    EQ_TEXT(visit_csv(&none, RECORD_IDENTITY, &arena), ",,,,,,,,,\r\n", "absent values are empty in CSV");
    json_t *all = json_loads(visit_json(&none, RECORD_IDENTITY, &arena), 0, NULL);
    bool null = all != NULL && json_object_size(all) == visit_kind.count;
    for (size_t i = 0; i < visit_kind.count && null; i++)
        null = json_is_null(json_object_get(all, visit_fields[i].name));
    OK(null, "and null in JSON, each of them there");
    json_decref(all);
    struct sink s = {0};
    record_csv_header(&visit_kind, &s);
    EQ_TEXT(s.text, "id,name,note,papers,floor,fever,born,seen,well,outcome\r\n", "header");
    sink_close(&s);
    arena_free(&arena);
}

static void test_cells(void)
{
    static const struct {
        const char *text, *cell;
    } t[] = {
        {"plain", "plain"},
        {"a,b", "\"a,b\""},
        {"say \"no\"", "\"say \"\"no\"\"\""},
        {"two\nlines", "\"two\nlines\""},
        {" edge", "\" edge\""},
        {"", ""},
        {"a;b", "\"a;b\""},
        {"=SUM(A1)", "'=SUM(A1)"},
        {"+cmd", "'+cmd"},
        {"-x", "'-x"},
        {"@import", "'@import"},
        {"\t=1", "\"'\t=1\""},
        {"-5", "-5"},
        {"+8613912345678", "+8613912345678"},
        {"-1.5e3", "-1.5e3"},
        {"-5-5", "'-5-5"},
        {"=5", "'=5"},
        {"'s-Hertogenbosch", "'s-Hertogenbosch"},
        {"'=x", "''=x"},
        {"''@", "'''@"},
        {"'", "'"},
        {"-", "'-"},
        {"=a,\"b\"", "\"'=a,\"\"b\"\"\""},
    };
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
        struct sink s = {0};
        struct arena arena = {0};
        record_csv_cell(&s, str_z(t[i].text));
        EQ_TEXT(sink_kept(&s).p, t[i].cell, "cell %s", t[i].text);
        struct str back;
        size_t cells = split(sink_kept(&s).p, &back, 1, &arena);
        OK(cells == 1 && str_eq_z(record_csv_plain(back), t[i].text), "cell %s reads back", t[i].text);
        arena_free(&arena);
        sink_close(&s);
    }
}

static struct str random_text(struct rng *r, struct arena *arena, uint32_t most, const char *const *alphabet,
                              uint32_t letters)
{
    char text[200] = "";
    size_t n = 0;
    for (uint32_t left = rng_below(r, most) + 1; left > 0; left--) {
        const char *c = alphabet[rng_below(r, letters)];
        memcpy(text + n, c, strlen(c));
        n += strlen(c);
    }
    return (struct str){arena_copy(arena, text, n), n};
}

static struct visit random_visit(struct rng *r, struct arena *arena)
{
    static const char *const any[] = {"=",  "+",    "-",  "@", "'", "\"", ",", ";", "\n", "\r\n",
                                      "\\", "\x01", "密", "é", "🚲", "1",  ".", "e", "x",  "/"};
    static const char *const id[] = {"a", "7", "-", "=", "'", "京", "_", "\"", ","};
    struct visit v;
    record_clear(&visit_kind, &v);
    v.id = random_text(r, arena, 20, id, sizeof id / sizeof id[0]);
    v.seen.s = (int64_t)rng_below(r, 2000000000) - 500000000;
    if (rng_below(r, 2) == 0) {
        v.name = random_text(r, arena, 5, any, sizeof any / sizeof any[0]);
        while (v.name.n < 8)
            v.name = random_text(r, arena, 5, any, sizeof any / sizeof any[0]); // two characters at least
    }
    if (rng_below(r, 2) == 0) v.note = random_text(r, arena, 30, any, sizeof any / sizeof any[0]);
    if (str_trim(v.note).n == 0) v.note = STR(""); // a cell of white space is an absent one
    if (str_trim(v.name).n == 0) v.name = STR("");
    if (rng_below(r, 2) == 0) v.floor = (int64_t)rng_below(r, 204) - 3;
    if (rng_below(r, 2) == 0) v.fever = 30 + 15 * rng_uniform(r);
    if (rng_below(r, 2) == 0) v.born.d = (int32_t)rng_below(r, 62000) - 25567;
    if (rng_below(r, 2) == 0) v.well = (int8_t)rng_below(r, 2);
    if (rng_below(r, 2) == 0) v.outcome = (int32_t)rng_below(r, 3);
    return v;
}

static bool same(const struct visit *a, const struct visit *b)
{
    return str_eq(a->id, b->id) && str_eq(a->name, b->name) && str_eq(a->note, b->note) &&
           str_eq(a->papers, b->papers) && a->floor == b->floor &&
           (a->fever == b->fever || (isnan(a->fever) && isnan(b->fever))) && a->born.d == b->born.d &&
           a->seen.s == b->seen.s && a->well == b->well && a->outcome == b->outcome;
}

// What was written for a reader who may see all reads back as it was, from JSON and from CSV, for 5,000 random records.
static void test_round_trips(void)
{
    enum { SEED = 20220628, RECORDS = 5000 };
    struct rng r = rng_stream(SEED, 0, 0, 0, 0);
    for (int i = 0; i < RECORDS; i++) {
        struct bench b;
        bench_open(&b);
        struct visit v = random_visit(&r, &b.arena), back;
        char *text = visit_json(&v, RECORD_IDENTITY, &b.arena);
        json_t *json = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
        CHECK(json != NULL && record_from_json(&visit_kind, json, &b.in, &back) && same(&v, &back) &&
                  b.problems.count == 0,
              "seed %d, record %d by JSON: %s", SEED, i, text);
        json_decref(json);
        struct str header[16], cells[16];
        for (size_t k = 0; k < visit_kind.count; k++) header[k] = str_z(visit_fields[k].name);
        struct record_header columns;
        text = visit_csv(&v, RECORD_IDENTITY, &b.arena);
        size_t count = split(text, cells, 16, &b.arena);
        CHECK(count == visit_kind.count && record_header_read(&visit_kind, header, visit_kind.count, &b.in, &columns) &&
                  record_from_csv(&visit_kind, &columns, cells, count, &b.in, &back) && same(&v, &back) &&
                  b.problems.count == 0,
              "seed %d, record %d by CSV: %s", SEED, i, text);
        // No class of reader ever meets a name in any form of output unless it may.
        if (v.name.n > 0)
            for (int reader = RECORD_PUBLIC; reader < RECORD_IDENTITY; reader++) {
                struct visit without = v;
                without.name = STR("");
                CHECK(strcmp(visit_json(&v, (record_class)reader, &b.arena),
                             visit_json(&without, (record_class)reader, &b.arena)) == 0 &&
                          strcmp(visit_csv(&v, (record_class)reader, &b.arena),
                                 visit_csv(&without, (record_class)reader, &b.arena)) == 0,
                      "seed %d, record %d: class %d sees no name", SEED, i, reader);
            }
        bench_close(&b);
    }
}

// A JSON object, and the faults it must give, in order.
static void test_json_faults(void)
{
    static const struct {
        const char *json;
        const char *slugs;
    } t[] = {
        {"{\"id\":\"V\",\"seen\":\"2022-06-28 10:00\"}", ""},
        {"{\"id\":\"V\",\"seen\":\"2022-06-28 10:00\",\"name\":null,\"fever\":37,\"well\":false,\"outcome\":\"seen\"}",
         ""},
        {"{}", "field-missing field-missing "},
        {"[1]", "record-not-object "},
        {"{\"id\":7,\"seen\":\"2022-06-28\"}", "field-not-text "}, // and not missing as well
        {"{\"id\":\"\",\"seen\":\"2022-06-28\"}", "field-missing "},
        {"{\"id\":\"a b\",\"seen\":\"2022-06-28\"}", "field-id-space "},
        {"{\"id\":\"V\",\"seen\":\"yesterday\"}", "field-not-time "},
        {"{\"id\":\"V\",\"seen\":1656345600}", "field-not-time "},
        {"{\"id\":\"V\",\"seen\":\"2022-06-28\",\"floor\":\"2\"}", "field-not-integer "},
        {"{\"id\":\"V\",\"seen\":\"2022-06-28\",\"floor\":2.0}", "field-not-integer "},
        {"{\"id\":\"V\",\"seen\":\"2022-06-28\",\"floor\":200}", ""},
        {"{\"id\":\"V\",\"seen\":\"2022-06-28\",\"floor\":201}", "field-too-large "},
        {"{\"id\":\"V\",\"seen\":\"2022-06-28\",\"floor\":-3}", ""},
        {"{\"id\":\"V\",\"seen\":\"2022-06-28\",\"floor\":-4}", "field-too-small "},
        {"{\"id\":\"V\",\"seen\":\"2022-06-28\",\"fever\":29.99}", "field-too-small "},
        {"{\"id\":\"V\",\"seen\":\"2022-06-28\",\"fever\":45.01}", "field-too-large "},
        {"{\"id\":\"V\",\"seen\":\"2022-06-28\",\"fever\":\"high\"}", "field-not-number "},
        {"{\"id\":\"V\",\"seen\":\"2022-06-28\",\"born\":\"2022-02-30\"}", "field-not-date "},
        {"{\"id\":\"V\",\"seen\":\"2022-06-28\",\"born\":\"1899-12-31\"}", "field-too-small "},
        {"{\"id\":\"V\",\"seen\":\"2022-06-28\",\"well\":\"yes\"}", "field-not-yes-no "},
        {"{\"id\":\"V\",\"seen\":\"2022-06-28\",\"outcome\":\"Seen\"}", "field-word-unknown "},
        {"{\"id\":\"V\",\"seen\":\"2022-06-28\",\"outcome\":[]}", "field-word-unknown "},
        {"{\"id\":\"V\",\"seen\":\"2022-06-28\",\"name\":\"王\"}", "field-too-short "},
        {"{\"id\":\"V\",\"seen\":\"2022-06-28\",\"name\":\"一二三四五六七八九十\"}", ""},
        {"{\"id\":\"V\",\"seen\":\"2022-06-28\",\"name\":\"一二三四五六七八九十一\"}", "field-too-long "},
        {"{\"id\":\"V\",\"seen\":\"2022-06-28\",\"outcom\":1,\"zzzzzzzz\":1}", "field-unknown field-unknown "},
        {"{\"id\":\"V\",\"born\":5,\"floor\":999}", "field-not-date field-too-large field-missing "},
    };
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
        struct bench b;
        struct visit v;
        bench_open(&b);
        json_t *json = json_loads(t[i].json, 0, NULL);
        bool good = record_from_json(&visit_kind, json, &b.in, &v);
        char slugs[200] = "";
        size_t n = 0;
        for (size_t k = 0; k < b.problems.count; k++)
            n += (size_t)snprintf(slugs + n, sizeof slugs - n, "%s ", b.problems.items[k].message->slug);
        EQ_TEXT(slugs, t[i].slugs, "%s", t[i].json);
        OK(good == (t[i].slugs[0] == 0), "and the answer fits");
        json_decref(json);
        bench_close(&b);
    }
}

static void test_csv_faults(void)
{
    struct bench b;
    struct visit v;
    struct record_header columns;
    bench_open(&b);
    const struct str header[] = {STR("随访编号"),   STR("Seen At"), STR(" floor "), STR("outcme"),
                                 STR("zzzzzzzzzz"), STR("楼层"),    STR("papers"),  STR("")};
    OK(!record_header_read(&visit_kind, header, 8, &b.in, &columns), "a header with a column twice");
    OK(columns.field[0] == 0 && columns.field[1] == 7 && columns.field[2] == 4 && columns.field[3] == -1 &&
           columns.field[5] == -1,
       "columns are found by name and by label");
    EQ_INT(b.problems.count, 3, "three remarks");
    EQ_TEXT(
        printed(&b.problems.items[0], LANG_EN),
        "visits.csv:7: warning: column \"outcme\" is not used. Remedy: if it should be, rename it: the nearest name is "
        "\"outcome\" [column-unknown]\n",
        "a misspelt column");
    EQ_TEXT(printed(&b.problems.items[2], LANG_ZH),
            "visits.csv:7: 错误: 有两列都表示楼层。办法：请删除或改名“floor”列 [column-twice]\n", "a column twice");
    b.problems.count = 0;
    const struct str cells[] = {STR("V 1"), STR("28.6.2022"), STR("up"), STR(""), STR(""), STR(""), STR("\xff\xff")};
    OK(!record_from_csv(&visit_kind, &columns, cells, 7, &b.in, &v), "a row with faults");
    EQ_INT(b.problems.count, 4, "each is reported once");
    EQ_TEXT(printed(&b.problems.items[0], LANG_EN),
            "visits.csv:7: error: seen: seen at \"28.6.2022\" is not a date and time. Remedy: write it like 2022-06-28 "
            "14:30 "
            "[field-not-time]\n",
            "in English");
    EQ_TEXT(printed(&b.problems.items[1], LANG_ZH),
            "visits.csv:7: 错误: floor: 楼层“up”不是整数。办法：请只写数字，例如 42 [field-not-integer]\n",
            "in Chinese");
    b.problems.count = 0;
    v = sample();
    v.papers = (struct str){"11010519491231002X", 18};
    v.fever = 50;
    OK(!record_check(&visit_kind, &v, &b.in) && b.problems.count == 1, "a row checked by itself");
    EQ_TEXT(printed(&b.problems.items[0], LANG_EN),
            "visits.csv:7: error: fever: temperature is ***, which is too large. Remedy: the most allowed is 45 "
            "[field-too-large]\n",
            "a personal value is not repeated");
    bench_close(&b);
}

static void test_csv_words(void)
{
    static const struct {
        const char *well, *outcome;
        int8_t want_well;
        int32_t want_outcome;
    } t[] = {
        {"是", "拒绝", 1, 2},
        {"NO", "Not-Seen", 0, 1},
        {" true ", "not seen", 1, 1},
        {"0", "见到", 0, 0},
        {"", "", RECORD_BOOLEAN_NONE, RECORD_ENUM_NONE},
    };
    const struct str header[] = {STR("id"), STR("seen"), STR("well"), STR("outcome")};
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
        struct bench b;
        struct visit v;
        struct record_header columns;
        bench_open(&b);
        const struct str cells[] = {STR("V"), STR("2022-06-28"), str_z(t[i].well), str_z(t[i].outcome)};
        OK(record_header_read(&visit_kind, header, 4, &b.in, &columns) &&
               record_from_csv(&visit_kind, &columns, cells, 4, &b.in, &v) && v.well == t[i].want_well &&
               v.outcome == t[i].want_outcome && v.seen.s == 1656345600,
           "words \"%s\" and \"%s\"", t[i].well, t[i].outcome);
        bench_close(&b);
    }
    struct bench b;
    struct visit v;
    struct record_header columns;
    bench_open(&b);
    const struct str few[] = {STR("V"), STR("2022-06-28")};
    OK(record_header_read(&visit_kind, header, 4, &b.in, &columns) &&
           record_from_csv(&visit_kind, &columns, few, 2, &b.in, &v) && v.well == RECORD_BOOLEAN_NONE,
       "a row may end early");
    b.arena.bytes_max = b.arena.bytes;
    (void)arena_alloc(&b.arena, 60000);
    static char big[70000];
    memset(big, 'x', sizeof big);
    const struct str huge[] = {{big, sizeof big}, STR("2022-06-28")};
    OK(!record_from_csv(&visit_kind, &columns, huge, 2, &b.in, &v) && b.problems.errors == 1,
       "no memory for a text is an error");
    bench_close(&b);
}

// What fits exactly, and one more.
static void test_limits(void)
{
    static char wide[3 * (RECORD_TEXT_MAX + 1)];
    for (size_t i = 0; i < sizeof wide; i += 3) memcpy(wide + i, "密", 3);
    static const struct {
        const char *row;
        size_t id, note; // characters of three bytes
        size_t faults;
    } t[] = {
        {"the longest id", RECORD_ID_MAX, 0, 0},
        {"one character more", RECORD_ID_MAX + 1, 0, 1},
        {"the longest text", 1, RECORD_TEXT_MAX, 0},
        {"one character more in a text", 1, RECORD_TEXT_MAX + 1, 1},
    };
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
        struct bench b;
        bench_open(&b);
        struct visit v = sample();
        v.id = (struct str){wide, 3 * t[i].id};
        v.note = (struct str){wide, 3 * t[i].note};
        (void)record_check(&visit_kind, &v, &b.in);
        EQ_INT(b.problems.count, t[i].faults, "%s", t[i].row);
        bench_close(&b);
    }
    static struct str header[LIMIT_COLUMNS + 1];
    for (size_t i = 0; i <= LIMIT_COLUMNS; i++) header[i] = STR("");
    header[LIMIT_COLUMNS - 1] = STR("id");
    header[LIMIT_COLUMNS] = STR("name");
    struct bench b;
    struct record_header columns;
    bench_open(&b);
    OK(record_header_read(&visit_kind, header, LIMIT_COLUMNS + 1, &b.in, &columns) && columns.count == LIMIT_COLUMNS &&
           columns.field[LIMIT_COLUMNS - 1] == 0,
       "the last column that is read; those beyond are not");
    bench_close(&b);
}

int main(void)
{
    test_masking();
    test_cells();
    test_round_trips();
    test_json_faults();
    test_csv_faults();
    test_csv_words();
    test_limits();
    return tap_done();
}
