/* SPDX-License-Identifier: MIT */
/* waterfall: one trace, span by span, and which traces there are. */
#include "analyzers/timeline/waterfall.h"

#include <string.h>

#include "analyzers/critical_path.h"
#include "analyzers/profile.h"
#include "core/timeline.h"

/* Spans of one picture: the note says how many more there are. */
#define SPANS_MAX 2000

static const char *trace_id(const struct cf_trace *trace, const struct cf_span_forest *forest,
			    uint32_t number)
{
	return cf_dict_text(trace->dict, cf_span_at(forest, number)->trace);
}

/* --- traces --------------------------------------------------------------------------------------------- */

static gint by_duration(gconstpointer a, gconstpointer b)
{
	const struct cf_trace_row *x = a, *y = b;

	if (x->duration != y->duration)
		return x->duration > y->duration ? -1 : 1;
	if (x->start != y->start)
		return x->start < y->start ? -1 : 1;
	return (x->root > y->root) - (x->root < y->root);
}

/* The root above each span: parents may stand behind their children. Caller frees. */
static uint32_t *find_roots(const struct cf_span_forest *forest)
{
	uint32_t *root = g_new0(uint32_t, (size_t)forest->n + 1);

	for (uint32_t number = 1; number <= forest->n; number++) {
		uint32_t top = number, at = number;

		while (!root[top] && forest->parent[top])
			top = forest->parent[top];
		top = root[top] ? root[top] : top;
		while (!root[at]) {
			root[at] = top;
			if (!forest->parent[at])
				break;
			at = forest->parent[at];
		}
	}
	return root;
}

GArray *cf_trace_rows(const struct cf_trace *trace, const struct cf_span_forest *forest)
{
	GArray *rows = g_array_new(FALSE, FALSE, sizeof(struct cf_trace_row));
	g_autofree uint32_t *root = find_roots(forest), *row_of = g_new0(uint32_t, (size_t)forest->n + 1);
	g_autoptr(GHashTable) by_id = g_hash_table_new(NULL, NULL);

	for (uint32_t number = 1; number <= forest->n; number++) {
		const struct cf_span *span = cf_span_at(forest, number);
		const struct cf_trace_row fresh = { .root = number,
						    .start = span->start_ns,
						    .duration = span->duration_ns };
		gboolean named = *trace_id(trace, forest, number) != '\0';
		uint32_t known =
			named ? GPOINTER_TO_UINT(g_hash_table_lookup(by_id, GUINT_TO_POINTER(span->trace.id)))
			      : row_of[root[number]];
		struct cf_trace_row *row;

		if (!known && named) {
			g_array_append_val(rows, fresh);
			known = rows->len;
			g_array_index(rows, struct cf_trace_row, known - 1).duration = -1;
			g_hash_table_insert(by_id, GUINT_TO_POINTER(span->trace.id), GUINT_TO_POINTER(known));
		} else if (!known) {
			const struct cf_span *top = cf_span_at(forest, root[number]);
			const struct cf_trace_row own = { .root = root[number],
							  .start = top->start_ns,
							  .duration = top->duration_ns };

			g_array_append_val(rows, own);
			known = row_of[root[number]] = rows->len;
		}
		row = &g_array_index(rows, struct cf_trace_row, known - 1);
		row->spans++;
		row->errors += span->status == CF_SPAN_ERROR;
		if (named && root[number] == number && span->duration_ns > row->duration) {
			row->root = number;
			row->start = span->start_ns;
			row->duration = span->duration_ns;
		}
	}
	g_array_sort(rows, by_duration);
	return rows;
}

int cf_trace_row_find(const struct cf_trace *trace, const struct cf_span_forest *forest, const GArray *rows,
		      const char *text, struct cf_diag *diag)
{
	g_autofree char *shown = NULL;
	int found = -1, matches = 0;

	if (!text)
		return 0;
	shown = cf_visible(text, -1, 80);
	for (guint i = 0; i < rows->len; i++) {
		const char *id = trace_id(trace, forest, g_array_index(rows, struct cf_trace_row, i).root);

		if (!strcmp(id, text) && *id)
			return (int)i;
		if (*text && g_str_has_prefix(id, text)) {
			found = (int)i;
			matches++;
		}
	}
	if (matches == 1)
		return found;
	if (matches)
		return cf_error_as(diag, CF_STATUS_USAGE, NULL,
				   "%d traces begin with '%s'; more of the id tells them apart", matches,
				   shown);
	return cf_error_as(diag, CF_STATUS_USAGE, NULL,
			   "no trace '%s' in the run; the slowest are listed by: callflow timeline", shown);
}

