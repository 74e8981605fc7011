/* SPDX-License-Identifier: MIT */
/* export_callgrind: what functions and calls cost, as callgrind writes it, for KCachegrind and callgrind_annotate. */
/*
 * Runs that have calls are written as they are. Of stacks, a function's own cost is that of the samples it is the innermost
 * frame of, at their lines where the run knows them, else at its declaration; a call costs the samples that have it in
 * their stack, each once, and was made as often as there are such samples.
 *
 * callgrind_annotate (to 3.25 at least) takes the cost of a call that was made 0 times for the function's own, so such
 * calls are written as made once. It also tells functions apart by file and name, as they stand at "fn=" and "cfi=":
 * both are the file of the declaration, and lines in other files, of inlined functions, come last. So names need no file
 * in them: "init (one.c)" is init again.
 */
#include "pipelines/export.h"

#include <stdlib.h>
#include <string.h>

#include "core/hash.h"
#include "core/sum.h"

#define EVENTS_MAX 64

struct line {
	struct cf_func func; /* id 0: cost without any frame */
	struct cf_str file;
	uint32_t line;
	uint32_t at; /* of its costs */
};

struct call {
	struct cf_func caller, callee;
	int64_t count;
	uint32_t at;
	uint32_t last; /* number + 1 of the stack that counted it last */
};

struct place {
	struct cf_str file;
	uint32_t line;
};

struct writer {
	const struct cf_trace *trace;
	struct cf_out *out;
	uint32_t n;                          /* events */
	uint32_t *column;                    /* by metric: its event + 1, 0 none */
	struct cf_metric *metrics;           /* by event */
	GPtrArray *lines, *calls;            /* struct line *, struct call * */
	GArray *costs;                       /* int64_t: n of a line or call from its at */
	GHashTable *line_index, *call_index; /* the same */
	struct place *places;                /* by function: of its declaration */
	uint32_t *rank;                      /* by function: its place in the file */
	GStringChunk *texts;
	const char **names; /* by function: as it is written; NULL: as it is called */
	uint32_t *objects, *files,
		*funcs; /* numbers that were given to modules, texts, functions; 0 none yet */
	uint32_t n_objects, n_files, n_funcs;
};

/* --- gathering ------------------------------------------------------------------------------------------ */

static uint32_t add_costs(struct writer *w)
{
	uint32_t at = w->costs->len;

	g_array_set_size(w->costs, at + w->n);
	return at;
}

static void add(struct writer *w, uint32_t at, uint32_t event, int64_t weight)
{
	int64_t *sum = &g_array_index(w->costs, int64_t, at + event);

	*sum = cf_add_sat(*sum, weight);
}

static guint hash_line(gconstpointer p)
{
	const struct line *l = p;

	return cf_hash(((uint64_t)l->func.id << 32) | l->file.id, l->line);
}

static gboolean is_line(gconstpointer a, gconstpointer b)
{
	const struct line *x = a, *y = b;

	return x->func.id == y->func.id && x->file.id == y->file.id && x->line == y->line;
}

static guint hash_call(gconstpointer p)
{
	const struct call *c = p;

	return cf_hash(c->caller.id, c->callee.id);
}

static gboolean is_call(gconstpointer a, gconstpointer b)
{
	const struct call *x = a, *y = b;

	return x->caller.id == y->caller.id && x->callee.id == y->callee.id;
}

static struct line *line_of(struct writer *w, struct cf_func func, struct cf_str file, uint32_t number)
{
	struct line key = { func, file, number, 0 };
	struct line *line = g_hash_table_lookup(w->line_index, &key);

	if (line)
		return line;
	key.at = add_costs(w);
	line = g_memdup2(&key, sizeof(key));
	g_ptr_array_add(w->lines, line);
	g_hash_table_add(w->line_index, line);
	return line;
}

static struct call *call_of(struct writer *w, struct cf_func caller, struct cf_func callee)
{
	struct call key = { .caller = caller, .callee = callee };
	struct call *call = g_hash_table_lookup(w->call_index, &key);

	if (call)
		return call;
	key.at = add_costs(w);
	call = g_memdup2(&key, sizeof(key));
	g_ptr_array_add(w->calls, call);
	g_hash_table_add(w->call_index, call);
	return call;
}

