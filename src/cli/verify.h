// verify.h -- `tongzhou verify`: the proof that the chain of facts holds.
#ifndef TONG_CLI_VERIFY_H
#define TONG_CLI_VERIFY_H

#include "cli/cli.h"
#include "store/chain.h"

int cli_verify(struct cli *cli, int argc, char **argv);
// What a walk over the chain found, on cli->out. CLI_DONE when it holds, else CLI_FAULT.
int verify_print(const struct cli *cli, const struct chain_report *report);

#endif
