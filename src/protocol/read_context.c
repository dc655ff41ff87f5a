#include "protocol/read_context.h"

#include <assert.h>
#include <string.h>

// ---- faults ----

void read_fault(struct reader *r, const struct yaml_node *at, const struct message *m, const char *arg1,
                const char *arg2)
{
    problem_add(r->problems, yaml_at(at, &r->scratch), m, arg1, arg2, NULL, NULL);
}

void read_fault_key(struct reader *r, const struct yaml_node *at, const struct message *m, const char *arg1,
                    const char *arg2)
{
    problem_add(r->problems, yaml_at_key(at, &r->scratch), m, arg1, arg2, NULL, NULL);
}

// Stems of words for what no rule may depend on. A word of the file is split at _ and -; each part is compared with the
// beginnings below (so that "trace" is not "race"). Chinese stems are looked for anywhere.
static const struct {
    const struct message *message;
    const char *stem[16];
} read_forbidden[] = {
    {&read_fault_forbidden_ethnicity,
     {"ethnic", "race", "racial", "nationality", "minorit", "tribe", "caste", "hukou", "birthplace", "民族", "种族",
      "族裔", "籍贯", "户籍"}},
    {&read_fault_forbidden_faith,
     {"faith", "religio", "belief", "church", "mosque", "muslim", "christian", "buddhis", "宗教", "信仰", "信教",
      "教徒"}},
    {&read_fault_forbidden_petition,
     {"petition", "complain", "protest", "activis", "dissent", "grievance", "上访", "信访", "投诉", "维权", "抗议"}},
    {&read_fault_forbidden_finances,
     {"financ", "income", "debt", "loan", "bank", "deposit", "credit", "wealth", "poverty", "savings", "收入", "债务",
      "贷款", "存款", "储户", "财产"}},
};

static bool read_has_stem(struct str word, const char *stem)
{
    size_t n = strlen(stem);
    bool ascii = (unsigned char)stem[0] < 0x80;
    for (size_t i = 0; i + n <= word.n; i++) {
        bool begins = i == 0 || word.p[i - 1] == '_' || word.p[i - 1] == '-' || word.p[i - 1] == ' ';
        if ((begins || !ascii) && str_eq_nocase((struct str){word.p + i, n}, (struct str){stem, n})) return true;
    }
    return false;
}

static const struct message *read_forbidden_by(struct str word)
{
    for (size_t i = 0; i < sizeof read_forbidden / sizeof read_forbidden[0]; i++)
        for (size_t k = 0; k < 16 && read_forbidden[i].stem[k] != NULL; k++)
            if (read_has_stem(word, read_forbidden[i].stem[k])) return read_forbidden[i].message;
    return NULL;
}

bool read_fault_forbidden(struct reader *r, const struct yaml_node *at, struct str word)
{
    const struct message *m = read_forbidden_by(word);
    if (m != NULL) read_fault_key(r, at, m, read_z(r, word), NULL);
    return m != NULL;
}

void read_fault_word(struct reader *r, const struct yaml_node *at, word_list list, struct str word)
{
    if (read_fault_forbidden(r, at, word)) return;
    const char *near = words_near(list, word);
    read_fault(r, at, read_fault_of_word(list, near != NULL), read_z(r, word), near);
}

// ---- texts ----

const char *read_copy(struct reader *r, struct str text)
{
    const char *copy = arena_copy(&r->p.arena, text.p, text.n);
    if (copy == NULL) r->starved = true;
    return copy == NULL ? "" : copy;
}

const char *read_z(struct reader *r, struct str text)
{
    const char *copy = arena_copy(&r->scratch, text.p, text.n);
    if (copy == NULL) r->starved = true;
    return copy == NULL ? "" : copy;
}

struct origin read_origin(struct reader *r, const struct yaml_node *node)
{
    const char *path = yaml_path(node, &r->p.arena);
    if (path == NULL) r->starved = true;
    struct origin o = {.path = path == NULL ? "" : path, .line = node->key_line, .column = node->key_column};
    // All nodes of a file share one pointer, so its copy is looked for among the figures' and made once.
    for (size_t i = 0; i < READ_EXTENDS_MAX + 1; i++) {
        if (r->file_from[i] == node->file) o.file = r->file_to[i];
        if (o.file != NULL) return o;
        if (r->file_from[i] != NULL) continue;
        r->file_from[i] = node->file;
        r->file_to[i] = o.file = read_copy(r, str_z(node->file));
        return o;
    }
    o.file = read_copy(r, str_z(node->file));
    return o;
}

