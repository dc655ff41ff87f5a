#define _GNU_SOURCE // memmem
// Telling people: in the app, by mail, by text message; in their language; again when it failed; never whom it came from.
#include "tap.h"

#include "harness.h"
#include "people.h"
#include "service/courier.h"
#include "sink_server.h"
#include "store/engines.h"
#include "store/person.h"
#include "within.h"

#include <sodium.h>
#include <time.h>

static void templates(void)
{
    struct arena arena = {0};
    struct zone zone;
    static const struct label what = LABEL("quarantine at home", "居家隔离医学观察");
    struct template_values v = {.what = &what, .until = {1656662400}, .number = 7, .link = "https://x.cn/"};
    zone_fixed(8 * 3600, "UTC+8", &zone);
    for (int t = 0; t < TEMPLATE_WORD_COUNT; t++) {
        CHECK(template_is_sound((template_word)t), "%s has the same placeholders in both languages", template_name((template_word)t));
        CHECK(template_find(str_z(template_name((template_word)t))) == t, "found by its name");
        for (int l = 0; l < LANG_COUNT; l++) {
            const char *text = template_text((template_word)t, (lang)l, &v, &zone, &arena);
            CHECK(text != NULL && strchr(text, '{') == NULL && strstr(text, "https://x.cn/") != NULL, "%s: %s", template_name((template_word)t), text);
        }
    }
    EQ_TEXT(template_text(TEMPLATE_TASK_ASSIGNED, LANG_ZH, &v, &zone, &arena),
            "您有一项任务：居家隔离医学观察，请于 2022-07-01 16:00 前完成。https://x.cn/", "filled in, in the jurisdiction's time");
    v = (struct template_values){.until = UTC_NONE};
    EQ_TEXT(template_text(TEMPLATE_TASK_LATE, LANG_EN, &v, &zone, &arena), "Overdue: -, due -.", "nothing to fill in");
    EQ_TEXT(template_text(TEMPLATE_TOLD, LANG_EN, &v, &zone, &arena), "There is news for you on your page.", "without an address nothing is pointed at");
    arena_free(&arena);
}

static void formats(void)
{
    struct mail_options o = {.from = "noreply@health.example"};
    char text[400];
    memset(text, 'x', sizeof text);
    text[sizeof text - 1] = 0;
    struct mail m = {.to = STR("a@b.cn"), .subject = "同舟：请查看通知，这是一个很长很长很长很长的标题", .text = text, .at = {1656662400}, .id = 5};
    struct sink s = {0};
    mail_write(&o, &m, &s);
    struct str all = sink_kept(&s), rest = all, line;
    OK(strstr(all.p, "Date: Fri, 1 Jul 2022 08:00:00 +0000\r\n") != NULL, "the date");
    OK(strstr(all.p, "From: <noreply@health.example>\r\nTo: <a@b.cn>\r\n") != NULL, "from and to");
    OK(strstr(all.p, "Message-ID: <message-5-") != NULL && strstr(all.p, "Auto-Submitted: auto-generated\r\n") != NULL, "an identity");
    OK(strstr(all.p, "Subject: =?UTF-8?B?") != NULL, "the subject in words of ASCII");
    while (str_cut(&rest, '\n', &line)) {
        CHECK(line.n == 0 || line.p[line.n - 1] == '\r', "lines end in CR LF");
        CHECK(line.n <= 77, "no line is long");
        for (size_t i = 0; i < line.n; i++) CHECK((unsigned char)line.p[i] < 128, "plain ASCII");
    }
    sink_close(&s);
    char signature[WEB_HOOK_SIGNATURE];
    web_hook_sign("secret", (utc_sec){1656662400}, STR("{\"id\":1}"), signature);
    EQ_TEXT(signature, "sha256=02456c94818782d19dec4f022f52112b476155397abb08bc7b0fbf29734ec617", "signed as by another implementation");
    EQ_INT(message_delay(1), 60, "a minute");
    for (int32_t i = 1; i < MESSAGE_TRIES_MOST; i++) CHECK(message_delay(i + 1) >= message_delay(i), "ever longer");
}

struct opened {
    struct service *service;
    struct account_new account;
    struct grant grant;
    int64_t id;
};

