#include "exchange/import_fields.h"

#include <assert.h>
#include <string.h>

enum {
    OF_PERSON = 1u << IMPORT_PEOPLE | 1u << IMPORT_CASES | 1u << IMPORT_CONTACTS,
    OF_ILL = 1u << IMPORT_CASES | 1u << IMPORT_CONTACTS,
};

// ---- fields that are no record's own ----

struct import_extra {
    uint32_t tables;
    const char *name;
    import_type type;
    import_group group;
    record_class class;
    size_t offset;
    const char *headers, *words;
};

#define ROW(member) offsetof(struct import_row, member)
#define YES_NO "true=1 yes=1 y=1 1=1 是=1 false=0 no=0 n=0 0=0 否=0 unknown=-1 unk=-1 u=-1"

static const struct import_extra import_extras[] = {
    {OF_PERSON, "given_name", IMPORT_TEXT, IMPORT_ALONE, RECORD_IDENTITY, ROW(given_name),
     "firstname givenname personfirstname patientfirstname vorname 名 名字", NULL},
    {OF_PERSON, "middle_name", IMPORT_TEXT, IMPORT_ALONE, RECORD_IDENTITY, ROW(middle_name),
     "middlename personmiddlename patientmiddlename", NULL},
    {OF_PERSON, "family_name", IMPORT_TEXT, IMPORT_ALONE, RECORD_IDENTITY, ROW(family_name),
     "lastname familyname surname personlastname patientlastname nachname 姓 姓氏", NULL},
    {OF_PERSON, "name_suffix", IMPORT_TEXT, IMPORT_ALONE, RECORD_IDENTITY, ROW(name_suffix), "suffix", NULL},
    {OF_PERSON, "born_day", IMPORT_NUMBER, IMPORT_ALONE, RECORD_PERSONAL, ROW(born_day),
     "birthdatedd personbirthdatedd", NULL},
    {OF_PERSON, "born_month", IMPORT_NUMBER, IMPORT_ALONE, RECORD_PERSONAL, ROW(born_month),
     "birthdatemm personbirthdatemm", NULL},
    {1u << IMPORT_PEOPLE, "age", IMPORT_NUMBER, IMPORT_ALONE, RECORD_PERSONAL, ROW(age_amount),
     "ageyears personapproximateage 年龄", NULL},
    {OF_PERSON, "age_unit", IMPORT_TEXT, IMPORT_ALONE, RECORD_PERSONAL, ROW(age_unit),
     "personapproximateagetype approximateagetype 年龄单位", NULL},
    {OF_PERSON, "street", IMPORT_TEXT, IMPORT_ALONE, RECORD_IDENTITY, ROW(street),
     "personaddressstreet patientstreet 街道门牌", NULL},
    {OF_PERSON, "street_2", IMPORT_TEXT, IMPORT_ALONE, RECORD_IDENTITY, ROW(street_2), "patientstreet2", NULL},
    {OF_PERSON, "house_number", IMPORT_TEXT, IMPORT_ALONE, RECORD_IDENTITY, ROW(house_number),
     "personaddresshousenumber 门牌号", NULL},
    {OF_PERSON, "city", IMPORT_TEXT, IMPORT_ALONE, RECORD_IDENTITY, ROW(city),
     "addressescity personaddresscity patientcity", NULL},
    {OF_PERSON, "postal_code", IMPORT_TEXT, IMPORT_ALONE, RECORD_IDENTITY, ROW(postal_code),
     "zipcode postcode addressespostalcode personaddresspostalcode patientzipcode 邮编", NULL},
    {OF_PERSON, "community", IMPORT_TEXT, IMPORT_ALONE, RECORD_PERSONAL, ROW(community),
     "responsiblecommunity personaddresscommunity", NULL},
    {OF_PERSON, "district", IMPORT_TEXT, IMPORT_ALONE, RECORD_PERSONAL, ROW(district),
     "county responsibledistrict personaddressdistrict patientcounty 区", NULL},
    {OF_PERSON, "region", IMPORT_TEXT, IMPORT_ALONE, RECORD_PERSONAL, ROW(region),
     "state province responsibleregion personaddressregion patientstate 省", NULL},
    {OF_PERSON, "country", IMPORT_TEXT, IMPORT_ALONE, RECORD_PERSONAL, ROW(country),
     "addressescountry personaddresscountry", NULL},
    {OF_ILL, "present_condition", IMPORT_TEXT, IMPORT_ALONE, RECORD_PERSONAL, ROW(present_condition),
     "personpresentcondition", NULL},
    {OF_PERSON, "disease", IMPORT_TEXT, IMPORT_ALONE, RECORD_INTERNAL, ROW(disease), "疾病 病种", NULL},
    {OF_PERSON, "pregnant", IMPORT_YES, IMPORT_ALONE, RECORD_PERSONAL, ROW(pregnant), "pregnancystatus 是否孕妇 孕妇",
     YES_NO " notpregnant=0 yesfirsttrimester=1 yessecondtrimester=1 yesthirdtrimester=1 yestrimesterunknown=1 none=0"},
    {OF_PERSON, "health_worker", IMPORT_YES, IMPORT_ALONE, RECORD_PERSONAL, ROW(health_worker),
     "employedinhealthcare healthcareworker hcw 是否医务人员 医务人员", YES_NO},
    {1u << IMPORT_CASES, "admitted", IMPORT_YES, IMPORT_ALONE, RECORD_PERSONAL, ROW(admitted),
     "hospitalizationadmittedtohealthfacility", YES_NO},
    {OF_ILL | 1u << IMPORT_LABS | 1u << IMPORT_FOLLOWUPS | 1u << IMPORT_LINKS, "deleted", IMPORT_YES, IMPORT_ALONE,
     RECORD_INTERNAL, ROW(deleted), "", YES_NO},
    {1u << IMPORT_PLACES | 1u << IMPORT_PEOPLE | 1u << IMPORT_GATHERINGS, "outside", IMPORT_ID, IMPORT_ALONE,
     RECORD_PERSONAL, ROW(outside),
     "id uuid locationid externalid personuuid personid patientid eventid epidcode 编号 序号", NULL},
    {1u << IMPORT_PLACES, "outside_parent", IMPORT_ID, IMPORT_ALONE, RECORD_INTERNAL, ROW(outside_parent),
     "parentlocationid parentid 上级编号", NULL},
    {1u << IMPORT_PLACES, "level", IMPORT_TEXT, IMPORT_ALONE, RECORD_INTERNAL, ROW(level), "adminlevel 级别", NULL},
    {1u << IMPORT_PLACES, "region", IMPORT_TEXT, IMPORT_ALONE, RECORD_INTERNAL, ROW(region), "", NULL},
    {1u << IMPORT_PLACES, "district", IMPORT_TEXT, IMPORT_ALONE, RECORD_INTERNAL, ROW(district), "", NULL},
    {1u << IMPORT_LABS | 1u << IMPORT_FOLLOWUPS | 1u << IMPORT_LINKS, "number", IMPORT_ID, IMPORT_ALONE,
     RECORD_INTERNAL, ROW(number), "sampleidentifier uuid id accessionnumber 标本编号 样本编号", NULL},
    {1u << IMPORT_GATHERINGS, "outside_place", IMPORT_TEXT, IMPORT_ALONE, RECORD_INTERNAL, ROW(community),
     "locationid addresslocationid", NULL},
    // a case's samples
    {1u << IMPORT_CASES, "sample_taken", IMPORT_DATE, IMPORT_OF_SAMPLE, RECORD_INTERNAL, ROW(sample[0].lab.sampled),
     "sampledatetime", NULL},
    {1u << IMPORT_CASES, "sample_material", IMPORT_TEXT, IMPORT_OF_SAMPLE, RECORD_INTERNAL, ROW(sample[0].lab.specimen),
     "samplematerial", NULL},
    {1u << IMPORT_CASES, "sample_number", IMPORT_TEXT, IMPORT_OF_SAMPLE, RECORD_INTERNAL, ROW(sample[0].number),
     "labsampleid fieldsampleid", NULL},
    {1u << IMPORT_CASES, "sample_laboratory", IMPORT_TEXT, IMPORT_OF_SAMPLE, RECORD_INTERNAL, ROW(sample[0].laboratory),
     "lab", NULL},
    {1u << IMPORT_CASES, "sample_reported", IMPORT_DATE, IMPORT_OF_SAMPLE, RECORD_INTERNAL, ROW(sample[0].lab.known),
     "reportdatetime", NULL},
    {1u << IMPORT_CASES, "sample_tested", IMPORT_DATE, IMPORT_OF_SAMPLE, RECORD_INTERNAL, ROW(sample[0].tested),
     "testdatetime", NULL},
    {1u << IMPORT_CASES, "sample_test", IMPORT_TEXT, IMPORT_OF_SAMPLE, RECORD_INTERNAL, ROW(sample[0].lab.test),
     "testtype", NULL},
    {1u << IMPORT_CASES, "sample_result", IMPORT_WORD, IMPORT_OF_SAMPLE, RECORD_PERSONAL, ROW(sample[0].lab.result),
     "testresult pathogentestresult",
     "positive=1 pos=1 detected=1 阳性=1 negative=2 neg=2 notdetected=2 阴性=2 indeterminate=3 inconclusive=3 可疑=3 "
     "pending=0 notdone=0 unknown=0"},
    // vaccinations
    {OF_PERSON, "vaccine_day", IMPORT_DATE, IMPORT_OF_VACCINE, RECORD_PERSONAL, ROW(vaccine[0].day),
     "vaccinationdate vaccinesreceiveddate vaccinesreceivedvaccinedate vaccinedate 接种日期", NULL},
    {OF_PERSON, "vaccine_name", IMPORT_TEXT, IMPORT_OF_VACCINE, RECORD_PERSONAL, ROW(vaccine[0].name),
     "vaccinename vaccinesreceivedvaccine vaccine 疫苗名称", NULL},
    {OF_PERSON, "vaccine_status", IMPORT_TEXT, IMPORT_OF_VACCINE, RECORD_PERSONAL, ROW(vaccine[0].status),
     "vaccinesreceivedstatus vaccinesreceivedvaccinestatus", NULL},
    // Go.Data's date ranges
    {OF_ILL, "stay_type", IMPORT_TEXT, IMPORT_OF_STAY, RECORD_INTERNAL, ROW(stay[0].type),
     "daterangestypeid datestypeid dateshospitalizationisolationtype daterangestype", NULL},
    {OF_ILL, "stay_begins", IMPORT_DATE, IMPORT_OF_STAY, RECORD_PERSONAL, ROW(stay[0].begins),
     "daterangesstartdate datesstartdate", NULL},
    {OF_ILL, "stay_ends", IMPORT_DATE, IMPORT_OF_STAY, RECORD_PERSONAL, ROW(stay[0].ends),
     "daterangesenddate datesenddate", NULL},
    {OF_ILL, "stay_centre", IMPORT_TEXT, IMPORT_OF_STAY, RECORD_INTERNAL, ROW(stay[0].centre),
     "daterangescentername datescentrename", NULL},
};

