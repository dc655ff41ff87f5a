#define _GNU_SOURCE // memmem
// What one account may not do alone: facts that would restrict more than a few people within an hour.
#include "tap.h"

#include "harness.h"
#include "people.h"
#include "service/accounts.h"
#include "service/held_row.h"
#include "store/engines.h"
#include "store/person.h"
#include "within.h"

static void counting(void)
{
    struct restraint *r = restraint_open();
    if (!OK(r != NULL, "a count")) return;
    utc_sec now = {1000000};
    int64_t one[] = {1}, five[] = {2, 3, 4, 5, 6}, six[] = {11, 12, 13, 14, 15, 16}, four[] = {2, 3, 4, 5};
    OK(!restraint_exceeds(r, 7, one, 1, now), "one person");
    OK(restraint_exceeds(r, 7, five, 5, now), "five more are six");
    OK(!restraint_exceeds(r, 7, four, 4, now), "four more are five");
    OK(!restraint_exceeds(r, 7, four, 4, now), "the same four are no more");
    OK(restraint_exceeds(r, 7, (int64_t[]){9}, 1, now), "a sixth is too many");
    OK(!restraint_exceeds(r, 8, five, 5, now), "another account has its own five");
    OK(restraint_exceeds(r, 9, six, 6, now), "six at once are too many");
    OK(!restraint_exceeds(r, 9, five, 5, now), "and do not count once refused");
    OK(!restraint_exceeds(r, 9, six, 0, now), "nobody is never too many");
    OK(!restraint_exceeds(r, 7, (int64_t[]){9}, 1, (utc_sec){now.s + HELD_WINDOW_S}), "an hour later it begins anew");
    OK(restraint_exceeds(r, 7, five, 5, (utc_sec){now.s + HELD_WINDOW_S + 1}), "with that one");
    restraint_most_set(r, 100);
    OK(!restraint_exceeds(r, 9, six, 6, now), "the threshold can be set");
    restraint_most_set(r, 0);
    int64_t many[300];
    for (int64_t i = 0; i < 300; i++) many[i] = i + 1;
    OK(!restraint_exceeds(r, 9, many, 300, now), "or taken away");
    restraint_close(r);
}

static void words(void)
{
    struct passes *p = passes_open();
    char word[PASS_TEXT], last[PASS_TEXT] = "";
    int64_t account = 0, by = 0;
    if (!OK(p != NULL && passes_give(p, 4, 5, word), "a word")) return;
    OK(!passes_take(p, STR("Confirmed x"), &account, &by) && account == 0, "another word opens nothing");
    OK(passes_take(p, str_z(word), &account, &by) && account == 4 && by == 5, "it opens once");
    OK(!passes_take(p, str_z(word), &account, &by), "and not again");
    int given = 0;
    while (given < 1000 && passes_give(p, 4, 5, last)) given++;
    OK(given > 0 && given < 1000, "there are not ever so many (%d)", given);
    passes_close(p);
}

enum { PEOPLE = 14 };

static unsigned char uid_of[PEOPLE + 1][UID_BYTES];

static bool person(struct harness *h, int i)
{
    char text[UID_TEXT];
    struct err err = {0};
    struct intake_outcome out = {0};
    struct person_record p = person_record_none();
    unsigned char uid[UID_BYTES] = {1, [6] = 0x70, [8] = 0x80, [15] = (unsigned char)i};
    memcpy(uid_of[i], uid, sizeof uid);
    uid_format(uid, text);
    p.uid = str_z(text);
    p.name = STR("王小明");
    struct command c = {.kind = COMMAND_PERSON, .at = h->now, .person = &p};
    memcpy(c.subject_uid, uid, sizeof uid);
    memcpy(c.uid, uid, sizeof uid);
    c.uid[0] = 2;
    return writer_take(h->service->writer, &c, 1, &out, &err) == TONG_OK && out.code == TONG_OK;
}

// Person i was in the household of person 0, who is a case: quarantine would be proposed.
static struct command exposed(struct harness *h, int i, unsigned char again)
{
    struct command c = {.kind = COMMAND_FACT, .at = h->now, .account = 9};
    c.fact = (struct fact){.kind = EVENT_EXPOSED, .word = EXPOSURE_HOUSEHOLD, .happened = {h->now.s - 86400},
                           .until = {h->now.s - 3600}, .known = h->now, .value = 600};
    memcpy(c.subject_uid, uid_of[i], UID_BYTES);
    memcpy(c.link_uid, uid_of[0], UID_BYTES);
    memcpy(c.uid, uid_of[i], UID_BYTES);
    c.uid[0] = (unsigned char)(3 + again);
    return c;
}

static struct request request_by(struct harness *h, struct arena *arena, int64_t account)
{
    struct request rq = {.service = h->service, .arena = arena, .method = HTTP_POST, .target = STR("/api/v1/nowhere"),
                         .body = STR("{\"who\": \"王小明\"}"), .content_type = STR("application/json"), .now = h->now};
    rq.actor.account = account;
    return rq;
}

