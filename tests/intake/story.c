#include "story.h"

#include "intake/intake_inner.h"
#include "protocol/read.h"
#include "response/course.h"
#include "store/person.h"
#include "twin/outbreak.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STORY_MUST(x) ((x) ? (void)0 : story_bail(#x, __LINE__))

static void story_bail(const char *what, int line)
{
    printf("Bail out! story.c:%d: %s\n", line, what);
    exit(1);
}

// ---- protocols ----

static tong_code story_open_file(void *payload, const char *path, struct arena *arena, struct str *out, struct err *err)
{
    char name[600];
    const char *folder = payload, *base = strrchr(path, '/');
    (void)snprintf(name, sizeof name, "%s/%s", folder, base == NULL ? path : base + 1);
    FILE *f = fopen(name, "rb");
    if (f == NULL) return tong_fail(err, TONG_E_NOT_FOUND, "%s", name);
    char *text = arena_alloc(arena, 1 << 20);
    size_t n = text == NULL ? 0 : fread(text, 1, (1 << 20) - 1, f);
    (void)fclose(f);
    *out = (struct str){text, n};
    return TONG_OK;
}

static void story_protocols(struct story *s)
{
    static const char *const files[STORY_EDITIONS] = {"covid19-cn-9.yaml", "covid19-cn-20.yaml", "covid19-cn-10.yaml"};
    const char *given = getenv("TONGZHOU_PROTOCOLS");
    char folder[500];
    (void)snprintf(folder, sizeof folder, "%s", given == NULL ? "protocols" : given);
    const struct protocol_source source = {story_open_file, folder};
    for (int32_t i = 0; i < STORY_EDITIONS; i++) {
        struct problem_list problems = {.arena = &s->arena};
        STORY_MUST(protocol_read(files[i], &source, &s->editions[i], &problems, NULL) == TONG_OK);
        STORY_MUST(story_open_file(folder, files[i], &s->arena, &s->text[i], NULL) == TONG_OK);
        s->list[i] = &s->editions[i];
    }
    s->book = (struct rulebook){s->list, STORY_EDITIONS};
    s->first = 1;
    s->second = 2;
}

// ---- the steps ----

static struct story_step *story_add(struct story *s, struct story_step step)
{
    struct story_step *all = arena_grow(&s->arena, s->steps, s->step_count, &s->step_cap, sizeof *all);
    STORY_MUST(all != NULL);
    s->steps = all;
    all[s->step_count] = step;
    return &all[s->step_count++];
}

static void story_fact(struct story *s, utc_sec at, struct fact f)
{
    if (f.until.s == 0) f.until = UTC_NONE;
    f.known = at;
    if (f.happened.s == 0 || f.happened.s > at.s) f.happened = at;
    (void)story_add(s, (struct story_step){.kind = STORY_FACT, .at = at, .fact = f, .replaces = -1});
}

static int story_compare_steps(const void *a, const void *b)
{
    const struct story_step *x = a, *y = b;
    if (x->at.s != y->at.s) return x->at.s < y->at.s ? -1 : 1;
    return (x->reference > y->reference) - (x->reference < y->reference); // the order they were made in
}

static utc_sec story_time(const struct story *s, int64_t minute)
{
    return (utc_sec){s->begins.s + minute * 60};
}

