/* SPDX-License-Identifier: MIT */
/* reader: walks a repository and writes its facts to a wire; runs in the child. */
#include "ingest/git/reader.h"

#include <malloc.h>
#include <stdlib.h>

#include "core/table.h"
#include "ingest/git/bundle.h"
#include "ingest/git/changes.h"
#include "ingest/git/code.h"
#include "ingest/git/commits.h"
#include "ingest/git/folders.h"
#include "ingest/git/functions.h"
#include "core/glob.h"
#include "ingest/git/wire.h"

/* Changes of a whole history that are read; what is beyond is counted. */
#define CHANGES_MAX (UINT64_C(20) * 1000 * 1000)
#define TAGS_MAX 5
#define COMMITS_MAX (UINT64_C(20) * 1000 * 1000)

/* A commit that was seen. */
struct node {
	struct cf_oid oid, tree;
	struct cf_git_data object; /* while it waits */
	int64_t time;              /* of the commit */
	gboolean outside;          /* known already: only its tree is of interest */
	gboolean missing;
};

struct reader {
	const struct cf_git_job *job;
	struct cf_wire_out out;
	struct cf_git_objects *objects;
	struct cf_git_changes changes;
	GArray *nodes;         /* struct node */
	struct cf_table index; /* of nodes; ids are indexes + 1 */
	GArray *heap;          /* uint32_t: nodes that wait, the newest first */
	uint64_t sent_changes;
};

/* ---- messages ---- */

static void send_error(struct reader *r, const char *text)
{
	cf_wire_begin(&r->out, CF_WIRE_ERROR);
	cf_wire_text(&r->out, text, strlen(text));
	cf_wire_end(&r->out);
}

static int fail(struct reader *r)
{
	send_error(r, cf_git_objects_reason(r->objects));
	return -1;
}

static int fail_commit(struct reader *r, const struct cf_oid *oid, const char *what)
{
	char hex[CF_OID_HEX + 1];
	g_autofree char *text = NULL;

	cf_oid_hex(oid, hex);
	text = g_strdup_printf("commit %s %s", hex, what);
	send_error(r, text);
	return -1;
}

static void send_quality(struct reader *r, const char *key, const char *text, const char *cure)
{
	cf_wire_begin(&r->out, CF_WIRE_QUALITY);
	cf_wire_text(&r->out, key, strlen(key));
	cf_wire_text(&r->out, text, strlen(text));
	cf_wire_text(&r->out, cure ? cure : "", cure ? strlen(cure) : 0);
	cf_wire_end(&r->out);
}

/* ---- commits by name ---- */

static uint32_t oid_hash(const struct cf_oid *oid)
{
	return cf_hash(cf_u64(oid->bytes), cf_u64(oid->bytes + 8));
}

static uint32_t find_node(const struct reader *r, const struct cf_oid *oid)
{
	uint32_t hash = oid_hash(oid), pos, id;

	for (pos = hash; (id = cf_table_next(&r->index, hash, &pos)) != 0;)
		if (cf_oid_equal(&g_array_index(r->nodes, struct node, id - 1).oid, oid))
			return id - 1;
	return CF_NONE;
}

static int compare_oids(const void *a, const void *b)
{
	return memcmp(a, b, CF_OID_SIZE);
}

static gboolean is_among(const GArray *sorted, size_t size, const struct cf_oid *oid)
{
	return sorted && sorted->len && bsearch(oid, sorted->data, sorted->len, size, compare_oids) != NULL;
}

/* ---- the heap ---- */

static gboolean is_newer(const struct reader *r, uint32_t a, uint32_t b)
{
	const struct node *x = &g_array_index(r->nodes, struct node, a),
			  *y = &g_array_index(r->nodes, struct node, b);

	return x->time != y->time ? x->time > y->time : a < b;
}

static void heap_push(struct reader *r, uint32_t node)
{
	guint at = r->heap->len;

	g_array_append_val(r->heap, node);
	while (at) {
		guint up = (at - 1) / 2;
		uint32_t *items = (uint32_t *)(void *)r->heap->data, swap;

		if (!is_newer(r, items[at], items[up]))
			break;
		swap = items[at];
		items[at] = items[up];
		items[up] = swap;
		at = up;
	}
}

