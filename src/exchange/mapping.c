#include "exchange/mapping.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

enum mapping_fault {
    FAULT_YAML,
    FAULT_EMPTY,
    FAULT_NOT_MAP,
    FAULT_NOT_TEXT,
    FAULT_KEY,
    FAULT_KEY_FAR,
    FAULT_TWICE,
    FAULT_VALUE,
    FAULT_KNOWN,
    FAULT_MANY,
    FAULT_NOT_WORDS,
    FAULT_COUNT
};

static const struct message mapping_message[FAULT_COUNT] = {
    [FAULT_YAML] = {"mapping-yaml", PROBLEM_ERROR, LABEL("this is not YAML: {1}", "不是有效的 YAML：{1}"),
                    LABEL("mind the indentation and the colons; put text with special characters in quotation marks",
                          "请检查缩进和冒号；含特殊字符的文字请加引号")},
    [FAULT_EMPTY] = {"mapping-empty", PROBLEM_ERROR, LABEL("the mapping is empty", "映射文件是空的"),
                     LABEL("start from one of the files in mappings/", "可从 mappings/ 目录中的文件改起")},
    [FAULT_NOT_MAP] = {"mapping-not-map", PROBLEM_ERROR,
                       LABEL("{1} must be a list of `name: value`", "{1} 应写成若干 名称: 值"),
                       LABEL("write one `name: value` on each line, indented alike", "每行写一个 名称: 值，缩进一致")},
    [FAULT_NOT_TEXT] = {"mapping-not-text", PROBLEM_ERROR, LABEL("{1} must be a single text", "{1} 应为一个文字值"),
                        LABEL("write it on the same line, after the colon", "请写在冒号之后同一行")},
    [FAULT_KEY] = {"mapping-key-unknown", PROBLEM_ERROR, LABEL("there is no \"{1}\" here", "这里没有“{1}”这一项"),
                   LABEL("did you mean \"{2}\"?", "是否为“{2}”？")},
    [FAULT_KEY_FAR] = {"mapping-key-unknown", PROBLEM_ERROR, LABEL("there is no \"{1}\" here", "这里没有“{1}”这一项"),
                       LABEL("possible are: {2}", "可用的有：{2}")},
    [FAULT_TWICE] = {"mapping-key-twice", PROBLEM_ERROR, LABEL("\"{1}\" stands here twice", "“{1}”写了两次"),
                     LABEL("keep one of them", "请只保留一个")},
    [FAULT_VALUE] = {"mapping-value", PROBLEM_ERROR, LABEL("{1} cannot be \"{2}\"", "{1} 不能是“{2}”"),
                     LABEL("possible are: {3}", "可用的有：{3}")},
    [FAULT_KNOWN] = {"mapping-known-links", PROBLEM_ERROR,
                     LABEL("\"{1}\" has a meaning for links only", "“{1}”只能用于传播关系（links）"),
                     LABEL("name the column that says when it became known, or same_day",
                           "请写说明何时获知的列名，或 same_day")},
    [FAULT_MANY] = {"mapping-too-many", PROBLEM_ERROR, LABEL("{1} has more than {2} entries", "{1} 超过 {2} 项"),
                    LABEL("keep the ones that matter", "请只保留需要的")},
    [FAULT_NOT_WORDS] = {"mapping-no-words", PROBLEM_ERROR,
                         LABEL("{1} has no words to translate", "{1} 没有可翻译的取值"),
                         LABEL("words belong to fields such as sex, class, outcome, status, result",
                               "取值翻译用于 sex、class、outcome、status、result 等字段")},
};

struct mapping_reader {
    yaml_document_t *doc;
    const char *file;
    struct arena *arena;
    struct problem_list *problems;
    struct mapping *out;
    line_table table; // whose section is being read
    int32_t field;    // whose words are being read
    const char *path; // of it, for messages
};

static void mapping_blame(struct mapping_reader *r, const yaml_node_t *node, enum mapping_fault fault, const char *one,
                          const char *two, const char *three)
{
    struct problem_at at = {r->file, (int64_t)node->start_mark.line + 1, (int64_t)node->start_mark.column + 1, r->path};
    problem_add(r->problems, at, &mapping_message[fault], one, two, three, NULL);
}

