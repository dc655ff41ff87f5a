#include "service/totp.h"

#include "base/sink.h"
#include "service/sha1.h"

#include <assert.h>

uint32_t totp_code(const unsigned char secret[TOTP_SECRET], int64_t step, int32_t digits)
{
    assert(digits >= 1 && digits <= 8);
    char counter[8];
    for (size_t i = 0; i < sizeof counter; i++) counter[i] = (char)((uint64_t)step >> (56 - 8 * i) & 0xFF);
    unsigned char mac[SHA1_BYTES];
    sha1_hmac((struct str){(const char *)secret, TOTP_SECRET}, (struct str){counter, sizeof counter}, mac);
    size_t at = mac[SHA1_BYTES - 1] & 0x0F; // dynamic truncation
    uint32_t number = (uint32_t)(mac[at] & 0x7F) << 24 | (uint32_t)mac[at + 1] << 16 | (uint32_t)mac[at + 2] << 8 |
                      (uint32_t)mac[at + 3];
    uint32_t modulus = 1;
    for (int32_t i = 0; i < digits; i++) modulus *= 10;
    return number % modulus;
}

int64_t totp_step(utc_sec now)
{
    return now.s / TOTP_STEP_S;
}

// Six digits; people type a blank in the middle, as the app shows it.
static bool totp_read(struct str code, uint32_t *out)
{
    uint32_t number = 0;
    int32_t digits = 0;
    for (size_t i = 0; i < code.n; i++) {
        if (code.p[i] == ' ') continue;
        if (code.p[i] < '0' || code.p[i] > '9' || digits == TOTP_DIGITS) return false;
        number = number * 10 + (uint32_t)(code.p[i] - '0');
        digits++;
    }
    *out = number;
    return digits == TOTP_DIGITS;
}

int64_t totp_match(const unsigned char secret[TOTP_SECRET], struct str code, utc_sec now, int64_t last_used)
{
    uint32_t given = 0;
    if (!totp_read(code, &given)) return -1;
    int64_t found = -1, here = totp_step(now);
    for (int64_t step = here - TOTP_AROUND; step <= here + TOTP_AROUND; step++) {
        bool same = totp_code(secret, step, TOTP_DIGITS) == given;
        if (same && step > last_used) found = step;
    }
    return found;
}

void totp_base32(const unsigned char secret[TOTP_SECRET], char out[TOTP_BASE32])
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"; // RFC 4648, section 6
    _Static_assert(TOTP_SECRET % 5 == 0 && TOTP_BASE32 == TOTP_SECRET / 5 * 8 + 1, "no padding");
    for (size_t i = 0; i < TOTP_SECRET / 5; i++) {
        uint64_t bits = 0;
        for (size_t k = 0; k < 5; k++) bits = bits << 8 | secret[5 * i + k];
        for (size_t k = 0; k < 8; k++) out[8 * i + k] = letters[bits >> (35 - 5 * k) & 31];
    }
    out[TOTP_BASE32 - 1] = 0;
}

static void totp_escape(struct sink *s, struct str text)
{
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
                     c == '_' || c == '~';
        if (plain) sink_char(s, c);
        else sink_printf(s, "%%%02X", (unsigned)(unsigned char)c);
    }
}

char *totp_uri(const unsigned char secret[TOTP_SECRET], struct str issuer, struct str login, struct arena *arena)
{
    char base32[TOTP_BASE32];
    totp_base32(secret, base32);
    struct sink s = {0};
    sink_text(&s, "otpauth://totp/");
    totp_escape(&s, issuer);
    sink_char(&s, ':');
    totp_escape(&s, login);
    sink_printf(&s, "?secret=%s&issuer=", base32);
    totp_escape(&s, issuer);
    sink_printf(&s, "&algorithm=SHA1&digits=%d&period=%d", (int)TOTP_DIGITS, (int)TOTP_STEP_S);
    struct str kept = sink_kept(&s);
    char *out = sink_good(&s) ? arena_copy(arena, kept.p, kept.n) : NULL;
    sink_close(&s);
    return out;
}
