/* SPDX-License-Identifier: MIT */
/* perf: imports what `perf record` wrote: perf.data in file mode, native byte order, frame-pointer call
 * chains. */
#include <inttypes.h>
#include <string.h>

#include "ingest/perf/file.h"
#include "ingest/perf/maps.h"
#include "ingest/perf/names.h"
#include "ingest/perf/order.h"
#include "ingest/perf/records.h"
#include "ingest/perf/stacks.h"

static const struct cf_param perf_params[] = {
	{ .name = "symfs",
	  .type = CF_PARAM_STRING,
	  .arg = "DIR",
	  .help = "look for the recorded binaries beneath DIR, and nowhere else" },
	{ .name = "kallsyms",
	  .type = CF_PARAM_STRING,
	  .arg = "FILE",
	  .help = "symbols of the recorded kernel, as in /proc/kallsyms" },
	{ 0 }
};

/* What an event has come to. */
struct event {
	struct cf_metric metric;
	gboolean has_metric;
	uint64_t samples;
};

/*
 * One loss can be told twice. Where a buffer was full the kernel says so in a LOST record before the next one that fits;
 * and since Linux 6.0 each counter counts its own losses, which the recorder reads at the end (PERF_FORMAT_LOST) and
 * writes as LOST_SAMPLES without a time. Those have the last losses too, which no record fitted after, and are what
 * perf report goes by. LOST_SAMPLES with a time are the kernel's: samples that the processor dropped, in no buffer.
 */
struct losses {
	uint64_t told;    /* by LOST */
	uint64_t counted; /* by the counters */
	uint64_t dropped; /* by the processor */
};

struct reading {
	struct cf_perf_file file;
	struct cf_perf_records records;
	struct cf_perf_order order;
	struct cf_perf_machine machine;
	struct cf_perf_stacks *stacks;
	struct cf_trace *trace;
	struct cf_symbols_options options;
	char *kernel_build_id;
	char *first_exec; /* comm of the first program that was started */
	struct event *events;
	uint64_t first_time, last_time; /* of samples; 0: none had a time */
	struct losses losses;
	uint64_t throttled, unknown;
	gboolean stopped; /* at damage; what is before is kept */
};

/* --- symbols and maps ----------------------------------------------------------------------------------- */

static char *hex(const uint8_t *bytes, unsigned len)
{
	GString *text = g_string_sized_new(2 * (size_t)len);

	for (unsigned i = 0; i < len; i++)
		g_string_append_printf(text, "%02x", bytes[i]);
	return g_string_free(text, FALSE);
}

#define KERNEL_MAP "[kernel.kallsyms]"

/* Symbols are set up with the kernel's map at hand, which is among the first records. */
static struct cf_symbols *symbols_of(struct reading *reading, const struct cf_perf_mmap *kernel)
{
	const struct cf_perf_build_id *id = g_hash_table_lookup(reading->file.modules, KERNEL_MAP);

	if (reading->machine.symbols)
		return reading->machine.symbols;
	if (id)
		reading->kernel_build_id = hex(id->bytes, id->len);
	else if (kernel && kernel->build_id)
		reading->kernel_build_id = hex(kernel->build_id, kernel->build_id_len);
	reading->options.kernel_build_id = reading->kernel_build_id;
	/* Without a reference symbol's address (kptr_restrict) the file says 0. */
	if (kernel && kernel->pgoff != 0 && kernel->path[strlen(KERNEL_MAP)]) {
		reading->options.ref_symbol = kernel->path + strlen(KERNEL_MAP);
		reading->options.ref_address = kernel->pgoff;
	}
	reading->machine.symbols = cf_symbols_new(reading->trace, &reading->options);
	return reading->machine.symbols;
}

static enum cf_map_kind kind_of(const struct cf_perf_mmap *map)
{
	static const char *const anonymous[] = { "//anon", "/dev/zero", "/anon_hugepage", "[heap]",
						 "[stack", "[anon",     "/SYSV",          "/memfd:" };

