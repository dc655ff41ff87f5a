// explain.h -- a protocol in plain sentences, English or Chinese.
//
// Written for the people who work by it and are bound by it: what a result means, who counts as a case or contact, what
// happens to whom on which day, who orders it on what ground, and where every figure comes from. The text is Markdown, which
// also reads well on a terminal.
#ifndef TONG_PROTOCOL_EXPLAIN_H
#define TONG_PROTOCOL_EXPLAIN_H

#include "base/sink.h"
#include "protocol/protocol.h"

struct explain_options {
    lang language;
    uint8_t pathway; // this one alone, with the head; PROTOCOL_NONE: everything
    int32_t columns; // break lines here; 0: a line is a paragraph
};

// All of it goes to `out`, whose `failed` says whether anything was lost.
void protocol_explain(const struct protocol *p, const struct explain_options *options, struct sink *out);

#endif
