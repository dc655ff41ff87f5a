// Any bytes as the files of an outbreak. A line of five equal signs parts them: a mapping, then the tables in their order.
// Whatever is imported obeys its records, refers to rows that are there, and was known no earlier than it happened.
#include "base/record_read.h"
#include "exchange/linelist.h"
#include "fuzz.h"

#include <assert.h>
#include <string.h>

enum { FUZZ_PARTS = LINE_TABLE_COUNT + 1 };

static size_t fuzz_parts(struct str all, struct str parts[FUZZ_PARTS])
{
    static const char line[] = "\n=====\n";
    size_t n = 0, from = 0;
    for (size_t i = 0; n + 1 < FUZZ_PARTS && i + sizeof line - 1 <= all.n; i++) {
        if (memcmp(all.p + i, line, sizeof line - 1) != 0) continue;
        parts[n++] = (struct str){all.p + from, i + 1 - from};
        from = i + sizeof line - 1;
    }
    parts[n++] = (struct str){all.p + from, all.n - from};
    return n;
}

static void fuzz_index_good(int32_t index, size_t count, bool may_lack)
{
    assert(index == LINE_NONE ? may_lack : index >= 0 && (size_t)index < count);
}

static void fuzz_end_good(const struct linelist *l, int32_t end, int32_t index)
{
    const size_t count[LINE_END_COUNT] = {0, l->case_count, l->contact_count, l->gathering_count};
    assert(end >= 0);
    assert(end < LINE_END_COUNT);
    fuzz_index_good(index, count[end], end == LINE_END_UNKNOWN);
}

static void fuzz_list_good(const struct linelist *l, struct arena *arena)
{
    struct problem_list problems = {.arena = arena};
    struct record_reading reading = {l->zone, arena, &problems, {"any", 0, 0, NULL}};
    for (size_t i = 0; i < l->case_count; i++) {
        const struct line_case *c = &l->cases[i];
        assert(record_check(&line_kind[LINE_TABLE_CASES], c, &reading));
        fuzz_index_good(c->contact, l->contact_count, true);
        for (int32_t d = 0; d < LINE_DATE_COUNT; d++) {
            assert((c->when[d].day.d == CIVIL_DAY_NONE) == (c->known[d].day.d == CIVIL_DAY_NONE));
            assert(c->known[d].day.d >= c->when[d].day.d);
        }
    }
    for (size_t i = 0; i < l->link_count; i++) {
        fuzz_end_good(l, l->links[i].from_end, l->links[i].from_index);
        fuzz_end_good(l, l->links[i].to_end, l->links[i].to_index);
    }
    for (size_t i = 0; i < l->contact_count; i++) {
        fuzz_index_good(l->contacts[i].case_index, l->case_count, true);
        assert(record_check(&line_kind[LINE_TABLE_CONTACTS], &l->contacts[i], &reading));
    }
    for (size_t i = 0; i < l->followup_count; i++) {
        fuzz_index_good(l->followups[i].contact_index, l->contact_count, l->followups[i].case_index != LINE_NONE);
        fuzz_index_good(l->followups[i].case_index, l->case_count, true);
    }
    for (size_t i = 0; i < l->lab_count; i++) {
        fuzz_index_good(l->labs[i].contact_index, l->contact_count, l->labs[i].case_index != LINE_NONE);
        fuzz_index_good(l->labs[i].case_index, l->case_count, true);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str parts[FUZZ_PARTS];
    size_t n = fuzz_parts((struct str){(const char *)data, size}, parts);
    struct arena arena = {0};
    struct problem_list problems = {.arena = &arena};
    struct mapping m;
    struct bytes source[LINE_TABLE_COUNT];
    struct linelist list;
    struct linelist_options o = {.as_of = {CIVIL_DAY_NONE}, .keep_good_rows = true};
    if (mapping_read(parts[0], "any.yaml", &arena, &problems, &m, NULL) == TONG_OK) o.mapping = &m;
    for (size_t t = 0; t + 1 < n; t++) {
        source[t] = bytes_of_memory(parts[t + 1]);
        o.file[t] = (struct linelist_file){line_table_words[t].word, &source[t]};
    }
    tong_code code = linelist_read(&o, &arena, &problems, &list, NULL);
    assert(code == TONG_OK || code == TONG_E_INVALID || code == TONG_E_NOMEM);
    if (code == TONG_OK) fuzz_list_good(&list, &arena);
    for (size_t i = 0; i < problems.count; i++)
        for (int l = 0; l < LANG_COUNT; l++) assert(problem_text(&problems.items[i], (lang)l, &arena) != NULL);
    arena_free(&arena);
    return 0;
}
