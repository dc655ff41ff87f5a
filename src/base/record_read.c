#include "base/record_read.h"

#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

enum record_fault {
    FAULT_MISSING,
    FAULT_SHORT,
    FAULT_LONG,
    FAULT_SMALL,
    FAULT_LARGE,
    FAULT_ENCODING,
    FAULT_SPACE,
    FAULT_INTEGER,
    FAULT_REAL,
    FAULT_DAY,
    FAULT_INSTANT,
    FAULT_BOOLEAN,
    FAULT_WORD,
    FAULT_TEXT,
    FAULT_OBJECT,
    FAULT_UNKNOWN,
    FAULT_UNKNOWN_FAR,
    FAULT_COLUMN,
    FAULT_COLUMN_FAR,
    FAULT_TWICE,
    FAULT_MEMORY,
    FAULT_COUNT
};

// {1} and {2} are the field's label in English and Chinese, {3} the value, {4} the limit or the allowed words.
static const struct message record_message[FAULT_COUNT] = {
    [FAULT_MISSING] = {"field-missing", PROBLEM_ERROR, LABEL("{1} is missing", "缺少{2}"),
                       LABEL("every record of this kind needs it: fill it in", "该项必填，请补充")},
    [FAULT_SHORT] = {"field-too-short", PROBLEM_ERROR, LABEL("{1} \"{3}\" is too short", "{2}“{3}”太短"),
                     LABEL("it needs at least {4} characters", "至少 {4} 个字符")},
    [FAULT_LONG] = {"field-too-long", PROBLEM_ERROR, LABEL("{1} \"{3}\" is too long", "{2}“{3}”太长"),
                    LABEL("at most {4} characters: shorten it", "最多 {4} 个字符，请缩短")},
    [FAULT_SMALL] = {"field-too-small", PROBLEM_ERROR, LABEL("{1} is {3}, which is too small", "{2}为 {3}，过小"),
                     LABEL("the least allowed is {4}", "最小允许值为 {4}")},
    [FAULT_LARGE] = {"field-too-large", PROBLEM_ERROR, LABEL("{1} is {3}, which is too large", "{2}为 {3}，过大"),
                     LABEL("the most allowed is {4}", "最大允许值为 {4}")},
    [FAULT_ENCODING] = {"field-not-utf8", PROBLEM_ERROR, LABEL("{1} is not valid UTF-8", "{2}不是有效的 UTF-8 文字"),
                        LABEL("save the file as UTF-8", "请将文件另存为 UTF-8 编码")},
    [FAULT_SPACE] = {"field-id-space", PROBLEM_ERROR,
                     LABEL("{1} \"{3}\" has white space or control characters in it", "{2}“{3}”中含有空白或控制字符"),
                     LABEL("an identifier is one word: remove them", "编号应为一个整体，请删去空白")},
    [FAULT_INTEGER] = {"field-not-integer", PROBLEM_ERROR,
                       LABEL("{1} \"{3}\" is not a whole number", "{2}“{3}”不是整数"),
                       LABEL("write digits only, like 42", "请只写数字，例如 42")},
    [FAULT_REAL] = {"field-not-number", PROBLEM_ERROR, LABEL("{1} \"{3}\" is not a number", "{2}“{3}”不是数字"),
                    LABEL("write a number with a point as decimal mark, like 37.5",
                          "请写数字，小数点用“.”，例如 37.5")},
    [FAULT_DAY] = {"field-not-date", PROBLEM_ERROR, LABEL("{1} \"{3}\" is not a date", "{2}“{3}”不是日期"),
                   LABEL("write year-month-day, like 2022-06-28", "请写成 年-月-日，例如 2022-06-28")},
    [FAULT_INSTANT] = {"field-not-time", PROBLEM_ERROR,
                       LABEL("{1} \"{3}\" is not a date and time", "{2}“{3}”不是日期时间"),
                       LABEL("write it like 2022-06-28 14:30", "请写成 2022-06-28 14:30 的形式")},
    [FAULT_BOOLEAN] = {"field-not-yes-no", PROBLEM_ERROR,
                       LABEL("{1} \"{3}\" is neither yes nor no", "{2}“{3}”既不是“是”也不是“否”"),
                       LABEL("write yes or no, true or false, 1 or 0", "请写 是 或 否、yes 或 no、1 或 0")},
    [FAULT_WORD] = {"field-word-unknown", PROBLEM_ERROR, LABEL("{1} does not know \"{3}\"", "{2}没有“{3}”这一取值"),
                    LABEL("it is one of: {4}", "可用的取值：{4}")},
    [FAULT_TEXT] = {"field-not-text", PROBLEM_ERROR, LABEL("{1} is not a text", "{2}不是文字"),
                    LABEL("put it in double quotes", "请加上双引号")},
    [FAULT_OBJECT] = {"record-not-object", PROBLEM_ERROR,
                      LABEL("a record must be a JSON object", "一条记录应为一个 JSON 对象"),
                      LABEL("write {\"field\": value, ...}", "请写成 {\"字段\": 值, ...}")},
    [FAULT_UNKNOWN] = {"field-unknown", PROBLEM_ERROR, LABEL("there is no field \"{3}\" here", "没有名为“{3}”的字段"),
                       LABEL("the nearest name is \"{4}\"; remove the field or correct its name",
                             "最接近的名称是“{4}”；请删除或改正该字段")},
    [FAULT_UNKNOWN_FAR] = {"field-unknown", PROBLEM_ERROR,
                           LABEL("there is no field \"{3}\" here", "没有名为“{3}”的字段"),
                           LABEL("remove it", "请删除该字段")},
    [FAULT_COLUMN] = {"column-unknown", PROBLEM_WARNING, LABEL("column \"{3}\" is not used", "未使用“{3}”列"),
                      LABEL("if it should be, rename it: the nearest name is \"{4}\"",
                            "如需使用请改列名，最接近的名称是“{4}”")},
    [FAULT_COLUMN_FAR] = {"column-unused", PROBLEM_NOTE, LABEL("column \"{3}\" is not used", "未使用“{3}”列"),
                          LABEL("", "")},
    [FAULT_TWICE] = {"column-twice", PROBLEM_ERROR, LABEL("two columns mean {1}", "有两列都表示{2}"),
                     LABEL("remove or rename column \"{3}\"", "请删除或改名“{3}”列")},
    [FAULT_MEMORY] = {"no-memory", PROBLEM_ERROR, LABEL("there is not enough memory", "内存不足"),
                      LABEL("try again with a smaller file", "请换用较小的文件再试")},
};

