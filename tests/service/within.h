// within.h -- does a text stand somewhere in these bytes?
#ifndef TONG_TESTS_SERVICE_WITHIN_H
#define TONG_TESTS_SERVICE_WITHIN_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

static inline bool within(const char *bytes, size_t n, const char *text)
{
    size_t length = strlen(text);
    for (size_t i = 0; i + length <= n; i++)
        if (bytes[i] == text[0] && memcmp(bytes + i, text, length) == 0) return true;
    return false;
}

#endif
