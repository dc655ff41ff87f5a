#include "base/err.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>

tong_code err_fill(struct err *err, const char *file, int32_t line, tong_code code, const char *fmt, ...)
{
    assert(code != TONG_OK);
    if (err == NULL) return code;
    err->code = code;
    err->file = file;
    err->line = line;
    va_list args;
    va_start(args, fmt);
    (void)vsnprintf(err->text, sizeof err->text, fmt, args);
    va_end(args);
    return code;
}

const char *err_slug(tong_code code)
{
    static const char *const slug[TONG_CODE_COUNT] = {
        [TONG_OK] = "ok",
        [TONG_E_NOT_FOUND] = "not-found",
        [TONG_E_INVALID] = "invalid",
        [TONG_E_CONFLICT] = "conflict",
        [TONG_E_LIMIT] = "too-large",
        [TONG_E_IO] = "io",
        [TONG_E_NOMEM] = "no-memory",
    };
    assert((int)code >= 0 && code < TONG_CODE_COUNT);
    return slug[code];
}