struct str read_plain(struct reader *r, const struct yaml_node *node)
{
    if (node != NULL && node->kind != YAML_TEXT) read_fault(r, node, &read_fault_not_text, NULL, NULL);
    return yaml_text(node);
}

bool read_name_good(struct reader *r, const struct yaml_node *member)
{
    bool good = member->key.n > 0 && member->key.n <= READ_NAME_MAX;
    for (size_t i = 0; i < member->key.n && good; i++) {
        char c = member->key.p[i];
        good = (unsigned char)c >= 0x80 || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
               c == '_' || c == '-';
    }
    if (!good) read_fault_key(r, member, &read_fault_name_bad, member->key.p, NULL);
    return good;
}

// In {en: first, second, zh: ...} YAML takes the comma for the end of the text and `second` for a key without a value;
// what was meant is plain, so it is joined again.
static const char *read_label_text(struct reader *r, const struct yaml_node *map, const char *language, size_t *used)
{
    const struct yaml_node *n = yaml_get(map, language);
    const char *text = read_copy(r, yaml_text(n));
    *used += n != NULL;
    if (n == NULL || !map->flow || text[0] == 0) return text;
    for (size_t most = *used + YAML_PIECES_MAX; n->next != NULL && *used < most; (*used)++) {
        n = n->next;
        if (n->kind != YAML_TEXT || n->quoted || n->text.n != 0) return text;
        text = arena_printf(&r->p.arena, "%s, %.*s", text, STR_ARG(n->key));
        if (text == NULL) {
            r->starved = true;
            return "";
        }
    }
    return text;
}

bool read_label(struct reader *r, const struct yaml_node *node, struct label *out)
{
    size_t used = 0;
    const char *en = read_label_text(r, node, "en", &used), *zh = read_label_text(r, node, "zh", &used);
    if (node->kind != YAML_MAP || en[0] == 0 || zh[0] == 0 || node->count != used) {
        if (!r->starved) read_fault(r, node, &read_fault_label_bad, NULL, NULL);
        return false;
    }
    *out = (struct label){{[LANG_EN] = en, [LANG_ZH] = zh}};
    return true;
}

bool read_label_or_text(struct reader *r, const struct yaml_node *node, struct label *out)
{
    if (node->kind != YAML_TEXT) return read_label(r, node, out);
    const char *text = read_copy(r, yaml_text(node));
    *out = (struct label){{[LANG_EN] = text, [LANG_ZH] = text}};
    return true;
}

static const struct {
    const char *word;
    struct label label;
} read_records[] = {
    {"symptoms", LABEL("symptoms", "症状")},        {"temperature", LABEL("temperature", "体温")},
    {"oxygen", LABEL("oxygen saturation", "血氧")}, {"antigen", LABEL("antigen result", "抗原结果")},
    {"lesions", LABEL("lesions", "皮损")},          {"medicine", LABEL("medicine taken", "用药")},
    {"needs", LABEL("needs", "生活需求")},          {"mood", LABEL("state of mind", "心理状态")},
    {"stool", LABEL("stool", "排便情况")},          {"larvae", LABEL("larval index", "幼虫指数")},
};

static int32_t read_record_word(struct str word)
{
    for (size_t i = 0; i < sizeof read_records / sizeof read_records[0]; i++)
        if (str_eq_z(word, read_records[i].word)) return (int32_t)i;
    return WORD_UNKNOWN;
}

bool read_record(struct reader *r, const struct yaml_node *node, struct label *out)
{
    if (node->kind == YAML_MAP) return read_label(r, node, out);
    const char *en = "", *zh = "";
    for (const struct yaml_node *n = yaml_each(node); n != NULL; n = yaml_each_next(node, n)) {
        struct str word = read_plain(r, n);
        int32_t i = read_record_word(word);
        if (i == WORD_UNKNOWN) {
            const char *all = "";
            for (size_t k = 0; k < sizeof read_records / sizeof read_records[0] && all != NULL; k++)
                all = arena_printf(&r->scratch, "%s%s%s", all, k == 0 ? "" : ", ", read_records[k].word);
            read_fault(r, n, &read_fault_record_unknown, read_z(r, word), all);
            return false;
        }
        const struct label *l = &read_records[i].label;
        en = arena_printf(&r->p.arena, "%s%s%s", en, en[0] == 0 ? "" : ", ", l->text[LANG_EN]);
        zh = arena_printf(&r->p.arena, "%s%s%s", zh, zh[0] == 0 ? "" : "、", l->text[LANG_ZH]);
        if (en == NULL || zh == NULL) {
            r->starved = true;
            return false;
        }
    }
    *out = (struct label){{[LANG_EN] = en, [LANG_ZH] = zh}};
    return true;
}

