/* SPDX-License-Identifier: MIT */
/* cmd_export: gets the stacks of a run, or the whole store, out again. */
#include "cli/command.h"

#include <string.h>

#include "analyzers/profile.h"
#include "cli/operand.h"
#include "cli/output.h"
#include "pipelines/export.h"

static const struct cf_param export_params[] = {
	{ .name = "to",
	  .type = CF_PARAM_STRING,
	  .arg = "FORMAT",
	  .help = "collapsed, speedscope, pprof, callgrind, chrome, json or csv; see formats (default: what "
		  "-o's extension says, else collapsed)" },
	{ .name = "format",
	  .letter = 'f',
	  .type = CF_PARAM_STRING,
	  .arg = "FORMAT",
	  .help = "the same as --to" },
	{ .name = "logical",
	  .type = CF_PARAM_BOOL,
	  .help = "the store's whole content, without ids, sorted" },
	{ .name = "output", .letter = 'o', .type = CF_PARAM_STRING, .arg = "FILE", .help = "write to FILE" },
	{ .name = NULL },
};

static const struct cf_param *const params[] = { export_params, cf_filter_params, NULL };

/* How a run is written: by an exporter, or as a table by a renderer. */
struct target {
	const struct cf_exporter *exporter;
	const struct cf_renderer *renderer;
};

static char *known_names(void)
{
	g_autoptr(GString) names = g_string_new(NULL);

	for (size_t i = 0; cf_exporters[i]; i++)
		g_string_append_printf(names, "%s, ", cf_exporters[i]->name);
	return g_strconcat(names->str, "json, csv", NULL);
}

static gboolean is_table(const struct cf_renderer *renderer)
{
	return renderer && (!strcmp(renderer->name, "json") || !strcmp(renderer->name, "csv"));
}

static int refuse(struct cf_cli *cli, const char *to, const struct cf_renderer *renderer)
{
	g_autofree char *known = known_names(), *shown = cf_visible(to, -1, 80);
	g_auto(GStrv) names = g_strsplit(known, ", ", -1);
	const char *nearest = cf_nearest(to, (const char *const *)names, g_strv_length(names));

	if (renderer && strcmp(renderer->name, "text") != 0)
		return cf_error_as(&cli->diag, CF_STATUS_USAGE, NULL,
				   "%s is drawn, not exported: callflow %s -o FILE.%.*s", renderer->name,
				   renderer->picture ? "flamegraph" : "report",
				   (int)strcspn(renderer->extensions, " "), renderer->extensions);
	return cf_error_as(&cli->diag, CF_STATUS_USAGE, NULL, "can't export to '%s'; known: %s%s%s", shown,
			   known, nearest ? "; did you mean " : "", nearest ? nearest : "");
}

/* --to, else what -o's extension says, else collapsed. -1 with a message that has the command when another one makes it. */
static int choose_target(struct cf_cli *cli, struct target *target)
{
	const char *to = cf_params_string(cli->params, cf_params_is_set(cli->params, "to") ? "to" : "format");
	const char *path = cf_params_string(cli->params, "output");

	if (to) {
		target->exporter = cf_exporter_by_name(to);
		target->renderer = target->exporter ? NULL : cf_renderer_by_name(to);
	} else if (path) {
		target->exporter = cf_exporter_by_path(path);
		target->renderer = target->exporter ? NULL : cf_renderer_by_path(path);
	}
	if (target->exporter || is_table(target->renderer))
		return 0;
	if (to || target->renderer)
		return refuse(cli, to ? to : target->renderer->name, target->renderer);
	target->exporter = cf_exporter_by_name("collapsed");
	return 0;
}

static int write_exported(struct cf_cli *cli, const struct cf_profile *profile,
			  const struct cf_exporter *exporter)
{
	struct cf_export export = { .trace = profile->trace,
				    .costs = profile->costs,
				    .metric = profile->metric,
				    .all_metrics = !cf_params_is_set(cli->params, "metric") &&
						   !cf_filter_active(&profile->filter) };
	struct cf_out *out = cf_output_open(cli);

	if (!out)
		return -1;
	if (exporter->binary && cf_out_is_tty(out))
		cf_error_as(&cli->diag, CF_STATUS_USAGE, NULL, "%s isn't text: write it to a file with -o",
			    exporter->name);
	else if (exporter->write(&export, out, &cli->diag) == 0)
		return cf_output_close(cli, out);
	cf_out_abort(out);
	return -1;
}

