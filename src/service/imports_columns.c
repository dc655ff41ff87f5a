// What was found out about a file: whose format it is, how it is written, what its columns hold; and what an undo would take.
#include "service/imports_job.h"
#include "service/show.h"

#include <string.h>

enum { COLUMNS_SAMPLES = 3, COLUMNS_SAMPLE_ROWS = 200, COLUMNS_SAMPLE_BYTES = 60, COLUMNS_HEAD_BYTES = 512 * 1024, GUESS_BYTES = 16384 };

// ---- whose file ----

// Marks by which a header betrays its system; compared as they are written, since other lists do not write so.
static const struct {
    import_format format;
    const char *mark;
} imports_marks[] = {
    {IMPORT_GODATA, "outbreakId"},            {IMPORT_GODATA, "visualId"},         {IMPORT_GODATA, "source_visualid"},
    {IMPORT_GODATA, "parent_location_id"},    {IMPORT_GODATA, "contact_uuid"},     {IMPORT_GODATA, "geo_location_accurate"},
    {IMPORT_GODATA, "LNG_"},                  {IMPORT_SORMAS, "person.firstName"}, {IMPORT_SORMAS, "CaseData,"},
    {IMPORT_SORMAS, "CaseData;"},             {IMPORT_SORMAS, "caseIdExternalSystem"}, {IMPORT_SORMAS, "epidCode"},
    {IMPORT_SORMAS, "pointOfEntry"},          {IMPORT_SORMAS, "responsibleDistrict"}, {IMPORT_SIMPLEREPORT, "biological_sex"},
    {IMPORT_SIMPLEREPORT, "patient_dob"},     {IMPORT_OWN, "outside_source,outside_id"}, {IMPORT_OWN, "uid,parent,kind,"},
    {IMPORT_OWN, "uid,subject,kind,happened"}, {IMPORT_OWN, "uid,name,place,begins"},
};

static bool guess_has(struct str line, const char *mark)
{
    size_t n = strlen(mark);
    for (size_t i = 0; i + n <= line.n; i++)
        if (memcmp(line.p + i, mark, n) == 0) return true;
    return false;
}

import_format imports_guess(struct str text)
{
    struct str head = {text.p, text.n < GUESS_BYTES ? text.n : GUESS_BYTES};
    if (head.n >= 3 && memcmp(head.p, "\xEF\xBB\xBF", 3) == 0) head = (struct str){head.p + 3, head.n - 3};
    if (head.n >= 2 && memcmp(head.p, "##", 2) == 0) return IMPORT_SORMAS;
    struct str rest = head, line;
    for (int lines = 0; lines < 2 && str_cut(&rest, '\n', &line); lines++)
        for (size_t i = 0; i < sizeof imports_marks / sizeof imports_marks[0]; i++)
            if (guess_has(line, imports_marks[i].mark)) return imports_marks[i].format;
    return IMPORT_LIST;
}

// ---- columns with samples ----

struct columns_samples {
    struct str (*of)[COLUMNS_SAMPLES]; // of each column
    size_t count;
};

static void columns_sample(struct columns_samples *s, size_t column, struct str text, struct arena *arena)
{
    struct str shown = str_trim(text);
    if (column >= s->count || shown.n == 0) return;
    bool cut = shown.n > COLUMNS_SAMPLE_BYTES;
    if (cut) shown.n = str_utf8_valid((struct str){shown.p, COLUMNS_SAMPLE_BYTES});
    for (size_t k = 0; k < COLUMNS_SAMPLES; k++) {
        if (s->of[column][k].n > 0 && !str_eq(s->of[column][k], shown)) continue;
        if (s->of[column][k].n > 0) return; // seen before
        const char *p = arena_copy(arena, shown.p, shown.n);
        if (p != NULL) s->of[column][k] = (struct str){p, shown.n};
        return;
    }
}

static tong_code columns_read(struct import_reader *r, struct columns_samples *s, struct arena *arena, struct err *err)
{
    const struct import_binding *binding = import_reader_binding(r);
    struct arena rows = {0};
    struct import_row row;
    import_event event = IMPORT_ROW;
    s->count = binding->count;
    s->of = arena_array(arena, binding->count + 1, sizeof *s->of);
    if (s->of == NULL) return tong_fail(err, TONG_E_NOMEM, "columns");
    tong_code code = import_reader_scan(r, err);
    if (code == TONG_OK) code = import_reader_rewind(r, err);
    for (int n = 0; code == TONG_OK && event != IMPORT_END && n < COLUMNS_SAMPLE_ROWS; n++) {
        struct problem_list problems = {.arena = &rows};
        arena_reset(&rows);
        code = import_reader_next(r, &rows, &problems, &row, &event, err);
        size_t count = 0;
        const struct csv_cell *cells = code == TONG_OK && event != IMPORT_END ? import_reader_cells(r, &count) : NULL;
        for (size_t c = 0; cells != NULL && c < count; c++) columns_sample(s, c, cells[c].text, arena);
    }
    arena_free(&rows);
    return code;
}

static const char *columns_delimiter(char c)
{
    return c == ';' ? "semicolon" : c == '\t' ? "tab" : c == '|' ? "bar" : "comma";
}

