// Tables, paragraphs and bars: they fit the width they are given, in characters that are two columns wide too.
#include "cli/replay_table.h"
#include "tap.h"

static struct arena arena;
static const struct replay_style plain = {.language = LANG_EN, .width = 60},
                                 chinese = {.language = LANG_ZH, .width = 60};

// The widest line of a text.
static size_t widest(struct str text)
{
    struct str line;
    size_t most = 0;
    while (str_cut(&text, '\n', &line))
        if (str_columns(line) > most) most = str_columns(line);
    return most;
}

static void test_paragraph(void)
{
    static const struct {
        const char *row, *first, *next, *text, *want;
    } t[] = {
        {"broken at blanks", "  - ", NULL, "one two three four five six seven eight nine ten eleven twelve",
         "  - one two three four five six seven eight nine ten eleven\n    twelve\n"},
        {"between Chinese characters, never before a mark", "  ", NULL,
         "甲乙丙丁戊己庚辛壬癸甲乙丙丁戊己庚辛壬癸甲乙丙丁戊己庚辛壬，癸",
         "  甲乙丙丁戊己庚辛壬癸甲乙丙丁戊己庚辛壬癸甲乙丙丁戊己庚辛\n"
         "  壬，癸\n"},
        {"with a guide before each line", "└─ ", "│  ",
         "aaaaaaaaaaaaaaaaaaaaaaaaa bbbbbbbbbbbbbbbbbbbbbbbbbbbb ccccccccc",
         "└─ aaaaaaaaaaaaaaaaaaaaaaaaa bbbbbbbbbbbbbbbbbbbbbbbbbbbb\n│  ccccccccc\n"},
        {"no text", "name   ", NULL, "", "name\n"},
    };
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
        struct sink s = {0};
        replay_paragraph(&s, &plain, t[i].first, t[i].next, t[i].text);
        EQ_TEXT(sink_kept(&s).p, t[i].want, "paragraph: %s", t[i].row);
        OK(widest(sink_kept(&s)) <= 60, "paragraph: %s: within the width", t[i].row);
        sink_close(&s);
    }
    EQ_TEXT(replay_cut(&arena, STR("同舟共济"), 6), "同舟…", "cut between characters, with an ellipsis");
    EQ_TEXT(replay_cut(&arena, STR("同舟共济"), 8), "同舟共济", "what fits is not cut");
}

static void test_table(void)
{
    struct replay_table t = replay_table_of(&arena);
    struct sink s = {0};
    replay_table_column(&t, "措施", false);
    replay_table_column(&t, "人", true);
    replay_table_column(&t, "", false);
    replay_table_cell(&t, "%s", "居家");
    replay_table_number(&t, 120);
    replay_table_cell(&t, "%s", "██");
    replay_table_across(&t, "nothing here");
    replay_table_cell(&t, "%s", "x");
    replay_table_number(&t, 0);
    replay_table_cell(&t, "%s", "");
    replay_table_print(&t, &s, &chinese, "  ");
    EQ_TEXT(sink_kept(&s).p, "  措施   人\n  居家  120  ██\n  nothing here\n  x       ·\n",
            "a table is aligned by columns, not bytes");
    OK(!t.failed, "and complete");
    sink_close(&s);
}

static void test_bar(void)
{
    static const struct {
        int64_t value, most;
        int32_t columns;
        const char *want;
    } t[] = {
        {0, 10, 10, ""}, {10, 10, 10, "██████████"}, {5, 10, 10, "█████"}, {1, 1000, 10, "▏"}, {1, 2, 1, "▌"},
        {3, 0, 4, "▏"},
    };
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
        char bar[REPLAY_BAR_BYTES];
        replay_bar(bar, t[i].value, t[i].most, t[i].columns);
        EQ_TEXT(bar, t[i].want, "bar of %d of %d", (int)t[i].value, (int)t[i].most);
    }
}

static void test_chart(void)
{
    static const int64_t few[] = {1, 0, 2, 4};
    struct sink s = {0};
    struct err err = {0};
    struct replay_chart chart = {"cases", {20515}, few, 4, 8}; // 2026-03-03, a Tuesday
    OK(replay_chart_print(&chart, &s, &plain, &arena, &err) == TONG_OK, "a chart is drawn");
    EQ_TEXT(sink_kept(&s).p,
            "  cases (per day)\n"
            "     4 ┤         ██ \n"
            "       │         ██ \n"
            "     2 ┤      ██ ██ \n"
            "       │██    ██ ██ \n"
            "     0 └────────────\n"
            "        2026-03-03\n",
            "one row a case where there are few");
    sink_close(&s);
    static int64_t many[1200];
    for (int32_t d = 0; d < 1200; d++) many[d] = d % 7;
    for (int32_t width = REPLAY_WIDTH_LEAST; width <= REPLAY_WIDTH_MOST; width += 20) {
        const struct replay_style style = {.language = LANG_EN, .width = width};
        for (int32_t days = 1; days <= 1200; days = days * 3 + 1) {
            s = (struct sink){0};
            chart = (struct replay_chart){"cases", {20515}, many, days, 8};
            CHECK(replay_chart_print(&chart, &s, &style, &arena, &err) == TONG_OK, "%d days in %d columns", (int)days,
                  (int)width);
            CHECK(widest(sink_kept(&s)) <= (size_t)width, "%d days fit %d columns", (int)days, (int)width);
            sink_close(&s);
        }
    }
}

int main(void)
{
    test_paragraph();
    test_table();
    test_bar();
    test_chart();
    arena_free(&arena);
    return tap_done();
}
