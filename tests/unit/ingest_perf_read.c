/* SPDX-License-Identifier: MIT */
/* ingest_perf_read: small perf.data files, built field by field, and what they say. */
#include "tests/unit/suite.h"

#include "ingest/perf/records.h"
#include "tests/unit/perf_file.h"

static struct builder b;

#define SAMPLE_TYPE \
	(PERF_SAMPLE_IP | PERF_SAMPLE_TID | PERF_SAMPLE_TIME | PERF_SAMPLE_CALLCHAIN | PERF_SAMPLE_PERIOD)
#define KERNEL ((uint64_t)PERF_CONTEXT_KERNEL)
#define USER ((uint64_t)PERF_CONTEXT_USER)

static struct perf_event_attr clock_attr(void)
{
	return (struct perf_event_attr){ .type = PERF_TYPE_SOFTWARE,
					 .config = PERF_COUNT_SW_CPU_CLOCK,
					 .sample_type = SAMPLE_TYPE,
					 .sample_period = 1000,
					 .exclude_guest = 1,
					 .sample_id_all = 1 };
}

static void setup(void)
{
	builder_init(&b);
}

static void teardown(void)
{
	builder_release(&b);
}

/* The trailer that sample_id_all adds for SAMPLE_TYPE. */
static void trailer(uint32_t pid, uint32_t tid, uint64_t time)
{
	put_u32(b.records, pid);
	put_u32(b.records, tid);
	put_u64(b.records, time);
}

static void add_comm(uint32_t pid, uint32_t tid, const char *comm, gboolean exec, uint64_t time)
{
	guint at = begin_record(&b, PERF_RECORD_COMM, exec ? PERF_RECORD_MISC_COMM_EXEC : 0);

	put_u32(b.records, pid);
	put_u32(b.records, tid);
	put_padded(b.records, comm);
	trailer(pid, tid, time);
	end_record(&b, at);
}

static void add_map(uint32_t pid, uint64_t start, uint64_t size, const char *path, uint64_t time)
{
	guint at = begin_record(&b, PERF_RECORD_MMAP,
				pid == G_MAXUINT32 ? PERF_RECORD_MISC_KERNEL : PERF_RECORD_MISC_USER);

	put_u32(b.records, pid);
	put_u32(b.records, pid);
	put_u64(b.records, start);
	put_u64(b.records, size);
	put_u64(b.records, 0);
	put_padded(b.records, path);
	trailer(pid, pid, time);
	end_record(&b, at);
}

static void add_task(uint32_t type, uint32_t pid, uint32_t ppid, uint32_t tid, uint32_t ptid, uint64_t time)
{
	guint at = begin_record(&b, type, 0);

	put_u32(b.records, pid);
	put_u32(b.records, ppid);
	put_u32(b.records, tid);
	put_u32(b.records, ptid);
	put_u64(b.records, time);
	trailer(pid, tid, time);
	end_record(&b, at);
}

static void add_sample(uint16_t mode, uint64_t ip, uint32_t pid, uint32_t tid, uint64_t time, uint64_t period,
		       const uint64_t *chain, guint n)
{
	guint at = begin_record(&b, PERF_RECORD_SAMPLE, mode);

	put_u64(b.records, ip);
	put_u32(b.records, pid);
	put_u32(b.records, tid);
	put_u64(b.records, time);
	put_u64(b.records, period);
	put_u64(b.records, n);
	for (guint i = 0; i < n; i++)
		put_u64(b.records, chain[i]);
	end_record(&b, at);
}

#define CHAIN(...)                         \
	(const uint64_t[]){ __VA_ARGS__ }, \
		(guint)(sizeof((const uint64_t[]){ __VA_ARGS__ }) / sizeof(uint64_t))

static void add_round(void)
{
	end_record(&b, begin_record(&b, 68, 0));
}

/* "comm metric weight/count module;module;module" of each stack cost, in order. */
static char *costs(const struct cf_trace *trace)
{
	GString *out = g_string_new(NULL);

	for (guint i = 0; i < trace->stack_costs->len; i++) {
		const struct cf_stack_cost *c = &g_array_index(trace->stack_costs, struct cf_stack_cost, i);
		const struct cf_metric_info *m =
			&g_array_index(trace->metrics, struct cf_metric_info, c->metric.id);
		GString *frames = g_string_new(NULL);

		for (struct cf_stack s = c->stack; s.id; s = cf_dict_stack_info(trace->dict, s).caller) {
			const char *module =
				cf_dict_func_module(trace->dict, cf_dict_stack_info(trace->dict, s).func);

			g_string_prepend(frames, module);
			g_string_prepend_c(frames, ';');
		}
		g_string_append_printf(
			out, "%s %s %" G_GINT64_FORMAT "/%" G_GINT64_FORMAT " %s\n",
			cf_dict_text(trace->dict, g_array_index(trace->groups, struct cf_str, c->group.id)),
			cf_dict_text(trace->dict, m->name), c->weight, c->count,
			frames->len ? frames->str + 1 : "");
		g_string_free(frames, TRUE);
	}
	return g_string_free(out, FALSE);
}

