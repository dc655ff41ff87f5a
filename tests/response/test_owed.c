// What is still owed after a correction or a withdrawal: desired minus issued, each compensating decision (response/fold.h).
#include "response/fixture.h"
#include "tap.h"

static const char *const text =
    "status: {green: {en: green, zh: 绿}, red: {en: red, zh: 红}}\n"
    "case:\n"
    "  confirmed: {when: [positive, symptomatic]}\n"
    "  asymptomatic: {when: [positive, not: symptomatic]}\n"
    "contacts:\n"
    "  close: {name: {en: close, zh: 密接}, of: case, pathway: contact}\n"
    "pathways:\n"
    "  source: S\n"
    "  contact:\n"
    "    of: person\n"
    "    day_zero: last_exposure\n"
    "    at_most: 21 d\n"
    "    stages:\n"
    "      facility: {at: quarantine_site, for: 7 d, sample: {on: [1, 3, 7]}, check: {a_day: 1}, measure: facility, "
    "tasks: [inform], next: released}\n"
    "    release: {when: [days_served]}\n"
    "    on:\n"
    "      positive: {end: became_case, enrol: case, zone: {pathway: zone, unit: building}, tasks: [disinfect], tell: "
    "[commander]}\n"
    "      symptom: {tell: [health_centre], tasks: [call]}\n"
    "      lost: {measure: advice}\n"
    "  case:\n"
    "    of: person\n"
    "    day_zero: onset_or_sample\n"
    "    ladder: yes\n"
    "    at_most: 60 d\n"
    "    stages:\n"
    "      ill: {at: hospital, measure: facility}\n"
    "    release: {when: [clinician_release]}\n"
    "  zone:\n"
    "    of: place\n"
    "    unit: [building]\n"
    "    day_zero: last_case\n"
    "    stages:\n"
    "      closed: {at: home, for: 7 d, next: released}\n"
    "    release: {when: [days_served]}\n"
    "measures:\n"
    "  source: S\n"
    "  advice: {name: {en: advice, zh: 提示}, kind: advice, voluntary: yes, status: green}\n"
    "  facility: {name: {en: at a site, zh: 集中}, kind: quarantine, order_by: district_command, persons: 1, milder: "
    "advice, status: red}\n"
    "tasks:\n"
    "  source: S\n"
    "  inform: {name: {en: inform, zh: 告知}, do: inform, by: community_worker, within: 8 h, missed: {tell: "
    "health_officer}}\n"
    "  call: {name: {en: call, zh: 电话}, do: assess, by: clinician, within: 100 h}\n"
    "  disinfect: {name: {en: disinfect, zh: 消毒}, do: disinfect, by: disinfection_team, within: 200 h}\n"
    "on:\n"
    "  positive: {enrol: case}\n"
    "  anything_else: {ask: case_investigator}\n";

#define EXPOSED "2026-03-01 18:00 exposed household until 2026-03-01 20:00 known 2026-03-02 09:00"
#define ORDERED "2026-03-02 10:00 ordered name facility by 1"
#define POSITIVE "2026-03-03 09:00 result oropharyngeal pcr positive"

// Everything that is owed, by kind, what and how, in order: "task_closed inform withdrawn".
static const char *owed_lines(struct fixture *x)
{
    const char *all = "";
    for (size_t i = 0; i < x->said_count; i++) {
        char line[600], *because;
        (void)snprintf(line, sizeof line, "%s", x->said[i].text + strlen("2026-03-02 10:00 "));
        because = strstr(line, " because");
        if (because != NULL) *because = 0;
        char *until = strstr(line, " until");
        if (until != NULL) *until = 0;
        all = arena_printf(&x->arena, "%s%s%s", all, i > 0 ? ", " : "", line);
    }
    return all;
}

static bool all_at(const struct fixture *x, const char *time)
{
    for (size_t i = 0; i < x->said_count; i++)
        if (strncmp(x->said[i].text, time, strlen(time)) != 0) return false;
    return true;
}

static void enrolled(struct fixture *x)
{
    fixture_begin(x, "contact");
    (void)fixture_fact(x, EXPOSED);
    (void)fixture_fact(x, ORDERED);
}

// Its deadline passes, as whoever keeps the deadlines says.
static void passed(struct fixture *x, const char *task, const char *at)
{
    const struct protocol *p = fixture_protocol(x);
    for (uint8_t slot = 0; slot < PROTOCOL_SLOTS; slot++)
        if ((x->e.open >> slot & 1) != 0 && strcmp(protocol_slot_task(p, x->e.stage, slot)->name, task) == 0)
            respond_deadline(&x->book, &x->e, slot, fixture_time(x, at), &x->log);
}

