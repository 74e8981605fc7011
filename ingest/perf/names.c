/* SPDX-License-Identifier: MIT */
/* names: names events by their attributes, programs by the command line that recorded them. */
#include "ingest/perf/names.h"

#include <stdint.h>
#include <string.h>

static const char *const hardware[] = {
	"cycles",        "instructions", "cache-references",        "cache-misses",           "branches",
	"branch-misses", "bus-cycles",   "stalled-cycles-frontend", "stalled-cycles-backend", "ref-cycles"
};
static const char *const software[] = {
	"cpu-clock",        "task-clock",   "page-faults",  "context-switches",
	"cpu-migrations",   "minor-faults", "major-faults", "alignment-faults",
	"emulation-faults", "dummy",        "bpf-output",   "cgroup-switches"
};
static const char *const caches[] = { "L1-dcache", "L1-icache", "LLC", "dTLB", "iTLB", "branch", "node" };
static const char *const cache_ops[][2] = { { "loads", "load-misses" },
					    { "stores", "store-misses" },
					    { "prefetches", "prefetch-misses" } };

/* ":u" and the like: which privilege levels and how precise, when not the default. */
static void append_modifiers(GString *name, const struct perf_event_attr *attr)
{
	g_autoptr(GString) modifiers = g_string_new(NULL);
	gboolean guest_default = FALSE;

	if (attr->exclude_kernel || attr->exclude_user || attr->exclude_hv) {
		if (!attr->exclude_kernel)
			g_string_append_c(modifiers, 'k');
		if (!attr->exclude_user)
			g_string_append_c(modifiers, 'u');
		if (!attr->exclude_hv)
			g_string_append_c(modifiers, 'h');
		guest_default = TRUE;
	}
	if (attr->precise_ip) {
		g_string_append_len(modifiers, "ppp", attr->precise_ip);
		guest_default = TRUE;
	}
	if (attr->exclude_host || attr->exclude_guest == guest_default) {
		if (!attr->exclude_host)
			g_string_append_c(modifiers, 'H');
		if (!attr->exclude_guest)
			g_string_append_c(modifiers, 'G');
	}
	if (modifiers->len > 0)
		g_string_append_printf(name, ":%s", modifiers->str);
}

static void append_cache(GString *name, uint64_t config)
{
	unsigned cache = config & 0xff, op = config >> 8 & 0xff, result = config >> 16 & 0xff;

	if (cache < G_N_ELEMENTS(caches) && op < G_N_ELEMENTS(cache_ops) && result < 2)
		g_string_append_printf(name, "%s-%s", caches[cache], cache_ops[op][result]);
	else
		g_string_append(name, "unknown-ext-hardware-cache-type");
}

char *cf_perf_event_name(const struct perf_event_attr *attr)
{
	GString *name = g_string_new(NULL);

	switch (attr->type) {
	case PERF_TYPE_HARDWARE:
		/* The upper half names a processor kind on hybrid machines. */
		if ((uint32_t)attr->config < G_N_ELEMENTS(hardware))
			g_string_append(name, hardware[(uint32_t)attr->config]);
		else
			g_string_append(name, "unknown-hardware");
		break;
	case PERF_TYPE_SOFTWARE:
		if (attr->config < G_N_ELEMENTS(software))
			g_string_append(name, software[attr->config]);
		else
			g_string_append(name, "unknown-software");
		break;
	case PERF_TYPE_HW_CACHE:
		append_cache(name, attr->config);
		break;
	case PERF_TYPE_TRACEPOINT:
		g_string_append_printf(name, "tracepoint 0x%" G_GINT64_MODIFIER "x", (guint64)attr->config);
		return g_string_free(name, FALSE);
	case PERF_TYPE_BREAKPOINT:
		g_string_append_printf(name, "mem:0x%" G_GINT64_MODIFIER "x", (guint64)attr->bp_addr);
		break;
	default:
		g_string_append_printf(name, "raw 0x%" G_GINT64_MODIFIER "x", (guint64)attr->config);
		break;
	}
	append_modifiers(name, attr);
	return g_string_free(name, FALSE);
}

/* Options of `perf record` that take the next argument as their value, by their short and long names. */
static const char short_with_value[] = "eFcoptruCmGDkj";
static const char *const long_with_value[] = { "event",
					       "filter",
					       "pid",
					       "tid",
					       "realtime",
					       "count",
					       "output",
					       "freq",
					       "mmap-pages",
					       "call-graph",
					       "cgroup",
					       "delay",
					       "uid",
					       "branch-filter",
					       "clockid",
					       "control",
					       "max-size",
					       "proc-map-timeout",
					       "affinity",
					       "comp-level",
					       "switch-max-files",
					       "cpu",
					       "synth",
					       "num-thread-synthesize",
					       "vmlinux",
					       "debuginfod",
					       "mmap-flush",
					       "off-cpu-thresh",
					       "duration" };

static gboolean takes_value(const char *option)
{
	size_t n = strlen(option);

	if (option[1] == '-') {
		for (size_t i = 0; i < G_N_ELEMENTS(long_with_value); i++)
			if (!strcmp(option + 2, long_with_value[i]))
				return TRUE;
		return FALSE;
	}
	/* In a cluster of flags the last one may take a value; what follows an option's letter is its value.
	 */
	for (size_t i = 1; i < n; i++)
		if (strchr(short_with_value, option[i]))
			return i == n - 1;
	return FALSE;
}

/* -a, -p, -t, -C, -u: the processes recorded aren't those of the program named last, if any. */
static gboolean records_others(const char *option)
{
	static const char *const others[] = { "all-cpus", "pid", "tid", "uid", "cpu", "cgroup" };

	if (option[1] != '-') {
		/* What follows a letter that takes a value is that value. */
		for (const char *p = option + 1; *p; p++)
			if (strchr("aptCuG", *p))
				return TRUE;
			else if (strchr(short_with_value, *p))
				return FALSE;
		return FALSE;
	}
	for (size_t i = 0; i < G_N_ELEMENTS(others); i++) {
		size_t n = strlen(others[i]);

		if (!strncmp(option + 2, others[i], n) && (!option[2 + n] || option[2 + n] == '='))
			return TRUE;
	}
	return FALSE;
}

char *cf_perf_program(const GPtrArray *arguments)
{
	guint i = 1;

	/* perf's own options and its subcommand */
	while (i < arguments->len && strcmp(g_ptr_array_index(arguments, i), "record") != 0)
		i++;
	for (i++; i < arguments->len; i++) {
		const char *argument = g_ptr_array_index(arguments, i);

		if (argument[0] != '-')
			return *argument ? g_path_get_basename(argument) : NULL;
		if (!strcmp(argument, "--"))
			return i + 1 < arguments->len
				       ? g_path_get_basename(g_ptr_array_index(arguments, i + 1))
				       : NULL;
		if (records_others(argument))
			return NULL;
		if (takes_value(argument))
			i++;
	}
	return NULL;
}

char *cf_perf_command_line(const GPtrArray *arguments)
{
	GString *line;

	if (arguments->len == 0)
		return NULL;
	line = g_string_new(NULL);
	for (guint i = 0; i < arguments->len; i++) {
		const char *argument = g_ptr_array_index(arguments, i);

		if (i > 0)
			g_string_append_c(line, ' ');
		if (*argument && !strpbrk(argument, " \t\n'\"\\$`;&|<>()*?[]#~!{}")) {
			g_string_append(line, argument);
		} else {
			g_autofree char *quoted = g_shell_quote(argument);

			g_string_append(line, quoted);
		}
	}
	return g_string_free(line, FALSE);
}
