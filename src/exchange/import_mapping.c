#include "exchange/import_mapping.h"

#include "protocol/yaml.h"

#include <assert.h>
#include <string.h>

const struct record_word import_table_words[IMPORT_TABLE_COUNT] = {
    [IMPORT_PLACES] = {"places", LABEL("places", "场所")},
    [IMPORT_PEOPLE] = {"people", LABEL("people", "人员")},
    [IMPORT_GATHERINGS] = {"gatherings", LABEL("gatherings", "聚集活动")},
    [IMPORT_CASES] = {"cases", LABEL("cases", "病例")},
    [IMPORT_CONTACTS] = {"contacts", LABEL("contacts", "密接")},
    [IMPORT_LINKS] = {"links", LABEL("links", "传播关系")},
    [IMPORT_FOLLOWUPS] = {"followups", LABEL("follow-ups", "随访")},
    [IMPORT_LABS] = {"labs", LABEL("laboratory results", "检测结果")},
    [IMPORT_FACTS] = {"facts", LABEL("facts", "记录")},
};

enum mapping_fault { M_NOT_MAP, M_KEY, M_VALUE, M_TABLE, M_FIELD, M_WORD, M_MANY, M_FAULT_COUNT };
static const struct message mapping_message[M_FAULT_COUNT] = {
    [M_NOT_MAP] = {"mapping-not-map", PROBLEM_ERROR,
                   LABEL("{1} must be a list of `name: value`", "{1} 应写成若干 名称: 值"),
                   LABEL("write one `name: value` on each line, indented alike", "每行写一个 名称: 值，缩进一致")},
    [M_KEY] = {"mapping-key-unknown", PROBLEM_ERROR, LABEL("there is no \"{1}\" here", "这里没有“{1}”这一项"),
               LABEL("possible are: {2}", "可用的有：{2}")},
    [M_VALUE] = {"mapping-value", PROBLEM_ERROR, LABEL("{1} cannot be \"{2}\"", "{1} 不能是“{2}”"),
                 LABEL("possible are: {3}", "可用的有：{3}")},
    [M_TABLE] =
        {"mapping-table-missing", PROBLEM_ERROR, LABEL("it does not say which table it is for", "没有写明用于哪张表"),
         LABEL(
             "begin with `import: cases` (places, people, gatherings, cases, contacts, links, followups, labs, facts)",
             "请以 import: cases 开头（可用 "
             "places、people、gatherings、cases、contacts、links、followups、labs、facts）")},
    [M_FIELD] = {"mapping-field-unknown", PROBLEM_ERROR, LABEL("\"{1}\" is no field of {2}", "“{1}”不是“{3}”表的字段"),
                 LABEL("did you mean \"{4}\"? `ignore` and `note` are possible too",
                       "是否为“{4}”？也可写 ignore（不导入）或 note（记入备注）")},
    [M_WORD] = {"mapping-word-unknown", PROBLEM_ERROR, LABEL("\"{1}\" is no value of {2}", "“{1}”不是 {2} 的取值"),
                LABEL("possible are: {3}", "可用的有：{3}")},
    [M_MANY] = {"mapping-too-many", PROBLEM_ERROR, LABEL("{1} has more than {2} entries", "{1} 超过 {2} 项"),
                LABEL("keep the ones that matter", "请只保留需要的")},
};

struct import_mapping import_mapping_none(void)
{
    return (struct import_mapping){.table = IMPORT_TABLE_COUNT, .name = "", .source = "", .zone = ""};
}

// ---- reading ----

struct mapping_in {
    struct arena *arena;
    struct problem_list *problems;
    struct import_mapping *out;
    struct import_fields *fields;
};

static void mapping_blame(struct mapping_in *in, const struct yaml_node *node, enum mapping_fault fault,
                          const char *one, const char *two, const char *three, const char *four)
{
    problem_add(in->problems, yaml_at(node, in->problems->arena), &mapping_message[fault], one, two, three, four);
}

static const char *const mapping_keys[] = {"import",         "name",      "source",     "zone",       "dates",
                                           "encoding",       "delimiter", "header_row", "short_rows", "unknown_columns",
                                           "unknown_source", "empty",     "columns",    "words"};

static const struct {
    const char *name;
    char sign;
} mapping_delimiters[] = {{"auto", 0}, {"comma", ','}, {"semicolon", ';'}, {"tab", '\t'}, {"bar", '|'}};