// The text of a scalar, copied; NULL with a problem when the node is something else.
static const char *mapping_scalar(struct mapping_reader *r, const yaml_node_t *node, const char *what)
{
    if (node->type != YAML_SCALAR_NODE) {
        mapping_blame(r, node, FAULT_NOT_TEXT, what, NULL, NULL);
        return NULL;
    }
    struct str text = str_trim((struct str){(const char *)node->data.scalar.value, node->data.scalar.length});
    const char *copy = arena_copy(r->arena, text.p, text.n);
    return copy == NULL ? "" : copy;
}

static yaml_node_t *mapping_node(struct mapping_reader *r, int index)
{
    yaml_node_t *node = yaml_document_get_node(r->doc, index);
    assert(node != NULL);
    return node;
}

// ---- keys against a table of names ----

typedef const char *(*mapping_namer)(const struct mapping_reader *r, int32_t index); // NULL past the last

// Which of the names a key is, -1 with a problem when none.
static int32_t mapping_key(struct mapping_reader *r, const yaml_node_t *node, mapping_namer name)
{
    const char *key = mapping_scalar(r, node, "key");
    if (key == NULL) return -1;
    char all[400] = "";
    size_t n = 0, best_distance = 3;
    const char *best = NULL;
    for (int32_t i = 0; name(r, i) != NULL; i++) {
        if (strcmp(key, name(r, i)) == 0) return i;
        size_t d = str_distance(str_z(key), str_z(name(r, i)), 2);
        if (d < best_distance) {
            best_distance = d;
            best = name(r, i);
        }
        int wrote = snprintf(all + n, sizeof all - n, "%s%s", i == 0 ? "" : ", ", name(r, i));
        if (wrote > 0 && (size_t)wrote < sizeof all - n) n += (size_t)wrote;
        else all[n] = 0;
    }
    mapping_blame(r, node, best != NULL ? FAULT_KEY : FAULT_KEY_FAR, key, best != NULL ? best : all, NULL);
    return -1;
}

typedef void (*mapping_taker)(struct mapping_reader *r, int32_t index, const yaml_node_t *value);

// Every `name: value` of a map, names checked and no name twice.
static void mapping_each(struct mapping_reader *r, const yaml_node_t *node, const char *what, mapping_namer name,
                         mapping_taker take)
{
    if (node->type != YAML_MAPPING_NODE) {
        mapping_blame(r, node, FAULT_NOT_MAP, what, NULL, NULL);
        return;
    }
    uint64_t seen = 0;
    for (yaml_node_pair_t *p = node->data.mapping.pairs.start; p < node->data.mapping.pairs.top; p++) {
        yaml_node_t *key = mapping_node(r, p->key);
        int32_t i = mapping_key(r, key, name);
        if (i < 0) continue;
        assert(i < 64);
        if ((seen >> i & 1) != 0) mapping_blame(r, key, FAULT_TWICE, name(r, i), NULL, NULL);
        else take(r, i, mapping_node(r, p->value));
        seen |= (uint64_t)1 << i;
    }
}

static const char *mapping_field_name(const struct mapping_reader *r, int32_t index)
{
    int32_t count = 0;
    const struct mapping_field *fields = mapping_fields(r->table, &count);
    return index < count ? fields[index].name : NULL;
}

static struct mapping_table *mapping_section(struct mapping_reader *r)
{
    return &r->out->table[r->table];
}

// The words of an enumeration, for messages.
static const char *mapping_canonical(struct mapping_reader *r, const struct mapping_field *f)
{
    const char *all = "";
    for (int32_t i = 0; i < f->canonical_count && all != NULL; i++)
        all = arena_printf(r->arena, "%s%s%s", all, i == 0 ? "" : ", ", f->canonical[i].word);
    return all;
}

// ---- columns ----

static const char *mapping_always_name(const struct mapping_reader *r, int32_t index)
{
    (void)r;
    return index == 0 ? "always" : NULL;
}

