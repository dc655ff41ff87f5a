#include "base/map.h"
#include "base/rng.h"
#include "tap.h"

static void test_small(void)
{
    struct map *m = map_open();
    int64_t v = -1;
    OK(m != NULL && map_count(m) == 0 && !map_get_text(m, STR("a"), &v) && v == -1, "empty");
    OK(map_put_text(m, STR("a"), 1) && map_put_number(m, 0, 2) && map_put_text(m, STR(""), 3), "three keys");
    OK(map_put_text(m, (struct str){NULL, 0}, 4) && map_count(m) == 3,
       "the empty text is one key, however it is written");
    OK(map_get_text(m, STR("a"), &v) && v == 1, "text");
    OK(map_get_number(m, 0, &v) && v == 2, "number");
    OK(map_get_text(m, STR(""), &v) && v == 4, "replaced");
    OK(!map_get_number(m, 1, &v) && !map_get_text(m, STR("b"), &v), "absent");
    map_close(m);
    map_close(NULL);
}

// Against a plain array: 20,000 puts and as many gets of keys that repeat.
static void test_model(void)
{
    enum { KEYS = 5000, STEPS = 20000 };
    static char name[KEYS][12];
    static int64_t text_value[KEYS], number_value[KEYS];
    size_t distinct = 0;
    struct rng r = rng_stream(20220628, 0, 0, 0, 1);
    struct map *m = map_open();
    for (int i = 0; i < KEYS; i++) (void)snprintf(name[i], sizeof name[i], "P%d", i);
    for (int i = 0; i < STEPS; i++) {
        uint32_t k = rng_below(&r, KEYS);
        int64_t value = i + 1, got = 0;
        if (rng_below(&r, 2) == 0) {
            distinct += text_value[k] == 0;
            text_value[k] = value;
            CHECK(map_put_text(m, str_z(name[k]), value), "put %s", name[k]);
        } else {
            distinct += number_value[k] == 0;
            number_value[k] = value;
            CHECK(map_put_number(m, (int64_t)k - KEYS / 2, value), "put %u", k);
        }
        k = rng_below(&r, KEYS);
        CHECK(map_get_text(m, str_z(name[k]), &got) == (text_value[k] != 0) && got == text_value[k], "text %u", k);
        got = 0;
        CHECK(map_get_number(m, (int64_t)k - KEYS / 2, &got) == (number_value[k] != 0) && got == number_value[k],
              "number %u", k);
    }
    EQ_INT(map_count(m), distinct, "as many keys as were put");
    size_t cursor = 0, walked = 0;
    int64_t sum = 0, want = 0;
    struct map_entry e;
    while (map_next(m, &cursor, &e)) {
        walked++;
        sum += e.value;
        CHECK(e.text.p != NULL || (e.number >= -KEYS / 2 && e.number < KEYS / 2), "a key that was put");
    }
    for (int i = 0; i < KEYS; i++) want += text_value[i] + number_value[i];
    OK(walked == distinct && sum == want, "the walk meets every entry once");
    map_close(m);
}

int main(void)
{
    test_small();
    test_model();
    return tap_done();
}
