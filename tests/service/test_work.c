// The work itself, through the routes: places, people, a case and whom it met, tasks, orders, samples, objections, hand-overs,
// editions; and that a contact's worker never learns who the case was.
#include "tap.h"

#include "harness.h"
#include "service/service.h"
#include "store/roll.h"

#define CITY "01990000-0000-7000-8000-000000000001"
#define DISTRICT "01990000-0000-7000-8000-000000000002"
#define ELSEWHERE "01990000-0000-7000-8000-000000000003"
#define COMMUNITY "01990000-0000-7000-8000-000000000004"
#define HOTEL "01990000-0000-7000-8000-000000000005"
#define LAB "01990000-0000-7000-8000-000000000006"
#define PERSON_CASE "01990000-0000-7000-8000-0000000000a1"
#define PERSON_MET "01990000-0000-7000-8000-0000000000a2"
#define PERSON_FAR "01990000-0000-7000-8000-0000000000a3"
#define UID(n) "01990000-0000-7000-8000-0000000b" n

static bool setting(struct harness *h)
{
    static const struct scenario rows[] = {
        {"the top of the tree", "PUT", "/api/v1/places/" CITY, "health",
         "{\"uid\":\"" CITY "\",\"kind\":\"city\",\"name\":\"同城\",\"name_en\":\"Tong City\"}", 201, "repeated=false"},
        {"a district in it", "PUT", "/api/v1/places/" DISTRICT, "health",
         "{\"uid\":\"" DISTRICT "\",\"kind\":\"district\",\"name\":\"东区\",\"parent\":\"" CITY "\"}", 201, NULL},
        {"another", "PUT", "/api/v1/places/" ELSEWHERE, "health",
         "{\"uid\":\"" ELSEWHERE "\",\"kind\":\"district\",\"name\":\"西区\",\"parent\":\"" CITY "\"}", 201, NULL},
        {"a community", "PUT", "/api/v1/places/" COMMUNITY, "health",
         "{\"uid\":\"" COMMUNITY "\",\"kind\":\"community\",\"name\":\"和平社区\",\"parent\":\"" DISTRICT "\"}", 201,
         NULL},
        {"a quarantine site", "PUT", "/api/v1/places/" HOTEL, "health",
         "{\"uid\":\"" HOTEL "\",\"kind\":\"quarantine_site\",\"name\":\"同舟酒店\",\"parent\":\"" DISTRICT
         "\",\"capacity\":2}",
         201, NULL},
        {"a laboratory", "PUT", "/api/v1/places/" LAB, "health",
         "{\"uid\":\"" LAB "\",\"kind\":\"laboratory\",\"name\":\"中心实验室\",\"parent\":\"" DISTRICT "\"}", 201,
         NULL},
        {"somebody who falls ill", "PUT", "/api/v1/people/" PERSON_CASE, "health",
         "{\"uid\":\"" PERSON_CASE "\",\"name\":\"王小明\",\"sex\":\"male\",\"born\":\"1980-03-05\",\"phone\":"
                                   "\"13912345678\",\"place\":\"" COMMUNITY "\"}",
         201, NULL},
        {"somebody they met", "PUT", "/api/v1/people/" PERSON_MET, "health",
         "{\"uid\":\"" PERSON_MET "\",\"name\":\"李芳\",\"sex\":\"female\",\"born\":\"1990-01-01\",\"phone\":"
                                  "\"13800000001\",\"place\":\"" COMMUNITY "\"}",
         201, NULL},
        {"somebody of another district", "PUT", "/api/v1/people/" PERSON_FAR, "health",
         "{\"uid\":\"" PERSON_FAR "\",\"name\":\"赵远\",\"sex\":\"male\",\"born\":\"1970-01-01\",\"place\":\"" ELSEWHERE
         "\"}",
         201, NULL},
    };
    harness_play(h, rows, sizeof rows / sizeof rows[0]);
    return service_tick(h->service, NULL) == TONG_OK;
}

// ---- facts ----

#define FACT(uid, subject, rest) "{\"uid\":\"" uid "\",\"subject\":\"" subject "\"," rest "}"
#define SYMPTOM FACT(UID("0001"), PERSON_CASE, "\"kind\":\"symptom\",\"happened\":\"2022-06-29T10:00:00+08:00\"")
#define CONFIRMED                  \
    FACT(UID("0002"), PERSON_CASE, \
         "\"kind\":\"classified\",\"word\":\"confirmed\",\"happened\":\"2022-07-01T07:00:00Z\"")
#define NAMED                                                                                               \
    FACT(UID("0003"), PERSON_CASE,                                                                          \
         "\"kind\":\"contact_named\",\"word\":\"household\",\"link\":\"" PERSON_MET "\","                   \
         "\"happened\":\"2022-07-01T07:30:00Z\",\"until\":\"2022-06-30T12:00:00Z\",\"value\":120,\"note\":" \
         "\"他们住在一起\"")

