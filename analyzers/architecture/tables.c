/* SPDX-License-Identifier: MIT */
/* tables: the dependencies of an architecture, its entry points, what it calls outside, and its parts one by one. */
#include "analyzers/architecture/view.h"

#include <string.h>

/* Cycles that are listed, and names of one. */
#define CYCLES_MAX 20
#define NAMES_MAX 12

static struct cf_doc *doc_of(const struct cf_arch_view *view)
{
	return view->analysis->doc;
}

/* Where the cost is a number of samples, they are counted once. */
static unsigned counted(const struct cf_arch_view *view)
{
	return cf_arch_measured(view, strcmp(view->arch->metric, view->arch->counted) ? 0 : CF_COLUMN_DATA);
}

void cf_arch_note_rest(const struct cf_arch_view *view, guint n, const char *what)
{
	guint shown = cf_arch_shown(view, n);

	if (shown < n)
		cf_doc_para(doc_of(view), view->at, "The first %u of %u %s; -n 0 shows all.", shown, n, what);
}

/* --- dependencies --------------------------------------------------------------------------------------- */

static void add_cycles(const struct cf_arch_view *view)
{
	const struct cf_architecture *arch = view->arch;
	struct cf_doc *doc = doc_of(view);
	struct cf_node *list;

	if (!arch->cycles) {
		cf_doc_para(doc, view->at, "No cycle: no %s depends on itself through others.",
			    cf_arch_by_name(arch->by, FALSE));
		return;
	}
	cf_doc_para(doc, view->at,
		    "%s of %s that depend on each other:", arch->cycles == 1 ? "A cycle" : "Cycles",
		    cf_arch_by_name(arch->by, TRUE));
	list = cf_doc_add(doc, view->at, CF_LIST, NULL);
	for (uint32_t c = 1; c <= MIN(arch->cycles, CYCLES_MAX); c++) {
		struct cf_node *item = cf_doc_add(doc, list, CF_ITEM, NULL);
		guint members = 0;

		for (guint i = 0; i < arch->parts->len; i++) {
			if (cf_arch_part_at(arch, i)->cycle != c)
				continue;
			if (members && members < NAMES_MAX)
				cf_doc_add(doc, item, CF_TEXT, ", ");
			if (members++ < NAMES_MAX)
				cf_doc_add(doc, item, CF_CODE, cf_arch_part_at(arch, i)->name);
		}
		if (members > NAMES_MAX) {
			g_autofree char *more = g_strdup_printf(" and %u more", members - NAMES_MAX);

			cf_doc_add(doc, item, CF_TEXT, more);
		}
	}
}