// ---- further headers and words of fields that records and line lists have ----

static const struct {
    uint32_t tables;
    const char *name, *headers, *words;
} import_aliases[] = {
    {OF_PERSON, "name", "fullname patientname contactname 姓名 患者姓名 病例姓名 密接姓名 人员姓名", NULL},
    {OF_PERSON, "name_latin", "latinname pinyin 拼音 姓名拼音 英文名", NULL},
    {OF_PERSON, "called", "nickname personnickname formername 曾用名", NULL},
    {OF_PERSON, "sex", "gender biologicalsex geschlecht patientgender 性别",
     "male=1 m=1 man=1 男=1 男性=1 männlich=1 mann=1 female=2 f=2 w=2 woman=2 女=2 女性=2 weiblich=2 other=3 o=3 "
     "diverse=3 "
     "divers=3 其他=3 unknown=0 u=0 unk=0 refused=0 不详=0 未知=0"},
    {OF_PERSON, "born", "dob dateofbirth birthdate birthday patientdob geburtsdatum 出生日期 出生年月日 生日", NULL},
    {OF_PERSON, "born_year", "birthdateyyyy personbirthdateyyyy birthyear yearofbirth 出生年份", NULL},
    {OF_PERSON, "phone",
     "phonenumber telephone mobile personphone patientphonenumber addressesphonenumber telpersönlich 电话 联系电话 "
     "手机 手机号 "
     "手机号码 电话号码 联系方式",
     NULL},
    {OF_PERSON, "phone_2", "telweitere phone2 其他电话 备用电话", NULL},
    {OF_PERSON, "mail", "email emailaddress addressesemailaddress emailadresse patientemail 邮箱 电子邮箱", NULL},
    {OF_PERSON, "document_kind", "documenttype documentstype documentsdocumenttype 证件类型 证件种类", NULL},
    {OF_PERSON, "document",
     "documentnumber documentsnumber documentsdocumentnumber passportnumber ausweisnummer idnumber idcard nationalid "
     "personnationalhealthid 身份证号 身份证号码 身份证 证件号码 证件号 有效证件号",
     NULL},
    {OF_PERSON, "address",
     "addressline1 addressesaddressline1 addressesaddress personaddressaddress 现住址 住址 地址 详细地址 居住地址 "
     "现住详细地址",
     NULL},
    {OF_PERSON, "registered_address", "户籍地址 户籍地", NULL},
    {OF_PERSON, "occupation", "personoccupationtype 职业", NULL},
    {OF_PERSON, "employer", "工作单位 单位", NULL},
    {OF_PERSON, "nationality", "personcitizenship citizenship 国籍", NULL},
    {OF_PERSON, "language", "preferredlanguage patientpreferredlanguage 语言", NULL},
    {OF_PERSON, "guardian_name", "personnamesofguardians namesofguardians 监护人 监护人姓名 家长姓名", NULL},
    {OF_PERSON, "guardian_phone", "监护人电话 监护人联系电话", NULL},
    {OF_PERSON, "emergency_name", "紧急联系人", NULL},
    {OF_PERSON, "emergency_phone", "紧急联系电话 紧急联系人电话", NULL},
    {1u << IMPORT_CASES, "place", "addresseslocation usualplaceofresidencelocationid", NULL},
    {1u << IMPORT_CASES, "outcome", "casestatusoutcome", NULL},
    {1u << IMPORT_CASES, "sampled", "首次采样日期", NULL},
    {1u << IMPORT_CASES, "diagnosed", "datebecomecase", NULL},
    {1u << IMPORT_CONTACTS, "id", "externalid", NULL},
    {1u << IMPORT_CONTACTS, "reported", "dateofreporting reportdatetime datebecomecontact", NULL},
    {1u << IMPORT_LINKS, "from", "sourceperson sourcepersonid sourcepersonsource personssource", NULL},
    {1u << IMPORT_LINKS, "to", "targetperson targetpersonid targetpersontarget personstarget relatedperson", NULL},
    {1u << IMPORT_LINKS, "last_contact", "dateoflastcontact contactdate", NULL},
    {1u << IMPORT_FOLLOWUPS, "contact", "contactvisualid", NULL},
    {1u << IMPORT_LABS, "person", "personvisualid", NULL},
    {1u << IMPORT_LABS, "sampled", "sampletaken", NULL},
    {1u << IMPORT_PLACES, "name", "place locationname 名称 场所名称", NULL},
    {1u << IMPORT_PLACES, "code", "epidcode 代码", NULL},
    {1u << IMPORT_PLACES, "latitude", "lat 纬度", NULL},
    {1u << IMPORT_PLACES, "longitude", "long lng lon 经度", NULL},
    {1u << IMPORT_PLACES, "closed", "archived", NULL},
    {1u << IMPORT_GATHERINGS, "name", "eventname eventtitle 名称", NULL},
};

