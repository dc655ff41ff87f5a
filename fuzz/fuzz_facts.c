// Any bytes as a sequence of facts under any shipped protocol, told to one enrolment or to a caseload of people who tell
// each other. Every fact is answered, the state is the fold of what arrived, and lists agree with the enrolments.
#include "../tests/response/properties.h"
#include "fuzz.h"
#include "response/caseload.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { HEAD_BYTES = 4, FACT_BYTES = 16, FACTS_MOST = 40, PEOPLE = 4, DAY_S = 86400, MINUTE_S = 60 };

static const struct shelf *fuzz_shelf(void)
{
    static struct shelf shelf; // read once: the only state of this program
    if (shelf.count == 0 && !shelf_open(&shelf, TONG_PROTOCOLS)) abort();
    return &shelf;
}

// The protocol chosen first, then the other editions of its family.
static struct rulebook fuzz_book(const struct shelf *shelf, uint8_t choice,
                                 const struct protocol *editions[PROPERTY_EDITIONS])
{
    size_t first = choice % shelf->count, n = 0;
    editions[n++] = shelf->protocols[first];
    for (size_t i = 0; i < shelf->count && n < PROPERTY_EDITIONS; i++)
        if (i != first && strcmp(shelf->protocols[i]->family, editions[0]->family) == 0)
            editions[n++] = shelf->protocols[i];
    return (struct rulebook){editions, n};
}

static uint32_t fuzz_name(const struct protocol *p, uint8_t pathway, uint8_t choice)
{
    if (choice < 64) return 0;
    if (choice < 96) return p->pathways[pathway].name_id;
    if (choice < 176 && p->measure_count > 0) return p->measures[choice % p->measure_count].name_id;
    return p->task_count > 0 ? p->tasks[choice % p->task_count].name_id : 0;
}

// Sixteen bytes say one fact; whatever they say is a fact that a caller could give.
static struct fact fuzz_fact(const struct rulebook *book, uint8_t pathway, const uint8_t *b, int64_t at, int64_t id)
{
    struct fact f = {.id = id,
                     .subject = 1,
                     .happened = {at},
                     .until = UTC_NONE,
                     .name = fuzz_name(book->editions[0], pathway, b[9])};
    f.kind = (uint8_t)(b[0] % (EVENT_RETRACTED + 1));
    f.known.s = at + (b[3] < 160 ? 0 : (int64_t)(b[3] - 160) * 3 * 3600);
    f.recorded = f.known;
    f.word = b[4];
    if (f.kind == EVENT_EXPOSED || f.kind == EVENT_CONTACT_NAMED) f.word = (uint8_t)(b[4] % EXPOSURE_WORD_COUNT);
    if (f.kind == EVENT_RESULT || f.kind == EVENT_SAMPLED) f.word = (uint8_t)(b[4] % SPECIMEN_WORD_COUNT);
    if (f.kind == EVENT_CLASSIFIED) f.word = (uint8_t)(EVENT_SUSPECTED + b[4] % 5);
    f.test = (uint8_t)(b[5] % TEST_WORD_COUNT);
    f.outcome = (uint8_t)(b[6] % OUTCOME_WORD_COUNT);
    f.protection = (uint8_t)(b[6] / 4 % PROTECTION_WORD_COUNT);
    f.flags = b[7] & (FACT_YES | FACT_NO | FACT_POOLED | FACT_OPEN | FACT_DAY_ONLY | FACT_OF_CONTACT);
    f.value = (int16_t)((b[8] << 8 | b[10]) & 0xFFFF);
    f.signer = b[11] % 8;
    f.second = b[12] % 8;
    if (b[13] > 127) f.until.s = at + (int64_t)(b[13] - 128) * 6 * 3600;
    f.edition = (uint8_t)(b[14] % book->count);
    if (id > 1 && (b[15] & 15) == 0) f.replaces = 1 + b[15] / 16 % (id - 1);
    if (f.kind == EVENT_RETRACTED && f.replaces == 0) f.kind = EVENT_SEEN_WELL;
    return f;
}

