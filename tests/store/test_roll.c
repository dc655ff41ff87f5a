// The lists against a naive implementation of what roll.h says, with random rows and random questions.
#include "tap.h"

#include "base/rng.h"
#include "protocol/words.h"
#include "response/decision.h"
#include "store/place.h"
#include "store/roll.h"
#include "store/roll_row.h"

enum { PLACES = 300, PEOPLE = 2000, ROWS_MAX = 6000, FIRST_PERSON = PLACES + 1, SUBJECTS = PLACES + PEOPLE };

struct naive_row {
    int64_t id;
    bool gone;
    int32_t c[ROLL_COLUMNS_MAX];
};
static struct naive {
    int64_t parent[PLACES + 1];
    int32_t kind[PLACES + 1];
    int64_t home[SUBJECTS + 1]; // place of a subject
    char name[SUBJECTS + 1][64];
    struct naive_row row[ROWS_MAX];
    size_t count;
} n; // one test program, one model

static bool naive_within(int64_t place, int64_t top)
{
    if (top == 0) return true;
    for (int64_t at = place; at != 0; at = n.parent[at])
        if (at == top) return true;
    return false;
}

static int64_t naive_place(int64_t subject)
{
    return subject <= PLACES ? subject : n.home[subject];
}

// ---- the model answers a question ----

static bool naive_filter(const struct roll_filter *f, int32_t v)
{
    switch ((roll_compare)f->compare) {
    case ROLL_IS: return v == f->value;
    case ROLL_IS_NOT: return v != f->value;
    case ROLL_FROM: return v != ROLL_NONE && v >= f->value;
    case ROLL_TO: return v != ROLL_NONE && v <= f->value;
    case ROLL_ONE_OF: return v >= 0 && v < 256 && (f->set[v / 64] >> (v % 64) & 1) != 0;
    case ROLL_ABSENT: return v == ROLL_NONE;
    case ROLL_PRESENT: return v != ROLL_NONE;
    case ROLL_HAS_BIT: return v != ROLL_NONE && (v & f->value) != 0;
    case ROLL_LACKS_BIT: return v == ROLL_NONE || (v & f->value) == 0;
    case ROLL_WITHIN: return v != ROLL_NONE && roll_set_has(f->numbers, v);
    case ROLL_WITHOUT: return v != ROLL_NONE && !roll_set_has(f->numbers, v);
    }
    return false;
}

static bool naive_word(const char *names, const char *word)
{
    return strstr(names, word) != NULL; // the words of this test are longer than one Latin letter
}

static bool naive_matches(const struct roll_query *q, const struct naive_row *row)
{
    if (row->gone) return false;
    for (size_t i = 0; i < q->filter_count; i++)
        if (!naive_filter(&q->filter[i], row->c[q->filter[i].column])) return false;
    int64_t subject = row->c[0], place = naive_place(subject);
    if (q->list == ROLL_TASKS && row->c[ROLL_TASK_PLACE] > 0) place = row->c[ROLL_TASK_PLACE];
    bool in = q->scope_count == 0;
    for (size_t i = 0; i < q->scope_count; i++) in = in || (place != 0 && naive_within(place, q->scopes[i]));
    if (!in || q->name.n == 0) return in;
    char word[64];
    (void)snprintf(word, sizeof word, "%.*s", STR_ARG(q->name));
    return naive_word(n.name[subject], word);
}

static struct {
    const struct roll_query *q;
} sorting;

static int naive_order(const void *a, const void *b)
{
    const struct naive_row *x = *(const struct naive_row *const *)a, *y = *(const struct naive_row *const *)b;
    int32_t v = x->c[sorting.q->sort], w = y->c[sorting.q->sort];
    if (v != w && (v == ROLL_NONE || w == ROLL_NONE)) return v == ROLL_NONE ? 1 : -1;
    int order = v != w ? (v < w ? -1 : 1) : x->id < y->id ? -1 : 1;
    return sorting.q->descending ? -order : order;
}

static size_t naive_ask(const struct roll_query *q, const struct naive_row **out)
{
    size_t count = 0;
    for (size_t i = 0; i < n.count; i++)
        if (naive_matches(q, &n.row[i])) out[count++] = &n.row[i];
    sorting.q = q;
    qsort(out, count, sizeof *out, naive_order);
    return count;
}

