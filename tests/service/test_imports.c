// Imports, mappings, duplicates and exports through the routes: sent, checked, corrected, confirmed by a second person, undone;
// scopes hold; what goes out is what the asker may see.
#include "tap.h"

#include "harness.h"

#include "setting.h"
#include "store/engines.h"

#include <time.h>

#define IMPORT_A "01990000-0000-7000-8000-0000000c0001"
#define IMPORT_B "01990000-0000-7000-8000-0000000c0002"
#define IMPORT_C "01990000-0000-7000-8000-0000000c0003"

static const char list[] = "id,name,sex,born,phone,onset,reported,class,Wohnort\n"
                           "1,陈大文,m,1990-01-02,13911110001,2022-06-20,2022-06-21,confirmed,A\n"
                           "2,Ana Lima,f,1985-05-06,13911110002,2022-06-21,2022-06-22,confirmed,B\n"
                           "3,Bo,m,,,2022-06-31,2022-06-22,confirmed,C\n"
                           "4,Cy,m,,,,2022-06-22,suspected,D\n";

// Until the import stands still.
static const char *settled(struct harness *h, const char *target, const char *as)
{
    for (int i = 0; i < 500; i++) {
        if (harness_get(h, target, as) != 200) return "gone";
        const char *stage = harness_text(h, "stage.word");
        if (strcmp(stage, "checking") != 0 && strcmp(stage, "recording") != 0 && strcmp(stage, "undoing") != 0)
            return stage;
        const struct timespec wait = {0, 10 * 1000 * 1000};
        (void)nanosleep(&wait, NULL);
    }
    return "never";
}

static int32_t send_csv(struct harness *h, const char *target, const char *as, const char *text)
{
    const struct question q = {.method = "PUT", .target = target, .body = text, .as = as, .type = "text/csv"};
    return harness_ask(h, &q);
}

static void test_import(struct harness *h)
{
    EQ_INT(send_csv(h, "/api/v1/imports/" IMPORT_A "?format=list&name=list.csv", "health", list), 202,
           "a file is sent");
    EQ_TEXT(settled(h, "/api/v1/imports/" IMPORT_A, "health"), "checked", "and checked");
    EQ_INT(harness_int(h, "rows.read"), 4, "rows");
    EQ_INT(harness_int(h, "rows.taken"), 3, "that would be taken");
    EQ_INT(harness_int(h, "rows.faulty"), 1, "and faulty");
    EQ_INT(send_csv(h, "/api/v1/imports/" IMPORT_A "?format=list&name=list.csv", "health", list), 200,
           "sent twice it is the same import");
    EQ_INT(harness_get(h, "/api/v1/imports/" IMPORT_A "/faults", "health"), 200, "what is wrong");
    bool found = false;
    for (int i = 0; i < 8 && !found; i++) {
        char path[40];
        (void)snprintf(path, sizeof path, "items.%d.slug", i);
        found = strcmp(harness_text(h, path), "date-impossible") == 0;
    }
    OK(found, "31 June");
    EQ_INT(harness_get(h, "/api/v1/imports/" IMPORT_A "/faults.csv", "health"), 200, "the faulty rows");
    OK(h->body.n > 0 && strstr(h->body.p, "\n3,Bo,m,") != NULL && strstr(h->body.p, "tongzhou_problem") != NULL,
       "as a file");
    EQ_INT(harness_get(h, "/api/v1/imports/" IMPORT_A "/mapping", "health"), 200, "the mapping");
    OK(h->body.n > 0 && strstr(h->body.p, "\"onset\": onset") != NULL && strstr(h->body.p, "Wohnort") == NULL,
       "as suggested");
    const struct question mapping = {.method = "PUT",
                                     .target = "/api/v1/imports/" IMPORT_A "/mapping",
                                     .as = "health",
                                     .type = "application/yaml",
                                     .body = "import: cases\nunknown_columns: note\ncolumns:\n  Wohnort: address\n"};
    EQ_INT(harness_ask(h, &mapping), 202, "is changed");
    EQ_TEXT(settled(h, "/api/v1/imports/" IMPORT_A, "health"), "checked", "and checked again");
    EQ_INT(harness_send(h, "POST", "/api/v1/imports/" IMPORT_A "/confirm", "health", NULL), 202, "confirmed");
    EQ_TEXT(settled(h, "/api/v1/imports/" IMPORT_A, "health"), "ended", "recorded");
    EQ_TEXT(harness_text(h, "state.word"), "done", "done");
    EQ_INT(harness_int(h, "rows.taken"), 3, "rows taken");
    EQ_INT(harness_get(h, "/api/v1/imports", "health"), 200, "the list");
    EQ_TEXT(harness_text(h, "items.0.uid"), IMPORT_A, "has it");
    EQ_INT(harness_send(h, "POST", "/api/v1/imports/" IMPORT_A "/confirm", "health", NULL), 409, "not twice");
}

