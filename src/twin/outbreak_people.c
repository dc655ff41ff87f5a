#include "twin/outbreak_people.h"
#include "twin/draw.h"

#include <assert.h>

struct rng outbreak_stream(const struct outbreak_options *options, uint32_t agent, enum outbreak_purpose purpose)
{
    return rng_stream(options->seed, options->replicate, 0, agent, (uint32_t)purpose);
}

int64_t outbreak_minutes(double days)
{
    if (days > OUTBREAK_DELAY_DAYS_MAX) days = OUTBREAK_DELAY_DAYS_MAX;
    return days <= 0 ? 0 : (int64_t)(days * OUTBREAK_DAY_MINUTES + 0.5);
}

int64_t outbreak_delay_min(struct rng *r, struct outbreak_delay delay)
{
    return outbreak_minutes(draw_gamma(r, delay.mean_days, delay.sd_days));
}

int64_t outbreak_office_min(struct rng *r, int64_t minute)
{
    enum { OPENS = 8 * 60, CLOSES = 22 * 60, RUSH = 120 };
    assert(minute >= 0);
    int64_t day = minute / OUTBREAK_DAY_MINUTES, of_day = minute % OUTBREAK_DAY_MINUTES;
    if (of_day >= OPENS && of_day < CLOSES) return minute;
    if (of_day >= CLOSES) day++;
    return day * OUTBREAK_DAY_MINUTES + OPENS + rng_below(r, RUSH);
}

outbreak_kind outbreak_kind_draw(const struct outbreak *outbreak, struct rng *r, uint32_t person, bool at_home)
{
    const struct town *town = &outbreak->town;
    struct town_range home = town_household(town, person);
    uint32_t circle;
    (void)town_circle(town, person, &circle);
    bool pupil = town_pupil(town, person);
    double weight[OUTBREAK_KIND_DRAWN], sum = 0;
    for (int k = 0; k < OUTBREAK_KIND_DRAWN; k++) {
        bool possible = k == OUTBREAK_HOUSEHOLD   ? at_home && home.end - home.first > 1
                        : k == OUTBREAK_WORKPLACE ? circle > 1 && !pupil
                        : k == OUTBREAK_SCHOOL    ? circle > 1 && pupil
                                                  : true;
        weight[k] = possible ? outbreak->options.kind_weight[k] : 0;
        sum += weight[k];
    }
    double at = rng_uniform(r) * sum;
    for (int k = 0; k < OUTBREAK_KIND_DRAWN; k++) {
        if (weight[k] > 0 && at < weight[k]) return (outbreak_kind)k;
        at -= weight[k];
    }
    return OUTBREAK_NEIGHBOUR; // no kind is possible for this person
}

bool outbreak_meet(const struct outbreak *outbreak, struct rng *r, uint32_t person, outbreak_kind kind,
                   outbreak_free accept, const void *context, uint32_t *out)
{
    enum { TRIES = 24 };
    const struct town *town = &outbreak->town;
    const uint32_t *circle = NULL;
    struct town_range range = {0, (uint32_t)town->persons};
    uint32_t count = range.end;
    if (kind == OUTBREAK_HOUSEHOLD) range = town_household(town, person);
    if (kind == OUTBREAK_NEIGHBOUR) range = town_building(town, person);
    if (kind == OUTBREAK_WORKPLACE || kind == OUTBREAK_SCHOOL) circle = town_circle(town, person, &count);
    if (circle == NULL) count = range.end - range.first;
    uint32_t start = rng_below(r, count);
    // Nearly always one of the first tries is free; when a place is nearly used up, look at everybody in it in turn.
    for (uint32_t i = 0; i < count + TRIES; i++) {
        uint32_t at = i < TRIES ? rng_below(r, count) : (start + i) % count;
        uint32_t other = circle != NULL ? circle[at] : range.first + at;
        if (!accept(context, other)) continue;
        *out = other;
        return true;
    }
    return false;
}

int64_t outbreak_interview_min(const struct outbreak_options *options, const struct outbreak_case *c, uint32_t index)
{
    struct rng r = outbreak_stream(options, index, OUTBREAK_DRAW_INTERVIEW);
    return outbreak_office_min(&r, c->reported_min + 10 + outbreak_delay_min(&r, options->report_to_named));
}

struct outbreak_span outbreak_window(const struct outbreak_options *options, const struct outbreak_case *c,
                                     outbreak_kind kind)
{
    if (kind == OUTBREAK_FUNERAL)
        return (struct outbreak_span){c->outcome_min, c->outcome_min + outbreak_minutes(options->burial_days)};
    // Whoever is traced while still well has no onset yet when the contacts are sought: the sample counts.
    int64_t anchor = c->onset_min == OUTBREAK_NEVER || c->onset_min > c->sampled_min ? c->sampled_min : c->onset_min;
    int64_t first = anchor - outbreak_minutes(options->window_days);
    int64_t last = kind == OUTBREAK_HEALTHCARE || c->isolated_min == OUTBREAK_NEVER ? c->outcome_min : c->isolated_min;
    if (first < c->infected_min) first = c->infected_min;
    if (first > last) first = last; // isolated so early that the window is but the moment of isolation
    return (struct outbreak_span){first, last};
}

civil_day outbreak_day(const struct outbreak *outbreak, int64_t minute)
{
    assert(minute >= 0);
    return (civil_day){outbreak->options.start.d + (int32_t)(minute / OUTBREAK_DAY_MINUTES)};
}
