#include "service/demo_load.h"

#include "service/demo_rows.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { LOAD_GROUP = 1000, LOAD_DAY_S = 86400, LOAD_SLUG = 64 };

struct load_row { // what a command borrows
    struct district_place place;
    struct district_person person;
    struct demo_uids uids;
    struct place_record place_record;
    struct person_record person_record;
};

struct demo_load {
    struct district *district;
    const struct protocol *protocol;
    struct demo_taker taker;
    struct db *db; // committed so far
    struct command *commands;
    struct intake_outcome *outcomes;
    struct load_row *rows; // of places and people
    size_t count;
    bool rows_only; // places and people: nobody asks for their facts
    struct demo_counts counts;
    struct arena problems;
    int64_t *made; // facts of the last call, in order
    size_t made_count, made_cap;
    struct arena made_arena;
    char refusal[LOAD_SLUG];
    struct err err;        // why the listener wanted no more
    tong_code code;
};

static tong_code load_open_all(struct demo_load *l, struct err *err)
{
    l->commands = calloc(LOAD_GROUP, sizeof *l->commands);
    l->outcomes = calloc(LOAD_GROUP, sizeof *l->outcomes);
    l->rows = calloc(LOAD_GROUP, sizeof *l->rows);
    if (l->commands == NULL || l->outcomes == NULL || l->rows == NULL) return tong_fail(err, TONG_E_NOMEM, "loading a district");
    return db_open(l->taker.where, DB_READ, &l->db, err);
}

tong_code demo_load_open(struct district *d, const struct protocol *protocol, const struct demo_taker *taker,
                         struct demo_load **out, struct err *err)
{
    struct demo_load *l = calloc(1, sizeof *l);
    if (l == NULL) return tong_fail(err, TONG_E_NOMEM, "loading a district");
    l->district = d;
    l->protocol = protocol;
    l->taker = *taker;
    tong_code code = load_open_all(l, err);
    if (code == TONG_OK) *out = l;
    else demo_load_close(l);
    return code;
}

void demo_load_close(struct demo_load *l)
{
    if (l == NULL) return;
    db_close(l->db);
    free(l->commands);
    free(l->outcomes);
    free(l->rows);
    arena_free(&l->problems);
    arena_free(&l->made_arena);
    free(l);
}

bool demo_load_made(const struct demo_load *l, int64_t fact)
{
    size_t low = 0, high = l->made_count; // a repeated command's fact may be older: it is then told again, which does no harm
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (l->made[middle] < fact) low = middle + 1;
        else high = middle;
    }
    return low < l->made_count && l->made[low] == fact;
}

struct demo_counts demo_load_counts(const struct demo_load *l)
{
    return l->counts;
}

const char *demo_load_refusal(const struct demo_load *l)
{
    return l->refusal;
}

// ---- groups ----

static void load_count(struct demo_load *l, const struct command *c, const struct intake_outcome *out)
{
    if (out->code != TONG_OK) {
        l->counts.refused++;
        const struct problem_list *p = out->problems;
        if (p != NULL && p->count > 0) (void)snprintf(l->refusal, sizeof l->refusal, "%s", p->items[p->count - 1].message->slug);
    } else if (c->kind == COMMAND_PLACE) {
        l->counts.places++;
    } else if (c->kind == COMMAND_PERSON) {
        l->counts.people++;
    } else if (c->kind == COMMAND_FACT) {
        l->counts.facts++;
    } else {
        l->counts.orders++;
    }
}

