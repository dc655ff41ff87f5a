#include "base/sink.h"

#include <assert.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

// Room for n more bytes and the NUL.
static bool sink_room(struct sink *s, size_t n)
{
    if (n < s->cap - s->n) return true;
    if (n > SIZE_MAX / 4 || s->n > SIZE_MAX / 4) return false;
    size_t cap = s->cap == 0 ? 256 : s->cap;
    while (cap <= s->n + n) cap *= 2;
    char *text = realloc(s->text, cap);
    if (text == NULL) return false;
    s->text = text;
    s->cap = cap;
    return true;
}

void sink_bytes(struct sink *s, const char *p, size_t n)
{
    if (s->failed || n == 0) return;
    if (s->file != NULL) {
        s->failed = fwrite(p, 1, n, s->file) != n;
        return;
    }
    if (!sink_room(s, n)) {
        s->failed = true;
        return;
    }
    memcpy(s->text + s->n, p, n);
    s->n += n;
    s->text[s->n] = 0;
}

void sink_text(struct sink *s, const char *z)
{
    sink_bytes(s, z, strlen(z));
}

void sink_char(struct sink *s, char c)
{
    sink_bytes(s, &c, 1);
}

void sink_printf(struct sink *s, const char *fmt, ...)
{
    va_list args, again;
    va_start(args, fmt);
    va_copy(again, args);
    if (s->file != NULL) {
        if (!s->failed && vfprintf(s->file, fmt, args) < 0) s->failed = true;
    } else if (!s->failed) {
        int n = vsnprintf(NULL, 0, fmt, args);
        if (n >= 0 && sink_room(s, (size_t)n)) {
            (void)vsnprintf(s->text + s->n, (size_t)n + 1, fmt, again);
            s->n += (size_t)n;
        } else {
            s->failed = true;
        }
    }
    va_end(again);
    va_end(args);
}

void sink_utf8(struct sink *s, struct str text)
{
    while (text.n > 0) {
        size_t good = str_utf8_valid(text);
        sink_bytes(s, text.p, good);
        if (good == text.n) return;
        sink_text(s, "\xEF\xBF\xBD");
        text = (struct str){text.p + good + 1, text.n - good - 1};
    }
}

void sink_real(struct sink *s, double value)
{
    assert(isfinite(value));
    char text[40];
    for (int digits = 15; digits <= 17; digits++) { // 17 always suffice for a binary64
        (void)snprintf(text, sizeof text, "%.*g", digits, value);
        if (strtod(text, NULL) == value) break;
    }
    sink_text(s, text);
}

bool sink_good(struct sink *s)
{
    if (s->file != NULL && !s->failed) s->failed = fflush(s->file) != 0 || ferror(s->file) != 0;
    return !s->failed;
}

struct str sink_kept(const struct sink *s)
{
    return s->text == NULL ? (struct str){"", 0} : (struct str){s->text, s->n};
}

void sink_close(struct sink *s)
{
    free(s->text);
    *s = (struct sink){0};
}
