/* SPDX-License-Identifier: MIT */
/* records: decodes records as the attributes of their event lay them out (linux/perf_event.h). */
#include "ingest/perf/records.h"

#include <string.h>

#define HEAD 8 /* bytes of a record's header */

/* --- layouts -------------------------------------------------------------------------------------------- */

static int position(uint64_t type, uint64_t bit, unsigned *words)
{
	return type & bit ? (int)(*words)++ : -1;
}

static void lay_out(struct cf_perf_layout *layout, const struct perf_event_attr *attr)
{
	uint64_t type = attr->sample_type;
	unsigned words = 0, back = 0;
	int identifier;

	layout->sample_type = type;
	identifier = position(type, PERF_SAMPLE_IDENTIFIER, &words);
	layout->ip = position(type, PERF_SAMPLE_IP, &words);
	layout->tid = position(type, PERF_SAMPLE_TID, &words);
	layout->time = position(type, PERF_SAMPLE_TIME, &words);
	position(type, PERF_SAMPLE_ADDR, &words);
	layout->id = position(type, PERF_SAMPLE_ID, &words);
	position(type, PERF_SAMPLE_STREAM_ID, &words);
	position(type, PERF_SAMPLE_CPU, &words);
	layout->period = position(type, PERF_SAMPLE_PERIOD, &words);
	layout->read = position(type, PERF_SAMPLE_READ, &words);
	if (layout->read >= 0)
		words += (unsigned)__builtin_popcountll(
			attr->read_format & (PERF_FORMAT_TOTAL_TIME_ENABLED | PERF_FORMAT_TOTAL_TIME_RUNNING |
					     PERF_FORMAT_ID | CF_PERF_FORMAT_LOST));
	layout->fixed = words;
	layout->chain = type & PERF_SAMPLE_CALLCHAIN ? (int)words : -1;
	if (identifier >= 0)
		layout->id = identifier;
	layout->weight = attr->freq ? 1 : attr->sample_period;

	layout->trailer_time = layout->trailer_id = -1;
	if (!attr->sample_id_all)
		return;
	/* From the end: identifier, cpu, stream id, id, time, pid and tid. */
	if (type & PERF_SAMPLE_IDENTIFIER)
		layout->trailer_id = (int)++back;
	if (type & PERF_SAMPLE_CPU)
		back++;
	if (type & PERF_SAMPLE_STREAM_ID)
		back++;
	if (type & PERF_SAMPLE_ID) {
		back++;
		if (layout->trailer_id < 0)
			layout->trailer_id = (int)back;
	}
	if (type & PERF_SAMPLE_TIME)
		layout->trailer_time = (int)++back;
	if (type & PERF_SAMPLE_TID)
		back++;
	layout->trailer = back;
}

static void add_id(struct cf_perf_records *records, uint64_t id, uint32_t event)
{
	uint32_t hash = cf_hash(id, 0), pos, at;
	struct cf_perf_id row = { id, 0, event };

	for (pos = hash; (at = cf_table_next(&records->index, hash, &pos)) != 0;)
		if (g_array_index(records->ids, struct cf_perf_id, at - 1).id == id)
			return;
	g_array_append_val(records->ids, row);
	cf_table_add(&records->index, hash, records->ids->len);
}

static struct cf_perf_id *find_id(struct cf_perf_records *records, uint64_t id)
{
	uint32_t hash, pos, at;

	if (records->last_id < records->ids->len) {
		struct cf_perf_id *last = &g_array_index(records->ids, struct cf_perf_id, records->last_id);

		if (last->id == id)
			return last;
	}
	hash = cf_hash(id, 0);
	for (pos = hash; (at = cf_table_next(&records->index, hash, &pos)) != 0;)
		if (g_array_index(records->ids, struct cf_perf_id, at - 1).id == id) {
			records->last_id = at - 1;
			return &g_array_index(records->ids, struct cf_perf_id, at - 1);
		}
	return NULL;
}

