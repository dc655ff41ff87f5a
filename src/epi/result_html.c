#include "epi/result_html.h"

static void html_escaped(struct sink *out, const char *text)
{
    for (const char *c = text; *c != 0; c++) {
        if (*c == '&') sink_text(out, "&amp;");
        else if (*c == '<') sink_text(out, "&lt;");
        else if (*c == '>') sink_text(out, "&gt;");
        else if (*c == '"') sink_text(out, "&quot;");
        else sink_char(out, *c);
    }
}

static void html_element(struct sink *out, const char *name, const char *class, const char *text)
{
    if (text[0] == 0) return;
    sink_printf(out, class[0] == 0 ? "<%s>" : "<%s class=\"%s\">", name, class);
    html_escaped(out, text);
    sink_printf(out, "</%s>\n", name);
}

static const char html_style[] =
    "body{font:15px/1.5 'Noto Sans','Noto Sans CJK SC',Arial,sans-serif;color:#222;background:#fff;max-width:60em;"
    "margin:2em auto;padding:0 1em}h1{font-size:1.6em}h2{font-size:1.25em;border-bottom:1px solid #ccc;margin-top:2em}"
    "table{border-collapse:collapse;margin:.5em 0}caption{text-align:left;font-weight:bold;padding:.3em 0}"
    "th,td{padding:.15em .7em;border-bottom:1px solid #e3e3e3;text-align:right;font-variant-numeric:tabular-nums}"
    "th.t,td.t{text-align:left}th{border-bottom:1px solid #666}.about{color:#666;font-size:.85em;margin:.2em 0 1em}"
    ".warning{border-left:4px solid #D55E00;background:#FFF4EC;padding:.4em .8em}svg{max-width:100%;height:auto}"
    "@media print{body{margin:0;max-width:none}table,svg{break-inside:avoid}}";

static void html_table(const struct result_table *t, lang language, struct sink *out)
{
    static const struct label of = LABEL("Of: ", "分母："), from = LABEL("Source: ", "来源：");
    static const struct label more = LABEL("%zu more rows are not shown.", "另有 %zu 行未显示。");
    char text[RESULT_CELL_TEXT];
    size_t rows = result_rows(t),
           shown = t->rows_shown > 0 && (size_t)t->rows_shown < rows ? (size_t)t->rows_shown : rows;
    sink_text(out, "<table>\n");
    html_element(out, "caption", "", t->title.text[language]);
    sink_text(out, "<thead><tr>\n");
    for (size_t c = 0; c < t->column_count; c++) {
        bool left = t->columns[c].type == RESULT_TEXT || t->columns[c].type == RESULT_DAY;
        html_element(out, "th", left ? "t" : "", t->columns[c].label.text[language]);
    }
    sink_text(out, "</tr></thead><tbody>\n");
    for (size_t row = 0; row < shown; row++) {
        sink_text(out, "<tr>");
        for (size_t c = 0; c < t->column_count; c++) {
            bool left = t->columns[c].type == RESULT_TEXT || t->columns[c].type == RESULT_DAY;
            sink_text(out, left ? "<td class=\"t\">" : "<td>");
            html_escaped(out, result_cell_text(t, row, c, language, text));
            sink_text(out, "</td>");
        }
        sink_text(out, "</tr>\n");
    }
    sink_text(out, "</tbody></table>\n");
    bool any = shown < rows || t->denominator.text[language][0] != 0 || t->source[0] != 0;
    if (!any) return;
    sink_text(out, "<p class=\"about\">");
    if (shown < rows) {
        sink_printf(out, more.text[language], rows - shown);
        sink_char(out, ' ');
    }
    if (t->denominator.text[language][0] != 0) {
        sink_text(out, of.text[language]);
        html_escaped(out, t->denominator.text[language]);
        sink_text(out, language == LANG_ZH ? "。" : ". ");
    }
    if (t->source[0] != 0) {
        sink_text(out, from.text[language]);
        html_escaped(out, t->source);
    }
    sink_text(out, "</p>\n");
}

void result_to_html(const struct result *r, lang language, struct sink *out)
{
    static const struct label no_chart = LABEL("There is nothing to draw here yet.", "暂无可绘制的内容。");
    static const struct label cut =
        LABEL("Memory was short: what should follow is missing.", "内存不足，后续内容缺失。");
    sink_printf(out,
                "<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n"
                "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n",
                language == LANG_ZH ? "zh-CN" : "en");
    html_element(out, "title", "", r->title.text[language]);
    sink_printf(out, "<style>%s</style>\n</head>\n<body>\n", html_style);
    html_element(out, "h1", "", r->title.text[language]);
    for (size_t i = 0; i < r->count; i++) {
        const struct result_item *item = &r->items[i];
        switch (item->kind) {
        case RESULT_HEADING: html_element(out, "h2", "", item->text.text[language]); break;
        case RESULT_NOTE: html_element(out, "p", "", item->text.text[language]); break;
        case RESULT_WARNING: html_element(out, "p", "warning", item->text.text[language]); break;
        case RESULT_TABLE:
            if (item->table != NULL) html_table(item->table, language, out);
            break;
        case RESULT_CHART:
            if (item->chart == NULL) break;
            sink_text(out, "<figure>\n");
            if (chart_svg(item->chart, language, true, out, NULL) != TONG_OK)
                html_element(out, "p", "about", no_chart.text[language]);
            sink_text(out, "</figure>\n");
            break;
        }
    }
    if (r->failed) html_element(out, "p", "warning", cut.text[language]);
    sink_text(out, "</body>\n</html>\n");
}
