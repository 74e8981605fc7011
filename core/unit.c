/* SPDX-License-Identifier: MIT */
/* unit: numbers with units as text; the only place where numbers are formatted for people. */
#include "core/unit.h"

#include <math.h>
#include <string.h>

#define NS_PER_S 1000000000

static const char *const names[] = { "", "count", "ns", "bytes", "ratio", "time", "id", "" };

const char *cf_unit_name(enum cf_unit unit)
{
	return names[unit];
}

enum cf_unit cf_unit_from_name(const char *name)
{
	for (size_t i = 0; name && i < G_N_ELEMENTS(names); i++)
		if (!strcmp(name, names[i]))
			return (enum cf_unit)i;
	return CF_UNIT_NONE;
}

/* Steps of a unit, smallest first. A step is taken when the value, rounded as it is shown, reaches it. */
struct step {
	double size;
	const char *suffix;
	int decimals; /* -1: three significant digits */
	int column;   /* decimals in a column that shares the scale */
};

static const struct step ns_steps[] = {
	{ 1, "ns", -1, 0 }, { 1e3, "µs", -1, 2 }, { 1e6, "ms", -1, 2 }, { 1e9, "s", 2, 2 }
};
static const struct step byte_steps[] = { { 1, "B", 0, 0 },
					  { 1024, "KiB", 1, 1 },
					  { 1048576, "MiB", 1, 1 },
					  { 1073741824, "GiB", 1, 1 },
					  { 1099511627776, "TiB", 1, 1 } };
/* Sample counts stay exact in columns; only what is too wide for one is scaled. */
static const struct step count_steps[] = {
	{ 1, "", 0, 0 }, { 1e5, "k", 1, 1 }, { 1e6, "M", 2, 2 }, { 1e9, "G", 2, 2 }, { 1e12, "T", 2, 2 }
};

/* Decimals that show three significant digits of a value of a >= 0; at most nine. */
static int significant(double a)
{
	int decimals = 0;

	for (; a > 0 && a < 99.95 && decimals < 9; decimals++)
		a *= 10;
	return decimals;
}

static char *fixed(double value, int decimals)
{
	char format[8], text[400]; /* DBL_MAX has 309 digits */

	g_snprintf(format, sizeof(format), "%%.%df", decimals);
	g_ascii_formatd(text, sizeof(text), format, value);
	/* A negative value that rounds to nothing isn't shown as "-0.00". */
	if (text[0] == '-' && !strpbrk(text, "123456789"))
		return g_strdup(text + 1);
	return g_strdup(text);
}

static char *not_finite(double value)
{
	return g_strdup(isnan(value) ? "n/a" : value < 0 ? "-inf" : "inf");
}

static gboolean is_whole(double value)
{
	return value == floor(value) && fabs(value) < 9007199254740992.0;
}

static const struct step *pick(const struct step *steps, size_t n, double largest)
{
	size_t i = n - 1;

	while (i > 0 && largest < steps[i].size)
		i--;
	return &steps[i];
}

/* value in the step that shows it best: 999.7 ms is rounded to 1.00 s, never to "1000 ms". */
static char *stepped(const struct step *steps, size_t n, double value)
{
	const struct step *step = pick(steps, n, fabs(value));
	g_autofree char *number = NULL;

	for (;;) {
		double shown = value / step->size;
		int decimals = step->decimals < 0 ? significant(fabs(shown)) : step->decimals;

		if (step->size == 1 && is_whole(shown))
			decimals = 0;
		g_free(number);
		number = fixed(shown, decimals);
		if (step + 1 == steps + n || fabs(g_ascii_strtod(number, NULL)) * step->size < step[1].size)
			break;
		step++;
	}
	return g_strdup_printf("%s %s", number, step->suffix);
}

/* A number without a unit: whole, or three significant digits without zeros at the end. */
static char *plain(double value)
{
	char *text;

	if (is_whole(value))
		return fixed(value, 0);
	text = fixed(value, significant(fabs(value)));
	if (strchr(text, '.')) {
		size_t len = strlen(text);

		while (text[len - 1] == '0')
			len--;
		if (text[len - 1] == '.')
			len--;
		text[len] = '\0';
	}
	return text;
}

/* The fewest digits that are read back as the same value. */
static char *exact(double value)
{
	char text[G_ASCII_DTOSTR_BUF_SIZE];

	for (int digits = 15; digits <= 17; digits++) {
		char format[8];

		g_snprintf(format, sizeof(format), "%%.%dg", digits);
		g_ascii_formatd(text, sizeof(text), format, value);
		if (g_ascii_strtod(text, NULL) == value)
			break;
	}
	return g_strdup(text);
}

