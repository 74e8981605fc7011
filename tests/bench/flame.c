/* SPDX-License-Identifier: MIT */
/* flame: CPU seconds of drawing a flame graph of a million frames, as "layout 0.012" lines. */
#include <string.h>
#include <time.h>

#include "render/flame.h"
#include "render/flame_cairo.h"
#include "render/flame_layout.h"
#include "render/flame_scene.h"

#define FRAMES 1000000u
#define NAMES 20000u
#define DEPTH 80u

static uint64_t state = 88172645463325252u;

/* Marsaglia, "Xorshift RNGs", 2003: the same tree everywhere. */
static uint32_t random_below(uint32_t n)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (uint32_t)(state >> 32) % n;
}

/* Stacks that share most of their callers with the one before, as in sorted recordings. */
static struct cf_tree *make_tree(void)
{
	struct cf_tree *tree = cf_tree_new(CF_UNIT_NS, "cpu-clock", "all");
	uint32_t path[DEPTH] = { 0 }, depth = 0, names[NAMES];

	for (uint32_t i = 0; i < NAMES; i++) {
		g_autofree char *name =
			g_strdup_printf("library%u::Thing<int, char>::operation%u(int)", i % 300, i);

		names[i] = cf_tree_name(tree, name);
	}
	while (tree->nodes->len < FRAMES) {
		struct cf_tree_node node;

		depth -= MIN(depth, random_below(8));
		for (uint32_t more = random_below(8) + 1; more && depth + 1 < DEPTH; more--) {
			node = (struct cf_tree_node){ .parent = path[depth],
						      .name = names[random_below(NAMES)] };
			path[++depth] = tree->nodes->len;
			g_array_append_val(tree->nodes, node);
		}
		g_array_index(tree->nodes, struct cf_tree_node, path[depth]).self =
			1000000 * (1 + random_below(50));
		g_array_index(tree->nodes, struct cf_tree_node, path[depth]).count = 1;
	}
	cf_tree_finish(tree);
	return tree;
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int draw(const char *format, const struct cf_doc *doc)
{
	const struct cf_render_opts opts = { .width = 0 };
	struct cf_diag diag = { 0 };
	struct cf_out *out = cf_out_memory();
	double start = now();
	int result = cf_renderer_by_name(format)->render(doc, &opts, out, &diag);
	size_t bytes;

	cf_out_text(out, &bytes);
	g_print("%s %.3f %zu\n", format, now() - start, bytes);
	cf_out_abort(out);
	return result;
}

int main(void)
{
	struct cf_doc *doc = cf_doc_new("a million frames");
	struct cf_tree *tree = make_tree();
	struct cf_flame_layout layout;
	uint64_t shown = 0;
	double start = now();
	int result;

	cf_flame_layout(tree, CF_FLAME_MIN_PX / 1180, CF_FLAME_MAX_LEVELS, &layout);
	g_print("layout %.3f %u\n", now() - start, layout.boxes->len);
	for (guint i = 0; i < layout.boxes->len; i++) {
		uint32_t pruned = g_array_index(layout.boxes, struct cf_flame_box, i).pruned;

		shown += pruned ? pruned : 1;
	}
	g_print("uncounted %" G_GINT64_FORMAT " %u\n", (gint64)tree->nodes->len - (gint64)shown,
		tree->nodes->len);
	cf_flame_layout_clear(&layout);
	cf_doc_tree(doc, doc->root, CF_FLAME, "flame", NULL, tree);
	result = draw("svg", doc) | draw("png", doc) | draw("html", doc);
	cf_doc_free(doc);
	return result ? 1 : 0;
}
