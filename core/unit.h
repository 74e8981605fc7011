/* SPDX-License-Identifier: MIT */
/* unit: numbers with units as text; the only place where numbers are formatted for people. */
#ifndef CF_CORE_UNIT_H
#define CF_CORE_UNIT_H

#include <glib.h>
#include <stdint.h>

enum cf_unit {
	CF_UNIT_NONE,  /* plain number or text */
	CF_UNIT_COUNT, /* 24183; as a magnitude 24.2 k, 1.5 M (SI) */
	CF_UNIT_NS,    /* 1.21 s, 14.3 ms */
	CF_UNIT_BYTES, /* 1.5 MiB */
	CF_UNIT_RATIO, /* 0.0935 -> 9.35 (the column says %) or "9.35 %" */
	CF_UNIT_TIME,  /* ns since the epoch -> 2026-11-23 06:02Z */
	CF_UNIT_ID,    /* integers that are names: never grouped or scaled */
	CF_UNIT_RAW    /* what a user's own query gives: every digit */
};

/* Stable names for JSON and the store: "", "count", "ns", "bytes", "ratio", "time", "id"; of RAW "". */
const char *cf_unit_name(enum cf_unit unit);
enum cf_unit cf_unit_from_name(const char *name); /* unknown: CF_UNIT_NONE */

/* "1.21 s", "9.35 %", "24183": one value on its own. Locale-free. Caller frees. */
char *cf_unit_text(enum cf_unit unit, double value);
/* The same for exact integers (counts up to 2^63). */
char *cf_unit_text_i64(enum cf_unit unit, int64_t value);
/*
 * For a column whose values share one scale: picks the divisor and suffix for the largest absolute value,
 * then formats each with the same number of decimals ("2.27 s", "0.05 s").
 */
struct cf_scale {
	double divisor;
	const char *suffix;
	int decimals;
};
struct cf_scale cf_unit_scale(enum cf_unit unit, double largest);
char *cf_scale_text(const struct cf_scale *scale, double value);

/* RFC 3339 in UTC with seconds "2026-11-23T06:02:11Z", and short "2026-11-23 06:02Z". Caller frees. */
char *cf_time_text(int64_t ns);
char *cf_time_short(int64_t ns, gboolean from_mtime); /* from_mtime: "2026-11-23 06:02~" */
/* "2026-11-23", "2026-11-23T06:02[:11[.5]][Z|+01:00]", "@1700000000": false otherwise. */
gboolean cf_time_parse(const char *text, int64_t *ns);

#endif
