#include "exchange/duplicate.h"

#include "exchange/han.h"
#include "store/person.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>
#include <utf8proc.h>

// ---- names ----

enum { PARTS_MAX = 8, PART_BYTES = 40 };

// Surnames of two characters that are met with, in simplified form.
static const char double_surnames[] = "欧阳司马上官诸葛夏侯东方皇甫尉迟公孙慕容令狐司徒司空端木南宫百里东郭西门独孤拓跋"
                                      "呼延闻人钟离宇文长孙申屠公冶太史澹台淳于单于公羊轩辕";

static bool is_double_surname(const char *two)
{
    for (size_t i = 0; i + 6 < sizeof double_surnames; i += 6)
        if (memcmp(double_surnames + i, two, 6) == 0) return true;
    return false;
}

struct name_parts {
    char written[PARTS_MAX][PART_BYTES], sound[PARTS_MAX][PART_BYTES];
    size_t count;
    bool han, open; // open: the last part takes more
};

static void parts_put(char *part, const char *text, size_t n)
{
    size_t have = strlen(part);
    if (have + n < PART_BYTES) memcpy(part + have, text, n); // zeroed before
}

static void parts_begin(struct name_parts *p)
{
    if (!p->open && p->count < PARTS_MAX) p->count++;
    p->open = true;
}

// One character that is not Chinese: letters without case and accents stay, an apostrophe or hyphen joins, all else parts.
static void parts_letter(struct name_parts *p, utf8proc_int32_t c)
{
    utf8proc_int32_t apart[8];
    int last = 0;
    utf8proc_ssize_t n =
        utf8proc_decompose_char(c, apart, 8, UTF8PROC_COMPAT | UTF8PROC_DECOMPOSE | UTF8PROC_CASEFOLD, &last);
    if (c == '\'' || c == '-' || c == 0x2019) return;
    for (utf8proc_ssize_t i = 0; i < n && i < 8; i++) {
        utf8proc_category_t kind = utf8proc_category(apart[i]);
        if (kind == UTF8PROC_CATEGORY_MN || kind == UTF8PROC_CATEGORY_MC) continue;
        bool keeps = (kind >= UTF8PROC_CATEGORY_LU && kind <= UTF8PROC_CATEGORY_LO) || kind == UTF8PROC_CATEGORY_ND;
        if (!keeps) {
            p->open = false;
            return;
        }
        char bytes[4];
        utf8proc_ssize_t length = utf8proc_encode_char(apart[i], (utf8proc_uint8_t *)bytes);
        parts_begin(p);
        parts_put(p->written[p->count - 1], bytes, (size_t)length);
        parts_put(p->sound[p->count - 1], bytes, (size_t)length);
    }
}

static void parts_of(struct str name, struct name_parts *p)
{
    size_t in_run = 0; // Chinese characters since the name began: the first is the surname
    memset(p, 0, sizeof *p);
    for (size_t i = 0; i < name.n;) {
        if (han_is(name.p + i, name.n - i)) {
            const char *simple = han_simple(name.p + i), *sound = han_sound(name.p + i);
            if (in_run == 0) p->open = false;
            if (in_run == 1) {
                char two[6];
                memcpy(two, p->written[p->count - 1], 3);
                memcpy(two + 3, simple, 3);
                if (!is_double_surname(two)) p->open = false;
            } else if (in_run == 2 && strlen(p->written[p->count - 1]) == 6 &&
                       is_double_surname(p->written[p->count - 1])) {
                p->open = false;
            }
            parts_begin(p);
            parts_put(p->written[p->count - 1], simple, 3);
            if (sound != NULL) parts_put(p->sound[p->count - 1], sound, strlen(sound));
            else parts_put(p->sound[p->count - 1], simple, 3);
            p->han = true;
            in_run++;
            i += 3;
            continue;
        }
        utf8proc_int32_t c = 0;
        utf8proc_ssize_t n = utf8proc_iterate((const utf8proc_uint8_t *)name.p + i, (utf8proc_ssize_t)(name.n - i), &c);
        if (n <= 0) break; // not UTF-8: what came before is compared
        if (in_run > 0) p->open = false;
        in_run = 0;
        parts_letter(p, c);
        i += (size_t)n;
    }
}

static void parts_join(char part[PARTS_MAX][PART_BYTES], size_t count, bool sorted, char out[DUPLICATE_NAME_BYTES])
{
    const char *order[PARTS_MAX];
    size_t n = 0;
    for (size_t i = 0; i < count; i++) order[i] = part[i];
    for (size_t i = 1; i < count && sorted; i++)
        for (size_t k = i; k > 0 && strcmp(order[k], order[k - 1]) < 0; k--) {
            const char *swap = order[k];
            order[k] = order[k - 1];
            order[k - 1] = swap;
        }
    out[0] = 0;
    for (size_t i = 0; i < count; i++) {
        int wrote = snprintf(out + n, DUPLICATE_NAME_BYTES - n, "%s%s", n == 0 ? "" : " ", order[i]);
        if (wrote < 0 || (size_t)wrote >= DUPLICATE_NAME_BYTES - n) break;
        n += (size_t)wrote;
    }
}