static void story_case(struct story *s, const struct outbreak *o, int32_t i)
{
    const struct outbreak_case *c = &o->cases[i];
    int64_t self = (int64_t)c->person + 1;
    utc_sec reported = story_time(s, c->reported_min);
    if (c->onset_min != OUTBREAK_NEVER && c->onset_min < c->reported_min)
        story_fact(s, reported,
                   (struct fact){.subject = self, .kind = EVENT_SYMPTOM, .happened = story_time(s, c->onset_min)});
    if (c->class != OUTBREAK_PROBABLE)
        story_fact(s, story_time(s, c->result_min),
                   (struct fact){.subject = self,
                                 .kind = EVENT_RESULT,
                                 .word = SPECIMEN_OROPHARYNGEAL,
                                 .test = TEST_PCR,
                                 .outcome = OUTCOME_POSITIVE,
                                 .happened = story_time(s, c->sampled_min)});
    if (c->isolated_min != OUTBREAK_NEVER)
        story_fact(s, story_time(s, c->isolated_min), (struct fact){.subject = self, .kind = EVENT_ISOLATED});
    int64_t end = c->outcome_min > c->reported_min ? c->outcome_min : c->reported_min + 10;
    if (c->died) {
        story_fact(s, story_time(s, end), (struct fact){.subject = self, .kind = EVENT_DIED});
        return;
    }
    for (int64_t k = 0; k < 2; k++)
        story_fact(s, story_time(s, end + k * 1500 + 60),
                   (struct fact){.subject = self,
                                 .kind = EVENT_RESULT,
                                 .word = SPECIMEN_OROPHARYNGEAL,
                                 .test = TEST_PCR,
                                 .outcome = OUTCOME_NEGATIVE,
                                 .happened = story_time(s, end + k * 1500)});
    if (c->isolated_min != OUTBREAK_NEVER)
        story_fact(s, story_time(s, end + 3100), (struct fact){.subject = self, .kind = EVENT_DISCHARGED});
}

static void story_contact(struct story *s, const struct outbreak *o, int32_t i)
{
    static const uint8_t words[OUTBREAK_KIND_COUNT] = {
        [OUTBREAK_HOUSEHOLD] = EXPOSURE_HOUSEHOLD,
        [OUTBREAK_WORKPLACE] = EXPOSURE_WORKPLACE,
        [OUTBREAK_SCHOOL] = EXPOSURE_CLASSROOM,
        [OUTBREAK_TRANSPORT] = EXPOSURE_TRANSPORT,
        [OUTBREAK_MEAL] = EXPOSURE_MEAL,
        [OUTBREAK_NEIGHBOUR] = EXPOSURE_LIFT,
        [OUTBREAK_HEALTHCARE] = EXPOSURE_HEALTHCARE,
        [OUTBREAK_FUNERAL] = EXPOSURE_OTHER,
        [OUTBREAK_IMPORTED] = EXPOSURE_OTHER,
    };
    const struct outbreak_contact *c = &o->contacts[i];
    int64_t from = o->cases[c->source].person, self = (int64_t)c->person + 1;
    utc_sec named = story_time(s, c->named_min);
    struct fact f = {.subject = from + 1, .link = self, .kind = EVENT_CONTACT_NAMED, .word = words[c->kind]};
    fact_set_contact(&f, named, story_time(s, c->first_min), story_time(s, c->last_min), false);
    story_fact(s, named, f);
    for (int64_t day = 0; day < c->visits && day < 8; day++) {
        uint8_t kind = c->status == OUTBREAK_REFUSED && day == 2 ? EVENT_REFUSED
                       : (i + day) % 9 == 8                      ? EVENT_NOT_SEEN
                                                                 : EVENT_SEEN_WELL;
        story_fact(s, story_time(s, c->named_min + 300 + day * 1440), (struct fact){.subject = self, .kind = kind});
        if (day % 3 == 1)
            story_fact(s, story_time(s, c->named_min + 900 + day * 1440),
                       (struct fact){.subject = self,
                                     .kind = EVENT_RESULT,
                                     .word = SPECIMEN_OROPHARYNGEAL,
                                     .test = TEST_PCR,
                                     .outcome = OUTCOME_NEGATIVE,
                                     .happened = story_time(s, c->named_min + 400 + day * 1440)});
    }
    if (c->status == OUTBREAK_LOST)
        story_fact(s, story_time(s, c->named_min + 4000), (struct fact){.subject = self, .kind = EVENT_LOST});
}

// Some records are corrected or retracted some days later.
static void story_second_thoughts(struct story *s)
{
    size_t count = s->step_count;
    for (size_t i = 0; i < count; i++) {
        struct story_step step = s->steps[i];
        if (step.kind != STORY_FACT || step.fact.kind == EVENT_DIED) continue;
        step.replaces = (int32_t)i;
        if (i % 23 == 7) {
            step.at.s += 86400 + 1800;
            step.fact.happened.s -= 7200;
            step.fact.known = step.at;
            (void)story_add(s, step);
        } else if (i % 41 == 11) {
            step.at.s += 2 * 86400 + 900;
            step.fact = (struct fact){.subject = step.fact.subject,
                                      .kind = EVENT_RETRACTED,
                                      .happened = step.at,
                                      .known = step.at,
                                      .until = UTC_NONE};
            (void)story_add(s, step);
        }
    }
}

