#include "store/db_postgresql.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

// Types of pg_type.dat: their numbers are part of the protocol.
enum { BOOL = 16, INT8 = 20, INT2 = 21, INT4 = 23, FLOAT4 = 700, FLOAT8 = 701, NUMERIC = 1700 };

static void put_big_endian(char *out, uint64_t v, int bytes)
{
    for (int i = bytes - 1; i >= 0; i--, v >>= 8) out[i] = (char)(unsigned char)(v & 0xff);
}

static uint64_t get_big_endian(const char *p, int bytes)
{
    uint64_t v = 0;
    for (int i = 0; i < bytes; i++) v = v << 8 | (unsigned char)p[i];
    return v;
}

// ---- parameters ----

static void as_text(struct pg_parameters *out, size_t k)
{
    out->value[k] = out->room[k];
    out->length[k] = 0; // ends with NUL
    out->binary[k] = 0;
}

static void as_binary(struct pg_parameters *out, size_t k, uint64_t bits, int bytes)
{
    put_big_endian(out->room[k], bits, bytes);
    out->value[k] = out->room[k];
    out->length[k] = bytes;
    out->binary[k] = 1;
}

static uint64_t bits_of(double v)
{
    uint64_t bits = 0;
    memcpy(&bits, &v, sizeof bits);
    return bits;
}

// A number too large for the type that was inferred goes as text, so that the server says so.
static void encode_integer(struct pg_parameters *out, size_t k, int64_t v, Oid type)
{
    if (type == INT8) as_binary(out, k, (uint64_t)v, 8);
    else if (type == INT4 && v >= INT32_MIN && v <= INT32_MAX) as_binary(out, k, (uint32_t)(int32_t)v, 4);
    else if (type == FLOAT8) as_binary(out, k, bits_of((double)v), 8);
    else {
        (void)snprintf(out->room[k], sizeof out->room[k], "%" PRId64, v);
        as_text(out, k);
    }
}

static void encode_real(struct pg_parameters *out, size_t k, double v, Oid type)
{
    if (type == FLOAT8) {
        as_binary(out, k, bits_of(v), 8);
        return;
    }
    (void)snprintf(out->room[k], sizeof out->room[k], "%.17g", v);
    as_text(out, k);
}

void pg_encode(const struct db_value *in, size_t count, const Oid *type, struct pg_parameters *out)
{
    assert(count <= DB_PARAMETERS_MAX);
    out->count = (int)count;
    for (size_t k = 0; k < count; k++) {
        const struct db_value *v = &in[k];
        switch (v->type) {
        case DB_NULL:
            out->value[k] = NULL;
            out->length[k] = out->binary[k] = 0;
            break;
        case DB_INTEGER: encode_integer(out, k, v->integer, type[k]); break;
        case DB_REAL: encode_real(out, k, v->real, type[k]); break;
        case DB_TEXT: // the binary form of a text is the text, without a NUL
        case DB_BLOB:
            assert(v->text.n <= INT32_MAX);
            out->value[k] = v->text.p == NULL ? "" : v->text.p;
            out->length[k] = (int)v->text.n;
            out->binary[k] = 1;
            break;
        }
    }
}

// ---- columns ----

// numeric, as sum() over bigint answers it: digits of base 10,000 before and after the point.
static double numeric_real(const char *p)
{
    int digits = (int)get_big_endian(p, 2), weight = (int16_t)get_big_endian(p + 2, 2);
    bool negative = get_big_endian(p + 4, 2) != 0;
    double v = 0, unit = 1;
    for (int i = 0; i < digits; i++) {
        int power = weight - i;
        double digit = (double)get_big_endian(p + 8 + 2 * i, 2);
        if (power >= 0) v = v * 10000 + digit;
        else v += digit * (unit /= 10000);
    }
    for (int i = digits; i <= weight; i++) v *= 10000;
    return negative ? -v : v;
}

static int64_t numeric_integer(const char *p)
{
    int digits = (int)get_big_endian(p, 2), weight = (int16_t)get_big_endian(p + 2, 2);
    bool negative = get_big_endian(p + 4, 2) != 0;
    uint64_t v = 0;
    for (int i = 0; i <= weight; i++) v = v * 10000 + (i < digits ? get_big_endian(p + 8 + 2 * i, 2) : 0);
    return negative ? -(int64_t)v : (int64_t)v;
}

static double real_of(uint64_t bits)
{
    double v = 0;
    memcpy(&v, &bits, sizeof v);
    return v;
}

static bool is_real(Oid type)
{
    return type == FLOAT8 || type == FLOAT4 || type == NUMERIC;
}

static double stored_real(const PGresult *r, int row, int column)
{
    const char *p = PQgetvalue(r, row, column);
    switch (PQftype(r, column)) {
    case FLOAT8: return real_of(get_big_endian(p, 8));
    case FLOAT4: {
        uint32_t bits = (uint32_t)get_big_endian(p, 4);
        float v = 0;
        memcpy(&v, &bits, sizeof v);
        return (double)v;
    }
    default: return numeric_real(p);
    }
}

static int64_t stored_integer(const PGresult *r, int row, int column)
{
    const char *p = PQgetvalue(r, row, column);
    switch (PQftype(r, column)) {
    case INT8: return (int64_t)get_big_endian(p, 8);
    case INT4: return (int32_t)get_big_endian(p, 4);
    case INT2: return (int16_t)get_big_endian(p, 2);
    default:
        assert(PQftype(r, column) == BOOL); // else a text is asked for as a number
        return p[0];
    }
}

int64_t pg_integer(const PGresult *r, int row, int column, int64_t none)
{
    assert(PQfformat(r, column) == 1 && column < PQnfields(r));
    if (PQgetisnull(r, row, column) != 0) return none;
    Oid type = PQftype(r, column);
    if (type == NUMERIC) return numeric_integer(PQgetvalue(r, row, column));
    return is_real(type) ? (int64_t)stored_real(r, row, column) : stored_integer(r, row, column);
}

double pg_real(const PGresult *r, int row, int column, double none)
{
    assert(PQfformat(r, column) == 1 && column < PQnfields(r));
    if (PQgetisnull(r, row, column) != 0) return none;
    return is_real(PQftype(r, column)) ? stored_real(r, row, column) : (double)stored_integer(r, row, column);
}

struct str pg_text(const PGresult *r, int row, int column)
{
    assert(PQfformat(r, column) == 1 && column < PQnfields(r));
    if (PQgetisnull(r, row, column) != 0) return (struct str){NULL, 0};
    return (struct str){PQgetvalue(r, row, column), (size_t)PQgetlength(r, row, column)};
}
