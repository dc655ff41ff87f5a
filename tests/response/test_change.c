// A change of edition in mid-course: finish, move, move if milder; what is carried over; never longer by it.
#include "response/fixture.h"
#include "tap.h"

// The edition in which people are half-way: 7 days at a site, 3 at home.
static const char *const old_text =
    "case:\n"
    "  confirmed: {when: [positive]}\n"
    "contacts:\n"
    "  close: {name: {en: close, zh: 密接}, of: case, pathway: contact}\n"
    "pathways:\n"
    "  source: S\n"
    "  contact:\n"
    "    of: person\n"
    "    day_zero: last_exposure\n"
    "    at_most: 21 d\n"
    "    stages:\n"
    "      facility: {at: quarantine_site, for: 7 d, check: {a_day: 1}, measure: facility, tasks: [inform, transfer], "
    "next: home}\n"
    "      home: {at: home, for: 3 d, check: {a_day: 1}, measure: at_home, next: released}\n"
    "    release: {when: [days_served]}\n"
    "    on: {positive: {end: became_case}}\n"
    "  second:\n"
    "    of: person\n"
    "    day_zero: last_exposure\n"
    "    at_most: 21 d\n"
    "    stages:\n"
    "      home: {at: home, for: 7 d, measure: at_home, next: released}\n"
    "    release: {when: [days_served]}\n"
    "  case:\n"
    "    of: person\n"
    "    day_zero: onset_or_sample\n"
    "    ladder: yes\n"
    "    at_most: 30 d\n"
    "    stages:\n"
    "      ill: {at: hospital, measure: facility}\n"
    "    release: {when: [clinician_release]}\n"
    "measures:\n"
    "  source: S\n"
    "  watch: {name: {en: watch, zh: 监测}, kind: advice, voluntary: yes}\n"
    "  at_home: {name: {en: at home, zh: 居家}, kind: quarantine, order_by: health_officer, persons: 1, milder: "
    "watch}\n"
    "  facility: {name: {en: at a site, zh: 集中}, kind: quarantine, order_by: district_command, persons: 1, milder: "
    "at_home}\n"
    "tasks:\n"
    "  source: S\n"
    "  inform: {name: {en: inform, zh: 告知}, do: inform, by: community_worker}\n"
    "  transfer: {name: {en: transfer, zh: 转运}, do: transfer, by: transport, within: 8 h}\n"
    "on:\n"
    "  positive: {enrol: case}\n"
    "  anything_else: {ask: case_investigator}\n";

// The next one: what its facility stage is, and what becomes of those half-way.
static const char *const new_text =
    "edition: \"2\"\n"
    "change: {running: %s%s}\n"
    "contacts:\n"
    "  close: {name: {en: close, zh: 密接}, of: case, pathway: contact}\n"
    "pathways:\n"
    "  source: S\n"
    "  case:\n"
    "    of: person\n"
    "    day_zero: onset_or_sample\n"
    "    ladder: yes\n"
    "    at_most: 30 d\n"
    "    stages:\n"
    "      ill: {at: hospital, for: 7 d, measure: facility, next: released}\n"
    "    release: {when: [days_served]}\n"
    "  contact:\n"
    "    of: person\n"
    "    day_zero: last_exposure\n"
    "    at_most: 21 d\n"
    "    stages:\n"
    "      facility: {at: quarantine_site, %s, tasks: [vaccinate, inform], next: home}\n"
    "      home: {at: home, for: 3 d, check: {a_day: 1}, measure: at_home, next: released}\n"
    "      alone: {at: home, for: 2 d, measure: at_home, next: released}\n"
    "    release: {when: [days_served]}\n"
    "measures:\n"
    "  source: S\n"
    "  watch: {name: {en: watch, zh: 监测}, kind: advice, voluntary: yes}\n"
    "  elsewhere: {name: {en: elsewhere, zh: 他处}, kind: quarantine, order_by: health_officer, persons: 1, milder: "
    "watch}\n"
    "  at_home: {name: {en: at home, zh: 居家}, kind: quarantine, order_by: health_officer, persons: 1, milder: "
    "watch}\n"
    "  facility: {name: {en: at a site, zh: 集中}, kind: quarantine, order_by: district_command, persons: 1, milder: "
    "at_home}\n"
    "  harsher: {name: {en: harsher, zh: 更严}, kind: isolation, order_by: district_command, persons: 1, milder: "
    "facility}\n"
    "tasks:\n"
    "  source: S\n"
    "  vaccinate: {name: {en: vaccinate, zh: 接种}, do: vaccinate, by: vaccination_team}\n"
    "  inform: {name: {en: inform, zh: 告知}, do: inform, by: community_worker}\n"
    "on:\n"
    "  positive: {enrol: case}\n"
    "  anything_else: {ask: case_investigator}\n";