// ---- building ----

static void import_put(struct import_fields *out, struct import_field field)
{
    if (import_field_find(out, str_z(field.name)) != IMPORT_NO_FIELD) return; // the first of a name holds
    assert(out->count < IMPORT_FIELDS_MAX);
    out->item[out->count++] = field;
}

static void import_put_line(struct import_fields *out, line_table table, size_t base)
{
    static const import_type types[] = {
        [FIELD_ID] = IMPORT_ID,         [FIELD_TEXT] = IMPORT_TEXT, [FIELD_WORD] = IMPORT_WORD,
        [FIELD_NUMBER] = IMPORT_NUMBER, [FIELD_DATE] = IMPORT_DATE,
    };
    int32_t count = 0;
    const struct mapping_field *fields = mapping_fields(table, &count);
    for (int32_t i = 0; i < count; i++) {
        const struct mapping_field *f = &fields[i];
        struct import_field field = {
            .name = f->name, .type = types[f->kind], .class = RECORD_PERSONAL, .offset = base + f->offset, .line = f};
        if (f->kind == FIELD_WORD && f->word_bytes == 1) field.type = IMPORT_YES;
        if (f->special == SPECIAL_LINK_FROM) field.offset = ROW(link_from);
        if (f->special == SPECIAL_LINK_KIND) field.offset = ROW(link_kind);
        if (f->special == SPECIAL_AGE_MONTHS) field.offset = ROW(age_amount);
        import_put(out, field);
    }
}

