/* SPDX-License-Identifier: MIT */
/* span_forest: which spans a span caused, as far as its parents are sound. */
#include "core/span_forest.h"

#include "core/sum.h"

/* Colours by walking up: 0 not seen, 1 on the way that is walked now, 2 known to end at a root. */
static void break_cycles(struct cf_span_forest *forest)
{
	g_autofree uint8_t *colour = g_new0(uint8_t, (size_t)forest->n + 1);

	for (uint32_t start = 1; start <= forest->n; start++) {
		uint32_t number = start, closing;

		for (; number && !colour[number]; number = forest->parent[number])
			colour[number] = 1;
		closing = number && colour[number] == 1 ? number : 0;
		for (number = start; number && colour[number] == 1; number = forest->parent[number])
			colour[number] = 2;
		if (closing) {
			forest->parent[closing] = 0;
			forest->circular++;
		}
	}
}

static void find_parents(struct cf_span_forest *forest)
{
	for (uint32_t number = 1; number <= forest->n; number++) {
		const struct cf_span *span = cf_span_at(forest, number);

		forest->parent[number] = span->parent;
		if (span->parent > forest->n)
			forest->missing++;
		else if (span->parent && cf_span_at(forest, span->parent)->trace.id != span->trace.id)
			forest->elsewhere++;
		else
			continue;
		forest->parent[number] = 0;
	}
	break_cycles(forest);
}

static gint by_start(gconstpointer a, gconstpointer b, gpointer data)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	const struct cf_span_forest *forest = data;
	int64_t x_start = cf_span_at(forest, x)->start_ns, y_start = cf_span_at(forest, y)->start_ns;

	if (x_start != y_start)
		return x_start < y_start ? -1 : 1;
	return x < y ? -1 : x > y;
}

static void group_children(struct cf_span_forest *forest)
{
	g_autofree uint32_t *next = NULL;

	for (uint32_t number = 1; number <= forest->n; number++)
		forest->first[forest->parent[number] + 1]++;
	for (uint32_t number = 1; number <= forest->n + 1; number++)
		forest->first[number] += forest->first[number - 1];
	next = g_memdup2(forest->first, ((size_t)forest->n + 1) * sizeof(*next));
	for (uint32_t number = 1; number <= forest->n; number++)
		forest->children[next[forest->parent[number]]++] = number;
	for (uint32_t number = 1; number <= forest->n; number++) {
		uint32_t from = forest->first[number], count = forest->first[number + 1] - from;

		if (count > 1)
			g_qsort_with_data(&forest->children[from], (gint)count, sizeof(uint32_t), by_start,
					  forest);
	}
}

void cf_span_forest_init(struct cf_span_forest *forest, const struct cf_trace *trace)
{
	*forest = (struct cf_span_forest){ .spans = (const struct cf_span *)(const void *)trace->spans->data,
					   .n = trace->spans->len };
	forest->parent = g_new0(uint32_t, (size_t)forest->n + 1);
	forest->children = g_new(uint32_t, (size_t)forest->n + 1);
	forest->first = g_new0(uint32_t, (size_t)forest->n + 2);
	find_parents(forest);
	group_children(forest);
}

void cf_span_forest_clear(struct cf_span_forest *forest)
{
	g_free(forest->parent);
	g_free(forest->children);
	g_free(forest->first);
	*forest = (struct cf_span_forest){ 0 };
}

int64_t cf_span_end(const struct cf_span *span)
{
	return cf_add_sat(span->start_ns, span->duration_ns);
}

int64_t cf_span_self(const struct cf_span_forest *forest, uint32_t number)
{
	const struct cf_span *span = cf_span_at(forest, number);
	int64_t covered_to = span->start_ns, end = cf_span_end(span), self = span->duration_ns;

	for (uint32_t i = forest->first[number]; i < forest->first[number + 1]; i++) {
		const struct cf_span *child = cf_span_at(forest, forest->children[i]);
		int64_t from = MAX(child->start_ns, covered_to), to = MIN(cf_span_end(child), end);

		if (!cf_span_is_synchronous(child) || to <= from)
			continue;
		self -= to - from;
		covered_to = to;
	}
	return self;
}
