#include "base/civil.h"
#include "base/rng.h"
#include "base/zoneinfo.h"
#include "tap.h"

// Day numbers, weekdays and ISO weeks computed with Python's datetime.
static void test_calendar(void)
{
    static const struct {
        const char *text;
        int32_t d, weekday, week_year, week;
    } t[] = {
        {"1000-01-01", -354285, 3, 1000, 1}, {"1582-10-15", -141427, 5, 1582, 41}, {"1900-02-28", -25509, 3, 1900, 9},
        {"1900-03-01", -25508, 4, 1900, 9},  {"1970-01-01", 0, 4, 1970, 1},        {"2000-02-29", 11016, 2, 2000, 9},
        {"2022-01-01", 18993, 6, 2021, 52},  {"2024-02-29", 19782, 4, 2024, 9},    {"2026-12-31", 20818, 4, 2026, 53},
        {"2027-01-01", 20819, 5, 2026, 53},  {"2999-12-31", 376199, 2, 3000, 1},   {"2021-01-03", 18630, 7, 2020, 53},
        {"2021-01-04", 18631, 1, 2021, 1},
    };
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
        civil_day day = {-1};
        char text[CIVIL_TEXT];
        if (!OK(civil_parse(str_z(t[i].text), &day) && day.d == t[i].d, "%s is day %d", t[i].text, t[i].d)) continue;
        civil_format(day, text);
        EQ_TEXT(text, t[i].text, "%s is written as it was", t[i].text);
        EQ_INT(civil_weekday(day), t[i].weekday, "%s: weekday", t[i].text);
        struct civil_week week = civil_iso_week(day);
        OK(week.year == t[i].week_year && week.week == t[i].week, "%s: ISO week", t[i].text);
    }
    // Every day of the range follows the one before it.
    struct civil_date last = civil_to_date((civil_day){CIVIL_DAY_MIN - 1});
    for (int32_t d = CIVIL_DAY_MIN; d <= CIVIL_DAY_MAX; d++) {
        struct civil_date now = civil_to_date((civil_day){d});
        civil_day back;
        bool next = (now.day == last.day + 1 && now.month == last.month && now.year == last.year) ||
                    (now.day == 1 && now.month == last.month + 1 && now.year == last.year && last.day >= 28) ||
                    (now.day == 1 && now.month == 1 && last.month == 12 && last.day == 31 && now.year == last.year + 1);
        if (!CHECK(next && civil_from_date(now, &back) && back.d == d, "day %d", d)) break;
        last = now;
    }
    civil_day day;
    for (int32_t year = 1000; year < 3000; year++) {
        bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
        CHECK(civil_from_date((struct civil_date){year, 2, 29}, &day) == leap, "29 February %d", year);
    }
}

static void test_refused(void)
{
    static const char *const bad[] = {
        "",           "2022",        "2022-06",        "2022-06-2",
        "2022-6-28",  "2022-06-28 ", " 2022-06-28",    "2022/06/28",
        "2022-02-30", "2022-02-29",  "1900-02-29",     "2022-00-10",
        "2022-13-01", "2022-04-31",  "2022-01-00",     "2022-01-32",
        "0999-12-31", "3000-01-01",  "-022-01-01",     "2022-0a-01",
        "20220628",   "2022-06-28T", "２０２２-06-28",
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        civil_day day = {77};
        OK(!civil_parse(str_z(bad[i]), &day) && day.d == 77, "\"%s\" is no day", bad[i]);
    }
    civil_day day = {77};
    OK(!civil_from_date((struct civil_date){2022, INT32_MAX, 1}, &day) &&
           !civil_from_date((struct civil_date){INT32_MIN, 1, 1}, &day) && day.d == 77,
       "absurd dates");
}

