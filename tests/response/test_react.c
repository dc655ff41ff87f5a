// Reactions: what a fact amounts to, which rule answers, every action; the case ladder; contacts inside and outside the window.
#include "response/fixture.h"
#include "tap.h"

static const char *const text =
    "results:\n"
    "  - {specimen: environment, outcome: positive, means: contaminated}\n"
    "  - {specimen: environment, outcome: negative, means: clean}\n"
    "  - {specimen: [blood, serum], outcome: positive, means: inconclusive}\n"
    "  - {test: pcr, pooled: yes, outcome: positive, means: pool_positive}\n"
    "  - {test: pcr, outcome: positive, ct_from: 35 (S), means: negative}\n"
    "  - {test: pcr, outcome: positive, means: positive}\n"
    "  - {outcome: invalid, means: invalid}\n"
    "  - {specimen: [nasal, oropharyngeal, blood], outcome: negative, means: negative}\n"
    "case:\n"
    "  suspected: {when: [symptomatic, exposed]}\n"
    "  probable: {when: [symptomatic, unfit]}\n"
    "  confirmed: {when: [positive, symptomatic]}\n"
    "  asymptomatic: {when: [positive, not: symptomatic]}\n"
    "  discarded: {when: [not: positive, negatives: 2 (S)], undoes: caused}\n"
    "window: {opens: 2 d before onset (S), without_symptoms: 3 d before sample (S), closes: [isolated, died], until: 9 "
    "d after onset (S)}\n"
    "contacts:\n"
    "  source: S\n"
    "  close: {name: {en: close, zh: 密接}, of: case, kinds: [household, care, meal], when: [protection: [none, "
    "partial]], pathway: contact}\n"
    "  brief: {name: {en: brief, zh: 短暂接触}, of: case, kinds: [workplace], when: [minutes_from: 15 min], pathway: "
    "general}\n"
    "  second: {name: {en: second, zh: 次密}, of: contact, kinds: [household], pathway: general}\n"
    "pathways:\n"
    "  source: S\n"
    "  case:\n"
    "    of: person\n"
    "    day_zero: onset_or_sample\n"
    "    ladder: yes\n"
    "    at_most: 60 d\n"
    "    stages:\n"
    "      ill: {at: hospital, on: {confirmed: {go: ward}, contaminated: {tasks: [disinfect]}}}\n"
    "      ward: {at: hospital}\n"
    "    release: {when: [clinician_release]}\n"
    "    on:\n"
    "      confirmed: {tell: [national]}\n"
    "      asymptomatic: {tell: [health_officer]}\n"
    "      contaminated: {tell: [police]}\n"
    "      clean: {tell: [logistics]}\n"
    "  contact:\n"
    "    of: person\n"
    "    day_zero: last_exposure\n"
    "    at_most: 21 d\n"
    "    stages:\n"
    "      first: {at: home, for: 7 d, next: second}\n"
    "      second: {at: home, for: 3 d, measure: at_home, tasks: [visit], next: released}\n"
    "    release: {when: [days_served]}\n"
    "    on:\n"
    "      symptom:\n"
    "        - {when: [pregnant], tell: [clinician]}\n"
    "        - {when: [unfit], tell: [hospital], go: second}\n"
    "        - {tell: [health_centre]}\n"
    "      positive: {end: became_case, tasks: [disinfect], enrol: case, zone: {pathway: zone, unit: building}, tell: "
    "[own_contacts, commander], undo: caused}\n"
    "      lost: {restart: propose, tell: [police]}\n"
    "      found: {measure: at_home}\n"
    "      carer_named: {enrol: {pathway: contact, who: carer}}\n"
    "      seen_ill: {when: [pregnant], tell: [clinician]}\n"
    "  general:\n"
    "    of: person\n"
    "    day_zero: last_exposure\n"
    "    stages:\n"
    "      told: {at: home, for: 14 d, next: released}\n"
    "    release: {when: [days_served]}\n"
    "  alarm:\n"
    "    of: person\n"
    "    day_zero: entry\n"
    "    stages:\n"
    "      hold: {at: home, lapses: 12 h, tasks: [set], next: after}\n"
    "      after: {at: home, for: 1 d, next: released}\n"
    "    release: {when: [days_served]}\n"
    "    on:\n"
    "      all_negative: {end: completed, tell: [person]}\n"
    "      screening_positive: {go: hold}\n"
    "  zone:\n"
    "    of: place\n"
    "    unit: [building]\n"
    "    day_zero: last_case\n"
    "    stages:\n"
    "      closed: {at: home, for: 7 d, next: released}\n"
    "    release: {when: [days_served]}\n"
    "    on:\n"
    "      new_case: {restart: propose, tell: [residents]}\n"
    "measures:\n"
    "  source: S\n"
    "  at_home: {name: {en: at home, zh: 居家}, kind: quarantine, order_by: health_officer, persons: 1}\n"
    "tasks:\n"
    "  source: S\n"
    "  disinfect: {name: {en: disinfect, zh: 消毒}, do: disinfect, by: disinfection_team, within: 6 h}\n"
    "  visit: {name: {en: visit, zh: 上门}, do: inform, by: community_worker}\n"
    "  set: {name: {en: set, zh: 成套采样}, do: sample_set, by: health_centre, set: [nasal, blood, environment], "
    "within: 2 h}\n"
    "on:\n"
    "  positive: {enrol: case, tell: [national], zone: {pathway: zone, unit: building}}\n"
    "  symptom: {when: [pregnant], enrol: case}\n"
    "  classified: {enrol: case}\n"
    "  called_positive: {enrol: [alarm, {pathway: contact, who: household}]}\n"
    "  new_case: {enrol: zone}\n"
    "  anything_else: {ask: case_investigator}\n";

