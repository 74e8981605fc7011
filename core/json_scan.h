/* SPDX-License-Identifier: MIT */
/* json_scan: the lexical parts of the JSON reader, for its own files. */
#ifndef CF_CORE_JSON_SCAN_H
#define CF_CORE_JSON_SCAN_H

#include "core/json_reader.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* Bytes that end a run of plain string text: quotes, backslashes, control characters. */
static inline bool cf_json_is_special(uint8_t c)
{
	return c == '"' || c == '\\' || c < 0x20;
}

#ifndef __SSE2__
/* Whether a byte of the word is special; may also be true when only bytes from 0x80 on are there. */
static inline bool cf_json_has_special(uint64_t word)
{
	const uint64_t ones = UINT64_C(0x0101010101010101), tops = ones << 7;
	uint64_t quote = word ^ (ones * '"'), backslash = word ^ (ones * '\\');

	return (((word - ones * 0x20) | (quote - ones) | (backslash - ones)) & tops) != 0;
}
#endif

/* The first special byte from p on, or end. *high becomes nonzero when a byte before it isn't ASCII. */
static inline const uint8_t *cf_json_scan_plain(const uint8_t *p, const uint8_t *end, unsigned *high)
{
#ifdef __SSE2__
	const __m128i quote = _mm_set1_epi8('"'), backslash = _mm_set1_epi8('\\'),
		      control = _mm_set1_epi8(0x1f);

	while (end - p >= 16) {
		__m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)p);
		__m128i special = _mm_or_si128(
			_mm_or_si128(_mm_cmpeq_epi8(bytes, quote), _mm_cmpeq_epi8(bytes, backslash)),
			_mm_cmpeq_epi8(_mm_min_epu8(bytes, control), bytes));
		unsigned stops = (unsigned)_mm_movemask_epi8(special);
		unsigned tops = (unsigned)_mm_movemask_epi8(bytes);

		if (stops) {
			*high |= tops & (stops - 1) & ~stops;
			return p + __builtin_ctz(stops);
		}
		*high |= tops;
		p += 16;
	}
#else
	while (end - p >= 8 && !cf_json_has_special(cf_u64(p))) {
		*high |= (cf_u64(p) & (UINT64_C(0x0101010101010101) << 7)) != 0;
		p += 8;
	}
#endif
	while (p < end && !cf_json_is_special(*p)) {
		*high |= *p & 0x80;
		p++;
	}
	return p;
}

/*
 * The byte after the escape that begins at p ('\\'), or NULL: *bad is the byte that can't be there, or end when
 * the text is over.
 */
const uint8_t *cf_json_scan_escape(const uint8_t *p, const uint8_t *end, const uint8_t **bad);
/*
 * Decodes what stands between the quotes of a string, its escapes valid, into out, which has room for raw.len
 * bytes when raw is ASCII, for three times as many otherwise. Each byte that isn't UTF-8 and each half of a
 * surrogate pair becomes U+FFFD: their number is returned, *bad is the first. out NULL: only counts.
 */
uint64_t cf_json_decode(struct cf_slice raw, uint8_t *out, size_t *len, const uint8_t **bad);

/* The byte after the number that begins at p (p < end), or NULL: *bad is where it stops being one. */
const uint8_t *cf_json_scan_number(const uint8_t *p, const uint8_t *end, struct cf_json_decimal *decimal,
				   const uint8_t **bad);
/* The nearest double; infinite when it is too large. text is the number's. */
double cf_json_decimal_double(const struct cf_json_decimal *decimal, struct cf_slice text);
/* times 10^decimals as an integer, halves away from zero; false when that doesn't fit. decimals <= 18. */
bool cf_json_decimal_scaled(const struct cf_json_decimal *decimal, unsigned decimals, int64_t *value);
/* The integer that a decimal is, in whatever way it is written; false when it isn't or doesn't fit. */
bool cf_json_decimal_natural(const struct cf_json_decimal *decimal, struct cf_slice text,
			     uint64_t *magnitude);

#endif
