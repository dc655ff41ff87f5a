// Editions through the routes: read, check, propose, compare, who is affected, two signatures, taking back.
#include "tap.h"

#include "harness.h"

#include "setting.h"
#include "store/engines.h"
#include "service/dispatch.h"

#define U(n) SETTING_UID("6" n)

struct file {
    char text[200000];
    size_t n;
};

static bool file_read(struct file *f, const char *name)
{
    char path[1024];
    FILE *in = fopen(tap_source(name, path, sizeof path), "rb");
    f->n = in == NULL ? 0 : fread(f->text, 1, sizeof f->text - 1, in);
    f->text[f->n] = 0;
    if (in != NULL) (void)fclose(in);
    return f->n > 0 && f->n + 1 < sizeof f->text;
}

static int32_t send_file(struct harness *h, const char *method, const char *target, const char *as, const char *text, size_t n)
{
    return harness_ask(h, &(struct question){.method = method, .target = target, .as = as, .body = text, .body_bytes = n, .type = "application/yaml"});
}

static bool body_has(const struct harness *h, const char *part)
{
    return h->body.n > 0 && h->body.p != NULL && strstr(h->body.p, part) != NULL;
}

static void reading(struct harness *h)
{
    static const struct scenario rows[] = {
        {"the edition in force", "GET", "/api/v1/editions", "worker", NULL, 200, "in_force=0; items.#=1; items.0.name=covid19-cn-9; items.0.state=in_force"},
        {"by its name", "GET", "/api/v1/editions/covid19-cn-9", "worker", NULL, 200, "edition=0; state=in_force; disease=covid-19"},
        {"there is no such edition", "GET", "/api/v1/editions/covid19-cn-99", "worker", NULL, 404, NULL},
        {"not signed in", "GET", "/api/v1/editions", NULL, NULL, 401, NULL},
        {"no such pathway", "GET", "/api/v1/editions/0/picture?pathway=orbit", "worker", NULL, 422, "errors.0.slug=pathway-unknown"},
        {"a picture is of a pathway", "GET", "/api/v1/editions/0/picture", "worker", NULL, 400, NULL},
    };
    harness_play(h, rows, sizeof rows / sizeof rows[0]);
    OK(harness_get(h, "/api/v1/editions/0/text", "worker") == 200 && body_has(h, "protocol: covid19-cn"), "the text as proposed");
    OK(harness_get(h, "/api/v1/editions/0/explained", "worker") == 200 && body_has(h, "# "), "in sentences");
    (void)harness_ask(h, &(struct question){.method = "GET", .target = "/api/v1/editions/0/explained?pathway=close_contact", .as = "worker", .language = "zh"});
    OK(body_has(h, "密切接触者"), "and in Chinese");
    OK(harness_get(h, "/api/v1/editions/0/picture?pathway=close_contact", "worker") == 200 && body_has(h, "<svg") && strcmp(h->reply.type, "image/svg+xml") == 0, "as a picture");
}

static void checking(struct harness *h, struct file *f)
{
    EQ_INT(send_file(h, "POST", "/api/v1/editions/check", "city", f->text, f->n), 200, "a sound protocol is checked");
    char fault[2400] = "";
    OK(harness_wants(h, "good=true; errors=0; name=covid19-cn-20; same_family=true", fault, sizeof fault), "it is sound: %s", fault);
    OK(harness_int(h, "differences") > 0, "and differs from the one in force");
    static const char wrong[] = "extends: covid19-cn-9.yaml\nprotocol: covid19-cn\nedition: \"21\"\nname: {en: x, zh: x}\n"
                                "effective: {from: 2022-13-01}\nsplendid: yes\n";
    EQ_INT(send_file(h, "POST", "/api/v1/editions/check", "city", wrong, sizeof wrong - 1), 200, "a faulty one is answered too");
    OK(harness_wants(h, "good=false", fault, sizeof fault) && harness_int(h, "errors") >= 2, "with its faults: %s", fault);
    bool fifth = false, sixth = false;
    for (size_t i = 0; i < json_array_size(harness_at(h, "problems")); i++) {
        char path[60];
        (void)snprintf(path, sizeof path, "problems.%zu.line", i);
        fifth = fifth || harness_int(h, path) == 5;
        sixth = sixth || harness_int(h, path) == 6;
        (void)snprintf(path, sizeof path, "problems.%zu.column", i);
        CHECK(harness_int(h, path) > 0, "with its column");
        (void)snprintf(path, sizeof path, "problems.%zu.text", i);
        CHECK(harness_text(h, path)[0] != 0, "and a text");
    }
    OK(fifth && sixth, "each in its line");
    static const char orphan[] = "extends: nobody.yaml\nprotocol: covid19-cn\nedition: \"21\"\n";
    (void)send_file(h, "POST", "/api/v1/editions/check", "city", orphan, sizeof orphan - 1);
    OK(harness_wants(h, "good=false", fault, sizeof fault) && harness_int(h, "errors") >= 1, "what it extends must be there");
    EQ_INT(send_file(h, "POST", "/api/v1/editions/check", "worker", f->text, f->n), 403, "checking is for those who may propose");
    EQ_INT(harness_get(h, "/api/v1/editions", "worker") == 200 ? (int64_t)json_array_size(harness_at(h, "items")) : -1, 1, "nothing was kept by checking");
}

