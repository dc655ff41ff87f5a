#include "store/vault.h"
#include "tap.h"

#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[128];

static const char *path(char *out, const char *name)
{
    (void)snprintf(out, 256, "%s/%s", folder, name);
    return out;
}

static size_t file_read(const char *file, unsigned char *out, size_t room)
{
    FILE *f = fopen(file, "rb");
    size_t n = f == NULL ? 0 : fread(out, 1, room, f);
    if (f != NULL) (void)fclose(f);
    return n;
}

static bool file_has(const char *file, const void *bytes, size_t n)
{
    static unsigned char all[4 << 20];
    size_t size = file_read(file, all, sizeof all);
    for (size_t i = 0; i + n <= size; i++)
        if (memcmp(all + i, bytes, n) == 0) return true;
    return false;
}

// BLAKE2b itself, on which hashes and commitments stand. RFC 7693, appendix A; the 256-bit value: the authors' own
// b2sum.
static void test_blake(void)
{
    static const unsigned char abc_512[] = {
        0xba, 0x80, 0xa5, 0x3f, 0x98, 0x1c, 0x4d, 0x0d, 0x6a, 0x27, 0x97, 0xb6, 0x9f, 0x12, 0xf6, 0xe9,
        0x4c, 0x21, 0x2f, 0x14, 0x68, 0x5a, 0xc4, 0xb7, 0x4b, 0x12, 0xbb, 0x6f, 0xdb, 0xff, 0xa2, 0xd1,
        0x7d, 0x87, 0xc5, 0x39, 0x2a, 0xab, 0x79, 0x2d, 0xc2, 0x52, 0xd5, 0xde, 0x45, 0x33, 0xcc, 0x95,
        0x18, 0xd3, 0x8a, 0xa8, 0xdb, 0xf1, 0x92, 0x5a, 0xb9, 0x23, 0x86, 0xed, 0xd4, 0x00, 0x99, 0x23};
    static const unsigned char abc_256[] = {0xbd, 0xdd, 0x81, 0x3c, 0x63, 0x42, 0x39, 0x72, 0x31, 0x71, 0xef,
                                            0x3f, 0xee, 0x98, 0x57, 0x9b, 0x94, 0x96, 0x4e, 0x3b, 0xb1, 0xcb,
                                            0x3e, 0x42, 0x72, 0x62, 0xc8, 0xc0, 0x68, 0xd5, 0x23, 0x19};
    unsigned char out[64];
    OK(crypto_generichash(out, 64, (const unsigned char *)"abc", 3, NULL, 0) == 0 && memcmp(out, abc_512, 64) == 0,
       "BLAKE2b-512 of abc, RFC 7693");
    OK(crypto_generichash(out, 32, (const unsigned char *)"abc", 3, NULL, 0) == 0 && memcmp(out, abc_256, 32) == 0,
       "BLAKE2b-256 of abc");
}

static void test_open(void)
{
    char file[256], other[256];
    struct err err = {0};
    struct vault *v = NULL, *again = NULL;
    struct stat st;
    EQ_INT(vault_open(path(file, "v"), false, &v, &err), TONG_E_NOT_FOUND, "a vault that is not there");
    EQ_INT(vault_open(file, true, &v, &err), TONG_OK, "made");
    OK(stat(file, &st) == 0 && (st.st_mode & 0777) == 0600, "nobody else may read it");
    EQ_INT(vault_open(file, false, &again, &err), TONG_E_CONFLICT, "locked, in the same process too");
    EQ_INT(vault_open_read(file, &again, &err), TONG_OK, "but it may be read");
    EQ_INT(vault_add(v, 7, &err), TONG_OK, "a key");
    EQ_INT(vault_add(v, 70000, &err), TONG_OK, "a key far behind");
    EQ_INT(vault_sync(v, &err), TONG_OK, "durable");
    OK(vault_has(v, 7) && vault_has(v, 70000) && !vault_has(v, 8) && !vault_has(v, 70001), "the keys are there");
    OK(vault_has(again, 70000), "a reader sees what was added after it opened");
    EQ_INT(vault_last(v), 70000, "the last number");
    vault_close(again);
    struct arena arena = {0};
    struct str sealed = vault_seal(v, 70000, 3, STR("later"), &arena);
    unsigned char hash[VAULT_HASH], hash_again[VAULT_HASH];
    vault_hash(v, "phone", STR("13912345678"), sizeof hash, hash);
    vault_close(v);
    EQ_INT(vault_open(file, true, &v, &err), TONG_OK, "opened again");
    struct str plain = vault_unseal(v, 70000, 3, sealed, &arena);
    OK(str_eq_z(plain, "later"), "what was sealed before opens");
    vault_hash(v, "phone", STR("13912345678"), sizeof hash, hash_again);
    OK(memcmp(hash, hash_again, sizeof hash) == 0, "the master key is the same");
    EQ_INT(vault_add(v, VAULT_PEOPLE_MAX, &err), TONG_E_LIMIT, "no room for so many");
    vault_close(v);
    vault_close(NULL);
    FILE *f = fopen(path(other, "other"), "wb");
    (void)fprintf(f, "something else");
    (void)fclose(f);
    EQ_INT(vault_open(other, true, &v, &err), TONG_E_INVALID, "another kind of file is left alone");
    OK(file_has(other, "something else", 14), "and was not written to");
    // A vault whose making was cut short: the head, written last, is missing.
    f = fopen(path(other, "unmade"), "wb");
    for (int i = 0; i < 5000; i++) (void)fputc(0, f);
    (void)fclose(f);
    EQ_INT(vault_open(other, false, &v, &err), TONG_E_INVALID, "half a vault is none");
    EQ_INT(vault_open(other, true, &v, &err), TONG_OK, "and is made anew");
    vault_close(v);
    EQ_INT(vault_open(other, false, &v, &err), TONG_OK, "it holds now");
    vault_close(v);
    arena_free(&arena);
}

