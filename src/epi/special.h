// special.h -- the special functions statistics stands on, to near machine precision in both tails.
//
// Pure and thread-safe (no signgam). Relative error a few times 1e-15 where the result itself is not below 1e-300, for
// shapes from 1e-3 to 1e7; quantiles are solved to the last digits the distribution function allows. Outside the stated
// domain the answer is NAN: no number is promised there, and whoever takes numbers from outside checks them first.
//
// Sources: C. Loader, "Fast and accurate computation of binomial probabilities" (2000), for densities without
// cancellation; Abramowitz & Stegun 1964, 6.1.41 (Stirling), 6.5.29 (series of the incomplete gamma function), 6.5.31
// (its continued fraction), 26.2.23 (start of the normal quantile); DiDonato & Morris 1992 (incomplete beta
// function); E. B. Wilson & M. M. Hilferty 1931 (start of the gamma quantile); W. J. Lentz 1976 (continued
// fractions).
#ifndef TONG_EPI_SPECIAL_H
#define TONG_EPI_SPECIAL_H

#include <stdbool.h>

// log Gamma(x), x > 0.
double special_log_gamma(double x);
// log of the binomial coefficient for real n >= k >= 0.
double special_log_choose(double n, double k);
// Derivative of log Gamma, and the second one; x > 0.
double special_digamma(double x);
double special_trigamma(double x);

// exp(-mean) mean^x / Gamma(x + 1) for real x >= 0, mean >= 0.
double special_poisson_density(double x, double mean);
// The logarithms of this one and of the negative binomial one below, which do not underflow.
double special_log_poisson_density(double x, double mean);
double special_log_negbin_density(double x, double size, double mean);
// C(n, x) p^x q^(n - x) for real 0 <= x <= n and q = 1 - p given apart.
double special_binomial_density(double x, double n, double p, double q);
// Negative binomial of mean `mean` and size (dispersion) > 0: variance mean + mean^2 / size; size HUGE_VAL is Poisson.
double special_negbin_density(double x, double size, double mean);

// Regularised incomplete gamma functions, shape > 0, x >= 0: lower P(shape, x), upper Q = 1 - P.
double special_gamma_p(double shape, double x);
double special_gamma_q(double shape, double x);
// Regularised incomplete beta function I_x(a, b) and 1 - I_x(a, b); a, b > 0. y = 1 - x given apart keeps small ones.
double special_beta_p(double a, double b, double x, double y);
double special_beta_q(double a, double b, double x, double y);

double special_normal_p(double z);
double special_normal_density(double z);
double special_t_q(double t, double df); // upper tail of Student's t

// Quantiles: the x with P(X <= x) = p, or with `upper` P(X > x) = p. 0 <= p <= 1.
double special_normal_quantile(double p);
double special_gamma_quantile(double p, double shape, bool upper); // scale 1
double special_beta_quantile(double p, double a, double b, bool upper);
double special_t_quantile(double p, double df);
double special_chi2_quantile(double p, double df);
double special_chi2_q(double x, double df); // upper tail

#endif
