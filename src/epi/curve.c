#include "epi/curve.h"

#include <assert.h>

static void curve_stretch(civil_day day, civil_day *first, civil_day *last)
{
    if (day.d == CIVIL_DAY_NONE) return;
    if (first->d == CIVIL_DAY_NONE || day.d < first->d) *first = day;
    if (last->d == CIVIL_DAY_NONE || day.d > last->d) *last = day;
}

tong_code curve_build(const struct curve_input *in, struct arena *arena, struct curve *out, struct err *err)
{
    struct curve c = {.first = {CIVIL_DAY_NONE}, .classes = in->classes == 0 ? 1 : in->classes};
    assert(c.classes >= 1);
    assert(c.classes <= CURVE_CLASSES_MAX);
    civil_day last = {CIVIL_DAY_NONE};
    for (size_t i = 0; i < in->case_count; i++) curve_stretch(in->day[i], &c.first, &last);
    curve_stretch(in->first, &c.first, &last);
    curve_stretch(in->last, &c.first, &last);
    int64_t days = c.first.d == CIVIL_DAY_NONE ? 0 : (int64_t)last.d - c.first.d + 1;
    if (days > CURVE_DAYS_MAX) return tong_fail(err, TONG_E_LIMIT, "the dates span %lld days", (long long)days);
    c.days = (int32_t)days;
    c.count = arena_array(arena, (size_t)days * (size_t)c.classes + 1, sizeof *c.count);
    if (c.count == NULL) return tong_fail(err, TONG_E_NOMEM, "no memory for a curve of %d days", (int)c.days);
    for (size_t i = 0; i < in->case_count; i++) {
        int32_t class = in->class_of == NULL ? 0 : in->class_of[i];
        assert(class < c.classes);
        if (in->day[i].d == CIVIL_DAY_NONE) c.undated[class]++;
        else c.count[(int64_t)(in->day[i].d - c.first.d) * c.classes + class]++;
    }
    *out = c;
    return TONG_OK;
}

int64_t curve_on(const struct curve *c, civil_day day, int32_t class)
{
    assert(class >= 0);
    assert(class < c->classes);
    if (c->days == 0 || day.d < c->first.d || day.d - c->first.d >= c->days) return 0;
    return c->count[(int64_t)(day.d - c->first.d) * c->classes + class];
}

int64_t curve_total_on(const struct curve *c, civil_day day)
{
    int64_t total = 0;
    for (int32_t class = 0; class < c->classes; class ++) total += curve_on(c, day, class);
    return total;
}

int64_t curve_total(const struct curve *c)
{
    int64_t total = 0;
    for (int64_t i = 0; i < (int64_t)c->days * c->classes; i++) total += c->count[i];
    return total;
}

civil_day curve_peak(const struct curve *c, int64_t *cases)
{
    civil_day peak = {CIVIL_DAY_NONE};
    *cases = 0;
    for (int32_t i = 0; i < c->days; i++) {
        civil_day day = {c->first.d + i};
        int64_t n = curve_total_on(c, day);
        if (n <= *cases) continue;
        *cases = n;
        peak = day;
    }
    return peak;
}

tong_code curve_weeks(const struct curve *c, struct arena *arena, struct curve_week **out, size_t *count,
                      struct err *err)
{
    if (c->days == 0) {
        *out = NULL;
        *count = 0;
        return TONG_OK;
    }
    int32_t monday = c->first.d - (civil_weekday(c->first) - 1);
    int32_t last = c->first.d + c->days - 1;
    size_t n = (size_t)(last - monday) / 7 + 1;
    struct curve_week *weeks = arena_array(arena, n, sizeof *weeks);
    if (weeks == NULL) return tong_fail(err, TONG_E_NOMEM, "no memory for %zu weeks", n);
    for (size_t i = 0; i < n; i++) {
        weeks[i].monday = (civil_day){monday + (int32_t)i * 7};
        weeks[i].week = civil_iso_week(weeks[i].monday);
        for (int32_t d = 0; d < 7; d++) weeks[i].count += curve_total_on(c, (civil_day){weeks[i].monday.d + d});
    }
    *out = weeks;
    *count = n;
    return TONG_OK;
}
