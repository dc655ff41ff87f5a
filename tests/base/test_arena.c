#include "base/arena.h"
#include "base/err.h"
#include "tap.h"

static void test_alloc(void)
{
    struct arena a = {0};
    unsigned char *first = arena_alloc(&a, 1), *second = arena_alloc(&a, 0), *third = arena_alloc(&a, 3);
    OK(first != NULL && second != NULL && third != NULL && first != second && second != third, "pointers differ");
    bool aligned = true, zero = true;
    for (size_t n = 1; n < 300; n++) {
        unsigned char *p = arena_alloc(&a, n);
        if (!CHECK(p != NULL, "%zu bytes", n)) break;
        aligned = aligned && (uintptr_t)p % 16 == 0;
        for (size_t i = 0; i < n; i++) zero = zero && p[i] == 0;
        memset(p, 0xAA, n);
    }
    OK(aligned && zero, "memory is zeroed and aligned to 16");
    unsigned char *large = arena_alloc(&a, 1 << 20);
    OK(large != NULL && large[0] == 0 && large[(1 << 20) - 1] == 0, "more than a block");
    OK(arena_alloc(&a, SIZE_MAX) == NULL && arena_array(&a, SIZE_MAX / 4, 8) == NULL, "absurd sizes are refused");
    arena_free(&a);
    OK(a.block == NULL && a.bytes == 0 && arena_alloc(&a, 8) != NULL, "usable again after arena_free");
    arena_free(&a);
}

static void test_cap(void)
{
    struct arena a = {.bytes_max = 128 * 1024};
    size_t got = 0;
    while (got < 1000 && arena_alloc(&a, 1024) != NULL) got++;
    EQ_INT(got, 128, "the cap holds to the byte");
    OK(arena_alloc(&a, 1) == NULL, "full stays full");
    arena_free(&a);
    OK(arena_alloc(&a, 128 * 1024) != NULL && arena_alloc(&a, 1) == NULL, "one block as large as the cap");
    arena_free(&a);
    OK(arena_alloc(&a, 128 * 1024 + 1) == NULL, "one byte more is refused");
    OK(arena_copy(&a, "x", 1) != NULL && arena_printf(&a, "%200000d", 1) == NULL,
       "text larger than the cap is refused");
    arena_free(&a);
}

static void test_text(void)
{
    struct arena a = {0};
    char *copy = arena_copy(&a, "case 42 of 99", 7);
    EQ_TEXT(copy, "case 42", "a copy ends in NUL");
    EQ_TEXT(arena_copy(&a, NULL, 0), "", "nothing is the empty text");
    EQ_TEXT(arena_printf(&a, "%s-%03d", "T", 7), "T-007", "formatted text");
    arena_free(&a);
}

static void test_grow(void)
{
    struct arena a = {0};
    int32_t *items = NULL;
    size_t count = 0, cap = 0;
    for (int32_t i = 0; i < 1000; i++) {
        int32_t *p = arena_grow(&a, items, count, &cap, sizeof *items);
        if (p == NULL) break;
        items = p;
        items[count++] = i * i;
    }
    bool kept = count == 1000;
    for (size_t i = 0; i < count; i++) kept = kept && items[i] == (int32_t)(i * i);
    OK(kept && cap >= 1000, "a growing array keeps its elements");
    arena_free(&a);
    struct arena small = {.bytes_max = 64 * 1024};
    char *bytes = arena_alloc(&small, 60 * 1024);
    size_t full = 8 * 1024;
    OK(bytes != NULL && arena_grow(&small, bytes, full, &full, 1) == NULL && full == 8 * 1024,
       "a refused growth leaves the capacity");
    arena_free(&small);
}

static void test_err(void)
{
    struct err err = {0};
    tong_code code = tong_fail(&err, TONG_E_LIMIT, "%d rows", 12);
    OK(code == TONG_E_LIMIT && err.code == TONG_E_LIMIT && err.line > 0 && err.file != NULL, "the code and the place");
    EQ_TEXT(err.text, "12 rows", "the text");
    OK(tong_fail(NULL, TONG_E_IO, "x") == TONG_E_IO, "a caller who wants no detail");
    char wide[400];
    memset(wide, 'x', sizeof wide - 1);
    wide[sizeof wide - 1] = 0;
    (void)tong_fail(&err, TONG_E_IO, "%s", wide);
    EQ_INT(strlen(err.text), sizeof err.text - 1, "a long text is cut");
    for (int i = 0; i < TONG_CODE_COUNT; i++)
        for (int k = 0; k < i; k++)
            CHECK(strcmp(err_slug((tong_code)i), err_slug((tong_code)k)) != 0, "slugs %d and %d", i, k);
    EQ_TEXT(err_slug(TONG_E_NOT_FOUND), "not-found", "a slug");
}

int main(void)
{
    test_alloc();
    test_cap();
    test_text();
    test_grow();
    test_err();
    return tap_done();
}
