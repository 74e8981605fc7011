/* SPDX-License-Identifier: MIT */
/* main: from the command line to one command, and its exit status. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/interrupt.h"
#include "cli/terminal.h"
#include "core/memory.h"

/* A row of the global options that arg ("--store", "--store=x", "-q") is, by exact name or unique prefix. */
static const struct cf_param *global_option(const char *arg)
{
	const struct cf_param *found = NULL;
	size_t len;

	if (arg[0] != '-' || arg[1] == '\0')
		return NULL;
	if (arg[1] != '-') {
		for (const struct cf_param *p = cf_cli_global_params; p->name; p++)
			if (p->letter == arg[1])
				return p;
		return NULL;
	}
	len = strcspn(arg + 2, "=");
	for (const struct cf_param *p = cf_cli_global_params; p->name; p++) {
		if (strncmp(p->name, arg + 2, len) != 0)
			continue;
		if (p->name[len] == '\0')
			return p;
		found = found ? NULL : p;
	}
	return found;
}

/* Index of the command in argv, or argc when there is none. Before it stand global options only. */
static int find_command(int argc, char **argv)
{
	int i = 1;

	while (i < argc && argv[i][0] == '-' && strcmp(argv[i], "--") != 0) {
		const struct cf_param *option = global_option(argv[i]);

		if (option && option->type != CF_PARAM_BOOL && !strchr(argv[i], '='))
			i++;
		i++;
	}
	if (i < argc && strcmp(argv[i], "--") == 0)
		i++;
	return MIN(i, argc);
}

static void init_cli(struct cf_cli *cli, const struct cf_params *params, GPtrArray *operands)
{
	const char *in = cf_params_string(params, "in");

	cli->store_option = cf_params_string(params, "store");
	cli->in = in ? in : g_getenv("CALLFLOW_IN");
	if (cli->in && !*cli->in)
		cli->in = NULL;
	cli->quiet = cf_params_bool(params, "quiet");
	cli->verbose = cf_params_bool(params, "verbose");
	cli->color = cf_terminal_color(STDOUT_FILENO, cf_params_string(params, "color"));
	cli->utf8 = cf_terminal_utf8();
	cli->width = cf_terminal_width(STDOUT_FILENO);
	cli->params = params;
	cli->operands = operands;
	cli->kept = g_ptr_array_new_with_free_func(g_free);
	cf_diag_init_stderr(&cli->diag, cli->quiet);
}

/* Options and operands of verb (both members NULL: none was given), then what they ask for. */
static int run(const struct cf_verb *verb, int argc, char **argv)
{
	static const struct cf_param *const global_only[] = { cf_cli_global_params, NULL };
	gboolean any = verb->command || verb->analyzer;
	g_autofree const struct cf_param **tables = any ? cf_verb_tables(verb) : NULL;
	struct cf_params *params = cf_params_new(any ? tables : global_only);
	g_autoptr(GPtrArray) operands = g_ptr_array_new();
	struct cf_cli cli = { 0 };
	int result;

	cf_diag_init_stderr(&cli.diag, FALSE);
	result = cf_params_parse(params, argc, argv, operands, &cli.diag);
	if (result == 0) {
		init_cli(&cli, params, operands);
		if (cf_params_bool(params, "help"))
			result = cf_cli_help(&cli, any ? verb : NULL);
		else if (cf_params_bool(params, "version"))
			result = cf_cli_version(&cli);
		else
			result = any ? cf_verb_run(verb, &cli) : cf_cli_home(&cli);
	}
	cf_params_free(params);
	g_clear_pointer(&cli.kept, g_ptr_array_unref);
	g_clear_pointer(&cli.store_path, g_free);
	if (cf_interrupt_pending())
		return CF_STATUS_INTERRUPTED;
	if (result == 0)
		return CF_STATUS_OK;
	return cli.diag.status != CF_STATUS_OK ? (int)cli.diag.status : CF_STATUS_SYSTEM;
}

int main(int argc, char **argv)
{
	struct cf_verb verb = { 0 };
	g_autofree char **arranged = NULL;
	int at, n = 0;

	if (cf_terminal_fill_standard_fds() < 0)
		return CF_STATUS_SYSTEM;
	cf_memory_guard();
	cf_interrupt_init();
	cf_files_guard_truncation();
	if (argc < 1)
		return CF_STATUS_USAGE;
	at = find_command(argc, argv);
	if (at < argc && !cf_verb_find(argv[at], &verb)) {
		struct cf_diag diag;

		cf_diag_init_stderr(&diag, FALSE);
		cf_verb_unknown(argv[at], &diag);
		return CF_STATUS_USAGE;
	}
	/* Global options may stand before or after the command: one parse sees them all. */
	arranged = g_new0(char *, (gsize)argc + 1);
	arranged[n++] = argv[0];
	for (int i = 1; i < argc; i++)
		if (i != at && !(i + 1 == at && strcmp(argv[i], "--") == 0))
			arranged[n++] = argv[i];
	return run(&verb, n, arranged);
}
