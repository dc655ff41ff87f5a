// Epidemic curves: dense days, classes, undated cases, weeks, and the limits.
#include "epi/curve.h"
#include "tap.h"

static civil_day day_of(int32_t year, int32_t month, int32_t day)
{
    civil_day d = {CIVIL_DAY_NONE};
    if (!civil_from_date((struct civil_date){year, month, day}, &d)) abort();
    return d;
}

static void test_counts(struct arena *a)
{
    civil_day base = day_of(2015, 5, 11), none = {CIVIL_DAY_NONE};
    civil_day days[] = {base, {base.d + 3}, {base.d + 3}, none, {base.d + 4}, {base.d + 3}, none};
    uint8_t classes[] = {0, 1, 1, 1, 2, 0, 1};
    struct curve c;
    struct curve_input in = {
        .day = days, .class_of = classes, .case_count = 7, .classes = 3, .first = none, .last = none};
    EQ_INT(curve_build(&in, a, &c, NULL), TONG_OK, "a curve is built");
    EQ_INT(c.days, 5, "it covers the first to the last day");
    EQ_INT(c.first.d, base.d, "from the first onset");
    EQ_INT(curve_on(&c, (civil_day){base.d + 3}, 1), 2, "two of class 1 on the fourth day");
    EQ_INT(curve_total_on(&c, (civil_day){base.d + 3}), 3, "three in all on that day");
    EQ_INT(curve_total_on(&c, (civil_day){base.d + 1}), 0, "a day without cases is there, with zero");
    EQ_INT(curve_total_on(&c, (civil_day){base.d - 1}), 0, "nothing before the curve");
    EQ_INT(curve_total_on(&c, (civil_day){base.d + 5}), 0, "nothing after it");
    EQ_INT(curve_total(&c), 5, "dated cases");
    EQ_INT(c.undated[1], 2, "undated cases are counted apart, by class");
    EQ_INT(c.undated[0], 0, "and only there");
    int64_t most = 0;
    civil_day peak = curve_peak(&c, &most);
    EQ_INT(peak.d, base.d + 3, "the peak");
    EQ_INT(most, 3, "its height");
}

static void test_frame(struct arena *a)
{
    civil_day base = day_of(2020, 2, 28), none = {CIVIL_DAY_NONE};
    civil_day days[] = {{base.d + 1}, {base.d + 2}};
    struct curve c;
    struct curve_input in = {.day = days, .case_count = 2, .first = {base.d - 10}, .last = {base.d + 20}};
    EQ_INT(curve_build(&in, a, &c, NULL), TONG_OK, "a curve over a wider frame");
    EQ_INT(c.days, 31, "covers the frame");
    EQ_INT(c.classes, 1, "no classes are one class");
    EQ_INT(curve_total_on(&c, day_of(2020, 2, 29)), 1, "the leap day has its own count");
    in = (struct curve_input){.day = days, .case_count = 0, .first = none, .last = none};
    EQ_INT(curve_build(&in, a, &c, NULL), TONG_OK, "no cases");
    EQ_INT(c.days, 0, "give an empty curve");
    int64_t most = -1;
    EQ_INT(curve_peak(&c, &most).d, CIVIL_DAY_NONE, "which has no peak");
    EQ_INT(most, 0, "of height 0");
    struct curve_week *weeks = NULL;
    size_t count = 9;
    EQ_INT(curve_weeks(&c, a, &weeks, &count, NULL), TONG_OK, "and weeks");
    EQ_INT(count, 0, "none");
}

static void test_limit(struct arena *a)
{
    civil_day none = {CIVIL_DAY_NONE};
    civil_day days[] = {{0}, {CURVE_DAYS_MAX - 1}};
    struct curve c = {.days = -7};
    struct err err;
    struct curve_input in = {.day = days, .case_count = 2, .first = none, .last = none};
    EQ_INT(curve_build(&in, a, &c, &err), TONG_OK, "the longest span");
    EQ_INT(c.days, CURVE_DAYS_MAX, "is covered");
    days[1].d++;
    c.days = -7;
    EQ_INT(curve_build(&in, a, &c, &err), TONG_E_LIMIT, "one day more is refused: a date is wrong");
    EQ_INT(c.days, -7, "and the output untouched");
}

static void test_weeks(struct arena *a)
{
    // 2019-12-30 is the Monday of week 1 of 2020; 2020-01-05 its Sunday.
    civil_day days[] = {day_of(2020, 1, 5), day_of(2020, 1, 6), day_of(2020, 1, 20), day_of(2020, 1, 20)};
    struct curve c;
    struct curve_week *weeks = NULL;
    size_t n = 0;
    struct curve_input in = {.day = days, .case_count = 4, .first = {CIVIL_DAY_NONE}, .last = {CIVIL_DAY_NONE}};
    EQ_INT(curve_build(&in, a, &c, NULL), TONG_OK, "a curve");
    EQ_INT(curve_weeks(&c, a, &weeks, &n, NULL), TONG_OK, "by week");
    EQ_INT(n, 4, "four weeks, the empty one among them");
    EQ_INT(weeks[0].week.year * 100 + weeks[0].week.week, 202001, "the first is week 1 of 2020");
    EQ_INT(weeks[0].count, 1, "with one case");
    EQ_INT(weeks[1].count, 1, "Monday belongs to the next week");
    EQ_INT(weeks[2].count, 0, "a week without cases");
    EQ_INT(weeks[3].count, 2, "two in the last");
    EQ_INT(weeks[0].monday.d, day_of(2019, 12, 30).d, "which began in the old year");
}

int main(void)
{
    struct arena a = {0};
    test_counts(&a);
    test_frame(&a);
    test_limit(&a);
    test_weeks(&a);
    arena_free(&a);
    return tap_done();
}
