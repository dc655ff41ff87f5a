// account.h -- `tongzhou account`: who can sign in, and the way back in when no administrator can.
#ifndef TONG_CLI_ACCOUNT_H
#define TONG_CLI_ACCOUNT_H

#include "cli/cli.h"

int cli_account(struct cli *cli, int argc, char **argv);

#endif
