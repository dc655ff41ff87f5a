// Samples through the routes: registered, received, resulted; a tube's result is everybody's in it; a laboratory sees codes.
#include "tap.h"

#include "harness.h"

#include "setting.h"
#include "store/engines.h"

#define U(n) SETTING_UID("2" n)
#define TUBE U("100")
#define S1 U("001")
#define S2 U("002")
#define S3 U("003")
#define SINGLE U("004")

static void taken(struct harness *h)
{
    static const struct scenario rows[] = {
        {"registered", "PUT", "/api/v1/samples/" SINGLE, "sampler", "{\"subject\":\"" CONTACT "\",\"specimen\":\"nasopharyngeal\",\"taken\":\"2022-07-01T07:50:00Z\"}", 201, "repeated=false"},
        {"sent again", "PUT", "/api/v1/samples/" SINGLE, "sampler", "{\"subject\":\"" CONTACT "\",\"specimen\":\"nasopharyngeal\",\"taken\":\"2022-07-01T07:50:00Z\"}", 200, "repeated=true"},
        {"the same code for another specimen", "PUT", "/api/v1/samples/" SINGLE, "sampler", "{\"subject\":\"" CONTACT "\",\"specimen\":\"blood\",\"taken\":\"2022-07-01T07:50:00Z\"}", 409, NULL},
        {"of nobody", "PUT", "/api/v1/samples/" U("009"), "sampler", "{\"subject\":\"" U("998") "\",\"specimen\":\"blood\"}", 422, "errors.0.slug=subject-unknown"},
        {"of somebody elsewhere", "PUT", "/api/v1/samples/" U("009"), "east_sampler", "{\"subject\":\"" FAR "\",\"specimen\":\"blood\"}", 422, "errors.0.slug=subject-unknown"},
        {"no such specimen", "PUT", "/api/v1/samples/" U("009"), "sampler", "{\"subject\":\"" CONTACT "\",\"specimen\":\"hope\"}", 422, "errors.0.field=specimen"},
        {"tomorrow's", "PUT", "/api/v1/samples/" U("009"), "sampler", "{\"subject\":\"" CONTACT "\",\"specimen\":\"blood\",\"taken\":\"2022-07-02T07:50:00Z\"}", 422, "errors.0.slug=fact-future"},
        {"one in a tube", "PUT", "/api/v1/samples/" S1, "sampler", "{\"subject\":\"" CONTACT "\",\"specimen\":\"oropharyngeal\",\"tube\":\"" TUBE "\",\"taken\":\"2022-07-01T07:51:00Z\"}", 201, NULL},
        {"another in it", "PUT", "/api/v1/samples/" S2, "sampler", "{\"subject\":\"" CHILD "\",\"specimen\":\"oropharyngeal\",\"tube\":\"" TUBE "\",\"taken\":\"2022-07-01T07:52:00Z\"}", 201, NULL},
        {"and one from the other district", "PUT", "/api/v1/samples/" S3, "sampler", "{\"subject\":\"" FAR "\",\"specimen\":\"oropharyngeal\",\"tube\":\"" TUBE "\",\"taken\":\"2022-07-01T07:53:00Z\"}", 201, NULL},
    };
    harness_play(h, rows, sizeof rows / sizeof rows[0]);
}

