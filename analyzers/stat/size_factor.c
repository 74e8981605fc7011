/* SPDX-License-Identifier: MIT */
/* size_factor: how much more one profile recorded than another, whatever single functions did. */
#include "analyzers/stat/size_factor.h"

#include "analyzers/stat/order.h"

#include <math.h>

#define SUPPORT 20 /* samples on both sides that a function needs to have a say */

/* The median without each of the functions in turn: how far it can go. */
static void leave_one_out(const double *ratio, const double *weight, size_t n, struct cf_size_factor *factor)
{
	g_autofree double *x = g_new(double, n + 1);
	g_autofree double *w = g_new(double, n + 1);

	for (size_t without = 0; without < n; without++) {
		size_t left = 0;
		double scale;

		for (size_t i = 0; i < n; i++) {
			x[left] = ratio[i];
			w[left] = weight[i];
			left += i != without;
		}
		scale = exp(cf_weighted_median(x, w, left));
		factor->least = fmin(factor->least, scale);
		factor->most = fmax(factor->most, scale);
	}
}

struct cf_size_factor cf_size_factor(const struct cf_count_pair *k, size_t n)
{
	g_autofree double *ratio = g_new(double, n + 1);
	g_autofree double *weight = g_new(double, n + 1);
	struct cf_size_factor out = { .scale = 1 };
	double before = 0, after = 0;

	for (size_t i = 0; i < n; i++) {
		double x = (double)k[i].before + 0.5, y = (double)k[i].after + 0.5;

		g_assert(k[i].before >= 0 && k[i].after >= 0);
		before += (double)k[i].before;
		after += (double)k[i].after;
		if (x + y < SUPPORT + 1)
			continue;
		ratio[out.support] = log(y / x);
		weight[out.support++] = 1 / (1 / x + 1 / y);
	}
	out.totals = !out.support;
	if (out.support)
		out.scale = exp(cf_weighted_median(ratio, weight, out.support));
	else if (before > 0 && after > 0)
		out.scale = after / before;
	out.least = out.most = out.scale;
	if (out.support > 1 && out.support < CF_SIZE_FACTOR_MANY)
		leave_one_out(ratio, weight, out.support, &out);
	return out;
}
