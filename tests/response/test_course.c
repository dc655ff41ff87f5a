// Where an enrolment stands in its days: anchors, ends, orders, what is due next; leap days and clock changes (course.h).
#include "response/course.h"
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
    "    at_most: 21 d\n"
    "    stages:\n"
    "      facility: {at: quarantine_site, for: 7 d, sample: {on: [1, 2, 3, 5, 7]}, check: {a_day: 1}, measure: "
    "quarantine, next: home}\n"
    "      home: {at: home, for: 3 d, sample: {on: 3}, check: {a_day: 1}, measure: watch, next: released}\n"
    "    release: {when: [days_served, last_sample_negative], otherwise: {extend: 2 d, at_most: 2 times, order_by: "
    "district_command}}\n"
    "  knobs:\n"
    "    of: person\n"
    "    day_zero: last_exposure\n"
    "    at_most: 30 d\n"
    "    stages:\n"
    "      watched: {at: home, for: 14 d, measure: quarantine, measure_for: 5 d, check: {a_day: 1, for: 10 d}, sample: "
    "{on: every 2 d, for: 6 d}, next: released}\n"
    "    release: {when: [days_served]}\n"
    "  exclusion:\n" // measles: from day 5 after the first exposure to day 21 after the last
    "    of: person\n"
    "    day_zero: first_exposure\n"
    "    at_most: 40 d\n"
    "    stages:\n"
    "      before: {at: home, until: day 4 after first_exposure, next: excluded}\n"
    "      excluded: {at: home, until: day 21 after last_exposure, measure: quarantine, next: released}\n"
    "    release: {when: [days_served]}\n"
    "  advised:\n"
    "    of: person\n"
    "    day_zero: last_exposure\n"
    "    stages:\n"
    "      told: {at: home, for: 14 d, measure: watch, measure_for: 5 d, next: released}\n"
    "    release: {when: [days_served]}\n"
    "  forked:\n"
    "    of: person\n"
    "    day_zero: last_exposure\n"
    "    stages:\n"
    "      first: {at: home, for: 4 d, next: [{when: [pregnant], stage: released}, {stage: second}]}\n"
    "      second: {at: home, for: 2 d, next: released}\n"
    "    release: {when: [days_served]}\n"
    "  idle:\n"
    "    of: person\n"
    "    day_zero: last_exposure\n"
    "    at_most: 21 d\n"
    "    stages:\n"
    "      watched: {at: home, for: 14 d, measure: quarantine, next: released}\n"
    "  rounds:\n" // every other day, without an end
    "    of: person\n"
    "    day_zero: last_exposure\n"
    "    stages:\n"
    "      tested: {at: home, for: 1 d, next: rested}\n"
    "      rested: {at: home, for: 1 d, next: tested}\n"
    "  case:\n"
    "    of: person\n"
    "    day_zero: onset_or_sample\n"
    "    ladder: yes\n"
    "    stages:\n"
    "      ill: {at: hospital, next: after, on: {clinician_release: {go: after}}}\n"
    "      after: {at: home, lapses: 36 h, next: released}\n"
    "    release: {when: [days_served]}\n"
    "measures:\n"
    "  source: S\n"
    "  watch: {name: {en: watch, zh: 监测}, kind: advice, voluntary: yes}\n"
    "  quarantine: {name: {en: quarantine, zh: 隔离}, kind: quarantine, order_by: district_command, persons: 1, "
    "milder: watch, review: 6 d}\n"
    "on:\n"
    "  positive: {enrol: case}\n"
    "  anything_else: {ask: case_investigator}\n";

static const char *in_zone(struct arena *arena, const char *zone)
{
    return arena_printf(arena, "jurisdiction: {place: XX, zone: %s}\n%s", zone, text);
}

#define EXPOSED "2026-03-01 18:00 exposed household until 2026-03-01 20:00"

// ---- civil days ----