	if (map->kernel)
		return g_str_has_prefix(map->path, KERNEL_MAP) ? CF_MAP_KERNEL : CF_MAP_KERNEL_MODULE;
	if (!strcmp(map->path, "[vdso]"))
		return CF_MAP_VDSO;
	for (size_t i = 0; i < G_N_ELEMENTS(anonymous); i++)
		if (g_str_has_prefix(map->path, anonymous[i]))
			return CF_MAP_ANON;
	return CF_MAP_FILE;
}

static const char *add_map(struct reading *reading, const uint8_t *record)
{
	struct cf_perf_mmap mmap;
	struct cf_perf_map map = { 0 };
	struct cf_map_key key = { 0 };
	const struct cf_perf_build_id *id;
	const char *wrong = cf_perf_mmap_read(record, &mmap);
	struct cf_perf_space **space;

	if (wrong)
		return wrong;
	key.kind = kind_of(&mmap);
	key.path = mmap.path;
	key.build_id = mmap.build_id;
	key.build_id_len = mmap.build_id_len;
	key.pid = key.kind == CF_MAP_ANON ? (int32_t)mmap.pid : -1;
	key.start = mmap.start;
	key.size = mmap.size;
	key.pgoff = key.kind == CF_MAP_VDSO ? 0 : mmap.pgoff;
	id = g_hash_table_lookup(reading->file.modules, key.kind == CF_MAP_KERNEL ? KERNEL_MAP : mmap.path);
	if (!key.build_id && id) {
		key.build_id = id->bytes;
		key.build_id_len = id->len;
	}
	map.module = cf_perf_machine_module(
		&reading->machine,
		cf_symbols_dso(symbols_of(reading, key.kind == CF_MAP_KERNEL ? &mmap : NULL), &key),
		key.kind == CF_MAP_FILE || key.kind == CF_MAP_VDSO);
	map.start = mmap.start;
	map.end = mmap.size > UINT64_MAX - mmap.start ? UINT64_MAX : mmap.start + mmap.size;
	/* Where neither is known, the kernel's map is everything that no module covers. */
	if (key.kind == CF_MAP_KERNEL && mmap.start == 0 && mmap.size == 0)
		map.end = UINT64_MAX;
	map.pgoff = key.pgoff;
	if (mmap.kernel)
		space = &reading->machine.kernel;
	else
		space = &cf_perf_machine_thread(&reading->machine, (int32_t)mmap.pid, (int32_t)mmap.tid)
				 ->process->space;
	if (cf_perf_machine_map(&reading->machine, space, &map) < 0)
		return "the address spaces have more mappings than any real recording";
	return NULL;
}

/* --- samples -------------------------------------------------------------------------------------------- */

static struct cf_metric metric_of(struct reading *reading, uint32_t index)
{
	struct event *event = &reading->events[index];
	const struct cf_perf_event *recorded =
		&g_array_index(reading->file.events, struct cf_perf_event, index);

	if (!event->has_metric) {
		gboolean clock = recorded->attr.type == PERF_TYPE_SOFTWARE &&
				 recorded->attr.config <= PERF_COUNT_SW_TASK_CLOCK;

		event->metric =
			cf_trace_metric(reading->trace, recorded->name, clock ? CF_UNIT_NS : CF_UNIT_COUNT);
		event->has_metric = TRUE;
	}
	return event->metric;
}