static void mapping_take_column(struct mapping_reader *r, int32_t field, const yaml_node_t *value)
{
    struct mapping_table *t = mapping_section(r);
    if (value->type == YAML_SCALAR_NODE) {
        t->header[field] = mapping_scalar(r, value, mapping_field_name(r, field));
        return;
    }
    bool one = value->type == YAML_MAPPING_NODE && value->data.mapping.pairs.top - value->data.mapping.pairs.start == 1;
    if (!one) {
        mapping_blame(r, value, FAULT_NOT_TEXT, mapping_field_name(r, field), NULL, NULL);
        return;
    }
    const yaml_node_pair_t *p = value->data.mapping.pairs.start;
    if (mapping_key(r, mapping_node(r, p->key), mapping_always_name) < 0) return;
    yaml_node_t *constant = mapping_node(r, p->value);
    const char *text = mapping_scalar(r, constant, "always");
    if (text == NULL) return;
    int32_t count = 0;
    const struct mapping_field *f = &mapping_fields(r->table, &count)[field];
    int32_t word = 0;
    if (f->kind == FIELD_ID && strcmp(text, "row_number") == 0) t->numbered = true;
    else if (f->kind == FIELD_ID || f->kind == FIELD_DATE)
        mapping_blame(r, constant, FAULT_VALUE, f->name, text, f->kind == FIELD_ID ? "row_number" : "(column)");
    else if (f->kind == FIELD_WORD && !mapping_word_known(f, str_z(text), &word))
        mapping_blame(r, constant, FAULT_VALUE, f->name, text,
                      f->word_bytes == 1 ? "yes, no" : mapping_canonical(r, f));
    else t->always[field] = text;
}

// ---- words ----

static const char *mapping_word_name(const struct mapping_reader *r, int32_t index)
{
    static const char *const yes_no[] = {"no", "yes", NULL};
    int32_t count = 0;
    const struct mapping_field *f = &mapping_fields(r->table, &count)[r->field];
    if (f->word_bytes == 1) return yes_no[index];
    return index < f->canonical_count ? f->canonical[index].word : NULL;
}

static void mapping_add_word(struct mapping_reader *r, const yaml_node_t *node, int32_t value)
{
    struct mapping_table *t = mapping_section(r);
    const char *text = mapping_scalar(r, node, mapping_field_name(r, r->field));
    if (text == NULL) return;
    size_t n = t->word_count[r->field], cap = n; // few: moved at each addition
    struct mapping_word *words = arena_grow(r->arena, t->words[r->field], n, &cap, sizeof *words);
    if (words == NULL) return;
    words[n] = (struct mapping_word){text, value};
    t->words[r->field] = words;
    t->word_count[r->field] = n + 1;
}

// "female: [F, weiblich]" or "female: F"
static void mapping_take_word(struct mapping_reader *r, int32_t value, const yaml_node_t *node)
{
    if (node->type != YAML_SEQUENCE_NODE) {
        mapping_add_word(r, node, value);
        return;
    }
    for (yaml_node_item_t *i = node->data.sequence.items.start; i < node->data.sequence.items.top; i++)
        mapping_add_word(r, mapping_node(r, *i), value);
}

static void mapping_take_words(struct mapping_reader *r, int32_t field, const yaml_node_t *node)
{
    int32_t count = 0;
    const struct mapping_field *f = &mapping_fields(r->table, &count)[field];
    if (f->kind != FIELD_WORD) {
        mapping_blame(r, node, FAULT_NOT_WORDS, f->name, NULL, NULL);
        return;
    }
    r->field = field;
    mapping_each(r, node, f->name, mapping_word_name, mapping_take_word);
}

// ---- when a fact became known ----

static const struct {
    const char *word;
    known_rule rule;
    bool links_only;
} mapping_known_words[] = {
    {"same_day", KNOWN_SAME_DAY, false},
    {"from_reported", KNOWN_FROM_REPORTED, true},
    {"to_reported", KNOWN_TO_REPORTED, true},
    {"both_reported", KNOWN_BOTH_REPORTED, true},
};
enum { MAPPING_KNOWN_WORDS = sizeof mapping_known_words / sizeof *mapping_known_words };

