#include "protocol/picture_svg.h"

#include "protocol/explain_prose.h"

#include <assert.h>
#include <math.h>

// ---- width of text ----

// Advance widths of DejaVu Sans 2.37 in thousandths of an em, U+0020 to U+007E, rounded up.
static const int16_t svg_ascii[95] = {
    318, 401, 460, 838, 637, 951, 780, 275, 391, 391, 500, 838, 318, 361,  318, 337, 637, 637, 637,
    637, 637, 637, 637, 637, 637, 637, 337, 337, 838, 838, 838, 531, 1000, 685, 687, 699, 771, 632,
    576, 775, 752, 295, 295, 656, 558, 863, 749, 788, 604, 788, 695, 635,  611, 732, 685, 989, 686,
    611, 686, 391, 337, 391, 838, 500, 500, 613, 635, 550, 635, 616, 353,  635, 634, 278, 278, 580,
    278, 975, 634, 612, 635, 635, 412, 521, 393, 634, 592, 818, 592, 592,  525, 637, 337, 637, 838,
};

double svg_em(struct str text)
{
    enum { OTHER = 700, WIDE = 1000 };
    int64_t thousandths = 0;
    for (size_t i = 0; i < text.n; i++) {
        unsigned char c = (unsigned char)text.p[i];
        if (c >= 0x20 && c < 0x7F) thousandths += svg_ascii[c - 0x20];
        else if (c >= 0xE2) thousandths += WIDE; // Chinese, and quotation marks, which Chinese fonts draw as wide
        else if (c >= 0xC0) thousandths += OTHER;
    }
    return (double)thousandths / 1000;
}

static const struct {
    const char *class;
    double size, line, weight; // weight: how much wider than the regular face
} svg_styles[SVG_STYLE_COUNT] = {
    [SVG_TITLE] = {"t1", 19, 25, 1.14}, [SVG_HEAD] = {"t2", 15, 20, 1.14},  [SVG_TEXT] = {"t3", 13, 18, 1},
    [SVG_SMALL] = {"t4", 12, 16, 1},    [SVG_LABEL] = {"t5", 12, 16, 1.12},
};

double svg_width(svg_style style, struct str text)
{
    return svg_em(text) * svg_styles[style].size * svg_styles[style].weight;
}

double svg_line_height(svg_style style)
{
    return svg_styles[style].line;
}

// ---- blocks ----

enum { BLOCK_PARAGRAPH = 3 }; // space above a paragraph that is not the first

bool svg_block_add(struct svg_block *b, struct arena *arena, svg_style style, const char *text)
{
    struct str left = str_z(text), line;
    double room = b->width / (svg_styles[style].size * svg_styles[style].weight);
    for (bool first = true; prose_break(&left, room, svg_em, &line); first = false) {
        struct svg_line *lines = arena_grow(arena, b->lines, b->count, &b->cap, sizeof *lines);
        if (lines == NULL) return false;
        b->lines = lines;
        lines[b->count] = (struct svg_line){.text = line, .style = style, .first = first};
        b->height += svg_styles[style].line + (first && b->count > 0 ? BLOCK_PARAGRAPH : 0);
        b->count++;
    }
    return true;
}

double svg_block_needs(const struct svg_block *b)
{
    double widest = 0;
    for (size_t i = 0; i < b->count; i++) widest = fmax(widest, svg_width(b->lines[i].style, b->lines[i].text));
    return widest;
}

// ---- writing ----

void svg_escaped(struct sink *out, struct str text)
{
    size_t from = 0;
    for (size_t i = 0; i <= text.n; i++) {
        unsigned char c = i < text.n ? (unsigned char)text.p[i] : 0;
        const char *name = i == text.n ? ""
                           : c == '&'  ? "&amp;"
                           : c == '<'  ? "&lt;"
                           : c == '>'  ? "&gt;"
                           : c == '"'  ? "&quot;"
                           : c < 0x20  ? " " // XML 1.0 allows no other control characters
                                       : NULL;
        if (name == NULL) continue;
        sink_utf8(out, (struct str){text.p + from, i - from});
        sink_text(out, name);
        from = i + 1;
    }
}

