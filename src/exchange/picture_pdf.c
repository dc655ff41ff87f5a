#include "exchange/picture_inner.h"

#include <cairo-pdf.h>
#include <math.h>

// A4 in points, and where the text stands on it.
static const double pdf_width = 595.28, pdf_height = 841.89, pdf_margin = 48, pdf_foot = 52;
static const double pdf_size = 10, pdf_small = 8, pdf_line = 13.5;

struct pdf {
    cairo_t *cairo;
    lang language;
    double y;
    int32_t page;
    double column[RESULT_COLUMNS_MAX]; // of the table being written: where each begins
};

static void pdf_page_end(struct pdf *p)
{
    char text[24];
    (void)snprintf(text, sizeof text, "%d", (int)p->page);
    PangoLayout *layout = picture_layout(p->cairo, text, pdf_small, false);
    cairo_move_to(p->cairo, pdf_width / 2 - 4, pdf_height - 32);
    cairo_set_source_rgb(p->cairo, 0.4, 0.4, 0.4);
    pango_cairo_show_layout(p->cairo, layout);
    g_object_unref(layout);
    cairo_show_page(p->cairo);
    p->page++;
    p->y = pdf_margin;
}

static void pdf_need(struct pdf *p, double height)
{
    if (p->y + height > pdf_height - pdf_foot && p->y > pdf_margin) pdf_page_end(p);
}

// A paragraph of the page's width; broken between lines where the page ends.
static void pdf_paragraph(struct pdf *p, const char *text, double size, bool bold, double grey, double indent)
{
    if (text[0] == 0) return;
    PangoLayout *layout = picture_layout(p->cairo, text, size, bold);
    pango_layout_set_width(layout, (int)((pdf_width - 2 * pdf_margin - indent) * PANGO_SCALE));
    pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
    for (int i = 0; i < pango_layout_get_line_count(layout); i++) {
        PangoRectangle extent;
        PangoLayoutLine *line = pango_layout_get_line_readonly(layout, i);
        pango_layout_line_get_extents(line, NULL, &extent);
        double height = (double)extent.height / PANGO_SCALE;
        pdf_need(p, height);
        cairo_set_source_rgb(p->cairo, grey, grey, grey);
        cairo_move_to(p->cairo, pdf_margin + indent, p->y - (double)extent.y / PANGO_SCALE);
        pango_cairo_show_layout_line(p->cairo, line);
        p->y += height;
    }
    g_object_unref(layout);
}

static double pdf_text_width(struct pdf *p, const char *text, bool bold)
{
    PangoLayout *layout = picture_layout(p->cairo, text, pdf_small, bold);
    int width = 0;
    pango_layout_get_size(layout, &width, NULL);
    g_object_unref(layout);
    return (double)width / PANGO_SCALE;
}

static bool pdf_is_left(const struct result_column *c)
{
    return c->type == RESULT_TEXT || c->type == RESULT_DAY;
}

static double pdf_place(const struct pdf *p, size_t column)
{
    return pdf_margin + p->column[column];
}

static void pdf_cell(struct pdf *p, size_t column, double width, bool left, const char *text, bool bold)
{
    PangoLayout *layout = picture_layout(p->cairo, text, pdf_small, bold);
    pango_layout_set_width(layout, (int)(width * PANGO_SCALE));
    pango_layout_set_ellipsize(layout, PANGO_ELLIPSIZE_END);
    pango_layout_set_alignment(layout, left ? PANGO_ALIGN_LEFT : PANGO_ALIGN_RIGHT);
    cairo_move_to(p->cairo, pdf_place(p, column), p->y);
    cairo_set_source_rgb(p->cairo, 0.13, 0.13, 0.13);
    pango_cairo_show_layout(p->cairo, layout);
    g_object_unref(layout);
}

static void pdf_rule(struct pdf *p, double grey)
{
    cairo_set_source_rgb(p->cairo, grey, grey, grey);
    cairo_set_line_width(p->cairo, 0.6);
    cairo_move_to(p->cairo, pdf_margin, p->y - 0.5);
    cairo_line_to(p->cairo, pdf_width - pdf_margin, p->y - 0.5);
    cairo_stroke(p->cairo);
}

static void pdf_header(struct pdf *p, const struct result_table *t, const double *width)
{
    for (size_t c = 0; c < t->column_count; c++)
        pdf_cell(p, c, width[c], pdf_is_left(&t->columns[c]), t->columns[c].label.text[p->language], true);
    p->y += pdf_line;
    pdf_rule(p, 0.4);
}

// Columns as wide as their texts, all narrower by one factor when the page is.
static void pdf_columns(struct pdf *p, const struct result_table *t, size_t rows, double *width)
{
    char text[RESULT_CELL_TEXT];
    double sum = 0, gap = 10, room = pdf_width - 2 * pdf_margin;
    for (size_t c = 0; c < t->column_count; c++) {
        width[c] = pdf_text_width(p, t->columns[c].label.text[p->language], true);
        for (size_t row = 0; row < rows && row < 400; row++)
            width[c] = fmax(width[c], pdf_text_width(p, result_cell_text(t, row, c, p->language, text), false));
        width[c] += 2;
        sum += width[c] + gap;
    }
    double shrink = sum > room ? room / sum : 1, at = 0;
    for (size_t c = 0; c < t->column_count; c++) {
        p->column[c] = at;
        width[c] *= shrink;
        at += width[c] + gap * shrink;
    }
}

