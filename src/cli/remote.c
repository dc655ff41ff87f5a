#include "cli/remote.h"

#include "base/json.h"

#include <curl/curl.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

enum { REMOTE_URL = 1024, REMOTE_CONNECT_S = 15, REMOTE_WAIT_S = 120, REMOTE_WAIT_MOST_S = 60, REMOTE_SECRET = 512 };

struct remote {
    CURL *curl;
    char server[REMOTE_URL];
    char *authority;
    lang language;
};

tong_code remote_open(const char *server, const char *authority, lang language, struct remote **out, struct err *err)
{
    size_t n = strlen(server);
    while (n > 0 && server[n - 1] == '/') n--;
    bool web = strncmp(server, "https://", 8) == 0 || strncmp(server, "http://", 7) == 0;
    if (!web || n > REMOTE_URL / 2)
        return tong_fail(err, TONG_E_INVALID, "%s: write it as https://health.example.org or http://127.0.0.1:8080",
                         server);
    struct remote *r = calloc(1, sizeof *r);
    if (r != NULL) r->curl = curl_easy_init();
    if (r != NULL && authority != NULL) r->authority = strdup(authority);
    if (r == NULL || r->curl == NULL || (authority != NULL && r->authority == NULL)) {
        remote_close(r);
        return tong_fail(err, TONG_E_NOMEM, "no memory for a connection");
    }
    memcpy(r->server, server, n);
    r->language = language;
    *out = r;
    return TONG_OK;
}

void remote_close(struct remote *r)
{
    if (r == NULL) return;
    curl_easy_cleanup(r->curl);
    free(r->authority);
    free(r);
}

// ---- one question ----

static size_t remote_take(char *bytes, size_t size, size_t count, void *payload)
{
    struct sink *body = payload;
    if (body->n + size * count > REMOTE_ANSWER_BYTES_MAX) return 0; // ends the transfer with an error
    sink_bytes(body, bytes, size * count);
    return body->failed ? 0 : size * count;
}

static bool remote_append(struct curl_slist **list, const char *line)
{
    struct curl_slist *longer = curl_slist_append(*list, line);
    if (longer != NULL) *list = longer;
    return longer != NULL;
}

static bool remote_headers(const struct remote *r, const char *token, bool body, struct curl_slist **list)
{
    char line[REMOTE_TOKEN + 32];
    bool good = remote_append(list, "Expect:") &&
                remote_append(list, r->language == LANG_ZH ? "Accept-Language: zh" : "Accept-Language: en") &&
                (!body || remote_append(list, "Content-Type: application/json"));
    (void)snprintf(line, sizeof line, "Authorization: Bearer %s", token);
    return good && (token[0] == 0 || remote_append(list, line));
}

static CURLcode remote_perform(struct remote *r, const char *method, const char *url, const char *body,
                               struct curl_slist *headers, struct sink *out)
{
    CURL *c = r->curl;
    curl_easy_reset(c); // connections stay open
    bool good = curl_easy_setopt(c, CURLOPT_URL, url) == CURLE_OK &&
                curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "http,https") == CURLE_OK &&
                curl_easy_setopt(c, CURLOPT_CUSTOMREQUEST, method) == CURLE_OK &&
                curl_easy_setopt(c, CURLOPT_HTTPHEADER, headers) == CURLE_OK &&
                curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, remote_take) == CURLE_OK &&
                curl_easy_setopt(c, CURLOPT_WRITEDATA, out) == CURLE_OK &&
                curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
                curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 0L) == CURLE_OK &&
                curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT, (long)REMOTE_CONNECT_S) == CURLE_OK &&
                curl_easy_setopt(c, CURLOPT_TIMEOUT, (long)REMOTE_WAIT_S) == CURLE_OK;
    if (good && body != NULL)
        good = curl_easy_setopt(c, CURLOPT_POSTFIELDS, body) == CURLE_OK &&
               curl_easy_setopt(c, CURLOPT_POSTFIELDSIZE, (long)strlen(body)) == CURLE_OK;
    if (good && r->authority != NULL) good = curl_easy_setopt(c, CURLOPT_CAINFO, r->authority) == CURLE_OK;
    return good ? curl_easy_perform(c) : CURLE_FAILED_INIT;
}

static void remote_pause(int64_t seconds)
{
    struct timespec wait = {.tv_sec = seconds};
    (void)nanosleep(&wait, NULL);
}

// What may go better in a moment. A wrong certificate or address will not.
static bool remote_may_pass(CURLcode code)
{
    return code == CURLE_COULDNT_CONNECT || code == CURLE_OPERATION_TIMEDOUT || code == CURLE_SEND_ERROR ||
           code == CURLE_RECV_ERROR || code == CURLE_GOT_NOTHING || code == CURLE_PARTIAL_FILE;
}

