// The CSV reader: cells and their places, delimiters, line ends, quotes; what is wrong with a row and how reading goes on;
// the limits, at the limit and one beyond; a gigabyte in one line.
#include "exchange/csv.h"
#include "tap.h"

#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

// A text in a table.
#define T(literal)                     \
    {                                  \
        (literal), sizeof(literal) - 1 \
    }

struct reading {
    struct bytes source;
    struct encoding_stream *stream;
    struct encoding_guess guess;
    struct csv *csv;
};

static bool reading_open(struct reading *r, struct bytes source, char delimiter, encoding wanted)
{
    struct err err;
    *r = (struct reading){.source = source};
    if (encoding_open(&r->source, wanted, &r->stream, &r->guess, &err) != TONG_OK) return false;
    return csv_open(r->stream, &r->guess, delimiter, &r->csv, &err) == TONG_OK;
}

static bool reading_text(struct reading *r, struct str text)
{
    return reading_open(r, bytes_of_memory(text), 0, ENCODING_AUTO);
}

static void reading_close(struct reading *r)
{
    csv_close(r->csv);
    encoding_close(r->stream);
}

// The whole of a text as one line for comparison: cells in <>, rows ended by /, faults as kind@line:column.
static const char *shown(struct str text, size_t expect, char out[4000])
{
    static const char *const kinds[CSV_FAULT_COUNT] = {
        [CSV_FAULT_UNCLOSED] = "unclosed", [CSV_FAULT_STRAY_QUOTE] = "stray", [CSV_FAULT_CELLS] = "cells",
        [CSV_FAULT_CELL_LONG] = "long",    [CSV_FAULT_ROW_LONG] = "row-long", [CSV_FAULT_CELLS_MANY] = "many",
        [CSV_FAULT_NUL] = "nul",           [CSV_FAULT_BAD_BYTE] = "bad",      [CSV_FAULT_CUT_SHORT] = "cut",
    };
    struct reading r;
    size_t n = 0;
    out[0] = 0;
    if (!reading_text(&r, text)) return "cannot open";
    csv_expect(r.csv, expect, false);
    for (;;) {
        struct csv_item item;
        if (csv_next(r.csv, &item, NULL) != TONG_OK) return "failed";
        if (item.event == CSV_END) break;
        if (item.event == CSV_BAD_ROW) {
            n += (size_t)snprintf(out + n, 4000 - n, "!%s@%lld:%lld%s/", kinds[item.fault.kind],
                                  (long long)item.fault.line, (long long)item.fault.column,
                                  item.fault.at_end ? "$" : "");
            continue;
        }
        for (size_t i = 0; i < item.count; i++)
            n += (size_t)snprintf(out + n, 4000 - n, "<%.*s>", STR_ARG(item.cells[i].text));
        n += (size_t)snprintf(out + n, 4000 - n, "/");
    }
    reading_close(&r);
    return out;
}

