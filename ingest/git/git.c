/* SPDX-License-Identifier: MIT */
/* git: the history of a repository: a work tree, a bare one or a bundle. */
#include "ingest/format.h"

#include <stdlib.h>

#include "core/hash.h"
#include "ingest/git/attributes.h"
#include "ingest/git/bundle.h"
#include "ingest/git/decode.h"
#include "core/people.h"
#include "ingest/git/place.h"
#include "ingest/git/reader.h"
#include "ingest/git/sandbox.h"

#define VERSION 1
/* Far more than a reader's caches take; what needs more is refused. */
#define MEMORY ((uint64_t)1 << 30)
/* Unless the user says how long: enough for any repository of that size on a slow machine. */
#define SECONDS_LEAST 120
#define SECONDS_PER_MB 1

/* Commits whose functions are told: ctags reads 30 MB a second, and all versions of all files are more than that. */
#define FUNCTIONS "100"
/*
 * Files of one commit: a repository has about as many objects as files, and an object takes some bytes. Folders that hold
 * each other many times over need none, and could make any number of paths.
 */
#define FILES_LEAST 100000
#define BYTES_PER_FILE 32
#define FILES_MOST 1000000
#define BUNDLE_ROOM ((uint64_t)64 << 20)
#define MAILMAP_CAP (UINT64_C(16) << 20)

static const char *const merges[] = { "skip", "first-parent", NULL };

static const struct cf_param params_table[] = {
	{ .name = "revision",
	  .type = CF_PARAM_STRING,
	  .arg = "REV",
	  .help = "repository: where to start instead of HEAD: a branch, tag, ref or full hash" },
	{ .name = "merges",
	  .type = CF_PARAM_CHOICE,
	  .arg = "HOW",
	  .help = "repository: changes of merges: skip, or first-parent to compare with their first parent",
	  .choices = merges },
	{ .name = "first-parent",
	  .type = CF_PARAM_BOOL,
	  .help = "repository: follow the first parent of merges only" },
	{ .name = "since",
	  .type = CF_PARAM_TIME,
	  .arg = "TIME",
	  .help = "repository: leave out commits before a date" },
	{ .name = "path",
	  .type = CF_PARAM_LIST,
	  .arg = "PATH",
	  .help = "repository: read this file or folder of it only" },
	{ .name = "exclude",
	  .type = CF_PARAM_LIST,
	  .arg = "GLOB",
	  .help = "repository: leave out files that match" },
	{ .name = "functions",
	  .type = CF_PARAM_INT,
	  .arg = "N",
	  .help = "repository: tell the functions that its newest N commits changed",
	  .fallback = FUNCTIONS,
	  .min = 0,
	  .max = INT64_MAX },
	{ .name = "mailmap",
	  .type = CF_PARAM_STRING,
	  .arg = "FILE",
	  .help = "repository: who is who, besides its own .mailmap" },
	{ .name = "verify",
	  .type = CF_PARAM_BOOL,
	  .help = "repository: check every object against its name" },
	{ .name = "any-owner",
	  .type = CF_PARAM_BOOL,
	  .help = "repository: read it although it belongs to another user" },
	{ .name = "alternates",
	  .type = CF_PARAM_BOOL,
	  .help = "repository: follow objects/info/alternates out of it" },
	{ .name = "time-limit",
	  .type = CF_PARAM_INT,
	  .arg = "SECONDS",
	  .help = "repository: give up after so long",
	  .min = 1,
	  .max = 1000000 },
	{ .name = NULL },
};

static enum cf_bid probe(const struct cf_input *input, const char **why)
{
	if (input->directory) {
		*why = "no .git and no HEAD";
		return cf_git_place_is(input->path) ? CF_BID_MAGIC : CF_BID_NO;
	}
	*why = "no '# v2 git bundle' line";
	return cf_git_bundle_is(input->bytes) ? CF_BID_MAGIC : CF_BID_NO;
}

/* ---- where it is ---- */

/* A directory, or a bundle that is unpacked to a folder of our own. */
struct origin {
	struct cf_git_place place;
	struct cf_git_bundle bundle;
	gboolean is_bundle;
	char *unpack_to; /* NULL until it is needed */
};

static void origin_clear(struct origin *origin)
{
	if (origin->unpack_to)
		cf_git_bundle_remove(origin->unpack_to);
	g_free(origin->unpack_to);
	cf_git_place_clear(&origin->place);
}

