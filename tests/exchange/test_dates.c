// Dates as people write them; the order of a column; days that are not; Excel's leap day; what R and Go.Data write.
#include "exchange/dates.h"
#include "tap.h"

static struct zone zone_shanghai;

static void text_of(struct date_time t, char out[48])
{
    char at[UTC_TEXT] = "";
    if (t.day.d == CIVIL_DAY_NONE) {
        (void)snprintf(out, 48, "none");
        return;
    }
    civil_format(t.day, out);
    if (t.at.s == INT64_MIN) return;
    zone_format(&zone_shanghai, t.at, at);
    (void)snprintf(out, 48, "%s", at); // day and time in the zone
}

// One value in a column of its own.
static const char *read_one(const char *text, date_order order, char out[48])
{
    static const char *const faults[DATE_FAULT_COUNT] = {"ok", "unreadable", "short year", "impossible", "time"};
    struct date_raw raw = date_scan(str_z(text));
    struct date_column column = {0};
    date_column_add(&column, raw);
    date_order decided;
    if (date_column_decide(&column, order, &decided) != DATE_DECIDED) return "undecided";
    struct date_time t;
    date_fault fault = date_finish(raw, &column, decided, &zone_shanghai, &t);
    if (fault != DATE_OK) {
        if (t.day.d != CIVIL_DAY_NONE) return "fault with a date";
        return faults[fault];
    }
    text_of(t, out);
    return out;
}