static void test_days(void)
{
    static const char *const zones[] = {
        "UTC", "Asia/Shanghai", "UTC-03:30", "America/New_York", "America/Sao_Paulo", "Pacific/Apia"};
    for (size_t z = 0; z < sizeof zones / sizeof zones[0]; z++) {
        struct fixture x;
        struct arena arena = {0};
        fixture_open(&x, in_zone(&arena, zones[z]));
        const struct protocol *p = fixture_protocol(&x);
        bool same = true, inside = true;
        for (int32_t day = 14000; day < 22000; day++) { // 2008 to 2030, clock changes and all
            int64_t midnight = (int64_t)course_midnight(p, day) * 60;
            same = same && midnight == zone_midnight(&p->zone, (civil_day){day}).s;
            // Samoa slept through one day of 2011: it has an instant, and nothing lies inside it.
            bool slept = course_midnight(p, day + 1) == course_midnight(p, day);
            inside = inside && (slept || course_day_of(p, (utc_sec){midnight}) == day) &&
                     course_day_of_minute(p, course_midnight(p, day) - 1) < day;
        }
        OK(same, "in %s a day begins where the calendar says", zones[z]);
        OK(inside, "in %s the first minute of a day is its own, the one before is not", zones[z]);
        EQ_INT(course_day_of(p, (utc_sec){-1}), zone_day(&p->zone, (utc_sec){-1}).d, "in %s so it is before 1970",
               zones[z]);
        fixture_close(&x);
        arena_free(&arena);
    }
}

static void test_offsets(void)
{
    struct enrolment e = enrolment_new(1, 0, 0, (civil_day){20000});
    EQ_INT(course_day(&e, course_offset(&e, 20500)), 20500, "a day is kept as an offset and comes back");
    EQ_INT(course_day(&e, course_offset(&e, 19000)), 19000, "before the base as well");
    EQ_INT(course_offset(&e, COURSE_NEVER), ENROLMENT_DAY_NONE, "never is none");
    EQ_INT(course_day(&e, ENROLMENT_DAY_NONE), COURSE_NEVER, "none is never");
    EQ_INT(course_day(&e, course_offset(&e, 20000 + 60000)) - course_base(&e), INT16_MAX,
           "out of reach stays at the edge");
    EQ_INT(course_day(&e, course_offset(&e, 20000 - 60000)) - course_base(&e), INT16_MIN + 1, "on either side");
    struct enrolment old = enrolment_new(1, 0, 0, (civil_day){-1});
    OK(course_base(&old) <= -1, "a base before 1970 lies before the day");
}

// ---- anchors and ends ----

static const char *end_of(struct fixture *x)
{
    return fixture_day(enrolment_stage_end(&x->book, &x->e));
}

static const char *day_text(int32_t day)
{
    return fixture_day((civil_day){day == COURSE_NEVER ? CIVIL_DAY_NONE : day});
}

static const char *anchored(struct fixture *x, anchor_word anchor)
{
    return day_text(course_anchor(fixture_protocol(x), &x->e, anchor));
}

static void test_anchors(struct fixture *x)
{
    fixture_begin(x, "contact");
    (void)fixture_fact(x, EXPOSED " known 2026-03-02 09:00");
    EQ_TEXT(anchored(x, ANCHOR_ONSET), "-", "no onset is never");
    EQ_TEXT(anchored(x, ANCHOR_POSITIVE_SAMPLE), "-", "no positive is never");
    EQ_TEXT(anchored(x, ANCHOR_ONSET_OR_SAMPLE), "-", "neither is never");
    EQ_TEXT(anchored(x, ANCHOR_WORD_COUNT), "-", "what is no anchor is never");
    EQ_TEXT(anchored(x, ANCHOR_ENTRY), "2026-03-02", "entry is the day on which it became known");
    (void)fixture_fact(x, "2026-03-03 10:00 exposed meal until 2026-03-04 01:00");
    EQ_TEXT(anchored(x, ANCHOR_FIRST_EXPOSURE), "2026-03-01", "first exposure");
    EQ_TEXT(anchored(x, ANCHOR_LAST_EXPOSURE), "2026-03-04", "the last exposure is the day on which they parted");
    EQ_TEXT(anchored(x, ANCHOR_LAST_CASE), "2026-03-04", "of a place the same slot holds the last case");
    EQ_TEXT(anchored(x, ANCHOR_STAGE), "2026-03-04", "the stage is counted from day zero");
    (void)fixture_fact(x, "2026-03-05 08:00 result oropharyngeal pcr positive");
    EQ_TEXT(anchored(x, ANCHOR_ONSET_OR_SAMPLE), "2026-03-05", "without symptoms the positive sample");
    (void)fixture_fact(x, "2026-03-07 08:00 symptom");
    EQ_TEXT(anchored(x, ANCHOR_ONSET), "2026-03-07", "onset");
    EQ_TEXT(anchored(x, ANCHOR_ONSET_OR_SAMPLE), "2026-03-07", "with symptoms their onset");
    EQ_TEXT(anchored(x, ANCHOR_POSITIVE_SAMPLE), "2026-03-05", "the positive sample stays");
    EQ_TEXT(fixture_day(enrolment_onset(&x->e)), "2026-03-07", "the onset is told");
}

