// Conditions: each word true, false and at its edge (docs/protocol-language.md, part 8; response/condition.h).
#include "response/condition.h"
#include "response/fixture.h"
#include "tap.h"

// A contact watched for 14 days with two checks a day and samples on days 1 and 3; a case; a place. The condition asked for
// stands in a rule of its own and decides nothing.
static const char *const text =
    "case:\n"
    "  suspected: {when: [symptomatic, exposed]}\n"
    "  confirmed: {when: [positive]}\n"
    "contacts:\n"
    "  close: {name: {en: close, zh: 密接}, of: case, pathway: contact}\n"
    "pathways:\n"
    "  source: S\n"
    "  contact:\n"
    "    of: person\n"
    "    day_zero: last_exposure\n"
    "    stages:\n"
    "      watched: {at: home, for: 14 d, sample: {on: [1, 3]}, check: {a_day: 2}, next: released}\n"
    "    release: {when: [days_served]}\n"
    "  bare:\n"
    "    of: person\n"
    "    day_zero: last_exposure\n"
    "    stages:\n"
    "      watched: {at: home, for: 14 d, next: released}\n"
    "    release: {when: [days_served, clinician_release]}\n"
    "  lapsing:\n"
    "    of: person\n"
    "    day_zero: entry\n"
    "    stages:\n"
    "      held: {at: home, lapses: 6 h, next: released}\n"
    "    release: {when: [days_served]}\n"
    "  case:\n"
    "    of: person\n"
    "    day_zero: onset_or_sample\n"
    "    ladder: yes\n"
    "    negatives: {apart: 24 h, not_before: 72 h}\n"
    "    stages:\n"
    "      ill: {at: hospital}\n"
    "    release: {when: [clinician_release]}\n"
    "  zone:\n"
    "    of: place\n"
    "    day_zero: last_case\n"
    "    stages:\n"
    "      closed: {at: home, for: 30 d, next: released}\n"
    "    release: {when: [days_served, source_free]}\n"
    "on:\n"
    "  positive: {enrol: case}\n"
    "  symptom: {enrol: case}\n"
    "  called_positive: {enrol: lapsing}\n"
    "  new_case: {enrol: zone}\n"
    "  anything_else: {ask: case_investigator}\n"
    "  signal:\n"
    "    source: S\n"
    "    when: [%s]\n"
    "    tell: [police]\n";

#define EXPOSED "2026-03-01 18:00 exposed household until 2026-03-01 20:00"
#define EXPOSED_BARE EXPOSED " name bare"
#define POSITIVE "2026-03-01 09:00 result oropharyngeal pcr positive"
#define NEGATIVE(time) time " result oropharyngeal pcr negative"
#define IS(word) "2026-02-01 attribute " word

enum { FACTS = 6 };
struct row {
    const char *when; // the condition
    const char *pathway;
    const char *facts[FACTS];
    const char *at; // "" at the last fact, with the fact at hand; "over DATE": that day has just ended
    bool holds;
};

