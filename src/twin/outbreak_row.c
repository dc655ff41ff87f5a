#include "twin/outbreak_row.h"
#include "twin/outbreak_people.h"

#include <assert.h>
#include <string.h>

// Opens the next cell: a comma before every cell but the first.
static void outbreak_row_next(struct outbreak_row_text *row)
{
    assert(row->cells < OUTBREAK_ROW_CELLS);
    if (row->cells > 0) row->text[row->n++] = ',';
    row->at[row->cells++] = row->n;
}

static void outbreak_row_put(struct outbreak_row_text *row, const char *p, size_t n)
{
    assert(row->n + n + 2 < OUTBREAK_ROW_BYTES); // room for a comma and the line break
    memcpy(row->text + row->n, p, n);
    row->n += (uint32_t)n;
}

// At least `least` digits. 32 bits, because most of the time of a million rows goes into these divisions.
static void outbreak_row_digits(struct outbreak_row_text *row, int64_t value, uint32_t least)
{
    assert(value >= 0 && value <= UINT32_MAX && least <= 10);
    uint32_t rest = (uint32_t)value, n = 1;
    for (uint32_t ten = rest; ten >= 10; ten /= 10) n++;
    if (n < least) n = least;
    assert(row->n + n + 2 < OUTBREAK_ROW_BYTES);
    for (uint32_t i = n; i > 0; i--, rest /= 10) row->text[row->n + i - 1] = (char)('0' + rest % 10);
    row->n += n;
}

void outbreak_row_again(struct outbreak_row_text *row)
{
    row->n = row->cells = 0;
}

static void outbreak_row_z(struct outbreak_row_text *row, const char *z)
{
    outbreak_row_put(row, z, strlen(z));
}

void outbreak_cell_text(struct outbreak_row_text *row, const char *z)
{
    assert(strpbrk(z, ",\"\r\n") == NULL);
    outbreak_row_next(row);
    outbreak_row_z(row, z);
}

void outbreak_cell_copy(struct outbreak_row_text *row, struct str cell)
{
    outbreak_row_next(row);
    outbreak_row_put(row, cell.p, cell.n);
}

void outbreak_cell_number(struct outbreak_row_text *row, int64_t value)
{
    outbreak_row_next(row);
    outbreak_row_digits(row, value, 1);
}

void outbreak_cell_tenths(struct outbreak_row_text *row, int64_t tenths)
{
    outbreak_cell_number(row, tenths / 10);
    outbreak_row_z(row, ".");
    outbreak_row_digits(row, tenths % 10, 1);
}

void outbreak_cell_id(struct outbreak_row_text *row, char letter, int64_t number)
{
    outbreak_row_next(row);
    outbreak_row_put(row, &letter, 1);
    outbreak_row_digits(row, number, 7);
}

tong_code outbreak_calendar_make(const struct outbreak *ob, struct arena *arena, struct outbreak_calendar *out,
                                 struct err *err)
{
    enum { RESULT_DAYS = OUTBREAK_DELAY_DAYS_MAX + 3 }; // a sample of the last day has its result by then
    int32_t last = 0;
    for (int32_t i = 0; i < ob->case_count; i++) {
        int32_t day = (int32_t)(ob->cases[i].outcome_min / OUTBREAK_DAY_MINUTES);
        if (day > last) last = day;
    }
    for (int32_t i = 0; i < ob->contact_count; i++) {
        const struct outbreak_contact *k = &ob->contacts[i];
        int32_t named = (int32_t)(k->named_min / OUTBREAK_DAY_MINUTES);
        int32_t day = named > k->follow_last_day ? named : k->follow_last_day;
        if (day > last) last = day;
    }
    int32_t days = last + RESULT_DAYS;
    char(*date)[OUTBREAK_DATE_BYTES] = arena_array(arena, (size_t)days, sizeof *date);
    if (date == NULL) return tong_fail(err, TONG_E_NOMEM, "a calendar of %d days", days);
    for (int32_t d = 0; d < days; d++) {
        char text[CIVIL_TEXT];
        _Static_assert(sizeof text == sizeof *date + 1, "a date and its NUL");
        civil_format((civil_day){ob->options.start.d + d}, text);
        memcpy(date[d], text, sizeof *date);
    }
    *out = (struct outbreak_calendar){(const char(*)[OUTBREAK_DATE_BYTES])date, days};
    return TONG_OK;
}