static void expect(const char *want)
{
	struct result r = read_built(&b);
	g_autofree char *got = costs(r.trace);

	ck_assert_str_eq(r.messages->str, "");
	ck_assert_int_eq(r.rc, 0);
	ck_assert_str_eq(got, want);
	result_clear(&r);
}

static const struct cf_quality *quality(const struct cf_trace *trace, const char *key)
{
	for (guint i = 0; i < trace->quality->len; i++)
		if (!strcmp(g_array_index(trace->quality, struct cf_quality, i).key, key))
			return &g_array_index(trace->quality, struct cf_quality, i);
	return NULL;
}

/* --- stacks --------------------------------------------------------------------------------------------- */

static void two_modules(void)
{
	add_event(&b, clock_attr(), 0);
	add_map(G_MAXUINT32, 0xffffffff81000000, 0x1000000, "[kernel.kallsyms]_text", 0);
	add_comm(7, 7, "app", FALSE, 0);
	add_map(7, 0x1000, 0x1000, "/bin/app", 0);
	add_map(7, 0x2000, 0x1000, "/lib/lib.so", 0);
}

START_TEST(return_addresses_are_one_late)
{
	two_modules();
	/* The leaf is where it says; a return to the first byte of lib.so was called from app's last. */
	add_sample(PERF_RECORD_MISC_USER, 0x2000, 7, 7, 10, 3, CHAIN(USER, 0x2000, 0x2000, 0x3000));
	expect("app cpu-clock 3/1 lib.so;app;lib.so\n");
}
END_TEST

START_TEST(kernel_and_user)
{
	two_modules();
	/* After a marker the first address is exact again. */
	add_sample(PERF_RECORD_MISC_KERNEL, 0xffffffff81000000, 7, 7, 10, 3,
		   CHAIN(KERNEL, 0xffffffff81000000, 0xffffffff81000100, USER, 0x2000, 0x1100));
	expect("app cpu-clock 3/1 app;lib.so;[kernel];[kernel]\n");
}
END_TEST

START_TEST(leaf_not_in_the_chain)
{
	two_modules();
	/* exclude_callchain_kernel: the chain has the user's part only. */
	add_sample(PERF_RECORD_MISC_KERNEL, 0xffffffff81000000, 7, 7, 10, 3, CHAIN(USER, 0x2000, 0x1100));
	/* exclude_callchain_user: none at all. */
	add_sample(PERF_RECORD_MISC_USER, 0x1500, 7, 7, 11, 4, NULL, 0);
	/* Markers alone. */
	add_sample(PERF_RECORD_MISC_USER, 0x2500, 7, 7, 12, 5, CHAIN(USER));
	/* The sample's own address counts where the processor says it more precisely than the chain. */
	add_sample(PERF_RECORD_MISC_USER, 0x2500, 7, 7, 13, 6, CHAIN(USER, 0x1200, 0x1300));
	expect("app cpu-clock 3/1 app;lib.so;[kernel]\n"
	       "app cpu-clock 4/1 app\n"
	       "app cpu-clock 5/1 lib.so\n"
	       "app cpu-clock 6/1 app;lib.so\n");
}
END_TEST

START_TEST(addresses_outside)
{
	two_modules();
	add_sample(PERF_RECORD_MISC_USER, 0x9000, 7, 7, 10, 1, CHAIN(USER, 0x9000, 0x1100, 0, 0x10));
	add_sample(PERF_RECORD_MISC_HYPERVISOR, 0x1000, 7, 7, 11, 1, NULL, 0);
	add_sample(PERF_RECORD_MISC_KERNEL, 0xffffffffc0000000, 7, 7, 12, 1, NULL, 0);
	expect("app cpu-clock 1/1 [unknown];[unknown];app;[unknown]\n"
	       "app cpu-clock 2/2 [unknown]\n");
}
END_TEST

