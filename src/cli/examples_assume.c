// What an example assumes: every task is answered in time, and, where it says so, every sample is negative.
#include "cli/examples_run.h"

#include <assert.h>

enum { HOUR_S = 3600, CHECK_S = 10 * HOUR_S, SAMPLE_S = 9 * HOUR_S, NEGATIVE_S = 20 * HOUR_S };

// One task that was opened, and what will be assumed of it.
struct assume {
    struct example_run *run;
    struct caseload *caseload;
    const struct protocol *p;
    const struct task *task;
    uint32_t subject;
    utc_sec opened, deadline;
    civil_day day; // on which it is to be done
};

static bool assume_same_day(const struct assume *a, utc_sec at)
{
    return zone_day(&a->p->zone, at).d == a->day.d;
}

// The first fact the example gives about this person on the day of the task that `fits`; NULL when it gives none.
static const struct fact *assume_given(const struct assume *a, bool (*fits)(const struct assume *, const struct fact *))
{
    const struct example *x = a->run->example;
    for (size_t i = 0; i < x->fact_count; i++) {
        const struct fact *f = &x->facts[i].fact;
        if (a->run->subjects[i] == a->subject && assume_same_day(a, f->happened) && fits(a, f)) return f;
    }
    return NULL;
}

static bool assume_is_about_task(const struct assume *a, const struct fact *f)
{
    bool says =
        f->kind == EVENT_DONE || f->kind == EVENT_REFUSED || f->kind == EVENT_NOT_ATTEMPTED || f->kind == EVENT_SAMPLED;
    return says && f->name == a->task->name_id;
}

static bool assume_is_look(const struct assume *a, const struct fact *f)
{
    bool look = f->kind == EVENT_SEEN_WELL || f->kind == EVENT_SEEN_ILL || f->kind == EVENT_NOT_SEEN ||
                f->kind == EVENT_NOT_ATTEMPTED || f->kind == EVENT_REFUSED;
    return (look && f->name == 0) || assume_is_about_task(a, f);
}

static bool assume_is_specimen(const struct assume *a, const struct fact *f)
{
    return a->task->specimens == 0 || (a->task->specimens >> f->word & 1) != 0 || f->word == SPECIMEN_OROPHARYNGEAL;
}

static bool assume_is_sample(const struct assume *a, const struct fact *f)
{
    return f->kind == EVENT_SAMPLED && (f->name == 0 ? assume_is_specimen(a, f) : f->name == a->task->name_id);
}

static bool assume_is_result(const struct assume *a, const struct fact *f)
{
    return f->kind == EVENT_RESULT && assume_is_specimen(a, f);
}

static bool assume_is_round(const struct assume *a, const struct fact *f)
{
    return f->kind == EVENT_ROUND_NEGATIVE || f->kind == EVENT_ROUND_POSITIVE || assume_is_about_task(a, f);
}

// An hour after it was opened, or at `second` of its day when that is later; but in time, whatever the deadline.
static utc_sec assume_time(const struct assume *a, int32_t second)
{
    utc_sec at = {a->opened.s + HOUR_S};
    if (second > 0) {
        utc_sec hour = zone_instant(&a->p->zone, a->day, second);
        if (hour.s > at.s) at = hour;
    }
    if (a->deadline.s > a->opened.s && at.s >= a->deadline.s) at.s = a->opened.s + (a->deadline.s - a->opened.s) / 2;
    return at;
}

static void assume_later(struct assume *a, struct fact f)
{
    f.subject = a->subject;
    if (f.known.s == 0) f.known = f.happened;
    f.recorded = f.known;
    if (f.until.s == 0) f.until = UTC_NONE;
    if (a->run->failed.code != TONG_OK) return;
    struct err err = {0};
    if (caseload_later(a->caseload, &f, &err) != TONG_OK) a->run->failed = err;
}

// ---- negatives ----

// The test that can clear such a specimen under this protocol: the first that has a negative (or, for a place, clean).
static bool assume_clearing_test(const struct assume *a, specimen_word specimen, test_word *test)
{
    for (int32_t t = 0; t < TEST_WORD_COUNT; t++) {
        const struct result_asked asked = {specimen, (test_word)t, OUTCOME_NEGATIVE, 0, a->task->pool > 1};
        event_word means = protocol_result(a->p, asked, NULL);
        if (means != EVENT_NEGATIVE && means != EVENT_CLEAN) continue;
        *test = (test_word)t;
        return true;
    }
    return false;
}

