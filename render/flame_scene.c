/* SPDX-License-Identifier: MIT */
/* flame_scene: what every picture of a flame graph shows: boxes in pixels, words, colours, legend. */
#include "render/flame_scene.h"

#include <string.h>

#include "render/escape.h"
#include "render/flame_difference.h"

#define SHADES 3
#define LEGEND_ENTRIES 8
#define SANS_CHAR 6.7 /* generous advance of the caption's 12 px text */

/* Families of hues; the first have a meaning, the rest are shared out among modules. */
enum family { FAMILY_NEUTRAL, FAMILY_UNRESOLVED, FAMILY_KERNEL, FAMILY_JIT, FAMILY_SERVICE, FAMILY_MODULE };

/*
 * Even lightness in OKLCH, so that dark text has a contrast of at least 6.2 on all of them, and hues that
 * stay apart in lightness or chroma where colour-blind readers can't tell them by hue. Shades tell neighbours
 * apart, by lightness.
 */
static const uint32_t palette[][SHADES] = {
	{ 0xd8dfe6, 0xe7eef5, 0xc5cbd2 }, /* neutral */
	{ 0xb4b8bc, 0xc2c6ca, 0xa1a5a9 }, /* unresolved */
	{ 0xf4a761, 0xfeb87a, 0xe0944e }, /* kernel */
	{ 0x96d88f, 0xa4e79d, 0x83c47c }, /* jit */
	{ 0x78d0ca, 0x87dfd9, 0x64bdb7 }, /* service */
	{ 0x8ec3f9, 0xa5d1ff, 0x7cb0e5 }, /* modules from here on */
	{ 0xe3ca69, 0xf2d978, 0xcfb755 }, { 0xc5a8e9, 0xd4b6f8, 0xb295d5 }, { 0xf3a7c4, 0xffb8d2, 0xdf94b1 },
	{ 0x90d8e9, 0x9ee7f8, 0x7dc5d5 }, { 0xfaa2a2, 0xfeb6b6, 0xe58f90 }, { 0xbed27f, 0xcce18d, 0xabbf6c },
	{ 0x9eacf1, 0xadbbfe, 0x8c99dd }, { 0xe2c69f, 0xf1d5ad, 0xceb38c }, { 0x88d0b0, 0x96dfbe, 0x75bd9d },
	{ 0xde95ce, 0xeda3dd, 0xca83bb }, { 0x89b5cf, 0x97c3de, 0x77a2bc },
};
#define FAMILIES G_N_ELEMENTS(palette)
#define MODULE_FAMILIES (FAMILIES - FAMILY_MODULE)
G_STATIC_ASSERT(FAMILIES *SHADES == CF_FLAME_DIFF_COLOR);

/*
 * Orange and blue are told apart by all kinds of colour blindness. Grey, then four of more and four of less, the first of
 * each the palest.
 */
static const uint32_t differences[CF_FLAME_STEPS] = { 0xe1e4e7, 0xfdeedd, 0xfdd5ab, 0xfbb56b, 0xf28f3b,
						      0xe3eefa, 0xbedaf5, 0x8bbdea, 0x5b9fdc };
G_STATIC_ASSERT(CF_FLAME_DIFF_COLOR + CF_FLAME_STEPS == CF_FLAME_COLORS);

/* Self by what the legend tells apart. */
struct share {
	uint32_t module; /* name index, for families from FAMILY_MODULE and FAMILY_NEUTRAL */
	unsigned family;
	double self;
};

struct painter {
	const struct cf_tree *tree;
	const struct cf_tree_node *nodes;
	double *self;      /* per name index: self of native frames of that module */
	guint8 *kernel;    /* per name index: a module of the kernel */
	guint8 *native;    /* per name index: a module of native frames */
	uint8_t *families; /* per name index */
	double kinds[FAMILY_MODULE];
	gboolean modules; /* some native frame has one */
};

