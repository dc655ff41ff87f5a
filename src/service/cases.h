// cases.h -- cases, contacts and zones: enrolments of people, and of places, on the pathways of the protocol.
//
// GET /api/v1/cases, /contacts, /zones; GET /api/v1/cases/{enrolment}, /contacts/{enrolment}, /zones/{enrolment};
// GET /api/v1/cases/{enrolment}/contacts. A case pathway is one on which the case ladder is walked, a contact pathway one
// that a contact class leads to, a zone one of places. The source of an enrolment is shown with SOURCE_SEE alone.
//
// The lists take `as_known` (how they stood on a past day) and `dates` (those of a line list): cases_known.h; that of contacts also
// `calendar` (the follow-up day by day): contacts.h.
#ifndef TONG_SERVICE_CASES_H
#define TONG_SERVICE_CASES_H

#include "service/route.h"

extern const struct route_table cases_routes;

// Enrolments of pathways that are any of this (ROLL_IS_...).
bool cases_pathways(const struct request *rq, struct roll_query *q, uint8_t is);

#endif
