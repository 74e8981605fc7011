/* SPDX-License-Identifier: MIT */
/* paths: the stacks that cost most, and what traces waited for. */
#include "analyzers/architecture/view.h"

#include <string.h>

#include "analyzers/calltree.h"
#include "analyzers/critical_path.h"
#include "analyzers/graphtree.h"
#include "core/hash.h"

#define PATHS 10
/* Frames of a path: those in the middle of longer ones are counted. */
#define FRAMES_FIRST 3
#define FRAMES_LAST 6

/* --- hot paths ------------------------------------------------------------------------------------------ */

static gint by_self(gconstpointer a, gconstpointer b, gpointer data)
{
	const struct cf_tree *tree = data;
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	const struct cf_tree_node *p = &g_array_index(tree->nodes, struct cf_tree_node, x);
	const struct cf_tree_node *q = &g_array_index(tree->nodes, struct cf_tree_node, y);

	if (p->self != q->self)
		return p->self > q->self ? -1 : 1;
	return (x > y) - (x < y);
}

static const char *name_at(const struct cf_tree *tree, uint32_t node)
{
	return g_ptr_array_index(tree->names, g_array_index(tree->nodes, struct cf_tree_node, node).name);
}

/* "main > handle_batch > ... 4 more ... > find_customer". Caller frees. */
static char *path_text(const struct cf_tree *tree, uint32_t node)
{
	g_autoptr(GArray) way = g_array_new(FALSE, FALSE, sizeof(uint32_t));
	GString *text = g_string_new(NULL);
	guint left;

	for (; node; node = g_array_index(tree->nodes, struct cf_tree_node, node).parent)
		g_array_append_val(way, node);
	left = way->len > FRAMES_FIRST + FRAMES_LAST + 1 ? way->len - FRAMES_FIRST - FRAMES_LAST : 0;
	for (guint i = 0; i < way->len; i++) {
		if (i)
			g_string_append(text, " > ");
		if (left && i == FRAMES_FIRST) {
			g_string_append_printf(text, "... %u more ...", left);
			i += left - 1;
			continue;
		}
		g_string_append(text, name_at(tree, g_array_index(way, uint32_t, way->len - 1 - i)));
	}
	return g_string_free(text, FALSE);
}

static void present_paths(const struct cf_arch_view *view, const struct cf_tree *tree)
{
	const struct cf_column columns[] = {
		{ "path", "path", CF_UNIT_NONE, CF_COLUMN_NAME | CF_COLUMN_CODE },
		{ "share", "self %", CF_UNIT_RATIO, cf_arch_measured(view, CF_COLUMN_SHARE | CF_COLUMN_BAR) },
		{ "self", "self", tree->unit, cf_arch_measured(view, CF_COLUMN_COST) },
	};
	guint n = tree->nodes->len, shown = (guint)(view->limit ? MIN(view->limit, n) : n);
	g_autofree uint32_t *order = g_new(uint32_t, n + 1);
	int64_t whole = g_array_index(tree->nodes, struct cf_tree_node, 0).total;
	struct cf_node *table =
		cf_doc_table(view->analysis->doc, view->at, "hot-paths",
			     "The stacks that cost most at their end", columns, G_N_ELEMENTS(columns));

	for (guint i = 0; i < n; i++)
		order[i] = i;
	g_qsort_with_data(order, (gint)n, sizeof(*order), by_self, (gpointer)tree);
	shown = MIN(shown, PATHS);
	for (guint i = 0; i < shown; i++) {
		const struct cf_tree_node *node = &g_array_index(tree->nodes, struct cf_tree_node, order[i]);
		g_autofree char *path = NULL;

		if (!order[i] || node->self <= 0)
			continue;
		path = path_text(tree, order[i]);
		cf_table_text(view->analysis->doc, table, path);
		cf_table_double(table, cf_share(node->self, whole));
		cf_table_int(table, node->self);
	}
	cf_arch_recompute(view, table, "hot-paths");
}

void cf_arch_present_hot_paths(const struct cf_arch_view *view)
{
	struct cf_tree *tree =
		view->profile->graph ? cf_graphtree_down(view->profile) : cf_calltree_down(view->profile);

	present_paths(view, tree);
	if (view->profile->graph && cf_graphtree_is_split(view->profile->graph))
		cf_doc_para(view->analysis->doc, view->at,
			    "Where a function has several callers, each has its share of what it costs.");
	cf_tree_free(tree);
}

/* --- critical paths ------------------------------------------------------------------------------------- */

/* What traces with this root waited for in an operation. */
struct wait {
	uint32_t root_service, root_name, service, name; /* texts of the dictionary */
	int64_t time, pieces;
};

struct waits {
	GHashTable *index; /* struct wait * -> itself */
	GArray *roots;     /* struct wait: time is the sum of the durations, pieces the number of traces */
	const struct cf_dict *dict;
};

static guint wait_hash(gconstpointer key)
{
	const struct wait *wait = key;

	return cf_hash((uint64_t)wait->root_service << 32 | wait->root_name,
		       (uint64_t)wait->service << 32 | wait->name);
}

static gboolean wait_equal(gconstpointer a, gconstpointer b)
{
	const struct wait *x = a, *y = b;

	return x->root_service == y->root_service && x->root_name == y->root_name &&
	       x->service == y->service && x->name == y->name;
}

