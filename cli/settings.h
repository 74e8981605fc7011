/* SPDX-License-Identifier: MIT */
/* settings: the options that say what a run is: --name, --label, --time, --commit. */
#ifndef CF_CLI_SETTINGS_H
#define CF_CLI_SETTINGS_H

#include "cli/command.h"

/* The options, for the tables of ingest and edit. */
extern const struct cf_param cf_settings_params[];

/* Reads them into flags. -1 with a message. Clear flags either way. */
int cf_settings_flags(struct cf_cli *cli, struct cf_run_flags *flags);
void cf_settings_clear(struct cf_run_flags *flags);

/* Whether a text could be selected as a name: not an id, none of the characters of the RUN grammar. */
gboolean cf_settings_name_ok(const char *name);

#endif
