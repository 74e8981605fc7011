/* SPDX-License-Identifier: MIT */
/* special: incomplete beta and gamma functions, the ground that the distributions stand on. */
#ifndef CF_ANALYZERS_STAT_SPECIAL_H
#define CF_ANALYZERS_STAT_SPECIAL_H

/*
 * Both tails of one distribution function. Each is computed or subtracted so that it keeps its relative
 * precision (about 1e-12) when it is the small one; lower + upper = 1.
 */
struct cf_tails {
	double lower, upper;
};

/*
 * ln(Gamma(x + 1)) minus Stirling's formula x ln x - x + ln(2 pi x) / 2; x > 0. What is left of a factorial
 * when the large terms have cancelled.
 */
double cf_stirling_error(double x);

/* x ln(x / mean) + mean - x, without cancellation near x = mean; x >= 0, mean > 0. */
double cf_deviance_part(double x, double mean);

/*
 * x^a y^b / B(a, b), y = 1 - x: the beta density times x y, and its derivative in logit x. a, b > 0, 0 <= x
 * <= 1. x and y are both given, so that neither end of the range loses digits.
 */
double cf_beta_kernel(double a, double b, double x, double y);

/* The regularised incomplete beta function I_x(a, b) and 1 - I_x(a, b); arguments as above. */
struct cf_tails cf_beta_tails(double a, double b, double x, double y);

/* The regularised incomplete gamma functions P(a, x) and Q(a, x); a > 0, x >= 0. */
struct cf_tails cf_gamma_tails(double a, double x);

#endif
