// An outbreak recorded in a running server: over a socket, by two accounts, and again without anything new.
#include "tap.h"

#include "cli/replay.h"
#include "service/harness.h"
#include "service/listen.h"
#include "service/people.h"

#include <unistd.h>

static const char cases[] = "id,sex,age,onset,reported,class,outcome,outcome_day,infector\n"
                            "A1,m,41,2022-06-24,2022-06-26,confirmed,,,\n"
                            "A2,f,38,2022-06-28,2022-06-29,confirmed,,,A1\n"
                            "A3,f,70,,2022-06-29,suspected,died,2022-06-30,A1\n";
static const char contacts[] = "id,case_of,last_contact,reported,kind\n"
                               "K1,A1,2022-06-25,2022-06-26,household\nK2,A1,2022-06-25,2022-06-26,household\n"
                               "K3,A1,2022-06-25,2022-06-26,household\nK4,A2,2022-06-28,2022-06-29,household\n"
                               "K5,A2,2022-06-28,2022-06-29,household\nK6,A2,2022-06-28,2022-06-29,household\n";

static char folder[256], list[300], met[300], url[80];

static bool written(const char *path, const char *text)
{
    FILE *f = fopen(path, "wb");
    bool good = f != NULL && fwrite(text, 1, strlen(text), f) == strlen(text);
    return f != NULL && fclose(f) == 0 && good;
}

// Runs the command; what it says on either stream.
static int run(const char *login, const char *second, const char *more, char out[4000])
{
    FILE *f = tmpfile();
    struct cli cli = {.language = LANG_EN, .out = f, .err = f, .program = "tongzhou"};
    const char *arguments[] = {"replay", list, "--contacts", met, "--quiet", "--into", url, "--login", login,
                               second == NULL ? NULL : "--second", second, more, NULL};
    char *argv[16];
    int argc = 0;
    for (size_t i = 0; i < sizeof arguments / sizeof arguments[0]; i++)
        if (arguments[i] != NULL) argv[argc++] = strdup(arguments[i]);
    argv[argc] = NULL;
    char *kept[16]; // the command moves them about
    memcpy(kept, argv, sizeof kept);
    int code = cli_replay(&cli, argc, argv);
    for (int i = 0; i < argc; i++) free(kept[i]);
    rewind(f);
    size_t n = fread(out, 1, 3999, f);
    out[n] = 0;
    (void)fclose(f);
    return code;
}

static int64_t counted(struct harness *h, struct browser *b, const char *target)
{
    return browser_get(h, b, target) == 200 ? harness_int(h, "total") : -1;
}

static void recorded(struct harness *h, struct browser *officer)
{
    char out[4000];
    (void)setenv("TONGZHOU_PASSWORD", "wrong", 1);
    EQ_INT(run("feed.one", NULL, NULL, out), CLI_FAULT, "a wrong password");
    OK(strstr(out, "HTTP 401") != NULL, "is said: %s", out);
    (void)setenv("TONGZHOU_PASSWORD", "lists from elsewhere", 1);
    EQ_INT(run("feed.one", NULL, "--place=nowhere", out), CLI_FAULT, "a place that is none: %s", out);
    EQ_INT(run("feed.one", NULL, NULL, out), CLI_FAULT, "many at once wait for a second person");
    OK(strstr(out, "stopped: request 1 ") != NULL, "and it says so: %s", out);
    EQ_INT(counted(h, officer, "/api/v1/people?count=true"), 0, "nothing was recorded");
    char code[8];
    (void)snprintf(code, sizeof code, "%s", browser_code(h, officer, 1));
    (void)setenv("TONGZHOU_SECOND_PASSWORD", officer->password, 1);
    (void)setenv("TONGZHOU_SECOND_CODE", code, 1);
    EQ_INT(run("feed.one", "officer.one", NULL, out), CLI_DONE, "with one it is recorded: %s", out);
    OK(strstr(out, "people described: 9, refused: 0") != NULL && strstr(out, "there already: 0, refused: 0") != NULL, "all of it");
    EQ_INT(counted(h, officer, "/api/v1/people?count=true"), 9, "nine people are there");
    EQ_INT(counted(h, officer, "/api/v1/cases?count=true&state=all"), 3, "three of them cases");
    EQ_INT(browser_get(h, officer, "/api/v1/people?name=A2"), 200, "people are called by their number");
    EQ_INT(json_array_size(harness_at(h, "items")), 1, "and found by it");
    const char *took = strstr(out, "facts recorded: ");
    int64_t facts = took == NULL ? 0 : strtoll(took + 16, NULL, 10);
    OK(facts >= 15, "%lld facts", (long long)facts);
    char want[80];
    (void)snprintf(want, sizeof want, "facts recorded: 0, there already: %lld, refused: 0", (long long)facts);
    EQ_INT(run("feed.one", NULL, NULL, out), CLI_DONE, "the same command again");
    OK(strstr(out, want) != NULL, "changes nothing: %s", out);
    EQ_INT(run("feed.one", NULL, "--speed=50", out), CLI_DONE, "day by day");
    OK(strstr(out, want) != NULL, "neither: %s", out);
    EQ_INT(run("feed.one", "feed.one", NULL, out), CLI_FAULT, "nobody is their own second person");
}

int main(void)
{
    struct harness h;
    struct listener *l = NULL;
    struct err err = {0};
    char protocol[1024], out[4000];
    const struct harness_options options = {.who = session_actor, .threads = true,
                                            .protocol = tap_source("protocols/covid19-cn-9.yaml", protocol, sizeof protocol)};
    if (!harness_open(&h, &options)) return tap_done();
    (void)snprintf(folder, sizeof folder, "%.200s", h.folder);
    (void)snprintf(list, sizeof list, "%s/outbreak.csv", folder);
    (void)snprintf(met, sizeof met, "%s/met.csv", folder);
    OK(written(list, cases) && written(met, contacts), "a small outbreak");
    struct browser root, officer = {.login = "officer.one"}, feed = {.login = "feed.one"};
    bool good = browser_first(&h, &root) && browser_open(&h, &root, &officer, "health_officer", "") != 0 &&
                browser_arrive(&h, &officer, "a long way to go together", true) &&
                browser_open(&h, &root, &feed, "feed", "") != 0 && browser_arrive(&h, &feed, "lists from elsewhere", false);
    OK(good, "an outside system's account, and a health officer");
    const struct listener_options at = {.address = "127.0.0.1:0"};
    if (OK(listener_open(h.service, &at, &l, &err) == TONG_OK, "a server: %s", err.text)) {
        (void)snprintf(url, sizeof url, "http://127.0.0.1:%d/", (int)listener_port(l));
        recorded(&h, &officer);
        listener_close(l);
        (void)snprintf(url, sizeof url, "ftp://127.0.0.1/");
        EQ_INT(run("feed.one", NULL, NULL, out), CLI_FAULT, "no address of a server: %s", out);
    }
    (void)unlink(list);
    (void)unlink(met);
    harness_close(&h);
    return tap_done();
}
