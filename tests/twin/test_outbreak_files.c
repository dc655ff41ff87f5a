// The files: their bytes for a seed, their shape, and that the faults can be taken out again.
#include "tap.h"

#include "base/civil.h"
#include "twin/outbreak_files.h"

enum { COLUMNS_MAX = 20 };

static struct outbreak_options options_of(outbreak_disease disease, uint64_t seed, int32_t cases)
{
    struct outbreak_options o;
    outbreak_options_for(disease, &o);
    o.seed = seed;
    o.cases = cases;
    return o;
}

struct made {
    struct arena arena;
    struct outbreak outbreak;
    struct outbreak_files files;
    struct sink text[OUTBREAK_FILE_COUNT];
};

static void make(struct made *m, const struct outbreak_options *o, bool faulty)
{
    struct err err = {0};
    memset(m, 0, sizeof *m);
    if (outbreak_generate(o, &m->arena, &m->outbreak, &err) != TONG_OK ||
        outbreak_files_prepare(&m->outbreak, faulty, &m->arena, &m->files, &err) != TONG_OK) {
        OK(false, "made: %s", err.text);
        abort();
    }
    for (int f = 0; f < OUTBREAK_FILE_COUNT; f++)
        outbreak_file_write(&m->files, (outbreak_file)f, "a test", &m->text[f]);
}

static void unmake(struct made *m)
{
    for (int f = 0; f < OUTBREAK_FILE_COUNT; f++) sink_close(&m->text[f]);
    arena_free(&m->arena);
}

static struct str text_of(const struct made *m, outbreak_file file)
{
    return sink_kept(&m->text[file]);
}

static bool next_line(struct str *rest, struct str *line)
{
    return rest->n > 0 && str_cut(rest, '\n', line);
}

static int split(struct str line, struct str cell[COLUMNS_MAX])
{
    int n = 0;
    while (n < COLUMNS_MAX && str_cut(&line, ',', &cell[n])) n++;
    return n;
}

static int column_of(struct str header, const char *name)
{
    struct str cell[COLUMNS_MAX];
    int n = split(header, cell);
    for (int i = 0; i < n; i++)
        if (str_eq_z(cell[i], name)) return i;
    return -1;
}

// ---- the same bytes ----

static void test_bytes(void)
{
    static const struct {
        outbreak_disease disease;
        const char *hash[OUTBREAK_FILE_COUNT];
    } t[] = {
        {OUTBREAK_COVID,
         {"521fc29c658948df", "a490dc94599a9d1a", "807105a36120780b", "e0d8655251cf67d6", "47257cb8b1f94d3a",
          "111eda7b609e67af", "bc4ed3f1986c7da0"}},
        {OUTBREAK_EBOLA,
         {"ee389a3c9d48774f", "b3f36eca2cfcd0e3", "4c2c1d6a9068f550", "3ca07c1f54354333", "1b6d3c8aae133c37",
          "d8e769de143debb9", "6219290554cbb17d"}},
    };
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
        struct made m;
        struct outbreak_options o = options_of(t[i].disease, 20220701, 300);
        make(&m, &o, true);
        for (int f = 0; f < OUTBREAK_FILE_COUNT; f++) {
            char hash[20];
            (void)snprintf(hash, sizeof hash, "%016llx", (unsigned long long)str_hash(text_of(&m, (outbreak_file)f)));
            EQ_TEXT(hash, t[i].hash[f], "%s, seed 20220701: %s", outbreak_disease_name(t[i].disease),
                    outbreak_file_name((outbreak_file)f));
        }
        unmake(&m);
    }
}

// ---- the shape ----

static bool is_time(struct str cell)
{
    struct zone utc;
    utc_sec at;
    bool day_only;
    zone_fixed(0, "UTC", &utc);
    return cell.n == 0 || (cell.n == 16 && zone_parse(&utc, cell, &at, &day_only) && !day_only);
}

static bool is_day(struct str cell)
{
    civil_day day;
    return cell.n == 0 || civil_parse(cell, &day);
}

