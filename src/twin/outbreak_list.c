#include "twin/outbreak_list.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static const char *const outbreak_class_word[OUTBREAK_CLASS_COUNT] = {
    [OUTBREAK_CONFIRMED] = "confirmed",
    [OUTBREAK_ASYMPTOMATIC] = "asymptomatic",
    [OUTBREAK_PROBABLE] = "probable",
};
static const char *const outbreak_status_word[OUTBREAK_CONTACT_STATUS_COUNT] = {
    [OUTBREAK_COMPLETED] = "completed",
    [OUTBREAK_BECAME_CASE] = "became_case",
    [OUTBREAK_LOST] = "lost",
    [OUTBREAK_REFUSED] = "refused",
};

static const char *const outbreak_list_columns[OUTBREAK_LIST_COUNT] = {
    [OUTBREAK_LIST_CASES] =
        "id,sex,age,place_id,place,place_zh,class,origin,onset,sampled,result_at,reported_at,isolated,"
        "outcome,outcome_date",
    [OUTBREAK_LIST_CONTACTS] =
        "id,case_id,contact_id,kind,first_contact,last_contact,named_at,status,follow_until,sex,age,"
        "place_id,place,place_zh",
};

const char *outbreak_list_header(outbreak_which which)
{
    assert((int)which >= 0 && which < OUTBREAK_LIST_COUNT);
    return outbreak_list_columns[which];
}

uint32_t outbreak_list_column(outbreak_which which, const char *name)
{
    struct str rest = str_z(outbreak_list_header(which)), column;
    for (uint32_t i = 0; str_cut(&rest, ',', &column); i++)
        if (str_eq_z(column, name)) return i;
    assert(false);
    return 0;
}

void outbreak_cell_person(struct outbreak_row_text *row, uint32_t person)
{
    outbreak_cell_id(row, 'P', (int64_t)person + 1);
}

static void outbreak_cells_sex_age(struct outbreak_row_text *row, const struct town *town, uint32_t person)
{
    outbreak_cell_text(row, town->sex[person] == 1 ? "male" : "female");
    outbreak_cell_number(row, town->age[person]);
}

static struct outbreak_row_text outbreak_case_row(const struct outbreak_list *list, int32_t i)
{
    const struct outbreak *ob = list->outbreak;
    const struct outbreak_case *c = &ob->cases[list->case_order[i]];
    bool sampled = c->class != OUTBREAK_PROBABLE;
    struct outbreak_row_text row = {.n = 0};
    outbreak_cell_person(&row, c->person);
    outbreak_cells_sex_age(&row, &ob->town, c->person);
    outbreak_cell_place(&row, &ob->town, c->person);
    outbreak_cell_text(&row, outbreak_class_word[c->class]);
    outbreak_cell_text(&row, c->infector == OUTBREAK_NOBODY ? "imported" : "local");
    outbreak_cell_day(&row, &list->days, c->onset_min);
    outbreak_cell_time(&row, &list->days, sampled ? c->sampled_min : OUTBREAK_NEVER);
    outbreak_cell_time(&row, &list->days, sampled ? c->result_min : OUTBREAK_NEVER);
    outbreak_cell_time(&row, &list->days, c->reported_min);
    outbreak_cell_time(&row, &list->days, c->isolated_min);
    outbreak_cell_text(&row, c->died ? "died" : "recovered");
    outbreak_cell_day(&row, &list->days, c->outcome_min);
    return row;
}

static struct outbreak_row_text outbreak_contact_row(const struct outbreak_list *list, int32_t i)
{
    const struct outbreak *ob = list->outbreak;
    const struct outbreak_contact *k = &ob->contacts[list->contact_order[i]];
    struct outbreak_row_text row = {.n = 0};
    outbreak_cell_id(&row, 'K', i + 1);
    outbreak_cell_person(&row, ob->cases[k->source].person);
    outbreak_cell_person(&row, k->person);
    outbreak_cell_text(&row, outbreak_kind_name(k->kind));
    outbreak_cell_time(&row, &list->days, k->first_min);
    outbreak_cell_time(&row, &list->days, k->last_min);
    outbreak_cell_time(&row, &list->days, k->named_min);
    outbreak_cell_text(&row, outbreak_status_word[k->status]);
    outbreak_cell_day(&row, &list->days, (int64_t)k->follow_last_day * OUTBREAK_DAY_MINUTES);
    outbreak_cells_sex_age(&row, &ob->town, k->person);
    outbreak_cell_place(&row, &ob->town, k->person);
    return row;
}

struct outbreak_row_text outbreak_list_row(const struct outbreak_list *list, outbreak_which which, int32_t row)
{
    assert(row >= 0 && row < outbreak_list_rows(list, which));
    return which == OUTBREAK_LIST_CASES ? outbreak_case_row(list, row) : outbreak_contact_row(list, row);
}

int32_t outbreak_list_rows(const struct outbreak_list *list, outbreak_which which)
{
    return which == OUTBREAK_LIST_CASES ? list->outbreak->case_count : list->outbreak->contact_count;
}

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
        place[i] =
            (struct outbreak_place){contacts ? ob->contacts[i].named_min : ob->cases[i].reported_min, (int32_t)i};
    if (count > 0) qsort(place, count, sizeof *place, outbreak_place_compare);
    for (size_t i = 0; i < count; i++) order[i] = place[i].index;
    return order;
}

tong_code outbreak_list_make(const struct outbreak *outbreak, struct arena *arena, struct outbreak_list *out,
                             struct err *err)
{
    struct outbreak_list list = {.outbreak = outbreak};
    tong_code code = outbreak_calendar_make(outbreak, arena, &list.days, err);
    if (code != TONG_OK) return code;
    list.case_order = outbreak_order(outbreak, false, arena);
    list.contact_order = outbreak_order(outbreak, true, arena);
    if (list.case_order == NULL || list.contact_order == NULL)
        return tong_fail(err, TONG_E_NOMEM, "the rows of %d contacts", outbreak->contact_count);
    *out = list;
    return TONG_OK;
}
