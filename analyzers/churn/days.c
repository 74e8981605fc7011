/* SPDX-License-Identifier: MIT */
/* days: calendar days of commits as numbers. */
#include "analyzers/churn/days.h"

#include <string.h>

#define SECONDS_PER_DAY 86400
/* GDate counts days from 1 for 0001-01-01. */
#define JULIAN_EPOCH 719163
#define FIRST_DAY (1 - JULIAN_EPOCH)      /* 0001-01-01 */
#define LAST_DAY (3652059 - JULIAN_EPOCH) /* 9999-12-31 */

static int64_t floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

int32_t cf_day_of(int64_t seconds, int zone_minutes)
{
	int64_t local = CLAMP(seconds, -((int64_t)1 << 40), (int64_t)1 << 40) + (int64_t)zone_minutes * 60;

	return (int32_t)CLAMP(floor_div(local, SECONDS_PER_DAY), FIRST_DAY, LAST_DAY);
}

static GDate date_of(int32_t day)
{
	GDate date;

	g_date_clear(&date, 1);
	g_date_set_julian(&date, (guint32)(CLAMP(day, FIRST_DAY, LAST_DAY) + JULIAN_EPOCH));
	return date;
}

void cf_day_text(int32_t day, char text[CF_DAY_TEXT])
{
	GDate date = date_of(day);

	g_snprintf(text, CF_DAY_TEXT, "%04u-%02u-%02u", g_date_get_year(&date) % 10000u,
		   g_date_get_month(&date) % 100u, g_date_get_day(&date) % 100u);
}

int32_t cf_month_of(int32_t day)
{
	GDate date = date_of(day);

	return g_date_get_year(&date) * 12 + (int32_t)g_date_get_month(&date) - 1;
}

int32_t cf_week_of(int32_t day)
{
	/* 1970-01-01 was a Thursday. */
	return (int32_t)floor_div((int64_t)day + 3, 7);
}

int32_t cf_full_months(int32_t from, int32_t to)
{
	GDate first = date_of(from), last = date_of(to);
	int32_t months = cf_month_of(to) - cf_month_of(from);

	if (g_date_get_day(&last) < g_date_get_day(&first))
		months--;
	return MAX(months, 0);
}
