/* SPDX-License-Identifier: MIT */
/* split: divides a whole number so that the parts add up to it. */
#include "core/split.h"

#include <stdlib.h>

uint64_t cf_portion(uint64_t value, uint64_t part, unsigned __int128 whole)
{
	return (uint64_t)((unsigned __int128)value * part / whole);
}

static int largest_remainder_first(const void *a, const void *b)
{
	const struct cf_part *x = a, *y = b;

	if (x->remainder != y->remainder)
		return x->remainder > y->remainder ? -1 : 1;
	return x->number < y->number ? -1 : x->number > y->number;
}

void cf_split(uint64_t sum, struct cf_part *parts, size_t n)
{
	unsigned __int128 all = 0;
	uint64_t left = sum;
	unsigned shift = 0;

	for (size_t i = 0; i < n; i++) {
		all += parts[i].weight;
		parts[i].got = parts[i].remainder = 0;
	}
	if (!all)
		return;
	/* What is compared are remainders of one divisor: their upper bits do. */
	while (all >> shift >> 64)
		shift++;
	for (size_t i = 0; i < n; i++) {
		unsigned __int128 product = (unsigned __int128)sum * parts[i].weight;

		parts[i].got = (uint64_t)(product / all);
		parts[i].remainder = (uint64_t)(product % all >> shift);
		left -= parts[i].got;
	}
	qsort(parts, n, sizeof(*parts), largest_remainder_first);
	for (size_t i = 0; i < n && left; i++, left--)
		parts[i].got++;
}
