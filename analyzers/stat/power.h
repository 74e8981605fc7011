/* SPDX-License-Identifier: MIT */
/* power: how much must be recorded to see a change, and which change what was recorded can show. */
#ifndef CF_ANALYZERS_STAT_POWER_H
#define CF_ANALYZERS_STAT_POWER_H

/* alpha: two-sided level of the test; power: the chance to see the change, 0.5 to 1. */
struct cf_power {
	double alpha, power;
};

/*
 * Samples that one function must have before the change, so that a ratio (after : before, above 0, not 1)
 * is seen. The after side has scale times as much recorded. Square root transformation, by which counts
 * have variance 1/4 (Anscombe 1948): at alpha 0.05, power 0.8 and scale 1: 1647 for 10 %, 431 for 20 %, 23
 * for twice as much.
 */
double cf_power_samples(double ratio, double scale, const struct cf_power *power);
/* The least ratio above 1 that a function with so many samples before shows; infinite for none. */
double cf_power_ratio(double samples, double scale, const struct cf_power *power);

/*
 * Values per side for the rank test to see the chance a12 = P(y > x) + P(y = x) / 2 in place of 1/2
 * (Noether 1987); infinite for 1/2, and never less than what can reach alpha at all.
 */
double cf_power_repeats(double a12, const struct cf_power *power);

#endif
