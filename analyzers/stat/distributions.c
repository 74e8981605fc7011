/* SPDX-License-Identifier: MIT */
/* distributions: tails and quantiles of the distributions that the tests need. */
#include "analyzers/stat/distributions.h"

#include <glib.h>
#include <math.h>

#define SQRT_2PI 2.50662827463100050241576528481
#define STEPS 200 /* of Newton's method: a handful is needed */

/* --- normal ----------------------------------------------------------------------------------- */

struct cf_tails cf_normal_tails(double x)
{
	g_assert(!isnan(x));
	return (struct cf_tails){ erfc(-x * M_SQRT1_2) / 2, erfc(x * M_SQRT1_2) / 2 };
}

/* Near the middle: the z with P(0 < Z < z) = q, so that a q near 0 keeps its digits. */
static double central_quantile(double q)
{
	double x = q * SQRT_2PI;

	for (int i = 0; i < STEPS; i++) {
		double step = (erf(x * M_SQRT1_2) / 2 - q) * SQRT_2PI * exp(x * x / 2);

		x -= step;
		if (fabs(step) <= 1e-15 * fabs(x))
			break;
	}
	return x;
}

/*
 * P(Z > z) = exp(-z^2 / 2) / (z sqrt(2 pi)) (1 - 1/z^2 + 3/z^4 - ...), turned about: where P is hardly a
 * double.
 */
static double far_quantile(double p)
{
	double x = sqrt(-2 * log(p));

	for (int i = 0; i < 20; i++) {
		double r = 1 / (x * x);

		x = sqrt(-2 * (log(p) + log(x * SQRT_2PI) - log1p(-r * (1 - 3 * r * (1 - 5 * r)))));
	}
	return x;
}

/* The z > 0 with P(Z > z) = p < 0.2. Newton on ln P, which is concave, from above: P < exp(-z^2 / 2). */
static double upper_quantile(double p)
{
	double x = sqrt(-2 * log(p)), log_p = log(p);

	if (p < 1e-300)
		return far_quantile(p);
	for (int i = 0; i < STEPS; i++) {
		double tail = erfc(x * M_SQRT1_2) / 2;
		double step = (log(tail) - log_p) * tail * SQRT_2PI * exp(x * x / 2);

		x += step;
		if (fabs(step) <= 1e-15 * x)
			break;
	}
	return x;
}

double cf_normal_quantile(double p)
{
	g_assert(p >= 0 && p <= 1);
	if (p == 0 || p == 1)
		return p == 0 ? -INFINITY : INFINITY;
	if (p > 0.2 && p < 0.8)
		return p < 0.5 ? -central_quantile(0.5 - p) : central_quantile(p - 0.5);
	return p < 0.5 ? -upper_quantile(p) : upper_quantile(1 - p);
}

double cf_normal_two_sided(double z)
{
	g_assert(!isnan(z));
	return erfc(fabs(z) * M_SQRT1_2);
}

double cf_normal_z(double p)
{
	return -cf_normal_quantile(p / 2);
}

/* --- through the incomplete beta function ----------------------------------------------------- */

/* Abramowitz & Stegun 26.5.27: P(T > t) = I_x(df/2, 1/2) / 2 with x = df / (df + t^2), for t > 0. */
struct cf_tails cf_t_tails(double t, double df)
{
	double square = t * t, small;

	g_assert(!isnan(t) && df > 0);
	if (isinf(df))
		return cf_normal_tails(t);
	if (isinf(square))
		small = 0;
	else
		small = cf_beta_tails(df / 2, 0.5, df / (df + square), square / (df + square)).lower / 2;
	return t < 0 ? (struct cf_tails){ small, 1 - small } : (struct cf_tails){ 1 - small, small };
}

double cf_t_quantile(double p, double df)
{
	double tail = p < 0.5 ? p : 1 - p, t;

	g_assert(p >= 0 && p <= 1 && df > 0);
	if (isinf(df))
		return cf_normal_quantile(p);
	if (tail == 0.5)
		return 0;
	if (tail == 0)
		return p == 0 ? -INFINITY : INFINITY;
	/*
	 * t^2 / df has the odds of a Beta(1/2, df/2) variable; its lower tail is 1 - 2 tail = 2 |p - 1/2|
	 */
	if (tail < 0.25)
		t = sqrt(df / cf_beta_quantile_odds(2 * tail, df / 2, 0.5));
	else
		t = sqrt(df * cf_beta_quantile_odds(2 * fabs(p - 0.5), 0.5, df / 2));
	return p < 0.5 ? -t : t;
}

