// Rows of a line list as facts: which, when they happened, when they became known, in which order, and what was
// assumed.
#include "cli/replay_facts.h"
#include "exchange/line_words.h"
#include "tap.h"

static struct arena arena;
static struct zone utc;
static struct linelist list;
static struct replay_facts facts;

static const char cases_csv[] =
    "id,age,class,onset,sampled,diagnosed,reported,isolated,hospitalised,hospitalised_end,outcome,"
    "outcome_day\n"
    "A,40,confirmed,2026-03-01,2026-03-02,2026-03-04,2026-03-03,,,,recovered,2026-03-12\n"
    "B,,asymptomatic,,,2026-03-08,2026-03-07,2026-03-08,,,,\n"
    "C,5,discarded,2026-03-07,,2026-03-10,2026-03-09,,,,,\n"
    "D,70,,2026-03-12,,,2026-03-14 08:30,,2026-03-13,2026-03-20,died,2026-03-20\n"
    "E,1,probable,2026-03-12,,,2026-03-14,,2026-03-13,2026-03-21,,\n"
    "F,1,confirmed,,,,,,,,died,\n";
static const char links_csv[] = "from,to,exposure,first_contact,last_contact\n"
                                "A,B,Family member,2026-02-27,2026-02-28\n"
                                "A,B,Family member,2026-02-27,2026-02-28\n"
                                "A,D,Hospital room,,\n"
                                "A,X1,something else,2026-03-02,\n"
                                "X1,E,funeral,2026-03-09,\n"
                                "A,X2,,1926-03-02,\n";
static const char followups_csv[] =
    "contact,day,status\nX1,2026-03-04,seen_well\nX1,2026-03-05,\nX1,2026-03-06,not_seen\n";
static const char labs_csv[] = "person,sampled,resulted,result,specimen,test\n"
                               "X1,2026-03-05,2026-03-06,negative,nasopharyngeal swab,PCR\n"
                               "D,2026-03-14,2026-03-15,positive,,\n"
                               "X1,2026-03-07,,,,\n";

static bool read_list(const char *const texts[LINE_TABLE_COUNT], bool keep)
{
    static const char *const names[LINE_TABLE_COUNT] = {"cases",     "links", "contacts",
                                                        "followups", "labs",  "gatherings"};
    struct problem_list problems = {.arena = &arena};
    struct bytes source[LINE_TABLE_COUNT];
    struct linelist_options options = {.as_of = {CIVIL_DAY_NONE}, .keep_good_rows = keep};
    struct err err = {0};
    for (int32_t t = 0; t < LINE_TABLE_COUNT; t++) {
        if (texts[t] == NULL) continue;
        source[t] = bytes_of_memory(str_z(texts[t]));
        options.file[t] = (struct linelist_file){names[t], &source[t]};
    }
    tong_code code = linelist_read(&options, &arena, &problems, &list, &err);
    for (size_t i = 0; i < problems.count && code != TONG_OK; i++) problem_print(&problems.items[i], LANG_EN, stdout);
    const struct line_facts_options how = {.zone = &utc, .specimen = SPECIMEN_SPUTUM, .test = TEST_PCR};
    return code == TONG_OK && replay_facts_build(&list, &how, &arena, &facts, &err) == TONG_OK;
}

// "symptom@2026-03-01 12:00 known 2026-03-03 12:00" of every fact about a person, in the order of feeding.
static const char *facts_of(const char *name)
{
    static char text[2000];
    size_t n = 0;
    text[0] = 0;
    for (size_t i = 0; i < facts.count; i++) {
        const struct fact *f = &facts.items[i];
        if (!str_eq_z(facts.people[f->subject - 1].name, name)) continue;
        char happened[UTC_TEXT], known[UTC_TEXT];
        zone_format(&utc, f->happened, happened);
        zone_format(&utc, f->known, known);
        const char *what = f->kind == EVENT_CLASSIFIED      ? words_at(WORDS_EVENT, f->word)->name
                           : f->kind == EVENT_CONTACT_NAMED ? facts.people[f->link - 1].name.p
                                                            : "";
        n += (size_t)snprintf(text + n, sizeof text - n, "%s%s%s%.2s %s %s", n == 0 ? "" : "; ",
                              words_at(WORDS_EVENT, f->kind)->name, what[0] == 0 ? "" : " ", what, happened + 5,
                              known + 5);
    }
    return text;
}

static const struct fact *find(const char *name, event_word kind)
{
    for (size_t i = 0; i < facts.count; i++)
        if (facts.items[i].kind == kind && str_eq_z(facts.people[facts.items[i].subject - 1].name, name))
            return &facts.items[i];
    return NULL;
}

