/* SPDX-License-Identifier: MIT */
/* settings: the options that say what a run is: --name, --label, --time, --commit. */
#include "cli/settings.h"

#include <string.h>

#include "pipelines/import.h"

const struct cf_param cf_settings_params[] = {
	{ .name = "name",
	  .type = CF_PARAM_STRING,
	  .arg = "NAME",
	  .help = "name of the series that the run belongs to" },
	{ .name = "label",
	  .type = CF_PARAM_LIST,
	  .arg = "K=V",
	  .help = "set a label; may be given several times" },
	{ .name = "time",
	  .type = CF_PARAM_TIME,
	  .arg = "TIME",
	  .help = "when it was recorded: 2026-11-23T06:02Z, a date or @unix" },
	{ .name = "commit",
	  .type = CF_PARAM_STRING,
	  .arg = "REV",
	  .help = "commit of what ran: a hash, HEAD, a branch or auto" },
	{ .name = NULL },
};

gboolean cf_settings_name_ok(const char *name)
{
	return *name && name[strspn(name, "0123456789")] && !strpbrk(name, "@~:=,/") && !strstr(name, "..");
}

/* "channel=nightly" into labels. The characters that the RUN grammar needs are refused: such a label couldn't
 * be named. */
static int add_label(GHashTable *labels, const char *text, struct cf_diag *diag)
{
	const char *equals = strchr(text, '=');
	g_autofree char *shown = cf_visible(text, -1, 80);

	if (!equals || equals == text || !equals[1])
		return cf_error_as(diag, CF_STATUS_USAGE, NULL, "--label %s: expected KEY=VALUE", shown);
	if (strpbrk(text, ",~@/") || strchr(equals + 1, '=') || strstr(text, ".."))
		return cf_error_as(diag, CF_STATUS_USAGE, NULL,
				   "--label %s: neither key nor value may contain , ~ @ / = or ..", shown);
	g_hash_table_replace(labels, g_strndup(text, (gsize)(equals - text)), g_strdup(equals + 1));
	return 0;
}

int cf_settings_flags(struct cf_cli *cli, struct cf_run_flags *flags)
{
	const struct cf_params *params = cli->params;
	const char *name = cf_params_string(params, "name");
	const char *commit = cf_params_string(params, "commit");

	memset(flags, 0, sizeof(*flags));
	if (name && !cf_settings_name_ok(name)) {
		g_autofree char *shown = cf_visible(name, -1, 80);

		return cf_error_as(&cli->diag, CF_STATUS_USAGE, NULL,
				   "--name %s: a name isn't a number and has none of @ ~ : = , / and ..",
				   shown);
	}
	flags->name = name;
	if (cf_params_is_set(params, "time")) {
		flags->start_ns = cf_params_time(params, "time");
		flags->start_source = CF_START_USER;
	}
	flags->labels = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	for (const char *const *l = cf_params_list(params, "label"); *l; l++)
		if (add_label(flags->labels, *l, &cli->diag) < 0)
			return -1;
	if (commit) {
		flags->commit = cf_commit_resolve(commit, &cli->diag);
		if (!flags->commit)
			return -1;
	}
	return 0;
}

void cf_settings_clear(struct cf_run_flags *flags)
{
	g_free((char *)flags->commit);
	if (flags->labels)
		g_hash_table_unref(flags->labels);
	memset(flags, 0, sizeof(*flags));
}
