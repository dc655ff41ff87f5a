#include "base/str.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

struct str str_z(const char *z)
{
    return z == NULL ? (struct str){"", 0} : (struct str){z, strlen(z)};
}

bool str_eq(struct str a, struct str b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

bool str_eq_z(struct str a, const char *z)
{
    return str_eq(a, str_z(z));
}

static char str_lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

bool str_eq_nocase(struct str a, struct str b)
{
    if (a.n != b.n) return false;
    for (size_t i = 0; i < a.n; i++)
        if (str_lower(a.p[i]) != str_lower(b.p[i])) return false;
    return true;
}

bool str_starts(struct str s, const char *prefix)
{
    size_t n = strlen(prefix);
    return s.n >= n && memcmp(s.p, prefix, n) == 0;
}

int str_compare(struct str a, struct str b)
{
    size_t n = a.n < b.n ? a.n : b.n;
    int c = n == 0 ? 0 : memcmp(a.p, b.p, n);
    if (c != 0) return c;
    return (a.n > b.n) - (a.n < b.n);
}

static bool str_is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\v' || c == '\f';
}

struct str str_trim(struct str s)
{
    while (s.n > 0 && str_is_space(s.p[0])) s.p++, s.n--;
    while (s.n > 0 && str_is_space(s.p[s.n - 1])) s.n--;
    return s;
}

bool str_cut(struct str *rest, char sep, struct str *part)
{
    if (rest->p == NULL) return false;
    const char *at = rest->n == 0 ? NULL : memchr(rest->p, sep, rest->n);
    if (at == NULL) {
        *part = *rest;
        *rest = (struct str){NULL, 0};
        return true;
    }
    size_t n = (size_t)(at - rest->p);
    *part = (struct str){rest->p, n};
    *rest = (struct str){at + 1, rest->n - n - 1};
    return true;
}

bool str_int(struct str s, int64_t *out)
{
    bool negative = s.n > 0 && s.p[0] == '-';
    size_t i = s.n > 0 && (s.p[0] == '-' || s.p[0] == '+') ? 1 : 0;
    if (i == s.n) return false;
    int64_t v = 0;
    for (; i < s.n; i++) {
        if (s.p[i] < '0' || s.p[i] > '9') return false;
        if (__builtin_mul_overflow(v, (int64_t)10, &v)) return false;
        int64_t digit = s.p[i] - '0';
        if (__builtin_add_overflow(v, negative ? -digit : digit, &v)) return false;
    }
    *out = v;
    return true;
}

bool str_double(struct str s, double *out)
{
    char z[64];
    if (s.n == 0 || s.n >= sizeof z) return false;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (!((c >= '0' && c <= '9') || c == '.' || c == '-' || c == '+' || c == 'e' || c == 'E')) return false;
        z[i] = c;
    }
    z[s.n] = 0;
    char *end = NULL;
    double v = strtod(z, &end); // the process keeps the C locale, where the decimal mark is the point
    if (end != z + s.n || !isfinite(v)) return false;
    *out = v;
    return true;
}

// Bytes of one well-formed sequence at p, or 0.
static size_t str_utf8_one(const unsigned char *p, size_t n)
{
    unsigned char c = p[0];
    if (c < 0x80) return 1;
    size_t len = c >= 0xC2 && c <= 0xDF ? 2 : c >= 0xE0 && c <= 0xEF ? 3 : c >= 0xF0 && c <= 0xF4 ? 4 : 0;
    if (len == 0 || len > n) return 0;
    for (size_t i = 1; i < len; i++)
        if ((p[i] & 0xC0) != 0x80) return 0;
    if (c == 0xE0 && p[1] < 0xA0) return 0; // overlong
    if (c == 0xED && p[1] > 0x9F) return 0; // surrogates
    if (c == 0xF0 && p[1] < 0x90) return 0; // overlong
    if (c == 0xF4 && p[1] > 0x8F) return 0; // beyond U+10FFFF
    return len;
}

size_t str_utf8_valid(struct str s)
{
    size_t i = 0;
    while (i < s.n) {
        size_t len = str_utf8_one((const unsigned char *)s.p + i, s.n - i);
        if (len == 0) break;
        i += len;
    }
    return i;
}

size_t str_columns(struct str s)
{
    size_t columns = 0;
    for (size_t i = 0; i < s.n;) {
        const unsigned char *p = (const unsigned char *)s.p + i;
        size_t len = str_utf8_one(p, s.n - i);
        if (len == 0) len = 1;
        uint32_t u = len == 3   ? (uint32_t)(p[0] & 0x0F) << 12 | (uint32_t)(p[1] & 0x3F) << 6 | (p[2] & 0x3F)
                     : len == 4 ? 0x10000
                                : 0;
        bool wide = (u >= 0x1100 && u <= 0x115F) || (u >= 0x2E80 && u <= 0xA4CF) || (u >= 0xAC00 && u <= 0xD7A3) ||
                    (u >= 0xF900 && u <= 0xFAFF) || (u >= 0xFE30 && u <= 0xFE6F) || (u >= 0xFF00 && u <= 0xFF60) ||
                    (u >= 0xFFE0 && u <= 0xFFE6) || len == 4;
        columns += wide ? 2 : 1;
        i += len;
    }
    return columns;
}

size_t str_distance(struct str a, struct str b, size_t most)
{
    enum { MOST = 64 };
    if (a.n > MOST || b.n > MOST) return most + 1;
    size_t row[3][MOST + 1];
    for (size_t j = 0; j <= b.n; j++) row[0][j] = j;
    size_t *before = row[2], *last = row[0], *now = row[1];
    for (size_t i = 1; i <= a.n; i++) {
        now[0] = i;
        for (size_t j = 1; j <= b.n; j++) {
            size_t cost = a.p[i - 1] == b.p[j - 1] ? 0 : 1;
            size_t best = last[j - 1] + cost;
            if (last[j] + 1 < best) best = last[j] + 1;
            if (now[j - 1] + 1 < best) best = now[j - 1] + 1;
            if (i > 1 && j > 1 && a.p[i - 1] == b.p[j - 2] && a.p[i - 2] == b.p[j - 1] && before[j - 2] + 1 < best)
                best = before[j - 2] + 1;
            now[j] = best;
        }
        size_t *spare = before;
        before = last;
        last = now;
        now = spare;
    }
    return last[b.n] > most ? most + 1 : last[b.n];
}

uint64_t str_hash(struct str s)
{
    uint64_t h = 0xcbf29ce484222325ULL;
    for (size_t i = 0; i < s.n; i++) h = (h ^ (unsigned char)s.p[i]) * 0x100000001b3ULL;
    h ^= h >> 30;
    h *= 0xbf58476d1ce4e5b9ULL;
    h ^= h >> 27;
    h *= 0x94d049bb133111ebULL;
    return h ^ h >> 31;
}