static void import_put_record(struct import_fields *out, const struct record_kind *kind, size_t base, bool own)
{
    static const import_type types[] = {
        [RECORD_TYPE_TEXT] = IMPORT_TEXT, [RECORD_TYPE_INTEGER] = IMPORT_NUMBER,  [RECORD_TYPE_REAL] = IMPORT_REAL,
        [RECORD_TYPE_DAY] = IMPORT_DAY,   [RECORD_TYPE_INSTANT] = IMPORT_INSTANT, [RECORD_TYPE_BOOLEAN] = IMPORT_YES,
        [RECORD_TYPE_ENUM] = IMPORT_WORD, [RECORD_TYPE_ID] = IMPORT_TEXT,
    };
    static const char *const not_of_others[] = {"uid", "place", "guardian", "outside_source", "outside_id"};
    for (size_t i = 0; i < kind->count; i++) {
        const struct record_field *f = &kind->fields[i];
        bool skip = false;
        for (size_t k = 0; k < sizeof not_of_others / sizeof *not_of_others && !own; k++)
            skip = skip || strcmp(f->name, not_of_others[k]) == 0;
        if (skip) continue;
        import_put(
            out,
            (struct import_field){
                .name = f->name, .type = types[f->type], .class = f->class, .offset = base + f->offset, .record = f});
    }
}