static const char *add_sample(struct reading *reading, const uint8_t *record)
{
	struct cf_perf_sample sample;
	struct cf_perf_thread *thread;
	struct cf_sample out;
	uint32_t *row;
	const char *wrong = cf_perf_sample_read(&reading->records, record, &sample);

	if (wrong)
		return wrong;
	if (sample.weight > INT64_MAX)
		return "a sample's period is 2^63 or more";
	if (sample.skip)
		return NULL;
	if (G_UNLIKELY(!reading->machine.symbols))
		symbols_of(reading, NULL);
	thread = cf_perf_machine_thread(&reading->machine, (int32_t)sample.pid, (int32_t)sample.tid);
	out.stack = cf_perf_stacks_find(reading->stacks, thread->process->space,
					cf_perf_misc(record) & PERF_RECORD_MISC_CPUMODE_MASK, &sample, &row);
	out.metric = metric_of(reading, sample.event);
	out.time = (int64_t)sample.time;
	out.weight = (int64_t)sample.weight;
	cf_perf_machine_sample(&reading->machine, thread, (int32_t)sample.pid, &out, row);
	reading->events[sample.event].samples++;
	if (sample.time != 0 && sample.time < INT64_MAX) {
		if (reading->first_time == 0 || sample.time < reading->first_time)
			reading->first_time = sample.time;
		if (sample.time > reading->last_time)
			reading->last_time = sample.time;
	}
	return NULL;
}

/* --- records -------------------------------------------------------------------------------------------- */

/* Set by the recorder on forks that it made up from /proc: the child's maps follow. */
#define MISC_FORK_EXEC (1 << 13)

static const char *add_task(struct reading *reading, const uint8_t *record)
{
	struct cf_perf_task task;
	const char *wrong = cf_perf_task_read(record, &task);

	if (wrong)
		return wrong;
	/* An exit changes nothing: samples of the task's last steps can follow. */
	if (cf_perf_type(record) == PERF_RECORD_FORK)
		cf_perf_machine_fork(&reading->machine, (int32_t)task.pid, (int32_t)task.ppid,
				     (int32_t)task.tid, (int32_t)task.ptid,
				     !(cf_perf_misc(record) & MISC_FORK_EXEC));
	return NULL;
}

static const char *add_comm(struct reading *reading, const uint8_t *record)
{
	struct cf_perf_comm comm;
	const char *wrong = cf_perf_comm_read(record, &comm);

	if (wrong)
		return wrong;
	if (comm.exec && !reading->first_exec)
		reading->first_exec = g_strdup(comm.comm);
	cf_perf_machine_comm(&reading->machine,
			     cf_perf_machine_thread(&reading->machine, (int32_t)comm.pid, (int32_t)comm.tid),
			     comm.comm, comm.exec);
	return NULL;
}

static void add_capped(uint64_t *sum, uint64_t value)
{
	if (__builtin_add_overflow(*sum, value, sum))
		*sum = UINT64_MAX;
}

static gboolean counters_count_losses(const struct cf_perf_file *file)
{
	for (guint i = 0; i < file->events->len; i++)
		if (g_array_index(file->events, struct cf_perf_event, i).attr.read_format &
		    CF_PERF_FORMAT_LOST)
			return TRUE;
	return FALSE;
}

static const char *add_lost(struct reading *reading, const uint8_t *record)
{
	struct losses *losses = &reading->losses;
	uint64_t lost, time = 0;
	const char *wrong = cf_perf_lost_read(record, &lost);

	if (!wrong && cf_perf_type(record) == PERF_RECORD_LOST)
		add_capped(&losses->told, lost);
	if (wrong || cf_perf_type(record) == PERF_RECORD_LOST)
		return wrong;
	/* What a filter of the user's leaves out isn't lost. */
	if (cf_perf_misc(record) & CF_PERF_MISC_LOST_SAMPLES_BPF)
		return NULL;
	wrong = cf_perf_record_time(&reading->records, record, &time);
	add_capped(time == 0 && counters_count_losses(&reading->file) ? &losses->counted : &losses->dropped,
		   lost);
	return wrong;
}

static uint64_t sum_losses(const struct losses *losses)
{
	uint64_t sum = MAX(losses->told, losses->counted);

	add_capped(&sum, losses->dropped);
	return sum;
}

