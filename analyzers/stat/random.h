/* SPDX-License-Identifier: MIT */
/* random: a small generator of pseudo-random numbers, the same on every machine. */
#ifndef CF_ANALYZERS_STAT_RANDOM_H
#define CF_ANALYZERS_STAT_RANDOM_H

#include <stdint.h>

/* xoshiro256** of Blackman & Vigna, Scrambled Linear Pseudorandom Number Generators (2018). */
struct cf_random {
	uint64_t state[4];
};

/* Any seed will do, also 0: the state is filled by SplitMix64. */
void cf_random_init(struct cf_random *random, uint64_t seed);
uint64_t cf_random_bits(struct cf_random *random);
double cf_random_unit(struct cf_random *random);                /* in [0, 1), 53 bits */
uint64_t cf_random_below(struct cf_random *random, uint64_t n); /* 0 to n - 1, n > 0, without bias */
double cf_random_normal(struct cf_random *random);              /* mean 0, deviation 1 */

#endif