static void gather_graph(struct writer *w)
{
	for (guint i = 0; i < w->trace->lines->len; i++) {
		const struct cf_line_cost *line = &g_array_index(w->trace->lines, struct cf_line_cost, i);

		if (w->column[line->metric.id])
			add(w, line_of(w, line->func, line->file, line->line)->at,
			    w->column[line->metric.id] - 1, line->weight);
	}
	for (guint i = 0; i < w->trace->calls->len; i++) {
		const struct cf_call_cost *cost = &g_array_index(w->trace->calls, struct cf_call_cost, i);
		struct call *call;

		if (!w->column[cost->metric.id])
			continue;
		call = call_of(w, cost->caller, cost->callee);
		call->count = MAX(call->count, cost->calls);
		add(w, call->at, w->column[cost->metric.id] - 1, cost->weight);
	}
}

/* Every distinct call of a stack, once. */
static void gather_calls(struct writer *w, const struct cf_stack_cost *cost, uint32_t number)
{
	struct cf_stack_info frame = cf_dict_stack_info(w->trace->dict, cost->stack);

	while (frame.caller.id) {
		struct cf_stack_info caller = cf_dict_stack_info(w->trace->dict, frame.caller);
		struct call *call = call_of(w, caller.func, frame.func);

		if (call->last != number + 1) {
			call->last = number + 1;
			call->count = cf_add_sat(call->count, cost->count);
			add(w, call->at, w->column[cost->metric.id] - 1, cost->weight);
		}
		frame = caller;
	}
}

/* What of a function's own cost its lines know is moved to them. */
static void move_to_lines(struct writer *w)
{
	for (guint i = 0; i < w->trace->lines->len; i++) {
		const struct cf_line_cost *line = &g_array_index(w->trace->lines, struct cf_line_cost, i);
		const struct place *place = &w->places[line->func.id];
		uint32_t event = w->column[line->metric.id];
		int64_t moved;
		uint32_t from;

		if (!event--)
			continue;
		from = line_of(w, line->func, place->file, place->line)->at;
		moved = MIN(line->weight, g_array_index(w->costs, int64_t, from + event));
		add(w, from, event, -moved);
		add(w, line_of(w, line->func, line->file, line->line)->at, event, moved);
	}
}

static void gather_stacks(struct writer *w, const GArray *costs, gboolean lines)
{
	for (guint i = 0; i < costs->len; i++) {
		const struct cf_stack_cost *cost = &g_array_index(costs, struct cf_stack_cost, i);
		struct cf_func func = cf_dict_stack_info(w->trace->dict, cost->stack).func;

		if (!w->column[cost->metric.id])
			continue;
		add(w, line_of(w, func, w->places[func.id].file, w->places[func.id].line)->at,
		    w->column[cost->metric.id] - 1, cost->weight);
		gather_calls(w, cost, i);
	}
	if (lines)
		move_to_lines(w);
}

/* --- order ---------------------------------------------------------------------------------------------- */

struct named {
	uint32_t func;
	const char *module, *file, *name;
	enum cf_frame_kind kind;
};

static int by_name(const void *a, const void *b)
{
	const struct named *x = a, *y = b;
	int order = strcmp(x->module, y->module);

	if (!order)
		order = strcmp(x->file, y->file);
	if (!order)
		order = strcmp(x->name, y->name);
	if (!order)
		order = (x->kind > y->kind) - (x->kind < y->kind);
	return order ? order : (x->func > y->func) - (x->func < y->func);
}

static uint32_t *rank_functions(const struct writer *w)
{
	const struct cf_dict *dict = w->trace->dict;
	uint32_t n = cf_dict_funcs(dict);
	g_autofree struct named *funcs = g_new(struct named, n);
	uint32_t *rank = g_new(uint32_t, n);

	for (uint32_t f = 0; f < n; f++)
		funcs[f] = (struct named){ f, cf_dict_func_module(dict, (struct cf_func){ f }),
					   cf_dict_text(dict, w->places[f].file),
					   cf_dict_func_name(dict, (struct cf_func){ f }),
					   cf_dict_func_info(dict, (struct cf_func){ f }).kind };
	qsort(funcs, n, sizeof(*funcs), by_name);
	for (uint32_t i = 0; i < n; i++)
		rank[funcs[i].func] = i;
	return rank;
}