static const struct row rows[] = {
    // ---- days served ----
    {"days_served", "contact", {EXPOSED}, "2026-03-14 23:59", false},
    {"days_served", "contact", {EXPOSED}, "2026-03-15 12:00", false}, // the last day, not answered yet
    {"days_served",
     "contact",
     {EXPOSED, "2026-03-15 10:00 seen_well", "2026-03-15 11:00 seen_well"},
     "2026-03-15 12:00",
     true},
    {"days_served", "contact", {EXPOSED, "2026-03-15 10:00 seen_well"}, "2026-03-15 12:00", false}, // one look of two
    {"days_served", "contact", {EXPOSED}, "over 2026-03-15", true},
    {"days_served", "contact", {EXPOSED}, "over 2026-03-14", false},
    {"days_served", "contact", {EXPOSED}, "2026-03-16 00:00", true},
    {"days_served", "contact", {EXPOSED " open"}, "2026-03-20 12:00", false}, // day zero still moves
    {"days_served", "contact", {IS("pregnant")}, "2026-03-20 12:00", false},  // not entered
    {"days_served",
     "bare",
     {EXPOSED_BARE, "2026-03-15 10:00 vaccinated"},
     "2026-03-15 12:00",
     false},                                                        // nothing to answer: when the day ends
    {"days_served", "case", {POSITIVE}, "2026-03-20 09:00", false}, // a stage that only events end has no days to serve
    {"days_served",
     "lapsing",
     {"2026-03-01 09:00 called_positive"},
     "2026-03-01 14:00",
     false}, // by the clock, not by days
    // ---- samples ----
    {"last_sample_negative", "contact", {EXPOSED}, "2026-03-02 12:00", false},
    {"last_sample_negative", "contact", {EXPOSED, NEGATIVE("2026-03-02 09:00")}, "2026-03-02 12:00", true},
    {"last_sample_negative",
     "contact",
     {EXPOSED, NEGATIVE("2026-03-02 09:00")},
     "2026-03-03 12:00",
     true}, // the next is asked for tomorrow
    {"last_sample_negative",
     "contact",
     {EXPOSED, NEGATIVE("2026-03-02 09:00")},
     "2026-03-04 12:00",
     false}, // that of day 3 is missing
    {"last_sample_negative",
     "contact",
     {EXPOSED, NEGATIVE("2026-03-02 09:00"), NEGATIVE("2026-03-04 09:00")},
     "2026-03-14 12:00",
     true},
    {"last_sample_negative",
     "contact",
     {EXPOSED, NEGATIVE("2026-03-04 09:00"), "2026-03-05 09:00 result oropharyngeal pcr positive"},
     "2026-03-05 12:00",
     false},
    {"last_sample_negative", "bare", {EXPOSED_BARE}, "2026-03-04 12:00", false},
    {"last_sample_negative",
     "bare",
     {EXPOSED_BARE, NEGATIVE("2026-03-02 09:00")},
     "2026-03-14 12:00",
     true}, // the stage asks for none
    {"last_sample_negative", "contact", {NEGATIVE("2026-03-01 09:00")}, "2026-03-02 12:00", false}, // not entered
    {"negatives: 1", "contact", {EXPOSED}, "2026-03-02 12:00", false},
    {"negatives: 1", "contact", {EXPOSED, NEGATIVE("2026-03-02 09:00")}, "2026-03-02 12:00", true},
    {"negatives: 2",
     "case",
     {POSITIVE, NEGATIVE("2026-03-05 09:00"), NEGATIVE("2026-03-06 09:00")},
     "",
     true}, // 24 h apart: counts
    {"negatives: 2", "case", {POSITIVE, NEGATIVE("2026-03-05 09:00"), NEGATIVE("2026-03-06 08:59")}, "", false},
    {"negatives: 2",
     "case",
     {POSITIVE, NEGATIVE("2026-03-05 09:00"), NEGATIVE("2026-03-06 08:59"), NEGATIVE("2026-03-06 09:00")},
     "",
     true},
    {"negatives: 1",
     "case",
     {POSITIVE, NEGATIVE("2026-03-05 09:00"), "2026-03-06 09:00 result oropharyngeal pcr positive"},
     "",
     false},
    {"negatives: 1",
     "case",
     {"2026-03-02 10:00 symptom", NEGATIVE("2026-03-04 23:59")},
     "",
     false}, // sooner than 72 h after onset
    {"negatives: 1", "case", {"2026-03-02 10:00 symptom", NEGATIVE("2026-03-05 10:00")}, "", true},
    {"linked_negatives: 2", "contact", {EXPOSED, "2026-03-02 20:00 linked_negative"}, "", false},
    {"linked_negatives: 2",
     "contact",
     {EXPOSED, "2026-03-02 20:00 linked_negative", "2026-03-03 20:00 linked_negative"},
     "",
     true},
    {"linked_negatives: 2",
     "contact",
     {EXPOSED, "2026-03-02 20:00 linked_negative", "2026-03-03 20:00 linked_negative",
      "2026-03-04 20:00 linked_positive"},
     "",
     false},
    {"positive", "contact", {EXPOSED}, "2026-03-02", false},
    {"positive",
     "contact",
     {EXPOSED, "2026-03-02 09:00 result self_kit antigen positive"},
     "",
     false}, // a screening positive is not yet one
    {"positive", "contact", {EXPOSED, "2026-03-02 09:00 result oropharyngeal pcr positive pooled"}, "", false},
    {"positive", "contact", {EXPOSED, "2026-03-02 09:00 result oropharyngeal pcr positive"}, "", true},
    {"positive",
     "contact",
     {EXPOSED, "2026-03-02 09:00 result oropharyngeal pcr positive", NEGATIVE("2026-03-03 09:00")},
     "",
     true},
    // ---- illness ----
    {"symptomatic", "contact", {EXPOSED}, "2026-03-02", false},
    {"symptomatic", "contact", {EXPOSED, "2026-03-02 10:00 symptom"}, "", true},
    {"symptomatic", "contact", {EXPOSED, "2026-03-02 10:00 seen_ill"}, "", true},
    {"symptomatic", "contact", {EXPOSED, "2026-03-02 10:00 symptom", "2026-03-03 10:00 well"}, "", false},
    {"symptom_free: 3 d", "contact", {EXPOSED}, "2026-03-02", true}, // never ill
    {"symptom_free: 3 d", "contact", {EXPOSED, "2026-03-02 10:00 symptom"}, "2026-03-10", false},
    {"symptom_free: 3 d",
     "contact",
     {EXPOSED, "2026-03-02 10:00 symptom", "2026-03-04 10:00 well"},
     "2026-03-07 09:59",
     false},
    {"symptom_free: 3 d",
     "contact",
     {EXPOSED, "2026-03-02 10:00 symptom", "2026-03-04 10:00 well"},
     "2026-03-07 10:00",
     true},
    {"symptom_free: 24 h",
     "contact",
     {EXPOSED, "2026-03-02 10:00 symptom", "2026-03-04 10:00 fever_gone"},
     "2026-03-05 10:00",
     true},
    {"symptom_free: 24 h",
     "contact",
     {EXPOSED, "2026-03-02 10:00 symptom", "2026-03-04 10:00 well", "2026-03-04 20:00 symptom"},
     "2026-03-09",
     false},
    // A date that is not known better than to some days counts from its latest: a release never comes too early.
    {"symptom_free: 3 d",
     "contact",
     {EXPOSED, "2026-03-02 10:00 symptom", "2026-03-04 well until 2026-03-06 12:00"},
     "2026-03-09 11:59",
     false},
    {"symptom_free: 3 d",
     "contact",
     {EXPOSED, "2026-03-02 10:00 symptom", "2026-03-04 well until 2026-03-06 12:00"},
     "2026-03-09 12:00",
     true},
    {"lesions_healed", "contact", {EXPOSED}, "2026-03-02", false},
    {"lesions_healed", "contact", {EXPOSED, "2026-03-02 lesions_healed"}, "", true},
    {"clinician_release", "contact", {EXPOSED}, "2026-03-02", false},
    {"clinician_release", "contact", {EXPOSED, "2026-03-02 clinician_release"}, "", true},
    {"class: [confirmed, asymptomatic]", "case", {POSITIVE}, "", true},
    {"class: [suspected]", "case", {POSITIVE}, "", false},
    {"class: [suspected]", "contact", {EXPOSED}, "2026-03-02", false}, // not on the ladder
    {"class: [discarded]", "case", {POSITIVE, "2026-03-02 classified discarded"}, "", true},
    // ---- exposure ----
    {"exposed", "contact", {EXPOSED}, "2026-03-01", true},
    {"exposed", "case", {POSITIVE}, "", false},
    {"days_since: {first_exposure: 5 d}", "contact", {EXPOSED}, "2026-03-05 23:59", false},
    {"days_since: {first_exposure: 5 d}", "contact", {EXPOSED}, "2026-03-06 00:00", true},
    {"days_since: {last_exposure: 5 d}", "contact", {EXPOSED, "2026-03-03 exposed meal"}, "2026-03-07", false},
    {"days_since: {last_exposure: 5 d}", "contact", {EXPOSED, "2026-03-03 exposed meal"}, "2026-03-08", true},
    {"days_since: {onset: 2 d}", "contact", {EXPOSED}, "2026-03-20", false}, // what never was is never so long ago
    {"days_since: {onset: 2 d}", "contact", {EXPOSED, "2026-03-03 09:00 symptom"}, "2026-03-05", true},
    {"days_since: {positive_sample: 2 d}", "case", {POSITIVE}, "2026-03-02", false},
    {"days_since: {positive_sample: 2 d}", "case", {POSITIVE}, "2026-03-03", true},
    {"days_since: {onset_or_sample: 2 d}", "case", {POSITIVE}, "2026-03-03", true},
    {"days_since: {onset_or_sample: 2 d}",
     "case",
     {POSITIVE, "2026-03-02 09:00 symptom"},
     "2026-03-03",
     false}, // onset, where there is one
    {"days_since: {entry: 1 d}", "contact", {EXPOSED " known 2026-03-03 09:00"}, "2026-03-03", false},
    {"days_since: {entry: 1 d}", "contact", {EXPOSED " known 2026-03-03 09:00"}, "2026-03-04", true},
    {"days_since: {stage: 1 d}", "contact", {EXPOSED}, "2026-03-01 23:00", false},
    {"days_since: {stage: 1 d}", "contact", {EXPOSED}, "2026-03-02 00:00", true},
    // ---- places ----
    {"no_new_case: 5 d", "zone", {"2026-03-01 10:00 new_case"}, "2026-03-05", false},
    {"no_new_case: 5 d", "zone", {"2026-03-01 10:00 new_case"}, "2026-03-06", true},
    {"no_new_case: 5 d", "zone", {"2026-03-01 10:00 new_case", "2026-03-04 10:00 new_case"}, "2026-03-06", false},
    {"no_new_case: 5 d", "zone", {IS("unfit")}, "2026-03-06", false}, // nothing has begun
    {"no_new_case: 5 d", "case", {POSITIVE}, "2026-03-05", false},    // there has never been one: since the stage began
    {"no_new_case: 5 d", "case", {POSITIVE}, "2026-03-06", true},
    {"round_negative", "zone", {"2026-03-01 10:00 new_case"}, "2026-03-06", false},
    {"round_negative", "zone", {"2026-03-01 10:00 new_case", "2026-03-03 10:00 round_negative"}, "2026-03-20", true},
    {"round_negative",
     "zone",
     {"2026-03-01 10:00 new_case", "2026-03-03 10:00 round_negative", "2026-03-04 new_case"},
     "",
     false}, // since the last case
    {"round_negative",
     "zone",
     {"2026-03-01 10:00 new_case", "2026-03-03 10:00 round_negative", "2026-03-04 10:00 round_positive"},
     "",
     false},
    {"round_within: 2 d",
     "zone",
     {"2026-03-01 10:00 new_case", "2026-03-03 10:00 round_negative"},
     "2026-03-05 23:00",
     true},
    {"round_within: 2 d",
     "zone",
     {"2026-03-01 10:00 new_case", "2026-03-03 10:00 round_negative"},
     "2026-03-06 00:00",
     false},
    {"surroundings_clean", "contact", {EXPOSED}, "2026-03-02", true}, // nothing was found
    {"surroundings_clean", "contact", {EXPOSED, "2026-03-02 result environment pcr positive"}, "", false},
    {"surroundings_clean",
     "contact",
     {EXPOSED, "2026-03-02 result environment pcr positive", "2026-03-03 result environment pcr negative"},
     "",
     true},
    {"source_free", "zone", {"2026-03-01 10:00 new_case"}, "2026-03-02", false},
    {"source_free", "zone", {"2026-03-01 10:00 new_case", "2026-03-02 source_free"}, "", true},
    // ---- the person ----
    {"age_under: 14", "contact", {EXPOSED}, "2026-03-02", false}, // unknown is false
    {"age_from: 14", "contact", {EXPOSED}, "2026-03-02", false},  // both ways
    {"age_under: 14", "contact", {"2026-02-01 attribute age 13", EXPOSED}, "2026-03-02", true},
    {"age_under: 14", "contact", {"2026-02-01 attribute age 14", EXPOSED}, "2026-03-02", false},
    {"age_from: 60", "contact", {"2026-02-01 attribute age 60", EXPOSED}, "2026-03-02", true},
    {"age_from: 60", "contact", {"2026-02-01 attribute age 59", EXPOSED}, "2026-03-02", false},
    {"age_from: 120", "contact", {"2026-02-01 attribute age 999", EXPOSED}, "2026-03-02", true},
    {"age_under: 1", "contact", {"2026-02-01 attribute age -3", EXPOSED}, "2026-03-02", true},
    {"vaccinated", "contact", {EXPOSED}, "2026-03-02", false},
    {"vaccinated", "contact", {EXPOSED, "2026-03-02 10:00 vaccinated"}, "", true},
    {"immunoglobulin", "contact", {EXPOSED, "2026-03-02 10:00 immunoglobulin"}, "", true},
    {"immune", "contact", {EXPOSED}, "2026-03-02", false},
    {"not_immune", "contact", {EXPOSED}, "2026-03-02", false}, // nor is the opposite true of whom nobody asked
    {"immune", "contact", {"2026-02-01 immunity immune", EXPOSED}, "2026-03-02", true},
    {"immune", "contact", {"2026-02-01 immunity immune", EXPOSED, "2026-03-02 immunity not_immune"}, "", false},
    {"not_immune", "contact", {"2026-02-01 immunity not_immune", EXPOSED, "2026-03-02 immunity immune"}, "", false},
    {"not_immune", "contact", {"2026-02-01 immunity immune", "2026-02-02 immunity immune no"}, "", false},
    {"has_carer", "contact", {EXPOSED}, "2026-03-02", false},
    {"has_carer", "contact", {EXPOSED, "2026-03-02 carer_named"}, "", true},
    {"has_guardian", "contact", {EXPOSED}, "2026-03-02", false},
    {"has_guardian", "contact", {EXPOSED, "2026-03-02 guardian_named"}, "", true},
    // ---- the fact at hand ----
    {"kind: [household, care]", "contact", {EXPOSED}, "", true},
    {"kind: [care]", "contact", {EXPOSED}, "", false},
    {"kind: [household]", "contact", {EXPOSED}, "2026-03-02", false}, // a day passing is no exposure
    {"kind: [household]", "contact", {EXPOSED, "2026-03-02 symptom"}, "", false},
    {"kind: [meal]",
     "case",
     {POSITIVE, "2026-03-02 contact_named meal met 2026-03-01 until 2026-03-01 01:00"},
     "",
     true},
    {"protection: [none]", "contact", {EXPOSED " none"}, "", true},
    {"protection: [none, partial]", "contact", {EXPOSED " partial"}, "", true},
    {"protection: [none, partial]", "contact", {EXPOSED " full"}, "", false},
    {"protection: [none]", "contact", {EXPOSED " none"}, "2026-03-02", false},
    {"minutes_from: 15 min", "contact", {EXPOSED " value 15"}, "", true},
    {"minutes_from: 15 min", "contact", {EXPOSED " value 14"}, "", false},
    {"minutes_from: 15 min", "contact", {EXPOSED " value 15"}, "2026-03-02", false},
    {"specimen: [blood, serum]", "contact", {EXPOSED, "2026-03-02 result blood antibody positive"}, "", true},
    {"specimen: [blood]", "contact", {EXPOSED, NEGATIVE("2026-03-02")}, "", false},
    {"specimen: [blood]", "contact", {EXPOSED, "2026-03-02 sampled blood"}, "", true},
    {"specimen: [oropharyngeal]", "contact", {EXPOSED, "2026-03-02 symptom"}, "", false},
    {"test: [pcr]", "contact", {EXPOSED, NEGATIVE("2026-03-02")}, "", true},
    {"test: [antigen]", "contact", {EXPOSED, NEGATIVE("2026-03-02")}, "", false},
    {"test: [pcr]", "contact", {EXPOSED, "2026-03-02 sampled oropharyngeal"}, "", false}, // nothing is tested yet
    {"count_from: 3", "contact", {EXPOSED, "2026-03-02 count value 3"}, "", true},
    {"count_from: 3", "contact", {EXPOSED, "2026-03-02 count value 2"}, "", false},
    {"count_from: 3", "contact", {EXPOSED, "2026-03-02 count value 3"}, "2026-03-03", false},
    // ---- joined ----
    {"[exposed, pregnant]", "contact", {EXPOSED}, "2026-03-02", false},
    {"[exposed, pregnant]", "contact", {IS("pregnant"), EXPOSED}, "2026-03-02", true},
    {"{any: [pregnant, unfit]}", "contact", {IS("unfit"), EXPOSED}, "2026-03-02", true},
    {"{any: [pregnant, unfit]}", "contact", {EXPOSED}, "2026-03-02", false},
    {"{not: pregnant}", "contact", {EXPOSED}, "2026-03-02", true},
    {"{not: [exposed, pregnant]}", "contact", {EXPOSED}, "2026-03-02", true}, // not both
    {"{not: [exposed, pregnant]}", "contact", {IS("pregnant"), EXPOSED}, "2026-03-02", false},
    {"{all: [exposed, {any: [pregnant, {not: symptomatic}]}]}", "contact", {EXPOSED}, "2026-03-02", true},
    {"{all: [exposed, {any: [pregnant, {not: symptomatic}]}]}", "contact", {EXPOSED, "2026-03-02 symptom"}, "", false},
};

