// The figures of the command centre, counted again by hand from the lists: each is a number that a list also gives, or that
// follows from what this test recorded.
#include "tap.h"

#include "harness.h"

#include "setting.h"

enum { PEOPLE = 12, CASES = 7 };

// The total of a list; -1 when it cannot be read.
static int64_t total(struct harness *h, const char *target, const char *as)
{
    return harness_get(h, target, as) == 200 ? harness_int(h, "total") : -1;
}

static const char *person_uid(int32_t i)
{
    static char uid[4][UID_TEXT];
    static int32_t turn;
    char *out = uid[turn++ & 3];
    (void)snprintf(out, UID_TEXT, "01990000-0000-7000-8000-0000000070%02x", (unsigned)i);
    return out;
}

static const char *fact_uid(void)
{
    static char uid[UID_TEXT];
    static int32_t n;
    (void)snprintf(uid, sizeof uid, "01990000-0000-7000-8000-00000071%04x", (unsigned)n++);
    return uid;
}

// Cases 0 .. 6: case i is reported on day i % 4 (of 1 to 4 July, noon UTC) and fell ill i % 3 + 1 days before; the odd ones live in
// the far community; case 6 has no onset. Case 0 named person 7, case 1 person 8; case 2 had been named by case 0 before.
static const int32_t reported_day[CASES] = {0, 1, 2, 3, 0, 1, 2};
static int32_t onset_day(int32_t i) { return i == 6 ? -100 : reported_day[i] - (i % 3 + 1); }

static bool record(struct harness *h)
{
    bool good = true;
    h->now.s = 1656676800; // 2022-07-01T12:00:00Z, 20:00 here
    for (int32_t i = 0; i < PEOPLE && good; i++)
        good = setting_person(h, person_uid(i), "某人", "1980-01-01", i % 2 == 1 ? FAR_COMMUNITY : COMMUNITY, "");
    for (int32_t day = 0; day < 4 && good; day++) {
        for (int32_t i = 0; i < CASES && good; i++) {
            char when[40], more[300];
            if (reported_day[i] != day) continue;
            int32_t onset = onset_day(i);
            (void)snprintf(when, sizeof when, "2022-%s-%02dT02:00:00Z", onset < 0 ? "06" : "07", onset < 0 ? 31 + onset : onset + 1);
            if (i != 6) good = setting_fact(h, fact_uid(), person_uid(i), "symptom", when, "");
            (void)snprintf(when, sizeof when, "2022-07-%02dT11:00:00Z", day + 1);
            good = good && setting_fact(h, fact_uid(), person_uid(i), "classified", when, ",\"word\":\"confirmed\"");
            int32_t met = i == 0 ? 7 : i == 1 ? 8 : -1;
            for (int32_t k = 0; k < 2 && met >= 0 && good; k++) { // case 0 named case 2 as well
                if (k == 1 && i != 0) break;
                (void)snprintf(more, sizeof more, ",\"word\":\"household\",\"link\":\"%s\",\"until\":\"2022-07-%02dT01:00:00Z\",\"value\":60", person_uid(k == 1 ? 2 : met), day + 1);
                good = setting_fact(h, fact_uid(), person_uid(i), "contact_named", when, more);
            }
        }
        if (day < 3) h->now.s += 86400;
        good = good && service_tick(h->service, NULL) == TONG_OK;
    }
    OK(good, "four days of cases");
    return good;
}

