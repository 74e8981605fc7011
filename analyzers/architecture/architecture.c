/* SPDX-License-Identifier: MIT */
/* architecture: the parts of a system, who calls whom, and what has changed, from a profile or traces. */
#include "analyzers/architecture/view.h"

#include <string.h>

/* Below this share of the whole the mere structure leaves things out: a sampled run may miss them the next time. */
#define STRUCTURE_LEAST 0.005

const struct cf_arch_chapter cf_arch_chapters[] = {
	{ "overview", NULL, "the whole in a sentence", cf_arch_present_overview, FALSE, FALSE },
	{ "changes", "What has changed", "what came and went", cf_arch_present_changes, FALSE, TRUE },
	{ "map", "Map", "the parts and what they call, drawn", cf_arch_present_map, FALSE, TRUE },
	{ "dependencies", "Dependencies", "coupling, levels and cycles", cf_arch_present_dependencies, FALSE,
	  FALSE },
	{ "entries", "Entry points", "what everything begins with", cf_arch_present_entries, FALSE, FALSE },
	{ "sequences", "Sequences", "a typical trace of each important operation", cf_arch_present_sequences,
	  TRUE, FALSE },
	{ "critical-paths", "Critical paths", "what traces wait for", cf_arch_present_critical_paths, TRUE,
	  FALSE },
	{ "hot-paths", "Hot paths", "the stacks that cost most", cf_arch_present_hot_paths, FALSE, FALSE },
	{ "calls", "Calls inside", "functions or operations and their calls, drawn", cf_arch_present_calls,
	  FALSE, FALSE },
	{ "external", "Calls outside", "what others are asked for", cf_arch_present_external, FALSE, FALSE },
	{ "reference", "Reference", "the parts one by one", cf_arch_present_reference, FALSE, FALSE },
	{ NULL, NULL, NULL, NULL, FALSE, FALSE }
};

void cf_arch_recompute(const struct cf_arch_view *view, struct cf_node *table, const char *part)
{
	/* In a page that is kept, ids of runs would change with every run. */
	if (!view->structure && !view->analysis->in_report)
		table->table->recompute =
			cf_analysis_command_with(view->analysis, &cf_analyzer_architecture, "part", part);
}

static const struct cf_arch_chapter *chapter_by_name(const char *name)
{
	for (const struct cf_arch_chapter *c = cf_arch_chapters; c->name; c++)
		if (!strcmp(c->name, name))
			return c;
	return NULL;
}

static int check_parts(const char *const *parts, struct cf_diag *diag)
{
	const char *names[G_N_ELEMENTS(cf_arch_chapters)];
	size_t n = 0;

	for (const struct cf_arch_chapter *c = cf_arch_chapters; c->name; c++)
		names[n++] = c->name;
	for (; *parts; parts++) {
		g_autofree char *shown = cf_visible(*parts, -1, 80), *all = NULL;
		const char *nearest;

		if (chapter_by_name(*parts))
			continue;
		names[n] = NULL;
		nearest = cf_nearest(*parts, names, n);
		if (nearest)
			return cf_error_as(diag, CF_STATUS_USAGE, NULL, "no part '%s'; did you mean '%s'?",
					   shown, nearest);
		all = g_strjoinv(", ", (char **)names);
		return cf_error_as(diag, CF_STATUS_USAGE, NULL, "no part '%s'; there are %s", shown, all);
	}
	return 0;
}

/* --- loading -------------------------------------------------------------------------------------------- */

/* What is loaded of one side. */
struct side {
	struct cf_profile profile;
	struct cf_architecture *arch;
};

static void side_clear(struct side *side)
{
	cf_architecture_free(side->arch);
	cf_profile_clear(&side->profile);
}

static int load(struct side *side, const struct cf_analysis *analysis, const char *by)
{
	const struct cf_run *run = g_ptr_array_index(analysis->current->runs, 0);

	side->arch = NULL;
	/* Spans are numbered within one run. */
	if ((run->facts & CF_FACTS_SPANS) && analysis->current->runs->len > 1)
		return cf_error_as(analysis->diag, CF_STATUS_USAGE, NULL,
				   "an architecture is told from the traces of one run, not of %u",
				   analysis->current->runs->len);
	if (cf_profile_load_calls(&side->profile, analysis, CF_FACTS_SPANS))
		return -1;
	side->arch = cf_architecture_new(&side->profile, by);
	return 0;
}