bool read_yes(struct reader *r, const struct yaml_node *node)
{
    if (node == NULL || yaml_text_is(node, "no")) return false;
    if (yaml_text_is(node, "yes")) return true;
    struct str text = read_plain(r, node);
    if (node->kind == YAML_TEXT) read_fault(r, node, &read_fault_yes_no, read_z(r, text), NULL);
    return false;
}

bool read_day(struct reader *r, const struct yaml_node *node, civil_day *out)
{
    struct str text = read_plain(r, node);
    if (node->kind != YAML_TEXT) return false;
    if (civil_parse(text, out)) return true;
    read_fault(r, node, &read_fault_day_bad, read_z(r, text), NULL);
    return false;
}

// ---- mappings ----

bool read_is_map(struct reader *r, const struct yaml_node *node)
{
    if (node->kind == YAML_MAP) return true;
    read_fault_key(r, node, &read_fault_not_map, NULL, NULL);
    return false;
}

// The best of blank-separated words for one that is none of them, within two slips.
static struct str read_near(struct str words, struct str word)
{
    enum { SLIPS = 2 };
    struct str best = {NULL, 0}, part;
    size_t least = SLIPS + 1;
    while (str_cut(&words, ' ', &part)) {
        size_t d = str_distance(word, part, SLIPS);
        if (d >= least) continue;
        least = d;
        best = part;
    }
    return best;
}

void read_keys(struct reader *r, const struct yaml_node *map, const char *keys)
{
    for (const struct yaml_node *n = map->first; n != NULL; n = n->next) {
        struct str rest = str_z(keys), key;
        bool known = str_eq_z(n->key, "source");
        while (!known && str_cut(&rest, ' ', &key)) known = str_eq(n->key, key);
        if (known || read_fault_forbidden(r, n, n->key)) continue;
        struct str near = read_near(str_z(keys), n->key);
        if (near.p != NULL) read_fault_key(r, n, &read_fault_key_near, n->key.p, read_z(r, near));
        else read_fault_key(r, n, &read_fault_key_unknown, n->key.p, keys);
    }
}

bool read_said_anew(const char *key)
{
    static const char *const anew[] = {"protocol", "edition", "name", "effective"};
    for (size_t i = 0; i < sizeof anew / sizeof anew[0]; i++)
        if (strcmp(key, anew[i]) == 0) return true;
    return false;
}

const struct yaml_node *read_need(struct reader *r, const struct yaml_node *map, const char *key)
{
    const struct yaml_node *n = yaml_get(map, key);
    if (n != NULL && !yaml_is_null(n)) return n;
    bool anew = map == r->root && yaml_get(map, "extends") != NULL && read_said_anew(key);
    read_fault_key(r, n != NULL ? n : map, anew ? &read_fault_key_anew : &read_fault_key_missing, key, NULL);
    return NULL;
}

// ---- words ----

int32_t read_word(struct reader *r, const struct yaml_node *node, word_list list)
{
    if (node == NULL) return WORD_UNKNOWN;
    struct str text = read_plain(r, node);
    if (node->kind != YAML_TEXT) return WORD_UNKNOWN;
    int32_t word = words_find(list, text);
    if (word == WORD_UNKNOWN) read_fault_word(r, node, list, text);
    return word;
}

uint64_t read_words(struct reader *r, const struct yaml_node *node, word_list list)
{
    uint64_t set = 0;
    enum { BITS = 64 };
    for (const struct yaml_node *n = yaml_each(node); n != NULL; n = yaml_each_next(node, n)) {
        int32_t word = read_word(r, n, list);
        if (word == WORD_UNKNOWN) continue;
        assert(word < BITS);
        set |= (uint64_t)1 << word;
    }
    return set;
}

// ---- names ----

struct read_names { // a list of things with names, seen through one function
    const void *items;
    size_t count, size;
};

static const char *read_name_at(const struct read_names *l, size_t i)
{
    const char *const *name = (const void *)((const char *)l->items + i * l->size); // `name` is the first member of all
    return *name;
}
_Static_assert(offsetof(struct pathway, name) == 0 && offsetof(struct stage, name) == 0, "read_name_at");
_Static_assert(offsetof(struct measure, name) == 0 && offsetof(struct task, name) == 0, "read_name_at");
_Static_assert(offsetof(struct status_code, name) == 0 && offsetof(struct source, key) == 0, "read_name_at");

