#include "service/mail.h"

#include "base/sink.h"

#include <curl/curl.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

enum { MAIL_SECONDS = 30, MAIL_LINE = 57 }; // 57 bytes are 76 characters of base 64 (RFC 2045)

static void mail_base64(struct sink *out, struct str text)
{
    char line[MAIL_LINE / 3 * 4 + 1];
    for (size_t i = 0; i < text.n; i += MAIL_LINE) {
        size_t n = text.n - i < MAIL_LINE ? text.n - i : MAIL_LINE;
        (void)sodium_bin2base64(line, sizeof line, (const unsigned char *)text.p + i, n, sodium_base64_VARIANT_ORIGINAL);
        sink_printf(out, "%s\r\n", line);
    }
}

// RFC 2047, in words of at most 36 bytes that end between characters: no line is longer than 76.
static void mail_words(struct sink *out, struct str text)
{
    char word[64];
    for (size_t i = 0; i < text.n;) {
        size_t n = text.n - i < 36 ? text.n - i : 36;
        while (n > 1 && i + n < text.n && ((unsigned char)text.p[i + n] & 0xC0) == 0x80) n--;
        (void)sodium_bin2base64(word, sizeof word, (const unsigned char *)text.p + i, n, sodium_base64_VARIANT_ORIGINAL);
        sink_printf(out, "%s=?UTF-8?B?%s?=", i == 0 ? "" : "\r\n ", word);
        i += n;
    }
}

static void mail_date(struct sink *out, utc_sec at)
{
    static const char *const days[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    enum { DAY = 86400 };
    int64_t day = at.s / DAY, second = at.s % DAY;
    civil_day d = {(int32_t)day};
    struct civil_date c = civil_to_date(d);
    sink_printf(out, "Date: %s, %d %s %d %02lld:%02lld:%02lld +0000\r\n", days[civil_weekday(d) - 1], (int)c.day,
                months[c.month - 1], (int)c.year, (long long)(second / 3600), (long long)(second / 60 % 60),
                (long long)(second % 60));
}

void mail_write(const struct mail_options *o, const struct mail *m, struct sink *out)
{
    const char *host = strchr(o->from, '@');
    mail_date(out, m->at);
    sink_printf(out, "From: <%s>\r\nTo: <%.*s>\r\n", o->from, STR_ARG(m->to));
    sink_printf(out, "Message-ID: <message-%lld-%lld@%s>\r\n", (long long)m->id, (long long)m->at.s,
                host == NULL ? "localhost" : host + 1);
    sink_text(out, "Subject: ");
    mail_words(out, str_z(m->subject));
    sink_text(out, "\r\nAuto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n"
                   "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n");
    mail_base64(out, str_z(m->text));
}

struct mail_source {
    struct str left;
};

static size_t mail_read(char *buffer, size_t size, size_t count, void *payload)
{
    struct mail_source *source = payload;
    size_t n = size * count < source->left.n ? size * count : source->left.n;
    if (n > 0) memcpy(buffer, source->left.p, n);
    source->left = (struct str){source->left.p + n, source->left.n - n};
    return n;
}

static CURLcode mail_perform(CURL *curl, const struct mail_options *o, struct mail_source *source,
                             struct curl_slist *to, const char *from, char *fault)
{
    bool good = curl_easy_setopt(curl, CURLOPT_URL, o->url) == CURLE_OK &&
                curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps") == CURLE_OK &&
                curl_easy_setopt(curl, CURLOPT_MAIL_FROM, from) == CURLE_OK &&
                curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, to) == CURLE_OK &&
                curl_easy_setopt(curl, CURLOPT_READFUNCTION, mail_read) == CURLE_OK &&
                curl_easy_setopt(curl, CURLOPT_READDATA, source) == CURLE_OK &&
                curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L) == CURLE_OK &&
                curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
                curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, fault) == CURLE_OK &&
                curl_easy_setopt(curl, CURLOPT_TIMEOUT, (long)(o->seconds_max > 0 ? o->seconds_max : MAIL_SECONDS)) == CURLE_OK &&
                curl_easy_setopt(curl, CURLOPT_USE_SSL, (long)(o->plain ? CURLUSESSL_TRY : CURLUSESSL_ALL)) == CURLE_OK;
    if (good && o->user != NULL)
        good = curl_easy_setopt(curl, CURLOPT_USERNAME, o->user) == CURLE_OK &&
               curl_easy_setopt(curl, CURLOPT_PASSWORD, o->password == NULL ? "" : o->password) == CURLE_OK;
    return good ? curl_easy_perform(curl) : CURLE_FAILED_INIT;
}

tong_code mail_send(const struct mail_options *o, const struct mail *m, struct err *err)
{
    struct sink text = {0};
    char to[256], from[256], fault[CURL_ERROR_SIZE] = "";
    bool fits = snprintf(to, sizeof to, "<%.*s>", STR_ARG(m->to)) < (int)sizeof to &&
                snprintf(from, sizeof from, "<%s>", o->from) < (int)sizeof from;
    mail_write(o, m, &text);
    CURL *curl = curl_easy_init();
    struct curl_slist *list = curl_slist_append(NULL, to);
    CURLcode result = CURLE_OUT_OF_MEMORY;
    struct mail_source source = {sink_kept(&text)};
    if (fits && curl != NULL && list != NULL && sink_good(&text)) result = mail_perform(curl, o, &source, list, from, fault);
    long answer = 0;
    if (curl != NULL) (void)curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &answer);
    curl_slist_free_all(list);
    curl_easy_cleanup(curl);
    sink_close(&text);
    if (result == CURLE_OK) return TONG_OK;
    // What a server answers may repeat the address: only its number and what curl calls it are kept.
    return tong_fail(err, TONG_E_IO, "SMTP %ld: %s", answer, curl_easy_strerror(result));
}
