#include "exchange/csv_fault.h"

#include <assert.h>

#define CSV_EDIT_REMEDY                                                               \
    LABEL("correct this line in the file; the other rows can be imported without it", \
          "请在文件中改正这一行；其余的行可以先行导入")
#define CSV_UNCLOSED_REMEDY                                                                     \
    LABEL("close it, or double it if it belongs to the text; reading resumes on the next line", \
          "请补上结束引号；若引号是内容的一部分，请写成两个引号。读取从下一行继续")
#define CSV_CELLS_REMEDY                                                                                             \
    LABEL("put a cell that contains the delimiter in quotation marks; if rows may be short, say `short_rows: fill` " \
          "in the mapping",                                                                                          \
          "若单元格内容含有分隔符，请加引号；若行尾允许缺列，请在映射文件中写 short_rows: fill")
#define CSV_AGAIN_REMEDY LABEL("fetch or export the file again", "请重新获取或导出该文件")
#define CSV_ENCODING_REMEDY                                                                  \
    LABEL("say which encoding the file has: --encoding gb18030, windows-1252, utf-16le ...", \
          "请指明文件的编码，例如 --encoding gb18030、windows-1252、utf-16le")

static const struct message csv_message[CSV_FAULT_COUNT] = {
    [CSV_FAULT_UNCLOSED] = {"csv-quote-unclosed", PROBLEM_ERROR,
                            LABEL("the quotation mark opened at line {1}, column {2} is never closed",
                                  "第 {1} 行第 {2} 个字符处的引号没有结束引号"),
                            CSV_UNCLOSED_REMEDY},
    [CSV_FAULT_STRAY_QUOTE] = {"csv-quote-stray", PROBLEM_ERROR,
                               LABEL("a quotation mark inside a cell that does not begin with one, or text after a "
                                     "closing one",
                                     "单元格中间出现引号，或结束引号之后还有文字"),
                               LABEL("put the whole cell in quotation marks and double those inside it",
                                     "请把整个单元格放在引号内，并把其中的引号写成两个")},
    [CSV_FAULT_CELLS] = {"csv-cells", PROBLEM_ERROR,
                         LABEL("the row has {2} cells where the header has {1}",
                               "本行有 {2} 个单元格，而表头有 {1} 个"),
                         CSV_CELLS_REMEDY},
    [CSV_FAULT_CELL_LONG] = {"csv-cell-long", PROBLEM_ERROR,
                             LABEL("the cell is longer than {1} bytes", "单元格内容超过 {1} 字节"), CSV_EDIT_REMEDY},
    [CSV_FAULT_ROW_LONG] = {"csv-row-long", PROBLEM_ERROR,
                            LABEL("the row is longer than {1} bytes", "这一行超过 {1} 字节"),
                            LABEL("this may be no table, or its line breaks were lost: export it again as CSV",
                                  "文件可能不是表格，或换行符已丢失：请重新导出为 CSV")},
    [CSV_FAULT_CELLS_MANY] = {"csv-cells-many", PROBLEM_ERROR,
                              LABEL("the row has more than {1} cells", "这一行超过 {1} 个单元格"), CSV_EDIT_REMEDY},
    [CSV_FAULT_NUL] = {"csv-nul", PROBLEM_ERROR, LABEL("a NUL byte stands in the text", "文字中有空字节（NUL）"),
                       LABEL("the file was damaged: export it again as UTF-8", "文件可能已损坏：请重新导出为 UTF-8")},
    [CSV_FAULT_BAD_BYTE] = {"csv-bad-byte", PROBLEM_ERROR,
                            LABEL("a byte that {1} does not have stands here", "此处有不符合 {1} 编码的字节"),
                            CSV_ENCODING_REMEDY},
    [CSV_FAULT_CUT_SHORT] = {"csv-cut-short", PROBLEM_ERROR,
                             LABEL("the file ends in the middle of a character: it was cut off",
                                   "文件在一个字符的中间结束：文件被截断了"),
                             CSV_AGAIN_REMEDY},
};

// The same where the file ends in the fault, or where its position in bytes is known.
static const struct message csv_message_unclosed_end = {
    "csv-cut-in-quote", PROBLEM_ERROR,
    LABEL(
        "the file ends inside the quotation opened at line {1}, column {2}: it was cut off, or the quotation mark was "
        "never closed",
        "文件在第 {1} 行第 {2} 个字符处打开的引号之内结束：文件被截断，或引号没有结束"),
    LABEL("fetch the file again, or close the quotation mark", "请重新获取文件，或补上结束引号")};
static const struct message csv_message_cells_end = {
    "csv-cut-in-row", PROBLEM_ERROR,
    LABEL("the file ends in the middle of a row, after {2} of {1} cells: it was cut off",
          "文件在一行的中间结束，{1} 个单元格只有 {2} 个：文件被截断了"),
    CSV_AGAIN_REMEDY};
static const struct message csv_message_bad_byte_at = {
    "csv-bad-byte", PROBLEM_ERROR, LABEL("byte {2} of the file is not {1}", "文件的第 {2} 个字节不符合 {1} 编码"),
    CSV_ENCODING_REMEDY};

static const struct message *csv_fault_message(const struct csv_fault *f)
{
    if (f->kind == CSV_FAULT_UNCLOSED && f->at_end) return &csv_message_unclosed_end;
    if (f->kind == CSV_FAULT_CELLS && f->at_end && f->got < f->want) return &csv_message_cells_end;
    if (f->kind == CSV_FAULT_BAD_BYTE && f->byte >= 0) return &csv_message_bad_byte_at;
    return &csv_message[f->kind];
}

void csv_fault_add(const struct csv_fault *f, const char *file, encoding e, struct problem_list *problems)
{
    assert(f->kind > CSV_FAULT_NONE && f->kind < CSV_FAULT_COUNT);
    int64_t first = 0, second = 0;
    switch (f->kind) {
    case CSV_FAULT_UNCLOSED: first = f->open_line, second = f->open_column; break;
    case CSV_FAULT_CELLS: first = f->want, second = f->got; break;
    case CSV_FAULT_CELL_LONG: first = CSV_CELL_BYTES_MAX; break;
    case CSV_FAULT_ROW_LONG: first = CSV_ROW_BYTES_MAX; break;
    case CSV_FAULT_CELLS_MANY: first = CSV_CELLS_MAX; break;
    case CSV_FAULT_BAD_BYTE: second = f->byte + 1; break; // people count from 1
    case CSV_FAULT_NONE:
    case CSV_FAULT_STRAY_QUOTE:
    case CSV_FAULT_NUL:
    case CSV_FAULT_CUT_SHORT:
    case CSV_FAULT_COUNT: break;
    }
    struct arena *a = problems->arena;
    const char *one = f->kind == CSV_FAULT_BAD_BYTE ? encoding_name(e) : arena_printf(a, "%lld", (long long)first);
    problem_add(problems, (struct problem_at){file, f->line, f->column, NULL}, csv_fault_message(f), one,
                arena_printf(a, "%lld", (long long)second), NULL, NULL);
}
