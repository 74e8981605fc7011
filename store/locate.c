/* SPDX-License-Identifier: MIT */
/* locate: which store a command works on when it isn't named. */
#include "store/store.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define STORE_NAME "callflow.db"

static void note_place(GString *looked, const char *place)
{
	if (looked)
		g_string_append_printf(looked, "%s%s", looked->len ? ", " : "", place);
}

/* A store that someone else put into a shared parent folder is not ours to use unasked. */
static gboolean is_own_file(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0 && S_ISREG(st.st_mode) && st.st_uid == geteuid();
}

static gboolean exists(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0;
}

/*
 * The walk goes from the working directory to $HOME when that is above it, else it looks at the working
 * directory only: above $HOME, and outside it, a folder isn't the user's.
 */
static char *nearest(GString *looked)
{
	g_autofree char *folder = realpath(".", NULL); /* NULL when the working directory was deleted */
	const char *home = g_getenv("HOME");
	g_autofree char *top = home && g_path_is_absolute(home) ? realpath(home, NULL) : NULL;
	size_t len = top ? strlen(top) : 0;
	gboolean below =
		folder && len > 1 && strncmp(folder, top, len) == 0 && (folder[len] == '/' || !folder[len]);

	if (!folder) {
		if (is_own_file(STORE_NAME))
			return g_strdup("./" STORE_NAME);
		note_place(looked, "./" STORE_NAME);
		return NULL;
	}
	for (gboolean first = TRUE;; first = FALSE) {
		char *path = g_build_filename(folder, STORE_NAME, NULL);

		if (is_own_file(path)) {
			if (!first)
				return path;
			g_free(path);
			return g_strdup("./" STORE_NAME);
		}
		note_place(looked, path);
		g_free(path);
		if (!below || strlen(folder) <= len)
			return NULL;
		*strrchr(folder, '/') = '\0';
	}
}

char *cf_store_locate(const char *option, gboolean create, gboolean *found, GString *looked)
{
	const char *named = option ? option : g_getenv("CALLFLOW_STORE");
	char *path;

	if (named && (*named || option)) {
		*found = exists(named);
		if (*found || create)
			return g_strdup(named);
		note_place(looked, named);
		return NULL;
	}
	path = nearest(looked);
	*found = path != NULL;
	return path || !create ? path : g_strdup("./" STORE_NAME);
}
