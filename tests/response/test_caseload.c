// A whole response in memory: doors, named contacts, carers, zones, telling, undoing, asking, editions (response/caseload.h).
#include "response/course.h"
#include "response/fixture.h"
#include "tap.h"

static const char *const text =
    "status: {green: {en: green, zh: 绿}, red: {en: red, zh: 红}}\n"
    "case:\n"
    "  suspected: {when: [symptomatic, exposed]}\n"
    "  confirmed: {when: [positive]}\n"
    "  discarded: {when: [not: positive, negatives: 2 (S)], undoes: caused}\n"
    "window: {opens: 2 d before onset (S), without_symptoms: 2 d before sample (S), closes: [isolated, died]}\n"
    "contacts:\n"
    "  close: {name: {en: close, zh: 密接}, of: case, kinds: [household, meal, workplace], pathway: contact}\n"
    "  second: {name: {en: second, zh: 次密}, of: contact, kinds: [household, meal], pathway: second}\n"
    "pathways:\n"
    "  source: S\n"
    "  case:\n"
    "    of: person\n"
    "    day_zero: onset_or_sample\n"
    "    ladder: yes\n"
    "    at_most: 60 d\n"
    "    stages:\n"
    "      ill: {at: hospital, measure: isolation, tasks: [report]}\n"
    "    release: {when: [clinician_release]}\n"
    "    on:\n"
    "      confirmed: {zone: {pathway: zone, unit: building}, tell: [own_contacts]}\n"
    "  contact:\n"
    "    of: person\n"
    "    day_zero: last_exposure\n"
    "    at_most: 21 d\n"
    "    stages:\n"
    "      watched: {at: home, for: 7 d, sample: {on: [1, 3]}, check: {a_day: 2}, measure: at_home, tasks: [inform], "
    "next: released}\n"
    "    release: {when: [days_served]}\n"
    "    except: [{when: [age_under: 14], at: home, with: carer}]\n"
    "    on:\n"
    "      positive: {end: became_case, enrol: case, tell: [own_contacts]}\n"
    "      negative: {tell: [own_contacts]}\n"
    "      symptom: {enrol: case}\n"
    "      lost: {end: lost}\n"
    "  second:\n"
    "    of: person\n"
    "    day_zero: last_exposure\n"
    "    stages:\n"
    "      told: {at: home, for: 7 d, next: released}\n"
    "    release: {when: [days_served, linked_negatives: 2]}\n"
    "    on:\n"
    "      linked_positive: {end: moved, enrol: contact}\n"
    "  zone:\n"
    "    of: place\n"
    "    unit: [building]\n"
    "    day_zero: last_case\n"
    "    at_most: 21 d\n"
    "    stages:\n"
    "      closed: {for: 7 d, name: {en: closed, zh: 封}, measure: closed, next: released}\n"
    "    release: {when: [days_served]}\n"
    "  guests:\n"
    "    of: group\n"
    "    day_zero: entry\n"
    "    stages:\n"
    "      watched: {at: home, for: 2 d, next: released}\n"
    "    release: {when: [days_served]}\n"
    "measures:\n"
    "  source: S\n"
    "  at_home: {name: {en: at home, zh: 居家}, kind: quarantine, order_by: health_officer, persons: 2, status: red}\n"
    "  isolation: {name: {en: isolation, zh: 隔离}, kind: isolation, order_by: health_officer, persons: 1, review: 7 "
    "d, status: red}\n"
    "  closed: {name: {en: closed, zh: 封}, kind: zone, order_by: city_command, persons: 1}\n"
    "tasks:\n"
    "  source: S\n"
    "  report: {name: {en: report, zh: 报告}, do: report, by: hospital, within: 2 h, missed: {tell: health_officer}}\n"
    "  inform: {name: {en: inform, zh: 告知}, do: inform, by: community_worker, within: 8 h, missed: {tell: "
    "commander}}\n"
    "on:\n"
    "  positive: {enrol: case}\n"
    "  symptom: {when: [exposed], enrol: case}\n"
    "  new_case: {enrol: zone}\n"
    "  arrived: {enrol: guests}\n"
    "  anything_else: {ask: case_investigator}\n";

