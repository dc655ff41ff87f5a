#include "protocol/explain_prose.h"

#include <assert.h>
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct prose prose_open(const struct protocol *p, lang language, int32_t columns, struct sink *out)
{
    return (struct prose){.p = p, .language = language, .columns = columns, .out = out};
}

bool prose_close(struct prose *s)
{
    if (s->failed) s->out->failed = true;
    arena_free(&s->arena);
    return !s->failed;
}

// ---- pieces of text ----

static const char *prose_kept(struct prose *s, const char *text)
{
    if (text != NULL) return text;
    s->failed = true;
    return "";
}

const char *prose_text(struct prose *s, const char *fmt, ...)
{
    va_list args, again;
    va_start(args, fmt);
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, fmt, args);
    va_end(args);
    char *out = n < 0 ? NULL : arena_alloc(&s->arena, (size_t)n + 1);
    if (out != NULL) (void)vsnprintf(out, (size_t)n + 1, fmt, again);
    va_end(again);
    return prose_kept(s, out);
}

const char *prose_number(struct prose *s, int64_t n)
{
    return prose_text(s, "%lld", (long long)n);
}

// With out NULL only the length is counted.
static size_t prose_filled(const char *template, const char *const arg[6], char *out)
{
    size_t n = 0;
    for (const char *c = template; *c != 0; c++) {
        bool slot = c[0] == '{' && c[1] >= '1' && c[1] <= '6' && c[2] == '}';
        const char *text = !slot ? NULL : arg[c[1] - '1'];
        size_t length = !slot ? 1 : text == NULL ? 0 : strlen(text);
        if (out != NULL && length > 0) memcpy(out + n, slot ? text : c, length);
        n += length;
        if (slot) c += 2;
    }
    return n;
}

const char *prose_fill(struct prose *s, struct label template, const char *a1, const char *a2, const char *a3,
                       const char *a4, const char *a5, const char *a6)
{
    const char *const arg[6] = {a1, a2, a3, a4, a5, a6};
    const char *text = template.text[s->language];
    char *out = arena_alloc(&s->arena, prose_filled(text, arg, NULL) + 1);
    if (out != NULL) out[prose_filled(text, arg, out)] = 0;
    return prose_kept(s, out);
}

const char *prose_join(struct prose *s, const char *a, struct label between, const char *b)
{
    if (a[0] == 0 || b[0] == 0) return a[0] == 0 ? b : a;
    return prose_text(s, "%s%s%s", a, between.text[s->language], b);
}

void prose_add(struct prose_list *list, const char *part)
{
    if (part[0] != 0 && list->count < PROSE_PARTS_MAX) list->part[list->count++] = part;
}

// Parts that have commas of their own are set apart by semicolons.
static bool prose_has_commas(const struct prose_list *list)
{
    static const char *const commas[] = {",", "、", "，"};
    for (size_t i = 0; i < list->count; i++) {
        int32_t depth = 0; // commas in brackets do no harm
        for (const char *c = list->part[i]; *c != 0; c++) {
            if (*c == '(' || strncmp(c, "（", strlen("（")) == 0) depth++;
            if (*c == ')' || strncmp(c, "）", strlen("）")) == 0) depth--;
            for (size_t k = 0; k < sizeof commas / sizeof commas[0] && depth == 0; k++)
                if (strncmp(c, commas[k], strlen(commas[k])) == 0) return true;
        }
    }
    return false;
}

const char *prose_enumerate(struct prose *s, const struct prose_list *list, prose_link link)
{
    static const struct {
        struct label between, last;
    } links[2][4] = {
        {
            [PROSE_AND] = {LABEL(", ", "、"), LABEL(" and ", "和")},
            [PROSE_OR] = {LABEL(", ", "、"), LABEL(" or ", "或")},
            [PROSE_COMMA] = {LABEL(", ", "、"), LABEL(", ", "、")},
            [PROSE_SENTENCE] = {LABEL(" ", ""), LABEL(" ", "")},
        },
        {
            [PROSE_AND] = {LABEL("; ", "；"), LABEL("; and ", "；以及")},
            [PROSE_OR] = {LABEL("; ", "；"), LABEL("; or ", "；或")},
            [PROSE_COMMA] = {LABEL("; ", "；"), LABEL("; ", "；")},
            [PROSE_SENTENCE] = {LABEL(" ", ""), LABEL(" ", "")},
        },
    };
    bool commas = prose_has_commas(list);
    size_t n = 1;
    for (size_t i = 0; i < list->count; i++) n += strlen(list->part[i]) + sizeof "；以及";
    char *out = arena_alloc(&s->arena, n);
    if (out == NULL) return prose_kept(s, NULL);
    size_t used = 0;
    for (size_t i = 0; i < list->count; i++) {
        const struct label *between = i + 1 == list->count ? &links[commas][link].last : &links[commas][link].between;
        int wrote = snprintf(out + used, n - used, "%s%s", i == 0 ? "" : between->text[s->language], list->part[i]);
        assert(wrote >= 0 && (size_t)wrote < n - used);
        used += (size_t)wrote;
    }
    return out;
}

const char *prose_capital(struct prose *s, const char *text)
{
    if (s->language != LANG_EN || text[0] < 'a' || text[0] > 'z') return text;
    return prose_text(s, "%c%s", text[0] - 'a' + 'A', text + 1);
}

