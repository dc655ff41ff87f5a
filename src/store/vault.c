#include "store/vault.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    VAULT_HEAD = 4096,
    VAULT_MAGIC = 8,
    VAULT_VERSION = 1,
    VAULT_NAME = 16,         // random bytes that name the vault
    VAULT_BLOCK = 64 * 1024, // the file grows by so many bytes at least
    VAULT_PIECE = 64 * 1024, // is copied in pieces of so many
    VAULT_PATH = 4096,
    VAULT_ADDED = 8, // bytes of `about`
};
_Static_assert(VAULT_OVERHEAD ==
                   crypto_aead_xchacha20poly1305_ietf_NPUBBYTES + crypto_aead_xchacha20poly1305_ietf_ABYTES,
               "a sealed text is longer by its nonce and its tag");
_Static_assert(VAULT_KEY == crypto_aead_xchacha20poly1305_ietf_KEYBYTES && VAULT_KEY == crypto_kdf_KEYBYTES,
               "a slot is a key from which keys are derived");

// Texts that lead from a person's key to the keys of its uses (libsodium's crypto_kdf: BLAKE2b with context and
// number).
#define VAULT_CONTEXT "tongkeys"
enum vault_use { VAULT_USE_SEAL = 1, VAULT_USE_SALT = 2, VAULT_USE_HASH = 3 };

struct vault_head {
    unsigned char magic[VAULT_MAGIC];
    uint32_t version, key_bytes; // little-endian
    unsigned char name[VAULT_NAME];
};
static const unsigned char vault_magic[VAULT_MAGIC] = {'T', 'O', 'N', 'G', 'K', 'E', 'Y', 'S'};

// The file is mapped once, far beyond its end, for reading: it grows without moving, and readers need no lock. Writing
// goes through pwrite, so that a full disk is an error and not a signal.
struct vault {
    char *file;
    int fd;
    bool writes;
    const unsigned char *map;
    size_t map_bytes;
    _Atomic int64_t slots; // in the file; those behind do not exist
    unsigned char name[VAULT_NAME];
    unsigned char hash[VAULT_KEY]; // what all hashes are keyed with: derived once, an import asks for it ten times a row
};

static bool vault_derive(const struct vault *v, int64_t person, enum vault_use use, unsigned char out[VAULT_KEY]);

static void vault_le32(uint32_t v, unsigned char out[4])
{
    for (int32_t i = 0; i < 4; i++) out[i] = (unsigned char)(v >> (8 * i));
}

static void vault_head_make(const unsigned char name[VAULT_NAME], unsigned char out[VAULT_HEAD])
{
    memset(out, 0, VAULT_HEAD);
    memcpy(out, vault_magic, VAULT_MAGIC);
    vault_le32(VAULT_VERSION, out + offsetof(struct vault_head, version));
    vault_le32(VAULT_KEY, out + offsetof(struct vault_head, key_bytes));
    memcpy(out + offsetof(struct vault_head, name), name, VAULT_NAME);
}

static bool vault_head_good(const unsigned char head[VAULT_HEAD], unsigned char name[VAULT_NAME])
{
    unsigned char want[VAULT_HEAD];
    memcpy(name, head + offsetof(struct vault_head, name), VAULT_NAME);
    vault_head_make(name, want);
    return memcmp(head, want, VAULT_HEAD) == 0;
}

static tong_code vault_refused(const char *what, const char *file, struct err *err)
{
    bool full = errno == ENOSPC || errno == EDQUOT || errno == EFBIG;
    tong_code code = errno == ENOENT   ? TONG_E_NOT_FOUND
                     : errno == EEXIST ? TONG_E_CONFLICT
                     : full            ? TONG_E_LIMIT
                                       : TONG_E_IO;
    return tong_fail(err, code, "vault %s: cannot %s: %s", file, what, strerror(errno));
}

static bool vault_write(int fd, const void *bytes, size_t n, int64_t at)
{
    const unsigned char *p = bytes;
    while (n > 0) {
        ssize_t done = pwrite(fd, p, n, (off_t)at);
        if (done < 0 && errno == EINTR) continue;
        if (done <= 0) return false;
        p += done;
        n -= (size_t)done;
        at += done;
    }
    return true;
}

static bool vault_read(int fd, void *bytes, size_t n, int64_t at)
{
    unsigned char *p = bytes;
    while (n > 0) {
        ssize_t done = pread(fd, p, n, (off_t)at);
        if (done < 0 && errno == EINTR) continue;
        if (done <= 0) return false;
        p += done;
        n -= (size_t)done;
        at += done;
    }
    return true;
}

