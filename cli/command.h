/* SPDX-License-Identifier: MIT */
/* command: what a command of the program is, and the registry of those that aren't an analysis. */
#ifndef CF_CLI_COMMAND_H
#define CF_CLI_COMMAND_H

#include "core/params.h"
#include "store/store.h"

/* What every command may use. Global options are already parsed. */
struct cf_cli {
	const char *store_option; /* --store, or NULL */
	gboolean quiet, verbose;
	gboolean color_out, color_err, utf8;
	int width; /* terminal columns of stdout, 0: not a terminal */
	struct cf_diag diag;
	const struct cf_params *params; /* of the command */
	GPtrArray *operands;            /* char *, borrowed */
};

struct cf_command {
	const char *name, *group, *summary, *synopsis;
	const char *const *examples;
	const struct cf_param *const *params; /* NULL-terminated list of tables */
	int (*run)(struct cf_cli *cli);       /* 0, or -1: exit status is then cli->diag.status */
};

extern const struct cf_command *const cf_commands[]; /* NULL-terminated */

#endif