static void assume_negative(struct assume *a, specimen_word specimen, utc_sec sampled)
{
    test_word test;
    if (!assume_clearing_test(a, specimen, &test)) return; // no result can clear it: the protocol's affair
    utc_sec known = zone_instant(&a->p->zone, zone_day(&a->p->zone, sampled), NEGATIVE_S);
    if (known.s < sampled.s + HOUR_S) known.s = sampled.s + HOUR_S;
    assume_later(a, (struct fact){.kind = EVENT_RESULT,
                                  .happened = sampled,
                                  .known = known,
                                  .word = (uint8_t)specimen,
                                  .test = (uint8_t)test,
                                  .outcome = OUTCOME_NEGATIVE,
                                  .flags = a->task->pool > 1 ? FACT_POOLED : 0});
}

static void assume_negatives(struct assume *a, utc_sec sampled)
{
    const struct task *t = a->task;
    for (uint8_t i = 0; i < t->set_count; i++) assume_negative(a, (specimen_word)t->set[i], sampled);
    if (t->set_count > 0) return;
    specimen_word specimen = SPECIMEN_OROPHARYNGEAL;
    if (t->specimens != 0) specimen = (specimen_word)__builtin_ctz(t->specimens);
    assume_negative(a, specimen, sampled);
}

// ---- one kind of task each ----

static void assume_done(struct assume *a, int32_t second)
{
    if (assume_given(a, assume_is_about_task) != NULL) return;
    assume_later(a, (struct fact){.kind = EVENT_DONE, .happened = assume_time(a, second), .name = a->task->name_id});
}

static void assume_sample(struct assume *a)
{
    utc_sec at = assume_time(a, SAMPLE_S);
    const struct fact *result = assume_given(a, assume_is_result), *sampled = assume_given(a, assume_is_sample);
    if (result != NULL && !(result->flags & FACT_DAY_ONLY) && result->happened.s >= a->opened.s) at = result->happened;
    if (sampled != NULL) at = sampled->happened;
    bool refused = assume_given(a, assume_is_about_task) != NULL && sampled == NULL;
    if (refused) return;
    if (a->run->example->tasks_done && sampled == NULL && a->task->verb == VERB_TEST_AGAIN) assume_done(a, 0);
    else if (a->run->example->tasks_done && sampled == NULL)
        assume_later(a, (struct fact){.kind = EVENT_SAMPLED, .happened = at, .name = a->task->name_id});
    bool taken = a->run->example->tasks_done || sampled != NULL;
    if (a->run->example->negative && result == NULL && taken) assume_negatives(a, at);
}

static void assume_round(struct assume *a)
{
    if (assume_given(a, assume_is_round) != NULL) return;
    if (!a->run->example->negative) {
        assume_done(a, SAMPLE_S);
        return;
    }
    assume_later(a, (struct fact){.kind = EVENT_ROUND_NEGATIVE, .happened = assume_time(a, NEGATIVE_S)});
}

static void assume_check(struct assume *a)
{
    if (assume_given(a, assume_is_look) != NULL) return;
    assume_later(a, (struct fact){.kind = EVENT_SEEN_WELL, .happened = assume_time(a, CHECK_S)});
}

void example_assume(void *payload, struct caseload *c, uint32_t subject, uint32_t enrolment, const struct decision *d)
{
    struct example_run *run = payload;
    (void)enrolment;
    if (d->kind != DECISION_TASK_OPENED || d->what == PROTOCOL_NONE) return;
    assert(d->edition < run->book.count);
    const struct protocol *p = run->book.editions[d->edition];
    utc_sec now = caseload_now(c);
    struct assume a = {
        .run = run, .caseload = c, .p = p, .task = &p->tasks[d->what], .subject = subject, .deadline = d->until};
    a.opened = d->at.s > now.s ? d->at : now;
    a.day = d->n != 0 ? (civil_day){d->n} : zone_day(&p->zone, a.opened);
    bool sample = a.task->verb == VERB_SAMPLE || a.task->verb == VERB_SAMPLE_SET || a.task->verb == VERB_TEST_AGAIN;
    if (sample) assume_sample(&a); // without tasks_done a sample that is given may still be negative
    else if (!run->example->tasks_done) return;
    else if (a.task->verb == VERB_CHECK) assume_check(&a);
    else if (a.task->verb == VERB_TEST_ROUND) assume_round(&a);
    else assume_done(&a, 0);
}
