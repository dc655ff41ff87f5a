#include "exchange/dates.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

enum { DATE_DAY_SECONDS = 86400, DATE_OFFSET_MAX_S = 18 * 3600 };

// ---- taking a value apart ----

static bool date_eat(struct str *s, const char *z)
{
    if (!str_starts(*s, z)) return false;
    s->p += strlen(z);
    s->n -= strlen(z);
    return true;
}

// White space of any kind people's files have: ASCII, no-break, and the Chinese full-width blank.
static bool date_eat_blanks(struct str *s)
{
    size_t before = s->n;
    if (s->n > 0 && s->p[0] > ' ') return false; // most often; the others are ASCII controls or not ASCII
    while (date_eat(s, " ") || date_eat(s, "\t") || date_eat(s, "\n") || date_eat(s, "\r") || date_eat(s, "\xC2\xA0") ||
           date_eat(s, "\xE3\x80\x80")) {
    }
    return s->n != before;
}

// Up to `most` digits; how many there were, 0 when none or more than that.
static size_t date_eat_digits(struct str *s, size_t most, int32_t *out)
{
    size_t n = 0;
    int32_t v = 0;
    while (n < s->n && s->p[n] >= '0' && s->p[n] <= '9') {
        if (n == most) return 0;
        v = v * 10 + (s->p[n] - '0');
        n++;
    }
    s->p += n;
    s->n -= n;
    *out = v;
    return n;
}

// "Z", "+08:00", "+0800", "-3"; nothing is fine too.
static bool date_eat_offset(struct str *s, struct date_raw *raw)
{
    (void)date_eat_blanks(s);
    if (s->n == 0) return true;
    raw->zoned = true;
    if (date_eat(s, "Z") || date_eat(s, "z") || date_eat(s, "UTC")) return true;
    bool west = date_eat(s, "-");
    if (!west && !date_eat(s, "+")) return false;
    int32_t hours = 0, minutes = 0;
    size_t n = date_eat_digits(s, 4, &hours);
    if (n == 0 || n == 3) return false;
    if (n == 4) {
        minutes = hours % 100;
        hours /= 100;
    } else if (date_eat(s, ":") && date_eat_digits(s, 2, &minutes) != 2) {
        return false;
    }
    int32_t offset = hours * 3600 + minutes * 60;
    if (minutes > 59 || offset > DATE_OFFSET_MAX_S) raw->second_of_day = -1;
    raw->offset_s = west ? -offset : offset;
    return true;
}

// "14:05", "14:05:09", "14:05:09.603", "2:05 PM", then an offset.
static bool date_eat_time(struct str *s, struct date_raw *raw)
{
    int32_t hour = 0, minute = 0, second = 0, fraction = 0;
    if (date_eat_digits(s, 2, &hour) == 0 || !date_eat(s, ":") || date_eat_digits(s, 2, &minute) != 2) return false;
    if (date_eat(s, ":")) {
        if (date_eat_digits(s, 2, &second) != 2) return false;
        if ((date_eat(s, ".") || date_eat(s, ",")) && date_eat_digits(s, 9, &fraction) == 0) return false;
    }
    raw->timed = true;
    (void)date_eat_blanks(s);
    bool am = date_eat(s, "AM") || date_eat(s, "am"), pm = !am && (date_eat(s, "PM") || date_eat(s, "pm"));
    bool wrong = hour > 23 || minute > 59 || second > 60 || ((am || pm) && (hour < 1 || hour > 12));
    if (am || pm) hour = hour % 12 + (pm ? 12 : 0);
    raw->second_of_day = wrong ? -1 : hour * 3600 + minute * 60 + (second > 59 ? 59 : second); // a leap second
    return date_eat_offset(s, raw);
}

// What may follow a date: nothing, or T or a blank and a time.
static bool date_eat_rest(struct str s, struct date_raw *raw)
{
    bool gap = date_eat_blanks(&s) || date_eat(&s, "T") || date_eat(&s, "t");
    if (s.n == 0) return true;
    if (!gap || !date_eat_time(&s, raw)) return false;
    (void)date_eat_blanks(&s);
    return s.n == 0;
}

