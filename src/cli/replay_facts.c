#include "cli/replay_facts.h"

#include "base/map.h"
#include "cli/replay_words.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { NOON_S = 12 * 3600, YEAR_DAYS = 365 };

// Facts that may come of one row, at most: a bound for one allocation.
enum { FACTS_OF_CASE = 14, FACTS_OF_CONTACT = 3, FACTS_OF_LAB = 2 };

struct facts_build {
    const struct linelist *list;
    const struct replay_facts_options *options;
    const struct zone *zone;
    struct replay_facts *out;
    size_t room;
    utc_sec *earliest, *first_known; // of each person: what happened first, what became known first; UTC_NONE
    bool *linked;                    // of each person: some link leads to them
    bool *tested;                    // of each person: the laboratory file has a positive
    struct map *pairs;               // from << 32 | to of the links fed
    civil_day oldest;                // what is dated before cannot belong to this outbreak
};

static bool date_given(struct date_time t)
{
    return t.day.d != CIVIL_DAY_NONE;
}

utc_sec replay_instant(const struct zone *zone, struct date_time t)
{
    assert(date_given(t));
    if (t.at.s != INT64_MIN) return t.at;
    return zone_instant(zone, t.day, NOON_S);
}

// ---- one fact ----

// A fact is known when its row says, and never before it happened; of two times of one day the one that has no clock
// time gives way.
static struct fact *facts_add(struct facts_build *b, int32_t person, event_word kind, struct date_time when,
                              struct date_time known)
{
    assert(person >= 0 && date_given(when) && b->out->count < b->room);
    if (!date_given(known)) known = when;
    utc_sec happened = replay_instant(b->zone, when), at = replay_instant(b->zone, known);
    if (at.s < happened.s) {
        if (when.at.s == INT64_MIN && when.day.d <= known.day.d) happened = at;
        else at = happened;
    }
    struct fact *f = &b->out->items[b->out->count++];
    *f = (struct fact){
        .subject = person + 1,
        .happened = happened,
        .until = UTC_NONE,
        .known = at,
        .recorded = at,
        .kind = (uint8_t)kind,
        .flags = when.at.s == INT64_MIN ? FACT_DAY_ONLY : 0,
    };
    if (b->earliest[person].s == INT64_MIN || happened.s < b->earliest[person].s) b->earliest[person] = happened;
    if (b->first_known[person].s == INT64_MIN || at.s < b->first_known[person].s) b->first_known[person] = at;
    return f;
}

static void facts_classify(struct facts_build *b, int32_t person, event_word step, struct date_time when,
                           struct date_time known)
{
    facts_add(b, person, EVENT_CLASSIFIED, when, known)->word = (uint8_t)step;
}

// ---- a case ----

// When the case became known at all: its report, else its diagnosis, else whatever became known first.
static line_date case_entry(const struct line_case *c)
{
    static const line_date order[] = {LINE_REPORTED, LINE_DIAGNOSED};
    for (size_t i = 0; i < sizeof order / sizeof order[0]; i++)
        if (date_given(c->known[order[i]])) return order[i];
    line_date best = LINE_DATE_COUNT;
    for (line_date d = LINE_INFECTED; d < LINE_DATE_COUNT; d++)
        if (date_given(c->known[d]) && (best == LINE_DATE_COUNT || c->known[d].day.d < c->known[best].day.d)) best = d;
    return best;
}

static event_word case_step(int32_t class)
{
    switch ((line_class) class) {
    case LINE_SUSPECTED: return EVENT_SUSPECTED;
    case LINE_PROBABLE: return EVENT_PROBABLE;
    case LINE_ASYMPTOMATIC: return EVENT_ASYMPTOMATIC;
    case LINE_DISCARDED: return EVENT_DISCARDED;
    case LINE_CONFIRMED:
    case LINE_CLASS_UNKNOWN:
    case LINE_CLASS_COUNT: break;
    }
    return EVENT_CONFIRMED;
}

