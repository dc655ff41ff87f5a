#include "cli/replay_into.h"

#include "cli/remote.h"
#include "cli/replay_facts.h"
#include "cli/replay_input.h"
#include "exchange/fact_record.h"
#include "exchange/import_known.h"
#include "protocol/read.h"

#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>
#include <time.h>

enum { INTO_ROWS = 250, INTO_REASONS = 48, INTO_TEXT = 300 }; // a request: half of what the server takes at once

struct into_reason {
    char slug[64], text[INTO_TEXT];
    int64_t count;
};

struct into {
    struct cli *cli;
    const struct replay_options *o;
    struct arena *arena, scratch; // scratch: of one request
    struct remote *remote;
    struct import_known *uids;
    char token[REMOTE_TOKEN], second[REMOTE_TOKEN], source[64], place[UID_TEXT];
    struct protocol protocol;
    bool read; // protocol is to be freed
    struct zone zone;
    struct linelist list;
    struct replay_facts facts;
    bool *introduced; // of each person: described to the server
    int64_t people, people_refused, taken, same, refused, confirmed;
    struct into_reason reason[INTO_REASONS];
    size_t reasons;
    int64_t held; // stopped at this request; 0: not
};

static const char *into_text(const struct into *in, struct label label)
{
    return label.text[in->cli->language];
}

// ---- the server ----

// A question that must be answered 200. False: said.
static bool into_ask(struct into *in, const char *method, const char *path, const char *token, const char *body,
                     struct remote_answer *a)
{
    static const struct label lost =
        LABEL("the server does not answer (%s). What was recorded stays; run the same command again to go on. Without a server, "
              "`tongzhou import` records a list into the store",
              "服务器没有响应（%s）。已登记的内容保留，重新执行同一命令即可继续。没有服务器时，可用 tongzhou import 直接导入数据库");
    struct err err = {0};
    char says[900];
    if (remote_ask(in->remote, method, path, token, body, a, &err) != TONG_OK) {
        cli_say(in->cli, into_text(in, lost), err.text);
        return false;
    }
    if (a->status == 200 || a->status == 202) return true;
    cli_say(in->cli, "%s %s: %s", method, path, remote_says(a, says, sizeof says));
    remote_answer_close(a);
    return false;
}

// The edition in force, or one that it extends: by name, as it was proposed there.
static tong_code into_open_file(void *payload, const char *path, struct arena *arena, struct str *out, struct err *err)
{
    struct into *in = payload;
    struct remote_answer a;
    char ask[160];
    struct str name = str_z(path);
    const char *slash = strrchr(path, '/');
    if (slash != NULL) name = str_z(slash + 1);
    if (name.n > 5 && str_eq_z((struct str){name.p + name.n - 5, 5}, ".yaml")) name.n -= 5;
    (void)snprintf(ask, sizeof ask, "/api/v1/editions/%.*s/text", (int)(name.n > 100 ? 100 : name.n), name.p);
    if (!into_ask(in, "GET", ask, in->token, NULL, &a))
        return tong_fail(err, TONG_E_NOT_FOUND, "the server has no edition \"%.*s\"", STR_ARG(name));
    struct str text = sink_kept(&a.body);
    out->p = arena_copy(arena, text.p, text.n);
    out->n = text.n;
    remote_answer_close(&a);
    return out->p == NULL ? tong_fail(err, TONG_E_NOMEM, "no memory for a protocol") : TONG_OK;
}

