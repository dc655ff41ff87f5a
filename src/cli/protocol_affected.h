// protocol_affected.h -- who, in a running outbreak, a new edition would touch, and how.
//
// The outbreak is run under the edition of before up to the day on which the new one comes into force; then the response
// core itself is asked, for each enrolment that is open, what the change does to it. Days are compared as they are planned
// on that day: what results and symptoms still to come would alter, nobody knows.
#ifndef TONG_CLI_PROTOCOL_AFFECTED_H
#define TONG_CLI_PROTOCOL_AFFECTED_H

#include "base/sink.h"
#include "cli/replay_options.h"
#include "protocol/protocol.h"
#include "response/respond.h"

typedef enum affected_how {
    AFFECTED_OVER,       // it ends that day whatever the edition: not affected
    AFFECTED_FINISHES,   // under the edition it began with, because that is what the new one says
    AFFECTED_NO_STAGE,   // likewise, because the new one has no such stage
    AFFECTED_NOT_MILDER, // likewise, because the new one would not be milder
    AFFECTED_MOVES,
    AFFECTED_RELEASED, // at once
    AFFECTED_HOW_COUNT
} affected_how;

struct affected {
    affected_how how;
    uint8_t pathway, stage;          // of MOVES: in the new edition
    int32_t last_before, last_after; // planned last day; AFFECTED_OPEN when only an event ends it
};
enum { AFFECTED_OPEN = INT32_MAX };

// What becomes of an open enrolment of `book`'s first edition when its second comes into force on `day`.
struct affected affected_by_change(const struct rulebook *book, const struct enrolment *e, civil_day day);

// Runs the line list and writes the sentences. `on` NONE: the day the new edition comes into force. Gives a cli_exit.
int protocol_affected(struct cli *cli, const struct protocol *before, const struct protocol *after,
                      const struct replay_options *options, civil_day on, struct sink *out);

#endif
