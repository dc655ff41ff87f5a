#define _GNU_SOURCE // memmem
// Erasing a person while the server runs: asked for, confirmed by another, and then nowhere any more.
#include "tap.h"

#include "harness.h"
#include "people.h"
#include "store/engines.h"
#include "within.h"

#include <dirent.h>
#include <sys/stat.h>
#include <time.h>

#define PERSON "01990000-0000-7000-8000-0000000000c1"
#define OTHER "01990000-0000-7000-8000-0000000000c2"
#define PLACE "01990000-0000-7000-8000-0000000000d1"
#define LIST "01990000-0000-7000-8000-0000000000e1"

// Texts that stand nowhere else.
static const char *const texts[] = {"辛夷玛丽安娜", "13987650123", "xylo@quetzal.example", "翡翠巷第九十九号"};
enum { TEXTS = sizeof texts / sizeof texts[0] };

static struct browser root, officer, second, resident;

// In how many files below a folder a text stands.
static int64_t folder_hits(const char *folder, const char *text, char *where, size_t room)
{
    int64_t hits = 0;
    DIR *d = opendir(folder);
    for (struct dirent *entry; d != NULL && (entry = readdir(d)) != NULL;) {
        char path[1024];
        struct stat st;
        if (entry->d_name[0] == '.') continue;
        (void)snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        if (lstat(path, &st) != 0) continue;
        if (S_ISDIR(st.st_mode)) {
            if (strstr(path, "pg_wal") == NULL) hits += folder_hits(path, text, where, room);
            continue;
        }
        FILE *f = fopen(path, "rb");
        char *all = malloc((size_t)st.st_size + 1);
        size_t n = f == NULL || all == NULL ? 0 : fread(all, 1, (size_t)st.st_size, f);
        if (f != NULL) (void)fclose(f);
        if (within(all == NULL ? "" : all, n, text)) {
            hits++;
            (void)snprintf(where, room, "%s", path);
        }
        free(all);
    }
    if (d != NULL) (void)closedir(d);
    return hits;
}

static void nowhere(struct harness *h, const struct engine *e, const char *login, const char *when)
{
    char where[1024] = "";
    for (size_t i = 0; i <= TEXTS; i++) {
        const char *text = i < TEXTS ? texts[i] : login;
        int64_t hits = folder_hits(h->folder, text, where, sizeof where) + folder_hits(e->folder, text, where, sizeof where);
        OK(hits == 0, "%s, \"%s\" stands in no file %s", when, text, where);
    }
}

static bool put(struct harness *h, struct browser *b, const char *target, const char *body)
{
    int32_t status = browser_post(h, b, "PUT", target, body);
    if (status != 200 && status != 201) (void)printf("# PUT %s: %d %.*s\n", target, (int)status, (int)h->body.n, h->body.p);
    return status == 200 || status == 201;
}

static void given(struct harness *h)
{
    bool good = browser_first(h, &root);
    officer = (struct browser){.login = "officer.one"};
    second = (struct browser){.login = "officer.two"};
    good = good && browser_open(h, &root, &officer, "health_officer", "") != 0 &&
           browser_arrive(h, &officer, "a long way to go together", true);
    good = good && browser_open(h, &root, &second, "health_officer", "") != 0 &&
           browser_arrive(h, &second, "another long way to go", true);
    good = good && put(h, &officer, "/api/v1/places/" PLACE, "{\"uid\":\"" PLACE "\",\"kind\":\"city\",\"name\":\"同城\"}");
    good = good && put(h, &officer, "/api/v1/people/" PERSON,
                       "{\"uid\":\"" PERSON "\",\"name\":\"辛夷玛丽安娜\",\"sex\":\"female\",\"born\":\"1980-01-01\",\"place\":\"" PLACE
                       "\",\"phone\":\"13987650123\",\"mail\":\"xylo@quetzal.example\",\"address\":\"翡翠巷第九十九号\"}");
    good = good && put(h, &officer, "/api/v1/people/" OTHER,
                       "{\"uid\":\"" OTHER "\",\"name\":\"赵远\",\"sex\":\"male\",\"born\":\"1970-01-01\",\"place\":\"" PLACE "\"}");
    good = good && put(h, &officer, "/api/v1/facts/01990000-0000-7000-8000-0000000000f1",
                       "{\"uid\":\"01990000-0000-7000-8000-0000000000f1\",\"subject\":\"" PERSON
                       "\",\"kind\":\"symptom\",\"happened\":\"2022-06-29T10:00:00+08:00\",\"note\":\"翡翠巷第九十九号\"}");
    good = good && browser_post(h, &officer, "POST", "/api/v1/people/" PERSON "/account", NULL) == 201;
    static char login[40];
    (void)snprintf(login, sizeof login, "%s", harness_text(h, "login"));
    resident = (struct browser){.login = login};
    (void)snprintf(resident.password, sizeof resident.password, "%s", harness_text(h, "password"));
    good = good && browser_arrive(h, &resident, "my own long pass phrase", false);
    good = good && browser_get(h, &resident, "/api/v1/me") == 200;
    OK(good, "somebody about whom something is known, with an account of their own");
}

