// data.h -- where a response is kept: the options --store and --vault (or TONGZHOU_STORE, TONGZHOU_VAULT) that commands
// share.
#ifndef TONG_CLI_DATA_H
#define TONG_CLI_DATA_H

#include "base/err.h"
#include "cli/cli.h"

struct cli_data {
    struct str store; // a file, or postgresql://...
    struct str vault; // empty: the store's name and ".vault"
};
// clang-format off
#define CLI_DATA_OPTIONS(at)                                                                                           \
    {"store", CLI_TEXT, (at) + offsetof(struct cli_data, store), "WHERE",                                              \
     LABEL("database: a file, or postgresql://... (tongzhou.db)",                                                      \
           "数据库：文件，或 postgresql://...（默认 tongzhou.db）"), 0, 0},                                            \
    {"vault", CLI_TEXT, (at) + offsetof(struct cli_data, vault), "FILE",                                               \
     LABEL("file of the keys (the database's name and .vault)", "密钥库文件（默认为数据库文件名加 .vault）"), 0, 0}
// clang-format on

struct cli_data_paths {
    char store[CLI_PATH_MAX], vault[CLI_PATH_MAX];
};
// False when something is missing or too long: said on cli->err.
bool cli_data_find(const struct cli *cli, const struct cli_data *data, struct cli_data_paths *out);
// The text in the user's language.
const char *cli_text(const struct cli *cli, struct label label);
// What failed, in words, and CLI_FAULT.
int cli_failed(const struct cli *cli, const struct err *err);

#endif
