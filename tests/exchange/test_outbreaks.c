// Real outbreaks through the whole reader and into chains and curves: MERS in Korea 2015, Tianjin 2020, the simulated Ebola
// line list, Go.Data's training outbreak, SORMAS files. What is expected of each was counted independently or published.
#include "epi/chain.h"
#include "epi/curve.h"
#include "exchange/linelist.h"
#include "tap.h"

struct outbreak {
    struct arena arena;
    struct problem_list problems;
    struct linelist list;
    struct mapping mapping;
    struct chain_input input;
    struct chains chains;
    char path[LINE_TABLE_COUNT][1000];
};

static bool outbreak_read(struct outbreak *o, const char *mapping, const char *const files[LINE_TABLE_COUNT], bool keep)
{
    *o = (struct outbreak){.problems = {.arena = &o->arena}};
    struct linelist_options options = {.as_of = {CIVIL_DAY_NONE}, .keep_good_rows = keep};
    struct err err = {.text = ""};
    char path[1000];
    for (int32_t t = 0; t < LINE_TABLE_COUNT; t++) {
        if (files[t] == NULL) continue;
        options.file[t].name = tap_shared(files[t], o->path[t], sizeof o->path[t]);
        if (options.file[t].name != NULL) continue;
        tap_skip("%s is not here", files[t]);
        return false;
    }
    if (mapping != NULL) {
        tong_code read =
            mapping_read_path(tap_source(mapping, path, sizeof path), &o->arena, &o->problems, &o->mapping, &err);
        if (!OK(read == TONG_OK, "%s is read: %s", mapping, err.text)) return false;
        options.mapping = &o->mapping;
    }
    tong_code code = linelist_read(&options, &o->arena, &o->problems, &o->list, &err);
    if (OK(code == TONG_OK, "%s is read: %s", files[LINE_TABLE_CASES], err.text)) return true;
    problem_print_all(&o->problems, LANG_EN, stdout);
    return false;
}

static int64_t told(const struct outbreak *o, const char *slug)
{
    int64_t n = 0;
    for (size_t i = 0; i < o->problems.count; i++) n += strcmp(o->problems.items[i].message->slug, slug) == 0;
    return n;
}

static void outbreak_chains(struct outbreak *o)
{
    const struct linelist *l = &o->list;
    civil_day *onset = arena_array(&o->arena, l->case_count, sizeof *onset),
              *reported = arena_array(&o->arena, l->case_count, sizeof *reported);
    struct chain_link *links = arena_array(&o->arena, l->link_count + 1, sizeof *links);
    if (onset == NULL || reported == NULL || links == NULL) abort();
    size_t n = 0;
    for (size_t i = 0; i < l->case_count; i++) {
        onset[i] = l->cases[i].when[LINE_ONSET].day;
        reported[i] = l->cases[i].when[LINE_REPORTED].day;
    }
    for (size_t i = 0; i < l->link_count; i++)
        if (l->links[i].from_end == LINE_END_CASE && l->links[i].to_end == LINE_END_CASE)
            links[n++] = (struct chain_link){l->links[i].from_index, l->links[i].to_index};
    o->input = (struct chain_input){
        .case_count = (int32_t)l->case_count, .onset = onset, .reported = reported, .links = links, .link_count = n};
    OK(chain_build(&o->input, &o->arena, &o->chains, NULL) == TONG_OK, "chains of %zu cases and %zu links",
       l->case_count, n);
}

static int32_t named_by(const struct outbreak *o, const char *id)
{
    int32_t i = linelist_find_case(&o->list, str_z(id));
    return i == LINE_NONE ? -1 : o->chains.cases[i].named;
}

static int32_t infector_of(const struct outbreak *o, const char *id)
{
    int32_t i = linelist_find_case(&o->list, str_z(id));
    return i == LINE_NONE ? -2 : o->chains.cases[i].infector;
}

