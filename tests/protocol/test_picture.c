// Pictures of every pathway there is, in both languages: well-formed XML, every text in its box and on nothing else, no
// line through text, every stage and every event there.
//
// The file is read back by a small parser of this test's own, and widths are estimated by a rule of its own.
#include "explained.h"
#include "protocol/explain_prose.h"
#include "protocol/explain_rule.h"
#include "protocol/picture.h"
#include "protocol/picture_svg.h"

enum { SHAPES_MAX = 4000, POINTS_MAX = 64 };

struct box {
    double x, y, width, height;
};

struct text_at {
    struct box at;
    char text[400]; // as read, entities resolved
};

struct line_at {
    double x[POINTS_MAX], y[POINTS_MAX];
    size_t count;
};

struct page {
    struct box rects[SHAPES_MAX];
    bool mark[SHAPES_MAX]; // a mark in a strip, the band of a measure: text may stand on it or not
    struct text_at texts[SHAPES_MAX];
    struct line_at lines[SHAPES_MAX];
    size_t rect_count, text_count, line_count;
    double width, height;
    char all[200000]; // all text, without spaces
    const char *fault;
};

// ---- reading it back ----

// Where a name or an attribute's value ends; marks a fault when the file ends first.
static const char *page_until(struct page *p, const char *c, const char *stop)
{
    const char *at = strpbrk(c, stop);
    if (at == NULL) p->fault = "the file ends inside a tag";
    return at;
}

static double page_number(const char *tag, const char *end, const char *name)
{
    char key[40];
    (void)snprintf(key, sizeof key, " %s=\"", name);
    const char *at = strstr(tag, key);
    return at == NULL || at > end ? NAN : strtod(at + strlen(key), NULL);
}

static bool page_class(const char *tag, const char *end, const char *class)
{
    const char *at = strstr(tag, " class=\"");
    return at != NULL && at < end && strncmp(at + strlen(" class=\""), class, strlen(class)) == 0;
}

// Names, attributes in quotes, no stray '<': what XML 1.0 asks of a tag.
static bool page_tag_formed(struct page *p, const char *tag, const char *end)
{
    const char *c = tag + strcspn(tag, " />");
    while (c < end) {
        c += strspn(c, " ");
        if (c >= end || *c == '/') return true;
        const char *equals = page_until(p, c, "=>");
        if (equals == NULL || *equals != '=' || equals[1] != '"') return false;
        const char *close = strchr(equals + 2, '"');
        if (close == NULL || close > end || memchr(equals + 2, '<', (size_t)(close - equals - 2)) != NULL) return false;
        c = close + 1;
    }
    return true;
}

static double own_size(const char *tag, const char *end)
{
    static const struct {
        const char *class;
        double size;
    } sizes[] = {{"t1", 19}, {"t2", 15}, {"t3", 13}, {"t4", 12}, {"t5", 12}, {"num", 10}};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++)
        if (page_class(tag, end, sizes[i].class)) return sizes[i].size;
    return NAN;
}

// This test's own estimate: Chinese an em, capitals and wide letters 0.7, the rest 0.56 of one.
static double own_width(const char *text, double size)
{
    double ems = 0;
    for (const unsigned char *c = (const unsigned char *)text; *c != 0; c++) {
        if (*c >= 0xE3) ems += 1;
        else if (*c >= 0xC0) ems += 0.6;
        else if (*c >= 0x80) continue;
        else if (strchr("ilj.,:;'|!()[] ft\"", (char)*c) != NULL) ems += 0.34;
        else ems += (*c >= 'A' && *c <= 'Z') || *c == 'm' || *c == 'w' ? 0.7 : 0.56;
    }
    return ems * size;
}

static bool page_text(struct page *p, const char *tag, const char *end, const char *from, const char *to)
{
    struct text_at *t = &p->texts[p->text_count++];
    size_t n = 0;
    for (const char *c = from; c < to && n + 2 < sizeof t->text; c++) {
        static const struct {
            const char *name;
            char is;
        } entities[] = {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}};
        bool found = *c != '&';
        char put = *c;
        for (size_t i = 0; i < 4 && !found; i++)
            if (strncmp(c, entities[i].name, strlen(entities[i].name)) == 0) {
                put = entities[i].is;
                c += strlen(entities[i].name) - 1;
                found = true;
            }
        if (!found) return false;
        t->text[n++] = put;
    }
    t->text[n] = 0;
    double size = own_size(tag, end), x = page_number(tag, end, "x"), y = page_number(tag, end, "y");
    double width = own_width(t->text, size);
    const char *anchor = strstr(tag, "text-anchor=\"middle\"");
    if (anchor != NULL && anchor < end) x -= width / 2;
    t->at = (struct box){x, y - size * 0.8, width, size};
    for (const char *c = t->text; *c != 0; c++)
        if (*c != ' ' && strlen(p->all) + 2 < sizeof p->all) strncat(p->all, c, 1);
    return !isnan(x) && !isnan(y) && !isnan(size);
}