static tong_code opened_run(struct db *db, void *payload, struct err *err)
{
    struct opened *o = payload;
    int64_t grant = 0;
    tong_code code = account_add(db, o->service->vault, &o->account, &o->id, err);
    return code == TONG_OK && o->grant.role >= 0 ? grant_add(db, o->id, &o->grant, 0, &grant, err) : code;
}

static int64_t opened(struct harness *h, const char *login, const char *contact, lang language, int64_t person, int32_t role, int64_t place)
{
    struct err err = {0};
    struct opened o = {.service = h->service,
                       .account = {.login = str_z(login), .name = str_z(login), .contact = str_z(contact), .person = person,
                                   .language = language, .password = "x", .at = h->now},
                       .grant = {.role = role, .place = place, .begins = h->now, .ends = UTC_NONE}};
    return writer_call(h->service->writer, opened_run, &o, &err) == TONG_OK ? o.id : 0;
}

static void tick(struct harness *h)
{
    struct err err = {0};
    CHECK(courier_tick(h->service, &err) == TONG_OK, "the courier goes round: %s", err.text);
}

// The text of a base 64 mail body.
static const char *mail_text(const struct sink_server *s)
{
    static char out[8192];
    size_t n = 0;
    const char *body = strstr(s->last, "\r\n\r\n");
    if (body == NULL || sodium_base642bin((unsigned char *)out, sizeof out - 1, body + 4, strlen(body + 4), "\r\n", &n, NULL,
                                          sodium_base64_VARIANT_ORIGINAL) != 0)
        return "";
    out[n] = 0;
    return out;
}