// The table of offspring numbers that R computed, for one outbreak.
static void check_offspring(const struct outbreak *o, const char *name)
{
    char path[1000], line[200];
    FILE *f =
        tap_shared("reference/analytics/offspring_counts.csv", path, sizeof path) == NULL ? NULL : fopen(path, "r");
    if (f == NULL) {
        tap_skip("no table of offspring");
        return;
    }
    size_t k = 0;
    bool same = true;
    while (fgets(line, sizeof line, f) != NULL) {
        char dataset[100];
        int value = 0, count = 0;
        if (sscanf(line, "%99[^,],%d,%d", dataset, &value, &count) != 3 || strcmp(dataset, name) != 0) continue;
        same = same && k < o->chains.named_tally_count && o->chains.named_tally[k].value == value &&
               o->chains.named_tally[k].count == count;
        k++;
    }
    (void)fclose(f);
    OK(same && k == o->chains.named_tally_count && k > 0, "%s: offspring as R counts them, %zu different numbers", name,
       k);
}

static void test_mers(void)
{
    static const char *const files[LINE_TABLE_COUNT] = {"data/mers_korea_2015_linelist.csv",
                                                        "data/mers_korea_2015_contacts.csv"};
    struct outbreak o;
    if (!outbreak_read(&o, "mappings/mers-korea-2015.yaml", files, false)) {
        arena_free(&o.arena);
        return;
    }
    EQ_INT((int64_t)o.list.case_count, 162, "MERS: cases");
    EQ_INT((int64_t)o.list.link_count, 98, "links");
    EQ_INT((int64_t)o.problems.count, 0, "nothing wrong with the files");
    int64_t dead = 0, men = 0, no_onset = 0, dated = 0;
    for (size_t i = 0; i < o.list.case_count; i++) {
        dead += o.list.cases[i].outcome == LINE_DIED;
        dated += o.list.cases[i].when[LINE_DEATH].day.d != CIVIL_DAY_NONE;
        men += o.list.cases[i].sex == LINE_MALE;
        no_onset += o.list.cases[i].when[LINE_ONSET].day.d == CIVIL_DAY_NONE;
    }
    EQ_INT(dead, 19, "deaths");
    EQ_INT(dated, 10, "of them with a date");
    EQ_INT(men, 99, "men");
    EQ_INT(no_onset, 27, "without an onset");
    outbreak_chains(&o);
    const struct chains *c = &o.chains;
    EQ_INT(c->infectees_named, 95, "distinct infectees");
    EQ_INT(c->ambiguous, 2, "two with more than one source");
    EQ_INT(named_by(&o, "SK_14"), 38, "offspring of SK_14");
    EQ_INT(named_by(&o, "SK_1"), 26, "of SK_1");
    EQ_INT(named_by(&o, "SK_16"), 21, "of SK_16");
    EQ_INT(named_by(&o, "SK_15"), 4, "of SK_15");
    EQ_INT(infector_of(&o, "SK_39"), linelist_find_case(&o.list, STR("SK_12")),
           "SK_39: the latest of three earlier onsets");
    EQ_INT(c->cut_count, 0, "no circle");
    EQ_INT(c->out_of_order, 0, "nobody infected before their infector");
    EQ_INT(c->infectees + c->root_count, 162, "everybody has an infector or is an index case");
    check_offspring(&o, "mers_korea_2015");
    civil_day *day = arena_array(&o.arena, o.list.case_count, sizeof *day);
    if (day == NULL) abort();
    for (size_t i = 0; i < o.list.case_count; i++) day[i] = o.list.cases[i].when[LINE_ONSET].day;
    struct curve curve;
    struct curve_input in = {
        .day = day, .case_count = o.list.case_count, .first = {CIVIL_DAY_NONE}, .last = {CIVIL_DAY_NONE}};
    OK(curve_build(&in, &o.arena, &curve, NULL) == TONG_OK, "the curve by onset");
    EQ_INT(curve_total(&curve) * 1000 + curve.undated[0], 135027, "has 135 cases, and 27 apart");
    char text[CIVIL_TEXT];
    civil_format(curve.first, text);
    EQ_TEXT(text, "2015-05-11", "from the first onset");
    arena_free(&o.arena);
}