/* FNV-1a: the same on every machine. */
static uint32_t hash(const char *text)
{
	uint32_t h = 2166136261u;

	for (; *text; text++)
		h = (h ^ (unsigned char)*text) * 16777619u;
	return h ^ h >> 15;
}

static const char *tree_name(const struct cf_tree *tree, uint32_t index)
{
	return g_ptr_array_index(tree->names, index);
}

uint32_t cf_flame_rgb(unsigned color)
{
	g_assert(color < CF_FLAME_COLORS);
	if (color >= CF_FLAME_DIFF_COLOR)
		return differences[color - CF_FLAME_DIFF_COLOR];
	return palette[color / SHADES][color % SHADES];
}

static unsigned family_of(const struct painter *painter, const struct cf_tree_node *node)
{
	switch (node->kind) {
	case CF_FRAME_KERNEL:
		return FAMILY_KERNEL;
	case CF_FRAME_JIT:
		return FAMILY_JIT;
	case CF_FRAME_SERVICE:
		return FAMILY_SERVICE;
	case CF_FRAME_UNRESOLVED:
		return FAMILY_UNRESOLVED;
	case CF_FRAME_NATIVE:
	case CF_FRAME_INLINED:
		break;
	}
	return painter->families[node->module];
}

static int compare_shares(gconstpointer a, gconstpointer b, gpointer data)
{
	const struct share *left = a, *right = b;
	const struct cf_tree *tree = data;

	if (left->self != right->self)
		return left->self < right->self ? 1 : -1;
	if (left->family != right->family)
		return left->family < right->family ? -1 : 1;
	return strcmp(tree_name(tree, left->module), tree_name(tree, right->module));
}

/*
 * Each module asks for the hue of its name's hash; the heavier ones choose first, and one whose hue is taken
 * gets the next free one. So a module nearly always has the same hue, and two big ones never share it.
 */
static GArray *share_out_hues(struct painter *painter)
{
	GArray *shares = g_array_new(FALSE, TRUE, sizeof(struct share));
	gboolean taken[MODULE_FAMILIES] = { FALSE };
	guint left = MODULE_FAMILIES;

	for (uint32_t i = 0; i < painter->tree->names->len; i++) {
		struct share share = { .module = i, .family = FAMILY_MODULE, .self = painter->self[i] };

		if (painter->native[i] && !(i == 0 && painter->modules))
			g_array_append_val(shares, share);
	}
	g_array_sort_with_data(shares, compare_shares, (gpointer)painter->tree);
	for (guint i = 0; i < shares->len; i++) {
		struct share *share = &g_array_index(shares, struct share, i);
		uint32_t slot = hash(tree_name(painter->tree, share->module)) % MODULE_FAMILIES;

		while (left && taken[slot])
			slot = (slot + 1) % MODULE_FAMILIES;
		if (left) {
			taken[slot] = TRUE;
			left--;
		}
		share->family = FAMILY_MODULE + slot;
		painter->families[share->module] = share->family;
	}
	return shares;
}

/* Bottom-up, what a function costs itself is all that stands on it; where its callers end is their cost, not theirs. */
static double own_cost(const struct cf_tree *tree, const struct cf_tree_node *node)
{
	if (!tree->inverted)
		return MAX(node->self, 0);
	return node->parent == 0 ? MAX(node->total, 0) : 0;
}

