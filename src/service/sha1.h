// sha1.h -- HMAC-SHA-1 (RFC 2104, RFC 3174), which authenticator apps use for their codes and nothing here uses for
// anything else: as a collision-resistant hash SHA-1 is broken, inside HMAC it is not.
#ifndef TONG_SERVICE_SHA1_H
#define TONG_SERVICE_SHA1_H

#include "base/str.h"

enum { SHA1_BYTES = 20, SHA1_BLOCK = 64 };

void sha1(struct str text, unsigned char out[SHA1_BYTES]);
void sha1_hmac(struct str key, struct str text, unsigned char out[SHA1_BYTES]);

#endif
