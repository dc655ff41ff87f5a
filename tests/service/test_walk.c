#define _GNU_SOURCE // memmem
// Every endpoint asked by every role, in force and not, wholly signed in and not: what is answered is what the table of
// rights says. And what lies outside one's scope is not there.
#include "tap.h"

#include "harness.h"
#include "service/account.h"
#include "service/look.h"
#include "store/person.h"
#include "within.h"

static const struct harness_options options = {.look = look_note};

typedef enum standing_at {
    STANDS, EXPIRED, NOT_YET, WITHOUT, NO_FACTOR, ONE_TIME, LOGGED_OUT, STANDINGS
} standing_at;
static const char *const standing_name[STANDINGS] = {"in force", "expired", "not yet", "without grants", "without second factor",
                                                     "with a one-time password", "logged out"};

static void actor_set(struct harness *h, int32_t role, int64_t place, standing_at how)
{
    struct actor *a = harness_actor(h, "asker", 4711, role, place);
    if (how == EXPIRED) a->grant[0].ends.s = h->now.s;
    if (how == NOT_YET) a->grant[0].begins.s = h->now.s + 1;
    if (how == WITHOUT) a->grant_count = 0;
    if (how == NO_FACTOR) a->second_factor = false;
    if (how == ONE_TIME) a->must_change = true;
}

// What the table says, worked out here a second time: 0 the handler is reached, else the status.
static int32_t table_says(const struct route *route, int32_t role, standing_at how)
{
    if (route->right == RIGHT_OPEN) return 0;
    if (how == LOGGED_OUT) return 401;
    if (route->entry) return 0;
    if (how == ONE_TIME) return 403;
    if (route->right == RIGHT_SIGNED_IN) return 0;
    if (route->right == RIGHT_OWN) return 403; // the asker has no record
    if (how == EXPIRED || how == NOT_YET || how == WITHOUT) return 403;
    if (how == NO_FACTOR && role_needs_second_factor(role)) return 403;
    return role_has(role, route->right) ? 0 : 403;
}

// A path with something that is nowhere for its names.
static void path_of(const struct route *route, char out[512])
{
    size_t n = 0, part = 0;
    for (const char *p = route->path; *p != 0 && n + 40 < 512;) {
        if (*p != '{') {
            out[n++] = *p++;
            continue;
        }
        const char *value = route->part[part] == PARAMETER_INTEGER ? "999999999" : "0198a000-0000-7000-8000-00000000abcd";
        part++;
        n += (size_t)snprintf(out + n, 512 - n, "%s", value);
        p = strchr(p, '}') + 1;
    }
    out[n] = 0;
    bool first = true;
    const struct parameter *q;
    for (size_t i = 0; (q = route_parameter_at(route, i)) != NULL; i++) { // those that must be there, with anything
        if (!q->required) continue;
        n += (size_t)snprintf(out + n, 512 - n, "%c%s=1", first ? '?' : '&', q->name);
        first = false;
    }
}

static void every_route(struct harness *h)
{
    size_t count = 0;
    for (const struct route *route; (route = routes_at(count)) != NULL; count++) {
        char path[512];
        path_of(route, path);
        for (size_t i = 0; i < count; i++)
            CHECK(routes_at(i)->method != route->method || strcmp(routes_at(i)->path, route->path) != 0, "%s %s stands in two tables",
                  http_method_name(route->method), route->path);
        CHECK(route->right > RIGHT_NONE && route->right < RIGHT_WORD_COUNT, "%s declares a right", route->name);
        CHECK(route->right != RIGHT_OPEN || !route->looks, "%s: nobody looks at people without signing in", route->name);
        CHECK(!route->entry || route->right == RIGHT_OPEN || route->right == RIGHT_SIGNED_IN, "%s opens nothing early", route->name);
        for (size_t r = 0; role_at(r) >= 0; r++)
            for (int how = 0; how < STANDINGS; how++) {
                int32_t role = role_at(r), want = table_says(route, role, (standing_at)how);
                actor_set(h, role, 0, (standing_at)how);
                int32_t got = harness_send(h, http_method_name(route->method), path, how == LOGGED_OUT ? NULL : "asker",
                                           route->body == BODY_NONE ? NULL : "[]");
                bool gate = got == 401 || got == 403;
                bool own = route->right == RIGHT_OPEN && got == 401; // signing in says 401 to wrong passwords
                CHECK(want == 0 ? !gate || own : got == want, "%s %s for %s %s: %d, not %d", http_method_name(route->method), path,
                      role_word_at(role)->word, standing_name[how], (int)got, (int)want);
                CHECK(got < 500 || got == 503, "%s %s for %s: %d", http_method_name(route->method), path, role_word_at(role)->word, (int)got);
            }
    }
    OK(count > 40, "%zu endpoints were asked", count);
}