int cf_perf_records_init(struct cf_perf_records *records, struct cf_perf_file *file)
{
	struct cf_perf_layout *layouts = g_new0(struct cf_perf_layout, file->events->len);
	const struct perf_event_attr *first = &g_array_index(file->events, struct cf_perf_event, 0).attr;

	*records = (struct cf_perf_records){ .layouts = layouts, .n_events = file->events->len };
	records->ids = g_array_new(FALSE, FALSE, sizeof(struct cf_perf_id));
	records->same_time = true;
	for (uint32_t i = 0; i < records->n_events; i++) {
		const struct cf_perf_event *event = &g_array_index(file->events, struct cf_perf_event, i);

		lay_out(&layouts[i], &event->attr);
		for (uint64_t at = 0; at + 8 <= event->ids.len; at += 8)
			add_id(records, cf_u64(event->ids.data + at), i);
		if (layouts[i].time != layouts[0].time || layouts[i].trailer_time != layouts[0].trailer_time)
			records->same_time = false;
		/* The id must be found before it is known what event, so what layout, a record has. */
		if (layouts[i].id != layouts[0].id || (records->n_events > 1 && layouts[i].id < 0))
			return cf_error(file->diag, &(struct cf_loc){ .path = file->path, .offset = 24 },
					"the events lay out their samples differently and have no ids to "
					"tell them apart");
	}
	/* As perf does: without times on all records they are taken as they come. */
	records->ordered = first->sample_id_all && (first->sample_type & PERF_SAMPLE_TIME);
	return 0;
}

void cf_perf_records_release(struct cf_perf_records *records)
{
	g_free((void *)records->layouts);
	cf_table_release(&records->index);
	if (records->ids)
		g_array_unref(records->ids);
}

/* --- samples -------------------------------------------------------------------------------------------- */

static const char too_short[] = "the record is too short for its fields";
static const char unknown_id[] = "a sample of an event that the file does not have";

/* The event of a sample; its id's row in *id, NULL when there is none. */
static const char *sample_event(struct cf_perf_records *records, const uint8_t *record, uint32_t *event,
				struct cf_perf_id **id)
{
	const struct cf_perf_layout *first = &records->layouts[0];
	uint64_t value;

	*event = 0;
	*id = NULL;
	if (first->id < 0)
		return NULL;
	if (cf_perf_size(record) < HEAD + 8 * ((unsigned)first->id + 1))
		return too_short;
	value = cf_u64(record + HEAD + 8 * first->id);
	*id = find_id(records, value);
	if (*id)
		*event = (*id)->event;
	else if (records->n_events > 1 && value != 0)
		return unknown_id;
	return NULL;
}

const char *cf_perf_record_time(struct cf_perf_records *records, const uint8_t *record, uint64_t *time)
{
	const struct cf_perf_layout *layout = &records->layouts[0];
	unsigned size = cf_perf_size(record);

	*time = 0;
	if (cf_perf_type(record) == PERF_RECORD_SAMPLE) {
		if (G_UNLIKELY(!records->same_time)) {
			struct cf_perf_id *id;
			uint32_t event;
			const char *wrong = sample_event(records, record, &event, &id);

			if (wrong)
				return wrong;
			layout = &records->layouts[event];
		}
		if (layout->time < 0)
			return NULL;
		if (size < HEAD + 8 * ((unsigned)layout->time + 1))
			return too_short;
		*time = cf_u64(record + HEAD + 8 * layout->time);
		return NULL;
	}
	if (G_UNLIKELY(!records->same_time) && layout->trailer_id > 0 && size >= HEAD + 8 * layout->trailer) {
		const struct cf_perf_id *id =
			find_id(records, cf_u64(record + size - 8 * layout->trailer_id));

		if (id)
			layout = &records->layouts[id->event];
	}
	/* Synthesized records of some recorders have no trailer. */
	if (layout->trailer_time > 0 && size >= HEAD + 8 * layout->trailer)
		*time = cf_u64(record + size - 8 * layout->trailer_time);
	return NULL;
}

/* What follows the call chain isn't needed, but that it fits tells a damaged record. */
static const char *check_tail(uint64_t type, const uint8_t *p, uint64_t left)
{
	uint64_t n;

	if (type & PERF_SAMPLE_RAW) {
		if (left < 8 || (n = (uint64_t)cf_u32(p) + 4) > left)
			return "raw data is longer than its record";
		n = (n + 7) & ~(uint64_t)7;
		if (n > left)
			return "raw data is longer than its record";
		p += n;
		left -= n;
	}
	if (type & PERF_SAMPLE_BRANCH_STACK) {
		if (left < 8 || cf_u64(p) > left / 24)
			return "the branch stack is longer than its record";
	}
	return NULL;
}

const char *cf_perf_sample_read(struct cf_perf_records *records, const uint8_t *record,
				struct cf_perf_sample *sample)
{
	const uint8_t *body = record + HEAD, *end = record + cf_perf_size(record);
	const struct cf_perf_layout *layout;
	struct cf_perf_id *id;
	const char *wrong = sample_event(records, record, &sample->event, &id);
	uint64_t left, n;

