#include "exchange/import_person.h"

#include "exchange/import_message.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

// ---- names ----

// Begins with a character of the CJK blocks (U+2E80 and up, or beyond the BMP): three or four bytes.
static bool name_is_han(struct str s)
{
    unsigned char c = s.n == 0 ? 0 : (unsigned char)s.p[0];
    return s.n >= 3 &&
           ((c == 0xE2 && (unsigned char)s.p[1] >= 0xBA) || (c >= 0xE3 && c <= 0xE9) || c == 0xEF || c >= 0xF0);
}

static struct str join_words(const struct str *parts, size_t count, const char *sep, struct arena *arena)
{
    const char *all = "";
    for (size_t i = 0; i < count && all != NULL; i++) {
        struct str part = str_trim(parts[i]);
        bool again = false; // "Duduk, Duduk": a city that is its own district
        for (size_t k = 0; k < i && !again; k++) again = str_eq_nocase(part, str_trim(parts[k]));
        if (part.n == 0 || again) continue;
        all = arena_printf(arena, "%s%s%.*s", all, all[0] == 0 ? "" : sep, STR_ARG(part));
    }
    return all == NULL ? (struct str){NULL, 0} : str_z(all);
}

static bool person_name(struct import_row *row, struct arena *arena)
{
    struct person_record *p = &row->person;
    if (p->name.n > 0) return true;
    if (name_is_han(row->family_name) || name_is_han(row->given_name)) {
        const char *name = arena_printf(arena, "%.*s%.*s", STR_ARG(row->family_name), STR_ARG(row->given_name));
        p->name = str_z(name);
        return name != NULL;
    }
    const struct str parts[] = {row->given_name, row->middle_name, row->family_name, row->name_suffix};
    // A given name that is also the family name stays twice: only the address drops what repeats.
    const char *all = "";
    for (size_t i = 0; i < sizeof parts / sizeof *parts && all != NULL; i++) {
        if (parts[i].n == 0) continue;
        all = arena_printf(arena, "%s%s%.*s", all, all[0] == 0 ? "" : " ", STR_ARG(parts[i]));
    }
    p->name = all == NULL ? (struct str){NULL, 0} : str_z(all);
    return all != NULL;
}

static bool person_address(struct import_row *row, struct arena *arena)
{
    struct person_record *p = &row->person;
    struct str house = row->street;
    if (row->street.n > 0 && row->house_number.n > 0) {
        const char *both = arena_printf(arena, "%.*s %.*s", STR_ARG(row->street), STR_ARG(row->house_number));
        house = str_z(both);
    }
    const struct str small[] = {p->address, house,       row->street_2,    row->community, row->district,
                                row->city,  row->region, row->postal_code, row->country};
    const struct str large[] = {row->country,   row->region, row->city, row->district,
                                row->community, p->address,  house,     row->street_2};
    bool han = name_is_han(p->address) || name_is_han(house) || name_is_han(row->city) || name_is_han(row->district);
    p->address = han ? join_words(large, sizeof large / sizeof *large, "", arena)
                     : join_words(small, sizeof small / sizeof *small, ", ", arena);
    return p->address.p != NULL;
}

// ---- birth ----

static void person_birth(struct import_row *row, struct problem_list *problems, struct problem_at at)
{
    struct person_record *p = &row->person;
    bool day = row->born_day != RECORD_INTEGER_NONE, month = row->born_month != RECORD_INTEGER_NONE;
    if (p->born.d != CIVIL_DAY_NONE || p->born_year == RECORD_INTEGER_NONE) {
        if (p->born.d != CIVIL_DAY_NONE) p->born_year = RECORD_INTEGER_NONE;
        return;
    }
    if (!day || !month) return; // the year alone
    bool sane = p->born_year > 0 && p->born_year < 3000 && row->born_month > 0 && row->born_month < 13 &&
                row->born_day > 0 && row->born_day < 32;
    if (!sane ||
        !civil_from_date((struct civil_date){(int32_t)p->born_year, (int32_t)row->born_month, (int32_t)row->born_day},
                         &p->born)) {
        problem_add(problems, at, &import_message[IMPORT_F_BIRTH_PARTS], NULL, NULL, NULL, NULL);
        return;
    }
    p->born_year = RECORD_INTEGER_NONE;
}

// An age in months or days is an age in years of a child; kept beside the case or contact as line lists do.
static void person_age(struct import_row *row, import_table table)
{
    int64_t *age = table == IMPORT_CASES      ? &row->one_case.age
                   : table == IMPORT_CONTACTS ? &row->contact.age
                                              : &row->age_amount;
    bool months = str_eq_nocase(row->age_unit, STR("MONTHS")), days = str_eq_nocase(row->age_unit, STR("DAYS"));
    if (*age != RECORD_INTEGER_NONE && months) *age /= 12;
    if (*age != RECORD_INTEGER_NONE && days) *age /= 365;
    // Of a case or contact the column of months stands in age_amount.
    if (table != IMPORT_PEOPLE && *age == RECORD_INTEGER_NONE && row->age_amount != RECORD_INTEGER_NONE)
        *age = row->age_amount / 12;
    if (*age != RECORD_INTEGER_NONE && (*age < 0 || *age > LINE_AGE_MAX)) *age = RECORD_INTEGER_NONE;
}

// ---- all of it ----

struct str import_person_outside(const struct import_row *row, import_table table)
{
    return table == IMPORT_CASES ? row->one_case.id : table == IMPORT_CONTACTS ? row->contact.id : row->outside;
}