#define EXPOSED "2026-03-01 18:00 exposed household until 2026-03-01 20:00"
#define POSITIVE(time) time " result oropharyngeal pcr positive"
#define NEGATIVE(time) time " result oropharyngeal pcr negative"

static const char *class_of(const struct fixture *x)
{
    event_word class = enrolment_class(&x->e);
    return class == EVENT_WORD_COUNT ? "-" : words_at(WORDS_EVENT, (int32_t) class)->name;
}

// ---- what a fact amounts to ----

static void test_meaning(struct fixture *x)
{
    static const struct {
        const char *fact;
        event_word means;
    } rows[] = {
        {"result environment pcr positive", EVENT_CONTAMINATED}, // a door handle is not a person
        {"result environment pcr negative", EVENT_CLEAN},
        {"result blood antibody positive", EVENT_INCONCLUSIVE}, // blood is not a swab
        {"result nasal pcr positive pooled", EVENT_POOL_POSITIVE},
        {"result nasal pcr positive value 349", EVENT_POSITIVE},
        {"result nasal pcr positive value 350", EVENT_NEGATIVE},
        {"result nasal pcr positive value 99999", EVENT_NEGATIVE},
        {"result nasal pcr positive value -5", EVENT_POSITIVE}, // no Ct at all
        {"result nasal pcr positive", EVENT_POSITIVE},
        {"result nasal antigen positive", EVENT_SCREENING_POSITIVE}, // fits no row: it still matters
        {"result sputum pcr negative", EVENT_RESULT},                // fits no row: it proves nothing
        {"result nasal pcr invalid", EVENT_INVALID},
        {"symptom", EVENT_SYMPTOM},
        {"died", EVENT_DIED},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char line[80];
        (void)snprintf(line, sizeof line, "2026-03-01 10:00 %s", rows[i].fact);
        struct fact f = fixture_read(x, line);
        EQ_TEXT(words_at(WORDS_EVENT, (int32_t)respond_event(fixture_protocol(x), &f))->name,
                words_at(WORDS_EVENT, (int32_t)rows[i].means)->name, "%s means %s", rows[i].fact,
                words_at(WORDS_EVENT, (int32_t)rows[i].means)->name);
    }
    static const event_word matters[] = {
        EVENT_POSITIVE,        EVENT_SCREENING_POSITIVE, EVENT_POOL_POSITIVE, EVENT_INCONCLUSIVE, EVENT_CONTAMINATED,
        EVENT_CALLED_POSITIVE, EVENT_ROUND_POSITIVE,     EVENT_NEW_CASE,      EVENT_SEEN_ILL,     EVENT_SIGNAL};
    int32_t count = 0;
    for (int32_t e = 0; e < EVENT_WORD_COUNT; e++) count += respond_matters((event_word)e);
    EQ_INT(count, sizeof matters / sizeof matters[0], "what could matter when no rule matches");
    for (size_t i = 0; i < sizeof matters / sizeof matters[0]; i++)
        OK(respond_matters(matters[i]), "%s could", words_at(WORDS_EVENT, (int32_t)matters[i])->name);
}

