#include "cli/protocol_diff.h"

#include "cli/files.h"
#include "protocol/diff.h"

int cli_protocol_diff(struct cli *cli, int argc, char **argv)
{
    static const struct cli_usage usage = {
        .command = "protocol diff",
        .operands = "BEFORE AFTER",
        .about = LABEL("Says what changed between two editions.", "说明两个版本之间的变化。"),
        .operands_min = 2,
        .operands_max = 2,
    };
    int files = 0, exit = CLI_DONE;
    if (!cli_options(cli, &usage, NULL, argc, argv, &files, &exit)) return exit;
    struct protocol a, b;
    if (files_protocol(cli, argv[1], &a) != TONG_OK) return CLI_FAULT;
    if (files_protocol(cli, argv[2], &b) != TONG_OK) {
        protocol_free(&a);
        return CLI_FAULT;
    }
    struct sink out = {.file = cli->out};
    (void)protocol_diff(&a, &b, cli->language, 0, &out);
    protocol_free(&a);
    protocol_free(&b);
    return sink_good(&out) ? CLI_DONE : CLI_FAULT;
}