static void painter_init(struct painter *painter, const struct cf_tree *tree)
{
	guint names = tree->names->len;

	*painter = (struct painter){ .tree = tree,
				     .nodes = (const struct cf_tree_node *)(void *)tree->nodes->data,
				     .self = g_new0(double, names),
				     .kernel = g_new0(guint8, names),
				     .native = g_new0(guint8, names),
				     .families = g_new0(uint8_t, names) };
	for (guint i = 0; i < tree->nodes->len; i++)
		if (painter->nodes[i].kind == CF_FRAME_KERNEL && painter->nodes[i].module)
			painter->kernel[painter->nodes[i].module] = 1;
	for (guint i = 1; i < tree->nodes->len; i++) {
		const struct cf_tree_node *node = &painter->nodes[i];
		double self = own_cost(tree, node);
		unsigned kind;

		if ((node->kind == CF_FRAME_INLINED || node->kind == CF_FRAME_NATIVE) &&
		    !painter->kernel[node->module]) {
			painter->native[node->module] = 1;
			painter->self[node->module] += self;
			painter->modules |= node->module != 0;
			continue;
		}
		kind = painter->kernel[node->module] ? FAMILY_KERNEL : family_of(painter, node);
		painter->kinds[kind] += self;
		if (painter->kernel[node->module])
			painter->families[node->module] = FAMILY_KERNEL;
	}
}

static void painter_clear(struct painter *painter)
{
	g_free(painter->self);
	g_free(painter->kernel);
	g_free(painter->native);
	g_free(painter->families);
}

/* The shade of a name, unless the box below or the one to the left has that very colour. */
static unsigned shade(unsigned family, const char *name, unsigned below, unsigned left)
{
	unsigned color = family * SHADES + hash(name) % SHADES;

	for (unsigned tries = 0; tries < SHADES && (color == below || color == left); tries++)
		color = family * SHADES + (color + 1) % SHADES;
	return color;
}

static void paint(struct cf_flame_scene *scene, const struct painter *painter)
{
	const GArray *boxes = scene->layout.boxes;
	/* Per level the colour of the last box, as boxes come from left to right; CF_FLAME_COLORS for none. */
	g_autofree uint8_t *last = g_malloc(scene->layout.levels);

	memset(last, CF_FLAME_COLORS, scene->layout.levels);
	scene->colors = g_new(uint8_t, boxes->len);
	for (guint i = 0; i < boxes->len; i++) {
		const struct cf_flame_box *box = &g_array_index(boxes, struct cf_flame_box, i);
		const struct cf_tree_node *node = &painter->nodes[box->node];

		if (i == 0 || box->pruned)
			scene->colors[i] = FAMILY_NEUTRAL;
		else
			scene->colors[i] = shade(family_of(painter, node), tree_name(scene->tree, node->name),
						 scene->colors[box->parent], last[box->level]);
		last[box->level] = scene->colors[i];
	}
}

static void paint_differences(struct cf_flame_scene *scene)
{
	guint n = scene->layout.boxes->len;

	scene->colors = g_new(uint8_t, n);
	scene->hatched = g_new(uint8_t, n);
	for (guint i = 0; i < n; i++) {
		scene->colors[i] = (uint8_t)cf_flame_difference_color(scene, i);
		scene->hatched[i] = i > 0 && cf_flame_difference_hatched(scene, i);
	}
}

static void difference_legend(struct cf_flame_scene *scene)
{
	struct cf_flame_legend hatch = { .label = g_strdup("hatched: new or gone") };

	for (size_t i = 0; i < CF_FLAME_STEPS; i++) {
		unsigned step = cf_flame_difference_order[i];
		struct cf_flame_legend entry = { .label = g_strdup(cf_flame_difference_legend(
							 step, scene->tree->absolute)),
						 .color = CF_FLAME_DIFF_COLOR + step,
						 .swatch = TRUE };

		g_array_append_val(scene->legend, entry);
	}
	g_array_append_val(scene->legend, hatch);
}

static double root_total(const struct cf_flame_scene *scene)
{
	return (double)g_array_index(scene->layout.boxes, struct cf_flame_box, 0).total;
}

static char *share_text(const struct cf_flame_scene *scene, double value)
{
	double whole = root_total(scene);

	return cf_unit_text(CF_UNIT_RATIO, whole > 0 ? value / whole : 0);
}