#define POSITIVE(time) time " result oropharyngeal pcr positive"
#define NEGATIVE(time) time " result oropharyngeal pcr negative"

static const char *stage_of(struct fixture *x, const char *who, const char *pathway)
{
    const struct enrolment *e = fixture_enrolment(x, who, pathway);
    if (e == NULL) return "none";
    if (enrolment_has_ended(e)) return words_at(WORDS_FINAL, (int32_t)enrolment_final(e))->name;
    return e->stage == PROTOCOL_NONE ? "withdrawn" : x->list[e->edition]->stages[e->stage].name;
}

// ---- who and what ----

static void test_subjects(struct fixture *x)
{
    fixture_caseload(x, false);
    struct caseload *c = x->caseload;
    EQ_INT(caseload_subject_count(c), 0, "nobody yet");
    EQ_INT(caseload_subject(c, STR("A"), SUBJECT_PERSON), 1, "numbers run from 1");
    EQ_INT(caseload_subject(c, STR("B"), SUBJECT_PERSON), 2, "densely");
    EQ_INT(caseload_subject(c, STR("A"), SUBJECT_PERSON), 1, "a name is one subject");
    EQ_INT(caseload_subject_count(c), 2, "two of them");
    OK(str_eq_z(caseload_subject_name(c, 2), "B"), "whose names are kept");
    int64_t one = caseload_fact_id(c), two = caseload_fact_id(c);
    OK(one > 0 && two > one, "facts are numbered upwards");
    OK(caseload_fact(c, one) == NULL && caseload_fact(c, 0) == NULL && caseload_fact(c, -1) == NULL &&
           caseload_fact(c, 99999) == NULL,
       "a fact not recorded is none");
    utc_sec next;
    OK(!caseload_next(c, &next), "nothing is ever due");
    OK(caseload_book(c) == &x->book, "the rulebook it was given");
    int64_t id = fixture_tell(x, "A", "2026-03-01 18:00 exposed household");
    OK(caseload_fact(c, id) != NULL && caseload_fact(c, id)->kind == EVENT_EXPOSED &&
           caseload_fact(c, id)->subject == 1,
       "a fact recorded is found");
    EQ_TEXT(fixture_text(x, caseload_now(c)), "2026-03-01 18:00", "time has moved to when it was known");
    OK(caseload_next(c, &next), "something is due");
    EQ_TEXT(fixture_text(x, next), "2026-03-02 00:00", "when the first day begins");
    OK(caseload_bytes(c) > 0, "it takes memory");
    size_t count;
    OK(caseload_decisions(c, 0, &count)[0].kind == DECISION_STAGE_ENTERED && count >= 3, "what was decided is kept");
    caseload_close(NULL);
}

static void test_doors(struct fixture *x)
{
    fixture_caseload(x, false);
    (void)fixture_tell(x, "A", "2026-03-01 18:00 exposed household until 2026-03-01 20:00");
    EQ_TEXT(stage_of(x, "A", "contact"), "watched", "an exposure opens its pathway");
    EQ_INT(caseload_enrolment_count(x->caseload), 1, "and no other");
    (void)fixture_tell(x, "A", "2026-03-02 18:00 exposed meal until 2026-03-02 20:00");
    EQ_INT(fixture_enrolments(x, "A", "contact"), 1, "an open one is not opened again");
    fixture_pass(x, "2026-03-10");
    EQ_TEXT(stage_of(x, "A", "contact"), "completed", "released after the days of the second exposure");
    (void)fixture_tell(x, "A", "2026-03-05 18:00 exposed meal known 2026-03-10 09:00");
    EQ_INT(fixture_enrolments(x, "A", "contact"), 1,
           "an exposure from before the release, known after it, is part of that course");
    (void)fixture_tell(x, "A", "2026-04-10 18:00 exposed meal");
    EQ_INT(fixture_enrolments(x, "A", "contact"), 2, "one after it opens a new course");
    uint32_t all[2] = {99, 99};
    EQ_INT(caseload_enrolments_of(x->caseload, 1, all, 1), 2, "both are counted");
    OK(all[0] == 0 && all[1] == 99, "as many as there is room for are given, the oldest first");
    (void)fixture_tell(x, "@unit", "2026-04-11 09:00 new_case");
    EQ_TEXT(stage_of(x, "@unit", "zone"), "closed", "a place follows the pathway of a place");
    (void)fixture_tell(x, "C", "2026-04-11 09:00 new_case");
    EQ_INT(fixture_enrolments(x, "C", "zone"), 0, "a person does not");
    (void)fixture_tell(x, "#class", "2026-04-11 10:00 arrived");
    EQ_TEXT(stage_of(x, "#class", "guests"), "watched", "a group follows that of a group");
    (void)fixture_tell(x, "D", "2026-04-11 10:00 attribute age 30");
    (void)fixture_tell(x, "D", "2026-04-12 10:00 symptom");
    EQ_INT(fixture_enrolments(x, "D", "case"), 0, "a door with a condition stays shut where it does not hold");
    (void)fixture_tell(x, "A", "2026-04-12 10:00 symptom");
    EQ_TEXT(stage_of(x, "A", "case"), "ill", "what is known of the person is known at the door");
    EQ_INT(enrolment_class(fixture_enrolment(x, "A", "case")), EVENT_SUSPECTED, "and classified by it");
}

