#include "protocol/yaml.h"
#include "tap.h"

struct tree {
    struct arena arena;
    struct problem_list problems;
    struct yaml_node *root;
    tong_code code;
};

static void tree_read(struct tree *t, const char *text, size_t n)
{
    *t = (struct tree){0};
    t->problems.arena = &t->arena;
    t->code = yaml_read("f.yaml", (struct str){text, n}, &t->arena, &t->problems, &t->root);
}

static void tree_free(struct tree *t)
{
    arena_free(&t->arena);
}

static const char *path_of(struct tree *t, const struct yaml_node *n)
{
    return yaml_path(n, &t->arena);
}

static void test_tree(void)
{
    static const char text[] = "a: 1\n"
                               "b:\n"
                               "  - x\n"
                               "  - {c: [y, 'no'], d: ~}\n"
                               "e: 多字节 f\n"
                               "g: \"~\"\n";
    struct tree t;
    tree_read(&t, text, strlen(text));
    EQ_INT(t.code, TONG_OK, "a plain file is read");
    EQ_INT(t.root->kind, YAML_MAP, "the root is a mapping");
    EQ_INT(t.root->count, 4, "with four members");
    EQ_TEXT(yaml_text(yaml_get(t.root, "a")).p, "1", "numbers stay text");
    const struct yaml_node *b = yaml_get(t.root, "b"), *second = b->last;
    EQ_INT(b->kind, YAML_LIST, "a list");
    EQ_INT(b->key_line, 2, "its key's line");
    EQ_INT(b->line, 3, "its own line");
    EQ_INT(second->index, 2, "second entry");
    const struct yaml_node *no = yaml_get(second, "c")->last;
    EQ_TEXT(path_of(&t, no), "b[2].c[2]", "path of a node");
    EQ_INT(no->line, 4, "line of a node");
    EQ_INT(no->column, 13, "column of a node, in characters");
    EQ_TEXT(yaml_text(no).p, "no", "`no` is no truth value");
    OK(yaml_is_null(yaml_get(second, "d")), "~ is a null");
    OK(!yaml_is_null(yaml_get(t.root, "g")), "~ in quotes is none");
    EQ_TEXT(yaml_text(yaml_get(t.root, "e")).p, "多字节 f", "UTF-8 is kept");
    OK(yaml_get(t.root, "nothing") == NULL, "what is not there is NULL");
    OK(yaml_get(no, "x") == NULL && yaml_get(NULL, "x") == NULL, "so is a member of what is no mapping");
    EQ_TEXT(path_of(&t, t.root), "", "the root has no path");
    const struct yaml_node *e = yaml_get(t.root, "e");
    OK(yaml_each(e) == e && yaml_each_next(e, e) == NULL, "a list of one needs no brackets");
    OK(yaml_each(b) == b->first && yaml_each_next(b, b->first) == second, "a list is walked");
    OK(yaml_each(yaml_get(second, "d")) == NULL, "a null is an empty list");
    tree_free(&t);
}

static void test_brackets(void)
{
    static const char text[] =
        "{for: 7 d (P1, P3), next: home, l: [symptom_free: 1 d (H, M), z], m: [4 (A, B, C), 5],\n"
        " n: {days: 5 d (P1, P2)}, q: 'a (b', r: s}";
    struct tree t;
    tree_read(&t, text, strlen(text));
    EQ_INT(t.code, TONG_OK, "commas in round brackets are read");
    EQ_TEXT(yaml_text(yaml_get(t.root, "for")).p, "7 d (P1, P3)", "in a mapping");
    EQ_TEXT(yaml_text(yaml_get(t.root, "next")).p, "home", "what follows stands by itself");
    const struct yaml_node *l = yaml_get(t.root, "l"), *m = yaml_get(t.root, "m");
    EQ_INT(l->count, 2, "in a pair inside a list");
    EQ_TEXT(yaml_text(yaml_get(l->first, "symptom_free")).p, "1 d (H, M)", "the pair has it all");
    EQ_INT(l->last->index, 2, "entries are counted again");
    EQ_INT(m->count, 2, "in a list");
    EQ_TEXT(yaml_text(m->first).p, "4 (A, B, C)", "three of them");
    EQ_TEXT(yaml_text(yaml_get(yaml_get(t.root, "n"), "days")).p, "5 d (P1, P2)", "in a mapping inside");
    EQ_TEXT(yaml_text(yaml_get(t.root, "q")).p, "a (b", "a quoted text is left alone");
    tree_free(&t);
}

