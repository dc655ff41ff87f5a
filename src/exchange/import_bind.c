// The columns of a file bound to fields: what the mapping says, then what the headers suggest.
#include "exchange/import_mapping.h"

#include <assert.h>
#include <string.h>

// A header without the [n] that Go.Data puts into the names of what may repeat. *index is n, -1 when there is none.
static size_t bind_plain(struct str header, char out[MAPPING_PLAIN_MAX], int32_t *index)
{
    char flat[4 * MAPPING_PLAIN_MAX];
    size_t n = 0;
    *index = -1;
    for (size_t i = 0; i < header.n && n < sizeof flat;) {
        size_t end = i + 1;
        int32_t value = 0;
        while (header.p[i] == '[' && end < header.n && header.p[end] >= '0' && header.p[end] <= '9' && value < 1000)
            value = value * 10 + (header.p[end++] - '0');
        if (header.p[i] == '[' && end < header.n && header.p[end] == ']') {
            if (*index < 0 && end > i + 1) *index = value;
            i = end + 1;
            continue;
        }
        flat[n++] = header.p[i++];
    }
    return mapping_plain((struct str){flat, n}, out);
}

// Which group the entity above a column says: SORMAS writes the class of each column there.
static import_group bind_entity(struct str entity)
{
    static const struct {
        const char *name;
        import_group group;
    } entities[] = {
        {"Sample", IMPORT_OF_SAMPLE},
        {"PathogenTest", IMPORT_OF_SAMPLE},
        {"Vaccination", IMPORT_OF_VACCINE},
        {"Immunization", IMPORT_OF_VACCINE},
    };
    for (size_t i = 0; i < sizeof entities / sizeof *entities; i++)
        if (str_eq_z(entity, entities[i].name)) return entities[i].group;
    return IMPORT_ALONE;
}

struct binder {
    const struct import_fields *fields;
    const struct import_mapping *mapping;
    const struct str *headers, *entities;
    struct import_binding *out;
    struct str *plain;
    int32_t *index;
};

static bool bind_may(const struct binder *b, size_t column, const struct import_field *field)
{
    if (b->entities == NULL) return true;
    import_group entity = bind_entity(str_trim(b->entities[column]));
    return entity == IMPORT_ALONE ? field->group != IMPORT_OF_SAMPLE : field->group == entity;
}

static void bind_said(struct binder *b)
{
    for (size_t c = 0; c < b->out->count; c++) {
        struct import_column *column = &b->out->column[c];
        const struct import_said *best = NULL;
        for (size_t i = 0; i < b->mapping->said_count; i++) {
            const struct import_said *s = &b->mapping->said[i];
            char buffer[MAPPING_PLAIN_MAX];
            struct str plain = {buffer, mapping_plain(str_z(s->header), buffer)};
            if (str_eq(column->header, str_z(s->header))) {
                best = s;
                break;
            }
            if (best == NULL && plain.n > 0 && str_eq(plain, b->plain[c])) best = s;
        }
        if (best == NULL) continue;
        column->use = best->use;
        column->field = best->use == IMPORT_FIELD ? best->field : IMPORT_NO_FIELD;
    }
}

static bool bind_taken(const struct binder *b, int32_t field)
{
    for (size_t c = 0; c < b->out->count; c++)
        if (b->out->column[c].use == IMPORT_FIELD && b->out->column[c].field == field) return true;
    return false;
}

// A field takes the best of the columns that are free; a group's field takes all that name it.
static void bind_suggest(struct binder *b)
{
    for (int32_t f = 0; f < b->fields->count; f++) {
        const struct import_field *field = &b->fields->item[f];
        if (field->group == IMPORT_ALONE && bind_taken(b, f)) continue;
        int32_t best = 0;
        size_t where = 0;
        for (size_t c = 0; c < b->out->count; c++) {
            struct import_column *column = &b->out->column[c];
            if (column->use != IMPORT_UNKNOWN || !bind_may(b, c, field)) continue;
            int32_t fits = import_field_fits(field, b->plain[c]);
            if (fits <= 0) continue;
            if (field->group != IMPORT_ALONE) {
                column->use = IMPORT_FIELD;
                column->field = f;
                column->suggested = true;
            } else if (fits > best) {
                best = fits;
                where = c;
            }
        }
        if (best == 0) continue;
        b->out->column[where].use = IMPORT_FIELD;
        b->out->column[where].field = f;
        b->out->column[where].suggested = true;
    }
}

