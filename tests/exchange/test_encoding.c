// Encodings: what a file is judged to be and how surely, conversion in small pieces, and bytes that mean nothing.
#include "exchange/encoding.h"
#include "tap.h"

#define T(literal)                     \
    {                                  \
        (literal), sizeof(literal) - 1 \
    }

// "编号,姓名,发病日期\n1,张三,2022年6月28日\n" and the like, in GB18030.
#define GB_HEADER "\xB1\xE0\xBA\xC5,\xD0\xD5\xC3\xFB,\xB7\xA2\xB2\xA1\xC8\xD5\xC6\xDA\n"
#define GB_ROW                        \
    "1,\xD5\xC5\xC8\xFD,2022\xC4\xEA" \
    "6\xD4\xC2"                       \
    "28\xC8\xD5\n"

static void test_detect(void)
{
    static const struct {
        const char *what;
        struct str text;
        encoding want;
        int32_t percent_min, percent_max;
        int32_t bom;
        encoding_binary binary;
    } rows[] = {
        {"ASCII", T("id,age\n1,5\n"), ENCODING_UTF8, 100, 100, 0, BINARY_NOT},
        {"nothing", T(""), ENCODING_UTF8, 100, 100, 0, BINARY_NOT},
        {"UTF-8", T("编号,姓名\n1,张三\n"), ENCODING_UTF8, 99, 99, 0, BINARY_NOT},
        {"UTF-8 with a mark", T("\xEF\xBB\xBFid\n"), ENCODING_UTF8, 100, 100, 3, BINARY_NOT},
        {"UTF-8 with one bad byte", T("编号,姓名\n1,张三\n2,\xFF\n"), ENCODING_UTF8, 60, 98, 0, BINARY_NOT},
        {"UTF-16, little end first", T("\xFF\xFEi\0d\0\n\0"), ENCODING_UTF16LE, 100, 100, 2, BINARY_NOT},
        {"UTF-16, big end first", T("\xFE\xFF\0i\0d\0\n"), ENCODING_UTF16BE, 100, 100, 2, BINARY_NOT},
        {"UTF-16 without a mark",
         T("i\0d\0,\0a\0\n\0"
           "1\0,\0\x20\x5F\n\0"),
         ENCODING_UTF16LE, 90, 90, 0, BINARY_NOT},
        {"the other way round",
         T("\0i\0d\0,\0a\0\n\0"
           "1\0,\x5F\x20\0\n"),
         ENCODING_UTF16BE, 90, 90, 0, BINARY_NOT},
        {"GB18030", T(GB_HEADER GB_ROW), ENCODING_GB18030, 80, 99, 0, BINARY_NOT},
        {"GB18030, one name", T("id,name\n1,\xD5\xC5\xC8\xFD\n"), ENCODING_GB18030, 60, 99, 0, BINARY_NOT},
        {"German in windows-1252", T("id,name\n1,J\xFCrgen M\xFCller\n2,G\xFCnther\n"), ENCODING_WINDOWS_1252, 60, 95,
         0, BINARY_NOT},
        {"French in windows-1252", T("id,nom\n1,Th\xE9r\xE8se Lef\xE8vre\n2,No\xEBl \x93 x \x94\n"),
         ENCODING_WINDOWS_1252, 50, 95, 0, BINARY_NOT},
        {"Excel workbook", T("PK\x03\x04\x14\0\x06\0"), ENCODING_UTF8, 0, 100, 0, BINARY_XLSX},
        {"old Excel workbook", T("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"), ENCODING_UTF8, 0, 100, 0, BINARY_XLS},
        {"PDF", T("%PDF-1.4\n"), ENCODING_UTF8, 0, 100, 0, BINARY_PDF},
        {"gzip", T("\x1F\x8B\x08\0\0\0"), ENCODING_UTF8, 0, 100, 0, BINARY_COMPRESSED},
        {"bytes of no kind", T("\x01\x02\x03\x04\x05\x06\0\0\0\0abc"), ENCODING_UTF8, 0, 100, 0, BINARY_OTHER},
        {"one NUL in a text", T("id,age\n1,5\0\n2,6\n3,7\n"), ENCODING_UTF8, 100, 100, 0, BINARY_NOT},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct encoding_guess g;
        encoding_detect(rows[i].text, true, &g);
        EQ_TEXT(encoding_name(g.encoding), encoding_name(rows[i].want), "%s", rows[i].what);
        OK(g.percent >= rows[i].percent_min && g.percent <= rows[i].percent_max, "%s: %d%% sure", rows[i].what,
           (int)g.percent);
        EQ_INT(g.bom_bytes, rows[i].bom, "%s: mark", rows[i].what);
        EQ_INT(g.binary, rows[i].binary, "%s: no text", rows[i].what);
    }
    // A sample that ends inside a character is not damaged; a whole file that does is.
    struct encoding_guess g;
    encoding_detect((struct str)T("张三,李四,王五\xE5\xBC"), false, &g);
    EQ_INT(g.encoding == ENCODING_UTF8 ? g.percent : 0, 99, "a sample may end inside a character");
}

