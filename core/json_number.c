/* SPDX-License-Identifier: MIT */
/* json_number: decimal text of JSON numbers -> exact integers and correctly rounded doubles. */
#include "core/json_scan.h"

#define MANTISSA_DIGITS 19 /* as many as always fit in 64 bits */
#define EXPONENT_MAX INT64_C(1000000000000)

/* Powers of ten that a 64-bit integer holds, and those that a double does. */
static const uint64_t integer_powers[] = {
	UINT64_C(1),
	UINT64_C(10),
	UINT64_C(100),
	UINT64_C(1000),
	UINT64_C(10000),
	UINT64_C(100000),
	UINT64_C(1000000),
	UINT64_C(10000000),
	UINT64_C(100000000),
	UINT64_C(1000000000),
	UINT64_C(10000000000),
	UINT64_C(100000000000),
	UINT64_C(1000000000000),
	UINT64_C(10000000000000),
	UINT64_C(100000000000000),
	UINT64_C(1000000000000000),
	UINT64_C(10000000000000000),
	UINT64_C(100000000000000000),
	UINT64_C(1000000000000000000),
	UINT64_C(10000000000000000000),
};
static const double double_powers[] = { 1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
					1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
					1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22 };

#ifdef __SSE2__
/* How many of the 16 bytes from p on are digits before the first that isn't. */
static inline unsigned digit_run(const uint8_t *p)
{
	__m128i digits = _mm_sub_epi8(_mm_loadu_si128((const __m128i *)(const void *)p), _mm_set1_epi8('0'));
	__m128i valid = _mm_cmpeq_epi8(_mm_min_epu8(digits, _mm_set1_epi8(9)), digits);

	return (unsigned)__builtin_ctz(~(unsigned)_mm_movemask_epi8(valid));
}

/* The number that 1 to 8 digits make, of 8 bytes that may be read: pairs, fours and eights are joined at once. */
static inline uint64_t join_eight(const uint8_t *p, unsigned n)
{
	const uint64_t pairs = UINT64_C(0x000000ff000000ff);
	uint64_t word = (cf_le64(p) - UINT64_C(0x3030303030303030)) << (8 * (8 - n));

	word = word * 10 + (word >> 8);
	return ((word & pairs) * (100 + (UINT64_C(1000000) << 32)) +
		((word >> 16) & pairs) * (1 + (UINT64_C(10000) << 32))) >>
	       32;
}

static inline uint64_t join_digits(const uint8_t *p, unsigned n)
{
	return n <= 8 ? join_eight(p, n) : join_eight(p, n - 8) * 100000000 + join_eight(p + n - 8, 8);
}

/* Numbers of ordinary length, well inside the text, without an exponent. NULL: it takes the long way. */
static inline const uint8_t *scan_ordinary(const uint8_t *p, const uint8_t *end,
					   struct cf_json_decimal *decimal)
{
	unsigned whole, fraction;

	if (end - p < 40)
		return NULL;
	p += decimal->negative = *p == '-';
	whole = digit_run(p);
	if (whole - 1 > 14 || (*p == '0' && whole > 1))
		return NULL;
	decimal->mantissa = join_digits(p, whole);
	p += whole;
	if (*p == '.') {
		fraction = digit_run(++p);
		if (fraction - 1 > 14 || whole + fraction > MANTISSA_DIGITS)
			return NULL;
		decimal->whole = false;
		decimal->exponent = -(int64_t)fraction;
		decimal->mantissa = decimal->mantissa * integer_powers[fraction] + join_digits(p, fraction);
		p += fraction;
	}
	return (*p | 0x20) == 'e' ? NULL : p;
}
#endif

static bool is_digit(const uint8_t *p, const uint8_t *end)
{
	return p < end && (unsigned)(*p - '0') <= 9;
}

static unsigned count_digits(uint64_t value)
{
	unsigned n = 0;

	while (n < MANTISSA_DIGITS && value >= integer_powers[n])
		n++;
	return n;
}

/* Takes digits. Those after the point lower the exponent, unless they aren't kept. */
static const uint8_t *take_digits(const uint8_t *p, const uint8_t *end, bool fraction,
				  struct cf_json_decimal *decimal)
{
	uint64_t mantissa = decimal->mantissa;
	unsigned digits = count_digits(mantissa);
	const uint8_t *start = p;

