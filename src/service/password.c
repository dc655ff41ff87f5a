#include "service/password.h"

#include <pthread.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

_Static_assert(PASSWORD_HASH >= crypto_pwhash_STRBYTES, "room for libsodium's text");

struct password_gate {
    pthread_mutex_t lock;
    pthread_cond_t free;
    int32_t running, waiting;
    unsigned long long operations;
    size_t memory;
    char nobody[PASSWORD_HASH]; // compared with when there is no account, so that it takes as long
};

static const struct message password_short = {
    "password-short", PROBLEM_ERROR, LABEL("The password is too short.", "密码太短。"),
    LABEL("Use at least {1} characters; a sentence is easy to remember.", "请至少使用{1}个字符；一句话最容易记住。")};
static const struct message password_long = {
    "password-long", PROBLEM_ERROR, LABEL("The password is too long.", "密码太长。"),
    LABEL("Use at most {1} characters.", "请不要超过{1}个字符。")};
static const struct message password_digits = {
    "password-digits", PROBLEM_ERROR,
    LABEL("A password of digits only is soon guessed: it is a telephone number or a date.",
          "纯数字密码很容易被猜到（电话号码、日期）。"),
    LABEL("Add words or letters.", "请加入文字或字母。")};
static const struct message password_common = {
    "password-common", PROBLEM_ERROR, LABEL("This is one of the passwords that everybody tries first.", "这是最常被试到的密码之一。"),
    LABEL("Choose something that others would not think of.", "请换一个别人想不到的密码。")};
static const struct message password_login = {
    "password-login", PROBLEM_ERROR, LABEL("The password contains the login.", "密码中包含登录名。"),
    LABEL("Choose something that has nothing to do with it.", "请换一个与登录名无关的密码。")};
static const struct message password_same = {
    "password-same", PROBLEM_ERROR, LABEL("The password repeats very few characters.", "密码只用了极少几个字符。"),
    LABEL("Use at least five different characters.", "请至少使用五个不同的字符。")};

// What is tried first, here and elsewhere; digits and signs at both ends are taken off before comparing.
static const char *const password_words[] = {
    "password", "passw",  "passwd", "admin",    "administrator", "root",  "user",   "guest",    "test",     "qwerty",
    "qwertyuiop", "asdfghjkl", "zxcvbnm", "qazwsx", "qwer", "asdf", "zxcv", "abc", "abcd", "abcde", "abcdef", "abcdefg",
    "abcdefgh", "abcdefghij", "iloveyou", "welcome", "letmein", "monkey", "dragon", "master", "login", "hello",
    "changeme", "secret", "woaini", "woaiwojia", "nihao", "mima", "zhongguo", "beijing", "shanghai", "wuhan", "china",
    "tongzhou", "yiqing", "fangyi", "covid", "corona", "hospital", "a", "aa", "q", "qq", "z", "wang", "li", "zhang",
    "liu", "chen", "密码", "我爱你", "同舟", "中国", "管理员",
};

struct password_gate *password_gate_open(password_cost cost)
{
    struct password_gate *gate = calloc(1, sizeof *gate);
    if (gate == NULL) return NULL;
    if (sodium_init() < 0 || pthread_mutex_init(&gate->lock, NULL) != 0) {
        free(gate);
        return NULL;
    }
    if (pthread_cond_init(&gate->free, NULL) != 0) {
        (void)pthread_mutex_destroy(&gate->lock);
        free(gate);
        return NULL;
    }
    bool least = cost == PASSWORD_COST_LEAST;
    gate->operations = least ? crypto_pwhash_OPSLIMIT_MIN : crypto_pwhash_OPSLIMIT_INTERACTIVE;
    gate->memory = least ? crypto_pwhash_MEMLIMIT_MIN : crypto_pwhash_MEMLIMIT_INTERACTIVE;
    return gate;
}

void password_gate_close(struct password_gate *gate)
{
    if (gate == NULL) return;
    (void)pthread_cond_destroy(&gate->free);
    (void)pthread_mutex_destroy(&gate->lock);
    free(gate);
}

static bool password_enter(struct password_gate *gate)
{
    (void)pthread_mutex_lock(&gate->lock);
    bool in = gate->running < PASSWORD_AT_ONCE || gate->waiting < PASSWORD_WAITING;
    if (in) {
        gate->waiting++;
        while (gate->running >= PASSWORD_AT_ONCE) (void)pthread_cond_wait(&gate->free, &gate->lock);
        gate->waiting--;
        gate->running++;
    }
    (void)pthread_mutex_unlock(&gate->lock);
    return in;
}

