/* SPDX-License-Identifier: MIT */
/* import: source -> probe -> trace -> store, shared by the command line and the pipeline runner. */
#include "pipelines/import.h"

#include "pipelines/path_pattern.h"
#include "pipelines/unpack.h"

#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <xxhash.h>

#include "pipelines/import_history.h"
#include "store/history.h"

/* What comes from a pipe or a device has no size to check beforehand. */
#define STREAM_CAP (UINT64_C(1) << 30)
/* What the packed files of a run may unpack to, all together. */
#define UNPACKED_CAP (UINT64_C(4) << 30)
/* Warnings of one kind that are said in full; the rest is in `callflow show`. */
#define WARNINGS_SHOWN 3

/* The files of one run: as they were named, and their content where they are packed. */
struct source_files {
	guint n;
	struct cf_file *files, *unpacked; /* unpacked[i].path NULL: files[i] isn't packed */
	struct cf_input *inputs;          /* linked in order */
};

/* Bytes of a mapped file that are in memory at once while it is read from one end to the other. */
#define WINDOW (UINT64_C(16) << 20)

static void add_to_key(XXH3_state_t *state, const struct cf_file *file)
{
	struct cf_slice part;

	for (uint64_t at = 0; at < file->bytes.len; at += part.len) {
		part = (struct cf_slice){ file->bytes.data + at, MIN(file->bytes.len - at, WINDOW) };
		XXH3_128bits_update(state, part.data, part.len);
		if (file->mapped && part.len == WINDOW)
			cf_file_forget(part);
	}
}

/* XXH3-128 in its canonical (big-endian) form, of the bytes of all files. Caller frees. */
static char *content_key(const struct source_files *source)
{
	XXH3_state_t *state = XXH3_createState();
	XXH128_canonical_t canonical;
	GString *hex = g_string_sized_new(33);

	XXH3_128bits_reset(state);
	for (guint i = 0; i < source->n; i++)
		add_to_key(state, &source->files[i]);
	XXH128_canonicalFromHash(&canonical, XXH3_128bits_digest(state));
	XXH3_freeState(state);
	for (size_t i = 0; i < sizeof(canonical.digest); i++)
		g_string_append_printf(hex, "%02x", canonical.digest[i]);
	return g_string_free(hex, FALSE);
}

const struct cf_param **cf_import_tables(void)
{
	GPtrArray *tables = g_ptr_array_new();

	g_ptr_array_add(tables, (gpointer)cf_format_common_params);
	for (size_t i = 0; cf_formats[i]; i++) {
		const struct cf_param *table = cf_formats[i]->params;

		if (table && !g_ptr_array_find(tables, table, NULL))
			g_ptr_array_add(tables, (gpointer)table);
	}
	g_ptr_array_add(tables, NULL);
	return (const struct cf_param **)g_ptr_array_free(tables, FALSE);
}

static void append_option(GString *text, const char *name, const char *value)
{
	if (text->len)
		g_string_append_c(text, ' ');
	g_string_append(text, name);
	g_string_append_c(text, '=');
	for (; *value; value++) {
		if (*value == ' ' || *value == '\\')
			g_string_append_c(text, '\\');
		g_string_append_c(text, *value);
	}
}

static void append_param(GString *text, const struct cf_params *params, const struct cf_param *param)
{
	g_autofree char *number = NULL;
	char buffer[G_ASCII_DTOSTR_BUF_SIZE];

	switch (param->type) {
	case CF_PARAM_BOOL:
		append_option(text, param->name, cf_params_bool(params, param->name) ? "true" : "false");
		return;
	case CF_PARAM_INT:
		number = g_strdup_printf("%" G_GINT64_FORMAT, cf_params_int(params, param->name));
		append_option(text, param->name, number);
		return;
	case CF_PARAM_TIME:
		number = g_strdup_printf("%" G_GINT64_FORMAT, cf_params_time(params, param->name));
		append_option(text, param->name, number);
		return;
	case CF_PARAM_NUMBER:
		g_ascii_dtostr(buffer, sizeof(buffer), cf_params_number(params, param->name));
		append_option(text, param->name, buffer);
		return;
	case CF_PARAM_LIST:
		for (const char *const *v = cf_params_list(params, param->name); *v; v++)
			append_option(text, param->name, *v);
		return;
	case CF_PARAM_STRING:
	case CF_PARAM_CHOICE:
	case CF_PARAM_REGEX:
		append_option(text, param->name, cf_params_string(params, param->name));
		return;
	}
}

