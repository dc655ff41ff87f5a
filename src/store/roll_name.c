#include "store/person.h"
#include "store/roll_inner.h"

#include <string.h>

// All names lie in one buffer, a line break before each spelling, and are searched from end to end: three bytes of what
// is sought, those that are rarest in all names, are compared at every position, thirty-two at a time, and what is left is
// compared in full. 30 MB take a few milliseconds and no index has to be kept. (A suffix array would take five times the
// memory and be made anew for each new name; trigrams do not help with one Chinese character.)

enum { SEARCH_BLOCK = 4096, SEARCH_LINE = 64, WORDS_MAX = 6, WORD_BYTES_MAX = 512 };

static bool text_room(struct roll *r, size_t n)
{
    struct roll_names_text *t = &r->names;
    while (t->cap < t->n + n)
        if (!roll_grow(r, (void **)&t->text, t->cap, &t->cap, 1)) return false;
    return true;
}

void roll_name_drop(struct roll *r, int64_t person)
{
    struct roll_names_text *t = &r->names;
    if (person <= 0 || (size_t)person >= r->subjects.count || r->subjects.entry[person] == ROLL_NOWHERE) return;
    uint32_t entry = r->subjects.entry[person];
    size_t end = entry + 1 < t->count ? t->at[entry + 1] : t->n;
    memset(t->text + t->at[entry], 0, end - t->at[entry]); // erased, not only unfindable
    t->person[entry] = 0;
    t->dead++;
    r->subjects.entry[person] = ROLL_NOWHERE;
    r->version++;
}

// What parts the words of a name: space, and the dot between the parts of a foreign one (U+00B7, U+30FB, U+2022).
static size_t separator(const char *p, size_t n)
{
    if (*p == ' ' || *p == '\t' || *p == '-' || *p == '.' || *p == ',' || *p == '\'') return 1;
    if (n >= 2 && memcmp(p, "\xC2\xB7", 2) == 0) return 2;
    if (n >= 3 && (memcmp(p, "\xE3\x83\xBB", 3) == 0 || memcmp(p, "\xE2\x80\xA2", 3) == 0)) return 3;
    return 0;
}

// Copy folded names with one space between words and none at the ends of a line; returns the length, at most n + 1.
static size_t names_tidy(struct str names, char *out)
{
    size_t n = 0;
    out[n++] = '\n';
    for (size_t i = 0; i < names.n;) {
        size_t apart = separator(names.p + i, names.n - i);
        char c = names.p[i];
        if (apart > 0 || c == '\n' || c == '\r' || c == 0) {
            bool line = apart == 0;
            if (line && out[n - 1] == ' ') n--;
            if (out[n - 1] != '\n' && out[n - 1] != ' ') out[n++] = line ? '\n' : ' ';
            i += apart > 0 ? apart : 1;
        } else {
            out[n++] = c;
            i++;
        }
    }
    while (n > 0 && (out[n - 1] == ' ' || out[n - 1] == '\n')) n--;
    return n;
}

bool roll_name_put(struct roll *r, int64_t person, struct str names)
{
    struct roll_names_text *t = &r->names;
    if (person <= 0 || !roll_subject_room(r, person)) return false;
    if (!text_room(r, names.n + 1) || !roll_grow(r, (void **)&t->at, t->count, &t->cap_at, sizeof *t->at) ||
        !roll_grow(r, (void **)&t->person, t->count, &t->cap_person, sizeof *t->person) || names.n >= UINT32_MAX - t->n)
        return false;
    roll_name_drop(r, person);
    r->version++;
    size_t n = names_tidy(names, t->text + t->n);
    if (n == 0) return true;
    for (size_t i = 0; i < n; i++) t->seen[(unsigned char)t->text[t->n + i]]++;
    t->at[t->count] = (uint32_t)t->n;
    t->person[t->count] = (uint32_t)person;
    r->subjects.entry[person] = (uint32_t)t->count++;
    t->n += n;
    return true;
}

