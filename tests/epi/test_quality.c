// What is known about the data before an estimate: each check finds what was planted and keeps quiet about what was not;
// and the times of the response.
#include "base/rng.h"
#include "epi/quality.h"
#include "epi/timely.h"
#include "tap.h"

#include "sheet.h" // stands on tap.h

enum { DAYS = 400 };
static double count[DAYS], copy[DAYS];

static void test_negative(void)
{
    static const double corrected[] = {10, 20, 30, -12, 8};
    struct quality_mended m;
    double c[5], sum = 0;
    memcpy(c, corrected, sizeof c);
    EQ_INT(quality_mend(c, 5, QUALITY_NEGATIVE_REFUSE, &m, NULL), TONG_E_INVALID,
           "a negative count is refused where that is asked for");
    EQ_INT(quality_mend(c, 5, QUALITY_NEGATIVE_SPREAD, &m, NULL), TONG_OK, "or spread over the days before");
    for (int i = 0; i < 5; i++) sum += c[i];
    NEAR(sum, 56, 1e-12, "which leaves the total as it is");
    OK(fabs(c[0] - 8) < 1e-12 && fabs(c[1] - 16) < 1e-12 && fabs(c[2] - 24) < 1e-12 && c[3] == 0 && c[4] == 8,
       "in proportion to their counts");
    OK(m.days == 1 && m.first == 3 && m.total == -12 && m.unpaid == 0, "and is counted");
    memcpy(c, corrected, sizeof c);
    OK(quality_mend(c, 5, QUALITY_NEGATIVE_ZERO, &m, NULL) == TONG_OK && c[3] == 0 && c[0] == 10 && m.unpaid == 12,
       "or taken as zero");
    memcpy(c, corrected, sizeof c);
    OK(quality_mend(c, 5, QUALITY_NEGATIVE_MISSING, &m, NULL) == TONG_OK && isnan(c[3]), "or as not reported");
    double more[3] = {1, -5, 2};
    OK(quality_mend(more, 3, QUALITY_NEGATIVE_SPREAD, &m, NULL) == TONG_OK && more[0] == 0 && m.unpaid == 4,
       "more than there was is lost and said");
    double far[100] = {50}, nothing[2] = {-3, 1};
    far[99] = -20;
    OK(quality_mend(far, 100, QUALITY_NEGATIVE_SPREAD, &m, NULL) == TONG_OK && far[0] == 30 && m.unpaid == 0,
       "it is fetched from as far back as it takes");
    OK(quality_mend(nothing, 2, QUALITY_NEGATIVE_SPREAD, &m, NULL) == TONG_OK && m.unpaid == 3,
       "from the first day nothing can be fetched");
    double wrong[1] = {HUGE_VAL};
    EQ_INT(quality_mend(wrong, 1, QUALITY_NEGATIVE_ZERO, &m, NULL), TONG_E_INVALID, "an infinite count is no count");
    EQ_INT(quality_mend(wrong, 0, QUALITY_NEGATIVE_ZERO, &m, NULL), TONG_E_INVALID, "nor are none");
}