/* The length of name without " (one.c)" or " (one.c) (2)", when that is the base name of file. */
static size_t without_file(const char *name, const char *file)
{
	const char *slash = strrchr(file, '/');
	g_autofree char *place = g_strdup_printf(" (%s)", slash ? slash + 1 : file);
	size_t len = strlen(name), n = strlen(place), digits = 0;

	if (len > 4 && name[len - 1] == ')') {
		while (digits + 2 < len && g_ascii_isdigit(name[len - 2 - digits]))
			digits++;
		if (digits && digits + 3 < len && name[len - 2 - digits] == '(' &&
		    name[len - 3 - digits] == ' ')
			len -= digits + 3;
	}
	if (len > n && !memcmp(name + len - n, place, n))
		return len - n;
	return strlen(name);
}

/* Names without files, unless that would make two functions one. */
static void shorten_names(struct writer *w)
{
	const struct cf_dict *dict = w->trace->dict;
	uint32_t n = cf_dict_funcs(dict);
	g_autofree uint32_t *order = g_new(uint32_t, n);
	g_autoptr(GHashTable) taken = g_hash_table_new(cf_str_hash, g_str_equal);

	w->texts = g_string_chunk_new(4096);
	w->names = g_new0(const char *, n);
	for (uint32_t f = 0; f < n; f++)
		order[w->rank[f]] = f;
	for (uint32_t i = 0; i < n; i++) {
		const struct cf_func func = { order[i] };
		const char *file = cf_dict_text(dict, w->places[func.id].file);
		const char *name = cf_dict_func_name(dict, func);
		size_t len = *file ? without_file(name, file) : strlen(name);
		g_autofree char *plain = g_strndup(name, len);
		g_autofree char *key =
			g_strdup_printf("%s\n%s\n%s", cf_dict_func_module(dict, func), file, plain);

		if (!g_hash_table_add(taken, g_string_chunk_insert(w->texts, key)))
			continue;
		if (name[len])
			w->names[func.id] = g_string_chunk_insert(w->texts, plain);
	}
}

static int compare(uint32_t a, uint32_t b)
{
	return a < b ? -1 : a > b;
}

/* Lines in the file of the declaration first. */
static gint by_function_and_line(gconstpointer a, gconstpointer b, gpointer data)
{
	const struct line *x = *(struct line *const *)a, *y = *(struct line *const *)b;
	const struct writer *w = data;
	uint32_t home = w->places[x->func.id].file.id;
	int order = compare(w->rank[x->func.id], w->rank[y->func.id]);

	if (!order)
		order = (x->file.id != home) - (y->file.id != home);
	if (!order && x->file.id != y->file.id)
		order = strcmp(cf_dict_text(w->trace->dict, x->file), cf_dict_text(w->trace->dict, y->file));
	return order ? order : compare(x->line, y->line);
}

static gint by_functions(gconstpointer a, gconstpointer b, gpointer data)
{
	const struct call *x = *(struct call *const *)a, *y = *(struct call *const *)b;
	const struct writer *w = data;
	int order = compare(w->rank[x->caller.id], w->rank[y->caller.id]);

	return order ? order : compare(w->rank[x->callee.id], w->rank[y->callee.id]);
}

/* --- writing -------------------------------------------------------------------------------------------- */

static void put_text(struct writer *w, const char *text, char blank)
{
	g_autofree char *clean = g_strdup(*text ? text : "???");

	for (char *c = clean; *c; c++)
		if ((guchar)*c < 0x20 || *c == 0x7f || (*c == ' ' && blank != ' '))
			*c = blank == ' ' ? '?' : blank;
	cf_out_puts(w->out, clean);
}

/* "fn=(3) name" the first time, "fn=(3)" from then on. */
static void put_name(struct writer *w, const char *key, uint32_t *number, uint32_t *numbers, const char *text)
{
	gboolean first = !*number;

	if (first)
		*number = ++*numbers;
	cf_out_printf(w->out, "%s=(%u)", key, *number);
	if (first) {
		cf_out_puts(w->out, " ");
		put_text(w, text, ' ');
	}
	cf_out_puts(w->out, "\n");
}

static void put_object(struct writer *w, const char *key, struct cf_func func)
{
	const struct cf_dict *dict = w->trace->dict;
	struct cf_module module = cf_dict_func_info(dict, func).module;
	struct cf_module_info info = cf_dict_module_info(dict, module);
	const char *path = cf_dict_text(dict, info.path);

	/* "[kernel.kallsyms]_text" is no file. */
	put_name(w, key, &w->objects[module.id], &w->n_objects,
		 *path == '/' ? path : cf_dict_text(dict, info.name));
}