static bool mapping_scalar(struct mapping_in *in, const struct yaml_node *n)
{
    struct import_mapping *m = in->out;
    struct str text = yaml_text(n);
    const char *allowed = "";
    bool good = true;
    if (str_eq_z(n->key, "name")) m->name = text.p;
    else if (str_eq_z(n->key, "source")) m->source = text.p;
    else if (str_eq_z(n->key, "zone")) m->zone = text.p;
    else if (str_eq_z(n->key, "dates")) {
        allowed = "auto, dmy, mdy";
        good = str_eq_z(text, "auto") || date_order_parse(text, &m->order);
    } else if (str_eq_z(n->key, "encoding")) {
        allowed = "auto, utf-8, utf-16le, utf-16be, gb18030, windows-1252, latin-1";
        good = str_eq_z(text, "auto") || encoding_parse(text, &m->encoding);
    } else if (str_eq_z(n->key, "delimiter")) {
        allowed = "auto, comma, semicolon, tab, bar";
        good = false;
        for (size_t i = 0; i < sizeof mapping_delimiters / sizeof *mapping_delimiters; i++) {
            if (!str_eq_z(text, mapping_delimiters[i].name)) continue;
            m->delimiter = mapping_delimiters[i].sign;
            good = true;
        }
    } else if (str_eq_z(n->key, "header_row")) {
        int64_t row = 0;
        allowed = "1 ... 100";
        good = str_int(text, &row) && row >= 1 && row <= 100;
        if (good) m->header_row = (int32_t)row;
    } else if (str_eq_z(n->key, "short_rows")) {
        allowed = "fill, refuse";
        m->fill_rows = str_eq_z(text, "fill");
        good = m->fill_rows || str_eq_z(text, "refuse");
    } else if (str_eq_z(n->key, "unknown_columns")) {
        allowed = "note, report";
        m->keep_unknown = str_eq_z(text, "note");
        good = m->keep_unknown || str_eq_z(text, "report");
    } else if (str_eq_z(n->key, "unknown_source")) {
        allowed = "keep, refuse";
        m->keep_unsourced = str_eq_z(text, "keep");
        good = m->keep_unsourced || str_eq_z(text, "refuse");
    }
    if (!good) mapping_blame(in, n, M_VALUE, n->key.p, text.p == NULL ? "" : text.p, allowed, NULL);
    return good;
}

static tong_code mapping_columns(struct mapping_in *in, const struct yaml_node *node, struct err *err)
{
    struct import_mapping *m = in->out;
    if (node->kind != YAML_MAP) {
        mapping_blame(in, node, M_NOT_MAP, "columns", NULL, NULL, NULL);
        return TONG_OK;
    }
    if (node->count > IMPORT_COLUMNS_MAX) {
        mapping_blame(in, node, M_MANY, "columns", arena_printf(in->arena, "%d", IMPORT_COLUMNS_MAX), NULL, NULL);
        return TONG_OK;
    }
    m->said = arena_array(in->arena, node->count, sizeof *m->said);
    if (m->said == NULL) return tong_fail(err, TONG_E_NOMEM, "the columns of a mapping");
    for (const struct yaml_node *n = node->first; n != NULL; n = n->next) {
        struct str text = yaml_text(n);
        struct import_said said = {.header = n->key.p, .use = IMPORT_FIELD, .field = IMPORT_NO_FIELD};
        if (yaml_is_null(n) || str_eq_z(text, "ignore")) said.use = IMPORT_IGNORE;
        else if (str_eq_z(text, "note")) said.use = IMPORT_NOTE;
        else said.field = import_field_find(in->fields, text);
        if (said.use == IMPORT_FIELD && said.field == IMPORT_NO_FIELD) {
            size_t best = 4;
            const char *near = "ignore";
            for (int32_t f = 0; f < in->fields->count; f++) {
                size_t d = str_distance(text, str_z(in->fields->item[f].name), 3);
                if (d >= best) continue;
                best = d;
                near = in->fields->item[f].name;
            }
            const struct label *table = &import_table_words[m->table].label;
            mapping_blame(in, n, M_FIELD, text.p == NULL ? "" : text.p, table->text[LANG_EN], table->text[LANG_ZH],
                          near);
            continue;
        }
        m->said[m->said_count++] = said;
    }
    return TONG_OK;
}

// The value of one of our own words, or of one that is understood anyway.
static bool mapping_value(const struct import_field *field, struct str text, int32_t *value, struct arena *arena,
                          const char **all)
{
    const struct record_word *own = field->record != NULL ? field->record->words
                                    : field->line != NULL ? field->line->canonical
                                                          : NULL;
    int32_t count = field->record != NULL ? field->record->word_count
                    : field->line != NULL ? field->line->canonical_count
                                          : 0;
    *all = count == 0 ? "yes, no" : "";
    for (int32_t i = 0; i < count; i++) {
        if (str_eq_z(text, own[i].word)) {
            *value = i;
            return true;
        }
        *all = *all == NULL ? NULL : arena_printf(arena, "%s%s%s", *all, i == 0 ? "" : ", ", own[i].word);
    }
    return import_field_word(field, text, value);
}

