// The live feed: who hears of what, what is missed, how it begins again, how it ends.
#include "tap.h"

#include "harness.h"

#include "service/feed.h"
#include "store/person.h"
#include "store/place.h"

#include <time.h>

enum { CITY = 1, EAST, WEST, PERSON_EAST, PERSON_WEST, TASK_WEST = 500, OUT_BYTES = 64 * 1024 };
#define UID_OF(n) "01990000-0000-7000-8000-00000000000" n

static bool put_place(struct harness *h, const char *uid, const char *kind, const char *parent)
{
    struct place_record p = place_record_none();
    struct intake_outcome out = {0};
    p.uid = str_z(uid);
    p.parent = str_z(parent);
    p.kind = place_kind_find(str_z(kind));
    p.name = STR("somewhere");
    struct command c = {.kind = COMMAND_PLACE, .at = h->now, .place = &p};
    (void)uid_parse(p.uid, c.subject_uid);
    memcpy(c.uid, c.subject_uid, UID_BYTES);
    c.uid[14] = 9;
    return writer_take(h->service->writer, &c, 1, &out, NULL) == TONG_OK && out.code == TONG_OK;
}

static bool put_person(struct harness *h, const char *uid, const char *place)
{
    struct person_record p = person_record_none();
    struct intake_outcome out = {0};
    p.uid = str_z(uid);
    p.place = str_z(place);
    p.name = STR("somebody");
    struct command c = {.kind = COMMAND_PERSON, .at = h->now, .person = &p};
    (void)uid_parse(p.uid, c.subject_uid);
    memcpy(c.uid, c.subject_uid, UID_BYTES);
    c.uid[14] = 9;
    return writer_take(h->service->writer, &c, 1, &out, NULL) == TONG_OK && out.code == TONG_OK;
}

// Numbers are given in this order.
static void people_and_places(struct harness *h)
{
    struct roll *roll = h->service->roll;
    int32_t task[ROLL_TASK_COLUMN_COUNT];
    for (int i = 0; i < ROLL_TASK_COLUMN_COUNT; i++) task[i] = ROLL_NONE;
    task[ROLL_TASK_SUBJECT] = PERSON_WEST;
    task[ROLL_TASK_ASSIGNED] = 3;
    task[ROLL_TASK_MARKS] = 0;
    bool there = put_place(h, UID_OF("1"), "city", "") && put_place(h, UID_OF("2"), "district", UID_OF("1")) &&
                 put_place(h, UID_OF("3"), "district", UID_OF("1")) && put_person(h, UID_OF("4"), UID_OF("2")) &&
                 put_person(h, UID_OF("5"), UID_OF("3"));
    roll_write_begin(roll);
    bool good = there && roll_put(roll, ROLL_TASKS, TASK_WEST, task);
    roll_write_end(roll);
    OK(good, "a city of two districts, a person in each");
}

static void publish(struct harness *h, change_kind kind, int64_t id, int64_t subject)
{
    struct intake_change c = {.kind = kind, .id = id, .subject = subject};
    feed_publish(h->service->feed, &c, 1);
}

static const char *listen_as(struct harness *h, const char *as, const char *last, char *out)
{
    EQ_INT(harness_ask(h, &(struct question){.method = "GET", .target = "/api/v1/feed", .as = as, .last_event = last}),
           200, "%s listens", as);
    size_t n = harness_stream(h, out, OUT_BYTES - 1, NULL);
    out[n] = 0;
    return out;
}

static const char *hear(struct harness *h, char *out)
{
    size_t n = harness_stream(h, out, OUT_BYTES - 1, NULL);
    out[n] = 0;
    return out;
}

