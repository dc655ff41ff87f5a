// Measures: proposed, signed, looked at again, run out, ended; the longest permitted time; exceptions; requests.
#include "response/fixture.h"
#include "tap.h"

static const char *const text =
    "status: {green: {en: green, zh: 绿}, yellow: {en: yellow, zh: 黄}, red: {en: red, zh: 红}}\n"
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
    "      facility: {at: quarantine_site, for: 14 d, measure: facility, next: home}\n"
    "      home: {at: home, for: 7 d, measure: watch, next: released}\n"
    "    release: {when: [days_served]}\n"
    "    except:\n"
    "      - {when: {any: [age_under: 14, pregnant]}, stage: facility, measure: quarantine_home, at: home, with: "
    "carer}\n"
    "      - {when: [unfit], stage: facility, at: hospital}\n"
    "    on:\n"
    "      symptom: {measure: isolation}\n"
    "      well: {measure: watch}\n"
    "      lost: {restart: propose}\n"
    "  long:\n" // nothing releases but a clinician
    "    of: person\n"
    "    day_zero: last_exposure\n"
    "    at_most: 10 d\n"
    "    stages:\n"
    "      held: {at: quarantine_site, measure: facility}\n"
    "    release: {when: [clinician_release]}\n"
    "    except:\n"
    "      - {when: [pregnant], measure: quarantine_home}\n"
    "    on:\n"
    "      lost: {go: held}\n"
    "  some_days:\n"
    "    of: person\n"
    "    day_zero: last_exposure\n"
    "    at_most: 30 d\n"
    "    stages:\n"
    "      watched: {at: home, for: 14 d, measure: quarantine_home, measure_for: 5 d, next: released}\n"
    "    release: {when: [days_served]}\n"
    "  advised:\n"
    "    of: person\n"
    "    day_zero: last_exposure\n"
    "    stages:\n"
    "      told: {at: home, for: 14 d, measure: watch, measure_for: 5 d, next: released}\n"
    "    release: {when: [days_served]}\n"
    "  case:\n"
    "    of: person\n"
    "    day_zero: onset_or_sample\n"
    "    ladder: yes\n"
    "    at_most: 60 d\n"
    "    stages:\n"
    "      ill: {at: hospital, measure: isolation}\n"
    "    release: {when: [clinician_release]}\n"
    "measures:\n"
    "  source: S\n"
    "  watch: {name: {en: watch, zh: 监测}, kind: advice, voluntary: yes, status: green}\n"
    "  quarantine_home: {name: {en: at home, zh: 居家}, kind: quarantine, order_by: health_officer, persons: 1, "
    "milder: watch, status: yellow}\n"
    "  facility: {name: {en: at a site, zh: 集中}, kind: quarantine, order_by: district_command, persons: 2, milder: "
    "quarantine_home, review: 7 d, status: red}\n"
    "  isolation: {name: {en: isolation, zh: 隔离}, kind: isolation, order_by: health_officer, persons: 1, review: 7 "
    "d, status: red}\n"
    "on:\n"
    "  positive: {enrol: case}\n"
    "  anything_else: {ask: case_investigator}\n";

#define EXPOSED "2026-03-01 18:00 exposed household until 2026-03-01 20:00"
#define NAMED EXPOSED " known 2026-03-02 09:00"
#define STAGE "because stage pathways.contact.stages."

static bool in_force(const struct fixture *x)
{
    return enrolment_restricts(&x->book, &x->e);
}

static const char *order_until(const struct fixture *x)
{
    return fixture_day(enrolment_order_until(&x->book, &x->e));
}

// ---- proposed and signed ----

