// backup, restore, erase and verify, as a user runs them.
#include "cli/backup.h"
#include "cli/erase.h"
#include "cli/rebuild.h"
#include "cli/verify.h"
#include "intake/desk.h"

#include <sys/stat.h>
#include <unistd.h>

static const struct cli_command commands[] = {
    {"backup", LABEL("", ""), cli_backup},   {"erase", LABEL("", ""), cli_erase},
    {"rebuild", LABEL("", ""), cli_rebuild}, {"restore", LABEL("", ""), cli_restore},
    {"verify", LABEL("", ""), cli_verify},
};

static struct {
    int code;
    char out[4000], err[4000];
} ran;

static void slurp(FILE *f, char *into, size_t n)
{
    rewind(f);
    into[fread(into, 1, n - 1, f)] = 0;
    (void)fclose(f);
}

__attribute__((format(printf, 1, 2))) static int run(const char *fmt, ...)
{
    char words[2000], *argv[20] = {"tongzhou"}, *save = NULL;
    int argc = 1;
    va_list args;
    va_start(args, fmt);
    (void)vsnprintf(words, sizeof words, fmt, args);
    va_end(args);
    for (char *w = strtok_r(words, " ", &save); w != NULL && argc < 19; w = strtok_r(NULL, " ", &save))
        argv[argc++] = w;
    struct cli cli = {.language = LANG_EN, .out = tmpfile(), .err = tmpfile(), .program = "tongzhou"};
    if (cli.out == NULL || cli.err == NULL) return -1;
    ran.code = cli_run(&cli, commands, sizeof commands / sizeof commands[0], argc, argv);
    slurp(cli.out, ran.out, sizeof ran.out);
    slurp(cli.err, ran.err, sizeof ran.err);
    return ran.code;
}
#define RUNS(want, ...) ran_as((want), __FILE__, __LINE__, run(__VA_ARGS__))
static void ran_as(int want, const char *file, int line, int code)
{
    if (!tap_int(code, want, "exit", file, line, "exit code %d", want))
        (void)printf("# out: %s\n# err: %s\n", ran.out, ran.err);
}

static void emptied(const struct engine *e, char where[ENGINE_PATH])
{
    if (!e->postgresql) {
        (void)snprintf(where, ENGINE_PATH, "%s/new.db", e->folder);
        return;
    }
    char name[40];
    (void)snprintf(name, sizeof name, "%s_new", e->database);
    (void)private_postgresql_create(e->server, name);
    private_postgresql_url(e->server, name, where, ENGINE_PATH);
}