static void proposing(struct harness *h, struct file *f)
{
    static const char *const put = "/api/v1/editions/" U("001");
    EQ_INT(send_file(h, "PUT", put, "district", f->text, f->n), 422, "an edition is not proposed for a district alone");
    EQ_TEXT(harness_text(h, "errors.0.slug"), "edition-everywhere", "and that is said");
    EQ_INT(send_file(h, "PUT", put, "city", "pathways: 7", 11), 422, "nonsense is not proposed");
    OK(json_array_size(harness_at(h, "errors")) > 0 && harness_int(h, "errors.0.line") >= 0, "with its faults");
    EQ_INT(send_file(h, "PUT", put, "city", f->text, f->n), 201, "a later edition is proposed");
    EQ_INT(harness_int(h, "edition"), 1, "under the next number");
    EQ_INT(send_file(h, "PUT", put, "city", f->text, f->n), 200, "sent again");
    OK(json_is_true(harness_at(h, "repeated")), "it is the same");
    static const struct scenario rows[] = {
        {"it waits", "GET", "/api/v1/editions/1", "worker", NULL, 200, "state=proposed; proposed_by=71; name=covid19-cn-20"},
        {"who is affected is not everybody's question", "GET", "/api/v1/editions/1/affected", "worker", NULL, 403, NULL},
        {"a year ahead nobody knows", "GET", "/api/v1/editions/1/affected?at=2023-07-01T00:00:00Z", "city", NULL, 422, "errors.0.field=at"},
        {"compared with what is not there", "GET", "/api/v1/editions/1/difference?from=7", "worker", NULL, 404, NULL},
    };
    harness_play(h, rows, sizeof rows / sizeof rows[0]);
    OK(harness_get(h, "/api/v1/editions/1/difference", "worker") == 200 && h->body.n > 500, "what changes, against the one in force");
    OK(harness_get(h, "/api/v1/editions/0/difference?from=1", "worker") == 200 && h->body.n > 500, "or the other way round");
    OK(harness_get(h, "/api/v1/editions/1/difference?from=covid19-cn-20", "worker") == 200 && h->body.n < 500, "against itself nothing");
}

// The stream of /affected: every line but the last tells how far it is.
static void streamed(struct harness *h, int64_t enrolments)
{
    struct arena arena = {.bytes_max = HTTP_ARENA_BYTES_MAX};
    struct request rq = {.arena = &arena, .body_file = -1, .method = HTTP_GET, .target = STR("/api/v1/editions/1/affected"), .host = STR("tongzhou.test"),
                         .accept = STR("application/x-ndjson"), .authorization = STR("Test city")};
    struct reply rp = {0};
    static char text[100000];
    size_t n = 0;
    int64_t got = 0;
    http_dispatch(h->service, &rq, &rp);
    EQ_INT(rp.status, 200, "as a stream");
    while (rp.stream != NULL && n < sizeof text - 1 && (got = rp.stream(rp.stream_state, text + n, 37)) >= 0) n += (size_t)got;
    text[n] = 0;
    EQ_INT(got, STREAM_END, "it ends");
    const char *last = strstr(text, "\"result\"");
    json_t *line = NULL;
    if (OK(last != NULL, "with the result")) {
        while (last > text && last[-1] != '\n') last--;
        line = json_loads(last, 0, NULL);
    }
    EQ_INT(json_integer_value(json_object_get(json_object_get(line, "result"), "enrolments")), enrolments, "the same as without");
    OK(json_integer_value(json_object_get(line, "done")) == json_integer_value(json_object_get(line, "of")), "all were looked at");
    json_decref(line);
    reply_close(&rp);
    // Left in the middle it gives back what it held.
    struct reply left = {0};
    rq = (struct request){.arena = &arena, .body_file = -1, .method = HTTP_GET, .target = STR("/api/v1/editions/1/affected"), .host = STR("tongzhou.test"),
                          .accept = STR("application/x-ndjson"), .authorization = STR("Test city")};
    http_dispatch(h->service, &rq, &left);
    if (left.stream != NULL) (void)left.stream(left.stream_state, text, 5);
    reply_close(&left);
    arena_free(&arena);
}

