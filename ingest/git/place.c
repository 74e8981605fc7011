/* SPDX-License-Identifier: MIT */
/* place: where a repository's files are, and which commit is its head; reads no configuration. */
#include "ingest/git/place.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/git_refs.h"

/* Of lists that large repositories have. */
#define LIST_CAP (UINT64_C(256) << 20)
#define ALTERNATES_MAX 5

static gboolean has(const char *dir, const char *name)
{
	g_autofree char *path = g_build_filename(dir, name, NULL);

	return g_file_test(path, G_FILE_TEST_EXISTS);
}

static gboolean is_git_dir(const char *dir)
{
	return has(dir, "HEAD") && (has(dir, "objects") || has(dir, "commondir"));
}

gboolean cf_git_place_is(const char *path)
{
	return has(path, ".git") || is_git_dir(path);
}

static int refuse(const char *path, struct cf_diag *diag, const char *what)
{
	return cf_error(diag, &(struct cf_loc){ .path = path }, "cannot read the repository: %s", what);
}

/* ---- directories ---- */

static gboolean is_beneath(const char *path, const char *root)
{
	size_t len = strlen(root);

	return strncmp(path, root, len) == 0 &&
	       (path[len] == '/' || path[len] == '\0' || (len && root[len - 1] == '/'));
}

/*
 * A .git file leads elsewhere. It is believed where that place leads back (a linked work tree) or is kept by a
 * repository around this one (a submodule); else a file in an archive could make us read any repository of the user.
 */
static gboolean leads_back(const char *root, const char *git_dir)
{
	g_autofree char *link = cf_git_text(git_dir, "gitdir", CF_GIT_SMALL_CAP);
	g_autofree char *own = g_build_filename(root, ".git", NULL);
	g_autofree char *real = link ? realpath(link, NULL) : NULL;
	g_autofree char *around = g_path_get_dirname(root);

	if (real && strcmp(real, own) == 0)
		return TRUE;
	for (;;) {
		g_autofree char *modules = g_build_filename(around, ".git", "modules", NULL);
		char *up;

		if (is_beneath(git_dir, modules))
			return TRUE;
		up = g_path_get_dirname(around);
		if (strcmp(up, around) == 0) {
			g_free(up);
			return FALSE;
		}
		g_free(around);
		around = up;
	}
}

static int follow_git_file(struct cf_git_place *place, const char *path, struct cf_diag *diag)
{
	g_autofree char *text = cf_git_text(place->root, ".git", CF_GIT_SMALL_CAP);
	g_autofree char *target = NULL;

	if (!text || !g_str_has_prefix(text, "gitdir: "))
		return refuse(path, diag, ".git is neither a directory nor a file that names one");
	target = g_canonicalize_filename(text + strlen("gitdir: "), place->root);
	place->git_dir = realpath(target, NULL);
	if (!place->git_dir)
		return refuse(path, diag, "the directory that .git names isn't there");
	if (!is_beneath(place->git_dir, place->root) && !leads_back(place->root, place->git_dir)) {
		g_autofree char *shown = cf_visible(place->git_dir, -1, 200);

		return cf_error(diag, &(struct cf_loc){ .path = path },
				"cannot read the repository: .git names %s, which doesn't name it back; give "
				"that directory "
				"itself",
				shown);
	}
	return 0;
}

static int check_owner(const char *path, const char *dir, struct cf_diag *diag)
{
	struct stat st;

	if (stat(dir, &st) < 0)
		return cf_error_errno(diag, &(struct cf_loc){ .path = path }, errno,
				      "cannot read the repository");
	if (st.st_uid == geteuid() || st.st_uid == 0)
		return 0;
	return cf_error(
		diag, &(struct cf_loc){ .path = path },
		"cannot read the repository: it belongs to user %u; --any-owner reads it all the same",
		(unsigned)st.st_uid);
}

/* "jq" of .../jq, .../jq/.git and .../jq.git. */
static char *name_of(const char *root)
{
	g_autofree char *base = g_path_get_basename(root), *up = g_path_get_dirname(root);

	if (strcmp(base, ".git") == 0)
		return g_path_get_basename(up);
	if (g_str_has_suffix(base, ".git") && strlen(base) > strlen(".git"))
		base[strlen(base) - strlen(".git")] = '\0';
	return g_steal_pointer(&base);
}

