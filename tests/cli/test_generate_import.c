// What `tongzhou generate` writes is what the importer reads: a clean outbreak without complaint, a faulty one with every
// fault found where faults.csv says it is, and nothing else.
#include "exchange/linelist.h"
#include "tap.h"
#include "twin/outbreak_files.h"

struct read {
    struct arena arena;
    struct outbreak outbreak;
    struct outbreak_files files;
    struct sink text[OUTBREAK_FILE_COUNT];
    struct problem_list problems;
    struct linelist list;
    tong_code code;
};

static const outbreak_file file_of[LINE_TABLE_COUNT] = {
    [LINE_TABLE_CASES] = OUTBREAK_LINELIST,    [LINE_TABLE_LINKS] = OUTBREAK_FILE_COUNT,
    [LINE_TABLE_CONTACTS] = OUTBREAK_CONTACTS, [LINE_TABLE_FOLLOWUPS] = OUTBREAK_FOLLOWUPS,
    [LINE_TABLE_LABS] = OUTBREAK_LABS,         [LINE_TABLE_GATHERINGS] = OUTBREAK_FILE_COUNT,
};

static void import(struct read *r, outbreak_disease disease, bool faulty, bool keep)
{
    struct outbreak_options o;
    struct err err = {0};
    struct mapping mapping;
    struct bytes bytes[LINE_TABLE_COUNT];
    char path[512];
    memset(r, 0, sizeof *r);
    r->problems.arena = &r->arena;
    outbreak_options_for(disease, &o);
    o.seed = 40;
    o.cases = 250;
    if (outbreak_generate(&o, &r->arena, &r->outbreak, &err) != TONG_OK ||
        outbreak_files_prepare(&r->outbreak, faulty, &r->arena, &r->files, &err) != TONG_OK ||
        mapping_read_path(tap_source("mappings/generated.yaml", path, sizeof path), &r->arena, &r->problems, &mapping,
                          &err) != TONG_OK) {
        OK(false, "made: %s", err.text);
        abort();
    }
    struct linelist_options options = {.mapping = &mapping, .as_of = {CIVIL_DAY_NONE}, .keep_good_rows = keep};
    for (int t = 0; t < LINE_TABLE_COUNT; t++) {
        if (file_of[t] == OUTBREAK_FILE_COUNT) continue;
        outbreak_file_write(&r->files, file_of[t], "a test", &r->text[file_of[t]]);
        bytes[t] = bytes_of_memory(sink_kept(&r->text[file_of[t]]));
        options.file[t] = (struct linelist_file){outbreak_file_name(file_of[t]), &bytes[t]};
    }
    r->code = linelist_read(&options, &r->arena, &r->problems, &r->list, &err);
}

static void forget(struct read *r)
{
    for (int f = 0; f < OUTBREAK_FILE_COUNT; f++) sink_close(&r->text[f]);
    arena_free(&r->arena);
}

static int64_t persons_named(const struct outbreak *ob)
{
    unsigned char *seen = calloc((size_t)ob->town.persons, 1);
    if (seen == NULL) abort();
    int64_t count = 0;
    for (int32_t k = 0; k < ob->contact_count; k++) {
        count += !seen[ob->contacts[k].person];
        seen[ob->contacts[k].person] = 1;
    }
    free(seen);
    return count;
}

