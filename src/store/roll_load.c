#include "base/arena.h"
#include "store/person.h"
#include "store/roll_inner.h"
#include "store/roll_row.h"

#include <assert.h>
#include <string.h>

// Everything is read into a roll of the reader's own, without any lock; what intake put into the shared one meanwhile is
// then put on top of it, and the two change places. Names follow, some thousand at a time, since decrypting them takes longest.

struct loading {
    struct roll *into;
    struct db *db;
    const struct rulebook *book;
    utc_sec now;
};
typedef bool row_reader(struct loading *l, sql_id id); // false: memory is short, or the row is not one of ours

static utc_sec instant_at(const struct loading *l, sql_id id, int32_t column)
{
    return (utc_sec){db_int(l->db, id, column, UTC_NONE.s)};
}

static int64_t number_at(const struct loading *l, sql_id id, int32_t column)
{
    return db_int(l->db, id, column, 0);
}

static int32_t word_at(const struct loading *l, sql_id id, int32_t column, int32_t none)
{
    return (int32_t)db_int(l->db, id, column, none);
}

static bool known_edition(const struct loading *l, int64_t edition)
{
    return edition >= 0 && edition < (int64_t)l->book->count;
}

static bool read_place(struct loading *l, sql_id id)
{
    return roll_place_put(l->into, number_at(l, id, 0), number_at(l, id, 1), word_at(l, id, 2, 0));
}

static bool read_gathering(struct loading *l, sql_id id)
{
    return roll_subject_put(l->into, number_at(l, id, 0), number_at(l, id, 1));
}

static bool read_person(struct loading *l, sql_id id)
{
    int32_t columns[ROLL_COLUMNS_MAX];
    struct roll_person row = {.id = number_at(l, id, 0),
                              .born = {word_at(l, id, 2, CIVIL_DAY_NONE)},
                              .sex = word_at(l, id, 3, 0),
                              .flags = word_at(l, id, 4, 0),
                              .version = number_at(l, id, 5)};
    roll_row_person(&row, columns);
    return roll_subject_put(l->into, row.id, number_at(l, id, 1)) && roll_put(l->into, ROLL_PEOPLE, row.id, columns);
}

static bool read_enrolment(struct loading *l, sql_id id)
{
    int32_t columns[ROLL_COLUMNS_MAX];
    struct enrolment state;
    struct str stored = db_text(l->db, id, 5);
    if (stored.n != sizeof state) return false;
    memcpy(&state, stored.p, sizeof state);
    if (!known_edition(l, state.edition)) return false;
    struct roll_enrolment row = {.subject = number_at(l, id, 1),
                                 .source = number_at(l, id, 2),
                                 .opened = instant_at(l, id, 3),
                                 .ended = instant_at(l, id, 4),
                                 .state = &state};
    roll_row_enrolment(l->into, l->book, &row, columns);
    return roll_put(l->into, ROLL_ENROLMENTS, number_at(l, id, 0), columns);
}

static bool read_task(struct loading *l, sql_id id)
{
    int32_t columns[ROLL_COLUMNS_MAX];
    if (!known_edition(l, number_at(l, id, 4))) return false;
    struct roll_task row = {.subject = number_at(l, id, 1),
                            .assigned = number_at(l, id, 2),
                            .place = number_at(l, id, 3),
                            .edition = (uint8_t)number_at(l, id, 4),
                            .task = (uint8_t)number_at(l, id, 5),
                            .role = word_at(l, id, 6, 0),
                            .how = word_at(l, id, 7, 0),
                            .marks = word_at(l, id, 8, 0),
                            .opened = instant_at(l, id, 9),
                            .deadline = instant_at(l, id, 10),
                            .closed = instant_at(l, id, 11)};
    roll_row_task(l->into, l->book, &row, columns);
    return roll_put(l->into, ROLL_TASKS, number_at(l, id, 0), columns);
}

static bool read_measure(struct loading *l, sql_id id)
{
    int32_t columns[ROLL_COLUMNS_MAX];
    if (!known_edition(l, number_at(l, id, 4))) return false;
    struct roll_measure row = {.subject = number_at(l, id, 1),
                               .site = number_at(l, id, 2),
                               .first_signer = number_at(l, id, 3),
                               .edition = (uint8_t)number_at(l, id, 4),
                               .measure = (uint8_t)number_at(l, id, 5),
                               .proposed = instant_at(l, id, 6),
                               .ordered = instant_at(l, id, 7),
                               .started = instant_at(l, id, 8),
                               .ended = instant_at(l, id, 9),
                               .until = instant_at(l, id, 10)};
    if (row.measure >= l->book->editions[row.edition]->measure_count) return false;
    roll_row_measure(l->into, l->book, &row, columns);
    return roll_put(l->into, ROLL_MEASURES, number_at(l, id, 0), columns);
}

