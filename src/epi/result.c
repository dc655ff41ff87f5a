#include "epi/result.h"

#include "base/json.h"

#include <assert.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static struct result_item *result_add(struct result *r, result_kind kind)
{
    assert(r->arena != NULL);
    if (r->table != NULL) assert(r->table->cell_count % r->table->column_count == 0);
    struct result_item *items = r->failed ? NULL : arena_grow(r->arena, r->items, r->count, &r->cap, sizeof *items);
    if (items == NULL) {
        r->failed = true;
        return NULL;
    }
    r->items = items;
    items[r->count] = (struct result_item){.kind = kind, .name = "", .text = LABEL("", "")};
    return &items[r->count++];
}

void result_heading(struct result *r, struct label text)
{
    struct result_item *item = result_add(r, RESULT_HEADING);
    if (item != NULL) item->text = text;
}

static char *result_format(struct arena *arena, const char *format, va_list args)
{
    char text[1024];
    int n = vsnprintf(text, sizeof text, format, args);
    size_t length = n < 0 ? 0 : (size_t)n < sizeof text ? (size_t)n : sizeof text - 1;
    // A text that was cut must not end inside a character.
    return arena_copy(arena, text, str_utf8_valid((struct str){text, length}));
}

static struct label result_both(struct arena *arena, const struct label *format, va_list args)
{
    struct label out;
    for (int l = 0; l < LANG_COUNT; l++) {
        va_list again;
        va_copy(again, args);
        out.text[l] = result_format(arena, format->text[l], again);
        va_end(again);
        if (out.text[l] == NULL) out.text[l] = "";
    }
    return out;
}

struct label result_say(struct arena *arena, const struct label *format, ...)
{
    va_list args;
    va_start(args, format);
    struct label out = result_both(arena, format, args);
    va_end(args);
    return out;
}

void result_note(struct result *r, const char *name, const struct label *format, ...)
{
    struct result_item *item = result_add(r, RESULT_NOTE);
    if (item == NULL) return;
    va_list args;
    va_start(args, format);
    item->name = name;
    item->text = result_both(r->arena, format, args);
    va_end(args);
}

void result_warning(struct result *r, const char *name, const struct label *format, ...)
{
    struct result_item *item = result_add(r, RESULT_WARNING);
    if (item == NULL) return;
    va_list args;
    va_start(args, format);
    item->name = name;
    item->text = result_both(r->arena, format, args);
    va_end(args);
}

void result_says(struct result *r, bool warning, const char *name, struct label text)
{
    struct result_item *item = result_add(r, warning ? RESULT_WARNING : RESULT_NOTE);
    if (item == NULL) return;
    item->name = name;
    item->text = text;
}

void result_begin(struct result *r, const char *name, struct label title, const struct result_column *columns,
                  size_t column_count)
{
    assert(column_count > 0 && column_count <= RESULT_COLUMNS_MAX);
    struct result_item *item = result_add(r, RESULT_TABLE);
    struct result_table *t = item == NULL ? NULL : arena_alloc(r->arena, sizeof *t);
    r->table = t;
    if (t == NULL) {
        r->failed = true;
        return;
    }
    *t = (struct result_table){.name = name,
                               .title = title,
                               .denominator = LABEL("", ""),
                               .source = "",
                               .columns = columns,
                               .column_count = column_count};
    item->table = t;
}

void result_about(struct result *r, struct label denominator, const char *source)
{
    if (r->failed) return;
    assert(r->table != NULL);
    r->table->denominator = denominator;
    char *copy = arena_copy(r->arena, source, strlen(source));
    if (copy != NULL) r->table->source = copy;
    else r->failed = true;
}

static void result_put(struct result *r, int type, struct result_cell cell)
{
    if (r->failed) return;
    struct result_table *t = r->table;
    assert(t != NULL);
    assert(cell.none || (int)t->columns[t->cell_count % t->column_count].type == type);
    struct result_cell *cells = arena_grow(r->arena, t->cells, t->cell_count, &t->cell_cap, sizeof *cells);
    if (cells == NULL) {
        r->failed = true;
        return;
    }
    t->cells = cells;
    cells[t->cell_count++] = cell;
}

void result_text(struct result *r, struct str text)
{
    if (r->failed) return;
    char *copy = arena_copy(r->arena, text.p, text.n);
    if (copy == NULL) r->failed = true;
    else result_put(r, RESULT_TEXT, (struct result_cell){.text = LABEL(copy, copy)});
}

void result_label(struct result *r, struct label text)
{
    result_put(r, RESULT_TEXT, (struct result_cell){.text = text});
}

void result_whole(struct result *r, int64_t value)
{
    result_put(r, RESULT_WHOLE, (struct result_cell){.whole = value});
}

void result_real(struct result *r, double value)
{
    result_put(r, RESULT_REAL, (struct result_cell){.real = value, .none = isnan(value)});
}

