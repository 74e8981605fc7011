/* SPDX-License-Identifier: MIT */
/* report: a Markdown template with callflow blocks -> a document. */
#ifndef CF_PIPELINES_REPORT_H
#define CF_PIPELINES_REPORT_H

#include "analyzers/analyzer.h"

struct cf_report {
	const char *template_name; /* one of templates/reports, embedded at build time, or the path of a .md
				      file */
	struct cf_store *store;
	const struct cf_run_set *current; /* what a block without run= works on; none: only
					   blocks about repositories have data */
	const struct cf_run_set
		*base;         /* what a block without base= compares with; NULL: the run before its own */
	const char *in;        /* restriction of run=, or NULL */
	GHashTable *variables; /* char * -> char *, of --set; or NULL */
	struct cf_loaded
		*loaded; /* for several cf_report_line: runs that one looked at and others may; or NULL */
};

/*
 * Expands the template into doc. Each line of a fenced block with info string "callflow" is one analysis:
 * `top n=20 by=module`, settings as in the command, with optional id=, title= and run= (or current=). {{run.id}},
 * {{run.name}}, {{run.start}}, {{run.host}}, {{run.command}}, {{run.commit}}, {{week}}, {{year}}, {{version}}
 * and the given variables are put into text nodes and typed settings after parsing. All lines are checked
 * before the first analysis runs; errors name template:line. An analysis without data becomes a sentence that
 * says why, with the command that would supply it.
 */
int cf_report_expand(const struct cf_report *report, struct cf_doc *doc, struct cf_diag *diag);

/*
 * The same for one line of a block ("top n=20"), which stands at loc: appended to doc, or with NULL only checked.
 */
int cf_report_line(const struct cf_report *report, const struct cf_loc *loc, const char *text,
		   struct cf_doc *doc, struct cf_diag *diag);

/* Names of the embedded templates, NULL-terminated. */
extern const char *const cf_report_templates[];

#endif