static void test_tianjin(void)
{
    static const char *const files[LINE_TABLE_COUNT] = {"data/covid19_tianjin_2020_linelist.csv",
                                                        "data/covid19_tianjin_2020_contacts.csv"};
    struct outbreak o;
    if (outbreak_read(&o, "mappings/tianjin-2020.yaml", files, false)) {
        EQ_INT((int64_t)o.list.case_count, 135, "Tianjin: cases");
        EQ_INT((int64_t)o.list.link_count, 72, "links");
        EQ_INT((int64_t)o.problems.count, 0, "nothing wrong with the files");
        outbreak_chains(&o);
        EQ_INT(o.chains.infectees_named, 56, "distinct infectees");
        EQ_INT(o.chains.ambiguous, 14, "fourteen with more than one source");
        EQ_INT(o.chains.out_of_order, 0, "none out of order");
        EQ_INT(infector_of(&o, "TJ44"), linelist_find_case(&o.list, STR("TJ20")),
               "TJ44: the earlier onset, not the one of the same day");
        int64_t dead = 0;
        for (size_t i = 0; i < o.list.case_count; i++) dead += o.list.cases[i].outcome == LINE_DIED;
        EQ_INT(dead, 3, "three deaths, read from their date");
        // A link is known when the later of its two cases was announced.
        const struct line_link *l = &o.list.links[0];
        civil_day from = o.list.cases[l->from_index].when[LINE_REPORTED].day,
                  to = o.list.cases[l->to_index].when[LINE_REPORTED].day;
        EQ_INT(l->known.day.d, from.d > to.d ? from.d : to.d, "the first link is known when both are reported");
    }
    arena_free(&o.arena);
}

static void test_ebola(void)
{
    static const char *const files[LINE_TABLE_COUNT] = {"data/ebola_sim_linelist.csv", "data/ebola_sim_contacts.csv"};
    static const char *const clean[LINE_TABLE_COUNT] = {"data/ebola_sim_clean_linelist.csv",
                                                        "data/ebola_sim_contacts.csv"};
    struct outbreak o;
    if (outbreak_read(&o, "mappings/ebola-sim.yaml", files, false)) {
        EQ_INT((int64_t)o.list.case_count, 5888, "Ebola: cases");
        EQ_INT((int64_t)o.list.link_count, 3800, "links");
        EQ_INT(o.list.links_from_unknown, 1639, "of infectors who were never sampled");
        EQ_INT(told(&o, "infected-on-onset"), 59, "the 59 spoiled rows are found");
        EQ_INT(told(&o, "outcome-before-onset"), 200, "and 200 outcomes before their onset");
        outbreak_chains(&o);
        EQ_INT(o.chains.infectees, 2161, "2,161 pairs are complete");
        int64_t agree = 0, differ = 0;
        for (int32_t i = 0; i < o.chains.case_count; i++) {
            const struct chain_case *c = &o.chains.cases[i];
            if (c->infector == CHAIN_NONE) continue;
            bool same = o.list.cases[i].generation == o.list.cases[c->infector].generation + 1;
            agree += same;
            differ += !same;
        }
        EQ_INT(agree, 2159, "the file's generation is the infector's plus one");
        EQ_INT(differ, 2,
               "but for two links of c9783b, whose generation the file gives as 14 and its infectees' as 18");
        agree = differ = 0;
        for (int32_t i = 0; i < o.chains.case_count; i++) {
            const struct chain_case *c = &o.chains.cases[i];
            bool same = o.list.cases[i].generation - o.list.cases[c->root].generation == c->generation;
            agree += same;
            differ += !same;
        }
        EQ_INT(agree, 5886, "the depth in its chain agrees but for those two");
        check_offspring(&o, "ebola_sim");
    }
    arena_free(&o.arena);
    if (outbreak_read(&o, "mappings/ebola-sim.yaml", clean, true)) {
        EQ_INT((int64_t)o.list.case_count, 5829, "the clean list: cases");
        EQ_INT(told(&o, "infected-on-onset"), 0, "and none of the spoiled rows");
    }
    arena_free(&o.arena);
    // Without the mapping's leave, the same links are contacts of unknown cases.
    if (outbreak_read(&o, NULL, files, true)) {
        EQ_INT(told(&o, "link-of-unknown-case"), 1639, "each is told, by line");
        EQ_INT((int64_t)o.list.link_count, 2161, "and the others are kept");
    }
    arena_free(&o.arena);
}

#define GODATA "formats/godata-trainingland/"

