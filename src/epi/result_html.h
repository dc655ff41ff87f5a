// result_html.h -- a result as one HTML file that needs nothing else: tables, charts as SVG, readable on paper too.
#ifndef TONG_EPI_RESULT_HTML_H
#define TONG_EPI_RESULT_HTML_H

#include "epi/result.h"

void result_to_html(const struct result *r, lang language, struct sink *out);

#endif