static void test_scope(struct harness *h)
{
    // Who looks after the east sees neither the import nor may record people of elsewhere.
    EQ_INT(harness_get(h, "/api/v1/imports/" IMPORT_A, "east"), 404, "somebody else's import is not there");
    EQ_INT(send_csv(h, "/api/v1/imports/" IMPORT_B "?format=tongzhou&table=people", "east",
                    "uid,name,place\n01990000-0000-7000-8000-0000000d0001,East,\n01990000-0000-7000-8000-0000000d0002,"
                    "Far," FAR_COMMUNITY "\n01990000-0000-7000-8000-0000000d0003,Near," COMMUNITY "\n"),
           202, "a list of three");
    EQ_TEXT(settled(h, "/api/v1/imports/" IMPORT_B, "east"), "checked", "checked");
    EQ_INT(harness_send(h, "POST", "/api/v1/imports/" IMPORT_B "/confirm", "east", NULL), 202, "confirmed");
    EQ_TEXT(settled(h, "/api/v1/imports/" IMPORT_B, "east"), "ended", "recorded");
    EQ_INT(harness_int(h, "rows.taken"), 1, "only who lives there is taken");
    EQ_INT(harness_int(h, "rows.faulty"), 2, "the others are faults");
    EQ_INT(harness_get(h, "/api/v1/exports/people", "east"), 200, "an export of one district");
}

static void test_second(struct harness *h)
{
    accounts_restrict_most(h->service, HELD_PEOPLE_MOST);
    struct sink many = {0};
    sink_text(&many, "id,name,reported,class\n");
    for (int i = 0; i < 12; i++) sink_printf(&many, "M%d,Name %c,2022-06-22,suspected\n", i, 'a' + i);
    EQ_INT(send_csv(h, "/api/v1/imports/" IMPORT_C "?format=list&source=many", "health", sink_kept(&many).p), 202,
           "twelve cases");
    EQ_TEXT(settled(h, "/api/v1/imports/" IMPORT_C, "health"), "checked", "checked");
    EQ_INT(harness_send(h, "POST", "/api/v1/imports/" IMPORT_C "/confirm", "health", NULL), 403,
           "not confirmed by the sender");
    EQ_INT(harness_send(h, "POST", "/api/v1/imports/" IMPORT_C "/confirm", "second", NULL), 202,
           "but by a second person");
    EQ_TEXT(settled(h, "/api/v1/imports/" IMPORT_C, "health"), "ended", "recorded");
    EQ_INT(harness_int(h, "rows.taken"), 12, "all of it");
    EQ_INT(harness_send(h, "POST", "/api/v1/imports/" IMPORT_C "/undo", "health", NULL), 202, "undone");
    EQ_TEXT(settled(h, "/api/v1/imports/" IMPORT_C, "health"), "ended", "in the end");
    EQ_TEXT(harness_text(h, "state.word"), "undone", "is undone");
    EQ_INT(harness_int(h, "undone.people"), 12, "with its people");
    sink_close(&many);
    accounts_restrict_most(h->service, 0);
}

static void test_mappings(struct harness *h)
{
    const struct question put = {.method = "PUT",
                                 .target = "/api/v1/mappings/county",
                                 .as = "health",
                                 .type = "application/yaml",
                                 .body = "import: cases\ncolumns:\n  Nr: id\n"};
    EQ_INT(harness_ask(h, &put), 204, "a mapping is kept");
    EQ_INT(harness_get(h, "/api/v1/mappings", "health"), 200, "listed");
    EQ_TEXT(harness_text(h, "items.0.name"), "county", "by name");
    EQ_INT(harness_get(h, "/api/v1/mappings/county", "health"), 200, "and read");
    OK(h->body.n > 0 && strstr(h->body.p, "Nr: id") != NULL, "as it was sent");
    const struct question bad = {.method = "PUT",
                                 .target = "/api/v1/mappings/bad",
                                 .as = "health",
                                 .type = "application/yaml",
                                 .body = "import: cases\ncolumns:\n  Nr: nosuch\n"};
    EQ_INT(harness_ask(h, &bad), 422, "a wrong one is refused");
    EQ_INT(harness_send(h, "DELETE", "/api/v1/mappings/county", "health", NULL), 204, "dropped");
    EQ_INT(harness_get(h, "/api/v1/mappings/county", "health"), 404, "and gone");
}

