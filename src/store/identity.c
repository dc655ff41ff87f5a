#include "store/identity.h"

#include "store/place.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

// ---- names ----

static struct str name_map(struct str name, utf8proc_option_t options, struct arena *arena)
{
    const struct str none = {NULL, 0};
    name = str_trim(name);
    if (str_utf8_valid(name) != name.n) return none;
    if (name.n == 0) return (struct str){"", 0};
    utf8proc_uint8_t *mapped = NULL;
    utf8proc_ssize_t n = utf8proc_map((const utf8proc_uint8_t *)name.p, (utf8proc_ssize_t)name.n, &mapped, options);
    if (n < 0) return none;
    char *copy = arena_copy(arena, (const char *)mapped, (size_t)n);
    free(mapped);
    return copy == NULL ? none : str_trim((struct str){copy, (size_t)n});
}

struct str name_compose(struct str name, struct arena *arena)
{
    bool plain = true; // ASCII is composed as it stands
    for (size_t i = 0; i < name.n && plain; i++) plain = (unsigned char)name.p[i] < 0x80;
    return plain && name.n > 0 ? str_trim(name) : name_map(name, UTF8PROC_STABLE | UTF8PROC_COMPOSE, arena);
}

struct str name_fold(struct str name, struct arena *arena)
{
    struct str s = name_map(name,
                            UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD | UTF8PROC_IGNORE |
                                UTF8PROC_STRIPCC,
                            arena);
    if (s.n == 0) return (struct str){NULL, 0};
    char *out = arena_alloc(arena, s.n + 1);
    size_t n = 0;
    if (out == NULL) return (struct str){NULL, 0};
    for (size_t i = 0; i < s.n; i++) {
        bool space = s.p[i] == ' ' || s.p[i] == '\t';
        if (space && (n == 0 || out[n - 1] == ' ')) continue;
        out[n++] = space ? ' ' : s.p[i];
    }
    return (struct str){out, n};
}

// ---- digits ----

// The next character, full-width forms (U+FF01 to U+FF5E) and the ideographic space as their half-width ones; 0:
// another character of more than one byte.
static char identity_next(struct str s, size_t *i)
{
    unsigned char c = (unsigned char)s.p[*i];
    if (c < 0x80) {
        (*i)++;
        return (char)c;
    }
    if (*i + 2 < s.n && c == 0xEF) {
        uint32_t u = ((uint32_t)c & 15) << 12 | ((uint32_t)(unsigned char)s.p[*i + 1] & 63) << 6 |
                     ((uint32_t)(unsigned char)s.p[*i + 2] & 63);
        *i += 3;
        return u >= 0xFF01 && u <= 0xFF5E ? (char)(u - 0xFF01 + '!') : 0;
    }
    bool space = *i + 2 < s.n && c == 0xE3 && (unsigned char)s.p[*i + 1] == 0x80 && (unsigned char)s.p[*i + 2] == 0x80;
    bool dash = *i + 2 < s.n && c == 0xE2 && (unsigned char)s.p[*i + 1] == 0x80 && (unsigned char)s.p[*i + 2] <= 0x95;
    *i += 1;
    while (*i < s.n && ((unsigned char)s.p[*i] & 0xC0) == 0x80) (*i)++;
    return space ? ' ' : dash ? '-' : 0;
}

static bool phone_is_mobile(const char *digits, size_t n)
{
    return n == 11 && digits[0] == '1' && digits[1] >= '3';
}

// What is written around the digits is dropped; an extension ends the number.
static bool phone_digits(struct str phone, char *out, size_t room, size_t *count)
{
    size_t n = 0, i = 0;
    while (i < phone.n) {
        size_t at = i;
        char c = identity_next(phone, &i);
        if (c >= '0' && c <= '9') {
            if (n + 1 >= room) return false;
            out[n++] = c;
        } else if (c == '+' && n == 0) {
            out[n++] = c;
        } else if (c == 0 || c == ',' || c == ';' || c == '#' || c == 'x' || c == 'X' || c == 'e' || c == 'E' ||
                   c == '/') {
            struct str rest = {phone.p + at, phone.n - at};
            bool extension = str_starts(rest, "转") || str_starts(rest, "轉") || str_starts(rest, "分机") || c == '#' ||
                             c == ',' || c == 'x' || c == 'X' || str_starts(rest, "ext") || str_starts(rest, "Ext");
            if (!extension || n == 0) return false;
            break;
        } else if (strchr(" \t()-._", c) == NULL) {
            return false;
        }
    }
    out[n] = 0;
    *count = n;
    return true;
}