/* One record, in its turn. NULL, or what is wrong with it. */
static const char *deliver(struct reading *reading, const uint8_t *record)
{
	switch (cf_perf_type(record)) {
	case PERF_RECORD_SAMPLE:
		return add_sample(reading, record);
	case PERF_RECORD_MMAP:
	case PERF_RECORD_MMAP2:
		return add_map(reading, record);
	case PERF_RECORD_COMM:
		return add_comm(reading, record);
	case PERF_RECORD_FORK:
	case PERF_RECORD_EXIT:
		return add_task(reading, record);
	case PERF_RECORD_LOST:
	case PERF_RECORD_LOST_SAMPLES:
		return add_lost(reading, record);
	case PERF_RECORD_THROTTLE:
		reading->throttled++;
		return NULL;
	default:
		return NULL;
	}
}

static int damaged(struct reading *reading, uint64_t offset, const char *wrong)
{
	reading->stopped = TRUE;
	return cf_perf_file_damaged(&reading->file, offset, "%s", wrong);
}

/* Delivers what the end of a round made ready. */
static int end_round(struct reading *reading, bool last)
{
	const uint8_t *bytes = reading->file.bytes.data;
	size_t ready = cf_perf_order_round(&reading->order, last);

	for (size_t i = 0; i < ready; i++) {
		uint64_t offset = reading->order.items[i].offset;
		const char *wrong;

		if (i + 8 < ready) {
			const uint8_t *soon = bytes + reading->order.items[i + 8].offset;

			__builtin_prefetch(soon);
			__builtin_prefetch(soon + 64);
			__builtin_prefetch(soon + 128);
		}
		/* It was checked when it was read first; the file may have changed under the map. */
		if (G_UNLIKELY(cf_perf_size(bytes + offset) < 8 ||
			       cf_perf_size(bytes + offset) > reading->file.end - offset))
			wrong = "the file was changed while it was read";
		else
			wrong = deliver(reading, bytes + offset);
		if (G_UNLIKELY(wrong)) {
			/* What is after it is of no use any more. */
			cf_perf_order_drop(&reading->order, reading->order.n);
			return damaged(reading, offset, wrong);
		}
	}
	cf_perf_order_drop(&reading->order, ready);
	return 0;
}

static int user_record(struct reading *reading, uint64_t offset, uint32_t type)
{
	switch (type) {
	case CF_PERF_FINISHED_ROUND:
		return end_round(reading, false);
	case CF_PERF_COMPRESSED:
	case CF_PERF_COMPRESSED2:
		return cf_perf_file_refused(&reading->file, offset,
					    "a compressed recording (zstd, perf record -z)");
	case CF_PERF_AUXTRACE_INFO:
	case CF_PERF_AUXTRACE:
		return cf_perf_file_refused(
			&reading->file, offset,
			"a recording of an AUX area (AUXTRACE, as of Intel PT or ARM CoreSight)");
	default:
		reading->unknown += type > CF_PERF_COMPRESSED2;
		return 0;
	}
}

#define LAST_KERNEL_TYPE 21 /* PERF_RECORD_AUX_OUTPUT_HW_ID; Linux 6.1 */

