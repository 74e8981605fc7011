/* SPDX-License-Identifier: MIT */
/* json: a document as callflow.report/1, raw values under stable ids. */
#include "core/finding.h"
#include "core/json.h"

#include "render/cells.h"
#include "render/renderer.h"
#include "render/tree_table.h"

/*
 * {"schema","title","verdict","reason","findings":[{...}],
 * "sections":[{"id","title","tables":[{"id","columns":[{"id","title","unit"}],
 * "rows":[[...]]}],"notes":["..."]}],"inputs":[{"run","name","hash"}]}
 *
 * Nested sections are written one after the other, each with its own content only. Content outside any
 * section comes first, in a section whose id is "". Moments are RFC 3339 text: nanoseconds since the epoch
 * are more than a reader of JSON numbers can be trusted with. Cells without a value are null.
 */

static void write_cell(struct cf_json *json, const struct cf_column *column, const struct cf_cell *cell)
{
	switch (cell->type) {
	case CF_CELL_EMPTY:
		cf_json_null(json);
		break;
	case CF_CELL_TEXT:
		cf_json_string(json, cell->text);
		break;
	case CF_CELL_INT:
		if (column->unit == CF_UNIT_TIME) {
			g_autofree char *moment = cf_moment_text(cell->i);

			cf_json_string(json, moment);
		} else {
			cf_json_int(json, cell->i);
		}
		break;
	case CF_CELL_DOUBLE:
		cf_json_double(json, cell->d);
		break;
	case CF_CELL_TREND:
		cf_json_begin_array(json);
		for (guint i = 0; i < cell->trend->n; i++)
			cf_json_double(json, cell->trend->values[i]);
		cf_json_end_array(json);
		break;
	}
}

static void write_column(struct cf_json *json, const struct cf_column *column)
{
	cf_json_begin_object(json);
	cf_json_key(json, "id");
	cf_json_string(json, column->id);
	cf_json_key(json, "title");
	cf_json_string(json, column->title);
	cf_json_key(json, "unit");
	cf_json_string(json, cf_unit_name(column->unit));
	cf_json_end_object(json);
}

static void write_table(struct cf_json *json, const struct cf_table *table)
{
	size_t rows = cf_table_height(table);

	cf_json_key(json, "columns");
	cf_json_begin_array(json);
	for (size_t c = 0; c < table->columns->len; c++)
		write_column(json, cf_table_column(table, c));
	cf_json_end_array(json);
	cf_json_key(json, "rows");
	cf_json_begin_array(json);
	for (size_t r = 0; r < rows; r++) {
		cf_json_begin_array(json);
		for (size_t c = 0; c < table->columns->len; c++)
			write_cell(json, cf_table_column(table, c), cf_table_row(table, r) + c);
		cf_json_end_array(json);
	}
	cf_json_end_array(json);
}

static void write_tree(struct cf_json *json, const struct cf_tree *tree)
{
	g_autofree uint32_t *depths = cf_tree_depths(tree);
	struct cf_column columns[CF_TREE_FIELDS];

	cf_json_key(json, "columns");
	cf_json_begin_array(json);
	for (int f = 0; f < CF_TREE_FIELDS; f++) {
		columns[f] = cf_tree_column(tree, (enum cf_tree_field)f);
		write_column(json, &columns[f]);
	}
	cf_json_end_array(json);
	cf_json_key(json, "rows");
	cf_json_begin_array(json);
	for (uint32_t i = 0; i < tree->nodes->len; i++) {
		cf_json_begin_array(json);
		for (int f = 0; f < CF_TREE_FIELDS; f++) {
			struct cf_cell cell = cf_tree_cell(tree, depths, i, (enum cf_tree_field)f);

			write_cell(json, &columns[f], &cell);
		}
		cf_json_end_array(json);
	}
	cf_json_end_array(json);
}

/* Pre-order below top, stepping over the content of sections within it. */
static const struct cf_node *own_next(const struct cf_node *top, const struct cf_node *node)
{
	if (node->first && (node == top || node->kind != CF_SECTION))
		return node->first;
	while (node != top && !node->next)
		node = node->parent;
	return node == top ? NULL : node->next;
}

static gboolean is_tabular(const struct cf_node *node)
{
	return node->kind == CF_TABLE || node->kind == CF_TREE || node->kind == CF_FLAME;
}

static gboolean is_noted(enum cf_kind kind)
{
	return kind == CF_PARA || kind == CF_ITEM || kind == CF_CALLOUT || kind == CF_CODE;
}

/* A block of words that isn't part of another one. */
static gboolean is_note(const struct cf_node *top, const struct cf_node *node)
{
	if (node == top || !is_noted(node->kind))
		return FALSE;
	for (node = node->parent; node && node != top; node = node->parent)
		if (is_noted(node->kind))
			return FALSE;
	return TRUE;
}