static void lists(struct harness *h)
{
    static const struct scenario rows[] = {
        {"not yet at a laboratory", "GET", "/api/v1/samples?state=taken&count=true&sort=taken", "health", NULL, 200, "total=4; items.0.uid=" S3},
        {"of one tube", "GET", "/api/v1/samples?tube=" TUBE, "health", NULL, 200, "items.#=3; items.0.uid=" S1 "; items.0.subject.name=李芳; items.2.uid=" S3},
        {"of it, what is in one's places", "GET", "/api/v1/samples?tube=" TUBE, "east", NULL, 200, "items.#=2"},
        {"an empty tube", "GET", "/api/v1/samples?tube=" U("999"), "health", NULL, 200, "items.#=0"},
        {"by specimen", "GET", "/api/v1/samples?count=true&specimen=nasopharyngeal", "health", NULL, 200, "total=1; items.0.uid=" SINGLE},
        {"of one person", "GET", "/api/v1/samples?count=true&subject=" CONTACT, "health", NULL, 200, "total=2"},
        {"taken the day before", "GET", "/api/v1/samples?count=true&taken_to=2022-06-30", "health", NULL, 200, "total=0"},
        {"of the other district", "GET", "/api/v1/samples?count=true&place=" WEST, "health", NULL, 200, "total=1; items.0.uid=" S3},
        {"a laboratory sees codes, not people", "GET", "/api/v1/samples/" SINGLE, "lab", NULL, 200, "uid=" SINGLE "; subject=null; specimen.word=nasopharyngeal"},
        {"nor can it look for them by name", "GET", "/api/v1/samples?count=true&q=%E6%9D%8E", "lab", NULL, 200, "total=4"},
        {"elsewhere it does not exist", "GET", "/api/v1/samples/" SINGLE, "west_lab", NULL, 404, NULL},
        {"a gate sees none", "GET", "/api/v1/samples", "gate", NULL, 403, NULL},
        {"no such sample", "GET", "/api/v1/samples/" U("777"), "health", NULL, 404, NULL},
    };
    harness_play(h, rows, sizeof rows / sizeof rows[0]);
    static const char *const sorts[] = {"taken", "received", "resulted", "specimen", "outcome", "place"};
    for (size_t i = 0; i < sizeof sorts / sizeof sorts[0]; i++) {
        char target[120];
        (void)snprintf(target, sizeof target, "/api/v1/samples?count=true&sort=%s", sorts[i]);
        CHECK(harness_get(h, target, "health") == 200 && harness_int(h, "total") == 4, "sorted by %s", sorts[i]);
    }
    (void)harness_get(h, "/api/v1/samples", "lab");
    OK(strstr(h->body.p, "李") == NULL && strstr(h->body.p, CONTACT) == NULL && strstr(h->body.p, "社区") == NULL, "nothing in a laboratory's list tells who or where from");
}

static void received(struct harness *h)
{
    static const struct scenario rows[] = {
        {"out of one's reach, without the laboratory", "PUT", "/api/v1/samples/" SINGLE "/receipt", "west_lab", "{}", 404, NULL},
        {"into another's laboratory", "PUT", "/api/v1/samples/" SINGLE "/receipt", "west_lab", "{\"laboratory\":\"" LAB "\"}", 404, NULL},
        {"into a community", "PUT", "/api/v1/samples/" SINGLE "/receipt", "lab", "{\"laboratory\":\"" CASE "\"}", 422, "errors.0.slug=laboratory-unknown"},
        {"before it was taken", "PUT", "/api/v1/samples/" SINGLE "/receipt", "lab", "{\"laboratory\":\"" LAB "\",\"received\":\"2022-07-01T07:00:00Z\"}", 422, "errors.0.slug=received-before-taken"},
        {"whoever has it in their own laboratory may", "PUT", "/api/v1/samples/" SINGLE "/receipt", "west_lab", "{\"uid\":\"" U("201") "\",\"laboratory\":\"" FAR_LAB "\",\"received\":\"2022-07-01T07:58:00Z\"}", 200, "repeated=false"},
        {"and sees it from then on", "GET", "/api/v1/samples/" SINGLE, "west_lab", NULL, 200, "received=2022-07-01T07:58:00Z; laboratory.name=西区实验室; subject=null"},
        {"in the list of the laboratory", "GET", "/api/v1/samples?count=true&laboratory=" FAR_LAB, "west_lab", NULL, 200, "total=1; items.0.uid=" SINGLE},
        {"not in its own district's", "GET", "/api/v1/samples?count=true", "west_lab", NULL, 200, "total=1; items.0.uid=" S3},
        {"received today", "GET", "/api/v1/samples?count=true&received_from=2022-07-01", "health", NULL, 200, "total=1"},
        {"waiting for a result", "GET", "/api/v1/samples?count=true&state=waiting", "health", NULL, 200, "total=4"},
    };
    harness_play(h, rows, sizeof rows / sizeof rows[0]);
}

