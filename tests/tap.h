// tap.h -- the test harness: a test program prints TAP (Test Anything Protocol) and ends with `return tap_done();`.
//
// OK(condition, "row %s", name) prints one line a test and gives the condition back; a failure names file and line.
// EQ_INT, EQ_TEXT and NEAR compare and print both values when they differ. CHECK is OK for the inside of long loops:
// it counts in silence and prints only what fails. tap_skip("why") stands for a test that could not run.
// Every test program includes this header once; its counters are the program's own.
#ifndef TONG_TESTS_TAP_H
#define TONG_TESTS_TAP_H

#include <math.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct {
    long run, failed, checks;
} tap;

#define TAP_UNUSED __attribute__((unused))
#define OK(condition, ...) tap_ok((condition), false, #condition, __FILE__, __LINE__, __VA_ARGS__)
#define CHECK(condition, ...) tap_ok((condition), true, #condition, __FILE__, __LINE__, __VA_ARGS__)
#define EQ_INT(got, want, ...) tap_int((int64_t)(got), (int64_t)(want), #got, __FILE__, __LINE__, __VA_ARGS__)
#define EQ_TEXT(got, want, ...) tap_text((got), (want), #got, __FILE__, __LINE__, __VA_ARGS__)
#define NEAR(got, want, within, ...) tap_near((got), (want), (within), #got, __FILE__, __LINE__, __VA_ARGS__)

// One TAP line; '#' would begin a directive and a line break would end the line, so both are replaced.
static void tap_line(bool pass, const char *fmt, va_list args)
{
    char name[400];
    (void)vsnprintf(name, sizeof name, fmt, args);
    for (char *c = name; *c != 0; c++)
        if (*c == '#' || *c == '\n' || *c == '\r') *c = '_';
    tap.run++;
    if (!pass) tap.failed++;
    (void)printf("%s %ld - %s\n", pass ? "ok" : "not ok", tap.run, name);
}

TAP_UNUSED __attribute__((format(printf, 6, 7))) static bool tap_ok(bool pass, bool quiet, const char *text,
                                                                    const char *file, int line, const char *fmt, ...)
{
    if (pass && quiet) {
        tap.checks++;
        return true;
    }
    va_list args;
    va_start(args, fmt);
    tap_line(pass, fmt, args);
    va_end(args);
    if (!pass) (void)printf("# %s:%d: %s\n", file, line, text);
    (void)fflush(stdout);
    return pass;
}

TAP_UNUSED __attribute__((format(printf, 6, 7))) static bool tap_int(int64_t got, int64_t want, const char *text,
                                                                     const char *file, int line, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    tap_line(got == want, fmt, args);
    va_end(args);
    if (got != want) (void)printf("# %s:%d: %s is %lld, not %lld\n", file, line, text, (long long)got, (long long)want);
    (void)fflush(stdout);
    return got == want;
}

TAP_UNUSED __attribute__((format(printf, 6, 7))) static bool tap_text(const char *got, const char *want,
                                                                      const char *text, const char *file, int line,
                                                                      const char *fmt, ...)
{
    bool pass = got != NULL && want != NULL ? strcmp(got, want) == 0 : got == want;
    va_list args;
    va_start(args, fmt);
    tap_line(pass, fmt, args);
    va_end(args);
    if (!pass)
        (void)printf("# %s:%d: %s is\n#   %s\n# not\n#   %s\n", file, line, text, got == NULL ? "(null)" : got,
                     want == NULL ? "(null)" : want);
    (void)fflush(stdout);
    return pass;
}

TAP_UNUSED __attribute__((format(printf, 7, 8))) static bool tap_near(double got, double want, double within,
                                                                      const char *text, const char *file, int line,
                                                                      const char *fmt, ...)
{
    bool pass = fabs(got - want) <= within; // false for NaN
    va_list args;
    va_start(args, fmt);
    tap_line(pass, fmt, args);
    va_end(args);
    if (!pass) (void)printf("# %s:%d: %s is %.17g, not %.17g +- %g\n", file, line, text, got, want, within);
    (void)fflush(stdout);
    return pass;
}

TAP_UNUSED __attribute__((format(printf, 1, 2))) static void tap_skip(const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    (void)printf("ok %ld # SKIP ", ++tap.run);
    (void)vprintf(fmt, args);
    (void)printf("\n");
    va_end(args);
}

// Path of a file of the material beside the checkout, or NULL (then skip, saying so) when it is not there.
TAP_UNUSED static const char *tap_shared(const char *relative, char *out, size_t out_size)
{
    const char *shared = getenv("TONGZHOU_SHARED"), *source = getenv("TONGZHOU_SOURCE");
    bool given = shared != NULL && shared[0] != 0;
    int n = given ? snprintf(out, out_size, "%s/%s", shared, relative)
                  : snprintf(out, out_size, "%s/../shared/%s", source == NULL ? "." : source, relative);
    FILE *f = n > 0 && (size_t)n < out_size ? fopen(out, "rb") : NULL;
    if (f == NULL) return NULL;
    (void)fclose(f);
    return out;
}

// Path of a file of the project itself.
TAP_UNUSED static const char *tap_source(const char *relative, char *out, size_t out_size)
{
    const char *root = getenv("TONGZHOU_SOURCE");
    (void)snprintf(out, out_size, "%s/%s", root == NULL || root[0] == 0 ? "." : root, relative);
    return out;
}

// The plan and the exit code. A program that ran nothing has failed.
TAP_UNUSED static int tap_done(void)
{
    if (tap.checks > 0) (void)printf("ok %ld - %ld checks in loops\n", ++tap.run, tap.checks);
    (void)printf("1..%ld\n", tap.run);
    return tap.failed == 0 && tap.run > 0 ? 0 : 1;
}

#endif
