/* SPDX-License-Identifier: MIT */
/* perf: feeds arbitrary bytes to the perf.data importer. */
#include "ingest/format.h"

extern const struct cf_format cf_format_perf;

static void drop(void *ctx, enum cf_severity severity, const struct cf_loc *loc, const char *text)
{
	(void)ctx, (void)severity, (void)loc, (void)text;
}

/* Symbols are looked up where no program is: what the machine has installed must not matter. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const arguments[] = { "fuzz", "--symfs=/proc/sys", "--partial" };
	const struct cf_param *tables[] = { cf_format_perf.params, cf_format_common_params, NULL };
	struct cf_input input = { .path = "fuzz", .bytes = { data, size }, .mtime_ns = 1 };

	/* Once strictly and once keeping what is whole. */
	for (int argc = 2; argc <= 3; argc++) {
		struct cf_diag diag = { .consume = drop };
		struct cf_params *params = cf_params_new(tables);
		struct cf_trace *trace = cf_trace_new();
		g_autoptr(GPtrArray) operands = g_ptr_array_new();
		int status;

		g_assert(cf_params_parse(params, argc, (char **)arguments, operands, &diag) == 0);
		status = cf_format_perf.read(&input, params, trace, &diag);
		g_assert((status == 0) == (diag.errors == 0));
		if (status == 0) {
			g_array_unref(cf_trace_func_costs(trace));
			g_array_unref(cf_trace_edge_costs(trace));
		}
		cf_trace_free(trace);
		cf_params_free(params);
	}
	return 0;
}