static void add_legend(struct cf_flame_scene *scene, const char *name, const char *module, double self,
		       int family)
{
	struct cf_flame_legend entry = { .color = MAX(family, 0) * SHADES, .swatch = family >= 0 };
	g_autofree char *share = share_text(scene, self);
	g_autofree char *shown = cf_escape_xml_text(name);

	if (g_utf8_strlen(shown, -1) > 40) {
		g_autofree char *start = g_utf8_substring(shown, 0, 39);

		entry.label = g_strdup_printf("%s… %s", start, share);
	} else {
		entry.label = g_strdup_printf("%s %s", shown, share);
	}
	entry.module = module ? cf_escape_xml_text(module) : NULL;
	g_array_append_val(scene->legend, entry);
}

static void make_legend(struct cf_flame_scene *scene, const struct painter *painter, GArray *shares)
{
	static const char *const kinds[FAMILY_MODULE] = { NULL, "unresolved", "kernel", "jit", "service" };
	double rest = 0;
	guint more = 0;

	for (unsigned family = FAMILY_UNRESOLVED; family < FAMILY_MODULE; family++) {
		struct share share = { .family = family, .self = painter->kinds[family] };

		if (share.self > 0)
			g_array_append_val(shares, share);
	}
	g_array_sort_with_data(shares, compare_shares, (gpointer)scene->tree);
	for (guint i = 0; i < shares->len; i++) {
		const struct share *share = &g_array_index(shares, struct share, i);
		const char *module = tree_name(scene->tree, share->module);

		if (share->self <= 0)
			break;
		if (scene->legend->len >= LEGEND_ENTRIES) {
			rest += share->self;
			more++;
		} else if (share->family < FAMILY_MODULE) {
			add_legend(scene, kinds[share->family], NULL, share->self, share->family);
		} else {
			add_legend(scene, *module ? module : "no module", module, share->self, share->family);
		}
	}
	if (more) {
		g_autofree char *name = g_strdup_printf("%u more", more);

		add_legend(scene, name, NULL, rest, -1);
	}
}

static void note(struct cf_flame_scene *scene, char *text)
{
	g_ptr_array_add(scene->notes, text);
}

/* Where the metric counts samples, its value says it all. */
static gboolean counts_samples(const struct cf_flame_scene *scene, const struct cf_flame_box *box)
{
	return scene->tree->unit == CF_UNIT_COUNT && box->total == box->count;
}

static char *samples_text(int64_t count)
{
	g_autofree char *number = cf_unit_text_i64(CF_UNIT_COUNT, count);

	return g_strdup_printf("%s %s", number, count == 1 ? "sample" : "samples");
}

static char *left_out(uint32_t frames, const char *why, uint32_t boxes, const char *name)
{
	return g_strdup_printf("%u %s %s summed in %u %s named %s", frames, frames == 1 ? "frame" : "frames",
			       why, boxes, boxes == 1 ? "box" : "boxes", name);
}

#define RUNS_NAMED 3

/* "run 2  orders  2026-11-23 23:59Z  ..." of each run. */
static void name_runs(struct cf_flame_scene *scene, const GArray *inputs)
{
	guint n = inputs ? inputs->len : 0;

	for (guint i = 0; i < n && i < RUNS_NAMED; i++) {
		const struct cf_doc_input *input = &g_array_index(inputs, struct cf_doc_input, i);
		g_autofree char *line = input->text ? cf_escape_xml_text(input->text) : g_strdup("");
		g_auto(GStrv) facts = g_strsplit(line, "  ", -1);

		if (*line)
			g_ptr_array_add(scene->runs, g_strjoinv(" · ", facts));
	}
	if (n > RUNS_NAMED)
		g_ptr_array_add(scene->runs, g_strdup_printf("and %u more runs", n - RUNS_NAMED));
}