START_TEST(unknown_markers)
{
	struct result r;
	g_autofree char *got = NULL;

	two_modules();
	/* What follows a marker that isn't known may be no address; the next known one ends that. */
	add_sample(PERF_RECORD_MISC_USER, 0x1000, 7, 7, 10, 1,
		   CHAIN(USER, 0x1000, (uint64_t)-640, 0x1500, 0x1600, USER, 0x2000));
	/* Samples are counted, as often as the chain is there. */
	add_sample(PERF_RECORD_MISC_USER, 0x1000, 7, 7, 11, 1,
		   CHAIN(USER, 0x1000, (uint64_t)-640, 0x1500, 0x1600, USER, 0x2000));
	add_sample(PERF_RECORD_MISC_USER, 0x1000, 7, 7, 12, 1, CHAIN(USER, 0x1000, 0x2000));
	add_sample(PERF_RECORD_MISC_USER, 0x1000, 7, 7, 13, 1, CHAIN(USER, 0x1000, (uint64_t)-1));
	r = read_built(&b);
	got = costs(r.trace);
	ck_assert_str_eq(got,
			 "app cpu-clock 2/2 lib.so;app\napp cpu-clock 1/1 app;app\napp cpu-clock 1/1 app\n");
	ck_assert_int_eq(quality(r.trace, "unknown-frames")->count, 2);
	ck_assert(g_str_has_prefix(quality(r.trace, "unknown-frames")->text,
				   "the call chains of 2 samples (50.00 %) lack callers: "));
	result_clear(&r);
}
END_TEST

START_TEST(repeated_chains)
{
	two_modules();
	/* More than the caches hold, twice, with two kinds of leaves. */
	for (unsigned round = 0; round < 2; round++)
		for (unsigned i = 0; i < 3000; i++)
			add_sample(PERF_RECORD_MISC_USER, i % 2 ? 0x1000 : 0x2000, 7, 7,
				   10 + round * 3000 + i, 1,
				   CHAIN(USER, i % 2 ? 0x1000 : 0x2000, 0x1001 + i % 0x800, 0x1001 + i / 7));
	expect("app cpu-clock 3000/3000 app;app;lib.so\n"
	       "app cpu-clock 3000/3000 app;app;app\n");
}
END_TEST

/* --- address spaces ------------------------------------------------------------------------------------- */

START_TEST(maps_cover_maps)
{
	two_modules();
	add_map(7, 0x1400, 0x1000, "/lib/new.so", 20);
	add_sample(PERF_RECORD_MISC_USER, 0x13ff, 7, 7, 30, 1, NULL, 0);
	add_sample(PERF_RECORD_MISC_USER, 0x1400, 7, 7, 31, 1, NULL, 0);
	add_sample(PERF_RECORD_MISC_USER, 0x23ff, 7, 7, 32, 1, NULL, 0);
	add_sample(PERF_RECORD_MISC_USER, 0x2400, 7, 7, 33, 1, NULL, 0);
	add_map(7, 0x1500, 0x10, "/lib/hole.so", 40);
	add_sample(PERF_RECORD_MISC_USER, 0x14ff, 7, 7, 50, 10, NULL, 0);
	add_sample(PERF_RECORD_MISC_USER, 0x1500, 7, 7, 51, 10, NULL, 0);
	add_sample(PERF_RECORD_MISC_USER, 0x1510, 7, 7, 52, 10, NULL, 0);
	expect("app cpu-clock 1/1 app\n"
	       "app cpu-clock 22/4 new.so\n"
	       "app cpu-clock 1/1 lib.so\n"
	       "app cpu-clock 10/1 hole.so\n");
}
END_TEST

START_TEST(maps_change_answers)
{
	two_modules();
	add_sample(PERF_RECORD_MISC_USER, 0x5000, 7, 7, 10, 1, CHAIN(USER, 0x5000, 0x1100));
	add_map(7, 0x5000, 0x1000, "/lib/late.so", 20);
	add_sample(PERF_RECORD_MISC_USER, 0x5000, 7, 7, 30, 1, CHAIN(USER, 0x5000, 0x1100));
	add_map(7, 0x1000, 0x1000, "/bin/other", 40);
	add_sample(PERF_RECORD_MISC_USER, 0x5000, 7, 7, 50, 1, CHAIN(USER, 0x5000, 0x1100));
	expect("app cpu-clock 1/1 app;[unknown]\n"
	       "app cpu-clock 1/1 app;late.so\n"
	       "app cpu-clock 1/1 other;late.so\n");
}
END_TEST

