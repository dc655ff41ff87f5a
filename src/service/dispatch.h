// dispatch.h -- the way of one request (http_dispatch): what is asked of it, in which order.
//
//   address -> route -> method -> origin -> who -> right -> path and query -> body -> handler -> noted look -> ETag ->
//   reply
//
// What fails ends the way with problem details. Every reply gets the security header fields and a Request-Id, is
// counted and logged.
#ifndef TONG_SERVICE_DISPATCH_H
#define TONG_SERVICE_DISPATCH_H

#include "service/http.h"

// The language of an Accept-Language field (RFC 9110, 12.5.4) that we have; `none` when it names neither.
lang language_choose(struct str field, lang none);
// Does the depth of arrays and objects in a JSON text stay within `most`? Texts are skipped; the text need not be
// valid.
bool json_depth_within(struct str text, int32_t most);
// Is it a write that another site's page made a browser send (cross-site request forgery)?
bool request_is_foreign(const struct request *rq);
// A short tag of a body: 64 bits, for ETag.
uint64_t body_tag(struct str body);

#endif
