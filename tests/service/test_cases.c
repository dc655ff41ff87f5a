// Cases and contacts as their screens ask for them: people and facts in one commit, who is known already, lists of a past day, the
// dates of a line list, days of follow-up, work given out; and reasons in words.
#include "tap.h"

#include "harness.h"

#include "setting.h"

#define U(n) SETTING_UID("3" n)
#define NEW U("001")
#define NAMED U("002")

static void one_commit(struct harness *h)
{
    static const char body[] = "{\"people\":[{\"uid\":\"" NEW "\",\"description\":\"a woman in a red coat\",\"provisional\":true,\"place\":\"" COMMUNITY "\"}],"
                               "\"facts\":[{\"uid\":\"" NAMED "\",\"subject\":\"" CASE "\",\"kind\":\"contact_named\",\"happened\":\"2022-07-01T07:40:00Z\",\"word\":\"meal\","
                               "\"link\":\"" NEW "\",\"until\":\"2022-06-30T12:00:00Z\",\"value\":60}]}";
    static const struct scenario rows[] = {
        {"what would follow of somebody who is not known yet", "POST", "/api/v1/facts/preview", "health", body, 200,
         "people.0.code=ok; facts.0.code=ok; items.1.subject.uid=" NEW "; items.1.subject.name=a woman in a red coat; others=0"},
        {"it recorded nobody", "GET", "/api/v1/people/" NEW, "health", NULL, 404, NULL},
        {"in one commit", "PUT", "/api/v1/facts", "health", body, 200, "taken=1; refused=0; people.0.code=ok"},
        {"the person is there", "GET", "/api/v1/people/" NEW, "health", NULL, 200, "person.description=a woman in a red coat"},
        {"and a contact", "GET", "/api/v1/contacts?count=true&state=all", "health", NULL, 200, "total=2"},
        {"not into somebody else's district", "POST", "/api/v1/facts/preview", "west",
         "{\"people\":[{\"uid\":\"" U("009") "\",\"name\":\"某\",\"place\":\"" COMMUNITY "\"}],\"facts\":[]}", 200, "people.0.code=invalid; people.0.errors.0.slug=person-place-needed"},
        {"a fact about nobody", "POST", "/api/v1/facts/preview", "health",
         "{\"facts\":[{\"uid\":\"" U("010") "\",\"subject\":\"" U("011") "\",\"kind\":\"symptom\",\"happened\":\"2022-07-01T07:00:00Z\"}]}", 200, "facts.0.code=invalid"},
        {"nothing at all", "POST", "/api/v1/facts/preview", "health", "{\"facts\":[]}", 422, "errors.0.slug=facts-list"},
    };
    harness_play(h, rows, sizeof rows / sizeof rows[0]);
}

static void alike(struct harness *h)
{
    static const struct scenario rows[] = {
        {"the same name", "POST", "/api/v1/people/alike", "health", "{\"uid\":\"" U("020") "\",\"name\":\"李芳\"}", 200, "items.#=1; items.0.person.uid=" CONTACT "; items.0.probable=false"},
        {"and the same birth", "POST", "/api/v1/people/alike", "health", "{\"uid\":\"" U("020") "\",\"name\":\"李芳\",\"born\":\"1990-01-01\",\"sex\":\"female\"}", 200,
         "items.0.person.uid=" CONTACT},
        {"never themselves", "POST", "/api/v1/people/alike", "health", "{\"uid\":\"" CONTACT "\",\"name\":\"李芳\"}", 200, "items.#=0"},
        {"nobody of another district", "POST", "/api/v1/people/alike", "west", "{\"uid\":\"" U("020") "\",\"name\":\"李芳\"}", 200, "items.#=0"},
        {"a gate may not ask", "POST", "/api/v1/people/alike", "gate", "{\"uid\":\"" U("020") "\",\"name\":\"李芳\"}", 403, NULL},
    };
    harness_play(h, rows, sizeof rows / sizeof rows[0]);
}

static void past(struct harness *h)
{
    static const struct scenario rows[] = {
        {"now there is a case", "GET", "/api/v1/cases?count=true&state=all", "health", NULL, 200, "total=1; items.0.class.word=confirmed"},
        {"and as known now", "GET", "/api/v1/cases?state=all&as_known=2022-07-01T23:00:00Z", "health", NULL, 200, "items.#=1; items.0.class.word=confirmed; items.0.onset=2022-06-29; total=1"},
        {"the day before nobody knew", "GET", "/api/v1/cases?state=all&as_known=2022-06-30T23:00:00Z", "health", NULL, 200, "items.#=0; total=0"},
        {"by class", "GET", "/api/v1/cases?state=all&class=suspected&as_known=2022-07-01T23:00:00Z", "health", NULL, 200, "items.#=0"},
        {"by onset", "GET", "/api/v1/cases?state=all&onset_to=2022-06-28&as_known=2022-07-01T23:00:00Z", "health", NULL, 200, "items.#=0"},
        {"the past does not know who was seen today", "GET", "/api/v1/contacts?seen=today&as_known=2022-07-01T23:00:00Z", "health", NULL, 422, "errors.0.slug=past-cannot-answer; errors.0.field=seen"},
        {"nor sorts by it", "GET", "/api/v1/contacts?sort=seen&as_known=2022-07-01T23:00:00Z", "health", NULL, 422, "errors.0.field=sort"},
        {"with the dates of a line list", "GET", "/api/v1/cases?state=all&dates=true", "health", NULL, 200, "items.0.dates.symptom.at=2022-06-29T02:00:00Z; items.0.dates.classified.uid=" SETTING_UID("0b02")},
        {"not unasked", "GET", "/api/v1/cases?state=all", "health", NULL, 200, "items.0.subject.uid=" CASE},
        {"contacts day by day", "GET", "/api/v1/contacts?state=all&calendar=true", "health", NULL, 200, "items.0.calendar.0.day=2022-07-01"},
    };
    harness_play(h, rows, sizeof rows / sizeof rows[0]);
}

