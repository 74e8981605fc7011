/* SPDX-License-Identifier: MIT */
/* dump: the content of a store as sorted lines without ids. */
#include "store/statement.h"

#include <stdlib.h>
#include <string.h>

/* A kind of fact, one line each. stack: the first column is a stack, written as its frames. */
struct section {
	const char *name;
	enum cf_sql sql;
	gboolean stack;
};

static const struct section of_run[] = {
	{ "run", CF_SQL_DUMP_RUN, FALSE },
	{ "label", CF_SQL_DUMP_LABELS, FALSE },
	{ "source", CF_SQL_DUMP_SOURCES, FALSE },
	{ "metric", CF_SQL_DUMP_METRICS, FALSE },
	{ "module", CF_SQL_DUMP_MODULES, FALSE },
	{ "thread", CF_SQL_DUMP_THREADS, FALSE },
	{ "thread-cost", CF_SQL_DUMP_THREAD_COSTS, FALSE },
	{ "stack", CF_SQL_DUMP_STACKS, TRUE },
	{ "function", CF_SQL_DUMP_FUNC_COSTS, FALSE },
	{ "symbol", CF_SQL_DUMP_SYMBOLS, FALSE },
	{ "quality", CF_SQL_DUMP_QUALITY, FALSE },
	{ "line", CF_SQL_DUMP_LINES, FALSE },
	{ "sample", CF_SQL_DUMP_SAMPLES, TRUE },
	{ "call", CF_SQL_DUMP_CALLS, FALSE },
	{ "operation", CF_SQL_DUMP_OPERATIONS, FALSE },
	{ "span", CF_SQL_DUMP_SPANS, FALSE },
	{ "point", CF_SQL_DUMP_POINTS, FALSE },
};

/* In alphabetical order; "run" stands between "repo" and "tombstone". */
static const struct section before_runs[] = {
	{ "change", CF_SQL_DUMP_CHANGES, FALSE },
	{ "commit", CF_SQL_DUMP_COMMITS, FALSE },
	{ "finding", CF_SQL_DUMP_FINDINGS, FALSE },
	{ "repo", CF_SQL_DUMP_REPOS, FALSE },
	{ "repo-file", CF_SQL_DUMP_REPO_FILES, FALSE },
	{ "repo-func", CF_SQL_DUMP_REPO_FUNCS, FALSE },
	{ "repo-func-change", CF_SQL_DUMP_FUNC_CHANGES, FALSE },
	{ "repo-path", CF_SQL_DUMP_PATHS, FALSE },
	{ "repo-person", CF_SQL_DUMP_PERSONS, FALSE },
	{ "repo-quality", CF_SQL_DUMP_REPO_QUALITY, FALSE },
};
static const struct section after_runs[] = { { "tombstone", CF_SQL_DUMP_TOMBSTONES, FALSE } };

struct frame {
	uint32_t id, parent, func;
	guint8 kind;
};

struct dump {
	struct cf_store *store;
	struct cf_out *out;
	struct cf_diag *diag;
	GHashTable *funcs; /* func -> "kind:module:name", escaped */
	GArray *frames;    /* struct frame, in the order of ids: in a damaged store these can be anything */
	GPtrArray *lines;  /* of the part being written */
};

/* Separators inside a text are escaped, so that no name can look like two fields, frames or lines. */
static void append_escaped(GString *line, const char *text)
{
	for (; *text; text++)
		switch (*text) {
		case '\n':
			g_string_append(line, "\\n");
			break;
		case '\r':
			g_string_append(line, "\\r");
			break;
		case '\t':
			g_string_append(line, "\\t");
			break;
		case ';':
		case '\\':
			g_string_append_c(line, '\\');
			/* fall through */
		default:
			g_string_append_c(line, *text);
		}
}

static int load_funcs(struct dump *d)
{
	struct cf_stmt stmt;
	int step = -1;

	if (cf_stmt_open(&stmt, d->store, CF_SQL_DUMP_FUNCS, d->diag) == 0)
		while ((step = cf_stmt_step(&stmt)) > 0) {
			uint32_t id = cf_stmt_id(&stmt);
			GString *text = g_string_new(NULL);

			g_string_printf(text, "%d:", (int)cf_stmt_int(&stmt));
			append_escaped(text, cf_stmt_text(&stmt));
			g_string_append_c(text, ':');
			append_escaped(text, cf_stmt_text(&stmt));
			g_hash_table_insert(d->funcs, GUINT_TO_POINTER(id), g_string_free(text, FALSE));
		}
	cf_stmt_close(&stmt);
	return step;
}

static int load_frames(struct dump *d)
{
	struct cf_stmt stmt;
	int step = -1;

	if (cf_stmt_open(&stmt, d->store, CF_SQL_ALL_STACKS, d->diag) == 0)
		while ((step = cf_stmt_step(&stmt)) > 0) {
			struct frame frame = { .id = cf_stmt_id(&stmt) };

			frame.parent = cf_stmt_id(&stmt);
			frame.func = cf_stmt_id(&stmt);
			frame.kind = (guint8)cf_stmt_kind(&stmt);
			g_array_append_val(d->frames, frame);
		}
	cf_stmt_close(&stmt);
	return step;
}

