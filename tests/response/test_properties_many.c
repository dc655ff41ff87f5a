// What must hold when people tell each other: random caseloads of cases, contacts and places under every shipped protocol.
#include "properties.h"

#include "response/caseload.h"

#include "tap.h"

enum { DAY_S = 86400, PEOPLE = 6, FACTS = 30, LOADS = 60, DAYS = 60 };
static const uint64_t seed = 20200123;

struct load {
    struct caseload *c;
    const struct protocol *p;
    uint32_t people[PEOPLE];
    struct fact told[FACTS];
    size_t told_count;
    uint64_t sum; // of all decisions as they were issued
    size_t issued;
};

static void load_listen(void *payload, struct caseload *c, uint32_t subject, uint32_t enrolment,
                        const struct decision *d)
{
    struct load *load = payload;
    (void)c;
    load->issued++;
    load->sum =
        load->sum * 1099511628211u + (uint64_t)d->at.s + (uint64_t)d->kind * 7 + d->what + subject * 13u + enrolment;
}

static void load_fact(struct rng *r, const struct load *load, int64_t at, struct fact *f)
{
    static const uint8_t kinds[] = {EVENT_RESULT,        EVENT_RESULT,  EVENT_CONTACT_NAMED,     EVENT_CONTACT_NAMED,
                                    EVENT_CONTACT_NAMED, EVENT_SYMPTOM, EVENT_EXPOSED,           EVENT_SEEN_WELL,
                                    EVENT_SAMPLED,       EVENT_WELL,    EVENT_CLASSIFIED,        EVENT_ISOLATED,
                                    EVENT_PARTED,        EVENT_LOST,    EVENT_CLINICIAN_RELEASE, EVENT_NEW_CASE};
    uint32_t who = rng_below(r, PEOPLE), other = rng_below(r, PEOPLE);
    *f = (struct fact){
        .subject = load->people[who], .happened = {at}, .until = UTC_NONE, .known = {at}, .recorded = {at}};
    f->kind = kinds[rng_below(r, sizeof kinds)];
    if (f->kind == EVENT_RESULT) {
        f->outcome = rng_below(r, 2) == 0 ? OUTCOME_POSITIVE : OUTCOME_NEGATIVE;
        f->happened.s -= rng_below(r, 2 * DAY_S); // of a sample taken before
    }
    if (f->kind == EVENT_CLASSIFIED) f->word = (uint8_t)(EVENT_SUSPECTED + rng_below(r, 5));
    if (f->kind != EVENT_CONTACT_NAMED && f->kind != EVENT_EXPOSED) return;
    f->link = load->people[other == who ? (who + 1) % PEOPLE : other];
    f->word = (uint8_t)rng_below(r, 8);
    if (rng_below(r, 3) == 0) f->flags |= FACT_OF_CONTACT;
    int64_t met = at - rng_below(r, 4 * DAY_S);
    if (f->kind == EVENT_CONTACT_NAMED)
        fact_set_contact(f, (utc_sec){at}, (utc_sec){met}, (utc_sec){met + 3600}, rng_below(r, 4) == 0);
}

// A caseload with random facts, run to its end; false when an answer was not OK.
static bool load_run(struct load *load, const struct rulebook *book, uint32_t number, char *why)
{
    struct rng r = rng_stream(seed, 0, 0, number, 5);
    const struct caseload_options options = {.sign_orders = number % 2 == 0, .listener = load_listen, .payload = load};
    struct err err = {0};
    *load = (struct load){.p = book->editions[0]};
    if (caseload_open(book, 0, &options, &load->c, &err) != TONG_OK) return false;
    for (uint32_t i = 0; i < PEOPLE; i++) {
        char name[32];
        (void)snprintf(name, sizeof name, "Person-%c%c", 'A' + (int)i, 'Q');
        load->people[i] = caseload_subject(load->c, str_z(name), i == PEOPLE - 1 ? SUBJECT_PLACE : SUBJECT_PERSON);
    }
    int64_t at = ((int64_t)load->p->from.d + 40) * DAY_S;
    tong_code code = TONG_OK;
    for (size_t i = 0; i < FACTS && code == TONG_OK; i++) {
        struct fact *f = &load->told[load->told_count++];
        at += 60 * (1 + (int64_t)rng_below(&r, 2000));
        load_fact(&r, load, at, f);
        f->id = caseload_fact_id(load->c);
        if (i > 2 && rng_below(&r, 10) == 0) {
            f->replaces = load->told[rng_below(&r, (uint32_t)i)].id;
            f->subject =
                load->told[f->replaces - load->told[0].id < (int64_t)i ? f->replaces - load->told[0].id : 0].subject;
            f->kind = EVENT_RETRACTED;
        }
        code = caseload_record(load->c, f, &err);
    }
    if (code == TONG_OK) code = caseload_advance(load->c, (utc_sec){at + DAYS * (int64_t)DAY_S}, &err);
    if (code != TONG_OK) (void)snprintf(why, 200, "it does not come to an end: %.150s", err.text);
    return code == TONG_OK;
}

