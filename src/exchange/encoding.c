#include "exchange/encoding.h"

#include <assert.h>
#include <errno.h>
#include <iconv.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name;  // ours
    const char *iconv; // the C library's
} encoding_names[ENCODING_COUNT] = {
    [ENCODING_AUTO] = {"auto", NULL},
    [ENCODING_UTF8] = {"utf-8", NULL}, // passed through: the CSV reader checks it, with positions
    [ENCODING_UTF16LE] = {"utf-16le", "UTF-16LE"},
    [ENCODING_UTF16BE] = {"utf-16be", "UTF-16BE"},
    [ENCODING_GB18030] = {"gb18030", "GB18030"},
    [ENCODING_WINDOWS_1252] = {"windows-1252", "CP1252"},
    [ENCODING_LATIN1] = {"latin-1", "ISO-8859-1"},
};

const char *encoding_name(encoding e)
{
    assert(e >= 0 && e < ENCODING_COUNT);
    return encoding_names[e].name;
}

bool encoding_parse(struct str name, encoding *out)
{
    static const struct {
        const char *alias; // without hyphens, lower case
        encoding is;
    } aliases[] = {
        {"auto", ENCODING_AUTO},           {"utf8", ENCODING_UTF8},         {"ascii", ENCODING_UTF8},
        {"utf16", ENCODING_UTF16LE},       {"utf16le", ENCODING_UTF16LE},   {"unicode", ENCODING_UTF16LE},
        {"utf16be", ENCODING_UTF16BE},     {"gb18030", ENCODING_GB18030},   {"gbk", ENCODING_GB18030},
        {"gb2312", ENCODING_GB18030},      {"cp936", ENCODING_GB18030},     {"windows1252", ENCODING_WINDOWS_1252},
        {"cp1252", ENCODING_WINDOWS_1252}, {"ansi", ENCODING_WINDOWS_1252}, {"latin1", ENCODING_LATIN1},
        {"iso88591", ENCODING_LATIN1},
    };
    char plain[24];
    size_t n = 0;
    for (size_t i = 0; i < name.n; i++) {
        char c = name.p[i];
        if (c == '-' || c == '_' || c == ' ') continue;
        if (n == sizeof plain) return false;
        plain[n++] = c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
    }
    for (size_t i = 0; i < sizeof aliases / sizeof *aliases; i++) {
        if (!str_eq_z((struct str){plain, n}, aliases[i].alias)) continue;
        *out = aliases[i].is;
        return true;
    }
    return false;
}

// ---- detection ----

static encoding_binary encoding_magic(struct str s)
{
    static const struct {
        struct str magic;
        encoding_binary is;
    } table[] = {
        {{"PK\x03\x04", 4}, BINARY_XLSX},
        {{"\xD0\xCF\x11\xE0", 4}, BINARY_XLS},
        {{"%PDF-", 5}, BINARY_PDF},
        {{"\x1F\x8B", 2}, BINARY_COMPRESSED},
        {{"7z\xBC\xAF\x27\x1C", 6}, BINARY_COMPRESSED},
        {{"Rar!", 4}, BINARY_COMPRESSED},
        {{"\x7F\x45LF", 4}, BINARY_OTHER},
        {{"\x89PNG", 4}, BINARY_OTHER},
        {{"\xFF\xD8\xFF", 3}, BINARY_OTHER},
        {{"SQLite format 3", 15}, BINARY_OTHER},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (s.n >= table[i].magic.n && memcmp(s.p, table[i].magic.p, table[i].magic.n) == 0) return table[i].is;
    return BINARY_NOT;
}

// Control characters other than tab, line ends, form feed, escape and Ctrl-Z do not occur in text. A few NULs are a
// damaged text, whose rows the CSV reader names; one byte in fifty is another kind of file.
static bool encoding_is_binary(struct str s)
{
    size_t control = 0;
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (c < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != '\f' && c != 0x1B && c != 0x1A) control++;
    }
    return control > 4 && control > s.n / 50;
}

// UTF-16 without a mark: the other half of most characters is NUL, always the same half. UTF8 when it is not.
static encoding encoding_bare_utf16(struct str s)
{
    size_t zero[2] = {0, 0}; // at even and at odd places
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] == 0) zero[i % 2]++;
    if (zero[1] > s.n / 5 && zero[0] < zero[1] / 20 + 1) return ENCODING_UTF16LE;
    return zero[0] > s.n / 5 && zero[1] < zero[0] / 20 + 1 ? ENCODING_UTF16BE : ENCODING_UTF8;
}

// How a text reads as GB18030: pairs, how many of them are hanzi of GB 2312's first level (the 3,755 in everyday use) or
// its punctuation, and how much is no GB18030 at all.
struct encoding_gb {
    size_t characters, everyday, wrong;
};

