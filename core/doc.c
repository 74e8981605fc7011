/* SPDX-License-Identifier: MIT */
/* doc: MODEL 2, the report tree that analyzers build and renderers walk. */
#include "core/doc.h"

#include <math.h>
#include <stdarg.h>
#include <string.h>

#include "core/chart.h"
#include "core/graph.h"
#include "core/hash.h"
#include "core/sequence.h"
#include "core/timeline.h"

const char *cf_verdict_name(enum cf_verdict verdict)
{
	static const char *const names[] = { "pass", "attention", "fail" };

	return names[verdict];
}

static void clear_input(gpointer data)
{
	struct cf_doc_input *input = data;

	g_free(input->name);
	g_free(input->hash);
	g_free(input->text);
}

static struct cf_node *node_new(enum cf_kind kind)
{
	struct cf_node *node = g_new0(struct cf_node, 1);

	node->kind = kind;
	return node;
}

struct cf_doc *cf_doc_new(const char *title)
{
	struct cf_doc *doc = g_new0(struct cf_doc, 1);

	doc->root = node_new(CF_DOC);
	doc->title = g_strdup(title);
	doc->inputs = g_array_new(FALSE, TRUE, sizeof(struct cf_doc_input));
	g_array_set_clear_func(doc->inputs, clear_input);
	doc->chunk = g_string_chunk_new(4096);
	doc->ids = g_hash_table_new(cf_str_hash, g_str_equal);
	doc->runs = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
	return doc;
}

static void table_free(struct cf_table *table)
{
	if (!table)
		return;
	g_array_unref(table->columns);
	g_array_unref(table->cells);
	if (table->rest)
		g_array_unref(table->rest);
	if (table->trends)
		g_ptr_array_unref(table->trends);
	g_free(table->recompute);
	g_free(table->sql);
	g_free(table);
}

/* Frees leaf after leaf: nesting comes from templates, so it isn't recursed on. */
static void nodes_free(struct cf_node *root)
{
	struct cf_node *node = root;

	while (node) {
		struct cf_node *up = node->parent, *next = node->next;

		if (node->first) {
			struct cf_node *child = node->first;

			node->first = NULL;
			node = child;
			continue;
		}
		table_free(node->table);
		cf_tree_free(node->tree);
		cf_graph_free(node->graph);
		cf_sequence_free(node->sequence);
		cf_timeline_free(node->timeline);
		cf_chart_free(node->chart);
		g_clear_pointer(&node->findings, g_array_unref);
		g_clear_pointer(&node->finding_ids, g_hash_table_unref);
		g_free(node);
		node = next ? next : up;
	}
}

void cf_doc_free(struct cf_doc *doc)
{
	if (!doc)
		return;
	nodes_free(doc->root);
	g_free(doc->title);
	g_free(doc->reason);
	g_array_unref(doc->inputs);
	g_hash_table_destroy(doc->ids);
	g_hash_table_destroy(doc->runs);
	g_string_chunk_free(doc->chunk);
	g_free(doc);
}

void cf_doc_remove(struct cf_node *node)
{
	struct cf_node *parent = node->parent, *before = NULL;

	while (parent->parent && parent->first == node && !node->next) {
		node = parent;
		parent = node->parent;
	}
	for (struct cf_node *child = parent->first; child != node; child = child->next)
		before = child;
	if (before)
		before->next = node->next;
	else
		parent->first = node->next;
	if (parent->last == node)
		parent->last = before;
	node->parent = node->next = NULL;
	nodes_free(node);
}

void cf_doc_set_title(struct cf_doc *doc, const char *title)
{
	char *copy = g_strdup(title);

	g_free(doc->title);
	doc->title = copy;
}

void cf_doc_fail(struct cf_doc *doc, const char *reason)
{
	char *all = doc->reason ? g_strconcat(doc->reason, "; ", reason, NULL) : g_strdup(reason);

	g_free(doc->reason);
	doc->reason = all;
	doc->verdict = CF_VERDICT_FAIL;
}

