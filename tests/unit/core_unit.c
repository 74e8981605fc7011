/* SPDX-License-Identifier: MIT */
/* core_unit: numbers and times as people read them. */
#include "tests/unit/suite.h"

#include <locale.h>
#include <math.h>
#include <stdlib.h>

#include "core/unit.h"

static void value(enum cf_unit unit, double v, const char *want)
{
	g_autofree char *got = cf_unit_text(unit, v);

	ck_assert_str_eq(got, want);
}

static void whole(enum cf_unit unit, int64_t v, const char *want)
{
	g_autofree char *got = cf_unit_text_i64(unit, v);

	ck_assert_str_eq(got, want);
}

START_TEST(formats_durations)
{
	value(CF_UNIT_NS, 0, "0 ns");
	value(CF_UNIT_NS, 14, "14 ns");
	value(CF_UNIT_NS, 0.5, "0.500 ns");
	value(CF_UNIT_NS, 999, "999 ns");
	value(CF_UNIT_NS, 1430, "1.43 µs");
	value(CF_UNIT_NS, 14.3e6, "14.3 ms");
	value(CF_UNIT_NS, 143e6, "143 ms");
	value(CF_UNIT_NS, 999.4e6, "999 ms");
	value(CF_UNIT_NS, 999.6e6, "1.00 s");
	value(CF_UNIT_NS, 999.9e3, "1.00 ms");
	value(CF_UNIT_NS, 1.21e9, "1.21 s");
	value(CF_UNIT_NS, 24.26e9, "24.26 s");
	value(CF_UNIT_NS, 123456.789e9, "123456.79 s");
	value(CF_UNIT_NS, -14.3e6, "-14.3 ms");
	whole(CF_UNIT_NS, 24258000000, "24.26 s");
	whole(CF_UNIT_NS, INT64_MIN, "-9223372036.85 s");
}
END_TEST

START_TEST(formats_the_rest)
{
	value(CF_UNIT_COUNT, 24183, "24183");
	value(CF_UNIT_COUNT, 2.5, "2.5");
	whole(CF_UNIT_COUNT, INT64_MAX, "9223372036854775807");
	whole(CF_UNIT_ID, INT64_MIN, "-9223372036854775808");
	value(CF_UNIT_RATIO, 0.0935, "9.35 %");
	value(CF_UNIT_RATIO, 0.031, "3.10 %");
	value(CF_UNIT_RATIO, 1, "100.00 %");
	value(CF_UNIT_RATIO, -0.00001, "0.00 %");
	value(CF_UNIT_BYTES, 512, "512 B");
	value(CF_UNIT_BYTES, 1023, "1023 B");
	value(CF_UNIT_BYTES, 1536, "1.5 KiB");
	value(CF_UNIT_BYTES, 1.5 * 1024 * 1024, "1.5 MiB");
	value(CF_UNIT_BYTES, 1024 * 1024 - 1, "1.0 MiB");
	value(CF_UNIT_BYTES, 3e15, "2728.5 TiB");
	value(CF_UNIT_NONE, 1.37, "1.37");
	value(CF_UNIT_NONE, 0.016, "0.016");
	value(CF_UNIT_NONE, 0.26, "0.26");
	value(CF_UNIT_NONE, 34.56, "34.6");
	value(CF_UNIT_NONE, 3456.7, "3457");
	value(CF_UNIT_NONE, NAN, "n/a");
	value(CF_UNIT_NS, INFINITY, "inf");
	value(CF_UNIT_TIME, 0, "1970-01-01 00:00Z");
	value(CF_UNIT_COUNT, 1e18, "1000000000000000000");
	value(CF_UNIT_NONE, 1e-12, "0");
	value(CF_UNIT_RAW, 24.263482, "24.263482");
	value(CF_UNIT_RAW, 0.1 + 0.2, "0.30000000000000004");
	value(CF_UNIT_RAW, 1e-12, "1e-12");
	value(CF_UNIT_RAW, 2, "2");
	whole(CF_UNIT_RAW, INT64_MAX, "9223372036854775807");
}
END_TEST

START_TEST(shares_a_scale)
{
	static const struct {
		enum cf_unit unit;
		double largest, v;
		const char *want;
	} cases[] = { { CF_UNIT_NS, 20.73e9, 2.27e9, "2.27 s" },
		      { CF_UNIT_NS, 2.27e9, 0.05e9, "0.05 s" },
		      { CF_UNIT_NS, 14.3e6, 1.5e6, "1.50 ms" },
		      { CF_UNIT_NS, 500, 20, "20 ns" },
		      { CF_UNIT_NS, -3e9, -1e9, "-1.00 s" },
		      { CF_UNIT_COUNT, 24183, 749, "749" },
		      { CF_UNIT_COUNT, 123456, 749, "0.7 k" },
		      { CF_UNIT_COUNT, 1.5e9, 2e8, "0.20 G" },
		      { CF_UNIT_BYTES, 3 << 20, 1 << 19, "0.5 MiB" },
		      { CF_UNIT_RATIO, 1, 0.0935, "9.35 %" },
		      { CF_UNIT_NONE, 0.26, 0.12, "0.12" },
		      { CF_UNIT_ID, 7, 7, "7" },
		      { CF_UNIT_NS, 0, 0, "0 ns" },
		      { CF_UNIT_NS, 1e9, -1e6, "0.00 s" } };

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct cf_scale scale = cf_unit_scale(cases[i].unit, cases[i].largest);
		g_autofree char *got = cf_scale_text(&scale, cases[i].v);

		ck_assert_str_eq(got, cases[i].want);
	}
}
END_TEST