static void test_known_late(struct fixture *x)
{
    fixture_caseload(x, false);
    fixture_pass(x, "2026-03-05 12:00");
    EQ_INT(fixture_try(x, "A", "2026-03-01 18:00 exposed household until 2026-03-01 20:00 known 2026-03-02 09:00"),
           TONG_E_CONFLICT, "known before the present time: it is said");
    OK(strstr(x->err.text, "present") != NULL, "in words");
    EQ_TEXT(stage_of(x, "A", "contact"), "watched", "and nothing is lost");
    EQ_INT(said_count(x, "A/contact 2026-03-05 12:00 task_opened inform until 2026-03-05 20:00"), 1,
           "it is taken as known now: deadlines run from now");
    EQ_INT(said_count(x, "overdue"), 0, "and nothing is overdue by it");
    struct err err;
    struct fact f = fixture_read(x, "2026-03-06 10:00 seen_well");
    f.subject = fixture_subject(x, "A");
    EQ_INT(caseload_later(x->caseload, &f, &err), TONG_OK, "a fact that is known later");
    EQ_INT(said_count(x, "task_closed check done"), 0, "waits");
    fixture_pass(x, "2026-03-06 09:59");
    EQ_INT(said_count(x, "task_closed check done"), 0, "until");
    fixture_pass(x, "2026-03-06 10:00");
    EQ_INT(said_count(x, "A/contact 2026-03-06 10:00 task_closed check done"), 1, "its time comes");
}

// ---- tasks, deadlines, orders ----

static void test_deadlines(struct fixture *x)
{
    static const struct {
        const char *done;
        bool overdue;
    } rows[] = {{"2026-03-01 11:59", false}, {"2026-03-01 12:00", false}, {"2026-03-01 12:01", true}};
    for (size_t i = 0; i < 3; i++) {
        fixture_caseload(x, false);
        (void)fixture_tell(x, "A", POSITIVE("2026-03-01 10:00"));
        (void)fixture_tell(x, "A", "%s done name report", rows[i].done);
        const struct caseload_task *t = fixture_task(x, "A", "report");
        OK(t != NULL && !t->open && t->how == HOW_DONE, "%s: done", rows[i].done);
        OK(t->overdue == rows[i].overdue && t->escalated == rows[i].overdue, "%s: %s", rows[i].done,
           rows[i].overdue ? "overdue and escalated" : "in time, at the very deadline");
        EQ_TEXT(fixture_text(x, t->closed), rows[i].done, "%s: closed then", rows[i].done);
        EQ_TEXT(fixture_text(x, t->deadline), "2026-03-01 12:00", "%s: two hours", rows[i].done);
    }
    fixture_caseload(x, false);
    (void)fixture_tell(x, "A", "2026-03-01 18:00 exposed household");
    fixture_pass(x, "2026-03-02 12:00");
    EQ_INT(said_count(x, "A/contact 2026-03-02 12:00 task_overdue check"), 1, "the noon check is overdue at noon");
    EQ_INT(said_count(x, "A/contact 2026-03-02 02:00 task_overdue inform") +
               said_count(x, "A/contact 2026-03-02 02:00 task_escalated commander"),
           2, "eight hours after it became known");
    fixture_pass(x, "2026-03-03 00:00");
    EQ_INT(said_count(x, "task_overdue sample"), 1, "the sample when its day closes");
    EQ_INT(said_count(x, "task_overdue check"), 2, "and the check due by midnight");
    size_t count, open = 0;
    const struct caseload_task *tasks = caseload_tasks(x->caseload, &count);
    for (size_t i = 0; i < count; i++) open += tasks[i].open;
    EQ_INT(open, 4, "open are what was asked for and is not closed: inform, the sample, two checks of the new day");
}

