/* SPDX-License-Identifier: MIT */
/* trace_points: gathers measurements in named series. */
#include "core/trace_index.h"

#include <math.h>

struct cf_series cf_trace_series(struct cf_trace *trace, const char *name, const char *unit,
				 const char *better, const char *x)
{
	struct cf_table *index = &trace->index->series;
	struct cf_series_info info = { cf_dict_str(trace->dict, name ? name : "", -1),
				       cf_dict_str(trace->dict, unit ? unit : "", -1),
				       cf_dict_str(trace->dict, better ? better : "", -1),
				       cf_dict_str(trace->dict, x ? x : "", -1) };
	uint32_t hash = cf_hash(((uint64_t)info.name.id << 32) | info.unit.id,
				((uint64_t)info.better.id << 32) | info.x.id);
	uint32_t pos = hash, id;

	while ((id = cf_table_next(index, hash, &pos)) != 0) {
		const struct cf_series_info *s = &g_array_index(trace->series, struct cf_series_info, id - 1);

		if (s->name.id == info.name.id && s->unit.id == info.unit.id &&
		    s->better.id == info.better.id && s->x.id == info.x.id)
			return (struct cf_series){ id - 1 };
	}
	g_array_append_val(trace->series, info);
	cf_table_add(index, hash, trace->series->len);
	return (struct cf_series){ trace->series->len - 1 };
}

void cf_trace_point(struct cf_trace *trace, struct cf_series series, double x, double value)
{
	struct cf_point point = { series, x, value };

	g_assert(series.id < trace->series->len);
	if (!isfinite(value) || (!isnan(x) && !isfinite(x))) {
		const struct cf_series_info *info =
			&g_array_index(trace->series, struct cf_series_info, series.id);

		cf_trace_quality(trace, "not-finite", cf_dict_text(trace->dict, info->name), 1, 0, NULL,
				 "values that are no finite numbers were left out");
		return;
	}
	g_array_append_val(trace->points, point);
}
