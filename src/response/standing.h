// standing.h -- several measures on one person at once: which hold, what code they amount to, who may be put together.
//
// Measures of one edition have a declared partial order (`milder`): of two that are ordered the stricter holds, and where
// neither is milder both hold. Measures of different diseases cannot be compared: all hold, and when they ask for
// different places it is a person's decision (a mother and a newborn, say), never the program's.
#ifndef TONG_RESPONSE_STANDING_H
#define TONG_RESPONSE_STANDING_H

#include "protocol/protocol.h"

struct standing {
    const struct protocol *protocol;
    uint8_t measure;
    uint8_t place; // place_word where it is spent, PROTOCOL_NONE for none
};

// Which of the measures in force hold: holds[i] is false for one that a stricter one of the same family covers (or that is
// the same again). Returns how many hold.
size_t standing_holds(const struct standing *measures, size_t count, bool *holds);
// Two measures that hold ask for different places: someone must decide. Gives the first such pair; false when there is none.
bool standing_conflict(const struct standing *measures, size_t count, size_t *a, size_t *b);
// The strictest status code among measures of one protocol, PROTOCOL_NONE when none of them has one.
uint8_t standing_status(const struct protocol *p, const struct standing *measures, size_t count);

// Someone to be placed: the disease and the step of the ladder (EVENT_SUSPECTED ...; EVENT_WORD_COUNT for a contact).
struct placed {
    const char *family;
    event_word step;
};
// May two people share a room or ward? Never one disease with another, never suspected with confirmed, never a contact
// with a case; asymptomatic and confirmed are both laboratory-proven and may.
bool placed_together(struct placed a, struct placed b);

#endif