// Elements of groups: by the [n] of the headers where they have one, else a field that comes again begins the next.
static void bind_elements(struct binder *b)
{
    static const int32_t most[IMPORT_GROUP_COUNT] = {1, IMPORT_SAMPLES_MAX, IMPORT_VACCINES_MAX, IMPORT_STAYS_MAX};
    for (import_group g = IMPORT_OF_SAMPLE; g < IMPORT_GROUP_COUNT; g++) {
        bool has[IMPORT_FIELDS_MAX] = {false}, started = false;
        int32_t element = 0, least = INT32_MAX;
        for (size_t c = 0; c < b->out->count; c++) {
            const struct import_column *column = &b->out->column[c];
            bool mine = column->use == IMPORT_FIELD && b->fields->item[column->field].group == g;
            if (mine && b->index[c] >= 0 && b->index[c] < least) least = b->index[c];
        }
        for (size_t c = 0; c < b->out->count; c++) {
            struct import_column *column = &b->out->column[c];
            if (column->use != IMPORT_FIELD || b->fields->item[column->field].group != g) continue;
            if (b->index[c] >= 0) {
                column->element = b->index[c] - least;
            } else {
                bool taken = g == IMPORT_OF_SAMPLE && strcmp(b->fields->item[column->field].name, "sample_taken") == 0;
                if (has[column->field] || (taken && started)) {
                    element++;
                    memset(has, 0, sizeof has);
                    if (g == IMPORT_OF_SAMPLE && element < IMPORT_SAMPLES_MAX) b->out->again[element] = !taken;
                }
                has[column->field] = true;
                started = true;
                column->element = element;
            }
            if (column->element >= most[g]) column->use = IMPORT_UNKNOWN; // beyond what we hold: told as unknown
        }
    }
}

tong_code import_bind(const struct import_fields *fields, const struct import_mapping *mapping,
                      const struct str *headers, const struct str *entities, size_t count, struct arena *arena,
                      struct import_binding *out, struct err *err)
{
    struct binder b = {
        .fields = fields,
        .mapping = mapping,
        .headers = headers,
        .entities = entities,
        .out = out,
        .plain = arena_array(arena, count + 1, sizeof *b.plain),
        .index = arena_array(arena, count + 1, sizeof *b.index),
    };
    *out = (struct import_binding){.column = arena_array(arena, count + 1, sizeof *out->column), .count = count};
    if (b.plain == NULL || b.index == NULL || out->column == NULL) return tong_fail(err, TONG_E_NOMEM, "the columns");
    for (size_t c = 0; c < count; c++) {
        char buffer[MAPPING_PLAIN_MAX];
        size_t n = bind_plain(str_trim(headers[c]), buffer, &b.index[c]);
        b.plain[c] = (struct str){arena_copy(arena, buffer, n), n};
        struct str header = str_trim(headers[c]);
        header.p = arena_copy(arena, header.p, header.n);
        if (b.plain[c].p == NULL || header.p == NULL) return tong_fail(err, TONG_E_NOMEM, "the columns");
        out->column[c] = (struct import_column){.header = header, .field = IMPORT_NO_FIELD};
    }
    bind_said(&b);
    bind_suggest(&b);
    bind_elements(&b);
    return TONG_OK;
}

int32_t import_recognise(const struct import_fields *fields, const struct str *headers, size_t count)
{
    int32_t known = 0;
    for (size_t c = 0; c < count; c++) {
        char buffer[MAPPING_PLAIN_MAX];
        int32_t index = 0;
        struct str plain = {buffer, bind_plain(str_trim(headers[c]), buffer, &index)};
        bool fits = false;
        for (int32_t f = 0; f < fields->count && !fits; f++) fits = import_field_fits(&fields->item[f], plain) > 0;
        known += fits ? 1 : 0;
    }
    return known;
}
