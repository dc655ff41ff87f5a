// What must hold of the response core, whatever happens: random histories over every pathway of every shipped protocol.
#include "properties.h"

#include "tap.h"

enum { DAY_S = 86400, HISTORIES = 30, PROPERTY_MEASURES = 4096 }; // of each pathway
static const uint64_t seed = 20221111;

// ---- 1. total: every enrolment answers every fact, in no more decisions than a step may cause ----

static bool answers_everything(const struct history *h, char *why)
{
    struct engine g;
    engine_open(&g, h);
    g.sign = h->number % 2 == 0;
    engine_live(&g, h);
    engine_until(&g, (utc_sec){g.now.s + 500 * (int64_t)DAY_S});
    bool fits = g.step_most <= DECISIONS_STEP_MAX;
    if (!fits) (void)snprintf(why, 200, "one step caused %zu decisions", g.step_most);
    for (size_t i = 0; i < g.issued.count && fits; i++) { // and every one says why
        struct arena arena = {0};
        const struct decision *d = &g.issued.items[i];
        const struct protocol *p = h->book->editions[d->edition];
        const char *text = decision_why(p, d, i % 2 == 0 ? LANG_EN : LANG_ZH, &arena);
        fits = d->why < WHY_WORD_COUNT && text != NULL && strstr(text, p->id) != NULL;
        if (!fits) (void)snprintf(why, 200, "decision %zu does not name its edition: %s", i, text == NULL ? "" : text);
        arena_free(&arena);
    }
    engine_close(&g);
    return fits;
}

static bool is_determined(const struct history *h, char *why)
{
    struct engine a, b;
    engine_open(&a, h);
    engine_open(&b, h);
    engine_live(&a, h);
    engine_live(&b, h);
    bool same =
        a.issued.count == b.issued.count && memcmp(&a.e, &b.e, sizeof a.e) == 0 &&
        (a.issued.count == 0 || memcmp(a.issued.items, b.issued.items, a.issued.count * sizeof *a.issued.items) == 0);
    if (!same) (void)snprintf(why, 200, "two runs differ");
    engine_close(&a);
    engine_close(&b);
    return same;
}

// ---- 2. the state is a fold: the order of arrival does not matter ----

// Bit for bit, but for an order that was found used up: there the engine's state waits for a new signature.
static bool same_state(const struct engine *g, const struct enrolment *folded, char *why)
{
    struct enrolment a = g->e, b = *folded;
    if (g->used_up) {
        const uint32_t measure = FLAG_PROPOSED | FLAG_ORDERED | FLAG_STARTED | FLAG_RENEWAL | FLAG_CAPPED;
        a.flags &= ~measure;
        b.flags &= ~measure;
        a.order_until = b.order_until = 0;
        a.measure = b.measure = 0;
        a.next_min = b.next_min = 0;
        a.last_min = b.last_min = 0;
        a.cap = b.cap = 0;
        a.signer = b.signer = 0;
    }
    if (memcmp(&a, &b, sizeof a) == 0) return true;
    size_t at = 0;
    while (memcmp((const char *)&a + at, (const char *)&b + at, 1) == 0) at++;
    (void)snprintf(why, 200,
                   "byte %zu; stage %d/%d flags %x/%x open %x/%x last %d/%d next %d/%d order %d/%d zero %d/%d", at,
                   a.stage, b.stage, a.flags, b.flags, a.open, b.open, a.last_min, b.last_min, a.next_min, b.next_min,
                   a.order_until, b.order_until, a.stage_zero, b.stage_zero);
    return false;
}

static utc_sec last_known(const struct history *h)
{
    return h->count == 0 ? (utc_sec){0} : h->facts[h->count - 1].known;
}

static bool net_agrees(const struct engine *g, const struct decisions *desired, char *why)
{
    struct net said, wanted;
    net_of(g->book, &g->issued, &said);
    net_of(g->book, desired, &wanted);
    if (g->used_up) { // what was ended once waits for a new order, or has been let go meanwhile
        said.in_force = said.proposed = wanted.in_force = wanted.proposed = 0;
    }
    if (net_same(&said, &wanted)) return true;
    (void)snprintf(why, 200,
                   "issued: %zu tasks, in force %x, proposed %x; desired: %zu tasks, in force %x, proposed %x",
                   said.task_count, said.in_force, said.proposed, wanted.task_count, wanted.in_force, wanted.proposed);
    return false;
}

