/* SPDX-License-Identifier: MIT */
/* renderer: the registry of renderers, and finding a node for those that draw only one. */
#include "render/renderer.h"

#include <string.h>

#define CF_RENDERER(name) extern const struct cf_renderer cf_renderer_##name;
#include "render/renderers.def"
#undef CF_RENDERER

const struct cf_renderer *const cf_renderers[] = {
#define CF_RENDERER(name) &cf_renderer_##name,
#include "render/renderers.def"
#undef CF_RENDERER
	NULL
};

const struct cf_renderer *cf_renderer_by_extension(const char *extension)
{
	for (size_t i = 0; cf_renderers[i]; i++) {
		g_auto(GStrv) extensions = g_strsplit(cf_renderers[i]->extensions, " ", -1);

		for (size_t j = 0; extensions[j]; j++)
			if (*extension && !g_ascii_strcasecmp(extensions[j], extension))
				return cf_renderers[i];
	}
	return NULL;
}

const struct cf_renderer *cf_renderer_by_name(const char *name)
{
	for (size_t i = 0; cf_renderers[i]; i++)
		if (!strcmp(cf_renderers[i]->name, name))
			return cf_renderers[i];
	return NULL;
}

const struct cf_renderer *cf_renderer_by_path(const char *path)
{
	g_autofree char *base = g_path_get_basename(path);
	const char *dot = strrchr(base, '.');

	return dot ? cf_renderer_by_extension(dot + 1) : NULL;
}

static void picture_file_free(gpointer data)
{
	struct cf_picture_file *file = data;

	g_free(file->name);
	g_free(file->content);
	g_free(file);
}

GPtrArray *cf_picture_files_new(void)
{
	return g_ptr_array_new_with_free_func(picture_file_free);
}

const struct cf_node *cf_doc_find(const struct cf_doc *doc, enum cf_kind kind)
{
	for (const struct cf_node *node = doc->root; node; node = cf_node_walk(doc->root, node))
		if (node->kind == kind)
			return node;
	return NULL;
}
