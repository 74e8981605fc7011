/* SPDX-License-Identifier: MIT */
/* hash: the seed, drawn before main. */
#include "core/hash.h"

#include <sys/random.h>
#include <time.h>

uint64_t cf_hash_seed = G_GUINT64_CONSTANT(0x2545f4914f6cdd1d);

/* Before main: a constant ever after. */
__attribute__((constructor)) static void seed(void)
{
	struct timespec now = { 0 };
	uint64_t random;

	if (getrandom(&random, sizeof(random), GRND_NONBLOCK) == (ssize_t)sizeof(random)) {
		cf_hash_seed ^= random;
		return;
	}
	clock_gettime(CLOCK_MONOTONIC, &now);
	cf_hash_seed ^= (uint64_t)now.tv_nsec * G_GUINT64_CONSTANT(0x9e3779b97f4a7c15) ^ (uintptr_t)&now;
}

guint cf_str_hash(gconstpointer text)
{
	uint64_t hash = cf_hash_bytes(text, strlen(text), cf_hash_seed);

	return (guint)(hash ^ hash >> 32);
}