static void story_sort(struct story *s)
{
    size_t n = s->step_count;
    int32_t *at = arena_array(&s->arena, n, sizeof *at);
    STORY_MUST(at != NULL);
    for (size_t i = 0; i < n; i++) s->steps[i].reference = (int64_t)i;
    qsort(s->steps, n, sizeof *s->steps, story_compare_steps);
    for (size_t i = 0; i < n; i++) at[s->steps[i].reference] = (int32_t)i;
    for (size_t i = 0; i < n; i++)
        if (s->steps[i].replaces >= 0) s->steps[i].replaces = at[s->steps[i].replaces];
}

static void story_homes(struct story *s, const struct town *town)
{
    s->person_count = town->persons;
    s->home = arena_array(&s->arena, (size_t)town->persons + 1, sizeof *s->home);
    STORY_MUST(s->home != NULL);
    for (int32_t p = 0; p < town->persons; p++) {
        uint32_t h = town->household_of[p];
        s->home[p + 1] =
            arena_printf(&s->arena, "E%u/B%u/H%u", h / TOWN_HOUSEHOLDS_PER_ESTATE, h / TOWN_HOUSEHOLDS_PER_BUILDING, h);
        STORY_MUST(s->home[p + 1] != NULL);
    }
}

// ---- the reference: a caseload alone ----

struct telling {
    struct story *s;
    uint32_t *subject; // of each person in the caseload
    struct story_step *done;
    size_t done_count, done_cap;
};

static uint32_t story_subject(struct telling *t, int64_t person)
{
    if (t->subject[person] != 0) return t->subject[person];
    char name[24];
    (void)snprintf(name, sizeof name, "p%lld", (long long)person);
    uint32_t i = caseload_subject(t->s->reference, str_z(name), SUBJECT_PERSON);
    uint32_t home = caseload_subject(t->s->reference, str_z(t->s->home[person]), SUBJECT_PLACE);
    caseload_lives(t->s->reference, i, home);
    return t->subject[person] = i;
}

static struct story_step *story_did(struct telling *t, struct story_step step)
{
    struct story_step *all = arena_grow(&t->s->arena, t->done, t->done_count, &t->done_cap, sizeof *all);
    STORY_MUST(all != NULL);
    t->done = all;
    all[t->done_count] = step;
    return &all[t->done_count++];
}

static void story_tell(struct telling *t, struct story_step *step, int32_t replaces)
{
    struct fact f = step->fact;
    f.subject = story_subject(t, step->fact.subject);
    if (f.link != 0) f.link = story_subject(t, step->fact.link);
    if (replaces >= 0) f.replaces = t->done[replaces].reference;
    f.recorded = f.known;
    f.id = caseload_fact_id(t->s->reference);
    step->reference = f.id;
    STORY_MUST(caseload_record(t->s->reference, &f, NULL) == TONG_OK);
}

// Once a day whatever waits for a signature of a person is signed by two, an extension by two others.
static void story_sign(struct telling *t, utc_sec at)
{
    struct story *s = t->s;
    size_t count;
    const struct caseload_measure *all = caseload_measures(s->reference, &count);
    for (size_t i = 0; i < count; i++) {
        const struct caseload_measure m = all[i];
        const struct enrolment e = *caseload_enrolment(s->reference, m.enrolment);
        struct str name = caseload_subject_name(s->reference, m.subject);
        if (m.ended.s != INT64_MIN || !(e.flags & (FLAG_PROPOSED | FLAG_RENEWAL)) || name.p[0] != 'p' || i % 7 == 3)
            continue;
        const struct measure *what = &s->list[m.edition]->measures[m.measure];
        bool again = (e.flags & (FLAG_RENEWAL | FLAG_CAPPED)) != 0;
        if (e.measure == PROTOCOL_NONE || s->list[e.edition]->measures[e.measure].name_id != what->name_id) continue;
        struct story_step step = {.kind = STORY_ORDER, .at = at, .replaces = -1};
        step.fact = (struct fact){.subject = strtoll(name.p + 1, NULL, 10),
                                  .kind = EVENT_ORDERED,
                                  .name = what->name_id,
                                  .happened = at,
                                  .known = at,
                                  .until = UTC_NONE,
                                  .signer = again ? 3 : 1,
                                  .second = what->persons >= 2 ? (again ? 4 : 2) : 0};
        story_tell(t, story_did(t, step), -1);
        all = caseload_measures(s->reference, &count);
        if (i % 5 != 0) continue;
        step.kind = STORY_FACT;
        step.fact.kind = EVENT_STARTED;
        step.fact.signer = step.fact.second = 0;
        story_tell(t, story_did(t, step), -1);
        all = caseload_measures(s->reference, &count);
    }
}