static void test_names(void)
{
    static const struct {
        const char *name;
        encoding want;
    } rows[] = {
        {"utf-8", ENCODING_UTF8},        {"UTF8", ENCODING_UTF8},         {"GBK", ENCODING_GB18030},
        {"gb2312", ENCODING_GB18030},    {"GB 18030", ENCODING_GB18030},  {"cp1252", ENCODING_WINDOWS_1252},
        {"ANSI", ENCODING_WINDOWS_1252}, {"ISO-8859-1", ENCODING_LATIN1}, {"latin_1", ENCODING_LATIN1},
        {"utf-16le", ENCODING_UTF16LE},  {"UTF-16BE", ENCODING_UTF16BE},  {"auto", ENCODING_AUTO},
    };
    encoding e = ENCODING_COUNT;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        OK(encoding_parse(str_z(rows[i].name), &e) && e == rows[i].want, "%s is %s", rows[i].name,
           encoding_name(rows[i].want));
    OK(!encoding_parse(STR("utf-9"), &e), "utf-9 is nothing");
    OK(!encoding_parse(STR("a name that is longer than any encoding has"), &e), "nor is a long text");
    for (int i = 0; i < ENCODING_COUNT; i++) {
        OK(encoding_parse(str_z(encoding_name((encoding)i)), &e) && e == (encoding)i, "%s reads back",
           encoding_name((encoding)i));
    }
}

// Everything a stream gives, read `piece` bytes at a time.
static struct str converted(struct str text, encoding wanted, size_t piece, char *out, size_t cap,
                            struct encoding_guess *guess)
{
    struct bytes source = bytes_of_memory(text);
    struct encoding_stream *s = NULL;
    struct err err;
    size_t n = 0, got = 1;
    if (encoding_open(&source, wanted, &s, guess, &err) != TONG_OK) return STR("cannot open");
    while (got > 0 && n + piece <= cap) {
        if (encoding_read(s, out + n, piece, &got, &err) != TONG_OK) break;
        n += got;
    }
    encoding_close(s);
    return (struct str){out, n};
}

