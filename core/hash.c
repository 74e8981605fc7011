/* SPDX-License-Identifier: MIT */
/* hash: the seeds, drawn before main. */
#include "core/hash.h"

#include <sys/random.h>
#include <time.h>

uint64_t cf_hash_seed = G_GUINT64_CONSTANT(0x2545f4914f6cdd1d);
uint64_t cf_hash_secret = G_GUINT64_CONSTANT(0xd6e8feb86659fd93);

/* Before main: constants ever after. */
__attribute__((constructor)) static void seed(void)
{
	struct timespec now = { 0 };
	uint64_t random[2];

	if (getrandom(random, sizeof(random), GRND_NONBLOCK) == (ssize_t)sizeof(random)) {
		cf_hash_seed ^= random[0];
		cf_hash_secret ^= random[1] & ~(uint64_t)1;
		return;
	}
	clock_gettime(CLOCK_MONOTONIC, &now);
	cf_hash_seed ^= (uint64_t)now.tv_nsec * G_GUINT64_CONSTANT(0x9e3779b97f4a7c15) ^ (uintptr_t)&now;
	cf_hash_secret ^= (cf_hash_seed * G_GUINT64_CONSTANT(0xbf58476d1ce4e5b9)) & ~(uint64_t)1;
}

guint cf_str_hash(gconstpointer text)
{
	uint64_t hash = cf_hash_bytes(text, strlen(text), cf_hash_seed);

	return (guint)(hash ^ hash >> 32);
}
