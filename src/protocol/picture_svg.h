// picture_svg.h -- the few shapes a protocol's picture is made of, and text that stays inside its box.
//
// Widths of text are estimated, for nobody knows the reader's font: by the advance widths of DejaVu Sans, one of the widest
// in use, and a full em for every Chinese character. What fits by this estimate fits in practice.
#ifndef TONG_PROTOCOL_PICTURE_SVG_H
#define TONG_PROTOCOL_PICTURE_SVG_H

#include "base/arena.h"
#include "base/lang.h"
#include "base/sink.h"

typedef enum svg_style { SVG_TITLE, SVG_HEAD, SVG_TEXT, SVG_SMALL, SVG_LABEL, SVG_STYLE_COUNT } svg_style;

double svg_em(struct str text);                     // width in ems
double svg_width(svg_style style, struct str text); // in pixels
double svg_line_height(svg_style style);

// Lines of text under one another, each broken to fit a width.
struct svg_line {
    struct str text;
    svg_style style;
    bool first; // begins a paragraph: a little space above
};
struct svg_block {
    struct svg_line *lines;
    size_t count, cap;
    double width; // room the lines were broken for
    double height;
};
// False when memory is short. Empty texts add nothing. The text must live as long as the block.
bool svg_block_add(struct svg_block *b, struct arena *arena, svg_style style, const char *text);
double svg_block_needs(const struct svg_block *b); // the widest of its lines, in pixels

// The document. Everything is written as it comes; nothing is kept.
struct svg_page {
    double width, height;
    const char *id; // letters, digits and hyphens: keeps ids apart when several pictures share a page
    const char *title, *description;
    lang language;
};
void svg_begin(struct sink *out, const struct svg_page *page);
void svg_end(struct sink *out);
void svg_escaped(struct sink *out, struct str text);

struct svg_rect {
    double x, y, width, height;
};
void svg_box(struct sink *out, const char *class, struct svg_rect at, double radius);
void svg_text(struct sink *out, svg_style style, const char *class, double x, double y, const char *anchor,
              struct str text);                                                                          // y: baseline
void svg_block_draw(struct sink *out, const struct svg_block *b, double x, double y, const char *class); // y: top
// A line through the points; an arrow head at its end when asked for. Corners are rounded.
struct svg_point {
    double x, y;
};
void svg_path(struct sink *out, const char *class, const struct svg_point *points, size_t count, bool arrow);

#endif
