#include "base/problem.h"

#include <assert.h>
#include <string.h>

void problem_add(struct problem_list *list, struct problem_at at, const struct message *message, const char *arg1,
                 const char *arg2, const char *arg3, const char *arg4)
{
    assert(list->arena != NULL);
    if (message->severity == PROBLEM_ERROR) list->errors++;
    struct problem *items = list->count >= PROBLEMS_MAX
                                ? NULL
                                : arena_grow(list->arena, list->items, list->count, &list->cap, sizeof *items);
    if (items == NULL) {
        list->dropped++;
        return;
    }
    list->items = items;
    const char *const given[PROBLEM_ARGS] = {arg1, arg2, arg3, arg4};
    struct problem p = {.message = message, .line = at.line, .column = at.column};
    p.file = at.file == NULL ? "" : arena_copy(list->arena, at.file, strlen(at.file));
    p.path = at.path == NULL ? "" : arena_copy(list->arena, at.path, strlen(at.path));
    for (int i = 0; i < PROBLEM_ARGS; i++)
        p.arg[i] = given[i] == NULL ? "" : arena_copy(list->arena, given[i], strlen(given[i]));
    if (p.file == NULL) p.file = "";
    if (p.path == NULL) p.path = "";
    for (int i = 0; i < PROBLEM_ARGS; i++)
        if (p.arg[i] == NULL) p.arg[i] = "";
    list->items[list->count++] = p;
}

// Replace {1}..{4} in fmt; with out NULL only the length is counted.
static size_t problem_fill(const struct problem *p, const char *fmt, char *out)
{
    size_t n = 0;
    for (const char *c = fmt; *c != 0; c++) {
        if (c[0] == '{' && c[1] >= '1' && c[1] <= '4' && c[2] == '}') {
            const char *arg = p->arg[c[1] - '1'];
            size_t len = strlen(arg);
            if (out != NULL) memcpy(out + n, arg, len);
            n += len;
            c += 2;
        } else {
            if (out != NULL) out[n] = *c;
            n++;
        }
    }
    return n;
}

static char *problem_filled(const struct problem *p, const char *fmt, struct arena *arena)
{
    char *out = arena_alloc(arena, problem_fill(p, fmt, NULL) + 1);
    if (out != NULL) out[problem_fill(p, fmt, out)] = 0;
    return out;
}

char *problem_text(const struct problem *p, lang language, struct arena *arena)
{
    return problem_filled(p, p->message->text.text[language], arena);
}

void problem_print(const struct problem *p, lang language, FILE *out)
{
    static const struct label severity[] = {
        [PROBLEM_ERROR] = LABEL("error", "错误"),
        [PROBLEM_WARNING] = LABEL("warning", "警告"),
        [PROBLEM_NOTE] = LABEL("note", "提示"),
    };
    static const struct label remedy_word = LABEL("Remedy", "办法");
    struct arena scratch = {0};
    const char *text = problem_text(p, language, &scratch);
    const char *remedy = problem_filled(p, p->message->remedy.text[language], &scratch);
    if (p->file[0] != 0) (void)fprintf(out, "%s:", p->file);
    if (p->line > 0) (void)fprintf(out, "%lld:", (long long)p->line);
    if (p->line > 0 && p->column > 0) (void)fprintf(out, "%lld:", (long long)p->column);
    (void)fprintf(out, " %s: ", severity[p->message->severity].text[language]);
    if (p->path[0] != 0) (void)fprintf(out, "%s: ", p->path);
    (void)fputs(text == NULL ? p->message->slug : text, out);
    if (remedy != NULL && remedy[0] != 0)
        (void)fprintf(out, language == LANG_ZH ? "。%s：%s" : ". %s: %s", remedy_word.text[language], remedy);
    (void)fprintf(out, " [%s]\n", p->message->slug);
    arena_free(&scratch);
}

void problem_print_all(const struct problem_list *list, lang language, FILE *out)
{
    for (size_t i = 0; i < list->count; i++) problem_print(&list->items[i], language, out);
    if (list->dropped > 0)
        (void)fprintf(out, language == LANG_ZH ? "另有 %zu 个问题未列出\n" : "%zu more problems are not listed\n",
                      list->dropped);
}
