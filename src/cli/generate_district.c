#include "cli/generate_district.h"

#include "base/record.h"
#include "cli/files.h"
#include "cli/generate_files.h"
#include "service/demo_rows.h"

#include <string.h>

struct district_given {
    int64_t seed, people, cases, contacts, facts, days;
    double general;
    struct str protocol, out;
    civil_day start;
    bool force;
};

#define GIVEN_AT(field) offsetof(struct district_given, field)
static const struct cli_option given_option[] = {
    {"seed", CLI_INTEGER, GIVEN_AT(seed), "N",
     LABEL("random seed; the same seed gives the same files (1)", "随机种子；种子相同则文件完全相同（默认 1）"), 0, 9e15},
    {"people", CLI_INTEGER, GIVEN_AT(people), "N", LABEL("people who live there (100000)", "居民人数（默认 100000）"),
     DISTRICT_PEOPLE_MIN, DISTRICT_PEOPLE_MAX},
    {"cases", CLI_INTEGER, GIVEN_AT(cases), "N",
     LABEL("infections in all (one for every 200 people)", "感染总数（默认每 200 名居民 1 例）"), 1, OUTBREAK_CASES_MAX},
    {"contacts", CLI_INTEGER, GIVEN_AT(contacts), "N",
     LABEL("contacts named in all (as the disease has them)", "申报密接总数（默认按疾病特征）"), 0, OUTBREAK_CONTACTS_MAX},
    {"facts", CLI_INTEGER, GIVEN_AT(facts), "N",
     LABEL("about so many records; daily checks beyond that are left undone (as many as there are to do)",
           "大约的记录条数，超出时不再做日常健康监测（默认应做尽做）"),
     0, 1e9},
    {"days", CLI_INTEGER, GIVEN_AT(days), "N",
     LABEL("stop so many days after the first infection (when all is over)", "首例感染后若干天为止（默认直至疫情结束）"), 0,
     36000},
    {"general", CLI_REAL, GIVEN_AT(general), "X",
     LABEL("share of contacts who were protected (0.3)", "有防护的密接所占比例（默认 0.3）"), 0, 1},
    {"start", CLI_DAY, GIVEN_AT(start), "DATE", LABEL("day of the first infection (2022-07-01)", "首例感染日期（默认 2022-07-01）"),
     0, 0},
    {"protocol", CLI_TEXT, GIVEN_AT(protocol), "NAME",
     LABEL("the protocol that the staff follow (covid19-cn-9)", "工作人员所执行的方案（默认 covid19-cn-9）"), 0, 0},
    {"force", CLI_FLAG, GIVEN_AT(force), "", LABEL("replace files that are already there", "覆盖已有文件"), 0, 0},
    {"out", CLI_TEXT, GIVEN_AT(out), "DIR", LABEL("folder to write to; made when missing", "输出目录；不存在则创建"), 0, 0},
};
static const struct cli_usage given_usage = {
    .command = "generate",
    .operands = "district",
    .about = LABEL("Invents a district: its places, people and staff, and an outbreak as the staff come to know it and act on\n"
                   "it, in the order it became known. Everything in the files is invented.",
                   "虚构一个区：场所、居民、工作人员，以及按获知先后排列的疫情与处置记录。文件内容全部虚构。"),
    .options = given_option,
    .option_count = sizeof given_option / sizeof given_option[0],
    .operands_min = 1,
    .operands_max = 1,
};

// ---- rows that no other list has ----

struct account_row {
    struct str login, name, role, place, person;
};
static const struct record_field account_fields[] = {
    RECORD_ID(struct account_row, login, .required = true, .label = LABEL("login", "登录名")),
    RECORD_TEXT(struct account_row, name, .label = LABEL("name", "姓名")),
    RECORD_ID(struct account_row, role, .required = true, .label = LABEL("role", "角色")),
    RECORD_ID(struct account_row, place, .label = LABEL("place", "负责场所")),
    RECORD_ID(struct account_row, person, .label = LABEL("own record", "本人档案")),
};
static const struct record_kind account_kind = RECORD_KIND("account", struct account_row, account_fields);