	if (G_UNLIKELY(wrong))
		return wrong;
	layout = &records->layouts[sample->event];
	left = (uint64_t)(end - body);
	if (G_UNLIKELY(left < 8 * (uint64_t)layout->fixed))
		return too_short;
	sample->ip = layout->ip >= 0 ? cf_u64(body + 8 * layout->ip) : 0;
	sample->pid = sample->tid = G_MAXUINT32;
	if (layout->tid >= 0) {
		sample->pid = cf_u32(body + 8 * layout->tid);
		sample->tid = cf_u32(body + 8 * layout->tid + 4);
	}
	sample->time = layout->time >= 0 ? cf_u64(body + 8 * layout->time) : 0;
	sample->weight = layout->period >= 0 ? cf_u64(body + 8 * layout->period) : layout->weight;
	sample->skip = false;
	if (layout->read >= 0 && id) {
		/* The sample stands for what the counter advanced since it was last read; one that was set back, for
		 * nothing. */
		uint64_t value = cf_u64(body + 8 * layout->read);

		sample->weight = value > id->last ? value - id->last : 0;
		id->last = value;
		sample->skip = sample->weight == 0;
	}
	sample->chain = NULL;
	sample->n_chain = 0;
	body += 8 * layout->fixed;
	left -= 8 * layout->fixed;
	if (layout->chain >= 0) {
		if (left < 8 || (n = cf_u64(body)) > left / 8 - 1)
			return "the call chain is longer than its record";
		sample->chain = body + 8;
		sample->n_chain = (uint32_t)n;
		body += 8 + 8 * n;
		left -= 8 + 8 * n;
	}
	if (layout->sample_type & (PERF_SAMPLE_RAW | PERF_SAMPLE_BRANCH_STACK))
		return check_tail(layout->sample_type, body, left);
	return NULL;
}

/* --- other records -------------------------------------------------------------------------------------- */

/* A string that must end inside the record. */
static const char *text_at(const uint8_t *record, unsigned at, const char **text)
{
	unsigned size = cf_perf_size(record);

	if (at >= size || !memchr(record + at, '\0', size - at))
		return "a name that does not end inside its record";
	*text = (const char *)record + at;
	return NULL;
}

#ifndef PERF_RECORD_MISC_MMAP_BUILD_ID
#define PERF_RECORD_MISC_MMAP_BUILD_ID (1 << 14)
#endif

const char *cf_perf_mmap_read(const uint8_t *record, struct cf_perf_mmap *map)
{
	bool two = cf_perf_type(record) == PERF_RECORD_MMAP2;
	unsigned name = two ? 72 : 40;

	if (cf_perf_size(record) <= name)
		return too_short;
	*map = (struct cf_perf_mmap){ .pid = cf_u32(record + 8),
				      .tid = cf_u32(record + 12),
				      .start = cf_u64(record + 16),
				      .size = cf_u64(record + 24),
				      .pgoff = cf_u64(record + 32) };
	map->kernel = (cf_perf_misc(record) & PERF_RECORD_MISC_CPUMODE_MASK) == PERF_RECORD_MISC_KERNEL ||
		      map->pid == G_MAXUINT32;
	/* A build id takes the place of device and inode: its length, three bytes unused, 20 bytes. */
	if (two && (cf_perf_misc(record) & PERF_RECORD_MISC_MMAP_BUILD_ID) && record[40] > 0 &&
	    record[40] <= 20) {
		map->build_id = record + 44;
		map->build_id_len = record[40];
	}
	return text_at(record, name, &map->path);
}

const char *cf_perf_task_read(const uint8_t *record, struct cf_perf_task *task)
{
	if (cf_perf_size(record) < 24)
		return too_short;
	*task = (struct cf_perf_task){ cf_u32(record + 8), cf_u32(record + 12), cf_u32(record + 16),
				       cf_u32(record + 20) };
	return NULL;
}

const char *cf_perf_comm_read(const uint8_t *record, struct cf_perf_comm *comm)
{
	if (cf_perf_size(record) <= 16)
		return too_short;
	comm->pid = cf_u32(record + 8);
	comm->tid = cf_u32(record + 12);
	comm->exec = (cf_perf_misc(record) & PERF_RECORD_MISC_COMM_EXEC) != 0;
	return text_at(record, 16, &comm->comm);
}

const char *cf_perf_lost_read(const uint8_t *record, uint64_t *lost)
{
	/* LOST has the event's id first. */
	unsigned at = cf_perf_type(record) == PERF_RECORD_LOST ? 16 : 8;

	if (cf_perf_size(record) < at + 8)
		return too_short;
	*lost = cf_u64(record + at);
	return NULL;
}
