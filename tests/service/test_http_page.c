// Lists in pages: every row once, in order, whatever is added meanwhile; a cursor serves the list it was given for.
#include "tap.h"

#include "harness.h"

#include "service/page.h"

enum { ROWS = 230, DISTRICT = 1 };

static const struct record_word sort_words[] = {{"taken", LABEL("taken", "采样时间")},
                                                {"received", LABEL("received", "接收时间")}};
static const struct parameter test_parameters[] = {
    {.name = "sort", .type = PARAMETER_SORT, .words = sort_words, .word_count = 2, .label = LABEL("sort", "排序")},
    {.name = "test", .type = PARAMETER_INTEGER, .label = LABEL("test", "检测")},
};
static const struct page_sort sorts[] = {{ROLL_SAMPLE_TAKEN, false}, {ROLL_SAMPLE_RECEIVED, true}};
static const struct route test_route = {.name = "test", .list = true, ROUTE_PARAMETERS(test_parameters)};

static void sample_put(struct roll *roll, int64_t id, int32_t taken, int32_t received)
{
    int32_t row[ROLL_SAMPLE_COLUMN_COUNT];
    for (int i = 0; i < ROLL_SAMPLE_COLUMN_COUNT; i++) row[i] = ROLL_NONE;
    row[ROLL_SAMPLE_SUBJECT] = DISTRICT;
    row[ROLL_SAMPLE_TAKEN] = taken;
    row[ROLL_SAMPLE_RECEIVED] = received;
    roll_write_begin(roll);
    CHECK(roll_put(roll, ROLL_SAMPLES, id, row), "a sample");
    roll_write_end(roll);
}

struct asked {
    struct arena arena;
    struct request rq;
    struct reply rp;
    struct roll_query q;
    struct roll_page page;
    json_t *json;
    bool good;
};

// One page, with the parameters as they come out of the dispatcher.
static void ask(struct harness *h, struct asked *a, const char *sort, const char *cursor, const char *limit,
                const char *test, bool count)
{
    struct err err = {0};
    *a = (struct asked){.rq = {.service = h->service, .route = &test_route}, .q = {.list = ROLL_SAMPLES}};
    a->rq.arena = &a->arena;
    a->rq.problems.arena = &a->arena;
    const struct http_pair given[] = {{STR("sort"), str_z(sort)},
                                      {STR("cursor"), str_z(cursor)},
                                      {STR("limit"), str_z(limit)},
                                      {STR("test"), str_z(test)},
                                      {STR("count"), count ? STR("true") : STR("false")}};
    for (size_t i = 0; i < sizeof given / sizeof given[0]; i++)
        if (given[i].value.n > 0) a->rq.parameter[a->rq.parameter_count++] = given[i];
    a->good = page_read(&a->rq, sorts, 2, 0, &a->q) && page_ask(&a->rq, &a->q, &a->page);
    if (!a->good) return;
    struct json_out j = page_begin(&a->rp);
    for (size_t i = 0; i < a->page.count; i++) json_out_int(&j, NULL, a->page.rows[i].id);
    CHECK(page_end(&a->rq, &a->rp, &j, &a->q, &a->page, &err) == TONG_OK, "a page is written: %s", err.text);
    a->json = json_loads(sink_kept(&a->rp.body).p, 0, NULL);
}

static void done(struct asked *a)
{
    json_decref(a->json);
    reply_close(&a->rp);
    arena_free(&a->arena);
}

// Walks all pages; how many rows, each of which must come once. A row is put behind the cursor and one in front meanwhile.
static size_t walk(struct harness *h, const char *sort, bool disturb)
{
    static bool seen[2 * ROWS];
    char cursor[CURSOR_TEXT] = "";
    size_t rows = 0;
    memset(seen, 0, sizeof seen);
    for (int page = 0; page < 20; page++) {
        struct asked a;
        ask(h, &a, sort, cursor, "23", "", true);
        const char *next = json_string_value(json_object_get(a.json, "next"));
        json_t *items = json_object_get(a.json, "items"), *item;
        size_t i;
        json_array_foreach(items, i, item)
        {
            size_t id = (size_t)json_integer_value(item);
            CHECK(id < 2 * ROWS && !seen[id], "%s: row %zu comes once", sort, id);
            if (id < 2 * ROWS) seen[id] = true;
            rows++;
        }
        CHECK(page > 0 || json_integer_value(json_object_get(a.json, "total")) == ROWS, "%s: all are counted", sort);
        (void)snprintf(cursor, sizeof cursor, "%s", next == NULL ? "" : next);
        if (disturb && page == 2) sample_put(h->service->roll, ROWS + 1, -1000, -1000);
        done(&a);
        if (cursor[0] == 0) break;
    }
    return rows;
}

static void a_cursor_serves_its_list(struct harness *h)
{
    struct asked a;
    char next[CURSOR_TEXT];
    ask(h, &a, "taken", "", "10", "", false);
    (void)snprintf(next, sizeof next, "%s", json_string_value(json_object_get(a.json, "next")));
    OK(json_is_null(json_object_get(a.json, "total")), "what is not asked for is not counted");
    done(&a);
    ask(h, &a, "taken", next, "50", "", true);
    OK(a.good, "the next page may be of another size");
    done(&a);
    ask(h, &a, "-taken", next, "10", "", false);
    OK(!a.good && strcmp(a.rq.problems.items[0].message->slug, "cursor-of-another-list") == 0, "not of another sort");
    done(&a);
    ask(h, &a, "taken", next, "10", "3", false);
    OK(!a.good, "not of another filter");
    done(&a);
    next[5] = next[5] == 'A' ? 'B' : 'A';
    ask(h, &a, "taken", next, "10", "", false);
    OK(!a.good && strcmp(a.rq.problems.items[0].path, "cursor") == 0, "nor one that was changed");
    done(&a);
}

int main(void)
{
    struct harness h;
    if (!harness_open(&h, NULL)) return tap_done();
    for (int32_t i = 1; i <= ROWS; i++) sample_put(h.service->roll, i, i % 7, i % 3 == 0 ? ROLL_NONE : i * 5 % 11);
    EQ_INT(walk(&h, "taken", false), ROWS, "sorted by a column with few values, every row comes once");
    EQ_INT(walk(&h, "-taken", false), ROWS, "and the other way");
    EQ_INT(walk(&h, "received", false), ROWS, "with absent values too");
    EQ_INT(walk(&h, "-received", false), ROWS, "and the other way");
    EQ_INT(walk(&h, "taken", true), ROWS, "what is added in front meanwhile moves nothing");
    a_cursor_serves_its_list(&h);
    harness_close(&h);
    return tap_done();
}
