/* SPDX-License-Identifier: MIT */
/* report: a Markdown template with callflow blocks -> a document. */
#ifndef CF_PIPELINES_REPORT_H
#define CF_PIPELINES_REPORT_H

#include "analyzers/analyzer.h"

/*
 * Expands template (a name from templates/reports, embedded at build time, or the path of a .md file) into
 * doc. Each fenced block with info string "callflow" is one analysis: `top n=20 by=module`, settings as in
 * the command, optional id= and title=. {{run.name}}, {{run.start}}, {{run.id}}, {{run.host}},
 * {{run.command}}, {{week}}, {{version}} and
 * --set variables are put into text nodes and typed settings after parsing. Errors name template:line.
 */
int cf_report_expand(const char *template_name, struct cf_store *store, const struct cf_run_set *current,
		     GHashTable *variables, struct cf_doc *doc, struct cf_diag *diag);

/* Names of the embedded templates, NULL-terminated. */
extern const char *const cf_report_templates[];

#endif