static void to_accounts(struct harness *h, struct sink_server *mail, struct sink_server *hook)
{
    int64_t a = opened(h, "by-mail", "worker@example.cn", LANG_ZH, 0, -1, 0), b = opened(h, "by-phone", "13912345678", LANG_EN, 0, -1, 0);
    int64_t c = opened(h, "in-app", "", LANG_EN, 0, -1, 0);
    static const struct label what = LABEL("visit", "随访");
    struct telling t = {.name = TEMPLATE_TASK_ASSIGNED, .about = 1, .role = -1, .what = &what, .until = {h->now.s + 3600}, .at = UTC_NONE};
    t.account = a;
    OK(a > 0 && b > 0 && c > 0 && courier_tell(h->service, &t), "somebody is told");
    tick(h);
    EQ_INT(mail->taken, 1, "a mail arrived");
    EQ_TEXT(mail->to, "<worker@example.cn>", "where it should");
    OK(strstr(mail_text(mail), "您有一项任务：随访") != NULL, "in their language: %s", mail_text(mail));
    OK(strstr(mail->last, "From: <noreply@health.example>") != NULL, "from us");
    tick(h);
    EQ_INT(mail->asked, 1, "once");
    OK(courier_tell(h->service, &t), "told of the same again");
    tick(h);
    EQ_INT(mail->asked, 1, "is told once");

    t.account = b;
    t.about = 2;
    hook->refuse = 2;
    hook->status = 503;
    OK(courier_tell(h->service, &t), "by text message");
    tick(h);
    EQ_INT(hook->asked, 1, "tried");
    EQ_INT(hook->taken, 0, "not taken over");
    tick(h);
    EQ_INT(hook->asked, 1, "not again at once");
    h->now.s += 60;
    tick(h);
    EQ_INT(hook->asked, 2, "a minute later");
    h->now.s += 299;
    tick(h);
    EQ_INT(hook->asked, 2, "then not so soon");
    h->now.s += 1;
    tick(h);
    OK(hook->asked == 3 && hook->taken == 1, "but later, and it is taken");
    OK(strstr(hook->last, "\"to\":\"13912345678\"") != NULL && strstr(hook->last, "\"text\":\"A task is yours: visit, by ") != NULL,
       "to whom, and what: %s", strstr(hook->last, "\n{") == NULL ? "" : strstr(hook->last, "\n{"));
    const char *stamp = strstr(hook->last, "Tongzhou-Timestamp: "), *sign = strstr(hook->last, "Tongzhou-Signature: ");
    const char *body = strstr(hook->last, "\n{");
    char want[WEB_HOOK_SIGNATURE] = "?";
    if (stamp != NULL && body != NULL) web_hook_sign("a shared secret", (utc_sec){atoll(stamp + 20)}, str_z(body + 1), want);
    OK(sign != NULL && strncmp(sign + 20, want, strlen(want)) == 0, "signed");

    t.about = 3;
    hook->refuse = 1;
    hook->status = 422;
    OK(courier_tell(h->service, &t), "what a gateway refuses for good");
    tick(h);
    h->now.s += 86400;
    tick(h);
    EQ_INT(hook->asked, 4, "is not tried again");
    t.about = 4;
    hook->refuse = 1000;
    hook->status = 500;
    OK(courier_tell(h->service, &t), "a gateway that is broken");
    for (int i = 0; i < 2 * MESSAGE_TRIES_MOST; i++) {
        tick(h);
        h->now.s += 12 * 3600;
    }
    EQ_INT(hook->asked, 4 + MESSAGE_TRIES_MOST, "is tried so many times");
    hook->refuse = 0;
    struct courier_state state;
    courier_look(h->service, &state);
    OK(state.given_up == 2 && state.delivered == 2 && state.waiting == 0 && state.dropped == 0, "all is counted");

    t.account = c;
    t.about = 5;
    OK(courier_tell(h->service, &t), "who has only the app");
    tick(h);
    struct actor *reader = harness_actor(h, "reader", c, ACCOUNT_ROLE_GATE, 0);
    OK(reader != NULL, "reads");
    EQ_INT(harness_get(h, "/api/v1/me/messages", "reader"), 200, "messages");
    EQ_INT((int64_t)json_array_size(harness_at(h, "items")), 1, "one");
    OK(strstr(harness_text(h, "items.0.text"), "A task is yours: visit") != NULL && json_is_false(harness_at(h, "items.0.read")), "what it says");
    char target[80];
    (void)snprintf(target, sizeof target, "/api/v1/me/messages/%lld/read", (long long)harness_int(h, "items.0.id"));
    (void)harness_actor(h, "stranger", a, ACCOUNT_ROLE_GATE, 0);
    EQ_INT(harness_send(h, "POST", target, "stranger", NULL), 204, "another marks it");
    OK(harness_get(h, "/api/v1/me/messages", "reader") == 200 && json_is_false(harness_at(h, "items.0.read")), "which does nothing");
    EQ_INT(harness_send(h, "POST", target, "reader", NULL), 204, "they mark it");
    OK(harness_get(h, "/api/v1/me/messages", "reader") == 200 && json_is_true(harness_at(h, "items.0.read")), "it is read");

    (void)harness_actor(h, "operator", 99, ACCOUNT_ROLE_ADMINISTRATOR, 0);
    EQ_INT(harness_get(h, "/api/v1/messages?state=given_up", "operator"), 200, "the log");
    EQ_INT((int64_t)json_array_size(harness_at(h, "items")), 2, "of what failed");
    EQ_TEXT(harness_text(h, "items.0.fault"), "gateway: HTTP 500", "and why");
    OK(!within(h->body.p, h->body.n, "13912345678") && !within(h->body.p, h->body.n, "visit"), "without whom and what");
}

static int64_t told_person(struct harness *h, int n, const char *name, const char *phone, civil_day born, const char *guardian)
{
    char text[UID_TEXT];
    struct err err = {0};
    struct arena arena = {0};
    struct problem_list problems = {.arena = &arena};
    struct intake_outcome out = {.problems = &problems};
    struct person_record p = person_record_none();
    unsigned char uid[UID_BYTES] = {1, [6] = 0x70, [8] = 0x80, [15] = (unsigned char)n};
    uid_format(uid, text);
    p.uid = str_z(text);
    p.name = str_z(name);
    p.phone = str_z(phone);
    p.born = born;
    p.guardian = str_z(guardian);
    struct command c = {.kind = COMMAND_PERSON, .at = h->now, .person = &p};
    memcpy(c.subject_uid, uid, sizeof uid);
    memcpy(c.uid, uid, sizeof uid);
    c.uid[0] = 2;
    bool good = writer_take(h->service->writer, &c, 1, &out, &err) == TONG_OK && out.code == TONG_OK;
    if (!OK(good, "%s is described", name) && problems.count > 0) (void)printf("# %s\n", problem_text(&problems.items[0], LANG_EN, &arena));
    arena_free(&arena);
    return out.subject;
}

