/* SPDX-License-Identifier: MIT */
/* adjust: p-values of many tests, corrected for there being many. */
#include "analyzers/stat/adjust.h"

#include <glib.h>
#include <math.h>
#include <stdlib.h>

struct placed {
	double p;
	size_t index;
};

static int by_p(const void *a, const void *b)
{
	const struct placed *x = a, *y = b;

	if (x->p != y->p)
		return x->p < y->p ? -1 : 1;
	return (x->index > y->index) - (x->index < y->index);
}

/* From the largest p down: what a smaller one gets is no more than what a larger one got. */
static void step_up(const struct placed *placed, size_t n, double factor, double *q)
{
	double least = 1;

	for (size_t i = n; i > 0; i--) {
		least = fmin(least, placed[i - 1].p * factor * (double)n / (double)i);
		q[placed[i - 1].index] = least;
	}
}

static void step_down(const struct placed *placed, size_t n, double *q)
{
	double most = 0;

	for (size_t i = 0; i < n; i++) {
		most = fmax(most, fmin(1, placed[i].p * (double)(n - i)));
		q[placed[i].index] = most;
	}
}

void cf_adjust(const double *p, size_t n, enum cf_adjust method, double *q)
{
	g_autofree struct placed *placed = g_new(struct placed, n + 1);
	double harmonic = 0;

	for (size_t i = 0; i < n; i++) {
		g_assert(p[i] >= 0 && p[i] <= 1);
		placed[i] = (struct placed){ p[i], i };
		harmonic += 1 / (double)(i + 1);
	}
	if (n > 1)
		qsort(placed, n, sizeof(*placed), by_p);
	switch (method) {
	case CF_ADJUST_BH:
		step_up(placed, n, 1, q);
		break;
	case CF_ADJUST_BY:
		step_up(placed, n, harmonic, q);
		break;
	case CF_ADJUST_HOLM:
		step_down(placed, n, q);
		break;
	case CF_ADJUST_BONFERRONI:
	case CF_ADJUST_NONE:
		for (size_t i = 0; i < n; i++)
			q[i] = method == CF_ADJUST_NONE ? p[i] : fmin(1, p[i] * (double)n);
		break;
	}
}
