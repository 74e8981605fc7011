/* SPDX-License-Identifier: MIT */
/* command: what a command of the program is, and the registry of those that aren't an analysis. */
#ifndef CF_CLI_COMMAND_H
#define CF_CLI_COMMAND_H

#include "analyzers/analyzer.h"
#include "core/params.h"
#include "store/store.h"

/* What every command may use. Global options are already parsed. */
struct cf_cli {
	const char *store_option, *in; /* --store; --in or $CALLFLOW_IN; or NULL */
	gboolean quiet, verbose;
	gboolean color, utf8; /* of stdout */
	int width;            /* terminal columns of stdout, 0: not a terminal */
	struct cf_diag diag;
	const struct cf_params *params; /* of the command, with -o and -f where it has them */
	GPtrArray *operands;            /* char *, borrowed */
	char *store_path;               /* of the store that was found, absolute; NULL: none, or memory */
	GPtrArray *kept;                /* char *: files that are in use, which no output may replace */
};

enum cf_command_flag {
	CF_COMMAND_OUTPUT = 1, /* has -o and -f */
	CF_COMMAND_READS = 2   /* has the reading options of all formats */
};

struct cf_command {
	const char *name, *group, *summary, *synopsis;
	const char *const *examples;          /* NULL-terminated */
	const struct cf_param *const *params; /* NULL-terminated list of tables, or NULL */
	unsigned flags;
	int (*run)(struct cf_cli *cli); /* 0, or -1: exit status is then cli->diag.status */
};

extern const struct cf_command *const cf_commands[]; /* NULL-terminated, in the order of commands.def */
const struct cf_command *cf_command_by_name(const char *name);

/* Options that every command takes, before or after its name; and those of everything with a product. */
extern const struct cf_param cf_cli_global_params[], cf_cli_output_params[];

/* A command or an analysis: one of the two is set. */
struct cf_verb {
	const struct cf_command *command;
	const struct cf_analyzer *analyzer;
};
/* FALSE when nothing is called name. */
gboolean cf_verb_find(const char *name, struct cf_verb *verb);
/* The tables of its own options, then of the shared ones. NULL-terminated, caller frees the array. */
const struct cf_param **cf_verb_tables(const struct cf_verb *verb);
/* An error that names the nearest command. */
int cf_verb_unknown(const char *name, struct cf_diag *diag);
int cf_verb_run(const struct cf_verb *verb, struct cf_cli *cli);

/* More operands than the command takes: an error that shows the synopsis. */
int cf_cli_operands_at_most(struct cf_cli *cli, guint most, const char *synopsis);

/* analysis.c: runs an analysis as a command. */
int cf_cli_analysis(struct cf_cli *cli, const struct cf_analyzer *analyzer);
/* home.c: the bare program. */
int cf_cli_home(struct cf_cli *cli);
/* What to do next with a run of these facts: commands. Borrowed. */
const char *cf_cli_next(unsigned facts);
/* cmd_help.c, version.c: what --help and --version print. */
int cf_cli_help(struct cf_cli *cli, const struct cf_verb *verb_or_null);
int cf_cli_version(struct cf_cli *cli);

#endif