static int compare_frames(const void *a, const void *b)
{
	const struct frame *x = a, *y = b;

	return (x->id > y->id) - (x->id < y->id);
}

/* Frames from the leaf to the root. */
static int append_stack(struct dump *d, GString *line, uint32_t id)
{
	while (id) {
		const struct frame *frame = NULL;
		const char *func;

		if (d->frames->len)
			frame = bsearch(&(struct frame){ .id = id }, d->frames->data, d->frames->len,
					sizeof(*frame), compare_frames);
		if (!frame)
			return cf_store_damaged(d->store, "a cost has no stack", d->diag);
		func = g_hash_table_lookup(d->funcs, GUINT_TO_POINTER(frame->func));
		if (frame->parent >= id || !func)
			return cf_store_damaged(d->store, "a stack has no function or is its own caller",
						d->diag);
		g_string_append_printf(line, "%d/%s%s", frame->kind, func, frame->parent ? ";" : "");
		id = frame->parent;
	}
	return 0;
}

/* prefix: "run UID" or NULL; run: parameter of the statement. */
static int add_section(struct dump *d, const struct section *section, const char *prefix, int64_t run)
{
	struct cf_stmt stmt;
	int step = -1;

	if (cf_stmt_open(&stmt, d->store, section->sql, d->diag) == 0) {
		int columns = sqlite3_column_count(stmt.raw);

		if (prefix)
			cf_stmt_bind_int(&stmt, run);
		while ((step = cf_stmt_step(&stmt)) > 0) {
			GString *line = g_string_new(NULL);

			if (prefix)
				g_string_append_printf(line, "run\t%s\t", prefix);
			g_string_append(line, section->name);
			g_ptr_array_add(d->lines, line);
			for (int i = 0; i < columns; i++) {
				g_string_append_c(line, '\t');
				if (i == 0 && section->stack) {
					if (append_stack(d, line, cf_stmt_id(&stmt)) != 0)
						goto out;
				} else {
					const char *text = cf_stmt_text_or_null(&stmt);

					append_escaped(line, text ? text : "");
					if (!text)
						g_string_append(line, "\\N");
				}
			}
			g_string_append_c(line, '\n');
		}
	}
	cf_stmt_close(&stmt);
	return step;
out:
	cf_stmt_close(&stmt);
	return -1;
}

static gint compare_lines(gconstpointer a, gconstpointer b)
{
	const GString *x = *(GString *const *)a, *y = *(GString *const *)b;

	return strcmp(x->str, y->str);
}

static void flush(struct dump *d)
{
	g_ptr_array_sort(d->lines, compare_lines);
	for (guint i = 0; i < d->lines->len; i++) {
		const GString *line = g_ptr_array_index(d->lines, i);

		cf_out_write(d->out, line->str, line->len);
	}
	g_ptr_array_set_size(d->lines, 0);
}

static int dump_runs(struct dump *d)
{
	struct cf_stmt runs;
	int step = -1;

	if (cf_stmt_open(&runs, d->store, CF_SQL_DUMP_RUNS, d->diag) == 0)
		while ((step = cf_stmt_step(&runs)) > 0) {
			int64_t run = cf_stmt_int(&runs);
			const char *uid = cf_stmt_text(&runs);

			for (size_t i = 0; step >= 0 && i < G_N_ELEMENTS(of_run); i++)
				if (add_section(d, &of_run[i], uid, run) != 0)
					step = -1;
			if (step < 0)
				break;
			flush(d);
		}
	cf_stmt_close(&runs);
	return step;
}

static int dump_sections(struct dump *d, const struct section *sections, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (add_section(d, &sections[i], NULL, 0) != 0)
			return -1;
		flush(d);
	}
	return 0;
}

static void free_line(gpointer line)
{
	g_string_free(line, TRUE);
}

int cf_store_dump_logical(struct cf_store *store, struct cf_out *out, struct cf_diag *diag)
{
	struct dump d = { .store = store, .out = out, .diag = diag };
	int result = -1;

	d.funcs = g_hash_table_new_full(NULL, NULL, NULL, g_free);
	d.frames = g_array_new(FALSE, FALSE, sizeof(struct frame));
	d.lines = g_ptr_array_new_with_free_func(free_line);
	/* One transaction: a writer in between would give lines of two states. */
	if (cf_store_ready(store, diag) == 0 && cf_store_exec(store, "BEGIN", diag) == 0) {
		if (load_funcs(&d) == 0 && load_frames(&d) == 0 &&
		    dump_sections(&d, before_runs, G_N_ELEMENTS(before_runs)) == 0 && dump_runs(&d) == 0 &&
		    dump_sections(&d, after_runs, G_N_ELEMENTS(after_runs)) == 0)
			result = 0;
		cf_store_rollback(store);
	}
	g_ptr_array_unref(d.lines);
	g_array_unref(d.frames);
	g_hash_table_unref(d.funcs);
	return result;
}