// "44010" or "44010.53": a day, and the fraction of it.
static bool date_scan_serial(struct str s, int32_t days, struct date_raw *raw)
{
    raw->form = DATE_SERIAL;
    raw->serial = days;
    if (s.n == 0) return true;
    double fraction = 0;
    if (s.p[0] != '.' || s.n < 2 || s.n > 20) return false;
    for (size_t i = 1; i < s.n; i++)
        if (s.p[i] < '0' || s.p[i] > '9') return false;
    if (!str_double(s, &fraction)) return false;
    int32_t second = (int32_t)(fraction * DATE_DAY_SECONDS + 0.5);
    raw->timed = true;
    raw->second_of_day = second < DATE_DAY_SECONDS ? second : DATE_DAY_SECONDS - 1;
    return true;
}

// The mark between the numbers of a date; 0 when there is none.
static char date_eat_separator(struct str *s)
{
    static const char marks[] = "-/.";
    for (const char *m = marks; *m != 0; m++)
        if (s->n > 0 && s->p[0] == *m) {
            s->p++;
            s->n--;
            return *m;
        }
    return 0;
}

static bool date_scan_chinese(struct str *s, struct date_raw *raw)
{
    int32_t month = 0, day = 0;
    (void)date_eat_blanks(s);
    if (date_eat_digits(s, 2, &month) == 0) return false;
    (void)date_eat_blanks(s);
    if (!date_eat(s, "月")) return false;
    (void)date_eat_blanks(s);
    if (date_eat_digits(s, 2, &day) == 0) return false;
    (void)date_eat_blanks(s);
    if (!date_eat(s, "日") && !date_eat(s, "号")) return false;
    raw->form = DATE_YMD;
    raw->first = (uint8_t)month;
    raw->second = (uint8_t)day;
    if (s->n > 0 && s->p[0] >= '0' && s->p[0] <= '9') return date_eat_time(s, raw) && s->n == 0; // 6月28日14:05
    return date_eat_rest(*s, raw);
}

static bool date_scan_parts(struct str s, struct date_raw *raw)
{
    int32_t a = 0, b = 0, c = 0;
    size_t n = date_eat_digits(&s, 8, &a);
    if (n == 8) {
        raw->form = DATE_YMD;
        raw->year = (int16_t)(a / 10000);
        raw->first = (uint8_t)(a / 100 % 100);
        raw->second = (uint8_t)(a % 100);
        return date_eat_rest(s, raw);
    }
    if (n == 5) return date_scan_serial(s, a, raw);
    if (n == 4) raw->year = (int16_t)a;
    struct str chinese = s;
    (void)date_eat_blanks(&chinese);
    if (n == 4 && date_eat(&chinese, "年")) return date_scan_chinese(&chinese, raw);
    if (n != 4 && n != 1 && n != 2) return false;
    raw->separator = date_eat_separator(&s);
    size_t n2 = raw->separator == 0 ? 0 : date_eat_digits(&s, 2, &b);
    if (n2 == 0 || date_eat_separator(&s) != raw->separator) return false;
    size_t n3 = date_eat_digits(&s, 4, &c);
    bool year_first = n == 4;
    if (n3 == 0 || n3 == 3 || (year_first && n3 == 4)) return false;
    raw->form = year_first ? DATE_YMD : n3 == 4 ? DATE_TWO : DATE_SHORT_YEAR;
    raw->first = (uint8_t)(year_first ? b : a);
    raw->second = (uint8_t)(year_first ? c : b);
    if (!year_first) raw->year = (int16_t)c;
    return date_eat_rest(s, raw);
}

struct date_raw date_scan(struct str text)
{
    struct date_raw raw = {0};
    (void)date_eat_blanks(&text);
    while (text.n > 0) { // blanks at the end, from behind
        struct str tail = {text.p + text.n - 1, 1};
        if (!date_eat_blanks(&tail)) break;
        text.n--;
    }
    if (text.n == 0) return raw;
    if (!date_scan_parts(text, &raw)) return (struct date_raw){.form = DATE_UNREADABLE};
    return raw;
}

// ---- what a column shows ----

void date_column_add(struct date_column *column, struct date_raw raw)
{
    if (raw.timed && raw.second_of_day > 0) column->with_time++;
    if (raw.form != DATE_TWO || raw.first == raw.second) return;
    if (raw.first > 12 && raw.second > 12) return; // impossible in either order
    if (raw.first > 12) column->day_first++;
    else if (raw.second > 12) column->month_first++;
    else column->ambiguous++;
}

