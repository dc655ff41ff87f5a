#include "base/problem.h"
#include "printed.h"
#include "tap.h"

static const struct message missing = {"day-missing", PROBLEM_ERROR,
                                       LABEL("no day in {1}, row {2}", "{1} 第 {2} 行缺少日期"),
                                       LABEL("add {3}", "请补充{3}")};
static const struct message unused = {"column-unused", PROBLEM_WARNING, LABEL("{4}{3}{2}{1} {5} {x", "列 {1} 未使用"),
                                      LABEL("", "")};

static void test_print(void)
{
    struct arena arena = {0};
    struct problem_list list = {.arena = &arena};
    char file[] = "cases.csv";
    problem_add(&list, (struct problem_at){file, 12, 5, "onset"}, &missing, "sheet 1", "12", "a date", NULL);
    memset(file, 'x', sizeof file - 1); // the list has its own copy
    EQ_TEXT(printed(&list.items[0], LANG_EN),
            "cases.csv:12:5: error: onset: no day in sheet 1, row 12. Remedy: add a date [day-missing]\n", "English");
    EQ_TEXT(printed(&list.items[0], LANG_ZH),
            "cases.csv:12:5: 错误: onset: sheet 1 第 12 行缺少日期。办法：请补充a date [day-missing]\n", "Chinese");
    problem_add(&list, (struct problem_at){0}, &unused, "1", "2", "3", "4");
    EQ_TEXT(printed(&list.items[1], LANG_EN), " warning: 4321 {5} {x [column-unused]\n",
            "no place, no remedy, arguments in any order, other braces as they are");
    EQ_INT(list.errors, 1, "a warning is no error");
    char *text = problem_text(&list.items[0], LANG_EN, &arena);
    EQ_TEXT(text, "no day in sheet 1, row 12", "the text alone");
    arena_free(&arena);
}

static void test_limits(void)
{
    struct arena arena = {0};
    struct problem_list list = {.arena = &arena};
    for (int i = 0; i < PROBLEMS_MAX + 3; i++) problem_add(&list, (struct problem_at){0}, &missing, "", "", "", "");
    EQ_INT(list.count, PROBLEMS_MAX, "so many are kept");
    EQ_INT(list.dropped, 3, "the rest is counted");
    EQ_INT(list.errors, PROBLEMS_MAX + 3, "and none is forgotten as an error");
    arena_free(&arena);
    struct arena full = {.bytes_max = 1};
    struct problem_list none = {.arena = &full};
    problem_add(&none, (struct problem_at){"f", 1, 1, "p"}, &missing, "a", NULL, NULL, NULL);
    OK(none.count == 0 && none.dropped == 1 && none.errors == 1, "without memory it is counted as dropped");
    FILE *f = tmpfile();
    char text[100] = "";
    if (f != NULL) {
        problem_print_all(&none, LANG_EN, f);
        rewind(f);
        text[fread(text, 1, sizeof text - 1, f)] = 0;
        (void)fclose(f);
    }
    EQ_TEXT(text, "1 more problems are not listed\n", "and said so");
    arena_free(&full);
}

int main(void)
{
    test_print();
    test_limits();
    return tap_done();
}
