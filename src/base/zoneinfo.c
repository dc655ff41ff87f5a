#include "base/zoneinfo.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char zoneinfo_folder[] = "/usr/share/zoneinfo/";

enum { DAY_SECONDS = 86400, SHIFTS_READ_MAX = 2048, OFFSET_MAX_S = 25 * 3600 + 59 * 60 + 59 };

// ---- collecting shifts ----

struct shifts {
    int32_t first_offset_s;
    size_t count;
    struct {
        int64_t at;
        int32_t offset_s;
    } item[SHIFTS_READ_MAX];
};

// Later shifts only. Two at one instant are one, and one that leaves the offset as it was is none: so the footer of a
// zone that is on summer time all year, which changes and changes back at the same instant, adds nothing.
static void shifts_add(struct shifts *s, int64_t at, int32_t offset_s)
{
    if (s->count > 0 && at < s->item[s->count - 1].at) return;
    if (s->count > 0 && at == s->item[s->count - 1].at) s->count--;
    int32_t before = s->count == 0 ? s->first_offset_s : s->item[s->count - 1].offset_s;
    if (offset_s == before || s->count == SHIFTS_READ_MAX) return;
    s->item[s->count].at = at;
    s->item[s->count++].offset_s = offset_s;
}

static void shifts_keep(const struct shifts *s, const char *name, struct zone *out)
{
    size_t from = 0, count = s->count;
    while (count > ZONE_SHIFTS_MAX && s->item[from].at < 0) from++, count--;
    if (count > ZONE_SHIFTS_MAX) count = ZONE_SHIFTS_MAX;
    *out = (struct zone){.shift_count = (int32_t)count};
    (void)snprintf(out->name, sizeof out->name, "%s", name);
    out->offset_s[0] = from == 0 ? s->first_offset_s : s->item[from - 1].offset_s;
    for (size_t i = 0; i < count; i++) {
        out->at[i] = s->item[from + i].at;
        out->offset_s[i + 1] = s->item[from + i].offset_s;
    }
}

// ---- the footer: POSIX.1-2017, 8.3 "TZ", with the hours up to 167 of RFC 8536, 3.3.1 ----

struct rule {
    char kind; // 'M' month, week and weekday; 'J' day 1..365 without leap days; 'D' day 0..365 with them
    int32_t month, week, day;
    int32_t second; // of that day, local time
};

struct reader {
    const char *p, *end;
};

static bool reader_char(struct reader *r, char c)
{
    if (r->p == r->end || *r->p != c) return false;
    r->p++;
    return true;
}

static bool reader_number(struct reader *r, int32_t least, int32_t most, int32_t *out)
{
    const char *start = r->p;
    int32_t v = 0;
    while (r->p < r->end && *r->p >= '0' && *r->p <= '9' && r->p - start < 4) v = v * 10 + (*r->p++ - '0');
    *out = v;
    return r->p > start && v >= least && v <= most;
}

// [+-]hh[:mm[:ss]]
static bool reader_clock(struct reader *r, int32_t hours_max, int32_t *out)
{
    int32_t h, m = 0, s = 0;
    bool negative = reader_char(r, '-');
    if (!negative) (void)reader_char(r, '+');
    if (!reader_number(r, 0, hours_max, &h)) return false;
    if (reader_char(r, ':')) {
        if (!reader_number(r, 0, 59, &m)) return false;
        if (reader_char(r, ':') && !reader_number(r, 0, 59, &s)) return false;
    }
    *out = (negative ? -1 : 1) * (h * 3600 + m * 60 + s);
    return true;
}

static bool reader_abbreviation(struct reader *r)
{
    const char *start = r->p;
    if (reader_char(r, '<')) {
        while (r->p < r->end && *r->p != '>') r->p++;
        return reader_char(r, '>');
    }
    while (r->p < r->end && ((*r->p >= 'A' && *r->p <= 'Z') || (*r->p >= 'a' && *r->p <= 'z'))) r->p++;
    return r->p - start >= 3;
}

static bool reader_rule(struct reader *r, struct rule *out)
{
    *out = (struct rule){.kind = 'D', .second = 2 * 3600};
    bool read;
    if (reader_char(r, 'M')) {
        out->kind = 'M';
        read = reader_number(r, 1, 12, &out->month) && reader_char(r, '.') && reader_number(r, 1, 5, &out->week) &&
               reader_char(r, '.') && reader_number(r, 0, 6, &out->day);
    } else if (reader_char(r, 'J')) {
        out->kind = 'J';
        read = reader_number(r, 1, 365, &out->day);
    } else {
        read = reader_number(r, 0, 365, &out->day);
    }
    return read && (!reader_char(r, '/') || reader_clock(r, 167, &out->second));
}