static void test_imprecise(struct fixture *x)
{
    fixture_begin(x, "contact");
    (void)fixture_fact(x, "2026-03-01 00:00 exposed household until 2026-03-03 23:59 day_only");
    EQ_TEXT(anchored(x, ANCHOR_FIRST_EXPOSURE), "2026-03-01", "the first day an exposure may have been on");
    EQ_TEXT(anchored(x, ANCHOR_LAST_EXPOSURE), "2026-03-03",
            "and the last: a release comes at the latest plausible date");
    fixture_begin(x, "case");
    (void)fixture_fact(x, "2026-03-01 symptom until 2026-03-04 day_only");
    (void)fixture_fact(x, "2026-03-05 09:00 result oropharyngeal pcr positive");
    EQ_TEXT(fixture_day(enrolment_onset(&x->e)), "2026-03-01", "a window opens at the earliest plausible onset");
    EQ_TEXT(anchored(x, ANCHOR_ONSET), "2026-03-04", "days are counted from the latest");
}

static void test_ends(struct fixture *x)
{
    const struct protocol *p = fixture_protocol(x);
    fixture_begin(x, "contact");
    EQ_TEXT(end_of(x), "-", "nobody who is not entered has a stage to end");
    (void)fixture_fact(x, EXPOSED);
    EQ_TEXT(end_of(x), "2026-03-08", "a stage of 7 days covers days 1 to 7");
    EQ_TEXT(day_text(course_total_end(p, &x->e)), "2026-03-11", "the whole course goes on through the next stages");
    EQ_INT(course_stage_day(p, &x->e, course_day_of(p, fixture_time(x, "2026-03-08"))), 7,
           "the day number of its last day");
    OK(!course_is_last(p, &x->e), "one does not leave from the first stage");
    fixture_until(x, "2026-03-09");
    OK(course_is_last(p, &x->e), "one leaves from the last");
    EQ_TEXT(end_of(x), "2026-03-11", "the next stage is counted from the day the one before ended");
    fixture_until(x, "2026-03-12");
    EQ_TEXT(end_of(x), "2026-03-13", "an extension adds its days to the last stage");
    fixture_until(x, "2026-03-14");
    EQ_TEXT(end_of(x), "2026-03-15", "so does the second");

    fixture_begin(x, "contact");
    (void)fixture_fact(x, "2026-03-01 18:00 exposed household open");
    OK(course_is_open(p, &x->e), "while the source is there day zero moves");
    EQ_TEXT(end_of(x), "-", "so the stage has no end yet");
    EQ_TEXT(day_text(course_total_end(p, &x->e)), "-", "nor has the course");
    EQ_INT(course_stage_day(p, &x->e, 30000), 0, "and every day is day zero");
    EQ_TEXT(day_text(course_measure_end(p, &x->e)), "-", "nor has its measure");
    (void)fixture_fact(x, "2026-03-05 12:00 parted");
    EQ_TEXT(end_of(x), "2026-03-12", "parted on 5 March, it ends on the 12th");

    fixture_begin(x, "exclusion");
    (void)fixture_fact(x, EXPOSED " name exclusion");
    EQ_TEXT(end_of(x), "2026-03-05", "until day 4 after the first exposure");
    (void)fixture_fact(x, "2026-03-03 10:00 exposed classroom name exclusion");
    EQ_TEXT(end_of(x), "2026-03-05", "another exposure does not move it");
    fixture_until(x, "2026-03-06");
    EQ_TEXT(end_of(x), "2026-03-24", "until day 21 after the last exposure");
    (void)fixture_fact(x, "2026-03-10 10:00 exposed classroom name exclusion open");
    EQ_TEXT(end_of(x), "-", "an open source keeps the last exposure at today");
    (void)fixture_fact(x, "2026-03-11 10:00 parted");
    EQ_TEXT(end_of(x), "2026-04-01", "and then moves what is counted from it");
    EQ_TEXT(day_text(course_total_end(p, &x->e)), "2026-04-01", "which is the course's end");

    fixture_begin(x, "exclusion");
    (void)fixture_fact(x, "2026-03-01 18:00 exposed classroom name exclusion open");
    EQ_TEXT(end_of(x), "2026-03-05", "an open source does not move what is counted from the first exposure");

    fixture_begin(x, "case");
    (void)fixture_fact(x, "2026-03-01 09:00 result oropharyngeal pcr positive");
    EQ_TEXT(end_of(x), "-", "only an event ends a stage without days");
    (void)fixture_fact(x, "2026-03-02 09:00 clinician_release");
    EQ_TEXT(end_of(x), "-", "a stage that lapses by the clock has no last day");
    EQ_TEXT(fixture_text(x, (utc_sec){(int64_t)x->e.next_min * 60}), "2026-03-03 21:00", "but an hour");

    fixture_begin(x, "forked");
    (void)fixture_fact(x, EXPOSED " name forked");
    EQ_TEXT(day_text(course_total_end(p, &x->e)), "2026-03-07",
            "where the course forks, its end is that of the last way");
    fixture_begin(x, "rounds");
    (void)fixture_fact(x, EXPOSED " name rounds");
    EQ_TEXT(day_text(course_total_end(p, &x->e)), "-", "where it goes round, its end cannot be told");
}