static void test_forms(void)
{
    static const struct {
        const char *text;
        date_order order;
        const char *want;
    } rows[] = {
        {"2020-06-28", DATE_ORDER_AUTO, "2020-06-28"},
        {" 2020-06-28 ", DATE_ORDER_AUTO, "2020-06-28"},
        {"2020-6-8", DATE_ORDER_AUTO, "2020-06-08"},
        {"2020/06/28", DATE_ORDER_AUTO, "2020-06-28"},
        {"2020.6.28", DATE_ORDER_AUTO, "2020-06-28"},
        {"20200628", DATE_ORDER_AUTO, "2020-06-28"},
        {"2020年6月28日", DATE_ORDER_AUTO, "2020-06-28"},
        {"2020年06月28号", DATE_ORDER_AUTO, "2020-06-28"},
        {"2020 年 6 月 28 日", DATE_ORDER_AUTO, "2020-06-28"},
        {"2020年6月28日14:05", DATE_ORDER_AUTO, "2020-06-28 14:05"},
        {"　2020-06-28　", DATE_ORDER_AUTO, "2020-06-28"},
        {"28/06/2020", DATE_ORDER_AUTO, "2020-06-28"},
        {"06/28/2020", DATE_ORDER_AUTO, "2020-06-28"},
        {"28.06.2020", DATE_ORDER_AUTO, "2020-06-28"},
        {"28-6-2020", DATE_ORDER_AUTO, "2020-06-28"},
        {"03/04/2020", DATE_ORDER_DMY, "2020-04-03"},
        {"03/04/2020", DATE_ORDER_MDY, "2020-03-04"},
        {"03/04/2020", DATE_ORDER_AUTO, "undecided"},
        {"04/04/2020", DATE_ORDER_AUTO, "2020-04-04"}, // the same either way
        {"2020-06-28T14:05:09", DATE_ORDER_AUTO, "2020-06-28 14:05"},
        {"2020-06-28 14:05", DATE_ORDER_AUTO, "2020-06-28 14:05"},
        {"2020-06-28T14:05:09.603Z", DATE_ORDER_AUTO, "2020-06-28 22:05"},
        {"2020-06-28T18:05:00Z", DATE_ORDER_AUTO, "2020-06-29 02:05"}, // the next day in Shanghai
        {"2020-06-28T01:05:00+08:00", DATE_ORDER_AUTO, "2020-06-28 01:05"},
        {"2020-06-28T01:05:00+0800", DATE_ORDER_AUTO, "2020-06-28 01:05"},
        {"2020-06-28 01:05 -05", DATE_ORDER_AUTO, "2020-06-28 14:05"},
        {"28/06/2020 2:05 PM", DATE_ORDER_AUTO, "2020-06-28 14:05"},
        {"6/28/2020 12:05 AM", DATE_ORDER_AUTO, "2020-06-28 00:05"},
        {"2020-06-28 23:59:60", DATE_ORDER_AUTO, "2020-06-28 23:59"}, // a leap second
        {"2020-06-28T00:00:00.000Z", DATE_ORDER_AUTO, "2020-06-28"},  // R, Go.Data: a day
        {"2020-06-28 00:00:00", DATE_ORDER_AUTO, "2020-06-28"},       // a spreadsheet: a day
        {"44010", DATE_ORDER_AUTO, "2020-06-28"},
        {"44010.5", DATE_ORDER_AUTO, "2020-06-28 12:00"},
        {"44010.0", DATE_ORDER_AUTO, "2020-06-28"},
        {"", DATE_ORDER_AUTO, "none"},
        {"  ", DATE_ORDER_AUTO, "none"},
        {"2020-02-29", DATE_ORDER_AUTO, "2020-02-29"},
        {"2022-02-30", DATE_ORDER_AUTO, "impossible"},
        {"2021-02-29", DATE_ORDER_AUTO, "impossible"},
        {"31/04/2022", DATE_ORDER_AUTO, "impossible"},
        {"04/31/2022", DATE_ORDER_AUTO, "impossible"},
        {"13/13/2022", DATE_ORDER_AUTO, "impossible"},
        {"00/04/2022", DATE_ORDER_DMY, "impossible"},
        {"2022-13-01", DATE_ORDER_AUTO, "impossible"},
        {"20221301", DATE_ORDER_AUTO, "impossible"},
        {"0999-01-01", DATE_ORDER_AUTO, "impossible"},
        {"28/06/2020", DATE_ORDER_MDY, "impossible"},
        {"2020-06-28 25:10", DATE_ORDER_AUTO, "time"},
        {"2020-06-28 10:60", DATE_ORDER_AUTO, "time"},
        {"6/28/2020 13:05 PM", DATE_ORDER_AUTO, "time"},
        {"2020-06-28T01:05:00+19:00", DATE_ORDER_AUTO, "time"},
        {"28/06/20", DATE_ORDER_AUTO, "short year"},
        {"28.6.20", DATE_ORDER_AUTO, "short year"},
        {"2020", DATE_ORDER_AUTO, "unreadable"},
        {"2020-06", DATE_ORDER_AUTO, "unreadable"},
        {"2020/06-28", DATE_ORDER_AUTO, "unreadable"},
        {"28 June 2020", DATE_ORDER_AUTO, "unreadable"},
        {"2020-06-28x", DATE_ORDER_AUTO, "unreadable"},
        {"2020-06-28 ill", DATE_ORDER_AUTO, "unreadable"},
        {"2020-06-2020", DATE_ORDER_AUTO, "unreadable"},
        {"20-06-020", DATE_ORDER_AUTO, "unreadable"},
        {"123456", DATE_ORDER_AUTO, "unreadable"},
        {"4401", DATE_ORDER_AUTO, "unreadable"},
        {"44010.", DATE_ORDER_AUTO, "unreadable"},
        {"44010,5", DATE_ORDER_AUTO, "unreadable"},
        {"2020年6月", DATE_ORDER_AUTO, "unreadable"},
        {"-2020-06-28", DATE_ORDER_AUTO, "unreadable"},
        {"2020-06-28T", DATE_ORDER_AUTO, "2020-06-28"},
        {"昨天", DATE_ORDER_AUTO, "unreadable"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char out[48];
        EQ_TEXT(read_one(rows[i].text, rows[i].order, out), rows[i].want, "\"%s\" order %d", rows[i].text,
                rows[i].order);
    }
}

static void test_column(void)
{
    static const struct {
        const char *what;
        const char *values[4];
        date_order wanted;
        date_verdict verdict;
        date_order order;
    } rows[] = {
        {"one value above 12 decides for day first",
         {"03/04/2020", "05/06/2020", "28/06/2020"},
         DATE_ORDER_AUTO,
         DATE_DECIDED,
         DATE_ORDER_DMY},
        {"one value above 12 decides for month first",
         {"03/04/2020", "06/28/2020", "05/06/2020"},
         DATE_ORDER_AUTO,
         DATE_DECIDED,
         DATE_ORDER_MDY},
        {"an impossible date decides too", {"03/04/2020", "31/04/2020"}, DATE_ORDER_AUTO, DATE_DECIDED, DATE_ORDER_DMY},
        {"none above 12: nobody knows",
         {"03/04/2020", "05/06/2020", "2020-01-31"},
         DATE_ORDER_AUTO,
         DATE_NOBODY_KNOWS,
         DATE_ORDER_DMY},
        {"none above 12, but told", {"03/04/2020", "05/06/2020"}, DATE_ORDER_MDY, DATE_DECIDED, DATE_ORDER_MDY},
        {"both above 12: a contradiction",
         {"28/06/2020", "06/28/2020"},
         DATE_ORDER_AUTO,
         DATE_CONTRADICTS,
         DATE_ORDER_MDY},
        {"a contradiction, but told", {"28/06/2020", "06/28/2020"}, DATE_ORDER_DMY, DATE_DECIDED, DATE_ORDER_DMY},
        {"equal numbers need no decision", {"04/04/2020", "05/05/2020"}, DATE_ORDER_AUTO, DATE_DECIDED, DATE_ORDER_DMY},
        {"nonsense decides nothing", {"13/14/2020", "03/04/2020"}, DATE_ORDER_AUTO, DATE_NOBODY_KNOWS, DATE_ORDER_DMY},
        {"an empty column", {""}, DATE_ORDER_AUTO, DATE_DECIDED, DATE_ORDER_DMY},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct date_column column = {0};
        for (int k = 0; k < 4 && rows[i].values[k] != NULL; k++)
            date_column_add(&column, date_scan(str_z(rows[i].values[k])));
        date_order order = DATE_ORDER_COUNT;
        EQ_INT(date_column_decide(&column, rows[i].wanted, &order), rows[i].verdict, "%s", rows[i].what);
        EQ_INT(order, rows[i].order, "%s: order", rows[i].what);
    }
}

// In a column with real times, 00:00Z is an instant like the others; without, a day.
static void test_midnight(void)
{
    struct date_raw midnight = date_scan(STR("2020-06-28T00:00:00.000Z")),
                    evening = date_scan(STR("2020-06-28T18:00:00.000Z"));
    struct date_column days = {0}, times = {0};
    struct date_time t;
    date_column_add(&days, midnight);
    date_column_add(&times, midnight);
    date_column_add(&times, evening);
    char out[48];
    OK(date_finish(midnight, &days, DATE_ORDER_DMY, &zone_shanghai, &t) == DATE_OK, "midnight in a column of days");
    text_of(t, out);
    EQ_TEXT(out, "2020-06-28", "is a day");
    OK(date_finish(midnight, &times, DATE_ORDER_DMY, &zone_shanghai, &t) == DATE_OK, "midnight in a column of times");
    text_of(t, out);
    EQ_TEXT(out, "2020-06-28 08:00", "is an instant, eight in the morning in Shanghai");
    OK(date_finish(evening, &times, DATE_ORDER_DMY, &zone_shanghai, &t) == DATE_OK, "evening in UTC");
    text_of(t, out);
    EQ_TEXT(out, "2020-06-29 02:00", "is the next day in Shanghai");
}

static void test_serials(void)
{
    static const struct {
        int32_t serial;
        const char *want;
    } rows[] = {{1, "1900-01-01"},     {59, "1900-02-28"},    {61, "1900-03-01"},
                {25569, "1970-01-01"}, {36526, "2000-01-01"}, {44010, "2020-06-28"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        civil_day day;
        char out[CIVIL_TEXT] = "no such day";
        if (date_of_serial(rows[i].serial, &day)) civil_format(day, out);
        EQ_TEXT(out, rows[i].want, "day %d of Excel", (int)rows[i].serial);
    }
    civil_day day;
    OK(!date_of_serial(60, &day), "day 60 is the 29 February 1900 that never was");
    OK(!date_of_serial(0, &day) && !date_of_serial(-1, &day), "there is no day 0");
    OK(!date_of_serial(2958466, &day), "nor one after 9999");
}

// Every day of the years 1990 to 2030, written in each form and read back.
static void test_round(void)
{
    static const char *const forms[] = {"%1$04d-%2$02d-%3$02d", "%1$d/%2$d/%3$d",     "%3$02d/%2$02d/%1$04d",
                                        "%3$d.%2$d.%1$d",       "%1$04d%2$02d%3$02d", "%1$d年%2$d月%3$d日"};
    struct date_column column = {0};
    civil_day first, last;
    if (!civil_from_date((struct civil_date){1990, 1, 1}, &first) ||
        !civil_from_date((struct civil_date){2030, 12, 31}, &last))
        abort();
    for (civil_day day = first; day.d <= last.d; day.d++) {
        struct civil_date d = civil_to_date(day);
        for (size_t k = 0; k < sizeof forms / sizeof *forms; k++) {
            char text[64];
            (void)snprintf(text, sizeof text, forms[k], (int)d.year, (int)d.month, (int)d.day);
            struct date_time t;
            date_fault fault = date_finish(date_scan(str_z(text)), &column, DATE_ORDER_DMY, &zone_shanghai, &t);
            CHECK(fault == DATE_OK && t.day.d == day.d && t.at.s == INT64_MIN, "%s", text);
        }
    }
}

static void test_words(void)
{
    date_order order = DATE_ORDER_COUNT;
    OK(date_order_parse(STR("dmy"), &order) && order == DATE_ORDER_DMY, "dmy");
    OK(date_order_parse(STR("MDY"), &order) && order == DATE_ORDER_MDY, "MDY");
    OK(!date_order_parse(STR("ymd"), &order), "ymd needs no saying and is none");
    static const struct {
        const char *text, *want;
    } rows[] = {{"31/04/2022", "31/04/2022"},
                {"2022-02-30", "2022-02-30"},
                {"44010.5", "44010 12:00"},
                {"2022-2-30 10:05", "2022-02-30 10:05"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char out[DATE_RAW_TEXT];
        date_raw_format(date_scan(str_z(rows[i].text)), out);
        EQ_TEXT(out, rows[i].want, "%s in a message", rows[i].text);
    }
}

int main(void)
{
    zone_fixed(8 * 3600, "UTC+8", &zone_shanghai);
    test_forms();
    test_column();
    test_midnight();
    test_serials();
    test_round();
    test_words();
    return tap_done();
}
