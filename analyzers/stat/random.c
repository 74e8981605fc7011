/* SPDX-License-Identifier: MIT */
/* random: a small generator of pseudo-random numbers, the same on every machine. */
#include "analyzers/stat/random.h"

#include "analyzers/stat/distributions.h"

static uint64_t rotate(uint64_t x, int by)
{
	return x << by | x >> (64 - by);
}

void cf_random_init(struct cf_random *random, uint64_t seed)
{
	for (int i = 0; i < 4; i++) {
		uint64_t z = seed += UINT64_C(0x9e3779b97f4a7c15);

		z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
		z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
		random->state[i] = z ^ z >> 31;
	}
}

uint64_t cf_random_bits(struct cf_random *random)
{
	uint64_t *s = random->state, out = rotate(s[1] * 5, 7) * 9, t = s[1] << 17;

	s[2] ^= s[0];
	s[3] ^= s[1];
	s[1] ^= s[2];
	s[0] ^= s[3];
	s[2] ^= t;
	s[3] = rotate(s[3], 45);
	return out;
}

double cf_random_unit(struct cf_random *random)
{
	return (double)(cf_random_bits(random) >> 11) * 0x1p-53;
}

/* Draws from the part of 2^64 that doesn't divide by n are drawn again. */
uint64_t cf_random_below(struct cf_random *random, uint64_t n)
{
	uint64_t odd = -n % n, bits;

	do
		bits = cf_random_bits(random);
	while (bits < odd);
	return bits % n;
}

/* By inversion: one draw per number, so that a sequence is easy to reproduce. */
double cf_random_normal(struct cf_random *random)
{
	return cf_normal_quantile((cf_random_unit(random) + 0x1p-54));
}