// Facts in an order of arrival that belongs to them: taking one away leaves the others as they were.
static void shuffle(struct history *h, int round)
{
    uint64_t keys[PROPERTY_FACTS];
    for (size_t i = 0; i < h->count; i++) {
        struct rng r = rng_stream(h->seed, (uint32_t)round, (int32_t)h->facts[i].id, h->number, 2);
        uint64_t key = round == 0 ? (uint64_t)i : rng_u64(&r);
        struct fact f = h->facts[i];
        size_t at = i;
        for (; at > 0 && keys[at - 1] > key; at--) {
            keys[at] = keys[at - 1];
            h->facts[at] = h->facts[at - 1];
        }
        keys[at] = key;
        h->facts[at] = f;
    }
}

// Told in the order in which they became known, and in any other order: the same state, and the same still to do.
static bool arrival_does_not_matter(const struct history *h, char *why)
{
    utc_sec end = {last_known(h).s + 2 * DAY_S};
    for (int round = 0; round < 3; round++) {
        struct history other = *h;
        shuffle(&other, round);
        struct engine g;
        engine_open(&g, h);
        utc_sec now = {0};
        for (size_t i = 0; i < other.count; i++) {
            if (other.facts[i].known.s > now.s) now = other.facts[i].known;
            engine_tell(&g, &other.facts[i], now);
        }
        engine_until(&g, end);
        struct enrolment folded;
        struct decisions desired;
        engine_fold(&g, &folded, &desired);
        bool same = same_state(&g, &folded, why) && net_agrees(&g, &desired, why);
        engine_close(&g);
        if (!same) return false;
    }
    return true;
}

// ---- 3. a retraction takes back exactly what the fact caused ----

static bool retraction_undoes(const struct history *h, char *why)
{
    struct rng r = rng_stream(h->seed, 0, 2, h->number, 3);
    if (h->count == 0 || h->count + 1 > PROPERTY_FACTS) return true;
    size_t out = rng_below(&r, (uint32_t)h->count);
    utc_sec when = {last_known(h).s + 60 * (int64_t)rng_below(&r, 2000)};
    struct history without = *h;
    without.count = 0;
    for (size_t i = 0; i < h->count; i++)
        if (i != out) without.facts[without.count++] = h->facts[i];
    struct fact retract = {.id = PROPERTY_FACTS + 1,
                           .subject = 1,
                           .replaces = h->facts[out].id,
                           .happened = when,
                           .until = UTC_NONE,
                           .known = when,
                           .recorded = when,
                           .kind = EVENT_RETRACTED};
    struct engine g, w;
    engine_open(&g, h);
    engine_open(&w, &without);
    engine_live(&g, h);
    engine_tell(&g, &retract, when);
    for (size_t i = 0; i < without.count; i++) w.facts[w.count++] = without.facts[i];
    w.now = when;
    w.base = g.base;
    struct enrolment clean;
    struct decisions desired;
    engine_fold(&w, &clean, &desired);
    bool same = same_state(&g, &clean, why) && net_agrees(&g, &desired, why);
    engine_close(&g);
    engine_close(&w);
    return same;
}

// Two sources, one withdrawn: the other stays, with the day zero that belongs to it.
static bool other_source_stays(const struct history *h, char *why)
{
    if (h->count < 2) return true;
    struct history two = {.book = h->book, .pathway = h->pathway, .seed = h->seed, .number = h->number, .count = 2};
    const struct protocol *p = h->book->editions[0];
    for (size_t i = 0; i < 2; i++) {
        struct fact *f = &two.facts[i];
        *f = h->facts[0];
        f->id = (int64_t)i + 1;
        f->kind = EVENT_EXPOSED;
        f->name = p->pathways[h->pathway].name_id;
        f->flags = 0;
        f->replaces = 0;
        f->link = 2 + (int64_t)i;
        f->happened.s = h->facts[0].happened.s + (int64_t)i * (h->number % 3) * DAY_S;
        f->known = f->recorded = f->happened;
        f->until = UTC_NONE;
    }
    struct engine g;
    engine_open(&g, &two);
    engine_live(&g, &two);
    bool open = enrolment_is_open(&g.e);
    struct fact retract = two.facts[h->number % 2];
    retract.replaces = retract.id;
    retract.id = 3;
    retract.kind = EVENT_RETRACTED;
    engine_tell(&g, &retract, (utc_sec){g.now.s + 600});
    // What the other source alone would have come to by now: its days may be over.
    struct engine alone;
    struct history one = two;
    one.facts[0] = two.facts[1 - h->number % 2];
    one.count = 1;
    engine_open(&alone, &one);
    engine_live(&alone, &one);
    engine_until(&alone, g.now);
    bool stays = !open || enrolment_is_open(&g.e) == enrolment_is_open(&alone.e);
    civil_day left = zone_day(&p->zone, one.facts[0].happened);
    if (enrolment_is_open(&g.e) && enrolment_day(&g.e, g.e.last_exposure).d != left.d) stays = false;
    if (!stays) (void)snprintf(why, 200, "after one of two sources was withdrawn, open %d", enrolment_is_open(&g.e));
    engine_close(&alone);
    engine_close(&g);
    return stays;
}