static void page_line(struct page *p, const char *tag, const char *end)
{
    const char *c = strstr(tag, " d=\"");
    struct line_at *line = &p->lines[p->line_count++];
    line->count = 0;
    for (c = c == NULL ? end : c + 4; c < end && *c != '"' && line->count < POINTS_MAX;) {
        char *after;
        if (strchr("MLQZ ", *c) != NULL) {
            c++;
            continue;
        }
        line->x[line->count] = strtod(c, &after);
        line->y[line->count++] = strtod(after, &after);
        c = after;
    }
}

// Reads the file; p->fault says what is not well formed.
static void page_read(struct page *p, const char *svg)
{
    const char *open[32];
    size_t depth = 0;
    *p = (struct page){0};
    for (const char *c = svg; *c != 0 && p->fault == NULL;) {
        const char *tag = strchr(c, '<');
        if (tag == NULL) break;
        const char *end = page_until(p, tag, ">");
        if (end == NULL) return;
        size_t name = strcspn(tag + 1, " />");
        if (tag[1] == '/') {
            name = strcspn(tag + 2, ">");
            bool match = depth > 0 && strncmp(open[depth - 1], tag + 2, name) == 0 &&
                         strchr(" >", open[depth - 1][name]) != NULL;
            if (!match) p->fault = "a tag is closed that is not open";
            else depth--;
        } else {
            if (!page_tag_formed(p, tag + 1, end)) p->fault = "an attribute is not well formed";
            if (end[-1] != '/' && depth < 32) open[depth++] = tag + 1;
            if (depth == 1 && strncmp(tag, "<svg", 4) == 0) {
                p->width = page_number(tag, end, "width");
                p->height = page_number(tag, end, "height");
            }
            if (strncmp(tag, "<rect", 5) == 0 && p->rect_count < SHAPES_MAX) {
                struct box *r = &p->rects[p->rect_count];
                *r = (struct box){page_number(tag, end, "x"), page_number(tag, end, "y"),
                                  page_number(tag, end, "width"), page_number(tag, end, "height")};
                p->mark[p->rect_count++] = page_class(tag, end, "paper") || page_class(tag, end, "m") ||
                                           page_class(tag, end, "head") || page_class(tag, end, "check");
            }
            if (strncmp(tag, "<path class=\"line\"", 18) == 0 && p->line_count < SHAPES_MAX) page_line(p, tag, end);
            if (strncmp(tag, "<text", 5) == 0 && p->text_count < SHAPES_MAX) {
                const char *to = strchr(end, '<');
                if (to == NULL || !page_text(p, tag, end, end + 1, to)) p->fault = "a text is not well formed";
            }
        }
        (void)name;
        c = end + 1;
    }
    if (depth != 0) p->fault = "a tag is left open";
}

// ---- what must hold of it ----

static bool inside(const struct box *a, const struct box *b)
{
    return a->x >= b->x && a->y >= b->y && a->x + a->width <= b->x + b->width && a->y + a->height <= b->y + b->height;
}

static bool overlap(const struct box *a, const struct box *b)
{
    return a->x < b->x + b->width && b->x < a->x + a->width && a->y < b->y + b->height && b->y < a->y + a->height;
}

// Is the text wholly in every box that it touches?
static bool page_text_in_boxes(const struct page *p, const struct text_at *t)
{
    for (size_t i = 0; i < p->rect_count; i++)
        if (!p->mark[i] && overlap(&t->at, &p->rects[i]) && !inside(&t->at, &p->rects[i])) return false;
    const struct box all = {0, 0, p->width, p->height};
    return inside(&t->at, &all);
}

// Corners are rounded by a curve whose middle point is the corner itself, so the points in turn are the lines.
static bool page_line_through(const struct line_at *line, const struct box *b)
{
    for (size_t i = 1; i < line->count; i++) {
        double x0 = fmin(line->x[i - 1], line->x[i]), x1 = fmax(line->x[i - 1], line->x[i]);
        double y0 = fmin(line->y[i - 1], line->y[i]), y1 = fmax(line->y[i - 1], line->y[i]);
        if (x0 < b->x + b->width && x1 > b->x && y0 < b->y + b->height && y1 > b->y) return true;
    }
    return false;
}

