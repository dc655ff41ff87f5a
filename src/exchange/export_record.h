// export_record.h -- the rows of exports that are no records of the store: courses of cases and contacts, samples, tasks.
#ifndef TONG_EXCHANGE_EXPORT_RECORD_H
#define TONG_EXCHANGE_EXPORT_RECORD_H

#include "base/record.h"

// One course of a person as a case or as a contact. The names of its columns are those that imports read.
struct course_record {
    struct str id;    // uid of the person
    struct str label; // the other system's number
    struct str name, sex, document_kind, document, phone, address, place, occupation;
    civil_day born;
    int64_t age;
    struct str pathway, stage, class, final, status;
    struct str outcome;
    struct str case_of, kind; // of a contact: whom they met (as that one's row calls them), and how
    struct str disease;       // of the protocol: in other systems' files only
    civil_day reported, infected, onset, sampled, diagnosed, isolated, hospitalised, hospitalised_end, outcome_day,
        death;
    civil_day first_contact, last_contact, order_until;
    utc_sec opened, ended;
};
extern const struct record_kind course_case_kind, course_contact_kind;

struct sample_record {
    struct str uid, person;
    struct str specimen;
    utc_sec taken;
    struct str tube, laboratory;
    utc_sec received;
    struct str test, outcome;
    utc_sec resulted;
    double ct;
};
extern const struct record_kind sample_record_kind;

struct task_record {
    int64_t id;
    struct str subject;
    struct str task, verb, role, how;
    int8_t overdue;
    utc_sec opened, deadline, closed;
};
extern const struct record_kind task_record_kind;

#endif