/* "jq" of .../jq.bundle */
static char *bundle_name(const char *path)
{
	char *base = g_path_get_basename(path);

	if (g_str_has_suffix(base, ".bundle") && strlen(base) > strlen(".bundle"))
		base[strlen(base) - strlen(".bundle")] = '\0';
	return base;
}

static int find_origin(struct origin *origin, const struct cf_input *input, const struct cf_params *params,
		       struct cf_diag *diag)
{
	struct cf_git_place_options options = { .revision = cf_params_string(params, "revision"),
						.any_owner = cf_params_bool(params, "any-owner"),
						.alternates = cf_params_bool(params, "alternates") };

	*origin = (struct origin){ .is_bundle = !input->directory };
	if (!origin->is_bundle)
		return cf_git_place_find(&origin->place, input->path, &options, diag);
	if (cf_git_bundle_parse(&origin->bundle, input->path, input->bytes, options.revision, diag) != 0)
		return -1;
	origin->place.head = origin->bundle.head;
	origin->place.root = realpath(input->path, NULL);
	if (!origin->place.root)
		origin->place.root = g_strdup(input->path);
	origin->place.name = bundle_name(origin->place.root);
	origin->place.bytes = input->bytes.len;
	origin->place.shallow = g_array_new(FALSE, FALSE, sizeof(struct cf_oid));
	return 0;
}

/* Makes its objects readable: a bundle gets a folder for them. */
static int prepare(struct origin *origin, const struct cf_input *input, struct cf_diag *diag)
{
	if (!origin->is_bundle)
		return 0;
	origin->unpack_to = cf_git_bundle_folder(input->path, diag);
	if (!origin->unpack_to)
		return -1;
	origin->place.folders = g_ptr_array_new_with_free_func(g_free);
	g_ptr_array_add(origin->place.folders, g_strdup(origin->unpack_to));
	g_ptr_array_add(origin->place.folders, NULL);
	return 0;
}

/* A checksum, the same in every process; of nothing none. */
static void append_sum(GString *text, const char *name, const void *data, size_t len)
{
	g_autofree char *sum = g_compute_checksum_for_data(G_CHECKSUM_SHA256, data, len);

	if (len)
		g_string_append_printf(text, " %s=%s", name, sum);
}

/* The head, and what else decides what can be read. */
static char *state_of(const struct cf_git_place *place, const struct cf_params *params,
		      const struct cf_file *mailmap)
{
	GString *text = g_string_new("head=");
	char hex[CF_OID_HEX + 1];

	cf_oid_hex(&place->head, hex);
	g_string_append_printf(text, "%s functions=%" G_GINT64_FORMAT, hex,
			       cf_params_int(params, "functions"));
	append_sum(text, "shallow", place->shallow->data, (size_t)place->shallow->len * CF_OID_SIZE);
	if (mailmap)
		append_sum(text, "mailmap", mailmap->bytes.data, mailmap->bytes.len);
	return g_string_free(text, FALSE);
}

/* For reading, not only for looking at. */
static int open_origin(struct origin *origin, const struct cf_input *input, const struct cf_params *params,
		       struct cf_diag *diag)
{
	if (find_origin(origin, input, params, diag) != 0)
		return -1;
	if (prepare(origin, input, diag) == 0)
		return 0;
	origin_clear(origin);
	return -1;
}

/* What decides which facts there are; how they are come by doesn't, and what can be added to is part of the state. */
static char *reading_of(const struct cf_params *params)
{
	GString *text = g_string_new(NULL);

	if (cf_params_is_set(params, "revision"))
		g_string_append_printf(text, "revision=%s ", cf_params_string(params, "revision"));
	if (cf_params_is_set(params, "merges"))
		g_string_append_printf(text, "merges=%s ", cf_params_string(params, "merges"));
	if (cf_params_bool(params, "first-parent"))
		g_string_append(text, "first-parent ");
	if (cf_params_is_set(params, "since"))
		g_string_append_printf(text, "since=%" G_GINT64_FORMAT " ", cf_params_time(params, "since"));
	for (const char *const *path = cf_params_list(params, "path"); *path; path++)
		g_string_append_printf(text, "path=%s\n", *path);
	for (const char *const *glob = cf_params_list(params, "exclude"); *glob; glob++)
		g_string_append_printf(text, "exclude=%s\n", *glob);
	return g_strchomp(g_string_free(text, FALSE));
}

static int compare_known(const void *a, const void *b)
{
	return memcmp(a, ((const struct cf_known_commit *)b)->oid.bytes, CF_OID_SIZE);
}

