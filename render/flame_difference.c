/* SPDX-License-Identifier: MIT */
/* flame_difference: what a flame graph of two sides says by its colours and words. */
#include "render/flame_difference.h"

#include <math.h>

static const struct cf_flame_diff *diff_of(const struct cf_flame_scene *scene, guint box)
{
	return &g_array_index(scene->layout.diffs, struct cf_flame_diff, box);
}

static enum cf_tree_mark mark_of(const struct cf_flame_scene *scene, guint box)
{
	const struct cf_flame_box *own = &g_array_index(scene->layout.boxes, struct cf_flame_box, box);

	return own->pruned ? CF_TREE_QUIET
			   : g_array_index(scene->tree->diffs, struct cf_tree_diff, own->node).mark;
}

/* 1 to 3; flame.js does the same. */
static unsigned step_of(const struct cf_flame_diff *diff, int64_t whole, gboolean absolute)
{
	static const double ratios[] = { 1.33, 2 }, shares[] = { 0.02, 0.1 };
	double before = (double)diff->before, after = (double)diff->after, size;
	const double *limits = absolute ? shares : ratios;

	if (absolute)
		size = whole > 0 ? fabs(after - before) / (double)whole : 0;
	else
		size = before > 0 && after > 0 ? fmax(after / before, before / after) : INFINITY;
	return size >= limits[1] ? 3 : size >= limits[0] ? 2 : 1;
}

unsigned cf_flame_difference_color(const struct cf_flame_scene *scene, guint box)
{
	const struct cf_flame_diff *diff = diff_of(scene, box);
	enum cf_tree_mark mark = mark_of(scene, box);
	unsigned step = CF_FLAME_QUIET;

	if (mark != CF_TREE_QUIET && diff->after != diff->before) {
		step = diff->after > diff->before ? CF_FLAME_MORE : CF_FLAME_LESS;
		if (mark == CF_TREE_CHANGED)
			step += step_of(diff, diff_of(scene, 0)->after, scene->tree->absolute);
	}
	return CF_FLAME_DIFF_COLOR + step;
}

gboolean cf_flame_difference_hatched(const struct cf_flame_scene *scene, guint box)
{
	const struct cf_flame_diff *diff = diff_of(scene, box);

	return (diff->before > 0) != (diff->after > 0);
}

char *cf_flame_difference_text(const struct cf_flame_scene *scene, guint box)
{
	const struct cf_flame_diff *diff = diff_of(scene, box);
	g_autofree char *after = cf_unit_text_i64(scene->tree->unit, diff->after);
	g_autofree char *before = cf_unit_text_i64(scene->tree->unit, diff->before);
	g_autofree char *change = NULL;
	double difference = (double)diff->after - (double)diff->before;

	if (!diff->before)
		return g_strdup_printf("%s, new", after);
	if (!diff->after)
		return g_strdup_printf("gone, was %s", before);
	change = cf_unit_text(scene->tree->unit, difference);
	return g_strdup_printf("%s, was %s: %s%s, ×%.2f%s", after, before, difference > 0 ? "+" : "", change,
			       (double)diff->after / (double)diff->before,
			       mark_of(scene, box) == CF_TREE_QUIET ? ", within noise" : "");
}

char *cf_flame_difference_note(enum cf_tree_widths widths, gboolean absolute)
{
	static const char *const costs[] = { "the cost after", "the cost before",
					     "the greater of both costs" };

	return g_strdup_printf(
		"widths are %s; colours the %s where functions changed, palest what leads there",
		costs[widths], absolute ? "difference" : "ratio");
}

const unsigned cf_flame_difference_order[CF_FLAME_STEPS] = {
	CF_FLAME_LESS + 3, CF_FLAME_LESS + 2, CF_FLAME_LESS + 1, CF_FLAME_LESS,    CF_FLAME_QUIET,
	CF_FLAME_MORE,     CF_FLAME_MORE + 1, CF_FLAME_MORE + 2, CF_FLAME_MORE + 3
};

const char *cf_flame_difference_legend(unsigned step, gboolean absolute)
{
	static const char *const ratios[CF_FLAME_STEPS] = {
		[CF_FLAME_QUIET] = "within noise",   [CF_FLAME_MORE] = "leads to more",
		[CF_FLAME_MORE + 1] = "more",        [CF_FLAME_MORE + 2] = "×1.33 and more",
		[CF_FLAME_MORE + 3] = "×2 and more", [CF_FLAME_LESS] = "leads to less",
		[CF_FLAME_LESS + 1] = "less",        [CF_FLAME_LESS + 2] = "÷1.33 and more",
		[CF_FLAME_LESS + 3] = "÷2 and more",
	};
	static const char *const shares[CF_FLAME_STEPS] = {
		[CF_FLAME_QUIET] = "within noise",    [CF_FLAME_MORE] = "leads to more",
		[CF_FLAME_MORE + 1] = "more",         [CF_FLAME_MORE + 2] = "+2 % of all",
		[CF_FLAME_MORE + 3] = "+10 % of all", [CF_FLAME_LESS] = "leads to less",
		[CF_FLAME_LESS + 1] = "less",         [CF_FLAME_LESS + 2] = "-2 % of all",
		[CF_FLAME_LESS + 3] = "-10 % of all",
	};

	return (absolute ? shares : ratios)[step];
}