struct order_row {
    struct str uid, subject, kind, name, first, second;
    utc_sec at;
};
static const struct record_field order_fields[] = {
    RECORD_ID(struct order_row, uid, .required = true, .label = LABEL("uid", "记录标识")),
    RECORD_ID(struct order_row, subject, .required = true, .label = LABEL("subject", "对象标识")),
    RECORD_ID(struct order_row, kind, .required = true, .label = LABEL("kind of record", "记录类型")),
    RECORD_ID(struct order_row, name, .label = LABEL("measure", "措施")),
    RECORD_ID(struct order_row, first, .label = LABEL("signed by", "签发人")),
    RECORD_ID(struct order_row, second, .label = LABEL("and by", "第二签发人")),
    RECORD_INSTANT(struct order_row, at, .label = LABEL("when", "时间")),
};
static const struct record_kind order_kind = RECORD_KIND("order", struct order_row, order_fields);

// ---- the files ----

enum district_file { FILE_PLACES, FILE_PEOPLE, FILE_ACCOUNTS, FILE_FACTS, FILE_ORDERS, FILE_README, FILE_COUNT };
static const char *const file_name[FILE_COUNT] = {"places.csv", "people.csv", "accounts.csv",
                                                  "facts.csv",  "orders.csv", "README.txt"};

struct district_run {
    struct district *district;
    const struct protocol *protocol;
    const struct district_given *given;
    struct sink *facts;  // while they are written
    struct sink orders;  // kept until its turn
    struct arena arena;  // of one row
    utc_sec until;
    int64_t fact_count, order_count;
    tong_code code;
    struct err err;
};

static void write_places(const struct district_run *run, struct sink *out)
{
    record_csv_header(&place_record_kind, out);
    for (int64_t i = 1; i <= district_place_count(run->district); i++) {
        struct district_place place = district_place_at(run->district, i);
        struct demo_uids uids;
        struct place_record row;
        demo_place_record(run->district, &place, &uids, &row);
        record_to_csv(&place_record_kind, &row, RECORD_IDENTITY, out);
    }
}

static void write_people(const struct district_run *run, struct sink *out)
{
    record_csv_header(&person_record_kind, out);
    for (int64_t i = 0; i < district_person_count(run->district); i++) {
        struct district_person person = district_person_at(run->district, i);
        struct demo_uids uids;
        struct person_record row;
        demo_person_record(run->district, &person, &uids, &row);
        record_to_csv(&person_record_kind, &row, RECORD_IDENTITY, out);
    }
}

static struct str uid_text(const struct district *d, district_thing thing, int64_t number, char out[UID_TEXT])
{
    unsigned char uid[UID_BYTES];
    if (number == 0) return (struct str){NULL, 0};
    district_uid(d, thing, number, uid);
    uid_format(uid, out);
    return str_z(out);
}

static void write_accounts(const struct district_run *run, struct sink *out)
{
    record_csv_header(&account_kind, out);
    for (int64_t i = 0; i < district_account_count(run->district); i++) {
        struct district_account a = district_account_at(run->district, i);
        char place[UID_TEXT], person[UID_TEXT];
        const struct account_row row = {str_z(a.login), str_z(a.name), str_z(a.role),
                                        uid_text(run->district, DISTRICT_SUBJECT, a.place, place),
                                        uid_text(run->district, DISTRICT_SUBJECT, a.person, person)};
        record_to_csv(&account_kind, &row, RECORD_IDENTITY, out);
    }
}