tong_code remote_ask(struct remote *r, const char *method, const char *path, const char *token, const char *body,
                     struct remote_answer *out, struct err *err)
{
    char url[REMOTE_URL];
    struct curl_slist *headers = NULL;
    CURLcode code = CURLE_OUT_OF_MEMORY;
    *out = (struct remote_answer){0};
    int n = snprintf(url, sizeof url, "%s%s", r->server, path);
    bool good = n > 0 && (size_t)n < sizeof url && remote_headers(r, token, body != NULL, &headers);
    for (int32_t try = 1; good && try <= REMOTE_TRIES; try++) {
        long status = 0;
        curl_off_t after = 0;
        sink_close(&out->body);
        out->body = (struct sink){0};
        code = remote_perform(r, method, url, body, headers, &out->body);
        if (code == CURLE_OK) (void)curl_easy_getinfo(r->curl, CURLINFO_RESPONSE_CODE, &status);
        if (code == CURLE_OK) (void)curl_easy_getinfo(r->curl, CURLINFO_RETRY_AFTER, &after);
        out->status = (int32_t)status;
        bool busy = code == CURLE_OK ? status == 429 || status == 503 : remote_may_pass(code);
        if (!busy || try == REMOTE_TRIES) break;
        remote_pause(after <= 0 ? try : after > REMOTE_WAIT_MOST_S ? REMOTE_WAIT_MOST_S : (int64_t)after);
    }
    curl_slist_free_all(headers);
    if (code != CURLE_OK) {
        remote_answer_close(out);
        return tong_fail(err, TONG_E_IO, "%s: %s", r->server, curl_easy_strerror(code));
    }
    struct str text = sink_kept(&out->body);
    out->json = text.n == 0 ? NULL : json_loadb(text.p, text.n, JSON_REJECT_DUPLICATES, NULL);
    return TONG_OK;
}

void remote_answer_close(struct remote_answer *a)
{
    json_decref(a->json);
    sink_close(&a->body);
    *a = (struct remote_answer){0};
}

const char *remote_says(const struct remote_answer *a, char *room, size_t n)
{
    const json_t *first = json_array_get(json_object_get(a->json, "errors"), 0);
    const char *title = json_string_value(json_object_get(a->json, "title"));
    const char *text = json_string_value(json_object_get(first, "text"));
    const char *remedy = json_string_value(json_object_get(first, "remedy"));
    if (remedy == NULL) remedy = json_string_value(json_object_get(a->json, "detail"));
    if (text == NULL) text = title;
    (void)snprintf(room, n, "HTTP %d%s%s%s%s", (int)a->status, text == NULL ? "" : ": ", text == NULL ? "" : text,
                   remedy == NULL ? "" : "; ", remedy == NULL ? "" : remedy);
    return room;
}

// ---- signing in ----

// A line from the terminal, not shown when it is secret. False: there is no terminal.
static bool remote_prompt(const struct cli *cli, const char *what, bool secret, char *out, size_t n)
{
    struct termios was, quiet;
    FILE *terminal = fopen("/dev/tty", "r+");
    if (terminal == NULL) return false;
    (void)fprintf(terminal, "%s: ", what);
    (void)fflush(terminal);
    bool hidden = secret && tcgetattr(fileno(terminal), &was) == 0;
    if (hidden) {
        quiet = was;
        quiet.c_lflag &= ~(tcflag_t)ECHO;
        (void)tcsetattr(fileno(terminal), TCSAFLUSH, &quiet);
    }
    bool good = fgets(out, (int)n, terminal) != NULL;
    if (hidden) (void)tcsetattr(fileno(terminal), TCSAFLUSH, &was);
    if (hidden) (void)fputc('\n', terminal);
    (void)fclose(terminal);
    if (good) out[strcspn(out, "\r\n")] = 0;
    (void)cli;
    return good;
}

// From the environment, else from the terminal.
static bool remote_secret(const struct cli *cli, const char *variable, const char *which, struct label what, bool hide,
                          char *out, size_t n)
{
    static const struct label missing = LABEL("%s: set %s, or run this on a terminal", "%s：请设置 %s，或在终端上运行");
    char name[80];
    (void)snprintf(name, sizeof name, "%s_%s", variable, which);
    const char *given = getenv(name); // NOLINT(concurrency-mt-unsafe)
    if (given != NULL && strlen(given) < n) {
        (void)snprintf(out, n, "%s", given);
        return true;
    }
    if (remote_prompt(cli, what.text[cli->language], hide, out, n)) return true;
    cli_say(cli, missing.text[cli->language], what.text[cli->language], name);
    return false;
}

