#include "cli/cli.h"
#include "tap.h"

struct try_options {
    bool loud;
    struct str out;
    int64_t cases;
    double share;
    civil_day from;
};

static const struct cli_option try_table[] = {
    {"loud", CLI_FLAG, offsetof(struct try_options, loud), "", LABEL("say more", "多说一些"), 0, 0},
    {"out", CLI_TEXT, offsetof(struct try_options, out), "DIR", LABEL("folder", "目录"), 0, 0},
    {"cases", CLI_INTEGER, offsetof(struct try_options, cases), "N", LABEL("cases", "病例数"), 1, 1000},
    {"share", CLI_REAL, offsetof(struct try_options, share), "P", LABEL("share", "比例"), 0, 1},
    {"from", CLI_DAY, offsetof(struct try_options, from), "DAY", LABEL("first day", "首日"), 0, 0},
};
static const struct cli_usage try_usage = {"try", "FILE...", LABEL("Tries.", "试一试。"), try_table, 5, 1, 2};

// Prints what it understood.
static int try_handler(struct cli *cli, int argc, char **argv)
{
    struct try_options o = {.cases = 5, .from = {CIVIL_DAY_NONE}};
    int operands, exit;
    if (!cli_options(cli, &try_usage, &o, argc, argv, &operands, &exit)) return exit;
    (void)fprintf(cli->out, "%d %.*s %lld %g %d %d", o.loud, STR_ARG(o.out), (long long)o.cases, o.share,
                  o.from.d == CIVIL_DAY_NONE ? -1 : o.from.d, cli->language);
    for (int i = 1; i <= operands; i++) (void)fprintf(cli->out, " %s", argv[i]);
    return CLI_DONE;
}
static int fault_handler(struct cli *cli, int argc, char **argv)
{
    (void)cli, (void)argc, (void)argv;
    return CLI_FAULT;
}
static const struct cli_command commands[] = {
    {"try", LABEL("tries", "试一试"), try_handler},
    {"replay", LABEL("replays", "推演"), fault_handler},
};

static struct {
    int code;
    char out[2000], err[2000];
} ran;

static void slurp(FILE *f, char *into, size_t n)
{
    rewind(f);
    into[fread(into, 1, n - 1, f)] = 0;
    (void)fclose(f);
}

static void run(const char *line)
{
    char words[300], *argv[20] = {"tongzhou"}, *save = NULL;
    int argc = 1;
    (void)snprintf(words, sizeof words, "%s", line);
    for (char *w = strtok_r(words, " ", &save); w != NULL && argc < 19; w = strtok_r(NULL, " ", &save))
        argv[argc++] = w;
    struct cli cli = {.language = LANG_EN, .out = tmpfile(), .err = tmpfile(), .program = "tongzhou"};
    if (cli.out == NULL || cli.err == NULL) exit(1);
    ran.code = cli_run(&cli, commands, 2, argc, argv);
    slurp(cli.out, ran.out, sizeof ran.out);
    slurp(cli.err, ran.err, sizeof ran.err);
}

int main(void)
{
    static const struct {
        const char *line;
        int code;
        const char *out, *err; // parts; NULL: nothing at all
    } t[] = {
        {"", CLI_USAGE, "Usage: tongzhou", NULL},
        {"--help", CLI_DONE, "  replay        replays\n", NULL},
        {"--lang zh --help", CLI_DONE, "  replay        推演\n", NULL},
        {"--lang=zh --help", CLI_DONE, "用法", NULL},
        {"--lang fr --help", CLI_USAGE, NULL, "--lang wants zh or en"},
        {"--lang", CLI_USAGE, NULL, "--lang wants zh or en"},
        {"--version", CLI_DONE, "tongzhou 0.", NULL},
        {"--verion", CLI_USAGE, NULL, "\"--verion\""},
        {"relpay", CLI_USAGE, NULL, "did you mean \"replay\"?"},
        {"--lang zh relpay", CLI_USAGE, NULL, "是否想输入“replay”"},
        {"zzzzzzz", CLI_USAGE, NULL, "tongzhou --help lists them"},
        {"replay", CLI_FAULT, NULL, NULL},
        {"try a.csv", CLI_DONE, "0  5 0 -1 0 a.csv", NULL},
        {"try --loud --out d --cases 7 --share 0.25 --from 2022-06-28 a b", CLI_DONE, "1 d 7 0.25 19171 0 a b", NULL},
        {"try a --out=d --cases=1000 b --lang zh", CLI_DONE, "0 d 1000 0 -1 1 a b", NULL},
        {"--lang zh try a", CLI_DONE, "0  5 0 -1 1 a", NULL},
        {"try -- --loud", CLI_DONE, "0  5 0 -1 0 --loud", NULL},
        {"try -", CLI_DONE, "0  5 0 -1 0 -", NULL},
        {"try", CLI_USAGE, NULL, "try wants: FILE..."},
        {"try a b c", CLI_USAGE, NULL, "\"c\""},
        {"try a --cases 0", CLI_USAGE, NULL, "a whole number from 1 to 1000"},
        {"try a --cases 1001", CLI_USAGE, NULL, "\"1001\""},
        {"try a --cases many", CLI_USAGE, NULL, "--cases does not understand \"many\""},
        {"try a --share 1.01", CLI_USAGE, NULL, "a number from 0 to 1"},
        {"try a --from 2022-02-30", CLI_USAGE, NULL, "a date like"},
        {"try a --loud=1", CLI_USAGE, NULL, "--loud takes no value"},
        {"try a --out", CLI_USAGE, NULL, "--out wants a value: DIR"},
        {"try a --caes 3", CLI_USAGE, NULL, "did you mean --cases?"},
        {"try a --zzzzzzzz", CLI_USAGE, NULL, "see tongzhou try --help"},
        {"try a --lang xx", CLI_USAGE, NULL, "zh or en"},
        {"try --help", CLI_DONE, "Usage: tongzhou try [options] FILE...\nTries.\n\n  --loud", NULL},
        {"try --lang zh --help", CLI_DONE, "  --cases N     病例数\n", NULL},
    };
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
        run(t[i].line);
        OK(ran.code == t[i].code, "tongzhou %s: exit code %d", t[i].line, t[i].code);
        OK(t[i].out == NULL ? ran.out[0] == 0 : strstr(ran.out, t[i].out) != NULL, "tongzhou %s: output", t[i].line);
        OK(t[i].err == NULL ? ran.err[0] == 0 : strstr(ran.err, t[i].err) != NULL, "tongzhou %s: message", t[i].line);
    }
    FILE *full = fopen("/dev/full", "w");
    if (full == NULL) {
        tap_skip("no /dev/full here");
    } else {
        struct cli cli = {.language = LANG_EN, .out = full, .err = tmpfile(), .program = "tongzhou"};
        char *argv[] = {"tongzhou", "try", "a", NULL};
        OK(cli_run(&cli, commands, 2, 3, argv) == CLI_FAULT, "output that could not be written is a fault");
        (void)fclose(full);
        (void)fclose(cli.err);
    }
    return tap_done();
}
