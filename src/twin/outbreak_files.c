#include "twin/outbreak_files.h"
#include "twin/outbreak_contacts.h"
#include "twin/outbreak_people.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

// ---- words and headers ----

static const char *const outbreak_class_word[OUTBREAK_CLASS_COUNT] = {
    [OUTBREAK_CONFIRMED] = "confirmed", [OUTBREAK_ASYMPTOMATIC] = "asymptomatic", [OUTBREAK_PROBABLE] = "probable",
};
static const char *const outbreak_status_word[OUTBREAK_CONTACT_STATUS_COUNT] = {
    [OUTBREAK_COMPLETED] = "completed", [OUTBREAK_BECAME_CASE] = "became_case",
    [OUTBREAK_LOST] = "lost", [OUTBREAK_REFUSED] = "refused",
};
static const char *const outbreak_visit_word[OUTBREAK_VISIT_STATUS_COUNT] = {
    [OUTBREAK_SEEN_WELL] = "seen_well", [OUTBREAK_SEEN_ILL] = "seen_ill", [OUTBREAK_NOT_SEEN] = "not_seen",
    [OUTBREAK_NOT_ATTEMPTED] = "not_attempted", [OUTBREAK_VISIT_REFUSED] = "refused",
};
static const struct {
    const char *specimen, *test;
    bool has_ct;
} outbreak_test[OUTBREAK_DISEASE_COUNT] = {
    [OUTBREAK_COVID] = {"oropharyngeal", "pcr", true}, [OUTBREAK_MERS] = {"sputum", "pcr", true},
    [OUTBREAK_EBOLA] = {"blood", "pcr", true},         [OUTBREAK_MEASLES] = {"serum", "igm", false},
};

static const struct {
    const char *name, *header;
} outbreak_file_table[OUTBREAK_FILE_COUNT] = {
    [OUTBREAK_LINELIST] = {"linelist.csv", "id,sex,age,place_id,place,place_zh,class,origin,onset,sampled,result_at,"
                                           "reported_at,isolated,outcome,outcome_date"},
    [OUTBREAK_CONTACTS] = {"contacts.csv", "id,case_id,contact_id,kind,first_contact,last_contact,named_at,status,"
                                           "follow_until,sex,age,place_id,place,place_zh"},
    [OUTBREAK_FOLLOWUPS] = {"followups.csv", "id,contact_id,case_id,date,visited_at,status"},
    [OUTBREAK_LABS] = {"labs.csv", "id,person_id,sampled_at,specimen,test,result,ct,result_at"},
    [OUTBREAK_TRUTH] = {"truth.csv", "id,infector_id,infected_at,kind,generation,infected,named,onset,reported_at"},
    [OUTBREAK_FAULTS] = {"faults.csv", "fault,file,line,column,id,written,was,effect,note_en,note_zh"},
    [OUTBREAK_README] = {"README.txt", ""},
};

const char *outbreak_file_name(outbreak_file file)
{
    assert((int)file >= 0 && file < OUTBREAK_FILE_COUNT);
    return outbreak_file_table[file].name;
}

// Columns that faults touch.
enum { CELL_ID = 0, CELL_CASE_ID = 1, CELL_CONTACT_ID = 2, CELL_AGE = 2, CELL_FIRST_CONTACT = 4, CELL_ONSET = 8,
       CELL_REPORTED = 11, CELL_OUTCOME_DATE = 14 };

