// Orders through the routes: what a signer sees, who may sign, two persons where the protocol says so, declining, the site, and
// the order on paper.
#include "tap.h"

#include "harness.h"

#include "setting.h"
#include "store/engines.h"

#define U(n) SETTING_UID("1" n)

static int64_t measure_of(struct harness *h, const char *subject)
{
    char target[120];
    (void)snprintf(target, sizeof target, "/api/v1/measures?subject=%s", subject);
    return harness_get(h, target, "health") == 200 ? harness_int(h, "items.0.measure") : 0;
}

static void lists(struct harness *h)
{
    static const struct scenario rows[] = {
        {"everything that was proposed", "GET", "/api/v1/measures?count=true", "health", NULL, 200, "items.0.state.word=proposed; items.0.signed=0"},
        {"of one person", "GET", "/api/v1/measures?count=true&subject=" CONTACT, "health", NULL, 200,
         "total=1; items.0.what.word=quarantine_facility; items.0.persons=2; items.0.order_by.word=district_command; items.0.until=2022-07-07T16:00:00Z"},
        {"by kind", "GET", "/api/v1/measures?count=true&kind=quarantine,isolation", "health", NULL, 200, "total=2"},
        {"by its name", "GET", "/api/v1/measures?count=true&measure=quarantine_facility", "health", NULL, 200, "total=1; items.0.subject.name=李芳"},
        {"no such name", "GET", "/api/v1/measures?measure=curfew", "health", NULL, 422, "errors.0.slug=name-unknown; errors.0.field=measure"},
        {"by part of a name", "GET", "/api/v1/measures?count=true&name=%E6%9D%8E", "health", NULL, 200, "total=1"},
        {"proposed by yesterday", "GET", "/api/v1/measures?count=true&proposed_to=2022-06-30", "health", NULL, 200, "total=0"},
        {"proposed today", "GET", "/api/v1/measures?count=true&proposed_from=2022-07-01&kind=quarantine", "health", NULL, 200, "total=1"},
        {"by its end", "GET", "/api/v1/measures?count=true&until_from=2022-07-08&until_to=2022-07-08&kind=quarantine", "health", NULL, 200, "total=1"},
        {"in force there is none", "GET", "/api/v1/measures?count=true&state=in_force,ended", "health", NULL, 200, "total=0"},
        {"of the other district there is none", "GET", "/api/v1/measures?count=true", "west", NULL, 200, "total=0"},
        {"by a place of it", "GET", "/api/v1/measures?count=true&place=" WEST, "health", NULL, 200, "total=0"},
        {"nobody of this identifier", "GET", "/api/v1/measures?subject=" U("fff"), "health", NULL, 422, "errors.0.slug=subject-unknown"},
        {"a person is no site", "GET", "/api/v1/measures?site=" CASE, "health", NULL, 422, "errors.0.slug=place-unknown"},
        {"what waits for my signature", "GET", "/api/v1/measures?count=true&mine=true&kind=quarantine", "one", NULL, 200, "total=1; items.0.may_sign=true"},
        {"and not for mine", "GET", "/api/v1/measures?count=true&mine=true&kind=quarantine", "health", NULL, 200, "total=0"},
        {"a laboratory sees no orders", "GET", "/api/v1/measures", "lab", NULL, 403, NULL},
        {"no such state", "GET", "/api/v1/measures?state=splendid", "health", NULL, 400, NULL},
    };
    harness_play(h, rows, sizeof rows / sizeof rows[0]);
    static const char *const sorts[] = {"proposed", "ordered", "started", "until", "ended", "place", "state", "kind", "measure", "site", "born", "status"};
    for (size_t i = 0; i < sizeof sorts / sizeof sorts[0]; i++) {
        char target[120];
        (void)snprintf(target, sizeof target, "/api/v1/measures?count=true&sort=-%s&subject=" CONTACT, sorts[i]);
        CHECK(harness_get(h, target, "health") == 200 && harness_int(h, "total") == 1, "sorted by %s", sorts[i]);
    }
    // Whoever serves contacts sees their orders and not the isolation of a case: who the case was is none of their business.
    (void)harness_actor(h, "follows", 41, ROLE_FOLLOW_UP_WORKER, setting_number(h, COMMUNITY));
    (void)harness_actor(h, "neighbour", 42, ROLE_COMMUNITY_WORKER, setting_number(h, COMMUNITY));
    char of_case[80];
    (void)snprintf(of_case, sizeof of_case, "/api/v1/measures/%lld", (long long)measure_of(h, CASE));
    const struct scenario serving[] = {
        {"who serves contacts sees their orders", "GET", "/api/v1/measures?count=true", "follows", NULL, 200, "items.0.subject.name=李芳"},
        {"and none of a case", "GET", "/api/v1/measures?count=true&kind=isolation", "follows", NULL, 200, "total=0; items.#=0"},
        {"nor does the community", "GET", "/api/v1/measures?count=true&subject=" CASE, "neighbour", NULL, 200, "total=0; items.#=0"},
        {"by its number it does not exist", "GET", of_case, "follows", NULL, 404, NULL},
        {"who answers for it sees it", "GET", of_case, "health", NULL, 200, NULL},
    };
    harness_play(h, serving, sizeof serving / sizeof serving[0]);
    char etag[60] = "";
    (void)harness_get(h, "/api/v1/measures", "health");
    const char *tag = harness_header(h, "ETag");
    if (OK(tag != NULL, "a list has a tag")) (void)snprintf(etag, sizeof etag, "%s", tag);
    EQ_INT(harness_ask(h, &(struct question){.method = "GET", .target = "/api/v1/measures", .as = "health", .if_none_match = etag}), 304, "unchanged, it is not sent again");
}

