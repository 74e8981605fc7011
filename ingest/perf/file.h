/* SPDX-License-Identifier: MIT */
/* file: what a perf.data file says of itself: header, event attributes and feature sections. */
#ifndef CF_INGEST_PERF_FILE_H
#define CF_INGEST_PERF_FILE_H

#include <linux/perf_event.h>

#include "ingest/format.h"

/* One event that was recorded. */
struct cf_perf_event {
	struct perf_event_attr attr; /* what the file has beyond it is skipped, what it lacks is 0 */
	char *name;                  /* as perf prints it */
	struct cf_slice ids;         /* uint64_t each: which samples are of this event */
};

struct cf_perf_build_id {
	unsigned len;
	uint8_t bytes[20];
};

struct cf_perf_file {
	const char *path;
	struct cf_slice bytes;
	struct cf_diag *diag;
	struct cf_trace *trace;
	gboolean partial;     /* keep what is whole of a damaged file */
	uint64_t begin, end;  /* offsets of the records */
	gboolean unfinished;  /* the recorder was killed: no size, no feature sections */
	gboolean damaged;     /* and what is before is kept */
	GArray *events;       /* struct cf_perf_event */
	uint64_t n_ids;       /* of all events */
	GHashTable *modules;  /* file name -> struct cf_perf_build_id, from the BUILD_ID section */
	GPtrArray *arguments; /* the recorder's command line, may be empty */
	char *host, *release, *arch, *cpu;
	gboolean has_clock; /* wall_ns was the time of day when the recording's clock showed clock_ns */
	uint64_t wall_ns, clock_ns;
};

/* Reads all but the records. -1 with a located error: damaged, or a kind of file that isn't supported. */
int cf_perf_file_open(struct cf_perf_file *file, const struct cf_input *input, gboolean partial,
		      struct cf_trace *trace, struct cf_diag *diag);
void cf_perf_file_release(struct cf_perf_file *file);

/*
 * Damage found at offset: -1 with an error there. When what is whole is to be kept: 0 and the quality row "partial";
 * the caller then ends as if the file did.
 */
int cf_perf_file_damaged(struct cf_perf_file *file, uint64_t offset, const char *fmt, ...)
	G_GNUC_PRINTF(3, 4);
/* A kind of recording that isn't supported: always -1. */
int cf_perf_file_refused(struct cf_perf_file *file, uint64_t offset, const char *what);

#endif