static void decide(struct harness *h)
{
    // 4 July, 20:00 here. Days from onset (noon) to report: 20:00 minus 12:00 plus (i % 3 + 1) days.
    double hours[CASES];
    size_t n = 0;
    for (int32_t i = 0; i < CASES; i++)
        if (i != 6) hours[n++] = 24.0 * (i % 3 + 1) + 7;
    for (size_t a = 0; a < n; a++)
        for (size_t b = a + 1; b < n; b++)
            if (hours[b] < hours[a]) {
                double t = hours[a];
                hours[a] = hours[b];
                hours[b] = t;
            }
    int64_t open = total(h, "/api/v1/contacts?count=true", "health"), never = total(h, "/api/v1/contacts?count=true&seen=never", "health");
    int64_t binding = total(h, "/api/v1/measures?count=true&state=proposed,half_signed&kind=hold,exclusion,quarantine,isolation", "health");
    int64_t force = total(h, "/api/v1/measures?count=true&state=in_force&kind=hold,exclusion,quarantine,isolation", "health");
    EQ_INT(harness_get(h, "/api/v1/figures", "health"), 200, "the figures");
    EQ_INT(harness_int(h, "decide.unlisted.of"), CASES, "cases of seven days");
    EQ_INT(harness_int(h, "decide.unlisted.cases"), CASES - 1, "all but one stood on nobody's list");
    EQ_INT(harness_int(h, "decide.delay.steps.0.cases"), (int64_t)n, "delays of those with an onset");
    NEAR(json_number_value(harness_at(h, "decide.delay.steps.0.median_h")), (hours[2] + hours[3]) / 2, 0.001, "their median, from noon of the day of onset");
    EQ_INT(harness_int(h, "decide.follow_up.open"), open, "contacts under follow-up");
    EQ_INT(harness_int(h, "decide.follow_up.never_seen"), never, "of them never seen");
    EQ_INT(harness_int(h, "decide.restricted.unsigned"), binding, "orders unsigned");
    EQ_INT(harness_int(h, "decide.restricted.in_force"), force, "people restricted");
    OK(json_is_null(harness_at(h, "decide.growth.rate")), "seven cases give no rate");
    EQ_INT(harness_int(h, "decide.growth.cases"), CASES - 1, "of the days before today: one was reported today");
}

static void curve(struct harness *h)
{
    int64_t onset[8] = {0}, report[8] = {0}; // from 27 June: the last eight days
    for (int32_t i = 0; i < CASES; i++) {
        report[reported_day[i] + 4]++;
        if (i != 6) onset[onset_day(i) + 4]++;
    }
    (void)harness_get(h, "/api/v1/figures", "health");
    const json_t *onsets = harness_at(h, "curve.onset"), *reports = harness_at(h, "curve.report");
    size_t n = json_array_size(onsets);
    EQ_INT(n, 120, "a hundred and twenty days");
    EQ_INT(harness_int(h, "curve.onset_unknown"), 1, "one onset is not known");
    int64_t sum = 0;
    for (size_t i = 0; i < n; i++) sum += json_integer_value(json_array_get(onsets, i));
    EQ_INT(sum, CASES - 1, "every onset stands once");
    for (size_t i = 0; i < 8 && n == 120; i++) {
        EQ_INT(json_integer_value(json_array_get(onsets, n - 8 + i)), onset[i], "onsets of day %zu", i);
        EQ_INT(json_integer_value(json_array_get(reports, n - 8 + i)), report[i], "reports of day %zu", i);
    }
}