static void password_leave(struct password_gate *gate)
{
    (void)pthread_mutex_lock(&gate->lock);
    gate->running--;
    (void)pthread_cond_signal(&gate->free);
    (void)pthread_mutex_unlock(&gate->lock);
}

tong_code password_hash(struct password_gate *gate, struct str password, char out[PASSWORD_HASH], struct err *err)
{
    if (!password_enter(gate)) return tong_fail(err, TONG_E_LIMIT, "too many passwords at once");
    char hash[PASSWORD_HASH] = {0};
    bool made = crypto_pwhash_str(hash, password.p, password.n, gate->operations, gate->memory) == 0;
    password_leave(gate);
    if (!made) return tong_fail(err, TONG_E_NOMEM, "no memory for a password's hash");
    memcpy(out, hash, sizeof hash);
    return TONG_OK;
}

// Made at the first verification of any password, not when the server starts: it takes as long as one. Whoever is inside the
// gate is there alone.
static bool password_nobody(struct password_gate *gate)
{
    _Static_assert(PASSWORD_AT_ONCE == 1, "nobody else writes to it");
    unsigned char noise[32];
    if (gate->nobody[0] != 0) return true;
    randombytes_buf(noise, sizeof noise);
    return crypto_pwhash_str(gate->nobody, (const char *)noise, sizeof noise, gate->operations, gate->memory) == 0;
}

tong_code password_verify(struct password_gate *gate, const char *stored, struct str password, bool *same,
                          struct err *err)
{
    bool somebody = stored != NULL && stored[0] != 0;
    if (!password_enter(gate)) return tong_fail(err, TONG_E_LIMIT, "too many passwords at once");
    bool ready = password_nobody(gate);
    bool fits = ready && crypto_pwhash_str_verify(somebody ? stored : gate->nobody, password.p, password.n) == 0;
    password_leave(gate);
    if (!ready) return tong_fail(err, TONG_E_NOMEM, "no memory for a password's hash");
    *same = fits && somebody;
    return TONG_OK;
}

void password_one_time(char out[PASSWORD_ONE_TIME])
{
    static const char letters[] = "abcdefghjkmnpqrstuvwxyz23456789"; // no i, l, o, 0, 1
    for (size_t i = 0; i < PASSWORD_ONE_TIME - 1; i++)
        out[i] = i % 5 == 4 ? '-' : letters[randombytes_uniform((uint32_t)sizeof letters - 1)];
    out[PASSWORD_ONE_TIME - 1] = 0;
}

// Characters of valid UTF-8, bytes of anything else.
static size_t password_characters(struct str s)
{
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) n += ((unsigned char)s.p[i] & 0xC0) != 0x80;
    return n;
}

static bool password_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || ((unsigned char)c & 0x80) != 0;
}

static bool password_is_common(struct str password)
{
    struct str core = password;
    while (core.n > 0 && !password_letter(core.p[0])) core = (struct str){core.p + 1, core.n - 1};
    while (core.n > 0 && !password_letter(core.p[core.n - 1])) core.n--;
    for (size_t i = 0; i < sizeof password_words / sizeof password_words[0]; i++)
        if (str_eq_nocase(core, str_z(password_words[i]))) return true;
    return false;
}

static bool password_has(struct str password, struct str login)
{
    for (size_t i = 0; login.n >= 3 && i + login.n <= password.n; i++)
        if (str_eq_nocase((struct str){password.p + i, login.n}, login)) return true;
    return false;
}

bool password_fits(struct str password, struct str login, struct problem_list *problems, struct problem_at at)
{
    const struct message *fault = NULL;
    bool digits = true, seen[256] = {false};
    size_t characters = password_characters(password), different = 0;
    for (size_t i = 0; i < password.n; i++) {
        unsigned char c = (unsigned char)password.p[i];
        digits = digits && c >= '0' && c <= '9';
        different += !seen[c];
        seen[c] = true;
    }
    char limit[16] = "";
    if (characters < PASSWORD_LEAST) fault = &password_short;
    else if (characters > PASSWORD_MOST) fault = &password_long;
    else if (digits) fault = &password_digits;
    else if (different < 5) fault = &password_same;
    else if (password_is_common(password)) fault = &password_common;
    else if (password_has(password, login)) fault = &password_login;
    if (fault == NULL) return true;
    (void)snprintf(limit, sizeof limit, "%d", fault == &password_short ? (int)PASSWORD_LEAST : (int)PASSWORD_MOST);
    problem_add(problems, at, fault, limit, NULL, NULL, NULL);
    return false;
}
