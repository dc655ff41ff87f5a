#include "store/uid.h"

#include <assert.h>
#include <string.h>

static int32_t uid_digit(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

static bool uid_hyphen_at(size_t i)
{
    return i == 8 || i == 13 || i == 18 || i == 23;
}

bool uid_parse(struct str text, unsigned char out[UID_BYTES])
{
    unsigned char uid[UID_BYTES] = {0};
    size_t digits = 0;
    if (text.n != UID_TEXT - 1) return false;
    for (size_t i = 0; i < text.n; i++) {
        if (uid_hyphen_at(i)) {
            if (text.p[i] != '-') return false;
            continue;
        }
        int32_t digit = uid_digit(text.p[i]);
        if (digit < 0) return false;
        uid[digits / 2] = (unsigned char)(uid[digits / 2] << 4 | digit);
        digits++;
    }
    if (uid_is_none(uid)) return false;
    memcpy(out, uid, sizeof uid);
    return true;
}

void uid_format(const unsigned char uid[UID_BYTES], char out[UID_TEXT])
{
    static const char hex[] = "0123456789abcdef";
    size_t digits = 0;
    for (size_t i = 0; i < UID_TEXT - 1; i++) {
        if (uid_hyphen_at(i)) {
            out[i] = '-';
            continue;
        }
        out[i] = hex[digits % 2 == 0 ? uid[digits / 2] >> 4 : uid[digits / 2] & 15];
        digits++;
    }
    out[UID_TEXT - 1] = 0;
}

void uid_make(utc_sec at, int32_t millisecond, const unsigned char random[UID_RANDOM], unsigned char out[UID_BYTES])
{
    assert(at.s >= 0 && at.s < ((int64_t)1 << 48) / 1000 && millisecond >= 0 && millisecond < 1000);
    uint64_t ms = (uint64_t)at.s * 1000 + (uint64_t)millisecond;
    for (int32_t i = 0; i < 6; i++) out[i] = (unsigned char)(ms >> (40 - 8 * i));
    memcpy(out + 6, random, UID_RANDOM);
    out[6] = (unsigned char)(0x70 | (out[6] & 0x0F)); // version 7
    out[8] = (unsigned char)(0x80 | (out[8] & 0x3F)); // variant of RFC 9562
}

bool uid_is_none(const unsigned char uid[UID_BYTES])
{
    static const unsigned char none[UID_BYTES];
    return memcmp(uid, none, UID_BYTES) == 0;
}