// ---- what must hold afterwards ----

static size_t load_open_bits(const struct enrolment *e)
{
    return (size_t)__builtin_popcount(e->open);
}

// The caseload's lists of tasks and measures say the same as the enrolments themselves.
static bool lists_agree(const struct load *load, char *why)
{
    size_t task_count, measure_count;
    const struct caseload_task *tasks = caseload_tasks(load->c, &task_count);
    const struct caseload_measure *measures = caseload_measures(load->c, &measure_count);
    for (uint32_t i = 0; i < caseload_enrolment_count(load->c); i++) {
        const struct enrolment *e = caseload_enrolment(load->c, i);
        size_t open = 0, in_force = 0;
        for (size_t k = 0; k < task_count; k++)
            open += tasks[k].enrolment == i && tasks[k].open && tasks[k].slot != PROTOCOL_NONE;
        for (size_t k = 0; k < measure_count; k++) {
            const struct caseload_measure *m = &measures[k];
            bool restricts = measure_restricts(&caseload_book(load->c)->editions[m->edition]->measures[m->measure]);
            in_force += m->enrolment == i && restricts && m->ordered.s != INT64_MIN && m->ended.s == INT64_MIN;
        }
        bool restricts = enrolment_restricts(caseload_book(load->c), e);
        if (open == load_open_bits(e) && in_force == (size_t)restricts) continue;
        (void)snprintf(why, 200,
                       "enrolment %u (%s): %zu tasks are open, its slots say %zu; %zu measures in force, it says %d", i,
                       load->p->pathways[e->pathway].name, open, load_open_bits(e), in_force, restricts);
        return false;
    }
    return true;
}

// What a contact is told never leads to the case: not by name, not by number.
static bool case_is_not_named(const struct load *load, char *why)
{
    size_t link_count;
    const struct caseload_link *links = caseload_links(load->c, &link_count);
    for (size_t l = 0; l < link_count; l++) {
        uint32_t enrolments[16];
        size_t n = caseload_enrolments_of(load->c, links[l].to, enrolments, 16);
        struct str name = caseload_subject_name(load->c, links[l].from);
        for (size_t i = 0; i < n && i < 16; i++) {
            size_t count;
            const struct decision *d = caseload_decisions(load->c, enrolments[i], &count);
            for (size_t k = 0; k < count; k++) {
                if (links[l].from == links[l].to || d[k].kind == DECISION_ENROLLED || d[k].kind == DECISION_WITHDRAWN)
                    continue;
                struct arena arena = {0};
                const struct protocol *p = caseload_book(load->c)->editions[d[k].edition];
                char *text = decision_why(p, &d[k], k % 2 == 0 ? LANG_EN : LANG_ZH, &arena);
                char *source = arena_copy(&arena, name.p, name.n);
                bool named = text == NULL || strstr(text, source) != NULL || d[k].other == (int64_t)links[l].from;
                arena_free(&arena);
                if (!named) continue;
                (void)snprintf(why, 200, "a decision about %u leads to %u", links[l].to, links[l].from);
                return false;
            }
        }
    }
    return true;
}

// Everyone dies: nothing that serves the living is left open, and no measure in force.
static bool deaths_close_all(struct load *load, char *why)
{
    struct err err = {0};
    utc_sec now = {caseload_now(load->c).s + 60};
    for (uint32_t i = 0; i + 1 < PEOPLE; i++) {
        struct fact f = {.subject = load->people[i],
                         .happened = now,
                         .until = UTC_NONE,
                         .known = now,
                         .recorded = now,
                         .kind = EVENT_DIED};
        if (caseload_record(load->c, &f, &err) != TONG_OK) return false;
    }
    if (caseload_advance(load->c, (utc_sec){now.s + 3 * DAY_S}, &err) != TONG_OK) return false;
    for (uint32_t i = 0; i < caseload_enrolment_count(load->c); i++) {
        const struct enrolment *e = caseload_enrolment(load->c, i);
        const struct protocol *p = caseload_book(load->c)->editions[e->edition];
        if (p->pathways[e->pathway].of != SUBJECT_PERSON || e->stage == PROTOCOL_NONE) continue;
        bool dead = false; // a carer or someone else who is enrolled by role lives on
        for (uint32_t k = 0; k + 1 < PEOPLE; k++) dead = dead || e->subject == load->people[k];
        if (!dead) continue;
        bool good = !(e->flags & (FLAG_ORDERED | FLAG_PROPOSED)); // an edition may keep it open until the burial
        for (uint8_t slot = 0; slot < PROTOCOL_SLOTS && good; slot++) {
            if (!(e->open >> slot & 1)) continue;
            verb_word verb = protocol_slot_task(p, e->stage, slot)->verb;
            good = verb != VERB_SAMPLE && verb != VERB_CHECK && verb != VERB_TRANSFER && verb != VERB_VACCINATE;
        }
        if (good) continue;
        (void)snprintf(why, 200, "after the death enrolment %u (%s) is not closed", i, p->pathways[e->pathway].name);
        return false;
    }
    return true;
}