// ---- three knobs, and days set for one person ----

static void test_knobs(struct fixture *x)
{
    const struct protocol *p = fixture_protocol(x);
    fixture_begin(x, "knobs");
    (void)fixture_fact(x, EXPOSED " name knobs");
    EQ_TEXT(end_of(x), "2026-03-15", "follow-up, quarantine and tests are three things: the stage lasts 14 days");
    EQ_TEXT(day_text(course_measure_end(p, &x->e)), "2026-03-06", "its measure 5");
    EQ_TEXT(day_text(course_check_end(p, &x->e)), "2026-03-11", "its checks 10");
    EQ_TEXT(day_text(course_sample_end(p, &x->e)), "2026-03-07", "its samples 6");
    fixture_until(x, "2026-03-16");
    EQ_TEXT(said_days(x, "task_opened check"), "03-02 03-03 03-04 03-05 03-06 03-07 03-08 03-09 03-10 03-11",
            "checked for 10 days");
    EQ_TEXT(said_days(x, "task_opened sample"), "03-03 03-05 03-07", "sampled every second day for 6");
    OK(enrolment_has_ended(&x->e), "and released after the 14th");
}

static const char *days_after(struct fixture *x, const char *pathway, const char *override)
{
    static char days[200];
    const struct protocol *p = fixture_protocol(x);
    fixture_begin(x, pathway);
    (void)fixture_fact(x, EXPOSED " name %s", pathway);
    (void)fixture_fact(x, "2026-03-01 21:00 override by 5 %s", override);
    (void)snprintf(days, sizeof days, "%s: %s %s %s", end_of(x), day_text(course_measure_end(p, &x->e)),
                   day_text(course_check_end(p, &x->e)), day_text(course_sample_end(p, &x->e)));
    return days;
}