static bool read_sample(struct loading *l, sql_id id)
{
    int32_t columns[ROLL_COLUMNS_MAX];
    struct roll_sample row = {.subject = number_at(l, id, 1),
                              .laboratory = number_at(l, id, 2),
                              .specimen = word_at(l, id, 3, 0),
                              .test = word_at(l, id, 4, -1),
                              .outcome = word_at(l, id, 5, -1),
                              .taken = instant_at(l, id, 6),
                              .received = instant_at(l, id, 7),
                              .resulted = instant_at(l, id, 8)};
    roll_row_sample(&row, columns);
    return roll_put(l->into, ROLL_SAMPLES, number_at(l, id, 0), columns);
}

static bool read_objection(struct loading *l, sql_id id)
{
    int32_t columns[ROLL_COLUMNS_MAX];
    struct roll_objection row = {.subject = number_at(l, id, 1),
                                 .role = word_at(l, id, 2, 0),
                                 .upheld = word_at(l, id, 3, -1),
                                 .made = instant_at(l, id, 4),
                                 .deadline = instant_at(l, id, 5),
                                 .decided = instant_at(l, id, 6)};
    roll_row_objection(&row, columns);
    return roll_put(l->into, ROLL_OBJECTIONS, number_at(l, id, 0), columns);
}

static bool read_hand_over(struct loading *l, sql_id id)
{
    int32_t columns[ROLL_COLUMNS_MAX];
    struct roll_hand_over row = {.subject = number_at(l, id, 1),
                                 .sent = instant_at(l, id, 2),
                                 .acknowledged = instant_at(l, id, 3),
                                 .accepted = instant_at(l, id, 4)};
    roll_row_hand_over(&row, columns);
    return roll_put(l->into, ROLL_HAND_OVERS, number_at(l, id, 0), columns);
}

static const struct {
    sql_id id;
    row_reader *read;
    int32_t parameters;
} tables[] = {
    {sql_roll_places, read_place, 0},         {sql_roll_gatherings, read_gathering, 0},
    {sql_roll_people, read_person, 0},        {sql_roll_enrolments, read_enrolment, 0},
    {sql_roll_tasks, read_task, 1},           {sql_roll_measures, read_measure, 0},
    {sql_roll_samples, read_sample, 0},       {sql_roll_objections, read_objection, 0},
    {sql_roll_hand_overs, read_hand_over, 0},
};

static tong_code read_table(struct loading *l, size_t i, struct err *err)
{
    sql_id id = tables[i].id;
    struct db_value in[] = {DB_I(l->now.s - (int64_t)ROLL_TASK_DAYS * 86400)};
    tong_code code = db_ask(l->db, id, in, (size_t)tables[i].parameters, err);
    if (code != TONG_OK) return code;
    bool good = true;
    int64_t row = 0;
    while (good && db_next(l->db, id)) {
        row = number_at(l, id, 0);
        good = tables[i].read(l, id);
    }
    code = db_done(l->db, id, err);
    if (code != TONG_OK || good) return code;
    return tong_fail(err, TONG_E_INVALID, "row %lld of %s cannot be listed: not one of ours, or no memory",
                     (long long)row, sql_statements[id].name);
}

// ---- names ----

enum { NAMES_AT_ONCE = 4096 };

static void flush_names(struct roll *r, const int64_t *person, const struct str *names, size_t count, bool *good)
{
    roll_write_begin(r);
    for (size_t i = 0; i < count && *good; i++) {
        bool newer = roll_row_of(r, ROLL_PEOPLE, person[i]) == SIZE_MAX ||
                     r->subjects.entry[person[i]] != ROLL_NOWHERE; // or gone meanwhile
        if (!newer) *good = roll_name_put(r, person[i], names[i]);
    }
    roll_write_end(r);
}

static tong_code read_names(struct roll *r, struct db *db, const struct vault *v, struct err *err)
{
    sql_id id = sql_roll_identities;
    struct arena arena = {0};
    int64_t person[NAMES_AT_ONCE];
    struct str names[NAMES_AT_ONCE];
    size_t count = 0;
    bool good = true;
    tong_code code = db_ask(db, id, NULL, 0, err);
    if (code != TONG_OK) return code;
    while (good && db_next(db, id)) {
        person[count] = db_int(db, id, 0, 0);
        struct str plain = vault_unseal(v, person[count], db_int(db, id, 1, 0), db_text(db, id, 2), &arena);
        names[count] = plain.n == 0 ? plain : person_names_of_payload(plain, &arena);
        if (names[count].n > 0) count++;
        if (count < NAMES_AT_ONCE) continue;
        flush_names(r, person, names, count, &good);
        arena_reset(&arena);
        count = 0;
    }
    if (good) flush_names(r, person, names, count, &good);
    arena_free(&arena);
    code = db_done(db, id, err);
    if (code != TONG_OK || good) return code;
    return tong_fail(err, TONG_E_NOMEM, "no memory for names");
}

