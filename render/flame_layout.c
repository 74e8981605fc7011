/* SPDX-License-Identifier: MIT */
/* flame_layout: weighted tree -> rectangles. Pure: no drawing library, no text. */
#include "render/flame_layout.h"

#include "core/sum.h"

/* 2^32 nodes of 2^63 each still fit, so widths need no overflow checks. */
typedef unsigned __int128 weight_t;

#define NO_BOX G_MAXUINT32

/* What a box is being filled with. */
struct fill {
	weight_t start, weight; /* where the box begins and its extent */
	weight_t used;          /* taken by children so far */
	weight_t other_weight;
	uint32_t other_nodes;
	int64_t other_total, other_count;
	struct cf_flame_diff other; /* of a comparison */
};

struct plan {
	const struct cf_tree_node *nodes;
	guint n;
	weight_t *weights;                /* of subtrees, negative selfs as 0 */
	uint32_t *sizes;                  /* nodes in the subtree */
	uint32_t *boxes;                  /* node -> box or NO_BOX */
	GArray *fills;                    /* struct fill, one per box */
	const struct cf_tree_diff *diffs; /* one per node, or NULL */
};

static double fraction(weight_t part, weight_t whole)
{
	return whole ? (double)part / (double)whole : 0;
}

/* Sums the subtrees. Parents stand before children, so one pass from the end is enough. */
static void weigh(struct plan *plan, struct cf_flame_layout *out)
{
	for (guint i = 0; i < plan->n; i++) {
		int64_t self = plan->diffs ? plan->diffs[i].both : plan->nodes[i].self;

		plan->weights[i] = self > 0 ? (weight_t)self : 0;
		plan->sizes[i] = 1;
		out->negative_nodes += self < 0;
	}
	for (guint i = plan->n; i-- > 1;) {
		uint32_t parent = plan->nodes[i].parent;

		g_assert(parent < i);
		if (!plan->diffs) /* those are sums already */
			plan->weights[parent] += plan->weights[i];
		plan->sizes[parent] += plan->sizes[i];
	}
}

static void add_box(struct plan *plan, struct cf_flame_layout *out, struct cf_flame_box box, weight_t start,
		    weight_t weight)
{
	weight_t whole = plan->weights[0];
	struct fill fill = { .start = start, .weight = weight };

	box.x = fraction(start, whole);
	box.width = MAX(fraction(start + weight, whole) - box.x, 0.0);
	out->levels = MAX(out->levels, box.level + 1);
	g_array_append_val(out->boxes, box);
	g_array_append_val(plan->fills, fill);
}

static void add_diff(struct cf_flame_diff *sum, int64_t before, int64_t after, int64_t both)
{
	sum->before = cf_add_sat(sum->before, before);
	sum->after = cf_add_sat(sum->after, after);
	sum->both = cf_add_sat(sum->both, both);
}

static void append_diff(const struct plan *plan, struct cf_flame_layout *out, guint node)
{
	struct cf_flame_diff own = { 0 };

	if (!plan->diffs)
		return;
	add_diff(&own, plan->diffs[node].before, plan->diffs[node].after, plan->diffs[node].both);
	g_array_append_val(out->diffs, own);
}

static void place(struct plan *plan, struct cf_flame_layout *out, guint node, double min_width)
{
	const struct cf_tree_node *frame = &plan->nodes[node];
	uint32_t parent = plan->boxes[frame->parent];
	uint32_t level;
	struct fill *fill;
	weight_t weight = plan->weights[node];

	plan->boxes[node] = NO_BOX;
	if (parent == NO_BOX) /* counted with the ancestor that was left out */
		return;
	fill = &g_array_index(plan->fills, struct fill, parent);
	level = g_array_index(out->boxes, struct cf_flame_box, parent).level + 1;
	if (weight == 0 || fraction(weight, plan->weights[0]) < min_width || level >= out->max_levels) {
		fill->other_weight += weight;
		fill->other_nodes += plan->sizes[node];
		fill->other_total = cf_add_sat(fill->other_total, frame->total);
		fill->other_count = cf_add_sat(fill->other_count, frame->count);
		if (plan->diffs)
			add_diff(&fill->other, plan->diffs[node].before, plan->diffs[node].after,
				 plan->diffs[node].both);
		return;
	}
	plan->boxes[node] = out->boxes->len;
	{
		struct cf_flame_box box = { .level = level,
					    .parent = parent,
					    .node = node,
					    .total = frame->total,
					    .count = frame->count };
		weight_t start = fill->start + fill->used;

		fill->used += weight;
		add_box(plan, out, box, start, weight); /* moves fills */
	}
	append_diff(plan, out, node);
}

