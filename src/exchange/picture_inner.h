// picture_inner.h -- what the two files of picture.h share.
#ifndef TONG_EXCHANGE_PICTURE_INNER_H
#define TONG_EXCHANGE_PICTURE_INNER_H

#include "exchange/picture.h"

#include <pango/pangocairo.h>

struct chart_pen picture_pen(cairo_t *cairo);
PangoLayout *picture_layout(cairo_t *cairo, const char *text, double size, bool bold);
cairo_status_t picture_write(void *sink, const unsigned char *data, unsigned int length);

#endif
