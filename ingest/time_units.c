/* SPDX-License-Identifier: MIT */
/* time_units: units of time as tools write them, and local times. */
#include "ingest/time_units.h"

bool cf_time_unit_ns(struct cf_slice unit, double *ns)
{
	static const struct {
		const char *name;
		double ns;
	} units[] = { { "ns", 1 },        { "nanoseconds", 1 },    { "us", 1e3 },   { "\u00b5s", 1e3 },
		      { "\u03bcs", 1e3 }, { "microseconds", 1e3 }, { "ms", 1e6 },   { "milliseconds", 1e6 },
		      { "s", 1e9 },       { "sec", 1e9 },          { "secs", 1e9 }, { "second", 1e9 },
		      { "seconds", 1e9 }, { "m", 60e9 },           { "min", 60e9 }, { "minutes", 60e9 },
		      { "h", 3600e9 },    { "hours", 3600e9 } };

	for (size_t i = 0; i < G_N_ELEMENTS(units); i++)
		if (unit.len == strlen(units[i].name) && !memcmp(unit.data, units[i].name, unit.len)) {
			*ns = units[i].ns;
			return true;
		}
	return false;
}

/* An offset at the end: "Z", "+01:00" or "+0100"; a colon is put into the last. */
static bool has_offset(GString *text)
{
	gsize n = text->len;
	const char *s = text->str;

	if (n && (s[n - 1] == 'Z' || s[n - 1] == 'z')) {
		text->str[n - 1] = 'Z';
		return true;
	}
	if (n > 6 && (s[n - 6] == '+' || s[n - 6] == '-') && s[n - 3] == ':')
		return true;
	if (n > 5 && (s[n - 5] == '+' || s[n - 5] == '-') && strspn(s + n - 4, "0123456789") == 4 &&
	    strchr(s, ':')) {
		g_string_insert_c(text, (gssize)n - 2, ':');
		return true;
	}
	return false;
}

bool cf_start_from_text(struct cf_trace *trace, const char *text)
{
	g_autoptr(GString) copy = g_string_new(text);
	bool offset;
	int64_t ns;

	if (copy->len > 10 && copy->str[10] == ' ')
		copy->str[10] = 'T';
	offset = has_offset(copy);
	if (!cf_time_parse(copy->str, &ns))
		return false;
	trace->meta.start_ns = ns;
	trace->meta.start_source = CF_START_INPUT;
	if (!offset)
		cf_trace_quality(trace, "start-without-zone", NULL, 0, 0, "--time sets it",
				 "the start has no time zone and was taken as UTC");
	return true;
}
