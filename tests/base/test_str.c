#include "base/str.h"
#include "tap.h"

static void test_compare(void)
{
    OK(str_eq(str_z(NULL), STR("")), "NULL is the empty text");
    OK(str_eq(STR("abc"), str_z("abc")) && !str_eq(STR("abc"), STR("ab")), "equality looks at the length");
    OK(str_eq_nocase(STR("Onset_DATE"), STR("onset_date")) && !str_eq_nocase(STR("a["), STR("a{")),
       "only letters fold");
    OK(str_compare(STR("ab"), STR("abc")) < 0 && str_compare(STR("b"), STR("abc")) > 0, "shorter first, then bytes");
    OK(str_compare(STR("\x7f"), STR("\xe5")) < 0, "bytes compare unsigned");
    OK(str_compare(STR(""), STR("")) == 0, "empty texts are equal");
    OK(str_starts(STR("UTC+8"), "UTC") && !str_starts(STR("UT"), "UTC"), "prefix");
    struct str trimmed = str_trim(STR(" \t\r\n x y \v\f"));
    OK(str_eq_z(trimmed, "x y"), "trim leaves inner space");
    OK(str_trim(STR(" \n ")).n == 0, "trim of white space alone");
}

static void test_cut(void)
{
    struct str rest = STR("a,,b,"), part;
    const char *const want[] = {"a", "", "b", ""};
    for (size_t i = 0; i < 4; i++) OK(str_cut(&rest, ',', &part) && str_eq_z(part, want[i]), "part %zu", i);
    OK(!str_cut(&rest, ',', &part), "then nothing is left");
    rest = STR("");
    OK(str_cut(&rest, ',', &part) && part.n == 0 && !str_cut(&rest, ',', &part), "the empty text is one empty part");
}

static void test_numbers(void)
{
    static const struct {
        const char *text;
        bool good;
        int64_t value;
    } whole[] = {
        {"0", true, 0},
        {"-0", true, 0},
        {"+7", true, 7},
        {"007", true, 7},
        {"9223372036854775807", true, INT64_MAX},
        {"-9223372036854775808", true, INT64_MIN},
        {"9223372036854775808", false, 0},
        {"-9223372036854775809", false, 0},
        {"", false, 0},
        {"-", false, 0},
        {"1 ", false, 0},
        {" 1", false, 0},
        {"1.0", false, 0},
        {"0x1", false, 0},
        {"1e3", false, 0},
    };
    for (size_t i = 0; i < sizeof whole / sizeof whole[0]; i++) {
        int64_t v = 99;
        bool good = str_int(str_z(whole[i].text), &v);
        OK(good == whole[i].good && v == (good ? whole[i].value : 99), "whole number \"%s\"", whole[i].text);
    }
    static const struct {
        const char *text;
        bool good;
        double value;
    } real[] = {
        {"0.1", true, 0.1},  {"-1e-3", true, -0.001}, {".5", true, 0.5}, {"5.", true, 5},    {"1E2", true, 100},
        {"1e999", false, 0}, {"nan", false, 0},       {"inf", false, 0}, {"0x10", false, 0}, {"1,5", false, 0},
        {"", false, 0},      {"1.2.3", false, 0},     {"--1", false, 0}, {" 1", false, 0},
    };
    for (size_t i = 0; i < sizeof real / sizeof real[0]; i++) {
        double v = 99;
        bool good = str_double(str_z(real[i].text), &v);
        OK(good == real[i].good && v == (good ? real[i].value : 99), "real \"%s\"", real[i].text);
    }
}

static void test_utf8(void)
{
    static const struct {
        const char *row, *text;
        size_t valid, columns;
    } t[] = {
        {"ASCII", "abc", 3, 3},
        {"Chinese is two columns wide", "密接", 6, 4},
        {"accents are one", "\xc3\xa9t\xc3\xa9", 5, 3},
        {"last of three bytes", "\xef\xbf\xbf", 3, 1},
        {"four bytes", "\xf0\x9f\x9a\xb2", 4, 2},
        {"last code point", "\xf4\x8f\xbf\xbf", 4, 2},
        {"beyond the last", "\xf4\x90\x80\x80", 0, 4},
        {"overlong slash", "\xc0\xaf", 0, 2},
        {"overlong in three", "\xe0\x9f\xbf", 0, 3},
        {"overlong in four", "\xf0\x8f\xbf\xbf", 0, 4},
        {"surrogate", "a\xed\xa0\x80", 1, 4},
        {"cut off", "ab\xe5\xaf", 2, 4},
        {"lone continuation", "\x80", 0, 1},
        {"GB18030 bytes", "\xc3\xdc\xbd\xd3", 0, 3},
    };
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
        EQ_INT(str_utf8_valid(str_z(t[i].text)), t[i].valid, "valid: %s", t[i].row);
        EQ_INT(str_columns(str_z(t[i].text)), t[i].columns, "columns: %s", t[i].row);
    }
}

static void test_distance(void)
{
    static const struct {
        const char *a, *b;
        size_t distance;
    } t[] = {
        {"", "", 0},
        {"", "ab", 2},
        {"replay", "replay", 0},
        {"relpay", "replay", 1},
        {"repaly", "replay", 1},
        {"repay", "replay", 1},
        {"protokoll", "protocol", 2},
        {"kitten", "sitting", 3},
        {"ca", "abc", 3}, // optimal string alignment; unrestricted Damerau-Levenshtein would say 2
    };
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
        EQ_INT(str_distance(str_z(t[i].a), str_z(t[i].b), 9), t[i].distance, "%s -> %s", t[i].a, t[i].b);
        EQ_INT(str_distance(str_z(t[i].b), str_z(t[i].a), 9), t[i].distance, "%s -> %s", t[i].b, t[i].a);
    }
    EQ_INT(str_distance(STR("kitten"), STR("sitting"), 2), 3, "more than the most is the most and one");
    char wide[80];
    memset(wide, 'a', sizeof wide);
    EQ_INT(str_distance((struct str){wide, 64}, (struct str){wide, 63}, 2), 1, "64 characters are compared");
    EQ_INT(str_distance((struct str){wide, 65}, (struct str){wide, 65}, 2), 3, "65 are too many");
}

static void test_hash(void)
{
    OK(str_hash(STR("case")) == str_hash(str_z("case")), "equal texts, equal hashes");
    OK(str_hash(STR("")) != str_hash(STR("\0")), "the length counts");
    // 4096 short ids in 4096 buckets: with good mixing about 1/e of them stay empty.
    static bool used[4096];
    int64_t empty = 0;
    for (int i = 0; i < 4096; i++) {
        char id[16];
        int n = snprintf(id, sizeof id, "C%04d", i);
        used[str_hash((struct str){id, (size_t)n}) & 4095] = true;
    }
    for (int i = 0; i < 4096; i++) empty += !used[i];
    OK(empty > 1400 && empty < 1620, "low bits are mixed: %lld of 4096 buckets empty, 1507 expected", (long long)empty);
}

int main(void)
{
    test_compare();
    test_cut();
    test_numbers();
    test_utf8();
    test_distance();
    test_hash();
    return tap_done();
}
