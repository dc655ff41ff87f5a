// totp.h -- the second factor: codes that change every 30 seconds (RFC 6238 over RFC 4226, HMAC-SHA-1, six digits), as
// every authenticator app makes them.
//
// A code is accepted one step early or late, for clocks that differ, and each step at most once: the caller keeps the last
// step accepted and gives it back.
#ifndef TONG_SERVICE_TOTP_H
#define TONG_SERVICE_TOTP_H

#include "base/arena.h"
#include "base/civil.h"

enum { TOTP_SECRET = 20, TOTP_STEP_S = 30, TOTP_DIGITS = 6, TOTP_AROUND = 1 };

// The code of a counter (RFC 4226, section 5.3), `digits` long (at most 8).
uint32_t totp_code(const unsigned char secret[TOTP_SECRET], int64_t step, int32_t digits);
int64_t totp_step(utc_sec now);
// The step whose code was given, or -1: no digits, wrong, or a step not after `last_used`. All steps of the window are
// compared whatever the first one says.
int64_t totp_match(const unsigned char secret[TOTP_SECRET], struct str code, utc_sec now, int64_t last_used);
// "otpauth://totp/..." for the app's camera, and the secret in base 32 for those who type. NULL when memory is short.
char *totp_uri(const unsigned char secret[TOTP_SECRET], struct str issuer, struct str login, struct arena *arena);
enum { TOTP_BASE32 = 33 };
void totp_base32(const unsigned char secret[TOTP_SECRET], char out[TOTP_BASE32]);

#endif
