/* SPDX-License-Identifier: MIT */
/* perf_map: functions that a just-in-time compiler wrote down in /tmp/perf-PID.map. */
#include "ingest/perf/perf_map.h"

#include <string.h>

static const char *hex(const char *p, const char *end, uint64_t *out)
{
	const char *start = p;

	if (end - p > 2 && p[0] == '0' && (p[1] == 'x' || p[1] == 'X'))
		start = p += 2;
	for (*out = 0; p < end && p - start < 16 && g_ascii_isxdigit(*p); p++)
		*out = *out << 4 | (unsigned)g_ascii_xdigit_value(*p);
	return p > start && p < end && *p == ' ' ? p + 1 : NULL;
}

/* Later lines win where code was replaced: they are later in the table, which keeps their order. */
void cf_perf_map_symbols(struct cf_slice text, struct cf_symbol_table *table)
{
	const char *p = (const char *)text.data, *end = p + text.len;

	while (p < end) {
		const char *newline = memchr(p, '\n', (size_t)(end - p));
		const char *stop = newline ? newline : end;
		uint64_t start, size;
		const char *name = hex(p, stop, &start);

		if (name)
			name = hex(name, stop, &size);
		if (name && stop > name && stop[-1] == '\r')
			stop--;
		if (name && stop > name && size)
			cf_symbol_table_add(table, start, size, CF_BINDING_GLOBAL, name,
					    (uint32_t)MIN(stop - name, 64 * 1024));
		p = newline ? newline + 1 : end;
	}
	cf_symbol_table_seal(table);
}
