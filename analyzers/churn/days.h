/* SPDX-License-Identifier: MIT */
/* days: calendar days of commits as numbers. */
#ifndef CF_ANALYZERS_CHURN_DAYS_H
#define CF_ANALYZERS_CHURN_DAYS_H

#include <glib.h>
#include <stdint.h>

/*
 * Days since 1970-01-01 where the clock stood: what `git log --date=short` prints. Commits may claim any time; those
 * before year 1 or after 9999 are on the nearest day that a calendar has.
 */
int32_t cf_day_of(int64_t seconds, int zone_minutes);

#define CF_DAY_TEXT 11 /* "2026-08-01" with its end */
void cf_day_text(int32_t day, char text[CF_DAY_TEXT]);
/* Months since year 0: one number per calendar month; "2026-08" is the text of a day cut after seven characters. */
int32_t cf_month_of(int32_t day);
/* Weeks that start on Mondays, as those of ISO 8601 do: one number per week. */
int32_t cf_week_of(int32_t day);
/* Whole months from one day to another: 0 when to isn't later. */
int32_t cf_full_months(int32_t from, int32_t to);

#endif