static void test_orders(struct fixture *x)
{
    fixture_caseload(x, false);
    (void)fixture_tell(x, "A", "2026-03-01 18:00 exposed household");
    const struct caseload_measure *m = fixture_measure(x, "A", "at_home");
    OK(m != NULL && m->ordered.s == INT64_MIN && m->started.s == INT64_MIN && m->ended.s == INT64_MIN,
       "proposed, and nothing else");
    EQ_TEXT(fixture_text(x, m->proposed), "2026-03-01 18:00", "then");
    EQ_TEXT(fixture_text(x, m->until), "2026-03-09 00:00", "to the end of its days");
    (void)fixture_tell(x, "A", "2026-03-02 09:00 ordered name at_home by 1 second 2 until 2026-03-05");
    m = fixture_measure(x, "A", "at_home");
    EQ_TEXT(fixture_text(x, m->ordered), "2026-03-02 09:00", "ordered");
    EQ_TEXT(fixture_text(x, m->until), "2026-03-06 00:00", "for as long as the order says");
    (void)fixture_tell(x, "A", "2026-03-02 10:00 started name at_home");
    EQ_TEXT(fixture_text(x, fixture_measure(x, "A", "at_home")->started), "2026-03-02 10:00", "begun");
    EQ_TEXT(fixture_text(x, fixture_measure(x, "A", "at_home")->until), "2026-03-06 00:00",
            "which does not change its end");
    fixture_pass(x, "2026-03-08");
    m = fixture_measure(x, "A", "at_home");
    EQ_TEXT(fixture_text(x, m->ended), "2026-03-06 23:59", "run out after the day of grace");
    EQ_INT(m->how, HOW_EXPIRED, "unsigned");

    fixture_caseload(x, true);
    (void)fixture_tell(x, "A", POSITIVE("2026-03-01 10:00"));
    m = fixture_measure(x, "A", "isolation");
    OK(m != NULL && m->ordered.s == m->proposed.s && m->started.s == m->proposed.s,
       "signed and begun at once, where that is assumed");
    fixture_pass(x, "2026-03-20");
    OK(enrolment_restricts(&x->book, fixture_enrolment(x, "A", "case")), "and again by other people when it runs out");
    EQ_INT(said_count(x, "A/case") > 0 && said_count(x, "told health_officer because order"), 0, "nobody signs twice");
    (void)fixture_tell(x, "B", "2026-03-20 10:00 exposed meal");
    OK(fixture_measure(x, "B", "at_home")->ordered.s != INT64_MIN, "by two where two are needed");
}

// ---- named contacts ----

