#include "exchange/export_dialect.h"

#include <assert.h>
#include <string.h>

const struct record_word export_dialect_words[DIALECT_COUNT] = {
    [DIALECT_OWN] = {"tongzhou", LABEL("Tongzhou", "同舟")},
    [DIALECT_GODATA] = {"godata", LABEL("Go.Data, by property name", "Go.Data（属性名）")},
    [DIALECT_GODATA_LABELS] = {"godata-labels", LABEL("Go.Data, by label", "Go.Data（标签）")},
    [DIALECT_SORMAS] = {"sormas", LABEL("SORMAS", "SORMAS")},
};

int32_t export_dialect_find(struct str name)
{
    for (int32_t i = 0; i < DIALECT_COUNT; i++)
        if (str_eq_z(name, export_dialect_words[i].word)) return i;
    return -1;
}

// ---- words: ours, the property's, the label's; ended by NULL ----

struct dialect_word {
    const char *own, *property, *label;
};
#define REFERENCE "LNG_REFERENCE_DATA_"
static const struct dialect_word godata_sex[] = {{"male", REFERENCE "CATEGORY_GENDER_MALE", "Male"},
                                                 {"female", REFERENCE "CATEGORY_GENDER_FEMALE", "Female"},
                                                 {"other", REFERENCE "CATEGORY_GENDER_OTHER", "Other"},
                                                 {NULL, NULL, NULL}};
#define CLASS REFERENCE "CATEGORY_CASE_CLASSIFICATION_"
static const struct dialect_word godata_class[] = {{"suspected", CLASS "SUSPECT", "Suspect"},
                                                   {"probable", CLASS "PROBABLE", "Probable"},
                                                   {"confirmed", CLASS "CONFIRMED", "Confirmed"},
                                                   {"asymptomatic", CLASS "ASYMPTOMATIC", "Asymptomatic"},
                                                   {"discarded", CLASS "NOT_A_CASE_DISCARDED", "Not a Case (Discarded)"},
                                                   {NULL, NULL, NULL}};
static const struct dialect_word godata_outcome[] = {{"died", REFERENCE "CATEGORY_OUTCOME_DECEASED", "Deceased"},
                                                     {"recovered", REFERENCE "CATEGORY_OUTCOME_RECOVERED", "Recovered"},
                                                     {NULL, NULL, NULL}};
#define FINAL REFERENCE "CONTACT_FINAL_FOLLOW_UP_STATUS_TYPE_"
static const struct dialect_word godata_status[] = {{"under_followup", FINAL "UNDER_FOLLOW_UP", "Under follow-up"},
                                                    {"completed", FINAL "FOLLOW_UP_COMPLETED", "Follow-up completed"},
                                                    {"became_case", FINAL "BECAME_CASE", "Became case"},
                                                    {"lost", FINAL "LOST_TO_FOLLOW_UP", "Lost to follow-up"},
                                                    {"refused", FINAL "REFUSED", "Refused"},
                                                    {"died", FINAL "DIED", "Died"},
                                                    {NULL, NULL, NULL}};
#define STAY REFERENCE "CATEGORY_PERSON_DATE_TYPE_"
static const struct dialect_word godata_hospital[] = {{"", STAY "HOSPITALIZATION", "Hospitalization"}, {NULL, NULL, NULL}};
static const struct dialect_word godata_isolation[] = {{"", STAY "ISOLATION", "Isolation"}, {NULL, NULL, NULL}};
static const struct dialect_word sormas_sex[] = {
    {"male", "MALE", NULL}, {"female", "FEMALE", NULL}, {"other", "OTHER", NULL}, {NULL, NULL, NULL}};
static const struct dialect_word sormas_class[] = {{"suspected", "SUSPECT", NULL},
                                                   {"probable", "PROBABLE", NULL},
                                                   {"confirmed", "CONFIRMED", NULL},
                                                   {"asymptomatic", "CONFIRMED_NO_SYMPTOMS", NULL},
                                                   {"discarded", "NO_CASE", NULL},
                                                   {NULL, NULL, NULL}};
static const struct dialect_word sormas_outcome[] = {
    {"died", "DECEASED", NULL}, {"recovered", "RECOVERED", NULL}, {NULL, NULL, NULL}};
