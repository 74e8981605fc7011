/* SPDX-License-Identifier: MIT */
/* walk: a document through a table of handlers, without recursion. */
#include "render/walk.h"

#include <string.h>

void cf_walk(const struct cf_node *root, const struct cf_handler *handlers, void *ctx)
{
	const struct cf_node *node = root;

	for (;;) {
		const struct cf_handler *handler = &handlers[node->kind];
		gboolean done = handler->enter && handler->enter(ctx, node);

		if (!done && node->first) {
			node = node->first;
			continue;
		}
		for (;;) {
			if (handlers[node->kind].leave)
				handlers[node->kind].leave(ctx, node);
			if (node == root)
				return;
			if (node->next) {
				node = node->next;
				break;
			}
			node = node->parent;
		}
	}
}

const char *cf_link_target(const struct cf_node *link)
{
	static const char *const allowed[] = { "http://", "https://", "mailto:", "#" };

	for (size_t i = 0; link->text && i < G_N_ELEMENTS(allowed); i++)
		if (!g_ascii_strncasecmp(link->text, allowed[i], strlen(allowed[i])))
			return link->text;
	return NULL;
}

int cf_section_depth(const struct cf_node *section)
{
	int depth = 0;

	for (; section; section = section->parent)
		depth += section->kind == CF_SECTION;
	return depth;
}

gboolean cf_doc_has_headings(const struct cf_doc *doc)
{
	for (const struct cf_node *node = doc->root; node; node = cf_node_walk(doc->root, node))
		if (node->kind == CF_SECTION && node->text && *node->text)
			return TRUE;
	return FALSE;
}