START_TEST(ignores_the_locale)
{
	setlocale(LC_ALL, "de_DE.UTF-8");
	value(CF_UNIT_NS, 24.26e9, "24.26 s");
}
END_TEST

START_TEST(names_units)
{
	for (int unit = CF_UNIT_NONE; unit <= CF_UNIT_ID; unit++)
		ck_assert_int_eq(cf_unit_from_name(cf_unit_name(unit)), unit);
	ck_assert_str_eq(cf_unit_name(CF_UNIT_NS), "ns");
	ck_assert_int_eq(cf_unit_from_name("furlong"), CF_UNIT_NONE);
	ck_assert_int_eq(cf_unit_from_name(NULL), CF_UNIT_NONE);
}
END_TEST

/* Against `date -u -d @N`. */
START_TEST(writes_times)
{
	static const struct {
		int64_t seconds;
		const char *text;
	} cases[] = { { 0, "1970-01-01T00:00:00Z" },          { 951782400, "2000-02-29T00:00:00Z" },
		      { 1795413731, "2026-11-23T06:02:11Z" }, { 4107542399, "2100-02-28T23:59:59Z" },
		      { -1, "1969-12-31T23:59:59Z" },         { 9223372036, "2262-04-11T23:47:16Z" },
		      { -9223372036, "1677-09-21T00:12:44Z" } };

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *got = cf_time_text(cases[i].seconds * 1000000000);
		int64_t back;

		ck_assert_str_eq(got, cases[i].text);
		ck_assert(cf_time_parse(got, &back) && back == cases[i].seconds * 1000000000);
	}
	{
		g_autofree char *known = cf_time_short(INT64_C(1795413731000000000), FALSE);
		g_autofree char *mtime = cf_time_short(INT64_C(1795413731000000000), TRUE);
		g_autofree char *early = cf_time_text(-1);

		ck_assert_str_eq(known, "2026-11-23 06:02Z");
		ck_assert_str_eq(mtime, "2026-11-23 06:02~");
		ck_assert_str_eq(early, "1969-12-31T23:59:59Z");
	}
}
END_TEST

START_TEST(reads_times)
{
	static const struct {
		const char *text;
		int64_t ns;
	} good[] = { { "2026-11-23", INT64_C(1795392000000000000) },
		     { "2026-11-23T06:02", INT64_C(1795413720000000000) },
		     { "2026-11-23 06:02:11", INT64_C(1795413731000000000) },
		     { "2026-11-23T06:02:11.5Z", INT64_C(1795413731500000000) },
		     { "2026-11-23T06:02:11.1234567899", INT64_C(1795413731123456789) },
		     { "2026-11-23T07:02+01:00", INT64_C(1795413720000000000) },
		     { "2026-11-23T00:32:00-0530", INT64_C(1795413720000000000) },
		     { "@1700000000", INT64_C(1700000000000000000) },
		     { "@1700000000.25", INT64_C(1700000000250000000) },
		     { "@-1.5", INT64_C(-1500000000) } };
	static const char *const bad[] = { "",
					   "2026",
					   "2026-13-01",
					   "2026-02-29",
					   "2026-1-1",
					   "2026-11-23T",
					   "2026-11-23T24:00",
					   "2026-11-23T06:60",
					   "2026-11-23T06:02.5",
					   "2026-11-23T06:02:11.",
					   "2026-11-23T06:02X",
					   "2026-11-23Z",
					   "2026-11-23T06:02+1",
					   "2026-11-23T06:02Z ",
					   "9999-01-01",
					   "1600-01-01",
					   "@",
					   "@x",
					   "@99999999999",
					   "@99999999999999999999",
					   "now",
					   "yesterday" };
	int64_t ns;

	for (size_t i = 0; i < G_N_ELEMENTS(good); i++) {
		ck_assert_msg(cf_time_parse(good[i].text, &ns), "%s", good[i].text);
		ck_assert_msg(ns == good[i].ns, "%s", good[i].text);
	}
	for (size_t i = 0; i < G_N_ELEMENTS(bad); i++)
		ck_assert_msg(!cf_time_parse(bad[i], &ns), "%s", bad[i]);
}
END_TEST

Suite *suite(void)
{
	Suite *s = suite_create("core/unit");
	TCase *t = tcase_create("unit");

	tcase_add_test(t, formats_durations);
	tcase_add_test(t, formats_the_rest);
	tcase_add_test(t, shares_a_scale);
	tcase_add_test(t, ignores_the_locale);
	tcase_add_test(t, names_units);
	tcase_add_test(t, writes_times);
	tcase_add_test(t, reads_times);
	suite_add_tcase(s, t);
	return s;
}
