#include "cli/replay_facts.h"

#include "base/map.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { YEAR_DAYS = 365 };

// Facts that may come of a contact, at most: an exposure, an end, an age.
enum { FACTS_OF_CONTACT = 3 };

struct facts_build {
    const struct linelist *list;
    const struct line_facts_options *options;
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

// ---- one fact ----

static void facts_earlier(struct facts_build *b, int32_t person, utc_sec happened, utc_sec known)
{
    if (b->earliest[person].s == INT64_MIN || happened.s < b->earliest[person].s) b->earliest[person] = happened;
    if (b->first_known[person].s == INT64_MIN || known.s < b->first_known[person].s) b->first_known[person] = known;
}

static struct fact *facts_add(struct facts_build *b, int32_t person, const struct line_fact *made)
{
    assert(person >= 0 && b->out->count < b->room);
    struct fact *f = &b->out->items[b->out->count++];
    *f = made->fact;
    f->subject = person + 1;
    facts_earlier(b, person, f->happened, f->known);
    return f;
}

static void facts_of_case(struct facts_build *b, size_t i)
{
    const struct line_case *c = &b->list->cases[i];
    int32_t person = b->out->person_of_case[i];
    struct line_fact made[LINE_FACTS_OF_CASE];
    size_t n = line_facts_of_case(c, b->tested[person], b->options, made, &b->out->assumed);
    line_date entry = line_case_entry(c);
    b->out->entered[i] = entry == LINE_DATE_COUNT ? (civil_day){CIVIL_DAY_NONE} : c->known[entry].day;
    for (size_t k = 0; k < n; k++) facts_add(b, person, &made[k]);
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
        line_date entry = line_case_entry(c);
        if (entry != LINE_DATE_COUNT) end[0] = c->known[entry];
    }
    if (l->to_end == LINE_END_CASE && !said) {
        const struct line_case *c = &list->cases[l->to_index];
        line_date entry = line_case_entry(c);
        if (entry != LINE_DATE_COUNT) end[1] = c->known[entry];
    } else if (l->to_end == LINE_END_CONTACT && !said) {
        end[1] = list->contacts[l->to_index].known;
    }
    for (size_t i = 0; i < 2; i++)
        if (date_given(end[i]) &&
            (!date_given(known) || line_instant(b->zone, end[i]).s > line_instant(b->zone, known).s))
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
static void facts_meet(struct facts_build *b, int32_t from, bool from_case, int32_t to, const struct line_meeting *m,
                       exposure_word kind)
{
    if (from_case) {
        const struct line_fact made = line_fact_named(m, kind, b->zone);
        struct fact *f = facts_add(b, from, &made);
        f->link = to + 1;
        facts_earlier(b, to, fact_contact_from(f), f->known);
    } else {
        const struct line_fact made = line_fact_exposed(m, kind, b->zone);
        struct fact *f = facts_add(b, to, &made);
        f->link = from + 1; // from -1: nobody known
        if (from >= 0) f->flags |= FACT_OF_CONTACT;
    }
    facts_name(b, to, m->known);
}

static tong_code facts_of_link(struct facts_build *b, const struct line_link *l, struct err *err)
{
    struct line_assumed *assumed = &b->out->assumed;
    int32_t from = link_person(b, l->from_end, l->from_index), to = link_person(b, l->to_end, l->to_index);
    if (to < 0 || from == to) {
        assumed->links_to_nobody++;
        return TONG_OK;
    }
    struct line_meeting m = {.first = l->first_contact, .last = l->last_contact, .known = meeting_known(b, l)};
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
        line_meeting_place(l->from_end == LINE_END_CASE ? &b->list->cases[l->from_index] : NULL,
                           l->to_end == LINE_END_CASE ? &b->list->cases[l->to_index] : NULL, &m);
    }
    if (!map_put_number(b->pairs, pair, m.first.day.d)) return tong_fail(err, TONG_E_NOMEM, "the links");
    b->linked[to] = true;
    exposure_word kind = line_meeting_kind(l->kind, l->from_end == LINE_END_GATHERING, assumed);
    if (from < 0) assumed->links_sourceless++;
    facts_meet(b, from, l->from_end == LINE_END_CASE, to, &m, kind);
    return TONG_OK;
}