static void test_fixed(void)
{
    static const struct {
        const char *name;
        bool good;
        int32_t offset_s;
    } t[] = {
        {"UTC", true, 0},          {"UTC+8", true, 28800},     {"UTC+08", true, 28800}, {"UTC-03:30", true, -12600},
        {"UTC+5:45", true, 20700}, {"UTC+14:00", true, 50400}, {"UTC+19", false, 0},    {"UTC+8:60", false, 0},
        {"UTC8", false, 0},        {"UTC+", false, 0},         {"UTC+8:", false, 0},    {"UTC+8:3", false, 0},
        {"UTC+008", false, 0},     {"utc", false, 0},
    };
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
        struct zone z;
        struct err err;
        tong_code code = zone_load(str_z(t[i].name), &z, &err);
        if (t[i].good) OK(code == TONG_OK && z.shift_count == 0 && z.offset_s[0] == t[i].offset_s, "%s", t[i].name);
        else OK(code == TONG_E_NOT_FOUND, "%s is refused", t[i].name);
    }
    struct zone z;
    zone_fixed(28800, "UTC+8", &z);
    OK(zone_day(&z, (utc_sec){0}).d == 0 && zone_day(&z, (utc_sec){-28801}).d == -1 &&
           zone_day(&z, (utc_sec){57600}).d == 1,
       "days east of Greenwich, before 1970 too");
    OK(zone_midnight(&z, (civil_day){1}).s == 57600 && zone_instant(&z, (civil_day){0}, 28800).s == 0,
       "and their instants");
}

static bool load(const char *name, struct zone *z)
{
    struct err err = {0};
    if (zone_load(str_z(name), z, &err) == TONG_OK) return true;
    OK(false, "%s: %s", name, err.text);
    return false;
}

// Offsets computed with Python's zoneinfo.
static void test_offsets(void)
{
    static const struct {
        const char *zone;
        int64_t at;
        int32_t offset_s;
    } t[] = {
        {"Asia/Shanghai", 1656374400, 28800},       {"Asia/Shanghai", 583718400, 32400}, // summer time of 1988
        {"Asia/Shanghai", -2208988800, 29143},      {"Asia/Shanghai", 4086547200, 28800},
        {"Europe/Berlin", 1640995200, 3600},        {"Europe/Berlin", 1656633600, 7200},
        {"Europe/Berlin", 1648342740, 3600},        {"Europe/Berlin", 1648342800, 7200},
        {"Europe/Berlin", 1667091540, 7200},        {"Europe/Berlin", 1667091600, 3600},
        {"Europe/Berlin", 2855865600, 7200},        {"Europe/Berlin", 4099766400, 3600},
        {"Europe/Berlin", -773280000, 10800}, // double summer time of 1945
        {"America/Sao_Paulo", 1541300340, -10800},  {"America/Sao_Paulo", 1541300400, -7200},
        {"America/Sao_Paulo", 1518919140, -7200},   {"America/Sao_Paulo", 1518919200, -10800},
        {"America/Sao_Paulo", 2524608000, -10800},  {"Asia/Seoul", 1433116800, 32400},
        {"Asia/Kathmandu", 1433116800, 20700},      {"Australia/Lord_Howe", 2524608000, 39600},
        {"Australia/Lord_Howe", 2540246400, 37800}, {"Africa/Casablanca", 1649980800, 0},
        {"Pacific/Apia", 1325239140, -36000},       {"Pacific/Apia", 1325239200, 50400},
        {"Europe/Dublin", 3487017600, 3600},        {"America/New_York", 3802550400, -14400},
        {"Asia/Jerusalem", 3163190400, 10800}, // its rule has a 26th hour
    };
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
        struct zone z;
        if (!load(t[i].zone, &z)) continue;
        EQ_INT(zone_offset(&z, (utc_sec){t[i].at}), t[i].offset_s, "%s at %lld", t[i].zone, (long long)t[i].at);
    }
}

static civil_day day_of(const char *text)
{
    civil_day day = {0};
    OK(civil_parse(str_z(text), &day), "%s", text);
    return day;
}