void duplicate_who_make(const struct person_record *p, struct duplicate_who *out)
{
    struct name_parts parts;
    char text[DOCUMENT_TEXT];
    bool year_only;
    *out = (struct duplicate_who){.born = {CIVIL_DAY_NONE}, .sex = p->sex < 0 ? PERSON_SEX_UNKNOWN : p->sex};
    parts_of(p->name.n > 0 ? p->name : p->name_latin, &parts);
    parts_join(parts.written, parts.count, false, out->name);
    parts_join(parts.sound, parts.count, true, out->sound);
    out->han = parts.han;
    if (p->document.n > 0 && document_normalise(p->document, text)) out->document = str_hash(str_z(text));
    const struct str phones[] = {p->phone, p->phone_2};
    for (size_t i = 0; i < 2; i++)
        if (phones[i].n > 0 && phone_normalise(phones[i], text)) out->phone[i] = str_hash(str_z(text));
    civil_day born = person_born(p, &year_only);
    if (born.d == CIVIL_DAY_NONE) return;
    out->born_year = civil_to_date(born).year;
    if (!year_only) out->born = born;
}

// ---- likeness ----

double duplicate_jaro_winkler(struct str a, struct str b)
{
    enum { MOST = DUPLICATE_NAME_BYTES, PREFIX = 4 };
    static const double bonus = 0.1; // Winkler 1990
    bool taken_a[MOST] = {false}, taken_b[MOST] = {false};
    size_t na = a.n < MOST ? a.n : MOST, nb = b.n < MOST ? b.n : MOST;
    if (na == 0 || nb == 0) return na == nb ? 1 : 0;
    size_t window = (na > nb ? na : nb) / 2, matches = 0, moved = 0;
    window = window > 0 ? window - 1 : 0;
    for (size_t i = 0; i < na; i++) {
        size_t from = i > window ? i - window : 0, to = i + window + 1 < nb ? i + window + 1 : nb;
        for (size_t k = from; k < to; k++) {
            if (taken_b[k] || a.p[i] != b.p[k]) continue;
            taken_a[i] = taken_b[k] = true;
            matches++;
            break;
        }
    }
    if (matches == 0) return 0;
    for (size_t i = 0, k = 0; i < na; i++) {
        if (!taken_a[i]) continue;
        while (!taken_b[k]) k++;
        moved += a.p[i] != b.p[k++];
    }
    double m = (double)matches;
    double jaro = (m / (double)na + m / (double)nb + (m - (double)moved / 2) / m) / 3;
    size_t prefix = 0;
    while (prefix < PREFIX && prefix < na && prefix < nb && a.p[prefix] == b.p[prefix]) prefix++;
    return jaro + (double)prefix * bonus * (1 - jaro);
}

// ---- points ----

// log2 of (how often this is so in two records of one person) / (in two records of different people). The denominators are
// those of a city: one in 365 * 80 shares a day of birth, one in some thousands a full name, next to none a document; the
// numerators those of registration: slips of the pen in one of twenty names and births.
enum {
    P_DOCUMENT = 22,
    P_DOCUMENT_DIFFERS = -9,
    P_PHONE = 10,
    P_NAME = 11,
    P_NAME_SHORT = 9,
    P_NAME_ORDER = 9,
    P_NAME_SOUND = 7,
    P_NAME_NEAR = 6,
    P_NAME_LIKE = 3,
    P_NAME_DIFFERS = -8,
    P_BORN = 13,
    P_BORN_SWAPPED = 9,
    P_BORN_DIGIT = 6,
    P_YEAR = 3,
    P_BORN_DIFFERS = -7,
    P_SEX = 1,
    P_SEX_DIFFERS = -4,
    P_MIDDLE = 15, // a sum of so many is as likely one person as two: one pair of ten thousand candidates is one person
};

static int32_t name_points(const struct duplicate_who *a, const struct duplicate_who *b, uint32_t *reasons)
{
    static const double near = 0.93, like = 0.87;
    if (a->name[0] == 0 || b->name[0] == 0) return 0;
    if (strcmp(a->name, b->name) == 0) {
        *reasons |= DUPLICATE_NAME;
        size_t n = strlen(a->name); // two characters, or a single short word, are shared by more
        return (a->han && n <= 7) || (!a->han && strchr(a->name, ' ') == NULL) ? P_NAME_SHORT : P_NAME;
    }
    if (strcmp(a->sound, b->sound) == 0) {
        bool order = !a->han && !b->han;
        *reasons |= order ? DUPLICATE_NAME_ORDER : DUPLICATE_NAME_SOUND;
        return order ? P_NAME_ORDER : P_NAME_SOUND;
    }
    double likeness = duplicate_jaro_winkler(str_z(a->sound), str_z(b->sound));
    double straight = duplicate_jaro_winkler(str_z(a->name), str_z(b->name));
    if (!a->han && !b->han && straight > likeness) likeness = straight;
    if (likeness < like) return P_NAME_DIFFERS;
    *reasons |= DUPLICATE_NAME_NEAR;
    return likeness >= near ? P_NAME_NEAR : P_NAME_LIKE;
}

