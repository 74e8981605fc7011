/* SPDX-License-Identifier: MIT */
/* format: feeds arbitrary bytes to the importer that $CF_FUZZ_FORMAT names. */
#include "core/unfold.h"
#include "ingest/format.h"

static const struct cf_format *format;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	const char *name = g_getenv("CF_FUZZ_FORMAT");

	(void)argc, (void)argv;
	format = name ? cf_format_by_name(name) : NULL;
	if (!format)
		g_error("CF_FUZZ_FORMAT: expected the name of a format");
	return 0;
}

static void drop(void *ctx, enum cf_severity severity, const struct cf_loc *loc, const char *text)
{
	(void)ctx, (void)severity, (void)loc, (void)text;
}

static void probe(const struct cf_input *input)
{
	struct cf_json_shape *shape = cf_json_shape_new(input->bytes);
	struct cf_input probed = *input;
	const char *why = NULL;

	probed.json = shape;
	g_assert(format->probe(&probed, &why) > CF_BID_NEAR || why);
	cf_json_shape_free(shape);
}

static void read_once(const struct cf_input *input, gboolean partial)
{
	const struct cf_param *tables[] = { cf_format_common_params, format->params, NULL };
	struct cf_diag diag = { .consume = drop };
	struct cf_params *params = cf_params_new(tables);
	struct cf_trace *trace = cf_trace_new();
	int status;

	if (partial)
		g_assert(cf_params_set(params, "partial", "true", NULL, &diag) == 0);
	/* Symbols are looked up where no program is: what the machine has installed must not matter. */
	if (cf_params_has(params, "symfs"))
		g_assert(cf_params_set(params, "symfs", "/proc/sys", NULL, &diag) == 0);
	status = format->read(input, params, trace, &diag);
	g_assert((status == 0) == (diag.errors == 0));
	if (status == 0) {
		g_array_unref(cf_trace_func_costs(trace));
		g_array_unref(cf_trace_edge_costs(trace));
		g_array_unref(cf_trace_operations(trace));
		if (cf_trace_is_call_graph(trace))
			cf_unfold(trace, (struct cf_metric){ 0 }, CF_UNFOLD_LEAST);
	}
	cf_trace_free(trace);
	cf_params_free(params);
}

/* The history of a repository. Of a bundle, its header: what is behind it is read in a process of its own. */
static void read_history(const struct cf_input *input)
{
	const struct cf_param *tables[] = { cf_format_common_params, format->params, NULL };
	struct cf_diag diag = { .consume = drop };
	struct cf_params *params = cf_params_new(tables);
	struct cf_history *history = cf_history_new();
	struct cf_history_look look = { 0 };
	int status = format->history->look(input, params, &look, &diag);

	if (status == 0 && strcmp(format->name, "git") != 0)
		status = format->history->read(input, params, NULL, history, &diag);
	g_assert((status == 0) == (diag.errors == 0));
	cf_history_look_clear(&look);
	cf_history_free(history);
	cf_params_free(params);
}

/* Once strictly and once keeping what is whole. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cf_input input = { .path = "fuzz", .bytes = { data, size }, .mtime_ns = 1 };

	probe(&input);
	if (format->history) {
		read_history(&input);
		return 0;
	}
	read_once(&input, FALSE);
	read_once(&input, TRUE);
	return 0;
}
