#include "exchange/csv.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

// The buffer holds the whole of the current row as it was read, so that a row whose quote was never closed can be read
// again from the line after; hence the row limit plus one piece to read ahead.
enum { CSV_PIECE = 64 * 1024, CSV_BUFFER = CSV_ROW_BYTES_MAX + 2 * CSV_PIECE };

// A cell while its row is being read: an offset, because the row may move in the buffer.
struct csv_span {
    size_t at, n;
    int64_t line, column;
    bool quoted, unescaped; // unescaped: `at` is an offset into csv.text
};

struct csv_place {
    int64_t line, column; // of the next character, from 1
};

struct csv {
    struct encoding_stream *stream;
    char delimiter;
    bool ended;      // the stream has no more
    bool skip;       // an over-long row is being passed over: drop bytes up to the next line break
    bool byte_exact; // positions in the stream are positions in the file, but for the byte order mark
    int64_t origin;  // position in the file of buffer[0]
    size_t begin;    // where the current row starts in the buffer
    size_t end;      // how much of the buffer is filled
    struct csv_place row_place;
    size_t expected;
    bool fill;
    size_t text_used;
    size_t span_count;
    struct csv_span span[CSV_CELLS_MAX];
    struct csv_cell cell[CSV_CELLS_MAX];
    char text[CSV_ROW_BYTES_MAX + CSV_PIECE]; // cells whose doubled quotes were undone
    char buffer[CSV_BUFFER];
};

// Where the scan of one row stands. Positions are offsets into the buffer, kept relative to csv.begin by csv_more.
struct csv_scan {
    size_t at;
    struct csv_place place;
    struct csv_span cell;
    size_t content;              // where the cell's text starts
    bool doubled;                // the cell has doubled quotes
    struct csv_place after_open; // the line after the one that opened the quote: where to resume
    size_t after_open_at;        // 0: the quoted cell has not left its line
    struct csv_fault fault;
};

// ---- the buffer ----

// Read more behind the current row. False at the end of the file or when the row fills the buffer.
static tong_code csv_more(struct csv *c, struct csv_scan *s, bool *more, struct err *err)
{
    *more = false;
    if (c->ended) return TONG_OK;
    if (c->begin > 0 && CSV_BUFFER - c->end < CSV_PIECE) {
        size_t shift = c->begin;
        memmove(c->buffer, c->buffer + shift, c->end - shift);
        c->end -= shift;
        c->begin = 0;
        c->origin += (int64_t)shift;
        if (s != NULL) {
            s->at -= shift;
            s->content -= s->content >= shift ? shift : s->content;
            s->after_open_at -= s->after_open_at >= shift ? shift : s->after_open_at;
            for (size_t i = 0; i < c->span_count; i++)
                if (!c->span[i].unescaped) c->span[i].at -= shift;
        }
    }
    if (CSV_BUFFER - c->end < 16) return TONG_OK;
    size_t n = 0;
    tong_code code = encoding_read(c->stream, c->buffer + c->end, CSV_BUFFER - c->end, &n, err);
    if (code != TONG_OK) return code;
    c->ended = n == 0;
    c->end += n;
    *more = n > 0;
    return TONG_OK;
}

static void csv_step(struct csv_place *place, unsigned char c)
{
    if ((c & 0xC0) != 0x80) place->column++;
}

// ---- delimiter ----

// The delimiter of the header: of the four, the most frequent outside quotes; of equals the first. Excel's own hint
// ("sep=;" alone on the first line) decides and is passed over.
static char csv_detect(struct csv *c)
{
    static const char candidates[] = {',', ';', '\t', '|'};
    size_t count[sizeof candidates] = {0};
    const char *p = c->buffer;
    if (c->end >= 6 && memcmp(p, "sep=", 4) == 0 && (p[5] == '\n' || p[5] == '\r')) {
        c->begin = p[5] == '\r' && c->end > 6 && p[6] == '\n' ? 7 : 6;
        c->row_place.line = 2;
        return p[4];
    }
    bool quoted = false;
    size_t seen = 0;
    for (size_t i = 0; i < c->end && i < CSV_ROW_BYTES_MAX; i++) {
        if (p[i] == '"') quoted = !quoted;
        if (quoted) continue;
        if ((p[i] == '\n' || p[i] == '\r') && seen > 0) break; // leading blank lines are no header
        if (p[i] != '\n' && p[i] != '\r') seen++;
        for (size_t k = 0; k < sizeof candidates; k++) count[k] += p[i] == candidates[k];
    }
    size_t best = 0;
    for (size_t k = 1; k < sizeof candidates; k++)
        if (count[k] > count[best]) best = k;
    return candidates[best];
}

