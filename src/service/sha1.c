#include "service/sha1.h"

#include <string.h>

struct sha1_state {
    uint32_t h[5];
    uint64_t bytes;
    unsigned char block[SHA1_BLOCK];
    size_t filled;
};

static uint32_t sha1_turn(uint32_t v, int bits)
{
    return v << bits | v >> (32 - bits);
}

// RFC 3174, section 6.1.
static void sha1_block(struct sha1_state *s)
{
    uint32_t w[80];
    for (size_t t = 0; t < 16; t++)
        w[t] = (uint32_t)s->block[4 * t] << 24 | (uint32_t)s->block[4 * t + 1] << 16 |
               (uint32_t)s->block[4 * t + 2] << 8 | (uint32_t)s->block[4 * t + 3];
    for (size_t t = 16; t < 80; t++) w[t] = sha1_turn(w[t - 3] ^ w[t - 8] ^ w[t - 14] ^ w[t - 16], 1);
    uint32_t a = s->h[0], b = s->h[1], c = s->h[2], d = s->h[3], e = s->h[4];
    for (size_t t = 0; t < 80; t++) {
        uint32_t f = t < 20 ? (b & c) | (~b & d) : t < 40 ? b ^ c ^ d : t < 60 ? (b & c) | (b & d) | (c & d) : b ^ c ^ d;
        uint32_t k = t < 20 ? 0x5A827999U : t < 40 ? 0x6ED9EBA1U : t < 60 ? 0x8F1BBCDCU : 0xCA62C1D6U;
        uint32_t next = sha1_turn(a, 5) + f + e + w[t] + k;
        e = d;
        d = c;
        c = sha1_turn(b, 30);
        b = a;
        a = next;
    }
    s->h[0] += a;
    s->h[1] += b;
    s->h[2] += c;
    s->h[3] += d;
    s->h[4] += e;
    s->filled = 0;
}

static void sha1_add(struct sha1_state *s, const unsigned char *p, size_t n)
{
    s->bytes += n;
    for (size_t i = 0; i < n; i++) {
        s->block[s->filled++] = p[i];
        if (s->filled == SHA1_BLOCK) sha1_block(s);
    }
}

static struct sha1_state sha1_begin(void)
{
    return (struct sha1_state){.h = {0x67452301U, 0xEFCDAB89U, 0x98BADCFEU, 0x10325476U, 0xC3D2E1F0U}};
}

static void sha1_end(struct sha1_state *s, unsigned char out[SHA1_BYTES])
{
    uint64_t bits = s->bytes * 8;
    unsigned char one = 0x80, zero = 0, length[8];
    sha1_add(s, &one, 1);
    while (s->filled != SHA1_BLOCK - sizeof length) sha1_add(s, &zero, 1);
    for (size_t i = 0; i < sizeof length; i++) length[i] = (unsigned char)(bits >> (56 - 8 * i));
    sha1_add(s, length, sizeof length);
    for (size_t i = 0; i < SHA1_BYTES; i++) out[i] = (unsigned char)(s->h[i / 4] >> (24 - 8 * (i % 4)));
}

void sha1(struct str text, unsigned char out[SHA1_BYTES])
{
    struct sha1_state s = sha1_begin();
    sha1_add(&s, (const unsigned char *)text.p, text.n);
    sha1_end(&s, out);
}

void sha1_hmac(struct str key, struct str text, unsigned char out[SHA1_BYTES])
{
    unsigned char short_key[SHA1_BYTES], pad[SHA1_BLOCK] = {0}, inner[SHA1_BYTES];
    if (key.n > SHA1_BLOCK) {
        sha1(key, short_key);
        memcpy(pad, short_key, sizeof short_key);
    } else if (key.n > 0) {
        memcpy(pad, key.p, key.n);
    }
    for (size_t i = 0; i < SHA1_BLOCK; i++) pad[i] ^= 0x36;
    struct sha1_state s = sha1_begin();
    sha1_add(&s, pad, sizeof pad);
    sha1_add(&s, (const unsigned char *)text.p, text.n);
    sha1_end(&s, inner);
    for (size_t i = 0; i < SHA1_BLOCK; i++) pad[i] ^= 0x36 ^ 0x5C;
    s = sha1_begin();
    sha1_add(&s, pad, sizeof pad);
    sha1_add(&s, inner, sizeof inner);
    sha1_end(&s, out);
}
