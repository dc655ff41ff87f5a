// encoding.h -- which encoding a file is in, and its bytes as UTF-8, in pieces of constant size.
//
// People send UTF-8, what Excel writes on a Chinese computer (GB18030, whose subset GBK it calls "ANSI"), on a Western
// one (windows-1252), and "Unicode text" (UTF-16 with a byte order mark). Which it is shows in the bytes themselves in
// most files; the guess states how sure it is and the user can overrule it. A byte that does not belong to the encoding
// is never dropped or replaced: it is passed on as the marker ENCODING_BAD_BYTE, which UTF-8 cannot contain, and the
// CSV reader makes it the fault of the row in which it stands.
#ifndef TONG_EXCHANGE_ENCODING_H
#define TONG_EXCHANGE_ENCODING_H

#include "base/arena.h"
#include "base/lang.h"
#include "exchange/bytes.h"

typedef enum encoding {
    ENCODING_AUTO,
    ENCODING_UTF8,
    ENCODING_UTF16LE,
    ENCODING_UTF16BE,
    ENCODING_GB18030,
    ENCODING_WINDOWS_1252,
    ENCODING_LATIN1,
    ENCODING_COUNT
} encoding;

// What a file is that is not text at all.
typedef enum encoding_binary {
    BINARY_NOT,
    BINARY_XLSX, // a zip, which is what Excel and LibreOffice save by default
    BINARY_XLS,
    BINARY_PDF,
    BINARY_COMPRESSED,
    BINARY_OTHER
} encoding_binary;

struct encoding_guess {
    encoding encoding;
    int32_t percent;   // how sure: 100 a byte order mark or the user's word, 99 valid UTF-8, less: judged by frequency
    int32_t bom_bytes; // length of the byte order mark to skip
    encoding_binary binary; // not BINARY_NOT: this is no text
    bool ascii_only;        // no byte above 127 in the sample
};

enum {
    ENCODING_SAMPLE_BYTES = 256 * 1024, // what the guess is made from
    ENCODING_BAD_BYTE = 0xFF,           // stands for one byte (or pair, in UTF-16) that means nothing
    ENCODING_CUT_SHORT = 0xFE           // last byte of the stream: it ended inside a character
};

const char *encoding_name(encoding e); // "utf-8", "gb18030": what --encoding takes
// By name, case and hyphens ignored, with the usual aliases (gbk, gb2312, cp1252, ansi ...). False when unknown.
bool encoding_parse(struct str name, encoding *out);
// Judge the first bytes of a file; `whole` says that nothing follows them.
void encoding_detect(struct str sample, bool whole, struct encoding_guess *out);

struct encoding_stream;
// Look at the first bytes of `source` and open a stream of UTF-8. `wanted` other than ENCODING_AUTO overrules the guess
// (a byte order mark of it is still skipped). TONG_E_IO, TONG_E_NOMEM, TONG_E_NOT_FOUND: the C library lacks it.
tong_code encoding_open(struct bytes *source, encoding wanted, struct encoding_stream **out,
                        struct encoding_guess *guess, struct err *err) TONG_MUST_USE;
// The next bytes of UTF-8, without a byte order mark; *n = 0 is the end. TONG_E_IO.
tong_code encoding_read(struct encoding_stream *s, char *buf, size_t cap, size_t *n, struct err *err) TONG_MUST_USE;
void encoding_close(struct encoding_stream *s); // accepts NULL

#endif
