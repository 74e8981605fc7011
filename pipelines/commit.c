/* SPDX-License-Identifier: MIT */
/* commit: the commit that a revision names, read from a repository's own files. */
#include "pipelines/import.h"

#include <string.h>
#include <unistd.h>

/* Far more than any HEAD or gitdir file; packed-refs of a large repository has tens of megabytes. */
#define REF_CAP 4096
#define PACKED_CAP (UINT64_C(256) << 20)
#define SYMREFS_MAX 5

/* The text of a file beneath root, without the final newlines; NULL when it can't be read. Caller frees. */
static char *read_text(const char *root, const char *path, uint64_t cap)
{
	struct cf_file file;
	char *text;

	if (cf_file_open_beneath(&file, root, path, cap, FALSE) < 0)
		return NULL;
	text = g_strchomp(g_strndup((const char *)file.bytes.data, file.bytes.len));
	cf_file_release(&file);
	return text;
}

static gboolean is_hash(const char *text, size_t least)
{
	size_t n = strspn(text, "0123456789abcdefABCDEF");

	return text[n] == '\0' && n >= least && n <= 64;
}

/* The git directory of the repository around the working directory, or NULL. Caller frees. */
static char *find_git_dir(void)
{
	g_autofree char *dir = g_get_current_dir();

	for (;;) {
		g_autofree char *git = g_build_filename(dir, ".git", NULL);
		g_autofree char *link = NULL;
		g_autofree char *parent = NULL;

		if (g_file_test(git, G_FILE_TEST_IS_DIR))
			return g_steal_pointer(&git);
		/* A work tree or submodule has a file that names the directory. */
		link = read_text(dir, ".git", REF_CAP);
		if (link && g_str_has_prefix(link, "gitdir: "))
			return g_canonicalize_filename(link + strlen("gitdir: "), dir);
		parent = g_path_get_dirname(dir);
		if (strcmp(parent, dir) == 0)
			return NULL;
		g_free(dir);
		dir = g_steal_pointer(&parent);
	}
}

/* The line "HASH REF" of packed-refs. Caller frees. */
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
		const uint8_t *space = memchr(line.data, ' ', line.len);

		if (!space || line.data[0] == '#')
			continue;
		if ((size_t)(line.data + line.len - (space + 1)) == len && memcmp(space + 1, ref, len) == 0)
			hash = g_strndup((const char *)line.data, (size_t)(space - line.data));
	}
	cf_file_release(&file);
	if (hash && !is_hash(hash, 40))
		g_clear_pointer(&hash, g_free);
	return hash;
}

/* Follows ref ("HEAD", "refs/heads/main") to a hash, or NULL. Caller frees. */
static char *resolve_ref(const char *git, const char *ref)
{
	g_autofree char *common_text = read_text(git, "commondir", REF_CAP);
	g_autofree char *common = common_text ? g_canonicalize_filename(common_text, git) : g_strdup(git);
	g_autofree char *name = g_strdup(ref);

	for (int i = 0; i < SYMREFS_MAX; i++) {
		g_autofree char *text = read_text(git, name, REF_CAP);

		if (!text)
			text = read_text(common, name, REF_CAP);
		if (!text)
			return packed_ref(common, name);
		if (g_str_has_prefix(text, "ref: ")) {
			g_free(name);
			name = g_strstrip(g_strdup(text + strlen("ref: ")));
			continue;
		}
		return is_hash(text, 40) ? g_steal_pointer(&text) : NULL;
	}
	return NULL;
}

static char *resolve_auto(struct cf_diag *diag)
{
	static const char *const variables[] = { "GITHUB_SHA", "CI_COMMIT_SHA" };
	g_autofree char *git = NULL;
	char *hash;

	for (size_t i = 0; i < G_N_ELEMENTS(variables); i++) {
		const char *value = g_getenv(variables[i]);

		if (value && is_hash(value, 7))
			return g_ascii_strdown(value, -1);
	}
	git = find_git_dir();
	hash = git ? resolve_ref(git, "HEAD") : NULL;
	if (!hash)
		cf_error(diag, NULL,
			 "no commit for --commit auto: %s, and neither $GITHUB_SHA nor $CI_COMMIT_SHA is set",
			 git ? "HEAD has none yet" : "the working directory is in no git repository");
	return hash;
}

char *cf_commit_resolve(const char *rev, struct cf_diag *diag)
{
	g_autofree char *git = NULL;
	g_autofree char *branch = NULL;
	char *hash = NULL;

	if (strcmp(rev, "auto") == 0)
		return resolve_auto(diag);
	if (is_hash(rev, 4))
		return g_ascii_strdown(rev, -1);
	git = find_git_dir();
	branch = g_strconcat("refs/heads/", rev, NULL);
	if (git)
		hash = resolve_ref(git, strcmp(rev, "HEAD") == 0 ? rev : branch);
	if (!hash)
		cf_error_as(diag, CF_STATUS_USAGE, NULL,
			    "no commit '%s': expected a hash of 4 to 64 hex digits, 'auto', HEAD or a branch "
			    "of the "
			    "repository here",
			    rev);
	return hash;
}