// ---- random things ----

static const char *const surnames[] = {"王", "李", "张", "欧阳", "smith", "al-rashid", "买买提"};
static const char *const given[] = {"小明", "芳", "伟", "建国", "anna", "omar", "阿依古丽", "王芳"};

static void places_make(struct roll *r, struct rng *g)
{
    for (int64_t i = 1; i <= PLACES; i++) {
        n.parent[i] = i == 1 ? 0 : 1 + (int64_t)rng_below(g, (uint32_t)(i - 1));
        n.kind[i] = (int32_t)rng_below(g, 5);
        CHECK(roll_place_put(r, i, n.parent[i], n.kind[i]), "place %d", (int)i);
    }
}

static void people_make(struct roll *r, struct rng *g)
{
    for (int64_t i = FIRST_PERSON; i <= SUBJECTS; i++) {
        n.home[i] = rng_below(g, 20) == 0 ? 0 : 1 + (int64_t)rng_below(g, PLACES);
        const char *family = surnames[rng_below(g, 7)], *own = given[rng_below(g, 8)];
        (void)snprintf(n.name[i], sizeof n.name[i], "%s%s", family, own);
        CHECK(roll_subject_put(r, i, n.home[i]), "person %d", (int)i);
        CHECK(roll_name_put(r, i, str_z(n.name[i])), "name %d", (int)i);
    }
}

static void tasks_make(struct rng *g, struct naive_row *row)
{
    int32_t *c = row->c;
    c[ROLL_TASK_SUBJECT] = 1 + (int32_t)rng_below(g, SUBJECTS);
    c[ROLL_TASK_TASK] = rng_below(g, 9) == 0 ? ROLL_NONE : (int32_t)rng_below(g, 300);
    c[ROLL_TASK_EDITION] = (int32_t)rng_below(g, 3);
    c[ROLL_TASK_VERB] = rng_below(g, 12) == 0 ? ROLL_NONE : (int32_t)rng_below(g, VERB_WORD_COUNT);
    c[ROLL_TASK_ROLE] = (int32_t)rng_below(g, 120);
    c[ROLL_TASK_OPENED] = (int32_t)rng_below(g, 1000) - 500;
    c[ROLL_TASK_DEADLINE] = rng_below(g, 4) == 0 ? ROLL_NONE : (int32_t)rng_below(g, 100);
    c[ROLL_TASK_CLOSED] = rng_below(g, 2) == 0 ? ROLL_NONE : (int32_t)rng_below(g, 1000);
    c[ROLL_TASK_HOW] = c[ROLL_TASK_CLOSED] == ROLL_NONE ? ROLL_NONE : (int32_t)rng_below(g, HOW_WORD_COUNT);
    c[ROLL_TASK_MARKS] = (int32_t)rng_below(g, 4);
    c[ROLL_TASK_ASSIGNED] = rng_below(g, 3) == 0 ? (int32_t)rng_below(g, 50) : ROLL_NONE;
    c[ROLL_TASK_PLACE] = rng_below(g, 10) == 0 ? 1 + (int32_t)rng_below(g, PLACES) : ROLL_NONE;
}

static void row_add(struct roll *r, struct rng *g)
{
    struct naive_row *row = &n.row[n.count++];
    *row = (struct naive_row){.id = ((int64_t)rng_below(g, 1 << 20) << 20) + (int64_t)n.count};
    tasks_make(g, row);
    CHECK(roll_put(r, ROLL_TASKS, row->id, row->c), "row %d is put", (int)n.count);
}

static void rows_change(struct roll *r, struct rng *g, size_t times)
{
    for (size_t k = 0; k < times && n.count > 0; k++) {
        struct naive_row *row = &n.row[rng_below(g, (uint32_t)n.count)];
        if (rng_below(g, 3) == 0) {
            row->gone = true;
            roll_drop(r, ROLL_TASKS, row->id);
        } else {
            row->gone = false;
            tasks_make(g, row);
            CHECK(roll_put(r, ROLL_TASKS, row->id, row->c), "row is changed");
        }
    }
}

