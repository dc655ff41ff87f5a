#include "protocol/yaml_fault.h"

#include <string.h>

const struct message yaml_fault_large = {
    "yaml-large", PROBLEM_ERROR, LABEL("the file is longer than {1} bytes", "文件超过 {1} 字节"),
    LABEL("this is hardly a protocol: give the right file", "这不像是防控方案文件：请确认文件是否选对")};
const struct message yaml_fault_encoding = {
    "yaml-encoding", PROBLEM_ERROR, LABEL("byte {1} of the file is not UTF-8", "文件的第 {1} 个字节不符合 UTF-8 编码"),
    LABEL("the file may be in GB18030, or cut off in the middle of a character: save it again as UTF-8",
          "文件可能是 GB18030（GBK）编码，或在一个字符中间被截断：请在编辑器中另存为 UTF-8")};
const struct message yaml_fault_utf16 = {"yaml-utf16", PROBLEM_ERROR, LABEL("the file is UTF-16", "文件是 UTF-16 编码"),
                                         LABEL("save it again as UTF-8", "请在编辑器中另存为 UTF-8")};
const struct message yaml_fault_control = {
    "yaml-control", PROBLEM_ERROR, LABEL("a control character stands in the text", "文字中有控制字符"),
    LABEL("the file was damaged, or it is no text file: remove the character, or fetch the file again",
          "文件可能已损坏，或者不是文本文件：请删去该字符，或重新获取文件")};
const struct message yaml_fault_empty = {
    "yaml-empty", PROBLEM_ERROR, LABEL("there is nothing in the file", "文件是空的"),
    LABEL("fetch the file again, or write something into it", "请重新获取文件，或写入内容")};
const struct message yaml_fault_documents = {
    "yaml-documents", PROBLEM_ERROR, LABEL("a second document begins here", "此处开始了第二个文档（---）"),
    LABEL("keep one document in a file: remove the line of three hyphens, or split the file",
          "一个文件只写一个文档：请删去“---”一行，或拆成两个文件")};
const struct message yaml_fault_anchor = {
    "yaml-anchor", PROBLEM_ERROR,
    LABEL("anchors (&name) and aliases (*name) are not allowed", "不允许使用锚点（&名称）和引用（*名称）"),
    LABEL("write the text out; if it begins with & or *, put it in quotes",
          "请把内容写全；若文字本身以 & 或 * 开头，请加引号")};
const struct message yaml_fault_tag = {"yaml-tag", PROBLEM_ERROR,
                                       LABEL("tags ({1}) are not allowed", "不允许使用标签（{1}）"),
                                       LABEL("remove it; if the text itself begins with !, put it in quotes",
                                             "请删去标签；若文字本身以 ! 开头，请加引号")};
const struct message yaml_fault_deep = {"yaml-deep", PROBLEM_ERROR,
                                        LABEL("the file is nested too deeply here", "此处嵌套层数过多"),
                                        LABEL("look for a bracket that is never closed, or an indentation that grows",
                                              "请检查是否有未闭合的括号，或缩进不断加深")};
const struct message yaml_fault_many = {
    "yaml-many", PROBLEM_ERROR, LABEL("the file has too many entries", "文件中的条目过多"),
    LABEL("this is hardly a protocol: give the right file", "这不像是防控方案文件：请确认文件是否选对")};
const struct message yaml_fault_key = {
    "yaml-key", PROBLEM_ERROR,
    LABEL("a list or mapping stands where a key must be", "此处应为键名，却出现了列表或映射"),
    LABEL("write a word as key; braces within braces need a key before them",
          "键名应为一个词；花括号内的花括号前面要有键名")};
const struct message yaml_fault_twice = {
    "yaml-twice", PROBLEM_ERROR,
    LABEL("`{1}` stands here a second time; the first is on line {2}", "“{1}”在此处重复出现；第一次在第 {2} 行"),
    LABEL("join the two, or remove one", "请合并两处，或删去其中一处")};

#define YAML_SYNTAX(en, zh, remedy_en, remedy_zh)                                \
    {                                                                            \
        "yaml-syntax", PROBLEM_ERROR, LABEL(en, zh), LABEL(remedy_en, remedy_zh) \
    }