static void facts(struct harness *h)
{
    static const struct scenario rows[] = {
        {"onset is recorded", "PUT", "/api/v1/facts/" UID("0001"), "health", SYMPTOM, 201, "code=ok; repeated=false"},
        {"sent again, it is answered as before", "PUT", "/api/v1/facts/" UID("0001"), "health", SYMPTOM, 200,
         "repeated=true"},
        {"another content under the same identifier is refused", "PUT", "/api/v1/facts/" UID("0001"), "health",
         FACT(UID("0001"), PERSON_CASE, "\"kind\":\"symptom\",\"happened\":\"2022-06-30T10:00:00+08:00\""), 409, NULL},
        {"who is out of reach does not exist", "PUT", "/api/v1/facts/" UID("0009"), "west",
         FACT(UID("0009"), PERSON_CASE, "\"kind\":\"symptom\",\"happened\":\"2022-06-29T10:00:00+08:00\""), 422,
         "errors.0.slug=subject-unknown"},
        {"a signature is no fact to be recorded", "PUT", "/api/v1/facts/" UID("0009"), "health",
         FACT(UID("0009"), PERSON_CASE, "\"kind\":\"ordered\",\"happened\":\"2022-06-29T10:00:00+08:00\""), 422,
         "errors.0.slug=fact-kind-not-imported"},
        {"a word that the kind does not have", "PUT", "/api/v1/facts/" UID("0009"), "health",
         FACT(UID("0009"), PERSON_CASE,
              "\"kind\":\"attribute\",\"word\":\"tall\",\"happened\":\"2022-06-29T10:00:00+08:00\""),
         422, "errors.0.slug=fact-word-unknown"},
        {"what would follow is shown first", "POST", "/api/v1/facts/preview", "health", "{\"facts\":[" CONFIRMED "]}",
         200,
         "items.0.subject.uid=" PERSON_CASE
         "; items.0.decisions.0.kind=classified; items.0.decisions.0.text~confirmed; "
         "items.0.decisions.0.rule=case.confirmed; items.0.decisions.0.why~case definition; facts.0.code=ok"},
        {"and nothing was recorded by asking", "GET", "/api/v1/cases?count=true", "health", NULL, 200, "total=0"},
        {"then it is recorded", "PUT", "/api/v1/facts/" UID("0002"), "health", CONFIRMED, 201, "code=ok"},
        {"whom they met", "PUT", "/api/v1/facts", "health",
         "{\"facts\":[" NAMED
         "," FACT(UID("0004"), PERSON_MET, "\"kind\":\"nothing\",\"happened\":\"2022-07-01\"") "]}",
         200, "taken=1; refused=1; items.0.code=ok; items.1.code=invalid; items.1.errors.0.slug=fact-kind-unknown"},
        {"not one", "PUT", "/api/v1/facts", "health", "{\"facts\":[]}", 422, "errors.0.slug=facts-list"},
        {"correcting asks for the right to", "PUT", "/api/v1/facts/" UID("0005"), "worker",
         FACT(UID("0005"), PERSON_CASE,
              "\"kind\":\"symptom\",\"happened\":\"2022-06-28T10:00:00+08:00\",\"replaces\":\"" UID("0001") "\""),
         422, "errors.0.slug=subject-unknown"},
        {"a correction", "PUT", "/api/v1/facts/" UID("0005"), "health",
         FACT(UID("0005"), PERSON_CASE,
              "\"kind\":\"symptom\",\"happened\":\"2022-06-28T10:00:00+08:00\",\"replaces\":\"" UID("0001") "\""),
         201, "code=ok"},
        {"moves the onset", "GET", "/api/v1/cases", "health", NULL, 200, "items.0.onset=2022-06-28"},
    };
    harness_play(h, rows, sizeof rows / sizeof rows[0]);
}

// ---- lists, masking, scope ----

