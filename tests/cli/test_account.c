// `tongzhou account`: who can sign in, and the way back in.
#include "cli/account.h"
#include "service/account.h"
#include "service/session.h"
#include "tap.h"

#include <stdlib.h>
#include <unistd.h>

static char folder[256], store[300], vault[300];

// Runs the command; what it printed stands in *out until the next run.
static int run(const char *one, const char *two, const char **out)
{
    static char *text;
    size_t n = 0;
    free(text);
    text = NULL;
    FILE *f = open_memstream(&text, &n);
    struct cli cli = {.language = LANG_EN, .out = f, .err = f, .program = "tongzhou"};
    char *argv[] = {(char *)(uintptr_t)"account", (char *)(uintptr_t)"--store", store, (char *)(uintptr_t)one, (char *)(uintptr_t)two, NULL};
    int code = cli_account(&cli, two == NULL ? 4 : 5, argv);
    (void)fclose(f);
    *out = text == NULL ? "" : text;
    return code;
}

static struct account found(struct db *db, const char *login, struct arena *arena)
{
    struct account a = {0};
    struct err err = {0};
    struct vault *v = NULL;
    OK(vault_open_read(vault, &v, &err) == TONG_OK, "the keys");
    OK(account_by_login(db, v, str_z(login), arena, &a, &err) == TONG_OK, "%s is there", login);
    vault_close(v);
    return a;
}

static bool opens(const struct account *a, const char *printed, struct arena *arena)
{
    const char *colon = strstr(printed, "once: ");
    char password[PASSWORD_ONE_TIME] = "";
    bool same = false;
    struct password_gate *gate = password_gate_open(PASSWORD_COST_INTERACTIVE);
    if (colon != NULL) (void)snprintf(password, sizeof password, "%.*s", PASSWORD_ONE_TIME - 1, colon + 6);
    bool good = gate != NULL && password_verify(gate, arena_copy(arena, a->password.p, a->password.n), str_z(password), &same, NULL) == TONG_OK;
    password_gate_close(gate);
    return good && same;
}

static void nobody_yet(void)
{
    const char *out;
    struct err err = {0};
    struct db *db = NULL;
    struct arena arena = {0};
    EQ_INT(run("list", NULL, &out), CLI_FAULT, "no database, no list");
    OK(db_open(store, DB_CREATE, &db, &err) == TONG_OK, "a database");
    EQ_INT(run("reset-administrator", NULL, &out), CLI_FAULT, "not while another writes to it");
    OK(strstr(out, "stop the server") != NULL, "which is said: %s", out);
    db_close(db);
    struct vault *v = NULL;
    OK(vault_open(vault, true, &v, &err) == TONG_OK, "and its keys");
    vault_close(v);
    EQ_INT(run("list", NULL, &out), CLI_DONE, "an empty list");
    EQ_TEXT(out, "", "is empty");
    EQ_INT(run("reset-administrator", "a b", &out), CLI_USAGE, "no login");
    EQ_INT(run("nonsense", NULL, &out), CLI_USAGE, "no such command");
    EQ_INT(run("reset-administrator", NULL, &out), CLI_DONE, "an administrator is made");
    char *printed = arena_copy(&arena, out, strlen(out));
    OK(db_open(store, DB_READ, &db, &err) == TONG_OK, "looked at");
    struct account a = found(db, "administrator", &arena);
    OK(a.must_change && opens(&a, printed, &arena), "with the password that was printed, to be changed");
    struct actor actor = {.account = a.id, .second_factor = true};
    OK(account_actor(db, a.id, (utc_sec){INT64_C(1) << 40}, &actor, &err) == TONG_OK && actor.grant_count == 1 &&
           actor.grant[0].role == ACCOUNT_ROLE_ADMINISTRATOR && actor.grant[0].place == 0, "everywhere");
    db_close(db);
    EQ_INT(run("list", NULL, &out), CLI_DONE, "the list");
    OK(strstr(out, "administrator\tadministrator\tone-time password\tadministrator\n") != NULL, "shows it: %s", out);
    arena_free(&arena);
}

