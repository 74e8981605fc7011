/* SPDX-License-Identifier: MIT */
/* export: the registry of exporters. */
#include "pipelines/export.h"

#include <string.h>

#define CF_EXPORTER(x) extern const struct cf_exporter cf_exporter_##x;
#include "pipelines/exports.def"
#undef CF_EXPORTER

const struct cf_exporter *const cf_exporters[] = {
#define CF_EXPORTER(x) &cf_exporter_##x,
#include "pipelines/exports.def"
#undef CF_EXPORTER
	NULL
};

const struct cf_exporter *cf_exporter_by_name(const char *name)
{
	for (size_t i = 0; cf_exporters[i]; i++)
		if (!strcmp(cf_exporters[i]->name, name))
			return cf_exporters[i];
	return NULL;
}

const struct cf_exporter *cf_exporter_by_path(const char *path)
{
	for (size_t i = 0; cf_exporters[i]; i++) {
		g_auto(GStrv) extensions = g_strsplit(cf_exporters[i]->extensions, " ", -1);

		for (char **e = extensions; *e; e++) {
			g_autofree char *suffix = g_strconcat(".", *e, NULL);

			if (g_str_has_suffix(path, suffix))
				return cf_exporters[i];
		}
	}
	return NULL;
}
