// Stages: where a course begins, how it goes on in time and by the clock, what releases, extends and ends it.
#include "response/fixture.h"
#include "tap.h"

static const char *const text =
    "case:\n"
    "  suspected: {when: [symptomatic]}\n"
    "  confirmed: {when: [positive]}\n"
    "contacts:\n"
    "  close: {name: {en: close, zh: 密接}, of: ill, pathway: contact}\n"
    "pathways:\n"
    "  source: S\n"
    "  contact:\n"
    "    of: person\n"
    "    day_zero: last_exposure\n"
    "    at_most: 40 d\n"
    "    stages:\n"
    "      facility: {at: quarantine_site, for: 7 d, sample: {on: 7}, measure: facility, next: home}\n"
    "      home: {at: home, for: 3 d, sample: {on: [1, 3]}, measure: at_home, tell: [person], next: released}\n"
    "      alone: {at: home, for: 2 d, measure: at_home, next: home}\n"
    "    release: {when: [days_served, last_sample_negative], otherwise: {extend: 2 d, at_most: 2 times, order_by: "
    "district_command}}\n"
    "    on:\n"
    "      handed_over: {tell: [commander]}\n"
    "      lost: {restart: propose}\n"
    "      refused: {go: alone}\n"
    "      positive: {end: became_case}\n"
    "  early:\n" // a sample on the first of three days, nothing on the last
    "    of: person\n"
    "    day_zero: last_exposure\n"
    "    stages:\n"
    "      watched: {at: home, for: 3 d, sample: {on: 1}, next: released}\n"
    "    release: {when: [days_served]}\n"
    "  branched:\n" // measles: by immune status
    "    of: person\n"
    "    day_zero: last_exposure\n"
    "    start: [{when: [immune], stage: told}, {when: [vaccinated], stage: short}, {stage: long}]\n"
    "    stages:\n"
    "      long: {at: home, for: 21 d, next: [{when: [immunoglobulin], stage: longer}, {stage: released}]}\n"
    "      longer: {at: home, for: 7 d, next: released}\n"
    "      short: {at: home, for: 5 d, next: told}\n"
    "      told: {at: home, for: 1 d, next: released}\n"
    "    release: {when: [days_served]}\n"
    "  unless:\n" // no branch fits: the first stage
    "    of: person\n"
    "    day_zero: entry\n"
    "    start: [{when: [pregnant], stage: second}]\n"
    "    stages:\n"
    "      first: {at: home, for: 2 d, next: released}\n"
    "      second: {at: home, for: 2 d, next: released}\n"
    "  ill:\n"
    "    of: person\n"
    "    day_zero: onset_or_sample\n"
    "    ladder: yes\n"
    "    stages:\n"
    "      isolated: {at: hospital, on: {clinician_release: {go: convalescent}, died: {go: body}}}\n"
    "      convalescent: {at: home, lapses: 6 h, tasks: [call], next: released, on: {lapsed: {when: [symptomatic], go: "
    "isolated}}}\n"
    "      body: {at: hospital, on: {buried: {end: died, tell: [family]}}}\n"
    "    release: {when: [symptom_free: 3 d]}\n"
    "  sick:\n" // released from a stage without days, by conditions that come true as days pass
    "    of: person\n"
    "    day_zero: onset_or_sample\n"
    "    ladder: yes\n"
    "    stages:\n"
    "      isolated: {at: hospital}\n"
    "    release: {when: [symptom_free: 3 d]}\n"
    "  unending:\n" // only an event ends it
    "    of: person\n"
    "    day_zero: last_exposure\n"
    "    stages:\n"
    "      open: {at: home, on: {clinician_release: {end: completed}, lost: {end: lost}, refused: {end: refused}}}\n"
    "  waiting:\n" // released by a condition that comes true by itself, and never extended
    "    of: person\n"
    "    day_zero: last_exposure\n"
    "    stages:\n"
    "      open: {at: home, for: 5 d, next: released}\n"
    "    release: {when: [days_served, symptom_free: 3 d]}\n"
    "  held:\n"
    "    of: person\n"
    "    day_zero: entry\n"
    "    stages:\n"
    "      hold: {at: home, lapses: 30 min, next: chased, on: {lapsed: {tell: [commander]}}}\n"
    "      chased: {at: home, lapses: 2 h, next: released}\n"
    "    release: {when: [days_served]}\n"
    "measures:\n"
    "  source: S\n"
    "  at_home: {name: {en: at home, zh: 居家}, kind: quarantine, order_by: health_officer, persons: 1}\n"
    "  facility: {name: {en: at a site, zh: 集中}, kind: quarantine, order_by: district_command, persons: 1, milder: "
    "at_home}\n"
    "tasks:\n"
    "  source: S\n"
    "  call: {name: {en: call, zh: 电话}, do: inform, by: clinician, within: 1 h}\n"
    "on:\n"
    "  positive: {enrol: ill}\n"
    "  symptom: {enrol: [ill, sick]}\n"
    "  arrived: {enrol: unless}\n"
    "  called_positive: {enrol: held}\n"
    "  anything_else: {ask: case_investigator}\n";