/* What --base says in a block of a report, else the run before. 1: there is none. */
static int select_base(const struct cf_analysis *analysis, struct cf_run_set *base)
{
	const struct cf_run *run = g_ptr_array_index(analysis->current->runs, 0);
	g_autofree char *before = g_strdup_printf("%" G_GINT64_FORMAT "~1", run->id);
	struct cf_diag silent = { 0 };

	if (cf_params_is_set(analysis->params, "base"))
		return cf_store_select(analysis->store, cf_params_string(analysis->params, "base"),
				       analysis->in, cf_analyzer_architecture.facts, base, analysis->diag);
	return cf_store_select(analysis->store, before, analysis->in, cf_analyzer_architecture.facts, base,
			       &silent)
		       ? 1
		       : 0;
}

static char *base_text(const struct cf_run_set *base)
{
	const struct cf_run *run = g_ptr_array_index(base->runs, base->runs->len - 1);
	g_autofree char *start = cf_run_start_text(run);

	if (base->runs->len > 1)
		return g_strdup_printf("%u runs up to %" G_GINT64_FORMAT, base->runs->len, run->id);
	return g_strdup_printf("run %" G_GINT64_FORMAT " %s%s%s", run->id, run->name, start ? " of " : "",
			       start ? start : "");
}

/* *changes stays NULL where there is no base. */
static int compare(const struct cf_analysis *analysis, struct side *current, double least,
		   struct cf_arch_changes **changes)
{
	struct cf_run_set selected = { 0 };
	const struct cf_run_set *base = analysis->base ? analysis->base : &selected;
	struct cf_analysis other = *analysis;
	struct side before;
	int result = analysis->base ? 0 : select_base(analysis, &selected);

	if (result == 0) {
		g_autofree char *text = base_text(base);

		other.current = base;
		result = load(&before, &other, cf_arch_by_name(current->arch->by, FALSE));
		if (result == 0) {
			cf_architecture_prune(before.arch, least);
			/* Traces and profiles have no parts in common. */
			if (before.arch->by == current->arch->by)
				*changes = cf_arch_changes_new(current->arch, before.arch, text);
			side_clear(&before);
		}
	}
	cf_run_set_clear(&selected);
	return MIN(result, 0);
}

/* --- presenting ----------------------------------------------------------------------------------------- */

static gboolean suits(const struct cf_arch_view *view, const struct cf_arch_chapter *chapter)
{
	return view->spans || !chapter->only_spans;
}

static void present_asked(struct cf_arch_view *view, const char *const *parts)
{
	for (; *parts; parts++) {
		const struct cf_arch_chapter *chapter = chapter_by_name(*parts);

		if (suits(view, chapter))
			chapter->present(view);
		else
			cf_doc_para(view->analysis->doc, view->at,
				    "%s are told from %s, which this run hasn't.", chapter->title,
				    chapter->only_spans ? "traces" : "profiles");
	}
}

/* Headings, but in a block of data. */
static void present_all(struct cf_arch_view *view, gboolean headings)
{
	struct cf_node *section = view->at;

	for (const struct cf_arch_chapter *c = cf_arch_chapters; c->name; c++) {
		g_autofree char *id = g_strdup_printf("architecture-%s", c->name);

		if (!suits(view, c))
			continue;
		view->at = headings && c->title ? cf_doc_section(view->analysis->doc, section, id, c->title)
						: section;
		c->present(view);
	}
	view->at = section;
}

/* The parts to present; NULL: all. */
static const char *const *parts_of(const struct cf_analysis *analysis)
{
	static const char *const brief[] = { "overview", "changes", "dependencies", "entries", NULL };
	static const char *const in_report[] = { "overview", "changes", "map", NULL };
	const char *const *asked = cf_params_list(analysis->params, "part");

	if (*asked)
		return asked;
	if (analysis->in_report)
		return in_report;
	return analysis->reader == CF_READER_TERMINAL ? brief : NULL;
}

