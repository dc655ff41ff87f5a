#include "cli/epi_write.h"

#include "epi/result_html.h"
#include "exchange/export.h"
#include "exchange/picture.h"

#include <errno.h>
#include <string.h>

enum { EPI_PIECE = 1024 * 1024 };

static const struct chart *epi_figure(const struct result *r)
{
    for (size_t i = 0; i < r->count; i++)
        if (r->items[i].kind == RESULT_CHART && r->items[i].chart != NULL) return r->items[i].chart;
    return NULL;
}

static int epi_file(const struct cli *cli, struct str path, const struct sink *text)
{
    struct str kept = sink_kept(text);
    bool standard = str_eq_z(path, "-");
    FILE *file = standard ? cli->out : fopen(path.p, "wb");
    bool good = file != NULL && fwrite(kept.p, 1, kept.n, file) == kept.n;
    if (!standard && file != NULL && fclose(file) != 0) good = false;
    if (!good) cli_say(cli, "%s: %s", path.p, strerror(errno)); // NOLINT(concurrency-mt-unsafe)
    return good ? CLI_DONE : CLI_FAULT;
}

typedef enum epi_form { EPI_SVG, EPI_PNG, EPI_HTML, EPI_PDF, EPI_FORMS } epi_form;

static tong_code epi_render(struct epi_run *run, epi_form form, struct sink *out)
{
    static const struct message none = {"epi-no-figure", PROBLEM_ERROR,
                                        LABEL("this result has no figure", "该结果没有图形"),
                                        LABEL("use --html or --pdf for its tables", "可用 --html 或 --pdf 输出表格")};
    lang language = run->cli->language;
    const struct chart *chart = epi_figure(&run->result);
    if ((form == EPI_SVG || form == EPI_PNG) && chart == NULL) return epi_fault(run, &none, NULL, NULL);
    switch (form) {
    case EPI_SVG: return chart_svg(chart, language, false, out, &run->err);
    case EPI_PNG: return picture_png(chart, language, 2, out, &run->err);
    case EPI_HTML: result_to_html(&run->result, language, out); break;
    case EPI_PDF: return picture_pdf(&run->result, language, out, &run->err);
    case EPI_FORMS: break;
    }
    return sink_good(out) ? TONG_OK : tong_fail(&run->err, TONG_E_NOMEM, "a page");
}

int epi_write(struct epi_run *run)
{
    const struct str path[EPI_FORMS] = {run->common->svg, run->common->png, run->common->html, run->common->pdf};
    struct sink out = {.file = run->cli->out};
    int exit = CLI_DONE;
    if (run->common->json) result_to_json(&run->result, run->cli->language, &out);
    else result_to_text(&run->result, run->cli->language, &out);
    for (epi_form f = EPI_SVG; f < EPI_FORMS && exit == CLI_DONE; f++) {
        struct sink text = {0};
        if (path[f].n == 0) continue;
        size_t errors = run->problems.errors;
        if (epi_render(run, f, &text) == TONG_OK) exit = epi_file(run->cli, path[f], &text);
        else if (run->problems.errors > errors) {
            problem_print(&run->problems.items[run->problems.count - 1], run->cli->language, run->cli->err);
            exit = CLI_FAULT;
        } else exit = cli_failed(run->cli, &run->err);
        sink_close(&text);
    }
    return run->result.failed ? CLI_FAULT : exit;
}

tong_code epi_store(struct epi_run *run)
{
    static const struct message unknown = {
        "epi-list", PROBLEM_ERROR, LABEL("there is no list \"{1}\" in the store", "数据库中没有名单“{1}”"),
        LABEL("choose one of those that `tongzhou export --help` names", "可选名单见 tongzhou export --help")};
    struct str list = run->common->list.n > 0 ? run->common->list : STR("cases");
    struct cli_data_paths paths;
    struct db *db = NULL;
    struct vault *vault = NULL;
    struct export *e = NULL;
    struct sink text = {0};
    struct zone zone;
    bool more = true;
    int32_t kind = export_kind_find(list);
    if (kind < 0) return epi_fault(run, &unknown, list.p, NULL);
    if (!cli_data_find(run->cli, &run->common->data, &paths))
        return tong_fail(&run->err, TONG_E_NOT_FOUND, "the store");
    zone_fixed(0, "UTC", &zone);
    tong_code code = db_open(paths.store, DB_READ, &db, &run->err);
    if (code == TONG_OK) code = vault_open_read(paths.vault, &vault, &run->err);
    struct export_options o = {.kind = (export_kind)kind,
                               .form = EXPORT_CSV,
                               .class = RECORD_PERSONAL,
                               .sources = true,
                               .db = db,
                               .vault = vault,
                               .zone = &zone};
    if (code == TONG_OK) code = export_open(&o, &e, &run->err);
    while (code == TONG_OK && more) code = export_next(e, &text, EPI_PIECE, &more, &run->err);
    export_close(e);
    vault_close(vault);
    db_close(db);
    if (code == TONG_OK) {
        struct bytes bytes = bytes_of_memory(sink_kept(&text));
        (void)snprintf(run->source, sizeof run->source, "%.*s, %.*s", STR_ARG(str_z(paths.store)), STR_ARG(list));
        char *name = arena_copy(&run->arena, run->source, strlen(run->source));
        code = csv_table_read(&bytes, name == NULL ? "" : name, &run->arena, &run->problems, &run->table, &run->err);
    } else {
        (void)cli_failed(run->cli, &run->err);
        run->err.code = TONG_E_NOT_FOUND; // said
    }
    sink_close(&text);
    return code;
}
