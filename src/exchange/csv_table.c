#include "exchange/csv_table.h"

#include "base/map.h"
#include "exchange/csv.h"

#include <assert.h>
#include <math.h>
#include <string.h>

static const struct message table_binary = {"table-not-text", PROBLEM_ERROR,
                                            LABEL("this is not a text file", "这不是文本文件"),
                                            LABEL("save it as CSV and try again", "请另存为 CSV 后重试")};
static const struct message table_empty = {"table-empty", PROBLEM_ERROR,
                                           LABEL("the file has no row under its header line", "文件表头之下没有数据"),
                                           LABEL("choose the file that holds the data", "请选择含有数据的文件")};
static const struct message table_missing = {"table-column-missing", PROBLEM_ERROR,
                                             LABEL("there is no column \"{1}\"", "没有“{1}”这一列"),
                                             LABEL("the columns are: {2}", "现有的列：{2}")};
static const struct message table_near = {
    "table-column-missing", PROBLEM_ERROR, LABEL("there is no column \"{1}\"", "没有“{1}”这一列"),
    LABEL("did you mean \"{3}\"? The columns are: {2}", "是否想输入“{3}”？现有的列：{2}")};
static const struct message table_number = {
    "table-number", PROBLEM_ERROR, LABEL("\"{1}\" is not a number", "“{1}”不是数字"),
    LABEL("write it like 12.5, or leave the cell empty when it is not known", "请写成 12.5 这样的形式；未知时留空")};
static const struct message table_date = {
    "table-date", PROBLEM_ERROR, LABEL("\"{1}\" is not a date", "“{1}”不是日期"),
    LABEL("write it like 2022-06-28, or leave the cell empty when it is not known",
          "请写成 2022-06-28 这样的形式；未知时留空")};
static const struct message table_order = {
    "table-date-order", PROBLEM_ERROR,
    LABEL("nobody can know whether \"{1}\" begins with the day or the month", "无法判断“{1}”是日在前还是月在前"),
    LABEL("say --dates dmy or --dates mdy", "请用 --dates dmy 或 --dates mdy 指明")};
static const struct message table_flag = {"table-yes-no", PROBLEM_ERROR,
                                          LABEL("\"{1}\" is neither yes nor no", "“{1}”既不是“是”也不是“否”"),
                                          LABEL("write 1 or 0, yes or no", "请写 1 或 0，是或否")};

const struct csv_table_cell *csv_table_cell(const struct csv_table *t, size_t row, size_t column)
{
    assert(row < t->rows && column < t->columns);
    return &t->cell[row * t->columns + column];
}

void csv_table_blame(const struct csv_table *t, size_t row, size_t column, const struct message *message,
                     const char *arg2, struct problem_list *problems)
{
    const struct csv_table_cell *c = csv_table_cell(t, row, column);
    char value[80], header[80];
    (void)snprintf(value, sizeof value, "%.*s", STR_ARG(c->text));
    (void)snprintf(header, sizeof header, "%.*s", STR_ARG(t->header[column]));
    value[str_utf8_valid(str_z(value))] = 0;
    header[str_utf8_valid(str_z(header))] = 0;
    problem_add(problems, (struct problem_at){t->file, c->line, c->column, header}, message, value, arg2, NULL, NULL);
}

// ---- reading ----

static bool table_keep(struct csv_table *t, struct arena *arena, const struct csv_item *item, size_t *cap)
{
    if (t->header == NULL) {
        t->columns = item->count;
        t->header = arena_array(arena, item->count, sizeof *t->header);
        for (size_t c = 0; t->header != NULL && c < item->count; c++) {
            struct str text = str_trim(item->cells[c].text);
            t->header[c] = (struct str){arena_copy(arena, text.p, text.n), text.n};
            if (t->header[c].p == NULL) return false;
        }
        return t->header != NULL;
    }
    for (size_t c = 0; c < t->columns; c++) {
        struct csv_table_cell *cells = arena_grow(arena, t->cell, t->rows * t->columns + c, cap, sizeof *cells);
        if (cells == NULL) return false;
        t->cell = cells;
        const struct csv_cell *from = &item->cells[c];
        struct str text = str_trim(from->text);
        cells[t->rows * t->columns + c] = (struct csv_table_cell){
            {arena_copy(arena, text.p, text.n), text.n}, (int32_t)from->line, (int32_t)from->column};
        if (cells[t->rows * t->columns + c].text.p == NULL) return false;
    }
    t->rows++;
    return true;
}