static struct roll_query query_make(struct rng *g, int64_t scopes[3], struct roll_set *set)
{
    struct roll_query q = {.list = ROLL_TASKS, .scopes = scopes, .scope_count = rng_below(g, 3)};
    for (size_t i = 0; i < q.scope_count; i++) scopes[i] = 1 + (int64_t)rng_below(g, PLACES);
    q.filter_count = rng_below(g, 4);
    for (size_t i = 0; i < q.filter_count; i++) {
        struct roll_filter *f = &q.filter[i];
        f->column = (uint8_t)rng_below(g, ROLL_TASK_COLUMN_COUNT);
        f->compare = (uint8_t)rng_below(g, ROLL_WITHOUT + 1);
        const struct naive_row *like = &n.row[rng_below(g, (uint32_t)n.count)]; // a value that occurs
        f->value = like->c[f->column] == ROLL_NONE ? 3 : like->c[f->column];
        for (size_t k = 0; k < 4; k++) f->set[k] = rng_u64(g) | rng_u64(g);
        f->numbers = set;
    }
    q.sort = (uint8_t)rng_below(g, ROLL_TASK_COLUMN_COUNT);
    q.descending = rng_below(g, 2) == 0;
    static const char *const sought[] = {"王", "芳", "小明", "smith", "欧阳", "买买提", "古丽", "anna"};
    if (rng_below(g, 3) == 0) q.name = str_z(sought[rng_below(g, 8)]);
    q.count = rng_below(g, 2) == 0;
    q.limit = 1 + rng_below(g, rng_below(g, 10) == 0 ? ROLL_PAGE_MAX : 60);
    return q;
}

static void ask_like_naive(const struct roll *r, struct roll_query *q, struct arena *arena)
{
    static const struct naive_row *want[ROWS_MAX];
    struct roll_row rows[ROLL_PAGE_MAX];
    struct roll_page page = {.rows = rows};
    size_t count = naive_ask(q, want), at = 0;
    q->arena = arena;
    CHECK(roll_count_all(r, q) == (int64_t)count, "all are counted");
    for (int turn = 0; turn < 3; turn++) {
        if (!CHECK(roll_ask(r, q, &page), "answered")) return;
        size_t left = count - at, expect = left < q->limit ? left : q->limit;
        if (!CHECK(page.count == expect, "rows of a page: %zu, not %zu", page.count, expect)) return;
        CHECK(page.more == (left > q->limit), "more");
        CHECK(page.total == (q->count ? (int64_t)count : -1), "total");
        for (size_t i = 0; i < page.count; i++) {
            if (!CHECK(rows[i].id == want[at + i]->id, "row %zu in its place", i)) return;
            CHECK(rows[i].key == want[at + i]->c[q->sort], "with the value it is sorted by");
        }
        if (!page.more) return;
        at += page.count;
        q->after = true;
        q->after_value = rows[page.count - 1].key;
        q->after_id = rows[page.count - 1].id;
    }
}

static void counts_like_naive(const struct roll *r, const struct roll_query *q, struct rng *g)
{
    enum { ROOM = 512 };
    static struct roll_count counts[ROOM];
    uint8_t column = (uint8_t)rng_below(g, ROLL_TASK_COLUMN_COUNT);
    bool by_place = rng_below(g, 2) == 0;
    int32_t kind = (int32_t)rng_below(g, 5);
    size_t got = roll_count_by(r, q, column, by_place ? kind : -1, counts, ROOM);
    int64_t sum = 0, all = roll_count_all(r, q);
    bool too_many = false;
    for (size_t i = 0; i < got; i++) {
        sum += counts[i].count;
        too_many = too_many || (got == ROOM && !by_place);
        if (i > 0 && got < ROOM) CHECK(counts[i - 1].value < counts[i].value, "in order");
        int64_t want = 0;
        for (size_t k = 0; k < n.count && got < ROOM; k++) {
            const struct naive_row *row = &n.row[k];
            if (!naive_matches(q, row)) continue;
            int64_t place = row->c[ROLL_TASK_PLACE] > 0 ? row->c[ROLL_TASK_PLACE] : naive_place(row->c[0]),
                    value = row->c[column];
            while (by_place && place != 0 && n.kind[place] != kind) place = n.parent[place];
            want += (by_place ? place : value) == counts[i].value;
        }
        if (got < ROOM) CHECK(want == counts[i].count, "count of one value");
    }
    CHECK(sum == all, "the counts add up to all");
}

