// Hand-overs and gatherings through the routes.
#include "tap.h"

#include "harness.h"

#include "setting.h"
#include "store/engines.h"

#define U(n) SETTING_UID("4" n)
#define BANQUET U("100")
#define PARTY U("101")

static void hand_overs(struct harness *h)
{
    static const struct scenario rows[] = {
        {"whose work it is not", "PUT", "/api/v1/people/" CONTACT "/hand-over", "worker", "{}", 403, NULL},
        {"somebody of another district", "PUT", "/api/v1/people/" CONTACT "/hand-over", "west", "{}", 404, NULL},
        {"sent", "PUT", "/api/v1/people/" CONTACT "/hand-over", "health", "{\"uid\":\"" U("001") "\",\"note\":\"移交邻市疾控中心\"}", 201, "repeated=false"},
        {"sent again", "PUT", "/api/v1/people/" CONTACT "/hand-over", "health", "{\"uid\":\"" U("001") "\",\"note\":\"移交邻市疾控中心\"}", 200, "repeated=true"},
        {"one at a time", "PUT", "/api/v1/people/" CONTACT "/hand-over", "health", "{\"uid\":\"" U("002") "\"}", 409, "errors.0.slug=hand-over-waiting"},
        {"nobody has answered", "GET", "/api/v1/hand-overs?count=true&state=unanswered", "health", NULL, 200, "total=1; items.0.person.name=李芳; items.0.acknowledged=null"},
        {"of another district there is none", "GET", "/api/v1/hand-overs?count=true", "west", NULL, 200, "total=0"},
        {"still followed here", "GET", "/api/v1/contacts?count=true", "health", NULL, 200, "total=1"},
    };
    harness_play(h, rows, sizeof rows / sizeof rows[0]);
    int64_t id = harness_get(h, "/api/v1/hand-overs", "health") == 200 ? harness_int(h, "items.0.hand_over") : 0;
    char one[60], acknowledged[80], accepted[80];
    (void)snprintf(one, sizeof one, "/api/v1/hand-overs/%lld", (long long)id);
    (void)snprintf(acknowledged, sizeof acknowledged, "%s/acknowledged", one);
    (void)snprintf(accepted, sizeof accepted, "%s/accepted", one);
    const struct scenario steps[] = {
        {"to whom, and what was written", "GET", one, "health", NULL, 200, "note=移交邻市疾控中心; person.name=李芳; accepted=null"},
        {"of another district it does not exist", "GET", one, "west", NULL, 404, NULL},
        {"nor can it be answered", "PUT", accepted, "west", "{}", 404, NULL},
        {"acknowledged", "PUT", acknowledged, "health", "{\"uid\":\"" U("003") "\"}", 200, NULL},
        {"twice is once too often", "PUT", acknowledged, "health", "{\"uid\":\"" U("004") "\"}", 409, "errors.0.slug=hand-over-done"},
        {"still waiting", "GET", "/api/v1/hand-overs?count=true", "health", NULL, 200, "total=1; items.0.acknowledged=2022-07-01T08:00:00Z"},
        {"accepted", "PUT", accepted, "health", "{\"uid\":\"" U("005") "\"}", 200, NULL},
        {"no longer followed here", "GET", "/api/v1/contacts?count=true&state=open", "health", NULL, 200, "total=0"},
        {"in the list of those accepted", "GET", "/api/v1/hand-overs?count=true&state=accepted", "health", NULL, 200, "total=1"},
        {"there is no such hand-over", "GET", "/api/v1/hand-overs/99999", "health", NULL, 404, NULL},
    };
    harness_play(h, steps, sizeof steps / sizeof steps[0]);
}