void cf_doc_add_input(struct cf_doc *doc, int64_t run, const char *name, const char *hash, const char *text)
{
	struct cf_doc_input input = { .run = run };

	if (!g_hash_table_add(doc->runs, g_memdup2(&run, sizeof(run))))
		return;
	input.name = g_strdup(name);
	input.hash = g_strdup(hash);
	input.text = g_strdup(text);
	g_array_append_val(doc->inputs, input);
}

static char *keep(struct cf_doc *doc, const char *text)
{
	return text ? g_string_chunk_insert(doc->chunk, text) : NULL;
}

const char *cf_doc_str(struct cf_doc *doc, const char *text)
{
	return keep(doc, text);
}

/*
 * Takes id, or id-2, id-3, ... when it is taken. The table has for each id the number that is tried next, so that no
 * number is tried twice.
 */
char *cf_doc_id(struct cf_doc *doc, const char *id)
{
	gpointer next;
	guint n;
	char *kept;

	if (!g_hash_table_lookup_extended(doc->ids, id, NULL, &next)) {
		kept = keep(doc, id);
		g_hash_table_insert(doc->ids, kept, GUINT_TO_POINTER(2));
		return kept;
	}
	for (n = GPOINTER_TO_UINT(next), kept = NULL; !kept; n++) {
		g_autofree char *numbered = g_strdup_printf("%s-%u", id, n);

		if (!g_hash_table_contains(doc->ids, numbered))
			kept = keep(doc, numbered);
	}
	g_hash_table_insert(doc->ids, (gpointer)id, GUINT_TO_POINTER(n));
	g_hash_table_insert(doc->ids, kept, GUINT_TO_POINTER(2));
	return kept;
}

/* An id made of a title's letters and digits: "Look first" -> "look-first". */
static char *slug(const char *title)
{
	GString *out = g_string_new(NULL);

	for (const char *p = title ? title : ""; *p && out->len < 60; p++) {
		if (g_ascii_isalnum(*p))
			g_string_append_c(out, g_ascii_tolower(*p));
		else if (out->len && out->str[out->len - 1] != '-')
			g_string_append_c(out, '-');
	}
	while (out->len && out->str[out->len - 1] == '-')
		g_string_truncate(out, out->len - 1);
	if (!out->len)
		g_string_append(out, "section");
	return g_string_free(out, FALSE);
}

struct cf_node *cf_doc_add(struct cf_doc *doc, struct cf_node *parent, enum cf_kind kind, const char *text)
{
	struct cf_node *node = node_new(kind);

	node->text = keep(doc, text);
	node->parent = parent;
	if (parent->last)
		parent->last->next = node;
	else
		parent->first = node;
	parent->last = node;
	return node;
}

struct cf_node *cf_doc_section(struct cf_doc *doc, struct cf_node *parent, const char *id, const char *title)
{
	struct cf_node *node = cf_doc_add(doc, parent, CF_SECTION, title);
	g_autofree char *made = id ? NULL : slug(title);

	node->id = cf_doc_id(doc, id ? id : made);
	return node;
}

struct cf_node *cf_doc_para(struct cf_doc *doc, struct cf_node *parent, const char *fmt, ...)
{
	struct cf_node *node = cf_doc_add(doc, parent, CF_PARA, NULL);
	g_autofree char *text = NULL;
	va_list args;

	va_start(args, fmt);
	text = g_strdup_vprintf(fmt, args);
	va_end(args);
	cf_doc_add(doc, node, CF_TEXT, text);
	return node;
}

struct cf_node *cf_doc_callout(struct cf_doc *doc, struct cf_node *parent, enum cf_level level)
{
	struct cf_node *node = cf_doc_add(doc, parent, CF_CALLOUT, NULL);

	node->level = level;
	return node;
}