static void random_questions(void)
{
    struct rng g = rng_stream(7, 0, 0, 0, 0);
    struct roll *r = roll_open();
    struct arena arena = {0};
    roll_complete(r);
    roll_write_begin(r);
    places_make(r, &g);
    people_make(r, &g);
    roll_write_end(r);
    struct roll_set set = {.count = SUBJECTS};
    uint64_t bits[SUBJECTS / 64 + 1];
    for (size_t i = 0; i <= SUBJECTS / 64; i++) bits[i] = rng_u64(&g);
    set.bits = bits;
    for (int round = 0; round < 120; round++) {
        roll_write_begin(r);
        for (int i = 0; i < 50; i++) row_add(r, &g);
        rows_change(r, &g, 60);
        int64_t mover = FIRST_PERSON + (int64_t)rng_below(&g, PEOPLE), place = 2 + (int64_t)rng_below(&g, PLACES - 1);
        n.home[mover] = 1 + (int64_t)rng_below(&g, PLACES);
        CHECK(roll_subject_put(r, mover, n.home[mover]), "moves house");
        int64_t parent = 1 + (int64_t)rng_below(&g, PLACES);
        if (!naive_within(parent, place)) { // a place is hung elsewhere
            n.parent[place] = parent;
            CHECK(roll_place_put(r, place, parent, n.kind[place]), "place is moved");
        }
        (void)snprintf(n.name[mover], sizeof n.name[mover], "%s%d", "李新名", (int)rng_below(&g, 100));
        CHECK(roll_name_put(r, mover, str_z(n.name[mover])), "another name");
        roll_write_end(r);
        roll_read_begin(r);
        for (int i = 0; i < 12; i++) {
            int64_t scopes[3];
            struct roll_query q = query_make(&g, scopes, &set);
            ask_like_naive(r, &q, &arena);
            counts_like_naive(r, &q, &g);
            arena_reset(&arena);
        }
        roll_read_end(r);
    }
    OK(n.count == ROWS_MAX, "random rows, random questions: pages, totals and counts as the naive model has them");
    arena_free(&arena);
    roll_close(r);
}

// ---- cursors while rows are added ----

static void cursors_walk_once(void)
{
    enum { OLD = 3000 };
    static int8_t met[OLD + 1];
    struct rng g = rng_stream(8, 0, 0, 0, 0);
    for (int descending = 0; descending < 2; descending++) {
        struct roll *r = roll_open();
        roll_complete(r);
        int32_t c[ROLL_COLUMNS_MAX] = {0};
        memset(met, 0, sizeof met);
        roll_write_begin(r);
        for (int i = 1; i <= OLD; i++) {
            c[ROLL_SAMPLE_TAKEN] = rng_below(&g, 10) == 0 ? ROLL_NONE : (int32_t)rng_below(&g, 40);
            c[ROLL_SAMPLE_SUBJECT] = 1;
            CHECK(roll_put(r, ROLL_SAMPLES, i, c), "row");
        }
        roll_write_end(r);
        struct roll_row rows[50];
        struct roll_page page = {.rows = rows, .more = true};
        struct roll_query q = {.list = ROLL_SAMPLES, .sort = ROLL_SAMPLE_TAKEN, .descending = descending, .limit = 50};
        int64_t next = 10 * OLD;
        for (int turn = 0; page.more && turn < OLD; turn++) {
            roll_read_begin(r);
            CHECK(roll_ask(r, &q, &page), "a page");
            roll_read_end(r);
            for (size_t i = 0; i < page.count; i++)
                if (rows[i].id <= OLD) met[rows[i].id]++;
            q.after = true;
            q.after_value = rows[page.count - 1].key;
            q.after_id = rows[page.count - 1].id;
            roll_write_begin(r); // meanwhile others add, drop, and the roll tidies up
            for (int i = 0; i < 40; i++) {
                c[ROLL_SAMPLE_TAKEN] = (int32_t)rng_below(&g, 40);
                CHECK(roll_put(r, ROLL_SAMPLES, ++next, c), "one more");
                if (i % 2 == 0) roll_drop(r, ROLL_SAMPLES, next);
            }
            if (page.count > 0)
                roll_drop(r, ROLL_SAMPLES, rows[page.count - 1].id); // the very row the cursor stands on
            roll_write_end(r);
        }
        bool once = true;
        for (int i = 1; i <= OLD; i++) once = once && met[i] == 1;
        OK(once, "a cursor meets every row exactly once while others come and go, %s",
           descending ? "downwards" : "upwards");
        roll_close(r);
    }
}