// A value in a message is cut to what a line can show, and left out where its class is personal: messages go to logs.
static void record_fault(const struct record_reading *in, enum record_fault fault, const struct record_field *field,
                         struct str value, const char *limit)
{
    char shown[64] = "";
    if (field != NULL && field->class >= RECORD_PERSONAL) value = STR("***");
    size_t n = value.n < sizeof shown - 4 ? value.n : sizeof shown - 4;
    n = str_utf8_valid((struct str){value.p, n}); // never half a character
    (void)snprintf(shown, sizeof shown, "%.*s%s", (int)n, value.p == NULL ? "" : value.p, n < value.n ? "..." : "");
    struct problem_at at = in->at;
    if (field != NULL && (at.path == NULL || at.path[0] == 0)) at.path = field->name;
    problem_add(in->problems, at, &record_message[fault], field == NULL ? "" : field->label.text[LANG_EN],
                field == NULL ? "" : field->label.text[LANG_ZH], shown, limit);
}

static size_t record_characters(struct str s)
{
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) n += ((unsigned char)s.p[i] & 0xC0) != 0x80;
    return n;
}

static bool record_has_space(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] <= ' ' || s.p[i] == 0x7F) return true;
    return false;
}

static void record_check_text(const struct record_field *field, struct str s, const struct record_reading *in)
{
    char limit[24];
    int64_t most = field->most != 0 ? field->most : field->type == RECORD_TYPE_ID ? RECORD_ID_MAX : RECORD_TEXT_MAX;
    if (str_utf8_valid(s) != s.n) {
        record_fault(in, FAULT_ENCODING, field, s, "");
        return;
    }
    int64_t characters = (int64_t)record_characters(s);
    bool small = characters < field->least;
    (void)snprintf(limit, sizeof limit, "%" PRId64, small ? field->least : most);
    if (small) record_fault(in, FAULT_SHORT, field, s, limit);
    if (characters > most) record_fault(in, FAULT_LONG, field, s, limit);
    if (field->type == RECORD_TYPE_ID && record_has_space(s)) record_fault(in, FAULT_SPACE, field, s, "");
}

