#include "twin/district_inner.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DAY_S = 86400, PEOPLE_A_CASE = 200, CASES_SHARE_MOST = 4, TAIL_DAYS = 30, TODAY_DAYS = 21 };

struct district_options district_options_default(void)
{
    struct outbreak_options o;
    outbreak_options_for(OUTBREAK_COVID, &o);
    return (struct district_options){.seed = 1, .people = 100000, .cases = 500, .general_share = 0.3, .start = o.start};
}

tong_code district_options_check(const struct district_options *o, struct err *err)
{
    if (o->people < DISTRICT_PEOPLE_MIN || o->people > DISTRICT_PEOPLE_MAX)
        return tong_fail(err, TONG_E_LIMIT, "people: %d to %d", DISTRICT_PEOPLE_MIN, DISTRICT_PEOPLE_MAX);
    if (o->cases < 1 || o->cases > o->people / CASES_SHARE_MOST || o->cases > OUTBREAK_CASES_MAX)
        return tong_fail(err, TONG_E_LIMIT, "cases: 1 to a quarter of the people, and to %d", OUTBREAK_CASES_MAX);
    if (o->contacts < 0 || o->contacts > OUTBREAK_CONTACTS_MAX || (o->contacts > 0 && o->contacts < o->cases) ||
        o->contacts / o->cases > 200)
        return tong_fail(err, TONG_E_LIMIT, "contacts: 1 to 200 for each case, and to %d", OUTBREAK_CONTACTS_MAX);
    if (o->facts < 0 || !(o->general_share >= 0 && o->general_share <= 1))
        return tong_fail(err, TONG_E_INVALID, "facts, general_share: not below 0, a share not above 1");
    return TONG_OK;
}

struct rng district_stream(const struct district *d, uint32_t agent, enum district_purpose purpose)
{
    return rng_stream(d->options.seed, 0, 0, agent, (uint32_t)purpose);
}

int64_t district_instant(const struct district *d, int64_t minute)
{
    return d->midnight + minute * 60;
}

// ---- opening ----

static tong_code district_spread(struct district *d, struct err *err)
{
    struct outbreak_options o;
    outbreak_options_for(OUTBREAK_COVID, &o);
    o.seed = d->options.seed;
    o.start = d->options.start;
    o.cases = d->options.cases;
    o.persons_per_case = (double)d->options.people / (double)d->options.cases;
    if (d->options.contacts > 0) o.contacts_per_case = (double)d->options.contacts / (double)d->options.cases;
    return outbreak_generate(&o, &d->arena, &d->outbreak, err);
}

static tong_code district_fill(struct district *d, const struct district_options *o, const struct rulebook *book,
                               struct err *err)
{
    d->options = *o;
    d->book = book;
    d->left = ROLE_WORD_COUNT;
    d->zone = book->editions[book->count - 1]->zone;
    tong_code code = district_options_check(o, err);
    if (code == TONG_OK) code = district_spread(d, err);
    if (code != TONG_OK) return code;
    d->midnight = zone_midnight(&d->zone, o->start).s;
    district_lay_out(d);
    district_hire(d);
    size_t people = (size_t)d->outbreak.town.persons;
    d->known = arena_array(&d->arena, people, sizeof *d->known);
    d->onset_fact = arena_array(&d->arena, (size_t)d->outbreak.case_count + 1, sizeof *d->onset_fact);
    if (d->known == NULL || d->onset_fact == NULL) return tong_fail(err, TONG_E_NOMEM, "a district of %d people", o->people);
    for (size_t i = 0; i < people; i++) d->known[i].away_min = INT32_MAX;
    if (!district_truths(d)) return tong_fail(err, TONG_E_NOMEM, "what happens in a district of %d people", o->people);
    const struct caseload_options options = {.forget = true, .listener = district_asked, .payload = d};
    return caseload_open(book, (uint8_t)(book->count - 1), &options, &d->caseload, err);
}

