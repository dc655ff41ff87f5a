#include "response/caseload_inner.h"

#include <assert.h>
#include <stdlib.h>

tong_code caseload_open(const struct rulebook *book, uint8_t first, const struct caseload_options *options,
                        struct caseload **out, struct err *err)
{
    assert(first < book->count);
    struct caseload *c = calloc(1, sizeof *c);
    if (c == NULL) return tong_fail(err, TONG_E_NOMEM, "no memory for a caseload");
    c->book = book;
    c->edition = first;
    c->now = INT64_MIN / 4;
    c->options = *options;
    c->store = options->store;
    if (c->store != NULL) c->options.forget = true;
    if (c->options.depth_max == 0) c->options.depth_max = CASELOAD_DEPTH;
    c->fixed.bytes_max = c->arena.bytes_max = c->grown.bytes_max = options->bytes_max;
    c->names = map_open();
    c->keys = map_open();
    c->old = map_open();
    c->buffer = arena_array(&c->fixed, 3 * (size_t)CASELOAD_BUFFER, sizeof *c->buffer);
    c->subjects = grow_array(&c->grown, NULL, 0, &c->subject_cap, sizeof *c->subjects); // number 0 is nobody
    if (c->arena.bytes_max > 0)                                                         // the buffers count
        c->arena.bytes_max = c->arena.bytes_max > c->fixed.bytes ? c->arena.bytes_max - c->fixed.bytes : 1;
    bool maps = c->names != NULL && c->keys != NULL && c->old != NULL;
    if (!turns_open(c) || !maps || c->buffer == NULL || c->subjects == NULL) {
        caseload_close(c);
        return tong_fail(err, TONG_E_NOMEM, "no memory for a caseload");
    }
    c->desired = c->buffer + CASELOAD_BUFFER;
    c->owed = c->desired + CASELOAD_BUFFER;
    c->subjects[0] = (struct held_subject){0};
    *out = c;
    return TONG_OK;
}

void caseload_close(struct caseload *c)
{
    if (c == NULL) return;
    map_close(c->names);
    map_close(c->keys);
    map_close(c->old);
    turns_close(c);
    for (int32_t i = 0; i < CASELOAD_CHANGE_COUNT; i++) grow_free(c->changes[i].items);
    grow_free(c->subjects);
    grow_free(c->enrolments);
    grow_free(c->facts);
    grow_free(c->pending);
    grow_free(c->fact_by_id);
    grow_free(c->tasks);
    grow_free(c->measures);
    grow_free(c->measure_before);
    grow_free(c->links);
    grow_free(c->link_before);
    grow_free(c->asked);
    arena_free(&c->fixed);
    arena_free(&c->arena);
    arena_free(&c->scratch);
    free(c);
}

static uint32_t caseload_new_subject(struct caseload *c, struct str name, int64_t key, subject_kind kind)
{
    struct held_subject *subjects =
        grow_array(&c->grown, c->subjects, c->subject_count + 1, &c->subject_cap, sizeof *subjects);
    if (subjects == NULL) return CASELOAD_NONE;
    c->subjects = subjects;
    uint32_t i = (uint32_t)++c->subject_count;
    c->subjects[i] = (struct held_subject){
        .name = name,
        .key = key,
        .home = 0,
        .kind = kind,
        .fetched = c->store == NULL ? CASELOAD_ALL : 0,
        .first_fact = CASELOAD_NONE,
        .last_fact = CASELOAD_NONE,
        .last_enrolment = CASELOAD_NONE,
        .first_link = CASELOAD_NONE,
        .first_asked = CASELOAD_NONE,
    };
    return i;
}

uint32_t caseload_subject(struct caseload *c, struct str name, subject_kind kind)
{
    int64_t number;
    if (map_get_text(c->names, name, &number)) return (uint32_t)number;
    char *text = arena_copy(&c->arena, name.p, name.n);
    struct str kept = {text, name.n};
    uint32_t next = (uint32_t)c->subject_count + 1;
    if (text == NULL || !map_put_text(c->names, kept, next)) return CASELOAD_NONE;
    return caseload_new_subject(c, kept, 0, kind);
}

uint32_t caseload_subject_of(struct caseload *c, int64_t key, subject_kind kind)
{
    int64_t number;
    if (map_get_number(c->keys, key, &number)) return (uint32_t)number;
    uint32_t i = caseload_new_subject(c, (struct str){NULL, 0}, key, kind);
    if (i != CASELOAD_NONE && !map_put_number(c->keys, key, i)) {
        c->subject_count--;
        return CASELOAD_NONE;
    }
    return i;
}

void caseload_lives(struct caseload *c, uint32_t subject, uint32_t place)
{
    assert(subject > 0 && subject <= c->subject_count && place <= c->subject_count);
    c->subjects[subject].home = place;
}

