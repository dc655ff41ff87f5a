#include "twin/outbreak_faults.h"
#include "twin/outbreak_people.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static const struct outbreak_fault_word outbreak_fault_table[OUTBREAK_FAULT_COUNT] = {
    [OUTBREAK_DUPLICATE_ID] = {"duplicate_id", "id", OUTBREAK_LIST_CASES, true,
                               LABEL("the identifier of the row above once more", "与上一行编号重复")},
    [OUTBREAK_EMPTY_ID] = {"empty_id", "id", OUTBREAK_LIST_CASES, true,
                           LABEL("a case without an identifier", "病例没有编号")},
    [OUTBREAK_IMPOSSIBLE_DATE] = {"impossible_date", "onset", OUTBREAK_LIST_CASES, true,
                                  LABEL("a day that no calendar has", "历法中不存在的日期")},
    [OUTBREAK_UNREADABLE_DATE] = {"unreadable_date", "reported_at", OUTBREAK_LIST_CASES, true,
                                  LABEL("words where a date belongs", "应填日期处填了文字")},
    [OUTBREAK_OUTCOME_BEFORE_ONSET] = {"outcome_before_onset", "outcome_date", OUTBREAK_LIST_CASES, false,
                                       LABEL("the outcome precedes the onset", "转归早于发病")},
    [OUTBREAK_IMPOSSIBLE_AGE] = {"impossible_age", "age", OUTBREAK_LIST_CASES, false,
                                 LABEL("an age nobody reaches", "不可能的年龄")},
    [OUTBREAK_UNKNOWN_CASE] = {"unknown_case", "case_id", OUTBREAK_LIST_CONTACTS, true,
                               LABEL("a contact of a case that is not in the line list", "密接所属病例不在病例清单中")},
    [OUTBREAK_CONTACT_EMPTY_ID] = {"contact_empty_id", "contact_id", OUTBREAK_LIST_CONTACTS, true,
                                   LABEL("a contact without an identifier", "密接没有编号")},
    [OUTBREAK_CONTACT_IMPOSSIBLE_DATE] = {"contact_impossible_date", "first_contact", OUTBREAK_LIST_CONTACTS, true,
                                          LABEL("a month that no calendar has", "历法中不存在的月份")},
};

const struct outbreak_fault_word *outbreak_fault_about(outbreak_fault_kind kind)
{
    assert((int)kind >= 0 && kind < OUTBREAK_FAULT_COUNT);
    return &outbreak_fault_table[kind];
}