static const struct dialect_word sormas_condition[] = {
    {"died", "DEAD", NULL}, {"recovered", "ALIVE", NULL}, {NULL, NULL, NULL}};
static const struct dialect_word sormas_status[] = {{"under_followup", "FOLLOW_UP", NULL},
                                                    {"completed", "COMPLETED", NULL},
                                                    {"became_case", "CONVERTED", NULL},
                                                    {"lost", "LOST", NULL},
                                                    {"refused", "CANCELED", NULL},
                                                    {NULL, NULL, NULL}};
static const struct dialect_word sormas_dead[] = {{"died", "DEAD", NULL}, {NULL, NULL, NULL}};
static const struct dialect_word sormas_disease[] = {{"covid-19", "CORONAVIRUS", NULL}, {"mers", "CORONAVIRUS", NULL},
                                                     {"ebola", "EVD", NULL},           {"mpox", "MONKEYPOX", NULL},
                                                     {"measles", "MEASLES", NULL},     {"cholera", "CHOLERA", NULL},
                                                     {"dengue", "DENGUE", NULL},       {"plague", "PLAGUE", NULL},
                                                     {NULL, NULL, NULL}};

// ---- columns ----

typedef enum dialect_how {
    HOW_VALUE, // as it is, or its word
    HOW_YEAR,
    HOW_MONTH,
    HOW_DAY,
    HOW_THERE, // the only word of the table, when the day is there
    HOW_UNIT,  // YEARS, when the number is there
    HOW_OTHER,  // the disease: its word, else OTHER
    HOW_NUMBER, // what the other system called them, else our identifier
} dialect_how;

struct dialect_column {
    const char *property, *label, *field;
    dialect_how how;
    const struct dialect_word *words;
};

#define GODATA_WHO                                                                          \
    {"firstName", "First name", "name", HOW_VALUE, NULL},                                   \
        {"gender", "Gender", "sex", HOW_VALUE, godata_sex},                                 \
        {"dob", "Date of birth", "born", HOW_VALUE, NULL},                                  \
        {"age.years", "Age", "age", HOW_VALUE, NULL},                                       \
        {"occupation", "Occupation", "occupation", HOW_VALUE, NULL},                        \
        {"documents[1].type", "Documents [1] Document type", "document_kind", HOW_VALUE, NULL}, \
        {"documents[1].number", "Documents [1] Document number", "document", HOW_VALUE, NULL},  \
        {"addresses[1].addressLine1", "Addresses [1] Address line 1", "address", HOW_VALUE, NULL}, \
    {                                                                                       \
        "addresses[1].phoneNumber", "Addresses [1] Phone number", "phone", HOW_VALUE, NULL  \
    }

static const struct dialect_column godata_case[] = {
    {"id", "ID", "id", HOW_NUMBER, NULL},
    {"visualId", "Case ID", "id", HOW_NUMBER, NULL},
    GODATA_WHO,
    {"classification", "Classification", "class", HOW_VALUE, godata_class},
    {"dateOfReporting", "Date of reporting", "reported", HOW_VALUE, NULL},
    {"dateOfOnset", "Date of onset", "onset", HOW_VALUE, NULL},
    {"dateBecomeCase", "Date of becoming case", "diagnosed", HOW_VALUE, NULL},
    {"outcomeId", "Outcome", "outcome", HOW_VALUE, godata_outcome},
    {"dateOfOutcome", "Date of outcome", "outcome_day", HOW_VALUE, NULL},
    {"dateRanges[1].typeId", "Dates [1] Hospitalization / Isolation type", "hospitalised", HOW_THERE, godata_hospital},
    {"dateRanges[1].startDate", "Dates [1] Start Date", "hospitalised", HOW_VALUE, NULL},
    {"dateRanges[1].endDate", "Dates [1] End Date", "hospitalised_end", HOW_VALUE, NULL},
    {"dateRanges[2].typeId", "Dates [2] Hospitalization / Isolation type", "isolated", HOW_THERE, godata_isolation},
    {"dateRanges[2].startDate", "Dates [2] Start Date", "isolated", HOW_VALUE, NULL},
};
static const struct dialect_column godata_contact[] = {
    {"id", "ID", "id", HOW_NUMBER, NULL},
    {"visualId", "Contact ID", "id", HOW_NUMBER, NULL},
    GODATA_WHO,
    {"dateOfReporting", "Date of reporting", "reported", HOW_VALUE, NULL},
    {"dateOfFirstContact", "Date of first contact", "first_contact", HOW_VALUE, NULL},
    {"dateOfLastContact", "Date of last contact", "last_contact", HOW_VALUE, NULL},
    {"followUp.status", "Follow-up status", "status", HOW_VALUE, godata_status},
    {"sourceCaseUuid", "Source case", "case_of", HOW_VALUE, NULL},
    {"exposureType", "Exposure type", "kind", HOW_VALUE, NULL},
};