static int find_directories(struct cf_git_place *place, const char *path,
			    const struct cf_git_place_options *options, struct cf_diag *diag)
{
	g_autofree char *dot_git = NULL, *common = NULL;

	place->root = realpath(path, NULL);
	if (!place->root)
		return cf_error_errno(diag, &(struct cf_loc){ .path = path }, errno, "cannot open");
	place->name = name_of(place->root);
	dot_git = g_build_filename(place->root, ".git", NULL);
	if (g_file_test(dot_git, G_FILE_TEST_IS_DIR))
		place->git_dir = realpath(dot_git, NULL);
	else if (g_file_test(dot_git, G_FILE_TEST_EXISTS))
		return follow_git_file(place, path, diag);
	else
		place->git_dir = g_strdup(place->root);
	/* A link to another place is like a file that names it. */
	if (place->git_dir && !is_beneath(place->git_dir, place->root) &&
	    !leads_back(place->root, place->git_dir))
		return refuse(path, diag, ".git is a link out of it; give the directory that it leads to");
	return place->git_dir ? 0 : refuse(path, diag, "its .git directory can't be read");
}

static int find_common(struct cf_git_place *place, const char *path,
		       const struct cf_git_place_options *options, struct cf_diag *diag)
{
	g_autofree char *wanted = cf_git_common_dir(place->git_dir);

	place->common_dir = realpath(wanted, NULL);
	if (!place->common_dir || !has(place->common_dir, "objects"))
		return refuse(path, diag, "it has no objects");
	/* A linked work tree lies in the repository that it belongs to: .git/worktrees/NAME. */
	if (!is_beneath(place->git_dir, place->common_dir))
		return refuse(path, diag, "its commondir isn't a directory around it");
	if (options->any_owner)
		return 0;
	return check_owner(path, place->git_dir, diag) != 0 || check_owner(path, place->common_dir, diag) != 0
		       ? -1
		       : 0;
}

/* ---- objects ---- */

static void look_at_packs(struct cf_git_place *place, const char *objects)
{
	g_autofree char *packs = g_build_filename(objects, "pack", NULL);
	GDir *dir = g_dir_open(packs, 0, NULL);
	const char *name;

	while (dir && (name = g_dir_read_name(dir)) != NULL) {
		g_autofree char *file = g_build_filename(packs, name, NULL);
		struct stat st;

		if (g_str_has_suffix(name, ".promisor"))
			place->partial = TRUE;
		if (g_str_has_suffix(name, ".pack") && stat(file, &st) == 0 && st.st_size > 0)
			place->bytes += (uint64_t)st.st_size;
	}
	if (dir)
		g_dir_close(dir);
}

/* Objects that aren't in a pack: as many in each of 256 folders, as their names are hashes; a block on disk each. */
static void look_at_loose(struct cf_git_place *place, const char *objects)
{
	g_autofree char *sample = g_build_filename(objects, "17", NULL);
	GDir *dir = g_dir_open(sample, 0, NULL);

	while (dir && g_dir_read_name(dir))
		place->bytes += (uint64_t)256 * 4096;
	if (dir)
		g_dir_close(dir);
}

static gboolean is_listed(const GPtrArray *folders, const char *folder)
{
	for (guint i = 0; i < folders->len; i++)
		if (strcmp(g_ptr_array_index(folders, i), folder) == 0)
			return TRUE;
	return FALSE;
}

/* The folders that objects/info/alternates of one folder names, if they may be read. */
static void add_alternates(struct cf_git_place *place, const char *objects, gboolean anywhere)
{
	g_autofree char *text = cf_git_text(objects, "info/alternates", LIST_CAP);
	g_auto(GStrv) lines = text ? g_strsplit(text, "\n", 1000) : NULL;

	for (guint i = 0; lines && lines[i]; i++) {
		g_autofree char *wanted = NULL, *real = NULL;

		if (!*lines[i] || *lines[i] == '#')
			continue;
		wanted = g_canonicalize_filename(lines[i], objects);
		real = realpath(wanted, NULL);
		if (!real || is_listed(place->folders, real))
			continue;
		if (anywhere || is_beneath(real, place->root))
			g_ptr_array_add(place->folders, g_steal_pointer(&real));
		else
			place->outside++;
	}
}

/* A link of that name in a folder that doesn't lead to anything in it. */
static gboolean leads_out(const char *folder, const char *name)
{
	g_autofree char *path = g_build_filename(folder, name, NULL);
	g_autofree char *real = realpath(path, NULL);

	return real && !is_beneath(real, folder);
}