static void test_overrides(struct fixture *x)
{
    // Stage, measure, checks, samples. They count from the pathway's day zero.
    EQ_TEXT(days_after(x, "knobs", "check_days 20"), "2026-03-21: 2026-03-06 2026-03-21 2026-03-07",
            "20 days of checks: the last stage grows with them, the measure and the samples do not");
    EQ_TEXT(days_after(x, "knobs", "measure_days 3"), "2026-03-15: 2026-03-04 2026-03-11 2026-03-07",
            "3 days of quarantine: neither the stage nor its checks are shorter for it");
    EQ_TEXT(days_after(x, "knobs", "sample_days 2"), "2026-03-15: 2026-03-06 2026-03-11 2026-03-03",
            "2 days of samples");
    EQ_TEXT(days_after(x, "idle", "measure_days 9"), "2026-03-10: 2026-03-10 2026-03-15 2026-03-15",
            "a stage that is nothing but its measure is over with it");
    EQ_TEXT(days_after(x, "contact", "check_days 20"), "2026-03-08: 2026-03-08 2026-03-08 2026-03-08",
            "a stage that others follow does not grow");
    EQ_TEXT(days_after(x, "contact", "check_days 2"), "2026-03-08: 2026-03-08 2026-03-03 2026-03-08",
            "fewer checks do not end a stage that has a measure and samples");
    // Across the stages of a course.
    fixture_begin(x, "contact");
    (void)fixture_fact(x, EXPOSED);
    (void)fixture_fact(x, "2026-03-01 21:00 override by 5 check_days 13");
    fixture_until(x, "2026-03-09");
    EQ_TEXT(end_of(x), "2026-03-14", "13 days of checks from day zero end in the last stage on 14 March");
    fixture_until(x, "2026-03-20");
    EQ_INT(said_count(x, "task_opened check"), 13, "13 checks are asked for");
    EQ_TEXT(said_days(x, "task_opened sample"), "03-02 03-03 03-04 03-06 03-08 03-11",
            "and the samples of the protocol");

    fixture_begin(x, "contact");
    (void)fixture_fact(x, EXPOSED);
    (void)fixture_fact(x, "2026-03-01 21:00 override by 5 sample_days 4");
    fixture_until(x, "2026-03-20");
    EQ_TEXT(said_days(x, "task_opened sample"), "03-02 03-03 03-04",
            "samples for 4 days: day 5 and later are not asked for");
    EQ_INT(said_count(x, "task_opened check"), 10 + 4, "the checks go on, and through the extensions");
}

// ---- orders ----

static void test_orders(struct fixture *x)
{
    const struct protocol *p = fixture_protocol(x);
    uint8_t quarantine = protocol_measure(p, STR("quarantine"));
    fixture_begin(x, "contact");
    (void)fixture_fact(x, EXPOSED);
    int32_t day = course_day_of(p, fixture_time(x, "2026-03-02"));
    EQ_TEXT(day_text(course_order_end(p, &x->e, quarantine, day - 1)), "2026-03-07",
            "an order reaches to its review, 6 days on");
    EQ_TEXT(day_text(course_order_end(p, &x->e, quarantine, day + 1)), "2026-03-08",
            "or to the end of the measure's days");
    EQ_TEXT(day_text(course_order_end(p, &x->e, quarantine, day + 7)), "2026-03-15",
            "past those days, to the review alone");
    x->e.cap = course_offset(&x->e, day + 2);
    EQ_TEXT(day_text(course_order_end(p, &x->e, quarantine, day)), "2026-03-04", "or to the longest time permitted");
    fixture_begin(x, "idle");
    (void)fixture_fact(x, EXPOSED " name idle");
    x->e.stage = PROTOCOL_NONE;
    EQ_TEXT(day_text(course_order_end(p, &x->e, protocol_measure(p, STR("watch")), day)), "2026-03-23",
            "without review and stage, at_most counts from the day of the order");
}

// ---- what is due next ----

static const char *next_of(struct fixture *x)
{
    return x->e.next_min == ENROLMENT_NEVER ? "-" : fixture_text(x, (utc_sec){(int64_t)x->e.next_min * 60});
}

static void test_next(struct fixture *x)
{
    fixture_begin(x, "idle");
    (void)fixture_fact(x, "2026-02-01 attribute pregnant");
    EQ_TEXT(next_of(x), "-", "nothing is due of whom nothing is known");
    (void)fixture_fact(x, EXPOSED " name idle");
    EQ_TEXT(next_of(x), "2026-03-16 00:00", "a stage with nothing to do costs nothing before its end");
    (void)fixture_fact(x, "2026-03-01 21:00 ordered name quarantine by 1");
    EQ_TEXT(next_of(x), "2026-03-08 00:00", "an order is looked at when it runs out");
    fixture_until(x, "2026-03-16");
    OK(enrolment_has_ended(&x->e), "released");
    EQ_TEXT(next_of(x), "-", "nothing is due of whom all is over");
    (void)fixture_fact(x, "2026-03-20 10:00 seen_well");
    EQ_TEXT(next_of(x), "-", "nor after a later fact");

    fixture_begin(x, "knobs");
    (void)fixture_fact(x, EXPOSED " name knobs");
    EQ_TEXT(next_of(x), "2026-03-02 00:00", "the first check");
    fixture_begin(x, "contact");
    (void)fixture_fact(x, "2026-03-01 18:00 exposed household open");
    EQ_TEXT(next_of(x), "2026-03-02 00:00", "while an exposure is open, the daily checks");
    fixture_begin(x, "idle");
    (void)fixture_fact(x, "2026-03-01 18:00 exposed household name idle open");
    EQ_TEXT(next_of(x), "-", "while an exposure is open and nothing is daily, nothing");
    fixture_begin(x, "case");
    (void)fixture_fact(x, "2026-03-01 09:00 result oropharyngeal pcr positive");
    EQ_TEXT(next_of(x), "-", "a stage that only events end waits for them");
}