// ---- names ----

static int64_t found(const struct roll *r, const char *name, int64_t *first)
{
    struct arena arena = {0};
    struct roll_row rows[50];
    struct roll_page page = {.rows = rows};
    struct roll_query q = {
        .list = ROLL_PEOPLE, .sort = ROLL_BY_MATCH, .limit = 50, .name = str_z(name), .count = true, .arena = &arena};
    bool good = roll_ask(r, &q, &page);
    arena_free(&arena);
    *first = page.count > 0 ? rows[0].id : 0;
    return good ? page.total : -1;
}

static void names_are_found(void)
{
    static const struct {
        const char *names;
    } people[] = {
        {"王小明\nwang xiaoming"},
        {"小王"},
        {"欧阳王"},
        {"阿卜杜拉·买买提"},
        {"anna smith"},
        {"smithson"},
        {"mary-ann"},
    };
    static const struct {
        const char *row, *sought;
        int64_t total, first;
    } t[] = {
        {"one character, the beginning first", "王", 3, 1},
        {"in a later spelling, two words in any order", "xiaoming wang", 1, 1},
        {"letters of any size", "XIAOMING", 1, 1},
        {"full-width letters", "ｗａｎｇ", 1, 1},
        {"a word's beginning before the inside of one", "买", 1, 4},
        {"the part behind the dot", "买买提", 1, 4},
        {"with the dot", "阿卜杜拉·买买提", 1, 4},
        {"the beginning of the name before that of a later word", "smith", 2, 6},
        {"one letter: the beginning of words only", "s", 2, 6},
        {"one letter, and no word begins with it", "t", 0, 0},
        {"behind a hyphen", "ann", 2, 5},
        {"both words must be there", "anna wang", 0, 0},
        {"nobody", "赵", 0, 0},
        {"not across two spellings", "明wang", 0, 0},
    };
    struct roll *r = roll_open();
    roll_complete(r);
    roll_write_begin(r);
    for (size_t i = 0; i < sizeof people / sizeof people[0]; i++) {
        int32_t c[ROLL_COLUMNS_MAX] = {[ROLL_PERSON_SUBJECT] = (int32_t)i + 1};
        CHECK(roll_put(r, ROLL_PEOPLE, (int64_t)i + 1, c), "person");
        CHECK(roll_name_put(r, (int64_t)i + 1, str_z(people[i].names)), "name");
    }
    roll_write_end(r);
    roll_read_begin(r);
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
        int64_t first, total = found(r, t[i].sought, &first);
        EQ_INT(total, t[i].total, "%s: how many", t[i].row);
        EQ_INT(first, t[i].first, "%s: the first", t[i].row);
    }
    roll_read_end(r);
    int64_t first;
    roll_write_begin(r);
    CHECK(roll_name_put(r, 1, STR("赵大")), "another name");
    roll_write_end(r);
    roll_read_begin(r);
    EQ_INT(found(r, "小明", &first), 0, "the old name is gone");
    EQ_INT(found(r, "赵", &first), 1, "the new one is there");
    roll_read_end(r);
    roll_write_begin(r);
    roll_person_erase(r, 1);
    roll_write_end(r);
    roll_read_begin(r);
    EQ_INT(found(r, "赵", &first), 0, "an erased person is not found");
    EQ_INT(roll_size(r, ROLL_PEOPLE), (int64_t)(sizeof people / sizeof people[0]) - 1, "nor listed");
    roll_read_end(r);
    roll_close(r);
}

// ---- what is looked up through the subject ----