static void test_proposal(struct fixture *x)
{
    fixture_begin(x, "contact");
    (void)fixture_fact(x, NAMED);
    EQ_TEXT(said(x, "measure_"),
            "2026-03-02 09:00 measure_proposed facility until 2026-03-10 00:00 at quarantine_site " STAGE
            "facility fact 1",
            "what restricts is proposed, from when it is known, to its review");
    OK(!in_force(x), "a proposal binds nobody");
    EQ_INT(said_count(x, "status"), 0, "and gives nobody a code");
    fixture_until(x, "2026-03-15");
    EQ_INT(said_count(x, "measure_"), 1, "nobody is confined because nobody signs");
    fixture_until(x, "2026-03-16");
    EQ_TEXT(said(x, "measure_ended"), "2026-03-16 00:00 measure_ended facility replaced " STAGE "home",
            "the next stage asks for another measure");
}

static void test_signatures(struct fixture *x)
{
    static const struct {
        const char *order;
        bool binds;
        const char *what;
    } rows[] = {
        {"ordered name facility by 1 second 2", true, "two different people sign"},
        {"ordered name facility by 1", false, "one of two signatures is missing"},
        {"ordered name facility by 1 second 1", false, "one person is not two"},
        {"ordered name facility", false, "nobody signed"},
        {"ordered name facility second 2", false, "the first signature is missing"},
        {"ordered name quarantine_home by 1 second 2", false, "another measure than the one proposed"},
        {"ordered name nonsense by 1 second 2", false, "a measure that does not exist"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        fixture_begin(x, "contact");
        (void)fixture_fact(x, NAMED);
        (void)fixture_fact(x, "2026-03-02 10:00 %s", rows[i].order);
        OK(in_force(x) == rows[i].binds && (said_count(x, "measure_ordered") == 1) == rows[i].binds, "%s: %s",
           rows[i].what, rows[i].binds ? "binds" : "binds nobody");
        bool asked = strstr(rows[i].order, "name facility") != NULL && !rows[i].binds;
        EQ_INT(said_count(x, "told district_command because order measures.facility fact 2"), asked ? 1 : 0,
               "%s: whoever orders is%s told", rows[i].what, asked ? "" : " not");
    }
}

static void test_order(struct fixture *x)
{
    fixture_begin(x, "contact");
    (void)fixture_fact(x, NAMED);
    (void)fixture_fact(x, "2026-03-02 10:00 ordered name facility by 1 second 2 known 2026-03-02 12:30");
    EQ_TEXT(said(x, "measure_ordered"),
            "2026-03-02 12:30 measure_ordered facility until 2026-03-10 00:00 at quarantine_site because order "
            "measures.facility fact 2",
            "in force from when the order is known, for seven days");
    EQ_TEXT(order_until(x), "2026-03-09", "the last day it covers");
    EQ_TEXT(said(x, "status"), "2026-03-02 12:30 status red because order measures.facility fact 2",
            "the code follows");
    (void)fixture_fact(x, "2026-03-02 14:00 started name facility");
    EQ_TEXT(said(x, "measure_started"),
            "2026-03-02 14:00 measure_started facility because order measures.facility fact 3", "begun");
    (void)fixture_fact(x, "2026-03-02 15:00 started name facility");
    (void)fixture_fact(x, "2026-03-02 15:00 ordered name facility by 3 second 4");
    EQ_INT(said_count(x, "measure_started") + said_count(x, "measure_ordered"), 2, "neither twice");

    fixture_begin(x, "contact");
    (void)fixture_fact(x, NAMED);
    (void)fixture_fact(x, "2026-03-02 10:00 started name facility");
    EQ_INT(said_count(x, "measure_started"), 0, "what nobody ordered is not begun");
    (void)fixture_fact(x, "2026-03-02 11:00 ordered name facility by 1 second 2 until 2026-03-04");
    EQ_TEXT(order_until(x), "2026-03-04", "an order for a shorter time covers that");
    (void)fixture_fact(x, "2026-03-02 12:00 started name isolation");
    EQ_INT(said_count(x, "measure_started"), 0, "another measure's beginning is not this one's");

    fixture_begin(x, "contact");
    (void)fixture_fact(x, NAMED);
    (void)fixture_fact(x, "2026-03-02 11:00 ordered name facility by 1 second 2 until 2026-04-30");
    EQ_TEXT(order_until(x), "2026-03-09", "an order for longer than the protocol allows covers what it allows");

    fixture_begin(x, "contact");
    (void)fixture_fact(x, "2026-03-01 09:00 ordered name facility by 1 second 2");
    (void)fixture_fact(x, NAMED);
    OK(!in_force(x), "an order about somebody not enrolled binds nobody");
    (void)fixture_fact(x, "2026-03-03 09:00 died");
    (void)fixture_fact(x, "2026-03-03 10:00 ordered name facility by 1 second 2");
    OK(!in_force(x), "nor one after the end");
}

// ---- run out, renewed ----

static void test_renewal(struct fixture *x)
{
    fixture_begin(x, "contact");
    (void)fixture_fact(x, NAMED);
    (void)fixture_fact(x, "2026-03-02 10:00 ordered name facility by 1 second 2");
    fixture_until(x, "2026-03-09 23:59");
    EQ_INT(said_count(x, "again"), 0, "until the last day of the order nothing is asked");
    fixture_until(x, "2026-03-10");
    EQ_TEXT(said(x, "again"),
            "2026-03-09 23:59 measure_proposed facility until 2026-03-16 00:00 again at quarantine_site because review "
            "measures.facility",
            "when it runs out a fresh order is proposed, to the end of the stage");
    OK(in_force(x), "the person is held for the one day in which it can be signed");
    (void)fixture_fact(x, "2026-03-10 09:00 ordered name facility by 1 second 3");
    EQ_INT(said_count(x, "told district_command because order"), 1, "not by whoever signed first");
    EQ_INT(said_count(x, "measure_ordered"), 1, "that does not bind");
    (void)fixture_fact(x, "2026-03-10 10:00 ordered name facility by 4 second 1");
    EQ_TEXT(said_last(x, "measure_ordered"),
            "2026-03-10 10:00 measure_ordered facility until 2026-03-16 00:00 at quarantine_site because order "
            "measures.facility fact 4",
            "by another person it does");
    EQ_INT(said_count(x, "status"), 1, "the code stays as it is");
    fixture_until(x, "2026-03-16");
    EQ_INT(said_count(x, "again"), 1, "the fresh order covers the rest of the stage");

    fixture_begin(x, "contact");
    (void)fixture_fact(x, NAMED);
    (void)fixture_fact(x, "2026-03-02 10:00 ordered name facility by 1 second 2");
    fixture_until(x, "2026-03-10 23:59");
    OK(in_force(x), "held during the day of grace");
    fixture_until(x, "2026-03-11");
    EQ_TEXT(said(x, "measure_ended"),
            "2026-03-10 23:59 measure_ended facility expired because review measures.facility",
            "then the measure ends by itself");
    OK(!in_force(x), "and nobody is held");
    EQ_TEXT(said_last(x, "status"), "2026-03-10 23:59 status none because review measures.facility",
            "the code with it");
    (void)fixture_fact(x, "2026-03-11 09:00 ordered name facility by 5 second 6");
    OK(!in_force(x), "an order too late does not bring it back");

    fixture_begin(x, "contact");
    (void)fixture_fact(x, NAMED);
    (void)fixture_fact(x, "2026-03-02 10:00 ordered name facility by 1 second 2");
    (void)fixture_fact(x, "2026-03-10 09:00 declined name facility");
    EQ_TEXT(said(x, "measure_ended"),
            "2026-03-10 09:00 measure_ended facility declined because order measures.facility fact 3",
            "a renewal declined ends it at once");
}

static void test_at_most(struct fixture *x)
{
    // 10 days in all from the first order of 2 March: to 12 March.
    fixture_begin(x, "long");
    (void)fixture_fact(x, EXPOSED " name long known 2026-03-02 09:00");
    (void)fixture_fact(x, "2026-03-02 10:00 ordered name facility by 1 second 2");
    EQ_TEXT(order_until(x), "2026-03-09", "the first order to its review");
    (void)fixture_fact(x, "2026-03-10 10:00 ordered name facility by 3 second 4");
    EQ_TEXT(order_until(x), "2026-03-12", "the second to the longest time permitted");
    fixture_until(x, "2026-03-13");
    EQ_TEXT(said(x, "measure_ended"), "2026-03-12 23:59 measure_ended facility at_most because at_most pathways.long",
            "there it ends, whatever happens");
    EQ_INT(said_count(x, "2026-03-12 23:59 told district_command because at_most pathways.long"), 1,
           "and whoever orders is told");
    OK(!in_force(x) && enrolment_is_open(&x->e), "the person is free, and still followed");
    (void)fixture_fact(x, "2026-03-13 08:00 lost");
    EQ_INT(said_count(x, "measure_proposed"), 2, "nothing is proposed again"); // the first, and its renewal
    EQ_TEXT(said_last(x, "told"), "2026-03-13 08:00 told district_command because at_most pathways.long fact 4",
            "whoever orders is told");
    (void)fixture_fact(x, "2026-03-13 09:00 ordered name facility by 1 second 5");
    OK(!in_force(x), "beyond it the first signer cannot order");
    (void)fixture_fact(x, "2026-03-13 10:00 ordered name facility by 5 second 5");
    OK(!in_force(x), "nor one person alone");
    (void)fixture_fact(x, "2026-03-13 11:00 ordered name quarantine_home by 5");
    OK(!in_force(x), "nor for what the stage does not ask for");
    (void)fixture_fact(x, "2026-03-13 12:00 ordered name facility by 5 second 6");
    OK(in_force(x), "a fresh order by another person can");
    EQ_TEXT(order_until(x), "2026-03-20", "to its review");
    fixture_until(x, "2026-05-01");
    OK(!in_force(x), "and is not endless either");
    EQ_INT(said_count(x, "measure_ended"), 2, "it ended once more");

    fixture_begin(x, "long");
    (void)fixture_fact(x, "2026-02-01 attribute pregnant");
    (void)fixture_fact(x, EXPOSED " name long known 2026-03-02 09:00");
    (void)fixture_fact(x, "2026-03-02 10:00 ordered name quarantine_home by 1");
    fixture_until(x, "2026-03-13");
    EQ_INT(said_count(x, "measure_ended quarantine_home at_most"), 1, "without a review the order reaches to at_most");
    (void)fixture_fact(x, "2026-03-13 09:00 ordered name facility by 5 second 6");
    OK(!in_force(x), "beyond it nothing harsher than what was in force");
    (void)fixture_fact(x, "2026-03-13 10:00 ordered name quarantine_home by 5");
    OK(in_force(x), "only the measure for this very person");
}

// One new case a day and a laboratory that never answers: whoever signs, nobody is held past at_most without others.
static void test_never_beyond(struct fixture *x)
{
    fixture_begin(x, "contact");
    (void)fixture_fact(x, NAMED);
    int32_t held = 0;
    for (int32_t day = 2; day <= 60; day++) { // whatever is proposed is signed, by ever new people
        char date[11];
        civil_format((civil_day){zone_day(&fixture_protocol(x)->zone, fixture_time(x, "2026-03-01")).d + day - 1},
                     date);
        (void)fixture_fact(x, "%s 08:00 exposed household", date);
        if (x->e.flags & (FLAG_PROPOSED | FLAG_RENEWAL))
            (void)fixture_fact(x, "%s 10:00 ordered name facility by %d second %d", date, 2 * day, 2 * day + 1);
        held += in_force(x);
    }
    OK(held <= 22, "held on %d days, at most 21 days after the order of the first", held);
    OK(held > 0, "it was held at all");
    EQ_INT(said_count(x, "measure_ended facility at_most"), 1, "by the longest time permitted");
}

// ---- ended by people ----

static void test_declined_and_upheld(struct fixture *x)
{
    fixture_begin(x, "contact");
    (void)fixture_fact(x, NAMED);
    (void)fixture_fact(x, "2026-03-02 10:00 declined name facility");
    EQ_TEXT(said(x, "measure_ended"),
            "2026-03-02 10:00 measure_ended facility declined because order measures.facility fact 2",
            "a proposal declined is over");
    EQ_INT(said_count(x, "status"), 0, "it never gave a code");
    (void)fixture_fact(x, "2026-03-02 11:00 ordered name facility by 1 second 2");
    OK(!in_force(x), "what is declined cannot be signed");

    static const char *const upheld[] = {"upheld name facility", "upheld"};
    for (size_t i = 0; i < 2; i++) {
        fixture_begin(x, "contact");
        (void)fixture_fact(x, NAMED);
        (void)fixture_fact(x, "2026-03-02 10:00 ordered name facility by 1 second 2");
        (void)fixture_fact(x, "2026-03-03 09:00 objected name facility");
        OK(in_force(x), "an objection is heard first");
        (void)fixture_fact(x, "2026-03-03 15:00 upheld name isolation");
        OK(in_force(x), "one about another measure changes nothing");
        (void)fixture_fact(x, "2026-03-03 18:00 %s", upheld[i]);
        EQ_TEXT(said(x, "measure_ended"),
                "2026-03-03 18:00 measure_ended facility upheld because order measures.facility fact 5", "%s: it ends",
                upheld[i]);
        EQ_TEXT(said_last(x, "status"), "2026-03-03 18:00 status none because order measures.facility fact 5",
                "%s: and the code with it", upheld[i]);
    }
    fixture_begin(x, "contact");
    (void)fixture_fact(x, NAMED);
    (void)fixture_fact(x, "2026-03-02 10:00 ordered name facility by 1 second 2");
    (void)fixture_fact(x, "2026-03-02 11:00 declined name facility");
    OK(in_force(x), "what is signed is not declined any more");
}

// ---- others than the stage's ----

static void test_other_measures(struct fixture *x)
{
    fixture_begin(x, "contact");
    (void)fixture_fact(x, NAMED);
    (void)fixture_fact(x, "2026-03-02 10:00 ordered name facility by 1 second 2");
    (void)fixture_fact(x, "2026-03-03 09:00 symptom");
    EQ_TEXT(said(x, "measure_ended"),
            "2026-03-03 09:00 measure_ended facility replaced because rule pathways.contact.on.symptom fact 3",
            "another measure takes its place");
    EQ_TEXT(said(x, "measure_proposed isolation"),
            "2026-03-03 09:00 measure_proposed isolation until 2026-03-11 00:00 at quarantine_site because rule "
            "pathways.contact.on.symptom fact 3",
            "as a proposal");
    (void)fixture_fact(x, "2026-03-04 09:00 well");
    EQ_TEXT(said(x, "measure_started watch"),
            "2026-03-04 09:00 measure_started watch until 2026-03-16 00:00 at quarantine_site because rule "
            "pathways.contact.on.well fact 4",
            "advice begins at once: it binds nobody");
    OK(!in_force(x), "it restricts nobody");
    EQ_TEXT(said_last(x, "status"), "2026-03-04 09:00 status green because rule pathways.contact.on.well fact 4",
            "and has a code");
    (void)fixture_fact(x, "2026-03-04 10:00 well");
    EQ_INT(said_count(x, "measure_started watch"), 1, "it is not begun twice");
}

static void test_days_of_a_measure(struct fixture *x)
{
    fixture_begin(x, "some_days");
    (void)fixture_fact(x, EXPOSED " name some_days");
    (void)fixture_fact(x, "2026-03-02 09:00 ordered name quarantine_home by 1");
    EQ_TEXT(order_until(x), "2026-03-06", "quarantine for 5 of the 14 days");
    fixture_until(x, "2026-03-07");
    EQ_TEXT(
        said(x, "measure_ended"),
        "2026-03-06 23:59 measure_ended quarantine_home released because stage_end pathways.some_days.stages.watched",
        "then it ends");
    OK(enrolment_is_open(&x->e), "and following goes on");
    fixture_begin(x, "some_days");
    (void)fixture_fact(x, EXPOSED " name some_days");
    fixture_until(x, "2026-03-07 12:00");
    (void)fixture_fact(x, "2026-03-08 09:00 ordered name quarantine_home by 1");
    OK(!in_force(x), "an order after its days binds nobody");
    fixture_begin(x, "advised");
    (void)fixture_fact(x, EXPOSED " name advised");
    fixture_until(x, "2026-03-07 12:00");
    EQ_TEXT(said(x, "measure_ended"),
            "2026-03-06 23:59 measure_ended watch released because stage_end pathways.advised.stages.told",
            "advice ends after its days, too");
}

static void test_exceptions(struct fixture *x)
{
    fixture_begin(x, "contact");
    (void)fixture_fact(x, "2026-02-01 attribute age 13");
    (void)fixture_fact(x, NAMED);
    EQ_TEXT(said(x, "measure_proposed"),
            "2026-03-02 09:00 measure_proposed quarantine_home until 2026-03-16 00:00 at home because exception "
            "pathways.contact.except[1] fact 2",
            "a child stays at home");
    EQ_TEXT(said(x, "enrolled"),
            "2026-03-02 09:00 enrolled contact for carer because exception pathways.contact.except[1] fact 2",
            "with a carer, who follows the same");
    (void)fixture_fact(x, "2026-03-02 10:00 ordered name quarantine_home by 1");
    OK(in_force(x), "one signature is enough for it");
    (void)fixture_fact(x, "2026-03-03 10:00 lost");
    EQ_INT(said_count(x, "measure_proposed"), 1, "beginning again, what is in force stands");
    fixture_until(x, "2026-03-16");
    EQ_TEXT(said(x, "measure_started"),
            "2026-03-16 00:00 measure_started watch until 2026-03-23 00:00 at home " STAGE "home",
            "in the other stage nothing is different");

    fixture_begin(x, "contact");
    (void)fixture_fact(x, "2026-02-01 attribute unfit");
    (void)fixture_fact(x, NAMED);
    EQ_TEXT(said(x, "measure_proposed"),
            "2026-03-02 09:00 measure_proposed facility until 2026-03-10 00:00 at hospital because exception "
            "pathways.contact.except[2] fact 2",
            "someone unfit is in hospital, under the same measure");
    EQ_INT(said_count(x, "enrolled"), 0, "alone");
}

static void test_release(struct fixture *x)
{
    fixture_begin(x, "contact");
    (void)fixture_fact(x, NAMED);
    (void)fixture_fact(x, "2026-03-09 10:00 ordered name facility by 1 second 2");
    fixture_until(x, "2026-03-23");
    EQ_INT(said_count(x, "measure_ended facility replaced because stage"), 1, "an order never outlasts its stage");
    EQ_TEXT(said(x, "measure_ended watch"),
            "2026-03-22 23:59 measure_ended watch released because release pathways.contact",
            "released, dated the last day");
    EQ_TEXT(said(x, "ended completed"), "2026-03-22 23:59 ended completed because release pathways.contact",
            "and so is the enrolment");
    EQ_TEXT(said_last(x, "status"), "2026-03-22 23:59 status none because release pathways.contact", "no code is left");
    fixture_begin(x, "contact");
    (void)fixture_fact(x, NAMED);
    (void)fixture_fact(x, "2026-03-02 10:00 ordered name facility by 1 second 2");
    (void)fixture_fact(x, "2026-03-03 10:00 died");
    EQ_TEXT(said(x, "measure_ended"), "2026-03-03 10:00 measure_ended facility died because everywhere fact 3",
            "death ends it");
}

int main(void)
{
    struct fixture x;
    fixture_open(&x, text);
    test_proposal(&x);
    test_signatures(&x);
    test_order(&x);
    test_renewal(&x);
    test_at_most(&x);
    test_never_beyond(&x);
    test_declined_and_upheld(&x);
    test_other_measures(&x);
    test_days_of_a_measure(&x);
    test_exceptions(&x);
    test_release(&x);
    fixture_close(&x);
    return tap_done();
}