static struct encoding_gb encoding_gb_count(struct str s, bool whole)
{
    struct encoding_gb gb = {0};
    const unsigned char *p = (const unsigned char *)s.p;
    for (size_t i = 0; i < s.n;) {
        if (p[i] < 0x80) {
            i++;
            continue;
        }
        size_t left = s.n - i;
        if (left < 4 && !whole) break; // cut by the end of the sample
        unsigned char b = left > 1 ? p[i + 1] : 0;
        if (p[i] >= 0x81 && p[i] <= 0xFE && b >= 0x40 && b <= 0xFE && b != 0x7F) {
            gb.characters++;
            if (b >= 0xA1 && ((p[i] >= 0xB0 && p[i] <= 0xD7) || p[i] == 0xA1 || p[i] == 0xA3)) gb.everyday++;
            i += 2;
        } else if (left >= 4 && p[i] >= 0x81 && p[i] <= 0xFE && b >= 0x30 && b <= 0x39 && p[i + 2] >= 0x81 &&
                   p[i + 2] <= 0xFE && p[i + 3] >= 0x30 && p[i + 3] <= 0x39) {
            gb.characters++;
            i += 4;
        } else {
            gb.wrong++;
            i++;
        }
    }
    return gb;
}

// Bytes that Western text in windows-1252 would have, and the five values that encoding leaves undefined.
static void encoding_western_count(struct str s, size_t *high, size_t *between_letters, size_t *c1, size_t *undefined)
{
    *high = *between_letters = *c1 = *undefined = 0;
    const unsigned char *p = (const unsigned char *)s.p;
    for (size_t i = 0; i < s.n; i++) {
        if (p[i] < 0x80) continue;
        ++*high;
        if (p[i] < 0xA0) ++*c1;
        if (p[i] == 0x81 || p[i] == 0x8D || p[i] == 0x8F || p[i] == 0x90 || p[i] == 0x9D) ++*undefined;
        bool before = i > 0 && p[i - 1] >= 0x80, after = i + 1 < s.n && p[i + 1] >= 0x80;
        if (p[i] >= 0xC0 && !before && !after) ++*between_letters; // an accented letter by itself
    }
}

// What 8-bit text that is not UTF-8 is. In Chinese text the high bytes come in pairs and nine characters in ten are of
// the first level of GB 2312; in Western text they stand alone between ASCII letters, which GB18030 would read as rare
// hanzi with a trail byte below 0x80. Latin-1 is a subset of windows-1252 but for control characters nobody writes.
static void encoding_detect_8bit(struct str s, bool whole, struct encoding_guess *out)
{
    struct encoding_gb gb = encoding_gb_count(s, whole);
    size_t high, alone, c1, undefined;
    encoding_western_count(s, &high, &alone, &c1, &undefined);
    if (gb.characters > 0 && gb.wrong * 50 <= gb.characters && gb.everyday * 2 >= gb.characters) {
        size_t share = gb.everyday * 100 / gb.characters;
        out->encoding = ENCODING_GB18030;
        out->percent = (int32_t)(share * 9 / 10) + (gb.characters >= 20 ? 8 : 0);
        return;
    }
    out->encoding = undefined > 0 && c1 == undefined ? ENCODING_LATIN1 : ENCODING_WINDOWS_1252;
    out->percent = high == 0 ? 50 : 50 + (int32_t)(alone * 40 / high);
}

void encoding_detect(struct str s, bool whole, struct encoding_guess *out)
{
    *out = (struct encoding_guess){.encoding = ENCODING_UTF8, .percent = 100, .ascii_only = true};
    static const struct {
        struct str bom;
        encoding is;
    } boms[] = {
        {{"\xEF\xBB\xBF", 3}, ENCODING_UTF8},
        {{"\xFF\xFE", 2}, ENCODING_UTF16LE},
        {{"\xFE\xFF", 2}, ENCODING_UTF16BE},
        {{"\x84\x31\x95\x33", 4}, ENCODING_GB18030},
    };
    for (size_t i = 0; i < sizeof boms / sizeof *boms; i++) {
        if (s.n < boms[i].bom.n || memcmp(s.p, boms[i].bom.p, boms[i].bom.n) != 0) continue;
        out->encoding = boms[i].is;
        out->bom_bytes = (int32_t)boms[i].bom.n;
        out->ascii_only = false;
        return;
    }
    for (size_t i = 0; i < s.n && out->ascii_only; i++) out->ascii_only = (unsigned char)s.p[i] < 0x80;
    out->binary = encoding_magic(s);
    if (out->binary != BINARY_NOT) return;
    out->encoding = encoding_bare_utf16(s);
    if (out->encoding != ENCODING_UTF8) {
        out->percent = 90;
        out->ascii_only = false;
        return;
    }
    if (encoding_is_binary(s)) {
        out->binary = BINARY_OTHER;
        return;
    }
    size_t valid = str_utf8_valid(s);
    bool cut_by_sample = !whole && s.n - valid < 4;
    if (valid == s.n || cut_by_sample) {
        out->percent = out->ascii_only ? (whole ? 100 : 90) : 99;
        return;
    }
    // A few wrong bytes in UTF-8 are damaged rows, not another encoding: in GB18030 about one pair in eight happens to be
    // valid UTF-8 (lead C2..DF, trail A1..BF), in Western text next to none.
    size_t good = 0, bad = 0;
    for (size_t i = 0; i < s.n;) {
        size_t n = str_utf8_valid((struct str){s.p + i, s.n - i});
        for (size_t k = i; k < i + n; k++) good += (unsigned char)s.p[k] >= 0xC0;
        i += n;
        if (i < s.n) bad++, i++;
    }
    if (good > bad) {
        out->percent = (int32_t)(good * 99 / (good + bad));
        return;
    }
    encoding_detect_8bit(s, whole, out);
}

