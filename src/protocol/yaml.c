#include "protocol/yaml.h"

#include "protocol/yaml_fault.h"

#include <assert.h>
#include <string.h>
#include <yaml.h>

struct yaml_builder {
    yaml_parser_t parser;
    struct arena *arena;
    struct problem_list *problems;
    const char *file;
    struct yaml_node *stack[YAML_DEPTH_MAX + 1]; // open lists and mappings
    struct str pending;                          // key read, value awaited
    int32_t pending_line, pending_column;
    bool has_pending;
    int32_t depth;
    size_t nodes;
    struct yaml_node *root;
    tong_code failed; // NOMEM, or INVALID after a fault that ends the reading
};

static void yaml_fault_at(struct yaml_builder *b, yaml_mark_t mark, const struct message *message, const char *arg1)
{
    struct problem_at at = {b->file, (int64_t)mark.line + 1, (int64_t)mark.column + 1, NULL};
    problem_add(b->problems, at, message, arg1, NULL, NULL, NULL);
}

static void yaml_stop_at(struct yaml_builder *b, yaml_mark_t mark, const struct message *message, const char *arg1)
{
    yaml_fault_at(b, mark, message, arg1);
    b->failed = TONG_E_INVALID;
}

static struct yaml_node *yaml_node_new(struct yaml_builder *b, yaml_kind kind, yaml_mark_t mark)
{
    if (++b->nodes > YAML_NODES_MAX) {
        yaml_stop_at(b, mark, &yaml_fault_many, NULL);
        return NULL;
    }
    struct yaml_node *n = arena_alloc(b->arena, sizeof *n);
    if (n == NULL) {
        b->failed = TONG_E_NOMEM;
        return NULL;
    }
    n->kind = kind;
    n->file = b->file;
    n->line = n->key_line = (int32_t)mark.line + 1;
    n->column = n->key_column = (int32_t)mark.column + 1;
    return n;
}

static void yaml_append(struct yaml_node *parent, struct yaml_node *n)
{
    n->parent = parent;
    n->next = NULL;
    if (parent->last == NULL) parent->first = n;
    else parent->last->next = n;
    parent->last = n;
    parent->count++;
}

// Put a finished or newly opened node where it belongs: under the pending key, into the list, or at the top.
static void yaml_place(struct yaml_builder *b, struct yaml_node *n, yaml_mark_t mark)
{
    if (b->depth == 0) {
        b->root = n;
        return;
    }
    struct yaml_node *parent = b->stack[b->depth - 1];
    if (parent->kind == YAML_MAP) {
        assert(b->has_pending);
        n->key = b->pending;
        n->key_line = b->pending_line;
        n->key_column = b->pending_column;
        b->has_pending = false;
        if (parent->count >= YAML_MEMBERS_MAX) yaml_stop_at(b, mark, &yaml_fault_many, NULL);
    } else {
        n->index = (int32_t)parent->count + 1;
    }
    yaml_append(parent, n);
}

static bool yaml_awaits_key(const struct yaml_builder *b)
{
    return b->depth > 0 && b->stack[b->depth - 1]->kind == YAML_MAP && !b->has_pending;
}

// ---- commas inside round brackets (see the header) ----

static bool yaml_bracket_open(const struct yaml_node *n)
{
    if (n->kind != YAML_TEXT || n->quoted) return false;
    int32_t open = 0;
    for (size_t i = 0; i < n->text.n; i++) open += n->text.p[i] == '(' ? 1 : n->text.p[i] == ')' ? -1 : 0;
    return open > 0;
}

// Where the text that ends an entry stands: the entry itself, or the value of the pair `[key: value]`.
static struct yaml_node *yaml_ending(struct yaml_node *n)
{
    return n->kind == YAML_MAP && n->count == 1 && n->first->kind == YAML_TEXT ? n->first : n;
}

