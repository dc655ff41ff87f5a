// Where places lie and how they are shaped: each is cut out of the one above, like plots of land, with crooked borders that
// neighbours share. So a map of any level has no gaps, and nothing is kept in memory.
#include "twin/district_inner.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>

// 30 N 125 E lies in the open East China Sea: no map shows anybody's house there.
static const double corner_latitude = 30.0, corner_longitude = 125.0;
static const double subdistrict_degrees = 0.036; // across; choice: some 3.5 km
static const double crooked = 0.22;              // how far a corner may stray, as a share of the plot; choice

struct patch { // four corners, counted round
    double x[4], y[4];
};

// A point of the patch, u and v from 0 to 1.
static void patch_at(const struct patch *p, double u, double v, double *x, double *y)
{
    const double w[4] = {(1 - u) * (1 - v), u * (1 - v), u * v, (1 - u) * v};
    *x = *y = 0;
    for (int k = 0; k < 4; k++) *x += w[k] * p->x[k], *y += w[k] * p->y[k];
}

static double shape_stray(const struct district *d, int64_t place, int32_t column, int32_t row, uint32_t axis)
{
    struct rng r = rng_stream(d->options.seed, axis, column * 4096 + row, (uint32_t)place, DISTRICT_DRAW_SHAPE);
    return crooked * (2 * rng_uniform(&r) - 1);
}

struct board { // how a place is cut: rows of `columns`, the last of what is left
    int64_t place;
    int32_t count, columns, rows;
};

static int32_t board_in_row(const struct board *b, int32_t row)
{
    return row == b->rows - 1 ? b->count - row * b->columns : b->columns;
}

// A corner of the board between rows. Borders of the place itself stay straight, so that they are its neighbours' too; so
// does the line above a last row that is cut in other widths.
static void board_corner(const struct district *d, const struct board *b, int32_t in_row, int32_t column, int32_t row, double *u, double *v)
{
    bool last = row == b->rows - 1 && board_in_row(b, row) != b->columns;
    *u = (double)column / in_row;
    *v = (double)row / b->rows;
    if (column > 0 && column < in_row) *u += shape_stray(d, b->place, column, row, in_row == b->columns ? 1u : 3u) / in_row;
    if (column > 0 && column < in_row && row > 0 && row < b->rows && !last) *v += shape_stray(d, b->place, column, row, 2u) / b->rows;
}

static struct patch board_cut(const struct district *d, const struct patch *whole, const struct board *b, int32_t nth)
{
    static const int32_t right[4] = {0, 1, 1, 0}, up[4] = {0, 0, 1, 1};
    int32_t row = nth / b->columns, column = nth % b->columns, in_row = board_in_row(b, row);
    struct patch out;
    for (int k = 0; k < 4; k++) {
        double u, v;
        board_corner(d, b, in_row, column + right[k], row + up[k], &u, &v);
        patch_at(whole, u, v, &out.x[k], &out.y[k]);
    }
    return out;
}

// Buildings stand apart from each other.
static struct patch patch_inset(const struct patch *p, double margin)
{
    static const double u[4] = {0, 1, 1, 0}, v[4] = {0, 0, 1, 1};
    struct patch out;
    for (int k = 0; k < 4; k++)
        patch_at(p, u[k] > 0 ? 1 - margin : margin, v[k] > 0 ? 1 - margin : margin, &out.x[k], &out.y[k]);
    return out;
}

static struct patch shape_of(const struct district *d, int64_t number)
{
    static const district_level levels[] = {LEVEL_SUBDISTRICT, LEVEL_COMMUNITY, LEVEL_ESTATE, LEVEL_GRID, LEVEL_BUILDING};
    int32_t subdistricts = d->run[LEVEL_SUBDISTRICT].count, columns = (int32_t)ceil(sqrt((double)subdistricts));
    double width = subdistrict_degrees * columns, height = subdistrict_degrees * 0.85 * ((subdistricts + columns - 1) / columns);
    struct patch p = {{corner_longitude, corner_longitude + width, corner_longitude + 0.93 * width, corner_longitude + 0.08 * width},
                      {corner_latitude + 0.06 * height, corner_latitude, corner_latitude + height, corner_latitude + 0.9 * height}};
    for (size_t k = 0; k < sizeof levels / sizeof levels[0]; k++) {
        int64_t at = district_above(d, number, levels[k]);
        if (at == 0) break;
        int32_t i = (int32_t)(at - d->run[levels[k]].first), count = district_place_siblings(d, levels[k], i);
        int32_t across = levels[k] == LEVEL_GRID ? 1 : (int32_t)ceil(sqrt((double)count));
        const struct board b = {district_parent(d, at), count, across, (count + across - 1) / across};
        int32_t nth = levels[k] == LEVEL_BUILDING ? i % d->run[LEVEL_BUILDING].per : district_place_nth(d, levels[k], i) - 1;
        p = board_cut(d, &p, &b, nth);
        if (levels[k] == LEVEL_BUILDING) p = patch_inset(&p, 0.2);
    }
    return p;
}

void district_locate(const struct district *d, int64_t number, struct district_place *out)
{
    struct patch p = shape_of(d, number);
    double u = 0.5, v = 0.5;
    if (district_level_of(d, number) > LEVEL_BUILDING) { // venues lie here and there in the place around them
        u += 1.6 * shape_stray(d, number, 0, 0, 4u);
        v += 1.6 * shape_stray(d, number, 0, 0, 5u);
    } else {
        int n = snprintf(out->shape, sizeof out->shape,
                         "{\"type\":\"Polygon\",\"coordinates\":[[[%.5f,%.5f],[%.5f,%.5f],[%.5f,%.5f],[%.5f,%.5f],[%.5f,%.5f]]]}", p.x[0], p.y[0],
                         p.x[1], p.y[1], p.x[2], p.y[2], p.x[3], p.y[3], p.x[0], p.y[0]);
        assert(n > 0 && (size_t)n < sizeof out->shape);
        (void)n;
    }
    patch_at(&p, u, v, &out->longitude, &out->latitude);
    out->located = true;
}
