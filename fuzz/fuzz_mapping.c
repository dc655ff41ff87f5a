// Any bytes as a mapping; one that is good is written, read again and is the same. The same bytes as a header line: what is
// suggested from them are columns that are there.
#include "exchange/mapping_suggest.h"
#include "fuzz.h"

#include <assert.h>
#include <string.h>

enum { FUZZ_HEADERS = 40 };

static void fuzz_again(const struct mapping *m, struct arena *arena)
{
    struct sink first = {0}, second = {0};
    struct problem_list problems = {.arena = arena};
    struct mapping again;
    mapping_write(m, &first);
    if (sink_kept(&first).n <= MAPPING_FILE_BYTES_MAX) {
        tong_code code = mapping_read(sink_kept(&first), "again.yaml", arena, &problems, &again, NULL);
        assert(code == TONG_OK);
        mapping_write(&again, &second);
        assert(str_eq(sink_kept(&first), sink_kept(&second)));
    }
    sink_close(&first);
    sink_close(&second);
}

static void fuzz_suggest(struct str text, struct arena *arena)
{
    struct str headers[FUZZ_HEADERS], rest = text;
    size_t n = 0;
    struct mapping m;
    mapping_init(&m);
    while (n < FUZZ_HEADERS && str_cut(&rest, ',', &headers[n])) n++;
    for (int32_t t = 0; t < LINE_TABLE_COUNT; t++) {
        int32_t count = 0, known = mapping_recognise((line_table)t, NULL, headers, n);
        (void)mapping_fields((line_table)t, &count);
        assert(known >= 0);
        assert((size_t)known <= n);
        tong_code code = mapping_suggest((line_table)t, headers, n, arena, &m.table[t], NULL);
        assert(code == TONG_OK);
        for (int32_t f = 0; f < count; f++)
            assert(m.table[t].header[f] == NULL || mapping_column(headers, n, str_z(m.table[t].header[f])) >= 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = {0};
    struct problem_list problems = {.arena = &arena};
    struct mapping m;
    struct str text = {(const char *)data, size};
    tong_code code = mapping_read(text, "any.yaml", &arena, &problems, &m, NULL);
    assert(code == TONG_OK || code == TONG_E_INVALID || code == TONG_E_LIMIT || code == TONG_E_NOMEM);
    assert(code != TONG_E_INVALID || problems.errors > 0);
    for (size_t i = 0; i < problems.count; i++)
        for (int l = 0; l < LANG_COUNT; l++) assert(problem_text(&problems.items[i], (lang)l, &arena) != NULL);
    if (code == TONG_OK) fuzz_again(&m, &arena);
    if (size < 4096 && memchr(data, 0, size) == NULL) fuzz_suggest(text, &arena);
    arena_free(&arena);
    return 0;
}