static const struct outbreak_fault_row {
    const char *name;
    outbreak_file file;
    uint32_t cell;
    const char *column;
    bool is_row;
    struct label note;
} outbreak_fault_table[OUTBREAK_FAULT_COUNT] = {
    [OUTBREAK_DUPLICATE_ID] = {"duplicate_id", OUTBREAK_LINELIST, CELL_ID, "id", true,
                               LABEL("the identifier of the row above once more", "与上一行编号重复")},
    [OUTBREAK_EMPTY_ID] = {"empty_id", OUTBREAK_LINELIST, CELL_ID, "id", true,
                           LABEL("a case without an identifier", "病例没有编号")},
    [OUTBREAK_IMPOSSIBLE_DATE] = {"impossible_date", OUTBREAK_LINELIST, CELL_ONSET, "onset", true,
                                  LABEL("a day that no calendar has", "历法中不存在的日期")},
    [OUTBREAK_UNREADABLE_DATE] = {"unreadable_date", OUTBREAK_LINELIST, CELL_REPORTED, "reported_at", true,
                                  LABEL("words where a date belongs", "应填日期处填了文字")},
    [OUTBREAK_OUTCOME_BEFORE_ONSET] = {"outcome_before_onset", OUTBREAK_LINELIST, CELL_OUTCOME_DATE, "outcome_date",
                                       false, LABEL("the outcome precedes the onset", "转归早于发病")},
    [OUTBREAK_IMPOSSIBLE_AGE] = {"impossible_age", OUTBREAK_LINELIST, CELL_AGE, "age", false,
                                 LABEL("an age nobody reaches", "不可能的年龄")},
    [OUTBREAK_UNKNOWN_CASE] = {"unknown_case", OUTBREAK_CONTACTS, CELL_CASE_ID, "case_id", true,
                               LABEL("a contact of a case that is not in the line list", "密接所属病例不在病例清单中")},
    [OUTBREAK_CONTACT_EMPTY_ID] = {"contact_empty_id", OUTBREAK_CONTACTS, CELL_CONTACT_ID, "contact_id", true,
                                   LABEL("a contact without an identifier", "密接没有编号")},
    [OUTBREAK_CONTACT_IMPOSSIBLE_DATE] = {"contact_impossible_date", OUTBREAK_CONTACTS, CELL_FIRST_CONTACT,
                                          "first_contact", true,
                                          LABEL("a month that no calendar has", "历法中不存在的月份")},
};

const char *outbreak_fault_name(outbreak_fault_kind kind)
{
    assert((int)kind >= 0 && kind < OUTBREAK_FAULT_COUNT);
    return outbreak_fault_table[kind].name;
}

bool outbreak_fault_is_row(outbreak_fault_kind kind)
{
    assert((int)kind >= 0 && kind < OUTBREAK_FAULT_COUNT);
    return outbreak_fault_table[kind].is_row;
}

// ---- rows ----

static void outbreak_cell_person(struct outbreak_row_text *row, uint32_t person)
{
    outbreak_cell_id(row, 'P', (int64_t)person + 1);
}

static void outbreak_cells_sex_age(struct outbreak_row_text *row, const struct town *town, uint32_t person)
{
    outbreak_cell_text(row, town->sex[person] == 1 ? "male" : "female");
    outbreak_cell_number(row, town->age[person]);
}

static struct outbreak_row_text outbreak_case_row(const struct outbreak_files *files, int32_t i)
{
    const struct outbreak *ob = files->outbreak;
    const struct outbreak_case *c = &ob->cases[files->case_order[i]];
    bool sampled = c->class != OUTBREAK_PROBABLE;
    struct outbreak_row_text row = {.n = 0};
    outbreak_cell_person(&row, c->person);
    outbreak_cells_sex_age(&row, &ob->town, c->person);
    outbreak_cell_place(&row, &ob->town, c->person);
    outbreak_cell_text(&row, outbreak_class_word[c->class]);
    outbreak_cell_text(&row, c->infector == OUTBREAK_NOBODY ? "imported" : "local");
    outbreak_cell_day(&row, &files->days, c->onset_min);
    outbreak_cell_time(&row, &files->days, sampled ? c->sampled_min : OUTBREAK_NEVER);
    outbreak_cell_time(&row, &files->days, sampled ? c->result_min : OUTBREAK_NEVER);
    outbreak_cell_time(&row, &files->days, c->reported_min);
    outbreak_cell_time(&row, &files->days, c->isolated_min);
    outbreak_cell_text(&row, c->died ? "died" : "recovered");
    outbreak_cell_day(&row, &files->days, c->outcome_min);
    return row;
}