static void affected(struct harness *h)
{
    EQ_INT(harness_get(h, "/api/v1/editions/1/affected", "city"), 200, "who is affected");
    int64_t enrolments = harness_int(h, "enrolments"), counted = 0;
    for (size_t i = 0; i < json_array_size(harness_at(h, "moves")); i++) {
        char path[40];
        (void)snprintf(path, sizeof path, "moves.%zu.count", i);
        counted += harness_int(h, path);
    }
    // A case, a contact of theirs, and the zones around them: what /cases, /contacts and /zones list as open.
    char targets[3][60] = {"/api/v1/cases?count=true", "/api/v1/contacts?count=true", "/api/v1/zones?count=true"};
    int64_t finish = harness_int(h, "finish"), move = harness_int(h, "move"), released = harness_int(h, "released"), ended = harness_int(h, "measures_ended"), open = 0;
    OK(enrolments > 2 && counted == enrolments && finish + move + released == enrolments, "the rows add up");
    for (size_t i = 0; i < 3; i++) open += harness_get(h, targets[i], "health") == 200 ? harness_int(h, "total") : 1000;
    EQ_INT(enrolments, open, "to everybody who is enrolled");
    streamed(h, enrolments);
    OK(harness_get(h, "/api/v1/editions/0/affected", "city") == 200 && harness_int(h, "enrolments") == 0, "nobody by the edition they are under");

    int64_t before = harness_get(h, "/api/v1/measures?count=true&state=proposed,half_signed,ordered,in_force", "health") == 200 ? harness_int(h, "total") : -1;
    static const struct scenario signing[] = {
        {"one signs", "PUT", "/api/v1/editions/1/signature", "city", "{\"uid\":\"" U("010") "\"}", 200, "in_force=0"},
        {"half signed", "GET", "/api/v1/editions/1", "worker", NULL, 200, "state=half_signed; first_signer=71"},
        {"the same person cannot be the second", "PUT", "/api/v1/editions/1/signature", "city", "{\"uid\":\"" U("011") "\"}", 409, "errors.0.slug=signer-same"},
        {"nor somebody of a district", "PUT", "/api/v1/editions/1/signature", "district", "{}", 422, "errors.0.slug=edition-everywhere"},
        {"nor a worker", "PUT", "/api/v1/editions/1/signature", "worker", "{}", 403, NULL},
        {"whose places hold all there are", "PUT", "/api/v1/editions/1/signature", "top", "{\"uid\":\"" U("012") "\"}", 200, NULL},
    };
    harness_play(h, signing, sizeof signing / sizeof signing[0]);
    h->now.s += 1;
    OK(service_tick(h->service, NULL) == TONG_OK, "time passes");
    EQ_INT(harness_get(h, "/api/v1/editions", "worker") == 200 ? harness_int(h, "in_force") : -1, 1, "it is in force");
    // What was foretold has come about.
    int64_t now = 0, after = harness_get(h, "/api/v1/measures?count=true&state=proposed,half_signed,ordered,in_force", "health") == 200 ? harness_int(h, "total") : -1;
    for (size_t i = 0; i < 3; i++) now += harness_get(h, targets[i], "health") == 200 ? harness_int(h, "total") : 1000;
    EQ_INT(now, open - released, "as many were released as foretold");
    OK(after >= before - ended && after <= before, "%lld measures before, %lld after, %lld foretold to end", (long long)before, (long long)after, (long long)ended);
    static const struct scenario back[] = {
        {"taken back", "PUT", "/api/v1/editions/1/withdrawal", "top", "{\"uid\":\"" U("013") "\"}", 200, NULL},
        {"twice is once too often", "PUT", "/api/v1/editions/1/withdrawal", "top", "{\"uid\":\"" U("014") "\"}", 409, NULL},
        {"it is said so", "GET", "/api/v1/editions/1", "worker", NULL, 200, "state=taken_back"},
    };
    harness_play(h, back, sizeof back / sizeof back[0]);
    h->now.s += 1;
    OK(service_tick(h->service, NULL) == TONG_OK && service_edition(h->service) == 0, "the one before is in force again");
}

static void all_of_it(const struct engine *e)
{
    static struct file next;
    struct harness h;
    if (!setting_open_on(&h, e->where) || !setting_case(&h)) return;
    (void)harness_actor(&h, "worker", 70, ROLE_FOLLOW_UP_WORKER, 0);
    (void)harness_actor(&h, "city", 71, ROLE_CITY_COMMAND, 0);
    (void)harness_actor(&h, "top", 72, ROLE_CITY_COMMAND, setting_number(&h, CITY));
    (void)harness_actor(&h, "district", 73, ROLE_DISTRICT_COMMAND, setting_number(&h, EAST));
    if (!OK(file_read(&next, "protocols/covid19-cn-20.yaml"), "a later edition's file")) return;
    reading(&h);
    checking(&h, &next);
    proposing(&h, &next);
    affected(&h);
    harness_close(&h);
}

int main(void)
{
    struct engines engines;
    engines_open(&engines);
    engine_each(&engines, "editions", all_of_it);
    engines_close(&engines);
    return tap_done();
}