// Each row of tasks, measures and classes against the list that shows the same.
static void rows(struct harness *h)
{
    struct {
        char word[40];
        int64_t open, in_force, waits;
    } seen[60];
    char target[160], path[60];
    (void)harness_get(h, "/api/v1/figures", "health");
    size_t n = json_array_size(harness_at(h, "tasks"));
    OK(n > 3 && n < 60, "tasks of several kinds");
    for (size_t i = 0; i < n && n < 60; i++) {
        (void)snprintf(path, sizeof path, "tasks.%zu.verb.word", i);
        (void)snprintf(seen[i].word, sizeof seen[i].word, "%s", harness_text(h, path));
        (void)snprintf(path, sizeof path, "tasks.%zu.open", i);
        seen[i].open = harness_int(h, path);
    }
    for (size_t i = 0; i < n && n < 60; i++) {
        (void)snprintf(target, sizeof target, "/api/v1/tasks?count=true&verb=%.39s", seen[i].word);
        int64_t listed = total(h, target, "health");
        CHECK(listed == seen[i].open, "open tasks: %s: %lld listed, %lld counted", seen[i].word, (long long)listed, (long long)seen[i].open);
    }
    (void)harness_get(h, "/api/v1/figures", "health");
    n = json_array_size(harness_at(h, "measures"));
    OK(n >= 2 && n < 60, "measures of several kinds");
    for (size_t i = 0; i < n && n < 60; i++) {
        (void)snprintf(path, sizeof path, "measures.%zu.kind.word", i);
        (void)snprintf(seen[i].word, sizeof seen[i].word, "%s", harness_text(h, path));
        (void)snprintf(path, sizeof path, "measures.%zu.in_force", i);
        seen[i].in_force = harness_int(h, path);
        (void)snprintf(path, sizeof path, "measures.%zu.unsigned", i);
        seen[i].waits = harness_int(h, path);
    }
    for (size_t i = 0; i < n && n < 60; i++) {
        (void)snprintf(target, sizeof target, "/api/v1/measures?count=true&state=in_force&kind=%.39s", seen[i].word);
        CHECK(total(h, target, "health") == seen[i].in_force, "in force: %s", seen[i].word);
        (void)snprintf(target, sizeof target, "/api/v1/measures?count=true&state=proposed,half_signed&kind=%.39s", seen[i].word);
        CHECK(total(h, target, "health") == seen[i].waits, "unsigned: %s", seen[i].word);
    }
    OK(harness_get(h, "/api/v1/figures", "health") == 200, "classes");
    for (size_t i = 0; i < json_array_size(harness_at(h, "cases")); i++) {
        (void)snprintf(path, sizeof path, "cases.%zu.class.word", i);
        bool confirmed = strcmp(harness_text(h, path), "confirmed") == 0;
        (void)snprintf(path, sizeof path, "cases.%zu.all", i);
        CHECK(harness_int(h, path) == (confirmed ? CASES : 0), "cases by class");
        (void)snprintf(path, sizeof path, "cases.%zu.today", i);
        CHECK(harness_int(h, path) == (confirmed ? 1 : 0), "cases of today by class");
    }
}

static void places(struct harness *h)
{
    static const struct scenario scenes[] = {
        {"of one district", "GET", "/api/v1/figures?place=" EAST, "health", NULL, 200, "decide.unlisted.of=4; decide.unlisted.cases=3; place.name=东区; places.#=1"},
        {"of the other", "GET", "/api/v1/figures?by=district", "west", NULL, 200, "decide.unlisted.of=3; places.#=1; places.0.place.name=西区; places.0.cases=3"},
        {"a place of others is nothing", "GET", "/api/v1/figures?place=" EAST, "west", NULL, 200, "decide.unlisted.of=0; places.#=0; decide.restricted.unsigned=0"},
        {"by district", "GET", "/api/v1/figures?by=district", "health", NULL, 200, "places.#=2"},
        {"whoever serves contacts sees no figures", "GET", "/api/v1/figures", "worker", NULL, 403, NULL},
        {"by no such kind", "GET", "/api/v1/figures?by=galaxy", "health", NULL, 400, NULL},
        {"no such place", "GET", "/api/v1/figures?place=" CASE, "health", NULL, 422, "errors.0.slug=place-unknown"},
    };
    harness_play(h, scenes, sizeof scenes / sizeof scenes[0]);
    (void)harness_get(h, "/api/v1/figures", "health");
    OK(strstr(h->body.p, "某人") == NULL, "no names in figures");
}

int main(void)
{
    struct harness h;
    if (!setting_open(&h)) return tap_done();
    (void)harness_actor(&h, "west", 81, ROLE_HEALTH_OFFICER, setting_number(&h, WEST));
    (void)harness_actor(&h, "worker", 82, ROLE_FOLLOW_UP_WORKER, 0);
    if (record(&h)) {
        decide(&h);
        curve(&h);
        rows(&h);
        places(&h);
    }
    harness_close(&h);
    return tap_done();
}