// A list with a faulty row that names them: it is never recorded, and kept to be repaired.
static void listed(struct harness *h)
{
    struct question q = {.method = "PUT", .target = "/api/v1/imports/" LIST "?format=tongzhou&table=people&name=list.csv",
                         .as = officer.cookie, .type = "text/csv",
                         .body = "uid,name,sex,born,place\n"
                                 "01990000-0000-7000-8000-0000000000c3,孙立,male,1971-01-01," PLACE "\n"
                                 "01990000-0000-7000-8000-0000000000c4,辛夷玛丽安娜,female,1980-99-01," PLACE "\n"};
    int32_t status = harness_ask(h, &q);
    OK(status == 202, "a list is sent: %d", (int)status);
    for (int i = 0; i < 500 && status != 404; i++) {
        (void)nanosleep(&(struct timespec){0, 10000000}, NULL);
        if (browser_get(h, &officer, "/api/v1/imports/" LIST) == 200 && strcmp(harness_text(h, "stage.word"), "checked") == 0) break;
    }
    EQ_INT(browser_post(h, &officer, "POST", "/api/v1/imports/" LIST "/confirm", NULL), 202, "and recorded");
    for (int i = 0; i < 500; i++) {
        (void)nanosleep(&(struct timespec){0, 10000000}, NULL);
        if (browser_get(h, &officer, "/api/v1/imports/" LIST) == 200 && strcmp(harness_text(h, "stage.word"), "ended") == 0) break;
    }
    EQ_INT(harness_int(h, "rows.faulty"), 1, "with one faulty row");
}