tong_code csv_table_read(struct bytes *source, const char *file, struct arena *arena, struct problem_list *problems,
                         struct csv_table *out, struct err *err)
{
    struct encoding_stream *stream = NULL;
    struct encoding_guess guess = {0};
    struct csv *csv = NULL;
    struct csv_item item = {.event = CSV_ROW};
    struct csv_table t = {.file = file};
    size_t cap = 0, errors = problems->errors;
    struct problem_at whole = {file, 0, 0, NULL};
    tong_code code = encoding_open(source, ENCODING_AUTO, &stream, &guess, err);
    if (code == TONG_OK && guess.binary != BINARY_NOT)
        problem_add(problems, whole, &table_binary, NULL, NULL, NULL, NULL);
    else if (code == TONG_OK) code = csv_open(stream, &guess, 0, &csv, err);
    while (code == TONG_OK && csv != NULL && item.event != CSV_END) {
        code = csv_next(csv, &item, err);
        if (code != TONG_OK || item.event == CSV_END) break;
        if (item.event == CSV_BAD_ROW) csv_fault_add(&item.fault, file, guess.encoding, problems);
        else if (t.rows >= CSV_TABLE_ROWS_MAX)
            code = tong_fail(err, TONG_E_LIMIT, "more than %d rows", CSV_TABLE_ROWS_MAX);
        else if (!table_keep(&t, arena, &item, &cap)) code = tong_fail(err, TONG_E_NOMEM, "%s", file);
        if (t.header != NULL) csv_expect(csv, t.columns, true);
    }
    csv_close(csv);
    encoding_close(stream);
    if (code != TONG_OK) return code;
    if (problems->errors == errors && t.rows == 0) problem_add(problems, whole, &table_empty, NULL, NULL, NULL, NULL);
    if (problems->errors > errors) return tong_fail(err, TONG_E_INVALID, "%s cannot be read as a table", file);
    *out = t;
    return TONG_OK;
}

// ---- columns ----

bool csv_table_has(const struct csv_table *t, const char *name, int32_t *column)
{
    for (size_t c = 0; c < t->columns; c++)
        if (str_eq_nocase(t->header[c], str_z(name))) {
            *column = (int32_t)c;
            return true;
        }
    return false;
}

int32_t csv_table_column(const struct csv_table *t, struct str name, struct problem_list *problems)
{
    int32_t found = -1, alike = 0;
    for (size_t c = 0; c < t->columns; c++) {
        if (str_eq(t->header[c], name)) return (int32_t)c;
        if (!str_eq_nocase(t->header[c], name)) continue;
        found = (int32_t)c;
        alike++;
    }
    if (alike == 1) return found;
    char all[400] = "", given[80], near[80] = "";
    size_t used = 0, best = name.n < 4 ? 2 : 4;
    for (size_t c = 0; c < t->columns; c++) {
        int n = snprintf(all + used, sizeof all - used, "%s%.*s", c == 0 ? "" : ", ", STR_ARG(t->header[c]));
        if (n > 0 && used + (size_t)n < sizeof all) used += (size_t)n;
        size_t distance = str_distance(t->header[c], name, best);
        if (distance >= best) continue;
        best = distance;
        (void)snprintf(near, sizeof near, "%.*s", STR_ARG(t->header[c]));
    }
    all[str_utf8_valid(str_z(all))] = 0;
    (void)snprintf(given, sizeof given, "%.*s", STR_ARG(name));
    given[str_utf8_valid(str_z(given))] = 0;
    near[str_utf8_valid(str_z(near))] = 0;
    problem_add(problems, (struct problem_at){t->file, 1, 0, NULL}, near[0] != 0 ? &table_near : &table_missing, given,
                all, near, NULL);
    return -1;
}

static bool table_absent(struct str text)
{
    return text.n == 0 || str_eq_z(text, "NA") || str_eq_z(text, "NaN");
}

