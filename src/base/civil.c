#include "base/civil.h"
#include "base/zoneinfo.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

enum { DAY_SECONDS = 86400, ERA_DAYS = 146097, OFFSET_MAX_S = 18 * 3600 };

// ---- calendar ----
// Days from civil and back: H. Hinnant, "chrono-Compatible Low-Level Date Algorithms" (2013, rev. 2021). Years begin in
// March, so that the leap day is the last of its year, and 400 years are one era of 146097 days. 719468 days lie
// between 0000-03-01 and 1970-01-01.

static int32_t civil_days(int32_t year, int32_t month, int32_t day)
{
    int32_t y = month <= 2 ? year - 1 : year;
    int32_t era = y / 400; // y >= 0: years begin at 1000
    int32_t year_of_era = y - era * 400;
    int32_t day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    int32_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * ERA_DAYS + day_of_era - 719468;
}

static int32_t civil_month_days(int32_t year, int32_t month)
{
    static const int8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month == 2 && leap ? 29 : days[month - 1];
}

bool civil_from_date(struct civil_date date, civil_day *out)
{
    if (date.year < 1000 || date.year > 2999 || date.month < 1 || date.month > 12) return false;
    if (date.day < 1 || date.day > civil_month_days(date.year, date.month)) return false;
    out->d = civil_days(date.year, date.month, date.day);
    assert(out->d >= CIVIL_DAY_MIN && out->d <= CIVIL_DAY_MAX);
    return true;
}

struct civil_date civil_to_date(civil_day day)
{
    assert(day.d >= CIVIL_DAY_MIN - 366 && day.d <= CIVIL_DAY_MAX + 366);
    int32_t z = day.d + 719468;
    int32_t era = z / ERA_DAYS; // z >= 0 down to year 0
    int32_t day_of_era = z - era * ERA_DAYS;
    int32_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int32_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int32_t mp = (5 * day_of_year + 2) / 153; // 0 March .. 11 February
    int32_t month = mp < 10 ? mp + 3 : mp - 9;
    return (struct civil_date){
        .year = year_of_era + era * 400 + (month <= 2 ? 1 : 0),
        .month = month,
        .day = day_of_year - (153 * mp + 2) / 5 + 1,
    };
}

int32_t civil_weekday(civil_day day)
{
    int32_t since_monday = (day.d + 3) % 7; // 1970-01-01 was a Thursday
    return (since_monday < 0 ? since_monday + 7 : since_monday) + 1;
}

struct civil_week civil_iso_week(civil_day day)
{
    civil_day thursday = {day.d + 4 - civil_weekday(day)}; // a week belongs to the year its Thursday lies in
    int32_t year = civil_to_date(thursday).year;
    return (struct civil_week){year, (thursday.d - civil_days(year, 1, 1)) / 7 + 1};
}

// n decimal digits at the front of *s.
static bool civil_digits(struct str *s, size_t n, int32_t *out)
{
    if (s->n < n) return false;
    int32_t v = 0;
    for (size_t i = 0; i < n; i++) {
        if (s->p[i] < '0' || s->p[i] > '9') return false;
        v = v * 10 + (s->p[i] - '0');
    }
    *out = v;
    s->p += n;
    s->n -= n;
    return true;
}

static bool civil_char(struct str *s, char c)
{
    if (s->n == 0 || s->p[0] != c) return false;
    s->p++;
    s->n--;
    return true;
}

static bool civil_parse_front(struct str *s, civil_day *out)
{
    struct civil_date date;
    return civil_digits(s, 4, &date.year) && civil_char(s, '-') && civil_digits(s, 2, &date.month) &&
           civil_char(s, '-') && civil_digits(s, 2, &date.day) && civil_from_date(date, out);
}

bool civil_parse(struct str s, civil_day *out)
{
    civil_day day;
    if (!civil_parse_front(&s, &day) || s.n != 0) return false;
    *out = day;
    return true;
}

static char *civil_put(char *p, int32_t value, int digits)
{
    for (int i = digits - 1; i >= 0; i--, value /= 10) p[i] = (char)('0' + value % 10);
    return p + digits;
}

void civil_format(civil_day day, char out[CIVIL_TEXT])
{
    struct civil_date date = civil_to_date(day);
    char *p = civil_put(out, date.year, 4);
    *p++ = '-';
    p = civil_put(p, date.month, 2);
    *p++ = '-';
    p = civil_put(p, date.day, 2);
    *p = 0;
}

// ---- zone ----

void zone_fixed(int32_t offset_s, const char *name, struct zone *out)
{
    assert(offset_s >= -OFFSET_MAX_S && offset_s <= OFFSET_MAX_S);
    *out = (struct zone){.offset_s = {offset_s}};
    (void)snprintf(out->name, sizeof out->name, "%s", name);
}

// "UTC", "UTC+8", "UTC-03:30"
static bool zone_parse_fixed(struct str name, int32_t *offset_s)
{
    if (!str_starts(name, "UTC")) return false;
    struct str rest = {name.p + 3, name.n - 3};
    *offset_s = 0;
    if (rest.n == 0) return true;
    bool west = rest.p[0] == '-';
    if (!civil_char(&rest, '+') && !civil_char(&rest, '-')) return false;
    int32_t hours = 0, minutes = 0;
    size_t digits = rest.n >= 2 && rest.p[1] != ':' ? 2 : 1;
    if (!civil_digits(&rest, digits, &hours)) return false;
    if (rest.n != 0 && (!civil_char(&rest, ':') || !civil_digits(&rest, 2, &minutes) || rest.n != 0)) return false;
    int32_t s = hours * 3600 + minutes * 60;
    if (minutes > 59 || s > OFFSET_MAX_S) return false;
    *offset_s = west ? -s : s;
    return true;
}

