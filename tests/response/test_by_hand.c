// The core against the same rules written out in C (bench/by_hand.h): on thousands of random courses both must decide the
// same things, at the same times, for the same reasons. What differs first is printed with its seed and what went before.
#include "by_hand.h"

#include "base/rng.h"
#include "response/respond.h"

#include "../protocol/files.h"

enum { COURSES = 20000, FACTS_MOST = 60, ROOM = 4096, PURPOSE = 1 };
static const uint64_t seed = 20220628;

struct pair { // one subject, twice
    const struct rulebook *book;
    const struct protocol *p;
    const struct by_hand_numbers *n;
    struct enrolment e;
    struct by_hand h;
    struct decision core[ROOM], hand[ROOM];
    size_t decisions; // so far
    struct fact told[FACTS_MOST];
    size_t told_count;
};

static void show_decision(const struct protocol *p, const char *who, const struct decision *d)
{
    struct arena arena = {0};
    char at[UTC_TEXT], until[UTC_TEXT] = "-";
    zone_format(&p->zone, d->at, at);
    if (d->until.s != INT64_MIN) zone_format(&p->zone, d->until, until);
    (void)printf("#   %s %s %s what %d slot %d stage %d how %s role %d place %d n %d fact %lld until %s: %s\n", who, at,
                 decision_word((decision_kind)d->kind)->name, d->what, d->slot, d->stage,
                 how_label((how_word)d->how)->name, d->role, d->place, d->n, (long long)d->fact, until,
                 decision_why(p, d, LANG_EN, &arena));
    arena_free(&arena);
}

static void show_course(const struct pair *x, uint32_t course)
{
    (void)printf("# seed %llu course %u\n", (unsigned long long)seed, course);
    for (size_t i = 0; i < x->told_count; i++) {
        const struct fact *f = &x->told[i];
        char happened[UTC_TEXT], known[UTC_TEXT];
        zone_format(&x->p->zone, f->happened, happened);
        zone_format(&x->p->zone, f->known, known);
        (void)printf("#   fact %lld {%s: %s, known: %s} word %d outcome %d name %x signer %d %d flags %d\n",
                     (long long)f->id, words_at(WORDS_EVENT, f->kind)->name, happened, known, f->word, f->outcome,
                     f->name, f->signer, f->second, f->flags);
    }
}

// The same decisions in the same order, field by field. (No padding: decision.h asserts the size.)
static bool same(const struct pair *x, const struct decisions *core, const struct decisions *hand, uint32_t course)
{
    bool equal = core->count == hand->count &&
                 (core->count == 0 || memcmp(core->items, hand->items, core->count * sizeof *core->items) == 0);
    if (equal) return true;
    show_course(x, course);
    for (size_t i = 0; i < core->count || i < hand->count; i++) {
        bool differs =
            i >= core->count || i >= hand->count || memcmp(&core->items[i], &hand->items[i], sizeof *core->items) != 0;
        if (i < core->count) show_decision(x->p, differs ? "core *" : "core  ", &core->items[i]);
        if (i < hand->count && differs) show_decision(x->p, "hand *", &hand->items[i]);
    }
    return false;
}

static bool step_until(struct pair *x, utc_sec now, uint32_t course)
{
    struct decisions core = {x->core, 0, ROOM}, hand = {x->hand, 0, ROOM};
    respond_until(x->book, &x->e, now, &core);
    by_hand_until(x->n, &x->h, now, &hand);
    x->decisions += core.count;
    return same(x, &core, &hand, course);
}

static bool step_fact(struct pair *x, const struct fact *f, uint32_t course)
{
    struct decisions core = {x->core, 0, ROOM}, hand = {x->hand, 0, ROOM};
    x->told[x->told_count++] = *f;
    bool late = respond(x->book, &x->e, f, &core) == RESPOND_LATE;
    bool taken = by_hand_fact(x->n, &x->h, f, &hand);
    x->decisions += core.count;
    return late != taken && same(x, &core, &hand, course);
}

static bool step_deadline(struct pair *x, uint8_t slot, utc_sec at, uint32_t course)
{
    struct decisions core = {x->core, 0, ROOM}, hand = {x->hand, 0, ROOM};
    respond_deadline(x->book, &x->e, slot, at, &core);
    by_hand_deadline(x->n, &x->h, slot, at, &hand);
    return same(x, &core, &hand, course);
}

// ---- random facts ----