// Hubei, 12 February 2020: clinical diagnoses were added to the case definition in one day. China's own days about it and
// the reference series have nothing of the kind.
static void test_hubei(void)
{
    struct sheet s;
    if (!sheet_read("data/covid19_china_provinces_2020.csv", &s)) {
        tap_skip("no reference files");
        return;
    }
    double before = 0;
    size_t n = 0;
    int32_t changed = -1;
    for (size_t i = 0; i < s.rows && n < DAYS; i++) {
        if (!sheet_is(&s, i, "code", "420000")) continue;
        double total = sheet_real(&s, i, "cum_confirmed");
        if (sheet_is(&s, i, "date", "2020-02-12")) changed = (int32_t)n;
        count[n++] = fmax(0, total - before);
        before = total;
    }
    struct quality_jump jump[20];
    size_t found = 0, at = 20;
    EQ_INT(quality_jumps(count, n, &(struct quality_jump_options){2.5, 4.5}, jump, 20, &found, NULL), TONG_OK,
           "Hubei is looked through");
    for (size_t i = 0; i < found && i < 20; i++)
        if (jump[i].day == changed) at = i;
    OK(at < 20 && jump[at].count == 13797 && jump[at].expected < 3000 && jump[at].kind == QUALITY_JUMP_BATCH,
       "12 February 2020: %.0f cases where %.0f were expected, one day alone", at < 20 ? jump[at].count : 0,
       at < 20 ? jump[at].expected : 0);
    size_t during = 0;
    for (size_t i = 0; i < found && i < 20; i++)
        during += jump[i].day > changed - 20 && jump[i].day < changed + 10 && jump[i].day != changed;
    EQ_INT(during, 0, "and nothing else in the month about it");
    // As it looked on the evening of that day.
    OK(quality_jumps(count, (size_t)changed + 1, &(struct quality_jump_options){2.5, 4.5}, jump, 20, &found, NULL) ==
               TONG_OK &&
           found > 0 && jump[found - 1].day == changed && jump[found - 1].kind == QUALITY_JUMP_UNKNOWN,
       "it is seen on the day itself");
    sheet_free(&s);
}

static void test_jumps(void)
{
    size_t found, alarms = 0;
    struct quality_jump jump[DAYS];
    const struct quality_jump_options o = {2.5, 4.5};
    for (uint32_t rep = 0; rep < 50; rep++) { // growing, overdispersed, with nothing wrong
        struct rng r = rng_stream(20261122, rep, 0, 0, 0);
        for (int t = 0; t < 120; t++) count[t] = (double)rng_negative_binomial(&r, 20 * exp(0.04 * t), 15);
        if (quality_jumps(count, 120, &o, jump, DAYS, &found, NULL) != TONG_OK) abort();
        alarms += found;
    }
    OK(alarms <= 12, "%zu false jumps in 5,500 days of overdispersed growth", alarms);
    for (int t = 0; t < 60; t++) count[t] = 100 + t % 7;
    for (int t = 40; t < 60; t++) count[t] = 420;
    OK(quality_jumps(count, 60, &o, jump, DAYS, &found, NULL) == TONG_OK && found >= 1 && jump[0].day == 40 &&
           jump[0].kind == QUALITY_JUMP_LEVEL,
       "a level that stays is told from a batch");
    memcpy(copy, count, sizeof copy);
    for (int t = 0; t < 60; t++) copy[t] = 10 * count[t];
    size_t scaled;
    OK(quality_jumps(copy, 60, &o, jump, DAYS, &scaled, NULL) == TONG_OK && scaled >= found && jump[0].day == 40,
       "ten times the counts, the same day");
    for (int t = 0; t < 30; t++) count[t] = NAN;
    OK(quality_jumps(count, 30, &o, jump, DAYS, &found, NULL) == TONG_OK && found == 0,
       "days without reports are not judged");
    EQ_INT(quality_jumps(count, 60, &(struct quality_jump_options){1, 3}, jump, 1, &found, NULL), TONG_E_INVALID,
           "a factor of 1 is refused");
    count[3] = -1;
    EQ_INT(quality_jumps(count, 60, &o, jump, 1, &found, NULL), TONG_E_INVALID, "as are negative counts");
}