tong_code csv_open(struct encoding_stream *stream, const struct encoding_guess *guess, char delimiter, struct csv **out,
                   struct err *err)
{
    struct csv *c = calloc(1, sizeof *c);
    if (c == NULL) return tong_fail(err, TONG_E_NOMEM, "no memory to read a table");
    c->stream = stream;
    c->row_place = (struct csv_place){1, 1};
    c->byte_exact = guess->encoding == ENCODING_UTF8;
    c->origin = guess->bom_bytes;
    while (!c->ended && c->end < CSV_PIECE) {
        bool more = false;
        tong_code code = csv_more(c, NULL, &more, err);
        if (code != TONG_OK) {
            csv_close(c);
            return code;
        }
    }
    char found = csv_detect(c);
    c->delimiter = delimiter != 0 ? delimiter : found;
    *out = c;
    return TONG_OK;
}

void csv_close(struct csv *c)
{
    free(c);
}

char csv_delimiter(const struct csv *c)
{
    return c->delimiter;
}

void csv_expect(struct csv *c, size_t count, bool fill)
{
    c->expected = count;
    c->fill = fill;
}

// ---- one row ----

static void csv_blame(struct csv *c, struct csv_scan *s, csv_fault_kind kind, struct csv_place place, size_t at)
{
    if (s->fault.kind != CSV_FAULT_NONE) return; // the first fault of a row is told
    s->fault = (struct csv_fault){.kind = kind, .line = place.line, .column = place.column, .byte = -1};
    if (c->byte_exact) s->fault.byte = c->origin + (int64_t)at;
    s->fault.open_line = s->cell.line;
    s->fault.open_column = s->cell.column;
}

// The text of a finished cell must be UTF-8 and within its limit; a cell with doubled quotes is rewritten.
static void csv_cell_end(struct csv *c, struct csv_scan *s, size_t content_end)
{
    struct csv_span cell = s->cell;
    cell.at = s->content;
    cell.n = content_end - s->content;
    struct csv_place start = {cell.line, cell.column};
    const char *p = c->buffer + cell.at;
    size_t valid = str_utf8_valid((struct str){p, cell.n});
    const char *nul = cell.n == 0 ? NULL : memchr(p, 0, cell.n);
    if (nul != NULL && (size_t)(nul - p) < valid) valid = (size_t)(nul - p);
    if (valid < cell.n) {
        struct csv_place place = {cell.line, cell.column + (cell.quoted ? 1 : 0)};
        for (size_t i = 0; i < valid; i++) {
            csv_step(&place, (unsigned char)p[i]);
            bool crlf = p[i] == '\r' && i + 1 < cell.n && p[i + 1] == '\n';
            if (p[i] == '\n' || (p[i] == '\r' && !crlf)) place = (struct csv_place){place.line + 1, 1};
        }
        // A sequence cut by the end of the file: the converter says so, or the rest of the last cell is a valid start.
        bool last = c->ended && cell.at + cell.n == c->end && cell.n - valid < 4;
        unsigned char lead = (unsigned char)p[valid];
        bool cut = last && (lead == ENCODING_CUT_SHORT || (lead >= 0xC2 && lead <= 0xF4));
        for (size_t i = valid + 1; i < cell.n && cut; i++) cut = ((unsigned char)p[i] & 0xC0) == 0x80;
        csv_blame(c, s,
                  lead == 0 ? CSV_FAULT_NUL
                  : cut     ? CSV_FAULT_CUT_SHORT
                            : CSV_FAULT_BAD_BYTE,
                  place, cell.at + valid);
    }
    if (s->doubled) {
        char *out = c->text + c->text_used;
        size_t n = 0;
        for (size_t i = 0; i < cell.n; i++) {
            out[n++] = p[i];
            if (p[i] == '"') i++;
        }
        cell.at = c->text_used;
        cell.n = n;
        cell.unescaped = true;
        c->text_used += n;
        assert(c->text_used <= sizeof c->text);
    }
    if (cell.n > CSV_CELL_BYTES_MAX) csv_blame(c, s, CSV_FAULT_CELL_LONG, start, s->content);
    if (c->span_count == CSV_CELLS_MAX) csv_blame(c, s, CSV_FAULT_CELLS_MANY, start, s->content);
    else c->span[c->span_count++] = cell;
}