static void test_godata(void)
{
    static const char *const files[LINE_TABLE_COUNT] = {
        GODATA "cases_clean.csv",     GODATA "relationships_clean.csv", GODATA "contacts_clean.csv",
        GODATA "followups_clean.csv", GODATA "lab_results_clean.csv",   GODATA "events_clean.csv",
    };
    static const char *const mappings[] = {"mappings/godata-training.yaml", NULL}; // and by suggestion alone
    for (size_t m = 0; m < 2; m++) {
        struct outbreak o;
        if (!outbreak_read(&o, mappings[m], files, false)) {
            arena_free(&o.arena);
            continue;
        }
        EQ_INT((int64_t)o.list.case_count, 56, "Go.Data: cases");
        EQ_INT((int64_t)o.list.contact_count, 66, "contacts");
        EQ_INT((int64_t)o.list.link_count, 100, "relationships");
        EQ_INT((int64_t)o.list.followup_count, 437, "follow-ups");
        EQ_INT((int64_t)o.list.lab_count, 40, "results");
        EQ_INT((int64_t)o.list.gathering_count, 7, "gatherings");
        EQ_INT(told(&o, "outcome-before-onset"), 34, "outcomes before onset");
        EQ_INT(told(&o, "label-twice"), 3, "case numbers used twice");
        EQ_INT(told(&o, "case-and-contact"), 6, "persons who are both");
        EQ_INT(o.list.case_and_contact, 6, "and counted");
        EQ_INT(told(&o, "link-from-gathering"), 13, "links from a gathering");
        EQ_INT(told(&o, "link-to-gathering"), 1, "and one back");
        EQ_INT((int64_t)o.problems.errors, 0, "none of which stops the import");
        int64_t classes[LINE_CLASS_COUNT] = {0}, visits[LINE_FOLLOWUP_STATUS_COUNT] = {0},
                results[LINE_RESULT_COUNT] = {0};
        for (size_t i = 0; i < o.list.case_count; i++) classes[o.list.cases[i].class]++;
        for (size_t i = 0; i < o.list.followup_count; i++) visits[o.list.followups[i].status]++;
        for (size_t i = 0; i < o.list.lab_count; i++) results[o.list.labs[i].result]++;
        EQ_INT(classes[LINE_CONFIRMED] * 1000 + classes[LINE_PROBABLE] * 10 + classes[LINE_DISCARDED], 31151,
               "31 confirmed, 15 probable, 1 discarded");
        EQ_INT(classes[LINE_SUSPECTED], 9, "9 suspected");
        EQ_INT(visits[LINE_SEEN_WELL], 90, "90 seen well");
        EQ_INT(visits[LINE_FOLLOWUP_UNKNOWN], 326, "326 of which nothing was recorded");
        EQ_INT(visits[LINE_NOT_SEEN] * 100 + visits[LINE_SEEN_ILL] * 10 + visits[LINE_NOT_ATTEMPTED], 1065,
               "10 not seen, 6 ill, 5 not attempted");
        EQ_INT(results[LINE_POSITIVE] * 100 + results[LINE_NEGATIVE] * 10 + results[LINE_INCONCLUSIVE], 2721,
               "27 positive, 2 negative, 1 neither");
        bool timeless = true;
        for (size_t i = 0; i < o.list.lab_count; i++) timeless = timeless && o.list.labs[i].sampled.at.s == INT64_MIN;
        OK(timeless, "2020-06-28T00:00:00.000Z is a day");
        outbreak_chains(&o);
        EQ_INT(o.chains.cut_count, 0, "no circle among its cases");
        arena_free(&o.arena);
    }
}

static void test_sormas(void)
{
    static const struct {
        const char *file;
        int64_t cases;
        const char *first_report;
    } rows[] = {
        {"formats/sormas/sormas_import_test_success.csv", 5, "2018-11-20"},      // month first, an entity row above
        {"formats/sormas/sormas_case_import_test_samples.csv", 1, "2018-11-22"}, // two of three rows are short
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *const files[LINE_TABLE_COUNT] = {rows[i].file};
        struct outbreak o;
        char day[CIVIL_TEXT] = "";
        if (outbreak_read(&o, NULL, files, true)) {
            EQ_INT((int64_t)o.list.case_count, rows[i].cases, "cases of %s", rows[i].file);
            if (o.list.case_count > 0) civil_format(o.list.cases[0].when[LINE_REPORTED].day, day);
            EQ_TEXT(day, rows[i].first_report, "the first report");
        }
        arena_free(&o.arena);
    }
}

int main(void)
{
    test_mers();
    test_tianjin();
    test_ebola();
    test_godata();
    test_sormas();
    return tap_done();
}
