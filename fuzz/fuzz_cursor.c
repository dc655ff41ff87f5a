// Any text as a cursor: what is taken is one that we would write ourselves. Any bytes as numbers: the cursor comes
// back.
#include "fuzz.h"
#include "service/page.h"

#include <assert.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct cursor c, back;
    char text[CURSOR_TEXT];
    if (cursor_parse((struct str){(const char *)data, size}, &c)) {
        cursor_format(&c, text);
        assert(size == strlen(text));
        assert(memcmp(text, data, size) == 0);
    }
    unsigned char bytes[24] = {0};
    memcpy(bytes, data, size < sizeof bytes ? size : sizeof bytes);
    memcpy(&c.scope, bytes, 8);
    memcpy(&c.key, bytes + 8, 8);
    memcpy(&c.id, bytes + 16, 8);
    cursor_format(&c, text);
    bool good = cursor_parse(str_z(text), &back);
    assert(good);
    assert(back.scope == c.scope && back.key == c.key && back.id == c.id);
    return 0;
}