static void mapping_known_column(struct mapping_reader *r, const yaml_node_t *node, struct mapping_known *known)
{
    const char *text = mapping_scalar(r, node, "known");
    if (text == NULL) return;
    if (known->count == MAPPING_KNOWN_MAX) {
        mapping_blame(r, node, FAULT_MANY, "known", "4", NULL);
        return;
    }
    known->rule = KNOWN_COLUMNS;
    known->column[known->count++] = text;
}

static void mapping_known_value(struct mapping_reader *r, const yaml_node_t *node, struct mapping_known *known)
{
    if (node->type == YAML_SEQUENCE_NODE) {
        for (yaml_node_item_t *i = node->data.sequence.items.start; i < node->data.sequence.items.top; i++)
            mapping_known_column(r, mapping_node(r, *i), known);
        return;
    }
    const char *text = mapping_scalar(r, node, "known");
    for (size_t i = 0; text != NULL && i < MAPPING_KNOWN_WORDS; i++) {
        if (strcmp(text, mapping_known_words[i].word) != 0) continue;
        known->rule = mapping_known_words[i].rule;
        if (mapping_known_words[i].links_only && r->table != LINE_TABLE_LINKS)
            mapping_blame(r, node, FAULT_KNOWN, text, NULL, NULL);
        return;
    }
    if (text != NULL) mapping_known_column(r, node, known);
}

// Keys of `known:`: row, and for cases each date.
static const char *mapping_known_name(const struct mapping_reader *r, int32_t index)
{
    if (index == 0) return "row";
    int32_t count = 0, seen = 0;
    const struct mapping_field *fields = mapping_fields(r->table, &count);
    for (int32_t i = 0; i < count; i++)
        if (fields[i].known_offset != 0 && ++seen == index) return fields[i].name;
    return NULL;
}

static void mapping_take_known_of(struct mapping_reader *r, int32_t index, const yaml_node_t *node)
{
    struct mapping_table *t = mapping_section(r);
    int32_t field = index == 0 ? -1 : mapping_field_find(r->table, str_z(mapping_known_name(r, index)));
    mapping_known_value(r, node, index == 0 ? &t->known_row : &t->known[field]);
}

// ---- one table ----

enum table_key {
    KEY_COLUMNS,
    KEY_KNOWN,
    KEY_WORDS,
    KEY_DATES,
    KEY_ENCODING,
    KEY_DELIMITER,
    KEY_HEADER_ROW,
    KEY_EMPTY,
    KEY_SHORT_ROWS,
    KEY_UNKNOWN_FROM,
    KEY_SUGGEST,
    KEY_COUNT
};
static const char *const table_keys[KEY_COUNT + 1] = {
    "columns",    "known", "words",      "dates",        "encoding", "delimiter",
    "header_row", "empty", "short_rows", "unknown_from", "suggest",  NULL,
};

static const char *mapping_table_key(const struct mapping_reader *r, int32_t index)
{
    (void)r;
    return table_keys[index];
}

// Index of a scalar among the words of `allowed` ("a, b, c"), -1 with a problem.
static int32_t mapping_choice(struct mapping_reader *r, const yaml_node_t *node, const char *what, const char *allowed)
{
    const char *text = mapping_scalar(r, node, what);
    if (text == NULL) return -1;
    struct str rest = str_z(allowed), part;
    for (int32_t i = 0; str_cut(&rest, ',', &part); i++)
        if (str_eq_z(str_trim(part), text)) return i;
    mapping_blame(r, node, FAULT_VALUE, what, text, allowed);
    return -1;
}

static void mapping_take_empty(struct mapping_reader *r, const yaml_node_t *node, struct mapping_table *t)
{
    bool many = node->type == YAML_SEQUENCE_NODE;
    size_t n = many ? (size_t)(node->data.sequence.items.top - node->data.sequence.items.start) : 1;
    if (n > MAPPING_EMPTY_MAX) {
        mapping_blame(r, node, FAULT_MANY, "empty", "32", NULL);
        return;
    }
    for (size_t i = 0; i < n; i++) {
        const yaml_node_t *item = many ? mapping_node(r, node->data.sequence.items.start[i]) : node;
        const char *text = mapping_scalar(r, item, "empty");
        if (text != NULL && text[0] != 0) t->empty[t->empty_count++] = text;
    }
}