int64_t caseload_fact_id(struct caseload *c)
{
    return ++c->last_id;
}

int64_t caseload_number(struct caseload *c, uint32_t subject)
{
    if (c->store == NULL || c->store->fact_id == NULL) return ++c->last_id;
    int64_t id = c->store->fact_id(c->store->payload, c, subject);
    if (id > c->last_id) c->last_id = id;
    else c->broken = true;
    return c->last_id;
}

// ---- time ----

tong_code caseload_advance(struct caseload *c, utc_sec now, struct err *err)
{
    struct turn t;
    while (!c->broken && turn_pop(c, now.s, &t)) {
        if (t.at > c->now) c->now = t.at;
        c->depth = 0;
        if (t.kind == TURN_TICK) caseload_tick(c, t.what, t.at);
        if (t.kind == TURN_DEADLINE) caseload_deadline(c, t.what);
        if (t.kind == TURN_FACT || t.kind == TURN_EDITION) {
            struct held_fact *f = &c->pending[t.what];
            if (f->depth > c->options.depth_max)
                return tong_fail(err, TONG_E_LIMIT, "one fact led to more than %d rounds of telling each other",
                                 c->options.depth_max);
            const struct held_fact taken = *f; // what it leads to may move the others
            caseload_take(c, &taken.fact, taken.depth, taken.given_by);
        }
    }
    if (c->turns.heap_count == 0) c->pending_count = 0;
    if (c->broken) return tong_fail(err, TONG_E_LIMIT, "no memory left for the caseload");
    if (now.s > c->now) c->now = now.s;
    return TONG_OK;
}

static tong_code caseload_wait(struct caseload *c, const struct fact *f, int32_t depth, uint32_t given_by,
                               struct err *err)
{
    struct held_fact *pending = grow_array(&c->grown, c->pending, c->pending_count, &c->pending_cap, sizeof *pending);
    if (pending != NULL) c->pending = pending;
    int64_t at = f->known.s < c->now ? c->now : f->known.s;
    if (pending == NULL ||
        !turn_push(c, f->kind == EVENT_EDITION ? TURN_EDITION : TURN_FACT, at, (uint32_t)c->pending_count)) {
        c->broken = true;
        return tong_fail(err, TONG_E_LIMIT, "no memory left for the caseload");
    }
    pending[c->pending_count++] = (struct held_fact){*f, CASELOAD_NONE, given_by, depth};
    return TONG_OK;
}

void caseload_give(struct caseload *c, struct fact f)
{
    if (f.id == 0)
        f.id = caseload_number(c, (uint32_t)f.subject); // so that they are taken in the order of their numbers
    (void)caseload_wait(c, &f, c->depth + 1, c->giver, NULL);
}

tong_code caseload_later(struct caseload *c, const struct fact *f, struct err *err)
{
    assert(f->subject > 0 && (size_t)f->subject <= c->subject_count);
    return caseload_wait(c, f, 0, CASELOAD_NOBODY, err);
}

tong_code caseload_record(struct caseload *c, const struct fact *f, struct err *err)
{
    assert(f->subject > 0 && (size_t)f->subject <= c->subject_count);
    struct fact now = *f;
    // A store may begin in mid-outbreak: what was known before it began is taken as it stands.
    if (now.known.s < c->now && c->store == NULL) now.known.s = c->now;
    tong_code code = caseload_wait(c, &now, 0, CASELOAD_NOBODY, err);
    utc_sec until = now.known.s < c->now ? (utc_sec){c->now} : now.known;
    if (code == TONG_OK) code = caseload_advance(c, until, err);
    if (code == TONG_OK && f->known.s < now.known.s)
        return tong_fail(err, TONG_E_CONFLICT, "known before the present time: taken as known now");
    return code;
}

tong_code caseload_edition(struct caseload *c, uint8_t edition, utc_sec at, struct err *err)
{
    assert(edition < c->book->count);
    tong_code code = caseload_advance(c, (utc_sec){at.s - 1}, err);
    if (code != TONG_OK) return code;
    c->edition = edition;
    for (size_t s = 1; s <= c->subject_count; s++) {
        bool open = false;
        for (uint32_t i = c->subjects[s].last_enrolment; i != CASELOAD_NONE && !open; i = c->enrolments[i].before)
            open = enrolment_is_open(&c->enrolments[i].e);
        if (!open) continue;
        const struct fact f = {
            .subject = (int64_t)s,
            .happened = at,
            .until = UTC_NONE,
            .known = at,
            .recorded = at,
            .kind = EVENT_EDITION,
            .edition = edition,
        };
        code = caseload_wait(c, &f, 0, CASELOAD_NOBODY, err);
        if (code != TONG_OK) return code;
    }
    return caseload_advance(c, at, err);
}