struct course {
    const char *name, *pathway;
    const char *facts[8];
};

static const struct course courses[] = {
    {"nothing is answered", "contact", {EXPOSED}},
    {"named late", "contact", {EXPOSED " known 2026-03-07 10:00"}},
    {"some answered",
     "contact",
     {EXPOSED, "2026-03-02 10:00 seen_well", "2026-03-02 11:00 sampled", "2026-03-05 10:00 seen_well"}},
    {"an order",
     "contact",
     {EXPOSED, "2026-03-02 08:00 ordered name quarantine by 1", "2026-03-08 08:00 ordered name quarantine by 2"}},
    {"an order that nobody renews", "knobs", {EXPOSED " name knobs", "2026-03-01 20:00 ordered name quarantine by 1"}},
    {"all negative",
     "contact",
     {EXPOSED, "2026-03-08 09:00 result oropharyngeal pcr negative",
      "2026-03-11 09:00 result oropharyngeal pcr negative"}},
    {"exposed again", "contact", {EXPOSED, "2026-03-09 09:00 exposed meal", "2026-03-12 09:00 sampled"}},
    {"an open exposure",
     "contact",
     {"2026-03-01 18:00 exposed household open", "2026-03-04 10:00 seen_well", "2026-03-06 10:00 parted"}},
    {"more checks", "contact", {EXPOSED, "2026-03-02 09:00 override by 4 check_days 16"}},
    {"fewer",
     "knobs",
     {EXPOSED " name knobs", "2026-03-02 09:00 override by 4 check_days 3", "2026-03-03 10:00 seen_well"}},
    {"exclusion",
     "exclusion",
     {EXPOSED " name exclusion", "2026-03-07 09:00 ordered name quarantine by 1",
      "2026-03-10 10:00 exposed classroom name exclusion"}},
    {"idle",
     "idle",
     {EXPOSED " name idle", "2026-03-02 09:00 ordered name quarantine by 1", "2026-03-20 09:00 seen_well"}},
    {"advice for some of the days", "advised", {EXPOSED " name advised"}},
    {"a quarantine nobody signs", "knobs", {EXPOSED " name knobs"}},
    {"forked", "forked", {EXPOSED " name forked", "2026-03-03 12:00 attribute pregnant"}},
    {"a case", "case", {"2026-03-01 09:00 result oropharyngeal pcr positive", "2026-03-03 10:00 clinician_release"}},
};

// All that is decided by the end of April; with `every_day` nothing is skipped.
static char *lived(struct fixture *x, const struct course *c, bool every_day, struct arena *arena)
{
    const struct protocol *p = fixture_protocol(x);
    fixture_begin(x, c->pathway);
    for (size_t i = 0; i <= 8; i++) {
        const char *fact = i < 8 ? c->facts[i] : NULL;
        utc_sec until = fixture_time(x, "2026-04-30");
        if (fact != NULL) until = fixture_read(x, fact).happened;
        while (every_day && x->begun) {
            int32_t tomorrow = course_midnight(p, course_day_of_minute(p, x->e.last_min) + 1);
            if (enrolment_has_ended(&x->e) || (int64_t)tomorrow * 60 > until.s) break;
            if (tomorrow < x->e.next_min) x->e.next_min = tomorrow;
            fixture_until(x, fixture_text(x, (utc_sec){(int64_t)tomorrow * 60}));
        }
        if (fact == NULL) break;
        (void)fixture_fact(x, "%s", fact);
    }
    fixture_until(x, "2026-04-30");
    char *all = arena_copy(arena, "", 0);
    for (size_t i = 0; i < x->said_count && all != NULL; i++) all = arena_printf(arena, "%s%s\n", all, x->said[i].text);
    return all;
}

