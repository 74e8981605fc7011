/* SPDX-License-Identifier: MIT */
/* import: source -> probe -> trace -> store, shared by the command line and the pipeline runner. */
#ifndef CF_PIPELINES_IMPORT_H
#define CF_PIPELINES_IMPORT_H

#include "core/params.h"
#include "ingest/format.h"
#include "store/store.h"

struct cf_import {
	const char *format;             /* forced importer, or NULL */
	const struct cf_params *params; /* reading options of all formats; NULL: defaults */
	struct cf_run_flags flags;
	gboolean again; /* re-read a known source with today's symbols */
	void (*progress)(void *ctx, const char *path, double fraction); /* or NULL */
	void *progress_ctx;
};

enum cf_imported {
	CF_IMPORTED_NEW,
	CF_IMPORTED_REPLACED,
	CF_IMPORTED_KNOWN,
	CF_IMPORTED_FLAGS /* known, flags updated */
};

/*
 * Brings one source into store, wholly or not at all. -1 with one located message. *run: its id. warnings:
 * number of warnings emitted for it.
 */
int cf_import_file(struct cf_store *store, const char *path, const struct cf_import *import,
		   enum cf_imported *how, int64_t *run, struct cf_diag *diag);

#endif
