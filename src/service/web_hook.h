// web_hook.h -- one text message handed to a gateway: POST of JSON over HTTP, signed.
//
// {"id": 17, "to": "13912345678", "text": "...", "language": "zh", "template": "result"}, with
//     Tongzhou-Timestamp: seconds since 1970
//     Tongzhou-Signature: sha256=HMAC-SHA-256(secret, timestamp "." body), in hex
// The gateway answers 2xx when it has taken the message over. The id is the same in each try: it must send it once.
#ifndef TONG_SERVICE_WEB_HOOK_H
#define TONG_SERVICE_WEB_HOOK_H

#include "base/civil.h"
#include "base/err.h"
#include "base/lang.h"

enum { WEB_HOOK_SIGNATURE = 72 };

struct web_hook_options {
    const char *url;      // "https://..."; NULL: no text messages are sent
    const char *secret;   // NULL: not signed
    int64_t seconds_max;  // 0: 15
};

struct web_hook_text {
    int64_t id;
    struct str to;
    const char *text, *name; // name of the template
    lang language;
    utc_sec at;
};

// IO: not taken over; try again. INVALID: the gateway refused this message for good (400, 410, 413, 422).
tong_code web_hook_send(const struct web_hook_options *o, const struct web_hook_text *m, struct err *err) TONG_MUST_USE;
// "sha256=..." of a body, for tests and for who writes a gateway.
void web_hook_sign(const char *secret, utc_sec at, struct str body, char out[WEB_HOOK_SIGNATURE]);

#endif
