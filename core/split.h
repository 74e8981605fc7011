/* SPDX-License-Identifier: MIT */
/* split: divides a whole number so that the parts add up to it. */
#ifndef CF_CORE_SPLIT_H
#define CF_CORE_SPLIT_H

#include <stddef.h>
#include <stdint.h>

/* One that has a part. */
struct cf_part {
	uint64_t weight; /* in proportion to which it is divided */
	uint32_t number; /* of the caller's; unique */
	uint64_t got;    /* set */
	uint64_t remainder;
};

/*
 * Divides sum over n parts in proportion to their weights by the method of largest remainder: whole numbers first, then
 * one each to those of which most was cut off, in the order of number. So the parts add up to sum, whatever its size, and
 * parts that have nothing to be rounded are exact. Without any weight nothing is divided. Sorts the parts.
 */
void cf_split(uint64_t sum, struct cf_part *parts, size_t n);

/* value * part / whole, rounded down, without overflow; part <= whole. whole isn't 0. */
uint64_t cf_portion(uint64_t value, uint64_t part, unsigned __int128 whole);

#endif