static void make_notes(struct cf_flame_scene *scene)
{
	const struct cf_tree *tree = scene->tree;
	const struct cf_flame_layout *layout = &scene->layout;
	const struct cf_flame_box *root = &g_array_index(layout->boxes, struct cf_flame_box, 0);
	g_autofree char *metric = cf_escape_xml_text(tree->metric ? tree->metric : "");
	gboolean both = root->count && !counts_samples(scene, root);
	g_autofree char *samples = samples_text(root->count);
	g_autofree char *total =
		both || !root->count ? cf_unit_text_i64(tree->unit, root->total) : g_strdup(samples);

	note(scene,
	     g_strdup_printf("%s%s%s%s%s%s", metric, *metric ? ": " : "", total, both ? ", " : "",
			     both ? samples : "", tree->inverted ? ", callers on top of callees" : ""));
	if (tree->note && *tree->note)
		note(scene, cf_escape_xml_text(tree->note));
	if (tree->diffs)
		note(scene, cf_flame_difference_note(tree->widths, tree->absolute));
	if (layout->narrow_nodes)
		note(scene,
		     left_out(layout->narrow_nodes, "narrower than 0.1 px", layout->narrow_boxes, "other"));
	if (layout->deep_nodes) {
		g_autofree char *beyond = g_strdup_printf("beyond level %u", layout->max_levels - 1);

		note(scene, left_out(layout->deep_nodes, beyond, layout->deep_boxes, "deeper"));
	}
	if (layout->negative_nodes)
		note(scene,
		     g_strdup_printf("%u %s of negative weight drawn without it", layout->negative_nodes,
				     layout->negative_nodes == 1 ? "frame" : "frames"));
}

/* Joins n sentences and breaks them into lines of the caption at spaces, a longer word at the margin. */
static void wrap_caption(struct cf_flame_scene *scene, char *const *sentences, guint n)
{
	glong columns = MAX((glong)(scene->plot / SANS_CHAR), 20);
	g_autoptr(GString) line = g_string_new(NULL);
	glong used = 0;

	for (guint i = 0; i < n; i++) {
		g_auto(GStrv) words = g_strsplit(sentences[i], " ", -1);

		for (guint w = 0; words[w]; w++) {
			glong length = g_utf8_strlen(words[w], -1);
			const char *gap = !used ? "" : w == 0 ? " · " : " ";

			if (used && used + (glong)g_utf8_strlen(gap, -1) + length > columns) {
				g_ptr_array_add(scene->caption, g_strdup(line->str));
				g_string_truncate(line, 0);
				used = 0;
				gap = "";
			}
			if (length > columns) {
				g_autofree char *start = g_utf8_substring(words[w], 0, columns - 1);

				g_string_append_printf(line, "%s…", start);
				used = columns;
				continue;
			}
			g_string_append_printf(line, "%s%s", gap, words[w]);
			used += (glong)g_utf8_strlen(gap, -1) + length;
		}
	}
	if (used)
		g_ptr_array_add(scene->caption, g_strdup(line->str));
}

/* Top to bottom: title, caption, legend, boxes. */
static void arrange(struct cf_flame_scene *scene)
{
	double y = CF_FLAME_MARGIN, x = CF_FLAME_MARGIN;

	scene->title_y = y + 15;
	if (*scene->title)
		y += 24;
	scene->caption_y = y + 12;
	y += 17 * scene->caption->len;
	for (guint i = 0; i < scene->legend->len; i++) {
		struct cf_flame_legend *entry = &g_array_index(scene->legend, struct cf_flame_legend, i);
		double width = (entry->swatch ? 17 : 0) + SANS_CHAR * g_utf8_strlen(entry->label, -1) + 14;

		if (x > CF_FLAME_MARGIN && x + width > scene->width) {
			x = CF_FLAME_MARGIN;
			y += 18;
		}
		entry->x = x;
		entry->y = y + 4;
		x += width;
	}
	if (scene->legend->len)
		y += 22;
	scene->top = y + 6;
	scene->height = (int)scene->top + (int)scene->layout.levels * CF_FLAME_ROW + CF_FLAME_MARGIN;
}

