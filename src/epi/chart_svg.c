#include "epi/chart.h"

#include <math.h>

static void svg_escaped(struct sink *out, const char *text)
{
    for (const char *c = text; *c != 0; c++) {
        if (*c == '&') sink_text(out, "&amp;");
        else if (*c == '<') sink_text(out, "&lt;");
        else if (*c == '>') sink_text(out, "&gt;");
        else if (*c == '"') sink_text(out, "&quot;");
        else if ((unsigned char)*c >= ' ' || *c == '\n') sink_char(out, *c);
    }
}

static void svg_path(void *payload, const struct chart_path *p)
{
    struct sink *out = payload;
    sink_text(out, "<path d=\"");
    for (size_t i = 0; i < p->n; i++) sink_printf(out, "%c%.2f %.2f", i == 0 ? 'M' : 'L', p->point[i].x, p->point[i].y);
    sink_text(out, p->closed ? "Z\"" : "\"");
    if (p->fill == CHART_NO_COLOR) sink_text(out, " fill=\"none\"");
    else sink_printf(out, " fill=\"#%06X\"", (unsigned)p->fill);
    if (p->stroke != CHART_NO_COLOR)
        sink_printf(out, " stroke=\"#%06X\" stroke-width=\"%.3g\" stroke-linejoin=\"round\"", (unsigned)p->stroke,
                    p->width);
    if (p->dashed) sink_text(out, " stroke-dasharray=\"5 4\"");
    if (p->opacity < 1) sink_printf(out, " opacity=\"%.2f\"", p->opacity);
    sink_text(out, "/>\n");
}

static void svg_text(void *payload, const struct chart_text *t)
{
    struct sink *out = payload;
    static const char *const anchor[] = {"start", "middle", "end"};
    sink_printf(out, "<text x=\"%.2f\" y=\"%.2f\" font-size=\"%.3g\" text-anchor=\"%s\" fill=\"#%06X\"", t->x, t->y,
                t->size, anchor[t->anchor + 1], (unsigned)t->color);
    if (t->bold) sink_text(out, " font-weight=\"bold\"");
    if (t->upright) sink_printf(out, " transform=\"rotate(-90 %.2f %.2f)\"", t->x, t->y);
    sink_char(out, '>');
    svg_escaped(out, t->text);
    sink_text(out, "</text>\n");
}

tong_code chart_svg(const struct chart *c, lang language, bool inside, struct sink *out, struct err *err)
{
    double width, height;
    struct sink body = {0};
    chart_size(c, &width, &height);
    struct chart_pen pen = {&body, svg_path, svg_text};
    tong_code code = chart_draw(c, language, &pen, err);
    if (code == TONG_OK && !sink_good(&body)) code = tong_fail(err, TONG_E_NOMEM, "a chart");
    if (code == TONG_OK) {
        struct str drawn = sink_kept(&body);
        if (!inside) sink_text(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        sink_printf(
            out,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %.0f %.0f\" width=\"%.0f\" height=\"%.0f\" "
            "role=\"img\" font-family=\"'Noto Sans', 'Noto Sans CJK SC', 'Noto Sans SC', Arial, sans-serif\" "
            "xml:lang=\"%s\">\n<title>",
            width, height, width, height, language == LANG_ZH ? "zh-CN" : "en");
        svg_escaped(out, c->title.text[language]);
        sink_text(out, "</title>\n");
        sink_bytes(out, drawn.p, drawn.n);
        sink_text(out, "</svg>\n");
    }
    sink_close(&body);
    return code;
}
