/* SPDX-License-Identifier: MIT */
/* special: incomplete beta and gamma functions, the ground that the distributions stand on. */
#include "analyzers/stat/special.h"

#include <glib.h>
#include <math.h>

#define LN_SQRT_2PI 0.918938533204672741780329736406
/* Above these, continued fractions need too many terms near the mean, and quadrature takes over. */
#define BETA_LARGE 3000.0
#define GAMMA_LARGE 3000.0
#define TERMS 100000

double cf_stirling_error(double x)
{
	double r = 1 / x, q = r * r;
	int sign;

	if (x < 10)
		return lgamma_r(x + 1, &sign) - (x + 0.5) * log(x) + x - LN_SQRT_2PI;
	/*
	 * Stirling's series, Abramowitz & Stegun 6.1.41; the first term left out is below 1e-16 from 10 on.
	 */
	return r *
	       (1. / 12 -
		q * (1. / 360 -
		     q * (1. / 1260 -
			  q * (1. / 1680 - q * (1. / 1188 - q * (691. / 360360 -
								 q * (1. / 156 - q * (3617. / 122400))))))));
}

/* Loader, Fast and Accurate Computation of Binomial Probabilities (2000), section 3. */
double cf_deviance_part(double x, double mean)
{
	double v, sum, term, next;

	if (x == 0)
		return mean;
	if (fabs(x - mean) >= 0.1 * (x + mean))
		return x * log(x / mean) + mean - x;
	v = (x - mean) / (x + mean);
	sum = (x - mean) * v;
	term = 2 * x * v;
	for (int j = 3; j < 1000; j += 2) {
		term *= v * v;
		next = sum + term / j;
		if (next == sum)
			break;
		sum = next;
	}
	return sum;
}

/*
 * The binomial probability in Loader's saddle-point form, for real arguments: with n = a + b it is x^a y^b
 * Gamma(n+1) / (Gamma(a+1) Gamma(b+1)), exact to a few ulps however large a and b are.
 */
double cf_beta_kernel(double a, double b, double x, double y)
{
	double n = a + b, log_part;

	if (x <= 0 || y <= 0)
		return 0;
	log_part = cf_stirling_error(n) - cf_stirling_error(a) - cf_stirling_error(b) -
		   cf_deviance_part(a, n * x) - cf_deviance_part(b, n * y);
	return exp(log_part - LN_SQRT_2PI) * sqrt(a / n * b);
}

/* --- tails by quadrature ---------------------------------------------------------------------- */

/*
 * A density up to a constant: ln f(x + d) - ln f(x) = p ln(1 + d / x) + q ln(1 - d / y) for the beta
 * family, p ln(1 + d / x) - d for the gamma family (y infinite).
 */
struct density {
	double p, q, x, y;
};

static double log_ratio(const struct density *f, double d)
{
	double right = isinf(f->y) ? -d : f->q * log1p(-d / f->y);

	return f->p * log1p(d / f->x) + right;
}

/*
 * Sixteen-point Gauss-Legendre nodes and weights on [-1, 1], the positive half (Abramowitz & Stegun 25.4).
 */
static const double gauss_node[8] = { 0.0950125098376374402, 0.2816035507792589132, 0.4580167776572273863,
				      0.6178762444026437484, 0.7554044083550030339, 0.8656312023878317439,
				      0.9445750230732325761, 0.9894009349916499326 };
static const double gauss_weight[8] = { 0.1894506104550684963, 0.1826034150449235889, 0.1691565193950025382,
					0.1495959888165767321, 0.1246289712555338720, 0.0951585116824927848,
					0.0622535239386478929, 0.0271524594117540949 };

static double panel(const struct density *f, double from, double to)
{
	double mid = (from + to) / 2, half = (to - from) / 2, sum = 0;

	for (int i = 0; i < 8; i++)
		sum += gauss_weight[i] * (exp(log_ratio(f, mid - half * gauss_node[i])) +
					  exp(log_ratio(f, mid + half * gauss_node[i])));
	return sum * half;
}

/*
 * The integral of f(x + d) / f(x) over d from 0 upwards, for x at or above the mode, where f falls. A panel
 * is two units of the scale on which f changes at x: further out it falls at least as fast.
 */
static double quadrature(const struct density *f)
{
	double slope = f->p / f->x - (isinf(f->y) ? 1 : f->q / f->y);
	double curve = f->p / (f->x * f->x) + (isinf(f->y) ? 0 : f->q / (f->y * f->y));
	double width = 2 / fmax(fabs(slope), sqrt(curve)), sum = 0, at = 0;

	while (at < f->y) {
		double to = fmin(at + width, f->y), part = panel(f, at, to);

		sum += part;
		if (part <= sum * 1e-17)
			break;
		at = to;
	}
	return sum;
}

/* --- incomplete beta -------------------------------------------------------------------------- */

/*
 * The continued fraction of DiDonato & Morris (Algorithm 708, ACM TOMS 18, 1992, equation 9), by Lentz's
 * method; quick for x below the mean. Unlike the better known one of Abramowitz & Stegun 26.5.8 it keeps
 * its digits where x is within rounding of 1.
 */
