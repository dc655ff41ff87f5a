// main.c -- the table of commands. A new command is one row here, its declaration above it, and a file of its own.
#include "cli/account.h"
#include "cli/backup.h"
#include "cli/cli.h"
#include "cli/epi.h"
#include "cli/erase.h"
#include "cli/export.h"
#include "cli/generate.h"
#include "cli/import.h"
#include "cli/protocol.h"
#include "cli/rebuild.h"
#include "cli/replay.h"
#include "cli/serve.h"
#include "cli/verify.h"

#include <unistd.h>

static const struct cli_command commands[] = {
    {"account", LABEL("who can sign in; let an administrator in again", "查看账号；恢复管理员登录"), cli_account},
    {"backup", LABEL("copy database and keys while the server runs", "在服务运行期间备份数据库和密钥"), cli_backup},
    {"epi", LABEL("what the numbers say: describe, estimate, detect, report", "数据分析：描述、估计、预警、报告"), cli_epi},
    {"erase", LABEL("erase a person for good", "彻底清除一个人的信息"), cli_erase},
    {"export", LABEL("write out what the store holds", "导出数据"), cli_export},
    {"generate", LABEL("invent an outbreak, to practise and to test with", "虚构一起疫情，供演练和测试使用"),
     cli_generate},
    {"import", LABEL("record lists of other systems, or of this one", "导入其他系统或本系统的名单"), cli_import},
    {"protocol", LABEL("check, explain, test and compare protocols", "检查、说明、测试和比较防控方案"), cli_protocol},
    {"rebuild", LABEL("derive everything from the facts again and compare", "由记录重建全部派生数据并比对"), cli_rebuild},
    {"replay", LABEL("run a real outbreak through a protocol, day by day", "将真实疫情按防控方案逐日推演"), cli_replay},
    {"restore", LABEL("make a database and keys from a backup", "由备份恢复数据库和密钥"), cli_restore},
    {"serve", LABEL("run the server", "运行服务"), cli_serve},
    {"verify", LABEL("prove that no recorded fact was changed", "校验记录链，证明记录未被改动"), cli_verify},
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