static void clear_legend(gpointer data)
{
	struct cf_flame_legend *entry = data;

	g_free(entry->label);
	g_free(entry->module);
}

/*
 * Levels to draw, the root's included. One garbage stack of hundreds of frames would make a picture that is mostly
 * ground, so by default what is deep has to be wide as well. Level by level the sums only fall.
 */
static uint32_t levels_to_draw(const struct cf_tree *tree)
{
	const struct cf_tree_node *nodes = (const struct cf_tree_node *)(void *)tree->nodes->data;
	guint n = tree->nodes->len, last = CF_FLAME_FREE_LEVELS - 1;
	double least = MAX((double)nodes[0].total, 0) * CF_FLAME_LEVEL_SHARE;
	g_autofree uint32_t *level = NULL;
	double sums[CF_FLAME_MAX_LEVELS] = { 0 };

	if (tree->depth >= 0)
		return tree->depth == 0 || tree->depth >= CF_FLAME_MAX_LEVELS ? CF_FLAME_MAX_LEVELS
									      : (uint32_t)tree->depth + 1;
	level = g_new0(uint32_t, n);
	for (guint i = 1; i < n; i++) {
		level[i] = MIN(level[nodes[i].parent] + 1, CF_FLAME_MAX_LEVELS);
		if (level[i] < CF_FLAME_MAX_LEVELS)
			sums[level[i]] += MAX((double)nodes[i].total, 0);
	}
	while (last + 1 < CF_FLAME_MAX_LEVELS && sums[last + 1] > 0 && sums[last + 1] >= least)
		last++;
	return last + 1;
}

void cf_flame_scene_init(struct cf_flame_scene *scene, const struct cf_tree *tree, const char *title,
			 const GArray *inputs, const struct cf_render_opts *opts)
{
	struct painter painter;
	GArray *shares;

	*scene = (struct cf_flame_scene){ .tree = tree, .icicle = opts->icicle };
	scene->width = opts->image_width > 0 ? CLAMP(opts->image_width, 200, 16384) : 1200;
	scene->plot = scene->width - 2 * CF_FLAME_MARGIN;
	scene->title = cf_escape_xml_text(title ? title : "");
	scene->runs = g_ptr_array_new_with_free_func(g_free);
	scene->notes = g_ptr_array_new_with_free_func(g_free);
	scene->caption = g_ptr_array_new_with_free_func(g_free);
	scene->legend = g_array_new(FALSE, FALSE, sizeof(struct cf_flame_legend));
	g_array_set_clear_func(scene->legend, clear_legend);
	cf_flame_layout(tree, CF_FLAME_MIN_PX / scene->plot, levels_to_draw(tree), &scene->layout);

	if (tree->diffs) {
		paint_differences(scene);
		difference_legend(scene);
	} else {
		painter_init(&painter, tree);
		shares = share_out_hues(&painter);
		paint(scene, &painter);
		make_legend(scene, &painter, shares);
		g_array_free(shares, TRUE);
		painter_clear(&painter);
	}

	name_runs(scene, inputs);
	make_notes(scene);
	for (guint i = 0; i < scene->runs->len; i++)
		wrap_caption(scene, (char *const *)&scene->runs->pdata[i], 1);
	wrap_caption(scene, (char *const *)scene->notes->pdata, scene->notes->len);
	arrange(scene);
}

void cf_flame_scene_clear(struct cf_flame_scene *scene)
{
	cf_flame_layout_clear(&scene->layout);
	g_free(scene->title);
	g_ptr_array_unref(scene->runs);
	g_ptr_array_unref(scene->notes);
	g_ptr_array_unref(scene->caption);
	g_array_unref(scene->legend);
	g_free(scene->colors);
	g_free(scene->hatched);
	*scene = (struct cf_flame_scene){ 0 };
}

struct cf_flame_rect cf_flame_scene_rect(const struct cf_flame_scene *scene, const struct cf_flame_box *box)
{
	uint32_t row = scene->icicle ? box->level : scene->layout.levels - 1 - box->level;

