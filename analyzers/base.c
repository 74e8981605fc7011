/* SPDX-License-Identifier: MIT */
/* base: the runs that others are compared with. */
#include "analyzers/analyzer.h"

const struct cf_param cf_base_params[] = {
	{ .name = "base", .type = CF_PARAM_STRING, .arg = "RUN", .help = "what to compare with" },
	{ 0 }
};

static const char *const missing[] = { "fail", "pass", NULL };
const struct cf_param cf_missing_base_params[] = { { .name = "missing-base",
						     .type = CF_PARAM_CHOICE,
						     .arg = "DO",
						     .help = "without a base to compare with, fail or pass",
						     .fallback = "fail",
						     .choices = missing },
						   { 0 } };

static const struct cf_run *run_at(const struct cf_run_set *set, guint i)
{
	return g_ptr_array_index(set->runs, i);
}

/* What would be a base: a name, when it was asked for by one. */
static void say_how(const char *expr, const struct cf_run_set *current, struct cf_diag *diag)
{
	g_autofree char *name = NULL;

	if (!expr)
		name = g_strdup(run_at(current, 0)->name);
	else if (*expr && !strpbrk(expr, "@~:=,/") && !strstr(expr, ".."))
		name = g_strdup(expr);
	if (name) {
		g_autofree char *quoted = g_shell_quote(name);
		const char *word = name[strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.+")]
					   ? quoted
					   : name;
		g_autofree char *shown = cf_visible(word, -1, 200);

		cf_note(diag, NULL, "a base is made by: callflow ingest --name %s FILE", shown);
	} else {
		cf_note(diag, NULL, "a base is made by: callflow ingest FILE; callflow runs lists what there is");
	}
}

int cf_base_select(struct cf_store *store, const char *expr, const char *in, const struct cf_analyzer *analyzer,
		   const struct cf_run_set *current, struct cf_run_set *base, struct cf_diag *diag)
{
	const struct cf_run *first = run_at(current, 0);
	g_autofree char *before = NULL;
	struct cf_diag silent = { 0 };
	int result;

	if (expr) {
		result = cf_store_select(store, expr, in, analyzer->facts, base, diag);
	} else {
		before = g_strdup_printf("%" G_GINT64_FORMAT "~1", first->id);
		result = cf_store_select(store, before, in, analyzer->facts, base, &silent);
		if (result)
			cf_error(diag, NULL, "no run of '%s' before run %" G_GINT64_FORMAT " to compare it with",
				 first->name, first->id);
	}
	if (result)
		say_how(expr, current, diag);
	return result;
}

int cf_base_differs(const struct cf_run_set *base, const struct cf_run_set *current, struct cf_diag *diag)
{
	for (guint i = 0; i < base->runs->len; i++)
		for (guint k = 0; k < current->runs->len; k++)
			if (run_at(base, i)->id == run_at(current, k)->id)
				return cf_error_as(diag, CF_STATUS_USAGE, NULL,
						   "run %" G_GINT64_FORMAT
						   " is on both sides: a run isn't compared with itself",
						   run_at(base, i)->id);
	return 0;
}

static void add(struct cf_doc *doc, const struct cf_run_set *set, const char *side)
{
	for (guint i = 0; i < set->runs->len; i++) {
		const struct cf_run *run = run_at(set, i);
		g_autofree char *line = cf_run_line(run), *text = g_strconcat(side, line, NULL);

		cf_doc_add_input(doc, run->id, run->name, run->hash, text);
	}
}

void cf_runs_as_inputs(struct cf_doc *doc, const struct cf_run_set *base, const struct cf_run_set *current)
{
	if (base)
		add(doc, base, "base  ");
	add(doc, current, base ? "this  " : "");
}