// What a signer must know, and that nobody learns here who the case was.
static void detail(struct harness *h, int64_t measure)
{
    char one[80], chinese[3000];
    (void)snprintf(one, sizeof one, "/api/v1/measures/%lld", (long long)measure);
    const struct scenario rows[] = {
        {"why, on what ground, what is provided, what is milder, how to object", "GET", one, "one", NULL, 200,
         "people=1; edition=covid19-cn-9; why~contact; basis~Infectious Diseases; voluntary=false; provide.0.word=food; objection.to.word=appeals; "
         "objection.answered_within_minutes=1440; signers.#=0; may_sign=true; ended_how=null; objections.#=0"},
        {"of another district it does not exist", "GET", one, "west", NULL, 404, NULL},
        {"there is no such order", "GET", "/api/v1/measures/999999999", "health", NULL, 404, NULL},
        {"a name is no number", "GET", "/api/v1/measures/first", "health", NULL, 404, NULL},
    };
    harness_play(h, rows, sizeof rows / sizeof rows[0]);
    (void)harness_get(h, one, "one");
    OK(h->body.n > 0 && strstr(h->body.p, "王小明") == NULL && strstr(h->body.p, CASE) == NULL, "who the case was stands nowhere in it");
    const json_t *milder = harness_at(h, "milder.measure"), *reason = harness_at(h, "milder.reason");
    OK(json_is_object(milder) || (json_is_string(reason) && json_string_length(reason) > 0), "a milder step is named, or why there is none");
    EQ_INT(harness_ask(h, &(struct question){.method = "GET", .target = one, .as = "one", .language = "zh-CN"}), 200, "in Chinese");
    (void)snprintf(chinese, sizeof chinese, "%.*s", (int)(h->body.n < 2900 ? h->body.n : 2900), h->body.p);
    OK(strstr(chinese, "集中隔离") != NULL && strstr(chinese, "待签发") != NULL && strstr(chinese, "密切接触者") != NULL, "what, state and why are Chinese: %s", harness_text(h, "why"));
    (void)snprintf(one, sizeof one, "/api/v1/measures/%lld", (long long)measure_of(h, EAST));
    EQ_INT(harness_get(h, one, "health"), 200, "an order on a place");
    EQ_INT(harness_int(h, "people"), 3, "concerns all who live there");
}