static void test_clean(outbreak_disease disease)
{
    struct read r;
    const char *name = outbreak_disease_name(disease);
    import(&r, disease, false, false);
    OK(r.code == TONG_OK && r.problems.errors == 0, "%s: imported without an error", name);
    int64_t other = 0;
    for (size_t i = 0; i < r.problems.count; i++) {
        const struct problem *p = &r.problems.items[i];
        // Somebody found by tracing while still well falls ill after the report: true, and worth a second look.
        bool fine = p->message->severity == PROBLEM_NOTE || strcmp(p->message->slug, "onset-after-report") == 0;
        other += !fine;
        CHECK(fine, "%s: %s:%lld %s", name, p->file, (long long)p->line, p->message->slug);
    }
    EQ_INT(other, 0, "%s: no warning", name);
    EQ_INT(r.list.case_count, r.outbreak.case_count, "%s: cases", name);
    EQ_INT(r.list.link_count, r.outbreak.contact_count, "%s: links", name);
    EQ_INT(r.list.contact_count, persons_named(&r.outbreak), "%s: contacts", name);
    EQ_INT(r.list.links_in_cycle, 0, "%s: nobody names in a circle", name);
    int64_t died = 0, infectees = 0;
    for (size_t i = 0; i < r.list.case_count; i++) died += r.list.cases[i].outcome == LINE_DIED;
    for (int32_t i = 0; i < r.outbreak.case_count; i++) died -= r.outbreak.cases[i].died;
    EQ_INT(died, 0, "%s: as many deaths read as written", name);
    for (size_t i = 0; i < r.list.link_count; i++) infectees += r.list.links[i].to_end == LINE_END_CASE;
    for (int32_t k = 0; k < r.outbreak.contact_count; k++)
        infectees -= r.outbreak.contacts[k].as_case != OUTBREAK_NOBODY;
    EQ_INT(infectees, 0, "%s: as many contacts who are cases", name);
    forget(&r);
}

static void test_faults(outbreak_disease disease)
{
    static const char *const slug[OUTBREAK_FAULT_COUNT] = {
        [OUTBREAK_DUPLICATE_ID] = "id-twice",
        [OUTBREAK_EMPTY_ID] = "id-empty",
        [OUTBREAK_IMPOSSIBLE_DATE] = "date-impossible",
        [OUTBREAK_UNREADABLE_DATE] = "date-unreadable",
        [OUTBREAK_OUTCOME_BEFORE_ONSET] = "outcome-before-onset",
        [OUTBREAK_IMPOSSIBLE_AGE] = "age-absurd",
        [OUTBREAK_UNKNOWN_CASE] = "link-of-unknown-case",
        [OUTBREAK_CONTACT_EMPTY_ID] = "id-empty",
        [OUTBREAK_CONTACT_IMPOSSIBLE_DATE] = "date-impossible",
    };
    struct read r, clean;
    const char *name = outbreak_disease_name(disease);
    import(&r, disease, true, false);
    OK(r.code == TONG_E_INVALID, "%s: a faulty list is not imported unasked", name);
    forget(&r);
    import(&clean, disease, false, true);
    import(&r, disease, true, true);
    OK(r.code == TONG_OK, "%s: its good rows are, when asked", name);
    size_t explained = 0, errors = 0, found = 0;
    for (int32_t i = 0; i < r.files.faults.count; i++) {
        const struct outbreak_fault *fault = &r.files.faults.items[i];
        const struct outbreak_fault_word *about = outbreak_fault_about(fault->kind);
        const char *file =
            outbreak_file_name(about->list == OUTBREAK_LIST_CASES ? OUTBREAK_LINELIST : OUTBREAK_CONTACTS);
        bool seen = false;
        for (size_t k = 0; k < r.problems.count && !seen; k++) {
            const struct problem *p = &r.problems.items[k];
            seen = p->line == fault->line && strcmp(p->file, file) == 0 &&
                   strcmp(p->message->slug, slug[fault->kind]) == 0;
        }
        found += seen;
        explained += about->is_row;
        CHECK(seen, "%s: %s on line %lld of %s is found", name, about->name, (long long)fault->line, file);
    }
    for (size_t k = 0; k < r.problems.count; k++) errors += r.problems.items[k].message->severity == PROBLEM_ERROR;
    EQ_INT(found, r.files.faults.count, "%s: every fault found", name);
    EQ_INT(errors, explained, "%s: and no error besides", name);
    EQ_INT(r.list.case_count, clean.list.case_count, "%s: the cases of the clean list", name);
    EQ_INT(r.list.contact_count, clean.list.contact_count, "%s: its contacts", name);
    EQ_INT(r.list.link_count, clean.list.link_count, "%s: its links", name);
    for (size_t i = 0; i < r.list.case_count && i < clean.list.case_count; i++)
        CHECK(str_eq(r.list.cases[i].id, clean.list.cases[i].id), "%s: case %zu is the same", name, i);
    forget(&clean);
    forget(&r);
}

int main(void)
{
    for (int d = 0; d < OUTBREAK_DISEASE_COUNT; d++) {
        test_clean((outbreak_disease)d);
        test_faults((outbreak_disease)d);
    }
    return tap_done();
}
