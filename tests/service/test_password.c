// Passwords: what they must be, how they are kept, how many are worked on at once; and the delays for those who guess.
#include "service/password.h"
#include "service/throttle.h"
#include "tap.h"

#include <pthread.h>
#include <time.h>

static const char *fault_of(const char *password, const char *login)
{
    static char slug[64];
    struct arena arena = {0};
    struct problem_list problems = {.arena = &arena};
    bool fits = password_fits(str_z(password), str_z(login), &problems, (struct problem_at){.path = "password"});
    (void)snprintf(slug, sizeof slug, "%s", problems.count == 0 ? "" : problems.items[0].message->slug);
    CHECK(fits == (problems.count == 0), "a refusal says why: %s", password);
    if (problems.count > 0) {
        char *zh = problem_text(&problems.items[0], LANG_ZH, &arena);
        CHECK(zh != NULL && zh[0] != 0, "in Chinese too");
    }
    arena_free(&arena);
    return slug;
}

static void rules(void)
{
    EQ_TEXT(fault_of("nine char", ""), "password-short", "nine characters");
    EQ_TEXT(fault_of("ten chars!", ""), "", "ten");
    EQ_TEXT(fault_of("我们一起渡过难关", ""), "password-short", "eight Chinese characters are eight");
    EQ_TEXT(fault_of("风雨同舟渡过难关之时", ""), "", "ten Chinese ones");
    EQ_TEXT(fault_of("13912345678", ""), "password-digits", "a telephone number");
    EQ_TEXT(fault_of("aaaaaaaaaaaa", ""), "password-same", "one letter");
    EQ_TEXT(fault_of("abababababab", ""), "password-same", "two letters");
    EQ_TEXT(fault_of("Password123!", ""), "password-common", "the usual one");
    EQ_TEXT(fault_of("123qwerty456", ""), "password-common", "the other usual one");
    EQ_TEXT(fault_of("woaini1314520", ""), "password-common", "the usual one in China");
    EQ_TEXT(fault_of("xx-Zhao.Min-yy", "zhao.min"), "password-login", "with the login inside");
    EQ_TEXT(fault_of("xx-zhao.min-yy", "other"), "", "with another's");
    char longest[PASSWORD_MOST + 2];
    for (size_t i = 0; i < sizeof longest; i++) longest[i] = (char)('a' + i % 23);
    longest[PASSWORD_MOST] = 0;
    EQ_TEXT(fault_of(longest, ""), "", "the longest");
    longest[PASSWORD_MOST] = 'x';
    longest[PASSWORD_MOST + 1] = 0;
    EQ_TEXT(fault_of(longest, ""), "password-long", "one more");
}

static void keeping(struct password_gate *gate)
{
    struct err err = {0};
    char one[PASSWORD_HASH], other[PASSWORD_HASH];
    bool same = false;
    OK(password_hash(gate, STR("ten chars!"), one, &err) == TONG_OK && password_hash(gate, STR("ten chars!"), other, &err) == TONG_OK,
       "hashed");
    OK(strncmp(one, "$argon2id$", 10) == 0, "with Argon2id: %.30s", one);
    OK(strcmp(one, other) != 0, "salted: twice the same is not the same");
    OK(password_verify(gate, one, STR("ten chars!"), &same, &err) == TONG_OK && same, "the right one");
    OK(password_verify(gate, one, STR("ten chars?"), &same, &err) == TONG_OK && !same, "a wrong one");
    OK(password_verify(gate, one, STR(""), &same, &err) == TONG_OK && !same, "none");
    OK(password_verify(gate, NULL, STR("ten chars!"), &same, &err) == TONG_OK && !same, "of nobody");
    OK(password_verify(gate, "", STR("ten chars!"), &same, &err) == TONG_OK && !same, "of an account without");
    OK(password_verify(gate, "nonsense", STR("ten chars!"), &same, &err) == TONG_OK && !same, "of a broken row");
}