static void test_rows(void)
{
    static const struct {
        const char *what;
        struct str text;
        size_t expect;
        const char *want;
    } rows[] = {
        {"plain rows", T("a,b\n1,2\n"), 0, "<a><b>/<1><2>/"},
        {"no line end at the end", T("a,b\n1,2"), 0, "<a><b>/<1><2>/"},
        {"CRLF", T("a,b\r\n1,2\r\n"), 0, "<a><b>/<1><2>/"},
        {"CR alone", T("a,b\r1,2\r"), 0, "<a><b>/<1><2>/"},
        {"all three mixed", T("a,b\r\n1,2\r3,4\n5,6"), 0, "<a><b>/<1><2>/<3><4>/<5><6>/"},
        {"blank lines are passed over", T("\n\na,b\n\n1,2\n\n"), 0, "<a><b>/<1><2>/"},
        {"empty cells", T("a,b,c\n,,\nx,,y\n"), 0, "<a><b><c>/<><><>/<x><><y>/"},
        {"an empty quoted cell is a row", T("a\n\"\"\nb\n"), 0, "<a>/<>/<b>/"},
        {"quoted delimiter", T("a,b\n\"1,5\",2\n"), 2, "<a><b>/<1,5><2>/"},
        {"doubled quotes", T("a,b\n\"say \"\"no\"\"\",2\n"), 2, "<a><b>/<say \"no\"><2>/"},
        {"only doubled quotes", T("a,b\n\"\"\"\"\"\",2\n"), 2, "<a><b>/<\"\"><2>/"},
        {"line break in quotes", T("a,b\n\"1\n2\",3\n4,5\n"), 2, "<a><b>/<1\n2><3>/<4><5>/"},
        {"a byte order mark is no part of the header",
         T("\xEF\xBB\xBF"
           "a,b\n1,2\n"),
         0, "<a><b>/<1><2>/"},
        {"semicolons", T("a;b;c\n1,5;2;3\n"), 3, "<a><b><c>/<1,5><2><3>/"},
        {"tabs", T("a\tb\n1,5\t2\n"), 2, "<a><b>/<1,5><2>/"},
        {"bars", T("a|b\n1|2\n"), 2, "<a><b>/<1><2>/"},
        {"a quoted header does not mislead the delimiter", T("\"x;y;z\",b\n1,2\n"), 2, "<x;y;z><b>/<1><2>/"},
        {"Excel's hint", T("sep=;\r\na;b\r\n1;2\r\n"), 2, "<a><b>/<1><2>/"},
        {"one column", T("a\n1\n2\n"), 1, "<a>/<1>/<2>/"},
        {"nothing", T(""), 0, ""},
        {"only line ends", T("\n\r\n\r"), 0, ""},
        {"too many cells", T("a,b\n1,2,3\n4,5\n"), 2, "<a><b>/!cells@2:5/<4><5>/"},
        {"too few cells", T("a,b\n1\n4,5\n"), 2, "<a><b>/!cells@2:1/<4><5>/"},
        {"cut off in a row", T("a,b,c\n1,2,3\n4,5"), 3, "<a><b><c>/<1><2><3>/!cells@3:3$/"},
        {"a quote inside a cell", T("a,b\n1,5\"2\n4,5\n"), 2, "<a><b>/!stray@2:4/<4><5>/"},
        {"text after a closing quote", T("a,b\n1,\"5\"2\n4,5\n"), 2, "<a><b>/!stray@2:6/<4><5>/"},
        {"a quote never closed", T("a,b\n1,\"x\n4,5\n6,7\n"), 2, "<a><b>/!unclosed@2:3$/<4><5>/<6><7>/"},
        {"a quote closed only by another row's", T("a,b\n1,\"x\n4,\"y\"\n6,7\n"), 2,
         "<a><b>/!unclosed@2:3/<4><y>/<6><7>/"},
        {"cut off inside quotes", T("a,b\n1,2\n3,\"x"), 2, "<a><b>/<1><2>/!unclosed@3:3$/"},
        {"a NUL", {"a,b\n1,2\0\n4,5\n", 13}, 2, "<a><b>/!nul@2:4/<4><5>/"},
        {"bad UTF-8", T("a,b\n\xE5\xBC\xA0\xE5\xBC\xA0\xE5\xBC\xA0\xE5\xBC\xA0\xE5\xBC\xA0,x\xFFy\n4,5\n"), 2,
         "<a><b>/!bad@2:8/<4><5>/"},
        {"columns are characters, not bytes", T("a,b\n\xE5\xBC\xA0\xE4\xB8\x89,\"x\"y\n"), 2, "<a><b>/!stray@2:7/"},
        {"cut off inside a character", T("a,b\n1,\xE5\xBC\xA0\xE5\xBC\xA0\xE5\xBC\xA0\xE5\xBC\xA0\xE5\xBC"), 2,
         "<a><b>/!cut@2:7$/"},
        {"a truncated character inside the file is a bad byte",
         T("a,b\n\xE5\xBC\xA0\xE5\xBC\xA0\xE5\xBC\xA0\xE5\xBC\xA0\xE5,2\n4,5\n"), 2, "<a><b>/!bad@2:5/<4><5>/"},
        {"the first fault of a row is told", T("a,b\n1\"2,3\"4,5\n6,7\n"), 2, "<a><b>/!stray@2:2/<6><7>/"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char got[4000];
        EQ_TEXT(shown(rows[i].text, rows[i].expect, got), rows[i].want, "%s", rows[i].what);
    }
}

static void test_places(void)
{
    struct reading r;
    struct csv_item item;
    OK(reading_text(&r, STR("编号,姓名\n1,\"张\n三\"\n2,李四\n")), "open");
    OK(csv_next(r.csv, &item, NULL) == TONG_OK && item.count == 2, "a header");
    EQ_INT(item.cells[1].column, 4, "the second header begins at the fourth character");
    OK(csv_next(r.csv, &item, NULL) == TONG_OK, "a row over two lines");
    EQ_INT(item.line, 2, "begins on line 2");
    EQ_INT(item.cells[1].column, 3, "its second cell at column 3");
    OK(item.cells[1].quoted, "which is quoted");
    OK(csv_next(r.csv, &item, NULL) == TONG_OK, "the next row");
    EQ_INT(item.line, 4, "stands on line 4");
    EQ_INT(item.cells[1].line, 4, "and so does its second cell");
    reading_close(&r);

    OK(reading_text(&r, STR("\xEF\xBB\xBF"
                            "a,b\n\xE5\xBC\xA0\xE5\xBC\xA0\xE5\xBC\xA0\xE5\xBC\xA0\xE5\xBC\xA0,\xFF\n")),
       "with a mark");
    OK(csv_next(r.csv, &item, NULL) == TONG_OK && csv_next(r.csv, &item, NULL) == TONG_OK, "two rows");
    EQ_INT(item.event, CSV_BAD_ROW, "the second is bad");
    EQ_INT(item.fault.byte, 3 + 4 + 15 + 1, "the byte is counted from the start of the file, the mark included");
    reading_close(&r);
}

static void test_fill(void)
{
    struct reading r;
    struct csv_item item;
    OK(reading_text(&r, STR("a,b,c\n1\n1,2,3,4\n")), "open");
    OK(csv_next(r.csv, &item, NULL) == TONG_OK, "the header");
    csv_expect(r.csv, 3, true);
    OK(csv_next(r.csv, &item, NULL) == TONG_OK && item.event == CSV_ROW, "a short row is good when rows may be short");
    EQ_INT(item.count, 3, "and filled up");
    EQ_INT(item.cells[2].text.n, 0, "with empty cells");
    OK(csv_next(r.csv, &item, NULL) == TONG_OK && item.event == CSV_BAD_ROW, "a long row is not");
    EQ_INT(item.fault.want * 10 + item.fault.got, 34, "four cells where three are wanted");
    EQ_INT(item.count, 4, "whose cells can be looked at");
    OK(csv_next(r.csv, &item, NULL) == TONG_OK && item.event == CSV_END, "the end");
    OK(csv_next(r.csv, &item, NULL) == TONG_OK && item.event == CSV_END, "is the end again");
    reading_close(&r);
}

// A file of `n` bytes `fill` between `before` and `after`.
static char *bulk(const char *before, size_t n, char fill, const char *after, size_t *total)
{
    size_t a = strlen(before), b = strlen(after);
    char *p = malloc(a + n + b);
    if (p == NULL) abort();
    memcpy(p, before, a);
    memset(p + a, fill, n);
    memcpy(p + a + n, after, b);
    *total = a + n + b;
    return p;
}

static void check_bulk(const char *what, const char *before, size_t n, const char *after, csv_fault_kind want,
                       int64_t column)
{
    size_t total = 0;
    char *p = bulk(before, n, 'x', after, &total);
    struct reading r;
    struct csv_item item;
    OK(reading_text(&r, (struct str){p, total}), "%s", what);
    OK(csv_next(r.csv, &item, NULL) == TONG_OK && item.event == CSV_ROW, "the header");
    OK(csv_next(r.csv, &item, NULL) == TONG_OK, "the row");
    EQ_INT(item.event == CSV_BAD_ROW ? item.fault.kind : CSV_FAULT_NONE, want, "its fault");
    if (want != CSV_FAULT_NONE) EQ_INT(item.fault.column, column, "and column");
    OK(csv_next(r.csv, &item, NULL) == TONG_OK && item.event == CSV_ROW, "the next row is read");
    OK(item.count == 2 && str_eq_z(item.cells[0].text, "y"), "as it stands");
    reading_close(&r);
    free(p);
}

static void test_limits(void)
{
    check_bulk("a cell of the limit", "a,b\n1,", CSV_CELL_BYTES_MAX, "\ny,2\n", CSV_FAULT_NONE, 0);
    check_bulk("a cell one byte longer", "a,b\n1,", CSV_CELL_BYTES_MAX + 1, "\ny,2\n", CSV_FAULT_CELL_LONG, 3);
    check_bulk("a quoted cell of the limit", "a,b\n1,\"", CSV_CELL_BYTES_MAX, "\"\ny,2\n", CSV_FAULT_NONE, 0);
    check_bulk("a quoted cell one byte longer", "a,b\n1,\"", CSV_CELL_BYTES_MAX + 1, "\"\ny,2\n", CSV_FAULT_CELL_LONG,
               3);
    check_bulk("a row beyond the limit", "a,b\n1,", CSV_ROW_BYTES_MAX, "\ny,2\n", CSV_FAULT_ROW_LONG,
               CSV_ROW_BYTES_MAX + 1);
    check_bulk("a row of several times the limit", "a,b\n1,", 5 * CSV_ROW_BYTES_MAX, "\ny,2\n", CSV_FAULT_ROW_LONG,
               CSV_ROW_BYTES_MAX + 1);
    check_bulk("a quoted row beyond the limit", "a,b\n1,\"", CSV_ROW_BYTES_MAX, "\"\ny,2\n", CSV_FAULT_ROW_LONG,
               CSV_ROW_BYTES_MAX + 1);
    check_bulk("a quote left open before a megabyte", "a,b\n1,\"\ny,2\nz,", 2 * CSV_ROW_BYTES_MAX, "\n",
               CSV_FAULT_UNCLOSED, 3);
    // The row of exactly the limit: 16 cells of 65535 and 15 delimiters make 2^20 - 1; the line end is not counted.
    size_t n = 0;
    char *p = malloc(CSV_ROW_BYTES_MAX + 100);
    if (p == NULL) abort();
    memcpy(p, "a\n", 2);
    for (n = 2; n < 2 + CSV_ROW_BYTES_MAX - 1; n++) p[n] = (n - 1) % 65536 == 0 ? ',' : 'x';
    p[n++] = '\n';
    struct reading r;
    struct csv_item item;
    OK(reading_open(&r, bytes_of_memory((struct str){p, n}), ',', ENCODING_AUTO), "a row of the limit");
    OK(csv_next(r.csv, &item, NULL) == TONG_OK && csv_next(r.csv, &item, NULL) == TONG_OK, "is read");
    EQ_INT(item.event, CSV_ROW, "and good");
    EQ_INT(item.count, 16, "with its sixteen cells");
    reading_close(&r);
    for (n = 2; n < 2 + CSV_CELLS_MAX - 1; n++) p[n] = ',';
    p[n] = '\n';
    OK(reading_open(&r, bytes_of_memory((struct str){p, n + 1}), ',', ENCODING_AUTO), "cells of the limit");
    OK(csv_next(r.csv, &item, NULL) == TONG_OK && csv_next(r.csv, &item, NULL) == TONG_OK, "are read");
    EQ_INT(item.event == CSV_ROW ? (int64_t)item.count : -1, CSV_CELLS_MAX, "all of them");
    reading_close(&r);
    p[n] = ',';
    p[n + 1] = '\n';
    OK(reading_open(&r, bytes_of_memory((struct str){p, n + 2}), ',', ENCODING_AUTO), "one cell more");
    OK(csv_next(r.csv, &item, NULL) == TONG_OK && csv_next(r.csv, &item, NULL) == TONG_OK, "is read");
    EQ_INT(item.event == CSV_BAD_ROW ? item.fault.kind : CSV_FAULT_NONE, CSV_FAULT_CELLS_MANY, "as a fault");
    reading_close(&r);
    free(p);
}

// Rows across the edges of the buffer: the same rows whatever the sizes of cells and reads.
static void test_buffer_edges(void)
{
    enum { ROWS = 9000 };
    size_t cap = 6 * 1000 * 1000, n = 0;
    char *p = malloc(cap);
    if (p == NULL) abort();
    memcpy(p, "a,b\r\n", 5);
    n = 5;
    for (int i = 0; i < ROWS; i++) {
        n += (size_t)snprintf(p + n, cap - n, "%d,\"", i);
        size_t fill = (size_t)(i * 7919 % 1200);
        memset(p + n, 'q', fill);
        n += fill;
        memcpy(p + n, "\"\"\r\n\xE5\xBC\xA0\"\r\n", 10);
        n += 10;
    }
    struct reading r;
    struct csv_item item;
    int64_t good = 0, wrong = 0;
    OK(reading_text(&r, (struct str){p, n}), "%d rows over %zu bytes", ROWS, n);
    csv_expect(r.csv, 2, false);
    for (int64_t i = -1;; i++) {
        if (csv_next(r.csv, &item, NULL) != TONG_OK || item.event != CSV_ROW) break;
        if (i < 0) continue;
        int64_t id = 0;
        bool same = str_int(item.cells[0].text, &id) && id == i && item.line == 2 + 2 * i &&
                    item.cells[1].text.n == (size_t)(i * 7919 % 1200) + 6 &&
                    str_starts(item.cells[1].text, id % 1200 == 0 ? "\"" : "q");
        good += same;
        wrong += !same;
    }
    EQ_INT(good, ROWS, "all rows are right, with their lines");
    EQ_INT(wrong, 0, "none wrong");
    reading_close(&r);
    free(p);
}

// What stands in memory at its peak, in KiB, or -1.
static long peak_kib(void)
{
    FILE *f = fopen("/proc/self/status", "r");
    char line[200];
    long kib = -1;
    while (f != NULL && fgets(line, sizeof line, f) != NULL)
        if (strncmp(line, "VmHWM:", 6) == 0) kib = strtol(line + 6, NULL, 10);
    if (f != NULL) (void)fclose(f);
    return kib;
}

// One gigabyte without a line end, through a pipe: the fault comes after one megabyte, nothing is stored, and what follows
// the gigabyte is still read.
static void test_gigabyte(void)
{
    int ends[2];
    if (pipe(ends) != 0) {
        tap_skip("no pipe");
        return;
    }
    (void)fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        static char block[1 << 16];
        (void)close(ends[0]);
        memset(block, 'x', sizeof block);
        bool open = write(ends[1], "a,b\n1,", 6) == 6;
        for (int64_t left = (int64_t)1 << 30; left > 0 && open;) {
            size_t want = left < (int64_t)sizeof block ? (size_t)left : sizeof block;
            ssize_t wrote = write(ends[1], block, want);
            open = wrote > 0;
            left -= wrote;
        }
        if (open) (void)!write(ends[1], "\ny,2\n", 5);
        _exit(0);
    }
    (void)close(ends[1]);
    long before = peak_kib();
    clock_t start = clock();
    struct reading r;
    struct csv_item item;
    OK(reading_open(&r, bytes_of_fd(ends[0]), 0, ENCODING_AUTO), "a gigabyte through a pipe");
    OK(csv_next(r.csv, &item, NULL) == TONG_OK && item.event == CSV_ROW, "its header");
    OK(csv_next(r.csv, &item, NULL) == TONG_OK && item.event == CSV_BAD_ROW, "the row of a gigabyte is bad");
    EQ_INT(item.fault.kind, CSV_FAULT_ROW_LONG, "because it is too long");
    EQ_INT(item.fault.line, 2, "on line 2");
    EQ_INT(item.fault.column, CSV_ROW_BYTES_MAX + 1, "at the column after the limit");
    double first = (double)(clock() - start) / CLOCKS_PER_SEC;
    OK(csv_next(r.csv, &item, NULL) == TONG_OK && item.event == CSV_ROW, "the row after it");
    OK(item.count == 2 && str_eq_z(item.cells[0].text, "y"), "is read");
    (void)printf("# fault after %.3f s, all passed after %.2f s of processor time\n", first,
                 (double)(clock() - start) / CLOCKS_PER_SEC);
    long after = peak_kib();
    if (before < 0) tap_skip("no peak memory to be had");
    else OK(after - before < 32 * 1024, "memory grew by %ld KiB", after - before);
    reading_close(&r);
    (void)close(ends[0]);
    (void)waitpid(child, NULL, 0);
}