static void lists(struct harness *h)
{
    static const struct scenario rows[] = {
        {"the case, to who may see cases", "GET", "/api/v1/cases?count=true", "health", NULL, 200,
         "total=1; items.0.subject.name=王小明; items.0.class.word=confirmed; items.0.stage.word=isolated; "
         "items.0.pathway.word=case"},
        {"by its class", "GET", "/api/v1/cases?count=true&class=suspected,probable", "health", NULL, 200, "total=0"},
        {"by stage and place", "GET", "/api/v1/cases?count=true&stage=isolated&place=" DISTRICT, "health", NULL, 200,
         "total=1"},
        {"in another place there is none", "GET", "/api/v1/cases?count=true&place=" ELSEWHERE, "health", NULL, 200,
         "total=0"},
        {"by onset", "GET", "/api/v1/cases?count=true&onset_from=2022-06-29", "health", NULL, 200, "total=0"},
        {"by a part of the name", "GET", "/api/v1/cases?count=true&q=%E7%8E%8B", "health", NULL, 200, "total=1"},
        {"no such stage", "GET", "/api/v1/cases?stage=orbit", "health", NULL, 422, "errors.0.slug=name-unknown"},
        {"by every sort", "GET", "/api/v1/cases?sort=-place&count=true", "health", NULL, 200, "total=1"},
        {"out of one's places there is nobody", "GET", "/api/v1/cases?count=true", "west", NULL, 200, "total=0"},
        {"a follow-up worker sees no cases", "GET", "/api/v1/cases", "worker", NULL, 403, NULL},
        {"but contacts, without the source", "GET", "/api/v1/contacts?count=true", "worker", NULL, 200,
         "total=1; items.0.subject.name=李芳; items.0.source!"},
        {"whom the investigator sees with it", "GET", "/api/v1/contacts", "health", NULL, 200,
         "items.0.source.uid=" PERSON_CASE},
        {"because of whom", "GET", "/api/v1/contacts?count=true&source=" PERSON_CASE, "health", NULL, 200, "total=1"},
        {"is no question for a worker", "GET", "/api/v1/contacts?count=true&source=" PERSON_CASE, "worker", NULL, 200,
         "total=0"},
        {"never seen yet", "GET", "/api/v1/contacts?count=true&seen=never", "worker", NULL, 200, "total=1"},
        {"not seen today", "GET", "/api/v1/contacts?count=true&seen=today", "worker", NULL, 200, "total=0"},
        {"zones follow from the case", "GET", "/api/v1/zones?count=true", "health", NULL, 200,
         "items.0.subject.kind=place"},
        {"people by one character", "GET", "/api/v1/people?count=true&name=%E6%9D%8E", "health", NULL, 200,
         "total=1; items.0.person.uid=" PERSON_MET},
        {"by telephone", "GET", "/api/v1/people?count=true&phone=138%200000%200001", "health", NULL, 200,
         "total=1; items.0.person.uid=" PERSON_MET},
        {"by age and sex", "GET", "/api/v1/people?count=true&age_from=40&age_to=43&sex=male", "health", NULL, 200,
         "total=1; items.0.person.uid=" PERSON_CASE},
        {"on the birthday one is a year older", "GET", "/api/v1/people?count=true&age_from=33&age_to=41", "health",
         NULL, 200, "total=0"},
        {"an epidemiologist sees no names", "GET", "/api/v1/people/" PERSON_CASE, "epi", NULL, 200,
         "person.name=null; person.sex=male; person.phone=null"},
        {"nor in a list", "GET", "/api/v1/cases", "epi", NULL, 200,
         "items.0.subject.name=null; items.0.subject.born=1980-03-05"},
        {"outside one's places a person is not there", "GET", "/api/v1/people/" PERSON_CASE, "west", NULL, 404, NULL},
        {"inside they are", "GET", "/api/v1/people/" PERSON_FAR, "west", NULL, 200, "person.name=赵远"},
        {"a laboratory finds no people", "GET", "/api/v1/people", "lab", NULL, 403, NULL},
        {"where the scopes of a district begin", "GET", "/api/v1/places", "west", NULL, 200,
         "items.0.uid=" ELSEWHERE "; items.1!"},
        {"counts by place", "GET", "/api/v1/places?counts=true&parent=" CITY, "health", NULL, 200,
         "items.#=2; items.0.name=东区; items.0.counts.people=2; items.0.counts.cases=1; items.1.counts.people=1"},
        {"another's tree is not there", "GET", "/api/v1/places?parent=" DISTRICT, "west", NULL, 404, NULL},
        {"a place by its name", "GET", "/api/v1/places?name=%E5%92%8C%E5%B9%B3", "health", NULL, 200,
         "items.#=1; items.0.uid=" COMMUNITY},
        {"signs of patterns are letters", "GET", "/api/v1/places?name=%25", "health", NULL, 200, "items.#=0"},
        {"where a place lies", "GET", "/api/v1/places/" COMMUNITY, "health", NULL, 200,
         "within.0.uid=" CITY "; within.1.uid=" DISTRICT "; counts.cases=1"},
        {"follow-up in figures", "GET", "/api/v1/indicators/follow_up?place=" DISTRICT, "health", NULL, 200,
         "under_follow_up=1; seen_today=0; never_seen=1; new_today=1"},
    };
    harness_play(h, rows, sizeof rows / sizeof rows[0]);
    static const char *const sorts[] = {"opened", "onset", "last_exposure",   "stage_end", "order_until",
                                        "ended",  "place", "class",           "stage",     "seen",
                                        "born",   "next",  "positive_sample", "final"};
    bool all = true;
    for (size_t i = 0; i < sizeof sorts / sizeof sorts[0]; i++) {
        char target[80];
        (void)snprintf(target, sizeof target, "/api/v1/contacts?sort=%s", sorts[i]);
        all = all && harness_get(h, target, "worker") == 200 && harness_at(h, "items.0") != NULL;
    }
    OK(all, "contacts by each of their sorts");
    const char *tag = harness_get(h, "/api/v1/contacts", "worker") == 200 ? harness_header(h, "ETag") : NULL;
    char etag[64];
    (void)snprintf(etag, sizeof etag, "%s", tag == NULL ? "" : tag);
    EQ_INT(harness_ask(h,
                       &(struct question){
                           .method = "GET", .target = "/api/v1/contacts", .as = "worker", .if_none_match = etag}),
           304, "a list that did not change is not sent again");
    EQ_INT(harness_ask(h,
                       &(struct question){
                           .method = "GET", .target = "/api/v1/contacts", .as = "health", .if_none_match = etag}),
           200, "to somebody else it is another list");
}