static void test_cases(void)
{
    static const struct {
        const char *row, *name, *want;
    } t[] = {
        {"suspected from the report, confirmed with the diagnosis, a positive as of the sample, well at the end", "A",
         "attribute 03-01 12:00 03-02 12:00; sampled 03-02 12:00 03-02 12:00; symptom 03-01 12:00 03-03 12:00; "
         "classified su 03-03 12:00 03-03 12:00; contact_named X1 03-03 12:00 03-03 12:00; "
         "contact_named X2 03-03 12:00 03-03 12:00; "
         "result 03-02 12:00 03-04 12:00; classified co 03-04 12:00 03-04 12:00; "
         "contact_named B 03-07 12:00 03-07 12:00; well 03-12 12:00 03-12 12:00; clinician_release 03-12 12:00 03-12 "
         "12:00; "
         "contact_named D 03-14 08:30 03-14 08:30"},
        {"without symptoms nobody is suspected first", "B",
         "classified as 03-07 12:00 03-07 12:00; result 03-08 12:00 03-08 12:00; isolated 03-08 12:00 03-08 12:00"},
        {"discarded after having been suspected", "C",
         "attribute 03-07 12:00 03-09 12:00; symptom 03-07 12:00 03-09 12:00; classified su 03-09 12:00 03-09 12:00; "
         "classified di 03-10 12:00 03-10 12:00"},
        {"who died was not released, and a discharge on that day was the death", "D",
         "attribute 03-01 12:00 03-14 08:30; symptom 03-12 12:00 03-14 08:30; admitted 03-13 12:00 03-14 08:30; "
         "classified co 03-14 08:30 03-14 08:30; sampled 03-14 12:00 03-14 12:00; result 03-14 12:00 03-15 12:00; "
         "died 03-20 12:00 03-20 12:00"},
        {"probable: no result is made up", "E",
         "attribute 03-09 12:00 03-14 12:00; exposed 03-09 12:00 03-14 12:00; symptom 03-12 12:00 03-14 12:00; "
         "admitted 03-13 12:00 03-14 12:00; classified pr 03-14 12:00 03-14 12:00; clinician_release 03-21 12:00 03-21 "
         "12:00; "
         "discharged 03-21 12:00 03-21 12:00"},
        {"without any date nothing can be fed", "F", ""},
    };
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++)
        EQ_TEXT(facts_of(t[i].name), t[i].want, "%s: %s", t[i].name, t[i].row);
}

static void test_meetings(void)
{
    const struct fact *b = NULL, *d = NULL;
    for (size_t i = 0; i < facts.count; i++) {
        const struct fact *f = &facts.items[i];
        if (f->kind != EVENT_CONTACT_NAMED) continue;
        if (str_eq_z(facts.people[f->link - 1].name, "B")) b = f;
        if (str_eq_z(facts.people[f->link - 1].name, "D")) d = f;
    }
    char text[UTC_TEXT];
    if (OK(b != NULL && d != NULL, "A named B and D")) {
        zone_format(&utc, fact_contact_from(b), text);
        EQ_TEXT(text, "2026-02-27 12:00", "B: met from the first contact");
        zone_format(&utc, b->until, text);
        EQ_TEXT(text, "2026-02-28 12:00", "B: to the last");
        EQ_INT(b->word, EXPOSURE_HOUSEHOLD, "a family member is the household");
        zone_format(&utc, fact_contact_from(d), text);
        EQ_TEXT(text, "2026-03-01 12:00", "D: no date: from A's illness");
        zone_format(&utc, d->until, text);
        EQ_TEXT(text, "2026-03-12 12:00", "D: to D's own");
        EQ_INT(d->word, EXPOSURE_WARD, "a hospital room is a ward");
    }
    const struct fact *e = find("E", EVENT_EXPOSED);
    if (OK(e != NULL, "E was exposed to a contact"))
        OK((e->flags & FACT_OF_CONTACT) && str_eq_z(facts.people[e->link - 1].name, "X1"), "... named X1");
}

static void test_others(void)
{
    EQ_TEXT(facts_of("X1"),
            "seen_well 03-04 12:00 03-04 12:00; sampled 03-05 12:00 03-05 12:00; "
            "result 03-05 12:00 03-06 12:00; not_seen 03-06 12:00 03-06 12:00; sampled 03-07 12:00 03-07 12:00",
            "visits and samples of a contact; an empty status and a missing result are no facts");
    const struct fact *x1 = find("X1", EVENT_RESULT), *d = find("D", EVENT_RESULT);
    OK(x1 != NULL && x1->word == SPECIMEN_NASOPHARYNGEAL && x1->outcome == OUTCOME_NEGATIVE,
       "the words of the laboratory");
    OK(d != NULL && d->word == SPECIMEN_SPUTUM && d->test == TEST_PCR,
       "what it does not say is what the caller assumes");
}