date_verdict date_column_decide(const struct date_column *column, date_order wanted, date_order *out)
{
    *out = wanted != DATE_ORDER_AUTO ? wanted : column->month_first > 0 ? DATE_ORDER_MDY : DATE_ORDER_DMY;
    if (wanted != DATE_ORDER_AUTO) return DATE_DECIDED;
    if (column->day_first > 0 && column->month_first > 0) return DATE_CONTRADICTS;
    bool told = column->day_first > 0 || column->month_first > 0;
    return column->ambiguous > 0 && !told ? DATE_NOBODY_KNOWS : DATE_DECIDED;
}

// ---- a day ----

bool date_of_serial(int32_t serial, civil_day *out)
{
    enum { SERIAL_EPOCH = -25569, SERIAL_FALSE_LEAP_DAY = 60, SERIAL_MAX = 2958465 }; // day 0 is 1899-12-30 from 61 on
    if (serial < 1 || serial > SERIAL_MAX || serial == SERIAL_FALSE_LEAP_DAY) return false;
    civil_day day = {SERIAL_EPOCH + serial + (serial < SERIAL_FALSE_LEAP_DAY ? 1 : 0)};
    if (day.d > CIVIL_DAY_MAX) return false;
    *out = day;
    return true;
}

date_fault date_finish(struct date_raw raw, const struct date_column *column, date_order order, const struct zone *zone,
                       struct date_time *out)
{
    *out = DATE_TIME_NONE;
    if (raw.form == DATE_EMPTY) return DATE_OK;
    if (raw.form == DATE_SHORT_YEAR) return DATE_FAULT_SHORT_YEAR;
    if (raw.form == DATE_UNREADABLE) return DATE_FAULT_UNREADABLE;
    assert(order == DATE_ORDER_DMY || order == DATE_ORDER_MDY);
    bool day_first = raw.form == DATE_TWO && order == DATE_ORDER_DMY;
    struct civil_date date = {
        .year = raw.year,
        .month = day_first ? raw.second : raw.first,
        .day = day_first ? raw.first : raw.second,
    };
    civil_day day;
    bool exists = raw.form == DATE_SERIAL ? date_of_serial(raw.serial, &day) : civil_from_date(date, &day);
    if (!exists) return DATE_FAULT_IMPOSSIBLE;
    if (raw.timed && raw.second_of_day < 0) return DATE_FAULT_TIME;
    out->day = day;
    if (!raw.timed || column->with_time == 0) return DATE_OK;
    if (raw.zoned) {
        out->at = (utc_sec){(int64_t)day.d * DATE_DAY_SECONDS + raw.second_of_day - raw.offset_s};
        out->day = zone_day(zone, out->at);
    } else {
        out->at = zone_instant(zone, day, raw.second_of_day);
    }
    return DATE_OK;
}

void date_raw_format(struct date_raw raw, char out[DATE_RAW_TEXT])
{
    char mark = raw.separator == 0 ? '-' : raw.separator;
    if (raw.form == DATE_SERIAL) (void)snprintf(out, DATE_RAW_TEXT, "%d", (int)raw.serial);
    else if (raw.form == DATE_YMD)
        (void)snprintf(out, DATE_RAW_TEXT, "%04d%c%02d%c%02d", raw.year, mark, raw.first, mark, raw.second);
    else if (raw.form == DATE_TWO || raw.form == DATE_SHORT_YEAR)
        (void)snprintf(out, DATE_RAW_TEXT, "%02d%c%02d%c%02d", raw.first, mark, raw.second, mark, raw.year);
    else out[0] = 0;
    if (raw.timed && raw.second_of_day >= 0) {
        size_t n = strlen(out);
        int s = (int)raw.second_of_day;
        (void)snprintf(out + n, DATE_RAW_TEXT - n, " %02d:%02d", s / 3600, s / 60 % 60);
    }
}

bool date_order_parse(struct str text, date_order *out)
{
    static const struct {
        const char *word;
        date_order order;
    } words[] = {{"auto", DATE_ORDER_AUTO}, {"dmy", DATE_ORDER_DMY}, {"mdy", DATE_ORDER_MDY}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (str_eq_nocase(text, str_z(words[i].word))) {
            *out = words[i].order;
            return true;
        }
    return false;
}
