// The index of those who may be the same: blocks of people who share something, chained in one table.
#include "exchange/duplicate.h"

#include "base/grow.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum {
    BLOCKS_MAX = 7,     // blocks a person stands in
    EXAMINED_MAX = 400, // candidates compared for one row: a block of everybody born on 1 January is cut there
    HEADS_FIRST = 1 << 16
};

struct index_person { // packed: a name stands once, as it sounds, beside where it differs as written
    uint64_t document, phone[2];
    int64_t id;
    int32_t born, text; // offset in the pool: name, NUL, sound, NUL
    int16_t year;
    uint8_t sex, han;
    uint32_t seen; // the last question that came across them
};
struct index_entry {
    uint32_t next, person; // from 1
    uint32_t tag;          // of the block
};

struct duplicate_index {
    struct index_person *people;
    struct index_entry *entries;
    char *pool;
    uint32_t *heads;
    size_t people_count, people_cap, entry_count, entry_cap, pool_count, pool_cap, head_count;
    uint32_t question;
};

struct duplicate_index *duplicate_index_open(void)
{
    struct duplicate_index *d = calloc(1, sizeof *d);
    if (d == NULL) return NULL;
    d->head_count = HEADS_FIRST;
    d->heads = calloc(d->head_count, sizeof *d->heads);
    if (d->heads != NULL) return d;
    free(d);
    return NULL;
}

void duplicate_index_close(struct duplicate_index *d)
{
    if (d == NULL) return;
    grow_free(d->people);
    grow_free(d->entries);
    grow_free(d->pool);
    free(d->heads);
    free(d);
}

size_t duplicate_index_count(const struct duplicate_index *d)
{
    return d->people_count;
}

size_t duplicate_index_bytes(const struct duplicate_index *d)
{
    return d->people_cap * sizeof *d->people + d->entry_cap * sizeof *d->entries + d->pool_cap +
           d->head_count * sizeof *d->heads;
}

// ---- blocks ----

static uint64_t index_mix(uint64_t kind, uint64_t a, uint64_t b)
{
    uint64_t x =
        kind * 0x9E3779B97F4A7C15u ^ a * 0xBF58476D1CE4E5B9u ^ b * 0x94D049BB133111EBu; // splitmix64's constants
    x ^= x >> 31;
    x *= 0xD6E8FEB86659FD93u;
    return x ^ x >> 32;
}

// The blocks a person stands in, and is looked for in.
static size_t index_blocks(const struct duplicate_who *w, uint64_t out[BLOCKS_MAX])
{
    size_t n = 0;
    if (w->document != 0) out[n++] = index_mix(1, w->document, 0);
    for (size_t i = 0; i < 2; i++)
        if (w->phone[i] != 0) out[n++] = index_mix(2, w->phone[i], 0);
    if (w->born_year == 0 || w->sound[0] == 0) {
        if (n == 0 && w->sound[0] != 0) out[n++] = index_mix(7, str_hash(str_z(w->name)), 0); // a name is all there is
        return n;
    }
    uint64_t sound = str_hash(str_z(w->sound));
    out[n++] = index_mix(3, sound, (uint64_t)w->born_year);
    if (w->born.d == CIVIL_DAY_NONE) return n;
    struct civil_date date = civil_to_date(w->born);
    int32_t low = date.month < date.day ? date.month : date.day, high = date.month + date.day - low;
    out[n++] = index_mix(4, sound, (uint64_t)(low * 100 + high));
    // The day with the first letter of the first and of the last part: a slip changes one of them, hardly both.
    const char *last = strrchr(w->sound, ' ');
    uint64_t day = (uint64_t)(date.year * 10000 + low * 100 + high);
    out[n++] = index_mix(5, day, (unsigned char)w->sound[0]);
    if (last != NULL && last[1] != w->sound[0]) out[n++] = index_mix(5, day, (unsigned char)last[1]);
    assert(n <= BLOCKS_MAX);
    return n;
}

static bool index_widen(struct duplicate_index *d)
{
    size_t count = d->head_count * 2;
    uint32_t *heads = calloc(count, sizeof *heads);
    if (heads == NULL) return false;
    // An entry knows 32 bits of its block, of which the lower ones are its place: enough for 2^32 heads.
    for (uint32_t e = 1; e <= d->entry_count; e++) {
        struct index_entry *entry = &d->entries[e - 1];
        size_t at = entry->tag & (count - 1);
        entry->next = heads[at];
        heads[at] = e;
    }
    free(d->heads);
    d->heads = heads;
    d->head_count = count;
    return true;
}

