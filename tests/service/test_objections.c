// Objections through the routes: taken down for somebody, their clock, decided by the office that the protocol names and by
// nobody who signed.
#include "tap.h"

#include "harness.h"

#include "setting.h"
#include "store/engines.h"

#define U(n) SETTING_UID("3" n)

static void all_of_it(const struct engine *e)
{
    struct harness h;
    if (!setting_open_on(&h, e->where) || !setting_case(&h)) return;
    int64_t west = setting_number(&h, WEST);
    (void)harness_actor(&h, "worker", 41, ROLE_FOLLOW_UP_WORKER, 0);
    (void)harness_actor(&h, "appeals", 42, ROLE_APPEALS, 0);
    (void)harness_actor(&h, "court", 43, ROLE_COURT, 0);
    (void)harness_actor(&h, "west", 44, ROLE_APPEALS, west);
    (void)harness_actor(&h, "sampler", 45, ROLE_SAMPLER, 0);
    (void)harness_actor(&h, "one", 46, ROLE_DISTRICT_COMMAND, 0);
    (void)harness_actor(&h, "west_worker", 47, ROLE_FOLLOW_UP_WORKER, west);
    // Somebody with both roles: the service would not grant them; a signer who came to decide later is told no all the same.
    struct actor *both = harness_actor(&h, "both", 46, ROLE_APPEALS, 0);
    both->account = 46;
    int64_t measure = harness_get(&h, "/api/v1/measures?subject=" CONTACT, "health") == 200 ? harness_int(&h, "items.0.measure") : 0;
    char object[100], sign[100], one[80], decide[120], detail[100];
    (void)snprintf(object, sizeof object, "/api/v1/measures/%lld/objection", (long long)measure);
    (void)snprintf(sign, sizeof sign, "/api/v1/measures/%lld/signature", (long long)measure);
    (void)snprintf(detail, sizeof detail, "/api/v1/measures/%lld", (long long)measure);
    const struct scenario making[] = {
        {"half an order is signed", "PUT", sign, "one", "{\"uid\":\"" U("001") "\"}", 200, "state.word=half_signed"},
        {"whose work it is not", "PUT", object, "sampler", "{\"note\":\"x\"}", 403, NULL},
        {"somebody of another district", "PUT", object, "west_worker", "{\"note\":\"x\"}", 404, NULL},
        {"to no measure", "PUT", "/api/v1/measures/999999999/objection", "worker", "{\"note\":\"x\"}", 404, NULL},
        {"taken down", "PUT", object, "worker", "{\"uid\":\"" U("002") "\",\"note\":\"家有幼儿需要照护\"}", 201, "repeated=false"},
        {"sent again", "PUT", object, "worker", "{\"uid\":\"" U("002") "\",\"note\":\"家有幼儿需要照护\"}", 200, "repeated=true"},
        {"one at a time", "PUT", object, "worker", "{\"uid\":\"" U("003") "\",\"note\":\"x\"}", 409, "errors.0.slug=objection-waiting"},
        {"the list, with its clock", "GET", "/api/v1/objections?count=true", "appeals", NULL, 200,
         "total=1; items.0.made=2022-07-01T08:00:00Z; items.0.deadline=2022-07-02T08:00:00Z; items.0.overdue=false; items.0.may_decide=true; items.0.subject.name=李芳"},
        {"of the office", "GET", "/api/v1/objections?count=true&role=appeals", "appeals", NULL, 200, "total=1"},
        {"of another office", "GET", "/api/v1/objections?count=true&role=court", "appeals", NULL, 200, "total=0"},
        {"of another district", "GET", "/api/v1/objections?count=true", "west", NULL, 200, "total=0"},
        {"a worker sees no list of them", "GET", "/api/v1/objections", "worker", NULL, 403, NULL},
        {"with the measure", "GET", detail, "health", NULL, 200, "objections.#=1; objections.0.upheld=null"},
    };
    harness_play(&h, making, sizeof making / sizeof making[0]);
    int64_t id = harness_get(&h, "/api/v1/objections", "appeals") == 200 ? harness_int(&h, "items.0.objection") : 0;
    (void)snprintf(one, sizeof one, "/api/v1/objections/%lld", (long long)id);
    (void)snprintf(decide, sizeof decide, "%s/decision", one);
    h.now.s += 25 * 3600; // a day and an hour: the clock has run out
    OK(service_tick(h.service, NULL) == TONG_OK, "a day passes");
    const struct scenario deciding[] = {
        {"late now", "GET", "/api/v1/objections?count=true&state=overdue", "appeals", NULL, 200, "total=1; items.0.overdue=true"},
        {"what the person said", "GET", one, "appeals", NULL, 200, "note=家有幼儿需要照护; decided=null"},
        {"elsewhere it does not exist", "GET", one, "west", NULL, 404, NULL},
        {"an office that the protocol does not name", "PUT", decide, "court", "{\"upheld\":true,\"note\":\"x\"}", 422, "errors.0.slug=objection-of-another-office"},
        {"elsewhere it cannot be decided", "PUT", decide, "west", "{\"upheld\":true,\"note\":\"x\"}", 404, NULL},
        {"a commander decides none", "PUT", decide, "one", "{\"upheld\":true,\"note\":\"x\"}", 403, NULL},
        {"whoever signed does not decide", "PUT", decide, "both", "{\"uid\":\"" U("010") "\",\"upheld\":false,\"note\":\"x\"}", 409, "errors.0.slug=objection-own-order"},
        {"a decision has reasons", "PUT", decide, "appeals", "{\"upheld\":true}", 422, "errors.0.field=note"},
        {"upheld", "PUT", decide, "appeals", "{\"uid\":\"" U("011") "\",\"upheld\":true,\"note\":\"可居家隔离\"}", 200, NULL},
        {"sent again", "PUT", decide, "appeals", "{\"uid\":\"" U("011") "\",\"upheld\":true,\"note\":\"可居家隔离\"}", 200, "repeated=true"},
        {"once only", "PUT", decide, "appeals", "{\"uid\":\"" U("012") "\",\"upheld\":false,\"note\":\"x\"}", 409, "errors.0.slug=objection-decided"},
        {"it is so", "GET", one, "appeals", NULL, 200, "upheld=true; decided=2022-07-02T09:00:00Z; decided_by=42; may_decide=false"},
        {"the measure is over", "GET", detail, "health", NULL, 200, "ended_how.word=upheld; objections.0.upheld=true"},
        {"decided ones", "GET", "/api/v1/objections?count=true&state=decided", "appeals", NULL, 200, "total=1"},
    };
    harness_play(&h, deciding, sizeof deciding / sizeof deciding[0]);
    harness_close(&h);
}

int main(void)
{
    struct engines engines;
    engines_open(&engines);
    engine_each(&engines, "objections", all_of_it);
    engines_close(&engines);
    return tap_done();
}