void cf_arch_present_dependencies(const struct cf_arch_view *view)
{
	const struct cf_architecture *arch = view->arch;
	g_autofree char *caption =
		g_strdup_printf("How the %s depend on each other", cf_arch_by_name(arch->by, TRUE));
	const struct cf_column columns[] = {
		{ "part", cf_arch_by_name(arch->by, FALSE), CF_UNIT_NONE, CF_COLUMN_NAME | CF_COLUMN_CODE },
		{ "level", "level", CF_UNIT_COUNT, 0 },
		{ "afferent", "used by", CF_UNIT_COUNT, 0 },
		{ "efferent", "uses", CF_UNIT_COUNT, 0 },
		{ "instability", "instability %", CF_UNIT_RATIO, CF_COLUMN_SHARE },
		{ "cycle", "cycle", CF_UNIT_ID, arch->cycles ? 0 : CF_COLUMN_DATA },
		{ "members", view->spans ? "operations" : "functions", CF_UNIT_COUNT,
		  arch->by == CF_ARCH_FUNCTION ? CF_COLUMN_DATA : cf_arch_measured(view, 0) },
		{ "self_share", "self %", CF_UNIT_RATIO,
		  cf_arch_measured(view, CF_COLUMN_SHARE | CF_COLUMN_BAR) },
		{ "total_share", "total %", CF_UNIT_RATIO,
		  arch->sampled && !view->spans ? cf_arch_measured(view, CF_COLUMN_SHARE) : CF_COLUMN_DATA },
		{ "self", "self", arch->unit, cf_arch_measured(view, CF_COLUMN_COST) },
		{ "errors", "errors", CF_UNIT_COUNT,
		  view->spans ? cf_arch_measured(view, 0) : CF_COLUMN_DATA },
	};
	struct cf_node *table =
		cf_doc_table(doc_of(view), view->at, "dependencies", caption, columns, G_N_ELEMENTS(columns));
	guint shown = cf_arch_shown(view, arch->parts->len);
	int64_t self = 0;

	for (guint i = 0; i < arch->parts->len; i++)
		cf_sum(&self, cf_arch_part_at(arch, i)->self);
	for (guint i = 0; i < shown; i++) {
		const struct cf_arch_part *part = cf_arch_part_at(arch, i);

		cf_table_text(doc_of(view), table, part->name);
		cf_table_int(table, part->level);
		cf_table_int(table, part->afferent);
		cf_table_int(table, part->efferent);
		cf_table_double(table, cf_arch_instability(part));
		if (part->cycle)
			cf_table_int(table, part->cycle);
		else
			cf_table_empty(table);
		cf_table_int(table, part->members);
		cf_table_double(table, cf_share(part->self, self));
		cf_table_double(table, cf_share(part->total, arch->weight));
		cf_table_int(table, part->self);
		cf_table_int(table, part->errors);
	}
	cf_arch_recompute(view, table, "dependencies");
	cf_arch_note_rest(view, arch->parts->len, cf_arch_by_name(arch->by, TRUE));
	add_cycles(view);
	if (arch->edges_against)
		cf_doc_para(
			doc_of(view), view->at,
			"%u of %u calls go to a %s that is less stable than the caller: what much depends on "
			"depends there on what changes more easily.",
			arch->edges_against, arch->edges->len, cf_arch_by_name(arch->by, FALSE));
}

/* --- entry points --------------------------------------------------------------------------------------- */

static gint by_entry(gconstpointer a, gconstpointer b)
{
	const struct cf_arch_member *x = *(struct cf_arch_member *const *)a;
	const struct cf_arch_member *y = *(struct cf_arch_member *const *)b;

	if (x->entry_weight != y->entry_weight)
		return x->entry_weight > y->entry_weight ? -1 : 1;
	return x < y ? -1 : x > y;
}

/* Members that something begins with, heaviest first. Caller frees. */
static GPtrArray *entries_of(const struct cf_architecture *arch)
{
	GPtrArray *entries = g_ptr_array_new();

	for (guint i = 0; i < arch->members->len; i++)
		if (cf_arch_member_at(arch, i)->entry)
			g_ptr_array_add(entries, cf_arch_member_at(arch, i));
	g_ptr_array_sort(entries, by_entry);
	return entries;
}