static tong_code load_flush(struct demo_load *l, struct err *err)
{
    if (l->count == 0) return TONG_OK;
    struct problem_list problems = {.arena = &l->problems};
    arena_reset(&l->problems);
    for (size_t i = 0; i < l->count; i++) l->outcomes[i] = (struct intake_outcome){.problems = &problems};
    tong_code code = l->taker.take(l->taker.payload, l->commands, l->count, l->outcomes, err);
    for (size_t i = 0; code == TONG_OK && i < l->count; i++) {
        load_count(l, &l->commands[i], &l->outcomes[i]);
        if (l->outcomes[i].code != TONG_OK || l->rows_only) continue;
        int64_t *made = arena_grow(&l->made_arena, l->made, l->made_count, &l->made_cap, sizeof *made);
        if (made == NULL) return tong_fail(err, TONG_E_NOMEM, "loading a district");
        l->made = made;
        made[l->made_count++] = l->outcomes[i].fact;
    }
    l->counts.groups++;
    l->count = 0;
    return code;
}

static struct command *load_next(struct demo_load *l, command_kind kind, utc_sec at)
{
    assert(l->count < LOAD_GROUP);
    struct command *c = &l->commands[l->count++];
    memset(c, 0, sizeof *c);
    c->kind = kind;
    c->at = at;
    c->until = UTC_NONE;
    c->fact.until = UTC_NONE;
    c->fact.happened = c->fact.known = c->fact.recorded = at;
    return c;
}

static int64_t load_account(const struct demo_load *l, int64_t account)
{
    return account <= 0 || l->taker.accounts == NULL ? account : l->taker.accounts[account - 1];
}

// ---- the world ----

static tong_code load_place(struct demo_load *l, int64_t number, utc_sec at)
{
    struct load_row *row = &l->rows[l->count];
    row->place = district_place_at(l->district, number);
    demo_place_record(l->district, &row->place, &row->uids, &row->place_record);
    struct command *c = load_next(l, COMMAND_PLACE, at);
    c->place = &row->place_record;
    district_uid(l->district, DISTRICT_SUBJECT, number, c->subject_uid);
    return TONG_OK;
}

static tong_code load_person(struct demo_load *l, int64_t i, utc_sec at)
{
    struct load_row *row = &l->rows[l->count];
    row->person = district_person_at(l->district, i);
    demo_person_record(l->district, &row->person, &row->uids, &row->person_record);
    struct command *c = load_next(l, COMMAND_PERSON, at);
    c->person = &row->person_record;
    district_uid(l->district, DISTRICT_SUBJECT, row->person.number, c->subject_uid);
    return TONG_OK;
}

tong_code demo_load_world(struct demo_load *l, struct err *err)
{
    utc_sec at = {district_begin(l->district).s - LOAD_DAY_S};
    l->rows_only = true;
    int64_t places = district_place_count(l->district), people = district_person_count(l->district);
    tong_code code = TONG_OK;
    for (int64_t n = 1; code == TONG_OK && n <= places; n++) {
        code = load_place(l, n, at);
        if (code == TONG_OK && (l->count == LOAD_GROUP || n == places)) code = load_flush(l, err);
    }
    for (int64_t i = 0; code == TONG_OK && i < people; i++) {
        code = load_person(l, i, at);
        if (code == TONG_OK && (l->count == LOAD_GROUP || i == people - 1)) code = load_flush(l, err);
    }
    if (code != TONG_OK) return code;
    if (l->counts.places != places || l->counts.people != people)
        return tong_fail(err, TONG_E_INVALID, "the district was not taken: %lld of %lld places, %lld of %lld people, last refusal %s",
                         (long long)l->counts.places, (long long)places, (long long)l->counts.people, (long long)people, l->refusal);
    const struct intake_outcome *last = &l->outcomes[(people - 1) % LOAD_GROUP];
    if (last->subject != places + people)
        return tong_fail(err, TONG_E_CONFLICT, "the store was not empty: the last person is number %lld, not %lld",
                         (long long)last->subject, (long long)(places + people));
    return TONG_OK;
}