char *cf_unit_text(enum cf_unit unit, double value)
{
	g_autofree char *number = NULL;

	if (!isfinite(value))
		return not_finite(value);
	switch (unit) {
	case CF_UNIT_NS:
		return stepped(ns_steps, G_N_ELEMENTS(ns_steps), value);
	case CF_UNIT_BYTES:
		return stepped(byte_steps, G_N_ELEMENTS(byte_steps), value);
	case CF_UNIT_RATIO:
		number = fixed(value * 100, 2);
		return g_strdup_printf("%s %%", number);
	case CF_UNIT_TIME:
		if (fabs(value) < 9.2e18)
			return cf_time_short((int64_t)value, FALSE);
		return g_strdup("n/a");
	case CF_UNIT_RAW:
		return exact(value);
	case CF_UNIT_NONE:
	case CF_UNIT_COUNT:
	case CF_UNIT_ID:
		break;
	}
	return plain(value);
}

char *cf_unit_text_i64(enum cf_unit unit, int64_t value)
{
	switch (unit) {
	case CF_UNIT_TIME:
		return cf_time_short(value, FALSE);
	case CF_UNIT_NS:
	case CF_UNIT_BYTES:
	case CF_UNIT_RATIO:
		return cf_unit_text(unit, (double)value);
	case CF_UNIT_NONE:
	case CF_UNIT_COUNT:
	case CF_UNIT_ID:
	case CF_UNIT_RAW:
		break;
	}
	return g_strdup_printf("%" G_GINT64_FORMAT, value);
}

struct cf_scale cf_unit_scale(enum cf_unit unit, double largest)
{
	const struct step *step = NULL;

	largest = isfinite(largest) ? fabs(largest) : 0;
	switch (unit) {
	case CF_UNIT_NS:
		step = pick(ns_steps, G_N_ELEMENTS(ns_steps), largest);
		break;
	case CF_UNIT_BYTES:
		step = pick(byte_steps, G_N_ELEMENTS(byte_steps), largest);
		break;
	case CF_UNIT_COUNT:
		step = pick(count_steps, G_N_ELEMENTS(count_steps), largest);
		/* "k" begins late: below 100000 all digits are shown. */
		if (step == &count_steps[1])
			return (struct cf_scale){ 1e3, "k", 1 };
		break;
	case CF_UNIT_RATIO:
		return (struct cf_scale){ 0.01, "%", 2 };
	case CF_UNIT_NONE:
		return (struct cf_scale){ 1, "", is_whole(largest) ? 0 : 2 };
	case CF_UNIT_TIME:
	case CF_UNIT_ID:
	case CF_UNIT_RAW:
		return (struct cf_scale){ 1, "", 0 };
	}
	return (struct cf_scale){ step->size, step->suffix, step->column };
}

char *cf_scale_text(const struct cf_scale *scale, double value)
{
	g_autofree char *number = NULL;

	if (!isfinite(value))
		return not_finite(value);
	number = fixed(value / scale->divisor, scale->decimals);
	if (!*scale->suffix)
		return g_steal_pointer(&number);
	return g_strdup_printf("%s %s", number, scale->suffix);
}