static void page_check(const struct page *p, const char *what)
{
    for (size_t i = 0; i < p->text_count; i++) {
        const struct text_at *t = &p->texts[i];
        CHECK(page_text_in_boxes(p, t), "%s: “%s” stays in its box", what, t->text);
        for (size_t k = 0; k < i; k++)
            CHECK(!overlap(&t->at, &p->texts[k].at), "%s: “%s” and “%s” do not overlap", what, t->text,
                  p->texts[k].text);
        for (size_t k = 0; k < p->line_count; k++)
            CHECK(!page_line_through(&p->lines[k], &t->at), "%s: no line through “%s”", what, t->text);
    }
    for (size_t i = 0; i < p->rect_count; i++)
        for (size_t k = 0; k < i; k++) {
            const struct box *a = &p->rects[i], *b = &p->rects[k];
            bool good = p->mark[i] || p->mark[k] || !overlap(a, b) || inside(a, b) || inside(b, a);
            CHECK(good, "%s: boxes lie inside one another or apart", what);
        }
}

static bool page_says(const struct page *p, const char *text)
{
    char want[1000];
    size_t n = 0;
    for (const char *c = text; *c != 0 && n + 1 < sizeof want; c++)
        if (*c != ' ') want[n++] = *c;
    want[n] = 0;
    if (want[0] >= 'a' && want[0] <= 'z')
        return strstr(p->all, want) != NULL || strstr(p->all, want + 1) != NULL; // may be a capital
    return strstr(p->all, want) != NULL;
}

static void page_check_content(const struct page *p, const struct protocol *protocol, uint8_t pathway, lang language,
                               const char *what)
{
    struct sink none = {0};
    struct prose s = prose_open(protocol, language, 0, &none);
    const struct pathway *w = &protocol->pathways[pathway];
    for (uint8_t i = 0; i < w->stage_count; i++) {
        uint8_t stage = (uint8_t)(w->stage_first + i);
        CHECK(page_says(p, protocol->stages[stage].label.text[language]), "%s: stage %s is there", what,
              protocol->stages[stage].name);
        uint8_t m = protocol->stages[stage].measure;
        CHECK(m == PROTOCOL_NONE || page_says(p, protocol->measures[m].label.text[language]), "%s: measure of stage %s",
              what, protocol->stages[stage].name);
    }
    for (size_t i = 0; i < protocol->rule_count; i++) {
        const struct rule *r = &protocol->rules[i];
        if (r->pathway != pathway) continue;
        CHECK(page_says(p, phrase_event(&s, r->event)), "%s: event %s is there", what,
              words_at(WORDS_EVENT, (int32_t)r->event)->name);
        for (uint16_t k = r->action_first; k < r->action_first + r->action_count; k++)
            if (protocol->actions[k].kind == ACTION_END)
                CHECK(page_says(p, words_at(WORDS_FINAL, protocol->actions[k].a)->label.text[language]),
                      "%s: an end of the pathway", what);
    }
    (void)prose_close(&s);
}

static void test_pathway(struct page *p, const struct protocol *protocol, uint8_t pathway, lang language)
{
    char what[200];
    (void)snprintf(what, sizeof what, "%s, %s, %s", protocol->id, protocol->pathways[pathway].name,
                   language == LANG_ZH ? "zh" : "en");
    struct sink out = {0};
    protocol_picture(protocol, pathway, language, &out);
    if (!OK(sink_good(&out) && out.text != NULL, "%s: drawn", what)) return;
    page_read(p, out.text);
    OK(p->fault == NULL, "%s: well formed (%s)", what, p->fault == NULL ? "" : p->fault);
    OK(str_utf8_valid(sink_kept(&out)) == out.n, "%s: UTF-8", what);
    OK(strstr(out.text, "<title id=") != NULL && strstr(out.text, "<desc id=") != NULL &&
           strstr(out.text, "role=\"img\"") != NULL,
       "%s: has a title and a description", what);
    OK(strstr(out.text, "prefers-color-scheme:dark") != NULL &&
           strstr(out.text, "http") == strstr(out.text, "http://www.w3.org/2000/svg"),
       "%s: for light and dark, and nothing from outside", what);
    page_check(p, what);
    page_check_content(p, protocol, pathway, language, what);
    sink_close(&out);
}

static void test_all(struct page *p)
{
    struct shipped shipped;
    explained_shipped(&shipped);
    for (size_t i = 0; i < shipped.count; i++) {
        struct reading reading;
        if (OK(explained_read_file(&reading, shipped.path[i]), "%s is read", shipped.path[i]))
            for (uint8_t w = 0; w < reading.p.pathway_count; w++)
                for (int l = 0; l < LANG_COUNT; l++) test_pathway(p, &reading.p, w, (lang)l);
        files_close(&reading);
    }
}

// ---- what stands in one ----

