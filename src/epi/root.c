#include "epi/root.h"

#include <float.h>
#include <math.h>

enum { ROOT_STEPS_MAX = 500, ROOT_DOUBLINGS_MAX = 200 };

// Next step from b, whose function value is the smallest so far; c lies on the other side of the root.
static double root_step(double a, double fa, double b, double fb, double c, double fc, double before)
{
    double half = 0.5 * (c - b), tolerance = DBL_EPSILON * fabs(b) + DBL_MIN;
    if (fabs(before) < tolerance || fabs(fa) <= fabs(fb)) return half;
    double s = fb / fa, p, q;
    if (a == c) {
        p = 2 * half * s;
        q = 1 - s;
    } else { // inverse quadratic interpolation
        double t = fa / fc, r = fb / fc;
        p = s * (2 * half * t * (t - r) - (b - a) * (r - 1));
        q = (t - 1) * (r - 1) * (s - 1);
    }
    if (p > 0) q = -q;
    p = fabs(p);
    double most = 3 * half * q - fabs(tolerance * q), previous = fabs(before * q);
    return 2 * p < (most < previous ? most : previous) ? p / q : half;
}

bool root_find(root_function f, const void *context, double lo, double hi, double *x)
{
    double a = lo, b = hi, fa = f(a, context), fb = f(b, context);
    if (isnan(fa) || isnan(fb)) return false;
    if (fa == 0 || fb == 0) {
        *x = fa == 0 ? a : b;
        return true;
    }
    if ((fa > 0) == (fb > 0)) return false;
    double c = a, fc = fa, step = b - a, before = step;
    for (int i = 0; i < ROOT_STEPS_MAX; i++) {
        if ((fb > 0) == (fc > 0)) {
            c = a;
            fc = fa;
            step = before = b - a;
        }
        if (fabs(fc) < fabs(fb)) {
            a = b;
            b = c;
            c = a;
            fa = fb;
            fb = fc;
            fc = fa;
        }
        double tolerance = DBL_EPSILON * fabs(b) + DBL_MIN, half = 0.5 * (c - b);
        if (fb == 0 || fabs(half) <= tolerance) break;
        double next = root_step(a, fa, b, fb, c, fc, before);
        before = next == half ? half : step;
        step = next;
        a = b;
        fa = fb;
        b += fabs(step) > tolerance ? step : half > 0 ? tolerance : -tolerance;
        fb = f(b, context);
        if (isnan(fb)) return false;
    }
    *x = b;
    return true;
}

bool root_find_outward(root_function f, const void *context, double lo, double hi, double *x)
{
    double at_lo = f(lo, context), width = hi - lo;
    if (isnan(at_lo)) return false;
    double from = lo;
    for (int i = 0; i < ROOT_DOUBLINGS_MAX; i++) {
        double at = f(lo + width, context);
        if (isnan(at)) return false;
        if (at == 0 || (at > 0) != (at_lo > 0)) return root_find(f, context, from, lo + width, x);
        from = lo + width;
        width *= 2;
    }
    return false;
}