static uint32_t heap_pop(struct reader *r)
{
	uint32_t *items = (uint32_t *)(void *)r->heap->data, top = items[0], last;
	guint at = 0, len = r->heap->len - 1;

	last = items[len];
	g_array_set_size(r->heap, len);
	while (2 * at + 1 < len) {
		guint child = 2 * at + 1;

		if (child + 1 < len && is_newer(r, items[child + 1], items[child]))
			child++;
		if (!is_newer(r, items[child], last))
			break;
		items[at] = items[child];
		at = child;
	}
	if (len)
		items[at] = last;
	return top;
}

/* ---- the walk ---- */

/* Reads a commit for the first time, and lets it wait unless it is known already. CF_NONE: said. */
static uint32_t see(struct reader *r, const struct cf_oid *oid)
{
	uint32_t at = find_node(r, oid);
	struct node node = { .oid = *oid };
	struct cf_git_commit commit;
	enum cf_git_read result;

	if (at != CF_NONE)
		return at;
	if (r->nodes->len >= COMMITS_MAX) {
		send_error(r, "more commits than can be read");
		return CF_NONE;
	}
	result = cf_git_objects_read(r->objects, oid, GIT_OBJECT_COMMIT, &node.object);
	if (result == CF_GIT_CORRUPT) {
		fail(r);
		return CF_NONE;
	}
	node.missing = result != CF_GIT_OK;
	if (!node.missing) {
		gboolean sound = cf_git_commit_parse(&commit, node.object.bytes);

		node.tree = commit.tree;
		node.time = commit.committer.time;
		cf_git_commit_clear(&commit);
		if (!sound) {
			cf_git_data_release(r->objects, &node.object);
			fail_commit(r, oid, "is malformed");
			return CF_NONE;
		}
	}
	node.outside = is_among(r->job->known, sizeof(struct cf_known_commit), oid);
	if (node.outside || (r->job->has_since && node.time < r->job->since)) {
		node.outside = TRUE;
		cf_git_data_release(r->objects, &node.object);
	}
	at = r->nodes->len;
	g_array_append_val(r->nodes, node);
	cf_table_add(&r->index, oid_hash(oid), at + 1);
	if (!node.outside && !node.missing)
		heap_push(r, at);
	return at;
}

static gboolean path_matches(const char *wanted, const char *path, size_t len)
{
	size_t n = strlen(wanted);

	while (n && wanted[n - 1] == '/')
		n--;
	/* A folder is entered when it is beneath what is wanted, or on the way there. */
	if (len && path[len - 1] == '/' && len - 1 <= n)
		return strncmp(wanted, path, len - 1) == 0 && (len - 1 == n || wanted[len - 1] == '/');
	return n == 0 || (len >= n && strncmp(wanted, path, n) == 0 && (len == n || path[n] == '/'));
}

static gboolean is_wanted(void *ctx, const char *path, size_t len)
{
	const struct cf_git_job *job = ctx;
	gboolean wanted = !job->paths[0];

	for (const char *const *p = job->paths; *p && !wanted; p++)
		wanted = path_matches(*p, path, len);
	/* Folders are entered, as a later glob can't take back what an earlier one left out. */
	for (const char *const *p = job->excludes; *p && wanted && path[len - 1] != '/'; p++)
		wanted = !cf_glob_path(*p, path, true);
	return wanted;
}

static gboolean is_filtered(const struct cf_git_job *job)
{
	return job->paths[0] || job->excludes[0];
}

static int find_changes(struct reader *r, const struct node *node, uint32_t parent, uint16_t *flags)
{
	const struct cf_oid *old_tree =
		parent == CF_NONE ? NULL : &g_array_index(r->nodes, struct node, parent).tree;

	if (r->sent_changes >= CHANGES_MAX) {
		*flags |= CF_COMMIT_CUT;
		return 0;
	}
	if (cf_git_changes_find(&r->changes, old_tree, &node->tree, r->job->files_max,
				is_filtered(r->job) ? is_wanted : NULL, (void *)r->job) != CF_GIT_OK)
		return fail(r);
	*flags |= CF_COMMIT_DIFFED;
	if (r->changes.deltas.cut)
		*flags |= CF_COMMIT_CUT;
	if (r->changes.deltas.missing || r->changes.missing_files) {
		if (!r->job->gaps)
			return fail_commit(r, &node->oid,
					   "has folders or files that are not in the repository");
		*flags |= CF_COMMIT_MISSING;
	}
	if (r->changes.deltas.strange)
		*flags |= CF_COMMIT_STRANGE;
	if (r->changes.big_files)
		*flags |= CF_COMMIT_BIG;
	if (r->changes.renames.cut)
		*flags |= CF_COMMIT_RENAMES_CUT;
	r->sent_changes += r->changes.rows->len;
	return 0;
}