static void put_file(struct writer *w, const char *key, struct cf_str file)
{
	put_name(w, key, &w->files[file.id], &w->n_files, cf_dict_text(w->trace->dict, file));
}

static void put_function(struct writer *w, const char *key, struct cf_func func)
{
	const char *name = w->names[func.id] ? w->names[func.id] : cf_dict_func_name(w->trace->dict, func);

	put_name(w, key, &w->funcs[func.id], &w->n_funcs, strcmp(name, "[unresolved]") ? name : "");
}

/* "12 300 0 5": with trailing zeros, which may be left out, but not every reader knows. */
static void put_costs(struct writer *w, uint32_t line, uint32_t at)
{
	const int64_t *costs = &g_array_index(w->costs, int64_t, at);

	cf_out_printf(w->out, "%u", line);
	for (uint32_t i = 0; i < w->n; i++)
		cf_out_printf(w->out, " %" G_GINT64_FORMAT, costs[i]);
	cf_out_puts(w->out, "\n");
}

static gboolean is_zero(const struct writer *w, uint32_t at)
{
	for (uint32_t i = 0; i < w->n; i++)
		if (g_array_index(w->costs, int64_t, at + i))
			return FALSE;
	return TRUE;
}

static void put_call(struct writer *w, const struct call *call)
{
	const struct place *callee = &w->places[call->callee.id];

	put_object(w, "cob", call->callee);
	put_file(w, "cfi", callee->file);
	put_function(w, "cfn", call->callee);
	cf_out_printf(w->out, "calls=%" G_GINT64_FORMAT " %u\n", MAX(call->count, 1), callee->line);
	put_costs(w, w->places[call->caller.id].line, call->at);
}

/* Lines from *line and calls from *call on that are of the function of both or either that comes first. */
static void put_functions(struct writer *w)
{
	guint line = 0, call = 0;

	while (line < w->lines->len || call < w->calls->len) {
		const struct line *l = line < w->lines->len ? g_ptr_array_index(w->lines, line) : NULL;
		const struct call *c = call < w->calls->len ? g_ptr_array_index(w->calls, call) : NULL;
		struct cf_func func =
			!c || (l && w->rank[l->func.id] <= w->rank[c->caller.id]) ? l->func : c->caller;
		struct cf_str file = w->places[func.id].file;

		cf_out_puts(w->out, "\n");
		put_object(w, "ob", func);
		put_file(w, "fl", file);
		put_function(w, "fn", func);
		for (; line < w->lines->len; line++) {
			l = g_ptr_array_index(w->lines, line);
			if (l->func.id != func.id || l->file.id != file.id)
				break;
			put_costs(w, l->line, l->at);
		}
		for (; call < w->calls->len; call++) {
			c = g_ptr_array_index(w->calls, call);
			if (c->caller.id != func.id)
				break;
			put_call(w, c);
		}
		for (; line < w->lines->len; line++) {
			l = g_ptr_array_index(w->lines, line);
			if (l->func.id != func.id)
				break;
			if (is_zero(w, l->at))
				continue;
			if (l->file.id != file.id)
				put_file(w, "fi", l->file);
			file = l->file;
			put_costs(w, l->line, l->at);
		}
	}
}

static const char *event_name(const struct writer *w, uint32_t event)
{
	struct cf_metric metric = w->metrics[event];

	return cf_dict_text(w->trace->dict,
			    g_array_index(w->trace->metrics, struct cf_metric_info, metric.id).name);
}

static void put_header(struct writer *w)
{
	const struct cf_run_meta *meta = &w->trace->meta;
	int32_t pid = 0;

	cf_out_puts(w->out, "# callgrind format\nversion: 1\ncreator: callflow " CF_VERSION "\n");
	for (guint i = 0; i < w->trace->threads->len; i++) {
		int32_t one = g_array_index(w->trace->threads, struct cf_thread_info, i).pid;

		pid = i && one != pid ? 0 : one;
	}
	if (pid > 0)
		cf_out_printf(w->out, "pid: %d\n", pid);
	if ((meta->command && *meta->command) || (meta->name && *meta->name)) {
		cf_out_puts(w->out, "cmd: ");
		put_text(w, meta->command && *meta->command ? meta->command : meta->name, ' ');
		cf_out_puts(w->out, "\n");
	}
	cf_out_puts(w->out, "\npositions: line\nevents:");
	for (uint32_t i = 0; i < w->n; i++) {
		cf_out_puts(w->out, " ");
		put_text(w, event_name(w, i), '_');
	}
	cf_out_puts(w->out, "\n");
}