static void test_contacts(struct fixture *x)
{
    fixture_caseload(x, false);
    (void)fixture_tell(x, "A", POSITIVE("2026-03-03 09:00") " known 2026-03-03 20:00");
    int64_t naming =
        fixture_tell(x, "A", "2026-03-03 22:00 contact_named meal met 2026-03-02 12:00 until 2026-03-02 13:00 link B");
    EQ_TEXT(stage_of(x, "B", "contact"), "watched", "a named contact is enrolled");
    const struct enrolment *e = fixture_enrolment(x, "B", "contact");
    EQ_TEXT(fixture_day(enrolment_day(e, e->last_exposure)), "2026-03-02", "from the day they met");
    EQ_INT(said_count(x, "B/contact 2026-03-03 22:00 task_opened inform until 2026-03-04 06:00"), 1,
           "known when it was named");
    size_t count;
    const struct caseload_link *l = caseload_links(x->caseload, &count);
    bool linked = false;
    for (size_t i = 0; i < count; i++)
        linked = linked || (l[i].from == fixture_subject(x, "A") && l[i].to == fixture_subject(x, "B") &&
                            l[i].fact == naming && !l[i].withdrawn);
    OK(linked, "and the link is kept: whose contact, by which fact");
    const struct fact *told = NULL;
    for (size_t i = 0; i < count; i++)
        if (l[i].fact == naming) told = caseload_fact(x->caseload, l[i].opened_by);
    OK(told != NULL && told->kind == EVENT_EXPOSED && told->word == EXPOSURE_MEAL && told->value == 60,
       "what the contact is told is the meeting");
    (void)fixture_tell(x, "A", "2026-03-03 23:00 contact_named household met 2026-03-02 08:00 open link D");
    OK(course_open_sources(fixture_enrolment(x, "D", "contact")) == 1,
       "a meeting that goes on is open for the contact, too");
    (void)fixture_tell(x, "A",
                       "2026-03-03 23:10 contact_named meal met 2026-02-20 12:00 until 2026-02-20 13:00 link E");
    EQ_INT(fixture_enrolments(x, "E", "contact"), 0, "outside the window nobody is enrolled");
    EQ_INT(said_count(x, "A/case 2026-03-03 23:10 told case_investigator because window"), 1, "and the answer says so");
    (void)fixture_tell(x, "A",
                       "2026-03-03 23:20 contact_named meal met 2026-03-02 12:00 until 2026-03-02 13:00 link 4711");
    OK(caseload_subject_count(x->caseload) < 100, "a contact nobody has heard of makes nobody");
    EQ_INT(fixture_enrolments(x, "B", "second"), 0, "a contact of the case is no contact of a contact");
}

static void test_contact_of_contact(struct fixture *x)
{
    fixture_caseload(x, false);
    (void)fixture_tell(x, "B", "2026-03-01 10:00 exposed household until 2026-03-01 12:00");
    (void)fixture_tell(x, "B",
                       "2026-03-02 09:00 contact_named household met 2026-03-01 19:00 until 2026-03-01 21:00 link C");
    EQ_TEXT(stage_of(x, "C", "second"), "told", "a contact of a contact");
    (void)fixture_tell(x, "B", NEGATIVE("2026-03-02 10:00"));
    (void)fixture_tell(x, "B", NEGATIVE("2026-03-04 10:00"));
    EQ_INT(fixture_enrolment(x, "C", "second")->negatives >> 4, 2, "learns of the contact's negatives");
    fixture_pass(x, "2026-03-09");
    EQ_TEXT(stage_of(x, "C", "second"), "completed", "and is released with two of them");

    fixture_caseload(x, false);
    (void)fixture_tell(x, "B", "2026-03-01 10:00 exposed household until 2026-03-01 12:00");
    (void)fixture_tell(x, "B",
                       "2026-03-02 09:00 contact_named household met 2026-03-01 19:00 until 2026-03-01 21:00 link C");
    (void)fixture_tell(x, "B", POSITIVE("2026-03-03 10:00"));
    EQ_TEXT(stage_of(x, "B", "contact"), "became_case", "the contact becomes a case");
    EQ_TEXT(stage_of(x, "B", "case"), "ill", "on the pathway of a case");
    EQ_TEXT(stage_of(x, "C", "second"), "moved", "the contact's contact learns of it");
    EQ_TEXT(stage_of(x, "C", "contact"), "watched", "and is a contact of a case");
}

// ---- others: carers, zones ----

static void test_others(struct fixture *x)
{
    fixture_caseload(x, false);
    (void)fixture_tell(x, "A", "2026-02-01 10:00 attribute age 7");
    (void)fixture_tell(x, "A", "2026-03-01 18:00 exposed household until 2026-03-01 20:00 known 2026-03-02 09:00");
    EQ_TEXT(stage_of(x, "A/carer", "contact"), "watched", "a child's carer follows the same");
    EQ_INT(fixture_enrolments(x, "A/carer/carer", "contact"), 0, "an adult needs none");
    (void)fixture_tell(x, "B", POSITIVE("2026-03-03 10:00"));
    EQ_TEXT(stage_of(x, "B/building", "zone"), "closed", "the place of a case begins the pathway of a place");
    EQ_INT(said_count(x, "B/building/zone 2026-03-03 10:00 measure_proposed closed"), 1, "with its own measure");
    // Two who live in one building share its zone.
    caseload_lives(x->caseload, fixture_subject(x, "C"), fixture_subject(x, "@estate/3"));
    caseload_lives(x->caseload, fixture_subject(x, "D"), fixture_subject(x, "@estate/3"));
    (void)fixture_tell(x, "C", POSITIVE("2026-03-04 10:00"));
    (void)fixture_tell(x, "D", POSITIVE("2026-03-06 10:00"));
    EQ_INT(fixture_enrolments(x, "@estate/3/building", "zone"), 1, "one building is one zone");
    const struct enrolment *zone = fixture_enrolment(x, "@estate/3/building", "zone");
    EQ_TEXT(fixture_day(enrolment_stage_end(&x->book, zone)), "2026-03-13", "which counts its days from the last case");
}

