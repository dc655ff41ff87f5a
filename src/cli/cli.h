// cli.h -- what every command of the program shares: the languages, the streams, the options, the exit codes.
//
// A command is one handler in one file (protocol.c, replay.c ...) and one row of the table in main.c. It prints results
// to cli->out and everything else to cli->err, in cli->language, and reads its options through a table of its own:
//
//     struct generate_options { int64_t seed; struct str out; };
//     static const struct cli_option generate_table[] = {
//         {"seed", CLI_INTEGER, offsetof(struct generate_options, seed), "N", LABEL("random seed", "随机种子"), 0, 1e9},
//         {"out", CLI_TEXT, offsetof(struct generate_options, out), "DIR", LABEL("folder to write", "输出目录"), 0, 0},
//     };
#ifndef TONG_CLI_CLI_H
#define TONG_CLI_CLI_H

#include "base/civil.h"
#include "base/lang.h"
#include "base/str.h"

#include <stdio.h>

enum cli_exit {
    CLI_DONE = 0,  // all went well
    CLI_FAULT = 1, // the input has faults, a test failed, or the system refused
    CLI_USAGE = 2, // the command was not understood
};

enum { CLI_PATH_MAX = 4096 };

struct cli {
    lang language;
    FILE *out, *err;
    bool out_terminal, err_terminal; // progress bars only on a terminal
    const char *program;             // as the user called it
    char protocols[CLI_PATH_MAX];    // the folder of the shipped protocols, or "" when it was not found
};

// argv[0] is the command's own name. Gives a cli_exit.
typedef int (*cli_handler)(struct cli *cli, int argc, char **argv);

struct cli_command {
    const char *name;
    struct label help; // one line
    cli_handler handler;
};

typedef enum cli_option_type {
    CLI_FLAG,    // bool, takes no value
    CLI_TEXT,    // struct str; what the user typed
    CLI_INTEGER, // int64_t within least..most
    CLI_REAL,    // double within least..most
    CLI_DAY,     // civil_day, YYYY-MM-DD
    CLI_LANG,    // lang, zh or en
} cli_option_type;

struct cli_option {
    const char *name; // without the dashes
    cli_option_type type;
    size_t offset;     // in the command's own struct of options, which holds the defaults
    const char *value; // placeholder in the help, "" for a flag
    struct label help;
    double least, most; // of CLI_INTEGER and CLI_REAL; equal means no limit
};

struct cli_usage {
    const char *command;  // "generate outbreak"
    const char *operands; // "LINELIST.csv CONTACTS.csv"; "" when there are none
    struct label about;
    const struct cli_option *options;
    size_t option_count;
    int operands_min, operands_max;
};

// Reads --name value, --name=value and flags, in any place before "--"; what remains is moved to the front of argv from
// argv[1] on, and *operands counts it. True when the command may go on; otherwise *exit says how to end: after --help
// CLI_DONE, after an explained mistake CLI_USAGE. --help and --lang are understood in every table.
bool cli_options(struct cli *cli, const struct cli_usage *usage, void *into, int argc, char **argv, int *operands,
                 int *exit);
// A message on cli->err, "tongzhou: ...": the caller chooses the language's text.
void cli_say(const struct cli *cli, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
// The nearest of `count` names within two or three slips of the finger, or NULL.
const char *cli_nearest(struct str given, const char *const *names, size_t count);
// The language the environment asks for: LC_ALL, LC_MESSAGES, LANG in this order; zh* is Chinese, else English.
lang cli_environment_lang(void);
// Fills cli->protocols: TONGZHOU_PROTOCOLS, else beside the program (../protocols, ../share/tongzhou/protocols), else
// ./protocols.
void cli_find_protocols(struct cli *cli);
// The whole program: what main() does, with the streams as arguments so that tests can run it.
int cli_run(struct cli *cli, const struct cli_command *commands, size_t count, int argc, char **argv);

#endif
