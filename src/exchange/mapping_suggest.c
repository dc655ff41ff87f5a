#include "exchange/mapping_suggest.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

int32_t mapping_column(const struct str *headers, size_t count, struct str header)
{
    header = str_trim(header);
    for (size_t i = 0; i < count; i++)
        if (str_eq(str_trim(headers[i]), header)) return (int32_t)i;
    char want[MAPPING_PLAIN_MAX], have[MAPPING_PLAIN_MAX];
    struct str plain = {want, mapping_plain(header, want)};
    for (size_t i = 0; i < count && plain.n > 0; i++)
        if (str_eq((struct str){have, mapping_plain(headers[i], have)}, plain)) return (int32_t)i;
    return -1;
}

static bool mapping_is_usual(const struct mapping_field *field, struct str plain)
{
    for (const char *const *h = field->headers; *h != NULL; h++)
        if (str_eq_z(plain, *h)) return true;
    return false;
}

int32_t mapping_recognise(line_table table, const struct mapping_table *mapped, const struct str *headers, size_t count)
{
    int32_t field_count = 0, known = 0;
    const struct mapping_field *fields = mapping_fields(table, &field_count);
    for (size_t i = 0; i < count; i++) {
        char buffer[MAPPING_PLAIN_MAX];
        struct str plain = {buffer, mapping_plain(headers[i], buffer)};
        bool usual = false;
        for (int32_t f = 0; f < field_count && plain.n > 0 && !usual; f++) {
            usual = mapping_is_usual(&fields[f], plain);
            if (mapped != NULL && mapped->header[f] != NULL)
                usual = usual || str_eq_z(str_trim(headers[i]), mapped->header[f]);
        }
        known += usual ? 1 : 0;
    }
    return known;
}

// The headers in plain form, once: they are compared with some hundreds of usual ones.
static struct str *mapping_plain_all(const struct str *headers, size_t count, struct arena *arena)
{
    struct str *plain = arena_array(arena, count, sizeof *plain);
    for (size_t i = 0; plain != NULL && i < count; i++) {
        char buffer[MAPPING_PLAIN_MAX];
        plain[i].n = mapping_plain(headers[i], buffer);
        plain[i].p = arena_copy(arena, buffer, plain[i].n);
        if (plain[i].p == NULL) return NULL;
    }
    return plain;
}

// The first free column with one of the field's usual headers, the best header first; -1.
static int32_t mapping_usual_column(const struct mapping_field *field, const struct str *plain, const bool *taken,
                                    size_t count)
{
    for (const char *const *h = field->headers; *h != NULL; h++)
        for (size_t i = 0; i < count; i++)
            if (!taken[i] && plain[i].n > 0 && str_eq_z(plain[i], *h)) return (int32_t)i;
    return -1;
}

tong_code mapping_suggest(line_table table, const struct str *headers, size_t count, struct arena *arena,
                          struct mapping_table *out, struct err *err)
{
    int32_t field_count = 0;
    const struct mapping_field *fields = mapping_fields(table, &field_count);
    assert(field_count <= MAPPING_FIELDS_MAX);
    if (out->closed) return TONG_OK;
    bool *taken = arena_array(arena, count, sizeof *taken);
    const struct str *plain = mapping_plain_all(headers, count, arena);
    if (taken == NULL || plain == NULL) return tong_fail(err, TONG_E_NOMEM, "no memory for the headers");
    for (int32_t f = 0; f < field_count; f++) {
        int32_t column = out->header[f] == NULL ? -1 : mapping_column(headers, count, str_z(out->header[f]));
        if (column >= 0) taken[column] = true;
    }
    for (int32_t f = 0; f < field_count; f++) {
        bool numbered = fields[f].kind == FIELD_ID && out->numbered;
        if (out->header[f] != NULL || out->always[f] != NULL || numbered) continue;
        int32_t column = mapping_usual_column(&fields[f], plain, taken, count);
        if (column < 0) continue;
        out->header[f] = arena_copy(arena, headers[column].p, headers[column].n);
        if (out->header[f] == NULL) return tong_fail(err, TONG_E_NOMEM, "no memory for the headers");
        taken[column] = true;
        out->suggested[f] = true;
    }
    return TONG_OK;
}

// ---- writing ----

// A text in double quotes, as YAML reads it.
static void mapping_write_text(struct sink *out, const char *text)
{
    sink_char(out, '"');
    for (const char *c = text; *c != 0; c++) {
        if (*c == '"' || *c == '\\') sink_char(out, '\\');
        if (*c == '\n') sink_text(out, "\\n");
        else if (*c == '\t') sink_text(out, "\\t");
        else if ((unsigned char)*c >= 0x20) sink_char(out, *c);
    }
    sink_char(out, '"');
}

