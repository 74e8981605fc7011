/* SPDX-License-Identifier: MIT */
/* base: the runs that others are compared with. */
#include "analyzers/analyzer.h"

#include <string.h>

const struct cf_param cf_base_params[] = {
	{ .name = "base", .type = CF_PARAM_STRING, .arg = "RUN", .help = "what to compare with" }, { 0 }
};

static const struct cf_run *run_at(const struct cf_run_set *set, guint i)
{
	return g_ptr_array_index(set->runs, i);
}

/* What would be a base: of a name, when it was asked for by one. */
static char *how_to_get(const char *expr, const struct cf_run_set *current)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.+";
	const char *name = NULL;
	g_autofree char *quoted = NULL, *shown = NULL;

	if (!expr)
		name = run_at(current, 0)->name;
	else if (*expr && !strpbrk(expr, "@~:=,/") && !strstr(expr, "..") &&
		 strspn(expr, "0123456789") != strlen(expr))
		name = expr;
	if (!name)
		return g_strdup("callflow ingest FILE");
	quoted = name[strspn(name, plain)] ? g_shell_quote(name) : g_strdup(name);
	shown = cf_visible(quoted, -1, 200);
	return g_strdup_printf("callflow ingest --name %s FILE", shown);
}

/* The first error, for what may fail. */
static void keep_first(void *ctx, enum cf_severity severity, const struct cf_loc *loc, const char *text)
{
	char **first = ctx;

	if (severity == CF_ERROR && !*first)
		*first = g_strdup(text);
}

int cf_base_select(struct cf_store *store, const char *expr, const char *in, unsigned facts,
		   const struct cf_run_set *current, struct cf_run_set *base, struct cf_no_base *missing,
		   struct cf_diag *diag)
{
	const struct cf_run *first = run_at(current, 0);
	g_autofree char *before = g_strdup_printf("%" G_GINT64_FORMAT "~1", first->id), *why = NULL;
	struct cf_diag trial = { .consume = keep_first, .ctx = &why };

	*missing = (struct cf_no_base){ 0 };
	if (cf_store_select(store, expr ? expr : before, in, facts, base, &trial) == 0)
		return 0;
	base->runs = NULL;
	if (trial.status != CF_STATUS_INPUT)
		return cf_error_as(diag, trial.status, NULL, "%s", why);
	missing->why =
		expr ? g_steal_pointer(&why)
		     : g_strdup_printf("no run of '%s' before run %" G_GINT64_FORMAT, first->name, first->id);
	missing->ingest = how_to_get(expr, current);
	return 0;
}

void cf_no_base_clear(struct cf_no_base *missing)
{
	g_clear_pointer(&missing->why, g_free);
	g_clear_pointer(&missing->ingest, g_free);
}

int cf_no_base_error(const struct cf_no_base *missing, struct cf_diag *diag)
{
	return cf_error(diag, NULL, "%s; this brings one in: %s", missing->why, missing->ingest);
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
