#include "epi/maximum.h"

#include <math.h>

enum { MAXIMUM_ROUNDS = 300, MAXIMUM_HALVINGS = 60 };

static double maximum_at(maximum_function f, const void *context, const double p[2], double da, double db)
{
    double q[2] = {p[0] + da, p[1] + db};
    return f(q, context);
}

// Gradient and second derivatives, each with an error of the fourth power of h.
static void maximum_derivatives(maximum_function f, const void *context, const double p[2], double h, double g[2],
                                double s[3])
{
    double middle = f(p, context);
    for (int i = 0; i < 2; i++) {
        double a = i == 0 ? h : 0, b = i == 0 ? 0 : h;
        double p1 = maximum_at(f, context, p, a, b), m1 = maximum_at(f, context, p, -a, -b);
        double p2 = maximum_at(f, context, p, 2 * a, 2 * b), m2 = maximum_at(f, context, p, -2 * a, -2 * b);
        g[i] = (8 * (p1 - m1) - (p2 - m2)) / (12 * h);
        s[i] = (16 * (p1 + m1 - 2 * middle) - (p2 + m2 - 2 * middle)) / (12 * h * h);
    }
    double cross[2];
    for (int i = 0; i < 2; i++) {
        double k = (i + 1) * h;
        cross[i] = (maximum_at(f, context, p, k, k) - maximum_at(f, context, p, k, -k) -
                    maximum_at(f, context, p, -k, k) + maximum_at(f, context, p, -k, -k)) /
                   (4 * k * k);
    }
    s[2] = (4 * cross[0] - cross[1]) / 3;
}

bool maximum_find(maximum_function f, const void *context, double h, struct maximum *out)
{
    double p[2] = {out->p[0], out->p[1]}, value = f(p, context), g[2], s[3];
    if (!isfinite(value)) return false;
    bool settled = false;
    for (int round = 0; round < MAXIMUM_ROUNDS && !settled; round++) {
        maximum_derivatives(f, context, p, h, g, s);
        double det = s[0] * s[1] - s[2] * s[2], step[2];
        bool concave = s[0] < 0 && s[1] < 0 && det > 0;
        step[0] = concave ? -(s[1] * g[0] - s[2] * g[1]) / det : g[0] / (fabs(s[0]) + fabs(g[0]) + 1);
        step[1] = concave ? -(s[0] * g[1] - s[2] * g[0]) / det : g[1] / (fabs(s[1]) + fabs(g[1]) + 1);
        double most = fmax(fabs(step[0]), fabs(step[1]));
        if (!isfinite(most)) return false;
        double scale = most > 1 ? 1 / most : 1; // a unit of a logarithm is far enough
        settled = concave && most < 1e-11;
        double best = value;
        bool rose = false;
        for (int k = 0; k < MAXIMUM_HALVINGS && !rose; k++, scale /= 2) {
            double q[2] = {p[0] + scale * step[0], p[1] + scale * step[1]}, at = f(q, context);
            // The last steps move the value by less than its rounding: let them pass.
            if (!(at >= value - 1e-13 * fabs(value))) continue;
            p[0] = q[0];
            p[1] = q[1];
            best = at;
            rose = true;
        }
        value = best;
        if (!rose) settled = concave && most < 1e-6;
        if (!rose && !settled) return false;
    }
    maximum_derivatives(f, context, p, h, g, s);
    double det = s[0] * s[1] - s[2] * s[2];
    if (!(s[0] < 0) || !(det > 0)) return false;
    *out = (struct maximum){{p[0], p[1]}, f(p, context), {{-s[1] / det, s[2] / det}, {s[2] / det, -s[0] / det}}};
    return true;
}