// ---- a contact's worker never learns who the case was ----

static void never_named(struct harness *h, int64_t contact)
{
    char one[64];
    (void)snprintf(one, sizeof one, "/api/v1/contacts/%lld", (long long)contact);
    const char *const targets[] = {"/api/v1/contacts",
                                   one,
                                   "/api/v1/people/" PERSON_MET,
                                   "/api/v1/people/" PERSON_MET "/story",
                                   "/api/v1/people/" PERSON_MET "/status",
                                   "/api/v1/tasks?state=all",
                                   "/api/v1/tasks?subject=" PERSON_MET,
                                   "/api/v1/indicators/follow_up"};
    static const char *const asks[] = {"worker", "met"};
    for (size_t who = 0; who < 2; who++)
        for (size_t i = 0; i < sizeof targets / sizeof targets[0]; i++) {
            (void)harness_get(h, targets[i], asks[who]);
            char *body = strndup(h->body.p, h->body.n);
            OK(body != NULL && strstr(body, "王小明") == NULL && strstr(body, PERSON_CASE) == NULL &&
                   strstr(body, "他们住在一起") == NULL && strstr(body, "household") == NULL,
               "%s does not learn from %s who the case was, nor how they met", asks[who], targets[i]);
            free(body);
        }
    static const struct scenario rows[] = {
        {"a contact's own story has the day of the exposure and no more", "GET", "/api/v1/me/story", "met", NULL, 200,
         "facts.0.kind.word=exposed; facts.0.day_only=true; facts.0.happened=2022-06-29T16:00:00Z; facts.0.other!; "
         "facts.0.word!"},
        {"the investigator sees the hour and the other", "GET", "/api/v1/people/" PERSON_MET "/story", "health", NULL,
         200, "facts.0.other.uid=" PERSON_CASE "; facts.0.word.word=household; facts.0.happened=2022-06-30T10:00:00Z"},
        {"what was known before anyone named them", "GET",
         "/api/v1/people/" PERSON_MET "/story?as_known=2022-07-01T07:59:59Z", "health", NULL, 200,
         "enrolments.#=0; facts.#=0"},
        {"what is known now, with its reason", "GET", "/api/v1/people/" PERSON_MET "/story", "worker", NULL, 200,
         "enrolments.0.pathway.word=close_contact; enrolments.0.decisions.0.kind=stage_entered; "
         "enrolments.0.decisions.0.why~contact definition"},
        {"their own record", "GET", "/api/v1/me/record", "met", NULL, 200,
         "person.name=李芳; person.phone=13800000001"},
    };
    harness_play(h, rows, sizeof rows / sizeof rows[0]);
}

// ---- tasks ----

static int64_t task_named(struct harness *h, const char *what, const char *subject)
{
    char target[200];
    (void)snprintf(target, sizeof target, "/api/v1/tasks?what=%s&subject=%s&state=all", what, subject);
    return harness_get(h, target, "health") == 200 ? harness_int(h, "items.0.task") : INT64_MIN;
}

#define SEEN_WELL                                                                                         \
    "{\"uid\":\"" UID("0101") "\",\"outcome\":\"seen_well\",\"happened\":\"2022-07-01T08:00:00Z\"," \
                             "\"way\":\"face\",\"temperature\":36.8,\"note\":\"体温正常\"}"
// The fact says how and how warm, as fields of its own; a preview of the same as a plain fact is held to the same limits.
static void tasks_recorded(struct harness *h)
{
    int64_t seen = -1;
    OK(harness_get(h, "/api/v1/people/" PERSON_MET "/story", "health") == 200, "the story of who was checked");
    for (int64_t i = 0; i < 200 && seen < 0; i++) {
        char path[60];
        (void)snprintf(path, sizeof path, "facts.%lld.kind.word", (long long)i);
        if (harness_at(h, path) == NULL) break;
        if (strcmp(harness_text(h, path), "seen_well") == 0) seen = i;
    }
    char wants[300], fault[600] = "";
    (void)snprintf(wants, sizeof wants,
                   "facts.%lld.word.word=face; facts.%lld.temperature=36.8; facts.%lld.note=体温正常; "
                   "facts.%lld.value!",
                   (long long)seen, (long long)seen, (long long)seen, (long long)seen);
    if (!OK(seen >= 0 && harness_wants(h, wants, fault, sizeof fault), "it says how it was done, and the temperature"))
        (void)printf("# %s\n", fault);
    static const struct scenario rows[] = {
        {"a fact of its own is held to the same limits", "PUT", "/api/v1/facts/" UID("0110"), "health",
         FACT(UID("0110"), PERSON_MET,
              "\"kind\":\"seen_well\",\"word\":\"phone\",\"value\":500,\"happened\":\"2022-07-01T08:00:00Z\""),
         422, "errors.0.slug=temperature-impossible"},
        {"and to the words", "PUT", "/api/v1/facts/" UID("0110"), "health",
         FACT(UID("0110"), PERSON_MET,
              "\"kind\":\"seen_well\",\"word\":\"household\",\"happened\":\"2022-07-01T08:00:00Z\""),
         422, "errors.0.slug=fact-word-unknown"},
    };
    harness_play(h, rows, sizeof rows / sizeof rows[0]);
}