double cf_t_two_sided(double t, double df)
{
	struct cf_tails tails = cf_t_tails(fabs(t), df);

	return 2 * tails.upper;
}

struct cf_tails cf_beta_distribution(double x, double a, double b)
{
	g_assert(!isnan(x));
	return cf_beta_tails(a, b, fmin(fmax(x, 0), 1), fmin(fmax(1 - x, 0), 1));
}

/*
 * Newton on ln P in the logit of x. The density of the logit, x^a y^b / B(a, b), is log-concave, hence so
 * are both tails, and Newton on the logarithm of a log-concave tail converges from any start: after one
 * step it stays on one side of the root.
 */
double cf_beta_quantile_odds(double p, double a, double b)
{
	gboolean low = p <= 0.5;
	double logit = log(a) - log(b), log_p = low ? log(p) : log1p(-p);

	g_assert(p >= 0 && p <= 1 && a > 0 && b > 0);
	if (p == 0 || p == 1)
		return p == 0 ? 0 : INFINITY;
	for (int i = 0; i < STEPS; i++) {
		double x = 1 / (1 + exp(-logit)), y = 1 / (1 + exp(logit));
		struct cf_tails tails = cf_beta_tails(a, b, x, y);
		double tail = low ? tails.lower : tails.upper, kernel = cf_beta_kernel(a, b, x, y), step;

		if (tail <= 0 || kernel <= 0) /* beyond the doubles: back towards the middle */
			step = (log(a) - log(b) - logit) / 2;
		else
			step = (log_p - log(tail)) * tail / kernel * (low ? 1 : -1);
		logit += step;
		if (fabs(step) <= 1e-15 * fmax(1, fabs(logit)))
			break;
	}
	return exp(logit);
}

/* --- counts ----------------------------------------------------------------------------------- */

double cf_binomial_probability(int64_t k, int64_t n, double odds)
{
	double x = odds / (1 + odds), y = 1 / (1 + odds), a = (double)k, b = (double)(n - k);

	g_assert(k >= 0 && k <= n && odds >= 0);
	if (odds == 0 || isinf(odds))
		return k == (odds == 0 ? 0 : n);
	if (k == 0)
		return exp(-b * log1p(odds));
	if (k == n)
		return exp(-a * log1p(1 / odds));
	/* the beta kernel has Gamma(n) / Gamma(k) / Gamma(n - k) where n! / k! / (n - k)! is wanted */
	return cf_beta_kernel(a, b, x, y) * ((a + b) / a / b);
}

struct cf_tails cf_binomial_tails(int64_t k, int64_t n, double odds)
{
	struct cf_tails tails;

	g_assert(k >= 0 && k <= n && odds >= 0);
	if (k == n)
		return (struct cf_tails){ 1, 0 };
	if (isinf(odds))
		return (struct cf_tails){ 0, 1 };
	/* Abramowitz & Stegun 26.5.24: P(K > k) = I_x(k + 1, n - k) */
	tails = cf_beta_tails((double)k + 1, (double)(n - k), odds / (1 + odds), 1 / (1 + odds));
	return (struct cf_tails){ tails.upper, tails.lower };
}

double cf_poisson_probability(int64_t k, double mean)
{
	double x = (double)k;

	g_assert(k >= 0 && mean >= 0);
	if (mean == 0)
		return k == 0;
	if (k == 0)
		return exp(-mean);
	return exp(-cf_stirling_error(x) - cf_deviance_part(x, mean)) / (SQRT_2PI * sqrt(x));
}

struct cf_tails cf_poisson_tails(int64_t k, double mean)
{
	struct cf_tails tails = cf_gamma_tails((double)k + 1, mean);

	g_assert(k >= 0);
	return (struct cf_tails){ tails.upper, tails.lower };
}

struct cf_tails cf_chi2_tails(double x, double df)
{
	g_assert(!isnan(x) && df > 0);
	return cf_gamma_tails(df / 2, fmax(x, 0) / 2);
}