// ---- taking over ----

static bool take_rows(const struct roll *r, struct roll *fresh)
{
    bool good = true;
    for (size_t list = 0; list < ROLL_LIST_COUNT; list++) {
        const struct roll_rows *l = &r->rows[list];
        for (size_t row = 0; good && row < l->count; row++) {
            int32_t columns[ROLL_COLUMNS_MAX];
            for (size_t c = 0; c < roll_shapes[list].count; c++)
                columns[c] = roll_value(r, (roll_list)list, row, (uint8_t)c);
            int64_t id = roll_row_id(r, (roll_list)list, row);
            bool nobody = list == ROLL_PEOPLE && columns[0] == ROLL_NONE && columns[ROLL_PERSON_FLAGS] == ROLL_NONE;
            if (columns[0] == ROLL_NONE && !nobody) roll_drop(fresh, (roll_list)list, id);
            else if (!nobody) good = roll_put(fresh, (roll_list)list, id, columns);
        }
    }
    return good;
}

static bool take_places(const struct roll *r, struct roll *fresh)
{
    const struct roll_places *p = &r->places;
    bool good = true;
    for (size_t i = 0; good && i < p->count; i++) {
        int64_t parent = p->parent[i] != ROLL_NOWHERE ? p->id[p->parent[i]] : p->wanted[i];
        good = roll_place_put(fresh, p->id[i], parent, p->kind[i]);
    }
    for (size_t i = 1; good && i < r->subjects.count; i++)
        if (r->subjects.place[i] != ROLL_NOWHERE)
            good = roll_subject_put(fresh, (int64_t)i, p->id[r->subjects.place[i]]);
    return good;
}

// Names came with the commands that put them: few. They are put again, into the buffer that stays.
static bool take_names(const struct roll *r, struct roll *fresh)
{
    const struct roll_names_text *t = &r->names;
    bool good = true;
    for (size_t i = 0; good && i < t->count; i++) {
        size_t end = i + 1 < t->count ? t->at[i + 1] : t->n;
        struct str names = {t->text + t->at[i] + 1, end - t->at[i] - 1}; // behind the line break in front
        if (t->person[i] != 0) good = roll_name_put(fresh, t->person[i], names);
    }
    return good;
}

bool roll_take_over(struct roll *r, struct roll *fresh)
{
    if (!take_places(r, fresh) || !take_rows(r, fresh) || !take_names(r, fresh)) return false;
    roll_places_number(fresh);
    for (size_t i = 0; i < ROLL_LIST_COUNT; i++) fresh->rows[i].version += r->rows[i].version;
    uint64_t version = r->version + fresh->version;
#define SWAP(type, member)         \
    do {                           \
        type swap = r->member;     \
        r->member = fresh->member; \
        fresh->member = swap;      \
    } while (0)
    for (size_t i = 0; i < ROLL_LIST_COUNT; i++) SWAP(struct roll_rows, rows[i]);
    SWAP(struct roll_places, places);
    SWAP(struct roll_subjects, subjects);
    SWAP(struct roll_names_text, names);
    SWAP(uint32_t *, measure_before);
    SWAP(size_t, measure_before_cap);
    SWAP(struct grow_budget, budget);
#undef SWAP
    r->version = version;
    r->ready = true;
    return true;
}

tong_code roll_load(struct roll *r, struct db *db, const struct vault *v, const struct rulebook *book, utc_sec now,
                    struct err *err)
{
    struct loading l = {.into = roll_open(), .db = db, .book = book, .now = now};
    if (l.into == NULL) return tong_fail(err, TONG_E_NOMEM, "no memory for the lists");
    tong_code code = roll_book_put(l.into, book) ? TONG_OK : tong_fail(err, TONG_E_NOMEM, "no memory for the editions");
    bool begun = code == TONG_OK && !db_in_transaction(db);
    if (begun) code = db_begin(db, err); // one snapshot, so that no row is seen before the place or person it is about
    for (size_t i = 0; code == TONG_OK && i < sizeof tables / sizeof tables[0]; i++) code = read_table(&l, i, err);
    if (begun) db_rollback(db);
    if (code == TONG_OK) {
        roll_write_begin(r);
        if (!roll_book_put(r, book) || !roll_take_over(r, l.into))
            code = tong_fail(err, TONG_E_NOMEM, "no memory for the lists");
        roll_write_end(r);
    }
    roll_close(l.into);
    if (code == TONG_OK && v != NULL) code = read_names(r, db, v, err);
    if (code != TONG_OK) return code;
    roll_write_begin(r);
    r->named = v != NULL;
    roll_write_end(r);
    return TONG_OK;
}