// Seconds from the epoch of the rule's moment in a year, as if its local time were UTC.
static int64_t rule_local(const struct rule *rule, int32_t year)
{
    civil_day day = {0};
    bool exists = civil_from_date((struct civil_date){year, rule->kind == 'M' ? rule->month : 1, 1}, &day);
    assert(exists);
    civil_day march;
    bool leap = civil_from_date((struct civil_date){year, 2, 29}, &march);
    if (rule->kind == 'M') {
        int32_t to_weekday = (rule->day - civil_weekday(day) % 7 + 7) % 7; // Sunday is 0 there, 7 here
        int32_t month = rule->month;
        day.d += to_weekday + 7 * (rule->week - 1);
        while (civil_to_date(day).month != month) day.d -= 7; // week 5 means the last one
    } else {
        day.d += rule->kind == 'J' ? rule->day - 1 + (leap && rule->day > 59 ? 1 : 0) : rule->day;
    }
    return (int64_t)day.d * DAY_SECONDS + rule->second;
}

static bool footer_expand(struct reader r, struct shifts *shifts)
{
    int32_t west, standard, summer;
    struct rule start, end;
    if (r.p == r.end) return true; // nothing is known of later years
    if (!reader_abbreviation(&r) || !reader_clock(&r, 24, &west)) return false;
    standard = -west;
    if (r.p == r.end) {
        if (shifts->count == 0) shifts->first_offset_s = standard;
        return true;
    }
    summer = standard + 3600;
    if (!reader_abbreviation(&r)) return false;
    if (r.p < r.end && *r.p != ',') {
        if (!reader_clock(&r, 24, &west)) return false;
        summer = -west;
    }
    if (!reader_char(&r, ',') || !reader_rule(&r, &start) || !reader_char(&r, ',') || !reader_rule(&r, &end) ||
        r.p != r.end)
        return false;
    int32_t year = 1970;
    if (shifts->count > 0 && shifts->item[shifts->count - 1].at > 0) {
        int64_t last_day = shifts->item[shifts->count - 1].at / DAY_SECONDS;
        if (last_day > CIVIL_DAY_MAX - 366) return true;
        year = civil_to_date((civil_day){(int32_t)last_day}).year;
    }
    for (; year <= ZONEINFO_LAST_YEAR; year++) {
        int64_t on = rule_local(&start, year) - standard, off = rule_local(&end, year) - summer;
        if (on < off) shifts_add(shifts, on, summer);
        shifts_add(shifts, off, standard);
        if (on >= off) shifts_add(shifts, on, summer);
    }
    return true;
}

// ---- the file: RFC 8536, section 3 ----

struct tzif {
    uint32_t isut, isstd, leap, time, type, letters; // counts, in the header's order
    unsigned char version;
};
enum { TZIF_HEADER = 44 };

static uint64_t tzif_be(const unsigned char *p, size_t n)
{
    uint64_t v = 0;
    for (size_t i = 0; i < n; i++) v = v << 8 | p[i];
    return v;
}

static int64_t tzif_signed(const unsigned char *p, size_t n)
{
    uint64_t v = tzif_be(p, n), sign = (uint64_t)1 << (8 * n - 1);
    return (v & sign) == 0 ? (int64_t)v : -(int64_t)(~v & (sign - 1)) - 1;
}

// The header at p, and the size of the data block after it; false when it is none or the file ends before its data does.
static bool tzif_header(const unsigned char *p, size_t n, size_t time_bytes, struct tzif *out, size_t *data_bytes)
{
    if (n < TZIF_HEADER || memcmp(p, "TZif", 4) != 0) return false;
    uint32_t count[6];
    for (size_t i = 0; i < 6; i++) {
        count[i] = (uint32_t)tzif_be(p + 20 + 4 * i, 4);
        if (count[i] > ZONEINFO_BYTES_MAX) return false;
    }
    *out = (struct tzif){count[0], count[1], count[2], count[3], count[4], count[5], p[4]};
    *data_bytes = out->time * (time_bytes + 1) + (size_t)out->type * 6 + out->letters + out->leap * (time_bytes + 4) +
                  out->isstd + out->isut;
    return *data_bytes <= n - TZIF_HEADER;
}

