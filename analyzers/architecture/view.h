/* SPDX-License-Identifier: MIT */
/* view: the parts of a document about an architecture, each of which can be asked for alone. */
#ifndef CF_ANALYZERS_ARCHITECTURE_VIEW_H
#define CF_ANALYZERS_ARCHITECTURE_VIEW_H

#include "analyzers/architecture/changes.h"
#include "core/span_forest.h"

/* What there is to present. */
struct cf_arch_view {
	struct cf_analysis *analysis;
	const struct cf_profile *profile;
	const struct cf_architecture *arch;
	const struct cf_arch_changes *changes; /* NULL: nothing to compare with */
	struct cf_span_forest forest;          /* of a run with spans */
	gboolean spans;
	gboolean structure; /* no measured cost: what stays the same while the structure does */
	size_t limit;       /* rows of a table, 0: all */
	struct cf_node *at; /* where to append */
};

/* One that --part can name. */
struct cf_arch_chapter {
	const char *name, *title; /* "hot-paths", "Hot paths" */
	const char *about;        /* one line for help and error messages */
	void (*present)(const struct cf_arch_view *view);
	gboolean only_spans; /* needs traces */
	gboolean changes;    /* shows what has changed since the base */
};
extern const struct cf_arch_chapter cf_arch_chapters[]; /* ends with a row without name */

void cf_arch_present_overview(const struct cf_arch_view *view);
void cf_arch_present_changes(const struct cf_arch_view *view);
void cf_arch_present_map(const struct cf_arch_view *view);
void cf_arch_present_calls(const struct cf_arch_view *view);
void cf_arch_present_dependencies(const struct cf_arch_view *view);
void cf_arch_present_entries(const struct cf_arch_view *view);
void cf_arch_present_hot_paths(const struct cf_arch_view *view);
void cf_arch_present_critical_paths(const struct cf_arch_view *view);
void cf_arch_present_sequences(const struct cf_arch_view *view);
void cf_arch_present_external(const struct cf_arch_view *view);
void cf_arch_present_reference(const struct cf_arch_view *view);

/* Columns with measured values aren't shown of the mere structure. */
static inline unsigned cf_arch_measured(const struct cf_arch_view *view, unsigned flags)
{
	return view->structure ? flags | CF_COLUMN_DATA : flags;
}
/* The rows that a table shows of n. */
static inline guint cf_arch_shown(const struct cf_arch_view *view, guint n)
{
	return view->limit && view->limit < n ? (guint)view->limit : n;
}
/* A paragraph that says how many rows are missing, if any are. */
void cf_arch_note_rest(const struct cf_arch_view *view, guint n, const char *what);
/* Puts the command that computes it again under a table. */
void cf_arch_recompute(const struct cf_arch_view *view, struct cf_node *table, const char *part);

#endif