static void nothing_more(struct fixture *x, const char *now, int64_t cause)
{
    fixture_owed(x, now, cause);
    EQ_TEXT(owed_lines(x), "", "and then nothing is owed any more");
}

static void test_nothing(struct fixture *x)
{
    enrolled(x);
    fixture_until(x, "2026-03-04 12:00");
    fixture_owed(x, "2026-03-04 12:00", 0);
    EQ_INT(said_count(x, "task_opened") + said_count(x, "task_closed") + said_count(x, "measure"), 0,
           "where nothing changed nothing is opened, closed or ended");
}

// ---- a fact that becomes known late ----

static void test_late(struct fixture *x)
{
    enrolled(x);
    passed(x, "inform", "2026-03-02 17:00");
    fixture_until(x, "2026-03-05 08:00");
    EQ_INT(fixture_fact(x, POSITIVE " known 2026-03-05 08:00"), RESPOND_LATE,
           "a result of the day before yesterday is not stepped to");
    fixture_owed(x, "2026-03-05 08:00", 3);
    OK(all_at(x, "2026-03-05 08:00"), "what follows from it is decided now");
    EQ_TEXT(owed_lines(x),
            "task_closed sample done, task_closed check no_longer_due, task_opened disinfect, measure_ended facility "
            "released, status none, "
            "enrolled case, enrolled zone for residents at building, told commander, ended became_case",
            "all of it, and nothing that was said before");
    EQ_TEXT(said(x, "task_opened disinfect"),
            "2026-03-05 08:00 task_opened disinfect until 2026-03-13 16:00 by disinfection_team because rule "
            "pathways.contact.on.positive fact 3",
            "its time runs from when it is known, for its own reason");
    nothing_more(x, "2026-03-05 09:00", 3);
}

// ---- withdrawn ----

static void test_exposure_withdrawn(struct fixture *x)
{
    enrolled(x);
    fixture_until(x, "2026-03-03 12:00");
    (void)fixture_fact(x, "2026-03-03 12:00 retracted replaces 1");
    fixture_owed(x, "2026-03-03 12:00", 3);
    EQ_TEXT(owed_lines(x),
            "task_closed inform withdrawn, task_closed sample withdrawn, task_closed check withdrawn, measure_ended "
            "facility withdrawn at quarantine_site, status none, ended withdrawn withdrawn",
            "the reason gone, everything is taken back");
    OK(all_at(x, "2026-03-03 12:00"), "now");
    EQ_INT(said_count(x, "because correction fact 3"), x->said_count, "because of the withdrawal, each of them");
    nothing_more(x, "2026-03-04 12:00", 3);

    // Of two exposures one is withdrawn: the other stays.
    enrolled(x);
    (void)fixture_fact(x, "2026-03-03 10:00 exposed workplace");
    fixture_until(x, "2026-03-06 12:00");
    (void)fixture_fact(x, "2026-03-06 12:00 retracted replaces 3");
    fixture_owed(x, "2026-03-06 12:00", 4);
    EQ_INT(said_count(x, " ended "), 0, "nobody is let go");
    EQ_INT(said_count(x, "measure_ended"), 0, "the measure stands");
    EQ_INT(said_count(x, "measure_proposed"), 0, "and is not proposed again");
    EQ_TEXT(fixture_day(enrolment_stage_end(&x->book, &x->e)), "2026-03-08", "for the days of the other");
}

static void test_positive_withdrawn(struct fixture *x)
{
    enrolled(x);
    (void)fixture_fact(x, POSITIVE);
    EQ_INT(enrolment_final(&x->e), FINAL_BECAME_CASE, "a case");
    (void)fixture_fact(x, "2026-03-03 18:00 retracted replaces 3");
    fixture_owed(x, "2026-03-03 18:00", 4);
    EQ_INT(said_count(x, "task_closed disinfect withdrawn because correction fact 4"), 1,
           "the task it asked for is withdrawn");
    EQ_INT(said_count(x, "withdrawn case withdrawn because correction fact 4"), 1,
           "the pathway it led to is taken back");
    EQ_INT(said_count(x, "withdrawn zone withdrawn for residents at building because correction fact 4"), 1,
           "so is the zone");
    OK(!enrolment_has_ended(&x->e), "a contact again");
    EQ_INT(said_count(x, "stage_entered facility"), 1, "which is said");
    EQ_INT(said_count(x, "measure_ordered"), 0, "but nobody released is silently confined again");
    OK(strstr(said(x, "measure_proposed facility"), "because correction fact 4") != NULL,
       "the measure is proposed anew");
    OK(!enrolment_restricts(&x->book, &x->e), "and binds when it is signed");
    EQ_INT(said_count(x, "told"), 0, "what was told is not untold");
    nothing_more(x, "2026-03-03 19:00", 4);
}

