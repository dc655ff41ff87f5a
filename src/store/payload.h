// payload.h -- the text of an entry in the chain: one flat JSON object, written and read by the tables of records.
//
// Absent fields are left out, so that a person with a name and a birthday costs fifty bytes and not five hundred. The
// reader is one of ours: a payload is read by the million when the server starts, and a flat object needs no tree.
// Payloads are encrypted and authenticated, so what is read here was written here; any bytes may be given all the same.
#ifndef TONG_STORE_PAYLOAD_H
#define TONG_STORE_PAYLOAD_H

#include "base/arena.h"
#include "base/record.h"

// JSON of the fields that are not absent; {NULL, 0} when memory is short.
struct str payload_make(const struct record_kind *kind, const void *row, struct arena *arena);
// And back, in place of what is in *row. Fields it does not know (of a newer program) and values of another type are
// passed over. INVALID: no flat JSON object; NOMEM.
tong_code payload_read(const struct record_kind *kind, struct str payload, struct arena *arena, void *row,
                       struct err *err) TONG_MUST_USE;
// One text of it, without the rest, borrowed from the payload where it has no escapes: {NULL, 0} when it is absent, no
// text, or the payload is broken before it.
struct str payload_text(struct str payload, const char *field, struct arena *arena);

// The values one by one.
typedef enum payload_type { PAYLOAD_TEXT, PAYLOAD_NUMBER, PAYLOAD_TRUE, PAYLOAD_FALSE, PAYLOAD_NULL } payload_type;
struct payload_value {
    struct str name; // as it stands there: names of ours have no escapes
    payload_type type;
    struct str raw; // a text without its quotes, escapes as they stand; a number's characters
};
struct payload_cursor {
    struct str text;
    size_t at;
    bool begun;  // a value was read
    bool broken; // it ended at something that is no flat JSON object
};
struct payload_cursor payload_walk(struct str payload);
bool payload_next(struct payload_cursor *c, struct payload_value *out); // false at the end: see broken
// The text that raw stands for; raw itself when it has no escapes. {NULL, 0}: an escape is wrong, or memory is short.
struct str payload_plain(struct str raw, struct arena *arena);

#endif
