#include "twin/outbreak_files.h"
#include "twin/outbreak_contacts.h"

#include <assert.h>

// ---- words and headers ----

static const char *const outbreak_visit_word[OUTBREAK_VISIT_STATUS_COUNT] = {
    [OUTBREAK_SEEN_WELL] = "seen_well",         [OUTBREAK_SEEN_ILL] = "seen_ill",     [OUTBREAK_NOT_SEEN] = "not_seen",
    [OUTBREAK_NOT_ATTEMPTED] = "not_attempted", [OUTBREAK_VISIT_REFUSED] = "refused",
};
static const struct {
    const char *specimen, *test;
    bool has_ct;
} outbreak_test[OUTBREAK_DISEASE_COUNT] = {
    [OUTBREAK_COVID] = {"oropharyngeal", "pcr", true},
    [OUTBREAK_MERS] = {"sputum", "pcr", true},
    [OUTBREAK_EBOLA] = {"blood", "pcr", true},
    [OUTBREAK_MEASLES] = {"serum", "igm", false},
};

static const struct {
    const char *name, *header;
} outbreak_file_table[OUTBREAK_FILE_COUNT] = {
    [OUTBREAK_LINELIST] = {"linelist.csv", NULL}, // outbreak_list_header has these two
    [OUTBREAK_CONTACTS] = {"contacts.csv", NULL},
    [OUTBREAK_FOLLOWUPS] = {"followups.csv", "id,contact_id,case_id,date,visited_at,status"},
    [OUTBREAK_LABS] = {"labs.csv", "id,person_id,sampled_at,specimen,test,result,ct,result_at"},
    [OUTBREAK_TRUTH] = {"truth.csv", "id,infector_id,infected_at,kind,generation,infected,named,onset,reported_at"},
    [OUTBREAK_FAULTS] = {"faults.csv", "fault,file,line,column,id,written,was,effect,note_en,note_zh"},
    [OUTBREAK_README] = {"README.txt", NULL},
};

const char *outbreak_file_name(outbreak_file file)
{
    assert((int)file >= 0 && file < OUTBREAK_FILE_COUNT);
    return outbreak_file_table[file].name;
}

tong_code outbreak_files_prepare(const struct outbreak *outbreak, bool faulty, struct arena *arena,
                                 struct outbreak_files *out, struct err *err)
{
    struct outbreak_files files = {.faults = {0}};
    tong_code code = outbreak_list_make(outbreak, arena, &files.list, err);
    if (code == TONG_OK && faulty) code = outbreak_faults_plan(&files.list, arena, &files.faults, err);
    if (code == TONG_OK) *out = files;
    return code;
}

// The rows of a list; a row as its faults have changed it, then the rows they add after it.
static void outbreak_list_write(const struct outbreak_files *files, outbreak_which which, struct sink *out)
{
    const struct outbreak_faults *faults = &files->faults;
    int32_t rows = outbreak_list_rows(&files->list, which), at = 0;
    while (at < faults->count && outbreak_fault_about(faults->items[at].kind)->list != which) at++;
    for (int32_t i = 0; i < rows; i++) {
        struct outbreak_row_text clean = outbreak_list_row(&files->list, which, i), row = clean;
        bool written = false;
        for (; at < faults->count && faults->items[at].row == i; at++) {
            const struct outbreak_fault_word *about = outbreak_fault_about(faults->items[at].kind);
            if (about->list != which) break;
            if (about->is_row && !written) {
                outbreak_row_write(&row, out);
                written = true;
            }
            row = outbreak_fault_apply(&files->list, &faults->items[at], about->is_row ? &clean : &row);
            if (about->is_row) outbreak_row_write(&row, out);
        }
        if (!written) outbreak_row_write(&row, out);
    }
}

static void outbreak_followups_write(const struct outbreak_files *files, struct sink *out)
{
    const struct outbreak *ob = files->list.outbreak;
    struct outbreak_row_text row = {.n = 0}, both = {.n = 0};
    int64_t number = 0;
    for (int32_t i = 0; i < ob->contact_count; i++) {
        int32_t contact = files->list.contact_order[i];
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
            outbreak_cell_day(&row, &files->list.days, visit.minute);
            outbreak_cell_time(&row, &files->list.days, visit.minute);
            outbreak_cell_text(&row, outbreak_visit_word[visit.status]);
            outbreak_row_write(&row, out);
        }
    }
}