void outbreak_cell_day(struct outbreak_row_text *row, const struct outbreak_calendar *days, int64_t minute)
{
    outbreak_row_next(row);
    if (minute == OUTBREAK_NEVER) return;
    int64_t day = minute / OUTBREAK_DAY_MINUTES;
    assert(day >= 0 && day < days->days);
    outbreak_row_put(row, days->date[day], OUTBREAK_DATE_BYTES);
}

void outbreak_cell_time(struct outbreak_row_text *row, const struct outbreak_calendar *days, int64_t minute)
{
    outbreak_cell_day(row, days, minute);
    if (minute == OUTBREAK_NEVER) return;
    uint32_t of_day = (uint32_t)(minute % OUTBREAK_DAY_MINUTES), hour = of_day / 60, rest = of_day % 60;
    char text[6] = {' ', (char)('0' + hour / 10), (char)('0' + hour % 10),
                    ':', (char)('0' + rest / 10), (char)('0' + rest % 10)};
    outbreak_row_put(row, text, sizeof text);
}

void outbreak_cell_place(struct outbreak_row_text *row, const struct town *town, uint32_t person)
{
    struct town_address a = town_address_of(town, person);
    int32_t room = a.floor * 100 + a.door;
    outbreak_cell_id(row, 'H', town->household_of[person] + 1);

    outbreak_cell_text(row, a.estate_en);
    if (a.phase > 1) {
        outbreak_row_z(row, " Phase ");
        outbreak_row_digits(row, a.phase, 1);
    }
    outbreak_row_z(row, "/Building ");
    outbreak_row_digits(row, a.building, 1);
    outbreak_row_z(row, "/Unit ");
    outbreak_row_digits(row, a.unit, 1);
    outbreak_row_z(row, "/");
    outbreak_row_digits(row, room, 3);

    outbreak_cell_text(row, a.estate_zh);
    if (a.phase > 1) {
        outbreak_row_digits(row, a.phase, 1);
        outbreak_row_z(row, "期");
    }
    outbreak_row_z(row, "/");
    outbreak_row_digits(row, a.building, 1);
    outbreak_row_z(row, "号楼/");
    outbreak_row_digits(row, a.unit, 1);
    outbreak_row_z(row, "单元/");
    outbreak_row_digits(row, room, 3);
    outbreak_row_z(row, "室");
}

struct str outbreak_row_cell(const struct outbreak_row_text *row, uint32_t cell)
{
    assert(cell < row->cells);
    uint32_t end = cell + 1 < row->cells ? row->at[cell + 1] - 1 : row->n;
    return (struct str){row->text + row->at[cell], end - row->at[cell]};
}

struct outbreak_row_text outbreak_row_with(const struct outbreak_row_text *row, uint32_t cell, const char *z)
{
    struct outbreak_row_text copy = {.n = 0};
    assert(cell < row->cells);
    for (uint32_t i = 0; i < row->cells; i++) {
        struct str was = outbreak_row_cell(row, i);
        outbreak_cell_copy(&copy, i == cell ? str_z(z) : was);
    }
    return copy;
}

void outbreak_row_write(const struct outbreak_row_text *row, struct sink *out)
{
    char line[OUTBREAK_ROW_BYTES];
    assert(row->n < OUTBREAK_ROW_BYTES);
    memcpy(line, row->text, row->n);
    line[row->n] = '\n';
    sink_bytes(out, line, row->n + 1);
}
