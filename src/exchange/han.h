// han.h -- Chinese characters as they sound and in their simplified form: for names that are written in more than one way.
//
// The characters of GB 2312, one reading each and without tone: two names that sound alike have the same, which is what a
// clerk who writes by ear gets wrong. A character outside GB 2312 has no reading here.
#ifndef TONG_EXCHANGE_HAN_H
#define TONG_EXCHANGE_HAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Does a character of U+3000 to U+9FFF begin here? (Three bytes of UTF-8.)
bool han_is(const char *character, size_t bytes);
// The simplified form of a traditional character (three bytes), else the character itself.
const char *han_simple(const char *character);
// "zhang"; NULL when it is not known.
const char *han_sound(const char *character);

#endif