static void test_matched(struct fixture *x)
{
    fixture_begin(x, "contact");
    (void)fixture_fact(x, EXPOSED);
    EQ_INT(fixture_fact(x, "2026-03-02 10:00 result environment pcr positive"), RESPOND_UNMATCHED,
           "a finding that no rule of the pathway meets is for a person");
    EQ_INT(fixture_fact(x, "2026-03-02 11:00 result oropharyngeal pcr negative"), RESPOND_OK,
           "a negative that none meets is no matter");
    EQ_INT(fixture_fact(x, "2026-03-02 12:00 signal"), RESPOND_UNMATCHED, "a signal is");
    EQ_INT(fixture_fact(x, "2026-03-01 12:00 seen_well"), RESPOND_LATE, "what happened before is not stepped to");
    size_t before = x->log.count;
    EQ_INT(x->log.count - before, 0, "and nothing is done about it");
    EQ_INT(fixture_fact(x, POSITIVE("2026-03-03 12:00")), RESPOND_OK, "a positive that a rule meets is answered");
    EQ_INT(fixture_fact(x, POSITIVE("2026-03-04 12:00")), RESPOND_UNMATCHED, "after the end none does");
}

// ---- doors ----

static bool opens(struct fixture *x, const char *pathway, const char *line)
{
    const struct protocol *p = fixture_protocol(x);
    struct fact f = fixture_read(x, line);
    struct enrolment e = enrolment_new(1, 0, protocol_pathway(p, str_z(pathway)), zone_day(&p->zone, f.happened));
    return respond_opens(p, &e, &f);
}

static void test_doors(struct fixture *x)
{
    static const struct {
        const char *fact, *pathway;
    } rows[] = {
        {"exposed household none", "contact"},
        {"exposed care partial", "contact"},
        {"exposed household full", ""},
        {"exposed workplace value 15", "general"},
        {"exposed workplace value 14", ""},
        {"exposed household of_contact", "general"},
        {"exposed meal of_contact", ""},
        {"exposed meal name general", "general"},
        {"exposed meal name nonsense", ""},
        {"enrolled name zone", "zone"},
        {"enrolled name nonsense", ""},
        {"result nasal pcr positive", "case"},
        {"result nasal pcr negative", ""},
        {"called_positive", "alarm"},
        {"new_case", "zone"},
        {"symptom", ""},
        {"seen_well", ""},
        {"classified suspected", "case"},
    };
    static const char *const pathways[] = {"case", "contact", "general", "alarm", "zone"};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char line[80];
        (void)snprintf(line, sizeof line, "2026-03-01 10:00 %s", rows[i].fact);
        for (size_t k = 0; k < sizeof pathways / sizeof pathways[0]; k++)
            OK(opens(x, pathways[k], line) == (strcmp(pathways[k], rows[i].pathway) == 0), "%s %s %s", rows[i].fact,
               strcmp(pathways[k], rows[i].pathway) == 0 ? "opens" : "does not open", pathways[k]);
    }
    fixture_begin(x, "case");
    (void)fixture_fact(x, "2026-02-01 attribute pregnant");
    (void)fixture_fact(x, "2026-03-01 10:00 symptom");
    OK(enrolment_is_open(&x->e), "what is known of the person is asked at the door");
    fixture_begin(x, "case");
    (void)fixture_fact(x, POSITIVE("2026-03-01 10:00"));
    EQ_TEXT(said(x, "told national"), "2026-03-01 10:00 told national because rule on.positive fact 1",
            "what else the door says is said: tell");
    EQ_TEXT(said(x, "enrolled zone"),
            "2026-03-01 10:00 enrolled zone for residents at building because rule on.positive fact 1", "and a zone");
    fixture_begin(x, "alarm");
    (void)fixture_fact(x, "2026-03-01 10:00 called_positive");
    EQ_TEXT(said(x, "enrolled contact"),
            "2026-03-01 10:00 enrolled contact for household because rule on.called_positive fact 1",
            "and others by their role");
}