static void test_order_withdrawn(struct fixture *x)
{
    enrolled(x);
    (void)fixture_fact(x, "2026-03-02 11:00 started name facility");
    (void)fixture_fact(x, "2026-03-02 15:00 retracted replaces 2");
    fixture_owed(x, "2026-03-02 15:00", 4);
    EQ_TEXT(said(x, "measure_ended"), "2026-03-02 15:00 measure_ended facility withdrawn because correction fact 4",
            "an order withdrawn ends what it ordered");
    EQ_INT(said_count(x, "status none"), 1, "and the code");
    EQ_INT(said_count(x, "measure_proposed facility"), 1, "the proposal stands again");
    OK(!enrolment_restricts(&x->book, &x->e), "nobody is held");
    nothing_more(x, "2026-03-02 16:00", 4);
}

static void test_task_done_withdrawn(struct fixture *x)
{
    enrolled(x);
    (void)fixture_fact(x, "2026-03-02 12:00 done name inform");
    (void)fixture_fact(x, "2026-03-02 14:00 retracted replaces 3");
    fixture_owed(x, "2026-03-02 14:00", 4);
    EQ_TEXT(owed_lines(x), "task_opened inform", "what was not done after all is to be done");
    EQ_TEXT(said(x, "task_opened inform"),
            "2026-03-02 14:00 task_opened inform until 2026-03-02 17:00 by community_worker because stage "
            "pathways.contact.stages.facility fact 1",
            "by when it was");

    enrolled(x);
    (void)fixture_fact(x, "2026-03-02 12:00 done name inform");
    (void)fixture_fact(x, "2026-03-02 20:00 retracted replaces 3");
    fixture_owed(x, "2026-03-02 20:00", 4);
    EQ_TEXT(owed_lines(x), "task_opened inform, task_overdue inform, task_escalated health_officer",
            "past its deadline it is overdue, and whom the protocol names is told");
    nothing_more(x, "2026-03-02 21:00", 4);

    // Done earlier than anyone knew: a task that was said to be open is done.
    enrolled(x);
    passed(x, "inform", "2026-03-02 17:00");
    (void)fixture_fact(x, "2026-03-02 18:00 not_seen");
    EQ_INT(fixture_fact(x, "2026-03-02 11:00 done name inform known 2026-03-02 19:00"), RESPOND_LATE, "known late");
    fixture_owed(x, "2026-03-02 19:00", 4);
    EQ_TEXT(owed_lines(x), "task_closed inform done", "what was done in time and known late is closed as done");
}

// ---- released, and held again only by a new proposal ----

static void test_used_up(struct fixture *x)
{
    fixture_begin(x, "contact");
    (void)fixture_fact(x, EXPOSED);
    (void)fixture_fact(x, "2026-03-05 10:00 ordered name facility by 1");
    fixture_until(x, "2026-03-09 06:00");
    OK(enrolment_has_ended(&x->e), "released on 8 March");
    (void)fixture_fact(x, "2026-03-04 18:00 exposed household known 2026-03-09 10:00 replaces 1");
    fixture_owed(x, "2026-03-09 10:00", 3);
    OK(!enrolment_has_ended(&x->e), "exposed on the 4th and not on the 1st: the days are not over");
    EQ_TEXT(said(x, "stage_entered"), "2026-03-09 10:00 stage_entered facility because contact_class fact 3",
            "which is said");
    EQ_INT(said_count(x, "measure_ordered"), 0, "the order of before is used up");
    EQ_TEXT(said(x, "measure_proposed"),
            "2026-03-09 10:00 measure_proposed facility until 2026-03-12 00:00 at quarantine_site because correction "
            "fact 3",
            "a new proposal");
    OK(!enrolment_restricts(&x->book, &x->e) && (x->e.flags & FLAG_PROPOSED) != 0, "that waits for a signature");
    EQ_INT(said_count(x, "status"), 0, "no code comes back by itself");
    (void)fixture_fact(x, "2026-03-09 12:00 ordered name facility by 2");
    OK(enrolment_restricts(&x->book, &x->e), "signed anew it binds");
    fixture_owed(x, "2026-03-09 13:00", 0);
    EQ_INT(said_count(x, "measure"), 0, "and stays so when the history is folded again");
    OK(enrolment_restricts(&x->book, &x->e), "in force");
}

