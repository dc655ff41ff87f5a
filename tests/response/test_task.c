// Tasks: scheduled, asked for by reactions, named late, answered, overdue, escalated, no longer due.
#include "response/fixture.h"
#include "tap.h"

static const char *const text =
    "case:\n"
    "  confirmed: {when: [positive]}\n"
    "contacts:\n"
    "  close: {name: {en: close, zh: 密接}, of: case, pathway: contact}\n"
    "pathways:\n"
    "  source: S\n"
    "  contact:\n"
    "    of: person\n"
    "    day_zero: last_exposure\n"
    "    late: make_up_once\n"
    "    stages:\n"
    "      facility: {at: quarantine_site, for: 7 d, sample: {on: [1, 2, 3, 5, 7]}, check: {a_day: 2}, tasks: [inform, "
    "transfer], next: home}\n"
    "      home: {at: home, for: 3 d, sample: {on: 3}, check: {a_day: 1}, next: released}\n"
    "    release: {when: [days_served, last_sample_negative], otherwise: {extend: 2 d, at_most: 1 times, order_by: "
    "district_command}}\n"
    "    on:\n"
    "      symptom: {tasks: [test_again, report]}\n"
    "      lost: {tasks: [find]}\n"
    "  unchecked:\n" // samples alone, and no making up
    "    of: person\n"
    "    day_zero: last_exposure\n"
    "    stages:\n"
    "      first: {at: home, for: 7 d, sample: {on: [1, 3, 6]}, next: released}\n"
    "    release: {when: [days_served]}\n"
    "  made_up:\n"
    "    of: person\n"
    "    day_zero: last_exposure\n"
    "    late: make_up_once\n"
    "    stages:\n"
    "      first: {at: home, for: 7 d, sample: {on: [1, 3, 6]}, next: second}\n"
    "      second: {at: home, for: 5 d, sample: {on: [4]}, next: released}\n"
    "    release: {when: [days_served]}\n"
    "  daily:\n"
    "    of: person\n"
    "    day_zero: last_exposure\n"
    "    stages:\n"
    "      tested: {at: home, for: 3 d, sample: {on: every 1 d}, next: released}\n"
    "    release: {when: [days_served, last_sample_negative], otherwise: {extend: 1 d, at_most: 3 times, order_by: "
    "commander}}\n"
    "  case:\n"
    "    of: person\n"
    "    day_zero: onset_or_sample\n"
    "    ladder: yes\n"
    "    stages:\n"
    "      ill: {at: hospital, tasks: [report, core_facts, disinfect, isolate, bury, move, inform, set, find]}\n"
    "    release: {when: [clinician_release]}\n"
    "  zone:\n"
    "    of: place\n"
    "    day_zero: last_case\n"
    "    stages:\n"
    "      closed: {at: home, for: 9 d, round: {on: [2]}, next: released}\n"
    "    release: {when: [days_served]}\n"
    "tasks:\n"
    "  source: S\n"
    "  inform: {name: {en: inform, zh: 告知}, do: inform, by: community_worker, missed: {tell: health_officer}}\n"
    "  transfer: {name: {en: transfer, zh: 转运}, do: transfer, by: transport, within: 8 h, missed: {tell: commander}, "
    "yields: yes, guardian: first}\n"
    "  report: {name: {en: report, zh: 报告}, do: report, by: hospital, within: 2 h, missed: {tell: health_officer}}\n"
    "  core_facts: {name: {en: core facts, zh: 核心信息}, do: interview, by: case_investigator, within: 4 h}\n"
    "  disinfect: {name: {en: disinfect, zh: 消毒}, do: disinfect, by: disinfection_team}\n"
    "  isolate: {name: {en: isolate, zh: 隔离}, do: isolate, by: clinician, within: 1 h}\n"
    "  bury: {name: {en: bury, zh: 安葬}, do: bury, by: burial_team}\n"
    "  move: {name: {en: move, zh: 转运}, do: transfer, by: transport, within: 2 h}\n"
    "  set: {name: {en: set, zh: 成套采样}, do: sample_set, by: health_centre, set: [nasal, blood], within: 2 h}\n"
    "  find: {name: {en: find, zh: 查找}, do: trace_again, by: follow_up_worker}\n"
    "  test_again: {name: {en: again, zh: 复核}, do: test_again, by: laboratory, within: 6 h}\n"
    "on:\n"
    "  positive: {enrol: case}\n"
    "  new_case: {enrol: zone}\n"
    "  anything_else: {ask: case_investigator}\n";