// What the fault writes into its cell; it is the nth of its kind.
static void outbreak_fault_text(const struct outbreak *ob, const struct outbreak_fault *fault, int32_t nth,
                                const struct outbreak_case *c, char out[OUTBREAK_CELL_MAX])
{
    int32_t year = civil_to_date(ob->options.start).year;
    out[0] = 0;
    switch (fault->kind) {
    case OUTBREAK_DUPLICATE_ID: (void)snprintf(out, OUTBREAK_CELL_MAX, "%s", fault->was); return;
    case OUTBREAK_EMPTY_ID:
    case OUTBREAK_CONTACT_EMPTY_ID: return;
    case OUTBREAK_IMPOSSIBLE_DATE: (void)snprintf(out, OUTBREAK_CELL_MAX, "%04d-02-30", year); return;
    case OUTBREAK_CONTACT_IMPOSSIBLE_DATE: (void)snprintf(out, OUTBREAK_CELL_MAX, "%04d-13-05 09:30", year); return;
    case OUTBREAK_UNREADABLE_DATE: (void)snprintf(out, OUTBREAK_CELL_MAX, "last Monday"); return;
    case OUTBREAK_OUTCOME_BEFORE_ONSET: {
        assert(c != NULL && c->onset_min != OUTBREAK_NEVER);
        int32_t onset = ob->options.start.d + (int32_t)(c->onset_min / OUTBREAK_DAY_MINUTES);
        char day[CIVIL_TEXT];
        civil_format((civil_day){onset - 3 - nth % 7}, day);
        (void)snprintf(out, OUTBREAK_CELL_MAX, "%s", day);
        return;
    }
    case OUTBREAK_IMPOSSIBLE_AGE: (void)snprintf(out, OUTBREAK_CELL_MAX, "%d", 190 + nth); return;
    case OUTBREAK_UNKNOWN_CASE: (void)snprintf(out, OUTBREAK_CELL_MAX, "P%07d", ob->town.persons + 500 + nth); return;
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

// A row of its own is a copy of the clean row, of a person nobody has heard of where that is not the fault itself, so
// that leaving it out loses nothing.
struct outbreak_row_text outbreak_fault_apply(const struct outbreak_list *list, const struct outbreak_fault *fault,
                                              const struct outbreak_row_text *clean)
{
    const struct outbreak_fault_word *about = outbreak_fault_about(fault->kind);
    bool contacts = about->list == OUTBREAK_LIST_CONTACTS;
    uint32_t column = outbreak_list_column(about->list, about->column);
    uint32_t person = outbreak_list_column(about->list, contacts ? "contact_id" : "id");
    struct outbreak_row_text row = outbreak_row_with(clean, column, fault->written);
    if (!about->is_row) return row;
    char id[OUTBREAK_CELL_MAX];
    (void)snprintf(id, sizeof id, "P%07d", list->outbreak->town.persons + 1000 + fault->serial);
    if (column != person) row = outbreak_row_with(&row, person, id);
    (void)snprintf(id, sizeof id, "K%07d", list->outbreak->contact_count + 1 + fault->serial);
    if (contacts) row = outbreak_row_with(&row, outbreak_list_column(about->list, "id"), id);
    return row;
}

static int outbreak_fault_compare(const void *a, const void *b)
{
    const struct outbreak_fault *x = a, *y = b;
    const struct outbreak_fault_word *f = outbreak_fault_about(x->kind), *g = outbreak_fault_about(y->kind);
    if (f->list != g->list) return f->list < g->list ? -1 : 1;
    if (x->row != y->row) return x->row < y->row ? -1 : 1;
    if (f->is_row != g->is_row) return f->is_row ? 1 : -1; // the row itself comes before the rows added after it
    return (x->kind > y->kind) - (x->kind < y->kind);
}

static const struct outbreak_case *outbreak_fault_case(const struct outbreak_list *list, int32_t row)
{
    return &list->outbreak->cases[list->case_order[row]];
}

// May this row carry the fault? Not twice the same, and an outcome can only precede an onset that is there.
static bool outbreak_fault_fits(const struct outbreak_list *list, const struct outbreak_faults *faults,
                                outbreak_fault_kind kind, int32_t row)
{
    for (int32_t i = 0; i < faults->count; i++)
        if (faults->items[i].kind == kind && faults->items[i].row == row) return false;
    return kind != OUTBREAK_OUTCOME_BEFORE_ONSET || outbreak_fault_case(list, row)->onset_min != OUTBREAK_NEVER;
}

// The texts and the lines, once the faults stand in their order.
static void outbreak_fault_finish(const struct outbreak_list *list, struct outbreak_faults *faults)
{
    int64_t added[OUTBREAK_LIST_COUNT] = {0};
    int32_t nth[OUTBREAK_FAULT_COUNT] = {0};
    for (int32_t i = 0; i < faults->count; i++) {
        struct outbreak_fault *fault = &faults->items[i];
        const struct outbreak_fault_word *about = outbreak_fault_about(fault->kind);
        bool contacts = about->list == OUTBREAK_LIST_CONTACTS;
        struct outbreak_row_text clean = outbreak_list_row(list, about->list, fault->row);
        fault->serial = i;
        outbreak_fault_cell(fault->was, outbreak_row_cell(&clean, outbreak_list_column(about->list, about->column)));
        outbreak_fault_text(list->outbreak, fault, nth[fault->kind]++,
                            contacts ? NULL : outbreak_fault_case(list, fault->row), fault->written);
        if (about->is_row) added[about->list]++;
        fault->line = 2 + fault->row + added[about->list];
        struct outbreak_row_text row = outbreak_fault_apply(list, fault, &clean);
        uint32_t person = outbreak_list_column(about->list, contacts ? "contact_id" : "id");
        outbreak_fault_cell(fault->id, outbreak_row_cell(&row, person));
        if (about->is_row && fault->kind != OUTBREAK_DUPLICATE_ID) fault->was[0] = 0; // nothing true was overwritten
    }
}

tong_code outbreak_faults_plan(const struct outbreak_list *list, struct arena *arena, struct outbreak_faults *out,
                               struct err *err)
{
    enum { EACH_MAX = 10, TRIES = 200 };
    int32_t each = 1 + list->outbreak->case_count / 100;
    if (each > EACH_MAX) each = EACH_MAX;
    struct outbreak_faults faults = {0};
    faults.items = arena_array(arena, (size_t)each * OUTBREAK_FAULT_COUNT, sizeof *faults.items);
    if (faults.items == NULL) return tong_fail(err, TONG_E_NOMEM, "the faults");
    struct rng r = outbreak_stream(&list->outbreak->options, 0, OUTBREAK_DRAW_FAULTS);
    for (int k = 0; k < OUTBREAK_FAULT_COUNT; k++) {
        outbreak_fault_kind kind = (outbreak_fault_kind)k;
        int32_t rows = outbreak_list_rows(list, outbreak_fault_about(kind)->list);
        for (int32_t i = 0; i < each && rows > 0; i++) {
            int32_t row = 0, tries = 0;
            do row = (int32_t)rng_below(&r, (uint32_t)rows);
            while (!outbreak_fault_fits(list, &faults, kind, row) && ++tries < TRIES);
            if (tries == TRIES) break; // a handful of cases, all without symptoms
            faults.items[faults.count++] = (struct outbreak_fault){.kind = kind, .row = row};
        }
    }
    qsort(faults.items, (size_t)faults.count, sizeof *faults.items, outbreak_fault_compare);
    outbreak_fault_finish(list, &faults);
    *out = faults;
    return TONG_OK;
}