static gboolean order_of(void *ctx, const struct cf_oid *oid, int64_t *order)
{
	const GArray *commits = ctx;
	const struct cf_known_commit *found = NULL;

	if (commits->len)
		found = bsearch(oid, commits->data, commits->len, sizeof(*found), compare_known);
	if (found)
		*order = found->order;
	return found != NULL;
}

/* .git-blame-ignore-revs: a hash a line, comments after '#'. */
static void add_ignored(struct cf_history *history, const char *text)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

	for (guint i = 0; lines[i]; i++) {
		struct cf_oid oid;
		char *comment = strchr(lines[i], '#');

		if (comment)
			*comment = '\0';
		g_strstrip(lines[i]);
		if (cf_oid_parse(&oid, lines[i], strlen(lines[i])))
			g_array_append_val(history->ignored, oid);
	}
}

/* What the head says about people, paths and commits. The user's own mailmap goes last, so it wins. */
static void apply_texts(struct cf_history *history, const GPtrArray *texts, const struct cf_file *mailmap)
{
	struct cf_attributes *attributes = cf_attributes_new();
	struct cf_slice maps[2];
	size_t n = 0;

	for (guint i = 0; i + 1 < texts->len; i += 2) {
		const char *path = g_ptr_array_index(texts, i), *text = g_ptr_array_index(texts, i + 1);
		const char *slash = strrchr(path, '/');
		g_autofree char *folder = g_strndup(path, slash ? (gsize)(slash + 1 - path) : 0);

		if (strcmp(path, ".mailmap") == 0)
			maps[n++ % 2] = (struct cf_slice){ (const uint8_t *)text, strlen(text) };
		else if (strcmp(path, ".git-blame-ignore-revs") == 0)
			add_ignored(history, text);
		else
			cf_attributes_add(attributes, folder, text);
	}
	n = MIN(n, 1);
	if (mailmap)
		maps[n++] = mailmap->bytes;
	cf_people_map(history, maps, n);
	cf_attributes_apply(attributes, history);
	cf_attributes_free(attributes);
}

/* The user's own map of people; *open: there is one. */
static int open_mailmap(const struct cf_params *params, struct cf_file *file, gboolean *open,
			struct cf_diag *diag)
{
	const char *path = cf_params_string(params, "mailmap");

	*open = path != NULL;
	return path ? cf_file_open(file, path, MAILMAP_CAP, diag) : 0;
}

/* What the user may do about it. */
static const char *cure_of(const struct cf_git_job *job)
{
	return job->outside ? "; some of its objects are elsewhere (objects/info/alternates): --alternates "
			      "follows them"
			    : "";
}

static int run_child(const struct cf_git_job *job, void (*body)(const struct cf_git_job *job, int fd),
		     uint64_t bytes, const struct cf_params *params, struct cf_git_decoder *decoder,
		     struct cf_diag *diag)
{
	struct cf_sandbox limits = { .memory = MEMORY, .folder = job->unpack_to };
	struct cf_loc loc = { .path = job->path };
	g_autofree char *why = NULL;
	int result;

	limits.seconds = (unsigned)MIN(SECONDS_LEAST + SECONDS_PER_MB * (bytes >> 20), 1000000);
	if (cf_params_is_set(params, "time-limit"))
		limits.seconds = (unsigned)cf_params_int(params, "time-limit");
	if (job->unpack_to) {
		/* A pack and its index, which is smaller. */
		limits.file_size = 2 * bytes + BUNDLE_ROOM;
		limits.clean = cf_git_bundle_remove;
	}
	result =
		cf_sandbox_run(&limits, (void (*)(const void *, int))body, job, cf_git_decode, decoder, &why);
	if (result == 0 && !decoder->ended)
		why = g_strdup("its reader ended early");
	if (result != 0 && !why)
		why = g_strdup(decoder->error ? decoder->error
					      : "its reader sent nonsense (damaged objects)");
	return why ? cf_error(diag, &loc, "cannot read the repository: %s%s", why, cure_of(job)) : 0;
}

static int read_job(const struct cf_git_job *job, uint64_t bytes, const struct cf_params *params,
		    struct cf_history *history, struct cf_diag *diag)
{
	struct cf_git_decoder decoder;
	struct cf_file mailmap;
	gboolean has_mailmap;
	int result;

	if (open_mailmap(params, &mailmap, &has_mailmap, diag) != 0)
		return -1;
	cf_git_decoder_init(&decoder, history, job->stored);
	result = run_child(job, cf_git_read_repository, bytes, params, &decoder, diag);
	if (result == 0) {
		apply_texts(history, decoder.texts, has_mailmap ? &mailmap : NULL);
		cf_history_settle(history, job->known ? order_of : NULL, (void *)job->known);
	}
	cf_git_decoder_clear(&decoder);
	if (has_mailmap)
		cf_file_release(&mailmap);
	return result;
}

