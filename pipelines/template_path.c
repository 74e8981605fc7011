/* SPDX-License-Identifier: MIT */
/* template_path: where report templates of the user's own are looked for by name. */
#include "pipelines/template_path.h"

#include <string.h>

gboolean cf_template_is_name(const char *name)
{
	return *name && !name[strspn(name, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "-_")];
}

/* A relative folder would be another one in each working directory. */
static char *look_in(const char *folder, const char *name)
{
	g_autofree char *file = g_strconcat(name, ".md", NULL);
	g_autofree char *path = NULL;

	if (!g_path_is_absolute(folder))
		return NULL;
	path = g_build_filename(folder, file, NULL);
	return g_file_test(path, G_FILE_TEST_EXISTS) ? g_steal_pointer(&path) : NULL;
}

char *cf_template_path_first(const char *name)
{
	const char *variable = g_getenv("CALLFLOW_TEMPLATES");
	g_auto(GStrv) folders = NULL;
	char *found = NULL;

	if (!variable || !cf_template_is_name(name))
		return NULL;
	folders = g_strsplit(variable, ":", -1);
	for (char **folder = folders; *folder && !found; folder++)
		found = look_in(*folder, name);
	return found;
}

char *cf_template_path_last(const char *name)
{
	const char *config = g_getenv("XDG_CONFIG_HOME"), *home = g_getenv("HOME");
	g_autofree char *folder = NULL;

	if (!cf_template_is_name(name))
		return NULL;
	if (config && g_path_is_absolute(config))
		folder = g_build_filename(config, "callflow", "templates", NULL);
	else if (home)
		folder = g_build_filename(home, ".config", "callflow", "templates", NULL);
	return folder ? look_in(folder, name) : NULL;
}