void result_part(struct result *r, double value)
{
    result_put(r, RESULT_PART, (struct result_cell){.real = value, .none = isnan(value)});
}

void result_day(struct result *r, civil_day day)
{
    result_put(r, RESULT_DAY, (struct result_cell){.whole = day.d, .none = day.d == CIVIL_DAY_NONE});
}

void result_flag(struct result *r, bool value)
{
    result_put(r, RESULT_FLAG, (struct result_cell){.whole = value});
}

void result_none(struct result *r)
{
    result_put(r, -1, (struct result_cell){.none = true});
}

struct chart *result_chart(struct result *r)
{
    struct result_item *item = result_add(r, RESULT_CHART);
    struct chart *c = item == NULL ? NULL : arena_alloc(r->arena, sizeof *c);
    if (c == NULL) {
        r->failed = true;
        return &r->spare;
    }
    *c = (struct chart){
        .title = LABEL("", ""), .x_label = LABEL("", ""), .y_label = LABEL("", ""), .note = LABEL("", "")};
    item->chart = c;
    return c;
}

size_t result_rows(const struct result_table *t)
{
    return t->cell_count / t->column_count;
}

const struct result_table *result_find(const struct result *r, const char *name)
{
    for (size_t i = 0; i < r->count; i++)
        if (r->items[i].table != NULL && strcmp(r->items[i].table->name, name) == 0) return r->items[i].table;
    return NULL;
}

const char *result_cell_text(const struct result_table *t, size_t row, size_t column, lang language,
                             char out[RESULT_CELL_TEXT])
{
    static const struct label yes = LABEL("yes", "是"), no = LABEL("no", "否");
    const struct result_cell *c = &t->cells[row * t->column_count + column];
    out[0] = 0;
    if (c->none) return language == LANG_ZH ? "—" : "-";
    switch (t->columns[column].type) {
    case RESULT_TEXT: return c->text.text[language];
    case RESULT_FLAG: return (c->whole != 0 ? yes : no).text[language];
    case RESULT_WHOLE: (void)snprintf(out, RESULT_CELL_TEXT, "%lld", (long long)c->whole); break;
    case RESULT_DAY: civil_format((civil_day){(int32_t)c->whole}, out); break;
    case RESULT_PART:
        if (isinf(c->real)) return c->real > 0 ? "∞" : "−∞";
        (void)snprintf(out, RESULT_CELL_TEXT, "%.*f %%", fabs(c->real) < 0.0995 ? 2 : 1, 100 * c->real);
        break;
    case RESULT_REAL:
        if (isinf(c->real)) return c->real > 0 ? "∞" : "−∞";
        if (fabs(c->real) >= 1000 && fabs(c->real) < 1e15) (void)snprintf(out, RESULT_CELL_TEXT, "%.0f", c->real);
        else (void)snprintf(out, RESULT_CELL_TEXT, "%.4g", c->real);
        break;
    }
    return out;
}

// ---- text ----

static void result_pad(struct sink *out, size_t columns)
{
    for (size_t i = 0; i < columns; i++) sink_char(out, ' ');
}

static bool result_is_left(result_type type)
{
    return type == RESULT_TEXT || type == RESULT_DAY || type == RESULT_FLAG;
}

static size_t result_shown(const struct result_table *t)
{
    size_t rows = result_rows(t);
    return t->rows_shown > 0 && (size_t)t->rows_shown < rows ? (size_t)t->rows_shown : rows;
}

static size_t result_width(const struct result_table *t, size_t column, lang language)
{
    char text[RESULT_CELL_TEXT];
    size_t widest = str_columns(str_z(t->columns[column].label.text[language]));
    for (size_t row = 0; row < result_shown(t); row++) {
        size_t width = str_columns(str_z(result_cell_text(t, row, column, language, text)));
        if (width > widest) widest = width;
    }
    return widest;
}

static void result_field(struct sink *out, const char *text, size_t width, bool left, bool last)
{
    size_t own = str_columns(str_z(text)), pad = width > own ? width - own : 0;
    if (!left) result_pad(out, pad);
    sink_text(out, text);
    if (left && !last) result_pad(out, pad);
    if (!last) sink_text(out, "  ");
}

