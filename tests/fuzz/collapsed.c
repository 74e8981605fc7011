/* SPDX-License-Identifier: MIT */
/* collapsed: feeds arbitrary bytes to the importer of collapsed stacks. */
#include "ingest/format.h"

extern const struct cf_format cf_format_collapsed;

static void drop(void *ctx, enum cf_severity severity, const struct cf_loc *loc, const char *text)
{
	(void)ctx, (void)severity, (void)loc, (void)text;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cf_input input = { .path = "fuzz", .bytes = { data, size } };
	struct cf_diag diag = { .consume = drop };
	struct cf_trace *trace = cf_trace_new();
	const char *why = NULL;
	int status;

	cf_format_collapsed.probe(&input, &why);
	status = cf_format_collapsed.read(&input, NULL, trace, &diag);
	g_assert((status == 0) == (diag.errors == 0));
	if (status == 0) {
		g_array_unref(cf_trace_func_costs(trace));
		g_array_unref(cf_trace_edge_costs(trace));
	}
	cf_trace_free(trace);
	return 0;
}