static void send_person(struct reader *r, const struct cf_git_signature *who)
{
	cf_wire_text(&r->out, (const char *)who->name.data, who->name.len);
	cf_wire_text(&r->out, (const char *)who->email.data, who->email.len);
}

static void send_time(struct reader *r, const struct cf_git_signature *who)
{
	cf_wire_i64(&r->out, who->time);
	cf_wire_i64(&r->out, who->zone);
}

static void send_change(struct reader *r, const struct cf_git_change *change)
{
	const struct cf_git_deltas *deltas = &r->changes.deltas;
	const struct cf_git_delta *delta = &g_array_index(deltas->rows, struct cf_git_delta, change->delta);
	const struct cf_change *row = &change->row;

	cf_wire_text(&r->out, cf_git_delta_path(deltas, delta), delta->path_len);
	cf_wire_u64(&r->out, row->status);
	cf_wire_u64(&r->out, row->flags);
	cf_wire_u64(&r->out, row->old_mode);
	cf_wire_u64(&r->out, row->new_mode);
	cf_wire_u64(&r->out, row->added);
	cf_wire_u64(&r->out, row->deleted);
	if (row->status != CF_CHANGE_RENAMED)
		return;
	delta = &g_array_index(deltas->rows, struct cf_git_delta, change->old_delta);
	cf_wire_text(&r->out, cf_git_delta_path(deltas, delta), delta->path_len);
	cf_wire_u64(&r->out, row->similarity);
	cf_wire_u64(&r->out, row->old_binary);
	cf_wire_u64(&r->out, row->old_lines);
	cf_wire_u64(&r->out, row->new_lines);
}

static void send_commit(struct reader *r, const struct cf_oid *oid, const struct cf_git_commit *commit,
			uint16_t flags)
{
	cf_wire_begin(&r->out, CF_WIRE_COMMIT);
	cf_wire_raw(&r->out, oid->bytes, CF_OID_SIZE);
	cf_wire_u64(&r->out, flags);
	cf_wire_u64(&r->out, commit->parents->len);
	cf_wire_raw(&r->out, commit->parents->data, (size_t)commit->parents->len * CF_OID_SIZE);
	send_person(r, &commit->author);
	send_time(r, &commit->author);
	send_person(r, &commit->committer);
	send_time(r, &commit->committer);
	cf_wire_text(&r->out, (const char *)commit->subject.data, commit->subject.len);
	cf_wire_u64(&r->out, commit->coauthors->len);
	for (guint i = 0; i < commit->coauthors->len; i++)
		send_person(r, &g_array_index(commit->coauthors, struct cf_git_signature, i));
	cf_wire_u64(&r->out, r->changes.rows->len);
	for (guint i = 0; i < r->changes.rows->len; i++)
		send_change(r, &g_array_index(r->changes.rows, struct cf_git_change, i));
	cf_wire_end(&r->out);
}

/*
 * Sees the parents; *first: the first one's node, CF_NONE: it is a root. *shallow: not all are there. Where nothing
 * explains that, the repository is damaged, and its history would be shorter than it is. -1: said.
 */
static int see_parents(struct reader *r, const struct cf_git_commit *commit, uint32_t *first,
		       gboolean *shallow)
{
	guint n = r->job->first_parent ? MIN(commit->parents->len, 1) : commit->parents->len;

	*first = CF_NONE;
	for (guint i = 0; i < n; i++) {
		const struct cf_oid *oid = &g_array_index(commit->parents, struct cf_oid, i);
		uint32_t parent = see(r, oid);

		if (parent == CF_NONE)
			return -1;
		if (i == 0)
			*first = parent;
		if (!g_array_index(r->nodes, struct node, parent).missing)
			continue;
		if (!r->job->gaps)
			return fail_commit(r, oid, "is not in the repository");
		*shallow = TRUE;
	}
	return 0;
}

