// Looking at a caseload.
#include "response/caseload_inner.h"

#include <assert.h>

bool caseload_next(const struct caseload *c, utc_sec *at)
{
    const struct turn_queue *q = &c->turns;
    if (q->heap_count == 0)
        return false; // an instant whose turns are all taken may stand first: then it is simply early
    at->s = q->moments[q->heap[0]].at;
    return true;
}

size_t caseload_subject_count(const struct caseload *c)
{
    return c->subject_count;
}

struct str caseload_subject_name(const struct caseload *c, uint32_t subject)
{
    assert(subject <= c->subject_count);
    return c->subjects[subject].name;
}

size_t caseload_enrolment_count(const struct caseload *c)
{
    return c->enrolment_count;
}

const struct enrolment *caseload_enrolment(const struct caseload *c, uint32_t enrolment)
{
    assert(enrolment < c->enrolment_count);
    return &c->enrolments[enrolment].e;
}

size_t caseload_enrolments_of(const struct caseload *c, uint32_t subject, uint32_t *out, size_t room)
{
    assert(subject >= 1 && subject <= c->subject_count);
    size_t count = 0;
    for (uint32_t i = c->subjects[subject].last_enrolment; i != CASELOAD_NONE; i = c->enrolments[i].before) count++;
    size_t at = count;
    for (uint32_t i = c->subjects[subject].last_enrolment; i != CASELOAD_NONE; i = c->enrolments[i].before)
        if (--at < room) out[at] = i;
    return count;
}

const struct caseload_task *caseload_tasks(const struct caseload *c, size_t *count)
{
    *count = c->task_count;
    return c->tasks;
}

const struct caseload_measure *caseload_measures(const struct caseload *c, size_t *count)
{
    *count = c->measure_count;
    return c->measures;
}

const struct caseload_link *caseload_links(const struct caseload *c, size_t *count)
{
    *count = c->link_count;
    return c->links;
}

const struct decision *caseload_decisions(const struct caseload *c, uint32_t enrolment, size_t *count)
{
    assert(enrolment < c->enrolment_count);
    *count = c->enrolments[enrolment].issued.count;
    return c->enrolments[enrolment].issued.items;
}

const struct fact *caseload_fact(const struct caseload *c, int64_t id)
{
    int64_t at = caseload_fact_at(c, id);
    return at < 0 ? NULL : &c->facts[at].fact;
}

const struct rulebook *caseload_book(const struct caseload *c)
{
    return c->book;
}

utc_sec caseload_now(const struct caseload *c)
{
    return (utc_sec){c->now};
}

size_t caseload_bytes(const struct caseload *c)
{
    return c->fixed.bytes + c->arena.bytes + c->scratch.bytes + c->grown.bytes;
}
