/* SPDX-License-Identifier: MIT */
/* timeline: intervals on tracks. */
#include "core/timeline.h"

#include <string.h>

#include "core/hash.h"
#include "core/sum.h"

/* Intervals that the table in words has: nobody reads more, and pages would only grow. */
#define WATERFALL_ROWS 1000
#define TRACKS_ROWS 200

struct cf_timeline *cf_timeline_new(enum cf_timeline_style style, int64_t origin)
{
	struct cf_timeline *timeline = g_new0(struct cf_timeline, 1);

	timeline->style = style;
	timeline->origin = origin;
	timeline->highlight = g_strdup("critical path");
	timeline->tracks = g_array_new(FALSE, TRUE, sizeof(struct cf_track));
	timeline->intervals = g_array_new(FALSE, TRUE, sizeof(struct cf_interval));
	timeline->text = g_string_chunk_new(4096);
	timeline->ids = g_hash_table_new(cf_str_hash, g_str_equal);
	return timeline;
}

void cf_timeline_free(struct cf_timeline *timeline)
{
	if (!timeline)
		return;
	g_free(timeline->highlight);
	g_free(timeline->note);
	g_array_unref(timeline->tracks);
	g_array_unref(timeline->intervals);
	g_hash_table_destroy(timeline->ids);
	g_string_chunk_free(timeline->text);
	g_free(timeline);
}

uint32_t cf_timeline_track(struct cf_timeline *timeline, const char *id, const char *label)
{
	struct cf_track track = { 0 };
	gpointer index;

	if (g_hash_table_lookup_extended(timeline->ids, id, NULL, &index))
		return GPOINTER_TO_UINT(index);
	track.id = g_string_chunk_insert(timeline->text, id);
	track.label = label ? g_string_chunk_insert(timeline->text, label) : track.id;
	g_hash_table_insert(timeline->ids, (gpointer)track.id, GUINT_TO_POINTER(timeline->tracks->len));
	g_array_append_val(timeline->tracks, track);
	return timeline->tracks->len - 1;
}

void cf_timeline_add(struct cf_timeline *timeline, const struct cf_interval *interval)
{
	struct cf_interval kept = *interval;

	g_assert(interval->track < timeline->tracks->len);
	kept.name = g_string_chunk_insert(timeline->text, interval->name);
	kept.status = interval->status ? g_string_chunk_insert(timeline->text, interval->status) : "";
	kept.duration = MAX(interval->duration, 0);
	g_array_append_val(timeline->intervals, kept);
}

int64_t cf_interval_end(const struct cf_interval *interval)
{
	return cf_add_sat(interval->start, interval->duration);
}

static int rising(int64_t a, int64_t b)
{
	return (a > b) - (a < b);
}

/* Intervals that are alike in all of this keep the order in which they were added: the sort is stable. */
static gint by_place(gconstpointer a, gconstpointer b)
{
	const struct cf_interval *x = a, *y = b;
	int order = rising(x->track, y->track);

	if (!order)
		order = rising(x->start, y->start);
	if (!order)
		order = rising(x->depth, y->depth);
	return order ? order : rising(y->duration, x->duration);
}

void cf_timeline_finish(struct cf_timeline *timeline)
{
	int64_t begin = INT64_MAX, end = INT64_MIN;

	if (timeline->style == CF_TIMELINE_TRACKS)
		g_array_sort(timeline->intervals, by_place);
	for (guint i = 0; i < timeline->intervals->len; i++) {
		const struct cf_interval *interval = cf_interval_at(timeline, i);

		begin = MIN(begin, interval->start);
		end = MAX(end, cf_interval_end(interval));
	}
	if (!timeline->intervals->len)
		begin = end = 0;
	if (begin == end && begin < INT64_MAX)
		end++;
	else if (begin == end)
		begin--;
	timeline->begin = begin;
	timeline->end = end;
}

struct rank {
	const struct cf_interval *interval;
	uint32_t at;
};

static gint by_rank(gconstpointer a, gconstpointer b, gpointer data)
{
	const struct rank *x = a, *y = b;
	gboolean marked_x = x->interval->marks != 0, marked_y = y->interval->marks != 0;

	if (marked_x != marked_y)
		return marked_x ? -1 : 1;
	if (x->interval->duration != y->interval->duration)
		return rising(y->interval->duration, x->interval->duration);
	return rising(x->at, y->at);
}