START_TEST(fork_and_exec)
{
	two_modules();
	add_task(PERF_RECORD_FORK, 8, 7, 8, 7, 10);
	add_sample(PERF_RECORD_MISC_USER, 0x1000, 8, 8, 11, 1, NULL, 0); /* as its parent */
	add_map(8, 0x1000, 0x1000, "/lib/child.so", 12);
	add_sample(PERF_RECORD_MISC_USER, 0x1000, 8, 8, 13, 1, NULL, 0);
	add_sample(PERF_RECORD_MISC_USER, 0x1000, 7, 7, 14, 1, NULL, 0); /* the parent's is as before */
	add_comm(8, 8, "tool", TRUE, 15);
	add_sample(PERF_RECORD_MISC_USER, 0x1000, 8, 8, 16, 1, NULL, 0);
	add_map(8, 0x1000, 0x1000, "/bin/tool", 17);
	add_sample(PERF_RECORD_MISC_USER, 0x1000, 8, 8, 18, 1, NULL, 0);
	add_task(PERF_RECORD_EXIT, 8, 7, 8, 7, 19);
	add_sample(PERF_RECORD_MISC_USER, 0x1000, 8, 8, 20, 1, NULL, 0); /* its last steps */
	add_task(PERF_RECORD_FORK, 8, 7, 8, 7, 21);                      /* the number again */
	add_sample(PERF_RECORD_MISC_USER, 0x1000, 8, 8, 22, 1, NULL, 0);
	expect("app cpu-clock 3/3 app\n"
	       "app cpu-clock 1/1 child.so\n"
	       "tool cpu-clock 1/1 [unknown]\n"
	       "tool cpu-clock 2/2 tool\n");
}
END_TEST

START_TEST(threads_share)
{
	two_modules();
	add_task(PERF_RECORD_FORK, 7, 7, 9, 7, 10);
	add_comm(7, 9, "worker", FALSE, 11);
	add_map(7, 0x5000, 0x1000, "/lib/late.so", 12);
	add_sample(PERF_RECORD_MISC_USER, 0x5000, 7, 9, 13, 1, NULL, 0);
	expect("worker cpu-clock 1/1 late.so\n");
}
END_TEST

START_TEST(synthesized_fork_clones_nothing)
{
	guint at;

	two_modules();
	at = b.records->len;
	add_task(PERF_RECORD_FORK, 8, 7, 8, 7, 0);
	b.records->data[at + 5] |= 1 << 5; /* PERF_RECORD_MISC_FORK_EXEC, 1 << 13 */
	add_sample(PERF_RECORD_MISC_USER, 0x1000, 8, 8, 11, 1, NULL, 0);
	expect("app cpu-clock 1/1 [unknown]\n");
}
END_TEST

/* --- names ---------------------------------------------------------------------------------------------- */

START_TEST(names_of_threads)
{
	add_event(&b, clock_attr(), 0);
	add_sample(PERF_RECORD_MISC_USER, 1, 0, 0, 1, 1, NULL, 0);   /* the idle task */
	add_sample(PERF_RECORD_MISC_USER, 1, 70, 70, 2, 2, NULL, 0); /* gets its name later */
	add_sample(PERF_RECORD_MISC_USER, 1, 71, 71, 3, 4, NULL, 0); /* never does */
	add_comm(70, 70, "late", FALSE, 4);
	add_sample(PERF_RECORD_MISC_USER, 1, 70, 70, 5, 8, NULL, 0);
	add_comm(70, 70, "renamed", FALSE, 6);
	add_sample(PERF_RECORD_MISC_USER, 1, 70, 70, 7, 16, NULL, 0);
	add_sample(PERF_RECORD_MISC_USER, 1, G_MAXUINT32, G_MAXUINT32, 8, 32, NULL, 0);
	expect("swapper cpu-clock 1/1 [unknown]\n"
	       "late cpu-clock 10/2 [unknown]\n"
	       "renamed cpu-clock 16/1 [unknown]\n"
	       ":# cpu-clock 4/1 [unknown]\n"
	       ":-# cpu-clock 32/1 [unknown]\n");
}
END_TEST

/* --- order ---------------------------------------------------------------------------------------------- */

START_TEST(a_map_after_its_sample_in_the_file)
{
	two_modules();
	add_sample(PERF_RECORD_MISC_USER, 0x5000, 7, 7, 20, 1, NULL, 0);
	add_round();
	add_map(7, 0x5000, 0x1000, "/lib/late.so", 15);
	add_sample(PERF_RECORD_MISC_USER, 0x5000, 7, 7, 10, 2, NULL, 0);
	add_round();
	expect("app cpu-clock 2/1 [unknown]\n"
	       "app cpu-clock 1/1 late.so\n");
}
END_TEST