static void resulted(struct harness *h)
{
    static const struct scenario rows[] = {
        {"a sampler reports no result", "PUT", "/api/v1/samples/" SINGLE "/result", "sampler", "{\"test\":\"pcr\",\"outcome\":\"negative\"}", 403, NULL},
        {"no such test", "PUT", "/api/v1/samples/" SINGLE "/result", "lab", "{\"test\":\"tea\",\"outcome\":\"negative\"}", 422, "errors.0.field=test"},
        {"a Ct that cannot be", "PUT", "/api/v1/samples/" SINGLE "/result", "lab", "{\"test\":\"pcr\",\"outcome\":\"positive\",\"ct\":400}", 422, "errors.0.field=ct"},
        {"a result, and what it means", "PUT", "/api/v1/samples/" SINGLE "/result", "west_lab", "{\"uid\":\"" U("301") "\",\"test\":\"pcr\",\"outcome\":\"negative\",\"ct\":38.6}", 201, "samples=1; means.word=negative"},
        {"sent again", "PUT", "/api/v1/samples/" SINGLE "/result", "west_lab", "{\"uid\":\"" U("301") "\",\"test\":\"pcr\",\"outcome\":\"negative\",\"ct\":38.6}", 200, "repeated=true"},
        {"stands with the sample", "GET", "/api/v1/samples/" SINGLE, "health", NULL, 200, "outcome.word=negative; ct=38.6; resulted=2022-07-01T08:00:00Z; subject.name=李芳"},
        {"a pool is positive: everybody in it", "PUT", "/api/v1/samples/" S1 "/result", "lab", "{\"uid\":\"" U("302") "\",\"test\":\"pcr\",\"outcome\":\"positive\",\"ct\":30}", 201, "samples=3; means.word=pool_positive"},
        {"sent again, nothing is doubled", "PUT", "/api/v1/samples/" S1 "/result", "lab", "{\"uid\":\"" U("302") "\",\"test\":\"pcr\",\"outcome\":\"positive\",\"ct\":30}", 200, "repeated=true; samples=3"},
        {"each sample has it", "GET", "/api/v1/samples?tube=" TUBE, "health", NULL, 200, "items.0.outcome.word=positive; items.1.outcome.word=positive; items.2.outcome.word=positive"},
        {"by outcome", "GET", "/api/v1/samples?count=true&outcome=positive&state=resulted", "health", NULL, 200, "total=3"},
        {"nobody is a case by a pool", "GET", "/api/v1/cases?count=true", "health", NULL, 200, "total=0"},
        {"a correction is of one", "PUT", "/api/v1/samples/" S1 "/result", "lab", "{\"uid\":\"" U("303") "\",\"test\":\"pcr\",\"outcome\":\"negative\",\"replaces\":\"" U("302") "\"}", 201, "samples=1"},
        {"the others stay", "GET", "/api/v1/samples?count=true&outcome=positive", "health", NULL, 200, "total=2"},
    };
    harness_play(h, rows, sizeof rows / sizeof rows[0]);
    char target[100];
    (void)snprintf(target, sizeof target, "/api/v1/people/" CHILD "/story");
    OK(harness_get(h, target, "health") == 200 && strstr(h->body.p, "\"result\"") != NULL, "the result of the pool stands in each one's story");
}

static void all_of_it(const struct engine *e)
{
    struct harness h;
    if (!setting_open_on(&h, e->where)) return;
    int64_t east = setting_number(&h, EAST), west = setting_number(&h, WEST);
    (void)harness_actor(&h, "sampler", 31, ROLE_SAMPLER, 0);
    (void)harness_actor(&h, "east_sampler", 32, ROLE_SAMPLER, east);
    (void)harness_actor(&h, "lab", 33, ROLE_LABORATORY, 0);
    (void)harness_actor(&h, "west_lab", 34, ROLE_LABORATORY, west);
    (void)harness_actor(&h, "east", 35, ROLE_HEALTH_OFFICER, east);
    (void)harness_actor(&h, "gate", 36, ACCOUNT_ROLE_GATE, 0);
    taken(&h);
    lists(&h);
    received(&h);
    resulted(&h);
    harness_close(&h);
}

int main(void)
{
    struct engines engines;
    engines_open(&engines);
    engine_each(&engines, "samples", all_of_it);
    engines_close(&engines);
    return tap_done();
}