#define EXPOSED "2026-03-01 18:00 exposed household until 2026-03-01 20:00"
#define NEGATIVE(time) time " result oropharyngeal pcr negative"

static const char *stage_of(const struct fixture *x)
{
    if (x->e.stage == PROTOCOL_NONE) return "-";
    return fixture_protocol(x)->stages[x->e.stage].name;
}

static const char *zero_of(const struct fixture *x)
{
    return fixture_day(enrolment_day(&x->e, x->e.stage_zero));
}

// ---- where it begins ----

static void test_start(struct fixture *x)
{
    static const struct {
        const char *known, *stage, *what;
    } rows[] = {
        {"attribute pregnant", "long", "where nothing else holds, the last branch"},
        {"immunity immune", "told", "the first branch that holds"},
        {"vaccinated", "short", "the second, where the first does not"},
        {"immunity not_immune", "long", "not immune is not immune"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        fixture_begin(x, "branched");
        (void)fixture_fact(x, "2026-02-01 %s", rows[i].known);
        (void)fixture_fact(x, EXPOSED " name branched");
        EQ_TEXT(stage_of(x), rows[i].stage, "%s: %s", rows[i].known, rows[i].what);
    }
    fixture_begin(x, "unless");
    (void)fixture_fact(x, "2026-03-01 10:00 arrived known 2026-03-03 10:00");
    EQ_TEXT(stage_of(x), "first", "where no branch holds, the first stage");
    EQ_TEXT(zero_of(x), "2026-03-01", "counted from the day of the fact that opened it");
    EQ_TEXT(said(x, "stage_entered"),
            "2026-03-03 10:00 stage_entered first because stage pathways.unless.stages.first fact 1",
            "but said when it became known");
    fixture_begin(x, "ill");
    (void)fixture_fact(x, "2026-03-01 10:00 result oropharyngeal pcr positive");
    EQ_TEXT(zero_of(x), "2026-03-01", "day zero is the positive sample");
    fixture_begin(x, "contact");
    (void)fixture_fact(x, EXPOSED " known 2026-03-02 09:00");
    EQ_TEXT(said(x, "stage_entered"), "2026-03-02 09:00 stage_entered facility because contact_class fact 1",
            "an exposure leads to it by the contact definition");
}

// ---- in time ----

static void test_in_time(struct fixture *x)
{
    fixture_begin(x, "contact");
    (void)fixture_fact(x, EXPOSED);
    fixture_until(x, "2026-03-08 23:59");
    EQ_TEXT(stage_of(x), "facility", "seven days are days 1 to 7");
    fixture_until(x, "2026-03-09 00:00");
    EQ_TEXT(said(x, "stage_entered home"),
            "2026-03-09 00:00 stage_entered home because stage_end pathways.contact.stages.facility",
            "the next begins with the next day");
    EQ_TEXT(zero_of(x), "2026-03-08", "counted from the day the one before ended");
    EQ_TEXT(said(x, "told person"), "2026-03-09 00:00 told person because stage pathways.contact.stages.home",
            "entering says what the stage says");
    EQ_TEXT(said_days(x, "task_opened sample"), "03-08 03-09", "its day 1 is that day");
    EQ_TEXT(said(x, "task_closed sample"),
            "2026-03-09 00:00 task_closed sample no_longer_due because stage_end pathways.contact.stages.facility",
            "what belonged to the stage is no longer due");

    fixture_begin(x, "branched");
    (void)fixture_fact(x, EXPOSED " name branched");
    fixture_until(x, "2026-03-22 23:59");
    EQ_TEXT(stage_of(x), "long", "21 days");
    fixture_until(x, "2026-03-23");
    EQ_TEXT(said(x, " ended "), "2026-03-22 23:59 ended completed because stage_end pathways.branched.stages.long",
            "a branch may lead out");
    fixture_begin(x, "branched");
    (void)fixture_fact(x, EXPOSED " name branched");
    (void)fixture_fact(x, "2026-03-05 10:00 immunoglobulin");
    fixture_until(x, "2026-03-24");
    EQ_TEXT(stage_of(x), "longer", "or on");
    fixture_until(x, "2026-03-30");
    EQ_TEXT(said(x, " ended "), "2026-03-29 23:59 ended completed because release pathways.branched",
            "28 days with immunoglobulin");
}

static void test_late(struct fixture *x)
{
    fixture_begin(x, "contact");
    (void)fixture_fact(x, EXPOSED " known 2026-03-10 09:00");
    EQ_INT(said_count(x, "measure_proposed"), 0, "nobody is asked to serve days that have passed");
    fixture_until(x, "2026-03-10 12:00");
    EQ_TEXT(stage_of(x), "home", "known on day 9, the stage is the one of day 9");
    EQ_INT(said_count(x, "stage_entered facility"), 0, "the one before was over before anyone knew");
    EQ_TEXT(said(x, "stage_entered"),
            "2026-03-10 09:00 stage_entered home because stage_end pathways.contact.stages.facility",
            "said when it is known");
    EQ_TEXT(said(x, "measure_proposed"),
            "2026-03-10 09:00 measure_proposed at_home until 2026-03-12 00:00 at home because stage "
            "pathways.contact.stages.home",
            "and its measure then");
    fixture_until(x, "2026-03-10 23:00");
    EQ_INT(said_count(x, "overdue"), 0, "nothing is overdue by it");
}

// Days that are served are not served again.
static void test_served(struct fixture *x)
{
    fixture_begin(x, "contact");
    (void)fixture_fact(x, EXPOSED);
    (void)fixture_fact(x, "2026-03-10 10:00 lost");
    EQ_TEXT(stage_of(x), "home",
            "to begin again after the days of the first stage is to be in the stage in which today lies");
    EQ_TEXT(zero_of(x), "2026-03-08", "with its days");
    EQ_INT(said_count(x, "stage_entered facility"), 1, "the first is entered once");
    EQ_INT(said_count(x, "measure_proposed facility"), 1, "and its measure proposed once");

    // Known only when it is over: the measure of before has ended by it.
    fixture_begin(x, "contact");
    (void)fixture_fact(x, EXPOSED);
    (void)fixture_fact(x, "2026-03-02 10:00 ordered name facility by 1");
    (void)fixture_fact(x, "2026-03-03 10:00 refused known 2026-03-07 10:00");
    EQ_TEXT(said(x, "measure_ended"),
            "2026-03-07 10:00 measure_ended facility released because rule pathways.contact.on.refused fact 3",
            "a stage that was over when it became known asks for nothing, and ends the measure of the one before");
    EQ_INT(said_count(x, "measure_proposed at_home"), 0, "nor is its own proposed");
    OK(!enrolment_restricts(&x->book, &x->e), "nobody is held");
}

// ---- by the clock ----

static void test_lapse(struct fixture *x)
{
    fixture_begin(x, "held");
    (void)fixture_fact(x, "2026-03-01 23:40 called_positive");
    fixture_until(x, "2026-03-02 00:09");
    EQ_TEXT(stage_of(x), "hold", "until half an hour is over, midnight or not");
    fixture_until(x, "2026-03-02 00:10");
    EQ_TEXT(said(x, "stage_entered chased"),
            "2026-03-02 00:10 stage_entered chased because stage_end pathways.held.stages.hold",
            "then it lapses by itself");
    EQ_TEXT(said(x, "told"), "2026-03-02 00:10 told commander because rule pathways.held.stages.hold.on.lapsed",
            "and what the protocol says to that is done first");
    fixture_until(x, "2026-03-02 02:09");
    OK(enrolment_is_open(&x->e), "the next lapses after its own two hours");
    fixture_until(x, "2026-03-02 02:10");
    EQ_TEXT(said(x, " ended "), "2026-03-02 02:10 ended completed because stage_end pathways.held.stages.chased",
            "and it is over");

    fixture_begin(x, "held");
    (void)fixture_fact(x, "2026-03-01 10:00 called_positive known 2026-03-01 15:00");
    fixture_until(x, "2026-03-01 15:29");
    EQ_TEXT(stage_of(x), "hold", "it runs from when it became known");
    fixture_until(x, "2026-03-01 15:30");
    EQ_TEXT(stage_of(x), "chased", "as every time limit does");

    fixture_begin(x, "ill");
    (void)fixture_fact(x, "2026-03-01 10:00 symptom");
    (void)fixture_fact(x, "2026-03-02 10:00 clinician_release");
    EQ_INT(said_count(x, "task_opened call until 2026-03-02 11:00"), 1, "entering opens its tasks");
    fixture_until(x, "2026-03-02 16:00");
    EQ_TEXT(said_last(x, "stage_entered"),
            "2026-03-02 16:00 stage_entered isolated because rule pathways.ill.stages.convalescent.on.lapsed",
            "a reaction to the lapse may lead elsewhere");
    OK(enrolment_is_open(&x->e), "and then it is not over");
}

// ---- release ----

static void test_release(struct fixture *x)
{
    fixture_begin(x, "contact");
    (void)fixture_fact(x, EXPOSED);
    (void)fixture_fact(x, NEGATIVE("2026-03-11 09:00"));
    EQ_TEXT(said(x, " ended "), "2026-03-11 09:00 ended completed because release pathways.contact fact 2",
            "on the last day all is answered: served then and there");
    fixture_begin(x, "contact");
    (void)fixture_fact(x, EXPOSED);
    (void)fixture_fact(x, NEGATIVE("2026-03-11 09:00") " known 2026-03-11 20:00");
    EQ_TEXT(said(x, " ended "), "2026-03-11 20:00 ended completed because release pathways.contact fact 2",
            "from when the result is known");
    fixture_begin(x, "contact");
    (void)fixture_fact(x, EXPOSED);
    (void)fixture_fact(x, NEGATIVE("2026-03-10 09:00"));
    OK(enrolment_is_open(&x->e), "not a day before");

    fixture_begin(x, "early");
    (void)fixture_fact(x, EXPOSED " name early");
    (void)fixture_fact(x, "2026-03-02 09:00 sampled");
    (void)fixture_fact(x, "2026-03-04 08:00 vaccinated");
    OK(enrolment_is_open(&x->e), "where nothing is asked on the last day, it is served when it is over");
    fixture_until(x, "2026-03-05");
    EQ_TEXT(said(x, " ended "), "2026-03-04 23:59 ended completed because release pathways.early", "dated that day");

    fixture_begin(x, "waiting");
    (void)fixture_fact(x, EXPOSED " name waiting");
    (void)fixture_fact(x, "2026-03-05 09:00 symptom");
    fixture_until(x, "2026-03-10");
    OK(enrolment_is_open(&x->e), "ill, and nothing is said of an extension: it goes on");
    (void)fixture_fact(x, "2026-03-10 09:00 well");
    fixture_until(x, "2026-03-13 12:00");
    OK(enrolment_is_open(&x->e), "free of symptoms for three days, counted by the clock");
    fixture_until(x, "2026-03-14 00:00");
    EQ_TEXT(said(x, " ended "), "2026-03-13 23:59 ended completed because release pathways.waiting",
            "released when that day closes");

    fixture_begin(x, "sick");
    (void)fixture_fact(x, "2026-03-01 09:00 symptom");
    (void)fixture_fact(x, "2026-03-02 09:00 well");
    fixture_until(x, "2026-03-06");
    EQ_TEXT(said(x, " ended "), "2026-03-05 23:59 ended recovered because release pathways.sick",
            "who was a case has recovered");
    fixture_begin(x, "ill");
    (void)fixture_fact(x, "2026-03-01 09:00 symptom");
    (void)fixture_fact(x, "2026-03-02 09:00 well");
    fixture_until(x, "2026-03-20");
    OK(enrolment_is_open(&x->e), "where a stage says that one leaves from it, one leaves from no other");

    fixture_begin(x, "unending");
    (void)fixture_fact(x, EXPOSED " name unending");
    fixture_until(x, "2026-12-31");
    OK(enrolment_is_open(&x->e), "without release conditions only an event ends it");
    (void)fixture_fact(x, "2026-12-31 12:00 clinician_release");
    EQ_INT(enrolment_final(&x->e), FINAL_COMPLETED, "as that event says");
}

static void test_extension(struct fixture *x)
{
    fixture_begin(x, "contact");
    (void)fixture_fact(x, EXPOSED);
    (void)fixture_fact(x, "2026-03-09 10:00 ordered name at_home by 1");
    fixture_until(x, "2026-03-11 23:59");
    EQ_INT(said_count(x, "extension"), 0, "on the last day it may still be fulfilled");
    fixture_until(x, "2026-03-12 00:00");
    EQ_TEXT(said(x, "extension"), "2026-03-11 23:59 told district_command because extension pathways.contact",
            "not fulfilled: whoever decides on it is told");
    EQ_TEXT(fixture_day(enrolment_stage_end(&x->book, &x->e)), "2026-03-13", "two days longer");
    EQ_TEXT(said(x, "again"),
            "2026-03-11 23:59 measure_proposed at_home until 2026-03-14 00:00 again at home because review "
            "measures.at_home",
            "and the restriction needs a fresh order for them");
    fixture_until(x, "2026-03-13");
    EQ_INT(said_count(x, "measure_ended at_home expired"), 1, "without one nobody is held");
    fixture_until(x, "2026-03-15 23:59");
    EQ_INT(said_count(x, "told district_command because extension"), 2, "twice");
    OK(enrolment_is_open(&x->e), "until the last day of the second");
    fixture_until(x, "2026-03-16");
    EQ_TEXT(said(x, "ended completed"), "2026-03-15 23:59 ended completed because extension pathways.contact",
            "a third is not granted");

    fixture_begin(x, "contact");
    (void)fixture_fact(x, EXPOSED);
    (void)fixture_fact(x, NEGATIVE("2026-03-12 09:00"));
    EQ_TEXT(said(x, " ended "), "", "a negative in the extension is not yet its last day");
    fixture_until(x, "2026-03-14");
    EQ_TEXT(said(x, " ended "), "2026-03-13 23:59 ended completed because release pathways.contact",
            "released at the end of the extension");
}

// ---- day zero moves ----

static void test_moved(struct fixture *x)
{
    fixture_begin(x, "contact");
    (void)fixture_fact(x, EXPOSED);
    (void)fixture_fact(x, "2026-03-04 10:00 exposed meal");
    EQ_TEXT(fixture_day(enrolment_stage_end(&x->book, &x->e)), "2026-03-11",
            "exposed again in the first stage: counted anew from there");
    EQ_INT(said_count(x, "stage_entered"), 1, "without entering it again");
    (void)fixture_fact(x, "2026-03-05 10:00 ordered name facility by 1");
    fixture_until(x, "2026-03-13");
    EQ_TEXT(stage_of(x), "home", "then the second stage");
    (void)fixture_fact(x, "2026-03-13 10:00 exposed meal");
    EQ_TEXT(said_last(x, "stage_entered"),
            "2026-03-13 10:00 stage_entered facility because stage pathways.contact.stages.home fact 4",
            "exposed again in a later stage: from the beginning");
    EQ_TEXT(said_last(x, "measure_proposed"),
            "2026-03-13 10:00 measure_proposed facility until 2026-03-21 00:00 at quarantine_site because stage "
            "pathways.contact.stages.facility fact 4",
            "as a new proposal");
    OK(!enrolment_restricts(&x->book, &x->e), "nobody released is silently confined again");
    (void)fixture_fact(x, "2026-03-14 10:00 exposed meal name nonsense");
    (void)fixture_fact(x, "2026-03-14 11:00 exposed meal of_contact");
    EQ_TEXT(zero_of(x), "2026-03-13", "an exposure that leads elsewhere moves nothing here");

    fixture_begin(x, "contact");
    (void)fixture_fact(x, EXPOSED);
    fixture_until(x, "2026-03-12 06:00"); // extended once
    (void)fixture_fact(x, "2026-03-12 10:00 exposed meal");
    EQ_TEXT(fixture_day(enrolment_stage_end(&x->book, &x->e)), "2026-03-19", "extensions begin anew with it");
    (void)fixture_fact(x, "2026-03-13 10:00 parted");
    EQ_TEXT(zero_of(x), "2026-03-12", "parting from nobody moves nothing");
}

static void test_sources(struct fixture *x)
{
    fixture_begin(x, "contact");
    (void)fixture_fact(x, "2026-03-01 18:00 exposed household open");
    (void)fixture_fact(x, "2026-03-02 18:00 exposed workplace open");
    (void)fixture_fact(x, "2026-03-03 18:00 parted");
    EQ_TEXT(fixture_day(enrolment_stage_end(&x->book, &x->e)), "-", "one source is gone, the other is still there");
    (void)fixture_fact(x, "2026-03-06 18:00 parted");
    EQ_TEXT(fixture_day(enrolment_stage_end(&x->book, &x->e)), "2026-03-13", "from the day on which the last has gone");
}

// ---- ends ----

static void test_ends(struct fixture *x)
{
    static const struct {
        const char *fact, *ended;
    } rows[] = {
        {"lost", "ended lost because rule pathways.unending.stages.open.on.lost fact 2"},
        {"refused", "ended refused because rule pathways.unending.stages.open.on.refused fact 2"},
        {"died", "ended died because everywhere fact 2"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        fixture_begin(x, "unending");
        (void)fixture_fact(x, EXPOSED " name unending");
        (void)fixture_fact(x, "2026-03-04 10:00 %s", rows[i].fact);
        OK(strstr(said(x, "ended "), rows[i].ended) != NULL, "%s: %s", rows[i].fact, rows[i].ended);
        (void)fixture_fact(x, "2026-03-04 11:00 died");
        EQ_INT(said_count(x, " ended "), 1, "it ends once");
    }
    fixture_begin(x, "ill");
    (void)fixture_fact(x, "2026-03-01 10:00 symptom");
    (void)fixture_fact(x, "2026-03-03 10:00 died");
    EQ_TEXT(stage_of(x), "body", "where the protocol goes on after death, it goes on");
    OK(enrolment_is_open(&x->e), "until the burial");
    (void)fixture_fact(x, "2026-03-04 10:00 buried");
    EQ_TEXT(said(x, "told family"),
            "2026-03-04 10:00 told family because rule pathways.ill.stages.body.on.buried fact 3",
            "the family is told");
    EQ_INT(enrolment_final(&x->e), FINAL_DIED, "ended by death");

    fixture_begin(x, "contact");
    (void)fixture_fact(x, EXPOSED);
    (void)fixture_fact(x, "2026-03-03 10:00 handed_over");
    OK(enrolment_is_open(&x->e), "the sender answers until the hand-over is accepted");
    (void)fixture_fact(x, "2026-03-03 16:00 accepted");
    EQ_TEXT(said(x, "measure_ended"), "2026-03-03 16:00 measure_ended facility released because everywhere fact 3",
            "then the measure is the receiver's");
    EQ_INT(enrolment_final(&x->e), FINAL_HANDED_OVER, "handed over");
    fixture_begin(x, "contact");
    (void)fixture_fact(x, "2026-03-01 10:00 died");
    EQ_INT(x->said_count, 0, "nobody who was not enrolled is ended");
    (void)fixture_fact(x, "2026-03-02 10:00 seen_well");
    (void)fixture_fact(x, "2026-03-02 11:00 sampled");
    (void)fixture_fact(x, "2026-03-02 12:00 refused");
    (void)fixture_fact(x, "2026-03-02 13:00 done name call");
    EQ_INT(x->said_count, 0, "nor asked for anything");
    (void)fixture_fact(x, "2026-03-03 10:00 exposed household");
    (void)fixture_fact(x, "2026-03-04 09:00 result oropharyngeal pcr positive");
    EQ_INT(enrolment_final(&x->e), FINAL_BECAME_CASE, "a contact became a case");
    EQ_INT(respond_opens(fixture_protocol(x), &x->e, &x->facts[5]), false, "what has been entered is not opened again");
}

int main(void)
{
    struct fixture x;
    fixture_open(&x, text);
    test_start(&x);
    test_in_time(&x);
    test_late(&x);
    test_served(&x);
    test_lapse(&x);
    test_release(&x);
    test_extension(&x);
    test_moved(&x);
    test_sources(&x);
    test_ends(&x);
    fixture_close(&x);
    return tap_done();
}