static int64_t vault_at(int64_t person)
{
    return VAULT_HEAD + person * VAULT_KEY;
}

// A new file is there after a loss of power only when its folder was synced too.
static bool vault_sync_folder(const char *file)
{
    char folder[VAULT_PATH];
    const char *slash = strrchr(file, '/');
    size_t n = slash == NULL ? 0 : slash == file ? 1 : (size_t)(slash - file);
    if (n >= sizeof folder) return false;
    memcpy(folder, file, n);
    folder[n] = 0;
    int fd = open(n == 0 ? "." : folder, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return false;
    bool good = fsync(fd) == 0;
    (void)close(fd);
    return good;
}

// The head is written last: a file without it was never finished, and is made again.
static tong_code vault_make(int fd, const char *file, struct err *err)
{
    unsigned char master[VAULT_KEY], name[VAULT_NAME], head[VAULT_HEAD];
    vault_random(master, sizeof master);
    vault_random(name, sizeof name);
    vault_head_make(name, head);
    errno = posix_fallocate(fd, 0, VAULT_HEAD + VAULT_BLOCK);
    bool good = errno == 0 && vault_write(fd, master, sizeof master, vault_at(0)) && fdatasync(fd) == 0 &&
                vault_write(fd, head, sizeof head, 0) && fsync(fd) == 0 && vault_sync_folder(file);
    sodium_memzero(master, sizeof master);
    return good ? TONG_OK : vault_refused("make it", file, err);
}

static tong_code vault_map(struct vault *v, const char *file, bool create, struct err *err)
{
    unsigned char head[VAULT_HEAD];
    struct stat st;
    if (fstat(v->fd, &st) != 0) return vault_refused("look at it", file, err);
    static const unsigned char blank[VAULT_HEAD];
    size_t there = st.st_size < VAULT_HEAD ? (size_t)st.st_size : VAULT_HEAD;
    bool unmade =
        st.st_size <= VAULT_HEAD + VAULT_BLOCK && vault_read(v->fd, head, there, 0) && memcmp(head, blank, there) == 0;
    if (create && unmade) {
        tong_code code = vault_make(v->fd, file, err);
        if (code != TONG_OK) return code;
        if (fstat(v->fd, &st) != 0) return vault_refused("look at it", file, err);
    }
    if (!vault_read(v->fd, head, sizeof head, 0) || !vault_head_good(head, v->name))
        return tong_fail(err, TONG_E_INVALID, "%s is not a vault of this program", file);
    size_t bytes = (size_t)vault_at(VAULT_PEOPLE_MAX);
    void *map = mmap(NULL, bytes, PROT_READ, MAP_SHARED, v->fd, 0);
    if (map == MAP_FAILED) return vault_refused("map it", file, err);
    v->map = map;
    v->map_bytes = bytes;
    atomic_store(&v->slots, ((int64_t)st.st_size - VAULT_HEAD) / VAULT_KEY);
    return TONG_OK;
}

static tong_code vault_open_as(const char *file, bool writes, bool create, struct vault **out, struct err *err)
{
    assert(file != NULL && out != NULL);
    if (sodium_init() < 0) return tong_fail(err, TONG_E_IO, "the system gives no random numbers");
    struct vault *v = calloc(1, sizeof *v);
    if (v == NULL) return tong_fail(err, TONG_E_NOMEM, "no memory for the vault");
    v->writes = writes;
    v->file = malloc(strlen(file) + 1);
    if (v->file == NULL) {
        free(v);
        return tong_fail(err, TONG_E_NOMEM, "no memory for the vault");
    }
    memcpy(v->file, file, strlen(file) + 1);
    v->fd = open(file, (writes ? O_RDWR : O_RDONLY) | (create ? O_CREAT : 0) | O_CLOEXEC, S_IRUSR | S_IWUSR);
    tong_code code = v->fd < 0 ? vault_refused("open it", file, err) : TONG_OK;
    // flock and not fcntl: a second opening in the same process must be refused too, and closing another descriptor of
    // the file must not give the lock away.
    if (code == TONG_OK && writes && flock(v->fd, LOCK_EX | LOCK_NB) != 0)
        code = tong_fail(err, TONG_E_CONFLICT, "vault %s: another process has it", file);
    if (code == TONG_OK) code = vault_map(v, file, create, err);
    if (code == TONG_OK && !vault_derive(v, 0, VAULT_USE_HASH, v->hash))
        code = tong_fail(err, TONG_E_INVALID, "%s has no master key", file);
    if (code == TONG_OK) *out = v;
    else vault_close(v);
    return code;
}

tong_code vault_open(const char *file, bool create, struct vault **out, struct err *err)
{
    return vault_open_as(file, true, create, out, err);
}

tong_code vault_open_read(const char *file, struct vault **out, struct err *err)
{
    return vault_open_as(file, false, false, out, err);
}

void vault_close(struct vault *v)
{
    if (v == NULL) return;
    if (v->map != NULL) (void)munmap((void *)(uintptr_t)v->map, v->map_bytes);
    if (v->fd >= 0) (void)close(v->fd);
    free(v->file);
    sodium_memzero(v, sizeof *v);
    free(v);
}

const char *vault_file(const struct vault *v)
{
    return v->file;
}

// ---- slots ----

// Another process may have added slots to a vault that is open for reading here.
static int64_t vault_slots(const struct vault *v)
{
    int64_t slots = atomic_load(&((struct vault *)(uintptr_t)v)->slots);
    struct stat st;
    if (v->writes || fstat(v->fd, &st) != 0) return slots;
    slots = ((int64_t)st.st_size - VAULT_HEAD) / VAULT_KEY;
    return slots < VAULT_PEOPLE_MAX ? slots : VAULT_PEOPLE_MAX;
}

typedef enum vault_slot { VAULT_SLOT_EMPTY, VAULT_SLOT_KEY, VAULT_SLOT_ERASED } vault_slot;

static vault_slot vault_slot_is(const unsigned char slot[VAULT_KEY])
{
    unsigned char all = 0xFF, any = 0;
    for (int32_t i = 0; i < VAULT_KEY; i++) {
        all &= slot[i];
        any |= slot[i];
    }
    return any == 0 ? VAULT_SLOT_EMPTY : all == 0xFF ? VAULT_SLOT_ERASED : VAULT_SLOT_KEY;
}

static vault_slot vault_look(const struct vault *v, int64_t person, unsigned char key[VAULT_KEY])
{
    memset(key, 0, VAULT_KEY);
    bool known = person >= 0 && person < atomic_load(&((struct vault *)(uintptr_t)v)->slots);
    if (!known && (person < 0 || person >= vault_slots(v))) return VAULT_SLOT_EMPTY;
    memcpy(key, v->map + vault_at(person), VAULT_KEY);
    return vault_slot_is(key);
}

static bool vault_derive(const struct vault *v, int64_t person, enum vault_use use, unsigned char out[VAULT_KEY])
{
    unsigned char key[VAULT_KEY];
    bool there = vault_look(v, person, key) == VAULT_SLOT_KEY;
    if (there) (void)crypto_kdf_derive_from_key(out, VAULT_KEY, (uint64_t)use, VAULT_CONTEXT, key);
    sodium_memzero(key, sizeof key);
    return there;
}

bool vault_has(const struct vault *v, int64_t person)
{
    unsigned char key[VAULT_KEY];
    bool there = vault_look(v, person, key) == VAULT_SLOT_KEY;
    sodium_memzero(key, sizeof key);
    return there;
}

bool vault_erased(const struct vault *v, int64_t person)
{
    unsigned char key[VAULT_KEY];
    bool erased = vault_look(v, person, key) == VAULT_SLOT_ERASED;
    sodium_memzero(key, sizeof key);
    return erased;
}

int64_t vault_last(const struct vault *v)
{
    int64_t last = vault_slots(v) - 1;
    while (last > 0 && vault_slot_is(v->map + vault_at(last)) == VAULT_SLOT_EMPTY) last--;
    return last < 0 ? 0 : last;
}

// In blocks: at least an eighth more each time, so that a large vault does not grow a thousand times.
static tong_code vault_grow(struct vault *v, int64_t person, struct err *err)
{
    int64_t slots = atomic_load(&v->slots);
    if (person < slots) return TONG_OK;
    int64_t bytes = slots * VAULT_KEY / 8;
    if (bytes < VAULT_BLOCK) bytes = VAULT_BLOCK;
    if ((person + 1 - slots) * VAULT_KEY > bytes) bytes = (person + 1 - slots) * VAULT_KEY;
    bytes = (bytes + VAULT_BLOCK - 1) / VAULT_BLOCK * VAULT_BLOCK;
    errno = posix_fallocate(v->fd, (off_t)vault_at(slots), (off_t)bytes);
    if (errno != 0) return vault_refused("make it larger", v->file, err);
    if (slots + bytes / VAULT_KEY > VAULT_PEOPLE_MAX) bytes = (VAULT_PEOPLE_MAX - slots) * VAULT_KEY;
    atomic_store(&v->slots, slots + bytes / VAULT_KEY);
    return TONG_OK;
}

tong_code vault_add(struct vault *v, int64_t person, struct err *err)
{
    assert(v->writes && person > 0);
    if (person >= VAULT_PEOPLE_MAX) return tong_fail(err, TONG_E_LIMIT, "the vault has no room for so many people");
    tong_code code = vault_grow(v, person, err);
    if (code != TONG_OK) return code;
    unsigned char key[VAULT_KEY];
    vault_slot is = vault_look(v, person, key);
    if (is == VAULT_SLOT_ERASED) return tong_fail(err, TONG_E_CONFLICT, "this person was erased");
    if (is == VAULT_SLOT_EMPTY) {
        do vault_random(key, sizeof key);
        while (vault_slot_is(key) != VAULT_SLOT_KEY);
        if (!vault_write(v->fd, key, sizeof key, vault_at(person))) code = vault_refused("write a key", v->file, err);
    }
    sodium_memzero(key, sizeof key);
    return code;
}

tong_code vault_sync(struct vault *v, struct err *err)
{
    assert(v->writes);
    return fdatasync(v->fd) == 0 ? TONG_OK : vault_refused("make it durable", v->file, err);
}

// ---- erasing and copying ----

static bool vault_blank(int fd, int64_t person)
{
    unsigned char gone[VAULT_KEY];
    memset(gone, 0xFF, sizeof gone);
    return vault_write(fd, gone, sizeof gone, vault_at(person)) && fdatasync(fd) == 0;
}

// True when the folder holds a copy of this vault in which the key no longer is. A copy that is older than the person,
// and ends before their slot, never had it.
static bool vault_blank_copy(const struct vault *v, int64_t person, struct str folder)
{
    char file[VAULT_PATH];
    unsigned char head[VAULT_HEAD], name[VAULT_NAME];
    int n = snprintf(file, sizeof file, "%.*s/" VAULT_COPY_NAME, STR_ARG(folder));
    if (n < 0 || (size_t)n >= sizeof file) return false;
    int fd = open(file, O_RDWR | O_CLOEXEC);
    if (fd < 0) return false;
    struct stat st;
    bool ours = fstat(fd, &st) == 0 && vault_read(fd, head, sizeof head, 0) && vault_head_good(head, name) &&
                memcmp(name, v->name, sizeof name) == 0;
    bool good = ours && (st.st_size < vault_at(person + 1) || vault_blank(fd, person));
    (void)close(fd);
    return good;
}

tong_code vault_erase(struct vault *v, int64_t person, const struct str *folders, size_t count, struct arena *arena,
                      struct str *missed, struct err *err)
{
    assert(v->writes);
    if (person <= 0 || person >= VAULT_PEOPLE_MAX) return tong_fail(err, TONG_E_INVALID, "no such person in the vault");
    tong_code code = vault_grow(v, person, err);
    if (code != TONG_OK) return code;
    if (!vault_blank(v->fd, person)) return vault_refused("erase a key", v->file, err);
    struct str names = {"", 0};
    for (size_t i = 0; i < count; i++) {
        if (vault_blank_copy(v, person, folders[i])) continue;
        char *more = arena_printf(arena, "%.*s%.*s\n", STR_ARG(names), STR_ARG(folders[i]));
        if (more == NULL)
            return tong_fail(err, TONG_E_NOMEM, "no memory for the names of the folders that were missed");
        names = str_z(more);
    }
    if (missed != NULL) *missed = names;
    return TONG_OK;
}

// The head comes last, so that half a copy is no vault. Then once more over all slots: an erasure that came while the
// file was written may have been overwritten by what had been read before it; those that come later find the copy.
tong_code vault_copy(const struct vault *v, const char *file, struct err *err)
{
    int fd = open(file, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (fd < 0) return vault_refused("make a copy", file, err);
    unsigned char *piece = malloc(VAULT_PIECE), head[VAULT_HEAD];
    int64_t end = vault_at(vault_slots(v));
    bool good = piece != NULL;
    for (int64_t at = VAULT_HEAD; good && at < end; at += VAULT_PIECE) {
        size_t n = (size_t)(end - at < VAULT_PIECE ? end - at : VAULT_PIECE);
        good = vault_read(v->fd, piece, n, at) && vault_write(fd, piece, n, at);
    }
    vault_head_make(v->name, head);
    good = good && vault_write(fd, head, sizeof head, 0) && fsync(fd) == 0;
    for (int64_t person = 1; good && vault_at(person) < end; person++) {
        unsigned char slot[VAULT_KEY];
        if (vault_slot_is(v->map + vault_at(person)) != VAULT_SLOT_ERASED) continue;
        good = vault_read(fd, slot, sizeof slot, vault_at(person)) &&
               (vault_slot_is(slot) == VAULT_SLOT_ERASED || vault_blank(fd, person));
    }
    good = good && fsync(fd) == 0 && vault_sync_folder(file);
    tong_code code = good ? TONG_OK : vault_refused("make a copy", file, err);
    if (piece != NULL) sodium_memzero(piece, VAULT_PIECE);
    free(piece);
    (void)close(fd);
    if (!good) (void)unlink(file);
    return code;
}

// ---- sealing ----

static void vault_about(int64_t about, unsigned char out[VAULT_ADDED])
{
    for (int32_t i = 0; i < VAULT_ADDED; i++) out[i] = (unsigned char)((uint64_t)about >> (8 * i));
}

struct str vault_seal(const struct vault *v, int64_t person, int64_t about, struct str plain, struct arena *arena)
{
    enum { NONCE = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES };
    unsigned char key[VAULT_KEY], added[VAULT_ADDED];
    unsigned char *out = plain.n > SIZE_MAX / 4 ? NULL : arena_alloc(arena, plain.n + VAULT_OVERHEAD);
    if (out == NULL || !vault_derive(v, person, VAULT_USE_SEAL, key)) return (struct str){NULL, 0};
    unsigned long long n = 0;
    vault_about(about, added);
    vault_random(out, NONCE);
    (void)crypto_aead_xchacha20poly1305_ietf_encrypt(out + NONCE, &n, (const unsigned char *)plain.p, plain.n, added,
                                                     sizeof added, NULL, out, key);
    sodium_memzero(key, sizeof key);
    assert(n == plain.n + VAULT_OVERHEAD - NONCE);
    return (struct str){(const char *)out, plain.n + VAULT_OVERHEAD};
}

struct str vault_unseal(const struct vault *v, int64_t person, int64_t about, struct str sealed, struct arena *arena)
{
    enum { NONCE = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES };
    unsigned char key[VAULT_KEY], added[VAULT_ADDED];
    if (sealed.n < VAULT_OVERHEAD) return (struct str){NULL, 0};
    unsigned char *out = arena_alloc(arena, sealed.n - VAULT_OVERHEAD + 1);
    if (out == NULL || !vault_derive(v, person, VAULT_USE_SEAL, key)) return (struct str){NULL, 0};
    unsigned long long n = 0;
    const unsigned char *p = (const unsigned char *)sealed.p;
    vault_about(about, added);
    int bad = crypto_aead_xchacha20poly1305_ietf_decrypt(out, &n, NULL, p + NONCE, sealed.n - NONCE, added,
                                                         sizeof added, p, key);
    sodium_memzero(key, sizeof key);
    if (bad != 0) return (struct str){NULL, 0};
    out[n] = 0;
    return (struct str){(const char *)out, (size_t)n};
}

// ---- hashes, salts, random numbers ----

// BLAKE2b keyed with a key of the master key; what goes in is the purpose, a zero byte, the text. A short hash is the
// long one cut: BLAKE2b itself gives at least 16 bytes.
void vault_hash(const struct vault *v, const char *purpose, struct str text, size_t bytes, unsigned char *out)
{
    unsigned char whole[crypto_generichash_BYTES];
    assert(bytes > 0 && bytes <= sizeof whole && purpose != NULL);
    crypto_generichash_state state;
    (void)crypto_generichash_init(&state, v->hash, sizeof v->hash, sizeof whole);
    (void)crypto_generichash_update(&state, (const unsigned char *)purpose, strlen(purpose) + 1);
    (void)crypto_generichash_update(&state, (const unsigned char *)text.p, text.n);
    (void)crypto_generichash_final(&state, whole, sizeof whole);
    memcpy(out, whole, bytes);
}

bool vault_salt(const struct vault *v, int64_t person, unsigned char out[VAULT_KEY])
{
    assert(person > 0);
    return vault_derive(v, person, VAULT_USE_SALT, out);
}

void vault_random(void *out, size_t n)
{
    randombytes_buf(out, n);
}
