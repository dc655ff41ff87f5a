// Exports: what is exported re-imports to the same, in both forms; masking by class and scope; texts a spreadsheet would run;
// cases and contacts as summaries that can be read again as lists.
#include "import_desk.h"

#include "exchange/export.h"

#include <jansson.h>
#include <unistd.h>

static struct zone utc;

static struct export_options options_of(struct import_desk *d, export_kind kind)
{
    zone_fixed(0, "UTC", &utc);
    return (struct export_options){.kind = kind,
                                   .class = RECORD_IDENTITY,
                                   .sources = true,
                                   .db = d->db,
                                   .vault = intake_vault(d->desk.in),
                                   .book = intake_book(d->desk.in),
                                   .zone = &utc};
}

// All of it as one text, read in pieces.
static char *export_text(const struct export_options *o, size_t piece)
{
    struct export *e = NULL;
    struct err err = {0};
    struct sink out = {0};
    bool more = true;
    tong_code code = export_open(o, &e, &err);
    while (code == TONG_OK && more) code = export_next(e, &out, piece, &more, &err);
    OK(code == TONG_OK, "export of %s: %s", export_kind_words[o->kind].word, err.text);
    char *text = strdup(sink_kept(&out).p);
    if (text == NULL) abort();
    export_close(e);
    sink_close(&out);
    return text;
}

static char *export_kind_text(struct import_desk *d, export_kind kind)
{
    const struct export_options o = options_of(d, kind);
    return export_text(&o, 1000);
}

static int64_t lines(const char *text)
{
    int64_t n = 0;
    for (; *text != 0; text++) n += *text == '\n';
    return n;
}

static const char places[] =
    "uid,parent,kind,name,latitude,longitude\n"
    "01890a5d-ac96-774b-8ccc-000000000001,,city,渝州市,29.5,106.5\n"
    "01890a5d-ac96-774b-8ccc-000000000003,01890a5d-ac96-774b-8ccc-000000000002,community,\"=1+1,坡\",,\n"
    "01890a5d-ac96-774b-8ccc-000000000002,01890a5d-ac96-774b-8ccc-000000000001,district,南岸区,,\n";
static const char gatherings[] = "uid,name,place,begins,ends\n"
                                 "01890a5d-ac96-774b-8ccc-000000000011,Wedding,01890a5d-ac96-774b-8ccc-000000000002,"
                                 "2022-03-01T10:00:00Z,2022-03-01T16:00:00Z\n";
static const char cases[] =
    "id,name,sex,born,phone,onset,reported,class,hospitalised,outcome,outcome_day,place,infector,address\n"
    "C1,王小明,m,1990-01-02,13912345678,2022-03-01,2022-03-02,confirmed,2022-03-03,recovered,2022-03-15,,,@SUM(1)\n"
    "C2,\"Anna \"\"A\"\" Schmidt\",f,1985-06-07,,2022-03-05,2022-03-06,confirmed,,,,,C1,-1\n"
    "C3,Eve,f,,,,2022-03-07,suspected,,died,2022-03-09,,,\n";
static const char contacts[] = "id,name,case_of,last_contact,reported,status,kind\nK1,Cy,C1,2022-03-02,2022-03-03,,"
                               "household\nK2,Di,,2022-03-02,2022-03-03,lost,\n";
static const char visits[] = "contact,day,status\nK1,2022-03-04,seen_well\nK1,2022-03-05,not_seen\n";
static const char results[] =
    "person,sampled,resulted,result,specimen,test\nK1,2022-03-05,2022-03-06,negative,nasopharyngeal swab,PCR\n";

static bool fill(struct import_desk *d)
{
    struct import_job_options o = import_desk_options(d, IMPORT_OWN), p = import_desk_options(d, IMPORT_LIST);
    import_desk_text(&o, "places.csv", places, IMPORT_PLACES);
    import_desk_text(&o, "gatherings.csv", gatherings, IMPORT_GATHERINGS);
    bool good = import_desk_run(d, &o) == TONG_OK && d->out.tally.faulty == 0 && d->out.tally.taken == 4;
    if (!OK(good, "places in any order, a gathering")) import_desk_show(d);
    import_desk_text(&p, "cases.csv", cases, IMPORT_CASES);
    import_desk_text(&p, "contacts.csv", contacts, IMPORT_CONTACTS);
    import_desk_text(&p, "visits.csv", visits, IMPORT_FOLLOWUPS);
    import_desk_text(&p, "labs.csv", results, IMPORT_LABS);
    good = import_desk_run(d, &p) == TONG_OK && d->out.tally.faulty == 0 && d->out.tally.taken == 8;
    if (!OK(good, "cases, contacts, visits, results")) import_desk_show(d);
    return good;
}

