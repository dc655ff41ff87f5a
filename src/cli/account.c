#include "cli/account.h"

#include "cli/data.h"
#include "service/account.h"
#include "service/audit.h"
#include "service/session.h"

#include <string.h>
#include <time.h>

struct account_options {
    struct cli_data data;
};
static const struct cli_option account_option[] = {CLI_DATA_OPTIONS(offsetof(struct account_options, data))};
static const struct cli_usage account_usage = {
    .command = "account",
    .operands = "list | reset-administrator [LOGIN]",
    .about = LABEL("list: who can sign in, and with which roles.\n"
                   "reset-administrator: when no administrator can sign in any more. Gives the account (\"administrator\" if not said,\n"
                   "made when it is not there) a new one-time password, takes its second factor away, and the role of an\n"
                   "administrator everywhere. Whoever can do this has the files; it stands in the audit. The server must not run.",
                   "list：列出可登录的账号及其角色。\n"
                   "reset-administrator：当没有管理员能够登录时使用。为账号（默认 administrator，不存在则创建）生成新的一次性密码，\n"
                   "解除其第二验证，并授予不限范围的系统管理员角色。能执行此命令者即持有数据文件；操作会写入审计。须先停止服务。"),
    .options = account_option,
    .option_count = sizeof account_option / sizeof account_option[0],
    .operands_min = 1,
    .operands_max = 2,
};

enum { ACCOUNT_PAGE = 200, ACCOUNT_ROLES_SHOWN = 64 };

static utc_sec account_now(void)
{
    return (utc_sec){(int64_t)time(NULL)};
}

static tong_code account_roles(const struct cli *cli, struct db *db, int64_t account, utc_sec now, struct err *err)
{
    struct grant_row rows[ACCOUNT_ROLES_SHOWN];
    size_t count = 0, shown = 0;
    tong_code code = grant_list(db, account, rows, ACCOUNT_ROLES_SHOWN, &count, err);
    for (size_t i = 0; code == TONG_OK && i < count; i++) {
        const struct grant *g = &rows[i].grant;
        const struct record_word *role = role_word_at(g->role);
        bool in_force = g->begins.s <= now.s && (g->ends.s == UTC_NONE.s || g->ends.s > now.s);
        if (!in_force || role == NULL) continue;
        (void)fprintf(cli->out, "%s%s", shown++ == 0 ? "" : ", ", cli_text(cli, role->label));
        if (g->place != 0) (void)fprintf(cli->out, " @%lld", (long long)g->place);
    }
    (void)fputs("\n", cli->out);
    return code;
}

static int account_list_print(const struct cli *cli, struct db *db, const struct vault *v)
{
    static const struct label closed = LABEL("closed", "已关闭"), factor = LABEL("second factor", "已启用第二验证");
    static const struct label one_time = LABEL("one-time password", "一次性密码");
    struct account rows[ACCOUNT_PAGE];
    struct err err = {0};
    struct arena arena = {0};
    size_t count = ACCOUNT_PAGE;
    int64_t after = 0;
    tong_code code = TONG_OK;
    while (code == TONG_OK && count == ACCOUNT_PAGE) {
        code = account_list(db, v, after, rows, ACCOUNT_PAGE, &count, &arena, &err);
        for (size_t i = 0; code == TONG_OK && i < count; i++) {
            const struct account *a = &rows[i];
            (void)fprintf(cli->out, "%lld\t%.*s\t%.*s\t%s%s%s\t", (long long)a->id, STR_ARG(a->login), STR_ARG(a->name),
                          a->closed.s != UTC_NONE.s ? cli_text(cli, closed) : a->must_change ? cli_text(cli, one_time) : "",
                          account_has_second_factor(a) && (a->closed.s != UTC_NONE.s || a->must_change) ? ", " : "",
                          account_has_second_factor(a) ? cli_text(cli, factor) : "");
            code = account_roles(cli, db, a->id, account_now(), &err);
        }
        if (code == TONG_OK && count > 0) after = rows[count - 1].id;
        arena_reset(&arena);
    }
    arena_free(&arena);
    return code == TONG_OK ? CLI_DONE : cli_failed(cli, &err);
}

// The account of this login, made when there is none.
static tong_code account_rescue_find(struct db *db, const struct vault *v, struct str login, const char *hash, utc_sec now, struct arena *arena,
                                     struct account *out, struct err *err)
{
    int64_t id = 0;
    tong_code code = account_by_login(db, v, login, arena, out, NULL);
    if (code != TONG_E_NOT_FOUND) return code == TONG_OK ? code : tong_fail(err, code, "accounts cannot be read");
    struct account_new a = {.login = login, .name = login, .password = hash, .must_change = true, .at = now};
    code = account_add(db, v, &a, &id, err);
    return code == TONG_OK ? account_get(db, v, id, arena, out, err) : code;
}

