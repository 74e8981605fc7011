/* SPDX-License-Identifier: MIT */
/* walk: a document through a table of handlers, without recursion. */
#ifndef CF_RENDER_WALK_H
#define CF_RENDER_WALK_H

#include "core/doc.h"

/* What a back end does at one kind of node; both may be NULL. */
struct cf_handler {
	gboolean (*enter)(void *ctx, const struct cf_node *node); /* TRUE: the children are dealt with */
	void (*leave)(void *ctx, const struct cf_node *node);     /* always called, after the children */
};

/* handlers: one per kind, indexed by enum cf_kind. */
void cf_walk(const struct cf_node *root, const struct cf_handler *handlers, void *ctx);

static inline gboolean cf_node_is_inline(const struct cf_node *node)
{
	switch (node->kind) {
	case CF_TEXT:
	case CF_EMPH:
	case CF_STRONG:
	case CF_LINK:
		return TRUE;
	case CF_CODE:
		return node->parent && (node->parent->kind == CF_PARA || node->parent->kind == CF_ITEM ||
					node->parent->kind == CF_EMPH || node->parent->kind == CF_STRONG ||
					node->parent->kind == CF_LINK);
	default:
		return FALSE;
	}
}

/* A link's target when it is one that may be written, else NULL: http, https, mailto, #fragment. */
const char *cf_link_target(const struct cf_node *link);

/* Of a section: 1 for those directly in the document. */
int cf_section_depth(const struct cf_node *section);

/* A heading other than the document's own, so that the page needs room. */
gboolean cf_doc_has_headings(const struct cf_doc *doc);

#endif