static bool held_with(struct harness *h, int64_t account, int64_t confirmed_by, const struct command *c, size_t n, int64_t *people)
{
    struct arena arena = {0};
    struct err err = {0};
    struct reply rp = {0};
    struct intake_outcome out[PEOPLE] = {0};
    struct request rq = request_by(h, &arena, account);
    rq.actor.confirmed_by = confirmed_by;
    bool held = false;
    tong_code code = held_take(&rq, &rp, c, n, out, &held, &err);
    CHECK(code == TONG_OK, "taken or held: %s", err.text);
    for (size_t i = 0; i < n; i++) CHECK(held || out[i].code == TONG_OK, "command %zu", i);
    json_t *json = json_loadb(rp.body.text == NULL ? "" : rp.body.text, rp.body.n, 0, NULL);
    if (people != NULL) *people = json_integer_value(json_object_get(json, "people"));
    CHECK(held == (rp.status == 202), "held is answered 202");
    json_decref(json);
    reply_close(&rp);
    arena_free(&arena);
    return held;
}

static void many_contacts(const struct engine *e)
{
    struct harness h;
    struct harness_options options = {.store = e->where};
    if (!harness_open(&h, &options)) return;
    bool good = OK(protocol_signed(&h, "protocols/covid19-cn-9.yaml"), "a protocol in force");
    for (int i = 0; i < PEOPLE; i++) good = person(&h, i) && good;
    OK(good, "some people");
    struct command c[PEOPLE];
    struct command sick = {.kind = COMMAND_FACT, .at = h.now, .account = 9};
    sick.fact = (struct fact){.kind = EVENT_CLASSIFIED, .word = (uint8_t)EVENT_CONFIRMED, .happened = {h.now.s - 7200}, .known = h.now};
    memcpy(sick.subject_uid, uid_of[0], UID_BYTES);
    memcpy(sick.uid, uid_of[0], UID_BYTES);
    sick.uid[0] = 5;
    OK(!held_with(&h, 9, 0, &sick, 1, NULL), "one case is one person");
    for (int i = 1; i <= 3; i++) c[i - 1] = exposed(&h, i, 0);
    OK(!held_with(&h, 9, 0, c, 3, NULL), "three contacts make four");
    int64_t people = 0;
    for (int i = 4; i <= 6; i++) c[i - 4] = exposed(&h, i, 0);
    OK(held_with(&h, 9, 0, c, 3, &people), "three more are too many for one account in an hour");
    EQ_INT(people, 3, "three people are held back");
    OK(!held_with(&h, 9, 0, c, 1, NULL), "one more is not");
    OK(!held_with(&h, 9, 10, c + 1, 2, NULL), "confirmed, they are taken");
    for (int i = 1; i <= 3; i++) c[i - 1] = exposed(&h, i, 0);
    OK(!held_with(&h, 9, 0, c, 3, NULL), "what was taken before is answered again");
    for (int i = 7; i <= 12; i++) c[i - 7] = exposed(&h, i, 0);
    OK(held_with(&h, 11, 0, c, 6, &people) && people == 6, "six at once by another");
    h.now.s += HELD_WINDOW_S;
    for (int i = 7; i <= 11; i++) c[i - 7] = exposed(&h, i, 1);
    OK(!held_with(&h, 9, 0, c, 5, NULL), "an hour later five are");
    OK(!held_with(&h, 0, 0, c, 5, NULL), "the system itself is not asked");

    struct err err = {0};
    struct arena arena = {0};
    struct held_row row = {0};
    struct str plain = {0};
    struct db *db = service_reader_take(h.service, &err);
    OK(db != NULL && held_get(db, h.service->vault, 1, &arena, &row, &plain, &err) == TONG_OK, "the first one");
    OK(row.state == HELD_STATE_WAITING && row.account == 9 && row.people == 3, "waits");
    OK(plain.p != NULL && strstr(plain.p, "/api/v1/nowhere") != NULL && within(plain.p, plain.n, "王小明"), "with what was asked");
    int64_t subjects[8];
    size_t count = 0;
    OK(held_subjects(db, 1, subjects, 8, &count, &err) == TONG_OK && count == 3, "and whom it is about");
    service_reader_give(h.service, db, true);
    FILE *f = e->postgresql ? NULL : fopen(e->where, "rb");
    static char bytes[1 << 23];
    size_t n = f == NULL ? 0 : fread(bytes, 1, sizeof bytes, f);
    if (f != NULL) (void)fclose(f);
    OK(e->postgresql || (n > 0 && !within(bytes, n, "王小明")), "sealed");
    arena_free(&arena);
    harness_close(&h);
}

int main(void)
{
    counting();
    words();
    struct engines engines;
    engines_open(&engines);
    engine_each(&engines, "many contacts", many_contacts);
    engines_close(&engines);
    return tap_done();
}