static void test_shelf(const struct shelf *shelf)
{
    size_t ends = 0, agree = 0, silent = 0, dead = 0, same = 0, all = 0;
    for (size_t i = 0; i < shelf->count; i++) {
        const struct protocol *editions[] = {shelf->protocols[i]};
        const struct rulebook book = {editions, 1};
        for (uint32_t number = 0; number < LOADS; number++, all++) {
            struct load load, again;
            char why[200] = "";
            bool ran = load_run(&load, &book, number, why);
            ends += ran;
            bool first = ran && lists_agree(&load, why);
            agree += first;
            bool second = ran && case_is_not_named(&load, why);
            silent += second;
            same += load_run(&again, &book, number, why) && again.sum == load.sum && again.issued == load.issued;
            bool third = ran && deaths_close_all(&load, why);
            dead += third;
            if (!first || !second || !third)
                (void)printf("# %s, caseload %u, seed %llu: %s\n", book.editions[0]->id, number,
                             (unsigned long long)seed, why);
            caseload_close(load.c);
            caseload_close(again.c);
        }
    }
    EQ_INT(ends, all, "people who tell each other come to an end");
    EQ_INT(agree, all, "lists of tasks and measures say what the enrolments say");
    EQ_INT(silent, all, "what is said about a contact does not lead to the case");
    EQ_INT(same, all, "the same facts give the same decisions");
    EQ_INT(dead, all, "a death closes what serves the living");
}

// A and B name each other, and both are positive: it ends, and each is enrolled once as what he is.
static void test_cycle(const struct shelf *shelf)
{
    for (size_t i = 0; i < shelf->count; i++) {
        const struct protocol *editions[] = {shelf->protocols[i]};
        const struct rulebook book = {editions, 1};
        struct caseload_options options = {.sign_orders = true};
        struct caseload *c = NULL;
        struct err err = {0};
        if (caseload_open(&book, 0, &options, &c, &err) != TONG_OK) continue;
        uint32_t people[3];
        utc_sec at = {((int64_t)editions[0]->from.d + 40) * DAY_S};
        tong_code code = TONG_OK;
        for (int k = 0; k < 3; k++) {
            char name[8];
            (void)snprintf(name, sizeof name, "p%d", k);
            people[k] = caseload_subject(c, str_z(name), SUBJECT_PERSON);
        }
        for (int round = 0; round < 4 && code == TONG_OK; round++)
            for (int k = 0; k < 3 && code == TONG_OK; k++) {
                struct fact result = {.subject = people[k],
                                      .happened = at,
                                      .until = UTC_NONE,
                                      .known = at,
                                      .recorded = at,
                                      .kind = EVENT_RESULT};
                struct fact symptom = result, named = result;
                symptom.kind = EVENT_SYMPTOM;
                named.kind = EVENT_CONTACT_NAMED;
                named.link = people[(k + 1) % 3];
                fact_set_contact(&named, at, (utc_sec){at.s - 3600}, at, true);
                code = caseload_record(c, &symptom, &err);
                if (code == TONG_OK) code = caseload_record(c, &result, &err);
                if (code == TONG_OK) code = caseload_record(c, &named, &err);
                at.s += 600;
            }
        if (code == TONG_OK) code = caseload_advance(c, (utc_sec){at.s + 100 * (int64_t)DAY_S}, &err);
        CHECK(code == TONG_OK, "%s: a circle of contacts ends: %s", editions[0]->id, err.text);
        CHECK(caseload_enrolment_count(c) < 40, "%s: and enrols nobody over and over (%zu)", editions[0]->id,
              caseload_enrolment_count(c));
        caseload_close(c);
    }
}

int main(void)
{
    struct shelf shelf;
    if (!OK(shelf_open(&shelf, NULL), "the shipped protocols read")) return tap_done();
    test_shelf(&shelf);
    test_cycle(&shelf);
    shelf_close(&shelf);
    return tap_done();
}