static void test_round(const struct engine *e)
{
    static const export_kind whole[] = {EXPORT_PLACES, EXPORT_PEOPLE, EXPORT_GATHERINGS, EXPORT_FACTS};
    static const import_table tables[] = {IMPORT_PLACES, IMPORT_PEOPLE, IMPORT_GATHERINGS, IMPORT_FACTS};
    char *text[4];
    struct import_desk d;
    if (!import_desk_open(&d, e, "covid19-cn-9")) return;
    if (!fill(&d)) {
        import_desk_close(&d);
        return;
    }
    // A correction and a retraction travel along.
    int64_t person =
        DESK_NUMBER(&d.desk, "SELECT subject FROM fact WHERE kind = %d ORDER BY id LIMIT 1", EVENT_SYMPTOM);
    int64_t onset = DESK_NUMBER(&d.desk, "SELECT id FROM fact WHERE kind = %d ORDER BY id LIMIT 1", EVENT_SYMPTOM);
    (void)desk_fact(&d.desk, (struct fact){.kind = EVENT_SYMPTOM,
                                           .subject = person,
                                           .replaces = onset,
                                           .happened = {1646000000},
                                           .known = {1646200000},
                                           .until = UTC_NONE});
    int64_t seen = DESK_NUMBER(&d.desk, "SELECT id FROM fact WHERE kind = %d", EVENT_NOT_SEEN);
    (void)desk_retract(&d.desk, DESK_NUMBER(&d.desk, "SELECT subject FROM fact WHERE id = %lld", (long long)seen),
                       seen);
    for (size_t i = 0; i < 4; i++) text[i] = export_kind_text(&d, whole[i]);
    EQ_INT(lines(text[0]), 4, "three places and a header");
    EQ_INT(lines(text[1]), 6, "five people");
    OK(strstr(text[0], "\"'=1+1,坡\"") != NULL && strstr(text[1], ",'@SUM(1)") != NULL,
       "what would be a formula is defused");
    int64_t facts = lines(text[3]) - 1;
    import_desk_close(&d);
    // Into an empty store of its own.
    struct engine other = *e;
    char where[ENGINE_PATH], second[32];
    if (e->postgresql) {
        (void)snprintf(second, sizeof second, "round%d", (int)getpid());
        private_postgresql_url(e->server, second, where, sizeof where);
        OK(private_postgresql_create(e->server, second), "a second database");
    } else {
        (void)snprintf(where, sizeof where, "%s/second.db", e->folder);
    }
    other.where = where;
    char vault[300];
    (void)snprintf(vault, sizeof vault, "%s/t.db.vault", e->folder);
    (void)remove(vault);
    if (import_desk_open(&d, &other, "covid19-cn-9")) {
        struct import_job_options o = import_desk_options(&d, IMPORT_OWN);
        for (size_t i = 0; i < 4; i++) import_desk_text(&o, export_kind_words[whole[i]].word, text[i], tables[i]);
        OK(import_desk_run(&d, &o) == TONG_OK && d.out.tally.faulty == 0, "all of it re-imports");
        if (d.out.tally.faulty > 0) import_desk_show(&d);
        EQ_INT(d.out.tally.table_rows[IMPORT_FACTS], facts, "every fact is read");
        for (size_t i = 0; i < 4; i++) {
            char *again = export_kind_text(&d, whole[i]);
            EQ_TEXT(again, text[i], "%s: exported again it is the same", export_kind_words[whole[i]].word);
            free(again);
        }
        desk_uid(7000001, o.uid);
        OK(import_desk_run(&d, &o) == TONG_OK && d.out.tally.taken == 0 && d.out.tally.faulty == 0,
           "imported twice it is the same");
        desk_verify(&d.desk, "in the copy");
        import_desk_close(&d);
    }
    for (size_t i = 0; i < 4; i++) free(text[i]);
}