/* Else the base needn't be loaded. */
static gboolean wants_changes(const struct cf_analysis *analysis)
{
	const char *const *parts = parts_of(analysis);

	for (; parts && *parts; parts++)
		if (chapter_by_name(*parts)->changes)
			return TRUE;
	return !parts;
}

static void present(struct cf_arch_view *view)
{
	struct cf_analysis *analysis = view->analysis;
	const char *const *parts = parts_of(analysis);

	if (parts) {
		present_asked(view, parts);
	} else {
		if (analysis->reader == CF_READER_PAGE) {
			const struct cf_run *run = g_ptr_array_index(analysis->current->runs, 0);
			g_autofree char *title = g_strconcat(run->name, ": architecture", NULL);

			cf_doc_set_title(analysis->doc, title);
		}
		present_all(view, analysis->reader == CF_READER_PAGE);
	}
}

static int run(struct cf_analysis *analysis)
{
	struct cf_arch_view view = { .analysis = analysis,
				     .structure = cf_params_bool(analysis->params, "structure"),
				     .at = analysis->section };
	double least = cf_params_number(analysis->params, "min-share") / 100;
	struct cf_arch_changes *changes = NULL;
	struct side side;
	int result;

	if (check_parts(cf_params_list(analysis->params, "part"), analysis->diag) ||
	    load(&side, analysis, cf_params_string(analysis->params, "by")))
		return -1;
	if (view.structure && !cf_params_is_set(analysis->params, "min-share"))
		least = STRUCTURE_LEAST;
	view.spans = side.profile.trace->spans->len > 0;
	cf_architecture_prune(side.arch, least);
	result = wants_changes(analysis) ? compare(analysis, &side, least, &changes) : 0;
	if (result == 0) {
		if (view.structure)
			cf_architecture_strip(side.arch);
		view.profile = &side.profile;
		view.arch = side.arch;
		view.changes = changes;
		view.limit = (size_t)cf_params_int(analysis->params, "top");
		cf_span_forest_init(&view.forest, side.profile.trace);
		present(&view);
		cf_span_forest_clear(&view.forest);
		cf_profile_notes(&side.profile, analysis->doc, analysis->section);
	}
	cf_arch_changes_free(changes);
	side_clear(&side);
	return result;
}

static const char *const by_choices[] = { "auto", "module", "file", "function", NULL };
static const struct cf_param own[] = {
	{ .name = "part",
	  .type = CF_PARAM_LIST,
	  .arg = "PART",
	  .help = "only this part; may be given several times" },
	{ .name = "by",
	  .type = CF_PARAM_CHOICE,
	  .arg = "KIND",
	  .help = "what the parts of a profile are: auto, module, file, function",
	  .fallback = "auto",
	  .choices = by_choices },
	{ .name = "structure", .type = CF_PARAM_BOOL, .help = "no measured cost, only who calls whom" },
	{ .name = "min-share",
	  .type = CF_PARAM_NUMBER,
	  .arg = "PERCENT",
	  .help = "leave out what has less of the cost (with --structure: 0.5)",
	  .fallback = "0",
	  .min = 0,
	  .max = 100 },
	{ .name = "top",
	  .letter = 'n',
	  .type = CF_PARAM_INT,
	  .arg = "N",
	  .help = "rows of a table, 0: all",
	  .fallback = "20",
	  .min = 0,
	  .max = 1000000 },
	{ .name = NULL },
};
static const struct cf_param *const params[] = { own, cf_base_params, cf_filter_params, NULL };
static const char *const examples[] = { "callflow architecture",
					"callflow architecture --part map -f mermaid",
					"callflow architecture --base nightly@7d -o architecture.html",
					NULL };

const struct cf_analyzer cf_analyzer_architecture = {
	.name = "architecture",
	.group = "Look at a system",
	.summary = "its parts, who calls whom, and what has changed",
	.synopsis = "[RUN]",
	.examples = examples,
	.needs = CF_NEEDS_RUN,
	.facts = CF_FACTS_PROFILE | CF_FACTS_SPANS,
	.params = params,
	.format = "text",
	.timeless = TRUE,
	.run = run,
};
