/* SPDX-License-Identifier: MIT */
/* loaded: traces of runs, kept from one analysis of a document to the next. */
#include "analyzers/loaded.h"

#include <string.h>

static void measure(const struct cf_trace *trace, uint32_t size[5])
{
	size[0] = cf_dict_strs(trace->dict);
	size[1] = cf_dict_funcs(trace->dict);
	size[2] = cf_dict_stacks(trace->dict);
	size[3] = trace->stack_costs->len;
	size[4] = trace->quality->len;
}

static void trace_clear(struct cf_loaded_trace *trace)
{
	g_clear_pointer(&trace->trace, cf_trace_free);
	g_clear_pointer(&trace->runs, g_array_unref);
	*trace = (struct cf_loaded_trace){ 0 };
}

static gboolean is_of(const struct cf_loaded_trace *trace, const GArray *runs, unsigned facts)
{
	return trace->trace && trace->facts == facts && trace->runs->len == runs->len &&
	       memcmp(trace->runs->data, runs->data, runs->len * sizeof(int64_t)) == 0;
}

int cf_loaded_take(struct cf_loaded *loaded, struct cf_loaded_trace *trace, struct cf_store *store,
		   const struct cf_run_set *set, unsigned facts, struct cf_diag *diag)
{
	*trace = (struct cf_loaded_trace){ .runs = g_array_new(FALSE, FALSE, sizeof(int64_t)),
					   .facts = facts };
	for (guint i = 0; i < set->runs->len; i++)
		g_array_append_val(trace->runs, ((struct cf_run *)g_ptr_array_index(set->runs, i))->id);
	for (guint i = 0; loaded && i < CF_LOADED_TRACES; i++)
		if (is_of(&loaded->traces[i], trace->runs, facts)) {
			g_array_unref(trace->runs);
			*trace = loaded->traces[i];
			loaded->traces[i] = (struct cf_loaded_trace){ 0 };
			return 0;
		}
	trace->trace = cf_trace_new();
	if (cf_store_load_set(store, set, facts, trace->trace, diag)) {
		trace_clear(trace);
		return -1;
	}
	measure(trace->trace, trace->size);
	return 0;
}

void cf_loaded_give(struct cf_loaded *loaded, struct cf_loaded_trace *trace)
{
	struct cf_loaded_trace last;
	uint32_t size[5];

	if (!trace->trace)
		return;
	measure(trace->trace, size);
	if (!loaded || memcmp(size, trace->size, sizeof(size)) != 0) {
		trace_clear(trace);
		return;
	}
	last = loaded->traces[CF_LOADED_TRACES - 1];
	memmove(loaded->traces + 1, loaded->traces, (CF_LOADED_TRACES - 1) * sizeof(last));
	loaded->traces[0] = *trace;
	*trace = (struct cf_loaded_trace){ 0 };
	trace_clear(&last);
}

void cf_loaded_clear(struct cf_loaded *loaded)
{
	for (guint i = 0; i < CF_LOADED_TRACES; i++)
		trace_clear(&loaded->traces[i]);
}
