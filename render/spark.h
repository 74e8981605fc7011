/* SPDX-License-Identifier: MIT */
/* spark: the trend of a cell as a few characters or a small picture. */
#ifndef CF_RENDER_SPARK_H
#define CF_RENDER_SPARK_H

#include "core/doc.h"

/* "▁▂▅█", at most 16 columns, a blank where there is no value; without utf8 "_.-=#". Caller frees. */
char *cf_spark_text(const struct cf_trend *trend, gboolean utf8);
/* "3 4 - 5": the values as data. Caller frees. */
char *cf_spark_values(const struct cf_trend *trend);
/* "12 values: first 3, last 5, least 1, greatest 9"; "" for none. Caller frees. */
char *cf_spark_words(const struct cf_trend *trend, enum cf_unit unit);

struct cf_html;
/* An inline <svg>, with the words as its title. */
void cf_spark_html(struct cf_html *html, const struct cf_trend *trend, enum cf_unit unit);

#endif