tong_code district_open(const struct district_options *o, const struct rulebook *book, struct district **out,
                        struct err *err)
{
    assert(book->count > 0);
    struct district *d = calloc(1, sizeof *d);
    if (d == NULL) return tong_fail(err, TONG_E_NOMEM, "a district");
    tong_code code = district_fill(d, o, book, err);
    if (code == TONG_OK) *out = d;
    else district_close(d);
    return code;
}

void district_close(struct district *d)
{
    if (d == NULL) return;
    caseload_close(d->caseload);
    arena_free(&d->arena);
    free(d);
}

// ---- who is who ----

// What the caseload calls somebody tells who it is: "p12", "p12/carer", or a place.
static int64_t district_number_named(struct district *d, struct str name)
{
    struct str rest = name, head;
    int64_t person;
    if (!str_cut(&rest, '/', &head)) return 0;
    if (head.n < 2 || head.p[0] != 'p' || !str_int((struct str){head.p + 1, head.n - 1}, &person))
        return district_place_named(d, name);
    if (person < 0 || person >= d->outbreak.town.persons) return 0;
    if (rest.n == 0) return d->places + 1 + person;
    return str_eq_z(rest, "carer") ? district_guardian(d, (uint32_t)person) : 0;
}

static int64_t district_number(struct district *d, uint32_t subject)
{
    if (subject >= d->number_cap) {
        size_t want = d->number_cap;
        while (want <= subject) {
            size_t was = d->number_cap;
            int64_t *grown = arena_grow(&d->arena, d->number_of, want, &d->number_cap, sizeof *grown);
            if (grown == NULL) {
                d->broken = true;
                return 0;
            }
            for (size_t i = was; i < d->number_cap; i++) grown[i] = -1;
            d->number_of = grown;
            want = d->number_cap;
        }
    }
    if (d->number_of[subject] < 0)
        d->number_of[subject] = district_number_named(d, caseload_subject_name(d->caseload, subject));
    return d->number_of[subject];
}

int64_t district_person_of(const struct district *d, uint32_t subject)
{
    int64_t number = subject < d->number_cap ? d->number_of[subject] : 0;
    return number > d->places ? number - d->places - 1 : -1;
}

uint32_t district_subject(struct district *d, uint32_t person)
{
    struct district_known *known = &d->known[person];
    if (known->subject != 0) return known->subject;
    char name[24], home[DISTRICT_TEXT];
    int n = snprintf(name, sizeof name, "p%u", person);
    district_home_name(d, person, home);
    uint32_t subject = caseload_subject(d->caseload, (struct str){name, (size_t)n}, SUBJECT_PERSON);
    uint32_t place = caseload_subject(d->caseload, str_z(home), SUBJECT_PLACE);
    if (subject == UINT32_MAX || place == UINT32_MAX) {
        d->broken = true;
        return 0;
    }
    caseload_lives(d->caseload, subject, place);
    known->subject = subject;
    (void)district_number(d, subject);
    return subject;
}

// ---- recording ----

static bool district_say(struct district *d, const struct fact *f, role_word role, int64_t account, int64_t about)
{
    struct district_fact out = {.fact = *f, .account = account, .about = about, .role = role};
    out.fact.subject = district_number(d, (uint32_t)f->subject);
    if (f->link != 0) out.fact.link = district_number(d, (uint32_t)f->link);
    if (out.fact.subject == 0) return true; // nobody here: the caseload's own invention
    int64_t place = out.fact.subject > d->places ? district_home(d, (uint32_t)(out.fact.subject - d->places - 1)) : out.fact.subject;
    if (account < 0) out.account = role == ROLE_WORD_COUNT ? 0 : district_who(d, role, place, (uint32_t)f->subject);
    return d->listener == NULL || d->listener(d->payload, &out);
}