static double seconds(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

// What is answered about a login that does not exist takes as long as about one that does: within a factor, not to the cycle.
static void timing(void)
{
    struct password_gate *gate = password_gate_open(PASSWORD_COST_INTERACTIVE);
    struct err err = {0};
    char hash[PASSWORD_HASH];
    bool same = false;
    if (!OK(gate != NULL && password_hash(gate, STR("ten chars!"), hash, &err) == TONG_OK, "a gate of full cost")) return;
    double best[2] = {1e9, 1e9};
    for (int turn = 0; turn < 6; turn++) {
        double from = seconds();
        CHECK(password_verify(gate, turn % 2 == 0 ? hash : NULL, STR("wrong one"), &same, &err) == TONG_OK, "verified");
        double took = seconds() - from;
        if (took < best[turn % 2]) best[turn % 2] = took;
    }
    OK(best[1] > 0.5 * best[0] && best[1] < 2 * best[0], "nobody takes as long as somebody");
    (void)printf("# one verification: %.1f ms\n", 1000 * best[0]);
    password_gate_close(gate);
}

struct crowd {
    struct password_gate *gate;
    pthread_mutex_t lock;
    int done, refused, failed;
};

static void *crowd_run(void *payload)
{
    struct crowd *c = payload;
    bool same = false;
    tong_code code = password_verify(c->gate, NULL, STR("whatever it is"), &same, NULL);
    (void)pthread_mutex_lock(&c->lock);
    if (code == TONG_OK) c->done++;
    else if (code == TONG_E_LIMIT) c->refused++;
    else c->failed++;
    (void)pthread_mutex_unlock(&c->lock);
    return NULL;
}

static void crowding(void)
{
    enum { PEOPLE = 24 };
    struct crowd c = {.gate = password_gate_open(PASSWORD_COST_INTERACTIVE)};
    pthread_t thread[PEOPLE];
    if (!OK(c.gate != NULL && pthread_mutex_init(&c.lock, NULL) == 0, "a gate")) return;
    int begun = 0;
    while (begun < PEOPLE && pthread_create(&thread[begun], NULL, crowd_run, &c) == 0) begun++;
    for (int i = 0; i < begun; i++) (void)pthread_join(thread[i], NULL);
    OK(c.failed == 0 && c.done + c.refused == begun, "everybody is answered");
    OK(c.done >= 1 && c.refused >= 1, "some at once, the rest told to come again (%d, %d)", c.done, c.refused);
    password_gate_close(c.gate);
    (void)pthread_mutex_destroy(&c.lock);
}

static void one_time(void)
{
    char a[PASSWORD_ONE_TIME], b[PASSWORD_ONE_TIME];
    for (int i = 0; i < 50; i++) {
        password_one_time(a);
        password_one_time(b);
        CHECK(strcmp(a, b) != 0 && strlen(a) == PASSWORD_ONE_TIME - 1, "one-time password %s", a);
        CHECK(strpbrk(a, "ilo01IO") == NULL, "without look-alikes: %s", a);
        EQ_TEXT(fault_of(a, "administrator"), "", "fits the rules");
    }
}

static void delays(void)
{
    static const struct throttle_limits limits = {.free = 3, .first_s = 5, .most_s = 60};
    static const int64_t want[] = {0, 0, 0, 0, 5, 10, 20, 40, 60, 60};
    for (int32_t i = 0; i < 10; i++) EQ_INT(throttle_delay(&limits, i), want[i], "the wait after %d failures", i);
    EQ_INT(throttle_delay(&limits, INT32_MAX), 60, "ever so many");
    struct throttle *t = throttle_open();
    if (!OK(t != NULL, "a throttle")) return;
    utc_sec now = {1000000};
    for (int i = 0; i < 3; i++) throttle_fail(t, STR("x"), &limits, now);
    EQ_INT(throttle_wait(t, STR("x"), now), 0, "three are free");
    throttle_fail(t, STR("x"), &limits, now);
    EQ_INT(throttle_wait(t, STR("x"), now), 5, "the fourth waits");
    EQ_INT(throttle_wait(t, STR("y"), now), 0, "another does not");
    EQ_INT(throttle_wait(t, STR("x"), (utc_sec){now.s + 5}), 0, "not for ever");
    throttle_fail(t, STR("x"), &limits, (utc_sec){now.s + 5});
    EQ_INT(throttle_wait(t, STR("x"), (utc_sec){now.s + 5}), 10, "the next waits longer");
    throttle_forget(t, STR("x"));
    EQ_INT(throttle_wait(t, STR("x"), (utc_sec){now.s + 5}), 0, "a success forgets");
    for (int i = 0; i < 9; i++) throttle_fail(t, STR("x"), &limits, now);
    throttle_fail(t, STR("x"), &limits, (utc_sec){now.s + 2 * 86400});
    EQ_INT(throttle_wait(t, STR("x"), (utc_sec){now.s + 2 * 86400}), 0, "so do two quiet days");
    char key[32];
    for (int i = 0; i < 200000; i++) { // far more than there is room for
        (void)snprintf(key, sizeof key, "flood %d", i);
        throttle_fail(t, str_z(key), &limits, (utc_sec){now.s + i / 1000});
    }
    for (int i = 0; i < 4; i++) throttle_fail(t, STR("z"), &limits, (utc_sec){now.s + 300});
    EQ_INT(throttle_wait(t, STR("z"), (utc_sec){now.s + 300}), 5, "a flood does not stop the counting");
    throttle_close(t);
}

int main(void)
{
    struct password_gate *gate = password_gate_open(PASSWORD_COST_LEAST);
    if (!OK(gate != NULL, "a gate")) return tap_done();
    rules();
    keeping(gate);
    one_time();
    delays();
    timing();
    crowding();
    password_gate_close(gate);
    return tap_done();
}
