// picture.h -- a pathway as a picture: its stages in the order of time, the events that lead elsewhere, how it ends.
//
// One SVG file, readable in light and dark, without fonts or anything else from outside. The stages stand under one
// another; what leads on in time runs down the left side, events run out to the right, to how the pathway ends, to another
// pathway, or back into a stage. No line runs through text and no text leaves its box, by construction: every line has a
// lane of its own and every box is as high as its text.
#ifndef TONG_PROTOCOL_PICTURE_H
#define TONG_PROTOCOL_PICTURE_H

#include "base/lang.h"
#include "base/sink.h"
#include "protocol/protocol.h"

// All of it goes to `out`, whose `failed` says whether anything was lost. `pathway` must be one of the protocol's.
void protocol_picture(const struct protocol *p, uint8_t pathway, lang language, struct sink *out);

#endif