// The list has one class for a case, the last. It holds from the diagnosis on; who was reported before that was
// suspected in between. (Without symptoms nobody is suspected: a test found them.)
static void case_class(struct facts_build *b, const struct line_case *c, int32_t person, line_date entry)
{
    event_word step = case_step(c->class);
    if (c->class == LINE_CLASS_UNKNOWN) b->out->assumed.cases_unclassed++;
    line_date decided = date_given(c->known[LINE_DIAGNOSED]) ? LINE_DIAGNOSED : entry;
    if (step == EVENT_ASYMPTOMATIC) decided = entry;
    bool waited = c->known[decided].day.d > c->known[entry].day.d;
    if (waited && step != EVENT_SUSPECTED) facts_classify(b, person, EVENT_SUSPECTED, c->when[entry], c->known[entry]);
    facts_classify(b, person, step, c->when[decided], c->known[decided]);
}

static void case_add(struct facts_build *b, const struct line_case *c, int32_t person, line_date from, event_word kind)
{
    if (date_given(c->when[from])) facts_add(b, person, kind, c->when[from], c->known[from]);
}

static void case_outcome(struct facts_build *b, const struct line_case *c, int32_t person)
{
    bool dead = c->outcome == LINE_DIED || date_given(c->when[LINE_DEATH]);
    line_date death = date_given(c->when[LINE_DEATH]) ? LINE_DEATH : LINE_OUTCOME_DAY;
    if (dead) case_add(b, c, person, death, EVENT_DIED);
    if (dead && !date_given(c->when[death])) b->out->assumed.deaths_undated++;
    if (dead) return;
    case_add(b, c, person, LINE_HOSPITALISED_END, EVENT_DISCHARGED);
    // Who leaves hospital or isolation alive was let go by a clinician; who is called recovered has no symptoms any
    // more.
    bool recovered = c->outcome == LINE_RECOVERED && date_given(c->when[LINE_OUTCOME_DAY]);
    if (recovered) case_add(b, c, person, LINE_OUTCOME_DAY, EVENT_WELL);
    line_date let_go = date_given(c->when[LINE_HOSPITALISED_END]) ? LINE_HOSPITALISED_END
                       : date_given(c->when[LINE_ISOLATED_END])   ? LINE_ISOLATED_END
                       : recovered                                ? LINE_OUTCOME_DAY
                                                                  : LINE_DATE_COUNT;
    if (let_go != LINE_DATE_COUNT) case_add(b, c, person, let_go, EVENT_CLINICIAN_RELEASE);
}

// Somebody confirmed had a positive result. Where the laboratory's own rows do not have it, it is fed here: taken on
// the day of the sample, else of the diagnosis, known with the diagnosis.
static void case_sample(struct facts_build *b, const struct line_case *c, int32_t person, line_date entry)
{
    bool sampled = date_given(c->when[LINE_SAMPLED]);
    if (b->tested[person]) return;
    if (sampled) facts_add(b, person, EVENT_SAMPLED, c->when[LINE_SAMPLED], c->when[LINE_SAMPLED]);
    bool proved = c->class == LINE_CONFIRMED || c->class == LINE_ASYMPTOMATIC || c->class == LINE_CLASS_UNKNOWN;
    if (!proved) return;
    line_date known = date_given(c->known[LINE_DIAGNOSED]) ? LINE_DIAGNOSED : entry;
    struct fact *f = facts_add(b, person, EVENT_RESULT, c->when[sampled ? LINE_SAMPLED : known], c->known[known]);
    f->word = (uint8_t)b->options->specimen;
    f->test = (uint8_t)b->options->test;
    f->outcome = OUTCOME_POSITIVE;
    b->out->assumed.results_inferred++;
}