START_TEST(without_times_as_it_comes)
{
	struct perf_event_attr attr = clock_attr();

	attr.sample_id_all = 0;
	add_event(&b, attr, 0);
	add_sample(PERF_RECORD_MISC_USER, 0x5000, 7, 7, 20, 1, NULL, 0);
	add_map(7, 0x5000, 0x1000, "/lib/late.so", 10);
	add_sample(PERF_RECORD_MISC_USER, 0x5000, 7, 7, 15, 2, NULL, 0);
	expect(":# cpu-clock 1/1 [unknown]\n"
	       ":# cpu-clock 2/1 late.so\n");
}
END_TEST

/* --- events --------------------------------------------------------------------------------------------- */

/* Two events that are laid out differently, told apart by the identifier that comes first. */
START_TEST(several_events)
{
	struct perf_event_attr one = clock_attr(), two = clock_attr();
	struct result r;
	g_autofree char *got = NULL;
	guint at;

	one.sample_type = PERF_SAMPLE_IDENTIFIER | PERF_SAMPLE_IP | PERF_SAMPLE_TID | PERF_SAMPLE_PERIOD;
	two.type = PERF_TYPE_HARDWARE;
	two.config = PERF_COUNT_HW_CACHE_MISSES;
	two.exclude_kernel = two.exclude_hv = 1;
	two.exclude_guest = 0;
	two.sample_type = PERF_SAMPLE_IDENTIFIER | PERF_SAMPLE_IP | PERF_SAMPLE_TID | PERF_SAMPLE_TIME |
			  PERF_SAMPLE_ADDR | PERF_SAMPLE_CPU | PERF_SAMPLE_RAW;
	two.sample_period = 64;
	b.attr_size = 160;
	add_event(&b, one, 100);
	add_event(&b, two, 200);
	at = begin_record(&b, PERF_RECORD_SAMPLE, PERF_RECORD_MISC_USER);
	put_u64(b.records, 200);
	put_u64(b.records, 0x1234);
	put_u32(b.records, 0);
	put_u32(b.records, 0);
	put_u64(b.records, 99);
	put_u64(b.records, 1);
	put_u64(b.records, 2);
	put_u32(b.records, 4);
	put_u32(b.records, 0xabcdef);
	end_record(&b, at);
	at = begin_record(&b, PERF_RECORD_SAMPLE, PERF_RECORD_MISC_USER);
	put_u64(b.records, 100);
	put_u64(b.records, 0x1234);
	put_u32(b.records, 0);
	put_u32(b.records, 0);
	put_u64(b.records, 5);
	end_record(&b, at);
	r = read_built(&b);
	got = costs(r.trace);
	ck_assert_str_eq(r.messages->str, "");
	ck_assert_str_eq(got, "swapper cache-misses:u 64/1 [unknown]\nswapper cpu-clock 5/1 [unknown]\n");
	ck_assert_uint_eq(g_array_index(r.trace->metrics, struct cf_metric_info, 0).unit, CF_UNIT_NS);
	ck_assert_uint_eq(g_array_index(r.trace->metrics, struct cf_metric_info, 1).unit, CF_UNIT_COUNT);
	result_clear(&r);
}
END_TEST

static void add_identified(uint64_t id, uint64_t period)
{
	guint at = begin_record(&b, PERF_RECORD_SAMPLE, PERF_RECORD_MISC_USER);

	put_u64(b.records, id);
	put_u64(b.records, 0x1234);
	put_u32(b.records, 0);
	put_u32(b.records, 0);
	put_u64(b.records, period);
	end_record(&b, at);
}

/* perf record -e cpu-clock -e cpu-clock: the sum of both would be twice the time that there was. */
START_TEST(events_of_one_name)
{
	struct perf_event_attr attr = clock_attr(), other = clock_attr();

	attr.sample_type = PERF_SAMPLE_IDENTIFIER | PERF_SAMPLE_IP | PERF_SAMPLE_TID | PERF_SAMPLE_PERIOD;
	other.sample_type = attr.sample_type;
	other.config = PERF_COUNT_SW_TASK_CLOCK;
	add_event(&b, attr, 100);
	add_event(&b, other, 150);
	add_event(&b, attr, 200);
	add_event(&b, attr, 300);
	add_event(&b, other, 400);
	add_identified(100, 1);
	add_identified(150, 3);
	add_identified(200, 5);
	add_identified(300, 7);
	add_identified(400, 9);
	expect("swapper cpu-clock 1/1 [unknown]\nswapper task-clock 3/1 [unknown]\n"
	       "swapper cpu-clock #2 5/1 [unknown]\nswapper cpu-clock #3 7/1 [unknown]\n"
	       "swapper task-clock #2 9/1 [unknown]\n");
}
END_TEST

