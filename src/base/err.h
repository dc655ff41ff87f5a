// err.h -- error codes, and the detail of a failure in a struct the caller owns.
//
// A fallible function returns tong_code and is TONG_MUST_USE. The first failure fills *err, callers pass it up
// unchanged, and outputs stay as they were. The detail is never global and never thread-local, so it can be neither
// stale nor shared. Faults in *input* (a line list, a protocol) are many at once and bilingual: see problem.h.
#ifndef TONG_BASE_ERR_H
#define TONG_BASE_ERR_H

#include <stdint.h>

#define TONG_MUST_USE __attribute__((warn_unused_result))
#define TONG_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))
#define TONG_NORETURN __attribute__((noreturn))

typedef enum tong_code {
    TONG_OK,
    TONG_E_NOT_FOUND, // what was named does not exist
    TONG_E_INVALID,   // the input breaks a rule; problems say which
    TONG_E_CONFLICT,  // it contradicts what is already there
    TONG_E_LIMIT,     // larger than limits.h allows
    TONG_E_IO,        // the operating system refused
    TONG_E_NOMEM,
    TONG_CODE_COUNT
} tong_code;

struct err {
    tong_code code;
    int32_t line;
    const char *file;
    char text[240];
};

// Fill *err (which may be NULL) and return `code`.
#define tong_fail(err, code, ...) err_fill((err), __FILE__, __LINE__, (code), __VA_ARGS__)
tong_code err_fill(struct err *err, const char *file, int32_t line, tong_code code, const char *fmt, ...)
    TONG_PRINTF(5, 6);

// A stable lower-case word for a code, for logs and machine-readable output.
const char *err_slug(tong_code code);

#endif