static int64_t load_role(const struct demo_load *l, role_word role, int32_t nth)
{
    const char *name = words_at(WORDS_ROLE, (int32_t)role)->name;
    for (int64_t i = 0; i < district_account_count(l->district); i++) {
        struct district_account a = district_account_at(l->district, i);
        if (strcmp(a.role, name) == 0 && nth-- == 0) return load_account(l, i + 1);
    }
    return 0;
}

static tong_code load_propose(struct demo_load *l, struct str text, int64_t *edition, struct err *err)
{
    struct command *c = load_next(l, COMMAND_EDITION_PROPOSE, (utc_sec){district_begin(l->district).s - LOAD_DAY_S});
    c->account = load_role(l, ROLE_HEALTH_OFFICER, 0);
    c->text = text;
    tong_code code = load_flush(l, err);
    if (code == TONG_OK && l->outcomes[0].code != TONG_OK)
        code = tong_fail(err, TONG_E_INVALID, "the protocol was refused: %s", l->refusal);
    *edition = l->outcomes[0].made;
    return code;
}

tong_code demo_load_edition(struct demo_load *l, const struct str *texts, size_t count, struct err *err)
{
    utc_sec at = {district_begin(l->district).s - LOAD_DAY_S};
    int64_t edition = 0;
    tong_code code = TONG_OK;
    for (size_t i = 0; i < count && code == TONG_OK; i++) code = load_propose(l, texts[i], &edition, err);
    for (int32_t nth = 0; nth < 2 && code == TONG_OK; nth++) {
        struct command *c = load_next(l, COMMAND_EDITION_SIGN, at);
        c->account = load_role(l, ROLE_DISTRICT_COMMAND, nth);
        c->about = edition;
        code = load_flush(l, err);
        if (code == TONG_OK && l->outcomes[0].code != TONG_OK)
            code = tong_fail(err, TONG_E_INVALID, "a signature under the protocol was refused: %s", l->refusal);
    }
    return code == TONG_OK ? l->taker.advance(l->taker.payload, (utc_sec){at.s + 60}, err) : code;
}

// ---- what is done by number ----

// A live measure of the subject by its name; 0 when there is none.
static tong_code load_measure(struct demo_load *l, int64_t subject, uint32_t name, bool waiting, int64_t *id, struct err *err)
{
    *id = 0;
    tong_code code = db_ask(l->db, sql_measure_live, &DB_I(subject), 1, err);
    if (code != TONG_OK) return code;
    while (db_next(l->db, sql_measure_live)) {
        int64_t measure = db_int(l->db, sql_measure_live, 4, -1);
        bool named = measure >= 0 && (size_t)measure < l->protocol->measure_count && l->protocol->measures[measure].name_id == name;
        bool proposed = db_int(l->db, sql_measure_live, 11, INT64_MIN) != INT64_MIN;
        if (named && (!waiting || proposed)) *id = db_int(l->db, sql_measure_live, 0, 0);
    }
    return db_done(l->db, sql_measure_live, err);
}

static tong_code load_number(struct demo_load *l, sql_id query, const struct db_value *key, size_t count, int64_t *id, struct err *err)
{
    *id = 0;
    tong_code code = db_ask(l->db, query, key, count, err);
    if (code != TONG_OK) return code;
    if (db_next(l->db, query)) *id = db_int(l->db, query, 0, 0);
    return db_done(l->db, query, err);
}

static tong_code load_find(struct demo_load *l, const struct district_fact *f, int64_t *id, struct err *err)
{
    if (f->fact.kind == EVENT_ACCEPTED) return load_number(l, sql_hand_over_open, &DB_I(f->fact.subject), 1, id, err);
    tong_code code = load_measure(l, f->fact.subject, f->fact.name, f->fact.kind == EVENT_ORDERED, id, err);
    if (code != TONG_OK || f->fact.kind != EVENT_UPHELD || *id == 0) return code;
    const struct db_value key[] = {DB_I(f->fact.subject), DB_I(*id)};
    return load_number(l, sql_objection_open, key, 2, id, err);
}