static void test_assumed(void)
{
    const struct line_assumed *a = &facts.assumed;
    static const char *const what[] = {"undated",     "unclassed", "placed",  "other kinds", "repeated",      "too old",
                                       "unspecified", "inferred",  "missing", "silent",      "undated deaths"};
    const int64_t got[] = {a->cases_undated,   a->cases_unclassed,  a->meetings_placed,     a->kinds_other,
                           a->links_repeated,  a->dates_too_old,    a->results_unspecified, a->results_inferred,
                           a->results_missing, a->followups_silent, a->deaths_undated};
    const int64_t want[] = {1, 1, 2, 2, 1, 1, 1, 2, 1, 1, 0};
    for (size_t i = 0; i < sizeof got / sizeof got[0]; i++) EQ_INT(got[i], want[i], "assumed: %s", what[i]);
    EQ_INT(facts.contacts_named, 5, "contacts: B, D, X1, E, X2");
    EQ_INT(facts.entered[3].d, facts.entered[0].d + 11, "D became known on the 14th");
    EQ_INT(facts.entered[5].d, CIVIL_DAY_NONE, "F never did");
}

static void test_order(void)
{
    bool ordered = true, known = true;
    for (size_t i = 0; i < facts.count; i++) {
        if (i > 0 && facts.items[i].known.s < facts.items[i - 1].known.s) ordered = false;
        if (facts.items[i].known.s < facts.items[i].happened.s) known = false;
    }
    OK(ordered, "facts stand in the order in which they became known");
    OK(known, "nothing is known before it happened");
    char day[CIVIL_TEXT];
    civil_format(facts.first, day);
    EQ_TEXT(day, "2026-03-02", "the first day with news");
    civil_format(facts.last, day);
    EQ_TEXT(day, "2026-03-21", "the last");
}

static void test_words(void)
{
    static const struct {
        const char *text;
        int32_t (*of)(struct str);
        int32_t want;
    } t[] = {
        {"household", line_word_exposure, EXPOSURE_HOUSEHOLD},
        {"Direct physical contact ", line_word_exposure, EXPOSURE_SKIN},
        {"Direct non-physical contact (within 1 meter) ", line_word_exposure, EXPOSURE_AIRSPACE},
        {"Indirect contact (touched contaminated surface)", line_word_exposure, EXPOSURE_ENVIRONMENT},
        {"Emergency room", line_word_exposure, EXPOSURE_HEALTHCARE},
        {"Contact with HCW", line_word_exposure, EXPOSURE_HEALTHCARE},
        {"同住家人", line_word_exposure, EXPOSURE_HOUSEHOLD},
        {"同病房", line_word_exposure, EXPOSURE_WARD},
        {"", line_word_exposure, WORD_UNKNOWN},
        {"lkjh", line_word_exposure, WORD_UNKNOWN},
        {"LNG_REFERENCE_DATA_CATEGORY_TYPE_OF_SAMPLE_NASOPHARYNGEAL_SWAB", line_word_specimen,
         SPECIMEN_NASOPHARYNGEAL},
        {"LNG_REFERENCE_DATA_CATEGORY_TYPE_OF_SAMPLE_BLOOD", line_word_specimen, SPECIMEN_BLOOD},
        {"鼻咽拭子", line_word_specimen, SPECIMEN_NASOPHARYNGEAL},
        {"咽拭子", line_word_specimen, SPECIMEN_OROPHARYNGEAL},
        {"Throat swab", line_word_specimen, SPECIMEN_OROPHARYNGEAL},
        {"RT-PCR", line_word_test, TEST_PCR},
        {"核酸检测", line_word_test, TEST_PCR},
        {"IgM ELISA", line_word_test, TEST_ANTIBODY},
        {"x-ray", line_word_test, WORD_UNKNOWN},
    };
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++)
        EQ_INT(t[i].of(str_z(t[i].text)), t[i].want, "the word for \"%s\"", t[i].text);
}

int main(void)
{
    zone_fixed(0, "UTC", &utc);
    const char *const texts[LINE_TABLE_COUNT] = {cases_csv, links_csv, NULL, followups_csv, labs_csv, NULL};
    if (OK(read_list(texts, true), "the list is read")) {
        test_cases();
        test_meetings();
        test_others();
        test_assumed();
        test_order();
    }
    test_words();
    arena_free(&arena);
    return tap_done();
}