static int visit_parsed(struct reader *r, uint32_t at, const struct cf_git_commit *commit)
{
	struct node node = g_array_index(r->nodes, struct node, at);
	gboolean merge = commit->parents->len > 1, shallow;
	uint32_t first = CF_NONE;
	uint16_t flags = 0;

	shallow = is_among(r->job->shallow, sizeof(struct cf_oid), &node.oid);
	if (!shallow && see_parents(r, commit, &first, &shallow) != 0)
		return -1;
	g_array_set_size(r->changes.rows, 0);
	/* What a commit of a shallow clone changed can't be told: against nothing, it would have added every file. */
	if (shallow)
		flags |= CF_COMMIT_SHALLOW;
	else if ((!merge || r->job->diff_merges) && find_changes(r, &node, first, &flags) != 0)
		return -1;
	send_commit(r, &node.oid, commit, flags);
	return r->out.failed ? -1 : 0;
}

static int visit(struct reader *r, uint32_t at)
{
	struct cf_git_data object = g_array_index(r->nodes, struct node, at).object;
	struct cf_git_commit commit;
	int result;

	g_array_index(r->nodes, struct node, at).object.object = NULL;
	cf_git_commit_parse(&commit, object.bytes);
	result = visit_parsed(r, at, &commit);
	cf_git_commit_clear(&commit);
	cf_git_data_release(r->objects, &object);
	return result;
}

/* The commit that a tag names, through tags of tags. */
static int peel(struct reader *r, struct cf_oid *oid)
{
	for (int i = 0; i < TAGS_MAX; i++) {
		struct cf_git_data data;
		gboolean tag;

		if (cf_git_objects_read(r->objects, oid, GIT_OBJECT_TAG, &data) != CF_GIT_OK)
			return 0;
		tag = data.bytes.len > 7 + CF_OID_HEX && memcmp(data.bytes.data, "object ", 7) == 0 &&
		      cf_oid_parse(oid, (const char *)data.bytes.data + 7, CF_OID_HEX);
		cf_git_data_release(r->objects, &data);
		if (!tag)
			break;
	}
	send_error(r, "its head is a tag that names no commit");
	return -1;
}

static int walk(struct reader *r)
{
	struct cf_oid oid = r->job->head;
	uint32_t head;

	if (peel(r, &oid) != 0)
		return -1;
	head = see(r, &oid);
	if (head == CF_NONE)
		return -1;
	if (g_array_index(r->nodes, struct node, head).missing)
		return fail_commit(r, &oid, "is not in the repository");
	cf_wire_begin(&r->out, CF_WIRE_HEAD);
	cf_wire_raw(&r->out, oid.bytes, CF_OID_SIZE);
	cf_wire_end(&r->out);
	while (r->heap->len)
		if (visit(r, heap_pop(r)) != 0)
			return -1;
	return 0;
}

/* The files at the head, once the walk has its tree. */
static int send_code(struct reader *r)
{
	struct cf_git_code code = {
		.objects = r->objects, .out = &r->out, .stored = r->job->stored, .ctx = (void *)r->job
	};

	code.files_max = r->job->files_max;
	code.wanted = is_filtered(r->job) ? is_wanted : NULL;
	if (cf_git_code_send(&code, &g_array_index(r->nodes, struct node, 0).tree) != CF_GIT_OK)
		return fail(r);
	if (code.ctags.absent)
		send_quality(r, "no-ctags",
			     "universal-ctags isn't installed: functions and their complexity aren't known",
			     "apt install universal-ctags, then ingest --again");
	if (code.cut)
		send_quality(
			r, "cut-head",
			"more files at the head than a repository of its size has: the rest isn't looked at",
			NULL);
	return 0;
}

/* ---- functions ---- */

/* The trees of a commit and its first parent; *has_parent FALSE: it is a root. */
static int find_trees(struct reader *r, const struct cf_oid *oid, struct cf_oid trees[2],
		      gboolean *has_parent)
{
	struct cf_oid names[2] = { { { 0 } }, *oid };

	*has_parent = TRUE;
	for (int side = 1; side >= 0 && *has_parent; side--) {
		struct cf_git_data object;
		struct cf_git_commit commit;

		if (cf_git_objects_read(r->objects, &names[side], GIT_OBJECT_COMMIT, &object) != CF_GIT_OK)
			return fail_commit(r, &names[side], "can't be read again");
		cf_git_commit_parse(&commit, object.bytes);
		trees[side] = commit.tree;
		if (side == 1 && commit.parents->len)
			names[0] = g_array_index(commit.parents, struct cf_oid, 0);
		else if (side == 1)
			*has_parent = FALSE;
		cf_git_commit_clear(&commit);
		cf_git_data_release(r->objects, &object);
	}
	return 0;
}