static void yaml_join_brackets(struct yaml_builder *b, struct yaml_node *parent)
{
    for (struct yaml_node *n = parent->first; n != NULL; n = n->next) {
        struct yaml_node *end = parent->kind == YAML_LIST ? yaml_ending(n) : n;
        for (int32_t pieces = 0; pieces < YAML_PIECES_MAX && n->next != NULL && yaml_bracket_open(end); pieces++) {
            struct yaml_node *more = n->next;
            bool is_text = more->kind == YAML_TEXT && !more->quoted;
            if (!is_text || (parent->kind == YAML_MAP && more->text.n != 0)) break;
            struct str piece = parent->kind == YAML_MAP ? more->key : more->text;
            char *joined = arena_printf(b->arena, "%.*s, %.*s", STR_ARG(end->text), STR_ARG(piece));
            if (joined == NULL) {
                b->failed = TONG_E_NOMEM;
                return;
            }
            end->text = str_z(joined);
            n->next = more->next;
            parent->count--;
            if (parent->last == more) parent->last = n;
        }
    }
    int32_t index = 0;
    if (parent->kind == YAML_LIST)
        for (struct yaml_node *n = parent->first; n != NULL; n = n->next) n->index = ++index;
}

static void yaml_refuse_twice(struct yaml_builder *b, const struct yaml_node *map)
{
    for (const struct yaml_node *n = map->first; n != NULL; n = n->next)
        for (const struct yaml_node *o = map->first; o != n; o = o->next) {
            if (!str_eq(o->key, n->key)) continue;
            char *line = arena_printf(b->problems->arena, "%d", o->key_line);
            problem_add(b->problems, yaml_at_key(n, b->problems->arena), &yaml_fault_twice, n->key.p, line, NULL, NULL);
            break;
        }
}

// ---- events of the parser ----

static void yaml_on_scalar(struct yaml_builder *b, const yaml_event_t *event)
{
    yaml_mark_t mark = event->start_mark;
    if (event->data.scalar.anchor != NULL) yaml_fault_at(b, mark, &yaml_fault_anchor, NULL);
    if (event->data.scalar.tag != NULL) yaml_fault_at(b, mark, &yaml_fault_tag, (const char *)event->data.scalar.tag);
    char *copy = arena_copy(b->arena, (const char *)event->data.scalar.value, event->data.scalar.length);
    if (copy == NULL) {
        b->failed = TONG_E_NOMEM;
        return;
    }
    // A NUL written as an escape would end every text early: it has no place in any of our files.
    if (strlen(copy) != event->data.scalar.length) yaml_fault_at(b, mark, &yaml_fault_control, NULL);
    struct str text = str_z(copy);
    if (yaml_awaits_key(b)) {
        b->pending = text;
        b->pending_line = (int32_t)mark.line + 1;
        b->pending_column = (int32_t)mark.column + 1;
        b->has_pending = true;
        return;
    }
    struct yaml_node *n = yaml_node_new(b, YAML_TEXT, mark);
    if (n == NULL) return;
    n->text = text;
    n->quoted = event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
    yaml_place(b, n, mark);
}

static void yaml_on_open(struct yaml_builder *b, const yaml_event_t *event)
{
    bool map = event->type == YAML_MAPPING_START_EVENT;
    const yaml_char_t *anchor = map ? event->data.mapping_start.anchor : event->data.sequence_start.anchor;
    const yaml_char_t *tag = map ? event->data.mapping_start.tag : event->data.sequence_start.tag;
    if (anchor != NULL) yaml_fault_at(b, event->start_mark, &yaml_fault_anchor, NULL);
    if (tag != NULL) yaml_fault_at(b, event->start_mark, &yaml_fault_tag, (const char *)tag);
    if (yaml_awaits_key(b)) {
        yaml_stop_at(b, event->start_mark, &yaml_fault_key, NULL);
        return;
    }
    if (b->depth >= YAML_DEPTH_MAX) {
        yaml_stop_at(b, event->start_mark, &yaml_fault_deep, NULL);
        return;
    }
    struct yaml_node *n = yaml_node_new(b, map ? YAML_MAP : YAML_LIST, event->start_mark);
    if (n == NULL) return;
    n->flow = map ? event->data.mapping_start.style == YAML_FLOW_MAPPING_STYLE
                  : event->data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE;
    yaml_place(b, n, event->start_mark);
    b->stack[b->depth++] = n;
}

static void yaml_on_close(struct yaml_builder *b)
{
    assert(b->depth > 0);
    struct yaml_node *n = b->stack[--b->depth];
    if (n->flow) yaml_join_brackets(b, n);
    if (n->kind == YAML_MAP) yaml_refuse_twice(b, n);
}

