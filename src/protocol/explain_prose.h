// explain_prose.h -- sentences in one of the two languages: put together from templates, wrapped, written out.
//
// Explanations, pictures and comparisons build their sentences with these. Pieces of text live in the prose's own arena
// until prose_close. When memory runs out the pieces become empty and prose_close says so; nothing else needs to ask.
#ifndef TONG_PROTOCOL_EXPLAIN_PROSE_H
#define TONG_PROTOCOL_EXPLAIN_PROSE_H

#include "base/arena.h"
#include "base/lang.h"
#include "base/sink.h"
#include "protocol/protocol.h"

// Names to say instead of the labels of pathways, stages and measures, so that the sentences of two editions can be told
// apart by what they mean: entry i belongs to pathway i, stage i, measure i.
struct prose_names {
    const char *pathway[PROTOCOL_PATHWAYS_MAX];
    const char *stage[PROTOCOL_STAGES_MAX];
    const char *measure[PROTOCOL_MEASURES_MAX];
};

struct prose {
    const struct protocol *p;
    lang language;
    struct sink *out;
    int32_t columns;                 // lines are broken here; 0: every paragraph is one line
    const struct prose_names *names; // NULL: say the labels
    bool cited;                      // sentences name the sources of their figures: "7 days [P1]"
    struct arena arena;
    bool failed;            // memory ran out
    bool line_open;         // the line above is not blank: a heading keeps one above itself
    uint64_t told_measures; // bit i: measures[i] has been explained in full
};

struct prose prose_open(const struct protocol *p, lang language, int32_t columns, struct sink *out);
// False when memory ran out on the way; the sink is then marked as failed too.
bool prose_close(struct prose *s);

// ---- pieces of text ----
// {1} to {6} in the template of this language are replaced by the texts given, which may be NULL where not used.
const char *prose_fill(struct prose *s, struct label template, const char *a1, const char *a2, const char *a3,
                       const char *a4, const char *a5, const char *a6);
#define prose_say0(s, t) prose_fill((s), (t), NULL, NULL, NULL, NULL, NULL, NULL)
#define prose_say1(s, t, a) prose_fill((s), (t), (a), NULL, NULL, NULL, NULL, NULL)
#define prose_say2(s, t, a, b) prose_fill((s), (t), (a), (b), NULL, NULL, NULL, NULL)
#define prose_say3(s, t, a, b, c) prose_fill((s), (t), (a), (b), (c), NULL, NULL, NULL)
#define prose_say4(s, t, a, b, c, d) prose_fill((s), (t), (a), (b), (c), (d), NULL, NULL)
const char *prose_text(struct prose *s, const char *fmt, ...) TONG_PRINTF(2, 3);
const char *prose_number(struct prose *s, int64_t n);
// One text after the other; with `between` of this language in the middle when neither is empty.
const char *prose_join(struct prose *s, const char *a, struct label between, const char *b);

// Enumerations: "a, b and c", "a、b和c". Add the parts, then ask for the whole ("" when there are none).
enum { PROSE_PARTS_MAX = 128 };
struct prose_list {
    const char *part[PROSE_PARTS_MAX];
    size_t count;
};
void prose_add(struct prose_list *list, const char *part); // empty parts are left out; parts beyond the limit as well
typedef enum prose_link { PROSE_AND, PROSE_OR, PROSE_COMMA, PROSE_SENTENCE } prose_link;
const char *prose_enumerate(struct prose *s, const struct prose_list *list, prose_link link);

// The first letter as a capital, for the beginning of a sentence; Chinese stays as it is.
const char *prose_capital(struct prose *s, const char *text);
// A sentence: capital letter and full stop of the language, unless it ends in one.
const char *prose_sentence(struct prose *s, const char *text);

// ---- written out ----
void prose_heading(struct prose *s, int32_t level, const char *text); // level 1 to 3
void prose_paragraph(struct prose *s, const char *text);              // nothing when empty
void prose_item(struct prose *s, int32_t depth, const char *text);    // depth 0, 1; nothing when empty

// ---- breaking lines ----
// The longest beginning of `text` that is at most `room` wide by `width` and may end a line; spaces at the break belong to
// neither side. Chinese may break between any two characters except before closing and after opening punctuation. A word
// that is wider than the room is broken inside. *text moves to what is left. False at the end.
typedef double prose_width(struct str text);
bool prose_break(struct str *text, double room, prose_width *width, struct str *line);
// Columns of a terminal, for prose_break.
double prose_columns(struct str text);

#endif
