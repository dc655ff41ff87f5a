#include "cli/replay_evidence.h"

#include <assert.h>

// A file with one sample of each case says nothing about those that should have followed: it counts as a record of
// later samples when there is one such for every so many cases.
enum { SAMPLED_AGAIN_SHARE = 5 };

static bool date_given(struct date_time t)
{
    return t.day.d != CIVIL_DAY_NONE;
}

static void evidence_sooner(struct date_time *kept, struct date_time t)
{
    if (date_given(t) && (!date_given(*kept) || t.day.d < kept->day.d)) *kept = t;
}

tong_code replay_evidence_build(const struct linelist *list, const struct replay_facts *facts, struct arena *arena,
                                struct replay_evidence *out, struct err *err)
{
    *out = (struct replay_evidence){
        .list = list,
        .facts = facts,
        .listed = arena_array(arena, facts->person_count, sizeof *out->listed),
        .sampled = arena_array(arena, facts->person_count, sizeof *out->sampled),
    };
    if (out->listed == NULL || out->sampled == NULL)
        return tong_fail(err, TONG_E_NOMEM, "what the line list says was done");
    for (size_t i = 0; i < facts->person_count; i++) out->listed[i] = out->sampled[i] = DATE_TIME_NONE;
    for (size_t i = 0; i < list->followup_count; i++) out->checks[list->followups[i].contact_index == LINE_NONE] = true;
    int64_t sampled = 0, again = 0;
    for (size_t i = 0; i < list->lab_count; i++) {
        const struct line_lab *l = &list->labs[i];
        bool of_case = l->case_index != LINE_NONE ||
                       (l->contact_index != LINE_NONE && list->contacts[l->contact_index].case_index != LINE_NONE);
        int32_t person = l->case_index != LINE_NONE      ? facts->person_of_case[l->case_index]
                         : l->contact_index != LINE_NONE ? facts->person_of_contact[l->contact_index]
                                                         : -1;
        struct date_time taken = date_given(l->sampled) ? l->sampled : l->resulted;
        if (person < 0 || !date_given(taken)) continue;
        struct date_time *first = &out->sampled[person];
        if (!of_case) out->results[0] = true;
        else if (!date_given(*first)) sampled++;
        else if (first->day.d != taken.day.d) again++;
        evidence_sooner(first, taken);
    }
    for (size_t i = 0; i < list->case_count; i++)
        evidence_sooner(&out->sampled[facts->person_of_case[i]], list->cases[i].when[LINE_SAMPLED]);
    out->results[1] = again * SAMPLED_AGAIN_SHARE > sampled;
    for (size_t i = 0; i < list->link_count; i++) {
        const struct line_link *l = &list->links[i];
        if (l->from_end != LINE_END_CASE || l->known_assumed || !date_given(l->known)) continue;
        // A link that is known on the very day its target was reported was found then, not by listing contacts.
        bool found =
            l->to_end == LINE_END_CASE && l->known.day.d == list->cases[l->to_index].known[LINE_REPORTED].day.d;
        if (found) continue;
        evidence_sooner(&out->listed[facts->person_of_case[l->from_index]], l->known);
    }
    return TONG_OK;
}

// The first of two dates of the person's case, by what happened.
static bool evidence_first(const struct line_case *c, line_date a, line_date b, struct date_time *when)
{
    bool has_a = date_given(c->when[a]), has_b = date_given(c->when[b]);
    if (!has_a && !has_b) return false;
    bool use_b = has_b && (!has_a || c->when[b].day.d < c->when[a].day.d);
    *when = c->when[use_b ? b : a];
    return true;
}

bool replay_evidence_done(const struct replay_evidence *evidence, const struct task *t, int32_t person, bool as_case,
                          struct date_time *when)
{
    assert(person >= 0 && (size_t)person < evidence->facts->person_count);
    int32_t index = evidence->facts->people[person].case_index;
    if (!as_case || index == LINE_NONE) return false;
    const struct line_case *c = &evidence->list->cases[index];
    switch ((int)t->verb) {
    case VERB_REPORT: *when = c->known[LINE_REPORTED]; return date_given(*when);
    case VERB_ISOLATE: return evidence_first(c, LINE_ISOLATED, LINE_HOSPITALISED, when);
    case VERB_TRANSFER: return evidence_first(c, LINE_HOSPITALISED, LINE_ISOLATED, when);
    case VERB_SAMPLE:
    case VERB_SAMPLE_SET: *when = evidence->sampled[person]; return !t->daily && date_given(*when);
    case VERB_LIST_CONTACTS: // a list of contacts is not yet a list of all beds of a ward
        if (t->by != ROLE_CASE_INVESTIGATOR) return false;
        *when = evidence->listed[person];
        return date_given(*when);
    default: return false;
    }
}

bool replay_evidence_can(const struct replay_evidence *evidence, const struct task *t, int32_t person, bool as_case)
{
    struct date_time when;
    switch ((int)t->verb) {
    case VERB_CHECK: return evidence->checks[as_case];
    case VERB_SAMPLE:
    case VERB_SAMPLE_SET:
        if (as_case && !t->daily) return replay_evidence_done(evidence, t, person, as_case, &when);
        return evidence->results[as_case];
    case VERB_TEST_AGAIN: return evidence->results[as_case];
    default: return replay_evidence_done(evidence, t, person, as_case, &when);
    }
}