static void facts_of_case(struct facts_build *b, size_t i)
{
    const struct line_case *c = &b->list->cases[i];
    int32_t person = b->out->person_of_case[i];
    for (int32_t d = 0; d < LINE_DATE_COUNT; d++) {
        if (!date_given(c->when[d])) continue;
        b->out->assumed.dates_known_total++;
        if (c->known_assumed >> d & 1) b->out->assumed.known_assumed++;
    }
    line_date entry = case_entry(c);
    b->out->entered[i].d = CIVIL_DAY_NONE;
    if (entry == LINE_DATE_COUNT) {
        b->out->assumed.cases_undated++;
        return;
    }
    b->out->entered[i] = c->known[entry].day;
    case_add(b, c, person, LINE_ONSET, EVENT_SYMPTOM);
    case_sample(b, c, person, entry);
    case_class(b, c, person, entry);
    case_add(b, c, person, LINE_ISOLATED, EVENT_ISOLATED);
    case_add(b, c, person, LINE_HOSPITALISED, EVENT_ADMITTED);
    case_outcome(b, c, person);
}

// The outbreak begins with the first case that became known; a slip of the pen in a year must not stretch it by
// decades.
static void facts_oldest(struct facts_build *b)
{
    b->oldest.d = INT32_MAX;
    for (size_t i = 0; i < b->list->case_count; i++) {
        civil_day entered = b->out->entered[i];
        if (entered.d != CIVIL_DAY_NONE && entered.d < b->oldest.d) b->oldest = entered;
    }
    b->oldest.d = b->oldest.d == INT32_MAX ? CIVIL_DAY_NONE : b->oldest.d - YEAR_DAYS;
}

static bool facts_too_old(struct facts_build *b, struct date_time t)
{
    if (!date_given(t) || t.day.d >= b->oldest.d) return false;
    b->out->assumed.dates_too_old++;
    return true;
}

// ---- who met whom ----

struct meeting {
    struct date_time first, last, known;
    event_word kind_event;
};

static struct date_time date_least(struct date_time a, struct date_time b)
{
    if (!date_given(a)) return b;
    return date_given(b) && b.day.d < a.day.d ? b : a;
}

static struct date_time case_day(const struct line_case *c)
{
    static const line_date order[] = {LINE_ONSET, LINE_SAMPLED, LINE_DIAGNOSED, LINE_REPORTED, LINE_HOSPITALISED};
    for (size_t i = 0; i < sizeof order / sizeof order[0]; i++)
        if (date_given(c->when[order[i]])) return c->when[order[i]];
    return DATE_TIME_NONE;
}

// Where a link has no date: the infectee's own time of infection or exposure; else from the source's illness to the
// first of: the infectee's onset, the source's isolation or admission, the day the link was known.
static void meeting_place(const struct linelist *list, const struct line_link *l, struct meeting *m)
{
    const struct line_case *from = l->from_end == LINE_END_CASE ? &list->cases[l->from_index] : NULL;
    const struct line_case *to = l->to_end == LINE_END_CASE ? &list->cases[l->to_index] : NULL;
    if (to != NULL && date_given(to->when[LINE_INFECTED])) {
        m->first = m->last = to->when[LINE_INFECTED];
        return;
    }
    if (to != NULL && date_given(to->when[LINE_EXPOSURE_LAST])) {
        m->last = to->when[LINE_EXPOSURE_LAST];
        m->first = date_least(to->when[LINE_EXPOSURE_FIRST], m->last);
        return;
    }
    struct date_time last = m->known;
    if (to != NULL) last = date_least(last, to->when[LINE_ONSET]);
    if (from != NULL) last = date_least(date_least(last, from->when[LINE_ISOLATED]), from->when[LINE_HOSPITALISED]);
    struct date_time first = from == NULL ? DATE_TIME_NONE : case_day(from);
    m->last = last;
    m->first = date_least(first, last);
}

