// diff_parts.h -- what the sections of a comparison share: the two sides, and how a difference becomes a sentence.
#ifndef TONG_PROTOCOL_DIFF_PARTS_H
#define TONG_PROTOCOL_DIFF_PARTS_H

#include "protocol/diff.h"
#include "protocol/explain_prose.h"
#include "protocol/explain_timetable.h"

enum { DIFF_CHANGES_MAX = 2000 };

// One edition, to be shown, and to be compared: there things are called by the names of the later edition.
struct diff_side {
    const struct protocol *p;
    struct prose shown, compared;
    struct prose_names names;
    struct timetable timetable;
};

struct diff_change {
    diff_theme theme;
    const char *text;
};

struct differ {
    struct diff_side a, b;                  // before, after
    uint8_t pathway[PROTOCOL_PATHWAYS_MAX]; // of `a`: its number in `b`
    uint8_t stage[PROTOCOL_STAGES_MAX];
    struct diff_change *changes;
    size_t count, cap;
};

// Phrases are made by functions of this type, once for each side, from a thing of that side (NULL: it is not there).
typedef const char *diff_phrase(struct prose *s, const struct timetable *c, const void *what);

// Compares the phrases of two things; a difference is told as "SUBJECT: now ...; before, ...", as new, or as gone.
void diff_thing(struct differ *d, diff_theme theme, const char *subject, diff_phrase *phrase, const void *a,
                const void *b);
// The same for two texts that mean the same only when they are equal.
void diff_text(struct differ *d, diff_theme theme, const char *subject, const char *a, const char *b);
// Lengths: "5 days instead of 7 (2 fewer)". `unit` makes the words; equal numbers say nothing.
typedef const char *diff_unit(struct prose *s, int32_t n);
void diff_number(struct differ *d, diff_theme theme, const char *subject, int32_t a, int32_t b, diff_unit *unit);
void diff_say(struct differ *d, diff_theme theme, const char *sentence);

// Sections.
void diff_head(struct differ *d);     // dates, disease, change
void diff_case(struct differ *d);     // results, ladder, window, contact classes
void diff_pathways(struct differ *d); // pathways, stages, days, tests, release, reactions, the front door
void diff_measures(struct differ *d); // measures, codes, tasks
void diff_sources(struct differ *d);

#endif
