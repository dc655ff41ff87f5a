#include "protocol/read_context.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

// ---- files: one, or a chain of them by `extends` ----

static const char *read_file_part(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash == NULL ? path : slash + 1;
}

static tong_code read_tree(struct reader *r, const char *path, const struct protocol_source *source,
                           struct yaml_node **root, struct err *err)
{
    struct str text = {NULL, 0};
    tong_code code = source->open(source->payload, path, &r->scratch, &text, err);
    if (code != TONG_OK) return code;
    code = yaml_read(path, text, &r->scratch, r->problems, root);
    if (code != TONG_OK) return tong_fail(err, code, "%s cannot be read as YAML", path);
    if ((*root)->kind == YAML_MAP) return TONG_OK;
    read_fault(r, *root, &read_fault_not_map, NULL, NULL);
    return tong_fail(err, TONG_E_INVALID, "%s is no mapping", path);
}

// The path of the file named by `extends`, in the folder of `path`; NULL after a report.
static const char *read_extended_path(struct reader *r, const struct yaml_node *extends, const char *path)
{
    struct str name = read_plain(r, extends);
    if (name.n == 0 || memchr(name.p, '/', name.n) != NULL || memchr(name.p, '\\', name.n) != NULL ||
        name.p[0] == '.') {
        read_fault(r, extends, &read_fault_extends_bad, read_z(r, name), NULL);
        return NULL;
    }
    const char *out = arena_printf(&r->scratch, "%.*s%.*s", (int)(read_file_part(path) - path), path, STR_ARG(name));
    if (out == NULL) r->starved = true;
    return out;
}

// An edition says anew what it is; the rest of what it extends stays unless it is replaced.
static void read_drop_identity(struct yaml_node *base)
{
    for (struct yaml_node *n = base->first, *next; n != NULL; n = next) {
        next = n->next;
        if (read_said_anew(n->key.p)) yaml_remove(base, n->key.p);
    }
}

// The tree of a file with everything it extends; *root stays as it was after a fault.
static tong_code read_chain(struct reader *r, const char *path, const struct protocol_source *source,
                            struct yaml_node **root, struct err *err)
{
    struct yaml_node *tree[READ_EXTENDS_MAX] = {NULL};
    const char *paths[READ_EXTENDS_MAX] = {path};
    size_t count = 0;
    for (const char *at = path; at != NULL; count++) {
        tong_code code = read_tree(r, at, source, &tree[count], err);
        if (code != TONG_OK && count == 0) return code;
        const struct yaml_node *extends = count == 0 ? NULL : yaml_get(tree[count - 1], "extends");
        if (code == TONG_E_NOT_FOUND || code == TONG_E_IO)
            read_fault(r, extends, &read_fault_extends_missing, at, NULL);
        if (code != TONG_OK)
            return code == TONG_E_NOMEM ? code : tong_fail(err, TONG_E_INVALID, "%s extends %s", path, at);
        extends = yaml_get(tree[count], "extends");
        if (extends == NULL) {
            count++;
            break;
        }
        at = read_extended_path(r, extends, at);
        if (at == NULL) return tong_fail(err, TONG_E_INVALID, "%s extends no file", path);
        bool again = count + 1 >= READ_EXTENDS_MAX;
        for (size_t i = 0; i <= count; i++) again = again || strcmp(paths[i], at) == 0;
        if (again) {
            read_fault(r, extends, &read_fault_extends_cycle, at, NULL);
            return tong_fail(err, TONG_E_INVALID, "%s extends itself", at);
        }
        paths[count + 1] = at;
    }
    struct yaml_node *merged = tree[count - 1];
    assert(merged != NULL);
    for (size_t i = count - 1; i-- > 0;) {
        read_drop_identity(merged);
        merged = yaml_merge(merged, tree[i]);
    }
    *root = merged;
    return TONG_OK;
}

// ---- arrays: at their largest while reading, then copied at their size ----

struct read_array {
    size_t items_at, count_at, most, size; // offsets in struct protocol
};
#define READ_ARRAY(field, counted, most)                                              \
    {                                                                                 \
        offsetof(struct protocol, field), offsetof(struct protocol, counted), (most), \
            sizeof *((struct protocol *)0)->field                                     \
    }

static const struct read_array read_arrays[] = {
    READ_ARRAY(sources, source_count, PROTOCOL_SOURCES_MAX),
    READ_ARRAY(figures, figure_count, READ_FIGURES_MAX),
    READ_ARRAY(results, result_count, READ_RESULTS_MAX),
    READ_ARRAY(ladder, ladder_count, READ_LADDER_MAX),
    READ_ARRAY(classes, class_count, READ_CLASSES_MAX),
    READ_ARRAY(statuses, status_count, PROTOCOL_STATUS_MAX),
    READ_ARRAY(measures, measure_count, PROTOCOL_MEASURES_MAX),
    READ_ARRAY(tasks, task_count, PROTOCOL_TASKS_MAX),
    READ_ARRAY(pathways, pathway_count, PROTOCOL_PATHWAYS_MAX),
    READ_ARRAY(stages, stage_count, PROTOCOL_STAGES_MAX),
    READ_ARRAY(exceptions, exception_count, READ_EXCEPTIONS_MAX),
    READ_ARRAY(branches, branch_count, READ_BRANCHES_MAX),
    READ_ARRAY(rules, rule_count, PROTOCOL_RULES_MAX),
    READ_ARRAY(actions, action_count, READ_ACTIONS_MAX),
    READ_ARRAY(conditions, condition_count, READ_CONDITIONS_MAX),
    READ_ARRAY(renames, rename_count, READ_RENAMES_MAX),
    READ_ARRAY(schedule_at, schedule_at_count, READ_SCHEDULE_AT_MAX),
    READ_ARRAY(schedule, schedule_count, READ_SCHEDULE_MAX),
    READ_ARRAY(stage_task, stage_count, PROTOCOL_STAGES_MAX),
    READ_ARRAY(reaction, stage_count, PROTOCOL_STAGES_MAX),
    READ_ARRAY(reactions, reaction_count, READ_REACTIONS_MAX),
};
enum { READ_ARRAYS = sizeof read_arrays / sizeof read_arrays[0] };

