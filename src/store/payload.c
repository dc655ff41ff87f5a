#include "store/payload.h"

#include <assert.h>
#include <string.h>

struct str payload_make(const struct record_kind *kind, const void *row, struct arena *arena)
{
    struct sink sink = {0};
    struct json_out j = json_out_to(&sink);
    json_out_object(&j, NULL);
    for (size_t i = 0; i < kind->count; i++) {
        const struct record_field *f = &kind->fields[i];
        if (record_absent(f, row)) continue;
        switch (f->type) {
        case RECORD_TYPE_TEXT:
        case RECORD_TYPE_ID: json_out_text(&j, f->name, record_get_text(f, row)); break;
        case RECORD_TYPE_INTEGER: json_out_int(&j, f->name, record_get_whole(f, row)); break;
        case RECORD_TYPE_REAL: json_out_real(&j, f->name, record_get_real(f, row)); break;
        case RECORD_TYPE_DAY: json_out_day(&j, f->name, (civil_day){(int32_t)record_get_whole(f, row)}); break;
        case RECORD_TYPE_INSTANT: json_out_instant(&j, f->name, (utc_sec){record_get_whole(f, row)}); break;
        case RECORD_TYPE_BOOLEAN: json_out_bool(&j, f->name, record_get_whole(f, row) != 0); break;
        case RECORD_TYPE_ENUM: json_out_z(&j, f->name, f->words[record_get_whole(f, row)].word); break;
        }
    }
    json_out_end(&j);
    bool good = json_out_finish(&j);
    struct str text = str_trim(sink_kept(&sink)); // without the line break at its end
    struct str out = {good ? arena_copy(arena, text.p, text.n) : NULL, text.n};
    if (out.p == NULL) out.n = 0;
    sink_close(&sink);
    return out;
}

// ---- the walk ----

struct payload_cursor payload_walk(struct str payload)
{
    struct payload_cursor c = {.text = payload};
    struct str t = str_trim(payload);
    c.broken = t.n < 2 || t.p[0] != '{' || t.p[t.n - 1] != '}';
    if (c.broken) return c;
    c.text = (struct str){t.p + 1, t.n - 2};
    return c;
}

static char payload_here(const struct payload_cursor *c)
{
    return c->at < c->text.n ? c->text.p[c->at] : 0;
}

static void payload_space(struct payload_cursor *c)
{
    while (c->at < c->text.n && memchr(" \t\r\n", c->text.p[c->at], 4) != NULL) c->at++;
}

// From behind the opening quote to the closing one, which is passed.
static bool payload_quoted(struct payload_cursor *c, struct str *out)
{
    if (payload_here(c) != '"') return false;
    size_t from = ++c->at;
    while (c->at < c->text.n && c->text.p[c->at] != '"') {
        if ((unsigned char)c->text.p[c->at] < ' ') return false;
        c->at += c->text.p[c->at] == '\\' ? 2 : 1;
    }
    if (c->at >= c->text.n) return false;
    *out = (struct str){c->text.p + from, c->at - from};
    c->at++;
    return true;
}

static bool payload_bare(struct payload_cursor *c, struct payload_value *out)
{
    static const struct {
        const char *word;
        payload_type type;
    } words[] = {{"true", PAYLOAD_TRUE}, {"false", PAYLOAD_FALSE}, {"null", PAYLOAD_NULL}};
    size_t from = c->at;
    while (c->at < c->text.n && memchr(", \t\r\n", c->text.p[c->at], 5) == NULL) c->at++;
    out->raw = (struct str){c->text.p + from, c->at - from};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (str_eq_z(out->raw, words[i].word)) {
            out->type = words[i].type;
            return true;
        }
    double number;
    out->type = PAYLOAD_NUMBER;
    return str_double(out->raw, &number);
}

bool payload_next(struct payload_cursor *c, struct payload_value *out)
{
    if (c->broken) return false;
    payload_space(c);
    if (c->at >= c->text.n) return false;
    c->broken = true; // until the value was read whole
    if (c->begun) {
        if (payload_here(c) != ',') return false;
        c->at++;
        payload_space(c);
    }
    if (!payload_quoted(c, &out->name)) return false;
    payload_space(c);
    if (payload_here(c) != ':') return false;
    c->at++;
    payload_space(c);
    out->type = PAYLOAD_TEXT;
    if (payload_here(c) == '"' ? !payload_quoted(c, &out->raw) : !payload_bare(c, out)) return false;
    c->broken = false;
    c->begun = true;
    return true;
}

// ---- texts ----

static bool payload_hex(struct str s, size_t at, uint32_t *out)
{
    uint32_t v = 0;
    if (at + 4 > s.n) return false;
    for (size_t i = at; i < at + 4; i++) {
        char ch = s.p[i];
        uint32_t digit = ch >= '0' && ch <= '9'   ? (uint32_t)(ch - '0')
                         : ch >= 'a' && ch <= 'f' ? (uint32_t)(ch - 'a' + 10)
                         : ch >= 'A' && ch <= 'F' ? (uint32_t)(ch - 'A' + 10)
                                                  : 16;
        if (digit == 16) return false;
        v = v * 16 + digit;
    }
    *out = v;
    return true;
}

static size_t payload_utf8(uint32_t c, char *out)
{
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    size_t n = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    for (size_t i = n - 1; i > 0; i--, c >>= 6) out[i] = (char)(0x80 | (c & 0x3F));
    out[0] = (char)((n == 2 ? 0xC0 : n == 3 ? 0xE0 : 0xF0) | c);
    return n;
}