// Half pixels and no more: the file stays readable, and the same on every machine.
static void svg_number(struct sink *out, double value)
{
    double tenths = nearbyint(value * 10);
    sink_printf(out, "%.*f", fmod(tenths, 10) == 0 ? 0 : 1, tenths / 10);
}

static void svg_attribute(struct sink *out, const char *name, double value)
{
    sink_printf(out, " %s=\"", name);
    svg_number(out, value);
    sink_char(out, '"');
}

// Colours for light and dark, as the reader's system asks; text and lines are currentColor, so that a page around the
// picture may set them. The bands of the measures differ in lightness too, and their names are written beside them.
static const char svg_css[] =
    "svg{color:#1d2a36}"
    ".paper{fill:#fff}.box{fill:#f3f7fa;stroke:#48657d;stroke-width:1.4}"
    ".any{fill:none;stroke:#48657d;stroke-width:1.4;stroke-dasharray:6 4}"
    ".start{fill:#e3edf5;stroke:#48657d;stroke-width:1.4}.release{fill:#e2f2e4;stroke:#2e7a43;stroke-width:1.6}"
    ".end{fill:#fbeee0;stroke:#9a5b13;stroke-width:1.4}.other{fill:#ebe8f7;stroke:#5b4aa3;stroke-width:1.4}"
    ".note{fill:#fff;stroke:#8798a6;stroke-width:1}"
    ".day{fill:#fff;stroke:#a9b8c4;stroke-width:.8}.sample{fill:#1f5f99;stroke:#1f5f99;stroke-width:.8}.on{fill:#fff}"
    ".check{fill:#1f5f99}"
    ".m0{fill:#9bb8c9}.m1{fill:#7fb38a}.m2{fill:#d9b23c}.m3{fill:#dd8a2e}.m4{fill:#c04a3a}.m5{fill:#7d5bb0}"
    ".line{fill:none;stroke:currentColor;stroke-width:1.4;stroke-linejoin:round}.head{fill:currentColor}"
    "text{fill:currentColor;font-family:system-ui,-apple-system,\"Segoe UI\",\"Noto Sans\",\"PingFang SC\","
    "\"Microsoft YaHei\",\"Noto Sans CJK SC\",sans-serif}"
    ".t1{font-size:19px;font-weight:700}.t2{font-size:15px;font-weight:700}.t3{font-size:13px}.t4{font-size:12px}"
    ".t5{font-size:12px;font-weight:600}.num{font-size:10px}"
    "@media (prefers-color-scheme:dark){svg{color:#e4ebf1}.paper{fill:#12171c}.box{fill:#1c2731;stroke:#7f9fb8}"
    ".any{stroke:#7f9fb8}.start{fill:#213445;stroke:#7f9fb8}.release{fill:#17331f;stroke:#6fbf85}"
    ".end{fill:#3a2a15;stroke:#dba561}.other{fill:#2a2547;stroke:#a99be6}.note{fill:#12171c;stroke:#7b8b98}"
    ".day{fill:#12171c;stroke:#5c6c79}.sample{fill:#7db7ea;stroke:#7db7ea}.on{fill:#0d1318}.check{fill:#7db7ea}}";

void svg_begin(struct sink *out, const struct svg_page *page)
{
    sink_text(out, "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\"");
    svg_attribute(out, "width", page->width);
    svg_attribute(out, "height", page->height);
    sink_text(out, " viewBox=\"0 0 ");
    svg_number(out, page->width);
    sink_char(out, ' ');
    svg_number(out, page->height);
    sink_printf(out, "\" lang=\"%s\" aria-labelledby=\"%s-title %s-desc\">\n", page->language == LANG_ZH ? "zh" : "en",
                page->id, page->id);
    sink_printf(out, "<title id=\"%s-title\">", page->id);
    svg_escaped(out, str_z(page->title));
    sink_printf(out, "</title>\n<desc id=\"%s-desc\">", page->id);
    svg_escaped(out, str_z(page->description));
    sink_printf(out, "</desc>\n<style>%s</style>\n", svg_css);
    svg_box(out, "paper", (struct svg_rect){0, 0, page->width, page->height}, 0);
}

