/* SPDX-License-Identifier: MIT */
/* git_refs: what the refs of a repository name, as its files have it. */
#include "core/git_refs.h"

#include <string.h>
#include <sys/stat.h>

/* That of a large repository has tens of megabytes. */
#define PACKED_CAP (UINT64_C(256) << 20)
#define SYMREFS_MAX 5

char *cf_git_text(const char *dir, const char *path, uint64_t cap)
{
	struct cf_file file;
	char *text;

	if (cf_file_open_beneath(&file, dir, path, cap, FALSE) < 0)
		return NULL;
	text = g_strchomp(g_strndup((const char *)file.bytes.data, file.bytes.len));
	cf_file_release(&file);
	return text;
}

char *cf_git_common_dir(const char *git_dir)
{
	g_autofree char *text = cf_git_text(git_dir, "commondir", CF_GIT_SMALL_CAP);

	return text ? g_canonicalize_filename(text, git_dir) : g_strdup(git_dir);
}

/* The hash of the line "HASH REF" of packed-refs. Caller frees. */
static char *packed_ref(const char *common, const char *ref)
{
	struct cf_file file;
	struct cf_lines lines;
	struct cf_slice line;
	size_t len = strlen(ref);
	char *hash = NULL;

	if (cf_file_open_beneath(&file, common, "packed-refs", PACKED_CAP, FALSE) < 0)
		return NULL;
	cf_lines_init(&lines, file.path, file.bytes);
	while (!hash && cf_lines_next(&lines, &line)) {
		const uint8_t *space = line.len ? memchr(line.data, ' ', line.len) : NULL;

		if (!space || line.data[0] == '#')
			continue;
		if ((size_t)(line.data + line.len - (space + 1)) == len && memcmp(space + 1, ref, len) == 0)
			hash = g_strndup((const char *)line.data, (size_t)(space - line.data));
	}
	cf_file_release(&file);
	return hash;
}

/* Also one that can't be read: a link that leads nowhere, or out. */
static gboolean is_there(const char *dir, const char *name)
{
	g_autofree char *path = g_build_filename(dir, name, NULL);
	struct stat st;

	return lstat(path, &st) == 0;
}

char *cf_git_ref(const char *git_dir, const char *common_dir, const char *ref, gboolean *unborn)
{
	g_autofree char *name = g_strdup(ref);

	if (unborn)
		*unborn = FALSE;
	for (int i = 0; i < SYMREFS_MAX; i++) {
		g_autofree char *text = cf_git_text(git_dir, name, CF_GIT_SMALL_CAP);

		if (!text)
			text = cf_git_text(common_dir, name, CF_GIT_SMALL_CAP);
		if (!text) {
			char *hash = packed_ref(common_dir, name);

			if (unborn)
				*unborn = !hash && i > 0 && !is_there(common_dir, name);
			return hash;
		}
		if (!g_str_has_prefix(text, "ref: "))
			return g_steal_pointer(&text);
		g_free(name);
		name = g_strstrip(g_strdup(text + strlen("ref: ")));
	}
	return NULL;
}