START_TEST(first_version_of_attributes)
{
	struct perf_event_attr attr = clock_attr();

	b.attr_size = PERF_ATTR_SIZE_VER0;
	add_event(&b, attr, 0);
	add_sample(PERF_RECORD_MISC_USER, 1, 0, 0, 1, 9, NULL, 0);
	expect("swapper cpu-clock 9/1 [unknown]\n");
}
END_TEST

static void add_bare_sample(void)
{
	guint at = begin_record(&b, PERF_RECORD_SAMPLE, PERF_RECORD_MISC_USER);

	put_u64(b.records, 0x1234);
	end_record(&b, at);
}

START_TEST(no_period)
{
	struct perf_event_attr attr = clock_attr();

	attr.sample_type = PERF_SAMPLE_IP;
	add_event(&b, attr, 0);
	add_bare_sample();
	add_bare_sample();
	expect(":-# cpu-clock 2000/2 [unknown]\n");
}
END_TEST

START_TEST(no_period_but_a_frequency)
{
	struct perf_event_attr attr = clock_attr();
	struct result r;

	attr.sample_type = PERF_SAMPLE_IP;
	attr.freq = 1;
	attr.sample_freq = 4000;
	add_event(&b, attr, 0);
	add_bare_sample();
	add_bare_sample();
	r = read_built(&b);
	ck_assert_int_eq(g_array_index(r.trace->stack_costs, struct cf_stack_cost, 0).weight, 2);
	ck_assert_int_eq(quality(r.trace, "no-period")->count, 2);
	ck_assert_str_eq(quality(r.trace, "no-period")->subject, "cpu-clock");
	result_clear(&r);
}
END_TEST

/* SAMPLE_READ of one counter: a sample stands for what the counter advanced. */
START_TEST(counter_values)
{
	static const uint64_t values[] = { 100, 130, 130, 170 };
	struct perf_event_attr attr = clock_attr();

	attr.sample_type = PERF_SAMPLE_TID | PERF_SAMPLE_ID | PERF_SAMPLE_READ;
	attr.read_format = PERF_FORMAT_TOTAL_TIME_ENABLED | PERF_FORMAT_ID;
	add_event(&b, attr, 5);
	for (size_t i = 0; i < G_N_ELEMENTS(values); i++) {
		guint at = begin_record(&b, PERF_RECORD_SAMPLE, PERF_RECORD_MISC_USER);

		put_u64(b.records, 0);
		put_u64(b.records, 5);
		put_u64(b.records, values[i]);
		put_u64(b.records, 1);
		put_u64(b.records, 5);
		end_record(&b, at);
	}
	expect("swapper cpu-clock 170/3 [unknown]\n");
}
END_TEST

/* --- what the run is ------------------------------------------------------------------------------------ */

static void put_text(GByteArray *out, const char *text)
{
	put_u32(out, (uint32_t)strlen(text) + 1);
	g_byte_array_append(out, (const guint8 *)text, (guint)strlen(text) + 1);
}

START_TEST(description)
{
	static const char *const arguments[] = { "/usr/bin/perf", "record", "-F", "99", "-g",
						 "./my app",      "x;y" };
	struct result r;
	const struct cf_run_meta *meta;

	add_event(&b, clock_attr(), 0);
	add_sample(PERF_RECORD_MISC_USER, 1, 0, 0, 5000, 9, NULL, 0);
	add_sample(PERF_RECORD_MISC_USER, 1, 0, 0, 7500, 9, NULL, 0);
	put_text(feature(&b, 3), "box");
	put_text(feature(&b, 4), "6.1.0-1");
	put_text(feature(&b, 6), "x86_64");
	put_text(feature(&b, 8), "Some CPU");
	put_u32(feature(&b, 11), G_N_ELEMENTS(arguments));
	for (size_t i = 0; i < G_N_ELEMENTS(arguments); i++)
		put_text(feature(&b, 11), arguments[i]);
	put_u32(feature(&b, 12), 1); /* the event has another name than its attributes tell */
	put_u32(feature(&b, 12), 8);
	put_u64(feature(&b, 12), 0);
	put_u32(feature(&b, 12), 0);
	put_text(feature(&b, 12), "my-clock");
	put_u32(feature(&b, 29), 1);
	put_u32(feature(&b, 29), 0);
	put_u64(feature(&b, 29), 1000000000);
	put_u64(feature(&b, 29), 4000);
	r = read_built(&b);
	meta = &r.trace->meta;
	ck_assert_str_eq(r.messages->str, "");
	ck_assert_str_eq(meta->host, "box");
	ck_assert_str_eq(meta->os, "Linux 6.1.0-1 x86_64");
	ck_assert_str_eq(meta->cpu, "Some CPU");
	ck_assert_str_eq(meta->name, "my app");
	ck_assert_str_eq(meta->command, "/usr/bin/perf record -F 99 -g './my app' 'x;y'");
	ck_assert_int_eq(meta->start_ns, 1000001000);
	ck_assert_int_eq(meta->start_source, CF_START_INPUT);
	ck_assert_int_eq(meta->duration_ns, 2500);
	ck_assert_str_eq(
		cf_dict_text(r.trace->dict, g_array_index(r.trace->metrics, struct cf_metric_info, 0).name),
		"my-clock");
	result_clear(&r);
}
END_TEST

