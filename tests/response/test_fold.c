// Folding a history: any order of arrival, as known on a date, deadlines on the way, one source withdrawn (response/fold.h).
#include "response/fixture.h"
#include "tap.h"

static const char *const text =
    "case:\n"
    "  confirmed: {when: [positive, symptomatic]}\n"
    "  asymptomatic: {when: [positive, not: symptomatic]}\n"
    "window: {opens: 2 d before onset (S), closes: [isolated]}\n"
    "contacts:\n"
    "  close: {name: {en: close, zh: 密接}, of: case, pathway: contact}\n"
    "pathways:\n"
    "  source: S\n"
    "  contact:\n"
    "    of: person\n"
    "    day_zero: last_exposure\n"
    "    at_most: 21 d\n"
    "    stages:\n"
    "      facility: {at: quarantine_site, for: 7 d, sample: {on: [1, 3, 7]}, check: {a_day: 2}, measure: facility, "
    "tasks: [inform, call], next: home}\n"
    "      home: {at: home, for: 3 d, sample: {on: 3}, check: {a_day: 1}, measure: at_home, next: released}\n"
    "    release: {when: [days_served, last_sample_negative], otherwise: {extend: 2 d, at_most: 2 times, order_by: "
    "district_command}}\n"
    "    on:\n"
    "      positive: {end: became_case, enrol: case, tasks: [inform]}\n"
    "      symptom: {tell: [health_centre], tasks: [call]}\n"
    "  case:\n"
    "    of: person\n"
    "    day_zero: onset_or_sample\n"
    "    ladder: yes\n"
    "    stages:\n"
    "      ill: {at: hospital, tasks: [report]}\n"
    "    release: {when: [clinician_release]}\n"
    "measures:\n"
    "  source: S\n"
    "  at_home: {name: {en: at home, zh: 居家}, kind: quarantine, order_by: health_officer, persons: 1}\n"
    "  facility: {name: {en: at a site, zh: 集中}, kind: quarantine, order_by: district_command, persons: 1, milder: "
    "at_home, review: 5 d}\n"
    "tasks:\n"
    "  source: S\n"
    "  inform: {name: {en: inform, zh: 告知}, do: inform, by: community_worker, within: 8 h, missed: {tell: "
    "commander}}\n"
    "  call: {name: {en: call, zh: 电话}, do: assess, by: clinician}\n"
    "  report: {name: {en: report, zh: 报告}, do: report, by: hospital, within: 4 h, missed: {tell: health_officer}}\n"
    "on:\n"
    "  positive: {enrol: case}\n"
    "  symptom: {enrol: case}\n"
    "  anything_else: {ask: case_investigator}\n";

#define EXPOSED "2026-03-01 18:00 exposed household until 2026-03-01 20:00"
#define NEGATIVE(time) time " result oropharyngeal pcr negative"

static const char *const life[] = {
    "2026-02-01 attribute pregnant",
    EXPOSED " known 2026-03-02 09:00",
    "2026-03-02 10:00 ordered name facility by 1",
    "2026-03-02 11:00 seen_well",
    "2026-03-02 12:00 done name inform",
    NEGATIVE("2026-03-02 14:00") " known 2026-03-03 08:00",
    "2026-03-04 09:00 symptom",
    NEGATIVE("2026-03-04 09:00") " known 2026-03-05 08:00",
    "2026-03-05 10:00 exposed meal known 2026-03-06 10:00",
    "2026-03-07 15:00 ordered name facility by 2",
    "2026-03-08 10:00 well",
    NEGATIVE("2026-03-12 14:00") " known 2026-03-13 08:00",
    "2026-03-13 09:00 started name at_home",
};
enum { LIFE = sizeof life / sizeof life[0] };

static void told(struct fixture *x, const char *pathway, const char *const *facts, size_t count)
{
    fixture_begin(x, pathway);
    for (size_t i = 0; i < count; i++) (void)fixture_fact(x, "%s", facts[i]);
}

static char *all_said(const struct fixture *x, struct arena *arena)
{
    char *text_of_all = arena_copy(arena, "", 0);
    for (size_t i = 0; i < x->said_count && text_of_all != NULL; i++)
        text_of_all = arena_printf(arena, "%s%s\n", text_of_all, x->said[i].text);
    return text_of_all;
}