static void random_result(struct rng *r, struct fact *f)
{
    static const uint8_t specimens[] = {SPECIMEN_OROPHARYNGEAL,  SPECIMEN_OROPHARYNGEAL, SPECIMEN_OROPHARYNGEAL,
                                        SPECIMEN_NASOPHARYNGEAL, SPECIMEN_ENVIRONMENT,   SPECIMEN_BLOOD,
                                        SPECIMEN_SERUM};
    static const uint8_t tests[] = {TEST_PCR, TEST_PCR, TEST_PCR, TEST_PCR, TEST_ANTIGEN, TEST_ANTIBODY};
    f->word = specimens[rng_below(r, sizeof specimens)];
    f->test = tests[rng_below(r, sizeof tests)];
    f->outcome = OUTCOME_NEGATIVE;
    uint32_t luck = rng_below(r, 20);
    if (luck == 0) f->outcome = OUTCOME_POSITIVE;
    if (luck == 1) f->outcome = (uint8_t)(OUTCOME_INCONCLUSIVE + rng_below(r, 2));
    if (rng_below(r, 3) == 0) f->value = (int32_t)(200 + rng_below(r, 200)); // Ct 20.0 to 39.9
    if (rng_below(r, 10) == 0) f->flags |= FACT_POOLED;
}

static void random_order(struct rng *r, const struct pair *x, struct fact *f)
{
    bool asked = x->e.measure != PROTOCOL_NONE;
    f->name = asked && rng_below(r, 8) > 0 ? x->p->measures[x->e.measure].name_id
                                           : x->n->measure_name[rng_below(r, BY_HAND_MEASURES)];
    f->signer = (int32_t)rng_below(r, 6);
    f->second = (int32_t)rng_below(r, 6);
    if (rng_below(r, 6) == 0) f->until.s = f->happened.s + (int64_t)rng_below(r, 10) * 86400;
}

static void random_fact(struct rng *r, const struct pair *x, struct fact *f)
{
    static const uint8_t person[] = {EVENT_SEEN_WELL,
                                     EVENT_SEEN_WELL,
                                     EVENT_SEEN_WELL,
                                     EVENT_SEEN_WELL,
                                     EVENT_SAMPLED,
                                     EVENT_SAMPLED,
                                     EVENT_RESULT,
                                     EVENT_RESULT,
                                     EVENT_RESULT,
                                     EVENT_RESULT,
                                     EVENT_ORDERED,
                                     EVENT_ORDERED,
                                     EVENT_ORDERED,
                                     EVENT_STARTED,
                                     EVENT_DONE,
                                     EVENT_DONE,
                                     EVENT_EXPOSED,
                                     EVENT_PARTED,
                                     EVENT_NOT_SEEN,
                                     EVENT_REFUSED,
                                     EVENT_NOT_ATTEMPTED,
                                     EVENT_SEEN_ILL,
                                     EVENT_SYMPTOM,
                                     EVENT_LOST,
                                     EVENT_LINKED_NEGATIVE,
                                     EVENT_LINKED_NEGATIVE,
                                     EVENT_LINKED_NEGATIVE,
                                     EVENT_LINKED_POSITIVE,
                                     EVENT_ATTRIBUTE,
                                     EVENT_DECLINED,
                                     EVENT_UPHELD,
                                     EVENT_DIED};
    static const uint8_t place[] = {
        EVENT_NEW_CASE,       EVENT_ROUND_NEGATIVE, EVENT_ROUND_NEGATIVE, EVENT_ROUND_NEGATIVE, EVENT_ROUND_NEGATIVE,
        EVENT_ROUND_POSITIVE, EVENT_ORDERED,        EVENT_ORDERED,        EVENT_ORDERED,        EVENT_ORDERED,
        EVENT_STARTED,        EVENT_DONE,           EVENT_DECLINED};
    bool zone = x->h.kind == BY_HAND_ZONE;
    f->kind = zone ? place[rng_below(r, sizeof place)] : person[rng_below(r, sizeof person)];
    if (f->kind == EVENT_DIED && rng_below(r, 4) > 0) f->kind = EVENT_SEEN_WELL;
    if (f->kind == EVENT_RESULT) random_result(r, f);
    if (f->kind == EVENT_ORDERED) random_order(r, x, f);
    if (f->kind == EVENT_EXPOSED) {
        f->word = (uint8_t)rng_below(r, EXPOSURE_WORD_COUNT);
        f->protection = (uint8_t)rng_below(r, 3);
        if (rng_below(r, 2) == 0) f->flags |= FACT_OF_CONTACT;
        if (rng_below(r, 4) == 0) f->flags |= FACT_OPEN;
        if (rng_below(r, 3) == 0) f->until.s = f->happened.s + (int64_t)rng_below(r, 200000);
    }
    if (f->kind == EVENT_ATTRIBUTE) {
        static const uint8_t words[] = {ATTRIBUTE_PREGNANT, ATTRIBUTE_NEEDS_CARER, ATTRIBUTE_UNFIT,
                                        ATTRIBUTE_VACCINATED};
        f->word = words[rng_below(r, sizeof words)];
        f->flags = rng_below(r, 4) == 0 ? FACT_NO : FACT_YES;
    }
    bool named = f->kind == EVENT_DONE || (f->kind == EVENT_REFUSED && rng_below(r, 2) == 0);
    if (named) f->name = x->n->name[x->h.kind][8 + rng_below(r, 2)];
    if (named && rng_below(r, 3) == 0) f->name = x->n->stage_name[x->h.kind == BY_HAND_ZONE ? 3 : 0][0];
}

