// lang.h -- the two languages everything a user reads comes in.
#ifndef TONG_BASE_LANG_H
#define TONG_BASE_LANG_H

typedef enum lang { LANG_EN, LANG_ZH, LANG_COUNT } lang;

// A text in both languages, from a table or from a protocol; never NULL in either.
struct label {
    const char *text[LANG_COUNT];
};
// clang-format off
#define LABEL(en, zh) {{(en), (zh)}}
// clang-format on

#endif
