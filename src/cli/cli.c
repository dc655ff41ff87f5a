#include "cli/cli.h"

#include <assert.h>
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void cli_say(const struct cli *cli, const char *fmt, ...)
{
    (void)fputs("tongzhou: ", cli->err);
    va_list args;
    va_start(args, fmt);
    (void)vfprintf(cli->err, fmt, args);
    va_end(args);
    (void)fputc('\n', cli->err);
}

const char *cli_nearest(struct str given, const char *const *names, size_t count)
{
    size_t most = given.n <= 3 ? 1 : given.n <= 6 ? 2 : 3;
    const char *best = NULL;
    for (size_t i = 0; i < count; i++) {
        size_t distance = str_distance(given, str_z(names[i]), most);
        if (distance > most) continue;
        best = names[i];
        if (distance == 0) break;
        most = distance - 1;
    }
    return best;
}

lang cli_environment_lang(void)
{
    static const char *const variable[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
    for (size_t i = 0; i < sizeof variable / sizeof variable[0]; i++) {
        const char *value = getenv(variable[i]);
        if (value == NULL || value[0] == 0) continue;
        return strncmp(value, "zh", 2) == 0 ? LANG_ZH : LANG_EN;
    }
    return LANG_EN;
}

static bool cli_lang(struct str word, lang *out)
{
    if (str_eq_z(word, "zh")) *out = LANG_ZH;
    else if (str_eq_z(word, "en")) *out = LANG_EN;
    else return false;
    return true;
}

static bool cli_is_folder(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

void cli_find_protocols(struct cli *cli)
{
    static const char *const beside[] = {"/../protocols", "/../share/tongzhou/protocols"};
    char self[CLI_PATH_MAX];
    const char *given = getenv("TONGZHOU_PROTOCOLS");
    size_t room = sizeof cli->protocols;
    cli->protocols[0] = 0;
    if (given != NULL && given[0] != 0) {
        if (strlen(given) < room) memcpy(cli->protocols, given, strlen(given) + 1);
        return;
    }
    ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
    self[n > 0 ? n : 0] = 0;
    char *slash = strrchr(self, '/');
    for (size_t i = 0; slash != NULL && i < sizeof beside / sizeof beside[0]; i++) {
        *slash = 0;
        int length = snprintf(cli->protocols, room, "%s%s", self, beside[i]);
        if (length > 0 && (size_t)length < room && cli_is_folder(cli->protocols)) return;
    }
    (void)snprintf(cli->protocols, room, "%s", cli_is_folder("protocols") ? "protocols" : "");
}

// ---- options of one command ----

static const char *cli_text(const struct cli *cli, struct label label)
{
    return label.text[cli->language];
}

// Pads by columns, not bytes: a Chinese character is two columns wide.
static void cli_row(const struct cli *cli, const char *left, size_t columns, const char *right)
{
    size_t width = str_columns(str_z(left));
    (void)fprintf(cli->out, "  %s%*s  %s\n", left, width < columns ? (int)(columns - width) : 0, "", right);
}

static void cli_option_left(const struct cli_option *option, char *out, size_t n)
{
    (void)snprintf(out, n, "--%s%s%s", option->name, option->value[0] == 0 ? "" : " ", option->value);
}

static void cli_usage_print(const struct cli *cli, const struct cli_usage *usage)
{
    static const struct label title = LABEL("Usage", "用法"), options = LABEL("[options]", "[选项]");
    static const struct cli_option common[] = {
        {"lang", CLI_LANG, 0, "zh|en", LABEL("language of the output", "输出语言"), 0, 0},
        {"help", CLI_FLAG, 0, "", LABEL("this text", "显示本说明"), 0, 0},
    };
    char left[80];
    size_t columns = 12;
    for (size_t i = 0; i < usage->option_count; i++) {
        cli_option_left(&usage->options[i], left, sizeof left);
        if (str_columns(str_z(left)) > columns) columns = str_columns(str_z(left));
    }
    (void)fprintf(cli->out, "%s: tongzhou %s %s %s\n%s\n\n", cli_text(cli, title), usage->command,
                  cli_text(cli, options), usage->operands, cli_text(cli, usage->about));
    for (size_t i = 0; i < usage->option_count; i++) {
        cli_option_left(&usage->options[i], left, sizeof left);
        cli_row(cli, left, columns, cli_text(cli, usage->options[i].help));
    }
    for (size_t i = 0; i < sizeof common / sizeof common[0]; i++) {
        cli_option_left(&common[i], left, sizeof left);
        cli_row(cli, left, columns, cli_text(cli, common[i].help));
    }
}

static void cli_option_refused(const struct cli *cli, const struct cli_option *option, const char *value)
{
    static const struct label wrong = LABEL("--%s does not understand \"%s\"; it wants %s", "--%s 不接受“%s”，应为%s");
    static const struct label day = LABEL("a date like 2022-06-28", "形如 2022-06-28 的日期");
    static const struct label number = LABEL("a number", "数字"), word = LABEL("zh or en", "zh 或 en");
    static const struct label integer = LABEL("a whole number", "整数"), text = LABEL("a text", "文字");
    static const struct label bounds = LABEL(" from %g to %g", "，范围 %g 至 %g");
    const struct label *wanted = option->type == CLI_DAY       ? &day
                                 : option->type == CLI_REAL    ? &number
                                 : option->type == CLI_INTEGER ? &integer
                                 : option->type == CLI_LANG    ? &word
                                                               : &text;
    char want[120], limits[80] = "";
    if (option->least < option->most && (option->type == CLI_REAL || option->type == CLI_INTEGER))
        (void)snprintf(limits, sizeof limits, cli_text(cli, bounds), option->least, option->most);
    (void)snprintf(want, sizeof want, "%s%s", cli_text(cli, *wanted), limits);
    cli_say(cli, cli_text(cli, wrong), option->name, value, want);
}

static bool cli_option_set(const struct cli_option *option, const char *value, void *into)
{
    char *at = (char *)into + option->offset;
    struct str s = str_z(value);
    bool bounded = option->least < option->most;
    switch (option->type) {
    case CLI_FLAG: memcpy(at, &(bool){true}, sizeof(bool)); return true;
    case CLI_TEXT: memcpy(at, &s, sizeof s); return true;
    case CLI_INTEGER: {
        int64_t v;
        if (!str_int(s, &v)) return false;
        if (bounded && ((double)v < option->least || (double)v > option->most)) return false;
        memcpy(at, &v, sizeof v);
        return true;
    }
    case CLI_REAL: {
        double v;
        if (!str_double(s, &v) || (bounded && (v < option->least || v > option->most))) return false;
        memcpy(at, &v, sizeof v);
        return true;
    }
    case CLI_DAY: {
        civil_day v;
        if (!civil_parse(s, &v)) return false;
        memcpy(at, &v, sizeof v);
        return true;
    }
    case CLI_LANG: {
        lang v;
        if (!cli_lang(s, &v)) return false;
        memcpy(at, &v, sizeof v);
        return true;
    }
    }
    return false;
}

static void cli_option_unknown(const struct cli *cli, const struct cli_usage *usage, struct str name)
{
    static const struct label plain =
        LABEL("there is no option --%.*s here; see tongzhou %s --help", "没有选项 --%.*s；请看 tongzhou %s --help");
    static const struct label near =
        LABEL("there is no option --%.*s here; did you mean --%s?", "没有选项 --%.*s；是否想输入 --%s？");
    enum { NAMES = 64 };
    const char *names[NAMES] = {"lang", "help"};
    size_t count = 2;
    for (size_t i = 0; i < usage->option_count && count < NAMES; i++) names[count++] = usage->options[i].name;
    const char *best = cli_nearest(name, names, count);
    if (best == NULL) cli_say(cli, cli_text(cli, plain), STR_ARG(name), usage->command);
    else cli_say(cli, cli_text(cli, near), STR_ARG(name), best);
}

// One option; *i moves over its value when that is a word of its own. False when *exit is final.
static bool cli_option_read(struct cli *cli, const struct cli_usage *usage, void *into, int argc, char **argv, int *i,
                            int *exit)
{
    static const struct cli_option language = {"lang", CLI_LANG, 0, "zh|en", LABEL("", ""), 0, 0};
    static const struct label missing = LABEL("--%s wants a value: %s", "--%s 需要一个值：%s");
    static const struct label surplus = LABEL("--%s takes no value", "--%s 不带值");
    struct str name = str_z(argv[*i] + 2);
    const char *value = memchr(name.p, '=', name.n);
    if (value != NULL) name.n = (size_t)(value++ - name.p);
    if (str_eq_z(name, "help")) {
        cli_usage_print(cli, usage);
        *exit = CLI_DONE;
        return false;
    }
    *exit = CLI_USAGE;
    const struct cli_option *option = str_eq_z(name, "lang") ? &language : NULL;
    if (option != NULL) into = &cli->language;
    for (size_t k = 0; option == NULL && k < usage->option_count; k++)
        if (str_eq_z(name, usage->options[k].name)) option = &usage->options[k];
    if (option == NULL) {
        cli_option_unknown(cli, usage, name);
        return false;
    }
    if (option->type == CLI_FLAG && value != NULL) {
        cli_say(cli, cli_text(cli, surplus), option->name);
        return false;
    }
    if (option->type != CLI_FLAG && value == NULL) {
        if (*i + 1 >= argc) {
            cli_say(cli, cli_text(cli, missing), option->name, option->value);
            return false;
        }
        value = argv[++*i];
    }
    if (cli_option_set(option, value == NULL ? "" : value, into)) return true;
    cli_option_refused(cli, option, value);
    return false;
}

bool cli_options(struct cli *cli, const struct cli_usage *usage, void *into, int argc, char **argv, int *operands,
                 int *exit)
{
    static const struct label few = LABEL("%s wants: %s", "%s 需要：%s");
    static const struct label many = LABEL("%s does not know what to do with \"%s\"", "%s 不知如何处理“%s”");
    assert(argc >= 1 && usage->operands_min <= usage->operands_max);
    int kept = 0;
    bool plain = false; // after "--" nothing is an option
    for (int i = 1; i < argc; i++) {
        if (!plain && strcmp(argv[i], "--") == 0) plain = true;
        else if (plain || strncmp(argv[i], "--", 2) != 0) argv[++kept] = argv[i];
        else if (!cli_option_read(cli, usage, into, argc, argv, &i, exit)) return false;
    }
    *operands = kept;
    if (kept >= usage->operands_min && kept <= usage->operands_max) return true;
    if (kept < usage->operands_min) cli_say(cli, cli_text(cli, few), usage->command, usage->operands);
    else cli_say(cli, cli_text(cli, many), usage->command, argv[usage->operands_max + 1]);
    *exit = CLI_USAGE;
    return false;
}

// ---- the program ----

static void cli_help(const struct cli *cli, const struct cli_command *commands, size_t count)
{
    static const struct label title = LABEL("Tongzhou: an outbreak response that follows the protocol you give it.\n\n"
                                            "Usage: tongzhou [--lang zh|en] COMMAND [options] ...\n",
                                            "同舟：按您给定的防控方案运行的疫情处置系统。\n\n"
                                            "用法：tongzhou [--lang zh|en] 命令 [选项] ...\n");
    static const struct label more =
        LABEL("tongzhou COMMAND --help says more about a command; --version prints the version.",
              "用 tongzhou 命令 --help 查看该命令的说明；--version 显示版本。");
    (void)fprintf(cli->out, "%s\n", cli_text(cli, title));
    for (size_t i = 0; i < count; i++) cli_row(cli, commands[i].name, 12, cli_text(cli, commands[i].help));
    (void)fprintf(cli->out, "\n%s\n", cli_text(cli, more));
}

static int cli_unknown(const struct cli *cli, const struct cli_command *commands, size_t count, const char *given)
{
    static const struct label plain = LABEL("there is no command \"%s\"; tongzhou --help lists them",
                                            "没有命令“%s”；用 tongzhou --help 查看全部命令");
    static const struct label near =
        LABEL("there is no command \"%s\"; did you mean \"%s\"?", "没有命令“%s”；是否想输入“%s”？");
    enum { NAMES = 64 };
    const char *names[NAMES];
    assert(count <= NAMES);
    for (size_t i = 0; i < count; i++) names[i] = commands[i].name;
    const char *best = cli_nearest(str_z(given), names, count);
    if (best == NULL) cli_say(cli, cli_text(cli, plain), given);
    else cli_say(cli, cli_text(cli, near), given, best);
    return CLI_USAGE;
}

int cli_run(struct cli *cli, const struct cli_command *commands, size_t count, int argc, char **argv)
{
    static const struct label bad_lang = LABEL("--lang wants zh or en", "--lang 应为 zh 或 en");
    int i = 1;
    for (; i < argc && strncmp(argv[i], "-", 1) == 0; i++) {
        struct str word = str_z(argv[i]);
        if (str_eq_z(word, "--help") || str_eq_z(word, "-h")) {
            cli_help(cli, commands, count);
            return CLI_DONE;
        }
        if (str_eq_z(word, "--version")) {
            (void)fprintf(cli->out, "tongzhou %s\n", TONG_VERSION);
            return CLI_DONE;
        }
        bool joined = str_starts(word, "--lang=");
        if (!joined && !str_eq_z(word, "--lang")) return cli_unknown(cli, commands, count, argv[i]);
        const char *value = joined ? argv[i] + strlen("--lang=") : i + 1 < argc ? argv[++i] : "";
        if (!cli_lang(str_z(value), &cli->language)) {
            cli_say(cli, "%s", cli_text(cli, bad_lang));
            return CLI_USAGE;
        }
    }
    if (i >= argc) {
        cli_help(cli, commands, count);
        return CLI_USAGE;
    }
    for (size_t k = 0; k < count; k++) {
        if (strcmp(argv[i], commands[k].name) != 0) continue;
        int code = commands[k].handler(cli, argc - i, argv + i);
        if (fflush(cli->out) == 0 && ferror(cli->out) == 0) return code;
        cli_say(cli, cli->language == LANG_ZH ? "无法写出结果：%s" : "the output could not be written: %s",
                strerror(errno));
        return CLI_FAULT;
    }
    return cli_unknown(cli, commands, count, argv[i]);
}
