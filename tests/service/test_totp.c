// The codes of the second factor, against the vectors of RFC 2202, 3174, 4226 and 6238.
#include "service/sha1.h"
#include "service/totp.h"
#include "tap.h"

static void hex(const unsigned char *bytes, size_t n, char *out)
{
    for (size_t i = 0; i < n; i++) (void)snprintf(out + 2 * i, 3, "%02x", bytes[i]);
}

static void sha1_is(struct str text, const char *want, const char *name)
{
    unsigned char out[SHA1_BYTES];
    char got[2 * SHA1_BYTES + 1];
    sha1(text, out);
    hex(out, sizeof out, got);
    EQ_TEXT(got, want, "SHA-1 of %s", name);
}

static void hmac_is(struct str key, struct str text, const char *want, const char *name)
{
    unsigned char out[SHA1_BYTES];
    char got[2 * SHA1_BYTES + 1];
    sha1_hmac(key, text, out);
    hex(out, sizeof out, got);
    EQ_TEXT(got, want, "HMAC-SHA-1, RFC 2202 case %s", name);
}

static void hashes(void)
{
    static char many[1000000], key[80], data[50];
    sha1_is(STR("abc"), "a9993e364706816aba3e25717850c26c9cd0d89d", "abc");
    sha1_is(STR(""), "da39a3ee5e6b4b0d3255bfef95601890afd80709", "nothing");
    sha1_is(STR("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"), "84983e441c3bd26ebaae4aa1f95129e5e54670f1", "56 bytes");
    memset(many, 'a', sizeof many);
    sha1_is((struct str){many, sizeof many}, "34aa973cd4c4daa4f61eeb2bdbad27316534016f", "a million a");
    memset(key, 0x0b, 20);
    hmac_is((struct str){key, 20}, STR("Hi There"), "b617318655057264e28bc0b6fb378c8ef146be00", "1");
    hmac_is(STR("Jefe"), STR("what do ya want for nothing?"), "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79", "2");
    memset(key, 0xaa, sizeof key);
    memset(data, 0xdd, sizeof data);
    hmac_is((struct str){key, 20}, (struct str){data, 50}, "125d7342b9ac11cd91a39af48aa17b4f63f175d3", "3");
    hmac_is((struct str){key, 80}, STR("Test Using Larger Than Block-Size Key - Hash Key First"),
            "aa4ae5e15272d00e95705637ce8a3b55ed402112", "6");
    hmac_is((struct str){key, 80}, STR("Test Using Larger Than Block-Size Key and Larger Than One Block-Size Data"),
            "e8e99d0f45237d786d6bbaa7965c7808bbff1a91", "7");
}

static const unsigned char secret[TOTP_SECRET] = {'1', '2', '3', '4', '5', '6', '7', '8', '9', '0',
                                                  '1', '2', '3', '4', '5', '6', '7', '8', '9', '0'};

static void codes(void)
{
    static const uint32_t hotp[] = {755224, 287082, 359152, 969429, 338314, 254676, 287922, 162583, 399871, 520489};
    for (int64_t i = 0; i < 10; i++) EQ_INT(totp_code(secret, i, 6), hotp[i], "RFC 4226, counter %lld", (long long)i);
    static const struct {
        int64_t time;
        uint32_t code;
    } totp[] = {{59, 94287082}, {1111111109, 7081804}, {1111111111, 14050471}, {1234567890, 89005924}, {2000000000, 69279037},
                {20000000000, 65353130}};
    for (size_t i = 0; i < sizeof totp / sizeof totp[0]; i++)
        EQ_INT(totp_code(secret, totp_step((utc_sec){totp[i].time}), 8), totp[i].code, "RFC 6238, time %lld", (long long)totp[i].time);
}

static int64_t match(const char *code, int64_t at, int64_t last)
{
    return totp_match(secret, str_z(code), (utc_sec){at}, last);
}

static void matching(void)
{
    // 287082 is the code of step 1 (30 to 59 s), 359152 of step 2.
    EQ_INT(match("287082", 45, 0), 1, "its own step");
    EQ_INT(match("287 082", 45, 0), 1, "with the blank that the app shows");
    EQ_INT(match("287082", 75, 0), 1, "a step late");
    EQ_INT(match("287082", 15, 0), 1, "a step early");
    EQ_INT(match("287082", 90, 0), -1, "two steps late");
    EQ_INT(match("287082", 45, 1), -1, "a second time");
    EQ_INT(match("359152", 45, 1), 2, "the next one after it");
    EQ_INT(match("287082", 45, 2), -1, "an older one than the last used");
    EQ_INT(match("287083", 45, 0), -1, "a wrong one");
    EQ_INT(match("28708", 45, 0), -1, "five digits");
    EQ_INT(match("2870820", 45, 0), -1, "seven digits");
    EQ_INT(match("", 45, 0), -1, "none");
    EQ_INT(match("28708a", 45, 0), -1, "a letter");
    EQ_INT(match("-87082", 45, 0), -1, "a sign");
}

static void texts(void)
{
    char base32[TOTP_BASE32];
    struct arena arena = {0};
    totp_base32(secret, base32);
    EQ_TEXT(base32, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", "base 32");
    EQ_TEXT(totp_uri(secret, STR("同舟"), STR("a b&c"), &arena),
            "otpauth://totp/%E5%90%8C%E8%88%9F:a%20b%26c?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=%E5%90%8C%E8%88%9F"
            "&algorithm=SHA1&digits=6&period=30", "the address for the camera");
    arena_free(&arena);
}

int main(void)
{
    hashes();
    codes();
    matching();
    texts();
    return tap_done();
}
