// bench_forecast.c -- how good the forecasts are on real epidemics: ./dev bench forecast
//
// Every week of each series is forecast 1 to 4 weeks ahead from what was known on its day, by every method, the
// ensemble and the flat baseline of the forecast hubs; then all are judged. The goals are those of the whole: WIS
// summed over the weeks ahead at most 0.70 (cases) and 0.60 (deaths) of the baseline's, better at every horizon on both
// scales, and 90 % intervals that hold 80 to 97 %. The priors were chosen on every second place of some panels ("chosen
// on"); the other places and panels are told apart. Without the data beside the checkout nothing is measured.
#include "epi/ensemble.h"
#include "epi/panels.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static const char *const member_name[ENSEMBLE_MEMBERS] = {"flat", "trend", "renewal", "regression", "ensemble"};
static const double goal_cases = 0.70, goal_deaths = 0.60, goal_low = 0.80, goal_high = 0.97;

enum { PART_ALL, PART_CHOSEN_ON, PART_REST, PARTS };
static const char *const part_name[PARTS] = {"all", "chosen on", "the rest"};

struct total {
    struct ensemble_scores of[2][PARTS]; // cases, deaths
};

static double clock_now(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void add(struct ensemble_scores *to, const struct ensemble_scores *s)
{
    for (int m = 0; m < ENSEMBLE_MEMBERS; m++)
        for (int h = 0; h < FORECAST_WEEKS; h++) {
            to->of[m][h].forecasts += s->of[m][h].forecasts;
            to->of[m][h].wis += s->of[m][h].wis;
            to->of[m][h].wis_log += s->of[m][h].wis_log;
            to->of[m][h].covered_50 += s->of[m][h].covered_50;
            to->of[m][h].covered_90 += s->of[m][h].covered_90;
        }
}

// Ratios to the baseline by weeks ahead, plain / log scale, and the coverage of the 90 % interval.
static void say(const struct ensemble_scores *s, int32_t member)
{
    (void)printf("    %-11s", member_name[member]);
    for (int h = 0; h < FORECAST_WEEKS; h++) {
        const struct ensemble_score *a = &s->of[member][h], *b = &s->of[FORECAST_FLAT][h];
        (void)printf("  %.3f/%.3f %3.0f%%", a->wis / b->wis, a->wis_log / b->wis_log,
                     100 * a->covered_90 / a->forecasts);
    }
    (void)printf("   sum %.3f, log %.3f, 90 %%: %.1f, 50 %%: %.1f\n", ensemble_ratio(s, member, false),
                 ensemble_ratio(s, member, true), 100 * ensemble_coverage(s, member, true),
                 100 * ensemble_coverage(s, member, false));
}

static tong_code run(const struct panel_set *set, struct total *total, struct err *err)
{
    struct arena a = {0};
    struct ensemble_log log;
    double began = clock_now();
    tong_code code = ensemble_open(set->panel.places, ENSEMBLE_ORIGINS_MAX, &a, &log, err);
    for (int32_t now = FORECAST_FIRST; now + 7 < set->panel.days && code == TONG_OK; now += 7)
        code = ensemble_add(&log, &set->panel, now, &a, err);
    double seconds = clock_now() - began;
    bool *odd = arena_array(&a, (size_t)set->panel.places, sizeof *odd);
    bool *even = arena_array(&a, (size_t)set->panel.places, sizeof *even);
    if (odd == NULL || even == NULL) abort();
    for (int32_t p = 0; p < set->panel.places; p++) {
        odd[p] = p % 2 == 1 && set->chosen_on;
        even[p] = !odd[p];
    }
    const bool *place[PARTS] = {NULL, odd, even};
    for (int part = 0; part < PARTS && code == TONG_OK; part++) {
        struct ensemble_scores s;
        code = ensemble_judge(&log, &set->panel, 0, log.origins, place[part], &s, err);
        if (code != TONG_OK) break;
        add(&total->of[set->deaths][part], &s);
        if (part == PART_ALL)
            (void)printf("%s: %d places, %d origins, %.0f forecasts a method and week, %.2f s\n", set->name,
                         (int)set->panel.places, (int)log.origins, s.of[0][0].forecasts, seconds);
        if (!set->chosen_on && part != PART_ALL) continue;
        if (part != PART_ALL) (void)printf("   %s\n", part_name[part]);
        for (int32_t m = part == PART_ALL ? 1 : ENSEMBLE; m < ENSEMBLE_MEMBERS; m++) say(&s, m);
    }
    arena_free(&a);
    return code;
}

static bool judge(const struct ensemble_scores *s, double goal)
{
    bool good = ensemble_ratio(s, ENSEMBLE, false) <= goal;
    for (int h = 0; h < FORECAST_WEEKS; h++)
        good = good && s->of[ENSEMBLE][h].wis < s->of[FORECAST_FLAT][h].wis &&
               s->of[ENSEMBLE][h].wis_log < s->of[FORECAST_FLAT][h].wis_log;
    double coverage = ensemble_coverage(s, ENSEMBLE, true);
    return good && coverage >= goal_low && coverage <= goal_high;
}

int main(void)
{
    struct arena a = {0};
    struct panel_set set[PANELS_MAX];
    size_t n = panels_read(&a, set);
    if (n == 0) {
        (void)printf("the series are not beside the checkout: nothing measured\n");
        return 0;
    }
    (void)printf("WIS over that of the flat baseline, plain/log scale, and coverage of 90 %%, 1 2 3 4 weeks ahead\n\n");
    static struct total total;
    struct err err = {0};
    for (size_t i = 0; i < n; i++)
        if (run(&set[i], &total, &err) != TONG_OK) {
            (void)fprintf(stderr, "%s: %s\n", set[i].name, err.text);
            return 1;
        }
    bool good = true;
    for (int d = 0; d < 2; d++) {
        (void)printf("\n%s\n", d == 0 ? "ALL CASES" : "ALL DEATHS");
        for (int part = 0; part < PARTS; part++) {
            (void)printf("   %s\n", part_name[part]);
            for (int32_t m = part == PART_ALL ? 1 : ENSEMBLE; m < ENSEMBLE_MEMBERS; m++) say(&total.of[d][part], m);
        }
        double goal = d == 0 ? goal_cases : goal_deaths;
        bool met = judge(&total.of[d][PART_ALL], goal);
        (void)printf("goal (sum <= %.2f, better at every horizon on both scales, 90 %% intervals hold 80-97 %%): %s\n",
                     goal, met ? "met" : "MISSED");
        good = good && met;
    }
    arena_free(&a);
    return good ? 0 : 1;
}