static void test_seal(void)
{
    char file[256];
    struct err err = {0};
    struct vault *v = NULL;
    struct arena arena = {0};
    if (vault_open(path(file, "seal"), true, &v, &err) != TONG_OK) return;
    (void)!vault_add(v, 1, &err);
    (void)!vault_add(v, 2, &err);
    struct str text = STR("王小明 13912345678");
    struct str a = vault_seal(v, 1, 10, text, &arena), b = vault_seal(v, 1, 10, text, &arena);
    EQ_INT(a.n, text.n + VAULT_OVERHEAD, "length");
    OK(a.n == b.n && memcmp(a.p, b.p, a.n) != 0, "never twice the same");
    struct str plain = vault_unseal(v, 1, 10, a, &arena);
    OK(str_eq(plain, text), "opens");
    OK(vault_unseal(v, 1, 11, a, &arena).p == NULL, "not as another fact's");
    OK(vault_unseal(v, 2, 10, a, &arena).p == NULL, "not as another person's");
    OK(vault_unseal(v, 0, 10, a, &arena).p == NULL, "not under the master key");
    OK(vault_seal(v, 3, 10, text, &arena).p == NULL && vault_unseal(v, 3, 10, a, &arena).p == NULL, "no key, nothing");
    char *changed = arena_copy(&arena, a.p, a.n);
    for (size_t i = 0; i < a.n; i++) {
        changed[i] = (char)(changed[i] ^ 1);
        CHECK(vault_unseal(v, 1, 10, (struct str){changed, a.n}, &arena).p == NULL, "byte %zu changed", i);
        changed[i] = (char)(changed[i] ^ 1);
        CHECK(vault_unseal(v, 1, 10, (struct str){a.p, i}, &arena).p == NULL, "cut to %zu", i);
    }
    struct str empty = vault_seal(v, 0, -1, STR(""), &arena);
    plain = vault_unseal(v, 0, -1, empty, &arena);
    OK(empty.n == VAULT_OVERHEAD && plain.p != NULL && plain.n == 0, "an empty text under the master key");
    unsigned char s1[VAULT_KEY], s2[VAULT_KEY], h1[VAULT_LONG_HASH], h2[VAULT_LONG_HASH], h3[VAULT_HASH];
    OK(vault_salt(v, 1, s1) && vault_salt(v, 2, s2) && memcmp(s1, s2, sizeof s1) != 0, "salts differ");
    OK(!file_has(file, s1, sizeof s1), "the salt is not the key");
    vault_hash(v, "phone", STR("1"), sizeof h1, h1);
    vault_hash(v, "document", STR("1"), sizeof h2, h2);
    vault_hash(v, "phone", STR("1"), sizeof h3, h3);
    OK(memcmp(h1, h2, sizeof h1) != 0, "purposes are kept apart");
    OK(memcmp(h1, h3, sizeof h3) == 0, "a short hash is the beginning of the long one");
    vault_close(v);
    struct vault *w = NULL;
    if (vault_open(path(file, "other-vault"), true, &w, &err) == TONG_OK) {
        vault_hash(w, "phone", STR("1"), sizeof h2, h2);
        OK(memcmp(h1, h2, sizeof h1) != 0, "another vault hashes otherwise");
    }
    vault_close(w);
    arena_free(&arena);
}

