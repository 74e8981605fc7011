/* SPDX-License-Identifier: MIT */
/* text_tree: call trees and flame graphs for the terminal. */
#include "render/text.h"

#include "render/cells.h"
#include "render/escape.h"
#include "render/flame_layout.h"
#include "render/tree_rows.h"

#include <math.h>
#include <string.h>

#define INDENT 1
#define GAP 2
#define GUIDE 3        /* columns of a level */
#define MOST_GUIDES 60 /* deeper ones are drawn as if they began here */
#define FLAME_LEVELS 8
#define FLAME_COLUMNS 80
#define NARROWEST 3  /* columns; below it frames are drawn as one */
#define TRIVIAL 0.99 /* a caller that does next to nothing but call this one */

struct guides {
	const char *pass, *none, *branch, *last, *cut;
};

static const struct guides unicode_guides = { "│  ", "   ", "├─ ", "└─ ", "…  " };
static const struct guides ascii_guides = { "|  ", "   ", "|- ", "`- ", ".. " };

/* Width of the widest text of a column of weights. */
static int weight_width(const struct cf_scale *scale, const GArray *rows, const char *title)
{
	int width = cf_display_width(title);

	for (guint i = 0; i < rows->len; i++) {
		g_autofree char *text =
			cf_scale_text(scale, (double)g_array_index(rows, struct cf_tree_row, i).total);

		width = MAX(width, cf_display_width(text));
	}
	return width;
}

static void put_right(const struct cf_text *text, const char *cell, int width)
{
	cf_text_spaces(text, width - cf_display_width(cell));
	cf_out_puts(text->out, cell);
}

/* The guides before a line at level; open[l]: further lines of level l follow. Returns columns written. */
static int put_guides(const struct cf_text *text, const struct cf_tree_row *row, guint level,
		      const GArray *open, guint most)
{
	const struct guides *guides = text->opts->utf8 ? &unicode_guides : &ascii_guides;
	guint from = level > most ? level - most + 1 : 1, drawn = 0;

	if (from > 1) {
		cf_out_puts(text->out, guides->cut);
		drawn++;
	}
	cf_text_color(text, "2");
	for (guint l = from; l <= level; l++, drawn++) {
		gboolean more = g_array_index(open, gboolean, l);

		/* The only callee of its caller stands right below it, without a branch of its own. */
		if (l == level && !row->only)
			cf_out_puts(text->out, row->last ? guides->last : guides->branch);
		else
			cf_out_puts(text->out, more ? guides->pass : guides->none);
	}
	cf_text_plain(text);
	return (int)drawn * GUIDE;
}

static void put_frame(const struct cf_text *text, const struct cf_tree *tree, const struct cf_tree_row *row,
		      int room)
{
	const struct cf_tree_node *node = cf_tree_at(tree, row->node);
	g_autofree char *name = NULL, *module = NULL, *cut = NULL;

	if (row->hidden) {
		cf_text_color(text, "2");
		cf_out_printf(text->out, "%u more", row->hidden);
		cf_text_plain(text);
		return;
	}
	name = cf_text_safe(text, cf_tree_text(tree, node->name));
	module = cf_text_safe(text, cf_tree_text(tree, node->module));
	cut = room ? cf_text_elide(text, name, MAX(room, 12), FALSE) : g_strdup(name);
	cf_out_puts(text->out, cut);
	if (!*module || (room && cf_display_width(cut) + GAP + cf_display_width(module) > room))
		return;
	cf_text_spaces(text, GAP);
	cf_text_color(text, "2");
	cf_out_puts(text->out, module);
	cf_text_plain(text);
}

