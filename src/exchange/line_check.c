#include "exchange/line_check.h"
#include "exchange/line_message.h"

#include <assert.h>
#include <string.h>

bool line_has(struct date_time t)
{
    return t.day.d != CIVIL_DAY_NONE;
}

bool line_before(struct date_time a, struct date_time b)
{
    bool timed = a.at.s != INT64_MIN && b.at.s != INT64_MIN;
    return timed ? a.at.s < b.at.s : a.day.d < b.day.d;
}

struct date_time line_later(struct date_time a, struct date_time b)
{
    if (!line_has(a)) return b;
    return line_has(b) && line_before(a, b) ? b : a;
}

// Pairs of dates of which the first may not be after the second.
static const struct {
    line_date first, second;
    line_fault fault;
    bool drop_first, drop_second; // which one is set aside
    bool names_first;             // {1} of the message, and the place, is the first; {2} the other
} line_rules[] = {
    {LINE_ONSET, LINE_OUTCOME_DAY, LINE_F_OUTCOME_BEFORE_ONSET, false, true, false},
    {LINE_ONSET, LINE_DEATH, LINE_F_DEATH_BEFORE_ONSET, false, true, false},
    {LINE_ONSET, LINE_REPORTED, LINE_F_ONSET_AFTER_REPORT, false, false, true},
    {LINE_EXPOSURE_FIRST, LINE_EXPOSURE_LAST, LINE_F_EXPOSURE_REVERSED, true, true, false},
    {LINE_EXPOSURE_FIRST, LINE_ONSET, LINE_F_EXPOSURE_AFTER_ONSET, true, false, true},
    {LINE_INFECTED, LINE_ONSET, LINE_F_INFECTED_AFTER_ONSET, true, false, true},
    {LINE_ISOLATED, LINE_ISOLATED_END, LINE_F_ISOLATION_REVERSED, false, true, false},
    {LINE_HOSPITALISED, LINE_HOSPITALISED_END, LINE_F_HOSPITAL_REVERSED, false, true, false},
    {LINE_HOSPITALISED, LINE_DEATH, LINE_F_HOSPITAL_AFTER_DEATH, true, false, true},
};

static void line_check_rules(struct line_case *c, const struct problem_at at[LINE_DATE_COUNT],
                             struct problem_list *problems)
{
    for (size_t i = 0; i < sizeof line_rules / sizeof *line_rules; i++) {
        struct date_time first = c->when[line_rules[i].first], second = c->when[line_rules[i].second];
        if (!line_has(first) || !line_has(second) || !line_before(second, first)) continue;
        bool names_first = line_rules[i].names_first;
        char one[CIVIL_TEXT], two[CIVIL_TEXT];
        civil_format(names_first ? first.day : second.day, one);
        civil_format(names_first ? second.day : first.day, two);
        problem_add(problems, at[names_first ? line_rules[i].first : line_rules[i].second],
                    &line_message[line_rules[i].fault], one, two, NULL, NULL);
        if (line_rules[i].drop_first) c->when[line_rules[i].first] = DATE_TIME_NONE;
        if (line_rules[i].drop_second) c->when[line_rules[i].second] = DATE_TIME_NONE;
    }
}

void line_check_case(struct line_case *c, const struct problem_at at[LINE_DATE_COUNT], struct problem_list *problems)
{
    line_check_rules(c, at, problems);
    char day[CIVIL_TEXT];
    struct date_time infected = c->when[LINE_INFECTED], death = c->when[LINE_DEATH];
    if (line_has(infected) && infected.day.d == c->when[LINE_ONSET].day.d) {
        civil_format(infected.day, day);
        problem_add(problems, at[LINE_INFECTED], &line_message[LINE_F_INFECTED_ON_ONSET], day, NULL, NULL, NULL);
    }
    if (line_has(death)) {
        if (c->outcome == LINE_RECOVERED || c->outcome == LINE_ALIVE) {
            civil_format(death.day, day);
            problem_add(problems, at[LINE_DEATH], &line_message[LINE_F_DEATH_BUT_OUTCOME], day,
                        line_outcome_words[c->outcome].word, NULL, NULL);
        }
        c->outcome = LINE_DIED;
        if (!line_has(c->when[LINE_OUTCOME_DAY])) c->when[LINE_OUTCOME_DAY] = death;
    } else if (c->outcome == LINE_DIED) {
        c->when[LINE_DEATH] = c->when[LINE_OUTCOME_DAY];
    }
}

void line_known_assume(struct line_case *c)
{
    static const line_date fallback[] = {LINE_REPORTED, LINE_DIAGNOSED, LINE_SAMPLED, LINE_HOSPITALISED};
    struct date_time base = DATE_TIME_NONE;
    if (line_has(c->known[LINE_REPORTED])) base = c->known[LINE_REPORTED];
    for (size_t i = 0; i < sizeof fallback / sizeof *fallback && !line_has(base); i++) base = c->when[fallback[i]];
    for (int32_t d = 0; d < LINE_DATE_COUNT; d++) {
        if (!line_has(c->when[d])) {
            c->known[d] = DATE_TIME_NONE;
            continue;
        }
        if (line_has(c->known[d])) continue;
        c->known[d] = d == LINE_REPORTED ? c->when[d] : line_later(base, c->when[d]);
        c->known_assumed |= (uint32_t)1 << d;
    }
}