static tong_code account_rescue_grant(struct db *db, int64_t account, utc_sec now, struct err *err)
{
    struct grant_row rows[ACCOUNT_ROLES_SHOWN];
    size_t count = 0;
    int64_t id = 0;
    tong_code code = grant_list(db, account, rows, ACCOUNT_ROLES_SHOWN, &count, err);
    for (size_t i = 0; code == TONG_OK && i < count; i++) {
        const struct grant *g = &rows[i].grant;
        bool in_force = g->begins.s <= now.s && (g->ends.s == UTC_NONE.s || g->ends.s > now.s);
        if (in_force && g->role == ACCOUNT_ROLE_ADMINISTRATOR && g->place == 0) return TONG_OK;
        // What watches over an administrator, and what an administrator must not see, is taken: it can be given to another.
        if (in_force && roles_conflict(g->role, ACCOUNT_ROLE_ADMINISTRATOR)) code = grant_take(db, rows[i].id, 0, now, err);
    }
    struct grant g = {.role = ACCOUNT_ROLE_ADMINISTRATOR, .begins = now, .ends = UTC_NONE};
    return code == TONG_OK ? grant_add(db, account, &g, 0, &id, err) : code;
}

static tong_code account_rescue(struct db *db, const struct vault *v, struct str login, const char *hash, struct err *err)
{
    struct arena arena = {0};
    struct account a;
    utc_sec now = account_now();
    int64_t sealed = 0;
    tong_code code = db_begin(db, err);
    if (code == TONG_OK) code = account_seal_all(db, v, &sealed, err);
    if (code == TONG_OK) code = account_rescue_find(db, v, login, hash, now, &arena, &a, err);
    if (code == TONG_OK && a.closed.s != UTC_NONE.s) {
        // its contact may be long out of date
        code = account_change(db, v, &a, a.name, (struct str){NULL, 0}, a.language, UTC_NONE, err);
    }
    if (code == TONG_OK) code = account_totp_set(db, v, a.id, NULL, 0, err);
    if (code == TONG_OK) code = account_password_set(db, a.id, hash, true, err);
    if (code == TONG_OK) code = session_drop_all(db, a.id, NULL, err);
    if (code == TONG_OK) code = account_rescue_grant(db, a.id, now, err);
    if (code == TONG_OK) code = audit_add(db, now, 0, AUDIT_RESCUED, a.id, NULL, err);
    if (code == TONG_OK) code = db_commit(db, err);
    else db_rollback(db);
    arena_free(&arena);
    return code;
}

static int account_reset(const struct cli *cli, const struct cli_data_paths *paths, struct str login)
{
    static const struct label running = LABEL("the database is in use: stop the server first", "数据库正在使用：请先停止服务");
    static const struct label done = LABEL("One-time password of \"%.*s\", shown this once: %s\n", "账号“%.*s”的一次性密码（仅显示这一次）：%s\n");
    static const struct label odd = LABEL("\"%.*s\" cannot be a login", "“%.*s”不能作为登录名");
    char password[PASSWORD_ONE_TIME], hash[PASSWORD_HASH];
    struct err err = {0};
    struct arena arena = {0};
    struct db *db = NULL;
    struct vault *v = NULL;
    struct str folded = account_login_fold(login, &arena);
    if (folded.n == 0) {
        cli_say(cli, cli_text(cli, odd), STR_ARG(login));
        arena_free(&arena);
        return CLI_USAGE;
    }
    struct password_gate *gate = password_gate_open(PASSWORD_COST_INTERACTIVE);
    tong_code code = gate == NULL ? tong_fail(&err, TONG_E_NOMEM, "no memory for a password") : TONG_OK;
    password_one_time(password);
    if (code == TONG_OK) code = password_hash(gate, str_z(password), hash, &err);
    if (code == TONG_OK) code = db_open(paths->store, DB_WRITE, &db, &err);
    bool in_use = code == TONG_E_CONFLICT;
    if (code == TONG_OK) code = vault_open_read(paths->vault, &v, &err);
    if (code == TONG_OK) code = account_rescue(db, v, folded, hash, &err);
    if (code == TONG_OK) (void)fprintf(cli->out, cli_text(cli, done), STR_ARG(folded), password);
    else if (in_use) cli_say(cli, "%s", cli_text(cli, running));
    vault_close(v);
    db_close(db);
    password_gate_close(gate);
    arena_free(&arena);
    return code == TONG_OK ? CLI_DONE : in_use ? CLI_FAULT : cli_failed(cli, &err);
}

int cli_account(struct cli *cli, int argc, char **argv)
{
    static const struct label what = LABEL("account takes list or reset-administrator", "account 的子命令为 list 或 reset-administrator");
    struct account_options o = {0};
    struct cli_data_paths paths;
    struct err err = {0};
    struct db *db = NULL;
    struct vault *v = NULL;
    int operands = 0, result = CLI_DONE;
    if (!cli_options(cli, &account_usage, &o, argc, argv, &operands, &result)) return result;
    if (!cli_data_find(cli, &o.data, &paths)) return CLI_USAGE;
    if (strcmp(argv[1], "reset-administrator") == 0)
        return account_reset(cli, &paths, operands > 1 ? str_z(argv[2]) : STR("administrator"));
    if (strcmp(argv[1], "list") != 0 || operands > 1) {
        cli_say(cli, "%s", cli_text(cli, what));
        return CLI_USAGE;
    }
    tong_code code = db_open(paths.store, DB_READ, &db, &err);
    if (code == TONG_OK) code = vault_open_read(paths.vault, &v, &err);
    result = code == TONG_OK ? account_list_print(cli, db, v) : cli_failed(cli, &err);
    vault_close(v);
    db_close(db);
    return result;
}