	return (struct cf_flame_rect){ .x = CF_FLAME_MARGIN + box->x * scene->plot,
				       .y = scene->top + (double)row * CF_FLAME_ROW,
				       .width = box->width * scene->plot };
}

static gboolean is_deep(const struct cf_flame_scene *scene, const struct cf_flame_box *box)
{
	return box->level >= scene->layout.max_levels;
}

char *cf_flame_box_name(const struct cf_flame_scene *scene, const struct cf_flame_box *box)
{
	const struct cf_tree_node *node;

	if (box->pruned)
		return g_strdup_printf("(%s, %u %s)", is_deep(scene, box) ? "deeper" : "other", box->pruned,
				       box->pruned == 1 ? "frame" : "frames");
	node = &g_array_index(scene->tree->nodes, struct cf_tree_node, box->node);
	return cf_escape_xml_text(tree_name(scene->tree, node->name));
}

char *cf_flame_box_title(const struct cf_flame_scene *scene, const struct cf_flame_box *box)
{
	g_autofree char *name = cf_flame_box_name(scene, box);
	gboolean both = box->count && !counts_samples(scene, box);
	g_autofree char *samples = samples_text(box->count);
	g_autofree char *value =
		both || !box->count ? cf_unit_text_i64(scene->tree->unit, box->total) : g_strdup(samples);
	g_autofree char *share = share_text(scene, (double)box->total);
	g_autofree char *module = NULL;

	if (scene->layout.diffs) {
		guint i = (guint)(box - &g_array_index(scene->layout.boxes, struct cf_flame_box, 0));
		g_autofree char *words = cf_flame_difference_text(scene, i);

		return g_strdup_printf("%s: %s", name, words);
	}
	if (!box->pruned) {
		uint32_t index = g_array_index(scene->tree->nodes, struct cf_tree_node, box->node).module;

		module = index ? cf_escape_xml_text(tree_name(scene->tree, index)) : NULL;
	}
	return g_strdup_printf("%s%s%s%s: %s, %s%s%s", name, module ? " (" : "", module ? module : "",
			       module ? ")" : "", value, share, both ? ", " : "", both ? samples : "");
}

static int columns_of(gunichar c)
{
	return g_unichar_iszerowidth(c) ? 0 : g_unichar_iswide(c) ? 2 : 1;
}

/* The longest beginning of name that leaves room for an ellipsis. */
static char *cut(const char *name, int columns)
{
	const char *end = name;
	int used = 0;

	for (; *end; end = g_utf8_next_char(end)) {
		used += columns_of(g_utf8_get_char(end));
		if (used > columns - 1)
			break;
	}
	return g_strdup_printf("%.*s…", (int)(end - name), name);
}

/*
 * What tells functions apart stands at the end: a long name loses its outer scopes ("a::", "a/") first, those
 * in template arguments and parameters left alone. flame.js does the same.
 */
char *cf_flame_label(const char *name, double width)
{
	int columns = (int)((width - 6) / CF_FLAME_CHAR), left, depth = 0;
	const char *last = name;

	if (columns < 2 || *name == '\0')
		return NULL;
	left = cf_display_width(name);
	if (left <= columns)
		return g_strdup(name);
	if (columns < 3)
		return NULL;
	for (const char *p = name; *p;) {
		const char *next = g_utf8_next_char(p);

		left -= columns_of(g_utf8_get_char(p));
		if (strchr("<([{", *p))
			depth++;
		else if (strchr(">)]}", *p))
			depth = MAX(depth - 1, 0);
		else if (depth == 0 && *next && (*p == '/' || (*p == ':' && p > name && p[-1] == ':'))) {
			last = next;
			if (left <= columns - 1)
				return g_strdup_printf("…%s", last);
		}
		p = next;
	}
	return cut(last, columns);
}
