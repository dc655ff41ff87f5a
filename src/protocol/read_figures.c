#include "protocol/read_context.h"

#include <string.h>

enum { MINUTES_A_DAY = 24 * 60, DAYS_A_WEEK = 7, DAYS_A_YEAR = 365 };

// ---- where figures come from ----

static void read_one_source(struct reader *r, const struct yaml_node *n)
{
    if (!read_name_good(r, n) || !read_is_map(r, n)) return;
    read_keys(r, n, "title confidence");
    struct source s = {.confidence = CONFIDENCE_LOW, .title = LABEL("", "")};
    const struct yaml_node *title = read_need(r, n, "title"), *confidence = read_need(r, n, "confidence");
    if (title != NULL) (void)read_label(r, title, &s.title);
    int32_t word = read_word(r, confidence, WORDS_CONFIDENCE);
    if (word != WORD_UNKNOWN) s.confidence = (confidence_word)word;
    s.key = read_copy(r, n->key);
    s.origin = read_origin(r, n);
    struct source *slot = read_push(r, n, r->p.sources, &r->p.source_count, PROTOCOL_SOURCES_MAX, sizeof s);
    if (slot != NULL) *slot = s;
}

void read_sources(struct reader *r)
{
    const struct yaml_node *sources = read_need(r, r->root, "sources");
    if (sources == NULL || !read_is_map(r, sources)) return;
    for (const struct yaml_node *n = sources->first; n != NULL; n = n->next) read_one_source(r, n);
}

// Keys of sources, separated by commas or blanks, as a set. An unknown one is reported and counted as a source, so that
// the figure is not reported a second time.
static uint64_t read_source_keys(struct reader *r, const struct yaml_node *at, struct str keys, bool *any)
{
    uint64_t set = 0;
    struct str comma;
    while (str_cut(&keys, ',', &comma)) {
        struct str key;
        while (str_cut(&comma, ' ', &key)) {
            key = str_trim(key);
            if (key.n == 0) continue;
            *any = true;
            uint8_t i = read_source_name(r, at, key);
            if (i != PROTOCOL_NONE) set |= (uint64_t)1 << i;
        }
    }
    return set;
}

// `source:` of the nearest mapping around the figure.
static uint64_t read_source_around(struct reader *r, const struct yaml_node *node, bool *any)
{
    for (const struct yaml_node *up = node->parent; up != NULL && !*any; up = up->parent) {
        const struct yaml_node *source = yaml_get(up, "source");
        if (source == NULL) continue;
        uint64_t set = 0;
        for (const struct yaml_node *n = yaml_each(source); n != NULL; n = yaml_each_next(source, n))
            set |= read_source_keys(r, n, read_plain(r, n), any);
        if (*any) return set;
    }
    return 0;
}

// Brackets and commas as a Chinese keyboard gives them mean the same.
static struct str read_half_width(struct reader *r, struct str text)
{
    static const struct {
        const char *wide;
        char narrow;
    } same[] = {{"（", '('}, {"）", ')'}, {"，", ','}, {"、", ','}, {"：", ':'}};
    enum { WIDE = 3 };
    char *out = arena_copy(&r->scratch, text.p, text.n);
    if (out == NULL) {
        r->starved = true;
        return (struct str){"", 0};
    }
    size_t n = 0;
    for (size_t i = 0; i < text.n;) {
        char c = text.p[i];
        size_t took = 1;
        for (size_t k = 0; k < sizeof same / sizeof same[0]; k++)
            if (text.n - i >= WIDE && memcmp(text.p + i, same[k].wide, WIDE) == 0) c = same[k].narrow, took = WIDE;
        out[n++] = c;
        i += took;
    }
    out[n] = 0;
    return (struct str){out, n};
}

struct read_figure read_split(struct reader *r, const struct yaml_node *node)
{
    struct str text = str_trim(read_half_width(r, read_plain(r, node)));
    struct read_figure f = {.value = text, .bad = node->kind != YAML_TEXT};
    const char *open = text.n == 0 ? NULL : memchr(text.p, '(', text.n);
    if (open == NULL) return f;
    struct str inside = {open + 1, (size_t)(text.p + text.n - open - 1)};
    if (inside.n == 0 || inside.p[inside.n - 1] != ')') {
        read_fault(r, node, &read_fault_bracket_open, read_z(r, text), NULL);
        f.bad = true;
        return f;
    }
    inside.n--;
    f.value = str_z(read_z(r, str_trim((struct str){text.p, (size_t)(open - text.p)})));
    f.sources = read_source_keys(r, node, inside, &f.sourced);
    return f;
}

void read_record_figure(struct reader *r, const struct yaml_node *node, struct read_figure f, bool needed)
{
    if (!f.sourced) f.sources |= read_source_around(r, node, &f.sourced);
    if (!f.sourced && needed) read_fault(r, node, &read_fault_source_missing, read_z(r, f.value), NULL);
    if (!f.sourced) return;
    struct figure *slot = read_push(r, node, r->p.figures, &r->p.figure_count, READ_FIGURES_MAX, sizeof *slot);
    if (slot == NULL) return;
    *slot = (struct figure){.origin = read_origin(r, node), .text = read_copy(r, f.value), .sources = f.sources};
    slot->origin.line = node->line;
    slot->origin.column = node->column;
}

// ---- numbers ----

bool read_number(struct str *text, int32_t *out)
{
    enum { DIGITS = 7, TEN = 10 };
    size_t n = 0;
    int32_t value = 0;
    while (n < text->n && text->p[n] >= '0' && text->p[n] <= '9') {
        if (n == DIGITS) return false;
        value = value * TEN + (text->p[n++] - '0');
    }
    if (n == 0) return false;
    *out = value;
    *text = str_trim((struct str){text->p + n, text->n - n});
    return true;
}