#define EXPOSED "2026-03-01 18:00 exposed household until 2026-03-01 20:00"
#define NAMED EXPOSED " known 2026-03-02 09:00"
#define POSITIVE "2026-03-01 09:00 result oropharyngeal pcr positive known 2026-03-01 20:00"

static bool open_slot(const struct fixture *x, const char *task)
{
    const struct protocol *p = fixture_protocol(x);
    for (uint8_t slot = 0; slot < PROTOCOL_SLOTS; slot++)
        if ((x->e.open >> slot & 1) != 0 && strcmp(protocol_slot_task(p, x->e.stage, slot)->name, task) == 0)
            return true;
    return false;
}

static uint8_t slot_of(const struct fixture *x, const char *task)
{
    const struct protocol *p = fixture_protocol(x);
    for (uint8_t slot = 0; slot < PROTOCOL_SLOTS; slot++)
        if ((x->e.open >> slot & 1) != 0 && strcmp(protocol_slot_task(p, x->e.stage, slot)->name, task) == 0)
            return slot;
    return PROTOCOL_NONE;
}

// ---- the schedule ----

static void test_schedule(struct fixture *x)
{
    fixture_begin(x, "contact");
    (void)fixture_fact(x, EXPOSED);
    EQ_INT(said_count(x, "task_opened sample") + said_count(x, "task_opened check"), 0, "day zero asks for nothing");
    fixture_until(x, "2026-03-02 00:00");
    EQ_TEXT(said(x, "task_opened sample"),
            "2026-03-02 00:00 task_opened sample until 2026-03-03 00:00 day 2026-03-02 by sampler because schedule "
            "pathways.contact.stages.facility",
            "a sample is due by the end of its day");
    EQ_TEXT(said(x, "task_opened check"),
            "2026-03-02 00:00 task_opened check until 2026-03-02 12:00 day 2026-03-02 by follow_up_worker because "
            "schedule pathways.contact.stages.facility",
            "of two checks a day the first is due by noon");
    EQ_TEXT(said_last(x, "task_opened check"),
            "2026-03-02 00:00 task_opened check until 2026-03-03 00:00 day 2026-03-02 by follow_up_worker because "
            "schedule pathways.contact.stages.facility",
            "the second by midnight");
    fixture_until(x, "2026-03-20");
    EQ_TEXT(said_days(x, "task_opened sample"), "03-02 03-03 03-04 03-06 03-08 03-11",
            "samples on days 1, 2, 3, 5, 7 and the third at home");
    EQ_INT(said_count(x, "task_opened check"), 7 * 2 + 3 + 2,
           "checks twice a day, then daily, and through the extension");
    EQ_TEXT(said_last(x, "task_opened check"),
            "2026-03-13 00:00 task_opened check until 2026-03-14 00:00 day 2026-03-13 by follow_up_worker because "
            "schedule pathways.contact.stages.home",
            "the last on the last day");
}

static void test_open_exposure(struct fixture *x)
{
    fixture_begin(x, "contact");
    (void)fixture_fact(x, "2026-03-01 18:00 exposed household open");
    (void)fixture_fact(x, "2026-03-04 12:00 parted");
    fixture_until(x, "2026-03-05 12:00");
    EQ_TEXT(said_days(x, "task_opened sample"), "03-05", "while the exposure goes on no sample is asked for");
    EQ_TEXT(said_days(x, "task_opened check until 2026-03-03 00:00"), "03-02", "the daily checks are");
    EQ_INT(said_count(x, "task_opened check"), 1 + 2 * 4,
           "from the evening on which it became known, on each of the four days");
}