tong_code zone_load(struct str name, struct zone *out, struct err *err)
{
    char z[ZONE_NAME_MAX];
    if (name.n == 0 || name.n >= sizeof z)
        return tong_fail(err, TONG_E_NOT_FOUND, "a time zone's name has 1 to %d characters", ZONE_NAME_MAX - 1);
    memcpy(z, name.p, name.n);
    z[name.n] = 0;
    int32_t offset_s;
    if (zone_parse_fixed(name, &offset_s)) {
        zone_fixed(offset_s, z, out);
        return TONG_OK;
    }
    return zoneinfo_load(z, out, err);
}

int32_t zone_offset(const struct zone *z, utc_sec at)
{
    int32_t low = 0, high = z->shift_count; // the answer lies in offset_s[low..high]
    if (high == 0 || at.s >= z->at[high - 1]) return z->offset_s[high];
    while (low < high) {
        int32_t mid = low + (high - low) / 2;
        if (at.s < z->at[mid]) high = mid;
        else low = mid + 1;
    }
    return z->offset_s[low];
}

civil_day zone_day(const struct zone *z, utc_sec at)
{
    int64_t local = at.s + zone_offset(z, at);
    int64_t day = local / DAY_SECONDS - (local % DAY_SECONDS < 0 ? 1 : 0);
    assert(day >= INT32_MIN && day <= INT32_MAX);
    return (civil_day){(int32_t)day};
}

// Walks the stretches of constant offset that can contain the wall-clock second `local` and gives the first instant that
// shows it. Where a shift skips it, *skip gets the shift's instant, and the result is the time moved forward by the gap:
// the instant that the clock would have called `local` had it not been changed.
static utc_sec zone_resolve(const struct zone *z, int64_t local, int64_t *skip)
{
    int32_t i = 0, n = z->shift_count;
    if (n > 0) { // stretches that end more than two days before are out of reach of any offset
        int32_t high = n;
        while (i < high) {
            int32_t mid = i + (high - i) / 2;
            if (z->at[mid] < local - 2 * (int64_t)DAY_SECONDS) i = mid + 1;
            else high = mid;
        }
    }
    *skip = INT64_MIN;
    for (; i < n; i++) {
        int64_t instant = local - z->offset_s[i];
        if (instant < z->at[i]) return (utc_sec){instant};
        if (local - z->offset_s[i + 1] < z->at[i]) {
            *skip = z->at[i];
            return (utc_sec){instant};
        }
    }
    return (utc_sec){local - z->offset_s[n]};
}

utc_sec zone_midnight(const struct zone *z, civil_day day)
{
    int64_t skip;
    utc_sec at = zone_resolve(z, (int64_t)day.d * DAY_SECONDS, &skip);
    return skip == INT64_MIN ? at : (utc_sec){skip};
}

utc_sec zone_instant(const struct zone *z, civil_day day, int32_t second_of_day)
{
    int64_t skip;
    return zone_resolve(z, (int64_t)day.d * DAY_SECONDS + second_of_day, &skip);
}

static bool zone_parse_clock(struct str *s, int32_t *second_of_day)
{
    int32_t hour, minute, second = 0;
    if (!civil_digits(s, 2, &hour) || !civil_char(s, ':') || !civil_digits(s, 2, &minute)) return false;
    if (civil_char(s, ':') && !civil_digits(s, 2, &second)) return false;
    if (hour > 23 || minute > 59 || second > 59) return false;
    *second_of_day = hour * 3600 + minute * 60 + second;
    return true;
}

bool zone_parse(const struct zone *z, struct str s, utc_sec *out, bool *day_only)
{
    civil_day day;
    int32_t second, hours, minutes;
    if (!civil_parse_front(&s, &day)) return false;
    if (s.n == 0) {
        *out = zone_midnight(z, day);
        *day_only = true;
        return true;
    }
    if (!(civil_char(&s, ' ') || civil_char(&s, 'T')) || !zone_parse_clock(&s, &second)) return false;
    utc_sec at;
    if (s.n == 0) {
        at = zone_instant(z, day, second);
    } else {
        at.s = (int64_t)day.d * DAY_SECONDS + second;
        if (!civil_char(&s, 'Z')) {
            bool west = s.p[0] == '-';
            if (!civil_char(&s, '+') && !civil_char(&s, '-')) return false;
            if (!civil_digits(&s, 2, &hours) || !civil_char(&s, ':') || !civil_digits(&s, 2, &minutes)) return false;
            int32_t offset_s = hours * 3600 + minutes * 60;
            if (minutes > 59 || offset_s > OFFSET_MAX_S) return false;
            at.s -= west ? -offset_s : offset_s;
        }
        if (s.n != 0) return false;
    }
    *out = at;
    *day_only = false;
    return true;
}

void zone_format(const struct zone *z, utc_sec at, char out[UTC_TEXT])
{
    civil_day day = zone_day(z, at);
    int64_t second = at.s + zone_offset(z, at) - (int64_t)day.d * DAY_SECONDS;
    civil_format(day, out);
    char *p = out + CIVIL_TEXT - 1;
    *p++ = ' ';
    p = civil_put(p, (int32_t)(second / 3600), 2);
    *p++ = ':';
    p = civil_put(p, (int32_t)(second / 60 % 60), 2);
    *p = 0;
}