// ---- contacts, visits, results ----

static void facts_of_contact(struct facts_build *b, size_t i)
{
    const struct line_contact *c = &b->list->contacts[i];
    int32_t person = b->out->person_of_contact[i];
    struct date_time known = date_given(c->known) ? c->known : c->reported;
    if (!b->linked[person] && (date_given(c->last_contact) || date_given(known))) {
        struct line_meeting m = {.first = c->first_contact, .last = c->last_contact, .known = known};
        if (!date_given(m.last)) m.last = date_given(m.first) ? m.first : known;
        if (!date_given(m.first)) m.first = m.last;
        if (!date_given(m.known)) m.known = m.last;
        b->out->assumed.links_sourceless++;
        facts_meet(b, -1, false, person, &m, EXPOSURE_OTHER);
    }
    struct line_fact made;
    if (line_fact_of_contact_end(c, b->options, &made, &b->out->assumed) > 0) facts_add(b, person, &made);
}

static void facts_of_followup(struct facts_build *b, const struct line_followup *f)
{
    int32_t person = f->contact_index != LINE_NONE ? b->out->person_of_contact[f->contact_index]
                     : f->case_index != LINE_NONE  ? b->out->person_of_case[f->case_index]
                                                   : -1;
    struct line_fact made;
    if (person < 0 || !date_given(f->day) || facts_too_old(b, f->day)) return;
    if (line_fact_of_followup(f, b->options, &made, &b->out->assumed) > 0) facts_add(b, person, &made);
}

static int32_t lab_person(const struct facts_build *b, const struct line_lab *l)
{
    if (l->case_index != LINE_NONE) return b->out->person_of_case[l->case_index];
    return l->contact_index == LINE_NONE ? -1 : b->out->person_of_contact[l->contact_index];
}

static void facts_of_lab(struct facts_build *b, const struct line_lab *l)
{
    int32_t person = lab_person(b, l);
    struct date_time taken = date_given(l->sampled) ? l->sampled : l->resulted;
    if (person < 0 || !date_given(taken) || facts_too_old(b, taken)) return;
    struct line_fact made[LINE_FACTS_OF_LAB];
    size_t n = line_facts_of_lab(l, b->options, made, &b->out->assumed);
    for (size_t i = 0; i < n; i++) facts_add(b, person, &made[i]);
}

// What is known of a person from the beginning stands before everything else about them.
static void facts_of_age(struct facts_build *b, size_t i)
{
    const struct replay_person *p = &b->out->people[i];
    int64_t age = p->case_index != LINE_NONE ? b->list->cases[p->case_index].age : RECORD_INTEGER_NONE;
    if (age == RECORD_INTEGER_NONE && p->contact_index != LINE_NONE) age = b->list->contacts[p->contact_index].age;
    if (age == RECORD_INTEGER_NONE || b->earliest[i].s == INT64_MIN) return;
    const struct line_fact made = line_fact_of_age(age, b->earliest[i], b->first_known[i]);
    facts_add(b, (int32_t)i, &made);
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

tong_code replay_facts_build(const struct linelist *list, const struct line_facts_options *options, struct arena *arena,
                             struct replay_facts *out, struct err *err)
{
    *out = (struct replay_facts){.first = {CIVIL_DAY_NONE}, .last = {CIVIL_DAY_NONE}};
    const struct zone *zone = options->zone;
    struct facts_build b = {.list = list, .options = options, .zone = zone, .out = out};
    if (!facts_people(&b, arena)) return tong_fail(err, TONG_E_NOMEM, "the people of the line list");
    b.room = list->case_count * LINE_FACTS_OF_CASE + list->contact_count * FACTS_OF_CONTACT + list->link_count +
             list->followup_count + list->lab_count * LINE_FACTS_OF_LAB + 1;
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