static void place_other(struct plan *plan, struct cf_flame_layout *out, uint32_t parent)
{
	const struct cf_flame_box *above = &g_array_index(out->boxes, struct cf_flame_box, parent);
	struct fill fill = g_array_index(plan->fills, struct fill, parent);
	struct cf_flame_box box = { .level = above->level + 1,
				    .parent = parent,
				    .node = above->node,
				    .pruned = fill.other_nodes,
				    .total = fill.other_total,
				    .count = fill.other_count };

	if (fill.other_nodes == 0)
		return;
	if (box.level >= out->max_levels) {
		out->deep_boxes++;
		out->deep_nodes += fill.other_nodes;
	} else {
		out->narrow_boxes++;
		out->narrow_nodes += fill.other_nodes;
	}
	add_box(plan, out, box, fill.start + fill.used, fill.other_weight);
	if (plan->diffs)
		g_array_append_val(out->diffs, fill.other);
}

static int64_t width_of(const struct cf_flame_diff *diff, enum cf_tree_widths widths)
{
	return widths == CF_TREE_BOTH ? diff->both : widths == CF_TREE_BEFORE ? diff->before : diff->after;
}

/* By one side's totals: children fill their parents from the left, as they do by both. */
static void place_again(struct cf_flame_layout *out, enum cf_tree_widths widths)
{
	g_autofree double *used = g_new0(double, out->boxes->len);
	double whole = (double)width_of(&g_array_index(out->diffs, struct cf_flame_diff, 0), widths);

	for (guint i = 1; i < out->boxes->len; i++) {
		struct cf_flame_box *box = &g_array_index(out->boxes, struct cf_flame_box, i);
		double own = (double)width_of(&g_array_index(out->diffs, struct cf_flame_diff, i), widths);

		box->x = g_array_index(out->boxes, struct cf_flame_box, box->parent).x + used[box->parent];
		box->width = whole > 0 ? own / whole : 0;
		used[box->parent] += box->width;
	}
}

void cf_flame_layout(const struct cf_tree *tree, double min_width, uint32_t max_levels,
		     struct cf_flame_layout *out)
{
	guint n = tree->nodes->len;
	struct plan plan = {
		.nodes = (const struct cf_tree_node *)(void *)tree->nodes->data,
		.n = n,
		.weights = g_new(weight_t, n),
		.sizes = g_new(uint32_t, n),
		.boxes = g_new(uint32_t, n),
		.fills = g_array_new(FALSE, FALSE, sizeof(struct fill)),
		.diffs = tree->diffs ? (const struct cf_tree_diff *)(void *)tree->diffs->data : NULL,
	};
	struct cf_flame_box root;
	guint drawn;

	g_assert(n > 0);
	*out = (struct cf_flame_layout){
		.boxes = g_array_new(FALSE, FALSE, sizeof(struct cf_flame_box)),
		.diffs = tree->diffs ? g_array_new(FALSE, FALSE, sizeof(struct cf_flame_diff)) : NULL,
		.max_levels = max_levels ? max_levels : G_MAXUINT32
	};
	weigh(&plan, out);

	root = (struct cf_flame_box){ .total = plan.nodes[0].total, .count = plan.nodes[0].count };
	add_box(&plan, out, root, 0, plan.weights[0]);
	g_array_index(out->boxes, struct cf_flame_box, 0).width =
		1; /* a tree without weight has a root, too */
	append_diff(&plan, out, 0);
	plan.boxes[0] = 0;

	for (guint i = 1; i < n; i++)
		place(&plan, out, i, min_width);
	drawn = out->boxes->len;
	for (guint i = 0; i < drawn; i++)
		place_other(&plan, out, i);
	if (out->diffs && tree->widths != CF_TREE_BOTH)
		place_again(out, tree->widths);

	g_free(plan.weights);
	g_free(plan.sizes);
	g_free(plan.boxes);
	g_array_free(plan.fills, TRUE);
}

void cf_flame_layout_clear(struct cf_flame_layout *layout)
{
	if (layout->boxes)
		g_array_free(layout->boxes, TRUE);
	g_clear_pointer(&layout->diffs, g_array_unref);
	*layout = (struct cf_flame_layout){ 0 };
}
