#include "base/json.h"

#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>

struct json_out json_out_to(struct sink *sink)
{
    return (struct json_out){.sink = sink, .array = {true}}; // the top takes one value and no key
}

static void json_quoted(struct sink *s, struct str text)
{
    sink_char(s, '"');
    size_t from = 0;
    for (size_t i = 0; i < text.n; i++) {
        unsigned char c = (unsigned char)text.p[i];
        if (c >= 0x20 && c != '"' && c != '\\') continue;
        sink_utf8(s, (struct str){text.p + from, i - from});
        from = i + 1;
        if (c == '"' || c == '\\') sink_printf(s, "\\%c", c);
        else if (c == '\n') sink_text(s, "\\n");
        else if (c == '\t') sink_text(s, "\\t");
        else if (c == '\r') sink_text(s, "\\r");
        else sink_printf(s, "\\u%04x", (unsigned)c);
    }
    sink_utf8(s, (struct str){text.p + from, text.n - from});
    sink_char(s, '"');
}

// What stands before a value: the comma and the key.
static void json_before(struct json_out *j, const char *key)
{
    assert(j->array[j->depth] == (key == NULL));
    assert(j->depth > 0 || !j->begun[0]);
    if (j->begun[j->depth]) sink_char(j->sink, ',');
    j->begun[j->depth] = true;
    if (key == NULL) return;
    json_quoted(j->sink, str_z(key));
    sink_char(j->sink, ':');
}

static void json_open(struct json_out *j, const char *key, bool array)
{
    json_before(j, key);
    assert(j->depth < JSON_DEPTH_MAX);
    j->depth++;
    j->begun[j->depth] = false;
    j->array[j->depth] = array;
    sink_char(j->sink, array ? '[' : '{');
}

void json_out_object(struct json_out *j, const char *key)
{
    json_open(j, key, false);
}

void json_out_array(struct json_out *j, const char *key)
{
    json_open(j, key, true);
}

void json_out_end(struct json_out *j)
{
    assert(j->depth > 0);
    sink_char(j->sink, j->array[j->depth] ? ']' : '}');
    j->depth--;
}

void json_out_text(struct json_out *j, const char *key, struct str value)
{
    json_before(j, key);
    json_quoted(j->sink, value);
}

void json_out_z(struct json_out *j, const char *key, const char *value)
{
    if (value == NULL) json_out_null(j, key);
    else json_out_text(j, key, str_z(value));
}

void json_out_int(struct json_out *j, const char *key, int64_t value)
{
    json_before(j, key);
    sink_printf(j->sink, "%" PRId64, value);
}

void json_out_real(struct json_out *j, const char *key, double value)
{
    json_before(j, key);
    if (isfinite(value)) sink_real(j->sink, value);
    else sink_text(j->sink, "null");
}

void json_out_bool(struct json_out *j, const char *key, bool value)
{
    json_before(j, key);
    sink_text(j->sink, value ? "true" : "false");
}

void json_out_null(struct json_out *j, const char *key)
{
    json_before(j, key);
    sink_text(j->sink, "null");
}

void json_out_day(struct json_out *j, const char *key, civil_day day)
{
    char text[CIVIL_TEXT];
    if (day.d == CIVIL_DAY_NONE) {
        json_out_null(j, key);
        return;
    }
    civil_format(day, text);
    json_out_text(j, key, str_z(text));
}

void json_instant_text(utc_sec at, char out[INSTANT_TEXT])
{
    enum { DAY_SECONDS = 86400 };
    int64_t day = at.s / DAY_SECONDS - (at.s % DAY_SECONDS < 0 ? 1 : 0);
    assert(day >= CIVIL_DAY_MIN - 1 && day <= CIVIL_DAY_MAX + 1);
    int32_t second = (int32_t)(at.s - day * DAY_SECONDS);
    char date[CIVIL_TEXT];
    civil_format((civil_day){(int32_t)day}, date);
    (void)snprintf(out, INSTANT_TEXT, "%sT%02d:%02d:%02dZ", date, second / 3600 % 24, second / 60 % 60, second % 60);
}

void json_out_instant(struct json_out *j, const char *key, utc_sec at)
{
    char text[INSTANT_TEXT];
    if (at.s == UTC_NONE.s) {
        json_out_null(j, key);
        return;
    }
    json_instant_text(at, text);
    json_out_text(j, key, str_z(text));
}

bool json_out_finish(struct json_out *j)
{
    assert(j->depth == 0 && j->begun[0]);
    sink_char(j->sink, '\n');
    return sink_good(j->sink);
}