// ---- scopes ----

static char uid_of[8][UID_TEXT];
enum { INSIDE, BESIDE, HERE, THERE, SOMEBODY };

static bool take(struct harness *h, const struct command *c, const char *what)
{
    struct err err = {0};
    struct arena arena = {0};
    struct problem_list problems = {.arena = &arena};
    struct intake_outcome out = {.problems = &problems};
    bool good = writer_take(h->service->writer, c, 1, &out, &err) == TONG_OK && out.code == TONG_OK;
    if (!OK(good, "%s", what) && problems.count > 0) (void)printf("# %s\n", problem_text(&problems.items[0], LANG_EN, &arena));
    arena_free(&arena);
    return good;
}

static struct command named(struct harness *h, command_kind kind, int which)
{
    struct command c = {.kind = kind, .at = h->now};
    unsigned char uid[16] = {1, [6] = 0x70, [8] = 0x80, [15] = (unsigned char)(which + 1)};
    uid_format(uid, uid_of[which]);
    memcpy(c.subject_uid, uid, sizeof uid);
    memcpy(c.uid, uid, sizeof uid);
    c.uid[0] = 2;
    return c;
}

static bool people(struct harness *h)
{
    struct place_record inside = place_record_none(), beside = inside, here = inside;
    struct person_record somebody = person_record_none();
    struct command c = named(h, COMMAND_PLACE, INSIDE);
    inside.uid = str_z(uid_of[INSIDE]);
    inside.kind = PLACE_KIND_DISTRICT;
    inside.name = STR("this district");
    c.place = &inside;
    bool good = take(h, &c, "a district");
    c = named(h, COMMAND_PLACE, BESIDE);
    beside = inside;
    beside.uid = str_z(uid_of[BESIDE]);
    beside.name = STR("that district");
    c.place = &beside;
    good = take(h, &c, "another") && good;
    c = named(h, COMMAND_PLACE, HERE);
    here = inside;
    here.uid = str_z(uid_of[HERE]);
    here.parent = str_z(uid_of[INSIDE]);
    here.kind = PLACE_KIND_COMMUNITY;
    c.place = &here;
    good = take(h, &c, "a community of the first") && good;
    c = named(h, COMMAND_PERSON, SOMEBODY);
    somebody.uid = str_z(uid_of[SOMEBODY]);
    somebody.name = STR("李小明");
    somebody.phone = STR("13912345678");
    somebody.place = str_z(uid_of[HERE]);
    c.person = &somebody;
    return take(h, &c, "somebody who lives there") && good;
}

static int64_t number_of(struct harness *h, int which)
{
    unsigned char uid[16];
    struct err err = {0};
    int64_t id = 0;
    struct db *db = service_reader_take(h->service, &err);
    bool place = which != SOMEBODY;
    sql_id q = place ? sql_grant_place_uid : sql_look_person;
    if (db == NULL || !uid_parse(str_z(uid_of[which]), uid)) return 0;
    if (db_ask(db, q, &DB_B(((struct str){(const char *)uid, 16})), 1, &err) == TONG_OK && db_next(db, q)) id = db_int(db, q, 0, 0);
    CHECK(db_done(db, q, &err) == TONG_OK, "read");
    service_reader_give(h->service, db, true);
    return id;
}