static struct outbreak_row_text outbreak_contact_row(const struct outbreak_files *files, int32_t i)
{
    const struct outbreak *ob = files->outbreak;
    const struct outbreak_contact *k = &ob->contacts[files->contact_order[i]];
    struct outbreak_row_text row = {.n = 0};
    outbreak_cell_id(&row, 'K', i + 1);
    outbreak_cell_person(&row, ob->cases[k->source].person);
    outbreak_cell_person(&row, k->person);
    outbreak_cell_text(&row, outbreak_kind_name(k->kind));
    outbreak_cell_time(&row, &files->days, k->first_min);
    outbreak_cell_time(&row, &files->days, k->last_min);
    outbreak_cell_time(&row, &files->days, k->named_min);
    outbreak_cell_text(&row, outbreak_status_word[k->status]);
    outbreak_cell_day(&row, &files->days, (int64_t)k->follow_last_day * OUTBREAK_DAY_MINUTES);
    outbreak_cells_sex_age(&row, &ob->town, k->person);
    outbreak_cell_place(&row, &ob->town, k->person);
    return row;
}

static struct outbreak_row_text outbreak_list_row(const struct outbreak_files *files, outbreak_file file, int32_t i)
{
    return file == OUTBREAK_LINELIST ? outbreak_case_row(files, i) : outbreak_contact_row(files, i);
}

// ---- order ----

struct outbreak_place {
    int64_t minute;
    int32_t index;
};

static int outbreak_place_compare(const void *a, const void *b)
{
    const struct outbreak_place *x = a, *y = b;
    if (x->minute != y->minute) return x->minute < y->minute ? -1 : 1;
    return (x->index > y->index) - (x->index < y->index);
}

// Indices by time, then by index: a total order, so that any sorting routine gives the same one.
static int32_t *outbreak_order(const struct outbreak *ob, bool contacts, struct arena *arena)
{
    size_t count = (size_t)(contacts ? ob->contact_count : ob->case_count);
    struct outbreak_place *place = arena_array(arena, count, sizeof *place);
    int32_t *order = arena_array(arena, count, sizeof *order);
    if (place == NULL || order == NULL) return NULL;
    for (size_t i = 0; i < count; i++)
        place[i] = (struct outbreak_place){contacts ? ob->contacts[i].named_min : ob->cases[i].reported_min, (int32_t)i};
    if (count > 0) qsort(place, count, sizeof *place, outbreak_place_compare);
    for (size_t i = 0; i < count; i++) order[i] = place[i].index;
    return order;
}

// ---- faults ----

// What the fault writes into its cell; `serial` tells faults of a kind apart.
static void outbreak_fault_text(const struct outbreak *ob, const struct outbreak_fault *fault, int32_t serial,
                                const struct outbreak_case *c, char out[OUTBREAK_CELL_MAX])
{
    int32_t year = civil_to_date(ob->options.start).year;
    out[0] = 0;
    switch (fault->kind) {
    case OUTBREAK_DUPLICATE_ID:
        (void)snprintf(out, OUTBREAK_CELL_MAX, "%s", fault->was);
        return;
    case OUTBREAK_EMPTY_ID:
    case OUTBREAK_CONTACT_EMPTY_ID:
        return;
    case OUTBREAK_IMPOSSIBLE_DATE:
        (void)snprintf(out, OUTBREAK_CELL_MAX, "%04d-02-30", year);
        return;
    case OUTBREAK_CONTACT_IMPOSSIBLE_DATE:
        (void)snprintf(out, OUTBREAK_CELL_MAX, "%04d-13-05 09:30", year);
        return;
    case OUTBREAK_UNREADABLE_DATE:
        (void)snprintf(out, OUTBREAK_CELL_MAX, "last Monday");
        return;
    case OUTBREAK_OUTCOME_BEFORE_ONSET: {
        int32_t onset = ob->options.start.d + (int32_t)(c->onset_min / OUTBREAK_DAY_MINUTES);
        char day[CIVIL_TEXT];
        civil_format((civil_day){onset - 3 - serial % 7}, day);
        (void)snprintf(out, OUTBREAK_CELL_MAX, "%s", day);
        return;
    }
    case OUTBREAK_IMPOSSIBLE_AGE:
        (void)snprintf(out, OUTBREAK_CELL_MAX, "%d", 190 + serial);
        return;
    case OUTBREAK_UNKNOWN_CASE:
        (void)snprintf(out, OUTBREAK_CELL_MAX, "P%07d", ob->town.persons + 500 + serial);
        return;
    case OUTBREAK_FAULT_COUNT: break;
    }
    assert(false);
}

