/* SPDX-License-Identifier: MIT */
/* import_history: a repository -> history -> store, for import.c. */
#ifndef CF_PIPELINES_IMPORT_HISTORY_H
#define CF_PIPELINES_IMPORT_HISTORY_H

#include "pipelines/import.h"

/*
 * Brings the repository that input is into store, wholly or not at all: only what is new where a part of it is stored.
 * options: canonical text of the reading options. *repo: its id. -1 with one located message.
 */
int cf_import_history(struct cf_store *store, const struct cf_input *input, const struct cf_format *format,
		      const char *options, const struct cf_import *import, const struct cf_params *params,
		      enum cf_imported *how, int64_t *repo, struct cf_diag *diag);

#endif
