/* SPDX-License-Identifier: MIT */
/* bundle: a repository in one file: a list of refs and a pack. */
#include "ingest/git/bundle.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "ingest/git/library.h"

/* gitformat-bundle(5) */
#define MAGIC_2 "# v2 git bundle\n"
#define MAGIC_3 "# v3 git bundle\n"
#define MAGIC_LEN 16
#define CHUNK ((size_t)1 << 20)

gboolean cf_git_bundle_is(struct cf_slice bytes)
{
	return bytes.len >= MAGIC_LEN &&
	       (memcmp(bytes.data, MAGIC_2, MAGIC_LEN) == 0 || memcmp(bytes.data, MAGIC_3, MAGIC_LEN) == 0);
}

struct refs {
	const char *path, *revision;
	struct cf_diag *diag;
	struct cf_oid first, head;
	gboolean any, found;
	guint prerequisites;
};

/* Whether ref is what the user calls revision: "main" is refs/heads/main. */
static gboolean is_called(const char *ref, const char *revision)
{
	size_t ref_len = strlen(ref), len = strlen(revision);

	return ref_len >= len && strcmp(ref + ref_len - len, revision) == 0 &&
	       (ref_len == len || ref[ref_len - len - 1] == '/');
}

/* One line of the header. */
static int take_line(struct refs *refs, const struct cf_lines *lines, struct cf_slice line)
{
	g_autofree char *text = g_strndup((const char *)line.data, line.len);
	struct cf_oid oid;

	if (*text == '@') {
		if (g_str_has_prefix(text, "@object-format=") && strcmp(text, "@object-format=sha1") != 0)
			return cf_error(refs->diag, &lines->loc,
					"cannot read the repository: its objects have %s names, which this "
					"version doesn't "
					"know",
					text + strlen("@object-format="));
		return 0;
	}
	if (*text == '-') {
		refs->prerequisites++;
		return 0;
	}
	if (line.len <= CF_OID_HEX || text[CF_OID_HEX] != ' ' || !cf_oid_parse(&oid, text, CF_OID_HEX))
		return cf_error(refs->diag, &lines->loc, "not a ref of a bundle; expected 'HASH NAME'");
	if (!refs->any)
		refs->first = oid;
	refs->any = TRUE;
	if (!refs->found && is_called(text + CF_OID_HEX + 1, refs->revision ? refs->revision : "HEAD")) {
		refs->head = oid;
		refs->found = TRUE;
	}
	return 0;
}

static int judge(struct refs *refs)
{
	struct cf_loc loc = { .path = refs->path };
	g_autofree char *shown = refs->revision ? cf_visible(refs->revision, -1, 200) : NULL;

	if (refs->prerequisites)
		return cf_error(refs->diag, &loc,
				"cannot read the repository: the bundle needs %u commits that aren't in it; "
				"make one that has "
				"all: git bundle create FILE --all",
				refs->prerequisites);
	if (!refs->any)
		return cf_error(refs->diag, &loc, "cannot read the repository: the bundle has no refs");
	if (!refs->found && refs->revision)
		return cf_error_as(refs->diag, CF_STATUS_USAGE, &loc, "no revision '%s' in the bundle",
				   shown);
	if (!refs->found)
		refs->head = refs->first;
	return 0;
}

int cf_git_bundle_parse(struct cf_git_bundle *bundle, const char *path, struct cf_slice bytes,
			const char *revision, struct cf_diag *diag)
{
	struct refs refs = { .path = path, .revision = revision, .diag = diag };
	struct cf_lines lines;
	struct cf_slice line;
	uint64_t start;

	cf_lines_init(&lines, path, bytes);
	cf_lines_next(&lines, &line);
	for (;;) {
		if (!cf_lines_next(&lines, &line))
			return cf_error(diag, &lines.loc,
					"cannot read the repository: the bundle ends before its pack");
		if (!line.len)
			break;
		if (take_line(&refs, &lines, line) != 0)
			return -1;
	}
	if (judge(&refs) != 0)
		return -1;
	/* The empty line ends with one byte. */
	start = lines.loc.offset + 1;
	if (!cf_slice_sub(bytes, start, bytes.len - MIN(start, bytes.len), &bundle->pack) ||
	    bundle->pack.len < 32 || memcmp(bundle->pack.data, "PACK", 4) != 0)
		return cf_error(diag, &lines.loc,
				"cannot read the repository: no pack where the bundle's should be");
	bundle->head = refs.head;
	return 0;
}

/* ---- where its pack lies ---- */

char *cf_git_bundle_folder(const char *path, struct cf_diag *diag)
{
	/* Absolute: the reader has a working directory of its own. */
	g_autofree char *template = g_build_filename(g_get_tmp_dir(), "callflow-XXXXXX", NULL);
	char *folder = g_canonicalize_filename(template, NULL);
	g_autofree char *packs = NULL;

	if (mkdtemp(folder)) {
		packs = g_build_filename(folder, "pack", NULL);
		if (mkdir(packs, 0700) == 0)
			return folder;
	}
	cf_error_errno(diag, &(struct cf_loc){ .path = path }, errno,
		       "cannot make a folder in %s for the bundle's pack", g_get_tmp_dir());
	rmdir(folder);
	g_free(folder);
	return NULL;
}

/* As the kernel has it. */
struct entry {
	uint64_t inode;
	int64_t offset;
	uint16_t length;
	uint8_t type;
	char name[];
};

/* System calls only: this also runs in a signal handler. */
static void remove_contents(int dir)
{
	_Alignas(struct entry) char buffer[4096];
	long n;

	while ((n = syscall(SYS_getdents64, dir, buffer, sizeof(buffer))) > 0)
		for (long at = 0; at < n;) {
			const struct entry *entry = (const void *)(buffer + at);

			unlinkat(dir, entry->name, 0);
			at += entry->length;
		}
}

void cf_git_bundle_remove(const char *folder)
{
	int dir = open(folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC), packs;

	if (dir < 0)
		return;
	packs = openat(dir, "pack", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (packs >= 0) {
		remove_contents(packs);
		close(packs);
	}
	unlinkat(dir, "pack", AT_REMOVEDIR);
	remove_contents(dir);
	close(dir);
	rmdir(folder);
}

/* ---- unpacking ---- */

static char *reason(const struct cf_git2 *lib)
{
	const git_error *last = lib->git_error_last();

	return g_strdup_printf("its pack can't be read: %s",
			       last && last->message ? last->message : "damaged");
}

char *cf_git_bundle_unpack(const struct cf_git2 *lib, const char *folder, struct cf_slice pack)
{
	g_autofree char *packs = g_build_filename(folder, "pack", NULL);
	git_indexer_progress progress = { 0 };
	git_indexer_options options;
	git_indexer *indexer = NULL;
	char *why = NULL;

	lib->git_indexer_options_init(&options, GIT_INDEXER_OPTIONS_VERSION);
	if (lib->git_indexer_new(&indexer, packs, 0, NULL, &options) < 0)
		return reason(lib);
	while (pack.len && !why) {
		size_t n = (size_t)MIN(pack.len, CHUNK);

		if (lib->git_indexer_append(indexer, pack.data, n, &progress) < 0)
			why = reason(lib);
		pack.data += n;
		pack.len -= n;
	}
	if (!why && lib->git_indexer_commit(indexer, &progress) < 0)
		why = reason(lib);
	lib->git_indexer_free(indexer);
	return why;
}
