/* SPDX-License-Identifier: MIT */
/* adjust: p-values of many tests, corrected for there being many. */
#include "analyzers/stat/adjust.h"

#include "analyzers/stat/order.h"

#include <math.h>

/* From the largest p down: what a smaller one gets is no more than what a larger one got. */
static void step_up(const struct cf_place *places, size_t n, double factor, double *q)
{
	double least = 1;

	for (size_t i = n; i > 0; i--) {
		least = fmin(least, places[i - 1].value * factor * (double)n / (double)i);
		q[places[i - 1].index] = least;
	}
}

static void step_down(const struct cf_place *places, size_t n, double *q)
{
	double most = 0;

	for (size_t i = 0; i < n; i++) {
		most = fmax(most, fmin(1, places[i].value * (double)(n - i)));
		q[places[i].index] = most;
	}
}

void cf_adjust(const double *p, size_t n, enum cf_adjust method, double *q)
{
	g_autofree struct cf_place *places = cf_places(p, n);
	double harmonic = 0;

	for (size_t i = 0; i < n; i++) {
		g_assert(p[i] >= 0 && p[i] <= 1);
		harmonic += 1 / (double)(i + 1);
	}
	switch (method) {
	case CF_ADJUST_BH:
		step_up(places, n, 1, q);
		break;
	case CF_ADJUST_BY:
		step_up(places, n, harmonic, q);
		break;
	case CF_ADJUST_HOLM:
		step_down(places, n, q);
		break;
	case CF_ADJUST_BONFERRONI:
	case CF_ADJUST_NONE:
		for (size_t i = 0; i < n; i++)
			q[i] = method == CF_ADJUST_NONE ? p[i] : fmin(1, p[i] * (double)n);
		break;
	}
}
