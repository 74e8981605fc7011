/* SPDX-License-Identifier: MIT */
/* docs: fills the marked sections of a Markdown file. */
#ifndef CF_PIPELINES_DOCS_H
#define CF_PIPELINES_DOCS_H

#include "pipelines/markers.h"
#include "pipelines/report.h"

struct cf_docs {
	const char *path;        /* of the Markdown file, for messages */
	struct cf_report report; /* store, runs and variables; its template isn't used */
	const char *base;        /* what changes are told since, or NULL: the run before */
};

/* What became of a section. */
struct cf_docs_section {
	char *name;
	uint32_t line;
	gboolean changed;
	uint32_t changed_line; /* the first line that differs, in the file as it is */
};

/*
 * The file as it should be: text with each section's content replaced, everything else byte for byte. A section's name is
 * a part of the architecture (map, dependencies, ...) or another analysis (top), and what follows a colon in it only makes
 * it unique; settings are those of the analysis. All are checked before the first is computed. -1 with messages at
 * path:line. sections (struct cf_docs_section) is filled; the caller frees it with g_array_unref.
 */
int cf_docs_fill(const struct cf_docs *docs, struct cf_slice text, GString *out, GArray **sections,
		 struct cf_diag *diag);

/*
 * What a new file begins with: words, and empty sections of what traces or profiles can tell. extra: settings that each
 * section gets ("structure"), or "". Caller frees.
 */
char *cf_docs_skeleton(gboolean spans, const char *extra);

#endif