static void test_arrival(struct fixture *x)
{
    struct enrolment first, again;
    struct arena arena = {0};
    told(x, "contact", life, LIFE);
    (void)fixture_fold(x, "2026-03-20", NULL, &first);
    const char *desired = all_said(x, &arena);
    OK(x->said_count > 40, "a life with many decisions");
    uint64_t seed = 20260301;
    for (int32_t round = 0; round < 40; round++) {
        for (size_t i = x->fact_count - 1; i > 0; i--) { // Fisher and Yates, by a linear congruence (Knuth 1998, 3.2.1)
            seed = seed * 6364136223846793005u + 1442695040888963407u;
            size_t k = (seed >> 33) % (i + 1);
            struct fact f = x->facts[i];
            x->facts[i] = x->facts[k];
            x->facts[k] = f;
        }
        (void)fixture_fold(x, "2026-03-20", NULL, &again);
        CHECK(memcmp(&first, &again, sizeof first) == 0,
              "round %d of seed 20260301: the state does not depend on the order of arrival", round);
        CHECK(strcmp(all_said(x, &arena), desired) == 0, "round %d: nor do the decisions", round);
    }
    arena_free(&arena);
}

static void test_stepping(struct fixture *x)
{
    struct arena arena = {0};
    struct enrolment folded;
    told(x, "contact", life, LIFE);
    fixture_until(x, "2026-03-20");
    // What has an hour of its own is said by whoever keeps the deadlines; the fold keeps them itself.
    const char *stepped = all_said(x, &arena);
    struct decisions log = fixture_fold(x, "2026-03-20", NULL, &folded);
    OK(memcmp(&x->e, &folded, sizeof folded) == 0, "stepping forward and folding lead to the same state");
    size_t n = 0, deadlines = 0;
    for (size_t i = 0; i < x->said_count; i++) {
        bool deadline = log.items[i].why == WHY_DEADLINE;
        deadlines += deadline;
        if (deadline) continue;
        const char *line = x->said[i].text, *end = strchr(stepped + n, '\n');
        CHECK(end != NULL && strlen(line) == (size_t)(end - stepped) - n &&
                  memcmp(line, stepped + n, strlen(line)) == 0,
              "and to the same decisions: %s", line);
        n += strlen(line) + 1;
    }
    OK(n == strlen(stepped), "in the same order, none more");
    OK(deadlines > 0, "and the deadlines that passed");
    arena_free(&arena);
}

static void test_as_known(struct fixture *x)
{
    struct enrolment e;
    fixture_begin(x, "contact");
    (void)fixture_fact(x, EXPOSED " known 2026-03-02 09:00 recorded 2026-03-03 09:00");
    (void)fixture_fact(x, "2026-03-05 10:00 exposed meal known 2026-03-06 10:00 recorded 2026-03-09 10:00");
    (void)fixture_fold(x, "2026-03-08", NULL, &e);
    EQ_TEXT(fixture_day(enrolment_stage_end(&x->book, &e)), "2026-03-12", "what is known on 8 March: exposed twice");
    (void)fixture_fold(x, "2026-03-08", "2026-03-08", &e);
    EQ_TEXT(fixture_day(enrolment_stage_end(&x->book, &e)), "2026-03-08", "as known in the system then: once");
    (void)fixture_fold(x, "2026-03-06 09:59", NULL, &e);
    EQ_TEXT(fixture_day(enrolment_stage_end(&x->book, &e)), "2026-03-08", "before the second was known: once");
    (void)fixture_fold(x, "2026-03-03", "2026-03-02", &e);
    OK(!enrolment_is_open(&e), "before the first was recorded: nothing");
    EQ_INT(x->said_count, 0, "and nothing is desired");
    (void)fixture_fold(x, "2026-03-02 08:59", NULL, &e);
    OK(!enrolment_is_open(&e), "nor before anyone knew of it");
}