static void story_reference(struct story *s)
{
    const struct caseload_options options = {.forget = true};
    struct telling t = {.s = s, .subject = arena_array(&s->arena, (size_t)s->person_count + 1, sizeof(uint32_t))};
    int32_t *now_at = arena_array(&s->arena, s->step_count + 1, sizeof *now_at);
    STORY_MUST(t.subject != NULL && now_at != NULL);
    STORY_MUST(caseload_open(&s->book, s->first, &options, &s->reference, NULL) == TONG_OK);
    size_t next = 0;
    bool changed = false;
    for (utc_sec day = s->begins; day.s < s->ends.s; day.s += 86400) {
        if (!changed && day.s >= s->change.s) {
            STORY_MUST(caseload_edition(s->reference, s->second, s->change, NULL) == TONG_OK);
            changed = true;
        }
        utc_sec evening = {day.s + 20 * 3600 + 60};
        for (; next < s->step_count && s->steps[next].at.s < evening.s; next++) {
            int32_t replaces = s->steps[next].replaces;
            now_at[next] = (int32_t)t.done_count;
            struct story_step step = s->steps[next];
            step.replaces = replaces < 0 ? -1 : now_at[replaces];
            story_tell(&t, story_did(&t, step), step.replaces);
        }
        STORY_MUST(caseload_advance(s->reference, evening, NULL) == TONG_OK);
        story_sign(&t, evening);
        utc_sec midnight = {day.s + 86400 - 60};
        for (; next < s->step_count && s->steps[next].at.s <= midnight.s; next++) {
            int32_t replaces = s->steps[next].replaces;
            now_at[next] = (int32_t)t.done_count;
            struct story_step step = s->steps[next];
            step.replaces = replaces < 0 ? -1 : now_at[replaces];
            story_tell(&t, story_did(&t, step), step.replaces);
        }
        STORY_MUST(caseload_advance(s->reference, midnight, NULL) == TONG_OK);
    }
    STORY_MUST(caseload_advance(s->reference, s->ends, NULL) == TONG_OK);
    s->steps = t.done;
    s->step_count = t.done_count;
}

// ---- lines ----

