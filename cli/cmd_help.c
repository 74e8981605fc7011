/* SPDX-License-Identifier: MIT */
/* cmd_help: the commands by purpose, and one screen about each. */
#include "cli/command.h"

#include <string.h>

#include "cli/output.h"

/* What --help says of a command or an analysis. */
struct topic {
	const char *name, *group, *summary, *synopsis;
	const char *const *examples;
};

/* The order in which people come by them; groups that aren't named here come last. */
static const char *const groups[] = { "Bring data in",    "Look at a run",
				      "Compare",          "Look at a repository",
				      "Look at a system", "Share",
				      "Keep house",       "Help" };

static struct topic topic_of(const struct cf_verb *verb)
{
	const struct cf_command *c = verb->command;
	const struct cf_analyzer *a = verb->analyzer;

	if (c)
		return (struct topic){ c->name, c->group, c->summary, c->synopsis, c->examples };
	return (struct topic){ a->name, a->group, a->summary, a->synopsis, a->examples };
}

/* All topics: analyses first, so that the questions stand before what is done with the answers. */
static GArray *all_topics(void)
{
	GArray *topics = g_array_new(FALSE, FALSE, sizeof(struct topic));

	for (size_t i = 0; cf_analyzers[i]; i++) {
		struct topic t = topic_of(&(struct cf_verb){ .analyzer = cf_analyzers[i] });

		g_array_append_val(topics, t);
	}
	for (size_t i = 0; cf_commands[i]; i++) {
		struct topic t = topic_of(&(struct cf_verb){ .command = cf_commands[i] });

		g_array_append_val(topics, t);
	}
	return topics;
}

static void put_group(struct cf_out *out, const GArray *topics, const char *group)
{
	cf_out_printf(out, "\n%s\n", group);
	for (guint i = 0; i < topics->len; i++) {
		const struct topic *t = &g_array_index(topics, struct topic, i);

		if (g_strcmp0(t->group, group) == 0)
			cf_out_printf(out, "  %-12s %s\n", t->name, t->summary);
	}
}

static gboolean is_listed(const char *group, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (g_strcmp0(group, list[i]) == 0)
			return TRUE;
	return FALSE;
}

static void put_overview(struct cf_out *out)
{
	g_autoptr(GArray) topics = all_topics();
	g_autoptr(GPtrArray) others = g_ptr_array_new();
	static const struct cf_param *const global[] = { cf_cli_global_params, NULL };
	g_autofree char *options = cf_params_help(global);

	cf_out_puts(out, "callflow compares recorded performance across time and writes reports about it.\n\n"
			 "usage: callflow [--store FILE] [--in K=V] [-q|-v] [--color WHEN] COMMAND ...\n");
	for (size_t i = 0; i < G_N_ELEMENTS(groups); i++)
		put_group(out, topics, groups[i]);
	for (guint i = 0; i < topics->len; i++) {
		const char *group = g_array_index(topics, struct topic, i).group;

		if (!group || is_listed(group, groups, G_N_ELEMENTS(groups)) ||
		    is_listed(group, (const char *const *)others->pdata, others->len))
			continue;
		g_ptr_array_add(others, (gpointer)group);
		put_group(out, topics, group);
	}
	cf_out_printf(out, "\nOptions of every command\n%s", options);
	cf_out_puts(out, "\nExamples\n"
			 "    callflow ingest perf.data        bring a recording in\n"
			 "    callflow top -n 7                where did the time go\n"
			 "    callflow report -o report.html   a page to send on\n"
			 "\ncallflow help COMMAND says more; callflow COMMAND --help is the same.\n");
}

static void put_topic(struct cf_out *out, const struct cf_verb *verb)
{
	struct topic t = topic_of(verb);
	g_autofree const struct cf_param **tables = cf_verb_tables(verb);
	size_t n = 0;
	g_autofree char *options = NULL;

	/* The last table is that of the options of every command, which the overview shows. */
	while (tables[n + 1])
		n++;
	tables[n] = NULL;
	options = cf_params_help(tables);
	cf_out_printf(out, "usage: callflow %s [options]%s%s\n\n%s\n", t.name,
		      t.synopsis && *t.synopsis ? " " : "", t.synopsis ? t.synopsis : "", t.summary);
	if (*options)
		cf_out_printf(out, "\nOptions\n%s", options);
	if (t.examples && *t.examples)
		cf_out_puts(out, "\nExamples\n");
	for (const char *const *e = t.examples; e && *e; e++)
		cf_out_printf(out, "    %s\n", *e);
	cf_out_puts(out, "\ncallflow help lists the options of every command.\n");
}

int cf_cli_help(struct cf_cli *cli, const struct cf_verb *verb_or_null)
{
	struct cf_out *out = cf_output_open_stdout(cli);

	if (!out)
		return -1;
	if (verb_or_null)
		put_topic(out, verb_or_null);
	else
		put_overview(out);
	return cf_output_close(cli, out);
}

static int run(struct cf_cli *cli)
{
	struct cf_verb verb;
	const char *name = cli->operands->len ? g_ptr_array_index(cli->operands, 0) : NULL;

	if (cf_cli_operands_at_most(cli, 1, "help [COMMAND]") < 0)
		return -1;
	if (name && !cf_verb_find(name, &verb))
		return cf_verb_unknown(name, &cli->diag);
	return cf_cli_help(cli, name ? &verb : NULL);
}

static const char *const examples[] = { "callflow help", "callflow help ingest", NULL };

const struct cf_command cf_command_help = {
	.name = "help",
	.group = "Help",
	.summary = "list the commands, or say more about one",
	.synopsis = "[COMMAND]",
	.examples = examples,
	.run = run,
};
