// replay_editions.h -- which edition of the protocol holds on which day of the outbreak.
//
// The user names an edition ("covid19-cn-9", a path) or a family ("covid19-cn", "mers"). Editions of the same family
// and place that lie in the same folder are read too, so that the rules of each day are those that were in force on
// it. With --as-if one edition holds throughout, whatever its dates, and the output says so.
#ifndef TONG_CLI_REPLAY_EDITIONS_H
#define TONG_CLI_REPLAY_EDITIONS_H

#include "cli/cli.h"
#include "cli/replay_run.h"

enum { REPLAY_EDITIONS_MAX = 32, REPLAY_NAME_MAX = 128 };

struct replay_editions {
    struct protocol items[REPLAY_EDITIONS_MAX]; // all that were read
    size_t count;
    size_t named;                                         // index of the one the user named; SIZE_MAX: only its family
    const struct protocol *in_force[REPLAY_EDITIONS_MAX]; // the rulebook, in the order of coming into force
    struct rulebook book;
    struct replay_change changes[REPLAY_EDITIONS_MAX];
    size_t change_count;
    bool as_if;
};

// Reads the edition (`as_if` when not empty, else `protocol`), or all editions of the family that is named. What is
// wrong is said on cli->err. CLI_DONE, CLI_FAULT or CLI_USAGE; on CLI_DONE the caller closes.
int replay_editions_open(struct cli *cli, struct str protocol, struct str as_if, struct replay_editions *out);
// The edition that was named, or any of the family: for what all of a family share.
const struct protocol *replay_editions_any(const struct replay_editions *editions);
// The zone in which days are counted.
const struct zone *replay_editions_zone(const struct replay_editions *editions);
// Decides which edition holds on each day from first to last; reads the ones that lie beside. CLI_FAULT, said on
// cli->err, when a day has none: the message says how to go on.
int replay_editions_settle(struct cli *cli, struct replay_editions *editions, civil_day first, civil_day last);
void replay_editions_close(struct replay_editions *editions);

#endif