void cf_trace_rows_present(const struct cf_analysis *analysis, const struct cf_trace *trace,
			   const struct cf_span_forest *forest, const GArray *rows, size_t limit)
{
	static const struct cf_column columns[] = {
		{ "trace", "trace", CF_UNIT_NONE, CF_COLUMN_NAME | CF_COLUMN_CODE },
		{ "operation", "operation", CF_UNIT_NONE, CF_COLUMN_NAME | CF_COLUMN_CODE },
		{ "service", "service", CF_UNIT_NONE, CF_COLUMN_NAME | CF_COLUMN_CODE | CF_COLUMN_WITH },
		{ "start", "after", CF_UNIT_NS, CF_COLUMN_COST },
		{ "duration", "took", CF_UNIT_NS, CF_COLUMN_LEAD | CF_COLUMN_OWN_SCALE },
		{ "spans", "spans", CF_UNIT_COUNT, 0 },
		{ "errors", "errors", CF_UNIT_COUNT, 0 },
	};
	guint shown = limit && limit < rows->len ? (guint)limit : rows->len;
	struct cf_node *table = cf_doc_table(analysis->doc, analysis->section, "traces", "The slowest traces",
					     columns, G_N_ELEMENTS(columns));
	int64_t begin = INT64_MAX;

	for (guint i = 0; i < rows->len; i++)
		begin = MIN(begin, g_array_index(rows, struct cf_trace_row, i).start);
	for (guint i = 0; i < shown; i++) {
		const struct cf_trace_row *row = &g_array_index(rows, struct cf_trace_row, i);
		const struct cf_span *root = cf_span_at(forest, row->root);

		cf_table_text(analysis->doc, table, cf_dict_text(trace->dict, root->trace));
		cf_table_text(analysis->doc, table, cf_dict_text(trace->dict, root->name));
		cf_table_text(analysis->doc, table, cf_dict_text(trace->dict, root->service));
		cf_table_int(table, cf_difference(row->start, begin));
		cf_table_int(table, row->duration);
		cf_table_int(table, row->spans);
		cf_table_int(table, row->errors);
	}
	if (shown < rows->len) {
		g_autofree char *more = g_strdup_printf("%u more traces (-n 0 shows all)", rows->len - shown);

		cf_table_rest(table);
		cf_table_empty(table);
		cf_table_text(analysis->doc, table, more);
		for (size_t c = 2; c < G_N_ELEMENTS(columns); c++)
			cf_table_empty(table);
	}
}

/* --- one trace ------------------------------------------------------------------------------------------ */

struct visit {
	uint32_t number, depth;
};

static int64_t begin_of(const struct cf_span_forest *forest, const struct cf_trace_row *row, gboolean named)
{
	int64_t begin = row->start;

	for (uint32_t i = forest->first[0]; named && i < forest->first[1]; i++) {
		const struct cf_span *span = cf_span_at(forest, forest->children[i]);

		if (span->trace.id == cf_span_at(forest, row->root)->trace.id)
			begin = MIN(begin, span->start_ns);
	}
	return begin;
}

static void add_span(struct cf_timeline *timeline, const struct cf_trace *trace, const struct cf_span *span,
		     const struct visit *visit, int64_t begin, gboolean on_path)
{
	const char *service = cf_dict_text(trace->dict, span->service);
	struct cf_interval interval = { .name = cf_dict_text(trace->dict, span->name),
					.start = cf_difference(span->start_ns, begin),
					.duration = span->duration_ns,
					.depth = visit->depth };

	interval.track = cf_timeline_track(timeline, *service ? service : "[unnamed service]", NULL);
	if (span->status == CF_SPAN_ERROR)
		interval.marks |= CF_MARK_FAILED;
	if (on_path)
		interval.marks |= CF_MARK_HIGHLIGHT;
	cf_timeline_add(timeline, &interval);
}

/* Roots of the trace, each with what it caused. Returns how many spans there are. */
static guint add_trace(struct cf_timeline *timeline, const struct cf_trace *trace,
		       const struct cf_span_forest *forest, const struct cf_trace_row *row,
		       const uint8_t *on_path, int64_t begin)
{
	g_autoptr(GArray) stack = g_array_new(FALSE, FALSE, sizeof(struct visit));
	gboolean named = *trace_id(trace, forest, row->root) != '\0';
	struct visit visit = { row->root, 0 };
	guint n = 0;

	/* The other roots come behind the one that the trace is known by. */
	for (uint32_t i = forest->first[1]; named && i-- > forest->first[0];) {
		const struct visit other = { forest->children[i], 0 };

		if (other.number != row->root &&
		    cf_span_at(forest, other.number)->trace.id == cf_span_at(forest, row->root)->trace.id)
			g_array_append_val(stack, other);
	}
	g_array_append_val(stack, visit);
	while (stack->len) {
		visit = g_array_index(stack, struct visit, stack->len - 1);
		g_array_set_size(stack, stack->len - 1);
		if (n++ < SPANS_MAX)
			add_span(timeline, trace, cf_span_at(forest, visit.number), &visit, begin,
				 on_path[visit.number]);
		for (uint32_t i = forest->first[visit.number + 1]; i-- > forest->first[visit.number];) {
			const struct visit child = { forest->children[i], visit.depth + 1 };

			g_array_append_val(stack, child);
		}
	}
	return n;
}

void cf_waterfall_present(const struct cf_analysis *analysis, const struct cf_trace *trace,
			  const struct cf_span_forest *forest, const struct cf_trace_row *row)
{
	const char *id = trace_id(trace, forest, row->root);
	const struct cf_span *root = cf_span_at(forest, row->root);
	int64_t begin = begin_of(forest, row, *id != '\0');
	struct cf_timeline *timeline = cf_timeline_new(CF_TIMELINE_WATERFALL, begin > 0 ? begin : 0);
	g_autoptr(GArray) path = cf_critical_path(forest, row->root);
	g_autofree uint8_t *on_path = g_new0(uint8_t, (size_t)forest->n + 1);
	g_autofree char *duration = cf_unit_text_i64(CF_UNIT_NS, row->duration);
	g_autofree char *caption = g_strdup_printf("%s%s%s %s: %s", *id ? "Trace " : "", id, *id ? "," : "",
						   cf_dict_text(trace->dict, root->name), duration);
	guint n;

	for (guint i = 0; i < path->len; i++)
		on_path[g_array_index(path, struct cf_path_piece, i).span] = 1;
	n = add_trace(timeline, trace, forest, row, on_path, begin);
	if (n > SPANS_MAX)
		timeline->note = g_strdup_printf("the first %d of %u spans", SPANS_MAX, n);
	cf_timeline_finish(timeline);
	cf_doc_timeline(analysis->doc, analysis->section, "waterfall", g_strstrip(caption), timeline);
}
