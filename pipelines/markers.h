/* SPDX-License-Identifier: MIT */
/* markers: the sections of a Markdown file that callflow writes, between comments that say what belongs there. */
#ifndef CF_PIPELINES_MARKERS_H
#define CF_PIPELINES_MARKERS_H

#include "core/diag.h"
#include "core/reader.h"

/*
 * A section is what stands between the lines
 *
 *	<!-- callflow:begin NAME SETTINGS -->
 *	<!-- callflow:end NAME -->
 *
 * each alone on its line but for blanks. In a fenced block outside of sections they are text.
 */
struct cf_marked {
	char *name, *settings;   /* owned; settings "" for none */
	uint32_t line, end_line; /* of the two markers */
	size_t begin, end;       /* bytes of the text: what lies between the markers */
	gboolean crlf;           /* lines end so in this file */
};

/*
 * The sections of text in order (struct cf_marked), which may be none. NULL with a message at path:line: a marker without
 * its other half, one within another section, a name that occurs twice, a marker that can't be read. Caller frees with
 * g_array_unref.
 */
GArray *cf_markers_find(const char *path, struct cf_slice text, struct cf_diag *diag);

#endif