// ---- 4. restrictions ----

// Whatever is signed and whoever signs: nothing is in force past its order, nor all together longer than the pathway allows.
// Looked at every six hours; the longest time is that of the edition that allows most, and the day in which a fresh order can
// be signed and the first and last day, which count whole, are given.
static bool bounded(const struct history *h, char *why)
{
    enum { LOOK_S = 6 * 3600, SLACK_DAYS = 3 };
    struct engine g;
    bool good = true;
    int64_t in_force = 0, most = 0;
    size_t looked = 0, next = 0;
    utc_sec until = UTC_NONE, end = {last_known(h).s + 120 * (int64_t)DAY_S};
    engine_open(&g, h);
    g.sign = true;
    for (utc_sec now = h->count == 0 ? end : h->facts[0].known; now.s < end.s && good; now.s += LOOK_S) {
        for (; next < h->count && h->facts[next].known.s <= now.s; next++)
            engine_tell(&g, &h->facts[next], h->facts[next].known);
        engine_until(&g, now);
        for (; looked < g.issued.count; looked++)
            if (g.issued.items[looked].kind == DECISION_MEASURE_ORDERED) until = g.issued.items[looked].until;
        if (!enrolment_restricts(h->book, &g.e)) continue;
        int16_t at_most = h->book->editions[g.e.edition]->pathways[g.e.pathway].at_most_days;
        if (at_most > most) most = at_most;
        in_force += LOOK_S;
        bool past_order = until.s != INT64_MIN && g.now.s > until.s + DAY_S;
        bool past_most = in_force > (most + SLACK_DAYS) * DAY_S;
        good = !past_order && !past_most && at_most > 0;
        const char *which = past_most ? "longer than at_most" : past_order ? "past its order" : "without at_most";
        if (!good) (void)snprintf(why, 200, "in force %s (%d days)", which, (int)most);
    }
    engine_close(&g);
    return good;
}

// One new exposure (or case) a day and a laboratory that never answers: nobody is held past at_most all the same.
static bool bounded_without_results(const struct history *h, char *why)
{
    struct history daily = {.book = h->book, .pathway = h->pathway, .seed = h->seed, .number = h->number};
    const struct pathway *path = &h->book->editions[0]->pathways[h->pathway];
    if (h->count == 0) return true;
    for (size_t i = 0; i < PROPERTY_FACTS; i++) {
        struct fact f = h->facts[0];
        f.id = (int64_t)i + 1;
        f.replaces = 0;
        f.kind = path->day_zero == ANCHOR_LAST_CASE ? EVENT_NEW_CASE : EVENT_EXPOSED;
        if (i == 0 && path->day_zero != ANCHOR_LAST_CASE) f.kind = EVENT_ENROLLED;
        f.name = f.kind == EVENT_NEW_CASE ? 0 : path->name_id;
        if (i > 0 && path->ladder) f.kind = EVENT_SYMPTOM;
        f.happened.s += (int64_t)i * DAY_S;
        f.known = f.recorded = f.happened;
        f.flags = 0;
        f.until = UTC_NONE;
        daily.facts[daily.count++] = f;
    }
    return bounded(&daily, why);
}

// Nobody released is confined again without a new proposal: every order follows a proposal that still stood.
static bool nobody_confined_silently(const struct history *h, char *why)
{
    struct engine g;
    engine_open(&g, h);
    g.sign = h->number % 3 == 0;
    engine_live(&g, h);
    utc_sec let_go[PROPERTY_MEASURES] = {{0}}; // when, by what was issued, each measure was last ended
    bool asked[PROPERTY_MEASURES] = {false};   // proposed since
    bool good = true;
    for (size_t i = 0; i < g.issued.count && good; i++) {
        const struct decision *d = &g.issued.items[i];
        const struct protocol *p = h->book->editions[d->edition];
        if (d->kind == DECISION_ENDED) // nothing that was signed before holds any more
            for (size_t m = 0; m < PROPERTY_MEASURES; m++) let_go[m] = d->at, asked[m] = false;
        bool measure = d->kind == DECISION_MEASURE_PROPOSED || d->kind == DECISION_MEASURE_ORDERED ||
                       d->kind == DECISION_MEASURE_STARTED || d->kind == DECISION_MEASURE_ENDED;
        if (!measure || !measure_restricts(&p->measures[d->what])) continue;
        size_t m = p->measures[d->what].name_id % PROPERTY_MEASURES;
        if (d->kind == DECISION_MEASURE_PROPOSED) asked[m] = true;
        if (d->kind == DECISION_MEASURE_ENDED) let_go[m] = d->at, asked[m] = false;
        if (d->kind != DECISION_MEASURE_ORDERED || asked[m]) continue;
        const struct fact *order = NULL;
        for (size_t k = 0; k < g.count; k++)
            if (g.facts[k].id == d->fact) order = &g.facts[k];
        good = order != NULL && order->known.s >= let_go[m].s;
        if (!good)
            (void)snprintf(why, 200, "decision %zu: %s in force again by an order from before the release", i,
                           p->measures[d->what].name);
    }
    engine_close(&g);
    return good;
}