static void to_people(struct harness *h, struct sink_server *hook)
{
    civil_day child = {zone_day(&h->service->options.zone, h->now).d - 10 * 366};
    int64_t mother = told_person(h, 1, "赵梅", "13800000001", (civil_day){CIVIL_DAY_NONE}, "");
    int64_t boy = told_person(h, 2, "李小明", "13800000002", child, "01000000-0000-7000-8000-000000000001");
    int64_t resident = told_person(h, 3, "孙强", "13800000003", (civil_day){CIVIL_DAY_NONE}, "");
    int before = hook->taken;
    struct telling t = {.name = TEMPLATE_RESULT, .about = 100, .person = resident, .role = -1, .until = UTC_NONE, .at = h->now};
    OK(courier_tell(h->service, &t), "a result");
    tick(h);
    OK(hook->taken == before + 1 && strstr(hook->last, "13800000003") != NULL, "who has no account is told by telephone");
    OK(strstr(hook->last, "孙强") == NULL && strstr(hook->last, "negative") == NULL, "neither named nor told what it is");
    t.person = boy;
    t.about = 101;
    OK(courier_tell(h->service, &t), "a child's result");
    tick(h);
    EQ_INT(hook->taken, before + 3, "goes to the child and to the guardian");
    OK(strstr(hook->last, "13800000001") != NULL && strstr(hook->last, "\"template\":\"told\"") != NULL, "the guardian is told to look");
    int64_t a = opened(h, "resident", "", LANG_ZH, resident, ACCOUNT_ROLE_RESIDENT, 0);
    t.person = resident;
    t.about = 102;
    OK(a > 0 && courier_tell(h->service, &t), "who has an account");
    tick(h);
    EQ_INT(hook->taken, before + 3, "is told in the app");
    struct actor *own = harness_actor(h, "own", a, ACCOUNT_ROLE_RESIDENT, 0);
    own->person = resident;
    OK(harness_get(h, "/api/v1/me/messages", "own") == 200 && strcmp(harness_text(h, "items.0.template"), "result") == 0, "there it is");
    t.about = 103;
    t.at.s = h->now.s - COURIER_NEWS_S - 1;
    OK(courier_tell(h->service, &t), "what happened long ago");
    tick(h);
    OK(harness_get(h, "/api/v1/me/messages", "own") == 200 && json_array_size(harness_at(h, "items")) == 1, "is no news");
    OK(mother > 0, "all are there");
}