void cf_arch_present_entries(const struct cf_arch_view *view)
{
	const struct cf_architecture *arch = view->arch;
	const struct cf_column columns[] = {
		{ "entry", view->spans ? "operation" : "function", CF_UNIT_NONE,
		  CF_COLUMN_NAME | CF_COLUMN_CODE },
		{ "part", cf_arch_by_name(arch->by, FALSE), CF_UNIT_NONE,
		  CF_COLUMN_NAME | (arch->by == CF_ARCH_FUNCTION ? CF_COLUMN_DATA : 0) | CF_COLUMN_CODE |
			  CF_COLUMN_WITH },
		{ "share", "total %", CF_UNIT_RATIO,
		  cf_arch_measured(view, CF_COLUMN_SHARE | CF_COLUMN_BAR) },
		{ "weight", arch->metric, arch->unit, cf_arch_measured(view, CF_COLUMN_COST) },
		{ "count", view->spans ? "requests" : arch->counted, CF_UNIT_COUNT, counted(view) },
		{ "errors", "errors", CF_UNIT_COUNT,
		  view->spans ? cf_arch_measured(view, 0) : CF_COLUMN_DATA },
	};
	g_autoptr(GPtrArray) entries = entries_of(arch);
	guint shown = cf_arch_shown(view, entries->len);
	struct cf_node *table =
		cf_doc_table(doc_of(view), view->at, "entry-points",
			     view->spans ? "What traces begin with" : "What nothing seen here calls", columns,
			     G_N_ELEMENTS(columns));

	for (guint i = 0; i < shown; i++) {
		const struct cf_arch_member *entry = g_ptr_array_index(entries, i);

		cf_table_text(doc_of(view), table, entry->name);
		cf_table_text(doc_of(view), table, cf_arch_part_at(arch, entry->part)->name);
		cf_table_double(table, cf_share(entry->entry_weight, arch->weight));
		cf_table_int(table, entry->entry_weight);
		cf_table_int(table, entry->entry_count);
		cf_table_int(table, entry->errors);
	}
	cf_arch_recompute(view, table, "entries");
	cf_arch_note_rest(view, entries->len, "entry points");
}

/* --- calls to the outside ------------------------------------------------------------------------------- */

/* Of traces, what has no spans of its own; else calls from one part to another. */
static gboolean leaves(const struct cf_arch_view *view, const struct cf_arch_call *call)
{
	const struct cf_architecture *arch = view->arch;
	uint32_t from = cf_arch_member_at(arch, call->from)->part,
		 to = cf_arch_member_at(arch, call->to)->part;
	enum cf_party kind = cf_arch_part_at(arch, to)->kind;

	if (!view->spans)
		return from != to;
	return kind != CF_PARTY_SERVICE && kind != CF_PARTY_PLAIN;
}

void cf_arch_present_external(const struct cf_arch_view *view)
{
	const struct cf_architecture *arch = view->arch;
	const char *part = cf_arch_by_name(arch->by, FALSE);
	g_autofree char *to_title = g_strdup_printf("called %s", part),
			*from_title = g_strdup_printf("calling %s", part);
	const struct cf_column columns[] = {
		{ "to_part", to_title, CF_UNIT_NONE, CF_COLUMN_NAME | CF_COLUMN_CODE },
		{ "to", view->spans ? "what" : "function", CF_UNIT_NONE,
		  CF_COLUMN_NAME | CF_COLUMN_CODE | CF_COLUMN_WITH },
		{ "from_part", from_title, CF_UNIT_NONE, CF_COLUMN_NAME | CF_COLUMN_CODE },
		{ "from", "by", CF_UNIT_NONE, CF_COLUMN_NAME | CF_COLUMN_CODE | CF_COLUMN_WITH },
		{ "weight", arch->metric, arch->unit, cf_arch_measured(view, CF_COLUMN_COST) },
		{ "count", arch->counted, CF_UNIT_COUNT, counted(view) },
		{ "errors", "errors", CF_UNIT_COUNT,
		  view->spans ? cf_arch_measured(view, 0) : CF_COLUMN_DATA },
	};
	struct cf_node *table;
	guint all = 0, shown, rows = 0;

	for (guint i = 0; i < arch->calls->len; i++)
		all += leaves(view, cf_arch_call_at(arch, i));
	if (!all) {
		cf_doc_para(doc_of(view), view->at,
			    view->spans ? "No span says that it calls something without spans of its own."
					: "No call leads from one part to another.");
		return;
	}
	shown = cf_arch_shown(view, all);
	table = cf_doc_table(doc_of(view), view->at, "external-calls",
			     view->spans ? "Calls to what has no spans of its own" : "Calls across", columns,
			     G_N_ELEMENTS(columns));
	for (guint i = 0; i < arch->calls->len && rows < shown; i++) {
		const struct cf_arch_call *call = cf_arch_call_at(arch, i);
		const struct cf_arch_member *from = cf_arch_member_at(arch, call->from);
		const struct cf_arch_member *to = cf_arch_member_at(arch, call->to);

		if (!leaves(view, call))
			continue;
		cf_table_text(doc_of(view), table, cf_arch_part_at(arch, to->part)->name);
		cf_table_text(doc_of(view), table, to->name);
		cf_table_text(doc_of(view), table, cf_arch_part_at(arch, from->part)->name);
		cf_table_text(doc_of(view), table, from->name);
		cf_table_int(table, call->weight);
		cf_table_int(table, call->count);
		cf_table_int(table, call->errors);
		rows++;
	}
	cf_arch_recompute(view, table, "external");
	cf_arch_note_rest(view, all, "calls");
}

