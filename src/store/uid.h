// uid.h -- names that a client gives to what it writes: 16 bytes, in text 36 characters (RFC 9562).
//
// Version 7 begins with milliseconds since 1970, so that what was made later sorts later. Any version is taken from
// others.
#ifndef TONG_STORE_UID_H
#define TONG_STORE_UID_H

#include "base/civil.h"

enum { UID_BYTES = 16, UID_TEXT = 37, UID_RANDOM = 10 };

// 8-4-4-4-12 hexadecimal digits, capitals or not; false for anything else, and for the uid that is all zero.
bool uid_parse(struct str text, unsigned char out[UID_BYTES]);
void uid_format(const unsigned char uid[UID_BYTES], char out[UID_TEXT]);
// Version 7. `at` from 1970 to the year 10889; millisecond 0 to 999.
void uid_make(utc_sec at, int32_t millisecond, const unsigned char random[UID_RANDOM], unsigned char out[UID_BYTES]);
bool uid_is_none(const unsigned char uid[UID_BYTES]); // all zero

#endif