static void test_deadlines(struct fixture *x)
{
    struct enrolment e;
    static const struct {
        const char *done;
        bool overdue;
        const char *what;
    } rows[] = {
        {"2026-03-02 16:59 done name inform", false, "done before its deadline"},
        {"2026-03-02 17:00 done name inform", false, "done at the very deadline it is in time"},
        {"2026-03-02 17:01 done name inform", true, "a minute later it is not"},
        {"2026-03-02 12:00 seen_well", true, "never done"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        fixture_begin(x, "contact");
        (void)fixture_fact(x, EXPOSED " known 2026-03-02 09:00");
        (void)fixture_fact(x, "%s", rows[i].done);
        (void)fixture_fold(x, "2026-03-02 18:00", NULL, &e);
        EQ_INT(said_count(x, "2026-03-02 17:00 task_overdue inform because deadline tasks.inform"), rows[i].overdue,
               "%s", rows[i].what);
        EQ_INT(said_count(x, "2026-03-02 17:00 task_escalated commander because deadline tasks.inform"),
               rows[i].overdue, "%s: %s", rows[i].what,
               rows[i].overdue ? "whom the protocol names is told" : "nobody is told");
        EQ_INT(said_count(x, "task_closed inform done"), i < 3, "%s: %s", rows[i].what,
               i < 3 ? "and closed" : "still open");
    }
    // A deadline at midnight, where the day turns as well.
    for (int32_t minute = 0; minute < 2; minute++) {
        fixture_begin(x, "contact");
        (void)fixture_fact(x, EXPOSED " known 2026-03-02 16:00");
        (void)fixture_fact(x, "2026-03-03 00:0%d done name inform", minute);
        (void)fixture_fold(x, "2026-03-03 18:00", NULL, &e);
        EQ_INT(said_count(x, "task_overdue inform"), minute, "at midnight %s",
               minute == 0 ? "it is in time" : "and a minute it is not");
    }
    fixture_begin(x, "contact");
    (void)fixture_fact(x, EXPOSED " known 2026-03-02 09:00");
    (void)fixture_fold(x, "2026-03-02 12:00", NULL, &e);
    EQ_INT(said_count(x, "2026-03-02 12:00 task_overdue check"), 1,
           "a check with an hour of its own is overdue at that hour");
    EQ_INT(said_count(x, "task_overdue call"), 0, "what is due by the end of the day is not yet");
    (void)fixture_fold(x, "2026-03-03 00:00", NULL, &e);
    EQ_INT(said_count(x, "2026-03-03 00:00 task_overdue call"), 1, "at the end of the day it is");
}

static void test_known_after(struct fixture *x)
{
    struct enrolment e;
    // The positive of 4 March was known on the 5th, the symptoms of 3 March only on the 8th: confirmed since then, and the case's
    // own tasks have run since the 5th... what follows from both was known on the 8th.
    fixture_begin(x, "case");
    (void)fixture_fact(x, "2026-03-03 10:00 symptom known 2026-03-08 10:00");
    (void)fixture_fact(x, "2026-03-04 09:00 result oropharyngeal pcr positive known 2026-03-05 20:00");
    (void)fixture_fold(x, "2026-03-08 10:00", NULL, &e);
    EQ_TEXT(said(x, "classified confirmed"),
            "2026-03-08 10:00 classified confirmed because ladder case.confirmed fact 2",
            "what follows from two facts is known when the later is known");
}

static void test_sources(struct fixture *x)
{
    struct enrolment e;
    fixture_begin(x, "contact");
    (void)fixture_fact(x, EXPOSED " known 2026-03-02 09:00");
    (void)fixture_fact(x, "2026-03-03 10:00 exposed workplace");
    (void)fixture_fact(x, "2026-03-04 10:00 retracted replaces 2");
    (void)fixture_fold(x, "2026-03-05", NULL, &e);
    OK(enrolment_is_open(&e), "one source of exposure withdrawn, the other stays");
    EQ_TEXT(fixture_day(enrolment_stage_end(&x->book, &e)), "2026-03-08", "and the days are those of the other");
    (void)fixture_fact(x, "2026-03-05 10:00 retracted replaces 1");
    (void)fixture_fold(x, "2026-03-06", NULL, &e);
    OK(!enrolment_is_open(&e) && !enrolment_has_ended(&e), "both withdrawn, nothing is left");
    (void)fixture_fact(x, "2026-03-06 10:00 retracted replaces 4");
    (void)fixture_fold(x, "2026-03-07", NULL, &e);
    OK(enrolment_is_open(&e), "the withdrawal withdrawn, it stands again");
    (void)fixture_fact(x,
                       "2026-02-27 18:00 exposed household until 2026-02-27 20:00 known 2026-03-07 09:00 replaces 1");
    (void)fixture_fold(x, "2026-03-08", NULL, &e);
    EQ_TEXT(fixture_day(enrolment_day(&e, e.last_exposure)), "2026-02-27", "a correction of the date counts");

    fixture_begin(x, "contact");
    (void)fixture_fact(x, "2026-03-01 18:00 exposed household open");
    (void)fixture_fact(x, "2026-03-02 18:00 exposed workplace open");
    (void)fixture_fact(x, "2026-03-03 18:00 retracted replaces 1");
    (void)fixture_fold(x, "2026-03-04", NULL, &e);
    EQ_TEXT(fixture_day(enrolment_day(&e, e.first_exposure)), "2026-03-02", "of two open sources one never was");
    (void)fixture_fact(x, "2026-03-05 10:00 parted");
    (void)fixture_fold(x, "2026-03-06", NULL, &e);
    EQ_TEXT(fixture_day(enrolment_stage_end(&x->book, &e)), "2026-03-12", "parted from the other, the days begin");
}

// What is known of a person for years does not shift the days of an illness today.
static void test_long_known(struct fixture *x)
{
    static const char *const known[] = {"attribute pregnant", "vaccinated", "immunity immune", "attribute age 40"};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        struct enrolment e;
        fixture_begin(x, "case");
        (void)fixture_fact(x, "2010-05-01 %s", known[i]);
        (void)fixture_fact(x, "2026-03-03 10:00 symptom");
        (void)fixture_fact(x, "2026-03-10 10:00 well");
        (void)fixture_fold(x, "2026-03-11", NULL, &e);
        EQ_TEXT(fixture_day(enrolment_onset(&e)), "2026-03-03", "%s sixteen years ago: onset is when it was", known[i]);
    }
}