// When the link became known: when a column says so, but a case that names somebody must be known itself by then.
// Where no column says so, somebody who became a case was found to be a contact when they were reported, at the
// latest.
static struct date_time meeting_known(const struct facts_build *b, const struct line_link *l)
{
    const struct linelist *list = b->list;
    struct date_time known = l->known;
    bool said = date_given(known) && !l->known_assumed;
    struct date_time end[2] = {DATE_TIME_NONE, DATE_TIME_NONE};
    if (l->from_end == LINE_END_CASE) {
        const struct line_case *c = &list->cases[l->from_index];
        line_date entry = case_entry(c);
        if (entry != LINE_DATE_COUNT) end[0] = c->known[entry];
    }
    if (l->to_end == LINE_END_CASE && !said) {
        const struct line_case *c = &list->cases[l->to_index];
        line_date entry = case_entry(c);
        if (entry != LINE_DATE_COUNT) end[1] = c->known[entry];
    } else if (l->to_end == LINE_END_CONTACT && !said) {
        end[1] = list->contacts[l->to_index].known;
    }
    for (size_t i = 0; i < 2; i++)
        if (date_given(end[i]) &&
            (!date_given(known) || replay_instant(b->zone, end[i]).s > replay_instant(b->zone, known).s))
            known = end[i];
    return known;
}

static int32_t link_person(const struct facts_build *b, int32_t end, int32_t index)
{
    if (end == LINE_END_CASE) return b->out->person_of_case[index];
    if (end == LINE_END_CONTACT) return b->out->person_of_contact[index];
    return -1;
}

static void facts_name(struct facts_build *b, int32_t person, struct date_time known)
{
    civil_day *named = &b->out->contact_named[person];
    if (named->d == CIVIL_DAY_NONE) b->out->contacts_named++;
    if (named->d == CIVIL_DAY_NONE || known.day.d < named->d) *named = known.day;
}

// A case names a contact: a fact about the case. Met elsewhere (at a gathering, through a contact, through somebody the
// list does not have): a fact about the person exposed.
static void facts_meet(struct facts_build *b, int32_t from, bool from_case, int32_t to, const struct meeting *m,
                       exposure_word kind)
{
    utc_sec met_from = replay_instant(b->zone, m->first), met_until = replay_instant(b->zone, m->last);
    struct fact *f;
    if (from_case) {
        f = facts_add(b, from, EVENT_CONTACT_NAMED, m->known, m->known);
        if (met_until.s > f->happened.s) met_until = f->happened;
        if (met_from.s > met_until.s) met_from = met_until;
        fact_set_contact(f, f->happened, met_from, met_until, false);
        f->link = to + 1;
        if (b->earliest[to].s == INT64_MIN || met_from.s < b->earliest[to].s) b->earliest[to] = met_from;
        if (b->first_known[to].s == INT64_MIN || f->known.s < b->first_known[to].s) b->first_known[to] = f->known;
    } else {
        f = facts_add(b, to, EVENT_EXPOSED, m->first, m->known);
        f->link = from + 1; // from -1: nobody known
        if (from >= 0) f->flags |= FACT_OF_CONTACT;
        f->until = met_until.s < f->happened.s ? f->happened : met_until;
    }
    f->word = (uint8_t)kind;
    facts_name(b, to, m->known);
}

static tong_code facts_of_link(struct facts_build *b, const struct line_link *l, struct err *err)
{
    struct replay_assumed *assumed = &b->out->assumed;
    int32_t from = link_person(b, l->from_end, l->from_index), to = link_person(b, l->to_end, l->to_index);
    if (to < 0 || from == to) {
        assumed->links_to_nobody++;
        return TONG_OK;
    }
    struct meeting m = {.first = l->first_contact, .last = l->last_contact, .known = meeting_known(b, l)};
    if (facts_too_old(b, m.first)) m.first = DATE_TIME_NONE;
    if (facts_too_old(b, m.last)) m.last = DATE_TIME_NONE;
    if (!date_given(m.last)) m.last = m.first;
    if (!date_given(m.first)) m.first = m.last;
    if (!date_given(m.known)) m.known = m.last;
    int64_t pair = (int64_t)(from + 1) << 32 | to, before;
    bool dated = date_given(m.first);
    if (map_get_number(b->pairs, pair, &before) && (!dated || before == m.first.day.d)) {
        assumed->links_repeated++;
        return TONG_OK;
    }
    if (!dated) {
        if (!date_given(m.known)) return TONG_OK; // neither end has any date: counted among the undated cases
        assumed->meetings_placed++;
        meeting_place(b->list, l, &m);
    }
    if (!map_put_number(b->pairs, pair, m.first.day.d)) return tong_fail(err, TONG_E_NOMEM, "the links");
    b->linked[to] = true;
    int32_t kind = replay_word_exposure(l->kind);
    if (kind == WORD_UNKNOWN && l->from_end == LINE_END_GATHERING) kind = EXPOSURE_VENUE;
    if (kind == WORD_UNKNOWN) {
        assumed->kinds_other++;
        kind = EXPOSURE_OTHER;
    }
    if (from < 0) assumed->links_sourceless++;
    facts_meet(b, from, l->from_end == LINE_END_CASE, to, &m, (exposure_word)kind);
    return TONG_OK;
}