static void erased(struct harness *h, const struct engine *e)
{
    char target[80];
    const char *const erasure = "/api/v1/people/" PERSON "/erasure";
    EQ_INT(browser_post(h, &officer, "POST", erasure, "{}"), 422, "a ground is named");
    EQ_INT(browser_post(h, &officer, "POST", erasure, "{\"ground\":\"command_line\"}"), 422, "one that can be true");
    EQ_INT(browser_post(h, &root, "POST", erasure, "{\"ground\":\"request\"}"), 403, "an administrator has no such right");
    EQ_INT(browser_post(h, &officer, "POST", erasure, "{\"ground\":\"request\"}"), 202, "it waits for a second person");
    int64_t held = harness_int(h, "held");
    EQ_INT(browser_get(h, &officer, "/api/v1/people/" PERSON), 200, "until then all is there");
    (void)snprintf(target, sizeof target, "/api/v1/held/%lld/confirm", (long long)held);
    EQ_INT(browser_post(h, &officer, "POST", target, NULL), 403, "nobody is their own second person");
    EQ_INT(browser_get(h, &second, "/api/v1/held"), 200, "the second person finds it");
    EQ_TEXT(harness_text(h, "items.0.kind"), "erasure", "as what it is");
    EQ_INT(browser_post(h, &second, "POST", target, NULL), 200, "and confirms");
    EQ_TEXT(harness_text(h, "state"), "confirmed", "it is done");
    OK(strstr(harness_text(h, "answer"), "\"state\":\"erased\"") != NULL, "erased: %s", harness_text(h, "answer"));
    OK(strstr(harness_text(h, "answer"), "\"accounts\":1") != NULL, "with their account");
    OK(e->postgresql || strstr(harness_text(h, "answer"), "\"scrubbed\":true") != NULL, "and the database is scrubbed");
    EQ_INT(browser_get(h, &officer, "/api/v1/people/" PERSON), 404, "they are not there");
    EQ_INT(browser_get(h, &officer, "/api/v1/people?name=%E8%BE%9B%E5%A4%B7"), 200, "a search");
    EQ_INT(json_array_size(harness_at(h, "items")), 0, "finds nobody");
    EQ_INT(browser_get(h, &officer, "/api/v1/people/" OTHER), 200, "others are");
    EQ_INT(browser_get(h, &resident, "/api/v1/me"), 401, "their session has ended");
    EQ_INT(browser_password(h, &resident), 401, "and their account opens no more");
    EQ_INT(browser_post(h, &officer, "POST", erasure, "{\"ground\":\"request\"}"), 404, "nobody is erased twice");
    EQ_INT(browser_get(h, &second, "/api/v1/exports/people"), 200, "an export made afterwards");
    static char out[1 << 16];
    bool ended = false;
    size_t n = harness_stream(h, out, sizeof out - 1, &ended);
    OK(ended && within(out, n, "赵远") && !within(out, n, texts[0]), "names the others only");
    EQ_INT(browser_get(h, &officer, "/api/v1/imports/" LIST "/faults.csv"), 204, "the faulty rows that named them");
    OK(!within(h->body.p == NULL ? "" : h->body.p, h->body.n, texts[0]), "are gone");
}

static void audited(struct harness *h)
{
    struct browser auditor = {.login = "auditor.one"};
    bool good = browser_open(h, &root, &auditor, "auditor", "") != 0 && browser_arrive(h, &auditor, "watching over all of it", true);
    OK(good, "an auditor");
    EQ_INT(browser_get(h, &auditor, "/api/v1/audit?what=erased"), 200, "the audit has it");
    EQ_INT(json_array_size(harness_at(h, "items")), 1, "once");
    EQ_TEXT(harness_text(h, "items.0.login"), "officer.one", "by whom");
    OK(strstr(harness_text(h, "items.0.detail"), "\"ground\":\"request\"") != NULL, "on which ground: %s",
       harness_text(h, "items.0.detail"));
    OK(strstr(harness_text(h, "items.0.detail"), "\"confirmed_by\":3") != NULL, "and who confirmed");
    OK(json_is_null(harness_at(h, "items.0.about")), "whom, it does not say");
    EQ_INT(browser_get(h, &auditor, "/api/v1/audit/held"), 200, "what needed a second person");
    EQ_TEXT(harness_text(h, "items.0.state"), "confirmed", "was confirmed");
}

static void all(const struct engine *e)
{
    struct harness h;
    char protocol[1024];
    struct harness_options options = {.who = session_actor, .store = e->where,
                                      .protocol = tap_source("protocols/covid19-cn-9.yaml", protocol, sizeof protocol)};
    if (!harness_open(&h, &options)) return;
    given(&h);
    char backup[400], login[40];
    (void)snprintf(login, sizeof login, "%s", resident.login);
    listed(&h);
    struct db *db = NULL;
    struct err err = {0};
    (void)snprintf(backup, sizeof backup, "%s/before.copy", e->folder);
    OK(db_open(e->where, DB_READ, &db, &err) == TONG_OK && db_backup(db, backup, &err) == TONG_OK, "a backup of the database: %s", err.text);
    db_close(db);
    nowhere(&h, e, login, "before");
    erased(&h, e);
    audited(&h);
    nowhere(&h, e, login, "after");
    harness_close(&h);
}

int main(void)
{
    struct engines engines;
    engines_open(&engines);
    engine_each(&engines, "erasing", all);
    engines_close(&engines);
    return tap_done();
}
