// mail.h -- one mail by SMTP (RFC 5321, 5322), plain text in UTF-8.
#ifndef TONG_SERVICE_MAIL_H
#define TONG_SERVICE_MAIL_H

#include "base/civil.h"
#include "base/err.h"

struct mail_options {
    const char *url;            // "smtp://host:587", "smtps://host:465"; NULL: no mail is sent
    const char *from;           // address
    const char *user, *password; // NULL: without
    bool plain;                 // a connection without TLS is good enough (a server on this machine)
    int64_t seconds_max;        // 0: 30
};

struct mail {
    struct str to;              // one address, checked by account_contact_fits
    const char *subject, *text;
    utc_sec at;
    int64_t id;                 // of the message: Message-ID, so that a repeated one is recognised
};

// IO: not delivered, with the server's or the network's words, never the address.
tong_code mail_send(const struct mail_options *o, const struct mail *m, struct err *err) TONG_MUST_USE;
// The mail as it is sent, for tests: header, empty line, body, with CR LF. In memory of its own, freed by the caller's sink_close.
struct sink;
void mail_write(const struct mail_options *o, const struct mail *m, struct sink *out);

#endif