static bool says(const struct harness *h, const char *text)
{
    return h->body.n > 0 && within(h->body.p, h->body.n, text);
}

// Everything that can be asked about one person, or one place, from inside, from around, from beside, and from everywhere.
static void scope_of(struct harness *h, const struct route *route, const char *path, bool person)
{
    int64_t inside = number_of(h, INSIDE), beside = number_of(h, BESIDE), here = number_of(h, HERE);
    const int64_t places[] = {here, inside, beside, 0};
    for (size_t r = 0; role_at(r) >= 0; r++)
        for (size_t p = 0; p < 4; p++) {
            int32_t role = role_at(r);
            const char *word = role_word_at(role)->word;
            actor_set(h, role, places[p], STANDS);
            int32_t got = harness_get(h, path, "asker");
            int32_t want = !role_has(role, route->right) ? 403 : places[p] == beside ? 404 : 200;
            if (route->right == RIGHT_SIGNED_IN) want = got == 404 || got == 200 ? got : 200;
            CHECK(got == want, "%s: %s of place %zu: %d, not %d", route->path, word, p, (int)got, (int)want);
            bool may = got == 200 && role_has(role, RIGHT_PERSON_IDENTITY);
            CHECK(may || (!says(h, "李小明") && !says(h, "13912345678")), "%s: %s sees who it is", route->path, word);
            if (person && strcmp(route->name, "person_get") == 0)
                CHECK(may == says(h, "李小明") && may == says(h, "13912345678"), "%s sees a name: %d", word, (int)says(h, "李小明"));
        }
}

static void every_scope(struct harness *h)
{
    size_t people_routes = 0, place_routes = 0;
    OK(number_of(h, INSIDE) > 0 && number_of(h, BESIDE) > 0 && number_of(h, HERE) > 0 && number_of(h, SOMEBODY) > 0, "they are there");
    for (size_t i = 0; routes_at(i) != NULL; i++) {
        const struct route *route = routes_at(i);
        const char *close = strchr(route->path, '}');
        bool person = str_starts(str_z(route->path), "/api/v1/people/{"), place = str_starts(str_z(route->path), "/api/v1/places/{");
        if (route->method != HTTP_GET || close == NULL || strchr(close, '{') != NULL || (!person && !place)) continue;
        char path[256];
        (void)snprintf(path, sizeof path, "/api/v1/%s/%s%s", person ? "people" : "places", uid_of[person ? SOMEBODY : HERE], close + 1);
        people_routes += person;
        place_routes += place;
        scope_of(h, route, path, person);
    }
    OK(people_routes >= 2 && place_routes >= 1, "%zu ways to ask about a person, %zu about a place", people_routes, place_routes);
}