static bool only_first(void *payload, int64_t subject, record_class *class)
{
    *class = RECORD_INTERNAL;
    return subject == *(int64_t *)payload;
}

static void test_masks(const struct engine *e)
{
    struct import_desk d;
    if (!import_desk_open(&d, e, "covid19-cn-9")) return;
    if (fill(&d)) {
        struct export_options o = options_of(&d, EXPORT_CASES);
        char *all = export_text(&o, 100);
        EQ_INT(lines(all), 4, "three cases and a header");
        OK(strstr(all, "王小明") != NULL && strstr(all, ",2022-03-01,") != NULL &&
               strstr(all, "recovered,2022-03-15") != NULL,
           "a whole case");
        OK(strstr(all, "died,2022-03-09,2022-03-09") != NULL, "a death");
        static const char *const strings[] = {"王小明", "13912345678", "Schmidt", "1990-01-02", "SUM"};
        for (export_kind k = 0; k < EXPORT_KIND_COUNT;
             k++) { // nothing personal in any of them for those who may not see it
            o = options_of(&d, k);
            o.class = RECORD_INTERNAL;
            o.sources = false;
            char *text = export_text(&o, 5000);
            for (size_t i = 0; i < sizeof strings / sizeof *strings; i++)
                CHECK(strstr(text, strings[i]) == NULL, "%s of %s", strings[i], export_kind_words[k].word);
            free(text);
            o.form = EXPORT_JSON_LINES;
            text = export_text(&o, 5000);
            for (size_t i = 0; i < sizeof strings / sizeof *strings; i++)
                CHECK(strstr(text, strings[i]) == NULL, "%s of %s in JSON", strings[i], export_kind_words[k].word);
            for (char *line = text, *end; (end = strchr(line, '\n')) != NULL; line = end + 1) {
                json_t *object = json_loadb(line, (size_t)(end - line), 0, NULL);
                CHECK(json_is_object(object), "a line of %s is JSON", export_kind_words[k].word);
                json_decref(object);
            }
            free(text);
        }
        int64_t first = DESK_NUMBER(&d.desk, "SELECT min(id) FROM person");
        o = options_of(&d, EXPORT_PEOPLE);
        o.may = only_first;
        o.payload = &first;
        o.mark = true;
        char *one = export_text(&o, 5000);
        OK(lines(one) == 2 && strstr(one, "王小明") == NULL && strncmp(one, "\xEF\xBB\xBFuid,name", 10) == 0,
           "one person, without the name, with a mark");
        o = options_of(&d, EXPORT_LINKS);
        o.sources = false;
        char *links = export_text(&o, 5000);
        OK(lines(links) == 4 && strstr(links, "contact_named") != NULL, "two contacts named, one exposure");
        struct export_options seen = options_of(&d, EXPORT_LINKS);
        char *open = export_text(&seen, 5000);
        OK(strlen(open) > strlen(links), "who the other was is there only for those who may see sources");
        // The summary can be read as a list of cases, of the same people.
        struct import_job_options again = import_desk_options(&d, IMPORT_OWN);
        again.dry = true;
        again.twins = false;
        import_desk_text(&again, "cases.csv", all, IMPORT_TABLE_COUNT);
        OK(import_desk_run(&d, &again) == TONG_OK && d.out.tally.table_rows[IMPORT_CASES] == 3 &&
               d.out.tally.people_found == 3,
           "cases.csv is read as cases of the same people");
        if (d.out.tally.people_found != 3) import_desk_show(&d);
        free(all);
        free(one);
        free(links);
        free(open);
    }
    import_desk_close(&d);
}

// Written as another system writes it, read by the importer of that system into an empty store, written again: the same.
static char *dialect_text(struct import_desk *d, export_kind kind, export_dialect dialect)
{
    struct export_options o = options_of(d, kind);
    o.dialect = dialect;
    return export_text(&o, 1000);
}

