// files.h -- opening what the user names: protocols by path or by their shipped name, with what is wrong in their language.
#ifndef TONG_CLI_FILES_H
#define TONG_CLI_FILES_H

#include "base/limits.h"
#include "base/problem.h"
#include "cli/cli.h"
#include "protocol/read.h"

// The whole of a file, NUL-terminated, in the arena. NOT_FOUND, IO (a folder, no permission), LIMIT (more than
// `bytes_max`) or NOMEM; err->text then says so in `language`, with the remedy.
tong_code files_read(const char *path, int64_t bytes_max, lang language, struct arena *arena, struct str *out,
                     struct err *err) TONG_MUST_USE;

// How the protocol reader opens files (`extends:`) for this user; borrows cli, which must outlive it.
struct protocol_source files_protocol_source(struct cli *cli);

// Where the protocol named on the command line is: `given` itself when there is such a file, else GIVEN.yaml in
// ./protocols or in cli->protocols. False when there is none; *out is then `given`.
bool files_protocol_path(const struct cli *cli, const char *given, char out[CLI_PATH_MAX]);

// The texts of a protocol file and of those it extends, which lie beside it: the one that all rest on first. A store keeps
// editions by name, and finds what one extends only among those proposed before. NOT_FOUND, IO, LIMIT (more than
// FILES_CHAIN_MAX, a circle among them) or NOMEM, as files_read.
enum { FILES_CHAIN_MAX = 8 };
tong_code files_protocol_chain(const char *path, lang language, struct arena *arena, struct str texts[FILES_CHAIN_MAX],
                               size_t *count, struct err *err) TONG_MUST_USE;

// Finds, reads and checks one protocol, with what is wrong added to `problems`: INVALID when any of it is an error (or
// NOT_FOUND, IO ..., which is said on cli->err). On success *out owns the protocol (protocol_free).
tong_code files_protocol_into(struct cli *cli, const char *given, struct protocol *out,
                              struct problem_list *problems) TONG_MUST_USE;
// The same for commands that only want to use the protocol: prints on cli->err every error, but no warnings or notes.
tong_code files_protocol(struct cli *cli, const char *given, struct protocol *out) TONG_MUST_USE;

#endif