// ---- which rule ----

static void test_order(struct fixture *x)
{
    static const struct {
        const char *is, *told;
    } rows[] = {{"pregnant", "clinician"}, {"unfit", "hospital"}, {"breastfed", "health_centre"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        fixture_begin(x, "contact");
        (void)fixture_fact(x, "2026-02-01 attribute %s", rows[i].is);
        (void)fixture_fact(x, EXPOSED);
        (void)fixture_fact(x, "2026-03-02 10:00 symptom");
        EQ_INT(said_count(x, "told"), 1, "%s: one rule answers", rows[i].is);
        OK(strstr(said(x, "told"), rows[i].told) != NULL, "%s: the first that fits", rows[i].is);
    }
    OK(strstr(said(x, "told"), "because rule pathways.contact.on.symptom") != NULL, "it says which");

    fixture_begin(x, "case");
    (void)fixture_fact(x, POSITIVE("2026-03-01 10:00"));
    (void)fixture_fact(x, "2026-03-02 10:00 result environment pcr positive");
    EQ_INT(said_count(x, "told police"), 0, "the stage's own reaction comes before the pathway's");
    EQ_INT(said_count(x, "task_opened disinfect"), 1, "and takes its place");
    (void)fixture_fact(x, "2026-03-03 10:00 symptom"); // confirmed: to the ward
    EQ_INT(said_count(x, "told national because rule pathways.case.on.confirmed"), 0,
           "so it is with a step of the ladder");
    (void)fixture_fact(x, "2026-03-04 10:00 result environment pcr positive");
    EQ_INT(said_count(x, "told police"), 1, "in a stage that says nothing the pathway answers");
    (void)fixture_fact(x, "2026-03-05 10:00 result environment pcr negative");
    EQ_INT(said_count(x, "told logistics"), 1, "clean surroundings are an event, too");

    fixture_begin(x, "contact");
    (void)fixture_fact(x, EXPOSED);
    (void)fixture_fact(x, "2026-03-02 10:00 seen_ill");
    EQ_INT(said_count(x, "told health_centre because rule pathways.contact.on.symptom"), 1,
           "seen ill for the first time is a first symptom");
    (void)fixture_fact(x, "2026-03-03 10:00 seen_ill");
    EQ_INT(said_count(x, "told"), 1, "the second time it is not");
    fixture_begin(x, "contact");
    (void)fixture_fact(x, "2026-02-01 attribute pregnant");
    (void)fixture_fact(x, EXPOSED);
    (void)fixture_fact(x, "2026-03-02 10:00 seen_ill");
    EQ_TEXT(said(x, "told"), "2026-03-02 10:00 told clinician because rule pathways.contact.on.seen_ill fact 3",
            "where seen ill has a rule, that answers");
}

// ---- actions ----

static void test_actions(struct fixture *x)
{
    fixture_begin(x, "contact");
    (void)fixture_fact(x, EXPOSED);
    (void)fixture_fact(x, POSITIVE("2026-03-02 09:00") " known 2026-03-02 20:00");
    static const char *const lines[] = {
        "ended became_case",
        "withdrawn contact",
        "task_opened disinfect until 2026-03-03 02:00 by disinfection_team",
        "enrolled case",
        "enrolled zone for residents at building",
        "told own_contacts",
        "told commander",
    };
    size_t n = sizeof lines / sizeof lines[0];
    OK(x->said_count >= n, "a rule with many actions does them all");
    for (size_t i = 0; i < n && x->said_count >= n; i++) {
        char line[200];
        (void)snprintf(line, sizeof line, "2026-03-02 20:00 %s because rule pathways.contact.on.positive fact 2",
                       lines[i]);
        EQ_TEXT(x->said[x->said_count - n + i].text, line, "%s", lines[i]);
    }
    EQ_INT(said_count(x, "task_closed disinfect"), 0, "what a rule opens its own end does not close");

    fixture_begin(x, "contact");
    (void)fixture_fact(x, "2026-02-01 attribute unfit");
    (void)fixture_fact(x, EXPOSED);
    (void)fixture_fact(x, "2026-03-03 10:00 symptom known 2026-03-04 09:00");
    EQ_TEXT(said(x, "stage_entered second"),
            "2026-03-04 09:00 stage_entered second because rule pathways.contact.on.symptom[2] fact 3",
            "go: enters the stage");
    EQ_TEXT(fixture_day(enrolment_day(&x->e, x->e.stage_zero)), "2026-03-03", "its day zero is the day of the fact");
    EQ_TEXT(said(x, "task_opened visit"),
            "2026-03-04 09:00 task_opened visit until 2026-03-05 00:00 by community_worker because stage "
            "pathways.contact.stages.second fact 3",
            "deadlines run from when it is known");
    (void)fixture_fact(x, "2026-03-05 10:00 lost");
    EQ_TEXT(said_last(x, "stage_entered"),
            "2026-03-05 10:00 stage_entered first because rule pathways.contact.on.lost fact 4",
            "restart: back to the first stage");
    EQ_TEXT(fixture_day(enrolment_day(&x->e, x->e.stage_zero)), "2026-03-01", "counted from the pathway's day zero");
    EQ_TEXT(said(x, "measure_ended"),
            "2026-03-05 10:00 measure_ended at_home released because rule pathways.contact.on.lost fact 4",
            "which has no measure");
    (void)fixture_fact(x, "2026-03-05 11:00 found");
    OK(strstr(said_last(x, "measure_proposed"), "2026-03-05 11:00 measure_proposed at_home") != NULL,
       "measure: another is proposed");
    (void)fixture_fact(x, "2026-03-05 12:00 carer_named");
    EQ_TEXT(said(x, "enrolled"),
            "2026-03-05 12:00 enrolled contact for carer because rule pathways.contact.on.carer_named fact 6",
            "enrol somebody else by role");

    fixture_begin(x, "zone");
    (void)fixture_fact(x, "2026-03-01 10:00 new_case");
    EQ_INT(said_count(x, "stage_entered"), 1, "the first case opens the zone, and restarts nothing");
    (void)fixture_fact(x, "2026-03-04 10:00 new_case");
    EQ_TEXT(fixture_day(enrolment_stage_end(&x->book, &x->e)), "2026-03-11", "a new case: the days begin anew");
    EQ_INT(said_count(x, "told residents"), 1, "and the residents are told");
}

static void test_no_action(struct fixture *x)
{
    struct protocol *p = &x->editions[0];
    struct action *tell = NULL;
    for (size_t i = 0; i < p->rule_count; i++)
        if (p->rules[i].event == EVENT_SEEN_ILL) tell = &p->actions[p->rules[i].action_first];
    if (!OK(tell != NULL && tell->kind == ACTION_TELL, "seen ill tells someone")) return;
    tell->kind = ACTION_KIND_COUNT;
    fixture_begin(x, "contact");
    (void)fixture_fact(x, "2026-02-01 attribute pregnant");
    (void)fixture_fact(x, EXPOSED);
    size_t before = x->said_count;
    (void)fixture_fact(x, "2026-03-02 10:00 seen_ill");
    EQ_INT(said_count(x, "told"), 0, "what is no action does nothing");
    OK(x->said_count >= before, "and the rest goes on");
    tell->kind = ACTION_TELL;
}

static void test_linked_set(struct fixture *x)
{
    fixture_begin(x, "alarm");
    (void)fixture_fact(x, "2026-03-01 11:00 called_positive");
    (void)fixture_fact(x, "2026-03-01 12:00 sampled");
    EQ_INT(said_count(x, "task_closed set done"), 1, "the set is taken at once");
    (void)fixture_fact(x, "2026-03-01 12:01 result nasal pcr negative");
    (void)fixture_fact(x, "2026-03-01 12:02 result blood pcr negative");
    (void)fixture_fact(x, "2026-03-01 12:03 result oropharyngeal pcr negative");
    OK(enrolment_is_open(&x->e), "two of three, and one that is not of the set");
    (void)fixture_fact(x, "2026-03-01 12:04 result environment pcr negative known 2026-03-01 18:00");
    EQ_TEXT(said(x, " ended "), "2026-03-01 18:00 ended completed because rule pathways.alarm.on.all_negative fact 6",
            "all negative: it ends when the last is known");
    fixture_begin(x, "alarm");
    (void)fixture_fact(x, "2026-03-01 11:00 called_positive");
    (void)fixture_fact(x, "2026-03-01 12:01 result nasal pcr negative");
    (void)fixture_fact(x, "2026-03-01 12:02 result blood pcr negative");
    (void)fixture_fact(x, "2026-03-01 12:04 result environment pcr positive");
    (void)fixture_fact(x, "2026-03-01 12:05 result nasal pcr negative");
    OK(enrolment_is_open(&x->e), "a door handle that is positive: not all are negative");
    (void)fixture_fact(x, "2026-03-01 13:00 result nasal antigen positive");
    (void)fixture_fact(x, "2026-03-01 14:00 result environment pcr negative");
    OK(enrolment_is_open(&x->e), "a new hold asks for a new set");
}

// ---- the ladder ----

static void test_ladder(struct fixture *x)
{
    fixture_begin(x, "case");
    (void)fixture_fact(x, POSITIVE("2026-03-01 09:00"));
    EQ_TEXT(said(x, "classified"), "2026-03-01 09:00 classified asymptomatic because ladder case.asymptomatic fact 1",
            "positive without symptoms");
    EQ_INT(said_count(x, "told health_officer"), 1, "a step is an event");
    (void)fixture_fact(x, "2026-03-02 09:00 seen_well");
    EQ_INT(said_count(x, "classified"), 1, "a step is kept");
    (void)fixture_fact(x, "2026-03-03 09:00 symptom");
    EQ_TEXT(said_last(x, "classified"), "2026-03-03 09:00 classified confirmed because ladder case.confirmed fact 3",
            "symptoms later make a confirmed case");
    (void)fixture_fact(x, "2026-03-05 09:00 well");
    EQ_TEXT(class_of(x), "confirmed", "nobody steps down by getting well");
    (void)fixture_fact(x, NEGATIVE("2026-03-06 09:00"));
    (void)fixture_fact(x, NEGATIVE("2026-03-07 09:00"));
    EQ_TEXT(class_of(x), "confirmed", "a laboratory-confirmed case is not discarded by negatives");
    (void)fixture_fact(x, "2026-03-08 09:00 classified discarded");
    EQ_TEXT(class_of(x), "discarded", "but by an authority");
    EQ_TEXT(said(x, "withdrawn"), "2026-03-08 09:00 withdrawn case because ladder case.discarded fact 7",
            "and whom it caused to be enrolled is let go");
    EQ_TEXT(said(x, " ended "), "2026-03-08 09:00 ended discarded because ladder case.discarded fact 7", "and it ends");

    fixture_begin(x, "case");
    (void)fixture_fact(x, "2026-02-01 attribute pregnant");
    (void)fixture_fact(x, EXPOSED);
    (void)fixture_fact(x, "2026-03-03 09:00 symptom");
    EQ_TEXT(class_of(x), "suspected", "ill after an exposure");
    (void)fixture_fact(x, "2026-03-04 09:00 attribute unfit");
    EQ_TEXT(class_of(x), "probable", "one step up");
    (void)fixture_fact(x, NEGATIVE("2026-03-05 09:00"));
    EQ_TEXT(class_of(x), "probable", "one negative does not discard");
    (void)fixture_fact(x, NEGATIVE("2026-03-06 09:00"));
    EQ_TEXT(class_of(x), "discarded", "two do");
    EQ_INT(said_count(x, "withdrawn case because ladder case.discarded fact 6"), 1, "and undo what it caused");

    fixture_begin(x, "case");
    (void)fixture_fact(x, "2026-03-03 09:00 classified probable");
    EQ_TEXT(class_of(x), "probable", "an authority's word opens and classifies");
    EQ_TEXT(said(x, "classified"), "2026-03-03 09:00 classified probable because ladder case.probable fact 1",
            "by its step");
    (void)fixture_fact(x, "2026-03-04 09:00 classified probable");
    EQ_INT(said_count(x, "classified"), 1, "said again it is no news");
    (void)fixture_fact(x, "2026-03-05 09:00 classified suspected");
    EQ_TEXT(class_of(x), "suspected", "an authority may step down");
    (void)fixture_fact(x, POSITIVE("2026-03-06 09:00"));
    EQ_TEXT(class_of(x), "asymptomatic", "what is proven later steps up from there");
    fixture_begin(x, "case");
    (void)fixture_fact(x, "2026-03-03 08:00 symptom");
    (void)fixture_fact(x, POSITIVE("2026-03-03 09:00"));
    (void)fixture_fact(x, "2026-03-04 09:00 classified probable");
    EQ_TEXT(class_of(x), "probable", "an authority steps down from what the rules say");
    (void)fixture_fact(x, "2026-03-05 09:00 seen_well");
    (void)fixture_fact(x, NEGATIVE("2026-03-05 10:00"));
    (void)fixture_fact(x, "2026-03-06 09:00 well");
    EQ_TEXT(class_of(x), "probable", "and its word stands against what was known by then");
    (void)fixture_fact(x, POSITIVE("2026-03-07 09:00"));
    EQ_TEXT(class_of(x), "asymptomatic", "not against new evidence");
    (void)fixture_fact(x, "2026-03-08 09:00 symptom");
    EQ_TEXT(class_of(x), "confirmed", "after which the rules go on as ever");
    fixture_begin(x, "contact");
    (void)fixture_fact(x, EXPOSED);
    (void)fixture_fact(x, "2026-03-02 09:00 classified confirmed");
    EQ_TEXT(class_of(x), "-", "where no ladder is walked nobody has a class");
}

// ---- contacts ----

static void test_window(struct fixture *x)
{
    static const struct {
        const char *facts[2], *met;
        bool inside;
        const char *what;
    } rows[] = {
        // Onset 10 March: from the 8th to nine days after, the 19th; isolated on the 12th.
        {{"2026-03-10 08:00 symptom", NULL},
         "met 2026-03-07 10:00 until 2026-03-07 23:59",
         false,
         "the day before the window"},
        {{"2026-03-10 08:00 symptom", NULL},
         "met 2026-03-08 00:00 until 2026-03-08 00:10",
         true,
         "its first day, from the first minute"},
        {{"2026-03-10 08:00 symptom", NULL},
         "met 2026-03-07 23:00 until 2026-03-08 01:00",
         true,
         "a meeting that reaches into it"},
        {{"2026-03-10 08:00 symptom", NULL}, "met 2026-03-06 10:00 open", true, "one that still goes on"},
        {{"2026-03-10 08:00 symptom", "2026-03-12 08:00 isolated"},
         "met 2026-03-12 23:00 until 2026-03-12 23:30",
         true,
         "the day of isolation"},
        {{"2026-03-10 08:00 symptom", "2026-03-12 08:00 isolated"},
         "met 2026-03-13 00:00 until 2026-03-13 00:30",
         false,
         "the day after it"},
        {{"2026-03-10 08:00 symptom", "2026-03-12 08:00 isolated"},
         "met 2026-03-13 10:00 open",
         false,
         "however long it goes on"},
        {{"2026-03-10 08:00 symptom", "2026-03-12 08:00 admitted"},
         "met 2026-03-13 10:00 until 2026-03-13 11:00",
         true,
         "being admitted closes nothing here"},
        {{"2026-03-10 08:00 symptom", "2026-03-12 08:00 died"},
         "met 2026-03-13 10:00 until 2026-03-13 11:00",
         false,
         "death does"},
        {{"2026-03-01 08:00 symptom", NULL},
         "met 2026-03-10 10:00 until 2026-03-10 11:00",
         true,
         "nine days after onset"},
        {{"2026-03-01 08:00 symptom", NULL}, "met 2026-03-11 00:00 until 2026-03-11 11:00", false, "the tenth"},
        // No symptoms, sampled on the 14th: from the 11th on.
        {{NULL, NULL},
         "met 2026-03-10 10:00 until 2026-03-10 23:59",
         false,
         "without symptoms, four days before the sample"},
        {{NULL, NULL}, "met 2026-03-11 00:00 until 2026-03-11 00:05", true, "three days before it"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        fixture_begin(x, "case");
        for (size_t k = 0; k < 2 && rows[i].facts[k] != NULL; k++) (void)fixture_fact(x, "%s", rows[i].facts[k]);
        (void)fixture_fact(x, POSITIVE("2026-03-14 08:00"));
        said_clear(x);
        (void)fixture_fact(x, "2026-03-15 09:00 contact_named household %s link 44", rows[i].met);
        EQ_INT(said_count(x, "enrolled contact for own_contacts other 44 because contact_class contacts.close"),
               rows[i].inside ? 1 : 0, "%s: %s", rows[i].what, rows[i].inside ? "inside" : "not enrolled");
        EQ_INT(said_count(x, "told case_investigator because window window"), rows[i].inside ? 0 : 1, "%s: %s",
               rows[i].what, rows[i].inside ? "nothing to explain" : "and the answer says so");
    }
}

static void test_contacts(struct fixture *x)
{
    static const struct {
        const char *pathway, *how, *said;
    } rows[] = {
        {"case", "meal none", "enrolled contact for own_contacts other 44 because contact_class contacts.close"},
        {"case", "meal full", "told case_investigator because contact_class"},
        {"case", "workplace",
         "enrolled general for own_contacts other 44 because contact_class contacts.brief"}, // an hour
        {"case", "venue", "told case_investigator because contact_class"},
        {"contact", "household", "enrolled general for own_contacts other 44 because contact_class contacts.second"},
        {"contact", "meal", "told case_investigator because contact_class"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        fixture_begin(x, rows[i].pathway);
        if (strcmp(rows[i].pathway, "case") == 0) (void)fixture_fact(x, POSITIVE("2026-03-14 08:00"));
        else (void)fixture_fact(x, "2026-03-12 08:00 exposed household");
        said_clear(x);
        EQ_INT(fixture_fact(x, "2026-03-15 09:00 contact_named %s met 2026-03-13 10:00 until 2026-03-13 11:00 link 44",
                            rows[i].how),
               RESPOND_OK, "%s is answered", rows[i].how);
        EQ_INT(said_count(x, rows[i].said), 1, "%s met as %s: %s", rows[i].pathway, rows[i].how, rows[i].said);
        EQ_INT(x->said_count, 1, "and nothing else");
    }
    // A contact of a contact: from the contact's first exposure until he is effectively isolated.
    static const struct {
        const char *met;
        bool inside;
    } second[] = {{"met 2026-03-11 10:00 until 2026-03-11 23:00", false},
                  {"met 2026-03-12 01:00 until 2026-03-12 02:00", true},
                  {"met 2026-03-13 23:00 until 2026-03-13 23:30", true},
                  {"met 2026-03-14 00:30 until 2026-03-14 01:00", false}};
    for (size_t i = 0; i < sizeof second / sizeof second[0]; i++) {
        fixture_begin(x, "contact");
        (void)fixture_fact(x, "2026-03-12 08:00 exposed household");
        (void)fixture_fact(x, "2026-03-13 08:00 isolated");
        (void)fixture_fact(x, "2026-03-15 09:00 contact_named household %s link 44", second[i].met);
        EQ_INT(said_count(x, "enrolled general"), second[i].inside ? 1 : 0, "contact of a contact, %s", second[i].met);
    }
    fixture_begin(x, "case");
    (void)fixture_fact(x, "2026-03-10 08:00 contact_named household met 2026-03-09 until 2026-03-09 01:00 link 44");
    EQ_INT(x->said_count, 0, "of somebody who is no case nobody is a contact");
    (void)fixture_fact(x, POSITIVE("2026-03-11 08:00"));
    (void)fixture_fact(x, "2026-03-12 08:00 classified discarded");
    said_clear(x);
    (void)fixture_fact(x, "2026-03-13 08:00 contact_named household met 2026-03-10 until 2026-03-10 01:00 link 44");
    EQ_INT(x->said_count, 0, "nor of a case that was discarded");
}

int main(void)
{
    struct fixture x;
    fixture_open(&x, text);
    test_meaning(&x);
    test_matched(&x);
    test_doors(&x);
    test_order(&x);
    test_actions(&x);
    test_no_action(&x);
    test_linked_set(&x);
    test_ladder(&x);
    test_window(&x);
    test_contacts(&x);
    fixture_close(&x);
    return tap_done();
}