// How many of the eight digits of yyyymmdd differ.
static int32_t digits_apart(struct civil_date a, struct civil_date b)
{
    int32_t x = a.year * 10000 + a.month * 100 + a.day, y = b.year * 10000 + b.month * 100 + b.day, n = 0;
    for (int32_t i = 0; i < 8; i++, x /= 10, y /= 10) n += x % 10 != y % 10;
    return n;
}

static int32_t born_points(const struct duplicate_who *a, const struct duplicate_who *b, uint32_t *reasons)
{
    if (a->born_year == 0 || b->born_year == 0) return 0;
    if (a->born.d == CIVIL_DAY_NONE || b->born.d == CIVIL_DAY_NONE) {
        int32_t apart = a->born_year - b->born_year;
        if (apart == 0) *reasons |= DUPLICATE_BORN_NEAR;
        return apart == 0 ? P_YEAR : apart >= -1 && apart <= 1 ? 0 : P_BORN_DIFFERS;
    }
    if (a->born.d == b->born.d) {
        *reasons |= DUPLICATE_BORN;
        return P_BORN;
    }
    struct civil_date x = civil_to_date(a->born), y = civil_to_date(b->born);
    if (x.year == y.year && x.month == y.day && x.day == y.month) {
        *reasons |= DUPLICATE_BORN_SWAPPED;
        return P_BORN_SWAPPED;
    }
    if (digits_apart(x, y) == 1) {
        *reasons |= DUPLICATE_BORN_NEAR;
        return P_BORN_DIGIT;
    }
    *reasons |= DUPLICATE_DIFFERS;
    return P_BORN_DIFFERS;
}

int32_t duplicate_score(const struct duplicate_who *a, const struct duplicate_who *b, uint32_t *reasons)
{
    // 1000 / (1 + 2^-x) for x from -16 to 16: the chance that belongs to so many points above the middle
    static const int16_t chance[] = {0,   0,   0,   0,   0,   0,    1,    2,    4,    8,    15,
                                     30,  59,  111, 200, 333, 500,  667,  800,  889,  941,  970,
                                     985, 992, 996, 998, 999, 1000, 1000, 1000, 1000, 1000, 1000};
    int32_t points = 0;
    *reasons = 0;
    if (a->document != 0 && b->document != 0) {
        points += a->document == b->document ? P_DOCUMENT : P_DOCUMENT_DIFFERS;
        *reasons |= a->document == b->document ? DUPLICATE_DOCUMENT : DUPLICATE_DIFFERS;
    }
    bool phone = false;
    for (size_t i = 0; i < 4; i++) phone = phone || (a->phone[i / 2] != 0 && a->phone[i / 2] == b->phone[i % 2]);
    if (phone) {
        points += P_PHONE;
        *reasons |= DUPLICATE_PHONE;
    }
    points += name_points(a, b, reasons);
    points += born_points(a, b, reasons);
    bool sexed =
        (a->sex == PERSON_MALE || a->sex == PERSON_FEMALE) && (b->sex == PERSON_MALE || b->sex == PERSON_FEMALE);
    if (sexed) {
        points += a->sex == b->sex ? P_SEX : P_SEX_DIFFERS;
        if (a->sex != b->sex) *reasons |= DUPLICATE_DIFFERS;
    }
    int32_t above = points - P_MIDDLE;
    return chance[above < -16 ? 0 : above > 16 ? 32 : above + 16];
}

// ---- in words ----

const struct label *duplicate_reason_label(int32_t bit)
{
    static const struct label labels[DUPLICATE_REASON_COUNT] = {
        LABEL("same name", "姓名相同"),
        LABEL("same names in another order", "姓名各部分相同，顺序不同"),
        LABEL("names that sound alike", "姓名读音相同"),
        LABEL("nearly the same name", "姓名相近"),
        LABEL("same date of birth", "出生日期相同"),
        LABEL("date of birth with day and month swapped", "出生日期日月互换"),
        LABEL("nearly the same date of birth", "出生日期相近"),
        LABEL("same telephone", "电话相同"),
        LABEL("same document number", "证件号码相同"),
        LABEL("but something differs", "另有不一致之处"),
    };
    assert(bit >= 0 && bit < DUPLICATE_REASON_COUNT);
    return &labels[bit];
}

size_t duplicate_reasons_text(uint32_t reasons, lang language, char *out, size_t room)
{
    size_t n = 0;
    assert(room > 0);
    out[0] = 0;
    for (int32_t bit = 0; bit < DUPLICATE_REASON_COUNT; bit++) {
        if ((reasons >> bit & 1) == 0) continue;
        const char *sep = n == 0 ? "" : language == LANG_ZH ? "，" : ", ";
        int wrote = snprintf(out + n, room - n, "%s%s", sep, duplicate_reason_label(bit)->text[language]);
        if (wrote < 0 || (size_t)wrote >= room - n) break;
        n += (size_t)wrote;
    }
    out[n] = 0;
    return n;
}