static tong_code mapping_words(struct mapping_in *in, const struct yaml_node *node, struct err *err)
{
    struct import_mapping *m = in->out;
    size_t total = 0;
    for (const struct yaml_node *f = node->first; f != NULL; f = f->next) total += f->count;
    if (node->kind != YAML_MAP || total > IMPORT_WORDS_MAX) {
        mapping_blame(in, node, node->kind != YAML_MAP ? M_NOT_MAP : M_MANY, "words", "2000", NULL, NULL);
        return TONG_OK;
    }
    m->words = arena_array(in->arena, total, sizeof *m->words);
    if (m->words == NULL) return tong_fail(err, TONG_E_NOMEM, "the words of a mapping");
    for (const struct yaml_node *f = node->first; f != NULL; f = f->next) {
        int32_t field = import_field_find(in->fields, f->key);
        bool words = field != IMPORT_NO_FIELD &&
                     (in->fields->item[field].type == IMPORT_WORD || in->fields->item[field].type == IMPORT_YES);
        if (!words || f->kind != YAML_MAP) {
            mapping_blame(in, f, words ? M_NOT_MAP : M_KEY, f->key.p, "sex, class, outcome, status, result, kind", NULL,
                          NULL);
            continue;
        }
        for (const struct yaml_node *w = f->first; w != NULL; w = w->next) {
            struct import_word word = {.text = w->key.p, .field = field};
            const char *all = "";
            struct str text = yaml_text(w);
            if (mapping_value(&in->fields->item[field], text, &word.value, in->arena, &all))
                m->words[m->word_count++] = word;
            else mapping_blame(in, w, M_WORD, text.p == NULL ? "" : text.p, f->key.p, all, NULL);
        }
    }
    return TONG_OK;
}

static tong_code mapping_root(struct mapping_in *in, const struct yaml_node *root, struct err *err)
{
    struct import_mapping *m = in->out;
    const struct yaml_node *table = yaml_get(root, "import");
    struct str name = yaml_text(table);
    for (int32_t t = 0; t < IMPORT_TABLE_COUNT; t++)
        if (str_eq_z(name, import_table_words[t].word)) m->table = (import_table)t;
    if (root->kind != YAML_MAP || m->table == IMPORT_TABLE_COUNT) {
        mapping_blame(in, table == NULL ? root : table, root->kind != YAML_MAP ? M_NOT_MAP : M_TABLE, "mapping", NULL,
                      NULL, NULL);
        return TONG_OK;
    }
    import_fields_build(m->table, in->fields);
    for (const struct yaml_node *n = root->first; n != NULL; n = n->next) {
        size_t k = 0, count = sizeof mapping_keys / sizeof *mapping_keys;
        while (k < count && !str_eq_z(n->key, mapping_keys[k])) k++;
        tong_code code = TONG_OK;
        if (k == count) {
            mapping_blame(in, n, M_KEY, n->key.p,
                          "import, name, source, zone, dates, encoding, delimiter, header_row, short_rows, "
                          "unknown_columns, unknown_source, empty, columns, words",
                          NULL, NULL);
        } else if (str_eq_z(n->key, "columns")) code = mapping_columns(in, n, err);
        else if (str_eq_z(n->key, "words")) code = mapping_words(in, n, err);
        else if (str_eq_z(n->key, "empty")) {
            for (const struct yaml_node *e = yaml_each(n); e != NULL && m->empty_count < IMPORT_EMPTY_MAX;
                 e = yaml_each_next(n, e))
                m->empty[m->empty_count++] = yaml_text(e).p == NULL ? "" : yaml_text(e).p;
        } else (void)mapping_scalar(in, n);
        if (code != TONG_OK) return code;
    }
    return TONG_OK;
}

tong_code import_mapping_read(struct str text, const char *file, struct arena *arena, struct problem_list *problems,
                              struct import_mapping *out, struct err *err)
{
    size_t before = problems->errors;
    struct yaml_node *root = NULL;
    struct import_mapping m = import_mapping_none();
    struct import_fields *fields = arena_alloc(arena, sizeof *fields);
    const char *name = arena_copy(arena, file, strlen(file));
    if (fields == NULL || name == NULL) return tong_fail(err, TONG_E_NOMEM, "a mapping");
    tong_code code = yaml_read(name, text, arena, problems, &root);
    if (code == TONG_E_NOMEM) return tong_fail(err, code, "a mapping");
    if (code == TONG_OK) {
        struct mapping_in in = {arena, problems, &m, fields};
        code = mapping_root(&in, root, err);
        if (code != TONG_OK) return code;
    }
    if (problems->errors > before) return tong_fail(err, TONG_E_INVALID, "%s has faults", file);
    *out = m;
    return TONG_OK;
}

