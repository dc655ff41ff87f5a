#include "properties.h"

#include "base/limits.h"
#include "protocol/read.h"

#include <assert.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DAY_S = 86400, HOUR_S = 3600 };

// ---- the shipped protocols ----

static tong_code shelf_file(void *payload, const char *path, struct arena *arena, struct str *out, struct err *err)
{
    (void)payload;
    FILE *f = fopen(path, "rb");
    if (f == NULL) return tong_fail(err, TONG_E_NOT_FOUND, "there is no file %s", path);
    char *text = arena_alloc(arena, (size_t)LIMIT_PROTOCOL_BYTES);
    size_t n = text == NULL ? 0 : fread(text, 1, (size_t)LIMIT_PROTOCOL_BYTES, f);
    (void)fclose(f);
    *out = (struct str){text, n};
    return text == NULL ? tong_fail(err, TONG_E_NOMEM, "no memory for %s", path) : TONG_OK;
}

static bool shelf_wanted(const char *name)
{
    size_t n = strlen(name);
    return n > 5 && strcmp(name + n - 5, ".yaml") == 0 && (n < 11 || strcmp(name + n - 11, ".tests.yaml") != 0);
}

static int shelf_compare(const void *a, const void *b)
{
    const struct protocol *const *x = a, *const *y = b;
    return strcmp((*x)->id, (*y)->id);
}

bool shelf_open(struct shelf *shelf, const char *folder)
{
    if (folder == NULL) folder = getenv("TONGZHOU_PROTOCOLS");
    if (folder == NULL || folder[0] == 0) folder = "protocols";
    *shelf = (struct shelf){.count = 0};
    DIR *dir = opendir(folder);
    if (dir == NULL) return false;
    for (struct dirent *entry; shelf->count < PROPERTY_FILES && (entry = readdir(dir)) != NULL;) {
        if (!shelf_wanted(entry->d_name)) continue;
        char *path = arena_printf(&shelf->arena, "%s/%s", folder, entry->d_name);
        struct protocol *p = arena_alloc(&shelf->arena, sizeof *p);
        struct problem_list problems = {.arena = &shelf->arena};
        struct protocol_source source = {shelf_file, NULL};
        if (path == NULL || p == NULL || protocol_read(path, &source, p, &problems, NULL) != TONG_OK) {
            problem_print_all(&problems, LANG_EN, stdout);
            (void)closedir(dir);
            return false;
        }
        shelf->protocols[shelf->count++] = p;
    }
    (void)closedir(dir);
    qsort(shelf->protocols, shelf->count, sizeof shelf->protocols[0], shelf_compare);
    return shelf->count > 0;
}

void shelf_close(struct shelf *shelf)
{
    for (size_t i = 0; i < shelf->count; i++) protocol_free(shelf->protocols[i]);
    arena_free(&shelf->arena);
}

// ---- random facts ----

static uint8_t random_of(struct rng *r, uint32_t count)
{
    return (uint8_t)rng_below(r, count);
}

static uint32_t random_measure(struct rng *r, const struct protocol *p, uint8_t pathway)
{
    const struct pathway *path = &p->pathways[pathway];
    uint8_t stage = (uint8_t)(path->stage_first + rng_below(r, path->stage_count));
    uint8_t measure = p->stages[stage].measure;
    if (measure == PROTOCOL_NONE || rng_below(r, 5) == 0) measure = (uint8_t)rng_below(r, (uint32_t)p->measure_count);
    return p->measures[measure].name_id;
}