static void followed(struct harness *h)
{
    OK(setting_fact(h, U("030"), CONTACT, "seen_ill", "2022-07-01T07:50:00Z", ""), "the contact is seen");
    static const struct scenario rows[] = {
        {"what was seen, by day", "GET", "/api/v1/indicators/follow_up?looks=true", "health", NULL, 200,
         "looks.#=14; looks.13.day=2022-07-01; looks.13.seen_ill=1; looks.13.seen_well=0; looks.13.under=1; partial=false"},
        {"not unasked", "GET", "/api/v1/indicators/follow_up", "health", NULL, 200, "under_follow_up~"},
        {"elsewhere there is none", "GET", "/api/v1/indicators/follow_up?looks=true", "west", NULL, 200, "looks.13.under=0"},
    };
    harness_play(h, rows, sizeof rows / sizeof rows[0]);
}

static void given_out(struct harness *h)
{
    OK(harness_get(h, "/api/v1/tasks?state=open&limit=100", "health") == 200, "there is work");
    int64_t task = harness_int(h, "items.0.task");
    char body[120];
    (void)snprintf(body, sizeof body, "{\"account\":43,\"tasks\":[%lld]}", (long long)task);
    const struct scenario rows[] = {
        {"to whom", "PUT", "/api/v1/tasks/assignees", "health", "{\"tasks\":[1]}", 422, "errors.0.slug=account-needed"},
        {"what", "PUT", "/api/v1/tasks/assignees", "health", "{\"account\":43,\"tasks\":[]}", 422, "errors.0.slug=tasks-list"},
        {"no such task", "PUT", "/api/v1/tasks/assignees", "health", "{\"account\":43,\"tasks\":[999999999]}", 422, "errors.0.slug=task-unknown"},
        {"not in another district", "PUT", "/api/v1/tasks/assignees", "west", body, 422, "errors.0.slug=task-unknown"},
        {"a gate gives out nothing", "PUT", "/api/v1/tasks/assignees", "gate", body, 403, NULL},
        {"nor asks who works", "GET", "/api/v1/workers?role=laboratory", "gate", NULL, 403, NULL},
        {"who of what role", "GET", "/api/v1/workers", "health", NULL, 400, NULL},
    };
    CHECK(task > 0, "a task");
    harness_play(h, rows, sizeof rows / sizeof rows[0]);
}

static void in_words(struct harness *h)
{
    static const struct scenario rows[] = {
        {"the record stands whole in the story, for who may correct it", "GET", "/api/v1/people/" CASE "/story", "health", NULL, 200, "facts.#~"},
        {"a place has a name where a person has one", "GET", "/api/v1/measures?limit=100", "health", NULL, 200, "items.#~"},
    };
    harness_play(h, rows, sizeof rows / sizeof rows[0]);
    (void)harness_get(h, "/api/v1/people/" CASE "/story", "health");
    OK(strstr(h->body.p, "\"record\":{") != NULL && strstr(h->body.p, "\"protection\":\"none\"") != NULL, "with its protection");
    OK(strstr(h->body.p, "(covid19-cn-9: ") == NULL && strstr(h->body.p, "\"rule\":\"pathways.") != NULL, "the reason is in words; the path of the rule stands apart");
    (void)harness_get(h, "/api/v1/people/" CASE "/story", "epi");
    OK(strstr(h->body.p, "\"record\":{") == NULL, "who may not correct is not given it");
}

int main(void)
{
    struct harness h;
    if (!setting_open(&h)) return tap_done();
    (void)harness_actor(&h, "west", 41, ROLE_HEALTH_OFFICER, setting_number(&h, WEST));
    (void)harness_actor(&h, "gate", 42, ACCOUNT_ROLE_GATE, 0);
    (void)harness_actor(&h, "epi", 44, ACCOUNT_ROLE_EPIDEMIOLOGIST, 0);
    if (setting_case(&h)) {
        alike(&h);
        past(&h);
        followed(&h);
        given_out(&h);
        one_commit(&h);
        in_words(&h);
    }
    harness_close(&h);
    return tap_done();
}