// One course: entered, then facts and days in order, until it has been over for a while.
static bool course_agrees(struct pair *x, uint32_t course)
{
    struct rng r = rng_stream(seed, 0, 0, course, PURPOSE);
    by_hand_kind kind = (by_hand_kind)rng_below(&r, BY_HAND_KINDS);
    civil_day base = {19170 + (int32_t)rng_below(&r, 100)};
    x->e = enrolment_new(course, 0, x->n->pathway[kind], base);
    x->h = by_hand_new(course, kind);
    x->told_count = 0;
    int64_t now = (int64_t)base.d * 86400 + rng_below(&r, 86400);
    for (int64_t id = 1; x->told_count < FACTS_MOST; id++) {
        struct fact f = {
            .id = id, .subject = course, .happened = {now}, .until = UTC_NONE, .known = {now}, .recorded = {now}};
        if (rng_below(&r, 12) == 0) f.known.s += (int64_t)rng_below(&r, 600000); // named late, up to a week
        if (id == 1 || (id == 2 && rng_below(&r, 2) == 0)) {                     // what opens it comes first, mostly
            f.kind = kind == BY_HAND_ZONE ? EVENT_NEW_CASE : EVENT_EXPOSED;
            f.word = EXPOSURE_HOUSEHOLD;
            f.flags = kind == BY_HAND_SECOND ? FACT_OF_CONTACT : 0;
            if (rng_below(&r, 6) == 0 && kind != BY_HAND_ZONE) f.flags |= FACT_OPEN;
        } else {
            random_fact(&r, x, &f);
            if (f.kind == EVENT_ORDERED || f.kind == EVENT_DECLINED) f.known = f.happened; // no order is back-dated
        }
        if (!step_fact(x, &f, course)) return false;
        if (enrolment_is_open(&x->e) != by_hand_is_open(&x->h)) return false;
        if (rng_below(&r, 5) == 0 &&
            !step_deadline(x, (uint8_t)rng_below(&r, BY_HAND_SLOTS), (utc_sec){now + 60}, course))
            return false;
        int64_t gap = rng_below(&r, 3) > 0 ? rng_below(&r, 20000) : rng_below(&r, 300000);
        now += 60 + gap;
        if (rng_below(&r, 3) == 0 && !step_until(x, (utc_sec){now - 60}, course)) return false;
    }
    return step_until(x, (utc_sec){now + 80 * 86400}, course);
}

int main(void)
{
    static struct pair x;
    char path[1024];
    struct reading reading;
    struct protocol_source disk = {files_open_disk, NULL};
    struct by_hand_numbers numbers;
    files_read(&reading, tap_source("protocols/covid19-cn-9.yaml", path, sizeof path), &disk);
    if (!EQ_INT(reading.code, TONG_OK, "the 9th edition reads")) return tap_done();
    if (OK(by_hand_bind(&reading.p, &numbers), "it has the tasks, stages and rules that were written by hand")) {
        const struct protocol *editions[] = {&reading.p};
        const struct rulebook book = {editions, 1};
        x.book = &book;
        x.p = &reading.p;
        x.n = &numbers;
        uint32_t course = 0;
        while (course < COURSES && course_agrees(&x, course)) course++;
        EQ_INT(course, COURSES, "random courses agree (seed %llu)", (unsigned long long)seed);
        OK(x.decisions > 40 * (size_t)COURSES, "and there was something to decide: %zu decisions", x.decisions);
    }
    files_close(&reading);
    return tap_done();
}