static int read_commit_functions(struct reader *r, struct cf_git_functions *functions,
				 const struct cf_oid *oid)
{
	struct cf_oid trees[2];
	gboolean has_parent;

	if (find_trees(r, oid, trees, &has_parent) != 0)
		return -1;
	if (cf_git_changes_find(&r->changes, has_parent ? &trees[0] : NULL, &trees[1], r->job->files_max,
				is_filtered(r->job) ? is_wanted : NULL, (void *)r->job) != CF_GIT_OK ||
	    cf_git_functions_add(functions, oid, &r->changes) != CF_GIT_OK)
		return fail(r);
	return 0;
}

static int read_functions(struct reader *r)
{
	const GArray *commits = r->job->commits;
	struct cf_git_functions *functions;
	struct cf_oid trees[2], head = r->job->head;
	gboolean c_headers, has_parent;
	int result = 0;

	if (peel(r, &head) != 0 || find_trees(r, &head, trees, &has_parent) != 0)
		return -1;
	if (cf_git_code_c_headers(r->objects, &trees[1], r->job->files_max, &c_headers) != CF_GIT_OK)
		return fail(r);
	functions = cf_git_functions_new(r->objects, &r->out, c_headers);
	for (guint i = 0; result == 0 && i < commits->len && !cf_git_functions_ctags(functions)->absent; i++)
		result = read_commit_functions(r, functions, &g_array_index(commits, struct cf_oid, i));
	if (result == 0 && cf_git_functions_flush(functions) != CF_GIT_OK)
		result = fail(r);
	cf_git_functions_free(functions);
	return result;
}

/* ---- both ---- */

static int read_history(struct reader *r)
{
	return walk(r) != 0 || send_code(r) != 0 ? -1 : 0;
}

/* Makes the objects readable. -1: said. */
static int open_objects(struct reader *r, const struct cf_git2 *lib)
{
	if (r->job->unpack_to) {
		g_autofree char *why = cf_git_bundle_unpack(lib, r->job->unpack_to, r->job->pack);

		if (why) {
			send_error(r, why);
			return -1;
		}
	}
	for (const char *const *folder = r->job->folders; *folder; folder++) {
		g_autofree char *strange = cf_git_folder_strange(*folder);
		g_autofree char *why =
			strange ? g_strdup_printf("%s in its folder of objects is no file", strange) : NULL;

		if (why) {
			send_error(r, why);
			return -1;
		}
	}
	r->objects = cf_git_objects_open(lib, r->job->folders, r->job->verify);
	if (!r->objects) {
		send_error(r, "its folder of objects can't be opened");
		return -1;
	}
	cf_git_changes_init(&r->changes, r->objects);
	return 0;
}

/* What an error of a library's loading becomes. */
static void pass_on(void *ctx, enum cf_severity severity, const struct cf_loc *loc, const char *text)
{
	send_error(ctx, text);
}

static void read_all(const struct cf_git_job *job, int fd, int (*read)(struct reader *r))
{
	struct reader r = { .job = job };
	struct cf_diag diag = { .consume = pass_on, .ctx = &r };
	struct cf_git2 lib;

	/* Contents come and go by the thousands: giving memory back to the system each time costs a tenth of all. */
	mallopt(M_MMAP_THRESHOLD, 32 << 20);
	mallopt(M_TRIM_THRESHOLD, 128 << 20);
	cf_wire_out_init(&r.out, fd);
	r.nodes = g_array_new(FALSE, FALSE, sizeof(struct node));
	r.heap = g_array_new(FALSE, FALSE, sizeof(uint32_t));
	if (cf_git2_load(&lib, &diag) == 0 && open_objects(&r, &lib) == 0 && read(&r) == 0) {
		cf_wire_begin(&r.out, CF_WIRE_END);
		cf_wire_end(&r.out);
	}
	cf_wire_flush(&r.out);
}

void cf_git_read_repository(const struct cf_git_job *job, int fd)
{
	read_all(job, fd, read_history);
}

void cf_git_read_functions(const struct cf_git_job *job, int fd)
{
	read_all(job, fd, read_functions);
}
