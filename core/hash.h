/* SPDX-License-Identifier: MIT */
/* hash: seeded hashes of words and bytes. */
#ifndef CF_CORE_HASH_H
#define CF_CORE_HASH_H

#include <glib.h>
#include <stdint.h>
#include <string.h>

/*
 * Another one in each process, so that no input can choose keys that collide. Ids follow the order of appearance and
 * nothing is listed in the order of hashes, so it never shows.
 */
extern uint64_t cf_hash_seed;

/* Two words to a hash whose low bits are well mixed. */
static inline uint32_t cf_hash(uint64_t a, uint64_t b)
{
	uint64_t x = (a ^ cf_hash_seed) * G_GUINT64_CONSTANT(0xbf58476d1ce4e5b9);

	x = (x ^ (x >> 32) ^ b ^ (cf_hash_seed << 32)) * G_GUINT64_CONSTANT(0x94d049bb133111eb);
	return (uint32_t)(x >> 32) ^ (uint32_t)x;
}

/* Instead of g_str_hash wherever keys come from inputs. */
guint cf_str_hash(gconstpointer text);

/* Bytes to a word. */
static inline uint64_t cf_hash_bytes(const void *data, size_t len, uint64_t seed)
{
	const uint8_t *p = data;
	uint64_t h = seed ^ (len * G_GUINT64_CONSTANT(0x9e3779b97f4a7c15)), w;

	for (; len >= 8; p += 8, len -= 8) {
		memcpy(&w, p, 8);
		h = (h ^ w) * G_GUINT64_CONSTANT(0xbf58476d1ce4e5b9);
		h ^= h >> 29;
	}
	w = 0;
	if (len > 0)
		memcpy(&w, p, len);
	/* Once more: callers fold the halves of the result, and one product has the upper bytes of w in its upper half only. */
	h = (h ^ w) * G_GUINT64_CONSTANT(0x94d049bb133111eb);
	h = (h ^ (h >> 32)) * G_GUINT64_CONSTANT(0x9e3779b97f4a7c15);
	return h ^ (h >> 29);
}

#endif