static void test_weekdays(void)
{
    struct quality_weekday w;
    const civil_day monday = {18995}; // 2022-01-03
    int seen = 0, quiet = 0;
    for (uint32_t rep = 0; rep < 100; rep++) {
        struct rng r = rng_stream(7, rep, 0, 0, 0);
        for (int t = 0; t < 84; t++) count[t] = (double)rng_poisson(&r, t % 7 >= 5 ? 30 : 60);
        if (quality_weekdays(count, 84, monday, &w, NULL) != TONG_OK) abort();
        seen += w.defined && w.p < 1e-6 && w.weekend > 0.4 && w.weekend < 0.6;
        for (int t = 0; t < 84; t++) count[t] = (double)rng_negative_binomial(&r, 50, 10);
        if (quality_weekdays(count, 84, monday, &w, NULL) != TONG_OK) abort();
        quiet += w.p > 0.01;
    }
    EQ_INT(seen, 100, "weekends of half the reports are found every time, and their size");
    OK(quiet >= 95, "without a weekend %d of 100 series keep quiet at one per cent", quiet);
    civil_day tuesday = {monday.d + 1};
    struct quality_weekday moved;
    for (int t = 0; t < 84; t++) count[t] = t % 7 >= 5 ? 30 : 60, copy[(t + 83) % 84] = count[t];
    OK(quality_weekdays(count, 84, monday, &w, NULL) == TONG_OK &&
           quality_weekdays(copy, 84, tuesday, &moved, NULL) == TONG_OK && fabs(moved.weekend - w.weekend) < 0.02,
       "begun a day later it is the same weekend");
    OK(quality_weekdays(count, 20, monday, &w, NULL) == TONG_OK && !w.defined && w.p == 1, "three weeks are too few");
    EQ_INT(quality_weekdays(count, 84, (civil_day){CIVIL_DAY_NONE}, &w, NULL), TONG_E_INVALID, "no date, no weekday");
    for (int t = 0; t < 84; t++) count[t] = t % 7 >= 5 ? 40 : 0;
    OK(quality_weekdays(count, 84, monday, &w, NULL) == TONG_OK && isfinite(w.p) && isinf(w.weekend), "weekends alone");
}

static void test_digits(void)
{
    static double age[600];
    struct quality_digits d;
    for (int i = 0; i < 600; i++) age[i] = 10 + i % 80;
    OK(quality_last_digits(age, 600, 10, &d, NULL) == TONG_OK && d.defined && d.p > 0.5 && fabs(d.whipple - 100) < 12,
       "ages without preference");
    for (int i = 0; i < 200; i++) age[i] = 5 * round(age[i] / 5);
    OK(quality_last_digits(age, 600, 10, &d, NULL) == TONG_OK && d.p < 1e-6 && d.part_0_5 > 0.4 && d.whipple > 180,
       "a third rounded to fives are found: p %.1g, Whipple %.0f", d.p, d.whipple);
    for (int i = 0; i < 600; i++) age[i] = i % 2 == 0 ? NAN : i % 3 == 0 ? 12.5 : -4;
    OK(quality_last_digits(age, 600, 10, &d, NULL) == TONG_OK && !d.defined && d.n == 0 && d.p == 1,
       "what is no whole number is passed over");
}

static void test_silence(void)
{
    struct quality_silence s;
    for (int t = 0; t < 60; t++) count[t] = t < 50 ? 3 + t % 3 : 0;
    OK(quality_silent(count, 60, 28, &s, NULL) == TONG_OK && s.defined && s.days == 10 && s.p < 1e-10 &&
           fabs(s.expected - 4) < 0.2,
       "ten days without a report after four a day");
    OK(quality_silent(count, 50, 28, &s, NULL) == TONG_OK && s.days == 0 && s.p == 1, "no silence yet");
    for (int t = 0; t < 60; t++) count[t] = t % 9 == 0;
    OK(quality_silent(count, 60, 28, &s, NULL) == TONG_OK && s.days == 5 && s.p > 0.1,
       "a site that reports one in nine days is not silent after five");
    for (int t = 0; t < 60; t++) count[t] = t < 20 ? 40 * (t % 5 == 0) : 0;
    double alike = 0;
    OK(quality_silent(count, 60, 28, &s, NULL) == TONG_OK && s.p < 1 && s.p > 0,
       "batches: days that vary make silence likelier");
    alike = exp(-s.expected * s.days);
    OK(s.p > alike, "than Poisson days would");
    EQ_INT(quality_silent(count, 60, 3, &s, NULL), TONG_E_INVALID, "three days to judge by are refused");
    for (int t = 0; t < 10; t++) count[t] = NAN;
    OK(quality_silent(count, 10, 28, &s, NULL) == TONG_OK && !s.defined, "nothing was ever reported");
}