/*
 * The reading options that the user gave and that format knows, in the order of its tables: part of the key
 * of a source, since the same bytes read otherwise give other facts. Caller frees.
 */
static char *canonical_options(const struct cf_format *format, const struct cf_params *params)
{
	const struct cf_param *tables[] = { cf_format_common_params, format->params };
	GString *text = g_string_new(NULL);

	for (size_t t = 0; t < G_N_ELEMENTS(tables); t++)
		for (const struct cf_param *p = tables[t]; p && p->name; p++)
			if ((t == 0 || tables[t] != tables[0]) && cf_params_is_set(params, p->name))
				append_param(text, params, p);
	return g_string_free(text, FALSE);
}

/* A directory that no importer reads: says what it is and what to give instead. */
static int refuse_directory(const char *path, struct cf_diag *diag)
{
	struct cf_loc loc = { .path = path };
	g_autofree char *header = g_build_filename(path, "header", NULL);
	g_autofree char *data = g_build_filename(path, "data.0", NULL);
	g_autofree char *data_dir = g_build_filename(path, "data", NULL);

	if (g_file_test(data, G_FILE_TEST_EXISTS) ||
	    (g_file_test(header, G_FILE_TEST_EXISTS) && g_file_test(data_dir, G_FILE_TEST_EXISTS)))
		return cf_error(
			diag, &loc,
			"a recording in perf's directory format; this version reads single files: record "
			"without --threads");
	return cf_error(diag, &loc,
			"a directory, neither a recording nor a repository; its files: "
			"callflow ingest %s%s*",
			path, g_str_has_suffix(path, "/") ? "" : "/");
}