static void record_check_whole(const struct record_field *field, int64_t v, const struct record_reading *in)
{
    char value[24], limit[24];
    if (field->least == 0 && field->most == 0) return;
    if (v >= field->least && v <= field->most) return;
    int64_t bound = v < field->least ? field->least : field->most;
    if (field->type == RECORD_TYPE_DAY) {
        civil_format((civil_day){(int32_t)v}, value);
        civil_format((civil_day){(int32_t)bound}, limit);
    } else {
        (void)snprintf(value, sizeof value, "%" PRId64, v);
        (void)snprintf(limit, sizeof limit, "%" PRId64, bound);
    }
    record_fault(in, v < field->least ? FAULT_SMALL : FAULT_LARGE, field, str_z(value), limit);
}

static void record_check_real(const struct record_field *field, double v, const struct record_reading *in)
{
    char value[32], limit[32];
    if (field->least_real == 0 && field->most_real == 0) return;
    if (v >= field->least_real && v <= field->most_real) return;
    bool small = v < field->least_real;
    (void)snprintf(value, sizeof value, "%.10g", v);
    (void)snprintf(limit, sizeof limit, "%.10g", small ? field->least_real : field->most_real);
    record_fault(in, small ? FAULT_SMALL : FAULT_LARGE, field, str_z(value), limit);
}

static void record_check_field(const struct record_field *field, const void *row, const struct record_reading *in)
{
    if (record_absent(field, row)) {
        if (field->required) record_fault(in, FAULT_MISSING, field, STR(""), "");
        return;
    }
    switch (field->type) {
    case RECORD_TYPE_TEXT:
    case RECORD_TYPE_ID: record_check_text(field, record_get_text(field, row), in); break;
    case RECORD_TYPE_INTEGER:
    case RECORD_TYPE_DAY: record_check_whole(field, record_get_whole(field, row), in); break;
    case RECORD_TYPE_REAL: record_check_real(field, record_get_real(field, row), in); break;
    case RECORD_TYPE_INSTANT:
    case RECORD_TYPE_BOOLEAN:
    case RECORD_TYPE_ENUM: break; // their readers accept nothing else
    }
}

// `faulted` has a bit for each field that is already reported.
static void record_check_rest(const struct record_kind *kind, const void *row, uint64_t faulted,
                              const struct record_reading *in)
{
    assert(kind->count <= RECORD_FIELDS_MAX);
    for (size_t i = 0; i < kind->count; i++)
        if ((faulted >> i & 1) == 0) record_check_field(&kind->fields[i], row, in);
}

bool record_check(const struct record_kind *kind, const void *row, const struct record_reading *in)
{
    size_t before = in->problems->errors;
    record_check_rest(kind, row, 0, in);
    return in->problems->errors == before;
}

// ---- reading one value ----

static void record_put(const struct record_field *field, void *row, const void *value, size_t size)
{
    memcpy((char *)row + field->offset, value, size);
}

static bool record_put_text(const struct record_field *field, void *row, struct str s, const struct record_reading *in)
{
    char *copy = arena_copy(in->arena, s.p, s.n);
    if (copy == NULL) {
        record_fault(in, FAULT_MEMORY, field, STR(""), "");
        return false;
    }
    record_put(field, row, &(struct str){copy, s.n}, sizeof s);
    return true;
}

static bool record_read_day(const struct record_field *field, void *row, struct str s, const struct record_reading *in)
{
    civil_day day;
    if (!civil_parse(s, &day)) {
        record_fault(in, FAULT_DAY, field, s, "");
        return false;
    }
    record_put(field, row, &day, sizeof day);
    return true;
}

static bool record_read_instant(const struct record_field *field, void *row, struct str s,
                                const struct record_reading *in)
{
    utc_sec at;
    bool day_only;
    if (!zone_parse(in->zone, s, &at, &day_only)) {
        record_fault(in, FAULT_INSTANT, field, s, "");
        return false;
    }
    record_put(field, row, &at, sizeof at);
    return true;
}

// By word; where labels are allowed (files that people fill in) also by label in either language, capitals or not.
static bool record_read_word(const struct record_field *field, void *row, struct str s, bool labels,
                             const struct record_reading *in)
{
    char words[400];
    size_t used = 0;
    for (int32_t i = 0; i < field->word_count; i++) {
        const struct record_word *w = &field->words[i];
        bool same = str_eq_z(s, w->word) ||
                    (labels && (str_eq_nocase(s, str_z(w->word)) || str_eq_nocase(s, str_z(w->label.text[LANG_EN])) ||
                                str_eq_nocase(s, str_z(w->label.text[LANG_ZH]))));
        if (same) {
            record_put(field, row, &i, sizeof i);
            return true;
        }
        int n = snprintf(words + used, sizeof words - used, "%s%s", used == 0 ? "" : ", ", w->word);
        if (n < 0 || (size_t)n >= sizeof words - used) words[used] = 0; // a table too long to list: as many as fit
        else used += (size_t)n;
    }
    record_fault(in, FAULT_WORD, field, s, words);
    return false;
}

