/* SPDX-License-Identifier: MIT */
/* analyzer: the registry of analyses, with the texts that all of them share. */
#include "analyzers/analyzer.h"

#include <string.h>

const struct cf_analyzer *const cf_analyzers[] = {
#define CF_ANALYZER(x) &cf_analyzer_##x,
#include "analyzers/analyzers.def"
#undef CF_ANALYZER
	NULL
};

const struct cf_analyzer *cf_analyzer_by_name(const char *name)
{
	for (size_t i = 0; cf_analyzers[i]; i++)
		if (!strcmp(cf_analyzers[i]->name, name))
			return cf_analyzers[i];
	return NULL;
}

int cf_analyzer_accepts(const struct cf_analyzer *analyzer, const struct cf_run_set *runs,
			struct cf_diag *diag)
{
	for (guint i = 0; analyzer->facts && i < runs->runs->len; i++) {
		const struct cf_run *run = g_ptr_array_index(runs->runs, i);
		g_autofree char *wanted = NULL, *has = NULL, *name = NULL, *operand = NULL;

		if (run->facts & analyzer->facts)
			continue;
		wanted = cf_facts_text(analyzer->facts);
		has = cf_facts_text(run->facts);
		name = cf_visible(run->name, -1, 200);
		operand = cf_run_operand(run);
		if (!run->facts)
			return cf_error(diag, NULL,
					"run %" G_GINT64_FORMAT " '%s' is empty: callflow show %s", run->id,
					name, operand);
		return cf_error(diag, NULL,
				"run %" G_GINT64_FORMAT " '%s' has no %s; it has %s: callflow show %s",
				run->id, name, wanted, has, operand);
	}
	return 0;
}

const char *cf_metric_cpu(const char *metric)
{
	static const char *const clocks[] = { "cpu-clock", "task-clock" };
	const char *modifiers = NULL;

	for (size_t i = 0; metric && !modifiers && i < G_N_ELEMENTS(clocks); i++)
		if (g_str_has_prefix(metric, clocks[i]))
			modifiers = metric + strlen(clocks[i]);
	/* Modifiers stand behind a colon, or behind the terms of "cpu-clock/freq=99/u". */
	if (!modifiers || (*modifiers && !strchr(":/", *modifiers)))
		return NULL;
	if (*modifiers)
		modifiers = strrchr(modifiers, *modifiers) + 1;
	if (strchr(modifiers, 'G'))
		return NULL;
	if (strchr(modifiers, 'u') && !strpbrk(modifiers, "kh"))
		return "user CPU";
	return strpbrk(modifiers, "kh") && !strchr(modifiers, 'u') ? "kernel CPU" : "CPU";
}

char *cf_cost_text(enum cf_unit unit, int64_t value)
{
	const struct cf_scale scale = cf_unit_scale(unit, (double)value);

	return unit == CF_UNIT_COUNT ? cf_scale_text(&scale, (double)value) : cf_unit_text_i64(unit, value);
}

char *cf_run_start_text(const struct cf_run *run)
{
	if (run->start_source == CF_START_NONE)
		return NULL;
	return cf_time_short(run->start_ns, run->start_source == CF_START_MTIME);
}

char *cf_run_line(const struct cf_run *run)
{
	GString *line = g_string_new(NULL);
	g_autofree char *start = cf_run_start_text(run);

	g_string_printf(line, "run %" G_GINT64_FORMAT "  %s", run->id, run->name);
	if (start)
		g_string_append_printf(line, "  %s%s", start,
				       run->start_source == CF_START_MTIME ? " UTC" : "");
	if (run->host && *run->host)
		g_string_append_printf(line, "  %s", run->host);
	if (run->commit && *run->commit)
		g_string_append_printf(line, "  %.12s", run->commit);
	if (!run->metric) {
		g_autofree char *facts = cf_facts_text(run->facts);

		g_string_append_printf(line, "  %s", run->facts ? facts : "no samples");
		return g_string_free(line, FALSE);
	}
	/* Calls are counted exactly: nothing was sampled. */
	if (!(run->facts & CF_FACTS_SAMPLES)) {
		g_autofree char *weight = cf_unit_text_i64(run->unit, run->weight);

		g_string_append_printf(line, "  %s %s", weight, run->metric);
		return g_string_free(line, FALSE);
	}
	g_string_append(line, "  ");
	/* Where each sample weighs one, the weight says nothing that the number of samples doesn't. */
	if (run->unit != CF_UNIT_COUNT || run->weight != run->samples) {
		g_autofree char *weight = cf_cost_text(run->unit, run->weight);
		const char *cpu = cf_metric_cpu(run->metric);

		g_string_append_printf(line, "%s %s, ", weight, cpu ? cpu : run->metric);
	}
	g_string_append_printf(line, "%" G_GINT64_FORMAT " %s%s", run->samples,
			       run->facts & CF_FACTS_SPANS ? "span" : "sample", run->samples == 1 ? "" : "s");
	return g_string_free(line, FALSE);
}