static void test_longer_and_shorter(struct fixture *x)
{
    enrolled(x);
    fixture_until(x, "2026-03-05 06:00");
    (void)fixture_fact(x, "2026-02-28 18:00 exposed household known 2026-03-05 10:00 replaces 1");
    fixture_owed(x, "2026-03-05 10:00", 3);
    EQ_TEXT(said(x, "measure_ordered"),
            "2026-03-05 10:00 measure_ordered facility until 2026-03-08 00:00 at quarantine_site because order "
            "measures.facility fact 2",
            "exposed a day earlier: the order in force is a day shorter");
    EQ_INT(said_count(x, "measure_proposed") + said_count(x, "measure_ended"), 0, "and stays in force");
    nothing_more(x, "2026-03-05 11:00", 3);

    enrolled(x);
    fixture_until(x, "2026-03-05 06:00");
    (void)fixture_fact(x, "2026-02-20 18:00 exposed household known 2026-03-05 10:00 replaces 1");
    fixture_owed(x, "2026-03-05 10:00", 3);
    EQ_INT(said_count(x, "measure_ended facility"), 1, "exposed so long ago that it is over: the measure ends");
    EQ_INT(said_count(x, "ended completed"), 1, "and all of it");
    OK(!enrolment_restricts(&x->book, &x->e), "nobody is held");
    nothing_more(x, "2026-03-05 11:00", 3);
}

// ---- class, others, told ----

// The same with the measure begun: what was begun ends and is proposed like what was ordered.
static void test_started(struct fixture *x)
{
    enrolled(x);
    (void)fixture_fact(x, "2026-03-02 11:00 started name facility");
    fixture_until(x, "2026-03-05 06:00");
    (void)fixture_fact(x, "2026-02-28 18:00 exposed household known 2026-03-05 10:00 replaces 1");
    fixture_owed(x, "2026-03-05 10:00", 4);
    EQ_INT(said_count(x, "measure_ordered facility until 2026-03-08 00:00"), 1, "begun: the order is a day shorter");
    EQ_INT(said_count(x, "measure_started") + said_count(x, "measure_ended"), 0, "and it goes on");
    nothing_more(x, "2026-03-05 11:00", 4);

    fixture_begin(x, "contact");
    (void)fixture_fact(x, EXPOSED);
    (void)fixture_fact(x, "2026-03-05 10:00 ordered name facility by 1");
    (void)fixture_fact(x, "2026-03-05 11:00 started name facility");
    fixture_until(x, "2026-03-09 06:00");
    (void)fixture_fact(x, "2026-03-04 18:00 exposed household known 2026-03-09 10:00 replaces 1");
    fixture_owed(x, "2026-03-09 10:00", 4);
    EQ_INT(said_count(x, "measure_started") + said_count(x, "measure_ordered"), 0,
           "released: it is not begun again by itself");
    EQ_INT(said_count(x, "measure_proposed facility"), 1, "but proposed");
    OK(!enrolment_restricts(&x->book, &x->e), "and nobody is held");
    nothing_more(x, "2026-03-09 11:00", 4);
    (void)fixture_fact(x, "2026-03-09 12:00 ordered name facility by 2");
    (void)fixture_fact(x, "2026-03-09 13:00 started name facility");
    fixture_owed(x, "2026-03-09 14:00", 0);
    EQ_TEXT(owed_lines(x), "", "signed and begun anew it stands");
    OK(enrolment_restricts(&x->book, &x->e) && (x->e.flags & FLAG_STARTED) != 0, "in force");
    EQ_TEXT(fixture_day(enrolment_order_until(&x->book, &x->e)), "2026-03-11",
            "for as long as the order that was signed since says");
    fixture_until(x, "2026-03-12");
    OK(enrolment_has_ended(&x->e), "and it ends with the days");
}

static void test_begun_late(struct fixture *x)
{
    enrolled(x);
    (void)fixture_fact(x, "2026-03-03 10:00 not_seen");
    EQ_INT(fixture_fact(x, "2026-03-02 18:00 started name facility known 2026-03-03 12:00"), RESPOND_LATE,
           "that it was begun is known late");
    fixture_owed(x, "2026-03-03 12:00", 4);
    EQ_INT(said_count(x, "measure_started facility because order measures.facility fact 4"), 1, "and said then");
    EQ_INT(said_count(x, "measure_"), 1, "nothing else of the measure");
    OK((x->e.flags & FLAG_STARTED) != 0, "it is in force and begun");
}