static void put_sums(struct writer *w, const char *key)
{
	cf_out_puts(w->out, key);
	for (uint32_t event = 0; event < w->n; event++) {
		int64_t sum = 0;

		for (guint i = 0; i < w->lines->len; i++) {
			const struct line *line = g_ptr_array_index(w->lines, i);

			sum = cf_add_sat(sum, g_array_index(w->costs, int64_t, line->at + event));
		}
		cf_out_printf(w->out, " %" G_GINT64_FORMAT, sum);
	}
	cf_out_puts(w->out, "\n");
}

static void find_places(struct writer *w)
{
	w->places = g_new0(struct place, cf_dict_funcs(w->trace->dict));
	for (guint i = 0; i < w->trace->symbols->len; i++) {
		const struct cf_symbol *symbol = &g_array_index(w->trace->symbols, struct cf_symbol, i);

		w->places[symbol->func.id] = (struct place){ symbol->file, symbol->line };
	}
}

static void find_events(struct writer *w, const struct cf_export *export)
{
	w->column = g_new0(uint32_t, MAX(w->trace->metrics->len, 1));
	w->metrics = g_new0(struct cf_metric, MAX(w->trace->metrics->len, 1));
	for (uint32_t m = 0; m < w->trace->metrics->len; m++)
		if (export->all_metrics || m == export->metric.id) {
			w->metrics[w->n] = (struct cf_metric){ m };
			w->column[m] = ++w->n;
		}
}

static void writer_clear(struct writer *w)
{
	g_hash_table_unref(w->line_index);
	g_hash_table_unref(w->call_index);
	g_ptr_array_unref(w->lines);
	g_ptr_array_unref(w->calls);
	g_array_unref(w->costs);
	g_free(w->column);
	g_free(w->metrics);
	g_free(w->places);
	g_free(w->rank);
	g_free(w->names);
	g_clear_pointer(&w->texts, g_string_chunk_free);
	g_free(w->objects);
	g_free(w->files);
	g_free(w->funcs);
}

static void write_all(struct writer *w, const struct cf_export *export)
{
	const struct cf_dict *dict = w->trace->dict;

	find_places(w);
	if (cf_trace_is_call_graph(w->trace))
		gather_graph(w);
	else
		gather_stacks(w, export->all_metrics ? w->trace->stack_costs : export->costs,
			      export->all_metrics);
	w->rank = rank_functions(w);
	shorten_names(w);
	w->objects = g_new0(uint32_t, cf_dict_modules(dict));
	w->files = g_new0(uint32_t, cf_dict_strs(dict));
	w->funcs = g_new0(uint32_t, cf_dict_funcs(dict));
	g_ptr_array_sort_with_data(w->lines, by_function_and_line, w);
	g_ptr_array_sort_with_data(w->calls, by_functions, w);
	put_header(w);
	put_sums(w, "summary:");
	put_functions(w);
	cf_out_puts(w->out, "\n");
	put_sums(w, "totals:");
}

static int write_callgrind(const struct cf_export *export, struct cf_out *out, struct cf_diag *diag)
{
	struct writer w = { .trace = export->trace,
			    .out = out,
			    .lines = g_ptr_array_new_with_free_func(g_free),
			    .calls = g_ptr_array_new_with_free_func(g_free),
			    .line_index = g_hash_table_new(hash_line, is_line),
			    .call_index = g_hash_table_new(hash_call, is_call),
			    .costs = g_array_new(FALSE, TRUE, sizeof(int64_t)) };
	int result = 0;

	find_events(&w, export);
	if (w.n > EVENTS_MAX)
		result = cf_error_as(diag, CF_STATUS_USAGE, NULL,
				     "callgrind takes %d events, the run has %u: choose one with --metric",
				     EVENTS_MAX, w.n);
	else
		write_all(&w, export);
	writer_clear(&w);
	return result;
}

const struct cf_exporter cf_exporter_callgrind = {
	.name = "callgrind",
	.extensions = "callgrind",
	.summary = "functions and calls for KCachegrind and callgrind_annotate",
	.facts = CF_FACTS_LINES,
	.calls = TRUE,
	.write = write_callgrind,
};