static void csv_cell_begin(struct csv_scan *s)
{
    s->cell = (struct csv_span){.line = s->place.line, .column = s->place.column};
    s->content = s->at;
    s->doubled = false;
    s->after_open_at = 0;
}

typedef enum csv_state { CSV_CELL_START, CSV_PLAIN, CSV_QUOTED, CSV_QUOTE_SEEN } csv_state;
typedef enum csv_stop { CSV_STOP_LINE, CSV_STOP_END, CSV_STOP_LONG, CSV_STOP_UNCLOSED } csv_stop;

// Pass a line break at s->at: LF, CR or CRLF. The byte after a CR must be in the buffer, or the file ended.
static void csv_pass_break(struct csv *c, struct csv_scan *s)
{
    bool crlf = c->buffer[s->at] == '\r' && s->at + 1 < c->end && c->buffer[s->at + 1] == '\n';
    s->at += crlf ? 2 : 1;
    s->place = (struct csv_place){s->place.line + 1, 1};
}

// One byte inside a quoted cell or after its closing quote. *stop is set when the quote must have been left open.
static csv_state csv_quoted_byte(struct csv *c, struct csv_scan *s, csv_state state, char ch, bool *unclosed)
{
    bool is_break = ch == '\n' || ch == '\r';
    if (state == CSV_QUOTED) {
        if (is_break) {
            csv_pass_break(c, s);
            if (s->after_open_at == 0) {
                s->after_open_at = s->at;
                s->after_open = s->place;
            }
            return CSV_QUOTED;
        }
        csv_step(&s->place, (unsigned char)ch);
        s->at++;
        return ch == '"' ? CSV_QUOTE_SEEN : CSV_QUOTED;
    }
    if (ch == '"') { // doubled: one quote of the text
        s->doubled = true;
        csv_step(&s->place, (unsigned char)ch);
        s->at++;
        return CSV_QUOTED;
    }
    // Text after a closing quote. Over several lines the quote before it was rather the next cell's opening one.
    if (s->after_open_at != 0) {
        *unclosed = true;
        return CSV_QUOTED;
    }
    csv_blame(c, s, CSV_FAULT_STRAY_QUOTE, s->place, s->at);
    csv_step(&s->place, (unsigned char)ch);
    s->at++;
    return CSV_PLAIN;
}

// Read one row from c->begin on; the cells go to c->span, the first fault to s->fault.
static tong_code csv_scan_row(struct csv *c, struct csv_scan *s, csv_stop *stop, struct err *err)
{
    csv_state state = CSV_CELL_START;
    csv_cell_begin(s);
    for (;;) {
        // A CR is judged with its successor in sight.
        if (s->at == c->end || (s->at + 1 == c->end && c->buffer[s->at] == '\r')) {
            bool more = false;
            tong_code code = csv_more(c, s, &more, err);
            if (code != TONG_OK) return code;
            if (more) continue;
            if (s->at == c->end) {
                *stop = state == CSV_QUOTED ? CSV_STOP_UNCLOSED : CSV_STOP_END;
                if (state != CSV_QUOTED) csv_cell_end(c, s, state == CSV_QUOTE_SEEN ? s->at - 1 : s->at);
                return TONG_OK;
            }
        }
        if (s->at - c->begin >= CSV_ROW_BYTES_MAX) {
            *stop = state == CSV_QUOTED && s->after_open_at != 0 ? CSV_STOP_UNCLOSED : CSV_STOP_LONG;
            return TONG_OK;
        }
        char ch = c->buffer[s->at];
        bool is_break = ch == '\n' || ch == '\r', ends_cell = ch == c->delimiter || is_break;
        if (state == CSV_QUOTED || (state == CSV_QUOTE_SEEN && !ends_cell)) {
            bool unclosed = false;
            state = csv_quoted_byte(c, s, state, ch, &unclosed);
            if (!unclosed) continue;
            *stop = CSV_STOP_UNCLOSED;
            return TONG_OK;
        }
        if (ends_cell) {
            csv_cell_end(c, s, state == CSV_QUOTE_SEEN ? s->at - 1 : s->at);
            if (is_break) {
                csv_pass_break(c, s);
                *stop = CSV_STOP_LINE;
                return TONG_OK;
            }
            s->at++;
            s->place.column++;
            csv_cell_begin(s);
            state = CSV_CELL_START;
            continue;
        }
        if (ch == '"' && state == CSV_CELL_START) {
            s->cell.quoted = true;
            s->content = s->at + 1;
            state = CSV_QUOTED;
        } else {
            if (ch == '"') csv_blame(c, s, CSV_FAULT_STRAY_QUOTE, s->place, s->at);
            state = CSV_PLAIN;
        }
        csv_step(&s->place, (unsigned char)ch);
        s->at++;
    }
}

