// main.c -- the table of commands. A new command is one row here, its declaration above it, and a file of its own.
#include "cli/cli.h"
#include "cli/generate.h"
#include "cli/protocol.h"
#include "cli/replay.h"

#include <unistd.h>

static const struct cli_command commands[] = {
    {"generate", LABEL("invent an outbreak, to practise and to test with", "虚构一起疫情，供演练和测试使用"),
     cli_generate},
    {"protocol", LABEL("check, explain, test and compare protocols", "检查、说明、测试和比较防控方案"), cli_protocol},
    {"replay", LABEL("run a real outbreak through a protocol, day by day", "将真实疫情按防控方案逐日推演"), cli_replay},
    {0}, // ends the table
};

int main(int argc, char **argv)
{
    struct cli cli = {
        .language = cli_environment_lang(),
        .out = stdout,
        .err = stderr,
        .out_terminal = isatty(STDOUT_FILENO) == 1,
        .err_terminal = isatty(STDERR_FILENO) == 1,
        .program = argc > 0 ? argv[0] : "tongzhou",
    };
    cli_find_protocols(&cli);
    return cli_run(&cli, commands, sizeof commands / sizeof commands[0] - 1, argc, argv);
}