static void write_order(struct district_run *run, const struct district_fact *f)
{
    struct district_account first = {.login = ""}, second = {.login = ""};
    char uid[UID_TEXT], subject[UID_TEXT];
    int64_t by = f->fact.signer != 0 ? f->fact.signer : f->account;
    if (by > 0) first = district_account_at(run->district, by - 1);
    if (f->fact.second != 0) second = district_account_at(run->district, f->fact.second - 1);
    const char *measure = f->fact.name == 0 ? NULL : demo_name_of(run->protocol, f->fact.name);
    const struct order_row row = {uid_text(run->district, DISTRICT_FACT, f->fact.id, uid),
                                  uid_text(run->district, DISTRICT_SUBJECT, f->fact.subject, subject),
                                  str_z(words_at(WORDS_EVENT, f->fact.kind)->name),
                                  str_z(measure),
                                  str_z(first.login),
                                  str_z(second.login),
                                  f->fact.known};
    record_to_csv(&order_kind, &row, RECORD_IDENTITY, &run->orders);
    run->order_count++;
}

static bool write_fact(void *payload, const struct district_fact *f)
{
    struct district_run *run = payload;
    struct demo_uids uids;
    struct fact_record row;
    arena_reset(&run->arena);
    if (demo_fact_record(run->district, f, &run->arena, &uids, &row)) {
        const char *name = f->fact.name == 0 ? NULL : demo_name_of(run->protocol, f->fact.name);
        if (name != NULL) row.name = str_z(name);
        record_to_csv(&fact_record_kind, &row, RECORD_IDENTITY, run->facts);
        run->fact_count++;
    } else {
        write_order(run, f);
    }
    return !run->facts->failed && !run->orders.failed;
}

static void write_facts(struct district_run *run, struct sink *out)
{
    run->facts = out;
    record_csv_header(&fact_record_kind, out);
    record_csv_header(&order_kind, &run->orders);
    run->code = district_run(run->district, run->until, write_fact, run, &run->err);
    if (run->code != TONG_OK) out->failed = true;
}

static void write_readme(const struct district_run *run, struct sink *out)
{
    const struct outbreak *ob = district_outbreak(run->district);
    char start[CIVIL_TEXT];
    civil_format(ob->options.start, start);
    sink_printf(out,
                "An invented district, made by:\n"
                "tongzhou generate district --seed %lld --people %d --cases %d --contacts %d --facts %lld --general %g "
                "--start %s --protocol %s\n\n"
                "Nobody here is anybody. Names are drawn by chance from tables of common surnames and syllables. Identity\n"
                "numbers begin with 00, a code that GB/T 2260 gives to no region; telephone numbers have the country code\n"
                "+999, which ITU-T E.164 assigns to nobody; the place does not exist, and its centre lies in the open sea.\n\n"
                "places.csv    %lld places: the tree from the district down to the household, and venues\n"
                "people.csv    %lld people\n"
                "accounts.csv  %lld accounts: login, role and place of the staff; no passwords\n"
                "facts.csv     %lld records in the order they became known\n"
                "orders.csv    %lld signatures, objections and hand-overs, which no list may bring in\n\n"
                "The protocol %s was executed on them; %d people were infected, %d contacts named.\n"
                "Figures of the disease and their sources: tongzhou generate outbreak --disease covid, README.txt.\n\n"
                "以上内容全部虚构。身份证号以 00 开头（无此行政区划代码），电话使用未分配的国际区号 +999，地点不存在。\n",
                (long long)run->given->seed, (int)district_person_count(run->district), ob->case_count, ob->contact_count,
                (long long)run->given->facts, run->given->general, start, run->protocol->id,
                (long long)district_place_count(run->district), (long long)district_person_count(run->district),
                (long long)district_account_count(run->district), (long long)run->fact_count,
                (long long)run->order_count, run->protocol->id, ob->case_count, ob->contact_count);
}

static void write_file(void *payload, int32_t file, struct sink *out)
{
    struct district_run *run = payload;
    switch ((enum district_file)file) {
    case FILE_PLACES: write_places(run, out); break;
    case FILE_PEOPLE: write_people(run, out); break;
    case FILE_ACCOUNTS: write_accounts(run, out); break;
    case FILE_FACTS: write_facts(run, out); break;
    case FILE_ORDERS: sink_bytes(out, sink_kept(&run->orders).p, sink_kept(&run->orders).n); break;
    case FILE_README: write_readme(run, out); break;
    case FILE_COUNT: break;
    }
}

