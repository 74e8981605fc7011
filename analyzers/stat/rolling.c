/* SPDX-License-Identifier: MIT */
/* rolling: order statistics of a window that moves over a series. */
#include "analyzers/stat/rolling.h"

#include "analyzers/stat/order.h"

#include <math.h>

void cf_rolling_init(struct cf_rolling *rolling, const double *x, size_t n)
{
	g_autofree struct cf_place *places = cf_places(x, n);

	*rolling = (struct cf_rolling){
		g_new(double, n + 1), g_new(size_t, n + 1), g_new0(guint32, n + 1), n, 1, 0
	};
	for (size_t i = 0; i < n; i++) {
		rolling->sorted[i] = places[i].value;
		rolling->place[places[i].index] = i;
	}
	while (rolling->top * 2 <= n)
		rolling->top *= 2;
}

void cf_rolling_clear(struct cf_rolling *rolling)
{
	g_free(rolling->sorted);
	g_free(rolling->place);
	g_free(rolling->counts);
	*rolling = (struct cf_rolling){ 0 };
}

void cf_rolling_add(struct cf_rolling *rolling, size_t position)
{
	for (size_t i = rolling->place[position] + 1; i <= rolling->n; i += i & -i)
		rolling->counts[i]++;
	rolling->members++;
}

void cf_rolling_remove(struct cf_rolling *rolling, size_t position)
{
	for (size_t i = rolling->place[position] + 1; i <= rolling->n; i += i & -i)
		rolling->counts[i]--;
	rolling->members--;
}

/* Fenwick (1994): the longest prefix with at most k members, bit by bit. */
double cf_rolling_at(const struct cf_rolling *rolling, size_t k)
{
	size_t at = 0;

	g_assert(k < rolling->members);
	for (size_t step = rolling->top; step > 0; step /= 2)
		if (at + step <= rolling->n && rolling->counts[at + step] <= k) {
			at += step;
			k -= rolling->counts[at];
		}
	return rolling->sorted[at];
}

static double quantile(const struct cf_rolling *rolling, double p)
{
	double place = (double)(rolling->members - 1) * p, below = floor(place), part = place - below, low;

	low = cf_rolling_at(rolling, (size_t)below);
	return part > 0 ? low * (1 - part) + cf_rolling_at(rolling, (size_t)below + 1) * part : low;
}

void cf_rolling_quantile(const double *x, size_t n, size_t window, size_t least, double p, double *out)
{
	struct cf_rolling rolling;

	g_assert(window >= 1 && least >= 1 && p >= 0 && p <= 1);
	cf_rolling_init(&rolling, x, n);
	for (size_t i = 0; i < n; i++) {
		out[i] = rolling.members >= least ? quantile(&rolling, p) : NAN;
		cf_rolling_add(&rolling, i);
		if (rolling.members > window)
			cf_rolling_remove(&rolling, i - window);
	}
	cf_rolling_clear(&rolling);
}
