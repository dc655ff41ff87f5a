// The graph of who exposed whom: nodes, links, what is left out, and who may not see it.
#include "tap.h"

#include "harness.h"

#include "setting.h"

#define U(n) SETTING_UID("5" n)

int main(void)
{
    struct harness h;
    if (!setting_open(&h) || !setting_case(&h)) return tap_done();
    int64_t east = setting_number(&h, EAST), west = setting_number(&h, WEST);
    (void)harness_actor(&h, "east", 61, ROLE_CASE_INVESTIGATOR, east);
    (void)harness_actor(&h, "west", 62, ROLE_CASE_INVESTIGATOR, west);
    (void)harness_actor(&h, "worker", 63, ROLE_FOLLOW_UP_WORKER, 0);
    static const struct scenario first[] = {
        // 2022-06-29 is day 19172: the case stands at onset, the contact at the last exposure, 30 June.
        {"a case and a contact", "GET", "/api/v1/chains", "health", NULL, 200,
         "cut=false; nodes.kind.#=2; nodes.kind.0=5; nodes.day.0=19173; nodes.kind.1=0; nodes.day.1=19172; links.from.#=1; links.from.0=1; links.to.0=0; places.#=1; places.0.name=和平社区"},
        {"cases alone", "GET", "/api/v1/chains?contacts=false", "health", NULL, 200, "nodes.kind.#=1; nodes.kind.0=0; links.from.#=0"},
        {"by day", "GET", "/api/v1/chains?from=2022-06-30", "health", NULL, 200, "nodes.kind.#=1; nodes.kind.0=5"},
        {"up to a day", "GET", "/api/v1/chains?to=2022-06-29", "health", NULL, 200, "nodes.kind.#=1; nodes.kind.0=0"},
        {"of another place", "GET", "/api/v1/chains?place=" WEST, "health", NULL, 200, "nodes.kind.#=0; places.#=0"},
        {"out of one's places there is nothing", "GET", "/api/v1/chains", "west", NULL, 200, "nodes.kind.#=0; links.to.#=0"},
        {"whoever serves contacts does not see it", "GET", "/api/v1/chains", "worker", NULL, 403, NULL},
        {"no such place", "GET", "/api/v1/chains?place=" U("fff"), "health", NULL, 422, "errors.0.slug=place-unknown"},
        {"no such day", "GET", "/api/v1/chains?from=2022-02-30", "health", NULL, 400, NULL},
    };
    harness_play(&h, first, sizeof first / sizeof first[0]);
    // The contact falls ill, is confirmed, and names somebody of the other district, and the child.
    h.now.s += 3600;
    OK(setting_fact(&h, U("001"), CONTACT, "symptom", "2022-07-01T06:00:00Z", "") &&
           setting_fact(&h, U("002"), CONTACT, "classified", "2022-07-01T08:30:00Z", ",\"word\":\"confirmed\"") &&
           setting_fact(&h, U("003"), CONTACT, "contact_named", "2022-07-01T08:40:00Z", ",\"word\":\"household\",\"link\":\"" CHILD "\",\"until\":\"2022-07-01T02:00:00Z\",\"value\":600") &&
           setting_fact(&h, U("004"), CONTACT, "contact_named", "2022-07-01T08:40:00Z", ",\"word\":\"meal\",\"link\":\"" FAR "\",\"until\":\"2022-07-01T03:00:00Z\",\"value\":60") &&
           service_tick(h.service, NULL) == TONG_OK,
       "a second generation");
    static const struct scenario second[] = {
        {"two cases, two contacts, three links", "GET", "/api/v1/chains", "health", NULL, 200, "nodes.kind.#=4; links.from.#=3; places.#=2"},
        {"one's own district's part of it", "GET", "/api/v1/chains", "east", NULL, 200, "nodes.kind.#=3; links.from.#=2; places.#=1"},
        {"cases alone, with the link between them", "GET", "/api/v1/chains?contacts=false", "health", NULL, 200, "nodes.kind.#=2; nodes.kind.0=0; nodes.kind.1=0; links.from.#=1"},
        {"the other district sees its contact without the source", "GET", "/api/v1/chains", "west", NULL, 200, "nodes.kind.#=1; nodes.kind.0=5; links.from.#=0"},
    };
    harness_play(&h, second, sizeof second / sizeof second[0]);
    (void)harness_get(&h, "/api/v1/chains", "health");
    OK(strstr(h.body.p, "王小明") == NULL && strstr(h.body.p, "李") == NULL, "the graph carries no names");
    // Each link is between different nodes, from the earlier day to the later one here.
    const json_t *from = harness_at(&h, "links.from"), *to = harness_at(&h, "links.to"), *day = harness_at(&h, "nodes.day");
    for (size_t i = 0; i < json_array_size(from); i++) {
        json_int_t a = json_integer_value(json_array_get(from, i)), b = json_integer_value(json_array_get(to, i));
        CHECK(a != b && json_integer_value(json_array_get(day, (size_t)a)) <= json_integer_value(json_array_get(day, (size_t)b)), "link %zu runs forward in time", i);
    }
    harness_close(&h);
    return tap_done();
}
