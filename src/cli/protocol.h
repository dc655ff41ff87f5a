// protocol.h -- `tongzhou protocol check | explain | test | diff | words`.
#ifndef TONG_CLI_PROTOCOL_H
#define TONG_CLI_PROTOCOL_H

#include "cli/cli.h"

int cli_protocol(struct cli *cli, int argc, char **argv);
// Where to break the lines of an explanation: on a terminal at its width, but no wider than reads well; elsewhere 0, nowhere.
int32_t protocol_columns(const struct cli *cli);

#endif