static bool index_text(struct duplicate_index *d, const char *text)
{
    struct grow_budget budget = {0};
    for (const char *c = text;; c++) {
        if (d->pool_count == d->pool_cap) {
            char *pool = grow_array(&budget, d->pool, d->pool_count, &d->pool_cap, 1);
            if (pool == NULL) return false;
            d->pool = pool;
        }
        d->pool[d->pool_count++] = *c;
        if (*c == 0) return true;
    }
}

bool duplicate_index_add(struct duplicate_index *d, const struct duplicate_who *who, int64_t id)
{
    struct grow_budget budget = {0};
    uint64_t block[BLOCKS_MAX];
    size_t n = index_blocks(who, block), text = d->pool_count;
    if (n == 0) return true; // nothing to be found by
    struct index_person *people = grow_array(&budget, d->people, d->people_count, &d->people_cap, sizeof *people);
    if (people == NULL) return false;
    d->people = people;
    if (!index_text(d, who->name) || !index_text(d, who->sound)) return false;
    people[d->people_count++] = (struct index_person){
        .document = who->document,
        .phone = {who->phone[0], who->phone[1]},
        .id = id,
        .born = who->born.d,
        .text = (int32_t)text,
        .year = (int16_t)who->born_year,
        .sex = (uint8_t)who->sex,
        .han = who->han,
    };
    for (size_t i = 0; i < n; i++) {
        if (d->entry_count * 2 > d->head_count * 3 && !index_widen(d)) return false;
        struct index_entry *entries = grow_array(&budget, d->entries, d->entry_count, &d->entry_cap, sizeof *entries);
        if (entries == NULL) return false;
        d->entries = entries;
        uint32_t tag = (uint32_t)(block[i] ^ block[i] >> 32);
        uint32_t *head = &d->heads[tag & (d->head_count - 1)];
        entries[d->entry_count++] = (struct index_entry){*head, (uint32_t)d->people_count, tag};
        *head = (uint32_t)d->entry_count;
    }
    return true;
}

// ---- finding ----

static void index_unpack(const struct duplicate_index *d, const struct index_person *p, struct duplicate_who *out)
{
    const char *name = d->pool + p->text;
    size_t n = strlen(name);
    memcpy(out->name, name, n + 1);
    memcpy(out->sound, name + n + 1, strlen(name + n + 1) + 1);
    out->han = p->han != 0;
    out->document = p->document;
    out->phone[0] = p->phone[0];
    out->phone[1] = p->phone[1];
    out->born.d = p->born;
    out->born_year = p->year;
    out->sex = p->sex;
}

static size_t index_rank(struct duplicate_match *out, size_t count, size_t room, struct duplicate_match m)
{
    size_t at = count < room ? count : room - 1;
    if (count == room && out[at].score >= m.score) return count;
    while (at > 0 && out[at - 1].score < m.score) {
        out[at] = out[at - 1];
        at--;
    }
    out[at] = m;
    return count < room ? count + 1 : count;
}

size_t duplicate_index_find(struct duplicate_index *d, const struct duplicate_who *who, int32_t least,
                            struct duplicate_match *out, size_t room)
{
    uint64_t block[BLOCKS_MAX];
    size_t n = index_blocks(who, block), count = 0, examined = 0;
    assert(room > 0);
    d->question++;
    for (size_t i = 0; i < n; i++) {
        uint32_t tag = (uint32_t)(block[i] ^ block[i] >> 32);
        for (uint32_t e = d->heads[tag & (d->head_count - 1)]; e != 0 && examined < EXAMINED_MAX;
             e = d->entries[e - 1].next) {
            if (d->entries[e - 1].tag != tag) continue;
            struct index_person *p = &d->people[d->entries[e - 1].person - 1];
            if (p->seen == d->question) continue;
            p->seen = d->question;
            examined++;
            struct duplicate_who other;
            struct duplicate_match m = {.id = p->id};
            index_unpack(d, p, &other);
            m.score = duplicate_score(who, &other, &m.reasons);
            if (m.score >= least) count = index_rank(out, count, room, m);
        }
    }
    return count;
}