static bool record_read_cell(const struct record_field *field, void *row, struct str cell,
                             const struct record_reading *in)
{
    static const char *const yes_no[][5] = {{"false", "no", "n", "0", "否"}, {"true", "yes", "y", "1", "是"}};
    struct str s = str_trim(cell);
    if (s.n == 0) return true;
    switch (field->type) {
    case RECORD_TYPE_TEXT: return record_put_text(field, row, record_csv_plain(cell), in);
    case RECORD_TYPE_ID: return record_put_text(field, row, record_csv_plain(s), in);
    case RECORD_TYPE_INTEGER: {
        int64_t v;
        bool good = str_int(s, &v) && v != RECORD_INTEGER_NONE;
        if (good) record_put(field, row, &v, sizeof v);
        else record_fault(in, FAULT_INTEGER, field, s, "");
        return good;
    }
    case RECORD_TYPE_REAL: {
        double v;
        bool good = str_double(s, &v);
        if (good) record_put(field, row, &v, sizeof v);
        else record_fault(in, FAULT_REAL, field, s, "");
        return good;
    }
    case RECORD_TYPE_DAY: return record_read_day(field, row, s, in);
    case RECORD_TYPE_INSTANT: return record_read_instant(field, row, s, in);
    case RECORD_TYPE_BOOLEAN:
        for (int8_t v = 0; v <= 1; v++)
            for (size_t k = 0; k < sizeof yes_no[0] / sizeof yes_no[0][0]; k++)
                if (str_eq_nocase(s, str_z(yes_no[v][k]))) {
                    record_put(field, row, &v, sizeof v);
                    return true;
                }
        record_fault(in, FAULT_BOOLEAN, field, s, "");
        return false;
    case RECORD_TYPE_ENUM: return record_read_word(field, row, s, true, in);
    }
    return false;
}

// The value as a message shows it: a text itself, anything else by its JSON.
static struct str record_json_shown(const json_t *value, char *room, size_t n)
{
    if (json_is_string(value)) return (struct str){json_string_value(value), json_string_length(value)};
    size_t used = json_dumpb(value, room, n, JSON_ENCODE_ANY | JSON_COMPACT);
    return used <= n ? (struct str){room, used} : STR("{...}");
}

static bool record_read_json(const struct record_field *field, void *row, const json_t *value,
                             const struct record_reading *in)
{
    static const enum record_fault fault[] = {
        [RECORD_TYPE_TEXT] = FAULT_TEXT,       [RECORD_TYPE_ID] = FAULT_TEXT,   [RECORD_TYPE_INTEGER] = FAULT_INTEGER,
        [RECORD_TYPE_REAL] = FAULT_REAL,       [RECORD_TYPE_DAY] = FAULT_DAY,   [RECORD_TYPE_INSTANT] = FAULT_INSTANT,
        [RECORD_TYPE_BOOLEAN] = FAULT_BOOLEAN, [RECORD_TYPE_ENUM] = FAULT_WORD,
    };
    char room[80];
    struct str s = record_json_shown(value, room, sizeof room);
    if (json_is_string(value)) {
        if (field->type == RECORD_TYPE_TEXT || field->type == RECORD_TYPE_ID) return record_put_text(field, row, s, in);
        if (field->type == RECORD_TYPE_DAY) return record_read_day(field, row, s, in);
        if (field->type == RECORD_TYPE_INSTANT) return record_read_instant(field, row, s, in);
        if (field->type == RECORD_TYPE_ENUM) return record_read_word(field, row, s, false, in);
    } else if (json_is_boolean(value) && field->type == RECORD_TYPE_BOOLEAN) {
        record_put(field, row, &(int8_t){json_is_true(value) ? 1 : 0}, sizeof(int8_t));
        return true;
    } else if (json_is_integer(value) && field->type == RECORD_TYPE_INTEGER &&
               json_integer_value(value) != RECORD_INTEGER_NONE) {
        record_put(field, row, &(int64_t){json_integer_value(value)}, sizeof(int64_t));
        return true;
    } else if (json_is_number(value) && field->type == RECORD_TYPE_REAL) {
        record_put(field, row, &(double){json_number_value(value)}, sizeof(double));
        return true;
    }
    if (field->type == RECORD_TYPE_ENUM) return record_read_word(field, row, s, false, in);
    record_fault(in, fault[field->type], field, s, "");
    return false;
}