static void mapping_take_encoding(struct mapping_reader *r, const yaml_node_t *node, struct mapping_table *t)
{
    const char *text = mapping_scalar(r, node, "encoding");
    if (text != NULL && !encoding_parse(str_z(text), &t->encoding))
        mapping_blame(r, node, FAULT_VALUE, "encoding", text,
                      "auto, utf-8, utf-16le, utf-16be, gb18030, windows-1252, latin-1");
}

static void mapping_take_header_row(struct mapping_reader *r, const yaml_node_t *node, struct mapping_table *t)
{
    int64_t row = 0;
    const char *text = mapping_scalar(r, node, "header_row");
    if (text == NULL) return;
    if (str_int(str_z(text), &row) && row >= 1 && row <= 100) t->header_row = (int32_t)row;
    else mapping_blame(r, node, FAULT_VALUE, "header_row", text, "1 ... 100");
}

static void mapping_take_table_key(struct mapping_reader *r, int32_t index, const yaml_node_t *node)
{
    static const char delimiters[] = {0, ',', ';', '\t', '|'};
    struct mapping_table *t = mapping_section(r);
    int32_t choice = 0;
    switch ((enum table_key)index) {
    case KEY_COLUMNS: mapping_each(r, node, "columns", mapping_field_name, mapping_take_column); return;
    case KEY_WORDS: mapping_each(r, node, "words", mapping_field_name, mapping_take_words); return;
    case KEY_KNOWN:
        if (node->type == YAML_MAPPING_NODE) mapping_each(r, node, "known", mapping_known_name, mapping_take_known_of);
        else mapping_known_value(r, node, &t->known_row);
        return;
    case KEY_DATES:
        choice = mapping_choice(r, node, "dates", "auto, dmy, mdy");
        if (choice >= 0) t->order = (date_order)choice;
        return;
    case KEY_ENCODING: mapping_take_encoding(r, node, t); return;
    case KEY_DELIMITER:
        choice = mapping_choice(r, node, "delimiter", "auto, comma, semicolon, tab, bar");
        if (choice >= 0) t->delimiter = delimiters[choice];
        return;
    case KEY_HEADER_ROW: mapping_take_header_row(r, node, t); return;
    case KEY_EMPTY: mapping_take_empty(r, node, t); return;
    case KEY_SHORT_ROWS: t->fill_rows = mapping_choice(r, node, "short_rows", "error, fill") == 1; return;
    case KEY_UNKNOWN_FROM: t->unknown_from = mapping_choice(r, node, "unknown_from", "error, keep") == 1; return;
    case KEY_SUGGEST: t->closed = mapping_choice(r, node, "suggest", "yes, no") == 1; return;
    case KEY_COUNT: break;
    }
    assert(index < KEY_COUNT);
}

// ---- the whole file ----

enum { TOP_NAME, TOP_TITLE, TOP_ZONE, TOP_DATES_FROM, TOP_TABLES };

static const char *mapping_top_key(const struct mapping_reader *r, int32_t index)
{
    static const char *const keys[] = {"mapping", "title", "zone", "dates_from"};
    (void)r;
    if (index < TOP_TABLES) return keys[index];
    return index - TOP_TABLES < LINE_TABLE_COUNT ? line_table_words[index - TOP_TABLES].word : NULL;
}

static const char *mapping_title_key(const struct mapping_reader *r, int32_t index)
{
    static const char *const keys[LANG_COUNT + 1] = {"en", "zh", NULL};
    (void)r;
    return keys[index];
}

static void mapping_take_title(struct mapping_reader *r, int32_t language, const yaml_node_t *node)
{
    const char *text = mapping_scalar(r, node, "title");
    if (text != NULL) r->out->title.text[language] = text;
}

