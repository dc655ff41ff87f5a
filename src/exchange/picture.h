// picture.h -- charts as PNG, and results as PDF, drawn by cairo and pango.
//
// Cairo draws the paths and pango sets the text, which it alone in Debian does well for Chinese and Latin together.
// Fonts are the system's: with none that has Chinese characters (fonts-noto-cjk has) Chinese texts come out as boxes.
#ifndef TONG_EXCHANGE_PICTURE_H
#define TONG_EXCHANGE_PICTURE_H

#include "epi/result.h"

// `scale` pixels a point, 1 to 8: 2 gives 1440 by 800 of the usual chart. Errors as chart_draw; TONG_E_IO: cairo
// refused.
tong_code picture_png(const struct chart *c, lang language, double scale, struct sink *out,
                      struct err *err) TONG_MUST_USE;
// A4, as many pages as it takes, with page numbers. The same result gives the same bytes but for what cairo dates.
tong_code picture_pdf(const struct result *r, lang language, struct sink *out, struct err *err) TONG_MUST_USE;

#endif