static void fuzz_one_enrolment(const struct history *h)
{
    struct engine g;
    engine_open(&g, h);
    g.sign = h->number % 2 == 0;
    engine_live(&g, h);
    engine_until(&g, (utc_sec){g.now.s + 40 * DAY_S});
    struct enrolment folded;
    struct decisions desired;
    engine_fold(&g, &folded, &desired);
    assert(g.step_most <= DECISIONS_STEP_MAX);
    assert(g.used_up || (folded.stage == g.e.stage && folded.open == g.e.open && folded.step == g.e.step));
    assert(!enrolment_restricts(h->book, &g.e) ||
           h->book->editions[g.e.edition]->pathways[g.e.pathway].at_most_days > 0);
    engine_close(&g);
}

static void fuzz_caseload(const struct history *h)
{
    const struct caseload_options options = {.sign_orders = h->number % 2 == 0, .bytes_max = 64 << 20};
    struct caseload *c = NULL;
    struct err err;
    if (caseload_open(h->book, 0, &options, &c, &err) != TONG_OK) return;
    uint32_t people[PEOPLE];
    for (uint32_t i = 0; i < PEOPLE; i++) {
        const char name[] = {(char)('a' + (char)i), 0};
        people[i] =
            caseload_subject(c, str_z(name), i == 0 ? h->book->editions[0]->pathways[h->pathway].of : SUBJECT_PERSON);
    }
    tong_code code = TONG_OK;
    for (size_t i = 0; i < h->count && code == TONG_OK; i++) {
        struct fact f = h->facts[i];
        f.id = caseload_fact_id(c);
        f.subject = people[(uint32_t)f.value % PEOPLE];
        f.link = f.kind == EVENT_CONTACT_NAMED || f.kind == EVENT_EXPOSED ? people[f.signer % PEOPLE] : 0;
        if (f.replaces != 0) f.subject = people[(uint32_t)h->facts[f.replaces - 1].value % PEOPLE];
        code = f.kind == EVENT_EDITION ? caseload_edition(c, f.edition, f.known, &err) : caseload_record(c, &f, &err);
        assert(code == TONG_OK || code == TONG_E_LIMIT || code == TONG_E_CONFLICT);
    }
    if (code == TONG_OK) code = caseload_advance(c, (utc_sec){caseload_now(c).s + 40 * DAY_S}, &err);
    size_t tasks;
    const struct caseload_task *task = caseload_tasks(c, &tasks);
    for (uint32_t i = 0; i < caseload_enrolment_count(c) && code == TONG_OK; i++) {
        int open = 0;
        for (size_t k = 0; k < tasks; k++)
            open += task[k].enrolment == i && task[k].open && task[k].slot != PROTOCOL_NONE;
        assert(open == __builtin_popcount(caseload_enrolment(c, i)->open));
    }
    caseload_close(c);
}

static int fuzz_by_known(const void *a, const void *b)
{
    const struct fact *x = a, *y = b;
    if (x->known.s != y->known.s) return x->known.s < y->known.s ? -1 : 1;
    return (x->id > y->id) - (x->id < y->id);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < HEAD_BYTES + FACT_BYTES) return 0;
    const struct protocol *editions[PROPERTY_EDITIONS];
    struct rulebook book = fuzz_book(fuzz_shelf(), data[0], editions);
    struct history h = {.book = &book, .pathway = (uint8_t)(data[1] % editions[0]->pathway_count), .number = data[2]};
    int64_t at = ((int64_t)editions[0]->from.d + 40) * DAY_S;
    size_t n = (size - HEAD_BYTES) / FACT_BYTES;
    for (size_t i = 0; i < n && i < FACTS_MOST; i++) {
        const uint8_t *b = data + HEAD_BYTES + i * FACT_BYTES;
        at += MINUTE_S * (1 + (int64_t)(b[1] | (b[2] & 15) << 8));
        h.facts[h.count] = fuzz_fact(&book, h.pathway, b, at, (int64_t)i + 1);
        h.count++;
    }
    qsort(h.facts, h.count, sizeof h.facts[0], fuzz_by_known); // told as they become known, and numbered so
    for (size_t i = 0; i < h.count; i++) {
        h.facts[i].id = (int64_t)i + 1;
        if (h.facts[i].replaces > (int64_t)i) h.facts[i].replaces = 0;
        if (h.facts[i].kind == EVENT_RETRACTED && h.facts[i].replaces == 0) h.facts[i].kind = EVENT_SEEN_WELL;
    }
    if (data[3] % 2 == 0) fuzz_one_enrolment(&h);
    else fuzz_caseload(&h);
    return 0;
}