static void test_every_day(struct fixture *x)
{
    fixture_begin(x, "daily");
    (void)fixture_fact(x, "2026-03-01 18:00 exposed household name daily open");
    (void)fixture_fact(x, "2026-03-04 12:00 parted");
    fixture_until(x, "2026-03-12");
    EQ_TEXT(said_days(x, "task_opened sample"), "03-01 03-02 03-03 03-04 03-05 03-06 03-07 03-08 03-09 03-10",
            "a sample every day: while the source is there, on the three days, and through the extensions");
    EQ_INT(said_count(x, "task_overdue sample"), 10, "overdue on each on which none was taken");
    OK(enrolment_has_ended(&x->e), "until the last extension is over");
}

// ---- answers ----

static void test_answers(struct fixture *x)
{
    static const struct {
        const char *fact, *closed, *what;
    } rows[] = {
        {"seen_well", "task_closed check done because task pathways.contact.stages.facility.check",
         "seen well answers a check"},
        {"seen_ill", "task_closed check done because task pathways.contact.stages.facility.check", "so does seen ill"},
        {"not_seen", "task_closed check missed because task pathways.contact.stages.facility.check",
         "visited in vain it is not done"},
        {"not_attempted", "task_closed check missed because task pathways.contact.stages.facility.check",
         "nor when nobody went"},
        {"refused", "task_closed check refused because task pathways.contact.stages.facility.check",
         "a refusal is an answer"},
        {"sampled", "task_closed sample done because task pathways.contact.stages.facility.sample",
         "a sample taken answers its task"},
        {"result oropharyngeal pcr negative", "task_closed sample done", "a result shows that the sample was taken"},
        {"done name sample", "task_closed sample done", "done, by its name"},
        {"refused name sample", "task_closed sample refused", "refused, by its name"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        fixture_begin(x, "contact");
        (void)fixture_fact(x, EXPOSED);
        (void)fixture_fact(x, "2026-03-02 10:00 %s", rows[i].fact);
        EQ_INT(said_count(x, "task_closed"), 1, "%s closes one task", rows[i].fact);
        OK(strstr(said(x, "task_closed"), rows[i].closed) != NULL &&
               strncmp(said(x, "task_closed"), "2026-03-02 10:00", 16) == 0,
           "%s", rows[i].what);
    }
    fixture_begin(x, "contact");
    (void)fixture_fact(x, EXPOSED);
    (void)fixture_fact(x, "2026-03-02 10:00 seen_well");
    EQ_INT(said_count(x, "task_closed check"), 1, "one look answers one of the two checks");
    (void)fixture_fact(x, "2026-03-02 20:00 seen_well");
    EQ_INT(said_count(x, "task_closed check"), 2, "the second look the other");
    (void)fixture_fact(x, "2026-03-02 21:00 seen_well");
    EQ_INT(said_count(x, "task_closed check"), 2, "a third look answers nothing");
    (void)fixture_fact(x, "2026-03-02 21:30 done name nonsense");
    (void)fixture_fact(x, "2026-03-02 21:40 done name report");
    EQ_INT(said_count(x, "task_closed"), 2, "nor does what nobody asked for");
    OK(open_slot(x, "sample"), "the sample still waits");
}

static void test_verbs(struct fixture *x)
{
    static const struct {
        const char *fact, *task;
    } rows[] = {
        {"isolated", "isolate"},    {"sampled", "set"}, {"done name report", "report"},
        {"done name move", "move"}, {"buried", "bury"},
    };
    fixture_begin(x, "case");
    (void)fixture_fact(x, POSITIVE);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        OK(open_slot(x, rows[i].task), "%s is asked for", rows[i].task);
        (void)fixture_fact(x, "2026-03-02 1%zu:00 %s", i, rows[i].fact);
        OK(!open_slot(x, rows[i].task), "%s answers %s", rows[i].fact, rows[i].task);
    }
    fixture_begin(x, "contact");
    (void)fixture_fact(x, EXPOSED);
    (void)fixture_fact(x, "2026-03-01 21:00 symptom");
    OK(open_slot(x, "test_again"), "a test is to be repeated");
    (void)fixture_fact(x, "2026-03-01 22:00 result oropharyngeal pcr negative");
    OK(!open_slot(x, "test_again"), "a result shows that it was");
    fixture_begin(x, "zone");
    (void)fixture_fact(x, "2026-03-01 09:00 new_case");
    fixture_until(x, "2026-03-03 06:00");
    OK(open_slot(x, "round"), "a round is asked for");
    (void)fixture_fact(x, "2026-03-03 18:00 round_negative");
    EQ_TEXT(said(x, "task_closed round"),
            "2026-03-03 18:00 task_closed round done because task pathways.zone.stages.closed.round fact 2",
            "its outcome answers it");
    fixture_begin(x, "zone");
    (void)fixture_fact(x, "2026-03-01 09:00 new_case");
    (void)fixture_fact(x, "2026-03-03 18:00 round_positive");
    OK(strstr(said(x, "task_closed round"), "done") != NULL, "whatever it is");
}