static int read_records(struct reading *reading)
{
	const struct cf_perf_file *file = &reading->file;
	uint64_t offset = file->begin, time;

	while (offset < file->end && !reading->stopped) {
		const uint8_t *record = file->bytes.data + offset;
		uint64_t left = file->end - offset;
		uint32_t type;
		const char *wrong;

		if (left < 8 || cf_perf_size(record) > left) {
			/* A killed recorder leaves the last record half written. */
			if (file->unfinished)
				break;
			return damaged(reading, offset, "the records end inside one");
		}
		if (cf_perf_size(record) < 8) {
			reading->stopped = TRUE;
			return cf_perf_file_damaged(&reading->file, offset,
						    "a record of %u bytes; at least 8 expected",
						    (unsigned)cf_perf_size(record));
		}
		type = cf_perf_type(record);
		if (type >= CF_PERF_USER_TYPES) {
			if (user_record(reading, offset, type) < 0)
				return -1;
		} else {
			time = 0;
			wrong = reading->records.ordered
					? cf_perf_record_time(&reading->records, record, &time)
					: NULL;
			reading->unknown += type > LAST_KERNEL_TYPE;
			if (time != 0 && time != UINT64_MAX && !wrong)
				cf_perf_order_add(&reading->order, time, offset);
			else if (!wrong)
				wrong = deliver(reading, record);
			if (G_UNLIKELY(wrong))
				return damaged(reading, offset, wrong);
		}
		offset += cf_perf_size(record);
	}
	return 0;
}

/* --- the run -------------------------------------------------------------------------------------------- */

static void describe_run(struct reading *reading, const struct cf_input *input)
{
	struct cf_run_meta *meta = &reading->trace->meta;
	struct cf_perf_file *file = &reading->file;

	meta->name = cf_perf_program(file->arguments);
	/* A killed recorder leaves no command line; that it started a program shows in the event. */
	if (file->arguments->len == 0 &&
	    g_array_index(file->events, struct cf_perf_event, 0).attr.enable_on_exec)
		meta->name = g_strdup(reading->first_exec);
	meta->command = cf_perf_command_line(file->arguments);
	meta->host = g_strdup(file->host);
	meta->cpu = g_strdup(file->cpu);
	if (file->release)
		meta->os = g_strconcat("Linux ", file->release, file->arch ? " " : NULL, file->arch, NULL);
	if (reading->last_time > reading->first_time)
		meta->duration_ns = (int64_t)(reading->last_time - reading->first_time);
	if (file->has_clock && reading->first_time > 0) {
		meta->start_ns = (int64_t)(file->wall_ns + (reading->first_time - file->clock_ns));
		meta->start_source = CF_START_INPUT;
	} else if (input->mtime_ns) {
		/* The recorder writes the file last. */
		meta->start_ns = input->mtime_ns - MIN(meta->duration_ns, input->mtime_ns);
		meta->start_source = CF_START_MTIME;
	}
}

/* perf drops the whole chain of such a sample. */
static void note_cut_chains(struct reading *reading, uint64_t cut)
{
	g_autofree char *share = NULL;
	uint64_t samples = 0;

	for (guint i = 0; i < reading->file.events->len; i++)
		samples += reading->events[i].samples;
	share = cf_unit_text(CF_UNIT_RATIO, (double)cut / (double)samples);
	cf_trace_quality(reading->trace, "unknown-frames", NULL, (int64_t)MIN(cut, INT64_MAX), 0, NULL,
			 "the call chains of %" PRIu64
			 " samples (%s) lack callers: they go on under a marker that "
			 "isn't known, a newer kernel's or garbage of code without frame pointers",
			 cut, share);
}