void cf_text_tree(struct cf_text *text, const struct cf_node *node)
{
	const struct cf_tree *tree = node->tree;
	g_autoptr(GArray) rows = cf_tree_rows(tree, (uint32_t)MAX(tree->depth, 0), tree->min_share, 0);
	g_autoptr(GArray) open = g_array_new(FALSE, TRUE, sizeof(gboolean));
	g_autofree guint *level = g_new0(guint, rows->len);
	struct cf_scale scale = cf_unit_scale(tree->unit, fabs((double)cf_tree_at(tree, 0)->total));
	int width = weight_width(&scale, rows, "total"), limit = cf_text_columns(text);
	int fixed = INDENT + 7 + (tree->inverted ? 0 : GAP + 6) + GAP + width + GAP;
	guint most = limit ? (guint)MAX((limit - fixed) / 2 / GUIDE, 4) : MOST_GUIDES;

	g_array_set_size(open, 1);
	cf_text_begin(text);
	cf_text_spaces(text, INDENT);
	cf_text_color(text, "4");
	cf_out_puts(text->out, tree->inverted ? "total %  " : "total %  self %  ");
	put_right(text, "total", width);
	cf_out_puts(text->out, tree->inverted ? "  called by" : "  calls");
	cf_text_plain(text);
	cf_out_puts(text->out, "\n");
	for (guint i = 0; i < rows->len; i++) {
		const struct cf_tree_row *row = &g_array_index(rows, struct cf_tree_row, i);
		g_autofree char *total = cf_share_text(cf_tree_share(tree, row->total));
		g_autofree char *self = cf_share_text(cf_tree_share(tree, row->self));
		g_autofree char *weight = cf_scale_text(&scale, (double)row->total);
		int used;

		if (i)
			level[i] = level[row->parent] + !row->only;
		if (open->len <= level[i])
			g_array_set_size(open, level[i] + 1);
		if (!row->only)
			g_array_index(open, gboolean, level[i]) = !row->last;
		cf_text_begin(text);
		cf_text_spaces(text, INDENT);
		put_right(text, total, 7);
		if (!tree->inverted) {
			cf_text_spaces(text, GAP);
			put_right(text, row->hidden ? "" : self, 6);
		}
		cf_text_spaces(text, GAP);
		put_right(text, weight, width);
		cf_text_spaces(text, GAP);
		used = put_guides(text, row, level[i], open, MIN(most, MOST_GUIDES));
		put_frame(text, tree, row, limit ? MAX(limit - fixed - used, 12) : 0);
		cf_out_puts(text->out, "\n");
	}
}

/* The frame below which the picture gets interesting; names of those above it go to trail. */
static uint32_t skip_trivial(const struct cf_tree *tree, GString *trail)
{
	uint32_t n = tree->nodes->len, base = 0;
	g_autofree uint32_t *heaviest = g_new0(uint32_t, n);

	for (uint32_t i = 1; i < n; i++) {
		uint32_t parent = cf_tree_at(tree, i)->parent;

		if (!heaviest[parent] ||
		    cf_tree_at(tree, i)->total > cf_tree_at(tree, heaviest[parent])->total)
			heaviest[parent] = i;
	}
	for (;;) {
		uint32_t next = heaviest[base];

		if (!next || !heaviest[next] ||
		    (double)cf_tree_at(tree, next)->total < TRIVIAL * (double)cf_tree_at(tree, base)->total)
			return base;
		g_string_append_printf(trail, "%s › ", cf_tree_text(tree, cf_tree_at(tree, base)->name));
		base = next;
	}
}

/* Backgrounds under black text, by kind of frame; levels alternate between two shades. */
static void box_color(const struct cf_text *text, const struct cf_tree *tree, const struct cf_flame_box *box)
{
	static const uint8_t shades[CF_FRAME_KINDS][2] = {
		[CF_FRAME_NATIVE] = { 215, 209 },  [CF_FRAME_KERNEL] = { 180, 173 },
		[CF_FRAME_JIT] = { 150, 114 },     [CF_FRAME_INLINED] = { 222, 216 },
		[CF_FRAME_SERVICE] = { 147, 111 }, [CF_FRAME_UNRESOLVED] = { 251, 248 },
	};
	unsigned shade = box->pruned ? 253 : shades[cf_tree_at(tree, box->node)->kind][box->level % 2];
	char sgr[32];

	g_snprintf(sgr, sizeof(sgr), "38;5;16;48;5;%u", shade);
	cf_text_color(text, sgr);
}