// ---- undone ----

static void test_undo(struct fixture *x)
{
    fixture_caseload(x, false);
    (void)fixture_tell(x, "A", "2026-03-01 08:00 exposed household");
    (void)fixture_tell(x, "A", "2026-03-03 09:00 symptom");
    (void)fixture_tell(x, "A",
                       "2026-03-03 10:00 contact_named meal met 2026-03-02 12:00 until 2026-03-02 13:00 link B");
    (void)fixture_tell(x, "A",
                       "2026-03-03 10:10 contact_named meal met 2026-03-02 12:00 until 2026-03-02 13:00 link C");
    (void)fixture_tell(x, "C", "2026-03-02 20:00 exposed household known 2026-03-03 11:00");
    EQ_TEXT(stage_of(x, "B", "contact"), "watched", "enrolled because of a suspicion");
    (void)fixture_tell(x, "A", NEGATIVE("2026-03-03 12:00"));
    (void)fixture_tell(x, "A", NEGATIVE("2026-03-04 12:00"));
    EQ_TEXT(stage_of(x, "A", "case"), "discarded", "the suspicion is discarded");
    EQ_TEXT(stage_of(x, "B", "contact"), "withdrawn", "whom it caused to be enrolled is let go");
    EQ_INT(said_count(x, "B/contact 2026-03-04 12:00 ended withdrawn"), 1, "which is said");
    EQ_INT(fixture_measure(x, "B", "at_home")->how, HOW_WITHDRAWN, "the measure is withdrawn");
    EQ_TEXT(stage_of(x, "C", "contact"), "watched", "who has another source stays");
    EQ_TEXT(stage_of(x, "A", "contact"), "watched", "and the days of the suspect as a contact run on");
    size_t count, withdrawn = 0;
    const struct caseload_link *l = caseload_links(x->caseload, &count);
    for (size_t i = 0; i < count; i++) withdrawn += l[i].withdrawn;
    EQ_INT(withdrawn, 2, "both links are withdrawn");
    (void)fixture_tell(x, "B", "2026-03-05 10:00 exposed meal");
    EQ_TEXT(stage_of(x, "B", "contact"), "watched", "exposed anew, enrolled anew");
}

static void test_withdrawn(struct fixture *x)
{
    fixture_caseload(x, false);
    (void)fixture_tell(x, "A", "2026-03-01 18:00 exposed household until 2026-03-01 20:00");
    int64_t positive = fixture_tell(x, "A", POSITIVE("2026-03-03 09:00"));
    (void)fixture_tell(x, "A",
                       "2026-03-03 10:00 contact_named meal met 2026-03-02 12:00 until 2026-03-02 13:00 link B");
    EQ_TEXT(stage_of(x, "A", "case"), "ill", "a case");
    (void)fixture_tell(x, "A", "2026-03-03 18:00 retracted replaces %lld", (long long)positive);
    EQ_TEXT(stage_of(x, "A", "contact"), "watched", "the result withdrawn, a contact again");
    EQ_TEXT(stage_of(x, "A", "case"), "withdrawn", "and no case: a withdrawn fact takes back what it caused");
    EQ_TEXT(stage_of(x, "A/building", "zone"), "withdrawn", "nor is there a zone");
    EQ_TEXT(stage_of(x, "B", "contact"), "withdrawn", "nor a contact");
    OK(!fixture_task(x, "A", "report")->open, "nor anything to report");
    (void)fixture_tell(x, "A", POSITIVE("2026-03-04 09:00"));
    EQ_TEXT(stage_of(x, "A", "case"), "ill", "another positive makes a case again");

    fixture_caseload(x, false);
    int64_t exposed = fixture_tell(x, "A", "2026-03-01 18:00 exposed household");
    (void)fixture_tell(x, "A", "2026-03-02 18:00 retracted replaces %lld", (long long)exposed);
    EQ_TEXT(stage_of(x, "A", "contact"), "withdrawn", "an exposure that never was");
    EQ_INT(said_count(x, "A/- "), 0, "asks nobody anything");
    (void)fixture_tell(x, "A", "2026-03-02 19:00 exposed meal");
    EQ_TEXT(stage_of(x, "A", "contact"), "watched", "the next one counts");
}