// The edition in force, as the server has it.
static bool into_protocol(struct into *in)
{
    static const struct label none =
        LABEL("no edition of a protocol is in force on this server: put one in force first (two people sign it)",
              "该服务器尚无生效的防控方案：请先由两人签发一个版本");
    static const struct label odd = LABEL("the edition in force cannot be read here (%s)", "无法读取现行方案（%s）");
    struct remote_answer a;
    struct err err = {0};
    char path[80];
    if (!into_ask(in, "GET", "/api/v1/about", in->token, NULL, &a)) return false;
    const json_t *edition = json_object_get(a.json, "edition");
    const char *zone = json_string_value(json_object_get(a.json, "zone"));
    bool there = json_is_integer(json_object_get(edition, "id"));
    (void)snprintf(path, sizeof path, "%lld.yaml", (long long)json_integer_value(json_object_get(edition, "id")));
    bool zoned = zone_load(str_z(zone == NULL ? "UTC" : zone), &in->zone, &err) == TONG_OK;
    remote_answer_close(&a);
    if (!there || !zoned) {
        cli_say(in->cli, "%s", there ? err.text : into_text(in, none));
        return false;
    }
    struct problem_list problems = {.arena = in->arena};
    const struct protocol_source source = {into_open_file, in};
    tong_code code = protocol_read(path, &source, &in->protocol, &problems, &err);
    in->read = code == TONG_OK;
    for (size_t i = 0; code == TONG_E_INVALID && i < problems.count; i++)
        problem_print(&problems.items[i], in->cli->language, in->cli->err);
    if (code != TONG_OK) cli_say(in->cli, into_text(in, odd), err.text[0] == 0 ? err_slug(code) : err.text);
    return code == TONG_OK;
}

// ---- one request ----

static void into_uid_text(const unsigned char uid[UID_BYTES], char text[UID_TEXT])
{
    uid_format(uid, text);
}

static struct str into_uid_of(struct into *in, int32_t person)
{
    unsigned char uid[UID_BYTES];
    char *text = arena_alloc(&in->scratch, UID_TEXT);
    if (text == NULL) return (struct str){"", 0};
    import_uid_of(in->uids, "person", in->facts.people[person].name, uid);
    into_uid_text(uid, text);
    return str_z(text);
}

static int32_t into_sex(const struct into *in, const struct replay_person *p)
{
    static const int32_t sexes[LINE_SEX_COUNT] = {
        [LINE_MALE] = PERSON_MALE, [LINE_FEMALE] = PERSON_FEMALE, [LINE_SEX_OTHER] = PERSON_SEX_OTHER};
    int32_t sex = p->case_index != LINE_NONE ? in->list.cases[p->case_index].sex : LINE_SEX_UNKNOWN;
    if (sex == LINE_SEX_UNKNOWN && p->contact_index != LINE_NONE) sex = in->list.contacts[p->contact_index].sex;
    return sex > LINE_SEX_UNKNOWN && sex < LINE_SEX_COUNT ? sexes[sex] : PERSON_SEX_UNKNOWN;
}

static void into_person(struct into *in, struct json_out *j, int32_t person)
{
    const struct replay_person *p = &in->facts.people[person];
    struct person_record r = person_record_none();
    struct str label = p->name;
    if (p->case_index != LINE_NONE && in->list.cases[p->case_index].label.n > 0) label = in->list.cases[p->case_index].label;
    const char *name = arena_printf(&in->scratch, "%s %.*s", in->source, STR_ARG(label));
    r.uid = into_uid_of(in, person);
    r.name = str_z(name == NULL ? in->source : name);
    r.sex = into_sex(in, p);
    r.place = str_z(in->place);
    r.outside_source = str_z(in->source);
    r.outside_id = p->name;
    record_to_json(&person_record_kind, &r, RECORD_IDENTITY, j, NULL);
}

// The uid is made of the whole record: the same fact of the same list is known again, and another one is another.
static void into_fact(struct into *in, struct json_out *j, const struct fact *f)
{
    struct fact_record r;
    unsigned char subject[UID_BYTES], uid[UID_BYTES];
    char *text = arena_alloc(&in->scratch, UID_TEXT);
    int32_t person = (int32_t)f->subject - 1;
    fact_record_make(f, &in->scratch, &r);
    r.subject = into_uid_of(in, person);
    if (f->link > 0) r.link = into_uid_of(in, (int32_t)f->link - 1);
    const char *extra = arena_printf(
        &in->scratch, "%.*s|%.*s|%.*s|%.*s|%lld|%lld|%lld|%.*s|%lld|%.*s", STR_ARG(r.word), STR_ARG(r.test), STR_ARG(r.outcome),
        STR_ARG(r.protection), (long long)r.happened.s, (long long)r.until.s, (long long)r.known.s, STR_ARG(r.link),
        (long long)r.value, STR_ARG(r.flags));
    (void)uid_parse(r.subject, subject);
    import_uid_of_fact(in->uids, subject, words_at(WORDS_EVENT, f->kind)->name, str_z(extra == NULL ? "" : extra), 0, uid);
    if (text != NULL) into_uid_text(uid, text);
    r.uid = str_z(text == NULL ? "" : text);
    record_to_json(&fact_record_kind, &r, RECORD_IDENTITY, j, NULL);
}

