// sheet.h -- the reference and data files as the tests of alarms, scores, nowcasts and forecasts read them: whole files
// of plain cells (none of them is quoted), looked up by column name. Included once, after tap.h.
#ifndef TONG_TESTS_SHEET_H
#define TONG_TESTS_SHEET_H

struct sheet {
    char *text;
    char **cell; // (rows + 1) * columns, the header first
    size_t rows, columns;
};

// False when the file is not there. Anything else wrong with it ends the test.
TAP_UNUSED static bool sheet_read(const char *path, struct sheet *out)
{
    char full[512];
    if (tap_shared(path, full, sizeof full) == NULL) return false;
    FILE *f = fopen(full, "rb");
    if (f == NULL || fseek(f, 0, SEEK_END) != 0) abort();
    long n = ftell(f);
    rewind(f);
    char *text = n < 0 ? NULL : malloc((size_t)n + 1);
    if (text == NULL || fread(text, 1, (size_t)n, f) != (size_t)n) abort();
    (void)fclose(f);
    text[n] = 0;
    size_t cells = 1, columns = 1;
    for (char *p = text; *p != 0; p++) cells += *p == ',' || *p == '\n';
    for (char *p = text; *p != '\n' && *p != 0; p++) columns += *p == ',';
    char **cell = malloc(cells * sizeof *cell);
    if (cell == NULL) abort();
    size_t k = 0;
    cell[k++] = text;
    for (char *p = text; *p != 0; p++) {
        if (*p == '\r') *p = 0;
        if (*p != ',' && *p != '\n') continue;
        *p = 0;
        if (p[1] != 0) cell[k++] = p + 1;
    }
    if (k % columns != 0) abort();
    *out = (struct sheet){.text = text, .cell = cell, .rows = k / columns - 1, .columns = columns};
    return true;
}

TAP_UNUSED static void sheet_free(struct sheet *s)
{
    free(s->text);
    free(s->cell);
    *s = (struct sheet){0};
}

TAP_UNUSED static const char *sheet_text(const struct sheet *s, size_t row, const char *column)
{
    for (size_t j = 0; j < s->columns; j++)
        if (strcmp(s->cell[j], column) == 0) return s->cell[(row + 1) * s->columns + j];
    (void)printf("Bail out! no column %s\n", column);
    abort();
}

TAP_UNUSED static bool sheet_is(const struct sheet *s, size_t row, const char *column, const char *text)
{
    return strcmp(sheet_text(s, row, column), text) == 0;
}

// An empty cell is NAN.
TAP_UNUSED static double sheet_real(const struct sheet *s, size_t row, const char *column)
{
    const char *text = sheet_text(s, row, column);
    return text[0] == 0 ? NAN : strtod(text, NULL);
}

TAP_UNUSED static int64_t sheet_int(const struct sheet *s, size_t row, const char *column)
{
    return strtoll(sheet_text(s, row, column), NULL, 10);
}

// A number out of "name=value other=..": NAN when the name does not occur.
TAP_UNUSED static double sheet_param(const char *params, const char *name)
{
    size_t n = strlen(name);
    for (const char *p = params; p != NULL && *p != 0; p = strchr(p, ' ')) {
        if (*p == ' ') p++;
        if (strncmp(p, name, n) == 0 && p[n] == '=') return strtod(p + n + 1, NULL);
    }
    return NAN;
}

TAP_UNUSED static bool sheet_near(double got, double want, double relative)
{
    return fabs(got - want) <= relative * fabs(want) + 1e-300;
}

#endif
