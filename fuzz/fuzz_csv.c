// Any bytes as a table: every cell that is delivered is UTF-8 without NUL, places only grow, and reading ends.
//
// The first byte chooses the encoding and whether rows must be as wide as the first.
#include "exchange/csv.h"
#include "fuzz.h"

#include <assert.h>
#include <string.h>

struct fuzz_seen {
    int64_t line, column;
    size_t width;
    bool widths;
};

static void fuzz_row_good(const struct csv_item *item, const struct fuzz_seen *seen)
{
    assert(item->count >= 1);
    assert(item->count <= CSV_CELLS_MAX);
    assert(!seen->widths || seen->width == 0 || item->count == seen->width);
    int64_t line = item->line, column = 0;
    for (size_t i = 0; i < item->count; i++) {
        const struct csv_cell *c = &item->cells[i];
        assert(str_utf8_valid(c->text) == c->text.n);
        assert(c->text.n == 0 || memchr(c->text.p, 0, c->text.n) == NULL);
        assert(c->text.n <= CSV_CELL_BYTES_MAX);
        assert(c->line > line || (c->line == line && c->column > column) || (c->line == line && i == 0));
        line = c->line;
        column = c->column;
    }
}

static void fuzz_fault_good(const struct csv_item *item, encoding e)
{
    assert(item->fault.kind > CSV_FAULT_NONE);
    assert(item->fault.kind < CSV_FAULT_COUNT);
    assert(item->fault.line >= item->line);
    assert(item->fault.column >= 1);
    struct arena arena = {0};
    struct problem_list problems = {.arena = &arena};
    csv_fault_add(&item->fault, "any.csv", e, &problems);
    assert(problems.errors == 1);
    for (int l = 0; l < LANG_COUNT; l++) assert(problem_text(&problems.items[0], (lang)l, &arena) != NULL);
    arena_free(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0) return 0;
    struct bytes source = bytes_of_memory((struct str){(const char *)data + 1, size - 1});
    struct encoding_stream *stream = NULL;
    struct encoding_guess guess;
    struct csv *csv = NULL;
    struct fuzz_seen seen = {.widths = (data[0] & 8) != 0};
    encoding wanted = (encoding)(data[0] % 8 % ENCODING_COUNT);
    if (encoding_open(&source, wanted, &stream, &guess, NULL) != TONG_OK) return 0;
    assert(guess.percent >= 0);
    assert(guess.percent <= 100);
    if (csv_open(stream, &guess, 0, &csv, NULL) == TONG_OK) {
        struct csv_item item;
        size_t rows = 0;
        do {
            tong_code code = csv_next(csv, &item, NULL);
            assert(code == TONG_OK);
            assert(++rows <= size + 2);
            assert(item.event == CSV_END || item.line >= seen.line);
            seen.line = item.line;
            if (item.event == CSV_ROW) fuzz_row_good(&item, &seen);
            if (item.event == CSV_BAD_ROW) fuzz_fault_good(&item, guess.encoding);
            if (item.event == CSV_ROW && seen.widths && seen.width == 0) {
                seen.width = item.count;
                csv_expect(csv, seen.width, false);
            }
        } while (item.event != CSV_END);
    }
    csv_close(csv);
    encoding_close(stream);
    return 0;
}