bool phone_normalise(struct str phone, char out[PHONE_TEXT])
{
    char text[PHONE_TEXT];
    size_t n = 0;
    if (str_utf8_valid(phone) != phone.n || !phone_digits(phone, text, sizeof text - 2, &n)) return false;
    bool country = text[0] == '+' || (text[0] == '0' && text[1] == '0'); // the number begins with a country code
    const char *digits = text[0] == '+' ? text + 1 : country ? text + 2 : text;
    size_t left = n - (size_t)(digits - text);
    if (left < 7 || left > 15) return false; // ITU-T E.164: at most 15 digits
    bool china = left > 2 && digits[0] == '8' && digits[1] == '6' && (country || phone_is_mobile(digits + 2, left - 2));
    if (!china) {
        out[0] = '+';
        memcpy(out + (country ? 1 : 0), digits, left + 1);
        return true;
    }
    digits += 2;
    left -= 2;
    if (left < 7 || (digits[0] == '0' && digits[1] == '0')) return false;
    bool service = left == 10 && (digits[0] == '4' || digits[0] == '8') && digits[1] == '0' && digits[2] == '0';
    bool area = !service && !phone_is_mobile(digits, left) && digits[0] != '0' &&
                left > 8; // abroad the 0 of the area code is left out
    out[0] = '0';
    memcpy(out + (area ? 1 : 0), digits, left + 1);
    return true;
}

bool document_normalise(struct str number, char out[DOCUMENT_TEXT])
{
    size_t n = 0, i = 0;
    if (number.n == 0 || memchr(number.p, 0, number.n) != NULL || str_utf8_valid(number) != number.n) return false;
    while (i < number.n) {
        size_t from = i;
        char c = identity_next(number, &i);
        if (c == ' ' || c == '\t') continue;
        size_t bytes = c == 0 ? i - from : 1;
        if (n + bytes >= DOCUMENT_TEXT) return false;
        if (c == 0) memcpy(out + n, number.p + from, bytes);
        else out[n] = (char)(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
        n += bytes;
    }
    out[n] = 0;
    return n > 0;
}

// ---- the identity number ----

// GB 11643-1999, 4.2: weights 2^(18 - i) mod 11, the sum of all eighteen congruent to 1 modulo 11, 10 written X.
static char id_card_check(const char *digits)
{
    static const int32_t weight[17] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    static const char check[11] = {'1', '0', 'X', '9', '8', '7', '6', '5', '4', '3', '2'};
    int32_t sum = 0;
    for (int32_t i = 0; i < 17; i++) sum += (digits[i] - '0') * weight[i];
    return check[sum % 11];
}

static int32_t id_card_number(const char *p, int32_t n)
{
    int32_t v = 0;
    for (int32_t i = 0; i < n; i++) v = v * 10 + (p[i] - '0');
    return v;
}

id_card_fault id_card_read(struct str number, struct id_card *out)
{
    bool old = number.n == 15; // until 1999: two digits of the year, no check character
    *out = (struct id_card){.born = {CIVIL_DAY_NONE}, .sex = PERSON_SEX_UNKNOWN};
    if (number.n != 18 && !old) return ID_CARD_LENGTH;
    size_t digits = old ? 15 : 17;
    for (size_t i = 0; i < digits; i++)
        if (number.p[i] < '0' || number.p[i] > '9') return ID_CARD_CHARACTERS;
    if (!old && number.p[17] != 'X' && (number.p[17] < '0' || number.p[17] > '9')) return ID_CARD_CHARACTERS;
    const char *p = number.p + 6;
    struct civil_date born = {old ? 1900 + id_card_number(p, 2) : id_card_number(p, 4), 0, 0};
    p += old ? 2 : 4;
    born.month = id_card_number(p, 2);
    born.day = id_card_number(p + 2, 2);
    bool dated = civil_from_date(born, &out->born);
    if (!dated) out->born = (civil_day){CIVIL_DAY_NONE};
    out->sex = (number.p[old ? 14 : 16] - '0') % 2 == 1 ? PERSON_MALE : PERSON_FEMALE;
    out->check = old ? 0 : id_card_check(number.p);
    if (!dated) return ID_CARD_DATE;
    return old || out->check == number.p[17] ? ID_CARD_GOOD : ID_CARD_CHECK;
}

// ---- hashes ----

bool person_phone_hash(const struct vault *v, struct str phone, unsigned char *out)
{
    char text[PHONE_TEXT];
    if (phone.n == 0 || !phone_normalise(phone, text)) return false;
    vault_hash(v, "phone", str_z(text), VAULT_HASH, out);
    return true;
}

bool person_document_hash(const struct vault *v, struct str document, unsigned char *out)
{
    char text[DOCUMENT_TEXT];
    struct id_card card;
    if (!document_normalise(document, text)) return false;
    if (strlen(text) == 15 &&
        id_card_read(str_z(text), &card) == ID_CARD_GOOD) { // the same number as it is written now
        memmove(text + 8, text + 6, 10);
        text[6] = '1';
        text[7] = '9';
        text[17] = id_card_check(text);
        text[18] = 0;
    }
    vault_hash(v, "document", str_z(text), VAULT_HASH, out);
    return true;
}

bool outside_hash(const struct vault *v, struct str source, struct str id, unsigned char *out)
{
    char purpose[96];
    if (source.n == 0 || id.n == 0 || source.n > sizeof purpose - 9) return false;
    memcpy(purpose, "outside:", 8);
    memcpy(purpose + 8, source.p, source.n);
    purpose[8 + source.n] = 0;
    vault_hash(v, purpose, id, VAULT_LONG_HASH, out);
    return true;
}
