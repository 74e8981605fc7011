/* SPDX-License-Identifier: MIT */
/* power: how much must be recorded to see a change, and which change what was recorded can show. */
#include "analyzers/stat/power.h"

#include "analyzers/stat/distributions.h"
#include "analyzers/stat/mann_whitney.h"

#include <math.h>

/* How many standard errors the change has to be. */
static double errors_needed(const struct cf_power *power)
{
	g_assert(power->alpha > 0 && power->alpha < 1 && power->power >= 0.5 && power->power < 1);
	return cf_normal_z(power->alpha) + cf_normal_quantile(power->power);
}

/*
 * sqrt(after) - sqrt(scale before) has variance (1 + scale) / 4 and mean sqrt(scale before) (sqrt(ratio) -
 * 1).
 */
double cf_power_samples(double ratio, double scale, const struct cf_power *power)
{
	double z = errors_needed(power), step = sqrt(ratio) - 1;

	g_assert(ratio > 0 && scale > 0);
	return z * z * (1 + scale) / (4 * scale * step * step);
}

double cf_power_ratio(double samples, double scale, const struct cf_power *power)
{
	double root;

	g_assert(samples >= 0 && scale > 0);
	root = 1 + errors_needed(power) * sqrt((1 + scale) / (4 * scale * samples));
	return root * root;
}

double cf_power_repeats(double a12, const struct cf_power *power)
{
	double z = errors_needed(power), off = a12 - 0.5;

	g_assert(a12 >= 0 && a12 <= 1);
	return fmax(ceil(z * z / (6 * off * off)), (double)cf_mann_whitney_least(power->alpha));
}