static void test_skipping(struct fixture *x)
{
    struct arena arena = {0};
    for (size_t i = 0; i < sizeof courses / sizeof courses[0]; i++) {
        const char *skipped = lived(x, &courses[i], false, &arena);
        size_t decisions = x->said_count;
        const char *daily = lived(x, &courses[i], true, &arena);
        EQ_TEXT(skipped, daily, "%s: skipping idle days misses nothing that stepping day by day finds",
                courses[i].name);
        OK(decisions > 0, "%s: there was something to find", courses[i].name);
    }
    arena_free(&arena);
}

// The same on every pathway of every shipped protocol.
static void test_shipped(void)
{
    static const char *const files[] = {"covid19-cn-8.yaml",
                                        "covid19-cn-9.yaml",
                                        "covid19-cn-20.yaml",
                                        "covid19-cn-10.yaml",
                                        "covid19-cn-lookback4.yaml",
                                        "ebola-who.yaml",
                                        "measles-who.yaml",
                                        "mers-who.yaml",
                                        "mpox-who.yaml"};
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        struct fixture x;
        struct arena arena = {0};
        fixture_open_file(&x, files[i]);
        const struct protocol *p = fixture_protocol(&x);
        size_t decisions = 0;
        for (size_t w = 0; w < p->pathway_count; w++) {
            uint8_t measure = p->stages[p->pathways[w].stage_first].measure;
            const struct course c = {
                files[i],
                p->pathways[w].name,
                {arena_printf(&arena, "2026-03-01 18:00 enrolled name %s", p->pathways[w].name),
                 arena_printf(&arena, "2026-03-02 09:00 ordered name %s by 1 second 2",
                              measure == PROTOCOL_NONE ? "none" : p->measures[measure].name),
                 "2026-03-04 09:00 result oropharyngeal pcr negative", "2026-03-06 21:00 seen_well",
                 "2026-03-08 09:00 symptom",
                 arena_printf(&arena, "2026-03-15 00:00 exposed household name %s", p->pathways[w].name),
                 "2026-03-16 09:00 well"},
            };
            const char *skipped = lived(&x, &c, false, &arena);
            decisions += x.said_count;
            CHECK(strcmp(skipped, lived(&x, &c, true, &arena)) == 0, "%s, %s: skipping idle days misses nothing",
                  files[i], c.pathway);
        }
        OK(decisions > 10 * p->pathway_count, "%s: nothing is missed on its %zu pathways", files[i], p->pathway_count);
        fixture_close(&x);
        arena_free(&arena);
    }
}

// ---- calendars ----

static void test_leap_day(struct fixture *x)
{
    fixture_begin(x, "contact");
    (void)fixture_fact(x, "2024-02-27 18:00 exposed household until 2024-02-27 20:00");
    EQ_TEXT(end_of(x), "2024-03-05", "29 February is a day: 7 days from 27 February 2024 end on 5 March");
    fixture_until(x, "2024-03-06");
    EQ_TEXT(said_days(x, "task_opened sample"), "02-28 02-29 03-01 03-03 03-05", "days 1, 2, 3, 5 and 7");
    fixture_begin(x, "contact");
    (void)fixture_fact(x, "2023-02-27 18:00 exposed household until 2023-02-27 20:00");
    EQ_TEXT(end_of(x), "2023-03-06", "in 2023 on 6 March");
}