static void tasks(struct harness *h)
{
    int64_t check = task_named(h, "daily_check", PERSON_MET);
    if (check == INT64_MIN) check = task_named(h, "check", PERSON_MET);
    char one[64], outcome[80], assignee[80];
    (void)snprintf(one, sizeof one, "/api/v1/tasks/%lld", (long long)check);
    (void)snprintf(outcome, sizeof outcome, "%s/outcome", one);
    (void)snprintf(assignee, sizeof assignee, "%s/assignee", one);
    OK(check > 0, "the contact is to be checked");
    const struct scenario rows[] = {
        {"one task: why, what to write down, whom to ring", "GET", one, "site", NULL, 200,
         "what.label~check; why~schedule; reach.phone=13800000001; mine=true; subject.name=李芳; path.#=3; "
         "path.0=Tong City; path.2=和平社区"},
        {"addressed to another role it is not there", "GET", one, "lab", NULL, 404, NULL},
        {"in the list of the role", "GET", "/api/v1/tasks?whose=role&verb=check&count=true", "site", NULL, 200,
         "total=1"},
        {"not in another's", "GET", "/api/v1/tasks?count=true", "lab2", NULL, 200, "total=0"},
        {"an outcome that is none", "PUT", outcome, "site", "{\"outcome\":\"splendid\"}", 422, NULL},
        {"a temperature nobody has", "PUT", outcome, "site", "{\"outcome\":\"seen_well\",\"temperature\":63.8}", 422,
         "errors.0.field=temperature"},
        {"a way that is none", "PUT", outcome, "site", "{\"outcome\":\"seen_well\",\"way\":\"smoke\"}", 422,
         "errors.0.field=way"},
        {"the temperature of somebody who was not there", "PUT", outcome, "site",
         "{\"outcome\":\"not_seen\",\"temperature\":36.8}", 422, "errors.0.slug=temperature-not-seen"},
        {"seen, well", "PUT", outcome, "site", SEEN_WELL, 200, "repeated=false"},
        {"sent again", "PUT", outcome, "site", SEEN_WELL, 200, "repeated=true"},
        {"it is done", "GET", one, "site", NULL, 200, "how.word=done"},
        {"and the contact was seen today", "GET", "/api/v1/contacts?count=true&seen=today", "worker", NULL, 200,
         "total=1"},
        {"nobody was never seen", "GET", "/api/v1/contacts?count=true&seen=never", "worker", NULL, 200, "total=0"},
        {"the figures know it", "GET", "/api/v1/indicators/follow_up", "health", NULL, 200,
         "seen_today=1; proportion_seen_today=1; never_seen=0"},
    };
    harness_play(h, rows, sizeof rows / sizeof rows[0]);
}

// ---- samples ----

#define SAMPLE "01990000-0000-7000-8000-0000000000f1"
static void samples(struct harness *h)
{
    static const struct scenario rows[] = {
        {"a sample is taken", "PUT", "/api/v1/samples/" SAMPLE, "sampler",
         "{\"subject\":\"" PERSON_MET "\",\"specimen\":\"nasopharyngeal\",\"taken\":\"2022-07-01T07:50:00Z\"}", 201,
         "repeated=false"},
        {"sent again", "PUT", "/api/v1/samples/" SAMPLE, "sampler",
         "{\"subject\":\"" PERSON_MET "\",\"specimen\":\"nasopharyngeal\",\"taken\":\"2022-07-01T07:50:00Z\"}", 200,
         "repeated=true"},
        {"of nobody", "PUT", "/api/v1/samples/" UID("0999"), "sampler",
         "{\"subject\":\"" UID("0998") "\",\"specimen\":\"nasopharyngeal\"}", 422, "errors.0.slug=subject-unknown"},
        {"it waits", "GET", "/api/v1/samples?state=taken&count=true", "lab", NULL, 200,
         "total=1; items.0.uid=" SAMPLE "; items.0.subject=null"},
        {"the laboratory has it", "PUT", "/api/v1/samples/" SAMPLE "/receipt", "lab",
         "{\"uid\":\"" UID("0201") "\",\"laboratory\":\"" LAB "\"}", 200, NULL},
        {"it waits for a result", "GET", "/api/v1/samples?state=waiting&count=true&laboratory=" LAB, "lab", NULL, 200,
         "total=1; items.0.laboratory.uid=" LAB},
        {"a sampler reports no results", "PUT", "/api/v1/samples/" SAMPLE "/result", "sampler",
         "{\"test\":\"pcr\",\"outcome\":\"negative\"}", 403, NULL},
        {"the result", "PUT", "/api/v1/samples/" SAMPLE "/result", "lab",
         "{\"uid\":\"" UID("0202") "\",\"test\":\"pcr\",\"outcome\":\"negative\"}", 201, NULL},
        {"stands with the sample", "GET", "/api/v1/samples/" SAMPLE, "lab", NULL, 200,
         "outcome.word=negative; test.word=pcr; resulted=2022-07-01T08:00:00Z; ct=null"},
        {"by its outcome", "GET", "/api/v1/samples?outcome=negative&count=true", "health", NULL, 200,
         "total=1; items.0.subject.name=李芳"},
        {"elsewhere it is not there", "GET", "/api/v1/samples/" SAMPLE, "west", NULL, 404, NULL},
    };
    harness_play(h, rows, sizeof rows / sizeof rows[0]);
}