static void note_quality(struct reading *reading)
{
	struct cf_trace *trace = reading->trace;
	uint64_t cut = cf_perf_stacks_cut(reading->stacks), lost = sum_losses(&reading->losses);

	if (lost > 0)
		cf_trace_quality(trace, "lost", NULL, (int64_t)MIN(lost, INT64_MAX), 0,
				 "record with a larger buffer (-m 8M) or a lower frequency (-F)",
				 "%" PRIu64 " events were lost while recording", lost);
	if (reading->throttled > 0)
		cf_trace_quality(trace, "throttled", NULL, (int64_t)reading->throttled, 0,
				 "record with a lower frequency (-F)",
				 "the kernel held sampling back %" PRIu64 " times", reading->throttled);
	if (reading->unknown > 0)
		cf_trace_quality(trace, "unknown-records", NULL, (int64_t)reading->unknown, 0, NULL,
				 "%" PRIu64 " records of kinds that are not known were left out",
				 reading->unknown);
	if (cut > 0)
		note_cut_chains(reading, cut);
	/* Of a file that was cut the remark on its damage says it. */
	if (reading->file.unfinished && !reading->file.damaged)
		cf_trace_quality(
			trace, "unfinished", NULL, 0, 0, "end perf record with SIGINT",
			"the recorder did not end in order, so the file was read to its end; the end of the "
			"recording may be missing");
	for (guint i = 0; i < reading->file.events->len; i++) {
		const struct cf_perf_event *event =
			&g_array_index(reading->file.events, struct cf_perf_event, i);

		if (event->attr.freq && !(event->attr.sample_type & PERF_SAMPLE_PERIOD) &&
		    reading->events[i].samples > 0)
			cf_trace_quality(trace, "no-period", event->name, (int64_t)reading->events[i].samples,
					 0, "record with perf record --period",
					 "samples of %s carry no period: each counts as 1", event->name);
	}
}

static int read_all(struct reading *reading, const struct cf_input *input)
{
	struct cf_perf_file *file = &reading->file;

	reading->events = g_new0(struct event, file->events->len);
	/* The first event is the main one, whichever is sampled first; dummy ones only carry side band
	 * records. */
	for (guint i = 0; i < file->events->len; i++) {
		const struct cf_perf_event *event = &g_array_index(file->events, struct cf_perf_event, i);

		if (event->attr.type != PERF_TYPE_SOFTWARE || event->attr.config != PERF_COUNT_SW_DUMMY)
			metric_of(reading, i);
	}
	if (read_records(reading) < 0 || end_round(reading, true) < 0)
		return -1;
	cf_perf_machine_finish(&reading->machine);
	describe_run(reading, input);
	note_quality(reading);
	if (reading->machine.symbols)
		cf_symbols_finish(reading->machine.symbols);
	return 0;
}

static int perf_read(const struct cf_input *input, const struct cf_params *params, struct cf_trace *trace,
		     struct cf_diag *diag)
{
	struct reading reading = { .trace = trace };
	gboolean partial = params && cf_params_has(params, "partial") && cf_params_bool(params, "partial");
	int status = -1;

	reading.options.symfs = params ? cf_params_string(params, "symfs") : NULL;
	reading.options.kallsyms = params ? cf_params_string(params, "kallsyms") : NULL;
	if (cf_symbols_check_options(&reading.options, diag) < 0)
		return -1;
	cf_perf_machine_init(&reading.machine, trace);
	reading.stacks = cf_perf_stacks_new(&reading.machine);
	if (cf_perf_file_open(&reading.file, input, partial, trace, diag) == 0 &&
	    cf_perf_records_init(&reading.records, &reading.file) == 0)
		status = read_all(&reading, input);
	cf_symbols_free(reading.machine.symbols);
	cf_perf_stacks_free(reading.stacks);
	cf_perf_machine_release(&reading.machine);
	cf_perf_order_release(&reading.order);
	cf_perf_records_release(&reading.records);
	cf_perf_file_release(&reading.file);
	g_free(reading.kernel_build_id);
	g_free(reading.first_exec);
	g_free(reading.events);
	return status;
}

static enum cf_bid perf_probe(const struct cf_input *input, const char **why)
{
	static const char *const magics[] = { "PERFILE2", "2ELIFREP", "PERFFILE" };

	for (size_t i = 0; i < G_N_ELEMENTS(magics); i++)
		if (input->bytes.len >= 8 && !memcmp(input->bytes.data, magics[i], 8))
			return CF_BID_MAGIC;
	*why = "no PERFILE2 magic";
	return CF_BID_NO;
}

const struct cf_format cf_format_perf = { .name = "perf",
					  .summary = "perf.data of perf record",
					  .version = 2,
					  .params = perf_params,
					  .probe = perf_probe,
					  .read = perf_read };