static void outbreak_fault_cell(char out[OUTBREAK_CELL_MAX], struct str cell)
{
    assert(cell.n < OUTBREAK_CELL_MAX);
    memcpy(out, cell.p, cell.n);
    out[cell.n] = 0;
}

// The row a fault writes. A row of its own is a copy of the clean row, of a person nobody has heard of where that is
// not the fault itself, so that leaving it out loses nothing.
static struct outbreak_row_text outbreak_fault_apply(const struct outbreak_files *files, const struct outbreak_fault *fault,
                                                     const struct outbreak_row_text *clean)
{
    const struct outbreak_fault_row *kind = &outbreak_fault_table[fault->kind];
    struct outbreak_row_text row = outbreak_row_with(clean, kind->cell, fault->written);
    if (!kind->is_row) return row;
    char other[OUTBREAK_CELL_MAX];
    int32_t stranger = files->outbreak->town.persons + 1000 + (int32_t)(fault - files->faults);
    (void)snprintf(other, sizeof other, "P%07d", stranger);
    if (kind->file == OUTBREAK_CONTACTS && kind->cell != CELL_CONTACT_ID)
        row = outbreak_row_with(&row, CELL_CONTACT_ID, other);
    if (kind->file == OUTBREAK_LINELIST && kind->cell != CELL_ID) row = outbreak_row_with(&row, CELL_ID, other);
    if (kind->file == OUTBREAK_CONTACTS) {
        (void)snprintf(other, sizeof other, "K%07d", files->outbreak->contact_count + 1 + (int32_t)(fault - files->faults));
        row = outbreak_row_with(&row, CELL_ID, other);
    }
    return row;
}

static int outbreak_fault_compare(const void *a, const void *b)
{
    const struct outbreak_fault *x = a, *y = b;
    outbreak_file f = outbreak_fault_table[x->kind].file, g = outbreak_fault_table[y->kind].file;
    bool r = outbreak_fault_table[x->kind].is_row, s = outbreak_fault_table[y->kind].is_row;
    if (f != g) return f < g ? -1 : 1;
    if (x->row != y->row) return x->row < y->row ? -1 : 1;
    if (r != s) return r ? 1 : -1; // a changed value stands in the row itself, before the rows added after it
    return (x->kind > y->kind) - (x->kind < y->kind);
}

// May this row carry the fault? Not twice the same, and an outcome can only precede an onset that is there.
static bool outbreak_fault_fits(const struct outbreak_files *files, outbreak_fault_kind kind, int32_t row)
{
    for (int32_t i = 0; i < files->fault_count; i++)
        if (files->faults[i].kind == kind && files->faults[i].row == row) return false;
    if (kind != OUTBREAK_OUTCOME_BEFORE_ONSET) return true;
    return files->outbreak->cases[files->case_order[row]].onset_min != OUTBREAK_NEVER;
}

static void outbreak_fault_lines(struct outbreak_files *files)
{
    int64_t added[OUTBREAK_FILE_COUNT] = {0};
    int32_t serial[OUTBREAK_FAULT_COUNT] = {0};
    for (int32_t i = 0; i < files->fault_count; i++) {
        struct outbreak_fault *fault = &files->faults[i];
        const struct outbreak_fault_row *kind = &outbreak_fault_table[fault->kind];
        struct outbreak_row_text clean = outbreak_list_row(files, kind->file, fault->row);
        const struct outbreak_case *c =
            kind->file == OUTBREAK_LINELIST ? &files->outbreak->cases[files->case_order[fault->row]] : NULL;
        outbreak_fault_cell(fault->was, outbreak_row_cell(&clean, kind->cell));
        outbreak_fault_text(files->outbreak, fault, serial[fault->kind]++, c, fault->written);
        if (kind->is_row) added[kind->file]++;
        fault->line = 2 + fault->row + added[kind->file];
        struct outbreak_row_text row = outbreak_fault_apply(files, fault, &clean);
        outbreak_fault_cell(fault->id, outbreak_row_cell(&row, kind->file == OUTBREAK_LINELIST ? CELL_ID : CELL_CONTACT_ID));
        if (kind->is_row && fault->kind != OUTBREAK_DUPLICATE_ID) fault->was[0] = 0; // nothing true was overwritten
    }
}