static void dialect_round(const struct engine *e, export_dialect dialect, int round, char *text[2])
{
    static const export_kind kinds[] = {EXPORT_CASES, EXPORT_CONTACTS};
    static const import_table tables[] = {IMPORT_CASES, IMPORT_CONTACTS};
    struct engine other = *e;
    struct import_desk d;
    char where[ENGINE_PATH], second[32], vault[300];
    if (e->postgresql) {
        (void)snprintf(second, sizeof second, "dialect%d_%d", round, (int)getpid());
        private_postgresql_url(e->server, second, where, sizeof where);
        OK(private_postgresql_create(e->server, second), "a second database");
    } else {
        (void)snprintf(where, sizeof where, "%s/dialect%d.db", e->folder, round);
    }
    other.where = where;
    (void)snprintf(vault, sizeof vault, "%s/t.db.vault", e->folder);
    (void)remove(vault);
    if (!import_desk_open(&d, &other, "covid19-cn-9")) return;
    struct import_job_options o = import_desk_options(&d, dialect == DIALECT_SORMAS ? IMPORT_SORMAS : IMPORT_GODATA);
    const char *name = export_dialect_words[dialect].word;
    for (size_t i = 0; i < 2; i++) import_desk_text(&o, export_kind_words[kinds[i]].word, text[i], tables[i]);
    OK(import_desk_run(&d, &o) == TONG_OK && d.out.tally.faulty == 0, "%s: read without a fault", name);
    if (d.out.tally.faulty > 0) import_desk_show(&d);
    for (size_t i = 0; i < 2; i++) {
        char *again = dialect_text(&d, kinds[i], dialect);
        EQ_TEXT(again, text[i], "%s: %s written again are the same", name, export_kind_words[kinds[i]].word);
        free(again);
    }
    desk_uid(7000002 + (uint32_t)round, o.uid);
    OK(import_desk_run(&d, &o) == TONG_OK && d.out.tally.taken == 0, "%s: read again it changes nothing", name);
    import_desk_close(&d);
}

static void test_dialects(const struct engine *e)
{
    char *text[DIALECT_COUNT][2] = {{NULL}};
    struct import_desk d;
    if (!import_desk_open(&d, e, "covid19-cn-9")) return;
    bool good = fill(&d);
    for (int k = DIALECT_GODATA; good && k < DIALECT_COUNT; k++) {
        text[k][0] = dialect_text(&d, EXPORT_CASES, (export_dialect)k);
        text[k][1] = dialect_text(&d, EXPORT_CONTACTS, (export_dialect)k);
    }
    struct export_options blind = options_of(&d, EXPORT_CONTACTS);
    blind.dialect = DIALECT_GODATA;
    blind.sources = false;
    blind.class = RECORD_INTERNAL;
    char *masked = export_text(&blind, 1000);
    OK(strstr(masked, ",Cy,") == NULL && strstr(masked, ",C1,") == NULL, "who may not see names and sources gets none");
    free(masked);
    import_desk_close(&d);
    if (!good) return;
    OK(strstr(text[DIALECT_GODATA][0], "LNG_REFERENCE_DATA_CATEGORY_CASE_CLASSIFICATION_CONFIRMED") != NULL &&
           strstr(text[DIALECT_GODATA][0], "dateRanges[1].startDate") != NULL, "Go.Data by property name");
    OK(strstr(text[DIALECT_GODATA_LABELS][0], "Case ID") != NULL && strstr(text[DIALECT_GODATA_LABELS][0], ",Suspect,") != NULL,
       "Go.Data by label");
    OK(strncmp(text[DIALECT_SORMAS][0], "CaseData,CaseData,", 18) == 0 && strstr(text[DIALECT_SORMAS][0], "person.birthdateYYYY") != NULL &&
           strstr(text[DIALECT_SORMAS][0], "DECEASED") != NULL, "SORMAS with its two rows of headers");
    for (int k = DIALECT_GODATA; k < DIALECT_COUNT; k++) {
        dialect_round(e, (export_dialect)k, k, text[k]);
        free(text[k][0]);
        free(text[k][1]);
    }
}

int main(void)
{
    struct engines engines;
    engines_open(&engines);
    engine_each(&engines, "round trip", test_round);
    engine_each(&engines, "masks", test_masks);
    engine_each(&engines, "dialects", test_dialects);
    engines_close(&engines);
    return tap_done();
}
