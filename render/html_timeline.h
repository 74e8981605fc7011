/* SPDX-License-Identifier: MIT */
/* html_timeline: the intervals of a timeline as data for the page's script. */
#ifndef CF_RENDER_HTML_TIMELINE_H
#define CF_RENDER_HTML_TIMELINE_H

#include "core/timeline.h"
#include "render/html.h"

/* The script of pages with timelines. */
extern const char cf_timeline_js[];

/*
 * <script type="application/json">, which runs nothing: names, tracks, and of each interval six numbers: track and
 * marks, depth, name, start, duration and own cost, times in 1/1000000 of the whole. Longer ones first come in where there are too
 * many.
 */
void cf_html_timeline_data(struct cf_html *html, const struct cf_timeline *timeline);

#endif
