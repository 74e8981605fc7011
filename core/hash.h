/* SPDX-License-Identifier: MIT */
/* hash: seeded hashes of words and bytes. */
#ifndef CF_CORE_HASH_H
#define CF_CORE_HASH_H

#include <glib.h>
#include <stdint.h>
#include <string.h>

/*
 * Others in each process, so that no input can choose keys that collide. Ids follow the order of appearance and
 * nothing is listed in the order of hashes, so they never show. The second is odd.
 */
extern uint64_t cf_hash_seed, cf_hash_secret;

/*
 * Both halves of the product, as in wyhash (Wang Yi, 2019). A factor that nobody knows leaves no difference of inputs
 * whose difference of hashes is known, as those in the top bit have with a constant factor.
 */
static inline uint64_t cf_hash_mix(uint64_t a, uint64_t b)
{
	unsigned __int128 product = (unsigned __int128)a * b;

	return (uint64_t)product ^ (uint64_t)(product >> 64);
}

/* Two words to a hash whose low bits are well mixed. */
static inline uint32_t cf_hash(uint64_t a, uint64_t b)
{
	uint64_t x = cf_hash_mix(a ^ cf_hash_seed, b ^ cf_hash_secret);

	/* The ids and addresses that are hashed follow each other, and so would their hashes. */
	return (uint32_t)(((x ^ x >> 32) * G_GUINT64_CONSTANT(0x94d049bb133111eb)) >> 32);
}

/* Instead of g_str_hash wherever keys come from inputs. */
guint cf_str_hash(gconstpointer text);

/* Bytes to a word, of which any half is as good as the other and as both together. */
static inline uint64_t cf_hash_bytes(const void *data, size_t len, uint64_t seed)
{
	const uint8_t *p = data;
	uint64_t h = seed ^ (len * G_GUINT64_CONSTANT(0x9e3779b97f4a7c15)), w;

	for (; len >= 8; p += 8, len -= 8) {
		memcpy(&w, p, 8);
		h = cf_hash_mix(h ^ w, cf_hash_secret);
	}
	w = 0;
	if (len > 0)
		memcpy(&w, p, len);
	h = cf_hash_mix(h ^ w, cf_hash_secret);
	return cf_hash_mix(h, G_GUINT64_CONSTANT(0x94d049bb133111eb));
}

#endif