static void test_duplicates(struct harness *h)
{
    // 陈大文 once more, under another number, born with day and month swapped.
    static const char more[] =
        "id,name,sex,born,phone,reported,class\nX,陳大文,m,1990-02-01,13911110001,2022-06-23,suspected\n";
    EQ_INT(send_csv(h, "/api/v1/imports/01990000-0000-7000-8000-0000000c0004?format=list&source=other", "health", more),
           202, "one more");
    EQ_TEXT(settled(h, "/api/v1/imports/01990000-0000-7000-8000-0000000c0004", "health"), "checked", "checked");
    EQ_INT(harness_int(h, "duplicates"), 1, "probably somebody who is there");
    EQ_INT(harness_send(h, "POST", "/api/v1/imports/01990000-0000-7000-8000-0000000c0004/confirm", "health", NULL), 202,
           "all the same");
    EQ_TEXT(settled(h, "/api/v1/imports/01990000-0000-7000-8000-0000000c0004", "health"), "ended", "recorded");
    EQ_INT(harness_get(h, "/api/v1/duplicates", "health"), 200, "pairs");
    EQ_TEXT(harness_text(h, "items.0.a.name"), "陈大文", "side by side");
    EQ_TEXT(harness_text(h, "items.0.b.name"), "陳大文", "with the other");
    int64_t pair = harness_int(h, "items.0.pair");
    char keep[UID_TEXT], target[80], body[120];
    (void)snprintf(keep, sizeof keep, "%s", harness_text(h, "items.0.a.uid"));
    (void)snprintf(target, sizeof target, "/api/v1/duplicates/%lld", (long long)pair);
    EQ_INT(harness_send(h, "POST", target, "east", "{\"same\":false}"), 404, "not there for who may not see them");
    EQ_INT(harness_send(h, "POST", target, "health", "{\"same\":true}"), 422, "which one is kept must be said");
    (void)snprintf(body, sizeof body, "{\"same\":true,\"keep\":\"%s\"}", keep);
    EQ_INT(harness_send(h, "POST", target, "health", body), 204, "merged");
    EQ_INT(harness_send(h, "POST", target, "health", body), 204, "said twice it is the same");
    EQ_INT(harness_send(h, "POST", target, "health", "{\"same\":false}"), 409, "but not the contrary");
    EQ_INT(harness_get(h, "/api/v1/duplicates", "health"), 200, "then");
    OK(harness_at(h, "items.0") == NULL, "nothing is left to decide");
}

static char *stream(struct harness *h, const char *target, const char *as)
{
    struct sink out = {0};
    char buffer[700];
    int32_t status = harness_get(h, target, as);
    EQ_INT(status, 200, "%s", target);
    while (status == 200 && h->reply.stream != NULL) {
        int64_t n = h->reply.stream(h->reply.stream_state, buffer, sizeof buffer);
        if (n < 0) break;
        sink_bytes(&out, buffer, (size_t)n);
    }
    char *text = strdup(sink_kept(&out).p);
    if (text == NULL) abort();
    sink_close(&out);
    return text;
}

static void test_exports(struct harness *h)
{
    char *all = stream(h, "/api/v1/exports/people", "health"),
         *east = stream(h, "/api/v1/exports/people?mark=true", "east");
    OK(strstr(all, "Ana Lima") != NULL && strstr(all, "赵远") != NULL, "everybody");
    OK(strncmp(east, "\xEF\xBB\xBFuid,", 7) == 0 && strstr(east, "王小明") != NULL && strstr(east, "赵远") == NULL &&
           strstr(east, "Ana Lima") == NULL,
       "of the east only its own");
    char *cases = stream(h, "/api/v1/exports/cases?form=jsonl", "health");
    OK(strstr(cases, "\"name\":\"Ana Lima\"") != NULL, "cases as JSON lines");
    EQ_INT(harness_get(h, "/api/v1/exports/nothing", "health"), 404, "no such kind");
    free(all);
    free(east);
    free(cases);
}

// An hour later, or after a restart, the import is not in memory any more: its faulty rows are in the store, sealed.
static void test_kept(struct harness *h)
{
    h->now.s += 2 * 3600;
    EQ_INT(send_csv(h, "/api/v1/imports/01990000-0000-7000-8000-0000000c0009?format=list", "health", "id,reported,class\nZ1,2022-06-22,suspected\n"),
           202, "a later import takes its room");
    (void)settled(h, "/api/v1/imports/01990000-0000-7000-8000-0000000c0009", "health");
    EQ_INT(harness_get(h, "/api/v1/imports/" IMPORT_A "/mapping", "health"), 404, "it is not at hand any more");
    EQ_INT(harness_get(h, "/api/v1/imports/" IMPORT_A "/faults.csv", "health"), 200, "its faulty rows are");
    OK(h->body.n > 0 && strstr(h->body.p, "\n3,Bo,m,") != NULL && strstr(h->body.p, "tongzhou_problem") != NULL, "as they were");
    EQ_INT(harness_get(h, "/api/v1/imports/" IMPORT_A "/faults.csv", "east"), 404, "not for somebody else");
}

static void all_of_it(const struct engine *e)
{
    struct harness h;
    if (!setting_open_on(&h, e->where)) return;
    OK(harness_actor(&h, "second", 77, ROLE_HEALTH_OFFICER, 0) != NULL, "a second account");
    OK(harness_actor(&h, "east", 78, ROLE_HEALTH_OFFICER, setting_number(&h, EAST)) != NULL,
       "and one of the east alone");
    test_import(&h);
    test_scope(&h);
    test_second(&h);
    test_mappings(&h);
    test_duplicates(&h);
    test_exports(&h);
    test_kept(&h);
    harness_close(&h);
}

int main(void)
{
    struct engines engines;
    engines_open(&engines);
    engine_each(&engines, "imports", all_of_it);
    engines_close(&engines);
    return tap_done();
}
