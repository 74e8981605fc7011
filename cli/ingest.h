/* SPDX-License-Identifier: MIT */
/* ingest: importing with the terminal's progress and the user's Ctrl-C. */
#ifndef CF_CLI_INGEST_H
#define CF_CLI_INGEST_H

#include "cli/command.h"
#include "pipelines/import.h"

/* cf_import_file, with progress on a terminal and interruptible. import->progress is set by it. */
int cf_cli_import(struct cf_cli *cli, struct cf_store *store, const char *const *paths, guint n,
		  struct cf_import *import, enum cf_imported *how, int64_t *run);

#endif