struct cf_node *cf_doc_table(struct cf_doc *doc, struct cf_node *parent, const char *id, const char *caption,
			     const struct cf_column *columns, size_t n)
{
	struct cf_node *node = cf_doc_add(doc, parent, CF_TABLE, caption);
	struct cf_table *table = g_new0(struct cf_table, 1);

	g_assert(n > 0);
	node->id = cf_doc_id(doc, id);
	node->table = table;
	table->columns = g_array_new(FALSE, TRUE, sizeof(struct cf_column));
	table->cells = g_array_new(FALSE, TRUE, sizeof(struct cf_cell));
	for (size_t i = 0; i < n; i++) {
		struct cf_column column = columns[i];

		column.id = keep(doc, column.id);
		column.title = keep(doc, column.title);
		g_array_append_val(table->columns, column);
	}
	return node;
}

static void add_cell(struct cf_node *node, struct cf_cell cell)
{
	struct cf_table *table = node->table;

	if (table->rest) {
		g_assert(table->rest->len < table->columns->len);
		g_array_append_val(table->rest, cell);
	} else {
		g_array_append_val(table->cells, cell);
	}
}

void cf_table_text(struct cf_doc *doc, struct cf_node *table, const char *text)
{
	if (text)
		add_cell(table, (struct cf_cell){ .type = CF_CELL_TEXT, .text = keep(doc, text) });
	else
		cf_table_empty(table);
}

void cf_table_int(struct cf_node *table, int64_t value)
{
	add_cell(table, (struct cf_cell){ .type = CF_CELL_INT, .i = value });
}

void cf_table_double(struct cf_node *table, double value)
{
	add_cell(table, (struct cf_cell){ .type = CF_CELL_DOUBLE, .d = value });
}

/* The mean of those that are there. */
static double mean_of(const double *values, size_t n)
{
	double sum = 0;
	size_t known = 0;

	for (size_t i = 0; i < n; i++)
		if (isfinite(values[i])) {
			known++;
			sum += (values[i] - sum) / (double)known;
		}
	return known ? sum : NAN;
}

void cf_table_trend(struct cf_node *table, const double *values, size_t n)
{
	const size_t kept = MIN(n, CF_TREND_MAX);
	struct cf_trend *trend;

	if (!n) {
		cf_table_empty(table);
		return;
	}
	trend = g_malloc0(sizeof(*trend) + kept * sizeof(double));
	trend->n = (guint)kept;
	for (size_t i = 0; i < kept; i++) {
		size_t from = n * i / kept, to = n * (i + 1) / kept;

		trend->values[i] = mean_of(values + from, to - from);
	}
	if (!table->table->trends)
		table->table->trends = g_ptr_array_new_with_free_func(g_free);
	g_ptr_array_add(table->table->trends, trend);
	add_cell(table, (struct cf_cell){ .type = CF_CELL_TREND, .trend = trend });
}

void cf_table_empty(struct cf_node *table)
{
	add_cell(table, (struct cf_cell){ .type = CF_CELL_EMPTY });
}

void cf_table_rest(struct cf_node *table)
{
	g_assert(!table->table->rest && table->table->cells->len % table->table->columns->len == 0);
	table->table->rest = g_array_new(FALSE, TRUE, sizeof(struct cf_cell));
}

size_t cf_table_rows(const struct cf_node *table)
{
	return table->table->cells->len / table->table->columns->len;
}

const struct cf_cell *cf_table_cell(const struct cf_node *table, size_t row, size_t column)
{
	const struct cf_table *t = table->table;

	g_assert(column < t->columns->len && row < cf_table_rows(table));
	return &g_array_index(t->cells, struct cf_cell, row * t->columns->len + column);
}

struct cf_node *cf_doc_tree(struct cf_doc *doc, struct cf_node *parent, enum cf_kind kind, const char *id,
			    const char *caption, struct cf_tree *tree)
{
	struct cf_node *node = cf_doc_add(doc, parent, kind, caption);

	g_assert(kind == CF_FLAME || kind == CF_TREE);
	node->id = cf_doc_id(doc, id);
	node->tree = tree;
	return node;
}

struct cf_node *cf_node_walk(const struct cf_node *root, const struct cf_node *node)
{
	if (node->first)
		return node->first;
	while (node != root && !node->next)
		node = node->parent;
	return node == root ? NULL : node->next;
}