// ---- reading one record ----

// The field called so, or -1; labels as well when a person wrote the name.
static int32_t record_find(const struct record_kind *kind, struct str name, bool labels)
{
    for (size_t i = 0; i < kind->count; i++) {
        const struct record_field *f = &kind->fields[i];
        if (str_eq_z(name, f->name)) return (int32_t)i;
        if (labels && (str_eq_nocase(name, str_z(f->name)) || str_eq_nocase(name, str_z(f->label.text[LANG_EN])) ||
                       str_eq_nocase(name, str_z(f->label.text[LANG_ZH]))))
            return (int32_t)i;
    }
    return -1;
}

static void record_fault_name(const struct record_kind *kind, const struct record_reading *in, struct str name,
                              enum record_fault near, enum record_fault far)
{
    size_t most = name.n < 6 ? 1 : 3;
    const char *best = NULL;
    for (size_t i = 0; i < kind->count; i++) {
        size_t distance = str_distance(name, str_z(kind->fields[i].name), most);
        if (distance > most) continue;
        best = kind->fields[i].name;
        most = distance == 0 ? 0 : distance - 1;
    }
    record_fault(in, best == NULL ? far : near, NULL, name, best);
}

bool record_from_json(const struct record_kind *kind, const json_t *object, const struct record_reading *in, void *row)
{
    size_t before = in->problems->errors;
    uint64_t faulted = 0;
    assert(kind->count <= RECORD_FIELDS_MAX);
    record_clear(kind, row);
    if (!json_is_object(object)) {
        record_fault(in, FAULT_OBJECT, NULL, STR(""), "");
        return false;
    }
    for (void *i = json_object_iter((json_t *)object); i != NULL; i = json_object_iter_next((json_t *)object, i)) {
        struct str name = str_z(json_object_iter_key(i));
        int32_t k = record_find(kind, name, false);
        const json_t *value = json_object_iter_value(i);
        if (k < 0) record_fault_name(kind, in, name, FAULT_UNKNOWN, FAULT_UNKNOWN_FAR);
        else if (!json_is_null(value) && !record_read_json(&kind->fields[k], row, value, in))
            faulted |= (uint64_t)1 << k;
    }
    record_check_rest(kind, row, faulted, in);
    return in->problems->errors == before;
}

bool record_header_read(const struct record_kind *kind, const struct str *cells, size_t count,
                        const struct record_reading *in, struct record_header *out)
{
    size_t before = in->problems->errors;
    uint64_t seen = 0;
    assert(kind->count <= RECORD_FIELDS_MAX);
    out->count = (int32_t)(count < LIMIT_COLUMNS ? count : LIMIT_COLUMNS);
    for (int32_t i = 0; i < out->count; i++) {
        struct str name = str_trim(cells[i]);
        int32_t k = record_find(kind, name, true);
        if (k < 0 && name.n > 0) record_fault_name(kind, in, name, FAULT_COLUMN, FAULT_COLUMN_FAR);
        if (k >= 0 && (seen >> k & 1) != 0) {
            const struct record_field *f = &kind->fields[k];
            problem_add(in->problems, in->at, &record_message[FAULT_TWICE], f->label.text[LANG_EN],
                        f->label.text[LANG_ZH], f->name, NULL);
            k = -1;
        }
        if (k >= 0) seen |= (uint64_t)1 << k;
        out->field[i] = k;
    }
    return in->problems->errors == before;
}

bool record_from_csv(const struct record_kind *kind, const struct record_header *header, const struct str *cells,
                     size_t count, const struct record_reading *in, void *row)
{
    size_t before = in->problems->errors;
    uint64_t faulted = 0;
    record_clear(kind, row);
    for (size_t i = 0; i < count && i < (size_t)header->count; i++) {
        int32_t k = header->field[i];
        if (k >= 0 && !record_read_cell(&kind->fields[k], row, cells[i], in)) faulted |= (uint64_t)1 << k;
    }
    record_check_rest(kind, row, faulted, in);
    return in->problems->errors == before;
}