static void write_section(struct cf_json *json, const struct cf_node *section, const char *id,
			  const char *title)
{
	cf_json_begin_object(json);
	cf_json_key(json, "id");
	cf_json_string(json, id);
	cf_json_key(json, "title");
	cf_json_string(json, title);
	cf_json_key(json, "tables");
	cf_json_begin_array(json);
	for (const struct cf_node *node = section; node; node = own_next(section, node)) {
		if (!is_tabular(node))
			continue;
		cf_json_begin_object(json);
		cf_json_key(json, "id");
		cf_json_string(json, cf_node_table_id(node));
		if (node->kind == CF_TABLE)
			write_table(json, node->table);
		else
			write_tree(json, node->tree);
		cf_json_end_object(json);
	}
	cf_json_end_array(json);
	cf_json_key(json, "notes");
	cf_json_begin_array(json);
	for (const struct cf_node *node = section; node; node = own_next(section, node)) {
		g_autofree char *plain = is_note(section, node) ? cf_node_plain(node) : NULL;

		if (plain && *plain)
			cf_json_string(json, plain);
		if (cf_node_remark(node))
			cf_json_string(json, cf_node_remark(node));
	}
	cf_json_end_array(json);
	cf_json_end_object(json);
}

static void put_text(struct cf_json *json, const char *key, const char *text)
{
	cf_json_key(json, key);
	cf_json_string(json, text);
}

static void put_number(struct cf_json *json, const char *key, double value)
{
	cf_json_key(json, key);
	cf_json_double(json, value);
}

static void write_finding(struct cf_json *json, const struct cf_finding *finding)
{
	const char *state = cf_finding_state_name(finding->state);

	cf_json_begin_object(json);
	put_text(json, "id", finding->id);
	put_text(json, "analysis", finding->analysis);
	put_text(json, "kind", cf_finding_kind_name(finding->kind));
	put_text(json, "severity", cf_finding_severity_name(finding->severity));
	put_text(json, "state", *state ? state : NULL);
	cf_json_key(json, "failing");
	cf_json_bool(json, finding->failing);
	put_text(json, "subject", cf_finding_subject_name(finding->subject));
	put_text(json, "name", finding->name);
	put_text(json, "module", finding->module);
	put_text(json, "metric", finding->metric);
	put_text(json, "unit", finding->unit_text ? finding->unit_text : cf_unit_name(finding->unit));
	put_text(json, "file", finding->file);
	cf_json_key(json, "line");
	if (finding->line)
		cf_json_int(json, finding->line);
	else
		cf_json_null(json);
	put_number(json, "before", finding->before);
	put_number(json, "after", finding->after);
	put_number(json, "ratio", finding->ratio);
	put_number(json, "ratio_lo", finding->ratio_lo);
	put_number(json, "ratio_hi", finding->ratio_hi);
	put_number(json, "p", finding->p);
	put_number(json, "q", finding->q);
	put_text(json, "place", finding->place);
	put_text(json, "reason", finding->reason);
	put_text(json, "suspect", finding->suspect);
	put_text(json, "next", finding->next);
	cf_json_end_object(json);
}

/* Of documents that judge; others have no such member. */
static void write_findings(struct cf_json *json, const struct cf_doc *doc)
{
	g_autoptr(GPtrArray) findings = cf_doc_all_findings(doc);

	if (!cf_doc_find(doc, CF_FINDINGS))
		return;
	cf_json_key(json, "findings");
	cf_json_begin_array(json);
	for (guint i = 0; i < findings->len; i++)
		write_finding(json, g_ptr_array_index(findings, i));
	cf_json_end_array(json);
}

static gboolean has_own_content(const struct cf_node *top)
{
	for (const struct cf_node *node = top->first; node; node = node->next)
		if (node->kind != CF_SECTION && cf_node_has_content(node))
			return TRUE;
	return FALSE;
}

static int render(const struct cf_doc *doc, const struct cf_render_opts *opts, struct cf_out *out,
		  struct cf_diag *diag)
{
	struct cf_json json;

	cf_json_init(&json, out);
	cf_json_begin_object(&json);
	cf_json_key(&json, "schema");
	cf_json_string(&json, "callflow.report/1");
	cf_json_key(&json, "title");
	cf_json_string(&json, doc->title);
	cf_json_key(&json, "verdict");
	cf_json_string(&json, cf_verdict_name(doc->verdict));
	if (doc->reason)
		put_text(&json, "reason", doc->reason);
	write_findings(&json, doc);
	cf_json_key(&json, "sections");
	cf_json_begin_array(&json);
	if (has_own_content(doc->root))
		write_section(&json, doc->root, "", doc->title);
	for (const struct cf_node *node = doc->root; node; node = cf_node_walk(doc->root, node))
		if (node->kind == CF_SECTION)
			write_section(&json, node, node->id ? node->id : "", node->text);
	cf_json_end_array(&json);
	cf_json_key(&json, "inputs");
	cf_json_begin_array(&json);
	for (guint i = 0; i < doc->inputs->len; i++) {
		const struct cf_doc_input *input = &g_array_index(doc->inputs, struct cf_doc_input, i);

		cf_json_begin_object(&json);
		cf_json_key(&json, "run");
		cf_json_int(&json, input->run);
		cf_json_key(&json, "name");
		cf_json_string(&json, input->name);
		cf_json_key(&json, "hash");
		cf_json_string(&json, input->hash);
		cf_json_end_object(&json);
	}
	cf_json_end_array(&json);
	cf_json_end_object(&json);
	cf_out_puts(out, "\n");
	return 0;
}

const struct cf_renderer cf_renderer_json = {
	.name = "json",
	.extensions = "json",
	.summary = "raw values for programs, schema callflow.report/1",
	.data = TRUE,
	.render = render,
};