static void test_one_of_several(struct fixture *x)
{
    // The positive is withdrawn, the suspicion stays: the zone goes, the contacts do not.
    fixture_caseload(x, false);
    (void)fixture_tell(x, "A", "2026-03-01 08:00 exposed household");
    (void)fixture_tell(x, "A", "2026-03-03 09:00 symptom");
    (void)fixture_tell(x, "A",
                       "2026-03-03 10:00 contact_named meal met 2026-03-02 12:00 until 2026-03-02 13:00 link B");
    int64_t positive = fixture_tell(x, "A", POSITIVE("2026-03-03 12:00"));
    EQ_TEXT(stage_of(x, "A/building", "zone"), "closed", "confirmed: a zone");
    (void)fixture_tell(x, "A", "2026-03-03 18:00 retracted replaces %lld", (long long)positive);
    EQ_TEXT(stage_of(x, "A/building", "zone"), "withdrawn", "the positive withdrawn: no zone");
    EQ_TEXT(stage_of(x, "A", "case"), "ill", "still suspected");
    EQ_TEXT(stage_of(x, "B", "contact"), "watched", "so its contact stays");
    size_t before = said_count(x, "A/case");
    (void)fixture_tell(x, "A", "2026-03-02 20:00 seen_ill known 2026-03-03 19:00");
    EQ_INT(said_count(x, "A/case 2026-03-03 19:00 enrolled") + said_count(x, "A/case 2026-03-03 19:00 withdrawn"), 0,
           "and when the history is folded again nothing is said twice");
    OK(said_count(x, "A/case") >= before, "as far as others are concerned");

    // Two meetings of one contact: one of them withdrawn, the other stays.
    fixture_caseload(x, false);
    (void)fixture_tell(x, "A", POSITIVE("2026-03-05 09:00"));
    (void)fixture_tell(x, "A",
                       "2026-03-05 10:00 contact_named meal met 2026-03-03 12:00 until 2026-03-03 13:00 link B");
    int64_t second =
        fixture_tell(x, "A", "2026-03-05 10:10 contact_named meal met 2026-03-04 12:00 until 2026-03-04 13:00 link B");
    const struct enrolment *e = fixture_enrolment(x, "B", "contact");
    EQ_TEXT(fixture_day(enrolment_day(e, e->last_exposure)), "2026-03-04", "met twice: the last time counts");
    (void)fixture_tell(x, "A", "2026-03-05 11:00 retracted replaces %lld", (long long)second);
    EQ_TEXT(stage_of(x, "B", "contact"), "watched", "one meeting withdrawn, the contact stays");
    e = fixture_enrolment(x, "B", "contact");
    EQ_TEXT(fixture_day(enrolment_day(e, e->last_exposure)), "2026-03-03", "for the days of the other");
    EQ_INT(fixture_enrolments(x, "B", "contact"), 1, "in the same course");

    // A meeting corrected: the contact is told the right day.
    fixture_caseload(x, false);
    (void)fixture_tell(x, "A", POSITIVE("2026-03-05 09:00"));
    int64_t wrong =
        fixture_tell(x, "A", "2026-03-05 10:00 contact_named meal met 2026-03-04 12:00 until 2026-03-04 13:00 link B");
    (void)fixture_tell(x, "A",
                       "2026-03-05 10:00 contact_named meal met 2026-03-03 12:00 until 2026-03-03 13:00 link B known "
                       "2026-03-06 09:00 replaces %lld",
                       (long long)wrong);
    e = fixture_enrolment(x, "B", "contact");
    OK(e != NULL && enrolment_is_open(e), "a meeting corrected: still a contact");
    EQ_TEXT(fixture_day(enrolment_day(e, e->last_exposure)), "2026-03-03", "from the right day on");
}