static void random_details(struct rng *r, const struct rulebook *book, uint8_t pathway, struct fact *f)
{
    const struct protocol *p = book->editions[0];
    switch ((int)f->kind) {
    case EVENT_EXPOSED:
    case EVENT_CONTACT_NAMED:
        f->word = random_of(r, EXPOSURE_WORD_COUNT);
        f->protection = random_of(r, 3);
        if (rng_below(r, 4) == 0) f->flags |= FACT_OPEN;
        if (rng_below(r, 3) == 0) f->flags |= FACT_OF_CONTACT;
        if (rng_below(r, 2) == 0) f->name = p->pathways[pathway].name_id;
        if (rng_below(r, 3) == 0) f->until.s = f->happened.s + rng_below(r, 2 * DAY_S);
        f->value = (int32_t)rng_below(r, 120);
        f->link = 2;
        break;
    case EVENT_SAMPLED:
    case EVENT_RESULT:
        f->word = rng_below(r, 2) == 0 ? SPECIMEN_OROPHARYNGEAL : random_of(r, SPECIMEN_WORD_COUNT);
        f->test = rng_below(r, 3) == 0 ? random_of(r, TEST_WORD_COUNT) : TEST_PCR;
        f->outcome = rng_below(r, 4) == 0 ? random_of(r, OUTCOME_WORD_COUNT) : OUTCOME_NEGATIVE;
        if (rng_below(r, 4) == 0) f->value = (int32_t)(200 + rng_below(r, 200));
        if (rng_below(r, 8) == 0) f->flags |= FACT_POOLED;
        break;
    case EVENT_CLASSIFIED: f->word = (uint8_t)(EVENT_SUSPECTED + rng_below(r, 5)); break;
    case EVENT_ORDERED:
        f->name = random_measure(r, p, pathway);
        f->signer = (int32_t)rng_below(r, 7);
        f->second = (int32_t)rng_below(r, 7);
        if (rng_below(r, 5) == 0) f->until.s = f->happened.s + rng_below(r, 12 * DAY_S);
        break;
    case EVENT_ATTRIBUTE:
    case EVENT_IMMUNITY:
        f->word = random_of(r, ATTRIBUTE_WORD_COUNT);
        f->flags = rng_below(r, 3) == 0 ? FACT_NO : FACT_YES;
        if (f->kind == EVENT_ATTRIBUTE && rng_below(r, 3) == 0) f->word = FACT_WORD_AGE;
        f->value = (int32_t)rng_below(r, 90);
        break;
    case EVENT_OVERRIDE:
        f->word = random_of(r, 3);
        f->value = (int32_t)rng_below(r, 30);
        break;
    case EVENT_DONE:
    case EVENT_REFUSED:
        if (p->task_count > 0 && (f->kind == EVENT_DONE || rng_below(r, 2) == 0))
            f->name = p->tasks[rng_below(r, (uint32_t)p->task_count)].name_id;
        break;
    case EVENT_COUNT: f->value = (int32_t)rng_below(r, 10); break;
    case EVENT_ENROLLED: f->name = p->pathways[pathway].name_id; break;
    case EVENT_EDITION: f->edition = random_of(r, (uint32_t)book->count); break;
    default: break;
    }
}

static event_word random_kind(struct rng *r, const struct wishes *wishes)
{
    static const uint8_t often[] = {EVENT_SEEN_WELL, EVENT_SAMPLED, EVENT_RESULT,         EVENT_RESULT, EVENT_ORDERED,
                                    EVENT_ORDERED,   EVENT_EXPOSED, EVENT_SYMPTOM,        EVENT_WELL,   EVENT_DONE,
                                    EVENT_NEW_CASE,  EVENT_STARTED, EVENT_LINKED_NEGATIVE};
    event_word kind;
    do {
        kind = rng_below(r, 3) > 0 ? (event_word)often[rng_below(r, sizeof often)]
                                   : (event_word)rng_below(r, EVENT_ENROLLED);
        if (wishes->editions && rng_below(r, 16) == 0) kind = EVENT_EDITION;
        bool ends = kind == EVENT_DIED || kind == EVENT_LOST || kind == EVENT_ACCEPTED;
        if (ends && rng_below(r, 4) > 0) continue; // so that histories live long enough
        if (!wishes->orders && kind == EVENT_ORDERED) continue;
        return kind;
    } while (true);
}

// What opens the pathway: an exposure or the decision to enrol by its name, or a new case for a place.
static void random_opening(struct rng *r, const struct protocol *p, uint8_t pathway, struct fact *f)
{
    const struct pathway *path = &p->pathways[pathway];
    f->kind = path->ladder || rng_below(r, 3) == 0 ? EVENT_ENROLLED : EVENT_EXPOSED;
    if (path->day_zero == ANCHOR_LAST_CASE && rng_below(r, 2) == 0) f->kind = EVENT_NEW_CASE;
    f->name = f->kind == EVENT_NEW_CASE ? 0 : path->name_id;
    if (f->kind == EVENT_EXPOSED && rng_below(r, 5) == 0) f->flags |= FACT_OPEN;
    f->link = 2;
}

static int history_by_known(const void *a, const void *b)
{
    const struct fact *x = a, *y = b;
    if (x->known.s != y->known.s) return x->known.s < y->known.s ? -1 : 1;
    return (x->id > y->id) - (x->id < y->id);
}

