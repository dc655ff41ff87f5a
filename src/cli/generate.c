#include "cli/generate.h"
#include "cli/generate_district.h"
#include "cli/generate_files.h"
#include "twin/outbreak_files.h"

#include <string.h>

struct generate_options {
    int64_t seed, cases;
    struct str disease, out;
    civil_day start;
    double contacts_per_case; // negative: the disease's own
    double control_day;       // below -1: the disease's own
    bool faults, force;
};

#define GENERATE_AT(field) offsetof(struct generate_options, field)
static const struct cli_option generate_option[] = {
    {"seed", CLI_INTEGER, GENERATE_AT(seed), "N",
     LABEL("random seed; the same seed gives the same files (1)", "随机种子；种子相同则文件完全相同（默认 1）"), 0,
     9e15},
    {"cases", CLI_INTEGER, GENERATE_AT(cases), "N", LABEL("exactly so many cases (200)", "病例数，精确（默认 200）"), 1,
     OUTBREAK_CASES_MAX},
    {"disease", CLI_TEXT, GENERATE_AT(disease), "NAME",
     LABEL("covid, mers, ebola or measles (covid)", "covid、mers、ebola 或 measles（默认 covid）"), 0, 0},
    {"start", CLI_DAY, GENERATE_AT(start), "DATE",
     LABEL("day of the first infection (2022-07-01)", "首例感染日期（默认 2022-07-01）"), 0, 0},
    {"contacts-per-case", CLI_REAL, GENERATE_AT(contacts_per_case), "X",
     LABEL("mean number of contacts: 0, or 1 and more; the total is exact", "每例平均密接数：0，或不小于 1；总数精确"),
     0, 200},
    {"control-day", CLI_REAL, GENERATE_AT(control_day), "D",
     LABEL("day from which control measures hold; -1: once enough cases have occurred",
           "从第几天起实施管控；-1 表示病例达到一定数量后"),
     -1, 10000},
    {"faults", CLI_FLAG, GENERATE_AT(faults), "",
     LABEL("put known faults into the files and list them in faults.csv", "在文件中放入已知错误，并列于 faults.csv"), 0,
     0},
    {"force", CLI_FLAG, GENERATE_AT(force), "", LABEL("replace files that are already there", "覆盖已有文件"), 0, 0},
    {"out", CLI_TEXT, GENERATE_AT(out), "DIR", LABEL("folder to write to; made when missing", "输出目录；不存在则创建"),
     0, 0},
};
static const struct cli_usage generate_usage = {
    .command = "generate",
    .operands = "outbreak",
    .about =
        LABEL("Invents an outbreak and writes it as a line list, contacts, follow-ups, laboratory results, and the\n"
              "truth behind them. Everything in the files is invented.",
              "虚构一起疫情，写成病例清单、密接、随访、检测结果及其背后的真实传播链。文件内容全部虚构。"),
    .options = generate_option,
    .option_count = sizeof generate_option / sizeof generate_option[0],
    .operands_min = 1,
    .operands_max = 1,
};

// ---- options ----

static bool generate_disease(const struct cli *cli, struct str given, outbreak_disease *out)
{
    static const struct label plain = LABEL("--disease does not know \"%.*s\"; it knows covid, mers, ebola and measles",
                                            "--disease 不认识“%.*s”；可选 covid、mers、ebola、measles");
    static const struct label near =
        LABEL("--disease does not know \"%.*s\"; did you mean %s?", "--disease 不认识“%.*s”；是否想输入 %s？");
    const char *names[OUTBREAK_DISEASE_COUNT];
    for (int d = 0; d < OUTBREAK_DISEASE_COUNT; d++) {
        names[d] = outbreak_disease_name((outbreak_disease)d);
        if (!str_eq_z(given, names[d])) continue;
        *out = (outbreak_disease)d;
        return true;
    }
    const char *best = cli_nearest(given, names, OUTBREAK_DISEASE_COUNT);
    if (best == NULL) cli_say(cli, generate_text(cli, plain), STR_ARG(given));
    else cli_say(cli, generate_text(cli, near), STR_ARG(given), best);
    return false;
}

// The figures of the run. False when the user has to say something else; it was then said why.
static bool generate_figures(const struct cli *cli, const struct generate_options *given, struct outbreak_options *out)
{
    static const struct label fraction =
        LABEL("--contacts-per-case is 0, or 1 and more: each case someone infected is a "
              "contact of the case that infected it",
              "--contacts-per-case 为 0，或不小于 1：每个被传染的病例都是传染源的密接");
    static const struct label many = LABEL("%lld cases with %g contacts each are too many; at most %d contacts in all",
                                           "%lld 例、每例 %g 名密接过多；密接总数不得超过 %d");
    static const struct label when =
        LABEL("--start must lie between the years %d and %d", "--start 应在 %d 年至 %d 年之间");
    outbreak_disease disease = OUTBREAK_COVID;
    if (!generate_disease(cli, given->disease, &disease)) return false;
    outbreak_options_for(disease, out);
    out->seed = (uint64_t)given->seed;
    out->cases = (int32_t)given->cases;
    if (given->start.d != CIVIL_DAY_NONE) out->start = given->start;
    if (given->contacts_per_case >= 0) out->contacts_per_case = given->contacts_per_case;
    if (given->control_day >= -1) out->control_day = given->control_day;
    int32_t year = civil_to_date(out->start).year;
    if (out->contacts_per_case > 0 && out->contacts_per_case < 1) cli_say(cli, "%s", generate_text(cli, fraction));
    else if (out->contacts_per_case * (double)out->cases > OUTBREAK_CONTACTS_MAX)
        cli_say(cli, generate_text(cli, many), (long long)given->cases, out->contacts_per_case, OUTBREAK_CONTACTS_MAX);
    else if (year < OUTBREAK_YEAR_MIN || year > OUTBREAK_YEAR_MAX)
        cli_say(cli, generate_text(cli, when), OUTBREAK_YEAR_MIN, OUTBREAK_YEAR_MAX);
    else return true;
    return false;
}