static bool tzif_shifts(const unsigned char *data, const struct tzif *h, size_t time_bytes, struct shifts *out)
{
    const unsigned char *index = data + h->time * time_bytes, *types = index + h->time;
    if (h->type == 0 || h->leap != 0 || h->time > SHIFTS_READ_MAX) return false;
    for (uint32_t i = 0; i < h->type; i++) {
        int64_t offset_s = tzif_signed(types + (size_t)i * 6, 4);
        if (offset_s < -OFFSET_MAX_S || offset_s > OFFSET_MAX_S) return false;
    }
    out->first_offset_s = (int32_t)tzif_signed(types, 4);
    int64_t before = INT64_MIN;
    for (uint32_t i = 0; i < h->time; i++) {
        int64_t at = tzif_signed(data + i * time_bytes, time_bytes);
        if (at <= before || index[i] >= h->type) return false;
        before = at;
        shifts_add(out, at, (int32_t)tzif_signed(types + (size_t)index[i] * 6, 4));
    }
    return true;
}

static bool tzif_parse(const unsigned char *p, size_t n, struct shifts *out)
{
    struct tzif h;
    size_t data_bytes;
    if (!tzif_header(p, n, 4, &h, &data_bytes)) return false;
    if (h.version < '2') return tzif_shifts(p + TZIF_HEADER, &h, 4, out);
    p += TZIF_HEADER + data_bytes; // from version 2 on the same follows with 64-bit times, and the footer
    n -= TZIF_HEADER + data_bytes;
    if (!tzif_header(p, n, 8, &h, &data_bytes) || !tzif_shifts(p + TZIF_HEADER, &h, 8, out)) return false;
    p += TZIF_HEADER + data_bytes;
    n -= TZIF_HEADER + data_bytes;
    if (n < 2 || p[0] != '\n') return false;
    const unsigned char *end = memchr(p + 1, '\n', n - 1);
    if (end == NULL) return false;
    return footer_expand((struct reader){(const char *)p + 1, (const char *)end}, out);
}

tong_code zoneinfo_parse(const unsigned char *bytes, size_t n, const char *name, struct zone *out, struct err *err)
{
    struct shifts *shifts = calloc(1, sizeof *shifts);
    if (shifts == NULL) return tong_fail(err, TONG_E_NOMEM, "no memory for time zone %s", name);
    bool good = tzif_parse(bytes, n, shifts);
    if (good) shifts_keep(shifts, name, out);
    free(shifts);
    return good ? TONG_OK : tong_fail(err, TONG_E_INVALID, "time zone %s: not a time zone file we can read", name);
}

// Letters, digits and what else zone names have; no step out of the folder.
static bool zoneinfo_name_allowed(const char *name)
{
    if (name[0] == 0 || name[0] == '/' || strstr(name, "..") != NULL) return false;
    for (const char *c = name; *c != 0; c++) {
        bool letter = (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') || (*c >= '0' && *c <= '9');
        if (!letter && *c != '/' && *c != '_' && *c != '-' && *c != '+') return false;
    }
    return true;
}

tong_code zoneinfo_load(const char *name, struct zone *out, struct err *err)
{
    char path[sizeof zoneinfo_folder + ZONE_NAME_MAX];
    if (!zoneinfo_name_allowed(name) || strlen(name) >= ZONE_NAME_MAX)
        return tong_fail(err, TONG_E_NOT_FOUND, "there is no time zone \"%s\"", name);
    (void)snprintf(path, sizeof path, "%s%s", zoneinfo_folder, name);
    FILE *f = fopen(path, "rb");
    if (f == NULL && (errno == ENOENT || errno == ENOTDIR))
        return tong_fail(err, TONG_E_NOT_FOUND, "there is no time zone \"%s\"", name);
    if (f == NULL) return tong_fail(err, TONG_E_IO, "time zone %s: cannot open its file", name);
    unsigned char *bytes = malloc(ZONEINFO_BYTES_MAX);
    size_t n = bytes == NULL ? 0 : fread(bytes, 1, ZONEINFO_BYTES_MAX, f);
    bool unread = ferror(f) != 0;
    bool folder = unread && errno == EISDIR; // "Asia" alone
    (void)fclose(f);
    tong_code code = bytes == NULL ? tong_fail(err, TONG_E_NOMEM, "no memory for time zone %s", name)
                     : folder      ? tong_fail(err, TONG_E_NOT_FOUND, "there is no time zone \"%s\"", name)
                     : unread      ? tong_fail(err, TONG_E_IO, "time zone %s: cannot read its file", name)
                                   : zoneinfo_parse(bytes, n, name, out, err);
    free(bytes);
    return code;
}
