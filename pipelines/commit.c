/* SPDX-License-Identifier: MIT */
/* commit: the commit that a revision names, read from a repository's own files. */
#include "pipelines/import.h"

#include <string.h>
#include <unistd.h>

#include "core/git_refs.h"

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
		link = cf_git_text(dir, ".git", CF_GIT_SMALL_CAP);
		if (link && g_str_has_prefix(link, "gitdir: "))
			return g_canonicalize_filename(link + strlen("gitdir: "), dir);
		parent = g_path_get_dirname(dir);
		if (strcmp(parent, dir) == 0)
			return NULL;
		g_free(dir);
		dir = g_steal_pointer(&parent);
	}
}

/* Follows ref ("HEAD", "refs/heads/main") to a hash, or NULL. Caller frees. */
static char *resolve_ref(const char *git, const char *ref)
{
	g_autofree char *common = cf_git_common_dir(git);
	char *hash = cf_git_ref(git, common, ref, NULL);

	if (hash && !is_hash(hash, 40))
		g_clear_pointer(&hash, g_free);
	return hash;
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