static int story_compare_lines(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void story_state_line(char *out, size_t room, const char *name, struct enrolment e)
{
    const unsigned char *p = (const unsigned char *)&e;
    e.subject = 0;
    int n = snprintf(out, room, "%s enrolment edition %d pathway %d stage %d: ", name, e.edition, e.pathway, e.stage);
    for (size_t i = 4; i < sizeof e && n > 0 && (size_t)n + 3 < room; i++)
        n += snprintf(out + n, room - (size_t)n, "%02x", p[i]);
}

static void story_reference_lines(struct story *s)
{
    struct caseload *c = s->reference;
    size_t enrolments = caseload_enrolment_count(c), tasks, measures, links, n = 0;
    const struct caseload_task *task = caseload_tasks(c, &tasks);
    const struct caseload_measure *measure = caseload_measures(c, &measures);
    const struct caseload_link *link = caseload_links(c, &links);
    char text[700], name[100], other[100];
    s->lines = calloc(enrolments + tasks + measures + links + 1, sizeof *s->lines);
    STORY_MUST(s->lines != NULL);
    for (size_t i = 0; i < enrolments; i++) {
        const struct enrolment *e = caseload_enrolment(c, (uint32_t)i);
        (void)snprintf(name, sizeof name, "%.*s", STR_ARG(caseload_subject_name(c, e->subject)));
        story_state_line(text, sizeof text, name, *e);
        s->lines[n++] = strdup(text);
    }
    for (size_t i = 0; i < tasks; i++) {
        const struct caseload_task *t = &task[i];
        (void)snprintf(text, sizeof text,
                       "%.*s task %d/%d slot %d stage %d why %d rule %d role %d how %d marks %d n %d opened %lld due "
                       "%lld closed %lld",
                       STR_ARG(caseload_subject_name(c, t->subject)), t->edition, t->task, t->slot, t->stage, t->why,
                       t->rule, t->role, t->how, t->overdue + 2 * t->escalated, t->n, (long long)t->opened.s,
                       (long long)t->deadline.s, (long long)t->closed.s);
        s->lines[n++] = strdup(text);
    }
    for (size_t i = 0; i < measures; i++) {
        const struct caseload_measure *m = &measure[i];
        (void)snprintf(text, sizeof text,
                       "%.*s measure %d/%d place %d why %d rule %d how %d stage %d %lld %lld %lld %lld %lld",
                       STR_ARG(caseload_subject_name(c, m->subject)), m->edition, m->measure, m->place, m->why, m->rule,
                       m->how, m->stage, (long long)m->proposed.s, (long long)m->ordered.s, (long long)m->started.s,
                       (long long)m->ended.s, (long long)m->until.s);
        s->lines[n++] = strdup(text);
    }
    for (size_t i = 0; i < links; i++) {
        (void)snprintf(other, sizeof other, "%.*s", STR_ARG(caseload_subject_name(c, link[i].to)));
        (void)snprintf(text, sizeof text, "%.*s link %s withdrawn %d", STR_ARG(caseload_subject_name(c, link[i].from)),
                       other, link[i].withdrawn);
        s->lines[n++] = strdup(text);
    }
    s->line_count = n;
    qsort(s->lines, n, sizeof *s->lines, story_compare_lines);
}

void story_make(struct story *s, int32_t cases, int32_t contacts, uint64_t seed)
{
    struct outbreak_options options;
    struct outbreak o;
    struct err err = {0};
    *s = (struct story){0};
    story_protocols(s);
    outbreak_options_for(OUTBREAK_COVID, &options);
    options.cases = cases;
    options.contacts_per_case = contacts;
    options.seed = seed;
    STORY_MUST(civil_from_date((struct civil_date){2022, 11, 12}, &options.start));
    STORY_MUST(outbreak_generate(&options, &s->arena, &o, &err) == TONG_OK);
    s->begins = zone_midnight(&s->editions[0].zone, options.start);
    story_homes(s, &o.town);
    for (int32_t i = 0; i < o.case_count; i++) story_case(s, &o, i);
    for (int32_t i = 0; i < o.contact_count; i++) story_contact(s, &o, i);
    story_second_thoughts(s);
    story_sort(s);
    int64_t days = (s->steps[s->step_count - 1].at.s - s->begins.s) / 86400 + 3;
    s->ends.s = s->begins.s + days * 86400;
    s->change.s = s->begins.s + (days / 2) * 86400;
    story_reference(s);
    story_reference_lines(s);
}

void story_close(struct story *s)
{
    caseload_close(s->reference);
    story_lines_free(s->lines, s->line_count);
    for (int32_t i = 0; i < STORY_EDITIONS; i++) protocol_free(&s->editions[i]);
    arena_free(&s->arena);
}

void story_lines_free(char **lines, size_t count)
{
    for (size_t i = 0; i < count; i++) free(lines[i]);
    free(lines);
}

size_t story_compare(char *const *a, size_t a_count, char *const *b, size_t b_count)
{
    enum { SHOWN = 12 };
    size_t i = 0, j = 0, differ = 0;
    while (i < a_count || j < b_count) {
        int order = i == a_count ? 1 : j == b_count ? -1 : strcmp(a[i], b[j]);
        if (order != 0 && differ++ < SHOWN) printf("# %c %s\n", order < 0 ? '-' : '+', order < 0 ? a[i] : b[j]);
        if (order <= 0) i++;
        if (order >= 0) j++;
    }
    return differ;
}