static void test_not_answered(struct fixture *x)
{
    fixture_begin(x, "contact");
    (void)fixture_fact(x, EXPOSED);
    fixture_until(x, "2026-03-03 00:00");
    EQ_TEXT(said(x, "task_overdue sample"),
            "2026-03-02 23:59 task_overdue sample day 2026-03-02 because schedule pathways.contact.stages.facility",
            "a sample nobody took is overdue when its day closes");
    EQ_INT(said_count(x, "task_overdue sample"), 1, "once");
    EQ_TEXT(said(x, "task_closed check"),
            "2026-03-02 23:59 task_closed check missed because schedule pathways.contact.stages.facility",
            "a day's look cannot be had later");
    EQ_INT(said_count(x, "task_overdue check"), 1,
           "the check with an hour of its own answers for itself, the one due by midnight now");
    EQ_TEXT(said(x, "task_closed sample"),
            "2026-03-03 00:00 task_closed sample missed because schedule pathways.contact.stages.facility",
            "the next sample takes the place of the one that was not taken");
    said_clear(x);
    (void)fixture_fact(x, "2026-03-03 10:00 sampled");
    (void)fixture_fact(x, "2026-03-04 10:00 sampled");
    fixture_until(x, "2026-03-06 00:00");
    EQ_INT(said_count(x, "task_overdue sample"), 0, "what was taken in time is not overdue");

    fixture_begin(x, "unchecked");
    (void)fixture_fact(x, EXPOSED " name unchecked");
    fixture_until(x, "2026-03-04 00:00");
    OK(open_slot(x, "sample"), "a sample that is overdue may still be taken");
    EQ_INT(said_count(x, "task_overdue sample"), 1, "and is not overdue again every day");
    (void)fixture_fact(x, "2026-03-05 10:00 sampled");
    OK(strstr(said_last(x, "task_closed sample"), "03-05 10:00 task_closed sample done") != NULL,
       "taken late is taken");
}

// ---- deadlines of the clock ----

