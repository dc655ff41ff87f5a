#include "panels.h"

#include "reference.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Cumulative to daily; a day without a figure stands as the one before.
static void daily(double *x, int32_t n)
{
    double before = 0;
    for (int32_t t = 0; t < n; t++) {
        double now = isnan(x[t]) ? before : x[t];
        x[t] = now - before;
        before = now;
    }
}

static double *room(struct arena *a, int32_t places, int32_t days)
{
    double *x = arena_array(a, (size_t)places * (size_t)days, sizeof *x);
    if (x == NULL) abort();
    return x;
}

// One column a day from the fifth on, one row a place.
static bool wide(struct arena *a, const char *path, int32_t most, struct forecast_panel *out)
{
    struct ref_table t;
    if (!ref_read(a, path, &t)) return false;
    int32_t days = (int32_t)t.columns - 4;
    if (most > 0 && most < days) days = most;
    double *x = room(a, (int32_t)t.rows, days);
    for (size_t i = 0; i < t.rows; i++) {
        for (int32_t d = 0; d < days; d++) {
            const char *cell = t.cell[i * t.columns + 4 + (size_t)d];
            x[i * (size_t)days + (size_t)d] = *cell == 0 ? (double)NAN : strtod(cell, NULL);
        }
        daily(x + i * (size_t)days, days);
    }
    *out = (struct forecast_panel){.places = (int32_t)t.rows, .days = days, .count = x};
    return true;
}

// One column a place after the date.
static bool columns(struct arena *a, const char *path, struct forecast_panel *out)
{
    struct ref_table t;
    if (!ref_read(a, path, &t)) return false;
    int32_t places = (int32_t)t.columns - 1, days = (int32_t)t.rows;
    double *x = room(a, places, days);
    for (int32_t p = 0; p < places; p++) {
        for (int32_t d = 0; d < days; d++) {
            const char *cell = t.cell[(size_t)d * t.columns + (size_t)p + 1];
            x[(size_t)p * (size_t)days + (size_t)d] = *cell == 0 ? (double)NAN : strtod(cell, NULL);
        }
        daily(x + (size_t)p * (size_t)days, days);
    }
    *out = (struct forecast_panel){.places = places, .days = days, .count = x};
    return true;
}

static int text_order(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

// The different texts of a column, sorted (days) or in order of their first row (places).
static int32_t different(struct arena *a, const struct ref_table *t, const char *column, bool sorted, const char ***out)
{
    const char **found = arena_array(a, t->rows + 1, sizeof *found);
    if (found == NULL) abort();
    size_t n = 0;
    if (sorted) {
        for (size_t i = 0; i < t->rows; i++) found[i] = ref_text_in(t, i, column);
        qsort(found, t->rows, sizeof *found, text_order);
        for (size_t i = 0; i < t->rows; i++)
            if (i == 0 || strcmp(found[i], found[n - 1]) != 0) found[n++] = found[i];
    } else
        for (size_t i = 0; i < t->rows; i++) {
            const char *text = ref_text_in(t, i, column);
            size_t k = 0;
            while (k < n && strcmp(found[k], text) != 0) k++;
            if (k == n) found[n++] = text;
        }
    *out = found;
    return (int32_t)n;
}

// One row a day and place; place NULL: one place.
static bool rows(struct arena *a, const char *path, const char *place, const char *value, int32_t most,
                 struct forecast_panel *out)
{
    struct ref_table t;
    if (!ref_read(a, path, &t)) return false;
    const char **day, **name = NULL;
    int32_t days = different(a, &t, "date", true, &day), places = 1;
    if (place != NULL) places = different(a, &t, place, false, &name);
    if (most > 0 && most < days) days = most;
    double *x = room(a, places, days);
    for (int64_t k = 0; k < (int64_t)places * days; k++) x[k] = (double)NAN;
    for (size_t i = 0; i < t.rows; i++) {
        const char *date = ref_text_in(&t, i, "date");
        const char **at = bsearch(&date, day, (size_t)days, sizeof *day, text_order);
        int32_t p = 0;
        while (place != NULL && strcmp(name[p], ref_text_in(&t, i, place)) != 0) p++;
        if (at != NULL) x[(int64_t)p * days + (at - day)] = ref_real_in(&t, i, value);
    }
    for (int32_t p = 0; p < places; p++) daily(x + (int64_t)p * days, days);
    *out = (struct forecast_panel){.places = places, .days = days, .count = x};
    return true;
}

// Italy stops reporting daily after the first 960 days.
size_t panels_read(struct arena *a, struct panel_set *out)
{
    enum { ITALY_DAYS = 960, JHU_DAYS = 132 };
    static const char italy[] = "data/covid19_italy_national.csv", regions[] = "data/covid19_italy_regions_2020.csv",
                      jhu[] = "data/covid19_jhu_confirmed_2020-01-22_2020-06-01.csv",
                      jhu_dead[] = "data/covid19_jhu_deaths_2020-01-22_2020-06-09.csv",
                      key[] = "data/covid19_jhu_key_countries_cumulative.csv",
                      china[] = "data/covid19_china_national_2019-12-01_2020-06-30.csv",
                      provinces[] = "data/covid19_china_provinces_2020.csv",
                      hubei[] = "data/covid19_hubei_cities_2020.csv";
    const struct panel_set all[PANELS_MAX] = {
        {.name = "Italy, cases"},
        {.name = "regions of Italy, cases", .chosen_on = true},
        {.name = "JHU 2020, cases", .chosen_on = true},
        {.name = "JHU key countries 2020-22, cases", .chosen_on = true},
        {.name = "provinces of China, cases", .chosen_on = true},
        {.name = "cities of Hubei, cases"},
        {.name = "China, cases"},
        {.name = "Italy, deaths", .deaths = true},
        {.name = "regions of Italy, deaths", .deaths = true, .chosen_on = true},
        {.name = "JHU 2020, deaths", .deaths = true, .chosen_on = true},
        {.name = "provinces of China, deaths", .deaths = true, .chosen_on = true},
        {.name = "China, deaths", .deaths = true},
    };
    memcpy(out, all, sizeof all);
    struct forecast_panel p[PANELS_MAX];
    if (!rows(a, italy, NULL, "cum_cases", ITALY_DAYS, &p[0]) || !rows(a, regions, "region", "cum_cases", 0, &p[1]) ||
        !wide(a, jhu, JHU_DAYS, &p[2]) || !columns(a, key, &p[3]) ||
        !rows(a, provinces, "code", "cum_confirmed", 0, &p[4]) ||
        !rows(a, hubei, "city_code", "cum_confirmed", 0, &p[5]) || !rows(a, china, NULL, "cum_confirmed", 0, &p[6]) ||
        !rows(a, italy, NULL, "cum_deaths", ITALY_DAYS, &p[7]) || !rows(a, regions, "region", "cum_deaths", 0, &p[8]) ||
        !wide(a, jhu_dead, JHU_DAYS, &p[9]) || !rows(a, provinces, "code", "cum_dead", 0, &p[10]) ||
        !rows(a, china, NULL, "cum_dead", 0, &p[11]))
        return 0;
    p[7].driver = p[0].count;
    p[8].driver = p[1].count;
    p[9].driver = p[2].count;
    p[10].driver = p[4].count;
    p[11].driver = p[6].count;
    for (size_t i = 0; i < PANELS_MAX; i++) out[i].panel = p[i];
    return PANELS_MAX;
}