void history_random(struct history *h, const struct rulebook *book, uint8_t pathway, uint64_t seed, uint32_t number,
                    const struct wishes *wishes)
{
    struct rng r = rng_stream(seed, pathway, 0, number, 1);
    *h = (struct history){.book = book, .pathway = pathway, .seed = seed, .number = number};
    // Early in one of the 128-day units from which an enrolment counts its days, so that states can be compared bit by bit.
    int64_t unit = (book->editions[0]->from.d / ENROLMENT_BASE_UNIT + 1) * ENROLMENT_BASE_UNIT;
    int64_t at = (unit + 5 + rng_below(&r, 30)) * DAY_S + rng_below(&r, DAY_S);
    size_t wanted = 2 + rng_below(&r, PROPERTY_FACTS - 2);
    for (size_t i = 0; i < wanted; i++) {
        struct fact f = {.id = (int64_t)i + 1, .subject = 1, .happened = {at - at % 60}, .until = UTC_NONE};
        if (i == 0 || (i == 1 && rng_below(&r, 3) == 0)) {
            random_opening(&r, book->editions[0], pathway, &f);
        } else {
            f.kind = (uint8_t)random_kind(&r, wishes);
            random_details(&r, book, pathway, &f);
        }
        int64_t delay =
            !wishes->late || rng_below(&r, 3) > 0 ? 0 : rng_below(&r, rng_below(&r, 3) == 0 ? 8 * DAY_S : DAY_S);
        if (f.kind == EVENT_EDITION) delay = 0;
        f.known = f.recorded = (utc_sec){f.happened.s + delay};
        h->facts[h->count++] = f;
        at += 60 + (rng_below(&r, 4) > 0 ? rng_below(&r, 18 * HOUR_S) : rng_below(&r, 4 * DAY_S));
    }
    qsort(h->facts, h->count, sizeof h->facts[0], history_by_known);
    // Numbers grow as facts become known; a correction speaks of a fact known before it.
    for (size_t i = 0; i < h->count; i++) {
        struct fact *f = &h->facts[i];
        f->id = (int64_t)i + 1;
        if (!wishes->corrections || i == 0 || rng_below(&r, 7) > 0 || f->kind == EVENT_EDITION) continue;
        f->replaces = 1 + rng_below(&r, (uint32_t)i);
        if (rng_below(&r, 2) == 0) f->kind = EVENT_RETRACTED;
    }
}

// ---- the engine ----

static void engine_room(struct decisions *log, size_t more, struct arena *arena)
{
    if (log->cap - log->count >= more) return;
    size_t cap = log->cap * 2 + more;
    struct decision *items = arena_array(arena, cap, sizeof *items);
    if (items == NULL) abort();
    if (log->count > 0) memcpy(items, log->items, log->count * sizeof *items);
    log->items = items;
    log->cap = cap;
}

void engine_open(struct engine *g, const struct history *h)
{
    *g = (struct engine){.book = h->book, .pathway = h->pathway, .now = {INT64_MIN / 4}};
    civil_day base = {0};
    if (h->count > 0) base = zone_day(&h->book->editions[0]->zone, h->facts[0].happened);
    for (size_t i = 1; i < h->count; i++) {
        civil_day day = zone_day(&h->book->editions[0]->zone, h->facts[i].happened);
        if (day.d < base.d) base = day;
    }
    g->base = base;
    g->e = enrolment_new(1, 0, h->pathway, base);
}

void engine_close(struct engine *g)
{
    arena_free(&g->arena);
}

static void engine_measure_step(struct engine *g, size_t before)
{
    size_t n = g->issued.count - before;
    if (n > g->step_most) g->step_most = n;
}

static void engine_sign(struct engine *g, size_t from);
static void engine_take(struct engine *g, const struct fact *f);

static void engine_days(struct engine *g, utc_sec now)
{
    while (g->e.next_min != ENROLMENT_NEVER && (int64_t)g->e.next_min * 60 <= now.s) {
        engine_room(&g->issued, 2 * DECISIONS_STEP_MAX, &g->arena);
        size_t before = g->issued.count;
        utc_sec at = {(int64_t)g->e.next_min * 60};
        respond_until(g->book, &g->e, at, &g->issued);
        engine_measure_step(g, before);
        if (g->now.s < at.s) g->now = at;
        if (g->sign) engine_sign(g, before);
    }
}