static void result_table_text(const struct result_table *t, lang language, struct sink *out)
{
    static const struct label of = LABEL("of: ", "分母："), from = LABEL("source: ", "来源：");
    static const struct label more =
        LABEL("... and %zu more rows (--json has them all)\n", "……另有 %zu 行（--json 输出全部）\n");
    char text[RESULT_CELL_TEXT];
    size_t width[RESULT_COLUMNS_MAX];
    assert(t->column_count <= RESULT_COLUMNS_MAX);
    sink_printf(out, "%s\n", t->title.text[language]);
    for (size_t c = 0; c < t->column_count; c++) width[c] = result_width(t, c, language);
    for (size_t c = 0; c < t->column_count; c++)
        result_field(out, t->columns[c].label.text[language], width[c], result_is_left(t->columns[c].type),
                     c + 1 == t->column_count);
    sink_char(out, '\n');
    for (size_t row = 0; row < result_shown(t); row++) {
        for (size_t c = 0; c < t->column_count; c++)
            result_field(out, result_cell_text(t, row, c, language, text), width[c], result_is_left(t->columns[c].type),
                         c + 1 == t->column_count);
        sink_char(out, '\n');
    }
    if (result_shown(t) < result_rows(t)) sink_printf(out, more.text[language], result_rows(t) - result_shown(t));
    if (t->denominator.text[language][0] != 0)
        sink_printf(out, "%s%s\n", of.text[language], t->denominator.text[language]);
    if (t->source[0] != 0) sink_printf(out, "%s%s\n", from.text[language], t->source);
}

static void result_short(const struct result *r, lang language, struct sink *out)
{
    static const struct label text =
        LABEL("! memory was short: what follows is missing\n", "！内存不足，后续内容缺失\n");
    if (r->failed) sink_text(out, text.text[language]);
}

void result_to_text(const struct result *r, lang language, struct sink *out)
{
    sink_printf(out, "%s\n", r->title.text[language]);
    result_kind last = RESULT_NOTE;
    for (size_t i = 0; i < r->count; i++) {
        const struct result_item *item = &r->items[i];
        bool sentence = item->kind == RESULT_NOTE || item->kind == RESULT_WARNING;
        if (item->kind == RESULT_CHART) continue;
        if (!sentence || last == RESULT_TABLE) sink_char(out, '\n');
        if (item->kind == RESULT_HEADING) sink_printf(out, "== %s ==\n", item->text.text[language]);
        if (sentence) sink_printf(out, "%s%s\n", item->kind == RESULT_WARNING ? "! " : "", item->text.text[language]);
        if (item->kind == RESULT_TABLE && item->table != NULL) result_table_text(item->table, language, out);
        last = item->kind;
    }
    result_short(r, language, out);
}

// ---- JSON ----

static void result_cell_json(const struct result_table *t, size_t row, size_t column, lang language, struct json_out *j)
{
    const struct result_cell *c = &t->cells[row * t->column_count + column];
    const char *key = t->columns[column].name;
    if (c->none) {
        json_out_null(j, key);
        return;
    }
    switch (t->columns[column].type) {
    case RESULT_TEXT: json_out_z(j, key, c->text.text[language]); break;
    case RESULT_WHOLE: json_out_int(j, key, c->whole); break;
    case RESULT_REAL:
    case RESULT_PART: json_out_real(j, key, c->real); break;
    case RESULT_DAY: json_out_day(j, key, (civil_day){(int32_t)c->whole}); break;
    case RESULT_FLAG: json_out_bool(j, key, c->whole != 0); break;
    }
}

static void result_table_json(const struct result_table *t, lang language, struct json_out *j)
{
    json_out_object(j, t->name);
    json_out_z(j, "title", t->title.text[language]);
    if (t->denominator.text[language][0] != 0) json_out_z(j, "denominator", t->denominator.text[language]);
    if (t->source[0] != 0) json_out_z(j, "source", t->source);
    json_out_array(j, "rows");
    for (size_t row = 0; row < result_rows(t); row++) {
        json_out_object(j, NULL);
        for (size_t c = 0; c < t->column_count; c++) result_cell_json(t, row, c, language, j);
        json_out_end(j);
    }
    json_out_end(j);
    json_out_end(j);
}

static void result_sentences_json(const struct result *r, result_kind kind, const char *key, lang language,
                                  struct json_out *j)
{
    json_out_array(j, key);
    for (size_t i = 0; i < r->count; i++) {
        if (r->items[i].kind != kind) continue;
        json_out_object(j, NULL);
        json_out_z(j, "name", r->items[i].name);
        json_out_z(j, "text", r->items[i].text.text[language]);
        json_out_end(j);
    }
    json_out_end(j);
}

void result_to_json(const struct result *r, lang language, struct sink *out)
{
    struct json_out j = json_out_to(out);
    json_out_object(&j, NULL);
    json_out_z(&j, "title", r->title.text[language]);
    json_out_bool(&j, "complete", !r->failed);
    result_sentences_json(r, RESULT_WARNING, "warnings", language, &j);
    result_sentences_json(r, RESULT_NOTE, "notes", language, &j);
    json_out_object(&j, "tables");
    for (size_t i = 0; i < r->count; i++)
        if (r->items[i].kind == RESULT_TABLE && r->items[i].table != NULL)
            result_table_json(r->items[i].table, language, &j);
    json_out_end(&j);
    json_out_end(&j);
    (void)json_out_finish(&j);
}
