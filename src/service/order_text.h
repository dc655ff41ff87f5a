// order_text.h -- an order as it is handed to whom it binds: what, why, on what ground, until when, what is provided, how to
// object. In English, Chinese or both, as a page to print (HTML without scripts and styles of its own) or as plain text.
//
// It never says who the case was. Until it is signed it says that it binds nobody.
#ifndef TONG_SERVICE_ORDER_TEXT_H
#define TONG_SERVICE_ORDER_TEXT_H

#include "service/measures_read.h"

enum { ORDER_LANGUAGES = 3 };
extern const struct record_word order_languages[ORDER_LANGUAGES]; // en, zh, both

// text/plain when the request accepts that and not HTML. `languages`: index into order_languages; -1: that of the request.
tong_code order_text_reply(struct request *rq, struct reply *rp, const struct measures_row *m, int32_t languages,
                           struct err *err) TONG_MUST_USE;

#endif