static void pdf_table(struct pdf *p, const struct result_table *t)
{
    static const struct label of = LABEL("Of: ", "分母："), from = LABEL("Source: ", "来源：");
    char text[RESULT_CELL_TEXT], about[1200];
    double width[RESULT_COLUMNS_MAX];
    size_t rows = result_rows(t),
           shown = t->rows_shown > 0 && (size_t)t->rows_shown < rows ? (size_t)t->rows_shown : rows;
    pdf_columns(p, t, shown, width);
    pdf_need(p, 5 * pdf_line);
    p->y += 6;
    pdf_paragraph(p, t->title.text[p->language], pdf_size, true, 0.13, 0);
    p->y += 2;
    pdf_header(p, t, width);
    for (size_t row = 0; row < shown; row++) {
        if (p->y + pdf_line > pdf_height - pdf_foot) {
            pdf_page_end(p);
            pdf_header(p, t, width);
        }
        for (size_t c = 0; c < t->column_count; c++)
            pdf_cell(p, c, width[c], pdf_is_left(&t->columns[c]), result_cell_text(t, row, c, p->language, text),
                     false);
        p->y += pdf_line;
    }
    bool denominator = t->denominator.text[p->language][0] != 0, source = t->source[0] != 0;
    (void)snprintf(about, sizeof about, "%s%s%s%s%s", denominator ? of.text[p->language] : "",
                   t->denominator.text[p->language], denominator && source ? "  " : "",
                   source ? from.text[p->language] : "", t->source);
    about[str_utf8_valid(str_z(about))] = 0;
    pdf_paragraph(p, about, pdf_small, false, 0.4, 0);
    p->y += 6;
}

static void pdf_chart(struct pdf *p, const struct chart *c)
{
    double width, height, room = pdf_width - 2 * pdf_margin;
    chart_size(c, &width, &height);
    double scale = fmin(1, room / width);
    pdf_need(p, height * scale + 8);
    cairo_save(p->cairo);
    cairo_translate(p->cairo, pdf_margin, p->y);
    cairo_scale(p->cairo, scale, scale);
    struct chart_pen pen = picture_pen(p->cairo);
    tong_code code = chart_draw(c, p->language, &pen, NULL);
    cairo_restore(p->cairo);
    if (code == TONG_OK) p->y += height * scale + 8; // without points there is nothing to draw, and nothing is drawn
}

static void pdf_items(struct pdf *p, const struct result *r)
{
    static const struct label cut =
        LABEL("Memory was short: what should follow is missing.", "内存不足，后续内容缺失。");
    pdf_paragraph(p, r->title.text[p->language], 18, true, 0.13, 0);
    p->y += 8;
    for (size_t i = 0; i < r->count; i++) {
        const struct result_item *item = &r->items[i];
        const char *text = item->text.text[p->language];
        switch (item->kind) {
        case RESULT_HEADING:
            pdf_need(p, 7 * pdf_line);
            p->y += 10;
            pdf_paragraph(p, text, 13, true, 0.13, 0);
            p->y += 3;
            pdf_rule(p, 0.75);
            p->y += 4;
            break;
        case RESULT_NOTE:
            pdf_paragraph(p, text, pdf_size, false, 0.13, 0);
            p->y += 4;
            break;
        case RESULT_WARNING:
            pdf_need(p, pdf_line);
            cairo_set_source_rgb(p->cairo, 0.835, 0.369, 0);
            cairo_rectangle(p->cairo, pdf_margin, p->y + 1, 3, pdf_line - 2);
            cairo_fill(p->cairo);
            pdf_paragraph(p, text, pdf_size, false, 0.13, 10);
            p->y += 4;
            break;
        case RESULT_TABLE:
            if (item->table != NULL) pdf_table(p, item->table);
            break;
        case RESULT_CHART:
            if (item->chart != NULL) pdf_chart(p, item->chart);
            break;
        }
    }
    if (r->failed) pdf_paragraph(p, cut.text[p->language], pdf_size, true, 0.13, 0);
}

tong_code picture_pdf(const struct result *r, lang language, struct sink *out, struct err *err)
{
    cairo_surface_t *surface = cairo_pdf_surface_create_for_stream(picture_write, out, pdf_width, pdf_height);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, r->title.text[language]);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATOR, "Tongzhou");
    struct pdf p = {.cairo = cairo_create(surface), .language = language, .y = pdf_margin, .page = 1};
    pdf_items(&p, r);
    pdf_page_end(&p);
    cairo_status_t status = cairo_status(p.cairo);
    cairo_destroy(p.cairo);
    cairo_surface_finish(surface);
    if (status == CAIRO_STATUS_SUCCESS) status = cairo_surface_status(surface);
    cairo_surface_destroy(surface);
    if (status != CAIRO_STATUS_SUCCESS) return tong_fail(err, TONG_E_IO, "a PDF: %s", cairo_status_to_string(status));
    return sink_good(out) ? TONG_OK : tong_fail(err, TONG_E_NOMEM, "a PDF");
}