static void mapping_take_top(struct mapping_reader *r, int32_t index, const yaml_node_t *node)
{
    if (index >= TOP_TABLES) {
        r->table = (line_table)(index - TOP_TABLES);
        r->path = line_table_words[r->table].word;
        r->out->table[r->table].present = true;
        mapping_each(r, node, r->path, mapping_table_key, mapping_take_table_key);
        r->path = NULL;
        return;
    }
    if (index == TOP_TITLE) {
        mapping_each(r, node, "title", mapping_title_key, mapping_take_title);
        return;
    }
    const char *text = mapping_scalar(r, node, mapping_top_key(r, index));
    if (text == NULL) return;
    if (index == TOP_NAME) r->out->name = text;
    if (index == TOP_DATES_FROM && !civil_parse(str_z(text), &r->out->dates_from))
        mapping_blame(r, node, FAULT_VALUE, "dates_from", text, "1861-01-01");
    struct zone zone;
    if (index == TOP_ZONE && zone_load(str_z(text), &zone, NULL) != TONG_OK)
        mapping_blame(r, node, FAULT_VALUE, "zone", text, "Asia/Shanghai, Africa/Freetown, UTC, UTC+8 ...");
    if (index == TOP_ZONE) r->out->zone = text;
}

void mapping_init(struct mapping *out)
{
    *out = (struct mapping){.name = "", .title = LABEL("", ""), .zone = ""};
    bool exists = civil_from_date((struct civil_date){1900, 1, 1}, &out->dates_from);
    assert(exists);
}

tong_code mapping_read(struct str text, const char *file, struct arena *arena, struct problem_list *problems,
                       struct mapping *out, struct err *err)
{
    if (text.n > MAPPING_FILE_BYTES_MAX)
        return tong_fail(err, TONG_E_LIMIT, "%s is larger than %d bytes", file, MAPPING_FILE_BYTES_MAX);
    yaml_parser_t parser;
    yaml_document_t doc;
    if (yaml_parser_initialize(&parser) == 0) return tong_fail(err, TONG_E_NOMEM, "no memory to read %s", file);
    yaml_parser_set_input_string(&parser, (const unsigned char *)text.p, text.n);
    size_t errors_before = problems->errors;
    struct mapping made;
    mapping_init(&made);
    if (yaml_parser_load(&parser, &doc) == 0) {
        const char *what = parser.problem == NULL ? "?" : parser.problem;
        struct problem_at at = {file, (int64_t)parser.problem_mark.line + 1, (int64_t)parser.problem_mark.column + 1,
                                NULL};
        problem_add(problems, at, &mapping_message[FAULT_YAML], what, NULL, NULL, NULL);
    } else {
        struct mapping_reader r = {.doc = &doc, .file = file, .arena = arena, .problems = problems, .out = &made};
        const yaml_node_t *root = yaml_document_get_root_node(&doc);
        if (root == NULL)
            problem_add(problems, (struct problem_at){file, 0, 0, NULL}, &mapping_message[FAULT_EMPTY], NULL, NULL,
                        NULL, NULL);
        else mapping_each(&r, root, "mapping", mapping_top_key, mapping_take_top);
        yaml_document_delete(&doc);
    }
    yaml_parser_delete(&parser);
    if (problems->errors != errors_before) return tong_fail(err, TONG_E_INVALID, "%s has errors", file);
    *out = made;
    return TONG_OK;
}

tong_code mapping_read_path(const char *path, struct arena *arena, struct problem_list *problems, struct mapping *out,
                            struct err *err)
{
    FILE *f = fopen(path, "rb");
    if (f == NULL)
        return tong_fail(err, errno == ENOENT ? TONG_E_NOT_FOUND : TONG_E_IO, "%s: %s", path, strerror(errno));
    char *text = arena_alloc(arena, MAPPING_FILE_BYTES_MAX + 1);
    size_t n = text == NULL ? 0 : fread(text, 1, MAPPING_FILE_BYTES_MAX + 1, f);
    bool failed = ferror(f) != 0;
    (void)fclose(f);
    if (text == NULL) return tong_fail(err, TONG_E_NOMEM, "no memory to read %s", path);
    if (failed) return tong_fail(err, TONG_E_IO, "%s: %s", path, strerror(errno));
    return mapping_read((struct str){text, n}, path, arena, problems, out, err);
}
