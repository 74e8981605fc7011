/* SPDX-License-Identifier: MIT */
/* timeline: intervals on tracks: the spans of a trace, or what threads did when. */
#ifndef CF_CORE_TIMELINE_H
#define CF_CORE_TIMELINE_H

#include "core/doc.h"
#include "core/figure.h"

enum cf_timeline_style {
	CF_TIMELINE_WATERFALL, /* a row per interval, in the order in which they were added: parents before children */
	CF_TIMELINE_TRACKS /* a band per track, in it a row per depth */
};

struct cf_track {
	const char *id;    /* API: unique in the timeline */
	const char *label; /* what readers see */
};

struct cf_interval {
	uint32_t track; /* index into tracks */
	const char *name;
	int64_t start;      /* ns after the origin */
	int64_t duration;   /* ns, 0 or more */
	uint32_t depth;     /* intervals around it */
	int64_t own;        /* what it cost itself, in the timeline's unit; 0 where that isn't known */
	const char *status; /* as recorded ("500", "CANCELLED"); "" for none */
	unsigned marks;     /* enum cf_mark */
};

struct cf_timeline {
	enum cf_timeline_style style;
	int64_t origin;    /* ns since the epoch of start 0, or 0 when it isn't known */
	enum cf_unit unit; /* of own; CF_UNIT_NS: time in which it ran, which may be less than its duration */
	char *highlight;   /* what the highlight stands for: "critical path" */
	char *note;        /* stands below the picture, or NULL */
	GArray *tracks;    /* struct cf_track, in order of appearance */
	GArray *intervals; /* struct cf_interval; of tracks: by track, start, depth, longest first */
	int64_t begin, end; /* of all intervals, ns after the origin; end > begin once finished */
	GStringChunk *text; /* private */
	GHashTable *ids;    /* private */
};

struct cf_timeline *cf_timeline_new(enum cf_timeline_style style, int64_t origin);
void cf_timeline_free(struct cf_timeline *timeline);
/* Found or added; label NULL: the id. Text is copied. */
uint32_t cf_timeline_track(struct cf_timeline *timeline, const char *id, const char *label);
/* Text is copied, status NULL is "", a negative duration is 0. */
void cf_timeline_add(struct cf_timeline *timeline, const struct cf_interval *interval);
/* Call once, when all is added: sorts, finds begin and end. */
void cf_timeline_finish(struct cf_timeline *timeline);

static inline const struct cf_interval *cf_interval_at(const struct cf_timeline *timeline, uint32_t i)
{
	return &g_array_index(timeline->intervals, struct cf_interval, i);
}
static inline const struct cf_track *cf_track_at(const struct cf_timeline *timeline, uint32_t i)
{
	return &g_array_index(timeline->tracks, struct cf_track, i);
}
/* start + duration, within the range. */
int64_t cf_interval_end(const struct cf_interval *interval);

/*
 * keep[i]: the interval is among the most that are drawn: highlighted and failed ones first, then the longest, then
 * the earlier. TRUE for all where there are no more. Caller frees.
 */
gboolean *cf_timeline_keep(const struct cf_timeline *timeline, uint32_t most);

/* A TIMELINE node that owns the finished timeline. Its child is the table ID-intervals: the thousand, of tracks the two
 * hundred that are drawn first. */
struct cf_node *cf_doc_timeline(struct cf_doc *doc, struct cf_node *parent, const char *id,
				const char *caption, struct cf_timeline *timeline);

#endif