#define SORMAS_WHO                                                     \
    {"person.firstName", NULL, "name", HOW_VALUE, NULL},               \
        {"person.sex", NULL, "sex", HOW_VALUE, sormas_sex},            \
        {"person.birthdateDD", NULL, "born", HOW_DAY, NULL},           \
        {"person.birthdateMM", NULL, "born", HOW_MONTH, NULL},         \
        {"person.birthdateYYYY", NULL, "born", HOW_YEAR, NULL},        \
        {"person.approximateAge", NULL, "age", HOW_VALUE, NULL},       \
        {"person.approximateAgeType", NULL, "age", HOW_UNIT, NULL},    \
        {"person.phone", NULL, "phone", HOW_VALUE, NULL},              \
        {"person.address.street", NULL, "address", HOW_VALUE, NULL},   \
    {                                                                  \
        "person.occupationType", NULL, "occupation", HOW_VALUE, NULL   \
    }
static const struct dialect_column sormas_case[] = {
    {"uuid", NULL, "id", HOW_NUMBER, NULL},
    {"disease", NULL, "disease", HOW_OTHER, sormas_disease},
    SORMAS_WHO,
    {"person.presentCondition", NULL, "outcome", HOW_VALUE, sormas_condition},
    {"person.deathDate", NULL, "death", HOW_VALUE, NULL},
    {"caseClassification", NULL, "class", HOW_VALUE, sormas_class},
    {"classificationDate", NULL, "diagnosed", HOW_VALUE, NULL},
    {"reportDate", NULL, "reported", HOW_VALUE, NULL},
    {"symptoms.onsetDate", NULL, "onset", HOW_VALUE, NULL},
    {"outcome", NULL, "outcome", HOW_VALUE, sormas_outcome},
    {"outcomeDate", NULL, "outcome_day", HOW_VALUE, NULL},
    {"hospitalization.admissionDate", NULL, "hospitalised", HOW_VALUE, NULL},
    {"hospitalization.dischargeDate", NULL, "hospitalised_end", HOW_VALUE, NULL},
};
static const struct dialect_column sormas_contact[] = {
    {"uuid", NULL, "id", HOW_NUMBER, NULL},
    {"caseIdExternalSystem", NULL, "case_of", HOW_VALUE, NULL},
    {"disease", NULL, "disease", HOW_OTHER, sormas_disease},
    {"reportDateTime", NULL, "reported", HOW_VALUE, NULL},
    {"firstContactDate", NULL, "first_contact", HOW_VALUE, NULL},
    {"lastContactDate", NULL, "last_contact", HOW_VALUE, NULL},
    {"relationToCase", NULL, "kind", HOW_VALUE, NULL},
    {"followUpStatus", NULL, "status", HOW_VALUE, sormas_status},
    {"person.presentCondition", NULL, "status", HOW_VALUE, sormas_dead},
    SORMAS_WHO,
};

struct dialect_table {
    const struct dialect_column *columns;
    size_t count;
    const char *entity; // a row of it above the header; NULL: none
};
#define TABLE(columns, entity) {(columns), sizeof(columns) / sizeof(columns)[0], (entity)}
static const struct dialect_table dialect_tables[2][2] = {
    {TABLE(godata_case, NULL), TABLE(godata_contact, NULL)},
    {TABLE(sormas_case, "CaseData"), TABLE(sormas_contact, "Contact")},
};

