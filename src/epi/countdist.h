// countdist.h -- the two distributions of counts: negative binomial, and Poisson as its limit.
//
// size > 0 is the number k in variance mean + mean^2 / k; size HUGE_VAL is Poisson. 0 <= mean <= 1e10. Whole x only, at
// most 1e12. Outside the domain, and for a quantile beyond it, the answer is NAN (as in special.h).
#ifndef TONG_EPI_COUNTDIST_H
#define TONG_EPI_COUNTDIST_H

double countdist_log_density(double x, double mean, double size);
double countdist_p(double x, double mean, double size); // P(X <= x)
double countdist_q(double x, double mean, double size); // P(X > x)
// The smallest x with P(X <= x) >= p, or with `upper` tail probability given: P(X > x) <= p. 0 <= p < 1 (0 < p upper).
double countdist_quantile(double p, double mean, double size);
double countdist_quantile_upper(double tail, double mean, double size);

#endif
