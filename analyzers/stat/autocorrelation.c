/* SPDX-License-Identifier: MIT */
/* autocorrelation: how much a series is like itself some steps later. */
#include "analyzers/stat/autocorrelation.h"

#include "analyzers/stat/order.h"

#include <complex.h>
#include <math.h>

/* Element i goes to where its index has its bits reversed. */
static void reverse_bits(double complex *z, size_t n)
{
	for (size_t i = 1, j = 0; i < n; i++) {
		size_t bit = n >> 1;

		for (; j & bit; bit >>= 1)
			j ^= bit;
		j |= bit;
		if (i < j) {
			double complex t = z[i];

			z[i] = z[j];
			z[j] = t;
		}
	}
}

/*
 * Cooley & Tukey (1965) in place, n a power of two; not normalised. The roots are computed one by one:
 * exact to an ulp.
 */
static void transform(double complex *z, size_t n)
{
	g_autofree double complex *root = g_new(double complex, n / 2 + 1);

	for (size_t i = 0; i < n / 2; i++)
		root[i] = cos(2 * M_PI * (double)i / (double)n) - sin(2 * M_PI * (double)i / (double)n) * I;
	reverse_bits(z, n);
	for (size_t len = 2; len <= n; len *= 2)
		for (size_t from = 0; from < n; from += len)
			for (size_t i = 0; i < len / 2; i++) {
				double complex a = z[from + i],
					       b = z[from + i + len / 2] * root[i * (n / len)];

				z[from + i] = a + b;
				z[from + i + len / 2] = a - b;
			}
}

/*
 * Wiener & Khinchin: the transform of the power spectrum; padded to twice the length, so that nothing wraps
 * around.
 */
void cf_autocorrelation(const double *x, size_t n, double *rho)
{
	g_autofree double complex *z = NULL;
	double mean = cf_mean(x, n), scale = 0;
	size_t width = 1;

	if (!n)
		return;
	for (size_t i = 0; i < n; i++)
		scale = fmax(scale, fabs(x[i] - mean));
	for (size_t i = 0; i < n; i++)
		rho[i] = i == 0;
	if (scale == 0)
		return;
	while (width < 2 * n)
		width *= 2;
	z = g_new0(double complex, width);
	for (size_t i = 0; i < n; i++)
		z[i] = (x[i] - mean) / scale;
	transform(z, width);
	for (size_t i = 0; i < width; i++)
		z[i] = creal(z[i]) * creal(z[i]) + cimag(z[i]) * cimag(z[i]);
	transform(z, width);
	for (size_t i = 1; i < n; i++)
		rho[i] = creal(z[i]) / creal(z[0]);
}