static void test_shape(outbreak_disease disease)
{
    static const struct {
        outbreak_file file;
        const char *days[3], *times[5], *filled[6];
    } t[] = {
        {OUTBREAK_LINELIST,
         {"onset", "outcome_date"},
         {"sampled", "result_at", "reported_at", "isolated"},
         {"id", "sex", "place", "place_zh", "class", "reported_at"}},
        {OUTBREAK_CONTACTS,
         {"follow_until"},
         {"first_contact", "last_contact", "named_at"},
         {"id", "case_id", "contact_id", "kind", "named_at", "status"}},
        {OUTBREAK_FOLLOWUPS, {"date"}, {"visited_at"}, {"id", "contact_id", "case_id", "date", "visited_at", "status"}},
        {OUTBREAK_LABS,
         {0},
         {"sampled_at", "result_at"},
         {"id", "person_id", "sampled_at", "specimen", "test", "result"}},
        {OUTBREAK_TRUTH, {0}, {"infected_at", "onset", "reported_at"}, {"id", "infected_at", "kind", "generation"}},
    };
    struct made m;
    struct outbreak_options o = options_of(disease, 12, 400);
    make(&m, &o, false);
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
        struct str rest = text_of(&m, t[i].file), header, line, cell[COLUMNS_MAX];
        const char *name = outbreak_file_name(t[i].file);
        OK(str_utf8_valid(rest) == rest.n, "%s: UTF-8", name);
        OK(rest.n > 0 && rest.p[rest.n - 1] == '\n', "%s: ends with a line break", name);
        bool headed = next_line(&rest, &header);
        int columns = headed ? split(header, cell) : 0;
        int64_t rows = 0;
        for (; next_line(&rest, &line); rows++) {
            CHECK(split(line, cell) == columns, "%s row %lld: as many cells as columns", name, (long long)rows);
            for (int k = 0; k < 3 && t[i].days[k] != NULL; k++)
                CHECK(is_day(cell[column_of(header, t[i].days[k])]), "%s: %s is a day", name, t[i].days[k]);
            for (int k = 0; k < 5 && t[i].times[k] != NULL; k++)
                CHECK(is_time(cell[column_of(header, t[i].times[k])]), "%s: %s is a time", name, t[i].times[k]);
            for (int k = 0; k < 6 && t[i].filled[k] != NULL; k++)
                CHECK(cell[column_of(header, t[i].filled[k])].n > 0, "%s: %s is filled in", name, t[i].filled[k]);
        }
        int64_t want = t[i].file == OUTBREAK_CONTACTS ? m.outbreak.contact_count : m.outbreak.case_count;
        if (t[i].file == OUTBREAK_FOLLOWUPS || t[i].file == OUTBREAK_LABS)
            OK(rows > 300, "%s: %lld rows", name, (long long)rows);
        else EQ_INT(rows, want, "%s: rows", name);
    }
    EQ_INT(m.files.faults.count, 0, "a clean outbreak has no faults");
    unmake(&m);
}

// Times of report and of naming only go forward down the lists.
static void test_order(void)
{
    static const struct {
        outbreak_file file;
        const char *column;
    } t[] = {{OUTBREAK_LINELIST, "reported_at"}, {OUTBREAK_CONTACTS, "named_at"}, {OUTBREAK_TRUTH, "infected_at"}};
    struct made m;
    struct outbreak_options o = options_of(OUTBREAK_MEASLES, 13, 500);
    make(&m, &o, false);
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
        struct str rest = text_of(&m, t[i].file), header, line, cell[COLUMNS_MAX], last = STR("");
        if (!next_line(&rest, &header)) abort();
        int column = column_of(header, t[i].column);
        while (next_line(&rest, &line)) {
            (void)split(line, cell);
            CHECK(str_compare(last, cell[column]) <= 0, "%s by %s", outbreak_file_name(t[i].file), t[i].column);
            last = cell[column];
        }
    }
    struct str readme = text_of(&m, OUTBREAK_README);
    static const char *const says[] = {"INVENTED", "全部由程序虚构", "seed / 随机种子: 13", "measles-like",
                                       "a test",   "dispersion_k",   "Lloyd-Smith"};
    for (size_t i = 0; i < sizeof says / sizeof says[0]; i++)
        OK(readme.n > 0 && strstr(readme.p, says[i]) != NULL, "README.txt says \"%s\"", says[i]);
    unmake(&m);
}

// ---- faults ----

// Line `number` (from 1) of a text.
static struct str line_at(struct str text, int64_t number)
{
    struct str line = {NULL, 0};
    for (int64_t i = 0; i < number; i++)
        if (!next_line(&text, &line)) return (struct str){NULL, 0};
    return line;
}

// Taking out the rows that faults.csv lists, and putting back the values, gives the clean file.
static void check_repaired(const struct made *faulty, const struct made *clean, outbreak_file file)
{
    const char *name = outbreak_file_name(file);
    struct str rest = text_of(faulty, file), header = line_at(rest, 1), line, cell[COLUMNS_MAX], given[COLUMNS_MAX];
    struct sink repaired = {0};
    for (int64_t number = 1; next_line(&rest, &line); number++) {
        struct str faults = text_of(faulty, OUTBREAK_FAULTS), fault;
        bool left_out = false;
        int columns = split(line, cell);
        while (next_line(&faults, &fault)) {
            int64_t at = 0;
            (void)split(fault, given);
            if (!str_eq_z(given[1], name) || !str_int(given[2], &at) || at != number) continue;
            int column = -1;
            for (int c = 0; c < columns; c++) {
                struct str head[COLUMNS_MAX];
                (void)split(header, head);
                if (str_eq(head[c], given[3])) column = c;
            }
            CHECK(column >= 0 && str_eq(cell[column], given[5]), "%s line %lld holds what faults.csv says", name,
                  (long long)number);
            if (str_eq_z(given[7], "row")) left_out = true;
            else if (column >= 0) cell[column] = given[6];
        }
        for (int c = 0; c < columns && !left_out; c++) {
            if (c > 0) sink_char(&repaired, ',');
            sink_bytes(&repaired, cell[c].p, cell[c].n);
        }
        if (!left_out) sink_char(&repaired, '\n');
    }
    OK(str_eq(sink_kept(&repaired), text_of(clean, file)), "%s: repaired, it is the clean file", name);
    sink_close(&repaired);
}