static int find_objects(struct cf_git_place *place, const char *path,
			const struct cf_git_place_options *options, struct cf_diag *diag)
{
	g_autofree char *objects = g_build_filename(place->common_dir, "objects", NULL);
	static const char out_of_it[] = "its objects are a link out of it; --alternates follows it";
	char *real = realpath(objects, NULL);

	place->folders = g_ptr_array_new_with_free_func(g_free);
	if (real)
		g_ptr_array_add(place->folders, real);
	if (!real || (!options->alternates && !is_beneath(real, place->common_dir)))
		return refuse(path, diag, out_of_it);
	for (guint i = 0; i < place->folders->len && i < ALTERNATES_MAX; i++) {
		if (!options->alternates && leads_out(g_ptr_array_index(place->folders, i), "pack"))
			return refuse(path, diag, out_of_it);
		look_at_packs(place, g_ptr_array_index(place->folders, i));
		look_at_loose(place, g_ptr_array_index(place->folders, i));
		add_alternates(place, g_ptr_array_index(place->folders, i), options->alternates);
	}
	g_ptr_array_add(place->folders, NULL);
	return 0;
}

/* ---- refs ---- */

static gboolean is_hex(const char *text)
{
	size_t n = strspn(text, "0123456789abcdefABCDEF");

	return n > 0 && text[n] == '\0';
}

static char *find_revision(const struct cf_git_place *place, const char *revision, gboolean *unborn)
{
	static const char *const prefixes[] = { "refs/heads/", "refs/tags/", "refs/remotes/", "" };

	*unborn = FALSE;
	if (!revision || strcmp(revision, "HEAD") == 0)
		return cf_git_ref(place->git_dir, place->common_dir, "HEAD", unborn);
	if (is_hex(revision) && strlen(revision) == CF_OID_HEX)
		return g_strdup(revision);
	for (size_t i = 0; i < G_N_ELEMENTS(prefixes); i++) {
		g_autofree char *ref = g_strconcat(prefixes[i], revision, NULL);
		char *hash = *prefixes[i] || g_str_has_prefix(revision, "refs/")
				     ? cf_git_ref(place->git_dir, place->common_dir, ref, unborn)
				     : NULL;

		if (hash)
			return hash;
	}
	return NULL;
}

static int find_head(struct cf_git_place *place, const char *path, const char *revision, struct cf_diag *diag)
{
	gboolean unborn;
	g_autofree char *hash = NULL;

	if (has(place->common_dir, "reftable"))
		return refuse(path, diag,
			      "its refs are in the reftable format, which this version doesn't know; give a "
			      "bundle");
	hash = find_revision(place, revision, &unborn);
	if (!hash && revision) {
		g_autofree char *shown = cf_visible(revision, -1, 200);

		return cf_error_as(diag, CF_STATUS_USAGE, &(struct cf_loc){ .path = path },
				   "no revision '%s': expected a branch, a tag, a ref or a full hash", shown);
	}
	if (!hash)
		return refuse(path, diag, unborn ? "it has no commits yet" : "its HEAD names no commit");
	if (is_hex(hash) && strlen(hash) == 64)
		return refuse(path, diag, "its objects have SHA-256 names, which this version doesn't know");
	if (!cf_oid_parse(&place->head, hash, strlen(hash)))
		return refuse(path, diag, "its HEAD is no name of a commit");
	return 0;
}

static gint compare_oids(gconstpointer a, gconstpointer b)
{
	return memcmp(a, b, CF_OID_SIZE);
}

static void find_shallow(struct cf_git_place *place)
{
	g_autofree char *text = cf_git_text(place->common_dir, "shallow", LIST_CAP);
	g_auto(GStrv) lines = text ? g_strsplit(text, "\n", -1) : NULL;

	place->shallow = g_array_new(FALSE, FALSE, sizeof(struct cf_oid));
	for (guint i = 0; lines && lines[i]; i++) {
		struct cf_oid oid;

		if (cf_oid_parse(&oid, lines[i], strlen(lines[i])))
			g_array_append_val(place->shallow, oid);
	}
	g_array_sort(place->shallow, compare_oids);
}

int cf_git_place_find(struct cf_git_place *place, const char *path,
		      const struct cf_git_place_options *options, struct cf_diag *diag)
{
	*place = (struct cf_git_place){ 0 };
	if (find_directories(place, path, options, diag) != 0 ||
	    find_common(place, path, options, diag) != 0 ||
	    find_head(place, path, options->revision, diag) != 0 ||
	    find_objects(place, path, options, diag) != 0) {
		cf_git_place_clear(place);
		return -1;
	}
	find_shallow(place);
	return 0;
}

void cf_git_place_clear(struct cf_git_place *place)
{
	g_free(place->root);
	g_free(place->name);
	g_free(place->git_dir);
	g_free(place->common_dir);
	if (place->folders)
		g_ptr_array_unref(place->folders);
	if (place->shallow)
		g_array_unref(place->shallow);
	*place = (struct cf_git_place){ 0 };
}
