#include "cli/serve_first.h"

#include "cli/files.h"
#include "service/account.h"
#include "store/person.h"

#include <string.h>

static const char *first_text(const struct cli *cli, struct label label)
{
    return label.text[cli->language];
}

// ---- zone and name ----

static char *meta_text(struct db *db, const char *key, struct arena *arena)
{
    struct err err = {0};
    char *out = NULL;
    if (db_ask(db, sql_meta_get, &DB_T(str_z(key)), 1, &err) != TONG_OK) return NULL;
    if (db_next(db, sql_meta_get)) {
        struct str s = db_text(db, sql_meta_get, 0);
        out = arena_copy(arena, s.p, s.n);
    }
    return db_done(db, sql_meta_get, &err) == TONG_OK ? out : NULL;
}

tong_code serve_remembered(struct cli *cli, const char *store, const struct serve_first *first, struct arena *arena,
                           struct zone *zone, const char **name)
{
    static const struct label unknown =
        LABEL("--zone: %s; write it like Asia/Shanghai or UTC+8", "--zone：%s；请写成 Asia/Shanghai 或 UTC+8");
    struct db *db = NULL;
    struct err err = {0};
    const char *zone_name = first->zone;
    *name = first->name;
    if (db_open(store, DB_READ, &db, NULL) == TONG_OK) { // else it is new, and service_open says what is wrong
        if (zone_name == NULL) zone_name = meta_text(db, "zone", arena);
        if (*name == NULL) *name = meta_text(db, "name", arena);
        db_close(db);
    }
    tong_code code = zone_load(str_z(zone_name == NULL ? "UTC+8" : zone_name), zone, &err);
    if (code != TONG_OK) cli_say(cli, first_text(cli, unknown), err.text);
    return code;
}

struct first_meta {
    const char *zone, *name;
};

static tong_code first_remember(struct db *db, void *payload, struct err *err)
{
    const struct first_meta *m = payload;
    struct db_value zone[] = {DB_T(STR("zone")), DB_T(str_z(m->zone))};
    struct db_value name[] = {DB_T(STR("name")), DB_T(str_z(m->name))};
    tong_code code = db_run(db, sql_meta_put, zone, 2, NULL, err);
    if (code == TONG_OK && m->name != NULL) code = db_run(db, sql_meta_put, name, 2, NULL, err);
    return code;
}

// ---- the first edition, the top place ----

// One command of the system's own. False: it was said why.
static bool first_command(struct cli *cli, struct service *s, struct command *c, const char *about)
{
    struct arena arena = {0};
    struct problem_list problems = {.arena = &arena};
    struct intake_outcome out = {.problems = &problems};
    struct err err = {0};
    c->at = service_now(s);
    tong_code code = writer_take(s->writer, c, 1, &out, &err);
    bool good = code == TONG_OK && out.code == TONG_OK;
    if (!good) {
        problem_print_all(&problems, cli->language, cli->err);
        cli_say(cli, "%s: %s", about, err.text[0] != 0 ? err.text : err_slug(code != TONG_OK ? code : out.code));
    }
    arena_free(&arena);
    return good;
}

static bool first_edition(struct cli *cli, struct service *s, const char *given)
{
    static const struct label there =
        LABEL("there is an edition already: --protocol is left aside", "已有防控方案，忽略 --protocol");
    static const struct label said =
        LABEL("proposed as the first edition: %s. Two people who may sign put it in force.",
              "已提出首个防控方案：%s。须由两名有签发权限的人员签署后生效。");
    char path[CLI_PATH_MAX];
    struct arena arena = {0};
    struct err err = {0};
    struct str text[FILES_CHAIN_MAX];
    size_t count = 0;
    if (service_book(s).count > 0) {
        if (given != NULL) cli_say(cli, "%s", first_text(cli, there));
        return true;
    }
    if (given == NULL) return true;
    (void)files_protocol_path(cli, given, path);
    bool good = files_protocol_chain(path, cli->language, &arena, text, &count, &err) == TONG_OK;
    if (!good) cli_say(cli, "%s", err.text);
    for (size_t i = 0; i < count && good; i++) { // what it extends stands there as a proposal that nobody needs to sign
        struct command propose = {.kind = COMMAND_EDITION_PROPOSE, .text = text[i]};
        good = first_command(cli, s, &propose, given);
    }
    if (good) cli_say(cli, first_text(cli, said), given);
    arena_free(&arena);
    return good;
}

// Asked of the database: the lists in memory may still be loading.
static bool first_has_places(struct service *s)
{
    struct err err = {0};
    struct db *db = service_reader_take(s, &err);
    bool has = db != NULL && db_ask(db, sql_roll_places, NULL, 0, &err) == TONG_OK && db_next(db, sql_roll_places);
    bool good = db != NULL && db_done(db, sql_roll_places, &err) == TONG_OK;
    service_reader_give(s, db, good);
    return has || !good; // when it cannot be asked, rather none than a second one
}

static bool first_place(struct cli *cli, struct service *s, const struct serve_first *first)
{
    static const struct label kind = LABEL("--place-kind does not know \"%s\"", "--place-kind 不认识“%s”");
    static const struct label said = LABEL("top place: %s (%s)", "最上级场所：%s（%s）");
    struct place_record place = place_record_none();
    unsigned char random[UID_RANDOM], uid[UID_BYTES];
    char text[UID_TEXT];
    if (first->place == NULL || first_has_places(s)) return true;
    place.kind = place_kind_find(str_z(first->place_kind == NULL ? "city" : first->place_kind));
    if (place.kind < 0) {
        cli_say(cli, first_text(cli, kind), first->place_kind);
        return false;
    }
    vault_random(random, sizeof random);
    uid_make(service_now(s), 0, random, uid);
    uid_format(uid, text);
    place.uid = str_z(text);
    place.name = str_z(first->place);
    struct command c = {.kind = COMMAND_PLACE, .place = &place};
    memcpy(c.uid, uid, sizeof c.uid);
    memcpy(c.subject_uid, uid, sizeof c.subject_uid);
    if (!first_command(cli, s, &c, first->place)) return false;
    cli_say(cli, first_text(cli, said), first->place, text);
    return true;
}

static tong_code first_account(struct cli *cli, struct service *s)
{
    static const struct label said =
        LABEL("The first account is \"administrator\". Its password, shown this once: %s\n"
              "Sign in, choose your own, and set up the second factor.",
              "首个账号为 administrator，一次性密码（仅显示这一次）：%s\n请登录后设置自己的密码并启用二次验证。");
    char password[PASSWORD_ONE_TIME] = "";
    struct err err = {0};
    bool made = false;
    tong_code code = account_first(s, &made, password, &err);
    if (code != TONG_OK) cli_say(cli, "%s", err.text);
    else if (made) cli_say(cli, first_text(cli, said), password);
    memset(password, 0, sizeof password);
    return code;
}

tong_code serve_begin(struct cli *cli, struct service *s, const struct serve_first *first)
{
    struct first_meta meta = {s->options.zone.name, s->options.name};
    struct err err = {0};
    tong_code code = writer_call(s->writer, first_remember, &meta, &err);
    if (code != TONG_OK) {
        cli_say(cli, "%s", err.text);
        return code;
    }
    if (!first_place(cli, s, first) || !first_edition(cli, s, first->protocol)) return TONG_E_INVALID;
    return first_account(cli, s);
}