// Facts from `first` on, as many as fit with the people they are about, none known after `day`. Returns how many.
static size_t into_body(struct into *in, size_t first, civil_day day, struct sink *body, int32_t *people, size_t *described)
{
    size_t end = first;
    *described = 0;
    for (; end < in->facts.count; end++) {
        const struct fact *f = &in->facts.items[end];
        if (zone_day(&in->zone, f->known).d > day.d || end - first + *described + 3 > INTO_ROWS) break;
        const int64_t both[2] = {f->subject, f->link};
        for (int k = 0; k < 2; k++) {
            if (both[k] <= 0 || in->introduced[both[k] - 1]) continue;
            in->introduced[both[k] - 1] = true;
            people[(*described)++] = (int32_t)both[k] - 1;
        }
    }
    struct json_out j = json_out_to(body);
    json_out_object(&j, NULL);
    json_out_array(&j, "people");
    for (size_t i = 0; i < *described; i++) into_person(in, &j, people[i]);
    json_out_end(&j);
    json_out_array(&j, "facts");
    for (size_t i = first; i < end; i++) into_fact(in, &j, &in->facts.items[i]);
    json_out_end(&j);
    json_out_end(&j);
    return json_out_finish(&j) ? end - first : 0;
}

// ---- what became of it ----

static void into_refused(struct into *in, const json_t *row)
{
    const json_t *error = json_array_get(json_object_get(row, "errors"), 0);
    const char *slug = json_string_value(json_object_get(error, "slug"));
    const char *text = json_string_value(json_object_get(error, "text"));
    const char *remedy = json_string_value(json_object_get(error, "remedy"));
    if (slug == NULL) slug = json_string_value(json_object_get(row, "code"));
    if (slug == NULL) slug = "?";
    size_t i = 0;
    while (i < in->reasons && strncmp(in->reason[i].slug, slug, sizeof in->reason[i].slug - 1) != 0) i++;
    if (i == INTO_REASONS) i--; // more kinds than there are: counted with the last
    struct into_reason *r = &in->reason[i];
    if (i == in->reasons) {
        in->reasons++;
        (void)snprintf(r->slug, sizeof r->slug, "%s", slug);
        (void)snprintf(r->text, sizeof r->text, "%s%s%s", text == NULL ? "" : text, remedy == NULL ? "" : "; ",
                       remedy == NULL ? "" : remedy);
    }
    r->count++;
}

static bool into_good(const json_t *row)
{
    const char *code = json_string_value(json_object_get(row, "code"));
    return code != NULL && strcmp(code, err_slug(TONG_OK)) == 0;
}

static void into_count(struct into *in, const json_t *answer)
{
    const json_t *people = json_object_get(answer, "people"), *facts = json_object_get(answer, "items");
    for (size_t i = 0; i < json_array_size(people); i++) {
        bool good = into_good(json_array_get(people, i));
        in->people += good;
        in->people_refused += !good;
        if (!good) into_refused(in, json_array_get(people, i));
    }
    for (size_t i = 0; i < json_array_size(facts); i++) {
        const json_t *row = json_array_get(facts, i);
        bool good = into_good(row), again = json_is_true(json_object_get(row, "repeated"));
        in->taken += good && !again;
        in->same += good && again;
        in->refused += !good;
        if (!good) into_refused(in, row);
    }
}