static void looked(struct harness *h)
{
    char path[128], looks[128];
    struct err err = {0};
    (void)snprintf(path, sizeof path, "/api/v1/people/%s", uid_of[SOMEBODY]);
    (void)snprintf(looks, sizeof looks, "/api/v1/people/%s/looks", uid_of[SOMEBODY]);
    h->now.s += LOOK_AGAIN_S;
    actor_set(h, ROLE_HEALTH_OFFICER, 0, STANDS);
    if (harness_get(h, path, "asker") != 200 || h->request.route == NULL || !h->request.route->looks) {
        tap_skip("nothing that shows people is marked as a look yet");
        return;
    }
    OK(harness_get(h, path, "asker") == 200, "looked at twice");
    CHECK(service_tick(h->service, &err) == TONG_OK, "written down");
    actor_set(h, ACCOUNT_ROLE_AUDITOR, 0, STANDS);
    EQ_INT(harness_get(h, looks, "asker"), 200, "the auditor sees looks");
    size_t before = json_array_size(harness_at(h, "items"));
    OK(before >= 1 && harness_int(h, "items.0.account") == 4711, "who looked");
    EQ_TEXT(harness_text(h, "items.0.what"), "person_get", "and how");
    actor_set(h, ROLE_HEALTH_OFFICER, 0, STANDS);
    OK(harness_get(h, path, "asker") == 200 && service_tick(h->service, &err) == TONG_OK, "again at once");
    actor_set(h, ACCOUNT_ROLE_AUDITOR, 0, STANDS);
    OK(harness_get(h, looks, "asker") == 200 && json_array_size(harness_at(h, "items")) == before, "is the same look");
    h->now.s += LOOK_AGAIN_S;
    actor_set(h, ROLE_HEALTH_OFFICER, 0, STANDS);
    OK(harness_get(h, path, "asker") == 200 && service_tick(h->service, &err) == TONG_OK, "ten minutes later");
    actor_set(h, ACCOUNT_ROLE_AUDITOR, 0, STANDS);
    OK(harness_get(h, looks, "asker") == 200 && json_array_size(harness_at(h, "items")) == before + 1, "it is another");
    actor_set(h, ACCOUNT_ROLE_AUDITOR, number_of(h, BESIDE), STANDS);
    EQ_INT(harness_get(h, looks, "asker"), 404, "an auditor of another district sees none");
    struct actor *own = harness_actor(h, "own", 4712, ACCOUNT_ROLE_RESIDENT, 0);
    own->person = number_of(h, SOMEBODY);
    EQ_INT(harness_get(h, "/api/v1/me/looks", "own"), 200, "they see themselves who looked");
    EQ_INT((int64_t)json_array_size(harness_at(h, "items")), (int64_t)before + 1, "all of it");
}

// A resident's account is opened where their papers were seen.
static void opened(struct harness *h)
{
    char path[128];
    (void)snprintf(path, sizeof path, "/api/v1/people/%s/account", uid_of[SOMEBODY]);
    actor_set(h, ACCOUNT_ROLE_CLERK, number_of(h, BESIDE), STANDS);
    EQ_INT(harness_send(h, "POST", path, "asker", NULL), 404, "not in another district");
    actor_set(h, ACCOUNT_ROLE_FEED, 0, STANDS);
    EQ_INT(harness_send(h, "POST", path, "asker", NULL), 404, "not by a system that sees no papers");
    actor_set(h, ACCOUNT_ROLE_CLERK, number_of(h, HERE), STANDS);
    EQ_INT(harness_send(h, "POST", path, "asker", NULL), 201, "at the desk");
    char login[64];
    (void)snprintf(login, sizeof login, "%s", harness_text(h, "login"));
    OK(str_starts(str_z(login), "r-") && strlen(harness_text(h, "password")) == PASSWORD_ONE_TIME - 1, "a login and a one-time password");
    EQ_INT(harness_send(h, "POST", path, "asker", NULL), 200, "who forgot it");
    EQ_TEXT(harness_text(h, "login"), login, "gets a new one for the same account");
    int64_t id = harness_int(h, "id");
    char grants[80];
    (void)snprintf(grants, sizeof grants, "/api/v1/accounts/%lld/grants", (long long)id);
    actor_set(h, ACCOUNT_ROLE_ADMINISTRATOR, 0, STANDS);
    EQ_INT(harness_send(h, "POST", grants, "asker", "{\"role\": \"sampler\"}"), 201, "once they have another role");
    actor_set(h, ACCOUNT_ROLE_CLERK, number_of(h, HERE), STANDS);
    EQ_INT(harness_send(h, "POST", path, "asker", NULL), 409, "a clerk cannot take it over");
}

int main(void)
{
    struct harness h;
    if (!harness_open(&h, &options)) return tap_done();
    if (people(&h)) {
        every_scope(&h);
        looked(&h);
        opened(&h);
    }
    every_route(&h);
    harness_close(&h);
    return tap_done();
}
