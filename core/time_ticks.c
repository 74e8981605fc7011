/* SPDX-License-Identifier: MIT */
/* time_ticks: round moments along an axis of time, in UTC. */
#include "core/time_ticks.h"

#include <stdio.h>
#include <string.h>

#include "core/unit.h"

#define SECOND G_GINT64_CONSTANT(1000000000)
#define DAY (86400 * SECOND)

/* Steps of whole seconds; then those of months, whose length differs. */
static const int64_t seconds[] = { 1,   2,    5,    10,    15,    30,    60,    120,    300,    600,
				   900, 1800, 3600, 10800, 21600, 43200, 86400, 172800, 604800, 1209600 };
static const int months[] = { 1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200 };

/* 1970-01-05, from where weeks are counted, was a Monday. */
static int64_t origin(int64_t step)
{
	return step % (7 * DAY) == 0 ? 4 * DAY : 0;
}

/* The first multiple of the step from begin on. FALSE: it can't be told in ns. */
static gboolean first_at(int64_t begin, int64_t step, int64_t *at)
{
	int64_t from, off;

	if (__builtin_sub_overflow(begin, origin(step), &from))
		return FALSE;
	off = from % step;
	return !__builtin_add_overflow(begin, off > 0 ? step - off : -off, at);
}

static void put_label(struct cf_time_tick *tick, int64_t step)
{
	g_autofree char *text = cf_time_text(tick->at);
	gboolean midnight = !strcmp(text + 11, "00:00:00Z");

	/* "2026-11-23T06:02:11Z"; at midnight the day says more than the hour. */
	if (step >= DAY || (midnight && step >= 60 * SECOND))
		g_strlcpy(tick->label, text + 5, 6);
	else
		g_strlcpy(tick->label, text + 11, step >= 60 * SECOND ? 6 : 9);
}

static void put_seconds(GArray *ticks, int64_t begin, int64_t end, int64_t step)
{
	int64_t at;

	if (!first_at(begin, step, &at))
		return;
	while (at <= end) {
		struct cf_time_tick tick = { .at = at };

		put_label(&tick, step);
		g_array_append_val(ticks, tick);
		if (__builtin_add_overflow(at, step, &at))
			break;
	}
}

/* Month 0 is January of year 0. FALSE when it can't be told in ns. */
static gboolean month_begin(int64_t month, int64_t *at)
{
	char text[32];

	if (month < 12 || month >= 12 * 10000)
		return FALSE;
	g_snprintf(text, sizeof(text), "%04d-%02d-01", (int)(month / 12), (int)(month % 12) + 1);
	return cf_time_parse(text, at);
}

static void put_months(GArray *ticks, int64_t begin, int64_t end, int step)
{
	g_autofree char *text = cf_time_text(begin);
	int year = 0, month = 0;
	int64_t number;

	if (sscanf(text, "%d-%d", &year, &month) != 2)
		return;
	number = (int64_t)year * 12 + month - 1;
	for (number -= number % step;; number += step) {
		struct cf_time_tick tick = { 0 };

		if (!month_begin(number, &tick.at)) {
			if (number >= 12 * 10000)
				return;
			continue;
		}
		if (tick.at > end)
			return;
		if (tick.at < begin)
			continue;
		g_snprintf(tick.label, sizeof(tick.label), step % 12 ? "%04d-%02d" : "%04d",
			   (int)(number / 12), (int)(number % 12) + 1);
		g_array_append_val(ticks, tick);
	}
}

GArray *cf_time_ticks(int64_t begin, int64_t end, guint most)
{
	GArray *ticks = g_array_new(FALSE, FALSE, sizeof(struct cf_time_tick));
	const double length = (double)end - (double)begin;

	most = MAX(most, 2);
	for (size_t i = 0; i < G_N_ELEMENTS(seconds); i++)
		if (length / (double)(seconds[i] * SECOND) <= most) {
			put_seconds(ticks, begin, end, seconds[i] * SECOND);
			return ticks;
		}
	for (size_t i = 0; i < G_N_ELEMENTS(months); i++)
		if (length / (months[i] * 30.4 * (double)DAY) <= most || i + 1 == G_N_ELEMENTS(months)) {
			put_months(ticks, begin, end, months[i]);
			break;
		}
	return ticks;
}