// The second person, when there is one. False: it waits, or it was refused.
static bool into_confirm(struct into *in, int64_t held)
{
    struct remote_answer a;
    char path[80];
    in->held = held;
    if (in->second[0] == 0) return false;
    (void)snprintf(path, sizeof path, "/api/v1/held/%lld/confirm", (long long)held);
    if (!into_ask(in, "POST", path, in->second, NULL, &a)) return false;
    const char *text = json_string_value(json_object_get(a.json, "answer"));
    json_t *answer = text == NULL ? NULL : json_loads(text, 0, NULL);
    into_count(in, answer);
    json_decref(answer);
    remote_answer_close(&a);
    in->held = 0;
    in->confirmed++;
    return true;
}

static bool into_send(struct into *in, const char *body)
{
    struct remote_answer a;
    if (!into_ask(in, "PUT", "/api/v1/facts", in->token, body, &a)) return false;
    bool good = true;
    if (a.status == 202) good = into_confirm(in, json_integer_value(json_object_get(a.json, "held")));
    else into_count(in, a.json);
    remote_answer_close(&a);
    return good;
}

// ---- all of it ----

static void into_progress(const struct into *in, civil_day day, size_t done)
{
    static const struct label recording = LABEL("recording", "登记");
    char date[CIVIL_TEXT];
    if (!in->cli->err_terminal || in->o->quiet) return;
    civil_format(day, date);
    (void)fprintf(in->cli->err, "\r%s %s %zu/%zu\033[K", into_text(in, recording), date, done, in->facts.count);
    (void)fflush(in->cli->err);
}

// Days pass as fast as was asked for.
static void into_wait(const struct into *in, civil_day before, civil_day now)
{
    if (in->o->speed <= 0 || before.d == CIVIL_DAY_NONE) return;
    double seconds = (now.d - before.d) / in->o->speed;
    struct timespec wait = {.tv_sec = (time_t)seconds, .tv_nsec = (long)((seconds - floor(seconds)) * 1e9)};
    (void)nanosleep(&wait, NULL);
}

static bool into_record(struct into *in)
{
    int32_t people[INTO_ROWS];
    civil_day before = {CIVIL_DAY_NONE};
    bool good = true;
    for (size_t at = 0; good && at < in->facts.count;) {
        civil_day day = zone_day(&in->zone, in->facts.items[at].known);
        if (in->o->until.d != CIVIL_DAY_NONE && day.d > in->o->until.d) break;
        if (day.d != before.d) into_wait(in, before, day);
        before = day;
        struct sink body = {0};
        size_t described = 0, n = into_body(in, at, in->o->speed > 0 ? day : in->facts.last, &body, people, &described);
        good = n > 0 && into_send(in, sink_kept(&body).p);
        sink_close(&body);
        arena_reset(&in->scratch);
        at += n;
        into_progress(in, day, at);
    }
    if (in->cli->err_terminal && !in->o->quiet) (void)fputs("\r\033[K", in->cli->err);
    return good;
}

static void into_report(const struct into *in)
{
    static const struct label counts =
        LABEL("people described: %" PRId64 ", refused: %" PRId64 "\nfacts recorded: %" PRId64 ", there already: %" PRId64
              ", refused: %" PRId64 "\n",
              "人员：登记 %" PRId64 "，拒绝 %" PRId64 "\n记录：登记 %" PRId64 "，已存在 %" PRId64 "，拒绝 %" PRId64 "\n");
    static const struct label second = LABEL("requests confirmed by the second person: %" PRId64 "\n", "第二人确认的申请：%" PRId64 "\n");
    static const struct label waits =
        LABEL("stopped: request %" PRId64 " would restrict many people and waits for a second person. Have it confirmed, then run "
              "the same command again, or name a second account with --second\n",
              "已停止：申请 %" PRId64 " 将使多人受到限制，须由第二人确认。确认后重新执行同一命令，或用 --second 指定第二个账号\n");
    FILE *out = in->cli->out;
    (void)fprintf(out, into_text(in, counts), in->people, in->people_refused, in->taken, in->same, in->refused);
    if (in->confirmed > 0) (void)fprintf(out, into_text(in, second), in->confirmed);
    for (size_t i = 0; i < in->reasons; i++)
        (void)fprintf(out, "%8" PRId64 "  %s: %s\n", in->reason[i].count, in->reason[i].slug, in->reason[i].text);
    if (in->held != 0) (void)fprintf(out, into_text(in, waits), in->held);
}