static bool outbreak_faults_plan(struct outbreak_files *files, struct arena *arena)
{
    enum { EACH_MAX = 10, TRIES = 200 };
    const struct outbreak *ob = files->outbreak;
    int32_t each = 1 + ob->case_count / 100;
    if (each > EACH_MAX) each = EACH_MAX;
    files->faults = arena_array(arena, (size_t)each * OUTBREAK_FAULT_COUNT, sizeof *files->faults);
    if (files->faults == NULL) return false;
    struct rng r = outbreak_stream(&ob->options, 0, OUTBREAK_DRAW_FAULTS);
    for (int kind = 0; kind < OUTBREAK_FAULT_COUNT; kind++) {
        int32_t rows = outbreak_fault_table[kind].file == OUTBREAK_LINELIST ? ob->case_count : ob->contact_count;
        for (int32_t i = 0; i < each && rows > 0; i++) {
            int32_t row = 0, tries = 0;
            do row = (int32_t)rng_below(&r, (uint32_t)rows);
            while (!outbreak_fault_fits(files, (outbreak_fault_kind)kind, row) && ++tries < TRIES);
            if (tries == TRIES) break; // a handful of cases, all without symptoms
            files->faults[files->fault_count++] = (struct outbreak_fault){.kind = (outbreak_fault_kind)kind, .row = row};
        }
    }
    qsort(files->faults, (size_t)files->fault_count, sizeof *files->faults, outbreak_fault_compare);
    outbreak_fault_lines(files);
    return true;
}

tong_code outbreak_files_prepare(const struct outbreak *outbreak, bool faulty, struct arena *arena,
                                 struct outbreak_files *out, struct err *err)
{
    struct outbreak_files files = {.outbreak = outbreak};
    tong_code code = outbreak_calendar_make(outbreak, arena, &files.days, err);
    if (code != TONG_OK) return code;
    files.case_order = outbreak_order(outbreak, false, arena);
    files.contact_order = outbreak_order(outbreak, true, arena);
    if (files.case_order == NULL || files.contact_order == NULL || (faulty && !outbreak_faults_plan(&files, arena)))
        return tong_fail(err, TONG_E_NOMEM, "the rows of %d contacts", outbreak->contact_count);
    *out = files;
    return TONG_OK;
}

// ---- files ----

static void outbreak_list_write(const struct outbreak_files *files, outbreak_file file, struct sink *out)
{
    int32_t rows = file == OUTBREAK_LINELIST ? files->outbreak->case_count : files->outbreak->contact_count, at = 0;
    while (at < files->fault_count && outbreak_fault_table[files->faults[at].kind].file != file) at++;
    for (int32_t i = 0; i < rows; i++) {
        struct outbreak_row_text clean = outbreak_list_row(files, file, i), row = clean;
        int32_t end = at;
        while (end < files->fault_count && outbreak_fault_table[files->faults[end].kind].file == file &&
               files->faults[end].row == i)
            end++;
        for (int32_t k = at; k < end; k++)
            if (!outbreak_fault_table[files->faults[k].kind].is_row)
                row = outbreak_fault_apply(files, &files->faults[k], &row);
        outbreak_row_write(&row, out);
        for (; at < end; at++) {
            if (!outbreak_fault_table[files->faults[at].kind].is_row) continue;
            row = outbreak_fault_apply(files, &files->faults[at], &clean);
            outbreak_row_write(&row, out);
        }
    }
}