tong_code import_person_finish(struct import_row *row, const struct import_person_options *o, struct arena *arena,
                               struct problem_list *problems, struct problem_at at, struct err *err)
{
    struct person_record *p = &row->person;
    struct str outside = import_person_outside(row, o->table);
    if (row->deleted == 1) {
        problem_add(problems, at, &import_message[IMPORT_F_DELETED], NULL, NULL, NULL, NULL);
        return TONG_OK;
    }
    if (o->table == IMPORT_CASES) p->sex = row->one_case.sex;
    if (o->table == IMPORT_CONTACTS) p->sex = row->contact.sex;
    if (p->sex == RECORD_ENUM_NONE) p->sex = PERSON_SEX_UNKNOWN;
    if (!person_name(row, arena) || !person_address(row, arena)) return tong_fail(err, TONG_E_NOMEM, "a person");
    person_birth(row, problems, at);
    person_age(row, o->table);
    if (o->source[0] != 0 && outside.n > 0) {
        p->outside_source = str_z(o->source);
        p->outside_id = outside;
    }
    if (p->name.n == 0 && outside.n == 0 && p->document.n == 0 && p->provisional != 1) {
        problem_add(problems, at, &import_message[IMPORT_F_NOBODY], NULL, NULL, NULL, NULL);
        return TONG_OK;
    }
    if (p->name.n == 0 && p->provisional != 1) { // known by a number alone
        const char *text = arena_printf(arena, "%s%s%.*s", o->source, o->source[0] == 0 ? "" : " ", STR_ARG(outside));
        if (text == NULL) return tong_fail(err, TONG_E_NOMEM, "a person");
        p->provisional = 1;
        if (p->description.n == 0) p->description = str_z(text);
    }
    if (row->disease.n > 0) {
        const char *note = arena_printf(arena, "disease: %.*s%s%.*s", STR_ARG(row->disease),
                                        row->note.n == 0 ? "" : "; ", STR_ARG(row->note));
        if (note == NULL) return tong_fail(err, TONG_E_NOMEM, "a person");
        row->note = str_z(note);
    }
    if (o->table == IMPORT_PEOPLE && row->note.n > 0) { // they have no facts that could carry it
        const char *text = arena_printf(arena, "%.*s%s%.*s", STR_ARG(p->description), p->description.n == 0 ? "" : "; ",
                                        STR_ARG(row->note));
        if (text == NULL) return tong_fail(err, TONG_E_NOMEM, "a person");
        p->description = str_z(text);
    }
    return person_normalise(p, arena) ? TONG_OK : tong_fail(err, TONG_E_NOMEM, "a person");
}

bool import_person_merge(struct person_record *base, const struct person_record *more)
{
    bool changed = false;
    bool named = base->name.n == 0 && more->name.n > 0; // no longer known by a number alone
    for (size_t i = 0; i < person_record_kind.count; i++) {
        const struct record_field *f = &person_record_kind.fields[i];
        static const size_t sizes[] = {
            [RECORD_TYPE_TEXT] = sizeof(struct str), [RECORD_TYPE_INTEGER] = sizeof(int64_t),
            [RECORD_TYPE_REAL] = sizeof(double),     [RECORD_TYPE_DAY] = sizeof(civil_day),
            [RECORD_TYPE_INSTANT] = sizeof(utc_sec), [RECORD_TYPE_BOOLEAN] = sizeof(int8_t),
            [RECORD_TYPE_ENUM] = sizeof(int32_t),    [RECORD_TYPE_ID] = sizeof(struct str),
        };
        bool own =
            strcmp(f->name, "uid") == 0 || strcmp(f->name, "provisional") == 0 || strcmp(f->name, "description") == 0;
        bool outside =
            strncmp(f->name, "outside_", 8) == 0 && !record_absent(f, base); // the first system's number stays
        if (own || outside || record_absent(f, more)) continue;
        bool text = f->type == RECORD_TYPE_TEXT || f->type == RECORD_TYPE_ID;
        if (text && str_eq(record_get_text(f, base), record_get_text(f, more))) continue;
        if (!text && record_get_whole(f, base) == record_get_whole(f, more)) continue;
        if (f->type == RECORD_TYPE_ENUM && record_get_whole(f, more) == 0) continue; // "unknown" takes nothing away
        memcpy((char *)base + f->offset, (const char *)more + f->offset, sizes[f->type]);
        changed = true;
    }
    if (named && base->provisional == 1) {
        base->provisional = RECORD_BOOLEAN_NONE;
        base->description = (struct str){"", 0};
    }
    return changed;
}

uint64_t import_person_digest(const struct person_record *p)
{
    uint64_t hash = 0x9E3779B97F4A7C15u; // of splitmix64
    for (size_t i = 0; i < person_record_kind.count; i++) {
        const struct record_field *f = &person_record_kind.fields[i];
        if (record_absent(f, p) || strcmp(f->name, "uid") == 0) continue;
        bool text = f->type == RECORD_TYPE_TEXT || f->type == RECORD_TYPE_ID;
        uint64_t part = text ? str_hash(record_get_text(f, p)) : (uint64_t)record_get_whole(f, p) * 0xBF58476D1CE4E5B9u;
        hash = (hash ^ part ^ i << 56) * 0x94D049BB133111EBu;
        hash ^= hash >> 31;
    }
    return hash;
}