// ---- conversion ----

enum { ENCODING_CHUNK = 64 * 1024 };

struct encoding_stream {
    struct bytes *source;
    encoding encoding;
    iconv_t converter; // unused for UTF-8
    bool converting, ended;
    size_t begin, end; // what of `in` is not yet converted
    char in[ENCODING_SAMPLE_BYTES];
};

static tong_code encoding_fill(struct encoding_stream *s, size_t upto, struct err *err)
{
    while (!s->ended && s->end < upto) {
        size_t n = 0;
        tong_code code = bytes_read(s->source, s->in + s->end, upto - s->end, &n, err);
        if (code != TONG_OK) return code;
        s->ended = n == 0;
        s->end += n;
    }
    return TONG_OK;
}

tong_code encoding_open(struct bytes *source, encoding wanted, struct encoding_stream **out,
                        struct encoding_guess *guess, struct err *err)
{
    assert(wanted >= 0 && wanted < ENCODING_COUNT);
    struct encoding_stream *s = calloc(1, sizeof *s);
    if (s == NULL) return tong_fail(err, TONG_E_NOMEM, "no memory to read the file");
    s->source = source;
    tong_code code = encoding_fill(s, sizeof s->in, err);
    if (code != TONG_OK) goto fail;
    struct encoding_guess found;
    encoding_detect((struct str){s->in, s->end}, s->ended, &found);
    if (wanted != ENCODING_AUTO && wanted != found.encoding) {
        found.encoding = wanted;
        found.bom_bytes = 0;
    }
    if (wanted != ENCODING_AUTO) {
        found.percent = 100;
        if (found.binary == BINARY_OTHER) found.binary = BINARY_NOT; // the user says it is text
    }
    s->encoding = found.encoding;
    s->begin = (size_t)found.bom_bytes;
    const char *name = encoding_names[s->encoding].iconv;
    if (name != NULL) {
        s->converter = iconv_open("UTF-8", name);
        if (s->converter == (iconv_t)-1) { // NOLINT(performance-no-int-to-ptr): POSIX says so
            code = tong_fail(err, TONG_E_NOT_FOUND, "this system cannot convert from %s", name);
            goto fail;
        }
        s->converting = true;
    }
    *out = s;
    *guess = found;
    return TONG_OK;
fail:
    encoding_close(s);
    return code;
}

void encoding_close(struct encoding_stream *s)
{
    if (s == NULL) return;
    if (s->converting) (void)iconv_close(s->converter);
    free(s);
}

static tong_code encoding_refill(struct encoding_stream *s, struct err *err)
{
    if (s->begin > 0) {
        memmove(s->in, s->in + s->begin, s->end - s->begin);
        s->end -= s->begin;
        s->begin = 0;
    }
    return encoding_fill(s, ENCODING_CHUNK, err);
}

// Convert what is in the buffer. EILSEQ: the byte (the pair, in UTF-16) becomes the marker. EINVAL: the character is not
// complete yet; at the end of the file it never will be.
static size_t encoding_convert(struct encoding_stream *s, char *buf, size_t cap)
{
    char *in = s->in + s->begin, *out = buf;
    size_t left = s->end - s->begin, room = cap;
    while (left > 0 && room > 0) {
        errno = 0;
        if (iconv(s->converter, &in, &left, &out, &room) != (size_t)-1) continue;
        if (errno == E2BIG) break;
        if (errno == EINVAL && !s->ended) break;
        if (room == 0) break;
        bool cut = errno == EINVAL;
        bool wide = s->encoding == ENCODING_UTF16LE || s->encoding == ENCODING_UTF16BE;
        size_t skip = cut ? left : wide && left >= 2 ? 2 : 1;
        *out++ = (char)(cut ? ENCODING_CUT_SHORT : ENCODING_BAD_BYTE);
        room--;
        in += skip;
        left -= skip;
        (void)iconv(s->converter, NULL, NULL, NULL, NULL);
    }
    s->begin = s->end - left;
    return cap - room;
}

tong_code encoding_read(struct encoding_stream *s, char *buf, size_t cap, size_t *n, struct err *err)
{
    assert(cap >= 16); // room for any one character
    for (;;) {
        if (s->end - s->begin < 16 && !s->ended) {
            tong_code code = encoding_refill(s, err);
            if (code != TONG_OK) return code;
        }
        size_t have = s->end - s->begin, made = 0;
        if (have == 0) {
            *n = 0;
            return TONG_OK;
        }
        if (s->converting) {
            made = encoding_convert(s, buf, cap);
        } else {
            made = have < cap ? have : cap;
            memcpy(buf, s->in + s->begin, made);
            s->begin += made;
        }
        *n = made;
        if (made > 0) return TONG_OK;
    }
}