static void test_keeping(const struct engine *e)
{
    struct desk d, back;
    char where[ENGINE_PATH], head[65] = "";
    const char *f = e->folder;
    if (!desk_open(&d, e) || !desk_edition(&d, "covid19-cn-9")) return;
    int64_t person = desk_person(&d, 10), other = desk_person(&d, 11);
    (void)desk_fact(&d, (struct fact){.kind = EVENT_EXPOSED,
                                      .subject = person,
                                      .link = other,
                                      .word = EXPOSURE_MEAL,
                                      .happened = d.now,
                                      .until = d.now});
    // While the server has the database: verify and backup work, erase does not.
    RUNS(CLI_DONE, "verify --store %s --vault %s", e->where, d.vault);
    OK(strstr(ran.out, "the chain holds") != NULL, "it holds");
    const char *at = strstr(ran.out, "head: ");
    if (at != NULL) (void)snprintf(head, sizeof head, "%.64s", at + 6);
    RUNS(CLI_DONE, "backup --store %s --vault %s %s/data %s/keys", e->where, d.vault, f, f);
    OK(strstr(ran.out, "database:") != NULL && (e->postgresql || strstr(ran.out, "the chain holds") != NULL),
       "the copy is verified: %s", ran.out);
    RUNS(CLI_FAULT, "backup --store %s --vault %s %s/data %s/keys", e->where, d.vault, f, f);
    RUNS(CLI_USAGE, "backup --store %s --vault %s %s/data %s/data/keys", e->where, d.vault, f, f);
    OK(strstr(ran.err, "neither inside the other") != NULL, "keys never lie with the data");
    struct str uid = desk_uid_text(&d, 10);
    RUNS(CLI_FAULT, "erase --store %s --vault %s --yes %.*s", e->where, d.vault, STR_ARG(uid));
    (void)desk_fact(&d, (struct fact){.kind = EVENT_SYMPTOM, .subject = other, .happened = d.now}); // after the backup
    intake_close(d.in);
    d.in = NULL;
    // Erasing.
    RUNS(CLI_USAGE, "erase --store %s --vault %s %.*s", e->where, d.vault, STR_ARG(uid));
    OK(strstr(ran.err, "--yes") != NULL, "it is asked whether one is sure");
    RUNS(CLI_USAGE, "erase --store %s --vault %s --yes somebody", e->where, d.vault);
    RUNS(CLI_FAULT, "erase --store %s --vault %s --yes 01890a5d-ac96-774b-bcce-b302099a8057", e->where, d.vault);
    RUNS(CLI_DONE, "erase --store %s --vault %s --yes %.*s", e->where, d.vault, STR_ARG(uid));
    OK(strstr(ran.out, "1  records of the person") != NULL && strstr(ran.out, "1  copies of the vault") != NULL,
       "what was destroyed: %s", ran.out);
    OK(strstr(ran.out, "by hand") != NULL, "and what is out of reach is said");
    OK((strstr(ran.out, "VACUUM FULL") != NULL) == e->postgresql, "also of the engine");
    RUNS(CLI_DONE, "verify --store %s --vault %s --head %s", e->where, d.vault, head);
    OK(strstr(ran.out, "is part of the chain") != NULL, "the head written down before is part of it");
    RUNS(CLI_FAULT, "verify --store %s --vault %s --head %064d", e->where, d.vault, 7);
    RUNS(CLI_USAGE, "verify --store %s --vault %s --head 7", e->where, d.vault);
    RUNS(CLI_FAULT, "verify --store %s --vault %s/keys/none", e->where, f);
    RUNS(CLI_DONE, "rebuild --store %s --vault %s --scratch %s/scratch", e->where, d.vault, f);
    OK(strstr(ran.out, "all equal") != NULL, "what is derived follows from the facts: %s", ran.out);
    OK(engine_run(e, "UPDATE person SET sex = 3 WHERE flags = 0"), "somebody changes a derived table");
    RUNS(CLI_FAULT, "rebuild --store %s --vault %s --scratch %s/scratch", e->where, d.vault, f);
    OK(strstr(ran.out, "1 differences") != NULL, "it shows: %s", ran.out);
    RUNS(CLI_DONE, "rebuild --store %s --vault %s --scratch %s/scratch --replace", e->where, d.vault, f);
    RUNS(CLI_DONE, "rebuild --store %s --vault %s --scratch %s/scratch", e->where, d.vault, f);
    // Restoring: never over something; the erased do not come back.
    RUNS(CLI_FAULT, "restore --store %s --vault %s %s/data %s/keys", e->where, d.vault, f, f);
    RUNS(CLI_FAULT, "restore --store %s --vault %s/new.vault %s/data %s/keys", e->where, f, f, f);
    emptied(e, where);
    RUNS(CLI_DONE, "restore --store %s --vault %s/new.vault %s/data %s/keys", where, f, f, f);
    OK(strstr(ran.out, "1 people were erased after the backup") != NULL && strstr(ran.out, "the chain holds") != NULL,
       "erased again: %s", ran.out);
    struct engine restored = *e;
    restored.where = where;
    if (desk_open(&back, &restored)) {
        desk_close(&back);
        (void)snprintf(back.vault, sizeof back.vault, "%s/new.vault", f);
        EQ_INT(DESK_NUMBER(&back, "SELECT flags FROM person WHERE id = %lld", (long long)person), PERSON_ERASED,
               "not known any more");
        EQ_INT(DESK_NUMBER(&back, "SELECT count(*) FROM fact WHERE subject = %lld AND kind = %d", (long long)other,
                           EVENT_SYMPTOM),
               0, "as it was when it was copied");
    }
    desk_close(&d);
}

int main(void)
{
    struct engines engines;
    engines_open(&engines);
    engine_each(&engines, "keeping", test_keeping);
    engines_close(&engines);
    return tap_done();
}