static void remote_token_keep(const struct remote_answer *a, char token[REMOTE_TOKEN])
{
    const char *given = json_string_value(json_object_get(a->json, "token"));
    if (given != NULL && strlen(given) < REMOTE_TOKEN) (void)snprintf(token, REMOTE_TOKEN, "%s", given);
}

static bool remote_step(const struct cli *cli, struct remote *r, const char *path, const struct sink *body,
                        char token[REMOTE_TOKEN], char *state, size_t room)
{
    struct remote_answer a;
    struct err err = {0};
    char says[600];
    if (remote_ask(r, "POST", path, token, sink_kept(body).p, &a, &err) != TONG_OK) {
        cli_say(cli, "%s", err.text);
        return false;
    }
    const char *is = json_string_value(json_object_get(a.json, "state"));
    bool good = a.status == 200 && is != NULL;
    if (good) {
        (void)snprintf(state, room, "%s", is);
        remote_token_keep(&a, token);
    } else {
        cli_say(cli, "%s", remote_says(&a, says, sizeof says));
    }
    remote_answer_close(&a);
    return good;
}

static bool remote_password(const struct cli *cli, struct remote *r, const char *login, const char *variable,
                            char token[REMOTE_TOKEN], char *state, size_t room)
{
    char password[REMOTE_SECRET], what[2][120];
    (void)snprintf(what[LANG_EN], sizeof what[0], "password of %s", login);
    (void)snprintf(what[LANG_ZH], sizeof what[0], "%s 的密码", login);
    struct label label = {{[LANG_EN] = what[LANG_EN], [LANG_ZH] = what[LANG_ZH]}};
    if (!remote_secret(cli, variable, "PASSWORD", label, true, password, sizeof password)) return false;
    struct sink body = {0};
    struct json_out j = json_out_to(&body);
    json_out_object(&j, NULL);
    json_out_z(&j, "login", login);
    json_out_z(&j, "password", password);
    json_out_bool(&j, "bearer", true);
    json_out_end(&j);
    bool good = json_out_finish(&j) && remote_step(cli, r, "/api/v1/session", &body, token, state, room);
    sodium_memzero(password, sizeof password);
    if (body.text != NULL) sodium_memzero(body.text, body.n);
    sink_close(&body);
    return good;
}

bool remote_sign_in(const struct cli *cli, struct remote *r, const char *login, const char *variable,
                    char token[REMOTE_TOKEN])
{
    static const struct label code_of = LABEL("code of the second factor", "第二验证码");
    static const struct label unready =
        LABEL("%s cannot work yet: sign in with a browser once, change the password and set up the second factor",
              "%s 尚不能使用：请先用浏览器登录一次，修改密码并启用第二验证");
    static const struct label nobody = LABEL("say who records: --login NAME", "请用 --login 指定登录名");
    char name[80], state[40] = "", code[32];
    (void)snprintf(name, sizeof name, "%s_TOKEN", variable);
    const char *given = getenv(name); // NOLINT(concurrency-mt-unsafe)
    token[0] = 0;
    if (given != NULL && given[0] != 0 && strlen(given) < REMOTE_TOKEN) {
        (void)snprintf(token, REMOTE_TOKEN, "%s", given);
        return true;
    }
    if (login[0] == 0) {
        cli_say(cli, "%s", nobody.text[cli->language]);
        return false;
    }
    if (!remote_password(cli, r, login, variable, token, state, sizeof state)) return false;
    if (strcmp(state, "second_factor") == 0) {
        struct sink body = {0};
        if (!remote_secret(cli, variable, "CODE", code_of, false, code, sizeof code)) return false;
        struct json_out j = json_out_to(&body);
        json_out_object(&j, NULL);
        json_out_z(&j, "code", code);
        json_out_end(&j);
        bool good = json_out_finish(&j) &&
                    remote_step(cli, r, "/api/v1/session/second-factor", &body, token, state, sizeof state);
        sink_close(&body);
        if (!good) return false;
    }
    bool ready = strcmp(state, "signed_in") == 0 && token[0] != 0;
    if (!ready) cli_say(cli, unready.text[cli->language], login);
    return ready;
}

void remote_sign_out(struct remote *r, const char *token)
{
    struct remote_answer a;
    struct err err;
    if (token[0] != 0 && remote_ask(r, "DELETE", "/api/v1/session", token, NULL, &a, &err) == TONG_OK)
        remote_answer_close(&a);
}
