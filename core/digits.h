/* SPDX-License-Identifier: MIT */
/* digits: a whole number in decimal, where printf would take longer than everything else. */
#ifndef CF_CORE_DIGITS_H
#define CF_CORE_DIGITS_H

#include <stdint.h>

/* Room for any number and one more character before it. */
#define CF_DIGITS_MAX 24

/* Writes the number so that it ends before end; where it begins. Room for CF_DIGITS_MAX - 1 characters is needed. */
static inline char *cf_digits(char *end, int64_t value)
{
	uint64_t rest = value < 0 ? -(uint64_t)value : (uint64_t)value;

	do
		*--end = (char)('0' + rest % 10);
	while (rest /= 10);
	if (value < 0)
		*--end = '-';
	return end;
}

#endif
