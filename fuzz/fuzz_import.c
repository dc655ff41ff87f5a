// An import from arbitrary bytes: the first byte chooses format, table and options, then a mapping, a NUL, and the file.
// Whatever comes, rows add up, nothing is read beyond the input, and a second run over the same rows takes nothing.
#include "fuzz.h"

#include "base/map.h"
#include "exchange/import.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct fuzz_seen {
    struct map *uids;
};

// An intake that refuses some, has some already, and takes the rest.
static tong_code fuzz_take(void *payload, const struct command *commands, size_t count, struct intake_outcome *out,
                           struct err *err)
{
    struct fuzz_seen *seen = payload;
    (void)err;
    for (size_t i = 0; i < count; i++) {
        int64_t key, before = 0;
        memcpy(&key, commands[i].uid + 8, sizeof key);
        assert(commands[i].kind != COMMAND_PERSON || commands[i].person->uid.n == UID_TEXT - 1);
        out[i].code = TONG_OK;
        out[i].repeated = map_get_number(seen->uids, key, &before);
        if (!out[i].repeated && !map_put_number(seen->uids, key, 1)) abort();
    }
    return TONG_OK;
}

static struct import_tally fuzz_run(const struct import_options *pattern, struct arena *arena, struct str file)
{
    struct problem_list problems = {.arena = arena};
    struct import_options o = *pattern;
    struct import_tally tally;
    struct err err = {0};
    o.problems = &problems;
    o.duplicates = duplicate_index_open();
    o.file[0].source = (struct import_source){"fuzz", NULL, file};
    tong_code code = import_run(&o, &tally, &err);
    assert(tally.rows == tally.taken + tally.same + tally.faulty);
    assert(code == TONG_OK || tally.rows == 0 || code == TONG_E_CONFLICT);
    duplicate_index_close(o.duplicates);
    return tally;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = {.bytes_max = 64 << 20};
    struct problem_list problems = {.arena = &arena};
    struct fuzz_seen seen = {map_open()};
    struct zone utc;
    struct err err = {0};
    struct import_mapping mapping;
    if (size < 2 || seen.uids == NULL) {
        map_close(seen.uids);
        return 0;
    }
    zone_fixed(0, "UTC", &utc);
    struct import_options o = {
        .format = (import_format)(data[0] % IMPORT_FORMAT_COUNT),
        .file_count = 1,
        .zone = &utc,
        .specimen = SPECIMEN_OROPHARYNGEAL,
        .test = TEST_PCR,
        .today = {20000},
        .now = {1800000000},
        .take = fuzz_take,
        .payload = &seen,
        .keep_cells = true,
    };
    o.file[0].table = (import_table)(data[1] % (IMPORT_TABLE_COUNT + 1));
    struct str rest = {(const char *)data + 2, size - 2};
    const char *end = memchr(rest.p, 0, rest.n);
    if (end != NULL) { // a mapping in front
        struct str text = {rest.p, (size_t)(end - rest.p)};
        rest = (struct str){end + 1, rest.n - text.n - 1};
        if (import_mapping_read(text, "mapping", &arena, &problems, &mapping, &err) == TONG_OK)
            o.file[0].mapping = &mapping;
    }
    (void)fuzz_run(&o, &arena, rest);
    struct import_tally again = fuzz_run(&o, &arena, rest);
    assert(again.taken == 0);
    map_close(seen.uids);
    arena_free(&arena);
    return 0;
}