static const struct {
    const char *unit;
    int32_t minutes;
} units[] = {
    {"min", 1}, {"h", 60}, {"d", MINUTES_A_DAY}, {"w", DAYS_A_WEEK *MINUTES_A_DAY}, {"y", DAYS_A_YEAR *MINUTES_A_DAY},
};

int64_t read_span(struct str text)
{
    int32_t number = 0;
    if (!read_number(&text, &number)) return READ_BAD;
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
        if (str_eq_z(text, units[i].unit)) return (int64_t)number * units[i].minutes;
    return READ_BAD;
}

// A duration in minutes, recorded. READ_BAD after a report.
static int64_t read_duration(struct reader *r, const struct yaml_node *node, struct read_figure *f)
{
    *f = read_split(r, node);
    if (f->bad) return READ_BAD;
    int64_t minutes = read_span(f->value);
    if (minutes == READ_BAD) {
        read_fault(r, node, &read_fault_duration_bad, read_z(r, f->value), NULL);
        return READ_BAD;
    }
    read_record_figure(r, node, *f, true);
    return minutes;
}

bool read_in_range(struct reader *r, const struct yaml_node *node, struct str value, int64_t got, int64_t least,
                   int64_t most, const char *unit)
{
    if (got >= least && got <= most) return true;
    read_fault(r, node, &read_fault_range, read_z(r, value),
               arena_printf(&r->scratch, "%lld .. %lld%s", (long long)least, (long long)most, unit));
    return false;
}

int32_t read_minutes(struct reader *r, const struct yaml_node *node, int32_t days_most)
{
    struct read_figure f;
    int64_t minutes = node == NULL ? READ_BAD : read_duration(r, node, &f);
    if (minutes == READ_BAD) return READ_BAD;
    int64_t most = (int64_t)days_most * MINUTES_A_DAY;
    if (!read_in_range(r, node, f.value, minutes, 1, most, " min")) return READ_BAD;
    return (int32_t)minutes;
}

static int32_t read_whole_days(struct reader *r, const struct yaml_node *node, int32_t least, int32_t most)
{
    struct read_figure f;
    int64_t minutes = node == NULL ? READ_BAD : read_duration(r, node, &f);
    if (minutes == READ_BAD) return READ_BAD;
    if (minutes % MINUTES_A_DAY != 0) {
        read_fault(r, node, &read_fault_duration_days, read_z(r, f.value), NULL);
        return READ_BAD;
    }
    int64_t days = minutes / MINUTES_A_DAY;
    return read_in_range(r, node, f.value, days, least, most, " d") ? (int32_t)days : READ_BAD;
}

int16_t read_days(struct reader *r, const struct yaml_node *node, int32_t least, int32_t most)
{
    return (int16_t)read_whole_days(r, node, least, most);
}

int32_t read_long_days(struct reader *r, const struct yaml_node *node)
{
    enum { CENTURY = 100 * DAYS_A_YEAR };
    return read_whole_days(r, node, 1, CENTURY);
}

int32_t read_count(struct reader *r, const struct yaml_node *node, int32_t least, int32_t most)
{
    if (node == NULL) return READ_BAD;
    struct read_figure f = read_split(r, node);
    struct str rest = f.value;
    int32_t value = 0;
    if (f.bad) return READ_BAD;
    if (!read_number(&rest, &value) || rest.n != 0) {
        read_fault(r, node, &read_fault_count_bad, read_z(r, f.value), NULL);
        return READ_BAD;
    }
    read_record_figure(r, node, f, value > 1); // that something is done once is no figure
    return read_in_range(r, node, f.value, value, least, most, "") ? value : READ_BAD;
}

int32_t read_signatures(struct reader *r, const struct yaml_node *node)
{
    enum { MOST = 9 };
    struct read_figure f = read_split(r, node);
    struct str rest = f.value;
    int32_t value = 0;
    if (f.bad) return READ_BAD;
    if (!read_number(&rest, &value) || rest.n != 0) {
        read_fault(r, node, &read_fault_count_bad, read_z(r, f.value), NULL);
        return READ_BAD;
    }
    if (f.sourced) read_record_figure(r, node, f, false);
    return read_in_range(r, node, f.value, value, 1, MOST, "") ? value : READ_BAD;
}

int32_t read_times(struct reader *r, const struct yaml_node *node)
{
    enum { MOST = 99 };
    struct read_figure f = read_split(r, node);
    struct str rest = f.value;
    int32_t value = 0;
    if (f.bad) return READ_BAD;
    if (!read_number(&rest, &value) || (!str_eq_z(rest, "times") && !str_eq_z(rest, "time"))) {
        read_fault(r, node, &read_fault_times_bad, read_z(r, f.value), NULL);
        return READ_BAD;
    }
    read_record_figure(r, node, f, value > 1);
    return read_in_range(r, node, f.value, value, 1, MOST, "") ? value : READ_BAD;
}

int16_t read_tenths(struct reader *r, const struct yaml_node *node)
{
    enum { TEN = 10, MOST = 100 };
    struct read_figure f = read_split(r, node);
    if (f.bad) return 0;
    struct str rest = f.value;
    int32_t whole = 0, tenth = 0;
    bool good = read_number(&rest, &whole);
    if (good && rest.n == 2 && rest.p[0] == '.' && rest.p[1] >= '0' && rest.p[1] <= '9') tenth = rest.p[1] - '0';
    else good = good && rest.n == 0;
    if (!good) {
        read_fault(r, node, &read_fault_decimal_bad, read_z(r, f.value), NULL);
        return 0;
    }
    read_record_figure(r, node, f, true);
    return read_in_range(r, node, f.value, whole, 1, MOST, "") ? (int16_t)(whole * TEN + tenth) : 0;
}
