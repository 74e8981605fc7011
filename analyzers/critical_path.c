/* SPDX-License-Identifier: MIT */
/* critical_path: which spans a trace waited for. */
#include "analyzers/critical_path.h"

#include <stdlib.h>

/* A child within its parent. */
struct child {
	uint32_t span;
	int64_t start, end;
};

/* A span that is being walked: what of it lies before cursor is still to be told. */
struct visit {
	uint32_t span;
	int64_t start, cursor;
	guint at, end; /* its children that are left, in walk.children */
};

struct walk {
	const struct cf_span_forest *forest;
	GArray *visits;   /* struct visit: the way down */
	GArray *children; /* struct child: of all visits, the last one's at the end */
	GArray *pieces;
};

static int by_end(const void *a, const void *b)
{
	const struct child *x = a, *y = b;

	if (x->end != y->end)
		return x->end > y->end ? -1 : 1;
	if (x->start != y->start)
		return x->start < y->start ? -1 : 1;
	return (x->span > y->span) - (x->span < y->span);
}

static void enter(struct walk *w, uint32_t span, int64_t start, int64_t end)
{
	const struct cf_span_forest *forest = w->forest;
	struct visit visit = { .span = span, .start = start, .cursor = end, .at = w->children->len };

	for (uint32_t i = forest->first[span]; i < forest->first[span + 1]; i++) {
		const struct cf_span *s = cf_span_at(forest, forest->children[i]);
		const struct child child = { forest->children[i], MAX(s->start_ns, start),
					     MIN(cf_span_end(s), end) };

		if (cf_span_is_synchronous(s) && child.end > child.start)
			g_array_append_val(w->children, child);
	}
	visit.end = w->children->len;
	if (visit.end > visit.at)
		qsort(&g_array_index(w->children, struct child, visit.at), visit.end - visit.at,
		      sizeof(struct child), by_end);
	g_array_append_val(w->visits, visit);
}

static void add_piece(struct walk *w, uint32_t span, int64_t start, int64_t end)
{
	const struct cf_path_piece piece = { span, start, end };

	if (end > start)
		g_array_append_val(w->pieces, piece);
}

/* One step back: into the next child of the innermost visit, or out of it. */
static void step(struct walk *w)
{
	struct visit *visit = &g_array_index(w->visits, struct visit, w->visits->len - 1);
	struct child child;

	while (visit->at < visit->end &&
	       g_array_index(w->children, struct child, visit->at).end > visit->cursor)
		visit->at++;
	if (visit->at == visit->end) {
		guint begin = w->visits->len > 1 ? visit[-1].end : 0;

		add_piece(w, visit->span, visit->start, visit->cursor);
		g_array_set_size(w->children, begin);
		g_array_set_size(w->visits, w->visits->len - 1);
		return;
	}
	child = g_array_index(w->children, struct child, visit->at++);
	add_piece(w, visit->span, child.end, visit->cursor);
	visit->cursor = child.start;
	enter(w, child.span, child.start, child.end);
}

GArray *cf_critical_path(const struct cf_span_forest *forest, uint32_t root)
{
	const struct cf_span *span = cf_span_at(forest, root);
	struct walk w = { .forest = forest,
			  .visits = g_array_new(FALSE, FALSE, sizeof(struct visit)),
			  .children = g_array_new(FALSE, FALSE, sizeof(struct child)),
			  .pieces = g_array_new(FALSE, FALSE, sizeof(struct cf_path_piece)) };

	enter(&w, root, span->start_ns, cf_span_end(span));
	while (w.visits->len)
		step(&w);
	g_array_unref(w.visits);
	g_array_unref(w.children);
	for (guint i = 0, k = w.pieces->len; k > i + 1; i++) {
		struct cf_path_piece *a = &g_array_index(w.pieces, struct cf_path_piece, i);
		struct cf_path_piece *b = &g_array_index(w.pieces, struct cf_path_piece, --k);
		const struct cf_path_piece swapped = *a;

		*a = *b;
		*b = swapped;
	}
	return w.pieces;
}