static command_kind load_kind(const struct district_fact *f)
{
    switch ((int)f->fact.kind) {
    case EVENT_ORDERED: return COMMAND_SIGN;
    case EVENT_DECLINED: return COMMAND_DECLINE;
    case EVENT_OBJECTED: return COMMAND_OBJECT;
    case EVENT_UPHELD: return COMMAND_DECIDE;
    case EVENT_HANDED_OVER:
    case EVENT_ACCEPTED: return COMMAND_HAND_OVER;
    default: return COMMAND_FACT;
    }
}

// What it is about may stand in the group that waits, or come of the time that has passed: then that comes first.
static tong_code load_by_number(struct demo_load *l, const struct district_fact *f, command_kind kind, struct err *err)
{
    int64_t id = 0;
    bool sent = f->fact.kind == EVENT_HANDED_OVER;
    tong_code code = sent ? TONG_OK : load_find(l, f, &id, err);
    if (code == TONG_OK && id == 0 && !sent) {
        code = load_flush(l, err);
        if (code == TONG_OK) code = l->taker.advance(l->taker.payload, f->fact.known, err);
        if (code == TONG_OK) code = load_find(l, f, &id, err);
    }
    if (code != TONG_OK) return code;
    if (id == 0 && !sent) {
        l->counts.vanished++;
        return TONG_OK;
    }
    if (l->count + 2 > LOAD_GROUP) code = load_flush(l, err);
    if (code != TONG_OK) return code;
    struct command *c = load_next(l, kind, f->fact.known);
    c->fact.kind = f->fact.kind;
    if (sent) c->fact.subject = f->fact.subject;
    c->about = id;
    c->upheld = true;
    c->account = load_account(l, f->fact.signer != 0 ? f->fact.signer : f->account);
    district_uid(l->district, DISTRICT_FACT, f->fact.id, c->uid);
    if (kind != COMMAND_SIGN || f->fact.second == 0) return TONG_OK;
    c = load_next(l, kind, f->fact.known);
    c->about = id;
    c->account = load_account(l, f->fact.second);
    district_uid(l->district, DISTRICT_SECOND, f->fact.id, c->uid);
    return TONG_OK;
}

static tong_code load_fact(struct demo_load *l, const struct district_fact *f, struct err *err)
{
    command_kind kind = load_kind(f);
    if (kind != COMMAND_FACT) return load_by_number(l, f, kind, err);
    tong_code code = l->count == LOAD_GROUP ? load_flush(l, err) : TONG_OK;
    if (code != TONG_OK) return code;
    struct command *c = load_next(l, COMMAND_FACT, f->fact.recorded);
    c->fact = f->fact;
    c->fact.id = c->fact.replaces = 0;
    c->account = load_account(l, f->account);
    district_uid(l->district, DISTRICT_FACT, f->fact.id, c->uid);
    if (f->fact.replaces != 0) district_uid(l->district, DISTRICT_FACT, f->fact.replaces, c->replaces_uid);
    if (f->about != 0) district_uid(l->district, DISTRICT_FACT, f->about, c->about_uid);
    return TONG_OK;
}

static bool load_listen(void *payload, const struct district_fact *f)
{
    struct demo_load *l = payload;
    if (l->code == TONG_OK) l->code = load_fact(l, f, &l->err);
    return l->code == TONG_OK;
}

tong_code demo_load_until(struct demo_load *l, utc_sec until, struct err *err)
{
    l->code = TONG_OK;
    l->rows_only = false;
    arena_reset(&l->made_arena);
    l->made = NULL;
    l->made_count = l->made_cap = 0;
    tong_code code = district_run(l->district, until, load_listen, l, err);
    if (l->code != TONG_OK) {
        *err = l->err;
        return l->code;
    }
    if (code == TONG_OK) code = load_flush(l, err);
    return code == TONG_OK ? l->taker.advance(l->taker.payload, until, err) : code;
}
