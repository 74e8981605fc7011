/* SPDX-License-Identifier: MIT */
/* html_timeline: the intervals of a timeline as data for the page's script. */
#include "render/html_timeline.h"

#include "core/hash.h"
#include "core/json.h"

/* A hundred and fifty kilobytes or so: what is shorter than these can't be seen without zooming in far. */
#define MOST 6000
#define PARTS 1000000

const char cf_timeline_js[] =
#include "gen/templates/html/timeline.js.inc"
	;

static void put_string(struct cf_json *json, const char *text)
{
	g_autofree char *printable = cf_visible(text, -1, 0);

	cf_json_string(json, printable);
}

static int64_t part_of(const struct cf_timeline *timeline, double time)
{
	double length = (double)timeline->end - (double)timeline->begin;

	return (int64_t)CLAMP(time / length * PARTS + 0.5, 0, PARTS);
}

/* Numbers of the names that are used, in order of appearance, which are written. */
static uint32_t *put_names(struct cf_json *json, const struct cf_timeline *timeline, const gboolean *keep)
{
	g_autoptr(GHashTable) known = g_hash_table_new(cf_str_hash, g_str_equal);
	uint32_t *number = g_new0(uint32_t, timeline->intervals->len + 1), n = 0;

	cf_json_key(json, "names");
	cf_json_begin_array(json);
	for (guint i = 0; i < timeline->intervals->len; i++) {
		const char *name = cf_interval_at(timeline, i)->name;
		gpointer at;

		if (!keep[i])
			continue;
		if (!g_hash_table_lookup_extended(known, name, NULL, &at)) {
			at = GUINT_TO_POINTER(n++);
			g_hash_table_insert(known, (gpointer)name, at);
			put_string(json, name);
		}
		number[i] = GPOINTER_TO_UINT(at);
	}
	cf_json_end_array(json);
	return number;
}

void cf_html_timeline_data(struct cf_html *html, const struct cf_timeline *timeline)
{
	g_autofree gboolean *keep = cf_timeline_keep(timeline, MOST);
	g_autofree uint32_t *name = NULL;
	struct cf_json json;

	cf_html_open(html, "script", "type", "application/json", "class", "cf-timeline-data", NULL);
	cf_json_init(&json, html->out);
	cf_json_begin_object(&json);
	cf_json_key(&json, "length");
	cf_json_double(&json, (double)timeline->end - (double)timeline->begin);
	cf_json_key(&json, "style");
	cf_json_string(&json, timeline->style == CF_TIMELINE_WATERFALL ? "waterfall" : "tracks");
	cf_json_key(&json, "unit");
	cf_json_string(&json, cf_unit_name(timeline->unit));
	cf_json_key(&json, "highlight");
	put_string(&json, timeline->highlight);
	cf_json_key(&json, "all");
	cf_json_int(&json, timeline->intervals->len);
	cf_json_key(&json, "tracks");
	cf_json_begin_array(&json);
	for (guint i = 0; i < timeline->tracks->len; i++)
		put_string(&json, cf_track_at(timeline, i)->label);
	cf_json_end_array(&json);
	name = put_names(&json, timeline, keep);
	cf_json_key(&json, "intervals");
	cf_json_begin_array(&json);
	for (guint i = 0; i < timeline->intervals->len; i++) {
		const struct cf_interval *interval = cf_interval_at(timeline, i);
		double start = (double)interval->start - (double)timeline->begin;
		int64_t from, to;

		if (!keep[i])
			continue;
		from = part_of(timeline, start);
		to = part_of(timeline, start + (double)interval->duration);
		cf_json_int(&json, (int64_t)interval->track * 16 + (interval->marks & 15));
		cf_json_int(&json, interval->depth);
		cf_json_int(&json, name[i]);
		cf_json_int(&json, from);
		cf_json_int(&json, to - from);
		cf_json_int(&json, interval->own);
	}
	cf_json_end_array(&json);
	cf_json_end_object(&json);
	cf_html_close(html, "script");
	cf_html_newline(html);
}
