/* SPDX-License-Identifier: MIT */
/* markdown: parts of a document as Markdown for a notebook's cells. */
#ifndef CF_RENDER_MARKDOWN_H
#define CF_RENDER_MARKDOWN_H

#include "render/renderer.h"

/* Each writes whole lines, with no blank one before them; without what only GitHub knows. */
void cf_markdown_head(const struct cf_doc *doc, const struct cf_render_opts *opts,
		      struct cf_out *out); /* title, runs */
void cf_markdown_heading(const struct cf_node *section, const struct cf_render_opts *opts,
			 struct cf_out *out);
void cf_markdown_caption(const char *caption, const struct cf_render_opts *opts, struct cf_out *out);
void cf_markdown_block(const struct cf_node *node, const struct cf_render_opts *opts, struct cf_out *out);
void cf_markdown_inputs(const struct cf_doc *doc, const struct cf_render_opts *opts,
			struct cf_out *out); /* where the numbers come from */

#endif