void import_fields_build(import_table table, struct import_fields *out)
{
    static const struct {
        line_table line;
        size_t line_base;
        const struct record_kind *record;
        size_t record_base;
        bool own; // the record's uid and references are columns
    } parts[IMPORT_TABLE_COUNT] = {
        [IMPORT_PLACES] = {LINE_TABLE_COUNT, 0, &place_record_kind, ROW(place), true},
        [IMPORT_PEOPLE] = {LINE_TABLE_COUNT, 0, &person_record_kind, ROW(person), true},
        [IMPORT_GATHERINGS] = {LINE_TABLE_COUNT, 0, &gathering_record_kind, ROW(gathering), true},
        [IMPORT_CASES] = {LINE_TABLE_CASES, ROW(one_case), &person_record_kind, ROW(person), false},
        [IMPORT_CONTACTS] = {LINE_TABLE_CONTACTS, ROW(contact), &person_record_kind, ROW(person), false},
        [IMPORT_LINKS] = {LINE_TABLE_LINKS, ROW(link), NULL, 0, false},
        [IMPORT_FOLLOWUPS] = {LINE_TABLE_FOLLOWUPS, ROW(followup), NULL, 0, false},
        [IMPORT_LABS] = {LINE_TABLE_LABS, ROW(lab), NULL, 0, false},
        [IMPORT_FACTS] = {LINE_TABLE_COUNT, 0, &fact_record_kind, ROW(fact), true},
    };
    out->table = table;
    out->count = 0;
    if (parts[table].line != LINE_TABLE_COUNT) import_put_line(out, parts[table].line, parts[table].line_base);
    if (table == IMPORT_GATHERINGS) { // the day of other systems, where ours has begins and ends
        int32_t day = mapping_field_find(LINE_TABLE_GATHERINGS, STR("day")), count = 0;
        const struct mapping_field *f = &mapping_fields(LINE_TABLE_GATHERINGS, &count)[day];
        import_put(out, (struct import_field){
                            .name = "day", .type = IMPORT_DATE, .offset = ROW(gathering_line) + f->offset, .line = f});
    }
    if (parts[table].record != NULL)
        import_put_record(out, parts[table].record, parts[table].record_base, parts[table].own);
    for (size_t i = 0; i < sizeof import_extras / sizeof *import_extras; i++) {
        const struct import_extra *x = &import_extras[i];
        if ((x->tables >> table & 1) == 0) continue;
        import_put(out, (struct import_field){.name = x->name,
                                              .type = x->type,
                                              .group = x->group,
                                              .class = x->class,
                                              .offset = x->offset,
                                              .headers = x->headers,
                                              .words = x->words});
    }
    for (size_t i = 0; i < sizeof import_aliases / sizeof *import_aliases; i++) {
        int32_t f = (import_aliases[i].tables >> table & 1) == 0
                        ? IMPORT_NO_FIELD
                        : import_field_find(out, str_z(import_aliases[i].name));
        if (f == IMPORT_NO_FIELD) continue;
        out->item[f].headers = import_aliases[i].headers;
        if (import_aliases[i].words != NULL && out->item[f].line == NULL) out->item[f].words = import_aliases[i].words;
    }
}