tong_code district_record(struct district *d, struct fact f, int64_t at, role_word role, int64_t account, int64_t about,
                          int64_t *id, struct err *err)
{
    if (d->broken || f.subject == 0) return tong_fail(err, TONG_E_NOMEM, "the facts of a district");
    int64_t now = caseload_now(d->caseload).s;
    f.id = caseload_fact_id(d->caseload);
    f.known.s = f.recorded.s = at < now ? now : at;
    if (id != NULL) *id = f.id;
    tong_code code = caseload_record(d->caseload, &f, err);
    if (code != TONG_OK) return code;
    d->recorded++;
    if (!district_say(d, &f, role, account, about)) d->stopped = true;
    return TONG_OK;
}

tong_code district_tell(struct district *d, uint32_t person, utc_sec at, struct err *err)
{
    struct district_known *known = &d->known[person];
    int64_t guardian = district_guardian(d, person);
    if (known->told || guardian == 0) return TONG_OK;
    known->told = true;
    struct fact f = {.subject = district_subject(d, person), .happened = at, .until = UTC_NONE, .kind = EVENT_ATTRIBUTE};
    f.word = FACT_WORD_AGE;
    f.value = district_age(d, person);
    tong_code code = district_record(d, f, at.s, ROLE_CASE_INVESTIGATOR, -1, 0, NULL, err);
    if (code != TONG_OK) return code;
    f = (struct fact){.subject = district_subject(d, person), .happened = at, .until = UTC_NONE, .kind = EVENT_GUARDIAN_NAMED};
    uint32_t adult = (uint32_t)(guardian - d->places - 1);
    f.link = district_subject(d, adult);
    return district_record(d, f, at.s, ROLE_CASE_INVESTIGATOR, -1, 0, NULL, err);
}

// ---- running ----

static struct district_act district_act_pop(struct district *d)
{
    struct district_act *heap = d->heap, top = heap[0], last = heap[--d->act_count];
    size_t i = 0;
    for (;;) {
        size_t child = 2 * i + 1;
        if (child >= d->act_count) break;
        const struct district_act *a = &heap[child], *b = child + 1 < d->act_count ? a + 1 : a;
        if (b->at < a->at || (b->at == a->at && b->serial < a->serial)) child++;
        if (heap[child].at > last.at || (heap[child].at == last.at && heap[child].serial > last.serial)) break;
        heap[i] = heap[child];
        i = child;
    }
    if (d->act_count > 0) heap[i] = last;
    return top;
}

bool district_next(const struct district *d, utc_sec *at)
{
    int64_t truth = d->truth_next < d->truth_count ? district_instant(d, d->truth[d->truth_next].minute) : INT64_MAX;
    int64_t act = d->act_count > 0 ? d->heap[0].at : INT64_MAX, next = truth < act ? truth : act;
    utc_sec due;
    if (caseload_next(d->caseload, &due) && due.s < next) next = due.s;
    if (next == INT64_MAX) return false;
    at->s = next;
    return true;
}

// The next thing that somebody does or that happens, once the caseload's time has come up to it: days passing ask for work.
static tong_code district_step(struct district *d, int64_t until, bool *more, struct err *err)
{
    int64_t truth = d->truth_next < d->truth_count ? district_instant(d, d->truth[d->truth_next].minute) : INT64_MAX;
    int64_t act = d->act_count > 0 ? d->heap[0].at : INT64_MAX, next = truth <= act ? truth : act;
    utc_sec due;
    if (caseload_next(d->caseload, &due) && due.s <= until && due.s < next)
        return caseload_advance(d->caseload, due, err);
    *more = next <= until;
    if (!*more) return TONG_OK;
    tong_code code = TONG_OK;
    if (truth <= act) {
        (void)district_happen(d, &d->truth[d->truth_next++], err, &code);
    } else {
        struct district_act a = district_act_pop(d);
        (void)district_number(d, a.subject);
        code = district_do(d, &a, err);
    }
    return code;
}