// A contact of a case: what is proposed waits for whoever signs, what is signed is told to the contact, and nothing says who.
static void of_an_order(struct harness *h, struct sink_server *hook)
{
    if (!OK(protocol_signed(h, "protocols/covid19-cn-9.yaml"), "a protocol in force")) return;
    int64_t sick = told_person(h, 11, "周病人", "13800000011", (civil_day){CIVIL_DAY_NONE}, "");
    int64_t contact = told_person(h, 12, "吴接触", "13800000012", (civil_day){CIVIL_DAY_NONE}, "");
    int64_t officer = 0, command = 0;
    officer = opened(h, "officer", "", LANG_EN, 0, ROLE_HEALTH_OFFICER, 0);
    command = opened(h, "district", "", LANG_EN, 0, ROLE_DISTRICT_COMMAND, 0);
    struct err err = {0};
    struct intake_outcome out = {0};
    struct command c = {.kind = COMMAND_FACT, .at = h->now, .account = officer};
    c.fact = (struct fact){.subject = sick, .kind = EVENT_CLASSIFIED, .word = (uint8_t)EVENT_CONFIRMED, .happened = {h->now.s - 7200}, .known = h->now};
    OK(writer_take(h->service->writer, &c, 1, &out, &err) == TONG_OK && out.code == TONG_OK, "a case");
    c.fact = (struct fact){.subject = contact, .link = sick, .kind = EVENT_EXPOSED, .word = EXPOSURE_HOUSEHOLD, .value = 600,
                           .happened = {h->now.s - 86400}, .until = {h->now.s - 3600}, .known = h->now};
    OK(writer_take(h->service->writer, &c, 1, &out, &err) == TONG_OK && out.code == TONG_OK, "and a contact");
    tick(h);
    (void)harness_actor(h, "officer", officer, ROLE_HEALTH_OFFICER, 0);
    (void)harness_actor(h, "district", command, ROLE_DISTRICT_COMMAND, 0);
    size_t waits = 0;
    if (harness_get(h, "/api/v1/me/messages", "officer") == 200) waits += json_array_size(harness_at(h, "items"));
    if (harness_get(h, "/api/v1/me/messages", "district") == 200) waits += json_array_size(harness_at(h, "items"));
    OK(waits >= 1 && waits <= 4, "whoever signs knows that something waits, and is not flooded (%zu)", waits);

    int64_t measure = 0;
    struct db *db = service_reader_take(h->service, &err);
    if (db_ask(db, sql_measure_live, &DB_I(contact), 1, &err) == TONG_OK && db_next(db, sql_measure_live)) measure = db_int(db, sql_measure_live, 0, 0);
    CHECK(db_done(db, sql_measure_live, &err) == TONG_OK, "read");
    service_reader_give(h->service, db, true);
    OK(measure > 0, "a measure is proposed for the contact");
    struct actor *own = harness_actor(h, "contact", 5000, ACCOUNT_ROLE_RESIDENT, 0);
    own->person = contact;
    EQ_INT(harness_get(h, "/api/v1/me/status", "contact"), 200, "their own page");
    EQ_INT((int64_t)json_array_size(harness_at(h, "measures")), 0, "a proposal binds nobody");
    int before = hook->taken;
    struct command sign = {.kind = COMMAND_SIGN, .at = h->now, .account = command, .about = measure};
    struct arena arena = {0};
    struct problem_list problems = {.arena = &arena};
    struct intake_outcome signed_out = {.problems = &problems};
    bool good = writer_take(h->service->writer, &sign, 1, &signed_out, &err) == TONG_OK && signed_out.code == TONG_OK;
    tick(h);
    EQ_INT(hook->taken, before, "the first of two signatures binds nobody");
    sign.account = command + 1;
    good = good && writer_take(h->service->writer, &sign, 1, &signed_out, &err) == TONG_OK && signed_out.code == TONG_OK;
    if (!OK(good, "signed by two") && problems.count > 0) (void)printf("# %s\n", problem_text(&problems.items[0], LANG_EN, &arena));
    arena_free(&arena);
    tick(h);
    OK(hook->taken == before + 1 && strstr(hook->last, "13800000012") != NULL, "the contact is told");
    OK(strstr(hook->last, "\"template\":\"ordered\"") != NULL, "of the order: %s", strstr(hook->last, "\n{") == NULL ? "" : strstr(hook->last, "\n{"));
    OK(strstr(hook->last, "周病人") == NULL && strstr(hook->last, "13800000011") == NULL, "not of whom they met");
    EQ_INT(harness_get(h, "/api/v1/me/status", "contact"), 200, "their own page");
    EQ_INT((int64_t)json_array_size(harness_at(h, "measures")), 1, "shows what binds");
    OK(harness_text(h, "measures.0.why")[0] != 0 && harness_text(h, "measures.0.basis")[0] != 0, "why, on what basis");
    OK(harness_text(h, "measures.0.authority.word")[0] != 0 && harness_text(h, "measures.0.objection.to.word")[0] != 0, "by whom, and who hears them");
    OK(harness_text(h, "measures.0.until")[0] != 0 && harness_text(h, "status.name")[0] + harness_text(h, "status.word")[0] != 0, "until when, and the code");
    OK(!within(h->body.p, h->body.n, "周病人"), "and nobody else");
    char body[200];
    (void)snprintf(body, sizeof body, "{\"uid\": \"0198a000-0000-7000-8000-00000000abcd\", \"measure\": %lld, \"text\": \"没有接触过\"}", (long long)measure);
    struct actor *stranger = harness_actor(h, "neighbour", 5001, ACCOUNT_ROLE_RESIDENT, 0);
    stranger->person = sick;
    EQ_INT(harness_send(h, "POST", "/api/v1/me/objections", "neighbour", body), 404, "nobody objects for another");
    EQ_INT(harness_send(h, "POST", "/api/v1/me/objections", "contact", body), 201, "they object");
    EQ_INT(harness_send(h, "POST", "/api/v1/me/objections", "contact", body), 200, "sent twice it is one");
    EQ_INT(harness_get(h, "/api/v1/me/objections", "contact"), 200, "their objections");
    EQ_INT((int64_t)json_array_size(harness_at(h, "items")), 1, "one");
    OK(harness_text(h, "items.0.deadline")[0] != 0 && strcmp(harness_text(h, "items.0.to.word"), "appeals") == 0, "with its clock, before appeals");
    EQ_INT(harness_get(h, "/api/v1/me/results", "contact"), 200, "results");
    c.fact = (struct fact){.subject = contact, .kind = EVENT_REFUSED, .happened = h->now, .known = h->now};
    OK(writer_take(h->service->writer, &c, 1, &out, &err) == TONG_OK && out.code == TONG_OK, "they refuse");
    tick(h);
    EQ_INT(harness_get(h, "/api/v1/me/messages", "officer"), 200, "whom the protocol names");
    bool told = false;
    for (size_t i = 0; i < json_array_size(harness_at(h, "items")); i++)
        told = told || strcmp(json_string_value(json_object_get(json_array_get(harness_at(h, "items"), i), "template")), "staff_told") == 0;
    OK(told, "is told");
    OK(!within(h->body.p, h->body.n, "吴接触"), "without a name");
}

