/* SPDX-License-Identifier: MIT */
/* part: what the header of a part of a callgrind profile says, and whether its lines add up to it. */
#include "ingest/callgrind/part.h"

#include "core/sum.h"

void cf_callgrind_part_begin(struct cf_callgrind_part *part)
{
	*part = (struct cf_callgrind_part){ .pid = part->pid, .thread = part->thread };
}

void cf_callgrind_part_add(struct cf_callgrind_part *part, const int64_t *values, uint64_t *capped)
{
	for (unsigned i = 0; i < part->columns; i++)
		if (values[i] &&
		    G_UNLIKELY(__builtin_add_overflow(part->self[i], values[i], &part->self[i]))) {
			part->self[i] = INT64_MAX;
			(*capped)++;
		}
}

/* A sum of nothing but zeros is what writers leave in that don't know it. */
static bool is_stated(const struct cf_callgrind_part *part, const struct cf_callgrind_sums *sums)
{
	for (unsigned i = 0; sums->given && i < part->columns; i++)
		if (sums->values[i])
			return true;
	return false;
}

/* The column in which the sums differ first, or -1. */
static int difference(const struct cf_callgrind_part *part, const struct cf_callgrind_sums *sums)
{
	for (unsigned i = 0; is_stated(part, sums) && i < part->columns; i++)
		if (sums->values[i] != part->self[i])
			return (int)i;
	return -1;
}

static void check(const struct cf_callgrind_part *part, const struct cf_callgrind_events *events,
		  const struct cf_callgrind_sums *sums, const char *what, struct cf_trace *trace,
		  const struct cf_loc *loc, struct cf_diag *diag)
{
	int column = difference(part, sums);
	g_autofree char *key = NULL;
	const char *event;

	if (column < 0)
		return;
	key = g_strconcat(what, "-mismatch", NULL);
	event = g_ptr_array_index(events->names, part->events[column]);
	for (unsigned i = (unsigned)column; i < part->columns; i++) {
		const char *name = g_ptr_array_index(events->names, part->events[i]);

		if (sums->values[i] != part->self[i])
			cf_trace_quality(trace, key, name, 1, 0, NULL,
					 "the cost lines of a part add up to %" G_GINT64_FORMAT
					 ", its line \"%s:\" says %" G_GINT64_FORMAT,
					 part->self[i], what, sums->values[i]);
	}
	cf_warn(diag, loc,
		"the cost lines add up to %" G_GINT64_FORMAT " %s, \"%s:\" says %" G_GINT64_FORMAT
		"; the lines count",
		part->self[column], event, what, sums->values[column]);
}

void cf_callgrind_part_end(const struct cf_callgrind_part *part, const struct cf_callgrind_events *events,
			   const char *program, struct cf_trace *trace, const struct cf_loc *loc,
			   struct cf_diag *diag)
{
	/* Only where threads are kept apart is it known which one it was. */
	struct cf_thread thread =
		cf_trace_thread(trace, part->pid, part->thread, part->thread ? program : "");

	for (unsigned i = 0; i < part->columns; i++) {
		const char *name = g_ptr_array_index(events->names, part->events[i]);
		const struct cf_thread_cost cost = { thread, cf_trace_metric(trace, name, CF_UNIT_COUNT),
						     part->self[i], 0 };

		cf_trace_thread_cost(trace, &cost);
	}
	check(part, events, &part->totals, "totals", trace, loc, diag);
	/* The same numbers again would be the same remark. */
	if (memcmp(part->totals.values, part->summary.values, sizeof(part->totals.values)) != 0)
		check(part, events, &part->summary, "summary", trace, loc, diag);
}

bool cf_callgrind_part_is_cut(const struct cf_callgrind_part *part)
{
	if (part->totals.given || !is_stated(part, &part->summary))
		return false;
	for (unsigned i = 0; i < part->columns; i++)
		if (part->self[i] < part->summary.values[i])
			return true;
	return false;
}