gboolean *cf_timeline_keep(const struct cf_timeline *timeline, uint32_t most)
{
	guint n = timeline->intervals->len;
	g_autofree struct rank *ranks = g_new(struct rank, n + 1);
	gboolean *keep = g_new0(gboolean, n + 1);

	for (guint i = 0; i < n; i++)
		ranks[i] = (struct rank){ cf_interval_at(timeline, i), i };
	if (n > most)
		g_qsort_with_data(ranks, (gint)n, sizeof(*ranks), by_rank, NULL);
	for (guint i = 0; i < MIN(n, most); i++)
		keep[ranks[i].at] = TRUE;
	return keep;
}

static void add_rest(struct cf_doc *doc, struct cf_node *table, guint more, size_t columns)
{
	g_autofree char *text = g_strdup_printf("%u shorter intervals", more);

	cf_table_rest(table);
	cf_table_text(doc, table, text);
	for (size_t c = 1; c < columns; c++)
		cf_table_empty(table);
}

static void add_table(struct cf_doc *doc, struct cf_node *parent, const char *id,
		      const struct cf_timeline *timeline)
{
	g_autofree char *table_id = g_strconcat(id, "-intervals", NULL);
	struct cf_column columns[] = {
		{ "track", "track", CF_UNIT_NONE, CF_COLUMN_NAME | CF_COLUMN_CODE },
		{ "name", "name", CF_UNIT_NONE, CF_COLUMN_NAME | CF_COLUMN_CODE | CF_COLUMN_WITH },
		{ "start", "after", CF_UNIT_NS, 0 },
		{ "duration", "duration", CF_UNIT_NS, 0 },
		{ "depth", "depth", CF_UNIT_COUNT, 0 },
		{ "status", "status", CF_UNIT_NONE, CF_COLUMN_DATA },
		{ "mark", "mark", CF_UNIT_NONE, CF_COLUMN_DATA },
		{ "track_id", "track id", CF_UNIT_NONE, CF_COLUMN_DATA | CF_COLUMN_CODE },
		{ "start_time", "start", CF_UNIT_TIME, CF_COLUMN_DATA },
	};
	struct cf_node *table;
	guint most = timeline->style == CF_TIMELINE_WATERFALL ? WATERFALL_ROWS : TRACKS_ROWS;
	g_autofree gboolean *keep = cf_timeline_keep(timeline, most);

	/* A column that says nothing here is for programs only. */
	for (guint i = 0; i < timeline->intervals->len; i++) {
		if (*cf_interval_at(timeline, i)->status)
			columns[5].flags = 0;
		if (cf_interval_at(timeline, i)->marks)
			columns[6].flags = 0;
	}
	table = cf_doc_table(doc, parent, table_id, "Intervals", columns, G_N_ELEMENTS(columns));
	for (guint i = 0; i < timeline->intervals->len; i++) {
		const struct cf_interval *interval = cf_interval_at(timeline, i);
		const struct cf_track *track = cf_track_at(timeline, interval->track);

		if (!keep[i])
			continue;
		cf_table_text(doc, table, track->label);
		cf_table_text(doc, table, interval->name);
		cf_table_int(table, interval->start);
		cf_table_int(table, interval->duration);
		cf_table_int(table, interval->depth);
		cf_table_text(doc, table, interval->status);
		cf_table_text(doc, table, cf_mark_word(interval->marks, timeline->highlight));
		cf_table_text(doc, table, track->id);
		if (timeline->origin)
			cf_table_int(table, cf_add_sat(timeline->origin, interval->start));
		else
			cf_table_empty(table);
	}
	if (timeline->intervals->len > most)
		add_rest(doc, table, timeline->intervals->len - most, G_N_ELEMENTS(columns));
}

struct cf_node *cf_doc_timeline(struct cf_doc *doc, struct cf_node *parent, const char *id,
				const char *caption, struct cf_timeline *timeline)
{
	struct cf_node *node = cf_doc_add(doc, parent, CF_TIMELINE, caption);

	node->id = cf_doc_id(doc, id);
	node->timeline = timeline;
	add_table(doc, node, node->id, timeline);
	return node;
}