// Drop bytes up to the next line break without keeping them.
static tong_code csv_skip_line(struct csv *c, struct err *err)
{
    for (;;) {
        const char *at = c->buffer + c->begin, *end = c->buffer + c->end;
        while (at < end && *at != '\n' && *at != '\r') at++;
        c->begin = (size_t)(at - c->buffer);
        bool found = at < end, judged = found && (*at == '\n' || at + 1 < end || c->ended);
        if (judged) {
            struct csv_scan s = {.at = c->begin, .place = c->row_place};
            csv_pass_break(c, &s);
            c->begin = s.at;
            c->row_place = s.place;
        }
        bool more = !judged;
        tong_code code = judged ? TONG_OK : csv_more(c, NULL, &more, err);
        if (code != TONG_OK) return code;
        c->skip = !judged && (more || found); // a CR at the very end is judged once the stream has ended
        if (!c->skip) return TONG_OK;
    }
}

// Turn the spans into cells; short rows are filled where that is wanted.
static void csv_cells_make(struct csv *c)
{
    for (size_t i = 0; i < c->span_count; i++) {
        const struct csv_span *s = &c->span[i];
        const char *base = s->unescaped ? c->text : c->buffer;
        c->cell[i] = (struct csv_cell){{base + s->at, s->n}, s->line, s->column, s->quoted};
    }
    struct csv_cell last = c->cell[c->span_count - 1];
    while (c->fill && c->span_count < c->expected && c->span_count < CSV_CELLS_MAX)
        c->cell[c->span_count++] = (struct csv_cell){{"", 0}, last.line, last.column, false};
}

tong_code csv_next(struct csv *c, struct csv_item *item, struct err *err)
{
    for (;;) {
        if (c->skip) {
            tong_code code = csv_skip_line(c, err);
            if (code != TONG_OK) return code;
        }
        c->span_count = 0;
        c->text_used = 0;
        struct csv_scan s = {.at = c->begin, .place = c->row_place};
        csv_stop stop = CSV_STOP_END;
        tong_code code = csv_scan_row(c, &s, &stop, err);
        if (code != TONG_OK) return code;
        *item = (struct csv_item){.event = CSV_ROW, .line = c->row_place.line};
        bool at_end = c->ended && s.at == c->end;
        bool nothing = c->span_count == 1 && c->span[0].n == 0 && !c->span[0].quoted && s.fault.kind == CSV_FAULT_NONE;
        if (stop == CSV_STOP_END && s.at == c->begin) {
            item->event = CSV_END;
            return TONG_OK;
        }
        if (stop == CSV_STOP_UNCLOSED || stop == CSV_STOP_LONG) {
            bool unclosed = stop == CSV_STOP_UNCLOSED;
            struct csv_place opened = {s.cell.line, s.cell.column};
            s.fault.kind = CSV_FAULT_NONE; // what matters is why the row has no end
            csv_blame(c, &s, unclosed ? CSV_FAULT_UNCLOSED : CSV_FAULT_ROW_LONG, unclosed ? opened : s.place,
                      unclosed ? s.content - 1 : s.at);
            bool resume = unclosed && s.after_open_at != 0;
            c->skip = !resume && !at_end;
            c->begin = resume ? s.after_open_at : s.at;
            c->row_place = resume ? s.after_open : s.place;
        } else {
            c->begin = s.at;
            c->row_place = s.place;
            if (nothing) continue;
            csv_cells_make(c);
            if (c->expected != 0 && c->span_count != c->expected && s.fault.kind == CSV_FAULT_NONE) {
                size_t blamed = c->span_count > c->expected ? c->expected : c->span_count - 1;
                struct csv_place place = {c->cell[blamed].line, c->cell[blamed].column};
                csv_blame(c, &s, CSV_FAULT_CELLS, place, s.at);
                s.fault.byte = -1;
                s.fault.want = (int64_t)c->expected;
                s.fault.got = (int64_t)c->span_count;
            }
        }
        if (s.fault.kind != CSV_FAULT_NONE) {
            item->event = CSV_BAD_ROW;
            item->fault = s.fault;
            item->fault.at_end = at_end && stop != CSV_STOP_LINE;
        }
        if (s.fault.kind == CSV_FAULT_NONE || s.fault.kind == CSV_FAULT_CELLS) {
            item->cells = c->cell;
            item->count = c->span_count;
        }
        return TONG_OK;
    }
}