static int write_table(struct cf_cli *cli, const struct cf_profile *profile, const struct cf_run_set *set,
		       const char *format)
{
	struct cf_doc *doc = cf_doc_new(NULL);
	int result;

	for (guint i = 0; i < set->runs->len; i++) {
		const struct cf_run *run = g_ptr_array_index(set->runs, i);
		g_autofree char *line = cf_run_line(run);

		cf_doc_add_input(doc, run->id, run->name, run->hash, line);
	}
	cf_export_table(profile->trace, profile->costs, profile->unit, doc,
			cf_doc_section(doc, doc->root, "export", NULL));
	result = cf_output_doc(cli, cf_renderer_by_name(format), doc);
	cf_doc_free(doc);
	return result;
}

static int export_runs(struct cf_cli *cli, struct cf_store *store, const struct cf_run_set *set,
		       const struct target *target)
{
	struct cf_analysis analysis = {
		.store = store, .current = set, .params = cli->params, .diag = &cli->diag
	};
	unsigned facts = target->exporter ? target->exporter->facts : 0;
	struct cf_profile profile;
	g_autofree char *hidden = NULL, *lacking = NULL;
	int result;

	if ((facts & CF_FACTS_SPANS) && set->runs->len > 1)
		return cf_error_as(&cli->diag, CF_STATUS_USAGE, NULL, "%s takes one run, not %u",
				   target->exporter->name, set->runs->len);
	if (cf_profile_load(&profile, &analysis, facts) < 0)
		return -1;
	hidden = cf_profile_hidden_text(&profile);
	lacking = cf_lacking_text(profile.lacking, profile.metric_name);
	if (hidden)
		cf_note(&cli->diag, NULL, "%s", hidden);
	if (lacking)
		cf_note(&cli->diag, NULL, "%s", lacking);
	if (target->exporter)
		result = write_exported(cli, &profile, target->exporter);
	else
		result = write_table(cli, &profile, set, target->renderer->name);
	cf_profile_clear(&profile);
	return result;
}

static int export_logical(struct cf_cli *cli)
{
	struct cf_store *store;
	struct cf_out *out;
	int result;

	if (cf_cli_operands_at_most(cli, 0, "export --logical") < 0)
		return -1;
	store = cf_operand_store(cli, CF_STORE_READ);
	if (!store)
		return -1;
	out = cf_output_open(cli);
	result = out ? cf_store_dump_logical(store, out, &cli->diag) : -1;
	if (out && result == 0)
		result = cf_output_close(cli, out);
	else if (out)
		cf_out_abort(out);
	if (cf_store_close(store, &cli->diag) < 0)
		result = -1;
	return result;
}

static int run(struct cf_cli *cli)
{
	struct cf_run_set set = { 0 };
	struct cf_store *store;
	struct target target = { 0 };
	int result;

	if (cf_params_bool(cli->params, "logical"))
		return export_logical(cli);
	if (cf_cli_operands_at_most(cli, 1, "export [RUN] --to FORMAT") < 0)
		return -1;
	if (choose_target(cli, &target) < 0)
		return -1;
	if (cf_operand_open(cli, cli->operands->len ? g_ptr_array_index(cli->operands, 0) : NULL,
			    CF_FACTS_PROFILE, &store, &set) < 0)
		return -1;
	result = export_runs(cli, store, &set, &target);
	cf_run_set_clear(&set);
	if (cf_store_close(store, &cli->diag) < 0)
		result = -1;
	return result;
}

static const char *const examples[] = {
	"callflow export -o stacks.folded",
	"callflow export nightly~1 --to json --focus malloc",
	"callflow export --logical",
	NULL,
};

const struct cf_command cf_command_export = {
	.name = "export",
	.group = "Share",
	.summary = "write the stacks of a run for other tools",
	.synopsis = "[RUN]",
	.examples = examples,
	.params = params,
	.run = run,
};
