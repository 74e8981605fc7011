/* SPDX-License-Identifier: MIT */
/* records: where the fields of samples and of other records lie, which depends on what each event was told to
 * sample. */
#ifndef CF_INGEST_PERF_RECORDS_H
#define CF_INGEST_PERF_RECORDS_H

#include "core/table.h"
#include "ingest/perf/file.h"

/* Record types of the recorder, not of the kernel. */
enum cf_perf_user_type {
	CF_PERF_USER_TYPES = 64,
	CF_PERF_HEADER_ATTR = 64,
	CF_PERF_FINISHED_ROUND = 68,
	CF_PERF_AUXTRACE_INFO = 70,
	CF_PERF_AUXTRACE = 71,
	CF_PERF_COMPRESSED = 81,
	CF_PERF_FINISHED_INIT = 82,
	CF_PERF_COMPRESSED2 = 83
};

/* Of linux/perf_event.h and of perf's own headers, which older ones lack. */
#define CF_PERF_FORMAT_LOST (1U << 4)
#define CF_PERF_MISC_LOST_SAMPLES_BPF (1U << 15)

/* Positions in words of 8 bytes; those of a sample count from the end of the record's header. */
struct cf_perf_layout {
	uint64_t sample_type;
	int id, ip, tid, time, period, read, chain; /* -1: not there */
	unsigned fixed;                             /* words before the call chain and what follows it */
	unsigned trailer;             /* words that sample_id_all adds to other records, 0 without it */
	int trailer_time, trailer_id; /* counted back from the record's end, -1: not there */
	uint64_t weight;              /* of a sample that carries no period */
};

/* Which event an id stands for, and the counter's value when it was last read. */
struct cf_perf_id {
	uint64_t id, last;
	uint32_t event;
};

struct cf_perf_records {
	const struct cf_perf_layout *layouts; /* one per event */
	uint32_t n_events;
	struct cf_table index; /* of ids */
	GArray *ids;           /* struct cf_perf_id */
	uint32_t last_id;      /* index in ids of the last one looked up */
	bool ordered;          /* times are on all records: they can be put in order */
	bool same_time;        /* all samples have their time in the same place, and so have all trailers */
};

struct cf_perf_sample {
	uint32_t event;
	uint32_t pid, tid;
	uint64_t ip, time, weight;
	const uint8_t *chain; /* n_chain words, not aligned */
	uint32_t n_chain;
	bool skip; /* the counter did not move: perf leaves such samples out */
};

/* -1 with a located error: events whose samples can't be told apart. */
int cf_perf_records_init(struct cf_perf_records *records, struct cf_perf_file *file);
void cf_perf_records_release(struct cf_perf_records *records);

/* The functions below take a whole record, header included, whose size was checked. NULL, or what is wrong
 * with it. */

/* 0 when the record carries no time. */
const char *cf_perf_record_time(struct cf_perf_records *records, const uint8_t *record, uint64_t *time);
const char *cf_perf_sample_read(struct cf_perf_records *records, const uint8_t *record,
				struct cf_perf_sample *sample);

struct cf_perf_mmap {
	uint32_t pid, tid;
	uint64_t start, size, pgoff;
	const char *path;
	const uint8_t *build_id; /* NULL: none in the record */
	unsigned build_id_len;
	bool kernel;
};
struct cf_perf_task {
	uint32_t pid, ppid, tid, ptid;
};
struct cf_perf_comm {
	uint32_t pid, tid;
	const char *comm; /* NUL-terminated inside the record */
	bool exec;
};

const char *cf_perf_mmap_read(const uint8_t *record, struct cf_perf_mmap *map);  /* MMAP and MMAP2 */
const char *cf_perf_task_read(const uint8_t *record, struct cf_perf_task *task); /* FORK and EXIT */
const char *cf_perf_comm_read(const uint8_t *record, struct cf_perf_comm *comm);
/* LOST and LOST_SAMPLES: how many. */
const char *cf_perf_lost_read(const uint8_t *record, uint64_t *lost);

static inline uint32_t cf_perf_type(const uint8_t *record)
{
	return cf_u32(record);
}
static inline uint16_t cf_perf_misc(const uint8_t *record)
{
	return cf_u16(record + 4);
}
static inline uint16_t cf_perf_size(const uint8_t *record)
{
	return cf_u16(record + 6);
}

#endif