static void columns_json(const struct request *rq, struct json_out *j, const struct imports_job *job, const struct import_reader *r,
                         const struct columns_samples *s)
{
    static const char *const uses[] = {[IMPORT_UNKNOWN] = "unknown", [IMPORT_FIELD] = "field", [IMPORT_NOTE] = "note", [IMPORT_IGNORE] = "ignore"};
    const struct import_fields *fields = import_reader_fields(r);
    const struct import_binding *binding = import_reader_binding(r);
    const struct encoding_guess *guess = import_reader_encoding(r);
    import_table table = import_reader_table(r);
    show_named(j, "format", import_format_words[job->format].name, &import_format_words[job->format].label, rq->language);
    show_named(j, "table", import_table_words[table].word, &import_table_words[table].label, rq->language);
    json_out_object(j, "encoding");
    json_out_z(j, "name", encoding_name(guess->encoding));
    json_out_int(j, "percent", guess->percent);
    json_out_end(j);
    json_out_z(j, "delimiter", columns_delimiter(import_reader_delimiter(r)));
    json_out_bool(j, "mapped", job->mapped);
    json_out_array(j, "fields");
    for (int32_t i = 0; i < fields->count; i++) {
        const struct record_field *record = fields->item[i].record;
        json_out_object(j, NULL);
        json_out_z(j, "name", fields->item[i].name);
        json_out_z(j, "label", record == NULL ? NULL : record->label.text[rq->language]);
        json_out_end(j);
    }
    json_out_end(j);
    json_out_array(j, "columns");
    for (size_t c = 0; c < binding->count; c++) {
        const struct import_column *column = &binding->column[c];
        json_out_object(j, NULL);
        json_out_text(j, "header", column->header);
        json_out_z(j, "use", import_is_own_column(column->header) ? "ignore" : uses[column->use]);
        json_out_z(j, "field", column->use == IMPORT_FIELD ? fields->item[column->field].name : NULL);
        json_out_bool(j, "suggested", column->suggested);
        json_out_array(j, "samples");
        for (size_t k = 0; k < COLUMNS_SAMPLES && s->of[c][k].n > 0; k++) json_out_text(j, NULL, s->of[c][k]);
        json_out_end(j);
        json_out_end(j);
    }
    json_out_end(j);
}

// The beginning of a file, whole lines: samples are the same, and a large file is not read again for them.
static struct str columns_head(struct str text)
{
    if (text.n <= COLUMNS_HEAD_BYTES) return text;
    size_t n = COLUMNS_HEAD_BYTES;
    while (n > 1 && text.p[n - 1] != '\n') n--;
    return (struct str){text.p, n};
}

// A file that cannot be read has no columns: what is wrong with it stands among the faults.
static tong_code columns_out(struct request *rq, struct json_out *j, const struct imports_job *job, struct err *err)
{
    struct arena arena = {0};
    struct problem_list problems = {.arena = &arena};
    struct columns_samples samples = {0};
    struct import_reader *r = NULL;
    const struct import_reader_options how = {.source = {job->name.p, NULL, columns_head(imports_job_text(job))},
                                              .table = job->table,
                                              .mapping = job->mapped ? &job->mapping : NULL,
                                              .order = DATE_ORDER_DMY, // no matter which: cells are shown as they stand
                                              .fill_rows = import_format_words[job->format].fill_rows,
                                              .zone = &rq->service->options.zone,
                                              .today = job->today,
                                              .problems = &problems};
    tong_code code = import_reader_open(&how, &r, err);
    bool readable = code == TONG_OK;
    if (code == TONG_E_INVALID) code = TONG_OK;
    if (readable) code = columns_read(r, &samples, &arena, err);
    if (code == TONG_E_INVALID) code = TONG_OK; // columns without samples
    json_out_object(j, NULL);
    json_out_bool(j, "readable", readable);
    if (readable && code == TONG_OK) columns_json(rq, j, job, r, &samples);
    json_out_end(j);
    import_reader_close(r);
    arena_free(&arena);
    return code;
}

tong_code imports_columns(struct request *rq, struct reply *rp, struct err *err)
{
    struct imports *all = rq->service->part[PART_IMPORTS];
    struct json_out j = json_out_to(&rp->body);
    imports_lock(all);
    const struct imports_job *job = imports_find(all, rq->part_uid[0]);
    bool may = job != NULL && imports_may(rq, job->account) && (job->body != NULL || job->map != NULL) && !job->thread_runs;
    tong_code code = may ? columns_out(rq, &j, job, err) : tong_fail(err, TONG_E_NOT_FOUND, "there is no such file at hand");
    imports_unlock(all);
    if (code != TONG_OK) return code;
    return json_out_finish(&j) ? TONG_OK : tong_fail(err, TONG_E_NOMEM, "columns");
}

// ---- what an undo would take back ----

tong_code imports_undo_preview(struct request *rq, struct reply *rp, struct err *err)
{
    struct import_entry e;
    struct import_undo_tally tally = {0};
    tong_code code = import_log_get(rq->db, rq->part_uid[0], rq->arena, &e, err);
    if (code == TONG_OK && !imports_may(rq, e.account)) code = tong_fail(err, TONG_E_NOT_FOUND, "there is no such import");
    if (code != TONG_OK) return code;
    const struct import_undo_options o = {.db = rq->db, .import = e.id, .account = rq->actor.account, .now = rq->now, .dry = true};
    code = import_undo(&o, &tally, err);
    if (code != TONG_OK) return code;
    struct json_out j = json_out_to(&rp->body);
    json_out_object(&j, NULL);
    json_out_int(&j, "facts", tally.retracted);
    json_out_int(&j, "people", tally.people);
    json_out_int(&j, "kept", tally.kept);
    json_out_int(&j, "gone", tally.refused);
    json_out_end(&j);
    return json_out_finish(&j) ? TONG_OK : tong_fail(err, TONG_E_NOMEM, "an import");
}