#define EXPOSED "2026-03-01 18:00 exposed household until 2026-03-01 20:00"
#define CHECKED "check: {a_day: 1}"

// Someone of edition 1 is on day 4 of the facility when edition 2 comes into force at midnight.
static void change(struct fixture *x, const char *running, const char *stages, const char *facility, bool ordered)
{
    char yaml[4000];
    (void)snprintf(yaml, sizeof yaml, new_text, running, stages, facility);
    fixture_open(x, old_text);
    fixture_add(x, yaml);
    fixture_begin(x, "contact");
    (void)fixture_fact(x, EXPOSED);
    if (ordered) (void)fixture_fact(x, "2026-03-02 09:00 ordered name facility by 1");
    fixture_until(x, "2026-03-04 23:00");
    said_clear(x);
    (void)fixture_fact(x, "2026-03-05 00:00 edition edition 1");
}

static const char *end_of(const struct fixture *x)
{
    return fixture_day(enrolment_stage_end(&x->book, &x->e));
}

static void test_policies(void)
{
    static const struct {
        const char *running, *facility;
        bool moves;
        const char *released, *what;
    } rows[] = {
        {"finish", "for: 5 d, measure: facility, " CHECKED, false, "03-11", "finish: under the old edition to the end"},
        {"move", "for: 5 d, measure: facility, " CHECKED, true, "03-09", "move: five days and three"},
        {"move", "for: 14 d, measure: facility, " CHECKED, true, "03-11",
         "move: nobody longer than under the old edition"},
        {"move", "for: 14 d, measure: harsher, " CHECKED, true, "03-11", "move: not by a harsher measure either"},
        {"move_if_milder", "for: 5 d, measure: facility, " CHECKED, true, "03-09",
         "shorter under the same measure is milder"},
        {"move_if_milder", "for: 7 d, measure: facility, " CHECKED, true, "03-11", "as long is not harsher"},
        {"move_if_milder", "for: 8 d, measure: facility, " CHECKED, false, "03-11", "longer is not milder"},
        {"move_if_milder", "for: 7 d, measure: at_home, " CHECKED, true, "03-11", "a milder measure is milder"},
        {"move_if_milder", "for: 5 d, measure: harsher, " CHECKED, false, "03-11",
         "a harsher one is not, however short"},
        {"move_if_milder", "for: 5 d, measure: elsewhere, " CHECKED, false, "03-11",
         "nor one that cannot be compared, in the old edition or the new"},
        {"move_if_milder", "for: 5 d, measure: watch, " CHECKED, true, "03-09", "advice is"},
        {"move_if_milder", "for: 5 d, " CHECKED, true, "03-09", "and so is nothing"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct fixture x;
        change(&x, rows[i].running, "", rows[i].facility, true);
        EQ_INT(x.e.edition, rows[i].moves ? 1 : 0, "%s, %s: %s", rows[i].running, rows[i].facility, rows[i].what);
        EQ_INT(said_count(&x, "2026-03-05 00:00 stage_entered facility because change"), rows[i].moves ? 1 : 0,
               "%s: %s", rows[i].what,
               rows[i].moves ? "the stage is entered anew, because of the change" : "nothing is entered");
        OK(!rows[i].moves || (x.e.flags & FLAG_MOVED) != 0, "%s: it is remembered", rows[i].what);
        fixture_until(&x, "2026-03-30");
        EQ_TEXT(said_days(&x, " ended completed"), rows[i].released, "%s: released on %s", rows[i].what,
                rows[i].released);
        bool held = enrolment_restricts(&x.book, &x.e);
        OK(!held, "%s: nobody is held after it", rows[i].what);
        fixture_close(&x);
    }
}

static void test_where(void)
{
    static const struct {
        const char *stages, *stage, *released, *what;
    } rows[] = {
        {", stages: {contact.facility: contact.alone}", "alone", "03-03",
         "a stage of another name, shorter than what is served"},
        {", stages: {contact.home: ends, contact.facility: contact.home}", "home", "03-04",
         "the row of this very stage"},
        {", stages: {second.facility: contact.alone}", "facility", "03-09", "a row about another pathway says nothing"},
        {", stages: {contact.facility: ends}", "facility", "03-05", "let go by the change"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct fixture x;
        change(&x, "move", rows[i].stages, "for: 5 d, measure: facility, " CHECKED, true);
        EQ_TEXT(x.list[x.e.edition]->stages[x.e.stage].name, rows[i].stage, "%s: %s", rows[i].stages, rows[i].what);
        fixture_until(&x, "2026-03-30");
        OK(enrolment_has_ended(&x.e), "%s: it ends", rows[i].what);
        if (i == 3) {
            EQ_TEXT(said(&x, " ended "), "2026-03-05 00:00 ended completed because change fact 3",
                    "released because of the change");
            EQ_TEXT(said(&x, "measure_ended"), "2026-03-05 00:00 measure_ended facility released because change fact 3",
                    "its measure with it");
        }
        fixture_close(&x);
    }
    // A pathway and a stage that the new edition does not have: finish.
    struct fixture x;
    change(&x, "move", "", "for: 5 d, " CHECKED, true);
    fixture_begin(&x, "second");
    (void)fixture_fact(&x, EXPOSED " name second");
    (void)fixture_fact(&x, "2026-03-05 edition edition 1");
    EQ_INT(x.e.edition, 0, "what the new edition does not know goes on under the old");
    EQ_TEXT(end_of(&x), "2026-03-08", "to its end");
    fixture_begin(&x, "second");
    (void)fixture_fact(&x, "2026-02-01 attribute pregnant");
    (void)fixture_fact(&x, "2026-03-05 edition edition 1");
    EQ_INT(x.e.edition, 0, "of somebody not enrolled as well");
    // Not enrolled, on a pathway that goes on: what opens opens under the new edition.
    fixture_begin(&x, "contact");
    (void)fixture_fact(&x, "2026-02-01 attribute pregnant");
    (void)fixture_fact(&x, "2026-03-01 edition edition 1");
    EQ_INT(x.e.edition, 1, "what is known of a person is known under the new edition");
    (void)fixture_fact(&x, "2026-03-01 18:00 exposed household");
    EQ_TEXT(end_of(&x), "2026-03-06", "and what opens is the new edition's");
    EQ_INT(x.log.items[0].edition, 1, "as its decisions say");
    // Nothing to do.
    (void)fixture_fact(&x, "2026-03-02 edition edition 1");
    (void)fixture_fact(&x, "2026-03-02 edition edition 9");
    EQ_INT(said_count(&x, "because change"), 0, "the same edition again changes nothing, nor one that is not there");
    (void)fixture_fact(&x, "2026-03-03 09:00 died");
    (void)fixture_fact(&x, "2026-03-04 edition edition 0");
    EQ_INT(said_count(&x, "because change"), 0, "what is over is not moved");
    fixture_close(&x);
}

static void test_days(void)
{
    struct fixture x;
    change(&x, "move", "", "for: 5 d, measure: facility, " CHECKED ", sample: {on: 4}", true);
    EQ_TEXT(said(&x, "task_closed check"),
            "2026-03-04 23:59 task_closed check missed because schedule pathways.contact.stages.facility",
            "the day before closes under the old edition");
    EQ_INT(said_count(&x, "task_opened check"), 1, "the day that begins asks once for its check");
    EQ_TEXT(said(&x, "task_opened sample"),
            "2026-03-05 00:00 task_opened sample until 2026-03-06 00:00 day 2026-03-05 by sampler because schedule "
            "pathways.contact.stages.facility fact 3",
            "as the new edition has it, which rules from midnight on");
    EQ_INT(said_count(&x, "2026-03-05 00:00 task_closed check"), 0, "and nothing of it is missed already");
    fixture_until(&x, "2026-03-06 12:00");
    EQ_INT(said_count(&x, "task_opened check"), 2, "then every day");
    fixture_close(&x);

    change(&x, "finish", "", "for: 5 d, " CHECKED ", sample: {on: 4}", true);
    EQ_INT(said_count(&x, "task_opened check"), 1, "finish: the day begins as ever");
    EQ_INT(said_count(&x, "task_opened sample"), 0, "under the old edition");
    fixture_close(&x);

    fixture_open(&x, old_text);
    char yaml[4000];
    (void)snprintf(yaml, sizeof yaml, new_text, "move", "",
                   "for: 5 d, measure: facility, " CHECKED ", sample: {on: 4}");
    fixture_add(&x, yaml);
    fixture_begin(&x, "contact");
    (void)fixture_fact(&x, EXPOSED);
    fixture_until(&x, "2026-03-05 06:00");
    said_clear(&x);
    (void)fixture_fact(&x, "2026-03-05 12:00 edition edition 1");
    EQ_TEXT(said(&x, "task_closed check"), "2026-03-05 12:00 task_closed check no_longer_due because change fact 2",
            "in mid-day: what the old edition asked for is no longer due");
    EQ_INT(said_count(&x, "task_opened check until 2026-03-06 00:00"), 1, "what the new one asks for is opened");
    fixture_close(&x);
}

static bool open_task(const struct fixture *x, const char *name)
{
    const struct protocol *p = x->list[x->e.edition];
    for (uint8_t slot = 0; slot < PROTOCOL_SLOTS; slot++)
        if ((x->e.open >> slot & 1) != 0 && strcmp(protocol_slot_task(p, x->e.stage, slot)->name, name) == 0)
            return true;
    return false;
}

static void test_tasks(void)
{
    struct fixture x;
    change(&x, "move", "", "for: 5 d, measure: facility, " CHECKED, true);
    OK(open_task(&x, "inform"), "a task that the new edition knows is carried over");
    EQ_INT(said_count(&x, "inform"), 0, "nothing is said of it");
    EQ_TEXT(said(&x, "transfer"), "2026-03-05 00:00 task_closed transfer no_longer_due because change fact 3",
            "one that it does not know is no longer due");
    OK(!open_task(&x, "vaccinate"), "what it asks for on entering is not asked of those half-way");
    (void)fixture_fact(&x, "2026-03-05 10:00 done name inform");
    EQ_TEXT(said(&x, "task_closed inform"), "2026-03-05 10:00 task_closed inform done because task tasks.inform fact 4",
            "done under its new number");
    fixture_close(&x);
}

static void test_measures(void)
{
    struct fixture x;
    change(&x, "move", "", "for: 5 d, measure: facility, " CHECKED, true);
    EQ_INT(said_count(&x, "measure_"), 0, "the same measure stays in force");
    EQ_TEXT(fixture_day(enrolment_order_until(&x.book, &x.e)), "2026-03-06",
            "its order reaches no further than the new days");
    fixture_close(&x);
    change(&x, "move", "", "for: 14 d, measure: facility, " CHECKED, true);
    EQ_TEXT(fixture_day(enrolment_order_until(&x.book, &x.e)), "2026-03-08", "and never further than it did");
    fixture_close(&x);
    change(&x, "move", "", "for: 5 d, measure: at_home, " CHECKED, true);
    EQ_TEXT(said(&x, "measure_ended"), "2026-03-05 00:00 measure_ended facility replaced because change fact 3",
            "another measure takes its place");
    OK(strstr(said(&x, "measure_proposed"),
              "measure_proposed at_home until 2026-03-07 00:00 at quarantine_site because change fact 3") != NULL,
       "as a proposal");
    OK(!enrolment_restricts(&x.book, &x.e), "that needs its own order");
    fixture_close(&x);
    change(&x, "move", "", "for: 5 d, " CHECKED, true);
    EQ_INT(said_count(&x, "measure_ended facility replaced because change"), 1,
           "where the new stage has none, it ends");
    fixture_close(&x);
    change(&x, "move", "", "for: 5 d, measure: facility, " CHECKED, false);
    EQ_INT(said_count(&x, "measure_"), 0, "what was proposed stays proposed");
    (void)fixture_fact(&x, "2026-03-05 09:00 ordered name facility by 1");
    EQ_TEXT(said(&x, "measure_ordered"),
            "2026-03-05 09:00 measure_ordered facility until 2026-03-07 00:00 at quarantine_site because order "
            "measures.facility fact 3",
            "and is ordered under the new edition");
    fixture_close(&x);

    // A measure that the new edition does not have.
    fixture_open(&x, old_text);
    fixture_add(
        &x, "edition: \"2\"\nchange: {running: move}\npathways:\n  source: S\n  contact:\n    of: person\n    "
            "day_zero: last_exposure\n"
            "    stages:\n      facility: {at: home, for: 5 d, next: released}\n    release: {when: [days_served]}\n");
    fixture_begin(&x, "contact");
    (void)fixture_fact(&x, EXPOSED);
    (void)fixture_fact(&x, "2026-03-02 09:00 ordered name facility by 1");
    (void)fixture_fact(&x, "2026-03-05 12:00 edition edition 1");
    EQ_TEXT(said(&x, "measure_ended"), "2026-03-05 12:00 measure_ended facility replaced because change fact 3",
            "a measure that is gone is over");
    EQ_TEXT(said_last(&x, "status"), "2026-03-05 12:00 status none because change fact 3", "and its code");
    fixture_close(&x);
}

// Never longer by the change.
static void test_never_longer(void)
{
    struct fixture x;
    change(&x, "move", "", "for: 14 d, measure: facility, " CHECKED, true);
    EQ_TEXT(end_of(&x), "2026-03-11", "the stage ends where the old course did");
    fixture_until(&x, "2026-03-12");
    EQ_TEXT(said(&x, " ended "), "2026-03-11 23:59 ended completed because change",
            "and there it is over, because of the change");
    fixture_close(&x);
    // Open-ended before: at most what the longest time permitted leaves.
    change(&x, "move", "", "for: 5 d, " CHECKED, true);
    fixture_begin(&x, "case");
    (void)fixture_fact(&x, "2026-03-01 09:00 result oropharyngeal pcr positive");
    (void)fixture_fact(&x, "2026-03-05 12:00 edition edition 1");
    EQ_TEXT(end_of(&x), "2026-03-08", "an open-ended stage gets the new edition's end");
    fixture_close(&x);
}

int main(void)
{
    test_policies();
    test_where();
    test_days();
    test_tasks();
    test_measures();
    test_never_longer();
    return tap_done();
}
