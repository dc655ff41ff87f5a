#include "base/json.h"
#include "base/rng.h"
#include "tap.h"

#include <jansson.h>

static void test_shapes(void)
{
    struct sink s = {0};
    struct json_out j = json_out_to(&s);
    json_out_object(&j, NULL);
    json_out_int(&j, "cases", 162);
    json_out_array(&j, "days");
    json_out_object(&j, NULL);
    json_out_end(&j);
    json_out_array(&j, NULL);
    json_out_end(&j);
    json_out_int(&j, NULL, INT64_MIN);
    json_out_end(&j);
    json_out_bool(&j, "yes", true);
    json_out_null(&j, "none");
    json_out_z(&j, "no text", NULL);
    json_out_day(&j, "day", (civil_day){19171});
    json_out_day(&j, "no day", (civil_day){CIVIL_DAY_NONE});
    json_out_instant(&j, "at", (utc_sec){-1});
    json_out_instant(&j, "never", UTC_NONE);
    json_out_end(&j);
    OK(json_out_finish(&j), "all was written");
    EQ_TEXT(s.text,
            "{\"cases\":162,\"days\":[{},[],-9223372036854775808],\"yes\":true,\"none\":null,\"no text\":null,"
            "\"day\":\"2022-06-28\",\"no day\":null,\"at\":\"1969-12-31T23:59:59Z\",\"never\":null}\n",
            "commas, keys and all kinds of values");
    sink_close(&s);
}

// Every character, and every pair of bytes, survives the way through jansson; what is not UTF-8 becomes U+FFFD.
static void test_texts(void)
{
    for (int i = 0; i < 65536; i++) {
        char bytes[3] = {(char)(i >> 8), (char)(i & 255), 'x'};
        struct str text = {bytes, 3};
        struct sink s = {0};
        struct json_out j = json_out_to(&s);
        json_out_text(&j, NULL, text);
        bool written = json_out_finish(&j);
        json_t *back = json_loadb(s.text, s.n, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
        if (!CHECK(written && back != NULL && json_is_string(back), "bytes %04x are JSON", (unsigned)i)) break;
        bool same = json_string_length(back) == 3 && memcmp(json_string_value(back), bytes, 3) == 0;
        bool replaced = strstr(json_string_value(back) + (bytes[0] == 0) + (bytes[0] == 0 && bytes[1] == 0),
                               "\xEF\xBF\xBD") != NULL;
        CHECK(str_utf8_valid(text) == 3 ? same : replaced, "bytes %04x", (unsigned)i);
        json_decref(back);
        sink_close(&s);
    }
    struct sink s = {0};
    struct json_out j = json_out_to(&s);
    json_out_object(&j, NULL);
    json_out_text(&j, "k\"\\\n", STR("\"\\/\b\f\n\r\t\x01 密接"));
    json_out_text(&j, "bad",
                  STR("a\xff\xfe"
                      "b\xe5\xaf"));
    json_out_end(&j);
    OK(json_out_finish(&j), "written");
    EQ_TEXT(s.text,
            "{\"k\\\"\\\\\\n\":\"\\\"\\\\/\\u0008\\u000c\\n\\r\\t\\u0001 密接\",\"bad\":\"a\xEF\xBF\xBD\xEF\xBF\xBD"
            "b\xEF\xBF\xBD\xEF\xBF\xBD\"}\n",
            "escapes, in keys too");
    sink_close(&s);
}

static void test_numbers(void)
{
    static const struct {
        double value;
        const char *text;
    } t[] = {
        {0, "0"},
        {-0.0, "-0"},
        {0.1, "0.1"},
        {1.0 / 3, "0.3333333333333333"},
        {0.1 + 0.2, "0.30000000000000004"},
        {1e300, "1e+300"},
        {5e-324, "4.94065645841247e-324"},
        {1e15, "1e+15"},
        {123456, "123456"},
        {(double)NAN, "null"},
        {(double)INFINITY, "null"},
        {-(double)INFINITY, "null"},
    };
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
        struct sink s = {0};
        struct json_out j = json_out_to(&s);
        json_out_real(&j, NULL, t[i].value);
        EQ_TEXT(s.text, t[i].text, "number %s", t[i].text);
        sink_close(&s);
    }
    struct rng r = rng_stream(1, 0, 0, 0, 0);
    for (int i = 0; i < 20000; i++) {
        uint64_t bits = rng_u64(&r);
        double value;
        memcpy(&value, &bits, sizeof value);
        if (!isfinite(value)) continue;
        struct sink s = {0};
        sink_real(&s, value);
        double back = 0;
        CHECK(str_double(sink_kept(&s), &back) && back == value, "%.17g reads back", value);
        sink_close(&s);
    }
}

static void test_sink(void)
{
    struct sink s = {0};
    OK(sink_kept(&s).n == 0 && sink_kept(&s).p != NULL, "empty at first");
    sink_printf(&s, "%s", "");
    for (int i = 0; i < 1000; i++) sink_printf(&s, "%03d", i);
    bool good = s.n == 3000;
    for (int i = 0; i < 1000 && good; i++)
        good = atol((char[]){s.text[3 * i], s.text[3 * i + 1], s.text[3 * i + 2], 0}) == i;
    OK(good && s.text[3000] == 0, "a growing text keeps what it had");
    sink_close(&s);
    OK(s.text == NULL, "closed");
    FILE *full = fopen("/dev/full", "w");
    if (full == NULL) {
        tap_skip("no /dev/full here");
        return;
    }
    struct sink f = {.file = full};
    struct json_out j = json_out_to(&f);
    json_out_int(&j, NULL, 1);
    OK(!json_out_finish(&j), "a full disk is noticed");
    (void)fclose(full);
}

int main(void)
{
    test_shapes();
    test_texts();
    test_numbers();
    test_sink();
    return tap_done();
}
