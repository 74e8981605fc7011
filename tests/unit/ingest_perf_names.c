/* SPDX-License-Identifier: MIT */
/* ingest_perf_names: names of events as perf gives them, programs and command lines of recordings. */
#include "tests/unit/suite.h"

#include "ingest/perf/names.h"

#define ATTR(...)                \
	(struct perf_event_attr) \
	{                        \
		__VA_ARGS__      \
	}

static void expect_event(struct perf_event_attr attr, const char *want)
{
	g_autofree char *name = cf_perf_event_name(&attr);

	ck_assert_str_eq(name, want);
}

/* What perf 6.1 prints for events whose names a file doesn't have. */
START_TEST(events)
{
	expect_event(ATTR(.type = PERF_TYPE_HARDWARE, .config = 0, .exclude_guest = 1), "cycles");
	expect_event(ATTR(.type = PERF_TYPE_HARDWARE, .config = 0), "cycles:HG");
	expect_event(ATTR(.type = PERF_TYPE_HARDWARE, .config = 1, .exclude_kernel = 1, .exclude_hv = 1),
		     "instructions:u");
	expect_event(ATTR(.type = PERF_TYPE_HARDWARE, .config = 3, .exclude_user = 1, .exclude_hv = 1),
		     "cache-misses:k");
	expect_event(ATTR(.type = PERF_TYPE_HARDWARE, .config = 0, .precise_ip = 2), "cycles:pp");
	expect_event(ATTR(.type = PERF_TYPE_HARDWARE, .config = 0, .exclude_guest = 1, .exclude_kernel = 1,
			  .exclude_hv = 1),
		     "cycles:uH");
	expect_event(ATTR(.type = PERF_TYPE_HARDWARE, .config = 77, .exclude_guest = 1), "unknown-hardware");
	expect_event(ATTR(.type = PERF_TYPE_SOFTWARE, .config = 1, .exclude_guest = 1), "task-clock");
	expect_event(ATTR(.type = PERF_TYPE_SOFTWARE, .config = 0), "cpu-clock:HG");
	expect_event(ATTR(.type = PERF_TYPE_HW_CACHE, .config = 0x10000, .exclude_guest = 1),
		     "L1-dcache-load-misses");
	expect_event(ATTR(.type = PERF_TYPE_HW_CACHE, .config = 0x10103, .exclude_guest = 1),
		     "dTLB-store-misses");
	expect_event(ATTR(.type = PERF_TYPE_HW_CACHE, .config = 0xffffff, .exclude_guest = 1),
		     "unknown-ext-hardware-cache-type");
	expect_event(ATTR(.type = PERF_TYPE_RAW, .config = 0x1a8, .exclude_guest = 1), "raw 0x1a8");
	expect_event(ATTR(.type = PERF_TYPE_TRACEPOINT, .config = 47), "tracepoint 0x2f");
	expect_event(ATTR(.type = PERF_TYPE_BREAKPOINT, .bp_addr = 0x4000, .exclude_guest = 1), "mem:0x4000");
}
END_TEST

static void expect_program(const char *line, const char *program)
{
	g_autoptr(GPtrArray) arguments = g_ptr_array_new_with_free_func(g_free);
	g_auto(GStrv) words = g_strsplit(line, " ", -1);
	g_autofree char *found = NULL;

	for (guint i = 0; *line && words[i]; i++)
		g_ptr_array_add(arguments, g_strdup(words[i]));
	found = cf_perf_program(arguments);
	if (program)
		ck_assert_str_eq(found, program);
	else
		ck_assert_ptr_null(found);
}

START_TEST(programs)
{
	expect_program("/usr/bin/perf record -F 999 -g -- ./redis-server --port 1", "redis-server");
	expect_program("perf record ./a.out -p 7", "a.out");
	expect_program("perf record -gF 999 /bin/ls", "ls");
	expect_program("perf record -F999 -e cycles:u /bin/ls", "ls");
	expect_program("perf record -ecycles:u -opath/to/a.data ls", "ls");
	expect_program("perf record --freq 99 --call-graph fp -o x.data --event=cycles ls", "ls");
	expect_program("perf record --call-graph=fp -q -N ls", "ls");
	expect_program("perf --no-pager record -m 4M ls", "ls");
	expect_program("simpleperf record -g sleep 1", "sleep");
	/* Whole machines and running processes: sleep only says how long. */
	expect_program("perf record -a -g -- sleep 10", NULL);
	expect_program("perf record -ag sleep 10", NULL);
	expect_program("perf record --all-cpus sleep 10", NULL);
	expect_program("perf record -p 1234", NULL);
	expect_program("perf record --pid=1234 sleep 3", NULL);
	expect_program("perf record -C 0-3 sleep 3", NULL);
	expect_program("perf record", NULL);
	expect_program("perf record --", NULL);
	expect_program("perf record -F", NULL);
	expect_program("perf", NULL);
	expect_program("", NULL);
}
END_TEST

START_TEST(command_lines)
{
	g_autoptr(GPtrArray) arguments = g_ptr_array_new();
	g_autofree char *line = NULL;

	ck_assert_ptr_null(cf_perf_command_line(arguments));
	g_ptr_array_add(arguments, "perf");
	g_ptr_array_add(arguments, "sh");
	g_ptr_array_add(arguments, "it's $x");
	g_ptr_array_add(arguments, "");
	line = cf_perf_command_line(arguments);
	ck_assert_str_eq(line, "perf sh 'it'\\''s $x' ''");
}
END_TEST

Suite *suite(void)
{
	Suite *s = suite_create("ingest_perf_names");
	TCase *t = tcase_create("names");

	tcase_add_test(t, events);
	tcase_add_test(t, programs);
	tcase_add_test(t, command_lines);
	suite_add_tcase(s, t);
	return s;
}
