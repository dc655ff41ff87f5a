// printed.h -- a problem as a user reads it, for comparing with what a test expects.
#ifndef TONG_TESTS_PRINTED_H
#define TONG_TESTS_PRINTED_H

#include "base/problem.h"

// Borrowed until the next call; NULL when there is no temporary file to be had.
static const char *printed(const struct problem *p, lang language)
{
    static char text[1000];
    FILE *f = tmpfile();
    if (f == NULL) return NULL;
    problem_print(p, language, f);
    rewind(f);
    text[fread(text, 1, sizeof text - 1, f)] = 0;
    (void)fclose(f);
    return text;
}

#endif