void roll_names_compact(struct roll *r)
{
    struct roll_names_text *t = &r->names;
    size_t kept = 0, n = 0;
    memset(t->seen, 0, sizeof t->seen);
    for (size_t i = 0; i < t->count; i++) {
        size_t from = t->at[i], end = i + 1 < t->count ? t->at[i + 1] : t->n;
        if (t->person[i] == 0) continue;
        memmove(t->text + n, t->text + from, end - from);
        for (size_t k = n; k < n + end - from; k++) t->seen[(unsigned char)t->text[k]]++;
        t->at[kept] = (uint32_t)n;
        t->person[kept] = t->person[i];
        r->subjects.entry[t->person[i]] = (uint32_t)kept++;
        n += end - from;
    }
    memset(t->text + n, 0, t->n - n);
    t->n = n;
    t->count = kept;
    t->dead = 0;
}

// ---- searching ----

struct sought {
    struct str word[WORDS_MAX];
    size_t count, longest;
};

static bool set_make(struct roll_set *s, size_t count, struct arena *arena)
{
    s->count = count;
    s->bits = arena_array(arena, count / 64 + 1, sizeof *s->bits);
    return s->bits != NULL;
}

static void set_add(struct roll_set *s, uint32_t n)
{
    s->bits[n >> 6] |= (uint64_t)1 << (n & 63);
}

// How a word stands at a place of the buffer: 1 inside a word, 2 at a word's beginning, 3 at a spelling's.
static int32_t standing(const char *text, size_t at)
{
    return text[at - 1] == '\n' ? 3 : text[at - 1] == ' ' ? 2 : 1;
}

// The best standing of a word within an entry, 0 when it is not there. One Latin letter counts at a word's beginning only.
static int32_t entry_has(const char *text, size_t from, size_t end, struct str word)
{
    int32_t best = 0;
    for (size_t i = from + 1; i + word.n <= end && best < 3; i++) {
        const char *found = memchr(text + i, word.p[0], end - i - word.n + 1);
        if (found == NULL) break;
        i = (size_t)(found - text);
        int32_t here = memcmp(found, word.p, word.n) == 0 ? standing(text, i) : 0;
        if (word.n == 1 && here == 1) here = 0;
        if (here > best) best = here;
    }
    return best;
}

static void entry_found(const struct roll *r, const struct sought *s, size_t entry, struct roll_found *out)
{
    const struct roll_names_text *t = &r->names;
    size_t from = t->at[entry], end = entry + 1 < t->count ? t->at[entry + 1] : t->n;
    int32_t best = 3;
    for (size_t i = 0; i < s->count && best > 0; i++) {
        int32_t here = entry_has(t->text, from, end, s->word[i]);
        if (here < best) best = here;
    }
    if (best >= 1) set_add(&out->any, t->person[entry]);
    if (best >= 2 && out->word.bits != NULL) set_add(&out->word, t->person[entry]);
    if (best >= 3 && out->first.bits != NULL) set_add(&out->first, t->person[entry]);
}

// Which three bytes of the word are rarest in all names, the rarest first; of a shorter word some twice.
static void rarest(const struct roll_names_text *t, struct str word, size_t at[3])
{
    for (size_t k = 0; k < 3; k++) {
        size_t best = k == 0 ? 0 : at[k - 1];
        bool found = false;
        for (size_t i = 0; i < word.n; i++) {
            bool taken = (k > 0 && i == at[0]) || (k > 1 && i == at[1]);
            if (taken || (found && t->seen[(unsigned char)word.p[i]] >= t->seen[(unsigned char)word.p[best]])) continue;
            best = i;
            found = true;
        }
        at[k] = best;
    }
}

struct searching {
    const struct roll *r;
    const struct sought *s;
    struct roll_found *out;
    size_t entry, end, done_to; // the entry reached and its end; what lies before need not be looked at
};