static void add_wait(struct waits *waits, const struct cf_span *root, const struct cf_span *span,
		     int64_t time)
{
	const struct wait key = { root->service.id,
				  root->name.id,
				  span ? span->service.id : UINT32_MAX,
				  span ? span->name.id : UINT32_MAX,
				  0,
				  0 };
	struct wait *known = g_hash_table_lookup(waits->index, &key);

	if (!known) {
		known = g_memdup2(&key, sizeof(key));
		g_hash_table_add(waits->index, known);
	}
	cf_sum(&known->time, time);
	known->pieces++;
}

static void collect(const struct cf_arch_view *view, struct waits *waits)
{
	for (uint32_t number = 1; number <= view->forest.n; number++) {
		const struct cf_span *root = cf_span_at(&view->forest, number);
		g_autoptr(GArray) path = NULL;

		if (view->forest.parent[number])
			continue;
		add_wait(waits, root, NULL, root->duration_ns);
		path = cf_critical_path(&view->forest, number);
		for (guint i = 0; i < path->len; i++) {
			const struct cf_path_piece *piece = &g_array_index(path, struct cf_path_piece, i);

			add_wait(waits, root, cf_span_at(&view->forest, piece->span),
				 piece->end - piece->start);
		}
	}
}

static int by_names(const struct cf_dict *dict, uint32_t a, uint32_t b)
{
	return strcmp(cf_dict_text(dict, (struct cf_str){ a }), cf_dict_text(dict, (struct cf_str){ b }));
}

static gint by_time(gconstpointer a, gconstpointer b, gpointer data)
{
	const struct wait *x = a, *y = b;
	const struct waits *waits = data;
	int order = (x->time < y->time) - (x->time > y->time);

	if (!order)
		order = by_names(waits->dict, x->root_service, y->root_service);
	if (!order)
		order = by_names(waits->dict, x->root_name, y->root_name);
	if (!order && x->service != UINT32_MAX)
		order = by_names(waits->dict, x->service, y->service);
	if (!order && x->service != UINT32_MAX)
		order = by_names(waits->dict, x->name, y->name);
	return order;
}

/* The waits of one root, or with NULL the roots, longest first. */
static GArray *sorted(const struct waits *waits, const struct wait *root)
{
	GArray *rows = g_array_new(FALSE, FALSE, sizeof(struct wait));
	GHashTableIter iter;
	gpointer key;

	g_hash_table_iter_init(&iter, waits->index);
	while (g_hash_table_iter_next(&iter, &key, NULL)) {
		const struct wait *wait = key;
		gboolean of_root = root && wait->service != UINT32_MAX &&
				   wait->root_service == root->root_service &&
				   wait->root_name == root->root_name;

		if (root ? of_root : wait->service == UINT32_MAX)
			g_array_append_val(rows, *wait);
	}
	g_array_sort_with_data(rows, by_time, (gpointer)waits);
	return rows;
}

static const char *text_of(const struct waits *waits, uint32_t id)
{
	return cf_dict_text(waits->dict, (struct cf_str){ id });
}

static void present_root(const struct cf_arch_view *view, const struct waits *waits, const struct wait *root)
{
	const struct cf_column columns[] = {
		{ "operation", "operation", CF_UNIT_NONE, CF_COLUMN_NAME | CF_COLUMN_CODE },
		{ "service", "service", CF_UNIT_NONE, CF_COLUMN_NAME | CF_COLUMN_CODE },
		{ "share", "of it %", CF_UNIT_RATIO,
		  cf_arch_measured(view, CF_COLUMN_SHARE | CF_COLUMN_BAR) },
		{ "time", "per trace", CF_UNIT_NS, cf_arch_measured(view, CF_COLUMN_OWN_SCALE) },
		{ "pieces", "pieces", CF_UNIT_COUNT, CF_COLUMN_DATA },
	};
	g_autofree char *mean = cf_unit_text_i64(CF_UNIT_NS, root->time / root->pieces);
	g_autofree char *caption =
		view->structure
			? g_strdup_printf("%s %s", text_of(waits, root->root_service),
					  text_of(waits, root->root_name))
			: g_strdup_printf("%s %s: %" G_GINT64_FORMAT " trace%s, %s each on average",
					  text_of(waits, root->root_service), text_of(waits, root->root_name),
					  root->pieces, root->pieces == 1 ? "" : "s", mean);
	struct cf_node *table = cf_doc_table(view->analysis->doc, view->at, "critical-path", caption, columns,
					     G_N_ELEMENTS(columns));
	g_autoptr(GArray) rows = sorted(waits, root);
	guint shown = MIN(cf_arch_shown(view, rows->len), PATHS);

	for (guint i = 0; i < shown; i++) {
		const struct wait *wait = &g_array_index(rows, struct wait, i);

		cf_table_text(view->analysis->doc, table, text_of(waits, wait->name));
		cf_table_text(view->analysis->doc, table, text_of(waits, wait->service));
		cf_table_double(table, cf_share(wait->time, root->time));
		cf_table_int(table, wait->time / root->pieces);
		cf_table_int(table, wait->pieces);
	}
}

void cf_arch_present_critical_paths(const struct cf_arch_view *view)
{
	struct waits waits = { .index = g_hash_table_new_full(wait_hash, wait_equal, g_free, NULL),
			       .dict = view->profile->trace->dict };
	g_autoptr(GArray) roots = NULL;

	collect(view, &waits);
	roots = sorted(&waits, NULL);
	cf_doc_para(view->analysis->doc, view->at,
		    "What each kind of request waits for: only what is listed here could make it faster.");
	for (guint i = 0; i < MIN(roots->len, cf_arch_shown(view, PATHS / 2)); i++)
		present_root(view, &waits, &g_array_index(roots, struct wait, i));
	g_hash_table_unref(waits.index);
}
