#include "exchange/picture_inner.h"

#include <string.h>

PangoLayout *picture_layout(cairo_t *cairo, const char *text, double size, bool bold)
{
    PangoLayout *layout = pango_cairo_create_layout(cairo);
    PangoFontDescription *font = pango_font_description_from_string("Noto Sans, Noto Sans CJK SC, sans-serif");
    pango_font_description_set_absolute_size(font, size * PANGO_SCALE);
    if (bold) pango_font_description_set_weight(font, PANGO_WEIGHT_BOLD);
    pango_layout_set_font_description(layout, font);
    pango_font_description_free(font);
    pango_layout_set_text(layout, text, -1);
    return layout;
}

static void picture_color(cairo_t *cairo, uint32_t color, double opacity)
{
    cairo_set_source_rgba(cairo, (color >> 16 & 255) / 255.0, (color >> 8 & 255) / 255.0, (color & 255) / 255.0,
                          opacity);
}

static void picture_path(void *payload, const struct chart_path *p)
{
    cairo_t *cairo = payload;
    static const double dash[] = {5, 4};
    cairo_new_path(cairo);
    for (size_t i = 0; i < p->n; i++) {
        if (i == 0) cairo_move_to(cairo, p->point[i].x, p->point[i].y);
        else cairo_line_to(cairo, p->point[i].x, p->point[i].y);
    }
    if (p->closed) cairo_close_path(cairo);
    if (p->fill != CHART_NO_COLOR) {
        picture_color(cairo, p->fill, p->opacity);
        cairo_fill_preserve(cairo);
    }
    if (p->stroke != CHART_NO_COLOR) {
        picture_color(cairo, p->stroke, p->opacity);
        cairo_set_line_width(cairo, p->width);
        cairo_set_line_join(cairo, CAIRO_LINE_JOIN_ROUND);
        cairo_set_dash(cairo, dash, p->dashed ? 2 : 0, 0);
        cairo_stroke_preserve(cairo);
    }
    cairo_new_path(cairo);
}

static void picture_text(void *payload, const struct chart_text *t)
{
    cairo_t *cairo = payload;
    PangoLayout *layout = picture_layout(cairo, t->text, t->size, t->bold);
    int width = 0, height = 0;
    pango_layout_get_size(layout, &width, &height);
    double shift = t->anchor < 0 ? 0 : t->anchor == 0 ? -0.5 : -1;
    cairo_save(cairo);
    cairo_translate(cairo, t->x, t->y);
    if (t->upright) cairo_rotate(cairo, -1.57079632679489661923);
    cairo_move_to(cairo, shift * width / PANGO_SCALE, -(double)pango_layout_get_baseline(layout) / PANGO_SCALE);
    picture_color(cairo, t->color, 1);
    pango_cairo_show_layout(cairo, layout);
    cairo_restore(cairo);
    g_object_unref(layout);
}

struct chart_pen picture_pen(cairo_t *cairo)
{
    return (struct chart_pen){cairo, picture_path, picture_text};
}

cairo_status_t picture_write(void *sink, const unsigned char *data, unsigned int length)
{
    struct sink *out = sink;
    sink_bytes(out, (const char *)data, length);
    return out->failed ? CAIRO_STATUS_WRITE_ERROR : CAIRO_STATUS_SUCCESS;
}

tong_code picture_png(const struct chart *c, lang language, double scale, struct sink *out, struct err *err)
{
    double width, height;
    if (!(scale >= 1 && scale <= 8)) return tong_fail(err, TONG_E_INVALID, "a picture of scale %g", scale);
    chart_size(c, &width, &height);
    cairo_surface_t *surface =
        cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)(width * scale + 0.5), (int)(height * scale + 0.5));
    cairo_t *cairo = cairo_create(surface);
    cairo_scale(cairo, scale, scale);
    cairo_set_source_rgb(cairo, 1, 1, 1);
    cairo_paint(cairo);
    struct chart_pen pen = picture_pen(cairo);
    tong_code code = chart_draw(c, language, &pen, err);
    cairo_status_t status = cairo_status(cairo);
    cairo_destroy(cairo);
    if (code == TONG_OK && status == CAIRO_STATUS_SUCCESS)
        status = cairo_surface_write_to_png_stream(surface, picture_write, out);
    cairo_surface_destroy(surface);
    if (code == TONG_OK && status != CAIRO_STATUS_SUCCESS)
        code = tong_fail(err, TONG_E_IO, "a picture: %s", cairo_status_to_string(status));
    return code;
}