static void test_clock_change(void)
{
    static const struct {
        const char *zone, *exposed, *days, *overdue;
    } rows[] = {
        // New York: 8 March 2026 has 23 hours, 1 November 25.
        {"America/New_York", "2026-03-06 22:00", "03-07 03-08 03-09 03-11 03-13",
         "03-07 23:59 03-08 23:59 03-09 23:59"},
        {"America/New_York", "2026-10-30 22:00", "10-31 11-01 11-02 11-04 11-06",
         "10-31 23:59 11-01 23:59 11-02 23:59"},
        // Sao Paulo: 4 November 2018 begins at 01:00.
        {"America/Sao_Paulo", "2018-11-02 22:00", "11-03 11-04 11-05 11-07 11-09",
         "11-03 23:59 11-04 23:59 11-05 23:59"},
        // Half a day from Greenwich: the civil day is the jurisdiction's.
        {"Pacific/Auckland", "2026-06-01 00:30", "06-02 06-03 06-04 06-06 06-08",
         "06-02 23:59 06-03 23:59 06-04 23:59"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct fixture x;
        struct arena arena = {0};
        fixture_open(&x, in_zone(&arena, rows[i].zone));
        fixture_begin(&x, "contact");
        (void)fixture_fact(&x, "%s exposed household", rows[i].exposed);
        utc_sec far = {(int64_t)x.e.next_min * 60 + 8 * 86400};
        fixture_until(&x, fixture_text(&x, far));
        EQ_TEXT(said_days(&x, "task_opened sample"), rows[i].days, "%s, from %s: samples on days 1, 2, 3, 5, 7",
                rows[i].zone, rows[i].exposed);
        char overdue[200] = "";
        for (size_t k = 0, n = 0, seen = 0; k < x.said_count && seen < 3; k++) {
            if (x.said[k].d.kind != DECISION_TASK_OVERDUE || strstr(x.said[k].text, "sample") == NULL) continue;
            n += (size_t)snprintf(overdue + n, sizeof overdue - n, "%s%.11s", seen++ > 0 ? " " : "",
                                  fixture_text(&x, x.said[k].d.at) + 5);
        }
        EQ_TEXT(overdue, rows[i].overdue, "%s: a day closes with its own last minute", rows[i].zone);
        EQ_TEXT(strstr(said(&x, "task_opened sample"), "until") == NULL ? "" : "until", "until", "%s: with a deadline",
                rows[i].zone);
        fixture_close(&x);
        arena_free(&arena);
    }
}

static void test_views(struct fixture *x)
{
    fixture_begin(x, "contact");
    (void)fixture_fact(x, "2026-02-01 attribute pregnant");
    OK(!enrolment_is_open(&x->e) && !enrolment_has_ended(&x->e), "known and not enrolled");
    EQ_INT(enrolment_class(&x->e), EVENT_WORD_COUNT, "of no class");
    EQ_TEXT(fixture_day(enrolment_onset(&x->e)), "-", "with no onset");
    EQ_TEXT(fixture_day(enrolment_day(&x->e, x->e.first_exposure)), "-", "and no exposure");
    (void)fixture_fact(x, EXPOSED);
    OK(enrolment_is_open(&x->e), "enrolled");
    OK(!enrolment_restricts(&x->book, &x->e), "a proposal restricts nobody");
    EQ_TEXT(fixture_day(enrolment_order_until(&x->book, &x->e)), "-", "there is no order");
    EQ_TEXT(fixture_day(enrolment_day(&x->e, x->e.last_exposure)), "2026-03-01", "the exposure is told");
    (void)fixture_fact(x, "2026-03-02 09:00 ordered name quarantine by 1");
    OK(enrolment_restricts(&x->book, &x->e), "a signed order restricts");
    EQ_TEXT(fixture_day(enrolment_order_until(&x->book, &x->e)), "2026-03-08", "until the last day it covers");
    (void)fixture_fact(x, "2026-03-03 09:00 symptom");
    EQ_TEXT(fixture_day(enrolment_onset(&x->e)), "2026-03-03", "onset");
    (void)fixture_fact(x, "2026-03-04 09:00 died");
    OK(enrolment_has_ended(&x->e) && !enrolment_is_open(&x->e), "ended");
    EQ_INT(enrolment_final(&x->e), FINAL_DIED, "by death");
    EQ_TEXT(end_of(x), "-", "there is no stage to end any more");
    OK(!enrolment_restricts(&x->book, &x->e), "and nothing restricts");
}

int main(void)
{
    struct fixture x;
    test_days();
    test_offsets();
    fixture_open(&x, text);
    test_anchors(&x);
    test_imprecise(&x);
    test_ends(&x);
    test_knobs(&x);
    test_overrides(&x);
    test_orders(&x);
    test_next(&x);
    test_skipping(&x);
    test_leap_day(&x);
    test_views(&x);
    fixture_close(&x);
    test_shipped();
    test_clock_change();
    return tap_done();
}