static void signing(struct harness *h, int64_t measure)
{
    char target[100], one[80], plain[100];
    (void)snprintf(one, sizeof one, "/api/v1/measures/%lld", (long long)measure);
    (void)snprintf(target, sizeof target, "%s/signature", one);
    const struct scenario before[] = {
        {"who may not sign at all", "PUT", target, "worker", "{}", 403, NULL},
        {"an office that the protocol does not name", "PUT", target, "health", "{\"uid\":\"" U("001") "\"}", 422, "errors.0.slug=order-of-another-office; errors.0.text~district command"},
        {"of another district it does not exist", "PUT", target, "far", "{}", 404, NULL},
        {"an end that is none", "PUT", target, "one", "{\"until\":\"soon\"}", 422, "errors.0.field=until"},
        {"an end in the past", "PUT", target, "one", "{\"until\":\"2022-06-01T00:00:00Z\"}", 422, "errors.0.slug=order-past"},
        {"the first of two signs", "PUT", target, "one", "{\"uid\":\"" U("002") "\"}", 200, "repeated=false; state.word=half_signed; signed=1"},
        {"sent again", "PUT", target, "one", "{\"uid\":\"" U("002") "\"}", 200, "repeated=true; signed=1"},
        {"the same person cannot be the second", "PUT", target, "one", "{\"uid\":\"" U("003") "\"}", 409, "errors.0.slug=signer-same"},
        {"nor are they asked to", "GET", one, "one", NULL, 200, "may_sign=false; state.word=half_signed; signers.#=1; signers.0.account=21"},
        {"it waits for a second", "GET", "/api/v1/measures?count=true&state=half_signed", "two", NULL, 200, "total=1; items.0.may_sign=true"},
    };
    harness_play(h, before, sizeof before / sizeof before[0]);
    EQ_INT(harness_ask(h, &(struct question){.method = "PUT", .target = target, .as = "two", .body = "{}", .if_match = "\"v1-0\""}), 412, "who read an older one is told");
    (void)snprintf(plain, sizeof plain, "%s/order", one);
    (void)harness_get(h, plain, "one");
    OK(strstr(h->body.p, "binds nobody") != NULL, "half signed, the paper says that it binds nobody");
    char etag[60] = "";
    (void)harness_get(h, one, "two");
    const char *tag = harness_header(h, "ETag");
    if (tag != NULL) (void)snprintf(etag, sizeof etag, "%s", tag);
    EQ_INT(harness_ask(h, &(struct question){.method = "PUT", .target = target, .as = "two", .body = "{\"uid\":\"" U("004") "\"}", .if_match = etag}), 200, "the second signs what they read");
    const struct scenario after[] = {
        {"it is ordered", "GET", one, "two", NULL, 200, "state.word=ordered; ordered=2022-07-01T08:00:00Z; signers.#=2; signers.1.account=22; may_sign=false"},
        {"nothing is left to sign", "PUT", target, "two", "{\"uid\":\"" U("005") "\"}", 409, "errors.0.slug=order-not-waiting"},
        {"in the list of what was ordered today", "GET", "/api/v1/measures?count=true&ordered_from=2022-07-01&state=ordered", "two", NULL, 200, "total=1"},
    };
    harness_play(h, after, sizeof after / sizeof after[0]);
}

// A child met the case before anybody registered it: it is treated as a child all the same, and the order names the guardian.
static void child(struct harness *h)
{
    char order[80];
    OK(setting_fact(h, U("b0a"), CASE, "contact_named", "2022-07-01T07:40:00Z",
                    ",\"word\":\"household\",\"link\":\"" CHILD "\",\"until\":\"2022-06-30T12:00:00Z\",\"value\":120") &&
           service_tick(h->service, NULL) == TONG_OK, "the case named a child");
    int64_t measure = measure_of(h, CHILD);
    EQ_TEXT(harness_text(h, "items.0.what.word"), "quarantine_home", "who stays at home, as the protocol has it for children");
    (void)snprintf(order, sizeof order, "/api/v1/measures/%lld/order", (long long)measure);
    EQ_INT(harness_get(h, order, "health"), 200, "on paper");
    OK(h->body.n > 0 && strstr(h->body.p, "<dt>Guardian</dt><dd>李芳") != NULL, "their guardian is named");
}

static void declining(struct harness *h)
{
    int64_t measure = measure_of(h, CASE);
    char target[100], one[80];
    (void)snprintf(one, sizeof one, "/api/v1/measures/%lld", (long long)measure);
    (void)snprintf(target, sizeof target, "%s/decline", one);
    (void)harness_get(h, one, "health");
    char office[40];
    (void)snprintf(office, sizeof office, "%s", harness_text(h, "order_by.word"));
    (void)harness_actor(h, "office", 30, role_find(str_z(office)), 0);
    const struct scenario rows[] = {
        {"declining has a reason", "PUT", target, "office", "{\"uid\":\"" U("010") "\"}", 422, "errors.0.field=note"},
        {"not every office declines", "PUT", target, "health", "{\"note\":\"x\"}", 422, "errors.0.slug=order-of-another-office"},
        {"declined", "PUT", target, "office", "{\"uid\":\"" U("011") "\",\"note\":\"病情已好转\"}", 200, "state.word=dropped"},
        {"it is over", "GET", one, "health", NULL, 200, "state.word=dropped; ended_how.word=declined"},
    };
    harness_play(h, rows, sizeof rows / sizeof rows[0]);
}

static void site(struct harness *h, int64_t measure)
{
    char target[100];
    (void)snprintf(target, sizeof target, "/api/v1/measures/%lld/site", (long long)measure);
    const struct scenario rows[] = {
        {"no such place", "PUT", target, "health", "{\"site\":\"" U("fff") "\"}", 422, "errors.0.slug=place-unknown"},
        {"a community is no quarantine site", "PUT", target, "health", "{\"site\":\"" COMMUNITY "\"}", 422, "errors.0.slug=site-kind"},
        {"where it is spent", "PUT", target, "health", "{\"uid\":\"" U("020") "\",\"site\":\"" HOTEL "\"}", 200, NULL},
        {"who does not place people", "PUT", target, "worker", "{\"site\":\"" HOTEL "\"}", 403, NULL},
        {"by its site", "GET", "/api/v1/measures?count=true&site=" HOTEL, "health", NULL, 200, "total=1; items.0.site.name=同舟酒店"},
    };
    harness_play(h, rows, sizeof rows / sizeof rows[0]);
}