static void test_deadlines(struct fixture *x)
{
    const struct protocol *p = fixture_protocol(x);
    fixture_begin(x, "case");
    (void)fixture_fact(x, POSITIVE);
    EQ_TEXT(said(x, "task_opened report"),
            "2026-03-01 20:00 task_opened report until 2026-03-01 22:00 by hospital because stage "
            "pathways.case.stages.ill fact 1",
            "two hours run from when the result became known, not from the sample");
    EQ_TEXT(said(x, "task_opened disinfect"),
            "2026-03-01 20:00 task_opened disinfect until 2026-03-02 00:00 by disinfection_team because stage "
            "pathways.case.stages.ill fact 1",
            "without a time it is the end of that day");
    uint8_t report = slot_of(x, "report"), core = slot_of(x, "core_facts");
    said_clear(x);
    respond_deadline(&x->book, &x->e, report, fixture_time(x, "2026-03-01 22:00"), &x->log);
    const struct decision *over = &x->log.items[x->log.count - 2], *up = over + 1;
    OK(over->kind == DECISION_TASK_OVERDUE && over->what == protocol_task(p, STR("report")) && over->slot == report,
       "at its deadline a task is overdue");
    EQ_TEXT(fixture_text(x, over->at), "2026-03-01 22:00", "from the deadline on");
    OK(up->kind == DECISION_TASK_ESCALATED && up->what == ROLE_HEALTH_OFFICER && up->slot == report,
       "and whom the protocol names is told");
    OK(up->why == WHY_DEADLINE && up->rule == protocol_task(p, STR("report")), "because of the task's deadline");
    OK(open_slot(x, "report"), "it is still to be done");
    size_t before = x->log.count;
    respond_deadline(&x->book, &x->e, core, fixture_time(x, "2026-03-02 00:00"), &x->log);
    EQ_INT(x->log.count - before, 1, "without a name for it nobody is told");
    (void)fixture_fact(x, "2026-03-02 01:00 done name core_facts");
    before = x->log.count;
    respond_deadline(&x->book, &x->e, core, fixture_time(x, "2026-03-02 02:00"), &x->log);
    respond_deadline(&x->book, &x->e, PROTOCOL_NONE, fixture_time(x, "2026-03-02 02:00"), &x->log);
    EQ_INT(x->log.count - before, 0, "what is closed has no deadline, nor has what never was");

    OK(task_is_timed(&p->tasks[protocol_task(p, STR("report"))]), "a task with a time limit is timed");
    OK(!task_has_hour(&p->tasks[protocol_task(p, STR("report"))]), "but has no hour of the day");
    bool noon = false, midnight = false;
    for (size_t i = 0; i < p->task_count; i++) {
        const struct task *t = &p->tasks[i];
        if (t->verb != VERB_CHECK) continue;
        if (t->due_minute == 720) noon = task_has_hour(t) && task_is_timed(t);
        if (t->due_minute == 1440) midnight = !task_has_hour(t) && !task_is_timed(t);
    }
    OK(noon, "the noon check has an hour and is timed");
    OK(midnight, "the check due by midnight answers when the day closes");
    OK(!task_is_timed(protocol_slot_task(p, 0, 0)), "so does a sample");
}

static void test_asked_once(struct fixture *x)
{
    fixture_begin(x, "contact");
    (void)fixture_fact(x, EXPOSED);
    (void)fixture_fact(x, "2026-03-02 10:00 lost");
    (void)fixture_fact(x, "2026-03-02 11:00 lost");
    EQ_INT(said_count(x, "task_opened find"), 1, "what is asked for already is not asked for again");
    (void)fixture_fact(x, "2026-03-02 12:00 done name find");
    (void)fixture_fact(x, "2026-03-02 13:00 lost");
    EQ_INT(said_count(x, "task_opened find"), 2, "once answered it may be");
    EQ_TEXT(said(x, "task_opened find"),
            "2026-03-02 10:00 task_opened find until 2026-03-03 00:00 by follow_up_worker because rule "
            "pathways.contact.on.lost fact 2",
            "because of the reaction and of the fact");
}

// ---- known late ----

