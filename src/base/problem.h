// problem.h -- what is wrong with an input, where, and what to do about it, in the user's language.
//
// A reader (of a protocol, of a line list) goes on after the first fault and collects them all. A problem points at a
// row of the reader's own message table: the text is chosen when it is printed, so the same list serves both languages.
// Arguments {1} to {4} are filled in when the problem is added and copied into the list's arena.
#ifndef TONG_BASE_PROBLEM_H
#define TONG_BASE_PROBLEM_H

#include "base/arena.h"
#include "base/lang.h"
#include "base/str.h"

#include <stdio.h>

typedef enum problem_severity { PROBLEM_ERROR, PROBLEM_WARNING, PROBLEM_NOTE } problem_severity;

struct message {
    const char *slug; // stable, for machines and tests: "date-impossible"
    problem_severity severity;
    struct label text;   // what is wrong
    struct label remedy; // what to do; may be empty
};

enum { PROBLEM_ARGS = 4 };

struct problem {
    const struct message *message;
    const char *file; // as the user named it
    int64_t line;     // from 1; 0 when the whole file is meant
    int64_t column;   // from 1, in characters; 0 unknown
    const char *path; // "pathways.close_contact.stages.home", or a column's header; "" when none
    const char *arg[PROBLEM_ARGS];
};

struct problem_list {
    struct arena *arena; // owns the texts; set by the caller
    struct problem *items;
    size_t count, cap;
    size_t errors;  // how many are PROBLEM_ERROR
    size_t dropped; // beyond PROBLEMS_MAX: counted, not kept
};

enum { PROBLEMS_MAX = 10000 };

struct problem_at {
    const char *file;
    int64_t line, column;
    const char *path;
};

// Add one problem; up to four arguments, the rest NULL. Never fails: when memory is short it is counted as dropped.
void problem_add(struct problem_list *list, struct problem_at at, const struct message *message, const char *arg1,
                 const char *arg2, const char *arg3, const char *arg4);
// "file:line:column: error: text. Remedy: ... [slug]" on one line.
void problem_print(const struct problem *p, lang language, FILE *out);
void problem_print_all(const struct problem_list *list, lang language, FILE *out);
// The text with its arguments filled in.
char *problem_text(const struct problem *p, lang language, struct arena *arena);

#endif
