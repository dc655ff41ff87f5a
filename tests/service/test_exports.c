// Cases and contacts over HTTP as other systems write them: read by the importer of that system into an empty store, and written
// again, they are the same.
#include "tap.h"

#include "harness.h"

#include "setting.h"

#include <time.h>

#define LIST(n) SETTING_UID("0e0" n)

static const struct {
    const char *dialect, *format;
} rows[] = {{"godata", "godata"}, {"godata-labels", "godata"}, {"sormas", "sormas"}};
enum { ROWS = sizeof rows / sizeof rows[0], TEXT = 1 << 16 };
static const char *const kinds[] = {"cases", "contacts"};

static char *exported(struct harness *h, const char *kind, const char *dialect)
{
    char target[120], *text = calloc(1, TEXT);
    bool ended = false;
    (void)snprintf(target, sizeof target, "/api/v1/exports/%s?dialect=%s", kind, dialect);
    EQ_INT(harness_get(h, target, "health"), 200, "%s for %s", kind, dialect);
    size_t n = text == NULL ? 0 : harness_stream(h, text, TEXT - 1, &ended);
    OK(ended && n > 0, "are written to the end");
    return text;
}

static bool at_stage(struct harness *h, const char *target, const char *stage)
{
    bool there = false;
    for (int i = 0; i < 1000 && !there; i++) {
        (void)nanosleep(&(struct timespec){0, 10000000}, NULL);
        there = harness_get(h, target, "health") == 200 && strcmp(harness_text(h, "stage.word"), stage) == 0;
    }
    return there;
}

static void imported(struct harness *h, const char *list, const char *kind, const char *format, const char *text)
{
    char target[200], one[120], confirm[140];
    (void)snprintf(one, sizeof one, "/api/v1/imports/%s", list);
    (void)snprintf(target, sizeof target, "%s?format=%s&table=%s&name=%s.csv", one, format, kind, kind);
    (void)snprintf(confirm, sizeof confirm, "%s/confirm", one);
    const struct question q = {.method = "PUT", .target = target, .as = "health", .type = "text/csv", .body = text};
    EQ_INT(harness_ask(h, &q), 202, "%s are sent", kind);
    OK(at_stage(h, one, "checked"), "checked");
    EQ_INT(harness_send(h, "POST", confirm, "health", NULL), 202, "confirmed");
    OK(at_stage(h, one, "ended") && harness_int(h, "rows.faulty") == 0 && harness_int(h, "rows.taken") > 0, "and recorded: %.*s",
       (int)(h->body.n < 600 ? h->body.n : 600), h->body.p == NULL ? "" : h->body.p);
}

int main(void)
{
    char *text[ROWS][2], protocol[1024];
    struct harness h;
    if (!setting_open(&h) || !setting_case(&h)) return tap_done();
    for (size_t i = 0; i < ROWS; i++)
        for (size_t k = 0; k < 2; k++) text[i][k] = exported(&h, kinds[k], rows[i].dialect);
    OK(strstr(text[0][0], "王小明") != NULL && strstr(text[0][1], "李芳") != NULL, "with their names for who may see them");
    EQ_INT(harness_get(&h, "/api/v1/exports/people?dialect=sormas", "health"), 422, "people are not written so");
    EQ_INT(harness_get(&h, "/api/v1/exports/cases?dialect=sormas&form=jsonl", "health"), 422, "nor is JSON");
    EQ_INT(harness_get(&h, "/api/v1/exports/cases?dialect=esperanto", "health"), 400, "nor a dialect nobody speaks");
    (void)harness_actor(&h, "worker", 51, ROLE_FOLLOW_UP_WORKER, 0);
    EQ_INT(harness_get(&h, "/api/v1/exports/contacts?dialect=godata", "worker"), 403, "nor for everybody");
    harness_close(&h);
    const struct harness_options options = {.protocol = tap_source("protocols/covid19-cn-9.yaml", protocol, sizeof protocol)};
    for (size_t i = 0; i < ROWS; i++) {
        if (!harness_open(&h, &options)) return tap_done();
        accounts_restrict_most(h.service, 0);
        (void)harness_actor(&h, "health", 1, ROLE_HEALTH_OFFICER, 0);
        imported(&h, LIST("1"), "cases", rows[i].format, text[i][0]);
        imported(&h, LIST("2"), "contacts", rows[i].format, text[i][1]);
        for (size_t k = 0; k < 2; k++) {
            char *again = exported(&h, kinds[k], rows[i].dialect);
            EQ_TEXT(again, text[i][k], "%s: %s written again are the same", rows[i].dialect, kinds[k]);
            free(again);
            free(text[i][k]);
        }
        harness_close(&h);
    }
    return tap_done();
}