static struct cf_git_job job_of(const struct cf_input *input, const struct origin *origin,
				const struct cf_params *params)
{
	const struct cf_git_place *place = &origin->place;
	gboolean since = cf_params_is_set(params, "since"),
		 first_parent = cf_params_bool(params, "first-parent");
	struct cf_git_job job = {
		.path = input->path,
		.folders = (const char *const *)place->folders->pdata,
		.unpack_to = origin->unpack_to,
		.pack = origin->bundle.pack,
		.head = place->head,
		.outside = place->outside > 0,
		.gaps = place->partial || origin->is_bundle,
		.files_max = (guint)MIN(FILES_LEAST + place->bytes / BYTES_PER_FILE, FILES_MOST),
		.shallow = place->shallow,
		.verify = cf_params_bool(params, "verify"),
		.first_parent = first_parent,
		.diff_merges = first_parent,
		.has_since = since,
		.since = since ? cf_params_time(params, "since") / 1000000000 : 0,
		.paths = cf_params_list(params, "path"),
		.excludes = cf_params_list(params, "exclude"),
	};

	if (cf_params_is_set(params, "merges"))
		job.diff_merges = strcmp(cf_params_string(params, "merges"), "first-parent") == 0;
	return job;
}

static int read_history(const struct cf_input *input, const struct cf_params *params,
			const struct cf_history_known *known, struct cf_history *history,
			struct cf_diag *diag)
{
	struct origin origin;
	struct cf_git_job job;
	int result;

	if (open_origin(&origin, input, params, diag) != 0)
		return -1;
	history->name = g_strdup(origin.place.name);
	history->path = g_strdup(origin.place.root);
	history->format = g_strdup("git");
	history->shallow = origin.place.shallow->len > 0;
	if (origin.place.outside)
		cf_history_quality(history, "alternates", NULL, origin.place.outside,
				   "--alternates follows them",
				   "folders of objects outside of the repository, which weren't read");
	job = job_of(input, &origin, params);
	job.known = known ? known->commits : NULL;
	job.stored = known ? known->stored : NULL;
	result = read_job(&job, origin.place.bytes, params, history, diag);
	if (result == 0 && !known && *job.paths && !history->changes->len)
		cf_history_quality(history, "paths", NULL, 0, "paths are relative to the repository's root",
				   "no commit changed what --path names");
	origin_clear(&origin);
	return result;
}

static int read_functions(const struct cf_input *input, const struct cf_params *params, const GArray *commits,
			  struct cf_history *history, struct cf_diag *diag)
{
	struct cf_git_decoder decoder;
	struct origin origin;
	struct cf_git_job job;
	int result;

	if (open_origin(&origin, input, params, diag) != 0)
		return -1;
	job = job_of(input, &origin, params);
	job.commits = commits;
	cf_git_decoder_init(&decoder, history, NULL);
	result = run_child(&job, cf_git_read_functions, origin.place.bytes, params, &decoder, diag);
	if (result == 0)
		cf_history_sort(history);
	cf_git_decoder_clear(&decoder);
	origin_clear(&origin);
	return result;
}

static int look(const struct cf_input *input, const struct cf_params *params, struct cf_history_look *look,
		struct cf_diag *diag)
{
	struct origin origin;
	struct cf_file mailmap;
	gboolean has_mailmap;

	if (open_mailmap(params, &mailmap, &has_mailmap, diag) != 0)
		return -1;
	if (find_origin(&origin, input, params, diag) != 0) {
		if (has_mailmap)
			cf_file_release(&mailmap);
		return -1;
	}
	look->name = g_strdup(origin.place.name);
	look->path = g_strdup(origin.place.root);
	look->state = state_of(&origin.place, params, has_mailmap ? &mailmap : NULL);
	if (has_mailmap)
		cf_file_release(&mailmap);
	look->options = reading_of(params);
	look->head = origin.place.head;
	look->has_head = TRUE;
	look->functions = cf_params_int(params, "functions");
	look->may_add = !origin.place.shallow->len;
	origin_clear(&origin);
	return 0;
}

static const struct cf_history_reader reader = { look, read_history, read_functions };

const struct cf_format cf_format_git = {
	.name = "git",
	.summary = "history of a git repository or bundle",
	.version = VERSION,
	.params = params_table,
	.probe = probe,
	.history = &reader,
	.directories = TRUE,
};
