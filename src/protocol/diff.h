// diff.h -- what changed between two editions of a protocol, in sentences, by theme.
//
// The compiled protocols are compared, not their texts: order of keys, comments, notation and moved figures make no
// difference. Pathways, stages, measures, tasks and classes are matched by name; where names differ the table of stages
// under `change` of the later edition says what became of what.
#ifndef TONG_PROTOCOL_DIFF_H
#define TONG_PROTOCOL_DIFF_H

#include "base/lang.h"
#include "base/sink.h"
#include "protocol/protocol.h"

typedef enum diff_theme {
    DIFF_DATES, // names, dates, the change of editions, the disease
    DIFF_CASE,  // results and the case ladder
    DIFF_WINDOW,
    DIFF_CONTACTS, // classes, and what opens a pathway
    DIFF_STAGES,   // pathways, stages and their days, what happens when
    DIFF_TESTS,
    DIFF_RELEASE,
    DIFF_MEASURES,
    DIFF_TASKS,
    DIFF_ZONES, // all of the above of pathways of places
    DIFF_SOURCES,
    DIFF_THEME_COUNT
} diff_theme;

struct diff_count {
    size_t total;
    size_t by_theme[DIFF_THEME_COUNT];
};

// `before` and `after` may be any two protocols. Says so when nothing changed. A loss of output is marked in `out`.
struct diff_count protocol_diff(const struct protocol *before, const struct protocol *after, lang language,
                                int32_t columns, struct sink *out);

// What an edition's stage is called in the next one: its number there, PROTOCOL_NONE when it ends or is not there.
uint8_t diff_stage(const struct protocol *before, const struct protocol *after, uint8_t stage);
uint8_t diff_pathway(const struct protocol *before, const struct protocol *after, uint8_t pathway);

#endif
