/* SPDX-License-Identifier: MIT */
/* distributions: tails and quantiles of the distributions that the tests need. */
#ifndef CF_ANALYZERS_STAT_DISTRIBUTIONS_H
#define CF_ANALYZERS_STAT_DISTRIBUTIONS_H

#include "analyzers/stat/special.h"
#include <stdint.h>

/*
 * Relative precision is about 1e-12 in both tails, down to the smallest double (1e-10 from counts of 1e12
 * on); R is what the tests compare with. Arguments that aren't numbers, and parameters outside their range,
 * are programming errors.
 */

struct cf_tails cf_normal_tails(double x);
double cf_normal_quantile(double p);    /* of the lower tail; 0 gives -inf, 1 +inf */
double cf_normal_two_sided(double z);   /* P(|Z| >= |z|) */
double cf_normal_z(double two_sided_p); /* the |z| that it belongs to: 0 for 1, inf for 0 */

struct cf_tails cf_t_tails(double t, double df); /* df > 0, may be infinite */
double cf_t_quantile(double p, double df);
double cf_t_two_sided(double t, double df);

struct cf_tails cf_chi2_tails(double x, double df); /* df > 0 */

/* lower = P(X <= x), upper = P(X > x). */
struct cf_tails cf_beta_distribution(double x, double a, double b);
/*
 * The x with P(X <= x) = p, as x / (1 - x): what a ratio of two counts needs, without loss at either end. p
 * = 0 gives 0, p = 1 infinity.
 */
double cf_beta_quantile_odds(double p, double a, double b);

/*
 * The number of successes of n trials, each with the chance odds / (1 + odds); 0 <= odds <= infinity, 0 <=
 * k <= n. Tails: lower = P(K <= k), upper = P(K > k).
 */
double cf_binomial_probability(int64_t k, int64_t n, double odds);
struct cf_tails cf_binomial_tails(int64_t k, int64_t n, double odds);

double cf_poisson_probability(int64_t k, double mean);
struct cf_tails cf_poisson_tails(int64_t k, double mean); /* P(K <= k), P(K > k) */

#endif