// ---- objections, hand-overs, editions ----

static void objections(struct harness *h)
{
    int64_t measure =
        harness_get(h, "/api/v1/measures?subject=" PERSON_MET, "health") == 200 ? harness_int(h, "items.0.measure") : 0;
    char target[80], decision[120];
    (void)snprintf(target, sizeof target, "/api/v1/measures/%lld/objection", (long long)measure);
    const struct scenario rows[] = {
        {"an objection is taken down", "PUT", target, "worker", "{\"uid\":\"" UID("0301") "\",\"note\":\"家有幼儿\"}",
         201, "repeated=false"},
        {"twice is once too often", "PUT", target, "worker", "{\"uid\":\"" UID("0302") "\",\"note\":\"家有幼儿\"}", 409,
         NULL},
        {"with its clock", "GET", "/api/v1/objections?count=true", "appeals", NULL, 200,
         "total=1; items.0.subject.name=李芳; items.0.overdue=false; items.0.upheld=null"},
        {"those that are late", "GET", "/api/v1/objections?count=true&state=overdue", "appeals", NULL, 200, "total=0"},
        {"a follow-up worker sees no list of them", "GET", "/api/v1/objections", "worker", NULL, 403, NULL},
    };
    harness_play(h, rows, sizeof rows / sizeof rows[0]);
    int64_t id = harness_get(h, "/api/v1/objections", "appeals") == 200 ? harness_int(h, "items.0.objection") : 0;
    (void)snprintf(target, sizeof target, "/api/v1/objections/%lld", (long long)id);
    (void)snprintf(decision, sizeof decision, "%s/decision", target);
    const struct scenario deciding[] = {
        {"what the person said", "GET", target, "appeals", NULL, 200, "note=家有幼儿; decided=null"},
        {"an office that the protocol does not name", "PUT", decision, "court", "{\"upheld\":true,\"note\":\"x\"}", 422,
         "errors.0.slug=objection-of-another-office"},
        {"a decision has reasons", "PUT", decision, "appeals", "{\"upheld\":false}", 422, NULL},
        {"decided", "PUT", decision, "appeals", "{\"uid\":\"" UID("0303") "\",\"upheld\":false,\"note\":\"依据充分\"}",
         200, NULL},
        {"it is so", "GET", target, "appeals", NULL, 200, "upheld=false; decided=2022-07-01T08:00:00Z"},
        {"and no longer open", "GET", "/api/v1/objections?count=true", "appeals", NULL, 200, "total=0"},
    };
    harness_play(h, deciding, sizeof deciding / sizeof deciding[0]);
}

static void hand_overs(struct harness *h)
{
    static const struct scenario rows[] = {
        {"somebody is handed over", "PUT", "/api/v1/people/" PERSON_FAR "/hand-over", "health",
         "{\"uid\":\"" UID("0401") "\",\"note\":\"移交邻市\"}", 201, NULL},
        {"elsewhere they are not there", "PUT", "/api/v1/people/" PERSON_CASE "/hand-over", "west2", "{}", 404, NULL},
        {"it waits", "GET", "/api/v1/hand-overs?count=true&state=unanswered", "health", NULL, 200,
         "total=1; items.0.person.name=赵远"},
    };
    harness_play(h, rows, sizeof rows / sizeof rows[0]);
    int64_t id = harness_get(h, "/api/v1/hand-overs", "health") == 200 ? harness_int(h, "items.0.hand_over") : 0;
    char one[80], two[80];
    (void)snprintf(one, sizeof one, "/api/v1/hand-overs/%lld/acknowledged", (long long)id);
    (void)snprintf(two, sizeof two, "/api/v1/hand-overs/%lld/accepted", (long long)id);
    const struct scenario answers[] = {
        {"acknowledged", "PUT", one, "health", "{\"uid\":\"" UID("0402") "\"}", 200, NULL},
        {"still ours", "GET", "/api/v1/hand-overs?count=true", "health", NULL, 200,
         "total=1; items.0.acknowledged=2022-07-01T08:00:00Z"},
        {"accepted", "PUT", two, "health", "{\"uid\":\"" UID("0403") "\"}", 200, NULL},
        {"no longer ours", "GET", "/api/v1/hand-overs?count=true", "health", NULL, 200, "total=0"},
    };
    harness_play(h, answers, sizeof answers / sizeof answers[0]);
}

