/* SPDX-License-Identifier: MIT */
/* overview: an architecture in one sentence and some figures, and what has changed in words. */
#include "analyzers/architecture/view.h"

/* Changes that a reader takes in; the others are counted. */
#define CHANGES_MAX 40

static void tile(const struct cf_arch_view *view, struct cf_node *table, const char *label, const char *value,
		 const char *note, gboolean attention)
{
	cf_table_text(view->analysis->doc, table, label);
	cf_table_text(view->analysis->doc, table, value);
	cf_table_text(view->analysis->doc, table, note);
	cf_table_text(view->analysis->doc, table, attention ? "attention" : "info");
}

static void number_tile(const struct cf_arch_view *view, struct cf_node *table, const char *label,
			guint value, const char *note, gboolean attention)
{
	g_autofree char *text = g_strdup_printf("%u", value);

	tile(view, table, label, text, note, attention);
}

static guint entries_of(const struct cf_architecture *arch)
{
	guint entries = 0;

	for (guint i = 0; i < arch->members->len; i++)
		entries += cf_arch_member_at(arch, i)->entry;
	return entries;
}

static const char *plural(guint n)
{
	return n == 1 ? "" : "s";
}

static int64_t self_of(const struct cf_architecture *arch)
{
	int64_t self = 0;

	for (guint i = 0; i < arch->parts->len; i++)
		cf_sum(&self, cf_arch_part_at(arch, i)->self);
	return self;
}

static const struct cf_arch_part *heaviest(const struct cf_architecture *arch)
{
	const struct cf_arch_part *best = cf_arch_part_at(arch, 0);

	for (guint i = 1; i < arch->parts->len; i++)
		if (cf_arch_part_at(arch, i)->self > best->self)
			best = cf_arch_part_at(arch, i);
	return best;
}

/* "4 services with 12 operations, 6 calls from one to another, no cycle". */
static void present_sentence(const struct cf_arch_view *view)
{
	const struct cf_architecture *arch = view->arch;
	struct cf_doc *doc = view->analysis->doc;
	struct cf_node *para = cf_doc_add(doc, view->at, CF_PARA, NULL);
	g_autofree char *cycles = arch->cycles
					  ? g_strdup_printf("%u cycle%s", arch->cycles, plural(arch->cycles))
					  : g_strdup("no cycle");
	g_autofree char *members =
		arch->by == CF_ARCH_FUNCTION
			? g_strdup("")
			: g_strdup_printf(" with %u %s%s", arch->members->len,
					  view->spans ? "operation" : "function", plural(arch->members->len));
	g_autofree char *text =
		g_strdup_printf("%u %s%s, %u call%s from one to another, %s", arch->parts->len,
				cf_arch_by_name(arch->by, arch->parts->len != 1), members, arch->edges->len,
				plural(arch->edges->len), cycles);
	g_autofree char *share = NULL, *end = NULL;

	cf_doc_add(doc, cf_doc_add(doc, para, CF_STRONG, NULL), CF_TEXT, text);
	if (!arch->parts->len)
		return;
	if (view->structure) {
		cf_doc_add(doc, para, CF_TEXT, ".");
		return;
	}
	cf_doc_add(doc, para, CF_TEXT, ". Most is spent in ");
	cf_doc_add(doc, para, CF_CODE, heaviest(arch)->name);
	share = cf_unit_text(CF_UNIT_RATIO, cf_share(heaviest(arch)->self, self_of(arch)));
	end = g_strdup_printf(": %s of %s.", share, arch->metric);
	cf_doc_add(doc, para, CF_TEXT, end);
}

void cf_arch_present_overview(const struct cf_arch_view *view)
{
	static const struct cf_column columns[] = { { "label", "label", CF_UNIT_NONE, 0 },
						    { "value", "value", CF_UNIT_NONE, 0 },
						    { "note", "note", CF_UNIT_NONE, CF_COLUMN_NAME },
						    { "level", "level", CF_UNIT_NONE, CF_COLUMN_DATA } };
	const struct cf_architecture *arch = view->arch;
	struct cf_node *table;

	present_sentence(view);
	if (!arch->parts->len)
		return;
	table = cf_doc_table(view->analysis->doc, view->at, "architecture-figures", NULL, columns,
			     G_N_ELEMENTS(columns));
	table->table->style = CF_TABLE_TILES;
	number_tile(view, table, cf_arch_by_name(arch->by, TRUE), arch->parts->len, NULL, FALSE);
	number_tile(view, table, "entry points", entries_of(arch), NULL, FALSE);
	number_tile(view, table, "cycles", arch->cycles,
		    arch->cycles ? "none of their parts can change or be tested alone" : NULL,
		    arch->cycles > 0);
	if (arch->propagation >= 0) {
		g_autofree char *share = cf_unit_text(CF_UNIT_RATIO, arch->propagation);

		tile(view, table, "propagation cost", share,
		     "of all parts can be reached by a change of one, on average", FALSE);
	}
}

/* --- changes -------------------------------------------------------------------------------------------- */

static void present_change(const struct cf_arch_view *view, struct cf_node *list,
			   const struct cf_arch_change *change)
{
	struct cf_doc *doc = view->analysis->doc;
	struct cf_node *item = cf_doc_add(doc, list, CF_ITEM, NULL);
	g_autofree char *what = cf_arch_change_word(change, view->arch),
			*lead = g_strconcat(what, ": ", NULL);
	g_autofree char *weight = cf_cost_text(view->arch->unit, change->weight), *more = NULL;

	cf_doc_add(doc, item, CF_TEXT, lead);
	cf_doc_add(doc, item, CF_CODE, change->from);
	if (change->to) {
		cf_doc_add(doc, item, CF_TEXT, change->kind == CF_ARCH_CHANGE_EDGE ? " -> " : " ");
		cf_doc_add(doc, item, CF_CODE, change->to);
	}
	if (view->structure || !change->count || change->kind == CF_ARCH_CHANGE_CYCLE)
		return;
	more = g_strdup_printf(" (%" G_GINT64_FORMAT " %s, %s)", change->count, view->arch->counted, weight);
	cf_doc_add(doc, item, CF_TEXT, more);
}

void cf_arch_present_changes(const struct cf_arch_view *view)
{
	const struct cf_arch_changes *changes = view->changes;
	struct cf_doc *doc = view->analysis->doc;
	struct cf_node *list;
	guint shown;

	if (!changes) {
		cf_doc_para(doc, view->at,
			    "There is no earlier run of this name to compare with: changes are told from the "
			    "next one on.");
		return;
	}
	if (!changes->rows->len) {
		cf_doc_para(doc, view->at, "No part, call, entry point or cycle has come or gone since %s.",
			    changes->base);
	} else {
		cf_doc_para(doc, view->at, "Since %s:", changes->base);
		list = cf_doc_add(doc, view->at, CF_LIST, NULL);
		shown = MIN(changes->rows->len, CHANGES_MAX);
		for (guint i = 0; i < shown; i++)
			present_change(view, list, &g_array_index(changes->rows, struct cf_arch_change, i));
		if (shown < changes->rows->len)
			cf_doc_para(doc, view->at, "And %u more.", changes->rows->len - shown);
	}
	if (changes->rare && !view->structure)
		cf_doc_para(doc, view->at,
			    "%u more difference%s too rare to tell from chance: seen so seldom that the "
			    "other run may "
			    "have missed %s.",
			    changes->rare, changes->rare == 1 ? " is" : "s are",
			    changes->rare == 1 ? "it" : "them");
}