// Index among the names, or NONE after a report: `near` with the nearest name, `unknown` with all of them.
static uint8_t read_among(struct reader *r, const struct yaml_node *node, struct read_names l,
                          const struct message *unknown, const struct message *near)
{
    struct str text = read_plain(r, node);
    if (node->kind != YAML_TEXT) return PROTOCOL_NONE;
    const char *all = "";
    for (size_t i = 0; i < l.count && all != NULL; i++) {
        if (str_eq_z(text, read_name_at(&l, i))) return (uint8_t)i;
        all = arena_printf(&r->scratch, "%s%s%s", all, i == 0 ? "" : " ", read_name_at(&l, i));
    }
    if (all == NULL) {
        r->starved = true;
        return PROTOCOL_NONE;
    }
    struct str best = read_near(str_z(all), text);
    if (best.p != NULL) read_fault(r, node, near, read_z(r, text), read_z(r, best));
    else read_fault(r, node, unknown, read_z(r, text), all[0] == 0 ? "-" : all);
    return PROTOCOL_NONE;
}

uint8_t read_pathway_name(struct reader *r, const struct yaml_node *node)
{
    struct read_names l = {r->p.pathways, r->p.pathway_count, sizeof *r->p.pathways};
    return read_among(r, node, l, &read_fault_pathway_unknown, &read_fault_pathway_near);
}

uint8_t read_stage_name(struct reader *r, const struct yaml_node *node, uint8_t stage_of)
{
    assert(stage_of < r->p.pathway_count);
    const struct pathway *w = &r->p.pathways[stage_of];
    struct read_names l = {r->p.stages + w->stage_first, w->stage_count, sizeof *r->p.stages};
    uint8_t i = read_among(r, node, l, &read_fault_stage_unknown, &read_fault_stage_near);
    return i == PROTOCOL_NONE ? i : (uint8_t)(w->stage_first + i);
}

uint8_t read_measure_name(struct reader *r, const struct yaml_node *node)
{
    struct read_names l = {r->p.measures, r->p.measure_count, sizeof *r->p.measures};
    return read_among(r, node, l, &read_fault_measure_unknown, &read_fault_measure_near);
}

uint8_t read_task_name(struct reader *r, const struct yaml_node *node)
{
    struct read_names l = {r->p.tasks, r->named_tasks, sizeof *r->p.tasks};
    return read_among(r, node, l, &read_fault_task_unknown, &read_fault_task_near);
}

uint8_t read_status_name(struct reader *r, const struct yaml_node *node)
{
    struct read_names l = {r->p.statuses, r->p.status_count, sizeof *r->p.statuses};
    return read_among(r, node, l, &read_fault_status_unknown, &read_fault_status_unknown);
}

uint8_t read_source_name(struct reader *r, const struct yaml_node *at, struct str key)
{
    struct yaml_node name = *at;
    name.kind = YAML_TEXT;
    name.text = key;
    struct read_names l = {r->p.sources, r->p.source_count, sizeof *r->p.sources};
    return read_among(r, &name, l, &read_fault_source_unknown, &read_fault_source_near);
}

void read_name_id(struct reader *r, const struct yaml_node *member, uint32_t *id)
{
    *id = protocol_name_id(member->key);
    const struct read_names all[] = {
        {r->p.pathways, r->p.pathway_count, sizeof *r->p.pathways},
        {r->p.measures, r->p.measure_count, sizeof *r->p.measures},
        {r->p.tasks, r->p.task_count, sizeof *r->p.tasks},
    };
    for (size_t k = 0; k < sizeof all / sizeof all[0]; k++)
        for (size_t i = 0; i < all[k].count; i++) {
            const char *other = read_name_at(&all[k], i);
            if (other == NULL || str_eq_z(member->key, other) || protocol_name_id(str_z(other)) != *id) continue;
            read_fault_key(r, member, &read_fault_name_collides, member->key.p, other);
        }
}

void *read_push(struct reader *r, const struct yaml_node *at, void *items, size_t *count, size_t most, size_t size)
{
    if (*count < most) return (char *)items + (*count)++ * size;
    read_fault_key(r, at, &read_fault_too_many, arena_printf(&r->scratch, "%zu", most), NULL);
    return NULL;
}