static condition_ref asked(const struct protocol *p)
{
    for (size_t i = 0; i < p->rule_count; i++)
        if (p->rules[i].event == EVENT_SIGNAL) return p->rules[i].when;
    return CONDITION_TRUE;
}

static void set_time(struct fixture *x, const struct row *row, struct condition_ask *ask)
{
    const struct protocol *p = fixture_protocol(x);
    const struct fact *last = &x->facts[x->fact_count - 1];
    utc_sec at = last->happened;
    if (row->at[0] == 0) {
        ask->fact = last;
    } else if (strncmp(row->at, "over ", 5) == 0) {
        at = fixture_time(x, row->at + 5);
        at.s += 86399;
        ask->day_is_over = true;
    } else {
        at = fixture_time(x, row->at);
    }
    ask->minute = (int32_t)(at.s / 60);
    ask->today = course_day_of(p, at);
}

// Up to the evening before the day asked about, so that what the day asks for is open and nothing is released yet.
static void pass(struct fixture *x, const struct row *row)
{
    if (row->at[0] == 0) return;
    const char *day = strncmp(row->at, "over ", 5) == 0 ? row->at + 5 : row->at;
    char text_of_day[11];
    (void)snprintf(text_of_day, sizeof text_of_day, "%.10s", day);
    if (strcmp(text_of_day, "2026-03-16") < 0) fixture_until(x, text_of_day);
}