// ---- 5. tasks, deaths, editions ----

// What became known late opens no task that is already overdue.
static bool late_is_nobodys_fault(const struct history *h, char *why)
{
    struct engine g;
    bool good = true;
    size_t looked = 0;
    engine_open(&g, h);
    for (size_t i = 0; i < h->count && good; i++) {
        engine_tell(&g, &h->facts[i], h->facts[i].known);
        for (; looked < g.issued.count && good; looked++) {
            const struct decision *d = &g.issued.items[looked];
            if (d->kind != DECISION_TASK_OPENED || d->until.s == INT64_MIN) continue;
            utc_sec known = d->at;
            for (size_t k = 0; k < h->count; k++)
                if (h->facts[k].id == d->fact) known = h->facts[k].known;
            good = d->until.s > known.s;
            if (!good)
                (void)snprintf(why, 200, "task %s was due before it could be known of",
                               h->book->editions[d->edition]->tasks[d->what].name);
        }
    }
    engine_close(&g);
    return good;
}

static bool serves_the_living(const struct task *t)
{
    return t->verb == VERB_SAMPLE || t->verb == VERB_CHECK || t->verb == VERB_TRANSFER || t->verb == VERB_INTERVIEW ||
           t->verb == VERB_VACCINATE || t->verb == VERB_PERSUADE || t->verb == VERB_TRACE_AGAIN;
}

static bool death_closes_all(const struct history *h, char *why)
{
    const struct protocol *p = h->book->editions[0];
    if (p->pathways[h->pathway].of != SUBJECT_PERSON || h->count == 0 || h->count + 1 > PROPERTY_FACTS) return true;
    struct engine g;
    engine_open(&g, h);
    engine_live(&g, h);
    struct fact died = {.id = PROPERTY_FACTS + 2,
                        .subject = 1,
                        .happened = {g.now.s - g.now.s % 60 + 60},
                        .until = UTC_NONE,
                        .kind = EVENT_DIED};
    died.known = died.recorded = died.happened;
    engine_tell(&g, &died, died.known);
    bool good = true;
    bool entered = g.e.stage != PROTOCOL_NONE;
    if (entered && (g.e.flags & (FLAG_ORDERED | FLAG_PROPOSED))) good = false;
    if (!good) (void)snprintf(why, 200, "a measure outlives the person");
    for (uint8_t slot = 0; slot < PROTOCOL_SLOTS && entered && good; slot++) {
        if (!(g.e.open >> slot & 1)) continue;
        const struct task *t = protocol_slot_task(h->book->editions[g.e.edition], g.e.stage, slot);
        good = !serves_the_living(t) || enrolment_is_open(&g.e);
        if (!good) (void)snprintf(why, 200, "task %s is still open", t->name);
    }
    engine_close(&g);
    return good;
}

// A course with and without a change of edition in its middle, answered the same way: the change never makes it longer.
static int64_t last_restricted(const struct history *h, const struct fact *change)
{
    struct engine g;
    int64_t last = 0;
    engine_open(&g, h);
    g.sign = true;
    size_t next = 0;
    utc_sec end = {last_known(h).s + 90 * (int64_t)DAY_S};
    bool changed = change == NULL;
    for (utc_sec now = h->facts[0].known; now.s < end.s; now.s += 3 * 3600) {
        while (next < h->count && h->facts[next].known.s <= now.s) {
            engine_tell(&g, &h->facts[next], h->facts[next].known);
            next++;
        }
        if (!changed && change->known.s <= now.s) {
            engine_tell(&g, change, change->known.s > g.now.s ? change->known : g.now);
            changed = true;
        }
        engine_until(&g, now);
        if (enrolment_restricts(h->book, &g.e)) last = g.now.s;
    }
    engine_close(&g);
    return last;
}