static void outbreak_followups_write(const struct outbreak_files *files, struct sink *out)
{
    const struct outbreak *ob = files->outbreak;
    struct outbreak_row_text row = {.n = 0}, both = {.n = 0};
    int64_t number = 0;
    for (int32_t i = 0; i < ob->contact_count; i++) {
        int32_t contact = files->contact_order[i];
        const struct outbreak_contact *k = &ob->contacts[contact];
        outbreak_row_again(&both);
        outbreak_cell_person(&both, k->person);
        outbreak_cell_person(&both, ob->cases[k->source].person);
        for (int32_t n = 0; n < k->visits; n++) {
            struct outbreak_visit visit = outbreak_visit_at(ob, contact, n);
            outbreak_row_again(&row);
            outbreak_cell_id(&row, 'F', ++number);
            outbreak_cell_copy(&row, outbreak_row_cell(&both, 0));
            outbreak_cell_copy(&row, outbreak_row_cell(&both, 1));
            outbreak_cell_day(&row, &files->days, visit.minute);
            outbreak_cell_time(&row, &files->days, visit.minute);
            outbreak_cell_text(&row, outbreak_visit_word[visit.status]);
            outbreak_row_write(&row, out);
        }
    }
}

static void outbreak_sample_write(const struct outbreak_files *files, const struct outbreak_sample *sample, int64_t number,
                                  struct sink *out)
{
    outbreak_disease disease = files->outbreak->options.disease;
    struct outbreak_row_text row = {.n = 0};
    outbreak_cell_id(&row, 'S', number);
    outbreak_cell_person(&row, sample->person);
    outbreak_cell_time(&row, &files->days, sample->sampled_min);
    outbreak_cell_text(&row, outbreak_test[disease].specimen);
    outbreak_cell_text(&row, outbreak_test[disease].test);
    outbreak_cell_text(&row, sample->positive ? "positive" : "negative");
    if (sample->positive && outbreak_test[disease].has_ct) outbreak_cell_tenths(&row, sample->ct_tenths);
    else outbreak_cell_text(&row, "");
    outbreak_cell_time(&row, &files->days, sample->result_min);
    outbreak_row_write(&row, out);
}

static void outbreak_labs_write(const struct outbreak_files *files, struct sink *out)
{
    const struct outbreak *ob = files->outbreak;
    struct outbreak_sample sample[OUTBREAK_SAMPLES_MAX];
    int64_t number = 0;
    for (int32_t i = 0; i < ob->case_count; i++) {
        int32_t count = outbreak_case_samples(ob, files->case_order[i], sample);
        for (int32_t s = 0; s < count; s++) outbreak_sample_write(files, &sample[s], ++number, out);
    }
    for (int32_t i = 0; i < ob->contact_count; i++) {
        int32_t count = outbreak_contact_samples(ob, files->contact_order[i], sample);
        for (int32_t s = 0; s < count; s++) outbreak_sample_write(files, &sample[s], ++number, out);
    }
}

static void outbreak_truth_write(const struct outbreak_files *files, struct sink *out)
{
    const struct outbreak *ob = files->outbreak;
    for (int32_t i = 0; i < ob->case_count; i++) {
        const struct outbreak_case *c = &ob->cases[i];
        struct outbreak_row_text row = {.n = 0};
        outbreak_cell_person(&row, c->person);
        if (c->infector == OUTBREAK_NOBODY) outbreak_cell_text(&row, "");
        else outbreak_cell_person(&row, ob->cases[c->infector].person);
        outbreak_cell_time(&row, &files->days, c->infected_min);
        outbreak_cell_text(&row, outbreak_kind_name(c->kind));
        outbreak_cell_number(&row, c->generation);
        outbreak_cell_number(&row, c->infected);
        outbreak_cell_text(&row, c->named ? "yes" : "no");
        outbreak_cell_time(&row, &files->days, c->onset_min);
        outbreak_cell_time(&row, &files->days, c->reported_min);
        outbreak_row_write(&row, out);
    }
}