static void subjects_are_looked_up(void)
{
    struct roll *r = roll_open();
    roll_complete(r);
    roll_write_begin(r);
    int32_t person[ROLL_COLUMNS_MAX] = {
        [ROLL_PERSON_SUBJECT] = 7, [ROLL_PERSON_BORN] = -3000, [ROLL_PERSON_SEX] = PERSON_FEMALE};
    CHECK(roll_place_put(r, 1, 0, PLACE_KIND_CITY) && roll_place_put(r, 2, 1, PLACE_KIND_DISTRICT), "places");
    CHECK(roll_subject_put(r, 7, 2) && roll_put(r, ROLL_PEOPLE, 7, person), "a person");
    int32_t task[ROLL_COLUMNS_MAX] = {[ROLL_TASK_SUBJECT] = 7,
                                      [ROLL_TASK_VERB] = VERB_CHECK,
                                      [ROLL_TASK_HOW] = HOW_MISSED,
                                      [ROLL_TASK_CLOSED] = 500,
                                      [ROLL_TASK_PLACE] = ROLL_NONE};
    CHECK(roll_put(r, ROLL_TASKS, 1, task), "a check nobody did");
    EQ_INT(roll_subject_value(r, 7, ROLL_SUBJECT_SEEN), ROLL_NONE, "a missed check is not being seen");
    task[ROLL_TASK_HOW] = HOW_DONE;
    CHECK(roll_put(r, ROLL_TASKS, 2, task), "a check");
    EQ_INT(roll_subject_value(r, 7, ROLL_SUBJECT_SEEN), 500, "a check that was done is");
    roll_sweep(r, (utc_sec){(int64_t)(500 + ROLL_TASK_DAYS * 1440 + 1) * 60});
    EQ_INT(roll_size(r, ROLL_TASKS), 0, "old tasks leave the list");
    roll_write_end(r);
    roll_read_begin(r);
    EQ_INT(roll_subject_value(r, 7, ROLL_SUBJECT_BORN), -3000, "born");
    EQ_INT(roll_subject_value(r, 7, ROLL_SUBJECT_SEX), PERSON_FEMALE, "sex");
    EQ_INT(roll_place_of(r, 7), 2, "lives there");
    EQ_INT(roll_place_up(r, 2, PLACE_KIND_CITY), 1, "in the city");
    EQ_INT(roll_place_up(r, 2, PLACE_KIND_WARD), 0, "in no ward");
    OK(roll_place_within(r, 2, 1) && !roll_place_within(r, 1, 2),
       "the district lies in the city, not the city in the district");
    roll_read_end(r);
    roll_write_begin(r);
    person[ROLL_PERSON_FLAGS] = PERSON_MERGED;
    CHECK(roll_put(r, ROLL_PEOPLE, 7, person), "merged");
    EQ_INT(roll_size(r, ROLL_PEOPLE), 0, "a merged record leaves the list");
    roll_write_end(r);
    int32_t bad[ROLL_COLUMNS_MAX] = {[ROLL_SAMPLE_SUBJECT] = 1, [ROLL_SAMPLE_SPECIMEN] = 255};
    roll_write_begin(r);
    OK(!roll_put(r, ROLL_SAMPLES, 1, bad), "a value its column cannot hold is refused");
    EQ_INT(roll_size(r, ROLL_SAMPLES), 0, "and nothing of it stays");
    roll_write_end(r);
    roll_close(r);
}

static void due_in_order(void)
{
    struct roll *r = roll_open();
    roll_complete(r);
    roll_write_begin(r);
    static const int32_t when[] = {50, 10, 30, ROLL_NONE, 10, 70};
    for (int i = 0; i < 6; i++) {
        int32_t c[ROLL_COLUMNS_MAX] = {[ROLL_ENROLMENT_SUBJECT] = 1, [ROLL_ENROLMENT_NEXT] = when[i]};
        CHECK(roll_put(r, ROLL_ENROLMENTS, 100 - i, c), "row");
    }
    roll_write_end(r);
    int64_t ids[6];
    roll_read_begin(r);
    EQ_INT(roll_due(r, ROLL_ENROLMENTS, 50, ids, 6), 4, "what is due by then");
    OK(ids[0] == 96 && ids[1] == 99 && ids[2] == 98 && ids[3] == 100, "in the order of time, then of numbers");
    EQ_INT(roll_due(r, ROLL_ENROLMENTS, 50, ids, 2), 2, "as many as there is room for");
    roll_read_end(r);
    roll_close(r);
}

int main(void)
{
    random_questions();
    cursors_walk_once();
    names_are_found();
    subjects_are_looked_up();
    due_in_order();
    return tap_done();
}
