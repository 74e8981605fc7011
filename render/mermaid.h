/* SPDX-License-Identifier: MIT */
/* mermaid: graphs, sequences and timelines as Mermaid text. */
#ifndef CF_RENDER_MERMAID_H
#define CF_RENDER_MERMAID_H

#include "core/graph.h"
#include "core/sequence.h"
#include "core/timeline.h"
#include "render/renderer.h"

/* Columns of a label; longer names are cut. */
#define CF_MERMAID_COLUMNS 80

/*
 * The diagram of a GRAPH, SEQUENCE, TIMELINE, TREE or FLAME node, within the limits of opts. NULL when there is
 * nothing to draw. *note: what isn't drawn, and what the figure remarks, or NULL. The caller frees both.
 */
char *cf_mermaid_node(const struct cf_node *node, const struct cf_render_opts *opts, char **note);

/* What the diagrams are made of. chars: the most bytes, edges: the most edges or messages. */
struct cf_mermaid_limits {
	size_t chars;
	uint32_t edges;
};
char *cf_mermaid_graph(const struct cf_graph *graph, const char *caption, struct cf_mermaid_limits limits,
		       char **note);
char *cf_mermaid_sequence(const struct cf_sequence *sequence, const char *caption,
			  struct cf_mermaid_limits limits, char **note);
char *cf_mermaid_timeline(const struct cf_timeline *timeline, const char *caption,
			  struct cf_mermaid_limits limits, char **note);

/* accTitle and accDescr, which all diagrams can have; NULL: left out. */
void cf_mermaid_head(struct cf_out *out, const char *title, const char *description);
/* What was written to out, which is freed. Caller frees. */
char *cf_mermaid_take(struct cf_out *out);

#endif
