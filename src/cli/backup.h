// backup.h -- `tongzhou backup` of a running server, and `tongzhou restore`.
//
// A backup is two folders: the copy of the database, and the copy of the vault. They are kept apart, for without the
// keys the database says nothing about anybody, and an erasure has to reach the keys alone.
#ifndef TONG_CLI_BACKUP_H
#define TONG_CLI_BACKUP_H

#include "cli/cli.h"

int cli_backup(struct cli *cli, int argc, char **argv);
int cli_restore(struct cli *cli, int argc, char **argv);

#endif