static bool is_directory(const char *path)
{
	struct stat st;

	return strcmp(path, "-") != 0 && stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static int open_file(const char *path, struct cf_file *file, struct cf_diag *diag)
{
	struct stat st;
	bool named = strcmp(path, "-") != 0 && stat(path, &st) == 0;

	return cf_file_open(file, path, named && S_ISREG(st.st_mode) ? UINT64_MAX : STREAM_CAP, diag);
}

static void source_close(struct source_files *source)
{
	for (guint i = 0; i < source->n; i++) {
		if (source->files[i].path)
			cf_file_release(&source->files[i]);
		if (source->unpacked[i].path)
			cf_file_release(&source->unpacked[i]);
	}
	g_free(source->files);
	g_free(source->unpacked);
	g_free(source->inputs);
}

static int source_open(struct source_files *source, const char *const *paths, guint n, struct cf_diag *diag)
{
	*source = (struct source_files){ n, g_new0(struct cf_file, n), g_new0(struct cf_file, n),
					 g_new0(struct cf_input, n) };
	uint64_t left = UNPACKED_CAP;

	for (guint i = 0; i < n; i++) {
		const struct cf_file *content = &source->files[i];

		if (open_file(paths[i], &source->files[i], diag) != 0)
			goto fail;
		if (cf_unpack_kind(content->bytes)) {
			if (cf_unpack(content, left, &source->unpacked[i], diag) != 0)
				goto fail;
			content = &source->unpacked[i];
			left -= content->bytes.len;
		}
		source->inputs[i] = (struct cf_input){ .path = content->path,
						       .bytes = content->bytes,
						       .mapped = content->mapped,
						       .mtime_ns = content->mtime_ns,
						       .next = i + 1 < n ? &source->inputs[i + 1] : NULL };
	}
	return 0;
fail:
	source_close(source);
	return -1;
}

/* The format that the user named, or whose own option was given; NULL: it is to be found by content. */
static const char *asked_format(const struct cf_import *import, const struct cf_params *params)
{
	for (size_t i = 0; !import->format && cf_formats[i]; i++)
		if (cf_formats[i]->chosen_by && cf_params_is_set(params, cf_formats[i]->chosen_by))
			return cf_formats[i]->name;
	return import->format;
}

/* The format of all files of a run, or NULL with a message. */
static const struct cf_format *source_format(const struct source_files *source, const char *name,
					     struct cf_diag *diag)
{
	const struct cf_format *format = cf_format_probe(&source->inputs[0], name, diag);

	for (guint i = 1; format && i < source->n; i++) {
		struct cf_loc loc = { .path = source->inputs[i].path };
		const struct cf_format *other = cf_format_probe(&source->inputs[i], name, diag);

		if (!other)
			return NULL;
		if (other != format) {
			cf_error(diag, &loc, "is %s, but the files before are %s: not one run", other->name,
				 format->name);
			return NULL;
		}
		if (!format->parts) {
			cf_error(diag, &loc,
				 "a run of format %s is one file; without --together each is a run",
				 format->name);
			return NULL;
		}
	}
	return format;
}

static bool any_flags(const struct cf_run_flags *flags)
{
	return flags->name || flags->commit || flags->start_source != CF_START_NONE ||
	       (flags->labels && g_hash_table_size(flags->labels));
}

/* "recordings/web-1.perf.data" -> "web-1.perf"; NULL for what has no name. */
static char *stem(const char *path)
{
	g_autofree char *base = g_path_get_basename(path);
	char *dot;

	if (g_str_has_suffix(base, ".gz") || g_str_has_suffix(base, ".zst"))
		*strrchr(base, '.') = '\0';
	dot = strrchr(base, '.');

	if (dot && dot != base)
		*dot = '\0';
	return g_steal_pointer(&base);
}

/* Fills in what the input itself doesn't know. old: the run that it will replace, or NULL. */
static void complete(struct cf_trace *trace, const struct cf_file *file, const struct cf_run_flags *flags,
		     const struct cf_run *old)
{
	struct cf_run_meta *meta = &trace->meta;

	if (!meta->name || !*meta->name) {
		g_free(meta->name);
		meta->name = file->mapped ? stem(file->path) : g_strdup("stdin");
	}
	if (meta->start_source == CF_START_NONE && file->mtime_ns) {
		meta->start_ns = file->mtime_ns;
		meta->start_source = CF_START_MTIME;
	}
	/* Once the user has said when, now or before, the clock of the file is no question any more. */
	if (flags->start_source != CF_START_NONE || (old && old->start_source == CF_START_USER))
		return;
	if (meta->start_source == CF_START_MTIME)
		cf_trace_quality(trace, "start-from-mtime", NULL, 0, 0, "--time sets it",
				 "start taken from file time (~)");
	else if (meta->start_source == CF_START_NONE)
		cf_trace_quality(trace, "start-unknown", NULL, 0, 0, "--time sets it", "start is not known");
}

static bool has_quality(const struct cf_trace *trace, const char *key)
{
	for (guint i = 0; i < trace->quality->len; i++)
		if (strcmp(g_array_index(trace->quality, struct cf_quality, i).key, key) == 0)
			return true;
	return false;
}

static void report(const struct cf_import *import, const struct cf_file *file, enum cf_import_stage stage)
{
	if (import->progress)
		import->progress(import->progress_ctx, file->path, file->bytes.len, stage);
}

static int check_unchanged(const struct source_files *source, struct cf_diag *diag)
{
	for (guint i = 0; i < source->n; i++)
		if (cf_file_check_unchanged(&source->files[i], diag) < 0)
			return -1;
	return 0;
}

/* The part of the first metric's weight that is spent in functions without names. */
static double unresolved_share(const struct cf_trace *trace)
{
	double unresolved = 0, all = 0;

	for (guint i = 0; i < trace->stack_costs->len; i++) {
		const struct cf_stack_cost *cost =
			&g_array_index(trace->stack_costs, struct cf_stack_cost, i);
		struct cf_func func = cf_dict_stack_info(trace->dict, cost->stack).func;

		if (cost->metric.id != 0)
			continue;
		all += (double)cost->weight;
		if (cf_dict_func_info(trace->dict, func).kind == CF_FRAME_UNRESOLVED)
			unresolved += (double)cost->weight;
	}
	return all > 0 ? unresolved / all : 0;
}

/* So many more without names, as a part of the whole, and the stored reading is the better one. */
#define WORSE 0.01

/* A program that was built anew since takes the names away that its recording had: what is stored is worth more. */
static bool reads_worse(const struct cf_trace *trace, const struct cf_run *old, const struct cf_file *file,
			struct cf_diag *diag)
{
	const struct cf_loc loc = { .path = file->path };
	double before = old->weight > 0 ? (double)old->unresolved / (double)old->weight : 0;
	double now = unresolved_share(trace);
	g_autofree char *was = cf_unit_text(CF_UNIT_RATIO, before), *is = cf_unit_text(CF_UNIT_RATIO, now);

	if (now <= before + WORSE)
		return false;
	cf_warn(diag, &loc,
		"kept as run %" G_GINT64_FORMAT
		": with today's symbols %s of it would be unresolved, stored are %s; "
		"--again --force replaces it",
		old->id, is, was);
	return true;
}

static int read_and_put(struct cf_store *store, const struct source_files *files,
			const struct cf_format *format, const struct cf_import *import,
			const struct cf_run_flags *flags, const struct cf_params *params,
			struct cf_source *source, const struct cf_run *old, enum cf_imported *how,
			int64_t *run, struct cf_diag *diag)
{
	struct cf_trace *trace = cf_trace_new();
	unsigned errors;
	int result = -1;

	report(import, files->files, CF_IMPORT_READING);
	errors = diag->errors;
	if (format->read(files->inputs, params, trace, diag) < 0)
		goto out;
	/* An importer that says an error has to fail. */
	g_assert(diag->errors == errors);
	if (check_unchanged(files, diag) < 0)
		goto out;
	if (old && !import->force && reads_worse(trace, old, files->files, diag)) {
		gboolean changed;

		*how = CF_IMPORTED_KEPT;
		*run = old->id;
		result = any_flags(flags) ? cf_store_edit(store, old->id, flags, NULL, NULL, &changed, diag)
					  : 0;
		goto out;
	}
	complete(trace, files->files, flags, old);
	source->partial = has_quality(trace, "partial");
	report(import, files->files, CF_IMPORT_STORING);
	result = cf_store_put(store, source, flags, trace, run, diag);
out:
	cf_trace_free(trace);
	return result;
}

/* The same for bytes that *run holds. */
static int replace(struct cf_store *store, const struct source_files *files, const struct cf_format *format,
		   const struct cf_import *import, const struct cf_run_flags *flags,
		   const struct cf_params *params, struct cf_source *source, enum cf_imported *how,
		   int64_t *run, struct cf_diag *diag)
{
	g_autofree char *expr = g_strdup_printf("%" G_GINT64_FORMAT, *run);
	struct cf_run_set old = { 0 };
	int result = cf_store_select(store, expr, NULL, 0, &old, diag);

	if (result == 0)
		result = read_and_put(store, files, format, import, flags, params, source,
				      g_ptr_array_index(old.runs, 0), how, run, diag);
	cf_run_set_clear(&old);
	return result;
}

static int import_repository(struct cf_store *store, const struct cf_input *input,
			     const struct cf_format *format, const struct cf_import *import,
			     const struct cf_params *params, enum cf_imported *how, int64_t *run,
			     struct cf_diag *diag)
{
	g_autofree char *options = canonical_options(format, params);

	*run = 0;
	if (!import->repo)
		return cf_error(
			diag, &(struct cf_loc){ .path = input->path },
			"the history of a repository, not a run; bring it in with: callflow ingest %s",
			input->path);
	return cf_import_history(store, input, format, options, import, params, how, import->repo, diag);
}

static int import_directory(struct cf_store *store, const char *path, const struct cf_import *import,
			    const struct cf_params *params, enum cf_imported *how, int64_t *run,
			    struct cf_diag *diag)
{
	struct cf_input input = { .path = path, .directory = TRUE };

	for (size_t i = 0; cf_formats[i]; i++) {
		const char *why;

		if (cf_formats[i]->directories && cf_formats[i]->probe(&input, &why) != CF_BID_NO)
			return import_repository(store, &input, cf_formats[i], import, params, how, run,
						 diag);
	}
	return refuse_directory(path, diag);
}

static int import_source(struct cf_store *store, const struct source_files *files,
			 const struct cf_import *import, const struct cf_run_flags *flags,
			 const struct cf_params *params, enum cf_imported *how, int64_t *run,
			 struct cf_diag *diag)
{
	const struct cf_format *format = source_format(files, asked_format(import, params), diag);
	g_autofree char *hash = NULL, *options = NULL;
	struct cf_source source;
	enum cf_known known;
	gboolean changed = FALSE;

	if (!format)
		return -1;
	if (format->history)
		return import_repository(store, &files->inputs[0], format, import, params, how, run, diag);
	hash = content_key(files);
	options = canonical_options(format, params);
	source = (struct cf_source){ .path = files->files[0].path,
				     .hash = hash,
				     .size = 0,
				     .format = format->name,
				     .version = format->version,
				     .options = options };
	for (guint i = 0; i < files->n; i++)
		source.size += files->files[i].bytes.len;
	if (cf_store_known(store, &source, &known, run, diag) < 0)
		return -1;
	if (known == CF_KNOWN_SAME && !import->again) {
		if (any_flags(flags) && cf_store_edit(store, *run, flags, NULL, NULL, &changed, diag) < 0)
			return -1;
		*how = changed ? CF_IMPORTED_FLAGS : CF_IMPORTED_KNOWN;
		return 0;
	}
	*how = known == CF_KNOWN_NO ? CF_IMPORTED_NEW : CF_IMPORTED_REPLACED;
	if (known == CF_KNOWN_NO)
		return read_and_put(store, files, format, import, flags, params, &source, NULL, how, run,
				    diag);
	return replace(store, files, format, import, flags, params, &source, how, run, diag);
}

static int import_files(struct cf_store *store, const char *const *paths, guint n,
			const struct cf_import *import, const struct cf_params *params, enum cf_imported *how,
			int64_t *run, struct cf_diag *diag)
{
	struct cf_run_flags flags = { 0 };
	struct source_files source;
	int result = -1;

	if (cf_path_pattern_flags(import->path_pattern, paths[0], &import->flags, &flags, diag) != 0)
		return -1;
	if (source_open(&source, paths, n, diag) == 0) {
		result = import_source(store, &source, import, &flags, params, how, run, diag);
		source_close(&source);
	}
	cf_path_pattern_clear(&flags);
	return result;
}

int cf_import_files(struct cf_store *store, const char *const *paths, guint n, const struct cf_import *import,
		    enum cf_imported *how, int64_t *run, struct cf_diag *diag)
{
	g_autofree const struct cf_param **tables = NULL;
	struct cf_params *defaults = NULL;
	const struct cf_params *params = import->params;
	int result;

	if (import->repo)
		*import->repo = 0;
	if (!params) {
		tables = cf_import_tables();
		params = defaults = cf_params_new(tables);
	}
	if (n == 1 && is_directory(paths[0]))
		result = import_directory(store, paths[0], import, params, how, run, diag);
	else
		result = import_files(store, paths, n, import, params, how, run, diag);
	if (defaults)
		cf_params_free(defaults);
	return result;
}

struct warning {
	char *key, *text, *cure;
	int64_t weight;
	guint order;
};

static void warning_clear(gpointer data)
{
	struct warning *w = data;

	g_free(w->key);
	g_free(w->text);
	g_free(w->cure);
}

static int collect_warning(void *ctx, const struct cf_quality_row *row)
{
	GArray *warnings = ctx;
	struct warning w;

	if (!row->cure)
		return 0;
	w = (struct warning){ g_strdup(row->key), g_strdup(row->text), g_strdup(row->cure), row->weight,
			      warnings->len };
	/* What is said of several modules says of which. */
	if (row->subject && !strstr(row->text, row->subject)) {
		g_free(w.text);
		w.text = g_strdup_printf("%s (%s)", row->text, row->subject);
	}
	g_array_append_val(warnings, w);
	return 0;
}

static gint by_key_then_weight(gconstpointer a, gconstpointer b)
{
	const struct warning *x = a, *y = b;
	int keys = strcmp(x->key, y->key);

	if (keys)
		return keys;
	if (x->weight != y->weight)
		return x->weight < y->weight ? 1 : -1;
	return x->order < y->order ? -1 : x->order > y->order;
}

/* Says the rows of warnings; more: how to see those that are only counted. */
static int say_warnings(GArray *warnings, const char *path, const char *more, struct cf_diag *diag)
{
	struct cf_loc loc = { .path = path };

	g_array_sort(warnings, by_key_then_weight);
	for (guint i = 0, same = 0; diag && i < warnings->len; i++) {
		const struct warning *w = &g_array_index(warnings, struct warning, i);
		guint left = 0;

		same = i && strcmp(w->key, g_array_index(warnings, struct warning, i - 1).key) == 0 ? same + 1
												    : 0;
		if (same < WARNINGS_SHOWN)
			cf_warn(diag, &loc, "%s; %s", w->text, w->cure);
		if (same != WARNINGS_SHOWN)
			continue;
		while (i + left < warnings->len &&
		       strcmp(w->key, g_array_index(warnings, struct warning, i + left).key) == 0)
			left++;
		cf_warn(diag, &loc, "%u more like that: %s", left, more);
	}
	return (int)warnings->len;
}

int cf_import_warnings(struct cf_store *store, int64_t run, const char *path, struct cf_diag *diag)
{
	struct cf_diag silent = { 0 };
	g_autoptr(GArray) warnings = g_array_new(FALSE, FALSE, sizeof(struct warning));
	g_autofree char *more = g_strdup_printf("callflow show %" G_GINT64_FORMAT, run);

	g_array_set_clear_func(warnings, warning_clear);
	if (cf_store_quality(store, run, collect_warning, warnings, diag ? diag : &silent) < 0)
		return -1;
	return say_warnings(warnings, path, more, diag);
}

/* A row of a history has no weight; how many there are ends the sentence. */
static int collect_repo_warning(void *ctx, const struct cf_quality_row *row)
{
	g_autofree char *text = g_strdup_printf("%s (%" G_GINT64_FORMAT ")", row->text, row->count);
	struct cf_quality_row counted = *row;

	if (row->count)
		counted.text = text;
	return collect_warning(ctx, &counted);
}

int cf_import_repo_warnings(struct cf_store *store, int64_t repo, const char *path, struct cf_diag *diag)
{
	struct cf_diag silent = { 0 };
	g_autoptr(GArray) warnings = g_array_new(FALSE, FALSE, sizeof(struct warning));

	g_array_set_clear_func(warnings, warning_clear);
	if (cf_store_repo_quality(store, repo, collect_repo_warning, warnings, diag ? diag : &silent) < 0)
		return -1;
	return say_warnings(warnings, path, "callflow churn", diag);
}

char *cf_import_library_version(void)
{
	unsigned version = XXH_versionNumber();

	return g_strdup_printf("xxHash %u.%u.%u", version / 10000, version / 100 % 100, version % 100);
}