bool csv_table_days(const struct csv_table *t, int32_t column, date_order order, struct arena *arena,
                    struct problem_list *problems, civil_day **out)
{
    struct date_column seen = {0};
    struct zone zone;
    bool good = true;
    size_t undecided = 0;
    *out = arena_array(arena, t->rows, sizeof **out);
    if (*out == NULL) return false;
    zone_fixed(0, "UTC", &zone);
    for (size_t i = 0; i < t->rows; i++) {
        struct date_raw raw = date_scan(csv_table_cell(t, i, (size_t)column)->text);
        date_column_add(&seen, raw);
        if (raw.form == DATE_TWO) undecided = i;
    }
    date_verdict verdict = date_column_decide(&seen, order, &order);
    if (verdict != DATE_DECIDED) {
        csv_table_blame(t, undecided, (size_t)column, &table_order, NULL, problems);
        return false;
    }
    for (size_t i = 0; i < t->rows; i++) {
        struct date_time when = DATE_TIME_NONE;
        struct str text = csv_table_cell(t, i, (size_t)column)->text;
        if (!table_absent(text) && date_finish(date_scan(text), &seen, order, &zone, &when) != DATE_OK) {
            csv_table_blame(t, i, (size_t)column, &table_date, NULL, problems);
            good = false;
        }
        (*out)[i] = when.day;
    }
    return good;
}

bool csv_table_reals(const struct csv_table *t, int32_t column, struct arena *arena, struct problem_list *problems,
                     double **out)
{
    bool good = true;
    *out = arena_array(arena, t->rows, sizeof **out);
    if (*out == NULL) return false;
    for (size_t i = 0; i < t->rows; i++) {
        struct str text = csv_table_cell(t, i, (size_t)column)->text;
        (*out)[i] = NAN;
        if (table_absent(text) || str_double(text, &(*out)[i])) continue;
        csv_table_blame(t, i, (size_t)column, &table_number, NULL, problems);
        good = false;
    }
    return good;
}

bool csv_table_flags(const struct csv_table *t, int32_t column, struct arena *arena, struct problem_list *problems,
                     int8_t **out)
{
    static const char *const yes[] = {"1", "true", "yes", "y", "是", "有", "阳性", "positive", "1.0"};
    static const char *const no[] = {"0", "false", "no", "n", "否", "无", "阴性", "negative", "0.0"};
    bool good = true;
    *out = arena_array(arena, t->rows, sizeof **out);
    if (*out == NULL) return false;
    for (size_t i = 0; i < t->rows; i++) {
        struct str text = csv_table_cell(t, i, (size_t)column)->text;
        (*out)[i] = -1;
        if (table_absent(text)) continue;
        for (size_t k = 0; k < sizeof yes / sizeof yes[0]; k++) {
            if (str_eq_nocase(text, str_z(yes[k]))) (*out)[i] = 1;
            if (str_eq_nocase(text, str_z(no[k]))) (*out)[i] = 0;
        }
        if ((*out)[i] >= 0) continue;
        csv_table_blame(t, i, (size_t)column, &table_flag, NULL, problems);
        good = false;
    }
    return good;
}

tong_code csv_table_words(const struct csv_table *t, int32_t column, struct arena *arena, struct csv_words *out,
                          struct err *err)
{
    struct csv_words words = {.of_row = arena_array(arena, t->rows, sizeof *words.of_row)};
    struct map *map = map_open();
    size_t cap = 0;
    bool good = map != NULL && words.of_row != NULL;
    for (size_t i = 0; good && i < t->rows; i++) {
        struct str text = csv_table_cell(t, i, (size_t)column)->text;
        int64_t at = (int64_t)words.count;
        if (!map_get_text(map, text, &at)) {
            struct str *grown = arena_grow(arena, words.word, words.count, &cap, sizeof *grown);
            good = grown != NULL && map_put_text(map, text, at);
            if (!good) break;
            words.word = grown;
            words.word[words.count++] = text;
        }
        words.of_row[i] = (int32_t)at;
    }
    map_close(map);
    if (!good) return tong_fail(err, TONG_E_NOMEM, "the words of a column");
    *out = words;
    return TONG_OK;
}