	for (; digits < MANTISSA_DIGITS && is_digit(p, end); p++) {
		mantissa = mantissa * 10 + (unsigned)(*p - '0');
		digits += mantissa != 0;
	}
	decimal->mantissa = mantissa;
	if (fraction)
		decimal->exponent -= p - start;
	for (start = p; is_digit(p, end); p++) {
		if (decimal->following == UINT8_MAX)
			decimal->following = (uint8_t)(*p - '0');
		decimal->lost |= *p != '0';
	}
	if (!fraction)
		decimal->exponent += p - start;
	return p;
}

/* [+-] digits, added to the exponent; stops growing where no number is representable any more. */
static const uint8_t *take_exponent(const uint8_t *p, const uint8_t *end, struct cf_json_decimal *decimal,
				    const uint8_t **bad)
{
	bool negative = p < end && *p == '-';
	int64_t exponent = 0;

	if (p < end && (*p == '-' || *p == '+'))
		p++;
	if (!is_digit(p, end)) {
		*bad = p;
		return NULL;
	}
	for (; is_digit(p, end); p++)
		if (exponent < EXPONENT_MAX)
			exponent = exponent * 10 + (*p - '0');
	decimal->exponent += negative ? -exponent : exponent;
	return p;
}

const uint8_t *cf_json_scan_number(const uint8_t *p, const uint8_t *end, struct cf_json_decimal *decimal,
				   const uint8_t **bad)
{
	*decimal = (struct cf_json_decimal){ .whole = true, .following = UINT8_MAX };
#ifdef __SSE2__
	const uint8_t *ordinary = scan_ordinary(p, end, decimal);

	if (ordinary)
		return ordinary;
	*decimal = (struct cf_json_decimal){ .whole = true, .following = UINT8_MAX };
#endif
	if (*p == '-') {
		decimal->negative = true;
		p++;
	}
	*bad = p;
	if (!is_digit(p, end))
		return NULL;
	if (*p == '0') {
		*bad = ++p;
		if (is_digit(p, end))
			return NULL;
	} else {
		p = take_digits(p, end, false, decimal);
	}
	if (p < end && *p == '.') {
		decimal->whole = false;
		*bad = ++p;
		if (!is_digit(p, end))
			return NULL;
		p = take_digits(p, end, true, decimal);
	}
	if (p < end && (*p | 0x20) == 'e') {
		decimal->whole = false;
		p = take_exponent(p + 1, end, decimal, bad);
	}
	return p;
}

#ifdef __SIZEOF_INT128__
/* mantissa * 2^exponent with 64 significant bits (the top one set), rounded to the nearest double, ties to
 * even; sticky: a little more than that. Only for results that are normal. */
static double round_bits(uint64_t mantissa, bool sticky, int exponent)
{
	uint64_t rest = mantissa & 0x7ff, kept = mantissa >> 11, power;
	double scale;

	if (rest > 0x400 || (rest == 0x400 && (sticky || (kept & 1))))
		kept++;
	power = (uint64_t)(exponent + 11 + 1023) << 52;
	memcpy(&scale, &power, sizeof(scale));
	return (double)kept * scale;
}

/* mantissa * 10^exponent for |exponent| <= 19, exact by 128-bit integers. */
static double scale_exact(uint64_t mantissa, int exponent)
{
	uint64_t power = integer_powers[exponent < 0 ? -exponent : exponent], quotient;
	unsigned __int128 wide;
	int shift, by, bits;

	if (exponent >= 0) {
		wide = (unsigned __int128)mantissa * power;
		if (!(wide >> 64))
			shift = 64 + __builtin_clzll((uint64_t)wide);
		else
			shift = __builtin_clzll((uint64_t)(wide >> 64));
		wide <<= shift;
		return round_bits((uint64_t)(wide >> 64), (uint64_t)wide != 0, 64 - shift);
	}
	/* Both with their top bit set, the quotient of mantissa * 2^63 and power lies in (2^62, 2^64). */
	shift = __builtin_clzll(mantissa);
	by = __builtin_clzll(power);
	power <<= by;
	wide = (unsigned __int128)(mantissa << shift) << 63;
	quotient = (uint64_t)(wide / power);
	bits = __builtin_clzll(quotient);
	return round_bits(quotient << bits, quotient * (unsigned __int128)power != wide,
			  by - shift - 63 - bits);
}
#endif