// False when the file is over, or cannot be read on.
static bool yaml_on_event(struct yaml_builder *b, const yaml_event_t *event)
{
    switch (event->type) {
    case YAML_SCALAR_EVENT: yaml_on_scalar(b, event); break;
    case YAML_SEQUENCE_START_EVENT:
    case YAML_MAPPING_START_EVENT: yaml_on_open(b, event); break;
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT: yaml_on_close(b); break;
    case YAML_ALIAS_EVENT: yaml_stop_at(b, event->start_mark, &yaml_fault_anchor, NULL); break;
    case YAML_DOCUMENT_START_EVENT:
        if (b->root != NULL) yaml_stop_at(b, event->start_mark, &yaml_fault_documents, NULL);
        break;
    case YAML_STREAM_END_EVENT: return false;
    case YAML_NO_EVENT:
    case YAML_STREAM_START_EVENT:
    case YAML_DOCUMENT_END_EVENT: break;
    }
    return b->failed == TONG_OK;
}

static void yaml_report_syntax(struct yaml_builder *b)
{
    if (b->parser.error == YAML_MEMORY_ERROR) {
        b->failed = TONG_E_NOMEM;
        return;
    }
    const char *what = b->parser.problem == NULL ? "" : b->parser.problem;
    yaml_mark_t mark = b->parser.error == YAML_READER_ERROR ? b->parser.mark : b->parser.problem_mark;
    yaml_stop_at(b, mark, yaml_fault_syntax(what), what);
}

static void yaml_run(struct yaml_builder *b, struct str text)
{
    if (!yaml_parser_initialize(&b->parser)) {
        b->failed = TONG_E_NOMEM;
        return;
    }
    yaml_parser_set_encoding(&b->parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&b->parser, (const unsigned char *)text.p, text.n);
    for (bool more = true; more;) {
        yaml_event_t event;
        if (!yaml_parser_parse(&b->parser, &event)) {
            yaml_report_syntax(b);
            break;
        }
        more = yaml_on_event(b, &event);
        yaml_event_delete(&event);
    }
    yaml_parser_delete(&b->parser);
}

// Faults that can be seen in the bytes themselves. False when it makes no sense to go on.
static bool yaml_bytes_good(const char *file, struct str text, struct problem_list *problems)
{
    struct problem_at at = {file, 0, 0, NULL};
    if ((int64_t)text.n > LIMIT_PROTOCOL_BYTES) {
        char *most = arena_printf(problems->arena, "%lld", (long long)LIMIT_PROTOCOL_BYTES);
        problem_add(problems, at, &yaml_fault_large, most, NULL, NULL, NULL);
        return false;
    }
    bool utf16 = text.n >= 2 && (memcmp(text.p, "\xFF\xFE", 2) == 0 || memcmp(text.p, "\xFE\xFF", 2) == 0);
    size_t valid = str_utf8_valid(text), good = 0;
    while (good < valid && ((unsigned char)text.p[good] >= 0x20 || strchr("\t\n\r", text.p[good]) != NULL) &&
           text.p[good] != 0 && text.p[good] != 0x7F)
        good++;
    if (good == text.n) return true;
    at.line = at.column = 1;
    for (size_t i = 0; i < good; i++) {
        unsigned char c = (unsigned char)text.p[i];
        if (c == '\n') at.line++, at.column = 1;
        else if ((c & 0xC0) != 0x80) at.column++;
    }
    const struct message *m = utf16 ? &yaml_fault_utf16 : good < valid ? &yaml_fault_control : &yaml_fault_encoding;
    problem_add(problems, at, m, arena_printf(problems->arena, "%zu", good + 1), NULL, NULL, NULL);
    return false;
}

tong_code yaml_read(const char *file, struct str text, struct arena *arena, struct problem_list *problems,
                    struct yaml_node **root)
{
    size_t errors = problems->errors;
    if (!yaml_bytes_good(file, text, problems)) return TONG_E_INVALID;
    if (text.n >= 3 && memcmp(text.p, "\xEF\xBB\xBF", 3) == 0) text = (struct str){text.p + 3, text.n - 3};
    struct yaml_builder b = {.arena = arena, .problems = problems};
    b.file = arena_copy(arena, file, strlen(file));
    if (b.file == NULL) return TONG_E_NOMEM;
    yaml_run(&b, text);
    if (b.failed != TONG_OK) return b.failed;
    if (b.root == NULL)
        problem_add(problems, (struct problem_at){file, 0, 0, NULL}, &yaml_fault_empty, NULL, NULL, NULL, NULL);
    if (problems->errors > errors) return TONG_E_INVALID;
    *root = b.root;
    return TONG_OK;
}
