/* SPDX-License-Identifier: MIT */
/* sum: additions and products that stop at the ends of the range instead of overflowing. */
#ifndef CF_CORE_SUM_H
#define CF_CORE_SUM_H

#include <stdint.h>

static inline int64_t cf_add_sat(int64_t a, int64_t b)
{
	int64_t sum;

	if (__builtin_add_overflow(a, b, &sum))
		return b < 0 ? INT64_MIN : INT64_MAX;
	return sum;
}

static inline int64_t cf_mul_sat(int64_t a, int64_t b)
{
	int64_t product;

	if (__builtin_mul_overflow(a, b, &product))
		return (a < 0) != (b < 0) ? INT64_MIN : INT64_MAX;
	return product;
}

#endif
