#include "reference.h"

#include "tap.h"

static char *ref_slurp(struct arena *arena, const char *path)
{
    char full[512];
    if (tap_shared(path, full, sizeof full) == NULL) return NULL;
    FILE *f = fopen(full, "rb");
    if (f == NULL || fseek(f, 0, SEEK_END) != 0) abort();
    long n = ftell(f);
    rewind(f);
    char *text = n < 0 ? NULL : arena_alloc(arena, (size_t)n + 1);
    if (text == NULL || fread(text, 1, (size_t)n, f) != (size_t)n) abort();
    (void)fclose(f);
    return text;
}

// The next cell, in place; *end tells what followed it: ',', '\n' or 0.
static char *ref_cell(char **at, char *end)
{
    char *from = *at, *to = from, *p = from;
    if (*p == '"') {
        for (p++; *p != 0 && !(*p == '"' && p[1] != '"'); p++) {
            if (*p == '"') p++;
            *to++ = *p;
        }
        if (*p == '"') p++;
        if (*p == '\r') p++;
    } else {
        while (*p != ',' && *p != '\n' && *p != 0) p++;
        to = p > from && p[-1] == '\r' ? p - 1 : p;
    }
    *end = *p;
    *at = *p == 0 ? p : p + 1;
    *to = 0;
    return from;
}

static char **ref_push(struct arena *arena, char **items, size_t count, size_t *cap, char *cell)
{
    items = arena_grow(arena, items, count, cap, sizeof *items);
    if (items == NULL) abort();
    items[count] = cell;
    return items;
}

bool ref_read(struct arena *arena, const char *path, struct ref_table *out)
{
    char *text = ref_slurp(arena, path), end = ',';
    if (text == NULL) return false;
    *out = (struct ref_table){.name = path};
    size_t cap = 0, cells = 0;
    while (end == ',') {
        char *cell = ref_cell(&text, &end);
        out->header = ref_push(arena, out->header, out->columns++, &cap, cell);
    }
    cap = 0;
    while (*text != 0) {
        char *cell = ref_cell(&text, &end);
        out->cell = ref_push(arena, out->cell, cells++, &cap, cell);
    }
    if (cells % out->columns != 0) {
        (void)printf("Bail out! %s: %zu cells are no rows of %zu\n", path, cells, out->columns);
        abort();
    }
    out->rows = cells / out->columns;
    return true;
}

static void ref_beside(struct ref *r, const char *folder, const char *name, struct ref_table *out)
{
    const char *path = arena_printf(r->arena, "%s/%s.csv", folder, name);
    if (path != NULL && ref_read(r->arena, path, out)) return;
    (void)printf("Bail out! %s/%s.csv is not there\n", folder, name);
    (void)fflush(stdout);
    abort();
}

void ref_analytics(struct ref *r, const char *name, struct ref_table *out)
{
    ref_beside(r, "reference/analytics", name, out);
}

void ref_data(struct ref *r, const char *name, struct ref_table *out)
{
    ref_beside(r, "data", name, out);
}

bool ref_has(const struct ref_table *t, const char *column)
{
    for (size_t i = 0; i < t->columns; i++)
        if (strcmp(t->header[i], column) == 0) return true;
    return false;
}

const char *ref_text_in(const struct ref_table *t, size_t row, const char *column)
{
    for (size_t i = 0; i < t->columns; i++)
        if (strcmp(t->header[i], column) == 0) return t->cell[row * t->columns + i];
    (void)printf("Bail out! %s has no column %s\n", t->name, column);
    (void)fflush(stdout);
    abort();
}

double ref_real_in(const struct ref_table *t, size_t row, const char *column)
{
    const char *text = ref_text_in(t, row, column);
    if (text[0] == 0 || strcmp(text, "NA") == 0) return NAN;
    char *end;
    double value = strtod(text, &end);
    return *end == 0 ? value : NAN;
}

const char *ref_text(const struct ref *r, const char *column)
{
    return ref_text_in(&r->table, r->at, column);
}

double ref_real(const struct ref *r, const char *column)
{
    return ref_real_in(&r->table, r->at, column);
}

int64_t ref_int(const struct ref *r, const char *column)
{
    return (int64_t)llround(ref_real(r, column));
}

bool ref_is(const struct ref *r, const char *column, const char *text)
{
    return strcmp(ref_text(r, column), text) == 0;
}

void ref_value(struct ref *r, const char *what, double got, double want, double relative, double absolute)
{
    r->numbers++;
    if (isnan(want) || isinf(want)) {
        bool same = isnan(want) ? isnan(got) : got == want;
        if (!CHECK(same, "%s row %zu: %s is %.17g, not %g", r->file, r->at + 2, what, got, want)) r->wrong++;
        return;
    }
    double gap = fabs(got - want), apart = gap / fmax(fabs(want), 1e-300);
    if (!CHECK(gap <= relative * fabs(want) + absolute, "%s row %zu: %s is %.17g, not %.17g: %.2g apart", r->file,
               r->at + 2, what, got, want, apart))
        r->wrong++;
    else if (gap > absolute && apart > r->worst) r->worst = apart;
}

void ref_match(struct ref *r, const char *column, double got, double relative)
{
    ref_value(r, column, got, ref_real(r, column), relative, 1e-15);
}

void ref_match_abs(struct ref *r, const char *column, double got, double absolute)
{
    ref_value(r, column, got, ref_real(r, column), 0, absolute);
}

void ref_good(struct ref *r, tong_code code)
{
    if (!CHECK(code == TONG_OK, "%s row %zu: the call succeeds", r->file, r->at + 2)) r->wrong++;
}

void ref_unmet(struct ref *r, const char *reason)
{
    r->unmet++;
    if (reason != NULL) (void)printf("# %s row %zu not met: %s\n", r->file, r->at + 2, reason);
}

size_t ref_list(const char *text, double *out, size_t most)
{
    size_t n = 0;
    while (*text != 0 && n < most) {
        char *end;
        out[n++] = strtod(text, &end);
        if (*end != ';') break;
        text = end + 1;
    }
    return n;
}

double *ref_column(struct ref *r, const struct ref_table *t, const char *column)
{
    double *out = arena_array(r->arena, t->rows + 1, sizeof *out);
    if (out == NULL) abort();
    for (size_t i = 0; i < t->rows; i++) out[i] = ref_real_in(t, i, column);
    return out;
}