static void test_rows(struct arena *a)
{
    struct sheet s;
    civil_day before[4] = {{10}, {20}, {CIVIL_DAY_NONE}, {0}}, after[4] = {{12}, {19}, {5}, {5000}};
    quality_order verdict[4];
    struct quality_interval v;
    quality_intervals(before, after, 4, false, 1000, verdict, &v);
    OK(v.judged == 3 && v.reversed == 1 && v.far == 1 && verdict[0] == QUALITY_ORDER_FINE &&
           verdict[1] == QUALITY_ORDER_REVERSED && verdict[2] == QUALITY_ORDER_UNKNOWN &&
           verdict[3] == QUALITY_ORDER_FAR,
       "intervals: fine, reversed, unknown, too long");
    uint64_t key[6] = {7, 8, 7, 0, 0, 7};
    int32_t first[6];
    int64_t found;
    OK(quality_duplicates(key, 6, first, &found, a, NULL) == TONG_OK && found == 2 && first[0] == -1 && first[2] == 0 &&
           first[5] == 0 && first[4] == -1,
       "twice reported rows point at the first");
    for (int clean = 0; clean < 2;
         clean++) { // 59 rows have their onset on the day of infection or before, put in on purpose
        const char *file = clean ? "data/ebola_sim_clean_linelist.csv" : "data/ebola_sim_linelist.csv";
        if (!sheet_read(file, &s)) {
            tap_skip("no %s", file);
            return;
        }
        civil_day *infection = arena_array(a, s.rows, sizeof *infection),
                  *onset = arena_array(a, s.rows, sizeof *onset);
        for (size_t i = 0; i < s.rows; i++) {
            const char *x = sheet_text(&s, i, "date_of_infection"), *y = sheet_text(&s, i, "date_of_onset");
            if (!civil_parse(str_z(x), &infection[i])) infection[i].d = CIVIL_DAY_NONE;
            if (!civil_parse(str_z(y), &onset[i])) onset[i].d = CIVIL_DAY_NONE;
        }
        quality_intervals(infection, onset, s.rows, true, 0, NULL, &v);
        EQ_INT(v.reversed, clean ? 0 : 59, "%s: impossible intervals", file);
        sheet_free(&s);
    }
}

// ---- times of the response ----

static void test_within(struct arena *a)
{
    // Done in time, done late, open within the limit, open past it, no beginning, an end before the beginning.
    const struct timely_span span[6] = {{0, 60},          {0, 600}, {950, TIMELY_NONE}, {100, TIMELY_NONE},
                                        {TIMELY_NONE, 5}, {50, 10}};
    struct timely_part p;
    struct timely_time t;
    OK(timely_within(span, 6, 1000, 120, 0.95, &p, NULL) == TONG_OK && p.met == 1 && p.missed == 2 &&
           p.undecided == 1 && p.unknown == 2,
       "each span where it belongs");
    OK(p.defined && fabs(p.part.estimate - 1.0 / 3) < 1e-15 && p.part.lower < 1.0 / 3 && p.part.upper > 1.0 / 3,
       "one in three");
    OK(timely_within(span + 2, 1, 1000, 120, 0.95, &p, NULL) == TONG_OK && !p.defined, "undecided alone has no part");
    // Waiting longer never turns a miss into a hit.
    for (int64_t now = 0; now < 3000; now += 50) {
        struct timely_part q;
        if (timely_within(span, 6, now, 120, 0.95, &q, NULL) != TONG_OK) abort();
        CHECK(q.met + q.missed + q.undecided + q.unknown == 6, "all six are somewhere at %lld", (long long)now);
        CHECK(q.met <= 1, "met at %lld", (long long)now);
    }
    EQ_INT(timely_within(span, 6, 1000, -1, 0.95, &p, NULL), TONG_E_INVALID, "a negative limit is refused");
    EQ_INT(timely_within(span, 6, 1000, 10, 1, &p, NULL), TONG_E_INVALID, "and certainty");
    const struct timely_span km[5] = {{0, 10}, {0, 20}, {985, TIMELY_NONE}, {0, 30}, {0, 40}}; // one censored at 15
    OK(timely_quantiles(km, 5, 1000, a, &t, NULL) == TONG_OK && t.half == 30 && t.nine_tenths == 40 && t.done == 4 &&
           t.open == 1,
       "half by 30 (Kaplan and Meier: 0.8, 0.533, 0.267, 0)");
    OK(timely_quantiles(km + 2, 1, 1000, a, &t, NULL) == TONG_OK && isinf(t.half) && t.defined,
       "nothing done yet: not reached");
    const struct timely_span tied[4] = {{0, 10}, {990, TIMELY_NONE}, {0, 10}, {TIMELY_NONE, 5}};
    OK(timely_quantiles(tied, 4, 1000, a, &t, NULL) == TONG_OK && t.half == 10 && isinf(t.nine_tenths) &&
           t.unknown == 1,
       "who is censored at the moment of an end was still at risk then");
    OK(timely_quantiles(km, 0, 1000, a, &t, NULL) == TONG_OK && !t.defined, "nothing at all");
}