static void test_faults(void)
{
    struct made clean, faulty;
    struct outbreak_options o = options_of(OUTBREAK_COVID, 14, 450);
    make(&clean, &o, false);
    make(&faulty, &o, true);
    int32_t kinds[OUTBREAK_FAULT_COUNT] = {0};
    for (int32_t i = 0; i < faulty.files.faults.count; i++) kinds[faulty.files.faults.items[i].kind]++;
    for (int k = 0; k < OUTBREAK_FAULT_COUNT; k++)
        EQ_INT(kinds[k], 5, "%s: 1 and another for each hundred cases",
               outbreak_fault_about((outbreak_fault_kind)k)->name);
    for (int f = 0; f < OUTBREAK_FAULTS; f++) {
        if (f == OUTBREAK_LINELIST || f == OUTBREAK_CONTACTS) {
            OK(!str_eq(text_of(&faulty, (outbreak_file)f), text_of(&clean, (outbreak_file)f)), "%s has faults",
               outbreak_file_name((outbreak_file)f));
            check_repaired(&faulty, &clean, (outbreak_file)f);
        } else {
            OK(str_eq(text_of(&faulty, (outbreak_file)f), text_of(&clean, (outbreak_file)f)), "%s has none",
               outbreak_file_name((outbreak_file)f));
        }
    }
    unmake(&clean);
    unmake(&faulty);
}

// Each fault is the fault it says it is.
static void test_fault_kinds(void)
{
    struct made m;
    struct outbreak_options o = options_of(OUTBREAK_EBOLA, 15, 350);
    make(&m, &o, true);
    struct str list = text_of(&m, OUTBREAK_LINELIST), contacts = text_of(&m, OUTBREAK_CONTACTS);
    for (int32_t i = 0; i < m.files.faults.count; i++) {
        const struct outbreak_fault *fault = &m.files.faults.items[i];
        const char *name = outbreak_fault_about(fault->kind)->name;
        struct str cell[COLUMNS_MAX], above[COLUMNS_MAX];
        bool in_list = outbreak_fault_about(fault->kind)->list == OUTBREAK_LIST_CASES;
        (void)split(line_at(in_list ? list : contacts, fault->line), cell);
        (void)split(line_at(in_list ? list : contacts, fault->line - 1), above);
        struct str written = str_z(fault->written);
        civil_day day, onset;
        int64_t age = 0;
        switch (fault->kind) {
        case OUTBREAK_DUPLICATE_ID: CHECK(str_eq(cell[0], above[0]), "%s", name); break;
        case OUTBREAK_EMPTY_ID: CHECK(cell[0].n == 0, "%s", name); break;
        case OUTBREAK_CONTACT_EMPTY_ID: CHECK(cell[2].n == 0 && cell[1].n > 0, "%s", name); break;
        case OUTBREAK_IMPOSSIBLE_DATE:
        case OUTBREAK_CONTACT_IMPOSSIBLE_DATE:
            CHECK(written.n >= 10 && !civil_parse((struct str){written.p, 10}, &day), "%s: %s", name, fault->written);
            break;
        case OUTBREAK_UNREADABLE_DATE: CHECK(!civil_parse(written, &day), "%s", name); break;
        case OUTBREAK_OUTCOME_BEFORE_ONSET:
            CHECK(civil_parse(written, &day) && civil_parse(cell[8], &onset) && day.d < onset.d, "%s", name);
            break;
        case OUTBREAK_IMPOSSIBLE_AGE: CHECK(str_int(written, &age) && age > 125, "%s", name); break;
        case OUTBREAK_UNKNOWN_CASE: CHECK(written.n == 8 && strstr(list.p, fault->written) == NULL, "%s", name); break;
        case OUTBREAK_FAULT_COUNT: break;
        }
    }
    OK(m.files.faults.count == 4 * OUTBREAK_FAULT_COUNT, "%d faults looked at", m.files.faults.count);
    unmake(&m);

    o = options_of(OUTBREAK_COVID, 16, 1);
    o.asymptomatic_share = 1;
    o.contacts_per_case = 0;
    make(&m, &o, true);
    EQ_INT(m.files.faults.count, 5, "one case without symptoms or contacts carries only what it can");
    unmake(&m);
}

int main(void)
{
    test_bytes();
    for (int d = 0; d < OUTBREAK_DISEASE_COUNT; d++) test_shape((outbreak_disease)d);
    test_order();
    test_faults();
    test_fault_kinds();
    return tap_done();
}