// Three of its bytes stand at `pos`: is it the word, and whose?
static void hit_at(struct searching *in, size_t pos)
{
    const struct roll_names_text *t = &in->r->names;
    struct str word = in->s->word[in->s->longest];
    if (pos < in->done_to || pos + word.n > t->n) return;
    if (word.n > 3 && memcmp(t->text + pos, word.p, word.n) != 0) return;
    int32_t how = standing(t->text, pos);
    if (word.n == 1 && how == 1) return;
    while (in->end <= pos) {
        in->entry++;
        in->end = in->entry + 1 < t->count ? t->at[in->entry + 1] : t->n;
    }
    if (in->s->count == 1) { // each place where it stands counts for itself
        uint32_t who = t->person[in->entry];
        set_add(&in->out->any, who);
        if (how >= 2 && in->out->word.bits != NULL) set_add(&in->out->word, who);
        if (how >= 3 && in->out->first.bits != NULL) set_add(&in->out->first, who);
        return;
    }
    entry_found(in->r, in->s, in->entry, in->out);
    in->done_to = in->end; // once an entry
}

// The 64 bytes of a line, each 0 or 1, as bits: eight of them meet in the top byte of a product without carrying.
static uint64_t line_bits(const char *hit)
{
    uint64_t bits = 0;
    for (unsigned i = 0; i < SEARCH_LINE / 8; i++) {
        uint64_t eight;
        memcpy(&eight, hit + i * 8, sizeof eight);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
        eight = __builtin_bswap64(eight);
#endif
        bits |= (eight * UINT64_C(0x0102040810204080) >> 56) << (i * 8);
    }
    return bits;
}

static bool line_hit(const char *hit)
{
    uint64_t v[SEARCH_LINE / sizeof(uint64_t)];
    memcpy(v, hit, sizeof v);
    return (v[0] | v[1] | v[2] | v[3] | v[4] | v[5] | v[6] | v[7]) != 0;
}

static void search(struct searching *in)
{
    const struct roll_names_text *t = &in->r->names;
    struct str word = in->s->word[in->s->longest];
    size_t at[3];
    rarest(t, word, at);
    const char three[3] = {word.p[at[0]], word.p[at[1]], word.p[at[2]]};
    bool wide = roll_keep_wide();
    char hit[SEARCH_BLOCK], tail[SEARCH_BLOCK + WORD_BYTES_MAX];
    in->end = t->count > 1 ? t->at[1] : t->n;
    for (size_t from = 0; from < t->n; from += SEARCH_BLOCK) {
        const char *text = t->text + from;
        if (t->n - from < sizeof tail) { // the last blocks: nothing is read behind the end
            memset(tail, 0, sizeof tail);
            memcpy(tail, text, t->n - from);
            text = tail;
        }
        roll_keep_bytes(text + at[0], text + at[1], text + at[2], three, SEARCH_BLOCK, wide, hit);
        for (size_t i = 0; i < SEARCH_BLOCK; i += SEARCH_LINE)
            if (line_hit(hit + i))
                for (uint64_t bits = line_bits(hit + i); bits != 0; bits &= bits - 1)
                    hit_at(in, from + i + (size_t)__builtin_ctzll(bits));
    }
}

bool roll_find(const struct roll *r, struct str name, struct arena *arena, bool ranks, struct roll_found *out)
{
    *out = (struct roll_found){0};
    size_t most = r->subjects.count;
    if (!set_make(&out->any, most, arena)) return false;
    if (ranks && (!set_make(&out->word, most, arena) || !set_make(&out->first, most, arena))) return false;
    struct str folded = name_fold(name, arena);
    char *tidy = arena_alloc(arena, folded.n + 2);
    if (tidy == NULL || (folded.p == NULL && name.n > 0)) return false;
    struct str rest = {tidy, names_tidy(folded, tidy)}, word;
    for (size_t i = 0; i < rest.n; i++)
        if (tidy[i] == '\n') tidy[i] = ' ';
    struct sought s = {0};
    while (s.count < WORDS_MAX && str_cut(&rest, ' ', &word)) {
        if (word.n == 0 || word.n > WORD_BYTES_MAX) continue;
        s.word[s.count] = word;
        if (word.n > s.word[s.longest].n) s.longest = s.count;
        s.count++;
    }
    struct searching in = {.r = r, .s = &s, .out = out};
    if (s.count > 0 && r->names.n > 0) search(&in);
    return true;
}