// The command as README.txt names it: without the folder, so that the same seed gives the same bytes anywhere.
static void generate_command(const struct generate_options *given, const struct outbreak_options *o, char *out,
                             size_t n)
{
    char start[CIVIL_TEXT], control[40] = "";
    civil_format(o->start, start);
    if (given->control_day >= -1) (void)snprintf(control, sizeof control, " --control-day %g", given->control_day);
    (void)snprintf(
        out, n, "tongzhou generate outbreak --seed %lld --cases %d --disease %s --start %s --contacts-per-case %g%s%s",
        (long long)given->seed, o->cases, outbreak_disease_name(o->disease), start, o->contacts_per_case, control,
        given->faults ? " --faults" : "");
}

struct generate_outbreak_run {
    const struct outbreak_files *files;
    const char *command;
};

static void generate_outbreak_file(void *payload, int32_t file, struct sink *out)
{
    const struct generate_outbreak_run *run = payload;
    outbreak_file_write(run->files, (outbreak_file)file, run->command, out);
}

static int generate_outbreak(const struct cli *cli, const struct generate_options *given)
{
    static const struct label impossible = LABEL("this outbreak cannot be made: %s", "无法生成这起疫情：%s");
    static const struct label done =
        LABEL("%s: %d cases, %d contacts, %d faults put in; everything in it is invented\n",
              "%s：%d 例病例，%d 名密接，放入 %d 处错误；内容全部虚构\n");
    static const struct label rare =
        LABEL("the chains die out; %d cases do not come about in a hundred years. Ask for fewer, "
              "or for a later --control-day",
              "传播链中断，一百年内也达不到 %d 例。请减少病例数，或推迟 --control-day");
    struct outbreak_options figures;
    char folder[GENERATE_PATH_MAX], command[320];
    if (!generate_figures(cli, given, &figures) || !generate_out(cli, given->out, folder)) return CLI_USAGE;
    struct arena arena = {0};
    struct err err = {0};
    struct outbreak outbreak;
    struct outbreak_files files;
    generate_command(given, &figures, command, sizeof command);
    tong_code code = outbreak_generate(&figures, &arena, &outbreak, &err);
    if (code == TONG_OK) code = outbreak_files_prepare(&outbreak, given->faults, &arena, &files, &err);
    const char *names[OUTBREAK_FILE_COUNT];
    for (int f = 0; f < OUTBREAK_FILE_COUNT; f++) names[f] = outbreak_file_name((outbreak_file)f);
    struct generate_outbreak_run run = {&files, command};
    const struct generate_set set = {names, OUTBREAK_FILE_COUNT, given->faults ? 0 : 1u << OUTBREAK_FAULTS,
                                     generate_outbreak_file, &run};
    if (code == TONG_E_LIMIT) cli_say(cli, generate_text(cli, rare), figures.cases);
    else if (code != TONG_OK) cli_say(cli, generate_text(cli, impossible), err.text);
    bool good = code == TONG_OK && generate_clear(cli, folder, &set, given->force) && generate_write(cli, folder, &set);
    if (good)
        (void)fprintf(cli->out, generate_text(cli, done), folder, outbreak.case_count, outbreak.contact_count,
                      files.faults.count);
    arena_free(&arena);
    return good ? CLI_DONE : CLI_FAULT;
}

int cli_generate(struct cli *cli, int argc, char **argv)
{
    static const struct label unknown =
        LABEL("generate does not know \"%s\"; it makes: outbreak, district",
              "generate 不认识“%s”；可生成：outbreak、district");
    struct generate_options given = {
        .seed = 1,
        .cases = 200,
        .disease = STR("covid"),
        .start = {CIVIL_DAY_NONE},
        .contacts_per_case = -1,
        .control_day = -2,
    };
    int operands = 0, code = CLI_USAGE;
    for (int i = 1; i < argc; i++)
        if (strcmp(argv[i], "district") == 0) return cli_generate_district(cli, argc, argv);
    if (!cli_options(cli, &generate_usage, &given, argc, argv, &operands, &code)) return code;
    if (strcmp(argv[1], "outbreak") != 0) {
        cli_say(cli, generate_text(cli, unknown), argv[1]);
        return CLI_USAGE;
    }
    return generate_outbreak(cli, &given);
}