static void test_limits(struct fixture *x)
{
    struct enrolment e, before;
    struct decisions log = {0};
    struct arena full = {.bytes_max = 100};
    struct err err = {.text = ""};
    told(x, "contact", life, LIFE);
    struct fact facts[LIFE];
    memcpy(facts, x->facts, sizeof facts);
    size_t count = facts_prepare(facts, LIFE, fixture_time(x, "2026-03-20"), UTC_NONE);
    e = before = enrolment_new(3, 0, 0, (civil_day){0});
    EQ_INT(fold(&x->book, facts, count, fixture_time(x, "2026-03-20"), &e, &log, &full, &err), TONG_E_LIMIT,
           "without memory it says so");
    OK(strstr(err.text, "memory") != NULL, "in words");
    OK(memcmp(&e, &before, sizeof e) == 0, "and the enrolment is as it was");
    // Room for the first decisions and not for all of them.
    struct arena little = {.bytes_max = 200000};
    log = (struct decisions){0};
    struct fact many[40];
    for (int32_t i = 0; i < 40; i++) {
        many[i] = fixture_read(x, "2026-03-01 18:00 exposed household");
        many[i].id = i + 1;
        many[i].happened.s += (int64_t)i * 10 * 86400;
        many[i].known = many[i].happened;
    }
    EQ_INT(fold(&x->book, many, 40, fixture_time(x, "2027-12-31"), &e, &log, &little, &err), TONG_E_LIMIT,
           "nor half-way");
    arena_free(&little);
    arena_free(&full);
    struct arena enough = {0};
    log = (struct decisions){0};
    e = enrolment_new(3, 0, 0, (civil_day){0});
    EQ_INT(fold(&x->book, facts, 0, fixture_time(x, "2026-03-20"), &e, &log, &enough, &err), TONG_OK,
           "no facts at all");
    OK(!enrolment_is_open(&e) && e.subject == 3 && log.count == 0, "are nobody enrolled");
    arena_free(&enough);
}

int main(void)
{
    struct fixture x;
    fixture_open(&x, text);
    test_arrival(&x);
    test_stepping(&x);
    test_as_known(&x);
    test_deadlines(&x);
    test_known_after(&x);
    test_sources(&x);
    test_long_known(&x);
    test_limits(&x);
    fixture_close(&x);
    return tap_done();
}