static double beta_fraction(double a, double b, double x, double y)
{
	double lambda = a > b ? (a + b) * y - b : a - (a + b) * x;
	double c = INFINITY, d = 1 / (a / (a + 1) * (lambda + 1)), h = d;

	for (int n = 1; n < TERMS; n++) {
		double r = a + 2 * n - 1;
		double alpha = (a + n - 1) / r * ((a + b + n - 1) / r) * n * (b - n) * x * x;
		double beta = n + n * (b - n) * x / r + (a + n) / (r + 2) * (lambda + 1 + n * (1 + y));
		double change;

		d = 1 / (beta + alpha * d);
		c = beta + alpha / c;
		change = c * d;
		h *= change;
		if (fabs(change - 1) < 1e-16)
			break;
	}
	return h;
}

/* I_x(a, b) where it is the smaller tail, or near it. */
static double beta_lower(double a, double b, double x, double y)
{
	/* mirrored: the upper tail of Beta(b, a) beyond y, which falls away from its mode */
	const struct density mirrored = { b - 1, a - 1, y, x };

	if (fmin(a, b) > BETA_LARGE)
		return cf_beta_kernel(a, b, x, y) / x / y * quadrature(&mirrored);
	return cf_beta_kernel(a, b, x, y) * beta_fraction(a, b, x, y);
}

struct cf_tails cf_beta_tails(double a, double b, double x, double y)
{
	struct cf_tails tails;

	g_assert(a > 0 && b > 0 && isfinite(a + b) && x >= 0 && y >= 0);
	if (x <= 0)
		return (struct cf_tails){ 0, 1 };
	if (y <= 0)
		return (struct cf_tails){ 1, 0 };
	if (x * (a + b + 2) < a + 1) {
		tails.lower = fmin(beta_lower(a, b, x, y), 1);
		tails.upper = 1 - tails.lower;
	} else {
		tails.upper = fmin(beta_lower(b, a, y, x), 1);
		tails.lower = 1 - tails.upper;
	}
	return tails;
}

/* --- incomplete gamma ------------------------------------------------------------------------- */

/* x^a e^-x / Gamma(a), by the Poisson probability in Loader's form. */
static double gamma_kernel(double a, double x)
{
	return exp(-cf_stirling_error(a) - cf_deviance_part(a, x) - LN_SQRT_2PI) * sqrt(a);
}

/* Abramowitz & Stegun 6.5.29, for x < a + 1: P(a, x) Gamma(a + 1) e^x / x^a. */
static double gamma_series(double a, double x)
{
	double term = 1, sum = 1;

	for (int i = 1; i < TERMS && term > sum * 1e-17; i++) {
		term *= x / (a + i);
		sum += term;
	}
	return sum;
}

/*
 * Abramowitz & Stegun 6.5.31 in its even form by Lentz's method, for x >= a + 1: Q(a, x) Gamma(a) e^x /
 * x^a.
 */
static double gamma_fraction(double a, double x)
{
	double b = x + 1 - a, c = 1e300, d = 1 / b, h = d;

	for (int i = 1; i < TERMS; i++) {
		double n = -i * (i - a), change;

		b += 2;
		d = 1 / (n * d + b);
		c = b + n / c;
		change = c * d;
		h *= change;
		if (fabs(change - 1) < 1e-16)
			break;
	}
	return h;
}

/* From x down to 0: the density mirrored, ln f(x - d) - ln f(x) = (a - 1) ln(1 - d / x) + d. */
static double gamma_lower_quadrature(double a, double x)
{
	double slope = (a - 1) / x - 1, width = 2 / fmax(slope, sqrt(a - 1) / x), sum = 0, at = 0;
	const struct density f = { a - 1, 0, x, INFINITY };

	while (at < x) {
		double to = fmin(at + width, x), part = panel(&f, -to, -at);

		sum += part;
		if (part <= sum * 1e-17)
			break;
		at = to;
	}
	return sum;
}

struct cf_tails cf_gamma_tails(double a, double x)
{
	const struct density f = { a - 1, 0, x, INFINITY };
	struct cf_tails tails;

	g_assert(a > 0 && isfinite(a) && x >= 0);
	if (x <= 0)
		return (struct cf_tails){ 0, 1 };
	if (isinf(x))
		return (struct cf_tails){ 1, 0 };
	if (x < a) {
		tails.lower = a > GAMMA_LARGE ? gamma_kernel(a, x) / x * gamma_lower_quadrature(a, x)
					      : gamma_kernel(a, x) / a * gamma_series(a, x);
		tails.lower = fmin(tails.lower, 1);
		tails.upper = 1 - tails.lower;
	} else {
		if (a > GAMMA_LARGE)
			tails.upper = gamma_kernel(a, x) / x * quadrature(&f);
		else if (x < a + 1)
			tails.upper = 1 - gamma_kernel(a, x) / a * gamma_series(a, x);
		else
			tails.upper = gamma_kernel(a, x) * gamma_fraction(a, x);
		tails.upper = fmin(fmax(tails.upper, 0), 1);
		tails.lower = 1 - tails.upper;
	}
	return tails;
}