START_TEST(start_of_the_file)
{
	struct result r;

	add_event(&b, clock_attr(), 0);
	add_sample(PERF_RECORD_MISC_USER, 1, 0, 0, 5000, 9, NULL, 0);
	r = read_built(&b);
	ck_assert_int_eq(r.trace->meta.start_ns, 1000);
	ck_assert_int_eq(r.trace->meta.start_source, CF_START_MTIME);
	ck_assert_ptr_null(r.trace->meta.name);
	ck_assert_int_eq(r.trace->meta.duration_ns, 0);
	result_clear(&r);
}
END_TEST

/* The file's time is that of the recording's end. */
START_TEST(start_before_the_file)
{
	struct result r;

	add_event(&b, clock_attr(), 0);
	add_sample(PERF_RECORD_MISC_USER, 1, 0, 0, 5000, 9, NULL, 0);
	add_sample(PERF_RECORD_MISC_USER, 1, 0, 0, 5400, 9, NULL, 0);
	r = read_built(&b);
	ck_assert_int_eq(r.trace->meta.start_ns, 600);
	ck_assert_int_eq(r.trace->meta.start_source, CF_START_MTIME);
	ck_assert_int_eq(r.trace->meta.duration_ns, 400);
	result_clear(&r);
}
END_TEST

/* Sums that pass 2^63 are capped and said, also where symbols sum up what stayed unresolved. */
START_TEST(weights_beyond_63_bits)
{
	struct result r;

	two_modules();
	add_sample(PERF_RECORD_MISC_USER, 0x1000, 7, 7, 10, INT64_MAX, NULL, 0);
	add_sample(PERF_RECORD_MISC_USER, 0x1000, 7, 7, 11, 5, NULL, 0);
	add_sample(PERF_RECORD_MISC_USER, 0x1000, 7, 7, 12, INT64_MAX, CHAIN(USER, 0x1000, 0x1100));
	r = read_built(&b);
	ck_assert_int_eq(r.rc, 0);
	ck_assert_int_eq(g_array_index(r.trace->stack_costs, struct cf_stack_cost, 0).weight, INT64_MAX);
	ck_assert_int_eq(g_array_index(r.trace->stack_costs, struct cf_stack_cost, 0).count, 2);
	ck_assert_ptr_nonnull(quality(r.trace, "saturated"));
	result_clear(&r);
}
END_TEST

START_TEST(name_without_a_command_line)
{
	struct perf_event_attr attr = clock_attr();
	struct result r;

	attr.enable_on_exec = 1;
	add_event(&b, attr, 0);
	add_comm(7, 7, "perf-exec", FALSE, 1);
	add_comm(7, 7, "app", TRUE, 2);
	add_comm(8, 8, "other", TRUE, 3);
	r = read_built(&b);
	ck_assert_str_eq(r.trace->meta.name, "app");
	result_clear(&r);
}
END_TEST

static void add_lost(uint64_t lost, uint64_t time)
{
	guint at = begin_record(&b, PERF_RECORD_LOST, 0);

	put_u64(b.records, 1);
	put_u64(b.records, lost);
	trailer(7, 7, time);
	end_record(&b, at);
}

static void add_lost_samples(uint64_t lost, uint64_t time, uint16_t misc)
{
	guint at = begin_record(&b, PERF_RECORD_LOST_SAMPLES, misc);

	put_u64(b.records, lost);
	trailer(0, 0, time);
	end_record(&b, at);
}

