// export_course.h -- one course of a person as a row: who they are, where it stands, and the dates that facts give it.
#ifndef TONG_EXCHANGE_EXPORT_COURSE_H
#define TONG_EXCHANGE_EXPORT_COURSE_H

#include "exchange/export.h"
#include "exchange/export_record.h"
#include "response/enrolment.h"

// Is this enrolment one of a case? By its pathway where the book is known, else by its class.
bool export_is_case(const struct enrolment *state, const struct rulebook *book);
// Fill a row from the row the statement export_courses stands on. Texts are in `arena`.
tong_code export_course(const struct export_options *o, sql_id q, const struct enrolment *state, bool as_case,
                        struct arena *arena, struct course_record *out, struct err *err) TONG_MUST_USE;

// Whom a contact met, and how: `source` is the subject who caused the course, 0 nobody known. Whom is left out unless the
// reader may see sources.
tong_code export_course_source(const struct export_options *o, int64_t subject, int64_t source, struct arena *arena,
                               struct course_record *out, struct err *err) TONG_MUST_USE;

#endif