static void outbreak_faults_write(const struct outbreak_files *files, struct sink *out)
{
    for (int32_t i = 0; i < files->fault_count; i++) {
        const struct outbreak_fault *fault = &files->faults[i];
        const struct outbreak_fault_row *kind = &outbreak_fault_table[fault->kind];
        sink_printf(out, "%s,%s,%lld,%s,%s,%s,%s,%s,%s,%s\n", kind->name, outbreak_file_name(kind->file),
                    (long long)fault->line, kind->column, fault->id, fault->written, fault->was,
                    kind->is_row ? "row" : "value", kind->note.text[LANG_EN], kind->note.text[LANG_ZH]);
    }
}

static void outbreak_readme_write(const struct outbreak_files *files, const char *command, struct sink *out)
{
    const struct outbreak *ob = files->outbreak;
    struct label disease = outbreak_disease_label(ob->options.disease);
    int32_t imported = 0, died = 0;
    for (int32_t i = 0; i < ob->case_count; i++) {
        imported += ob->cases[i].infector == OUTBREAK_NOBODY;
        died += ob->cases[i].died;
    }
    sink_printf(out,
                "EVERYTHING IN THIS FOLDER IS INVENTED. No person, place or illness in it exists.\n"
                "本目录内容全部由程序虚构：其中的人员、地点和病情均不存在。\n\n"
                "A %s outbreak / 一次%s疫情\n"
                "made by / 生成命令: %s\n"
                "seed / 随机种子: %llu\n"
                "cases / 病例: %d (imported / 输入 %d, died / 死亡 %d), contacts / 密接: %d, town / 居民: %d\n\n",
                disease.text[LANG_EN], disease.text[LANG_ZH], command, (unsigned long long)ob->options.seed,
                ob->case_count, imported, died, ob->contact_count, ob->town.persons);
    sink_text(out,
              "linelist.csv   one row a case, by time of report / 每例一行，按报告时间\n"
              "contacts.csv   one row a case and contact, by time of naming / 每个病例与密接一行，按登记时间\n"
              "followups.csv  one row a daily visit / 每次随访一行\n"
              "labs.csv       one row a sample / 每份样本一行\n"
              "truth.csv      who infected whom: known only because it is invented / 真实传播链，仅因虚构而可知\n");
    if (files->fault_count > 0)
        sink_printf(out, "faults.csv     the %d faults put into the files on purpose / 有意放入的 %d 处错误\n",
                    files->fault_count, files->fault_count);
    sink_text(out, "\nTimes are local, without clock changes (Asia/Shanghai will do). / 时间为当地时间（按北京时间处理即可）。\n\n"
                   "The figures, and where they come from / 所用参数及其出处\n"
                   "(\"general knowledge\": commonly quoted, not looked up / 通行说法，未查证；"
                   "\"choice\": a choice of this generator / 本程序自定):\n");
    struct outbreak_parameter p;
    for (size_t i = 0; outbreak_parameter_at(&ob->options, i, &p); i++)
        sink_printf(out, "  %-34s %-8g %s; %s [%s]\n", p.name, p.value, p.label.text[LANG_EN], p.label.text[LANG_ZH],
                    p.value >= p.preset && p.value <= p.preset ? p.source : "given by the user");
}

void outbreak_file_write(const struct outbreak_files *files, outbreak_file file, const char *command, struct sink *out)
{
    assert((int)file >= 0 && file < OUTBREAK_FILE_COUNT);
    if (file != OUTBREAK_README) sink_printf(out, "%s\n", outbreak_file_table[file].header);
    switch (file) {
    case OUTBREAK_LINELIST:
    case OUTBREAK_CONTACTS: outbreak_list_write(files, file, out); return;
    case OUTBREAK_FOLLOWUPS: outbreak_followups_write(files, out); return;
    case OUTBREAK_LABS: outbreak_labs_write(files, out); return;
    case OUTBREAK_TRUTH: outbreak_truth_write(files, out); return;
    case OUTBREAK_FAULTS: outbreak_faults_write(files, out); return;
    case OUTBREAK_README: outbreak_readme_write(files, command, out); return;
    case OUTBREAK_FILE_COUNT: break;
    }
    assert(false);
}