tong_code district_run(struct district *d, utc_sec until, district_listener *listener, void *payload, struct err *err)
{
    bool more = true;
    tong_code code = TONG_OK;
    d->listener = listener;
    d->payload = payload;
    d->stopped = false;
    while (code == TONG_OK && more && !d->stopped) {
        code = district_step(d, until.s, &more, err);
        if (code == TONG_OK && d->broken) code = tong_fail(err, TONG_E_NOMEM, "the facts of a district");
    }
    if (code == TONG_OK && d->stopped) code = tong_fail(err, TONG_E_CONFLICT, "no more facts are wanted");
    if (code == TONG_OK && caseload_now(d->caseload).s < until.s) code = caseload_advance(d->caseload, until, err);
    return code;
}

void district_leave(struct district *d, role_word role)
{
    d->left = role;
}

tong_code district_heard(struct district *d, const struct fact *f, struct err *err)
{
    struct fact own = *f;
    if (f->subject <= d->places || f->subject > d->places + d->outbreak.town.persons) return TONG_OK;
    own.subject = district_subject(d, (uint32_t)(f->subject - d->places - 1));
    own.link = 0;
    if (f->link > d->places && f->link <= d->places + d->outbreak.town.persons)
        own.link = district_subject(d, (uint32_t)(f->link - d->places - 1));
    own.id = caseload_fact_id(d->caseload);
    own.replaces = 0;
    int64_t now = caseload_now(d->caseload).s;
    if (own.known.s < now) own.known.s = now;
    if (d->broken || own.subject == 0) return tong_fail(err, TONG_E_NOMEM, "the facts of a district");
    if (own.kind == EVENT_RESULT && own.outcome == OUTCOME_POSITIVE)
        d->known[f->subject - d->places - 1].found = true;
    return caseload_record(d->caseload, &own, err);
}

// ---- looking ----

utc_sec district_begin(const struct district *d)
{
    return (utc_sec){d->midnight};
}

utc_sec district_end(const struct district *d)
{
    int64_t last = 0;
    for (int32_t i = 0; i < d->outbreak.case_count; i++)
        if (d->outbreak.cases[i].outcome_min > last) last = d->outbreak.cases[i].outcome_min;
    return (utc_sec){district_instant(d, last) + (int64_t)TAIL_DAYS * DAY_S};
}

utc_sec district_today(const struct district *d)
{
    int64_t first = INT64_MAX, half = INT64_MAX;
    for (int32_t i = 0; i < d->outbreak.case_count; i++)
        if (d->outbreak.cases[i].result_min < first) first = d->outbreak.cases[i].result_min;
    if (d->outbreak.case_count > 0) half = d->outbreak.cases[d->outbreak.case_count / 2].infected_min;
    int64_t at = first + (int64_t)TODAY_DAYS * OUTBREAK_DAY_MINUTES;
    if (half > first && half < at) at = half;
    return (utc_sec){district_instant(d, at / OUTBREAK_DAY_MINUTES * OUTBREAK_DAY_MINUTES + 9 * 60)};
}

const struct outbreak *district_outbreak(const struct district *d)
{
    return &d->outbreak;
}

const struct caseload *district_caseload(const struct district *d)
{
    return d->caseload;
}

// ---- identifiers ----

// RFC 9562, version 7: 48 bits of milliseconds, then what here comes from the seed, the kind and the number.
void district_uid(const struct district *d, district_thing thing, int64_t number, unsigned char out[DISTRICT_UID])
{
    struct rng r = rng_stream(d->options.seed, (uint32_t)thing, (int32_t)(number >> 32), (uint32_t)number, DISTRICT_DRAW_UID);
    uint64_t ms = (uint64_t)(d->midnight + (number & 0xFFFFFF)) * 1000;
    for (int i = 0; i < 6; i++) out[i] = (unsigned char)(ms >> (40 - 8 * i));
    for (int i = 6; i < DISTRICT_UID; i += 2) {
        uint32_t word = rng_u32(&r);
        out[i] = (unsigned char)word;
        out[i + 1] = (unsigned char)(word >> 8);
    }
    out[6] = (unsigned char)(0x70 | (out[6] & 0x0F));
    out[8] = (unsigned char)(0x80 | (out[8] & 0x3F));
}