static void outbreak_sample_write(const struct outbreak_files *files, const struct outbreak_sample *sample,
                                  int64_t number, struct sink *out)
{
    outbreak_disease disease = files->list.outbreak->options.disease;
    struct outbreak_row_text row = {.n = 0};
    outbreak_cell_id(&row, 'S', number);
    outbreak_cell_person(&row, sample->person);
    outbreak_cell_time(&row, &files->list.days, sample->sampled_min);
    outbreak_cell_text(&row, outbreak_test[disease].specimen);
    outbreak_cell_text(&row, outbreak_test[disease].test);
    outbreak_cell_text(&row, sample->positive ? "positive" : "negative");
    if (sample->positive && outbreak_test[disease].has_ct) outbreak_cell_tenths(&row, sample->ct_tenths);
    else outbreak_cell_text(&row, "");
    outbreak_cell_time(&row, &files->list.days, sample->result_min);
    outbreak_row_write(&row, out);
}

static void outbreak_labs_write(const struct outbreak_files *files, struct sink *out)
{
    const struct outbreak *ob = files->list.outbreak;
    struct outbreak_sample sample[OUTBREAK_SAMPLES_MAX];
    int64_t number = 0;
    for (int32_t i = 0; i < ob->case_count; i++) {
        int32_t count = outbreak_case_samples(ob, files->list.case_order[i], sample);
        for (int32_t s = 0; s < count; s++) outbreak_sample_write(files, &sample[s], ++number, out);
    }
    for (int32_t i = 0; i < ob->contact_count; i++) {
        int32_t count = outbreak_contact_samples(ob, files->list.contact_order[i], sample);
        for (int32_t s = 0; s < count; s++) outbreak_sample_write(files, &sample[s], ++number, out);
    }
}

static void outbreak_truth_write(const struct outbreak_files *files, struct sink *out)
{
    const struct outbreak *ob = files->list.outbreak;
    for (int32_t i = 0; i < ob->case_count; i++) {
        const struct outbreak_case *c = &ob->cases[i];
        struct outbreak_row_text row = {.n = 0};
        outbreak_cell_person(&row, c->person);
        if (c->infector == OUTBREAK_NOBODY) outbreak_cell_text(&row, "");
        else outbreak_cell_person(&row, ob->cases[c->infector].person);
        outbreak_cell_time(&row, &files->list.days, c->infected_min);
        outbreak_cell_text(&row, outbreak_kind_name(c->kind));
        outbreak_cell_number(&row, c->generation);
        outbreak_cell_number(&row, c->infected);
        outbreak_cell_text(&row, c->named ? "yes" : "no");
        outbreak_cell_time(&row, &files->list.days, c->onset_min);
        outbreak_cell_time(&row, &files->list.days, c->reported_min);
        outbreak_row_write(&row, out);
    }
}

static void outbreak_faults_write(const struct outbreak_faults *faults, struct sink *out)
{
    for (int32_t i = 0; i < faults->count; i++) {
        const struct outbreak_fault *fault = &faults->items[i];
        const struct outbreak_fault_word *about = outbreak_fault_about(fault->kind);
        outbreak_file file = about->list == OUTBREAK_LIST_CASES ? OUTBREAK_LINELIST : OUTBREAK_CONTACTS;
        sink_printf(out, "%s,%s,%lld,%s,%s,%s,%s,%s,%s,%s\n", about->name, outbreak_file_name(file),
                    (long long)fault->line, about->column, fault->id, fault->written, fault->was,
                    about->is_row ? "row" : "value", about->note.text[LANG_EN], about->note.text[LANG_ZH]);
    }
}

static void outbreak_readme_write(const struct outbreak_files *files, const char *command, struct sink *out)
{
    const struct outbreak *ob = files->list.outbreak;
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
    if (files->faults.count > 0)
        sink_printf(out, "faults.csv     the %d faults put into the files on purpose / 有意放入的 %d 处错误\n",
                    files->faults.count, files->faults.count);
    sink_text(
        out,
        "\nTimes are local, without clock changes (Asia/Shanghai will do). / 时间为当地时间（按北京时间处理即可）。\n\n"
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
    const char *header = file == OUTBREAK_LINELIST   ? outbreak_list_header(OUTBREAK_LIST_CASES)
                         : file == OUTBREAK_CONTACTS ? outbreak_list_header(OUTBREAK_LIST_CONTACTS)
                                                     : outbreak_file_table[file].header;
    if (header != NULL) sink_printf(out, "%s\n", header);
    switch (file) {
    case OUTBREAK_LINELIST: outbreak_list_write(files, OUTBREAK_LIST_CASES, out); return;
    case OUTBREAK_CONTACTS: outbreak_list_write(files, OUTBREAK_LIST_CONTACTS, out); return;
    case OUTBREAK_FOLLOWUPS: outbreak_followups_write(files, out); return;
    case OUTBREAK_LABS: outbreak_labs_write(files, out); return;
    case OUTBREAK_TRUTH: outbreak_truth_write(files, out); return;
    case OUTBREAK_FAULTS: outbreak_faults_write(&files->faults, out); return;
    case OUTBREAK_README: outbreak_readme_write(files, command, out); return;
    case OUTBREAK_FILE_COUNT: break;
    }
    assert(false);
}