static void editions(struct harness *h, const char *next)
{
    static char text[1 << 20];
    FILE *f = fopen(next, "rb");
    size_t n = f == NULL ? 0 : fread(text, 1, sizeof text, f);
    if (f != NULL) (void)fclose(f);
    static const struct scenario rows[] = {
        {"the edition in force", "GET", "/api/v1/editions", "worker", NULL, 200,
         "in_force=0; items.0.name=covid19-cn-9; items.0.state=in_force"},
        {"its parts", "GET", "/api/v1/editions/covid19-cn-9", "worker", NULL, 200, "edition=0; pathways.0.word~c"},
        {"its text", "GET", "/api/v1/editions/0/text", "worker", NULL, 200, NULL},
        {"in sentences", "GET", "/api/v1/editions/0/explained?pathway=close_contact", "worker", NULL, 200, NULL},
        {"no such pathway", "GET", "/api/v1/editions/0/explained?pathway=orbit", "worker", NULL, 422,
         "errors.0.slug=pathway-unknown"},
        {"no such edition", "GET", "/api/v1/editions/7", "worker", NULL, 404, NULL},
        {"as a picture", "GET", "/api/v1/editions/0/picture?pathway=close_contact", "worker", NULL, 200, NULL},
        {"nonsense cannot be proposed", "POST", "/api/v1/editions", "city", "pathways: 7", 422, NULL},
        {"nor proposed for a district alone", "POST", "/api/v1/editions", "west2", "x", 422,
         "errors.0.slug=edition-everywhere"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct question q = {.method = rows[i].method,
                                   .target = rows[i].target,
                                   .as = rows[i].as,
                                   .body = rows[i].body,
                                   .type = "application/yaml"};
        char fault[1000] = "";
        EQ_INT(harness_ask(h, &q), rows[i].status, "%s", rows[i].name);
        if (rows[i].wants != NULL)
            OK(harness_wants(h, rows[i].wants, fault, sizeof fault), "%s: %s", rows[i].name, fault);
    }
    OK(harness_get(h, "/api/v1/editions/0/picture?pathway=close_contact", "worker") == 200 &&
           strstr(h->body.p, "<svg") != NULL,
       "the picture is one");
    if (n == 0) {
        tap_skip("no later edition to propose");
        return;
    }
    EQ_INT(harness_ask(h, &(struct question){.method = "POST",
                                             .target = "/api/v1/editions",
                                             .as = "city",
                                             .body = text,
                                             .body_bytes = n,
                                             .type = "application/yaml"}),
           201, "a later edition is proposed");
    EQ_INT(harness_int(h, "edition"), 1, "under the next number");
    static const struct scenario signing[] = {
        {"who would be affected", "GET", "/api/v1/editions/1/affected", "city", NULL, 200,
         "edition=1; moves.0.count=1"},
        {"what changes", "GET", "/api/v1/editions/1/difference", "worker", NULL, 200, NULL},
        {"one signs", "PUT", "/api/v1/editions/1/signature", "city", "{\"uid\":\"" UID("0501") "\"}", 200,
         "in_force=0"},
        {"not twice", "PUT", "/api/v1/editions/1/signature", "city", "{\"uid\":\"" UID("0502") "\"}", 409, NULL},
        {"another signs", "PUT", "/api/v1/editions/1/signature", "city2", "{\"uid\":\"" UID("0503") "\"}", 200, NULL},
        {"taken back", "PUT", "/api/v1/editions/1/withdrawal", "city2", "{\"uid\":\"" UID("0504") "\"}", 200,
         "in_force=0"},
    };
    harness_play(h, signing, sizeof signing / sizeof signing[0]);
}

// ---- what intake told the lists is what a start reads from the database ----

static bool lists_alike(const struct roll *a, const struct roll *b, roll_list list)
{
    struct roll_row x[ROLL_PAGE_MAX], y[ROLL_PAGE_MAX];
    struct roll_page one = {.rows = x}, two = {.rows = y};
    const struct roll_query q = {.list = list, .sort = ROLL_BY_ID, .limit = ROLL_PAGE_MAX};
    if (!roll_ask(a, &q, &one) || !roll_ask(b, &q, &two) || one.count != two.count) return false;
    for (size_t i = 0; i < one.count; i++) {
        int32_t c[ROLL_COLUMNS_MAX] = {0}, d[ROLL_COLUMNS_MAX] = {0};
        if (x[i].id != y[i].id || !roll_get(a, list, x[i].id, c) || !roll_get(b, list, y[i].id, d)) return false;
        for (int k = 0; k < ROLL_COLUMNS_MAX; k++)
            if (c[k] != d[k]) {
                (void)printf("# list %d, row %lld, column %d: told %d, read %d\n", (int)list, (long long)x[i].id, k,
                             (int)c[k], (int)d[k]);
                return false;
            }
        for (uint8_t k = ROLL_SUBJECT_PLACE + 1; k < ROLL_BY_ID; k++)
            if (roll_subject_value(a, c[0], k) != roll_subject_value(b, c[0], k)) return false;
        if (roll_place_of(a, c[0]) != roll_place_of(b, c[0])) return false;
    }
    return true;
}

static int64_t found_by_name(const struct roll *r, const char *name)
{
    struct arena arena = {0};
    const struct roll_query q = {.list = ROLL_PEOPLE, .name = str_z(name), .arena = &arena};
    int64_t n = roll_count_all(r, &q);
    arena_free(&arena);
    return n;
}

static void loaded_again(struct harness *h)
{
    struct service *s = h->service;
    struct err err = {0};
    struct rulebook book = service_book(s);
    struct roll *r = roll_open();
    struct db *db = service_reader_take(s, &err);
    roll_write_begin(r);
    OK(roll_book_put(r, &book), "the editions are told");
    roll_write_end(r);
    OK(!roll_ready(r), "before it is read it is not ready");
    int32_t late[ROLL_COLUMNS_MAX] = {[ROLL_SAMPLE_SUBJECT] = 1};
    roll_write_begin(r);
    OK(roll_put(r, ROLL_SAMPLES, 1 << 30, late), "meanwhile intake puts a row");
    roll_drop(r, ROLL_SAMPLES, 1 << 29);
    roll_write_end(r);
    OK(db != NULL && roll_load(r, db, s->vault, &book, h->now, &err) == TONG_OK, "read from the database: %s",
       err.text);
    OK(roll_ready(r) && roll_named(r), "then it is ready");
    roll_write_begin(r);
    OK(roll_get(r, ROLL_SAMPLES, 1 << 30, late), "and what intake put meanwhile is there");
    roll_drop(r, ROLL_SAMPLES, 1 << 30);
    roll_write_end(r);
    roll_read_begin(r);
    roll_read_begin(s->roll);
    for (int list = 0; list < ROLL_LIST_COUNT; list++) {
        EQ_INT(roll_size(r, (roll_list)list), roll_size(s->roll, (roll_list)list), "list %d has as many rows", list);
        OK(lists_alike(s->roll, r, (roll_list)list), "list %d, row by row", list);
    }
    OK(roll_size(r, ROLL_TASKS) > 10 && roll_size(r, ROLL_ENROLMENTS) > 1 && roll_size(r, ROLL_SAMPLES) == 1,
       "and there is something in them");
    EQ_INT(found_by_name(r, "李"), 1, "names are found");
    EQ_INT(found_by_name(s->roll, "李"), 1, "in both");
    roll_read_end(s->roll);
    roll_read_end(r);
    if (db != NULL) service_reader_give(s, db, true);
    roll_close(r);
}

int main(void)
{
    struct harness h;
    char protocol[1024], next[1024];
    const struct harness_options options = {.protocol =
                                                tap_source("protocols/covid19-cn-9.yaml", protocol, sizeof protocol)};
    if (!harness_open(&h, &options)) return tap_done();
    (void)harness_actor(&h, "health", 1, ROLE_HEALTH_OFFICER, 0);
    OK(setting(&h), "the setting stands");
    (void)harness_get(&h, "/api/v1/people/" PERSON_FAR, "health");
    int64_t west = h.request.looked_at,
            met = harness_get(&h, "/api/v1/people/" PERSON_MET, "health") == 200 ? h.request.looked_at : 0;
    roll_read_begin(h.service->roll);
    west = roll_place_of(h.service->roll, west);
    roll_read_end(h.service->roll);
    (void)harness_actor(&h, "worker", 3, ROLE_FOLLOW_UP_WORKER, 0);
    (void)harness_actor(&h, "west", 4, ROLE_CASE_INVESTIGATOR, west);
    (void)harness_actor(&h, "west2", 5, ROLE_DISTRICT_COMMAND, west);
    (void)harness_actor(&h, "epi", 6, ACCOUNT_ROLE_EPIDEMIOLOGIST, 0);
    (void)harness_actor(&h, "lab", 7, ROLE_LABORATORY, 0);
    (void)harness_actor(&h, "lab2", 8, ROLE_LABORATORY, west);
    (void)harness_actor(&h, "site", 9, ROLE_QUARANTINE_SITE, 0);
    (void)harness_actor(&h, "sampler", 10, ROLE_SAMPLER, 0);
    (void)harness_actor(&h, "appeals", 11, ROLE_APPEALS, 0);
    (void)harness_actor(&h, "court", 12, ROLE_COURT, 0);
    (void)harness_actor(&h, "city", 13, ROLE_CITY_COMMAND, 0);
    (void)harness_actor(&h, "city2", 14, ROLE_CITY_COMMAND, 0);
    harness_actor(&h, "met", 15, ACCOUNT_ROLE_RESIDENT, 0)->person = met;
    facts(&h);
    lists(&h);
    int64_t contact = harness_get(&h, "/api/v1/contacts", "health") == 200 ? harness_int(&h, "items.0.enrolment") : 0;
    never_named(&h, contact);
    tasks(&h);
    tasks_recorded(&h);
    samples(&h);
    objections(&h);
    hand_overs(&h);
    editions(&h, tap_source("protocols/covid19-cn-20.yaml", next, sizeof next));
    loaded_again(&h);
    harness_close(&h);
    return tap_done();
}