// ---- the command ----

static bool given_options(const struct cli *cli, const struct district_given *given, struct district_options *out)
{
    static const struct label few = LABEL("these numbers do not fit together: %s", "这些数字互相矛盾：%s");
    struct err err = {0};
    *out = district_options_default();
    out->seed = (uint64_t)given->seed;
    out->people = (int32_t)given->people;
    out->cases = (int32_t)(given->cases > 0 ? given->cases : given->people / 200);
    out->contacts = given->contacts;
    out->facts = given->facts;
    out->general_share = given->general;
    if (given->start.d != CIVIL_DAY_NONE) out->start = given->start;
    if (district_options_check(out, &err) == TONG_OK) return true;
    cli_say(cli, generate_text(cli, few), err.text);
    return false;
}

static int make_district(struct cli *cli, const struct district_given *given, const struct district_options *options,
                         struct protocol *protocol, const char *folder)
{
    static const struct label impossible = LABEL("this district cannot be made: %s", "无法生成这个区：%s");
    static const struct label done =
        LABEL("%s: %lld people, %lld places, %lld accounts, %d infected, %d contacts, %lld records, %lld orders; everything in "
              "it is invented\n",
              "%s：%lld 名居民，%lld 处场所，%lld 个账号，%d 例感染，%d 名密接，%lld 条记录，%lld 条指令；内容全部虚构\n");
    const struct protocol *editions[1] = {protocol};
    const struct rulebook book = {editions, 1};
    const struct generate_set set = {file_name, FILE_COUNT, 0, write_file, NULL};
    struct district_run run = {.protocol = protocol, .given = given};
    struct generate_set mine = set;
    mine.payload = &run;
    tong_code code = district_open(options, &book, &run.district, &run.err);
    if (code != TONG_OK) {
        cli_say(cli, generate_text(cli, impossible), run.err.text);
        return CLI_FAULT;
    }
    run.until = district_end(run.district);
    if (given->days > 0) {
        int64_t days = district_begin(run.district).s + given->days * 86400;
        if (days < run.until.s) run.until.s = days;
    }
    bool good = generate_clear(cli, folder, &mine, given->force) && generate_write(cli, folder, &mine);
    if (run.code != TONG_OK && run.code != TONG_E_CONFLICT) cli_say(cli, generate_text(cli, impossible), run.err.text);
    if (good)
        (void)fprintf(cli->out, generate_text(cli, done), folder, (long long)district_person_count(run.district),
                      (long long)district_place_count(run.district), (long long)district_account_count(run.district),
                      district_outbreak(run.district)->case_count, district_outbreak(run.district)->contact_count,
                      (long long)run.fact_count, (long long)run.order_count);
    sink_close(&run.orders);
    arena_free(&run.arena);
    district_close(run.district);
    return good ? CLI_DONE : CLI_FAULT;
}

int cli_generate_district(struct cli *cli, int argc, char **argv)
{
    struct district_given given = {.seed = 1, .people = 100000, .general = 0.3, .start = {CIVIL_DAY_NONE}, .protocol = STR("covid19-cn-9")};
    struct district_options options;
    int operands = 0, code = CLI_USAGE;
    char folder[GENERATE_PATH_MAX], name[CLI_PATH_MAX];
    if (!cli_options(cli, &given_usage, &given, argc, argv, &operands, &code)) return code;
    if (!given_options(cli, &given, &options) || !generate_out(cli, given.out, folder)) return CLI_USAGE;
    (void)snprintf(name, sizeof name, "%.*s", STR_ARG(given.protocol));
    struct protocol protocol;
    if (files_protocol(cli, name, &protocol) != TONG_OK) return CLI_FAULT;
    code = make_district(cli, &given, &options, &protocol, folder);
    protocol_free(&protocol);
    return code;
}