// An account that was locked out in every way: closed, with a second factor on a lost telephone, a session somewhere, and a
// role that an administrator must not have.
static void locked_out(void)
{
    const char *out;
    struct err err = {0};
    struct db *db = NULL;
    struct vault *v = NULL;
    struct arena arena = {0};
    unsigned char secret[TOTP_SECRET] = {1};
    struct session_token token;
    int64_t id = 0, grant = 0;
    session_token_make(&token);
    OK(db_open(store, DB_WRITE, &db, &err) == TONG_OK && vault_open(vault, true, &v, &err) == TONG_OK, "a database and its keys");
    struct account_new n = {.login = STR("zhao"), .name = STR("Zhao"), .password = "x", .at = {1000}};
    struct grant g = {.role = ROLE_HEALTH_OFFICER, .begins = {1000}, .ends = UTC_NONE};
    OK(account_add(db, v, &n, &id, &err) == TONG_OK && grant_add(db, id, &g, 0, &grant, &err) == TONG_OK &&
           account_totp_set(db, v, id, secret, 5, &err) == TONG_OK &&
           session_add(db, &token, id, (utc_sec){2000}, SESSION_FACTOR_GIVEN, STR(""), &err) == TONG_OK, "somebody");
    struct account a = found(db, "zhao", &arena);
    OK(account_change(db, v, &a, a.name, STR(""), a.language, (utc_sec){3000}, &err) == TONG_OK, "closed");
    vault_close(v);
    db_close(db);
    EQ_INT(run("reset-administrator", "Zhao", &out), CLI_DONE, "is let in again");
    char *printed = arena_copy(&arena, out, strlen(out));
    OK(db_open(store, DB_READ, &db, &err) == TONG_OK, "looked at");
    a = found(db, "zhao", &arena);
    OK(a.closed.s == UTC_NONE.s && a.totp.n == 0 && a.must_change && opens(&a, printed, &arena), "open, without the second factor");
    struct actor actor = {.account = id, .second_factor = true};
    OK(account_actor(db, id, (utc_sec){INT64_C(1) << 40}, &actor, &err) == TONG_OK && actor.grant_count == 1 &&
           actor.grant[0].role == ACCOUNT_ROLE_ADMINISTRATOR, "an administrator and nothing else");
    bool session = db_ask(db, sql_session_of_account, &DB_I(id), 1, &err) == TONG_OK && db_next(db, sql_session_of_account);
    OK(db_done(db, sql_session_of_account, &err) == TONG_OK && !session, "signed in nowhere");
    const struct db_value in[] = {DB_I(INT64_MAX), DB_I(0), DB_T(STR("rescued")), DB_I(id), DB_I(0), DB_I(INT64_MAX), DB_I(10)};
    bool audited = db_ask(db, sql_audit_list, in, 7, &err) == TONG_OK && db_next(db, sql_audit_list);
    OK(db_done(db, sql_audit_list, &err) == TONG_OK && audited, "and the audit says so");
    db_close(db);
    arena_free(&arena);
}

int main(void)
{
    const char *tmp = getenv("TMPDIR");
    (void)snprintf(folder, sizeof folder, "%.200s/tongzhou-test-XXXXXX", tmp == NULL || tmp[0] == 0 ? "/tmp" : tmp);
    if (!OK(mkdtemp(folder) != NULL, "a folder")) return tap_done();
    (void)snprintf(store, sizeof store, "%s/t.db", folder);
    (void)snprintf(vault, sizeof vault, "%s/t.db.vault", folder);
    nobody_yet();
    locked_out();
    static const char *const ends[] = {"", "-wal", "-shm", ".vault", ".lock", "-writer"};
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        char path[400];
        (void)snprintf(path, sizeof path, "%s%s", store, ends[i]);
        (void)unlink(path);
    }
    OK(rmdir(folder) == 0, "nothing is left behind");
    return tap_done();
}
