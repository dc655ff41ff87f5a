// setting.h -- a small district for tests of the resources: two districts of a city, some people, one case and whom they met.
// Everything goes in through the routes. Include tests/tap.h and harness.h first.
#ifndef TONG_TESTS_SERVICE_SETTING_H
#define TONG_TESTS_SERVICE_SETTING_H

#include "service/accounts.h"

#define SETTING_UID(n) "01990000-0000-7000-8000-00000000" n
#define CITY SETTING_UID("0001")
#define EAST SETTING_UID("0002")
#define WEST SETTING_UID("0003")
#define COMMUNITY SETTING_UID("0004")
#define HOTEL SETTING_UID("0005")
#define LAB SETTING_UID("0006")
#define FAR_LAB SETTING_UID("0007")
#define FAR_COMMUNITY SETTING_UID("0008")
#define CASE SETTING_UID("00a1")    // 王小明, confirmed, of COMMUNITY
#define CONTACT SETTING_UID("00a2") // 李芳, who met them, of COMMUNITY
#define CHILD SETTING_UID("00a3")   // 李小宝, born 2015, with a guardian, of COMMUNITY
#define FAR SETTING_UID("00a4")     // 赵远, of FAR_COMMUNITY

// True when the answer is 200 or 201; prints it when it is not.
TAP_UNUSED static bool setting_put(struct harness *h, const char *target, const char *as, const char *body)
{
    int32_t status = harness_send(h, "PUT", target, as, body);
    if (status == 200 || status == 201) return true;
    (void)printf("# PUT %s: %d %.*s\n", target, (int)status, (int)(h->body.n < 900 ? h->body.n : 900), h->body.p == NULL ? "" : h->body.p);
    return false;
}

TAP_UNUSED static bool setting_place(struct harness *h, const char *uid, const char *kind, const char *name, const char *parent)
{
    char target[80], body[400];
    (void)snprintf(target, sizeof target, "/api/v1/places/%s", uid);
    (void)snprintf(body, sizeof body, "{\"uid\":\"%s\",\"kind\":\"%s\",\"name\":\"%s\"%s%s%s}", uid, kind, name, parent == NULL ? "" : ",\"parent\":\"",
                   parent == NULL ? "" : parent, parent == NULL ? "" : "\"");
    return setting_put(h, target, "health", body);
}

TAP_UNUSED static bool setting_person(struct harness *h, const char *uid, const char *name, const char *born, const char *place, const char *more)
{
    char target[80], body[500];
    (void)snprintf(target, sizeof target, "/api/v1/people/%s", uid);
    (void)snprintf(body, sizeof body, "{\"uid\":\"%s\",\"name\":\"%s\",\"sex\":\"female\",\"born\":\"%s\",\"place\":\"%s\"%s}", uid, name, born, place, more);
    return setting_put(h, target, "health", body);
}

// A fact of a kind about somebody; `more` goes on behind "happened".
TAP_UNUSED static bool setting_fact(struct harness *h, const char *uid, const char *subject, const char *kind, const char *happened, const char *more)
{
    char target[80], body[600];
    (void)snprintf(target, sizeof target, "/api/v1/facts/%s", uid);
    (void)snprintf(body, sizeof body, "{\"uid\":\"%s\",\"subject\":\"%s\",\"kind\":\"%s\",\"happened\":\"%s\"%s}", uid, subject, kind, happened, more);
    return setting_put(h, target, "health", body);
}

// Places, people, and the actors "health" (everywhere), "east" and "west" (a health officer of one district). No fact yet.
// `store`: a database to open; NULL: a new file.
TAP_UNUSED static bool setting_open_on(struct harness *h, const char *store)
{
    char protocol[1024];
    const struct harness_options options = {.store = store, .protocol = tap_source("protocols/covid19-cn-9.yaml", protocol, sizeof protocol)};
    if (!harness_open(h, &options)) return false;
    accounts_restrict_most(h->service, 0); // here one account may do all at once: test_held is about that
    (void)harness_actor(h, "health", 1, ROLE_HEALTH_OFFICER, 0);
    bool good = setting_place(h, CITY, "city", "同城", NULL) && setting_place(h, EAST, "district", "东区", CITY) &&
                setting_place(h, WEST, "district", "西区", CITY) && setting_place(h, COMMUNITY, "community", "和平社区", EAST) &&
                setting_place(h, HOTEL, "quarantine_site", "同舟酒店", EAST) && setting_place(h, LAB, "laboratory", "东区实验室", EAST) &&
                setting_place(h, FAR_LAB, "laboratory", "西区实验室", WEST) && setting_place(h, FAR_COMMUNITY, "community", "远山社区", WEST) &&
                setting_person(h, CASE, "王小明", "1980-03-05", COMMUNITY, "") && setting_person(h, CONTACT, "李芳", "1990-01-01", COMMUNITY, "") &&
                setting_person(h, CHILD, "李小宝", "2015-05-05", COMMUNITY, ",\"guardian\":\"" CONTACT "\"") &&
                setting_person(h, FAR, "赵远", "1970-01-01", FAR_COMMUNITY, "");
    good = good && service_tick(h->service, NULL) == TONG_OK;
    OK(good, "places and people stand");
    return good;
}

TAP_UNUSED static bool setting_open(struct harness *h)
{
    return setting_open_on(h, NULL);
}

// The number of a place or person, by its uid; 0 when it is not there.
TAP_UNUSED static int64_t setting_number(struct harness *h, const char *uid)
{
    unsigned char bytes[UID_BYTES];
    int64_t id = 0;
    struct err err;
    struct db *db = uid_parse(str_z(uid), bytes) ? service_reader_take(h->service, &err) : NULL;
    if (db == NULL) return 0;
    bool good = db_ask(db, sql_subject_by_uid, &DB_B(((struct str){(const char *)bytes, UID_BYTES})), 1, &err) == TONG_OK;
    if (good && db_next(db, sql_subject_by_uid)) id = db_int(db, sql_subject_by_uid, 0, 0);
    good = good && db_done(db, sql_subject_by_uid, &err) == TONG_OK;
    service_reader_give(h->service, db, good);
    return good ? id : 0;
}

// The case fell ill on 29 June, is confirmed, and named the contact.
TAP_UNUSED static bool setting_case(struct harness *h)
{
    bool good = setting_fact(h, SETTING_UID("0b01"), CASE, "symptom", "2022-06-29T10:00:00+08:00", "") &&
                setting_fact(h, SETTING_UID("0b02"), CASE, "classified", "2022-07-01T07:00:00Z", ",\"word\":\"confirmed\"") &&
                setting_fact(h, SETTING_UID("0b03"), CASE, "contact_named", "2022-07-01T07:30:00Z",
                             ",\"word\":\"household\",\"link\":\"" CONTACT "\",\"until\":\"2022-06-30T12:00:00Z\",\"value\":120");
    good = good && service_tick(h->service, NULL) == TONG_OK;
    OK(good, "a case, and whom they met");
    return good;
}

#endif
