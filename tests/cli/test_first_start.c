// From an empty store to a response that runs: the first start, the first accounts, an edition signed by two persons; and people
// who were in quarantine when it began, whose days are counted from then.
#include "tap.h"

#include "cli/serve_first.h"
#include "service/harness.h"
#include "service/people.h"

#include <time.h>

#define LIST "01990000-0000-7000-8000-0000000000e1"
static struct browser root, officer, second, helper;

// What `serve --protocol covid19-cn-8 --place ...` does on an empty store; that edition extends another one.
static void first_start(struct harness *h)
{
    char *said = NULL;
    size_t n = 0;
    FILE *f = open_memstream(&said, &n);
    struct cli cli = {.language = LANG_EN, .out = f, .err = f, .program = "tongzhou"};
    cli_find_protocols(&cli);
    const struct serve_first first = {.protocol = "covid19-cn-8", .place = "同城", .place_kind = "city"};
    OK(accounts_password_cost(h->service, PASSWORD_COST_LEAST), "cheap passwords");
    OK(serve_begin(&cli, h->service, &first) == TONG_OK, "the first start");
    (void)fclose(f);
    const char *shown = said == NULL ? NULL : strstr(said, "shown this once: ");
    root = (struct browser){.login = "administrator"};
    if (OK(shown != NULL, "shows a one-time password: %s", said == NULL ? "" : said))
        (void)snprintf(root.password, sizeof root.password, "%.*s", (int)strcspn(shown + 17, "\n"), shown + 17);
    free(said);
    OK(service_edition(h->service) < 0, "no edition is in force yet");
    OK(browser_arrive(h, &root, "all of us in one boat", true), "the administrator changes it and sets up the second factor");
    f = open_memstream(&said, &n);
    cli.out = cli.err = f;
    OK(serve_begin(&cli, h->service, &first) == TONG_OK, "a second start");
    (void)fclose(f);
    OK(strstr(said, "password") == NULL && strstr(said, "top place") == NULL, "makes nothing twice: %s", said);
    free(said);
}

static void signed_by_two(struct harness *h)
{
    officer = (struct browser){.login = "officer.one"};
    second = (struct browser){.login = "officer.two"};
    helper = (struct browser){.login = "helper.one"};
    OK(browser_open(h, &root, &officer, "health_officer", "") != 0 && browser_arrive(h, &officer, "a long way to go together", true) &&
           browser_open(h, &root, &second, "health_officer", "") != 0 && browser_arrive(h, &second, "another long way to go", true) &&
           browser_open(h, &root, &helper, "community_worker", "") != 0 && browser_arrive(h, &helper, "from door to door we go", false),
       "accounts");
    EQ_INT(browser_get(h, &officer, "/api/v1/editions"), 200, "what was proposed");
    OK(strcmp(harness_text(h, "items.1.name"), "covid19-cn-8") == 0 && strcmp(harness_text(h, "items.1.state"), "proposed") == 0,
       "the eighth edition, behind the one it extends");
    EQ_INT(browser_get(h, &officer, "/api/v1/editions/covid19-cn-8/affected"), 200, "who would be affected");
    EQ_INT(harness_int(h, "enrolments"), 0, "nobody yet");
    EQ_INT(browser_post(h, &helper, "PUT", "/api/v1/editions/covid19-cn-8/signature", "{}"), 403, "not everybody signs");
    EQ_INT(browser_post(h, &officer, "PUT", "/api/v1/editions/covid19-cn-8/signature", "{}"), 200, "the first signature");
    (void)browser_post(h, &officer, "PUT", "/api/v1/editions/covid19-cn-8/signature", "{}");
    OK(service_edition(h->service) < 0, "twice the same person is not two");
    EQ_INT(browser_post(h, &second, "PUT", "/api/v1/editions/covid19-cn-8/signature", "{}"), 200, "the second one");
    OK(service_tick(h->service, NULL) == TONG_OK && service_edition(h->service) == 1, "puts it in force");
    EQ_INT(browser_get(h, &officer, "/api/v1/about"), 200, "everybody can see");
    EQ_TEXT(harness_text(h, "edition.name"), "covid19-cn-8", "which");
}

// Contacts who were named a week ago, as another system has them: recorded today, half of their days are behind them.
static void in_mid_outbreak(struct harness *h)
{
    struct question q = {.method = "PUT", .as = officer.cookie, .type = "text/csv",
                         .target = "/api/v1/imports/" LIST "?format=list&table=contacts&name=contacts.csv",
                         .body = "id,name,last_contact,reported,kind\n"
                                 "K1,Di,2022-06-24,2022-06-25,household\nK2,Cy,2022-05-10,2022-05-11,household\n"};
    EQ_INT(harness_ask(h, &q), 202, "a list of contacts is sent");
    bool done = false;
    for (int step = 0; step < 2; step++) {
        done = false;
        for (int i = 0; i < 500 && !done; i++) {
            (void)nanosleep(&(struct timespec){0, 10000000}, NULL);
            done = browser_get(h, &officer, "/api/v1/imports/" LIST) == 200 &&
                   strcmp(harness_text(h, "stage.word"), step == 0 ? "checked" : "ended") == 0;
        }
        if (step == 0) EQ_INT(browser_post(h, &officer, "POST", "/api/v1/imports/" LIST "/confirm", NULL), 202, "and recorded");
    }
    OK(done && harness_int(h, "rows.faulty") == 0, "without a fault");
    OK(service_tick(h->service, NULL) == TONG_OK, "days pass");
    EQ_INT(browser_get(h, &officer, "/api/v1/contacts?count=true&state=all&q=Di"), 200, "one of them");
    EQ_TEXT(harness_text(h, "items.0.last_exposure"), "2022-06-24", "met a case a week ago");
    // Eighth edition: 14 days of quarantine from the last exposure. Seven of them are over.
    EQ_TEXT(harness_text(h, "items.0.stage_end"), "2022-07-08", "and has seven days to go");
    EQ_INT(browser_get(h, &officer, "/api/v1/measures?count=true&name=Di"), 200, "what is asked of them");
    EQ_TEXT(harness_text(h, "items.0.state.word"), "proposed", "needs a signature before it binds");
    // The order is reviewed every seven days (the protocol's `review`), counted from when they were named: never beyond the end.
    OK(strncmp(harness_text(h, "items.0.until"), "2022-07-02", 10) == 0, "for as long as an order lasts: %s", harness_text(h, "items.0.until"));
    OK(strncmp(harness_text(h, "items.0.proposed"), "2022-07-01", 10) == 0, "asked for today, not back-dated: %s",
       harness_text(h, "items.0.proposed"));
    EQ_INT(browser_get(h, &officer, "/api/v1/measures?count=true&state=proposed&name=Cy"), 200, "whose days are over");
    EQ_INT(harness_int(h, "total"), 0, "is asked nothing of");
}

int main(void)
{
    struct harness h;
    const struct harness_options options = {.who = session_actor};
    if (!harness_open(&h, &options)) return tap_done();
    accounts_restrict_most(h.service, 0);
    first_start(&h);
    signed_by_two(&h);
    in_mid_outbreak(&h);
    harness_close(&h);
    return tap_done();
}