/*
 * Any length of text: the C library reads the first digits and one that stands for what follows. No number
 * halfway between two doubles has more than 767 significant digits, so that nothing is lost.
 */
static double read_digits(const struct cf_json_decimal *decimal, struct cf_slice text)
{
	char digits[800 + 32];
	int64_t exponent = decimal->exponent;
	unsigned n = 0;
	bool more = false;

	/* The decimal's exponent is that of its mantissa; here it moves on with each digit that is added. */
	for (uint64_t i = 0; i < text.len && (text.data[i] | 0x20) != 'e'; i++) {
		uint8_t c = text.data[i];

		if (c == '-' || c == '.' || (!n && c == '0'))
			continue;
		if (n < 800)
			digits[n++] = (char)c;
		else
			more |= c != '0';
	}
	exponent -= (int64_t)n - count_digits(decimal->mantissa);
	if (more) {
		digits[n++] = '1';
		exponent--;
	}
	g_snprintf(digits + n, sizeof(digits) - n, "e%d", (int)CLAMP(exponent, -100000, 100000));
	return g_ascii_strtod(digits, NULL);
}

double cf_json_decimal_double(const struct cf_json_decimal *decimal, struct cf_slice text)
{
	int64_t exponent = decimal->exponent;
	double value;

	if (!decimal->mantissa)
		value = 0;
	else if (decimal->lost || exponent < -22 || exponent > 22)
		value = read_digits(decimal, text);
	else if (decimal->mantissa <= UINT64_C(1) << 53)
		/* Both are exact, so that the one operation rounds correctly (Clinger 1990). */
		value = exponent < 0 ? (double)decimal->mantissa / double_powers[-exponent]
				     : (double)decimal->mantissa * double_powers[exponent];
#ifdef __SIZEOF_INT128__
	else if (exponent >= -19 && exponent <= 19)
		value = scale_exact(decimal->mantissa, (int)exponent);
#endif
	else
		value = read_digits(decimal, text);
	return decimal->negative ? -value : value;
}

/* mantissa * 10^exponent in 64 bits; *rest: whether digits were cut off. */
static bool shift_decimal(uint64_t mantissa, int64_t exponent, uint64_t *value, uint64_t *rest,
			  uint64_t *unit)
{
	*rest = 0;
	*unit = 1;
	*value = mantissa;
	if (!mantissa || !exponent)
		return true;
	if (exponent > 0)
		return exponent <= MANTISSA_DIGITS &&
		       !__builtin_mul_overflow(mantissa, integer_powers[exponent], value);
	if (exponent < -MANTISSA_DIGITS) {
		*value = 0;
		*rest = 1;
		*unit = UINT64_MAX;
		return true;
	}
	*unit = integer_powers[-exponent];
	*value = mantissa / *unit;
	*rest = mantissa % *unit;
	return true;
}

bool cf_json_decimal_scaled(const struct cf_json_decimal *decimal, unsigned decimals, int64_t *value)
{
	uint64_t magnitude, rest, unit;
	bool up;

	g_assert(decimals <= 18);
	if (!shift_decimal(decimal->mantissa, decimal->exponent + decimals, &magnitude, &rest, &unit))
		return false;
	/* With digits left over a mantissa that isn't scaled down has them as its fraction; scaled up it's too
	 * large for 64 bits. */
	if (unit > 1)
		up = rest >= unit - rest;
	else
		up = decimal->following != UINT8_MAX && decimal->following >= 5 && decimal->mantissa;
	if (unit == 1 && decimal->lost && decimal->exponent + decimals > 0)
		return false;
	magnitude += up;
	if (magnitude > (uint64_t)INT64_MAX + (decimal->negative ? 1 : 0))
		return false;
	*value = decimal->negative ? (int64_t)(0 - magnitude) : (int64_t)magnitude;
	return true;
}

bool cf_json_decimal_natural(const struct cf_json_decimal *decimal, struct cf_slice text, uint64_t *magnitude)
{
	uint64_t rest, unit;

	/* Twenty digits may still fit, read again as they stand. */
	if (decimal->whole && decimal->following != UINT8_MAX) {
		uint64_t sign = decimal->negative ? 1 : 0;

		return cf_parse_u64((struct cf_slice){ text.data + sign, text.len - sign }, 10, magnitude);
	}
	return !decimal->lost &&
	       shift_decimal(decimal->mantissa, decimal->exponent, magnitude, &rest, &unit) && !rest;
}