static bool change_never_lengthens(const struct history *h, char *why)
{
    if (h->count == 0 || h->book->count < 2) return true;
    struct rng r = rng_stream(h->seed, 0, 3, h->number, 4);
    struct history opened =
        *h; // what opened it, and from then on only days: what is answered does not depend on the edition
    opened.count = 1;
    const struct zone *z = &h->book->editions[0]->zone;
    civil_day day = {zone_day(z, h->facts[0].happened).d + 1 + (int32_t)rng_below(&r, 14)};
    struct fact change = {.id = PROPERTY_FACTS + 3,
                          .subject = 1,
                          .happened = zone_midnight(z, day),
                          .until = UTC_NONE,
                          .kind = EVENT_EDITION,
                          .edition = (uint8_t)(1 + rng_below(&r, (uint32_t)h->book->count - 1))};
    change.known = change.recorded = change.happened;
    if (change.known.s < h->facts[0].known.s) return true;
    int64_t without = last_restricted(&opened, NULL), with = last_restricted(&opened, &change);
    if (with <= without + DAY_S) return true; // the day in which the last order can be signed again
    (void)snprintf(why, 200, "by a change to %s on day %d the last restriction ends %.1f days later",
                   h->book->editions[change.edition]->id, day.d - zone_day(z, h->facts[0].happened).d,
                   (double)(with - without) / DAY_S);
    return false;
}

// ---- all of them over everything that is shipped ----

static const struct {
    const char *name;
    property *holds;
    struct wishes wishes;
} properties[] = {
    {"every enrolment answers every fact, and says why", answers_everything, {true, true, true, true}},
    {"the same facts give the same answers", is_determined, {true, true, true, true}},
    {"the order of arrival does not matter", arrival_does_not_matter, {false, false, true, true}},
    {"nor with corrections", arrival_does_not_matter, {true, false, true, true}},
    {"nor with changes of edition", arrival_does_not_matter, {false, true, true, true}},
    {"a retraction takes back what the fact caused, and nothing else", retraction_undoes, {false, false, true, true}},
    {"one source withdrawn, the other stays", other_source_stays, {false, false, false, false}},
    {"nothing is in force past its order, nor past at_most", bounded, {false, true, true, false}},
    {"nor with a new case a day and a laboratory that never answers",
     bounded_without_results,
     {false, false, false, false}},
    {"nobody released is confined again without a new proposal", nobody_confined_silently, {true, true, true, true}},
    {"a fact known late opens no overdue task", late_is_nobodys_fault, {false, false, true, true}},
    {"a death closes what serves the living", death_closes_all, {false, true, true, true}},
    {"a change of edition never makes it longer", change_never_lengthens, {false, false, false, true}},
};

static void test_property(size_t which, const struct shelf *shelf, int64_t wanted)
{
    size_t held = 0, failed = 0;
    for (size_t i = 0; i < shelf->count; i++) {
        const struct protocol *editions[PROPERTY_EDITIONS] = {shelf->protocols[i]};
        struct rulebook book = {editions, 1};
        for (size_t k = 0; k < shelf->count && book.count < PROPERTY_EDITIONS; k++)
            if (k != i && strcmp(shelf->protocols[k]->family, shelf->protocols[i]->family) == 0)
                editions[book.count++] = shelf->protocols[k];
        for (uint8_t pathway = 0; pathway < shelf->protocols[i]->pathway_count; pathway++) {
            bool good = true;
            for (uint32_t number = 0; number < (uint32_t)wanted && good; number++) {
                static struct history h;
                history_random(&h, &book, pathway, seed + which, number, &properties[which].wishes);
                good = property_check(properties[which].name, properties[which].holds, &h);
                held += good;
            }
            failed += !good;
        }
    }
    OK(failed == 0 && held > 0, "%s (%zu histories; %zu pathways fail)", properties[which].name, held, failed);
}

int main(int argc, char **argv)
{
    struct shelf shelf;
    int64_t wanted = HISTORIES, only = -1;
    if (argc > 1) (void)str_int(str_z(argv[1]), &wanted); // more histories, by hand
    if (argc > 2) (void)str_int(str_z(argv[2]), &only);
    if (!OK(shelf_open(&shelf, NULL), "the shipped protocols read")) return tap_done();
    for (size_t i = 0; i < sizeof properties / sizeof properties[0]; i++)
        if (only < 0 || (size_t)only == i) test_property(i, &shelf, wanted);
    shelf_close(&shelf);
    return tap_done();
}