int32_t import_field_find(const struct import_fields *fields, struct str name)
{
    for (int32_t i = 0; i < fields->count; i++)
        if (str_eq_z(name, fields->item[i].name)) return i;
    return IMPORT_NO_FIELD;
}

// ---- matching ----

int32_t import_field_fits(const struct import_field *field, struct str plain)
{
    enum { OWN = 1000, LINE = 900, LABELLED = 500, ALIAS = 400 };
    char buffer[MAPPING_PLAIN_MAX];
    if (plain.n == 0) return 0;
    if (field->line != NULL) { // the order of its headers says which is best
        int32_t rank = LINE;
        for (const char *const *h = field->line->headers; *h != NULL; h++, rank--)
            if (str_eq_z(plain, *h)) return rank;
    }
    if (str_eq(plain, (struct str){buffer, mapping_plain(str_z(field->name), buffer)})) return OWN;
    for (int32_t l = 0; field->record != NULL && l < LANG_COUNT; l++)
        if (str_eq(plain, (struct str){buffer, mapping_plain(str_z(field->record->label.text[l]), buffer)}))
            return LABELLED;
    struct str rest = str_z(field->headers), part;
    int32_t rank = ALIAS;
    for (; str_cut(&rest, ' ', &part); rank--)
        if (str_eq(part, plain)) return rank;
    return 0;
}

// "male=1 female=2": Go.Data's tokens, LNG_REFERENCE_DATA_..._MALE, are read by their ends, the longest match holds.
static bool import_word_in(const char *words, struct str plain, int32_t *value)
{
    struct str rest = str_z(words), part;
    bool token = str_starts(plain, "lngreferencedata"), found = false;
    size_t best = 0;
    while (str_cut(&rest, ' ', &part)) {
        struct str word, number = part;
        int64_t v = 0;
        if (!str_cut(&number, '=', &word) || !str_int(number, &v)) continue;
        bool ends = plain.n >= word.n && memcmp(plain.p + plain.n - word.n, word.p, word.n) == 0;
        if (token ? !(ends && word.n > 1 && word.n > best) : !str_eq(plain, word)) continue;
        best = word.n;
        *value = (int32_t)v;
        found = true;
    }
    return found;
}

bool import_field_word(const struct import_field *field, struct str text, int32_t *value)
{
    char buffer[MAPPING_PLAIN_MAX];
    struct str plain = {buffer, mapping_plain(text, buffer)};
    if (field->line != NULL) return mapping_word_known(field->line, text, value);
    if (field->words != NULL && import_word_in(field->words, plain, value)) return true;
    if (field->record != NULL && field->type == IMPORT_YES) return import_word_in(YES_NO, plain, value);
    for (int32_t i = 0; field->record != NULL && i < field->record->word_count; i++) {
        const struct record_word *w = &field->record->words[i];
        if (str_eq_nocase(text, str_z(w->word)) || str_eq_nocase(text, str_z(w->label.text[LANG_EN])) ||
            str_eq(text, str_z(w->label.text[LANG_ZH]))) {
            *value = i;
            return true;
        }
    }
    return false;
}

void *import_field_at(struct import_row *row, const struct import_field *field, int32_t element)
{
    static const size_t stride[IMPORT_GROUP_COUNT] = {0, sizeof(struct import_sample), sizeof(struct import_vaccine),
                                                      sizeof(struct import_stay)};
    size_t at = field->offset + stride[field->group] * (size_t)element;
    assert(at < sizeof *row);
    return (char *)row + at;
}