static void test_changes(void)
{
    struct zone berlin, paulo, apia;
    if (!load("Europe/Berlin", &berlin) || !load("America/Sao_Paulo", &paulo) || !load("Pacific/Apia", &apia)) return;
    char text[UTC_TEXT];
    civil_day gap = day_of("2022-03-27"), overlap = day_of("2022-10-30");
    EQ_INT(zone_instant(&berlin, gap, 9000).s, 1648344600, "02:30 is skipped in Berlin and moved forward to 03:30");
    zone_format(&berlin, zone_instant(&berlin, gap, 9000), text);
    EQ_TEXT(text, "2022-03-27 03:30", "and reads so");
    EQ_INT(zone_instant(&berlin, gap, 7199).s, 1648342799, "the last second before the gap");
    EQ_INT(zone_instant(&berlin, gap, 10800).s, 1648342800, "the first after it");
    EQ_INT(zone_instant(&berlin, overlap, 9000).s, 1667089800, "02:30 is doubled in Berlin; the earlier is meant");
    EQ_INT(zone_instant(&berlin, overlap, 10800).s, 1667095200, "03:00 is single");
    EQ_INT(zone_midnight(&berlin, (civil_day){gap.d + 1}).s - zone_midnight(&berlin, gap).s, 23 * 3600,
           "a day of 23 hours");
    EQ_INT(zone_midnight(&berlin, (civil_day){overlap.d + 1}).s - zone_midnight(&berlin, overlap).s, 25 * 3600,
           "and of 25");

    civil_day skipped = day_of("2018-11-04");
    utc_sec begin = zone_midnight(&paulo, skipped);
    EQ_INT(begin.s, 1541300400, "Sao Paulo skips midnight: the day begins at 01:00");
    zone_format(&paulo, begin, text);
    EQ_TEXT(text, "2018-11-04 01:00", "and reads so");
    OK(zone_day(&paulo, begin).d == skipped.d && zone_day(&paulo, (utc_sec){begin.s - 1}).d == skipped.d - 1,
       "it is the day's first second");

    civil_day lost = day_of("2011-12-30");
    utc_sec start = zone_midnight(&apia, lost);
    OK(zone_day(&apia, start).d == lost.d + 1 && zone_day(&apia, (utc_sec){start.s - 1}).d == lost.d - 1,
       "Apia left out a whole day: it begins when the next one does");
}

// In every zone at hand and over two centuries: an instant's wall-clock time leads back to the instant, or to its
// earlier twin; a day's first second belongs to it and the second before does not.
static void test_round_trips(void)
{
    static const char *const name[] = {"Asia/Shanghai",  "Europe/Berlin",     "America/Sao_Paulo",   "Asia/Tehran",
                                       "Africa/Cairo",   "Africa/Casablanca", "Australia/Lord_Howe", "Asia/Beirut",
                                       "America/Havana", "Antarctica/Troll",  "America/St_Johns",    "Africa/Freetown",
                                       "Asia/Gaza"};
    struct rng r = rng_stream(3, 0, 0, 0, 0);
    for (size_t i = 0; i < sizeof name / sizeof name[0]; i++) {
        struct zone z;
        if (!load(name[i], &z)) continue;
        for (int32_t k = 1; k < z.shift_count; k++)
            CHECK(z.at[k] > z.at[k - 1] && z.offset_s[k] != z.offset_s[k - 1], "%s: shift %d", name[i], k);
        for (int k = 0; k < 20000; k++) {
            int64_t near = z.at[rng_below(&r, (uint32_t)z.shift_count)];
            int64_t spread = k % 2 == 0 ? 10000 : 400000000;
            utc_sec at = {near + (int64_t)(rng_uniform(&r) * 2 * (double)spread) - spread};
            civil_day day = zone_day(&z, at);
            int64_t second = at.s + zone_offset(&z, at) - (int64_t)day.d * 86400;
            utc_sec back = zone_instant(&z, day, (int32_t)second);
            int64_t twin = at.s - back.s;
            CHECK(twin == 0 ||
                      (twin > 0 && twin <= 86400 && back.s + zone_offset(&z, back) == at.s + zone_offset(&z, at)),
                  "%s at %lld comes back as %lld", name[i], (long long)at.s, (long long)back.s);
            utc_sec start = zone_midnight(&z, day);
            CHECK(zone_day(&z, start).d == day.d && zone_day(&z, (utc_sec){start.s - 1}).d < day.d && start.s <= at.s,
                  "%s: day %d begins at %lld", name[i], day.d, (long long)start.s);
        }
    }
}