// By libyaml's own words for the fault (scanner.c and parser.c of version 0.2). What is not here keeps the English words.
static const struct {
    const char *what;
    struct message message;
} yaml_syntax[] = {
    {"mapping values are not allowed in this context",
     YAML_SYNTAX("a colon stands where no key can be", "此处的冒号前面不是键名",
                 "check the indentation of this line and the one before; put a text that contains `: ` in quotes",
                 "请检查本行和上一行的缩进；若文字中含有“: ”，请把整段文字加引号")},
    {"did not find expected key",
     YAML_SYNTAX("a key was expected here", "此处应为键名",
                 "give this line the same indentation as the keys it belongs to; look for a quotation mark or bracket "
                 "that is not closed",
                 "请使本行与同级的键缩进一致，并检查是否有未闭合的引号或括号")},
    {"did not find expected '-' indicator",
     YAML_SYNTAX("an entry of a list was expected here (`- `)", "此处应为列表项（以“- ”开头）",
                 "begin the line with a hyphen like the entries above it, or correct its indentation",
                 "请像上面的列表项一样以“- ”开头，或改正缩进")},
    {"did not find expected ',' or ']'",
     YAML_SYNTAX("a comma or the closing bracket `]` is missing", "缺少逗号或右方括号“]”",
                 "close the list, or put a comma between its entries; put texts with commas or brackets in quotes",
                 "请闭合列表，或在各项之间加逗号；含有逗号或括号的文字请加引号")},
    {"did not find expected ',' or '}'",
     YAML_SYNTAX("a comma or the closing brace `}` is missing", "缺少逗号或右花括号“}”",
                 "close the mapping, or put a comma between its entries; put texts with commas or braces in quotes",
                 "请闭合花括号，或在各项之间加逗号；含有逗号或括号的文字请加引号")},
    {"could not find expected ':'",
     YAML_SYNTAX("a colon is missing after a key", "键名后面缺少冒号",
                 "write `key: value`, with a space after the colon", "请写成“键: 值”，冒号后面要有空格（半角冒号）")},
    {"found character that cannot start any token",
     YAML_SYNTAX("a text cannot begin with this character (a tab, @, `, %)", "文字不能以此字符开头（制表符、@、`、%）",
                 "indent with spaces, never with tabs; put the text in quotes",
                 "请用空格缩进，不要用制表符；或给文字加引号")},
    {"found a tab character that violates indentation",
     YAML_SYNTAX("a tab stands in the indentation", "缩进中有制表符", "indent with spaces", "请用空格缩进")},
    {"found unexpected end of stream",
     YAML_SYNTAX("the file ends inside a quotation: it was cut off, or a quotation mark is missing",
                 "文件在引号之内结束：文件被截断，或缺少结束引号", "close the quotation, or fetch the file again",
                 "请补上结束引号，或重新获取文件")},
    {"did not find expected <document start>",
     YAML_SYNTAX("something follows the end of the document", "文档结束之后还有内容",
                 "correct the indentation of this line, or remove what follows", "请改正本行的缩进，或删去其后的内容")},
    {"did not find expected node content",
     YAML_SYNTAX("a value was expected here", "此处应有内容",
                 "the file may be cut off, or there is one comma or bracket too many",
                 "文件可能被截断，或者多了一个逗号或括号")},
    {"block sequence entries are not allowed in this context",
     YAML_SYNTAX("a list entry (`- `) cannot stand here", "列表项（“- ”）不能写在此处",
                 "begin the list on a line of its own, below its key", "请在键的下一行另起列表")},
    {"mapping keys are not allowed in this context",
     YAML_SYNTAX("a key cannot stand here", "键名不能写在此处", "begin it on a line of its own", "请另起一行")},
    {"found unknown escape character",
     YAML_SYNTAX("a backslash stands before a character that has no such meaning", "反斜杠后面的字符没有特殊含义",
                 "write two backslashes, or use single quotes", "请写两个反斜杠，或改用单引号")},
    {"found undefined tag handle", YAML_SYNTAX("tags (!name) are not allowed", "不允许使用标签（!名称）",
                                               "remove it; if the text itself begins with !, put it in quotes",
                                               "请删去标签；若文字本身以 ! 开头，请加引号")},
};
static const struct message yaml_syntax_other =
    YAML_SYNTAX("this is not well-formed YAML ({1})", "不符合 YAML 格式（{1}）",
                "check indentation, quotation marks and brackets on this line and the one before",
                "请检查本行和上一行的缩进、引号和括号");

const struct message *yaml_fault_syntax(const char *what)
{
    for (size_t i = 0; i < sizeof yaml_syntax / sizeof yaml_syntax[0]; i++)
        if (strcmp(what, yaml_syntax[i].what) == 0) return &yaml_syntax[i].message;
    return &yaml_syntax_other;
}