// Pointers of all types look alike here (POSIX); memcpy keeps the aliasing rules.
static void *read_items(struct reader *r, const struct read_array *a)
{
    void *items = NULL;
    memcpy(&items, (char *)&r->p + a->items_at, sizeof items);
    return items;
}

static void read_set_items(struct reader *r, const struct read_array *a, void *items)
{
    memcpy((char *)&r->p + a->items_at, &items, sizeof items);
}

static bool read_make_room(struct reader *r)
{
    for (size_t i = 0; i < READ_ARRAYS; i++) {
        void *items = arena_array(&r->scratch, read_arrays[i].most, read_arrays[i].size);
        if (items == NULL) return false;
        read_set_items(r, &read_arrays[i], items);
    }
    memset(r->p.stage_task, PROTOCOL_NONE, PROTOCOL_STAGES_MAX * sizeof *r->p.stage_task);
    r->duty = arena_array(&r->scratch, PROTOCOL_STAGES_MAX, sizeof *r->duty);
    return r->duty != NULL;
}

static bool read_settle(struct reader *r)
{
    for (size_t i = 0; i < READ_ARRAYS; i++) {
        const struct read_array *a = &read_arrays[i];
        size_t count = 0;
        memcpy(&count, (char *)&r->p + a->count_at, sizeof count);
        void *items = arena_array(&r->p.arena, count, a->size);
        if (items == NULL) return false;
        if (count > 0) memcpy(items, read_items(r, a), count * a->size);
        read_set_items(r, a, items);
    }
    return true;
}

// ---- the whole ----

static int read_figure_order(const void *a, const void *b)
{
    const struct figure *x = a, *y = b;
    int files = strcmp(x->origin.file, y->origin.file);
    if (files != 0) return files;
    if (x->origin.line != y->origin.line) return x->origin.line < y->origin.line ? -1 : 1;
    return (x->origin.column > y->origin.column) - (x->origin.column < y->origin.column);
}

static void read_sections(struct reader *r)
{
    read_head(r);
    read_statuses(r);
    read_measures(r);
    read_tasks(r);
    read_pathway_names(r);
    read_late_head(r);
    read_results(r);
    read_ladder(r);
    read_window(r);
    read_contacts(r);
    read_pathways(r);
    read_door(r);
    read_reactions(r);
    if (r->p.figure_count > 0) qsort(r->p.figures, r->p.figure_count, sizeof *r->p.figures, read_figure_order);
}

static void read_id(struct reader *r, const char *path)
{
    struct str id = str_z(read_file_part(path));
    static const char *const endings[] = {".yaml", ".yml"};
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        size_t n = strlen(endings[i]);
        if (id.n > n && memcmp(id.p + id.n - n, endings[i], n) == 0) {
            id.n -= n;
            break;
        }
    }
    r->p.id = read_copy(r, id);
}

static tong_code read_all(struct reader *r, const char *path, const struct protocol_source *source, struct err *err)
{
    struct yaml_node *root = NULL;
    size_t errors = r->problems->errors;
    tong_code code = read_chain(r, path, source, &root, err);
    if (code != TONG_OK) return code;
    if (!read_make_room(r)) return tong_fail(err, TONG_E_NOMEM, "no memory to read %s", path);
    r->root = root;
    read_id(r, path);
    read_sections(r);
    if (r->starved) return tong_fail(err, TONG_E_NOMEM, "no memory to read %s", path);
    if (r->problems->errors > errors) return tong_fail(err, TONG_E_INVALID, "%s has errors", path);
    if (!read_settle(r)) return tong_fail(err, TONG_E_NOMEM, "no memory to read %s", path);
    return TONG_OK;
}

tong_code read_within(const char *path, const struct protocol_source *source, size_t bytes_max, struct protocol *out,
                      struct problem_list *problems, struct err *err)
{
    struct reader r = {.problems = problems, .scratch.bytes_max = bytes_max, .p.arena.bytes_max = bytes_max};
    tong_code code = read_all(&r, path, source, err);
    if (code == TONG_OK) *out = r.p;
    else arena_free(&r.p.arena);
    arena_free(&r.scratch);
    return code;
}

tong_code protocol_read(const char *path, const struct protocol_source *source, struct protocol *out,
                        struct problem_list *problems, struct err *err)
{
    return read_within(path, source, READ_ARENA_BYTES_MAX, out, problems, err);
}