static void test_class(struct fixture *x)
{
    fixture_begin(x, "case");
    (void)fixture_fact(x, "2026-03-01 08:00 symptom");
    (void)fixture_fact(x, "2026-03-01 09:00 result oropharyngeal pcr positive");
    EQ_INT(enrolment_class(&x->e), EVENT_CONFIRMED, "confirmed");
    (void)fixture_fact(x, "2026-03-02 09:00 retracted replaces 1");
    fixture_owed(x, "2026-03-02 09:00", 3);
    EQ_TEXT(said(x, "classified"), "2026-03-02 09:00 classified asymptomatic because ladder case.asymptomatic fact 2",
            "without the symptoms it was asymptomatic all the time");
    nothing_more(x, "2026-03-02 10:00", 3);
}

static void test_told(struct fixture *x)
{
    enrolled(x);
    (void)fixture_fact(x, "2026-03-03 09:00 symptom");
    fixture_until(x, "2026-03-04 06:00");
    (void)fixture_fact(x, "2026-03-02 20:00 symptom known 2026-03-04 08:00");
    fixture_owed(x, "2026-03-04 08:00", 4);
    EQ_INT(said_count(x, "told health_centre because rule pathways.contact.on.symptom fact 4"), 1,
           "what is new is told");
    EQ_INT(said_count(x, "told"), 1, "what was told before is not told again");
    (void)fixture_fact(x, "2026-03-04 09:00 lost");
    EQ_INT(said_count(x, "measure_started advice"), 1, "advice instead");
    (void)fixture_fact(x, "2026-03-04 10:00 retracted replaces 5");
    fixture_owed(x, "2026-03-04 10:00", 6);
    EQ_INT(said_count(x, "measure_ended advice withdrawn at quarantine_site because correction fact 6"), 1,
           "the advice is taken back");
    EQ_INT(said_count(x, "measure_ordered"), 0, "and the quarantine it had replaced is not in force again by itself");
    EQ_INT(said_count(x, "measure_proposed facility"), 1, "but proposed");
    nothing_more(x, "2026-03-04 11:00", 6);
}

static void test_others(struct fixture *x)
{
    // A result is corrected: another day, the same consequences for others are not asked for twice.
    enrolled(x);
    (void)fixture_fact(x, POSITIVE);
    (void)fixture_fact(x, "2026-03-02 21:00 result oropharyngeal pcr positive known 2026-03-03 20:00 replaces 3");
    fixture_owed(x, "2026-03-03 20:00", 4);
    EQ_INT(said_count(x, "enrolled"), 0, "whoever is enrolled already is not enrolled again");
    EQ_INT(said_count(x, "withdrawn zone") + said_count(x, "withdrawn case"), 0, "nor withdrawn");
    EQ_INT(enrolment_final(&x->e), FINAL_BECAME_CASE, "still a case");
}

static void test_scheduled(struct fixture *x)
{
    // The sample open today belongs to another day once the exposure is corrected.
    enrolled(x);
    fixture_until(x, "2026-03-04 06:00"); // day 3: a sample is open
    EQ_INT(said_count(x, "2026-03-04 00:00 task_opened sample"), 1, "day 3");
    (void)fixture_fact(x, "2026-03-02 07:00 exposed household known 2026-03-04 08:00 replaces 1");
    fixture_owed(x, "2026-03-04 08:00", 3);
    EQ_INT(said_count(x, "task_closed sample"), 1, "day 2 of the corrected days asks for no sample: it is taken back");
    OK(strstr(said(x, "task_closed sample"), "2026-03-04 08:00") != NULL, "now");
    EQ_INT(said_count(x, "task_opened sample"), 0, "and none is opened");
    nothing_more(x, "2026-03-04 09:00", 3);
}

int main(void)
{
    struct fixture x;
    fixture_open(&x, text);
    test_nothing(&x);
    test_late(&x);
    test_exposure_withdrawn(&x);
    test_positive_withdrawn(&x);
    test_order_withdrawn(&x);
    test_task_done_withdrawn(&x);
    test_used_up(&x);
    test_longer_and_shorter(&x);
    test_started(&x);
    test_begun_late(&x);
    test_class(&x);
    test_told(&x);
    test_others(&x);
    test_scheduled(&x);
    fixture_close(&x);
    return tap_done();
}