// ---- contacts, visits, results ----

static void facts_of_contact(struct facts_build *b, size_t i)
{
    const struct line_contact *c = &b->list->contacts[i];
    int32_t person = b->out->person_of_contact[i];
    struct date_time known = date_given(c->known) ? c->known : c->reported;
    if (!b->linked[person] && (date_given(c->last_contact) || date_given(known))) {
        struct meeting m = {.first = c->first_contact, .last = c->last_contact, .known = known};
        if (!date_given(m.last)) m.last = date_given(m.first) ? m.first : known;
        if (!date_given(m.first)) m.first = m.last;
        if (!date_given(m.known)) m.known = m.last;
        b->out->assumed.links_sourceless++;
        facts_meet(b, -1, false, person, &m, EXPOSURE_OTHER);
    }
    event_word end = c->status == LINE_CONTACT_LOST      ? EVENT_LOST
                     : c->status == LINE_CONTACT_REFUSED ? EVENT_REFUSED
                     : c->status == LINE_CONTACT_DIED    ? EVENT_DIED
                                                         : EVENT_WORD_COUNT;
    if (end == EVENT_WORD_COUNT) return;
    // Somebody who refuses does so when asked; somebody lost was looked for until the last day.
    struct date_time when = end == EVENT_REFUSED && date_given(known) ? known : c->followup_last;
    if (date_given(when)) facts_add(b, person, end, when, when);
    else b->out->assumed.ends_undated++;
}

static void facts_of_followup(struct facts_build *b, const struct line_followup *f)
{
    static const event_word event[LINE_FOLLOWUP_STATUS_COUNT] = {
        [LINE_FOLLOWUP_UNKNOWN] = EVENT_WORD_COUNT, [LINE_SEEN_WELL] = EVENT_SEEN_WELL,
        [LINE_SEEN_ILL] = EVENT_SEEN_ILL,           [LINE_NOT_SEEN] = EVENT_NOT_SEEN,
        [LINE_NOT_ATTEMPTED] = EVENT_NOT_ATTEMPTED, [LINE_REFUSED] = EVENT_REFUSED,
    };
    int32_t person = f->contact_index != LINE_NONE ? b->out->person_of_contact[f->contact_index]
                     : f->case_index != LINE_NONE  ? b->out->person_of_case[f->case_index]
                                                   : -1;
    if (person < 0 || !date_given(f->day) || facts_too_old(b, f->day)) return;
    if (event[f->status] == EVENT_WORD_COUNT) b->out->assumed.followups_silent++;
    else facts_add(b, person, event[f->status], f->day, f->known);
}

static int32_t lab_person(const struct facts_build *b, const struct line_lab *l)
{
    if (l->case_index != LINE_NONE) return b->out->person_of_case[l->case_index];
    return l->contact_index == LINE_NONE ? -1 : b->out->person_of_contact[l->contact_index];
}