static void put_box(const struct cf_text *text, const struct cf_tree *tree, const struct cf_flame_box *box,
		    int columns)
{
	const char *edge = text->opts->utf8 ? "▏" : "|", *fill = text->opts->utf8 ? "░" : "-";
	g_autofree char *share = cf_share_text(cf_tree_share(tree, box->total));
	g_autofree char *raw = NULL, *name = NULL, *with_share = NULL, *label = NULL;
	int room = columns - 1;

	if (box->pruned)
		raw = g_strdup_printf("%u more", box->pruned);
	else
		raw = g_strdup(cf_tree_text(tree, cf_tree_at(tree, box->node)->name));
	name = cf_text_safe(text, raw);
	with_share = g_strdup_printf("%s %s %%", name, share);
	if (cf_display_width(with_share) <= room)
		label = g_steal_pointer(&with_share);
	else if (room >= NARROWEST && !(box->pruned && cf_display_width(name) > room))
		label = cf_text_elide(text, name, room, FALSE);
	else
		label = g_strdup("");
	box_color(text, tree, box);
	cf_out_puts(text->out, edge);
	cf_out_puts(text->out, label);
	room -= cf_display_width(label);
	if (*label && room-- > 0)
		cf_out_puts(text->out, " ");
	for (; room > 0; room--)
		cf_out_puts(text->out, text->opts->color ? " " : fill);
	cf_text_plain(text);
}

/* A box in columns of the terminal. */
struct span {
	const struct cf_flame_box *box;
	int from, to;
};

static int by_place(gconstpointer a, gconstpointer b)
{
	const struct span *x = a, *y = b;

	return x->from != y->from ? (x->from > y->from) - (x->from < y->from)
				  : (x->to > y->to) - (x->to < y->to);
}

/* The boxes of a level within x0 .. x0 + part that are a column wide, from left to right. */
static GArray *level_spans(const struct cf_flame_layout *layout, uint32_t level, double x0, double part,
			   int columns)
{
	GArray *spans = g_array_new(FALSE, FALSE, sizeof(struct span));

	for (guint i = 0; i < layout->boxes->len; i++) {
		const struct cf_flame_box *box = &g_array_index(layout->boxes, struct cf_flame_box, i);
		double left = (box->x - x0) / part, right = left + box->width / part;
		struct span span = { .box = box,
				     .from = (int)lround(left * columns),
				     .to = (int)lround(right * columns) };

		/* A hair's breadth is lost in sums of fractions. */
		if (box->level == level && left >= -1e-9 && right <= 1 + 1e-9 && span.to > span.from)
			g_array_append_val(spans, span);
	}
	g_array_sort(spans, by_place);
	return spans;
}

void cf_text_flame(struct cf_text *text, const struct cf_node *node)
{
	const struct cf_tree *tree = node->tree;
	g_autoptr(GString) trail = g_string_new(NULL);
	int columns = cf_text_columns(text) ? cf_text_columns(text) : FLAME_COLUMNS;
	uint32_t base = skip_trivial(tree, trail);
	double part = cf_tree_share(tree, cf_tree_at(tree, base)->total), x0 = 0;
	struct cf_flame_layout layout;
	uint32_t level = 0, levels = 0;

	if (cf_tree_at(tree, 0)->total <= 0)
		return;
	if (trail->len) {
		g_autofree char *safe = NULL, *cut = NULL;

		g_string_append(trail, cf_tree_text(tree, cf_tree_at(tree, base)->name));
		safe = cf_text_safe(text, trail->str);
		cut = cf_text_elide(text, safe, columns, TRUE);
		cf_text_begin(text);
		cf_out_printf(text->out, "%s\n", cut);
	}
	cf_flame_layout(tree, NARROWEST * part / columns, 0, &layout);
	for (guint i = 0; i < layout.boxes->len; i++) {
		const struct cf_flame_box *box = &g_array_index(layout.boxes, struct cf_flame_box, i);

		if (box->node == base && !box->pruned) {
			x0 = box->x;
			part = box->width;
			level = box->level;
		}
	}
	for (uint32_t l = level; l < level + FLAME_LEVELS; l++) {
		g_autoptr(GArray) spans = level_spans(&layout, l, x0, part, columns);
		int at = 0;

		if (!spans->len)
			break;
		cf_text_begin(text);
		for (guint i = 0; i < spans->len; i++) {
			const struct span *span = &g_array_index(spans, struct span, i);

			cf_text_spaces(text, span->from - at);
			put_box(text, tree, span->box, span->to - span->from);
			at = span->to;
		}
		cf_out_puts(text->out, "\n");
		levels = l + 1;
	}
	if (layout.levels > levels && levels == level + FLAME_LEVELS) {
		cf_text_begin(text);
		cf_text_color(text, "2");
		cf_out_printf(text->out, "%u deeper levels not shown", layout.levels - levels);
		cf_text_plain(text);
		cf_out_puts(text->out, "\n");
	}
	cf_flame_layout_clear(&layout);
}