/* --- the parts one by one ------------------------------------------------------------------------------- */

static void add_member(const struct cf_arch_view *view, struct cf_node *table,
		       const struct cf_arch_member *member)
{
	cf_table_text(doc_of(view), table, cf_arch_part_at(view->arch, member->part)->name);
	cf_table_text(doc_of(view), table, member->name);
	cf_table_int(table, member->outside);
	cf_table_int(table, member->count);
	cf_table_double(table, cf_share(member->self, view->arch->weight));
	cf_table_int(table, member->self);
	cf_table_int(table, member->total);
	cf_table_int(table, member->errors);
}

void cf_arch_present_reference(const struct cf_arch_view *view)
{
	const struct cf_architecture *arch = view->arch;
	const struct cf_column columns[] = {
		{ "part", cf_arch_by_name(arch->by, FALSE), CF_UNIT_NONE,
		  CF_COLUMN_NAME | CF_COLUMN_CODE | CF_COLUMN_DATA },
		{ "member", view->spans ? "operation" : "function", CF_UNIT_NONE,
		  CF_COLUMN_NAME | CF_COLUMN_CODE },
		{ "outside", "used by", CF_UNIT_COUNT, arch->by == CF_ARCH_FUNCTION ? CF_COLUMN_DATA : 0 },
		{ "count", view->spans ? "times" : arch->counted, CF_UNIT_COUNT, counted(view) },
		{ "self_share", "self %", CF_UNIT_RATIO, cf_arch_measured(view, CF_COLUMN_SHARE) },
		{ "self", "self", arch->unit, cf_arch_measured(view, CF_COLUMN_COST) },
		{ "total", "total", arch->unit, cf_arch_measured(view, CF_COLUMN_COST) },
		{ "errors", "errors", CF_UNIT_COUNT,
		  view->spans ? cf_arch_measured(view, 0) : CF_COLUMN_DATA },
	};
	guint parts = cf_arch_shown(view, arch->parts->len);

	cf_doc_para(doc_of(view), view->at, "Used by: how many other %s call it.",
		    cf_arch_by_name(arch->by, TRUE));
	if (arch->by == CF_ARCH_FUNCTION)
		parts = MIN(parts, 1);
	for (guint i = 0; i < parts; i++) {
		const struct cf_arch_part *part = cf_arch_part_at(arch, i);
		guint members = arch->by == CF_ARCH_FUNCTION ? arch->members->len : part->members;
		guint shown = cf_arch_shown(view, members);
		g_autofree char *caption = arch->by == CF_ARCH_FUNCTION ? g_strdup("Functions")
					   : shown < members ? g_strdup_printf("%s: the heaviest %u of %u",
									       part->name, shown, members)
							     : g_strdup(part->name);
		struct cf_node *table = cf_doc_table(doc_of(view), view->at, "reference", caption, columns,
						     G_N_ELEMENTS(columns));

		for (guint k = part->first; k < part->first + shown; k++)
			add_member(view, table, cf_arch_member_at(arch, k));
	}
	cf_arch_note_rest(view, arch->by == CF_ARCH_FUNCTION ? 0 : arch->parts->len,
			  cf_arch_by_name(arch->by, TRUE));
}