// ---- writing ----

static void mapping_quote(struct sink *out, struct str text)
{
    sink_char(out, '"');
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        if (c == '"' || c == '\\') sink_char(out, '\\');
        if (c == '\n') sink_text(out, "\\n");
        else if (c == '\t') sink_text(out, "\\t");
        else if ((unsigned char)c >= 0x20) sink_char(out, c);
    }
    sink_char(out, '"');
}

static const char *mapping_use_text(const struct import_fields *fields, import_use use, int32_t field)
{
    if (use == IMPORT_FIELD) return fields->item[field].name;
    return use == IMPORT_NOTE ? "note" : "ignore";
}

static void mapping_write_columns(const struct import_mapping *m, const struct import_fields *fields,
                                  const struct import_binding *b, struct sink *out)
{
    size_t n = b == NULL ? m->said_count : b->count, wrote = 0;
    for (size_t i = 0; i < n; i++) {
        struct str header = b == NULL ? str_z(m->said[i].header) : b->column[i].header;
        import_use use = b == NULL ? m->said[i].use : b->column[i].use;
        int32_t field = b == NULL ? m->said[i].field : b->column[i].field;
        bool seen = use == IMPORT_UNKNOWN || header.n == 0;
        for (size_t k = 0; k < i && !seen && b != NULL; k++) seen = str_eq(b->column[k].header, header);
        if (seen) continue;
        if (wrote++ == 0) sink_text(out, "columns:\n");
        sink_text(out, "  ");
        mapping_quote(out, header);
        sink_printf(out, ": %s\n", mapping_use_text(fields, use, field));
    }
}

static void mapping_write_words(const struct import_mapping *m, const struct import_fields *fields, struct sink *out)
{
    if (m->word_count > 0) sink_text(out, "words:\n");
    for (int32_t f = 0; f < fields->count; f++) {
        const struct import_field *field = &fields->item[f];
        const struct record_word *own = field->record != NULL ? field->record->words
                                        : field->line != NULL ? field->line->canonical
                                                              : NULL;
        bool any = false;
        for (size_t i = 0; i < m->word_count; i++) {
            if (m->words[i].field != f) continue;
            if (!any) sink_printf(out, "  %s:\n", field->name);
            any = true;
            sink_text(out, "    ");
            mapping_quote(out, str_z(m->words[i].text));
            bool yes_no = field->type == IMPORT_YES || own == NULL;
            sink_printf(out, ": %s\n", yes_no ? (m->words[i].value == 1 ? "yes" : "no") : own[m->words[i].value].word);
        }
    }
}

void import_mapping_write(const struct import_mapping *m, const struct import_fields *fields,
                          const struct import_binding *binding, struct sink *out)
{
    static const char *const orders[DATE_ORDER_COUNT] = {"auto", "dmy", "mdy"};
    sink_printf(out, "import: %s\n", import_table_words[fields->table].word);
    const struct {
        const char *key, *value;
    } texts[] = {{"name", m->name}, {"source", m->source}, {"zone", m->zone}};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        if (texts[i].value[0] == 0) continue;
        sink_printf(out, "%s: ", texts[i].key);
        mapping_quote(out, str_z(texts[i].value));
        sink_char(out, '\n');
    }
    if (m->order != DATE_ORDER_AUTO) sink_printf(out, "dates: %s\n", orders[m->order]);
    if (m->encoding != ENCODING_AUTO) sink_printf(out, "encoding: %s\n", encoding_name(m->encoding));
    for (size_t i = 1; i < sizeof mapping_delimiters / sizeof *mapping_delimiters; i++)
        if (m->delimiter == mapping_delimiters[i].sign) sink_printf(out, "delimiter: %s\n", mapping_delimiters[i].name);
    if (m->header_row != 0) sink_printf(out, "header_row: %d\n", (int)m->header_row);
    if (m->fill_rows) sink_text(out, "short_rows: fill\n");
    if (m->keep_unknown) sink_text(out, "unknown_columns: note\n");
    if (m->keep_unsourced) sink_text(out, "unknown_source: keep\n");
    if (m->empty_count > 0) sink_text(out, "empty: [");
    for (size_t i = 0; i < m->empty_count; i++) {
        if (i > 0) sink_text(out, ", ");
        mapping_quote(out, str_z(m->empty[i]));
    }
    if (m->empty_count > 0) sink_text(out, "]\n");
    mapping_write_columns(m, fields, binding, out);
    mapping_write_words(m, fields, out);
}