static void test_words(void)
{
    struct arena a = {0};
    for (int kind = CSV_FAULT_NONE + 1; kind < CSV_FAULT_COUNT; kind++) {
        for (int end = 0; end < 2; end++) {
            struct problem_list list = {.arena = &a};
            struct csv_fault f = {.kind = (csv_fault_kind)kind,
                                  .line = 7,
                                  .column = 3,
                                  .byte = end == 0 ? -1 : 99,
                                  .open_line = 5,
                                  .open_column = 2,
                                  .want = 4,
                                  .got = 3,
                                  .at_end = end == 1};
            csv_fault_add(&f, "list.csv", ENCODING_GB18030, &list);
            CHECK(list.count == 1 && list.errors == 1, "fault %d is an error", kind);
            for (int language = 0; language < LANG_COUNT; language++) {
                const char *text = problem_text(&list.items[0], (lang)language, &a);
                CHECK(text != NULL && strlen(text) > 5 && strchr(text, '{') == NULL, "fault %d in language %d: %s",
                      kind, language, text);
                CHECK(list.items[0].message->remedy.text[language][0] != 0, "fault %d has a remedy", kind);
            }
        }
    }
    struct problem_list list = {.arena = &a};
    struct csv_fault f = {.kind = CSV_FAULT_UNCLOSED,
                          .line = 5,
                          .column = 2,
                          .byte = -1,
                          .open_line = 5,
                          .open_column = 2,
                          .at_end = true};
    csv_fault_add(&f, "list.csv", ENCODING_UTF8, &list);
    EQ_TEXT(problem_text(&list.items[0], LANG_EN, &a),
            "the file ends inside the quotation opened at line 5, column 2: it was cut off, or the quotation mark was "
            "never closed",
            "a file cut off in quotes is called that");
    f = (struct csv_fault){.kind = CSV_FAULT_BAD_BYTE, .line = 5, .column = 2, .byte = 99};
    csv_fault_add(&f, "list.csv", ENCODING_UTF8, &list);
    EQ_TEXT(problem_text(&list.items[1], LANG_ZH, &a), "文件的第 100 个字节不符合 utf-8 编码",
            "a bad byte is named by its position");
    arena_free(&a);
}

int main(void)
{
    test_rows();
    test_places();
    test_fill();
    test_limits();
    test_buffer_edges();
    test_words();
    test_gigabyte();
    return tap_done();
}
