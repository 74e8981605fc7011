/* SPDX-License-Identifier: MIT */
/* template: Markdown -> the document that it describes, with the places of its analyses. */
#ifndef CF_PIPELINES_TEMPLATE_H
#define CF_PIPELINES_TEMPLATE_H

#include "core/doc.h"
#include "core/reader.h"

/* One "key=value" of an analysis line; a bare word has value NULL. */
struct cf_template_setting {
	char *key, *value;
};

/* One line of a callflow block, variables already put in. */
struct cf_template_line {
	struct cf_loc loc;
	char *analysis;
	GPtrArray *settings;     /* struct cf_template_setting *, without id and title */
	struct cf_node *section; /* an empty section that awaits the result */
	gboolean optional;       /* nothing is to be said where there is no data */
	char *id, *title;        /* of that section; id by default the analysis; title may be NULL */
};

/*
 * Builds the words of a template into doc and its analyses into lines (struct cf_template_line *). The first
 * heading of level 1 is the title; others open sections. {{name}} in text and in settings is replaced from
 * variables after parsing, so that a value is never markup. HTML is shown as text, comments are dropped,
 * pictures become their description. -1 with messages at path:line: unknown variables, malformed settings.
 */
int cf_template_build(const char *path, struct cf_slice text, GHashTable *variables, struct cf_doc *doc,
		      GPtrArray *lines, struct cf_diag *diag);
/* The same for one line of a block, which stands at loc. */
int cf_template_add_line(const struct cf_loc *loc, const char *text, GHashTable *variables,
			 struct cf_doc *doc, GPtrArray *lines, struct cf_diag *diag);
void cf_template_line_free(struct cf_template_line *line);

char *cf_template_library_version(void); /* caller frees */

#endif
