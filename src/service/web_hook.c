#include "service/web_hook.h"

#include "base/json.h"

#include <curl/curl.h>
#include <sodium.h>
#include <string.h>

enum { WEB_HOOK_SECONDS = 15 };

void web_hook_sign(const char *secret, utc_sec at, struct str body, char out[WEB_HOOK_SIGNATURE])
{
    char stamp[32], hex[2 * crypto_auth_hmacsha256_BYTES + 1];
    unsigned char mac[crypto_auth_hmacsha256_BYTES];
    crypto_auth_hmacsha256_state state;
    (void)snprintf(stamp, sizeof stamp, "%lld.", (long long)at.s);
    (void)crypto_auth_hmacsha256_init(&state, (const unsigned char *)secret, strlen(secret));
    (void)crypto_auth_hmacsha256_update(&state, (const unsigned char *)stamp, strlen(stamp));
    (void)crypto_auth_hmacsha256_update(&state, (const unsigned char *)body.p, body.n);
    (void)crypto_auth_hmacsha256_final(&state, mac);
    (void)sodium_bin2hex(hex, sizeof hex, mac, sizeof mac);
    (void)snprintf(out, WEB_HOOK_SIGNATURE, "sha256=%s", hex);
}

static bool web_hook_body(const struct web_hook_text *m, struct sink *out)
{
    struct json_out j = json_out_to(out);
    json_out_object(&j, NULL);
    json_out_int(&j, "id", m->id);
    json_out_text(&j, "to", m->to);
    json_out_z(&j, "text", m->text);
    json_out_z(&j, "language", m->language == LANG_ZH ? "zh" : "en");
    json_out_z(&j, "template", m->name);
    json_out_end(&j);
    return json_out_finish(&j);
}

static bool web_hook_append(struct curl_slist **list, const char *line)
{
    struct curl_slist *longer = curl_slist_append(*list, line);
    if (longer != NULL) *list = longer;
    return longer != NULL;
}

static bool web_hook_headers(const struct web_hook_options *o, const struct web_hook_text *m, struct str body,
                             struct curl_slist **list)
{
    char line[128], signature[WEB_HOOK_SIGNATURE];
    bool good = web_hook_append(list, "Content-Type: application/json") && web_hook_append(list, "Expect:");
    (void)snprintf(line, sizeof line, "Tongzhou-Timestamp: %lld", (long long)m->at.s);
    good = good && web_hook_append(list, line);
    if (o->secret == NULL || !good) return good;
    web_hook_sign(o->secret, m->at, body, signature);
    (void)snprintf(line, sizeof line, "Tongzhou-Signature: %s", signature);
    return web_hook_append(list, line);
}

static size_t web_hook_ignore(char *bytes, size_t size, size_t count, void *payload)
{
    (void)bytes;
    (void)payload;
    return size * count;
}

static CURLcode web_hook_perform(CURL *curl, const struct web_hook_options *o, struct str body, struct curl_slist *headers)
{
    long seconds = (long)(o->seconds_max > 0 ? o->seconds_max : WEB_HOOK_SECONDS);
    bool good = curl_easy_setopt(curl, CURLOPT_URL, o->url) == CURLE_OK &&
                curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https") == CURLE_OK &&
                curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body.p) == CURLE_OK &&
                curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE, (long)body.n) == CURLE_OK &&
                curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers) == CURLE_OK &&
                curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, web_hook_ignore) == CURLE_OK &&
                curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
                curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L) == CURLE_OK &&
                curl_easy_setopt(curl, CURLOPT_TIMEOUT, seconds) == CURLE_OK;
    return good ? curl_easy_perform(curl) : CURLE_FAILED_INIT;
}

tong_code web_hook_send(const struct web_hook_options *o, const struct web_hook_text *m, struct err *err)
{
    struct sink body = {0};
    struct curl_slist *headers = NULL;
    CURL *curl = curl_easy_init();
    CURLcode result = CURLE_OUT_OF_MEMORY;
    long answer = 0;
    if (curl != NULL && web_hook_body(m, &body) && web_hook_headers(o, m, sink_kept(&body), &headers)) {
        result = web_hook_perform(curl, o, sink_kept(&body), headers);
        (void)curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &answer);
    }
    curl_slist_free_all(headers);
    curl_easy_cleanup(curl);
    sink_close(&body);
    if (result != CURLE_OK) return tong_fail(err, TONG_E_IO, "gateway: %s", curl_easy_strerror(result));
    if (answer >= 200 && answer < 300) return TONG_OK;
    bool for_good = answer == 400 || answer == 410 || answer == 413 || answer == 422;
    return tong_fail(err, for_good ? TONG_E_INVALID : TONG_E_IO, "gateway: HTTP %ld", answer);
}