static void test_faults(void)
{
    static char deep[200], many[8 * YAML_MEMBERS_MAX + 100];
    for (int i = 0; i < YAML_DEPTH_MAX + 1; i++) deep[i] = '[';
    for (int i = 0; i <= YAML_MEMBERS_MAX; i++) (void)snprintf(many + 6 * i, 8, "k%04d:\n", i % 10000);
    for (int i = 0; i <= YAML_MEMBERS_MAX; i++) many[6 * i + 5] = ':', many[6 * i + 6] = '\n';
    static const struct {
        const char *name, *text, *slug;
        size_t n;
        int64_t line, column;
    } rows[] = {
        {"nothing", "", "yaml-empty", 0, 0, 0},
        {"only a comment", "# x\n", "yaml-empty", 0, 0, 0},
        {"twice", "a: 1\nb: 2\na: 3\n", "yaml-twice", 0, 3, 1},
        {"anchor", "a: &x 1\n", "yaml-anchor", 0, 1, 4},
        {"anchor of a list", "a: &x [1]\n", "yaml-anchor", 0, 1, 4},
        {"alias", "a: 1\nb: *x\n", "yaml-anchor", 0, 2, 4},
        {"tag", "a: !!int 1\n", "yaml-tag", 0, 1, 4},
        {"tag of a mapping", "a: !x {b: c}\n", "yaml-tag", 0, 1, 4},
        {"undefined tag", "a: !y!z 1\n", "yaml-syntax", 0, 1, 4},
        {"two documents", "a: 1\n---\nb: 2\n", "yaml-documents", 0, 2, 1},
        {"list as key", "? [a]\n: b\n", "yaml-key", 0, 1, 3},
        {"deep", deep, "yaml-deep", 0, 1, YAML_DEPTH_MAX + 1},
        {"GB18030", "name: \xB2\xA1\xC0\xFD\n", "yaml-encoding", 0, 1, 7},
        {"second line GB18030", "a: 示例\nb: \xB2\xA1\n", "yaml-encoding", 0, 2, 4},
        {"UTF-16",
         "\xFF\xFE"
         "a\0:\0",
         "yaml-utf16", 6, 1, 1},
        {"cut in a character", "a: \xE7\xA4", "yaml-encoding", 0, 1, 4},
        {"NUL", "a: b\0c", "yaml-control", 6, 1, 5},
        {"NUL as an escape", "a: \"b\\0c\"", "yaml-control", 0, 1, 4},
        {"escape character", "a: b\n\x1B[0m", "yaml-control", 0, 2, 1},
        {"cut in a quotation", "a: 'b\nc: d\n", "yaml-syntax", 0, 3, 1},
        {"cut in a bracket", "a: [b, c\n", "yaml-syntax", 0, 2, 1},
        {"cut in a brace", "a: {b: c\n", "yaml-syntax", 0, 2, 1},
        {"tab", "a:\n\tb: c\n", "yaml-syntax", 0, 2, 1},
        {"colon", "a: b: c\n", "yaml-syntax", 0, 1, 5},
        {"indentation", "a:\n  b: 1\n c: 2\n", "yaml-syntax", 0, 3, 2},
        {"no colon", "a: 1\nb\nc: 2\n", "yaml-syntax", 0, 3, 1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct tree t;
        tree_read(&t, rows[i].text, rows[i].n == 0 ? strlen(rows[i].text) : rows[i].n);
        EQ_INT(t.code, TONG_E_INVALID, "%s is refused", rows[i].name);
        OK(t.root == NULL, "%s gives no tree", rows[i].name);
        bool one = OK(t.problems.count >= 1, "%s is reported", rows[i].name);
        if (one) {
            const struct problem *p = &t.problems.items[0];
            EQ_TEXT(p->message->slug, rows[i].slug, "%s: what it is", rows[i].name);
            EQ_INT(p->line, rows[i].line, "%s: line", rows[i].name);
            EQ_INT(p->column, rows[i].column, "%s: column", rows[i].name);
            for (int l = 0; l < LANG_COUNT; l++) {
                CHECK(p->message->text.text[l][0] != 0, "text in language %d", l);
                CHECK(p->message->remedy.text[l][0] != 0, "remedy in language %d", l);
            }
        }
        tree_free(&t);
    }
    struct tree t;
    tree_read(&t, many, strlen(many));
    EQ_INT(t.code, TONG_E_INVALID, "too many members are refused");
    EQ_TEXT(t.problems.items[t.problems.count - 1].message->slug, "yaml-many", "and said to be too many");
    tree_free(&t);
}

static void test_edges(void)
{
    struct tree t;
    static const char bom[] = "\xEF\xBB\xBF"
                              "a: 1\r\nb: 2\r\n";
    tree_read(&t, bom, strlen(bom));
    EQ_INT(t.code, TONG_OK, "a byte order mark and CRLF are read");
    EQ_TEXT(yaml_text(yaml_get(t.root, "b")).p, "2", "without the carriage return");
    EQ_INT(yaml_get(t.root, "a")->key_column, 1, "the mark is no column");
    EQ_INT(yaml_get(t.root, "b")->key_line, 2, "CRLF is one line break");
    tree_free(&t);

    char deep[2 * YAML_DEPTH_MAX + 1] = {0};
    for (int i = 0; i < YAML_DEPTH_MAX; i++) deep[i] = '[', deep[2 * YAML_DEPTH_MAX - 1 - i] = ']';
    tree_read(&t, deep, strlen(deep));
    EQ_INT(t.code, TONG_OK, "as deep as allowed is read");
    const struct yaml_node *n = t.root;
    while (n->first != NULL) n = n->first;
    EQ_INT(strlen(path_of(&t, n)), (size_t)3 * (YAML_DEPTH_MAX - 1), "and has a path");
    tree_free(&t);

    size_t size = (size_t)LIMIT_PROTOCOL_BYTES + 1;
    char *line = malloc(size);
    memset(line, 'x', size);
    tree_read(&t, line, size);
    EQ_INT(t.code, TONG_E_INVALID, "one byte too many is refused");
    EQ_TEXT(t.problems.items[0].message->slug, "yaml-large", "as too large");
    tree_free(&t);
    tree_read(&t, line, size - 1);
    EQ_INT(t.code, TONG_OK, "one line as long as the limit is a text");
    tree_free(&t);
    for (size_t i = 0; i < size; i++) line[i] = i % 2 == 0 ? '-' : '\n';
    tree_read(&t, line, size - 1);
    EQ_INT(t.code, TONG_E_INVALID, "half a million entries are refused");
    EQ_TEXT(t.problems.items[0].message->slug, "yaml-many", "as too many");
    tree_free(&t);
    free(line);
}

static void test_merge(void)
{
    static const char base[] = "a: {x: 1, y: [1, 2], z: 3}\nb: 2\nc: {d: 4}\nf: 1\n";
    static const char over[] = "e: 9\na: {y: [7], z: ~, w: 5}\nc: plain\nf: ~\n";
    struct tree t, o;
    tree_read(&t, base, strlen(base));
    tree_read(&o, over, strlen(over));
    struct yaml_node *m = yaml_merge(t.root, o.root), *a = yaml_get(m, "a");
    EQ_INT(m->count, 4, "merged: a, b, c, e");
    EQ_TEXT(m->first->key.p, "a", "what the base has keeps its place");
    EQ_TEXT(m->last->key.p, "e", "what is new follows");
    EQ_TEXT(yaml_text(yaml_get(a, "x")).p, "1", "what is not mentioned stays");
    EQ_INT(yaml_get(a, "x")->line, 1, "and keeps its line");
    EQ_INT(yaml_get(a, "y")->count, 1, "lists are replaced");
    OK(yaml_get(a, "z") == NULL && yaml_get(m, "f") == NULL, "~ removes");
    EQ_TEXT(yaml_text(yaml_get(a, "w")).p, "5", "members are added");
    EQ_TEXT(yaml_text(yaml_get(m, "c")).p, "plain", "a mapping is replaced by a text");
    EQ_TEXT(yaml_path(yaml_get(a, "w"), &t.arena), "a.w", "paths go through the merged tree");
    EQ_TEXT(yaml_path(yaml_get(a, "x"), &t.arena), "a.x", "for nodes of the base too");
    yaml_remove(m, "e");
    yaml_remove(m, "e");
    OK(yaml_get(m, "e") == NULL && m->count == 3 && strcmp(m->last->key.p, "c") == 0, "members can be taken out");
    tree_free(&t);
    tree_free(&o);
}

static void test_memory(void)
{
    static const char text[] = "a: [1, {b: c}]\n";
    struct tree t = {.arena.bytes_max = 1};
    struct arena texts = {0};
    t.problems.arena = &texts;
    t.code = yaml_read("f.yaml", str_z(text), &t.arena, &t.problems, &t.root);
    EQ_INT(t.code, TONG_E_NOMEM, "no memory is said, not survived in silence");
    OK(t.root == NULL, "and there is no tree");
    arena_free(&t.arena);
    arena_free(&texts);
}

int main(void)
{
    test_tree();
    test_brackets();
    test_faults();
    test_edges();
    test_merge();
    test_memory();
    return tap_done();
}