/* Days since 1970-01-01 of a proleptic Gregorian date (years counted from March; eras of 400 years). */
static int64_t days_of(int64_t year, int month, int day)
{
	int64_t y = year - (month <= 2), era = (y >= 0 ? y : y - 399) / 400;
	int64_t of_era = y - era * 400;
	int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static void date_of(int64_t days, int64_t *year, int *month, int *day)
{
	int64_t shifted = days + 719468, era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
	int64_t of_era = shifted - era * 146097;
	int64_t years = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	int64_t of_year = of_era - (365 * years + years / 4 - years / 100);
	int64_t m = (5 * of_year + 2) / 153;

	*day = (int)(of_year - (153 * m + 2) / 5 + 1);
	*month = (int)(m < 10 ? m + 3 : m - 9);
	*year = years + era * 400 + (*month <= 2);
}

struct civil {
	int64_t year;
	int month, day, hour, minute, second;
};

static struct civil civil_of(int64_t ns)
{
	int64_t seconds = ns / NS_PER_S - (ns % NS_PER_S < 0);
	int64_t days = seconds / 86400 - (seconds % 86400 < 0);
	int of_day = (int)(seconds - days * 86400);
	struct civil c = { .hour = of_day / 3600, .minute = of_day / 60 % 60, .second = of_day % 60 };

	date_of(days, &c.year, &c.month, &c.day);
	return c;
}

char *cf_time_text(int64_t ns)
{
	struct civil c = civil_of(ns);

	return g_strdup_printf("%04d-%02d-%02dT%02d:%02d:%02dZ", (int)c.year, c.month, c.day, c.hour,
			       c.minute, c.second);
}

char *cf_time_short(int64_t ns, gboolean from_mtime)
{
	struct civil c = civil_of(ns);

	return g_strdup_printf("%04d-%02d-%02d %02d:%02d%c", (int)c.year, c.month, c.day, c.hour, c.minute,
			       from_mtime ? '~' : 'Z');
}

/* Exactly width digits, as a number of lo..hi. */
static gboolean take(const char **text, int width, int lo, int hi, int *out)
{
	int value = 0;

	for (int i = 0; i < width; i++) {
		if (!g_ascii_isdigit((*text)[i]))
			return FALSE;
		value = value * 10 + ((*text)[i] - '0');
	}
	if (value < lo || value > hi)
		return FALSE;
	*text += width;
	*out = value;
	return TRUE;
}

static gboolean take_char(const char **text, char c)
{
	if (**text != c)
		return FALSE;
	(*text)++;
	return TRUE;
}

/* Digits after a point as ns; more than nine are cut. */
static gboolean take_fraction(const char **text, int64_t *ns)
{
	int64_t unit = NS_PER_S / 10;

	if (!g_ascii_isdigit(**text))
		return FALSE;
	for (*ns = 0; g_ascii_isdigit(**text); (*text)++, unit /= 10)
		*ns += (**text - '0') * unit;
	return TRUE;
}

static gboolean join(int64_t seconds, int64_t fraction, int64_t *ns)
{
	return !__builtin_mul_overflow(seconds, (int64_t)NS_PER_S, ns) &&
	       !__builtin_add_overflow(*ns, fraction, ns);
}

static gboolean parse_unix(const char *text, int64_t *ns)
{
	gboolean negative = take_char(&text, '-');
	int64_t seconds = 0, fraction = 0;

	if (!g_ascii_isdigit(*text))
		return FALSE;
	for (; g_ascii_isdigit(*text); text++)
		if (__builtin_mul_overflow(seconds, (int64_t)10, &seconds) ||
		    __builtin_add_overflow(seconds, (int64_t)(*text - '0'), &seconds))
			return FALSE;
	if (take_char(&text, '.') && !take_fraction(&text, &fraction))
		return FALSE;
	if (*text)
		return FALSE;
	return negative ? join(-seconds, -fraction, ns) : join(seconds, fraction, ns);
}

/* "Z", "+01:00", "-0530" or nothing (UTC): seconds east of UTC. */
static gboolean take_zone(const char **text, int *east)
{
	int hours, minutes, sign = **text == '-' ? -1 : 1;

	*east = 0;
	if (!**text || take_char(text, 'Z'))
		return TRUE;
	if (!take_char(text, '+') && !take_char(text, '-'))
		return FALSE;
	if (!take(text, 2, 0, 23, &hours))
		return FALSE;
	take_char(text, ':');
	if (!take(text, 2, 0, 59, &minutes))
		return FALSE;
	*east = sign * (hours * 3600 + minutes * 60);
	return TRUE;
}

static int month_days(int year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	gboolean leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return days[month - 1] + (month == 2 && leap);
}

gboolean cf_time_parse(const char *text, int64_t *ns)
{
	int year, month, day, hour = 0, minute = 0, second = 0, east = 0;
	int64_t fraction = 0;

	if (take_char(&text, '@'))
		return parse_unix(text, ns);
	if (!take(&text, 4, 1, 9999, &year) || !take_char(&text, '-') || !take(&text, 2, 1, 12, &month) ||
	    !take_char(&text, '-') || !take(&text, 2, 1, month_days(year, month), &day))
		return FALSE;
	if (take_char(&text, 'T') || take_char(&text, ' ')) {
		if (!take(&text, 2, 0, 23, &hour) || !take_char(&text, ':') ||
		    !take(&text, 2, 0, 59, &minute))
			return FALSE;
		if (take_char(&text, ':') && (!take(&text, 2, 0, 60, &second) ||
					      (take_char(&text, '.') && !take_fraction(&text, &fraction))))
			return FALSE;
		if (!take_zone(&text, &east))
			return FALSE;
	}
	if (*text)
		return FALSE;
	return join(days_of(year, month, day) * 86400 + hour * 3600 + minute * 60 + second - east, fraction,
		    ns);
}