static const struct dialect_table *dialect_table(export_dialect dialect, bool contacts)
{
    assert(dialect > DIALECT_OWN && dialect < DIALECT_COUNT);
    return &dialect_tables[dialect == DIALECT_SORMAS][contacts];
}

// ---- writing ----

void export_dialect_header(export_dialect dialect, bool contacts, struct sink *out)
{
    const struct dialect_table *t = dialect_table(dialect, contacts);
    for (int row = t->entity == NULL; row < 2; row++) {
        for (size_t i = 0; i < t->count; i++) {
            const struct dialect_column *c = &t->columns[i];
            const char *text = row == 0 ? t->entity : dialect == DIALECT_GODATA_LABELS ? c->label : c->property;
            if (i > 0) sink_char(out, ',');
            record_csv_cell(out, str_z(text));
        }
        sink_text(out, "\r\n");
    }
}

static const struct record_field *dialect_field(bool contacts, const char *name)
{
    const struct record_kind *kinds[] = {contacts ? &course_contact_kind : &course_case_kind,
                                         contacts ? &course_case_kind : &course_contact_kind};
    for (size_t k = 0; k < 2; k++) // a contact's age is a column of cases
        for (size_t i = 0; i < kinds[k]->count; i++)
            if (strcmp(kinds[k]->fields[i].name, name) == 0) return &kinds[k]->fields[i];
    assert(false); // a column of no field
    return NULL;
}

static void dialect_day(const struct dialect_column *c, civil_day day, char out[CIVIL_TEXT])
{
    struct civil_date d = civil_to_date(day);
    if (c->how == HOW_YEAR) (void)snprintf(out, CIVIL_TEXT, "%d", (int)d.year);
    else if (c->how == HOW_MONTH) (void)snprintf(out, CIVIL_TEXT, "%d", (int)d.month);
    else if (c->how == HOW_DAY) (void)snprintf(out, CIVIL_TEXT, "%d", (int)d.day);
    else civil_format(day, out);
}

static const char *dialect_word_of(export_dialect dialect, const struct dialect_column *c, struct str own)
{
    for (const struct dialect_word *w = c->words; w->own != NULL; w++)
        if (c->how == HOW_THERE || str_eq_z(own, w->own)) return dialect == DIALECT_GODATA_LABELS ? w->label : w->property;
    return c->how == HOW_OTHER ? "OTHER" : "";
}

static void dialect_cell(export_dialect dialect, bool contacts, const struct dialect_column *c,
                         const struct course_record *row, record_class reader, struct sink *out)
{
    if (c->how == HOW_OTHER) {
        record_csv_cell(out, str_z(dialect_word_of(dialect, c, row->disease)));
        return;
    }
    bool numbered = c->how == HOW_NUMBER && row->label.n > 0 && reader >= RECORD_PERSONAL;
    const struct record_field *f = dialect_field(contacts, numbered ? "label" : c->field);
    char text[CIVIL_TEXT > 24 ? CIVIL_TEXT : 24] = "";
    if (f->class > reader || record_absent(f, row)) return;
    if (f->type == RECORD_TYPE_DAY) {
        const civil_day *day = (const civil_day *)(const void *)((const char *)row + f->offset);
        dialect_day(c, *day, text);
        record_csv_cell(out, str_z(c->how == HOW_THERE ? dialect_word_of(dialect, c, (struct str){"", 0}) : text));
    } else if (f->type == RECORD_TYPE_INTEGER) {
        const int64_t *number = (const int64_t *)(const void *)((const char *)row + f->offset);
        (void)snprintf(text, sizeof text, "%lld", (long long)*number);
        record_csv_cell(out, str_z(c->how == HOW_UNIT ? "YEARS" : text));
    } else {
        struct str own = record_get_text(f, row);
        record_csv_cell(out, c->words == NULL ? own : str_z(dialect_word_of(dialect, c, own)));
    }
}

void export_dialect_row(export_dialect dialect, bool contacts, const struct course_record *row, record_class reader,
                        struct sink *out)
{
    const struct dialect_table *t = dialect_table(dialect, contacts);
    for (size_t i = 0; i < t->count; i++) {
        if (i > 0) sink_char(out, ',');
        dialect_cell(dialect, contacts, &t->columns[i], row, reader, out);
    }
    sink_text(out, "\r\n");
}