static void all_of_it(const struct engine *e)
{
    static struct sink_server mail, hook;
    char mail_url[64], hook_url[64];
    struct harness h;
    struct harness_options opening = {.store = e->where};
    struct err err = {0};
    if (!OK(sink_open(&mail, true) && sink_open(&hook, false), "two servers to send to")) return;
    (void)snprintf(mail_url, sizeof mail_url, "smtp://127.0.0.1:%d", mail.port);
    (void)snprintf(hook_url, sizeof hook_url, "http://127.0.0.1:%d/send", hook.port);
    struct courier_options options = {.mail = {.url = mail_url, .from = "noreply@health.example", .plain = true, .seconds_max = 5},
                                      .hook = {.url = hook_url, .secret = "a shared secret", .seconds_max = 5},
                                      .link = "https://health.example/"};
    if (harness_open(&h, &opening) && OK(courier_set(h.service, &options, &err) == TONG_OK, "the courier knows where")) {
        to_accounts(&h, &mail, &hook);
        to_people(&h, &hook);
        of_an_order(&h, &hook);
    }
    harness_close(&h);
    sink_shut(&mail);
    sink_shut(&hook);
}

// As in the program: the courier in a thread of its own, woken by what it is told, ended with the service.
static void by_itself(void)
{
    static struct sink_server hook;
    char hook_url[64];
    struct harness h;
    struct harness_options opening = {.threads = true};
    struct err err = {0};
    if (!OK(sink_open(&hook, false), "a gateway")) return;
    (void)snprintf(hook_url, sizeof hook_url, "http://127.0.0.1:%d/send", hook.port);
    struct courier_options options = {.hook = {.url = hook_url, .seconds_max = 5}};
    if (harness_open(&h, &opening) && OK(courier_set(h.service, &options, &err) == TONG_OK, "the courier knows where")) {
        int64_t a = opened(&h, "by-phone", "13912345678", LANG_EN, 0, -1, 0);
        struct telling t = {.name = TEMPLATE_TASK_ASSIGNED, .account = a, .about = 1, .role = -1, .until = UTC_NONE, .at = UTC_NONE};
        int taken = 0;
        OK(a > 0 && courier_tell(h.service, &t), "told");
        for (int i = 0; i < 500 && taken == 0; i++) {
            (void)nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
            (void)pthread_mutex_lock(&hook.lock);
            taken = hook.taken;
            (void)pthread_mutex_unlock(&hook.lock);
        }
        EQ_INT(taken, 1, "it arrives by itself");
        for (int i = 0; i < 100; i++) (void)courier_tell(h.service, &t);
    }
    harness_close(&h); // whatever still waits
    sink_shut(&hook);
}

int main(void)
{
    struct engines engines;
    templates();
    formats();
    by_itself();
    engines_open(&engines);
    engine_each(&engines, "telling people", all_of_it);
    engines_close(&engines);
    return tap_done();
}