// \uXXXX, two of them for what lies beyond the basic plane. Returns how many characters of `raw` it took, 0: wrong.
static size_t payload_unicode(struct str raw, size_t at, char *out, size_t *made)
{
    uint32_t c, low;
    if (!payload_hex(raw, at, &c)) return 0;
    *made = 0;
    if (c >= 0xDC00 && c <= 0xDFFF) return 0;
    if (c >= 0xD800 && c <= 0xDBFF) {
        if (at + 6 > raw.n || raw.p[at + 4] != '\\' || raw.p[at + 5] != 'u' || !payload_hex(raw, at + 6, &low))
            return 0;
        if (low < 0xDC00 || low > 0xDFFF) return 0;
        *made = payload_utf8(0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00), out);
        return 10;
    }
    *made = payload_utf8(c, out);
    return 4;
}

struct str payload_plain(struct str raw, struct arena *arena)
{
    const char none[] = "\"\\/bfnrt", plain[] = "\"\\/\b\f\n\r\t";
    if (memchr(raw.p, '\\', raw.n) == NULL) return raw;
    char *out = arena_alloc(arena, raw.n + 1); // an escape is never shorter than what it stands for
    size_t n = 0;
    if (out == NULL) return (struct str){NULL, 0};
    for (size_t i = 0; i < raw.n; i++) {
        if (raw.p[i] != '\\') {
            out[n++] = raw.p[i];
            continue;
        }
        if (++i >= raw.n) return (struct str){NULL, 0};
        const char *escape = raw.p[i] == 0 ? NULL : strchr(none, raw.p[i]);
        if (escape != NULL) {
            out[n++] = plain[escape - none];
            continue;
        }
        size_t made = 0, took = raw.p[i] == 'u' ? payload_unicode(raw, i + 1, out + n, &made) : 0;
        if (took == 0) return (struct str){NULL, 0};
        n += made;
        i += took;
    }
    return (struct str){out, n};
}

struct str payload_text(struct str payload, const char *field, struct arena *arena)
{
    struct payload_cursor c = payload_walk(payload);
    struct payload_value v;
    while (payload_next(&c, &v))
        if (v.type == PAYLOAD_TEXT && str_eq_z(v.name, field)) return payload_plain(v.raw, arena);
    return (struct str){NULL, 0};
}

// ---- a row ----

static void payload_put_whole(const struct record_field *f, void *row, int64_t whole)
{
    char *at = (char *)row + f->offset;
    if (f->type == RECORD_TYPE_INTEGER) memcpy(at, &whole, sizeof whole);
    if (f->type == RECORD_TYPE_BOOLEAN) memcpy(at, &(int8_t){(int8_t)whole}, sizeof(int8_t));
    if (f->type == RECORD_TYPE_ENUM) memcpy(at, &(int32_t){(int32_t)whole}, sizeof(int32_t));
}

static void payload_put_text(const struct record_field *f, void *row, struct str s)
{
    char *at = (char *)row + f->offset;
    civil_day day;
    utc_sec instant;
    bool day_only;
    struct zone utc;
    if (f->type == RECORD_TYPE_TEXT || f->type == RECORD_TYPE_ID) memcpy(at, &s, sizeof s);
    if (f->type == RECORD_TYPE_DAY && civil_parse(s, &day)) memcpy(at, &day, sizeof day);
    if (f->type == RECORD_TYPE_INSTANT) {
        zone_fixed(0, "UTC", &utc);
        if (zone_parse(&utc, s, &instant, &day_only)) memcpy(at, &instant, sizeof instant);
    }
    if (f->type == RECORD_TYPE_ENUM)
        for (int32_t i = 0; i < f->word_count; i++)
            if (str_eq_z(s, f->words[i].word)) payload_put_whole(f, row, i);
}

static bool payload_put(const struct record_field *f, void *row, const struct payload_value *v, struct arena *arena)
{
    int64_t whole;
    double real;
    if (v->type == PAYLOAD_TEXT) {
        struct str s = payload_plain(v->raw, arena);
        if (s.p == NULL) return false;
        payload_put_text(f, row, s);
    }
    if (v->type == PAYLOAD_NUMBER && f->type == RECORD_TYPE_INTEGER && str_int(v->raw, &whole))
        payload_put_whole(f, row, whole);
    if (v->type == PAYLOAD_NUMBER && f->type == RECORD_TYPE_REAL && str_double(v->raw, &real))
        memcpy((char *)row + f->offset, &real, sizeof real);
    bool truth = v->type == PAYLOAD_TRUE || v->type == PAYLOAD_FALSE;
    if (truth && f->type == RECORD_TYPE_BOOLEAN) payload_put_whole(f, row, v->type == PAYLOAD_TRUE);
    return true;
}

tong_code payload_read(const struct record_kind *kind, struct str payload, struct arena *arena, void *row,
                       struct err *err)
{
    record_clear(kind, row);
    // Texts without escapes are borrowed from this copy, so that the caller's bytes (of a database row) may go.
    char *copy = arena_copy(arena, payload.p, payload.n);
    if (copy == NULL) return tong_fail(err, TONG_E_NOMEM, "no memory for a %s", kind->name);
    struct payload_cursor c = payload_walk((struct str){copy, payload.n});
    struct payload_value v;
    size_t next = 0; // fields stand in the order of the table: the one looked for is nearly always the next
    while (payload_next(&c, &v)) {
        for (size_t i = 0; i < kind->count; i++) {
            size_t k = (next + i) % kind->count;
            if (!str_eq_z(v.name, kind->fields[k].name)) continue;
            if (!payload_put(&kind->fields[k], row, &v, arena)) c.broken = true;
            next = k + 1;
            break;
        }
    }
    return c.broken ? tong_fail(err, TONG_E_INVALID, "the payload of a %s cannot be read", kind->name) : TONG_OK;
}