static void test_row(const struct row *row)
{
    struct fixture x;
    char yaml[4000];
    (void)snprintf(yaml, sizeof yaml, text, row->when);
    fixture_open(&x, yaml);
    const struct protocol *p = fixture_protocol(&x);
    fixture_begin(&x, row->pathway);
    // The last fact may lie after the day's beginning: facts are told in order, days pass between them.
    for (size_t i = 0; i < FACTS && row->facts[i] != NULL; i++) (void)fixture_fact(&x, "%s", row->facts[i]);
    pass(&x, row);
    struct condition_ask ask = {.p = p, .e = &x.e};
    set_time(&x, row, &ask);
    bool as_said = OK(condition_holds(&ask, asked(p)) == row->holds, "%s: %s after %s%s%s%s", row->when,
                      row->holds ? "holds" : "does not hold", row->facts[0], row->facts[1] == NULL ? "" : " .. ",
                      row->facts[1] == NULL ? "" : row->facts[x.fact_count - 1], row->at[0] == 0 ? "" : row->at);
    if (!as_said) said_print(&x);
    fixture_close(&x);
}

static void test_each_circumstance(void)
{
    for (int32_t a = 0; a < ATTRIBUTE_WORD_COUNT; a++) {
        const char *word = words_at(WORDS_ATTRIBUTE, a)->name;
        char yaml[4000];
        struct fixture x;
        (void)snprintf(yaml, sizeof yaml, text, word);
        fixture_open(&x, yaml);
        const struct protocol *p = fixture_protocol(&x);
        struct condition_ask ask = {.p = p, .e = &x.e};
        fixture_begin(&x, "contact");
        (void)fixture_fact(&x, "2026-02-01 attribute age 30");
        OK(!condition_holds(&ask, asked(p)), "%s is false of whom nobody has said it", word);
        (void)fixture_fact(&x, "2026-02-02 attribute %s", word);
        OK(condition_holds(&ask, asked(p)), "%s is true once it is said", word);
        (void)fixture_fact(&x, "2026-02-03 attribute %s no", word);
        OK(!condition_holds(&ask, asked(p)), "%s is false once the contrary is said", word);
        fixture_close(&x);
    }
}

static void test_true(void)
{
    struct condition_ask nothing = {.p = NULL};
    OK(condition_holds(&nothing, CONDITION_TRUE), "no condition always holds");
    struct fixture x;
    char yaml[4000];
    (void)snprintf(yaml, sizeof yaml, text, "exposed");
    fixture_open(&x, yaml);
    fixture_begin(&x, "contact");
    (void)fixture_fact(&x, EXPOSED);
    condition_ref ref = asked(&x.editions[0]);
    const struct condition_ask ask = {.p = &x.editions[0], .e = &x.e};
    OK(condition_holds(&ask, ref), "exposed");
    x.editions[0].conditions[ref].op = CONDITION_OP_COUNT;
    OK(!condition_holds(&ask, ref), "what is no condition never holds");
    fixture_close(&x);
}

int main(void)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) test_row(&rows[i]);
    test_each_circumstance();
    test_true();
    return tap_done();
}
