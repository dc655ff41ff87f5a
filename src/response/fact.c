#include "response/fact.h"

#include <assert.h>
#include <stdlib.h>

// Of things that happen in the same minute, what opens comes before what follows from it, and what ends comes last: a
// person exposed, sampled and found positive at one instant is folded in that order. A change of edition precedes all.
int32_t fact_rank(event_word kind)
{
    switch ((int)kind) {
    case EVENT_EDITION: return 0;
    case EVENT_ATTRIBUTE:
    case EVENT_IMMUNITY:
    case EVENT_VACCINATED:
    case EVENT_IMMUNOGLOBULIN: return 1;
    case EVENT_EXPOSED: return 2;
    case EVENT_PARTED: return 3;
    case EVENT_SYMPTOM: return 4;
    case EVENT_SAMPLED: return 5;
    case EVENT_RESULT: return 6;
    case EVENT_NEW_CASE: // at a place that is enrolled because of it
    case EVENT_CLASSIFIED: return 7;
    case EVENT_ENROLLED: return 8; // after the result or symptom that led to it
    case EVENT_DISCHARGED: return 18;
    case EVENT_LOST: return 19;
    case EVENT_ACCEPTED: return 20;
    case EVENT_DIED: return 21;
    case EVENT_BURIED: return 22;
    default: return 10;
    }
}

bool fact_is_visit(event_word kind)
{
    switch ((int)kind) {
    case EVENT_SEEN_WELL:
    case EVENT_SEEN_ILL:
    case EVENT_NOT_SEEN:
    case EVENT_REFUSED:
    case EVENT_DONE:
    case EVENT_LOST:
    case EVENT_FOUND: return true;
    default: return false;
    }
}

const struct word *fact_way_word(int32_t way)
{
#define FACT_WAY_ROW(id, name, en, zh) {(name), LABEL((en), (zh))},
    static const struct word words[] = {FACT_WAY_WORDS(FACT_WAY_ROW)};
    return way >= 0 && way < FACT_WAY_COUNT ? &words[way] : NULL;
}

bool fact_temperature_fits(event_word kind, int32_t x10)
{
    bool seen = kind == EVENT_SEEN_WELL || kind == EVENT_SEEN_ILL;
    return x10 == 0 || (seen && x10 >= FACT_TEMPERATURE_LEAST && x10 <= FACT_TEMPERATURE_MOST);
}

void fact_set_contact(struct fact *f, utc_sec named, utc_sec met_from, utc_sec met_until, bool still_open)
{
    assert(f != NULL);
    utc_sec until = still_open || met_until.s == INT64_MIN ? (still_open ? named : met_from) : met_until;
    int64_t minutes = (until.s - met_from.s) / 60;
    f->happened = named;
    if (f->known.s < named.s) f->known = named;
    f->until = until;
    f->value = (int32_t)(minutes < 0 ? 0 : minutes > INT32_MAX ? INT32_MAX : minutes);
    if (still_open) f->flags |= FACT_OPEN;
}

utc_sec fact_contact_from(const struct fact *f)
{
    int64_t end = f->until.s == INT64_MIN ? f->happened.s : f->until.s;
    return (utc_sec){end - (int64_t)f->value * 60};
}

utc_sec fact_counts_from(const struct fact *f)
{
    bool order = f->kind == EVENT_ORDERED || f->kind == EVENT_DECLINED;
    return order && f->known.s > f->happened.s ? f->known : f->happened;
}

int fact_compare(const struct fact *a, const struct fact *b)
{
    utc_sec from_a = fact_counts_from(a), from_b = fact_counts_from(b);
    if (from_a.s != from_b.s) return from_a.s < from_b.s ? -1 : 1;
    int32_t ra = fact_rank((event_word)a->kind), rb = fact_rank((event_word)b->kind);
    if (ra != rb) return ra < rb ? -1 : 1;
    return (a->id > b->id) - (a->id < b->id);
}

static int fact_compare_void(const void *a, const void *b)
{
    return fact_compare(a, b);
}

// A fact is out when something replaces it that was not itself retracted. A correction that is corrected in its turn keeps
// what it corrected out: the newest stands for all of them. Replacements carry a larger id than what they replace, so a
// cycle cannot arise; histories are short.
static bool fact_is_retracted(const struct fact *facts, size_t count, const struct fact *f, int32_t depth)
{
    enum { DEPTH_MAX = 64 }; // a chain of retractions of retractions
    if (depth > DEPTH_MAX) return false;
    for (size_t i = 0; i < count; i++) {
        const struct fact *by = &facts[i];
        if (by->kind != EVENT_RETRACTED || by->replaces != f->id || by->id <= f->id) continue;
        if (!fact_is_retracted(facts, count, by, depth + 1)) return true;
    }
    return false;
}

static bool fact_is_out(const struct fact *facts, size_t count, const struct fact *f)
{
    for (size_t i = 0; i < count; i++) {
        const struct fact *by = &facts[i];
        if (by->replaces == f->id && by->id > f->id && !fact_is_retracted(facts, count, by, 0)) return true;
    }
    return false;
}

size_t facts_prepare(struct fact *facts, size_t count, utc_sec now, utc_sec as_known)
{
    size_t known = 0;
    bool replaced = false;
    for (size_t i = 0; i < count; i++) {
        if (facts[i].known.s > now.s) continue;
        if (as_known.s != INT64_MIN && facts[i].recorded.s > as_known.s) continue;
        replaced = replaced || facts[i].replaces != 0;
        facts[known++] = facts[i];
    }
    if (replaced) {
        // What replaces stands in front: only those few are asked, though a place may have a fact for each of its cases.
        size_t front = 0;
        for (size_t i = 0; i < known; i++) {
            if (facts[i].replaces == 0) continue;
            struct fact by = facts[i];
            facts[i] = facts[front];
            facts[front++] = by;
        }
        // Marks first, removal after: what is out is decided on the whole set.
        for (size_t i = 0; i < known; i++) facts[i].spare = fact_is_out(facts, front, &facts[i]);
        size_t kept = 0;
        for (size_t i = 0; i < known; i++)
            if (facts[i].spare == 0 && facts[i].kind != EVENT_RETRACTED) facts[kept++] = facts[i];
        known = kept;
    }
    bool sorted = true;
    for (size_t i = 1; i < known && sorted; i++) sorted = fact_compare(&facts[i - 1], &facts[i]) <= 0;
    if (!sorted) qsort(facts, known, sizeof *facts, fact_compare_void);
    return known;
}