static bool into_list(struct into *in)
{
    static const struct label nothing = LABEL("no row of %s has a date: there is nothing to record", "%s 中没有任何日期，无可登记");
    struct problem_list problems = {.arena = in->arena};
    struct err err = {0};
    if (replay_input_read(in->cli, in->o, &in->zone, in->arena, &problems, &in->list) != CLI_DONE) return false;
    struct line_facts_options facts = {.zone = &in->zone};
    line_facts_positive(&in->protocol, &facts);
    if (replay_facts_build(&in->list, &facts, in->arena, &in->facts, &err) != TONG_OK) {
        cli_say(in->cli, "%s", err.text);
        return false;
    }
    in->introduced = arena_array(in->arena, in->facts.person_count + 1, sizeof *in->introduced);
    in->uids = import_known_open(NULL, NULL, in->source);
    if (in->facts.count == 0) cli_say(in->cli, into_text(in, nothing), in->o->linelist.p);
    return in->facts.count > 0 && in->introduced != NULL && in->uids != NULL;
}

// Under which name the list's numbers are kept: as given, else the file's name without its folder and ending.
static void into_source(struct into *in)
{
    struct str name = in->o->source;
    if (name.n == 0) {
        name = in->o->linelist;
        const char *slash = strrchr(name.p, '/');
        if (slash != NULL) name = str_z(slash + 1);
        const char *dot = strrchr(name.p, '.');
        if (dot != NULL && dot != name.p) name.n = (size_t)(dot - name.p);
    }
    (void)snprintf(in->source, sizeof in->source, "%.*s", (int)(name.n > 60 ? 60 : name.n), name.p);
}

static bool into_open(struct into *in)
{
    static const struct label place = LABEL("--place wants the identifier of a place (36 characters)", "--place 应为场所标识（36 个字符）");
    static const struct label nobody = LABEL("the second person must be another account than the first", "第二人须为另一个账号");
    const struct replay_options *o = in->o;
    unsigned char uid[UID_BYTES];
    struct err err = {0};
    bool placed = o->place.n == 0 || uid_parse(o->place, uid);
    if (!placed || (o->second_login.n > 0 && str_eq(o->login, o->second_login))) {
        cli_say(in->cli, "%s", into_text(in, placed ? nobody : place));
        return false;
    }
    (void)snprintf(in->place, sizeof in->place, "%.*s", STR_ARG(o->place));
    into_source(in);
    if (remote_open(o->into.p, o->ca.n == 0 ? NULL : o->ca.p, in->cli->language, &in->remote, &err) != TONG_OK) {
        cli_say(in->cli, "%s", err.text);
        return false;
    }
    if (!remote_sign_in(in->cli, in->remote, o->login.n == 0 ? "" : o->login.p, "TONGZHOU", in->token)) return false;
    return o->second_login.n == 0 ||
           remote_sign_in(in->cli, in->remote, o->second_login.p, "TONGZHOU_SECOND", in->second);
}

int replay_into(struct cli *cli, const struct replay_options *options, struct arena *arena)
{
    struct into *in = arena_alloc(arena, sizeof *in);
    if (in == NULL) return CLI_FAULT;
    *in = (struct into){.cli = cli, .o = options, .arena = arena};
    bool good = into_open(in) && into_protocol(in) && into_list(in);
    if (good) {
        good = into_record(in);
        into_report(in);
    }
    if (in->remote != NULL && in->o->login.n > 0) {
        remote_sign_out(in->remote, in->token);
        remote_sign_out(in->remote, in->second);
    }
    if (in->read) protocol_free(&in->protocol);
    import_known_close(in->uids);
    remote_close(in->remote);
    arena_free(&in->scratch);
    return good && in->refused == 0 && in->people_refused == 0 ? CLI_DONE : CLI_FAULT;
}