static void scope(struct harness *h, char *out)
{
    OK(strstr(listen_as(h, "worker", NULL, out), "event: hello") != NULL, "it begins with hello");
    publish(h, CHANGE_PERSON, PERSON_EAST, PERSON_EAST);
    publish(h, CHANGE_PERSON, PERSON_WEST, PERSON_WEST);
    (void)hear(h, out);
    OK(strstr(out, "{\"kind\":\"person\",\"id\":null,\"subject\":\"" UID_OF("4") "\"}") != NULL, "a person of one's own district is heard of");
    OK(strstr(out, UID_OF("5")) == NULL, "one of another district is not");
    publish(h, CHANGE_FACT, 77, PERSON_EAST);
    publish(h, CHANGE_PLACE, EAST, EAST);
    publish(h, CHANGE_PLACE, WEST, WEST);
    publish(h, CHANGE_EDITION, 4, 0);
    (void)hear(h, out);
    OK(strstr(out, "\"fact\",\"id\":77") != NULL && strstr(out, "\"place\",\"id\":null,\"subject\":\"" UID_OF("2")) != NULL,
       "facts and places in reach");
    OK(strstr(out, UID_OF("3")) == NULL, "no place out of reach");
    OK(strstr(out, "\"edition\",\"id\":4") != NULL, "an edition concerns everybody");
    OK(strstr(out, "\"id\":4,\"subject\":null") != NULL, "and is nobody's");
    OK(hear(h, out)[0] == 0, "nothing twice");
    feed_publish_gone(h->service->feed, PERSON_EAST, EAST);
    feed_publish_gone(h->service->feed, PERSON_WEST, WEST);
    (void)hear(h, out);
    OK(strstr(out, "\"person\",\"id\":null,\"subject\":\"" UID_OF("4")) != NULL && strstr(out, UID_OF("5")) == NULL,
       "who is gone is told of where they lived");
    (void)listen_as(h, "logistics", NULL, out);
    publish(h, CHANGE_FACT, 78, PERSON_EAST);
    publish(h, CHANGE_TASK, TASK_WEST, PERSON_WEST);
    (void)hear(h, out);
    OK(strstr(out, "\"fact\"") == NULL, "without the right to see a course nothing of it is told");
    OK(strstr(out, "\"task\",\"id\":500") != NULL, "but a task that was given to oneself, wherever it is");
    (void)listen_as(h, "resident", NULL, out);
    publish(h, CHANGE_MEASURE, 900, PERSON_EAST);
    publish(h, CHANGE_MEASURE, 901, PERSON_WEST);
    (void)hear(h, out);
    OK(strstr(out, "\"id\":901") != NULL && strstr(out, "\"id\":900") == NULL,
       "a resident hears of their own measures");
}

static void again(struct harness *h, char *out)
{
    char last[60] = "";
    (void)listen_as(h, "worker", NULL, out);
    publish(h, CHANGE_FACT, 1001, PERSON_EAST);
    publish(h, CHANGE_FACT, 1002, PERSON_EAST);
    (void)hear(h, out);
    const char *id = strstr(out, "id: ");
    if (OK(id != NULL, "events are numbered"))
        (void)snprintf(last, sizeof last, "%.*s", (int)strcspn(id + 4, "\n"), id + 4);
    (void)listen_as(h, "worker", last, out);
    OK(strstr(out, "\"id\":1002") != NULL && strstr(out, "\"id\":1001") == NULL,
       "whoever comes back gets what they missed");
    OK(strstr(listen_as(h, "worker", "00000000-5", out), "event: reset") != NULL,
       "a number of another run begins anew");
    OK(strstr(listen_as(h, "worker", "nonsense", out), "event: reset") != NULL, "so does nonsense");
    (void)listen_as(h, "worker", NULL, out);
    for (int i = 0; i < FEED_RING + 10; i++) publish(h, CHANGE_FACT, i, PERSON_WEST);
    (void)hear(h, out);
    OK(strstr(out, "event: reset") != NULL, "who fell too far behind reads the lists again");
    publish(h, CHANGE_FACT, 1003, PERSON_EAST);
    OK(strstr(hear(h, out), "\"id\":1003") != NULL, "and goes on from there");
    for (int i = 0; i < 3000; i++) publish(h, CHANGE_FACT, i, PERSON_WEST);
    publish(h, CHANGE_FACT, 1004, PERSON_EAST);
    OK(strstr(hear(h, out), "\"id\":1004") != NULL, "what is far behind others' changes is found in one go");
}

static void ends(struct harness *h, char *out)
{
    struct timespec beat = {.tv_sec = 2};
    bool ended = false;
    (void)listen_as(h, "worker", NULL, out);
    for (size_t i = 0; i < h->actor_count; i++)
        if (strcmp(h->actor[i].name, "worker") == 0) h->actor[i].actor.account = 0;
    publish(h, CHANGE_FACT, 2000, PERSON_EAST);
    (void)nanosleep(&beat, NULL);
    size_t n = harness_stream(h, out, OUT_BYTES - 1, &ended);
    OK(ended && n == 0, "who signed out hears no more");
    (void)listen_as(h, "logistics", NULL, out);
    (void)nanosleep(&beat, NULL);
    EQ_TEXT(hear(h, out), ":\n\n", "a beat keeps the connection");
    EQ_INT(feed_clients(h->service->feed), 1, "clients are counted");
    feed_end(h->service->feed);
    (void)harness_stream(h, out, OUT_BYTES - 1, &ended);
    OK(ended, "all ends with the service");
}

int main(void)
{
    struct harness h;
    char *out = malloc(OUT_BYTES);
    if (out == NULL || !harness_open(&h, &(struct harness_options){.feed_beat_s = 1})) return tap_done();
    people_and_places(&h);
    (void)harness_actor(&h, "worker", 2, ROLE_FOLLOW_UP_WORKER, EAST);
    (void)harness_actor(&h, "logistics", 3, ROLE_LOGISTICS, EAST);
    harness_actor(&h, "resident", 4, ACCOUNT_ROLE_RESIDENT, EAST)->person = PERSON_WEST;
    scope(&h, out);
    again(&h, out);
    ends(&h, out);
    harness_close(&h);
    free(out);
    return tap_done();
}