static size_t times(const char *text, const char *part)
{
    size_t n = 0;
    for (const char *c = text; (c = strstr(c, part)) != NULL; c += strlen(part)) n++;
    return n;
}

static void test_example(struct page *p)
{
    static const struct replaced change[] = {
        {"check: {a_day: 1, record: symptoms}", "sample: {on: 1 2 3 5 7 (H)}, check: {a_day: 1, record: symptoms}"},
        {"watched at home", "A & B < \\\"C\\\" > D"},
        {"en: watched", "en: watched"},
    };
    struct reading reading;
    struct replaced quoted = {"{en: watched at home,", "{en: \"A & B < 'C' > D\","};
    struct replaced both[] = {change[0], quoted};
    if (!OK(explained_read(&reading, both, 2), "the example is read")) return;
    struct sink out = {0};
    protocol_picture(&reading.p, 1, LANG_EN, &out);
    page_read(p, out.text);
    OK(p->fault == NULL && page_says(p, "1. A & B < 'C' > D"), "signs of XML in a name are escaped");
    EQ_INT(times(out.text, "class=\"sample\""), 5 + 1, "the days of samples in the strip, and one in the legend");
    EQ_INT(times(out.text, "class=\"day\""), 14 - 5, "the other days");
    EQ_INT(times(out.text, "class=\"check\""), 14 + 1, "a mark for each day's check");
    EQ_INT(times(out.text, "class=\"release\""), 1, "one release");
    OK(strstr(out.text, "<desc id=\"test-contact-desc\">Day 0 is the day of the last exposure") != NULL,
       "the description in words");
    OK(page_says(p, "Symptoms begin or a result is positive") && page_says(p, "Begins pathway “case”"),
       "the events and what they lead to");
    sink_close(&out);
    files_close(&reading);
}

static void test_edges(struct page *p)
{
    static const char more[] =
        "on:\n      symptom: {go: alone}\n      positive: {go: alone, tell: family}\n      lost: {go: watched}\n";
    struct replaced change[] = {
        {"    on:\n      symptom: {end: became_case, enrol: case}\n      positive: {end: became_case, enrol: case}\n",
         "    "},
        {"next: released}\n", "next: [{when: pregnant, stage: alone}, {when: unfit, stage: last}, {stage: released}]}\n"
                              "      alone: {name: {en: alone, zh: 单独}, at: home, for: 2 d (H), next: last}\n"
                              "      last: {name: {en: last, zh: 最后}, at: home, lapses: 6 h (H)}\n"},
        {"release: {when: [days_served]}\n", "release: {when: [days_served]}\n    "},
    };
    struct reading reading;
    char put[400];
    (void)snprintf(put, sizeof put, "release: {when: [days_served]}\n    %s", more);
    change[2].put = put;
    if (!OK(explained_read(&reading, change, 3), "the example is read")) return;
    struct sink out = {0};
    protocol_picture(&reading.p, 1, LANG_EN, &out);
    page_read(p, out.text);
    // Start to watched, watched to alone, last and release, alone to last; one arrow into alone and one into watched for the
    // events; two to what is told and to the end of "last".
    EQ_INT(times(out.text, "class=\"head\" d="), 1 + 3 + 1 + 2 + 2, "arrows");
    OK(page_says(p, "if they are pregnant") && page_says(p, "if they are seriously ill") && page_says(p, "otherwise"),
       "branches");
    OK(page_says(p, "Its time runs out") && page_says(p, "Completed"), "a stage that ends the pathway by itself");
    page_check(p, "branches and lanes");
    sink_close(&out);
    files_close(&reading);
}

// Every kind of break: the block never holds a line wider than its room by its own measure.
static void test_blocks(void)
{
    static const char *const texts[] = {"a few words", "密切接触者集中隔离医学观察期满后",
                                        "Donaudampfschifffahrtsgesellschaftskapitän", "7天（P1）：第1天至第7天", ""};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        for (int width = 30; width < 400; width += 7) {
            struct arena arena = {0};
            struct svg_block b = {.width = width};
            CHECK(svg_block_add(&b, &arena, SVG_TEXT, texts[i]), "there is memory");
            CHECK(svg_block_needs(&b) <= width, "“%s” in %d pixels", texts[i], width);
            size_t n = 0;
            for (size_t k = 0; k < b.count; k++) n += b.lines[k].text.n;
            size_t spaces = times(texts[i], " ");
            CHECK(n + spaces >= strlen(texts[i]) && n <= strlen(texts[i]), "nothing is lost");
            arena_free(&arena);
        }
}

int main(void)
{
    struct page *p = malloc(sizeof *p);
    if (p == NULL) return 1;
    test_blocks();
    test_example(p);
    test_edges(p);
    test_all(p);
    free(p);
    return tap_done();
}