static void test_erase(void)
{
    char file[256], one[256], two[256], none[256], copy[300];
    struct err err = {0};
    struct vault *v = NULL, *c = NULL;
    struct arena arena = {0};
    unsigned char bytes[8192], key[VAULT_KEY], neighbour[VAULT_KEY];
    if (vault_open(path(file, "erase"), true, &v, &err) != TONG_OK) return;
    for (int64_t p = 1; p <= 3; p++) (void)!vault_add(v, p, &err);
    (void)!vault_sync(v, &err);
    (void)mkdir(path(one, "one"), 0700);
    (void)mkdir(path(two, "two"), 0700);
    (void)snprintf(copy, sizeof copy, "%s/%s", one, VAULT_COPY_NAME);
    EQ_INT(vault_copy(v, copy, &err), TONG_OK, "a copy");
    EQ_INT(vault_copy(v, copy, &err), TONG_E_CONFLICT, "never over another file");
    (void)file_read(file, bytes, sizeof bytes);
    memcpy(key, bytes + 4096 + 2 * VAULT_KEY, sizeof key);
    memcpy(neighbour, bytes + 4096 + 3 * VAULT_KEY, sizeof neighbour);
    OK(file_has(copy, key, sizeof key), "the copy holds the key");
    struct str sealed = vault_seal(v, 2, 1, STR("secret"), &arena), missed;
    struct str folders[] = {str_z(one), str_z(two), str_z(path(none, "none"))};
    EQ_INT(vault_erase(v, 2, folders, 3, &arena, &missed, &err), TONG_OK, "erased");
    char want[600];
    (void)snprintf(want, sizeof want, "%s\n%s\n", two, none);
    OK(str_eq_z(missed, want), "the folders without a copy are named");
    OK(!file_has(file, key, sizeof key) && !file_has(copy, key, sizeof key), "the key is in neither file");
    OK(file_has(file, neighbour, sizeof neighbour) && file_has(copy, neighbour, sizeof neighbour),
       "the neighbour's is");
    OK(!vault_has(v, 2) && vault_erased(v, 2) && !vault_erased(v, 1), "known as erased");
    unsigned char salt[VAULT_KEY];
    OK(!vault_salt(v, 2, salt) && vault_unseal(v, 2, 1, sealed, &arena).p == NULL, "nothing opens");
    EQ_INT(vault_add(v, 2, &err), TONG_E_CONFLICT, "an erased number never gets a key again");
    EQ_INT(vault_erase(v, 2, NULL, 0, &arena, NULL, &err), TONG_OK, "erasing may be repeated");
    EQ_INT(vault_erase(v, 0, NULL, 0, &arena, NULL, &err), TONG_E_INVALID, "the master key is not a person's");
    EQ_INT(vault_open_read(copy, &c, &err), TONG_OK, "the copy is a vault");
    OK(!vault_has(c, 2) && vault_erased(c, 2) && vault_has(c, 3), "in which the same is erased");
    vault_close(c);
    // A folder with another vault's copy: left alone and named.
    (void)snprintf(copy, sizeof copy, "%s/%s", two, VAULT_COPY_NAME);
    (void)!vault_open(copy, true, &c, &err);
    (void)!vault_add(c, 3, &err);
    vault_close(c);
    (void)!vault_erase(v, 3, &folders[1], 1, &arena, &missed, &err);
    (void)snprintf(want, sizeof want, "%s\n", two);
    OK(str_eq_z(missed, want), "another vault's file is not touched");
    (void)!vault_open_read(copy, &c, &err);
    OK(vault_has(c, 3), "its key is still there");
    vault_close(c);
    vault_close(v);
    arena_free(&arena);
}

// Any sequence of adding, erasing and opening again behaves like a plain array of states.
static void test_model(void)
{
    enum { PEOPLE = 300, STEPS = 3000 };
    static char state[PEOPLE];
    char file[256];
    struct err err = {0};
    struct vault *v = NULL;
    struct arena arena = {0};
    uint32_t r = 20221120;
    if (vault_open(path(file, "model"), true, &v, &err) != TONG_OK) return;
    for (int i = 0; i < STEPS; i++) {
        r = r * 1664525 + 1013904223;
        int64_t p = 1 + (r >> 8) % (PEOPLE - 1);
        if (r % 16 == 0) {
            CHECK(vault_erase(v, p, NULL, 0, &arena, NULL, &err) == TONG_OK, "erase");
            state[p] = 2;
        } else {
            tong_code code = vault_add(v, p, &err);
            CHECK(code == (state[p] == 2 ? TONG_E_CONFLICT : TONG_OK), "add");
            if (state[p] == 0) state[p] = 1;
        }
        if (i % 1000 == 999) {
            vault_close(v);
            v = NULL;
            if (vault_open(file, false, &v, &err) != TONG_OK) break;
        }
        CHECK(vault_has(v, p) == (state[p] == 1) && vault_erased(v, p) == (state[p] == 2), "state");
    }
    for (int64_t p = 1; p < PEOPLE && v != NULL; p++) CHECK(vault_has(v, p) == (state[p] == 1), "in the end");
    vault_close(v);
    arena_free(&arena);
}

int main(void)
{
    const char *tmp = getenv("TMPDIR");
    (void)snprintf(folder, sizeof folder, "%.90s/tongzhou-vault-XXXXXX", tmp == NULL ? "/tmp" : tmp);
    if (mkdtemp(folder) == NULL) return 1;
    test_blake();
    test_open();
    test_seal();
    test_erase();
    test_model();
    char command[256];
    (void)snprintf(command, sizeof command, "rm -rf '%s'", folder);
    (void)!system(command);
    return tap_done();
}
