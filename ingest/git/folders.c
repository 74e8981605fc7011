/* SPDX-License-Identifier: MIT */
/* folders: what lies in a folder of objects, before a library opens it. */
#include "ingest/git/folders.h"

#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include <glib.h>

enum kind { NOTHING, A_FILE, A_FOLDER, STRANGE };

/* What a link leads to counts; one that leads nowhere is nothing. */
static enum kind kind_of(DIR *dir, const struct dirent *entry)
{
	struct stat st;

	if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
		return NOTHING;
	if (entry->d_type == DT_REG)
		return A_FILE;
	if (entry->d_type == DT_DIR)
		return A_FOLDER;
	if (fstatat(dirfd(dir), entry->d_name, &st, 0) < 0)
		return NOTHING;
	return S_ISREG(st.st_mode) ? A_FILE : S_ISDIR(st.st_mode) ? A_FOLDER : STRANGE;
}

/* The name of something strange, of what lies in the folder itself. Caller frees. */
static char *strange_in(const char *folder)
{
	DIR *dir = opendir(folder);
	const struct dirent *entry;
	char *found = NULL;

	while (dir && !found && (entry = readdir(dir)) != NULL)
		if (kind_of(dir, entry) == STRANGE)
			found = g_strdup(entry->d_name);
	if (dir)
		closedir(dir);
	return found;
}

char *cf_git_folder_strange(const char *folder)
{
	char *found = strange_in(folder);
	DIR *dir = found ? NULL : opendir(folder);
	const struct dirent *entry;

	/* Objects lie one folder deep: 00 to ff, pack, info. */
	while (dir && !found && (entry = readdir(dir)) != NULL)
		if (kind_of(dir, entry) == A_FOLDER) {
			g_autofree char *path = g_build_filename(folder, entry->d_name, NULL);
			g_autofree char *name = strange_in(path);

			if (name)
				found = g_build_filename(entry->d_name, name, NULL);
		}
	if (dir)
		closedir(dir);
	return found;
}