static void facts_of_lab(struct facts_build *b, const struct line_lab *l)
{
    static const outcome_word outcome[LINE_RESULT_COUNT] = {
        [LINE_RESULT_UNKNOWN] = OUTCOME_WORD_COUNT,
        [LINE_POSITIVE] = OUTCOME_POSITIVE,
        [LINE_NEGATIVE] = OUTCOME_NEGATIVE,
        [LINE_INCONCLUSIVE] = OUTCOME_INCONCLUSIVE,
    };
    int32_t person = lab_person(b, l);
    struct date_time taken = date_given(l->sampled) ? l->sampled : l->resulted;
    if (person < 0 || !date_given(taken) || facts_too_old(b, taken)) return;
    int32_t specimen = replay_word_specimen(l->specimen), test = replay_word_test(l->test);
    struct fact *sample = facts_add(b, person, EVENT_SAMPLED, taken, taken);
    sample->word = (uint8_t)(specimen == WORD_UNKNOWN ? b->options->specimen : (specimen_word)specimen);
    if (outcome[l->result] == OUTCOME_WORD_COUNT) {
        b->out->assumed.results_missing++;
        return;
    }
    if (specimen == WORD_UNKNOWN || test == WORD_UNKNOWN) b->out->assumed.results_unspecified++;
    struct fact *f = facts_add(b, person, EVENT_RESULT, taken, date_given(l->known) ? l->known : l->resulted);
    f->word = sample->word;
    f->test = (uint8_t)(test == WORD_UNKNOWN ? b->options->test : (test_word)test);
    f->outcome = (uint8_t)outcome[l->result];
}

// What is known of a person from the beginning stands before everything else about them.
static void facts_of_age(struct facts_build *b, size_t i)
{
    const struct replay_person *p = &b->out->people[i];
    int64_t age = p->case_index != LINE_NONE ? b->list->cases[p->case_index].age : RECORD_INTEGER_NONE;
    if (age == RECORD_INTEGER_NONE && p->contact_index != LINE_NONE) age = b->list->contacts[p->contact_index].age;
    if (age == RECORD_INTEGER_NONE || b->earliest[i].s == INT64_MIN) return;
    assert(b->out->count < b->room);
    b->out->items[b->out->count++] = (struct fact){
        .subject = (int64_t)i + 1,
        .happened = b->earliest[i],
        .until = UTC_NONE,
        .known = b->first_known[i],
        .recorded = b->first_known[i],
        .kind = EVENT_ATTRIBUTE,
        .word = FACT_WORD_AGE,
        .value = (int32_t)age,
        .flags = FACT_YES,
    };
}

// ---- all of it ----

// In the order in which they became known; of one moment, what is known from the beginning and then as the fold orders.
static int facts_order(const void *left, const void *right)
{
    const struct fact *a = left, *b = right;
    if (a->known.s != b->known.s) return a->known.s < b->known.s ? -1 : 1;
    bool early_a = a->kind == EVENT_ATTRIBUTE, early_b = b->kind == EVENT_ATTRIBUTE;
    if (early_a != early_b) return early_a ? -1 : 1;
    int order = fact_compare(a, b);
    if (order != 0) return order;
    if (a->subject != b->subject) return a->subject < b->subject ? -1 : 1;
    return (a->link > b->link) - (a->link < b->link);
}

static bool facts_people(struct facts_build *b, struct arena *arena)
{
    const struct linelist *list = b->list;
    struct replay_facts *out = b->out;
    size_t most = list->case_count + list->contact_count;
    out->people = arena_array(arena, most, sizeof *out->people);
    out->person_of_case = arena_array(arena, list->case_count, sizeof *out->person_of_case);
    out->person_of_contact = arena_array(arena, list->contact_count, sizeof *out->person_of_contact);
    out->entered = arena_array(arena, list->case_count, sizeof *out->entered);
    out->contact_named = arena_array(arena, most, sizeof *out->contact_named);
    b->earliest = arena_array(arena, most, sizeof *b->earliest);
    b->first_known = arena_array(arena, most, sizeof *b->first_known);
    b->linked = arena_array(arena, most, sizeof *b->linked);
    b->tested = arena_array(arena, most, sizeof *b->tested);
    bool memory = out->people != NULL && out->person_of_case != NULL && out->person_of_contact != NULL &&
                  out->entered != NULL && out->contact_named != NULL && b->earliest != NULL && b->first_known != NULL &&
                  b->linked != NULL && b->tested != NULL;
    if (!memory) return false;
    for (size_t i = 0; i < most; i++) {
        b->earliest[i] = b->first_known[i] = UTC_NONE;
        out->contact_named[i].d = CIVIL_DAY_NONE;
    }
    for (size_t i = 0; i < list->case_count; i++) {
        out->people[i] = (struct replay_person){list->cases[i].id, (int32_t)i, LINE_NONE, list->cases[i].place};
        out->person_of_case[i] = (int32_t)i;
    }
    out->person_count = list->case_count;
    for (size_t i = 0; i < list->contact_count; i++) {
        int32_t as_case = list->contacts[i].case_index;
        int32_t person = as_case != LINE_NONE ? as_case : (int32_t)out->person_count++;
        out->person_of_contact[i] = person;
        if (as_case == LINE_NONE)
            out->people[person] = (struct replay_person){list->contacts[i].id, LINE_NONE, (int32_t)i, {"", 0}};
        else if (out->people[person].contact_index == LINE_NONE) out->people[person].contact_index = (int32_t)i;
    }
    return true;
}