// As plain text, when that is what is accepted.
static void plain(struct harness *h, const char *target)
{
    struct arena arena = {.bytes_max = HTTP_ARENA_BYTES_MAX};
    struct request rq = {.arena = &arena, .body_file = -1, .method = HTTP_GET, .target = str_z(target), .host = STR("tongzhou.test"),
                         .accept = STR("text/plain"), .authorization = STR("Test one")};
    struct reply rp = {0};
    http_dispatch(h->service, &rq, &rp);
    EQ_INT(rp.status, 200, "as plain text");
    OK(strncmp(rp.type, "text/plain", 10) == 0 && strstr(rp.body.text, "<") == NULL && strstr(rp.body.text, "当事人：李芳\n") != NULL, "without marks");
    reply_close(&rp);
    arena_free(&arena);
}

static void paper(struct harness *h, int64_t measure)
{
    char target[120];
    (void)snprintf(target, sizeof target, "/api/v1/measures/%lld/order?language=both", (long long)measure);
    EQ_INT(harness_get(h, target, "one"), 200, "the order on paper");
    OK(strncmp(h->reply.type, "text/html", 9) == 0, "is a page");
    const char *page = h->body.p;
    static const char *const parts[] = {"防控措施指令书：集中隔离", "Order: ", "李芳", "1990-01-01", "同舟酒店", "《传染病防治法》", "Legal basis", "Infectious Diseases",
                                        "2022-07-07 24:00", "按“密切接触者”管理", "Followed as: close contact", "饮食", "food and water", "异议受理处", "24 hours", "就医优先", "Medical care comes first"};
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) CHECK(strstr(page, parts[i]) != NULL, "the paper has %s in: %.2600s", parts[i], page);
    static const char *const never[] = {"王小明", CASE, "<script", "style=", "<style", "binds nobody", "尚未签发"};
    for (size_t i = 0; i < sizeof never / sizeof never[0]; i++) CHECK(strstr(page, never[i]) == NULL, "the paper has no %s", never[i]);
    OK(strstr(page, "</html>") != NULL, "it is whole");
    (void)snprintf(target, sizeof target, "/api/v1/measures/%lld/order?language=zh", (long long)measure);
    (void)harness_get(h, target, "one");
    OK(strstr(h->body.p, "Legal basis") == NULL && strstr(h->body.p, "法律依据") != NULL, "in one language when asked");
    (void)harness_get(h, target, "auditor");
    OK(h->status == 200 && strstr(h->body.p, "李芳") == NULL && strstr(h->body.p, "1990-01-01") == NULL, "an auditor reads the order without the name");
    EQ_INT(harness_get(h, target, "west"), 404, "of another district there is no paper");
    plain(h, target);
    (void)snprintf(target, sizeof target, "/api/v1/measures/%lld/order?language=fr", (long long)measure);
    EQ_INT(harness_get(h, target, "one"), 400, "no such language");
}

static void all_of_it(const struct engine *e)
{
    struct harness h;
    if (!setting_open_on(&h, e->where) || !setting_case(&h)) return;
    int64_t east = setting_number(&h, EAST), west = setting_number(&h, WEST);
    OK(east > 0 && west > 0, "the districts have numbers");
    (void)harness_actor(&h, "one", 21, ROLE_DISTRICT_COMMAND, east);
    (void)harness_actor(&h, "two", 22, ROLE_DISTRICT_COMMAND, 0);
    (void)harness_actor(&h, "far", 23, ROLE_DISTRICT_COMMAND, west);
    (void)harness_actor(&h, "west", 24, ROLE_HEALTH_OFFICER, west);
    (void)harness_actor(&h, "worker", 25, ROLE_FOLLOW_UP_WORKER, 0);
    (void)harness_actor(&h, "lab", 26, ROLE_LABORATORY, 0);
    (void)harness_actor(&h, "auditor", 27, ACCOUNT_ROLE_AUDITOR, 0);
    int64_t measure = measure_of(&h, CONTACT);
    OK(measure > 0, "a contact is to be quarantined");
    lists(&h);
    detail(&h, measure);
    signing(&h, measure);
    site(&h, measure);
    paper(&h, measure);
    declining(&h);
    child(&h);
    harness_close(&h);
}

int main(void)
{
    struct engines engines;
    engines_open(&engines);
    engine_each(&engines, "measures", all_of_it);
    engines_close(&engines);
    return tap_done();
}