static bool prose_ends(const char *text, const char *tail)
{
    size_t n = strlen(text), t = strlen(tail);
    return n >= t && strcmp(text + n - t, tail) == 0;
}

const char *prose_sentence(struct prose *s, const char *text)
{
    static const char *const ends[] = {".", "!", "?", ":", "。", "！", "？", "："};
    if (text[0] == 0) return text;
    const char *begun = prose_capital(s, text);
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++)
        if (prose_ends(begun, ends[i])) return begun;
    return prose_text(s, "%s%s", begun, s->language == LANG_ZH ? "。" : ".");
}

// ---- breaking lines ----

// Code point at *i of valid UTF-8, or U+FFFD for a stray byte; *i moves behind it.
static uint32_t prose_point(struct str t, size_t *i)
{
    unsigned char c = (unsigned char)t.p[*i];
    size_t more = c >= 0xF0 ? 3 : c >= 0xE0 ? 2 : c >= 0xC0 ? 1 : 0;
    if (c < 0x80 || more == 0 || more >= t.n - *i) {
        *i += 1;
        return c < 0x80 ? c : 0xFFFD;
    }
    uint32_t point = c & (0x3Fu >> more);
    for (size_t k = 1; k <= more; k++) point = point << 6 | ((unsigned char)t.p[*i + k] & 0x3Fu);
    *i += more + 1;
    return point;
}

static bool prose_is_wide(uint32_t c)
{
    return (c >= 0x2E80 && c <= 0xA4CF) || (c >= 0xAC00 && c <= 0xD7A3) || (c >= 0xF900 && c <= 0xFAFF) ||
           (c >= 0xFE30 && c <= 0xFE4F) || (c >= 0xFF00 && c <= 0xFF60) || (c >= 0xFFE0 && c <= 0xFFE6) ||
           (c >= 0x20000 && c <= 0x3FFFD) || c == 0x201C || c == 0x201D;
}

static bool prose_among(uint32_t c, const char *set)
{
    struct str t = str_z(set);
    for (size_t i = 0; i < t.n;)
        if (prose_point(t, &i) == c) return true;
    return false;
}

// The rules of line beginnings and ends in Chinese typesetting (GB/T 15834-2011, 5.1): closing marks do not begin a line,
// opening ones do not end one.
static bool prose_may_break(uint32_t before, uint32_t after)
{
    if (before == ' ' || after == ' ') return true;
    if (prose_among(after, "，。、；：！？）】》”’％%)].,;:!?°")) return false;
    if (prose_among(before, "（【《“‘([")) return false;
    if (before == '/' || before == '-') return after > ' ' && !(after >= '0' && after <= '9');
    return prose_is_wide(before) || prose_is_wide(after);
}

bool prose_break(struct str *text, double room, prose_width *width, struct str *line)
{
    while (text->n > 0 && text->p[0] == ' ') *text = (struct str){text->p + 1, text->n - 1};
    if (text->n == 0) return false;
    size_t fits = 0, allowed = 0;
    uint32_t before = 0;
    for (size_t i = 0; i < text->n;) {
        size_t at = i;
        uint32_t c = prose_point(*text, &i);
        if (at > 0 && prose_may_break(before, c)) allowed = at;
        if (c != ' ' && width((struct str){text->p, i}) > room && at > 0) break;
        fits = i;
        before = c;
    }
    size_t end = fits == text->n ? fits : allowed > 0 ? allowed : fits;
    *line = (struct str){text->p, end};
    *text = (struct str){text->p + end, text->n - end};
    while (line->n > 0 && line->p[line->n - 1] == ' ') line->n--;
    return true;
}

double prose_columns(struct str text)
{
    return (double)str_columns(text);
}

// ---- written out ----

static void prose_lines(struct prose *s, const char *first, const char *rest, const char *text)
{
    struct str left = str_z(text), line;
    s->line_open = true;
    if (s->columns <= 0) {
        sink_printf(s->out, "%s%s\n", first, text);
        return;
    }
    size_t indent = str_columns(str_z(rest));
    double room = s->columns > (int32_t)indent + 20 ? s->columns - (double)indent : 20;
    const char *lead = first;
    while (prose_break(&left, room, prose_columns, &line)) {
        sink_text(s->out, lead);
        sink_bytes(s->out, line.p, line.n);
        sink_char(s->out, '\n');
        lead = rest;
    }
}

void prose_heading(struct prose *s, int32_t level, const char *text)
{
    static const char *const mark[] = {"", "# ", "## ", "### "};
    assert(level >= 1 && level <= 3);
    if (s->line_open) sink_char(s->out, '\n');
    sink_printf(s->out, "%s%s\n", mark[level], text);
    if (level < 3) sink_char(s->out, '\n');
    s->line_open = level == 3;
}

void prose_paragraph(struct prose *s, const char *text)
{
    if (text[0] != 0) prose_lines(s, "", "", text);
}

void prose_item(struct prose *s, int32_t depth, const char *text)
{
    static const char *const first[] = {"- ", "  - "}, *const rest[] = {"  ", "    "};
    assert(depth == 0 || depth == 1);
    if (text[0] != 0) prose_lines(s, first[depth], rest[depth], text);
}