static void test_717(void)
{
    enum { DAY = 1440 };
    const struct timely_717 e[4] = {{0, 6 * DAY, 7 * DAY, 10 * DAY},                    // all in time
                                    {0, 8 * DAY, 8 * DAY, 9 * DAY},                     // detected late
                                    {0, 5 * DAY, TIMELY_NONE, TIMELY_NONE},             // never notified
                                    {29 * DAY, TIMELY_NONE, TIMELY_NONE, TIMELY_NONE}}; // of yesterday
    struct timely_717_parts p;
    OK(timely_717_of(e, 4, 30 * DAY, 0.95, &p, NULL) == TONG_OK && p.detect.met == 2 && p.detect.missed == 1 &&
           p.detect.undecided == 1 && p.notify.met == 2 && p.notify.missed == 1 && p.respond.met == 2,
       "7-1-7, target by target");
    OK(p.all.met == 1 && p.all.missed == 2 && p.all.undecided == 1, "and all three of one event");
    EQ_INT(timely_717_of(e, 4, 0, 2, &p, NULL), TONG_E_INVALID, "a level of 2 is refused");
}

static void test_work(struct arena *a)
{
    const struct timely_span m[4] = {{0, 2880}, {1440, TIMELY_NONE}, {TIMELY_NONE, 10}, {9000, TIMELY_NONE}};
    NEAR(timely_person_days(m, 4, 4320), 4, 1e-12, "two days over, two so far, none unknown, none to come");
    const int64_t who[6] = {1, 2, 1, 1, 2, 1};
    const double at[6] = {0, 100, 3, 4, 300, 60}, broken[1] = {NAN};
    struct timely_work w;
    OK(timely_entering(who, at, 6, 10, 2, a, &w, NULL) == TONG_OK && w.entries == 6 && w.people == 2,
       "six entries of two people");
    NEAR(w.minutes, 2 + 3 + 1 + 2 + 2 + 2, 1e-12, "gaps where somebody went on, two minutes where not");
    NEAR(w.median, 2, 1e-12, "half of them in two minutes");
    EQ_INT(timely_entering(who, broken, 1, 10, 2, a, &w, NULL), TONG_E_INVALID, "no time, no work");
    EQ_INT(timely_entering(who, at, 6, 0, 0, a, &w, NULL), TONG_E_INVALID, "gaps of nothing are refused");
    OK(timely_entering(who, at, 0, 10, 2, a, &w, NULL) == TONG_OK && w.minutes == 0, "no entries, no minutes");
}

int main(void)
{
    struct arena a = {0};
    test_negative();
    test_hubei();
    test_jumps();
    test_weekdays();
    test_digits();
    test_silence();
    test_rows(&a);
    test_within(&a);
    test_717();
    test_work(&a);
    arena_free(&a);
    return tap_done();
}