void engine_until(struct engine *g, utc_sec now)
{
    engine_days(g, now);
    if (g->now.s < now.s) g->now = now;
}

void engine_fold(struct engine *g, struct enrolment *e, struct decisions *desired)
{
    struct fact sorted[sizeof g->facts / sizeof g->facts[0]];
    memcpy(sorted, g->facts, g->count * sizeof *sorted);
    size_t n = facts_prepare(sorted, g->count, g->now, UTC_NONE);
    *e = enrolment_new(1, 0, g->pathway, g->base);
    *desired = (struct decisions){NULL, 0, 0};
    if (n > 0 && fold(g->book, sorted, n, g->now, e, desired, &g->arena, NULL) != TONG_OK) abort();
}

static void engine_refold(struct engine *g, int64_t cause)
{
    struct decisions desired;
    struct enrolment e;
    engine_fold(g, &e, &desired);
    const struct enrolment folded = e;
    engine_room(&g->issued, 2 * (desired.count + g->issued.count) + 8, &g->arena);
    struct decisions issued = {g->issued.items, g->issued.count, g->issued.count};
    struct decisions owed = {g->issued.items + g->issued.count, 0, g->issued.cap - g->issued.count};
    fold_owed(g->book, &e, &desired, &issued, g->now, cause, &owed);
    g->issued.count += owed.count;
    g->used_up = g->used_up || memcmp(&folded, &e, sizeof e) != 0;
    g->e = e;
    g->refolds++;
}

static bool engine_spoken_of(const struct engine *g, int64_t id)
{
    for (size_t i = 0; i < g->count; i++)
        if (g->facts[i].replaces == id) return true;
    return false;
}

static void engine_take(struct engine *g, const struct fact *f)
{
    if (g->count == sizeof g->facts / sizeof g->facts[0]) return;
    // A correction, or something that a correction which arrived before speaks of.
    bool late = f->replaces != 0 || f->kind == EVENT_RETRACTED || engine_spoken_of(g, f->id);
    g->facts[g->count++] = *f;
    size_t before = g->issued.count;
    engine_room(&g->issued, 2 * DECISIONS_STEP_MAX, &g->arena);
    if (!late) late = respond(g->book, &g->e, f, &g->issued) == RESPOND_LATE;
    if (late) engine_refold(g, f->id);
    else engine_measure_step(g, before);
    if (g->sign) engine_sign(g, before);
}

// Whoever is asked to sign does so, in pairs that never signed before.
static void engine_sign(struct engine *g, size_t from)
{
    for (size_t i = from; i < g->issued.count; i++) {
        const struct decision d = g->issued.items[i];
        if (d.kind != DECISION_MEASURE_PROPOSED) continue;
        struct fact f = {.id = 1000 + g->signers,
                         .subject = 1,
                         .happened = {g->now.s - g->now.s % 60},
                         .until = UTC_NONE,
                         .known = g->now,
                         .recorded = g->now,
                         .kind = EVENT_ORDERED};
        f.name = g->book->editions[d.edition]->measures[d.what].name_id;
        f.signer = 100 + g->signers++;
        f.second = 100 + g->signers++;
        engine_take(g, &f);
    }
}

void engine_tell(struct engine *g, const struct fact *f, utc_sec now)
{
    assert(now.s >= f->known.s);
    engine_until(g, now);
    engine_take(g, f);
}

void engine_live(struct engine *g, const struct history *h)
{
    for (size_t i = 0; i < h->count; i++) engine_tell(g, &h->facts[i], h->facts[i].known);
}

// ---- what a log comes to ----

