/* SPDX-License-Identifier: MIT */
/* trace_moments: when samples were taken, as many as a timeline needs. */
#include "core/trace_index.h"

/* Every second one goes, so that what is left is as evenly spread as it was. */
static void thin_out(struct cf_trace *trace)
{
	guint kept = 0;

	for (guint i = 0; i < trace->moments->len; i += 2)
		g_array_index(trace->moments, struct cf_sample, kept++) =
			g_array_index(trace->moments, struct cf_sample, i);
	g_array_set_size(trace->moments, kept);
	trace->moment_step *= 2;
}

void cf_trace_keep_moment(struct cf_trace *trace, const struct cf_sample *sample)
{
	/* A power of two: a division for each sample would take as long as the rest of it. */
	if (trace->timed++ & (trace->moment_step - 1))
		return;
	if (trace->moments->len == CF_MOMENTS_MAX) {
		thin_out(trace);
		if ((trace->timed - 1) & (trace->moment_step - 1))
			return;
	}
	g_array_append_vals(trace->moments, sample, 1);
}