static void gatherings(struct harness *h)
{
    static const struct scenario rows[] = {
        {"a banquet", "PUT", "/api/v1/gatherings/" BANQUET, "health",
         "{\"uid\":\"" BANQUET "\",\"name\":\"婚宴\",\"place\":\"" COMMUNITY "\",\"begins\":\"2022-06-30T10:00:00Z\",\"ends\":\"2022-06-30T13:00:00Z\"}", 201, "repeated=false"},
        {"described anew", "PUT", "/api/v1/gatherings/" BANQUET, "health",
         "{\"uid\":\"" BANQUET "\",\"name\":\"婚宴（晚宴）\",\"place\":\"" COMMUNITY "\",\"begins\":\"2022-06-30T10:00:00Z\"}", 200, NULL},
        {"another district's", "PUT", "/api/v1/gatherings/" PARTY, "health", "{\"uid\":\"" PARTY "\",\"name\":\"party\",\"place\":\"" FAR_COMMUNITY "\",\"begins\":\"2022-07-01T02:00:00Z\"}", 201, NULL},
        {"nowhere", "PUT", "/api/v1/gatherings/" U("102"), "west", "{\"uid\":\"" U("102") "\",\"name\":\"x\"}", 422, "errors.0.slug=gathering-place-needed"},
        {"in a place of others", "PUT", "/api/v1/gatherings/" U("102"), "west", "{\"uid\":\"" U("102") "\",\"name\":\"x\",\"place\":\"" COMMUNITY "\"}", 422, "errors.0.slug=gathering-place-needed"},
        {"one of others", "PUT", "/api/v1/gatherings/" BANQUET, "west", "{\"uid\":\"" BANQUET "\",\"name\":\"x\",\"place\":\"" FAR_COMMUNITY "\"}", 404, NULL},
        {"another identifier", "PUT", "/api/v1/gatherings/" BANQUET, "health", "{\"uid\":\"" PARTY "\",\"name\":\"x\"}", 422, "errors.0.slug=uid-differs"},
        {"no name", "PUT", "/api/v1/gatherings/" U("102"), "health", "{\"uid\":\"" U("102") "\",\"place\":\"" COMMUNITY "\"}", 422, "errors.0.field=name"},
        {"the list, the newest first", "GET", "/api/v1/gatherings?count=true", "health", NULL, 200, "total=2; items.0.name=party; items.1.name=婚宴（晚宴）; next=null"},
        {"a page of it", "GET", "/api/v1/gatherings?limit=1", "health", NULL, 200, "items.#=1; items.0.uid=" PARTY},
        {"of one's places", "GET", "/api/v1/gatherings?count=true", "west", NULL, 200, "total=1; items.0.uid=" PARTY},
        {"by day", "GET", "/api/v1/gatherings?count=true&to=2022-06-30", "health", NULL, 200, "total=1; items.0.uid=" BANQUET},
        {"by part of its name", "GET", "/api/v1/gatherings?count=true&q=%E5%A9%9A", "health", NULL, 200, "total=1"},
        {"by place", "GET", "/api/v1/gatherings?count=true&place=" WEST, "health", NULL, 200, "total=1; items.0.uid=" PARTY},
        {"whoever serves contacts sees none", "GET", "/api/v1/gatherings", "worker", NULL, 403, NULL},
        {"elsewhere it does not exist", "GET", "/api/v1/gatherings/" BANQUET, "west", NULL, 404, NULL},
        {"a person is no gathering", "GET", "/api/v1/gatherings/" CASE, "health", NULL, 404, NULL},
    };
    harness_play(h, rows, sizeof rows / sizeof rows[0]);
    char target[200];
    (void)harness_get(h, "/api/v1/gatherings?limit=1", "health");
    (void)snprintf(target, sizeof target, "/api/v1/gatherings?limit=1&cursor=%s", harness_text(h, "next"));
    OK(harness_get(h, target, "health") == 200 && strcmp(harness_text(h, "items.0.uid"), BANQUET) == 0, "the next page goes on behind it");
    OK(setting_fact(h, U("110"), BANQUET, "contact_named", "2022-07-01T07:00:00Z", ",\"word\":\"meal\",\"link\":\"" CHILD "\",\"until\":\"2022-06-30T12:00:00Z\",\"value\":60") &&
           setting_fact(h, U("111"), BANQUET, "contact_named", "2022-07-01T07:00:00Z", ",\"word\":\"meal\",\"link\":\"" FAR "\",\"until\":\"2022-06-30T12:00:00Z\",\"value\":60"),
       "who was there is named");
    static const struct scenario who[] = {
        {"who was there", "GET", "/api/v1/gatherings/" BANQUET, "health", NULL, 200, "people.#=2; people.0.name=李小宝; others=0"},
        {"those of elsewhere are only counted", "GET", "/api/v1/gatherings/" BANQUET, "east", NULL, 200, "people.#=1; others=1"},
    };
    harness_play(h, who, sizeof who / sizeof who[0]);
}

static void all_of_it(const struct engine *e)
{
    struct harness h;
    if (!setting_open_on(&h, e->where) || !setting_case(&h)) return;
    (void)harness_actor(&h, "worker", 51, ROLE_FOLLOW_UP_WORKER, 0);
    (void)harness_actor(&h, "west", 52, ROLE_HEALTH_OFFICER, setting_number(&h, WEST));
    (void)harness_actor(&h, "east", 53, ROLE_HEALTH_OFFICER, setting_number(&h, EAST));
    gatherings(&h);
    hand_overs(&h);
    harness_close(&h);
}

int main(void)
{
    struct engines engines;
    engines_open(&engines);
    engine_each(&engines, "hand_overs", all_of_it);
    engines_close(&engines);
    return tap_done();
}