void svg_end(struct sink *out)
{
    sink_text(out, "</svg>\n");
}

void svg_box(struct sink *out, const char *class, struct svg_rect at, double radius)
{
    sink_printf(out, "<rect class=\"%s\"", class);
    svg_attribute(out, "x", at.x);
    svg_attribute(out, "y", at.y);
    svg_attribute(out, "width", at.width);
    svg_attribute(out, "height", at.height);
    if (radius > 0) svg_attribute(out, "rx", radius);
    sink_text(out, "/>\n");
}

void svg_text(struct sink *out, svg_style style, const char *class, double x, double y, const char *anchor,
              struct str text)
{
    sink_printf(out, "<text class=\"%s%s%s\"", svg_styles[style].class, class[0] == 0 ? "" : " ", class);
    svg_attribute(out, "x", x);
    svg_attribute(out, "y", y);
    if (anchor[0] != 0) sink_printf(out, " text-anchor=\"%s\"", anchor);
    sink_char(out, '>');
    svg_escaped(out, text);
    sink_text(out, "</text>\n");
}

void svg_block_draw(struct sink *out, const struct svg_block *b, double x, double y, const char *class)
{
    for (size_t i = 0; i < b->count; i++) {
        const struct svg_line *line = &b->lines[i];
        double height = svg_styles[line->style].line;
        if (line->first && i > 0) y += BLOCK_PARAGRAPH;
        // The baseline leaves a quarter of the size below it for descenders.
        svg_text(out, line->style, class, x, y + height - svg_styles[line->style].size * 0.36, "", line->text);
        y += height;
    }
}

static void svg_head(struct sink *out, struct svg_point from, struct svg_point to)
{
    enum { LENGTH = 9, HALF = 4 };
    double dx = to.x - from.x, dy = to.y - from.y, n = hypot(dx, dy);
    assert(n > 0);
    dx /= n;
    dy /= n;
    sink_text(out, "<path class=\"head\" d=\"M");
    const struct svg_point p[3] = {to,
                                   {to.x - dx * LENGTH - dy * HALF, to.y - dy * LENGTH + dx * HALF},
                                   {to.x - dx * LENGTH + dy * HALF, to.y - dy * LENGTH - dx * HALF}};
    for (size_t i = 0; i < 3; i++) {
        if (i > 0) sink_char(out, 'L');
        svg_number(out, p[i].x);
        sink_char(out, ' ');
        svg_number(out, p[i].y);
    }
    sink_text(out, "Z\"/>\n");
}

static struct svg_point svg_towards(struct svg_point from, struct svg_point to, double distance)
{
    double n = hypot(to.x - from.x, to.y - from.y);
    if (n <= 0) return from;
    double part = fmin(distance / n, 0.5);
    return (struct svg_point){from.x + (to.x - from.x) * part, from.y + (to.y - from.y) * part};
}

static void svg_point(struct sink *out, char command, struct svg_point p)
{
    sink_char(out, command);
    svg_number(out, p.x);
    sink_char(out, ' ');
    svg_number(out, p.y);
}

void svg_path(struct sink *out, const char *class, const struct svg_point *points, size_t count, bool arrow)
{
    enum { ROUND = 6, HEAD = 7 };
    assert(count >= 2);
    struct svg_point last = points[count - 1];
    sink_printf(out, "<path class=\"%s\" d=\"", class);
    svg_point(out, 'M', points[0]);
    for (size_t i = 1; i + 1 < count; i++) {
        svg_point(out, 'L', svg_towards(points[i], points[i - 1], ROUND));
        svg_point(out, 'Q', points[i]);
        svg_point(out, ' ', svg_towards(points[i], points[i + 1], ROUND));
    }
    svg_point(out, 'L', arrow ? svg_towards(last, points[count - 2], HEAD) : last);
    sink_text(out, "\"/>\n");
    if (arrow) svg_head(out, points[count - 2], last);
}