static int net_compare(const void *a, const void *b)
{
    const uint64_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

void net_of(const struct rulebook *book, const struct decisions *log, struct net *out)
{
    *out = (struct net){.task_count = 0};
    for (size_t i = 0; i < log->count; i++) {
        const struct decision *d = &log->items[i];
        const struct protocol *p = book->editions[d->edition];
        uint64_t key = 0;
        if (d->slot < PROTOCOL_SLOTS && (d->kind == DECISION_TASK_OPENED || d->kind == DECISION_TASK_CLOSED))
            key = (uint64_t)p->tasks[d->what].name_id << 8 | (d->slot < PROTOCOL_STAGE_SLOTS ? d->slot : PROTOCOL_NONE);
        if (d->kind == DECISION_TASK_OPENED && out->task_count < 64) out->tasks[out->task_count++] = key;
        for (size_t k = 0; d->kind == DECISION_TASK_CLOSED && k < out->task_count; k++) {
            if (out->tasks[k] != key) continue;
            out->tasks[k] = out->tasks[--out->task_count];
            break;
        }
        if (d->kind == DECISION_MEASURE_PROPOSED) out->proposed = p->measures[d->what].name_id;
        if (d->kind == DECISION_MEASURE_ORDERED || d->kind == DECISION_MEASURE_STARTED) {
            out->in_force = p->measures[d->what].name_id;
            if (out->proposed == out->in_force) out->proposed = 0;
        }
        if (d->kind == DECISION_MEASURE_ENDED) {
            if (out->in_force == p->measures[d->what].name_id) out->in_force = 0;
            if (out->proposed == p->measures[d->what].name_id) out->proposed = 0;
        }
    }
    qsort(out->tasks, out->task_count, sizeof out->tasks[0], net_compare);
}

bool net_same(const struct net *a, const struct net *b)
{
    return a->task_count == b->task_count && a->in_force == b->in_force && a->proposed == b->proposed &&
           memcmp(a->tasks, b->tasks, a->task_count * sizeof a->tasks[0]) == 0;
}

// ---- failing ----

static const char *history_name(const struct protocol *p, uint32_t id)
{
    for (size_t i = 0; i < p->measure_count; i++)
        if (p->measures[i].name_id == id) return p->measures[i].name;
    for (size_t i = 0; i < p->task_count; i++)
        if (p->tasks[i].name_id == id) return p->tasks[i].name;
    for (size_t i = 0; i < p->pathway_count; i++)
        if (p->pathways[i].name_id == id) return p->pathways[i].name;
    return "?";
}

void history_print(const struct history *h)
{
    const struct protocol *p = h->book->editions[0];
    (void)printf("# %s, pathway %s, seed %llu number %u:\n", p->id, p->pathways[h->pathway].name,
                 (unsigned long long)h->seed, h->number);
    for (size_t i = 0; i < h->count; i++) {
        const struct fact *f = &h->facts[i];
        char happened[UTC_TEXT], known[UTC_TEXT], until[UTC_TEXT];
        zone_format(&p->zone, f->happened, happened);
        zone_format(&p->zone, f->known, known);
        (void)printf("#   - {%s: %s, known: %s, id: %lld", words_at(WORDS_EVENT, f->kind)->name, happened, known,
                     (long long)f->id);
        if (f->until.s != INT64_MIN) {
            zone_format(&p->zone, f->until, until);
            (void)printf(", until: %s", until);
        }
        if (f->kind == EVENT_RESULT)
            (void)printf(", specimen: %s, test: %s, is: %s", words_at(WORDS_SPECIMEN, f->word)->name,
                         words_at(WORDS_TEST, f->test)->name, words_at(WORDS_OUTCOME, f->outcome)->name);
        else if (f->word != 0) (void)printf(", word: %d", f->word);
        if (f->value != 0) (void)printf(", value: %d", f->value);
        if (f->name != 0) (void)printf(", name: %s", history_name(p, f->name));
        if (f->signer != 0 || f->second != 0) (void)printf(", by: %d, second: %d", f->signer, f->second);
        if (f->replaces != 0) (void)printf(", replaces: %lld", (long long)f->replaces);
        if (f->kind == EVENT_EDITION) (void)printf(", edition: %s", h->book->editions[f->edition]->id);
        if (f->flags != 0) (void)printf(", flags: %d", f->flags);
        (void)printf("}\n");
    }
}

bool property_check(const char *name, property *holds, const struct history *h)
{
    char why[200] = "";
    if (holds(h, why)) return true;
    struct history least = *h;
    for (bool smaller = true; smaller;) {
        smaller = false;
        for (size_t i = least.count; i-- > 0;) {
            struct history less = least;
            memmove(&less.facts[i], &less.facts[i + 1], (less.count - i - 1) * sizeof less.facts[0]);
            less.count--;
            char other[200] = "";
            if (holds(&less, other)) continue;
            least = less;
            memcpy(why, other, sizeof why);
            smaller = true;
        }
    }
    (void)printf("# %s does not hold: %s\n", name, why);
    history_print(&least);
    return false;
}