// ---- what no rule matches ----

static void test_ask(struct fixture *x)
{
    const struct protocol *p = fixture_protocol(x);
    fixture_caseload(x, false);
    int64_t id = fixture_tell(x, "A", "2026-03-01 10:00 result nasal antigen positive");
    size_t count;
    const struct caseload_task *t = caseload_tasks(x->caseload, &count);
    EQ_INT(count, 1, "a positive that no rule meets becomes a task");
    OK(p->tasks[t[0].task].verb == VERB_ASK && t[0].open && t[0].fact == id && t[0].subject == fixture_subject(x, "A"),
       "to judge it");
    EQ_INT(p->tasks[t[0].task].by, ROLE_CASE_INVESTIGATOR, "for whom the protocol names");
    OK(t[0].deadline.s > t[0].opened.s, "with a deadline");
    EQ_INT(said_count(x, "A/- 2026-03-01 10:00 task_opened"), 1, "which is said");
    OK(strstr(said(x, "A/-"), "by case_investigator because anything_else fact 1") != NULL, "for its own reason");
    (void)fixture_tell(x, "A", NEGATIVE("2026-03-01 11:00"));
    (void)fixture_tell(x, "A", "2026-03-01 12:00 seen_well");
    (void)caseload_tasks(x->caseload, &count);
    EQ_INT(count, 1, "what does not matter asks nobody");
    (void)fixture_tell(x, "B", "2026-03-02 10:00 exposed household");
    (void)fixture_tell(x, "B", "2026-03-02 11:00 result environment pcr positive");
    OK(said_count(x, "B/- 2026-03-02 11:00 task_opened") == 1, "nor is a finding lost on somebody enrolled");
}

// ---- the same infection ----

static void test_episodes(struct fixture *x)
{
    fixture_caseload(x, false);
    (void)fixture_tell(x, "A", POSITIVE("2026-01-01 10:00"));
    (void)fixture_tell(x, "A", "2026-01-20 10:00 clinician_release");
    EQ_TEXT(stage_of(x, "A", "case"), "recovered", "recovered");
    (void)fixture_tell(x, "A", NEGATIVE("2026-02-20 10:00"));
    (void)fixture_tell(x, "A", POSITIVE("2026-03-10 10:00"));
    EQ_INT(fixture_enrolments(x, "A", "case"), 1, "positive again within 90 days: the same infection");
    (void)fixture_tell(x, "A", NEGATIVE("2026-04-10 10:00"));
    (void)fixture_tell(x, "A", POSITIVE("2026-07-10 10:00"));
    EQ_INT(fixture_enrolments(x, "A", "case"), 2, "half a year later: a new one, whatever was recorded in between");
    EQ_TEXT(stage_of(x, "A", "case"), "ill", "with a course of its own");
    const struct enrolment *e = fixture_enrolment(x, "A", "case");
    EQ_TEXT(fixture_day(enrolment_day(e, e->positive_sample)), "2026-07-10", "counted from the new sample");

    fixture_caseload(x, false);
    (void)fixture_tell(x, "A", POSITIVE("2026-01-01 10:00"));
    (void)fixture_tell(x, "A", "2026-01-03 10:00 classified discarded");
    (void)fixture_tell(x, "A", POSITIVE("2026-01-10 10:00"));
    EQ_INT(fixture_enrolments(x, "A", "case"), 2, "a case that was discarded was no infection");
}

int main(void)
{
    struct fixture x;
    fixture_open(&x, text);
    test_subjects(&x);
    test_doors(&x);
    test_known_late(&x);
    test_deadlines(&x);
    test_orders(&x);
    test_contacts(&x);
    test_contact_of_contact(&x);
    test_others(&x);
    test_undo(&x);
    test_withdrawn(&x);
    test_one_of_several(&x);
    test_ask(&x);
    test_episodes(&x);
    fixture_close(&x);
    return tap_done();
}