static void test_names(void)
{
    static const char *const bad[] = {"",
                                      "/etc/passwd",
                                      "../../../etc/passwd",
                                      "Asia/../Asia/Shanghai",
                                      "Asia/Shang hai",
                                      "Asia",
                                      "Asia/Nowhere",
                                      "Asia/Shanghai/x",
                                      "Asia/\xe4\xb8\x8a",
                                      "..",
                                      "a-name-that-is-longer-than-any-time-zone-has-a-right-to-be"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct zone z = {.shift_count = -5};
        struct err err = {0};
        OK(zone_load(str_z(bad[i]), &z, &err) == TONG_E_NOT_FOUND && z.shift_count == -5 && err.text[0] != 0,
           "\"%s\" is not found, and nothing is written", bad[i]);
    }
}

static void test_texts(void)
{
    struct zone z;
    zone_fixed(28800, "UTC+8", &z);
    static const struct {
        const char *text;
        bool good, day_only;
        int64_t at;
    } t[] = {
        {"2022-06-28", true, true, 1656345600},
        {"2022-06-28 00:00", true, false, 1656345600},
        {"2022-06-28T14:30:05", true, false, 1656397805},
        {"2022-06-28T14:30:05Z", true, false, 1656426605},
        {"2022-06-28 14:30+02:00", true, false, 1656419400},
        {"2022-06-28 14:30-03:30", true, false, 1656439200},
        {"2022-06-28 23:59:59", true, false, 1656431999},
        {"2022-06-28 24:00", false, false, 0},
        {"2022-06-28 14:60", false, false, 0},
        {"2022-06-28 14:30:60", false, false, 0},
        {"2022-06-28 14", false, false, 0},
        {"2022-06-28 14:3", false, false, 0},
        {"2022-06-28  14:30", false, false, 0},
        {"2022-06-28 14:30 ", false, false, 0},
        {"2022-06-28 14:30z", false, false, 0},
        {"2022-06-28 14:30+0200", false, false, 0},
        {"2022-06-28 14:30+02:60", false, false, 0},
        {"2022-06-28 14:30+02:00x", false, false, 0},
        {"2022-06-28Z", false, false, 0},
        {"2022-02-29 10:00", false, false, 0},
    };
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
        utc_sec at = {99};
        bool day_only = false;
        bool good = zone_parse(&z, str_z(t[i].text), &at, &day_only);
        OK(good == t[i].good && at.s == (good ? t[i].at : 99) && day_only == t[i].day_only, "\"%s\" is %s", t[i].text,
           t[i].good ? "understood" : "refused");
    }
    char text[UTC_TEXT];
    zone_format(&z, (utc_sec){-1}, text);
    EQ_TEXT(text, "1970-01-01 07:59", "before 1970");
}

// A file of one's own: version 1, no shifts; then with faults.
static void test_bytes(void)
{
    unsigned char file[44 + 6 + 4] = "TZif";
    file[39] = 1;                             // one type
    file[43] = 4;                             // four letters
    file[44 + 2] = 0x70, file[44 + 3] = 0x80; // 28800
    struct zone z;
    struct err err;
    OK(zoneinfo_parse(file, sizeof file, "own", &z, &err) == TONG_OK && z.shift_count == 0 && z.offset_s[0] == 28800,
       "the smallest file");
    for (size_t n = 0; n < sizeof file; n++)
        CHECK(zoneinfo_parse(file, n, "cut", &z, &err) == TONG_E_INVALID, "cut after %zu bytes", n);
    file[31] = 1;
    OK(zoneinfo_parse(file, sizeof file, "leap", &z, &err) == TONG_E_INVALID, "leap seconds are refused");
    file[31] = 0, file[44] = 0x7F;
    OK(zoneinfo_parse(file, sizeof file, "far", &z, &err) == TONG_E_INVALID, "an offset of years is refused");
    // Random damage to a real file: any answer, but no crash (this suite also runs under the sanitizers).
    FILE *f = fopen("/usr/share/zoneinfo/Europe/Berlin", "rb");
    if (f == NULL) return;
    static unsigned char real[ZONEINFO_BYTES_MAX], hurt[ZONEINFO_BYTES_MAX];
    size_t n = fread(real, 1, sizeof real, f);
    (void)fclose(f);
    struct rng r = rng_stream(11, 0, 0, 0, 0);
    int64_t refused = 0;
    for (int i = 0; i < 5000; i++) {
        memcpy(hurt, real, n);
        for (uint32_t k = rng_below(&r, 8); k < 8; k++)
            hurt[rng_below(&r, (uint32_t)n)] = (unsigned char)rng_below(&r, 256);
        size_t cut = rng_below(&r, 3) == 0 ? rng_below(&r, (uint32_t)n) : n;
        refused += zoneinfo_parse(hurt, cut, "hurt", &z, &err) != TONG_OK;
    }
    OK(refused > 1000 && refused < 5000, "%lld of 5000 damaged files were refused", (long long)refused);
}