static void test_known_late(struct fixture *x)
{
    fixture_begin(x, "contact");
    (void)fixture_fact(x, EXPOSED " known 2026-03-07 10:00");
    EQ_TEXT(said(x, "because late"),
            "2026-03-07 10:00 task_opened sample until 2026-03-08 00:00 day 2026-03-07 by sampler because late "
            "pathways.contact fact 1",
            "named on day 6, one sample at once for the days that have passed");
    fixture_until(x, "2026-03-07 12:00");
    EQ_INT(said_count(x, "task_opened sample"), 1, "only one");
    EQ_INT(said_count(x, "overdue"), 0, "what nobody knew of is nobody's omission");
    EQ_TEXT(said_days(x, "task_opened check"), "03-07 03-07", "the checks of that day are still ahead");
    EQ_INT(said_count(x, "missed"), 0, "and none was missed");
    EQ_TEXT(said(x, "task_opened transfer"),
            "2026-03-07 10:00 task_opened transfer until 2026-03-07 18:00 by transport because stage "
            "pathways.contact.stages.facility fact 1",
            "deadlines run from when it became known");
    fixture_until(x, "2026-03-20");
    EQ_TEXT(said_days(x, "task_opened sample"), "03-07 03-08 03-11", "then the days that are left");

    fixture_begin(x, "contact");
    (void)fixture_fact(x, EXPOSED " known 2026-03-07 13:00");
    fixture_until(x, "2026-03-07 14:00");
    EQ_TEXT(said_days(x, "task_opened check"), "03-07",
            "of a day that is half over only the check still ahead is asked for");

    static const struct {
        const char *pathway, *known, *days, *what;
    } rows[] = {
        {"contact", "2026-03-02 09:00", "03-02 03-03 03-04 03-06 03-08", "named on day 1 nothing has passed"},
        {"contact", "2026-03-03 09:00", "03-03 03-04 03-06 03-08",
         "named on a day with a sample of its own, that one makes up"},
        {"contact", "2026-03-05 09:00", "03-05 03-06 03-08", "named on day 4, one at once"},
        {"unchecked", "2026-03-05 09:00", "03-07", "where the protocol does not say so nothing is made up"},
        {"made_up", "2026-03-03 09:00", "03-03 03-04 03-07", "named on day 2, the one of day 1 is made up"},
        {"made_up", "2026-03-10 09:00", "03-10 03-12", "named in the second stage, those of the first are made up"},
        {"made_up", "2026-03-12 09:00", "03-12", "unless one is due that very day"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        fixture_begin(x, rows[i].pathway);
        (void)fixture_fact(x, EXPOSED " name %s known %s", rows[i].pathway, rows[i].known);
        fixture_until(x, "2026-03-09");
        if (strcmp(rows[i].known, "2026-03-09") > 0) fixture_until(x, "2026-03-12 12:00");
        EQ_TEXT(said_days(x, "task_opened sample"), rows[i].days, "%s: %s", rows[i].pathway, rows[i].what);
    }

    fixture_begin(x, "made_up");
    (void)fixture_fact(x, EXPOSED " name made_up known 2026-03-05 09:00");
    fixture_until(x, "2026-03-06 12:00");
    EQ_TEXT(said(x, "task_overdue sample"),
            "2026-03-05 23:59 task_overdue sample day 2026-03-05 because schedule pathways.made_up.stages.first",
            "the sample that makes up is overdue when its day closes, too");
}

// ---- what is left when all is over ----

static void test_ended(struct fixture *x)
{
    fixture_begin(x, "case");
    (void)fixture_fact(x, POSITIVE);
    (void)fixture_fact(x, "2026-03-01 21:00 clinician_release");
    OK(enrolment_has_ended(&x->e), "released");
    static const char *const personal[] = {"isolate", "move", "set", "find"};
    for (size_t i = 0; i < sizeof personal / sizeof personal[0]; i++) {
        char part[100];
        (void)snprintf(part, sizeof part, "21:00 task_closed %s no_longer_due because release pathways.case",
                       personal[i]);
        EQ_INT(said_count(x, part), 1, "%s serves the person and ends with the enrolment", personal[i]);
    }
    static const char *const owed[] = {"report", "core_facts", "disinfect", "bury", "inform"};
    for (size_t i = 0; i < sizeof owed / sizeof owed[0]; i++) OK(open_slot(x, owed[i]), "%s is still owed", owed[i]);
    (void)fixture_fact(x, "2026-03-02 09:00 done name report");
    OK(!open_slot(x, "report"), "and can still be done");

    fixture_begin(x, "case");
    (void)fixture_fact(x, POSITIVE);
    (void)fixture_fact(x, "2026-03-01 21:00 died");
    EQ_INT(said_count(x, "task_closed"), 6, "death closes what was to be done with the person");
    EQ_INT(said_count(x, "task_closed core_facts died"), 1, "the interview too");
    EQ_INT(said_count(x, "task_closed inform died"), 1, "and what was to be explained");
    OK(open_slot(x, "report") && open_slot(x, "disinfect") && open_slot(x, "bury"),
       "what is owed to the others and to the family stays");
}

// ---- care, children ----

static void test_care_first(struct fixture *x)
{
    fixture_begin(x, "contact");
    (void)fixture_fact(x, NAMED);
    (void)fixture_fact(x, "2026-03-02 10:00 care_override");
    EQ_TEXT(said(x, "task_closed transfer"), "2026-03-02 10:00 task_closed transfer care because everywhere fact 2",
            "a transfer gives way to care");
    OK(open_slot(x, "inform"), "what does not yield stays");
    EQ_INT(said_count(x, "told commander"), 1, "and someone looks at it afterwards");
    fixture_begin(x, "contact");
    (void)fixture_fact(x, "2026-03-02 10:00 care_override");
    EQ_INT(x->said_count, 0, "of someone who is in no pathway nothing is to be reviewed");
}

static void test_guardian(struct fixture *x)
{
    fixture_begin(x, "contact");
    (void)fixture_fact(x, "2026-02-01 attribute age 17");
    (void)fixture_fact(x, NAMED);
    OK(!open_slot(x, "transfer"), "a child is not moved without a named guardian");
    EQ_INT(said_count(x, "2026-03-02 09:00 told guardian because task tasks.transfer fact 2"), 1, "who is looked for");
    OK(open_slot(x, "inform"), "what needs no guardian goes on");
    (void)fixture_fact(x, "2026-03-02 11:00 guardian_named");
    EQ_TEXT(said(x, "task_opened transfer"),
            "2026-03-02 11:00 task_opened transfer until 2026-03-02 19:00 by transport because stage "
            "pathways.contact.stages.facility fact 3",
            "once named, the time runs from then");
    (void)fixture_fact(x, "2026-03-02 12:00 done name transfer");
    (void)fixture_fact(x, "2026-03-02 13:00 guardian_named");
    EQ_INT(said_count(x, "task_opened transfer"), 1, "another guardian does not begin it anew");

    static const char *const others[] = {"2026-02-01 attribute age 18", "2026-02-01 attribute pregnant",
                                         "2026-02-01 guardian_named"};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        fixture_begin(x, "contact");
        if (i == 2) (void)fixture_fact(x, "2026-01-31 attribute age 5");
        (void)fixture_fact(x, "%s", others[i]);
        (void)fixture_fact(x, NAMED);
        OK(open_slot(x, "transfer"), "%s: nothing waits", others[i]);
        (void)fixture_fact(x, "2026-03-02 11:00 guardian_named");
        EQ_INT(said_count(x, "task_opened transfer"), 1, "%s: and nothing comes twice", others[i]);
    }
}

int main(void)
{
    struct fixture x;
    fixture_open(&x, text);
    test_schedule(&x);
    test_open_exposure(&x);
    test_every_day(&x);
    test_answers(&x);
    test_verbs(&x);
    test_not_answered(&x);
    test_deadlines(&x);
    test_asked_once(&x);
    test_known_late(&x);
    test_ended(&x);
    test_care_first(&x);
    test_guardian(&x);
    fixture_close(&x);
    return tap_done();
}