static int64_t lost_in(uint64_t read_format)
{
	struct perf_event_attr attr = clock_attr();
	struct result r;
	int64_t lost;

	attr.read_format = read_format;
	add_event(&b, attr, 0);
	r = read_built(&b);
	ck_assert_str_eq(r.messages->str, "");
	lost = quality(r.trace, "lost") ? quality(r.trace, "lost")->count : 0;
	result_clear(&r);
	return lost;
}

/*
 * As perf 6.1 wrote it of `perf record -m 1`: 269 LOST records with 254,887 in all, at the end the counters' two numbers.
 * `perf report` says "Total Lost Samples: 255011", and 700,005 samples were to come, of which 444,994 are there.
 */
START_TEST(losses_told_twice)
{
	add_lost(112500, 5);
	add_lost(142387, 6);
	add_lost_samples(112597, 0, 0);
	add_lost_samples(142414, 0, 0);
	ck_assert_int_eq(lost_in(CF_PERF_FORMAT_LOST), 255011);
}
END_TEST

/* The recorder was killed before it could read its counters. */
START_TEST(losses_told_by_buffers_only)
{
	add_lost(40, 5);
	add_lost(2, 6);
	ck_assert_int_eq(lost_in(CF_PERF_FORMAT_LOST), 42);
}
END_TEST

/* The processor's own losses have a time and come on top; what a filter leaves out isn't lost. */
START_TEST(losses_of_the_processor)
{
	add_lost(40, 5);
	add_lost_samples(3, 6, 0);
	add_lost_samples(1000, 7, CF_PERF_MISC_LOST_SAMPLES_BPF);
	add_lost_samples(41, 0, 0);
	ck_assert_int_eq(lost_in(CF_PERF_FORMAT_LOST), 44);
}
END_TEST

START_TEST(counted_remarks)
{
	struct result r;
	guint at;

	add_event(&b, clock_attr(), 0);
	add_lost(40, 5);
	add_lost_samples(2, 6, 0);
	at = begin_record(&b, PERF_RECORD_THROTTLE, 0);
	put_u64(b.records, 1);
	put_u64(b.records, 1);
	put_u64(b.records, 1);
	trailer(0, 0, 7);
	end_record(&b, at);
	end_record(&b, begin_record(&b, 63, 0));
	end_record(&b, begin_record(&b, 90, 0));
	end_record(&b, begin_record(&b, 32768, 0));
	end_record(&b, begin_record(&b, 74, 0)); /* CPU_MAP: known and not needed */
	add_sample(PERF_RECORD_MISC_USER, 1, 0, 0, 5000, 9, NULL, 0);
	r = read_built(&b);
	ck_assert_str_eq(r.messages->str, "");
	ck_assert_int_eq(quality(r.trace, "lost")->count, 42);
	ck_assert_int_eq(quality(r.trace, "throttled")->count, 1);
	ck_assert_int_eq(quality(r.trace, "unknown-records")->count, 3);
	ck_assert_uint_eq(r.trace->stack_costs->len, 1);
	result_clear(&r);
}
END_TEST

Suite *suite(void)
{
	Suite *s = suite_create("ingest_perf_read");
	TCase *t = tcase_create("read");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, return_addresses_are_one_late);
	tcase_add_test(t, kernel_and_user);
	tcase_add_test(t, leaf_not_in_the_chain);
	tcase_add_test(t, addresses_outside);
	tcase_add_test(t, unknown_markers);
	tcase_add_test(t, repeated_chains);
	tcase_add_test(t, maps_cover_maps);
	tcase_add_test(t, maps_change_answers);
	tcase_add_test(t, fork_and_exec);
	tcase_add_test(t, threads_share);
	tcase_add_test(t, synthesized_fork_clones_nothing);
	tcase_add_test(t, names_of_threads);
	tcase_add_test(t, a_map_after_its_sample_in_the_file);
	tcase_add_test(t, without_times_as_it_comes);
	tcase_add_test(t, several_events);
	tcase_add_test(t, events_of_one_name);
	tcase_add_test(t, first_version_of_attributes);
	tcase_add_test(t, no_period);
	tcase_add_test(t, no_period_but_a_frequency);
	tcase_add_test(t, counter_values);
	tcase_add_test(t, description);
	tcase_add_test(t, start_of_the_file);
	tcase_add_test(t, start_before_the_file);
	tcase_add_test(t, name_without_a_command_line);
	tcase_add_test(t, losses_told_twice);
	tcase_add_test(t, losses_told_by_buffers_only);
	tcase_add_test(t, losses_of_the_processor);
	tcase_add_test(t, counted_remarks);
	tcase_add_test(t, weights_beyond_63_bits);
	suite_add_tcase(s, t);
	return s;
}
