#include "service/demo_rows.h"

#include <assert.h>

static struct str demo_uid(const struct district *d, district_thing thing, int64_t number, char out[UID_TEXT])
{
    unsigned char uid[UID_BYTES];
    _Static_assert((int)UID_BYTES == (int)DISTRICT_UID, "the same identifiers");
    if (number == 0) return (struct str){NULL, 0};
    district_uid(d, thing, number, uid);
    uid_format(uid, out);
    return str_z(out);
}

void demo_place_record(const struct district *d, const struct district_place *p, struct demo_uids *uids,
                       struct place_record *out)
{
    *out = place_record_none();
    out->uid = demo_uid(d, DISTRICT_SUBJECT, p->number, uids->own);
    out->parent = demo_uid(d, DISTRICT_SUBJECT, p->parent, uids->of);
    out->kind = place_kind_find(str_z(p->kind));
    assert(out->kind >= 0);
    out->name = str_z(p->name);
    out->name_en = str_z(p->name_en);
    out->code = str_z(p->code);
    if (p->located) {
        out->latitude = p->latitude;
        out->longitude = p->longitude;
        out->shape = str_z(p->shape);
    }
    if (p->capacity > 0) out->capacity = p->capacity;
}

void demo_person_record(const struct district *d, const struct district_person *p, struct demo_uids *uids,
                        struct person_record *out)
{
    *out = person_record_none();
    out->uid = demo_uid(d, DISTRICT_SUBJECT, p->number, uids->own);
    out->place = demo_uid(d, DISTRICT_SUBJECT, p->place, uids->of);
    out->guardian = demo_uid(d, DISTRICT_SUBJECT, p->guardian, uids->other);
    out->sex = p->sex == 1 ? PERSON_MALE : PERSON_FEMALE;
    out->name = str_z(p->name);
    out->name_latin = str_z(p->name_latin);
    out->phone = str_z(p->phone);
    out->occupation = str_z(p->occupation);
    out->employer = str_z(p->employer);
    out->language = STR("zh");
    if (p->document[0] != 0) {
        out->document_kind = STR("id_card");
        out->document = str_z(p->document);
    }
    if (p->description[0] != 0) { // without papers: only what is seen is known
        out->provisional = 1;
        out->description = str_z(p->description);
        out->born_year = civil_to_date(p->born).year;
    } else {
        out->born = p->born;
    }
}

bool demo_fact_record(const struct district *d, const struct district_fact *f, struct arena *arena, struct demo_uids *uids,
                      struct fact_record *out)
{
    if (!fact_record_kind_allowed(f->fact.kind)) return false;
    fact_record_make(&f->fact, arena, out);
    out->uid = demo_uid(d, DISTRICT_FACT, f->fact.id, uids->own);
    out->subject = demo_uid(d, DISTRICT_SUBJECT, f->fact.subject, uids->of);
    out->link = demo_uid(d, DISTRICT_SUBJECT, f->fact.link, uids->other);
    int64_t fact = f->fact.replaces != 0 ? f->fact.replaces : f->about;
    struct str named = demo_uid(d, DISTRICT_FACT, fact, uids->more);
    out->replaces = out->about = (struct str){NULL, 0};
    if (f->fact.replaces != 0) out->replaces = named;
    else if (f->about != 0) out->about = named;
    return true;
}

const char *demo_name_of(const struct protocol *p, uint32_t name_id)
{
    for (size_t i = 0; i < p->measure_count; i++)
        if (p->measures[i].name_id == name_id) return p->measures[i].name;
    for (size_t i = 0; i < p->task_count; i++)
        if (p->tasks[i].name_id == name_id) return p->tasks[i].name;
    return NULL;
}