// Footers of the kinds that the shipped files seldom have.
static void test_footers(void)
{
    static const struct {
        const char *rule;
        bool good;
        int64_t at; // computed by hand
        int32_t offset_s;
    } t[] = {
        {"<+0330>-3:30", true, 4000000000, 12600},
        {"EST5EDT,M3.2.0,M11.1.0", true, 1656633600, -14400},
        {"XXX3EDT4,0/0,J365/23", true, 1656633600, -14400}, // summer time all year, from the RFC
        {"XXX3EDT4,0/0,J365/23", true, 1640995200, -14400},
        {"AAA0BBB,J60,J61", true, 1646099999, 0}, // summer time from 2022-03-01T02:00Z
        {"AAA0BBB,J60,J61", true, 1646100000, 3600},
        {"AAA0BBB,J60,J61", true, 1646182799, 3600}, // to 02:00 of it a day later
        {"AAA0BBB,J60,J61", true, 1646182800, 0},
        {"AAA0BBB,J60,J61", true, 1709258400, 3600}, // J60 is 1 March in a leap year too
        {"AAA0BBB,59,60", true, 1646100000, 3600},
        {"AAA0BBB,59,60", true, 1709172000, 3600}, // but day 59 is 29 February then
        {"AAA0BBB,59,60", true, 1709258400, 0},
        {"AAA0BBB,J60/-3,J61/26:30:15", true, 1646089200, 3600}, // 2022-02-28T23:00Z
        {"AAA", false, 0, 0},
        {"AA0", false, 0, 0},
        {"AAA25", false, 0, 0},
        {"AAA0BBB", false, 0, 0},
        {"AAA0BBB,M13.1.0,M3.1.0", false, 0, 0},
        {"AAA0BBB,M3.6.0,M10.1.0", false, 0, 0},
        {"AAA0BBB,J0,J61", false, 0, 0},
        {"AAA0BBB,J60,366", false, 0, 0},
        {"AAA0BBB,J60/168,J61", false, 0, 0},
        {"AAA0BBB,J60,J61x", false, 0, 0},
        {"<AA0", false, 0, 0},
    };
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
        unsigned char file[256] = "TZif2";
        size_t n = 44;
        file[39] = 1, file[43] = 4; // the version 1 block: one type, four letters
        n += 6 + 4;
        memcpy(file + n, "TZif2", 5);
        file[n + 39] = 1, file[n + 43] = 4;
        n += 44 + 6 + 4;
        n += (size_t)snprintf((char *)file + n, sizeof file - n, "\n%s\n", t[i].rule);
        struct zone z;
        struct err err;
        bool good = zoneinfo_parse(file, n, "rule", &z, &err) == TONG_OK;
        if (!OK(good == t[i].good, "%s is %s", t[i].rule, t[i].good ? "understood" : "refused") || !good) continue;
        EQ_INT(zone_offset(&z, (utc_sec){t[i].at}), t[i].offset_s, "%s at %lld", t[i].rule, (long long)t[i].at);
    }
}

int main(void)
{
    test_calendar();
    test_refused();
    test_fixed();
    test_offsets();
    test_changes();
    test_round_trips();
    test_names();
    test_texts();
    test_bytes();
    test_footers();
    return tap_done();
}