void replay_facts_positive(const struct protocol *p, struct replay_facts_options *out)
{
    out->specimen = SPECIMEN_OROPHARYNGEAL;
    out->test = TEST_PCR;
    for (int32_t t = 0; t < TEST_WORD_COUNT; t++)
        for (int32_t s = 0; s < SPECIMEN_WORD_COUNT; s++) {
            const struct result_asked asked = {
                .specimen = (specimen_word)s, .test = (test_word)t, .outcome = OUTCOME_POSITIVE};
            if (protocol_result(p, asked, NULL) != EVENT_POSITIVE) continue;
            out->specimen = asked.specimen;
            out->test = asked.test;
            return;
        }
}

tong_code replay_facts_build(const struct linelist *list, const struct replay_facts_options *options,
                             struct arena *arena, struct replay_facts *out, struct err *err)
{
    *out = (struct replay_facts){.first = {CIVIL_DAY_NONE}, .last = {CIVIL_DAY_NONE}};
    const struct zone *zone = options->zone;
    struct facts_build b = {.list = list, .options = options, .zone = zone, .out = out};
    if (!facts_people(&b, arena)) return tong_fail(err, TONG_E_NOMEM, "the people of the line list");
    b.room = list->case_count * FACTS_OF_CASE + list->contact_count * FACTS_OF_CONTACT + list->link_count +
             list->followup_count + list->lab_count * FACTS_OF_LAB + 1;
    out->items = arena_array(arena, b.room, sizeof *out->items);
    b.pairs = map_open();
    tong_code code =
        out->items == NULL || b.pairs == NULL ? tong_fail(err, TONG_E_NOMEM, "the facts of the line list") : TONG_OK;
    for (size_t i = 0; code == TONG_OK && i < list->lab_count; i++) {
        int32_t person = lab_person(&b, &list->labs[i]);
        if (person >= 0 && list->labs[i].result == LINE_POSITIVE) b.tested[person] = true;
    }
    for (size_t i = 0; code == TONG_OK && i < list->case_count; i++) facts_of_case(&b, i);
    facts_oldest(&b);
    for (size_t i = 0; code == TONG_OK && i < list->link_count; i++) code = facts_of_link(&b, &list->links[i], err);
    map_close(b.pairs);
    if (code != TONG_OK) return code;
    for (size_t i = 0; i < list->contact_count; i++) facts_of_contact(&b, i);
    for (size_t i = 0; i < list->followup_count; i++) facts_of_followup(&b, &list->followups[i]);
    for (size_t i = 0; i < list->lab_count; i++) facts_of_lab(&b, &list->labs[i]);
    for (size_t i = 0; i < out->person_count; i++) facts_of_age(&b, i);
    qsort(out->items, out->count, sizeof *out->items, facts_order);
    if (out->count == 0) return TONG_OK;
    out->first = zone_day(zone, out->items[0].known);
    out->last = zone_day(zone, out->items[out->count - 1].known);
    return TONG_OK;
}