static void test_convert(void)
{
    static const struct {
        const char *what;
        struct str text;
        encoding wanted;
        const char *want;
    } rows[] = {
        {"UTF-8 as it is", T("张三,5\n"), ENCODING_AUTO, "张三,5\n"},
        {"UTF-8 without its mark", T("\xEF\xBB\xBF张三\n"), ENCODING_AUTO, "张三\n"},
        {"UTF-16 LE",
         T("\xFF\xFE\x20\x5F,\0"
           "5\0\n\0"),
         ENCODING_AUTO, "张,5\n"},
        {"UTF-16 BE",
         T("\xFE\xFF\x5F\x20\0,\0"
           "5\0\n"),
         ENCODING_AUTO, "张,5\n"},
        {"UTF-16 without a mark", T("i\0d\0\n\0\x20\x5F\n\0"), ENCODING_AUTO, "id\n张\n"},
        {"UTF-16 by order, in which it could not be seen", T("\x20\x5F\x20\x5F"), ENCODING_UTF16LE, "张张"},
        {"UTF-16 LE, a pair of surrogates", T("\xFF\xFE\x67\xD8\x3D\xDE\n\0"), ENCODING_AUTO, "\xF0\xA9\xB8\xBD\n"},
        {"GB18030", T(GB_HEADER GB_ROW), ENCODING_AUTO, "编号,姓名,发病日期\n1,张三,2022年6月28日\n"},
        {"GB18030, four bytes", T("\x95\x32\x8F\x38\xD5\xC5\n"), ENCODING_GB18030, "\xF0\xA0\x82\x84张\n"},
        {"windows-1252", T("M\xFCller \x80\n"), ENCODING_AUTO, "Müller €\n"},
        {"latin-1 by order", T("M\xFCller\n"), ENCODING_LATIN1, "Müller\n"},
        {"the user's word beats the guess", T("\xD5\xC5\n"), ENCODING_LATIN1, "ÕÅ\n"},
        {"undefined in windows-1252: marked, not dropped", T("a\x81z\n"), ENCODING_WINDOWS_1252, "a\xFFz\n"},
        {"half a GB18030 pair inside: marked", T("\xD5\xC5\xD5,\xC8\xFD\n"), ENCODING_GB18030, "张\xFF,三\n"},
        {"half a GB18030 pair at the end: cut short", T("\xD5\xC5\xC8"), ENCODING_GB18030, "张\xFE"},
        {"half a UTF-16 unit at the end: cut short",
         T("\xFF\xFE\x20\x5F"
           "5"),
         ENCODING_AUTO, "张\xFE"},
        {"a lone surrogate: marked",
         T("\xFF\xFE\x67\xD8"
           "a\0\n\0"),
         ENCODING_AUTO,
         "\xFF"
         "a\n"},
    };
    static const size_t pieces[] = {16, 17, 64, 4096};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        for (size_t k = 0; k < sizeof pieces / sizeof *pieces; k++) {
            char out[8192];
            struct encoding_guess g;
            struct str got = converted(rows[i].text, rows[i].wanted, pieces[k], out, sizeof out, &g);
            OK(str_eq_z(got, rows[i].want), "%s, %zu bytes at a time", rows[i].what, pieces[k]);
        }
    }
}

// A long text of two-byte characters crosses every edge of the buffers and comes out whole.
static void test_long(void)
{
    enum { PAIRS = 500 * 1000 };
    char *gb = malloc(2 * PAIRS), *out = malloc(3 * PAIRS + 4096);
    if (gb == NULL || out == NULL) abort();
    for (int i = 0; i < PAIRS; i++) {
        gb[2 * i] = (char)0xD5;
        gb[2 * i + 1] = (char)0xC5;
    }
    struct encoding_guess g;
    struct str got = converted((struct str){gb, 2 * PAIRS}, ENCODING_AUTO, 4096, out, 3 * PAIRS + 4096, &g);
    EQ_INT(g.encoding, ENCODING_GB18030, "a megabyte of one character");
    EQ_INT((int64_t)got.n, 3 * PAIRS, "is as long as it must be");
    size_t right = 0;
    for (size_t i = 0; i + 3 <= got.n; i += 3) right += memcmp(got.p + i, "张", 3) == 0;
    EQ_INT((int64_t)right, PAIRS, "and every character is right");
    free(gb);
    free(out);
}

static void test_sources(void)
{
    char buf[8];
    size_t n = 9;
    struct err err;
    FILE *f = tmpfile();
    if (f == NULL) {
        tap_skip("no temporary file");
        return;
    }
    (void)fputs("abcdef", f);
    rewind(f);
    struct bytes b = bytes_of_file(f);
    OK(bytes_read(&b, buf, 4, &n, &err) == TONG_OK && n == 4 && memcmp(buf, "abcd", 4) == 0, "a file in pieces");
    OK(bytes_read(&b, buf, 4, &n, &err) == TONG_OK && n == 2, "its rest");
    OK(bytes_read(&b, buf, 4, &n, &err) == TONG_OK && n == 0, "its end");
    (void)fclose(f);
    b = bytes_of_fd(12345);
    EQ_INT(bytes_read(&b, buf, 4, &n, &err), TONG_E_IO, "a descriptor that is not open fails");
    b = bytes_of_memory(STR("xyz"));
    OK(bytes_read(&b, buf, 2, &n, &err) == TONG_OK && n == 2, "memory in pieces");
    OK(bytes_read(&b, buf, 8, &n, &err) == TONG_OK && n == 1 && buf[0] == 'z', "its rest");
}

int main(void)
{
    test_detect();
    test_names();
    test_convert();
    test_long();
    test_sources();
    return tap_done();
}