static void append_word(GString *line, const char *word)
{
	g_autofree char *quoted = NULL;

	g_string_append_c(line, ' ');
	/* cppcheck-suppress ctunullpointer; a setting that is named has a value */
	if (*word &&
	    !word[strspn(word, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:=,@+%")]) {
		g_string_append(line, word);
		return;
	}
	quoted = g_shell_quote(word);
	g_string_append(line, quoted);
}

/* A function may be named like an option. */
static void append_argument(GString *line, const char *argument)
{
	if (*argument == '-')
		g_string_append(line, " --");
	append_word(line, argument);
}

char *cf_run_operand(const struct cf_run *run)
{
	GString *line = g_string_new(NULL);

	if (!run->operand) {
		g_string_printf(line, "%" G_GINT64_FORMAT, run->id);
	} else if (!strcmp(run->operand, "-")) {
		g_string_assign(line, "-");
	} else {
		append_argument(line, run->operand);
		g_string_erase(line, 0, 1);
	}
	return g_string_free(line, FALSE);
}

/* Ids, since names may mean other runs tomorrow; a run that no store keeps has only its file. */
static void append_runs(GString *line, const struct cf_run_set *runs)
{
	for (guint i = 0; runs && i < runs->runs->len; i++) {
		g_autofree char *operand = cf_run_operand(g_ptr_array_index(runs->runs, i));

		g_string_append_printf(line, "%c%s", i ? ',' : ' ', operand);
	}
}

char *cf_command_with_argument(const char *command, const char *argument, const struct cf_run_set *runs)
{
	GString *line = g_string_new("callflow ");

	g_string_append(line, command);
	append_argument(line, argument);
	append_runs(line, runs);
	return g_string_free(line, FALSE);
}

static void append_setting(GString *line, const struct cf_params *params, const struct cf_param *param)
{
	g_autofree char *option = g_strconcat("--", param->name, NULL);
	g_autofree char *number = NULL;

	switch (param->type) {
	case CF_PARAM_BOOL:
		if (cf_params_bool(params, param->name))
			append_word(line, option);
		return;
	case CF_PARAM_LIST:
		for (const char *const *item = cf_params_list(params, param->name); *item; item++) {
			append_word(line, option);
			append_word(line, *item);
		}
		return;
	case CF_PARAM_INT:
		number = g_strdup_printf("%" G_GINT64_FORMAT, cf_params_int(params, param->name));
		break;
	case CF_PARAM_NUMBER: {
		char text[G_ASCII_DTOSTR_BUF_SIZE];

		number = g_strdup(g_ascii_dtostr(text, sizeof(text), cf_params_number(params, param->name)));
		break;
	}
	case CF_PARAM_TIME:
		number = cf_time_text(cf_params_time(params, param->name));
		break;
	case CF_PARAM_STRING:
	case CF_PARAM_CHOICE:
	case CF_PARAM_REGEX:
		number = g_strdup(cf_params_string(params, param->name));
		break;
	}
	append_word(line, option);
	append_word(line, number);
}

/* Two operands, or one and --base. */
static void append_both(GString *line, const struct cf_analysis *analysis, const struct cf_analyzer *analyzer)
{
	if (analysis->base && !analyzer->pair)
		g_string_append(line, " --base");
	append_runs(line, analysis->base);
	append_runs(line, analysis->current);
}

char *cf_analysis_command(const struct cf_analysis *analysis, const struct cf_analyzer *analyzer)
{
	return cf_analysis_command_with(analysis, analyzer, NULL, NULL);
}

char *cf_analysis_command_with(const struct cf_analysis *analysis, const struct cf_analyzer *analyzer,
			       const char *setting, const char *value)
{
	GString *line = g_string_new("callflow ");

	g_string_append(line, analyzer->name);
	if (setting) {
		g_string_append_printf(line, " --%s", setting);
		append_word(line, value);
	}
	for (const struct cf_param *const *table = analyzer->params; table && *table; table++)
		for (const struct cf_param *param = *table; param->name; param++)
			if (cf_params_is_set(analysis->params, param->name) &&
			    g_strcmp0(param->name, setting) != 0 && strcmp(param->name, "base") != 0)
				append_setting(line, analysis->params, param);
	if (analysis->argument)
		append_argument(line, analysis->argument);
	if (analyzer->needs == CF_NEEDS_RUN)
		append_both(line, analysis, analyzer);
	return g_string_free(line, FALSE);
}

/* Facts and figures are a page's own words: numbers of theirs stand in tables as well. */
static void name_command(const struct cf_node *node, const char *command)
{
	if (node->kind == CF_TABLE && node->table->style == CF_TABLE_PLAIN && !node->table->recompute)
		node->table->recompute = g_strdup(command);
	if ((node->kind == CF_TREE || node->kind == CF_FLAME) && !node->tree->recompute)
		node->tree->recompute = g_strdup(command);
}

int cf_analyzer_run(const struct cf_analyzer *analyzer, struct cf_analysis *analysis)
{
	const struct cf_node *before = analysis->section->last;
	g_autofree char *command = NULL;

	if (analyzer->run(analysis) < 0)
		return -1;
	if (analyzer->timeless)
		return 0;
	command = cf_analysis_command(analysis, analyzer);
	for (const struct cf_node *top = before ? before->next : analysis->section->first; top;
	     top = top->next)
		for (struct cf_node *node = (struct cf_node *)top; node; node = cf_node_walk(top, node))
			name_command(node, command);
	return 0;
}