static void mapping_write_known(struct sink *out, const char *name, const struct mapping_known *known)
{
    static const char *const words[KNOWN_RULE_COUNT] = {
        [KNOWN_SAME_DAY] = "same_day",
        [KNOWN_FROM_REPORTED] = "from_reported",
        [KNOWN_TO_REPORTED] = "to_reported",
        [KNOWN_BOTH_REPORTED] = "both_reported",
    };
    if (known->rule == KNOWN_DEFAULT) return;
    sink_printf(out, "    %s: ", name);
    if (known->rule != KNOWN_COLUMNS) {
        sink_printf(out, "%s\n", words[known->rule]);
        return;
    }
    sink_char(out, '[');
    for (int32_t i = 0; i < known->count; i++) {
        if (i > 0) sink_text(out, ", ");
        mapping_write_text(out, known->column[i]);
    }
    sink_text(out, "]\n");
}

static void mapping_write_words(struct sink *out, const struct mapping_field *f, const struct mapping_word *words,
                                size_t n)
{
    sink_printf(out, "    %s:\n", f->name);
    int32_t values = f->word_bytes == 1 ? 2 : f->canonical_count;
    for (int32_t v = 0; v < values; v++) {
        bool any = false;
        for (size_t i = 0; i < n; i++) {
            if (words[i].value != v) continue;
            const char *name = f->word_bytes == 1 ? (v == 1 ? "yes" : "no") : f->canonical[v].word;
            if (any) sink_text(out, ", ");
            else sink_printf(out, "      %s: [", name);
            mapping_write_text(out, words[i].text);
            any = true;
        }
        if (any) sink_text(out, "]\n");
    }
}

static void mapping_write_options(const struct mapping_table *t, struct sink *out)
{
    static const char *const orders[DATE_ORDER_COUNT] = {"auto", "dmy", "mdy"};
    if (t->encoding != ENCODING_AUTO) sink_printf(out, "  encoding: %s\n", encoding_name(t->encoding));
    if (t->delimiter != 0) {
        const char *name = t->delimiter == ','   ? "comma"
                           : t->delimiter == ';' ? "semicolon"
                           : t->delimiter == '|' ? "bar"
                                                 : "tab";
        sink_printf(out, "  delimiter: %s\n", name);
    }
    if (t->header_row != 0) sink_printf(out, "  header_row: %d\n", (int)t->header_row);
    if (t->order != DATE_ORDER_AUTO) sink_printf(out, "  dates: %s\n", orders[t->order]);
    if (t->fill_rows) sink_text(out, "  short_rows: fill\n");
    if (t->unknown_from) sink_text(out, "  unknown_from: keep\n");
    if (t->closed) sink_text(out, "  suggest: no\n");
    if (t->empty_count == 0) return;
    sink_text(out, "  empty: [");
    for (size_t i = 0; i < t->empty_count; i++) {
        if (i > 0) sink_text(out, ", ");
        mapping_write_text(out, t->empty[i]);
    }
    sink_text(out, "]\n");
}

static void mapping_write_table(line_table table, const struct mapping_table *t, struct sink *out)
{
    int32_t count = 0;
    const struct mapping_field *fields = mapping_fields(table, &count);
    sink_printf(out, "%s:\n", line_table_words[table].word);
    mapping_write_options(t, out);
    bool columns = t->numbered, known = t->known_row.rule != KNOWN_DEFAULT, words = false;
    for (int32_t f = 0; f < count; f++) {
        columns = columns || t->header[f] != NULL || t->always[f] != NULL;
        known = known || t->known[f].rule != KNOWN_DEFAULT;
        words = words || t->word_count[f] > 0;
    }
    if (columns) sink_text(out, "  columns:\n");
    for (int32_t f = 0; f < count && columns; f++) {
        bool numbered = t->numbered && fields[f].kind == FIELD_ID;
        if (t->header[f] == NULL && t->always[f] == NULL && !numbered) continue;
        sink_printf(out, "    %s: ", fields[f].name);
        if (t->header[f] != NULL) {
            mapping_write_text(out, t->header[f]);
        } else {
            sink_text(out, "{always: ");
            mapping_write_text(out, numbered ? "row_number" : t->always[f]);
            sink_char(out, '}');
        }
        sink_char(out, '\n');
    }
    if (known) sink_text(out, "  known:\n");
    mapping_write_known(out, "row", &t->known_row);
    for (int32_t f = 0; f < count; f++) mapping_write_known(out, fields[f].name, &t->known[f]);
    if (words) sink_text(out, "  words:\n");
    for (int32_t f = 0; f < count; f++)
        if (t->word_count[f] > 0) mapping_write_words(out, &fields[f], t->words[f], t->word_count[f]);
    if (!columns && !known && !words && !t->closed) sink_text(out, "  suggest: yes\n");
}

void mapping_write(const struct mapping *m, struct sink *out)
{
    sink_text(out, "mapping: ");
    mapping_write_text(out, m->name);
    sink_text(out, "\ntitle:\n  en: ");
    mapping_write_text(out, m->title.text[LANG_EN]);
    sink_text(out, "\n  zh: ");
    mapping_write_text(out, m->title.text[LANG_ZH]);
    sink_char(out, '\n');
    if (m->zone[0] != 0) sink_printf(out, "zone: %s\n", m->zone);
    char day[CIVIL_TEXT];
    civil_format(m->dates_from, day);
    sink_printf(out, "dates_from: %s\n", day);
    for (int32_t t = 0; t < LINE_TABLE_COUNT; t++)
        if (m->table[t].present) mapping_write_table((line_table)t, &m->table[t], out);
}
