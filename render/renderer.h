/* SPDX-License-Identifier: MIT */
/* renderer: what turns a document into bytes, and the registry of all of them. */
#ifndef CF_RENDER_RENDERER_H
#define CF_RENDER_RENDERER_H

#include "core/doc.h"
#include "core/files.h"

/* A picture in a file of its own, beside the product that refers to it. */
struct cf_picture_file {
	char *name; /* without a folder */
	char *content;
};

struct cf_render_opts {
	int width;           /* terminal columns; 0: not a terminal, nothing is elided */
	gboolean color;      /* terminal colours (text only) */
	gboolean utf8;       /* else ASCII marks (text only) */
	gboolean icicle;     /* flame graphs grow downwards */
	gboolean static_svg; /* svg through cairo, without script, for print */
	int image_width;     /* pixels of a picture, 0: 1200 */
	const char *version; /* of callflow, for provenance */
	const char *dot;     /* Graphviz' program; NULL: the one in PATH, "": none */
	const char *gnuplot; /* the same */
	GPtrArray *
		pictures; /* struct cf_picture_file: what the product refers to is put here; NULL: it has no files */
	const char *beside; /* what the names of those files begin with: "weekly-" */
	const char *store;  /* the file that the numbers are from, for what computes them again; NULL: none */
	size_t mermaid_chars;   /* most bytes of a Mermaid diagram, 0: 50000 */
	uint32_t mermaid_edges; /* and most of its edges or messages, 0: 500 */
	size_t room;            /* bytes that where it goes has left (github), 0: all of its limit */
};

struct cf_renderer {
	const char *name, *extensions, *summary; /* extensions: "html htm" */
	gboolean binary;                         /* never written to a terminal */
	gboolean data;                           /* read by programs: all rows, raw values */
	gboolean files;   /* refers to pictures in files beside it where opts has room for them */
	gboolean picture; /* draws the document's first FLAME; refused with a message when there is none */
	int (*render)(const struct cf_doc *doc, const struct cf_render_opts *opts, struct cf_out *out,
		      struct cf_diag *diag);
};

extern const struct cf_renderer *const cf_renderers[]; /* NULL-terminated */
const struct cf_renderer *cf_renderer_by_name(const char *name);
const struct cf_renderer *cf_renderer_by_extension(const char *extension); /* "md", or NULL */
const struct cf_renderer *cf_renderer_by_path(const char *path);           /* by extension, or NULL */

/* Empty, frees what is in it. */
GPtrArray *cf_picture_files_new(void);

/* The first node of kind in the document, or NULL. */
const struct cf_node *cf_doc_find(const struct cf_doc *doc, enum cf_kind kind);

/* "cairo 1.16.0, ...": the libraries that renderers run with. Caller frees. */
char *cf_render_library_versions(void);

#endif
